"""A rule that nothing can reach; a rule that another one always overrides; an override that never finds anything to override."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Diagnostic
from ..pack import Rule
from ..policy import Policy
from ..seeking import NotDecided
from ._search import Search, contradict, explains, matching


def check_reach(policy: Policy, search: Search) -> Iterator[Diagnostic | str]:
    """Find rules that never match, rules that never stand, and overrides that never override; yield in words what could not be found out."""
    for rule in policy.rules.values():
        over = policy.overriders[rule.id]
        try:
            if search.find([rule.id], matching((rule.id,)), thorough=True) is None:
                yield _unreachable(rule)
            elif over and not explains(rule) and search.find([rule.id, *over], matching((rule.id,), over), thorough=True) is None:
                yield _always_overridden(policy, rule)
        except NotDecided:
            yield f"whether `{rule.id}` can ever decide"
        yield from _idle(policy, search, rule)


def _unreachable(rule: Rule) -> Diagnostic:
    why = "what its `from:` and `when:` ask for can never be so together"
    mend = "compare its parts with each other, and with the definitions that it uses; or take the rule out"
    return Diagnostic("unreachable", f"no case can reach `{rule.id}`", rule.place, why=why, mend=mend, width=len(f"id: {rule.id}"))


def _always_overridden(policy: Policy, rule: Rule) -> Diagnostic:
    over = ", ".join(f"`{name}`" for name in policy.overriders[rule.id])
    why = f"whenever it matches, a rule that overrides it matches as well: {over}"
    mend = "narrow one of those, or take out the override"
    return Diagnostic("always-overridden", f"`{rule.id}` never decides", rule.place, why=why, mend=mend, width=len(f"id: {rule.id}"))


def _idle(policy: Policy, search: Search, rule: Rule) -> Iterator[Diagnostic | str]:
    """Find the entries of `overrides:` of which no rule ever matches together with this one."""
    for entry in rule.override_entries:
        weaker = [policy.rules[name] for name in entry.rules if name in policy.rules and name != rule.id]
        try:
            if weaker and not any(_meet(policy, search, rule, one) for one in weaker):
                said = f"the group `{entry.group}`" if entry.group else f"`{weaker[0].id}`"
                message = f"`{rule.id}` overrides {said} for nothing"
                why = "no rule of the group ever matches one case together with it" if entry.group else "the two never match one case together"
                mend = "take the entry out; if it was meant to help, widen one of the conditions"
                width = 1 if entry.group else len(weaker[0].id)
                yield Diagnostic("idle-override", message, entry.place, why=why, mend=mend, width=width)
        except NotDecided:
            yield f"whether `{rule.id}` ever meets what it overrides"


def _meet(policy: Policy, search: Search, one: Rule, other: Rule) -> bool:
    if contradict(one.when, other.when):
        return False
    return search.find([one.id, other.id], matching((one.id, other.id)), thorough=True) is not None

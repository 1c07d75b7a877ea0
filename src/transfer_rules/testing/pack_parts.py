"""The parts of a pack that bear on an answer, and what a change of one of them can touch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from ..answers import match, stand
from ..case import BoundCase, bind
from ..checklists import ANY_TEAM, Applies, DutySpec, Item, Teams
from ..conditions import ALWAYS, Condition, Node, Truth
from ..decision import Decision
from ..pack import PeopleDecide, Rule, Stay
from ..policy import Policy, answer_trees, match_trees
from ..vocabulary import CaseSnapshot

Work: TypeAlias = Item | DutySpec
Part: TypeAlias = Rule | Work
Applying: TypeAlias = tuple[Teams, Condition]
"""For whom, and when."""

WHOLE: Final = ("leave_to_people", "the pack")
"""What stands for no part of its own among the parts of a pack."""


def in_force(policy: Policy) -> dict[str, object]:
    """Return what of a pack can bear on an answer, by name; labels of groups and parts that are off are left out."""
    pack = policy.pack
    found: dict[str, object] = {}
    for name, rule in policy.rules.items():
        found[name] = replace(rule, group="", override_entries=(), overrides=rule.overrides & policy.rules.keys(), clauses=())
    for name, item in pack.items.items():
        if not item.off:
            found[name] = (item, policy.moves_of_item[name])
    for duty in policy.duties:
        found[duty.id] = duty
    found[WHOLE[0]] = pack.leave_to_people
    found[WHOLE[1]] = (pack.teams, pack.local_facts, pack.decisions, pack.region, pack.closures, pack.in_force_from, pack.in_force_until)
    return found


def touched(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> frozenset[str]:
    """Return the rules that match in a case, and the items and duties that its decision lists."""
    matching = stand(policy, bind(policy, snapshot)).matches
    items = (*decision.required, *(item.item for item in decision.outstanding))
    return frozenset((*matching, *(reason.rule for reason in decision.reasons), *items, *(duty.duty for duty in decision.duties)))


def parts_of(policy: Policy, names: Iterable[str]) -> Iterator[Part]:
    """Yield the parts of these names that are in force."""
    for name in names:
        if name in policy.rules:
            yield policy.rules[name]
        elif name in policy.work and not policy.work[name].off:
            yield policy.work[name]


def applies_of(policy: Policy, work: Work) -> tuple[Applies, ...]:
    """Return the moves to which an item or a duty belongs."""
    return work.applies if isinstance(work, DutySpec) else policy.moves_of_item.get(work.id, ())


def trees_of(policy: Policy, part: Part) -> Iterator[Node]:
    """Yield the conditions and timescales of a part, those of the lists of an item among them."""
    trees: list[Node | None]
    if isinstance(part, Rule):
        trees = [*match_trees(part), *answer_trees(part), part.effect.by if isinstance(part.effect, PeopleDecide) else None]
    else:
        trees = [part.when, part.due, part.done_when, *(one.when for one in applies_of(policy, part))]
        if isinstance(part, Item) and part.valid is not None:
            trees += [part.valid.on_or_after, part.valid.before]
    yield from (tree for tree in trees if tree is not None)


def work_near(part: Part) -> Iterator[str]:
    """Yield the items and duties on whose progress an item or a duty hangs, itself first."""
    if not isinstance(part, Rule):
        yield part.id
        if isinstance(part, Item):
            yield from (*part.needs, *part.satisfied_by)


class Untouched:
    """Says of a case that a change cannot bear on its answer, so that nothing need be decided: cheap, and never wrong where it says so.

    A rule that matches in neither pack has no part in an answer, and a condition that comes out the same changes nothing. Only on what nobody stated
    the answer rests (`rests_on_unstated`) may change.
    """

    def __init__(self, policy: Policy, other: Policy, names: Sequence[str]):
        pairs = [(_part(policy, name), _part(other, name)) for name in names]
        named = {work for one in (policy, other) for item in one.pack.items.values() for work in (*item.needs, *item.satisfied_by)}
        # What holds for the whole pack, and work that other work looks at, can bear on anything.
        self.never = any(name in WHOLE or name in named for name in names)
        self.decisions = policy.decisions_tested != other.decisions_tested
        self.rules = [(before, after) for before, after in pairs if isinstance(before, Rule) or isinstance(after, Rule)]
        self.work = [(_Work(policy, before), _Work(other, after)) for before, after in pairs if not isinstance(before or after, Rule)]

    def __call__(self, case: BoundCase, decision: Decision | None = None) -> bool:
        """Say so of a case; `decision` is what the pack decides, where that is known."""
        if self.never or (self.decisions and case.recorded):
            return False
        if self.rules:
            decision = None  # another rule may decide
        return all(_same_match(*pair, case) for pair in self.rules) and all(one.same(other, case, decision) for one, other in self.work)


def _part(policy: Policy, name: str) -> Part | None:
    return next(parts_of(policy, [name]), None)


def _same_match(before: Part | None, after: Part | None, case: BoundCase) -> bool:
    truths = [False if rule is None else match(rule, case) for rule in (before, after) if rule is None or isinstance(rule, Rule)]
    if truths == [False, False]:
        return True
    both = isinstance(before, Rule) and isinstance(after, Rule) and bare_rule(before) == bare_rule(after)
    return both and truths == [True, True]


class _Work:
    """An item or a duty as it is tried on cases; None is one that is not there."""

    def __init__(self, policy: Policy, part: Part | None):
        self.part = None if isinstance(part, Rule) else part
        self.applies: tuple[Applies, ...] = ()
        if self.part is not None:
            self.applies = applies_of(policy, self.part)
        self.bare = None if self.part is None else bare_work(policy, self.part)
        # A duty without a list is free-standing; an item without one is never required.
        self.free = isinstance(self.part, DutySpec) and not self.applies

    def same(self, other: _Work, case: BoundCase, decision: Decision | None) -> bool:
        if self._never(case, decision) and other._never(case, decision):
            return True
        if self.bare != other.bare or self.part is None or other.part is None:
            return False
        truths = self._truths(case)
        return truths == other._truths(case) and (isinstance(self.part, DutySpec) or None not in truths[1:])

    def _truths(self, case: BoundCase) -> list[Truth]:
        assert self.part is not None
        done = None if self.part.done_when is None else self.part.done_when.truth(case)
        return [
            done,
            self.part.when.truth(case),
            *(truth for one in self.applies for truth in (one.from_teams.hold(case.team), one.when.truth(case))),
        ]

    def _never(self, case: BoundCase, decision: Decision | None) -> bool:
        if self.part is None or self.part.when.truth(case) is False:
            return True
        return not self.free and all(self._not_applying(one, case, decision) for one in self.applies)

    def _not_applying(self, applies: Applies, case: BoundCase, decision: Decision | None) -> bool:
        if applies.from_teams.hold(case.team) is False or applies.when.truth(case) is False:
            return True
        if decision is None or (isinstance(self.part, Item) and decision.certainty != "decided"):
            return False
        if applies.outcomes is not None and decision.outcome not in applies.outcomes:
            return True
        return applies.rules is not None and applies.rules.isdisjoint(reason.rule for reason in decision.reasons)


# --- conditions of a part, and the part without them


def matching(rule: Rule) -> tuple[object, ...]:
    """Return what says whether a rule matches."""
    return (rule.from_teams, rule.when, rule.effect.until if isinstance(rule.effect, Stay) else None)


def bare_rule(rule: Rule) -> Rule:
    """Return a rule without its conditions. A hold keeps its end, which is shown."""
    return replace(rule, when=ALWAYS, from_teams=ANY_TEAM, group="", override_entries=(), clauses=())


def conditions(policy: Policy, work: Work) -> list[Applying]:
    """Return the conditions of an item or a duty: its own, by which it is done, and those of the moves to which it belongs."""
    return [(ANY_TEAM, work.when), (ANY_TEAM, work.done_when or ALWAYS), *((one.from_teams, one.when) for one in applies_of(policy, work))]


def bare_work(policy: Policy, work: Work) -> object:
    """Return an item or a duty without its conditions."""
    applies = tuple(replace(one, when=ALWAYS, from_teams=ANY_TEAM) for one in applies_of(policy, work))
    bare = replace(work, when=ALWAYS, done_when=None if work.done_when is None else ALWAYS)
    return (replace(bare, applies=()) if isinstance(bare, DutySpec) else bare), applies

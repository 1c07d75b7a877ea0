"""A decision in words that a team manager can check against the printed procedure, on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final

from .case import bind
from .completion import FEW
from .counting import count_steps, say_step
from .decision import Candidate, Decision, Duty, Outstanding
from .outlook import changes_told_quickly
from .phrases import (
    aside,
    cited,
    few,
    headline,
    say_choice,
    say_outstanding,
    say_point,
    say_question,
    say_reason,
    say_rule,
    say_sections,
    say_status,
    say_whom,
)
from .policy import Policy
from .rivals import other_readings
from .telling import say_changes, say_no_change, say_readings
from .vocabulary import CaseSnapshot
from .wording import say_fact, say_series

COLUMNS: Final = 120
"""The width of a line at most, unless one word is longer."""

_INDENT: Final = 11
_MOST_MISSING: Final = 8
_MOST_UNSTATED: Final = 6
_MOST_CHANGES: Final = 3
_MOST_RULES: Final = 2
_MOST_BESIDE: Final = 2
"""Sections of an item or a duty."""


def explain(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> str:
    """Return the decision as text for a screen of `COLUMNS`, each part under its mark; what goes on in a second line stands further in.

    The answer; `because` (the rules, with their sections) and `since` (the facts they look at); `decides` (who, and what); `between` (answers still
    in play); `passes` (the transfer point); `counted` and `not` (the dates that count and those that do not); `first` (what is outstanding) and
    `also` (duties), those that stand alike and fall to the same people together; `if` (facts not known that could change the answer, and words
    of the procedure that can be read in another way); `next` (the first days within a year on which the answer changes if planned dates are kept);
    `rests on` (facts nobody stated, taken as not so); `note`. While more than ten facts are missing, other readings and changes are not worked out;
    nor are changes where every day of the year would have to be decided. `next` says so.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    team = bind(policy, snapshot).team
    answer = headline(decision) if team is None else headline(decision, policy.team_label(team))
    lines = wrap(answer, COLUMNS, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    for mark, texts in _parts(policy, snapshot, decision):
        lines += marked(mark, texts)
    return "\n".join(lines)


def marked(mark: str, texts: Iterable[str]) -> list[str]:
    """Return texts under a mark, wrapped."""
    lines: list[str] = []
    for text in texts:
        first = f"  {'' if lines else mark:<{_INDENT - 2}}"
        lines += wrap(text, COLUMNS, initial_indent=first, subsequent_indent=" " * (_INDENT + 2), break_long_words=False, break_on_hyphens=False)
    return lines


def _parts(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> Iterator[tuple[str, Iterable[str]]]:
    yield "because", (say_reason(policy, reason) for reason in decision.reasons)
    facts = dict(value for reason in decision.reasons for value in reason.values)
    yield "since", [say_series(say_fact(policy, name, facts[name]) for name in sorted(facts))] if facts else ()
    yield "decides", () if decision.to_decide is None else [say_question(policy, decision.to_decide)]
    yield "between", _between(policy, decision)
    yield "passes", () if decision.transfer_point is None else [say_point(policy, decision)]
    steps = count_steps(policy, snapshot, decision)
    # Two arms of a list may be the same count under different conditions.
    yield "counted", dict.fromkeys(say_step(step) for step in steps if step.verdict == "counted")
    yield "not", dict.fromkeys(say_step(step) for step in steps if step.verdict != "counted")
    yield "first", _items(policy, decision)
    yield "also", _duties(policy, decision)
    looked = len(decision.missing) <= FEW
    yield "if", [*_missing(policy, decision.missing), *(_readings(policy, snapshot, decision) if looked else ())]
    yield "next", _next(policy, snapshot, decision) if looked else [f"not worked out while more than {FEW} facts are missing"]
    unstated = [policy.facts[name].label for name in decision.rests_on_unstated]
    yield "rests on", [f"facts nobody stated, taken as not so: {', '.join(few(unstated, _MOST_UNSTATED))}"] if unstated else ()
    yield "note", (warning.text for warning in decision.warnings)
    yield "", [f"for a manager to confirm; {policy.pack.authority}, {policy.pack.title}, edition {policy.pack.edition}"]


def _between(policy: Policy, decision: Decision) -> Iterator[str]:
    """Say what is in play, together where the same rules give it on the same day; which rules, unless it is the choice that one question leaves."""
    alike: dict[tuple[object, ...], list[Candidate]] = {}
    for one in decision.candidates:
        alike.setdefault((one.deadline, one.rules), []).append(one)
    for some in alike.values():
        rules = () if decision.outcome == "people_decide" and len(alike) == 1 else some[0].rules
        said = few([cited(say_rule(policy, rule), say_sections(policy, policy.rules[rule].clauses)) for rule in rules], _MOST_RULES)
        yield ": ".join(part for part in (say_choice(some), "; ".join(said)) if part)


def _items(policy: Policy, decision: Decision) -> Iterator[str]:
    return _alike(policy, ((say_outstanding(decision, item), item.by, item) for item in decision.outstanding))


def _duties(policy: Policy, decision: Decision) -> Iterator[str]:
    # What is done needs no more than to be seen, so who did it is left out.
    return _alike(policy, (("done", "", duty) if duty.status == "done" else (say_status(duty), say_whom(duty), duty) for duty in decision.duties))


def _alike(policy: Policy, parts: Iterable[tuple[str, str, Outstanding | Duty]]) -> Iterator[str]:
    """Say `A: stale (social worker; section 7.1)`.

    What stands alike and falls to the same people goes together, `not done (manager): A [section 7.1]; B; C [these 2: section 7.2]`, and where all of
    it rests on the same sections, `not done (manager; section 7.1): A; B`.
    """
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for how, people, part in parts:
        groups.setdefault((how, people), {}).setdefault(say_sections(policy, part.clauses, _MOST_BESIDE), []).append(part.label)
    for (how, people), named in groups.items():
        if len(named) > 1:
            yield f"{how}{aside(people)}: " + "; ".join(_under(labels, sections) for sections, labels in named.items())
            continue
        [(sections, labels)] = named.items()
        about = aside(people, sections)
        yield f"{labels[0]}: {how}{about}" if len(labels) == 1 else f"{how}{about}: {'; '.join(labels)}"


def _under(labels: list[str], sections: str) -> str:
    these = f"these {len(labels)}: " if len(labels) > 1 else ""
    return "; ".join(labels) + (f" [{these}{sections}]" if sections else "")


def _missing(policy: Policy, missing: tuple[str, ...]) -> list[str]:
    asked = few([f"{policy.facts[name].ask} ({name})" for name in missing], _MOST_MISSING)
    if len(asked) == 1:
        return [f"not known, and could change this: {asked[0]}"]
    return [f"{len(missing)} facts are not known, and could change this:", *asked] if asked else []


def _readings(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> list[str]:
    return say_readings(policy, decision, other_readings(policy, snapshot, decision), whole=False)


def _next(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> list[str]:
    changes = changes_told_quickly(policy, snapshot, decision)
    if changes is None:
        return ["not worked out here: with a date not known, every day of the year would have to be decided (decide --ahead does that)"]
    lines = say_changes(policy, changes, whole=False)
    return few(lines, _MOST_CHANGES) or [say_no_change(policy, snapshot)]

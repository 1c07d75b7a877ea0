"""A decision in words that a team manager can check against the printed procedure, on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Final

from .completion import FEW
from .counting import count_steps, say_step
from .decision import Candidate, Decision, Duty, Outstanding
from .outlook import changes_ahead
from .phrases import aside, headline, say_candidate, say_outstanding, say_point, say_question, say_reason, say_status, say_whom
from .policy import Policy
from .rivals import other_readings
from .telling import say_changes, say_readings
from .vocabulary import CaseSnapshot
from .wording import say_fact, say_series

COLUMNS: Final = 120
"""The width of a line at most, unless one word is longer."""

_INDENT: Final = 11
_MOST_NAMED: Final = 8
_MOST_CHANGES: Final = 4
_MOST_SECTIONS: Final = 3


def explain(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> str:
    """Return the decision as text for a screen of `COLUMNS`, each part under its mark; what goes on in a second line stands further in.

    The answer; `because` (the rules, with their sections) and `since` (the facts they look at); `between` (answers still in play); `decides` (who,
    and what); `passes` (the transfer point); `counted` and `not` (the dates that count and those that do not); `first` (what is outstanding) and
    `also` (duties), those that stand alike and fall to the same people together; `if` (facts not known that could change the answer, and words
    that can be read in another way); `next` (the first days within a year on which the answer changes if planned dates are kept); `rests on` (facts
    nobody stated, taken as not so); `note`. While more than ten facts are missing, `if` and `next` do not look for other readings and changes.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    lines = wrap(headline(decision), COLUMNS, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
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
    yield "between", _candidates(decision.candidates)
    yield "decides", () if decision.to_decide is None else [say_question(policy, decision.to_decide)]
    yield "passes", () if decision.transfer_point is None else [say_point(policy, snapshot, decision, decision.transfer_point)]
    steps = count_steps(policy, snapshot, decision)
    yield "counted", (say_step(step) for step in steps if step.verdict == "counted")
    yield "not", (say_step(step) for step in steps if step.verdict != "counted")
    yield "first", _items(policy, decision)
    yield "also", _duties(policy, decision)
    looked = len(decision.missing) <= FEW
    yield "if", [*_missing(policy, decision.missing), *(_readings(policy, snapshot, decision) if looked else ())]
    yield "next", _next(policy, snapshot, decision) if looked else ()
    unstated = [policy.facts[name].label for name in decision.rests_on_unstated]
    yield "rests on", [f"facts nobody stated, taken as not so: {', '.join(_first_few(unstated, _MOST_NAMED))}"] if unstated else ()
    yield "note", (warning.text for warning in decision.warnings)
    yield "", [f"for a manager to confirm; {policy.pack.authority}, {policy.pack.title}, edition {policy.pack.edition}"]


def _candidates(candidates: Iterable[Candidate]) -> Iterator[str]:
    """Say what is in play; where a fact names the team, so many teams are that their number says more than their names."""
    alike: dict[tuple[object, ...], list[Candidate]] = {}
    for one in candidates:
        alike.setdefault((one.outcome, one.deadline, one.rules), []).append(one)
    for some in alike.values():
        labels = [one.label or "" for one in some]
        yield from [say_candidate(some[0], f"one of {len(some)} teams")] if len(some) > _MOST_NAMED else map(say_candidate, some, labels)


def _items(policy: Policy, decision: Decision) -> Iterator[str]:
    return _alike(policy, ((say_outstanding(decision, item), item.by, item) for item in decision.outstanding))


def _duties(policy: Policy, decision: Decision) -> Iterator[str]:
    # What is done needs no more than to be seen, so who did it is left out.
    return _alike(policy, (("done", "", duty) if duty.status == "done" else (say_status(duty), say_whom(duty), duty) for duty in decision.duties))


def _alike(policy: Policy, parts: Iterable[tuple[str, str, Outstanding | Duty]]) -> Iterator[str]:
    """Say `A: stale (social worker; 7.1)`; what stands alike and falls to the same people goes together: `not done (manager): A [7.1]; B [7.2]`."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for how, people, part in parts:
        sections = _first_few(policy.sections(part.clauses).split("; "), _MOST_SECTIONS)
        groups.setdefault((how, people), []).append((part.label, "; ".join(sections)))
    for (how, people), named in groups.items():
        if len(named) == 1:
            yield f"{named[0][0]}: {how}{aside(people, named[0][1])}"
        else:
            yield f"{how}{aside(people)}: " + "; ".join(f"{label} [{sections}]" if sections else label for label, sections in named)


def _first_few(texts: Sequence[str], most: int) -> list[str]:
    """Return a list as it is, or its beginning and how many more there are, so that it is never longer than `most`."""
    return [*texts] if len(texts) <= most else [*texts[: most - 1], f"{len(texts) - most + 1} more"]


def _missing(policy: Policy, missing: tuple[str, ...]) -> list[str]:
    asked = [f"{policy.facts[name].ask} ({name})" for name in missing]
    return [f"not known, and could change this: {one}" for one in _first_few(asked, _MOST_NAMED)]


def _readings(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> list[str]:
    return say_readings(policy, decision, other_readings(policy, snapshot, decision), whole=False)


def _next(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> list[str]:
    lines = say_changes(policy, changes_ahead(policy, snapshot, decision), whole=False)
    return _first_few(lines, _MOST_CHANGES) or ["nothing changes within a year if planned dates are kept"]

"""One case at a time: `evaluate` beside plain Python and beside the rule engines that a user would pick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, Final

from transfer_rules import CaseSnapshot, Decision, Policy, evaluate

from . import by_hand, expressions, optional
from .by_hand import Answer
from .cases import ITEMS, Columns, columns, part, reference_policy, snapshots
from .timing import HOW, Times, interleaved, micro, table

CASES: Final = 2_000
_HAND: Final = "Python by hand"
_SLOW: Final = 50
"""OpenFisca is asked about so many cases one at a time."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way of deciding all the cases. `run` decides as many as `cases` says and gives their answers; `lacks` is what it cannot say."""

    name: str
    run: Callable[[], Sequence[Any]]
    answers: Callable[[Sequence[Any]], list[Answer]]
    cases: int
    lacks: str


def section(rounds: int, number: int = CASES) -> str:
    """Return the part of the results about single cases; every candidate's answers are compared with those of `evaluate` before any time counts."""
    policy, drawn = reference_policy(), columns(number)
    cases = snapshots(drawn)
    expected = [answer_of(evaluate(policy, case)) for case in cases]
    candidates, absent = _candidates(policy, drawn, cases)
    for one in candidates:
        compare(one.name, one.answers(one.run()), expected[: one.cases])
    times = interleaved({one.name: one.run for one in candidates}, rounds, pieces={one.name: one.cases for one in candidates})
    rows = [
        (one.name, micro(times[one.name].median), micro(times[one.name].least), times[one.name].ratio(times[_HAND]), one.lacks) for one in candidates
    ]
    head = ("one case", "µs, median", "µs, least", "times by hand", "what it does not say")
    return "\n\n".join(
        [
            "## One case",
            f"{number} different cases of the reference pack, all facts known, each candidate's answers equal for all of them. Every candidate has "
            f"its input in its own form beforehand. {rounds} rounds. {HOW}",
            table(head, rows),
            _fastest_peer(candidates, times),
            *absent,
            _inputs(cases, rounds),
        ]
    )


def answer_of(decision: Decision) -> Answer:
    """Return the part of a decision that every candidate gives."""
    team = None if decision.receiving_team is None else decision.receiving_team.team
    deadline: Any = None if decision.deadline is None else decision.deadline.on
    return Answer(decision.outcome, team, deadline, tuple(item.item for item in decision.outstanding))


def compare(name: str, answers: Sequence[Answer], expected: Sequence[Answer]) -> None:
    """Raise AssertionError where a candidate answers otherwise than `evaluate`."""
    wrong = [place for place, (one, other) in enumerate(zip(answers, expected, strict=True)) if one != other]
    if wrong:
        place = wrong[0]
        raise AssertionError(f"{name}: {len(wrong)} answers differ; case {place} gives {answers[place]}, `evaluate` {expected[place]}")


def _candidates(policy: Policy, drawn: Columns, cases: list[CaseSnapshot]) -> tuple[list[Candidate], list[str]]:
    """Return the candidates that are there, and a line about each that is not."""
    number, as_they_are = len(cases), list
    found = [
        Candidate(
            _HAND, lambda: [by_hand.decide(case) for case in cases], as_they_are, number, "anything but outcome, team, deadline, items; unknown facts"
        ),
        Candidate(
            "`evaluate`, the full decision",
            lambda: [evaluate(policy, case) for case in cases],
            lambda decisions: [answer_of(decision) for decision in decisions],
            number,
            "",
        ),
    ]
    absent = []
    finished = "unknown facts, reasons, states; working days, months and freshness are counted in Python"
    if (zen := optional("in_zen")) is not None:
        inputs = [zen.inputs(case) for case in cases]
        for name, decide in (("zen-engine, graph", zen.by_graph), ("zen-engine, expressions", zen.by_expressions)):
            found.append(Candidate(name, partial(_each, decide, cases, inputs), as_they_are, number, finished))
    else:
        absent.append("zen-engine is not installed.")
    if (cel := optional("in_cel")) is not None:
        contexts = [cel.inputs(case) for case in cases]
        found.append(Candidate("common-expression-language", partial(_each, cel.decide, cases, contexts), as_they_are, number, finished))
    else:
        absent.append("common-expression-language is not installed.")
    if (openfisca := optional("in_openfisca")) is not None:
        found += _openfisca(openfisca, drawn, number)
    else:
        absent.append("OpenFisca-Core is not installed.")
    return found, absent


def _each(decide: Callable[[CaseSnapshot, Any], Answer], cases: list[CaseSnapshot], inputs: list[Any]) -> list[Answer]:
    return [decide(case, given) for case, given in zip(cases, inputs, strict=True)]


def _openfisca(module: Any, drawn: Columns, number: int) -> list[Candidate]:
    together = module.inputs(drawn)
    singly = [module.inputs(part(drawn, slice(row, row + 1))) for row in range(min(_SLOW, number))]
    lacks = "unknown facts, reasons, states; working days and birthdays are numpy's, not its own"
    return [
        Candidate("OpenFisca-Core, one at a time", lambda: [module.answers(given) for given in singly], _rows, len(singly), lacks),
        Candidate("OpenFisca-Core, all at once", lambda: [module.answers(together)], _rows, number, lacks),
    ]


def _rows(batches: Sequence[Any]) -> list[Answer]:
    return [answer for batch in batches for answer in rows_of(batch)]


def rows_of(batch: Any) -> list[Answer]:
    """Return the answers of columns row by row."""
    from .masks import OUTCOMES, TEAMS

    return [
        Answer(OUTCOMES[outcome], None if team < 0 else TEAMS[team], day, tuple(item for place, item in enumerate(ITEMS) if lacking >> place & 1))
        for outcome, team, day, lacking in zip(
            *(column.tolist() for column in (batch.outcome, batch.team, batch.deadline, batch.outstanding)), strict=True
        )
    ]


def _fastest_peer(candidates: Sequence[Candidate], times: dict[str, Times]) -> str:
    # All at once is the work of columns, not of one case.
    peers = [one.name for one in candidates[2:] if not one.name.endswith("at once")]
    if not peers:
        return ""
    fastest = min(peers, key=lambda name: times[name].median)
    return f"Fastest peer for one case: {fastest}, {times[fastest].ratio(times[candidates[1].name])} times what `evaluate` takes."


def _inputs(cases: list[CaseSnapshot], rounds: int) -> str:
    """Return what it takes to make the input of a candidate: a snapshot out of plain values, and out of a snapshot what the peers read."""
    names = [one.name for one in fields(CaseSnapshot)]
    plain = [{name: getattr(case, name) for name in names} for case in cases]
    makes: dict[str, Callable[[], object]] = {"`CaseSnapshot`, read and checked": lambda: [CaseSnapshot(**values) for values in plain]}
    if optional("in_zen") is not None:
        makes["mapping of whole numbers and words, for zen-engine"] = lambda: [expressions.facts(case) for case in cases]
    if (cel := optional("in_cel")) is not None:
        makes["context of the same, for common-expression-language"] = lambda: [cel.inputs(case) for case in cases]
    times = interleaved(makes, rounds, pieces=len(cases))
    rows = [(name, micro(taken.median), micro(taken.least)) for name, taken in times.items()]
    return table(("making the input", "µs, median", "µs, least"), rows)

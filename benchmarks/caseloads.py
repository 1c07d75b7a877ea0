"""Whole caseloads in columns: `evaluate_batch` beside numpy masks, polars and OpenFisca, and on the bundled packs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from transfer_rules import evaluate
from transfer_rules.loading import bundled_packs, load_policy

from . import masks, optional
from .cases import SEED, Columns, columns, length, part, reference_policy
from .masks import Answers
from .memory import grown
from .pack_rows import DRAWN, drawn_columns, repeated
from .timing import HOW, Times, figure, interleaved, nano, table

ROWS: Final = 1_000_000
PACK_ROWS: Final = 100_000
_SAMPLE: Final = 300
UNKNOWN: Final = 0.1
_HAND: Final = "numpy masks, `np.select`"
_OURS: Final = "`evaluate_batch`"
_WITH_UNKNOWN: Final = f"`evaluate_batch`, {UNKNOWN:.0%} of facts unknown"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way of deciding all rows; `answers` turns what `run` gives into the form that all are compared in."""

    name: str
    run: Callable[[], Any]
    answers: Callable[[Any], Answers]
    lacks: str


def section(rounds: int, rows: int = ROWS, unknown_rows: int = ROWS) -> str:
    """Return the part of the results about columns; every candidate's answers are compared on every row before any time counts."""
    known = columns(rows)
    found, absent = _candidates(known)
    expected = masks.masks(known)
    for one in found:
        compare(one.name, one.answers(one.run()), expected)
    candidates = {one.name: one.run for one in found}
    sizes = dict.fromkeys(candidates, rows)
    if (ours := optional("ours")) is not None:
        agree_with_evaluate(known)
        if unknown_rows:
            unknown = columns(unknown_rows, unknown=UNKNOWN)
            agree_with_evaluate(unknown)
            candidates[_WITH_UNKNOWN], sizes[_WITH_UNKNOWN] = _deciding(ours, reference_policy(), unknown), unknown_rows
    times = interleaved(candidates, rounds, pieces=sizes)
    works = dict(candidates)
    if ours is not None:
        works[_OURS] = lambda: ours.columns(reference_policy(), known)
        if unknown_rows:
            works[_WITH_UNKNOWN] = lambda: ours.columns(reference_policy(), unknown)
    lacks = {one.name: one.lacks for one in found} | {_WITH_UNKNOWN: ""}
    lines = []
    for name, taken in times.items():
        size = f"{sizes[name]:,}".replace(",", " ")
        spent = (nano(taken.median), nano(taken.least), taken.ratio(times[_HAND]))
        lines.append((name, size, *spent, *_memory(name, works[name]), lacks[name]))
    head = ("columns", "rows", "ns a row, median", "ns, least", "times masks", "answer, MB", "peak, MB", "what it does not say")
    return "\n\n".join(
        [
            "## Columns",
            "Rows of the reference pack; outcome, team, deadline, items required and outstanding, equal on every row to those of the masks, which "
            f"the tests hold against `evaluate`. Every candidate has its input in its own form beforehand. {rounds} rounds.",
            f"{HOW} Memory is above the input and by `tracemalloc`, the peak with the answer in it; what polars takes is not reported to it. "
            "Of `evaluate_batch` it is that of its columns; a time includes turning its deadlines into `datetime64` (8 MB a million rows).",
            table(head, lines),
            *_ratios(times),
            *absent,
        ]
    )


def packs_section(rounds: int, rows: int = PACK_ROWS) -> str:
    """Return the part of the results about columns of the bundled packs."""
    ours = optional("ours")
    if ours is None:
        return "## Columns of the bundled packs\n\n`evaluate_batch` is not there."
    lines: list[Sequence[str]] = []
    sizes = {0.0: rows, UNKNOWN: min(rows, DRAWN)}
    for name in bundled_packs():
        policy = load_policy(name)
        drawn = drawn_columns(policy, seed=SEED)
        inputs = {share: repeated(drawn, size, seed=SEED, unknown=share) for share, size in sizes.items()}
        for given in inputs.values():
            agree_with_evaluate(given, policy, _SAMPLE // 3)
        candidates = {str(share): _deciding(ours, policy, given) for share, given in inputs.items()}
        times = interleaved(candidates, rounds, pieces={str(share): size for share, size in sizes.items()})
        lines.append((name, str(len(policy.rules)), str(len(policy.pack.items)), *(nano(taken.median) for taken in times.values())))
    about = (
        f"`evaluate_batch` on {rows} rows of each bundled pack: {DRAWN} snapshots drawn by the library's own strategies, again and again, in another "
        f"order each time; with unknown facts on {sizes[UNKNOWN]}. A sample is compared with `evaluate`. {rounds} rounds."
    )
    head = ("pack", "rules", "items", "ns a row, known", f"ns a row, {UNKNOWN:.0%} unknown")
    return f"## Columns of the bundled packs\n\n{about}\n\n{table(head, lines)}"


def compare(name: str, answers: Answers, expected: Answers) -> None:
    """Raise AssertionError where a candidate answers otherwise than the masks."""
    for field, one, other in zip(Answers._fields, answers, expected, strict=True):
        wrong = np.flatnonzero(~((one == other) | (np.isnat(one) & np.isnat(other)))) if field == "deadline" else np.flatnonzero(one != other)
        if len(wrong):
            raise AssertionError(f"{name}: {field} differs in {len(wrong)} rows; row {wrong[0]} gives {one[wrong[0]]}, the masks {other[wrong[0]]}")


def agree_with_evaluate(given: Columns, policy: Any = None, sample: int = _SAMPLE) -> None:
    """Raise AssertionError where, in a sample of rows, `evaluate_batch` says otherwise than `evaluate`."""
    ours = optional("ours")
    assert ours is not None
    policy = policy or reference_policy()
    chosen = part(given, np.random.default_rng(SEED).permutation(length(given))[:sample])
    batch = ours.decide(policy, chosen)
    for row in range(batch.size):
        wrong = ours.differing(batch, row, evaluate(policy, batch.snapshot(row)))
        if wrong:
            raise AssertionError(f"`evaluate_batch`, {policy.pack.authority}: row {row} of the sample differs from `evaluate` in {', '.join(wrong)}")


def _candidates(known: Columns) -> tuple[list[Candidate], list[str]]:
    policy = reference_policy()
    known_only = "unknown facts, reasons, states of deadlines"
    found = [
        Candidate(_HAND, lambda: masks.masks(known), _as_it_is, known_only),
        Candidate("numpy, by rows of each rule", lambda: masks.by_rows(known), _as_it_is, known_only),
    ]
    absent = []
    if (ours := optional("ours")) is not None:
        found.append(Candidate(_OURS, _deciding(ours, policy, known), ours.answers, ""))
    else:
        absent.append("`evaluate_batch` is not there.")
    if (polars := optional("in_polars")) is not None:
        frame = polars.frame(known)
        found.append(Candidate("polars, lazy", lambda: polars.decide(frame), polars.to_answers, known_only))
    else:
        absent.append("polars is not installed.")
    if (openfisca := optional("in_openfisca")) is not None:
        given = openfisca.inputs(known)
        lacks = f"{known_only}; working days and birthdays are numpy's, not its own"
        found.append(Candidate("OpenFisca-Core", lambda: openfisca.answers(given), _as_it_is, lacks))
    else:
        absent.append("OpenFisca-Core is not installed.")
    return found, absent


def _as_it_is(answers: Answers) -> Answers:
    return answers


def _memory(name: str, work: Callable[[], Any]) -> tuple[str, str]:
    """Return the megabytes that the answer keeps, and the most that was held at a time."""
    if "polars" in name:
        return "–", "–"
    kept, peak = grown(work)
    return figure(kept / 1e6), figure(peak / 1e6)


def _ratios(times: Mapping[str, Times]) -> list[str]:
    """Return what is promised of columns besides."""
    ours, unknown, other = (times.get(name) for name in (_OURS, _WITH_UNKNOWN, "OpenFisca-Core"))
    found = []
    if ours is not None and unknown is not None:
        found.append(f"With {UNKNOWN:.0%} of facts unknown a row takes {unknown.ratio(ours)} times as long.")
    if ours is not None and other is not None:
        found.append(f"OpenFisca-Core takes {other.ratio(ours)} times what `evaluate_batch` takes.")
    return found


def _deciding(ours: Any, policy: Any, given: Columns) -> Callable[[], Any]:
    return lambda: ours.decide(policy, given)

"""Timing candidates side by side: round after round in one process, each with its turn, and the answers in Markdown."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from time import perf_counter
from typing import Any, Final, NamedTuple

HOW: Final = (
    "Candidates take turns in one process, round after round, and each round begins with another one; garbage is collected before each turn and not "
    "during it. A ratio is that of two medians (of two minima)."
)


class Times(NamedTuple):
    """The median and the least of the seconds that one thing took."""

    median: float
    least: float

    def ratio(self, other: Times) -> str:
        """Return how many times as long as another this took: by the medians, and by the least."""
        return f"{figure(self.median / other.median)} ({figure(self.least / other.least)})"


def interleaved(candidates: Mapping[str, Callable[[], object]], rounds: int, *, pieces: Mapping[str, int] | int = 1) -> dict[str, Times]:
    """Time candidates against each other.

    Args:
        candidates: what to call; what a call gives back is kept until its time is taken.
        rounds: how often each is called; every candidate was called once before.
        pieces: by how many to divide the time, for all or for each candidate: what comes back is seconds for one piece.
    """
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    names = list(candidates)
    for name in names:
        candidates[name]()
    for turn in range(rounds):
        first = turn % len(names)
        for name in (*names[first:], *names[:first]):
            seconds[name].append(_timed(candidates[name]))
    share = {name: pieces if isinstance(pieces, int) else pieces[name] for name in names}
    return {name: Times(median(taken) / share[name], min(taken) / share[name]) for name, taken in seconds.items()}


def _timed(work: Callable[[], Any]) -> float:
    gc.collect()
    gc.disable()
    try:
        started = perf_counter()
        kept = work()
        taken = perf_counter() - started
        del kept
    finally:
        gc.enable()
    return taken


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first and those of words are set to the right."""
    body = [list(row) for row in rows]
    right = [place > 0 and all(_is_figure(row[place]) for row in body) for place in range(len(head))]
    lines = [_line(head), _line(["--:" if one else "---" for one in right])]
    return "\n".join([*lines, *(_line(row) for row in body)])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _is_figure(cell: str) -> bool:
    return cell[:1].isdigit() or cell in ("", "–")


def figure(number: float) -> str:
    """Return a number with three figures that count."""
    if number >= 100:
        return f"{number:,.0f}".replace(",", " ")
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}" if number >= 1 else f"{number:.3f}"


def micro(seconds: float) -> str:
    """Return seconds as microseconds."""
    return figure(seconds * 1e6)


def milli(seconds: float) -> str:
    """Return seconds as milliseconds."""
    return figure(seconds * 1e3)


def nano(seconds: float) -> str:
    """Return seconds as nanoseconds."""
    return figure(seconds * 1e9)

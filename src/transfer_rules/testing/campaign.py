"""Long runs over many drawn cases: every pack in turn, in several processes, each disagreement printed as it is found."""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol, Self, TypeAlias, TypeVar

PACKS: Final = ("warrington", "suffolk", "norfolk", "shropshire", "wirral")


class Tally(Protocol):
    """What came of many cases of one pack: their number, each disagreement in words, and whatever else a campaign counts."""

    cases: int
    violations: list[str]

    def add(self, other: Self) -> None:
        """Count another tally in."""

    def line(self, pack: str) -> str:
        """Return it in one line."""


T = TypeVar("T", bound=Tally)
Task: TypeAlias = tuple[str, int, int, float | None]
"""A pack, a seed, how many cases, and the time after which nothing new begins."""


def campaign(
    program: str,
    about: str,
    run: Callable[[Task], tuple[str, T]],
    new: Callable[[], T],
    arguments: Sequence[str] | None,
    chunk: int,
    packs: Sequence[str] = PACKS,
) -> int:
    """Run a campaign with the options of a command line; return 0 where nothing disagrees, else 1.

    Args:
        run: checks the cases of one task, the same for the same task; a module's own function, so that other processes find it.
        new: makes an empty tally.
        chunk: how many cases one task has at most.
        packs: the packs that are taken where none is named.
    """
    parser = argparse.ArgumentParser(prog=program, description=about.split("\n", 1)[0])
    parser.add_argument("--cases", type=int, default=1000, help="how many cases, over all packs")
    parser.add_argument("--seed", type=int, default=0, help="the same seed checks the same cases")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--pack", nargs="+", default=list(packs), help="packs by name or path")
    parser.add_argument("--minutes", type=float, help="begin nothing new after so many minutes")
    given = parser.parse_args(arguments)
    until = None if given.minutes is None else time.time() + 60 * given.minutes
    tallies = {pack: new() for pack in given.pack}
    started = shown = time.monotonic()
    with multiprocessing.Pool(given.jobs) as pool:
        for pack, tally in pool.imap_unordered(run, tasks(given.pack, given.seed, given.cases, until, chunk)):
            tallies[pack].add(tally)
            for violation in tally.violations:
                print(violation, flush=True)
            if time.monotonic() - shown > 20:
                shown = time.monotonic()
                done, wrong = sum(one.cases for one in tallies.values()), sum(len(one.violations) for one in tallies.values())
                print(f"{done} of {given.cases} cases in {shown - started:.0f} s, {wrong} violations", flush=True)
    for pack, tally in tallies.items():
        print(tally.line(pack))
    print(f"in all {sum(one.cases for one in tallies.values())} cases in {time.monotonic() - started:.0f} s")
    return 1 if any(tally.violations for tally in tallies.values()) else 0


def tasks(packs: Sequence[str], seed: int, cases: int, until: float | None, chunk: int) -> list[Task]:
    """Return the tasks of a campaign, each pack in turn."""
    each = -(-cases // len(packs))
    chunks = [(number, min(chunk, each - first)) for number, first in enumerate(range(0, each, chunk))]
    return [(pack, seed * 1_000_000 + number, count, until) for number, count in chunks for pack in packs]

"""Memory: what a snapshot and a decision take. And one count of working days, beside counting day by day."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from transfer_rules import evaluate
from transfer_rules.calendars import ENGLAND

from .cases import columns, reference_policy, snapshots
from .timing import figure, interleaved, table

COUNTS: Final = (1, 10, 45)
_STARTS: Final = tuple(date(2025, 1, 1) + timedelta(days=step) for step in range(1_000))
_CLOSED: Final = frozenset(ENGLAND.closed)


def section(rounds: int, number: int = 2_000) -> str:
    """Return the part of the results about memory."""
    policy, drawn = reference_policy(), columns(number)
    cases = snapshots(drawn)
    for case in cases:
        evaluate(policy, case)
    per_snapshot, _ = grown(lambda: snapshots(drawn))
    per_decision, _ = grown(lambda: [evaluate(policy, case) for case in cases])
    rows = [("a snapshot of the reference pack", per_snapshot / number), ("its decision", per_decision / number)]
    return "\n\n".join(
        [
            "## Memory",
            f"By `tracemalloc`, over {number} cases; what is shared between them is counted once.",
            table(("one of", "bytes"), [(name, figure(size)) for name, size in rows]),
            _counting(rounds),
        ]
    )


def grown(work: Callable[[], Any]) -> tuple[int, int]:
    """Return by how many bytes memory grew for what `work` gives back, and the peak above what there was before; numpy reports to `tracemalloc`."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        kept = work()
        _, peak = tracemalloc.get_traced_memory()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
        del kept
    finally:
        tracemalloc.stop()
    return after - before, peak - before


def _counting(rounds: int) -> str:
    rows = []
    for count in COUNTS:
        expected = [day_by_day(start, count) for start in _STARTS]
        assert [ENGLAND.add_working_days(start, count) for start in _STARTS] == expected
        candidates = {
            "table": lambda count=count: [ENGLAND.add_working_days(start, count) for start in _STARTS],
            "loop": lambda count=count: [day_by_day(start, count) for start in _STARTS],
        }
        times = interleaved(candidates, rounds, pieces=len(_STARTS))
        rows.append((str(count), *(figure(times[name].median * 1e6) for name in candidates), times["table"].ratio(times["loop"])))
    head = ("working days", "`Calendar.add_working_days`, µs", "day by day, µs", "ratio")
    return table(head, rows)


def day_by_day(start: date, count: int) -> date:
    """Return the day so many working days later, by looking at each day."""
    day, step = start, timedelta(days=1)
    while count:
        day += step
        if day.weekday() < 5 and day not in _CLOSED:
            count -= 1
    return day

"""Where the time of one case and of columns goes, by `cProfile`."""

from __future__ import annotations

import cProfile
import io
import pstats
import re
from collections.abc import Callable
from functools import partial
from typing import Final

from transfer_rules import evaluate

from . import optional
from .caseloads import UNKNOWN
from .cases import columns, reference_policy, snapshots

LINES: Final = 20


def section(cases: int, rows: int, unknown_rows: int) -> str:
    """Return the profiles, sorted by the time spent in each function itself."""
    policy, few = reference_policy(), snapshots(columns(cases))
    parts = [f"## One case, {cases} times", profiled(lambda: [evaluate(policy, case) for case in few])]
    if (ours := optional("ours")) is not None:
        for title, size, unknown in (("all facts known", rows, 0.0), ("some facts unknown", unknown_rows, UNKNOWN)):
            if size:
                parts += [f"## Columns, {size} rows, {title}", profiled(partial(ours.decide, policy, columns(size, unknown=unknown)))]
    return "\n\n".join(parts)


def profiled(work: Callable[[], object]) -> str:
    """Return the functions in which most of the time is spent; what is called once is called before."""
    work()
    profile = cProfile.Profile()
    profile.runcall(work)
    written = io.StringIO()
    pstats.Stats(profile, stream=written).strip_dirs().sort_stats("tottime").print_stats(LINES)
    lines = [line.rstrip() for line in written.getvalue().splitlines() if re.match(r"\s*(\d|ncalls)", line)]
    return "```\n" + "\n".join(lines) + "\n```"

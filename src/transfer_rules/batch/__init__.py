"""Whole caseloads in columns: `evaluate_batch` decides every row as `evaluate` would, and hands back columns.

The rules are the policy's own, read by `columns`. Rows are taken holder by holder (`groups`), since a rule speaks to some holding teams only; what
one rule says is `said`. Where unknown facts leave a row open, it is filled in with the values that stand for all (`values`, `filling`), and what
every way says is `joined`. What columns do not hold (moments, recorded decisions, clashes, unknown dates compared with other dates) is decided row
by row by `evaluate` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

try:
    # Looked for here, so that the message can say how to get it.
    import numpy as _numpy  # noqa: F401
except ImportError:
    raise ImportError('caseloads in columns need numpy: pip install "transfer-rules[columns]"') from None

from ..checklists import OUTCOMES
from ..policy import Policy
from .answers import REFUSED, Batch
from .deciding import Deciding
from .plan import STATES, plan_of
from .tables import Coded, Table

__all__ = ["OUTCOMES", "REFUSED", "STATES", "Batch", "Coded", "evaluate_batch"]


def evaluate_batch(
    policy: Policy,
    columns: Any,
    *,
    as_of: date | datetime | None = None,
    unstated: str | Sequence[str] = "unknown",
    progress: Callable[[int, int], None] | None = None,
) -> Batch:
    """Decide a whole caseload: every row as `evaluate` decides its snapshot.

    Args:
        columns: a name to a column of length n (numpy, Arrow or polars, or `Coded`), or an Arrow table or polars frame. A fact goes by its name; an
            event has its dates there, and `not_yet` or `happened` in `<fact>_state`; progress is `checklist.<item>` (dates) and
            `checklist.<item>_state`; a recorded decision `decisions.<id>`, `decisions.<id>_area` and `decisions.<id>_on`. Null, NaT and -1 are
            unknown; a missing column is unknown in every row.
        as_of: the day or moment asked about, where no column `as_of` says it row by row.
        unstated: as in `CaseSnapshot`, for every row.
        progress: called with the rows done and all rows, now and then.
    Raises:
        SnapshotError: a column is unknown to the policy, or holds what its fact cannot. A single row that is no snapshot is `refused`, and does not
            stop the others.
    Source: docs/columns.md.
    """
    table = Table(policy, columns, as_of, unstated)
    plan = plan_of(policy)
    batch = Batch(plan, table)
    Deciding(plan, table, batch, progress or (lambda done, rows: None)).run()
    return batch

"""Columns of Arrow, as texts or as `evaluate_batch` takes them. pyarrow is imported only where a file needs it."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from ..errors import Diagnostic, SnapshotError
from .cells import NOTHING, Array, objects


def with_pyarrow() -> ModuleType:
    """Return pyarrow. Raises ImportError with how to get it."""
    try:
        import pyarrow
    except ImportError:
        raise ImportError("files of Parquet and Arrow need pyarrow: pip install pyarrow") from None
    found: ModuleType = pyarrow
    return found


def texts_of(column: Any) -> list[str] | None:
    """Return a column of texts; None for one of any other type."""
    kind = column.type.value_type if str(column.type).startswith("dictionary") else column.type
    if str(kind) == "null":
        return [""] * len(column)
    if str(kind) not in ("string", "large_string", "string_view"):
        return None
    return ["" if one is None else one for one in column.to_pylist()]


def typed(column: Any) -> Any:
    """Return a column as `evaluate_batch` takes it: moments as objects, since its arrays have no offsets."""
    if str(column.type).startswith("timestamp") and column.type.tz is not None:
        import pyarrow

        return objects(column.cast(pyarrow.timestamp("us", column.type.tz)).to_pylist())
    return column


def days_of(column: Any) -> Array:
    """Return a column of days as numbers. Raises SnapshotError if it is none."""
    import pyarrow

    try:
        return column.cast(pyarrow.date32()).cast(pyarrow.int32()).cast(pyarrow.int64()).fill_null(NOTHING).to_numpy(zero_copy_only=False)
    except pyarrow.ArrowException:
        pass
    raise SnapshotError([Diagnostic("wrong-as-of", "the column `as_of` takes days", why="every rule that looks at today looks at it")])


def labels_of(column: Any) -> Sequence[str]:
    """Return the labels of a column, of Arrow or of texts."""
    if isinstance(column, (list, tuple)):
        return column
    return ["" if one is None else str(one) for one in column.to_pylist()]

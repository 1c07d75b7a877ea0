"""Decisions out: as lines of CSV, or as a Parquet file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from ..batch import REFUSED, Batch
from ..errors import spelled_out
from .arrow import with_pyarrow
from .cells import Array
from .chunks import LABEL, Chunk


class CsvDecisions:
    """Decisions as lines of CSV: words, dates as 2026-04-02 (moments with their offset), items with `;` between them, nothing where there is nothing.

    Args:
        stream: opened with `newline=""`.
        safe: whether control characters of labels are spelled out, for a stream that a terminal may show.
    """

    def __init__(self, stream: TextIO, *, safe: bool = False):
        self._writer = csv.writer(stream, lineterminator="\n")
        self._safe = safe
        self._begun = False

    def write(self, chunk: Chunk, batch: Batch) -> None:
        """Write the decisions of some rows."""
        gone = refused_in(chunk, batch)
        labels: Iterable[object] = range(chunk.first + 1, chunk.first + chunk.size + 1) if chunk.labels is None else chunk.labels
        if self._safe and chunk.labels is not None:
            labels = map(spelled_out, chunk.labels)
        columns: dict[str, Sequence[str]] = {}
        for name, (codes, words) in _answers(batch).items():
            if isinstance(words, tuple):
                columns[name] = np.array([*words, ""], object)[np.where(gone, -1, codes)].tolist()
            else:
                columns[name] = _dated(codes, gone)
        for row, moments in batch.moments.items():
            for name, moment in zip(("deadline", "not_before"), moments, strict=True):
                if moment is not None:
                    # The columns of dates are lists.
                    columns[name][row] = "" if gone[row] else moment.isoformat()  # type: ignore[index]
        for name in ("required", "outstanding"):
            columns[name] = [";".join(found) for found in _listed(getattr(batch, name), batch.items, gone)]
        columns["rule"] = columns.pop("rule")
        if not self._begun:
            self._writer.writerow(("row" if chunk.labels is None else LABEL, *columns))
            self._begun = True
        self._writer.writerows(zip(labels, *columns.values(), strict=True))

    def close(self) -> None:
        """Do nothing: the stream belongs to the caller."""


class ParquetDecisions:
    """Decisions as a Parquet file: words, dates, lists of items, null where there is nothing.

    `deadline` and `not_before` are dates, and `deadline_at` and `not_before_at` the moment where it is one.

    Raises:
        ImportError: pyarrow is not installed.
    """

    def __init__(self, path: Path):
        self._pyarrow = with_pyarrow()
        self._path = path
        self._writer: Any = None

    def write(self, chunk: Chunk, batch: Batch) -> None:
        """Write the decisions of some rows."""
        from pyarrow.parquet import ParquetWriter

        pyarrow, gone = self._pyarrow, refused_in(chunk, batch)
        columns: dict[str, Any] = (
            {"row": pyarrow.array(np.arange(chunk.first + 1, chunk.first + chunk.size + 1))}
            if chunk.labels is None
            else {LABEL: pyarrow.array(chunk.labels, pyarrow.string())}
        )
        for name, (codes, words) in _answers(batch).items():
            if isinstance(words, tuple):
                indices = pyarrow.array(codes.astype(np.int32), mask=gone | (codes < 0))
                columns[name] = pyarrow.DictionaryArray.from_arrays(indices, pyarrow.array(words, pyarrow.string()))
            else:
                # With a mask, pyarrow no longer takes NaT as null by itself.
                columns[name] = pyarrow.array(codes, mask=gone | np.isnat(codes))
        for place, name in enumerate(("deadline", "not_before")):
            moments = np.full(chunk.size, None, object)
            for row, found in batch.moments.items():
                moments[row] = None if gone[row] else found[place]
            columns[f"{name}_at"] = pyarrow.array(moments.tolist(), pyarrow.timestamp("us", "UTC"))
        for name in ("required", "outstanding"):
            lists = [None if lost else found for found, lost in zip(_listed(getattr(batch, name), batch.items, gone), gone.tolist(), strict=True)]
            columns[name] = pyarrow.array(lists, pyarrow.list_(pyarrow.string()))
        columns["rule"] = columns.pop("rule")
        table = pyarrow.table(columns)
        if self._writer is None:
            self._writer = ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()


def refused_in(chunk: Chunk, batch: Batch) -> Array:
    """Return where a row got no decision: it cannot be read, or is no snapshot of the policy."""
    return chunk.refused | (batch.outcome == REFUSED)


def _answers(batch: Batch) -> dict[str, tuple[Array, tuple[str, ...] | None]]:
    """Return the columns of a batch, all but the items."""
    return {name: found for name, found in batch.columns().items() if not name.startswith(("required", "outstanding"))}


def _dated(days: Array, gone: Array) -> list[str]:
    found: Array = np.datetime_as_string(days).astype(object)
    found[gone | np.isnat(days)] = ""
    texts: list[str] = found.tolist()
    return texts


def _listed(bits: Array, items: Sequence[str], gone: Array) -> list[tuple[str, ...]]:
    """Return bits as the items that they stand for. Few sets of items come up, and each is spelled out once."""
    words = bits.reshape(len(bits), -1).tolist()
    known: dict[tuple[int, ...], tuple[str, ...]] = {}
    found = []
    for row, lost in zip(words, gone.tolist(), strict=True):
        key = () if lost else tuple(row)
        if key not in known:
            known[key] = tuple(item for place, item in enumerate(items) if key and key[place // 64] >> place % 64 & 1)
        found.append(known[key])
    return found

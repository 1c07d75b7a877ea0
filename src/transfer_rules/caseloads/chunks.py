"""A stretch of rows as columns, and what is wrong with a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..batch import Batch
from ..errors import Diagnostic, Location, SnapshotError
from .cells import Array

LABEL: Final = "case"
"""The column of the caller's own labels; it is no fact, and stands before each decision."""

# By the name of a column, or what stands before its dot.
_CODES: Final = {"as_of": "wrong-as-of", "checklist": "wrong-progress"}
_WHY: Final = "a cell is read by what its column takes, and an empty one is unknown"
_SUBJECT: Final = re.compile(r"`([a-z][a-z0-9_]*)`")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a caseload, one after the other.

    Attributes:
        columns: the columns, as `evaluate_batch` takes them.
        labels: the caller's own labels; None where the file has none.
        first: the rows before these.
        size: the number of rows.
        refused: where a row cannot be read.
    """

    columns: dict[str, Any]
    labels: Sequence[str] | None
    first: int
    size: int
    refused: Array
    _file: str
    _header: tuple[str, ...]
    _lines: Sequence[int]
    _faults: tuple[tuple[str, str, Array], ...]
    _widths: Mapping[int, int]

    def faults(self, row: int, batch: Batch) -> tuple[Diagnostic, ...]:
        """Return what is wrong with a row: its cells, or else what the policy finds in them. Each stands at its line and the number of its column."""
        found = [
            Diagnostic(_CODES.get(name.partition(".")[0], "wrong-value"), f"`{name}` takes {takes}", self._place(row, name), why=_WHY)
            for name, takes, bad in self._faults
            if bad[row]
        ]
        if row in self._widths:
            message = f"the row has {_cells(self._widths[row])}, and the line of names {len(self._header)}"
            mend = "give every row one cell for each column; a text with a comma stands in quotes"
            found.append(Diagnostic("wrong-shape", message, self._place(row), why="each cell belongs to the column above it", mend=mend))
        if found:
            return tuple(found)
        try:
            batch.decision(row)
        except SnapshotError as error:
            return tuple(
                Diagnostic(one.code, one.message, self._place(row, _subject(one)), why=one.why, mend=one.mend, also=one.also)
                for one in error.diagnostics
            )
        return ()

    def _place(self, row: int, name: str = "") -> Location:
        names = (name, f"checklist.{name}", f"decisions.{name}", f"{name}_state")
        column = next((self._header.index(one) + 1 for one in names if one in self._header), 1)
        return Location(self._file, self._lines[row], column)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _subject(diagnostic: Diagnostic) -> str:
    found = _SUBJECT.search(diagnostic.message)
    return found[1] if found else ""

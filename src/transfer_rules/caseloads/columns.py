"""The columns of a caseload, read against one policy: the header once, then the cells, a stretch of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from ..batch import Coded
from ..batch.tables import Table
from ..errors import Diagnostic, Location, SnapshotError, named
from ..facts import FIRST_DAY, LAST_DAY, read_moment
from ..policy import Policy
from .arrow import days_of, labels_of, texts_of, typed
from .cells import BAD, BELOW_NUMBERS, EPOCH, MOMENT, NOTHING, WORDS, Array, Reader, objects, reader_of
from .chunks import LABEL, Chunk

_FIRST, _LAST, _SOME_DAY = (day.toordinal() - EPOCH for day in (FIRST_DAY, LAST_DAY, date(2000, 1, 3)))


class Caseload:
    """A file of cases in columns, read against one policy.

    Args:
        file: the name for places.
        header: the names of its columns.
        as_of: the day or moment asked about where no column `as_of` says it.
        line: the line of the header.
    Raises:
        SnapshotError: a column is unknown to the policy or stands twice, or no day is asked about.
    """

    def __init__(self, policy: Policy, file: str, header: Sequence[str], as_of: date | datetime | None, *, line: int = 1):
        self.file, self.header, self.as_of = file, tuple(header), as_of
        faults: list[Diagnostic] = []
        self._readers: dict[str, Reader] = {}
        self._labelled = LABEL in header and LABEL not in policy.facts
        for place, name in enumerate(header, 1):
            location = Location(file, line, place)
            if name in header[: place - 1]:
                why, mend = "each cell belongs to one column", "keep one"
                faults.append(Diagnostic("repeated-key", f"{named_column(name)} stands twice", location, why=why, mend=mend))
            elif not (self._labelled and name == LABEL):
                reader = reader_of(policy, name)
                if reader is None:
                    faults += [Diagnostic(one.code, one.message, location, why=one.why, mend=one.mend) for one in _unknown(policy, name)]
                else:
                    self._readers[name] = reader
        if not faults and as_of is None and "as_of" not in header:
            why, mend = "every rule that looks at today looks at it", "add a column `as_of`, or give one day for all: --as-of 2026-04-02"
            faults.append(Diagnostic("wrong-as-of", "no day is asked about", Location(file, line, 1), why=why, mend=mend))
        if faults:
            raise SnapshotError(faults)

    def chunk(self, first: int, columns: Mapping[str, Any], size: int, lines: Sequence[int], widths: Mapping[int, int]) -> Chunk:
        """Return some rows as columns.

        Args:
            columns: by name a sequence of texts, or a column of Arrow.
            widths: rows that have another number of cells than the header, and that number.
        """
        refused = np.zeros(size, np.bool_)
        refused[list(widths)] = True
        found: dict[str, Any] = {}
        faults: list[tuple[str, str, Array]] = []
        days: dict[str, tuple[Array, Sequence[str]]] = {}
        states: dict[str, Array] = {}

        def note(name: str, bad: Array, takes: str) -> None:
            if bad.any():
                faults.append((name, takes, bad))
                np.logical_or(refused, bad, out=refused)

        for name, reader in self._readers.items():
            given = columns[name]
            cells: Sequence[str] | None = given if isinstance(given, (list, tuple)) else texts_of(given)
            if cells is None:
                if name == "as_of":
                    numbers = days_of(given)
                    out = (numbers != NOTHING) & ((numbers < _FIRST) | (numbers > _LAST))
                    note(name, out, reader.takes)
                    days[name] = (np.where(out, BAD, numbers), ())
                else:
                    found[name] = typed(given)
                continue
            if reader.kind == "free":
                found[name] = objects(cells)
                continue
            numbers = np.fromiter(map(reader.numbers.__getitem__, cells), np.int64, size)
            note(name, numbers == BAD, reader.takes)
            if reader.kind == "days":
                days[name] = (numbers, cells)
            elif reader.kind == "state":
                states[reader.base] = np.where(numbers < 0, np.int8(-1), numbers).astype(np.int8)
                found[name] = Coded(states[reader.base], reader.words)
            else:
                found[name] = _column(reader, numbers)
        for name, (numbers, cells) in days.items():
            if name == "as_of":
                if self._for_all is None:
                    note(name, numbers == NOTHING, self._readers[name].takes)
                otherwise = _SOME_DAY if self._for_all is None else self._for_all
                found[name] = np.where(numbers < BELOW_NUMBERS, otherwise, numbers).view("datetime64[D]")
            else:
                self._put_days(name, numbers, cells, states.get(name), found, note)
        if not found:
            # Nothing is known of any case; but there are so many.
            found["current_team"] = Coded(np.full(size, -1, np.int8), ())
        labels = labels_of(columns[LABEL]) if self._labelled else None
        return Chunk(found, labels, first, size, refused, self.file, self.header, lines, tuple(faults), widths)

    @property
    def _for_all(self) -> int | None:
        """The day for rows that name none, in days since 1970."""
        return self.as_of.toordinal() - EPOCH if type(self.as_of) is date else None

    def _put_days(
        self, name: str, numbers: Array, cells: Sequence[str], state: Array | None, found: dict[str, Any], note: Callable[[str, Array, str], None]
    ) -> None:
        """Put days among the columns, and beside them the words that stood in place of a day."""
        reader = self._readers[name]
        worded = (numbers >= WORDS) & (numbers < BELOW_NUMBERS)
        days = np.where(numbers < BELOW_NUMBERS, NOTHING, numbers).view("datetime64[D]")
        if worded.any():
            code = np.where(worded, numbers - WORDS, -1).astype(np.int8)
            if state is not None:
                note(f"{name}_state", (code >= 0) & (state >= 0) & (code != state), f"what `{name}` says, where that is a word")
                code = np.where(worded, code, state)
            found[f"{name}_state"] = Coded(code, reader.words)
        moments = np.flatnonzero(numbers == MOMENT)
        if moments.size:
            days = days.astype(object)
            for row in moments.tolist():
                days[row] = read_moment(cells[row])
        found[name] = days


def _unknown(policy: Policy, name: str) -> tuple[Diagnostic, ...]:
    """Return what `evaluate_batch` says of a column that the policy does not know."""
    try:
        Table(policy, {name: np.array([], object)}, date(2000, 1, 3), "unknown")
    except SnapshotError as error:
        return error.diagnostics
    return ()


def named_column(name: str) -> str:
    """Return the name of a column in backticks if it has the shape of one, else "a column"."""
    return f"`{name}`" if all(named(part, "") for part in name.split(".")) else "a column"


def _column(reader: Reader, numbers: Array) -> Any:
    """Return the numbers of a column as `evaluate_batch` takes it."""
    unknown = numbers < 0
    if reader.kind == "choices":
        lists = {bits: [word for place, word in enumerate(reader.words) if bits >> place & 1] for bits in set(numbers.tolist()) if bits >= 0}
        return [lists.get(bits) for bits in numbers.tolist()]
    if reader.kind == "count":
        return np.ma.MaskedArray(np.where(unknown, 0, numbers), unknown)
    code = np.where(unknown, -1, numbers).astype(np.int8 if len(reader.words) < 128 else np.int32)
    return code if reader.kind == "yes_no" else Coded(code, reader.words)

"""Caseloads in files: a CSV, Parquet or Arrow file as columns for `evaluate_batch`, a stretch of rows at a time, and their decisions as a file.

A cell is read as a snapshot reads the same text (`Fact.read`), but each distinct text of a column only once. Values are never quoted in a message.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, zip_longest
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TextIO, TypeAlias

import numpy as np

from .batch import REFUSED, Batch, Coded
from .batch.tables import Table
from .errors import Diagnostic, Location, SnapshotError, named, spelled_out
from .facts import DATED_KINDS, FIRST_DAY, HAPPENED, LAST_DAY, NOT_YET, RESERVED_TEAMS, Fact, read_date, read_moment
from .policy import Policy

Array: TypeAlias = Any

LABEL: Final = "case"
"""The column of the caller's own labels; it is no fact, and stands before each decision."""
ROWS: Final = 20_000
"""Rows that are read, decided and written together; a hundred thousand rows of texts would take a quarter of a gigabyte, and be no quicker."""

# What a cell can say besides a number; days before 1970 are negative, so these are far below any day. The first is numpy's NaT.
_NOTHING: Final = np.iinfo(np.int64).min
_BAD: Final = _NOTHING + 1
_MOMENT: Final = _NOTHING + 2
_WORDS: Final = _NOTHING + 3
_BELOW_NUMBERS: Final = _NOTHING + 1_000
# Distinct texts that a column remembers, and the longest of them; all days of two centuries are fewer.
_REMEMBERED: Final = 100_000
_LONGEST: Final = 200
_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST, _LAST, _SOME_DAY = (day.toordinal() - _EPOCH for day in (FIRST_DAY, LAST_DAY, date(2000, 1, 3)))
_STATES: Final = (NOT_YET, HAPPENED)
_PROGRESS: Final = ("done", "not_done", "not_needed", "excused")
_YES_NO: Final[Mapping[str, int]] = {"yes": 1, "true": 1, "no": 0, "false": 0}
# By the name of a column, or what stands before its dot.
_CODES: Final = {"as_of": "wrong-as-of", "checklist": "wrong-progress"}
_WHY: Final = "a cell is read by what its column takes, and an empty one is unknown"
_SUBJECT: Final = re.compile(r"`([a-z][a-z0-9_]*)`")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class _Numbers(dict[str, int]):
    """What each text of a column stands for, read when it first comes."""

    def __init__(self, read: Callable[[str], int]):
        super().__init__({"": _NOTHING})
        self._read = read

    def __missing__(self, text: str) -> int:
        number = self._read(text)
        if len(self) < _REMEMBERED and len(text) <= _LONGEST:
            self[text] = number
        return number


@dataclass(frozen=True, slots=True)
class _Reader:
    """How the cells of one column are read.

    Attributes:
        kind: `days` (with words beside them), `words`, `yes_no`, `count`, `choices`, `state`, or `free` for texts that `evaluate` judges itself.
        base: the name without `_state`, under which days and their states come together.
        takes: what a cell can hold, for messages.
        numbers: what each text stands for.
        words: the words that numbers stand for.
    """

    kind: str
    base: str
    takes: str
    numbers: _Numbers
    words: tuple[str, ...] = ()


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
            message = f"the row has {_cells(self._widths[row])}, and the first line {len(self._header)}"
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


class Caseload:
    """A file of cases in columns, read against one policy.

    Args:
        file: the name for places.
        header: the names of its columns.
        as_of: the day or moment asked about where no column `as_of` says it.
    Raises:
        SnapshotError: a column is unknown to the policy or stands twice, or no day is asked about.
    """

    def __init__(self, policy: Policy, file: str, header: Sequence[str], as_of: date | datetime | None):
        self.file, self.header, self.as_of = file, tuple(header), as_of
        faults: list[Diagnostic] = []
        self._readers: dict[str, _Reader] = {}
        self._labelled = LABEL in header and LABEL not in policy.facts
        for place, name in enumerate(header, 1):
            location = Location(file, 1, place)
            if name in header[: place - 1]:
                why, mend = "each cell belongs to one column", "keep one"
                faults.append(Diagnostic("repeated-key", f"{named_column(name)} stands twice", location, why=why, mend=mend))
            elif not (self._labelled and name == LABEL):
                reader = _reader(policy, name)
                if reader is None:
                    faults += [Diagnostic(one.code, one.message, location, why=one.why, mend=one.mend) for one in _unknown(policy, name)]
                else:
                    self._readers[name] = reader
        if not faults and as_of is None and "as_of" not in header:
            why, mend = "every rule that looks at today looks at it", "add a column `as_of`, or give one day for all: --as-of 2026-04-02"
            faults.append(Diagnostic("wrong-as-of", "no day is asked about", Location(file, 1, 1), why=why, mend=mend))
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
            cells: Sequence[str] | None = given if isinstance(given, (list, tuple)) else _texts(given)
            if cells is None:
                if name == "as_of":
                    numbers = _days_of(given)
                    out = (numbers != _NOTHING) & ((numbers < _FIRST) | (numbers > _LAST))
                    note(name, out, reader.takes)
                    days[name] = (np.where(out, _BAD, numbers), ())
                else:
                    found[name] = _typed(given)
                continue
            if reader.kind == "free":
                found[name] = _objects(cells)
                continue
            numbers = np.fromiter(map(reader.numbers.__getitem__, cells), np.int64, size)
            note(name, numbers == _BAD, reader.takes)
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
                    note(name, numbers == _NOTHING, self._readers[name].takes)
                otherwise = _SOME_DAY if self._for_all is None else self._for_all
                found[name] = np.where(numbers < _BELOW_NUMBERS, otherwise, numbers).view("datetime64[D]")
            else:
                self._put_days(name, numbers, cells, states.get(name), found, note)
        if not found:
            # Nothing is known of any case; but there are so many.
            found["current_team"] = Coded(np.full(size, -1, np.int8), ())
        labels = _labels(columns[LABEL]) if self._labelled else None
        return Chunk(found, labels, first, size, refused, self.file, self.header, lines, tuple(faults), widths)

    @property
    def _for_all(self) -> int | None:
        """The day for rows that name none, in days since 1970."""
        return self.as_of.toordinal() - _EPOCH if type(self.as_of) is date else None

    def _put_days(
        self, name: str, numbers: Array, cells: Sequence[str], state: Array | None, found: dict[str, Any], note: Callable[[str, Array, str], None]
    ) -> None:
        """Put days among the columns, and beside them the words that stood in place of a day."""
        reader = self._readers[name]
        worded = (numbers >= _WORDS) & (numbers < _BELOW_NUMBERS)
        days = np.where(numbers < _BELOW_NUMBERS, _NOTHING, numbers).view("datetime64[D]")
        if worded.any():
            code = np.where(worded, numbers - _WORDS, -1).astype(np.int8)
            if state is not None:
                note(f"{name}_state", (code >= 0) & (state >= 0) & (code != state), f"what `{name}` says, where that is a word")
                code = np.where(worded, code, state)
            found[f"{name}_state"] = Coded(code, reader.words)
        moments = np.flatnonzero(numbers == _MOMENT)
        if moments.size:
            days = days.astype(object)
            for row in moments.tolist():
                days[row] = read_moment(cells[row])
        found[name] = days


def _reader(policy: Policy, name: str) -> _Reader | None:
    """Return how a column is read; None for one that the policy does not know."""
    fact = policy.facts.get(name)
    if fact is not None:
        return _fact(policy, fact)
    if name == "as_of":
        return _Reader("days", name, "a day such as 2026-04-02, between 1950 and 2150", _Numbers(_day))
    kind, _, rest = name.partition(".")
    base = name.removesuffix("_state")
    of_state = base if base != name else ""
    if kind == "checklist":
        takes = "a date such as 2026-04-02, " + ", ".join(_PROGRESS[:-1]) + f" or {_PROGRESS[-1]}"
        if rest in policy.work:
            return _Reader("days", name, takes, _Numbers(lambda text: _WORDS + _PROGRESS.index(text) if text in _PROGRESS else _day(text)), _PROGRESS)
        if of_state and of_state.partition(".")[2] in policy.work:
            return _Reader("state", base, " or ".join([", ".join(_PROGRESS[:-1]), _PROGRESS[-1]]), _coded(_PROGRESS), _PROGRESS)
    if kind == "decisions":
        decision, _, part = rest.rpartition("_")
        if rest in policy.pack.decisions or (part == "area" and decision in policy.pack.decisions):
            return _Reader("free", name, "", _Numbers(_day))
        if part == "on" and decision in policy.pack.decisions:
            return _Reader("days", name, "a date such as 2026-04-02", _Numbers(_day))
    dated = policy.facts.get(of_state)
    if dated is not None and dated.kind in DATED_KINDS:
        states = _STATES if dated.kind == "event" else _STATES[:1]
        return _Reader("state", base, " or ".join(states), _coded(states), states)
    return None


def _fact(policy: Policy, fact: Fact) -> _Reader:
    match fact.kind:
        case "yes_no":
            # A spreadsheet writes TRUE, and Python True.
            return _Reader("yes_no", fact.name, fact.allowed, _Numbers(lambda text: _YES_NO.get(text.lower(), _BAD)))
        case "count":
            return _Reader("count", fact.name, fact.allowed, _Numbers(lambda text: _read(fact, text)))
        case "choice":
            return _Reader("words", fact.name, fact.allowed, _coded(fact.options), fact.options)
        case "team":
            teams = tuple(dict.fromkeys((*policy.pack.teams, *RESERVED_TEAMS)))
            return _Reader("words", fact.name, fact.allowed, _coded(teams), teams)
        case "area":
            areas = tuple(policy.areas)
            return _Reader("words", fact.name, fact.allowed, _coded(areas), areas)
        case "choices":
            takes = f"{fact.allowed}, with `;` between them"
            return _Reader("choices", fact.name, takes, _Numbers(lambda text: _bits(fact.options, text)), fact.options)
        case _:
            return _Reader("days", fact.name, fact.allowed, _Numbers(lambda text: _read(fact, text)), _STATES)


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


def _coded(words: Sequence[str]) -> _Numbers:
    places = {word: place for place, word in enumerate(words)}
    return _Numbers(lambda text: places.get(text, _BAD))


def _day(text: str) -> int:
    day = read_date(text)
    return _BAD if day is None else day.toordinal() - _EPOCH


def _read(fact: Fact, text: str) -> int:
    """Return the number of a count, or of a day or what stands in its place."""
    try:
        value = fact.read(text)
    except ValueError:
        return _BAD
    match value:
        case str():
            return _WORDS + _STATES.index(value)
        case datetime():
            return _MOMENT
        case date():
            return value.toordinal() - _EPOCH
        case int():
            return value
    return _BAD


def _bits(options: Sequence[str], text: str) -> int:
    """Return a list of words as bits; `;` alone is a list of none."""
    words = {word for word in text.split(";") if word}
    return sum(1 << place for place, word in enumerate(options) if word in words) if words <= set(options) else _BAD


def _column(reader: _Reader, numbers: Array) -> Any:
    """Return the numbers of a column as `evaluate_batch` takes it."""
    unknown = numbers < 0
    if reader.kind == "choices":
        lists = {bits: [word for place, word in enumerate(reader.words) if bits >> place & 1] for bits in set(numbers.tolist()) if bits >= 0}
        return [lists.get(bits) for bits in numbers.tolist()]
    if reader.kind == "count":
        return np.ma.MaskedArray(np.where(unknown, 0, numbers), unknown)
    code = np.where(unknown, -1, numbers).astype(np.int8 if len(reader.words) < 128 else np.int32)
    return code if reader.kind == "yes_no" else Coded(code, reader.words)


def _objects(values: Sequence[object]) -> Array:
    found = np.empty(len(values), object)
    found[:] = values
    return found


# --- columns of Arrow


def _texts(column: Any) -> list[str] | None:
    """Return a column of texts; None for one of any other type."""
    kind = column.type.value_type if str(column.type).startswith("dictionary") else column.type
    if str(kind) == "null":
        return [""] * len(column)
    if str(kind) not in ("string", "large_string", "string_view"):
        return None
    return ["" if one is None else one for one in column.to_pylist()]


def _typed(column: Any) -> Any:
    """Return a column as `evaluate_batch` takes it: moments as objects, since its arrays have no offsets."""
    if str(column.type).startswith("timestamp") and column.type.tz is not None:
        import pyarrow

        return _objects(column.cast(pyarrow.timestamp("us", column.type.tz)).to_pylist())
    return column


def _days_of(column: Any) -> Array:
    import pyarrow

    try:
        return column.cast(pyarrow.date32()).cast(pyarrow.int32()).cast(pyarrow.int64()).fill_null(_NOTHING).to_numpy(zero_copy_only=False)
    except pyarrow.ArrowException:
        pass
    raise SnapshotError([Diagnostic("wrong-as-of", "the column `as_of` takes days", why="every rule that looks at today looks at it")])


def _labels(column: Any) -> Sequence[str]:
    if isinstance(column, (list, tuple)):
        return column
    return ["" if one is None else str(one) for one in column.to_pylist()]


# --- files in


def read_csv(policy: Policy, stream: TextIO, file: str, *, as_of: date | datetime | None = None, rows: int = ROWS) -> Iterator[Chunk]:
    """Read a CSV file, a stretch of rows at a time.

    Args:
        stream: opened with `newline=""`.
        file: the name for places.
        as_of: the day or moment asked about where no column `as_of` says it.
    Raises:
        SnapshotError: the header, or the file as a whole, cannot be read; in the latter case some rows may have been given.
    """
    reader = csv.reader(stream, strict=True)
    first, line = 0, 0
    caseload: Caseload | None = None
    fault = ("", "")
    while not fault[0]:
        given: list[list[str]] = []
        try:
            if caseload is None:
                header = next(reader, [])
                if not header:
                    return
                caseload = Caseload(policy, file, header, as_of)
                line = reader.line_num
            given.extend(islice(reader, rows))
        except UnicodeDecodeError:
            fault = ("not-utf8", "the file is not UTF-8 text")
        except csv.Error:
            fault = ("not-csv", "this is no line of a CSV file")
        if given:
            assert caseload is not None
            lines, line = _lines_of(given, line, reader.line_num), reader.line_num
            if not all(given):
                lines, given = [at for at, row in zip(lines, given, strict=True) if row], [row for row in given if row]
                if not given:
                    continue
            yield caseload.chunk(first, *_across(given, caseload.header), lines, _widths(given, len(caseload.header)))
            first += len(given)
        elif not fault[0]:
            return
    code, message = fault
    quotes = "check its quotes: a text in quotes ends with one, and has inner ones doubled"
    mend = "save it again with the encoding UTF-8" if code == "not-utf8" else quotes
    place = Location(file, max(1, reader.line_num), 1)
    raise SnapshotError([Diagnostic(code, message, place, why="what comes after it cannot be read", mend=mend)])


def _lines_of(rows: Sequence[Sequence[str]], before: int, after: int) -> Sequence[int]:
    """Return the line on which each row begins."""
    if after - before == len(rows):
        return range(before + 1, after + 1)
    # Some text goes over several lines.
    found, line = [], before + 1
    for row in rows:
        found.append(line)
        line += 1 + sum(len(_LINE_END.findall(cell)) for cell in row)
    return found


def _widths(rows: Sequence[Sequence[str]], width: int) -> dict[int, int]:
    return {} if {*map(len, rows)} <= {width} else {place: len(row) for place, row in enumerate(rows) if len(row) != width}


def _label_alone(row: Sequence[str], header: Sequence[str]) -> list[str]:
    return [cell if name == LABEL else "" for name, cell in zip_longest(header, row[: len(header)], fillvalue="")]


def _across(rows: Sequence[Sequence[str]], header: Sequence[str]) -> tuple[dict[str, Sequence[str]], int]:
    """Return rows as columns, and their number; a row of another width has nothing in any."""
    width = len(header)
    whole = rows if {*map(len, rows)} <= {width} else [row if len(row) == width else _label_alone(row, header) for row in rows]
    return dict(zip(header, zip(*whole, strict=True), strict=True)) if whole else dict.fromkeys(header, ()), len(rows)


def read_arrow(policy: Policy, path: Path, file: str, *, as_of: date | datetime | None = None, rows: int = ROWS) -> Iterator[Chunk]:
    """Read a Parquet file, or one of Arrow (`.arrow`, `.feather`), a stretch of rows at a time. A row's line is its number.

    Raises:
        ImportError: pyarrow is not installed.
        SnapshotError: the columns, or the file as a whole, cannot be read.
    """
    pyarrow = with_pyarrow()
    first = 0
    try:
        batches, names = _batches(path, rows)
        caseload = Caseload(policy, file, names, as_of)
        for batch in batches:
            for start in range(0, len(batch), rows):
                part = batch.slice(start, rows)
                columns = {name: part.column(place) for place, name in enumerate(names)}
                yield caseload.chunk(first, columns, len(part), range(first + 1, first + len(part) + 1), {})
                first += len(part)
        return
    except (pyarrow.ArrowException, OSError):
        pass
    why, mend = "its suffix says which of the two it is", "check that the file is whole, and that you may read it"
    raise SnapshotError([Diagnostic("not-arrow", "this is no file of Parquet or Arrow", Location(file, 1, 1), why=why, mend=mend)])


def _batches(path: Path, rows: int) -> tuple[Iterable[Any], list[str]]:
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet

        parquet = pyarrow.parquet.ParquetFile(path)
        return parquet.iter_batches(batch_size=rows), list(parquet.schema_arrow.names)
    import pyarrow.ipc

    source = pyarrow.memory_map(str(path))
    try:
        whole = pyarrow.ipc.open_file(source)
        return (whole.get_batch(number) for number in range(whole.num_record_batches)), list(whole.schema.names)
    except pyarrow.ArrowInvalid:
        source.seek(0)
        stream = pyarrow.ipc.open_stream(source)
        return stream, list(stream.schema.names)


def with_pyarrow() -> ModuleType:
    """Return pyarrow. Raises ImportError with how to get it."""
    try:
        import pyarrow
    except ImportError:
        raise ImportError("files of Parquet and Arrow need pyarrow: pip install pyarrow") from None
    found: ModuleType = pyarrow
    return found


# --- decisions out


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

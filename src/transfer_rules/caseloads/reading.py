"""Files in: CSV, Parquet and Arrow, a stretch of rows at a time."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, Final, TextIO

from ..errors import Diagnostic, Location, SnapshotError
from ..policy import Policy
from .arrow import with_pyarrow
from .chunks import LABEL, Chunk
from .columns import Caseload

ROWS: Final = 20_000
"""Rows that are read, decided and written together; a hundred thousand rows of texts would take a quarter of a gigabyte, and be no quicker."""

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_QUOTES: Final = "check its quotes: a text in quotes ends with one, and has inner ones doubled"


def read_csv(policy: Policy, stream: TextIO, file: str, *, as_of: date | datetime | None = None, rows: int = ROWS) -> Iterator[Chunk]:
    """Read a CSV file, a stretch of rows at a time.

    Args:
        stream: opened with `newline=""`; its first line that is not empty is the header.
        file: the name for places.
        as_of: the day or moment asked about where no column `as_of` says it.
    Raises:
        SnapshotError: the header, or the file as a whole, cannot be read; in the latter case some rows may have been given.
    """
    reader = csv.reader(stream, strict=True)
    first, line = 0, 0
    caseload: Caseload | None = None
    fault = ("", "", "")
    while not fault[0]:
        given: list[list[str]] = []
        try:
            if caseload is None:
                while not (header := next(reader, None)):
                    if header is None:
                        return
                    line = reader.line_num
                caseload = Caseload(policy, file, header, as_of, line=line + 1)
                line = reader.line_num
            given.extend(islice(reader, rows))
        except UnicodeDecodeError:
            fault = ("not-utf8", "the file is not UTF-8 text", "save it again with the encoding UTF-8")
        except csv.Error as error:
            # The module tells its errors apart by their words alone.
            fault = _too_long() if "field larger" in str(error) else ("not-csv", "this is no line of a CSV file", _QUOTES)
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
    code, message, mend = fault
    place = Location(file, max(1, reader.line_num), 1)
    raise SnapshotError([Diagnostic(code, message, place, why="what comes after it cannot be read", mend=mend)])


def _too_long() -> tuple[str, str, str]:
    # A quote that nothing closes takes all that follows into its cell, up to this limit.
    mend = "shorten it; if no cell is as long as that, look for a quote before this line that nothing closes"
    return "not-csv", f"a cell is longer than {csv.field_size_limit():,} characters", mend


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


def _across(rows: Sequence[Sequence[str]], header: Sequence[str]) -> tuple[dict[str, Sequence[str]], int]:
    """Return rows as columns, and their number; a row of another width has nothing in any."""
    width = len(header)
    whole = rows if {*map(len, rows)} <= {width} else [row if len(row) == width else _label_alone(row, header) for row in rows]
    return dict(zip(header, zip(*whole, strict=True), strict=True)) if whole else dict.fromkeys(header, ()), len(rows)


def _label_alone(row: Sequence[str], header: Sequence[str]) -> list[str]:
    return [cell if name == LABEL else "" for name, cell in zip_longest(header, row[: len(header)], fillvalue="")]


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

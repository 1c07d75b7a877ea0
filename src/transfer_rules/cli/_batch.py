"""`transfer-rules decide --batch`: a caseload in a file, a stretch of rows at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from time import monotonic
from typing import Final

import click

from ..errors import Diagnostic, Location, SnapshotError, spelled_out
from ..policy import Policy
from ._common import CLEAN, FINDINGS, UNREADABLE, complain

try:
    from ..batch import evaluate_batch
    from ..caseloads import Chunk, CsvDecisions, ParquetDecisions, read_arrow, read_csv, refused_in
except ImportError as error:
    # It says in one sentence what is missing and how to get it.
    raise click.UsageError(str(error)) from None

_SAID: Final = 20
_ARROW: Final = (".parquet", ".arrow", ".feather")
_SECONDS: Final = 0.2


class _Unwritable(click.FileError):
    """The file of decisions cannot be written; it ends as for every other argument that cannot be used, where click has 1."""

    exit_code = UNREADABLE


class _Line:
    """One line on a terminal that says how far it is; nothing where standard error is no terminal.

    Attributes:
        before: the rows that were done before those that are told of.
    """

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._began = self._last = monotonic()
        self._width = 0
        self.before = 0

    def tell(self, done: int, _all: int) -> None:
        """Say how many rows are done, at most five times a second."""
        now, rows = monotonic(), self.before + done
        if self._shown and now - self._last >= _SECONDS:
            self._last = now
            text = f"{rows:,} rows decided, {rows / (now - self._began):,.0f} a second"
            click.echo(f"\r{text:<{self._width}}", nl=False, err=True)
            self._width = len(text)

    def clear(self) -> None:
        """Take the line away, for another to be written."""
        if self._width:
            click.echo(f"\r{'':<{self._width}}\r", nl=False, err=True)
            self._width = 0


def decide_caseload(policy: Policy, file: str, as_of: date | datetime | None, unstated: str, output: str | None) -> int:
    """Decide a file of cases, write the decisions, and return the exit status."""
    shown = "standard input" if file == "-" else spelled_out(file)
    if output is not None and Path(output).suffix.lower() not in (".csv", ".parquet"):
        raise click.UsageError("--output takes the name of a .csv or .parquet file; without it, decisions are printed as CSV")
    line = _Line()
    rows = refused = 0
    try:
        with _chunks(policy, file, shown, as_of) as chunks, ExitStack() as opened:
            decisions: CsvDecisions | ParquetDecisions | None = None
            for chunk in chunks:
                line.before = rows
                batch = evaluate_batch(policy, chunk.columns, as_of=as_of, unstated=unstated, progress=line.tell)
                # Cases that are refused as a whole leave an older file of decisions as it is.
                decisions = decisions or opened.enter_context(_decisions(file, output))
                decisions.write(chunk, batch)
                rows += chunk.size
                for row in refused_in(chunk, batch).nonzero()[0].tolist():
                    refused += 1
                    if refused <= _SAID:
                        line.clear()
                        for diagnostic in chunk.faults(row, batch):
                            complain(diagnostic)
    except SnapshotError as error:
        line.clear()
        for diagnostic in error.diagnostics:
            complain(diagnostic)
        return UNREADABLE
    except ImportError as error:
        raise click.UsageError(str(error)) from None
    finally:
        line.clear()
    if refused > _SAID:
        click.echo(f"{refused - _SAID:,} more rows are no snapshots; {refused:,} of {rows:,} in all", err=True)
    if not rows:
        mend = "give one line for each case under the line of names"
        complain(Diagnostic("empty", "the file holds no rows", Location(shown, 1, 1), why="there is nothing to decide", mend=mend))
    return CLEAN if rows and not refused else FINDINGS if refused < rows else UNREADABLE


@contextmanager
def _chunks(policy: Policy, file: str, shown: str, as_of: date | datetime | None) -> Iterator[Iterator[Chunk]]:
    """Open the cases."""
    if file != "-" and not os.path.isfile(file):
        why, mend = "an ordinary file is read, no folder, pipe or device", "check the name; `-` is standard input"
        raise SnapshotError([Diagnostic("no-file", "there is no ordinary file here", Location(shown, 1, 1), why=why, mend=mend)])
    if file == "-":
        stream = TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
        try:
            yield read_csv(policy, stream, shown, as_of=as_of)
        finally:
            # Standard input stays open.
            stream.detach()
    elif Path(file).suffix.lower() in _ARROW:
        yield read_arrow(policy, Path(file), shown, as_of=as_of)
    else:
        with open(file, encoding="utf-8-sig", newline="") as stream:
            yield read_csv(policy, stream, shown, as_of=as_of)


@contextmanager
def _decisions(file: str, output: str | None) -> Iterator[CsvDecisions | ParquetDecisions]:
    """Open what the decisions are written to."""
    if output is None:
        stream = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
        try:
            yield CsvDecisions(stream, safe=True)
        finally:
            stream.detach()
        return
    if os.path.exists(output) and file != "-" and os.path.samefile(file, output):
        raise click.UsageError("--output names the file of cases itself")
    try:
        if Path(output).suffix.lower() == ".parquet":
            parquet = ParquetDecisions(Path(output))
            try:
                yield parquet
            finally:
                parquet.close()
        else:
            with open(output, "w", encoding="utf-8", newline="") as stream:
                yield CsvDecisions(stream)
    except OSError as error:
        raise _Unwritable(output, error.strerror or "") from None

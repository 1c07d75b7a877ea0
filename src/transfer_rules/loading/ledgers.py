"""The clause ledger of a pack: a CSV file beside it, with a line for each clause of the procedure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from ..errors import Diagnostic, Location, PackError
from ..pack import Clause
from .files import read_file, shown_path
from .nodes import LEDGER_BYTES, Document, Fields, Text, odd_character


def read_ledger(document: Document, folder: Path | None) -> tuple[Mapping[str, Clause], list[Diagnostic]]:
    """Return the clauses of the CSV file that `source.ledger` names, and the faults found on the way; none of either without the key."""
    root = document.root
    source = root.get("source") if isinstance(root, Fields) else None
    name = source.get("ledger") if isinstance(source, Fields) else None
    if folder is None or not isinstance(name, Text) or name.empty or odd_character(name.text) is not None:
        return {}, []  # What is wrong with the name itself is found where the pack is read.

    def fault(message: str, why: str, mend: str) -> tuple[Mapping[str, Clause], list[Diagnostic]]:
        line = document.line(name.place)
        return {}, [Diagnostic("no-ledger", message, name.place, why=why, mend=mend, line_text=line, width=len(name.text))]

    path = folder / name.text
    try:
        # A ledger stands beside its pack: a pack from elsewhere cannot make us open any other file.
        beside = path.resolve().is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError, RuntimeError):
        beside = False
    if not beside:
        return fault(
            f"there is no clause ledger `{name.text}`", "`source.ledger` names a CSV file beside the pack", "correct the name, or delete the key"
        )
    try:
        data = read_file(path, LEDGER_BYTES)
        if len(data) > LEDGER_BYTES:
            return fault(f"the clause ledger `{name.text}` is too large", f"it may hold {LEDGER_BYTES // 1024} KiB", "split it")
        return _clauses(data.decode("utf-8-sig"), shown_path(path)), []
    except (UnicodeDecodeError, csv.Error, _LedgerFault) as error:
        why = str(error) if isinstance(error, _LedgerFault) else "it is no CSV text in UTF-8"
        return fault(
            f"the clause ledger `{name.text}` cannot be read", why, "write the columns clause, section and kind, and one line for each clause"
        )
    except PackError:
        return fault(f"the clause ledger `{name.text}` cannot be read", "the file cannot be opened", "check that you may read it")


class _LedgerFault(ValueError):
    """What is wrong with a ledger, in words."""


def _clauses(text: str, file: str) -> dict[str, Clause]:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = ("clause", "section", "kind")
    if any(column not in (rows.fieldnames or ()) for column in columns):
        raise _LedgerFault(f"its first line does not name the columns {', '.join(columns)}")
    found: dict[str, Clause] = {}
    for row in rows:
        clause, section, kind = (row[column] for column in columns)
        if not clause or not section or not kind:
            raise _LedgerFault(f"in its line {rows.line_num} a column is empty")
        if any(odd_character(text) is not None for text in (clause, section, kind)):
            raise _LedgerFault(f"in its line {rows.line_num} stands an invisible or control character")
        if clause in found:
            raise _LedgerFault(f"in its line {rows.line_num} `{clause}` stands for the second time")
        found[clause] = Clause(clause, section, kind, Location(file, rows.line_num, 1))
    return found

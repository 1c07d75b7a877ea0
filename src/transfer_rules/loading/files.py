"""From a name or a path to a `Policy`: finding the file, reading its bytes, its clause ledger and its calendar."""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..calendars import ENGLAND, Calendar
from ..errors import Diagnostic, Location, PackError, did_you_mean
from ..pack import Clause, Pack
from ..policy import Policy, compile_pack
from .parts import PackReader
from .yaml_events import PACK_BYTES, Document, Fields, Refused, Text, odd_character, read_yaml

LEDGER_BYTES: Final = 1024 * 1024


def policies_folder() -> Path:
    """Return the folder of the bundled packs: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "policies"
    return installed if installed.is_dir() else package.parent.parent / "policies"


def bundled_packs() -> tuple[str, ...]:
    """Return the names of the bundled packs, sorted."""
    return tuple(sorted(path.stem for path in policies_folder().glob("*.yaml")))


def find_pack(name: str | os.PathLike[str]) -> Path:
    """Return the path of a pack: a bare name is a bundled pack, anything with a separator or a suffix is a path.

    Raises:
        PackError: there is no bundled pack of this name.
    """
    text = os.fspath(name)
    if isinstance(name, os.PathLike) or "/" in text or os.sep in text or Path(text).suffix:
        return Path(text)
    known = bundled_packs()
    if text not in known:
        why = f"a word without a dot or a slash names a bundled pack: {', '.join(known) or 'none is there'}"
        mend = did_you_mean(text, known) or f"for a file, give its path, such as ./{text}.yaml"
        raise PackError([Diagnostic("unknown-pack", f"no pack of the name `{text}` is bundled", why=why, mend=mend)])
    return policies_folder() / f"{text}.yaml"


def load_policy(name: str | os.PathLike[str]) -> Policy:
    """Return a policy, ready to decide.

    Args:
        name: a bundled pack by name (`warrington`), or the path of a file.
    Raises:
        PackError: the pack cannot be read; `diagnostics` holds every fault of the file, each once, with its place.
    """
    path = find_pack(name)
    return parse_policy(read_file(path, PACK_BYTES), _shown_path(path), path.parent)


def parse_policy(data: bytes, file: str, folder: Path | None = None) -> Policy:
    """Return the policy that the bytes of a pack describe.

    Args:
        data: the YAML text, UTF-8.
        file: the name to show in places.
        folder: where `source.ledger` is looked for; None reads no ledger.
    Raises:
        PackError: as for `load_policy`.
    """
    try:
        document = read_yaml(data, file)
    except Refused as refused:
        raise PackError([refused.diagnostic]) from None
    return policy_of_document(document, folder)


def policy_of_document(document: Document, folder: Path | None = None) -> Policy:
    """Return the policy that a pack describes, its text already taken apart into a tree. Arguments and errors as for `parse_policy`."""
    ledger, faults = read_ledger(document, folder)
    reader = PackReader(document, ledger)
    pack = reader.read()
    if pack is None or faults:
        raise PackError([*reader.faults, *faults])
    return compile_pack(pack, _calendar(pack))


def _calendar(pack: Pack) -> Calendar:
    calendar = ENGLAND
    if pack.region != "england":
        from ..other_calendars import freeze  # `holidays` is heavy, and an England pack never needs it.

        calendar = freeze(pack.region)
    return calendar.with_closures(pack.closures) if pack.closures else calendar


def read_file(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of an ordinary file, at most one more than `max_bytes`. Raises PackError where there is none to read."""
    what, mend = "it cannot be read", "check that you may read it"
    with suppress(OSError, ValueError):
        # What is no ordinary file is never opened: a pipe would wait for ever.
        if path.is_file():
            with open(path, "rb", opener=_open_at_once) as stream:
                # Asked again of what was opened: another thing may have taken its place since.
                if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                    return stream.read(max_bytes + 1)
        what, mend = ("this is a folder", "name a file in it") if path.is_dir() else ("there is no ordinary file here", "check the name")
    raise PackError(
        [Diagnostic("no-file", what, Location(_shown_path(path), 1, 1), why="an ordinary file is read, no folder, pipe or device", mend=mend)]
    )


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


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
        return _clauses(data.decode("utf-8-sig"), _shown_path(path)), []
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


def _shown_path(path: Path) -> str:
    return path.as_posix()

"""From a name or a path to a `Policy`: finding the file, reading its bytes, its clause ledger and its calendar."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ..calendars import ENGLAND, Calendar
from ..errors import CalendarRangeError, Diagnostic, Location, PackError, did_you_mean
from ..pack import Clause, Pack
from ..policy import Policy, compile_pack
from .parts import PackReader
from .yaml_events import PACK_BYTES, Document, Fields, Refused, Text, read_yaml

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
        mend = did_you_mean(text, known) or f"name one of {', '.join(known)}, or give a path such as ./{text}.yaml"
        raise PackError([Diagnostic("unknown-pack", f"no pack of the name `{text}` is bundled", mend=mend)])
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
    ledger, faults = read_ledger(document, folder)
    reader = PackReader(document, ledger)
    pack = reader.read()
    if pack is None or faults:
        raise PackError([*reader.faults, *faults])
    return compile_pack(pack, _calendar(pack, file))


def _calendar(pack: Pack, file: str) -> Calendar:
    calendar = ENGLAND
    if pack.region != "england":
        from ..other_calendars import freeze  # `holidays` is heavy, and an England pack never needs it.

        calendar = freeze(pack.region)
    try:
        return calendar.with_closures(pack.closures) if pack.closures else calendar
    except CalendarRangeError:
        raise PackError(
            [
                Diagnostic(
                    "wrong-value",
                    "a closure lies outside the calendar",
                    Location(file, 1, 1),
                    mend=f"choose a day from {calendar.first} to {calendar.last}",
                )
            ]
        ) from None


def read_file(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of an ordinary file, at most one more than `max_bytes`. Raises PackError where there is none to read."""
    try:
        if not path.is_file():
            what = "this is a folder, not a file" if path.is_dir() else "there is no ordinary file here"
            raise PackError([Diagnostic("no-file", f"{_shown_path(path)}: {what}", mend="check the name")])
        with path.open("rb") as stream:
            return stream.read(max_bytes + 1)
    except (OSError, ValueError):
        raise PackError([Diagnostic("no-file", f"{_shown_path(path)}: it cannot be read", mend="check the name and that you may read it")]) from None


def read_ledger(document: Document, folder: Path | None) -> tuple[Mapping[str, Clause], list[Diagnostic]]:
    """Return the clauses of the CSV file that `source.ledger` names, and the faults found on the way; none of either without the key."""
    root = document.root
    source = root.get("source") if isinstance(root, Fields) else None
    name = source.get("ledger") if isinstance(source, Fields) else None
    if folder is None or not isinstance(name, Text) or name.empty:
        return {}, []
    path = folder / name.text
    # A ledger stands beside its pack: a pack from elsewhere cannot make us open any other file.
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        return {}, [
            Diagnostic(
                "no-ledger",
                f"there is no clause ledger `{name.text}`",
                name.place,
                why="`source.ledger` names a CSV file beside the pack",
                mend="correct the name, or delete the key",
                line_text=document.line(name.place),
                width=len(name.text),
            )
        ]
    try:
        rows = list(csv.DictReader(io.StringIO(read_file(path, LEDGER_BYTES).decode("utf-8-sig"))))
        return {row["clause"]: Clause(row["clause"], row["section"], row["kind"]) for row in rows}, []
    except (UnicodeDecodeError, KeyError, csv.Error, TypeError):
        return {}, [
            Diagnostic(
                "no-ledger",
                f"the clause ledger `{name.text}` cannot be read",
                name.place,
                why="it is a CSV file with the columns clause, section, kind",
                line_text=document.line(name.place),
                width=len(name.text),
            )
        ]


def _shown_path(path: Path) -> str:
    return path.as_posix()

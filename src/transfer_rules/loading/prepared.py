"""Bundled packs as a wheel carries them: read once, when the wheel was built, so that loading one by its name takes no YAML.

`hatch_build.py` writes them beside the packs, in the package's own folder, and no other place is looked at. Each holds the finished `Pack` as JSON,
under a digest of all that it was made from and of itself. Whoever edits an installed pack or its ledger makes that digest wrong, and the YAML is read
like any other file, with all its messages. A checkout and an editable install hold none.

The JSON is a list of objects, each after those that it is made of: its class, then its values. `[7]` among them stands for the object of that number,
so that what rival readings share stays shared. The first numbers are taken by what no file can hold (`_shared`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from .. import checklists, conditions, errors, facts, pack, timescales
from .._version import VERSION
from ..errors import PackError
from ..pack import Pack
from .files import installed_policies, read_file, shown_path
from .nodes import LEDGER_BYTES, PACK_BYTES

_MAKERS: Final[Mapping[str, Callable[..., Any]]] = {
    "tuple": lambda *values: values,
    "frozenset": lambda *values: frozenset(values),
    "dict": lambda *values: dict(zip(values[::2], values[1::2], strict=True)),
    "date": date.fromisoformat,
    **{
        made.__name__: made
        for module in (checklists, conditions, errors, facts, pack, timescales)
        for made in vars(module).values()
        if isinstance(made, type) and is_dataclass(made) and made.__module__ == module.__name__
    },
}
"""What a pack is made of: the parts of a pack and plain collections. Nothing else is ever made."""


def path_of(pack: Path) -> Path:
    """Return where the prepared form of a bundled pack stands."""
    return pack.parent / "prepared" / f"{pack.stem}.json"


def prepare(path: Path) -> bytes:
    """Return the prepared form of a pack, the same bytes every time.

    Raises:
        PackError: as for `load_policy`.
    """
    from .packs import read_pack  # Only the build of a wheel comes here; a prepared pack is there so that no YAML is read.

    data = read_file(path, PACK_BYTES)
    found = read_pack(data, shown_path(path), path.parent)
    places = [clause.place.file for clause in found.ledger.values() if clause.place is not None]
    ledger = Path(places[0]).relative_to(path.parent).as_posix() if places else ""
    writer = _Writer(_shared(path, ledger))
    writer.written(found)
    body = json.dumps(writer.objects, separators=(",", ":")).encode()
    return f"{_digest(path, data, ledger, body)} {ledger}\n".encode() + body


def prepared(path: Path, data: bytes) -> Pack | None:
    """Return a pack of the installed package from its prepared form; None where there is none, or none that was made from exactly this.

    Args:
        path: where the pack stands.
        data: its bytes.
    """
    if path.parent != installed_policies():
        return None
    try:
        head, _, body = path_of(path).read_bytes().partition(b"\n")
    except OSError:
        return None
    digest, _, ledger = head.decode(errors="replace").partition(" ")
    if digest != _digest(path, data, ledger, body):
        return None
    found: Pack = _made(json.loads(body), _shared(path, ledger))
    return found


def _shared(path: Path, ledger: str) -> list[Any]:
    """Return what has a number without being written: the two files that places speak of, wherever they lie, and our own constants."""
    return [shown_path(path), shown_path(path.parent / ledger), conditions.ALWAYS, checklists.ANY_TEAM, checklists.NO_DUE]


def _digest(path: Path, data: bytes, ledger: str, body: bytes) -> str | None:
    """Return a digest of all that a prepared pack hangs on; None where the ledger cannot be read."""
    try:
        clauses = read_file(path.parent / ledger, LEDGER_BYTES) if ledger else b""
    except PackError:
        return None
    parts = (VERSION.encode(), data, ledger.encode(), clauses, body)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _made(objects: Iterable[list[Any]], shared: Sequence[Any]) -> Any:
    """Return the last of the objects, made of the others."""
    found = list(shared)
    for kind, *written in objects:
        values = [found[one[0]] if type(one) is list else one for one in written]
        found.append(_MAKERS[kind](*values))
    return found[-1]


class _Writer:
    """Writes objects, each once. All of them must be alive until the last is written, for they are told apart by where they lie."""

    def __init__(self, shared: Sequence[Any]):
        self.objects: list[list[Any]] = []
        self._files = {one: number for number, one in enumerate(shared) if isinstance(one, str)}
        self._numbers = {id(one): number for number, one in enumerate(shared)}
        self._next = len(shared)

    def written(self, value: Any) -> Any:
        """Return a value as it stands among others: as JSON has it, or its number."""
        if isinstance(value, str) and value in self._files:
            return [self._files[value]]
        if value is None or isinstance(value, str | int):
            return value
        if id(value) not in self._numbers:
            self.objects.append([type(value).__name__, *map(self.written, _values(value))])
            self._numbers[id(value)] = self._next
            self._next += 1
        return [self._numbers[id(value)]]


def _values(value: Any) -> Iterable[Any]:
    """Return what an object is made of."""
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, dict):
        return [one for pair in value.items() for one in pair]
    if isinstance(value, frozenset):
        return sorted(value)
    return value if isinstance(value, tuple) else [getattr(value, field.name) for field in fields(value)]

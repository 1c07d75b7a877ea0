"""From a name, a path or the bytes of a pack to a `Policy`."""

from __future__ import annotations

import os
from pathlib import Path

from ..calendars import ENGLAND, Calendar
from ..pack import Pack
from ..policy import Policy, compile_pack
from .files import find_pack, read_file, shown_path
from .nodes import PACK_BYTES, Document
from .prepared import prepared

# What reads YAML is imported where it is needed: it takes longer to import than a prepared pack takes to load.


def load_policy(name: str | os.PathLike[str]) -> Policy:
    """Return a policy, ready to decide.

    Args:
        name: a bundled pack by name (`warrington`), or the path of a file.
    Raises:
        PackError: the pack cannot be read; `diagnostics` holds every fault of the file, each once, with its place.
    """
    path = find_pack(name)
    data = read_file(path, PACK_BYTES)
    pack = prepared(path, data)
    return parse_policy(data, shown_path(path), path.parent) if pack is None else _compiled(pack)


def parse_policy(data: bytes, file: str, folder: Path | None = None) -> Policy:
    """Return the policy that the bytes of a pack describe.

    Args:
        data: the YAML text, UTF-8.
        file: the name to show in places.
        folder: where `source.ledger` is looked for; None reads no ledger.
    Raises:
        PackError: as for `load_policy`.
    """
    from .packs import read_pack

    return _compiled(read_pack(data, file, folder))


def policy_of_document(document: Document, folder: Path | None = None) -> Policy:
    """Return the policy that a pack describes, its text already taken apart into a tree. Arguments and errors as for `parse_policy`."""
    from .packs import pack_of_document

    return _compiled(pack_of_document(document, folder))


def _compiled(pack: Pack) -> Policy:
    return compile_pack(pack, _calendar(pack))


def _calendar(pack: Pack) -> Calendar:
    calendar = ENGLAND
    if pack.region != "england":
        from ..other_calendars import freeze  # `holidays` is heavy, and an England pack never needs it.

        calendar = freeze(pack.region)
    return calendar.with_closures(pack.closures) if pack.closures else calendar

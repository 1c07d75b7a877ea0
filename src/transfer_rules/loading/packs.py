"""The bytes of a pack, or its tree, to a `Pack`."""

from __future__ import annotations

from pathlib import Path

from ..errors import PackError
from ..pack import Pack
from .ledgers import read_ledger
from .nodes import Document, Refused
from .parts import PackReader
from .yaml_events import read_yaml


def read_pack(data: bytes, file: str, folder: Path | None = None) -> Pack:
    """Return the pack that some YAML text describes. Arguments and errors as for `parse_policy`."""
    try:
        document = read_yaml(data, file)
    except Refused as refused:
        raise PackError([refused.diagnostic]) from None
    return pack_of_document(document, folder)


def pack_of_document(document: Document, folder: Path | None = None) -> Pack:
    """Return the pack that a tree describes. Arguments and errors as for `parse_policy`."""
    ledger, faults = read_ledger(document, folder)
    reader = PackReader(document, ledger)
    pack = reader.read()
    if pack is None or faults:
        raise PackError([*reader.faults, *faults])
    return pack

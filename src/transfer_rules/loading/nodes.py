"""A file as a tree of nodes that keep their places: every scalar as text, nothing typed. What the readers of YAML and of JSON give alike."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..errors import Diagnostic, Location

# Work is bounded by counted bytes, nodes and nesting, never by time.
MAX_DEPTH: Final = 32
MAX_OPEN_BRACKETS: Final = 64
PACK_BYTES: Final = 512 * 1024
PACK_NODES: Final = 40_000
CASES_BYTES: Final = 16 * 1024 * 1024
CASES_NODES: Final = 500_000
EXAMPLES_BYTES: Final = 2 * 1024 * 1024
EXAMPLES_NODES: Final = 100_000
LEDGER_BYTES: Final = 1024 * 1024
MAX_LINE_SHOWN: Final = 200

# Control, formatting and surrogate characters, and the separators of lines and paragraphs.
_ODD: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar. `plain` says that it stood without quotes, so that `null` and `~` can mean nothing."""

    text: str
    plain: bool
    place: Location

    @property
    def empty(self) -> bool:
        """Whether this stands for nothing at all (null)."""
        return self.plain and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Items:
    """A sequence."""

    items: tuple[Node, ...]
    place: Location


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping; its keys are text, each with its place, in the order of the file."""

    fields: tuple[tuple[Text, Node], ...]
    place: Location

    def get(self, key: str) -> Node | None:
        """Return what stands under `key`, or None."""
        return next((value for name, value in self.fields if name.text == key), None)

    def key(self, key: str) -> Text | None:
        """Return the key itself, for its place, or None."""
        return next((name for name, _ in self.fields if name.text == key), None)


Node: TypeAlias = Text | Items | Fields


class Refused(Exception):
    """The text is no YAML that we read; a syntax error is reported alone."""

    def __init__(self, diagnostic: Diagnostic):
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class Document:
    """A file as a tree, its lines (for messages), and the faults found while building it (repeated keys)."""

    root: Node
    lines: tuple[str, ...]
    faults: tuple[Diagnostic, ...]

    def line(self, place: Location) -> str:
        """Return the text of a line, cut so that a message stays readable."""
        return line_of(self.lines, place)


def line_of(lines: tuple[str, ...], place: Location) -> str:
    """Return the text of the line at `place`, cut where it is very long; nothing where it holds characters a terminal would act on."""
    text = lines[place.line - 1].replace("\t", " ") if 0 < place.line <= len(lines) else ""
    return text[:MAX_LINE_SHOWN] if text.isprintable() and place.column <= MAX_LINE_SHOWN else ""


def odd_character(text: str) -> int | None:
    """Return the index of the first control or formatting character, which could hide or reorder what a reader sees; None where there is none."""
    if text.isascii() and text.isprintable():
        return None
    return next((index for index, character in enumerate(text) if character != "\t" and _is_odd(character)), None)


def _is_odd(character: str) -> bool:
    # U+FFFE, U+FFFF and their like are no characters at all, and the parser refuses them without a place.
    return unicodedata.category(character) in _ODD or ord(character) & 0xFFFE == 0xFFFE

"""YAML text to a tree of nodes that keep their places: every scalar as text, nothing typed, nothing hostile let through.

The library's own `load` is not used: it types text before a schema is asked (`4.10`, `no`, `12:30`), expands aliases without limit, and loses places.
Here a fresh pure parser gives its events, and a small loop builds the tree. Anchors, aliases, merge keys, tags, directives, second documents and keys
that are not plain text are refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ..errors import Diagnostic, Location

# Work is bounded by counted bytes, nodes and nesting, never by time.
MAX_DEPTH: Final = 32
MAX_OPEN_BRACKETS: Final = 64
PACK_BYTES: Final = 512 * 1024
PACK_NODES: Final = 40_000
CASES_BYTES: Final = 16 * 1024 * 1024
CASES_NODES: Final = 2_000_000


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
    """Return the text of the line at `place`, or nothing where it is too long or holds characters a terminal would act on."""
    text = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    return text if len(text) <= 200 and text.isprintable() else ""


def read_yaml(data: bytes, file: str, *, max_bytes: int = PACK_BYTES, max_nodes: int = PACK_NODES) -> Document:
    """Return the one document in `data` as a tree.

    Args:
        data: the bytes of the file, UTF-8, with or without a byte-order mark.
        file: the name for places.
        max_bytes, max_nodes: bounds on the work; nesting is bounded by 32 levels and 64 open brackets.
    Raises:
        Refused: the text is not UTF-8, not YAML, beyond a bound, empty, or uses what packs may not use.
    """
    start = Location(file, 1, 1)
    if len(data) > max_bytes:
        raise _refused("too-large", start, f"the file is larger than {max_bytes // 1024} KiB", mend="split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("not-utf8", start, "the file is not UTF-8 text", mend="save it as UTF-8") from None
    lines = tuple(text.splitlines())
    _check_characters(text, lines, file)
    try:
        return _Builder(file, lines, max_nodes).build(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Location(file, mark.line + 1, mark.column + 1) if mark else start
        problem = " ".join(str(error.problem or "it cannot be read").split())
        raise _refused("not-yaml", place, f"this is not YAML: {problem}", line_of(lines, place), mend="check quotes, colons and indents") from None
    except (YAMLError, ValueError, RecursionError, OverflowError, LookupError):
        raise _refused("not-yaml", start, "this is not YAML", mend="check quotes, colons and indents") from None


def _check_characters(text: str, lines: tuple[str, ...], file: str) -> None:
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.isascii() or not line.isprintable():
            for column, character in enumerate(line.rstrip("\r"), start=1):
                # Control and formatting characters can hide or reorder what a reader sees.
                if character != "\t" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
                    raise _refused("odd-character", Location(file, number, column), "an invisible or control character stands here", mend="delete it")
        depth += line.count("[") + line.count("{") - line.count("]") - line.count("}")
        if depth > MAX_OPEN_BRACKETS:
            place = Location(file, number, 1)
            raise _refused("too-deep", place, f"more than {MAX_OPEN_BRACKETS} brackets are open", line_of(lines, place), mend="close them")


class _Open:
    """A collection whose end has not been read yet."""

    __slots__ = ("entries", "is_map", "items", "key", "place", "seen")

    def __init__(self, place: Location, is_map: bool):
        self.place = place
        self.is_map = is_map
        self.items: list[Node] = []
        self.entries: list[tuple[Text, Node]] = []
        self.seen: dict[str, Text] = {}
        self.key: Text | None = None

    def close(self) -> Node:
        return Fields(tuple(self.entries), self.place) if self.is_map else Items(tuple(self.items), self.place)


class _Builder:
    def __init__(self, file: str, lines: tuple[str, ...], max_nodes: int):
        self._file = file
        self._lines = lines
        self._left = max_nodes
        self._faults: list[Diagnostic] = []

    def build(self, events: Iterator[Event]) -> Document:
        stack: list[_Open] = []
        root: Node | None = None
        documents = 0
        for event in events:
            node: Node
            match event:
                case DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        raise self._refuse(event, "second-document", "a second document begins here", "keep one document in a file")
                    if event.version or event.tags:
                        raise self._refuse(event, "directive", "a `%` directive stands here", "delete it")
                    continue
                case ScalarEvent():
                    self._check(event)
                    node = Text(event.value, event.style is None, self._place(event))
                case MappingStartEvent() | SequenceStartEvent():
                    self._check(event)
                    if len(stack) >= MAX_DEPTH:
                        raise self._refuse(event, "too-deep", f"this is nested more than {MAX_DEPTH} levels deep", "flatten it")
                    stack.append(_Open(self._place(event), isinstance(event, MappingStartEvent)))
                    continue
                case MappingEndEvent() | SequenceEndEvent():
                    node = stack.pop().close()
                case AliasEvent():
                    raise self._refuse(event, "alias", "an alias (`*`) stands here", "write the text out")
                case _:
                    continue
            if stack:
                self._put(stack[-1], node, event)
            else:
                root = node
        if root is None:
            raise _refused("empty", Location(self._file, 1, 1), "the file is empty")
        return Document(root, self._lines, tuple(self._faults))

    def _put(self, parent: _Open, node: Node, event: Event) -> None:
        if not parent.is_map:
            parent.items.append(node)
        elif parent.key is None:
            if not isinstance(node, Text) or (node.plain and node.text == "<<"):
                raise self._refuse(event, "odd-key", "a key must be plain text", "write a word and a colon")
            parent.key = node
        else:
            key, parent.key = parent.key, None
            first = parent.seen.setdefault(key.text, key)
            if first is key:
                parent.entries.append((key, node))
            else:
                self._faults.append(
                    Diagnostic(
                        "repeated-key",
                        f"`{key.text}` stands twice",
                        key.place,
                        why="only one of the two could count",
                        mend="keep one",
                        line_text=line_of(self._lines, key.place),
                        width=len(key.text),
                        also=((first.place, f"`{key.text}` stands here first"),),
                    )
                )

    def _check(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        self._left -= 1
        if self._left < 0:
            raise self._refuse(event, "too-large", "the file holds too many entries", "split it")
        if event.anchor is not None:
            raise self._refuse(event, "anchor", "an anchor (`&`) stands here", "write the text out where it is needed")
        if event.ctag is not None and str(event.ctag) not in ("", "None", "!"):
            raise self._refuse(event, "tag", "a tag (`!`) stands here", "delete it; quote the text if it begins with `!`")

    def _place(self, event: Event) -> Location:
        mark = event.start_mark
        return Location(self._file, mark.line + 1, mark.column + 1)

    def _refuse(self, event: Event, code: str, message: str, mend: str) -> Refused:
        place = self._place(event)
        return _refused(code, place, message, line_of(self._lines, place), mend)


def _refused(code: str, place: Location, message: str, line: str = "", mend: str = "") -> Refused:
    return Refused(Diagnostic(code, message, place, line_text=line, mend=mend))

"""YAML text to a tree of nodes that keep their places: every scalar as text, nothing typed, nothing hostile let through.

The library's own `load` is not used: it types text before a schema is asked (`4.10`, `no`, `12:30`), expands aliases without limit, and loses places.
Here a fresh pure parser gives its events, and a small loop builds the tree. Anchors, aliases, merge keys, tags, directives, second documents and keys
that are not plain text are refused.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

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
from .nodes import MAX_DEPTH, MAX_OPEN_BRACKETS, PACK_BYTES, PACK_NODES, Document, Fields, Items, Node, Refused, Text, line_of, odd_character

_TOO_MUCH: Final = "more cannot be read in good time"
_IN_FULL: Final = "everything is written out in full, at its place"
_CHECK: Final = "check quotes, colons and indents"


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
        raise _refused("too-large", start, f"the file is larger than {max_bytes // 1024} KiB", why=_TOO_MUCH, mend="split it")
    # Taken off here, because places of faulty bytes count from behind it.
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        place = Location(file, before.count(b"\n") + 1, len(before[line_start:].decode()) + 1)
        why = "it looks like UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "the bytes here are no letter of that encoding"
        raise _refused("not-utf8", place, "the file is not UTF-8 text", why=why, mend="save it again with the encoding UTF-8") from None
    lines = tuple(text.splitlines())
    _check_characters(text, lines, file)
    try:
        return _Builder(file, lines, max_nodes).build(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        raise _not_yaml(error, lines, start) from None
    except (YAMLError, ValueError, RecursionError, OverflowError, LookupError):
        raise _refused("not-yaml", start, "this is not YAML", why="the text cannot be taken apart", mend=_CHECK) from None


def _check_characters(text: str, lines: tuple[str, ...], file: str) -> None:
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if (index := odd_character(line.removesuffix("\r"))) is not None:
            raise _refused(
                "odd-character",
                Location(file, number, index + 1),
                f"an invisible or control character (U+{ord(line[index]):04X}) stands here",
                why="it can hide or reorder what a reader sees",
                mend="delete it",
            )
        # Brackets in comments and texts are counted too; a closing one in them must not make room for others.
        depth = max(0, depth + line.count("[") + line.count("{") - line.count("]") - line.count("}"))
        if depth > MAX_OPEN_BRACKETS:
            place = Location(file, number, 1)
            raise _refused(
                "too-deep",
                place,
                f"more than {MAX_OPEN_BRACKETS} brackets are open here",
                line_of(lines, place),
                "nothing that is read here needs so many",
                "close them",
            )


# What the parser says, what it means to somebody who writes packs, why, how to mend it, and whether to point at where the faulty text begins.
_PROBLEMS: Final = (
    ("mapping values are not allowed", "a colon cannot stand here",
     "this line is indented too far, or its text holds `: ` without quotes", "align the line with its neighbours, or quote the text", False),
    ("could not find expected ':'", "this line has no key",
     "every line here begins with a word, a colon and a space", "write `key: value`", True),
    ("expected <block end>", "this does not fit the lines above it",
     "it is indented differently, or stands after a closing quote or bracket", "align it with its neighbours, or quote the whole text", False),
    ("expected ',' or", "a bracket is not closed, or a comma is missing before this",
     "inside brackets a comma stands between one entry and the next", "close the bracket, or add the comma", False),
    ("found unexpected end of stream", "this quote is never closed",
     "the file ends before it does", "close it", True),
    ("found character '\\t'", "a tab stands here",
     "lines are indented with spaces", "write spaces", False),
    ("that cannot start any token", "a text cannot begin with this sign",
     "it has a meaning of its own in YAML", "quote the text", False),
    ("escape", "a backslash stands in double quotes",
     "there it would begin a code", "use single quotes", False),
    ("tag handle", "a tag (`!`) stands here",
     "nothing has a type of its own here", "delete it, or quote the text if it begins with `!`", False),
    ("sequence entries are not allowed", "a list cannot begin here",
     "each `- ` stands on a line of its own", "begin a new line", False),
    ("expected the node content", "something is missing before this",
     "nothing stands between it and the sign before it", "fill it in, or delete the sign", False),
)  # fmt: skip


def _not_yaml(error: MarkedYAMLError, lines: tuple[str, ...], start: Location) -> Refused:
    """Return a syntax error in plain words, at the place where an author would look for it."""
    problem = " ".join(str(error.problem).split())
    _, said, why, mend, begin = next((known for known in _PROBLEMS if known[0] in problem), ("", "", problem, _CHECK, False))
    mark = (error.context_mark if begin else None) or error.problem_mark or error.context_mark
    place = Location(start.file, mark.line + 1, mark.column + 1) if mark else start
    refused = _refused("not-yaml", place, f"this is not YAML: {said}" if said else "this is not YAML", line_of(lines, place), why, mend)
    if "bracket" in said and (opened := error.context_mark) is not None:
        also = (Location(start.file, opened.line + 1, opened.column + 1), "the bracket opens here")
        refused.diagnostic = replace(refused.diagnostic, also=(also,))
    return refused


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
        self._max_nodes = self._left = max_nodes
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
                        raise self._refuse(
                            event,
                            "second-document",
                            "a second document begins here",
                            "only the first of the two could count",
                            "delete the `---` or `...`",
                        )
                    self._check_directives(event)
                    continue
                case ScalarEvent():
                    self._check(event)
                    node = Text(event.value, event.style is None, self._place(event))
                case MappingStartEvent() | SequenceStartEvent():
                    self._check(event)
                    if len(stack) >= MAX_DEPTH:
                        raise self._refuse(
                            event,
                            "too-deep",
                            f"this is nested more than {MAX_DEPTH} levels deep",
                            "nothing that is read here needs so many",
                            "take an inner part out, and give it a name",
                        )
                    stack.append(_Open(self._place(event), isinstance(event, MappingStartEvent)))
                    continue
                case MappingEndEvent() | SequenceEndEvent():
                    node = stack.pop().close()
                case AliasEvent():
                    raise self._refuse(event, "alias", "an alias (`*`) stands here", _IN_FULL, "write out what it stands for, or quote the text")
                case _:
                    continue
            if stack:
                self._put(stack[-1], node, event)
            else:
                root = node
        if root is None:
            raise _refused("empty", Location(self._file, 1, 1), "the file is empty", why="it holds nothing but comments", mend="fill it in")
        return Document(root, self._lines, tuple(self._faults))

    def _put(self, parent: _Open, node: Node, event: Event) -> None:
        if not parent.is_map:
            parent.items.append(node)
        elif parent.key is None:
            if not isinstance(node, Text):
                raise _refused(
                    "odd-key",
                    node.place,
                    "a list or a mapping stands as a key",
                    line_of(self._lines, node.place),
                    "a key is one word",
                    "write `key: value`",
                )
            if node.plain and node.text == "<<":
                raise self._refuse(event, "odd-key", "a merge key (`<<`) stands here", _IN_FULL, "write out what it would bring in")
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
            raise self._refuse(event, "too-large", f"the file holds more than {self._max_nodes} entries", _TOO_MUCH, "split it")
        if event.anchor is not None:
            raise self._refuse(event, "anchor", "an anchor (`&`) stands here", _IN_FULL, "delete it, or quote the text if it begins with `&`")
        if event.ctag is not None and str(event.ctag) not in ("", "None"):
            raise self._refuse(
                event, "tag", "a tag (`!`) stands here", "nothing has a type of its own here", "delete it, or quote the text if it begins with `!`"
            )

    def _check_directives(self, event: Event) -> None:
        """Refuse a `%` line before the document begins: it could change how everything after it is read."""
        for number, line in enumerate(self._lines[: event.start_mark.line], start=1):
            if line.startswith("%"):
                place = Location(self._file, number, 1)
                raise _refused("directive", place, "a `%` line stands before the text", line, "it could change how the rest is read", "delete it")

    def _place(self, event: Event) -> Location:
        mark = event.start_mark
        return Location(self._file, mark.line + 1, mark.column + 1)

    def _refuse(self, event: Event, code: str, message: str, why: str, mend: str) -> Refused:
        place = self._place(event)
        return _refused(code, place, message, line_of(self._lines, place), why, mend)


def _refused(code: str, place: Location, message: str, line: str = "", why: str = "", mend: str = "") -> Refused:
    return Refused(Diagnostic(code, message, place, why=why, mend=mend, line_text=line))

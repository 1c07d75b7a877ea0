"""Reading a tree of nodes by the grammar: every fault is noted at its place, and reading goes on with the next part."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import date
from typing import Any, Final, TypeVar

from ..errors import Diagnostic, Location, did_you_mean
from ..facts import read_count, read_date, read_yes_no
from ..grammar import BLOCKS, Block
from .yaml_events import Document, Fields, Items, Node, Text, line_of

T = TypeVar("T")

IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]{0,79}\Z")
CLAUSE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._()/-]{0,79}\Z")


class Skip(Exception):
    """This part is faulty, and the fault is noted; go on with the next."""


class Reader:
    """Typed readers for one document. `faults` grows as it reads; a reader that finds a fault notes it and raises `Skip`."""

    def __init__(self, document: Document):
        self._lines = document.lines
        self.faults: list[Diagnostic] = list(document.faults)

    # --- faults

    def note(
        self,
        code: str,
        place: Node | Location,
        message: str,
        *,
        why: str = "",
        mend: str = "",
        also: tuple[tuple[Location, str], ...] = (),
        width: int = 1,
    ) -> None:
        """Note one fault at a node."""
        if isinstance(place, Text):
            width = len(place.text)
        location = place if isinstance(place, Location) else place.place
        self.faults.append(Diagnostic(code, message, location, why=why, mend=mend, line_text=line_of(self._lines, location), width=width, also=also))

    def fault(
        self, code: str, place: Node | Location, message: str, *, why: str = "", mend: str = "", also: tuple[tuple[Location, str], ...] = ()
    ) -> Skip:
        """Note one fault and return what to raise."""
        self.note(code, place, message, why=why, mend=mend, also=also)
        return Skip()

    def going_on(self) -> AbstractContextManager[None]:
        """Go on after a faulty part."""
        return suppress(Skip)

    # --- shapes

    def block(self, name: str, node: Node) -> dict[str, Any]:
        """Read a mapping by its block of the grammar; return its values by key. Raises Skip when any part is faulty."""
        block = BLOCKS[name]
        fields = self.fields(node, f"`{name}`")
        before = len(self.faults)
        values: dict[str, Any] = {}
        for key, value in fields.fields:
            entry = block.key(key.text)
            if entry is None:
                known = [k.name for k in block.keys]
                if " " in key.text and isinstance(value, Text) and value.empty:
                    self.note(
                        "unknown-key",
                        key,
                        "this text has come loose from the one before it",
                        why="a comma inside `{}` ends a text",
                        mend='quote the whole text: "one, two"',
                    )
                    continue
                self.note(
                    "unknown-key", key, f"unknown key `{key.text}`", why=f"{_a(name)} takes " + ", ".join(known), mend=did_you_mean(key.text, known)
                )
                continue
            with self.going_on():
                values[key.text] = self.take(entry.takes, value, key)
        self._required(block, fields)
        if len(self.faults) > before:
            raise Skip
        return values

    def _required(self, block: Block, fields: Fields) -> None:
        present = [key for key, _ in fields.fields]
        names = {key.text for key in present}
        for key in block.keys:
            if key.required and key.name not in names:
                # A mistyped key is one fault: the unknown key is noted already, so the missing one is not a second.
                if any(did_you_mean(name, [key.name]) for name in names if block.key(name) is None):
                    continue
                self.note("missing-key", fields, f"{_a(block.name)} needs `{key.name}:`", why=key.about, mend=f"add `{key.name}:`")
        if block.exactly_one:
            chosen = [key for key in present if key.text in block.exactly_one]
            listed = ", ".join(f"`{name}:`" for name in block.exactly_one)
            if len(chosen) > 1:
                self.note(
                    "one-of",
                    chosen[1],
                    f"`{chosen[1].text}:` stands beside `{chosen[0].text}:`",
                    why=f"{_a(block.name)} has exactly one of {listed}",
                    mend="keep one",
                    also=((chosen[0].place, f"`{chosen[0].text}:` stands here"),),
                )
            elif not chosen and not any(did_you_mean(name, block.exactly_one) for name in names if block.key(name) is None):
                self.note("one-of", fields, f"{_a(block.name)} needs one of {listed}", mend="add one of them")

    def take(self, takes: str, node: Node, key: Text | None = None) -> Any:
        """Read a node as what a key takes (see `grammar`)."""
        if isinstance(node, Text) and node.empty:
            raise self.fault(
                "nothing-here", key or node, f"nothing stands after `{key.text}:`" if key else "nothing stands here", mend="fill it in, or delete it"
            )
        if takes.startswith("list of "):
            return self.each(node, lambda one: self.take(takes.removeprefix("list of "), one))
        if takes.startswith("one or more "):
            inner = takes.removeprefix("one or more ")
            return self.each(node, lambda one: self.take(inner, one)) if isinstance(node, Items) else (self.take(inner, node),)
        if takes.startswith("map of "):
            return self._map(takes.removeprefix("map of "), node)
        if takes.startswith("block "):
            name = takes.removeprefix("block ")
            make: Callable[[Node], Any] | None = getattr(self, f"_{name}", None)
            return make(node) if make else self.block(name, node)
        return getattr(self, "_" + takes.replace(" ", "_"))(node)

    def each(self, node: Node, read: Callable[[Node], T]) -> tuple[T, ...]:
        """Read every item of a list; a faulty one does not stop the others."""
        if not isinstance(node, Items):
            raise self.fault("wrong-shape", node, "a list is wanted here", mend="write [one, two], or a line with `- ` for each")
        before = len(self.faults)
        values: list[T] = []
        for item in node.items:
            with self.going_on():
                values.append(read(item))
        if len(self.faults) > before:
            raise Skip
        return tuple(values)

    def _map(self, inner: str, node: Node) -> Mapping[str, Any]:
        fields = self.fields(node, "this")
        before = len(self.faults)
        values: dict[str, Any] = {}
        for key, value in fields.fields:
            with self.going_on():
                name = self._clause(key) if inner == "text" else self._id(key)
                if inner.startswith("block "):
                    values[name] = getattr(self, "_" + inner.removeprefix("block "))(value, name)
                else:
                    values[name] = self.take(inner, value, key)
        if len(self.faults) > before:
            raise Skip
        return values

    def fields(self, node: Node, what: str) -> Fields:
        """Return the node as a mapping."""
        if not isinstance(node, Fields):
            raise self.fault("wrong-shape", node, f"{what} takes `key: value` pairs", mend="write {key: value}, or indented lines")
        return node

    # --- small types

    def text(self, node: Node) -> Text:
        """Return the node as text."""
        if not isinstance(node, Text):
            raise self.fault("wrong-shape", node, "one word or line of text is wanted here", mend="quote it if it holds `{`, `[` or `: `")
        return node

    def _text(self, node: Node) -> str:
        text = " ".join(self.text(node).text.split())
        if not text:
            raise self.fault("nothing-here", node, "this text is empty", mend="fill it in, or delete it")
        return text

    def _id(self, node: Node) -> str:
        text = self.text(node)
        if not IDENTIFIER.match(text.text):
            raise self.fault(
                "odd-id", text, f"`{text.text}` cannot be a name", why="names are lower-case letters, digits and `_`, and begin with a letter"
            )
        return text.text

    def _clause(self, node: Node) -> str:
        text = self.text(node)
        if not CLAUSE.match(text.text):
            raise self.fault("odd-id", text, f"`{text.text}` cannot be a clause", why="a clause is one word, such as MAR-4.6a")
        return text.text

    def _date(self, node: Node) -> date:
        value = read_date(self.text(node).text)
        if value is None:
            raise self.fault("wrong-value", node, "a date is wanted here", mend="write it as 2026-04-02")
        return value

    def _count(self, node: Node) -> int:
        value = read_count(self.text(node).text)
        if value is None or value > 10_000:
            raise self.fault("wrong-value", node, "a whole number from 0 to 10000 is wanted here", mend="write digits only, such as 10")
        return value

    def _yes_no(self, node: Node) -> bool:
        value = read_yes_no(self.text(node).text)
        if value is None:
            raise self.fault("wrong-value", node, "yes or no is wanted here", mend="write yes, no, true or false")
        return value

    def _true(self, node: Node) -> bool:
        if not self._yes_no(node):
            raise self.fault("wrong-value", node, "only `true` can stand here", mend="delete the line to leave it out")
        return True

    def word(self, node: Node, allowed: tuple[str, ...] | list[str], code: str, what: str, why: str = "") -> str:
        """Return a word of a closed list, or note what was meant."""
        text = self.text(node)
        if text.text not in allowed:
            raise self.fault(
                code,
                text,
                f"unknown {what} `{text.text}`",
                why=why or ("one of " + ", ".join(allowed) if len(allowed) <= 12 else ""),
                mend=did_you_mean(text.text, allowed),
            )
        return text.text


def _a(name: str) -> str:
    spoken = name.replace("_", " ")
    if name == "pack":
        return "the pack"
    return f"an {spoken}" if spoken[0] in "aeiou" else f"a {spoken}"

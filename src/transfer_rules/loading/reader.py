"""Reading a tree of nodes by the grammar: every fault is noted at its place, and reading goes on with the next part."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from types import TracebackType
from typing import Any, Final, TypeVar

from ..errors import Diagnostic, Location, nearest, strange_letter
from ..facts import read_count, read_date, read_yes_no
from ..grammar import BLOCKS, Block
from .nodes import Document, Fields, Items, Node, Text, line_of, odd_character

T = TypeVar("T")

IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]{0,79}\Z")
CLAUSE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._()/-]{0,79}\Z")
# Looking for the nearest word compares it with every known one; this bounds the comparisons for one file.
MAX_COMPARED: Final = 50_000

_EMPTY: Final = ("nothing-here", "an empty list says nothing")


class Skip(Exception):
    """This part is faulty, and the fault is noted; go on with the next."""


class _GoingOn:
    """Stops a `Skip`, and has the reader remember that there was one."""

    def __init__(self, reader: Reader):
        self._reader = reader

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> bool:
        if isinstance(error, Skip):
            self._reader.skipped += 1
            return True
        return False


class Reader:
    """Typed readers for one document. `faults` grows as it reads; a reader that finds a fault notes it and raises `Skip`.

    `skipped` counts the parts left out on the way, whether for a fault of their own or of something that they name.
    `unjudged` holds codes such as `unknown-team`: the part that declares these names is itself faulty, so a name nobody declared is no second fault.
    """

    def __init__(self, document: Document):
        self._lines = document.lines
        self.faults: list[Diagnostic] = list(document.faults)
        self.skipped = 0
        self.unjudged: set[str] = set()
        self._compared = 0

    # --- faults

    def note(
        self, code: str, place: Node | Location, message: str, *, why: str = "", mend: str = "", also: tuple[tuple[Location, str], ...] = ()
    ) -> None:
        """Note one fault at a node."""
        width = 1
        if isinstance(place, Text):
            width = len(place.text) if place.plain else len(place.text) + 2
            named = code.startswith(("unknown-", "odd-id")) or mend.startswith("did you mean")
            if named and (strange := strange_letter(place.text)):
                why = f"{strange}; {why}" if why else strange
        location = place if isinstance(place, Location) else place.place
        self.faults.append(Diagnostic(code, message, location, why=why, mend=mend, line_text=line_of(self._lines, location), width=width, also=also))

    def fault(
        self, code: str, place: Node | Location, message: str, *, why: str = "", mend: str = "", also: tuple[tuple[Location, str], ...] = ()
    ) -> Skip:
        """Note one fault and return what to raise."""
        self.note(code, place, message, why=why, mend=mend, also=also)
        return Skip()

    def going_on(self) -> _GoingOn:
        """Go on after a faulty part."""
        return _GoingOn(self)

    @property
    def trouble(self) -> int:
        """A number that grows with every fault and with every part left out."""
        return len(self.faults) + self.skipped

    def nearest(self, word: str, known: Collection[str]) -> str:
        """Return the nearest known word, or the empty string; empty too once the file has used up its comparisons."""
        self._compared += len(known)
        return nearest(word, known) if self._compared <= MAX_COMPARED else ""

    def near(self, word: str, known: Collection[str]) -> str:
        """Return "did you mean `x`?" for the nearest known word, or the empty string."""
        near = self.nearest(word, known)
        return f"did you mean `{near}`?" if near else ""

    def mistyped(self, node: Node, block: str, key: str) -> bool:
        """Say whether a key of this block is missing, and another that the block lacks is nearly it."""
        if not isinstance(node, Fields) or node.get(key) is not None:
            return False
        return any(BLOCKS[block].key(name.text) is None and self.nearest(name.text, [key]) for name, _ in node.fields)

    # --- shapes

    def block(self, name: str, node: Node) -> dict[str, Any]:
        """Read a mapping by its block of the grammar; return its values by key. Raises Skip when any part is faulty."""
        block = BLOCKS[name]
        fields = self.fields(node, block.said)
        before = self.trouble
        self._check_keys(block, fields)
        given = {key.text: (key, value) for key, value in fields.fields}
        values: dict[str, Any] = {}
        # In the order of the grammar, not of the file: what declares names is read before what uses them.
        for entry in block.keys:
            if entry.name in given:
                key, value = given[entry.name]
                with self.going_on():
                    values[entry.name] = self.take(entry.takes, value, key)
                    if entry.required and values[entry.name] == ():
                        code, why = ("no-rules", "without a rule no case moves") if entry.takes == "list of block rule" else _EMPTY
                        raise self.fault(code, key, f"`{key.text}:` is empty", why=why, mend="write at least one")
        if self.trouble > before:
            raise Skip
        return values

    def _check_keys(self, block: Block, fields: Fields) -> None:
        """Note keys that do not belong, keys that are missing, and keys that exclude each other."""
        known = [key.name for key in block.keys]
        strangers: list[str] = []
        for key, value in fields.fields:
            if block.key(key.text) is None:
                strangers.append(key.text)
                self.note_key(key, value, f"unknown key `{key.text}`", f"{block.said} takes {', '.join(known)}", known)
        chosen = [key for key, _ in fields.fields if key.text in block.exactly_one]
        listed = ", ".join(f"`{name}:`" for name in block.exactly_one)
        for entry in block.keys:
            # A mistyped key is one fault: the unknown key is noted already, so the missing one is not a second.
            if entry.required and fields.get(entry.name) is None and not any(self.nearest(name, [entry.name]) for name in strangers):
                self.note("missing-key", fields, f"{block.said} needs `{entry.name}:`", why=f"it says {entry.about}", mend=f"add `{entry.name}:`")
        if len(chosen) > 1:
            self.two_of(chosen, f"{block.said} has exactly one of {listed}", "keep one")
        elif block.exactly_one and not chosen and not any(self.nearest(name, block.exactly_one) for name in strangers):
            self.note("one-of", fields, f"{block.said} needs one of {listed}", why="without it nothing is said", mend="add one of them")

    def note_key(self, key: Text, value: Node, message: str, why: str, known: Collection[str]) -> None:
        """Note a key that does not belong where it stands."""
        if isinstance(value, Text) and value.empty and value.place.column == key.place.column + len(key.text) and value.place.line == key.place.line:
            # No colon follows: inside `{}` a comma has cut a text in two.
            message = "this text has come loose from the one before it"
            self.note("unknown-key", key, message, why="a comma inside `{}` ends a text", mend='quote the whole text: "one, two"')
        else:
            self.note("unknown-key", key, message, why=why, mend=self.near(key.text, known) or "correct it, or delete it")

    def two_of(self, keys: list[Text], why: str, mend: str) -> None:
        """Note that two keys stand side by side that exclude each other."""
        first, second = keys[:2]
        also = ((first.place, f"`{first.text}:` stands here"),)
        self.note("one-of", second, f"`{second.text}:` stands beside `{first.text}:`", why=why, mend=mend, also=also)

    def companions(self, fields: Fields, allowed: tuple[str, ...]) -> None:
        """Allow these keys only. Raises Skip where another stands among them."""
        before = self.trouble
        for key, value in fields.fields:
            if key.text not in allowed:
                self.note_key(
                    key, value, f"`{key.text}` does not belong beside `{allowed[0]}:`", f"only {', '.join(allowed)} can stand here", allowed
                )
        if self.trouble > before:
            raise Skip

    def take(self, takes: str, node: Node, key: Text | None = None) -> Any:
        """Read a node as what a key takes (see `grammar`)."""
        self.there(node, key)
        if takes.startswith("list of "):
            return self.each(node, lambda one: self.take(takes.removeprefix("list of "), one), key)
        if takes.startswith("one or more "):
            inner = takes.removeprefix("one or more ")
            return self.some(node, lambda one: self.take(inner, one), key) if isinstance(node, Items) else (self.take(inner, node),)
        if takes.startswith("map of "):
            return self._map(takes.removeprefix("map of "), node, key)
        if takes.startswith("block "):
            name = takes.removeprefix("block ")
            make: Callable[[Node], Any] | None = getattr(self, f"_{name}", None)
            return make(node) if make else self.block(name, node)
        return getattr(self, "_" + takes.replace(" ", "_"))(node)

    def there(self, node: Node, key: Text | None = None) -> None:
        """Raise Skip where nothing stands."""
        if isinstance(node, Text) and node.empty:
            message = f"nothing stands after `{key.text}:`" if key else "nothing stands here"
            raise self.fault("nothing-here", key or node, message, why="an empty entry says nothing", mend="fill it in, or delete it")

    def each(self, node: Node, read: Callable[[Node], T], key: Text | None = None) -> tuple[T, ...]:
        """Read every item of a list; a faulty one does not stop the others."""
        if not isinstance(node, Items):
            raise self.fault(
                "wrong-shape", node, "a list is wanted here", why=_takes(key, "a list"), mend="write [one, two], or a line with `- ` for each"
            )
        before = self.trouble
        values: list[T] = []
        for item in node.items:
            with self.going_on():
                values.append(read(item))
        if self.trouble > before:
            raise Skip
        return tuple(values)

    def some(self, node: Node, read: Callable[[Node], T], key: Text | None = None) -> tuple[T, ...]:
        """Read every item of a list that must not be empty."""
        values = self.each(node, read, key)
        if not values:
            raise self.fault("nothing-here", key or node, "this list is empty", why=_EMPTY[1], mend="fill it in, or delete it")
        return values

    def _map(self, inner: str, node: Node, of: Text | None) -> Mapping[str, Any]:
        fields = self.fields(node, f"`{of.text}:`" if of else "this")
        before = self.trouble
        values: dict[str, Any] = {}
        for key, value in fields.fields:
            with self.going_on():
                name = self._clause(key) if inner == "text" else self._id(key)
                self.there(value, key)
                values[name] = self._text(value) if inner == "text" else getattr(self, "_" + inner.removeprefix("block "))(value, key)
        if self.trouble > before:
            raise Skip
        return values

    def fields(self, node: Node, what: str) -> Fields:
        """Return the node as a mapping."""
        if not isinstance(node, Fields):
            why = "a single word or a list says too little here"
            raise self.fault("wrong-shape", node, f"{what} takes `key: value` pairs", why=why, mend="write {key: value}, or indented lines")
        return node

    # --- small types

    def text(self, node: Node) -> Text:
        """Return the node as text."""
        if not isinstance(node, Text):
            what = "a list" if isinstance(node, Items) else "`key: value` pairs"
            why = f"{what} cannot stand for one word or one line of text"
            raise self.fault("wrong-shape", node, "one word or line of text is wanted here", why=why, mend="quote it if it holds `{`, `[` or `: `")
        return node

    def _text(self, node: Node) -> str:
        text = " ".join(self.text(node).text.split())
        if not text:
            raise self.fault("nothing-here", node, "this text is empty", why="it would be shown to people", mend="fill it in, or delete it")
        if (odd := odd_character(text)) is not None:
            message = f"this text holds an invisible or control character (U+{ord(text[odd]):04X})"
            raise self.fault("odd-character", node, message, why="it can hide or reorder what a reader sees", mend="delete its code")
        return text

    def _id(self, node: Node) -> str:
        text = self.text(node)
        if not IDENTIFIER.match(text.text):
            why = "a name has up to 80 lower-case letters, digits and `_`, and begins with a letter"
            raise self.fault("odd-id", text, f"`{text.text}` cannot be a name", why=why, mend="write it like `front_door`")
        return text.text

    def _clause(self, node: Node) -> str:
        text = self.text(node)
        if not CLAUSE.match(text.text):
            raise self.fault("odd-id", text, f"`{text.text}` cannot be a clause", why="a clause is one word", mend="write it like `MAR-4.6a`")
        return text.text

    def _date(self, node: Node) -> date:
        text = self.text(node)
        value = read_date(text.text)
        if value is None:
            raise self.fault(
                "wrong-value", text, f"`{text.text}` is no date", why="a day between 1950 and 2150 is wanted", mend="write it as 2026-04-02"
            )
        return value

    def count(self, node: Node, most: int = 10_000) -> int:
        """Return a whole number."""
        text = self.text(node)
        value = read_count(text.text)
        if value is None or value > most:
            why = f"a number from 0 to {most} is wanted"
            raise self.fault(
                "wrong-value", text, f"`{text.text}` is no whole number that can stand here", why=why, mend="write digits only, such as 10"
            )
        return value

    def yes_no(self, node: Node) -> bool:
        """Return yes or no as a truth."""
        text = self.text(node)
        value = read_yes_no(text.text)
        if value is None:
            raise self.fault(
                "wrong-value", text, f"`{text.text}` is neither yes nor no", why="yes or no is wanted", mend="write yes, no, true or false"
            )
        return value

    def true(self, node: Node) -> None:
        """Allow yes and true only."""
        if not self.yes_no(node):
            raise self.fault("wrong-value", node, "only `true` can stand here", why="`no` would say nothing", mend="delete the line to leave it out")

    def _yes_no(self, node: Node) -> bool:
        return self.yes_no(node)

    def _true(self, node: Node) -> bool:
        self.true(node)
        return True

    def word(self, node: Node, allowed: Collection[str], code: str, what: str, why: str = "") -> str:
        """Return a word of a closed list, or note what was meant."""
        text = self.text(node)
        if text.text in allowed:
            return text.text
        if code in self.unjudged:
            raise Skip
        why = why or "it is one of " + ", ".join(allowed)
        listed = f"name one of {', '.join(sorted(allowed))}" if 0 < len(allowed) <= 12 and not why.startswith("it is one of") else "correct it"
        raise self.fault(code, text, f"unknown {what} `{text.text}`", why=why, mend=self.near(text.text, allowed) or listed)

    # --- circles

    def circles(self, edges: Mapping[str, Iterable[str]], places: Mapping[str, Node], what: str) -> Iterable[str]:
        """Note each circle once, at its first name; return the names, each after those it points to."""
        done: dict[str, None] = {}
        for start in edges:
            # Depth-first without recursion: a chain may be as long as the file.
            path: dict[str, None] = {}
            stack: list[tuple[str, bool]] = [(start, False)]
            while stack:
                name, leaving = stack.pop()
                if leaving:
                    del path[name]
                    done[name] = None
                elif name in path:
                    names = list(path)
                    circle = names[names.index(name) :]
                    through = " -> ".join(f"`{one}`" for one in (*circle, name))
                    self.note("circle", places[name], f"`{name}` {what}", why=through, mend="take one of these steps away")
                elif name not in done:
                    path[name] = None
                    stack.append((name, True))
                    stack.extend((after, False) for after in sorted(edges.get(name, ()), reverse=True))
        return done


def _takes(key: Text | None, what: str) -> str:
    return f"`{key.text}:` takes {what}" if key else ""

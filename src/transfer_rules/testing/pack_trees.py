"""The tree of a pack (`loading.nodes`) with one thing in it otherwise; nothing is changed in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ..loading.nodes import Fields, Items, Node, Text

LONGEST: Final = 90


def texts(node: Node) -> Iterator[Text]:
    """Yield every scalar of a tree that is no key."""
    if isinstance(node, Text):
        yield node
    for part in _parts(node):
        yield from texts(part)


def under(node: Node, name: str) -> Iterator[Node]:
    """Yield what stands under a key, wherever in the tree."""
    if isinstance(node, Fields):
        yield from (value for key, value in node.fields if key.text == name)
    for part in _parts(node):
        yield from under(part, name)


def _parts(node: Node) -> Iterable[Node]:
    return node.items if isinstance(node, Items) else [value for _, value in node.fields] if isinstance(node, Fields) else ()


def with_value(fields: Fields, name: str, node: Node) -> Fields:
    """Return a mapping with another value under a key."""
    return Fields(tuple((key, node if key.text == name else value) for key, value in fields.fields), fields.place)


def without_keys(fields: Fields, *names: str) -> Fields:
    """Return a mapping without some of its keys."""
    return Fields(tuple((key, value) for key, value in fields.fields if key.text not in names), fields.place)


def with_item(items: Items, number: int, node: Node | None) -> Items:
    """Return a list with another entry in the place of one, or (None) without it."""
    put = () if node is None else (node,)
    return Items((*items.items[:number], *put, *items.items[number + 1 :]), items.place)


def with_key(fields: Fields, key: Text, name: str) -> Fields:
    """Return a mapping in which a key has another name."""
    return Fields(tuple((Text(name, True, one.place) if one.text == key.text else one, value) for one, value in fields.fields), fields.place)


def text_at(at: Node, text: str) -> Text:
    """Return a word in the place of a node."""
    return Text(text, True, at.place)


def is_off(node: Node) -> bool:
    """Say whether a part is kept for a rival reading only."""
    off = node.get("off") if isinstance(node, Fields) else None
    return isinstance(off, Text) and off.text in ("yes", "true")


def id_of(node: Node) -> str:
    """Return the id of a part; empty where it has none."""
    return word_of(node.get("id")) if isinstance(node, Fields) else ""


def word_of(node: Node | None) -> str:
    """Return what a scalar says; empty where it is none."""
    return node.text if isinstance(node, Text) else ""


def flow(node: Node, longest: int = LONGEST) -> str:
    """Return a node as one line of YAML, cut where it is long."""
    match node:
        case Text():
            said = node.text
        case Items():
            said = "[" + ", ".join(flow(item, 10_000) for item in node.items) + "]"
        case Fields():
            said = "{" + ", ".join(f"{key.text}: {flow(value, 10_000)}" for key, value in node.fields) + "}"
    return said if len(said) <= longest else said[: longest - 1] + "…"

"""Two decisions about one case, side by side: whether they say the same, and which parts differ."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Final

from .decision import Decision, Outstanding, Reason

_BESIDE: Final = ("identity", "rests_on_unstated")
_FIELDS: Final = tuple(field.name for field in fields(Decision) if field.name not in _BESIDE)


def differing(one: Decision, other: Decision) -> tuple[str, ...]:
    """Return the names of the fields of two decisions that differ, in the order of the fields.

    What does not belong to the answer does not count: which pack, calendar and library gave it, which facts nobody stated, the values that a reason
    shows, and from which day stale work would have been recent enough, which moves along with the day asked about.
    """
    pairs = ((name, getattr(one, name), getattr(other, name)) for name in _FIELDS)
    # Most are equal as they stand, and taking parts apart takes long.
    return tuple(name for name, left, right in pairs if left != right and _plain(left) != _plain(right))


def _plain(value: object) -> object:
    match value:
        case tuple():
            return tuple(map(_plain, value))
        case Outstanding():
            return replace(value, needed_from=None)
        case Reason():
            return replace(value, values=())
        case _:
            return value

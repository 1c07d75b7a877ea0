"""What a fact is: its type, the values it can hold, and the question that asks for it. Unknown is not false, not zero."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice
from typing import Any, Final, Literal, TypeAlias, cast

UNKNOWN: Final = None
"""Nobody has recorded it. Absent and null mean the same."""
NOT_YET: Final = "not_yet"
"""It is recorded that it has not happened and has no date."""
HAPPENED: Final = "happened"
"""It has happened; the day is not known."""

NOBODY: Final = "none"
OTHER_AUTHORITY: Final = "other_authority"
RESERVED_TEAMS: Final[Mapping[str, str]] = {NOBODY: "nobody", OTHER_AUTHORITY: "another authority"}

FactKind = Literal["yes_no", "choice", "choices", "count", "date", "event", "moment", "team", "area"]
FACT_KINDS: Final[tuple[FactKind, ...]] = ("yes_no", "choice", "choices", "count", "date", "event", "moment", "team", "area")
DATED_KINDS: Final = frozenset({"date", "event", "moment"})

FactValue: TypeAlias = bool | int | str | date | datetime | frozenset[str] | None

# Written with [0-9] because \d also takes the digits of other scripts, and with the hour spelt out because 24:00 is read by some Pythons only.
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_ISO_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-5][0-9])\Z")
_WHOLE = re.compile(r"(0|[1-9][0-9]{0,8})\Z")
# Dates outside these years are typing errors or placeholders such as 1900-01-01 and 9999-12-31.
FIRST_DAY: Final = date(1950, 1, 1)
LAST_DAY: Final = date(2150, 12, 31)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be known about a case.

    Attributes:
        name: its identifier; dates end in `_on`, moments in `_at`.
        kind: `yes_no`, `choice`, `choices`, `count`, `date`, `event`, `moment`, `team` or `area`.
        label: a short noun phrase for explanations.
        ask: the question to put to a person.
        means: the definition, wide enough for every pack that uses it.
        group: the group that `unstated: not_so` can name.
        options: for `choice` and `choices`, the words allowed.
        judgement: a named person's judgement; never closed by `unstated`.
        unit: for a count, what is counted.
        source: the national code set or column that holds it, or empty.
    """

    name: str
    kind: FactKind
    label: str
    ask: str
    means: str = ""
    group: str = "local"
    options: tuple[str, ...] = ()
    judgement: bool = False
    unit: str = ""
    source: str = ""

    @property
    def allowed(self) -> str:
        """Say in words what the fact takes, for messages."""
        match self.kind:
            case "yes_no":
                return "yes or no"
            case "choice":
                return "one of " + ", ".join(self.options)
            case "choices":
                return "a list of " + ", ".join(self.options)
            case "count":
                return "a whole number, 0 or more" + (f" ({self.unit})" if self.unit else "")
            case "date":
                return "a date such as 2026-04-02, or not_yet"
            case "event":
                return "a date such as 2026-04-02, not_yet, or happened"
            case "moment":
                return "a date and time with its offset such as 2026-04-02T09:30:00+01:00, a date, or not_yet"
            case "team":
                return "the id of a team of the pack, none, or other_authority"
        return "the id of an area of the pack"

    def read(self, raw: object) -> FactValue:
        """Return the value that `raw` stands for, or raise ValueError (whose text never holds the value).

        Takes Python values and their JSON or YAML forms alike. None is unknown. Whether a team or an area exists is for the policy to say.
        """
        if raw is None:
            return UNKNOWN
        value = _READERS[self.kind](raw, self)
        if value is None:
            raise ValueError(f"takes {self.allowed}")
        return value


def read_date(raw: object) -> date | None:
    """Return a date from a date or from `2026-04-02`; None for anything else, week dates and `20260402` included."""
    if type(raw) is date:
        return raw if FIRST_DAY <= raw <= LAST_DAY else None
    text = read_word(raw)
    if text is not None and _ISO_DATE.match(text):
        try:
            parsed = date.fromisoformat(text)
        except ValueError:
            return None
        return parsed if FIRST_DAY <= parsed <= LAST_DAY else None
    return None


def read_moment(raw: object) -> datetime | None:
    """Return an aware moment from a datetime or its ISO text; None for naive ones and anything else.

    The answer carries a fixed offset, never a zone: two moments in one zone subtract by the clock on the wall, and in the hour that
    the clocks repeat a zoned moment equals no other.
    """
    text = read_word(raw)
    if text is not None and _ISO_MOMENT.match(text):
        try:
            raw = datetime.fromisoformat(text)
        except ValueError:
            return None
    if type(raw) is not datetime or not FIRST_DAY.year <= raw.year <= LAST_DAY.year:
        return None
    try:
        given = raw.utcoffset()
    except Exception:
        # A zone is code of the caller. It is asked once, and one that cannot answer gives no moment.
        return None
    if given is None:
        return None
    offset = timedelta.__pos__(given)
    if offset % timedelta(minutes=1):
        # An offset with seconds cannot be written in the ISO form that we read.
        return (raw.replace(tzinfo=None) - offset).replace(tzinfo=UTC, fold=0)
    return raw.replace(tzinfo=timezone(offset), fold=0)


def read_yes_no(raw: object) -> bool | None:
    """Return True or False from a boolean or from yes, no, true, false; None for anything else."""
    if raw is True or raw is False:
        return raw
    return {"yes": True, "true": True, "no": False, "false": False}.get(read_word(raw) or "")


def read_count(raw: object) -> int | None:
    """Return a whole number of at least 0, below a thousand million; None for anything else (`010`, `1_000`, 3.0, True)."""
    if type(raw) is int:
        return raw if 0 <= raw < 10**9 else None
    text = read_word(raw)
    return int(text) if text is not None and _WHOLE.match(text) else None


def read_word(raw: object) -> str | None:
    """Return text that is not empty, as plain `str` whatever its class; None for anything else.

    Like `read_list` and `read_pairs` it goes by the class of an object, never by what the object says of itself: no method of its own is called.
    """
    return str.__str__(cast(str, raw)) or None if issubclass(type(raw), str) else None


def read_list(raw: object) -> tuple[object, ...] | None:
    """Return what a list, tuple or set holds, whatever its own methods would give; None for anything else."""
    for kind in (list, tuple, set, frozenset):
        if issubclass(type(raw), kind):
            return tuple(kind.__iter__(cast(Any, raw)))
    return None


def read_pairs(raw: object, most: int) -> tuple[tuple[object, object], ...] | None:
    """Return the names and values of a mapping, at most one more than `most`; None for anything else, and for a mapping that fails to give them."""
    if issubclass(type(raw), dict):
        return tuple(islice(dict.items(cast(dict[object, object], raw)), most + 1))
    try:
        # Any other mapping gives its parts by methods of its own, which may fail, or never end.
        return tuple((key, value) for key, value in islice(raw.items(), most + 1)) if isinstance(raw, Mapping) else None
    except Exception:
        return None


def _read_choice(raw: object, fact: Fact) -> str | None:
    word = read_word(raw)
    return word if word in fact.options else None


def _read_choices(raw: object, fact: Fact) -> frozenset[str] | None:
    given = read_list(raw)
    if given is None:
        return None
    words = {_read_choice(one, fact) for one in given}
    return None if None in words else frozenset(word for word in words if word is not None)


def _read_dated(raw: object, fact: Fact) -> FactValue:
    word = read_word(raw)
    if word == NOT_YET or (word == HAPPENED and fact.kind == "event"):
        return word
    if fact.kind == "moment" and (moment := read_moment(raw)) is not None:
        return moment
    return read_date(raw)


_READERS: Final[Mapping[FactKind, Callable[[object, Fact], FactValue]]] = {
    "yes_no": lambda raw, _fact: read_yes_no(raw),
    "count": lambda raw, _fact: read_count(raw),
    "choice": _read_choice,
    "choices": _read_choices,
    "date": _read_dated,
    "event": _read_dated,
    "moment": _read_dated,
    "team": lambda raw, _fact: read_word(raw),
    "area": lambda raw, _fact: read_word(raw),
}


def fact(
    kind: FactKind,
    *,
    label: str,
    ask: str,
    group: str,
    means: str = "",
    options: tuple[str, ...] = (),
    judgement: bool = False,
    unit: str = "",
    source: str = "",
) -> Any:
    """Declare a standard fact as a field of `CaseSnapshot`: unknown by default, its definition in the field's metadata."""
    definition = {
        "kind": kind,
        "label": label,
        "ask": ask,
        "group": group,
        "means": means,
        "options": options,
        "judgement": judgement,
        "unit": unit,
        "source": source,
    }
    return field(default=UNKNOWN, metadata={"fact": definition})

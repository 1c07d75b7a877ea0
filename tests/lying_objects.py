"""Python objects that lie about what they are or hold, or fail when they are asked."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np

from transfer_rules.vocabulary import Progress, Recorded


class Trap(Exception):
    """What a trap raises; nothing of the library knows it."""


def _trap(*_arguments: Any, **_named: Any) -> Any:
    raise Trap("a method of a lying object was called")


_SPECIAL = (
    "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__str__", "__repr__", "__format__", "__bool__", "__len__", "__iter__",
    "__contains__", "__getitem__", "__add__", "__radd__", "__sub__", "__rsub__", "__mod__", "__int__", "__index__", "__float__", "__abs__", "__neg__",
    "__reversed__", "__reduce__", "__reduce_ex__", "__copy__", "__deepcopy__", "__fspath__", "__bytes__", "__call__",
)  # fmt: skip


def trapped(kind: type, *more: str) -> type:
    """Return a subclass of which every special method, and every one named, is a trap."""
    return type(f"Trapped_{kind.__name__}", (kind,), dict.fromkeys((*_SPECIAL, *more), _trap))


TrappedText = trapped(str, "encode", "split", "lower", "strip", "startswith", "isascii", "replace", "casefold", "join")
TrappedDict = trapped(dict, "items", "keys", "values", "get")
TrappedList, TrappedTuple, TrappedSet, TrappedFrozen = trapped(list), trapped(tuple), trapped(set), trapped(frozenset)
TrappedInt = trapped(int, "__divmod__", "__floordiv__", "bit_length")
TrappedFloat = trapped(float, "is_integer")
_PROPERTIES = {name: property(_trap) for name in ("year", "month", "day", "hour", "minute", "tzinfo", "fold")}
TrappedDate = type("TrappedDate", (trapped(date, "isoformat", "replace", "toordinal"),), {k: _PROPERTIES[k] for k in ("year", "month", "day")})
TrappedMoment = type("TrappedMoment", (trapped(datetime, "isoformat", "replace", "astimezone", "utcoffset"),), _PROPERTIES)


class AnotherText(str):
    """Says that it is another text, and equal to every other."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("none")

    def __str__(self) -> str:
        return "none"


class EndlessList(list[str]):
    def __iter__(self) -> Iterator[str]:
        return map(str, itertools.count())

    def __len__(self) -> int:
        return 1


class EndlessDict(dict[str, str]):
    def items(self) -> Any:
        return ((f"n{n}", "done") for n in itertools.count())

    def __iter__(self) -> Iterator[str]:
        return map(str, itertools.count())


class EndlessMapping(Mapping[str, str]):
    """Has one name more whenever it is asked, and says that it has one."""

    def __getitem__(self, name: str) -> str:
        return "done"

    def __iter__(self) -> Iterator[str]:
        return (f"n{n}" for n in itertools.count())

    def __len__(self) -> int:
        return 1


class FailingMapping(Mapping[str, str]):
    """Fails in the middle."""

    def __init__(self, error: BaseException):
        self.error = error

    def __getitem__(self, name: str) -> str:
        raise self.error

    def __iter__(self) -> Iterator[str]:
        yield "n0"
        raise self.error

    def __len__(self) -> int:
        raise self.error


class OddPairs(Mapping[str, str]):
    """Gives no pairs."""

    def __getitem__(self, name: str) -> str:
        return "done"

    def __iter__(self) -> Iterator[str]:
        return iter(("n0",))

    def __len__(self) -> int:
        return 1

    def items(self) -> Any:
        return [("n0",), "n1", 3]


class SaysItIs:
    """Says of itself that it is of another class."""

    def __init__(self, kind: type):
        object.__setattr__(self, "kind", kind)

    @property
    def __class__(self) -> type:
        return object.__getattribute__(self, "kind")

    @__class__.setter
    def __class__(self, kind: type) -> None:
        raise Trap


class NoClass:
    """Fails when it is asked for anything, even its class."""

    def __getattribute__(self, name: str) -> Any:
        raise Trap(name)


class NoAttributes:
    def __getattr__(self, name: str) -> Any:
        raise Trap(name)


class Zone(tzinfo):
    """A zone that does as it is told."""

    def __init__(self, answer: Callable[[], Any]):
        self.answer = answer

    def utcoffset(self, moment: datetime | None) -> Any:
        return self.answer()

    def dst(self, moment: datetime | None) -> Any:
        return self.answer()

    def tzname(self, moment: datetime | None) -> Any:
        return self.answer()


class LyingSpan(timedelta):
    def __mod__(self, other: object) -> Any:
        return _trap()

    def __eq__(self, other: object) -> Any:
        return _trap()

    # Not hashable, as a class is that defines `__eq__` alone.
    __hash__ = None  # type: ignore[assignment]


def raises(error: BaseException) -> Callable[[], Any]:
    """Return a function that raises."""

    def fails() -> Any:
        raise error

    return fails


def recurse() -> Any:
    """Never come back by itself."""
    return recurse()


class Words(enum.StrEnum):
    NONE = "none"


class Old(str, enum.Enum):  # noqa: UP042
    NONE = "none"


class Numbers(enum.IntEnum):
    THREE = 3


class Bare(enum.Enum):
    NONE = "none"


class LyingRecorded(Recorded):
    plain = property(_trap)  # type: ignore[assignment]


class LyingProgress(Progress):
    plain = property(_trap)  # type: ignore[assignment]
    __eq__ = _trap
    __hash__ = None  # type: ignore[assignment]


_DAY = datetime(2026, 4, 2, 9, 30)
_offsets = itertools.cycle((timedelta(hours=1), timedelta(hours=-5), "soon", None))

LIES: dict[str, Callable[[], Any]] = {
    "trapped text": lambda: TrappedText("none"),
    "trapped text of a date": lambda: TrappedText("2026-04-02"),
    "trapped text of a moment": lambda: TrappedText("2026-04-02T09:30:00+01:00"),
    "trapped text of a number": lambda: TrappedText("3"),
    "trapped text of yes": lambda: TrappedText("yes"),
    "trapped text of nothing": lambda: TrappedText(""),
    "another text": lambda: AnotherText("not_so"),
    "trapped date": lambda: TrappedDate(2026, 4, 2),
    "trapped moment": lambda: TrappedMoment(2026, 4, 2, 9, 30, tzinfo=UTC),
    "trapped integer": lambda: TrappedInt(3),
    "trapped number": lambda: TrappedFloat(3),
    "trapped mapping": lambda: TrappedDict(done_on="2026-04-02"),
    "trapped list": lambda: TrappedList(["none"]),
    "trapped tuple": lambda: TrappedTuple(("none",)),
    "trapped set": lambda: TrappedSet({"none"}),
    "trapped frozen set": lambda: TrappedFrozen({"none"}),
    "a list of trapped texts": lambda: [TrappedText("none"), TrappedText("holder")],
    "a mapping of a trapped name": lambda: {AnotherText("decided"): "none"},
    "a list without end": lambda: EndlessList(["none"]),
    "a mapping without end": EndlessMapping,
    "a mapping whose names have no end": lambda: EndlessDict(decided="none"),
    "a mapping that fails": lambda: FailingMapping(Trap()),
    "a mapping that fails by depth": lambda: FailingMapping(RecursionError()),
    "a mapping that fails by memory": lambda: FailingMapping(MemoryError()),
    "a mapping that fails by name": lambda: FailingMapping(KeyError("n0")),
    "a mapping without pairs": OddPairs,
    "a view of a mapping without end": lambda: MappingProxyType(EndlessMapping()),
    "a view of a trapped mapping": lambda: MappingProxyType(TrappedDict(decided="none")),
    "a list in itself": lambda: (lambda one: one.append(one) or one)([]),
    "a mapping in itself": lambda: (lambda one: one.update(decided=one) or one)({}),
    "an endless generator": lambda: (str(n) for n in itertools.count()),
    "a generator": lambda: (word for word in ("none",)),
    "an iterator": lambda: iter(["none"]),
    "a range": lambda: range(10**12),
    "no number": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "less than all": lambda: float("-inf"),
    "a negative number": lambda: -1,
    "a huge number": lambda: 10**5_000,
    "a huge negative number": lambda: -(10**5_000),
    "a number with a point": lambda: 3.0,
    "a decimal": lambda: Decimal("3"),
    "no decimal": lambda: Decimal("sNaN"),
    "a fraction": lambda: Fraction(3),
    "a complex number": lambda: 3j,
    "the first day of all": lambda: date.min,
    "the last day of all": lambda: date.max,
    "the first moment of all": lambda: datetime.min.replace(tzinfo=UTC),
    "the last moment of all": lambda: datetime.max.replace(tzinfo=timezone(timedelta(hours=-23))),
    "a moment without a zone": lambda: _DAY,
    "a moment of a second fold": lambda: _DAY.replace(fold=1, tzinfo=UTC),
    "a zone that fails": lambda: _DAY.replace(tzinfo=Zone(raises(Trap()))),
    "a zone that fails by depth": lambda: _DAY.replace(tzinfo=Zone(recurse)),
    "a zone that fails by memory": lambda: _DAY.replace(tzinfo=Zone(raises(MemoryError()))),
    "a zone that says nothing": lambda: _DAY.replace(tzinfo=Zone(lambda: None)),
    "a zone that says a word": lambda: _DAY.replace(tzinfo=Zone(lambda: "soon")),
    "a zone of 25 hours": lambda: _DAY.replace(tzinfo=Zone(lambda: timedelta(hours=25))),
    "a zone of a second": lambda: _DAY.replace(tzinfo=Zone(lambda: timedelta(seconds=1))),
    "a zone of a lying span": lambda: _DAY.replace(tzinfo=Zone(lambda: LyingSpan(hours=1))),
    "a zone that says another thing each time": lambda: _DAY.replace(tzinfo=Zone(lambda: next(_offsets))),
    "a word of an enum": lambda: Words.NONE,
    "a word of an older enum": lambda: Old.NONE,
    "a number of an enum": lambda: Numbers.THREE,
    "a member of an enum": lambda: Bare.NONE,
    "an enum itself": lambda: Bare,
    "a truth of numpy": lambda: np.True_,
    "an integer of numpy": lambda: np.int64(3),
    "a number of numpy": lambda: np.float64(3),
    "no number of numpy": lambda: np.float64("nan"),
    "a text of numpy": lambda: np.str_("none"),
    "a day of numpy": lambda: np.datetime64("2026-04-02"),
    "no day of numpy": lambda: np.datetime64("NaT"),
    "an array of numpy": lambda: np.array(["none", "foster"]),
    "bytes": lambda: b"none",
    "bytes that can change": lambda: bytearray(b"none"),
    "an object": object,
    "a class": lambda: str,
    "a function": lambda: _trap,
    "says it is text": lambda: SaysItIs(str),
    "says it is a truth": lambda: SaysItIs(bool),
    "says it is a number": lambda: SaysItIs(int),
    "says it is a date": lambda: SaysItIs(date),
    "says it is a moment": lambda: SaysItIs(datetime),
    "says it is a list": lambda: SaysItIs(list),
    "says it is a mapping": lambda: SaysItIs(dict),
    "says it is a decision": lambda: SaysItIs(Recorded),
    "says it is progress": lambda: SaysItIs(Progress),
    "has no class": NoClass,
    "has no attributes": NoAttributes,
    "looks like a date": lambda: SimpleNamespace(year=2026, month=4, day=2),
    "a decision of a trapped text": lambda: Recorded(TrappedText("none"), on=TrappedDate(2026, 4, 2)),  # type: ignore[arg-type]
    "a decision of no text": lambda: Recorded(NoClass()),  # type: ignore[arg-type]
    "a decision that lies": lambda: LyingRecorded("none"),
    "a decision never made": lambda: Recorded.__new__(Recorded),
    "progress of a trapped text": lambda: Progress(TrappedText("done")),  # type: ignore[arg-type]
    "progress of no truth": lambda: Progress(excused=NoClass()),  # type: ignore[arg-type]
    "progress that lies": lambda: LyingProgress("done"),
    "progress never made": lambda: Progress.__new__(Progress),
    "half a surrogate pair": lambda: "\ud800",
    "NUL": lambda: "a\x00b",
    "right-to-left": lambda: "\u202enone",
    "a look-alike letter": lambda: "n\u043ene",
    "digits of another script": lambda: "\u0663",
    "a date in digits of another script": lambda: "\u0662\u0660\u0662\u0666-04-02",
    "a text of a megabyte": lambda: "x" * 1_000_000,
    "a name of a megabyte": lambda: {"x" * 1_000_000: "done"},
    "a list of many words": lambda: ["x"] * 100_000,
    "a mapping of many names": lambda: dict.fromkeys(map(str, range(100_000)), "done"),
}
"""Each lie, made anew whenever it is called."""

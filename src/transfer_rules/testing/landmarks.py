"""Days worth drawing: just within and just past the limits of a pack, bank holidays, month ends, leap days, birthdays, the changes of the clock.

A *mark* gives a day counted from another. Marks are small frozen values, so that draws show and shrink them like any other choice.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol

from ..calendars import Calendar
from ..checklists import Span
from ..conditions import Age, Node
from ..dates import add_months
from ..errors import CalendarRangeError
from ..timescales import Birthday, Count, Literally, Unit

BESIDE: Final = (0, -1, 1)
"""On the limit, the day before it and the day after."""
_ONE_DAY: Final = timedelta(days=1)
_LONGEST: Final = 2_000
"""Limits beyond so many of a unit are not looked for: the days they lead to may leave the years that facts can hold."""


class Mark(Protocol):
    """A day, or a moment, worth drawing."""

    def day(self, start: date, calendar: Calendar) -> date:
        """Return it, counted from `start`."""


def is_mark(option: object) -> bool:
    """Say whether an option is a mark rather than a value; days have an attribute `day` as well."""
    return isinstance(option, Away | On | Moment | Landmark | Birth)


@dataclass(frozen=True, slots=True)
class Away:
    """So many of a unit from a day (before it where `amount` is negative), and `beside` days more."""

    amount: int = 0
    unit: Unit = "days"
    beside: int = 0

    def day(self, start: date, calendar: Calendar) -> date:
        """Return that day; where working days leave the calendar, the one beside `start`."""
        beside = timedelta(days=self.beside)
        match self.unit:
            case "working_days":
                try:
                    return calendar.add_working_days(start, self.amount) + beside
                except CalendarRangeError:
                    return start + beside
            case "months":
                return add_months(start, self.amount) + beside
            case "weeks":
                return start + timedelta(weeks=self.amount) + beside
            case "hours":
                return start + timedelta(days=-(-abs(self.amount) // 24) * (1 if self.amount > 0 else -1)) + beside
            case _:
                return start + timedelta(days=self.amount) + beside


@dataclass(frozen=True, slots=True)
class On:
    """A day that a pack names, whatever it is counted from."""

    value: date

    def day(self, start: date, calendar: Calendar) -> date:
        """Return that day."""
        return self.value


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment: hours and minutes from the midnight, in UTC, at which the day of a mark begins."""

    mark: Mark
    hours: int
    minutes: int = 0

    def day(self, start: date, calendar: Calendar) -> datetime:
        """Return that moment."""
        day = self.mark.day(start, calendar)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=self.hours, minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Landmark:
    """The `place`-th landmark after a day; before it where that is negative; 0 is the day itself if it is one, or the next."""

    place: int = 0

    def day(self, start: date, calendar: Calendar) -> date:
        """Return that day; `start` itself beyond the calendar."""
        days = landmarks(calendar)
        at = bisect_left(days, start) + self.place
        return days[at] if 0 <= at < len(days) else start


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth by which an age is reached `beside` days after a day; `leap`: on a 29 February of about that year."""

    age: int
    beside: int = 0
    leap: bool = False

    def day(self, start: date, calendar: Calendar) -> date:
        """Return the date of birth."""
        reached = start + timedelta(days=self.beside)
        year = reached.year - self.age
        if self.leap:
            return date(year - year % 4, 2, 29)
        return add_months(reached, -12 * self.age)


@lru_cache(maxsize=32)
def landmarks(calendar: Calendar) -> tuple[date, ...]:
    """Return the days of a calendar at which counting goes wrong most easily, in order.

    Bank holidays, the first and last of each month, leap days and the Sundays on which clocks change, each with the day before and after.
    """
    found = set(calendar.closed)
    for year in range(calendar.first.year, calendar.last.year + 1):
        for month in range(1, 13):
            last = add_months(date(year, month, 1), 1) - _ONE_DAY
            found.add(last)
            if month in (3, 10):
                found.add(last - timedelta(days=(last.weekday() + 1) % 7))
    days = {day + timedelta(days=step) for day in found for step in (-1, 0, 1)}
    return tuple(sorted(day for day in days if calendar.first <= day <= calendar.last))


def limits(trees: Iterable[Node], spans: Iterable[Span] = ()) -> tuple[Away, ...]:
    """Return, for each length of time that some trees count, the days on that limit and beside it, forward and back."""
    counted = {(node.amount, node.unit) for node in trees if isinstance(node, Count)} | {(span.amount, span.unit) for span in spans}
    return tuple(_about(sorted(one for one in counted if one[0] <= _LONGEST)))


def _about(counted: Iterable[tuple[int, Unit]]) -> Iterator[Away]:
    for amount, unit in counted:
        for sign in (-1, 1):
            yield from (Away(sign * amount, unit, beside) for beside in BESIDE)


def named(trees: Iterable[Node]) -> tuple[On, ...]:
    """Return the days that some trees name, and the days beside them."""
    days = sorted({node.value for node in trees if isinstance(node, Literally)})
    return tuple(On(day + timedelta(days=step)) for day in days for step in BESIDE)


def ages(trees: Iterable[Node]) -> tuple[int, ...]:
    """Return the ages that some trees look at, sorted."""
    return tuple(sorted({node.age for node in trees if isinstance(node, Age | Birthday)}))


__all__ = ["BESIDE", "Away", "Birth", "Landmark", "Mark", "Moment", "On", "ages", "is_mark", "landmarks", "limits", "named"]

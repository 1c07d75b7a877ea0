"""`Calendar`: a frozen span of dates and the closed days in it; counts working days. `ENGLAND` is the committed table."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import accumulate, compress
from operator import index
from types import MappingProxyType
from typing import Any, Final

from .england import CLOSED_DAYS, FIRST_YEAR, LAST_YEAR, PROCLAIMED_TO_YEAR
from .errors import CalendarRangeError

# Monday to Sunday, 1 for a day that is worked.
_WEEK: Final = b"\1\1\1\1\1\0\0"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Calendar:
    """The days that do not count as working days: Saturdays, Sundays and the days in `closed`.

    Two calendars are equal when their digests are. Every day asked about must lie from `first` to `last`, else
    CalendarRangeError; a datetime is refused with TypeError, because which date it shows depends on the clock it is read by.

    Attributes:
        name: what the calendar is called, such as `england`.
        first: the first day of the span.
        last: the last day of the span, included.
        closed: the closed days, in order of date, each with its name. Some may be Saturdays or Sundays, which are closed in any case.
        proclaimed_to: the last day whose bank holidays are proclaimed; later ones follow the rules in force today.
        digest: SHA-256, in hexadecimal, of all the above.
    """

    name: str
    first: date
    last: date
    closed: Mapping[date, str]
    proclaimed_to: date
    digest: str = field(init=False)
    _origin: int = field(init=False)
    """The ordinal of the first day; offsets count from it."""
    _before: tuple[int, ...] = field(init=False)
    """For each offset, the end of the span included: how many working days lie before it."""
    _working: tuple[int, ...] = field(init=False)
    """The offsets of the working days, in order."""
    _closed_weekdays: tuple[int, ...] = field(init=False)
    """The offsets of the closed days from Monday to Friday, in order."""

    def __post_init__(self) -> None:
        for day in (self.first, self.last, self.proclaimed_to, *self.closed):
            _refuse_times(day)
        if not self.first <= self.proclaimed_to <= self.last:
            raise ValueError("a calendar's `proclaimed_to` must lie from `first` to `last`")
        closed = dict(sorted(self.closed.items()))
        origin = self.first.toordinal()
        days = self.last.toordinal() - origin + 1

        monday = self.first.weekday()
        worked = bytearray((_WEEK[monday:] + _WEEK * (days // 7 + 1))[:days])
        closed_weekdays = []
        for day in closed:
            offset = day.toordinal() - origin
            if not 0 <= offset < days:
                raise CalendarRangeError(f"a closed day lies outside the calendar {self._extent}")
            if worked[offset]:
                closed_weekdays.append(offset)
                worked[offset] = 0

        put: Callable[[object, str, object], None] = object.__setattr__
        put(self, "closed", MappingProxyType(closed))
        put(self, "_origin", origin)
        put(self, "_before", tuple(accumulate(worked, initial=0)))
        put(self, "_working", tuple(compress(range(days), worked)))
        put(self, "_closed_weekdays", tuple(closed_weekdays))
        put(self, "digest", self._worked_out_digest())

    def is_working_day(self, day: date) -> bool:
        """Tell whether `day` counts: from Monday to Friday, and not closed."""
        offset = self._offset(day)
        return self._before[offset + 1] > self._before[offset]

    def add_working_days(self, start: date, count: int) -> date:
        """Return the date `count` working days after `start`, or before it where `count` is negative.

        `start` is day 0 whether or not it is itself a working day; day 1 is the next working day.

        Args:
            start: the trigger, a date without a time.
            count: working days; 0 returns `start` unchanged; below 0 counts back the same way.
        Raises:
            CalendarRangeError: the count leaves the calendar; we never guess a year's holidays.
        Source: README, "How days are counted".

        >>> ENGLAND.add_working_days(date(2026, 4, 2), 1)   # Maundy Thursday; Easter Monday is closed
        datetime.date(2026, 4, 7)
        """
        offset, count = self._offset(start), index(count)
        if count == 0:
            return start
        place = self._before[offset + 1] + count - 1 if count > 0 else self._before[offset] + count
        if not 0 <= place < len(self._working):
            raise CalendarRangeError(f"{abs(count)} working days {'after' if count > 0 else 'before'} the trigger leave the calendar {self._extent}")
        return date.fromordinal(self._origin + self._working[place])

    def counter(self, count: int) -> Callable[[date], date | None]:
        """Return `add_working_days` of one count, for many days in turn: None where the count leaves the calendar, or passes `proclaimed_to`.

        The function takes dates without a time, and does not look whether they are.

        >>> ENGLAND.counter(1)(date(2026, 4, 2))
        datetime.date(2026, 4, 7)
        """
        before, working, origin, from_ordinal = self._before, self._working, self._origin, date.fromordinal
        days = self.proclaimed_to.toordinal() - origin + 1
        most, shift, steps = before[days], *((1, count - 1) if count > 0 else (0, count))

        def counted(start: date) -> date | None:
            offset = start.toordinal() - origin
            if not 0 <= offset < days:
                return None
            place = before[offset + shift] + steps
            return from_ordinal(origin + working[place]) if 0 <= place < most else None

        if count == 0:
            return lambda start: start if 0 <= start.toordinal() - origin < days else None
        return counted

    def working_days_between(self, start: date, end: date) -> int:
        """Return the number of working days after `start`, up to and including `end`.

        Where `end` is before `start`: those before `start`, back to and including `end`, as a negative number. So
        `add_working_days(start, working_days_between(start, end))` is `end` whenever `end` is a working day.

        >>> ENGLAND.working_days_between(date(2026, 4, 2), date(2026, 4, 7))
        1
        """
        begin, until = self._offset(start), self._offset(end)
        if until < begin:
            return self._before[until] - self._before[begin]
        return self._before[until + 1] - self._before[begin + 1]

    def closed_between(self, start: date, end: date) -> tuple[tuple[date, str], ...]:
        """Return the closed days from Monday to Friday that a count from `start` to `end` passes over, in order of date.

        After `start`, up to and including `end`; where `end` is before `start`: before `start`, back to and including `end`.

        >>> ENGLAND.closed_between(date(2026, 4, 2), date(2026, 4, 7))
        ((datetime.date(2026, 4, 3), 'Good Friday'), (datetime.date(2026, 4, 6), 'Easter Monday'))
        """
        begin, until = self._offset(start), self._offset(end)
        # The days from `low` + 1 to `high`, both included.
        low, high = (until - 1, begin - 1) if until < begin else (begin, until)
        passed = self._closed_weekdays[bisect_right(self._closed_weekdays, low) : bisect_right(self._closed_weekdays, high)]
        days = (date.fromordinal(self._origin + offset) for offset in passed)
        return tuple((day, self.closed[day]) for day in days)

    def with_closures(self, pairs: Iterable[tuple[date, str]]) -> Calendar:
        """Return this calendar with an authority's own closed days added; this one stays as it is.

        Args:
            pairs: days and their names, in any order. A bank holiday keeps its own name; the names that `pairs` gives to one
                day are joined with `; `.
        Raises:
            CalendarRangeError: a day lies outside the calendar.
        """
        added: dict[date, set[str]] = {}
        for day, name in pairs:
            added.setdefault(day, set()).add(name)
        own = {day: "; ".join(sorted(names)) for day, names in added.items()}
        return replace(self, closed={**own, **self.closed})

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Calendar) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"<Calendar {self._extent}, {len(self.closed)} closed days, {self.digest[:12]}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # What is worked out is worked out again; a mapping proxy cannot be pickled.
        return (Calendar, (self.name, self.first, self.last, dict(self.closed), self.proclaimed_to))

    @property
    def _extent(self) -> str:
        return f"`{self.name}` ({self.first} to {self.last})"

    def _offset(self, day: date) -> int:
        """Return how many days after `first` the day lies."""
        _refuse_times(day)
        offset = day.toordinal() - self._origin
        if not 0 <= offset < len(self._before) - 1:
            # The day itself stays out of the message: it may come from a case.
            raise CalendarRangeError(f"a day lies outside the calendar {self._extent}")
        return offset

    def _worked_out_digest(self) -> str:
        """Return the digest of the content. Names are quoted, in ASCII, so none can be taken for a line of its own."""
        lines = [f"name {self.name!a}", f"first {self.first}", f"last {self.last}", f"proclaimed_to {self.proclaimed_to}"]
        lines.extend(f"closed {day} {name!a}" for day, name in self.closed.items())
        return hashlib.sha256("\n".join(lines).encode("ascii")).hexdigest()


def _refuse_times(day: date) -> None:
    """Raise TypeError for anything but a date without a time."""
    if isinstance(day, datetime) or not isinstance(day, date):
        raise TypeError("a calendar takes dates without a time")


ENGLAND: Final = Calendar(
    name="england",
    first=date(FIRST_YEAR, 1, 1),
    last=date(LAST_YEAR, 12, 31),
    closed=dict(CLOSED_DAYS),
    proclaimed_to=date(PROCLAIMED_TO_YEAR, 12, 31),
)
"""England, from the committed table."""

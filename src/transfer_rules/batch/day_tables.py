"""What a day is moved to, looked up for many rows at once: counts of working days and months, birthdays, and the same backwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import numpy as np

from ..calendars import Calendar
from ..timescales import Birthday, Count, FactDay
from .arrays import NEVER, NO_DAY, Array, NotInColumns, day_number

# Facts lie from 1950 to 2150; counting from them may go further.
_FIRST: Final = day_number(date(1850, 1, 1))
_LAST: Final = day_number(date(2400, 12, 31))


class DayTables:
    """What a day is moved to, looked up: each table holds the answer for every day from 1850 to 2400, and is made when it is first wanted."""

    def __init__(self, calendar: Calendar):
        self._calendar = calendar
        self._tables: dict[tuple[str, int], Array] = {}
        self.proclaimed_to: Final = np.int32(day_number(calendar.proclaimed_to))
        days = np.arange(_FIRST, _LAST + 1, dtype=np.int32).astype("datetime64[D]")
        self._month: Final = days.astype("datetime64[M]")
        self._in_month: Final = (days - self._month.astype("datetime64[D]")).astype(np.int32)

    def look_up(self, what: str, amount: int, days: Array) -> Array:
        """Return what `working_days`, `months`, `birthday` or `born_by` says of each day; NO_DAY where the calendar does not reach.

        `born_by` is the last day of birth on which one has reached an age in years.

        Raises:
            NotInColumns: some day lies outside the tables.
        """
        _check_span(days)
        table = self._tables.get((what, amount))
        if table is None:
            table = self._tables[what, amount] = _MAKERS[what](self, amount)
        return table[days - _FIRST]

    def counted(self, node: Count, days: Array) -> Array:
        """Return the days that a count reaches from some days; NO_DAY where it leaves the calendar."""
        amount = -node.amount if node.back else node.amount
        match node.unit:
            case "working_days" | "months":
                return self.look_up(node.unit, amount, days)
            case "weeks":
                return days + np.int32(7 * amount)
            case "hours":
                # From a day, whole days, rounded up away from the trigger.
                whole = -(-node.amount // 24)
                return days + np.int32(-whole if node.back else whole)
            case _:
                return days + np.int32(amount)

    def last_before(self, node: FactDay | Count | Birthday, days: Array, *, or_same: bool) -> Array:
        """Return for each day the last one from which a date, counted from it, lies before that day, or (`or_same`) does not pass it."""
        if not isinstance(node, Count):
            last = days if or_same else days - np.int32(1)
            return self.look_up("born_by", node.age, last) if isinstance(node, Birthday) else last
        key = (f"{node.unit} reached", -node.amount if node.back else node.amount)
        reached = self._tables.get(key)
        if reached is None:
            span = np.arange(_FIRST, _LAST + 1, dtype=np.int32)
            reached = self.counted(node, span)
            # A count leaves the calendar at the end that its start is nearer to.
            middle = (day_number(self._calendar.first) + day_number(self._calendar.last)) / 2
            reached = self._tables[key] = np.where((reached == NO_DAY) & (span > middle), NEVER, reached)
        return (np.searchsorted(reached, days, "right" if or_same else "left") - 1 + _FIRST).astype(np.int32)

    def working_days(self, amount: int) -> Array:
        first, last = day_number(self._calendar.first), day_number(self._calendar.last)
        table = np.full(_LAST - _FIRST + 1, NO_DAY)
        span = np.arange(first, last + 1, dtype=np.int32)
        worked = np.is_busday(span.astype("datetime64[D]"), holidays=list(self._calendar.closed))
        if amount == 0:
            table[first - _FIRST : last - _FIRST + 1] = span
            return table
        before = np.concatenate(([0], np.cumsum(worked)))
        working = span[worked]
        place = before[1:] + amount - 1 if amount > 0 else before[:-1] + amount
        inside = (place >= 0) & (place < len(working))
        table[first - _FIRST : last - _FIRST + 1] = np.where(inside, working[np.clip(place, 0, len(working) - 1)], NO_DAY)
        return table

    def months(self, amount: int) -> Array:
        month = self._month + amount
        first = month.astype("datetime64[D]")
        length = ((month + 1).astype("datetime64[D]") - first).astype(np.int32)
        return first.astype(np.int32) + np.minimum(self._in_month, length - 1)

    def birthday(self, age: int) -> Array:
        # The 29th of a February that has none is the 1st of March.
        return (self._month + 12 * age).astype("datetime64[D]").astype(np.int32) + self._in_month

    def born_by(self, age: int) -> Array:
        born = (self._month - 12 * age).astype("datetime64[D]")
        length = ((self._month - 12 * age + 1).astype("datetime64[D]") - born).astype(np.int32)
        return born.astype(np.int32) + np.minimum(self._in_month, length - 1)


_MAKERS: Final[Mapping[str, Callable[[DayTables, int], Array]]] = {
    "working_days": DayTables.working_days,
    "months": DayTables.months,
    "birthday": DayTables.birthday,
    "born_by": DayTables.born_by,
}


def _check_span(days: Array) -> None:
    if np.size(days) and (np.min(days) < _FIRST or np.max(days) > _LAST):
        raise NotInColumns

"""Days and moments in London: the few conversions that every count and comparison shares. Reads no file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias

from dateutil.relativedelta import SU, relativedelta
from dateutil.tz import tzrange

# London since 1996: summer time from the last Sunday of March to the last Sunday of October, both at 01:00 UTC.
# `tzrange` wants both ends in local standard time. `zoneinfo` would read files; a test compares the two for every hour 2010-2040.
LONDON: Final = tzrange(
    "GMT",
    0,
    "BST",
    3600,
    start=relativedelta(hours=+1, day=31, month=3, weekday=SU(-1)),
    end=relativedelta(hours=+1, day=31, month=10, weekday=SU(-1)),
)

DayOrMoment: TypeAlias = date | datetime


def london_date(value: DayOrMoment) -> date:
    """Return the date that London's calendar shows at `value`; a date is returned as it is."""
    if isinstance(value, datetime):
        return value.astimezone(LONDON).date()
    return value


def end_of(value: DayOrMoment) -> datetime:
    """Return the last instant that still counts as `value`, in UTC: a date counts to the midnight that ends it in London."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    midnight = datetime(value.year, value.month, value.day, tzinfo=LONDON) + timedelta(days=1)
    return midnight.astimezone(UTC)


def add_hours(start: datetime, hours: int) -> datetime:
    """Return the moment `hours` elapsed hours after `start` (before it, if negative), shown in London time.

    Counted through UTC, so an hour is an hour on the days the clocks change.
    """
    return (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(LONDON)


def add_months(start: date, months: int) -> date:
    """Return the same day `months` later (earlier, if negative), clipped to the month's end; added once, never in steps."""
    moved: date = start + relativedelta(months=months)
    return moved


def birthday(date_of_birth: date, age: int) -> date:
    """Return the day on which `age` is reached; a birthday on 29 February falls on 1 March in a common year."""
    year = date_of_birth.year + age
    try:
        return date_of_birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)

"""Days and moments in London, and `Due`: what is known of a date. Reads no file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from dateutil.relativedelta import SU, relativedelta
from dateutil.tz import tzrange


class _London(tzrange):
    """London's rule for summer time, whose two days of a year are worked out once: that takes longer than all that is done with them."""

    def transitions(self, year: int) -> tuple[datetime, datetime]:
        return _summer_time(year)


@lru_cache(maxsize=256)
def _summer_time(year: int) -> tuple[datetime, datetime]:
    return tzrange.transitions(LONDON, year)


# London since 1996: summer time from the last Sunday of March to the last Sunday of October, both at 01:00 UTC.
# `tzrange` wants both ends in local standard time. `zoneinfo` would read files; a test compares the two for every hour 2010-2040.
LONDON: Final = _London(
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
    return value.astimezone(UTC) if isinstance(value, datetime) else _midnight_after(value)


@lru_cache(maxsize=4096)
def _midnight_after(day: date) -> datetime:
    # Kept, since London's rule for summer time takes longer to work out than all that is done with it.
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON) + timedelta(days=1)
    return midnight.astimezone(UTC)


def add_hours(start: datetime, hours: int) -> datetime:
    """Return the moment `hours` elapsed hours after `start` (before it, if negative), in UTC.

    Counted through UTC, so an hour is an hour on the days the clocks change; and kept in UTC, since two moments of the hour that October repeats
    compare equal in local time. `shown` turns it into London time.
    """
    return start.astimezone(UTC) + timedelta(hours=hours)


def shown(value: DayOrMoment) -> DayOrMoment:
    """Return a moment in London time, a date as it is."""
    return value.astimezone(LONDON) if isinstance(value, datetime) else value


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


DueKind = Literal["dated", "awaiting", "none", "at_once", "past_horizon", "open"]


@dataclass(frozen=True, slots=True)
class Due:
    """What is known of a date that a timescale gives.

    Attributes:
        kind: `dated`; `awaiting` (its trigger is recorded as not yet there); `none` (there is no date, `why` says so);
            `at_once`; `past_horizon` (a working-day count left the calendar); `open` (unknown facts leave it open).
        value: the date or moment, for `dated`.
        earliest, latest: for `open`, bounds that hold for every way of filling in; None is no bound. A `latest` promises that there will be a date,
            unless `may_drop`.
        may_drop: for `open`, a condition still unknown may mean that there is no date here at all.
        may_be_now: for `open`, it may turn out to be at once, which is earlier than every date and is itself none.
        no_later: a date that is not there yet could still come first, so `value` is "no later than".
        not_before: for `awaiting`, the known minimum.
        unproclaimed: working days were counted past the years whose bank holidays are proclaimed.
        why: for `none`, the reason in words.
    """

    kind: DueKind
    value: DayOrMoment | None = None
    earliest: DayOrMoment | None = None
    latest: DayOrMoment | None = None
    may_drop: bool = False
    may_be_now: bool = False
    no_later: bool = False
    not_before: DayOrMoment | None = None
    unproclaimed: bool = False
    why: str = ""

    @property
    def lower(self) -> DayOrMoment | None:
        """The earliest this can be, or None where nothing bounds it."""
        return self.value if self.kind == "dated" else self.earliest

    @property
    def upper(self) -> DayOrMoment | None:
        """The day by which this comes in any case, or None where it may never come."""
        if self.kind == "dated":
            return self.value
        return None if self.may_drop else self.latest

    @property
    def sure_date(self) -> DayOrMoment | None:
        """The latest date this can be, where it is certain to be a date."""
        return None if self.may_be_now else self.upper


AWAITING: Final = Due("awaiting")
AT_ONCE: Final = Due("at_once")
PAST_HORIZON: Final = Due("past_horizon")
OPEN: Final = Due("open")
NO_DATE: Final = Due("none")


def dated(value: DayOrMoment) -> Due:
    """Return the `Due` of a known date or moment."""
    return Due("dated", value)


def either(first: Due, second: Due) -> Due:
    """Return what is known when it is open which of two holds."""
    if first == second or first.kind == second.kind == "none":
        return first
    both = (first, second)
    # Without `may_drop` an open `latest` would promise a date, so it is the range "if it applies at all" that is kept here.
    upper = [due.value if due.kind == "dated" else due.latest for due in both if due.kind not in ("none", "at_once")]
    return Due(
        "open",
        # What is awaited comes no earlier than its own known minimum.
        earliest=_extreme(min, [due.not_before if due.kind == "awaiting" else due.lower for due in both if due.kind != "none"]),
        latest=_extreme(max, upper),
        may_drop=any(due.kind == "none" or due.may_drop for due in both),
        may_be_now=any(due.kind == "at_once" or due.may_be_now for due in both),
    )


def soonest(arms: Iterable[Due]) -> Due:
    """Return the earliest of several dates; order and repeats do not matter (README, "How days are counted")."""
    arms = list(arms)
    there = [arm for arm in arms if arm.kind != "none"]
    if not there:
        return _no_arm(arms)
    kinds = {arm.kind for arm in there}
    if "at_once" in kinds:
        return AT_ONCE
    uppers = [arm.upper for arm in there if arm.upper is not None]
    if "open" in kinds:
        # An awaiting arm bounds nothing from below: it may come at any time.
        return Due(
            "open",
            earliest=_extreme(min, [arm.lower for arm in there]),
            latest=_extreme(min, uppers),
            may_drop=all(arm.may_drop for arm in there),
            may_be_now=any(arm.may_be_now for arm in there),
        )
    if "dated" in kinds:
        value = min(uppers, key=_place)
        firm = [arm for arm in there if arm.value == value]
        return Due(
            "dated", value, no_later="awaiting" in kinds or any(arm.no_later for arm in there), unproclaimed=all(arm.unproclaimed for arm in firm)
        )
    if "past_horizon" in kinds:
        return PAST_HORIZON
    return Due("awaiting", not_before=_extreme(min, [arm.not_before for arm in there]))


def latest(arms: Iterable[Due]) -> Due:
    """Return the latest of several dates; order and repeats do not matter (README, "How days are counted")."""
    arms = list(arms)
    there = [arm for arm in arms if arm.kind != "none"]
    if not there:
        return _no_arm(arms)
    now = any(arm.kind == "at_once" for arm in there)
    there = [arm for arm in there if arm.kind != "at_once"]
    if not there:
        return AT_ONCE
    kinds = {arm.kind for arm in there}
    # An arm that is "no later than" may turn out earlier, so it is no minimum.
    sure = [arm.not_before if arm.kind == "awaiting" else arm.lower for arm in there if not arm.may_drop and not arm.no_later]
    minimum = max((value for value in sure if value is not None), key=_place, default=None)
    if "open" in kinds:
        uppers = [arm.value if arm.kind == "dated" else arm.latest for arm in there]
        may_drop = all(arm.may_drop for arm in there)
        may_be_now = all(arm.may_drop or arm.may_be_now for arm in there) and (now or any(arm.may_be_now for arm in there))
        return Due("open", earliest=minimum, latest=_extreme(max, uppers), may_drop=may_drop and not now, may_be_now=may_be_now)
    if "awaiting" in kinds:
        return Due("awaiting", not_before=minimum)
    if "past_horizon" in kinds:
        return PAST_HORIZON
    value = max((arm.value for arm in there if arm.value is not None), key=_place)
    last = [arm for arm in there if arm.value == value]
    return Due("dated", value, no_later=all(arm.no_later for arm in last), unproclaimed=any(arm.unproclaimed for arm in last))


def _place(value: DayOrMoment) -> tuple[datetime, bool]:
    # A moment that falls on the midnight ending a day sorts after that day, so that ties never depend on order.
    return (end_of(value), isinstance(value, datetime))


def _extreme(choose: Callable[..., DayOrMoment], values: Iterable[DayOrMoment | None]) -> DayOrMoment | None:
    """Return the least or greatest value; None where there is none, or where one of them is unbounded."""
    values = list(values)
    if not values or None in values:
        return None
    return choose(values, key=_place)


def _no_arm(arms: list[Due]) -> Due:
    reasons = sorted({arm.why for arm in arms if arm.why})
    return Due("none", why="; ".join(reasons))

"""Days and moments in London: clock changes, ends of days, months, birthdays; and what is known of a date, alone and in lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from transfer_rules.dates import (
    AT_ONCE,
    AWAITING,
    LONDON,
    NO_DATE,
    OPEN,
    PAST_HORIZON,
    DayOrMoment,
    Due,
    add_hours,
    add_months,
    birthday,
    dated,
    either,
    end_of,
    latest,
    london_date,
    shown,
    soonest,
)

JUDGE = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


def days(first_year: int, last_year: int) -> Iterator[date]:
    return (date.fromordinal(n) for n in range(date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal() + 1))


def clock_changes() -> list[date]:
    """Return the last Sundays of March and October, 2010 to 2040, found by looking at each day of those weeks."""
    return [day for day in days(2010, 2040) if day.month in (3, 10) and day.day >= 25 and day.isoweekday() == 7]


def hours_of(day: date) -> list[datetime]:
    """Return every half-hour, in UTC, from the midnight that begins the day to the one that ends it."""
    return [datetime(day.year, day.month, day.day, tzinfo=UTC) + half * HOUR / 2 for half in range(49)]


def london(year: int, month: int, day: int, hour: int, minute: int, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, fold=fold, tzinfo=JUDGE)


# --- London ---


def test_there_are_two_clock_changes_a_year() -> None:
    assert len(clock_changes()) == 2 * 31


@pytest.mark.parametrize("day", clock_changes())
def test_every_half_hour_of_a_clock_change_is_shown_as_zoneinfo_shows_it(day: date) -> None:
    for moment in hours_of(day):
        ours, theirs = moment.astimezone(LONDON), moment.astimezone(JUDGE)
        assert ours.isoformat() == theirs.isoformat()
        assert (ours.fold, ours.tzname()) == (theirs.fold, theirs.tzname())


@pytest.mark.parametrize("day", clock_changes())
def test_every_half_hour_of_a_clock_change_comes_back_to_the_same_moment(day: date) -> None:
    for moment in hours_of(day):
        assert moment.astimezone(LONDON).astimezone(UTC) == moment


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_every_day_is_shown_as_zoneinfo_shows_it(hour: int) -> None:
    for day in days(2010, 2040):
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        assert moment.astimezone(LONDON).isoformat() == moment.astimezone(JUDGE).isoformat()


def test_every_local_midnight_and_noon_is_the_moment_that_zoneinfo_says() -> None:
    for day in days(2010, 2040):
        for hour in (0, 12):
            ours, theirs = (datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC) for zone in (LONDON, JUDGE))
            assert ours == theirs


# --- london_date ---


def test_a_date_is_its_own_london_date() -> None:
    assert london_date(date(2026, 6, 30)) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=5))), date(2026, 6, 30)),
    ],
)
def test_a_moment_has_the_date_that_london_shows(moment: datetime, day: date) -> None:
    assert london_date(moment) == day
    assert type(london_date(moment)) is date


# --- end_of ---


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 16, 0, tzinfo=UTC)),
        (date(2026, 7, 15), datetime(2026, 7, 15, 23, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 29, 0, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 23, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 26, 0, tzinfo=UTC)),
    ],
)
def test_a_date_ends_at_the_next_midnight_in_london(day: date, end: datetime) -> None:
    assert end_of(day) == end
    assert end_of(day).tzinfo is UTC


def test_every_date_ends_at_the_next_midnight_that_zoneinfo_shows() -> None:
    for day in days(2010, 2040):
        after = day + timedelta(days=1)
        assert end_of(day) == datetime(after.year, after.month, after.day, tzinfo=JUDGE).astimezone(UTC)


def test_a_moment_ends_at_itself() -> None:
    moment = london(2026, 7, 15, 9, 30)
    assert end_of(moment) == moment
    assert end_of(moment).tzinfo is UTC


def test_the_two_half_past_ones_of_october_end_an_hour_apart() -> None:
    first, second = (datetime(2026, 10, 25, 1, 30, fold=fold, tzinfo=LONDON) for fold in (0, 1))
    assert end_of(second) - end_of(first) == HOUR


# --- add_hours ---


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (london(2026, 7, 15, 9, 30), 24, "2026-07-16T09:30:00+01:00"),
        (london(2026, 3, 28, 9, 30), 24, "2026-03-29T10:30:00+01:00"),
        (london(2026, 10, 24, 9, 30), 24, "2026-10-25T08:30:00+00:00"),
        (london(2026, 3, 29, 0, 30), 1, "2026-03-29T02:30:00+01:00"),
        (london(2026, 10, 25, 0, 30), 1, "2026-10-25T01:30:00+01:00"),
        (london(2026, 10, 25, 0, 30), 2, "2026-10-25T01:30:00+00:00"),
        (london(2026, 10, 25, 1, 30, fold=1), -1, "2026-10-25T01:30:00+01:00"),
        (london(2026, 3, 29, 10, 30), -24, "2026-03-28T09:30:00+00:00"),
        (datetime(2026, 7, 15, 9, 30, tzinfo=UTC), 0, "2026-07-15T10:30:00+01:00"),
    ],
)
def test_hours_are_elapsed_time_shown_in_london(start: datetime, hours: int, end: str) -> None:
    assert shown(add_hours(start, hours)).isoformat() == end


def test_hours_are_kept_in_utc_since_the_hour_that_october_repeats_has_two_of_each_clock_time() -> None:
    once, again = (add_hours(london(2026, 10, 25, 0, 30), hours) for hours in (1, 2))
    assert (once.tzinfo, again - once) == (UTC, HOUR)
    assert shown(once).isoformat()[:16] == shown(again).isoformat()[:16]


def test_a_date_is_shown_as_it_is() -> None:
    assert shown(date(2026, 4, 2)) == date(2026, 4, 2)


@pytest.mark.parametrize("day", clock_changes())
def test_hours_over_a_clock_change_add_up(day: date) -> None:
    start = hours_of(day)[0]
    for hours in range(-48, 49):
        assert add_hours(start, hours).astimezone(UTC) == start + hours * HOUR


# --- add_months ---


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_months_are_added_once_and_not_in_steps() -> None:
    assert add_months(date(2026, 1, 31), 2) == date(2026, 3, 31)
    assert add_months(add_months(date(2026, 1, 31), 1), 1) == date(2026, 3, 28)


# --- birthday ---


@pytest.mark.parametrize(
    ("born", "age", "reached"),
    [
        (date(2010, 5, 17), 16, date(2026, 5, 17)),
        (date(2008, 2, 29), 18, date(2026, 3, 1)),
        (date(2008, 2, 29), 16, date(2024, 2, 29)),
        (date(2008, 2, 28), 18, date(2026, 2, 28)),
        (date(2008, 3, 1), 18, date(2026, 3, 1)),
        (date(2010, 5, 17), 0, date(2010, 5, 17)),
    ],
)
def test_an_age_is_reached_on_the_birthday(born: date, age: int, reached: date) -> None:
    assert birthday(born, age) == reached


# --- what is known of a date ---

ONE, TWO, THREE = date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3)
RANGE = Due("open", earliest=ONE, latest=THREE)
MAYBE = Due("open", earliest=ONE, latest=THREE, may_drop=True)
PERHAPS_NOW = Due("open", latest=TWO, may_be_now=True)
BARRED = Due("awaiting", not_before=TWO)


def test_a_date_bounds_itself() -> None:
    assert (dated(TWO).lower, dated(TWO).upper) == (TWO, TWO)


def test_an_open_date_has_the_bounds_given() -> None:
    assert (RANGE.lower, RANGE.upper) == (ONE, THREE)


def test_a_date_that_may_drop_out_has_no_last_day() -> None:
    assert (MAYBE.lower, MAYBE.upper) == (ONE, None)


def test_what_may_be_at_once_comes_by_its_last_day_and_is_no_certain_date() -> None:
    assert (PERHAPS_NOW.upper, PERHAPS_NOW.sure_date) == (TWO, None)
    assert (RANGE.upper, RANGE.sure_date) == (THREE, THREE)


def test_either_of_two_that_agree_is_that_one() -> None:
    assert either(dated(TWO), dated(TWO)) == dated(TWO)


def test_either_of_two_that_have_no_date_has_none_whatever_the_reasons() -> None:
    assert either(Due("none", why="a"), Due("none", why="b")).kind == "none"


@pytest.mark.parametrize(
    ("first", "second", "known"),
    [
        (dated(ONE), dated(THREE), RANGE),
        (dated(ONE), NO_DATE, Due("open", earliest=ONE, latest=ONE, may_drop=True)),
        (dated(ONE), AWAITING, OPEN),
        (dated(THREE), Due("awaiting", not_before=TWO), Due("open", earliest=TWO)),
        (RANGE, dated(TWO), RANGE),
        (MAYBE, dated(TWO), MAYBE),
        (AT_ONCE, dated(TWO), PERHAPS_NOW),
        (AT_ONCE, NO_DATE, Due("open", may_drop=True, may_be_now=True)),
        (PERHAPS_NOW, dated(ONE), PERHAPS_NOW),
    ],
)
def test_either_of_two_lies_between_them(first: Due, second: Due, known: Due) -> None:
    assert either(first, second) == known
    assert either(second, first) == known


@pytest.mark.parametrize(
    ("arms", "known"),
    [
        ([dated(TWO), dated(ONE)], dated(ONE)),
        ([dated(TWO), AT_ONCE], AT_ONCE),
        ([dated(TWO), NO_DATE], dated(TWO)),
        ([dated(TWO), AWAITING], Due("dated", TWO, no_later=True)),
        ([dated(TWO), Due("dated", THREE, no_later=True)], Due("dated", TWO, no_later=True)),
        ([dated(TWO), PAST_HORIZON], dated(TWO)),
        ([AWAITING, PAST_HORIZON], PAST_HORIZON),
        ([AWAITING, AWAITING], AWAITING),
        ([BARRED, Due("awaiting", not_before=ONE)], Due("awaiting", not_before=ONE)),
        ([BARRED, AWAITING], AWAITING),
        ([dated(TWO), RANGE], Due("open", earliest=ONE, latest=TWO)),
        ([dated(TWO), MAYBE], Due("open", earliest=ONE, latest=TWO)),
        ([MAYBE, NO_DATE], Due("open", earliest=ONE, may_drop=True)),
        ([dated(TWO), OPEN, AWAITING], Due("open", latest=TWO)),
        ([dated(THREE), PERHAPS_NOW], PERHAPS_NOW),
    ],
)
def test_the_soonest_of(arms: list[Due], known: Due) -> None:
    assert soonest(arms) == known


@pytest.mark.parametrize(
    ("arms", "known"),
    [
        ([dated(TWO), dated(ONE)], dated(TWO)),
        ([dated(TWO), AT_ONCE], dated(TWO)),
        ([AT_ONCE, AT_ONCE], AT_ONCE),
        ([dated(TWO), NO_DATE], dated(TWO)),
        ([dated(TWO), AWAITING], BARRED),
        ([dated(ONE), BARRED], BARRED),
        ([dated(TWO), PAST_HORIZON], PAST_HORIZON),
        ([AWAITING, PAST_HORIZON], AWAITING),
        ([dated(TWO), RANGE], Due("open", earliest=TWO, latest=THREE)),
        ([dated(TWO), MAYBE], Due("open", earliest=TWO, latest=THREE)),
        ([dated(TWO), OPEN], Due("open", earliest=TWO)),
        ([dated(TWO), Due("dated", THREE, no_later=True)], Due("dated", THREE, no_later=True)),
        ([Due("dated", TWO, no_later=True), dated(THREE)], dated(THREE)),
        ([Due("dated", TWO, no_later=True), AWAITING], AWAITING),
        ([dated(TWO), PERHAPS_NOW], Due("open", earliest=TWO, latest=TWO)),
        ([AT_ONCE, PERHAPS_NOW], PERHAPS_NOW),
        ([AT_ONCE, MAYBE], Due("open", latest=THREE, may_be_now=True)),
        ([MAYBE], Due("open", latest=THREE, may_drop=True)),
        ([dated(TWO), Due("dated", TWO, no_later=True)], dated(TWO)),
    ],
)
def test_the_latest_of(arms: list[Due], known: Due) -> None:
    assert latest(arms) == known


@pytest.mark.parametrize("choose", [soonest, latest])
def test_a_list_of_no_dates_keeps_every_reason(choose: Callable[[list[Due]], Due]) -> None:
    arms = [Due("none", why="b"), Due("none", why="a"), NO_DATE, Due("none", why="b")]
    assert choose(arms) == Due("none", why="a; b")


def test_the_soonest_is_unproclaimed_only_where_nothing_proclaimed_gives_the_same_day() -> None:
    later, same = replace(dated(THREE), unproclaimed=True), replace(dated(TWO), unproclaimed=True)
    assert not soonest([dated(TWO), later]).unproclaimed
    assert not soonest([dated(TWO), same]).unproclaimed
    assert soonest([same, dated(THREE)]).unproclaimed


def test_the_latest_is_unproclaimed_where_the_last_day_is() -> None:
    later, same, sooner = (replace(dated(day), unproclaimed=True) for day in (THREE, TWO, ONE))
    assert latest([dated(TWO), same]).unproclaimed
    assert latest([dated(TWO), later]).unproclaimed
    assert not latest([dated(TWO), sooner]).unproclaimed


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        (datetime(2026, 5, 1, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 5, 1, 23, 0, tzinfo=UTC), False),  # the midnight that ends the date: the date comes first
        (datetime(2026, 5, 1, 23, 1, tzinfo=UTC), False),
    ],
)
def test_in_one_list_a_date_compares_as_the_end_of_its_day(moment: datetime, first: bool) -> None:
    day, time = dated(ONE), dated(moment)
    for arms in ([day, time], [time, day]):
        assert soonest(arms) == (time if first else day)
        assert latest(arms) == (day if first else time)


POOL = (
    NO_DATE,
    AT_ONCE,
    AWAITING,
    BARRED,
    PAST_HORIZON,
    dated(ONE),
    dated(TWO),
    dated(THREE),
    *(Due("open", earliest=low, latest=high, may_drop=drop) for low in (None, ONE, TWO) for high in (None, TWO, THREE) for drop in (False, True)),
    *(Due("open", latest=high, may_drop=drop, may_be_now=True) for high in (None, TWO, THREE) for drop in (False, True)),
)


def fillings(due: Due) -> list[Due]:
    """Return what an open date can turn out to be; anything else is itself."""
    if due.kind != "open":
        return [due]
    found = [dated(day) for day in (ONE, TWO, THREE) if (due.earliest or ONE) <= day <= (due.latest or THREE)]
    found += [AWAITING, PAST_HORIZON] if due.latest is None else []
    found += [AT_ONCE] if due.may_be_now else []
    found += [NO_DATE] if due.may_drop else []
    return found


def allows(known: Due, answer: Due) -> bool:
    """Tell whether what is `known` leaves room for `answer`."""
    if known.kind != "open":
        return known == answer

    def inside(value: DayOrMoment | None) -> bool:
        assert value is not None
        return (known.earliest is None or end_of(known.earliest) <= end_of(value)) and (known.latest is None or end_of(value) <= end_of(known.latest))

    match answer.kind:
        case "dated":
            return inside(answer.value)
        case "none":
            return known.may_drop
        case "at_once":
            return known.may_be_now
        case _:
            return known.latest is None


class TestLists:
    """Laws of lists: order and repeats mean nothing; and whatever the open dates turn out to be, the answer lies within what
    was said to be known before."""

    @pytest.mark.parametrize("choose", [soonest, latest])
    def test_order_and_repeats_mean_nothing(self, choose: Callable[[list[Due]], Due]) -> None:
        for first, second in product(POOL, repeat=2):
            assert choose([first, second]) == choose([second, first]) == choose([first, second, first])

    @pytest.mark.parametrize("choose", [soonest, latest])
    def test_the_answer_lies_within_what_was_known(self, choose: Callable[[list[Due]], Due]) -> None:
        for first, second in product(POOL, repeat=2):
            known = choose([first, second])
            for arms in product(fillings(first), fillings(second)):
                assert allows(known, choose(list(arms))), (first, second, arms)

    def test_either_allows_both(self) -> None:
        for first, second in product(POOL, repeat=2):
            known = either(first, second)
            for answer in (*fillings(first), *fillings(second)):
                assert allows(known, answer), (first, second, answer)

"""Counting working days in England, against a loop that shares nothing with the calendar, and against numpy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from dateutil.easter import easter

from transfer_rules.calendars import ENGLAND

DAY = timedelta(days=1)
STARTS = [date.fromordinal(n) for n in range(date(2012, 1, 1).toordinal(), date(2035, 12, 31).toordinal() + 1)]
FEWEST, MOST = -60, 260

# Bank holidays that no rule gives, and the Mondays from which three of them were moved.
ONE_OFFS = {date(2011, 4, 29), date(2012, 6, 5), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
MOVED = {date(2012, 5, 28): date(2012, 6, 4), date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}


def monday_on_or_after(day: date) -> date:
    return day + DAY * (-day.weekday() % 7)


def bank_holidays(year: int) -> set[date]:
    """Return England's bank holidays of a year from the rules in force, each on the weekday on which it is kept."""
    regular = {
        easter(year) - 2 * DAY,
        easter(year) + DAY,
        monday_on_or_after(date(year, 5, 1)),
        monday_on_or_after(date(year, 5, 25)),
        monday_on_or_after(date(year, 8, 25)),
    }
    kept = {MOVED.get(day, day) for day in regular} | {day for day in ONE_OFFS if day.year == year}
    # New Year's Day, Christmas Day and Boxing Day move to the next weekday that is not itself kept.
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    kept.update(day for day in fixed if day.weekday() < 5)
    for day in (day for day in fixed if day.weekday() >= 5):
        while day.weekday() >= 5 or day in kept:
            day += DAY
        kept.add(day)
    return kept


CLOSED = frozenset(day for year in range(2010, 2041) for day in bank_holidays(year))


def steps(start: date, step: timedelta) -> Iterator[date]:
    """Walk from the day beside `start`, one day at a time, and give each working day met."""
    day = start
    while True:
        day += step
        if day.isoweekday() <= 5 and day not in CLOSED:
            yield day


def test_the_rules_in_force_give_the_committed_table() -> None:
    assert {day for day in ENGLAND.closed if day.weekday() < 5} == CLOSED


class TestLoop:
    """Law: for every start from 2012 to 2035 and every count from -60 to 260, the calendar ends on the day that is reached
    by walking one day at a time and counting the working days met; the start itself is never counted."""

    def test_counting_after(self) -> None:
        for start in STARTS:
            for count, expected in zip(range(1, MOST + 1), steps(start, DAY), strict=False):
                assert ENGLAND.add_working_days(start, count) == expected

    def test_counting_before(self) -> None:
        for start in STARTS:
            for count, expected in zip(range(1, -FEWEST + 1), steps(start, -DAY), strict=False):
                assert ENGLAND.add_working_days(start, -count) == expected

    def test_counting_nothing(self) -> None:
        assert [ENGLAND.add_working_days(start, 0) for start in STARTS] == STARTS


class TestDirection:
    """Law: a later trigger never gives an earlier date; a count other than 0 ends on a working day; and the days between the
    trigger and that date are the days that were counted."""

    @pytest.mark.parametrize("count", [-60, -20, -1, 1, 5, 10, 45, 260])
    def test_a_later_trigger_never_gives_an_earlier_date(self, count: int) -> None:
        ends = [ENGLAND.add_working_days(start, count) for start in STARTS]
        assert ends == sorted(ends)

    @pytest.mark.parametrize("count", [-60, -20, -1, 1, 5, 10, 45, 260])
    def test_the_count_can_be_read_back(self, count: int) -> None:
        for start in STARTS:
            end = ENGLAND.add_working_days(start, count)
            assert ENGLAND.is_working_day(end)
            assert ENGLAND.working_days_between(start, end) == count

    @pytest.mark.parametrize("count", [-20, -1, 1, 10, 45])
    def test_every_weekday_passed_over_is_counted_or_named(self, count: int) -> None:
        for start in STARTS:
            end = ENGLAND.add_working_days(start, count)
            low, high = (start + DAY, end) if count > 0 else (end, start - DAY)
            weekdays = sum((low + DAY * n).weekday() < 5 for n in range((high - low).days + 1))
            assert weekdays == abs(count) + len(ENGLAND.closed_between(start, end))


class TestNumpy:
    """Law: numpy agrees. `roll="backward"` puts a start on a closed day at the working day before it, which is day 0; counting
    back it is `roll="forward"`. The other way round numpy is a day late."""

    @pytest.mark.parametrize("count", [*range(1, 61), *range(65, MOST + 1, 5)])
    def test_counting_after(self, count: int) -> None:
        self.compare(count, "backward")

    @pytest.mark.parametrize("count", range(FEWEST, 0))
    def test_counting_before(self, count: int) -> None:
        self.compare(count, "forward")

    def test_rolling_forward_is_a_day_late(self) -> None:
        numpy = pytest.importorskip("numpy")
        late = numpy.busday_offset("2026-04-04", 1, roll="forward", holidays=sorted(CLOSED))
        assert late == numpy.datetime64(ENGLAND.add_working_days(date(2026, 4, 4), 2))

    @staticmethod
    def compare(count: int, roll: str) -> None:
        numpy = pytest.importorskip("numpy")
        theirs = numpy.busday_offset(STARTS, count, roll=roll, holidays=sorted(CLOSED))
        ours = numpy.array([ENGLAND.add_working_days(start, count) for start in STARTS], dtype="datetime64[D]")
        assert (ours == theirs).all()

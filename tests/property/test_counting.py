"""Counting days, working days, weeks and months in England, against loops that share nothing with the library, and against numpy."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

import pytest
from dateutil.easter import easter

from transfer_rules.calendars import ENGLAND
from transfer_rules.case import BoundCase
from transfer_rules.conditions import Within
from transfer_rules.dates import Due
from transfer_rules.timescales import Count, FactDay, Unit

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


def is_working(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in CLOSED


def working_days(start: date, step: timedelta) -> Iterator[int]:
    """Walk from the day beside `start`, one day at a time, and give each working day met."""
    day = start
    while True:
        day += step
        if is_working(day):
            yield day.toordinal()


CLOSED = frozenset(day for year in range(2010, 2041) for day in bank_holidays(year))


@pytest.fixture(scope="module")
def ends() -> list[array[int]]:
    """Return for each start where every count from -60 to 260 ends, in order of count; days as ordinals, which take a tenth of the room."""
    counts = range(FEWEST, MOST + 1)
    return [array("i", [ENGLAND.add_working_days(start, count).toordinal() for count in counts]) for start in STARTS]


def test_the_rules_in_force_give_the_committed_table() -> None:
    assert {day for day in ENGLAND.closed if day.weekday() < 5} == CLOSED


class TestLoop:
    """Law: for every start from 2012 to 2035 and every count from -60 to 260, the calendar ends on the day that is reached
    by walking one day at a time and counting the working days met; the start itself is never counted."""

    def test_counting_after(self, ends: list[array[int]]) -> None:
        # Walked backwards from the last start: each day walked is put in front of the working days that lie ahead.
        ahead = deque(islice(working_days(STARTS[-1], DAY), MOST), maxlen=MOST)
        for start, found in zip(reversed(STARTS), reversed(ends), strict=True):
            assert found[1 - FEWEST :].tolist() == [*ahead], start
            if is_working(start):
                ahead.appendleft(start.toordinal())

    def test_counting_before(self, ends: list[array[int]]) -> None:
        behind = deque(islice(working_days(STARTS[0], -DAY), -FEWEST), maxlen=-FEWEST)
        for start, found in zip(STARTS, ends, strict=True):
            assert found[-FEWEST - 1 :: -1].tolist() == [*behind], start
            if is_working(start):
                behind.appendleft(start.toordinal())

    def test_counting_nothing(self, ends: list[array[int]]) -> None:
        assert [date.fromordinal(found[-FEWEST]) for found in ends] == STARTS


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


@pytest.fixture(scope="module")
def numpy() -> Any:
    return pytest.importorskip("numpy")


@pytest.fixture(scope="module")
def starts(numpy: Any) -> Any:
    """Return every start, as numpy holds days."""
    return numpy.array(STARTS, dtype="datetime64[D]")


@pytest.fixture(scope="module")
def week(numpy: Any) -> Any:
    """Return the working week and the closed days, as numpy holds them."""
    return numpy.busdaycalendar("1111100", numpy.array(sorted(CLOSED), dtype="datetime64[D]"))


@pytest.fixture(scope="module")
def ours(numpy: Any, ends: list[array[int]]) -> Any:
    """Return where every count ends: a row for each start, a column for each count."""
    days = numpy.array([numpy.frombuffer(found, dtype=f"i{found.itemsize}") for found in ends])
    return (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]")


class TestNumpy:
    """Law: numpy agrees for every start and every count. `roll="backward"` puts a start on a closed day at the working day before it, which is
    day 0; counting back it is `roll="forward"`. The other way round numpy is a day late. A count of 0 is the one place where the two part: numpy
    moves a start off a closed day (or refuses it), and we leave every start as it is."""

    def test_counting_after(self, numpy: Any, starts: Any, week: Any, ours: Any) -> None:
        assert (ours[:, 1 - FEWEST :] == numpy.busday_offset(starts[:, None], numpy.arange(1, MOST + 1), roll="backward", busdaycal=week)).all()

    def test_counting_before(self, numpy: Any, starts: Any, week: Any, ours: Any) -> None:
        assert (ours[:, :-FEWEST] == numpy.busday_offset(starts[:, None], numpy.arange(FEWEST, 0), roll="forward", busdaycal=week)).all()

    @pytest.mark.parametrize("roll", ["backward", "forward"])
    def test_counting_nothing_agrees_on_working_days_alone(self, numpy: Any, starts: Any, week: Any, ours: Any, roll: str) -> None:
        theirs, working = numpy.busday_offset(starts, 0, roll=roll, busdaycal=week), numpy.is_busday(starts, busdaycal=week)
        assert (ours[:, -FEWEST] == starts).all()
        assert ((theirs == starts) == working).all()

    def test_counting_nothing_from_a_closed_day_is_refused_by_numpy(self, numpy: Any, week: Any) -> None:
        with pytest.raises(ValueError, match="Non-business day date"):
            numpy.busday_offset("2026-04-04", 0, busdaycal=week)

    def test_the_working_days_are_the_same(self, numpy: Any, starts: Any, week: Any) -> None:
        assert [ENGLAND.is_working_day(start) for start in STARTS] == numpy.is_busday(starts, busdaycal=week).tolist()

    def test_rolling_the_other_way_is_a_day_late_from_every_closed_day(self, numpy: Any, starts: Any, week: Any, ours: Any) -> None:
        late, working = numpy.busday_offset(starts, 1, roll="forward", busdaycal=week), numpy.is_busday(starts, busdaycal=week)
        assert (late == numpy.where(working, ours[:, 1 - FEWEST], ours[:, 2 - FEWEST])).all()
        assert not (late == ours[:, 1 - FEWEST])[~working].any()


# --- counts as a pack writes them


def case(start: date, **more: date) -> BoundCase:
    """Return a case in which an event, `start_on`, lies on the day a count begins."""
    return BoundCase(as_of=start, today=start, facts={"start_on": start, **more}, decisions={}, calendar=ENGLAND)


def counted(amount: int, unit: Unit) -> list[Due]:
    """Return where a count of so many, `before:` the start where it is negative, ends for every start."""
    node = Count(abs(amount), unit, FactDay("start_on"), back=amount < 0)
    return [node.due(case(start)) for start in STARTS]


def month_end(year: int, month: int) -> int:
    """Return how many days a month has, found as the day before the next begins."""
    return (date(year + month // 12, month % 12 + 1, 1) - DAY).day


def months_on(start: date, months: int) -> date:
    """Return the same day so many months on, by turning the leaves of a calendar one by one; clipped to the month's end when it is reached."""
    year, month = start.year, start.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        elif month == 0:
            year, month = year - 1, 12
    return date(year, month, min(start.day, month_end(year, month)))


class TestWrittenCounts:
    """Law: for every start from 2012 to 2035, what a timescale of a pack gives is what a reckoning of its own gives: a count of working days is
    the calendar's, unproclaimed where it begins or ends after 2028; days are days, closed or not; weeks are seven days each; months keep the day of
    the month or end with it."""

    @pytest.mark.parametrize("amount", [-60, -10, -1, 0, 1, 10, 45, 260])
    def test_working_days(self, amount: int) -> None:
        ends = [ENGLAND.add_working_days(start, amount) for start in STARTS]
        expected = [Due("dated", end, unproclaimed=max(start, end).year > 2028) for start, end in zip(STARTS, ends, strict=True)]
        assert counted(amount, "working_days") == expected

    @pytest.mark.parametrize("amount", [-366, -7, -1, 0, 1, 2, 5, 28, 90, 365])
    def test_days(self, amount: int) -> None:
        assert counted(amount, "days") == [Due("dated", date.fromordinal(start.toordinal() + amount)) for start in STARTS]

    @pytest.mark.parametrize("amount", [-52, -6, -1, 0, *range(1, 13), 26, 52])
    def test_weeks(self, amount: int) -> None:
        found = [due.value for due in counted(amount, "weeks")]
        assert found == [date.fromordinal(start.toordinal() + 7 * amount) for start in STARTS]
        assert [day.weekday() for day in found if day is not None] == [start.weekday() for start in STARTS]

    @pytest.mark.parametrize("amount", [*range(-12, 13), 18, 24, 60])
    def test_months(self, amount: int) -> None:
        found = [due.value for due in counted(amount, "months")]
        assert found == [months_on(start, amount) for start in STARTS]
        assert found == sorted(found, key=str)

    def test_months_are_clipped_on_the_last_days_of_long_months_alone(self) -> None:
        clipped = {(start.month, start.day) for start in STARTS if months_on(start, 1).day != start.day}
        assert clipped == {(1, 29), (1, 30), (1, 31), (3, 31), (5, 31), (8, 31), (10, 31)}
        assert counted(1, "months")[STARTS.index(date(2028, 1, 29))].value == date(2028, 2, 29)

    @pytest.mark.parametrize("months", range(1, 13))
    def test_the_last_day_of_months_after_an_event_is_inside_and_the_next_is_not(self, months: int) -> None:
        start_on, again_on = FactDay("start_on"), FactDay("again_on")
        within = Within(again_on, start_on, Count(months, "months", start_on))
        for start in STARTS:
            last = months_on(start, months)
            assert [within.truth(case(start, again_on=day)) for day in (last, last + DAY)] == [True, False], start

    def test_an_event_is_inside_the_months_after_itself_and_the_day_before_is_not(self) -> None:
        start_on, again_on = FactDay("start_on"), FactDay("again_on")
        within = Within(again_on, start_on, Count(6, "months", start_on))
        for start in STARTS:
            assert [within.truth(case(start, again_on=day)) for day in (start - DAY, start)] == [False, True], start

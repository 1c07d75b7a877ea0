"""Hours over the clock changes of every year from 2012 to 2035, against a reckoning in seconds since 1970 that shares nothing with the library."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import cast

import pytest

from transfer_rules.calendars import ENGLAND
from transfer_rules.case import BoundCase
from transfer_rules.dates import LONDON, Due, end_of, london_date, shown
from transfer_rules.timescales import Count, FactDay
from transfer_rules.vocabulary import CaseSnapshot

YEARS = range(2012, 2036)
TODAY = date(2026, 4, 1)
EPOCH = datetime(1970, 1, 1)
HOUR, DAY = 3600, 86400
AHEAD = (*range(7), 12, 18, 22, 23, 24, 25, 26, 47, 48, 49, 72, 168)
COUNTS = (*(-hours for hours in reversed(AHEAD[1:])), *AHEAD)
INDIA, NEWFOUNDLAND = timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=3, minutes=30))


# --- London in seconds


def day_number(year: int, month: int, day: int) -> int:
    """Return the days since 1 January 1970, which was a Thursday."""
    return date(year, month, day).toordinal() - date(1970, 1, 1).toordinal()


@cache
def change(year: int, month: int) -> int:
    """Return the second at which the clocks change: 01:00 UTC on the last Sunday of March or October."""
    last = day_number(year, month, 31)
    return (last - (last + 4) % 7) * DAY + HOUR


def offset(second: int) -> int:
    """Return by how many seconds London's clocks are ahead."""
    year = (EPOCH + timedelta(seconds=second)).year
    return HOUR if change(year, 3) <= second < change(year, 10) else 0


def clock(second: int) -> datetime:
    """Return what the clock on the wall shows in London."""
    return EPOCH + timedelta(seconds=second + offset(second))


def begins(day: int) -> int:
    """Return the second at which a day, given by its number, begins in London."""
    [second] = [day * DAY - ahead for ahead in (0, HOUR) if offset(day * DAY - ahead) == ahead]
    return second


def moment(second: int, zone: tzinfo = UTC) -> datetime:
    return datetime.fromtimestamp(second, zone)


def seconds(value: datetime) -> int:
    """Return the seconds since 1970 of a moment that lies on a whole one."""
    days = value.toordinal() - EPOCH.toordinal()
    return days * DAY + value.hour * HOUR + value.minute * 60 + value.second - round(cast("timedelta", value.utcoffset()).total_seconds())


CHANGES = [change(year, month) // DAY for year in YEARS for month in (3, 10)]
"""The numbers of the days on which the clocks change."""


def name(day: int) -> str:
    return str(clock(day * DAY).date())


# --- the laws


def counted(start: datetime | date, hours: int) -> Due:
    """Return where so many hours, `before:` the start where they are negative, end."""
    case = BoundCase(as_of=TODAY, today=TODAY, facts={"seen_at": start}, decisions={}, calendar=ENGLAND)
    return Count(abs(hours), "hours", FactDay("seen_at"), back=hours < 0).due(case)


def ended(start: datetime, hours: int) -> datetime:
    due = counted(start, hours)
    assert isinstance(due.value, datetime)
    assert due == Due("dated", due.value)
    return due.value


def test_the_clocks_change_twice_a_year() -> None:
    assert len(CHANGES) == 48
    assert {clock(day * DAY).strftime("%a %b") for day in CHANGES} == {"Sun Mar", "Sun Oct"}
    assert min(clock(day * DAY).day for day in CHANGES) == 25


@pytest.mark.parametrize("day", CHANGES, ids=name)
class TestClockChanges:
    """Law: from every hour of a day on which the clocks change, a count of hours ends after exactly so many times 3600 seconds; and what is shown is
    what the clock on the wall in London then shows."""

    def test_every_hour_counts_as_elapsed_time_and_is_shown_in_london_time(self, day: int) -> None:
        for start in range(begins(day), begins(day + 1), HOUR):
            for hours in COUNTS:
                end = ended(moment(start, LONDON), hours)
                expected = start + hours * HOUR
                seen = cast("datetime", shown(end))
                assert seconds(end) == seconds(seen) == expected, (start, hours)
                assert seen.replace(tzinfo=None, fold=0) == clock(expected), (start, hours)
                assert london_date(end) == clock(expected).date(), (start, hours)

    def test_the_zone_in_which_a_moment_is_given_changes_nothing(self, day: int) -> None:
        for start in range(begins(day), begins(day + 1), HOUR):
            for hours in (-48, -24, -1, 0, 1, 24, 48):
                ends = [ended(moment(start, zone), hours) for zone in (UTC, LONDON, INDIA, NEWFOUNDLAND)]
                assert {seconds(end) for end in ends} == {start + hours * HOUR}
                assert len({str(shown(end)) for end in ends}) == 1

    def test_forty_eight_hours_end_an_hour_off_on_the_clock_and_no_second_off_in_time(self, day: int) -> None:
        later = timedelta(hours=-1 if offset(begins(day)) else 1)
        for start in range(begins(day - 1), begins(day), HOUR):
            seen = cast("datetime", shown(ended(moment(start, LONDON), 48)))
            assert seen.replace(tzinfo=None) == clock(start) + timedelta(hours=48) + later, start
            assert seconds(seen) - start == 48 * HOUR, start

    def test_the_clock_shows_every_hour_but_the_missing_one_and_the_repeated_one_twice(self, day: int) -> None:
        spring = not offset(begins(day))
        midnight = moment(begins(day), LONDON)
        faces = [cast("datetime", shown(ended(midnight, hours))) for hours in range(23 if spring else 25)]
        assert [face.hour for face in faces] == [hour for hour in range(24) for _ in range(1 if hour != 1 else 0 if spring else 2)]
        assert {face.date() for face in faces} == {clock(begins(day)).date()}
        assert [face.fold for face in faces] == [int(not spring and n == 2) for n in range(len(faces))]
        assert [seconds(face) for face in faces] == list(range(begins(day), begins(day + 1), HOUR))

    def test_a_moment_of_a_snapshot_is_counted_from_the_hour_its_offset_names(self, day: int) -> None:
        for start in range(begins(day), begins(day + 1), HOUR // 2):
            written = f"{clock(start).isoformat()}+0{offset(start) // HOUR}:00"
            stated = CaseSnapshot(as_of=written).as_of
            assert isinstance(stated, datetime)
            assert seconds(ended(stated, 24)) == start + DAY
            assert london_date(stated) == clock(start).date()

    def test_a_date_without_a_time_counts_whole_days_whatever_the_clocks_do(self, day: int) -> None:
        for before in range(3):
            start = clock(begins(day - before)).date()
            for hours in range(1, 97):
                ahead, back = counted(start, hours), counted(start, -hours)
                whole = timedelta(days=(hours + 23) // 24)
                assert (ahead, back) == (Due("dated", start + whole), Due("dated", start - whole)), (start, hours)


class TestDays:
    """Law: a day in London lasts from one midnight on its clocks to the next: 23 hours when summer time begins, 25 when it ends, else 24."""

    def test_every_day_ends_where_the_next_begins(self) -> None:
        changes = set(CHANGES)
        for day in range(day_number(2012, 1, 1), day_number(2036, 1, 1)):
            first, last = begins(day), begins(day + 1)
            assert (last - first) // HOUR == (24 if day not in changes else 25 if offset(first) else 23)
            assert seconds(end_of(clock(first).date())) == last

    def test_a_moment_belongs_to_the_day_from_its_first_second_to_its_last(self) -> None:
        for day in range(day_number(2012, 1, 1), day_number(2036, 1, 1)):
            first = begins(day)
            today = clock(first).date()
            assert [london_date(moment(second)) for second in (first - 1, first)] == [today - timedelta(days=1), today]

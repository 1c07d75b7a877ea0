"""Ages and birthdays, for every birth date from 1995 to 2035 and every age from 0 to 25, against a reckoning that compares months and days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from transfer_rules.calendars import ENGLAND
from transfer_rules.case import BoundCase
from transfer_rules.conditions import Age
from transfer_rules.dates import LONDON, Due, birthday, london_date
from transfer_rules.facts import NOT_YET, FactValue
from transfer_rules.timescales import AsOf, Birthday, FactDay

DAY = timedelta(days=1)
BIRTHS = [date.fromordinal(n) for n in range(date(1995, 1, 1).toordinal(), date(2035, 12, 31).toordinal() + 1)]
AGES = range(26)
LEAP_DAYS = [born for born in BIRTHS if (born.month, born.day) == (2, 29)]


def age_on(born: date, day: date) -> int:
    """Return the age in whole years on a day: the years between, less one where the day of the year has not come round yet.

    For a child born on 29 February it has not come round on 28 February, and it has on 1 March.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def case(born: FactValue, on: date, **facts: date) -> BoundCase:
    """Return a case at a date or moment."""
    return BoundCase(as_of=on, today=london_date(on), facts={"date_of_birth": born, **facts}, decisions={}, calendar=ENGLAND)


def test_every_birth_date_is_tried() -> None:
    assert (len(BIRTHS), len(LEAP_DAYS)) == (14_975, 10)


@pytest.mark.parametrize("age", AGES)
class TestEveryBirthDate:
    """Law: an age is reached on the first day on which the years between, less one while the day of the year has not come round, are that many. The
    condition turns at the start of that day, for every age and every birth date, and the timescale gives that day."""

    def test_the_birthday_is_the_first_day_of_an_age(self, age: int) -> None:
        for born in BIRTHS:
            reached = birthday(born, age)
            assert (age_on(born, reached - DAY), age_on(born, reached)) == (age - 1, age), born

    def test_the_timescale_gives_the_birthday(self, age: int) -> None:
        node = Birthday(age)
        found = [node.due(case(born, born)) for born in BIRTHS]
        assert found == [Due("dated", birthday(born, age)) for born in BIRTHS]

    def test_the_condition_turns_at_the_birthday(self, age: int) -> None:
        reached, under = Age(age, AsOf()), Age(age, AsOf(), under=True)
        for born in BIRTHS:
            # 1 March where there is no 29 February: the day after the last of that month.
            year = born.year + age
            day = date(year, 3, 1) if (born.month, born.day) == (2, 29) and year % 4 else date(year, born.month, born.day)
            eve = day - DAY
            assert (age_on(born, eve), age_on(born, day)) == (age - 1, age), born
            before, after = case(born, eve), case(born, day)
            assert (reached.truth(before), under.truth(before), reached.truth(after), under.truth(after)) == (False, True, True, False), born


@pytest.mark.parametrize("born", [day + DAY * n for day in LEAP_DAYS for n in (-1, 0, 1)], ids=str)
def test_around_a_leap_day_the_condition_is_right_on_every_day_of_a_month_for_every_age(born: date) -> None:
    """The day of the case stands in a fact here, as for an age on the day of an order."""
    for age in AGES:
        reached, under = Age(age, FactDay("care_order_made_on")), Age(age, FactDay("care_order_made_on"), under=True)
        for n in range(-15, 16):
            day = date(born.year + age, 2, 28) + DAY * n
            one, old = case(born, born, care_order_made_on=day), age_on(born, day) >= age
            assert (reached.truth(one), under.truth(one)) == (old, not old), (age, day)


def test_an_age_is_reached_at_midnight_in_london_on_every_day() -> None:
    reached = Age(18, AsOf())
    for born in BIRTHS:
        day = birthday(born, 18)
        # Found from the clock on the wall in London, and asked by another clock.
        midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
        before, at = case(born, midnight - timedelta(seconds=1)), case(born, midnight)
        assert (reached.truth(before), reached.truth(at)) == (False, True), born


@pytest.mark.parametrize("age", AGES)
def test_an_unborn_child_is_under_every_age_and_has_no_birthday_yet(age: int) -> None:
    unborn = case(NOT_YET, date(2026, 4, 1))
    assert (Age(age, AsOf()).truth(unborn), Age(age, AsOf(), under=True).truth(unborn)) == (False, True)
    assert Birthday(age).due(unborn) == Due("awaiting")

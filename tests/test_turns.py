"""The days at which comparisons between dates turn. They are worked out by hand: the last day before a turn and the first after it are both there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.packs_for_tests import TODAY, case, policy_of
from transfer_rules.case import bind
from transfer_rules.dates import LONDON, DayOrMoment
from transfer_rules.timescales import AsOf, Birthday, Count, Unit
from transfer_rules.turns import Chain, Comparison, Turns, _first

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
EVER = (date(2010, 1, 1), date(2040, 12, 31))
APRIL_10 = date(2026, 4, 10)


def counted(amount: int, unit: Unit, *, back: bool = False) -> Count:
    """Return a step of a chain; what it counts from is the chain's own start."""
    return Count(amount, unit, AsOf(), back=back)


def turns(as_of: Any = TODAY, **spans: tuple[date, date]) -> Turns:
    policy = policy_of("")
    return Turns(policy, bind(policy, case(as_of)), spans)


def either(*pairs: tuple[Chain, Chain]) -> list[Comparison]:
    """Return comparisons that turn where a date reaches the other, and where it passes it."""
    return [Comparison(*pair) for pair in pairs]


def days(
    *compared: tuple[Chain, Chain],
    ends: Mapping[str, Iterable[date]] | None = None,
    there_and_back: bool = False,
    span: tuple[date, date] = YEAR,
    as_of: Any = TODAY,
) -> dict[str, set[DayOrMoment]]:
    """Return the days of every date in these comparisons, all of which have the same span."""
    names = {one.base for pair in compared for one in pair if isinstance(one.base, str)}
    return turns(as_of, **dict.fromkeys(sorted(names), span)).days(either(*compared), ends or {}, there_and_back=there_and_back)


def begun(names: Iterable[str]) -> dict[str, Iterable[date]]:
    """Return the day asked about as the day of each date to begin with."""
    return {name: [TODAY] for name in names}


def april(*numbers: int) -> set[date]:
    return {date(2026, 4, number) for number in numbers}


# --- which turns matter


@pytest.mark.parametrize(
    ("reaches", "passes", "expected"), [(True, False, april(9, 10)), (False, True, april(10, 11)), (True, True, april(9, 10, 11))]
)
def test_a_comparison_turns_where_one_date_reaches_the_other_or_where_it_passes_it(reaches: bool, passes: bool, expected: set[date]) -> None:
    comparison = Comparison(Chain("a_on"), Chain(APRIL_10), reaches, passes)
    for side in (comparison, comparison.turned()):
        assert turns(a_on=YEAR).days([side], {}, there_and_back=False) == {"a_on": expected}


def test_of_two_unknown_dates_one_reaches_where_the_other_passes() -> None:
    comparison = Comparison(Chain("a_on"), Chain("b_on"), reaches=True, passes=False)
    found = turns(a_on=YEAR, b_on=YEAR).days([comparison], {"a_on": [APRIL_10], "b_on": [APRIL_10]}, there_and_back=False)
    assert found == {"a_on": april(9, 10), "b_on": april(10, 11)}


# --- chains


def value(start: DayOrMoment, *steps: Count | Birthday) -> DayOrMoment | None:
    return Chain("a_on", steps).value(start, bind(policy_of(""), case()))


def test_a_chain_counts_one_step_after_another() -> None:
    assert value(TODAY, counted(2, "days"), counted(1, "weeks")) == date(2026, 4, 10)
    assert value(TODAY, counted(2, "days"), counted(1, "weeks", back=True)) == date(2026, 3, 27)


def test_a_chain_without_steps_leads_to_its_start() -> None:
    assert value(TODAY) == TODAY


def test_a_chain_that_leaves_the_calendar_leads_nowhere() -> None:
    assert value(date(2040, 12, 31), counted(1, "working_days")) is None
    assert value(date(2010, 1, 1), counted(1, "working_days", back=True), counted(9, "days")) is None


def test_a_chain_can_lead_to_a_birthday() -> None:
    assert value(date(2008, 2, 29), Birthday(18)) == date(2026, 3, 1)


def test_a_birthday_is_counted_from_the_day_in_london() -> None:
    assert value(datetime(2008, 4, 1, 23, 30, tzinfo=UTC), Birthday(18)) == date(2026, 4, 2)


def test_a_birthday_can_be_counted_on_from() -> None:
    assert value(date(2008, 4, 1), Birthday(18), counted(3, "days", back=True)) == date(2026, 3, 29)


# --- a date against a known day


def test_a_date_has_the_days_about_the_day_that_it_is_compared_with() -> None:
    assert days((Chain("a_on"), Chain(APRIL_10))) == {"a_on": april(9, 10, 11)}


def test_it_does_not_matter_which_of_the_two_stands_first() -> None:
    assert days((Chain(APRIL_10), Chain("a_on"))) == {"a_on": april(9, 10, 11)}


def test_what_counts_from_a_date_turns_as_much_earlier() -> None:
    assert days((Chain("a_on", (counted(5, "days"),)), Chain(APRIL_10))) == {"a_on": april(4, 5, 6)}


def test_the_known_day_may_be_counted_from_as_well() -> None:
    assert days((Chain("a_on"), Chain(APRIL_10, (counted(1, "weeks", back=True),)))) == {"a_on": april(2, 3, 4)}


def test_a_known_day_whose_count_leaves_the_calendar_turns_nothing() -> None:
    assert days((Chain("a_on"), Chain(date(2040, 12, 31), (counted(1, "working_days"),)))) == {"a_on": set()}


def test_a_moment_turns_as_its_day_in_london() -> None:
    assert days((Chain("a_on"), Chain(datetime(2026, 4, 10, 23, 30, tzinfo=UTC)))) == {"a_on": april(10, 11, 12)}


def test_days_outside_the_span_are_left_out() -> None:
    assert days((Chain("a_on"), Chain(APRIL_10)), span=(APRIL_10, date(2026, 4, 30))) == {"a_on": april(10, 11)}


def test_several_comparisons_add_up() -> None:
    assert days((Chain("a_on"), Chain(APRIL_10)), (Chain("a_on"), Chain(date(2026, 4, 20)))) == {"a_on": april(9, 10, 11, 19, 20, 21)}


def test_the_days_to_begin_with_are_there_whatever_is_compared() -> None:
    found = turns(a_on=YEAR, b_on=YEAR).days(either((Chain("a_on"), Chain(APRIL_10))), {"a_on": [TODAY], "b_on": [TODAY]}, there_and_back=False)
    assert found == {"a_on": april(1, 9, 10, 11), "b_on": {TODAY}}


def test_working_days_turn_about_the_closed_days_that_lead_to_one_day() -> None:
    # One working day after Thursday 2 April, Good Friday, the weekend and Easter Monday is Tuesday 7 April; after Tuesday it is Wednesday.
    found = days((Chain("a_on", (counted(1, "working_days"),)), Chain(date(2026, 4, 7))))["a_on"]
    assert april(1, 2, 6, 7) <= found


def test_working_days_turn_where_they_leave_the_proclaimed_years_and_the_calendar() -> None:
    found = days((Chain("a_on", (counted(1, "working_days"),)), Chain(TODAY)), span=EVER)["a_on"]
    # Friday 29 December 2028 and Monday 31 December 2040 are the last working days; a start after 2028 is beyond the proclaimed years by itself.
    assert {date(2028, 12, 28), date(2028, 12, 29), date(2028, 12, 31), date(2029, 1, 1), date(2040, 12, 30), date(2040, 12, 31)} <= found


def test_calendar_days_leave_nothing() -> None:
    assert max(days((Chain("a_on", (counted(1, "days"),)), Chain(TODAY)), span=EVER)["a_on"]) == TODAY


# --- two dates


def test_of_two_dates_each_has_the_days_about_those_of_the_other() -> None:
    found = days((Chain("a_on"), Chain("b_on", (counted(3, "days"),))), ends={"a_on": [TODAY], "b_on": [TODAY]})
    # B on 1 April: A turns about the 4th. A on 1 April: B turns about 29 March.
    assert found == {"a_on": april(1, 3, 4, 5), "b_on": {TODAY, date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)}}


def test_a_date_without_days_to_begin_with_hands_none_on() -> None:
    found = days((Chain("a_on"), Chain("b_on")), (Chain("b_on"), Chain(date(2026, 4, 20))), ends={"a_on": [APRIL_10]})
    assert found == {"a_on": {APRIL_10}, "b_on": april(9, 10, 11, 19, 20, 21)}


def test_days_that_are_handed_on_come_back_only_where_that_is_asked_for() -> None:
    compared = ((Chain("a_on"), Chain("b_on")), (Chain("b_on"), Chain(APRIL_10)))
    ends = {"a_on": [APRIL_10], "b_on": [APRIL_10]}
    # B turns about the 10th, so A about the 9th to the 11th, and with A there B about the 8th to the 12th.
    assert days(*compared, ends=ends) == {"a_on": april(8, 9, 10, 11, 12), "b_on": april(9, 10, 11)}
    assert days(*compared, ends=ends, there_and_back=True)["b_on"] == april(7, 8, 9, 10, 11, 12, 13)


def test_a_day_reaches_dates_through_others() -> None:
    names = ["a_on", "b_on", "c_on"]
    compared = [(Chain(one), Chain(other, (counted(10, "days", back=True),))) for one, other in pairwise(names)]
    ends = begun(names)
    found = days(*compared, (Chain("c_on"), Chain(date(2026, 5, 30))), ends=ends)
    assert {date(2026, 5, 20), date(2026, 5, 10)} <= found["b_on"] | found["a_on"]
    assert date(2026, 5, 10) in found["a_on"]


# --- where the days do not stand for all


@pytest.mark.parametrize(("many", "inexact"), [(5, False), (6, True)])
def test_dates_that_hang_together_over_more_than_four_steps_are_not_exact(many: int, inexact: bool) -> None:
    names = [f"date_{number}" for number in range(many)]
    found = turns(**dict.fromkeys(names, YEAR))
    found.days(either(*((Chain(one), Chain(other)) for one, other in pairwise(names))), begun(names), there_and_back=False)
    assert found.inexact == ({*names} if inexact else set())


def test_dates_that_all_hang_on_one_are_exact_however_many() -> None:
    names = [f"date_{number}" for number in range(9)]
    found = turns(**dict.fromkeys(names, YEAR))
    found.days(either(*((Chain(names[0]), Chain(other)) for other in names[1:])), begun(names), there_and_back=False)
    assert found.inexact == set()


def test_of_more_days_than_are_kept_those_nearest_to_the_day_asked_about_are() -> None:
    found = turns(a_on=EVER)
    # Three days about each of 160, ten days apart.
    limits = [TODAY + timedelta(days=10 * number) for number in range(160)]
    kept = found.days(either(*((Chain("a_on"), Chain(limit)) for limit in limits)), {}, there_and_back=False)["a_on"]
    assert (len(kept), found.inexact) == (300, {"a_on"})
    assert max(kept) == TODAY + timedelta(days=10 * 99 + 1)


MONTH, THIRTY_DAYS = Chain("a_on", (counted(1, "months"),)), Chain("a_on", (counted(30, "days"),))


def test_two_counts_from_one_date_turn_where_they_change_places() -> None:
    found = turns(a_on=(date(2026, 3, 25), date(2026, 4, 5)))
    # A month after 30 March is 31 days later; after 31 March, the end of April, it is 30, and so all through April.
    assert found.days(either((MONTH, THIRTY_DAYS)), {}, there_and_back=False) == {"a_on": {date(2026, 3, 30), date(2026, 3, 31)}}
    assert found.inexact == set()


def test_two_counts_from_one_date_that_change_places_as_far_as_the_calendar_reaches_are_not_exact() -> None:
    found = turns(a_on=EVER)
    kept = found.days(either((MONTH, THIRTY_DAYS)), {}, there_and_back=False)["a_on"]
    assert {date(2026, 3, 30), date(2026, 3, 31)} <= kept
    assert found.inexact == {"a_on"}


def test_two_counts_from_one_date_that_never_change_places_turn_nowhere() -> None:
    found = turns(a_on=EVER)
    compared = (Chain("a_on", (counted(1, "days"),)), Chain("a_on", (counted(2, "days"),)))
    assert (found.days(either(compared), {}, there_and_back=False), found.inexact) == ({"a_on": set()}, set())


def test_two_counts_from_one_date_are_not_compared_where_one_leaves_the_calendar() -> None:
    # From Friday 28 December 2040 one working day leads to Monday 31 December, and two leave the calendar.
    found = turns(date(2040, 12, 20), a_on=EVER)
    found.days(either((Chain("a_on", (counted(1, "working_days"),)), Chain("a_on", (counted(2, "working_days"),)))), {}, there_and_back=False)
    assert found.inexact == set()


# --- moments


NOON = datetime(2026, 4, 9, 12, tzinfo=UTC)
NOW = datetime(2026, 4, 1, 9, 30, tzinfo=LONDON)


def test_where_hours_are_counted_each_day_has_a_moment_besides() -> None:
    # 24 hours after 9 April, a day alone, is the 10th.
    found = days((Chain("seen_at", (counted(24, "hours"),)), Chain(APRIL_10)))["seen_at"]
    assert found == {*april(8, 9, 10), *(datetime(2026, 4, number, 12, tzinfo=UTC) for number in (8, 9, 10))}


def test_where_no_hours_are_counted_a_moment_is_as_good_as_its_day() -> None:
    assert days((Chain("seen_at"), Chain(APRIL_10))) == {"seen_at": april(9, 10, 11)}


def test_a_moment_asked_about_cuts_its_day_in_two() -> None:
    found = days((Chain("seen_at"), Chain(NOW)), as_of=NOW)["seen_at"]
    assert found == {date(2026, 3, 31), *april(1, 2), NOW, NOW + timedelta(minutes=1)}


def test_what_counts_hours_is_cut_as_many_hours_earlier() -> None:
    found = days((Chain("seen_at", (counted(24, "hours"),)), Chain(NOW)), as_of=NOW)["seen_at"]
    cut = NOW - timedelta(hours=24)
    assert {cut, cut + timedelta(minutes=1), NOW, NOW + timedelta(minutes=1)} <= found


def test_what_counts_hours_back_is_cut_as_many_hours_later() -> None:
    found = days((Chain("seen_at", (counted(24, "hours", back=True),)), Chain(NOW)), as_of=NOW)["seen_at"]
    assert {NOW + timedelta(hours=24), NOW + timedelta(hours=24, minutes=1)} <= found


def test_no_moment_lies_outside_the_span() -> None:
    found = days((Chain("seen_at", (counted(24, "hours"),)), Chain(NOW)), as_of=NOW, span=(TODAY, date(2026, 4, 2)))["seen_at"]
    assert NOW - timedelta(hours=24) not in found
    assert NOW in found


def test_a_day_alone_has_no_moments() -> None:
    found = days((Chain("a_on", (counted(24, "hours"),)), Chain(NOW)), as_of=NOW)["a_on"]
    assert not [one for one in found if isinstance(one, datetime)]


# --- the order of days


def test_days_are_ordered_by_how_far_they_lie_from_the_day_asked_about() -> None:
    far, before, after, moment = date(2026, 5, 1), date(2026, 3, 31), date(2026, 4, 2), datetime(2026, 4, 2, 9, tzinfo=LONDON)
    assert sorted([far, moment, after, before, TODAY], key=turns().distance) == [TODAY, before, after, moment, far]


# --- a date that is the same throughout


def combinations_by_day(compared: list[tuple[Chain, Chain]], outer: tuple[date, date], inner: tuple[date, date]) -> dict[date, set[tuple[int, ...]]]:
    """Return for each day of `now` how the comparisons can come out together, tried with every day of the other date."""
    bound = bind(policy_of(""), case())

    def all_values(span: tuple[date, date], base: str) -> dict[date, tuple[Any, ...]]:
        tried = [span[0] + timedelta(days=number) for number in range((span[1] - span[0]).days + 1)]
        sides = [one if one.base == base else other for one, other in compared]
        return {one: tuple(side.value(one, bound) for side in sides) for one in tried}

    against = set(all_values(inner, "a_on").values())
    return {
        day: {tuple((left > right) - (left < right) for left, right in zip(lefts, rights, strict=True)) for rights in against}
        for day, lefts in all_values(outer, "now").items()
    }


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        # More than two working days and no more than three days ago: not on 4 April, after Good Friday, and again on the 9th.
        ([(counted(2, "working_days"),), (counted(3, "days"),)], date(2026, 4, 30)),
        ([(counted(2, "working_days"),), (counted(3, "days"),)], date(2026, 4, 4)),
        # To the day one working day ago: not on a day that is closed.
        ([(counted(1, "working_days"),)], date(2026, 4, 30)),
        ([(counted(1, "working_days", back=True),)], date(2026, 4, 30)),
        # To the day one month ago: 29 to 31 March is reached from the 28th of February at the latest, so not at all.
        ([(counted(1, "months"),)], date(2026, 4, 30)),
        ([(counted(1, "months"), counted(1, "working_days"))], date(2026, 4, 30)),
        ([(counted(1, "weeks"),), (counted(5, "working_days"),), (counted(36, "hours"),)], date(2026, 4, 30)),
        ([(Birthday(0),), (counted(4, "working_days"),)], date(2026, 4, 30)),
        ([(counted(3, "days"),), (counted(5, "days"),)], date(2026, 4, 30)),
    ],
)
def test_between_two_days_of_a_date_that_is_the_same_throughout_the_same_combinations_are_possible(steps: list[Any], last: date) -> None:
    outer, inner = (date(2026, 3, 27), last), (date(2026, 2, 1), date(2026, 6, 30))
    compared = [(Chain("now"), Chain("a_on", one)) for one in steps]
    # It does not matter which of the two stands first.
    compared[1:] = [pair[::-1] for pair in compared[1:]]
    tried = turns(now=outer, a_on=inner)
    found = tried.days(either(*compared), {"a_on": inner}, there_and_back=False)["now"]
    possible = combinations_by_day(compared, outer, inner)
    turning = {day for one, other in pairwise(possible) if possible[one] != possible[other] for day in (one, other)}
    assert bool(turning) == any(isinstance(step, Birthday) or step.unit in ("working_days", "months") for one in steps for step in one)
    assert turning <= found
    assert tried.inexact == set()


A_WORKING_DAY_AGO = (Chain("now"), Chain("a_on", (counted(1, "working_days"),)))


def hanging_together(*compared: tuple[Chain, Chain]) -> set[str]:
    """Return which dates are not exact, where one is the same throughout and the others are compared with it or with each other."""
    tried = turns(now=YEAR, a_on=YEAR, b_on=YEAR, c_on=YEAR)
    tried.days(either(*compared), begun(["a_on", "b_on", "c_on"]), there_and_back=False)
    return tried.inexact


def test_dates_that_each_hang_on_one_that_is_the_same_throughout_are_exact() -> None:
    assert hanging_together(A_WORKING_DAY_AGO, (Chain("now"), Chain("b_on", (counted(2, "working_days"),)))) == set()


def test_dates_that_hang_together_and_on_one_that_is_the_same_throughout_are_not_exact_where_working_days_are_counted() -> None:
    assert hanging_together(A_WORKING_DAY_AGO, (Chain("now"), Chain("b_on")), (Chain("a_on"), Chain("b_on"))) == {"now"}


def test_nor_are_they_where_they_hang_together_through_another_date() -> None:
    through = ((Chain("a_on"), Chain("c_on")), (Chain("c_on"), Chain("b_on")))
    assert hanging_together(A_WORKING_DAY_AGO, (Chain("now"), Chain("b_on")), *through) == {"now"}


def test_nor_where_working_days_lie_between_a_date_and_one_that_the_day_is_not_compared_with() -> None:
    # A day after what is itself one working day after something is never a Sunday.
    assert hanging_together((Chain("now"), Chain("a_on")), (Chain("a_on"), Chain("b_on", (counted(1, "working_days"),)))) == {"now"}


def test_they_are_exact_where_days_weeks_and_hours_alone_are_counted() -> None:
    counts = ((Chain("now"), Chain("a_on", (counted(36, "hours"),))), (Chain("now"), Chain("b_on", (counted(1, "weeks"),))))
    assert hanging_together(*counts, (Chain("a_on"), Chain("b_on", (counted(2, "days"),)))) == set()


def test_a_date_that_hangs_evenly_on_one_that_the_day_is_not_compared_with_is_exact() -> None:
    assert hanging_together(A_WORKING_DAY_AGO, (Chain("a_on"), Chain("b_on", (counted(2, "days"),)))) == set()


def test_a_date_that_is_compared_with_a_known_day_in_working_days_is_exact() -> None:
    assert hanging_together(A_WORKING_DAY_AGO, (Chain("a_on", (counted(1, "working_days"),)), Chain(APRIL_10))) == set()


def test_a_date_on_which_the_day_hangs_evenly_keeps_none_of_the_others_from_being_looked_at() -> None:
    found = days((Chain("now"), Chain("b_on")), A_WORKING_DAY_AGO, ends=begun(["a_on", "b_on"]))
    assert april(2, 3, 6, 7, 10, 11) <= found["now"]


@pytest.mark.parametrize(("outer", "turning"), [(april(1, 2), set()), (april(1, 3), april(2, 3)), (april(3, 6), set()), (april(3, 7), april(6, 7))])
def test_the_days_at_which_one_working_day_ago_comes_to_be_a_day_or_not_to_be(outer: set[date], turning: set[date]) -> None:
    # Good Friday to Easter Monday, 3 to 6 April, are one working day after no day.
    assert turns()._fitting([A_WORKING_DAY_AGO], YEAR, (min(outer), max(outer))) == turning


def test_the_day_may_be_compared_with_known_days_in_any_way() -> None:
    known = [(Chain("now", (counted(number, "working_days"),)), Chain(APRIL_10)) for number in (1, 2)]
    assert hanging_together(*known, (Chain("now"), Chain("a_on", (counted(1, "days"),)))) == set()


# --- how near, how far


@pytest.mark.parametrize(("before", "after", "near"), [(400, 400, True), (401, 400, False), (400, 401, False)])
def test_two_counts_from_one_date_are_exact_as_far_as_four_hundred_days_off(before: int, after: int, near: bool) -> None:
    found = turns(a_on=(TODAY - timedelta(days=before), TODAY + timedelta(days=after)))
    found.days(either((MONTH, THIRTY_DAYS)), {}, there_and_back=False)
    assert (found.inexact == set()) is near


def test_two_counts_from_one_date_turn_where_one_overtakes_the_other_from_one_day_to_the_next() -> None:
    # One working day after Wednesday is Thursday, sooner than three days later; after Thursday 2 April it is Tuesday, later than three days.
    overtaking = (Chain("a_on", (counted(1, "working_days"),)), Chain("a_on", (counted(3, "days"),)))
    assert days(overtaking, span=(date(2026, 3, 30), date(2026, 4, 2)))["a_on"] >= april(1, 2)


def test_two_counts_from_one_date_turn_after_days_from_which_one_leaves_the_calendar() -> None:
    # Counted back from the first days of 2010 one of the two is not there.
    overtaking = (Chain("a_on", (counted(1, "working_days", back=True),)), Chain("a_on", (counted(3, "days", back=True),)))
    found = days(overtaking, span=(date(2010, 1, 1), date(2010, 1, 31)), as_of=date(2010, 1, 15))["a_on"]
    # One working day before Sunday the 17th is Friday, two days back; before Monday the 18th it is three days back.
    assert {date(2010, 1, 17), date(2010, 1, 18)} <= found


def test_a_long_count_back_turns_where_it_leaves_the_calendar_though_the_day_lies_far_from_its_beginning() -> None:
    count = counted(2900, "working_days", back=True)
    bound = bind(policy_of(""), case())
    # Monday 4 January 2010 is the first working day of the calendar.
    first = Chain("a_on", (counted(2900, "working_days"),)).value(date(2010, 1, 4), bound)
    assert isinstance(first, date)
    assert {first - timedelta(days=1), first} <= days((Chain("a_on", (count,)), Chain(TODAY)), span=EVER)["a_on"]


def test_where_it_hangs_together_over_too_many_steps_no_day_is_handed_on() -> None:
    names = [f"date_{number}" for number in range(6)]
    found = days(*((Chain(one), Chain(other)) for one, other in pairwise(names)), ends=begun(names))
    assert found == {name: {TODAY} for name in names}


def test_what_never_holds_in_a_span_holds_from_the_day_after_it() -> None:
    assert _first(lambda day: False, YEAR) == date(2027, 1, 1)
    assert _first(lambda day: day >= YEAR[1], YEAR) == YEAR[1]
    assert _first(lambda day: True, YEAR) == YEAR[0]


# --- which counts need moments


@pytest.mark.parametrize("step", [counted(5, "days"), counted(1, "weeks"), Birthday(1)])
def test_where_days_are_counted_from_a_moment_it_is_as_good_as_its_day(step: Any) -> None:
    assert not [one for one in days((Chain("seen_at", (step,)), Chain(APRIL_10)), span=EVER)["seen_at"] if isinstance(one, datetime)]


def test_one_count_of_hours_among_others_is_enough_for_moments() -> None:
    assert NOON in days((Chain("seen_at"), Chain(TODAY)), (Chain("seen_at", (counted(24, "hours"),)), Chain(APRIL_10)))["seen_at"]


def test_moments_of_the_first_and_the_last_day_of_the_span_are_there() -> None:
    found = days((Chain("seen_at", (counted(24, "hours"),)), Chain(APRIL_10)), span=(date(2026, 4, 9), date(2026, 4, 9)))["seen_at"]
    assert NOON in found

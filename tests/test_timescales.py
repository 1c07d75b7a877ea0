"""Every form of timescale: dates counted by hand, and what is said where a date is not there yet, not known, or past the calendar."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest

from tests.packs_for_tests import bound, case, day, due, policy_of, timescale
from transfer_rules.case import bind
from transfer_rules.conditions import All, AnyOf, Compare, Condition, Decided, FactRef, Is, Not, Use
from transfer_rules.dates import AT_ONCE, AWAITING, NO_DATE, OPEN, PAST_HORIZON, DayOrMoment, Due, dated, shown
from transfer_rules.timescales import AsOf, Conditional, Count, FactDay, MoveDay, blockers, counts_from_move, facts_read, grounds, nodes

BST = timezone(timedelta(hours=1))
FIRST, TENTH, TWENTIETH = date(2026, 4, 1), date(2026, 4, 10), date(2026, 4, 20)


# --- the day of a fact


def test_the_day_of_a_fact() -> None:
    assert due("{on: a_on}", a_on=TENTH) == dated(TENTH)


def test_the_day_of_an_unknown_fact_is_open() -> None:
    assert due("{on: a_on}") == OPEN


def test_the_day_of_an_event_that_is_not_yet_there_is_awaited() -> None:
    assert due("{on: a_on}", a_on="not_yet") == AWAITING


def test_the_day_of_an_event_recorded_without_its_day_is_today_at_the_latest() -> None:
    assert due("{on: a_on}", "2026-04-01", a_on="happened") == Due("open", latest=FIRST)


def test_a_day_can_be_as_of_or_written_in_the_pack() -> None:
    assert due("{on: as_of}", "2026-04-01") == dated(FIRST)
    assert due("{on: 2026-04-10}") == dated(TENTH)


# --- working days


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 4, 1), 8, date(2026, 4, 15)),  # over Easter: 2, 7, 8, 9, 10, 13, 14, 15 April
        (date(2026, 4, 1), 10, date(2026, 4, 17)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2022, 9, 15), 5, date(2022, 9, 23)),  # Monday 19 September 2022 was the day of the funeral
        (date(2022, 6, 1), 2, date(2022, 6, 7)),  # two days of jubilee
        (date(2023, 4, 28), 5, date(2023, 5, 9)),  # 1 May and the coronation's 8 May
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day is a Saturday, so Monday is closed
        (date(2026, 12, 24), 4, date(2027, 1, 4)),
        (date(2021, 12, 24), 1, date(2021, 12, 29)),  # Christmas on a Saturday
    ],
)
def test_working_days_pass_over_weekends_and_bank_holidays(start: date, count: int, end: date) -> None:
    assert day(f"{{working_days: {count}, after: a_on}}", a_on=start) == end


@pytest.mark.parametrize("start", [date(2026, 4, 3), date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)])
def test_a_trigger_on_a_closed_day_is_day_0_like_any_other(start: date) -> None:
    assert day("{working_days: 1, after: a_on}", a_on=start) == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 4, 15), 7, date(2026, 4, 2)),  # 14, 13, 10, 9, 8, 7 and 2 April
        (date(2026, 4, 7), 1, date(2026, 4, 2)),
        (date(2026, 4, 6), 1, date(2026, 4, 2)),
        (date(2027, 1, 4), 2, date(2026, 12, 30)),  # 31 and 30 December
    ],
)
def test_working_days_count_back_the_same_way(start: date, count: int, end: date) -> None:
    assert day(f"{{working_days: {count}, before: a_on}}", a_on=start) == end


def test_the_councils_own_closures_do_not_count() -> None:
    parts = "calendar: {region: england, closed: [{on: 2026-12-29, label: Council closed}]}"
    assert day("{working_days: 1, after: a_on}", parts=parts, a_on=date(2026, 12, 24)) == date(2026, 12, 30)


def test_no_working_days_is_the_trigger_itself() -> None:
    assert day("{working_days: 0, after: a_on}", a_on=date(2026, 4, 4)) == date(2026, 4, 4)


def test_working_days_after_a_moment_count_from_its_date_in_london() -> None:
    # 23:30 UTC on 31 March is 00:30 on 1 April in London.
    assert day("{working_days: 1, after: seen_at}", seen_at=datetime(2026, 3, 31, 23, 30, tzinfo=UTC)) == date(2026, 4, 2)


# --- days, weeks, months


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("{days: 2, after: a_on}", date(2026, 4, 3)),  # Good Friday, and not moved
        ("{days: 2, before: a_on}", date(2026, 3, 30)),
        ("{weeks: 2, after: a_on}", date(2026, 4, 15)),
        ("{weeks: 1, before: a_on}", date(2026, 3, 25)),
        ("{months: 3, after: a_on}", date(2026, 7, 1)),
        ("{months: 1, before: a_on}", date(2026, 3, 1)),
    ],
)
def test_calendar_days_are_not_moved_off_closed_days(written: str, end: date) -> None:
    assert day(written, a_on=FIRST) == end


@pytest.mark.parametrize(
    ("start", "written", "end"),
    [
        (date(2026, 1, 31), "{months: 1, after: a_on}", date(2026, 2, 28)),
        (date(2024, 1, 31), "{months: 1, after: a_on}", date(2024, 2, 29)),
        (date(2026, 8, 31), "{months: 6, after: a_on}", date(2027, 2, 28)),
        (date(2026, 3, 31), "{months: 1, before: a_on}", date(2026, 2, 28)),
        (date(2026, 1, 31), "{months: 2, after: a_on}", date(2026, 3, 31)),  # added once, not in steps
    ],
)
def test_months_are_clipped_to_the_end_of_the_month(start: date, written: str, end: date) -> None:
    assert day(written, a_on=start) == end


# --- hours


@pytest.mark.parametrize(
    ("start", "hours", "local"),
    [
        (datetime(2026, 7, 15, 9, 30, tzinfo=BST), 24, "2026-07-16T09:30:00+01:00"),
        (datetime(2026, 3, 28, 9, 30, tzinfo=UTC), 24, "2026-03-29T10:30:00+01:00"),  # the clocks go forward
        (datetime(2026, 10, 24, 9, 30, tzinfo=BST), 24, "2026-10-25T08:30:00+00:00"),  # the clocks go back
        (datetime(2026, 10, 25, 0, 30, tzinfo=BST), 1, "2026-10-25T01:30:00+01:00"),  # the hour that October repeats: once
        (datetime(2026, 10, 25, 0, 30, tzinfo=BST), 2, "2026-10-25T01:30:00+00:00"),  # and again
    ],
)
def test_hours_are_elapsed_time_shown_in_london(start: datetime, hours: int, local: str) -> None:
    assert shown(day(f"{{hours: {hours}, after: seen_at}}", seen_at=start)).isoformat() == local


def test_hours_count_back() -> None:
    found = day("{hours: 24, before: seen_at}", seen_at=datetime(2026, 3, 29, 10, 30, tzinfo=BST))
    assert shown(found).isoformat() == "2026-03-28T09:30:00+00:00"


@pytest.mark.parametrize(("hours", "end"), [(1, date(2026, 4, 2)), (24, date(2026, 4, 2)), (25, date(2026, 4, 3)), (48, date(2026, 4, 3))])
def test_hours_from_a_date_end_with_the_day_rounded_up(hours: int, end: date) -> None:
    assert day(f"{{hours: {hours}, after: seen_at}}", seen_at=FIRST) == end


@pytest.mark.parametrize(("hours", "end"), [(24, date(2026, 3, 31)), (25, date(2026, 3, 30))])
def test_hours_counted_back_from_a_date_are_rounded_away_from_it(hours: int, end: date) -> None:
    assert day(f"{{hours: {hours}, before: seen_at}}", seen_at=FIRST) == end


# --- birthdays


@pytest.mark.parametrize(
    ("born", "end"), [(date(2008, 4, 2), date(2026, 4, 2)), (date(2008, 2, 29), date(2026, 3, 1)), (date(2002, 2, 28), date(2020, 2, 28))]
)
def test_a_birthday(born: date, end: date) -> None:
    assert day("{birthday: 18}", date_of_birth=born) == end


def test_a_birthday_on_29_february_stays_there_in_a_leap_year() -> None:
    assert day("{birthday: 16}", date_of_birth=date(2008, 2, 29)) == date(2024, 2, 29)


def test_the_birthday_of_an_unborn_child_is_awaited() -> None:
    assert due("{birthday: 18}", date_of_birth="not_yet") == AWAITING


def test_the_birthday_of_a_child_whose_birth_is_unknown_is_open() -> None:
    assert due("{birthday: 18}") == OPEN


# --- at once, and no date


def test_at_once_is_no_date() -> None:
    assert due("{at_once: true}") == AT_ONCE


def test_from_what_is_to_be_done_at_once_nothing_counts() -> None:
    assert due("{days: 5, after: {at_once: true}}").kind == "none"


def test_no_date_says_why() -> None:
    assert due("{none: the procedure gives no number}") == Due("none", why="the procedure gives no number")


def test_what_is_counted_from_no_date_is_no_date_for_the_same_reason() -> None:
    assert due("{days: 5, after: {none: no number}}") == Due("none", why="no number")


# --- counting from what is not there


@pytest.mark.parametrize("written", ["{working_days: 5, after: a_on}", "{days: 5, before: a_on}", "{hours: 24, after: a_on}"])
def test_a_count_from_an_event_that_is_not_yet_there_is_awaited(written: str) -> None:
    assert due(written, a_on="not_yet") == AWAITING


@pytest.mark.parametrize("written", ["{working_days: 5, after: a_on}", "{days: 5, before: a_on}"])
def test_a_count_from_an_unknown_event_is_open(written: str) -> None:
    assert due(written) == OPEN


def test_a_count_from_an_event_without_its_day_ends_at_the_latest_where_it_would_from_today() -> None:
    assert due("{working_days: 1, after: a_on}", "2026-04-02", a_on="happened") == Due("open", latest=date(2026, 4, 7))


def test_a_count_keeps_both_ends_of_what_is_known() -> None:
    written = "{days: 1, after: {latest_of: [{on: a_on}, {on: b_on}]}}"
    assert due(written, "2026-04-20", a_on=TENTH, b_on="happened") == Due("open", earliest=date(2026, 4, 11), latest=date(2026, 4, 21))


def test_working_days_back_from_an_event_without_its_day_promise_nothing() -> None:
    assert due("{working_days: 5, before: a_on}", a_on="happened") == OPEN


def test_what_may_not_be_a_day_may_give_no_count() -> None:
    written = "{days: 1, after: {on: a_on, when: {fact: flag, is: yes}, otherwise: {at_once: true}}}"
    assert due(written, a_on=FIRST).may_drop


# --- soonest_of

BOTH = "{soonest_of: [{on: a_on}, {on: b_on}]}"


def test_the_soonest_is_the_earliest_date() -> None:
    assert due(BOTH, a_on=TENTH, b_on=TWENTIETH) == dated(TENTH)


def test_the_soonest_is_no_later_than_a_date_beside_which_another_may_still_come() -> None:
    assert due(BOTH, a_on=TENTH, b_on="not_yet") == Due("dated", TENTH, no_later=True)


def test_the_soonest_awaits_where_every_arm_does() -> None:
    assert due(BOTH, a_on="not_yet", b_on="not_yet") == AWAITING


def test_the_soonest_is_open_but_bounded_where_one_arm_is_unknown() -> None:
    assert due(BOTH, a_on=TENTH) == Due("open", latest=TENTH)


def test_the_soonest_of_unknown_arms_is_open() -> None:
    assert due(BOTH) == OPEN


def test_no_date_drops_out_of_the_soonest() -> None:
    assert due("{soonest_of: [{on: a_on}, {none: no number}]}", a_on=TENTH) == dated(TENTH)


def test_a_list_in_which_every_arm_drops_out_has_no_date() -> None:
    assert due("{soonest_of: [{none: no number}, {on: a_on, when: {fact: flag, is: yes}}]}", a_on=TENTH, flag=False) == Due("none", why="no number")


def test_at_once_comes_first() -> None:
    assert due("{soonest_of: [{on: a_on}, {at_once: true}]}", a_on=date(2026, 1, 1)) == AT_ONCE


def test_an_arm_whose_condition_is_unknown_bounds_nothing_and_the_others_do() -> None:
    written = "{soonest_of: [{on: a_on, when: {fact: flag, is: yes}}, {on: b_on}]}"
    assert due(written, a_on=TENTH, b_on=TWENTIETH) == Due("open", earliest=TENTH, latest=TWENTIETH)


def test_a_list_of_which_no_arm_is_certain_to_apply_promises_no_date() -> None:
    assert due("{soonest_of: [{on: a_on, when: {fact: flag, is: yes}}]}", a_on=TENTH).upper is None


def test_what_may_be_at_once_is_no_later_than_the_other_arm() -> None:
    found = due("{soonest_of: [{on: a_on}, {at_once: true, when: {fact: flag, is: yes}}]}", a_on=TENTH)
    assert (found.upper, found.lower, found.sure_date) == (TENTH, None, None)


def test_a_count_from_the_soonest_keeps_that_it_may_come_earlier() -> None:
    written = f"{{working_days: 10, after: {BOTH}}}"
    assert due(written, a_on=FIRST, b_on="not_yet") == Due("dated", date(2026, 4, 17), no_later=True)


@pytest.mark.parametrize(
    ("visit", "winner"), [(datetime(2026, 4, 10, 22, 59, tzinfo=UTC), "visit"), (datetime(2026, 4, 10, 23, 1, tzinfo=UTC), "day")]
)
def test_in_one_list_a_date_compares_as_the_end_of_its_day_and_the_winner_keeps_its_type(visit: datetime, winner: str) -> None:
    # 10 April ends in London at 23:00 UTC.
    found = day("{soonest_of: [{on: a_on}, {on: seen_at}]}", a_on=TENTH, seen_at=visit)
    assert found == (visit if winner == "visit" else TENTH)
    assert isinstance(found, datetime) is (winner == "visit")


# --- latest_of

LATEST = "{latest_of: [{on: a_on}, {on: b_on}]}"


def test_the_latest_is_the_last_date() -> None:
    assert due(LATEST, a_on=TENTH, b_on=TWENTIETH) == dated(TWENTIETH)


def test_the_latest_awaits_where_one_arm_does_and_keeps_the_known_maximum() -> None:
    assert due("{latest_of: [{on: a_on}, {on: b_on}, {on: c_on}]}", a_on=TENTH, b_on=FIRST, c_on="not_yet") == Due("awaiting", not_before=TENTH)


def test_a_count_from_the_latest_counts_the_known_maximum() -> None:
    assert due(f"{{working_days: 1, after: {LATEST}}}", a_on=date(2026, 4, 2), b_on="not_yet") == Due("awaiting", not_before=date(2026, 4, 7))


def test_a_known_maximum_past_the_calendar_bounds_nothing() -> None:
    assert due(f"{{working_days: 1, after: {LATEST}}}", a_on=date(2041, 1, 1), b_on="not_yet") == AWAITING


def test_a_date_that_may_still_come_earlier_is_no_known_maximum() -> None:
    assert due(f"{{latest_of: [{BOTH}, {{on: c_on}}]}}", a_on=TENTH, b_on="not_yet", c_on="not_yet") == AWAITING


def test_the_latest_of_a_known_and_an_unknown_day_is_no_earlier_than_the_known_one() -> None:
    assert due(LATEST, a_on=TENTH) == Due("open", earliest=TENTH)


def test_at_once_and_no_date_drop_out_of_the_latest() -> None:
    assert due("{latest_of: [{on: a_on}, {at_once: true}, {none: no number}]}", a_on=TENTH) == dated(TENTH)


def test_at_once_is_the_latest_where_nothing_else_is_there() -> None:
    assert due("{latest_of: [{at_once: true}, {none: no number}]}") == AT_ONCE


def test_the_latest_may_be_at_once_where_the_other_arm_may_drop_out() -> None:
    found = due("{latest_of: [{at_once: true}, {on: a_on, when: {fact: flag, is: yes}}]}", a_on=TENTH)
    assert (found.kind, found.upper, found.sure_date) == ("open", TENTH, None)


@pytest.mark.parametrize("kind", ["soonest_of", "latest_of"])
def test_order_and_repeats_do_not_matter(kind: str) -> None:
    arms = ["{on: a_on}", "{on: b_on, when: {fact: flag, is: yes}}", "{working_days: 2, after: c_on}", "{none: no number}"]
    facts = {"a_on": TENTH, "b_on": FIRST, "c_on": "not_yet"}
    first = due(f"{{{kind}: [{', '.join(arms)}]}}", **facts)
    for order in permutations(arms):
        assert due(f"{{{kind}: [{', '.join([*order, order[0]])}]}}", **facts) == first


# --- when, otherwise, failing_that

IF_UP = "{on: a_on, when: {fact: flag, is: yes}}"
EITHER = "{on: a_on, when: {fact: flag, is: yes}, otherwise: {on: b_on}}"


def test_a_timescale_counts_when_its_condition_holds() -> None:
    assert due(IF_UP, a_on=TENTH, flag=True) == dated(TENTH)


def test_a_timescale_whose_condition_does_not_hold_is_no_date() -> None:
    assert due(IF_UP, a_on=TENTH, flag=False) == NO_DATE


def test_a_timescale_whose_condition_is_unknown_may_drop_out() -> None:
    assert due(IF_UP, a_on=TENTH) == Due("open", earliest=TENTH, latest=TENTH, may_drop=True)


def test_otherwise_is_used_when_the_condition_does_not_hold() -> None:
    assert due(EITHER, a_on=TENTH, b_on=TWENTIETH, flag=False) == dated(TWENTIETH)


def test_either_of_two_lies_between_them_while_the_condition_is_unknown() -> None:
    assert due(EITHER, a_on=TENTH, b_on=TWENTIETH) == Due("open", earliest=TENTH, latest=TWENTIETH)


def test_an_unknown_condition_does_not_matter_where_both_dates_are_the_same() -> None:
    assert due(EITHER, a_on=TENTH, b_on=TENTH) == dated(TENTH)


FAILING = "{working_days: 1, after: a_on, failing_that: {on: b_on}}"


def test_failing_that_is_not_used_where_the_first_is_there() -> None:
    assert due(FAILING, a_on=FIRST, b_on=TWENTIETH) == dated(date(2026, 4, 2))


def test_failing_that_is_used_while_the_first_is_not_yet_there() -> None:
    assert due(FAILING, a_on="not_yet", b_on=TWENTIETH) == dated(TWENTIETH)


def test_failing_that_is_used_where_the_first_has_no_date() -> None:
    assert due("{use: named, failing_that: {on: b_on}}", parts=f"definitions: {{named: {{timescale: {IF_UP}}}}}", flag=False, b_on=TENTH) == dated(
        TENTH
    )


def test_failing_that_awaits_where_neither_is_there() -> None:
    assert due(FAILING, a_on="not_yet", b_on="not_yet") == AWAITING


def test_failing_that_is_open_while_it_is_unknown_whether_the_first_is_there() -> None:
    assert due(FAILING, b_on=TENTH) == OPEN


def test_failing_that_is_not_used_where_the_first_has_happened_on_whatever_day() -> None:
    assert due(FAILING, "2026-04-01", a_on="happened", b_on=TENTH) == Due("open", latest=date(2026, 4, 2))


# --- named timescales


def test_a_named_timescale_is_what_it_names() -> None:
    parts = "definitions: {ten_days: {timescale: {working_days: 10, after: a_on}}}"
    assert due("{use: ten_days}", parts=parts, a_on=FIRST) == dated(date(2026, 4, 17))
    assert due("{use: ten_days}", parts=parts, a_on="not_yet") == AWAITING


# --- the end of the calendar


@pytest.mark.parametrize(("start", "unproclaimed"), [(date(2028, 12, 28), False), (date(2028, 12, 29), True), (date(2035, 6, 1), True)])
def test_working_days_past_the_proclaimed_years_are_marked(start: date, unproclaimed: bool) -> None:
    assert due("{working_days: 1, after: a_on}", a_on=start).unproclaimed is unproclaimed


def test_calendar_days_past_the_proclaimed_years_are_as_sure_as_any() -> None:
    assert due("{days: 400, after: a_on}", a_on=date(2028, 12, 29)) == dated(date(2030, 2, 2))


def test_what_is_counted_from_an_unproclaimed_day_is_unproclaimed() -> None:
    assert due("{days: 5, before: {working_days: 1, after: a_on}}", a_on=date(2028, 12, 29)).unproclaimed


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("{working_days: 1, after: a_on}", date(2040, 12, 31)),
        ("{working_days: 1, after: a_on}", date(2041, 6, 3)),
        ("{working_days: 1, before: a_on}", date(2010, 1, 1)),
        ("{days: 1, after: {working_days: 1, after: a_on}}", date(2040, 12, 31)),
    ],
)
def test_working_days_past_the_calendar_have_no_date(written: str, start: date) -> None:
    assert due(written, a_on=start) == PAST_HORIZON


def test_a_date_past_the_calendar_loses_to_any_date_in_the_soonest() -> None:
    assert due("{soonest_of: [{working_days: 1, after: a_on}, {on: b_on}]}", a_on=date(2041, 1, 1), b_on=TENTH) == dated(TENTH)


def test_a_date_past_the_calendar_wins_over_any_date_in_the_latest() -> None:
    assert due("{latest_of: [{working_days: 1, after: a_on}, {on: b_on}]}", a_on=date(2041, 1, 1), b_on=TENTH) == PAST_HORIZON


def test_a_bound_past_the_calendar_is_no_bound() -> None:
    written = "{working_days: 6000, after: {on: a_on, when: {fact: flag, is: yes}, otherwise: {on: b_on}}}"
    assert due(written, a_on=FIRST, b_on=TENTH) == OPEN


# --- the days of a move


def test_nothing_moves_before_the_move_is_known() -> None:
    assert MoveDay("deadline").due(bound()) == NO_DATE


def test_the_days_of_a_move_are_those_the_case_is_given() -> None:
    moving = bound().moving({"deadline": dated(TENTH)})
    assert MoveDay("deadline").due(moving) == dated(TENTH)
    assert Count(7, "working_days", MoveDay("deadline"), back=True).due(moving) == dated(date(2026, 3, 30))  # 9, 8, 7, 2, 1 April, 31, 30 March


@pytest.mark.parametrize(("node", "expected"), [(Count(1, "days", MoveDay("handover")), True), (Count(1, "days", FactDay("a_on")), False)])
def test_a_timescale_says_whether_it_counts_from_the_move(node: Count, expected: bool) -> None:
    assert counts_from_move(node) is expected


# --- which facts keep a date open


def open_facts(written: str, **given: object) -> set[str]:
    policy, node = timescale(written)
    return set(blockers(node, bind(policy, case(**given))))  # type: ignore[arg-type]


def test_every_unknown_fact_of_an_open_date_is_named() -> None:
    assert open_facts(EITHER) == {"a_on", "b_on", "flag"}


def test_an_event_without_its_day_is_named() -> None:
    assert open_facts("{on: a_on}", a_on="happened") == {"a_on"}


def test_a_settled_part_of_an_open_date_is_not_named() -> None:
    assert open_facts(BOTH, a_on=TENTH) == {"b_on"}


def test_a_date_that_is_there_is_kept_open_by_nothing() -> None:
    assert open_facts(EITHER, a_on=TENTH, flag=True) == set()


def test_a_condition_that_is_settled_is_kept_open_by_nothing() -> None:
    rule = policy_of("rules: [{id: r, from: any, when: {any: [{fact: flag, is: yes}, {fact: other_flag, is: yes}]}, transfer_to: court}]").rules["r"]
    assert blockers(rule.when, bound(flag=True)) == frozenset()
    assert blockers(rule.when, bound(flag=False)) == {"other_flag"}
    assert blockers(rule.when, bound()) == {"flag", "other_flag"}


def test_a_timescale_reads_the_facts_of_all_its_parts() -> None:
    assert facts_read(timescale(f"{{soonest_of: [{EITHER}, {{birthday: 18}}]}}")[1]) == {"a_on", "b_on", "flag", "date_of_birth"}


# --- laws


@pytest.mark.parametrize(
    "written", ["{working_days: 10, after: a_on}", "{months: 1, after: a_on}", "{hours: 30, after: a_on}", "{days: 3, before: a_on}"]
)
def test_a_later_trigger_never_gives_an_earlier_date(written: str) -> None:
    policy, node = timescale(written)
    assert isinstance(node, Count)
    ends: list[DayOrMoment] = [node.count(date(2026, 1, 1) + timedelta(days=n), bind(policy, case())) for n in range(400)]
    assert ends == sorted(ends)


# --- bounds of what is counted from an open date


def test_both_ends_of_a_range_count_back() -> None:
    # Five working days before Friday 10 April pass over the Easter weekend; before Monday 20 April only a weekend.
    found = due("{working_days: 5, before: {on: a_on, when: {fact: flag, is: yes}, otherwise: {on: b_on}}}", a_on=TENTH, b_on=TWENTIETH)
    assert found == Due("open", earliest=date(2026, 4, 1), latest=date(2026, 4, 13))


def test_days_count_back_from_what_happened_on_a_day_not_recorded() -> None:
    assert due("{days: 5, before: a_on}", a_on="happened") == Due("open", latest=date(2026, 3, 27))


def test_a_count_from_what_may_not_apply_may_not_apply() -> None:
    found = due("{days: 5, after: {on: a_on, when: {fact: flag, is: yes}}}", a_on=TENTH)
    assert found == Due("open", earliest=date(2026, 4, 15), latest=date(2026, 4, 15), may_drop=True)


@pytest.mark.parametrize(("trigger", "expected"), [("2028-12-31", False), ("2029-01-01", True)])
def test_a_count_is_unproclaimed_from_the_day_after_the_last_proclaimed_year(trigger: str, expected: bool) -> None:
    assert due(f"{{working_days: 1, before: '{trigger}'}}").unproclaimed is expected


def test_failing_that_is_not_looked_at_where_the_first_is_at_once() -> None:
    parts = "definitions: {now: {timescale: {at_once: true}}}"
    assert due("{use: now, failing_that: {on: b_on}}", parts=parts, b_on=TENTH) == AT_ONCE


def test_failing_that_may_be_used_while_the_first_is_unknown() -> None:
    assert due("{on: a_on, failing_that: {none: no day}}") == Due("open", may_drop=True)


def test_what_is_not_turned_round_counts_on_and_what_has_no_other_timescale_has_no_date() -> None:
    never = Is("flag", True)
    assert Count(5, "days", AsOf()).due(bound()) == dated(date(2026, 4, 6))
    assert Conditional(AsOf(), never).due(bound(flag=False)) == NO_DATE
    assert Conditional(AsOf(), never).parts == (never, AsOf())


# --- which facts


FLAG, OTHER, THIRD = Is("flag", True), Is("other_flag", True), Is("colour", "red")


@pytest.mark.parametrize(
    ("condition", "given", "expected"),
    [
        (FLAG, {"flag": True}, {"flag"}),
        (Not(All((FLAG, OTHER))), {"flag": False, "other_flag": True}, {"flag"}),
        (Use("both", All((FLAG, OTHER))), {"flag": False, "other_flag": True}, {"flag"}),
        (All((FLAG, OTHER)), {"flag": True, "other_flag": True}, {"flag", "other_flag"}),
        (All((FLAG, OTHER)), {"flag": True, "other_flag": False}, {"other_flag"}),
        (All((FLAG, OTHER)), {"flag": False, "other_flag": False}, {"flag"}),  # either would do; the first by name
        (AnyOf((FLAG, OTHER)), {"flag": True, "other_flag": False}, {"flag"}),
        (AnyOf((FLAG, OTHER)), {"flag": False, "other_flag": False}, {"flag", "other_flag"}),
        (AnyOf((All((FLAG, OTHER)), THIRD)), {"flag": True, "other_flag": True, "colour": "red"}, {"colour"}),  # the fewest
        (Decided("keeper", "court"), {}, {"decision keeper"}),
        (Compare(FactDay("a_on"), "before", FactDay("b_on")), {"a_on": TENTH, "b_on": TWENTIETH}, {"a_on", "b_on"}),
    ],
)
def test_the_facts_that_alone_settle_a_condition(condition: Condition, given: dict[str, Any], expected: set[str]) -> None:
    assert grounds(condition, *[bound(**given)] * 2) == expected


@pytest.mark.parametrize(
    ("condition", "filled", "known", "expected"),
    [
        (All((FLAG, OTHER)), {"flag": False}, {"other_flag": False}, {"other_flag"}),  # though `flag` comes first by name
        (All((AnyOf((FLAG, OTHER)), THIRD)), {"flag": True}, {"other_flag": True, "colour": "red"}, {"other_flag", "colour"}),
        (AnyOf((All((FLAG, OTHER)), THIRD)), {"flag": False, "colour": "green"}, {"other_flag": False}, {"other_flag", "colour"}),
        (All((FLAG, OTHER)), {"flag": False}, {"other_flag": True}, {"flag"}),  # what is known does not settle it
    ],
)
def test_what_the_known_facts_settle_rests_on_none_that_is_filled_in(
    condition: Condition, filled: dict[str, Any], known: dict[str, Any], expected: set[str]
) -> None:
    assert grounds(condition, bound(**filled, **known), bound(**known)) == expected


def test_only_unknown_facts_keep_a_condition_open() -> None:
    assert blockers(Is("next_team", FactRef("current_team")), bound()) == {"next_team"}
    assert blockers(All((FLAG, OTHER)), bound(flag=True)) == {"other_flag"}


def test_the_nodes_of_a_tree_begin_with_its_root() -> None:
    count = Count(5, "days", FactDay("a_on"))
    tree = All((FLAG, Compare(FactDay("b_on"), "before", count)))
    assert list(nodes(tree)) == [tree, FLAG, tree.parts[1], FactDay("b_on"), count, FactDay("a_on")]

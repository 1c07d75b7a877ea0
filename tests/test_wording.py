"""Every condition, timescale and value in plain English."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.packs_for_tests import policy_of, timescale
from transfer_rules.timescales import MoveDay
from transfer_rules.wording import say, say_count, say_day, say_fact, say_series, say_value

PARTS = """
decisions:
  answer: {label: answer of the other team, options: [accepted, not_accepted]}
  keeper: {label: who keeps the case}
definitions:
  labelled: {label: the case is new, when: {fact: flag, is: yes}}
  not_labelled: {when: {fact: flag, is: yes}}
  ten_days: {label: ten working days of the meeting, timescale: {working_days: 10, after: a_on}}
  five_days: {timescale: {days: 5, after: a_on}}
"""


def condition(written: str) -> str:
    policy = policy_of(f"{PARTS}\nrules: [{{id: r, from: any, when: {written}, transfer_to: court}}]")
    return say(policy, policy.rules["r"].when)


def words(written: str) -> str:
    policy, node = timescale(written, PARTS)
    return say(policy, node)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("{fact: flag, is: yes}", "flag is yes"),
        ("{fact: flag, is: no}", "flag is no"),
        ("{fact: flag, is_not: yes}", "flag is not yes"),
        ("{fact: colour, is: dark_blue}", "colour is dark blue"),
        ("{fact: current_team, is: court}", "current team is Court Team"),
        ("{fact: last_holding_team, is: none}", "team that last held the case is nobody"),
        ("{fact: home_area, is: north}", "home area is North"),
        ("{fact: visits, is: 3}", "number of visits is 3 visits"),
        ("{fact: where, is: {fact: home_area}}", "place is the same as home area"),
        ("{fact: where, is_not: {fact: home_area}}", "place is not the same as home area"),
        ("{fact: colour, one_of: [red, green, dark_blue]}", "colour is dark blue, green or red"),
        ("{fact: needs, includes: moving_about}", "needs includes moving about"),
        ("{fact: visits, at_least: 3}", "number of visits is 3 visits or more"),
        ("{fact: visits, at_most: 3}", "number of visits is 3 visits or fewer"),
        ("{fact: a_on, before: b_on}", "meeting A is before meeting B"),
        ("{fact: a_on, on_or_before: b_on}", "meeting A is on or before meeting B"),
        ("{fact: a_on, after: as_of}", "meeting A is later than the day asked about"),
        ("{fact: a_on, on_or_after: 2026-04-10}", "meeting A is on or after Fri 10 Apr 2026"),
        ("{fact: as_of, after: {days: 14, after: a_on}}", "the day asked about is later than 14 days after meeting A"),
        ("{fact: a_on, happened: true}", "meeting A has happened"),
        ("{fact: a_on, happened: false}", "meeting A has not happened"),
        ("{fact: a_on, arranged: true}", "meeting A has a date or has happened"),
        ("{fact: a_on, arranged: false}", "meeting A has no date and has not happened"),
        ("{age_at_least: 18}", "the child is at least 18"),
        ("{age_under: 16, on: a_on}", "the child is under 16 at meeting A"),
        ("{fact: a_on, within: {months: 6, after: b_on}}", "meeting A is within 6 months after meeting B"),
        ("{fact: a_on, within: {days: 1, before: b_on}}", "meeting A is within 1 day before meeting B"),
        ("{decision: answer, is: not_accepted}", "people decided not accepted (answer of the other team)"),
        ("{decision: keeper, is: court}", "people decided Court Team (who keeps the case)"),
        ("{decision: keeper, is: none}", "people decided nobody (who keeps the case)"),
        ("{decision: keeper, is: stay}", "people decided stay (who keeps the case)"),
        ("{use: labelled}", "the case is new"),
        ("{use: not_labelled}", "not labelled"),
        ("{not: {fact: flag, is: yes}}", "not (flag is yes)"),
        ("{all: [{fact: flag, is: yes}, {fact: colour, is: red}]}", "flag is yes and colour is red"),
        ("{any: [{fact: flag, is: yes}, {fact: colour, is: red}]}", "flag is yes or colour is red"),
        (
            "{all: [{any: [{fact: flag, is: yes}, {fact: colour, is: red}]}, {fact: a_on, happened: true}]}",
            "(flag is yes or colour is red) and meeting A has happened",
        ),
        ("{all: [{any: [{fact: flag, is: yes}]}, {fact: a_on, happened: true}]}", "flag is yes and meeting A has happened"),
    ],
)
def test_a_condition_in_words(written: str, text: str) -> None:
    assert condition(written) == text


def test_a_condition_that_is_left_out_is_always() -> None:
    policy = policy_of("rules: [{id: r, from: any, transfer_to: court}]")
    assert say(policy, policy.rules["r"].when) == "always"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("{on: a_on}", "meeting A"),
        ("{on: as_of}", "the day asked about"),
        ("{on: 2026-04-10}", "Fri 10 Apr 2026"),
        ("{working_days: 10, after: a_on}", "10 working days after meeting A"),
        ("{working_days: 1, before: a_on}", "1 working day before meeting A"),
        ("{hours: 24, after: seen_at}", "24 hours after first visit"),
        ("{months: 1, after: a_on}", "1 month after meeting A"),
        ("{birthday: 18}", "the 18th birthday"),
        ("{birthday: 21}", "the 21st birthday"),
        ("{birthday: 22}", "the 22nd birthday"),
        ("{birthday: 3}", "the 3rd birthday"),
        ("{birthday: 11}", "the 11th birthday"),
        ("{birthday: 12}", "the 12th birthday"),
        ("{birthday: 13}", "the 13th birthday"),
        ("{at_once: true}", "at once"),
        ("{none: the procedure gives no number}", "no date (the procedure gives no number)"),
        ("{soonest_of: [{on: a_on}]}", "meeting A"),
        ("{soonest_of: [{on: a_on}, {on: b_on}]}", "whichever is sooner: meeting A or meeting B"),
        ("{soonest_of: [{on: a_on}, {on: b_on}, {on: c_on}]}", "whichever is soonest: meeting A, meeting B or meeting C"),
        ("{latest_of: [{on: a_on}, {on: b_on}]}", "whichever is later: meeting A or meeting B"),
        ("{latest_of: [{on: a_on}, {on: b_on}, {on: c_on}]}", "whichever is latest: meeting A, meeting B or meeting C"),
        ("{use: ten_days}", "ten working days of the meeting"),
        ("{use: five_days}", "5 days after meeting A"),
        ("{on: a_on, when: {fact: flag, is: yes}}", "meeting A if flag is yes"),
        ("{on: a_on, when: {fact: flag, is: yes}, otherwise: {on: b_on}}", "meeting A if flag is yes, otherwise meeting B"),
        ("{on: a_on, failing_that: {on: b_on}}", "meeting A, failing that meeting B"),
    ],
)
def test_a_timescale_in_words(written: str, text: str) -> None:
    assert words(written) == text


@pytest.mark.parametrize(("which", "text"), [("transfer_point", "the transfer point"), ("deadline", "the deadline"), ("handover", "the handover")])
def test_the_days_of_a_move_in_words(which: Any, text: str) -> None:
    assert say(policy_of(""), MoveDay(which)) == text


@pytest.mark.parametrize(
    ("fact", "value", "text"),
    [
        ("flag", True, "yes"),
        ("flag", False, "no"),
        ("visits", 3, "3 visits"),
        ("a_on", date(2026, 4, 10), "Fri 10 Apr 2026"),
        ("seen_at", datetime(2026, 7, 1, 8, 30, tzinfo=UTC), "Wed 1 Jul 2026 at 09:30"),
        ("colour", "dark_blue", "dark blue"),
        ("needs", frozenset({"speech", "moving_about"}), "moving about and speech"),
        ("needs", frozenset(), "nothing"),
        ("next_team", "court", "Court Team"),
        ("next_team", "other_authority", "another authority"),
        ("where", "north", "North"),
        ("front_door_decision", "not_yet", "not yet"),
    ],
)
def test_a_value_in_words(fact: str, value: Any, text: str) -> None:
    assert say_value(policy_of(""), fact, value) == text


@pytest.mark.parametrize(
    ("fact", "value", "text"),
    [
        ("current_team", "assessment", "current team is Assessment Team"),
        ("flag", True, "flag is yes"),
        ("colour", "red", "colour is red"),
        ("visits", 1, "number of visits is 1 visit"),
        ("needs", frozenset({"speech"}), "needs includes speech"),
        ("a_on", date(2026, 4, 10), "meeting A on Fri 10 Apr 2026"),
        ("a_on", "not_yet", "no meeting A yet"),
        ("a_on", "happened", "meeting A has happened"),
        ("expected_on", date(2026, 4, 10), "expected day is Fri 10 Apr 2026"),
        ("expected_on", "not_yet", "no expected day yet"),
        ("seen_at", date(2026, 4, 10), "first visit on Fri 10 Apr 2026"),
        ("front_door_decision", "not_yet", "decision of the front door is not yet"),
    ],
)
def test_a_fact_in_words(fact: str, value: Any, text: str) -> None:
    policy = policy_of("")
    expected = text.replace("decision of the front door", policy.facts["front_door_decision"].label)
    assert say_fact(policy, fact, value) == expected


def test_a_day_can_leave_out_its_year() -> None:
    assert say_day(date(2026, 4, 3), year=False) == "Fri 3 Apr"


@pytest.mark.parametrize(("things", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_a_series_ends_with_and(things: list[str], text: str) -> None:
    assert say_series(things) == text


@pytest.mark.parametrize(
    ("amount", "unit", "text"), [(1, "working_days", "1 working day"), (0, "days", "0 days"), (2, "weeks", "2 weeks"), (3, "", "3")]
)
def test_a_number_never_travels_without_its_unit(amount: int, unit: str, text: str) -> None:
    assert say_count(amount, unit) == text

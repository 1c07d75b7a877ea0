"""A deadline counted out step by step: which arm counts, which does not and why, and the closed days passed over."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.packs_for_tests import case, policy_of
from transfer_rules.counting import CountStep, count_steps, say_step
from transfer_rules.evaluation import evaluate

BST = timezone(timedelta(hours=1))
FIRST, TENTH, TWENTIETH = date(2026, 4, 1), date(2026, 4, 10), date(2026, 4, 20)


def steps(written: str, *, parts: str = "", effect: str = "transfer_to: court", **given: Any) -> list[CountStep]:
    """Return the steps of a deadline, written as in a pack."""
    policy, snapshot = policy_of(f"{parts}\nrules: [{{id: r, from: any, {effect}, deadline: {written}}}]"), case(**given)
    return list(count_steps(policy, snapshot, evaluate(policy, snapshot)))


def lines(written: str, **given: Any) -> list[str]:
    return [str(step) for step in steps(written, **given)]


# --- one arm


def test_a_count_shows_its_trigger_its_end_and_the_closed_days_passed_over() -> None:
    [step] = steps("{working_days: 8, after: a_on}", a_on=FIRST)
    assert (step.what, step.verdict, step.start, step.end) == ("8 working days after meeting A", "counted", FIRST, date(2026, 4, 15))
    assert step.closed == ((date(2026, 4, 3), "Good Friday"), (date(2026, 4, 6), "Easter Monday"))


def test_a_count_reads_as_a_sentence() -> None:
    assert lines("{working_days: 8, after: a_on}", a_on=FIRST) == [
        "8 working days after meeting A (Wed 1 Apr 2026), passing over Good Friday 3 Apr and Easter Monday 6 Apr: Wed 15 Apr 2026"
    ]


def test_calendar_days_pass_over_nothing() -> None:
    assert lines("{days: 5, after: a_on}", a_on=FIRST) == ["5 days after meeting A (Wed 1 Apr 2026): Mon 6 Apr 2026"]


def test_a_count_back_says_before_and_names_what_it_passes_over() -> None:
    assert lines("{working_days: 1, before: a_on}", a_on=date(2026, 4, 7)) == [
        "1 working day before meeting A (Tue 7 Apr 2026), passing over Good Friday 3 Apr and Easter Monday 6 Apr: Thu 2 Apr 2026"
    ]


def test_hours_are_shown_in_london_time() -> None:
    # 09:30 on the eve of summer time; 24 hours later the clock shows 10:30.
    assert lines("{hours: 24, after: seen_at}", seen_at=datetime(2026, 3, 28, 9, 30, tzinfo=UTC)) == [
        "24 hours after first visit (Sat 28 Mar 2026 at 09:30): Sun 29 Mar 2026 at 10:30"
    ]


def test_hours_from_a_date_say_that_they_are_counted_in_whole_days() -> None:
    assert lines("{hours: 24, after: seen_at}", seen_at=FIRST) == [
        "24 hours after first visit, in whole days since no time is recorded (Wed 1 Apr 2026): Thu 2 Apr 2026"
    ]


def test_the_day_of_a_fact_is_a_step_of_its_own() -> None:
    assert lines("{on: a_on}", a_on=TENTH) == ["meeting A: Fri 10 Apr 2026"]


def test_a_day_written_in_the_pack_says_itself_once() -> None:
    assert lines("{on: 2026-04-10}") == ["Fri 10 Apr 2026"]


def test_a_birthday_is_a_step() -> None:
    assert lines("{birthday: 18}", date_of_birth=date(2008, 4, 10)) == ["the 18th birthday: Fri 10 Apr 2026"]


def test_at_once_is_a_step_without_a_day() -> None:
    assert lines("{at_once: true}") == ["at once"]


@pytest.mark.parametrize(
    ("written", "given", "verdict", "line"),
    [
        ("{days: 5, after: a_on}", {"a_on": "not_yet"}, "not_there_yet", "5 days after meeting A: has no date yet"),
        ("{days: 5, after: a_on}", {}, "not_known", "5 days after meeting A: not known"),
        ("{days: 5, after: a_on}", {"a_on": "happened"}, "not_known", "5 days after meeting A: not known"),
        (
            "{working_days: 5000, after: a_on}",
            {"a_on": TENTH},
            "past_horizon",
            "5000 working days after meeting A (Fri 10 Apr 2026): past the end of the calendar",
        ),
    ],
)
def test_a_count_that_gives_no_date_says_why(written: str, given: dict[str, Any], verdict: str, line: str) -> None:
    [step] = steps(written, **given)
    assert (step.verdict, say_step(step)) == (verdict, line)


# --- lists


def test_the_arm_that_comes_later_does_not_count_in_the_soonest() -> None:
    assert lines("{soonest_of: [{working_days: 8, after: a_on}, {on: b_on}]}", a_on=FIRST, b_on=date(2026, 5, 20)) == [
        "8 working days after meeting A (Wed 1 Apr 2026), passing over Good Friday 3 Apr and Easter Monday 6 Apr: Wed 15 Apr 2026",
        "meeting B, Wed 20 May 2026: later",
    ]


def test_the_arm_that_comes_earlier_does_not_count_in_the_latest() -> None:
    assert lines("{latest_of: [{on: a_on}, {on: b_on}]}", a_on=TENTH, b_on=TWENTIETH) == [
        "meeting A, Fri 10 Apr 2026: earlier",
        "meeting B: Mon 20 Apr 2026",
    ]


def test_two_arms_that_reach_the_same_day_both_count() -> None:
    assert [step.verdict for step in steps("{soonest_of: [{on: a_on}, {days: 9, after: b_on}]}", a_on=TENTH, b_on=FIRST)] == ["counted", "counted"]


def test_an_arm_that_is_not_there_yet_says_so() -> None:
    assert lines("{soonest_of: [{on: a_on}, {on: b_on}]}", a_on=TENTH, b_on="not_yet") == ["meeting A: Fri 10 Apr 2026", "meeting B: has no date yet"]


def test_an_arm_whose_condition_does_not_hold_does_not_apply() -> None:
    written = "{soonest_of: [{on: a_on}, {on: b_on, when: {fact: flag, is: yes}}]}"
    assert lines(written, a_on=TENTH, b_on=FIRST, flag=False) == ["meeting A: Fri 10 Apr 2026", "meeting B if flag is yes: does not apply"]


def test_an_arm_without_a_date_does_not_apply() -> None:
    assert lines("{soonest_of: [{on: a_on}, {none: no number}]}", a_on=TENTH)[1] == "no date (no number): does not apply"


def test_of_two_known_arms_beside_an_unknown_one_the_later_does_not_count() -> None:
    found = steps("{soonest_of: [{on: a_on}, {on: b_on}, {on: c_on}]}", a_on=TWENTIETH, b_on=TENTH)
    assert [step.verdict for step in found] == ["later", "counted", "not_known"]


def test_of_two_known_arms_beside_one_not_yet_there_the_earlier_is_not_the_known_maximum() -> None:
    found = steps("{latest_of: [{on: a_on}, {on: b_on}, {on: c_on}]}", a_on=TWENTIETH, b_on=TENTH, c_on="not_yet")
    assert [step.verdict for step in found] == ["counted", "earlier", "not_there_yet"]


def test_of_two_known_arms_beside_an_unknown_one_the_earlier_is_not_the_known_minimum_of_the_latest() -> None:
    found = steps("{latest_of: [{on: a_on}, {on: b_on}, {on: c_on}]}", a_on=TWENTIETH, b_on=TENTH)
    assert [step.verdict for step in found] == ["counted", "earlier", "not_known"]


def test_beside_at_once_every_date_is_later() -> None:
    assert lines("{soonest_of: [{on: a_on}, {at_once: true}]}", a_on=FIRST) == ["meeting A, Wed 1 Apr 2026: later", "at once"]


def test_beside_a_date_at_once_is_earlier_in_the_latest() -> None:
    assert lines("{latest_of: [{on: a_on}, {at_once: true}]}", a_on=TENTH) == ["meeting A: Fri 10 Apr 2026", "at once: earlier"]


def test_beside_a_date_past_the_calendar_every_date_is_earlier_in_the_latest() -> None:
    found = steps("{latest_of: [{on: a_on}, {working_days: 5000, after: b_on}]}", a_on=TENTH, b_on=TENTH)
    assert [step.verdict for step in found] == ["earlier", "past_horizon"]


def test_a_list_in_a_list_shows_its_own_arms_where_it_counts() -> None:
    written = "{soonest_of: [{latest_of: [{on: a_on}, {on: b_on}]}, {on: c_on}]}"
    assert lines(written, a_on=FIRST, b_on=TENTH, c_on=TWENTIETH) == [
        "meeting A, Wed 1 Apr 2026: earlier",
        "meeting B: Fri 10 Apr 2026",
        "meeting C, Mon 20 Apr 2026: later",
    ]


def test_a_list_in_a_list_is_one_step_where_it_does_not_count() -> None:
    written = "{soonest_of: [{latest_of: [{on: b_on}, {on: a_on}]}, {on: c_on}]}"
    assert lines(written, a_on=FIRST, b_on=TENTH, c_on=FIRST) == ["meeting B, Fri 10 Apr 2026: later", "meeting C: Wed 1 Apr 2026"]


def test_a_count_from_a_list_shows_the_arms_first() -> None:
    assert lines("{working_days: 1, after: {soonest_of: [{on: a_on}, {on: b_on}]}}", a_on=FIRST, b_on=TENTH) == [
        "meeting A: Wed 1 Apr 2026",
        "meeting B, Fri 10 Apr 2026: later",
        "1 working day after whichever is sooner: meeting A or meeting B (Wed 1 Apr 2026): Thu 2 Apr 2026",
    ]


# --- conditions, failing that, names


@pytest.mark.parametrize(
    ("flag", "line"), [(True, "meeting A: Fri 10 Apr 2026"), (False, "meeting B: Mon 20 Apr 2026"), (None, "meeting A: Fri 10 Apr 2026")]
)
def test_a_condition_chooses_the_step(flag: bool | None, line: str) -> None:
    assert lines("{on: a_on, when: {fact: flag, is: yes}, otherwise: {on: b_on}}", a_on=TENTH, b_on=TWENTIETH, flag=flag) == [line]


@pytest.mark.parametrize(
    ("flag", "line"), [(True, "10 days after meeting A (Wed 1 Apr 2026): Sat 11 Apr 2026"), (False, "meeting B: Mon 20 Apr 2026")]
)
def test_failing_that_is_counted_out_where_the_first_does_not_apply(flag: bool, line: str) -> None:
    written = "{days: 10, after: a_on, when: {fact: flag, is: yes}}"
    parts = f"definitions: {{first: {{timescale: {written}}}}}"
    assert lines("{use: first, failing_that: {on: b_on}}", parts=parts, a_on=FIRST, b_on=TWENTIETH, flag=flag) == [line]


@pytest.mark.parametrize(("a_on", "line"), [(TENTH, "meeting A: Fri 10 Apr 2026"), ("not_yet", "meeting B: Mon 20 Apr 2026")])
def test_failing_that_chooses_the_step(a_on: object, line: str) -> None:
    assert lines("{on: a_on, failing_that: {on: b_on}}", a_on=a_on, b_on=TWENTIETH) == [line]


def test_a_named_timescale_is_counted_out() -> None:
    parts = "definitions: {five_days: {timescale: {days: 5, after: a_on}}}"
    assert lines("{use: five_days}", parts=parts, a_on=FIRST) == ["5 days after meeting A (Wed 1 Apr 2026): Mon 6 Apr 2026"]


# --- which decisions have steps


def test_a_close_is_counted_out_too() -> None:
    assert lines("{on: a_on}", effect="close: true", a_on=TENTH) == ["meeting A: Fri 10 Apr 2026"]


@pytest.mark.parametrize(
    "written",
    [
        "[{id: r, from: any, stay: {until: {on: a_on}}}]",
        "[{id: r, from: any, transfer_to: court, deadline: {none: no number}}]",
        "[{id: r, from: any, transfer_to: court}]",
        "[{id: r, from: any, transfer_to: court}, {id: s, from: any, close: true}]",
        "[{id: r, from: court, transfer_to: permanence}]",
    ],
)
def test_what_has_no_deadline_has_no_steps(written: str) -> None:
    policy, snapshot = policy_of(f"rules: {written}"), case(a_on=TENTH)
    assert count_steps(policy, snapshot, evaluate(policy, snapshot)) == ()


def test_of_rules_that_agree_the_one_with_a_date_is_counted_out() -> None:
    written = "[{id: r, from: any, transfer_to: court}, {id: s, from: any, transfer_to: court, deadline: {on: a_on}}]"
    policy, snapshot = policy_of(f"rules: {written}"), case(a_on=TENTH)
    assert [str(step) for step in count_steps(policy, snapshot, evaluate(policy, snapshot))] == ["meeting A: Fri 10 Apr 2026"]


def test_what_people_settled_between_two_dates_has_no_steps() -> None:
    text = """
    decisions: {keeper: {label: who keeps the case}}
    leave_to_people: [{rules: [r, s], who: managers, question: which?, settled_by: keeper}]
    rules:
      - {id: r, from: any, transfer_to: court, deadline: {on: a_on}}
      - {id: s, from: any, transfer_to: court, deadline: {on: b_on}}
    """
    policy, snapshot = policy_of(text), case(a_on=TENTH, b_on=TWENTIETH, decisions={"keeper": "court"})
    assert count_steps(policy, snapshot, evaluate(policy, snapshot)) == ()


def test_many_closed_days_are_named_with_commas() -> None:
    [line] = lines("{working_days: 3, after: a_on}", a_on=date(2026, 12, 24))
    assert ", passing over Christmas Day 25 Dec and Boxing Day" in line
    [longer] = lines("{working_days: 4, after: a_on}", a_on=date(2026, 12, 24))
    assert longer.count(", ") == 2
    assert longer.endswith(" and New Year's Day 1 Jan: Mon 4 Jan 2027")


@pytest.mark.parametrize(
    ("trigger", "line"),
    [
        ("as_of", "2 days after the day asked about (Wed 1 Apr 2026): Fri 3 Apr 2026"),
        ("'2026-04-01'", "2 days after Wed 1 Apr 2026 (Wed 1 Apr 2026): Fri 3 Apr 2026"),
        ("{birthday: 16}", "2 days after the 16th birthday (Wed 1 Apr 2026): Fri 3 Apr 2026"),
    ],
)
def test_a_count_from_a_single_day_is_one_step(trigger: str, line: str) -> None:
    assert lines(f"{{days: 2, after: {trigger}}}", date_of_birth=date(2010, 4, 1)) == [line]


def test_hours_from_what_is_not_there_yet_say_nothing_of_whole_days() -> None:
    assert lines("{hours: 24, after: a_on}", a_on="not_yet") == ["24 hours after meeting A: has no date yet"]


def test_beside_an_unknown_arm_and_one_that_may_turn_out_earlier_no_arm_is_known_to_be_earlier() -> None:
    written = "{latest_of: [{soonest_of: [{on: a_on}, {on: b_on}]}, {on: c_on}]}"
    assert [step.verdict for step in steps(written, a_on=TENTH, b_on="not_yet")] == ["counted", "not_there_yet", "not_known"]


def test_a_step_without_days_says_only_what_it_is() -> None:
    assert say_step(CountStep("at once", "counted")) == "at once"

"""The values at which an answer can change: for each unknown fact a few that stand for all.

The days are worked out by hand: where a comparison turns, the last day before and the first day after it are both there.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.packs_for_tests import TODAY, case, policy_of
from transfer_rules.answers import Hearing
from transfer_rules.case import bind
from transfer_rules.dates import LONDON
from transfer_rules.regions import Asked, Regions, regions

FIRST, LAST = date(2010, 1, 1), date(2040, 12, 31)
"""The span of the committed calendar of England; its bank holidays are proclaimed to the end of 2028."""
NOT_YET = "not_yet"
NOTHING_TURNS = [NOT_YET, TODAY]


def surveyed(*written: str, tail: str = "", asked: Asked | None = None, as_of: Any = TODAY, **given: Any) -> Regions:
    """Return the values of the unknown facts of a case under a pack with these rules."""
    policy = policy_of("\n".join(["rules:", *(f"  - {{{one}}}" for one in written), tail]))
    bound = bind(policy, case(as_of, **given))
    return regions(policy, bound, Hearing(policy, bound), asked)


def values(fact: str, condition: str, **given: Any) -> list[Any]:
    """Return the values of a fact under one rule with a condition, those that are days in order."""
    return in_order(surveyed(f"id: r, from: any, when: {condition}, transfer_to: court", **given), fact)


def in_order(found: Regions, fact: str) -> list[Any]:
    tried = found[fact]
    days = sorted(one for one in tried if isinstance(one, date))
    assert len(set(tried)) == len(tried)
    return [*(one for one in tried if not isinstance(one, date)), *days]


def dated(fact: str, written: str, **given: Any) -> list[Any]:
    """Return the days of a fact under one rule with a deadline."""
    return in_order(surveyed(f"id: r, from: any, transfer_to: court, deadline: {written}", **given), fact)


# --- comparisons


@pytest.mark.parametrize(
    ("operator", "last_before"),
    [("before", date(2026, 4, 9)), ("on_or_after", date(2026, 4, 9)), ("after", date(2026, 4, 10)), ("on_or_before", date(2026, 4, 10))],
)
def test_a_comparison_turns_between_two_days_and_both_are_tried(operator: str, last_before: date) -> None:
    found = values("a_on", f"{{fact: a_on, {operator}: 2026-04-10}}")
    assert {last_before, last_before + timedelta(days=1)} <= {*found}


@pytest.mark.parametrize(("operator", "days"), [("before", (9, 10)), ("on_or_after", (9, 10)), ("after", (10, 11)), ("on_or_before", (10, 11))])
def test_besides_the_two_days_about_the_turn_of_a_comparison_only_not_yet_and_today_are_tried(operator: str, days: tuple[int, int]) -> None:
    turn = [date(2026, 4, day) for day in days]
    assert values("a_on", f"{{fact: a_on, {operator}: 2026-04-10}}") == [NOT_YET, TODAY, *turn]
    # Seen from the other side the same comparison is the other way round.
    opposite = {"before": "after", "after": "before", "on_or_after": "on_or_before", "on_or_before": "on_or_after"}[operator]
    assert values("a_on", f"{{fact: b_on, {opposite}: a_on}}", b_on=date(2026, 4, 10)) == [NOT_YET, TODAY, *turn]


def test_within_has_the_two_days_at_either_end() -> None:
    span = "{fact: a_on, within: {days: 3, after: 2026-04-10}}"
    assert values("a_on", span) == [NOT_YET, TODAY, *(date(2026, 4, day) for day in (9, 10, 13, 14))]


def test_where_moments_or_hours_are_compared_the_day_before_and_the_day_after_are_tried_as_well() -> None:
    assert {date(2026, 4, day) for day in (9, 10, 11)} <= {*values("seen_at", "{fact: seen_at, before: 2026-04-10}")}
    assert {date(2026, 4, day) for day in (7, 8, 9)} <= {*values("a_on", "{fact: b_on, after: {hours: 48, after: a_on}}", b_on=date(2026, 4, 10))}


def test_a_day_that_nothing_compares_has_not_yet_and_today() -> None:
    assert values("b_on", "{fact: a_on, before: 2026-04-10}") == NOTHING_TURNS


@pytest.mark.parametrize(
    "effect",
    [
        "transfer_to: court, deadline: {days: 5, after: a_on}",
        "transfer_to: court, transfer_point: {on: a_on}",
        "people_decide: {question: Who?, who: managers, between: [court, stay], by: {days: 5, after: a_on}}",
    ],
)
def test_of_a_day_from_which_the_answer_counts_the_ends_of_the_calendar_are_tried_as_well(effect: str) -> None:
    found = in_order(surveyed(f"id: r, from: any, when: {{fact: a_on, before: 2026-04-10}}, {effect}"), "a_on")
    assert found == [
        NOT_YET,
        FIRST,
        TODAY,
        date(2026, 4, 9),
        date(2026, 4, 10),
        LAST,
    ]


def test_of_a_day_until_which_a_case_is_held_the_ends_of_the_calendar_are_tried_as_well() -> None:
    found = in_order(surveyed("id: r, from: any, stay: {until: {on: a_on}}"), "a_on")
    assert (found[:2], found[-1]) == ([NOT_YET, FIRST], LAST)


def test_the_values_begin_with_what_lies_nearest_to_the_day_asked_about() -> None:
    found = surveyed("id: r, from: any, when: {fact: a_on, before: 2026-04-10}, transfer_to: court")
    assert found["a_on"][:3] == (NOT_YET, TODAY, date(2026, 4, 9))


@pytest.mark.parametrize(
    ("span", "turns"),
    [
        # Closed on 15 January and referred again within six months: 15 July is inside, 16 July is not.
        ("{months: 6, after: 2026-01-15}", [date(2026, 1, 14), date(2026, 1, 15), date(2026, 7, 15), date(2026, 7, 16)]),
        ("{days: 14, before: 2026-04-20}", [date(2026, 4, 5), date(2026, 4, 6), date(2026, 4, 20), date(2026, 4, 21)]),
    ],
)
def test_within_turns_at_both_ends_of_the_span(span: str, turns: list[date]) -> None:
    assert {*turns} <= {*values("a_on", f"{{fact: a_on, within: {span}}}")}


def test_the_trigger_of_within_turns_where_the_span_takes_in_the_day_and_lets_it_go() -> None:
    # As of 1 April: two weeks begun on 18 March end today; those begun on 17 March ended yesterday.
    found = values("a_on", "{fact: as_of, within: {weeks: 2, after: a_on}}")
    assert {date(2026, 3, 17), date(2026, 3, 18), TODAY, date(2026, 4, 2)} <= {*found}


def test_whether_an_event_has_happened_turns_after_the_day_asked_about() -> None:
    found = values("a_on", "{fact: a_on, happened: true}")
    assert {TODAY, date(2026, 4, 2)} <= {*found}


def test_an_age_turns_on_the_birthday() -> None:
    # Eighteen on 1 April 2026: born on 1 April 2008, and not on 2 April.
    found = values("date_of_birth", "{age_at_least: 18}")
    assert {date(2008, 4, 1), date(2008, 4, 2)} <= {*found}


def test_births_are_tried_from_before_the_calendar() -> None:
    found = dated("date_of_birth", "{days: 5, after: date_of_birth}")
    assert (found[0], found[1]) == (NOT_YET, date(1950, 1, 1))


def test_an_age_turns_on_1_march_for_those_born_on_29_february() -> None:
    # On 28 February 2026 those born on 28 February 2008 are eighteen, and those born on 29 February not before 1 March.
    on_28 = values("date_of_birth", "{age_at_least: 18}", as_of="2026-02-28")
    assert {date(2008, 2, 28), date(2008, 2, 29)} <= {*on_28}
    on_1 = values("date_of_birth", "{age_at_least: 18}", as_of="2026-03-01")
    assert {date(2008, 3, 1), date(2008, 3, 2)} <= {*on_1}


def test_a_birthday_as_a_deadline_needs_no_more_than_the_ends_of_the_span() -> None:
    assert dated("date_of_birth", "{birthday: 18}") == [NOT_YET, date(1950, 1, 1), TODAY, LAST]


def test_a_hold_turns_on_the_day_on_which_it_is_over() -> None:
    # Held for 14 days: one begun on 18 March is over today, one begun on 19 March is not.
    found = in_order(surveyed("id: r, from: any, stay: {until: {days: 14, after: a_on}}"), "a_on")
    assert {date(2026, 3, 18), date(2026, 3, 19)} <= {*found}


def test_months_counted_to_the_months_end_turn_where_the_count_first_passes_a_day() -> None:
    # One month after 28 to 31 January 2026 is 28 February; one month after 1 February is 1 March.
    # 27 January leads to 27 February, the last that lies before 28 February; 31 January to the 28th, the last that does not pass it.
    found = values("a_on", "{fact: as_of, after: {months: 1, after: a_on}}", as_of="2026-02-28")
    assert {date(2026, 1, 27), date(2026, 1, 28)} <= {*found}
    found = values("a_on", "{fact: as_of, on_or_after: {months: 1, after: a_on}}", as_of="2026-02-28")
    assert {date(2026, 1, 31), date(2026, 2, 1)} <= {*found}


def test_working_days_over_easter_turn_before_the_days_that_are_passed_over() -> None:
    # The working day after Thursday 2, Good Friday 3, Saturday 4, Sunday 5 and Easter Monday 6 April is Tuesday 7 April.
    found = values("a_on", "{fact: b_on, on_or_after: {working_days: 1, after: a_on}}", b_on=date(2026, 4, 7))
    assert {date(2026, 4, 6), date(2026, 4, 7)} <= {*found}
    found = values("a_on", "{fact: b_on, after: {working_days: 1, after: a_on}}", b_on=date(2026, 4, 7))
    assert {date(2026, 4, 1), date(2026, 4, 2)} <= {*found}


def test_working_days_counted_back_over_easter_turn_after_the_days_that_are_passed_over() -> None:
    # The working day before Friday 3 to Tuesday 7 April is Thursday 2 April.
    found = values("a_on", "{fact: b_on, on_or_before: {working_days: 1, before: a_on}}", b_on=date(2026, 4, 2))
    assert {date(2026, 4, 2), date(2026, 4, 3)} <= {*found}
    found = values("a_on", "{fact: b_on, before: {working_days: 1, before: a_on}}", b_on=date(2026, 4, 2))
    assert {date(2026, 4, 7), date(2026, 4, 8)} <= {*found}


def test_hours_from_a_day_turn_as_the_days_they_are_rounded_up_to() -> None:
    # 36 hours from a day end with the second day after it, so those of 30 March end today.
    found = values("a_on", "{fact: as_of, after: {hours: 36, after: a_on}}")
    assert {date(2026, 3, 29), date(2026, 3, 30), date(2026, 3, 31)} <= {*found}


def test_counts_one_after_another_turn_together() -> None:
    # Nine days before 1 April lies 23 March.
    found = values("a_on", "{fact: as_of, after: {weeks: 1, after: {days: 2, after: a_on}}}")
    assert {date(2026, 3, 22), date(2026, 3, 23)} <= {*found}


def test_a_definition_compares_as_if_it_were_written_out() -> None:
    tail = "definitions: {late: {when: {fact: a_on, before: 2026-02-10}}, limit: {timescale: {days: 3, after: a_on}}}"
    found = surveyed(
        "id: r, from: any, when: {all: [{use: late}, {fact: as_of, after: {use: limit}}]}, transfer_to: court",
        tail=tail,
    )
    assert {date(2026, 2, 9), date(2026, 2, 10), date(2026, 3, 28), date(2026, 3, 29)} <= {*found["a_on"]}


def test_what_known_facts_settle_is_not_looked_at() -> None:
    condition = "{all: [{fact: flag, is: yes}, {fact: a_on, before: 2026-02-10}]}"
    assert values("a_on", condition, flag=False) == NOTHING_TURNS
    assert date(2026, 2, 9) in values("a_on", condition, flag=True)


def test_a_rule_that_another_team_holds_is_not_looked_at() -> None:
    found = surveyed("id: r, from: court, when: {fact: a_on, before: 2026-02-10}, transfer_to: permanence")
    assert in_order(found, "a_on") == NOTHING_TURNS


def test_a_fact_that_is_known_has_no_values() -> None:
    assert "a_on" not in surveyed("id: r, from: any, when: {fact: a_on, happened: true}, transfer_to: court", a_on=TODAY)


def test_an_event_that_has_happened_is_tried_up_to_the_day_asked_about_and_never_as_not_yet() -> None:
    found = values("a_on", "{fact: a_on, before: 2026-03-10}", a_on="happened")
    assert found == [date(2026, 3, 9), date(2026, 3, 10), TODAY]


def test_a_comparison_with_a_later_day_adds_nothing_to_an_event_that_has_happened() -> None:
    assert values("a_on", "{fact: a_on, before: 2026-05-10}", a_on="happened") == [TODAY]


def test_a_case_outside_the_calendar_has_its_own_day_in_the_span() -> None:
    assert dated("a_on", "{on: a_on}", as_of="2045-03-01")[-1] == date(2045, 3, 1)


def test_a_moment_on_the_day_asked_about_is_tried_on_both_sides_of_the_moment() -> None:
    now = datetime(2026, 4, 1, 9, 30, tzinfo=LONDON)
    found = surveyed("id: r, from: any, when: {fact: seen_at, happened: true}, transfer_to: court", as_of=now)
    moments = [one for one in found["seen_at"] if isinstance(one, datetime)]
    assert any(one <= now for one in moments)
    assert any(one > now for one in moments)
    assert all(not isinstance(one, datetime) for one in found["a_on"])


# --- deadlines


def test_a_count_alone_needs_only_the_ends_of_the_span() -> None:
    assert dated("a_on", "{days: 5, after: a_on}") == [NOT_YET, FIRST, TODAY, LAST]


def test_a_count_of_working_days_that_is_compared_turns_where_it_leaves_the_proclaimed_years_and_the_calendar() -> None:
    found = values("a_on", "{fact: b_on, before: {working_days: 1, after: a_on}}", b_on=TODAY)
    # Friday 29 December 2028 is the last working day proclaimed, counted from Thursday 28 December; Monday 31 December 2040 the last of the calendar,
    # counted from Sunday 30 December.
    assert {date(2028, 12, 28), date(2028, 12, 29), date(2040, 12, 30), date(2040, 12, 31)} <= {*found}


def test_a_count_of_working_days_back_turns_where_it_leaves_the_beginning_of_the_calendar() -> None:
    # Friday 1 January 2010 is closed, so Monday 4 January is the first working day, counted back from Tuesday 5 January.
    found = values("a_on", "{fact: b_on, before: {working_days: 1, before: a_on}}", b_on=TODAY)
    assert {date(2010, 1, 4), date(2010, 1, 5)} <= {*found}


def test_a_count_of_working_days_back_turns_after_the_last_proclaimed_day() -> None:
    # Counted from 1 January 2029 the count has to do with a year whose bank holidays are not proclaimed, though it ends before it.
    found = values("a_on", "{fact: b_on, before: {working_days: 1, before: a_on}}", b_on=TODAY)
    assert {date(2028, 12, 31), date(2029, 1, 1)} <= {*found}


def test_the_arms_of_a_latest_are_compared_with_each_other() -> None:
    found = dated("a_on", "{latest_of: [{days: 2, after: a_on}, {on: 2026-05-10}]}")
    assert {date(2026, 5, 8), date(2026, 5, 9)} <= {*found}


def test_the_deadlines_of_two_rules_for_one_team_are_compared() -> None:
    both = (
        "id: one, from: any, transfer_to: court, deadline: {days: 3, after: a_on}",
        "id: two, from: any, transfer_to: court, deadline: {on: 2026-05-10}",
    )
    assert {date(2026, 5, 6), date(2026, 5, 7), date(2026, 5, 8)} <= {*surveyed(*both)["a_on"]}


def test_the_deadlines_of_two_rules_for_two_teams_are_not_compared() -> None:
    both = (
        "id: one, from: any, transfer_to: court, deadline: {days: 3, after: a_on}",
        "id: two, from: any, transfer_to: permanence, deadline: {on: 2026-05-10}",
    )
    assert in_order(surveyed(*both), "a_on") == [NOT_YET, FIRST, TODAY, LAST]


# --- dates compared with each other


def test_of_two_dates_compared_with_each_other_each_has_the_days_about_those_of_the_other() -> None:
    found = surveyed("id: r, from: any, when: {fact: a_on, before: {days: 3, after: b_on}}, transfer_to: court")
    assert found.exact(["a_on", "b_on"])
    # B today: A turns between 3 and 4 April. A today: B turns between 29 and 30 March.
    assert {date(2026, 4, 3), date(2026, 4, 4)} <= {*found["a_on"]}
    assert {date(2026, 3, 29), date(2026, 3, 30)} <= {*found["b_on"]}


def test_a_known_turn_of_one_date_reaches_every_date_it_is_compared_with() -> None:
    both = "{all: [{fact: a_on, before: b_on}, {fact: b_on, before: 2026-07-10}]}"
    found = surveyed(f"id: r, from: any, when: {both}, transfer_to: court")
    assert {date(2026, 7, 8), date(2026, 7, 9), date(2026, 7, 10)} <= {*found["a_on"]}


def test_a_turn_reaches_dates_through_others() -> None:
    chain = "{all: [{fact: a_on, before: b_on}, {fact: b_on, before: c_on}, {fact: c_on, before: 2026-07-10}]}"
    found = surveyed(f"id: r, from: any, when: {chain}, transfer_to: court")
    assert found.exact(["a_on", "b_on", "c_on"])
    # C on 9 July, B on 8 July, A on 7 July still fit.
    assert date(2026, 7, 7) in found["a_on"]


def test_too_long_a_chain_of_dates_is_not_called_exact() -> None:
    names = ["first_court_hearing_on", "care_order_made_on", "placement_order_made_on", "closure_confirmed_on", "a_on", "b_on", "c_on"]
    chain = ", ".join(f"{{fact: {one}, before: {other}}}" for one, other in pairwise(names))
    found = surveyed(f"id: r, from: any, when: {{all: [{chain}]}}, transfer_to: court")
    assert not any(found.exact([name]) for name in names)


def test_dates_that_are_only_each_compared_with_a_known_one_are_exact_however_many() -> None:
    names = ["first_court_hearing_on", "care_order_made_on", "placement_order_made_on", "closure_confirmed_on", "a_on", "b_on"]
    each = ", ".join(f"{{fact: {one}, before: c_on}}" for one in names)
    found = surveyed(f"id: r, from: any, when: {{all: [{each}]}}, transfer_to: court", c_on=date(2026, 7, 10))
    assert found.exact(names)
    assert all({date(2026, 7, 9), date(2026, 7, 10)} <= {*found[name]} for name in names)


# --- facts that are no dates


def test_yes_and_no_are_both_tried() -> None:
    assert values("flag", "{fact: flag, is: yes}") == [False, True]


def test_of_a_choice_those_that_are_compared_are_tried_and_one_that_stands_for_the_rest() -> None:
    assert values("colour", "{fact: colour, is: dark_blue}") == ["red", "dark_blue"]
    assert values("colour", "{fact: colour, one_of: [red, green]}") == ["red", "dark_blue", "green"]
    assert values("colour", "{fact: flag, is: yes}") == ["red"]


def test_a_count_is_tried_on_both_sides_of_each_number() -> None:
    assert {1, 2} <= {*values("visits", "{fact: visits, at_least: 2}")}
    assert {2, 3} <= {*values("visits", "{fact: visits, at_most: 2}")}
    assert {2, 3} <= {*values("visits", "{fact: visits, is: 3}")}


def test_no_count_below_nothing_is_tried() -> None:
    assert min(values("visits", "{fact: visits, at_least: 0}")) == 0


def test_every_set_of_the_choices_that_are_compared_is_tried() -> None:
    found = values("needs", "{any: [{fact: needs, includes: sight}, {fact: needs, includes: speech}]}")
    assert {*found} == {frozenset(), frozenset({"sight"}), frozenset({"speech"}), frozenset({"sight", "speech"})}


def test_more_choices_than_can_all_be_combined_are_not_called_exact() -> None:
    options = [f"option_{number}" for number in range(8)]
    facts = f"local_facts: {{many: {{type: choices, options: [{', '.join(options)}], label: many, ask: Which?}}}}"
    either = ", ".join(f"{{fact: many, includes: {option}}}" for option in options)
    policy = policy_of(f"{facts}\nrules: [{{id: r, from: any, when: {{any: [{either}]}}, transfer_to: court}}]")
    bound = bind(policy, case())
    found = regions(policy, bound, Hearing(policy, bound))
    assert not found.exact(["many"])
    assert found.exact(["a_on", "flag", "current_team"])


def test_of_teams_those_that_rules_name_are_tried_and_one_that_stands_for_the_rest() -> None:
    found = surveyed("id: r, from: [court, none], transfer_to: permanence", current_team=None)
    assert {*found["current_team"]} == {"court", "none", "permanence", "assessment"}


def test_a_fact_that_names_the_receiving_team_is_tried_with_every_team() -> None:
    found = surveyed("id: r, from: any, transfer_to: {team: {fact: next_team}}")
    assert {*found["next_team"]} == {"assessment", "permanence", "court", "early_help", "none", "other_authority"}


def test_a_fact_that_names_an_area_is_tried_with_every_area() -> None:
    found = surveyed("id: r, from: any, transfer_to: {team: permanence, area: {fact: where}}")
    assert {*found["where"]} == {"east", "north", "south"}


def test_two_facts_compared_with_each_other_are_tried_with_every_value() -> None:
    found = surveyed("id: r, from: any, when: {fact: current_team, is: {fact: next_team}}, transfer_to: court", current_team=None)
    assert {*found["current_team"]} == {*found["next_team"]} >= {"assessment", "permanence", "court", "early_help"}


# --- a narrower question


RULE = (
    "id: r, from: any, when: {fact: a_on, before: 2026-02-10}, transfer_to: {team: {fact: next_team}}, "
    "deadline: {latest_of: [{days: 2, after: b_on}, {on: 2026-05-10}]}"
)
ITEMS = "checklists: {list: {applies: {when: {fact: c_on, before: 2026-03-10}}, items: [{id: note, label: Note}]}}"


def test_asked_only_whether_rules_match_nothing_else_is_looked_at() -> None:
    found = surveyed(RULE, tail=ITEMS, asked=Asked())
    assert {date(2026, 2, 9), date(2026, 2, 10)} <= {*found["a_on"]}
    assert in_order(found, "b_on") == in_order(found, "c_on") == [NOT_YET, FIRST, TODAY, LAST]
    assert len(found["next_team"]) == 1


def test_asked_whom_a_rule_names_two_teams_that_nothing_mentions_are_enough() -> None:
    found = surveyed(RULE, tail=ITEMS, asked=Asked(teams=("r",)), current_team=None)
    assert len(found["next_team"]) == 2


def test_asked_whom_a_rule_names_the_teams_that_others_mention_are_tried_too() -> None:
    found = surveyed(RULE, "id: two, from: court, transfer_to: early_help", asked=Asked(teams=("r", "two")), current_team=None)
    assert {"court", "early_help"} <= {*found["next_team"]}


def test_asked_when_a_rule_says_its_dates_are_looked_at_and_items_are_not() -> None:
    found = surveyed(RULE, tail=ITEMS, asked=Asked(dates=("r",)))
    assert {date(2026, 5, 8), date(2026, 5, 9)} <= {*found["b_on"]}
    assert in_order(found, "c_on") == [NOT_YET, FIRST, TODAY, LAST]


def test_the_whole_question_looks_at_items_too() -> None:
    assert {date(2026, 3, 9), date(2026, 3, 10)} <= {*surveyed(RULE, tail=ITEMS)["c_on"]}


# --- what is looked at, and what is not


def test_every_set_of_seven_choices_is_tried_and_of_eight_none_each_and_all() -> None:
    for many, sets in ((7, 128), (8, 10)):
        options = [f"option_{number}" for number in range(many)]
        facts = f"local_facts: {{many: {{type: choices, options: [{', '.join(options)}], label: many, ask: Which?}}}}"
        either = ", ".join(f"{{fact: many, includes: {option}}}" for option in options)
        found = surveyed(f"id: r, from: any, when: {{any: [{either}]}}, transfer_to: court", tail=facts)
        tried = found["many"]
        assert (len(tried), len(set(tried)), found.exact(["many"])) == (sets, sets, many == 7)
        assert {frozenset(), *(frozenset({one}) for one in options), frozenset(options)} <= {*tried}


def test_a_count_that_nothing_compares_is_tried_as_nought() -> None:
    assert values("visits", "{fact: flag, is: yes}") == [0]


def test_numbers_of_counts_that_are_compared_with_each_other_are_tried_with_those_alone() -> None:
    count = "{type: count, unit: visits, label: number, ask: How many?}"
    facts = f"local_facts: {{one: {count}, two: {count}, three: {count}}}"
    condition = "{any: [{fact: one, is: {fact: two}}, {fact: three, at_least: 10}]}"
    found = surveyed(f"id: r, from: any, when: {condition}, transfer_to: court", tail=facts, local_facts={"two": 3})
    assert 3 in found["one"]
    assert found["three"] == (0, 9, 10, 11)


def test_each_of_several_values_is_tried_and_one_that_stands_for_the_rest() -> None:
    assert values("colour", "{fact: colour, one_of: [dark_blue, green]}") == ["red", "dark_blue", "green"]


LATEST = "{latest_of: [{days: 2, after: a_on}, {on: 2026-05-10}]}"
"""Its arms change places after 8 May."""


def test_a_part_of_a_condition_that_known_facts_settle_is_not_looked_at() -> None:
    condition = "{any: [{fact: other_flag, is: yes}, {all: [{fact: flag, is: yes}, {fact: a_on, before: 2026-02-10}]}]}"
    assert values("a_on", condition, flag=False) == NOTHING_TURNS
    assert date(2026, 2, 9) in values("a_on", condition, flag=True)


def test_a_timescale_that_known_facts_settle_is_not_looked_at() -> None:
    written = f"{{days: 3, after: b_on, failing_that: {LATEST}}}"
    assert date(2026, 5, 8) not in dated("a_on", written, b_on=TODAY)
    assert date(2026, 5, 8) in dated("a_on", written)


def test_both_arms_of_failing_that_are_compared() -> None:
    found = values("a_on", "{fact: as_of, after: {days: 3, after: a_on, failing_that: {days: 5, after: b_on}}}")
    assert {date(2026, 3, 28), date(2026, 3, 29)} <= {*found}
    found = values("b_on", "{fact: as_of, after: {days: 3, after: a_on, failing_that: {days: 5, after: b_on}}}")
    assert {date(2026, 3, 26), date(2026, 3, 27)} <= {*found}


def test_one_and_the_same_count_is_not_compared_with_itself() -> None:
    both = [f"id: {name}, from: any, transfer_to: court, deadline: {{working_days: 5, after: a_on}}" for name in ("one", "two")]
    assert in_order(surveyed(*both), "a_on") == [NOT_YET, FIRST, TODAY, LAST]


def test_the_days_of_people_and_of_a_transfer_are_compared_with_each_other() -> None:
    both = (
        "id: one, from: any, transfer_to: court, deadline: {days: 3, after: a_on}",
        "id: two, from: any, transfer_to: {team: {fact: next_team}}, deadline: {on: 2026-05-10}",
    )
    assert {date(2026, 5, 7), date(2026, 5, 8)} <= {*surveyed(*both)["a_on"]}


LIST = "checklists: {list: {applies: {when: {fact: flag, is: yes}}, items: [{id: note, label: Note, when: {fact: c_on, before: 2026-03-10}}]}}"


def test_an_item_is_looked_at_where_its_list_may_apply() -> None:
    rule = "id: r, from: any, transfer_to: court"
    assert date(2026, 3, 9) in surveyed(rule, tail=LIST, flag=True)["c_on"]
    assert date(2026, 3, 9) in surveyed(rule, tail=LIST)["c_on"]
    assert in_order(surveyed(rule, tail=LIST, flag=False), "c_on") == NOTHING_TURNS


# --- what people decided


KEEPER = "decisions: {keeper: {label: keeper}}"


def asking(more: str) -> str:
    return f"id: asks, from: any, people_decide: {{who: managers, question: which?, between: [court, stay], settled_by: keeper{more}}}"


@pytest.mark.parametrize("bound", ["on_or_after", "before"])
def test_the_bound_of_a_decision_turns_about_the_day_of_that_decision(bound: str) -> None:
    more = f", valid: {{{bound}: {{days: 10, after: a_on}}}}"
    found = surveyed(asking(more), tail=KEEPER, decisions={"keeper": {"decided": "court", "on": date(2026, 3, 20)}})
    assert {date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)} <= {*found["a_on"]}
    # Of a decision that nobody has recorded there is nothing to compare.
    assert in_order(surveyed(asking(more), tail=KEEPER), "a_on") == NOTHING_TURNS


def test_the_team_and_the_area_that_people_decided_on_are_tried_as_those_that_hold_the_case() -> None:
    decisions = {"keeper": {"decided": "permanence", "area": "south"}}
    found = surveyed(asking("").replace("court, stay", "permanence, stay"), tail=KEEPER, decisions=decisions, current_team=None)
    assert "permanence" in found["current_team"]
    assert "south" in found["current_team_area"]


def test_the_team_by_which_people_settled_a_clash_is_tried_as_the_one_that_holds_the_case() -> None:
    both = ("id: one, from: any, transfer_to: assessment", "id: two, from: any, transfer_to: permanence")
    tail = f"{KEEPER}\nleave_to_people: [{{rules: [one, two], who: managers, question: which?, settled_by: keeper}}]"
    assert "early_help" not in surveyed(*both, tail=tail, current_team=None)["current_team"]
    assert "early_help" in surveyed(*both, tail=tail, current_team=None, decisions={"keeper": "early_help"})["current_team"]


# --- which deadlines are compared


TO_COURT = "id: one, from: any, transfer_to: court"
CLOSE = "id: one, from: any, close: true"


@pytest.mark.parametrize(
    ("one", "other", "compared"),
    [
        (TO_COURT, TO_COURT, True),
        (CLOSE, CLOSE, True),
        (CLOSE, TO_COURT, False),
        (TO_COURT, CLOSE, False),
        (CLOSE, TO_COURT.replace("court", "{team: {fact: next_team}}"), True),
        (TO_COURT, TO_COURT.replace("court", "permanence"), False),
        (TO_COURT, TO_COURT.replace("court", "{team: court, role: adviser}"), False),
        (TO_COURT, TO_COURT.replace("court", "{team: {fact: next_team}}"), True),
    ],
)
def test_the_deadlines_of_two_rules_that_may_give_one_answer_are_compared(one: str, other: str, compared: bool) -> None:
    found = surveyed(f"{one}, deadline: {{days: 3, after: a_on}}", f"{other.replace('id: one', 'id: two')}, deadline: {{on: 2026-05-10}}")
    assert ({date(2026, 5, 6), date(2026, 5, 7), date(2026, 5, 8)} <= {*found["a_on"]}) is compared

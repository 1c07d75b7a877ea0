"""Every operator in its three truths, at both sides of every boundary; expectations are worked out from the language page."""

from datetime import UTC, date, datetime

import pytest

from tests.packs_for_tests import bound, policy_of, truth
from transfer_rules.conditions import (
    ALWAYS,
    Age,
    All,
    Amount,
    AnyOf,
    Arranged,
    Happened,
    Is,
    Within,
    all_of,
    any_of,
    has_happened,
    is_after,
    negation,
)
from transfer_rules.timescales import AsOf, FactDay, Literally, facts_read

UP = "{fact: flag, is: yes}"
OTHER_UP = "{fact: other_flag, is: yes}"
NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


# --- three truths


def test_all_is_false_where_one_is_false_whatever_is_unknown() -> None:
    assert truth(f"{{all: [{UP}, {OTHER_UP}]}}", other_flag=False) is False


def test_all_is_unknown_where_one_is_unknown_and_none_false() -> None:
    assert truth(f"{{all: [{UP}, {OTHER_UP}]}}", flag=True) is None
    assert truth(f"{{all: [{UP}, {OTHER_UP}]}}", other_flag=True) is None


def test_all_is_true_where_every_part_is() -> None:
    assert truth(f"{{all: [{UP}, {OTHER_UP}]}}", flag=True, other_flag=True) is True


def test_any_is_true_where_one_is_true_whatever_is_unknown() -> None:
    assert truth(f"{{any: [{UP}, {OTHER_UP}]}}", other_flag=True) is True


def test_any_is_unknown_where_one_is_unknown_and_none_true() -> None:
    assert truth(f"{{any: [{UP}, {OTHER_UP}]}}", flag=False) is None
    assert truth(f"{{any: [{UP}, {OTHER_UP}]}}", other_flag=False) is None


def test_any_is_false_where_every_part_is() -> None:
    assert truth(f"{{any: [{UP}, {OTHER_UP}]}}", flag=False, other_flag=False) is False


@pytest.mark.parametrize(("flag", "expected"), [(True, False), (False, True), (None, None)])
def test_not_turns_a_truth_round_and_leaves_the_unknown_unknown(flag: bool | None, expected: bool | None) -> None:
    assert truth(f"{{not: {UP}}}", flag=flag) is expected


@pytest.mark.parametrize("flag", [True, False, None])
def test_a_named_condition_is_what_it_names(flag: bool | None) -> None:
    assert truth("{use: up}", parts=f"definitions: {{up: {{when: {UP}}}}}", flag=flag) is flag


def test_a_condition_that_is_left_out_is_always_true() -> None:
    rule = policy_of("rules: [{id: r, from: any, transfer_to: court}]").rules["r"]
    assert rule.when == ALWAYS
    assert rule.when.truth(bound()) is True


def test_nothing_at_all_is_all_true_and_not_any() -> None:
    assert (all_of([]), any_of([])) == (True, False)
    assert (All(()).truth(bound()), AnyOf(()).truth(bound())) == (True, False)


def test_the_opposite_of_unknown_is_unknown() -> None:
    assert [negation(one) for one in (True, False, None)] == [False, True, None]


# --- is, is_not, one_of, includes


@pytest.mark.parametrize(("flag", "expected"), [(True, True), (False, False), (None, None)])
def test_a_yes_no_fact_is_yes(flag: bool | None, expected: bool | None) -> None:
    assert truth(UP, flag=flag) is expected


@pytest.mark.parametrize(("flag", "expected"), [(True, False), (False, True), (None, None)])
def test_a_yes_no_fact_is_no(flag: bool | None, expected: bool | None) -> None:
    assert truth("{fact: flag, is: no}", flag=flag) is expected


@pytest.mark.parametrize(("colour", "expected"), [("red", True), ("green", False), (None, None)])
def test_a_choice_is_one_word(colour: str | None, expected: bool | None) -> None:
    assert truth("{fact: colour, is: red}", colour=colour) is expected


@pytest.mark.parametrize(("colour", "expected"), [("red", False), ("green", True), (None, None)])
def test_is_not_is_the_opposite_of_is(colour: str | None, expected: bool | None) -> None:
    assert truth("{fact: colour, is_not: red}", colour=colour) is expected


@pytest.mark.parametrize(("decision", "expected"), [("not_yet", True), ("section_47", False)])
def test_not_yet_can_be_an_option_of_a_choice(decision: str, expected: bool) -> None:
    assert truth("{fact: front_door_decision, is: not_yet}", front_door_decision=decision) is expected


@pytest.mark.parametrize(("team", "expected"), [("none", True), ("court", False), (None, None)])
def test_a_team_fact_can_be_nobody(team: str | None, expected: bool | None) -> None:
    assert truth("{fact: last_holding_team, is: none}", last_holding_team=team) is expected


@pytest.mark.parametrize(("visits", "expected"), [(3, True), (2, False), (0, False), (None, None)])
def test_a_count_is_a_number_and_zero_is_not_unknown(visits: int | None, expected: bool | None) -> None:
    assert truth("{fact: visits, is: 3}", visits=visits) is expected


@pytest.mark.parametrize(
    ("here", "home", "expected"),
    [("north", "north", True), ("north", "south", False), ("north", None, None), (None, "north", None), (None, None, None)],
)
def test_a_fact_is_the_same_as_another_fact(here: str | None, home: str | None, expected: bool | None) -> None:
    assert truth("{fact: current_team_area, is: {fact: home_area}}", current_team_area=here, home_area=home) is expected


@pytest.mark.parametrize(("here", "home", "expected"), [("north", "north", False), ("north", "south", True), (None, "north", None)])
def test_a_fact_is_not_the_same_as_another_fact(here: str | None, home: str | None, expected: bool | None) -> None:
    assert truth("{fact: current_team_area, is_not: {fact: home_area}}", current_team_area=here, home_area=home) is expected


@pytest.mark.parametrize(("colour", "expected"), [("red", True), ("dark_blue", True), ("green", False), (None, None)])
def test_one_of_several_words(colour: str | None, expected: bool | None) -> None:
    assert truth("{fact: colour, one_of: [red, dark_blue]}", colour=colour) is expected


@pytest.mark.parametrize(("needs", "expected"), [({"speech", "sight"}, True), ({"sight"}, False), (frozenset(), False), (None, None)])
def test_a_list_includes_a_word_and_an_empty_list_is_not_unknown(needs: set[str] | None, expected: bool | None) -> None:
    assert truth("{fact: needs, includes: speech}", needs=needs) is expected


# --- at_least, at_most


@pytest.mark.parametrize(("visits", "expected"), [(90, False), (91, True), (92, True), (None, None)])
def test_at_least_takes_the_limit_in(visits: int | None, expected: bool | None) -> None:
    assert truth("{fact: visits, at_least: 91}", visits=visits) is expected


@pytest.mark.parametrize(("visits", "expected"), [(90, True), (91, True), (92, False), (None, None)])
def test_at_most_takes_the_limit_in(visits: int | None, expected: bool | None) -> None:
    assert truth("{fact: visits, at_most: 91}", visits=visits) is expected


# --- comparisons of dates

DAYS = {"earlier": date(2026, 4, 9), "same": date(2026, 4, 10), "later": date(2026, 4, 11)}
B_ON = date(2026, 4, 10)


@pytest.mark.parametrize(
    ("operator", "true_for"),
    [("before", {"earlier"}), ("on_or_before", {"earlier", "same"}), ("after", {"later"}), ("on_or_after", {"later", "same"})],
)
@pytest.mark.parametrize("when", DAYS)
def test_two_dates_compare(operator: str, true_for: set[str], when: str) -> None:
    assert truth(f"{{fact: a_on, {operator}: b_on}}", a_on=DAYS[when], b_on=B_ON) is (when in true_for)


OPERATORS = ["before", "on_or_before", "after", "on_or_after"]


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("other", [B_ON, "not_yet", "happened", None])
def test_a_comparison_with_not_yet_on_the_left_is_false(operator: str, other: object) -> None:
    assert truth(f"{{fact: a_on, {operator}: b_on}}", a_on="not_yet", b_on=other) is False


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("other", [B_ON, "happened", None])
def test_a_comparison_with_not_yet_on_the_right_is_false(operator: str, other: object) -> None:
    assert truth(f"{{fact: a_on, {operator}: b_on}}", a_on=other, b_on="not_yet") is False


@pytest.mark.parametrize("operator", OPERATORS)
def test_not_of_a_comparison_with_not_yet_is_true(operator: str) -> None:
    assert truth(f"{{not: {{fact: a_on, {operator}: b_on}}}}", a_on="not_yet", b_on=B_ON) is True


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize(("a_on", "b_on"), [(None, B_ON), (B_ON, None), (None, None)])
def test_a_comparison_with_an_unknown_date_is_unknown(operator: str, a_on: date | None, b_on: date | None) -> None:
    assert truth(f"{{fact: a_on, {operator}: b_on}}", a_on=a_on, b_on=b_on) is None


def test_what_happened_on_a_day_not_recorded_lies_before_a_later_day() -> None:
    assert truth("{fact: a_on, before: 2026-04-02}", a_on="happened") is True


def test_what_happened_on_a_day_not_recorded_may_or_may_not_lie_before_today() -> None:
    assert truth("{fact: a_on, before: as_of}", a_on="happened") is None
    assert truth("{fact: a_on, on_or_before: 2026-03-31}", a_on="happened") is None
    assert truth("{fact: a_on, on_or_before: as_of}", a_on="happened") is True


def test_what_happened_on_a_day_not_recorded_does_not_lie_after_today() -> None:
    assert truth("{fact: a_on, after: as_of}", a_on="happened") is False
    assert truth("{fact: a_on, on_or_after: as_of}", a_on="happened") is None


def test_a_planned_day_lies_after_what_has_happened() -> None:
    assert truth("{fact: a_on, after: b_on}", a_on=date(2026, 4, 2), b_on="happened") is True


@pytest.mark.parametrize(("as_of", "expected"), [("2026-04-15", False), ("2026-04-16", True)])
def test_a_limit_is_missed_the_day_after_it(as_of: str, expected: bool) -> None:
    assert truth("{fact: as_of, after: {days: 14, after: a_on}}", as_of, a_on=date(2026, 4, 1)) is expected


def test_the_right_side_can_be_any_timescale() -> None:
    condition = "{fact: a_on, on_or_before: {soonest_of: [{on: b_on}, {working_days: 1, after: c_on}]}}"
    # The working day after Thursday 2 April is Tuesday 7 April.
    assert truth(condition, a_on=date(2026, 4, 7), b_on=date(2026, 4, 8), c_on=date(2026, 4, 2)) is True
    assert truth(condition, a_on=date(2026, 4, 8), b_on=date(2026, 4, 8), c_on=date(2026, 4, 2)) is False


@pytest.mark.parametrize(
    "written", ["{at_once: true}", "{none: no number}", "{on: b_on, when: {fact: flag, is: yes}}", "{working_days: 5000, after: c_on}"]
)
@pytest.mark.parametrize("operator", OPERATORS)
def test_a_comparison_with_a_timescale_that_has_no_date_is_false(operator: str, written: str) -> None:
    assert truth(f"{{fact: a_on, {operator}: {written}}}", a_on=B_ON, b_on=B_ON, c_on=B_ON, flag=False) is False


def test_a_comparison_stays_unknown_while_the_date_may_turn_out_to_be_at_once() -> None:
    # If the flag is up there is no date to compare with; if it is not, 10 April lies before 20 April.
    condition = "{fact: a_on, before: {soonest_of: [{on: b_on}, {at_once: true, when: {fact: flag, is: yes}}]}}"
    facts = {"a_on": date(2026, 4, 10), "b_on": date(2026, 4, 20)}
    assert truth(condition, **facts) is None
    assert truth(condition, **facts, flag=True) is False
    assert truth(condition, **facts, flag=False) is True


def test_a_comparison_stays_unknown_while_the_date_may_drop_out() -> None:
    condition = "{fact: a_on, before: {on: b_on, when: {fact: flag, is: yes}}}"
    assert truth(condition, a_on=date(2026, 4, 10), b_on=date(2026, 4, 20)) is None


def test_a_comparison_is_false_where_neither_way_could_make_it_true() -> None:
    condition = "{fact: a_on, before: {on: b_on, when: {fact: flag, is: yes}}}"
    assert truth(condition, a_on=date(2026, 4, 20), b_on=date(2026, 4, 10)) is False


@pytest.mark.parametrize(("hour", "expected"), [(22, False), (23, True)])
def test_a_moment_compares_by_its_date_in_london(hour: int, expected: bool) -> None:
    # In summer, 23:00 UTC on 30 June is midnight in London: 1 July.
    assert truth("{fact: seen_at, on_or_after: 2026-07-01}", seen_at=datetime(2026, 6, 30, hour, 30, tzinfo=UTC)) is expected


def test_two_moments_of_one_day_are_on_or_before_each_other() -> None:
    later = datetime(2026, 4, 1, 17, 0, tzinfo=UTC)
    assert truth("{fact: seen_at, on_or_before: referral_at}", seen_at=later, referral_at=NOON) is True


# --- happened, arranged

HAPPENED = [(date(2026, 3, 31), True), (date(2026, 4, 1), True), (date(2026, 4, 2), False), ("happened", True), ("not_yet", False), (None, None)]


@pytest.mark.parametrize(("a_on", "expected"), HAPPENED)
def test_an_event_has_happened_on_or_before_as_of(a_on: object, expected: bool | None) -> None:
    assert truth("{fact: a_on, happened: true}", a_on=a_on) is expected


@pytest.mark.parametrize(("a_on", "expected"), HAPPENED)
def test_happened_false_is_the_opposite_and_unknown_stays_unknown(a_on: object, expected: bool | None) -> None:
    assert truth("{fact: a_on, happened: false}", a_on=a_on) is negation(expected)


@pytest.mark.parametrize(("minute", "expected"), [(0, True), (1, False)])
def test_two_moments_happen_by_the_clock(minute: int, expected: bool) -> None:
    assert truth("{fact: seen_at, happened: true}", NOON, seen_at=NOON.replace(minute=minute)) is expected


def test_a_moment_of_the_day_asked_about_has_happened_where_no_clock_is_given() -> None:
    assert truth("{fact: seen_at, happened: true}", "2026-04-01", seen_at=NOON) is True


def test_a_day_has_happened_at_any_moment_of_it() -> None:
    assert truth("{fact: a_on, happened: true}", NOON, a_on=date(2026, 4, 1)) is True


ARRANGED = [(date(2026, 3, 1), True), (date(2026, 9, 1), True), ("happened", True), ("not_yet", False), (None, None)]


@pytest.mark.parametrize(("a_on", "expected"), ARRANGED)
def test_an_event_is_arranged_if_it_has_a_date_or_has_happened(a_on: object, expected: bool | None) -> None:
    assert truth("{fact: a_on, arranged: true}", a_on=a_on) is expected


@pytest.mark.parametrize(("a_on", "expected"), ARRANGED)
def test_arranged_false_is_the_opposite_and_unknown_stays_unknown(a_on: object, expected: bool | None) -> None:
    assert truth("{fact: a_on, arranged: false}", a_on=a_on) is negation(expected)


def test_not_yet_and_happened_are_told_apart_from_dates() -> None:
    assert has_happened("happened", bound()) is True
    assert has_happened("not_yet", bound()) is False
    assert has_happened(date(2026, 4, 2), bound()) is False


def test_a_moment_and_a_date_compare_by_the_day() -> None:
    assert not is_after(datetime(2026, 4, 1, 22, 0, tzinfo=UTC), date(2026, 4, 1))
    assert is_after(datetime(2026, 4, 1, 23, 0, tzinfo=UTC), date(2026, 4, 1))


# --- ages


@pytest.mark.parametrize(("as_of", "reached"), [("2026-04-01", False), ("2026-04-02", True)])
def test_an_age_is_reached_at_the_start_of_the_birthday(as_of: str, reached: bool) -> None:
    born = date(2008, 4, 2)
    assert truth("{age_at_least: 18}", as_of, date_of_birth=born) is reached
    assert truth("{age_under: 18}", as_of, date_of_birth=born) is not reached


@pytest.mark.parametrize(("as_of", "reached"), [("2026-02-28", False), ("2026-03-01", True)])
def test_a_birthday_of_29_february_falls_on_1_march_in_a_common_year(as_of: str, reached: bool) -> None:
    assert truth("{age_at_least: 18}", as_of, date_of_birth=date(2008, 2, 29)) is reached


@pytest.mark.parametrize(("as_of", "reached"), [("2024-02-28", False), ("2024-02-29", True)])
def test_a_birthday_of_29_february_stays_in_a_leap_year(as_of: str, reached: bool) -> None:
    assert truth("{age_at_least: 16}", as_of, date_of_birth=date(2008, 2, 29)) is reached


def test_an_unborn_child_is_under_every_age() -> None:
    assert truth("{age_under: 1}", date_of_birth="not_yet") is True
    assert truth("{age_at_least: 0}", date_of_birth="not_yet") is False


def test_an_age_is_unknown_where_the_birth_is() -> None:
    assert truth("{age_at_least: 18}") is None
    assert truth("{age_under: 18}") is None


@pytest.mark.parametrize(("a_on", "at_least", "under"), [(date(2026, 4, 1), False, True), (date(2026, 4, 2), True, False), (None, None, None)])
def test_an_age_on_a_dated_fact(a_on: date | None, at_least: bool | None, under: bool | None) -> None:
    facts = {"a_on": a_on, "date_of_birth": date(2008, 4, 2)}
    assert truth("{age_at_least: 18, on: a_on}", **facts) is at_least
    assert truth("{age_under: 18, on: a_on}", **facts) is under


@pytest.mark.parametrize("condition", ["{age_at_least: 18, on: a_on}", "{age_under: 18, on: a_on}"])
@pytest.mark.parametrize("born", [date(2000, 1, 1), date(2020, 1, 1), "not_yet", None])
def test_an_age_on_an_event_that_is_not_there_is_false(condition: str, born: object) -> None:
    assert truth(condition, a_on="not_yet", date_of_birth=born) is False


def test_an_unborn_child_is_under_age_on_a_day_that_is_certain_to_be_there() -> None:
    assert truth("{age_under: 18, on: a_on}", a_on="happened", date_of_birth="not_yet") is True
    assert truth("{age_under: 18, on: a_on}", date_of_birth="not_yet") is None
    assert truth("{age_at_least: 18, on: a_on}", date_of_birth="not_yet") is False


def test_whether_an_unborn_child_is_under_age_is_open_while_the_day_may_turn_out_to_be_at_once() -> None:
    condition = "{age_under: 18, on: {soonest_of: [{on: a_on}, {at_once: true, when: {fact: flag, is: yes}}]}}"
    assert truth(condition, a_on=date(2026, 4, 2), date_of_birth="not_yet") is None


def test_an_age_not_reached_today_was_not_reached_on_a_past_day_that_nobody_recorded() -> None:
    assert truth("{age_at_least: 18, on: a_on}", a_on="happened", date_of_birth=date(2010, 1, 1)) is False
    assert truth("{age_at_least: 18, on: a_on}", a_on="happened", date_of_birth=date(2000, 1, 1)) is None


# --- within


@pytest.mark.parametrize(
    ("referred", "expected"),
    [
        (date(2026, 1, 14), False),
        (date(2026, 1, 15), True),
        (date(2026, 7, 15), True),
        (date(2026, 7, 16), False),
    ],
)
def test_within_months_of_closure_takes_both_ends_in(referred: date, expected: bool) -> None:
    assert (
        truth("{fact: referral_at, within: {months: 6, after: last_closed_on}}", referral_at=referred, last_closed_on=date(2026, 1, 15)) is expected
    )


@pytest.mark.parametrize(("referred", "expected"), [(date(2027, 2, 28), True), (date(2027, 3, 1), False)])
def test_within_months_is_clipped_to_the_end_of_the_month(referred: date, expected: bool) -> None:
    assert (
        truth("{fact: referral_at, within: {months: 6, after: last_closed_on}}", referral_at=referred, last_closed_on=date(2026, 8, 31)) is expected
    )


@pytest.mark.parametrize(("referred", "expected"), [(date(2026, 2, 26), True), (date(2026, 2, 27), False)])
def test_within_eight_weeks_ends_on_day_56(referred: date, expected: bool) -> None:
    # 1 January + 56 days is 26 February.
    assert truth("{fact: referral_at, within: {weeks: 8, after: last_closed_on}}", referral_at=referred, last_closed_on=date(2026, 1, 1)) is expected


@pytest.mark.parametrize(("a_on", "expected"), [("2026-04-01", True), ("2026-04-07", True), ("2026-04-08", False)])
def test_within_working_days(a_on: str, expected: bool) -> None:
    # Two working days after Wednesday 1 April: Thursday 2 and, over Easter, Tuesday 7.
    assert truth("{fact: a_on, within: {working_days: 2, after: b_on}}", a_on=a_on, b_on=date(2026, 4, 1)) is expected


@pytest.mark.parametrize(
    ("a_on", "expected"),
    [("2026-04-02", False), ("2026-04-03", True), ("2026-04-10", True), ("2026-04-11", False)],
)
def test_within_counted_back_runs_from_the_first_day_of_the_span_to_the_trigger(a_on: str, expected: bool) -> None:
    assert truth("{fact: a_on, within: {days: 7, before: b_on}}", a_on=a_on, b_on=B_ON) is expected


@pytest.mark.parametrize(("as_of", "expected"), [("2026-04-08", True), ("2026-04-09", False)])
def test_as_of_can_be_within_a_span(as_of: str, expected: bool) -> None:
    assert truth("{fact: as_of, within: {days: 7, after: a_on}}", as_of, a_on=date(2026, 4, 1)) is expected


@pytest.mark.parametrize(("a_on", "b_on"), [("not_yet", B_ON), (B_ON, "not_yet"), (None, "not_yet"), ("not_yet", None)])
def test_within_is_false_where_either_is_not_yet_there(a_on: object, b_on: object) -> None:
    assert truth("{fact: a_on, within: {days: 7, after: b_on}}", a_on=a_on, b_on=b_on) is False


@pytest.mark.parametrize(("a_on", "b_on"), [(None, B_ON), (B_ON, None)])
def test_within_is_unknown_where_either_is(a_on: object, b_on: object) -> None:
    assert truth("{fact: a_on, within: {days: 7, after: b_on}}", a_on=a_on, b_on=b_on) is None


def test_a_day_after_today_is_not_within_a_week_of_what_happened_long_ago_for_certain() -> None:
    # Whatever its day, what has happened lies on or before 1 April; 7 days later is 8 April at the latest.
    assert truth("{fact: a_on, within: {days: 7, after: b_on}}", a_on=date(2026, 4, 9), b_on="happened") is False
    assert truth("{fact: a_on, within: {days: 7, after: b_on}}", a_on=date(2026, 4, 8), b_on="happened") is None


def test_an_operator_that_is_not_turned_round_is_the_plain_one() -> None:
    case, tenth = bound(visits=3, a_on="happened", date_of_birth=date(2000, 1, 1)), Literally(date(2026, 4, 10))
    plain = [Is("visits", 3), Amount("visits", 2), Happened("a_on"), Arranged("a_on"), Age(16, AsOf())]
    assert [condition.truth(case) for condition in plain] == [True] * 5
    assert Within(Literally(date(2026, 4, 11)), tenth, Literally(date(2026, 4, 12))).truth(case) is True


def test_an_age_reads_the_birth_beside_what_its_day_reads() -> None:
    assert facts_read(Age(16, FactDay("a_on"))) == {"date_of_birth", "a_on"}


# --- decisions

ASKS = """
    decisions:
      answer: {label: answer of the other team, options: [accepted, refused]}
      keeper: {label: who keeps the case}
    """


@pytest.mark.parametrize(("decisions", "expected"), [({"answer": "refused"}, True), ({"answer": "accepted"}, False), ({}, False)])
def test_a_decision_is_true_when_it_is_recorded_so_and_otherwise_false_never_unknown(decisions: dict[str, str], expected: bool) -> None:
    assert truth("{decision: answer, is: refused}", parts=ASKS, decisions=decisions) is expected


def test_not_of_an_unrecorded_decision_is_true() -> None:
    assert truth("{not: {decision: answer, is: refused}}", parts=ASKS) is True


@pytest.mark.parametrize("word", ["stay", "close", "court", "none"])
def test_a_decision_without_options_names_a_team_stay_or_close(word: str) -> None:
    assert truth(f"{{decision: keeper, is: {word}}}", parts=ASKS, decisions={"keeper": word}) is True

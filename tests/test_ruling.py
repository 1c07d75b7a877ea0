"""What the standing rules say together, by the logic of three truths alone: outcome, team, deadline and transfer point, and what they leave open."""

from datetime import date
from typing import Any

import pytest

from tests.packs_for_tests import bound, case, policy_of
from transfer_rules.answers import stand
from transfer_rules.case import BoundCase, bind
from transfer_rules.conditions import Is
from transfer_rules.dates import AWAITING, NO_DATE, OPEN, Due, dated
from transfer_rules.decision import Candidate, Deadline
from transfer_rules.policy import Policy
from transfer_rules.ruling import Ruling, deadline_of, event_name, event_of, leavable, may_stay, point_of, rule_on, state_of, way_of
from transfer_rules.timescales import Birthday, Conditional, FactDay, FailingThat, LatestOf, NoDate, UseTimescale

TENTH, TWENTIETH = date(2026, 4, 10), date(2026, 4, 20)
COURT = Candidate("transfer", "court", "Court Team")


def heard(written: str, **given: Any) -> tuple[Policy, BoundCase]:
    policy = policy_of(written)
    return policy, bind(policy, case(**given))


def ruled(rules: str, parts: str = "", **given: Any) -> Ruling:
    policy, before = heard(f"{parts}\nrules:\n{rules}", **given)
    return rule_on(policy, before, stand(policy, before))


def played(ruling: Ruling) -> list[Candidate]:
    """Return the candidates without the rules that name them."""
    return [Candidate(one.outcome, one.team, one.label, one.deadline) for one in ruling.candidates]


# --- what is open

LEFT = "leave_to_people: [{rules: [a, b], who: managers, question: which?, clauses: [MAR-1.1]}]"
CLASH = """
  - {id: a, from: any, transfer_to: court}
  - {id: b, from: any, transfer_to: permanence}
"""
MAYBE = "  - {id: c, from: any, when: {fact: flag, is: yes}, close: true}\n"


def test_rules_that_are_certain_to_clash_do_so_whatever_else_may_stand() -> None:
    assert ruled(CLASH + MAYBE).outcome == "conflict"


def test_a_clash_that_is_left_to_people_is_open_while_another_rule_may_stand() -> None:
    assert ruled(CLASH, LEFT).outcome == "people_decide"
    assert ruled(CLASH + MAYBE, LEFT).outcome == "undetermined"


def test_a_clash_that_is_left_to_people_is_open_while_two_of_its_rules_may_give_one_date_or_two() -> None:
    rules = """
  - {id: a, from: any, transfer_to: court, deadline: {on: a_on}}
  - {id: b, from: any, transfer_to: permanence}
  - {id: c, from: any, transfer_to: court, deadline: {on: b_on}}
"""
    left = LEFT.replace("[a, b]", "[a, b, c]")
    assert ruled(rules, left, a_on=TENTH).outcome == "undetermined"
    assert ruled(rules, left, a_on=TENTH, b_on=TENTH).outcome == "people_decide"


def test_a_stay_that_may_be_a_hold_is_a_stay() -> None:
    assert ruled("  - {id: a, from: any, when: {fact: flag, is: yes}, stay: true}").outcome == "stay"


def test_a_rule_that_may_stand_leaves_nothing_open_by_a_date_it_does_not_add() -> None:
    certain = "  - {id: a, from: any, transfer_to: court, deadline: {on: a_on}}\n"
    maybe = "  - {{id: b, from: any, when: {{fact: flag, is: yes}}, transfer_to: court{0}}}"
    for added in ("", ", deadline: {on: a_on}"):
        found = ruled(certain + maybe.format(added), a_on=TENTH)
        assert (found.outcome, found.due, found.open) == ("transfer", dated(TENTH), frozenset())


def test_a_rule_that_may_stand_and_add_a_date_leaves_the_deadline_open() -> None:
    rules = """
  - {id: a, from: any, transfer_to: court}
  - {id: b, from: any, when: {fact: flag, is: yes}, transfer_to: court, deadline: {on: a_on}}
"""
    assert ruled(rules, a_on=TENTH).open == {"flag"}


# --- which answers are in play


def test_beside_a_rule_that_is_certain_to_match_only_its_answers_are_in_play() -> None:
    found = ruled("  - {id: a, from: any, transfer_to: court}\n" + MAYBE)
    assert played(found) == [Candidate("close"), COURT]


def test_while_no_rule_is_certain_to_match_the_case_may_stay() -> None:
    found = ruled("  - {id: a, from: any, when: {fact: flag, is: yes}, transfer_to: court}")
    assert played(found) == [COURT, Candidate("stay")]


def test_a_stay_that_a_rule_names_is_in_play_once() -> None:
    rules = """
  - {id: a, from: any, when: {fact: flag, is: yes}, transfer_to: court}
  - {id: b, from: any, when: {fact: other_flag, is: yes}, stay: true}
"""
    assert [one.outcome for one in ruled(rules).candidates] == ["stay", "transfer"]


@pytest.mark.parametrize(("closing", "expected"), [("", ["transfer", "close", "stay"]), (MAYBE, ["close", "transfer", "stay"])])
def test_an_unknown_fact_that_names_the_team_may_name_nobody_or_the_holder(closing: str, expected: list[str]) -> None:
    found = ruled("  - {id: a, from: any, transfer_to: {team: {fact: next_team}}}\n" + closing)
    assert [one.outcome for one in found.candidates] == expected


def test_beside_a_team_that_is_named_an_unknown_fact_may_still_name_nobody() -> None:
    rules = """
  - {id: a, from: any, transfer_to: {team: {fact: next_team}}}
  - {id: b, from: any, when: {fact: flag, is: yes}, transfer_to: permanence}
"""
    assert [one.outcome for one in ruled(rules).candidates] == ["transfer", "transfer", "close", "stay"]


def test_a_team_that_is_named_cannot_be_nobody() -> None:
    rules = """
  - {id: a, from: any, transfer_to: court}
  - {id: b, from: any, when: {fact: flag, is: yes}, transfer_to: permanence}
  - {id: c, from: any, when: {fact: other_flag, is: yes}, stay: true}
"""
    assert [one.outcome for one in ruled(rules).candidates] == ["stay", "transfer", "transfer"]


@pytest.mark.parametrize(("left", "expected"), [(LEFT, ["transfer", "transfer", "people_decide"]), ("", ["transfer", "transfer"])])
def test_a_possible_clash_that_is_left_to_people_may_be_theirs_to_decide(left: str, expected: list[str]) -> None:
    rules = """
  - {id: a, from: any, transfer_to: court}
  - {id: b, from: any, when: {fact: flag, is: yes}, transfer_to: permanence}
"""
    assert [one.outcome for one in ruled(rules, left).candidates] == expected


def test_what_people_decide_is_in_play_once() -> None:
    asks = "  - {id: c, from: any, when: {fact: flag, is: yes}, people_decide: {who: managers, question: q, between: [court, stay]}}\n"
    assert [one.outcome for one in ruled(CLASH + asks, LEFT).candidates] == ["people_decide", "transfer", "transfer"]


def test_a_clash_is_left_to_people_where_two_of_its_rules_meet() -> None:
    policy, before = heard(f"{LEFT}\nrules:\n{CLASH}")
    one, other = stand(policy, before).certain
    assert leavable(policy, [one]) == leavable(policy, [other]) == []
    assert leavable(policy, [one, other]) == list(policy.pack.leave_to_people)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("  - {id: a, from: any, transfer_to: court}\n" + MAYBE, False),  # one rule is certain to speak
        ("  - {id: a, from: any, stay: true}\n" + MAYBE, False),  # the rule that holds says so itself
        (MAYBE, True),  # silence
        ("  - {id: a, from: any, transfer_to: court}\n  - {id: b, from: any, stay: {yields: true}}\n", True),
        ("  - {id: a, from: any, transfer_to: {team: {fact: next_team}}}\n" + MAYBE, True),  # the fact may name the holder
    ],
)
def test_the_case_may_stay_in_silence_by_a_hold_that_explains_or_where_the_team_is_open(rules: str, expected: bool) -> None:
    policy, before = heard(f"rules:\n{rules}")
    standing = stand(policy, before)
    assert may_stay(policy, standing, (*standing.certain, *standing.possible)) is expected


# --- one answer out of several rules


def test_the_transfer_point_is_that_of_the_rule_that_has_one() -> None:
    rules = """
  - {id: a, from: any, transfer_to: court, deadline: {on: b_on}}
  - {id: b, from: any, transfer_to: court, transfer_point: {on: a_on}}
"""
    found = ruled(rules, a_on=TENTH, b_on=TWENTIETH)
    assert (found.due, found.point, found.point_node) == (dated(TWENTIETH), dated(TENTH), FactDay("a_on"))


def test_the_area_is_that_of_the_rule_that_names_one() -> None:
    rules = """
  - {id: a, from: any, transfer_to: permanence}
  - {id: b, from: any, transfer_to: {team: permanence, area: north}}
"""
    team = ruled(rules).receiving_team
    assert team is not None
    assert (team.team, team.area, team.area_label) == ("permanence", "north", "North")


def test_a_team_without_an_area_has_none() -> None:
    team = ruled("  - {id: a, from: any, transfer_to: court}").receiving_team
    assert team is not None
    assert (team.area, team.area_label) == (None, None)


def test_of_two_questions_that_one_decision_settles_the_first_is_put() -> None:
    parts = "decisions: {keeper: {label: who keeps the case}}"
    rules = """
  - {id: a, from: any, people_decide: {who: managers, question: first, between: [court, stay], settled_by: keeper}}
  - {id: b, from: any, people_decide: {who: workers, question: second, between: [close], settled_by: keeper}}
"""
    asked = ruled(rules, parts).to_decide
    assert asked is not None
    assert (asked.question, asked.who, asked.between) == ("first", "managers", ("court", "stay", "close"))


def test_a_stay_shows_no_day_unless_it_is_held_until_one() -> None:
    assert ruled("  - {id: a, from: any, stay: true}").held is None
    held = ruled("  - {id: a, from: any, stay: {until: {on: a_on}}}\n  - {id: b, from: any, stay: true}", a_on=TENTH).held
    assert held == Deadline("not_stated", not_before=TENTH, note="the case is held")


# --- what items and duties attach to


@pytest.mark.parametrize(
    ("rules", "given", "outcome", "rules_named", "to_team"),
    [
        ("  - {id: a, from: any, transfer_to: court}", {}, "transfer", ("a",), "court"),
        ("  - {id: a, from: any, close: true}", {}, "close", ("a",), "none"),
        ("  - {id: a, from: any, stay: true}", {}, "stay", ("a",), None),
        (CLASH, {}, "conflict", (), None),
        ("  - {id: a, from: any, transfer_to: court}\n" + MAYBE, {}, "undetermined", (), None),
    ],
)
def test_rules_that_decided_nothing_bring_no_items(
    rules: str, given: dict[str, Any], outcome: str, rules_named: tuple[str, ...], to_team: str | None
) -> None:
    move = ruled(rules, **given).move(bound())
    assert (move.outcome, move.from_team, move.to_team, move.rules) == (outcome, "assessment", to_team, rules_named)


@pytest.mark.parametrize(
    ("written", "to_open"),
    [("transfer_to: court", False), ("transfer_to: {team: {fact: next_team}}", True), ("close: true", False), ("stay: true", False)],
)
def test_only_a_move_to_a_team_that_an_unknown_fact_names_is_open(written: str, to_open: bool) -> None:
    policy, before = heard(f"rules: [{{id: a, from: any, {written}}}]")
    assert way_of(stand(policy, before).certain[0], before).to_open is to_open


# --- the event of a transfer point

UP = Is("flag", True)
A, B = FactDay("a_on"), FactDay("b_on")


@pytest.mark.parametrize("flag", [True, None])
def test_the_event_of_a_point_that_may_not_apply_is_the_event_itself(flag: bool | None) -> None:
    assert event_of(Conditional(A, UP), bound(flag=flag)) == A


@pytest.mark.parametrize(("flag", "event"), [(True, A), (False, B), (None, Conditional(A, UP, B))])
def test_the_event_of_a_point_with_two_ways_is_the_one_that_the_condition_chooses(flag: bool | None, event: object) -> None:
    assert event_of(Conditional(A, UP, B), bound(flag=flag)) == event


def test_the_event_failing_which_another_counts_is_that_other_where_it_does_not_apply() -> None:
    assert event_of(FailingThat(NoDate("no day"), B), bound()) == B
    assert event_of(FailingThat(A, B), bound(a_on="not_yet")) == B
    assert event_of(FailingThat(A, B), bound(a_on=TENTH)) == A


def test_an_event_has_the_name_of_its_fact_its_definition_its_age_or_its_facts() -> None:
    assert [event_name(node) for node in (A, UseTimescale("week_28", A), Birthday(16), LatestOf((B, A)))] == [
        "a_on",
        "week_28",
        "birthday_16",
        "a_on, b_on",
    ]


def test_what_has_no_transfer_point_shows_none() -> None:
    found = ruled("  - {id: a, from: any, transfer_to: court}")
    assert point_of(found, bound()) is None
    assert Ruling("stay").point_node is None


# --- a date as the decision shows it


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (AWAITING, Deadline("awaiting", note="the event that it counts from has no date yet")),
        (Due("awaiting", not_before=TENTH), Deadline("awaiting", not_before=TENTH, note="the event that it counts from has no date yet")),
        (OPEN, Deadline("awaiting", note="a fact that it counts from is not known")),
        (Due("open", earliest=TENTH, latest=TWENTIETH), Deadline("no_later_than", TWENTIETH, no_earlier_than=TENTH)),
        (Due("open", latest=TWENTIETH), Deadline("no_later_than", TWENTIETH)),
        # What may be at once has no earliest day.
        (Due("open", earliest=TENTH, latest=TWENTIETH, may_be_now=True), Deadline("no_later_than", TWENTIETH)),
        (Due("none", why="no number"), Deadline("not_stated", note="no number")),
    ],
)
def test_a_date_that_is_not_fixed_shows_what_is_known_of_it(due: Due, shown: Deadline) -> None:
    assert deadline_of(due, bound()) == shown


@pytest.mark.parametrize(
    ("due", "state"),
    [
        (OPEN, "awaiting"),
        (Due("open", latest=TENTH), "no_later_than"),
        (NO_DATE, "not_stated"),
        (AWAITING, "awaiting"),
        (dated(TENTH), "firm"),
        (Due("dated", TENTH, unproclaimed=True), "unproclaimed"),
        (Due("dated", TENTH, no_later=True, unproclaimed=True), "no_later_than"),
    ],
)
def test_the_state_of_a_deadline(due: Due, state: str) -> None:
    assert state_of(due) == state

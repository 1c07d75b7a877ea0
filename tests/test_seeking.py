"""Looking for a way of filling in that reaches a goal, or for the facts by which there is none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pytest

from tests.packs_for_tests import TODAY, case, policy_of
from transfer_rules import seeking
from transfer_rules.answers import Hearing
from transfer_rules.case import BoundCase, bind
from transfer_rules.conditions import Truth
from transfer_rules.facts import FactValue
from transfer_rules.regions import Asked
from transfer_rules.seeking import STEPS, NotDecided, Seeking

FLAG, OTHER, RED = "{fact: flag, is: yes}", "{fact: other_flag, is: yes}", "{fact: colour, is: red}"
PANEL = "decisions: {panel: {label: panel, options: [agreed, refused]}}"
MANY = [f"option_{number}" for number in range(8)]
MANY_CHOICES = f"local_facts: {{many: {{type: choices, options: [{', '.join(MANY)}], label: many, ask: Which?}}}}"


def matches(hearing: Hearing, bound: BoundCase) -> tuple[Truth, frozenset[str]]:
    """The goal of these tests: that the rule `r` matches."""
    truth = hearing.match("r", bound)
    return truth, frozenset() if truth else hearing.blockers("r", bound) if truth is None else hearing.grounds("r", bound)


def searching(
    condition: str,
    *,
    head: str = "",
    choose: Collection[str] | None = None,
    unless_impossible: Mapping[str, FactValue] | None = None,
    steps: int | None = None,
    **given: Any,
) -> Seeking:
    """Return a search for a case in which a rule with this condition matches."""
    policy = policy_of(f"{head}\nrules: [{{id: r, from: any, when: {condition}, transfer_to: court}}]")
    bound = bind(policy, case(**given))
    hearing = Hearing(policy, bound)
    search = Seeking(policy, bound, hearing, matches, Asked(), choose=choose, unless_impossible=unless_impossible or {})
    search.steps = search.steps if steps is None else steps
    return search


def sought(condition: str, **how: Any) -> Any:
    """Return the way that was found, or the facts by which there is none."""
    return searching(condition, **how).reach({})


# --- a way that reaches the goal


def test_a_goal_that_is_reached_already_needs_nothing_filled_in() -> None:
    assert sought(FLAG, flag=True) == {}


def test_what_the_goal_asks_for_is_filled_in() -> None:
    assert sought(f"{{all: [{FLAG}, {{fact: colour, is: dark_blue}}]}}") == {"flag": True, "colour": "dark_blue"}


def test_what_the_goal_does_not_ask_for_is_not_filled_in() -> None:
    assert sought(f"{{all: [{FLAG}, {OTHER}]}}", other_flag=True) == {"flag": True}


def test_a_value_that_leads_nowhere_is_given_up_for_another() -> None:
    # No is tried first, and under it the other flag in vain.
    assert sought(f"{{all: [{{any: [{FLAG}, {OTHER}]}}, {{fact: other_flag, is: no}}]}}") == {"flag": True, "other_flag": False}


def test_dates_are_filled_in_last() -> None:
    found = sought(f"{{all: [{{fact: a_on, happened: true}}, {RED}]}}")
    assert (list(found), found) == (["colour", "a_on"], {"colour": "red", "a_on": TODAY})


def test_a_search_goes_on_from_the_way_that_it_is_given() -> None:
    assert searching(f"{{all: [{FLAG}, {OTHER}]}}").reach({"flag": True}) == {"flag": True, "other_flag": True}


def test_a_way_under_which_there_is_none_blames_what_it_holds() -> None:
    assert searching(f"{{all: [{FLAG}, {OTHER}]}}").reach({"flag": False}) == frozenset({"flag"})


def test_what_a_definition_rules_out_is_not_filled_in() -> None:
    # `none` would come first, and no looked-after child has it.
    found = sought("{all: [{fact: looked_after, is: yes}, {fact: legal_basis, is_not: care_order}]}")
    assert found == {"looked_after": True, "legal_basis": "section_20"}


# --- the facts by which there is none


def test_a_known_fact_by_which_there_is_none_is_blamed() -> None:
    assert sought(f"{{all: [{FLAG}, {OTHER}]}}", flag=False) == {"flag"}


def test_what_has_nothing_to_do_with_it_is_not_blamed() -> None:
    assert sought(f"{{all: [{FLAG}, {OTHER}]}}", flag=False, colour="red", other_flag=True) == {"flag"}


def test_where_every_value_fails_by_another_fact_all_of_those_are_blamed() -> None:
    # With the other flag up the colour is in the way, with it down the first flag; the other flag itself is free to choose.
    condition = f"{{all: [{{any: [{FLAG}, {OTHER}]}}, {{any: [{RED}, {{fact: other_flag, is: no}}]}}]}}"
    assert sought(condition, flag=False, colour="green") == {"colour", "flag"}


def test_where_a_value_fails_by_other_facts_alone_no_other_value_is_tried() -> None:
    search = searching(f"{{all: [{{any: [{OTHER}, {FLAG}]}}, {{any: [{{fact: other_flag, is: no}}, {FLAG}]}}, {RED}]}}", colour="green")
    assert search.reach({"visits": 0}) == frozenset({"colour"})


def test_nothing_is_blamed_where_no_case_at_all_reaches_the_goal() -> None:
    assert sought("{all: [{fact: visits, at_least: 3}, {fact: visits, at_most: 2}]}") == frozenset()


def test_a_recorded_decision_is_blamed_under_a_name_of_its_own() -> None:
    assert sought("{decision: panel, is: agreed}", head=PANEL, decisions={"panel": "refused"}) == {"decision panel"}


def test_a_decision_that_is_not_recorded_is_blamed_too() -> None:
    assert sought(f"{{all: [{{decision: panel, is: agreed}}, {FLAG}]}}", head=PANEL) == {"decision panel"}


def test_a_fact_by_which_a_definition_rules_out_a_value_is_blamed() -> None:
    assert sought("{fact: looked_after, is: yes}", legal_basis="none") == {"legal_basis"}


# --- chosen facts, and facts that may be as they will


def test_the_goal_must_be_reached_whatever_is_not_chosen() -> None:
    assert sought(f"{{any: [{FLAG}, {OTHER}]}}", choose={"flag"}) == {"flag": True}


def test_a_fact_that_is_not_chosen_and_by_which_the_goal_may_fail_is_blamed() -> None:
    assert sought(f"{{all: [{FLAG}, {OTHER}]}}", choose={"flag"}) == {"other_flag"}


def test_beside_the_unknown_fact_by_which_it_may_fail_the_known_ones_are_blamed() -> None:
    condition = f"{{all: [{FLAG}, {{any: [{OTHER}, {RED}]}}]}}"
    assert sought(condition, choose={"flag"}, colour="green") == {"colour", "other_flag"}


def test_with_nothing_to_choose_a_goal_that_holds_whatever_is_so_is_reached() -> None:
    assert sought(f"{{any: [{FLAG}, {{fact: flag, is: no}}]}}", choose=()) == {}


def test_one_choice_must_serve_for_every_value_of_the_rest() -> None:
    # For either value of the other flag some value of the flag does, but no value for both.
    condition = f"{{any: [{{all: [{FLAG}, {OTHER}]}}, {{all: [{{fact: flag, is: no}}, {{fact: other_flag, is: no}}]}}]}}"
    assert sought(condition, choose={"flag"}) == {"other_flag"}


def test_what_is_to_be_chosen_is_chosen_though_the_goal_does_not_ask_for_it() -> None:
    assert sought(FLAG, choose={"flag", "colour"}).keys() == {"flag", "colour"}


def test_what_is_to_be_chosen_is_chosen_before_anything_else_is_tried() -> None:
    search = searching(f"{{any: [{FLAG}, {{all: [{OTHER}, {RED}]}}]}}", choose={"flag"})
    assert search.reach({}) == {"flag": True}
    assert search.tried >= {"flag"}


def test_what_definitions_rule_out_need_not_be_reckoned_with() -> None:
    # Whatever is not chosen: beside a care order that the child is not looked after cannot be.
    condition = "{all: [{fact: legal_basis, is: care_order}, {fact: looked_after, is: yes}]}"
    assert sought(condition, choose={"legal_basis"})["legal_basis"] == "care_order"


def test_a_known_fact_that_could_rule_out_a_failing_value_is_blamed_with_it() -> None:
    # Being looked after would settle it, and so would a legal basis; an unborn child has neither, so a birth bears on it as well.
    found = sought(f"{{all: [{FLAG}, {{fact: looked_after, is: yes}}]}}", choose={"flag"}, date_of_birth=date(2020, 1, 1))
    assert found == {"date_of_birth", "looked_after"}


# --- values that hold unless a definition speaks against them


ORDER = "{fact: legal_basis, is: care_order}"


def test_a_value_holds_where_no_definition_speaks_against_it() -> None:
    condition = "{all: [{fact: colour, is: red}, {fact: looked_after, is: no}]}"
    assert sought(condition, choose={"colour"}, unless_impossible={"looked_after": False}) == {"colour": "red"}


def test_without_it_the_same_fact_may_be_anything() -> None:
    assert sought("{all: [{fact: colour, is: red}, {fact: looked_after, is: no}]}", choose={"colour"}) == {"looked_after"}


def test_a_value_gives_way_to_what_is_chosen() -> None:
    assert sought(ORDER, choose={"legal_basis"}, unless_impossible={"looked_after": False}) == {"legal_basis": "care_order"}


def test_a_value_that_gave_way_no_longer_counts() -> None:
    condition = f"{{all: [{ORDER}, {{fact: looked_after, is: no}}]}}"
    assert isinstance(sought(condition, choose={"legal_basis"}, unless_impossible={"looked_after": False}), frozenset)


def test_a_value_holds_as_soon_as_what_is_chosen_leaves_room_for_it() -> None:
    # A second review that is only planned leaves room for a first one that is not yet held; one that was held does not.
    planned = "{all: [{fact: second_looked_after_review_on, arranged: true}, {fact: first_looked_after_review_on, happened: false}]}"
    how: dict[str, Any] = {"choose": {"second_looked_after_review_on"}, "unless_impossible": {"first_looked_after_review_on": "not_yet"}}
    assert sought(planned, **how) == {"second_looked_after_review_on": date(2026, 4, 2)}
    held = "{all: [{fact: second_looked_after_review_on, happened: true}, {fact: first_looked_after_review_on, happened: false}]}"
    assert isinstance(sought(held, **how), frozenset)


# --- bounds


def test_a_search_that_takes_too_many_steps_is_not_decided() -> None:
    # The case itself, the flag down, the flag up: three steps.
    with pytest.raises(NotDecided):
        sought(FLAG, steps=2)
    assert sought(FLAG, steps=3) == {"flag": True}


def test_without_a_limit_of_its_own_a_search_takes_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert searching(FLAG).steps == STEPS
    monkeypatch.setattr(seeking, "STEPS", 2)
    with pytest.raises(NotDecided):
        sought(FLAG)


def test_the_steps_are_those_of_all_questions_put_to_one_search() -> None:
    search = searching(FLAG, steps=3)
    search.reach({})
    with pytest.raises(NotDecided):
        search.reach({})


def test_a_search_that_tried_values_that_do_not_stand_for_all_is_unsure() -> None:
    either = ", ".join(f"{{fact: many, includes: {option}}}" for option in MANY)
    search = searching(f"{{any: [{either}]}}", head=MANY_CHOICES)
    assert not search.unsure
    search.reach({})
    assert (search.tried, search.unsure) == ({"many"}, True)


def test_a_search_that_tried_no_such_fact_is_sure() -> None:
    either = ", ".join(f"{{fact: many, includes: {option}}}" for option in MANY)
    search = searching(f"{{any: [{{fact: looked_after, is: no}}, {either}]}}", head=MANY_CHOICES)
    assert search.reach({}) == {"looked_after": False}
    assert not search.unsure


# --- what a search says besides


def test_a_search_that_is_told_nothing_fills_in_whatever_it_needs() -> None:
    policy = policy_of(f"rules: [{{id: r, from: any, when: {FLAG}, transfer_to: court}}]")
    bound = bind(policy, case())
    assert Seeking(policy, bound, Hearing(policy, bound), matches, Asked()).reach({}) == {"flag": True}


def test_what_is_set_against_a_value_is_blamed_only_where_that_value_is() -> None:
    how: dict[str, Any] = {"choose": {"flag"}, "unless_impossible": {"looked_after": False}, "legal_basis": "none"}
    assert sought(f"{{all: [{FLAG}, {RED}]}}", colour="green", **how) == {"colour"}


def test_what_is_to_be_chosen_is_chosen_though_the_goal_is_reached() -> None:
    assert {*sought(FLAG, flag=True, choose={"other_flag"})} == {"other_flag"}


def test_a_search_that_was_content_with_values_that_do_not_stand_for_all_is_unsure() -> None:
    includes = ", ".join(f"{{fact: many, includes: {option}}}" for option in MANY)
    search = searching(f"{{any: [{includes}, {{not: {{fact: many, includes: {MANY[0]}}}}}]}}", head=MANY_CHOICES, choose=set())
    assert search.reach({}) == {}
    assert search.unsure


def test_a_value_waits_for_what_is_chosen_against_it() -> None:
    # Not looked after: that would rule the order out, were it not that the order rules it out.
    condition = f"{{all: [{ORDER}, {{fact: looked_after, is: yes}}]}}"
    assert sought(condition, choose={"legal_basis"}, unless_impossible={"looked_after": False}) == {"legal_basis": "care_order"}


def test_where_everything_may_be_chosen_a_value_holds_at_once() -> None:
    assert sought("{fact: looked_after, is: no}", unless_impossible={"looked_after": False}) == {}


def test_a_value_does_not_take_the_place_of_what_is_known() -> None:
    assert sought("{fact: looked_after, is: yes}", choose=set(), unless_impossible={"looked_after": False}, looked_after=True) == {}


def test_a_fact_that_is_no_date_is_filled_in_before_a_date_though_it_has_more_values() -> None:
    includes = ", ".join(f"{{fact: needs, includes: {option}}}" for option in ("speech", "sight", "moving_about"))
    search = searching(f"{{all: [{{fact: b_on, happened: true}}, {includes}]}}")
    assert len(search.values["needs"]) > len(search.values["b_on"])
    assert list(search.reach({})) == ["needs", "b_on"]

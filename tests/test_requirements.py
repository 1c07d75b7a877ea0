"""Which items a ruling requires, by the logic of three truths alone, and the facts that leave the list open."""

from typing import Any

from tests.packs_for_tests import case, policy_of
from transfer_rules.answers import stand
from transfer_rules.case import bind
from transfer_rules.requirements import Requirements, requirements
from transfer_rules.ruling import rule_on

COURT = "{id: a, from: any, transfer_to: court}"
MAYBE_COURT = "{id: b, from: any, when: {fact: flag, is: yes}, transfer_to: court}"
PERMANENCE = "{id: b, from: any, transfer_to: permanence}"
MAYBE_PERMANENCE = "{id: b, from: any, when: {fact: flag, is: yes}, transfer_to: permanence}"
MAYBE_CLOSE = "{id: c, from: any, when: {fact: flag, is: yes}, close: true}"
NAMED = "{id: a, from: any, transfer_to: {team: {fact: next_team}}}"
LEFT = "leave_to_people: [{rules: [a, b], who: managers, question: which?}]"
IF_OTHER = "when: {fact: other_flag, is: yes}"


def required(rules: list[str], *applies: str, extra: str = "", when: str = "", **given: Any) -> Requirements:
    """Return what is required of one item that stands in a list for each `applies`."""
    item = f"{{id: note, label: Note{', ' if when else ''}{when}}}"
    lists = [f"  list_{number}: {{applies: {one}, items: [{'note' if number else item}]}}" for number, one in enumerate(applies)]
    policy = policy_of("\n".join([extra, f"rules: [{', '.join(rules)}]", "checklists:", *lists]))
    before = bind(policy, case(**given))
    standing = stand(policy, before)
    return requirements(policy, before, standing, rule_on(policy, before, standing))


def found(sure: str = "", unsure: str = "", *open_facts: str) -> Requirements:
    return Requirements(tuple(sure.split()), tuple(unsure.split()), frozenset(open_facts))


# --- one answer


def test_an_item_of_the_move_is_required() -> None:
    assert required([COURT], "{to: court}") == found("note")
    assert required([COURT], "{to: permanence}") == found()


def test_what_is_unknown_of_an_item_or_its_list_leaves_it_open() -> None:
    assert required([COURT], "{to: court}", when=IF_OTHER) == found("", "note", "other_flag")
    assert required([COURT], f"{{to: court, {IF_OTHER}}}") == found("", "note", "other_flag")
    assert required(["{id: a, from: any, close: true}"], "{from: permanence}", current_team=None) == found("", "note", "current_team")


def test_an_item_of_a_rule_that_may_join_hangs_on_what_that_rule_hangs_on() -> None:
    assert required([COURT, MAYBE_COURT], "{rules: [b]}") == found("", "note", "flag")
    assert required([COURT, MAYBE_COURT], "{rules: [b]}", "{to: permanence}") == found("", "note", "flag")


def test_an_item_of_the_rule_that_decides_does_not_hang_on_one_that_may_join() -> None:
    assert required([COURT, MAYBE_COURT], "{rules: [a]}") == found("note")
    assert required([COURT, MAYBE_COURT], f"{{rules: [a], {IF_OTHER}}}") == found("", "note", "other_flag")
    assert required([COURT, MAYBE_COURT], f"{{to: court, {IF_OTHER}}}") == found("", "note", "other_flag")


# --- several answers in play


def test_while_the_outcome_is_open_what_every_way_requires_is_required() -> None:
    assert required([COURT, MAYBE_PERMANENCE], "{to: [court, permanence]}") == found("note")
    assert required([COURT, MAYBE_PERMANENCE], "{to: court}") == found()


def test_nothing_is_required_while_the_case_may_stay() -> None:
    assert required([MAYBE_COURT], "{to: court}") == found()


def test_while_people_may_have_to_decide_only_what_their_question_requires_too_is_required() -> None:
    applies = "{to: {any_except: [early_help]}, outcome: [transfer, people_decide]}"
    assert required([COURT, MAYBE_PERMANENCE], applies) == found("note")
    assert required([COURT, MAYBE_PERMANENCE], applies, extra=LEFT) == found()
    assert required([COURT, MAYBE_PERMANENCE], "{outcome: [transfer, people_decide]}", extra=LEFT) == found("note")


def test_an_unknown_fact_that_names_the_team_may_name_nobody_and_what_a_close_hangs_on_counts() -> None:
    assert required([NAMED], f"{{outcome: close, {IF_OTHER}}}") == found("", "", "other_flag")


def test_between_teams_that_are_named_what_a_close_hangs_on_does_not_count() -> None:
    assert required([COURT, MAYBE_PERMANENCE], f"{{outcome: close, {IF_OTHER}}}") == found()


# --- a clash


def test_in_a_clash_what_each_answer_requires_is_required() -> None:
    assert required([COURT, PERMANENCE], "{to: [court, permanence]}") == found("note")
    assert required([COURT, PERMANENCE], "{to: court}") == found()


def test_in_a_clash_a_rule_that_may_join_leaves_open_what_it_does_not_require() -> None:
    assert required([COURT, PERMANENCE, MAYBE_CLOSE], "{to: [court, permanence]}") == found("", "note", "flag")
    assert required([COURT, PERMANENCE, MAYBE_CLOSE], "{outcome: [transfer, close]}") == found("note")


def test_in_a_clash_an_unknown_condition_leaves_an_item_open_by_its_own_facts() -> None:
    assert required([COURT, PERMANENCE], "{to: [court, permanence]}", when=IF_OTHER) == found("", "note", "other_flag")

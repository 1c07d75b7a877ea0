"""`why_not`: for each other team, the fewest facts that would have to be otherwise for it to receive the case. The changes are worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.packs_for_tests import TODAY, case, policy_of
from transfer_rules import contrast
from transfer_rules.contrast import Instead, WhyNot, why_not
from transfer_rules.evaluation import evaluate
from transfer_rules.facts import FactValue
from transfer_rules.vocabulary import CaseSnapshot

FLAG, OTHER, RED = "{fact: flag, is: yes}", "{fact: other_flag, is: yes}", "{fact: colour, is: red}"
TO_COURT = "id: to_court, from: assessment, transfer_to: court"
TO_PERMANENCE = "id: to_permanence, from: assessment, transfer_to: permanence"
ON = "id: on, from: assessment, transfer_to: {team: {fact: next_team}}"
PANEL = "decisions: {panel: {label: panel, options: [agreed, refused]}}"
KEEPER = "decisions: {keeper: {label: who keeps it}}"
MANY = [f"fact_{number}" for number in range(8)]


def text(*written: str, head: str = "", tail: str = "") -> str:
    return "\n".join([head, "rules:", *(f"  - {{{one}}}" for one in written), tail])


def asked(pack: str, snapshot: CaseSnapshot) -> tuple[WhyNot, ...]:
    policy = policy_of(pack)
    return why_not(policy, snapshot, evaluate(policy, snapshot))


def others(*written: str, head: str = "", tail: str = "", **given: Any) -> dict[str, WhyNot]:
    """Return what each other team would need to receive a case of a pack with these rules."""
    found = asked(text(*written, head=head, tail=tail), case(**given))
    assert [one.team for one in found] == sorted(one.team for one in found)
    return {one.team: one for one in found}


def changes(found: WhyNot) -> dict[str, FactValue]:
    """Return the facts that would have to be otherwise, with the values that they would need; the answer then is checked."""
    assert found.verdict == "changes"
    assert found.decision is not None
    assert found.decision.receiving_team is not None
    assert (found.decision.outcome, found.decision.receiving_team.team) == ("transfer", found.team)
    assert all(change.now != change.to for change in found.changes)
    assert [change.fact for change in found.changes] == sorted(change.fact for change in found.changes)
    return {change.fact: change.to for change in found.changes}


def to_court(*written: str, **given: Any) -> dict[str, FactValue]:
    return changes(others(*written, **given)["court"])


def flags(names: list[str]) -> str:
    return "local_facts: {" + ", ".join(f"{name}: {{type: yes_no, label: {name}, ask: Is it so?}}" for name in names) + "}"


def local(**values: bool) -> dict[str, Any]:
    return {"local_facts": values}


# --- how many facts


def test_one_fact_may_be_enough() -> None:
    assert to_court(f"{TO_COURT}, when: {FLAG}", flag=False, other_flag=False) == {"flag": True}


def test_a_change_says_what_is_known_now_and_what_it_would_need_to_be() -> None:
    [found] = others(f"{TO_COURT}, when: {RED}", colour="green").values()
    assert found.changes == (Instead("colour", "green", "red", unstated=False),)


def test_the_answer_then_is_the_whole_decision() -> None:
    [found] = others(f"{TO_COURT}, when: {FLAG}, deadline: {{days: 3, after: a_on}}", flag=False, a_on=TODAY).values()
    assert found.decision is not None
    assert found.decision.deadline is not None
    assert (found.label, found.decision.deadline.on) == ("Court Team", date(2026, 4, 4))


def test_two_facts_may_have_to_change_together() -> None:
    assert to_court(f"{TO_COURT}, when: {{all: [{FLAG}, {OTHER}]}}", flag=False, other_flag=False) == {"flag": True, "other_flag": True}


def test_what_is_already_so_need_not_change() -> None:
    assert to_court(f"{TO_COURT}, when: {{all: [{FLAG}, {OTHER}]}}", flag=False, other_flag=True) == {"flag": True}


def test_of_two_ways_the_one_with_fewer_facts_is_taken_though_the_other_comes_first_by_name() -> None:
    condition = f"{{any: [{{all: [{RED}, {FLAG}]}}, {OTHER}]}}"
    assert to_court(f"{TO_COURT}, when: {condition}", colour="green", flag=False, other_flag=False) == {"other_flag": True}


def test_of_two_rules_for_a_team_the_one_that_needs_fewer_facts_is_taken() -> None:
    found = to_court(f"{TO_COURT}, when: {{all: [{RED}, {FLAG}]}}", f"id: too, from: assessment, when: {OTHER}, transfer_to: court",
                     colour="green", flag=False, other_flag=False)  # fmt: skip
    assert found == {"other_flag": True}


def test_of_smallest_sets_the_first_by_name_is_taken() -> None:
    assert to_court(f"{TO_COURT}, when: {{any: [{OTHER}, {FLAG}, {RED}]}}", flag=False, other_flag=False, colour="green") == {"colour": "red"}


def test_of_smallest_sets_of_two_the_first_by_name_is_taken() -> None:
    condition = f"{{all: [{{any: [{OTHER}, {FLAG}]}}, {{any: [{{fact: visits, at_least: 2}}, {RED}]}}]}}"
    assert to_court(f"{TO_COURT}, when: {condition}", flag=False, other_flag=False, colour="green", visits=0) == {"colour": "red", "flag": True}


def test_five_facts_are_still_named() -> None:
    condition = ", ".join(f"{{fact: {name}, is: yes}}" for name in MANY[:5])
    found = to_court(f"{TO_COURT}, when: {{all: [{condition}]}}", head=flags(MANY), **local(**dict.fromkeys(MANY, False)))
    assert found == dict.fromkeys(MANY[:5], True)


def test_of_more_than_five_facts_it_is_only_said_that_there_are_more() -> None:
    condition = ", ".join(f"{{fact: {name}, is: yes}}" for name in MANY[:6])
    [found] = others(f"{TO_COURT}, when: {{all: [{condition}]}}", head=flags(MANY), **local(**dict.fromkeys(MANY, False))).values()
    assert (found.verdict, found.changes, found.decision) == ("more_than_five", (), None)


# --- which values


def test_of_days_the_nearest_that_serves_is_taken() -> None:
    assert to_court(f"{TO_COURT}, when: {{fact: a_on, before: 2026-03-01}}", a_on=date(2026, 4, 10)) == {"a_on": date(2026, 2, 28)}


def test_an_event_that_would_have_to_have_happened_happens_on_the_day_asked_about() -> None:
    assert to_court(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", a_on="not_yet") == {"a_on": TODAY}


def test_an_event_of_which_only_the_day_is_unknown_can_be_not_yet_instead() -> None:
    assert to_court(f"{TO_COURT}, when: {{fact: a_on, happened: false}}", a_on="happened") == {"a_on": "not_yet"}


def test_a_count_changes_to_the_limit() -> None:
    assert to_court(f"{TO_COURT}, when: {{fact: visits, at_least: 3}}", visits=0) == {"visits": 3}


def test_a_date_can_change_to_fit_another_one() -> None:
    # Two working days after Wednesday 1 April 2026 is Tuesday 7 April, so the day before it is the last that fits; the nearest is the day itself.
    found = to_court(f"{TO_COURT}, when: {{fact: a_on, before: {{working_days: 2, after: b_on}}}}", a_on=date(2026, 4, 9), b_on=TODAY)
    assert found == {"a_on": TODAY}


# --- none


def test_a_team_named_only_by_a_rule_that_needs_a_recorded_decision_is_out_of_reach() -> None:
    [found] = others(f"{TO_COURT}, when: {{all: [{{decision: panel, is: agreed}}, {FLAG}]}}", head=PANEL, flag=False).values()
    assert (found.verdict, found.changes, found.decision) == ("none", (), None)


def test_a_recorded_decision_does_not_change() -> None:
    [found] = others(f"{TO_COURT}, when: {{decision: panel, is: agreed}}", head=PANEL, decisions={"panel": "refused"}).values()
    assert found.verdict == "none"


def test_a_rule_that_contradicts_itself_names_a_team_out_of_reach() -> None:
    [found] = others(f"{TO_COURT}, when: {{all: [{FLAG}, {{fact: flag, is: no}}]}}", flag=True).values()
    assert found.verdict == "none"


def test_a_team_whose_rule_is_always_overridden_is_out_of_reach() -> None:
    [found] = others(TO_COURT, f"{TO_PERMANENCE}, overrides: [to_court]", flag=True).values()
    assert (found.team, found.verdict) == ("court", "none")


def test_a_team_whose_rule_needs_another_day_is_out_of_reach() -> None:
    [found] = others(f"{TO_COURT}, when: {{fact: as_of, after: 2026-05-01}}", flag=True).values()
    assert found.verdict == "none"


# --- facts that nobody recorded


def test_a_fact_that_nobody_recorded_may_have_to_be_known() -> None:
    [found] = others(f"{TO_COURT}, when: {FLAG}").values()
    assert (changes(found), found.changes[0].now) == ({"flag": True}, None)


def test_a_fact_that_nobody_recorded_is_left_alone_where_a_recorded_one_does() -> None:
    assert to_court(f"{TO_COURT}, when: {{any: [{FLAG}, {OTHER}]}}", other_flag=False) == {"other_flag": True}


def test_a_fact_that_nobody_recorded_is_left_alone_where_two_recorded_ones_do() -> None:
    condition = f"{{any: [{FLAG}, {{all: [{OTHER}, {RED}]}}]}}"
    assert to_court(f"{TO_COURT}, when: {condition}", other_flag=False, colour="green") == {"colour": "red", "other_flag": True}


def test_a_recorded_fact_and_one_that_nobody_recorded_may_have_to_change_together() -> None:
    [found] = others(f"{TO_COURT}, when: {{all: [{FLAG}, {OTHER}]}}", other_flag=False).values()
    assert changes(found) == {"flag": True, "other_flag": True}
    assert [change.now for change in found.changes] == [None, False]


def test_what_stays_unknown_must_not_keep_the_team_from_the_case() -> None:
    # Should the colour be red, the overriding rule takes the case to Permanence, so the flag alone does not do.
    found = to_court(f"{TO_COURT}, when: {FLAG}", f"{TO_PERMANENCE}, when: {RED}, overrides: [to_court]", flag=False)
    assert found.keys() == {"colour", "flag"}
    assert found["colour"] in ("dark_blue", "green")


def test_what_the_other_facts_settle_is_not_put_down_to_a_fact_that_may_change() -> None:
    # While the other flag is down the colour changes nothing, so only one value of it is tried; that one must not take the blame.
    found = to_court(
        f"id: by_colour, from: assessment, when: {{all: [{{fact: colour, is: dark_blue}}, {OTHER}]}}, transfer_to: court",
        f"id: by_flag, from: assessment, when: {FLAG}, transfer_to: court",
        colour="green",
        other_flag=False,
    )
    assert found == {"colour": "dark_blue", "other_flag": True}


def test_what_stays_unknown_may_say_by_which_rule_the_team_receives_the_case() -> None:
    both = [f"id: {name}, from: assessment, when: {{all: [{FLAG}, {{fact: other_flag, is: {word}}}]}}, transfer_to: court" for name, word in
            (("up", "yes"), ("down", "no"))]  # fmt: skip
    assert to_court(*both, flag=False) == {"flag": True}


def test_what_stays_unknown_may_leave_the_deadline_open() -> None:
    [found] = others(f"{TO_COURT}, when: {FLAG}, deadline: {{days: 3, after: a_on}}", flag=False).values()
    assert changes(found) == {"flag": True}
    assert found.decision is not None
    assert (found.decision.certainty, found.decision.missing) == ("provisional", ("a_on",))


# --- rules in the way


def test_an_overriding_rule_must_be_silenced() -> None:
    assert to_court(TO_COURT, f"{TO_PERMANENCE}, when: {FLAG}, overrides: [to_court]", flag=True) == {"flag": False}


def test_every_overriding_rule_must_be_silenced() -> None:
    found = to_court(TO_COURT, f"{TO_PERMANENCE}, when: {FLAG}, overrides: [to_court]",
                     f"id: held, from: any, when: {OTHER}, stay: true, overrides: [to_court, to_permanence]", flag=True, other_flag=True)  # fmt: skip
    assert found == {"flag": False, "other_flag": False}


def test_a_disagreeing_rule_must_be_silenced() -> None:
    assert to_court(TO_COURT, f"{TO_PERMANENCE}, when: {FLAG}", flag=True) == {"flag": False}


def test_of_two_rules_that_disagree_either_can_be_silenced() -> None:
    found = others(f"{TO_COURT}, when: {FLAG}", f"{TO_PERMANENCE}, when: {OTHER}", flag=True, other_flag=True)
    assert (changes(found["court"]), changes(found["permanence"])) == ({"other_flag": False}, {"flag": False})


def test_where_a_rule_takes_the_place_of_another_both_must_change() -> None:
    found = to_court(f"{TO_COURT}, when: {FLAG}", f"{TO_PERMANENCE}, when: {OTHER}", flag=False, other_flag=True)
    assert found == {"flag": True, "other_flag": False}


def test_a_rule_that_overrides_what_disagrees_can_silence_it() -> None:
    # The hold bars the move; while the colour is red another rule defeats it, though that rule says nothing of its own that disagrees.
    defeats = f"id: lifted, from: assessment, when: {RED}, transfer_to: court, overrides: [held]"
    assert to_court(TO_COURT, "id: held, from: any, stay: true", defeats, colour="green") == {"colour": "red"}


def test_a_hold_must_be_silenced() -> None:
    assert to_court(TO_COURT, f"id: held, from: any, when: {RED}, stay: true", colour="red") in ({"colour": "dark_blue"}, {"colour": "green"})


def test_a_hold_until_a_day_must_be_over() -> None:
    # Held for 14 days: one begun on 18 March is over on 1 April.
    found = to_court(TO_COURT, "id: held, from: any, stay: {until: {days: 14, after: a_on}}, overrides: [to_court]", a_on=date(2026, 3, 30))
    assert found == {"a_on": date(2026, 3, 18)}


def test_a_hold_that_only_explains_is_not_in_the_way() -> None:
    found = to_court(f"{TO_COURT}, when: {FLAG}", f"id: held, from: any, when: {RED}, stay: {{yields: true}}", flag=False, colour="red")
    assert found == {"flag": True}


def test_a_question_for_people_must_not_come_up() -> None:
    asks = f"id: asks, from: any, when: {FLAG}, people_decide: {{who: managers, question: who?, between: [court, stay], settled_by: keeper}}"
    assert to_court(TO_COURT, asks, head=KEEPER, flag=True) == {"flag": False}


def test_two_rules_for_one_team_must_not_disagree_about_the_date() -> None:
    found = to_court(f"{TO_COURT}, when: {FLAG}, deadline: {{on: 2026-04-09}}",
                     f"id: too, from: assessment, when: {OTHER}, transfer_to: court, deadline: {{on: 2026-04-10}}",
                     flag=True, other_flag=True)  # fmt: skip
    assert found == {"flag": False}


def test_two_rules_for_one_team_may_have_to_agree_on_a_date() -> None:
    found = to_court(f"{TO_COURT}, deadline: {{on: a_on}}", "id: too, from: assessment, transfer_to: court, deadline: {on: 2026-04-10}", a_on=TODAY)
    assert found == {"a_on": date(2026, 4, 10)}


# --- teams


def test_the_receiving_team_and_the_team_that_holds_the_case_are_not_listed() -> None:
    assert others(TO_COURT, "id: back, from: any, when: {fact: colour, is: red}, transfer_to: assessment", colour="green") == {}


def test_a_team_that_only_rules_for_other_holders_name_is_not_listed() -> None:
    assert others("id: there, from: permanence, transfer_to: court") == {}


def test_a_team_that_only_a_question_for_people_names_is_not_listed() -> None:
    asks = "id: asks, from: any, people_decide: {who: managers, question: who?, between: [court, stay], settled_by: keeper}"
    assert others(asks, head=KEEPER) == {}


def test_nothing_is_listed_while_the_holding_team_is_not_known() -> None:
    assert asked(text(f"id: to_court, from: any, when: {FLAG}, transfer_to: court"), case(current_team=None, flag=False)) == ()


def test_who_holds_the_case_does_not_change() -> None:
    [found] = others("id: to_court, from: any, when: {fact: current_team, is: permanence}, transfer_to: court", flag=True).values()
    assert found.verdict == "none"


def test_a_team_that_a_fact_names_now_is_listed() -> None:
    assert to_court(f"{ON}, when: {FLAG}", next_team="court", flag=False) == {"flag": True}


def test_while_nobody_knows_which_team_a_fact_names_none_is_listed() -> None:
    assert others(f"{ON}, when: {FLAG}", flag=False) == {}


def test_a_fact_that_names_nobody_or_the_holder_lists_no_team() -> None:
    assert others(f"{ON}, when: {FLAG}", next_team="none", flag=False) == {}
    assert others(f"{ON}, when: {FLAG}", next_team="assessment", flag=False) == {}


def test_another_authority_can_be_listed() -> None:
    [found] = others(f"{ON}, when: {FLAG}", next_team="other_authority", flag=False).values()
    assert (changes(found), found.team, found.label) == ({"flag": True}, "other_authority", "another authority")


def test_a_fact_that_names_the_team_can_name_another_one_instead() -> None:
    found = to_court(ON, f"{TO_COURT}, when: {{all: [{FLAG}, {OTHER}]}}, overrides: [on]", next_team="permanence", flag=True, other_flag=False)
    assert found == {"next_team": "court"}


def test_a_fact_can_name_a_team_that_no_rule_for_this_case_names_any_longer() -> None:
    rule = f"id: away, from: assessment, when: {{all: [{FLAG}, {OTHER}, {RED}]}}, transfer_to: early_help"
    found = others(f"{ON}, overrides: [away]", rule, next_team="permanence", flag=False, other_flag=False, colour="green")
    assert {change.fact: change.to for change in found["early_help"].changes} == {"next_team": "early_help"}
    assert changes(found["early_help"]) == {"next_team": "early_help"}


def test_a_disagreeing_rule_is_silenced_though_the_team_that_a_fact_names_is_the_last_of_all() -> None:
    found = others(ON, f"{TO_PERMANENCE}, when: {{fact: visits, at_least: 1}}", next_team="other_authority", visits=2)
    assert found["other_authority"].verdict == "changes"
    assert changes(found["other_authority"]) == {"visits": 0}


# --- decisions that are recorded


ASKS = f"id: asks, from: any, when: {FLAG}, people_decide: {{who: managers, question: who?, between: [court, stay], settled_by: keeper}}"


def test_a_recorded_decision_gives_the_team_once_its_question_comes_up() -> None:
    found = to_court(ASKS, f"{TO_COURT}, when: {OTHER}", head=KEEPER, flag=False, other_flag=False, decisions={"keeper": "court"})
    assert found == {"flag": True}


def test_a_recorded_decision_for_another_answer_does_not_give_the_team() -> None:
    found = to_court(ASKS, f"{TO_COURT}, when: {OTHER}", head=KEEPER, flag=False, other_flag=False, decisions={"keeper": "stay"})
    assert found == {"other_flag": True}


def test_a_clash_that_people_settled_gives_the_team_once_it_comes_up() -> None:
    tail = "leave_to_people: [{rules: [to_court, to_permanence], who: managers, question: which?, settled_by: keeper}]"
    both = (f"{TO_COURT}, when: {FLAG}", f"{TO_PERMANENCE}, when: {OTHER}")
    given = {"flag": False, "other_flag": True}
    assert to_court(*both, head=KEEPER, tail=tail, **given, decisions={"keeper": "court"}) == {"flag": True}
    assert to_court(*both, head=KEEPER, tail=tail, **given, decisions={"keeper": "permanence"}) == {"flag": True, "other_flag": False}


def test_a_clash_that_people_have_not_settled_must_be_avoided() -> None:
    tail = "leave_to_people: [{rules: [to_court, to_permanence], who: managers, question: which?, settled_by: keeper}]"
    both = (f"{TO_COURT}, when: {FLAG}", f"{TO_PERMANENCE}, when: {OTHER}")
    assert to_court(*both, head=KEEPER, tail=tail, flag=True, other_flag=True) == {"other_flag": False}


# --- what definitions say


IN_CARE = f"{TO_COURT}, when: {{fact: legal_basis, is: care_order}}"


def test_a_definition_can_ask_for_a_second_change() -> None:
    assert to_court(IN_CARE, legal_basis="none", looked_after=False) == {"legal_basis": "care_order", "looked_after": True}


def test_a_closed_fact_gives_way_to_a_definition() -> None:
    snapshot = case(legal_basis="none", unstated="not_so")
    [found] = asked(text(IN_CARE), snapshot)
    assert changes(found) == {"legal_basis": "care_order"}
    assert found.applied(snapshot).looked_after is None


def test_a_fact_of_a_definition_that_nobody_recorded_gives_way_too() -> None:
    assert to_court(IN_CARE, legal_basis="none") == {"legal_basis": "care_order"}


def test_an_unborn_child_would_have_to_be_born_as_well() -> None:
    found = to_court(IN_CARE, legal_basis="none", looked_after=False, date_of_birth="not_yet")
    assert found.keys() == {"date_of_birth", "legal_basis", "looked_after"}
    assert isinstance(found["date_of_birth"], date)


def test_a_fact_that_gives_way_by_definition_need_not_be_changed_itself() -> None:
    # Nobody stated that the child is not looked after. Beside a legal basis it cannot be so, and then the child is looked after.
    found = to_court(f"{TO_COURT}, when: {{fact: looked_after, is: yes}}", legal_basis="none", unstated="not_so")
    assert found.keys() == {"legal_basis"}
    assert found["legal_basis"] != "none"


SECOND = f"{TO_COURT}, when: {{fact: second_looked_after_review_on, happened: true}}"


def test_a_second_review_asks_for_a_first_one() -> None:
    found = to_court(SECOND, first_looked_after_review_on="not_yet", second_looked_after_review_on="not_yet")
    assert found == {"first_looked_after_review_on": TODAY, "second_looked_after_review_on": TODAY}


def test_a_first_review_that_nobody_stated_gives_way_to_a_second() -> None:
    [found] = others(SECOND, unstated="not_so").values()
    assert changes(found) == {"second_looked_after_review_on": TODAY}
    assert found.changes[0].unstated


def test_a_closed_fact_that_nothing_is_set_against_stays_closed() -> None:
    # The second review is only planned, so that there was no first one yet still holds.
    condition = "{all: [{fact: second_looked_after_review_on, arranged: true}, {fact: first_looked_after_review_on, happened: false}]}"
    found = to_court(f"{TO_COURT}, when: {condition}", unstated="not_so")
    assert found.keys() == {"second_looked_after_review_on"}
    assert found["second_looked_after_review_on"] == date(2026, 4, 2)


def test_a_closed_fact_counts_as_recorded_and_is_marked() -> None:
    [found] = others(f"{TO_COURT}, when: {FLAG}", unstated="not_so").values()
    assert found.changes == (Instead("flag", False, True, unstated=True),)


def test_a_judgement_is_never_closed_and_counts_as_unknown() -> None:
    [found] = others(f"{TO_COURT}, when: {{fact: opinion, is: yes}}", unstated="not_so").values()
    assert found.changes == (Instead("opinion", None, True, unstated=False),)


# --- the snapshot with the changes


def test_the_snapshot_with_the_changes_gives_the_team() -> None:
    pack = text(IN_CARE, f"{TO_PERMANENCE}, when: {FLAG}")
    snapshot = case(legal_basis="none", looked_after=False, flag=True)
    [found] = asked(pack, snapshot)
    decision = evaluate(policy_of(pack), found.applied(snapshot))
    assert decision.receiving_team is not None
    assert decision.receiving_team.team == "court"
    assert decision == found.decision


def test_the_snapshot_with_the_changes_keeps_everything_else() -> None:
    snapshot = case(flag=False, other_flag=True, looked_after=True, decisions={"panel": "agreed"}, unstated=("court",))
    [found] = asked(text(f"{TO_COURT}, when: {FLAG}", head=PANEL), snapshot)
    applied = found.applied(snapshot)
    assert dict(applied.local_facts) == {"flag": True, "other_flag": True}
    assert (applied.looked_after, applied.decisions, applied.unstated) == (True, snapshot.decisions, ("court",))
    assert snapshot.local_facts["flag"] is False


def test_without_changes_the_snapshot_stays_as_it_is() -> None:
    snapshot = case(flag=False)
    [found] = asked(text(f"{TO_COURT}, when: {{decision: panel, is: agreed}}", head=PANEL), snapshot)
    assert found.applied(snapshot) == snapshot


# --- with hardly any steps allowed


def test_what_is_not_found_in_the_steps_allowed_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contrast, "_STEPS", 1)
    [found] = others(f"{TO_COURT}, when: {FLAG}", flag=False).values()
    assert (found.verdict, found.changes, found.decision) == ("not_found", (), None)


def test_what_is_not_found_in_the_rounds_allowed_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contrast, "_ROUNDS", 1)
    [found] = others(f"{TO_COURT}, when: {FLAG}", flag=False).values()
    assert found.verdict == "not_found"


def test_where_the_values_tried_do_not_stand_for_all_it_is_not_called_out_of_reach() -> None:
    # Four of eight choices would do, and only none, one and all of them are tried.
    head = f"local_facts: {{many: {{type: choices, options: [{', '.join(MANY)}], label: many, ask: Which?}}}}"
    parts = [f"{{fact: many, includes: {name}}}" for name in MANY]
    condition = ", ".join([*parts[:4], *(f"{{not: {part}}}" for part in parts[4:])])
    [found] = others(f"{TO_COURT}, when: {{all: [{condition}]}}", head=head, local_facts={"many": []}).values()
    assert found.verdict == "not_found"


# --- what does not help is not tried


READ = f"id: far, from: permanence, when: {{any: [{', '.join(f'{{fact: {name}, is: yes}}' for name in MANY)}]}}, transfer_to: court"
"""A rule for another holder that reads eight facts, so that to try whatever is read would be to try too many."""
ALL_FALSE = local(**dict.fromkeys(MANY, False))
NEVER = f"{TO_COURT}, when: {{fact: as_of, before: 2020-01-01}}"
ASKS_ALWAYS = "id: asks, from: any, people_decide: {who: managers, question: who?, between: [court, stay], settled_by: keeper"


@pytest.mark.parametrize(
    "rules",
    [
        (NEVER,),
        (TO_COURT, "id: over, from: any, transfer_to: permanence, overrides: [to_court]"),
        (TO_COURT, TO_PERMANENCE),
    ],
    ids=["on another day", "overridden", "disagreeing"],
)
def test_what_hangs_on_no_fact_is_out_of_reach_however_many_facts_are_recorded(rules: tuple[str, ...]) -> None:
    assert others(*rules, READ, head=flags(MANY), **ALL_FALSE)["court"].verdict == "none"


def test_a_decision_that_came_too_early_is_out_of_reach_however_many_facts_are_recorded() -> None:
    asks = f"{ASKS_ALWAYS}, valid: {{on_or_after: 2026-03-20}}}}"
    found = others(
        NEVER, asks, READ, head=f"{flags(MANY)}\n{KEEPER}", decisions={"keeper": {"decided": "court", "on": date(2026, 3, 1)}}, **ALL_FALSE
    )
    assert found["court"].verdict == "none"


SIX_DAYS = ("a_on", "b_on", "c_on", "expected_on", "became_looked_after_on", "proceedings_issued_on")
SOONEST = f"deadline: {{soonest_of: [{', '.join(f'{{days: 3, after: {name}}}' for name in SIX_DAYS)}]}}"


@pytest.mark.parametrize("to_court", [TO_COURT, NEVER], ids=["disagreeing", "on another day"])
def test_the_date_by_which_another_team_receives_the_case_is_not_in_the_way(to_court: str) -> None:
    assert others(to_court, f"{TO_PERMANENCE}, {SOONEST}", **dict.fromkeys(SIX_DAYS, TODAY))["court"].verdict == "none"


def test_a_rule_that_names_the_team_by_a_fact_may_come_to_agree() -> None:
    assert to_court(TO_COURT, ON, next_team="permanence") == {"next_team": "court"}


def test_people_who_decided_for_the_team_too_early_may_come_to_agree() -> None:
    asks = f"{ASKS_ALWAYS}, valid: {{on_or_after: a_on}}}}"
    decided = {"keeper": {"decided": "court", "on": date(2026, 3, 1)}}
    assert to_court(TO_COURT, asks, head=KEEPER, a_on=date(2026, 3, 20), decisions=decided) == {"a_on": date(2026, 3, 1)}


def test_a_team_that_a_fact_names_is_not_listed_while_nobody_knows_it_though_another_team_receives_the_case() -> None:
    assert {*others(f"{TO_COURT}, when: {FLAG}", f"{ON}, when: {OTHER}", TO_PERMANENCE, flag=False, other_flag=False)} == {"court"}


def test_of_two_things_that_are_in_the_way_the_one_that_no_fact_can_change_says_that_the_team_is_out_of_reach() -> None:
    over = "id: over, from: any, transfer_to: permanence, overrides: [to_court]"
    also = f"id: also, from: any, when: {{all: [{', '.join(f'{{fact: {name}, is: yes}}' for name in MANY)}]}}, transfer_to: early_help"
    assert others(TO_COURT, over, also, head=flags(MANY), **local(**dict.fromkeys(MANY, True)))["court"].verdict == "none"

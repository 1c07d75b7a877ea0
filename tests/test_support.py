"""`why`: recorded facts that alone give the answer, and without any one of which it is open. The facts are worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.packs_for_tests import TODAY, case, policy_of
from transfer_rules import completion
from transfer_rules.dates import LONDON
from transfer_rules.decision import Candidate
from transfer_rules.evaluation import evaluate
from transfer_rules.facts import FactValue
from transfer_rules.inquiry import filled_in
from transfer_rules.support import Why, why
from transfer_rules.vocabulary import CaseSnapshot

FLAG, OTHER = "{fact: flag, is: yes}", "{fact: other_flag, is: yes}"
CLOSES = "id: closes, from: any, close: true"
EITHER_WAY = (f"id: up, from: any, when: {FLAG}, close: true", f"id: down, from: any, when: {{not: {FLAG}}}, close: true")
TO_COURT = "id: to_court, from: any, transfer_to: court"
KEEPER = "decisions: {keeper: {label: who keeps it}}"
ASKS = "id: asks, from: any, people_decide: {who: managers, question: who keeps it?, between: [court, stay], settled_by: keeper}"


def text(*written: str, head: str = "", tail: str = "") -> str:
    return "\n".join([head, "rules:", *(f"  - {{{one}}}" for one in written), tail])


def asked(pack: str, snapshot: CaseSnapshot) -> Why | None:
    policy = policy_of(pack)
    return why(policy, snapshot, evaluate(policy, snapshot))


def rests_on(*written: str, head: str = "", tail: str = "", **given: Any) -> Why:
    """Return why a case of a pack with these rules is answered as it is."""
    found = asked(text(*written, head=head, tail=tail), case(**given))
    assert found is not None
    return found


def facts(found: Why) -> dict[str, FactValue]:
    assert [ground.fact for ground in found.grounds] == sorted(ground.fact for ground in found.grounds)
    return {ground.fact: ground.value for ground in found.grounds}


def otherwise(found: Why, fact: str) -> Candidate | None:
    return next(ground.otherwise for ground in found.grounds if ground.fact == fact)


# --- while the answer is open


def test_an_answer_whose_outcome_is_open_rests_on_nothing_yet() -> None:
    assert asked(text(f"{CLOSES}, when: {FLAG}"), case()) is None


def test_an_answer_of_which_only_the_deadline_is_open_rests_on_nothing_yet() -> None:
    assert asked(text("id: closes, from: any, close: true, deadline: {days: 5, after: a_on}"), case()) is None


def test_an_answer_of_which_only_the_items_are_open_rests_on_nothing_yet() -> None:
    tail = f"checklists: {{list: {{applies: {{outcome: close}}, items: [{{id: note, label: Note, when: {FLAG}}}]}}}}"
    assert asked(text(CLOSES, tail=tail), case()) is None


# --- which facts stay


def test_the_fact_that_a_rule_asks_for_stays_and_what_no_rule_reads_goes() -> None:
    assert facts(rests_on(f"{CLOSES}, when: {FLAG}", flag=True, colour="red", looked_after=True)) == {"flag": True}


def test_every_part_of_an_all_stays() -> None:
    assert facts(rests_on(f"{CLOSES}, when: {{all: [{FLAG}, {OTHER}]}}", flag=True, other_flag=True)) == {"flag": True, "other_flag": True}


def test_of_an_any_one_true_part_is_enough() -> None:
    assert facts(rests_on(f"{CLOSES}, when: {{any: [{FLAG}, {OTHER}]}}", flag=False, other_flag=True)) == {"other_flag": True}


def test_of_two_true_parts_of_an_any_only_one_stays() -> None:
    found = facts(rests_on(f"{CLOSES}, when: {{any: [{FLAG}, {OTHER}]}}", flag=True, other_flag=True))
    assert found in ({"flag": True}, {"other_flag": True})


def test_who_holds_the_case_stays_where_the_team_that_is_to_receive_it_would_keep_it() -> None:
    assert facts(rests_on(TO_COURT)) == {"current_team": "assessment"}


def test_who_holds_the_case_goes_where_the_answer_is_the_same_for_all() -> None:
    assert facts(rests_on(CLOSES)) == {}


def test_a_fact_whose_every_value_gives_the_same_answer_goes_though_a_rule_reads_it() -> None:
    assert facts(rests_on(*EITHER_WAY, flag=True)) == {}


def test_a_fact_that_nobody_recorded_and_of_which_every_value_gives_the_same_answer_is_no_ground() -> None:
    # Kleene's logic leaves this open; only filling in shows that it is decided.
    assert facts(rests_on(*EITHER_WAY)) == {}


def test_a_choice_stays_where_another_option_would_answer_otherwise() -> None:
    by_colour = [f"id: {colour}, from: any, when: {{fact: colour, is: {colour}}}, close: true" for colour in ("red", "dark_blue")]
    assert facts(rests_on(*by_colour, colour="red")) == {"colour": "red"}


def test_a_choice_goes_where_every_option_answers_alike() -> None:
    by_colour = [f"id: {colour}, from: any, when: {{fact: colour, is: {colour}}}, close: true" for colour in ("red", "dark_blue", "green")]
    assert facts(rests_on(*by_colour, colour="red")) == {}


def test_a_fact_that_a_deciding_rule_looks_at_stays_rather_than_one_of_a_rule_that_it_overrides() -> None:
    # Either flag alone closes the case. By name the first flag would go first; the rule that reads the other one does not decide.
    found = rests_on(f"id: one, from: any, when: {FLAG}, close: true, overrides: [two]", f"id: two, from: any, when: {OTHER}, close: true",
                     flag=True, other_flag=True)  # fmt: skip
    assert facts(found) == {"flag": True}


def test_what_keeps_an_overriding_rule_out_stays() -> None:
    found = rests_on(f"{CLOSES}, when: {FLAG}", f"id: held, from: any, when: {OTHER}, stay: true, overrides: [closes]", flag=True, other_flag=False)
    assert facts(found) == {"flag": True, "other_flag": False}


def test_what_keeps_a_disagreeing_rule_out_stays() -> None:
    found = rests_on(f"{CLOSES}, when: {FLAG}", f"id: held, from: any, when: {OTHER}, stay: true", flag=True, other_flag=False)
    assert facts(found) == {"flag": True, "other_flag": False}


def test_an_event_of_which_only_the_day_is_unknown_can_be_a_ground() -> None:
    assert facts(rests_on(f"{CLOSES}, when: {{fact: a_on, happened: true}}", a_on="happened")) == {"a_on": "happened"}


def test_the_choices_that_a_case_has_can_be_a_ground() -> None:
    found = rests_on(f"{CLOSES}, when: {{fact: needs, includes: sight}}", needs=["speech", "sight"])
    assert facts(found) == {"needs": frozenset({"sight", "speech"})}


def test_the_fact_that_names_the_receiving_team_stays() -> None:
    found = rests_on("id: on, from: any, transfer_to: {team: {fact: next_team}}", next_team="court")
    assert facts(found) == {"current_team": "assessment", "next_team": "court"}


# --- kinds of answers


def test_a_question_for_people_rests_on_what_brings_it_up() -> None:
    assert facts(rests_on(f"{ASKS}, when: {FLAG}", head=KEEPER, flag=True, other_flag=True)) == {"flag": True}


def test_a_conflict_rests_on_what_makes_both_rules_match() -> None:
    # Whoever holds the case, the one rule says otherwise than the other, so the holder is no ground.
    found = rests_on(f"{TO_COURT}, when: {FLAG}", f"id: to_permanence, from: any, when: {OTHER}, transfer_to: permanence", flag=True, other_flag=True)
    assert facts(found) == {"flag": True, "other_flag": True}


def test_a_silent_stay_rests_on_one_fact_that_keeps_each_rule_out() -> None:
    found = facts(rests_on(f"{CLOSES}, when: {{all: [{FLAG}, {OTHER}]}}", flag=False, other_flag=False))
    assert found in ({"flag": False}, {"other_flag": False})


def test_a_silent_stay_rests_on_the_holder_where_rules_speak_for_another_team() -> None:
    assert facts(rests_on("id: back, from: court, close: true")) == {"current_team": "assessment"}


def test_a_stay_that_is_held_and_a_silent_stay_are_one_answer() -> None:
    assert facts(rests_on("id: held, from: any, stay: {until: {days: 10, after: a_on}}", a_on=TODAY)) == {}


def test_a_hold_that_bars_a_move_rests_on_the_day_until_which_it_lasts() -> None:
    found = rests_on(CLOSES, "id: held, from: any, stay: {until: {days: 10, after: a_on}}, overrides: [closes]", a_on=TODAY)
    assert facts(found) == {"a_on": TODAY}


# --- deadlines and items


def test_the_day_that_a_deadline_counts_from_stays() -> None:
    found = rests_on(f"{CLOSES}, deadline: {{days: 5, after: a_on}}", a_on=TODAY, b_on=TODAY)
    assert facts(found) == {"a_on": TODAY}


def test_of_the_soonest_of_two_days_both_stay_since_either_could_come_first() -> None:
    found = rests_on(f"{CLOSES}, deadline: {{soonest_of: [{{on: a_on}}, {{on: b_on}}]}}", a_on=date(2026, 4, 10), b_on=date(2026, 4, 20))
    assert facts(found) == {"a_on": date(2026, 4, 10), "b_on": date(2026, 4, 20)}


def test_the_day_of_the_transfer_point_is_no_part_of_the_answer_and_goes() -> None:
    assert facts(rests_on(f"{CLOSES}, transfer_point: {{on: a_on}}", a_on=TODAY)) == {}


def test_a_comparison_of_dates_rests_on_both() -> None:
    found = rests_on(f"{CLOSES}, when: {{fact: a_on, before: b_on}}", a_on=TODAY, b_on=date(2026, 4, 2))
    assert facts(found) == {"a_on": TODAY, "b_on": date(2026, 4, 2)}


def test_a_fact_by_which_an_item_is_required_stays() -> None:
    tail = f"checklists: {{list: {{applies: {{outcome: close}}, items: [{{id: note, label: Note, when: {FLAG}}}]}}}}"
    assert facts(rests_on(CLOSES, tail=tail, flag=False)) == {"flag": False}


def test_a_fact_that_only_duties_and_progress_look_at_goes() -> None:
    tail = f"duties: [{{id: tell, kind: notice, label: Tell, when: {FLAG}, done_when: {OTHER}}}]"
    assert facts(rests_on(CLOSES, tail=tail, flag=True, other_flag=True)) == {}


# --- facts that nobody stated


def test_a_closed_fact_on_which_the_answer_rests_is_marked() -> None:
    found = rests_on(f"{CLOSES}, when: {{all: [{FLAG}, {{fact: other_flag, is: no}}]}}", unstated="not_so", flag=True)
    assert [(ground.fact, ground.value, ground.unstated) for ground in found.grounds] == [("flag", True, False), ("other_flag", False, True)]


def test_a_closed_event_on_which_the_answer_rests_is_not_yet() -> None:
    found = rests_on(f"{CLOSES}, when: {{fact: a_on, happened: false}}", unstated="not_so")
    assert [(ground.fact, ground.value, ground.unstated) for ground in found.grounds] == [("a_on", "not_yet", True)]


def test_the_answer_does_without_a_closed_fact_where_a_stated_one_is_enough() -> None:
    # By name the stated fact would go first.
    found = rests_on(f"{CLOSES}, when: {{any: [{FLAG}, {{fact: other_flag, is: no}}]}}", unstated="not_so", flag=True)
    assert [(ground.fact, ground.unstated) for ground in found.grounds] == [("flag", False)]


def test_the_answer_does_without_a_closed_fact_even_where_the_stated_one_is_read_by_no_deciding_rule() -> None:
    # Either rule alone closes the case. The stated flag alone is enough: should the rule that overrides be out, the other one closes.
    overriding = "id: one, from: any, when: {fact: other_flag, is: no}, close: true, overrides: [two]"
    found = rests_on(overriding, f"id: two, from: any, when: {FLAG}, close: true", unstated="not_so", flag=True)
    assert [(ground.fact, ground.unstated) for ground in found.grounds] == [("flag", False)]


# --- facts that definitions tie


BOTH = f"{CLOSES}, when: {{all: [{{fact: looked_after, is: yes}}, {{fact: legal_basis, is: care_order}}]}}"


def test_the_legal_basis_says_already_that_a_child_is_looked_after() -> None:
    assert facts(rests_on(BOTH, looked_after=True, legal_basis="care_order")) == {"legal_basis": "care_order"}


def test_that_a_child_is_looked_after_stays_where_the_basis_does_not_matter() -> None:
    found = rests_on(f"{CLOSES}, when: {{fact: looked_after, is: yes}}", looked_after=True, legal_basis="care_order")
    assert facts(found) == {"looked_after": True}


def test_the_legal_basis_alone_gives_an_answer_that_hangs_on_being_looked_after() -> None:
    found = rests_on(f"{CLOSES}, when: {{fact: looked_after, is: yes}}", legal_basis="care_order")
    assert facts(found) == {"legal_basis": "care_order"}


def test_an_unborn_child_is_not_looked_after() -> None:
    found = rests_on(f"{CLOSES}, when: {{fact: looked_after, is: no}}", date_of_birth="not_yet")
    assert facts(found) == {"date_of_birth": "not_yet"}


def test_that_a_child_is_not_looked_after_says_that_there_is_no_legal_basis() -> None:
    both = "{all: [{fact: looked_after, is: no}, {fact: legal_basis, is: none}]}"
    found = rests_on(f"{CLOSES}, when: {both}", looked_after=False, legal_basis="none")
    # Each says the other, so one is enough.
    assert facts(found) in ({"looked_after": False}, {"legal_basis": "none"})


# --- recorded decisions


def test_a_recorded_decision_that_gives_the_answer_is_named() -> None:
    found = rests_on(f"{ASKS}, when: {FLAG}", head=KEEPER, flag=True, decisions={"keeper": "court"})
    assert (facts(found), found.decisions) == ({"current_team": "assessment", "flag": True}, ("keeper",))


def test_a_recorded_decision_that_changes_nothing_is_not_named() -> None:
    assert rests_on(CLOSES, f"{ASKS}, when: {FLAG}", head=KEEPER, flag=False, decisions={"keeper": "court"}).decisions == ()


def test_a_recorded_decision_that_a_condition_looks_at_is_named() -> None:
    head = "decisions: {panel: {label: panel, options: [agreed, refused]}, review: {label: review, options: [agreed, refused]}}"
    found = rests_on(f"{CLOSES}, when: {{decision: panel, is: agreed}}", head=head, decisions={"review": "agreed", "panel": "agreed"})
    assert found.decisions == ("panel",)


def test_decisions_are_named_in_order() -> None:
    head = "decisions: {review: {label: review, options: [agreed, refused]}, panel: {label: panel, options: [agreed, refused]}}"
    both = "{all: [{decision: review, is: agreed}, {decision: panel, is: agreed}]}"
    assert rests_on(f"{CLOSES}, when: {both}", head=head, decisions={"review": "agreed", "panel": "agreed"}).decisions == ("panel", "review")


def test_whether_a_decision_matters_is_asked_beside_the_grounds_alone() -> None:
    # With the flag up the decision changes nothing, and the flag is what is kept of the two.
    head = "decisions: {panel: {label: panel, options: [agreed, refused]}}"
    found = rests_on(f"{CLOSES}, when: {{any: [{FLAG}, {{decision: panel, is: refused}}]}}", head=head, flag=True, decisions={"panel": "agreed"})
    assert (facts(found), found.decisions) == ({"flag": True}, ())


def test_a_fact_goes_where_a_recorded_decision_is_enough() -> None:
    head = "decisions: {panel: {label: panel, options: [agreed, refused]}}"
    found = rests_on(f"{CLOSES}, when: {{any: [{FLAG}, {{decision: panel, is: agreed}}]}}", head=head, flag=True, decisions={"panel": "agreed"})
    assert (facts(found), found.decisions) == ({}, ("panel",))


# --- the grounds alone


TAIL = "checklists: {list: {applies: {to: court}, items: [{id: note, label: Note, when: {fact: colour, is: red}}]}}"
SEVERAL: list[tuple[str, CaseSnapshot]] = [
    (text(f"{TO_COURT}, when: {{any: [{FLAG}, {OTHER}]}}, deadline: {{days: 3, after: a_on}}", tail=TAIL),
     case(flag=True, other_flag=True, a_on=TODAY, b_on=TODAY, colour="red", checklist={"note": "2026-03-02"})),
    (text(BOTH), case(looked_after=True, legal_basis="care_order", date_of_birth="2015-01-01")),
    (text(f"{ASKS}, when: {FLAG}", f"{CLOSES}, when: {OTHER}", head=KEEPER), case(unstated="not_so", flag=True, decisions={"keeper": "court"})),
    (text(f"{ASKS}, when: {FLAG}", f"{CLOSES}, when: {OTHER}", head=KEEPER), case(unstated="not_so", flag=True)),
    (text(f"{TO_COURT}, when: {{fact: a_on, before: {{working_days: 2, after: b_on}}}}"), case(a_on=date(2026, 4, 2), b_on=TODAY, c_on="happened")),
    (text("id: on, from: any, transfer_to: {team: {fact: next_team}}", "id: stays, from: any, when: {age_under: 10}, stay: true, overrides: [on]"),
     case(next_team="court", date_of_birth="2012-01-01")),
]  # fmt: skip


def answer(pack: str, snapshot: CaseSnapshot) -> tuple[object, ...]:
    decision = evaluate(policy_of(pack), snapshot)
    team, due, asks = decision.receiving_team, decision.deadline, decision.to_decide
    return decision.certainty, decision.outcome, team and team.team, asks and asks.settled_by, due and (due.state, due.on), decision.required


@pytest.mark.parametrize(("pack", "snapshot"), SEVERAL)
def test_the_grounds_alone_are_decided_the_same(pack: str, snapshot: CaseSnapshot) -> None:
    found = asked(pack, snapshot)
    assert found is not None
    assert answer(pack, found.alone(snapshot)) == answer(pack, snapshot)


@pytest.mark.parametrize(("pack", "snapshot"), SEVERAL)
def test_without_any_one_ground_the_answer_is_open(pack: str, snapshot: CaseSnapshot) -> None:
    found = asked(pack, snapshot)
    assert found is not None
    assert found.grounds
    for ground in found.grounds:
        assert answer(pack, filled_in(found.alone(snapshot), {ground.fact: None}))[0] == "provisional"


def test_the_grounds_alone_stand_beside_the_day_the_decisions_and_the_progress_and_nothing_is_closed() -> None:
    now = datetime(2026, 4, 1, 9, 30, tzinfo=LONDON)
    given: dict[str, Any] = {"decisions": {"keeper": "court"}, "checklist": {"note": "done"}}
    snapshot = case(now, unstated="not_so", flag=True, colour="red", **given)
    tail = "checklists: {list: {applies: {to: court}, items: [{id: note, label: Note}]}}"
    found = asked(text(f"{CLOSES}, when: {FLAG}", head=KEEPER, tail=tail), snapshot)
    assert found is not None
    alone = found.alone(snapshot)
    assert (alone.as_of, alone.decisions, alone.checklist, alone.unstated) == (snapshot.as_of, snapshot.decisions, snapshot.checklist, "unknown")
    assert (alone.stated(), dict(alone.local_facts)) == ({}, {"flag": True})


# --- the answer that is in play otherwise


def test_otherwise_the_case_may_stay_in_silence() -> None:
    assert otherwise(rests_on(f"{CLOSES}, when: {FLAG}", flag=True), "flag") == Candidate("stay")


def test_otherwise_another_team_may_receive_the_case() -> None:
    found = rests_on(f"{CLOSES}, when: {FLAG}", "id: away, from: assessment, when: {fact: flag, is: no}, transfer_to: court", flag=True)
    assert otherwise(found, "flag") == Candidate("transfer", "court", "Court Team", rules=("away",))


def test_otherwise_the_date_may_be_another() -> None:
    deadline = f"deadline: {{on: 2026-04-09, when: {FLAG}, otherwise: {{on: 2026-04-10}}}}"
    found = rests_on(f"{CLOSES}, {deadline}", flag=True)
    assert otherwise(found, "flag") == Candidate("close", deadline=date(2026, 4, 10), rules=("closes",))


def test_otherwise_only_the_items_may_be_others() -> None:
    tail = f"checklists: {{list: {{applies: {{outcome: close}}, items: [{{id: note, label: Note, when: {FLAG}}}]}}}}"
    assert otherwise(rests_on(CLOSES, tail=tail, flag=True), "flag") == Candidate("close", rules=("closes",))


def test_otherwise_rules_may_disagree() -> None:
    found = rests_on(f"{CLOSES}, when: {FLAG}", f"id: held, from: any, when: {OTHER}, stay: true", flag=True, other_flag=False)
    assert otherwise(found, "other_flag") == Candidate("conflict", rules=("closes", "held"))


def test_otherwise_people_may_have_to_decide() -> None:
    found = rests_on(CLOSES, f"{ASKS}, when: {FLAG}, overrides: [closes]", head=KEEPER, flag=False)
    assert otherwise(found, "flag") == Candidate("people_decide", rules=("asks",))


def test_otherwise_is_said_of_a_fact_that_no_other_fact_stands_in_for_any_more() -> None:
    # With everything else as it is the other flag stands in for the one that is kept; of the grounds alone it does not.
    [ground] = rests_on(f"{CLOSES}, when: {{any: [{FLAG}, {OTHER}]}}", flag=True, other_flag=True).grounds
    assert ground.otherwise == Candidate("stay")


def test_a_moment_that_it_would_otherwise_be_is_shown_in_london_time() -> None:
    first = datetime(2026, 4, 1, 9, 30, tzinfo=LONDON)
    deadline = f"deadline: {{hours: 24, after: seen_at, when: {FLAG}, otherwise: {{hours: 48, after: seen_at}}}}"
    other = otherwise(rests_on(f"{CLOSES}, {deadline}", flag=True, seen_at=first), "flag")
    assert other is not None
    assert isinstance(other.deadline, datetime)
    assert other.deadline.isoformat() == "2026-04-03T09:30:00+01:00"


# --- with hardly any looks allowed


@pytest.fixture
def no_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be found out by filling in."""
    monkeypatch.setattr(completion, "LOOKS_LISTING", 0)


@pytest.mark.usefixtures("no_listing")
def test_which_answer_is_in_play_otherwise_is_left_out_where_it_was_not_found_in_time() -> None:
    found = rests_on(f"{CLOSES}, when: {FLAG}", flag=True, other_flag=True)
    assert (facts(found), otherwise(found, "flag")) == ({"flag": True}, None)


@pytest.mark.usefixtures("no_listing")
def test_a_fact_that_was_not_shown_in_time_to_make_no_difference_stays() -> None:
    found = rests_on(*EITHER_WAY, flag=True)
    assert facts(found) == {"flag": True}


@pytest.mark.usefixtures("no_listing")
def test_a_decision_that_was_not_shown_in_time_to_change_nothing_is_named() -> None:
    assert rests_on(CLOSES, f"{ASKS}, when: {FLAG}", head=KEEPER, flag=False, decisions={"keeper": "court"}).decisions == ("keeper",)


# --- which of several sets it is


def test_where_the_holder_alone_is_enough_the_facts_that_would_do_as_well_go() -> None:
    found = rests_on(f"id: r, from: permanence, when: {FLAG}, transfer_to: court", flag=False)
    assert facts(found) == {"current_team": "assessment"}


def test_an_answer_that_holds_whatever_is_so_rests_on_nothing_though_nothing_is_known() -> None:
    assert facts(rests_on(*EITHER_WAY, current_team=None)) == {}


def test_the_answer_that_is_otherwise_in_play_is_one_beside_everything_else_that_is_recorded() -> None:
    down = f"{{all: [{{not: {FLAG}}}, {{fact: other_flag, is: yes}}]}}"
    found = rests_on(f"{TO_COURT}, when: {FLAG}", f"id: down, from: any, when: {down}, transfer_to: permanence", flag=True, other_flag=True)
    candidate = otherwise(found, "flag")
    assert candidate is not None
    assert (candidate.outcome, candidate.team) == ("transfer", "permanence")

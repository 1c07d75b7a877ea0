"""The ways of filling in: looks are counted and bounded, pairs differ in one fact, and what cannot be is left out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from tests.packs_for_tests import TODAY, case, policy_of
from transfer_rules import completion
from transfer_rules.case import bind
from transfer_rules.completion import FEW, Answer, Completion, LimitReached, _contrast, is_possible, when, who, whole
from transfer_rules.evaluation import evaluate
from transfer_rules.facts import FactValue
from transfer_rules.impossible import partners

IF_FLAG = "when: {fact: flag, is: yes}"
IF_NOT = "when: {fact: flag, is: no}"
TO_COURT = "id: to_court, from: any, transfer_to: court"


def text(*written: str, head: str = "", tail: str = "") -> str:
    return "\n".join([head, "rules:", *(f"  - {{{one}}}" for one in written), tail])


def completing(*written: str, head: str = "", tail: str = "", looks: int = completion.LOOKS, **given: Any) -> Completion:
    """Return the ways of filling in a case of a pack with these rules."""
    policy = policy_of(text(*written, head=head, tail=tail))
    return Completion(policy, bind(policy, case(**given)), looks=looks)


def answers(found: Completion, pair: tuple[Mapping[str, FactValue], Mapping[str, FactValue]]) -> tuple[completion.Answer, completion.Answer]:
    one, other = (found.look(way).answer for way in pair)
    assert one is not None
    assert other is not None
    return one, other


# --- looking


def test_a_case_in_which_nothing_is_open_takes_one_look() -> None:
    found = completing(TO_COURT)
    look = found.look({})
    assert (look.open, found.looks) == (frozenset(), 1)
    assert look.answer is not None
    assert (look.answer.outcome, look.answer.team) == ("transfer", "court")


def test_the_same_way_is_looked_at_once() -> None:
    found = completing(f"{TO_COURT}, {IF_FLAG}")
    assert found.look({"flag": True}) is found.look({"flag": True})
    assert found.looks == 1


def test_one_look_too_many_is_refused() -> None:
    found = completing(f"{TO_COURT}, {IF_FLAG}", looks=2)
    found.look({})
    found.look({"flag": True})
    with pytest.raises(LimitReached):
        found.look({"flag": False})


def test_what_was_looked_at_can_be_looked_at_again_after_the_last_look() -> None:
    found = completing(f"{TO_COURT}, {IF_FLAG}", looks=1)
    assert found.look({}) is found.look({})


def test_a_glance_costs_no_look() -> None:
    found = completing(f"{TO_COURT}, {IF_FLAG}", looks=0)
    assert (found.glance({}), found.glance({"flag": True}), found.looks) == (frozenset({"flag"}), frozenset(), 0)


def test_a_way_that_kleenes_logic_settles_has_an_answer_though_facts_are_unknown() -> None:
    look = completing(f"{TO_COURT}, when: {{any: [{{fact: flag, is: yes}}, {{fact: a_on, happened: true}}]}}").look({"flag": True})
    assert look.answer is not None
    assert "a_on" not in look.case.facts


def test_an_answer_says_outcome_team_role_question_deadline_and_items() -> None:
    tail = "checklists: {list: {applies: {to: court}, items: [{id: note, label: Note}]}}"
    look = completing("id: r, from: any, transfer_to: {team: court, role: adviser}, deadline: {on: 2026-04-10}", tail=tail).look({})
    assert look.answer == ("transfer", "court", "adviser", None, "firm", date(2026, 4, 10), None, frozenset({"note"}))


def test_the_answer_of_a_question_says_which_decision_is_asked_for() -> None:
    head = "decisions: {keeper: {label: who keeps it}}"
    asks = "people_decide: {who: managers, question: who?, between: [court, stay], settled_by: keeper}"
    answer = completing(f"id: ask, from: any, {asks}", head=head).look({}).answer
    assert answer is not None
    assert (answer.outcome, answer.asked) == ("people_decide", "keeper")


# --- listing


def test_all_ways_are_listed_as_settled_parts() -> None:
    found = completing(f"{TO_COURT}, when: {{all: [{{fact: flag, is: yes}}, {{fact: other_flag, is: yes}}]}}")
    listed = found.listed({})
    assert listed is not None
    assert all(look.answer is not None for _, look in listed)
    outcomes = {tuple(sorted(way.items())): look.answer.outcome for way, look in listed if look.answer is not None}
    # Without the first flag the second need not be tried.
    assert outcomes == {
        (("flag", False),): "stay",
        (("flag", True), ("other_flag", False)): "stay",
        (("flag", True), ("other_flag", True)): "transfer",
    }


def test_a_case_in_which_nothing_is_open_is_one_part() -> None:
    listed = completing(TO_COURT).listed({})
    assert listed is not None
    assert [way for way, _ in listed] == [{}]


def test_past_the_looks_allowed_nothing_is_listed() -> None:
    assert completing(f"{TO_COURT}, {IF_FLAG}", looks=2).listed({}) is None
    assert completing(f"{TO_COURT}, {IF_FLAG}", looks=3).listed({}) is not None


def test_what_was_listed_in_vain_leaves_looks_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "LOOKS_LISTING", 2)
    found = completing(f"{TO_COURT}, when: {{all: [{{fact: flag, is: yes}}, {{fact: other_flag, is: yes}}]}}", looks=100)
    assert found.listed({}) is None
    assert found.pair("flag") is not None


def test_with_more_than_a_few_facts_open_no_more_than_a_few_looks_are_spent_on_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "LOOKS_LISTING", 300)
    names = [f"fact_{number}" for number in range(FEW + 1)]
    head = "local_facts: {" + ", ".join(f"{name}: {{type: yes_no, label: {name}, ask: Is it so?}}" for name in names) + "}"
    # Every one of the flags but the last is tried before anything is settled.
    chain = ", ".join(f"{{any: [{{fact: {one}, is: yes}}, {{fact: {other}, is: yes}}]}}" for one, other in pairwise(names))
    found = completing(f"{TO_COURT}, when: {{all: [{chain}]}}", head=head)
    assert found.listed({}) is None
    assert found.looks <= 300 // FEW


def test_values_that_do_not_stand_for_all_are_not_taken_for_a_list() -> None:
    options = [f"option_{number}" for number in range(8)]
    facts = f"local_facts: {{many: {{type: choices, options: [{', '.join(options)}], label: many, ask: Which?}}}}"
    either = ", ".join(f"{{fact: many, includes: {option}}}" for option in options)
    found = completing(f"{TO_COURT}, when: {{any: [{either}]}}", head=facts)
    assert not found.exact(["many"])
    assert found.listed({}) is None


# --- pairs


def test_a_pair_differs_in_one_fact_and_its_answers_differ() -> None:
    found = completing(f"{TO_COURT}, when: {{all: [{{fact: flag, is: yes}}, {{fact: other_flag, is: yes}}]}}")
    pair = found.pair("flag")
    assert pair is not None
    one, other = pair
    assert {**one, "flag": None} == {**other, "flag": None}
    assert one["other_flag"] is True
    assert {answer.outcome for answer in answers(found, pair)} == {"stay", "transfer"}


def test_a_fact_that_makes_no_difference_has_no_pair() -> None:
    found = completing(f"id: one, from: any, {IF_FLAG}, transfer_to: court", f"id: two, from: any, {IF_NOT}, transfer_to: court")
    assert found.pair("flag") is None


def test_a_fact_that_nothing_reads_has_no_pair_and_takes_one_look() -> None:
    found = completing(f"{TO_COURT}, {IF_FLAG}")
    assert found.pair("colour") is None
    assert found.looks == 1


def test_a_fact_that_matters_only_beside_values_that_exclude_each_other_has_no_pair() -> None:
    found = completing(f"{TO_COURT}, when: {{all: [{{fact: flag, is: yes}}, {{fact: colour, is: red}}, {{fact: colour, is: green}}]}}")
    assert found.pair("flag") is None


def test_a_fact_that_comes_into_play_once_another_value_is_chosen_is_followed() -> None:
    # Whether meeting B makes a difference shows once A has its date.
    found = completing(f"{TO_COURT}, deadline: {{days: 1, after: a_on, failing_that: {{on: b_on}}}}")
    pair = found.pair("b_on")
    assert pair is not None
    assert pair[0]["a_on"] == pair[1]["a_on"] == "not_yet"


def test_a_pair_for_part_of_the_answer_differs_in_that_part() -> None:
    tail = "checklists: {list: {applies: {to: court}, items: [{id: note, label: Note, when: {fact: other_flag, is: yes}}]}}"
    found = completing(
        f"{TO_COURT}, deadline: {{on: 2026-04-09, {IF_FLAG}, otherwise: {{on: 2026-04-10}}}}",
        "id: two, from: any, when: {fact: colour, is: red}, transfer_to: permanence, overrides: [to_court]",
        tail=tail,
    )
    differing = {name: [aspect for aspect in (who, when, whole) if found.pair(name, aspect) is not None] for name in ("colour", "flag", "other_flag")}
    assert differing == {"colour": [who, when, whole], "flag": [when, whole], "other_flag": [whole]}


def test_a_pair_that_takes_too_many_looks_is_not_denied() -> None:
    with pytest.raises(LimitReached):
        completing(f"{TO_COURT}, {IF_FLAG}", looks=2).pair("flag")


def test_one_hard_fact_leaves_looks_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "LOOKS_EACH", 3)
    hard = "{all: [{fact: flag, is: yes}, {fact: colour, is: red}, {fact: colour, is: green}]}"
    found = completing(f"{TO_COURT}, when: {{any: [{hard}, {{fact: other_flag, is: yes}}]}}", looks=100)
    with pytest.raises(LimitReached):
        found.pair("flag")
    assert found.looks == 3


# --- facts that definitions tie


BOTH = f"{TO_COURT}, when: {{all: [{{fact: looked_after, is: yes}}, {{fact: legal_basis, is: care_order}}]}}"


@pytest.mark.parametrize("name", ["looked_after", "legal_basis"])
def test_being_looked_after_and_its_basis_change_together_where_neither_can_change_alone(name: str) -> None:
    basis = "when: {any: [{fact: legal_basis, is: care_order}, {fact: looked_after, is: yes}]}"
    pair = completing(f"{TO_COURT}, {basis}").pair(name)
    assert pair is not None
    assert len({way["looked_after"] for way in pair}) == 2
    assert all((way.get("legal_basis", "none") == "none") is (way["looked_after"] is False) for way in pair if "legal_basis" in way)


def test_a_tied_fact_that_can_change_alone_does() -> None:
    pair = completing(BOTH, looked_after=True).pair("legal_basis")
    assert pair is not None
    assert all("looked_after" not in way for way in pair)


# --- what is possible


def ways(name: str, written: str, **given: Any) -> list[FactValue]:
    return [way[name] for way in completing(f"{TO_COURT}, when: {written}", **given).filled({}, name)]


def test_what_is_impossible_beside_known_facts_is_left_out() -> None:
    assert ways("looked_after", "{fact: looked_after, is: yes}", legal_basis="care_order") == [True]
    assert ways("date_of_birth", "{age_at_least: 18}", looked_after=True).count("not_yet") == 0


def test_what_is_impossible_beside_what_is_filled_in_is_left_out() -> None:
    found = completing(BOTH)
    tried = [way["legal_basis"] for way in found.filled({"looked_after": False}, "legal_basis")]
    assert tried == ["none"]


def test_an_end_before_a_known_beginning_is_left_out() -> None:
    began = TODAY.replace(day=1, month=3)
    tried = ways("protection_plan_ended_on", "{fact: protection_plan_ended_on, after: 2026-03-15}", protection_plan_started_on=began)
    assert all(one == "not_yet" or (isinstance(one, date) and one >= began) for one in tried)
    assert {date(2026, 3, 15), date(2026, 3, 16)} <= {*tried}


def test_a_value_of_a_fact_that_no_definition_speaks_of_is_always_possible() -> None:
    found = completing(f"{TO_COURT}, {IF_FLAG}")
    assert is_possible(found.case, {"flag": True}, "flag")


def test_the_partners_of_a_fact_are_those_that_definitions_set_against_it() -> None:
    assert partners("date_of_birth") == {"looked_after", "legal_basis"}
    assert partners("looked_after") == {"date_of_birth", "legal_basis"}
    assert partners("second_looked_after_review_on") == {"first_looked_after_review_on"}
    assert partners("current_team") == frozenset()


# --- with hardly any looks allowed

FOUR = (
    f"{TO_COURT}, when: {{all: [{{fact: flag, is: yes}}, {{fact: other_flag, is: yes}}, {{fact: colour, is: red}}, {{fact: visits, at_least: 2}}]}}"
)
CANCELS = "{any: [{fact: flag, is: yes}, {fact: flag, is: no}]}"


@pytest.fixture
def few_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every question of a decision end after its first look."""
    for name in ("LOOKS", "LOOKS_EACH", "LOOKS_LISTING"):
        monkeypatch.setattr(completion, name, 1)
    monkeypatch.setattr(Completion.__init__, "__defaults__", (None, 1))


@pytest.mark.usefixtures("few_looks")
def test_past_its_looks_a_decision_is_provisional_and_names_at_least_what_is_truly_missing() -> None:
    decision = evaluate(policy_of(text(FOUR)), case())
    assert (decision.outcome, decision.certainty) == ("undetermined", "provisional")
    assert {"flag", "other_flag", "colour", "visits"} <= {*decision.missing}


@pytest.mark.usefixtures("few_looks")
def test_past_its_looks_a_decision_does_not_claim_that_what_cancels_out_is_decided() -> None:
    decision = evaluate(policy_of(text(f"{TO_COURT}, when: {CANCELS}")), case())
    assert (decision.outcome, decision.certainty, decision.missing) == ("undetermined", "provisional", ("flag",))


@pytest.mark.usefixtures("few_looks")
def test_past_its_looks_a_decision_that_kleenes_logic_settles_is_still_decided() -> None:
    decision = evaluate(policy_of(text(f"{TO_COURT}, {IF_FLAG}")), case(flag=True))
    assert (decision.outcome, decision.certainty, decision.missing) == ("transfer", "decided", ())


def test_all_questions_about_a_case_together_take_no_more_looks_than_are_allowed() -> None:
    found = completing(FOUR, looks=7)
    for name in ("flag", "other_flag", "colour", "visits"):
        with suppress(LimitReached):
            found.pair(name)
    assert found.looks == 7


# --- answers, bounds and order


def test_the_bounds_are_those_that_the_documentation_states() -> None:
    # docs/unknowns.md: 20 000 for one case, 1 500 for one fact, 2 000 for listing all answers, a tenth of these above ten open facts.
    assert (completion.LOOKS, completion.LOOKS_EACH, completion.LOOKS_LISTING, FEW) == (20_000, 1_500, 2_000, 10)


@pytest.mark.parametrize(("looks", "enough"), [(5, True), (4, False)])
def test_looks_are_not_cut_with_just_a_few_facts_open(looks: int, enough: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    # One look at the case, one at each value of the one flag, and with that flag up one at each value of the other.
    monkeypatch.setattr(completion, "FEW", 2)
    monkeypatch.setattr(completion, "LOOKS_LISTING", looks)
    found = completing(f"{TO_COURT}, when: {{all: [{{fact: flag, is: yes}}, {{fact: other_flag, is: yes}}]}}")
    assert (found.listed({}) is not None) is enough


def test_a_stay_has_no_team_and_no_role() -> None:
    answer = completing("id: a, from: any, stay: true").look({}).answer
    assert answer is not None
    assert (answer.team, answer.role, answer.asked) == (None, None, None)


ANSWER = completion.Answer("transfer", "court", None, "keeper", "firm", TODAY, None, frozenset())


def test_who_decides_by_outcome_team_role_and_question() -> None:
    assert who(ANSWER) == who(ANSWER._replace(state="awaiting", deadline=None, not_before=TODAY, required=frozenset({"note"})))
    others = [ANSWER._replace(outcome="close"), ANSWER._replace(team="permanence"), ANSWER._replace(role="adviser"), ANSWER._replace(asked=None)]
    assert who(ANSWER) not in [who(other) for other in others]


def test_when_is_who_and_the_deadline_with_its_known_minimum() -> None:
    assert when(ANSWER) == when(ANSWER._replace(required=frozenset({"note"})))
    others = [ANSWER._replace(asked=None), ANSWER._replace(state="awaiting"), ANSWER._replace(deadline=None), ANSWER._replace(not_before=TODAY)]
    assert when(ANSWER) not in [when(other) for other in others]


def test_another_answer_is_found_or_there_is_none() -> None:
    found = completing(f"{TO_COURT}, {IF_FLAG}")
    court, stay = found.look({"flag": True}).answer, found.look({"flag": False}).answer
    assert court is not None
    assert stay is not None
    for one, other in ((court, stay), (stay, court)):
        look = found.other_than(one)
        assert look is not None
        assert look.answer == other
    always = completing(f"{TO_COURT}, {IF_FLAG}", f"id: b, from: any, {IF_NOT}, transfer_to: court")
    assert always.other_than(court) is None


def test_that_there_is_no_other_answer_is_not_said_where_the_values_do_not_stand_for_all() -> None:
    options = [f"option_{number}" for number in range(8)]
    facts = f"local_facts: {{many: {{type: choices, options: [{', '.join(options)}], label: many, ask: Which?}}}}"
    some = f"{{any: [{', '.join(f'{{fact: many, includes: {option}}}' for option in options)}]}}"
    found = completing(f"{TO_COURT}, when: {some}", f"id: b, from: any, when: {{not: {some}}}, transfer_to: court", head=facts)
    answer = found.look({"many": frozenset()}).answer
    assert answer is not None
    assert not found.exact(["many"])
    with pytest.raises(LimitReached):
        found.other_than(answer)


@pytest.mark.parametrize(
    ("names", "way", "first"),
    [
        (["a_on", "current_team", "flag"], {}, "current_team"),
        (["a_on", "current_team", "flag"], {"current_team": "court"}, "flag"),
        (["a_on", "colour", "flag"], {}, "flag"),  # two values, against those of a colour
        (["a_on", "next_team"], {}, "next_team"),
        (["a_on", "flag"], {"flag": True}, "a_on"),
    ],
)
def test_who_holds_the_case_is_tried_first_and_dates_last(names: list[str], way: dict[str, FactValue], first: str) -> None:
    rule = "id: a, from: court, when: {all: [{fact: flag, is: yes}, {fact: colour, one_of: [red, green]}, {fact: a_on, happened: true}]}"
    found = completing(f"{rule}, transfer_to: {{team: {{fact: next_team}}}}", current_team=None)
    assert found._next(names, way) == first


def test_where_every_fact_is_filled_in_nothing_is_left_to_try() -> None:
    with pytest.raises(LimitReached):
        completing(f"{TO_COURT}, {IF_FLAG}")._next(["flag"], {"flag": True})


def test_parts_are_told_apart_by_the_rules_that_stand_only_where_that_is_asked_for() -> None:
    found = completing(TO_COURT, f"id: also, from: any, {IF_FLAG}, transfer_to: court")
    assert [way for way, _ in found.leaves({})] == [{}]
    assert [way for way, _ in found.listed({}) or ()] == [{}]
    assert [way for way, _ in found.listed({}, by_rule=True) or ()] == [{"flag": False}, {"flag": True}]


def test_parts_are_settled_where_they_are_told_apart_by_rules_too() -> None:
    found = completing(f"{TO_COURT}, deadline: {{on: 2026-04-09, when: {{fact: flag, is: yes}}, otherwise: {{on: 2026-04-10}}}}")
    assert [way for way, _ in found.listed({}, by_rule=True) or ()] == [{"flag": False}, {"flag": True}]


def test_another_answer_is_looked_for_with_the_looks_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "LOOKS_LISTING", 1)
    with pytest.raises(LimitReached):
        completing(f"{TO_COURT}, {IF_FLAG}").other_than(ANSWER)


def test_a_pair_counts_though_the_values_do_not_stand_for_all_but_that_there_is_none_is_not_said() -> None:
    options = [f"option_{number}" for number in range(8)]
    facts = f"local_facts: {{many: {{type: choices, options: [{', '.join(options)}], label: many, ask: Which?}}}}"
    some = f"{{any: [{', '.join(f'{{fact: many, includes: {option}}}' for option in options)}]}}"
    assert completing(f"{TO_COURT}, when: {some}", head=facts).pair("many") is not None
    with pytest.raises(LimitReached):
        completing(f"{TO_COURT}, when: {some}", f"id: b, from: any, when: {{not: {some}}}, transfer_to: court", head=facts).pair("many")


# --- two ways that differ


STAY = Answer("stay", None, None, None, "none", None, None, frozenset())
MOVE = STAY._replace(outcome="transfer", team="court")
IN_CARE: Mapping[str, FactValue] = {"looked_after": True, "legal_basis": "care_order"}
NOT_IN_CARE: Mapping[str, FactValue] = {"looked_after": False, "legal_basis": "none"}
TIED = ("looked_after", "legal_basis")


def test_of_no_ways_none_differ() -> None:
    assert _contrast([], ("flag",), whole, bind(policy_of(""), case())) is None


def test_two_tied_facts_change_together_only_where_the_answers_differ() -> None:
    bound = bind(policy_of(""), case())
    assert _contrast([(IN_CARE, MOVE), (NOT_IN_CARE, STAY)], TIED, whole, bound) == (IN_CARE, NOT_IN_CARE)
    assert _contrast([(IN_CARE, MOVE), (NOT_IN_CARE, MOVE)], TIED, whole, bound) is None


def test_both_ways_of_a_pair_are_answered() -> None:
    # While meeting A has not taken place the date hangs on meeting B as well.
    found = completing(f"{TO_COURT}, deadline: {{days: 1, after: a_on, failing_that: {{on: b_on}}}}")
    pair = found.pair("a_on")
    assert pair is not None
    assert all(found.look(way).answer is not None for way in pair)

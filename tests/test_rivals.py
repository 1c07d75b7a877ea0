"""`other_readings`: what a case would get if words that can be read two ways were read the other way."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.loaded import examples_in, policy_at
from tests.marlshire import PATH as MARLSHIRE
from tests.marlshire import ROOT
from tests.packs_for_tests import TODAY, case, outstanding, policy_of
from transfer_rules import rivals
from transfer_rules.evaluation import evaluate
from transfer_rules.examples import examples_beside
from transfer_rules.rivals import OtherReading, other_readings


def interpretation(name: str, instead: str = "", **more: str) -> str:
    parts = [f"id: {name}", "clauses: [MAR-4.9]", f"question: what does {name} mean?", "reading: as written"]
    parts += [f"instead: {instead}"] if instead else []
    return f"  - {{{', '.join([*parts, *(f'{key}: {value}' for key, value in more.items())])}}}"


def readings(*interpretations: str, rules: str = "", tail: str = "", **given: Any) -> tuple[OtherReading, ...]:
    """Return the other readings of a case; unless others are given there is one rule, to the court in five days."""
    rules = rules or "  - {id: to_court, from: any, when: {fact: flag, is: yes}, transfer_to: court, deadline: {days: 5, after: a_on}}"
    policy = policy_of("\n".join(["rules:", rules, "interpretations:", *interpretations, tail]))
    snapshot = case(**{"flag": True, "a_on": TODAY, **given})
    return other_readings(policy, snapshot, evaluate(policy, snapshot))


WORKING_DAYS = interpretation("days", "{to_court: {deadline: {working_days: 5, after: a_on}}}")
OFF = interpretation("at_all", "{to_court: {off: true}}")


def test_a_rival_reading_that_gives_another_date_is_there_with_its_answer() -> None:
    [found] = readings(WORKING_DAYS)
    assert (found.interpretation.id, found.parts) == ("days", ("deadline",))
    assert found.decision.deadline is not None
    # 2, 7, 8, 9 and 10 April; the 3rd and the 6th are bank holidays.
    assert found.decision.deadline.on == date(2026, 4, 10)


def test_a_rival_reading_that_gives_another_outcome_says_which_parts_differ() -> None:
    [found] = readings(OFF)
    assert found.parts == ("outcome", "silent", "receiving_team", "deadline", "reasons")
    assert (found.decision.outcome, found.decision.silent) == ("stay", True)


def test_rival_readings_are_tried_one_at_a_time_in_the_order_of_the_pack() -> None:
    assert [(one.interpretation.id, one.decision.outcome) for one in readings(OFF, WORKING_DAYS)] == [("at_all", "stay"), ("days", "transfer")]
    assert [one.interpretation.id for one in readings(WORKING_DAYS, OFF)] == ["days", "at_all"]


def test_a_rival_reading_that_makes_no_difference_in_this_case_is_left_out() -> None:
    # Five working days after Thursday 9 April end on Thursday 16 April, seven days later.
    week = interpretation("week", "{to_court: {deadline: {days: 7, after: a_on}}}")
    rule = "  - {id: to_court, from: any, when: {fact: flag, is: yes}, transfer_to: court, deadline: {working_days: 5, after: a_on}}"
    assert readings(week, rules=rule, a_on=date(2026, 4, 9)) == ()
    assert len(readings(week, rules=rule, a_on=TODAY)) == 1


def test_a_rival_reading_of_a_rule_that_does_not_match_is_left_out() -> None:
    assert readings(WORKING_DAYS, OFF, flag=False) == ()


def test_an_interpretation_without_a_rival_reading_is_left_out() -> None:
    assert readings(interpretation("words")) == ()


def test_only_another_rule_behind_the_same_answer_does_not_count() -> None:
    rules = "  - {id: to_court, from: any, transfer_to: court}\n  - {id: too, from: any, transfer_to: court}"
    off = interpretation("too_much", "{too: {off: true}}")
    assert readings(off, rules=rules) == ()


def test_another_rule_counts_where_the_answer_is_another_as_well() -> None:
    rules = "  - {id: to_court, from: any, transfer_to: court}\n  - {id: too, from: any, transfer_to: court, deadline: {on: 2026-04-10}}"
    [found] = readings(interpretation("too_much", "{too: {off: true}}"), rules=rules)
    assert found.parts == ("deadline", "reasons")


def test_a_rival_reading_that_asks_for_other_items_counts() -> None:
    tail = "checklists: {list: {applies: {to: court}, items: [{id: note, label: Note, when: {fact: colour, is: red}}]}}"
    [found] = readings(interpretation("noted", "{note: {when: {fact: flag, is: yes}}}"), tail=tail, colour="green")
    assert (found.parts, outstanding(found.decision)) == (("required", "outstanding"), {"note": "not_recorded"})


def test_a_rival_reading_that_leaves_the_answer_open_counts() -> None:
    [found] = readings(interpretation("when", "{to_court: {when: {fact: other_flag, is: yes}}}"))
    assert (found.decision.outcome, found.decision.missing) == ("undetermined", ("other_flag",))


def test_a_rival_reading_brings_its_question_and_who_is_to_confirm_it() -> None:
    days = interpretation("days", "{to_court: {deadline: {working_days: 5, after: a_on}}}", to_confirm="head of service")
    [found] = readings(days)
    about = found.interpretation
    assert (about.question, about.reading, about.clauses, about.to_confirm) == (
        "what does days mean?", "as written", ("MAR-4.9",), "head of service",
    )  # fmt: skip


def test_a_rival_reading_whose_rules_are_certain_not_to_match_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    decided: list[str] = []
    monkeypatch.setattr(rivals, "evaluate_to_compare", lambda policy, snapshot: decided.append(policy.identity.digest) or evaluate(policy, snapshot))
    other = "  - {id: to_permanence, from: any, when: {fact: flag, is: no}, transfer_to: permanence}"
    rule = "  - {id: to_court, from: any, when: {fact: flag, is: yes}, transfer_to: court, deadline: {days: 5, after: a_on}}"
    assert readings(WORKING_DAYS, OFF, rules=f"{rule}\n{other}", flag=False) == ()
    assert decided == []
    # Nobody knows whether the rule matches, so both are tried.
    readings(WORKING_DAYS, OFF, flag=None)
    assert len(decided) == 2


@pytest.mark.parametrize("pack", [MARLSHIRE, ROOT / "policies" / "suffolk.yaml", ROOT / "policies" / "norfolk.yaml"], ids=lambda pack: pack.stem)
def test_leaving_them_out_changes_no_answer(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy, cases = policy_at(pack), [example.snapshot for example in examples_in(examples_beside(pack))]
    cases = cases[:: 1 if len(cases) < 50 else 5]
    decisions = [evaluate(policy, snapshot) for snapshot in cases]
    found = [other_readings(policy, snapshot, decision) for snapshot, decision in zip(cases, decisions, strict=True)]
    monkeypatch.setattr(rivals, "_surely_the_same", lambda *_: False)
    assert found == [other_readings(policy, snapshot, decision) for snapshot, decision in zip(cases, decisions, strict=True)]
    assert any(found)

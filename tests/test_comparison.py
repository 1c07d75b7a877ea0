"""Two decisions side by side: which parts differ, and what is no part of the answer."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from tests.packs_for_tests import TODAY, case, decide
from transfer_rules.comparison import differing
from transfer_rules.decision import Candidate, Deadline, Decision, Duty, Outstanding, Reason, ReceivingTeam, ToDecide, TransferPoint, Warning

BASE = decide("rules: [{id: r, from: any, transfer_to: court}]")
DEADLINE = Deadline("firm", date(2026, 4, 10))
NOTE = Outstanding("note", "Note", "stale", done_on=date(2026, 3, 2), needed_from=date(2026, 3, 15))
REASON = Reason("r", "the rule", ("MAR-1.1",), (("flag", True),))


def test_a_decision_does_not_differ_from_itself() -> None:
    assert differing(BASE, BASE) == ()


OTHER: list[tuple[str, object]] = [
    ("outcome", "close"),
    ("certainty", "provisional"),
    ("silent", True),
    ("receiving_team", ReceivingTeam("court", "Court Team", role="adviser")),
    ("candidates", (Candidate("stay"),)),
    ("to_decide", ToDecide("which?", "managers", ("court", "stay"))),
    ("transfer_point", TransferPoint("a_on", TODAY, "happened")),
    ("deadline", DEADLINE),
    ("required", ("note",)),
    ("outstanding", (NOTE,)),
    ("duties", (Duty("tell", "notice", "Tell", "now"),)),
    ("reasons", (REASON,)),
    ("missing", ("flag",)),
    ("warnings", (Warning("unproclaimed", "counted too far"),)),
]


@pytest.mark.parametrize(("part", "value"), OTHER)
def test_every_part_of_the_answer_can_differ(part: str, value: object) -> None:
    assert differing(BASE, replace(BASE, **{part: value})) == (part,)


def test_no_part_is_forgotten_here() -> None:
    assert {part for part, _ in OTHER} | {"identity", "rests_on_unstated"} == {field.name for field in fields(Decision)}


def test_the_parts_stand_in_the_order_of_the_fields() -> None:
    other = replace(BASE, missing=("flag",), outcome="close", deadline=DEADLINE)
    assert differing(BASE, other) == differing(other, BASE) == ("outcome", "deadline", "missing")


def test_which_library_pack_and_calendar_gave_the_answer_does_not_count() -> None:
    assert differing(BASE, replace(BASE, identity=replace(BASE.identity, library="0.0.0", digest="another", calendar="wales"))) == ()


def test_which_facts_nobody_stated_does_not_count() -> None:
    assert differing(BASE, replace(BASE, rests_on_unstated=("flag",))) == ()


def test_the_values_that_a_reason_shows_do_not_count() -> None:
    with_reason = replace(BASE, reasons=(REASON,))
    assert differing(with_reason, replace(BASE, reasons=(replace(REASON, values=(("flag", False),)),))) == ()


def test_where_a_rule_stands_in_the_pack_does_not_count() -> None:
    with_reason = replace(BASE, reasons=(REASON,))
    assert differing(with_reason, replace(BASE, reasons=(replace(REASON, place="marlshire.yaml:9:5"),))) == ()


@pytest.mark.parametrize("reason", [replace(REASON, rule="s"), replace(REASON, clauses=("MAR-1.2",)), replace(REASON, sometimes=True)])
def test_which_rule_decided_by_which_clauses_and_whether_always_counts(reason: Reason) -> None:
    assert differing(replace(BASE, reasons=(REASON,)), replace(BASE, reasons=(reason,))) == ("reasons",)


def test_from_which_day_stale_work_would_be_recent_enough_does_not_count() -> None:
    assert differing(replace(BASE, outstanding=(NOTE,)), replace(BASE, outstanding=(replace(NOTE, needed_from=date(2026, 3, 16)),))) == ()


@pytest.mark.parametrize("item", [replace(NOTE, why="not_done"), replace(NOTE, due=DEADLINE), replace(NOTE, done_on=date(2026, 3, 3))])
def test_everything_else_about_an_item_counts(item: Outstanding) -> None:
    assert differing(replace(BASE, outstanding=(NOTE,)), replace(BASE, outstanding=(item,))) == ("outstanding",)


def test_one_item_more_counts() -> None:
    assert differing(replace(BASE, outstanding=(NOTE,)), replace(BASE, outstanding=(NOTE, replace(NOTE, item="plan")))) == ("outstanding",)


def test_that_a_deadline_is_overdue_counts() -> None:
    one = replace(BASE, deadline=DEADLINE)
    assert differing(one, replace(BASE, deadline=replace(DEADLINE, overdue=True))) == ("deadline",)


def test_two_cases_of_one_pack_differ_in_what_the_pack_says_of_them() -> None:
    pack = "rules: [{id: r, from: any, when: {fact: flag, is: yes}, transfer_to: court}]"
    assert differing(decide(pack, case(flag=True)), decide(pack, case(flag=False))) == ("outcome", "silent", "receiving_team", "deadline", "reasons")

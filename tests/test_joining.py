"""One answer out of the answers of every way of filling in: what is the same in each, and what is said of the rest."""

from datetime import date

import pytest

from tests.packs_for_tests import case, decide, duties, policy_of
from transfer_rules.dates import AWAITING, NO_DATE, Due, dated
from transfer_rules.decision import Deadline, Decision, ReceivingTeam, ToDecide, TransferPoint
from transfer_rules.joining import _due, _held, _point, _team, _to_decide, _without_edges
from transfer_rules.ruling import held_until

TENTH, TWENTIETH = date(2026, 4, 10), date(2026, 4, 20)

UP, DOWN = "when: {fact: flag, is: yes}", "when: {fact: flag, is: no}"
KEEPER = "decisions: {keeper: {label: who keeps the case}}\n"


def decided(*rules: str, head: str = "", tail: str = "", **given: object) -> Decision:
    written = "\n".join([head, f"rules: [{', '.join(f'{{{rule}}}' for rule in rules)}]", tail])
    return decide(written, case(**given))


def because(decision: Decision) -> dict[str, bool]:
    """Return the rules that decided, each with whether it does so in some ways only."""
    return {reason.rule: reason.sometimes for reason in decision.reasons}


@pytest.mark.parametrize(("other", "area"), [("north", "north"), ("south", None)])
def test_an_area_is_shown_where_every_way_names_it(other: str, area: str | None) -> None:
    one = f"id: a, from: any, {UP}, transfer_to: {{team: permanence, area: north}}"
    decision = decided(one, f"id: b, from: any, {DOWN}, transfer_to: {{team: permanence, area: {other}}}")
    assert decision.receiving_team is not None
    assert (decision.certainty, decision.receiving_team.team, decision.receiving_team.area) == ("decided", "permanence", area)


def test_where_no_rule_speaks_in_any_way_the_case_stays_in_silence_always() -> None:
    never = "id: a, from: any, when: {all: [{fact: flag, is: yes}, {fact: flag, is: no}]}, transfer_to: court"
    decision = decided(never)
    assert (decision.outcome, decision.certainty, because(decision)) == ("stay", "decided", {"otherwise": False})


def test_where_some_rule_speaks_in_some_ways_the_case_stays_in_silence_sometimes() -> None:
    decision = decided(f"id: a, from: any, {UP}, stay: true")
    assert (decision.outcome, because(decision)) == ("stay", {"a": True, "otherwise": True})


LEFT = "leave_to_people: [{{rules: [{0}], who: managers, question: which?, settled_by: keeper}}]"


def test_a_stay_that_people_decided_is_not_silent() -> None:
    clash = [f"id: a, from: any, {UP}, transfer_to: court", f"id: b, from: any, {UP}, transfer_to: permanence"]
    held = f"id: h, from: any, {DOWN}, stay: true"
    decision = decided(*clash, held, head=KEEPER, tail=LEFT.format("a, b"), decisions={"keeper": "stay"})
    assert (decision.outcome, decision.certainty, because(decision)) == ("stay", "decided", {"h": True})


def test_what_people_decided_about_the_clash_of_every_way_is_a_reason() -> None:
    rules = ["id: a, from: any, transfer_to: court", f"id: b, from: any, {UP}, transfer_to: permanence", f"id: c, from: any, {DOWN}, close: true"]
    decision = decided(*rules, head=KEEPER, tail=LEFT.format("a, b, c"), decisions={"keeper": "stay"})
    assert (decision.outcome, decision.certainty, because(decision)) == ("stay", "decided", {"leave_to_people": False})


def test_moves_to_a_team_and_to_a_role_in_it_are_two_answers_each_with_its_rules() -> None:
    decision = decided(f"id: a, from: any, {UP}, transfer_to: {{team: court, role: adviser}}", f"id: b, from: any, {DOWN}, transfer_to: court")
    assert decision.outcome == "undetermined"
    assert [(one.outcome, one.team, one.rules) for one in decision.candidates] == [("transfer", "court", ("b",)), ("transfer", "court", ("a",))]


@pytest.mark.parametrize(("flag", "expected"), [(False, {"tell": "now"}), (True, {}), (None, {})])
def test_a_rule_that_only_clashes_in_some_way_brings_no_duty_for_certain(flag: bool | None, expected: dict[str, str]) -> None:
    asks = "id: a, from: any, people_decide: {who: managers, question: which?, between: [court, stay], settled_by: keeper}"
    tail = "\n".join([LEFT.format("a, b"), "duties: [{id: tell, kind: task, label: Tell, applies: {rules: [a]}}]"])
    decision = decided(asks, f"id: b, from: any, {UP}, transfer_to: permanence", head=KEEPER, tail=tail, flag=flag)
    assert (decision.outcome, decision.certainty) == ("people_decide", "decided")
    assert duties(decision) == expected


# --- the parts of an answer that may differ from way to way

NORTH = ReceivingTeam("permanence", "Permanence Team", "north", "North")
SOUTH = ReceivingTeam("permanence", "Permanence Team", "south", "South")


@pytest.mark.parametrize(
    ("teams", "joined"),
    [
        ([NORTH, NORTH], NORTH),
        ([NORTH, SOUTH], ReceivingTeam("permanence", "Permanence Team")),
        ([None, None], None),
    ],
)
def test_a_team_keeps_only_an_area_that_is_always_the_same(teams: list[ReceivingTeam | None], joined: ReceivingTeam | None) -> None:
    assert _team(teams) == joined


@pytest.mark.parametrize(
    ("held", "joined"),
    [
        ([held_until(TWENTIETH), held_until(TENTH)], held_until(TENTH)),  # in any case until the tenth
        ([held_until(TENTH), held_until(None)], held_until(None)),
        ([held_until(None), held_until(None)], held_until(None)),
        ([held_until(TENTH), None], None),
        ([None, None], None),
    ],
)
def test_a_hold_lasts_as_long_as_it_does_in_every_way(held: list[Deadline | None], joined: Deadline | None) -> None:
    assert _held(held) == joined


PLANNED, LATER, ELSEWHERE = (TransferPoint(event, day, "planned") for event, day in (("a_on", TENTH), ("a_on", TWENTIETH), ("b_on", TENTH)))


@pytest.mark.parametrize(
    ("points", "joined"),
    [
        ([PLANNED, PLANNED], PLANNED),
        ([PLANNED, LATER], TransferPoint("a_on", None, "unknown")),
        ([PLANNED, ELSEWHERE], None),
        ([PLANNED, None], None),
        ([None, None], None),
    ],
)
def test_a_transfer_point_keeps_its_event_where_only_its_day_differs(points: list[TransferPoint | None], joined: TransferPoint | None) -> None:
    assert _point(points) == joined


@pytest.mark.parametrize(
    ("dues", "joined"),
    [
        ([dated(TENTH), dated(TENTH)], dated(TENTH)),
        ([dated(TENTH), dated(TWENTIETH), dated(TENTH)], Due("open", earliest=TENTH, latest=TWENTIETH)),
        ([dated(TENTH), NO_DATE], Due("open", earliest=TENTH, latest=TENTH, may_drop=True)),
        ([AWAITING, AWAITING], AWAITING),
    ],
)
def test_a_date_that_differs_lies_between_its_dates(dues: list[Due], joined: Due) -> None:
    assert _due(dues) == joined


# The calendar runs from 1 January 2010 to 31 December 2040; what lies less than 366 days from its ends bounds nothing.
@pytest.mark.parametrize(
    ("earliest", "latest", "kept"),
    [
        (date(2011, 1, 2), date(2039, 12, 31), (True, True)),
        (date(2011, 1, 1), date(2040, 1, 1), (False, False)),
        (None, None, (False, False)),
        (TENTH, TWENTIETH, (True, True)),
    ],
)
def test_bounds_that_come_from_the_ends_of_the_calendar_are_left_out(earliest: date | None, latest: date | None, kept: tuple[bool, bool]) -> None:
    found = _without_edges(policy_of(""), Due("open", earliest=earliest, latest=latest))
    assert found == Due("open", earliest=earliest if kept[0] else None, latest=latest if kept[1] else None)


def test_a_date_that_is_known_stays_though_it_lies_at_an_end_of_the_calendar() -> None:
    for due in (dated(date(2010, 1, 4)), Due("awaiting", not_before=date(2040, 12, 31))):
        assert _without_edges(policy_of(""), due) == due


ONE = ToDecide("which team?", "managers", ("court", "stay"), settled_by="keeper", clauses=("MAR-1.1",))
OTHER = ToDecide("who keeps it?", "managers", ("stay", "close"), settled_by="answer", clauses=("MAR-1.2", "MAR-1.1"))
TOGETHER = ToDecide("which team? / who keeps it?", "managers", ("court", "stay", "close"), clauses=("MAR-1.1", "MAR-1.2"))


@pytest.mark.parametrize(("asked", "joined"), [([], None), ([ONE, ONE], ONE), ([ONE, OTHER, ONE], TOGETHER)])
def test_questions_that_differ_are_put_together_without_a_decision_that_settles_them(asked: list[ToDecide], joined: ToDecide | None) -> None:
    assert _to_decide(asked) == joined

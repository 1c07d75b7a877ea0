"""A snapshot meets its policy: names checked, local facts typed, what `unstated` closes filled in, days told by London's calendar."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.packs_for_tests import because, case, decide, policy_of, warned
from transfer_rules.case import BoundCase, bind
from transfer_rules.dates import dated
from transfer_rules.decision import Decision
from transfer_rules.errors import SnapshotError
from transfer_rules.vocabulary import STANDARD_FACTS, CaseSnapshot

BST = timezone(timedelta(hours=1))
SECRET = "Xanthippe Quarrel"

PACK = """
    decisions:
      keeper: {label: who keeps the case}
      answer: {label: answer of the other team, options: [accepted, refused]}
    rules:
      - {id: r, from: any, when: {decision: answer, is: accepted}, transfer_to: court}
      - {id: ask, from: court, people_decide: {who: managers, question: which?, between: [court, stay], settled_by: keeper}}
    checklists:
      handover: {applies: {to: court}, items: [{id: chronology, label: Chronology}]}
    duties:
      - {id: tell, kind: notice, label: tell them}
    """


def bound(snapshot: CaseSnapshot) -> BoundCase:
    return bind(policy_of(PACK), snapshot)


def refused(**given: Any) -> SnapshotError:
    with pytest.raises(SnapshotError) as caught:
        bound(case(**given))
    return caught.value


def only(error: SnapshotError) -> tuple[str, str, str, str]:
    assert len(error.diagnostics) == 1
    diagnostic = error.diagnostics[0]
    return diagnostic.code, diagnostic.message, diagnostic.why, diagnostic.mend


# --- names that the pack lacks


def test_an_unknown_fact_is_named_with_the_nearest() -> None:
    code, message, why, mend = only(refused(local_facts={"flagg": True}))
    assert (code, message) == ("unknown-fact", "`flagg`: unknown fact")
    assert why == "neither the standard vocabulary nor the pack marlshire_council has a fact of this name"
    assert mend == "did you mean `flag`?"


def test_an_unknown_item_or_duty_is_named_with_the_nearest() -> None:
    assert only(refused(checklist={"chronologie": "done"})) == (
        "unknown-item-or-duty",
        "`chronologie`: unknown item or duty",
        "the pack marlshire_council has no item and no duty of this name",
        "did you mean `chronology`?",
    )


def test_an_unknown_decision_is_named_with_the_nearest() -> None:
    assert only(refused(decisions={"keper": "court"})) == (
        "unknown-decision",
        "`keper`: unknown decision",
        "the pack marlshire_council has no decision of this name",
        "did you mean `keeper`?",
    )


def test_a_team_that_the_pack_lacks_is_not_quoted() -> None:
    code, message, why, mend = only(refused(current_team="asessment"))
    assert (code, message) == ("unknown-team", "`current_team` names no team of the pack marlshire_council")
    assert why == "it takes one of assessment, permanence, court, early_help, none, other_authority"
    assert mend == "did you mean `assessment`?"


def test_a_local_team_fact_is_checked_like_a_standard_one() -> None:
    assert only(refused(next_team="nowhere"))[:2] == ("unknown-team", "`next_team` names no team of the pack marlshire_council")


@pytest.mark.parametrize("team", ["none", "other_authority", "court"])
def test_nobody_and_another_authority_are_teams_of_every_pack(team: str) -> None:
    assert bound(case(current_team=team, next_team=team)).team == team


def test_an_area_that_the_pack_lacks_is_not_quoted() -> None:
    code, message, why, mend = only(refused(home_area="noth"))
    assert (code, message) == ("unknown-area", "`home_area` names no area of the pack marlshire_council")
    assert why == "it takes one of east, north, south"
    assert mend == "did you mean `north`?"


@pytest.mark.parametrize("decided", ["court", "none", "other_authority", "stay", "close"])
def test_a_decision_without_options_takes_a_team_stay_or_close(decided: str) -> None:
    assert bound(case(decisions={"keeper": decided})).decisions == {"keeper": decided}


@pytest.mark.parametrize(("name", "decided"), [("keeper", "curt"), ("answer", "court"), ("answer", "stay")])
def test_a_decision_takes_only_its_answers(name: str, decided: str) -> None:
    code, message, _, _ = only(refused(decisions={name: decided}))
    assert (code, message) == ("wrong-decision", f"`{name}` is not decided so")


def test_a_wrong_decision_says_what_is_allowed_and_the_nearest() -> None:
    _, _, why, mend = only(refused(decisions={"answer": "refussed"}))
    assert (why, mend) == ("it takes one of accepted, refused", "did you mean `refused`?")


def test_a_decision_can_name_an_area_of_the_pack() -> None:
    recorded = bound(case(decisions={"keeper": {"decided": "permanence", "area": "north"}})).recorded["keeper"]
    assert recorded.area == "north"


def test_an_area_of_a_decision_that_the_pack_lacks_is_refused() -> None:
    code, message, _, _ = only(refused(decisions={"keeper": {"decided": "permanence", "area": "nowhere"}}))
    assert (code, message) == ("unknown-area", "`area` of the decision `keeper` names no area of the pack marlshire_council")


def test_a_name_that_may_be_about_a_person_is_not_shown() -> None:
    for given in ({"local_facts": {SECRET: True}}, {"decisions": {SECRET: "court"}}, {"checklist": {SECRET: "done"}}):
        error = refused(**given)
        assert "Quarrel" not in str(error)
        assert only(error)[1].startswith("a name: unknown ")


@pytest.mark.parametrize(
    "given",
    [{"current_team": SECRET}, {"home_area": SECRET}, {"next_team": SECRET}, {"decisions": {"keeper": SECRET}}, {"colour": SECRET}],
)
def test_no_value_stands_in_a_message(given: dict[str, Any]) -> None:
    assert "Quarrel" not in str(refused(**given))


def test_every_fault_is_reported() -> None:
    error = refused(current_team="x1", visits="many", local_facts={"zzz": 1}, decisions={"yyy": "court"}, checklist={"www": "done"})
    assert sorted(diagnostic.code for diagnostic in error.diagnostics) == [
        "unknown-decision", "unknown-fact", "unknown-item-or-duty", "unknown-team", "wrong-value",
    ]  # fmt: skip


# --- local facts


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("flag", "yes", True),
        ("visits", "3", 3),
        ("a_on", "2026-04-10", date(2026, 4, 10)),
        ("a_on", "not_yet", "not_yet"),
        ("colour", "red", "red"),
        ("needs", ["speech"], frozenset({"speech"})),
        ("seen_at", datetime(2026, 4, 1, 9, 0, tzinfo=BST), datetime(2026, 4, 1, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_local_fact_is_read_by_its_type(name: str, raw: object, value: object) -> None:
    assert bound(case(**{name: raw})).facts[name] == value


@pytest.mark.parametrize(("name", "raw"), [("flag", "perhaps"), ("visits", -1), ("a_on", "soon"), ("colour", "pink"), ("expected_on", "happened")])
def test_a_local_fact_of_a_wrong_type_is_refused(name: str, raw: object) -> None:
    code, message, why, _ = only(refused(**{name: raw}))
    assert code == "wrong-value"
    assert message.startswith(f"`{name}` takes ")
    assert f"is a fact of type {policy_of(PACK).facts[name].kind}" in why


def test_a_fact_that_is_absent_or_null_is_unknown() -> None:
    facts = bound(case(flag=None, current_team=None)).facts
    assert dict(facts) == {}


# --- what the case says of itself


def test_an_unknown_holder_is_none() -> None:
    assert bound(case(current_team=None)).team is None


def test_a_word_is_a_team_or_an_area_or_unknown() -> None:
    found = bound(case(home_area="north"))
    assert (found.word("home_area"), found.word("current_team_area")) == ("north", None)


def test_the_days_of_a_move_join_the_case_without_changing_it() -> None:
    before = bound(case())
    assert before.moving({"deadline": dated(date(2026, 4, 2))}).moves.keys() == {"deadline"}
    assert before.moves == {}


# --- as_of


@pytest.mark.parametrize(
    ("as_of", "today"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 7, 1, 0, 30, tzinfo=BST), date(2026, 7, 1)),
        (date(2026, 7, 1), date(2026, 7, 1)),
    ],
)
def test_today_is_the_date_that_london_shows(as_of: date | datetime, today: date) -> None:
    assert bound(case(as_of)).today == today


BIRTHDAY = "rules: [{id: r, from: any, when: {age_at_least: 18}, transfer_to: court}]"


@pytest.mark.parametrize(("minute", "outcome"), [(59, "stay"), (0, "transfer")])
def test_a_birthday_begins_at_midnight_in_london(minute: int, outcome: str) -> None:
    as_of = datetime(2026, 6, 30, 22, 59, tzinfo=UTC) + timedelta(minutes=0 if minute else 1)
    assert decide(BIRTHDAY, case(as_of, date_of_birth=date(2008, 7, 1))).outcome == outcome


FORCE = "in_force: {from: 2026-01-01, until: 2026-12-31}"


@pytest.mark.parametrize(
    ("as_of", "flagged"),
    [(date(2025, 12, 31), True), (date(2026, 1, 1), False), (date(2026, 12, 31), False), (date(2027, 1, 1), True)],
)
def test_a_day_on_which_the_edition_is_not_in_force_is_answered_and_flagged(as_of: date, flagged: bool) -> None:
    decision = decide(FORCE, case(as_of))
    assert decision.outcome == "stay"
    assert warned(decision) == (["outside-edition"] if flagged else [])


def test_an_edition_without_an_end_stays_in_force() -> None:
    assert warned(decide("in_force: {from: 2026-01-01}", case(date(2039, 1, 1)))) == []


# --- unstated


def closed(unstated: object, **given: Any) -> dict[str, object]:
    found = bound(case(unstated=unstated, **given))
    return {name: found.facts[name] for name in found.closed}


def test_by_default_what_nobody_states_is_unknown() -> None:
    assert closed("unknown") == {}


def test_not_so_closes_every_yes_no_fact_and_every_event() -> None:
    values = closed("not_so")
    assert values["looked_after"] is False
    assert values["flag"] is False
    assert values["first_court_hearing_on"] == "not_yet"
    assert values["a_on"] == "not_yet"


@pytest.mark.parametrize("kind", ["date", "moment", "choice", "choices", "count", "team", "area"])
def test_not_so_closes_no_other_type(kind: str) -> None:
    facts = policy_of(PACK).facts
    assert not [name for name in closed("not_so") if facts[name].kind == kind]


def test_not_so_closes_no_judgement() -> None:
    names = set(closed("not_so"))
    assert "opinion" not in names
    assert not {name for name, fact in STANDARD_FACTS.items() if fact.judgement} & names


def test_not_so_for_one_group_closes_that_group_only() -> None:
    names = set(closed(["court"]))
    assert names == {
        name for name, fact in STANDARD_FACTS.items() if fact.group == "court" and fact.kind in ("yes_no", "event") and not fact.judgement
    }


def test_the_facts_of_the_pack_are_a_group_of_their_own() -> None:
    assert set(closed(["local"])) == {"a_on", "b_on", "c_on", "flag", "other_flag"}


def test_what_is_stated_is_not_closed() -> None:
    values = closed("not_so", flag=True, a_on=date(2026, 4, 10))
    assert not {"flag", "a_on"} & values.keys()


def test_what_is_closed_never_contradicts_what_is_stated() -> None:
    # A child under a care order is looked after: closing `looked_after` to no would contradict it, so it stays unknown.
    assert "looked_after" not in closed("not_so", legal_basis="care_order")
    assert "first_looked_after_review_on" not in closed("not_so", second_looked_after_review_on=date(2026, 3, 2))


def test_what_is_closed_is_unknown_again_when_opened() -> None:
    opened = bound(case(unstated="not_so", flag=True)).reopened()
    assert (dict(opened.facts), opened.closed) == ({"current_team": "assessment", "flag": True}, frozenset())


UNSTATED = """
    rules:
      - {id: r, from: any, when: {all: [{fact: flag, is: no}, {fact: a_on, arranged: false}]}, transfer_to: court, deadline: {days: 3, after: b_on}}
    checklists:
      handover: {applies: {to: court}, items: [{id: note, label: Note, when: {fact: other_flag, is: yes}}, {id: summary, label: Summary}]}
    """


def rests(**given: Any) -> Decision:
    return decide(UNSTATED, case(unstated="not_so", **given))


def test_the_decision_says_on_which_closed_facts_it_rests() -> None:
    assert rests().rests_on_unstated == ("a_on", "b_on", "flag", "other_flag")


def test_a_closed_fact_that_changes_nothing_is_not_named() -> None:
    # With the flag up no rule speaks, whatever else is so.
    assert rests(flag=True).rests_on_unstated == ()


def test_what_is_stated_is_not_among_what_nobody_stated() -> None:
    assert rests(a_on="not_yet", b_on=date(2026, 4, 10)).rests_on_unstated == ("flag", "other_flag")


def test_without_closing_nothing_rests_on_it() -> None:
    assert decide(UNSTATED, case()).rests_on_unstated == ()


def test_recorded_decisions_and_progress_reach_the_case() -> None:
    found = bound(case(decisions={"keeper": {"decided": "court", "on": "2026-03-30"}}, checklist={"chronology": "2026-03-20"}))
    assert found.recorded["keeper"].on == date(2026, 3, 30)
    assert found.progress["chronology"].done_on == date(2026, 3, 20)


def test_a_decision_about_a_question_that_is_not_asked_has_no_effect_and_is_flagged() -> None:
    decision = decide(PACK, case(decisions={"keeper": "court"}))
    assert (decision.outcome, because(decision), warned(decision)) == ("stay", ["otherwise"], ["decision-without-effect"])


def test_a_decision_that_a_condition_looks_at_is_not_flagged() -> None:
    assert warned(decide(PACK, case(decisions={"answer": "refused"}))) == []


TESTED = "{on: a_on, when: {decision: answer, is: accepted}}"


@pytest.mark.parametrize(
    "part",
    [
        f"rules: [{{id: r, from: any, transfer_to: court, deadline: {TESTED}}}]",
        f"rules: [{{id: r, from: any, transfer_to: court, transfer_point: {TESTED}}}]",
        f"rules: [{{id: r, from: any, stay: {{until: {TESTED}}}}}]",
        f"rules: [{{id: r, from: any, people_decide: {{who: w, question: q, between: [court], by: {TESTED}}}}}]",
        f"rules: [{{id: r, from: any, people_decide: {{who: w, question: q, between: [court], settled_by: k, valid: {{before: {TESTED}}}}}}}]",
        f"checklists: {{l: {{applies: {{to: court}}, items: [{{id: i, label: i, due: {TESTED}}}]}}}}",
        f"checklists: {{l: {{applies: {{to: court}}, items: [{{id: i, label: i, valid: {{on_or_after: {TESTED}}}}}]}}}}",
        "checklists: {l: {applies: {to: court}, items: [{id: i, label: i, done_when: {decision: answer, is: accepted}}]}}",
        "checklists: {l: {applies: {when: {decision: answer, is: accepted}}, items: [{id: i, label: i}]}}",
        "duties: [{id: d, kind: task, label: d, when: {decision: answer, is: accepted}}]",
        "duties: [{id: d, kind: task, label: d, applies: {when: {decision: answer, is: accepted}}}]",
    ],
)
def test_wherever_a_pack_looks_at_a_decision_it_is_not_flagged(part: str) -> None:
    pack = f"decisions: {{answer: {{label: answer, options: [accepted]}}, k: {{label: k}}}}\n{part}"
    assert "decision-without-effect" not in warned(decide(pack, case(decisions={"answer": "accepted"})))


@pytest.mark.parametrize(
    "part",
    [
        "rules: [{id: r, from: any, off: true, when: {decision: answer, is: accepted}, transfer_to: court}]",
        "duties: [{id: d, kind: task, label: d, off: true, when: {decision: answer, is: accepted}}]",
    ],
)
def test_what_is_off_looks_at_no_decision(part: str) -> None:
    pack = f"decisions: {{answer: {{label: answer, options: [accepted]}}}}\n{part}"
    assert warned(decide(pack, case(decisions={"answer": "accepted"}))) == ["decision-without-effect"]


# --- what is no snapshot, and very many faults


class Look(CaseSnapshot):
    """Calls itself a snapshot."""


def test_what_only_calls_itself_a_snapshot_is_refused() -> None:
    with pytest.raises(SnapshotError) as caught:
        bound(Look(as_of="2026-04-01"))
    assert only(caught.value) == (
        "wrong-shape",
        "only a `CaseSnapshot` can be decided",
        "it has been read and checked",
        "make one: CaseSnapshot(as_of=...)",
    )


@pytest.mark.parametrize(
    ("where", "near", "value"), [("local_facts", "flag", True), ("checklist", "chronology", "done"), ("decisions", "keeper", "court")]
)
def test_the_nearest_name_is_looked_for_a_hundred_times_and_every_fault_reported(where: str, near: str, value: object) -> None:
    names = [f"{near}_{first}{second}" for first in "abcdefghijk" for second in "abcdefghij"][:102]
    found = refused(**{where: dict.fromkeys(names, value)}).diagnostics
    assert {diagnostic.message.split("`")[1] for diagnostic in found} == set(names)
    assert sum(diagnostic.mend == f"did you mean `{near}`?" for diagnostic in found) == 100
    assert sum(diagnostic.mend == "" for diagnostic in found) == 2

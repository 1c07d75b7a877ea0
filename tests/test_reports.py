"""The answers to further questions as plain JSON data, each with its sentences."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from tests.packs_for_tests import TODAY, case, policy_of
from transfer_rules.contrast import why_not
from transfer_rules.dates import LONDON
from transfer_rules.decision import Decision
from transfer_rules.evaluation import evaluate
from transfer_rules.outlook import changes_ahead
from transfer_rules.policy import Policy
from transfer_rules.reports import report_ahead, report_readings, report_why
from transfer_rules.rivals import other_readings
from transfer_rules.snapshots import decision_to_dict
from transfer_rules.support import why
from transfer_rules.telling import say_changes, say_readings, say_why, say_why_not
from transfer_rules.vocabulary import CaseSnapshot

FLAG = "{fact: flag, is: yes}"
CLOSES = "id: closes, from: any, close: true"
TO_COURT = "id: to_court, from: assessment, transfer_to: court"
PANEL = "decisions: {panel: {label: panel, options: [agreed, refused]}}"


def asked(*written: str, head: str = "", tail: str = "", **given: Any) -> tuple[Policy, CaseSnapshot, Decision]:
    """Return the policy of a pack with these rules, a case, and its decision: what every report takes."""
    policy, snapshot = policy_of("\n".join([head, "rules:", *(f"  - {{{one}}}" for one in written), tail])), case(**given)
    return policy, snapshot, evaluate(policy, snapshot)


def plain(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report as it comes back from JSON, which must say the same."""
    read: dict[str, Any] = json.loads(json.dumps(report))
    assert read == report
    return read


# --- why


def test_each_ground_has_its_value_and_what_is_in_play_otherwise() -> None:
    found = plain(report_why(*asked(f"{CLOSES}, when: {FLAG}", flag=True)))
    nothing: dict[str, Any] = {"outcome": "stay", "team": None, "label": None, "deadline": None, "rules": []}
    assert found["why"]["grounds"] == [{"fact": "flag", "value": True, "unstated": False, "otherwise": nothing}]


def test_another_team_that_is_in_play_otherwise_has_its_label_date_and_rules() -> None:
    away = "id: away, from: assessment, when: {fact: flag, is: no}, transfer_to: court, deadline: {on: 2026-04-10}"
    found = plain(report_why(*asked(f"{CLOSES}, when: {FLAG}", away, flag=True)))
    [ground] = [one for one in found["why"]["grounds"] if one["fact"] == "flag"]
    assert ground["otherwise"] == {"outcome": "transfer", "team": "court", "label": "Court Team", "deadline": "2026-04-10", "rules": ["away"]}


def test_dates_moments_and_sets_are_written_as_json_can_hold_them() -> None:
    deadline = "deadline: {soonest_of: [{hours: 24, after: seen_at}, {on: a_on}]}"
    seen = datetime(2026, 4, 1, 9, 30, tzinfo=LONDON)
    condition = "{all: [{fact: needs, includes: sight}, {fact: b_on, happened: true}]}"
    found = plain(
        report_why(*asked(f"{CLOSES}, when: {condition}, {deadline}", needs=["speech", "sight"], seen_at=seen, a_on=TODAY, b_on="happened"))
    )
    assert {one["fact"]: one["value"] for one in found["why"]["grounds"]} == {
        "a_on": "2026-04-01",
        "b_on": "happened",
        "needs": ["sight", "speech"],
        "seen_at": "2026-04-01T09:30:00+01:00",
    }


def test_a_ground_that_nobody_stated_is_marked() -> None:
    found = plain(report_why(*asked(f"{CLOSES}, when: {{fact: flag, is: no}}", unstated="not_so")))
    assert [(one["fact"], one["unstated"]) for one in found["why"]["grounds"]] == [("flag", True)]


def test_the_decisions_that_matter_are_listed() -> None:
    found = plain(report_why(*asked(f"{CLOSES}, when: {{decision: panel, is: agreed}}", head=PANEL, decisions={"panel": "agreed"})))
    assert (found["why"]["grounds"], found["why"]["decisions"]) == ([], ["panel"])


def test_why_says_its_sentences() -> None:
    about = asked(f"{CLOSES}, when: {FLAG}", flag=True)
    policy, _, decision = about
    said = report_why(*about)["why"]["said"]
    assert said == say_why(policy, decision, why(*about))
    assert len(said) >= 1
    assert all(isinstance(line, str) and line for line in said)


def test_while_the_answer_is_open_why_is_null_and_why_not_is_there() -> None:
    found = plain(report_why(*asked(f"{TO_COURT}, when: {FLAG}")))
    assert found["why"] is None
    assert [one["team"] for one in found["why_not"]] == ["court"]


# --- why not


def test_each_other_team_has_its_changes_and_the_whole_decision_then() -> None:
    about = asked(f"{TO_COURT}, when: {{all: [{FLAG}, {{fact: a_on, happened: true}}]}}", flag=False)
    [other] = plain(report_why(*about))["why_not"]
    assert {key: other[key] for key in ("team", "label", "verdict")} == {"team": "court", "label": "Court Team", "verdict": "changes"}
    assert other["changes"] == [
        {"fact": "a_on", "now": None, "to": "2026-04-01", "unstated": False},
        {"fact": "flag", "now": False, "to": True, "unstated": False},
    ]
    [found] = why_not(*about)
    assert found.decision is not None
    assert other["decision"] == decision_to_dict(found.decision)


def test_a_team_out_of_reach_has_neither_changes_nor_a_decision() -> None:
    [other] = plain(report_why(*asked(f"{TO_COURT}, when: {{decision: panel, is: agreed}}", head=PANEL)))["why_not"]
    assert (other["verdict"], other["changes"], other["decision"]) == ("none", [], None)


def test_each_other_team_has_its_own_sentence() -> None:
    about = asked(
        f"{TO_COURT}, when: {FLAG}", "id: on, from: assessment, when: {fact: colour, is: red}, transfer_to: permanence", flag=False, colour="green"
    )
    found = plain(report_why(*about))["why_not"]
    assert [one["team"] for one in found] == ["court", "permanence"]
    assert [one["said"] for one in found] == say_why_not(about[0], why_not(*about))
    assert all(one["label"] in one["said"] for one in found)


def test_where_no_rule_names_another_team_the_list_is_empty() -> None:
    assert plain(report_why(*asked(CLOSES)))["why_not"] == []


# --- other readings


DEADLINE = "deadline: {days: 3, after: a_on}"
READINGS = (
    "interpretations: [{id: days, clauses: [MAR-4.9], question: which days?, reading: calendar days, to_confirm: head of service, "
    "instead: {to_court: {deadline: {working_days: 3, after: a_on}}}}]"
)


def test_each_other_reading_has_its_question_what_differs_and_the_whole_decision() -> None:
    about = asked(f"{TO_COURT}, {DEADLINE}", tail=READINGS, a_on=TODAY)
    [found] = plain(report_readings(*about))["other_readings"]
    assert {key: value for key, value in found.items() if key not in ("decision", "said")} == {
        "interpretation": "days",
        "question": "which days?",
        "reading": "calendar days",
        "to_confirm": "head of service",
        "clauses": ["MAR-4.9"],
        "parts": ["deadline"],
    }
    # Thursday 2, Tuesday 7 and Wednesday 8 April.
    assert found["decision"]["deadline"]["on"] == "2026-04-08"
    [reading] = other_readings(*about)
    assert found["said"] == say_readings(about[0], about[2], [reading])[0]


def test_where_no_other_reading_makes_a_difference_the_list_is_empty() -> None:
    assert plain(report_readings(*asked(f"{TO_COURT}, when: {FLAG}, {DEADLINE}", tail=READINGS, a_on=TODAY, flag=False))) == {"other_readings": []}


# --- what comes next


def test_each_change_has_its_day_what_differs_and_the_whole_decision_from_then_on() -> None:
    about = asked(f"{TO_COURT}, when: {{fact: a_on, happened: true}}, {DEADLINE}", a_on=date(2026, 5, 1))
    found = plain(report_ahead(*about))["changes_ahead"]
    changes = changes_ahead(*about)
    assert [(one["on"], one["parts"]) for one in found] == [
        ("2026-05-01", ["outcome", "silent", "receiving_team", "deadline", "reasons"]),
        ("2026-05-05", ["deadline"]),
    ]
    assert [one["decision"] for one in found] == [decision_to_dict(change.after) for change in changes if change.after is not None]
    assert [one["said"] for one in found] == [say_changes(about[0], [change])[0] for change in changes]


def test_from_the_day_on_which_the_record_contradicts_itself_the_decision_is_null() -> None:
    about = asked(TO_COURT, first_looked_after_review_on="not_yet", second_looked_after_review_on=date(2026, 5, 10))
    [found] = plain(report_ahead(*about))["changes_ahead"]
    assert (found["on"], found["parts"], found["decision"]) == ("2026-05-10", [], None)
    assert found["said"]


def test_where_nothing_lies_ahead_the_list_is_empty() -> None:
    assert plain(report_ahead(*asked(TO_COURT))) == {"changes_ahead": []}

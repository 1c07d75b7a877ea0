"""Two rules that match one case and disagree are found with the smallest case that shows it; what makes a clash impossible keeps it quiet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.packs_for_tests import policy_of
from transfer_rules import seeking
from transfer_rules.checks import check_policy
from transfer_rules.checks._search import Search, snapshot_of
from transfer_rules.checks.overlaps import check_overlaps
from transfer_rules.errors import Diagnostic
from transfer_rules.evaluation import evaluate
from transfer_rules.policy import Policy

KEEPER = "decisions: {keeper: {label: who keeps it}, other: {label: who else keeps it}, reply: {label: reply, options: [accepted, refused]}}"
IF_FLAG = "when: {fact: flag, is: yes}"
IF_NOT = "when: {fact: flag, is: no}"
IF_OTHER = "when: {fact: other_flag, is: yes}"
TO_COURT = f"id: to_court, from: assessment, {IF_FLAG}, transfer_to: court"
TO_PERMANENCE = f"id: to_permanence, from: assessment, {IF_OTHER}, transfer_to: permanence"


def text(*written: str, head: str = "", tail: str = "") -> str:
    return "\n".join([head, "rules:", *(f"  - {{{one}}}" for one in written), tail])


def searched(*written: str, head: str = "", tail: str = "") -> list[Diagnostic | str]:
    policy = policy_of(text(*written, head=head, tail=tail))
    return [*check_overlaps(policy, Search(policy))]


def found(*written: str, head: str = "", tail: str = "") -> list[str]:
    """Return the messages of the overlaps found; nothing may be left undecided."""
    results = searched(*written, head=head, tail=tail)
    assert all(isinstance(one, Diagnostic) and one.code == "overlap" for one in results), results
    return [one.message for one in results if isinstance(one, Diagnostic)]


def only(*written: str, head: str = "", tail: str = "") -> Diagnostic:
    [one] = searched(*written, head=head, tail=tail)
    assert isinstance(one, Diagnostic)
    return one


def about(*written: str, head: str = "", tail: str = "") -> str:
    """Return what the only overlap is about."""
    return only(*written, head=head, tail=tail).message.rpartition(" about the ")[2]


# --- what two rules can disagree about


def test_two_rules_that_name_two_teams_disagree_about_the_team() -> None:
    finding = only(TO_COURT, TO_PERMANENCE)
    assert finding.message == "`to_court` disagrees with another rule about the team"
    assert [what for _, what in finding.also] == ["`to_permanence`"]
    assert (
        finding.why == "both rules match, one says transfer to Court Team and the other transfer to Permanence Team, and neither overrides the other"
    )


@pytest.mark.parametrize("effect", ["stay: true", "close: true", "stay: {until: {on: 2026-05-10}}"])
def test_a_transfer_and_what_is_none_disagree_about_the_outcome(effect: str) -> None:
    assert about(TO_COURT, f"id: two, from: assessment, {IF_OTHER}, {effect}") == "outcome"


def test_a_transfer_and_a_question_disagree_about_the_outcome() -> None:
    asks = "people_decide: {who: managers, question: who?, between: [court, stay], settled_by: keeper}"
    assert about(TO_COURT, f"id: two, from: assessment, {IF_OTHER}, {asks}", head=KEEPER) == "outcome"


def test_two_rules_for_one_team_with_two_dates_disagree_about_the_deadline() -> None:
    finding = only(f"{TO_COURT}, deadline: {{on: 2026-04-09}}", "id: two, from: assessment, transfer_to: court, deadline: {on: 2026-04-10}")
    assert finding.message == "`to_court` disagrees with another rule about the deadline"
    assert "one says Thu 9 Apr 2026 and the other Fri 10 Apr 2026" in finding.why


def test_two_counts_that_are_equal_on_some_days_disagree_about_the_deadline_on_another() -> None:
    one, two = "deadline: {days: 3, after: a_on}", "deadline: {working_days: 1, after: a_on}"
    assert about(f"{TO_COURT}, {one}", f"id: two, from: assessment, transfer_to: court, {two}") == "deadline"


def test_a_month_and_thirty_one_days_disagree_wherever_the_search_begins() -> None:
    # From 10 March, and from the first and the last day of the calendar, the two give one day.
    head = "in_force: {from: 2026-03-10}"
    one, two = "deadline: {months: 1, after: a_on}", "deadline: {days: 31, after: a_on}"
    assert about(f"{TO_COURT}, {one}", f"id: two, from: assessment, transfer_to: court, {two}", head=head) == "deadline"


def test_at_once_and_a_date_disagree_about_the_deadline() -> None:
    assert (
        about(f"{TO_COURT}, deadline: {{at_once: true}}", "id: two, from: assessment, transfer_to: court, deadline: {on: 2026-04-10}") == "deadline"
    )


def test_two_roles_in_one_team_disagree_about_the_role() -> None:
    finding = only(
        f"id: one, from: assessment, {IF_FLAG}, transfer_to: {{team: court, role: personal adviser}}",
        f"id: two, from: assessment, {IF_OTHER}, transfer_to: court",
    )
    assert finding.message == "`one` disagrees with another rule about the role"
    assert "one says personal adviser and the other no role" in finding.why


def asks(settled_by: str, question: str) -> str:
    return f"people_decide: {{who: managers, question: {question}, between: [court, stay]{settled_by}}}"


def test_two_questions_disagree_about_the_question() -> None:
    finding = only(
        f"id: one, from: assessment, {asks(', settled_by: keeper', 'who?')}",
        f"id: two, from: assessment, {asks(', settled_by: other', 'who else?')}",
        head=KEEPER,
    )
    assert finding.message == "`one` disagrees with another rule about the question"
    assert "one says `who?` and the other `who else?`" in finding.why


def test_two_rules_that_ask_for_one_decision_agree() -> None:
    one, two = (f"id: {name}, from: assessment, {asks(', settled_by: keeper', 'who?')}" for name in ("one", "two"))
    assert found(one, two, head=KEEPER) == []


def test_a_team_that_a_fact_names_can_be_another_than_the_one_written() -> None:
    assert about(TO_COURT, "id: two, from: assessment, transfer_to: {team: {fact: next_team}}") in ("team", "outcome")


def test_a_clash_that_comes_up_only_once_a_decision_is_recorded_is_found() -> None:
    refused = "id: two, from: assessment, when: {decision: reply, is: refused}, transfer_to: permanence"
    finding = only(TO_COURT, refused, head=KEEPER)
    assert finding.seen.endswith("decision reply = refused")


def test_two_rules_that_ask_for_one_decision_and_then_move_the_case_by_two_dates_clash_once_it_is_recorded() -> None:
    one, two = (
        f"id: {name}, from: assessment, {asks(', settled_by: keeper', 'who?')}, deadline: {{on: {day}}}"
        for name, day in (("one", "2026-04-09"), ("two", "2026-04-10"))
    )
    finding = only(one, two, head=KEEPER)
    assert finding.message == "`one` disagrees with another rule about the deadline"
    assert finding.seen.endswith("decision keeper = court")


def test_a_day_and_twenty_four_hours_disagree_about_the_deadline_once_the_moment_is_known() -> None:
    # From a day both end with the next; from a moment the one ends at that moment of the next day, the other with the day.
    one, two = "deadline: {hours: 24, after: seen_at}", "deadline: {days: 1, after: seen_at}"
    assert about(f"{TO_COURT}, {one}", f"id: two, from: assessment, transfer_to: court, {two}") == "deadline"


def test_two_rules_that_look_for_two_answers_of_one_decision_never_clash() -> None:
    refused = "id: one, from: assessment, when: {decision: reply, is: refused}, transfer_to: permanence"
    accepted = "id: two, from: assessment, when: {decision: reply, is: accepted}, transfer_to: court"
    assert found(refused, accepted, head=KEEPER) == []


def test_a_clash_that_comes_up_only_while_a_decision_is_not_recorded_is_found() -> None:
    waiting = "id: two, from: assessment, when: {not: {decision: reply, is: refused}}, transfer_to: permanence"
    finding = only(TO_COURT, waiting, head=KEEPER)
    assert "decision" not in finding.seen


def test_a_clash_in_one_year_that_a_rule_names_is_found() -> None:
    early = "id: two, from: assessment, when: {fact: as_of, on_or_after: 2035-04-01}, transfer_to: permanence"
    finding = only(TO_COURT, early)
    assert finding.seen.startswith("as_of = 2035-04-0")


def test_each_pair_that_clashes_is_found_once() -> None:
    pairs = {
        frozenset({one.message.split("`")[1], one.also[0][1].strip("`")})
        for one in searched(TO_COURT, TO_PERMANENCE, "id: third, from: assessment, transfer_to: early_help")
        if isinstance(one, Diagnostic)
    }
    assert pairs == {frozenset(both) for both in (("to_court", "to_permanence"), ("to_court", "third"), ("to_permanence", "third"))}


# --- what keeps them apart


@pytest.mark.parametrize(
    "two",
    [
        TO_PERMANENCE.replace("transfer_to: permanence", "transfer_to: court"),
        f"id: two, from: assessment, {IF_OTHER}, transfer_to: court, deadline: {{none: no number}}",
        f"id: two, from: court, {IF_OTHER}, transfer_to: permanence",
        f"id: two, from: {{any_except: [assessment]}}, {IF_OTHER}, transfer_to: permanence",
        f"id: two, from: assessment, {IF_NOT}, transfer_to: permanence",
        f"{TO_PERMANENCE}, overrides: [to_court]",
        f"id: two, from: assessment, {IF_OTHER}, stay: {{yields: true}}",
    ],
    ids=["one team", "no date", "another holder", "all other holders", "the opposite", "an override", "a hold that explains"],
)
def test_two_rules_that_cannot_clash_are_not_found(two: str) -> None:
    assert found(TO_COURT, two) == []


def test_a_clash_that_is_left_to_people_is_not_found() -> None:
    assert found(TO_COURT, TO_PERMANENCE, tail="leave_to_people: [{rules: [to_court, to_permanence], who: managers, question: which?}]") == []


def test_an_override_by_group_keeps_two_rules_apart() -> None:
    assert found(f"{TO_COURT}, group: routine", f"{TO_PERMANENCE}, overrides: [{{group: routine}}]") == []


def test_two_dates_in_the_wrong_order_keep_two_rules_apart() -> None:
    one = "id: one, from: assessment, when: {fact: a_on, before: 2026-05-10}, transfer_to: court"
    two = "id: two, from: assessment, when: {fact: a_on, on_or_after: 2026-05-10}, transfer_to: permanence"
    assert found(one, two) == []
    assert about(one, two.replace("2026-05-10", "2026-05-09")) == "team"


def test_two_counts_of_days_that_meet_in_no_day_keep_two_rules_apart() -> None:
    one = "id: one, from: assessment, when: {fact: b_on, on_or_before: {days: 3, after: a_on}}, transfer_to: court"
    two = "id: two, from: assessment, when: {fact: b_on, after: {days: 3, after: a_on}}, transfer_to: permanence"
    assert found(one, two) == []
    assert about(one, two.replace("{days: 3", "{days: 2")) == "team"


def test_an_age_limit_keeps_two_rules_apart() -> None:
    one = "id: one, from: assessment, when: {age_under: 16}, transfer_to: court"
    assert found(one, "id: two, from: assessment, when: {age_at_least: 16}, transfer_to: permanence") == []
    assert about(one, "id: two, from: assessment, when: {age_at_least: 15}, transfer_to: permanence") == "team"


def test_two_words_of_one_choice_keep_two_rules_apart() -> None:
    one = "id: one, from: assessment, when: {fact: colour, is: red}, transfer_to: court"
    assert found(one, "id: two, from: assessment, when: {fact: colour, one_of: [green, dark_blue]}, transfer_to: permanence") == []


def test_what_cannot_be_by_definition_keeps_two_rules_apart() -> None:
    unborn = "id: one, from: assessment, when: {fact: date_of_birth, arranged: false}, transfer_to: court"
    assert found(unborn, "id: two, from: assessment, when: {fact: legal_basis, is: care_order}, transfer_to: permanence") == []


def test_a_rule_that_overrides_both_whenever_they_meet_keeps_them_apart() -> None:
    both = "{all: [{fact: flag, is: yes}, {fact: other_flag, is: yes}]}"
    third = f"id: third, from: assessment, when: {both}, stay: true, overrides: [to_court, to_permanence]"
    assert found(TO_COURT, TO_PERMANENCE, third) == []


def test_a_rule_that_overrides_one_of_them_whenever_they_meet_keeps_them_apart() -> None:
    both = "{all: [{fact: flag, is: yes}, {fact: other_flag, is: yes}]}"
    third = f"id: third, from: assessment, when: {both}, transfer_to: permanence, overrides: [to_court]"
    assert found(TO_COURT, TO_PERMANENCE, third) == []


def test_a_rule_that_overrides_one_of_them_only_sometimes_does_not_keep_them_apart() -> None:
    third = "id: third, from: assessment, when: {fact: colour, is: red}, transfer_to: permanence, overrides: [to_court]"
    assert found(TO_COURT, TO_PERMANENCE, third) == ["`to_court` disagrees with another rule about the team"]


def test_two_definitions_that_exclude_each_other_keep_two_rules_apart() -> None:
    head = "definitions: {early: {when: {fact: visits, at_most: 3}}, late: {when: {not: {use: early}}}}"
    one = "id: one, from: assessment, when: {use: early}, transfer_to: court"
    assert found(one, "id: two, from: assessment, when: {use: late}, transfer_to: permanence", head=head) == []


def test_a_hold_that_is_over_keeps_two_rules_apart() -> None:
    hold = "id: hold, from: assessment, stay: {until: {on: a_on}}"
    after = "id: after, from: assessment, when: {fact: a_on, happened: true}, transfer_to: court"
    assert found(hold, after) == []
    before = "id: before, from: assessment, when: {fact: a_on, arranged: true}, transfer_to: court"
    assert about(hold, before) == "outcome"


def test_a_rule_that_moves_a_case_to_its_holder_says_stay_and_agrees_with_a_stay() -> None:
    assert found("id: one, from: court, transfer_to: court", "id: two, from: court, stay: true") == []


def test_rules_that_are_off_are_not_looked_at() -> None:
    assert found(TO_COURT, f"{TO_PERMANENCE}, off: true") == []


# --- the case that shows it


def read(policy: Policy, seen: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Return the day, the facts and the decisions of a case as a finding writes it: `as_of = 2026-04-01, flag = other_flag = yes`."""
    facts: dict[str, Any] = {}
    decisions: dict[str, str] = {}
    for part in seen.split(", "):
        *names, value = part.split(" = ")
        for name in names:
            if name.startswith("decision "):
                decisions[name.removeprefix("decision ")] = value
            else:
                facts[name] = value
    as_of = facts.pop("as_of")
    return as_of, {name: policy.facts[name].read(value) for name, value in facts.items()}, decisions


def replayed(policy: Policy, as_of: str, facts: Mapping[str, Any], decisions: Mapping[str, str]) -> tuple[str, set[str]]:
    decision = evaluate(policy, snapshot_of(as_of, facts, decisions))  # type: ignore[arg-type]
    return decision.outcome, {reason.rule for reason in decision.reasons}


CLASHES = [
    ((TO_COURT, TO_PERMANENCE), ""),
    (
        (
            f"{TO_COURT}, deadline: {{days: 3, after: a_on}}",
            "id: two, from: assessment, transfer_to: court, deadline: {working_days: 1, after: a_on}",
        ),
        "",
    ),
    ((TO_COURT, "id: two, from: assessment, when: {decision: reply, is: refused}, transfer_to: permanence"), KEEPER),
    ((TO_COURT, "id: two, from: assessment, transfer_to: {team: {fact: next_team}}"), ""),
    (
        (
            "id: one, from: any, when: {all: [{fact: a_on, within: {working_days: 3, after: b_on}}, {age_under: 16}]}, transfer_to: court",
            "id: two, from: [assessment, none], when: {any: [{fact: c_on, before: a_on}, {fact: visits, at_least: 4}]}, close: true",
        ),
        "",
    ),
    ((TO_COURT, "id: hold, from: assessment, stay: {until: {days: 2, after: a_on}}"), ""),
    (
        (
            TO_COURT,
            TO_PERMANENCE,
            "id: third, from: assessment, when: {fact: colour, is_not: red}, transfer_to: permanence, overrides: [to_court]",
        ),
        "",
    ),
]


@pytest.mark.parametrize(("written", "head"), CLASHES)
def test_the_case_shown_is_a_conflict_of_the_two_rules_when_it_is_decided(written: tuple[str, ...], head: str) -> None:
    policy, finding = policy_of(text(*written, head=head)), only(*written, head=head)
    outcome, rules = replayed(policy, *read(policy, finding.seen))
    assert outcome == "conflict"
    assert {finding.message.split("`")[1], finding.also[0][1].strip("`")} <= rules


@pytest.mark.parametrize(("written", "head"), CLASHES)
def test_no_fact_and_no_decision_of_the_case_shown_can_be_left_out(written: tuple[str, ...], head: str) -> None:
    policy, finding = policy_of(text(*written, head=head)), only(*written, head=head)
    as_of, facts, decisions = read(policy, finding.seen)
    for name in facts:
        fewer = {key: value for key, value in facts.items() if key != name}
        assert replayed(policy, as_of, fewer, decisions)[0] != "conflict", name
    for name in decisions:
        fewer_decisions = {key: value for key, value in decisions.items() if key != name}
        assert replayed(policy, as_of, facts, fewer_decisions)[0] != "conflict", name


def test_facts_with_one_value_are_written_together() -> None:
    policy = policy_of(text(TO_COURT, TO_PERMANENCE))
    assert only(TO_COURT, TO_PERMANENCE).seen == f"as_of = {policy.pack.in_force_from}, current_team = assessment, flag = other_flag = yes"


# --- what could not be found out


@pytest.fixture
def _one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeking, "STEPS", 1)


@pytest.mark.usefixtures("_one_step")
def test_past_the_steps_allowed_there_is_no_finding_and_the_question_is_counted() -> None:
    assert searched(TO_COURT, TO_PERMANENCE) == ["whether `to_court` and `to_permanence` can disagree"]


@pytest.mark.usefixtures("_one_step")
def test_what_needs_no_search_is_found_clean_without_one() -> None:
    assert searched(TO_COURT, f"{TO_PERMANENCE}, overrides: [to_court]") == []


@pytest.mark.usefixtures("_one_step")
def test_a_report_lists_what_was_not_decided_apart_from_the_findings() -> None:
    report = check_policy(policy_of(text(TO_COURT, TO_PERMANENCE)))
    assert "whether `to_court` and `to_permanence` can disagree" in report.not_decided
    assert all(finding.code in ("no-way-in", "no-way-out") for finding in report.findings)


def test_values_that_do_not_stand_for_all_are_not_taken_for_proof_that_rules_agree() -> None:
    options = [f"option_{number}" for number in range(8)]
    head = f"local_facts: {{many: {{type: choices, options: [{', '.join(options)}], label: many, ask: Which?}}}}"
    # Both match with just these two options, and sets of two are not among those that are tried.
    first, rest = options[:2], options[2:]
    holds = ", ".join(f"{{fact: many, includes: {option}}}" for option in first)
    lacks = ", ".join(f"{{not: {{fact: many, includes: {option}}}}}" for option in rest)
    one = f"id: one, from: assessment, when: {{all: [{holds}]}}, transfer_to: court"
    two = f"id: two, from: assessment, when: {{all: [{lacks}]}}, transfer_to: permanence"
    assert searched(one, two, head=head) == ["whether `one` and `two` can disagree"]

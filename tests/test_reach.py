"""A rule that no case can reach, one that is always overridden, an override that finds nothing to override."""

from __future__ import annotations

import pytest

from tests.packs_for_tests import policy_of
from transfer_rules import seeking
from transfer_rules.checks._search import Search
from transfer_rules.checks.reach import check_reach
from transfer_rules.errors import Diagnostic

DECISIONS = "decisions: {reply: {label: reply, options: [accepted, refused]}}"
IF_FLAG = "when: {fact: flag, is: yes}"
IF_NOT = "when: {fact: flag, is: no}"
TO_COURT = f"id: to_court, from: assessment, {IF_FLAG}, transfer_to: court"


def searched(*written: str, head: str = "") -> list[Diagnostic | str]:
    policy = policy_of("\n".join([head, "rules:", *(f"  - {{{one}}}" for one in written)]))
    return [*check_reach(policy, Search(policy))]


def found(*written: str, head: str = "") -> list[tuple[str, str]]:
    """Return code and message of what is found; nothing may be left undecided."""
    results = searched(*written, head=head)
    assert all(isinstance(one, Diagnostic) for one in results), results
    return [(one.code, one.message) for one in results if isinstance(one, Diagnostic)]


def reaching(condition: str, head: str = "") -> list[tuple[str, str]]:
    return found(f"id: r, from: assessment, when: {condition}, transfer_to: court", head=head)


UNREACHABLE = [("unreachable", "no case can reach `r`")]


# --- unreachable


@pytest.mark.parametrize(
    "condition",
    [
        "{all: [{fact: flag, is: yes}, {fact: flag, is: no}]}",
        "{all: [{fact: flag, is: yes}, {not: {fact: flag, is: yes}}]}",
        "{all: [{fact: visits, at_least: 5}, {fact: visits, at_most: 4}]}",
        "{all: [{fact: colour, is: red}, {fact: colour, one_of: [green, dark_blue]}]}",
        "{all: [{fact: a_on, before: b_on}, {fact: b_on, before: a_on}]}",
        "{all: [{fact: a_on, after: b_on}, {fact: a_on, before: {days: 1, after: b_on}}]}",
        "{all: [{fact: a_on, arranged: false}, {fact: a_on, happened: true}]}",
        "{all: [{age_at_least: 18}, {age_under: 16}]}",
        "{all: [{age_at_least: 18}, {fact: date_of_birth, arranged: false}]}",
        "{all: [{fact: looked_after, is: yes}, {fact: legal_basis, is: none}]}",
        "{all: [{fact: looked_after, is: no}, {fact: legal_basis, is: care_order}]}",
        "{all: [{fact: date_of_birth, arranged: false}, {fact: legal_basis, is: care_order}]}",
        "{all: [{fact: second_looked_after_review_on, happened: true}, {fact: first_looked_after_review_on, arranged: false}]}",
        "{all: [{fact: protection_plan_ended_on, before: 2026-03-02}, {fact: protection_plan_started_on, after: 2026-03-02}]}",
        "{all: [{fact: current_team, is: court}, {fact: flag, is: yes}]}",
        "{fact: as_of, after: {at_once: true}}",
    ],
)
def test_a_rule_that_asks_for_what_cannot_be_together_is_unreachable(condition: str) -> None:
    assert reaching(condition) == UNREACHABLE


@pytest.mark.parametrize(
    "condition",
    [
        "{all: [{fact: flag, is: yes}, {fact: other_flag, is: no}]}",
        "{all: [{fact: visits, at_least: 5}, {fact: visits, at_most: 5}]}",
        "{all: [{fact: a_on, after: b_on}, {fact: a_on, before: {days: 2, after: b_on}}]}",
        "{all: [{fact: a_on, before: {working_days: 1, after: b_on}}, {fact: a_on, after: {days: 2, after: b_on}}]}",
        "{all: [{age_at_least: 16}, {age_under: 17}]}",
        "{all: [{fact: looked_after, is: no}, {fact: legal_basis, is: none}]}",
        "{all: [{fact: needs, includes: sight}, {fact: needs, includes: speech}, {not: {fact: needs, includes: moving_about}}]}",
        "{all: [{fact: as_of, on_or_after: 2030-04-01}, {fact: as_of, before: 2030-04-02}]}",
        "{all: [{fact: protection_plan_ended_on, before: 2026-03-02}, {fact: protection_plan_started_on, before: 2026-03-02}]}",
        "{all: [{fact: a_on, happened: true}, {fact: a_on, before: 2020-01-01}]}",
    ],
)
def test_a_rule_that_some_case_reaches_is_not_found(condition: str) -> None:
    assert reaching(condition) == []


def test_a_rule_that_holds_some_time_after_a_day_that_the_pack_names_is_reached() -> None:
    assert reaching("{fact: as_of, after: {days: 14, after: 2026-05-01}}") == []


@pytest.mark.parametrize("begins", ["2026-04-10", "2025-09-01", "2025-03-15"])
@pytest.mark.parametrize(
    "condition",
    [
        # On Wednesday 3 June 2026 that is so of Monday 1 June.
        "{all: [{fact: as_of, after: {working_days: 1, after: a_on}}, {fact: as_of, before: {days: 3, after: a_on}}]}",
        # On 1 June 2026 that is so of 1 May; of a day in a month of thirty days it never is.
        "{all: [{fact: as_of, on_or_before: {months: 1, after: a_on}}, {fact: as_of, after: {days: 30, after: a_on}}]}",
    ],
)
def test_a_rule_that_holds_on_some_days_of_the_week_or_the_month_only_is_reached_whenever_the_edition_begins(begins: str, condition: str) -> None:
    assert reaching(condition, head=f"in_force: {{from: {begins}}}") == []


def test_a_rule_that_asks_for_two_answers_of_one_decision_is_unreachable() -> None:
    assert reaching("{all: [{decision: reply, is: accepted}, {decision: reply, is: refused}]}", head=DECISIONS) == UNREACHABLE


@pytest.mark.parametrize("condition", ["{decision: reply, is: accepted}", "{not: {decision: reply, is: accepted}}"])
def test_a_rule_that_asks_for_one_answer_or_for_none_is_reached(condition: str) -> None:
    assert reaching(condition, head=DECISIONS) == []


def test_a_hold_that_is_always_over_is_unreachable() -> None:
    hold = "id: r, from: assessment, when: {fact: a_on, happened: true}, stay: {until: {on: a_on}}"
    assert found(hold) == UNREACHABLE
    assert found(hold.replace("until: {on: a_on}", "until: {days: 1, after: a_on}")) == []


def test_a_hold_that_only_explains_can_be_unreachable_too() -> None:
    assert found("id: r, from: assessment, when: {all: [{fact: flag, is: yes}, {fact: flag, is: no}]}, stay: {yields: true}") == UNREACHABLE


def test_a_rule_that_is_always_overridden_and_unreachable_is_found_once() -> None:
    never = "id: r, from: assessment, when: {all: [{fact: flag, is: yes}, {fact: flag, is: no}]}, transfer_to: court"
    codes = [code for code, _ in found(never, "id: strong, from: assessment, stay: true, overrides: [r]")]
    assert codes.count("unreachable") == 1
    assert "always-overridden" not in codes


# --- always overridden


ALWAYS = [("always-overridden", "`to_court` never decides")]


def test_a_rule_whose_every_case_another_one_overrides_never_decides() -> None:
    assert found(TO_COURT, "id: strong, from: any, stay: true, overrides: [to_court]") == ALWAYS


def test_a_rule_that_two_others_override_between_them_never_decides() -> None:
    red = "id: red, from: assessment, when: {fact: colour, is: red}, stay: true, overrides: [to_court]"
    rest = "id: rest, from: assessment, when: {fact: colour, is_not: red}, stay: true, overrides: [to_court]"
    assert found(TO_COURT, red, rest) == ALWAYS
    assert found(TO_COURT, red, rest.replace("is_not: red", "is: green")) == []


def test_the_finding_names_the_rules_that_override() -> None:
    [finding] = searched(TO_COURT, "id: strong, from: any, stay: true, overrides: [to_court]")
    assert isinstance(finding, Diagnostic)
    assert finding.why == "whenever it matches, a rule that overrides it matches as well: `strong`"


def test_a_rule_that_is_overridden_in_some_cases_decides_in_the_others() -> None:
    assert found(TO_COURT, "id: strong, from: any, when: {fact: other_flag, is: yes}, stay: true, overrides: [to_court]") == []


def test_a_rule_that_is_overridden_up_to_a_day_decides_after_it() -> None:
    strong = "id: strong, from: assessment, stay: {until: {on: a_on}}, overrides: [to_court]"
    assert found(TO_COURT, strong) == []
    happened = TO_COURT.replace("{fact: flag, is: yes}", "{fact: a_on, arranged: false}")
    # While the event is not yet there the hold stands.
    assert found(happened, strong) == ALWAYS


def test_a_rule_that_is_overridden_by_one_that_is_overridden_itself_never_decides() -> None:
    # A matching rule defeats what it names, even if itself defeated.
    middle = "id: middle, from: assessment, transfer_to: permanence, overrides: [to_court]"
    top = "id: top, from: assessment, stay: true, overrides: [middle]"
    assert found(TO_COURT, middle, top) == [("always-overridden", "`middle` never decides"), *ALWAYS]


def test_a_hold_that_only_explains_may_always_be_overridden() -> None:
    assert found(f"id: why, from: assessment, {IF_FLAG}, stay: {{yields: true}}", f"{TO_COURT}, overrides: [why]") == []


# --- idle overrides


def test_an_override_of_a_rule_that_never_matches_beside_it_is_idle() -> None:
    two = f"id: two, from: assessment, {IF_NOT}, stay: true, overrides: [to_court]"
    assert found(TO_COURT, two) == [("idle-override", "`two` overrides `to_court` for nothing")]


def test_an_override_of_another_teams_rule_is_idle() -> None:
    two = "id: two, from: court, stay: true, overrides: [to_court]"
    assert found(TO_COURT, two) == [("idle-override", "`two` overrides `to_court` for nothing")]


def test_an_override_that_meets_its_rule_in_one_case_is_not_idle() -> None:
    assert found(TO_COURT, "id: two, from: assessment, when: {fact: colour, is: red}, stay: true, overrides: [to_court]") == []


def test_an_override_of_a_rule_that_says_the_same_is_not_idle() -> None:
    # It may be there for the deadline, for a checklist, or for the reasons.
    assert found(TO_COURT, "id: two, from: assessment, when: {fact: colour, is: red}, transfer_to: court, overrides: [to_court]") == []


def test_an_override_of_a_group_is_idle_where_no_member_ever_matches_beside_it() -> None:
    one = f"id: one, group: routine, from: assessment, {IF_NOT}, transfer_to: court"
    two = "id: two, group: routine, from: court, transfer_to: permanence"
    strong = f"id: strong, from: assessment, {IF_FLAG}, stay: true, overrides: [{{group: routine}}]"
    assert found(one, two, strong) == [("idle-override", "`strong` overrides the group `routine` for nothing")]


def test_an_override_of_a_group_with_one_live_member_is_not_idle() -> None:
    one = f"id: one, group: routine, from: assessment, {IF_NOT}, transfer_to: court"
    two = "id: two, group: routine, from: assessment, when: {fact: colour, is: red}, transfer_to: permanence"
    assert found(one, two, f"id: strong, from: assessment, {IF_FLAG}, stay: true, overrides: [{{group: routine}}]") == []


def test_of_several_overrides_only_those_that_are_idle_are_found() -> None:
    two = f"id: two, from: assessment, {IF_NOT}, transfer_to: permanence"
    strong = "id: strong, from: assessment, when: {all: [{fact: flag, is: yes}, {fact: colour, is: red}]}, stay: true, overrides: [to_court, two]"
    assert found(TO_COURT, two, strong) == [("idle-override", "`strong` overrides `two` for nothing")]


def test_a_rule_in_a_group_that_it_overrides_itself_is_no_member_that_it_meets() -> None:
    strong = f"id: strong, group: routine, from: assessment, {IF_FLAG}, stay: true, overrides: [{{group: routine}}]"
    other = f"id: other, group: routine, from: assessment, {IF_NOT}, transfer_to: court"
    assert found(strong, other) == [("idle-override", "`strong` overrides the group `routine` for nothing")]


def test_an_override_of_a_rule_that_is_off_is_not_spoken_of() -> None:
    assert found(f"{TO_COURT}, off: true", "id: two, from: assessment, stay: true, overrides: [to_court]") == []


def test_the_finding_stands_at_the_entry() -> None:
    policy = policy_of("rules:\n  - {" + TO_COURT + "}\n  - id: two\n    from: court\n    stay: true\n    overrides: [to_court]")
    [finding] = [one for one in check_reach(policy, Search(policy)) if isinstance(one, Diagnostic)]
    assert finding.location is not None
    assert finding.location.column == len("    overrides: [") + 1


# --- what could not be found out


@pytest.fixture
def _one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeking, "STEPS", 1)


@pytest.mark.usefixtures("_one_step")
def test_past_the_steps_allowed_there_is_no_finding_and_the_question_is_counted() -> None:
    assert searched("id: r, from: assessment, when: {all: [{fact: flag, is: yes}, {fact: visits, at_least: 2}]}, transfer_to: court") == [
        "whether `r` can ever decide"
    ]


@pytest.mark.usefixtures("_one_step")
def test_an_override_that_could_not_be_looked_into_is_counted() -> None:
    results = searched(TO_COURT, "id: two, from: assessment, when: {fact: colour, is: red}, stay: true, overrides: [to_court]")
    assert "whether `two` ever meets what it overrides" in results
    assert all(isinstance(one, str) for one in results)

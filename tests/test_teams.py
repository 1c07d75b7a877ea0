"""A team that no rule gives a case to, or that none takes one from, unless the pack says why."""

from __future__ import annotations

import pytest

from tests.packs_for_tests import policy_of
from transfer_rules.checks.teams import check_teams

TEAMS = "teams: {one: {label: One}, two: {label: Two, areas: [north]}}"
KEEPER = "decisions: {keeper: {label: who keeps it}}"
BOTH_WAYS = "{id: there, from: one, transfer_to: two}, {id: back, from: two, transfer_to: one}"


def found(rules: str, teams: str = TEAMS, more: str = "") -> list[str]:
    """Return code and team of what is found."""
    return [f"{one.code} {one.message.split('`')[1]}" for one in check_teams(policy_of(f"{teams}\n{more}\nrules: [{rules}]"))]


def test_two_teams_between_which_cases_go_both_ways_are_clean() -> None:
    assert found(BOTH_WAYS) == []


def test_a_team_that_nothing_brings_a_case_to_is_found() -> None:
    assert found("{id: there, from: one, transfer_to: two}, {id: end, from: two, close: true}") == ["no-way-in one"]


def test_a_team_that_nothing_takes_a_case_from_is_found() -> None:
    assert found("{id: there, from: one, transfer_to: two}, {id: new, from: none, transfer_to: one}") == ["no-way-out two"]


def test_a_team_that_no_rule_names_has_neither() -> None:
    teams = "teams: {one: {label: One}, two: {label: Two}, three: {label: Three}}"
    assert found(BOTH_WAYS, teams) == ["no-way-in three", "no-way-out three"]


def test_the_finding_says_what_to_write_where_the_procedure_is_silent() -> None:
    policy = policy_of(f"{TEAMS}\nrules: [{{id: there, from: one, transfer_to: two}}, {{id: new, from: none, transfer_to: one}}]")
    [finding] = check_teams(policy)
    assert finding.message == "nothing takes a case from `two`"
    assert finding.mend == "write the rule that does; if the procedure has none, say so under the team: `no_way_out: why`"


def test_a_reason_given_under_the_team_is_enough() -> None:
    teams = "teams: {one: {label: One, no_way_in: it says nothing}, two: {label: Two, no_way_out: it says nothing}}"
    assert found("{id: there, from: one, transfer_to: two}", teams) == []


def test_a_reason_for_one_way_says_nothing_of_the_other() -> None:
    teams = "teams: {one: {label: One, no_way_out: it says nothing}, two: {label: Two, no_way_in: it says nothing}}"
    assert found("{id: there, from: one, transfer_to: two}", teams) == ["no-way-in one", "no-way-out two"]


def test_a_team_outside_needs_no_way_out_but_a_way_in() -> None:
    teams = "teams: {one: {label: One, no_way_in: it says nothing}, two: {label: Two, outside: true}}"
    assert found("{id: there, from: one, transfer_to: two}", teams) == []
    assert found("{id: end, from: one, close: true}", teams) == ["no-way-in two"]


@pytest.mark.parametrize(
    "leaving",
    [
        "{id: end, from: two, close: true}",
        "{id: out, from: two, transfer_to: other_authority}",
        "{id: out, from: any, close: true}",
        "{id: out, from: {any_except: [one]}, close: true}",
        "{id: out, from: [one, two], close: true}",
        "{id: out, from: two, transfer_to: {team: {fact: next_team}}}",
        "{id: ask, from: two, people_decide: {who: managers, question: who?, between: [stay, one], settled_by: keeper}}",
        "{id: ask, from: two, people_decide: {who: managers, question: who?, between: [stay, close], settled_by: keeper}}",
        "{id: ask, from: two, people_decide: {who: managers, question: who?, between: [stay, {fact: next_team}], settled_by: keeper}}",
    ],
)
def test_every_kind_of_move_is_a_way_out(leaving: str) -> None:
    assert "no-way-out two" not in found(f"{{id: there, from: one, transfer_to: two}}, {leaving}", more=KEEPER)


@pytest.mark.parametrize(
    "staying",
    [
        "{id: hold, from: two, stay: true}",
        "{id: hold, from: any, stay: {yields: true}}",
        "{id: out, from: {any_except: [two]}, close: true}",
        "{id: out, from: two, transfer_to: two}",
        "{id: ask, from: two, people_decide: {who: managers, question: who?, between: [stay, two], settled_by: keeper}}",
        "{id: out, from: two, close: true, off: true}",
    ],
)
def test_what_leaves_the_case_where_it_is_is_no_way_out(staying: str) -> None:
    assert "no-way-out two" in found(f"{{id: there, from: one, transfer_to: two}}, {staying}", more=KEEPER)


@pytest.mark.parametrize(
    "coming",
    [
        "{id: there, from: none, transfer_to: two}",
        "{id: there, from: any, transfer_to: {team: two, area: north}}",
        "{id: there, from: one, transfer_to: {team: {fact: next_team}}}",
        "{id: ask, from: one, people_decide: {who: managers, question: who?, between: [stay, two], settled_by: keeper}}",
        "{id: ask, from: one, people_decide: {who: managers, question: who?, between: [stay, {fact: next_team}], settled_by: keeper}}",
    ],
)
def test_every_kind_of_move_is_a_way_in(coming: str) -> None:
    assert "no-way-in two" not in found(coming, more=KEEPER)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "{id: there, from: two, transfer_to: one}",
        "{id: hold, from: one, stay: true}",
        "{id: there, from: two, transfer_to: {team: two, role: adviser}}",
        "{id: there, from: one, transfer_to: two, off: true}, {id: hold, from: one, stay: true}",
    ],
)
def test_what_brings_a_team_no_new_case_is_no_way_in(elsewhere: str) -> None:
    assert "no-way-in two" in found(elsewhere)

"""What one rule says for one case, whether it matches and stands, and when two rules say the same."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.packs_for_tests import bound, case, policy_of
from transfer_rules.answers import Answer, Hearing, Standing, agree, answer_of, match, match_blockers, match_grounds, moves_of, settled, stand
from transfer_rules.case import bind
from transfer_rules.dates import AWAITING, NO_DATE, OPEN, Due, dated

TENTH = date(2026, 4, 10)


def rule_text(written: str) -> str:
    return f"decisions: {{keeper: {{label: who keeps the case}}}}\nrules: [{{id: r, {written}}}]"


def answer(written: str, **given: Any) -> Answer:
    """Return what a rule says for a case."""
    policy = policy_of(rule_text(written))
    return answer_of(policy.rules["r"], bind(policy, case(**given)))


def matches(written: str, as_of: Any = "2026-04-01", **given: Any) -> bool | None:
    policy = policy_of(rule_text(written))
    return match(policy.rules["r"], bind(policy, case(as_of, **given)))


def standing(rules: str, **given: Any) -> Standing:
    policy = policy_of(f"rules:\n{rules}")
    return stand(policy, bind(policy, case(**given)))


def names(answers: tuple[Answer, ...]) -> list[str]:
    return [answer.rule.id for answer in answers]


# --- whether a rule matches


@pytest.mark.parametrize(
    ("teams", "team", "expected"),
    [
        ("assessment", "assessment", True),
        ("assessment", "court", False),
        ("assessment", None, None),
        ("[assessment, court]", "court", True),
        ("[assessment, court]", "permanence", False),
        ("any", "permanence", True),
        ("any", "none", True),
        ("any", None, True),
        ("{any_except: [court]}", "assessment", True),
        ("{any_except: [court]}", "court", False),
        ("{any_except: [court]}", None, None),
        ("none", "none", True),
        ("other_authority", "other_authority", True),
    ],
)
def test_a_rule_is_for_the_teams_it_names(teams: str, team: str | None, expected: bool | None) -> None:
    assert matches(f"from: {teams}, transfer_to: early_help", current_team=team) is expected


@pytest.mark.parametrize(("flag", "expected"), [(True, True), (False, False), (None, None)])
def test_a_rule_matches_when_its_condition_is_true(flag: bool | None, expected: bool | None) -> None:
    assert matches("from: any, when: {fact: flag, is: yes}, transfer_to: court", flag=flag) is expected


def test_a_rule_for_another_team_does_not_match_whatever_is_unknown() -> None:
    assert matches("from: court, when: {fact: flag, is: yes}, transfer_to: permanence") is False


HOLD = "from: any, stay: {until: {on: a_on}}"


@pytest.mark.parametrize(("as_of", "expected"), [("2026-04-09", True), ("2026-04-10", False), ("2026-04-11", False)])
def test_a_hold_stands_until_its_day_and_is_over_on_it(as_of: str, expected: bool) -> None:
    assert matches(HOLD, as_of, a_on=TENTH) is expected


def test_a_hold_stands_while_its_event_is_awaited() -> None:
    assert matches(HOLD, a_on="not_yet") is True


def test_a_hold_whose_day_is_unknown_may_stand() -> None:
    assert matches(HOLD) is None


def test_a_hold_whose_day_lies_in_the_past_on_whatever_day_is_over() -> None:
    assert matches(HOLD, a_on="happened") is False


def test_a_hold_past_the_calendar_stands() -> None:
    assert matches("from: any, stay: {until: {working_days: 5000, after: a_on}}", a_on=TENTH) is True


@pytest.mark.parametrize("until", ["{none: no day}", "{at_once: true}", "{on: a_on, when: {fact: flag, is: yes}}"])
def test_a_hold_without_a_day_is_over(until: str) -> None:
    assert matches(f"from: any, stay: {{until: {until}}}", a_on=TENTH, flag=False) is False


def test_a_hold_that_is_certain_to_be_ahead_stands_while_its_day_is_open() -> None:
    assert matches("from: any, stay: {until: {latest_of: [{on: a_on}, {on: b_on}]}}", a_on=TENTH) is True


def test_a_hold_that_lasted_to_a_past_day_at_least_may_stand() -> None:
    assert matches("from: any, stay: {until: {latest_of: [{on: a_on}, {on: b_on}]}}", a_on=date(2026, 3, 10)) is None


def test_a_hold_that_may_have_no_day_may_stand() -> None:
    assert matches("from: any, stay: {until: {on: a_on, when: {fact: flag, is: yes}}}", a_on=TENTH) is None


@pytest.mark.parametrize(("minute", "expected"), [(59, True), (0, False)])
def test_a_hold_until_a_moment_ends_by_the_clock(minute: int, expected: bool) -> None:
    as_of = datetime(2026, 4, 1, 11 if minute else 12, minute, tzinfo=UTC)
    assert matches("from: any, stay: {until: {on: seen_at}}", as_of, seen_at=datetime(2026, 4, 1, 12, 0, tzinfo=UTC)) is expected


@pytest.mark.parametrize(
    ("written", "given", "expected"),
    [
        ("from: assessment, when: {fact: flag, is: yes}, transfer_to: court", {"current_team": None}, {"current_team", "flag"}),
        ("from: any, when: {fact: flag, is: yes}, transfer_to: court", {"current_team": None}, {"flag"}),
        ("from: any, when: {fact: flag, is: yes}, transfer_to: court", {"flag": True}, set()),
        (HOLD, {}, {"a_on"}),
        ("from: any, stay: true", {}, set()),
    ],
)
def test_the_unknown_facts_that_keep_a_match_open_are_named(written: str, given: dict[str, Any], expected: set[str]) -> None:
    policy = policy_of(rule_text(written))
    assert match_blockers(policy.rules["r"], bind(policy, case(**given))) == expected


FLAG_HOLD = "from: assessment, when: {fact: flag, is: yes}, stay: {until: {on: a_on}}"


@pytest.mark.parametrize(
    ("written", "given", "expected"),
    [
        ("from: court, when: {fact: flag, is: yes}, transfer_to: permanence", {"flag": True}, {"current_team"}),  # not its team
        ("from: assessment, when: {fact: flag, is: yes}, transfer_to: court", {"flag": False}, {"flag"}),  # its condition fails
        ("from: assessment, when: {fact: flag, is: yes}, transfer_to: court", {"flag": True}, {"current_team", "flag"}),
        ("from: any, when: {fact: flag, is: yes}, transfer_to: court", {"flag": True}, {"flag"}),
        (FLAG_HOLD, {"flag": True, "a_on": date(2026, 3, 10)}, {"a_on"}),  # its day is over
        (FLAG_HOLD, {"flag": None, "a_on": date(2026, 3, 10)}, {"a_on"}),
        (FLAG_HOLD, {"flag": True, "a_on": TENTH}, {"current_team", "flag", "a_on"}),
    ],
)
def test_the_facts_by_which_a_rule_matches_or_fails_to_are_named(written: str, given: dict[str, Any], expected: set[str]) -> None:
    policy = policy_of(rule_text(written))
    assert match_grounds(policy.rules["r"], *[bind(policy, case(**given))] * 2) == expected


# --- what a rule says


def test_a_transfer_names_team_area_transfer_point_and_deadline() -> None:
    found = answer(
        "from: any, transfer_to: {team: permanence, area: north}, transfer_point: {on: a_on}, deadline: {on: b_on}", a_on=TENTH, b_on="not_yet"
    )
    assert (found.outcome, found.team, found.area, found.point, found.deadline) == ("transfer", "permanence", "north", dated(TENTH), AWAITING)


def test_a_close_names_nobody() -> None:
    found = answer("from: any, close: true, deadline: {on: a_on}", a_on=TENTH)
    assert (found.outcome, found.team, found.deadline) == ("close", None, dated(TENTH))
    assert (found.area, found.role) == (None, None)


def test_a_stay_has_the_day_until_which_it_lasts() -> None:
    assert answer(HOLD, a_on=TENTH).not_before == dated(TENTH)
    found = answer("from: any, stay: true")
    assert (found.not_before, found.team, found.area, found.role) == (NO_DATE, None, None, None)


def test_answers_are_told_apart_by_outcome_team_and_role() -> None:
    assert answer("from: any, transfer_to: {team: permanence, area: north, role: adviser}").key == ("transfer", "permanence", "adviser")
    assert answer("from: any, transfer_to: court").key == ("transfer", "court", "")
    assert answer("from: any, stay: true").key == ("stay", "", "")


@pytest.mark.parametrize(("written", "expected"), [("stay: {yields: true}", True), ("stay: true", False), ("transfer_to: court", False)])
def test_only_a_hold_that_explains_yields(written: str, expected: bool) -> None:
    assert answer(f"from: any, {written}").yields is expected


@pytest.mark.parametrize(
    ("next_team", "outcome", "team", "open_facts"),
    [
        ("court", "transfer", "court", set()),
        ("none", "close", None, set()),
        ("other_authority", "transfer", "other_authority", set()),
        ("assessment", "stay", None, set()),
        (None, "transfer", None, {"next_team"}),
    ],
)
def test_a_fact_can_name_the_team(next_team: str | None, outcome: str, team: str | None, open_facts: set[str]) -> None:
    found = answer("from: any, transfer_to: {team: {fact: next_team}}", next_team=next_team)
    assert (found.outcome, found.team) == (outcome, team)
    assert open_facts <= found.open_facts <= open_facts | {"current_team"}


def test_a_transfer_to_the_team_that_holds_the_case_is_a_stay() -> None:
    assert answer("from: any, transfer_to: assessment").outcome == "stay"


def test_a_transfer_to_another_role_in_the_team_is_a_transfer() -> None:
    found = answer("from: any, transfer_to: {team: assessment, role: personal_adviser}")
    assert (found.outcome, found.team, found.role) == ("transfer", "assessment", "personal_adviser")


def test_a_transfer_to_another_role_does_not_ask_who_holds_the_case() -> None:
    assert answer("from: any, transfer_to: {team: assessment, role: personal_adviser}", current_team=None).open_facts == frozenset()


AREA = "from: any, transfer_to: {team: permanence, area: {fact: where}}"


@pytest.mark.parametrize(
    ("here", "where", "outcome", "open_facts"),
    [
        ("north", "north", "stay", set()),
        ("north", "south", "transfer", set()),
        ("north", None, "transfer", {"where"}),
        (None, "south", "transfer", {"current_team_area"}),
        (None, None, "transfer", {"where", "current_team_area"}),
    ],
)
def test_a_transfer_within_a_team_depends_on_the_area(here: str | None, where: str | None, outcome: str, open_facts: set[str]) -> None:
    found = answer(AREA, current_team="permanence", current_team_area=here, where=where)
    assert (found.outcome, found.open_facts) == (outcome, open_facts)


def test_a_transfer_to_another_team_leaves_an_unknown_area_open_and_asks_for_nothing() -> None:
    found = answer(AREA, current_team="assessment")
    assert (found.outcome, found.team, found.area, found.open_facts) == ("transfer", "permanence", None, frozenset())


def test_a_transfer_from_an_unknown_team_may_turn_out_to_be_a_stay() -> None:
    assert answer("from: any, transfer_to: court", current_team=None).open_facts == {"current_team"}


def test_a_transfer_from_an_unknown_team_to_an_area_may_hang_on_the_areas_too() -> None:
    assert answer(AREA, current_team=None).open_facts == {"current_team", "current_team_area", "where"}


def test_a_transfer_to_an_area_where_the_case_is_not_is_a_transfer_whoever_holds_it() -> None:
    assert answer(AREA, current_team=None, current_team_area="north", where="south").open_facts == frozenset()


def test_nobody_to_nobody_is_a_stay() -> None:
    assert answer("from: any, transfer_to: {team: {fact: next_team}}", current_team="none", next_team="none").outcome == "stay"


# --- people decide

ASK = "from: any, people_decide: {who: managers, question: which?, between: [court, stay], settled_by: keeper}"
ASK_DATED = f"{ASK}, transfer_point: {{on: a_on}}, deadline: {{on: b_on}}"


def test_until_it_is_recorded_people_decide() -> None:
    found = answer(ASK)
    assert (found.outcome, found.open_facts) == ("people_decide", frozenset())
    assert found.asks is not None
    assert found.asks.who == "managers"


def test_a_recorded_team_takes_the_rules_transfer_point_and_deadline() -> None:
    found = answer(ASK_DATED, a_on=TENTH, b_on=TENTH, decisions={"keeper": {"decided": "permanence", "area": "south"}})
    assert (found.outcome, found.team, found.area, found.point, found.deadline) == ("transfer", "permanence", "south", dated(TENTH), dated(TENTH))


@pytest.mark.parametrize(
    ("word", "outcome"), [("stay", "stay"), ("assessment", "stay"), ("close", "close"), ("none", "close"), ("court", "transfer")]
)
def test_a_recorded_decision_governs(word: str, outcome: str) -> None:
    assert answer(ASK, decisions={"keeper": word}).outcome == outcome


def test_a_recorded_move_to_another_area_of_the_same_team_is_a_transfer() -> None:
    given: dict[str, Any] = {"current_team": "permanence", "current_team_area": "north"}
    assert answer(ASK, decisions={"keeper": {"decided": "permanence", "area": "south"}}, **given).outcome == "transfer"
    assert answer(ASK, decisions={"keeper": {"decided": "permanence", "area": "north"}}, **given).outcome == "stay"


def test_a_recorded_team_may_be_the_one_that_holds_the_case_where_that_is_unknown() -> None:
    found = answer(ASK, current_team=None, decisions={"keeper": "court"})
    assert (found.outcome, found.open_facts) == ("transfer", {"current_team"})


VALID = ASK.replace("settled_by: keeper", "settled_by: keeper, valid: {on_or_after: a_on, before: 2026-04-20}")


@pytest.mark.parametrize(
    ("on", "outcome"), [("2026-04-09", "people_decide"), ("2026-04-10", "transfer"), ("2026-04-19", "transfer"), ("2026-04-20", "people_decide")]
)
def test_a_decision_counts_only_when_taken_on_a_valid_day(on: str, outcome: str) -> None:
    found = answer(VALID, a_on=TENTH, decisions={"keeper": {"decided": "court", "on": on}})
    assert (found.outcome, found.open_facts) == (outcome, frozenset())


def test_a_decision_without_its_day_does_not_count_where_the_day_matters() -> None:
    found = answer(VALID, a_on=TENTH, decisions={"keeper": "court"})
    assert (found.outcome, found.open_facts) == ("people_decide", frozenset())


def test_while_the_valid_days_are_unknown_so_is_whether_the_question_is_settled() -> None:
    found = answer(VALID, decisions={"keeper": {"decided": "court", "on": "2026-04-10"}})
    assert (found.outcome, found.open_facts) == ("people_decide", {"a_on"})


def test_while_the_valid_days_are_unknown_what_would_be_decided_counts_too() -> None:
    found = answer(VALID, current_team=None, decisions={"keeper": {"decided": "court", "on": "2026-04-10"}})
    assert found.open_facts == {"a_on", "current_team"}


def test_the_valid_days_may_count_from_the_move() -> None:
    written = ASK_DATED.replace("settled_by: keeper", "settled_by: keeper, valid: {before: handover}")
    given: dict[str, Any] = {"a_on": TENTH, "b_on": TENTH, "agreed_transfer_on": "not_yet"}
    for on, outcome in (("2026-04-09", "transfer"), ("2026-04-10", "people_decide")):
        assert answer(written, decisions={"keeper": {"decided": "court", "on": on}}, **given).outcome == outcome


def test_the_facts_behind_the_move_keep_a_decision_open_that_must_be_taken_before_it() -> None:
    written = ASK_DATED.replace("settled_by: keeper", "settled_by: keeper, valid: {before: handover}")
    found = answer(written, decisions={"keeper": {"decided": "court", "on": "2026-04-09"}})
    assert (found.outcome, found.open_facts) == ("people_decide", {"a_on", "b_on", "agreed_transfer_on"})


@pytest.mark.parametrize("bounds", ["before: handover", "on_or_after: a_on, before: handover"])
def test_an_agreed_date_that_nobody_recorded_leaves_it_open_whether_a_decision_came_before_the_handover(bounds: str) -> None:
    recorded = {"keeper": {"decided": "court", "on": "2026-04-09"}}
    with_days, without_days = (written.replace("settled_by: keeper", f"settled_by: keeper, valid: {{{bounds}}}") for written in (ASK_DATED, ASK))
    for written in (with_days, without_days):
        found = answer(written, a_on=date(2026, 4, 1), b_on=TENTH, decisions=recorded)
        assert (found.outcome, found.open_facts) == ("people_decide", {"agreed_transfer_on"})


def test_settling_says_stay_close_or_a_team() -> None:
    rule = policy_of(rule_text(ASK)).rules["r"]
    assert [settled(rule, word, None, bound()).outcome for word in ("stay", "close", "court", "assessment")] == ["stay", "close", "transfer", "stay"]


# --- which rules stand

A_OVER_B = """
  - {id: a, from: any, when: {fact: flag, is: yes}, transfer_to: court, overrides: [b]}
  - {id: b, from: any, transfer_to: permanence}
"""


@pytest.mark.parametrize(("flag", "certain", "possible"), [(True, ["a"], []), (False, ["b"], []), (None, [], ["a", "b"])])
def test_a_matching_rule_defeats_what_it_overrides(flag: bool | None, certain: list[str], possible: list[str]) -> None:
    found = standing(A_OVER_B, flag=flag)
    assert (names(found.certain), names(found.possible)) == (certain, possible)


def test_what_keeps_the_overriding_rule_open_keeps_both_open() -> None:
    assert standing(A_OVER_B).unknown == {"flag"}


CHAIN = """
  - {id: a, from: any, when: {fact: flag, is: yes}, transfer_to: court, overrides: [b]}
  - {id: b, from: any, when: {fact: other_flag, is: yes}, transfer_to: permanence, overrides: [c]}
  - {id: c, from: any, transfer_to: early_help}
"""


def test_a_defeated_rule_still_defeats() -> None:
    assert names(standing(CHAIN, flag=True, other_flag=True).certain) == ["a"]


def test_overriding_is_not_transitive() -> None:
    assert names(standing(CHAIN, flag=True, other_flag=False).certain) == ["a", "c"]


def test_a_rule_that_is_defeated_for_certain_is_not_asked_about_for_itself() -> None:
    # `a` defeats `b`; whether `b` matches matters only because it would defeat `c`.
    found = standing(CHAIN, flag=True)
    assert (names(found.certain), names(found.possible), found.unknown) == (["a"], ["c"], {"other_flag"})


def test_a_group_is_overridden_whole() -> None:
    rules = """
  - {id: special, from: any, transfer_to: court, overrides: [{group: routine}]}
  - {id: one, group: routine, from: any, transfer_to: permanence}
  - {id: two, group: routine, from: any, transfer_to: early_help}
"""
    assert names(standing(rules).certain) == ["special"]


def test_a_rule_does_not_override_itself_through_its_own_group() -> None:
    rules = """
  - {id: special, group: routine, from: any, transfer_to: court, overrides: [{group: routine}]}
  - {id: one, group: routine, from: any, transfer_to: permanence}
"""
    assert names(standing(rules).certain) == ["special"]


def test_a_rule_that_is_off_neither_stands_nor_defeats() -> None:
    rules = """
  - {id: a, off: true, from: any, transfer_to: court, overrides: [b]}
  - {id: b, from: any, transfer_to: permanence}
  - {id: c, from: any, transfer_to: permanence, overrides: [a]}
"""
    assert names(standing(rules).certain) == ["b", "c"]


YIELDING = """
  - {id: explains, from: any, stay: {yields: true}}
  - {id: moves, from: any, when: {fact: flag, is: yes}, transfer_to: court}
"""


@pytest.mark.parametrize(("flag", "certain", "possible"), [(True, ["moves"], []), (False, ["explains"], []), (None, ["explains"], ["moves"])])
def test_a_hold_that_only_explains_gives_way(flag: bool | None, certain: list[str], possible: list[str]) -> None:
    found = standing(YIELDING, flag=flag)
    assert (names(found.certain), names(found.possible)) == (certain, possible)


def test_a_hold_that_only_explains_is_not_asked_about() -> None:
    found = standing("  - {id: explains, from: any, when: {fact: flag, is: yes}, stay: {yields: true}}")
    assert (found.certain, found.possible, found.unknown) == ((), (), frozenset())


def test_what_a_rule_looks_at_that_is_certain_to_match_is_not_asked_for() -> None:
    rules = """
  - {id: held, from: any, stay: {until: {latest_of: [{on: a_on}, {on: b_on}]}}}
  - {id: moves, from: any, when: {fact: flag, is: yes}, transfer_to: court, overrides: [held]}
"""
    found = standing(rules, a_on=TENTH)
    assert (found.matches, found.unknown) == ({"held": True, "moves": None}, {"flag"})


def test_a_rule_that_is_certain_not_to_match_is_not_heard() -> None:
    policy = policy_of(f"rules:\n{A_OVER_B}")
    assert Hearing(policy, bind(policy, case(flag=False))).live == ("b",)
    assert Hearing(policy, bind(policy, case())).live == ("a", "b")


def test_a_rule_that_one_way_of_filling_in_rules_out_says_nothing_in_it() -> None:
    rules = """
  - {id: a, from: court, when: {fact: flag, is: yes}, transfer_to: court, overrides: [c]}
  - {id: b, from: any, when: {fact: other_flag, is: yes}, transfer_to: permanence, overrides: [c]}
  - {id: c, from: any, transfer_to: early_help}
"""
    policy = policy_of(f"rules:\n{rules}")
    hearing = Hearing(policy, bind(policy, case(current_team=None)))
    found = hearing.standing(bind(policy, case(current_team=None, flag=False)))
    assert (names(found.possible), found.matches, found.unknown) == (["b", "c"], {"b": None, "c": True}, {"other_flag"})


# --- whether two rules agree


def agreed(one: str, other: str, **given: Any) -> bool | None:
    return agree(answer(one, **given), answer(other, **given))


TO_COURT = "from: any, transfer_to: court"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (TO_COURT, True),
        ("from: any, transfer_to: permanence", False),
        ("from: any, transfer_to: {team: court, role: adviser}", False),
        ("from: any, close: true", False),
        ("from: any, stay: true", False),
        (ASK, False),
    ],
)
def test_rules_agree_when_outcome_team_and_role_are_the_same(other: str, expected: bool) -> None:
    assert agreed(TO_COURT, other) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("{on: a_on}", "{on: b_on}", True),  # the same day
        ("{on: a_on}", "{on: c_on}", False),
        ("{on: a_on}", "{none: no number}", True),
        ("{at_once: true}", "{at_once: true}", True),
        ("{at_once: true}", "{on: a_on}", False),
    ],
)
def test_rules_agree_when_the_deadline_is_the_same_or_one_has_none(one: str, other: str, expected: bool) -> None:
    given = {"a_on": TENTH, "b_on": TENTH, "c_on": date(2026, 4, 11)}
    assert agreed(f"{TO_COURT}, deadline: {one}", f"{TO_COURT}, deadline: {other}", **given) is expected


def test_a_day_and_a_moment_of_it_are_two_deadlines() -> None:
    one, other = f"{TO_COURT}, deadline: {{on: a_on}}", f"{TO_COURT}, deadline: {{on: seen_at}}"
    assert agreed(one, other, a_on=TENTH, seen_at=datetime(2026, 4, 10, 9, 0, tzinfo=UTC)) is False


def test_two_awaited_deadlines_agree_unless_they_are_known_not_to_come_before_different_days() -> None:
    bar = "{{latest_of: [{{on: {0}}}, {{on: c_on}}]}}"
    one, other = (f"{TO_COURT}, deadline: {bar.format(fact)}" for fact in ("a_on", "b_on"))
    assert agreed(one, other, a_on="not_yet", b_on="not_yet", c_on="not_yet") is True
    assert agreed(one, other, a_on=TENTH, b_on=date(2026, 4, 11), c_on="not_yet") is False


def test_rules_with_the_same_open_deadline_agree() -> None:
    assert agreed(f"{TO_COURT}, deadline: {{on: a_on}}", f"{TO_COURT}, deadline: {{on: a_on}}") is True


def test_it_is_unknown_whether_two_open_deadlines_agree() -> None:
    assert agreed(f"{TO_COURT}, deadline: {{on: a_on}}", f"{TO_COURT}, deadline: {{on: b_on}}", a_on=TENTH) is None


def test_it_is_unknown_whether_an_answer_that_a_fact_leaves_open_agrees() -> None:
    assert agreed(TO_COURT, "from: any, transfer_to: {team: {fact: next_team}}") is None
    assert agreed("from: any, transfer_to: {team: {fact: next_team}}", TO_COURT) is None


def test_all_stays_agree_whatever_their_days() -> None:
    assert agreed(HOLD, "from: any, stay: {until: {on: b_on}}", a_on=TENTH, b_on=date(2026, 4, 11)) is True


def test_two_questions_agree_when_one_decision_settles_both() -> None:
    open_ended = "from: any, people_decide: {who: managers, question: which?, between: [court, stay]}"
    assert agreed(ASK, ASK) is True
    assert agreed(ASK, open_ended) is False
    assert agreed(open_ended, open_ended) is False


# --- the days of a move


@pytest.mark.parametrize(
    ("agreed_on", "deadline", "point", "handover"),
    [
        (date(2026, 4, 5), dated(TENTH), dated(date(2026, 4, 8)), dated(date(2026, 4, 5))),
        ("not_yet", dated(TENTH), dated(date(2026, 4, 8)), dated(TENTH)),
        (None, dated(TENTH), dated(date(2026, 4, 8)), dated(TENTH)),
        (None, AWAITING, dated(date(2026, 4, 8)), dated(date(2026, 4, 8))),
        (None, AWAITING, NO_DATE, AWAITING),
        (None, NO_DATE, OPEN, OPEN),
        (None, NO_DATE, NO_DATE, NO_DATE),
    ],
)
def test_the_handover_is_the_agreed_date_else_the_deadline_else_the_transfer_point(
    agreed_on: object, deadline: Due, point: Due, handover: Due
) -> None:  # fmt: skip
    moves = moves_of(bound(agreed_transfer_on=agreed_on), point, deadline)
    assert moves == {"transfer_point": point, "deadline": deadline, "handover": handover}

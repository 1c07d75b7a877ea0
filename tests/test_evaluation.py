"""What the standing rules say together: outcome, team, deadline, what is missing, and every row of the table of interactions met on paper.

Unless a test says otherwise the assessment team holds the case and it is Wednesday 1 April 2026.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest

from tests.packs_for_tests import because, case, decide, duties, duty, outstanding, policy_of, warned
from transfer_rules import completion
from transfer_rules.checklists import Outcome
from transfer_rules.decision import Candidate, Deadline, Decision
from transfer_rules.evaluation import evaluate, evaluate_to_compare, examine, possible_duties, with_unstated
from transfer_rules.policy import compile_pack
from transfer_rules.snapshots import decision_to_json

BST = timezone(timedelta(hours=1))
NINTH, TENTH, ELEVENTH = date(2026, 4, 9), date(2026, 4, 10), date(2026, 4, 11)
KEEPER = "decisions: {keeper: {label: who keeps the case}}\n"


def rules(*written: str) -> str:
    return "rules:\n" + "\n".join(f"  - {{{one}}}" for one in written)


def decided(*written: str, head: str = "", tail: str = "", as_of: Any = "2026-04-01", **given: Any) -> Decision:
    """Return the decision on a case of a pack with these rules."""
    return decide("\n".join(one for one in (head, rules(*written), tail) if one), case(as_of, **given))


def team(decision: Decision) -> str | None:
    return None if decision.receiving_team is None else decision.receiving_team.team


def said(decision: Decision) -> tuple[Outcome, str]:
    return decision.outcome, decision.certainty


def deadline(decision: Decision) -> Deadline:
    assert decision.deadline is not None
    return decision.deadline


def in_play(decision: Decision) -> set[tuple[str, str | None]]:
    return {(candidate.outcome, candidate.team) for candidate in decision.candidates}


TO_COURT = "id: to_court, from: any, transfer_to: court"
TO_PERMANENCE = "id: to_permanence, from: any, transfer_to: permanence"
IF_FLAG = "when: {fact: flag, is: yes}"
IF_OTHER = "when: {fact: other_flag, is: yes}"


# --- the outcomes


def test_where_no_rule_speaks_the_case_stays_in_silence_and_cites_why() -> None:
    decision = decided(f"{TO_COURT}, {IF_FLAG}", flag=False)
    assert (*said(decision), decision.silent) == ("stay", "decided", True)
    assert [(reason.rule, reason.label, reason.clauses) for reason in decision.reasons] == [
        ("otherwise", "no criterion is met, so the case stays", ("MAR-1.2",))
    ]
    assert decision.deadline is None
    assert decision.receiving_team is None


def test_a_rule_moves_the_case_to_a_team_and_an_area_of_it() -> None:
    decision = decided("id: r, from: any, transfer_to: {team: permanence, area: {fact: where}}", where="north")
    assert said(decision) == ("transfer", "decided")
    found = decision.receiving_team
    assert found is not None
    assert (found.team, found.label, found.area, found.area_label, found.role) == ("permanence", "Permanence Team", "north", "North", None)


def test_the_area_may_stay_open_while_the_team_is_decided() -> None:
    decision = decided("id: r, from: any, transfer_to: {team: permanence, area: {fact: where}}")
    assert (*said(decision), team(decision), decision.missing) == ("transfer", "decided", "permanence", ())
    assert decision.receiving_team is not None
    assert decision.receiving_team.area is None


def test_a_rule_closes_the_case() -> None:
    decision = decided("id: r, from: any, close: true, deadline: {on: a_on}", a_on=TENTH)
    assert (*said(decision), team(decision), deadline(decision).on) == ("close", "decided", None, TENTH)


def test_a_rule_that_says_stay_is_no_silence() -> None:
    decision = decided("id: r, from: any, stay: true")
    assert (*said(decision), decision.silent, because(decision)) == ("stay", "decided", False, ["r"])


def test_a_move_outside_social_care_is_a_transfer() -> None:
    assert team(decided("id: r, from: any, transfer_to: early_help")) == "early_help"


def test_another_authority_can_receive_a_case() -> None:
    decision = decided("id: r, from: any, transfer_to: other_authority")
    assert decision.receiving_team is not None
    assert decision.receiving_team.label == "another authority"


def test_a_reason_shows_clauses_the_facts_used_and_its_place_in_the_pack() -> None:
    decision = decided(
        f"id: r, clauses: [MAR-4.6a], label: the rule, from: any, {IF_FLAG}, transfer_to: court, deadline: {{on: a_on}}", flag=True, a_on=TENTH
    )
    [reason] = decision.reasons
    assert (reason.rule, reason.label, reason.clauses) == ("r", "the rule", ("MAR-4.6a",))
    assert reason.values == (("a_on", TENTH), ("current_team", "assessment"), ("flag", True))
    assert reason.place is not None
    assert reason.place.startswith("marlshire.yaml:")


def test_a_decision_names_pack_edition_calendar_and_library() -> None:
    identity = decided(TO_COURT).identity
    policy = policy_of(rules(TO_COURT))
    assert (identity.pack, identity.edition, identity.digest) == ("marlshire_council", "3.1", policy.pack.digest)
    assert (identity.calendar, identity.calendar_digest, identity.horizon) == ("england", policy.calendar.digest, date(2040, 12, 31))
    assert identity.schema == 1


def test_the_same_case_gets_the_same_decision_in_the_same_bytes() -> None:
    policy, snapshot = policy_of(rules(f"{TO_COURT}, {IF_FLAG}")), case()
    assert decision_to_json(evaluate(policy, snapshot)) == decision_to_json(evaluate(policy, snapshot))


def test_the_order_of_the_rules_means_nothing() -> None:
    written = [
        f"id: a, from: any, {IF_FLAG}, transfer_to: court, deadline: {{on: a_on}}",
        "id: b, from: any, transfer_to: court, transfer_point: {on: b_on}",
        "id: c, from: any, stay: {yields: true}",
        f"id: d, from: any, {IF_OTHER}, transfer_to: permanence",
    ]
    decisions = [decided(*order, flag=True, a_on=TENTH, b_on=NINTH, other_flag=False) for order in permutations(written)]
    first = decisions[0]
    assert all(
        (one.outcome, one.deadline, one.transfer_point, because(one)) == (first.outcome, first.deadline, first.transfer_point, ["a", "b"])
        for one in decisions
    )


def test_a_fact_that_no_part_of_the_pack_reads_changes_nothing() -> None:
    assert decided(TO_COURT) == decided(TO_COURT, opinion=True, visits=7)


# --- the receiving team


def test_a_move_to_the_team_that_holds_the_case_is_a_stay() -> None:
    assert said(decided("id: r, from: any, transfer_to: assessment")) == ("stay", "decided")


def test_a_move_to_another_area_of_the_same_team_is_a_transfer() -> None:
    decision = decided("id: r, from: any, transfer_to: {team: permanence, area: north}", current_team="permanence", current_team_area="south")
    assert (decision.outcome, team(decision)) == ("transfer", "permanence")


def test_a_move_to_another_role_in_the_same_team_is_a_transfer() -> None:
    decision = decided("id: r, from: any, transfer_to: {team: assessment, role: personal_adviser}")
    assert decision.outcome == "transfer"
    assert decision.receiving_team is not None
    assert decision.receiving_team.role == "personal_adviser"


@pytest.mark.parametrize(("next_team", "outcome", "name"), [("court", "transfer", "court"), ("none", "close", None), ("assessment", "stay", None)])
def test_a_fact_that_names_the_team_decides_the_outcome(next_team: str, outcome: str, name: str | None) -> None:
    decision = decided("id: r, from: any, transfer_to: {team: {fact: next_team}}", next_team=next_team)
    assert (*said(decision), team(decision)) == (outcome, "decided", name)


def test_an_unknown_fact_that_names_the_team_leaves_the_outcome_undetermined() -> None:
    decision = decided("id: r, from: any, transfer_to: {team: {fact: next_team}}")
    assert (*said(decision), decision.missing) == ("undetermined", "provisional", ("next_team",))
    teams = {"permanence", "court", "early_help", "other_authority"}
    assert in_play(decision) == {("stay", None), ("close", None), *(("transfer", team) for team in teams)}


def test_an_unknown_holder_leaves_a_transfer_from_any_team_undetermined() -> None:
    decision = decided(TO_COURT, current_team=None)
    assert (*said(decision), decision.missing) == ("undetermined", "provisional", ("current_team",))
    assert in_play(decision) == {("transfer", "court"), ("stay", None)}


def test_an_unknown_area_of_the_same_team_leaves_the_outcome_undetermined() -> None:
    decision = decided("id: r, from: any, transfer_to: {team: permanence, area: {fact: where}}", current_team="permanence", current_team_area="north")
    assert (decision.outcome, decision.missing) == ("undetermined", ("where",))


def test_an_unknown_holder_asks_for_the_areas_on_which_a_stay_may_hang() -> None:
    decision = decided("id: r, from: any, transfer_to: {team: permanence, area: {fact: where}}", current_team=None)
    assert decision.missing == ("current_team", "current_team_area", "where")


# --- the transfer point


@pytest.mark.parametrize(
    ("a_on", "on", "state"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), "happened"),
        (date(2026, 4, 2), date(2026, 4, 2), "planned"),
        ("not_yet", None, "awaited"),
        ("happened", None, "happened"),
        (None, None, "unknown"),
    ],
)
def test_the_transfer_point_has_happened_is_planned_awaited_or_unknown(a_on: object, on: date | None, state: str) -> None:
    decision = decided(f"{TO_COURT}, transfer_point: {{on: a_on}}", a_on=a_on)
    assert said(decision) == ("transfer", "decided")
    assert decision.transfer_point is not None
    assert (decision.transfer_point.event, decision.transfer_point.on, decision.transfer_point.state) == ("a_on", on, state)


@pytest.mark.parametrize(
    ("point", "state"),
    [
        ("{days: 12, after: a_on}", "unknown"),
        ("{latest_of: [{on: a_on}, {days: 12, after: a_on}]}", "unknown"),
        ("{days: 12, before: a_on}", "happened"),
        ("{soonest_of: [{on: a_on}, {on: b_on}]}", "happened"),
    ],
)
def test_what_counts_on_from_an_event_of_an_unknown_day_has_not_happened_with_it(point: str, state: str) -> None:
    """Found by the judge's campaign: the event has happened, but twelve days after it may be still to come."""
    decision = decided(f"{TO_COURT}, transfer_point: {point}", a_on="happened", b_on=date(2026, 4, 20))
    assert decision.transfer_point is not None
    assert (decision.transfer_point.on, decision.transfer_point.state) == (None, state)


def test_a_transfer_without_a_transfer_point_has_none() -> None:
    assert decided(TO_COURT).transfer_point is None


def test_a_transfer_point_that_does_not_apply_is_none() -> None:
    assert decided(f"{TO_COURT}, transfer_point: {{on: a_on, {IF_FLAG}}}", a_on=TENTH, flag=False).transfer_point is None


@pytest.mark.parametrize(("minute", "state"), [(59, "planned"), (0, "happened")])
def test_a_transfer_point_at_a_moment_happens_by_the_clock(minute: int, state: str) -> None:
    as_of = datetime(2026, 4, 1, 11 if minute else 12, minute, tzinfo=UTC)
    decision = decided(f"{TO_COURT}, transfer_point: {{on: seen_at}}", as_of=as_of, seen_at=datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
    assert decision.transfer_point is not None
    assert decision.transfer_point.state == state


def test_a_transfer_point_at_a_moment_is_shown_in_london_time() -> None:
    decision = decided(f"{TO_COURT}, transfer_point: {{on: seen_at}}", seen_at=datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
    assert decision.transfer_point is not None
    assert isinstance(decision.transfer_point.on, datetime)
    assert decision.transfer_point.on.isoformat() == "2026-04-01T13:00:00+01:00"


@pytest.mark.parametrize(
    ("point", "event"),
    [
        ("{birthday: 18}", "birthday_18"),
        ("{use: hearing_or_review}", "hearing_or_review"),
        ("{use: hearing}", "a_on"),
        ("{use: coming_of_age}", "birthday_18"),
        ("{soonest_of: [{on: b_on}, {on: a_on}]}", "a_on, b_on"),
        ("{on: a_on, when: {fact: flag, is: yes}}", "a_on"),
        ("{on: b_on, when: {fact: flag, is: yes}, otherwise: {on: a_on}}", "b_on"),
        ("{on: b_on, when: {fact: flag, is: no}, otherwise: {on: a_on}}", "a_on"),
        ("{on: b_on, when: {fact: other_flag, is: no}, otherwise: {on: a_on}}", "a_on, b_on, other_flag"),
        ("{on: a_on, failing_that: {on: b_on}}", "a_on"),
        ("{on: c_on, failing_that: {on: b_on}}", "b_on"),
        ("{days: 3, after: a_on}", "a_on"),
    ],
)
def test_the_transfer_point_says_which_event_it_is(point: str, event: str) -> None:
    head = """definitions:
  hearing: {timescale: {on: a_on}}
  coming_of_age: {timescale: {birthday: 18}}
  hearing_or_review: {timescale: {soonest_of: [{on: a_on}, {on: b_on}]}}"""
    decision = decided(
        f"{TO_COURT}, transfer_point: {point}", head=head, flag=True, a_on=TENTH, b_on=ELEVENTH, c_on="not_yet", date_of_birth=date(2008, 4, 2)
    )
    assert decision.transfer_point is not None
    assert decision.transfer_point.event == event


def test_a_transfer_at_once_has_reached_its_point() -> None:
    decision = decided(f"{TO_COURT}, transfer_point: {{at_once: true}}")
    assert decision.transfer_point is not None
    assert (decision.transfer_point.on, decision.transfer_point.state) == (None, "happened")


def test_a_transfer_point_past_the_calendar_is_planned() -> None:
    decision = decided(f"{TO_COURT}, transfer_point: {{working_days: 5000, after: a_on}}", a_on=TENTH)
    assert decision.transfer_point is not None
    assert (decision.transfer_point.on, decision.transfer_point.state) == (None, "planned")


# --- the deadline


@pytest.mark.parametrize(
    ("written", "state", "on"),
    [
        ("{on: a_on}", "firm", TENTH),
        ("{soonest_of: [{on: a_on}, {on: b_on}]}", "no_later_than", TENTH),
        ("{on: b_on}", "awaiting", None),
        ("{at_once: true}", "at_once", None),
        ("{none: the procedure gives no number}", "not_stated", None),
        ("{working_days: 1, after: 2030-04-01}", "unproclaimed", date(2030, 4, 2)),
        ("{working_days: 1, after: 2041-04-01}", "past_horizon", None),
    ],
)
def test_a_deadline_has_a_state(written: str, state: str, on: date | None) -> None:
    decision = decided(f"{TO_COURT}, deadline: {written}", a_on=TENTH, b_on="not_yet")
    assert said(decision) == ("transfer", "decided")
    assert (deadline(decision).state, deadline(decision).on) == (state, on)


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("{on: b_on}", "the event that it counts from has no date yet"),
        ("{on: c_on}", "a fact that it counts from is not known"),
        ("{none: the procedure gives no number}", "the procedure gives no number"),
        ("{working_days: 1, after: 2041-04-01}", "the calendar does not reach so far"),
        ("{on: a_on}", ""),
    ],
)
def test_a_deadline_without_a_date_says_why(written: str, note: str) -> None:
    assert deadline(decided(f"{TO_COURT}, deadline: {written}", a_on=TENTH, b_on="not_yet")).note == note


def test_a_transfer_without_a_deadline_states_none() -> None:
    assert deadline(decided(TO_COURT)).state == "not_stated"


@pytest.mark.parametrize(("as_of", "overdue"), [("2026-04-10", False), ("2026-04-11", True)])
def test_a_deadline_is_missed_the_day_after_it(as_of: str, overdue: bool) -> None:
    assert deadline(decided(f"{TO_COURT}, deadline: {{on: a_on}}", as_of=as_of, a_on=TENTH)).overdue is overdue


@pytest.mark.parametrize(("minute", "overdue"), [(0, False), (1, True)])
def test_a_deadline_in_hours_is_missed_by_the_clock(minute: int, overdue: bool) -> None:
    as_of = datetime(2026, 4, 2, 12, minute, tzinfo=UTC)
    decision = decided(f"{TO_COURT}, deadline: {{hours: 24, after: seen_at}}", as_of=as_of, seen_at=datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
    assert deadline(decision).overdue is overdue


def test_a_deadline_in_hours_is_an_aware_moment_in_london_time() -> None:
    on = deadline(decided(f"{TO_COURT}, deadline: {{hours: 24, after: seen_at}}", seen_at=datetime(2026, 4, 1, 12, 0, tzinfo=UTC))).on
    assert isinstance(on, datetime)
    assert on.isoformat() == "2026-04-02T13:00:00+01:00"


def test_a_deadline_that_is_only_a_bound_can_be_overdue_too() -> None:
    decision = decided(f"{TO_COURT}, deadline: {{soonest_of: [{{on: a_on}}, {{on: b_on}}]}}", as_of="2026-04-11", a_on=TENTH)
    assert (said(decision), deadline(decision).state, deadline(decision).overdue) == (("transfer", "provisional"), "no_later_than", True)


def test_an_unknown_date_leaves_the_deadline_provisional() -> None:
    decision = decided(f"{TO_COURT}, deadline: {{working_days: 8, after: a_on}}")
    assert (*said(decision), deadline(decision).state, deadline(decision).on, decision.missing) == (
        "transfer",
        "provisional",
        "awaiting",
        None,
        ("a_on",),
    )


def test_an_event_without_its_day_leaves_the_deadline_no_later_than_from_today() -> None:
    decision = decided(f"{TO_COURT}, deadline: {{working_days: 1, after: a_on}}", as_of="2026-04-02", a_on="happened")
    assert (*said(decision), deadline(decision).state, deadline(decision).on) == ("transfer", "provisional", "no_later_than", date(2026, 4, 7))
    assert decision.missing == ("a_on",)


def test_a_bound_that_was_counted_past_the_proclaimed_years_says_so_in_a_warning() -> None:
    written = "{soonest_of: [{working_days: 1, after: 2030-04-01}, {on: b_on}]}"
    decision = decided(f"{TO_COURT}, deadline: {written}", b_on="not_yet")
    assert (deadline(decision).state, warned(decision)) == ("no_later_than", ["unproclaimed"])


# --- what is missing


def test_what_could_bring_another_outcome_is_missing() -> None:
    decision = decided(f"{TO_COURT}, {IF_FLAG}")
    assert (*said(decision), decision.missing) == ("undetermined", "provisional", ("flag",))
    assert decision.candidates == (Candidate("stay"), Candidate("transfer", "court", "Court Team", None, ("to_court",)))


def test_what_could_bring_another_team_is_missing() -> None:
    decision = decided(f"{TO_COURT}, {IF_FLAG}, overrides: [to_permanence]", TO_PERMANENCE)
    assert (decision.outcome, decision.missing, in_play(decision)) == ("undetermined", ("flag",), {("transfer", "court"), ("transfer", "permanence")})


def test_what_could_bring_another_deadline_is_missing() -> None:
    one = f"id: one, from: any, {IF_FLAG}, transfer_to: court, deadline: {{on: a_on}}"
    decision = decided(one, TO_COURT, a_on=TENTH)
    assert (*said(decision), deadline(decision).state, decision.missing) == ("transfer", "provisional", "awaiting", ("flag",))
    assert deadline(decision).no_earlier_than == TENTH


def test_what_could_bring_the_same_deadline_again_is_not_missing() -> None:
    one = f"id: one, from: any, {IF_FLAG}, transfer_to: court, deadline: {{on: a_on}}"
    decision = decided(one, f"{TO_COURT}, deadline: {{on: b_on}}", a_on=TENTH, b_on=TENTH)
    assert (*said(decision), decision.missing) == ("transfer", "decided", ())


def test_what_could_make_a_firm_date_a_bound_is_missing() -> None:
    one = f"id: one, from: any, {IF_FLAG}, transfer_to: court, deadline: {{soonest_of: [{{on: a_on}}, {{on: c_on}}]}}"
    decision = decided(one, f"{TO_COURT}, deadline: {{on: b_on}}", a_on=TENTH, b_on=TENTH, c_on="not_yet")
    assert (*said(decision), decision.missing) == ("transfer", "provisional", ("flag",))


def test_what_could_bring_another_item_is_missing() -> None:
    tail = "checklists: {handover: {applies: {rules: [one]}, items: [{id: note, label: Note}]}}"
    decision = decided(f"id: one, from: any, {IF_FLAG}, transfer_to: court", TO_COURT, tail=tail)
    assert (*said(decision), decision.missing, decision.required, outstanding(decision)) == (
        "transfer",
        "provisional",
        ("flag",),
        (),
        {"note": "cannot_tell"},
    )


def test_what_could_keep_an_item_away_is_missing_whatever_rule_may_stand_besides() -> None:
    # If the flag is up both lists want the item; if it is not, only the second could, and only while the other flag is up.
    tail = """checklists:
  first: {applies: {rules: [one]}, items: [{id: note, label: Note}]}
  second: {applies: {when: {fact: other_flag, is: yes}}, items: [note]}"""
    decision = decided(f"id: one, from: any, {IF_FLAG}, transfer_to: court", TO_COURT, tail=tail)
    assert (decision.certainty, decision.missing) == ("provisional", ("flag", "other_flag"))


def test_a_rule_that_may_stand_but_says_the_same_is_not_asked_about() -> None:
    assert said(decided(f"id: one, from: any, {IF_FLAG}, transfer_to: court", TO_COURT)) == ("transfer", "decided")


def test_a_rule_that_cannot_match_is_not_asked_about() -> None:
    decision = decided(f"id: one, from: court, {IF_FLAG}, transfer_to: permanence", TO_COURT)
    assert (*said(decision), decision.missing) == ("transfer", "decided", ())


def test_what_a_rule_that_is_surely_overridden_looks_at_is_not_missing() -> None:
    decision = decided("id: special, from: any, transfer_to: court, overrides: [one]", f"id: one, from: any, {IF_FLAG}, transfer_to: permanence")
    assert (*said(decision), decision.missing) == ("transfer", "decided", ())


def test_two_rules_that_may_stand_and_would_clash_leave_the_outcome_open() -> None:
    # Each alone agrees with the rule that has no date; together they would disagree.
    decision = decided(
        TO_COURT,
        f"id: one, from: any, {IF_FLAG}, transfer_to: court, deadline: {{on: a_on}}",
        f"id: two, from: any, {IF_OTHER}, transfer_to: court, deadline: {{on: b_on}}",
        a_on=TENTH,
        b_on=ELEVENTH,
    )
    assert (decision.outcome, decision.missing) == ("undetermined", ("flag", "other_flag"))


def test_rules_whose_dates_are_unknown_may_clash() -> None:
    decision = decided(f"{TO_COURT}, deadline: {{on: a_on}}", "id: two, from: any, transfer_to: court, deadline: {on: b_on}", a_on=TENTH)
    assert (decision.outcome, decision.missing) == ("undetermined", ("b_on",))


def test_rules_that_are_certain_to_clash_do_so_whatever_is_unknown() -> None:
    decision = decided(TO_COURT, TO_PERMANENCE, f"id: third, from: any, {IF_FLAG}, close: true")
    assert said(decision) == ("conflict", "decided")


def test_while_the_outcome_is_open_the_facts_of_items_that_may_be_required_are_missing_too() -> None:
    tail = "checklists: {handover: {applies: {to: court}, items: [{id: note, label: Note, when: {fact: other_flag, is: yes}}]}}"
    assert decided(f"{TO_COURT}, {IF_FLAG}", tail=tail).missing == ("flag", "other_flag")


def test_items_that_no_remaining_answer_would_require_are_not_asked_about() -> None:
    tail = "checklists: {handover: {applies: {to: permanence}, items: [{id: note, label: Note, when: {fact: other_flag, is: yes}}]}}"
    assert decided(f"{TO_COURT}, {IF_FLAG}", tail=tail).missing == ("flag",)


def test_items_of_a_close_count_while_the_fact_that_names_the_team_may_name_nobody() -> None:
    tail = "checklists: {ending: {applies: {to: none}, items: [{id: note, label: Note, when: {fact: flag, is: yes}}]}}"
    assert decided("id: r, from: any, transfer_to: {team: {fact: next_team}}", tail=tail).missing == ("flag", "next_team")


def test_items_of_a_question_count_while_a_clash_may_be_left_to_people() -> None:
    tail = """leave_to_people: [{rules: [to_court, to_permanence], who: managers, question: which?}]
checklists: {asking: {applies: {outcome: people_decide}, items: [{id: note, label: Note, when: {fact: other_flag, is: yes}}]}}"""
    assert decided(TO_COURT, f"{TO_PERMANENCE}, {IF_FLAG}", tail=tail).missing == ("flag", "other_flag")


# --- holds

HOLD = "id: hold, from: any, stay: {until: {on: a_on}}, overrides: [to_court]"


@pytest.mark.parametrize(
    ("a_on", "outcome", "not_before"),
    [
        (date(2026, 4, 2), "stay", date(2026, 4, 2)),
        (date(2026, 4, 1), "transfer", None),
        (date(2026, 3, 31), "transfer", None),
        ("not_yet", "stay", None),
    ],
)
def test_a_hold_bars_the_move_before_its_day_and_not_on_it(a_on: object, outcome: str, not_before: date | None) -> None:
    decision = decided(HOLD, TO_COURT, a_on=a_on)
    assert (*said(decision), deadline(decision).not_before) == (outcome, "decided", not_before)


def test_a_hold_whose_event_is_awaited_after_a_known_day_is_not_before_that_day() -> None:
    decision = decided("id: hold, from: any, stay: {until: {latest_of: [{on: a_on}, {on: b_on}]}}", a_on=TENTH, b_on="not_yet")
    assert (decision.outcome, deadline(decision).not_before) == ("stay", TENTH)


def test_a_hold_on_nothing_else_is_decided_though_its_day_is_unknown() -> None:
    # The case stays with the hold or without it, and certainty does not hang on the day until which it stays.
    decision = decided("id: hold, from: any, stay: {until: {on: a_on}}")
    assert (*said(decision), decision.missing) == ("stay", "decided", ())


def test_a_stay_that_yields_explains_a_stay() -> None:
    decision = decided("id: explains, from: any, stay: {yields: true}")
    assert (decision.outcome, decision.silent, because(decision)) == ("stay", False, ["explains"])


def test_a_stay_that_yields_leaves_the_outcome_open_while_a_move_may_stand() -> None:
    decision = decided("id: explains, from: any, stay: {yields: true}", f"{TO_COURT}, {IF_FLAG}")
    assert (decision.outcome, decision.missing, in_play(decision)) == ("undetermined", ("flag",), {("stay", None), ("transfer", "court")})


def test_a_stay_is_decided_while_only_other_stays_may_stand() -> None:
    assert said(decided("id: one, from: any, stay: {yields: true}", f"id: two, from: any, {IF_FLAG}, stay: true")) == ("stay", "decided")


# --- people decide

BETWEEN = "between: [court, assessment, stay, close], settled_by: keeper"
ASK = f"id: ask, clauses: [MAR-3.1], from: any, people_decide: {{who: both managers, question: who keeps it?, {BETWEEN}}}"


def test_until_the_decision_is_recorded_people_decide_and_that_is_decided() -> None:
    decision = decided(ASK, head=KEEPER)
    assert (*said(decision), decision.missing, because(decision)) == ("people_decide", "decided", (), ["ask"])
    asked = decision.to_decide
    assert asked is not None
    assert (asked.who, asked.question, asked.between) == ("both managers", "who keeps it?", ("court", "assessment", "stay", "close"))
    assert (asked.settled_by, asked.clauses, asked.by) == ("keeper", ("MAR-3.1",), None)
    assert decision.deadline is None


def test_the_answers_between_which_people_decide_are_the_candidates() -> None:
    assert decided(ASK, head=KEEPER).candidates == (
        Candidate("transfer", "court", "Court Team", rules=("ask",)),
        Candidate("stay", rules=("ask",)),
        Candidate("close", rules=("ask",)),
    )


@pytest.mark.parametrize(
    ("next_team", "candidates"), [("none", {("close", None)}), ("other_authority", {("transfer", "other_authority")}), (None, set())]
)
def test_a_fact_can_name_a_candidate(next_team: str | None, candidates: set[tuple[str, str | None]]) -> None:
    decision = decided("id: ask, from: any, people_decide: {who: w, question: q, between: [{fact: next_team}]}", next_team=next_team)
    assert (said(decision), in_play(decision)) == (("people_decide", "decided"), candidates)
    assert decision.to_decide is not None
    assert decision.to_decide.between == (next_team or "next_team",)


@pytest.mark.parametrize(
    ("word", "outcome", "name"), [("court", "transfer", "court"), ("assessment", "stay", None), ("stay", "stay", None), ("close", "close", None)]
)
def test_once_it_is_recorded_the_decision_governs(word: str, outcome: str, name: str | None) -> None:
    decision = decided(f"{ASK}, deadline: {{on: a_on}}", head=KEEPER, a_on=TENTH, decisions={"keeper": word})
    assert (*said(decision), team(decision), because(decision)) == (outcome, "decided", name, ["ask"])
    assert (decision.deadline and decision.deadline.on) == (None if outcome == "stay" else TENTH)


def test_a_decision_for_a_team_nobody_asked_about_governs_and_is_flagged() -> None:
    decision = decided(ASK, head=KEEPER, decisions={"keeper": "permanence"})
    assert (team(decision), warned(decision)) == ("permanence", ["decision-not-between"])


def test_a_question_that_no_decision_settles_stays_open() -> None:
    assert decided("id: ask, from: any, people_decide: {who: w, question: q, between: [court, stay]}").outcome == "people_decide"


def test_a_question_may_have_a_day_by_which_it_should_be_decided() -> None:
    asks = "id: ask, from: any, people_decide: {who: w, question: q, between: [court], by: {working_days: 2, after: a_on}}"
    decision = decided(asks, a_on=date(2026, 4, 1))
    assert decision.to_decide is not None
    assert decision.to_decide.by is not None
    assert (decision.to_decide.by.on, decision.to_decide.by.overdue) == (date(2026, 4, 7), False)


@pytest.mark.parametrize(("trigger", "on"), [("transfer_point", "2026-04-08"), ("deadline", "2026-04-09"), ("handover", "2026-04-07")])
def test_the_day_of_a_question_may_count_back_from_the_move(trigger: str, on: str) -> None:
    asks = f"id: ask, from: any, people_decide: {{who: w, question: q, between: [court], by: {{days: 1, before: {trigger}}}}}"
    decision = decided(f"{asks}, transfer_point: {{on: a_on}}, deadline: {{on: b_on}}", a_on=NINTH, b_on=TENTH, agreed_transfer_on=date(2026, 4, 8))
    assert decision.to_decide is not None
    assert decision.to_decide.by is not None
    assert decision.to_decide.by.on == date.fromisoformat(on)


def test_of_two_questions_that_one_decision_settles_the_one_with_a_day_is_shown_with_all_clauses() -> None:
    other = ASK.replace("id: ask, clauses: [MAR-3.1]", "id: zealous, clauses: [MAR-3.2]").replace("settled_by", "by: {on: a_on}, settled_by")
    decision = decided(ASK, other, head=KEEPER, a_on=TENTH)
    assert (decision.outcome, because(decision)) == ("people_decide", ["ask", "zealous"])
    assert decision.to_decide is not None
    assert decision.to_decide.by is not None
    assert (decision.to_decide.by.on, decision.to_decide.clauses) == (TENTH, ("MAR-3.1", "MAR-3.2"))


VALID = ASK.replace("settled_by: keeper", "settled_by: keeper, valid: {on_or_after: a_on}")


def test_a_decision_taken_on_another_day_leaves_the_question_open_and_is_flagged() -> None:
    decision = decided(VALID, head=KEEPER, a_on=TENTH, decisions={"keeper": {"decided": "court", "on": "2026-04-09"}})
    assert (*said(decision), warned(decision)) == ("people_decide", "decided", ["decision-not-valid"])


def test_a_decision_taken_on_a_valid_day_governs() -> None:
    assert team(decided(VALID, head=KEEPER, a_on=TENTH, decisions={"keeper": {"decided": "court", "on": "2026-04-10"}})) == "court"


def test_while_it_is_unknown_whether_a_decision_counts_the_outcome_is_open() -> None:
    decision = decided(VALID, head=KEEPER, decisions={"keeper": {"decided": "court", "on": "2026-04-10"}})
    assert (decision.outcome, decision.missing) == ("undetermined", ("a_on",))
    assert in_play(decision) == {("people_decide", None), ("transfer", "court")}


def test_while_it_is_unknown_whether_a_decision_counts_the_facts_of_its_items_are_missing_too() -> None:
    tail = "checklists: {handover: {applies: {to: court}, items: [{id: note, label: Note, when: {fact: flag, is: yes}}]}}"
    decision = decided(VALID, head=KEEPER, tail=tail, decisions={"keeper": {"decided": "court", "on": "2026-04-10"}})
    assert decision.missing == ("a_on", "flag")


# --- clashes left to people

COURT_BY_A = "id: to_court, from: any, transfer_to: court, transfer_point: {on: b_on}, deadline: {on: a_on}"


def left(*written: str, tail: str = "", **given: Any) -> Decision:
    """Return the decision where every clash of these rules is left to people, except those with a rule of the name `third`."""
    named = ", ".join(name for one in written if (name := one.split(",")[0].removeprefix("id: ")) != "third")
    entry = f"{{rules: [{named}], who: both managers, question: which team keeps it?, settled_by: keeper, clauses: [MAR-2.6]}}"
    return decided(*written, head=f"{KEEPER}leave_to_people: [{entry}]", tail=tail, **{"a_on": TENTH, "b_on": NINTH, **given})


def test_a_clash_that_the_pack_leaves_to_people_is_a_question() -> None:
    decision = left(COURT_BY_A, TO_PERMANENCE)
    assert (*said(decision), in_play(decision)) == ("people_decide", "decided", {("transfer", "court"), ("transfer", "permanence")})
    asked = decision.to_decide
    assert asked is not None
    assert (asked.who, asked.question, asked.between, asked.settled_by, asked.clauses) == (
        "both managers", "which team keeps it?", ("court", "permanence"), "keeper", ("MAR-2.6",),
    )  # fmt: skip


def test_a_stay_and_a_transfer_can_be_left_to_people() -> None:
    decision = left(COURT_BY_A, "id: hold, from: any, stay: true")
    assert decision.to_decide is not None
    assert set(decision.to_decide.between) == {"stay", "court"}


def test_the_rule_that_says_what_people_decided_brings_its_dates() -> None:
    decision = left(COURT_BY_A, TO_PERMANENCE, decisions={"keeper": "court"})
    assert (team(decision), deadline(decision).on, decision.transfer_point and decision.transfer_point.on) == ("court", TENTH, NINTH)
    assert because(decision) == ["leave_to_people", "to_court"]
    assert (decision.reasons[0].label, decision.reasons[0].clauses) == ("both managers decided: which team keeps it?", ("MAR-2.6",))


def test_the_area_that_people_decided_goes_before_that_of_the_rule() -> None:
    rule = "id: to_permanence, from: any, transfer_to: {team: permanence, area: north}"
    for area, shown in (("south", "south"), (None, "north")):
        decision = left(COURT_BY_A, rule, decisions={"keeper": {"decided": "permanence", "area": area}})
        assert decision.receiving_team is not None
        assert decision.receiving_team.area == shown


def test_a_team_that_no_rule_named_has_no_dates() -> None:
    decision = left(COURT_BY_A, TO_PERMANENCE, decisions={"keeper": "early_help"})
    assert (team(decision), deadline(decision).state, decision.transfer_point, because(decision)) == (
        "early_help",
        "not_stated",
        None,
        ["leave_to_people"],
    )


def test_people_may_decide_that_the_case_stays() -> None:
    decision = left(COURT_BY_A, TO_PERMANENCE, decisions={"keeper": "stay"})
    assert (*said(decision), decision.silent, because(decision)) == ("stay", "decided", False, ["leave_to_people"])


def test_people_may_decide_for_the_hold() -> None:
    decision = left(COURT_BY_A, "id: hold, from: any, stay: {until: {on: a_on}}", decisions={"keeper": "assessment"})
    assert (decision.outcome, deadline(decision).not_before, because(decision)) == ("stay", TENTH, ["leave_to_people", "hold"])


def test_people_may_decide_to_close() -> None:
    decision = left(COURT_BY_A, "id: end, from: any, close: true, deadline: {on: b_on}", decisions={"keeper": "close"})
    assert (decision.outcome, deadline(decision).on, because(decision)) == ("close", NINTH, ["leave_to_people", "end"])


def test_a_clash_about_the_date_alone_can_be_left_to_people_and_then_has_no_date() -> None:
    other = "id: to_permanence, from: any, transfer_to: court, deadline: {on: b_on}"
    assert left(COURT_BY_A, other).outcome == "people_decide"
    decision = left(COURT_BY_A, other, decisions={"keeper": "court"})
    assert (team(decision), deadline(decision).state, because(decision)) == ("court", "not_stated", ["leave_to_people"])


def test_a_rule_for_another_role_in_the_team_that_people_decided_brings_its_role_and_dates() -> None:
    role = "id: to_court, from: any, transfer_to: {team: court, role: adviser}, deadline: {on: a_on}"
    decision = left(role, TO_PERMANENCE, decisions={"keeper": "court"})
    assert decision.receiving_team is not None
    assert (decision.receiving_team.role, deadline(decision).on) == ("adviser", TENTH)


def test_a_clash_with_a_rule_that_is_not_named_stays_a_conflict() -> None:
    assert left(COURT_BY_A, TO_PERMANENCE, "id: third, from: any, transfer_to: early_help").outcome == "conflict"


def test_a_rule_that_may_join_a_clash_left_to_people_leaves_the_outcome_open() -> None:
    decision = left(COURT_BY_A, TO_PERMANENCE, f"id: third, from: any, {IF_FLAG}, transfer_to: early_help")
    assert (decision.outcome, decision.missing) == ("undetermined", ("flag",))


def test_a_pair_that_may_clash_beside_one_left_to_people_leaves_nothing_open() -> None:
    # Whether the other two clash as well hangs on a date; the question for people is the same either way.
    decision = left(COURT_BY_A, "id: hold, from: any, stay: true", "id: third, from: any, transfer_to: court, deadline: {on: c_on}")
    assert decision.outcome == "conflict"
    open_pair = left("id: to_court, from: any, transfer_to: court, deadline: {on: a_on}", "id: end, from: any, close: true",
                     "id: to_permanence, from: any, transfer_to: court, deadline: {on: c_on}")  # fmt: skip
    assert (open_pair.outcome, open_pair.certainty, open_pair.missing) == ("people_decide", "decided", ())


def test_a_decision_for_a_team_that_may_hold_the_case_already_leaves_the_outcome_open() -> None:
    decision = left("id: hold, from: any, stay: true", "id: end, from: any, close: true", current_team=None, decisions={"keeper": "court"})
    assert (decision.outcome, decision.missing) == ("undetermined", ("current_team",))
    assert ("transfer", "court") in in_play(decision)


def test_what_people_decided_counts_while_the_clash_itself_is_open() -> None:
    decision = left("id: hold, from: any, stay: true", f"id: end, from: any, {IF_FLAG}, close: true", decisions={"keeper": "court"})
    assert (decision.outcome, decision.missing) == ("undetermined", ("flag",))
    assert in_play(decision) == {("stay", None), ("transfer", "court")}
    assert Candidate("transfer", "court", "Court Team") in decision.candidates


def test_rules_left_to_people_bring_no_list_and_no_duty_by_name() -> None:
    tail = """checklists: {handover: {applies: {outcome: [transfer, people_decide], rules: [to_court]}, items: [{id: note, label: Note}]}}
duties: [{id: tell, kind: notice, label: tell them, applies: {rules: [to_court]}}]"""
    decision = left(COURT_BY_A, TO_PERMANENCE, tail=tail)
    assert (decision.required, duties(decision)) == ((), {})
    settled = left(COURT_BY_A, TO_PERMANENCE, tail=tail, decisions={"keeper": "court"})
    assert (settled.required, duties(settled)) == (("note",), {"tell": "now"})


def test_a_clash_left_to_people_without_a_decision_to_record_stays_a_question() -> None:
    head = "leave_to_people: [{rules: [to_court, to_permanence], who: managers, question: which?}]"
    assert decided(TO_COURT, TO_PERMANENCE, head=head).outcome == "people_decide"


# --- items while several answers are in play

LISTS = """checklists:
  both: {applies: {from: assessment}, items: [{id: summary, label: Summary}]}
  court: {applies: {to: court}, items: [{id: note, label: Note}]}"""


def test_in_a_conflict_an_unknown_condition_of_an_item_leaves_the_decision_provisional() -> None:
    tail = "checklists: {both: {applies: {from: assessment}, items: [{id: note, label: Note, when: {fact: flag, is: yes}}]}}"
    decision = decided(TO_COURT, TO_PERMANENCE, tail=tail)
    assert (*said(decision), decision.required, outstanding(decision), decision.missing) == (
        "conflict", "provisional", (), {"note": "cannot_tell"}, ("flag",),
    )  # fmt: skip


def test_in_a_conflict_a_rule_that_may_join_can_take_an_item_away() -> None:
    tail = "checklists: {moving: {applies: {outcome: transfer}, items: [{id: note, label: Note}]}}"
    decision = decided(TO_COURT, TO_PERMANENCE, f"id: third, from: any, {IF_FLAG}, close: true", tail=tail)
    assert (*said(decision), decision.required, outstanding(decision), decision.missing) == (
        "conflict", "provisional", (), {"note": "cannot_tell"}, ("flag",),
    )  # fmt: skip


def test_in_a_conflict_an_item_that_one_answer_does_not_want_is_not_asked_about() -> None:
    tail = "checklists: {court: {applies: {to: court}, items: [{id: note, label: Note, when: {fact: flag, is: yes}}]}}"
    decision = decided(TO_COURT, TO_PERMANENCE, tail=tail)
    assert (*said(decision), decision.outstanding) == ("conflict", "decided", ())


def test_an_answer_that_may_turn_out_to_be_a_stay_requires_nothing_for_certain() -> None:
    decision = decided(TO_COURT, tail=LISTS, current_team=None)
    assert (decision.outcome, decision.required) == ("undetermined", ())


# --- duties that may apply


def test_possible_duties_of_a_decided_move_are_those_whose_conditions_are_unknown() -> None:
    text = (
        rules(TO_COURT)
        + """
duties:
  - {id: sure, kind: notice, label: sure, applies: {to: court}}
  - {id: unsure, kind: notice, label: unsure, applies: {to: court, when: {fact: flag, is: yes}}}
  - {id: other, kind: notice, label: other, applies: {to: permanence}}"""
    )
    decision = decide(text, case())
    assert duties(decision) == {"sure": "now"}
    assert possible_duties(policy_of(text), case(), decision) == ("unsure",)


# --- rival readings


def test_a_rival_reading_is_a_policy_of_its_own() -> None:
    text = (
        rules(f"{TO_COURT}, deadline: {{days: 5, after: a_on}}")
        + """
interpretations:
  - id: five_days
    clauses: [MAR-4.9]
    question: calendar or working days?
    reading: calendar days
    instead: {to_court: {deadline: {working_days: 5, after: a_on}}}"""
    )
    policy, snapshot = policy_of(text), case(a_on=date(2026, 4, 1))
    assert deadline(evaluate(policy, snapshot)).on == date(2026, 4, 6)
    # 2, 7, 8, 9 and 10 April.
    assert deadline(evaluate(policy.readings["five_days"], snapshot)).on == date(2026, 4, 10)


class TestInteractionsMetOnPaper:
    """One test at least for each row of the table, in its order."""

    def test_a_transfer_and_a_stay_that_neither_override_are_a_conflict(self) -> None:
        decision = decided(TO_COURT, "id: hold, from: any, stay: true")
        assert (*said(decision), because(decision)) == ("conflict", "decided", ["hold", "to_court"])

    def test_a_transfer_wins_over_a_stay_that_yields(self) -> None:
        decision = decided(TO_COURT, "id: hold, from: any, stay: {yields: true}")
        assert (team(decision), because(decision)) == ("court", ["to_court"])

    def test_a_transfer_and_a_hold_still_ahead_are_a_conflict_unless_it_names_what_it_holds(self) -> None:
        assert decided(TO_COURT, "id: hold, from: any, stay: {until: {on: a_on}}", a_on=TENTH).outcome == "conflict"
        assert decided(TO_COURT, HOLD, a_on=TENTH).outcome == "stay"

    def test_several_holds_agree_and_the_latest_day_is_not_before(self) -> None:
        holds = ["id: one, from: any, stay: {until: {on: a_on}}", "id: two, from: any, stay: {until: {on: b_on}}", "id: three, from: any, stay: true"]
        decision = decided(*holds, a_on=TENTH, b_on=ELEVENTH)
        assert (*said(decision), because(decision), deadline(decision).not_before) == ("stay", "decided", ["one", "three", "two"], ELEVENTH)

    def test_on_its_day_a_hold_is_over(self) -> None:
        holds = ["id: one, from: any, stay: {until: {on: a_on}}", "id: two, from: any, stay: {until: {on: b_on}}"]
        assert because(decided(*holds, as_of="2026-04-10", a_on=TENTH, b_on=ELEVENTH)) == ["two"]

    def test_a_hold_whose_day_is_unknown_and_could_still_be_ahead_leaves_what_it_holds_undetermined(self) -> None:
        decision = decided(HOLD, TO_COURT)
        assert (decision.outcome, decision.missing, in_play(decision)) == ("undetermined", ("a_on",), {("stay", None), ("transfer", "court")})

    def test_one_team_and_two_deadlines_are_a_conflict_that_shows_the_team_and_both_dates(self) -> None:
        decision = decided(
            f"{TO_COURT}, deadline: {{on: a_on}}", "id: two, from: any, transfer_to: court, deadline: {on: b_on}", a_on=TENTH, b_on=ELEVENTH
        )
        assert said(decision) == ("conflict", "decided")
        assert [(one.team, one.deadline, one.rules) for one in decision.candidates] == [
            ("court", TENTH, ("to_court",)),
            ("court", ELEVENTH, ("two",)),
        ]
        assert decision.deadline is None

    def test_a_rule_that_says_there_is_no_date_agrees_with_any(self) -> None:
        decision = decided(f"{TO_COURT}, deadline: {{none: no number}}", "id: two, from: any, transfer_to: court, deadline: {on: b_on}", b_on=TENTH)
        assert (decision.outcome, deadline(decision).on, because(decision)) == ("transfer", TENTH, ["to_court", "two"])

    def test_the_transfer_point_shown_is_that_of_the_rule_whose_date_is_shown(self) -> None:
        decision = decided(
            f"{TO_COURT}, transfer_point: {{on: a_on}}",
            "id: two, from: any, transfer_to: court, transfer_point: {on: c_on}, deadline: {on: b_on}",
            a_on=NINTH,
            b_on=TENTH,
            c_on=ELEVENTH,
        )
        assert decision.transfer_point is not None
        assert (decision.transfer_point.event, decision.transfer_point.on) == ("c_on", ELEVENTH)

    CHAIN = (
        f"id: a, from: any, {IF_FLAG}, transfer_to: court, overrides: [b]",
        f"id: b, from: any, {IF_OTHER}, transfer_to: permanence, overrides: [c]",
        "id: c, from: any, transfer_to: early_help",
    )

    def test_where_a_overrides_b_and_b_overrides_c_only_a_stands(self) -> None:
        assert because(decided(*self.CHAIN, flag=True, other_flag=True)) == ["a"]

    def test_where_b_does_not_match_a_and_c_both_stand(self) -> None:
        decision = decided(*self.CHAIN, flag=True, other_flag=False)
        assert (decision.outcome, because(decision)) == ("conflict", ["a", "c"])

    def test_rules_that_agree_bring_the_lists_and_duties_of_all_and_are_all_reasons(self) -> None:
        tail = """checklists:
  of_one: {applies: {rules: [one]}, items: [{id: note, label: Note}]}
  of_two: {applies: {rules: [two]}, items: [{id: summary, label: Summary}]}
duties:
  - {id: tell_one, kind: notice, label: tell, applies: {rules: [one]}}
  - {id: tell_two, kind: notice, label: tell, applies: {rules: [two]}}"""
        decision = decided("id: one, from: any, transfer_to: court", "id: two, from: any, transfer_to: court", tail=tail)
        assert (because(decision), decision.required, duties(decision)) == (
            ["one", "two"],
            ("note", "summary"),
            {"tell_one": "now", "tell_two": "now"},
        )

    def test_overridden_rules_bring_neither_list_nor_duty(self) -> None:
        tail = """checklists: {of_two: {applies: {rules: [two]}, items: [{id: summary, label: Summary}]}}
duties: [{id: tell_two, kind: notice, label: tell, applies: {rules: [two]}}]"""
        decision = decided("id: one, from: any, transfer_to: court, overrides: [two]", "id: two, from: any, transfer_to: court", tail=tail)
        assert (decision.required, duties(decision)) == ((), {})

    def test_an_unrecorded_decision_is_no_unknown_fact(self) -> None:
        decision = decided(ASK, head=KEEPER)
        assert (*said(decision), decision.missing) == ("people_decide", "decided", ())

    def test_where_the_outcome_varies_with_unknown_facts_it_is_undetermined_though_people_must_decide_too(self) -> None:
        decision = decided(f"{ASK}, {IF_FLAG}", head=KEEPER)
        assert (decision.outcome, decision.missing) == ("undetermined", ("flag",))

    def test_a_recorded_decision_has_no_effect_where_no_rule_asks_for_it(self) -> None:
        decision = decided(f"{ASK}, {IF_FLAG}", head=KEEPER, flag=False, decisions={"keeper": "court"})
        assert (decision.outcome, decision.silent, warned(decision)) == ("stay", True, ["decision-without-effect"])

    SOONEST = f"{TO_COURT}, deadline: {{soonest_of: [{{on: a_on}}, {{on: b_on}}]}}"

    def test_the_soonest_with_a_member_not_yet_there_is_no_later_than_the_other_and_decided(self) -> None:
        decision = decided(self.SOONEST, a_on=TENTH, b_on="not_yet")
        assert (*said(decision), deadline(decision).state, deadline(decision).on) == ("transfer", "decided", "no_later_than", TENTH)

    def test_the_soonest_of_members_none_of_which_is_there_awaits_an_event(self) -> None:
        decision = decided(self.SOONEST, a_on="not_yet", b_on="not_yet")
        assert (*said(decision), deadline(decision).state) == ("transfer", "decided", "awaiting")

    def test_the_latest_with_a_member_not_yet_there_awaits_it_and_is_not_before_the_known_maximum(self) -> None:
        decision = decided(f"{TO_COURT}, deadline: {{latest_of: [{{on: a_on}}, {{on: b_on}}]}}", a_on=TENTH, b_on="not_yet")
        assert (*said(decision), deadline(decision).state, deadline(decision).not_before) == ("transfer", "decided", "awaiting", TENTH)

    def test_a_member_whose_condition_is_unknown_leaves_it_no_later_than_the_earliest_certain_date(self) -> None:
        decision = decided(f"{TO_COURT}, deadline: {{soonest_of: [{{on: a_on, {IF_FLAG}}}, {{on: b_on}}]}}", a_on=NINTH, b_on=TENTH)
        assert (*said(decision), deadline(decision).state, deadline(decision).on, decision.missing) == (
            "transfer", "provisional", "no_later_than", TENTH, ("flag",),
        )  # fmt: skip

    def test_where_no_member_is_certain_there_is_no_date(self) -> None:
        decision = decided(f"{TO_COURT}, deadline: {{soonest_of: [{{on: a_on, {IF_FLAG}}}]}}", a_on=NINTH)
        assert (*said(decision), deadline(decision).state, deadline(decision).on) == ("transfer", "provisional", "awaiting", None)

    def test_in_one_list_a_date_compares_as_the_end_of_its_day_and_the_winner_keeps_its_type(self) -> None:
        written = f"{TO_COURT}, deadline: {{soonest_of: [{{on: a_on}}, {{hours: 24, after: seen_at}}]}}"
        decision = decided(written, a_on=TENTH, seen_at=datetime(2026, 4, 9, 23, 30, tzinfo=BST))
        assert deadline(decision).on == datetime(2026, 4, 10, 23, 30, tzinfo=BST)
        later = decided(written, a_on=TENTH, seen_at=datetime(2026, 4, 10, 0, 30, tzinfo=BST))
        assert (deadline(later).on, type(deadline(later).on)) == (TENTH, date)

    def test_decided_covers_the_items_required_and_neither_progress_nor_duties(self) -> None:
        tail = """checklists: {handover: {applies: {to: court}, items: [{id: note, label: Note, done_when: {fact: b_on, happened: true}}]}}
duties: [{id: tell, kind: notice, label: tell, when: {fact: flag, is: yes}, due: {on: c_on}}]"""
        decision = decided(TO_COURT, tail=tail)
        assert (*said(decision), outstanding(decision), duties(decision)) == ("transfer", "decided", {"note": "not_recorded"}, {})

    def test_an_item_whose_condition_is_unknown_is_listed_and_leaves_the_decision_provisional(self) -> None:
        tail = "checklists: {handover: {applies: {to: court}, items: [{id: note, label: Note, when: {fact: flag, is: yes}}]}}"
        decision = decided(TO_COURT, tail=tail)
        assert (*said(decision), outstanding(decision), decision.missing) == ("transfer", "provisional", {"note": "cannot_tell"}, ("flag",))

    def test_while_undetermined_only_the_items_of_every_remaining_answer_are_outstanding(self) -> None:
        decision = decided(TO_PERMANENCE, f"{TO_COURT}, {IF_FLAG}, overrides: [to_permanence]", tail=LISTS)
        assert (decision.outcome, decision.required) == ("undetermined", ("summary",))

    def test_while_undetermined_a_silent_stay_may_remain_which_has_no_items(self) -> None:
        assert decided(f"{TO_COURT}, {IF_FLAG}", tail=LISTS).required == ()

    def test_in_a_conflict_only_the_items_of_every_answer_are_outstanding(self) -> None:
        decision = decided(TO_PERMANENCE, TO_COURT, tail=LISTS)
        assert (decision.outcome, decision.required, outstanding(decision)) == ("conflict", ("summary",), {"summary": "not_recorded"})

    def test_undecided_rules_bring_no_duties_and_free_standing_ones_are_listed_as_usual(self) -> None:
        tail = """duties:
  - {id: tell, kind: notice, label: tell, applies: {rules: [to_court]}}
  - {id: always, kind: task, label: always}"""
        for decision in (decided(TO_PERMANENCE, TO_COURT, tail=tail), decided(f"{TO_COURT}, {IF_FLAG}", tail=tail)):
            assert duties(decision) == {"always": "now"}

    DONE = "checklists: {handover: {applies: {to: court}, items: [{id: note, label: Note, done_when: {fact: a_on, happened: true}}]}}"

    def test_where_a_fact_and_progress_disagree_the_fact_wins_and_the_clash_is_reported(self) -> None:
        decision = decided(TO_COURT, tail=self.DONE, a_on="not_yet", checklist={"note": "done"})
        assert (outstanding(decision), warned(decision)) == ({"note": "not_done"}, ["progress-clash"])

    def test_work_dated_after_as_of_is_not_done(self) -> None:
        tail = "checklists: {handover: {applies: {to: court}, items: [{id: note, label: Note}]}}"
        assert outstanding(decided(TO_COURT, tail=tail, checklist={"note": date(2026, 4, 2)})) == {"note": "not_done"}

    def test_without_any_handover_freshness_is_stale_if_too_old_already_and_else_cannot_be_told(self) -> None:
        tail = "checklists: {handover: {applies: {to: court}, items: [{id: note, label: Note, fresh_for: {weeks: 1}}]}}"
        assert outstanding(decided(TO_COURT, tail=tail, checklist={"note": date(2026, 3, 24)})) == {"note": "stale"}
        assert outstanding(decided(TO_COURT, tail=tail, checklist={"note": date(2026, 3, 25)})) == {"note": "cannot_tell"}

    def test_a_notice_whose_day_is_past_and_is_not_recorded_is_overdue_and_still_listed(self) -> None:
        tail = "duties: [{id: tell, kind: notice, label: tell, applies: {to: court}, due: {working_days: 7, before: transfer_point}}]"
        decision = decided(f"{TO_COURT}, transfer_point: {{on: a_on}}", tail=tail, a_on=NINTH)
        # Back from Thursday 9 April: 8, 7, 2, 1 April, 31, 30, 27 March.
        found = duty(decision, "tell")
        assert (found.status, found.due and found.due.on) == ("overdue", date(2026, 3, 27))

    @pytest.mark.parametrize(("as_of", "there"), [("2026-04-14", False), ("2026-04-15", True)])
    def test_an_escalation_is_due_the_day_after_the_limit_and_never_on_it(self, as_of: str, there: bool) -> None:
        tail = """duties:
  - id: escalate
    kind: escalation
    label: tell the service manager
    when: {all: [{fact: as_of, after: {weeks: 2, after: a_on}}, {fact: b_on, happened: false}]}"""
        decision = decided("id: r, from: any, stay: true", tail=tail, as_of=as_of, a_on=date(2026, 3, 31), b_on="not_yet")
        assert ("escalate" in duties(decision)) is there

    def test_a_case_held_past_the_deadline_of_what_is_held_stays_and_shows_the_day_of_the_hold(self) -> None:
        # A stay has no deadline, so the deadline of the transfer that is held (10 April) is not shown beside the day before which nothing moves.
        decision = decided(HOLD, f"{TO_COURT}, deadline: {{on: b_on}}", a_on=date(2026, 4, 20), b_on=TENTH)
        assert decision.outcome == "stay"
        assert (deadline(decision).on, deadline(decision).not_before) == (None, date(2026, 4, 20))

    CONTACT = """duties:
  - id: pass_on
    kind: notice
    label: tell the team that holds the case
    when: {all: [{fact: contact_received_at, arranged: true}, {fact: current_team, is_not: none}]}
    due: {hours: 24, after: contact_received_at}"""

    def test_a_contact_on_an_open_case_is_a_duty_and_the_case_stays(self) -> None:
        received = datetime(2026, 4, 1, 9, 0, tzinfo=BST)
        decision = decided("id: r, from: none, transfer_to: assessment", tail=self.CONTACT, contact_received_at=received)
        assert (decision.outcome, duties(decision)) == ("stay", {"pass_on": "due"})
        assert duty(decision, "pass_on").due == Deadline("firm", datetime(2026, 4, 2, 9, 0, tzinfo=BST))

    def test_a_contact_on_a_case_that_is_not_open_is_for_the_front_door(self) -> None:
        decision = decided("id: r, from: none, transfer_to: assessment", tail=self.CONTACT, current_team="none", contact_received_at=date(2026, 4, 1))
        assert (team(decision), duties(decision)) == ("assessment", {})

    def test_brothers_and_sisters_are_decided_one_by_one_each_by_the_facts_of_the_family(self) -> None:
        rule = "id: r, from: any, when: {fact: family_holding_team, is_not: none}, transfer_to: {team: {fact: family_holding_team}}"
        elder = decided(rule, current_team="none", family_holding_team="court", date_of_birth=date(2015, 1, 1))
        younger = decided(rule, current_team="court", family_holding_team="court", date_of_birth=date(2022, 1, 1))
        assert (team(elder), younger.outcome) == ("court", "stay")

    def test_after_the_move_rules_of_the_old_team_no_longer_match_and_follow_ups_stand_free(self) -> None:
        tail = """duties:
  - id: follow_up
    kind: follow_up
    label: visit within a week of taking over
    when: {fact: current_team_since_on, happened: true}
    due: {days: 7, after: current_team_since_on}"""
        decision = decided("id: r, from: assessment, transfer_to: court", tail=tail, current_team="court", current_team_since_on=date(2026, 3, 30))
        assert (decision.outcome, decision.silent, duties(decision)) == ("stay", True, {"follow_up": "due"})
        assert duty(decision, "follow_up").due == Deadline("firm", date(2026, 4, 6))


# --- reasons, and what was not found out


def reasons(decision: Decision) -> dict[str, bool]:
    """Return the rules that decided, each with whether it does so in some ways only."""
    return {reason.rule: reason.sometimes for reason in decision.reasons}


def test_a_rule_that_may_stand_besides_is_no_reason_where_another_decides_for_certain() -> None:
    assert reasons(decided(TO_COURT, f"id: also, from: any, {IF_FLAG}, transfer_to: court")) == {"to_court": False}
    assert reasons(decided("id: hold, from: any, stay: true", f"id: also, from: any, {IF_FLAG}, stay: true")) == {"hold": False}


def test_while_the_outcome_is_open_and_no_rule_is_certain_nothing_is_a_reason() -> None:
    decision = decided(f"{TO_COURT}, {IF_FLAG}")
    assert (decision.outcome, decision.reasons, decision.silent) == ("undetermined", (), False)


def test_what_people_decided_is_the_first_of_the_reasons() -> None:
    head = f"{KEEPER}leave_to_people: [{{rules: [a, b, c], who: managers, question: which?, settled_by: keeper}}]"
    written = [f"id: {name}, from: any, transfer_to: {to}" for name, to in (("a", "court"), ("b", "permanence"), ("c", "court"))]
    assert because(decided(*written, head=head, decisions={"keeper": "court"})) == ["leave_to_people", "a", "c"]


def test_a_reason_shows_moments_as_london_does_and_the_place_where_there_is_one() -> None:
    policy = policy_of(rules(f"{TO_COURT}, when: {{fact: seen_at, happened: true}}"))
    snapshot = case(seen_at=datetime(2026, 3, 31, 12, 0, tzinfo=UTC))
    [reason] = evaluate(policy, snapshot).reasons
    assert dict(reason.values)["seen_at"] == datetime(2026, 3, 31, 13, 0, tzinfo=BST)
    assert str(dict(reason.values)["seen_at"]) == "2026-03-31 13:00:00+01:00"
    assert reason.place is not None
    [rule] = policy.pack.rules
    placeless = compile_pack(replace(policy.pack, rules=(replace(rule, place=None),)), policy.calendar)
    assert evaluate(placeless, snapshot).reasons[0].place is None


def test_a_fact_of_which_it_was_not_found_out_whether_it_matters_is_missing_without_a_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "LOOKS_EACH", 3)
    hard = "{all: [{fact: flag, is: yes}, {fact: colour, is: red}, {fact: colour, is: green}]}"
    policy = policy_of(rules(f"{TO_COURT}, when: {{any: [{hard}, {{fact: other_flag, is: yes}}]}}"))
    decision, pairs = examine(policy, case())
    assert pairs["flag"] is None
    assert pairs["other_flag"] is not None
    assert decision.missing == tuple(pairs)
    assert "flag" in decision.missing


def test_where_the_answers_were_not_all_listed_what_is_open_is_missing_though_nothing_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    both = (f"{TO_COURT}, {IF_FLAG}", "id: other, from: any, when: {fact: flag, is: no}, transfer_to: court")
    assert (said(decided(*both)), decided(*both).missing) == (("transfer", "decided"), ())
    monkeypatch.setattr(completion, "LOOKS_LISTING", 1)
    assert (decided(*both).certainty, decided(*both).missing) == ("provisional", ("flag",))


def test_a_decision_to_compare_is_the_decision_without_what_rests_on_unstated_facts() -> None:
    policy, snapshot = policy_of(rules(f"{TO_COURT}, when: {{fact: flag, is: no}}")), case(unstated="not_so")
    decision, bare = evaluate(policy, snapshot), evaluate_to_compare(policy, snapshot)
    assert (decision.rests_on_unstated, bare.rests_on_unstated) == (("flag",), ())
    assert replace(decision, rests_on_unstated=()) == bare
    assert with_unstated(policy, snapshot, bare) == decision


# --- warnings


@pytest.mark.parametrize(
    ("written", "given", "expected"),
    [
        ("{working_days: 5, after: a_on}", {}, []),
        ("{soonest_of: [{on: c_on}, {on: b_on}]}", {}, []),
        ("{soonest_of: [{working_days: 5, after: a_on}, {on: b_on}]}", {}, ["unproclaimed"]),
    ],
)
def test_only_a_bound_that_was_counted_past_the_proclaimed_years_is_flagged(written: str, given: dict[str, Any], expected: list[str]) -> None:
    found = decided(f"{TO_COURT}, deadline: {written}", a_on=date(2029, 2, 1), b_on="not_yet", c_on=TENTH, **given)
    assert warned(found) == expected


def test_a_question_that_nobody_decided_is_not_flagged_for_another_decision() -> None:
    head = "decisions: {keeper: {label: who keeps the case}, other: {label: something else}}\n"
    asks = "id: asks, from: any, people_decide: {who: managers, question: which?, between: [court, stay], settled_by: keeper}"
    assert warned(decided(asks, head=head, decisions={"other": "court"})) == ["decision-without-effect"]
    assert warned(decided(asks, head=head, decisions={"keeper": "assessment"})) == []
    assert warned(decided(asks, head=head, decisions={"keeper": "permanence"})) == ["decision-not-between"]


def test_a_decision_about_a_clash_that_is_left_to_people_is_not_flagged() -> None:
    head = f"{KEEPER}leave_to_people: [{{rules: [to_court, to_permanence], who: managers, question: which?, settled_by: keeper}}]"
    assert warned(decided(TO_COURT, TO_PERMANENCE, head=head, decisions={"keeper": "court"})) == []


def test_what_is_unknown_in_any_case_is_no_fact_that_nobody_stated() -> None:
    decision = decided(f"{TO_COURT}, when: {{all: [{{fact: flag, is: no}}, {{fact: colour, is: red}}]}}", unstated="not_so")
    assert (decision.missing, decision.rests_on_unstated) == (("colour",), ("flag",))

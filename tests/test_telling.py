"""Each sentence of `telling` and `phrases` that tests/test_explanation.py does not show: why, why not, other readings, what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from textwrap import dedent
from typing import Any

import pytest

from tests.packs_for_tests import case, policy_of
from transfer_rules.contrast import why_not
from transfer_rules.decision import Candidate, Deadline, Decision, Duty, TransferPoint
from transfer_rules.evaluation import evaluate
from transfer_rules.outlook import Change, changes_ahead
from transfer_rules.phrases import aside, cited, few, headline, say_choice, say_event, say_sections, say_status
from transfer_rules.policy import Policy
from transfer_rules.rivals import other_readings
from transfer_rules.support import Why, why
from transfer_rules.telling import say_changes, say_no_change, say_readings, say_why, say_why_not
from transfer_rules.vocabulary import CaseSnapshot

SECOND, TENTH, TWENTIETH = date(2026, 4, 2), date(2026, 4, 10), date(2026, 4, 20)

TO_COURT = "id: to_court, from: any, transfer_to: court"
IF_FLAG = "when: {fact: flag, is: yes}"
CLOSE_IF_OTHER = "id: end, from: any, when: {fact: other_flag, is: yes}, close: true, overrides: [to_court]"
ASK = "people_decide: {who: both managers, question: who keeps it?, between: [court, stay]"


def pack(*rules: str, more: str = "") -> Policy:
    """Return the policy of these rules and whatever else is written."""
    return policy_of("\n".join([*(["rules:"] if rules else []), *(f"  - {{{one}}}" for one in rules), dedent(more)]))


def decided(policy: Policy, snapshot: CaseSnapshot) -> tuple[Policy, CaseSnapshot, Decision]:
    return policy, snapshot, evaluate(policy, snapshot)


# --- why


def reasons_why(*rules: str, more: str = "", **given: Any) -> list[str]:
    """Return the sentences about what an answer rests on."""
    policy, snapshot, decision = decided(pack(*rules, more=more), case(**given))
    return say_why(policy, decision, why(policy, snapshot, decision))


def test_one_fact_alone_gives_the_answer() -> None:
    assert reasons_why(f"{TO_COURT}, {IF_FLAG}", "id: rest, from: any, when: {fact: flag, is: no}, stay: true", flag=False) == [
        "this fact alone gives the answer, whatever else is so; without it the answer is open",
        "flag is no: without it perhaps transfer to Court Team",
    ]


def test_several_facts_alone_give_the_answer() -> None:
    said = reasons_why(f"{TO_COURT}, when: {{all: [{{fact: flag, is: yes}}, {{fact: other_flag, is: yes}}]}}", flag=True, other_flag=True)
    assert said[0] == "these 3 facts alone give the answer, whatever else is so; without any one of them the answer is open"
    assert [line.partition(":")[0] for line in said[1:]] == ["current team is Assessment Team", "flag is yes", "other flag is yes"]


def test_an_open_answer_rests_on_nothing_yet() -> None:
    assert reasons_why(f"{TO_COURT}, {IF_FLAG}") == ["the answer is not decided, so no facts alone give it"]


def test_an_answer_that_no_fact_can_change_says_so() -> None:
    assert reasons_why("id: keep, from: any, stay: true") == ["the answer is the same whatever the facts"]


def test_a_fact_nobody_stated_says_so() -> None:
    assert "flag is no (nobody stated it: taken as not so): without it perhaps stay, MAR-1.2" in reasons_why(
        "id: r, from: any, when: {fact: flag, is: no}, transfer_to: court", unstated="not_so"
    )


def test_without_a_fact_silence_keeps_the_case_by_the_clause_of_silence() -> None:
    assert "flag is yes: without it perhaps stay, MAR-1.2" in reasons_why(f"{TO_COURT}, {IF_FLAG}", flag=True)


def test_without_a_fact_another_rule_answers_by_its_clauses() -> None:
    said = reasons_why(TO_COURT, CLOSE_IF_OTHER.replace("close: true", "close: true, clauses: [M-1, M-2, M-3, M-4]"), other_flag=False)
    assert "other flag is no: without it perhaps close the case, M-1; M-2; M-3; and 1 more" in said


def test_without_a_fact_the_same_move_has_another_date() -> None:
    rule = f"{TO_COURT}, deadline: {{on: 2026-04-09, when: {{fact: flag, is: yes}}, otherwise: {{on: 2026-04-10}}}}"
    assert "flag is yes: without it perhaps the same move by Fri 10 Apr 2026" in reasons_why(rule, flag=True)


def test_without_a_fact_the_date_of_the_same_move_is_another() -> None:
    rule = f"{TO_COURT}, deadline: {{on: a_on, when: {{fact: flag, is: yes}}, otherwise: {{none: no time}}}}"
    assert "flag is yes: without it perhaps the same move by another date" in reasons_why(rule, flag=True, a_on=TENTH)


def test_without_a_fact_the_same_answer_has_other_items() -> None:
    items = "checklists: {l: {applies: {to: court}, items: [{id: i, label: I, when: {fact: flag, is: yes}}]}}"
    assert "flag is yes: without it perhaps the same answer with other items" in reasons_why(TO_COURT, more=items, flag=True)


def test_without_a_fact_people_decide_another_question() -> None:
    said = reasons_why(
        f"id: one, from: any, {ASK}, settled_by: keeper}}",
        "id: two, from: any, when: {fact: flag, is: yes}, overrides: [one],"
        " people_decide: {who: a manager, question: what then?, between: [court, stay]}",
        more="decisions: {keeper: {label: who keeps it}}",
        flag=False,
    )
    assert "flag is no: without it perhaps another question for people to decide" in said


def test_without_a_fact_people_decide_the_same_question_with_other_items() -> None:
    items = "checklists: {l: {applies: {outcome: people_decide}, items: [{id: i, label: I, when: {fact: flag, is: yes}}]}}"
    assert "flag is yes: without it perhaps the same answer with other items" in reasons_why(f"id: one, from: any, {ASK}}}", more=items, flag=True)


def test_a_fact_whose_other_answer_was_not_found_leaves_the_answer_open() -> None:
    policy, snapshot, decision = decided(pack(f"{TO_COURT}, {IF_FLAG}"), case(flag=True))
    found = why(policy, snapshot, decision)
    assert found is not None
    grounds = tuple(type(one)(one.fact, one.value, one.unstated, None) for one in found.grounds)
    assert "flag is yes: without it the answer is open" in say_why(policy, decision, Why(grounds, ()))


def test_decisions_that_matter_are_named() -> None:
    more = "decisions: {keeper: {label: who keeps it}}"
    said = reasons_why(f"id: ask, from: assessment, {ASK}, settled_by: keeper}}", more=more, decisions={"keeper": "court"})
    assert said[-1] == "with what people decided: who keeps it"


# --- why not


def reasons_why_not(*rules: str, more: str = "", **given: Any) -> list[str]:
    """Return the sentences about the teams that do not receive the case."""
    policy, snapshot, decision = decided(pack(*rules, more=more), case(**given))
    return say_why_not(policy, why_not(policy, snapshot, decision))


def test_another_team_says_which_fact_would_have_to_be_otherwise() -> None:
    assert reasons_why_not(f"{TO_COURT}, {IF_FLAG}, clauses: [M-1]", flag=False) == [
        "Court Team: for example if flag is yes (now: no). Then: to court, M-1"
    ]


def test_a_fact_that_is_not_known_says_so() -> None:
    assert reasons_why_not(f"{TO_COURT}, {IF_FLAG}") == ["Court Team: for example if flag is yes (now: not known). Then: to court"]


def test_a_fact_that_nobody_stated_says_so() -> None:
    assert reasons_why_not(f"{TO_COURT}, {IF_FLAG}", unstated="not_so") == [
        "Court Team: for example if flag is yes (now: not stated). Then: to court"
    ]


def test_a_day_that_would_have_to_be_another_shows_both() -> None:
    assert reasons_why_not(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", a_on=SECOND) == [
        "Court Team: for example if meeting A on Wed 1 Apr 2026 (now: on Thu 2 Apr 2026). Then: to court"
    ]


def test_an_event_that_has_not_come_says_so() -> None:
    assert reasons_why_not(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", a_on="not_yet") == [
        "Court Team: for example if meeting A on Wed 1 Apr 2026 (now: no meeting A yet). Then: to court"
    ]


def test_several_rules_are_named_one_after_the_other() -> None:
    said = reasons_why_not(f"{TO_COURT}, {IF_FLAG}", "id: also, from: any, when: {fact: flag, is: yes}, transfer_to: court", flag=False)
    assert said == ["Court Team: for example if flag is yes (now: no). Then: also; to court"]


def test_more_than_five_facts_are_not_listed() -> None:
    names = ["flag", "other_flag", "opinion"]
    parts = [f"{{fact: {name}, is: yes}}" for name in names] + [f"{{fact: {name}, happened: true}}" for name in ("a_on", "b_on", "c_on")]
    facts = {**dict.fromkeys(names, False), **dict.fromkeys(("a_on", "b_on", "c_on"), "not_yet")}
    assert reasons_why_not(f"{TO_COURT}, when: {{all: [{', '.join(parts)}]}}", **facts) == [
        "Court Team: more than five facts would have to be otherwise"
    ]


def test_where_no_change_of_facts_gives_a_team_it_says_so() -> None:
    said = reasons_why_not(TO_COURT, "id: keep, from: any, stay: true, overrides: [to_court]")
    assert said == ["Court Team: no change of facts gives it, with the decisions that are recorded"]


def test_where_the_search_was_given_up_it_says_so() -> None:
    policy, snapshot, decision = decided(pack(f"{TO_COURT}, {IF_FLAG}"), case(flag=False))
    [found] = why_not(policy, snapshot, decision)
    given_up = type(found)(found.team, found.label, "not_found")
    assert say_why_not(policy, [given_up]) == ["Court Team: what would have to be otherwise was not found within the steps allowed"]


def test_where_no_rule_names_another_team_it_says_so() -> None:
    assert reasons_why_not("id: keep, from: any, stay: true") == ["no rule for the team that holds the case names another team"]


# --- other readings


def reading(instead: str, *rules: str, more: str = "", whole: bool = False, **given: Any) -> str:
    """Return the sentence about the one reading of a pack."""
    rival = f"""
interpretations:
  - {{id: words, clauses: [M-4], question: "which way?", reading: this way, to_confirm: head of service, instead: {instead}}}
"""
    policy, snapshot, decision = decided(pack(*rules, more=f"{dedent(more)}\n{rival}"), case(**given))
    [said] = say_readings(policy, decision, other_readings(policy, snapshot, decision), whole=whole)
    before = "the procedure can be read two ways: which way? (M-4) Read the other way, "
    assert said.startswith(before)
    return said.removeprefix(before)


def test_the_whole_says_how_the_pack_reads_and_who_confirms_it() -> None:
    said = reading("{to_court: {deadline: {days: 9, after: a_on}}}", f"{TO_COURT}, deadline: {{days: 1, after: a_on}}", a_on=SECOND, whole=True)
    assert said == "transfer to Court Team by Sat 11 Apr 2026. The pack reads: this way. To be confirmed by: head of service"


def test_a_reading_that_nobody_is_to_confirm_names_nobody() -> None:
    rival = "interpretations: [{id: words, clauses: [M-4], question: which?, reading: this, instead: {to_court: {off: true}}}]"
    policy, snapshot, decision = decided(pack(TO_COURT, more=rival), case())
    [said] = say_readings(policy, decision, other_readings(policy, snapshot, decision))
    assert said.endswith(". The pack reads: this")


def test_another_answer_comes_first_and_its_work_is_only_said_to_be_other_work() -> None:
    items = "checklists: {l: {applies: {to: court}, items: [{id: i, label: I}, {id: j, label: J}]}}"
    said = reading("{to_court: {off: true}}", TO_COURT, more=items)
    assert said == "stay with the team that holds the case: no criterion is met. Other items or duties apply"


def test_the_whole_names_the_work_under_another_answer() -> None:
    items = "checklists: {l: {applies: {to: court}, items: [{id: i, label: I}, {id: j, label: J}]}}"
    said = reading("{to_court: {off: true}}", TO_COURT, more=items, whole=True)
    assert said.startswith("stay with the team that holds the case: no criterion is met. Not required: I; J. The pack reads: ")


def test_after_a_question_the_next_sentence_stands_without_a_full_stop() -> None:
    duty = "duties: [{id: d, kind: task, label: tell them, applies: {outcome: transfer}}]"
    said = reading("{ask: {off: false}, to_court: {off: true}}", TO_COURT, f"id: ask, off: true, from: any, {ASK}}}", more=duty)
    assert said == "for people to decide. Both managers: who keeps it? Other items or duties apply"


def test_a_fact_on_which_the_answer_hangs_no_more_as_time_passes_is_named() -> None:
    policy, _, decision = decided(pack(f"{TO_COURT}, {IF_FLAG}"), case())
    after = replace(decision, missing=())
    assert say_changes(policy, [Change(TENTH, decision, after, ("missing",))]) == ["from Fri 10 Apr 2026, it no longer hangs on: flag"]


def test_what_could_not_be_told_the_other_way_says_what_is_not_known() -> None:
    assert reading(f"{{to_court: {{{IF_FLAG}}}}}", TO_COURT) == "it cannot be told yet; not known: flag"


def test_a_question_for_people_is_put() -> None:
    said = reading("{ask: {off: false}, to_court: {off: true}}", TO_COURT, f"id: ask, off: true, from: any, {ASK}}}")
    assert said == "for people to decide. Both managers: who keeps it?"


def test_a_stay_for_another_reason_names_the_reason() -> None:
    said = reading("{keep: {off: true}}", "id: keep, from: any, stay: true")
    assert said == "stay all the same, because: no criterion is met, so the case stays, MAR-1.2"


def test_other_answers_in_play_are_named() -> None:
    said = reading("{to_court: {transfer_to: permanence}}", f"{TO_COURT}, {IF_FLAG}")
    assert said == "the answer lies between: stay; transfer to Permanence Team"


def test_facts_on_which_the_answer_hangs_besides_are_named() -> None:
    rule = f"{TO_COURT}, when: {{any: [{{fact: flag, is: yes}}, {{fact: other_flag, is: yes}}]}}"
    assert reading(f"{{to_court: {{{IF_FLAG}}}}}", rule) == "it does not hang on: other flag"
    assert reading(f"{{to_court: {{{rule.partition(', transfer_to: court, ')[2]}}}}}", f"{TO_COURT}, {IF_FLAG}") == (
        "it also hangs on facts not known: other flag"
    )


def test_another_transfer_point_is_told_with_how_far_it_has_got() -> None:
    said = reading("{to_court: {transfer_point: {on: b_on}}}", f"{TO_COURT}, transfer_point: {{on: a_on}}", a_on=SECOND, b_on=TENTH)
    assert said == "responsibility passes at meeting B, planned for Fri 10 Apr 2026"


ITEM = "checklists: {l: {applies: {to: court}, items: [{id: i, label: I, by: x%s}]}}"


@pytest.mark.parametrize(
    ("item", "instead", "text"),
    [
        ("", "{i: {off: true}}", "not required: I"),
        (", off: true", "{i: {off: false}}", "also required, not recorded: I"),
        ("", "{i: {by: y}}", "falls to y: I"),
        (", due: {on: 2026-04-09}", "{i: {due: {on: 2026-04-10}}}", "not recorded, due by Fri 10 Apr 2026: I"),
        (", due: {on: 2026-04-09}", "{i: {due: {on: 2026-03-31}}}", "not recorded, overdue, was due by Tue 31 Mar 2026: I"),
        ("", "{i: {done_when: {fact: flag, is: yes}}}", "not outstanding: I"),
    ],
)
def test_items_that_stand_otherwise_say_how(item: str, instead: str, text: str) -> None:
    assert reading(instead, TO_COURT, more=ITEM % item, flag=True) == text


def test_items_that_are_satisfied_count_as_required_too() -> None:
    given: dict[str, Any] = {"checklist": {"i": "done"}}
    assert reading("{i: {off: true}}", TO_COURT, more=ITEM % "", **given) == "not required: I"
    assert reading("{i: {off: false}}", TO_COURT, more=ITEM % ", off: true", **given) == "also required, and done: I"


def test_an_item_that_may_not_be_required_is_told_apart() -> None:
    said = reading(f"{{i: {{{IF_FLAG}}}}}", TO_COURT, more=ITEM % "", whole=True)
    provisional = "transfer to Court Team; no date is set (provisional)"
    assert said.startswith(f"{provisional}. Cannot tell whether it is needed: I. It also hangs on facts not known: flag. The pack reads: ")


def test_an_item_that_is_no_longer_in_question_is_not_required() -> None:
    said = reading("{i: {off: true}}", TO_COURT, more=ITEM % f", {IF_FLAG}", whole=True)
    assert said.startswith("transfer to Court Team; no date is set. Not required: I. It does not hang on: flag. The pack reads: ")


DUTY = "duties: [{id: d, kind: task, label: tell them, who: x%s}]"


@pytest.mark.parametrize(
    ("duty", "instead", "text"),
    [
        ("", "{d: {off: true}}", "not asked for: tell them"),
        (", off: true", "{d: {off: false}}", "also asked for, now: tell them"),
        ("", "{d: {due: {on: 2026-04-10}}}", "due by Fri 10 Apr 2026: tell them"),
        ("", "{d: {who: y, to: z}}", "falls to y to z: tell them"),
    ],
)
def test_duties_that_stand_otherwise_say_how(duty: str, instead: str, text: str) -> None:
    assert reading(instead, TO_COURT, more=DUTY % duty) == text


def test_work_that_falls_to_nobody_named_says_so() -> None:
    policy, _, decision = decided(pack(TO_COURT, more=DUTY % ""), case())
    after = replace(decision, duties=(replace(decision.duties[0], who=""),))
    assert say_changes(policy, [Change(TENTH, decision, after, ("duties",))]) == ["from Fri 10 Apr 2026, falls to nobody named: tell them"]


def test_work_that_stands_alike_goes_together_and_of_much_the_beginning() -> None:
    items = "checklists: {l: {applies: {to: court}, items: [{id: i, label: I}, {id: j, label: J}, {id: k, label: K}]}}"
    readings = "{i: {off: true}, j: {off: true}, k: {off: true}}"
    assert reading(readings, TO_COURT, more=items) == "not required: I; J; and 1 more"
    assert reading(readings, TO_COURT, more=items, whole=True).startswith("not required: I; J; K. The pack reads: ")


def test_of_many_differences_the_first_two_are_told() -> None:
    more = f"{DUTY % ''}\nchecklists: {{l: {{applies: {{to: court}}, items: [{{id: i, label: I}}, {{id: j, label: J, by: x}}]}}}}"
    said = reading("{i: {off: true}, j: {by: y}, d: {off: true}, to_court: {deadline: {on: 2026-04-10}}}", TO_COURT, more=more)
    assert said == "transfer to Court Team by Fri 10 Apr 2026. Falls to y: J. And more"


def test_only_other_sections_are_told_with_the_whole_alone() -> None:
    rival = "interpretations: [{id: words, clauses: [M-4], question: which?, reading: this, instead: {d: {clauses: [M-9]}}}]"
    policy, snapshot, decision = decided(pack(TO_COURT, more=f"{DUTY % ', clauses: [M-4]'}\n{rival}"), case())
    readings = other_readings(policy, snapshot, decision)
    assert say_readings(policy, decision, readings, whole=False) == []
    assert "Read the other way, only other sections are cited." in say_readings(policy, decision, readings)[0]


# --- what comes next


def ahead(*rules: str, more: str = "", whole: bool = True, as_of: Any = "2026-04-01", **given: Any) -> list[str]:
    """Return the sentences about the days on which an answer changes."""
    policy, snapshot, decision = decided(pack(*rules, more=more), case(as_of, **given))
    return say_changes(policy, changes_ahead(policy, snapshot, decision), whole=whole)


def test_a_move_that_is_late_says_no_more_than_that() -> None:
    assert ahead(f"{TO_COURT}, deadline: {{on: a_on}}", a_on=TENTH) == ["from Sat 11 Apr 2026, the move is overdue"]


def test_a_provisional_move_that_is_late_says_so_too() -> None:
    assert ahead(f"{TO_COURT}, deadline: {{soonest_of: [{{on: a_on}}, {{on: b_on}}]}}", a_on=TENTH)[-1] == (
        "from Sat 11 Apr 2026, the move is overdue"
    )


def test_a_decision_that_is_late_says_so() -> None:
    assert ahead(f"id: ask, from: any, {ASK}, by: {{on: a_on}}}}", a_on=TENTH) == ["from Sat 11 Apr 2026, the decision is overdue"]


def test_a_transfer_point_that_comes_is_named() -> None:
    assert ahead(f"{TO_COURT}, transfer_point: {{on: a_on}}", a_on=TENTH) == ["from Fri 10 Apr 2026, the transfer point has come: meeting A"]


def test_a_birthday_that_comes_is_named_in_words() -> None:
    said = ahead(f"{TO_COURT}, transfer_point: {{birthday: 18}}", date_of_birth=date(2008, 4, 10))
    assert said == ["from Fri 10 Apr 2026, the transfer point has come: the 18th birthday"]


def test_another_answer_is_told_and_its_work_counted_in() -> None:
    items = "checklists: {l: {applies: {to: court}, items: [{id: i, label: I}]}}"
    rule = f"{TO_COURT}, when: {{fact: a_on, happened: true}}"
    moves = "from Fri 10 Apr 2026, transfer to Court Team; no date is set"
    assert ahead(rule, more=items, a_on=TENTH, whole=False) == [f"{moves}. Other items or duties apply"]
    assert ahead(rule, more=items, a_on=TENTH) == [f"{moves}. Also required, not recorded: I"]


def test_work_that_is_late_is_overdue() -> None:
    assert ahead(TO_COURT, more=ITEM % ", due: {on: 2026-04-09}") == ["from Fri 10 Apr 2026, overdue: I"]
    assert ahead(TO_COURT, more=DUTY % ", due: {on: 2026-04-09}") == ["from Fri 10 Apr 2026, overdue: tell them"]


def test_work_that_was_planned_is_no_longer_outstanding() -> None:
    assert ahead(TO_COURT, more=ITEM % "", checklist={"i": TENTH}) == ["from Fri 10 Apr 2026, no longer outstanding: I"]


def test_work_that_grows_stale_was_required_before() -> None:
    said = ahead(TO_COURT, more=ITEM % ", fresh_for: {days: 9}", checklist={"i": date(2026, 4, 1)})
    assert said == ["from Sat 11 Apr 2026, stale, done on Wed 1 Apr 2026: I"]


def test_a_duty_whose_day_is_past_may_fall_away() -> None:
    more = DUTY % ", when: {not: {fact: a_on, happened: true}}"
    assert ahead(TO_COURT, more=more, a_on=TENTH) == ["from Fri 10 Apr 2026, no longer asked for: tell them"]


def test_warnings_come_and_go() -> None:
    warning = "edition 3.1 is not in force on the day asked about"
    assert ahead(TO_COURT, more="in_force: {from: 2026-04-05, until: 2026-04-08}") == [
        f"from Sun 5 Apr 2026, no longer so: {warning}",
        f"from Thu 9 Apr 2026, {warning}",
    ]


def test_another_rule_behind_the_same_answer_is_named() -> None:
    said = ahead(
        f"{TO_COURT}, when: {{fact: a_on, happened: false}}",
        "id: other, label: the meeting moves the case, from: any, when: {fact: a_on, happened: true}, transfer_to: court",
        a_on=TENTH,
    )
    assert said == ["from Fri 10 Apr 2026, now because: the meeting moves the case"]


def test_days_on_which_the_same_thing_changes_are_one_line() -> None:
    policy, _, decision = decided(pack(TO_COURT, more=DUTY % ""), case())
    days = [Change(day, decision, replace(decision, duties=()), ("duties",)) for day in (SECOND, TENTH, TWENTIETH)]
    assert say_changes(policy, days) == ["from Thu 2 Apr 2026, no longer asked for: tell them (again 2 times, the last on Mon 20 Apr 2026)"]


def test_where_the_record_contradicts_itself_nothing_can_be_told() -> None:
    said = ahead(
        f"{TO_COURT}, when: {{fact: second_looked_after_review_on, arranged: true}}",
        first_looked_after_review_on="not_yet",
        second_looked_after_review_on=TENTH,
    )
    assert said == ["from Fri 10 Apr 2026, the record contradicts itself, so nothing can be told"]


@pytest.mark.parametrize(
    ("as_of", "text"),
    [
        ("2026-04-01", "nothing changes within a year if planned dates are kept and nothing new is recorded"),
        ("2039-12-31", "nothing changes within a year if planned dates are kept and nothing new is recorded"),
        (
            "2040-01-01",
            "nothing changes until Mon 31 Dec 2040, where the calendar ends, if planned dates are kept and nothing new is recorded",
        ),
        ("2040-12-31", "what comes next cannot be told: the calendar ends on Mon 31 Dec 2040"),
        ("2041-06-01", "what comes next cannot be told: the calendar ends on Mon 31 Dec 2040"),
    ],
)
def test_for_how_long_nothing_changes_ends_with_the_calendar(as_of: str, text: str) -> None:
    assert say_no_change(pack(), case(as_of)) == text


# --- phrases


@pytest.mark.parametrize(
    ("texts", "shown"), [([], []), (["a", "b"], ["a", "b"]), (["a", "b", "c"], ["a", "b", "and 1 more"])], ids=["none", "few", "many"]
)
def test_of_many_texts_the_first_few_are_shown(texts: list[str], shown: list[str]) -> None:
    assert few(texts, 2) == shown


def test_sections_that_are_named_twice_are_shown_once() -> None:
    assert say_sections(pack(), ["M-1", "M-1", "M-2"]) == "M-1; M-2"


def test_without_clauses_there_are_no_sections() -> None:
    assert say_sections(pack(), []) == ""


@pytest.mark.parametrize(
    ("text", "sections", "said"),
    [("a rule", "section 4", "a rule, section 4"), ("a rule", "", "a rule"), ("which?", "section 4", "which? (section 4)"), ("which?", "", "which?")],
)
def test_sections_follow_a_comma_or_after_a_question_stand_aside(text: str, sections: str, said: str) -> None:
    assert cited(text, sections) == said


@pytest.mark.parametrize(
    ("parts", "said"), [((), ""), (("", ""), ""), (("a", "b"), " (a; b)"), (("a (b)",), " [a (b)]")], ids=["none", "empty", "two", "nested"]
)
def test_what_stands_aside_is_bracketed(parts: tuple[str, ...], said: str) -> None:
    assert aside(*parts) == said


@pytest.mark.parametrize(
    ("candidates", "said"),
    [
        ([Candidate("stay")], "stay"),
        ([Candidate("transfer", None, None)], "transfer to a team that an unknown fact names"),
        ([Candidate("transfer", "court", "Court Team", TENTH)], "transfer to Court Team by Fri 10 Apr 2026"),
        ([Candidate("close", deadline=TENTH)], "close the case by Fri 10 Apr 2026"),
        ([Candidate("people_decide", deadline=TENTH)], "people decide"),
        ([Candidate("conflict"), Candidate("undetermined")], "rules that disagree; or nothing that can be told"),
    ],
)
def test_an_answer_in_play_is_told_with_its_day(candidates: list[Candidate], said: str) -> None:
    assert say_choice(candidates) == said


def test_a_bound_on_a_duty_that_is_not_firm_says_so() -> None:
    duty = Duty("d", "task", "tell them", "awaiting", due=Deadline("no_later_than", TENTH))
    assert say_status(duty) == "no firm date yet, no later than Fri 10 Apr 2026"


def test_a_headline_may_say_between_which_days() -> None:
    decision = evaluate(pack(f"{TO_COURT}, deadline: {{on: a_on}}"), case(a_on=TENTH))
    between = Deadline("no_later_than", TWENTIETH, no_earlier_than=TENTH)
    assert headline(Decision("transfer", "provisional", decision.identity, receiving_team=decision.receiving_team, deadline=between)) == (
        "Transfer to Court Team no later than Mon 20 Apr 2026 and no earlier than Fri 10 Apr 2026 (provisional)"
    )


def test_a_date_that_is_awaited_may_have_a_bound() -> None:
    decision = evaluate(pack(TO_COURT), case())
    awaited = Deadline("awaiting", note="not known", no_earlier_than=TENTH)
    assert headline(Decision("close", "decided", decision.identity, deadline=awaited)) == (
        "Close the case (no team takes over), no earlier than Fri 10 Apr 2026; no date yet: not known"
    )


def test_an_event_that_no_deciding_rule_names_goes_by_its_name() -> None:
    decision = evaluate(pack(TO_COURT), case())
    point = Decision("transfer", "decided", decision.identity, transfer_point=TransferPoint("some_event", None, "awaited"))
    assert say_event(pack(TO_COURT), point) == "some event"

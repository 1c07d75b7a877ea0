"""Each kind of line of an explanation, as a team manager reads it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.packs_for_tests import case, policy_of
from transfer_rules.evaluation import evaluate
from transfer_rules.explanation import explain, headline

FIRST, TENTH, TWENTIETH = date(2026, 4, 1), date(2026, 4, 10), date(2026, 4, 20)

MARKS = ("because", "since", "between", "decides", "passes", "counted", "not", "first", "also", "if", "next", "rests on", "note")


def told(*rules: str, head: str = "", tail: str = "", folder: Path | None = None, as_of: Any = "2026-04-01", **given: Any) -> str:
    """Return the explanation of a case under a pack with these rules."""
    written = "rules:\n" + "\n".join(f"  - {{{one}}}" for one in rules) if rules else ""
    policy = policy_of("\n".join(dedent(part) for part in (head, written, tail) if part), folder)
    snapshot = case(as_of, **given)
    return explain(policy, snapshot, evaluate(policy, snapshot))


def lines(mark: str, text: str) -> list[str]:
    """Return the lines under one mark."""
    found: list[str] = []
    current = "answer"
    for line in text.splitlines():
        start = line[2:11].strip() if line.startswith("  ") else "answer"
        current = start if start or "for a manager to confirm" in line else current
        if current == mark:
            found.append(line[11:] if line.startswith("  ") else line)
    return found


def answer(*rules: str, **given: Any) -> str:
    return told(*rules, **given).splitlines()[0]


TO_COURT = "id: to_court, from: any, transfer_to: court"
IF_FLAG = "when: {fact: flag, is: yes}"


# --- the whole


def test_an_explanation_follows_the_layout_of_the_printed_example(tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text("clause,section,kind\nMAR-4.6a,4.6,rule\nMAR-7.2,7.2,rule\nMAR-5.1,5.1,rule\n", encoding="utf-8")
    text = told(
        "id: long_term_plan_to_permanence, clauses: [MAR-4.6a], from: assessment, when: {fact: lead_plan, is: in_care}, transfer_to: permanence,"
        " transfer_point: {on: a_on}, deadline: {soonest_of: [{working_days: 8, after: a_on}, {on: b_on}]}",
        head="source: {title: Moving cases, edition: '3.1', ledger: ledger.csv}",
        tail="""
        checklists:
          handover:
            applies: {to: permanence}
            items:
              - {id: risk, clauses: [MAR-7.2], label: "Risk summary, signed in the last month", by: social worker, fresh_for: {months: 1}}
        duties:
          - {id: warn, clauses: [MAR-5.1], kind: notice, label: tell the receiving manager, who: giving manager, to: receiving manager,
             due: {working_days: 7, before: handover}}
        """,
        folder=tmp_path,
        lead_plan="in_care",
        a_on=FIRST,
        b_on=date(2026, 5, 20),
        checklist={"risk": date(2026, 3, 2)},
    )
    assert text.splitlines() == [
        "Transfer to Permanence Team by Wed 15 Apr 2026",
        "  because  long term plan to permanence, section 4.6",
        "  since    meeting A on Wed 1 Apr 2026, meeting B on Wed 20 May 2026, current team is Assessment Team and plan is in",
        "             care",
        "  passes   at meeting A, on Wed 1 Apr 2026: the day has come",
        "  counted  8 working days after meeting A (Wed 1 Apr 2026), passing over Good Friday 3 Apr and Easter Monday 6 Apr: Wed",
        "             15 Apr 2026",
        "  not      meeting B, Wed 20 May 2026: later",
        "  first    Risk summary, signed in the last month: stale, done on Mon 2 Mar 2026, needed on or after Sun 15 Mar 2026",
        "             (social worker; section 7.2)",
        "  also     tell the receiving manager: due by Thu 2 Apr 2026 (giving manager to receiving manager; section 5.1)",
        "  next     from Fri 3 Apr 2026, overdue: tell the receiving manager",
        "           from Thu 16 Apr 2026, the move is overdue",
        "           for a manager to confirm; Marlshire Council, Moving cases, edition 3.1",
    ]


def test_every_line_but_the_first_stands_under_its_mark() -> None:
    text = told(TO_COURT, tail="checklists: {l: {applies: {to: court}, items: [{id: i, label: I}, {id: j, label: J}]}}")
    for line in text.splitlines()[1:]:
        assert line[:2] == "  "
        assert line[2:11].strip() in ("", *MARKS)
        assert line[10] == " "


def test_a_second_line_of_one_kind_carries_no_mark() -> None:
    text = told(TO_COURT, tail="checklists: {l: {applies: {to: court}, items: [{id: i, label: I}, {id: j, label: J, by: manager}]}}")
    assert text.splitlines()[3:5] == ["  first    I: not recorded", "           J: not recorded (manager)"]


def test_it_ends_with_who_is_to_confirm_it() -> None:
    assert told(TO_COURT).splitlines()[-1] == "           for a manager to confirm; Marlshire Council, Moving cases, edition 3.1"


# --- the answer


@pytest.mark.parametrize(
    ("deadline", "text"),
    [
        ("{on: a_on}", "Transfer to Court Team by Fri 10 Apr 2026"),
        ("{on: c_on}", "Transfer to Court Team by Tue 31 Mar 2026, overdue"),
        ("{soonest_of: [{on: a_on}, {on: b_on}]}", "Transfer to Court Team no later than Fri 10 Apr 2026"),
        ("{on: b_on}", "Transfer to Court Team; no date yet: the event that it counts from has no date yet"),
        (
            "{latest_of: [{on: a_on}, {on: b_on}]}",
            "Transfer to Court Team, not before Fri 10 Apr 2026; no date yet: the event that it counts from has no date yet",
        ),
        ("{at_once: true}", "Transfer to Court Team at once"),
        ("{none: no number}", "Transfer to Court Team; no date is set (no number)"),
        ("{working_days: 1, after: 2030-04-01}", "Transfer to Court Team by Tue 2 Apr 2030 (bank holidays not yet proclaimed)"),
        ("{working_days: 1, after: 2041-04-01}", "Transfer to Court Team by a date past the end of the calendar"),
        ("{hours: 24, after: seen_at}", "Transfer to Court Team by Thu 2 Apr 2026 at 13:00"),
    ],
)
def test_the_answer_says_by_when(deadline: str, text: str) -> None:
    facts = {"a_on": TENTH, "b_on": "not_yet", "c_on": date(2026, 3, 31), "seen_at": datetime(2026, 4, 1, 12, 0, tzinfo=UTC)}
    assert answer(f"{TO_COURT}, deadline: {deadline}", **facts) == text


def test_an_answer_that_may_still_change_is_provisional() -> None:
    assert answer(f"{TO_COURT}, deadline: {{soonest_of: [{{on: a_on}}, {{on: b_on}}]}}", a_on=TENTH) == (
        "Transfer to Court Team no later than Fri 10 Apr 2026 (provisional)"
    )


def test_a_date_nobody_knows_yet_says_so() -> None:
    assert (
        answer(f"{TO_COURT}, deadline: {{on: a_on}}") == "Transfer to Court Team; no date yet: a fact that it counts from is not known (provisional)"
    )


def test_the_answer_names_the_area_and_the_role() -> None:
    assert answer("id: r, from: any, transfer_to: {team: permanence, area: north}") == "Transfer to Permanence Team (North); no date is set"
    role = "id: r, from: any, transfer_to: {team: assessment, role: personal_adviser}, deadline: {on: a_on}"
    assert answer(role, a_on=TENTH) == "Transfer to a personal adviser in Assessment Team by Fri 10 Apr 2026"


def test_a_close_says_that_nobody_takes_over() -> None:
    assert answer("id: r, from: any, close: true, deadline: {on: a_on}", a_on=TENTH) == "Close the case (no team takes over) by Fri 10 Apr 2026"


@pytest.mark.parametrize(
    ("effect", "a_on", "text"),
    [
        ("stay: true", TENTH, "Stay with Assessment Team"),
        ("stay: {until: {on: a_on}}", TENTH, "Stay with Assessment Team; it may not move before Fri 10 Apr 2026"),
        ("stay: {until: {on: a_on}}", "not_yet", "Stay with Assessment Team; it may not move before a day that is not known yet"),
        ("stay: {until: {on: a_on}}", FIRST, "Stay with Assessment Team: no criterion is met"),
    ],
)
def test_a_stay_says_until_when_and_whether_any_rule_speaks(effect: str, a_on: object, text: str) -> None:
    assert answer(f"id: r, from: any, {effect}", a_on=a_on) == text


def test_a_stay_of_a_case_whose_team_is_not_known_names_none() -> None:
    assert answer("id: r, from: any, stay: true", current_team=None) == "Stay with the team that holds the case"


def test_a_conflict_is_called_one() -> None:
    assert answer(TO_COURT, "id: r, from: any, close: true") == "Rules disagree, and none of them overrides the others"


def test_what_cannot_be_told_yet_says_so() -> None:
    assert answer(f"{TO_COURT}, {IF_FLAG}") == "Cannot be told yet: facts are missing"


def test_the_headline_needs_the_decision_alone() -> None:
    assert headline(evaluate(policy_of(""), case())) == "Stay with the team that holds the case: no criterion is met"


# --- because, since


def test_a_rule_is_named_in_words_with_its_clauses() -> None:
    assert lines("because", told(f"{TO_COURT}, clauses: [MAR-4.6a, MAR-4.6b]")) == ["to court, MAR-4.6a; MAR-4.6b"]


def test_a_rule_with_a_label_goes_by_that_alone() -> None:
    text = told("id: to_court, label: removal goes to Court, clauses: [MAR-4.6a], from: any, transfer_to: court")
    assert lines("because", text) == ["removal goes to Court, MAR-4.6a"]


def test_a_rule_without_clauses_is_named_alone() -> None:
    assert lines("because", told(TO_COURT)) == ["to court"]


@pytest.mark.parametrize(
    ("sections", "text"),
    [
        (["4.6"], "to court, section 4.6"),
        (["4.6", "4.9"], "to court, sections 4.6; 4.9"),
        (["Part 1, 2.4 bullet 1"], "to court, Part 1, 2.4 bullet 1"),
    ],
)
def test_sections_are_shown_as_the_document_prints_them(tmp_path: Path, sections: list[str], text: str) -> None:
    rows = "".join(f'MAR-{number},"{section}",rule\n' for number, section in enumerate(sections))
    (tmp_path / "ledger.csv").write_text(f"clause,section,kind\n{rows}", encoding="utf-8")
    clauses = ", ".join(f"MAR-{number}" for number in range(len(sections)))
    head = "source: {title: Moving cases, edition: '3.1', ledger: ledger.csv}"
    assert lines("because", told(f"{TO_COURT}, clauses: [{clauses}]", head=head, folder=tmp_path)) == [text]


def test_silence_gives_the_packs_own_reason() -> None:
    assert lines("because", told()) == ["no criterion is met, so the case stays, MAR-1.2"]


def test_of_many_sections_three_are_named() -> None:
    assert lines("because", told(f"{TO_COURT}, clauses: [M-1, M-2, M-3, M-4, M-5]")) == ["to court, M-1; M-2; M-3; and 2 more"]


def test_a_rule_that_decides_in_some_ways_only_says_so() -> None:
    text = told(f"{TO_COURT}, {IF_FLAG}", "id: other, from: any, when: {fact: flag, is: no}, transfer_to: court")
    perhaps = "(this one or another, as facts not known will show: the answer is the same)"
    assert lines("because", text) == [f"other {perhaps}", f"to court {perhaps}"]


def test_the_facts_of_all_reasons_stand_on_one_line() -> None:
    text = told(f"{TO_COURT}, {IF_FLAG}", "id: other, from: any, when: {fact: a_on, arranged: true}, transfer_to: court", flag=True, a_on=TENTH)
    assert lines("because", text) == ["other", "to court"]
    assert lines("since", text) == ["meeting A on Fri 10 Apr 2026, current team is Assessment Team and flag is yes"]


def test_without_facts_there_is_no_since() -> None:
    text = told("id: r, from: any, transfer_to: {team: assessment, role: personal_adviser}", current_team=None)
    assert lines("since", text) == []


# --- between, decides

KEEPER = "decisions: {keeper: {label: who keeps the case}}\n"
ASK = "id: ask, clauses: [MAR-3.1], from: any, people_decide: {who: both managers, question: who keeps it?, between: [court, stay, close]"


def test_a_question_names_who_decides_what_by_when_and_where_it_is_recorded() -> None:
    text = told(f"{ASK}, by: {{days: 7, after: a_on}}, settled_by: keeper}}", head=KEEPER, a_on=FIRST)
    assert text.splitlines()[0] == "For people to decide by Wed 8 Apr 2026"
    assert lines("decides", text) == ["both managers: who keeps it? (MAR-3.1; to be recorded as keeper)"]
    assert lines("between", text) == ["transfer to Court Team; stay; or close the case"]


def test_a_question_without_a_day_or_a_decision_says_no_more() -> None:
    assert lines("decides", told(f"{ASK}}}")) == ["both managers: who keeps it? (MAR-3.1)"]


def test_a_question_whose_day_is_awaited_shows_none() -> None:
    assert answer(f"{ASK}, by: {{on: a_on}}}}", a_on="not_yet") == "For people to decide"


def test_a_question_whose_day_is_past_is_overdue() -> None:
    assert answer(f"{ASK}, by: {{on: a_on}}}}", a_on=date(2026, 3, 31)) == "For people to decide by Tue 31 Mar 2026, overdue"


def test_answers_in_play_show_their_dates_and_rules() -> None:
    text = told(
        f"{TO_COURT}, deadline: {{on: a_on}}", "id: other_rule, from: any, transfer_to: court, deadline: {on: b_on}", a_on=TENTH, b_on=TWENTIETH
    )
    assert lines("between", text) == [
        "transfer to Court Team by Mon 20 Apr 2026: other rule",
        "transfer to Court Team by Fri 10 Apr 2026: to court",
    ]


def test_a_team_that_no_fact_names_yet_is_in_play_too() -> None:
    text = told("id: r, from: any, transfer_to: {team: {fact: next_team}}")
    teams = "Court Team, Early Help, another authority or Permanence Team"
    assert lines("between", text) == [f"transfer to {teams}; close the case; or stay: r"]


def test_of_many_teams_that_a_fact_may_name_the_number_is_said() -> None:
    teams = ", ".join(f"team_{number}: {{label: Team {number}}}" for number in range(9))
    text = told("id: r, from: any, transfer_to: {team: {fact: next_team}}", head=f"teams: {{assessment: {{label: Assessment}}, {teams}}}")
    assert lines("between", text) == ["transfer to one of 10 teams; close the case; or stay: r"]


def test_a_question_can_be_in_play() -> None:
    assert lines("between", told(f"{ASK}}}, {IF_FLAG}")) == ["people decide: ask, MAR-3.1", "stay"]


def test_what_people_settled_is_the_first_reason() -> None:
    head = f"{KEEPER}leave_to_people: [{{rules: [to_court, end], who: both managers, question: which?, settled_by: keeper, clauses: [MAR-2.6]}}]"
    text = told(TO_COURT, "id: end, from: any, close: true", head=head, decisions={"keeper": "court"})
    assert lines("because", text) == ["both managers decided: which? (MAR-2.6)", "to court"]


# --- passes


@pytest.mark.parametrize(
    ("point", "a_on", "text"),
    [
        ("{on: a_on}", FIRST, "at meeting A, on Wed 1 Apr 2026: the day has come"),
        ("{on: a_on}", TENTH, "at meeting A, planned for Fri 10 Apr 2026"),
        ("{on: a_on}", "not_yet", "at meeting A, which has no date yet"),
        ("{on: a_on}", "happened", "at meeting A, which has happened"),
        ("{on: a_on}", None, "at meeting A; not known whether or when"),
        ("{birthday: 18}", None, "at the 18th birthday, on Thu 2 Apr 2026: still to come"),
        ("{use: hearing}", FIRST, "at meeting A, on Wed 1 Apr 2026: the day has come"),
        ("{use: hearing_or_review}", FIRST, "at the hearing or the review, on Wed 1 Apr 2026: the day has come"),
        ("{soonest_of: [{on: a_on}, {on: b_on}]}", FIRST, "at whichever is sooner: meeting A or meeting B, on Wed 1 Apr 2026: the day has come"),
        ("{on: a_on, when: {fact: flag, is: yes}, otherwise: {on: b_on}}", FIRST, "at meeting A, on Wed 1 Apr 2026: the day has come"),
        ("{at_once: true}", FIRST, "at once"),
        ("{on: a_on, failing_that: {on: b_on}}", "not_yet", "at meeting B, planned for Mon 20 Apr 2026"),
    ],
)
def test_the_transfer_point_is_named_with_its_day_and_how_far_it_has_got(point: str, a_on: object, text: str) -> None:
    head = """\
    definitions:
      hearing: {timescale: {on: a_on}}
      hearing_or_review: {label: the hearing or the review, timescale: {soonest_of: [{on: a_on}, {on: b_on}]}}
    """
    facts = {"a_on": a_on, "b_on": TWENTIETH, "flag": True, "date_of_birth": date(2008, 4, 2)}
    assert lines("passes", told(f"{TO_COURT}, transfer_point: {point}", head=head, **facts)) == [text]


def test_without_a_transfer_point_nothing_passes() -> None:
    assert lines("passes", told(TO_COURT)) == []


# --- first

LIST = "checklists: {handover: {applies: {to: court}, items: [%s]}}"


def first(item: str, **given: Any) -> list[str]:
    return lines("first", told(f"{TO_COURT}, deadline: {{on: b_on}}", tail=LIST % item, **{"b_on": TENTH, **given}))


@pytest.mark.parametrize(
    ("item", "progress", "text"),
    [
        ("{id: i, label: Note}", None, "Note: not recorded"),
        ("{id: i, label: Note}", "not_done", "Note: not done"),
        ("{id: i, label: Note}", TENTH, "Note: not done, planned for Fri 10 Apr 2026"),
        ("{id: i, label: Note, fresh_for: {days: 2}}", FIRST, "Note: stale, done on Wed 1 Apr 2026, needed on or after Wed 8 Apr 2026"),
        ("{id: i, label: Note, fresh_for: {days: 2}}", "done", "Note: cannot tell whether it still counts"),
        ("{id: i, label: Note, valid: {before: a_on}}", FIRST, "Note: done out of order, on Wed 1 Apr 2026"),
        ("{id: i, label: Note, excusable: {by: both managers}}", "excused", "Note: excused by both managers"),
        ("{id: i, label: Note, excusable: {by: both managers}}", None, "Note: not recorded"),
        ("{id: i, label: Note, when: {fact: flag, is: yes}}", None, "Note: cannot tell whether it is needed"),
        ("{id: i, label: Note, by: social worker}", None, "Note: not recorded (social worker)"),
        ("{id: i, label: Note, clauses: [MAR-7.2]}", None, "Note: not recorded (MAR-7.2)"),
        ("{id: i, label: Note, by: social worker, clauses: [MAR-7.2]}", None, "Note: not recorded (social worker; MAR-7.2)"),
        ("{id: i, label: Note, due: {on: 2026-04-02}}", None, "Note: not recorded, due by Thu 2 Apr 2026"),
        ("{id: i, label: Note, due: {on: 2026-03-31}}", None, "Note: not recorded, overdue, was due by Tue 31 Mar 2026"),
        ("{id: i, label: Note, due: {on: 2026-03-31}, excusable: {by: both managers}}", "excused", "Note: excused by both managers"),
        ("{id: i, label: Note, due: {on: c_on}}", None, "Note: not recorded"),
    ],
)
def test_an_outstanding_item_says_why_by_when_and_by_whom(item: str, progress: object, text: str) -> None:
    assert first(item, checklist={"i": progress}, a_on=date(2026, 3, 1), c_on="not_yet") == [text]


def test_a_satisfied_item_is_not_listed() -> None:
    assert first("{id: i, label: Note}", checklist={"i": "done"}) == []


# --- also


def also(duty: str, **given: Any) -> list[str]:
    return lines("also", told(TO_COURT, tail=f"duties: [{{id: d, kind: task, label: tell them{duty}}}]", **given))


@pytest.mark.parametrize(
    ("duty", "progress", "text"),
    [
        (", due: {on: 2026-04-01}", None, "tell them: due by Wed 1 Apr 2026"),
        (", due: {on: 2026-03-31}", None, "tell them: overdue, was due by Tue 31 Mar 2026"),
        (", due: {on: a_on}", None, "tell them: no date yet"),
        ("", None, "tell them: now"),
        ("", "done", "tell them: done"),
        ("", "not_needed", "tell them: not needed"),
        (", advisory: true", None, "tell them: now, good practice"),
        (", who: giving manager", None, "tell them: now (giving manager)"),
        (", to: receiving manager", None, "tell them: now (receiving manager)"),
        (", who: giving manager, to: receiving manager, clauses: [MAR-5.1]", None, "tell them: now (giving manager to receiving manager; MAR-5.1)"),
    ],
)
def test_a_duty_says_how_it_stands_by_when_who_and_to_whom(duty: str, progress: object, text: str) -> None:
    assert also(duty, a_on="not_yet", checklist={"d": progress}) == [text]


def test_duties_that_are_done_go_together_whoever_did_them() -> None:
    written = "duties: [{id: d, kind: task, label: one, who: a}, {id: e, kind: task, label: two, who: b}]"
    assert lines("also", told(TO_COURT, tail=written, checklist={"d": "done", "e": "done"})) == ["done: one; two"]


# --- what stands alike


def test_items_that_stand_alike_go_together_with_the_sections_of_each() -> None:
    items = "{id: i, label: I, by: x, clauses: [M-1]}, {id: j, label: J, by: x, clauses: [M-2]}, {id: k, label: K, by: x, clauses: [M-1]}"
    assert first(items) == ["not recorded (x): I; K [these 2: M-1]; J [M-2]"]


def test_items_that_stand_alike_by_the_same_sections_name_these_once() -> None:
    assert first("{id: i, label: I, by: x, clauses: [M-1]}, {id: j, label: J, by: x, clauses: [M-1]}") == ["not recorded (x; M-1): I; J"]


def test_items_that_fall_to_others_stand_apart() -> None:
    assert first("{id: i, label: I, by: x}, {id: j, label: J, by: y}") == ["I: not recorded (x)", "J: not recorded (y)"]


def test_items_without_sections_name_none() -> None:
    assert first("{id: i, label: I, clauses: [M-1]}, {id: j, label: J}") == ["not recorded: I [M-1]; J"]


# --- counted

COUNTED = f"{TO_COURT}, deadline: {{soonest_of: [{{days: 5, after: a_on}}, {{days: 5, after: a_on, when: {{fact: flag, is: yes}}}}]}}"


def test_two_arms_that_are_the_same_count_are_counted_once() -> None:
    assert lines("counted", told(COUNTED, a_on=FIRST, flag=True)) == ["5 days after meeting A (Wed 1 Apr 2026): Mon 6 Apr 2026"]


# --- if


def test_what_is_missing_is_asked_for() -> None:
    assert lines("if", told(f"{TO_COURT}, {IF_FLAG}")) == ["not known, and could change this: Is the flag up? (flag)"]


def test_several_facts_that_are_missing_stand_under_one_heading() -> None:
    text = told(f"{TO_COURT}, when: {{all: [{{fact: flag, is: yes}}, {{fact: other_flag, is: yes}}]}}")
    assert lines("if", text) == ["2 facts are not known, and could change this:", "Is the flag up? (flag)", "Is the other flag up? (other_flag)"]


def test_of_many_missing_facts_eight_are_asked_for() -> None:
    names = [f"f_{number}" for number in range(9)]
    facts = "".join(f"  {name}: {{type: yes_no, label: {name}, ask: 'Is {name} so?'}}\n" for name in names)
    text = told(f"{TO_COURT}, when: {{all: [{', '.join(f'{{fact: {name}, is: yes}}' for name in names)}]}}", head=f"local_facts:\n{facts}")
    assert lines("if", text)[0] == "9 facts are not known, and could change this:"
    assert lines("if", text)[-2:] == ["Is f_7 so? (f_7)", "and 1 more"]


READING = """
interpretations:
  - {id: five, clauses: [M-4], question: "calendar or working days?", reading: calendar days, to_confirm: head of service,
     instead: {to_court: {deadline: {working_days: 5, after: a_on}}}}
"""


def test_words_that_can_be_read_two_ways_say_what_would_differ() -> None:
    text = told(f"{TO_COURT}, deadline: {{days: 5, after: a_on}}", tail=READING, a_on=FIRST)
    assert " ".join(line.strip() for line in lines("if", text)) == (
        "the procedure can be read two ways: calendar or working days? (M-4) Read the other way, transfer to Court Team by Fri 10 Apr 2026"
    )


# --- next


def test_what_changes_next_is_told() -> None:
    text = told(f"{TO_COURT}, deadline: {{on: a_on}}", a_on=TENTH)
    assert lines("next", text) == ["from Sat 11 Apr 2026, the move is overdue"]


def test_where_nothing_changes_it_says_for_how_long() -> None:
    assert lines("next", told(TO_COURT)) == ["nothing changes within a year if planned dates are kept and nothing new is recorded"]


def test_of_many_changes_the_first_three_are_told() -> None:
    duties = ", ".join(f"{{id: d_{day}, kind: task, label: L{day}, due: {{on: 2026-04-0{day}}}}}" for day in range(2, 7))
    assert lines("next", told(TO_COURT, tail=f"duties: [{duties}]")) == [
        "from Fri 3 Apr 2026, overdue: L2",
        "from Sat 4 Apr 2026, overdue: L3",
        "from Sun 5 Apr 2026, overdue: L4",
        "and 2 more",
    ]


def test_while_very_many_facts_are_missing_readings_and_changes_are_not_worked_out() -> None:
    names = [f"f_{number}" for number in range(11)]
    facts = "".join(f"  {name}: {{type: yes_no, label: {name}, ask: 'Is {name} so?'}}\n" for name in names)
    text = told(f"{TO_COURT}, when: {{all: [{', '.join(f'{{fact: {name}, is: yes}}' for name in names)}]}}", head=f"local_facts:\n{facts}")
    assert lines("next", text) == ["not worked out while more than 10 facts are missing"]


def test_where_every_day_would_have_to_be_decided_changes_are_not_worked_out() -> None:
    # The duty looks at more days of one unknown date than are kept.
    days = ", ".join(f"{{fact: a_on, on_or_after: {FIRST + timedelta(days=10 * number)}}}" for number in range(-80, 80))
    duty = f"duties: [{{id: d, kind: task, label: D, when: {{all: [{{any: [{days}]}}, {{fact: a_on, after: as_of}}]}}}}]"
    text = told(f"{TO_COURT}, when: {{age_at_least: 18}}", tail=duty, date_of_birth=date(2008, 5, 10))
    assert " ".join(line.strip() for line in lines("next", text)).startswith("not worked out here: with a date not known, every day")


# --- rests on, note


def test_what_rests_on_facts_nobody_stated_says_so() -> None:
    text = told(f"{TO_COURT}, when: {{fact: flag, is: no}}, deadline: {{on: a_on}}", unstated="not_so")
    assert lines("rests on", text) == ["facts nobody stated, taken as not so: meeting A, flag"]


def test_warnings_are_notes() -> None:
    assert lines("note", told(TO_COURT, as_of="2019-12-31")) == ["edition 3.1 is not in force on the day asked about"]

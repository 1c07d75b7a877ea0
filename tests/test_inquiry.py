"""What can be asked besides the decision: which question to put next, by which two ways a fact makes a difference; and `decide --ask`."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings

from tests.marlshire import PATH, marlshire
from tests.packs_for_tests import TODAY, case, policy_of
from transfer_rules import completion, inquiry
from transfer_rules.case import bind
from transfer_rules.cli import main
from transfer_rules.decision import Decision
from transfer_rules.evaluation import evaluate
from transfer_rules.explanation import explain
from transfer_rules.inquiry import Question, filled_in, questions, witnesses
from transfer_rules.policy import Policy
from transfer_rules.snapshots import read_cases, snapshot_to_yaml
from transfer_rules.testing.strategies import snapshots
from transfer_rules.vocabulary import CaseSnapshot

IF_FLAG = "when: {fact: flag, is: yes}"
TO_COURT = "id: to_court, from: any, transfer_to: court"


def text(*written: str, tail: str = "") -> str:
    return "\n".join(["rules:", *(f"  - {{{one}}}" for one in written), tail])


def asked(*written: str, tail: str = "", **known: Any) -> tuple[Question, ...]:
    """Return the questions about a case of a pack with these rules, in their order."""
    policy, snapshot = policy_of(text(*written, tail=tail)), case(**known)
    return questions(policy, snapshot, evaluate(policy, snapshot))


def names(found: tuple[Question, ...]) -> list[str]:
    return [one.fact for one in found]


# --- the order of questions

THREE = (
    "id: to_court, from: any, transfer_to: court, deadline: {on: 2026-04-09, when: {fact: flag, is: yes}, otherwise: {on: 2026-04-10}}",
    "id: to_permanence, from: any, when: {fact: other_flag, is: yes}, transfer_to: permanence, overrides: [to_court]",
)
ITEM = "checklists: {list: {applies: {to: court}, items: [{id: note, label: Note, when: {fact: colour, is: red}}]}}"


def test_what_can_change_the_team_is_asked_before_the_deadline_and_that_before_the_items() -> None:
    found = asked(*THREE, tail=ITEM)
    assert [(one.fact, one.changes) for one in found] == [("other_flag", "team"), ("flag", "deadline"), ("colour", "items")]


def test_what_can_only_change_the_outcome_counts_with_the_team() -> None:
    [only] = asked(f"{TO_COURT}, {IF_FLAG}")
    assert (only.fact, only.changes) == ("flag", "team")


def test_of_two_facts_the_one_that_leaves_the_fewest_answers_at_worst_is_asked_first() -> None:
    # With the flag down three answers are left; with the number of visits known two.
    found = asked(
        "id: urgent, from: any, when: {fact: flag, is: yes}, transfer_to: court, overrides: [some, few, many]",
        "id: few, from: any, when: {fact: visits, at_most: 4}, transfer_to: early_help",
        "id: some, from: any, when: {all: [{fact: visits, at_least: 5}, {fact: visits, at_most: 8}]}, transfer_to: permanence",
        "id: many, from: any, when: {fact: visits, at_least: 9}, close: true",
    )
    assert [(one.fact, one.answers_left, one.facts_left) for one in found] == [("visits", 2, 1), ("flag", 3, 1)]


def test_facts_that_are_alike_are_asked_by_name() -> None:
    found = asked(f"{TO_COURT}, when: {{all: [{{fact: other_flag, is: yes}}, {{fact: flag, is: yes}}]}}")
    assert [(one.fact, one.answers_left, one.facts_left) for one in found] == [("flag", 2, 1), ("other_flag", 2, 1)]


def test_a_fact_after_which_nothing_is_open_leaves_one_answer_and_no_fact() -> None:
    [only] = asked(f"{TO_COURT}, {IF_FLAG}")
    assert (only.answers_left, only.facts_left) == (1, 0)


def test_where_the_answers_are_too_many_to_count_the_fact_that_leaves_the_fewest_facts_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "LOOKS_LISTING", 0)
    # Once the other flag is known to be down, nothing is open; the flag leaves two facts at worst, and so does the other one, the colour only one.
    found = asked(
        "id: one, from: any, when: {all: [{fact: flag, is: yes}, {fact: other_flag, is: yes}]}, transfer_to: court, overrides: [two]",
        "id: two, from: any, when: {fact: colour, is: red}, transfer_to: permanence",
    )
    assert [(one.fact, one.answers_left, one.facts_left) for one in found] == [("colour", None, 2), ("flag", None, 2), ("other_flag", None, 2)]


@pytest.mark.parametrize(("few", "answers_left"), [(2, 2), (1, None)])
def test_answers_are_counted_where_no_more_than_a_few_facts_are_left(few: int, answers_left: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "FEW", few)
    found = asked(f"{TO_COURT}, when: {{all: [{{fact: flag, is: yes}}, {{fact: opinion, is: yes}}, {{fact: other_flag, is: yes}}]}}")
    assert [(one.fact, one.answers_left, one.facts_left) for one in found] == [(name, answers_left, 2) for name in ("flag", "opinion", "other_flag")]


def test_a_fact_after_which_the_answers_can_be_counted_comes_before_one_after_which_they_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "FEW", 1)
    # Once the colour is known one flag counts at most; once a flag is known the colour counts, and the other flag.
    red, blue = (
        f"{{all: [{{fact: colour, is: {colour}}}, {{fact: {flag}, is: yes}}]}}" for colour, flag in (("red", "flag"), ("dark_blue", "other_flag"))
    )
    found = asked(f"{TO_COURT}, when: {{any: [{red}, {blue}]}}")
    assert [(one.fact, one.answers_left, one.facts_left) for one in found] == [("colour", 2, 1), ("flag", None, 2), ("other_flag", None, 2)]


def test_what_a_fact_can_change_is_taken_for_the_weightiest_where_it_could_not_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    policy, snapshot = policy_of(text(*THREE, tail=ITEM)), case()
    decision = evaluate(policy, snapshot)
    monkeypatch.setattr(completion, "LOOKS_EACH", 1)
    assert [one.changes for one in questions(policy, snapshot, decision)] == ["team", "team", "team"]


def test_a_question_is_put_in_the_words_of_the_vocabulary() -> None:
    [only] = asked(f"{TO_COURT}, {IF_FLAG}")
    assert only.ask == "Is the flag up?"


def test_a_decision_that_is_decided_leaves_nothing_to_ask() -> None:
    assert asked(f"{TO_COURT}, {IF_FLAG}", flag=True) == ()


def test_every_missing_fact_is_asked_and_no_other() -> None:
    policy, snapshot = marlshire(), CaseSnapshot(as_of=TODAY, current_team="court")
    decision = evaluate(policy, snapshot)
    assert sorted(names(questions(policy, snapshot, decision))) == list(decision.missing)


def test_of_the_two_orders_that_bear_on_the_team_both_come_before_the_plan_that_bears_on_an_item() -> None:
    policy, snapshot = marlshire(), CaseSnapshot(as_of=TODAY, current_team="court")
    found = questions(policy, snapshot, evaluate(policy, snapshot))
    assert [(one.fact, one.changes, one.answers_left) for one in found] == [
        ("care_order_made_on", "team", 3),
        ("placement_order_made_on", "team", 3),
        ("child_protection_plan", "items", 3),
    ]


# --- witnesses


def answer(decision: Decision) -> tuple[object, ...]:
    team, due, asks = decision.receiving_team, decision.deadline, decision.to_decide
    return decision.outcome, team and (team.team, team.role), asks and asks.settled_by, due and (due.state, due.on), {*decision.required}


def known(snapshot: CaseSnapshot) -> dict[str, Any]:
    return {name: value for name, value in {**snapshot.stated(), **snapshot.local_facts}.items() if value is not None}


SEVERAL: list[tuple[Policy, CaseSnapshot]] = [
    (policy_of(text(*THREE, tail=ITEM)), case()),
    (policy_of(text(f"{TO_COURT}, when: {{fact: a_on, before: {{working_days: 2, after: b_on}}}}")), case()),
    (policy_of(text(f"{TO_COURT}, deadline: {{days: 1, after: a_on, failing_that: {{on: b_on}}}}")), case(flag=True)),
    (policy_of(text("id: r, from: any, transfer_to: {team: {fact: next_team}}")), case(current_team=None)),
    (policy_of(text(f"{TO_COURT}, when: {{fact: looked_after, is: yes}}")), case(date_of_birth="2020-01-01")),
    (marlshire(), CaseSnapshot(as_of=TODAY, current_team="court", checklist={"closing_meeting": "done"})),
    (marlshire(), CaseSnapshot(as_of=TODAY, current_team="permanence", decisions={"court_transfer": "court"})),
]


@pytest.mark.parametrize(("policy", "snapshot"), SEVERAL)
def test_for_every_missing_fact_two_snapshots_differ_in_it_alone_and_are_answered_differently(policy: Policy, snapshot: CaseSnapshot) -> None:
    decision = evaluate(policy, snapshot)
    found = witnesses(policy, snapshot)
    assert tuple(sorted(found)) == decision.missing != ()
    for name, (one, other) in found.items():
        assert {key for key in {*known(one), *known(other)} if known(one).get(key) != known(other).get(key)} == {name}
        first, second = evaluate(policy, one), evaluate(policy, other)
        assert (first.certainty, second.certainty) == ("decided", "decided")
        assert answer(first) != answer(second)


@pytest.mark.parametrize(("policy", "snapshot"), SEVERAL)
def test_a_witness_holds_everything_that_the_snapshot_says(policy: Policy, snapshot: CaseSnapshot) -> None:
    for pair in witnesses(policy, snapshot).values():
        for one in pair:
            assert known(snapshot).items() <= known(one).items()
            assert (one.as_of, one.decisions, one.checklist, one.unstated) == (
                snapshot.as_of, snapshot.decisions, snapshot.checklist, snapshot.unstated,
            )  # fmt: skip


def test_being_looked_after_and_its_basis_may_both_differ_where_neither_can_change_alone() -> None:
    policy = policy_of(text(f"{TO_COURT}, when: {{all: [{{fact: looked_after, is: yes}}, {{fact: legal_basis, is: care_order}}]}}"))
    found = witnesses(policy, case())
    assert {*found} == {"legal_basis", "looked_after"}
    assert all({evaluate(policy, one).outcome for one in pair} == {"stay", "transfer"} for pair in found.values())


def test_a_decided_case_has_no_witnesses() -> None:
    policy = policy_of(text(f"{TO_COURT}, {IF_FLAG}"))
    assert witnesses(policy, case(flag=True)) == {}


def test_a_fact_for_which_two_ways_were_not_found_in_time_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = policy_of(text(f"{TO_COURT}, {IF_FLAG}"))
    for bound in ("LOOKS_EACH", "LOOKS_LISTING"):
        monkeypatch.setattr(completion, bound, 0)
    assert witnesses(policy, case()) == {}


# --- filling in


def test_standard_and_local_facts_are_filled_in_where_they_belong() -> None:
    filled = filled_in(case(flag=True), {"looked_after": True, "colour": "red"})
    assert (filled.looked_after, dict(filled.local_facts)) == (True, {"flag": True, "colour": "red"})


def test_filling_in_leaves_the_snapshot_as_it_was() -> None:
    snapshot = case(flag=True)
    filled_in(snapshot, {"flag": False, "looked_after": True})
    assert (snapshot.looked_after, snapshot.local_facts["flag"]) == (None, True)


def test_a_value_filled_in_takes_the_place_of_the_one_before() -> None:
    assert filled_in(case(a_on="happened"), {"a_on": "2026-03-02"}).local_facts["a_on"] == "2026-03-02"


# --- decide --ask

COURT = "as_of: 2026-04-01\nfacts: {current_team: court}\n"


def decide(typed: str, *arguments: str, about: str = COURT) -> Result:
    """Run `decide --ask` on a case, with what a person types, a line for each question."""
    Path("case.yaml").write_text(about, encoding="utf-8")
    result = CliRunner().invoke(main, ["decide", "--policy", str(PATH), "--ask", "case.yaml", *arguments], input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def finished(result: Result) -> tuple[CaseSnapshot, str]:
    """Return the snapshot that was printed, and what stands under it."""
    written, _, rest = result.stdout.partition("\n\n")
    [found] = read_cases(written.encode(), "case.yaml")
    assert found.snapshot is not None
    return found.snapshot, rest


def questions_put(result: Result) -> list[str]:
    """Return the facts that were asked for, one after another."""
    return [line.partition("  (")[2].partition(";")[0] for line in result.stderr.splitlines() if "  (" in line]


@pytest.mark.usefixtures("_elsewhere")
class TestAsk:
    """`decide --ask` asks until the answer is decided, and prints a snapshot that gives it again."""

    def test_the_most_telling_fact_is_asked_first_and_the_rest_are_ranked_again_after_each_answer(self) -> None:
        # Without a care order the case stays, whatever else: the protection plan no longer matters.
        result = decide("not_yet\n")
        assert questions_put(result) == ["care_order_made_on"]
        snapshot, _ = finished(result)
        assert snapshot.stated() == {"current_team": "court", "care_order_made_on": "not_yet"}

    def test_the_finished_snapshot_read_again_gives_the_decision_that_is_printed(self) -> None:
        result = decide("2026-03-02\nnot_yet\nyes\n")
        assert (result.exit_code, questions_put(result)) == (0, ["care_order_made_on", "placement_order_made_on", "child_protection_plan"])
        snapshot, said = finished(result)
        decision = evaluate(marlshire(), snapshot)
        assert (decision.outcome, decision.certainty) == ("transfer", "decided")
        assert said.strip() == explain(marlshire(), snapshot, decision).strip()

    def test_a_wrong_value_is_asked_again_and_never_repeated(self) -> None:
        result = decide("the day before Easter\nnot_yet\n")
        assert "care_order_made_on takes a date such as 2026-04-02, not_yet, or happened" in result.stderr
        assert questions_put(result) == ["care_order_made_on"]
        assert "the day before Easter" not in result.stdout
        assert finished(result)[0].care_order_made_on == "not_yet"

    def test_what_is_not_known_stays_unknown_and_is_not_asked_again(self) -> None:
        result = decide("\n\n\n")
        assert sorted(questions_put(result)) == ["care_order_made_on", "child_protection_plan", "placement_order_made_on"]
        snapshot, said = finished(result)
        assert snapshot.stated() == {"current_team": "court"}
        assert said.startswith("Cannot be told yet")

    def test_a_person_can_stop(self) -> None:
        result = decide("2026-03-02\nstop\nyes\n")
        assert len(questions_put(result)) == 2
        assert finished(result)[0].stated() == {
            "current_team": "court",
            "care_order_made_on": finished(decide("2026-03-02\nstop\n"))[0].care_order_made_on,
        }
        assert result.exit_code == 0

    def test_the_end_of_input_is_a_stop(self) -> None:
        result = decide("")
        assert result.exit_code == 0
        assert finished(result)[0].stated() == {"current_team": "court"}

    def test_what_cannot_be_by_definition_is_said_and_asked_again(self) -> None:
        about = (
            "as_of: 2026-04-01\nfacts: {current_team: assessment, lead_plan: in_care, planning_meeting_on: 2026-04-01, care_order_made_on: not_yet, "
        )
        about += "first_looked_after_review_on: 2026-04-09}\n"
        result = decide("2026-04-08\n2026-04-20\n", about=about)
        assert "cannot both be so" in result.stderr
        snapshot, _ = finished(result)
        assert str(snapshot.second_looked_after_review_on) == "2026-04-20"

    def test_a_question_says_what_it_can_change_and_what_may_be_typed(self) -> None:
        lines = decide("not_yet\n").stderr.splitlines()
        [line] = [number for number, one in enumerate(lines) if "(care_order_made_on" in one]
        assert lines[line].endswith("(care_order_made_on; this can change the outcome or the team)")
        assert lines[line + 1] == "  a date such as 2026-04-02, not_yet, or happened; empty if not known, stop to stop"

    def test_the_answer_so_far_stands_before_each_question(self) -> None:
        assert decide("not_yet\n").stderr.startswith("Cannot be told yet")

    def test_a_case_that_is_decided_is_not_asked_about(self) -> None:
        result = decide("", about="as_of: 2026-04-01\nfacts: {current_team: court, care_order_made_on: not_yet}\n")
        assert (result.exit_code, questions_put(result)) == (0, [])
        assert finished(result)[1].startswith("Stay")

    def test_several_cases_cannot_be_asked_about(self) -> None:
        about = json.dumps({"c 1": {"as_of": "2026-04-02"}, "c 2": {"as_of": "2026-04-02"}})
        result = decide("", about=about)
        assert (result.exit_code, "one case" in result.stderr) == (2, True)

    def test_a_case_that_cannot_be_read_cannot_be_asked_about(self) -> None:
        assert decide("", about="as_of: soon\n").exit_code == 2

    def test_a_case_that_holds_what_cannot_be_is_refused_as_without_asking(self) -> None:
        about = "as_of: 2026-04-01\nfacts: {current_team: court, looked_after: yes, legal_basis: none}\n"
        result = decide("", about=about)
        assert (result.exit_code, "[impossible]" in result.stderr, questions_put(result)) == (2, True, [])

    def test_as_json_the_output_is_one_json_text(self) -> None:
        result = decide("not_yet\n", "--format", "json")
        assert json.loads(result.stdout)["outcome"] == "stay"


# --- a snapshot as a file


class TestSnapshotAsAFile:
    """A snapshot written as YAML and read again is the same snapshot, whatever it holds."""

    @given(snapshots(marlshire()))
    @settings(max_examples=60, deadline=None)
    def test_a_snapshot_written_and_read_again_is_the_same(self, snapshot: CaseSnapshot) -> None:
        [found] = read_cases(snapshot_to_yaml(snapshot).encode(), "case.yaml")
        assert found.snapshot is not None
        # A local fact gets its type from the pack, so it is there that the two are compared.
        assert snapshot_to_yaml(found.snapshot) == snapshot_to_yaml(snapshot)
        assert bind(marlshire(), found.snapshot) == bind(marlshire(), snapshot)

    def test_one_fact_stands_on_each_line_sorted_by_name_and_what_is_unknown_is_left_out(self) -> None:
        snapshot = case(looked_after=True, flag=False, needs=["sight", "moving_about"], a_on="2026-03-02", colour=None)
        assert snapshot_to_yaml(snapshot).splitlines() == [
            "as_of: 2026-04-01",
            "facts:",
            "  a_on: 2026-03-02",
            "  current_team: assessment",
            "  flag: no",
            "  looked_after: yes",
            "  needs: [moving_about, sight]",
        ]

    def test_decisions_progress_and_what_is_unstated_are_written_too(self) -> None:
        snapshot = CaseSnapshot(
            as_of=datetime(2026, 4, 1, 9, 30, tzinfo=timezone(timedelta(hours=1))),
            unstated=("court",),
            decisions={"court_transfer": {"decided": "court", "on": "2026-03-30"}},
            checklist={"risk_summary": {"done_on": "2026-03-02", "excused": True}, "chronology": "done"},
        )
        assert snapshot_to_yaml(snapshot).splitlines() == [
            "as_of: 2026-04-01T09:30:00+01:00",
            "unstated: [court]",
            "decisions:",
            "  court_transfer: {decided: court, on: 2026-03-30}",
            "checklist:",
            *sorted(["  risk_summary: {done_on: 2026-03-02, excused: yes}", "  chronology: done"]),
        ]

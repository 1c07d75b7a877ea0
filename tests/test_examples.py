"""Worked examples: what can be expected, when it is met and when not, and how a faulty example is refused."""

from pathlib import Path

import pytest

from transfer_rules import SnapshotError, evaluate
from transfer_rules.errors import Diagnostic, PackError
from transfer_rules.examples import EXPECTATIONS, Example, differences, examples_beside, read_examples, run_example

from .marlshire import PATH, marlshire

# Cases of the invented pack, each as the facts of an example.
CASES = {
    "moved": """
  as_of: 2026-04-02
  facts: {current_team: assessment, lead_plan: in_care, planning_meeting_on: 2026-04-01, second_looked_after_review_on: 2026-05-20,
          care_order_made_on: not_yet, home_area: north}
  checklist: {risk_summary: 2026-03-02}
""",
    "from_court": """
  as_of: 2026-04-02
  facts: {current_team: court, care_order_made_on: 2026-03-02, placement_order_made_on: not_yet, child_protection_plan: no,
          planning_meeting_on: 2026-04-01, transfer_meeting_on: not_yet, agreed_transfer_on: 2026-04-20}
""",
    "held": """
  as_of: 2026-04-02
  facts: {current_team: front_door, first_court_hearing_on: 2026-03-30, front_door_decision: early_help, last_holding_team: court}
  decisions: {returning_referral: refused}
""",
    "asked": """
  as_of: 2026-04-02
  facts: {current_team: permanence, proceedings_issued_on: 2026-03-30, assessed_need: social_work}
""",
    "adviser": """
  as_of: 2026-04-02
  facts: {current_team: leaving_care, date_of_birth: 2008-01-02, proceedings_issued_on: not_yet, first_court_hearing_on: not_yet,
          looked_after_ended_on: 2026-01-02}
""",
    "unknown": """
  as_of: 2026-04-02
  facts: {current_team: assessment, lead_plan: in_care}
""",
    "closed_in": """
  as_of: 2028-01-03
  unstated: not_so
  facts: {current_team: assessment, lead_plan: none}
""",
}

# Key, the case, what is met, what is not met.
EXPECTED: list[tuple[str, str, list[str], list[str]]] = [
    ("outcome", "moved", ["transfer"], ["stay", "", "[transfer]"]),
    ("certainty", "moved", ["decided"], ["provisional"]),
    ("silent", "closed_in", ["yes", "true"], ["no", "false", ""]),
    ("silent", "moved", ["no"], ["yes"]),
    ("receiving_team", "moved", ["permanence"], ["court", "null", "~"]),
    ("receiving_team", "held", ["null", "~", ""], ["permanence"]),
    ("area", "moved", ["north"], ["south", "null"]),
    ("role", "adviser", ["personal adviser"], ["social worker", "null"]),
    ("role", "moved", ["null"], ["personal adviser"]),
    ("candidates", "asked", ["[court, stay, close]", "[stay, close, court]"], ["[court, stay]", "[court, stay, close, permanence]", "court", "[]"]),
    ("candidates", "moved", ["[]", ""], ["permanence"]),
    ("candidates_include", "asked", ["[court, stay]", "court", "[]"], ["[court, permanence]", "permanence", "{court: yes, permanence: no}"]),
    ("to_decide", "asked",
     ["{settled_by: court_transfer}", "{by: 2026-04-15, who: the two team managers}", "{between: [court, stay, close, sibling_team]}"],
     ["{settled_by: both_orders}", "{by: 2026-04-16}", "{between: [court]}", "{whom: me}", "null"]),
    ("to_decide", "moved", ["null"], ["{settled_by: court_transfer}"]),
    ("transfer_point", "moved", ["{date: 2026-04-01}", "{event: planning_meeting_on, state: happened}"],
     ["{date: 2026-04-02}", "{event: planning_meeting_on, state: planned}", "null", "2026-04-01"]),
    ("transfer_point", "held", ["null"], ["{date: 2026-04-01}"]),
    ("deadline", "moved", ["2026-04-15"], ["2026-04-16", "null", "2026-04-15T00:00:00+01:00"]),
    ("deadline", "held", ["null"], ["2026-04-15"]),
    ("deadline_state", "moved", ["firm"], ["no_later_than", "null"]),
    ("not_before", "held", ["2026-04-15"], ["2026-04-14", "null"]),
    ("overdue", "moved", ["no"], ["yes"]),
    ("required", "from_court", ["[court_bundle, closing_meeting]", "[closing_meeting, court_bundle]"], ["[court_bundle]", "[]"]),
    ("outstanding", "moved", ["{risk_summary: stale}", "[risk_summary]", "risk_summary"],
     ["{risk_summary: not_done}", "{}", "[]", "", "[risk_summary, chronology]", "chronology"]),
    ("outstanding", "held", ["{}", "[]", ""], ["risk_summary"]),
    ("outstanding_includes", "from_court", ["{court_bundle: not_recorded}", "[court_bundle]", "court_bundle", ""],
     ["{court_bundle: stale}", "[court_bundle, chronology]", "chronology", "{chronology: stale}"]),
    ("outstanding_excludes", "from_court", ["[chronology]", "chronology", "[]"], ["[chronology, court_bundle]", "court_bundle"]),
    ("duties", "from_court", ["{warn_receiving_manager: now}", "warn_receiving_manager"], ["{warn_receiving_manager: due}", "{}", "general_warning"]),
    ("duties_include", "from_court", ["{warn_receiving_manager: now}", "[warn_receiving_manager]"],
     ["{warn_receiving_manager: due}", "general_warning"]),
    ("duties_exclude", "from_court", ["[general_warning]"], ["[warn_receiving_manager]"]),
    ("due_includes", "from_court", ["{court_bundle: 2026-04-13}", "{closing_meeting: null}"],
     ["{court_bundle: 2026-04-14}", "{court_bundle: null}", "{chronology: null}"]),
    ("due_states_include", "from_court", ["{court_bundle: firm}", "{closing_meeting: not_stated}"],
     ["{court_bundle: not_stated}", "{chronology: firm}"]),
    ("because", "moved", ["[long_term_plan_to_permanence]", "long_term_plan_to_permanence"], ["[final_order_to_permanence]", "[]"]),
    ("clauses", "moved", ["[MAR-4.6a, MAR-4.6b]"], ["[MAR-4.6a]", "MAR-4.9"]),
    ("missing", "unknown", ["[care_order_made_on, planning_meeting_on, second_looked_after_review_on]"], ["[]", "[planning_meeting_on]"]),
    ("rests_on_unstated", "closed_in", ["care_order_made_on"], ["[]", "[lead_plan]"]),
    ("warnings", "closed_in", ["[outside-edition]"], ["[]"]),
]  # fmt: skip
MET = [(key, case, wanted) for key, case, met, _ in EXPECTED for wanted in met]
UNMET = [(key, case, wanted) for key, case, _, unmet in EXPECTED for wanted in unmet]


@pytest.fixture
def read(tmp_path):
    """Return a reader of examples from text."""

    def reader(text: str) -> tuple[Example, ...]:
        (tmp_path / "examples.yaml").write_text(text, encoding="utf-8")
        return read_examples(tmp_path / "examples.yaml")

    return reader


def written(case: str, expect: str) -> str:
    """Return an example as it is written in a file."""
    return f"- name: {case}{CASES[case]}  expect: {{{expect}}}\n"


def faults_of(read, text: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a file of examples."""
    with pytest.raises(PackError) as caught:
        read(text)
    return caught.value.diagnostics


def test_every_expectation_is_tried_both_met_and_not():
    assert {key for key, *_ in MET} == {key for key, *_ in UNMET} == {*EXPECTATIONS}


@pytest.mark.parametrize(("key", "case", "wanted"), MET, ids=[f"{key}: {wanted} ({case})" for key, case, wanted in MET])
def test_an_expectation_that_is_met_gives_no_difference(key, case, wanted, read):
    (example,) = read(written(case, f"{key}: {wanted}"))
    assert run_example(marlshire(), example) == ()


@pytest.mark.parametrize(("key", "case", "wanted"), UNMET, ids=[f"{key}: {wanted} ({case})" for key, case, wanted in UNMET])
def test_an_expectation_that_is_not_met_gives_one_difference(key, case, wanted, read):
    (example,) = read(written(case, f"{key}: {wanted}"))
    (difference,) = run_example(marlshire(), example)
    assert difference.key == key
    assert str(difference).startswith(f"{key}: expected ")


def test_differences_come_in_the_order_written(read):
    (example,) = read(written("moved", "deadline: 2026-04-16, outcome: stay, certainty: decided, area: south"))
    assert [difference.key for difference in differences(evaluate(marlshire(), example.snapshot), example.expect)] == ["deadline", "outcome", "area"]


def test_a_difference_says_what_was_expected_and_what_came(read):
    (example,) = read(written("from_court", "outstanding: {court_bundle: stale}"))
    (difference,) = run_example(marlshire(), example)
    came = "{closing_meeting: not_recorded, court_bundle: not_recorded}"
    assert str(difference) == f"outstanding: expected {{court_bundle: stale}}, but it is {came}"


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("receiving_team: null", "receiving_team: expected nothing, but it is permanence"),
        ("silent: yes", "silent: expected yes, but it is no"),
        ("deadline: 2026-04-16", "deadline: expected 2026-04-16, but it is 2026-04-15"),
        ("clauses: [MAR-1]", "clauses: expected [MAR-1], but it is [MAR-4.6a, MAR-4.6b]"),
        ("outstanding_excludes: [risk_summary]", "outstanding_excludes: expected without [risk_summary], but it is {risk_summary: stale}"),
    ],
)
def test_a_difference_is_said_in_plain_words(expect, said, read):
    (example,) = read(written("moved", expect))
    assert [str(difference) for difference in run_example(marlshire(), example)] == [said]


def test_a_snapshot_that_the_pack_refuses_is_a_difference(read):
    (example,) = read("- name: n\n  as_of: 2026-04-02\n  facts: {planing_meeting_on: not_yet}\n  expect: {outcome: stay}\n")
    (difference,) = run_example(marlshire(), example)
    assert str(difference) == "snapshot: expected a decision, but it is `planing_meeting_on`: unknown fact"


def test_the_examples_of_a_pack_stand_beside_it():
    assert examples_beside(Path("here/marlshire.yaml")) == Path("here/examples/marlshire.yaml")


def test_an_example_keeps_its_name_and_its_place(read):
    (example,) = read(written("moved", "outcome: transfer"))
    assert (example.name, example.place.line, example.place.column) == ("moved", 1, 3)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty", 1),
        ("a: b\n", "wrong-shape", 1),
        ("- [a\n", "not-yaml", 2),
        ("- words\n", "wrong-shape", 1),
        ("- {as_of: 2026-04-02, expect: {outcome: stay}}\n", "missing-key", 1),
        ("- {name: ' ', as_of: 2026-04-02, expect: {outcome: stay}}\n", "missing-key", 1),
        ("- {name: n, as_of: 2026-04-02}\n", "missing-key", 1),
        ("- {name: n, as_of: 2026-04-02, expect: {}}\n", "missing-key", 1),
        ("- {name: n, as_of: 2026-04-02, expect: stay}\n", "missing-key", 1),
        ("- {name: n, expect: {outcome: stay}}\n", "missing-key", 1),
        ("- name: n\n  as_of: soon\n  expect: {outcome: stay}\n", "wrong-as-of", 2),
        ("- name: n\n  as_of: 2026-04-02\n  fact: {}\n  expect: {outcome: stay}\n", "unknown-key", 3),
        ("- name: n\n  as_of: 2026-04-02\n  expect:\n    outcom: stay\n", "unknown-key", 4),
        ("- name: n\n  as_of: 2026-04-02\n  expect:\n    outstanding: [{risk_summary: stale}, {chronology: stale}]\n", "wrong-shape", 4),
        ("- name: n\n  as_of: 2026-04-02\n  expect:\n    outstanding: {risk_summary: {a: b}}\n", "wrong-shape", 4),
        ("- name: n\n  name: m\n  as_of: 2026-04-02\n  expect: {outcome: stay}\n", "repeated-key", 2),
    ],
)
def test_a_faulty_file_is_refused_at_its_place(text, code, line, read):
    (fault,) = faults_of(read, text)
    assert (fault.code, fault.location.line) == (code, line)
    assert fault.why or fault.mend


def test_every_fault_of_every_example_is_reported(read):
    text = "- {as_of: soon, expect: {outcom: stay}}\n- {name: n, as_of: 2026-04-02}\n"
    assert [fault.code for fault in faults_of(read, text)] == ["missing-key", "wrong-as-of", "unknown-key", "missing-key"]


def test_two_examples_of_one_name_are_refused(read):
    (fault,) = faults_of(read, written("moved", "outcome: transfer") * 2)
    assert (fault.code, fault.message, fault.also[0][0].line) == ("repeated-id", "two examples are named `moved`", 1)


def test_a_mistyped_expectation_is_answered_with_the_nearest(read):
    (fault,) = faults_of(read, written("moved", "recieving_team: permanence"))
    assert fault.mend == "did you mean `receiving_team`?"


def test_no_value_of_a_snapshot_is_in_a_message(read):
    (fault,) = faults_of(read, "- {name: n, as_of: 2026-04-02, facts: {lead_plan: Xanthippe of 12 Quarrel Lane}, expect: {outcome: stay}}\n")
    assert "Xanthippe" not in str(fault)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(PackError) as caught:
        read_examples(tmp_path / "missing.yaml")
    assert [fault.code for fault in caught.value.diagnostics] == ["no-file"]


def test_the_examples_of_the_invented_pack_are_read_in_the_order_of_the_file():
    assert read_examples(examples_beside(PATH))[0].name == "eight working days over Easter end before a later second review"


def test_a_snapshot_error_is_no_pack_error():
    assert not issubclass(SnapshotError, PackError)

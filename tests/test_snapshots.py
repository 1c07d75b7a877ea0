"""Snapshots in and decisions out: JSON and YAML, one case and many, faults without values, stable bytes, and the three JSON Schemas."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from transfer_rules import CaseSnapshot, Decision, SnapshotError, evaluate
from transfer_rules.errors import Diagnostic
from transfer_rules.examples import examples_beside, read_examples
from transfer_rules.loading.nodes import CASES_BYTES, Fields, Items, Node, Text
from transfer_rules.loading.yaml_events import read_yaml
from transfer_rules.schema import pack_schema
from transfer_rules.snapshots import decision_schema, decision_to_dict, decision_to_json, read_cases, snapshot_schema
from transfer_rules.vocabulary import Progress, Recorded

from .loaded import policy_at
from .marlshire import PATH, ROOT, marlshire

SECRET = "Xanthippe of 12 Quarrel Lane"
CASE = {
    "as_of": "2026-04-02",
    "facts": {"current_team": "assessment", "lead_plan": "in_care", "looked_after": True, "days_in_care_since_14": 91, "home_area": None},
    "decisions": {"court_transfer": {"decided": "court", "on": "2026-03-30"}},
    "checklist": {"risk_summary": "2026-03-02", "chronology": "done"},
    "unstated": ["court"],
}
CASE_YAML = """\
as_of: 2026-04-02
facts: {current_team: assessment, lead_plan: in_care, looked_after: yes, days_in_care_since_14: 91, home_area: ~}
decisions: {court_transfer: {decided: court, on: 2026-03-30}}
checklist: {risk_summary: 2026-03-02, chronology: done}
unstated: [court]
"""
SNAPSHOT = CaseSnapshot(
    as_of=date(2026, 4, 2),
    current_team="assessment",
    lead_plan="in_care",
    looked_after=True,
    days_in_care_since_14=91,
    decisions={"court_transfer": Recorded("court", on=date(2026, 3, 30))},
    checklist={"risk_summary": Progress("done", date(2026, 3, 2)), "chronology": Progress("done")},
    unstated=["court"],
)


def read(text: str | bytes, **more: Any):
    """Return the cases of a text."""
    return read_cases(text.encode() if isinstance(text, str) else text, "cases", **more)


def only(text: str | bytes, **more: Any) -> CaseSnapshot:
    """Return the one snapshot of a text."""
    (case,) = read(text, **more)
    assert case.snapshot is not None, case.error
    return case.snapshot


def faults(text: str | bytes) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a file, or with the one case in it."""
    try:
        (case,) = read(text)
    except SnapshotError as error:
        return error.diagnostics
    assert case.error is not None
    return case.error.diagnostics


def fault(text: str | bytes) -> Diagnostic:
    """Return the one thing that is wrong."""
    (found,) = faults(text)
    return found


class TestReading:
    """JSON, YAML and Python give equal snapshots."""

    @pytest.mark.parametrize(
        "text", [json.dumps(CASE), CASE_YAML, "\ufeff" + json.dumps(CASE), "\n  " + json.dumps(CASE), CASE_YAML.replace("\n", "\r\n")]
    )
    def test_a_file_of_one_case_gives_the_snapshot(self, text):
        assert only(text) == SNAPSHOT

    def test_a_file_of_one_case_has_no_label(self):
        assert [case.label for case in read(CASE_YAML)] == [None]

    def test_many_cases_come_in_their_order_under_their_labels_in_json(self):
        assert [case.label for case in read(json.dumps({"c 9": CASE, "c 1": CASE}))] == ["c 9", "c 1"]

    def test_many_cases_come_in_their_order_under_their_labels_in_yaml(self):
        text = "".join(f"{label}:\n" + "".join(f"  {line}\n" for line in CASE_YAML.splitlines()) for label in ("c 9", "010", "no", "4.10"))
        assert [(case.label, case.snapshot) for case in read(text)] == [(label, SNAPSHOT) for label in ("c 9", "010", "no", "4.10")]

    def test_a_label_may_be_the_name_of_a_fact(self):
        assert [case.label for case in read(json.dumps({"lead_plan": CASE, "home_area": CASE}))] == ["lead_plan", "home_area"]

    def test_one_bad_snapshot_does_not_stop_the_others(self):
        cases = read(json.dumps({"a": CASE, "b": {**CASE, "as_of": "soon"}, "c": 5, "d": CASE}))
        assert [case.snapshot is not None for case in cases] == [True, False, False, True]

    def test_every_fault_of_a_snapshot_is_reported(self):
        text = json.dumps({"fatcs": {}, "facts": {"lead_plan": 5, "looked_after": 5}, "decisions": {"x": []}, "unstated": "some"})
        codes = [found.code for found in faults(text)]
        assert sorted(codes) == ["missing-key", "unknown-group", "unknown-key", "wrong-decision", "wrong-value", "wrong-value"]

    def test_as_of_is_taken_where_a_snapshot_has_none(self):
        assert only("facts: {lead_plan: none}", as_of="2026-04-02").as_of == date(2026, 4, 2)

    def test_as_of_is_taken_where_a_snapshot_leaves_it_empty(self):
        assert only("as_of:\nfacts: {lead_plan: none}", as_of="2026-04-02").as_of == date(2026, 4, 2)

    def test_a_snapshot_keeps_its_own_as_of(self):
        assert only("as_of: 2026-04-03", as_of="2026-04-02").as_of == date(2026, 4, 3)

    def test_a_moment_is_read_with_its_offset(self):
        assert only("as_of: 2026-04-02T10:30:00+01:00").as_of == datetime(2026, 4, 2, 9, 30, tzinfo=UTC)

    def test_a_json_number_is_a_count_and_a_json_truth_is_yes_or_no(self):
        snapshot = only('{"as_of": "2026-04-02", "facts": {"days_in_care_since_14": 0, "looked_after": false}}')
        assert (snapshot.days_in_care_since_14, snapshot.looked_after) == (0, False)

    def test_null_is_unknown(self):
        assert only('{"as_of": "2026-04-02", "facts": {"looked_after": null}, "decisions": null, "checklist": null}') == CaseSnapshot(
            as_of="2026-04-02"
        )

    def test_a_fact_of_the_pack_is_read_with_its_type(self):
        snapshot = only('{"as_of": "2026-04-02", "facts": {"concern_is_new": "yes", "disabilities": ["mobility"]}}')
        assert evaluate(marlshire(), snapshot)


class TestRefusing:
    """A file that is none, and facts that cannot be: each with its place, none with its value."""

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "empty"),
            ("{", "not-json"),
            ("{}", "missing-key"),
            ("[]", "wrong-shape"),
            ("- a", "wrong-shape"),
            ("words", "wrong-shape"),
            ("5", "wrong-shape"),
            ('{"a": }', "not-json"),
            ('{"a": 1,}', "not-json"),
            ('{"a": 1} {"b": 2}', "not-json"),
            ("{'a': 1}", "not-json"),
            ('{"a": undefined}', "not-json"),
            ('{"a": 1, "a": 2}', "repeated-key"),
            ('{"c1": {"as_of": "2026-04-02", "as_of": "2026-04-03"}}', "repeated-key"),
            ("as_of: 2026-04-02\nas_of: 2026-04-03\n", "repeated-key"),
            ("a: &b 1\nc: *b\n", "anchor"),
            ("a: [1\n", "not-yaml"),
            ("a: 1\n---\nb: 2\n", "second-document"),
            ('{"a": "' + "x" * CASES_BYTES + '"}', "too-large"),
            ('{"a": [' + "0," * 2_000_000 + "0]}", "too-large"),
            ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "too-deep"),
            ('{"a": ' * 100_000 + "1" + "}" * 100_000, "too-deep"),
            ('{"a": ' + "[" * 40 + "]" * 40 + "}", "too-deep"),
            ("a: " + "[" * 40 + "]" * 40, "too-deep"),
            (b'{"a": "\xff"}', "not-utf8"),
            (b"a: \xff\n", "not-utf8"),
            ("a: b\u202ec\n", "odd-character"),
        ],
        ids=lambda text: str(text)[:40],
    )
    def test_a_file_that_is_none_is_refused_with_its_place(self, text, code):
        began = time.process_time()
        found = fault(text)
        assert (found.code, found.location is not None) == (code, True)
        assert time.process_time() - began < 20

    def test_a_text_of_quotes_and_backslashes_is_refused_in_good_time(self):
        began = time.process_time()
        assert fault("{" + '\\"' * 500_000).code == "not-json"
        assert time.process_time() - began < 10

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "3.0", "-1", "1" * 5_000])
    def test_a_number_that_is_no_count_is_refused(self, number):
        assert fault(f'{{"as_of": "2026-04-02", "facts": {{"days_in_care_since_14": {number}}}}}').code == "wrong-value"

    @pytest.mark.parametrize(
        "case",
        [
            {"as_of": SECRET},
            {"as_of": [SECRET]},
            {"facts": SECRET},
            {"facts": [SECRET]},
            {"facts": {"current_team": {"x": SECRET}}},
            {"facts": {"lead_plan": SECRET}},
            {"facts": {"looked_after": SECRET}},
            {"facts": {"days_in_care_since_14": SECRET}},
            {"facts": {"care_order_made_on": SECRET}},
            {"facts": {"referral_at": SECRET}},
            {"facts": {"home_area": [SECRET]}},
            {"facts": {SECRET: {"x": SECRET}}},
            {"decisions": SECRET},
            {"decisions": {"court_transfer": [SECRET]}},
            {"decisions": {"court_transfer": {"decided": "court", "on": SECRET}}},
            {"decisions": {"court_transfer": {"decided": "court", SECRET: SECRET}}},
            {"decisions": {SECRET: [SECRET]}},
            {"checklist": SECRET},
            {"checklist": {"chronology": SECRET}},
            {"checklist": {SECRET: SECRET}},
            {"unstated": SECRET},
            {"unstated": [SECRET]},
            {SECRET: SECRET},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("form", ["json", "yaml"])
    def test_no_value_is_ever_in_a_message(self, case, form):
        whole = {"as_of": "2026-04-02", **case}
        text = json.dumps(whole) if form == "json" else "\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in whole.items())
        found = faults(text)
        assert found
        assert not any(part in str(one) for one in found for part in ("Xanthippe", "Quarrel"))

    @pytest.mark.parametrize(
        ("case", "code"),
        [
            ({"facts": {SECRET: "yes"}}, "unknown-fact"),
            ({"facts": {"concern_is_new": SECRET}}, "wrong-value"),
            ({"facts": {"current_team": SECRET}}, "unknown-team"),
            ({"facts": {"home_area": SECRET}}, "unknown-area"),
            ({"decisions": {"court_transfer": SECRET}}, "wrong-decision"),
            ({"decisions": {SECRET: "court"}}, "unknown-decision"),
            ({"decisions": {"court_transfer": {"decided": "court", "area": SECRET}}}, "unknown-area"),
            ({"checklist": {SECRET: "done"}}, "unknown-item-or-duty"),
        ],
        ids=str,
    )
    def test_no_value_is_in_a_message_about_the_pack(self, case, code):
        with pytest.raises(SnapshotError) as caught:
            evaluate(marlshire(), only(json.dumps({"as_of": "2026-04-02", **case})))
        (found,) = caught.value.diagnostics
        assert found.code == code
        assert "Xanthippe" not in str(found)

    def test_a_wrong_value_has_the_place_of_its_fact_and_no_line(self):
        found = fault(CASE_YAML.replace("in_care", SECRET))
        assert (found.code, found.location.line, found.location.column, found.line_text) == ("wrong-value", 2, 35, "")

    def test_an_unknown_fact_is_answered_with_the_nearest_and_gets_its_place(self):
        (case,) = read(CASE_YAML.replace("home_area", "hom_area").replace("~", "north"))
        with pytest.raises(SnapshotError) as caught:
            evaluate(marlshire(), case.snapshot)
        (found,) = map(case.placed, caught.value.diagnostics)
        assert (found.code, found.mend, found.location.line) == ("unknown-fact", "did you mean `home_area`?", 2)

    def test_a_finding_about_no_fact_gets_the_place_of_the_snapshot(self):
        (_, case) = read("a: {as_of: 2026-04-02}\nb: {as_of: 2026-04-02}\n")
        assert case.placed(Diagnostic("x", "something else")).location.line == 2

    def test_a_mistyped_key_is_answered_with_the_nearest(self):
        assert fault("as_of: 2026-04-02\nfact: {}\n").mend == "did you mean `facts`?"

    def test_a_fact_outside_facts_is_answered_with_its_place(self):
        assert fault("as_of: 2026-04-02\nlead_plan: none\n").mend == "write it under `facts:`"

    def test_a_missing_day_is_said(self):
        assert (fault("facts: {}").code, fault("facts: {}").message) == ("missing-key", "a snapshot needs `as_of:`")

    def test_a_label_is_in_no_message(self):
        (_, case) = read(json.dumps({"a": CASE, SECRET: {"as_of": "soon"}}))
        assert (case.label, "Xanthippe" in str(case.error)) == (SECRET, False)


@pytest.fixture(scope="module")
def decision() -> Decision:
    facts = {
        "current_team": "front_door",
        "front_door_decision": "social_work_assessment",
        "last_holding_team": "none",
        "disabilities": ["mobility", "hearing"],
        "contact_received_at": "2026-04-02T09:00:00Z",
        "concern_is_new": "no",
        "rung_at": "2026-01-15T09:00:00Z",
        "first_court_hearing_on": "not_yet",
    }
    return evaluate(marlshire(), only(json.dumps({"as_of": "2026-04-02T10:30:00+01:00", "facts": facts})))


class TestDecisions:
    """A decision as JSON: the same bytes every time."""

    def test_dates_and_moments_are_written_in_the_iso_form(self, decision):
        plain = decision_to_dict(decision)
        assert (plain["outcome"], plain["receiving_team"]["team"], plain["identity"]["schema"]) == ("transfer", "assessment", 1)
        assert plain["deadline"]["on"] == "2026-02-15"

    def test_the_places_of_reasons_can_be_left_out(self, decision):
        place = decision_to_dict(decision)["reasons"][0]["place"]
        line = int(place.split(":")[-2])
        assert PATH.read_text(encoding="utf-8").splitlines()[line - 1] == "  - id: new_case_to_assessment"
        assert "place" not in decision_to_dict(decision, places=False)["reasons"][0]

    def test_it_is_json_with_its_keys_in_the_order_of_the_fields(self, decision):
        assert list(json.loads(decision_to_json(decision))) == list(type(decision).__dataclass_fields__)

    def test_the_indent_is_layout_only(self, decision):
        assert json.loads(decision_to_json(decision, indent=2)) == json.loads(decision_to_json(decision))

    def test_the_bytes_are_the_same_in_every_process(self):
        said = {
            subprocess.run(
                [sys.executable, "-c", PROGRAM, str(PATH)],
                env={**os.environ, "PYTHONHASHSEED": str(seed)},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in (1, 2, 3)
        }
        assert len(said) == 1
        assert '["disabilities", ["hearing", "mobility"]]' in said.pop()


# Decides by a fact whose value is a set, and prints the decision.
PROGRAM = """
import sys
from pathlib import Path
from transfer_rules import CaseSnapshot, evaluate
from transfer_rules.loading import parse_policy
from transfer_rules.snapshots import decision_to_json

text = Path(sys.argv[1]).read_text(encoding="utf-8").replace("when: {use: new_case}", "when: {fact: disabilities, includes: hearing}")
snapshot = CaseSnapshot(as_of="2026-04-02", current_team="none", local_facts={"disabilities": ["mobility", "hearing"]})
print(decision_to_json(evaluate(parse_policy(text.encode(), "marlshire.yaml"), snapshot)))
"""


def as_an_editor_reads(node: Node) -> Any:
    """Return a tree as YAML 1.2's core schema types it, which is what an editor holds against a JSON Schema; a day stays text."""
    match node:
        case Items(items=items):
            return [as_an_editor_reads(item) for item in items]
        case Fields(fields=fields):
            return {key.text: as_an_editor_reads(value) for key, value in fields}
        case Text(text=text) if not node.plain:
            return text
        case Text(text=text):
            if node.empty:
                return None
            if text in ("true", "false"):
                return text == "true"
            for number in (int, float):
                try:
                    return number(text)
                except ValueError:
                    continue
            return text


def yaml(path: Path) -> Any:
    """Return a YAML file as an editor reads it."""
    return as_an_editor_reads(read_yaml(path.read_bytes(), path.name, max_bytes=CASES_BYTES, max_nodes=1_000_000).root)


def faults_by(schema: dict[str, Any], document: Any) -> list[str]:
    """Return what a JSON Schema says of a document."""
    return [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(schema).iter_errors(document)]


PROBES = [path for path in sorted((ROOT / "tests" / "probes").glob("*.yaml")) if not path.stem.endswith("_examples")]
PACKS = [PATH, *sorted((ROOT / "policies").glob("*.yaml")), *PROBES]
BAD_PACKS = ROOT / "tests" / "bad_packs"
# What an editor can tell without knowing the names that a pack declares.
SEEN_BY_AN_EDITOR = ["missing-key", "no-rules", "nothing-here", "odd-id", "one-of", "unknown-key", "unknown-language", "wrong-shape"]


def cases() -> list[tuple[Path, Path]]:
    """Return (pack, file of a case) pairs: the probes, and the cases of the documentation, which stand in a folder named for their pack."""
    found = [(ROOT / "tests" / "probes" / "shropshire.yaml", path) for path in sorted((ROOT / "tests" / "probes" / "cases").glob("*.yaml"))]
    for path in sorted((ROOT / "docs" / "cases").rglob("*.yaml")):
        pack = ROOT / "policies" / f"{path.parent.name}.yaml"
        if pack.is_file():
            found.append((pack, path))
    return found


CASES = cases()


class TestSchemas:
    """The three JSON Schemas are schemas, and take what the library takes."""

    @pytest.mark.parametrize("schema", [pack_schema(), decision_schema(), snapshot_schema(), snapshot_schema(marlshire())])
    def test_each_is_a_valid_schema_of_2020_12(self, schema):
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"].endswith("2020-12/schema")

    @pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
    def test_every_pack_is_valid(self, path):
        assert faults_by(pack_schema(), yaml(path)) == []

    @pytest.mark.parametrize("code", SEEN_BY_AN_EDITOR)
    def test_a_bad_pack_is_refused(self, code):
        assert faults_by(pack_schema(), yaml(BAD_PACKS / f"{code}.yaml"))

    @pytest.mark.parametrize(("pack", "path"), CASES, ids=[f"{path.parent.name}: {path.stem}" for _, path in CASES])
    def test_every_case_is_valid_for_its_pack_and_so_is_its_decision(self, pack, path):
        policy = policy_at(pack)
        document = yaml(path)
        assert faults_by(snapshot_schema(policy), document) == []
        assert faults_by(snapshot_schema(), document) == []
        for case in read_cases(path.read_bytes(), path.name):
            assert faults_by(decision_schema(), decision_to_dict(evaluate(policy, case.snapshot))) == []

    @pytest.mark.parametrize("example", read_examples(examples_beside(PATH)), ids=lambda example: example.name)
    def test_every_decision_of_an_example_is_valid(self, example):
        decision = evaluate(marlshire(), example.snapshot)
        assert faults_by(decision_schema(), decision_to_dict(decision)) == []

    def test_a_decision_is_written_as_the_library_that_describes_it_would_write_it(self):
        described, written = TypeAdapter(Decision), set()
        for pack in (PATH, ROOT / "policies" / "wirral.yaml"):
            policy = policy_at(pack)
            for example in read_examples(examples_beside(pack)):
                decision = evaluate(policy, example.snapshot)
                plain = described.dump_python(decision, mode="json")
                for reason in plain["reasons"]:
                    # There a set comes in any order.
                    reason["values"] = [[name, sorted(value) if isinstance(value, list) else value] for name, value in reason["values"]]
                assert decision_to_dict(decision) == plain
                written.add(decision_to_json(decision))
        # Moments in summer and in winter are among them.
        assert any("+01:00" in text for text in written)
        assert any(':00Z"' in text for text in written)

    def test_a_decision_with_something_more_or_less_is_refused(self):
        plain = decision_to_dict(evaluate(marlshire(), CaseSnapshot(as_of="2026-04-02")))
        assert faults_by(decision_schema(), {**plain, "outcome": "maybe"})
        assert faults_by(decision_schema(), {name: value for name, value in plain.items() if name != "outcome"})

    @pytest.mark.parametrize(
        "case",
        [
            CASE,
            {"as_of": "2026-04-02"},
            {"as_of": "2026-04-02T10:30:00+01:00", "unstated": "not_so"},
            {**CASE, "decisions": {"court_transfer": "stay", "returning_referral": "accepted"}},
            {**CASE, "checklist": {"chronology": {"done_on": "2026-03-02", "excused": True}, "warn_receiving_manager": None}},
            {
                **CASE,
                "facts": {"planning_meeting_on": "not_yet", "route": "planned", "disabilities": [], "rung_at": "2026-04-02", "sibling_area": "north"},
            },
        ],
        ids=str,
    )
    def test_a_snapshot_that_the_library_takes_is_valid(self, case):
        assert evaluate(marlshire(), only(json.dumps(case)))
        assert faults_by(snapshot_schema(marlshire()), case) == []

    @pytest.mark.parametrize(
        "case",
        [
            {},
            {"as_of": None},
            {**CASE, "fact": {}},
            {**CASE, "facts": {"lead_plan": "in_caer"}},
            {**CASE, "facts": {"current_team": "assesment"}},
            {**CASE, "facts": {"home_area": "west"}},
            {**CASE, "facts": {"days_in_care_since_14": -1}},
            {**CASE, "facts": {"looked_after": "perhaps"}},
            {**CASE, "facts": {"planing_meeting_on": "not_yet"}},
            {**CASE, "decisions": {"returning_referral": "maybe"}},
            {**CASE, "decisions": {"court_transfer": {"decided": "court", "by": "me"}}},
            {**CASE, "checklist": {"chronologi": "done"}},
            {**CASE, "checklist": {"chronology": "finished"}},
            {**CASE, "unstated": ["everything"]},
        ],
        ids=str,
    )
    def test_a_snapshot_that_the_library_refuses_is_refused(self, case):
        with pytest.raises((SnapshotError, AssertionError)):
            evaluate(marlshire(), only(json.dumps(case)))
        assert faults_by(snapshot_schema(marlshire()), case)

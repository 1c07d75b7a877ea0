"""The command `transfer-rules`: what each command prints, how it ends, and that nothing in a file can command a terminal or leak a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from transfer_rules import evaluate, seeking
from transfer_rules.cli import main
from transfer_rules.explanation import explain
from transfer_rules.loading import bundled_packs
from transfer_rules.snapshots import decision_to_dict, read_cases, snapshot_schema

from .codes import SOURCE
from .marlshire import PATH, TEXT, marlshire, small

PACK = str(PATH)
CASE = """\
as_of: 2026-04-02
facts: {current_team: assessment, lead_plan: in_care, planning_meeting_on: 2026-04-01, second_looked_after_review_on: 2026-05-20,
        care_order_made_on: not_yet, home_area: north}
checklist: {risk_summary: 2026-03-02}
"""
MANY = json.dumps({"c 1": {"as_of": "2026-04-02"}, "c 2": {"as_of": "soon"}, "c 3": {"as_of": "2026-04-02", "facts": {"current_team": "none"}}})
ALL_BAD = json.dumps({"c 1": {"as_of": "soon"}, "c 2": 5})
ESCAPE = "\x1b[31mred\x07"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(CASE, encoding="utf-8")
    Path("many.json").write_text(MANY, encoding="utf-8")
    Path("bad.json").write_text(ALL_BAD, encoding="utf-8")
    Path("broken.json").write_text("{", encoding="utf-8")


def run(*arguments: str, given: str | bytes | None = None) -> Result:
    """Run the command; whatever happens, it ends by itself and not by an error of its own."""
    result = CliRunner().invoke(main, list(arguments), input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def decide(*arguments: str, given: str | bytes | None = None) -> Result:
    """Run `decide` with the invented pack."""
    return run("decide", "--policy", PACK, *arguments, given=given)


class TestDecide:
    """`decide` answers every case it can read, and says which it cannot."""

    def test_a_case_is_explained_in_text(self):
        (case,) = read_cases(CASE.encode(), "case.yaml")
        result = decide("case.yaml")
        assert result.stdout.strip() == explain(marlshire(), case.snapshot, evaluate(marlshire(), case.snapshot)).strip()
        assert result.exit_code == 0

    def test_a_case_is_given_as_json(self):
        (case,) = read_cases(CASE.encode(), "case.yaml")
        result = decide("case.yaml", "--format", "json")
        assert json.loads(result.stdout) == decision_to_dict(evaluate(marlshire(), case.snapshot))
        assert result.exit_code == 0

    def test_json_is_the_same_every_time(self):
        assert decide("case.yaml", "--format", "json").stdout == decide("case.yaml", "--format", "json").stdout

    @pytest.mark.parametrize("arguments", [[], ["-"]])
    def test_a_case_comes_from_standard_input(self, arguments):
        assert decide(*arguments, given=CASE).stdout == decide("case.yaml").stdout

    def test_a_case_with_a_byte_order_mark_comes_from_standard_input(self):
        assert decide(given=b"\xef\xbb\xbf" + CASE.encode()).exit_code == 0

    def test_many_cases_come_under_their_labels(self):
        result = decide("many.json")
        assert [line for line in result.stdout.splitlines() if line.startswith("c ")] == ["c 1", "c 3"]

    def test_many_cases_come_under_their_labels_in_json(self):
        answers = json.loads(decide("many.json", "--format", "json").stdout)
        assert {label: answer and answer["outcome"] for label, answer in answers.items()} == {
            "c 1": "undetermined",
            "c 2": None,
            "c 3": "undetermined",
        }

    def test_a_case_that_cannot_be_read_is_named_by_its_label_on_standard_error(self):
        result = decide("many.json")
        assert result.stderr.splitlines()[0] == "c 2:"
        assert "many.json:1:1: error: `as_of` takes" in result.stderr

    def test_a_case_of_several_files_goes_by_its_file(self):
        Path("other.yaml").write_text(CASE, encoding="utf-8")
        result = decide("case.yaml", "other.yaml", "--format", "json")
        assert [*json.loads(result.stdout)] == ["case.yaml", "other.yaml"]

    def test_labels_of_several_files_are_kept(self):
        assert [*json.loads(decide("case.yaml", "many.json", "--format", "json").stdout)] == ["case.yaml", "c 1", "c 2", "c 3"]

    def test_no_answer_is_lost_where_two_files_use_one_label(self):
        Path("more.json").write_text(MANY, encoding="utf-8")
        labels = [*json.loads(decide("many.json", "more.json", "--format", "json").stdout)]
        assert labels == ["c 1", "c 2", "c 3", "more.json: c 1", "more.json: c 2", "more.json: c 3"]

    def test_as_of_is_taken_where_a_snapshot_has_none(self):
        result = decide("--as-of", "2026-04-02", "--format", "json", given="facts: {current_team: assessment}")
        assert (result.exit_code, json.loads(result.stdout)["certainty"]) == (0, "provisional")

    def test_a_moment_can_be_taken_as_as_of(self):
        assert decide("--as-of", "2026-04-02T10:30:00+01:00", given="facts: {current_team: assessment}").exit_code == 0

    @pytest.mark.parametrize("as_of", ["soon", "2026-02-30", "2026-04-02T10:30:00", ""])
    def test_an_as_of_that_is_no_day_is_refused(self, as_of):
        result = decide("case.yaml", "--as-of", as_of)
        assert (result.exit_code, "--as-of" in result.stderr) == (2, True)

    @pytest.mark.parametrize("form", ["text", "json"])
    @pytest.mark.parametrize(
        ("files", "code"),
        [
            (["case.yaml"], 0),
            (["many.json"], 1),
            (["bad.json"], 2),
            (["broken.json"], 2),
            (["missing.yaml"], 2),
            (["."], 2),
            (["case.yaml", "missing.yaml"], 1),
            (["case.yaml", "broken.json"], 1),
            (["case.yaml", "bad.json"], 1),
            (["bad.json", "missing.yaml"], 2),
        ],
        ids=str,
    )
    def test_it_ends_with_0_when_all_were_decided_1_when_some_and_2_when_none(self, files, code, form):
        assert decide(*files, "--format", form).exit_code == code

    def test_whatever_the_decision_says_it_ends_with_0(self):
        assert decide(given="as_of: 2026-04-02").exit_code == 0

    def test_a_pack_that_cannot_be_loaded_ends_it_with_2(self):
        Path("pack.yaml").write_text("language: 2\n", encoding="utf-8")
        result = run("decide", "--policy", "pack.yaml", "case.yaml")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("pack.yaml:1:11: error: unknown language `2` [unknown-language]\n    1 | language: 2\n")

    def test_an_unknown_pack_ends_it_with_2(self):
        result = run("decide", "--policy", bundled_packs()[0] + "x", "case.yaml")
        assert (result.exit_code, f"did you mean `{bundled_packs()[0]}`?" in result.stderr) == (2, True)

    def test_a_fact_that_the_pack_lacks_is_said_at_its_place(self):
        result = decide(given=CASE.replace("home_area: north", "hom_area: north"))
        assert result.exit_code == 2
        assert result.stderr.startswith("standard input:3:38: error: `hom_area`: unknown fact [unknown-fact]\n")

    @pytest.mark.parametrize("form", ["text", "json"])
    def test_a_label_with_escape_codes_is_neutralised(self, form):
        good, bad = {"as_of": "2026-04-02"}, {"as_of": "soon"}
        result = decide("--format", form, given=json.dumps({ESCAPE: good, ESCAPE + "\n2": bad, "\ud800": good}))
        assert "\x1b" not in result.stdout + result.stderr
        assert "\x07" not in result.stdout + result.stderr
        assert "red" in result.stdout
        assert r"\x1b[31mred\x07\x0a2:" in result.stderr

    def test_a_label_comes_back_whole_in_json(self):
        assert [*json.loads(decide("--format", "json", given=json.dumps({ESCAPE: {"as_of": "2026-04-02"}})).stdout)] == [ESCAPE]

    def test_a_file_name_with_escape_codes_is_neutralised(self):
        result = decide(f"{ESCAPE}.yaml")
        assert (result.exit_code, "\x1b" in result.stderr) == (2, False)

    @pytest.mark.parametrize(
        "given", ["", "\x00", "{" * 100_000, "[" * 100_000, "a: &b\n", b"\xff\xfe", "%YAML 1.1\n---\n", '{"a": ' + "9" * 5_000 + "}"]
    )
    def test_nothing_that_comes_in_leaks_a_traceback(self, given):
        assert decide(given=given).exit_code == 2


class TestDecideParts:
    """`--why`, `--readings`, `--ahead` add the parts, `--receipt` writes one; the decision stays as it is."""

    def test_each_part_stands_under_its_mark(self):
        text = decide("case.yaml", "--why", "--readings", "--ahead").stdout
        (case,) = read_cases(CASE.encode(), "case.yaml")
        assert text.startswith(explain(marlshire(), case.snapshot, evaluate(marlshire(), case.snapshot)))
        marks = [line[2:11].strip() for line in text.splitlines() if line.startswith("  ")]
        assert [mark for mark in ("why", "why not", "readings", "ahead") if mark not in marks] == []

    def test_no_part_stands_there_unasked(self):
        marks = {line[2:11].strip() for line in decide("case.yaml").stdout.splitlines() if line.startswith("  ")}
        assert marks.isdisjoint({"why", "why not", "readings", "ahead"})

    def test_in_json_the_parts_stand_beside_the_decision(self):
        plain = json.loads(decide("case.yaml", "--format", "json").stdout)
        whole = json.loads(decide("case.yaml", "--format", "json", "--why", "--readings", "--ahead").stdout)
        assert {name: whole[name] for name in plain} == plain
        assert whole.keys() - plain.keys() == {"why", "why_not", "other_readings", "changes_ahead"}
        assert all(one["said"] for name in ("why_not", "other_readings", "changes_ahead") for one in whole[name])

    def test_a_part_is_asked_for_by_itself(self):
        plain = json.loads(decide("case.yaml", "--format", "json").stdout)
        whole = json.loads(decide("case.yaml", "--format", "json", "--ahead").stdout)
        assert whole.keys() - plain.keys() == {"changes_ahead"}

    def test_what_nothing_changes_is_said(self):
        given = "as_of: 2026-03-02\nfacts: {current_team: permanence, current_team_area: north}"
        lines = decide("--why", "--readings", "--ahead", given=given).stdout.splitlines()
        assert lines[-4:] == [
            "  why      the answer is not decided, so no facts alone give it",
            "  why not  no rule for the team that holds the case names another team",
            "  readings no other reading gives another answer",
            "  ahead    nothing changes within a year if planned dates are kept and nothing new is recorded",
        ]

    def test_a_receipt_that_was_written_replays_identical(self):
        assert decide("case.yaml", "--receipt", "receipt.json").exit_code == 0
        result = run("replay", "--policy", PACK, "receipt.json")
        assert (result.exit_code, result.stdout.startswith("identical")) == (0, True)

    def test_the_receipts_of_many_cases_stand_under_their_labels(self):
        decide("many.json", "--receipt", "receipts.json")
        assert json.loads(Path("receipts.json").read_text(encoding="utf-8")).keys() == {"c 1", "c 3"}

    def test_a_receipt_that_cannot_be_written_is_said(self):
        result = decide("case.yaml", "--receipt", "no/such/folder.json")
        assert result.exit_code != 0
        assert "folder.json" in result.stderr


class TestCheck:
    """`check` ends with 0 when clean, 1 with findings, 2 when a pack cannot be loaded."""

    def test_a_clean_pack_is_called_so(self):
        result = run("check", PACK)
        assert (result.exit_code, result.stdout) == (0, f"{PACK}: clean (10 rules, 5 items, 2 duties, 24 clauses)\n")

    def test_a_pack_of_one_rule_is_counted_in_plain_english(self):
        Path("pack.yaml").write_text(small(), encoding="utf-8")
        assert run("check", "pack.yaml").stdout == "pack.yaml: clean (1 rule, 0 items, 0 duties, 0 clauses)\n"

    @pytest.fixture
    def unclaimed(self) -> str:
        text = (
            TEXT.replace("source: {title", "source: {title")
            .replace(", clauses: [MAR-1.2]", "")
            .replace("guidance: {MAR-1.1: aim of the procedure}", "guidance: {}")
        )
        Path("clauses").mkdir()
        Path("clauses/marlshire.csv").write_text((PATH.parent / "clauses" / "marlshire.csv").read_text(encoding="utf-8"), encoding="utf-8")
        Path("pack.yaml").write_text(text, encoding="utf-8")
        return "pack.yaml"

    def test_findings_are_said_with_their_place_and_counted(self, unclaimed):
        result = run("check", unclaimed)
        assert (result.exit_code, "pack.yaml: 2 findings (" in result.stdout) == (1, True)
        first = "clauses/marlshire.csv:2:1: error: clause MAR-1.1 (1.1, guidance) is not accounted for [unclaimed-clause]"
        assert result.stderr.splitlines()[:3] == [first, "    2 | MAR-1.1,1.1,guidance", "      | ^^^^^^^"]

    @pytest.mark.parametrize("arguments", [(), ("--undecided",)])
    def test_questions_not_decided_are_counted_and_listed_on_request(self, arguments, monkeypatch):
        monkeypatch.setattr(seeking, "STEPS", 0)
        Path("pack.yaml").write_text(small(), encoding="utf-8")
        result = run("check", "pack.yaml", *arguments)
        said = ["pack.yaml: clean (1 rule, 0 items, 0 duties, 0 clauses)", "pack.yaml: not decided within the steps allowed: 1 question"]
        assert (result.exit_code, result.stdout.splitlines()) == (
            0,
            [*said, *(["  whether `plan_to_permanence` can ever decide"] if arguments else [])],
        )

    def test_every_fault_of_a_pack_that_cannot_be_loaded_is_said_and_counted(self):
        Path("pack.yaml").write_text(small().replace("lead_plan", "leed_plan").replace("transfer_to: perm", "transfer_to: prem"), encoding="utf-8")
        result = run("check", "pack.yaml")
        assert result.exit_code == 2
        assert [line for line in result.stderr.splitlines() if "error" in line or "fault" in line] == [
            "pack.yaml:6:65: error: unknown fact `leed_plan` [unknown-fact]",
            "pack.yaml:6:103: error: unknown team `premanence` [unknown-team]",
            "pack.yaml: 2 faults; the pack cannot be loaded",
        ]

    def test_the_worst_of_several_packs_decides_how_it_ends(self, unclaimed):
        assert [run("check", *packs).exit_code for packs in ([PACK, PACK], [PACK, unclaimed], [unclaimed, "missing.yaml", PACK])] == [0, 1, 2]

    def test_packs_after_a_faulty_one_are_checked_too(self):
        result = run("check", "missing.yaml", PACK)
        assert "clean" in result.stdout

    def test_a_name_with_escape_codes_is_neutralised(self):
        result = run("check", ESCAPE)
        assert (result.exit_code, "\x1b" in result.output) == (2, False)

    def test_a_word_with_escape_codes_is_neutralised(self):
        Path("pack.yaml").write_text(small().replace("transfer_to: permanence", r'transfer_to: "\e[31m"'), encoding="utf-8")
        result = run("check", "pack.yaml")
        assert (result.exit_code, "\x1b" in result.output, r"unknown team `\x1b[31m`" in result.stderr) == (2, False, True)

    def test_it_wants_a_pack(self):
        assert run("check").exit_code == 2


class TestTest:
    """`test` ends with 0 when every example is as expected, 1 when some are not, 2 when something cannot be read."""

    @pytest.fixture
    def pack(self) -> str:
        Path("pack.yaml").write_text(small(), encoding="utf-8")
        Path("examples").mkdir()
        examples = "- {name: it stays, as_of: 2026-04-02, facts: {lead_plan: none}, expect: {outcome: stay}}\n"
        Path("examples/pack.yaml").write_text(examples, encoding="utf-8")
        failing = "- {name: it moves, as_of: 2026-04-02, facts: {lead_plan: none}, expect: {outcome: transfer, silent: yes}}\n"
        Path("failing.yaml").write_text(examples + failing, encoding="utf-8")
        return "pack.yaml"

    def test_the_examples_beside_the_pack_are_run(self, pack):
        result = run("test", pack)
        assert (result.exit_code, result.stdout) == (0, "1 of 1 examples as expected\n")

    def test_an_example_that_is_not_as_expected_is_named_with_its_place(self, pack):
        result = run("test", pack, "--examples", "failing.yaml")
        assert result.exit_code == 1
        assert result.stdout.splitlines() == [
            "failing.yaml:2:3: it moves",
            "    outcome: expected transfer, but it is stay",
            "1 of 2 examples as expected; 1 not",
        ]

    def test_several_files_of_examples_are_run(self, pack):
        assert run("test", pack, "--examples", "examples/pack.yaml", "--examples", "failing.yaml").stdout.endswith(
            "2 of 3 examples as expected; 1 not\n"
        )

    def test_the_examples_of_the_invented_pack_are_as_expected(self):
        assert run("test", PACK).exit_code == 0

    @pytest.mark.parametrize("arguments", [["missing.yaml"], ["pack.yaml", "--examples", "missing.yaml"], ["pack.yaml", "--examples", "pack.yaml"]])
    def test_what_cannot_be_read_ends_it_with_2(self, arguments, pack):
        result = run("test", *arguments)
        assert (result.exit_code, "error: " in result.stderr) == (2, True)

    def test_a_pack_without_examples_ends_it_with_2(self):
        Path("lonely.yaml").write_text(small(), encoding="utf-8")
        result = run("test", "lonely.yaml")
        assert (result.exit_code, "examples/lonely.yaml:1:1: error: there is no ordinary file here" in result.stderr) == (2, True)


class TestShow:
    """`show` says in plain words what a pack, or one part of it, holds."""

    @pytest.mark.parametrize(
        ("name", "lines"),
        [
            ("long_term_plan_to_permanence", [
                "  a long-term plan takes the child to Permanence",
                "  clauses    MAR-4.6a, MAR-4.6b (section 4.6)",
                "  from       Assessment Team",
                "  then       transfer to Permanence Team, the home area",
                "  defeated by final_order_to_permanence",
            ]),
            ("final_order_to_permanence", ["  overrides  long_term_plan_to_permanence"]),
            ("new_case_to_assessment", ["  from       Front Door, nobody", "  then       transfer to Assessment Team, North"]),
            ("care_leaver_gets_an_adviser", ["  then       transfer to Leaving Care Team, personal adviser"]),
            ("stay_with_the_court_team", ["  then       stay"]),
            ("close_when_nothing_is_needed", ["  then       close"]),
            ("managers_decide_during_proceedings", [
                "  then       the two team managers decides between Court Team, stay, close, the sibling's team",
            ]),
            ("court_takes_every_issue", ["  from       any team"]),
            ("MAR-4.9", ["clause MAR-4.9: section 4.9, transfer", "  carried out by final_order_to_permanence",
                         "    read as: fourteen calendar days, because 4.8 counts \"two weeks\" that way"]),
            ("MAR-1.1", ["clause MAR-1.1: section 1.1, guidance", "  guidance: aim of the procedure"]),
            ("MAR-9.9", ["  no effect: repeats 4.9 for another audience"]),
            ("MAR-1.2", ["  carried out by otherwise"]),
            ("court", ["team court: Court Team", "  what leads in", "  what leads out", "  what keeps the case"]),
            ("permanence", ["    long_term_plan_to_permanence: from Assessment Team, transfer to Permanence Team, the home area"]),
            ("risk_summary", ["  Risk summary, signed in the last month", "  in         handover: before the case is handed over"]),
            ("warn_receiving_manager", ["  tell the receiving manager that the case is coming"]),
            ("new_case", []),
            ("ten_days_of_issue", []),
        ],
    )  # fmt: skip
    def test_a_part_is_shown(self, name, lines):
        result = run("show", PACK, name)
        assert result.exit_code == 0
        assert name in result.stdout.splitlines()[0]
        assert {*lines} <= {line.rstrip() for line in result.stdout.splitlines()}

    @pytest.mark.parametrize("name", ["long_term_plan_to_permanence", "risk_summary", "warn_receiving_manager", "new_case"])
    def test_a_part_is_shown_with_its_place(self, name):
        place = run("show", PACK, name).stdout.splitlines()[0].partition("(")[2].partition(")")[0]
        line = TEXT.splitlines()[int(place.split(":")[-2]) - 1]
        assert name in line or line.strip().startswith("label:")

    def test_a_pack_is_shown_with_its_teams_and_rules(self):
        lines = run("show", PACK).stdout.splitlines()
        assert lines[0] == "Marlshire Council: Moving case responsibility between teams, edition 3.1, in force from 2025-04-01 until 2027-03-31"
        assert lines[1] == f"digest {marlshire().identity.digest}"
        assert "  permanence: Permanence Team (North, South)" in lines
        assert "  early_help: Early Help, outside" in lines
        assert "rules (10)" in lines

    def test_an_unknown_name_is_answered_with_the_nearest(self):
        result = run("show", PACK, "risk_sumary")
        assert (result.exit_code, result.stderr) == (2, f"{PACK} has no part and no clause `risk_sumary`; did you mean `risk_summary`?\n")

    def test_an_unknown_name_far_from_all_is_answered_without(self):
        result = run("show", PACK, ESCAPE)
        assert (result.exit_code, result.stderr.endswith(r"no clause `\x1b[31mred\x07`" + "\n")) == (2, True)

    def test_every_clause_is_listed_with_what_carries_it_out_and_an_example(self):
        rows = [line.split("\t") for line in run("show", PACK, "--clauses").stdout.splitlines()]
        assert [row[0] for row in rows] == list(marlshire().pack.ledger)
        by_clause = {row[0]: row[1:] for row in rows}
        example = "eight working days over Easter end before a later second review"
        assert by_clause["MAR-4.6a"] == ["transfer", "long_term_plan_to_permanence", example]
        assert by_clause["MAR-1.1"] == ["guidance", "guidance: aim of the procedure", ""]
        assert by_clause["MAR-6.1"] == ["transfer", "care_leaver_gets_an_adviser", ""]

    def test_clauses_are_listed_although_an_example_does_not_fit_the_pack(self):
        Path("pack.yaml").write_text(small(rules="rules: [{id: r, clauses: [M-1], from: any, stay: true}]\n"), encoding="utf-8")
        Path("examples").mkdir()
        examples = "- {name: n, as_of: 2026-04-02, facts: {unheard_of: yes}, expect: {outcome: stay}}\n"
        Path("examples/pack.yaml").write_text(examples, encoding="utf-8")
        assert run("show", "pack.yaml", "--clauses").stdout == "M-1\t\tr\t\n"

    def test_clauses_are_listed_although_the_examples_cannot_be_read(self):
        Path("pack.yaml").write_text(small(rules="rules: [{id: r, clauses: [M-1], from: any, stay: true}]\n"), encoding="utf-8")
        assert run("show", "pack.yaml", "--clauses").stdout == "M-1\t\tr\t\n"

    def test_a_pack_that_cannot_be_loaded_ends_it_with_2(self):
        assert run("show", "missing.yaml").exit_code == 2


class TestSchema:
    """`schema` prints a JSON Schema."""

    @pytest.mark.parametrize("what", ["pack", "snapshot", "decision"])
    def test_each_schema_is_printed_as_json(self, what):
        result = run("schema", what)
        assert (result.exit_code, json.loads(result.stdout)["$schema"].endswith("2020-12/schema")) == (0, True)

    def test_the_schema_of_a_snapshot_can_be_that_of_a_pack(self):
        assert json.loads(run("schema", "snapshot", "--policy", PACK).stdout) == json.loads(json.dumps(snapshot_schema(marlshire())))

    def test_an_unknown_schema_is_refused(self):
        assert run("schema", "policy").exit_code == 2


class TestTheCommandItself:
    """It can be asked for help, started as a module, and run where the terminal lacks letters."""

    @pytest.mark.parametrize("command", ["decide", "check", "test", "show", "schema", "replay"])
    def test_every_command_has_help(self, command):
        assert run(command, "-h").exit_code == 0

    def test_the_commands_are_listed_with_their_purpose(self):
        assert "run the worked examples of a pack" in run("--help").stdout

    def test_an_unknown_command_is_refused(self):
        assert run("decied").exit_code == 2

    def start(self, given: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m transfer_rules decide` as a process of its own."""
        command = [sys.executable, "-m", "transfer_rules", "decide", "--policy", PACK, *arguments]
        path = os.pathsep.join(str(Path(entry).resolve()) for entry in (SOURCE.parent, *filter(None, sys.path)))
        environment = {**os.environ, "PYTHONPATH": path, **environment}
        return subprocess.run(command, input=given, capture_output=True, text=True, check=False, env=environment)

    def test_it_starts_as_a_module_and_reads_standard_input(self):
        done = self.start(CASE, "--format", "json")
        assert (done.returncode, done.stderr, json.loads(done.stdout)["outcome"]) == (0, "", "transfer")

    def test_a_terminal_that_lacks_a_letter_gets_its_code(self):
        done = self.start(json.dumps({"Ł": {"as_of": "2026-04-02"}}), PYTHONIOENCODING="cp1252")
        assert (done.returncode, done.stderr, done.stdout.splitlines()[0]) == (0, "", r"\u0141")

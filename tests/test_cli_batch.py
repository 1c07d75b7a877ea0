"""`transfer-rules decide --batch`: a file of cases in, a file of decisions out, what is said of rows that are no snapshots, and how it ends."""

import csv
import io
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result

from transfer_rules import CaseSnapshot, evaluate
from transfer_rules.cli import _batch, main

from .codes import SOURCE
from .marlshire import PATH, marlshire

CASES = """\
case,current_team,lead_plan,planning_meeting_on,care_order_made_on,home_area,checklist.risk_summary
C 1,assessment,in_care,2026-04-01,not_yet,north,2026-03-02
C 2,assessment,in_care,2026-04-01,happened,south,
"""
ESCAPE = "\x1b[31mred\x07"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cases.csv").write_text(CASES, encoding="utf-8")


def batch(*arguments: str, given: str | bytes | None = None) -> Result:
    """Run `decide --batch` with the invented pack; whatever happens, it ends by itself and not by an error of its own."""
    result = CliRunner().invoke(main, ["decide", "--policy", str(PATH), "--as-of", "2026-04-02", "--batch", *arguments], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


class TestDecisions:
    """The decisions stand under their labels, or the number of their rows."""

    def test_they_are_printed_as_csv(self):
        result = batch("cases.csv")
        first, second = rows_of(result.stdout)
        facts = {"current_team": "assessment", "lead_plan": "in_care", "care_order_made_on": "not_yet", "home_area": "north"}
        local = {"planning_meeting_on": "2026-04-01"}
        decision = evaluate(marlshire(), CaseSnapshot(as_of="2026-04-02", **facts, local_facts=local, checklist={"risk_summary": "2026-03-02"}))
        assert first["case"] == "C 1"
        assert (first["outcome"], first["certainty"], first["team"]) == (decision.outcome, decision.certainty, decision.receiving_team.team)
        assert first["deadline"] == decision.deadline.on.isoformat()
        assert first["required"].split(";") == list(decision.required)
        assert first["rule"] == decision.reasons[0].rule
        assert (second["case"], second["outstanding"]) == ("C 2", "risk_summary")
        assert (result.exit_code, result.stderr) == (0, "")

    def test_rows_without_labels_go_by_their_number(self):
        assert [row["row"] for row in rows_of(batch("-", given="home_area\nnorth\n\nsouth\n").stdout)] == ["1", "2"]

    def test_standard_input_is_read_with_or_without_a_byte_order_mark(self):
        printed = batch("cases.csv").stdout
        assert batch("-", given=CASES).stdout == batch("-", given=b"\xef\xbb\xbf" + CASES.encode()).stdout == printed

    def test_they_are_written_to_a_file(self):
        printed = batch("cases.csv").stdout
        result = batch("cases.csv", "--output", "out.csv")
        assert (result.output, result.exit_code) == ("", 0)
        assert Path("out.csv").read_text(encoding="utf-8") == printed

    def test_parquet_in_and_out(self):
        table = pyarrow.table({name: [row[name] or None for row in rows_of(CASES)] for name in CASES.splitlines()[0].split(",")})
        pyarrow.parquet.write_table(table, "cases.parquet")
        assert batch("cases.parquet").stdout == batch("cases.csv").stdout
        assert batch("cases.parquet", "--output", "out.parquet").exit_code == 0
        printed = rows_of(batch("cases.csv").stdout)
        for found, row in zip(pyarrow.parquet.read_table("out.parquet").to_pylist(), printed, strict=True):
            texts = {name: ";".join(value) if isinstance(value, list) else str(value or "") for name, value in found.items()}
            assert {name: texts[name] for name in row} == row

    def test_unstated_closes_what_nobody_states(self):
        given = "current_team,lead_plan,planning_meeting_on,home_area\nassessment,in_care,2026-04-01,north\n"
        assert rows_of(batch("-", given=given).stdout)[0]["certainty"] == "provisional"
        assert rows_of(batch("-", "--unstated", "not_so", given=given).stdout)[0]["certainty"] == "decided"

    def test_control_characters_of_labels_cannot_command_a_terminal(self):
        given = f"case,home_area\n{ESCAPE},north\n"
        assert "\x1b" not in batch("-", given=given).stdout
        assert batch("-", "--output", "out.csv", given=given).exit_code == 0
        assert rows_of(Path("out.csv").read_text(encoding="utf-8"))[0]["case"] == ESCAPE


class TestRefusals:
    """A row that is no snapshot does not stop the others; a file that cannot be read does."""

    def test_a_row_that_is_none_stands_without_an_outcome_and_why_is_said(self):
        result = batch("-", given="case,home_area,care_order_made_on\na,north,\nb,Quarrel Lane,\nc,,1987-02-30\n")
        assert [(row["case"], row["outcome"] != "") for row in rows_of(result.stdout)] == [("a", True), ("b", False), ("c", False)]
        said = [line for line in result.stderr.splitlines() if "error:" in line]
        assert [line.partition(": error")[0] for line in said] == ["standard input:3:2", "standard input:4:3"]
        assert "Quarrel" not in result.output
        assert "1987" not in result.output
        assert result.exit_code == 1

    def test_the_first_twenty_are_said_and_the_others_counted(self):
        result = batch("-", given="home_area\nnorth\n" + "mars\n" * 27)
        assert result.stderr.count("error:") == 20
        assert result.stderr.splitlines()[-1] == "7 more rows are no snapshots; 27 of 28 in all"
        assert result.exit_code == 1

    def test_it_ends_with_2_where_no_row_can_be_read(self):
        assert batch("-", given="home_area\nmars\n").exit_code == 2

    @pytest.mark.parametrize("given", ["", "home_area\n", "home_area\n\n\n"])
    def test_it_ends_with_2_where_there_is_no_row(self, given):
        result = batch("-", given=given)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "the file holds no rows [empty]" in result.stderr

    def test_an_unknown_column_stops_it_at_once(self):
        result = batch("-", given="home_aera\nnorth\n")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "`home_aera`: unknown column" in result.stderr
        assert "did you mean `home_area`?" in result.stderr

    @pytest.mark.parametrize(("given", "code", "rows"), [(b"home_area\nnorth\n\xff\n", "not-utf8", 0), (b'home_area\nnorth\n"sou', "not-csv", 1)])
    def test_a_file_that_cannot_be_read_to_its_end_ends_with_2(self, given, code, rows):
        result = batch("-", given=given)
        assert result.exit_code == 2
        assert f"[{code}]" in result.stderr
        assert len(rows_of(result.stdout)) == rows

    @pytest.mark.parametrize("file", ["nowhere.csv", "nowhere.parquet", "."])
    def test_a_file_that_is_not_there_is_said(self, file):
        result = batch(file)
        assert result.exit_code == 2
        assert "there is no ordinary file here [no-file]" in result.stderr

    def test_the_cases_are_never_written_over(self):
        result = batch("cases.csv", "--output", "./cases.csv")
        assert result.exit_code == 2
        assert "--output names the file of cases itself" in result.stderr
        assert Path("cases.csv").read_text(encoding="utf-8") == CASES

    @pytest.mark.parametrize("given", ["", "home_area\n", "home_aera\nnorth\n", b"\xff\n"], ids=["empty", "no rows", "misspelt", "not UTF-8"])
    def test_cases_that_are_refused_as_a_whole_leave_older_decisions_as_they_are(self, given):
        Path("decisions.csv").write_text("of last week", encoding="utf-8")
        assert batch("-", "--output", "decisions.csv", given=given).exit_code == 2
        assert Path("decisions.csv").read_text(encoding="utf-8") == "of last week"

    def test_a_day_that_is_missing_leaves_older_decisions_as_they_are(self):
        Path("decisions.csv").write_text("of last week", encoding="utf-8")
        result = CliRunner().invoke(main, ["decide", "--policy", str(PATH), "--batch", "cases.csv", "--output", "decisions.csv"])
        assert result.exit_code == 2
        assert "no day is asked about" in result.stderr
        assert Path("decisions.csv").read_text(encoding="utf-8") == "of last week"

    def test_capital_letters_in_a_suffix_mean_the_same(self):
        assert batch("cases.csv", "--output", "OUT.CSV").exit_code == 0
        assert Path("OUT.CSV").read_text(encoding="utf-8") == batch("cases.csv").stdout

    @pytest.mark.parametrize("output", ["decisions.xlsx", "decisions", "-"])
    def test_decisions_go_to_a_file_of_csv_or_parquet_only(self, output):
        result = batch("cases.csv", "--output", output)
        assert result.exit_code == 2
        assert "--output takes the name of a .csv or .parquet file" in " ".join(result.stderr.split())
        assert not Path(output).exists()

    def test_an_output_that_cannot_be_written_is_said(self):
        result = batch("cases.csv", "--output", "no/where.csv")
        assert result.exit_code == 2
        assert "where.csv" in result.stderr

    @pytest.mark.parametrize("more", [["case.yaml"], ["--why"], ["--format", "json"], ["--ask"], ["--receipt", "r.json"]])
    def test_what_goes_with_single_cases_does_not_go_with_a_caseload(self, more):
        result = batch("cases.csv", *more)
        assert result.exit_code == 2
        assert "--batch takes one file" in result.stderr

    @pytest.mark.parametrize("more", [["--unstated", "not_so"], ["--output", "out.csv"]])
    def test_what_goes_with_a_caseload_does_not_go_with_single_cases(self, more):
        result = CliRunner().invoke(main, ["decide", "--policy", str(PATH), *more])
        assert result.exit_code == 2
        assert "go with --batch" in result.stderr

    @pytest.mark.parametrize(
        ("package", "file", "said"),
        [
            ("numpy", "cases.csv", 'caseloads in columns need numpy: pip install "transfer-rules[columns]"'),
            ("pyarrow", "cases.parquet", "files of Parquet and Arrow need pyarrow: pip install pyarrow"),
        ],
    )
    def test_a_package_that_is_missing_is_said_in_a_sentence(self, package, file, said):
        Path("cases.parquet").write_bytes(b"PAR1")
        code = f"import sys\nsys.modules[{package!r}] = None\nfrom transfer_rules.cli import main\nmain()"
        command = [sys.executable, "-c", code, "decide", "-p", str(PATH), "--batch", file]
        done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(SOURCE.parent)}, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr


class _Stream(io.StringIO):
    def __init__(self, terminal):
        super().__init__()
        self._terminal = terminal

    def isatty(self):
        return self._terminal


class TestProgress:
    """On a terminal one line says how far it is, and goes away at the end; elsewhere there is nothing."""

    @pytest.mark.parametrize("terminal", [True, False])
    def test_rows_and_rows_a_second(self, terminal, monkeypatch):
        seconds = iter(range(1_000))
        monkeypatch.setattr(_batch, "monotonic", lambda: next(seconds))
        stream = _Stream(terminal)
        monkeypatch.setattr(sys, "stderr", stream)
        assert _batch.decide_caseload(marlshire(), "cases.csv", date(2026, 4, 2), "unknown", "out.csv") == 0
        told = stream.getvalue()
        assert ("\r2 rows decided, " in told) == terminal
        assert ("a second" in told) == terminal
        assert told == "" or told.rpartition("\r")[2] == ""
        assert told.split("\r")[-2].strip() == "" if terminal else told == ""

    def test_a_message_does_not_stand_in_the_line(self, monkeypatch):
        seconds = iter(range(1_000))
        monkeypatch.setattr(_batch, "monotonic", lambda: next(seconds))
        stream = _Stream(True)
        monkeypatch.setattr(sys, "stderr", stream)
        Path("bad.csv").write_text("home_area\nnorth\nmars\n", encoding="utf-8")
        assert _batch.decide_caseload(marlshire(), "bad.csv", date(2026, 4, 2), "unknown", "out.csv") == 1
        (line,) = (line for line in stream.getvalue().splitlines() if "error:" in line)
        assert line.rpartition("\r")[2].startswith("bad.csv:3:1: error:")

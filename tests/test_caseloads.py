"""Caseloads in files: every row as `evaluate` decides its snapshot, each faulty cell at its place, and no more in memory than a stretch of rows."""

import csv
import io
import random
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from transfer_rules import CaseSnapshot, SnapshotError, caseloads, evaluate
from transfer_rules.batch import REFUSED, evaluate_batch
from transfer_rules.caseloads import CsvDecisions, ParquetDecisions, read_arrow, read_csv, refused_in
from transfer_rules.dates import london_date
from transfer_rules.evaluation import evaluate_to_compare
from transfer_rules.testing.drawing import drawing
from transfer_rules.testing.in_columns import row_of

from .loaded import bundled
from .marlshire import marlshire

TODAY = date(2026, 4, 2)
FIELDS = ["outcome", "certainty", "team", "area", "deadline", "deadline_state", "not_before", "required", "outstanding", "rule"]


def chunks_of(text, policy=None, *, rows=caseloads.ROWS, as_of=TODAY):
    return list(read_csv(policy or marlshire(), io.StringIO(text, newline=""), "cases.csv", as_of=as_of, rows=rows))


def snapshots_of(text, policy=None, **options):
    """Return the snapshot of each row, None where it is refused."""
    found = []
    for chunk in chunks_of(text, policy, **options):
        batch = evaluate_batch(policy or marlshire(), chunk.columns, as_of=options.get("as_of", TODAY))
        found += [None if chunk.refused[row] else batch.snapshot(row) for row in range(chunk.size)]
    return found


def faults_of(text, policy=None, *, as_of=TODAY):
    found = []
    for chunk in chunks_of(text, policy, as_of=as_of):
        batch = evaluate_batch(policy or marlshire(), chunk.columns, as_of=as_of)
        for row in np.flatnonzero(refused_in(chunk, batch)).tolist():
            found += chunk.faults(row, batch)
    return found


def decisions_of(text, policy, *, unstated="unknown", rows=caseloads.ROWS, as_of=None):
    out = io.StringIO(newline="")
    decisions = CsvDecisions(out)
    for chunk in chunks_of(text, policy, rows=rows, as_of=as_of):
        decisions.write(chunk, evaluate_batch(policy, chunk.columns, as_of=as_of, unstated=unstated))
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def cell(value):
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case frozenset():
            return ";".join(sorted(value)) or ";"
    return str(value)


def cells_of(policy, snapshot):
    """Return a snapshot as the cells of a row."""
    facts = {**snapshot.stated(), **snapshot.local_facts}
    found = {"as_of": cell(snapshot.as_of)} | {name: cell(policy.facts[name].read(value)) for name, value in facts.items()}
    for work in snapshot.checklist:
        one = snapshot.progress(work)
        found[f"checklist.{work}"] = cell(one.done_on or ("excused" if one.excused else one.state))
        if one.excused and one.done_on:
            found[f"checklist.{work}_state"] = "excused"
    for name in snapshot.decisions:
        one = snapshot.recorded(name)
        found |= {f"decisions.{name}": one.decided, f"decisions.{name}_area": cell(one.area), f"decisions.{name}_on": cell(one.on)}
    return found


def csv_of(policy, snapshots):
    rows = [{"case": f"Case {n}", **cells_of(policy, snapshot)} for n, snapshot in enumerate(snapshots)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, sorted({name for row in rows for name in row}), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def told(policy, decision):
    """Return the cells of a decision, read off the decision itself."""
    if decision is None:
        return dict.fromkeys(FIELDS, "")
    said = row_of(decision)
    items = {name: ";".join(item for item in policy.pack.items if item in said[name]) for name in ("required", "outstanding")}
    return {name: cell(said[name]) for name in FIELDS} | items


def drawn(policy, seed, count, *, unknowns):
    """Return drawn cases that speak of a day; a few of those that speak of a moment are no cases on that day."""
    chance, draw = random.Random(seed), drawing(policy)
    found = []
    for _ in range(count):
        with suppress(SnapshotError):
            one = draw.snapshot(chance.choice, unknowns=unknowns)
            found.append(replace(one, as_of=london_date(one.as_of), unstated=one.unstated if isinstance(one.unstated, str) else "unknown"))
    return found


class TestAgreement:
    """A caseload in a file is decided row by row as `evaluate` decides its snapshots."""

    @pytest.mark.parametrize("pack", ["marlshire", "warrington", "shropshire"])
    @pytest.mark.parametrize(("unknowns", "count"), [(False, 120), (True, 12)])
    @pytest.mark.parametrize("unstated", ["unknown", "not_so"])
    def test_a_csv_file_is_decided_as_its_snapshots(self, pack, unknowns, count, unstated):
        policy = marlshire() if pack == "marlshire" else bundled(pack)
        snapshots = [replace(one, unstated=unstated) for one in drawn(policy, f"{pack} {unknowns}", count, unknowns=unknowns)]
        found = decisions_of(csv_of(policy, snapshots), policy, unstated=unstated, rows=7)
        assert [row.pop("case") for row in found] == [f"Case {n}" for n in range(len(snapshots))]
        assert found == [told(policy, evaluate_to_compare(policy, snapshot)) for snapshot in snapshots]
        assert len({row["outcome"] for row in found}) > 2

    def test_the_drawn_cases_hold_moments_lists_decisions_progress_and_words_in_place_of_days(self):
        rows = [cells_of(marlshire(), one) for unknowns in (False, True) for one in drawn(marlshire(), "held", 120, unknowns=unknowns)]
        together = {text for row in rows for text in row.values()}
        assert {"not_yet", "happened", "not_needed", "excused", "yes", "no", ";"} <= together
        assert any("T" in one and "+" in one for one in together)
        assert any(";" in one and len(one) > 1 for one in together)
        assert any(name.startswith("decisions.") for row in rows for name in row)

    def test_a_parquet_file_with_columns_of_their_own_types_is_decided_as_its_snapshots(self, tmp_path):
        policy = marlshire()
        half_past = datetime(2026, 4, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))
        table = pyarrow.table(
            {
                "case": pyarrow.array([7, 8, 9]),
                "as_of": pyarrow.array([TODAY, TODAY, date(2026, 5, 1)]),
                "current_team": pyarrow.array(["assessment", "assessment", None]).dictionary_encode(),
                "lead_plan": pyarrow.array(["in_care", None, "in_care"]),
                "planning_meeting_on": pyarrow.array([date(2026, 4, 1), None, None]),
                "planning_meeting_on_state": pyarrow.array([None, "not_yet", None]),
                "care_order_made_on": pyarrow.array(["not_yet", "2026-04-01", "happened"]),
                "concern_is_new": pyarrow.array([True, None, False]),
                "disabilities": pyarrow.array([["mobility"], None, []], pyarrow.list_(pyarrow.string())),
                "weeks_on_plan": pyarrow.array([8, None, 0], pyarrow.int16()),
                "rung_at": pyarrow.array([half_past, None, None], pyarrow.timestamp("ns", "Europe/London")),
                "home_area": pyarrow.nulls(3),
                "checklist.risk_summary": pyarrow.array([date(2026, 3, 2), None, None]),
            }
        )
        pyarrow.parquet.write_table(table, tmp_path / "cases.parquet")
        snapshots = [
            CaseSnapshot(
                as_of=TODAY, current_team="assessment", lead_plan="in_care", care_order_made_on="not_yet",
                checklist={"risk_summary": date(2026, 3, 2)}, local_facts={
                    "planning_meeting_on": date(2026, 4, 1), "concern_is_new": True, "disabilities": ["mobility"], "weeks_on_plan": 8,
                    "rung_at": half_past,
                },
            ),
            CaseSnapshot(as_of=TODAY, current_team="assessment", care_order_made_on="2026-04-01", local_facts={"planning_meeting_on": "not_yet"}),
            CaseSnapshot(
                as_of=date(2026, 5, 1), lead_plan="in_care", care_order_made_on="happened",
                local_facts={"concern_is_new": False, "disabilities": [], "weeks_on_plan": 0},
            ),
        ]  # fmt: skip
        decisions, number = ParquetDecisions(tmp_path / "decisions.parquet"), 0
        for chunk in read_arrow(policy, tmp_path / "cases.parquet", "cases.parquet", rows=2):
            batch = evaluate_batch(policy, chunk.columns)
            for row in range(chunk.size):
                assert batch.snapshot(row) == snapshots[number]
                number += 1
            decisions.write(chunk, batch)
        decisions.close()
        assert number == 3
        rows = pyarrow.parquet.read_table(tmp_path / "decisions.parquet").to_pylist()
        assert [row["case"] for row in rows] == ["7", "8", "9"]
        for row, snapshot in zip(rows, snapshots, strict=True):
            said = {name: set(value) if isinstance(value, list) else value for name, value in row.items()}
            expected = row_of(evaluate(policy, snapshot))
            assert {name: said[name] for name in expected} == expected

    def test_files_of_arrow_are_read_as_parquet_is(self, tmp_path):
        table = pyarrow.table({"current_team": ["court", "none"], "weeks_on_plan": [1, None]})
        for name, new in (("cases.arrow", pyarrow.ipc.new_file), ("stream.arrow", pyarrow.ipc.new_stream)):
            with new(tmp_path / name, table.schema) as writer:
                writer.write_table(table)
            (chunk,) = read_arrow(marlshire(), tmp_path / name, name, as_of=TODAY)
            batch = evaluate_batch(marlshire(), chunk.columns, as_of=TODAY)
            assert [batch.snapshot(row).current_team for row in (0, 1)] == ["court", "none"]

    def test_deadlines_that_are_moments_stand_in_both_kinds_of_file(self, tmp_path):
        policy = bundled("shropshire")
        snapshots = [replace(one, unstated="unknown") for one in drawn(policy, "shropshire False", 120, unknowns=False)]
        decided = [(one, evaluate_to_compare(policy, one)) for one in snapshots]
        there = [(one, decision) for one, decision in decided if decision is not None and decision.deadline is not None]
        timed = [(one, decision.deadline) for one, decision in there if isinstance(decision.deadline.on, datetime)]
        assert timed
        text = csv_of(policy, [one for one, _ in timed])
        assert [row["deadline"] for row in decisions_of(text, policy)] == [deadline.on.isoformat() for _, deadline in timed]
        decisions = ParquetDecisions(tmp_path / "decisions.parquet")
        for chunk in chunks_of(text, policy, as_of=None):
            decisions.write(chunk, evaluate_batch(policy, chunk.columns))
        decisions.close()
        table = pyarrow.parquet.read_table(tmp_path / "decisions.parquet")
        assert table["deadline"].to_pylist() == [london_date(deadline.on) for _, deadline in timed]
        assert table["deadline_at"].to_pylist() == [deadline.on for _, deadline in timed]


class TestCells:
    """What a cell can hold, and that anything else is refused with its place and without its value."""

    @pytest.mark.parametrize(
        ("column", "text", "value"),
        [
            ("looked_after", "yes", True), ("looked_after", "TRUE", True), ("looked_after", "False", False), ("looked_after", "no", False),
            ("weeks_on_plan", "0", 0), ("weeks_on_plan", "999999999", 999_999_999), ("lead_plan", "in_care", "in_care"),
            ("current_team", "other_authority", "other_authority"), ("home_area", "north", "north"),
            ("disabilities", "mobility;hearing", frozenset({"mobility", "hearing"})), ("disabilities", ";", frozenset()),
            ("care_order_made_on", "2026-02-28", date(2026, 2, 28)), ("care_order_made_on", "1950-01-01", date(1950, 1, 1)),
            ("care_order_made_on", "not_yet", "not_yet"), ("care_order_made_on", "happened", "happened"), ("date_of_birth", "not_yet", "not_yet"),
            ("rung_at", "2026-04-01T10:30:00+01:00", datetime(2026, 4, 1, 9, 30, tzinfo=UTC)), ("rung_at", "2026-04-01", date(2026, 4, 1)),
            ("referral_at", "", None), ("looked_after", "", None), ("weeks_on_plan", "", None), ("home_area", "", None),
        ],
    )  # fmt: skip
    def test_a_cell_is_read_by_its_fact(self, column, text, value):
        (snapshot,) = snapshots_of(f"case,{column}\na,{text}\n")
        assert (snapshot.local_facts | snapshot.stated()).get(column) == value

    @pytest.mark.parametrize(
        ("column", "text", "code"),
        [
            ("looked_after", "Quarrel", "wrong-value"), ("looked_after", "1", "wrong-value"), ("weeks_on_plan", "-1", "wrong-value"),
            ("weeks_on_plan", "8.0", "wrong-value"), ("weeks_on_plan", "1000000000", "wrong-value"), ("lead_plan", "Quarrel", "wrong-value"),
            ("current_team", "quarrel", "wrong-value"), ("home_area", "quarrel", "wrong-value"), ("disabilities", "mobility;quarrel", "wrong-value"),
            ("disabilities", "mobility,quarrel", "wrong-value"), ("care_order_made_on", "01/06/1987", "wrong-value"),
            ("care_order_made_on", "1899-12-31", "wrong-value"), ("care_order_made_on", "2026-02-30", "wrong-value"),
            ("care_order_made_on", "2026-04-01T10:30:00+01:00", "wrong-value"), ("date_of_birth", "happened", "wrong-value"),
            ("rung_at", "2026-04-01T10:30:00", "wrong-value"), ("care_order_made_on_state", "done", "wrong-value"),
            ("date_of_birth_state", "happened", "wrong-value"), ("checklist.risk_summary", "happened", "wrong-progress"),
            ("checklist.risk_summary_state", "quarrel", "wrong-progress"), ("as_of", "soon", "wrong-as-of"), ("as_of", "1899-12-31", "wrong-as-of"),
            ("as_of", "2026-04-02T09:30:00+01:00", "wrong-as-of"), ("decisions.both_orders", "quarrel", "wrong-decision"),
            ("decisions.both_orders_on", "quarrel", "wrong-value"),
        ],
    )  # fmt: skip
    def test_what_is_none_is_refused_with_its_place_and_without_its_value(self, column, text, code):
        cells = f'"{text}"' if "," in text else text
        (fault,) = faults_of(f"case,{column}\n1,\n2,{cells}\n")
        assert fault.code in (code, "unknown-decision")
        assert str(fault.location) == "cases.csv:3:2"
        assert text.lower() not in str(fault).lower() or text in ("1", "-1", "done", "happened")

    def test_a_row_that_is_no_snapshot_is_refused_with_the_place_of_what_is_wrong(self):
        (fault,) = faults_of("looked_after,legal_basis\nno,none\nyes,none\n")
        assert (fault.code, str(fault.location)) == ("impossible", "cases.csv:3:1")

    def test_days_and_their_states_may_stand_in_two_columns(self):
        text = "care_order_made_on,care_order_made_on_state\n2026-04-01,\n,not_yet\n,happened\nnot_yet,not_yet\n,\n"
        assert [one.care_order_made_on for one in snapshots_of(text)] == [date(2026, 4, 1), "not_yet", "happened", "not_yet", None]

    def test_a_word_and_a_state_that_differ_are_refused(self):
        (fault,) = faults_of("care_order_made_on,care_order_made_on_state\nhappened,not_yet\n")
        assert str(fault.location) == "cases.csv:2:2"

    def test_a_row_of_another_width_is_refused_and_keeps_its_label(self):
        text = "looked_after,case\nno,1\nno\nno,3,4\nno,4\n"
        assert [row["outcome"] != "" for row in decisions_of(text, marlshire(), as_of=TODAY)] == [True, False, False, True]
        assert [row["case"] for row in decisions_of(text, marlshire(), as_of=TODAY)] == ["1", "", "3", "4"]
        assert [(fault.code, str(fault.location)) for fault in faults_of(text)] == [
            ("wrong-shape", "cases.csv:3:1"),
            ("wrong-shape", "cases.csv:4:1"),
        ]

    def test_lines_are_counted_through_empty_lines_and_texts_of_several_lines(self):
        text = 'case,looked_after\r\n"one\r\ntwo",no\r\n\r\n3,maybe\r\n'
        assert [str(fault.location) for fault in faults_of(text)] == ["cases.csv:5:2"]
        assert [row["case"] for row in decisions_of(text, marlshire(), as_of=TODAY)] == ["one\r\ntwo", "3"]

    def test_an_empty_day_asked_about_is_the_one_given_for_all(self):
        text = "as_of,looked_after\n2026-05-01,no\n,no\n"
        assert [one.as_of for one in snapshots_of(text)] == [date(2026, 5, 1), TODAY]
        assert [str(fault.location) for fault in faults_of(text, as_of=None)] == ["cases.csv:3:1"]

    def test_a_moment_may_be_asked_about_for_all(self):
        moment = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
        assert [one.as_of for one in snapshots_of("looked_after\nno\n", as_of=moment)] == [moment]

    def test_texts_past_those_remembered_are_read_as_well(self, monkeypatch):
        monkeypatch.setattr("transfer_rules.caseloads.cells._REMEMBERED", 3)
        text = "weeks_on_plan\n" + "".join(f"{number}\n" for number in [*range(9), *range(9)])
        assert [one.local_facts["weeks_on_plan"] for one in snapshots_of(text)] == [*range(9), *range(9)]

    def test_rows_of_which_nothing_is_known_count(self):
        assert len(decisions_of("case\na\nb\n", marlshire(), as_of=TODAY)) == 2


class TestHeaders:
    """A column that the policy does not know stops everything, with the nearest name."""

    @pytest.mark.parametrize(
        ("header", "code", "mend"),
        [
            ("curent_team", "unknown-fact", "did you mean `current_team`?"), ("checklist.risk_sumary", "unknown-fact", "`checklist.risk_summary`"),
            ("Anna Smith", "unknown-fact", ""), ("", "unknown-fact", ""), ("looked_after_state", "wrong-value", ""), ("cases", "unknown-fact", ""),
        ],
    )  # fmt: skip
    def test_an_unknown_column_is_an_error(self, header, code, mend):
        with pytest.raises(SnapshotError) as caught:
            chunks_of(f"home_area,{header}\nnorth,\n")
        (fault,) = caught.value.diagnostics
        assert (fault.code, str(fault.location)) == (code, "cases.csv:1:2")
        assert mend in fault.mend
        assert "Anna" not in str(fault)

    def test_a_column_that_stands_twice_is_an_error(self):
        with pytest.raises(SnapshotError, match=r"cases.csv:1:2: error: `home_area` stands twice"):
            chunks_of("home_area,home_area\n")

    def test_a_day_must_be_asked_about(self):
        with pytest.raises(SnapshotError, match="no day is asked about"):
            chunks_of("home_area\nnorth\n", as_of=None)

    def test_a_file_of_no_rows_gives_none(self):
        assert chunks_of("") == chunks_of("home_area\n") == []

    def test_a_file_that_breaks_off_gives_what_came_before_and_then_its_error(self):
        chunks = read_csv(marlshire(), io.StringIO('home_area\nnorth\n"sou', newline=""), "cases.csv", as_of=TODAY)
        assert next(chunks).size == 1
        with pytest.raises(SnapshotError, match=r"cases.csv:3:1: error: this is no line of a CSV file \[not-csv\]") as caught:
            next(chunks)
        assert caught.value.__context__ is None

    def test_empty_lines_before_the_header_are_passed_over(self):
        assert [row["case"] for row in decisions_of("\n\r\ncase,home_area\na,north\n", marlshire(), as_of=TODAY)] == ["a"]
        assert [str(fault.location) for fault in faults_of("\n\nhome_area\nnorth\nmars\n")] == ["cases.csv:5:1"]
        with pytest.raises(SnapshotError, match=r"cases.csv:3:1: error: `home_aera`"):
            chunks_of("\n\nhome_aera\nnorth\n")
        assert chunks_of("\n\n") == []

    def test_a_cell_that_is_too_long_is_called_so(self):
        chunks = read_csv(marlshire(), io.StringIO(f"case,home_area\na,north\n{'x' * 131_073},north\n", newline=""), "cases.csv", as_of=TODAY)
        assert next(chunks).size == 1
        with pytest.raises(SnapshotError, match=r"cases.csv:3:1: error: a cell is longer than 131,072 characters \[not-csv\]"):
            next(chunks)

    def test_what_is_no_file_of_arrow_is_said(self, tmp_path):
        (tmp_path / "cases.parquet").write_text("home_area\n", encoding="utf-8")
        with pytest.raises(SnapshotError, match="not-arrow"):
            list(read_arrow(marlshire(), tmp_path / "cases.parquet", "cases.parquet", as_of=TODAY))

    def test_days_of_arrow_that_are_none_refuse_their_row_only(self, tmp_path):
        days = pyarrow.array([TODAY, None, date(1899, 12, 31)])
        pyarrow.parquet.write_table(pyarrow.table({"as_of": days, "looked_after": [False] * 3}), tmp_path / "cases.parquet")
        (chunk,) = read_arrow(marlshire(), tmp_path / "cases.parquet", "cases.parquet")
        assert chunk.refused.tolist() == [False, True, True]


class TestMemory:
    """However many rows there are, no more than a stretch of them is held."""

    @staticmethod
    def _lines(count, read):
        yield "as_of,current_team,lead_plan,weeks_on_plan,care_order_made_on\n"
        for number in range(count):
            read.append(number)
            yield f"2026-04-02,assessment,in_care,{number % 50},2026-03-{number % 28 + 1:02}\n"

    def test_rows_are_read_when_they_are_asked_for(self):
        read = []
        chunks = read_csv(marlshire(), self._lines(5_000, read), "cases.csv", rows=100)
        assert next(chunks).size == 100
        assert len(read) == 100

    def test_ten_times_the_rows_take_no_more_memory(self):
        def peak(count):
            tracemalloc.start()
            out = CsvDecisions(_Nothing())
            for chunk in read_csv(marlshire(), self._lines(count, _Nothing()), "cases.csv", rows=500):
                out.write(chunk, evaluate_batch(marlshire(), chunk.columns))
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return found

        peak(1_000)
        assert peak(20_000) < peak(2_000) * 1.5


class _Nothing:
    """A list, or a stream, that keeps nothing."""

    def append(self, _one):
        pass

    def write(self, _text):
        pass


def test_a_refused_row_says_nothing_in_any_column():
    text = "case,current_team,lead_plan,planning_meeting_on,weeks_on_plan\na,assessment,in_care,2026-04-01,3\nb,assessment,in_care,2026-04-01,x\n"
    first, second = decisions_of(text, marlshire(), as_of=TODAY)
    assert first["outcome"] == "transfer"
    assert second == {"case": "b"} | dict.fromkeys(FIELDS, "")
    assert REFUSED == 255

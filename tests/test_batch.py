"""Columns: every row as `evaluate` decides it, and what can be wrong with a column. The pack of `benchmarks/` is in test_benchmarks.py."""

import random
from datetime import UTC, date, datetime

import numpy as np
import polars
import pyarrow
import pytest

from tests.loaded import BUNDLED, ROOT, bundled, examples_in
from tests.packs_for_tests import policy_of
from transfer_rules import CaseSnapshot, SnapshotError, evaluate
from transfer_rules.batch import OUTCOMES, REFUSED, STATES, Coded, evaluate_batch
from transfer_rules.batch.day_tables import DayTables
from transfer_rules.calendars import ENGLAND
from transfer_rules.evaluation import evaluate_to_compare
from transfer_rules.testing.drawing import drawing
from transfer_rules.testing.in_columns import columns_of, differences_in_columns, row_of
from transfer_rules.testing.judging import drawn_policies, without_moments

TODAY = date(2026, 4, 2)
PACK = """
teams:
  intake: {label: Intake, areas: {east: East, west: West}}
  care: {label: Care, areas: {east: East, west: West}}
rules:
  - id: to_care
    clauses: [T-1]
    label: a child who is looked after moves to the care team
    from: intake
    when: {fact: looked_after, is: true}
    transfer_to: {team: care, area: {fact: home_area}}
    deadline: {working_days: 5, after: became_looked_after_on}
  - id: hold
    clauses: [T-2]
    label: nobody moves while an answer is awaited
    from: intake
    overrides: [to_care]
    when: {fact: relinquished, is: true}
    stay: {until: {days: 3, after: proceedings_issued_on}}
checklists:
  handover:
    label: before the handover
    applies: {outcome: transfer}
    items:
      - {id: chronology, clauses: [T-3], label: Chronology, by: worker}
      - {id: summary, clauses: [T-4], label: Summary, by: worker, when: {fact: child_protection_plan, is: true}}
otherwise: {label: the case stays, clauses: [T-9]}
"""
"""A small pack that shows each kind of column."""


@pytest.fixture(scope="module")
def policy():
    return policy_of(PACK)


def drawn(policy, seed, count, *, unknowns, plain=False):
    chance, draw = random.Random(seed), drawing(policy)
    snapshots = [draw.snapshot(chance.choice, unknowns=unknowns) for _ in range(count)]
    return [found for one in snapshots if (found := without_moments(policy, one)) is not None] if plain else snapshots


def decided(policy, snapshots):
    return [(snapshot, evaluate_to_compare(policy, snapshot)) for snapshot in snapshots]


# --- row by row the same


@pytest.mark.parametrize("pack", BUNDLED)
def test_the_worked_examples_come_out_of_columns_as_they_are_decided(pack):
    policy = bundled(pack)
    snapshots = [one.snapshot for one in examples_in(ROOT / "policies" / "examples" / f"{pack}.yaml")]
    assert differences_in_columns(policy, decided(policy, snapshots)) == []


@pytest.mark.parametrize("pack", BUNDLED)
@pytest.mark.parametrize(("unknowns", "plain", "count"), [(False, True, 400), (False, False, 100), (True, True, 12)])
def test_drawn_snapshots_come_out_of_columns_as_they_are_decided(pack, unknowns, plain, count):
    policy = bundled(pack)
    snapshots = drawn(policy, f"{pack} {unknowns} {plain}", count, unknowns=unknowns, plain=plain)
    assert differences_in_columns(policy, decided(policy, snapshots)) == []


def test_drawn_packs_come_out_of_columns_as_they_are_decided():
    for number, policy in enumerate(drawn_policies(7, 40)):
        for unknowns, count in ((False, 25), (True, 10)):
            snapshots = drawn(policy, f"{number} {unknowns}", count, unknowns=unknowns, plain=number % 4 > 0)
            assert differences_in_columns(policy, decided(policy, snapshots)) == []


THREE_TEAMS = "teams: {intake: {label: Intake}, care: {label: Care}, court: {label: Court}}\nrules:\n"
CLASHING_BESIDE = """
  - {id: to_court, clauses: [T-1], label: l, from: {any_except: [care]}, when: {fact: relinquished, is: no}, transfer_to: court,
     deadline: {on: proceedings_issued_on}}
  - {id: to_care, clauses: [T-2], label: l, from: any, when: {fact: looked_after, is: yes}, transfer_to: care}
  - {id: never, clauses: [T-3], label: l, from: any, overrides: [to_care], close: true,
     when: {all: [{fact: relinquished, is: yes}, {fact: relinquished, is: no}]}}
"""
EITHER_WAY = """
  - {id: to_care, clauses: [T-1], label: l, from: any, when: {any: [{fact: relinquished, is: no}, {fact: relinquished, is: yes}]}, transfer_to: care}
"""
HOLDS_BESIDE = """
  - id: perhaps
    clauses: [T-1]
    label: l
    from: intake
    when:
      all:
        - {fact: contact_received_at, within: {working_days: 8, before: initial_conference_on}}
        - {fact: proceedings_issued_on, on_or_after: 2026-03-31}
        - {fact: relinquished, is: no}
    stay: true
  - {id: surely, clauses: [T-2], label: l, from: [intake, care], when: {fact: looked_after, is: yes}, stay: true}
"""


@pytest.mark.parametrize(
    ("rules", "rule"),
    [
        # A rule that stands in every way stands beside another in some of them.
        (CLASHING_BESIDE, "to_care"),
        # Where the team that it names holds the case, nobody asks whether the rule matches.
        (EITHER_WAY, None),
        # With more ways than `evaluate` looks at, it says what it saw first.
        (HOLDS_BESIDE, "otherwise"),
    ],
    ids=["beside another", "either way", "too many ways"],
)
def test_the_rule_that_decides_is_found_as_evaluate_finds_it(rules, rule):
    policy = policy_of(THREE_TEAMS + rules + "otherwise: {label: the case stays, clauses: [T-9]}\n")
    snapshot = CaseSnapshot(as_of=TODAY, looked_after=True)
    decision = evaluate_to_compare(policy, snapshot)
    assert row_of(decision)["rule"] == rule
    assert differences_in_columns(policy, [(snapshot, decision)]) == []


def test_rows_do_not_depend_on_their_neighbours():
    policy = bundled("shropshire")
    snapshots = [one for one in drawn(policy, "neighbours", 30, unknowns=True, plain=True) if one.unstated == "unknown"]
    together = evaluate_batch(policy, columns_of(policy, snapshots))
    backwards = evaluate_batch(policy, columns_of(policy, snapshots[::-1]))
    for row, snapshot in enumerate(snapshots):
        alone = evaluate_batch(policy, columns_of(policy, [snapshot]))
        assert together.row(row) == alone.row(0) == backwards.row(len(snapshots) - 1 - row)


def test_a_disagreement_would_be_seen():
    policy = bundled("warrington")
    (snapshot, other) = (one.snapshot for one in examples_in(ROOT / "policies" / "examples" / "warrington.yaml")[:2])
    assert row_of(evaluate(policy, snapshot)) != row_of(evaluate(policy, other))
    assert differences_in_columns(policy, [(snapshot, evaluate(policy, other)), (other, evaluate(policy, other))])


# --- columns in


def test_every_kind_of_column_is_read(policy):
    columns = {
        "current_team": Coded([0, 0, 0, 1, -1], ["intake", "care"]),
        "looked_after": np.ma.masked_array([True, True, False, True, True], [False, True, False, False, False]),
        "home_area": np.array(["east", "west", None, "east", "west"], object),
        "became_looked_after_on": np.array(["2026-04-01", "NaT", "NaT", "2026-04-01", "2026-03-02"], "datetime64[D]"),
        "became_looked_after_on_state": np.array([None, "not_yet", "not_yet", None, None], object),
        "relinquished": [False, False, False, False, False],
        "child_protection_plan": np.array([1, 1, 0, -1, 0], np.int8),
        "checklist.chronology": np.array(["2026-03-30", "NaT", "NaT", "NaT", "2026-03-30"], "datetime64[D]"),
        "checklist.chronology_state": np.array([None, "not_done", "excused", "not_needed", None], object),
    }
    batch = evaluate_batch(policy, columns, as_of=TODAY)
    assert [batch.row(row) for row in range(5)] == [plain(row_of(batch.decision(row))) for row in range(5)]
    assert batch.row(0) == {
        "outcome": "transfer",
        "certainty": "decided",
        "team": "care",
        "area": "east",
        "deadline": date(2026, 4, 10),
        "deadline_state": "firm",
        "not_before": None,
        "required": ("chronology", "summary"),
        "outstanding": ("summary",),
        "rule": "to_care",
    }


def plain(row):
    """Return a row with its items in the order of the small pack."""
    return {name: tuple(sorted(value)) if isinstance(value, set) else value for name, value in row.items()}


def arrays():
    return {
        "current_team": np.array(["intake", "care", None], object),
        "looked_after": np.array([True, None, False], object),
        "home_area": np.array(["east", None, "west"], object),
        "became_looked_after_on": np.array([date(2026, 4, 1), None, None], object),
        "relinquished": np.array([False, True, None], object),
        "proceedings_issued_on": np.array([None, None, date(2026, 4, 1)], object),
    }


TABLE = pyarrow.table({name: pyarrow.array(list(column)) for name, column in arrays().items()})


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        TABLE.to_batches()[0],
        pyarrow.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)]),
        polars.DataFrame({name: list(column) for name, column in arrays().items()}),
        polars.DataFrame({name: list(column) for name, column in arrays().items()}).with_columns(
            polars.col("current_team", "home_area").cast(polars.Categorical)
        ),
        polars.DataFrame({name: list(column) for name, column in arrays().items()}).with_columns(
            polars.col("current_team").cast(polars.Enum(["care", "intake"]))
        ),
        polars.DataFrame({name: list(column) for name, column in arrays().items()})
        .with_columns(polars.col("current_team", "home_area").cast(polars.Categorical))
        .to_arrow(),
    ],
    ids=["arrow table", "arrow batch", "arrow chunks", "polars", "polars categories", "polars enum", "arrow dictionaries"],
)
def test_arrow_and_polars_say_what_arrays_say(policy, table):
    expected, found = evaluate_batch(policy, arrays(), as_of=TODAY), evaluate_batch(policy, table, as_of=TODAY)
    assert [found.row(row) for row in range(3)] == [expected.row(row) for row in range(3)]


def test_a_column_that_is_missing_is_unknown_in_every_row(policy):
    batch = evaluate_batch(policy, {"current_team": np.array(["intake", "care"], object)}, as_of=TODAY)
    assert [batch.row(row)["outcome"] for row in range(2)] == ["undetermined", "stay"]


def test_what_nobody_stated_is_closed_for_every_row(policy):
    batch = evaluate_batch(policy, {"current_team": np.array(["intake"], object)}, as_of=TODAY, unstated="not_so")
    assert batch.row(0)["certainty"] == "decided"


def test_a_moment_and_a_recorded_decision_are_decided_by_evaluate():
    policy = bundled("warrington")
    snapshots = drawn(policy, "moments", 60, unknowns=False)
    assert any(isinstance(one.as_of, datetime) for one in snapshots)
    assert any(one.decisions for one in snapshots)
    assert differences_in_columns(policy, decided(policy, snapshots)) == []


def test_a_deadline_that_is_a_moment_keeps_its_hour():
    policy = policy_of(PACK.replace("{working_days: 5, after: became_looked_after_on}", "{hours: 24, after: contact_received_at}"))
    at = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
    columns = {"current_team": ["intake"], "looked_after": [True], "relinquished": [False], "contact_received_at": np.array([at], object)}
    batch = evaluate_batch(policy, columns, as_of=TODAY)
    deadline = batch.decision(0).deadline
    assert deadline is not None
    assert batch.row(0)["deadline"] == deadline.on == datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
    assert batch.deadline[0] == np.datetime64("2026-04-02")
    assert set(batch.moments) == {0}


# --- what can be wrong


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"looked_afer": [True]}, "unknown column"),
        ({"looked_after": ["maybe"]}, "the column `looked_after` takes true or false"),
        ({"looked_after": np.array([2])}, "takes 1, 0, or -1 for unknown"),
        ({"current_team": Coded([3], ["intake"])}, "codes outside its 1 names"),
        ({"became_looked_after_on": np.array(["soon"], object)}, "the column `became_looked_after_on` "),
        ({"became_looked_after_on_state": np.array(["later"], object)}, "takes not_yet or happened as its state"),
        ({"looked_after": [True], "relinquished": [True, False]}, "not of one length"),
        ({"days_in_care_since_14": np.array([1.5])}, "takes whole numbers"),
        ({"days_in_care_since_14": np.array([-3])}, "takes whole numbers, 0 or more"),
        ({"checklist.chronology_state": np.array(["nearly"], object)}, "takes done, not_done, not_needed, excused"),
    ],
)
def test_a_column_that_cannot_be_read_is_refused_by_its_name(policy, columns, said):
    with pytest.raises(SnapshotError) as refused:
        evaluate_batch(policy, columns, as_of=TODAY)
    assert said in str(refused.value)
    assert "maybe" not in str(refused.value)


def test_a_day_must_be_asked_about(policy):
    with pytest.raises(SnapshotError, match="as_of"):
        evaluate_batch(policy, {"looked_after": [True]})


FIRST_OF_APRIL = np.array(["2026-04-01"] * 2, "datetime64[D]")


@pytest.mark.parametrize(
    "columns",
    [
        {"current_team": np.array(["intake", "nowhere"], object)},
        {"became_looked_after_on": np.array(["2026-04-01", "1900-01-01"], "datetime64[D]")},
        {
            "became_looked_after_on": FIRST_OF_APRIL,
            "became_looked_after_on_state": np.array([None, "not_yet"], object),
        },
        {"looked_after": [True, True], "legal_basis": np.array(["section_20", "none"], object)},
        {
            "became_looked_after_on": FIRST_OF_APRIL,
            "looked_after_ended_on": np.array(["2026-04-02", "2026-03-01"], "datetime64[D]"),
        },
        {"checklist.chronology": FIRST_OF_APRIL, "checklist.chronology_state": np.array([None, "not_done"], object)},
    ],
    ids=["unknown team", "no such year", "date and not yet", "impossible", "ends before it begins", "done and not done"],
)
@pytest.mark.parametrize("unstated", ["unknown", "not_so"])
def test_a_row_that_is_no_case_is_refused_alone(policy, columns, unstated):
    batch = evaluate_batch(policy, {"current_team": np.array(["intake"] * 2, object)} | columns, as_of=TODAY, unstated=unstated)
    assert batch.refused.tolist() == [1]
    assert batch.outcome[1] == REFUSED
    assert batch.row(1)["outcome"] is None
    assert batch.row(0)["outcome"] in OUTCOMES
    with pytest.raises(SnapshotError):
        batch.decision(1)


# --- columns out


def test_the_columns_say_what_the_rows_say(policy):
    batch = evaluate_batch(policy, arrays(), as_of=TODAY)
    arrow, frame = batch.to_arrow(), batch.to_polars()
    assert arrow.column_names == frame.columns == [*batch.columns()]
    for row in range(batch.size):
        said = batch.row(row)
        for name in ("outcome", "certainty", "team", "area", "deadline", "deadline_state", "not_before", "rule"):
            assert arrow.column(name)[row].as_py() == frame[name][row] == said[name]
        for name in ("required", "outstanding"):
            assert arrow.column(name)[row].as_py() == frame[name][row] == sum(1 << batch.items.index(item) for item in said[name])


def test_the_full_decision_of_a_row_is_that_of_its_snapshot(policy):
    snapshot = CaseSnapshot(as_of=TODAY, current_team="intake", looked_after=True, became_looked_after_on=date(2026, 4, 1), relinquished=False)
    batch = evaluate_batch(policy, columns_of(policy, [snapshot]))
    assert batch.snapshot(0) == snapshot
    assert batch.decision(0) == evaluate(policy, snapshot)


def test_an_empty_table_gives_empty_columns(policy):
    assert evaluate_batch(policy, {"looked_after": np.array([], np.bool_)}, as_of=TODAY).size == 0


def test_more_than_64_items_stand_in_several_numbers():
    policy = bundled("shropshire")
    batch = evaluate_batch(policy, {"current_team": np.array(["assessment"], object)}, as_of=TODAY)
    assert len(batch.items) > 64
    assert batch.required.shape == (1, 2)
    assert {"required_0", "required_1", "outstanding_0", "outstanding_1"} <= set(batch.columns())


def test_progress_is_reported_up_to_the_last_row(policy):
    seen = []
    columns = {"current_team": np.array(["intake", "care", None, "nowhere"], object), "looked_after": np.array([True, None, True, True], object)}
    evaluate_batch(policy, columns, as_of=TODAY, progress=lambda done, rows: seen.append((done, rows)))
    assert seen[-1] == (4, 4)
    assert seen == sorted(seen)


def test_the_states_are_all_those_of_a_deadline():
    from typing import get_args

    from transfer_rules.decision import DeadlineState

    assert get_args(DeadlineState) == STATES


# --- days


@pytest.mark.parametrize("count", [-30, -1, 0, 1, 2, 10, 45])
def test_working_days_are_looked_up_as_they_are_counted(count):
    days = np.arange(np.datetime64("2019-12-20"), np.datetime64("2028-02-01")).astype(np.int32)
    found = DayTables(ENGLAND).look_up("working_days", count, days).astype("datetime64[D]")
    for day, moved in zip(days.astype("datetime64[D]").tolist(), found.tolist(), strict=True):
        assert moved == ENGLAND.add_working_days(day, count)


def test_an_age_is_reached_on_the_birthday_and_for_one_born_on_29_february_on_1_march():
    tables = DayTables(ENGLAND)
    for age in (16, 18, 25):
        for today in (date(2026, 2, 28), date(2026, 3, 1), date(2024, 2, 29), date(2026, 12, 31)):
            last = tables.look_up("born_by", age, np.array([today]).astype("datetime64[D]").astype(np.int32)).astype("datetime64[D]").tolist()[0]
            reached = [born for born in (last, date.fromordinal(last.toordinal() + 1)) if birthday_of(born, age) <= today]
            assert reached == [last]


def birthday_of(born, age):
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)

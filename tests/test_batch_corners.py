"""Columns where they are easily wrong: at the ends of the calendar, where dates meet, and where definitions set facts against each other."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars
import pyarrow
import pytest

from tests.loaded import bundled
from tests.packs_for_tests import policy_of
from transfer_rules import CaseSnapshot, SnapshotError, evaluate
from transfer_rules import conditions as c
from transfer_rules import timescales as t
from transfer_rules.batch import Coded, evaluate_batch
from transfer_rules.batch.day_tables import DayTables
from transfer_rules.calendars import ENGLAND
from transfer_rules.checklists import Applies, Checklist, Item, Teams, Valid
from transfer_rules.pack import Close, Rule, TransferTo
from transfer_rules.policy import compile_pack
from transfer_rules.testing.drawn_packs import LOCAL
from transfer_rules.testing.in_columns import differences_in_columns

TODAY = date(2026, 4, 1)
PACK = """
teams: {intake: {label: Intake}, care: {label: Care}}
rules:
  - {id: r0, clauses: [T-1], label: l, from: intake, when: {fact: relinquished, is: yes}, transfer_to: care}
otherwise: {label: the case stays, clauses: [T-9]}
"""
FIRST, SECOND = "first_looked_after_review_on", "second_looked_after_review_on"
YES = c.Is("relinquished", True)
NO = c.Not(YES)
ISSUED = t.FactDay("proceedings_issued_on")
MOVED = TransferTo("care")


def rule(effect=MOVED, **parts):
    return Rule("r0", effect, ("T-1",), **parts)


def policy(*rules, valid=None, calendar=ENGLAND):
    """A pack of these rules, named r0, r1 and so on; with `valid` it has one item, which counts as done for so long."""
    items = {} if valid is None else {"i0": Item("i0", "i0", valid=valid)}
    lists = (Checklist("l0", "", (Applies(outcomes=frozenset({"transfer"})),), tuple(items)),) if items else ()
    named = tuple(replace(one, id=f"r{number}") for number, one in enumerate(rules))
    return compile_pack(replace(policy_of(PACK).pack, rules=named, items=items, checklists=lists, local_facts=LOCAL), calendar)


def case(as_of=TODAY, **facts):
    return CaseSnapshot(as_of=as_of, **{"current_team": "intake", **facts})


def outcome(pack, snapshot):
    """What `evaluate` and columns both say."""
    decision = evaluate(pack, snapshot)
    assert differences_in_columns(pack, [(snapshot, decision)]) == []
    return decision.outcome


CONSENTS = policy_of(PACK).facts["early_help_consent"].options


@pytest.mark.parametrize("odd", ["bogus", ""])
def test_a_word_that_the_pack_lacks_is_no_way_of_filling_in_another_row(odd):
    pack = policy(*(rule(when=c.Is("early_help_consent", word)) for word in CONSENTS))
    batch = evaluate_batch(pack, {"current_team": ["intake"] * 2, "early_help_consent": np.array([None, odd], object)}, as_of=TODAY)
    assert batch.row(0)["outcome"] == outcome(pack, case()) == "transfer"


def test_a_team_that_the_pack_lacks_is_no_way_of_filling_in_another_row():
    pack = policy(*(rule(Close(), from_teams=Teams(frozenset({team}))) for team in (*policy_of(PACK).pack.teams, "none", "other_authority")))
    batch = evaluate_batch(pack, {"current_team": np.array([None, "bogus"], object)}, as_of=TODAY)
    assert batch.row(0)["outcome"] == outcome(pack, CaseSnapshot(as_of=TODAY)) == "close"


# --- facts that a definition sets against each other


def test_what_comes_before_an_event_that_has_happened_has_happened():
    assert outcome(policy(rule(when=c.Happened(FIRST))), case(**{SECOND: "happened"})) == "transfer"


def test_an_event_that_has_happened_is_no_later_than_one_to_come():
    with pytest.raises(SnapshotError, match="cannot both be so"):
        evaluate(policy(rule()), case(**{FIRST: "2026-09-01", SECOND: "happened"}))
    columns = {"current_team": ["intake"], FIRST: np.array(["2026-09-01"], "datetime64[D]"), f"{SECOND}_state": np.array(["happened"], object)}
    assert evaluate_batch(policy(rule()), columns, as_of=TODAY).refused.tolist() == [0]


def test_where_nothing_can_be_filled_in_nothing_is_proven():
    pack, before_the_calendar = policy(rule(when=c.Happened(FIRST))), case(**{SECOND: "2009-12-31"})
    assert outcome(pack, before_the_calendar) == "undetermined"
    assert evaluate(pack, before_the_calendar).missing == (FIRST,)


def test_a_case_of_a_bundled_pack_with_a_review_before_the_calendar_is_decided():
    relinquished = {"current_team": "cin_cp", "relinquished": True, "legal_basis": "placement_order", "local_facts": {"new_contact_in_tray": False}}
    assert outcome(bundled("wirral"), CaseSnapshot(as_of=date(2026, 8, 30), **relinquished, **{SECOND: "2009-06-01"}))


# --- counts that meet


def test_where_two_counts_from_one_date_are_compared_not_all_is_looked_at():
    meeting = c.Compare(t.Count(10, "days", ISSUED), "before", t.Count(8, "working_days", ISSUED))
    rules = [
        rule(when=YES, overrides=frozenset({"r1"})),
        rule(when=c.All((YES, meeting))),
        rule(when=c.All((NO, c.Happened(ISSUED.fact)))),
        rule(when=c.All((NO, c.Happened(ISSUED.fact, False)))),
    ]
    assert outcome(policy(*rules), case()) == "undetermined"


@pytest.mark.parametrize(("unit", "said"), [("working_days", "undetermined"), ("days", "transfer")])
def test_where_deadlines_count_twice_from_one_date_not_all_is_looked_at(unit, said):
    one, other = (t.Count(amount, kind, t.FactDay("e1")) for amount, kind in ((10, "days"), (8, unit)))
    flag = c.Is("f1", True)
    assert outcome(policy(rule(when=flag, deadline=one), rule(when=c.Not(flag), deadline=other)), case()) == said


@pytest.mark.parametrize("operator", c.Compare.operators)
@pytest.mark.parametrize("back", [False, True])
def test_a_count_turns_beyond_a_long_closure(operator, back):
    calendar = ENGLAND.with_closures([(date(2026, 3, 2) + timedelta(days=day), "shut") for day in range(30)])
    pack = policy(rule(when=c.Compare(t.Count(1, "working_days", ISSUED, back), operator, t.AsOf())), calendar=calendar)
    for day in (date(2026, 3, 1), TODAY, date(2026, 4, 20)):
        assert outcome(pack, case(day)) in ("undetermined", "stay", "transfer")


# --- the ends of the calendar and of the tables

ENDS = ("1950-01-01", "1967-06-01", "2009-05-01", "2010-01-01", "2040-12-31", "2060-01-01", "2150-12-31")


@pytest.mark.parametrize("day", ENDS)
@pytest.mark.parametrize(
    "when",
    [
        c.Compare(ISSUED, "before", t.AsOf()),
        c.Compare(ISSUED, "after", t.AsOf()),
        c.Compare(t.Count(20, "days", ISSUED), "after", t.AsOf()),
        c.Compare(t.Count(20, "working_days", ISSUED, True), "after", t.AsOf()),
        c.Age(18, t.AsOf()),
        c.Happened(ISSUED.fact),
    ],
    ids=["before", "after", "days on", "working days back", "age", "happened"],
)
def test_no_day_is_tried_that_a_fact_cannot_have(day, when):
    assert outcome(policy(rule(when=when)), case(date.fromisoformat(day))) in ("undetermined", "stay", "transfer")


@pytest.mark.parametrize("day", ["1950-01-01", "2010-01-01", "2040-12-31", "2150-12-31", "2026-05-01", "not_yet", "happened"])
@pytest.mark.parametrize("known", [FIRST, SECOND])
@pytest.mark.parametrize("asked", [FIRST, SECOND])
def test_no_day_is_tried_on_the_wrong_side_of_another(day, known, asked):
    for deadline in (None, t.Count(5, "working_days", t.FactDay(FIRST))):
        assert outcome(policy(rule(when=c.Arranged(asked), deadline=deadline)), case(**{known: day}))


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("centuries", [1, 2, 3, 4])
def test_an_age_on_a_day_beyond_the_tables_is_told_by_evaluate(centuries, back):
    day = t.AsOf()
    for _ in range(centuries):
        day = t.Count(1200, "months", day, back)
    assert outcome(policy(rule(when=c.Age(18, day))), case(date_of_birth="2010-01-01")) == ("stay" if back else "transfer")


def test_an_item_that_is_good_until_a_day_beyond_the_tables_is_told_by_evaluate():
    pack = policy(rule(), valid=Valid(before=t.Count(1, "months", t.Count(200_000, "days", ISSUED))))
    assert outcome(pack, case(proceedings_issued_on="2026-03-01", checklist={"i0": "2026-03-02"})) == "transfer"


def test_months_are_looked_up_to_the_end_of_the_tables():
    last = np.datetime64("2400-11-30", "D").astype(np.int32)
    assert DayTables(ENGLAND).look_up("months", 1, np.array([last])) == np.datetime64("2400-12-30", "D").astype(np.int32)


# --- dates that are the same, or seem so


@pytest.mark.parametrize("inner", [t.Count(12, "days", ISSUED), t.LatestOf((ISSUED,))])
def test_two_arms_without_a_day_are_the_same(inner):
    pack = policy(rule(), valid=Valid(before=t.Conditional(inner, YES, ISSUED)))
    assert outcome(pack, case(proceedings_issued_on="not_yet", checklist={"i0": "2026-03-01"})) == "transfer"


def test_a_deadline_that_may_come_earlier_is_not_the_same_as_a_day():
    may = date(2026, 5, 1)
    deadline = t.SoonestOf((t.Literally(may), ISSUED))
    pack = policy(rule(deadline=deadline), valid=Valid(before=t.Conditional(t.MoveDay("deadline"), YES, t.Literally(may))))
    assert outcome(pack, case(proceedings_issued_on="not_yet", checklist={"i0": "2026-03-01"})) == "transfer"


@pytest.mark.parametrize("word", ["x", "y", "z"])
@pytest.mark.parametrize("counted_where_so", [True, False])
def test_a_day_that_is_firm_in_some_ways_only_has_the_state_that_evaluate_gives_it(word, counted_where_so):
    counted = t.Count(5, "working_days", t.Literally(date(2029, 3, 1)))
    arms = (counted, t.Literally(ENGLAND.add_working_days(date(2029, 3, 1), 5)))
    one, other = arms if counted_where_so else arms[::-1]
    assert outcome(policy(rule(deadline=t.Conditional(one, c.Is("c1", word), other))), case()) == "transfer"


# --- columns in


def test_a_word_that_stands_twice_among_the_names_is_one_word():
    given, other = CONSENTS[:2]
    pack = policy(rule(when=c.Is("early_help_consent", given)))
    columns = {"current_team": ["intake"] * 3, "early_help_consent": Coded([0, 1, 2], [other, other, given])}
    assert [evaluate_batch(pack, columns, as_of=TODAY).row(row)["outcome"] for row in range(3)] == ["stay", "stay", "transfer"]


@pytest.mark.parametrize(
    "words",
    [
        pyarrow.array([CONSENTS[0], ""]).dictionary_encode(),
        polars.Series([CONSENTS[0], ""], dtype=polars.Categorical),
        np.array([CONSENTS[0], ""]),
    ],
    ids=["Arrow", "polars", "numpy"],
)
def test_an_empty_word_is_unknown(words):
    pack = policy(rule(when=c.Is("early_help_consent", CONSENTS[0])))
    batch = evaluate_batch(pack, {"current_team": ["intake"] * 2, "early_help_consent": words}, as_of=TODAY)
    assert [batch.row(row)["outcome"] for row in range(2)] == ["transfer", "undetermined"]


@pytest.mark.parametrize(
    "columns",
    [
        {"relinquished": np.ma.array([1, 99], mask=[0, 1])},
        {"days_in_care_since_14": np.ma.array([5, 2**40], mask=[0, 1])},
        {"proceedings_issued_on": np.ma.array(["2026-01-01", "1812-01-01"], "datetime64[D]", mask=[0, 1])},
        {"early_help_consent": np.ma.array([CONSENTS[0], "junk"], mask=[0, 1])},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_what_lies_under_a_mask_is_unknown(columns):
    pack = policy(rule(when=c.Is("relinquished", True)))
    assert list(columns) == list(evaluate_batch(pack, columns, as_of=TODAY).snapshot(0).stated())
    assert evaluate_batch(pack, columns, as_of=TODAY).snapshot(1).stated() == {}


def test_a_truth_is_no_number():
    with pytest.raises(SnapshotError, match="takes whole numbers"):
        evaluate_batch(policy(rule()), {"days_in_care_since_14": np.array([True, 2], object)}, as_of=TODAY)


def test_no_team_can_have_the_name_under_which_a_policy_keeps_its_columns():
    pack = policy(rule())
    evaluate_batch(pack, {"current_team": ["intake"]}, as_of=TODAY)
    for name in map(str, pack.forms):
        with pytest.raises(SnapshotError, match="names no team"):
            evaluate(pack, CaseSnapshot(as_of=TODAY, current_team=name))


MIDNIGHT = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "column",
    [
        pyarrow.array([MIDNIGHT], pyarrow.timestamp("us", "Europe/London")),
        polars.Series([MIDNIGHT], dtype=polars.Datetime("us", "UTC")),
        np.array([MIDNIGHT], object),
    ],
    ids=["Arrow", "polars", "numpy"],
)
def test_a_moment_at_midnight_stays_a_moment(column):
    batch = evaluate_batch(policy(rule()), {"current_team": ["intake"], "contact_received_at": column}, as_of=TODAY)
    assert batch.snapshot(0).contact_received_at == MIDNIGHT
    assert isinstance(batch.snapshot(0).contact_received_at, datetime)


def test_dates_in_another_byte_order_are_the_same_dates():
    columns = {"current_team": ["intake"] * 2, "proceedings_issued_on": np.array(["2026-05-01", "NaT"], ">M8[D]")}
    batch = evaluate_batch(policy(rule()), columns, as_of=TODAY)
    assert [batch.snapshot(row).proceedings_issued_on for row in range(2)] == [date(2026, 5, 1), None]


@pytest.mark.parametrize(
    ("fact", "column", "values"),
    [
        ("relinquished", np.array([1.0, 0.0, np.nan]), [True, False, None]),
        ("relinquished", np.array([True, 0, np.nan], object), [True, False, None]),
        ("relinquished", polars.Series([None, None, None]), [None] * 3),
        ("days_in_care_since_14", np.array([5, -1, 0]), [5, None, 0]),
        ("days_in_care_since_14", np.array([5, "", None], object), [5, None, None]),
        ("early_help_consent", np.array([CONSENTS[0], np.nan, ""], object), [CONSENTS[0], None, None]),
        ("early_help_consent", Coded(np.ma.array([0, 0, 0], mask=[0, 1, 1]), CONSENTS), [CONSENTS[0], None, None]),
        ("proceedings_issued_on", np.array([date(2026, 1, 2), np.nan, np.datetime64("NaT")], object), [date(2026, 1, 2), None, None]),
        ("proceedings_issued_on", polars.Series([None, None, None]), [None] * 3),
        ("current_team", np.array(["intake", None, ""], np.dtypes.StringDType(na_object=None)), ["intake", None, None]),
    ],
)
def test_what_stands_for_unknown_does_so_in_every_kind_of_column(fact, column, values):
    batch = evaluate_batch(policy(rule()), {fact: column}, as_of=TODAY)
    assert [getattr(batch.snapshot(row), fact) for row in range(3)] == values


def test_an_empty_text_is_no_empty_list():
    pack = bundled("shropshire")
    batch = evaluate_batch(pack, {"concurrent_plans": np.array(["", None], object)}, as_of=TODAY)
    assert [batch.snapshot(row).local_facts.get("concurrent_plans") for row in range(2)] == [None, None]


def test_columns_without_rows_have_no_type():
    assert evaluate_batch(policy(rule()), {"current_team": [], "relinquished": [], "proceedings_issued_on": []}, as_of=TODAY).size == 0


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"proceedings_issued_on": np.array([46143])}, "takes dates"),
        ({"proceedings_issued_on": np.array(["2026"], "M8[Y]")}, "takes days"),
        ({"as_of": np.array([20544])}, "the column `as_of` takes dates"),
        ({"as_of": ["01/05/2026"]}, "the column `as_of` takes dates"),
        ({"relinquished": np.array([[True], [False]])}, "is no column of one entry a row"),
        ({"relinquished": np.array([0.5])}, "takes 1, 0, or -1"),
        ({"decisions_state": ["done"]}, "`decisions_state`: unknown column"),
        ({"nothing_of_the_kind_state": ["not_yet"]}, "`nothing_of_the_kind_state`: unknown column"),
        (pyarrow.table([[True], [True]], names=["relinquished"] * 2), "`relinquished` stands over two columns"),
    ],
)
def test_a_column_that_says_nothing_clear_is_refused(columns, said):
    with pytest.raises(SnapshotError, match=re.escape(said)):
        evaluate_batch(policy(rule()), columns, as_of=TODAY)


def test_a_recorded_decision_has_no_state():
    name = next(iter(bundled("warrington").pack.decisions))
    with pytest.raises(SnapshotError, match="unknown column"):
        evaluate_batch(bundled("warrington"), {f"decisions.{name}": ["stay"], f"decisions.{name}_state": ["done"]}, as_of=TODAY)


def test_one_value_is_no_column():
    with pytest.raises(TypeError, match="an array of one entry a row"):
        evaluate_batch(policy(rule()), {"relinquished": True}, as_of=TODAY)


def test_a_row_that_is_refused_says_nothing():
    columns = {"current_team": ["intake"] * 2, "proceedings_issued_on": np.array(["20000-01-01", "2026-01-01"], "M8[D]")}
    batch = evaluate_batch(policy(rule()), columns, as_of=TODAY)
    assert batch.refused.tolist() == [0]
    assert set(batch.row(0).values()) == {None, ()}
    with pytest.raises(SnapshotError, match="before 1950 or after 2150"):
        batch.decision(0)
    for table in (batch.to_arrow().to_pylist(), batch.to_polars().to_dicts()):
        assert set(table[0].values()) == {None}
        assert table[1]["required"] == 0

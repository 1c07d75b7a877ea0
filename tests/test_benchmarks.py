"""The benchmarks compare like with like: every candidate decides as `evaluate` does, on cases in which every rule speaks."""

import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from benchmarks import by_hand, caseloads, expressions, masks, memory, optional
from benchmarks.cases import ITEMS, columns, reference_policy, snapshots
from benchmarks.one_case import answer_of, compare, rows_of
from benchmarks.pack_rows import drawn_columns, repeated
from benchmarks.pack_size import larger_policy

from transfer_rules import evaluate, load_policy
from transfer_rules.checks import check_policy

ROOT = Path(__file__).resolve().parents[1]
CASES = 600


@cache
def drawn():
    """Return columns, the same rows as snapshots, and the decision of each."""
    rows = columns(CASES)
    cases = snapshots(rows)
    return rows, cases, [evaluate(reference_policy(), case) for case in cases]


def expected():
    return [answer_of(decision) for decision in drawn()[2]]


def peer(module):
    found = optional(module)
    if found is None:
        pytest.skip(f"what {module} needs is not installed; the extra `bench` brings it")
    return found


def test_nothing_is_wrong_with_the_reference_pack():
    assert check_policy(reference_policy()).findings == ()


def test_every_rule_every_outcome_and_every_item_comes_up():
    decisions = drawn()[2]
    assert {reason.rule for decision in decisions for reason in decision.reasons} == {*reference_policy().rules, "otherwise"}
    assert {decision.outcome for decision in decisions} == set(masks.OUTCOMES)
    assert {decision.certainty for decision in decisions} == {"decided"}
    assert {item for decision in decisions for item in decision.required} == set(ITEMS)
    assert {one.item for decision in decisions for one in decision.outstanding} == set(ITEMS)
    assert any(set(decision.required) - {one.item for one in decision.outstanding} for decision in decisions)


def test_one_seed_draws_the_same_cases_and_another_draws_others():
    assert snapshots(columns(5, seed=1)) == snapshots(columns(5, seed=1)) != snapshots(columns(5, seed=2))


def test_about_a_tenth_of_the_facts_can_be_left_unknown():
    cases = snapshots(columns(CASES, unknown=0.1))
    of_each_kind = ("lead_plan", "care_order_made_on", "child_protection_plan", "days_in_care_since_14", "date_of_birth")
    unknown = [getattr(case, name) is None for case in cases for name in of_each_kind]
    assert 0.07 < sum(unknown) / len(unknown) < 0.13


def test_plain_python_decides_as_evaluate_does():
    compare("by hand", [by_hand.decide(case) for case in drawn()[1]], expected())


@pytest.mark.parametrize("way", [masks.masks, masks.by_rows])
def test_numpy_decides_as_evaluate_does(way):
    answers = way(drawn()[0])
    compare("numpy", rows_of(answers), expected())
    required = [tuple(item for place, item in enumerate(ITEMS) if bits >> place & 1) for bits in answers.required.tolist()]
    assert required == [decision.required for decision in drawn()[2]]


def test_columns_decide_as_numpy_and_as_evaluate_do():
    ours = peer("ours")
    caseloads.compare("columns", ours.answers(ours.decide(reference_policy(), drawn()[0])), masks.masks(drawn()[0]))
    caseloads.agree_with_evaluate(columns(CASES, unknown=0.1), sample=100)


@pytest.mark.parametrize("way", ["by_graph", "by_expressions"])
def test_zen_engine_decides_as_evaluate_does(way):
    zen = peer("in_zen")
    compare("zen-engine", [getattr(zen, way)(case, zen.inputs(case)) for case in drawn()[1]], expected())


def test_common_expression_language_decides_as_evaluate_does():
    cel = peer("in_cel")
    compare("common-expression-language", [cel.decide(case, cel.inputs(case)) for case in drawn()[1]], expected())


def test_openfisca_decides_as_numpy_does():
    openfisca = peer("in_openfisca")
    caseloads.compare("OpenFisca-Core", openfisca.answers(openfisca.inputs(drawn()[0])), masks.masks(drawn()[0]))


def test_polars_decides_as_numpy_does():
    polars = peer("in_polars")
    caseloads.compare("polars", polars.to_answers(polars.decide(polars.frame(drawn()[0]))), masks.masks(drawn()[0]))


def test_every_candidate_has_each_rule_of_the_pack_once():
    rules = set(reference_policy().rules)
    given = masks.with_birthdays(drawn()[0])
    assert set(masks.matching(given)) == set(expressions.NAMES) == rules


def test_what_answers_otherwise_is_not_timed():
    right = expected()
    with pytest.raises(AssertionError, match="slow: 1 answers differ; case 0"):
        compare("slow", [right[0]._replace(outcome="undetermined"), *right[1:]], right)


def test_ten_times_the_rules_decide_the_same():
    larger = larger_policy(10)
    assert len(larger.rules) == 10 * len(reference_policy().rules)
    compare("larger", [answer_of(evaluate(larger, case)) for case in drawn()[1]], expected())


def test_rows_of_a_bundled_pack_are_whole_unless_facts_are_left_out():
    drawn = drawn_columns(load_policy("warrington"), seed=3)
    rows = repeated(drawn, 4_500, seed=3)
    assert len(rows["as_of"]) == 4_500
    assert (rows["current_team"].codes >= 0).all()
    assert rows["looked_after"].dtype == bool
    some = repeated(drawn, 4_500, seed=3, unknown=0.5)
    assert 0.4 < (some["current_team"].codes < 0).mean() < 0.6
    assert 0.4 < some["looked_after"].mask.mean() < 0.6
    known = ~np.isnat(some["care_order_made_on"]) | (some["care_order_made_on_state"].codes >= 0)
    assert 0.4 < known.mean() < 0.6


def test_counting_day_by_day_is_right_over_easter():
    assert memory.day_by_day(date(2026, 4, 2), 1) == date(2026, 4, 7)


def test_a_part_is_run_by_one_command():
    command = [sys.executable, "-m", "benchmarks", "--only", "one-case", "size", "--cases", "30", "--rounds", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "| Python by hand |" in done.stdout
    assert "| 160 rules |" in done.stdout

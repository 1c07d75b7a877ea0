"""Combinations that cannot be, by definition: refused, both facts named; what is merely unlikely is answered."""

from datetime import date
from typing import Any

import pytest

from tests.packs_for_tests import bound, case, decide
from transfer_rules.errors import SnapshotError
from transfer_rules.impossible import ABOUT, IMPOSSIBLE, contradictions, partners

EARLY, LATE = date(2026, 3, 2), date(2026, 3, 30)
PLANNED = date(2026, 5, 1)

PAIRS = [
    ("first_looked_after_review_on", "second_looked_after_review_on"),
    ("became_looked_after_on", "looked_after_ended_on"),
    ("protection_plan_started_on", "protection_plan_ended_on"),
    ("proceedings_issued_on", "proceedings_concluded_on"),
]


def refusal(**facts: Any) -> SnapshotError:
    with pytest.raises(SnapshotError) as caught:
        decide("", case(**facts))
    return caught.value


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_second_of_two_events_cannot_come_before_the_first(first: str, second: str) -> None:
    error = refusal(**{first: LATE, second: EARLY})
    assert [diagnostic.code for diagnostic in error.diagnostics] == ["impossible"]
    assert error.diagnostics[0].message == f"`{first}` and `{second}` cannot both be so"


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize("happened", [EARLY, "happened"])
def test_the_second_cannot_have_happened_while_the_first_is_not_yet_there(first: str, second: str, happened: object) -> None:
    assert first in str(refusal(**{first: "not_yet", second: happened}))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_second_cannot_have_happened_while_the_first_is_planned(first: str, second: str) -> None:
    assert second in str(refusal(**{first: PLANNED, second: "happened"}))


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (EARLY, LATE),
        (EARLY, EARLY),
        ("happened", LATE),
        ("happened", "happened"),
        (EARLY, "not_yet"),
        ("not_yet", "not_yet"),
        ("not_yet", PLANNED),
        (None, EARLY),
        (EARLY, None),
        ("not_yet", None),
    ],
)
def test_every_other_order_is_possible(first: str, second: str, one: object, other: object) -> None:
    assert decide("", case(**{first: one, second: other})).outcome == "stay"


@pytest.mark.parametrize(("looked_after", "basis"), [(True, "none"), (False, "care_order"), (False, "other")])
def test_a_child_is_looked_after_on_a_legal_basis_and_only_then(looked_after: bool, basis: str) -> None:
    error = refusal(looked_after=looked_after, legal_basis=basis)
    assert error.diagnostics[0].message == "`looked_after` and `legal_basis` cannot both be so"


@pytest.mark.parametrize(
    ("looked_after", "basis"), [(True, "care_order"), (False, "none"), (True, None), (False, None), (None, "none"), (None, "remand")]
)
def test_a_legal_basis_that_fits_is_possible(looked_after: bool | None, basis: str | None) -> None:
    assert decide("", case(looked_after=looked_after, legal_basis=basis)).outcome == "stay"


def test_an_unborn_child_is_not_looked_after() -> None:
    error = refusal(date_of_birth="not_yet", looked_after=True)
    assert error.diagnostics[0].message == "`date_of_birth` and `looked_after` cannot both be so"


def test_an_unborn_child_has_no_legal_basis_to_be_looked_after_on() -> None:
    error = refusal(date_of_birth="not_yet", legal_basis="care_order")
    assert error.diagnostics[0].message == "`date_of_birth` and `legal_basis` cannot both be so"
    assert decide("", case(date_of_birth=date(2025, 4, 1), legal_basis="care_order")).outcome == "stay"


def test_work_before_birth_is_real() -> None:
    before_birth = case(date_of_birth="not_yet", looked_after=False, initial_conference_on=EARLY, proceedings_issued_on=LATE, legal_basis="none")
    assert decide("", before_birth).outcome == "stay"


def test_every_contradiction_of_a_snapshot_is_reported_with_what_to_do() -> None:
    error = refusal(looked_after=True, legal_basis="none", date_of_birth="not_yet")
    assert [diagnostic.why for diagnostic in error.diagnostics] == ["an unborn child is not looked after", "a looked-after child has a legal basis"]
    assert {diagnostic.mend for diagnostic in error.diagnostics} == {"correct one of the two, or leave out what is not known"}


def test_a_refusal_names_facts_and_no_value() -> None:
    text = str(refusal(proceedings_issued_on=LATE, proceedings_concluded_on=EARLY))
    assert "2026" not in text


def test_nothing_known_contradicts_nothing() -> None:
    assert list(contradictions(bound(current_team=None))) == []


def test_every_impossible_combination_names_two_facts_and_says_why() -> None:
    assert all(one.first != one.second and one.why for one in IMPOSSIBLE)


def test_the_combinations_about_a_fact_are_those_that_name_it() -> None:
    assert sorted(ABOUT) == sorted({name for one in IMPOSSIBLE for name in (one.first, one.second)})
    assert ABOUT["proceedings_issued_on"] == tuple(one for one in IMPOSSIBLE if one.why == "proceedings end after they begin")
    assert len(ABOUT["looked_after"]) == 3


def test_the_partners_of_a_fact_are_the_others_of_its_combinations() -> None:
    assert partners("looked_after") == {"legal_basis", "date_of_birth"}
    assert partners("second_looked_after_review_on") == {"first_looked_after_review_on"}
    assert partners("child_in_need_plan_started_on") == frozenset()

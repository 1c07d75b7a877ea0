"""Cases of the reference pack: columns drawn from a seed, and the same rows as snapshots.

A column is a numpy array: yes/no facts as bool, counts as whole numbers, dates as `datetime64[D]` with NaT for nothing, choices, teams and areas as
`Coded`. An event has its dates and, beside them, `<fact>_state`. Unknown yes/no facts and counts are masked; an unknown choice has the code -1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np

from transfer_rules import CaseSnapshot, Policy, load_policy
from transfer_rules.batch import Coded

Array: TypeAlias = np.ndarray[Any, Any]
Columns: TypeAlias = dict[str, Any]
"""Column name to an array, or to a `Coded`; all of one length."""

PACK: Final = Path(__file__).with_name("reference.yaml")
ITEMS: Final = (
    "chronology",
    "risk_assessment",
    "protection_summary",
    "court_bundle",
    "transfer_meeting",
    "pathway_plan",
    "disability_advice",
    "closing_letter",
)
SEED: Final = 20260514

EVENT_STATES: Final = ("not_yet", "happened")
PROGRESS_STATES: Final = ("done", "not_done", "not_needed", "excused")

# Each with the share of cases that have it.
CHOICES: Final[Mapping[str, Mapping[str, float]]] = {
    "current_team": {
        "front_door": 0.22, "none": 0.03, "assessment": 0.25, "child_in_need": 0.18, "court": 0.12, "children_in_care": 0.12, "leaving_care": 0.05,
        "early_help": 0.02, "other_authority": 0.01,
    },
    "front_door_decision": {"social_work_assessment": 0.3, "section_47": 0.15, "early_help": 0.25, "no_further_action": 0.2, "not_yet": 0.1},
    "last_holding_team": {"none": 0.25, "assessment": 0.15, "child_in_need": 0.35, "court": 0.1, "children_in_care": 0.1, "leaving_care": 0.05},
    "early_help_consent": {"given": 0.6, "refused": 0.2, "split": 0.1, "not_yet": 0.1},
    "assessed_need": {"social_work": 0.5, "early_help": 0.27, "none": 0.15, "not_yet": 0.08},
    "lead_plan": {"none": 0.15, "child_in_need": 0.35, "child_protection": 0.2, "in_care": 0.25, "pathway": 0.05},
    "legal_basis": {"none": 0.3, "section_20": 0.15, "interim_care_order": 0.2, "care_order": 0.25, "placement_order": 0.06, "remand": 0.04},
    "home_area": {"north": 0.5, "south": 0.5},
}  # fmt: skip
YES: Final[Mapping[str, float]] = {
    "child_protection_plan": 0.25,
    "exceptional_circumstances": 0.06,
    "safeguarding_concern": 0.4,
    "meets_disability_team_threshold": 0.15,
}
# The share recorded as not yet there, and between how many days before and after the day asked about the others lie.
EVENTS: Final[Mapping[str, tuple[float, int, int]]] = {
    "last_closed_on": (0.25, -200, -1),
    "assessment_completed_on": (0.15, -60, 5),
    "initial_conference_on": (0.5, -30, 20),
    "protection_review_conference_on": (0.5, -20, 60),
    "step_down_decided_on": (0.25, -30, 10),
    "closure_confirmed_on": (0.5, -20, 10),
    "proceedings_issued_on": (0.7, -40, 10),
    "first_court_hearing_on": (0.5, -30, 30),
    "care_order_made_on": (0.6, -30, 10),
    "permanence_plan_agreed_on": (0.5, -30, 20),
    "second_looked_after_review_on": (0.4, -60, 90),
    "looked_after_ended_on": (0.4, -30, 5),
    "transfer_meeting_on": (0.4, -20, 10),
    "agreed_transfer_on": (0.6, -5, 30),
}
FACTS: Final = (*CHOICES, *YES, *EVENTS, "date_of_birth", "days_in_care_since_14")

_FIRST_DAY, _DAYS = np.datetime64("2025-06-02"), 730
_NAT: Final = np.datetime64("NaT", "D")


@cache
def reference_policy() -> Policy:
    """Return the reference pack, loaded."""
    return load_policy(PACK)


def columns(rows: int, *, seed: int = SEED, unknown: float = 0.0) -> Columns:
    """Return so many varied cases as columns, always the same for one seed.

    Args:
        unknown: the share of the facts, each cell of each fact by itself, that nobody knows. `as_of` and progress are always stated.
    """
    rng = np.random.default_rng(seed)
    as_of = _FIRST_DAY + rng.integers(0, _DAYS, rows)
    found: Columns = {"as_of": as_of}
    for name, shares in CHOICES.items():
        found[name] = Coded(_codes(rng, list(shares.values()), rows), tuple(shares))
    for name, share in YES.items():
        found[name] = rng.random(rows) < share
    for name, (not_yet, low, high) in EVENTS.items():
        missing = rng.random(rows) < not_yet
        found[name] = np.where(missing, _NAT, as_of + rng.integers(low, high + 1, rows))
        found[f"{name}_state"] = Coded(np.where(missing, 0, -1).astype(np.int8), EVENT_STATES)
    # Those whom leaving care holds are between 18 and 27; of the others some are about to be, or are, 18.
    of_age = found["current_team"].codes == list(CHOICES["current_team"]).index("leaving_care")
    about_18 = rng.random(rows) < 0.15
    youngest, oldest = np.select([of_age, about_18], [18 * 366, 17 * 365], 0), np.select([of_age, about_18], [27 * 365, 19 * 365], 18 * 365)
    found["date_of_birth"] = as_of - rng.integers(youngest, oldest)
    found["days_in_care_since_14"] = np.maximum(rng.integers(-600, 1500, rows), 0).astype(np.int32)
    for item in ITEMS:
        # Seven of ten were done on a day, and a few of those are only planned; the others are recorded by a word, or not at all.
        state = _codes(rng, [0.7, 0.05, 0.08, 0.05, 0.12], rows)
        dated = state == 0
        found[f"checklist.{item}"] = np.where(dated, as_of - rng.integers(-5, 121, rows), _NAT)
        found[f"checklist.{item}_state"] = Coded(np.array([0, 0, 1, 2, -1], np.int8)[state], PROGRESS_STATES)
    if unknown:
        for name in FACTS:
            forget(found, name, rng.random(rows) < unknown)
    return found


def _codes(rng: np.random.Generator, shares: Sequence[float], rows: int) -> Array:
    return np.searchsorted(np.cumsum(shares)[:-1], rng.random(rows), side="right").astype(np.int8)


def forget(found: Columns, name: str, hidden: Array) -> None:
    """Make the hidden cells of one fact unknown."""
    column = found[name]
    if isinstance(column, Coded):
        found[name] = Coded(np.where(hidden, np.int8(-1), column.codes), column.names)
    elif column.dtype == object:
        found[name] = np.where(hidden, None, column)
    elif column.dtype.kind == "M":
        found[name] = np.where(hidden, _NAT, column)
        if (state := found.get(f"{name}_state")) is not None:
            found[f"{name}_state"] = Coded(np.where(hidden, np.int8(-1), state.codes), state.names)
    else:
        found[name] = np.ma.masked_array(column, mask=hidden)


def part(given: Columns, rows: slice | Array) -> Columns:
    """Return some of the rows of columns."""
    return {name: Coded(column.codes[rows], column.names) if isinstance(column, Coded) else column[rows] for name, column in given.items()}


def length(given: Columns) -> int:
    """Return how many rows columns have."""
    return len(given["as_of"])


def snapshots(given: Columns) -> list[CaseSnapshot]:
    """Return each row as a snapshot."""
    values = {name: _values(given, name) for name in FACTS}
    progress = {item: _progress(given, item) for item in ITEMS}
    return [
        CaseSnapshot(
            as_of=day,
            **{name: column[row] for name, column in values.items()},
            checklist={item: column[row] for item, column in progress.items() if column[row] is not None},
        )
        for row, day in enumerate(given["as_of"].tolist())
    ]


def _values(given: Columns, name: str) -> list[Any]:
    column = given[name]
    if isinstance(column, Coded):
        return [None if code < 0 else column.names[code] for code in column.codes.tolist()]
    if f"{name}_state" in given:
        states = given[f"{name}_state"]
        return [_dated(day, states, code) for day, code in zip(column.tolist(), states.codes.tolist(), strict=True)]
    return list(column.tolist())


def _dated(day: date | None, states: Coded, code: int) -> date | str | None:
    return day or (states.names[code] if code >= 0 else None)


def _progress(given: Columns, item: str) -> list[Any]:
    states = given[f"checklist.{item}_state"]
    pairs = zip(given[f"checklist.{item}"].tolist(), states.codes.tolist(), strict=True)
    return [_dated(day, states, code) for day, code in pairs]

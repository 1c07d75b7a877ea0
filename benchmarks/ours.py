"""Columns by `evaluate_batch`, in the words of the other candidates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from transfer_rules import Decision, Policy
from transfer_rules.batch import Batch, evaluate_batch
from transfer_rules.checklists import OUTCOMES as OUR_OUTCOMES
from transfer_rules.testing.in_columns import row_of

from .cases import ITEMS
from .masks import NO_TEAM, OUTCOMES, TEAMS, Answers


def columns(policy: Policy, given: Mapping[str, Any]) -> Batch:
    """Decide all rows."""
    return evaluate_batch(policy, given)


def decide(policy: Policy, given: Mapping[str, Any]) -> Batch:
    """Decide all rows, the dates worked out."""
    batch = columns(policy, given)
    _ = batch.deadline
    return batch


def answers(batch: Batch) -> Answers:
    """Return what the other candidates give; their codes, where ours differ."""
    assert batch.items == ITEMS
    outcomes = np.array([OUTCOMES.index(name) if name in OUTCOMES else len(OUTCOMES) for name in OUR_OUTCOMES], np.uint8)
    teams = np.array([*(TEAMS.index(name) if name in TEAMS else NO_TEAM for name in batch.teams), NO_TEAM], np.int8)
    return Answers(outcomes[batch.outcome], teams[batch.team], batch.deadline, batch.required, batch.outstanding)


def differing(batch: Batch, row: int, decision: Decision) -> list[str]:
    """Return what a row of columns says otherwise than the decision of its snapshot."""
    said = {name: set(value) if isinstance(value, tuple) else value for name, value in batch.row(row).items()}
    return [name for name, value in row_of(decision).items() if said[name] != value]

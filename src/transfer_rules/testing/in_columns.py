"""Snapshots as columns, and what `evaluate_batch` says of them held against decisions, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from ..batch import evaluate_batch
from ..batch.arrays import Array
from ..dates import london_date
from ..decision import Decision
from ..facts import DATED_KINDS
from ..policy import Policy
from ..vocabulary import CaseSnapshot


def columns_of(policy: Policy, snapshots: Sequence[CaseSnapshot]) -> dict[str, Any]:
    """Return snapshots as columns for `evaluate_batch`, each fact that any of them states a column, dated events with their `_state`.

    `as_of` is a column, and holds days: snapshots that speak of a moment go one by one, with `as_of=`. What `unstated` says is not in columns.
    """
    stated = [{**snapshot.stated(), **snapshot.local_facts} for snapshot in snapshots]
    columns: dict[str, Any] = {"as_of": _objects([london_date(snapshot.as_of) for snapshot in snapshots])}
    for name in sorted({name for facts in stated for name in facts}):
        fact = policy.facts[name]
        values = [fact.read(facts.get(name)) for facts in stated]
        if fact.kind in DATED_KINDS:
            columns[name] = _objects([value if isinstance(value, date) else None for value in values])
            columns[f"{name}_state"] = _objects([value if isinstance(value, str) else None for value in values])
        else:
            columns[name] = _objects([sorted(value) if isinstance(value, frozenset) else value for value in values])
    for work in sorted({work for snapshot in snapshots for work in snapshot.checklist}):
        progress = [snapshot.progress(work) for snapshot in snapshots]
        columns[f"checklist.{work}"] = _objects([one.done_on for one in progress])
        columns[f"checklist.{work}_state"] = _objects(["excused" if one.excused else one.state for one in progress])
    for decision in sorted({name for snapshot in snapshots for name in snapshot.decisions}):
        recorded = [snapshot.recorded(decision) for snapshot in snapshots]
        columns[f"decisions.{decision}"] = _objects([None if one is None else one.decided for one in recorded])
        columns[f"decisions.{decision}_area"] = _objects([None if one is None else one.area for one in recorded])
        columns[f"decisions.{decision}_on"] = _objects([None if one is None else one.on for one in recorded])
    return columns


def row_of(decision: Decision | None) -> dict[str, Any]:
    """Return what `Batch.row` is to say of a decision; None stands for a snapshot that the policy refuses."""
    if decision is None:
        return {"outcome": None}
    team, deadline = decision.receiving_team, decision.deadline
    sure = [reason.rule for reason in decision.reasons if not reason.sometimes]
    return {
        "outcome": decision.outcome,
        "certainty": decision.certainty,
        "team": None if team is None else team.team,
        "area": None if team is None else team.area,
        "deadline": None if deadline is None else deadline.on,
        "deadline_state": None if deadline is None else deadline.state,
        "not_before": None if deadline is None else deadline.not_before,
        "required": set(decision.required),
        "outstanding": {one.item for one in decision.outstanding},
        "rule": sure[0] if sure else None,
    }


def differences_in_columns(policy: Policy, decided: Iterable[tuple[CaseSnapshot, Decision | None]]) -> list[tuple[CaseSnapshot, str]]:
    """Decide snapshots in columns as well, and return those of which a column says otherwise than their decision, with what differs."""
    groups: dict[object, list[tuple[CaseSnapshot, Decision | None]]] = {}
    for snapshot, decision in decided:
        moment = snapshot.as_of if isinstance(snapshot.as_of, datetime) else None
        groups.setdefault((snapshot.unstated, moment), []).append((snapshot, decision))
    found = []
    for group in groups.values():
        first = group[0][0]
        columns = columns_of(policy, [snapshot for snapshot, _ in group])
        as_of = None
        if isinstance(first.as_of, datetime):
            as_of = first.as_of
            del columns["as_of"]
            if not columns:
                continue
        batch = evaluate_batch(policy, columns, as_of=as_of, unstated=first.unstated)
        for row, (snapshot, decision) in enumerate(group):
            said, expected = batch.row(row), row_of(decision)
            said = {name: set(value) if isinstance(value, tuple) else value for name, value in said.items()}
            parts = [f"{name} {said[name]} in columns, {value} decided" for name, value in expected.items() if said[name] != value]
            if parts:
                found.append((snapshot, "; ".join(parts)))
    return found


def _objects(values: Sequence[object]) -> Array:
    found = np.empty(len(values), object)
    found[:] = values
    return found

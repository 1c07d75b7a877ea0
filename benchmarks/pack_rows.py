"""Rows of any pack: snapshots drawn by the library's own strategies, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any, Final

import numpy as np

from transfer_rules import CaseSnapshot, Policy
from transfer_rules.dates import london_date
from transfer_rules.facts import DATED_KINDS, Fact, FactValue
from transfer_rules.testing.drawing import drawing
from transfer_rules.vocabulary import STANDARD_FACTS

from .cases import EVENT_STATES, PROGRESS_STATES, Array, Coded, Columns, forget, length, part

DRAWN: Final = 2_000
"""So many snapshots of a pack are drawn; longer columns repeat them, since drawing takes far longer than deciding."""


def drawn_columns(policy: Policy, *, seed: int) -> Columns:
    """Return so many drawn rows of a pack, all facts known: half of them drawn towards a rule, so that every rule speaks.

    Moments are given as their dates, and nothing is recorded as decided by people.
    """
    random, drawn = Random(seed), drawing(policy)
    cases: list[CaseSnapshot] = []
    while len(cases) < DRAWN:
        case = drawn.snapshot(random.choice, unknowns=False, rule=random.choice((None, random.choice(drawn.rules))))
        # A fact that definitions leave no value for is left out where it is drawn.
        if all(_value(case, name) is not None for name in drawn.facts):
            cases.append(case)
    found: Columns = {"as_of": np.array([london_date(case.as_of) for case in cases], "datetime64[D]")}
    for name in drawn.facts:
        _add_fact(found, policy.facts[name], [_value(case, name) for case in cases])
    for item in policy.pack.items:
        progress: list[Any] = [case.checklist.get(item) for case in cases]
        states = [None if one is None else "excused" if one.excused else one.state for one in progress]
        found[f"checklist.{item}"] = _days([None if one is None else one.done_on for one in progress])
        found[f"checklist.{item}_state"] = _coded(states, PROGRESS_STATES)
    return found


def repeated(drawn: Columns, rows: int, *, seed: int, unknown: float = 0.0) -> Columns:
    """Return rows again and again, in another order each time, until there are so many.

    Args:
        unknown: the share of the facts, each cell by itself, that nobody knows.
    """
    rng, number = np.random.default_rng(seed), length(drawn)
    found = part(drawn, np.concatenate([rng.permutation(number) for _ in range(-(-rows // number))])[:rows])
    if unknown:
        for name in drawn:
            if name != "as_of" and not name.startswith("checklist.") and name.removesuffix("_state") not in drawn.keys() - {name}:
                forget(found, name, rng.random(rows) < unknown)
    return found


def _value(case: CaseSnapshot, name: str) -> FactValue:
    value: FactValue = getattr(case, name) if name in STANDARD_FACTS else case.local_facts.get(name)
    return london_date(value) if isinstance(value, date) else value


def _add_fact(found: Columns, fact: Fact, values: Sequence[Any]) -> None:
    if fact.kind in DATED_KINDS:
        found[fact.name] = _days([value if isinstance(value, date) else None for value in values])
        found[f"{fact.name}_state"] = _coded([value if isinstance(value, str) else None for value in values], EVENT_STATES)
    elif fact.kind in ("yes_no", "count"):
        found[fact.name] = np.array(values, np.bool_ if fact.kind == "yes_no" else np.int32)
    elif fact.kind == "choices":
        column = np.empty(len(values), object)
        column[:] = [sorted(value) for value in values]
        found[fact.name] = column
    else:
        found[fact.name] = _coded(values, tuple(sorted(set(values))))


def _days(values: Sequence[date | None]) -> Array:
    return np.array(values, "datetime64[D]")


def _coded(values: Sequence[str | None], names: tuple[str, ...]) -> Coded:
    return Coded(np.array([-1 if value is None else names.index(value) for value in values], np.int8), names)

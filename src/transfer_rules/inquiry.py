"""What can be asked about a decision besides what it says: which question to put next, and by which two ways a missing fact makes a difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from .case import bind
from .completion import FEW, Completion, LimitReached, Way, when, who
from .decision import Decision
from .evaluation import examine
from .policy import Policy
from .vocabulary import STANDARD_FACTS, CaseSnapshot

Changes: TypeAlias = Literal["team", "deadline", "items"]
"""The weightiest part of the answer that a fact can change; `team` stands for outcome and team."""

_WEIGHT: Final[tuple[Changes, ...]] = ("team", "deadline", "items")


@dataclass(frozen=True, slots=True)
class Question:
    """A missing fact that is worth asking for.

    Attributes:
        fact: its name; `ask` is the question to put to a person.
        changes: the weightiest part of the answer that it can change by itself: outcome or `team`, `deadline`, `items`.
        answers_left: how many different answers are left at worst once it is known; None where that takes more steps than are allowed.
        facts_left: how many facts may still make a difference, at worst, once it is known; an upper bound.
    """

    fact: str
    ask: str
    changes: Changes
    answers_left: int | None
    facts_left: int


def questions(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> tuple[Question, ...]:
    """Return the missing facts in the order worth asking: what can change outcome or team, then the deadline, then the items.

    Within these, first the fact that leaves the fewest different answers at worst; ties by name. Answers that differ in a date alone are counted at
    the days at which something changes. Where the answers are too many to be counted in the steps allowed, after those the fact that leaves the
    fewest facts open.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    case = bind(policy, snapshot)
    changing, counting = Completion(policy, case), Completion(policy, case)
    found = [Question(name, policy.facts[name].ask, _changes(changing, name), *_left(counting, name)) for name in decision.missing]
    return tuple(
        sorted(found, key=lambda one: (_WEIGHT.index(one.changes), one.answers_left is None, one.answers_left or 0, one.facts_left, one.fact))
    )


def _changes(completion: Completion, name: str) -> Changes:
    try:
        if completion.pair(name, who) is not None:
            return "team"
        return "items" if completion.pair(name, when) is None else "deadline"
    except LimitReached:
        # What could not be found out may be the weightiest.
        return "team"


def _left(completion: Completion, name: str) -> tuple[int | None, int]:
    """Return how many answers, and how many open facts, are left at worst once a fact is known."""
    ways = list(completion.filled({}, name))
    facts = max((len(completion.glance(way)) for way in ways), default=0)
    answers = 0
    # With many facts still open there are more answers than the looks allowed could list.
    for way in ways if facts <= FEW else ():
        parts = completion.listed(way)
        if parts is None:
            return None, facts
        answers = max(answers, len({look.answer for _, look in parts}))
    return answers if facts <= FEW else None, facts


def witnesses(policy: Policy, snapshot: CaseSnapshot) -> Mapping[str, tuple[CaseSnapshot, CaseSnapshot]]:
    """Return, for each missing fact, the snapshot filled in in two ways that differ in this fact alone and have different answers.

    Facts still unknown in them make no difference. A fact of which that could not be found out within the steps allowed is left out. Two facts that
    definitions tie so closely that neither can change alone (being looked after, and on which basis) may both differ.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    _, pairs = examine(policy, snapshot)
    return {name: (filled_in(snapshot, pair[0]), filled_in(snapshot, pair[1])) for name, pair in pairs.items() if pair is not None}


def filled_in(snapshot: CaseSnapshot, way: Way) -> CaseSnapshot:
    """Return the snapshot with some facts filled in."""
    standard: dict[str, Any] = {name: value for name, value in way.items() if name in STANDARD_FACTS}
    local = {name: value for name, value in way.items() if name not in STANDARD_FACTS}
    return replace(snapshot, **standard, local_facts={**snapshot.local_facts, **local})

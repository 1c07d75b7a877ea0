"""Combinations of facts that cannot be, by definition: refused in a snapshot, and never counted as ways of filling in.

What is merely unlikely is not here. Work before birth is real: meetings, orders sought and transfers may all precede it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from .conditions import All, AnyOf, Case, Compare, Condition, Happened, Is, Not, OneOf
from .facts import NOT_YET
from .timescales import FactDay


@dataclass(frozen=True, slots=True)
class Impossible:
    """Two facts that cannot stand together: the condition that would say so, and why."""

    first: str
    second: str
    condition: Condition
    why: str


def _order(first: str, second: str, why: str) -> Impossible:
    """`second` cannot come before `first`, nor have happened while `first` is recorded as not yet there."""
    not_there = All((Is(first, NOT_YET), Happened(second)))
    return Impossible(first, second, AnyOf((Compare(FactDay(second), "before", FactDay(first)), not_there)), why)


IMPOSSIBLE: Final[tuple[Impossible, ...]] = (
    _order("first_looked_after_review_on", "second_looked_after_review_on", "the second review follows the first"),
    _order("became_looked_after_on", "looked_after_ended_on", "a period of care ends after it begins"),
    _order("protection_plan_started_on", "protection_plan_ended_on", "a protection plan ends after it begins"),
    _order("proceedings_issued_on", "proceedings_concluded_on", "proceedings end after they begin"),
    Impossible("looked_after", "legal_basis", All((Is("looked_after", True), Is("legal_basis", "none"))), "a looked-after child has a legal basis"),
    Impossible("looked_after", "legal_basis", All((Is("looked_after", False), Not(OneOf("legal_basis", frozenset({"none"}))))),
               "the legal basis is that on which a child is looked after"),
    Impossible("date_of_birth", "looked_after", All((Is("date_of_birth", NOT_YET), Is("looked_after", True))), "an unborn child is not looked after"),
    # This follows from the two before it. It is written out so that any two facts tell whether a third can be filled in.
    Impossible("date_of_birth", "legal_basis", All((Is("date_of_birth", NOT_YET), Not(OneOf("legal_basis", frozenset({"none"}))))),
               "an unborn child is not looked after on any basis"),
)  # fmt: skip

ABOUT: Final[Mapping[str, tuple[Impossible, ...]]] = {
    name: tuple(one for one in IMPOSSIBLE if name in (one.first, one.second)) for both in IMPOSSIBLE for name in (both.first, both.second)
}
"""The combinations that each fact stands in."""


def contradictions(case: Case) -> Iterator[Impossible]:
    """Return each combination that the known facts of a case make certain."""
    return (impossible for impossible in IMPOSSIBLE if impossible.condition.truth(case))


def partners(name: str) -> frozenset[str]:
    """Return the facts that a definition sets against this one."""
    return frozenset(other for one in ABOUT.get(name, ()) for other in (one.first, one.second)) - {name}

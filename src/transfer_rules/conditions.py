"""The condition tree and its three truths: true, false, unknown.

A condition is a small closed tree of frozen nodes. `truth` is its first reading; the others (English, JSON Schema) stand in modules of their
own and dispatch on the node's class. Strong Kleene logic throughout: an answer of true or false holds for every way of filling in what is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol, TypeAlias

from .calendars import Calendar
from .dates import DayOrMoment, Due, birthday, dated, london_date
from .facts import HAPPENED, NOT_YET, UNKNOWN, FactValue

Truth: TypeAlias = bool | None
"""True, False, or None for unknown."""


class Case(Protocol):
    """What a tree is read against: one snapshot, seen through one policy."""

    @property
    def as_of(self) -> DayOrMoment: ...

    @property
    def today(self) -> date:
        """The London date of `as_of`."""

    @property
    def facts(self) -> Mapping[str, FactValue]:
        """Every fact that is not unknown, by name."""

    @property
    def decisions(self) -> Mapping[str, str]:
        """The answer of every decision that is recorded, by id."""

    @property
    def calendar(self) -> Calendar: ...

    @property
    def moves(self) -> Mapping[str, Due]:
        """`transfer_point`, `deadline` and `handover`, once the team is known."""


class Dated(Protocol):
    """Anything that gives a date for a case: every timescale."""

    def due(self, case: Case) -> Due: ...


class Node(Protocol):
    """A node of either tree: the facts it reads itself, and the nodes under it."""

    @property
    def reads(self) -> tuple[str, ...]: ...

    @property
    def parts(self) -> tuple[Node, ...]: ...


class Condition(Protocol):
    """A condition. `operators` are the words that write it in a pack."""

    operators: ClassVar[tuple[str, ...]]

    @property
    def reads(self) -> tuple[str, ...]: ...

    @property
    def parts(self) -> tuple[Node, ...]: ...

    def truth(self, case: Case) -> Truth:
        """Return True, False, or None where the facts known so far do not decide."""


class Timed(Dated, Node, Protocol):
    """A timescale as conditions see it."""


def all_of(truths: Iterable[Truth]) -> Truth:
    """False if one is false, else unknown if one is unknown, else true."""
    seen_unknown = False
    for truth in truths:
        if truth is False:
            return False
        seen_unknown = seen_unknown or truth is None
    return None if seen_unknown else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """True if one is true, else unknown if one is unknown, else false."""
    seen_unknown = False
    for truth in truths:
        if truth is True:
            return True
        seen_unknown = seen_unknown or truth is None
    return None if seen_unknown else False


def negation(truth: Truth) -> Truth:
    """The opposite; unknown stays unknown."""
    return None if truth is None else not truth


@dataclass(frozen=True, slots=True)
class FactRef:
    """Another fact on the right side of `is` or `is_not`."""

    fact: str


@dataclass(frozen=True, slots=True)
class All:
    """`all:` every part holds; true when there is none."""

    operators: ClassVar[tuple[str, ...]] = ("all",)
    parts: tuple[Condition, ...]
    reads: ClassVar[tuple[str, ...]] = ()

    def truth(self, case: Case) -> Truth:
        return all_of(part.truth(case) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`any:` some part holds; false when there is none."""

    operators: ClassVar[tuple[str, ...]] = ("any",)
    parts: tuple[Condition, ...]
    reads: ClassVar[tuple[str, ...]] = ()

    def truth(self, case: Case) -> Truth:
        return any_of(part.truth(case) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """`not:` the part does not hold."""

    operators: ClassVar[tuple[str, ...]] = ("not",)
    part: Condition
    reads: ClassVar[tuple[str, ...]] = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.part,)

    def truth(self, case: Case) -> Truth:
        return negation(self.part.truth(case))


@dataclass(frozen=True, slots=True)
class Use:
    """`use:` a named condition of the pack, already looked up."""

    operators: ClassVar[tuple[str, ...]] = ("use",)
    name: str
    condition: Condition
    reads: ClassVar[tuple[str, ...]] = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.condition,)

    def truth(self, case: Case) -> Truth:
        return self.condition.truth(case)


@dataclass(frozen=True, slots=True)
class Is:
    """`is:` and `is_not:` a fact equals a value, or another fact."""

    operators: ClassVar[tuple[str, ...]] = ("is", "is_not")
    fact: str
    value: FactValue | FactRef
    negated: bool = False
    parts: ClassVar[tuple[Node, ...]] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.fact, self.value.fact) if isinstance(self.value, FactRef) else (self.fact,)

    def truth(self, case: Case) -> Truth:
        left = case.facts.get(self.fact)
        right = case.facts.get(self.value.fact) if isinstance(self.value, FactRef) else self.value
        if left is UNKNOWN or right is UNKNOWN:
            return None
        return (left == right) is not self.negated


@dataclass(frozen=True, slots=True)
class _OnFact:
    """What the leaves that look at one fact share."""

    fact: str
    parts: ClassVar[tuple[Node, ...]] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.fact,)


@dataclass(frozen=True, slots=True)
class OneOf(_OnFact):
    """`one_of:` a fact equals one of several values."""

    operators: ClassVar[tuple[str, ...]] = ("one_of",)
    values: frozenset[FactValue]

    def truth(self, case: Case) -> Truth:
        value = case.facts.get(self.fact)
        return None if value is UNKNOWN else value in self.values


@dataclass(frozen=True, slots=True)
class Includes(_OnFact):
    """`includes:` a `choices` fact holds this one."""

    operators: ClassVar[tuple[str, ...]] = ("includes",)
    value: str

    def truth(self, case: Case) -> Truth:
        value = case.facts.get(self.fact)
        return self.value in value if isinstance(value, frozenset) else None


@dataclass(frozen=True, slots=True)
class Amount(_OnFact):
    """`at_least:` and `at_most:` a count reaches, or does not pass, a limit; the limit itself is inside both."""

    operators: ClassVar[tuple[str, ...]] = ("at_least", "at_most")
    limit: int
    at_most: bool = False

    def truth(self, case: Case) -> Truth:
        value = case.facts.get(self.fact)
        if not isinstance(value, int):
            return None
        return value <= self.limit if self.at_most else value >= self.limit


@dataclass(frozen=True, slots=True)
class Compare:
    """`before:`, `on_or_before:`, `after:`, `on_or_after:` two dates; a moment compares by its date in London."""

    operators: ClassVar[tuple[str, ...]] = ("before", "on_or_before", "after", "on_or_after")
    left: Timed
    operator: str
    right: Timed
    reads: ClassVar[tuple[str, ...]] = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)

    def truth(self, case: Case) -> Truth:
        return self.of(self.left.due(case), self.right.due(case))

    def of(self, left: Due, right: Due) -> Truth:
        """Compare the two dates once they are worked out."""
        match self.operator:
            case "before":
                return _earlier(left, right)
            case "on_or_before":
                return _earlier(left, right, or_same=True)
            case "after":
                return _earlier(right, left)
            case _:
                return _earlier(right, left, or_same=True)


@dataclass(frozen=True, slots=True)
class Happened(_OnFact):
    """`happened:` the event lies on or before `as_of`, or is recorded so; `happened: false` is the opposite."""

    operators: ClassVar[tuple[str, ...]] = ("happened",)
    expected: bool = True

    def truth(self, case: Case) -> Truth:
        value = case.facts.get(self.fact)
        return None if value is UNKNOWN else has_happened(value, case) is self.expected


@dataclass(frozen=True, slots=True)
class Arranged(_OnFact):
    """`arranged:` the event has a date, past or planned, or has happened; `arranged: false` is the opposite."""

    operators: ClassVar[tuple[str, ...]] = ("arranged",)
    expected: bool = True

    def truth(self, case: Case) -> Truth:
        value = case.facts.get(self.fact)
        return None if value is UNKNOWN else (value != NOT_YET) is self.expected


@dataclass(frozen=True, slots=True)
class Age:
    """`age_at_least:` and `age_under:` on `as_of` or a dated fact. Reached at the start of the birthday; an unborn child is under every age."""

    operators: ClassVar[tuple[str, ...]] = ("age_at_least", "age_under")
    age: int
    on: Timed
    under: bool = False
    reads: ClassVar[tuple[str, ...]] = ("date_of_birth",)

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.on,)

    def truth(self, case: Case) -> Truth:
        return self.of(self.on.due(case), case.facts.get("date_of_birth"))

    def of(self, on: Due, born: FactValue) -> Truth:
        """Say whether the age is reached once the day is worked out."""
        if on.kind not in ("dated", "open"):
            return False
        if born == NOT_YET:
            return (True if on.sure_date is not None else None) if self.under else False
        if not isinstance(born, date):
            return None
        reached = _earlier(dated(birthday(born, self.age)), on, or_same=True)
        return negation(reached) if self.under else reached


@dataclass(frozen=True, slots=True)
class Within:
    """`within:` from the trigger to the end of the span (or, counted back, from its start to the trigger), both days included."""

    operators: ClassVar[tuple[str, ...]] = ("within",)
    left: Timed
    trigger: Timed
    limit: Timed
    back: bool = False
    reads: ClassVar[tuple[str, ...]] = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.trigger, self.limit)

    def truth(self, case: Case) -> Truth:
        return self.of(self.left.due(case), self.trigger.due(case), self.limit.due(case))

    def of(self, left: Due, trigger: Due, limit: Due) -> Truth:
        """Say whether the first date lies within the others once all three are worked out."""
        first, last = (limit, trigger) if self.back else (trigger, limit)
        return all_of((_earlier(first, left, or_same=True), _earlier(left, last, or_same=True)))


@dataclass(frozen=True, slots=True)
class Decided:
    """`decision:` an answer that people recorded. Unrecorded is false, never unknown: no filling-in supplies a decision."""

    operators: ClassVar[tuple[str, ...]] = ("decision",)
    decision: str
    answer: str
    reads: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[Node, ...]] = ()

    def truth(self, case: Case) -> Truth:
        return case.decisions.get(self.decision) == self.answer


CONDITIONS: tuple[type[Condition], ...] = (
    All, AnyOf, Not, Use, Is, OneOf, Includes, Amount, Compare, Happened, Arranged, Age, Within, Decided,
)  # fmt: skip
"""Every class of condition; each reading of the tree has one entry for each, and a test that says so."""

ALWAYS = All(())


def has_happened(value: FactValue, case: Case) -> bool:
    """Say whether a recorded event lies on or before `as_of`. Two moments compare as moments, anything else by date."""
    if value in (NOT_YET, HAPPENED):
        return value == HAPPENED
    assert isinstance(value, date)
    return not is_after(value, case.as_of)


def is_after(first: DayOrMoment, second: DayOrMoment) -> bool:
    """Say whether `first` lies after `second`: two moments compare as moments, anything else by date in London."""
    try:
        return first > second
    except TypeError:
        return london_date(first) > london_date(second)


def _earlier(first: Due, second: Due, *, or_same: bool = False) -> Truth:
    """Say whether `first` is certain to lie before `second`, certain not to, or neither.

    A date that is awaited, or that does not exist (at once, past the calendar), compares false with everything.
    """
    if first.kind not in ("dated", "open") or second.kind not in ("dated", "open"):
        return False
    # A date that may still drop out can only make this false, so for "certain not to" it is enough where the two would lie.
    low, last = _day(first.lower), _day(second.value if second.kind == "dated" else second.latest)
    if low is not None and last is not None and (low > last or (low == last and not or_same)):
        return False
    high, least = _day(first.sure_date), _day(second.lower)
    if high is None or least is None or second.sure_date is None:
        return None
    return True if high < least or (high == least and or_same) else None


def _day(value: DayOrMoment | None) -> date | None:
    return None if value is None else london_date(value)

"""The timescale tree: from facts to a date, a bound, or nothing yet (README, "How days are counted")."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Literal, Protocol, TypeAlias

from .conditions import All, AnyOf, Case, Condition, Decided, Node, Not, Use
from .dates import (
    AT_ONCE,
    AWAITING,
    NO_DATE,
    OPEN,
    PAST_HORIZON,
    DayOrMoment,
    Due,
    add_hours,
    add_months,
    birthday,
    dated,
    either,
    latest,
    london_date,
    soonest,
)
from .errors import CalendarRangeError
from .facts import HAPPENED, NOT_YET, UNKNOWN

Unit: TypeAlias = Literal["working_days", "days", "weeks", "months", "hours"]
UNITS: tuple[Unit, ...] = ("working_days", "days", "weeks", "months", "hours")

Move: TypeAlias = Literal["transfer_point", "deadline", "handover"]
MOVES: tuple[Move, ...] = ("transfer_point", "deadline", "handover")


class Timescale(Protocol):
    """A timescale. `forms` are the words that write it in a pack (a day written out has none); what it gives is worked out by `due`."""

    forms: ClassVar[tuple[str, ...]]

    @property
    def reads(self) -> tuple[str, ...]: ...

    @property
    def parts(self) -> tuple[Node, ...]: ...

    def due(self, case: Case) -> Due:
        """Return the date for this case: a date, a bound, or why there is none yet."""


@dataclass(frozen=True, slots=True)
class FactDay:
    """The day or moment of a fact."""

    forms: ClassVar[tuple[str, ...]] = ("on",)
    fact: str
    parts: ClassVar[tuple[Node, ...]] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.fact,)

    def due(self, case: Case) -> Due:
        value = case.facts.get(self.fact)
        if value is UNKNOWN:
            return OPEN
        if value == NOT_YET:
            return AWAITING
        if value == HAPPENED:
            return Due("open", latest=case.today)
        assert isinstance(value, date)
        return dated(value)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day or moment the snapshot speaks of."""

    forms: ClassVar[tuple[str, ...]] = ("as_of",)
    reads: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[Node, ...]] = ()

    def due(self, case: Case) -> Due:
        return dated(case.as_of)


@dataclass(frozen=True, slots=True)
class Literally:
    """A date written in the pack itself."""

    forms: ClassVar[tuple[str, ...]] = ()
    value: date
    reads: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[Node, ...]] = ()

    def due(self, case: Case) -> Due:
        del case
        return dated(self.value)


@dataclass(frozen=True, slots=True)
class MoveDay:
    """`transfer_point`, `deadline` or `handover` of the move that the decision names; none where nothing moves."""

    forms: ClassVar[tuple[str, ...]] = MOVES
    which: Move
    reads: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[Node, ...]] = ()

    def due(self, case: Case) -> Due:
        return case.moves.get(self.which, NO_DATE)


@dataclass(frozen=True, slots=True)
class Count:
    """`working_days:`, `days:`, `weeks:`, `months:` or `hours:` after or before a trigger; the trigger is day 0."""

    forms: ClassVar[tuple[str, ...]] = UNITS
    amount: int
    unit: Unit
    trigger: Timescale
    back: bool = False
    reads: ClassVar[tuple[str, ...]] = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.trigger,)

    def due(self, case: Case) -> Due:
        return self.of(self.trigger.due(case), case)

    def of(self, start: Due, case: Case) -> Due:
        """Count from the trigger once it is worked out; of the case only the calendar is read."""
        match start.kind:
            case "none" | "past_horizon":
                return start
            case "awaiting":
                return Due("awaiting", not_before=None if start.not_before is None else self._bound(start.not_before, case))
            case "at_once":
                return Due("none", why="what is to be done at once starts no count")
            case "open":
                lower = None if start.earliest is None else self._bound(start.earliest, case)
                # Working days counted back from a day that nothing bounds from below may leave the calendar.
                sure = lower is not None or not (self.back and self.unit == "working_days")
                upper = self._bound(start.latest, case) if start.latest is not None and sure else None
                # From `at once` nothing counts.
                return Due("open", earliest=lower, latest=upper, may_drop=start.may_drop or start.may_be_now)
            case _:
                return self._counted(start, case)

    def _counted(self, start: Due, case: Case) -> Due:
        assert start.value is not None
        try:
            value = self.count(start.value, case)
        except CalendarRangeError:
            return PAST_HORIZON
        beyond = self.unit == "working_days" and max(london_date(start.value), london_date(value)) > case.calendar.proclaimed_to
        return Due("dated", value, no_later=start.no_later, unproclaimed=start.unproclaimed or beyond)

    def _bound(self, start: DayOrMoment, case: Case) -> DayOrMoment | None:
        # Counting never reverses two starts, so the ends of a range count to the ends of the result.
        try:
            return self.count(start, case)
        except CalendarRangeError:
            return None

    def count(self, start: DayOrMoment, case: Case) -> DayOrMoment:
        """Return the day (for hours, the moment) that the count reaches from `start`.

        Raises:
            CalendarRangeError: a count of working days leaves the calendar.
        """
        amount = -self.amount if self.back else self.amount
        if self.unit == "hours":
            if isinstance(start, datetime):
                return add_hours(start, amount)
            # Only the date is known: whole days, rounded up away from the trigger, so that the limit is never put too early.
            whole_days = -(-self.amount // 24)
            return start + timedelta(days=-whole_days if self.back else whole_days)
        return _COUNTERS[self.unit](london_date(start), amount, case)


_COUNTERS: dict[Unit, Callable[[date, int, Case], date]] = {
    "working_days": lambda start, amount, case: case.calendar.add_working_days(start, amount),
    "days": lambda start, amount, case: start + timedelta(days=amount),
    "weeks": lambda start, amount, case: start + timedelta(weeks=amount),
    "months": lambda start, amount, case: add_months(start, amount),
}


@dataclass(frozen=True, slots=True)
class Birthday:
    """`birthday:` the start of the day on which an age is reached; awaited for an unborn child."""

    forms: ClassVar[tuple[str, ...]] = ("birthday",)
    age: int
    reads: ClassVar[tuple[str, ...]] = ("date_of_birth",)
    parts: ClassVar[tuple[Node, ...]] = ()

    def due(self, case: Case) -> Due:
        born = case.facts.get("date_of_birth")
        if born == NOT_YET:
            return AWAITING
        return dated(birthday(born, self.age)) if isinstance(born, date) else OPEN


@dataclass(frozen=True, slots=True)
class AtOnce:
    """`at_once: true`: no count, now."""

    forms: ClassVar[tuple[str, ...]] = ("at_once",)
    reads: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[Node, ...]] = ()

    def due(self, case: Case) -> Due:
        del case
        return AT_ONCE


@dataclass(frozen=True, slots=True)
class NoDate:
    """`none:` the procedure gives no date, and why."""

    forms: ClassVar[tuple[str, ...]] = ("none",)
    why: str
    reads: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[Node, ...]] = ()

    def due(self, case: Case) -> Due:
        del case
        return Due("none", why=self.why)


@dataclass(frozen=True, slots=True)
class SoonestOf:
    """`soonest_of:` whichever comes first."""

    forms: ClassVar[tuple[str, ...]] = ("soonest_of",)
    parts: tuple[Timescale, ...]
    reads: ClassVar[tuple[str, ...]] = ()

    def due(self, case: Case) -> Due:
        return soonest(arm.due(case) for arm in self.parts)


@dataclass(frozen=True, slots=True)
class LatestOf:
    """`latest_of:` whichever comes last."""

    forms: ClassVar[tuple[str, ...]] = ("latest_of",)
    parts: tuple[Timescale, ...]
    reads: ClassVar[tuple[str, ...]] = ()

    def due(self, case: Case) -> Due:
        return latest(arm.due(case) for arm in self.parts)


@dataclass(frozen=True, slots=True)
class UseTimescale:
    """`use:` a named timescale of the pack, already looked up."""

    forms: ClassVar[tuple[str, ...]] = ("use",)
    name: str
    timescale: Timescale
    reads: ClassVar[tuple[str, ...]] = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.timescale,)

    def due(self, case: Case) -> Due:
        return self.timescale.due(case)


@dataclass(frozen=True, slots=True)
class Conditional:
    """`when:` beside a timescale: it counts only when the condition holds; else `otherwise:`, or no date at all."""

    forms: ClassVar[tuple[str, ...]] = ("when", "otherwise")
    timescale: Timescale
    when: Condition
    otherwise: Timescale | None = None
    reads: ClassVar[tuple[str, ...]] = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.when, self.timescale) if self.otherwise is None else (self.when, self.timescale, self.otherwise)

    def due(self, case: Case) -> Due:
        holds = self.when.truth(case)
        if holds:
            return self.timescale.due(case)
        other = NO_DATE if self.otherwise is None else self.otherwise.due(case)
        return other if holds is False else either(self.timescale.due(case), other)


@dataclass(frozen=True, slots=True)
class FailingThat:
    """`failing_that:` a timescale used while the first has no trigger yet (`not_yet`), or no date."""

    forms: ClassVar[tuple[str, ...]] = ("failing_that",)
    first: Timescale
    then: Timescale
    reads: ClassVar[tuple[str, ...]] = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.first, self.then)

    def due(self, case: Case) -> Due:
        first = self.first.due(case)
        if first.kind in ("awaiting", "none"):
            return self.then.due(case)
        # An open date may turn out to be awaited, unless an upper bound promises that it is there.
        return either(first, self.then.due(case)) if first.kind == "open" and first.upper is None else first


TIMESCALES: tuple[type[Timescale], ...] = (
    FactDay, AsOf, Literally, MoveDay, Count, Birthday, AtOnce, NoDate, SoonestOf, LatestOf, UseTimescale, Conditional, FailingThat,
)  # fmt: skip
"""Every class of timescale; each reading of the tree has one entry for each, and a test that says so."""


def is_open(fact: str, case: Case) -> bool:
    """Say whether a fact is unknown, or an event of which only the day is."""
    return case.facts.get(fact) in (UNKNOWN, HAPPENED)


def blockers(node: Node, case: Case) -> frozenset[str]:
    """Return the unknown facts that keep a condition unknown or a date open; empty where it is settled.

    May name a fact that turns out not to matter; never leaves out one that does, since a settled part cannot change.
    """
    if hasattr(node, "truth"):
        if node.truth(case) is not None:
            return frozenset()
    elif hasattr(node, "due") and node.due(case).kind != "open":
        return frozenset()
    unknown = {name for name in node.reads if is_open(name, case)}
    return frozenset(unknown.union(*(blockers(part, case) for part in node.parts)))


def grounds(condition: Condition, case: Case, known: Case) -> frozenset[str]:
    """Return facts that alone make a settled condition true or false: of a part that settles the whole, its own; else those of every part.

    `case` is `known` with more filled in. What `known` settles rests on what is known there, and not on what was filled in: other values of that
    need not have been tried. A recorded decision that a condition looks at, or its not being recorded, stands among them as `decision_name`.
    """
    if case is not known and condition.truth(known) is not None:
        case = known
    truth = condition.truth(case)
    match condition:
        case Not(part=part) | Use(condition=part):
            return grounds(part, case, known)
        case All(parts=parts) | AnyOf(parts=parts):
            settling = [part for part in parts if truth is isinstance(condition, AnyOf) and part.truth(case) is truth]
            if settling:
                return min((grounds(part, case, known) for part in settling), key=lambda names: (len(names), sorted(names)))
            return frozenset[str]().union(*(grounds(part, case, known) for part in parts))
        case Decided(decision=decision):
            return frozenset({decision_name(decision)})
        case _:
            return facts_read(condition)


def nodes(node: Node) -> Iterator[Node]:
    """Yield every node of a tree, the root first."""
    ahead = [node]
    while ahead:
        one = ahead.pop()
        yield one
        ahead.extend(reversed(one.parts))


def decision_name(decision: str) -> str:
    """Return the name under which a decision stands among facts; no fact has a name like it."""
    return f"decision {decision}"


def counts_from_move(node: Node) -> bool:
    """Say whether a tree reads the transfer point, the deadline or the handover of a move."""
    return isinstance(node, MoveDay) or any(counts_from_move(part) for part in node.parts)


def facts_read(node: Node) -> frozenset[str]:
    """Return every fact that the tree reads, whatever the case."""
    return frozenset(name for one in nodes(node) for name in one.reads)

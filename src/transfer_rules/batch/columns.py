"""Conditions and timescales read for many rows at once: truth as two rails, dates as columns of days.

A condition gives two columns of truths: certain to hold, and certain not to; a row with neither is unknown (strong Kleene logic). A timescale gives
what kind of date each row has, and the day. Of a date that unknown facts leave open nothing more is said here, so a comparison with it is unknown.
Only whole days are read: rows with moments are for `evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, Final, Protocol, cast

import numpy as np

from ..conditions import (
    Age,
    All,
    Amount,
    AnyOf,
    Arranged,
    Compare,
    Condition,
    Dated,
    Decided,
    FactRef,
    Happened,
    Includes,
    Is,
    Not,
    OneOf,
    Use,
    Within,
)
from ..timescales import (
    AsOf,
    AtOnce,
    Birthday,
    Conditional,
    Count,
    FactDay,
    FailingThat,
    LatestOf,
    Literally,
    MoveDay,
    NoDate,
    SoonestOf,
    Timescale,
    UseTimescale,
    counts_from_move,
)
from .arrays import (
    AT_ONCE,
    AWAITING,
    DATED,
    FAILS,
    HAPPENED_SOME_DAY,
    NEVER,
    NO_DAY,
    NONE,
    OPEN,
    PAST_HORIZON,
    Array,
    Column,
    Dues,
    NotInColumns,
    Rails,
    all_of,
    any_of,
    any_true,
    day_number,
    equals,
    everywhere,
    somewhere,
)
from .day_tables import DayTables

_NO: Final = np.False_
_YES: Final = np.True_


class Readable(Protocol):
    """Some rows of a table."""

    @property
    def size(self) -> int: ...

    @property
    def today(self) -> Array:
        """The day asked about, in each row or in all: days since 1970."""

    def column(self, fact: str) -> Column:
        """Return a fact in these rows."""


class Reading:
    """The trees of a pack read in some rows. A part that has a name is read once, however many rules share it.

    `moves` are the days of the move, once they are known; `before` is the reading without them, whose answers hold for all that does not count from a
    move. `loose` rows are those in which a comparison was unknown here, though bounds that only `Due` keeps may have settled it.
    """

    def __init__(self, rows: Readable, tables: DayTables, moves: Mapping[str, Dues] | None = None, before: Reading | None = None):
        self.rows = rows
        self.tables = tables
        self.moves = {} if moves is None else moves
        self.loose: Array = _NO
        self._before = before
        self._truths: dict[str, Rails] = {}
        self._dues: dict[str, Dues] = {}

    def truth(self, condition: Condition) -> Rails:
        """Return where a condition holds."""
        if self._before is not None and not counts_from_move(condition):
            return self._before.truth(condition)
        return READ_CONDITIONS[type(condition)](self, condition)

    def due(self, timescale: Dated | Timescale) -> Dues:
        """Return the dates that a timescale gives."""
        if self._before is not None and not counts_from_move(cast(Timescale, timescale)):
            return self._before.due(timescale)
        return READ_TIMESCALES[cast(Any, type(timescale))](self, timescale)

    # --- conditions

    def _use(self, node: Use) -> Rails:
        found = self._truths.get(node.name)
        if found is None:
            found = self._truths[node.name] = self.truth(node.condition)
        return found

    def _not(self, node: Not) -> Rails:
        return self.truth(node.part).negation

    def _all(self, node: All) -> Rails:
        return all_of(map(self.truth, node.parts))

    def _any(self, node: AnyOf) -> Rails:
        return any_of(map(self.truth, node.parts))

    def _is(self, node: Is) -> Rails:
        left = self.rows.column(node.fact)
        found = self._same(left, node.value.fact) if isinstance(node.value, FactRef) else _on(left, equals(left, node.value))
        return found.negation if node.negated else found

    def _same(self, left: Column, other: str) -> Rails:
        right = self.rows.column(other)
        if left.names != right.names:
            if not left.names or not right.names or left.day is not None:
                raise NotInColumns
            # The last place is for unknown, which is sorted out below.
            words = np.array([*(left.names.index(name) if name in left.names else -2 for name in right.names), -3])
            same = left.code == words[right.code]
        else:
            same = left.code == right.code
        if left.day is not None:
            same = same & (left.day == right.day)
        if left.whole and right.whole:
            return Rails(same)
        known = (left.code >= 0) & (right.code >= 0)
        return Rails(same & known, ~same & known)

    def _one_of(self, node: OneOf) -> Rails:
        column = self.rows.column(node.fact)
        return _on(column, any_true([equals(column, value) for value in node.values]))

    def _includes(self, node: Includes) -> Rails:
        column = self.rows.column(node.fact)
        bit = 1 << column.names.index(node.value) if node.value in column.names else 0
        return _on(column, (column.code & bit) != 0)

    def _amount(self, node: Amount) -> Rails:
        column = self.rows.column(node.fact)
        return _on(column, column.code <= node.limit if node.at_most else column.code >= node.limit)

    def _happened(self, node: Happened) -> Rails:
        column = self.rows.column(node.fact)
        # What is not there, or not known, has the day NEVER.
        found = column.day <= self.rows.today
        rails = Rails(found) if column.whole else Rails(found, ~found & (column.code >= 0))
        return rails if node.expected else rails.negation

    def _arranged(self, node: Arranged) -> Rails:
        column = self.rows.column(node.fact)
        rails = _on(column, column.code != AWAITING)
        return rails if node.expected else rails.negation

    def _compare(self, node: Compare) -> Rails:
        left, right = self.due(node.left), self.due(node.right)
        match node.operator:
            case "before":
                return self._earlier(left, right)
            case "on_or_before":
                return self._earlier(left, right, or_same=True)
            case "after":
                return self._earlier(right, left)
            case _:
                return self._earlier(right, left, or_same=True)

    def _within(self, node: Within) -> Rails:
        left, trigger, limit = self.due(node.left), self.due(node.trigger), self.due(node.limit)
        first, last = (limit, trigger) if node.back else (trigger, limit)
        return all_of((self._earlier(first, left, or_same=True), self._earlier(left, last, or_same=True)))

    def _age(self, node: Age) -> Rails:
        born, on = self.rows.column("date_of_birth"), self.due(node.on)
        if not isinstance(node.on, AsOf):
            there, open_date = on.kind == DATED, on.kind == OPEN
            last = self.tables.look_up("born_by", node.age, np.where(there, on.day, 0))
        else:
            there, open_date = _YES, _NO
            last = self.tables.look_up("born_by", node.age, on.day)
        # An unborn child has the day NEVER: under every age. Against no date at all both comparisons are false.
        reached = born.day <= last
        unsure = (born.code < 0) & (there | open_date) | (born.code >= 0) & open_date & ~((born.code == AWAITING) & (not node.under))
        true = there & (~reached if node.under else reached) & (born.code >= 0)
        self.loose = self.loose | (unsure & on.bounded)
        return Rails(true, ~true & ~unsure)

    def _earlier(self, first: Dues, second: Dues, *, or_same: bool = False) -> Rails:
        """Return where the first is certain to lie before the second; what is awaited, or no date, compares false with everything."""
        there = (first.kind == DATED) & (second.kind == DATED)
        true = there & (first.day <= second.day if or_same else first.day < second.day)
        one, other = first.kind == OPEN, second.kind == OPEN
        if not (somewhere(one) or somewhere(other)):
            return Rails(true)
        unknown = (one & (other | (second.kind == DATED))) | (other & (first.kind == DATED))
        self.loose = self.loose | (unknown & (first.bounded | second.bounded))
        return Rails(true, ~true & ~unknown)

    def _decided(self, node: Decided) -> Rails:
        # Rows with a recorded decision are not read here.
        del node
        return FAILS

    # --- timescales

    def _on_fact(self, node: FactDay) -> Dues:
        column = self.rows.column(node.fact)
        if not column.vague:
            return Dues(column.code, column.day)
        happened = column.code == HAPPENED_SOME_DAY
        return Dues(np.where(happened, np.int8(OPEN), column.code), column.day, bounded=happened)

    def _as_of(self, node: AsOf) -> Dues:
        del node
        return Dues(np.int8(DATED), self.rows.today)

    def _literally(self, node: Literally) -> Dues:
        return Dues(np.int8(DATED), np.int32(day_number(node.value)))

    def _move_day(self, node: MoveDay) -> Dues:
        return self.moves.get(node.which, Dues(np.int8(NONE)))

    def _count(self, node: Count) -> Dues:
        start = self.due(node.trigger)
        dated = start.kind == DATED
        day = self.tables.counted(node, start.day if everywhere(dated) else np.where(dated, start.day, 0))
        kind = np.where(start.kind == AT_ONCE, np.int8(NONE), start.kind) if somewhere(start.kind == AT_ONCE) else start.kind
        not_before = start.not_before
        if somewhere(not_before != NO_DAY):
            counted = self.tables.counted(node, np.where(not_before == NO_DAY, 0, not_before))
            not_before = np.where(not_before == NO_DAY, NO_DAY, counted)
        unproclaimed = start.unproclaimed
        if node.unit == "working_days":
            past = dated & (day == NO_DAY)
            if somewhere(past):
                kind = np.where(past, np.int8(PAST_HORIZON), kind)
                dated = kind == DATED
            beyond = np.maximum(start.day, day) > self.tables.proclaimed_to
            unproclaimed = dated & (unproclaimed | beyond)
        return Dues(kind, day, not_before, start.no_later, unproclaimed, start.bounded)

    def _birthday(self, node: Birthday) -> Dues:
        born = self.rows.column("date_of_birth")
        days = np.where(born.code == DATED, born.day, 0)
        return Dues(born.code, self.tables.look_up("birthday", node.age, days))

    def _at_once(self, node: AtOnce) -> Dues:
        del node
        return Dues(np.int8(AT_ONCE))

    def _no_date(self, node: NoDate) -> Dues:
        del node
        return Dues(np.int8(NONE))

    def _use_timescale(self, node: UseTimescale) -> Dues:
        found = self._dues.get(node.name)
        if found is None:
            found = self._dues[node.name] = self.due(node.timescale)
        return found

    def _conditional(self, node: Conditional) -> Dues:
        when, inner = self.truth(node.when), self.due(node.timescale)
        other = Dues(np.int8(NONE)) if node.otherwise is None else self.due(node.otherwise)
        chosen = inner.where(when.true, other)
        if when.untrue is None:
            return chosen
        # The day of an arm that has none says nothing.
        same = (inner.kind == other.kind) & ((inner.kind != DATED) | (inner.day == other.day))
        same = reduce(and_, (one == another for one, another in zip(inner[2:], other[2:], strict=True)), same)
        # Of the days of a move less is kept here than `evaluate` knows, so that two may seem the same that are not.
        unsure = when.unknown & ~((inner.kind == NONE) & (other.kind == NONE)) & ~(same & (not counts_from_move(node)))
        return chosen._replace(kind=np.where(unsure, np.int8(OPEN), chosen.kind), bounded=chosen.bounded | unsure)

    def _failing_that(self, node: FailingThat) -> Dues:
        first, then = self.due(node.first), self.due(node.then)
        found = then.where((first.kind == AWAITING) | (first.kind == NONE), first)
        return found._replace(bounded=found.bounded | (first.kind == OPEN))

    def _soonest(self, node: SoonestOf) -> Dues:
        arms = [self.due(part) for part in node.parts]
        dated, awaiting = [arm.kind == DATED for arm in arms], [arm.kind == AWAITING for arm in arms]
        value = reduce(np.minimum, (np.where(there, arm.day, NEVER) for arm, there in zip(arms, dated, strict=True)))
        some_dated = reduce(or_, dated)
        firm = [there & (arm.day == value) for arm, there in zip(arms, dated, strict=True)]
        least = reduce(np.minimum, (np.where(waits, arm.not_before, NEVER) for arm, waits in zip(arms, awaiting, strict=True)))
        kind = _kinds(arms, (AT_ONCE, OPEN, DATED, PAST_HORIZON, AWAITING))
        return Dues(
            kind,
            value,
            np.where(kind == AWAITING, least, NO_DAY),
            some_dated & reduce(or_, (waits | (there & arm.no_later) for arm, there, waits in zip(arms, dated, awaiting, strict=True))),
            some_dated & reduce(and_, (~one | arm.unproclaimed for arm, one in zip(arms, firm, strict=True))),
            kind == OPEN,
        )

    def _latest(self, node: LatestOf) -> Dues:
        arms = [self.due(part) for part in node.parts]
        dated = [arm.kind == DATED for arm in arms]
        value = reduce(np.maximum, (np.where(there, arm.day, NO_DAY) for arm, there in zip(arms, dated, strict=True)))
        last = [there & (arm.day == value) for arm, there in zip(arms, dated, strict=True)]
        # An arm that is "no later than" may turn out earlier, so it is no minimum.
        least = reduce(
            np.maximum,
            (
                np.where(arm.kind == AWAITING, arm.not_before, np.where(there & ~arm.no_later, arm.day, NO_DAY))
                for arm, there in zip(arms, dated, strict=True)
            ),
        )
        kind = _kinds(arms, (OPEN, AWAITING, PAST_HORIZON, DATED, AT_ONCE))
        return Dues(
            kind,
            value,
            np.where(kind == AWAITING, least, NO_DAY),
            (kind == DATED) & reduce(and_, (~one | arm.no_later for arm, one in zip(arms, last, strict=True))),
            (kind == DATED) & reduce(or_, (one & arm.unproclaimed for arm, one in zip(arms, last, strict=True))),
            kind == OPEN,
        )


READ_CONDITIONS: Final[Mapping[type[Condition], Callable[[Reading, Any], Rails]]] = {
    All: Reading._all,
    AnyOf: Reading._any,
    Not: Reading._not,
    Use: Reading._use,
    Is: Reading._is,
    OneOf: Reading._one_of,
    Includes: Reading._includes,
    Amount: Reading._amount,
    Compare: Reading._compare,
    Happened: Reading._happened,
    Arranged: Reading._arranged,
    Age: Reading._age,
    Within: Reading._within,
    Decided: Reading._decided,
}

READ_TIMESCALES: Final[Mapping[type[Timescale], Callable[[Reading, Any], Dues]]] = {
    FactDay: Reading._on_fact,
    AsOf: Reading._as_of,
    Literally: Reading._literally,
    MoveDay: Reading._move_day,
    Count: Reading._count,
    Birthday: Reading._birthday,
    AtOnce: Reading._at_once,
    NoDate: Reading._no_date,
    SoonestOf: Reading._soonest,
    LatestOf: Reading._latest,
    UseTimescale: Reading._use_timescale,
    Conditional: Reading._conditional,
    FailingThat: Reading._failing_that,
}


def _on(column: Column, found: Array) -> Rails:
    """Return the rails of something that a fact says; where it is unknown, neither."""
    if column.whole:
        return Rails(found)
    known = column.code >= 0
    true = found & known
    return Rails(true, ~true & known)


def _kinds(arms: Sequence[Dues], order: tuple[int, ...]) -> Array:
    """Return the kind that counts among several: the first in the order that some arm has; NONE where there is no other."""
    found: Array = np.int8(NONE)
    for kind in reversed(order):
        found = np.where(reduce(or_, (arm.kind == kind for arm in arms)), np.int8(kind), found)
    return found

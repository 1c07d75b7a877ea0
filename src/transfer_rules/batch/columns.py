"""Conditions and timescales read for many rows at once: truth as two rails, dates as columns of days.

A condition gives two columns of truths: certain to hold, and certain not to; a row with neither is unknown (strong Kleene logic). A timescale gives
what kind of date each row has, and the day. Of a date that unknown facts leave open nothing more is said here, so a comparison with it is unknown.
Only whole days are read: rows with moments are for `evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, Final, NamedTuple, Protocol, TypeAlias, cast

import numpy as np

from ..calendars import Calendar
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
from ..facts import HAPPENED, NOT_YET, FactValue
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

Array: TypeAlias = Any
"""A numpy array of one dimension, or a numpy scalar where every row has the same."""

# What a dated fact says, and what kind of date a timescale gives. The first four are also the codes of a column of dates.
OPEN: Final = -1
AWAITING: Final = 0
HAPPENED_SOME_DAY: Final = 1
DATED: Final = 2
NONE: Final = 3
AT_ONCE: Final = 4
PAST_HORIZON: Final = 5

NO_DAY: Final = np.int32(-(2**31))
"""Where a column of days has none; also the day of what happened on an unknown day: before every other."""
NEVER: Final = np.int32(2**31 - 1)
"""The day of what is not there, or not known: after every other, so that it has not happened."""

_EPOCH: Final = date(1970, 1, 1).toordinal()
# Facts lie from 1950 to 2150; counting from them may go further.
_FIRST: Final = date(1850, 1, 1).toordinal() - _EPOCH
_LAST: Final = date(2400, 12, 31).toordinal() - _EPOCH
_NO: Final = np.False_
_YES: Final = np.True_


class NotInColumns(Exception):
    """These rows cannot be read in columns; `evaluate` reads them."""


class Column(NamedTuple):
    """One fact in some rows.

    Attributes:
        code: -1 where unknown. For yes/no 0 and 1; for a count the number; for a word its place in `names`; for a list of words a bit for each of
            `names`; for a date what it says (AWAITING, HAPPENED_SOME_DAY, DATED).
        day: for a date, days since 1970: NEVER where there is none or none known, NO_DAY where it happened on an unknown day.
        names: the words that the codes stand for.
        whole: no row is unknown.
        vague: some row may have happened on an unknown day.
    """

    code: Array
    day: Array = None
    names: tuple[str, ...] = ()
    whole: bool = False
    vague: bool = False

    @property
    def unknown(self) -> Array:
        """Where the fact is unknown, or happened on an unknown day."""
        return (self.code < 0) | (self.code == HAPPENED_SOME_DAY) if self.vague else self.code < 0

    def take(self, rows: Array) -> Column:
        """Return the fact in some of the rows."""
        return self._replace(code=self.code.take(rows), day=None if self.day is None else self.day.take(rows))

    def copied(self, most: int) -> Column:
        """Return a copy to write in, with room for codes up to `most`."""
        kind = self.code.dtype
        code = self.code.astype(kind if most <= np.iinfo(kind).max else np.int32)
        return self._replace(code=code, day=None if self.day is None else self.day.copy())


class Readable(Protocol):
    """Some rows of a table."""

    @property
    def size(self) -> int: ...

    @property
    def today(self) -> Array:
        """The day asked about, in each row or in all: days since 1970."""

    def column(self, fact: str) -> Column:
        """Return a fact in these rows."""


class Rails(NamedTuple):
    """A condition in some rows: where it is certain to hold, and where it is certain not to; None where that is everywhere else."""

    true: Array
    untrue: Array | None = None

    @property
    def false(self) -> Array:
        """Where it is certain not to hold."""
        return ~self.true if self.untrue is None else self.untrue

    @property
    def unknown(self) -> Array:
        """Where it is neither."""
        return _NO if self.untrue is None else ~(self.true | self.untrue)

    @property
    def negation(self) -> Rails:
        """The opposite."""
        return Rails(~self.true) if self.untrue is None else Rails(self.untrue, self.true)


HOLDS: Final = Rails(_YES)
FAILS: Final = Rails(_NO)


def all_of(parts: Iterable[Rails]) -> Rails:
    """Where all hold."""
    # What holds in every row is left out: numpy takes many times as long over one truth and a column as over two columns.
    left = tuple(part for part in parts if part is not HOLDS)
    if len(left) < 2:
        return left[0] if left else HOLDS
    if any(part is FAILS for part in left):
        return FAILS
    true = reduce(and_, (part.true for part in left))
    return Rails(true) if all(part.untrue is None for part in left) else Rails(true, reduce(or_, (part.false for part in left)))


def any_of(parts: Iterable[Rails]) -> Rails:
    """Where one holds."""
    left = tuple(part for part in parts if part is not FAILS)
    if len(left) < 2:
        return left[0] if left else FAILS
    if any(part is HOLDS for part in left):
        return HOLDS
    true = reduce(or_, (part.true for part in left))
    return Rails(true) if all(part.untrue is None for part in left) else Rails(true, reduce(and_, (part.false for part in left)))


def any_true(parts: Sequence[Array]) -> Array:
    """Where one of several columns of truths is true."""
    return reduce(or_, parts) if parts else _NO


def somewhere(truths: Array) -> bool:
    """Whether one of some truths is true. What numpy has for it takes several times as long over few rows."""
    return bool(truths) if truths.ndim == 0 else bool(np.count_nonzero(truths))


def everywhere(truths: Array) -> bool:
    """Whether all of some truths are true."""
    return bool(truths) if truths.ndim == 0 else bool(np.count_nonzero(truths) == truths.size)


class Dues(NamedTuple):
    """A timescale in some rows: the kind of date, the day where it is DATED, and what `Due` says besides.

    `bounded` is where a date is OPEN here, while `Due` may know a day that it lies before or after.
    """

    kind: Array
    day: Array = NO_DAY
    not_before: Array = NO_DAY
    no_later: Array = _NO
    unproclaimed: Array = _NO
    bounded: Array = _NO

    def where(self, rows: Array, other: Dues) -> Dues:
        """Return this in the rows that are true, the other in the rest."""
        return Dues(*(_chosen(rows, one, another) for one, another in zip(self, other, strict=True)))


class Tables:
    """What a day is moved to, looked up: each table holds the answer for every day from 1850 to 2400, and is made when it is first wanted."""

    def __init__(self, calendar: Calendar):
        self._calendar = calendar
        self._tables: dict[tuple[str, int], Array] = {}
        self.proclaimed_to: Final = np.int32(calendar.proclaimed_to.toordinal() - _EPOCH)
        days = np.arange(_FIRST, _LAST + 1, dtype=np.int32).astype("datetime64[D]")
        self._month: Final = days.astype("datetime64[M]")
        self._in_month: Final = (days - self._month.astype("datetime64[D]")).astype(np.int32)

    def look_up(self, what: str, amount: int, days: Array) -> Array:
        """Return what `working_days`, `months`, `birthday` or `born_by` says of each day; NO_DAY where the calendar does not reach.

        `born_by` is the last day of birth on which one has reached an age in years.

        Raises:
            NotInColumns: some day lies outside the tables.
        """
        _check_span(days)
        table = self._tables.get((what, amount))
        if table is None:
            table = self._tables[what, amount] = _MAKERS[what](self, amount)
        return table[days - _FIRST]

    def counted(self, node: Count, days: Array) -> Array:
        """Return the days that a count reaches from some days; NO_DAY where it leaves the calendar."""
        amount = -node.amount if node.back else node.amount
        match node.unit:
            case "working_days" | "months":
                return self.look_up(node.unit, amount, days)
            case "weeks":
                return days + np.int32(7 * amount)
            case "hours":
                # From a day, whole days, rounded up away from the trigger.
                whole = -(-node.amount // 24)
                return days + np.int32(-whole if node.back else whole)
            case _:
                return days + np.int32(amount)

    def last_before(self, node: FactDay | Count | Birthday, days: Array, *, or_same: bool) -> Array:
        """Return for each day the last one from which a date, counted from it, lies before that day, or (`or_same`) does not pass it."""
        if not isinstance(node, Count):
            last = days if or_same else days - np.int32(1)
            return self.look_up("born_by", node.age, last) if isinstance(node, Birthday) else last
        key = (f"{node.unit} reached", -node.amount if node.back else node.amount)
        reached = self._tables.get(key)
        if reached is None:
            span = np.arange(_FIRST, _LAST + 1, dtype=np.int32)
            reached = self.counted(node, span)
            # A count leaves the calendar at the end that its start is nearer to.
            middle = (self._calendar.first.toordinal() + self._calendar.last.toordinal()) / 2 - _EPOCH
            reached = self._tables[key] = np.where((reached == NO_DAY) & (span > middle), NEVER, reached)
        return (np.searchsorted(reached, days, "right" if or_same else "left") - 1 + _FIRST).astype(np.int32)

    def working_days(self, amount: int) -> Array:
        first, last = self._calendar.first.toordinal() - _EPOCH, self._calendar.last.toordinal() - _EPOCH
        table = np.full(_LAST - _FIRST + 1, NO_DAY)
        span = np.arange(first, last + 1, dtype=np.int32)
        worked = np.is_busday(span.astype("datetime64[D]"), holidays=list(self._calendar.closed))
        if amount == 0:
            table[first - _FIRST : last - _FIRST + 1] = span
            return table
        before = np.concatenate(([0], np.cumsum(worked)))
        working = span[worked]
        place = before[1:] + amount - 1 if amount > 0 else before[:-1] + amount
        inside = (place >= 0) & (place < len(working))
        table[first - _FIRST : last - _FIRST + 1] = np.where(inside, working[np.clip(place, 0, len(working) - 1)], NO_DAY)
        return table

    def months(self, amount: int) -> Array:
        month = self._month + amount
        first = month.astype("datetime64[D]")
        length = ((month + 1).astype("datetime64[D]") - first).astype(np.int32)
        return first.astype(np.int32) + np.minimum(self._in_month, length - 1)

    def birthday(self, age: int) -> Array:
        # The 29th of a February that has none is the 1st of March.
        return (self._month + 12 * age).astype("datetime64[D]").astype(np.int32) + self._in_month

    def born_by(self, age: int) -> Array:
        born = (self._month - 12 * age).astype("datetime64[D]")
        length = ((self._month - 12 * age + 1).astype("datetime64[D]") - born).astype(np.int32)
        return born.astype(np.int32) + np.minimum(self._in_month, length - 1)


_MAKERS: Final[Mapping[str, Callable[[Tables, int], Array]]] = {
    "working_days": Tables.working_days,
    "months": Tables.months,
    "birthday": Tables.birthday,
    "born_by": Tables.born_by,
}


class Reading:
    """The trees of a pack read in some rows. A part that has a name is read once, however many rules share it.

    `moves` are the days of the move, once they are known; `before` is the reading without them, whose answers hold for all that does not count from a
    move. `loose` rows are those in which a comparison was unknown here, though bounds that only `Due` keeps may have settled it.
    """

    def __init__(self, rows: Readable, tables: Tables, moves: Mapping[str, Dues] | None = None, before: Reading | None = None):
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
        return Dues(np.int8(DATED), np.int32(node.value.toordinal() - _EPOCH))

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


def _chosen(rows: Array, one: Array, other: Array) -> Array:
    # Most of what is said besides the day is the same in every row of both.
    return one if one is other or (one.ndim == 0 and other.ndim == 0 and one == other) else np.where(rows, one, other)


def equals(column: Column, value: FactValue) -> Array:
    """Return where a fact has this value; False where it is unknown."""
    if isinstance(value, bool):
        return column.code == int(value)
    if isinstance(value, frozenset):
        if not value <= set(column.names):
            return _NO
        return column.code == sum(1 << column.names.index(word) for word in value)
    if column.day is not None:
        if isinstance(value, str):
            return column.code == {NOT_YET: AWAITING, HAPPENED: HAPPENED_SOME_DAY}.get(value, -2)
        if type(value) is not date:
            raise NotInColumns
        return (column.code == DATED) & (column.day == value.toordinal() - _EPOCH)
    if isinstance(value, str):
        return column.code == column.names.index(value) if value in column.names else _NO
    if isinstance(value, int):
        return column.code == value
    raise NotInColumns


def day_number(day: date) -> int:
    """Return the days since 1970."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """Return the date that lies so many days after 1 January 1970."""
    return date.fromordinal(number + _EPOCH)


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


def _check_span(days: Array) -> None:
    if np.size(days) and (np.min(days) < _FIRST or np.max(days) > _LAST):
        raise NotInColumns

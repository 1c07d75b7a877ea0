"""What rows are read as, many at once: facts as codes and days, truths on two rails, dates as kinds and days.

Days are whole numbers since 1970. Only whole days are read: rows with moments are for `evaluate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from ..facts import HAPPENED, NOT_YET, FactValue

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
_NO: Final = np.False_
_YES: Final = np.True_


class NotInColumns(Exception):
    """These rows cannot be read in columns; `evaluate` reads them."""


def day_number(day: date) -> int:
    """Return the days since 1970."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """Return the date that lies so many days after 1 January 1970."""
    return date.fromordinal(number + _EPOCH)


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
        return (column.code == DATED) & (column.day == day_number(value))
    if isinstance(value, str):
        return column.code == column.names.index(value) if value in column.names else _NO
    if isinstance(value, int):
        return column.code == value
    raise NotInColumns


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


def _chosen(rows: Array, one: Array, other: Array) -> Array:
    # Most of what is said besides the day is the same in every row of both.
    return one if one is other or (one.ndim == 0 and other.ndim == 0 and one == other) else np.where(rows, one, other)

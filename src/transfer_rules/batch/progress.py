"""Which of the required items are outstanding: `checklists.Record` in columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from ..checklists import Item
from ..timescales import AsOf, Count, FactDay
from .arrays import AWAITING, DATED, NEVER, NO_DAY, NONE, OPEN, Array, Dues, Rails, any_true
from .columns import Reading
from .plan import Plan
from .rows import Rows

_AGREED: Final = FactDay("agreed_transfer_on")
_NO: Final = np.False_


class Ends(NamedTuple):
    """Of some rows: whether the case moves, its deadline, and the transfer point."""

    moves: Array
    kind: Array
    day: Array
    point_kind: Array
    point_day: Array

    def take(self, rows: Array) -> Ends:
        """Return the same of some of the rows."""
        return Ends(*(one[rows] for one in self))

    def days(self, reading: Reading) -> dict[str, Dues]:
        """Return the days of the move: `answers.moves_of` in columns."""
        none = Dues(np.int8(NONE))
        point, deadline = Dues(self.point_kind, self.point_day), Dues(self.kind, self.day)
        handover = none
        for one, kinds in ((point, (OPEN, AWAITING)), (deadline, (OPEN, AWAITING)), (point, (DATED,)), (deadline, (DATED,))):
            handover = one.where(any_true([one.kind == kind for kind in kinds]), handover)
        agreed = reading.due(_AGREED)
        handover = agreed.where(agreed.kind == DATED, handover)
        found = {"transfer_point": point, "deadline": deadline, "handover": handover}
        return {name: one.where(self.moves, none) for name, one in found.items()}


class Points:
    """The transfer points of a stretch of rows. Few rows have one that anything looks at, so columns are written only when they are asked for."""

    def __init__(self, start: int, stop: int):
        self._start, self._size = start, stop - start
        self._found: list[tuple[Array, Array, Array]] = []
        self._columns: tuple[Array, Array] | None = None

    def put(self, rows: Array, kind: Array, day: Array) -> None:
        """Keep the points of some rows; all are kept before any is asked for."""
        there = np.flatnonzero(kind != NONE)
        self._found.append((rows.take(there), kind.take(there), np.broadcast_to(day, len(rows)).take(there)))

    def take(self, rows: Array) -> tuple[Array, Array]:
        """Return the kinds and days of the points of some rows."""
        if self._found:
            kind, day = self._columns = np.full(self._size, np.int8(NONE)), np.full(self._size, NO_DAY)
            while self._found:
                at, kinds, days = self._found.pop()
                at = at - self._start
                kind[at], day[at] = kinds, days
        if self._columns is None:
            return np.int8(NONE), NO_DAY
        kind, day = self._columns
        return kind[rows - self._start], day[rows - self._start]


class _Standing:
    """How one item stands in some rows: `checklists.Standing` in columns."""

    def __init__(self, satisfied: Array, excused: Array = _NO, needed: Array = np.True_, done_on: Array = NO_DAY):
        self.satisfied, self.excused, self.needed, self.done_on = satisfied, excused, needed, done_on


class Record:
    """The progress of some rows: `checklists.Record` in columns."""

    def __init__(self, plan: Plan, rows: Rows, moves: Mapping[str, Dues], before: Reading):
        self.plan, self.rows = plan, rows
        self._before = before
        self._reading = Reading(rows, plan.tables, moves, before) if moves else before
        self._handover = moves["handover"] if moves else Dues(np.int8(NONE))
        self._found: dict[str, _Standing] = {}

    @property
    def loose(self) -> Array:
        """Where bounds of dates, which are not kept in columns, may settle what is unknown here."""
        return self._reading.loose | self._before.loose

    def standing(self, name: str) -> _Standing:
        """Return how an item or duty stands."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._whole(name)
        return found

    def _whole(self, name: str) -> _Standing:
        work = self.plan.policy.work[name]
        own, excused = self._own(name)
        if not isinstance(work, Item):
            return own
        others = [self.standing(other) for other in work.satisfied_by if not self.plan.policy.work[other].off]
        done = any_true([one.satisfied & one.needed for one in others])
        instead = done & ~own.satisfied
        day = own.done_on
        if others:
            days = [np.where(one.satisfied & one.needed & (one.done_on != NO_DAY), one.done_on, NEVER) for one in others]
            least = np.minimum.reduce(np.broadcast_arrays(*days))
            day = np.where(instead, np.where(least == NEVER, NO_DAY, least), day)
        excused = excused & ~own.satisfied & ~instead if work.excusable is not None else _NO
        return _Standing(own.satisfied | instead, excused, own.needed | instead, day)

    def _own(self, name: str) -> tuple[_Standing, Array]:
        work = self.plan.policy.work[name]
        state, done_on, excused = self.rows.table.progress_in(name, self.rows.at)
        if state is None and work.done_when is None:
            return _Standing(_NO), _NO
        known = Rails(_NO, _NO) if work.done_when is None else self._reading.truth(work.done_when)
        planned = done_on > self.rows.today if state is not None else _NO
        said_done = _NO if state is None else (state == 0) & ~planned
        not_needed = _NO if state is None else state == 2
        done = known.true | (known.unknown & said_done)
        day = NO_DAY if state is None else np.where(planned, NO_DAY, done_on)
        satisfied = done
        if isinstance(work, Item):
            satisfied = done & ~self._fault(work, day)
        unneeded = ~done & not_needed
        # Where the work is still to be done, the day is the one planned.
        shown = day if state is None else np.where(done, day, np.where(planned & ~unneeded, done_on, NO_DAY))
        return _Standing(satisfied | unneeded, _NO, ~unneeded, shown), excused

    def _fault(self, item: Item, done_on: Array) -> Array:
        """Return where done work does not count."""
        fault: Array = _NO
        for needed in item.needs:
            before = self.plan.policy.work[needed]
            if before.off:
                continue
            first = self.standing(needed)
            late = (first.done_on != NO_DAY) & (done_on != NO_DAY) & (done_on < first.done_on) & (first.done_on <= self.rows.today)
            asked = ~self._reading.truth(before.when).false
            fault = fault | (asked & (~(first.satisfied | first.excused) | late))
        if item.fresh_for is not None:
            span = Count(item.fresh_for.amount, item.fresh_for.unit, AsOf())
            reach = self.plan.tables.counted(span, np.where(done_on == NO_DAY, 0, done_on))
            known = (done_on != NO_DAY) & (self._handover.kind == DATED)
            fault = fault | ~known | (reach < self.rows.today) | (reach < self._handover.day)
        if item.valid is not None:
            for bound, late in ((item.valid.on_or_after, False), (item.valid.before, True)):
                if bound is not None:
                    due = self._reading.due(bound)
                    self._reading.loose = self._reading.loose | due.bounded
                    fault = fault | self._outside(done_on, due, late)
        return fault

    @staticmethod
    def _outside(done_on: Array, bound: Dues, late: bool) -> Array:
        there = (bound.kind == DATED) | (bound.kind == OPEN)
        unsure = there & ((done_on == NO_DAY) | (bound.kind == OPEN))
        if late:
            return unsure | (there & ~(bound.day > done_on))
        return unsure | (there & (bound.day > done_on)) | (bound.kind == AWAITING)

"""One caseload on its way through: what is settled at once, what is filled in, and what is left to `evaluate`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from ..checklists import OUTCOMES
from ..errors import SnapshotError
from ..evaluation import evaluate_unnamed
from ..impossible import IMPOSSIBLE
from .answers import Batch
from .arrays import NO_DAY, OPEN, Array, NotInColumns, any_true, day_number, somewhere
from .columns import Reading
from .filling import Filling
from .groups import Group
from .joined import KIND_OF, Joined, states_of
from .plan import AWAITED, CLOSE, NO_LATER, NO_STATE, NOT_STATED, SILENT, STAY, TRANSFER, UNDETERMINED, Plan, words_of
from .progress import Ends, Points, Record
from .rows import Rows, by_holder
from .tables import Table, faulty_rows

# Rows are decided a chunk at a time: the larger, the sooner, and the more memory it takes. They are looked over a part of it at a time.
_CHUNK, _PART = 167_000, 42_000


class Deciding:
    """One caseload on its way through: the rows that are settled at once, those to be filled in, and those for `evaluate`."""

    def __init__(self, plan: Plan, table: Table, batch: Batch, progress: Callable[[int, int], None]):
        self.plan, self.table, self.batch = plan, table, batch
        self._progress = progress
        self._open: dict[tuple[str | None, bool], list[Array]] = {}
        self._hard: list[Array] = []
        self._again: list[Array] = []
        self._done = 0
        self._filling = Filling(plan, table)

    def run(self) -> None:
        """Decide every row."""
        size = self.table.size
        for start in range(0, size, _CHUNK):
            self._chunk(start, min(start + _CHUNK, size))
        for (holder, by_rule), found in self._open.items():
            rows = np.concatenate(found)
            for start in range(0, len(rows), _CHUNK):
                self._join(holder, rows[start : start + _CHUNK], by_rule)
        for row in _listed(self._hard):
            self._one(row)
            self._count(1)
        for row in set(_listed(self._again)):
            self._one(row)

    def _count(self, rows: int) -> None:
        self._done += rows
        self._progress(self._done, self.table.size)

    def _chunk(self, start: int, stop: int) -> None:
        points = Points(start, stop)
        left = np.concatenate([self._set_aside(at, min(at + _PART, stop)) for at in range(start, stop, _PART)])
        for holder, at in by_holder(self.table.column("current_team", slice(start, stop), stop - start), left, start):
            try:
                self._settle(holder, at, points)
            except NotInColumns:
                self._hard.append(at)
        del left
        self._items(slice(start, stop), [word[start:stop] for word in words_of(self.batch.required)], partial(self._ends, points))

    def _set_aside(self, start: int, stop: int) -> Array:
        """Set rows aside that are no snapshots, or not for columns, and return where the others are."""
        table = self.table
        refused = faulty_rows(self.plan.policy, table, start, stop)
        hard = table.uncommon(start, stop)
        given = [one for one in IMPOSSIBLE if one.first in table.facts and one.second in table.facts]
        if given or table.closes:
            left = np.flatnonzero(~(refused | hard))
            stated = Reading(Rows(table.as_stated, left + start), self.plan.tables)
            refused[left] |= any_true([stated.truth(one.condition).true for one in given])
            # What happened on an unknown day happened by today, which columns do not keep.
            hard[left] |= stated.loose & ~refused[left]
        if table.closes:
            # What is closed never contradicts what is stated; `evaluate` leaves such a fact unknown.
            left = np.flatnonzero(~(refused | hard))
            closed = Reading(Rows(table, left + start), self.plan.tables)
            hard[left] |= any_true([closed.truth(one.condition).true for one in IMPOSSIBLE]) | closed.loose
        self._count(int(np.count_nonzero(refused)))
        if somewhere(hard):
            self._hard.append(np.flatnonzero(hard) + start)
        found: Array = ~(refused | hard)
        return found

    # --- what Kleene's logic settles

    def _settle(self, holder: str | None, at: Array, points: Points) -> None:
        """Decide rows of one holder as far as what is known settles them."""
        rows, batch = Rows(self.table, at), self.batch
        group = Group(self.plan, rows, holder)
        by_rule = group.unheard & ~group.open & ~group.hard & (group.decides == SILENT) if somewhere(group.unheard) else group.unheard
        for which, mask in ((False, group.open & ~group.hard), (True, by_rule)):
            if somewhere(mask):
                self._open.setdefault((holder, which), []).append(at[mask])
        if somewhere(group.hard):
            self._hard.append(at[group.hard])
        left = group.open | group.hard | by_rule
        settled = np.flatnonzero(~left) if somewhere(left) else None
        at = at if settled is None else at[settled]

        def taken(column: Array) -> Array:
            return column if settled is None or column.ndim == 0 else column[settled]

        outcome, kind = taken(group.outcome), taken(group.kind)
        moves = moving(outcome)
        batch.outcome[at] = outcome
        batch.team[at] = taken(group.team)
        if group.area.ndim:
            batch.area[at] = taken(group.area)
        state = states_of(kind, taken(group.no_later), taken(group.unproclaimed))
        held = np.where(taken(group.held) > 0, np.uint8(NOT_STATED), np.uint8(NO_STATE))
        batch.deadline_state[at] = np.where(moves, state, held)
        batch.deadline_day[at] = taken(group.day)
        if group.not_before.ndim or group.held_day.ndim:
            batch.put_not_before(at, np.where(moves, taken(group.not_before), taken(group.held_day)))
        batch.rule[at] = self._first_rules(taken(group.decides), np.int16(len(self.plan.legend) - 1))
        for whole, word in zip(words_of(batch.required), group.required, strict=True):
            whole[at] = taken(word)
        if group.point_kind.ndim:
            points.put(at, taken(group.point_kind), taken(group.point_day))
        self._count(len(at))

    def _first_rules(self, decides: Array, silent: Any) -> Array:
        """Return the first rule of each set, `silent` where there is none."""
        firsts = np.array([*(standing[0] for standing in self.plan.sets), silent], np.int16)
        return firsts[decides]

    def _ends(self, points: Points, rows: Array) -> Ends:
        """Return where the cases of settled rows go, and when."""
        batch = self.batch
        return Ends(moving(batch.outcome[rows]), KIND_OF[batch.deadline_state[rows]], batch.deadline_day[rows], *points.take(rows))

    def _items(self, at: slice | Array, required: Sequence[Array], ends: Callable[[Array], Ends]) -> None:
        """Write which of the required items are outstanding. An item is looked at only in the rows that require it; `ends` says where those go."""
        outstanding = words_of(self.batch.outstanding)
        # Most rows require nothing.
        among = [np.flatnonzero(word) for word in required]
        words = [word.take(places) for word, places in zip(required, among, strict=True)]
        for place, item in enumerate(self.plan.items):
            word = words[place // 64]
            bit = word.dtype.type(1 << place % 64)
            places = among[place // 64].take(np.flatnonzero(word & bit))
            if not places.size:
                continue
            rows = Rows(self.table, places + at.start if isinstance(at, slice) else at[places])
            reading = Reading(rows, self.plan.tables)
            try:
                moves = ends(rows.at if isinstance(at, slice) else places).days(reading) if item.id in self.plan.moves_for else {}
                record = Record(self.plan, rows, moves, reading)
                satisfied = record.standing(item.id).satisfied
            except NotInColumns:
                self._again.append(rows.at)
                continue
            if somewhere(record.loose):
                self._again.append(rows.at[record.loose])
            missing = rows.at if satisfied.ndim == 0 and not satisfied else rows.at[~satisfied]
            outstanding[place // 64][missing] |= bit

    # --- what is filled in

    def _join(self, holder: str | None, at: Array, by_rule: bool) -> None:
        """Fill in some rows, and write what all ways say together."""
        plan, batch = self.plan, self.batch
        try:
            joined, hard = self._filling.fill_in(holder, at, by_rule=by_rule)
        except NotInColumns:
            self._hard.append(at)
            return
        if somewhere(hard):
            self._hard.append(at[hard])
        done = np.flatnonzero(~hard)
        if not done.size:
            return
        at = at[done]

        def first(name: str) -> Array:
            # Where no row was joined, nothing looks at what it would have said.
            column = joined.first.get(name)
            return np.zeros(len(done), np.int8) if column is None else column[done]

        parted = {name: mask[done] for name, mask in joined.parted.items()}
        every, some = [word[done] for word in joined.every], [word[done] for word in joined.some]
        open_items = any_true([one != other for one, other in zip(every, some, strict=True)])
        who = first("who")
        outcome = np.where(parted["who"], np.int8(UNDETERMINED), (who % len(OUTCOMES)).astype(np.int8))
        batch.outcome[at] = outcome
        if not by_rule:
            batch.put_certainty(at, ~(parted["who"] | parted["answer"] | open_items))
        batch.team[at] = np.where(parted["who"], -1, who // len(OUTCOMES) % (len(plan.teams) + 1) - 1)
        if plan.areas:
            batch.area[at] = np.where(parted["who"] | parted["area"], np.int16(-1), first("area"))
        day = self._finish_dates(at, outcome, joined, done, first, parted["due"])
        decides = np.where(parted["decides"], np.int16(SILENT), first("decides"))
        rule = self._first_rules(decides, np.int16(-1))
        silent = (outcome == STAY) & ~parted["decides"] & (first("decides") == SILENT)
        batch.rule[at] = np.where(silent, np.int16(len(plan.legend) - 1), rule)
        sure = ~parted["who"]
        unsure = [np.where(sure, other & ~one, 0).astype(one.dtype) for one, other in zip(every, some, strict=True)]
        moves, kind = moving(outcome), np.where(parted["due"], np.int8(OPEN), first("kind"))
        points = (np.where(parted["point"], np.int8(OPEN), first("point_kind")), first("point_day")) if plan.moves_matter else (kind, day)
        for whole, missing, word, other in zip(words_of(batch.required), words_of(batch.outstanding), every, unsure, strict=True):
            whole[at] = word
            missing[at] = other
        self._items(at, every, Ends(moves, kind, day, *points).take)
        self._count(len(at))

    def _finish_dates(self, at: Array, outcome: Array, joined: Joined, done: Array, first: Callable[[str], Array], parted: Array) -> Array:
        """Write the dates of some rows, and return the days of their deadlines."""
        batch, last_day = self.batch, np.int32(day_number(self.plan.policy.calendar.last) - 366)
        moves = moving(outcome)
        # A date that is not the same in every way is known to come no later than the last of them, where every way has one.
        bounded = joined.dated[done] & ~joined.bad[done] & (joined.last[done] <= last_day)
        state = np.where(bounded, np.uint8(NO_LATER), np.where(joined.all_none[done], np.uint8(NOT_STATED), np.uint8(AWAITED)))
        state = np.where(parted, state, first("state"))
        day = np.where(parted, np.where(bounded, joined.last[done], NO_DAY), first("day"))
        held = (outcome == STAY) & ~joined.not_held[done]
        batch.deadline_state[at] = np.where(moves, state, np.where(held, np.uint8(NOT_STATED), np.uint8(NO_STATE)))
        batch.deadline_day[at] = day = np.where(moves, day, NO_DAY)
        until = np.where(held & ~joined.no_day[done], joined.held_until[done], NO_DAY)
        batch.put_not_before(at, np.where(moves & ~parted, first("not_before"), until))
        return day

    # --- one row at a time

    def _one(self, row: int) -> None:
        """Let `evaluate` decide a row; one that it refuses stays as it is."""
        with suppress(SnapshotError):
            self.batch.put_decision(row, evaluate_unnamed(self.plan.policy, self.table.snapshot(row)))


def _listed(found: Sequence[Array]) -> list[int]:
    rows: list[int] = np.concatenate(found).tolist() if found else []
    return rows


def moving(outcome: Array) -> Array:
    return (outcome == TRANSFER) | (outcome == CLOSE)

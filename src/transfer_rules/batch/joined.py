"""One answer out of the answers of every way of filling in: `joining` in columns."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from ..checklists import OUTCOMES
from .arrays import AT_ONCE, AWAITING, DATED, NEVER, NO_DAY, NONE, PAST_HORIZON, Array, any_true, everywhere, somewhere
from .groups import Group
from .plan import AWAITED, FIRM, NO_LATER, NOT_STATED, NOW, PAST, SILENT, UNPROCLAIMED

# The state of a deadline, by the kind of its date; what is open is awaited. And back, for a date that no unknown fact leaves open.
_STATE_OF: Final = np.array([AWAITED, AWAITED, FIRM, NOT_STATED, NOW, PAST], np.uint8)
_KINDS: Final = {FIRM: DATED, NO_LATER: DATED, UNPROCLAIMED: DATED, AWAITED: AWAITING, NOW: AT_ONCE, PAST: PAST_HORIZON}
KIND_OF: Final = np.array([_KINDS.get(state, NONE) for state in range(256)], np.int8)


class Joined:
    """What every way of filling in says, for each of some rows: what they share, and where they part."""

    def __init__(self, group: Group, size: int):
        self._plan = group.plan
        self.noted, self.seen, self._joined, self.several, self.hard = (np.zeros(size, np.bool_) for _ in range(5))
        self._silent = group.decides == SILENT
        self.looks, self.dates = np.zeros((2, size)), np.zeros(size, np.int64)
        self.first: dict[str, Array] = {}
        self.parted = {name: np.zeros(size, np.bool_) for name in ("who", "answer", "due", "state", "decides", "area", "point")}
        self.dated, self.bad, self.all_none = np.zeros(size, np.bool_), np.zeros(size, np.bool_), np.ones(size, np.bool_)
        self.last = np.full(size, NO_DAY)
        self.not_held, self.no_day = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        self.held_until = np.full(size, NEVER)
        self.every = [np.full(size, np.iinfo(word.dtype).max, word.dtype) for word in group.required]
        self.some = [np.zeros(size, word.dtype) for word in group.required]

    def count(self, roots: Array, weights: Array) -> None:
        """Count the looks that ways stand for; `roots` says whose they are, in ascending order."""
        if len(roots):
            ways = _Ways(roots)
            self.looks[:, ways.heads] += np.add.reduceat(weights, ways.starts, axis=1)

    def absorb(self, group: Group, settled: Array, roots: Array) -> None:
        """Take in the rows of a group; `roots` says whose way each is, in ascending order, and `settled` which of them are."""
        half_open = np.flatnonzero(group.open & ~group.who_open & ~group.hard)
        self._note(group, half_open, roots.take(half_open), all_settled=False)
        mine = roots if len(settled) == len(roots) else roots.take(settled)
        self._note(group, settled, mine, all_settled=True)
        left = ~self.nothing_left(mine)
        if not everywhere(left):
            settled, mine = settled[left], mine[left]
        if settled.size:
            self._join(group, settled, mine)

    def _note(self, group: Group, rows: Array, roots: Array, *, all_settled: bool) -> None:
        """Note what may show already that ways have nothing in common: outcome and team, the rules, and of settled rows the items."""
        if not rows.size:
            return
        ways = _Ways(roots)
        who, decides = _who(group, rows), group.decides.take(rows)
        fresh = ~self.noted[ways.heads]
        self.noted[ways.heads] = True
        for name, column in (("who", who), ("decides", decides)):
            self.parted[name][ways.heads] |= self._parts(name, column, ways, fresh)
        several = decides >= len(self._plan.rules)
        if somewhere(several):
            self.several[ways.heads] |= np.logical_or.reduceat(several, ways.starts)
        if all_settled:
            self.seen[ways.heads] = True
            for every, word in zip(self.every, group.required, strict=True):
                every[ways.heads] &= np.bitwise_and.reduceat(word.take(rows), ways.starts)

    def _parts(self, name: str, column: Array, ways: _Ways, fresh: Array) -> Array:
        """Return where a column is not the same in all ways so far; `fresh` are the rows of which nothing was known."""
        first = self.first.setdefault(name, np.zeros(len(self.seen), column.dtype))
        before = first[ways.heads]
        if column.ndim == 0:
            first[ways.heads[fresh]] = column
            return ~fresh & (before != column)
        mine = column.take(ways.starts)
        first[ways.heads[fresh]] = mine[fresh]
        return ways.some(column != column.take(ways.lead)) | (~fresh & (before != mine))

    def _join(self, group: Group, rows: Array, roots: Array) -> None:
        """Join everything else that settled rows say."""
        ways = _Ways(roots)
        heads = ways.heads
        fresh = ~self._joined[heads]
        self._joined[heads] = True
        columns = _columns_of(group, rows)
        parts = {name: self._parts(name, column, ways, fresh) for name, column in columns.items()}
        for some, word in zip(self.some, group.required, strict=True):
            some[heads] |= np.bitwise_or.reduceat(word.take(rows), ways.starts)
        due = parts["kind"] | parts["day"] | parts["not_before"]
        self.parted["due"][heads] |= due | parts["no_later"]
        self.parted["state"][heads] |= parts["state"]
        self.parted["answer"][heads] |= parts["asked"] | due | parts["state"]
        self.parted["area"][heads] |= parts["area"]
        if "point_kind" in parts:
            self.parted["point"][heads] |= parts["point_kind"] | parts["point_day"]
        kind, day = columns["kind"], columns["day"]
        self.dated[heads] |= ways.some(kind == DATED)
        self.bad[heads] |= ways.some((kind != DATED) & (kind != AT_ONCE))
        self.all_none[heads] &= ~ways.some(kind != NONE)
        self.last[heads] = np.maximum(self.last[heads], np.maximum.reduceat(day, ways.starts))
        held, held_day = (column.take(rows) if column.ndim else column for column in (group.held, group.held_day))
        self.not_held[heads] |= ways.some(held == 0)
        self.no_day[heads] |= ways.some(held_day == NO_DAY)
        self.held_until[heads] = np.minimum(self.held_until[heads], np.minimum.reduceat(held_day, ways.starts) if held_day.ndim else held_day)

    def in_common_by_filling(self, root: Group) -> Array:
        """Return where the ways have rules in common that did not stand before anything was filled in.

        `evaluate` may leave them unnamed: where a rule would say what others say already, or that its own team keeps the case, it need not ask
        whether the rule matches.
        """
        shared = self.first.get("decides")
        return np.zeros(len(self.seen), np.bool_) if shared is None else self.noted & ~self.parted["decides"] & (shared != root.decides)

    def nothing_in_common(self, rows: Any = slice(None)) -> Array:
        """Return where ways have neither an answer nor a rule in common."""
        # A hold that only explains is named as a reason where looking at all ways takes too long, though not every way may have it.
        return self._silent[rows] & self.parted["who"][rows] & self.parted["decides"][rows]

    def nothing_left(self, rows: Any = slice(None)) -> Array:
        """Return where ways have not even an item in common, so that what more ways say changes nothing."""
        return self.nothing_in_common(rows) & ~any_true([word[rows] != 0 for word in self.every])


class _Ways:
    """Rows that are ways of other rows, side by side: where those of each begin, whose they are, and for each row the first beside it."""

    def __init__(self, roots: Array):
        new = np.ones(len(roots), np.bool_)
        np.not_equal(roots[1:], roots[:-1], out=new[1:])
        self.starts = np.flatnonzero(new)
        self.heads = roots.take(self.starts)
        self.lead = np.repeat(self.starts, np.diff(np.append(self.starts, len(roots))))

    def some(self, column: Array) -> Array:
        """Return whose ways have a true one among them."""
        return np.logical_or.reduceat(column, self.starts) if column.ndim else column


def _who(group: Group, rows: Array) -> Array:
    """Return outcome, team and role as one number."""
    role = np.int32(0) if group.role.ndim == 0 else group.role.take(rows).astype(np.int32) + 1
    return (role * (len(group.plan.teams) + 1) + group.team.take(rows) + 1) * len(OUTCOMES) + group.outcome.take(rows)


def _columns_of(group: Group, rows: Array) -> dict[str, Array]:
    """Return what certainty is about, and what is joined besides, in some rows; one value where it is the same in all."""

    def taken(column: Array) -> Array:
        return column.take(rows) if column.ndim else column

    kind = group.kind.take(rows)
    points = {"point_kind": taken(group.point_kind), "point_day": taken(group.point_day)} if group.plan.moves_matter else {}
    return {
        "asked": taken(group.asked),
        "kind": kind,
        "day": group.day.take(rows),
        "not_before": taken(group.not_before),
        "no_later": taken(group.no_later),
        "state": states_of(kind, taken(group.no_later), taken(group.unproclaimed)),
        "area": taken(group.area),
        **points,
    }


def states_of(kind: Array, no_later: Array, unproclaimed: Array) -> Array:
    """Return the states of deadlines; a date that may come earlier, or that is counted past the proclaimed holidays, is not firm."""
    state = _STATE_OF[kind]
    if somewhere(no_later) or somewhere(unproclaimed):
        dated = kind == DATED
        state = np.where(dated & unproclaimed, np.uint8(UNPROCLAIMED), state)
        state = np.where(dated & no_later, np.uint8(NO_LATER), state)
    return state

"""Rows that unknown facts leave open, filled in: `completion` in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

import numpy as np

from ..completion import FEW, LOOKS_LISTING
from ..facts import DATED_KINDS
from ..impossible import ABOUT, Impossible
from .arrays import HAPPENED_SOME_DAY, Array, any_true, everywhere, somewhere
from .columns import Reading
from .groups import Group
from .joined import Joined
from .plan import Plan
from .rows import Rows, by_holder
from .tables import Table
from .values import Values, values_of

_ALLOWED_FOR_MANY: Final = FEW
# So many values of a fact come first, while no more than so many others have been filled in: deeper down, rows are too few for it to pay.
_TRIED_FIRST, _DEEPEST_TRIED_FIRST = 2, 1
# The rules by which rows are told apart; of more there would be too many sorts of rows.
_MOST_RULES: Final = 12


class _Pending(NamedTuple):
    """Open rows of a group: whose ways they are, how many looks each stands for, the fact to be filled in, and how many of its values were tried."""

    group: Group
    left: Array
    roots: Array
    weights: Array
    asked: Array
    depth: int
    done: int = 0


class _Block(NamedTuple):
    """Some rows and the values of a fact that are filled in, each in a row of its own: codes, and for a date the days, one for each of the rows."""

    name: str
    places: Array
    values: Sequence[tuple[Any, Any]]


class Filling:
    """Fills in the open rows of one caseload."""

    def __init__(self, plan: Plan, table: Table):
        self.plan, self.table = plan, table
        self._values: dict[tuple[str | None, str, tuple[int, ...]], Values | None] = {}

    def fill_in(self, holder: str | None, at: Array, *, by_rule: bool) -> tuple[Joined, Array]:
        """Return what all ways of filling in some rows of the table say together, and which rows are for `evaluate` after all.

        `holder` holds them all, None for nobody knows who; with `by_rule` the rows are filled in until it is settled which rules stand.
        """
        rows = Rows(self.table, at)
        # `evaluate` chooses its values by the case as it is, before anything is filled in.
        group = self._root = Group(self.plan, rows, holder, by_rule=by_rule, filled=True)
        joined = Joined(group, rows.size)
        pending = self._take_in(group, np.arange(rows.size), np.ones((2, rows.size)), joined, 0)
        while pending:
            pending += self._fill_in_one(pending.pop(), joined)
        hard = joined.hard | ~(joined.seen | joined.nothing_left()) | (joined.several & joined.parted["decides"])
        hard |= joined.in_common_by_filling(group)
        # Of one date that is firm in some ways only, `evaluate` says what the way says that it saw first.
        hard |= joined.parted["state"] & ~joined.parted["due"]
        return joined, hard | self._out_of_looks(holder, rows, joined)

    def _take_in(self, group: Group, roots: Array, weights: Array, joined: Joined, depth: int) -> list[_Pending]:
        """Join what is settled, and return what is still open; `roots` says whose ways the rows of the group are."""
        joined.hard[roots[group.hard]] = True
        joined.count(roots, weights)
        joined.absorb(group, np.flatnonzero(~(group.open | group.hard)), roots)
        left = np.flatnonzero(group.open & ~group.hard & ~joined.nothing_left(roots))
        if not left.size:
            return []
        asked = self._asked(group, left)
        joined.hard[roots[left[asked < 0]]] = True
        return [_Pending(group, left, roots[left], weights[:, left], asked, depth)]

    def _fill_in_one(self, open_rows: _Pending, joined: Joined) -> list[_Pending]:
        """Fill in one more fact of each open row. Two values come first: often they show already that the ways have nothing in common."""
        plan, (group, left, roots, weights, asked, depth, done) = self.plan, open_rows
        wanted = ~(joined.hard[roots] | joined.nothing_left(roots))
        if not everywhere(wanted):
            left, roots, weights, asked = left[wanted], roots[wanted], weights[:, wanted], asked[wanted]
        if not left.size:
            return []
        rows = group.rows if len(left) == group.rows.size else group.rows.take(left)
        counts, stand_for, most = np.zeros(rows.size, np.intp), np.ones(rows.size), np.ones((2, rows.size))
        blocks: list[_Block] = []
        more = np.zeros(rows.size, np.bool_)
        for fact in np.flatnonzero(np.bincount(asked, minlength=1)).tolist():
            name, mine = plan.ranked[fact], np.flatnonzero(asked == fact)
            for found_values, places in self._by_rules(group, name, left[mine]):
                places = mine[places]
                if found_values is None or not (values := found_values.of(rows.take(places))):
                    joined.hard[roots[places]] = True
                    continue
                tried = values[done:] if done or depth > _DEEPEST_TRIED_FIRST else values[:_TRIED_FIRST]
                blocks.append(_Block(name, places, tried))
                counts[places] = len(tried)
                stand_for[places] = len(values)
                most[0, places], most[1, places] = found_values.most, found_values.most_of_several
                if not done and len(tried) < len(values):
                    more[places] = True
            if group is not self._root:
                most[:, mine] = self._most(name, roots[mine], joined)
            if plan.policy.facts[name].kind in DATED_KINDS:
                joined.dates[roots[mine]] |= 1 << plan.dated[name]
        found = [_Pending(group, left[more], roots[more], weights[:, more], asked[more], depth, _TRIED_FIRST)] if somewhere(more) else []
        source = np.repeat(np.arange(rows.size), counts)
        if source.size:
            children, kept, loose = self._filled(rows.take(source), np.cumsum(counts) - counts, blocks)
            roots, weights = roots.take(source), (weights * np.maximum(1.0, most / stand_for)).take(source, axis=1)
            joined.hard[roots[loose]] = True
            for holder, mine in by_holder(children.column("current_team"), kept):
                inner = children if len(mine) == children.size else children.take(mine)
                below = Group(plan, inner, holder, by_rule=group.by_rule, filled=True)
                found += self._take_in(below, roots.take(mine), weights.take(mine, axis=1), joined, depth + 1)
        return found

    def _filled(self, children: Rows, starts: Array, blocks: Sequence[_Block]) -> tuple[Rows, Array, Array]:
        """Fill in the values that are tried, and return which of the rows can be, by definition, and of which that is not told here.

        `starts` says where the ways of each row begin.
        """
        kept, loose = np.ones(children.size, np.bool_), np.zeros(children.size, np.bool_)
        filled: dict[str, list[Array]] = {}
        for name, same_fact in groupby(blocks, lambda block: block.name):
            before = children.column(name)
            after = before.copied(max(max(code for code, _ in block.values) for block in blocks if block.name == name))
            for block in same_fact:
                places = starts[block.places][:, None] + np.arange(len(block.values))
                filled.setdefault(name, []).append(places.ravel())
                after.code[places] = np.array([code for code, _ in block.values], after.code.dtype)
                if after.day is not None:
                    after.day[places] = np.stack(np.broadcast_arrays(*(day for _, day in block.values), block.places)[:-1], axis=1)
                if before.vague:
                    # What happened on an unknown day lies no later than today.
                    today = children.today[places] if children.today.ndim else children.today
                    kept[places] &= (before.code[places] != HAPPENED_SOME_DAY) | (after.day[places] <= today)
            vague = before.vague and somewhere(after.code == HAPPENED_SOME_DAY)
            children.fill(name, after._replace(whole=everywhere(after.code >= 0), vague=vague))
        for name, places_filled in filled.items():
            about = ABOUT.get(name, ())
            if any(_may_be_known(one, children) for one in about):
                places = np.concatenate(places_filled)
                reading = Reading(children.take(places), self.plan.tables)
                kept[places] &= ~any_true([reading.truth(one.condition).true for one in about])
                loose[places] |= reading.loose
        return children, kept, loose

    def _by_rules(self, group: Group, name: str, places: Array) -> Iterator[tuple[Values | None, Array]]:
        """Yield the values of a fact that stand for all in some rows of a group, by the rules that may match; and which of `places` those are."""
        bearing = self.plan.bearing(group.holder, name)
        if not 0 < len(bearing) <= _MOST_RULES:
            yield self._values_of(group.holder, name, bearing), np.arange(len(places))
            return
        kinds = np.zeros(len(places), np.int64)
        for bit, rule in enumerate(bearing):
            may = group.may_match(rule)
            kinds |= (may.take(places) if may.ndim else may) * np.int64(1 << bit)
        for kind in np.flatnonzero(np.bincount(kinds)).tolist():
            live = tuple(rule for bit, rule in enumerate(bearing) if kind >> bit & 1)
            yield self._values_of(group.holder, name, live), np.flatnonzero(kinds == kind)

    def _most(self, name: str, roots: Array, joined: Joined) -> Array:
        """Return how many values of a fact `evaluate` may try, which chooses them by the rows as they are. Where they do not stand for all, rows
        are hard."""
        most = np.ones((2, len(roots)))
        for values, places in self._by_rules(self._root, name, roots):
            if values is None:
                joined.hard[roots[places]] = True
            else:
                most[0, places], most[1, places] = values.most, values.most_of_several
        return most

    def _values_of(self, holder: str | None, name: str, live: tuple[int, ...]) -> Values | None:
        if (holder, name, live) not in self._values:
            self._values[holder, name, live] = values_of(self.plan, holder, name, live)
        return self._values[holder, name, live]

    def _asked(self, group: Group, left: Array) -> Array:
        """Return for each of some open rows the first unknown fact that may bear on it, or -1 where none is found."""
        bearing: dict[int, list[Array]] = {}
        for mask, facts in group.doubts:
            for name in facts:
                bearing.setdefault(self.plan.rank[name], []).append(mask)
        asked, waiting = np.full(group.rows.size, -1, np.int16), np.ones(group.rows.size, np.bool_)
        for rank in sorted(bearing):
            column = group.rows.column(self.plan.ranked[rank])
            if not column.whole or column.vague:
                found = waiting & column.unknown & any_true(bearing[rank])
                waiting &= ~found
                asked[found] = rank
        return asked[left]

    def _out_of_looks(self, holder: str | None, rows: Rows, joined: Joined) -> Array:
        """Return where `evaluate` may come to the end of its looks, and would then say otherwise than all ways together: it counts them exactly."""
        # Where the ways have no answer and no item in common, Kleene's logic says the same as all ways together.
        doubtful = (joined.looks[1] > LOOKS_LISTING / _ALLOWED_FOR_MANY) & ~joined.nothing_left()
        left = np.flatnonzero(doubtful)
        if not left.size:
            return doubtful
        group = Group(self.plan, rows.take(left), holder, keep=True)
        compared = self._compared(group, joined.dates[left])
        looks = np.where(compared, joined.looks[1, left], joined.looks[0, left])
        # With many facts open `evaluate` allows itself a tenth of the looks.
        looks[self._many_open(group)] *= _ALLOWED_FOR_MANY
        same = ~any_true([one != other[left] for one, other in zip(group.required_in_every_case(), joined.every, strict=True)])
        doubtful[left] = (looks > LOOKS_LISTING) & ~(joined.nothing_in_common(left) & same)
        return doubtful

    def _many_open(self, group: Group) -> Array:
        """Return where so many unknown facts may bear on a row that `evaluate` allows itself fewer looks."""
        bearing: dict[str, Array] = dict.fromkeys(self.plan.policy.items_read, np.True_)
        for mask, facts in group.doubts:
            for name in facts:
                bearing[name] = bearing.get(name, np.False_) | mask
        unknown = np.zeros(group.rows.size, np.int16)
        for name, mask in bearing.items():
            unknown += mask & group.rows.column(name).unknown
        return unknown > FEW

    def _compared(self, group: Group, tried: Array) -> Array:
        """Return where a date that was filled in may be compared, count against count, with another unknown one."""
        found = np.zeros(group.rows.size, np.bool_)
        for rules, pair in self.plan.compared(group.holder):
            both = np.ones(group.rows.size, np.bool_)
            for name in pair:
                both &= group.rows.column(name).unknown
            for place in rules:
                both &= group.may_match(place)
            found |= both & ((tried & sum(1 << self.plan.dated[name] for name in pair)) != 0)
        return found


def _may_be_known(one: Impossible, rows: Rows) -> bool:
    return all(somewhere(rows.column(name).code >= 0) for name in (one.first, one.second))

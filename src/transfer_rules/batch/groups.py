"""What the rules say to rows that one team holds, and which items that requires: `answers`, `ruling` and `requirements` in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from ..checklists import ANY_TEAM, OUTCOMES, Applies, Item
from ..facts import NOBODY
from ..pack import Close, PeopleDecide, Stay, TransferTo
from .arrays import AWAITING, DATED, FAILS, NO_DAY, NONE, OPEN, PAST_HORIZON, Array, Dues, Rails, all_of, any_of, any_true, everywhere, somewhere
from .columns import Reading
from .plan import CLOSE, CONFLICT, PEOPLE, SILENT, STAY, TRANSFER, Plan
from .rows import Rows
from .said import NOTHING, Said, Way, dated

_NO: Final = np.False_


class Group:
    """What the rules say to some rows that one team holds (`holder` None: nobody knows who), and which items that requires.

    Rows are `open` where unknown facts leave something of it open, and `hard` where columns cannot say it. `doubts` says which facts may settle which
    open rows. `unheard` rows are silent, but which rules stand is open: with `by_rule` that too is left open. `filled` rows are ways of other rows.
    """

    def __init__(self, plan: Plan, rows: Rows, holder: str | None, *, by_rule: bool = False, keep: bool = False, filled: bool = False):
        self.plan, self.rows, self.holder, self.by_rule = plan, rows, holder, by_rule
        self.filled = filled
        self._in_play: dict[int, Array] | None = {} if keep else None
        self._matches: dict[int, Rails] = {}
        self.reading = Reading(rows, plan.tables)
        size = rows.size
        self.open, self.hard, self.unheard = (np.zeros(size, np.bool_) for _ in range(3))
        self._clashes: list[tuple[list[Way], Array]] = []
        self.doubts: list[tuple[Array, tuple[str, ...]]] = []
        self.decides = np.full(size, SILENT, np.int16)
        self.outcome: Array = np.full(size, STAY, np.int8)
        self.team: Array = np.full(size, -1, np.int16)
        self.kind: Array = np.full(size, NONE, np.int8)
        self.day: Array = np.full(size, NO_DAY)
        # Most groups say the same of these in every row: nothing.
        self.area: Array = np.int16(-1)
        self.role: Array = np.int8(-1)
        self.asked: Array = np.int8(-1)
        self.not_before: Array = NO_DAY
        self.no_later: Array = _NO
        self.unproclaimed: Array = _NO
        self.held: Array = np.int8(0)
        self.held_day: Array = NO_DAY
        self.point_kind: Array = np.int8(NONE)
        self.point_day: Array = NO_DAY
        self._hear()
        self.who_open = self.open.copy()
        self._answer()
        if not filled and not keep:
            # What is read for the rules alone takes more memory than all that is found.
            rows.forget_but(plan.policy.items_read)
            self._matches = {}
        self.required = self._require()

    # --- which rules decide

    def _match(self, place: int) -> Rails:
        rule = self.plan.rules[place]
        matched = self.reading.truth(rule.when)
        if self.holder is None and rule.from_teams != ANY_TEAM:
            matched = all_of((Rails(_NO, _NO), matched))
        if isinstance(rule.effect, Stay) and rule.effect.until is not None:
            until = self.reading.due(rule.effect.until)
            ahead = (until.kind == AWAITING) | (until.kind == PAST_HORIZON) | ((until.kind == DATED) & (until.day > self.rows.today))
            unknown = until.kind == OPEN
            self.reading.loose = self.reading.loose | (unknown & until.bounded)
            matched = all_of((matched, Rails(ahead, ~ahead & ~unknown) if somewhere(unknown) else Rails(ahead)))
        return matched

    def _hear(self) -> None:
        plan, size = self.plan, self.rows.size
        matches = self._matches
        for place in plan.heard(self.holder):
            matched = self._match(place)
            if matched.untrue is not None or somewhere(matched.true):
                matches[place] = matched
        if self._in_play is not None:
            self._matched = np.broadcast_to(any_true([matched.true for matched in matches.values()]), size)
        spoken, several = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        may_stay, may = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        certain: dict[int, Array] = {}
        explaining: list[tuple[int, Array]] = []
        for place, matched in matches.items():
            over = [matches[other] for other in plan.overriders[place] if other in matches]
            dead = any_true([one.true for one in over])
            stands = matched.true & ~dead if over else matched.true
            if matched.untrue is not None or any(one.untrue is not None for one in over):
                doubt = any_true([one.unknown for one in over])
                stands = stands & ~doubt
                unknown = matched.unknown & ~dead
                possible = ~matched.false & ~dead & ~stands
                may |= possible
                if plan.explains[place]:
                    # Of a hold that only explains nothing is asked; of the rules over it, whether they match.
                    self.unheard |= possible & doubt
                else:
                    stays = self._stays(place, possible)
                    may_stay |= possible & stays
                    # Until it is settled which rules stand, each that may is asked about, as `evaluate` does.
                    self.open |= possible if self.by_rule else possible & ~stays
                    self._doubt(unknown, plan.policy.reads[plan.rules[place].id].match)
                for other, one in zip((other for other in plan.overriders[place] if other in matches), over, strict=True):
                    self._doubt(one.unknown & possible, plan.policy.reads[plan.rules[other].id].match)
            if self._in_play is not None:
                self._in_play[place] = np.broadcast_to(stands | (~matched.false & ~dead), size)
            if not somewhere(stands):
                continue
            if plan.explains[place]:
                explaining.append((place, stands))
                continue
            certain[place] = stands
            several |= spoken & stands
            self.decides += stands * np.int16(place + 1)
            spoken |= stands
        # A stay that may stand besides makes a difference to a move that stands, and none to silence or another stay.
        if somewhere(may_stay):
            self.open |= may_stay & any_true([stands for place, stands in certain.items() if not plan.stays[place]])
            self.unheard |= may_stay & ~spoken
        if self.by_rule:
            self.open |= self.unheard
        # Where bounds of dates, which are not kept here, may settle a comparison, `evaluate` may see fewer ways, and say less of dates.
        if somewhere(self.reading.loose):
            self.hard |= may & self.reading.loose
        first = spoken.copy() if explaining else spoken
        for place, stands in explaining:
            stands = stands & ~first
            several |= spoken & stands
            self.decides += stands * np.int16(place + 1)
            spoken |= stands
            certain[place] = stands
        if somewhere(several):
            # Their numbers have been added up, and stand for nothing.
            self._several(np.flatnonzero(several), certain)

    def _stays(self, place: int, rows: Array) -> Array:
        """Return where a rule says that the case stays: it is a hold, or the team that it names holds the case already. Only `rows` count."""
        target = self.plan.rules[place].effect
        if not isinstance(target, TransferTo) or not somewhere(rows):
            return np.bool_(self.plan.stays[place])
        if isinstance(target.team, str) and target.team != self.holder:
            return _NO
        said = self._of(place, self.reading)
        return (said.outcome == STAY) & ~said.open

    def _of(self, place: int, reading: Reading) -> Said:
        return Said(self.plan, place, self.holder, reading, filled=self.filled)

    def _several(self, places: Array, certain: Mapping[int, Array]) -> None:
        """Number the sets of rules that stand together."""
        names = sorted(certain)
        stands = np.stack([np.broadcast_to(certain[name], self.rows.size)[places] for name in names])
        packed = np.packbits(stands, axis=0).T
        kinds, which = np.unique(packed, axis=0, return_inverse=True)
        which = which.reshape(-1)
        for number in range(len(kinds)):
            rows = np.flatnonzero(which == number)
            standing = tuple(name for row, name in enumerate(names) if stands[row, rows[0]])
            self.decides[places[rows]] = self.plan.set_of(standing)

    def _doubt(self, rows: Array, facts: tuple[str, ...]) -> None:
        if somewhere(rows):
            self.doubts.append((rows, facts))

    # --- what they say

    def _answer(self) -> None:
        counts = np.bincount(self.decides + 1, minlength=1)
        for number in np.flatnonzero(counts[1:]).tolist():
            chosen = self.decides == number
            rows = np.flatnonzero(chosen if not somewhere(self.open) else chosen & ~self.open)
            if rows.size:
                self._say(self.plan.sets[number], rows)

    def _say(self, standing: tuple[int, ...], places: Array) -> None:
        rows = self.rows if len(places) == self.rows.size else self.rows.take(places)
        reading = self.reading if rows is self.rows else Reading(rows, self.plan.tables)
        said = [self._of(place, reading) for place in standing]
        for one in said:
            if somewhere(one.open):
                opened = places[np.broadcast_to(one.open, rows.size)]
                self.open[opened] = True
                self.who_open[places[np.broadcast_to(one.who_open, rows.size)]] = True
                mask = np.zeros(self.rows.size, np.bool_)
                mask[opened] = True
                self._doubt(mask, self.plan.policy.reads[self.plan.rules[one.place].id].answer)
        self._put(places, said[0].columns)
        if len(said) > 1:
            self._agree(said, places)

    def _agree(self, said: Sequence[Said], places: Array) -> None:
        """Put together rules that stand side by side, one without a date agreeing with any; rows where they clash, or people decide, are hard."""
        first = said[0]
        due, points = first.due, [one.point for one in said]
        # Rules that name two areas of one team leave the area open.
        areas = np.stack([np.broadcast_to(one.area, len(places)) for one in said])
        area = areas.max(axis=0)
        area = np.where(((areas >= 0) & (areas != area)).any(axis=0), np.int16(-1), area)
        clash: Array = first.outcome == PEOPLE
        for one in said[1:]:
            clash = clash | (one.outcome != first.outcome) | (one.team != first.team) | (one.role != first.role)
            both = (one.due.kind != NONE) & (due.kind != NONE)
            same_day = (one.due.day == due.day) | (due.kind != DATED)
            by_date = both & ~((one.due.kind == due.kind) & same_day & (one.due.not_before == due.not_before))
            if self.filled and somewhere(by_date):
                # The days on which two counts meet are not among those that are tried.
                self.hard[places[np.broadcast_to(by_date, len(places))]] = True
            clash = clash | by_date
            due = due.where(due.kind != NONE, one.due)
        clash = np.broadcast_to(clash, len(places))
        # The transfer point is that of the first rule with a date, or else of the first that has one.
        point = Dues(np.int8(NONE))
        for own in reversed(points):
            point = own.where(own.kind != NONE, point)
        for one, own in reversed(list(zip(said, points, strict=True))):
            point = own.where((own.kind != NONE) & (one.due.kind != NONE), point)
        self._put(places, {**dated(due), "area": area, "point_kind": point.kind, "point_day": point.day})
        self._put(places, {name: np.max([np.broadcast_to(getattr(one, name), len(places)) for one in said], axis=0) for name in ("held", "held_day")})
        if somewhere(clash):
            self._clash(said, places[clash], clash)

    def _clash(self, said: Sequence[Said], places: Array, clash: Array) -> None:
        """Write rows in which rules clash. Where it takes more than this to say who settles that, the rows are hard."""
        names = {self.plan.rules[one.place].id for one in said}
        left = next((one for one in self.plan.policy.pack.leave_to_people if len(names & one.rules) > 1), None)
        if any(somewhere(one.outcome == PEOPLE) for one in said) or (left is not None and len(names) > 2):
            self.hard[places] = True
        elif left is not None:
            # The rules have not decided, so what hangs on rules does not belong to it.
            asked = np.int8(-1 if left.settled_by is None else self.plan.asked.index(left.settled_by))
            self._put(places, {**NOTHING, "outcome": np.int8(PEOPLE), "asked": asked})
            self._clashes.append(([Way(np.int8(PEOPLE), np.int16(-1), np.int16(SILENT))], places))
        else:
            self._put(places, {**NOTHING, "outcome": np.int8(CONFLICT)})
            self._clashes.append(([one.way(clash) for one in said], places))

    def _put(self, places: Array, said: Mapping[str, Array]) -> None:
        """Write what is said of some rows. A column in which every row says the same, nothing, is not written out."""
        for name, value in said.items():
            column, none = getattr(self, name), NOTHING[name]
            if column.ndim == 0:
                if everywhere(value == none):
                    continue
                column = np.full(self.rows.size, none)
                setattr(self, name, column)
            column[places] = value

    # --- which items that requires

    def _require(self) -> list[Array]:
        plan, size = self.plan, self.rows.size
        words = plan.no_items(size)
        columns = [words] if words.ndim == 1 else [np.zeros(size, np.uint64) for _ in range(words.shape[1])]
        known: dict[int, Rails] = {}
        way, settled = Way(self.outcome, self.team, self.decides), ~self.open
        for place, item in enumerate(plan.items):
            wanted = self._wanted(item, way, self.reading, known)
            if wanted is FAILS:
                continue
            unknown = wanted.unknown & settled
            if somewhere(unknown):
                self.open |= unknown
                self._doubt(unknown, tuple(sorted(plan.policy.item_reads[item.id])))
            column = columns[place // 64]
            true = np.asarray(wanted.true).view(np.uint8)
            column |= true * column.dtype.type(1 << place % 64)
        for ways, places in self._clashes:
            self._require_of_all(ways, places, columns)
        return columns

    def _require_of_all(self, ways: Sequence[Way], places: Array, columns: Sequence[Array]) -> None:
        """Write the items of rows in which rules clash: those that each way requires. Where that is open, the rows are hard."""
        rows = self.rows.take(places)
        reading, known = Reading(rows, self.plan.tables), [dict[int, Rails]() for _ in ways]
        for place, item in enumerate(self.plan.items):
            wanted = all_of(self._wanted(item, way, reading, found) for way, found in zip(ways, known, strict=True))
            self.hard[places[np.broadcast_to(wanted.unknown, len(places))]] = True
            column = columns[place // 64]
            bit = column.dtype.type(1 << place % 64)
            column[places] &= ~bit
            column[places[np.broadcast_to(wanted.true, len(places))]] |= bit

    def required_in_every_case(self) -> list[Array]:
        """Return the items that every rule in play would require, as `requirements` says of an open answer; none where that is not told here."""
        plan, size = self.plan, self.rows.size
        columns = [np.zeros(size, word.dtype) for word in self.required]
        every = [~word for word in columns]
        told = np.full(size, not plan.policy.pack.leave_to_people)
        for place, plays in (self._in_play or {}).items():
            way = self._way_of(place)
            if way is None:
                told &= ~plays
                continue
            known: dict[int, Rails] = {}
            for number, item in enumerate(plan.items):
                true = self._wanted(item, way, self.reading, known).true
                every[number // 64] &= ~(plays & ~true * every[number // 64].dtype.type(1 << number % 64))
        return [np.where(told & self._matched, word, 0).astype(word.dtype) for word in every]

    def may_match(self, place: int) -> Array:
        """Return where a rule is not certain to fail to match."""
        matched = self._matches.get(place)
        return _NO if matched is None else ~matched.false

    def _way_of(self, place: int) -> Way | None:
        """Return what a rule comes to whatever else is so; None where facts have a say in it, or where it only explains."""
        match self.plan.rules[place].effect:
            case Stay(yields=False):
                outcome, team = STAY, -1
            case Close():
                outcome, team = CLOSE, -1
            case PeopleDecide():
                outcome, team = PEOPLE, -1
            case TransferTo(team=str() as named) if self.holder is not None and named not in (self.holder, NOBODY):
                outcome, team = TRANSFER, self.plan.teams.index(named)
            case _:
                return None
        return Way(np.int8(outcome), np.int16(team), np.int16(place))

    def _belongs(self, one: Applies, way: Way, reading: Reading) -> Rails:
        """Return where a list belongs to what rows come to: `Applies.truth` in columns."""
        plan = self.plan
        parts: list[Rails] = []
        if one.outcomes is not None:
            wanted = np.array([outcome in one.outcomes for outcome in OUTCOMES])
            parts.append(Rails(wanted[way.outcome]))
        if one.rules is not None:
            among = np.array([any(plan.rules[place].id in one.rules for place in standing) for standing in plan.sets] + [False])
            parts.append(Rails(among[way.decides]))
        if one.to_teams != ANY_TEAM:
            # The last place is for no team at all.
            among = np.array([bool(one.to_teams.hold(team)) for team in plan.teams] + [False])
            to_nobody = plan.teams.index(NOBODY)
            parts.append(Rails(among[np.where(way.outcome == CLOSE, to_nobody, way.team)]))
        from_holder = one.from_teams.hold(self.holder)
        if from_holder is not True:
            parts.append(FAILS if from_holder is False else Rails(_NO, _NO))
        return all_of((*parts, reading.truth(one.when)))

    def _wanted(self, item: Item, way: Way, reading: Reading, known: dict[int, Rails]) -> Rails:
        """Return where an item is wanted; `known` keeps what was found of a list that several items stand on."""
        belongs = []
        for number in self.plan.lists_of_item[item.id]:
            if number not in known:
                known[number] = self._belongs(self.plan.lists[number], way, reading)
            belongs.append(known[number])
        found = any_of(belongs)
        return FAILS if found.untrue is None and not somewhere(found.true) else all_of((found, reading.truth(item.when)))

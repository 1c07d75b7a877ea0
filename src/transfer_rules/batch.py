"""Whole caseloads in columns: `evaluate_batch` decides every row as `evaluate` would, and hands back columns.

The rules are the policy's own, read by `columns`. Rows are taken holder by holder, since a rule speaks to some holding teams only. Where unknown
facts leave a row open, it is filled in with the values that stand for all, as in `completion`, and what every way says is joined. What columns
cannot hold (moments, recorded decisions, clashes, unknown dates compared with other dates) is decided row by row by `evaluate` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import numpy as np

from .checklists import ANY_TEAM, OUTCOMES, Applies, Item
from .columns import (
    AT_ONCE,
    AWAITING,
    DATED,
    FAILS,
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
    Reading,
    Tables,
    all_of,
    any_of,
    day_number,
    day_of,
)
from .conditions import Age, Amount, Compare, Is, OneOf, Within
from .dates import london_date
from .decision import DeadlineState, Decision
from .errors import SnapshotError
from .evaluation import evaluate, evaluate_to_compare
from .facts import DATED_KINDS, FIRST_DAY, NOBODY, RESERVED_TEAMS
from .frames import Table, faulty_rows
from .impossible import ABOUT, IMPOSSIBLE
from .pack import Close, FromFact, PeopleDecide, Rule, Stay, TransferTo
from .policy import Policy, answer_trees, match_trees
from .timescales import AsOf, Count, FactDay, counts_from_move, facts_read, nodes
from .vocabulary import CaseSnapshot

STATES: Final[tuple[DeadlineState, ...]] = ("firm", "no_later_than", "awaiting", "at_once", "not_stated", "unproclaimed", "past_horizon")
REFUSED: Final = 255
"""The outcome of a row that is no snapshot of the policy; its `decision` raises what is wrong."""

_CHUNK: Final = 1 << 17
_NO: Final = np.False_
_TRANSFER, _STAY, _CLOSE, _PEOPLE, _UNDETERMINED, _ = range(len(OUTCOMES))
_FIRM, _NO_LATER, _AWAITING, _AT_ONCE, _NOT_STATED, _UNPROCLAIMED, _PAST = range(len(STATES))
_NO_STATE: Final = 255
# The state of a deadline, by the kind of its date.
_STATE_OF: Final = np.array([_AWAITING, _AWAITING, _FIRM, _NOT_STATED, _AT_ONCE, _PAST], np.uint8)
# Sets of rules that decide: none at all, and not the same in every way.
_SILENT: Final = -1
_DIFFERENT: Final = -2
_AGREED: Final = FactDay("agreed_transfer_on")
_OTHERWISE: Final = "otherwise"
_LEFT_TO_PEOPLE: Final = "leave_to_people"
# A row that may take more looks than this is left to `evaluate`, which counts them exactly.
_MOST_LOOKS: Final = 1_000
_MOST_OPEN: Final = 9
# Beyond the few days at which an answer turns in columns, `evaluate` may try more.
_DAYS_TRIED: Final = 16
_MOST_OPTIONS: Final = 6


class Batch:
    """The decisions of a caseload, row by row those of `evaluate`, as columns of numpy.

    Attributes:
        size: the number of rows.
        outcome: places in `OUTCOMES`; REFUSED where the row is no snapshot of the policy.
        decided: whether the answer is certain; where it is not, it is provisional.
        team: the receiving team, a place in `teams`; -1 where no team receives the case.
        area: the area of the receiving team, a place in `areas`; -1 where none is named, or it is open.
        deadline_state: places in `STATES`; 255 where the answer has no deadline.
        required, outstanding: the items as bits, bit i being `items[i]`: unsigned integers, or rows of 64-bit integers where there are more than 64.
        rule: the first rule, by id, that decides however unknown facts are filled in: a place in `rules`; -1 where none does.
        teams, areas, items, rules: the legends. `rules` ends with `leave_to_people` and `otherwise`.
    """

    def __init__(self, plan: _Plan, table: Table):
        self._plan, self._table = plan, table
        self.size = size = table.size
        self.teams, self.areas, self.items, self.rules = plan.teams, plan.areas, tuple(item.id for item in plan.items), plan.legend
        self.outcome = np.full(size, REFUSED, np.uint8)
        self.decided = np.zeros(size, np.bool_)
        self.team = np.full(size, -1, _least(len(plan.teams)))
        # A pack without areas has one value for every row.
        self.area = np.full(size, -1, _least(len(plan.areas))) if plan.areas else np.broadcast_to(np.int8(-1), size)
        self.deadline_state = np.full(size, _NO_STATE, np.uint8)
        self._deadline = np.full(size, NO_DAY)
        self.required, self.outstanding = plan.no_items(size), plan.no_items(size)
        self.rule = np.full(size, -1, _least(len(plan.legend)))
        self._not_before: list[tuple[Array, Array]] = []
        self._hardrows: list[Array] = []
        self.moments: dict[int, tuple[datetime | None, datetime | None]] = {}
        """Deadlines, and days before which nothing may be, that are moments: by row. Their columns hold the date in London."""

    @property
    def deadline(self) -> Array:
        """The deadline: a `datetime64[D]` for each row, NaT where there is no date."""
        return _dates(self._deadline)

    @property
    def not_before(self) -> Array:
        """The earliest date, where the procedure sets one: a `datetime64[D]` for each row, NaT where it sets none."""
        days = np.full(self.size, NO_DAY)
        for rows, found in self._not_before:
            days[rows] = found
        return _dates(days)

    @property
    def refused(self) -> Array:
        """The rows that are no snapshots of the policy."""
        return np.flatnonzero(self.outcome == REFUSED)

    def snapshot(self, row: int) -> CaseSnapshot:
        """Return one row as a snapshot.

        Raises:
            SnapshotError: a value of the row is none that its fact can have.
        """
        return self._table.snapshot(row)

    def decision(self, row: int) -> Decision:
        """Return the full decision of one row.

        Raises:
            SnapshotError: the row is one of those refused.
        """
        return evaluate(self._plan.policy, self.snapshot(row))

    def row(self, row: int) -> dict[str, Any]:
        """Return what the columns say of one row, in words: to read, and to hold against a decision."""
        at_deadline, at_not_before = self.moments.get(row, (None, None))
        state, outcome = int(self.deadline_state[row]), int(self.outcome[row])
        return {
            "outcome": None if outcome == REFUSED else OUTCOMES[outcome],
            "certainty": "decided" if self.decided[row] else "provisional",
            "team": _named(self.teams, self.team[row]),
            "area": _named(self.areas, self.area[row]),
            "deadline": at_deadline or _day(self._deadline[row]),
            "deadline_state": None if state == _NO_STATE else STATES[state],
            "not_before": at_not_before or next((_day(days[rows == row][0]) for rows, days in self._not_before if (rows == row).any()), None),
            "required": self._names(self.required, row),
            "outstanding": self._names(self.outstanding, row),
            "rule": _named(self.rules, self.rule[row]),
        }

    def _names(self, bits: Array, row: int) -> tuple[str, ...]:
        words = np.atleast_1d(bits[row]).tolist()
        return tuple(item for place, item in enumerate(self.items) if words[place // 64] >> place % 64 & 1)

    def columns(self) -> dict[str, tuple[Array, tuple[str, ...] | None]]:
        """Return every column by name, with the words that its codes stand for."""
        certainty = ("provisional", "decided")
        refused = self.outcome == REFUSED
        plain = {
            "outcome": (np.where(refused, -1, self.outcome.astype(np.int16)), OUTCOMES),
            "certainty": (np.where(refused, np.int8(-1), self.decided.view(np.int8)), certainty),
            "team": (self.team, self.teams),
            "area": (self.area, self.areas),
            "deadline": (self.deadline, None),
            "deadline_state": (np.where(self.deadline_state == _NO_STATE, -1, self.deadline_state.astype(np.int16)), STATES),
            "not_before": (self.not_before, None),
            "rule": (self.rule, self.rules),
        }
        bits: dict[str, tuple[Array, None]] = {}
        for name in ("required", "outstanding"):
            words = _words(getattr(self, name))
            bits |= {name if len(words) == 1 else f"{name}_{number}": (word, None) for number, word in enumerate(words)}
        return {**plain, **bits}


def evaluate_batch(
    policy: Policy,
    columns: Any,
    *,
    as_of: date | datetime | None = None,
    unstated: str | Sequence[str] = "unknown",
    progress: Callable[[int, int], None] | None = None,
) -> Batch:
    """Decide a whole caseload: every row as `evaluate` decides its snapshot.

    Args:
        columns: a name to a column of length n (numpy, Arrow or polars, or `Coded`), or an Arrow table or polars frame. A fact goes by its name; an
            event has its dates there, and `not_yet` or `happened` in `<fact>_state`; progress is `checklist.<item>` (dates) and
            `checklist.<item>_state`; a recorded decision `decisions.<id>`, `decisions.<id>_area` and `decisions.<id>_on`. Null, NaT and -1 are
            unknown; a missing column is unknown in every row.
        as_of: the day or moment asked about, where no column `as_of` says it row by row.
        unstated: as in `CaseSnapshot`, for every row.
        progress: called with the rows done and all rows, now and then.
    Raises:
        SnapshotError: a column is unknown to the policy, or holds what its fact cannot. A single row that is no snapshot is `refused`, and does not
            stop the others.
    Source: docs/columns.md.
    """
    table = Table(policy, columns, as_of, unstated)
    plan = _plan_of(policy)
    batch = Batch(plan, table)
    _Deciding(plan, table, batch, progress or (lambda done, rows: None)).run()
    return batch


def _least(most: int) -> Any:
    return np.int8 if most < 2**7 else np.int16


def _dates(days: Array) -> Array:
    return np.where(days == NO_DAY, np.datetime64("NaT"), days.astype("datetime64[D]"))


def _day(number: Any) -> date | None:
    return None if number == NO_DAY else day_of(int(number))


def _named(names: Sequence[str], code: Any) -> str | None:
    return None if code < 0 else names[code]


# --- what is worked out once for a policy


class _Plan:
    """A policy as columns need it: legends, who hears which rules, and for each fact the values that stand for all."""

    def __init__(self, policy: Policy):
        self.policy = policy
        self.tables = Tables(policy.calendar)
        self.rules: tuple[Rule, ...] = tuple(policy.rules.values())
        self.place = {rule.id: place for place, rule in enumerate(self.rules)}
        self.legend = (*policy.rules, _LEFT_TO_PEOPLE, _OTHERWISE)
        self.teams = tuple(dict.fromkeys((*policy.pack.teams, *RESERVED_TEAMS)))
        self.areas = tuple(policy.areas)
        roles = (rule.effect.role for rule in self.rules if isinstance(rule.effect, TransferTo) and rule.effect.role is not None)
        self.roles = tuple(dict.fromkeys(roles))
        asked = (rule.effect.settled_by for rule in self.rules if isinstance(rule.effect, PeopleDecide) and rule.effect.settled_by is not None)
        self.asked = tuple(dict.fromkeys(asked))
        self.items = tuple(item for item in policy.pack.items.values() if not item.off)
        self.explains = tuple(isinstance(rule.effect, Stay) and rule.effect.yields for rule in self.rules)
        self.stays = tuple(isinstance(rule.effect, Stay) for rule in self.rules)
        self.overriders = tuple(tuple(self.place[name] for name in policy.overriders[rule.id]) for rule in self.rules)
        self.first = min(self.place.values(), default=0)
        self.sets: list[tuple[int, ...]] = [(place,) for place in range(len(self.rules))]
        self._set_of = {names: place for place, names in enumerate(self.sets)}
        self._heard: dict[str | None, tuple[int, ...]] = {}
        self._tried: dict[tuple[str | None, str], _Values | None] = {}
        self.fact_place = {name: place for place, name in enumerate(sorted(policy.facts))}
        self.fact_names = tuple(self.fact_place)
        # Of the unknown facts that bear on an answer, who holds the case is tried first, since it silences most rules, and dates last.
        self.order = {name: (name != "current_team", fact.kind in DATED_KINDS, name) for name, fact in policy.facts.items()}
        self.moves_for = frozenset(item.id for item in self.items if _looks_at_move(policy, item))
        self.moves_matter = bool(self.moves_for)

    def no_items(self, size: int) -> Array:
        """Return columns of bits, none of them set."""
        count = len(self.items)
        if count > 64:
            return np.zeros((size, -(-count // 64)), np.uint64)
        return np.zeros(size, next(kind for kind in (np.uint8, np.uint16, np.uint32, np.uint64) if count <= np.dtype(kind).itemsize * 8))

    def heard(self, holder: str | None) -> tuple[int, ...]:
        """Return the rules that may speak to a holder, all but those of other teams; to an unknown one, every rule."""
        if holder not in self._heard:
            self._heard[holder] = tuple(place for place, rule in enumerate(self.rules) if rule.from_teams.hold(holder) is not False)
        return self._heard[holder]

    def set_of(self, rules: tuple[int, ...]) -> int:
        """Return the number of a set of rules."""
        if rules not in self._set_of:
            self._set_of[rules] = len(self.sets)
            self.sets.append(rules)
        return self._set_of[rules]

    def values(self, holder: str | None, fact: str) -> _Values | None:
        """Return the values of an unknown fact that stand for all while this team holds the case; None where columns cannot say."""
        if (holder, fact) not in self._tried:
            self._tried[holder, fact] = _values(self, holder, fact)
        return self._tried[holder, fact]


def _looks_at_move(policy: Policy, item: Item, seen: frozenset[str] = frozenset()) -> bool:
    """Say whether it takes the days of the move to tell whether an item counts as done."""
    valid = () if item.valid is None else (item.valid.on_or_after, item.valid.before)
    trees = [tree for tree in (item.when, item.done_when, *valid) if tree is not None]
    if item.fresh_for is not None or any(map(counts_from_move, trees)):
        return True
    others = (policy.work[name] for name in (*item.needs, *item.satisfied_by) if name not in seen)
    return any(isinstance(other, Item) and _looks_at_move(policy, other, seen | {item.id, other.id}) for other in others)


_Values = Callable[["_Rows"], list[tuple[Any, Any]]]
"""For some rows the values of a fact that stand for all: codes, and for a date the days of each row."""


def _values(plan: _Plan, holder: str | None, name: str) -> _Values | None:
    policy = plan.policy
    fact = policy.facts[name]
    trees = [tree for place in plan.heard(holder) for tree in (*match_trees(plan.rules[place]), *answer_trees(plan.rules[place]))]
    for item in plan.items:
        trees += [item.when, *(one.when for one in policy.moves_of_item[item.id])]
    read = [node for tree in trees for node in nodes(tree) if name in node.reads]
    match fact.kind:
        case "yes_no":
            return lambda rows: [(0, None), (1, None)]
        case "choice" | "team" | "area":
            return lambda rows: [(code, None) for code in range(len(rows.column(name).names))]
        case "count":
            limits = {node.limit for node in read if isinstance(node, Amount)}
            limits |= {value for node in read if isinstance(node, (Is, OneOf)) for value in _compared(node) if isinstance(value, int)}
            if any(isinstance(node, Is) and not isinstance(node.value, int) for node in read):
                return None
            tried = sorted({near for limit in limits for near in (limit - 1, limit, limit + 1) if near >= 0} | {0})
            return lambda rows: [(code, None) for code in tried]
        case "choices":
            if len(fact.options) > _MOST_OPTIONS:
                return None
            return lambda rows: [(code, None) for code in range(1 << len(fact.options))]
    return _days_tried(plan, trees, name)


def _compared(node: Is | OneOf) -> tuple[Any, ...]:
    return tuple(node.values) if isinstance(node, OneOf) else (node.value,)


def _days_tried(plan: _Plan, trees: Sequence[Any], name: str) -> _Values | None:
    """Return days that stand for all where a date is compared with the day asked about alone; None where it is compared with other dates."""
    fact, policy = plan.policy.facts[name], plan.policy
    ages: set[int] = set()
    for tree in trees:
        for node in nodes(tree):
            if name not in facts_read(node):
                continue
            match node:
                case Compare(left=FactDay(), right=AsOf()) | Compare(left=AsOf(), right=FactDay()):
                    pass
                case Age(on=AsOf(), age=age) if name == "date_of_birth":
                    ages.add(age)
                case Compare() | Within() | Age():
                    return None
                case Is() | OneOf() if any(isinstance(value, date) or not isinstance(value, str) for value in _compared(node)):
                    return None
    if any(name in facts_read(until) and not isinstance(until, FactDay) for until in _untils(plan)):
        return None
    first = FIRST_DAY if name == "date_of_birth" else policy.calendar.first
    earliest, last = np.int32(day_number(first)), np.int32(day_number(policy.calendar.last))

    def tried(rows: _Rows) -> list[tuple[Any, Any]]:
        today = rows.today
        days = [np.minimum(earliest, today), today - 1, today, today + 1, np.maximum(last, today)]
        for age in sorted(ages):
            born_by = plan.tables.look_up("born_by", age, today)
            days += [born_by, born_by + 1]
        return [(AWAITING, NEVER), *((DATED, day) for day in days)]

    del fact
    return tried


def _untils(plan: _Plan) -> Iterator[Any]:
    return (rule.effect.until for rule in plan.rules if isinstance(rule.effect, Stay) and rule.effect.until is not None)


def _plan_of(policy: Policy) -> _Plan:
    # No team has a name in brackets.
    plan: _Plan = policy.forms.setdefault("(columns)", None) or _Plan(policy)
    policy.forms["(columns)"] = plan
    return plan


# --- rows


class _Rows:
    """Some rows of the table, with what has been filled in. A fact is read from the table once for all the rows that these were taken from."""

    def __init__(self, table: Table, at: Array, above: _Rows | None = None, places: Array = None):
        self.table, self.at, self.size = table, at, len(at)
        # Rows that lie side by side are read as one stretch, which is faster.
        whole = above is None and self.size and at[-1] - at[0] == self.size - 1
        self._from = slice(int(at[0]), int(at[-1]) + 1) if whole else at
        self._above, self._places = above, places
        self._read: dict[str, Column] = {}
        self.today: Array = table.today(self._from) if above is None else above.today[places] if np.ndim(above.today) else above.today

    def column(self, fact: str) -> Column:
        """Return a fact in these rows."""
        found = self._read.get(fact)
        if found is None:
            found = self.table.column(fact, self._from, self.size) if self._above is None else self._above.column(fact).take(self._places)
            self._read[fact] = found
        return found

    def take(self, places: Array) -> _Rows:
        """Return some of these rows."""
        return _Rows(self.table, self.at[places], self, places)

    def fill(self, fact: str, column: Column) -> None:
        """Put a fact in the place of what the table says."""
        self._read[fact] = column


class _Group:
    """What the rules say to some rows that one team holds (`holder` None: nobody knows who), and which items that requires.

    Rows are `open` where unknown facts leave something of it open, and `hard` where columns cannot say it. `doubts` says which facts may settle which
    open rows. `unheard` rows are silent, but which rules stand is open: with `by_rule` that too is left open.
    """

    def __init__(self, plan: _Plan, rows: _Rows, holder: str | None, *, by_rule: bool = False):
        self.plan, self.rows, self.holder, self.by_rule = plan, rows, holder, by_rule
        self.reading = Reading(rows, plan.tables)
        size = rows.size
        self.open, self.hard, self.unheard = (np.zeros(size, np.bool_) for _ in range(3))
        self.doubts: list[tuple[Array, tuple[str, ...]]] = []
        self.decides = np.full(size, _SILENT, np.int16)
        self.outcome: Array = np.full(size, _STAY, np.int8)
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
        self._answer()
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
            matched = all_of((matched, Rails(ahead, ~ahead & ~unknown) if np.any(unknown) else Rails(ahead)))
        return matched

    def _hear(self) -> None:
        plan, size = self.plan, self.rows.size
        matches: dict[int, Rails] = {}
        for place in plan.heard(self.holder):
            matched = self._match(place)
            if matched.untrue is not None or np.any(matched.true):
                matches[place] = matched
        spoken, several = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        may_stay, may = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        certain: dict[int, Array] = {}
        explaining: list[tuple[int, Array]] = []
        for place, matched in matches.items():
            over = [matches[other] for other in plan.overriders[place] if other in matches]
            dead = _any([one.true for one in over])
            stands = matched.true & ~dead if over else matched.true
            if matched.untrue is not None or any(one.untrue is not None for one in over):
                stands = stands & ~_any([one.unknown for one in over])
                unknown = matched.unknown & ~dead
                possible = ~matched.false & ~dead & ~stands
                may |= possible
                if plan.explains[place]:
                    self.unheard |= possible & ~matched.unknown
                else:
                    if plan.stays[place]:
                        may_stay |= possible
                    else:
                        self.open |= possible
                    self._doubt(unknown, plan.policy.reads[plan.rules[place].id].match)
                for other, one in zip((other for other in plan.overriders[place] if other in matches), over, strict=True):
                    self._doubt(one.unknown & possible, plan.policy.reads[plan.rules[other].id].match)
            if not np.any(stands):
                continue
            if plan.explains[place]:
                explaining.append((place, stands))
                continue
            certain[place] = stands
            several |= spoken & stands
            np.copyto(self.decides, np.int16(place), where=stands)
            spoken |= stands
        # A stay that may stand besides makes a difference to a move that stands, and none to silence or another stay.
        if may_stay.any():
            self.open |= may_stay & _any([stands for place, stands in certain.items() if not plan.stays[place]])
            self.unheard |= may_stay & ~spoken
        if self.by_rule:
            self.open |= self.unheard
        # What is left open without a difference must be open by the bounds of dates as well, which are not kept here.
        if np.any(self.reading.loose):
            self.hard |= may & ~self.open & self.reading.loose
        first = spoken.copy() if explaining else spoken
        for place, stands in explaining:
            stands = stands & ~first
            several |= spoken & stands
            np.copyto(self.decides, np.int16(place), where=stands)
            spoken |= stands
            certain[place] = stands
        if several.any():
            self._several(np.flatnonzero(several), certain)

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
        if np.any(rows):
            self.doubts.append((rows, facts))

    # --- what they say

    def _answer(self) -> None:
        counts = np.bincount(self.decides + 1, minlength=1)
        for number in np.flatnonzero(counts[1:]).tolist():
            chosen = self.decides == number
            rows = np.flatnonzero(chosen if not self.open.any() else chosen & ~self.open)
            if rows.size:
                self._say(self.plan.sets[number], rows)

    def _say(self, standing: tuple[int, ...], places: Array) -> None:
        rows = self.rows if len(places) == self.rows.size else self.rows.take(places)
        reading = self.reading if rows is self.rows else Reading(rows, self.plan.tables)
        said = [_Said(self, place, rows, reading) for place in standing]
        for one in said:
            if np.any(one.open):
                opened = places[np.broadcast_to(one.open, rows.size)]
                self.open[opened] = True
                mask = np.zeros(self.rows.size, np.bool_)
                mask[opened] = True
                self._doubt(mask, self.plan.policy.reads[self.plan.rules[one.place].id].answer)
        said[0].put(self, places)
        if len(said) > 1:
            self._agree(said, places)

    def _agree(self, said: Sequence[_Said], places: Array) -> None:
        """Put together rules that stand side by side; rows where they clash, or where agreeing takes more than this, are hard."""
        first = said[0]
        clash: Array = _NO
        for one in said[1:]:
            clash = clash | (one.outcome != first.outcome) | (one.team != first.team) | (one.role != first.role) | (one.asked != first.asked)
            clash = clash | (one.due.kind != first.due.kind) | (one.due.day != first.due.day) & (one.due.kind == DATED)
            clash = clash | (one.due.not_before != first.due.not_before) | (one.area != first.area)
            if self.plan.moves_matter:
                clash = clash | (first.outcome != _STAY)
        people = first.outcome == _PEOPLE
        self.hard[places[np.broadcast_to(clash | people, len(places))]] = True
        stays = np.broadcast_to(first.outcome == _STAY, len(places))
        if np.any(stays):
            self.held, self.held_day = (np.broadcast_to(column, self.rows.size).copy() for column in (self.held, self.held_day))
            held = np.max([np.broadcast_to(one.held, len(places)) for one in said], axis=0)
            self.held[places] = np.where(stays, held, 0)
            self.held_day[places] = np.max([np.broadcast_to(one.held_day, len(places)) for one in said], axis=0)

    # --- which items that requires

    def _require(self) -> list[Array]:
        plan, size = self.plan, self.rows.size
        words = plan.no_items(size)
        columns = [words] if words.ndim == 1 else [np.zeros(size, np.uint64) for _ in range(words.shape[1])]
        known: dict[int, Rails] = {}
        settled = ~self.open
        for place, item in enumerate(plan.items):
            belongs = any_of(self._applies(one, known) for one in plan.policy.moves_of_item[item.id])
            if belongs is FAILS or (belongs.untrue is None and not np.any(belongs.true)):
                continue
            wanted = all_of((belongs, self.reading.truth(item.when)))
            unknown = wanted.unknown & settled
            if np.any(unknown):
                self.open |= unknown
                self._doubt(unknown, tuple(sorted(plan.policy.item_reads[item.id])))
            column = columns[place // 64]
            column |= np.asarray(wanted.true).astype(column.dtype) << column.dtype.type(place % 64)
        return columns

    def _applies(self, one: Applies, known: dict[int, Rails]) -> Rails:
        found = known.get(id(one))
        if found is None:
            found = known[id(one)] = self._belongs(one)
        return found

    def _belongs(self, one: Applies) -> Rails:
        plan = self.plan
        parts: list[Rails] = []
        if one.outcomes is not None:
            wanted = np.array([outcome in one.outcomes for outcome in OUTCOMES])
            parts.append(Rails(wanted[self.outcome]))
        if one.rules is not None:
            among = np.array([any(plan.rules[place].id in one.rules for place in standing) for standing in plan.sets] + [False])
            parts.append(Rails(among[self.decides]))
        if one.to_teams != ANY_TEAM:
            # The last place is for no team at all.
            among = np.array([bool(one.to_teams.hold(team)) for team in plan.teams] + [False])
            to_nobody = plan.teams.index(NOBODY)
            parts.append(Rails(among[np.where(self.outcome == _CLOSE, to_nobody, self.team)]))
        from_holder = one.from_teams.hold(self.holder)
        if from_holder is not True:
            parts.append(FAILS if from_holder is False else Rails(_NO, _NO))
        return all_of((*parts, self.reading.truth(one.when)))


def _any(parts: Sequence[Array]) -> Array:
    found: Array = _NO
    for part in parts:
        found = found | part
    return found


class _Said:
    """What one rule says to some rows: `answers.Answer` in columns."""

    def __init__(self, group: _Group, place: int, rows: _Rows, reading: Reading):
        self.place, self._group, self._rows, self._reading = place, group, rows, reading
        self._rule = group.plan.rules[place]
        self.open: Array = _NO
        self.outcome: Array = np.int8(_STAY)
        self.team: Array = np.int16(-1)
        self.area: Array = np.int16(-1)
        self.role: Array = np.int8(-1)
        self.asked: Array = np.int8(-1)
        self.due = Dues(np.int8(NONE))
        self.held: Array = np.int8(0)
        self.held_day: Array = NO_DAY
        match self._rule.effect:
            case Stay(until=until):
                if until is not None:
                    self._until(reading.due(until))
            case Close():
                self.outcome = np.int8(_CLOSE)
                self._dated(np.True_)
            case TransferTo() as target:
                self._to_team(target)
            case asks:
                self.outcome = np.int8(_PEOPLE)
                self.asked = np.int8(-1 if asks.settled_by is None else group.plan.asked.index(asks.settled_by))

    def _until(self, until: Dues) -> None:
        day = np.where(until.kind == DATED, until.day, np.where(until.kind == AWAITING, until.not_before, NO_DAY))
        self.held = np.where(until.kind == NONE, np.int8(0), np.where(day == NO_DAY, np.int8(1), np.int8(2)))
        self.held_day = day

    def _dated(self, moves: Array) -> None:
        """Take the deadline of the rule where the case moves."""
        if self._rule.deadline is not None:
            due = self._reading.due(self._rule.deadline)
            self.due = due if moves is np.True_ else due.where(moves, Dues(np.int8(NONE)))
            self.open = self.open | (moves & (due.kind == OPEN))

    def _to_team(self, to: TransferTo) -> None:
        plan, rows, holder = self._group.plan, self._rows, self._group.holder
        team, area = self._named(to.team, plan.teams), np.int16(-1) if to.area is None else self._named(to.area, plan.areas)
        self.open = team < 0
        if to.role is not None:
            already: Rails = FAILS
        else:
            same_team = (
                Rails(_NO, _NO) if holder is None else Rails(team == plan.teams.index(holder), (team != plan.teams.index(holder)) & (team >= 0))
            )
            already = same_team if to.area is None else all_of((same_team, self._same_area(area)))
        self.open = self.open | already.unknown
        stays, closes = already.true, team == plan.teams.index(NOBODY)
        moves = ~stays & ~closes
        self.outcome = np.where(stays, np.int8(_STAY), np.where(closes, np.int8(_CLOSE), np.int8(_TRANSFER)))
        self.team, self.area = np.where(moves, team, np.int16(-1)), np.where(moves, area, np.int16(-1))
        if to.role is not None:
            self.role = np.where(moves, np.int8(plan.roles.index(to.role)), np.int8(-1))
        if not np.all(stays):
            self._dated(np.True_ if not np.any(stays) else ~stays)
        del rows

    def _same_area(self, area: Array) -> Rails:
        now = self._named(FromFact("current_team_area"), self._group.plan.areas)
        known = (area >= 0) & (now >= 0)
        return Rails((area == now) & known, (area != now) & known)

    def _named(self, who: str | FromFact, legend: Sequence[str]) -> Array:
        """Return a team or an area as places in a legend; -1 where an unknown fact names it."""
        if not isinstance(who, FromFact):
            return np.int16(legend.index(who))
        column = self._rows.column(who.fact)
        places = np.array([*(legend.index(name) if name in legend else -1 for name in column.names), -1], np.int16)
        return places[column.code]

    def put(self, group: _Group, places: Array) -> None:
        """Write the answer into the columns of the group."""
        due = self.due
        dated = due.kind == DATED
        point = self._point()
        size = group.rows.size
        for name, value, none in (
            ("outcome", self.outcome, np.int8(_STAY)),
            ("team", self.team, np.int16(-1)),
            ("area", self.area, np.int16(-1)),
            ("role", self.role, np.int8(-1)),
            ("asked", self.asked, np.int8(-1)),
            ("kind", due.kind, np.int8(NONE)),
            ("day", due.day if np.ndim(dated) == 0 and dated else np.where(dated, due.day, NO_DAY), NO_DAY),
            ("not_before", np.where(due.kind == AWAITING, due.not_before, NO_DAY), NO_DAY),
            ("no_later", due.no_later, _NO),
            ("unproclaimed", due.unproclaimed, _NO),
            ("held", self.held, np.int8(0)),
            ("held_day", self.held_day, NO_DAY),
            ("point_kind", point.kind, np.int8(NONE)),
            ("point_day", point.day, NO_DAY),
        ):
            column = getattr(group, name)
            if np.ndim(column) == 0:
                # A column in which every row says the same is not written out.
                if not np.any(value != none):
                    continue
                column = np.full(size, none)
                setattr(group, name, column)
            column[places] = value

    def _point(self) -> Dues:
        """Return the transfer point, where anything looks at it."""
        if not self._group.plan.moves_matter or self._rule.transfer_point is None or isinstance(self._rule.effect, (Stay, PeopleDecide)):
            return Dues(np.int8(NONE))
        point = self._reading.due(self._rule.transfer_point)
        stays = self.outcome == _STAY
        return point.where(~stays, Dues(np.int8(NONE))) if np.any(stays) else point


# --- what is left open


class _Joined:
    """What every way of filling in says, for each of some rows: what they share, and where they part."""

    def __init__(self, group: _Group, size: int):
        self._plan = group.plan
        self.seen, self.hard = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        self.looks = np.zeros(size)
        self.first: dict[str, Array] = {}
        self.parted = {name: np.zeros(size, np.bool_) for name in ("who", "answer", "due", "decides", "area", "point")}
        self.dated, self.bad, self.all_none = np.zeros(size, np.bool_), np.zeros(size, np.bool_), np.ones(size, np.bool_)
        self.last = np.full(size, NO_DAY)
        self.not_held, self.no_day = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        self.held_until = np.full(size, NEVER)
        self.every = [np.full(size, np.iinfo(word.dtype).max, word.dtype) for word in group.required]
        self.some = [np.zeros(size, word.dtype) for word in group.required]

    def absorb(self, group: _Group, rows: Array, roots: Array) -> None:
        """Take in settled rows; `roots` says whose way each is, in ascending order."""
        if not rows.size:
            return
        starts = np.flatnonzero(np.concatenate(([True], roots[1:] != roots[:-1])))
        heads = roots[starts]
        lead = np.repeat(starts, np.diff(np.append(starts, len(roots))))
        columns = _columns_of(group, rows)
        fresh = ~self.seen[heads]
        self.seen[heads] = True
        parts = {name: np.logical_or.reduceat(_differs(column, column[lead]), starts) for name, column in columns.items()}
        for name, column in columns.items():
            first = self.first.setdefault(name, np.zeros(len(self.seen), column.dtype))
            mine = column[starts]
            parts[name] |= ~fresh & (first[heads] != mine)
            first[heads[fresh]] = mine[fresh]
        words = [word[rows] for word in group.required]
        for every, some, word in zip(self.every, self.some, words, strict=True):
            every[heads] &= np.bitwise_and.reduceat(word, starts)
            some[heads] |= np.bitwise_or.reduceat(word, starts)
        due = parts["kind"] | parts["day"] | parts["not_before"]
        self.parted["due"][heads] |= due | parts["no_later"]
        self.parted["who"][heads] |= parts["who"]
        self.parted["answer"][heads] |= parts["who"] | parts["asked"] | due | parts["state"]
        self.parted["decides"][heads] |= parts["decides"]
        self.parted["area"][heads] |= parts["area"]
        if "point_kind" in parts:
            self.parted["point"][heads] |= parts["point_kind"] | parts["point_day"]
        kind, day = columns["kind"], columns["day"]
        self.dated[heads] |= np.logical_or.reduceat(kind == DATED, starts)
        self.bad[heads] |= np.logical_or.reduceat((kind != DATED) & (kind != AT_ONCE), starts)
        self.all_none[heads] &= np.logical_and.reduceat(kind == NONE, starts)
        self.last[heads] = np.maximum(self.last[heads], np.maximum.reduceat(day, starts))
        held = np.broadcast_to(group.held, group.rows.size)[rows]
        held_day = np.broadcast_to(group.held_day, group.rows.size)[rows]
        self.not_held[heads] |= np.logical_or.reduceat(held == 0, starts)
        self.no_day[heads] |= np.logical_or.reduceat(held_day == NO_DAY, starts)
        self.held_until[heads] = np.minimum(self.held_until[heads], np.minimum.reduceat(held_day, starts))
        several = columns["decides"] >= len(self._plan.rules)
        if several.any():
            self.hard[heads] |= np.logical_or.reduceat(several, starts) & self.parted["decides"][heads]
            self._several = True


def _differs(column: Array, lead: Array) -> Array:
    return column != lead


def _columns_of(group: _Group, rows: Array) -> dict[str, Array]:
    """Return what certainty is about, and what is joined besides, in some rows."""
    size = group.rows.size

    def taken(column: Array) -> Array:
        return np.broadcast_to(column, size)[rows]

    kind = group.kind[rows]
    teams = len(group.plan.teams) + 1
    points = {"point_kind": taken(group.point_kind), "point_day": taken(group.point_day)} if group.plan.moves_matter else {}
    who = ((taken(group.role).astype(np.int32) + 1) * teams + group.team[rows] + 1) * len(OUTCOMES) + group.outcome[rows]
    return {
        "who": who,
        "asked": taken(group.asked),
        "kind": kind,
        "day": group.day[rows],
        "not_before": taken(group.not_before),
        "no_later": taken(group.no_later),
        "state": _states(kind, taken(group.no_later), taken(group.unproclaimed)),
        "decides": group.decides[rows],
        "area": taken(group.area),
        **points,
    }


def _states(kind: Array, no_later: Array, unproclaimed: Array) -> Array:
    """Return the states of deadlines; a date that may come earlier, or that is counted past the proclaimed holidays, is not firm."""
    state = _STATE_OF[kind]
    if np.any(no_later) or np.any(unproclaimed):
        dated = kind == DATED
        state = np.where(dated & unproclaimed, np.uint8(_UNPROCLAIMED), state)
        state = np.where(dated & no_later, np.uint8(_NO_LATER), state)
    return state


class _Deciding:
    """One caseload on its way through: the rows that are settled at once, those to be filled in, and those for `evaluate`."""

    def __init__(self, plan: _Plan, table: Table, batch: Batch, progress: Callable[[int, int], None]):
        self.plan, self.table, self.batch = plan, table, batch
        self._progress = progress
        self._open: dict[tuple[str | None, bool], list[Array]] = {}
        self._hard: list[Array] = []
        self._done = 0

    def run(self) -> None:
        """Decide every row."""
        size = self.table.size
        for start in range(0, size, _CHUNK):
            self._chunk(start, min(start + _CHUNK, size))
        for (holder, by_rule), found in self._open.items():
            rows = np.concatenate(found)
            for start in range(0, len(rows), _CHUNK):
                self._fill_in(holder, rows[start : start + _CHUNK], by_rule)
        self.batch._hardrows = self._hard
        for rows in self._hard:
            for row in rows.tolist():
                self._one(row)
                self._count(1)

    def _count(self, rows: int) -> None:
        self._done += rows
        self._progress(self._done, self.table.size)

    def _chunk(self, start: int, stop: int) -> None:
        refused, hard = self._set_aside(start, stop)
        self._count(int(refused.sum()))
        rows = _Rows(self.table, np.arange(start, stop))
        ends = _Ends.nothing(rows.size)
        for holder, places in _by_holder(rows, ~(refused | hard)):
            try:
                self._settle(holder, rows, places, ends, hard)
            except NotInColumns:
                hard[places] = True
        if hard.any():
            self._hard.append(np.flatnonzero(hard) + start)
        self._items(rows, [word[start:stop] for word in _words(self.batch.required)], ends)

    def _set_aside(self, start: int, stop: int) -> tuple[Array, Array]:
        """Return which of some rows are no snapshots, and which are not for columns."""
        table = self.table
        refused = faulty_rows(self.plan.policy, table, start, stop)
        hard = table.uncommon(start, stop)
        rows = np.arange(start, stop)
        given = [one for one in IMPOSSIBLE if one.first in table.facts and one.second in table.facts]
        if given or table.closes:
            left = np.flatnonzero(~(refused | hard))
            stated = Reading(_Rows(table.as_stated, rows[left]), self.plan.tables)
            refused[left] |= _any([stated.truth(one.condition).true for one in given])
        if table.closes:
            # What is closed never contradicts what is stated; `evaluate` leaves such a fact unknown.
            left = np.flatnonzero(~(refused | hard))
            closed = Reading(_Rows(table, rows[left]), self.plan.tables)
            hard[left] |= _any([closed.truth(one.condition).true for one in IMPOSSIBLE])
        return refused, hard

    # --- what Kleene's logic settles

    def _settle(self, holder: str | None, chunk: _Rows, places: Array, ends: _Ends, hard: Array) -> None:
        """Decide the rows of one holder as far as what is known settles them."""
        rows = chunk.take(places)
        group = _Group(self.plan, rows, holder)
        by_rule = group.unheard & ~group.open & ~group.hard & (group.decides == _SILENT) if group.unheard.any() else group.unheard
        for which, mask in ((False, group.open & ~group.hard), (True, by_rule)):
            if mask.any():
                self._open.setdefault((holder, which), []).append(rows.at[mask])
        hard[places[group.hard]] = True
        left = group.open | group.hard | by_rule
        whole = not left.any()
        settled = None if whole else np.flatnonzero(~left)
        places = places if whole else places[settled]
        at, batch = chunk.at[places], self.batch

        def taken(column: Array) -> Array:
            return column if whole or np.ndim(column) == 0 else column[settled]

        moves, kind, day = _moves(taken(group.outcome)), taken(group.kind), taken(group.day)
        batch.outcome[at] = taken(group.outcome)
        batch.decided[at] = True
        batch.team[at] = taken(group.team)
        if np.ndim(group.area):
            batch.area[at] = taken(group.area)
        state = _states(kind, taken(group.no_later), taken(group.unproclaimed))
        held = np.where(taken(group.held) > 0, np.uint8(_NOT_STATED), np.uint8(_NO_STATE))
        batch.deadline_state[at] = np.where(moves, state, held)
        batch._deadline[at] = day
        self._not_before(at, np.where(moves, taken(group.not_before), taken(group.held_day)))
        batch.rule[at] = self._first_rules(taken(group.decides), np.int16(len(self.plan.legend) - 1))
        for whole_word, word in zip(_words(batch.required), group.required, strict=True):
            whole_word[at] = taken(word)
        ends.put(places, _Ends(moves, kind, day, taken(group.point_kind), taken(group.point_day)))
        self._count(len(at))

    def _first_rules(self, decides: Array, silent: Any) -> Array:
        """Return the first rule of each set, `silent` where there is none."""
        firsts = np.array([*(standing[0] for standing in self.plan.sets), silent], np.int16)
        return firsts[decides]

    def _not_before(self, at: Array, days: Array) -> None:
        if np.ndim(days) and (there := days != NO_DAY).any():
            self.batch._not_before.append((at[there].astype(np.int32), days[there]))

    def _items(self, rows: _Rows, required: Sequence[Array], ends: _Ends) -> None:
        """Write which of the required items are outstanding. An item is looked at only in the rows that require it."""
        outstanding = _words(self.batch.outstanding)
        for place, item in enumerate(self.plan.items):
            word = required[place // 64]
            bit = word.dtype.type(1 << place % 64)
            places = np.flatnonzero(word & bit)
            if not places.size:
                continue
            inner = rows.take(places)
            reading = Reading(inner, self.plan.tables)
            moves = ends.take(places).days(reading) if item.id in self.plan.moves_for else {}
            satisfied = _Record(self.plan, inner, moves, reading).standing(item.id).satisfied
            missing = inner.at if satisfied is _NO else inner.at[~satisfied]
            outstanding[place // 64][missing] |= bit

    # --- filling in

    def _fill_in(self, holder: str | None, at: Array, by_rule: bool) -> None:
        plan = self.plan
        rows = _Rows(self.table, at)
        group = _Group(plan, rows, holder, by_rule=by_rule)
        joined = _Joined(group, rows.size)
        roots = np.arange(rows.size)
        stack: list[tuple[_Group, Array, Array]] = [(group, roots, np.ones(rows.size))]
        while stack:
            group, roots, weights = stack.pop()
            joined.hard[roots[group.hard]] = True
            np.add.at(joined.looks, roots, weights)
            settled = np.flatnonzero(~(group.open | group.hard))
            joined.absorb(group, settled, roots[settled])
            left = np.flatnonzero(group.open & ~group.hard & ~joined.hard[roots])
            if left.size:
                stack += self._children(group, left, roots[left], weights[left], joined)
        self._finish(at, rows, joined, by_rule)

    def _children(self, group: _Group, left: Array, roots: Array, weights: Array, joined: _Joined) -> list[tuple[_Group, Array, Array]]:
        """Return the rows that fill in one more fact of each open row, by the team that then holds the case."""
        plan = self.plan
        asked = self._asked(group)[left]
        joined.hard[roots[asked < 0]] = True
        chosen = np.unique(asked[asked >= 0]).tolist()
        rows = group.rows.take(left)
        size = rows.size
        counts = np.zeros(size, np.intp)
        tried: dict[int, list[tuple[Any, Any]]] = {}
        growth = np.ones(size)
        for fact in chosen:
            name = plan.fact_names[fact]
            values = plan.values(group.holder, name)
            mine = asked == fact
            if values is None:
                joined.hard[roots[mine]] = True
                continue
            tried[fact] = values(rows)
            counts[mine] = len(tried[fact])
            if plan.policy.facts[name].kind in DATED_KINDS:
                growth[mine] = max(1.0, _DAYS_TRIED / len(tried[fact]))
        counts[joined.hard[roots]] = 0
        source = np.repeat(np.arange(size), counts)
        if not source.size:
            return []
        number = np.arange(len(source)) - np.repeat(np.cumsum(counts) - counts, counts)
        children = rows.take(source)
        asked, kept = asked[source], np.ones(len(source), np.bool_)
        for fact, values_of in tried.items():
            name = plan.fact_names[fact]
            mine = np.flatnonzero(asked == fact)
            if not mine.size:
                continue
            before = children.column(name)
            after = _filled(before, values_of, mine, number[mine], source[mine])
            if before.vague:
                # What happened on an unknown day lies no later than today.
                kept &= ~((before.code == 1) & (asked == fact) & (after.day > children.today))
            children.fill(name, after)
        for fact in tried:
            about = ABOUT.get(plan.fact_names[fact], ())
            if about:
                reading = Reading(children, plan.tables)
                kept &= ~((asked == fact) & _any([reading.truth(one.condition).true for one in about]))
        roots, weights = roots[source], (weights * growth)[source]
        found = []
        for holder, mine in _by_holder(children, kept):
            if mine.size:
                inner = children if len(mine) == children.size else children.take(mine)
                found.append((_Group(plan, inner, holder, by_rule=group.by_rule), roots[mine], weights[mine]))
        return found

    def _asked(self, group: _Group) -> Array:
        """Return for each open row an unknown fact that may bear on it, or -1 where none is found."""
        plan = self.plan
        best = np.full(group.rows.size, len(plan.fact_names), np.int16)
        ranks = {name: rank for rank, name in enumerate(sorted(plan.fact_names, key=plan.order.__getitem__))}
        names = sorted(plan.fact_names, key=plan.order.__getitem__)
        for mask, facts in group.doubts:
            mask = mask & group.open
            if not mask.any():
                continue
            for name in sorted(facts, key=ranks.__getitem__):
                column = group.rows.column(name)
                if column.whole and not column.vague:
                    continue
                unknown = (column.code < 0) | (column.code == 1) if column.vague else column.code < 0
                rows = mask & unknown
                np.minimum(best, np.int16(ranks[name]), out=best, where=rows)
                mask = mask & ~unknown
        places = np.array([*(plan.fact_place[name] for name in names), -1], np.int16)
        return places[best]

    def _finish(self, at: Array, rows: _Rows, joined: _Joined, by_rule: bool) -> None:
        """Write what all ways say together."""
        plan, batch = self.plan, self.batch
        hard = joined.hard | ~joined.seen | (joined.looks > _MOST_LOOKS) | self._many_open(rows)
        if hard.any():
            self._hard.append(at[hard])
        done = np.flatnonzero(~hard)
        if not done.size:
            return
        at = at[done]

        def first(name: str) -> Array:
            return joined.first[name][done]

        parted = {name: mask[done] for name, mask in joined.parted.items()}
        every, some = [word[done] for word in joined.every], [word[done] for word in joined.some]
        open_items = _any([one != other for one, other in zip(every, some, strict=True)])
        who = first("who")
        outcome = np.where(parted["who"], np.int8(_UNDETERMINED), (who % len(OUTCOMES)).astype(np.int8))
        batch.outcome[at] = outcome
        batch.decided[at] = True if by_rule else ~(parted["answer"] | open_items)
        batch.team[at] = np.where(parted["who"], -1, who // len(OUTCOMES) % (len(plan.teams) + 1) - 1)
        if plan.areas:
            batch.area[at] = np.where(parted["who"] | parted["area"], np.int16(-1), first("area"))
        self._finish_dates(at, outcome, joined, done, first, parted["due"])
        decides = np.where(parted["decides"], np.int16(_SILENT), first("decides"))
        rule = self._first_rules(decides, np.int16(-1))
        silent = (outcome == _STAY) & ~parted["decides"] & (first("decides") == _SILENT)
        batch.rule[at] = np.where(silent, np.int16(len(plan.legend) - 1), rule)
        sure = ~parted["who"]
        unsure = [np.where(sure, other & ~one, 0).astype(one.dtype) for one, other in zip(every, some, strict=True)]
        inner = rows if len(done) == rows.size else rows.take(done)
        moves, no_point = _moves(outcome), np.broadcast_to(NO_DAY, len(done))
        kind = np.where(parted["due"], np.int8(OPEN), first("kind"))
        points = (np.where(parted["point"], np.int8(OPEN), first("point_kind")), first("point_day")) if plan.moves_matter else (kind, no_point)
        for whole, missing, word, other in zip(_words(batch.required), _words(batch.outstanding), every, unsure, strict=True):
            whole[at] = word
            missing[at] = other
        self._items(inner, every, _Ends(moves, kind, first("day"), *points))
        self._count(len(at))

    def _finish_dates(self, at: Array, outcome: Array, joined: _Joined, done: Array, first: Callable[[str], Array], parted: Array) -> None:
        batch, last_day = self.batch, np.int32(day_number(self.plan.policy.calendar.last) - 366)
        moves = _moves(outcome)
        # A date that is not the same in every way is known to come no later than the last of them, where every way has one.
        bounded = joined.dated[done] & ~joined.bad[done] & (joined.last[done] <= last_day)
        state = np.where(bounded, np.uint8(_NO_LATER), np.where(joined.all_none[done], np.uint8(_NOT_STATED), np.uint8(_AWAITING)))
        state = np.where(parted, state, first("state"))
        day = np.where(parted, np.where(bounded, joined.last[done], NO_DAY), first("day"))
        held = (outcome == _STAY) & ~joined.not_held[done]
        batch.deadline_state[at] = np.where(moves, state, np.where(held, np.uint8(_NOT_STATED), np.uint8(_NO_STATE)))
        batch._deadline[at] = np.where(moves, day, NO_DAY)
        until = np.where(held & ~joined.no_day[done], joined.held_until[done], NO_DAY)
        self._not_before(at, np.where(moves & ~parted, first("not_before"), until))

    def _many_open(self, rows: _Rows) -> Array:
        """Return where so many facts are unknown that `evaluate` allows itself fewer looks."""
        unknown = np.zeros(rows.size, np.int16)
        for name in self.plan.policy.facts_read:
            column = rows.column(name)
            if not column.whole:
                unknown += column.code < 0
        return unknown > _MOST_OPEN

    # --- one row at a time

    def _one(self, row: int) -> None:
        """Let `evaluate` decide a row."""
        batch, plan = self.batch, self.plan
        try:
            decision = evaluate_to_compare(plan.policy, self.table.snapshot(row))
        except SnapshotError:
            return
        batch.outcome[row] = OUTCOMES.index(decision.outcome)
        batch.decided[row] = decision.certainty == "decided"
        team, deadline = decision.receiving_team, decision.deadline
        if team is not None:
            batch.team[row] = plan.teams.index(team.team)
            if team.area is not None:
                batch.area[row] = plan.areas.index(team.area)
        if deadline is not None:
            batch.deadline_state[row] = STATES.index(deadline.state)
            days = [None if day is None else day_number(london_date(day)) for day in (deadline.on, deadline.not_before)]
            if days[0] is not None:
                batch._deadline[row] = days[0]
            if days[1] is not None:
                batch._not_before.append((np.array([row], np.int32), np.array([days[1]], np.int32)))
            exact = tuple(day if isinstance(day, datetime) else None for day in (deadline.on, deadline.not_before))
            if any(exact):
                batch.moments[row] = (exact[0], exact[1])
        names = {item.id: place for place, item in enumerate(plan.items)}
        for bits, listed in ((batch.required, decision.required), (batch.outstanding, [one.item for one in decision.outstanding])):
            number = sum(1 << names[item] for item in listed)
            if bits.ndim == 1:
                bits[row] = number
            else:
                bits[row] = [number >> 64 * place & (2**64 - 1) for place in range(bits.shape[1])]
        sure = [reason.rule for reason in decision.reasons if not reason.sometimes]
        batch.rule[row] = plan.legend.index(sure[0]) if sure else -1


def _by_holder(rows: _Rows, wanted: Array) -> Iterator[tuple[str | None, Array]]:
    """Yield the teams that hold the cases wanted, None for nobody knows who, each with the places of its rows."""
    holders = rows.column("current_team")
    code = np.where(wanted, holders.code, np.int8(-2))
    for number in np.flatnonzero(np.bincount(code + 2, minlength=2)[1:]).tolist():
        yield (holders.names[number - 1] if number else None), np.flatnonzero(code == number - 1)


def _words(bits: Array) -> list[Array]:
    """Return columns of bits as columns of one number each."""
    return [bits] if bits.ndim == 1 else [bits[:, word] for word in range(bits.shape[1])]


def _moves(outcome: Array) -> Array:
    return (outcome == _TRANSFER) | (outcome == _CLOSE)


class _Ends(NamedTuple):
    """Of some rows: whether the case moves, and the kinds and days of deadline and transfer point."""

    moves: Array
    kind: Array
    day: Array
    point_kind: Array
    point_day: Array

    @classmethod
    def nothing(cls, size: int) -> _Ends:
        """Return rows in which nothing moves."""
        kinds, days = ([np.full(size, none) for _ in range(2)] for none in (np.int8(NONE), NO_DAY))
        return cls(np.zeros(size, np.bool_), kinds[0], days[0], kinds[1], days[1])

    def put(self, rows: Array, other: _Ends) -> None:
        """Write what is known of some of the rows."""
        for column, value in zip(self, other, strict=True):
            column[rows] = value

    def take(self, rows: Array) -> _Ends:
        """Return the same of some of the rows."""
        return _Ends(*(one if np.ndim(one) == 0 else one[rows] for one in self))

    def days(self, reading: Reading) -> dict[str, Dues]:
        """Return the days of the move, `answers.moves_of` in columns."""
        none = Dues(np.int8(NONE))
        point, deadline = Dues(self.point_kind, self.point_day), Dues(self.kind, self.day)
        handover = none
        for day, kinds in ((point, (OPEN, AWAITING)), (deadline, (OPEN, AWAITING)), (point, (DATED,)), (deadline, (DATED,))):
            handover = day.where(_any([day.kind == kind for kind in kinds]), handover)
        agreed = reading.due(_AGREED)
        handover = agreed.where(agreed.kind == DATED, handover)
        found = {"transfer_point": point, "deadline": deadline, "handover": handover}
        return {name: day.where(self.moves, none) for name, day in found.items()}


def _filled(column: Column, values: Sequence[tuple[Any, Any]], rows: Array, number: Array, source: Array) -> Column:
    """Return a column with values filled in: in `rows` the value of that `number`, its day that of the `source` row it is filled in for."""
    codes = np.array([code for code, _ in values])
    code = column.code.astype(np.result_type(column.code, codes)) if column.code.dtype.itemsize < 4 else column.code.copy()
    code[rows] = codes[number]
    day = column.day
    if day is not None:
        day = day.copy()
        for place, (_, of) in enumerate(values):
            mine = number == place
            day[rows[mine]] = of if np.ndim(of) == 0 else of[source[mine]]
    return Column(code, day, column.names, bool((code >= 0).all()), bool(column.vague and (code == 1).any()))


# --- progress


class _Standing:
    """How one item stands in some rows: `checklists.Standing` in columns."""

    def __init__(self, satisfied: Array, excused: Array = _NO, needed: Array = np.True_, done_on: Array = NO_DAY):
        self.satisfied, self.excused, self.needed, self.done_on = satisfied, excused, needed, done_on


class _Record:
    """The progress of some rows: `checklists.Record` in columns."""

    def __init__(self, plan: _Plan, rows: _Rows, moves: Mapping[str, Dues], before: Reading):
        self.plan, self.rows = plan, rows
        self._reading = Reading(rows, plan.tables, moves, before) if moves else before
        self._handover = moves["handover"] if moves else Dues(np.int8(NONE))
        self._found: dict[str, _Standing] = {}

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
        done = _any([one.satisfied & one.needed for one in others])
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
            reach = self._reading._counted(span, np.where(done_on == NO_DAY, 0, done_on))
            known = (done_on != NO_DAY) & (self._handover.kind == DATED)
            fault = fault | ~known | (reach < self.rows.today) | (reach < self._handover.day)
        if item.valid is not None:
            for bound, late in ((item.valid.on_or_after, False), (item.valid.before, True)):
                if bound is not None:
                    fault = fault | self._outside(done_on, self._reading.due(bound), late)
        return fault

    @staticmethod
    def _outside(done_on: Array, bound: Dues, late: bool) -> Array:
        there = (bound.kind == DATED) | (bound.kind == OPEN)
        unsure = there & ((done_on == NO_DAY) | (bound.kind == OPEN))
        if late:
            return unsure | (there & ~(bound.day > done_on))
        return unsure | (there & (bound.day > done_on)) | (bound.kind == AWAITING)

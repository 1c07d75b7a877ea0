"""Whole caseloads in columns: `evaluate_batch` decides every row as `evaluate` would, and hands back columns.

The rules are the policy's own, read by `columns`. Rows are taken holder by holder, since a rule speaks to some holding teams only. Where unknown
facts leave a row open, it is filled in with the values that stand for all, as in `completion`, and what every way says is joined. What columns
cannot hold (moments, recorded decisions, clashes, unknown dates compared with other dates) is decided row by row by `evaluate` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import combinations, product
from typing import Any, Final, NamedTuple

import numpy as np

from .checklists import ANY_TEAM, OUTCOMES, Applies, Item, Move
from .columns import (
    AT_ONCE,
    AWAITING,
    DATED,
    FAILS,
    HAPPENED_SOME_DAY,
    HOLDS,
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
    any_true,
    day_number,
    day_of,
)
from .conditions import Age, Amount, Compare, FactRef, Happened, Is, Node, OneOf, Within
from .dates import london_date
from .decision import DeadlineState, Decision
from .errors import SnapshotError
from .evaluation import evaluate, evaluate_unnamed
from .facts import DATED_KINDS, FIRST_DAY, NOBODY, RESERVED_TEAMS
from .frames import Table, faulty_rows
from .impossible import ABOUT, IMPOSSIBLE, Impossible
from .pack import Close, FromFact, PeopleDecide, Rule, Stay, TransferTo
from .policy import Policy, answer_trees, match_trees
from .regions import may_agree
from .timescales import AsOf, Count, FactDay, LatestOf, counts_from_move, facts_read, nodes
from .vocabulary import CaseSnapshot

STATES: Final[tuple[DeadlineState, ...]] = ("firm", "no_later_than", "awaiting", "at_once", "not_stated", "unproclaimed", "past_horizon")
REFUSED: Final = 255
"""The outcome of a row that is no snapshot of the policy; its `decision` raises what is wrong."""

_CHUNK: Final = 100_000
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
_MOST_LOOKS, _MOST_OF_SEVERAL, _MOST_IF_COMPARED = 1_500, 2_500, 5_000
_MOST_OPEN: Final = 9
_ALLOWED_FOR_MANY: Final = 10
# The days that `evaluate` may try of one date beside those at which it turns, more where counts from it are compared with counts from another, and
# all the days of one that is compared with another unknown one.
_MORE_DAYS, _MORE_IF_COMPARED, _DAYS_OF_SEVERAL = 7, 13, 48
_MOST_OPTIONS: Final = 6
_TRIED_FIRST: Final = 2
_NEAR: Final = 12
DBG: Any = False


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
        self._compared: dict[str | None, tuple[tuple[tuple[int, ...], tuple[str, str]], ...]] = {}
        dated = (name for name, fact in policy.facts.items() if fact.kind in DATED_KINDS)
        self.dated = {name: place % 62 for place, name in enumerate(dated)}
        self._tried: dict[tuple[str | None, str], _Values | None] = {}
        # Of the unknown facts that bear on an answer, who holds the case is tried first, since it silences most rules, and dates last.
        self.ranked = tuple(sorted(policy.facts, key=lambda name: (name != "current_team", policy.facts[name].kind in DATED_KINDS, name)))
        self.rank = {name: rank for rank, name in enumerate(self.ranked)}
        # Facts that name a team or an area.
        targets = [rule.effect for rule in self.rules if isinstance(rule.effect, TransferTo)]
        self.naming = {one.fact for target in targets for one in (target.team, target.area) if isinstance(one, FromFact)}
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

    def compared(self, holder: str | None) -> tuple[tuple[tuple[int, ...], tuple[str, str]], ...]:
        """Return the pairs of dates whose counts may be compared while a team holds the case, and the rules that must speak for it."""
        if holder not in self._compared:
            self._compared[holder] = tuple(_compared_counts(self, holder))
        return self._compared[holder]

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


def _compared_counts(plan: _Plan, holder: str | None) -> Iterator[tuple[tuple[int, ...], tuple[str, str]]]:
    dated = [place for place in plan.heard(holder) if plan.rules[place].deadline is not None]
    for one, other in combinations(dated, 2):
        if may_agree(plan.rules[one], plan.rules[other]):
            for pair in product(_dates_read(plan, plan.rules[one].deadline), _dates_read(plan, plan.rules[other].deadline)):
                if pair[0] != pair[1]:
                    yield (one, other), pair
    for place in plan.heard(holder):
        for tree in (*match_trees(plan.rules[place]), *answer_trees(plan.rules[place])):
            for node in nodes(tree):
                if isinstance(node, LatestOf):
                    for pair in combinations(_dates_read(plan, node), 2):
                        yield (place,), pair


def _dates_read(plan: _Plan, tree: Node | None) -> tuple[str, ...]:
    return () if tree is None else tuple(sorted(name for name in facts_read(tree) if plan.policy.facts[name].kind in DATED_KINDS))


def _looks_at_move(policy: Policy, item: Item, seen: frozenset[str] = frozenset()) -> bool:
    """Say whether it takes the days of the move to tell whether an item counts as done."""
    valid = () if item.valid is None else (item.valid.on_or_after, item.valid.before)
    trees = [tree for tree in (item.when, item.done_when, *valid) if tree is not None]
    if item.fresh_for is not None or any(map(counts_from_move, trees)):
        return True
    others = (policy.work[name] for name in (*item.needs, *item.satisfied_by) if name not in seen)
    return any(isinstance(other, Item) and _looks_at_move(policy, other, seen | {item.id, other.id}) for other in others)


class _Values(NamedTuple):
    """The values of a fact that stand for all: for some rows the codes, for a date the days of each row; and how many days `evaluate` may try."""

    of: Callable[[_Rows], list[tuple[Any, Any]]]
    most: int = 0


def _values(plan: _Plan, holder: str | None, name: str) -> _Values | None:
    fact = plan.policy.facts[name]
    trees = [tree for place in plan.heard(holder) for tree in (*match_trees(plan.rules[place]), *answer_trees(plan.rules[place]))]
    for item in plan.items:
        trees += [item.when, *(one.when for one in plan.policy.moves_of_item[item.id])]
    read = [node for tree in trees for node in nodes(tree) if name in node.reads]
    if fact.kind in DATED_KINDS:
        return _days_tried(plan, holder, trees, name)
    if fact.kind == "yes_no":
        return _Values(lambda rows: [(0, None), (1, None)])
    mentioned = {value for node in read if isinstance(node, (Is, OneOf)) for value in _mentioned(node)}
    whole = name in _NAMING_FACTS or any(isinstance(value, FactRef) for value in mentioned) or name in plan.naming
    if fact.kind == "count":
        limits = {node.limit for node in read if isinstance(node, Amount)} | {value for value in mentioned if isinstance(value, int)}
        numbers = sorted({near for limit in limits for near in (limit - 1, limit, limit + 1) if near >= 0} | {0})
        return None if whole else _Values(lambda rows: [(code, None) for code in numbers])
    if fact.kind == "choices":
        return None if len(fact.options) > _MOST_OPTIONS else _Values(lambda rows: [(code, None) for code in range(1 << len(fact.options))])

    def words(rows: _Rows) -> list[tuple[Any, Any]]:
        names = rows.column(name).names
        if name == "current_team":
            # First the one that the fewest rules speak to, and the one that most do: they seldom agree.
            ranked = sorted(range(len(names)), key=lambda code: len(plan.heard(names[code])))
            return [(code, None) for code in (ranked[0], *reversed(ranked[1:]))]
        told = [code for code, word in enumerate(names) if whole or word in mentioned]
        # One that nothing mentions stands for all of them.
        rest = [code for code, word in enumerate(names) if word not in mentioned]
        return [(code, None) for code in (told if whole else rest[:1] + told)]

    return _Values(words)


_NAMING_FACTS: Final = ("current_team", "current_team_area")


def _mentioned(node: Is | OneOf) -> tuple[Any, ...]:
    return tuple(node.values) if isinstance(node, OneOf) else (node.value,)


def _days_tried(plan: _Plan, holder: str | None, trees: Sequence[Node], name: str) -> _Values | None:
    """Return days that stand for all where a date, or a count from it, is compared with the day asked about alone; None where with other dates."""
    ages: set[int] = set()
    counts: dict[Count, None] = {}
    # Between which days an answer turns: before the day asked about, and after it.
    before = after = False
    pairs = [pair for tree in trees for node in nodes(tree) if name in facts_read(node) for pair in _compared_dates(node)]
    pairs += [(until, AsOf()) for until in _untils(plan, holder) if name in facts_read(until)]
    for pair in pairs:
        match pair:
            case (FactDay(), AsOf()) | (AsOf(), FactDay()):
                before = after = True
            case (Count(trigger=FactDay()) as count, AsOf()) | (AsOf(), Count(trigger=FactDay()) as count):
                counts[count] = None
            case (int() as age, AsOf()) if name == "date_of_birth":
                ages.add(age)
            case _:
                return None
    after = after or any(isinstance(node, Happened) for tree in trees for node in nodes(tree) if name in node.reads)
    # Where no date is counted from it, any day of a stretch stands for the whole of it.
    counted = any(name in facts_read(tree) for place in plan.heard(holder) for tree in _dates_given(plan.rules[place]))
    first = FIRST_DAY if name == "date_of_birth" else plan.policy.calendar.first
    earliest, last = np.int32(day_number(first)), np.int32(day_number(plan.policy.calendar.last))

    def tried(rows: _Rows) -> list[tuple[Any, Any]]:
        today = rows.today
        # The last day of each stretch in which nothing turns, and the first of the next.
        turns = [*([today - 1] if before else ()), *([today] if after else ())]
        turns += [plan.tables.look_up("born_by", age, today) for age in sorted(ages)]
        turns += [turn for count in counts for turn in _turns(Reading(rows, plan.tables), count, today)]
        days = [np.minimum(earliest, today), *(turn + 1 for turn in turns)]
        if counted:
            days += [*turns, np.maximum(last, today)]
        return [(AWAITING, NEVER), *((DATED, day) for day in days)]

    turns = before + after + len(ages) + 2 * len(counts)
    compared = any(name in pair for _, pair in plan.compared(holder))
    return _Values(tried, 2 * turns + (_MORE_IF_COMPARED if compared else _MORE_DAYS))


def _turns(reading: Reading, count: Count, today: Array) -> Iterator[Array]:
    """Yield the last day from which a count stays before today, and the last from which it does not pass it."""
    near = reading.counted(replace(count, back=not count.back), today)
    for passes in (np.less, np.less_equal):
        # A count and a count back differ by the days that do not count, and by the ends of months.
        turn = near - _NEAR
        for day in (near + step for step in range(-_NEAR, _NEAR + 1)):
            reached = reading.counted(count, day)
            turn = np.where(passes(reached, today) & (reached != NO_DAY), day, turn)
        yield turn


def _compared_dates(node: Node) -> Iterator[tuple[Any, Any]]:
    """Yield the dates that a node compares with each other; of an age the age itself."""
    match node:
        case Compare(left=left, right=right):
            yield left, right
        case Within(left=left, trigger=trigger, limit=limit):
            yield left, trigger
            yield left, limit
        case Age(on=on, age=age):
            yield age, on
        case Is() | OneOf() if not all(isinstance(value, str) for value in _mentioned(node)):
            yield None, None


def _dates_given(rule: Rule) -> Iterator[Node]:
    yield from (tree for tree in (rule.deadline, rule.transfer_point) if tree is not None)
    yield from match_trees(rule)[1:]


def _untils(plan: _Plan, holder: str | None) -> Iterator[Any]:
    rules = (plan.rules[place] for place in plan.heard(holder))
    return (rule.effect.until for rule in rules if isinstance(rule.effect, Stay) and rule.effect.until is not None)


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
        self._above, self._places = above, places
        self._read: dict[str, Column] = {}
        self._filled: frozenset[str] = frozenset()
        if above is None:
            # Rows that lie side by side are read as one stretch, which is faster.
            whole = self.size and at[-1] - at[0] == self.size - 1
            self._from = slice(int(at[0]), int(at[-1]) + 1) if whole else at
            self.today: Array = table.today(self._from)
        else:
            self._filled = above._filled
            self._base: _Rows = above if above._above is None else above._base
            self._in_base: Array = places if above._above is None else above._in_base.take(places)
            self.today = above.today.take(places) if above.today.ndim else above.today

    def column(self, fact: str) -> Column:
        """Return a fact in these rows."""
        found = self._read.get(fact)
        if found is None:
            above = self._above
            if above is None:
                found = self.table.column(fact, self._from, self.size)
            elif fact in self._filled:
                found = above.column(fact).take(self._places)
            else:
                found = self._base.column(fact).take(self._in_base)
            self._read[fact] = found
        return found

    def take(self, places: Array) -> _Rows:
        """Return some of these rows."""
        return _Rows(self.table, self.at.take(places), self, places)

    def fill(self, fact: str, column: Column) -> None:
        """Put a fact in the place of what the table says."""
        self._read[fact] = column
        self._filled |= {fact}


class _Group:
    """What the rules say to some rows that one team holds (`holder` None: nobody knows who), and which items that requires.

    Rows are `open` where unknown facts leave something of it open, and `hard` where columns cannot say it. `doubts` says which facts may settle which
    open rows. `unheard` rows are silent, but which rules stand is open: with `by_rule` that too is left open.
    """

    def __init__(self, plan: _Plan, rows: _Rows, holder: str | None, *, by_rule: bool = False, keep: bool = False):
        self.plan, self.rows, self.holder, self.by_rule = plan, rows, holder, by_rule
        self._in_play: dict[int, Array] | None = {} if keep else None
        self._may_match: dict[int, Array] = {}
        self.reading = Reading(rows, plan.tables)
        size = rows.size
        self.open, self.hard, self.unheard = (np.zeros(size, np.bool_) for _ in range(3))
        self.doubts: list[tuple[Array, tuple[Node, ...], tuple[str, ...]]] = []
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
        self.who_open = self.open.copy()
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
            matched = all_of((matched, Rails(ahead, ~ahead & ~unknown) if unknown.any() else Rails(ahead)))
        return matched

    def _hear(self) -> None:
        plan, size = self.plan, self.rows.size
        matches: dict[int, Rails] = {}
        for place in plan.heard(self.holder):
            matched = self._match(place)
            if matched.untrue is not None or matched.true.any():
                matches[place] = matched
        if self._in_play is not None:
            self._matched = np.broadcast_to(any_true([matched.true for matched in matches.values()]), size)
            self._may_match = {place: ~matched.false for place, matched in matches.items()}
        spoken, several = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        may_stay, may = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        certain: dict[int, Array] = {}
        explaining: list[tuple[int, Array]] = []
        for place, matched in matches.items():
            over = [matches[other] for other in plan.overriders[place] if other in matches]
            dead = any_true([one.true for one in over])
            stands = matched.true & ~dead if over else matched.true
            if matched.untrue is not None or any(one.untrue is not None for one in over):
                stands = stands & ~any_true([one.unknown for one in over])
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
                    self._doubt(unknown, *self._match_doubts(place))
                for other, one in zip((other for other in plan.overriders[place] if other in matches), over, strict=True):
                    self._doubt(one.unknown & possible, *self._match_doubts(other))
            if self._in_play is not None:
                self._in_play[place] = np.broadcast_to(stands | (~matched.false & ~dead), size)
            if not stands.any():
                continue
            if plan.explains[place]:
                explaining.append((place, stands))
                continue
            certain[place] = stands
            several |= spoken & stands
            self.decides += stands * np.int16(place + 1)
            spoken |= stands
        # A stay that may stand besides makes a difference to a move that stands, and none to silence or another stay.
        if may_stay.any():
            self.open |= may_stay & any_true([stands for place, stands in certain.items() if not plan.stays[place]])
            self.unheard |= may_stay & ~spoken
        if self.by_rule:
            self.open |= self.unheard
        # What is left open without a difference must be open by the bounds of dates as well, which are not kept here.
        if self.reading.loose.any():
            self.hard |= may & ~self.open & self.reading.loose
        first = spoken.copy() if explaining else spoken
        for place, stands in explaining:
            stands = stands & ~first
            several |= spoken & stands
            self.decides += stands * np.int16(place + 1)
            spoken |= stands
            certain[place] = stands
        if several.any():
            # Their numbers have been added up, and stand for nothing.
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

    def _doubt(self, rows: Array, trees: tuple[Node, ...], facts: tuple[str, ...] = ()) -> None:
        if np.any(rows):
            self.doubts.append((rows, trees, facts))

    def _match_doubts(self, place: int) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        rule = self.plan.rules[place]
        return match_trees(rule), ("current_team",) if self.holder is None and rule.from_teams != ANY_TEAM else ()

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
            if one.open.any():
                opened = places[np.broadcast_to(one.open, rows.size)]
                self.open[opened] = True
                self.who_open[places[np.broadcast_to(one.who_open, rows.size)]] = True
                mask = np.zeros(self.rows.size, np.bool_)
                mask[opened] = True
                rule = self.plan.rules[one.place]
                self._doubt(mask, () if rule.deadline is None else (rule.deadline,), one.named)
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
        if stays.any():
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
            if belongs is FAILS or (belongs.untrue is None and not belongs.true.any()):
                continue
            wanted = all_of((belongs, self.reading.truth(item.when)))
            unknown = wanted.unknown & settled
            if unknown.any():
                self.open |= unknown
                self._doubt(unknown, (item.when, *(one.when for one in plan.policy.moves_of_item[item.id])), ("current_team",))
            column = columns[place // 64]
            true = np.asarray(wanted.true).view(np.uint8)
            column |= true * column.dtype.type(1 << place % 64)
        return columns

    def required_in_every_case(self) -> list[Array]:
        """Return the items that every rule in play would require, as `requirements` says of an open answer; none where that is not told here."""
        plan, size = self.plan, self.rows.size
        columns = [np.zeros(size, word.dtype) for word in self.required]
        every = [~word for word in columns]
        told = np.full(size, not plan.policy.pack.leave_to_people)
        for place, plays in (self._in_play or {}).items():
            move = self._static_move(place)
            if move is None:
                told &= ~plays
                continue
            for number, item in enumerate(plan.items):
                wanted = any_of(_static(one, move, self.reading) for one in plan.policy.moves_of_item[item.id])
                true = all_of((wanted, self.reading.truth(item.when))).true
                every[number // 64] &= ~(plays & ~true * every[number // 64].dtype.type(1 << number % 64))
        return [np.where(told & self._matched, word, 0).astype(word.dtype) for word in every]

    def may_match(self, place: int) -> Array:
        """Return where a rule is not certain to fail to match; for a group that keeps it."""
        return self._may_match.get(place, _NO)

    def _static_move(self, place: int) -> Move | None:
        """Return the move that a rule brings whatever else is so; None where facts have a say in it, or where it only explains."""
        rule, holder = self.plan.rules[place], self.holder
        match rule.effect:
            case Stay(yields=False):
                return Move("stay", holder, None, (rule.id,))
            case Close():
                return Move("close", holder, NOBODY, (rule.id,))
            case PeopleDecide():
                return Move("people_decide", holder, None, (rule.id,))
            case TransferTo(team=str() as team) if holder is not None and team not in (holder, NOBODY):
                return Move("transfer", holder, team, (rule.id,))
            case _:
                return None

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


def _static(one: Applies, move: Move, reading: Reading) -> Rails:
    """Return where a list belongs to a move that is the same in every row: `Applies.truth` in columns."""
    receives = one.to_teams.hold(move.to_team) if move.to_team is not None else one.to_teams == ANY_TEAM
    fits = one.outcomes is None or move.outcome in one.outcomes, one.rules is None or not one.rules.isdisjoint(move.rules), receives
    gives = one.from_teams.hold(move.from_team)
    if not all(fits) or gives is False:
        return FAILS
    return all_of((HOLDS if gives else Rails(_NO, _NO), reading.truth(one.when)))


class _Said:
    """What one rule says to some rows: `answers.Answer` in columns."""

    def __init__(self, group: _Group, place: int, rows: _Rows, reading: Reading):
        self.place, self._group, self._rows, self._reading = place, group, rows, reading
        self._rule = group.plan.rules[place]
        self.who_open: Array = _NO
        self._due_open: Array = _NO
        self.named: tuple[str, ...] = ()
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

    @property
    def open(self) -> Array:
        """Where unknown facts leave open whom the rule names, or when."""
        return self.who_open | self._due_open

    def _until(self, until: Dues) -> None:
        day = np.where(until.kind == DATED, until.day, np.where(until.kind == AWAITING, until.not_before, NO_DAY))
        self.held = np.where(until.kind == NONE, np.int8(0), np.where(day == NO_DAY, np.int8(1), np.int8(2)))
        self.held_day = day

    def _dated(self, moves: Array) -> None:
        """Take the deadline of the rule where the case moves."""
        if self._rule.deadline is not None:
            due = self._reading.due(self._rule.deadline)
            self.due = due if moves is np.True_ else due.where(moves, Dues(np.int8(NONE)))
            self._due_open = moves & (due.kind == OPEN)

    def _to_team(self, to: TransferTo) -> None:
        plan, rows, holder = self._group.plan, self._rows, self._group.holder
        team, area = self._named(to.team, plan.teams), np.int16(-1) if to.area is None else self._named(to.area, plan.areas)
        self.who_open = team < 0
        named = [to.team, *(() if to.area is None else (to.area,))]
        self.named = (*(one.fact for one in named if isinstance(one, FromFact)), "current_team", "current_team_area")
        if to.role is not None:
            already: Rails = FAILS
        else:
            same_team = (
                Rails(_NO, _NO) if holder is None else Rails(team == plan.teams.index(holder), (team != plan.teams.index(holder)) & (team >= 0))
            )
            already = same_team if to.area is None else all_of((same_team, self._same_area(area)))
        self.who_open = self.who_open | already.unknown
        stays, closes = already.true, team == plan.teams.index(NOBODY)
        moves = ~stays & ~closes
        self.outcome = np.where(stays, np.int8(_STAY), np.where(closes, np.int8(_CLOSE), np.int8(_TRANSFER)))
        self.team, self.area = np.where(moves, team, np.int16(-1)), np.where(moves, area, np.int16(-1))
        if to.role is not None:
            self.role = np.where(moves, np.int8(plan.roles.index(to.role)), np.int8(-1))
        if not stays.all():
            self._dated(np.True_ if not stays.any() else ~stays)
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
            ("day", due.day if dated.ndim == 0 and dated else np.where(dated, due.day, NO_DAY), NO_DAY),
            ("not_before", due.not_before, NO_DAY),
            ("no_later", due.no_later, _NO),
            ("unproclaimed", due.unproclaimed, _NO),
            ("held", self.held, np.int8(0)),
            ("held_day", self.held_day, NO_DAY),
            ("point_kind", point.kind, np.int8(NONE)),
            ("point_day", point.day, NO_DAY),
        ):
            column = getattr(group, name)
            if column.ndim == 0:
                # A column in which every row says the same is not written out.
                if (value == none) if value.ndim == 0 else (value == none).all():
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
        return point.where(~stays, Dues(np.int8(NONE))) if stays.any() else point


# --- what is left open


class _Joined:
    """What every way of filling in says, for each of some rows: what they share, and where they part."""

    def __init__(self, group: _Group, size: int):
        self._plan = group.plan
        self.noted, self.seen, self._joined, self.several, self.hard = (np.zeros(size, np.bool_) for _ in range(5))
        self.looks, self.dates = np.zeros((size, 2)), np.zeros(size, np.int64)
        self.first: dict[str, Array] = {}
        self.parted = {name: np.zeros(size, np.bool_) for name in ("who", "answer", "due", "decides", "area", "point")}
        self.dated, self.bad, self.all_none = np.zeros(size, np.bool_), np.zeros(size, np.bool_), np.ones(size, np.bool_)
        self.last = np.full(size, NO_DAY)
        self.not_held, self.no_day = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        self.held_until = np.full(size, NEVER)
        self.every = [np.full(size, np.iinfo(word.dtype).max, word.dtype) for word in group.required]
        self.some = [np.zeros(size, word.dtype) for word in group.required]

    def absorb(self, group: _Group, settled: Array, roots: Array) -> None:
        """Take in the rows of a group; `roots` says whose way each is, in ascending order, and `settled` which of them are."""
        half_open = np.flatnonzero(group.open & ~group.who_open & ~group.hard)
        self._note(group, half_open, roots.take(half_open), all_settled=False)
        mine = roots if len(settled) == len(roots) else roots.take(settled)
        self._note(group, settled, mine, all_settled=True)
        left = ~self.nothing_left(mine)
        if not left.all():
            settled, mine = settled[left], mine[left]
        if settled.size:
            self._join(group, settled, mine)

    def _note(self, group: _Group, rows: Array, roots: Array, *, all_settled: bool) -> None:
        """Note what may show already that ways have nothing in common: outcome and team, the rules, and of settled rows the items."""
        if not rows.size:
            return
        ways = _Ways(roots)
        who, decides = _who(group, rows), group.decides.take(rows)
        fresh = ~self.noted[ways.heads]
        self.noted[ways.heads] = True
        for name, column in (("who", who), ("decides", decides)):
            self.parted[name][ways.heads] |= self._parts(name, column, ways, fresh)
        if all_settled:
            self.seen[ways.heads] = True
            for every, word in zip(self.every, group.required, strict=True):
                every[ways.heads] &= np.bitwise_and.reduceat(word.take(rows), ways.starts)
            several = decides >= len(self._plan.rules)
            if several.any():
                self.several[ways.heads] |= np.logical_or.reduceat(several, ways.starts)

    def _parts(self, name: str, column: Array, ways: _Ways, fresh: Array) -> Array:
        """Return where a column is not the same in all ways so far; `fresh` are the rows of which nothing was known."""
        first = self.first.setdefault(name, np.zeros(len(self.seen), column.dtype))
        mine = column.take(ways.starts)
        parted = ways.some(column != column.take(ways.lead)) | (~fresh & (first[ways.heads] != mine))
        first[ways.heads[fresh]] = mine[fresh]
        return parted

    def _join(self, group: _Group, rows: Array, roots: Array) -> None:
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
        self.parted["answer"][heads] |= parts["asked"] | due | parts["state"]
        self.parted["area"][heads] |= parts["area"]
        if "point_kind" in parts:
            self.parted["point"][heads] |= parts["point_kind"] | parts["point_day"]
        kind, day = columns["kind"], columns["day"]
        self.dated[heads] |= ways.some(kind == DATED)
        self.bad[heads] |= ways.some((kind != DATED) & (kind != AT_ONCE))
        self.all_none[heads] &= ~ways.some(kind != NONE)
        self.last[heads] = np.maximum(self.last[heads], np.maximum.reduceat(day, ways.starts))
        held, held_day = (np.broadcast_to(column, group.rows.size)[rows] for column in (group.held, group.held_day))
        self.not_held[heads] |= ways.some(held == 0)
        self.no_day[heads] |= ways.some(held_day == NO_DAY)
        self.held_until[heads] = np.minimum(self.held_until[heads], np.minimum.reduceat(held_day, ways.starts))

    def nothing_left(self, rows: Any = slice(None)) -> Array:
        """Return where the ways have nothing in common, so that what more ways say changes nothing."""
        parted = self.parted["who"][rows] & self.parted["decides"][rows]
        return parted & ~any_true([word[rows] != 0 for word in self.every])


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
        return np.logical_or.reduceat(column, self.starts)


def _who(group: _Group, rows: Array) -> Array:
    """Return outcome, team and role as one number."""
    role = np.int32(0) if group.role.ndim == 0 else group.role.take(rows).astype(np.int32) + 1
    return (role * (len(group.plan.teams) + 1) + group.team.take(rows) + 1) * len(OUTCOMES) + group.outcome.take(rows)


def _columns_of(group: _Group, rows: Array) -> dict[str, Array]:
    """Return what certainty is about, and what is joined besides, in some rows."""
    size = group.rows.size

    def taken(column: Array) -> Array:
        return column.take(rows) if column.ndim else np.broadcast_to(column, size)[rows]

    kind = group.kind.take(rows)
    points = {"point_kind": taken(group.point_kind), "point_day": taken(group.point_day)} if group.plan.moves_matter else {}
    return {
        "asked": taken(group.asked),
        "kind": kind,
        "day": group.day.take(rows),
        "not_before": taken(group.not_before),
        "no_later": taken(group.no_later),
        "state": _states(kind, taken(group.no_later), taken(group.unproclaimed)),
        "area": taken(group.area),
        **points,
    }


def _states(kind: Array, no_later: Array, unproclaimed: Array) -> Array:
    """Return the states of deadlines; a date that may come earlier, or that is counted past the proclaimed holidays, is not firm."""
    state = _STATE_OF[kind]
    if no_later.any() or unproclaimed.any():
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
        ends = _Ends.nothing(stop - start)
        for holder, places in self._held_by(start, stop, ~(refused | hard)):
            try:
                self._settle(holder, start, places, ends, hard)
            except NotInColumns:
                hard[places] = True
        if hard.any():
            self._hard.append(np.flatnonzero(hard) + start)
        self._items(slice(start, stop), [word[start:stop] for word in _words(self.batch.required)], ends)

    def _held_by(self, start: int, stop: int, wanted: Array) -> Iterator[tuple[str | None, Array]]:
        yield from _by_holder(self.table.column("current_team", slice(start, stop), stop - start), wanted)

    def _set_aside(self, start: int, stop: int) -> tuple[Array, Array]:
        """Return which of some rows are no snapshots, and which are not for columns."""
        table = self.table
        refused = faulty_rows(self.plan.policy, table, start, stop)
        hard = table.uncommon(start, stop)
        given = [one for one in IMPOSSIBLE if one.first in table.facts and one.second in table.facts]
        if given or table.closes:
            left = np.flatnonzero(~(refused | hard))
            stated = Reading(_Rows(table.as_stated, left + start), self.plan.tables)
            refused[left] |= any_true([stated.truth(one.condition).true for one in given])
        if table.closes:
            # What is closed never contradicts what is stated; `evaluate` leaves such a fact unknown.
            left = np.flatnonzero(~(refused | hard))
            closed = Reading(_Rows(table, left + start), self.plan.tables)
            hard[left] |= any_true([closed.truth(one.condition).true for one in IMPOSSIBLE])
        return refused, hard

    # --- what Kleene's logic settles

    def _settle(self, holder: str | None, start: int, places: Array, ends: _Ends, hard: Array) -> None:
        """Decide the rows of one holder as far as what is known settles them; `places` count from `start`."""
        rows = _Rows(self.table, places + start)
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
        at, batch = rows.at if whole else places + start, self.batch

        def taken(column: Array) -> Array:
            return column if whole or column.ndim == 0 else column[settled]

        moves, kind, day = _moves(taken(group.outcome)), taken(group.kind), taken(group.day)
        batch.outcome[at] = taken(group.outcome)
        batch.decided[at] = True
        batch.team[at] = taken(group.team)
        if group.area.ndim:
            batch.area[at] = taken(group.area)
        state = _states(kind, taken(group.no_later), taken(group.unproclaimed))
        held = np.where(taken(group.held) > 0, np.uint8(_NOT_STATED), np.uint8(_NO_STATE))
        batch.deadline_state[at] = np.where(moves, state, held)
        batch._deadline[at] = day
        if group.not_before.ndim or group.held_day.ndim:
            self._not_before(at, np.where(moves, taken(group.not_before), taken(group.held_day)))
        batch.rule[at] = self._first_rules(taken(group.decides), np.int16(len(self.plan.legend) - 1))
        for whole_word, word in zip(_words(batch.required), group.required, strict=True):
            whole_word[at] = taken(word)
        if self.plan.moves_matter:
            ends.put(places, _Ends(moves, kind, taken(group.point_kind), taken(group.point_day)))
        self._count(len(at))

    def _first_rules(self, decides: Array, silent: Any) -> Array:
        """Return the first rule of each set, `silent` where there is none."""
        firsts = np.array([*(standing[0] for standing in self.plan.sets), silent], np.int16)
        return firsts[decides]

    def _not_before(self, at: Array, days: Array) -> None:
        there = days != NO_DAY
        if there.any():
            self.batch._not_before.append((at[there].astype(np.int32), days[there]))

    def _items(self, at: slice | Array, required: Sequence[Array], ends: _Ends) -> None:
        """Write which of the required items are outstanding. An item is looked at only in the rows that require it."""
        outstanding = _words(self.batch.outstanding)
        for place, item in enumerate(self.plan.items):
            word = required[place // 64]
            bit = word.dtype.type(1 << place % 64)
            places = np.flatnonzero(word & bit)
            if not places.size:
                continue
            rows = _Rows(self.table, places + at.start if isinstance(at, slice) else at[places])
            reading = Reading(rows, self.plan.tables)
            moves = ends.take(places).days(reading, self.batch._deadline[rows.at]) if item.id in self.plan.moves_for else {}
            satisfied = _Record(self.plan, rows, moves, reading).standing(item.id).satisfied
            missing = rows.at if satisfied is _NO else rows.at[~satisfied]
            outstanding[place // 64][missing] |= bit

    # --- filling in

    def _fill_in(self, holder: str | None, at: Array, by_rule: bool) -> None:
        plan = self.plan
        rows = _Rows(self.table, at)
        group = _Group(plan, rows, holder, by_rule=by_rule)
        joined = _Joined(group, rows.size)
        weights = np.ones((rows.size, 2))
        # With many facts open `evaluate` allows itself a tenth of the looks.
        weights[self._many_unknown(holder, rows)] = _ALLOWED_FOR_MANY
        pending = self._take_in(group, np.arange(rows.size), weights, joined, 0)
        while pending:
            pending += self._fill_in_one(pending.pop(), joined)
        self._finish(holder, at, rows, joined, by_rule)

    def _take_in(self, group: _Group, roots: Array, weights: Array, joined: _Joined, depth: int) -> list[_Pending]:
        """Join what is settled, and return what is still open; `roots` says whose ways the rows of the group are."""
        joined.hard[roots[group.hard]] = True
        joined.looks += np.stack([np.bincount(roots, weight, len(joined.seen)) for weight in weights.T], axis=1)
        joined.absorb(group, np.flatnonzero(~(group.open | group.hard)), roots)
        left = np.flatnonzero(group.open & ~group.hard & ~joined.nothing_left(roots))
        if not left.size:
            return []
        asked = self._asked(group, left)
        joined.hard[roots[left[asked < 0]]] = True
        return [_Pending(group, left, roots[left], weights[left], asked, depth)]

    def _fill_in_one(self, open_rows: _Pending, joined: _Joined) -> list[_Pending]:
        """Fill in one more fact of each open row. Two values come first: often they show already that the ways have nothing in common."""
        plan, (group, left, roots, weights, asked, depth, done) = self.plan, open_rows
        wanted = ~(joined.hard[roots] | joined.nothing_left(roots))
        if not wanted.all():
            left, roots, weights, asked = left[wanted], roots[wanted], weights[wanted], asked[wanted]
        if not left.size:
            return []
        rows = group.rows if len(left) == group.rows.size else group.rows.take(left)
        counts, growth = np.zeros(rows.size, np.intp), np.ones((rows.size, 2))
        tried: dict[int, list[tuple[Any, Any]]] = {}
        more = np.zeros(rows.size, np.bool_)
        for fact in np.flatnonzero(np.bincount(asked, minlength=1)).tolist():
            mine = asked == fact
            name, values_of = plan.ranked[fact], plan.values(group.holder, plan.ranked[fact])
            if values_of is None:
                joined.hard[roots[mine]] = True
                continue
            values = values_of.of(rows)
            tried[fact] = values[done:] if done or depth else values[:_TRIED_FIRST]
            counts[mine] = len(tried[fact])
            if not done and not depth and len(values) > _TRIED_FIRST:
                more |= mine
            if plan.policy.facts[name].kind in DATED_KINDS:
                growth[mine] = np.maximum(1.0, np.array([values_of.most, _DAYS_OF_SEVERAL]) / len(values))
                joined.dates[roots[mine]] |= 1 << plan.dated[name]
        found = [_Pending(group, left[more], roots[more], weights[more], asked[more], depth, _TRIED_FIRST)] if more.any() else []
        source = np.repeat(np.arange(rows.size), counts)
        if source.size:
            number = np.arange(len(source)) - np.repeat(np.cumsum(counts) - counts, counts)
            children, kept = self._filled(rows.take(source), asked.take(source), number, source, tried)
            roots, weights = roots.take(source), (weights * growth).take(source, axis=0)
            for holder, mine in _by_holder(children.column("current_team"), kept):
                inner = children if len(mine) == children.size else children.take(mine)
                below = _Group(plan, inner, holder, by_rule=group.by_rule)
                found += self._take_in(below, roots.take(mine), weights.take(mine, axis=0), joined, depth + 1)
        return found

    def _filled(
        self, children: _Rows, asked: Array, number: Array, source: Array, tried: Mapping[int, Sequence[tuple[Any, Any]]]
    ) -> tuple[_Rows, Array]:
        """Fill in the values that are tried, and return which of the rows can be, by definition."""
        kept = np.ones(children.size, np.bool_)
        for fact, values in tried.items():
            name, mine = self.plan.ranked[fact], np.flatnonzero(asked == fact)
            before = children.column(name)
            after = _filled(before, values, mine, number.take(mine), source.take(mine))
            if before.vague:
                # What happened on an unknown day lies no later than today.
                kept &= ~((before.code == HAPPENED_SOME_DAY) & (asked == fact) & (after.day > children.today))
            children.fill(name, after)
        for fact in tried:
            about = ABOUT.get(self.plan.ranked[fact], ())
            if any(_may_be_known(one, children) for one in about):
                reading = Reading(children, self.plan.tables)
                kept &= ~((asked == fact) & any_true([reading.truth(one.condition).true for one in about]))
        return children, kept

    def _asked(self, group: _Group, left: Array) -> Array:
        """Return for each of some open rows an unknown fact that bears on it, or -1 where none is found."""
        plan = self.plan
        rows = group.rows if len(left) == group.rows.size else group.rows.take(left)
        reading = group.reading if rows is group.rows else Reading(rows, plan.tables)
        none = len(plan.ranked)
        best = np.full(rows.size, none, np.int16)
        for mask, trees, facts in group.doubts:
            doubtful = np.broadcast_to(mask, group.rows.size)[left]
            found = [(name, rows.column(name).code < 0) for name in facts]
            found += [pair for tree in trees for pair in reading.blockers(tree)]
            for name, unknown in found:
                np.minimum(best, np.int16(plan.rank[name]), out=best, where=doubtful & unknown)
        return np.where(best == none, np.int16(-1), best)

    def _finish(self, holder: str | None, at: Array, rows: _Rows, joined: _Joined, by_rule: bool) -> None:
        """Write what all ways say together."""
        plan, batch = self.plan, self.batch
        hard = (
            joined.hard
            | ~(joined.seen | joined.nothing_left())
            | (joined.several & joined.parted["decides"])
            | self._out_of_looks(holder, rows, joined)
        )
        if hard.any():
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
        outcome = np.where(parted["who"], np.int8(_UNDETERMINED), (who % len(OUTCOMES)).astype(np.int8))
        batch.outcome[at] = outcome
        batch.decided[at] = True if by_rule else ~(parted["who"] | parted["answer"] | open_items)
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
        moves, kind = _moves(outcome), np.where(parted["due"], np.int8(OPEN), first("kind"))
        points = (np.where(parted["point"], np.int8(OPEN), first("point_kind")), first("point_day")) if plan.moves_matter else (kind, kind)
        for whole, missing, word, other in zip(_words(batch.required), _words(batch.outstanding), every, unsure, strict=True):
            whole[at] = word
            missing[at] = other
        self._items(at, every, _Ends(moves, kind, *points))
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

    def _many_unknown(self, holder: str | None, rows: _Rows) -> Array:
        """Return where so many facts are unknown that `evaluate` allows itself fewer looks."""
        unknown, policy = np.zeros(rows.size, np.int16), self.plan.policy
        reads = [policy.reads[self.plan.rules[place].id] for place in self.plan.heard(holder)]
        for name in set(policy.items_read).union(*((*one.match, *one.answer) for one in reads)):
            column = rows.column(name)
            if not column.whole or column.vague:
                unknown += (column.code < 0) | (column.code == HAPPENED_SOME_DAY) if column.vague else column.code < 0
        return unknown > _MOST_OPEN

    def _out_of_looks(self, holder: str | None, rows: _Rows, joined: _Joined) -> Array:
        """Return where `evaluate` may come to the end of its looks, and would then say otherwise than all ways together."""
        # Where the ways have no answer and no item in common, Kleene's logic says the same as all ways together.
        doubtful = (joined.looks[:, 1] > _MOST_LOOKS) & ~joined.nothing_left()
        left = np.flatnonzero(doubtful)
        if not left.size:
            return doubtful
        group = _Group(self.plan, rows.take(left), holder, keep=True)
        dates = joined.dates[left]
        compared = self._compared(group, dates)
        looks = np.where(compared, joined.looks[left, 1], joined.looks[left, 0])
        # Several dates seldom have all the days that each may have.
        most = np.where(compared, _MOST_IF_COMPARED, np.where(dates & (dates - 1), _MOST_OF_SEVERAL, _MOST_LOOKS))
        same = ~any_true([one != other[left] for one, other in zip(group.required_in_every_case(), joined.every, strict=True)])
        doubtful[left] = (looks > most) & ~(joined.parted["who"][left] & joined.parted["decides"][left] & same)
        return doubtful

    def _compared(self, group: _Group, tried: Array) -> Array:
        """Return where a date that was filled in may be compared, count against count, with another unknown one."""
        found = np.zeros(group.rows.size, np.bool_)
        for rules, pair in self.plan.compared(group.holder):
            both = np.ones(group.rows.size, np.bool_)
            for name in pair:
                code = group.rows.column(name).code
                both &= (code < 0) | (code == HAPPENED_SOME_DAY)
            for place in rules:
                both &= group.may_match(place)
            found |= both & ((tried & sum(1 << self.plan.dated[name] for name in pair)) != 0)
        return found

    # --- one row at a time

    def _one(self, row: int) -> None:
        """Let `evaluate` decide a row."""
        batch, plan = self.batch, self.plan
        try:
            decision = evaluate_unnamed(plan.policy, self.table.snapshot(row))
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


def _by_holder(holders: Column, wanted: Array) -> Iterator[tuple[str | None, Array]]:
    """Yield the teams that hold the cases wanted, None for nobody knows who, each with the places of its rows."""
    for number in range(-1, len(holders.names)):
        places = np.flatnonzero((holders.code == number) & wanted)
        if places.size:
            yield (None if number < 0 else holders.names[number]), places


def _words(bits: Array) -> list[Array]:
    """Return columns of bits as columns of one number each."""
    return [bits] if bits.ndim == 1 else [bits[:, word] for word in range(bits.shape[1])]


def _moves(outcome: Array) -> Array:
    return (outcome == _TRANSFER) | (outcome == _CLOSE)


def _may_be_known(one: Impossible, rows: _Rows) -> bool:
    return all(bool((rows.column(name).code >= 0).any()) for name in (one.first, one.second))


class _Pending(NamedTuple):
    """Open rows of a group: whose ways they are, how many looks each stands for, the fact to be filled in, and how many of its values were tried."""

    group: _Group
    left: Array
    roots: Array
    weights: Array
    asked: Array
    depth: int
    done: int = 0


class _Ends(NamedTuple):
    """Of some rows: whether the case moves, the kind of its deadline, and the transfer point."""

    moves: Array
    kind: Array
    point_kind: Array
    point_day: Array

    @classmethod
    def nothing(cls, size: int) -> _Ends:
        """Return rows in which nothing moves."""
        return cls(np.zeros(size, np.bool_), np.full(size, np.int8(NONE)), np.full(size, np.int8(NONE)), np.full(size, NO_DAY))

    def put(self, rows: Array, other: _Ends) -> None:
        """Write what is known of some of the rows."""
        for column, value in zip(self, other, strict=True):
            column[rows] = value

    def take(self, rows: Array) -> _Ends:
        """Return the same of some of the rows."""
        return _Ends(*(one[rows] for one in self))

    def days(self, reading: Reading, day: Array) -> dict[str, Dues]:
        """Return the days of the move, `answers.moves_of` in columns; `day` is that of the deadline."""
        none = Dues(np.int8(NONE))
        point, deadline = Dues(self.point_kind, self.point_day), Dues(self.kind, day)
        handover = none
        for one, kinds in ((point, (OPEN, AWAITING)), (deadline, (OPEN, AWAITING)), (point, (DATED,)), (deadline, (DATED,))):
            handover = one.where(any_true([one.kind == kind for kind in kinds]), handover)
        agreed = reading.due(_AGREED)
        handover = agreed.where(agreed.kind == DATED, handover)
        found = {"transfer_point": point, "deadline": deadline, "handover": handover}
        return {name: one.where(self.moves, none) for name, one in found.items()}


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
            day[rows[mine]] = of if of.ndim == 0 else of[source[mine]]
    return Column(code, day, column.names, bool((code >= 0).all()), bool(column.vague and (code == HAPPENED_SOME_DAY).any()))


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
            reach = self._reading.counted(span, np.where(done_on == NO_DAY, 0, done_on))
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

"""For an unknown fact the values that stand for all: `regions` in columns, for dates that are compared with the day asked about alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np

from ..conditions import Amount, FactRef, Is, Node, OneOf
from ..facts import DATED_KINDS, FIRST_DAY
from ..impossible import ABOUT
from ..pack import Rule, Stay
from ..policy import answer_trees, match_trees
from ..regions import may_agree
from ..timescales import AsOf, Birthday, Count, FactDay, facts_read, nodes
from ..turns import Turn, compared_dates
from .arrays import AWAITING, DATED, NEVER, Array, day_number, somewhere
from .plan import Plan
from .rows import Rows
from .tables import words_known

# The days that `evaluate` may try of a date whose counts are compared with counts from another, beside those at which it turns; and all those of one
# that is compared with another unknown one.
_MORE_IF_WORKED, _DAYS_OF_SEVERAL = 7, 48
_MOST_OPTIONS: Final = 6
_PASSING: Final[Mapping[Turn, Sequence[bool]]] = {"reaches": [False], "passes": [True], "either": [False, True]}


class Values(NamedTuple):
    """The values of a fact that stand for all: for some rows the codes, for a date the days of each row.

    `most` says how many `evaluate` may try, and `most_of_several` how many where another date that this one is compared with is not known either.
    """

    of: Callable[[Rows], list[tuple[Any, Any]]]
    most: int
    most_of_several: int


def values_of(plan: Plan, holder: str | None, name: str, live: Sequence[int]) -> Values | None:
    """Return the values of an unknown fact that stand for all while a team holds the case (None: any team); None where columns cannot tell.

    `live` are the rules that may match, among those of which it depends.
    """
    fact = plan.policy.facts[name]
    rules = [plan.rules[place] for place in live]
    trees = [tree for rule in rules for tree in (*match_trees(rule), *answer_trees(rule))]
    for item in plan.items:
        trees += [item.when, *(one.when for one in plan.policy.moves_of_item[item.id])]
    read = [node for tree in trees for node in nodes(tree) if name in node.reads]
    if fact.kind in DATED_KINDS:
        # From a moment hours are counted otherwise than from its day.
        hours = (node for tree in trees for node in nodes(tree) if isinstance(node, Count) and node.unit == "hours")
        return None if fact.kind == "moment" and any(name in facts_read(node) for node in hours) else _days_tried(plan, holder, live, trees, name)
    if fact.kind == "yes_no":
        return Values(lambda rows: [(0, None), (1, None)], 2, 2)
    # What a definition sets apart is no longer one that nothing mentions.
    read += [node for one in ABOUT.get(name, ()) for node in nodes(one.condition) if name in node.reads]
    mentioned = {value for node in read if isinstance(node, (Is, OneOf)) for value in _mentioned(node)}
    whole = name in _NAMING_FACTS or any(isinstance(value, FactRef) for value in mentioned) or name in plan.naming
    if fact.kind == "count":
        limits = {node.limit for node in read if isinstance(node, Amount)} | {value for value in mentioned if isinstance(value, int)}
        numbers = sorted({near for limit in limits for near in (limit - 1, limit, limit + 1) if near >= 0} | {0})
        return None if whole else Values(lambda rows: [(code, None) for code in numbers], *[len(numbers)] * 2)
    if fact.kind == "choices":
        every = range(1 << len(fact.options))
        return None if len(fact.options) > _MOST_OPTIONS else Values(lambda rows: [(code, None) for code in every], *[len(every)] * 2)

    options = words_known(plan.policy, fact)

    def words(rows: Rows) -> list[tuple[Any, Any]]:
        names = rows.column(name).names
        if name == "current_team":
            # First the one that the fewest rules speak to, and the one that most do: they seldom agree.
            ranked = sorted((code for code, word in enumerate(names) if word in options), key=lambda code: len(plan.heard(names[code])))
            return [(code, None) for code in (ranked[0], *reversed(ranked[1:]))]
        # A word of another row that the pack lacks is no value.
        known = [(code, word) for code, word in enumerate(names) if word in options]
        told = [code for code, word in known if whole or word in mentioned]
        # One that nothing mentions stands for all of them.
        rest = [code for code, word in known if word not in mentioned]
        return [(code, None) for code in (told if whole else rest[:1] + told)]

    most = len(options) if whole else len(mentioned.intersection(options)) + 1
    return Values(words, most, most)


_NAMING_FACTS: Final = ("current_team", "current_team_area")


def _mentioned(node: Is | OneOf) -> tuple[Any, ...]:
    return tuple(node.values) if isinstance(node, OneOf) else (node.value,)


def _days_tried(plan: Plan, holder: str | None, live: Sequence[int], trees: Sequence[Node], name: str) -> Values | None:
    """Return days that stand for all where a date, or a count from it, is compared with the day asked about alone; None where with other dates."""
    # The dates that turn about the day asked about; with True where they pass it, with False where they reach it.
    turning: dict[tuple[FactDay | Count | Birthday, bool], None] = {}
    for left, right, turn in _comparisons(plan, live, trees, name):
        match left, right:
            case (FactDay() | Birthday() | Count(trigger=FactDay()) as date, AsOf()):
                passing = _PASSING[turn]
            case (AsOf(), FactDay() | Birthday() | Count(trigger=FactDay()) as date):
                # A date that the day asked about reaches no longer passes that day.
                passing = [not passes for passes in _PASSING[turn]]
            case _:
                return None
        turning |= dict.fromkeys((date, passes) for passes in passing)
    if _is_counted_twice(plan, live, name):
        return None
    # Where no date is counted from it, the days about its turns stand for all.
    counted = any(name in facts_read(tree) for place in live for tree in _dates_given(plan.rules[place]))
    # At the ends of the calendar a count leaves it.
    ends = counted or any(isinstance(date, Count) for date, _ in turning)
    # A definition may cut off all days before or after another date.
    partners = {other for one in ABOUT.get(name, ()) for other in (one.first, one.second) if plan.policy.facts[other].kind in DATED_KINDS} - {name}
    earliest = np.int32(day_number(FIRST_DAY if name == "date_of_birth" else plan.policy.calendar.first))
    latest = np.int32(day_number(plan.policy.calendar.last))

    def tried(rows: Rows) -> list[tuple[Any, Any]]:
        today = rows.today
        # The last day of each stretch in which nothing turns.
        turns = [plan.tables.last_before(date, today, or_same=passes) for date, passes in turning]
        turns += [turn for partner in sorted(partners) for turn in _cut_off(rows, partner)]
        # No day is tried that the fact cannot have.
        first, last = np.minimum(earliest, today), np.maximum(latest, today)
        days = [np.clip(day, first, last) for turn in turns for day in (turn, turn + 1)]
        if ends or not days:
            days = [first, *days, last]
        days = _different(days)
        if counted and rows.column(name).vague:
            # What happened on an unknown day has no later end than today.
            days.append(today)
        return [(AWAITING, NEVER), *((DATED, day) for day in days)]

    # What `evaluate` tries: not yet, today, where a date is counted from it the ends of the calendar, two days about each turn, of which today may
    # be one, and those at which working days leave the calendar, or the years whose bank holidays are proclaimed.
    leaving = sum(isinstance(date, Count) and date.unit == "working_days" for date, _ in turning)
    about = sum(1 if isinstance(date, FactDay) else 2 for date, _ in turning)
    most = 2 + 2 * counted + about + 9 * leaving + 3 * len(partners & plan.policy.facts_read)
    compared = sum(name in pair for rules, pair in plan.compared(holder) if set(rules) <= set(live))
    if not compared:
        return Values(tried, most, most)
    # Where it is counted from in working days, those days as well; and three about each turn, where the other date is known.
    dated = (node for place in live for tree in _dates_given(plan.rules[place]) for node in nodes(tree))
    worked = any(isinstance(node, Count) and node.unit == "working_days" and name in facts_read(node) for node in dated)
    return Values(tried, most + 3 * compared + _MORE_IF_WORKED * worked, max(_DAYS_OF_SEVERAL, most))


def _different(days: Sequence[Array]) -> list[Array]:
    """Return days without those that are the same in every row."""
    found: list[Array] = []
    for day in days:
        if not any(np.array_equal(day, other) for other in found):
            found.append(day)
    return found


def _cut_off(rows: Rows, partner: str) -> tuple[Array, ...]:
    """Return the day before another date, and its day, where any row knows it; where it is not known, today serves as well as any."""
    column = rows.column(partner)
    known = column.code == DATED
    if not somewhere(known):
        return ()
    day: Array = np.where(known, column.day, rows.today)
    return day - 1, day


def _is_counted_twice(plan: Plan, live: Sequence[int], name: str) -> bool:
    """Say whether two dates that may have to agree are both counted from a fact: where they meet, `evaluate` does not claim to have looked at all."""
    dated = [rule for rule in (plan.rules[place] for place in live) if rule.deadline is not None and name in facts_read(rule.deadline)]
    return any(
        may_agree(one, other) and (one.deadline != other.deadline or sum(name in node.reads for node in nodes(one.deadline)) > 1)
        for one, other in combinations(dated, 2)
        if one.deadline is not None
    )


def _comparisons(plan: Plan, live: Sequence[int], trees: Sequence[Node], name: str) -> Iterator[tuple[Any, Any, Turn]]:
    """Yield the dates that are compared with each other and of which one rests on a fact, and where that turns."""
    for node in (node for tree in trees for node in nodes(tree)):
        yield from (found for found in compared_dates(node) if any(name in facts_read(date) for date in found[:2]))
        if name in node.reads and isinstance(node, (Is, OneOf)) and not all(isinstance(value, str) for value in _mentioned(node)):
            yield None, None, "either"
    yield from ((until, AsOf(), "either") for until in _untils(plan, live) if name in facts_read(until))


def _dates_given(rule: Rule) -> Iterator[Node]:
    yield from (tree for tree in (rule.deadline, rule.transfer_point) if tree is not None)
    yield from match_trees(rule)[1:]


def _untils(plan: Plan, live: Sequence[int]) -> Iterator[Any]:
    rules = (plan.rules[place] for place in live)
    return (rule.effect.until for rule in rules if isinstance(rule.effect, Stay) and rule.effect.until is not None)

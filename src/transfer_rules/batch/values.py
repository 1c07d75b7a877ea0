"""For an unknown fact the values that stand for all: `regions` in columns, for dates that are compared with the day asked about alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np

from ..conditions import Age, Amount, Compare, FactRef, Happened, Is, Node, OneOf, Within
from ..facts import DATED_KINDS, FIRST_DAY
from ..impossible import ABOUT
from ..pack import Rule, Stay
from ..policy import answer_trees, match_trees
from ..regions import may_agree
from ..timescales import AsOf, Count, FactDay, facts_read, nodes
from .columns import (
    AWAITING,
    DATED,
    NEVER,
    Array,
    day_number,
    somewhere,
)
from .plan import Plan
from .rows import Rows
from .tables import words_known

# The days that `evaluate` may try of a date whose counts are compared with counts from another, beside those at which it turns; and all those of one
# that is compared with another unknown one.
MORE_IF_COMPARED, DAYS_OF_SEVERAL = 10, 48
_MOST_OPTIONS: Final = 6


class Values(NamedTuple):
    """The values of a fact that stand for all: for some rows the codes, for a date the days of each row; and how many `evaluate` may try."""

    of: Callable[[Rows], list[tuple[Any, Any]]]
    most: int


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
        return Values(lambda rows: [(0, None), (1, None)], 2)
    # What a definition sets apart is no longer one that nothing mentions.
    read += [node for one in ABOUT.get(name, ()) for node in nodes(one.condition) if name in node.reads]
    mentioned = {value for node in read if isinstance(node, (Is, OneOf)) for value in _mentioned(node)}
    whole = name in _NAMING_FACTS or any(isinstance(value, FactRef) for value in mentioned) or name in plan.naming
    if fact.kind == "count":
        limits = {node.limit for node in read if isinstance(node, Amount)} | {value for value in mentioned if isinstance(value, int)}
        numbers = sorted({near for limit in limits for near in (limit - 1, limit, limit + 1) if near >= 0} | {0})
        return None if whole else Values(lambda rows: [(code, None) for code in numbers], len(numbers))
    if fact.kind == "choices":
        every = range(1 << len(fact.options))
        return None if len(fact.options) > _MOST_OPTIONS else Values(lambda rows: [(code, None) for code in every], len(every))

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

    return Values(words, len(options) if whole else len(mentioned.intersection(options)) + 1)


_NAMING_FACTS: Final = ("current_team", "current_team_area")


def _mentioned(node: Is | OneOf) -> tuple[Any, ...]:
    return tuple(node.values) if isinstance(node, OneOf) else (node.value,)


def _days_tried(plan: Plan, holder: str | None, live: Sequence[int], trees: Sequence[Node], name: str) -> Values | None:
    """Return days that stand for all where a date, or a count from it, is compared with the day asked about alone; None where with other dates."""
    ages: set[int] = set()
    counts: dict[Count, None] = {}
    # Between which days an answer turns: before the day asked about, and after it.
    before = after = False
    pairs = [pair for tree in trees for node in nodes(tree) if name in facts_read(node) for pair in _compared_dates(node)]
    pairs += [(until, AsOf()) for until in _untils(plan, live) if name in facts_read(until)]
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
    if _is_counted_twice(plan, live, name):
        return None
    after = after or any(isinstance(node, Happened) for tree in trees for node in nodes(tree) if name in node.reads)
    # Where no date is counted from it, the days about its turns stand for all.
    counted = any(name in facts_read(tree) for place in live for tree in _dates_given(plan.rules[place]))
    # A definition may cut off all days before or after another date.
    partners = {other for one in ABOUT.get(name, ()) for other in (one.first, one.second) if plan.policy.facts[other].kind in DATED_KINDS} - {name}
    earliest = np.int32(day_number(FIRST_DAY if name == "date_of_birth" else plan.policy.calendar.first))
    latest = np.int32(day_number(plan.policy.calendar.last))

    def tried(rows: Rows) -> list[tuple[Any, Any]]:
        today = rows.today
        # The last day of each stretch in which nothing turns, and the first of the next.
        turns = [*([today - 1] if before else ()), *([today] if after else ())]
        turns += [plan.tables.look_up("born_by", age, today) for age in sorted(ages)]
        turns += [turn for partner in sorted(partners) for turn in _cut_off(rows, partner)]
        turns += [turn for count in counts for turn in plan.tables.last_before(count, today)]
        # No day is tried that the fact cannot have.
        first, last = np.minimum(earliest, today), np.maximum(latest, today)
        days = [np.clip(day, first, last) for turn in turns for day in (turn, turn + 1)]
        if counted or counts or not days:
            # At its ends a count leaves the calendar.
            days = [first, *days, last]
        if counted and rows.column(name).vague:
            # What happened on an unknown day has no later end than today.
            days.append(today)
        return [(AWAITING, NEVER), *((DATED, day) for day in days)]

    # What `evaluate` tries: not yet, the ends of the calendar and today, and three days about each turn, of which today is one.
    most = 4 + 2 * (before or after) + 3 * (len(ages) + len(counts) + len(partners & plan.policy.facts_read))
    compared = any(name in pair for rules, pair in plan.compared(holder) if set(rules) <= set(live))
    return Values(tried, most + (MORE_IF_COMPARED if compared else 0))


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


def _untils(plan: Plan, live: Sequence[int]) -> Iterator[Any]:
    rules = (plan.rules[place] for place in live)
    return (rule.effect.until for rule in rules if isinstance(rule.effect, Stay) and rule.effect.until is not None)

"""What columns need to know of a policy, worked out once: legends, who hears which rules, and which dates may be compared."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Final

import numpy as np

from ..checklists import OUTCOMES, Item
from ..conditions import Node
from ..decision import DeadlineState
from ..facts import DATED_KINDS, RESERVED_TEAMS
from ..pack import FromFact, PeopleDecide, Rule, Stay, TransferTo
from ..policy import Policy, answer_trees, match_trees
from ..regions import may_agree
from ..timescales import LatestOf, counts_from_move, facts_read, nodes
from .arrays import Array
from .day_tables import DayTables

STATES: Final[tuple[DeadlineState, ...]] = ("firm", "no_later_than", "awaiting", "at_once", "not_stated", "unproclaimed", "past_horizon")

TRANSFER, STAY, CLOSE, PEOPLE, UNDETERMINED, CONFLICT = range(len(OUTCOMES))
FIRM, NO_LATER, AWAITED, NOW, NOT_STATED, UNPROCLAIMED, PAST = range(len(STATES))
NO_STATE: Final = 255
"""The state of a deadline where there is none."""
SILENT: Final = -1
"""The set of rules that decide where no rule speaks."""

_OTHERWISE: Final = "otherwise"
_LEFT_TO_PEOPLE: Final = "leave_to_people"


class Plan:
    """A policy as columns need it: legends, who hears which rules, which dates may be compared, and on which rules the values of a fact hang."""

    def __init__(self, policy: Policy):
        self.policy = policy
        self.tables = DayTables(policy.calendar)
        self.rules: tuple[Rule, ...] = tuple(policy.rules.values())
        self.place = {rule.id: place for place, rule in enumerate(self.rules)}
        self.legend = (*policy.rules, _LEFT_TO_PEOPLE, _OTHERWISE)
        self.teams = tuple(dict.fromkeys((*policy.pack.teams, *RESERVED_TEAMS)))
        self.areas = tuple(policy.areas)
        roles = (rule.effect.role for rule in self.rules if isinstance(rule.effect, TransferTo) and rule.effect.role is not None)
        self.roles = tuple(dict.fromkeys(roles))
        asked = [rule.effect.settled_by for rule in self.rules if isinstance(rule.effect, PeopleDecide)]
        asked += [left.settled_by for left in policy.pack.leave_to_people]
        self.asked = tuple(dict.fromkeys(one for one in asked if one is not None))
        self.items = tuple(item for item in policy.pack.items.values() if not item.off)
        # What items belong to, each once, since many items stand on one list.
        self.lists = tuple(dict.fromkeys(one for item in self.items for one in policy.moves_of_item[item.id]))
        numbers = {one: number for number, one in enumerate(self.lists)}
        self.lists_of_item = {item.id: tuple(numbers[one] for one in policy.moves_of_item[item.id]) for item in self.items}
        self.explains = tuple(isinstance(rule.effect, Stay) and rule.effect.yields for rule in self.rules)
        self.stays = tuple(isinstance(rule.effect, Stay) for rule in self.rules)
        self.overriders = tuple(tuple(self.place[name] for name in policy.overriders[rule.id]) for rule in self.rules)
        self.sets: list[tuple[int, ...]] = [(place,) for place in range(len(self.rules))]
        self._set_of = {names: place for place, names in enumerate(self.sets)}
        self._heard: dict[str | None, tuple[int, ...]] = {}
        self._compared: dict[str | None, tuple[tuple[tuple[int, ...], tuple[str, str]], ...]] = {}
        self._bearing: dict[tuple[str | None, str], tuple[int, ...]] = {}
        dated = (name for name, fact in policy.facts.items() if fact.kind in DATED_KINDS)
        self.dated = {name: place % 62 for place, name in enumerate(dated)}
        # Of the unknown facts that bear on an answer, who holds the case is tried first, since it silences most rules, and dates last.
        self.ranked = tuple(sorted(policy.facts, key=lambda name: (name != "current_team", policy.facts[name].kind in DATED_KINDS, name)))
        self.rank = {name: rank for rank, name in enumerate(self.ranked)}
        # Facts that name a team or an area.
        targets = [rule.effect for rule in self.rules if isinstance(rule.effect, TransferTo)]
        self.naming = {one.fact for target in targets for one in (target.team, target.area) if isinstance(one, FromFact)}
        self.moves_for = frozenset(item.id for item in self.items if _looks_at_move(policy, item))
        self.moves_matter = bool(self.moves_for)
        self.conditions_on_moves = any(counts_from_move(tree) for item in policy.pack.items.values() for tree in _trees_of_work(item))

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

    def bearing(self, holder: str | None, name: str) -> tuple[int, ...]:
        """Return the rules of which it depends, while a team holds the case, which values of a fact stand for all: as far as they may match.

        Of a fact that is yes or no, both do, whatever the rules.
        """
        if self.policy.facts[name].kind == "yes_no":
            return ()
        if (holder, name) not in self._bearing:
            reads = self.policy.reads
            found = {place for place in self.heard(holder) if name in reads[self.rules[place].id].match or name in reads[self.rules[place].id].answer}
            self._bearing[holder, name] = tuple(sorted(found.union(*(rules for rules, pair in self.compared(holder) if name in pair))))
        return self._bearing[holder, name]

    def set_of(self, rules: tuple[int, ...]) -> int:
        """Return the number of a set of rules."""
        if rules not in self._set_of:
            self._set_of[rules] = len(self.sets)
            self.sets.append(rules)
        return self._set_of[rules]


def _compared_counts(plan: Plan, holder: str | None) -> Iterator[tuple[tuple[int, ...], tuple[str, str]]]:
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


def _dates_read(plan: Plan, tree: Node | None) -> tuple[str, ...]:
    return () if tree is None else tuple(sorted(name for name in facts_read(tree) if plan.policy.facts[name].kind in DATED_KINDS))


def _trees_of_work(item: Item) -> list[Node]:
    """Return what says whether an item is wanted, and whether it counts as done."""
    valid = () if item.valid is None else (item.valid.on_or_after, item.valid.before)
    return [tree for tree in (item.when, item.done_when, *valid) if tree is not None]


def _looks_at_move(policy: Policy, item: Item, seen: frozenset[str] = frozenset()) -> bool:
    """Say whether it takes the days of the move to tell whether an item counts as done."""
    if item.fresh_for is not None or any(map(counts_from_move, _trees_of_work(item))):
        return True
    others = (policy.work[name] for name in (*item.needs, *item.satisfied_by) if name not in seen)
    return any(isinstance(other, Item) and _looks_at_move(policy, other, seen | {item.id, other.id}) for other in others)


def words_of(bits: Array) -> list[Array]:
    """Return columns of bits as columns of one number each."""
    return [bits] if bits.ndim == 1 else [bits[:, word] for word in range(bits.shape[1])]


def plan_of(policy: Policy) -> Plan:
    """Return the plan of a policy, made when it is first asked for."""
    # A class is no team, whatever a snapshot says.
    plan: Plan | None = policy.forms.get(Plan)
    if plan is None:
        plan = policy.forms[Plan] = Plan(policy)
    return plan

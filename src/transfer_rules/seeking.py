"""Looking for a way of filling in unknown facts that reaches a goal, or for the facts by which there is none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeAlias

from .answers import Hearing
from .case import BoundCase
from .completion import Way, is_possible
from .conditions import Truth
from .facts import DATED_KINDS, FactValue
from .impossible import partners
from .policy import Policy
from .regions import Asked, Regions, regions
from .timescales import decision_name

Goal: TypeAlias = Callable[[Hearing, BoundCase], tuple[Truth, frozenset[str]]]
"""Says of a case whether it is one that is looked for. With unknown goes the set of unknown facts of which one is to be tried next; with false, the
set of facts by which it is false."""

STEPS: Final = 5_000
"""The looks that one question may take; past them it is not decided."""

_NOTHING: Final[Mapping[str, FactValue]] = {}


class NotDecided(Exception):
    """The search stopped at its limit, or the values it tries do not stand for all."""


class Seeking:
    """One search, with the recorded decisions and on the day of one case."""

    def __init__(
        self,
        policy: Policy,
        case: BoundCase,
        hearing: Hearing,
        goal: Goal,
        asked: Asked,
        *,
        choose: Collection[str] | None = None,
        unless_impossible: Mapping[str, FactValue] = _NOTHING,
        steps: int | None = None,
    ):
        """Begin a search.

        Args:
            choose: the unknown facts that may be filled in at will; the goal must be reached whatever the others are. None is all of them.
            unless_impossible: values of some unknown facts that hold unless a definition sets them against what is filled in.
            steps: the looks that are left of those that the whole question may take; all of them where this is not said.
        """
        self.policy = policy
        self.case = case
        self.hearing = hearing
        self.goal = goal
        self.asked = asked
        self.choose = choose
        self.unless_impossible = unless_impossible
        self.steps = STEPS if steps is None else steps
        self.tried: set[str] = set()
        self._regions: Regions | None = None

    @property
    def values(self) -> Regions:
        """The values to try."""
        if self._regions is None:
            self._regions = regions(self.policy, self.case, self.hearing, self.asked)
        return self._regions

    @property
    def unsure(self) -> bool:
        """Whether what was found rests on values that do not stand for all."""
        return self._regions is not None and not self._regions.exact(self.tried)

    def reach(self, way: Way) -> Way | frozenset[str]:
        """Return a way that reaches the goal; where there is none under this one, the facts and decisions by which there is none.

        Whoever would reach it must change one of these, or (where facts are not to be chosen) make known one of them that is unknown.

        Raises:
            NotDecided: that could not be found out within the steps allowed.
        """
        self.steps -= 1
        if self.steps < 0:
            raise NotDecided
        case = self._case(way)
        reached, names = self.goal(self.hearing, case)
        if reached is False:
            # What holds unless it is impossible hangs on what it is set against.
            hanging = (partners(name) for name in names.intersection(self.unless_impossible))
            return names.union(*hanging).intersection([*case.facts, *map(decision_name, self.policy.pack.decisions)])
        # What is to be chosen is all chosen before anything else is tried, so that one choice serves for all of it.
        at_will = names if self.choose is None else names.intersection(self.choose) or frozenset(self.choose).difference(case.facts)
        if reached and (self.choose is None or not at_will):
            return way
        return self._choose(case, way, self._first(at_will)) if at_will else self._whatever(case, way, self._first(names))

    def _choose(self, case: BoundCase, way: Way, name: str) -> Way | frozenset[str]:
        """Find a value that serves."""
        self.tried.add(name)
        blamed: frozenset[str] = frozenset()
        for value in self.values[name]:
            added = {**way, name: value}
            if not is_possible(self.case, added, name):
                blamed |= partners(name).intersection(case.facts)
                continue
            found = self.reach(added)
            if not isinstance(found, frozenset):
                return found
            if name not in found:
                # This fact has nothing to do with it, so no other value of it helps.
                return found
            blamed |= found
        return blamed - {name}

    def _whatever(self, case: BoundCase, way: Way, name: str) -> Way | frozenset[str]:
        """See that every value serves."""
        for value in self.values[name]:
            added = {**way, name: value}
            if is_possible(case, added, name):
                found = self.reach(added)
                if isinstance(found, frozenset):
                    # The way that fails is there as long as nothing excludes this value.
                    return found | partners(name).intersection(case.facts) if name in found else found
        self.tried.add(name)
        return way

    def _case(self, way: Way) -> BoundCase:
        case = self.case.filling(way) if way else self.case
        for name, value in self.unless_impossible.items():
            # Whether it holds shows once what is set against it is chosen.
            open_still = partners(name).intersection(self.choose or ()).difference(case.facts)
            if name not in case.facts and not open_still and is_possible(case, {name: value}, name):
                case = case.filling({name: value})
        return case

    def _first(self, names: Collection[str]) -> str:
        """Return the fact to try: dates last, since they have the most values."""
        plain = [name for name in names if self.policy.facts[name].kind not in DATED_KINDS]
        return min(plain or names, key=lambda name: (len(self.values[name]), name))

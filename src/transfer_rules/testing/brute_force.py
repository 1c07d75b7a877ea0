"""Brute force: every way of filling in what is unknown, put to the judge.

It says what is certain, which facts alone change the answer, and between which dates the deadline lies. The judge alone speaks here, by way of
`many_ways`; the engine's own search is never asked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import combinations, product
from typing import Any, Final, TypeAlias

from ..conditions import Age, Amount, Condition, Includes, Is
from ..facts import DATED_KINDS, HAPPENED, Fact, FactValue
from ..impossible import IMPOSSIBLE
from ..policy import Policy
from ..timescales import Birthday
from ..vocabulary import STANDARD_FACTS, CaseSnapshot
from . import reference
from .many_ways import Layouts, ManyWays, Parted, Region, places_of
from .reference import Answer, DayOrMoment, NotKnown, Verdict

Way: TypeAlias = Mapping[str, FactValue]
"""A value for each hidden fact."""

_AROUND: Final = 40
_MOST_DAYS: Final = (0, 600, 100)
TIED: Final = [{one.first, one.second} for one in IMPOSSIBLE if not {STANDARD_FACTS[one.first].kind, STANDARD_FACTS[one.second].kind} & DATED_KINDS]
"""Facts that may exclude each other so tightly that neither changes alone. A date always has a value that fits either value of its partner."""


@dataclass(frozen=True, slots=True)
class Found:
    """What all the ways together say.

    Attributes:
        answers: each different answer, with one way that gives it.
        alone: each hidden fact that changes the answer, with two ways that differ in it alone (or in it and the fact tied to it).
        earliest, latest: the first and last deadline of any way; None where no way has a date.
        undated: some way is a transfer or a close that has no date and is not for at once.
        at_once: some way is a transfer or a close for at once.
    """

    answers: Mapping[Answer, Way]
    alone: Mapping[str, tuple[Way, Way]]
    earliest: DayOrMoment | None
    latest: DayOrMoment | None
    undated: bool
    at_once: bool


def filled(snapshot: CaseSnapshot, way: Way) -> CaseSnapshot:
    """Return the snapshot with the facts of a way filled in."""
    local = {name: value for name, value in way.items() if name not in STANDARD_FACTS}
    standard: dict[str, Any] = {name: value for name, value in way.items() if name in STANDARD_FACTS}
    return replace(snapshot, **standard, local_facts={**snapshot.local_facts, **local})


class BruteForce:
    """Brute force on the cases of one policy; what can be known of the pack beforehand is worked out once.

    `most_days` says how many days to try for a date where no, one, two or more dates are hidden. Days that are not tried can leave a fault unseen;
    they never show one that is not there.
    """

    def __init__(self, policy: Policy, most_days: Sequence[int] = _MOST_DAYS):
        self.policy = policy
        self.most_days = most_days
        self.compared = [node for node in reference._nodes(policy.pack, set()) if isinstance(node, Amount | Is | Includes | Age | Birthday)]
        self.layouts = Layouts(policy)

    def __call__(self, snapshot: CaseSnapshot, hidden: Iterable[str], also: Way | None = None) -> Found:
        """Put every way of filling in the hidden facts to the judge.

        Args:
            snapshot: the case, in which the hidden facts are unknown, or events that have happened on a day that is not known.
            hidden: their names; more than two dates take long.
            also: for some hidden facts a value to try, whether or not it lies among those that are tried anyway.

        Raises:
            NotKnown: the judge needs another fact that is unknown.
            ValueError: a hidden fact is known.
        """
        names = tuple(sorted(hidden))
        facts, known = self.policy.facts, reference._closed(self.policy.pack, snapshot)
        for name in names:
            if known.get(name, HAPPENED) != HAPPENED:
                raise ValueError(f"`{name}` is known")
        dated = sum(facts[name].kind in DATED_KINDS for name in names)
        values = [self.values(facts[name], snapshot, known, dated) for name in names]
        for name, some in zip(names, values, strict=True):
            if also and name in also and also[name] not in some:
                some.append(also[name])
        return _Search(ManyWays(self.layouts, snapshot, names, values)).found()

    def values(self, fact: Fact, snapshot: CaseSnapshot, known: Mapping[str, FactValue], dated: int) -> list[FactValue]:
        """Return every value of a hidden fact that can make a difference; dates near to those in play."""
        match fact.kind:
            case "choices":
                # A set is only ever asked whether it includes a word, so words that no condition names cannot tell two sets apart.
                words = sorted({node.value for node in self.compared if isinstance(node, Includes) and node.fact == fact.name})
                sets = [frozenset(some) for count in range(len(words) + 1) for some in combinations(words, count)]
                return list(dict.fromkeys([*sets, frozenset(fact.options)]))
            case "count":
                near = {number + step for number in reference._compared_with(fact.name, self.compared, known) for step in (-1, 0, 1)}
                return [0, *sorted(number for number in near if number > 0)]
            case _:
                days = self._days(fact, snapshot, known, self.most_days[min(dated, len(self.most_days) - 1)]) if fact.kind in DATED_KINDS else None
                moments = _moments(snapshot, known) if fact.kind == "moment" else []
                return [*reference._values(fact, self.policy.pack, snapshot, known, days), *moments]

    def _days(self, fact: Fact, snapshot: CaseSnapshot, known: Mapping[str, FactValue], most: int) -> list[date]:
        """Return the days from 40 before the first date in play to 40 after the last; of too many, those nearest to a date in play."""
        today = reference._day(snapshot.as_of)
        facts = self.policy.facts
        # A date of birth lies years before everything else.
        dates = {
            reference._day(value)
            for name, value in known.items()
            if facts[name].kind in DATED_KINDS and isinstance(value, date) and name != "date_of_birth"
        }
        play = sorted({day.toordinal() for day in dates} | {today.toordinal()})
        span = range(play[0] - _AROUND, play[-1] + _AROUND + 1)
        chosen = set(span if len(span) <= most else sorted(span, key=lambda day: _distance(day, play))[:most])
        if fact.name == "date_of_birth":
            for age in {node.age for node in self.compared if isinstance(node, Age | Birthday)}:
                turning = reference._birthday(today, -age).toordinal()
                chosen |= set(range(turning - 5, turning + 6))
        return [date.fromordinal(day) for day in sorted(chosen)]


def _distance(day: int, play: Sequence[int]) -> int:
    """Return how many days a day lies from the nearest of some others, which are sorted."""
    after = bisect_left(play, day)
    return min(abs(day - one) for one in play[max(0, after - 1) : after + 1])


def _moments(snapshot: CaseSnapshot, known: Mapping[str, FactValue]) -> list[datetime]:
    """Return each moment in play with the minutes beside it, and half past eleven in the evening by UTC: in summer, tomorrow in London."""
    today = reference._day(snapshot.as_of)
    play = {value.astimezone(UTC) for value in (snapshot.as_of, *known.values()) if isinstance(value, datetime)}
    near = {moment + timedelta(minutes=step) for moment in play for step in (-1, 0, 1)}
    return sorted(near | {datetime(today.year, today.month, today.day, 23, 30, tzinfo=UTC)})


@lru_cache(maxsize=8)
def _of(policy: Policy) -> BruteForce:
    return BruteForce(policy)


def brute_force(policy: Policy, snapshot: CaseSnapshot, hidden: Iterable[str], also: Way | None = None) -> Found:
    """Put every way of filling in the hidden facts to the judge; see `BruteForce`."""
    return _of(policy)(snapshot, hidden, also)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A region with one outcome, team and set of items, and the answer for the values (of the facts at `axes`) on which its deadline hangs."""

    region: Region
    axes: tuple[int, ...]
    answers: Mapping[tuple[int, ...], Answer]
    likeness: Hashable
    """Regions that share it answer the same wherever they give the facts at their axes the same values."""

    def at(self, values: Mapping[int, int]) -> Answer:
        return self.answers[tuple(values[place] for place in self.axes)]


class _Crossing:
    """Which regions lie across from which: overlapping in all facts but some, with another answer. Sets of regions are the bits of a number."""

    def __init__(self, leaves: Sequence[_Leaf]):
        self.leaves = leaves
        self.places = range(len(leaves[0].region))
        self.asked = [place for place in self.places if len({leaf.region[place] for leaf in leaves}) > 1]
        self._holding: list[dict[int, int]] = [{} for _ in self.places]
        """For each fact and each of its values, the regions that hold it."""
        self._alike: dict[Hashable, int] = {}
        """The regions that never answer differently in the same way."""
        for number, leaf in enumerate(leaves):
            self._alike[leaf.likeness] = self._alike.get(leaf.likeness, 0) | 1 << number
            for place in self.asked:
                holding = self._holding[place]
                for value in places_of(leaf.region[place]):
                    holding[value] = holding.get(value, 0) | 1 << number
        self._meeting: dict[tuple[int, int], int] = {}

    def others(self, number: int, places: Sequence[int]) -> Iterator[int]:
        """Return the regions that may answer differently from one of them and are apart from it in these facts alone."""
        leaf = self.leaves[number]
        # Each pair once.
        across = (1 << number) - 1 & ~self._alike[leaf.likeness]
        for place in self.asked:
            if not across:
                return
            meeting = self._meets(place, leaf.region[place])
            across &= ~meeting if place in places else meeting
        while across:
            lowest = across & -across
            yield lowest.bit_length() - 1
            across ^= lowest

    def _meets(self, place: int, values: int) -> int:
        meeting = self._meeting.get((place, values))
        if meeting is None:
            meeting = 0
            for value in places_of(values):
                meeting |= self._holding[place][value]
            self._meeting[place, values] = meeting
        return meeting


class _Search:
    """The search through the regions of one case."""

    def __init__(self, ways: ManyWays):
        self.ways, self.hidden, self.values = ways, ways.hidden, ways.values
        self.tied = [tuple(ways.place[name] for name in sorted(tied)) for tied in TIED if tied <= ways.place.keys()]

    def found(self) -> Found:
        """Put every way to the judge."""
        leaves = list(self.leaves())
        answers: dict[Answer, Way] = {}
        for leaf in leaves:
            for mixture, answer in leaf.answers.items():
                if answer not in answers:
                    answers[answer] = self.way(leaf.region, dict(zip(leaf.axes, mixture, strict=True)))
        moves = [answer for answer in answers if answer.outcome in ("transfer", "close")]
        deadlines = [answer.deadline for answer in moves if answer.deadline is not None]
        return Found(
            answers=answers,
            alone={} if len(answers) == 1 else self.alone(leaves),
            earliest=min(deadlines, key=reference._in_list, default=None),
            latest=max(deadlines, key=reference._in_list, default=None),
            undated=any(answer.deadline is None and answer.deadline_state != "at_once" for answer in moves),
            at_once=any(answer.deadline_state == "at_once" for answer in moves),
        )

    def leaves(self) -> Iterator[_Leaf]:
        """Part the ways until the judge answers each region, leaving out what is impossible."""
        ways, judge = self.ways, self.ways.judge
        left = [(ways.region, judge.pack)]
        while left:
            ways.region, judge.pack = left.pop()
            try:
                leaf = self.leaf()
            except Parted as parted:
                before, after = ways.region[: parted.place], ways.region[parted.place + 1 :]
                left.extend(((*before, piece, *after), judge.pack) for piece in parted.pieces)
            else:
                if leaf is not None:
                    yield leaf

    def leaf(self) -> _Leaf | None:
        """Judge the region; None where it is impossible."""
        if any(self.impossible(one.condition) for one in IMPOSSIBLE if one.first in self.ways.place or one.second in self.ways.place):
            return None
        ruling = self.ways.judge.ruling()
        required = self.ways.judge.required(ruling)
        if ruling.outcome == "stay":
            # A stay has no deadline, and the date until which it is held is not part of the answer.
            return self._constant(Verdict("stay", required=required, settled_by=ruling.settled_by).answer)
        key = ("answer", ruling.outcome, ruling.team, ruling.role, ruling.settled_by, id(ruling.deadline), required)
        self.ways.plan(key, self.ways.judge.case, (ruling.deadline,))
        axes, truths, answers = self.ways.each(key, self.ways.judge.case, lambda: self.ways.one.answer(ruling, required))
        for answer in answers.values():
            if isinstance(answer, NotKnown):
                raise answer
        if len(different := set(answers.values())) == 1:
            return self._constant(*different)
        return _Leaf(self.ways.region, axes, answers, (key, axes, *truths))

    def _constant(self, answer: Answer) -> _Leaf:
        return _Leaf(self.ways.region, (), {(): answer}, answer)

    def impossible(self, condition: Condition) -> bool:
        """Whether what is known makes the condition certain throughout the region."""
        try:
            return self.ways.judge.case.true(condition)
        except Parted:
            raise
        except NotKnown:
            return False

    def way(self, region: Region, chosen: Mapping[int, int]) -> Way:
        """Return one way of a region, with the values chosen for some facts."""
        return {name: self.values[place][chosen[place] if place in chosen else places_of(region[place])[0]] for place, name in enumerate(self.hidden)}

    def alone(self, leaves: Sequence[_Leaf]) -> dict[str, tuple[Way, Way]]:
        """Return, for each fact that changes the answer when it alone changes, two ways that show it.

        Regions do not overlap, and hold possible ways only: two ways differ in one fact alone either inside a region, where only the deadline hangs
        on it, or between two regions that overlap in all facts but this one.
        """
        found: dict[str, tuple[Way, Way]] = {}
        for leaf in leaves:
            for place in leaf.axes:
                if self.hidden[place] not in found and (pair := self._between(leaf, leaf, place)):
                    found[self.hidden[place]] = pair
        crossing = _Crossing(leaves)
        for number, leaf in enumerate(leaves):
            for places in [*((place,) for place in crossing.asked), *self.tied]:
                if all(self.hidden[place] in found for place in places):
                    continue
                for other in crossing.others(number, places):
                    pair = self._between(leaf, leaves[other], places[0]) if len(places) == 1 else self._tied(leaf, leaves[other], *places)
                    if pair:
                        found.update((self.hidden[place], pair) for place in places)
                        break
        return found

    def _between(self, a: _Leaf, b: _Leaf, place: int) -> tuple[Way, Way] | None:
        """Return a way of each region that answer differently, and differ in the fact at one place alone."""
        overlap = tuple(x & y for x, y in zip(a.region, b.region, strict=True))
        shared = [one for one in dict.fromkeys((*a.axes, *b.axes)) if one != place]
        for mixture in product(*[places_of(overlap[one]) for one in shared]):
            chosen = dict(zip(shared, mixture, strict=True))
            seen: dict[Answer, Way] = {}
            for leaf in (a, b):
                values = places_of(leaf.region[place])
                for value in values if place in leaf.axes else values[:1]:
                    answer = leaf.at({**chosen, place: value})
                    if answer not in seen:
                        seen[answer] = self.way(overlap, {**chosen, place: value})
                    if len(seen) > 1:
                        first, second = seen.values()
                        return first, second
        return None

    def _tied(self, a: _Leaf, b: _Leaf, first: int, second: int) -> tuple[Way, Way] | None:
        """Return a way of each region that answer differently, and differ in two tied facts, neither of which can change alone."""
        overlap = [x & y for x, y in zip(a.region, b.region, strict=True)]
        rest = {place: places_of(overlap[place])[0] for place in range(len(overlap)) if place not in (first, second)}
        both = [[places_of(leaf.region[place]) for place in (first, second)] for leaf in (a, b)]
        for one, other in product(product(*both[0]), product(*both[1])):
            ways = [{**rest, first: pair[0], second: pair[1]} for pair in (one, other)]
            crossed = [{**rest, first: pair[0], second: pair[1]} for pair in ((one[0], other[1]), (other[0], one[1]))]
            if a.at(ways[0]) != b.at(ways[1]) and not any(self._possible(way) for way in crossed):
                return self.way(a.region, ways[0]), self.way(b.region, ways[1])
        return None

    def _possible(self, chosen: Mapping[int, int]) -> bool:
        self.ways.region = tuple(1 << chosen[place] for place in range(len(self.hidden)))
        return not any(self.impossible(one.condition) for one in IMPOSSIBLE)

"""The values at which an answer can change: for each unknown fact a few values that stand for all.

Conditions look at a date only by comparing it, straight or counted from, with another date. So between two neighbouring days at which some
comparison turns, every condition stays as it is, and a timescale only moves one way: the first and the last day of such a stretch stand for it.
Other facts are compared with values written in the pack: each of those, and one that stands for all the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain, combinations, product
from typing import Final

from .answers import Hearing
from .case import BoundCase
from .checklists import Teams
from .conditions import Age, Amount, Compare, Dated, FactRef, Happened, Includes, Is, Node, OneOf, Within
from .dates import DayOrMoment, birthday, london_date
from .errors import CalendarRangeError
from .facts import DATED_KINDS, FIRST_DAY, HAPPENED, NOT_YET, RESERVED_TEAMS, UNKNOWN, Fact, FactValue
from .impossible import IMPOSSIBLE
from .pack import FromFact, PeopleDecide, Rule, Stay, TransferTo
from .policy import Policy
from .timescales import (
    AsOf,
    Birthday,
    Conditional,
    Count,
    FactDay,
    FailingThat,
    LatestOf,
    Literally,
    MoveDay,
    SoonestOf,
    UseTimescale,
    counts_from_move,
    is_open,
)

_ONE_DAY: Final = timedelta(days=1)
# A date that other unknown dates are compared with has the days at which those turn, and so on along every path of comparisons. Past these numbers
# the days are no longer all there, and what rests on them is not called exact.
_DEEPEST: Final = 4
_NEAR: Final = 400
_MOST_DAYS: Final = 300
_MOST_OPTIONS: Final = 7


@dataclass(frozen=True, slots=True)
class Chain:
    """Counts, one after another, from a fact or from a day. Whatever a timescale gives, one of its chains gives."""

    base: str | DayOrMoment
    steps: tuple[Count | Birthday, ...] = ()

    def value(self, start: DayOrMoment, case: BoundCase) -> DayOrMoment | None:
        """Return where the counts lead from `start`; None where they leave the calendar."""
        try:
            for step in self.steps:
                start = birthday(london_date(start), step.age) if isinstance(step, Birthday) else step.count(start, case)
        except CalendarRangeError:
            return None
        return start


@dataclass
class Regions:
    """For each unknown fact the values that stand for all it can take; `inexact` names the facts of which they do not."""

    values: dict[str, tuple[FactValue, ...]] = field(default_factory=dict)
    inexact: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Asked:
    """A narrower question than the whole answer: whether rules match, and whether those named in `teams` name one team, in `dates` one date.

    Then items do not count, and of teams that facts name it is enough to try two that nothing mentions.
    """

    teams: Collection[str] = ()
    dates: Collection[str] = ()


def regions(policy: Policy, case: BoundCase, hearing: Hearing, asked: Asked | None = None) -> Regions:
    """Return the values of every unknown fact at which the answer for this case can change, or the answer to a narrower question."""
    return _Survey(policy, case, hearing.live, asked).regions()


def days_of(policy: Policy, case: BoundCase, fact: Fact) -> tuple[date, date]:
    """Return the first and the last day that a date fact can have: the calendar's span, and births from before it.

    An event recorded as happened lies on or before `as_of`. A case that lies outside the calendar has its own day in the span.
    """
    first = FIRST_DAY if fact.name == "date_of_birth" else min(policy.calendar.first, case.today)
    last = case.today if case.facts.get(fact.name) == HAPPENED else max(policy.calendar.last, case.today)
    return first, last


class _Survey:
    """What the parts that are still open look at."""

    def __init__(self, policy: Policy, case: BoundCase, rules: Iterable[str], asked: Asked | None):
        self.policy = policy
        self.case = case
        self.mentioned: dict[str, set[FactValue]] = {}
        self.whole: set[str] = set()
        self.compared: set[tuple[Chain, Chain]] = set()
        self.open = {name for name in policy.facts if is_open(name, case)}
        heard = [policy.rules[name] for name in rules]
        self.asked = asked
        dating = [rule for rule in heard if asked is None or rule.id in asked.dates]
        self.moves: Mapping[str, list[Chain]] = self._moves(dating)
        for rule in heard:
            self._match(rule)
            if asked is None or rule.id in asked.teams:
                self._whom(rule)
        self._dates(dating)
        for impossible in IMPOSSIBLE:
            # Where a definition cuts off what a fact can be, there is an edge as well.
            self._look(impossible.condition)
        if asked is None:
            self._items()

    # --- what is compared

    def _moves(self, rules: list[Rule]) -> Mapping[str, list[Chain]]:
        self.moves = {}
        points = [found for rule in rules for found in self.chains(rule.transfer_point)]
        deadlines = [found for rule in rules for found in self.chains(rule.deadline)]
        handovers = [*self.chains(FactDay("agreed_transfer_on")), *deadlines, *points]
        return {"transfer_point": points, "deadline": deadlines, "handover": handovers}

    def _dates(self, rules: list[Rule]) -> None:
        for tree in (tree for rule in rules for tree in (rule.deadline, rule.transfer_point) if tree is not None):
            self._look(tree)
        for one, other in combinations([rule for rule in rules if rule.deadline is not None], 2):
            if _may_agree(one, other):
                self._compare(self.chains(one.deadline), self.chains(other.deadline))

    def _items(self) -> None:
        for left in self.policy.pack.leave_to_people:
            self._decided(left.settled_by)
        for name, item in self.policy.pack.items.items():
            if not item.off:
                self._look(item.when)
                for applies in self.policy.moves_of_item[name]:
                    self._look(applies.when)
                    self._teams(applies.from_teams)

    def _match(self, rule: Rule) -> None:
        self._look(rule.when)
        self._teams(rule.from_teams)
        if isinstance(rule.effect, Stay) and rule.effect.until is not None:
            self._look(rule.effect.until)
            self._compare(self.chains(rule.effect.until), [Chain(self.case.as_of)])

    def _whom(self, rule: Rule) -> None:
        match rule.effect:
            case TransferTo(team=team, area=area):
                self._named("current_team", team)
                self._named("current_team_area", area)
            case PeopleDecide(settled_by=settled_by, valid=valid):
                on = self._decided(settled_by)
                for bound in () if valid is None else (valid.on_or_after, valid.before):
                    if bound is not None and on is not None:
                        self._look(bound)
                        self._compare(self.chains(bound), [Chain(on)])

    def _decided(self, decision: str | None) -> date | None:
        """A decision names a team as a rule does. Return its day, where it is recorded and known."""
        recorded = self.case.recorded.get(decision or "")
        if recorded is None:
            return None
        self._named("current_team", recorded.decided)
        self._named("current_team_area", recorded.area)
        return recorded.on

    def _named(self, holder: str, named: str | FromFact | None) -> None:
        """A rule whose target holds the case already says stay, so the holder is compared with the target."""
        if isinstance(named, FromFact):
            self.whole |= {holder, named.fact}
        elif named is not None:
            self.mentioned.setdefault(holder, set()).add(named)

    def _teams(self, teams: Teams) -> None:
        self.mentioned.setdefault("current_team", set()).update(teams.ids or (), teams.but)

    def _look(self, node: Node) -> None:
        """Take note of what the unsettled parts of a tree compare."""
        if self._is_settled(node):
            return
        match node:
            case Is(fact=fact, value=FactRef(fact=other)):
                # Values of one fact against values of another: only all of them stand for all.
                self.whole |= {fact, other}
                for name, like in ((fact, other), (other, fact)):
                    self.mentioned.setdefault(name, set()).add(self.case.facts.get(like))
            case Is(fact=fact, value=word) if not isinstance(word, FactRef):
                self.mentioned.setdefault(fact, set()).add(word)
            case Includes(fact=fact, value=option):
                self.mentioned.setdefault(fact, set()).add(option)
            case Amount(fact=fact, limit=limit):
                self.mentioned.setdefault(fact, set()).add(limit)
            case OneOf(fact=fact, values=words):
                self.mentioned.setdefault(fact, set()).update(words)
            case Happened(fact=fact):
                self._compare(self.chains(FactDay(fact)), [Chain(self.case.as_of)])
            case Compare(left=left, right=right):
                self._compare(self.chains(left), self.chains(right))
            case Age(age=age, on=on):
                self._compare(self.chains(on), self.chains(Birthday(age)))
            case Within(left=left, trigger=trigger, limit=end):
                self._compare(self.chains(left), [*self.chains(trigger), *self.chains(end)])
            case LatestOf(parts=parts):
                # Whether the latest date is firm hangs on which arm it is.
                for arm, another in combinations(parts, 2):
                    self._compare(self.chains(arm), self.chains(another), of_one_date=False)
            case _:
                pass
        for part in node.parts:
            self._look(part)

    def _is_settled(self, node: Node) -> bool:
        # The days of a move are not known yet, so what counts from them is not settled, whatever it says now.
        if counts_from_move(node):
            return False
        if hasattr(node, "truth"):
            return node.truth(self.case) is not None
        return not hasattr(node, "due") or node.due(self.case).kind != "open"

    def chains(self, timescale: Dated | None) -> list[Chain]:
        """Return the chains of counts of which a timescale chooses one."""
        match timescale:
            case FactDay(fact=fact):
                return self._start(fact)
            case Birthday():
                return [Chain(one.base, (*one.steps, timescale)) for one in self._start("date_of_birth")]
            case AsOf():
                return [Chain(self.case.as_of)]
            case Literally(value=day):
                return [Chain(day)]
            case MoveDay(which=which):
                return list(self.moves.get(which, ()))
            case Count(trigger=start):
                return [Chain(one.base, (*one.steps, timescale)) for one in self.chains(start)]
            case SoonestOf(parts=parts) | LatestOf(parts=parts):
                return [found for part in parts for found in self.chains(part)]
            case UseTimescale(timescale=used):
                return self.chains(used)
            case Conditional(timescale=chosen, when=when, otherwise=otherwise):
                holds = when.truth(self.case)
                return [*(() if holds is False else self.chains(chosen)), *(() if holds else self.chains(otherwise))]
            case FailingThat(first=first, then=then):
                return [*self.chains(first), *self.chains(then)]
            case _:
                return []

    def _start(self, fact: str) -> list[Chain]:
        if fact in self.open:
            return [Chain(fact)]
        value = self.case.facts[fact]
        return [Chain(value)] if isinstance(value, date) else []

    def _compare(self, ones: Iterable[Chain], others: Iterable[Chain], *, of_one_date: bool = True) -> None:
        for one, other in product(ones, others):
            if one != other and (self._is_open(one) or self._is_open(other)) and (of_one_date or one.base != other.base):
                self.compared.add((one, other))

    def _is_open(self, one: Chain) -> bool:
        return isinstance(one.base, str)

    # --- the values

    def regions(self) -> Regions:
        found = Regions()
        facts = self.policy.facts
        dated = [name for name in sorted(self.open) if facts[name].kind in DATED_KINDS]
        days = self._days(dated, found)
        for name in sorted(self.open):
            if facts[name].kind in DATED_KINDS:
                inside: list[FactValue] = [*sorted(days[name], key=self._distance)]
                found.values[name] = tuple(inside if self.case.facts.get(name) == HAPPENED else [NOT_YET, *inside])
            else:
                found.values[name] = tuple(self._plain(facts[name], found))
        return found

    def _distance(self, day: DayOrMoment) -> tuple[int, date, bool]:
        """Order days by how far they lie from the day asked about, so that the first that serves is the dullest."""
        return (abs((london_date(day) - self.case.today).days), london_date(day), isinstance(day, datetime))

    def _plain(self, fact: Fact, found: Regions) -> Iterator[FactValue]:
        seen = self.mentioned.get(fact.name, set()) - {UNKNOWN}
        match fact.kind:
            case "yes_no":
                yield from (False, True)
            case "choice":
                yield from self._some(fact.name, fact.options, seen)
            case "choices":
                options = [option for option in fact.options if option in seen]
                if len(options) > _MOST_OPTIONS:
                    found.inexact.add(fact.name)
                sizes = range(len(options) + 1) if len(options) <= _MOST_OPTIONS else (0, 1, len(options))
                yield from map(frozenset, chain.from_iterable(combinations(options, size) for size in sizes))
            case "count":
                near = {number + step for number in seen if isinstance(number, int) for step in (-1, 0, 1)}
                like = {number for other in self.whole for number in self.mentioned.get(other, ()) if fact.name in self.whole and type(number) is int}
                yield from sorted({0} | {number for number in near | like if number >= 0})
            case "team":
                yield from self._some(fact.name, (*self.policy.pack.teams, *RESERVED_TEAMS), seen)
            case _:
                yield from self._some(fact.name, sorted(self.policy.areas), seen)

    def _some(self, name: str, options: Iterable[str], seen: set[FactValue]) -> Iterator[str]:
        """Yield the options that something compares, and of the others the first, which stands for them all; of a fact compared with another, all."""
        wanted = 1
        if name in self.whole:
            options = tuple(options)
            wanted = len(options) if self.asked is None else 2
            seen = seen.union(*(self.mentioned.get(other, ()) for other in self.whole))
        for option in options:
            if option in seen or wanted > 0:
                yield option
            wanted -= option not in seen

    def _days(self, names: list[str], found: Regions) -> dict[str, set[DayOrMoment]]:
        """Return the days of each unknown date at which a comparison turns, both the last before and the first after."""
        spans = {name: days_of(self.policy, self.case, self.policy.facts[name]) for name in names}
        days: dict[str, set[DayOrMoment]] = {name: {*spans[name], min(self.case.today, spans[name][1])} for name in names}
        related: list[tuple[Chain, Chain]] = []
        chains: set[Chain] = set()
        for pair in self.compared:
            chains.update(pair)
            for one, other in (pair, pair[::-1]):
                if not isinstance(one.base, str):
                    continue
                if one.base == other.base:
                    own = self._own_turns(one, other, spans[one.base])
                    days[one.base] |= own
                    # Such turns come every few weeks, as far as the calendar reaches; those near the day asked about do not stand for all.
                    found.inexact |= {one.base} if own else set()
                elif isinstance(other.base, str):
                    related.append((one, other))
                elif (limit := other.value(other.base, self.case)) is not None:
                    days[one.base] |= self._turns(one, london_date(limit), spans[one.base])
        for one in chains:
            if isinstance(one.base, str):
                days[one.base] |= self._ends(one, spans[one.base])
        self._relate(days, related, spans, found)
        for name in names:
            if self.policy.facts[name].kind == "moment":
                hours = [sum(map(_hours, one.steps)) for one in chains if one.base == name]
                days[name] |= self._moments(days[name], hours, spans[name])
        return days

    def _moments(self, days: set[DayOrMoment], hours: list[int], span: tuple[date, date]) -> set[DayOrMoment]:
        """Return moments besides days: where hours are counted a moment gives another end than its day; and `as_of` can cut a day in two."""
        found: set[DayOrMoment] = set()
        if any(hours):
            found |= {datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in days}
        if isinstance(self.case.as_of, datetime):
            cuts = [self.case.as_of - timedelta(hours=count) for count in {0, *hours}]
            found |= {cut + timedelta(minutes=after) for cut in cuts for after in (0, 1)}
        return {one for one in found if span[0] <= london_date(one) <= span[1]}

    def _own_turns(self, one: Chain, other: Chain, span: tuple[date, date]) -> set[DayOrMoment]:
        """Return the days within a year or so at which two counts from one and the same date change places."""
        found: set[DayOrMoment] = set()
        before: int | None = None
        for step in range(-_NEAR, _NEAR + 1):
            day = self.case.today + step * _ONE_DAY
            if not span[0] <= day <= span[1]:
                continue
            first, second = one.value(day, self.case), other.value(day, self.case)
            if first is None or second is None:
                continue
            order = (london_date(first) > london_date(second)) - (london_date(first) < london_date(second))
            if before is not None and order != before:
                found |= {day - _ONE_DAY, day}
            before = order
        return found

    def _relate(
        self, days: dict[str, set[DayOrMoment]], related: list[tuple[Chain, Chain]], spans: Mapping[str, tuple[date, date]], found: Regions
    ) -> None:
        """Add the days at which comparisons between two unknown dates turn, given the days of the other."""
        fresh = {name: set(some) for name, some in days.items()}
        depth = _depth(related)
        many = depth > _DEEPEST
        # Two ways that differ in one date share the others, so their days come from either of its values: there and back.
        for _ in range(0 if many else depth if self.asked is not None else 2 * depth):
            added: dict[str, set[DayOrMoment]] = {}
            for one, other in related:
                assert isinstance(one.base, str)
                assert isinstance(other.base, str)
                for day in fresh.get(other.base, ()):
                    if (limit := other.value(day, self.case)) is not None:
                        added.setdefault(one.base, set()).update(self._turns(one, london_date(limit), spans[one.base]) - days[one.base])
            fresh = added
            for name, some in added.items():
                days[name] |= some
        for name, some in days.items():
            if len(some) > _MOST_DAYS:
                found.inexact.add(name)
                days[name] = set(sorted(some, key=self._distance)[:_MOST_DAYS])
        if many:
            found.inexact.update(one.base for one, _ in related if isinstance(one.base, str))

    def _turns(self, one: Chain, limit: date, span: tuple[date, date]) -> set[DayOrMoment]:
        """Return the days about those from which a chain first reaches, and first passes, a day."""
        found: set[DayOrMoment] = set()
        for target in (limit, limit + _ONE_DAY):
            first = _first(partial(self._reaches, one, target), span)
            found |= {day for day in (first - _ONE_DAY, first) if span[0] <= day <= span[1]}
        return found

    def _reaches(self, one: Chain, target: date, day: date) -> bool:
        value = one.value(day, self.case)
        # A count leaves the calendar at the end that its start is nearer to.
        return (
            day > self.policy.calendar.first + (self.policy.calendar.last - self.policy.calendar.first) / 2
            if value is None
            else london_date(value) >= target
        )

    def _ends(self, one: Chain, span: tuple[date, date]) -> set[DayOrMoment]:
        """Return the days about those from which a count of working days leaves the calendar, or the years whose bank holidays are proclaimed."""
        if not any(isinstance(step, Count) and step.unit == "working_days" for step in one.steps):
            return set()
        calendar = self.policy.calendar
        found = self._turns(one, calendar.proclaimed_to, span)
        for turn in (
            _first(partial(self._reaches, one, date.min), span),
            _first(partial(self._reaches, one, date.max), span),
            calendar.proclaimed_to + _ONE_DAY,
        ):
            found |= {day for day in (turn - _ONE_DAY, turn) if span[0] <= day <= span[1]}
        return found


def _hours(step: Count | Birthday) -> int:
    """Return the hours that a step counts, 0 where it counts days."""
    return 0 if isinstance(step, Birthday) or step.unit != "hours" else -step.amount if step.back else step.amount


def _depth(related: Iterable[tuple[Chain, Chain]]) -> int:
    """Return how many steps lie between two dates that are compared with each other, straight or through others; no more than is done is counted."""
    edges: dict[str, set[str]] = {}
    for one, other in related:
        edges.setdefault(str(one.base), set()).add(str(other.base))

    def walks(path: tuple[str, ...], steps: int) -> bool:
        return steps == 0 or any(walks((*path, name), steps - 1) for name in sorted(edges[path[-1]]) if name not in path)

    return next((steps for steps in range(_DEEPEST + 1, 0, -1) if any(walks((name,), steps) for name in sorted(edges))), 0)


def _first(holds: Callable[[date], bool], span: tuple[date, date]) -> date:
    """Return the first day of a span from which something holds, the day after the span where it never does. Once it holds, it holds for good."""
    low, high = span[0].toordinal(), span[1].toordinal() + 1
    while low < high:
        middle = (low + high) // 2
        if holds(date.fromordinal(middle)):
            high = middle
        else:
            low = middle + 1
    return date.fromordinal(low)


def _may_agree(one: Rule, other: Rule) -> bool:
    """Say whether two rules may give the same answer, so that the days they name are compared."""
    if isinstance(one.effect, PeopleDecide) or isinstance(other.effect, PeopleDecide):
        return True
    if isinstance(one.effect, TransferTo) and isinstance(other.effect, TransferTo):
        teams = (one.effect.team, other.effect.team)
        return one.effect.role == other.effect.role and (teams[0] == teams[1] or any(isinstance(team, FromFact) for team in teams))
    return True

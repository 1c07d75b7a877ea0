"""The values at which an answer can change: for each unknown fact a few values that stand for all.

Conditions look at a date only by comparing it, straight or counted from, with another date. So between two neighbouring days at which some
comparison turns, every condition stays as it is: the two days about a turn stand for what lies on either side. A timescale only moves one way, so
of a date that the answer counts from, the first and the last day of all are tried as well. Other facts are compared with values written in the pack:
each of those, and one that stands for all the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain, combinations, product
from typing import Any, Final

from .answers import Hearing
from .case import BoundCase
from .checklists import Applies, DutySpec, Item, Teams
from .conditions import (
    All,
    Amount,
    AnyOf,
    Dated,
    FactRef,
    Happened,
    Includes,
    Is,
    Node,
    Not,
    OneOf,
    Truth,
    Use,
    all_of,
    any_of,
    is_after,
    negation,
)
from .dates import london_date
from .facts import DATED_KINDS, FIRST_DAY, HAPPENED, NOBODY, NOT_YET, RESERVED_TEAMS, UNKNOWN, Fact, FactValue
from .impossible import IMPOSSIBLE, partners
from .pack import Close, FromFact, PeopleDecide, Rule, Stay, TransferTo
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
    Timescale,
    UseTimescale,
    counts_from_move,
    is_open,
    nodes,
)
from .turns import Chain, Comparison, Turn, Turns, compared_dates

_MOST_OPTIONS: Final = 7
# The day asked about only takes days over, so a longer path than between two unknown dates costs little.
_DEEPEST_AHEAD: Final = 7
_NOW: Final = AsOf.forms[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """A narrower question than the whole answer: whether rules match, and whether those named in `teams` name one team, in `dates` one date.

    Then items do not count, and of teams that facts name it is enough to try two that nothing mentions, and the `team` that it is about.
    """

    teams: Collection[str] = ()
    dates: Collection[str] = ()
    team: str | None = None


def regions(policy: Policy, case: BoundCase, hearing: Hearing, asked: Asked | None = None) -> Regions:
    """Return the values of every unknown fact at which the answer for this case can change, or the answer to a narrower question."""
    return Regions(_Survey(policy, case, hearing.live, asked))


def days_ahead(policy: Policy, case: BoundCase, last: date) -> tuple[date, ...] | None:
    """Return the days after the one asked about, up to `last`, from which the decision may be another if nothing but time passes.

    Between two of them what the decision says stays as it is, and a date that it shows stays or moves one way. None where these days are not known.
    """
    return _SurveyAhead(policy, case).days(last)


def days_of(policy: Policy, case: BoundCase, fact: Fact) -> tuple[date, date]:
    """Return the first and the last day that a date fact can have: the calendar's span, and births from before it.

    An event recorded as happened lies on or before `as_of`. A case that lies outside the calendar has its own day in the span.
    """
    first = FIRST_DAY if fact.name == "date_of_birth" else min(policy.calendar.first, case.today)
    last = case.today if case.facts.get(fact.name) == HAPPENED else max(policy.calendar.last, case.today)
    return first, last


class _Survey:
    """What the parts that are still open look at. `now` is the day asked about, as comparisons see it."""

    def __init__(self, policy: Policy, case: BoundCase, rules: Collection[str], asked: Asked | None, now: Chain | None = None):
        self.policy = policy
        self.case = case
        self.now = Chain(case.as_of) if now is None else now
        self.mentioned: dict[str, set[FactValue]] = {}
        self.whole: set[str] = set()
        self.compared: set[Comparison] = set()
        self.open = {name for name in policy.facts if is_open(name, case)}
        self.heard = [policy.rules[name] for name in rules]
        self.asked = asked
        dating = [rule for rule in self.heard if asked is None or rule.id in asked.dates]
        self.moves: Mapping[str, list[Chain]] = self._moves(dating)
        for rule in self.heard:
            self._match(rule)
            if asked is None or rule.id in asked.teams:
                self._whom(rule)
        self._dates(dating)
        self.counted = {chain.base for rule in self.heard for tree in _dates_given(rule) for chain in self.chains(tree)}
        read = set(policy.items_read).union(*((*policy.reads[name].match, *policy.reads[name].answer) for name in rules))
        for impossible in IMPOSSIBLE:
            # Where a definition cuts off what a fact can be, there is an edge as well; what nothing reads, and nobody changes, cuts nothing off.
            if asked is not None or all(name in read or name not in self.open for name in (impossible.first, impossible.second)):
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
            if may_agree(one, other):
                self._compare(self.chains(one.deadline), self.chains(other.deadline))

    def _items(self) -> None:
        for left in self.policy.pack.leave_to_people:
            self._decided(left.settled_by)
        for name, item in self.policy.pack.items.items():
            applying = [applies for applies in self.policy.moves_of_item[name] if self._may_apply(applies)]
            if applying and not item.off and self._truth(item.when) is not False:
                self._look(item.when)
                for applies in applying:
                    self._look(applies.when)
                    self._teams(applies.from_teams)

    def _may_apply(self, applies: Applies) -> bool:
        may_decide = applies.rules is None or any(rule.id in applies.rules for rule in self.heard)
        return may_decide and applies.from_teams.hold(self.case.team) is not False and self._truth(applies.when) is not False

    def _match(self, rule: Rule) -> None:
        self._look(rule.when)
        self._teams(rule.from_teams)
        if isinstance(rule.effect, Stay) and rule.effect.until is not None:
            self._look(rule.effect.until)
            self._compare(self.chains(rule.effect.until), [self.now])

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
            case LatestOf(parts=parts):
                # Whether the latest date is firm hangs on which arm it is.
                for arm, another in combinations(parts, 2):
                    self._compare(self.chains(arm), self.chains(another), of_one_date=False)
            case _:
                for left, right, turns in compared_dates(node):
                    self._compare(self.chains(left), self.chains(right), turns)
        for part in node.parts:
            self._look(part)

    def _is_settled(self, node: Node) -> bool:
        if hasattr(node, "truth"):
            return self._truth(node) is not None
        return not counts_from_move(node) and (not hasattr(node, "due") or node.due(self.case).kind != "open")

    def _truth(self, condition: Any) -> Truth:
        # The days of a move are not known yet, so what counts from them is not settled, whatever it says now.
        return None if counts_from_move(condition) else condition.truth(self.case)

    def chains(self, timescale: Dated | None) -> list[Chain]:
        """Return the chains of counts of which a timescale chooses one."""
        match timescale:
            case FactDay(fact=fact):
                return self._start(fact)
            case Birthday():
                return [Chain(one.base, (*one.steps, timescale)) for one in self._start("date_of_birth")]
            case AsOf():
                return [self.now]
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
                holds = when.truth(self.case) if self._is_settled(when) else None
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

    def _compare(self, ones: Iterable[Chain], others: Iterable[Chain], turns: Turn = "either", *, of_one_date: bool = True) -> None:
        for one, other in product(ones, others):
            if one != other and (self._is_open(one) or self._is_open(other)) and (of_one_date or one.base != other.base):
                # A moment that is not known, and what counts hours, may reach and pass a day within it.
                either = turns == "either" or not (self._is_day(one) and self._is_day(other))
                self.compared.add(Comparison(one, other, reaches=either or turns == "reaches", passes=either or turns == "passes"))

    def _is_open(self, one: Chain) -> bool:
        return isinstance(one.base, str)

    def _is_day(self, one: Chain) -> bool:
        """Say whether a chain is compared by its day alone: a known moment is, with a date."""
        fact = self.policy.facts.get(one.base) if isinstance(one.base, str) else None
        return (fact is None or fact.kind != "moment") and all(isinstance(step, Birthday) or step.unit != "hours" for step in one.steps)

    # --- the values

    def plain(self) -> tuple[dict[str, tuple[FactValue, ...]], set[str]]:
        """Return the values of every unknown fact that is no date, and the facts of which they do not stand for all."""
        inexact: set[str] = set()
        facts = self.policy.facts
        return {name: tuple(self._plain(facts[name], inexact)) for name in sorted(self.open) if facts[name].kind not in DATED_KINDS}, inexact

    def dated(self) -> tuple[dict[str, tuple[FactValue, ...]], set[str]]:
        """Return the same of every unknown date."""
        spans = self.spans()
        turns = Turns(self.policy, self.case, spans)
        # Of a date that no date is counted from, the days about the turns stand for all; the day asked about is there for one that never turns. But
        # to find one value that serves whatever another date is, there must be a day of that one for each.
        ends = {name: (*(span if name in self.counted or self.asked else ()), min(self.case.today, span[1])) for name, span in spans.items()}
        found: dict[str, tuple[FactValue, ...]] = {}
        for name, days in turns.days(self.compared, ends, there_and_back=self.asked is None).items():
            inside = sorted(days, key=turns.distance)
            found[name] = (*(() if self.case.facts.get(name) == HAPPENED else (NOT_YET,)), *inside)
        return found, turns.inexact

    def spans(self) -> dict[str, tuple[date, date]]:
        facts = self.policy.facts
        return {name: days_of(self.policy, self.case, facts[name]) for name in sorted(self.open) if facts[name].kind in DATED_KINDS}

    def _plain(self, fact: Fact, inexact: set[str]) -> Iterator[FactValue]:
        seen = self.mentioned.get(fact.name, set()) - {UNKNOWN}
        match fact.kind:
            case "yes_no":
                yield from (False, True)
            case "choice":
                yield from self._some(fact.name, fact.options, seen)
            case "choices":
                options = [option for option in fact.options if option in seen]
                if len(options) > _MOST_OPTIONS:
                    inexact.add(fact.name)
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
            about = set() if self.asked is None else {self.asked.team}
            seen = seen.union(about, *(self.mentioned.get(other, ()) for other in self.whole))
        for option in options:
            if option in seen or wanted > 0:
                yield option
            wanted -= option not in seen


class Regions:
    """For each unknown fact the values that stand for all it can take. Days, which take longest, are worked out when they are first asked for."""

    def __init__(self, survey: _Survey):
        """Take over what a survey has found."""
        self._survey = survey
        self._plain, self._inexact = survey.plain()

    @cached_property
    def _dated(self) -> tuple[dict[str, tuple[FactValue, ...]], set[str]]:
        return self._survey.dated()

    def __contains__(self, name: str) -> bool:
        """Say whether a fact is unknown."""
        return name in self._survey.open

    def __getitem__(self, name: str) -> tuple[FactValue, ...]:
        """Return the values of an unknown fact; of a date `not_yet` first, then the days, the nearest first."""
        return self._plain[name] if name in self._plain else self._dated[0][name]

    def exact(self, names: Iterable[str]) -> bool:
        """Say whether the values of these facts do stand for all."""
        return all(name not in (self._inexact if name in self._plain else self._dated[1]) for name in names)


class _SurveyAhead(_Survey):
    """What hangs on the day asked about, now or on a later day: that day is one more date that is not known."""

    def __init__(self, policy: Policy, case: BoundCase):
        # What `unstated` closed becomes unknown on the day that a planned event sets it against what is stated.
        planned = {name for name, value in case.facts.items() if isinstance(value, date) and is_after(value, case.as_of)}
        loose = {name for name in case.closed if not planned.isdisjoint(partners(name))}
        case = replace(case, facts={name: value for name, value in case.facts.items() if name not in loose})
        self.case = case
        self.happened = {name for name, value in case.facts.items() if value == HAPPENED}
        live = [rule.id for rule in policy.rules.values() if rule.from_teams.hold(case.team) is not False and self._truth(rule.when) is not False]
        super().__init__(policy, case, live, None, Chain(_NOW))
        self._compare(map(Chain, sorted(self.happened)), [self.now])
        self._shown()

    def days(self, last: date) -> tuple[date, ...] | None:
        spans = self.spans()
        spans |= {name: (spans[name][0], last) for name in self.happened}
        turns = Turns(self.policy, self.case, {**spans, _NOW: (self.case.today, last)}, deepest=_DEEPEST_AHEAD)
        found = turns.days(self.compared, spans, there_and_back=True)[_NOW]
        return None if turns.inexact else tuple(sorted({london_date(day) for day in found} - {self.case.today}))

    def _shown(self) -> None:
        """Take note of what the decision shows besides: what is overdue, done, stale or out of force."""
        pack = self.policy.pack
        for rule in self.heard:
            by = rule.effect.by if isinstance(rule.effect, PeopleDecide) else None
            self._pass(rule.deadline, rule.transfer_point, by)
        for name, item in pack.items.items():
            if not item.off and any(map(self._may_apply, self.policy.moves_of_item[name])) and self._truth(item.when) is not False:
                self._pass(item.due, *(() if item.valid is None else (item.valid.on_or_after, item.valid.before)))
                self._look_at(item.done_when)
        for duty in self.policy.duties:
            applying = [applies for applies in duty.applies if self._may_apply(applies)]
            if (applying or not duty.applies) and self._truth(duty.when) is not False:
                self._pass(duty.due)
                self._look_at(duty.when, duty.done_when, *(applies.when for applies in applying))
        for name, progress in self.case.progress.items():
            if progress.done_on is not None:
                self._done(self.policy.work[name], progress.done_on)
        in_force = (pack.in_force_from, pack.in_force_until)
        self._compare([self.now], [Chain(day) for day in in_force if day is not None])

    def _done(self, work: Item | DutySpec, on: date) -> None:
        self._compare([self.now], [Chain(on)])
        if isinstance(work, Item) and work.fresh_for is not None:
            self._compare([self.now], [Chain(on, (Count(work.fresh_for.amount, work.fresh_for.unit, AsOf()),))])
        if isinstance(work, Item) and work.valid is not None:
            for bound in (work.valid.on_or_after, work.valid.before):
                self._compare(self.chains(bound), [Chain(on)])

    def _pass(self, *timescales: Timescale | None) -> None:
        for timescale in timescales:
            self._look_at(timescale)
            self._compare([self.now], self.chains(timescale))

    def _look_at(self, *trees: Node | None) -> None:
        for tree in trees:
            if tree is not None:
                self._look(tree)

    def _is_settled(self, node: Node) -> bool:
        return super()._is_settled(node) and (hasattr(node, "truth") or not self._hangs_on_now(node))

    def _truth(self, condition: Any) -> Truth:
        """Return the truth on every day, unknown where it hangs on the day."""
        match condition:
            case Not(part=part):
                return negation(self._truth(part))
            case Use(condition=part):
                return self._truth(part)
            case All(parts=parts):
                return all_of(map(self._truth, parts))
            case AnyOf(parts=parts):
                return any_of(map(self._truth, parts))
            case _:
                return None if self._hangs_on_now(condition) else super()._truth(condition)

    def _hangs_on_now(self, node: Node) -> bool:
        return any(isinstance(one, AsOf | Happened) or not self.happened.isdisjoint(one.reads) for one in nodes(node))


def _dates_given(rule: Rule) -> Iterator[Timescale]:
    """Yield the timescales of which an answer shows what they give."""
    effect = rule.effect
    shown = effect.until if isinstance(effect, Stay) else effect.by if isinstance(effect, PeopleDecide) else None
    return (tree for tree in (rule.deadline, rule.transfer_point, shown) if tree is not None)


def may_agree(one: Rule, other: Rule) -> bool:
    """Say whether two rules may give the same answer, so that the days they name are compared."""
    match one.effect, other.effect:
        case TransferTo() as left, TransferTo() as right:
            may_be_any = isinstance(left.team, FromFact) or isinstance(right.team, FromFact)
            return left.role == right.role and (left.team == right.team or may_be_any)
        case (TransferTo(team=team), Close()) | (Close(), TransferTo(team=team)):
            return isinstance(team, FromFact) or team == NOBODY
        case (Stay(), _) | (_, Stay()):
            # A stay names no day.
            return False
        case _:
            return True

"""What each rule says for one case, which rules stand, and whether they agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from .case import BoundCase
from .checklists import ANY_TEAM, Outcome
from .conditions import Case, Truth, all_of, is_after
from .dates import NO_DATE, OPEN, Due
from .facts import NOBODY
from .pack import Close, FromFact, Named, PeopleDecide, Rule, Stay, TransferTo
from .policy import Policy
from .timescales import FactDay, blockers, counts_from_move, facts_read, grounds, is_open

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule says for one case. `team` None with `open_facts` says that an unknown fact names it."""

    rule: Rule
    outcome: Outcome
    team: str | None = None
    area: str | None = None
    role: str | None = None
    deadline: Due = NO_DATE
    point: Due = NO_DATE
    not_before: Due = NO_DATE
    open_facts: frozenset[str] = frozenset()
    asks: PeopleDecide | None = None

    @property
    def yields(self) -> bool:
        """Whether this is a hold that only explains."""
        return isinstance(self.rule.effect, Stay) and self.rule.effect.yields

    @property
    def key(self) -> tuple[str, str, str]:
        """Outcome, team and role, for telling answers apart and for order."""
        return (self.outcome, self.team or "", self.role or "")


@dataclass(frozen=True, slots=True)
class Standing:
    """The answers of the rules that are certain to stand, and of those that may.

    `unknown` names the facts that keep the latter open; `matches` leaves out the rules that are certain not to match. Holds that only explain are
    left out as soon as another rule is certain to stand; where one only may stand it changes nothing, and is left out too.
    """

    certain: tuple[Answer, ...]
    possible: tuple[Answer, ...]
    unknown: frozenset[str]
    matches: dict[str, Truth]


class Hearing:
    """The rules of a policy before one case, and before the ways of filling it in.

    What a rule says is worked out once for each set of values of the unknown facts that it reads, and what the known facts settle is settled for
    every way: filling in never turns one truth into another.
    """

    def __init__(self, policy: Policy, case: BoundCase, rules: Iterable[str] | None = None):
        """Begin to hear a case; `rules` are those to hear, all of the policy where none are named."""
        self._policy = policy
        self._case = case
        matches = {name: match(policy.rules[name], case) for name in (policy.rules if rules is None else rules)}
        self._matches = {name: matched for name, matched in matches.items() if matched is not False}
        self._overriders = {name: tuple(other for other in policy.overriders[name] if other in self._matches) for name in self._matches}
        self._reads = {name: (_open(policy.reads[name].match, case), _open(policy.reads[name].answer, case)) for name in self._matches}
        self._heard: dict[tuple[object, ...], Any] = {}

    @property
    def live(self) -> tuple[str, ...]:
        """The rules that are not certain to fail to match, sorted."""
        return tuple(self._matches)

    def standing(self, case: BoundCase) -> Standing:
        """Work out which rules stand: those that match, and that no matching rule overrides.

        `case` is the case itself, or a way of filling in some of its unknown facts.
        """
        matches = {name: self.match(name, case) for name in self._matches}
        certain: list[Answer] = []
        possible: list[Answer] = []
        unknown: set[str] = set()
        for name, matched in matches.items():
            over = {other: matches[other] for other in self._overriders[name]}
            if matched is False or True in over.values():
                continue
            if matched and None not in over.values():
                certain.append(self.answer(name, case))
                continue
            # A hold that only explains changes no answer where it may stand, so it is left out, and what it looks at is not asked for.
            effect = self._policy.rules[name].effect
            explains = isinstance(effect, Stay) and effect.yields
            possible.extend(() if explains else (self.answer(name, case),))
            undecided = [name] if matched is None and not explains else []
            undecided += [other for other, truth in over.items() if truth is None]
            unknown.update(*(self.blockers(one, case) for one in undecided))
        if any(not answer.yields for answer in certain):
            certain = [answer for answer in certain if not answer.yields]
        return Standing(tuple(certain), tuple(possible), frozenset(unknown), {name: truth for name, truth in matches.items() if truth is not False})

    def match(self, name: str, case: BoundCase) -> Truth:
        """Say whether a rule matches."""
        settled = self._matches.get(name, False)
        return self._once(match, name, case) if settled is None else settled

    def blockers(self, name: str, case: BoundCase) -> frozenset[str]:
        """Return the unknown facts that keep it open whether a rule matches."""
        return self._once(match_blockers, name, case)

    def grounds(self, name: str, case: BoundCase) -> frozenset[str]:
        """Return facts that alone make a rule match, or fail to match, where that is certain: known ones, where they settle it."""
        if self._matches.get(name, False) is not None:
            return match_grounds(self._policy.rules[name], self._case, self._case)
        return self._once(self._grounds, name, case)

    def _grounds(self, rule: Rule, case: BoundCase) -> frozenset[str]:
        return match_grounds(rule, case, self._case)

    def answer(self, name: str, case: BoundCase) -> Answer:
        """Return what a rule says."""
        return self._once(answer_of, name, case)

    def _once(self, work: Callable[[Rule, BoundCase], _T], name: str, case: BoundCase) -> _T:
        """Work something out about a rule, unless that was done before with the same values of the unknown facts that it reads."""
        matching, answering = self._reads[name]
        key = (work, name, *map(case.facts.get, answering if work is answer_of else matching))
        if key not in self._heard:
            self._heard[key] = work(self._policy.rules[name], case)
        found: _T = self._heard[key]
        return found


def _open(names: tuple[str, ...], case: BoundCase) -> tuple[str, ...]:
    return tuple(name for name in names if is_open(name, case))


def stand(policy: Policy, case: BoundCase) -> Standing:
    """Work out which rules stand for one case."""
    return Hearing(policy, case).standing(case)


def match(rule: Rule, case: BoundCase) -> Truth:
    """Say whether a rule matches: its team holds the case, its condition is true, and, for a hold, its date is still ahead."""
    held = rule.from_teams.hold(case.team)
    matched = False if held is False else all_of((held, rule.when.truth(case)))
    if matched is False or not isinstance(rule.effect, Stay) or rule.effect.until is None:
        return matched
    return all_of((matched, holds(rule.effect.until.due(case), case)))


def holds(until: Due, case: Case) -> Truth:
    """Say whether a hold that ends then still lasts."""
    match until.kind:
        case "dated":
            assert until.value is not None
            return is_after(until.value, case.as_of)
        case "awaiting" | "past_horizon":
            return True
        case "none" | "at_once":
            return False
        case _:
            if until.latest is not None and not is_after(until.latest, case.as_of):
                return False
            ahead = until.earliest is not None and is_after(until.earliest, case.as_of)
            return True if ahead and not until.may_drop else None


def match_blockers(rule: Rule, case: BoundCase) -> frozenset[str]:
    """Return the unknown facts that keep it open whether a rule matches."""
    found = set(blockers(rule.when, case))
    if rule.from_teams.hold(case.team) is None:
        found.add("current_team")
    if isinstance(rule.effect, Stay) and rule.effect.until is not None:
        found |= blockers(rule.effect.until, case)
    return frozenset(found)


def match_grounds(rule: Rule, case: BoundCase, known: BoundCase) -> frozenset[str]:
    """Return facts that alone make a rule match, or fail to match, as it is certain to do in this case, which is `known` with more filled in."""
    holder = frozenset({"current_team"}) if rule.from_teams != ANY_TEAM else frozenset[str]()
    if rule.from_teams.hold(case.team) is False:
        return holder
    if rule.when.truth(case) is False:
        return grounds(rule.when, case, known)
    until = rule.effect.until if isinstance(rule.effect, Stay) else None
    ends = frozenset[str]() if until is None else facts_read(until)
    return ends if match(rule, case) is False else holder | grounds(rule.when, case, known) | ends


def answer_of(rule: Rule, case: BoundCase) -> Answer:
    """Return what a rule says for this case."""
    match rule.effect:
        case Stay(until=until):
            return Answer(rule, "stay", not_before=NO_DATE if until is None else until.due(case))
        case Close():
            return _moving(case, rule, "close")
        case TransferTo() as target:
            return _to_team(rule, target, case)
        case asks:
            return _asked(rule, asks, case)


def answer_blockers(answer: Answer, case: BoundCase) -> frozenset[str]:
    """Return the unknown facts that leave open whom an answer names and when."""
    effect = answer.rule.effect
    until = effect.until if isinstance(effect, Stay) else None
    dates = ((answer.rule.deadline, answer.deadline), (until, answer.not_before))
    return answer.open_facts.union(*(blockers(tree, case) for tree, due in dates if tree is not None and due.kind == "open"))


def _moving(
    case: BoundCase,
    rule: Rule,
    outcome: Outcome,
    team: str | None = None,
    area: str | None = None,
    role: str | None = None,
    open_facts: frozenset[str] = frozenset(),
) -> Answer:
    deadline = NO_DATE if rule.deadline is None else rule.deadline.due(case)
    point = NO_DATE if rule.transfer_point is None else rule.transfer_point.due(case)
    return Answer(rule, outcome, team, area, role, deadline, point, open_facts=open_facts)


def _to_team(rule: Rule, to: TransferTo, case: BoundCase) -> Answer:
    """Return the move to a team: a stay where that team, and the area named, holds the case already; a close where it is nobody."""
    team, area = named(to.team, case), None if to.area is None else named(to.area, case)
    same_team = _same(team, case.team)
    same_area = True if to.area is None else _same(area, case.word("current_team_area"))
    already_there = False if to.role is not None else all_of((same_team, same_area))
    if already_there:
        return Answer(rule, "stay")
    reads = [to.team.fact] if isinstance(to.team, FromFact) else []
    if already_there is None:
        reads.append("current_team")
        if to.area is not None:
            reads += ["current_team_area", *([to.area.fact] if isinstance(to.area, FromFact) else [])]
    unknown = frozenset(name for name in reads if name not in case.facts)
    if team == NOBODY:
        return _moving(case, rule, "close", open_facts=unknown)
    return _moving(case, rule, "transfer", team, area, to.role, unknown)


def _same(one: str | None, other: str | None) -> Truth:
    return None if one is None or other is None else one == other


def _asked(rule: Rule, asks: PeopleDecide, case: BoundCase) -> Answer:
    recorded = case.recorded.get(asks.settled_by) if asks.settled_by else None
    question = replace(_moving(case, rule, "people_decide"), asks=asks)
    if recorded is None:
        return question
    answer = settled(rule, recorded.decided, recorded.area, case)
    if asks.valid is None:
        return answer
    # Unlike for work, an agreed date that nobody recorded leaves the handover open here: it bears on the outcome.
    agreed, moves = FactDay("agreed_transfer_on"), moves_of(case, question.point, question.deadline)
    moving = case.moving({**moves, "handover": OPEN} if agreed.due(case).kind == "open" else moves)
    if asks.valid.fault(recorded.on, moving) is None:
        return answer
    bounds = [bound for bound in (asks.valid.on_or_after, asks.valid.before) if bound is not None]
    if all(bound.due(moving).kind != "open" for bound in bounds):
        return question
    from_move = (agreed, *(tree for tree in (rule.deadline, rule.transfer_point) if tree is not None))
    trees = (*bounds, *(from_move if any(counts_from_move(bound) for bound in bounds) else ()))
    return replace(question, open_facts=answer.open_facts.union(*(blockers(tree, moving) for tree in trees)))


def settled(rule: Rule, decided: str, area: str | None, case: BoundCase) -> Answer:
    """Return what a recorded decision says: a team (with the rule's transfer point and deadline), `stay`, or `close`."""
    match decided:
        case "stay":
            return Answer(rule, "stay")
        case "close":
            return _moving(case, rule, "close")
        case team:
            return _to_team(rule, TransferTo(team, area), case)


def named(who: Named, case: BoundCase) -> str | None:
    """Return the team or area that a rule names, or None where an unknown fact names it."""
    return case.word(who.fact) if isinstance(who, FromFact) else who


def agree(one: Answer, other: Answer) -> Truth:
    """Say whether two standing rules say the same: outcome, team, role and deadline. A rule without a date agrees with any."""
    if one.open_facts or other.open_facts:
        return None
    if one.outcome != other.outcome:
        return False
    if one.outcome == "stay":
        return True
    if one.asks is not None and other.asks is not None:
        return one.asks.settled_by is not None and one.asks.settled_by == other.asks.settled_by
    if (one.team, one.role) != (other.team, other.role):
        return False
    if "none" in (one.deadline.kind, other.deadline.kind):
        return True
    if "open" in (one.deadline.kind, other.deadline.kind):
        return True if one.rule.deadline == other.rule.deadline else None
    first, second = ((due.kind, due.value, due.not_before) for due in (one.deadline, other.deadline))
    return first == second


def moves_of(case: BoundCase, point: Due, deadline: Due) -> Mapping[str, Due]:
    """Return the days of a move; the handover is the agreed transfer date, else the deadline, else the transfer point."""
    handover = handover_of(FactDay("agreed_transfer_on").due(case), deadline, point)
    return {"transfer_point": point, "deadline": deadline, "handover": handover}


def handover_of(agreed: Due, deadline: Due, point: Due) -> Due:
    """Return the day of the handover."""
    known = next((day for day in (agreed, deadline, point) if day.kind == "dated"), None)
    return known or next((day for day in (deadline, point) if day.kind in ("open", "awaiting")), NO_DATE)

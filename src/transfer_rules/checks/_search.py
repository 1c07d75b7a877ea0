"""Looking for a case: facts, and recorded decisions, that make some rules do what a check asks about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from ..answers import Hearing
from ..case import BoundCase, bind
from ..conditions import All, AnyOf, Decided, Node, Not, Truth, Use
from ..dates import london_date
from ..facts import FactValue
from ..pack import Rule, Stay
from ..policy import Policy, answer_trees, match_trees
from ..regions import Asked
from ..seeking import Goal, NotDecided, Seeking
from ..timescales import Count, Literally, decision_name, facts_read, nodes
from ..vocabulary import STANDARD_FACTS, CaseSnapshot

_ONE_DAY: Final = timedelta(days=1)
# The middle of months, before and after which working days and calendar days part.
_HALVES: Final = ((1, 15), (3, 15), (5, 15), (12, 20))
Answers: TypeAlias = Mapping[str, tuple[str, ...]]
"""Recorded decisions, each with the answers to try."""

_NO_ANSWERS: Final[Answers] = {}

MATCHES: Final = Asked()
"""Only whether rules match."""


@dataclass(frozen=True, slots=True)
class Found:
    """A case that was looked for: the facts that make it so, everything else unknown."""

    as_of: date
    facts: Mapping[str, FactValue]
    decisions: Mapping[str, str]

    def snapshot(self) -> CaseSnapshot:
        """Return it as a snapshot."""
        return snapshot_of(self.as_of, self.facts, self.decisions)

    def smallest(self, shows: Callable[[Found], bool]) -> Found:
        """Return the case without the facts and decisions that it can do without, one after another, and still show what it is to show."""
        smaller = self
        for name in sorted(self.facts):
            without = replace(smaller, facts={key: value for key, value in smaller.facts.items() if key != name})
            smaller = without if shows(without) else smaller
        return smaller

    @property
    def said(self) -> str:
        """The case in one line, as a pack writes it."""
        facts: dict[str, list[str]] = {}
        for name, value in sorted(self.facts.items()):
            facts.setdefault(_written(value), []).append(name)
        told = [f"as_of = {self.as_of}", *(" = ".join([*names, value]) for value, names in facts.items())]
        return ", ".join([*told, *(f"decision {name} = {answer}" for name, answer in sorted(self.decisions.items()))])


def _written(value: FactValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"[{', '.join(sorted(value))}]" if isinstance(value, frozenset) else str(value)


def snapshot_of(as_of: date, facts: Mapping[str, FactValue], decisions: Mapping[str, str]) -> CaseSnapshot:
    """Return a snapshot of facts, standard and local, and recorded decisions."""
    standard: dict[str, Any] = {name: value for name, value in facts.items() if name in STANDARD_FACTS}
    local = {name: value for name, value in facts.items() if name not in STANDARD_FACTS}
    return CaseSnapshot(as_of=as_of, local_facts=local, decisions=dict(decisions), **standard)


class Search:
    """Looks for cases of one policy."""

    def __init__(self, policy: Policy):
        self.policy = policy
        self.days = _days(policy)

    def find(
        self,
        rules: Iterable[str],
        goal: Goal,
        asked: Asked = MATCHES,
        *,
        answers: Mapping[str, tuple[str, ...]] = _NO_ANSWERS,
        thorough: bool = False,
    ) -> Found | None:
        """Return a case that reaches the goal; None where there is none.

        Args:
            rules: the rules of which the goal asks whether they match.
            goal: what is looked for.
            asked: the rules of which it also asks whom and when they name.
            answers: recorded decisions to try besides those that conditions look at.
            thorough: before saying that there is none, look on days of other kinds too: each weekday, the ends of months, about bank holidays.
        Raises:
            NotDecided: that could not be found out within the steps allowed.
        """
        names = sorted(rules)
        answers = {**answers, **self._answers([self.policy.rules[name] for name in names])}
        looking = _Looking(self.policy, names, goal, asked, answers)
        for as_of in (*self.days, *(self._other_days() if thorough else ())):
            found = looking.on(as_of, {}, tuple(answers))
            if isinstance(found, Found):
                return found
        if looking.unsure:
            raise NotDecided
        return None

    def _other_days(self) -> list[date]:
        first = self.days[0]
        weekdays = [first + timedelta(days=step) for step in range(1, 7)]
        ends = [date(first.year + 1, month, 1) - _ONE_DAY for month in (2, 3, 4, 5)] + [date(first.year + 1, month, day) for month, day in _HALVES]
        return [day for day in (*weekdays, *ends) if self.policy.calendar.first <= day <= self.policy.calendar.last]

    def _answers(self, rules: list[Rule]) -> dict[str, tuple[str, ...]]:
        """Return the recorded decisions that conditions of some rules look at, each with the answers they look for."""
        answers: dict[str, set[str]] = {}
        for node in (node for rule in rules for tree in (*match_trees(rule), *answer_trees(rule)) for node in nodes(tree)):
            if isinstance(node, Decided):
                answers.setdefault(node.decision, set()).add(node.answer)
        return {name: tuple(sorted(answers[name])) for name in sorted(answers)}


@dataclass
class _Looking:
    """One question, looked into with every set of recorded decisions that can matter."""

    policy: Policy
    rules: list[str]
    goal: Goal
    asked: Asked
    answers: Mapping[str, tuple[str, ...]]
    unsure: bool = False

    def on(self, as_of: date, decided: Mapping[str, str], left: tuple[str, ...]) -> Found | frozenset[str]:
        """Return a case; where there is none with these decisions, the decisions by which there is none."""
        if not left:
            case = bind(self.policy, snapshot_of(as_of, {}, decided))
            attempt = Seeking(self.policy, case, Hearing(self.policy, case, self.rules), self.goal, self.asked)
            try:
                found = attempt.reach({})
            except NotDecided:
                self.unsure = True
                return frozenset(map(decision_name, self.answers))
            self.unsure = self.unsure or attempt.unsure
            return found if isinstance(found, frozenset) else Found(as_of, found, decided)
        name, further = left[0], left[1:]
        blamed: frozenset[str] = frozenset()
        for answer in (None, *self.answers[name]):
            result = self.on(as_of, decided if answer is None else {**decided, name: answer}, further)
            if isinstance(result, Found) or decision_name(name) not in result:
                return result
            blamed |= result
        return blamed - {decision_name(name)}


def _days(policy: Policy) -> tuple[date, ...]:
    """Return the days to look on: the first of the edition, and where a rule names a day, or counts from one, the days about that."""
    first = max(policy.pack.in_force_from, policy.calendar.first)
    case = bind(policy, CaseSnapshot(as_of=first))
    found = {first}
    for node in (node for rule in policy.rules.values() for tree in (*match_trees(rule), *answer_trees(rule)) for node in nodes(tree)):
        if any(isinstance(one, Literally) for one in nodes(node)) and isinstance(node, Count | Literally) and not facts_read(node):
            value = node.due(case).value
            found |= {london_date(value) + timedelta(days=step) for step in (-1, 0, 1)} if value is not None else set()
    return (first, *sorted(day for day in found - {first} if policy.calendar.first <= day <= policy.calendar.last))


def matching(rules: tuple[str, ...], none_of: tuple[str, ...] = ()) -> Goal:
    """Return the goal that some rules match and others do not."""

    def goal(hearing: Hearing, case: BoundCase) -> tuple[Truth, frozenset[str]]:
        open_rule = None
        for name in (*rules, *none_of):
            matched = hearing.match(name, case)
            if matched is (name in none_of):
                return False, hearing.grounds(name, case)
            open_rule = name if matched is None and open_rule is None else open_rule
        return (True, frozenset()) if open_rule is None else (None, hearing.blockers(open_rule, case))

    return goal


def demanded(condition: Node, truth: bool = True) -> Iterator[tuple[Node, bool]]:
    """Yield the parts of a condition that must be true, or false, for the whole to have this truth, the whole among them."""
    yield condition, truth
    match condition:
        case Not(part=part):
            yield from demanded(part, not truth)
        case Use(condition=part):
            yield from demanded(part, truth)
        case All(parts=parts) | AnyOf(parts=parts) if truth is isinstance(condition, All) or len(parts) == 1:
            for part in parts:
                yield from demanded(part, truth)


def contradict(one: Node, other: Node) -> bool:
    """Say whether two conditions can never hold together, as far as that shows in the parts they share; a search would find it out the long way."""
    wanted = {*demanded(one), *demanded(other)}
    if any((part, not truth) in wanted for part, truth in wanted):
        return True
    choices = [(node.parts, truth) for node, truth in wanted if isinstance(node, AnyOf if truth else All)]
    return any(all(any((one, not so) in wanted for one, so in demanded(part, truth)) for part in parts) for parts, truth in choices if parts)


def explains(rule: Rule) -> bool:
    """Say whether a rule is a hold that only explains: it gives way to any other."""
    return isinstance(rule.effect, Stay) and rule.effect.yields

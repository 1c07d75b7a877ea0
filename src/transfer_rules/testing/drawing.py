"""Snapshots of a policy, made of choices: by Hypothesis in `strategies`, by a seeded generator in the campaigns.

Whoever draws gives a function that chooses one of several options. The dullest option always comes first: nothing known, nothing recorded, today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from ..answers import Hearing
from ..case import BoundCase, bind
from ..checks._search import Found, Search, demanded, explains, matching
from ..conditions import Amount, Decided, Node
from ..dates import london_date
from ..facts import DATED_KINDS, HAPPENED, NOT_YET, RESERVED_TEAMS, UNKNOWN, Fact, FactValue
from ..impossible import contradictions
from ..pack import FromFact, Rule
from ..policy import Policy, answer_trees, match_trees, trees_of
from ..seeking import NotDecided
from ..timescales import Conditional, facts_read, nodes
from ..vocabulary import STANDARD_FACTS, CaseSnapshot
from .landmarks import BESIDE, Away, Birth, Landmark, Mark, Moment, ages, is_mark, limits, named
from .steering import steered

Choose: TypeAlias = Callable[[Sequence[Any]], Any]
"""Chooses one of several options; `random.Random(seed).choice` is one."""

Aim: TypeAlias = Literal["applies", "just_not", "edge"]
AIMS: Final[tuple[Aim, ...]] = ("applies", "just_not", "edge")
"""What is aimed at about a rule: that it decides; that it is kept from it by one thing; a day on one of its limits, or another arm of its dates."""

_TODAY: Final = date(2026, 6, 1)
_NEAR: Final = tuple(Away(step * sign) for step in range(15) for sign in (-1, 1))[1:]
_FAR: Final = tuple(Away(step * sign) for step in range(21, 400, 9) for sign in (-1, 1))
_LANDMARKS: Final = tuple(Landmark(place) for place in (0, -1, 1, -2, 2, -3, 3))
_AGES: Final = (0, 1, 14, 16, 17, 18, 21, 25)
_HOURS: Final = ((0, 0), (9, 30), (12, 0), (16, 59), (22, 59), (23, 30))
# On the Sundays of the clock changes, the hours before and after 01:00 UTC.
_CHANGES: Final = tuple(Moment(Landmark(place), hours, minutes) for place in (0, -1, 1) for hours, minutes in ((0, 30), (1, 0), (1, 30)))
# Where half of them are drawn near, the days asked about still reach years of both kinds and every weekday of a bank holiday.
_DAYS_ASKED: Final[tuple[Mark, ...]] = (*_NEAR, *_LANDMARKS * 20, *(Away(step) for step in range(-900, 901, 7)))
_HOW_MUCH: Final = ("nothing", "few", "few", *["all"] * 17)
_STATES: Final = ("done", "not_done", "not_needed", "excused")


@dataclass(frozen=True, slots=True)
class Base:
    """What is settled about a case before the rest of it is drawn."""

    as_of: date | datetime
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    decisions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Same:
    """A policy by identity: drawn packs may be equal by name and digest."""

    policy: Policy

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.policy is other.policy

    def __hash__(self) -> int:
        return id(self.policy)


def drawing(policy: Policy) -> Drawing:
    """Return what is needed to draw snapshots of a policy, worked out once."""
    return _drawing(_Same(policy))


@lru_cache(maxsize=32)
def _drawing(same: _Same) -> Drawing:
    return Drawing(same.policy)


class Drawing:
    """The choices of which the snapshots of one policy are made.

    Attributes:
        facts: the names of the facts that the pack reads, sorted; any other fact changes nothing.
        rules: the ids of the rules in force.
    """

    def __init__(self, policy: Policy):
        self.policy = policy
        self.rules = tuple(policy.rules)
        read = {"agreed_transfer_on"}.union(*(facts_read(tree) for tree in trees_of(policy.pack)), *map(self.read_by, policy.rules.values()))
        # Where the pack has no areas, no value of an area can be recorded.
        self.facts = tuple(name for name in sorted(read & policy.facts.keys()) if policy.facts[name].kind != "area" or policy.areas)
        self._nodes = [node for tree in trees_of(policy.pack) for node in nodes(tree)]
        spans = [item.fresh_for for item in policy.pack.items.values() if item.fresh_for is not None]
        self._limits = limits(self._nodes, spans)
        self._named = named(self._nodes)
        self._days_asked: tuple[Mark, ...] = (*_DAYS_ASKED, *self._named * (100 // (len(self._named) or 1) + 1))
        self._on_limits = frozenset(self._limits)
        self._amounts = sorted({max(0, node.limit + step) for node in self._nodes if isinstance(node, Amount) for step in BESIDE})
        self._ages = tuple(sorted({*_AGES, *ages(self._nodes)}))
        self._options: dict[tuple[str, bool], tuple[Any, ...]] = {}
        self._found: dict[str, Found | None] = {}
        self._search: Search | None = None
        marks: tuple[Mark, ...] = (*_NEAR, *_FAR[::5], *self._limits)
        self._progress = (None, *_STATES, None, *_STATES[1:], None, *marks)
        self._decided_on = (None, *(step for step in _NEAR if step.amount <= 0), *self._limits)
        anything = ("stay", "close", *policy.pack.teams, *RESERVED_TEAMS)
        self._decisions = {name: (None, *(spec.options or anything)) for name, spec in sorted(policy.pack.decisions.items())}

    def read_by(self, rule: Rule) -> frozenset[str]:
        """Return the facts that a rule reads, the team that holds the case among them."""
        reads = self.policy.reads[rule.id]
        between = {one.fact for one in getattr(rule.effect, "between", ()) if isinstance(one, FromFact)}
        return frozenset({"current_team", *reads.match, *reads.answer, *between})

    # --- one snapshot

    def snapshot(self, choose: Choose, *, unknowns: bool = True, rule: str | None = None, aim: Aim | None = None) -> CaseSnapshot:
        """Return a snapshot that `evaluate` accepts.

        Args:
            unknowns: False draws a value for every fact that the pack reads, as far as definitions allow (an event is never just `happened`).
            rule: the rule aimed at; None aims at none.
            aim: what is aimed at; None chooses.
        """
        if rule is None:
            # Cases with nothing known, or little, take few choices, so that what fails is shrunk to them.
            base, drawn = self._day(choose), choose(_HOW_MUCH)
            names = self.facts if drawn == "all" else [choose(self.facts) for _ in range(choose((1, 2, 3)))] if drawn == "few" else ()
            return self._filled(choose, base, names, unknowns=unknowns, work=drawn == "all")
        the_rule = self.policy.rules[rule]
        aim = aim or choose(("applies", "applies", *AIMS))
        base = self._aimed(choose, the_rule, aim)
        # About a rule that is aimed at, half of the time nothing else is there that could come in its way.
        quiet = choose((True, False))
        snapshot = self._filled(choose, base, () if quiet else self.facts, unknowns=unknowns, work=not quiet)
        if aim == "applies" and (found := self.found(rule)) is not None:
            for other in (base, Base(found.as_of, found.facts, found.decisions)):
                if self.applies(rule, snapshot):
                    break
                snapshot = self._filled(choose, other, (), unknowns=unknowns, work=False)
        return snapshot

    def _filled(self, choose: Choose, base: Base, names: Sequence[str], *, unknowns: bool, work: bool) -> CaseSnapshot:
        """Return a snapshot with some facts drawn, the dullest value of every other, and with `work` decisions and progress drawn as well."""
        today = london_date(base.as_of)
        facts = dict(base.facts)
        for name in self.facts:
            if name not in facts:
                options = self.options(name, unknowns=unknowns)
                facts[name] = self._valued(choose(options) if name in names else options[0], today, facts, choose)
        self._make_possible(facts, base, unknowns=unknowns)
        if not work:
            return _snapshot(base.as_of, facts, base.decisions, {}, "unknown")
        decisions = {**self._recorded(choose, today), **base.decisions}
        checklist = {name: done for name in self.policy.work if (done := self._done(choose, today)) is not None}
        unstated = choose(("unknown", "unknown", "unknown", "not_so")) if unknowns else "unknown"
        return _snapshot(base.as_of, facts, decisions, checklist, unstated)

    def applies(self, rule: str, snapshot: CaseSnapshot) -> bool:
        """Say whether a rule matches for sure, and nothing that overrides it can."""
        case, over = bind(self.policy, snapshot), self.policy.overriders[rule]
        hearing = Hearing(self.policy, case, [rule, *over])
        return hearing.match(rule, case) is True and all(hearing.match(name, case) is False for name in over)

    def options(self, name: str, *, unknowns: bool = True) -> tuple[Any, ...]:
        """Return the values and marks from which a fact is drawn, the dullest first, each as often as it is to come."""
        key = (name, unknowns)
        if key not in self._options:
            self._options[key] = self._worked_out(self.policy.facts[name], unknowns)
        return self._options[key]

    def _worked_out(self, fact: Fact, unknowns: bool) -> tuple[Any, ...]:
        found: list[Any]
        match fact.kind:
            case "yes_no":
                found = [False, True, False, True]
            case "choice":
                found = [*fact.options]
            case "choices":
                pairs = zip(fact.options, fact.options[1:], strict=False)
                found = [frozenset(), *(frozenset({one}) for one in fact.options), *map(frozenset, pairs), frozenset(fact.options)]
            case "count":
                found = [*range(8), 20, 200, *self._amounts]
            case "team":
                found = [*self.policy.pack.teams, *RESERVED_TEAMS]
            case "area":
                found = [*sorted(self.policy.areas)]
            case "date" if fact.name == "date_of_birth":
                births = [Birth(age, beside, leap) for age in self._ages for leap in (False, True) for beside in BESIDE]
                found = [*births, NOT_YET, NOT_YET, NOT_YET, Birth(9, 100), Birth(12, 40), Birth(15, 200)]
            case _:
                marks: tuple[Any, ...] = (*_NEAR, *_FAR, *_LANDMARKS, *self._named, *self._limits, *self._limits)
                if fact.kind == "moment":
                    moments = [Moment(mark, *hour) for mark in (*_NEAR[:9], *self._limits) for hour in _HOURS]
                    marks = (*marks, *moments, *_CHANGES)
                happened = [HAPPENED] * (len(marks) // 12) if unknowns and fact.kind == "event" else []
                found = [NOT_YET, *marks, *[NOT_YET] * (len(marks) // 3), *happened]
        return (UNKNOWN, *found, *[UNKNOWN] * (len(found) // 4)) if unknowns else tuple(found)

    def _valued(self, option: Any, today: date, facts: Mapping[str, FactValue], choose: Choose) -> FactValue:
        """Return the value of an option: a mark is counted from today, or from another day of the case."""
        start = today
        if option in self._on_limits:
            days = [london_date(day) for name, day in facts.items() if isinstance(day, date) and name != "date_of_birth"]
            start = choose((today, *days[-3:]))
        value: FactValue = option.day(start, self.policy.calendar) if is_mark(option) else option
        return value

    def _make_possible(self, facts: dict[str, FactValue], base: Base, *, unknowns: bool) -> None:
        """Change what definitions exclude: of two facts the one that is not settled takes its first value that is possible, or is left unknown."""

        def wrong() -> tuple[str, str] | None:
            stated = {name: value for name, value in facts.items() if value is not UNKNOWN}
            found = next(contradictions(BoundCase(base.as_of, london_date(base.as_of), stated, {}, self.policy.calendar)), None)
            return None if found is None else (found.first, found.second)

        while (both := wrong()) is not None:
            name = both[0] if both[1] in base.facts and both[0] not in base.facts else both[1]
            for option in (*self.options(name, unknowns=unknowns)[: 2 if unknowns else 12], UNKNOWN):
                facts[name] = UNKNOWN if is_mark(option) else option
                again = wrong()
                if again is None or name not in again:
                    break

    def _recorded(self, choose: Choose, today: date) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, options in self._decisions.items():
            # Three times in four nothing is recorded.
            answer = choose(options) if choose((False, False, False, True)) else None
            if answer is not None:
                on = choose(self._decided_on)
                found[name] = {"decided": answer} if on is None else {"decided": answer, "on": on.day(today, self.policy.calendar)}
        return found

    def _done(self, choose: Choose, today: date) -> Any:
        option = choose(self._progress) if choose((False, True)) else None
        if option is None or isinstance(option, str):
            return option
        day = option.day(today, self.policy.calendar)
        return {"done_on": day, "excused": True} if choose((False, False, False, True)) else day

    # --- towards a rule

    def found(self, rule: str) -> Found | None:
        """Return a case in which a rule applies, if possible so that it decides: the facts by which it matches and what is stronger does not.

        None where none was found.
        """
        if rule not in self._found:
            self._search = self._search or Search(self.policy)
            found = None
            for over in (self._stronger(rule), self.policy.overriders[rule], ()):
                with suppress(NotDecided):
                    found = found or self._search.find([rule, *over], matching((rule,), over))
            self._found[rule] = found
        return self._found[rule]

    def _stronger(self, rule: str) -> tuple[str, ...]:
        """Return the rules by which this one does not decide if they match as well."""
        others = self.policy.rules.values()
        if explains(self.policy.rules[rule]):
            return tuple(one.id for one in others if not explains(one))
        return self.policy.overriders[rule]

    def _day(self, choose: Choose) -> Base:
        """Return the day asked about: about a middle day, often a landmark, at times a moment of it."""
        mark: Mark = choose(self._days_asked)
        day = mark.day(_TODAY, self.policy.calendar)
        kind = choose(("day", "day", "day", "landmark", "moment", "change"))
        if kind == "landmark":
            day = Landmark().day(day, self.policy.calendar)
        if kind == "moment":
            return Base(Moment(Away(), *choose(_HOURS)).day(day, self.policy.calendar))
        return Base(choose(_CHANGES).day(day, self.policy.calendar) if kind == "change" else day)

    def _aimed(self, choose: Choose, rule: Rule, aim: Aim) -> Base:
        found = self.found(rule.id)
        if found is None:
            base = self._day(choose)
            holder = {"current_team": choose(sorted(rule.from_teams.ids))} if rule.from_teams.ids else {}
            return replace(base, facts={**holder, **steered(self, choose, rule.when, london_date(base.as_of), True)})
        base = self._moved(choose, found)
        today = london_date(base.as_of)
        facts = dict(base.facts)
        trees = (*match_trees(rule), *answer_trees(rule))
        if aim == "just_not":
            # The rule's own parts that must hold, without those that only join others.
            parts = [(part, truth) for tree in trees[:1] for part, truth in demanded(tree) if not list(demanded(part, truth))[1:]]
            if parts:
                part, truth = choose(parts)
                facts |= steered(self, choose, part, today, not truth)
        if aim == "edge":
            facts |= self._on_edge(choose, trees, today, facts)
            looked_at = [node for tree in trees for node in nodes(tree) if isinstance(node, Decided)]
            if looked_at and choose((True, False)):
                recorded = choose(looked_at)
                base = replace(base, decisions={**base.decisions, recorded.decision: recorded.answer})
        settled = {name: value for name, value in facts.items() if value is not UNKNOWN}
        return replace(base, facts=settled)

    def _moved(self, choose: Choose, found: Found) -> Base:
        """Return a case that was found, its days moved together, at times so that the day asked about is a landmark or a moment."""
        moved = choose((Away(), *_NEAR, *_FAR)).day(found.as_of, self.policy.calendar)
        if choose((False, False, True)):
            moved = Landmark().day(moved, self.policy.calendar)
        by = moved - found.as_of
        as_of: date | datetime = moved
        if choose((False, False, False, True)):
            as_of = Moment(Away(), *choose(_HOURS)).day(moved, self.policy.calendar)
        return Base(as_of, {name: _later(value, by) for name, value in found.facts.items()}, dict(found.decisions))

    def _on_edge(self, choose: Choose, trees: Sequence[Node], today: date, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
        """Return values for a date that the rule reads, on one of its limits or beside it; or for the facts that choose an arm of its dates."""
        every = [node for tree in trees for node in nodes(tree)]
        arms = [node.when for node in every if isinstance(node, Conditional)]
        if arms and choose((False, True)):
            return steered(self, choose, choose(arms), today, choose((True, False)))
        dated = sorted(name for tree in trees for name in facts_read(tree) if self.policy.facts[name].kind in DATED_KINDS)
        if not dated:
            return {}
        name = choose(dated)
        if name == "date_of_birth":
            marks: tuple[Any, ...] = tuple(Birth(age, beside) for age in ages(every) or (18,) for beside in BESIDE)
        else:
            marks = (NOT_YET, *limits(every), *(Away(step) for step in BESIDE))
        option = choose(marks)
        if not is_mark(option):
            return {name: option}
        others = [london_date(day) for other, day in facts.items() if isinstance(day, date) and other not in (name, "date_of_birth")]
        return {name: option.day(choose((today, *others)), self.policy.calendar)}


def _later(value: FactValue, by: timedelta) -> FactValue:
    return value + by if isinstance(value, date) else value


def _snapshot(as_of: date | datetime, facts: Mapping[str, FactValue], decisions: Any, checklist: Any, unstated: str) -> CaseSnapshot:
    standard: dict[str, Any] = {name: value for name, value in facts.items() if name in STANDARD_FACTS}
    local = {name: value for name, value in facts.items() if name not in STANDARD_FACTS and value is not UNKNOWN}
    other: dict[str, Any] = {"decisions": decisions, "checklist": checklist, "unstated": unstated}
    return CaseSnapshot(as_of=as_of, local_facts=local, **standard, **other)


__all__ = ["AIMS", "Aim", "Base", "Choose", "Drawing", "drawing"]

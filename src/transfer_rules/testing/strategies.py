"""Hypothesis strategies: snapshots that a policy accepts, half of them steered towards one of its rules.

Everything drawn is valid: names are the pack's own, and combinations that are impossible by definition are left out. Draws shrink to the dullest
case: nothing known, nothing recorded, the first rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from ..case import bind
from ..conditions import Age, All, Amount, AnyOf, Arranged, Compare, Condition, FactRef, Happened, Includes, Is, Node, Not, OneOf, Use, Within
from ..errors import SnapshotError
from ..facts import HAPPENED, NOT_YET, RESERVED_TEAMS, Fact, FactValue
from ..pack import Pack, Rule
from ..policy import Policy
from ..timescales import AsOf, FactDay, facts_read
from ..vocabulary import STANDARD_FACTS, CaseSnapshot

# Deadlines, holds and re-referral limits of transfer procedures lie within a year of the day asked about.
_SPAN = 400


def facts_of(policy: Policy) -> tuple[str, ...]:
    """Return the names of the facts that a pack reads, sorted; any other fact changes nothing."""
    return tuple(sorted(set(_read(policy.pack)) & policy.facts.keys()))


def _read(pack: Pack) -> Iterator[str]:
    yield from ("current_team", "agreed_transfer_on")
    for rule in pack.rules:
        yield from _facts_of_rule(rule)
    for item in pack.items.values():
        yield from _facts_in(item.when, item.due, item.done_when)
    for duty in pack.duties:
        yield from _facts_in(duty.when, duty.due, duty.done_when, *(applies.when for applies in duty.applies))
    for checklist in pack.checklists:
        yield from _facts_in(*(applies.when for applies in checklist.applies))


def _facts_in(*trees: Node | None) -> Iterator[str]:
    for tree in trees:
        yield from () if tree is None else facts_read(tree)


def _facts_of_rule(rule: Rule) -> Iterator[str]:
    effect = rule.effect
    named = (getattr(effect, "team", None), getattr(effect, "area", None), *getattr(effect, "between", ()))
    yield from (one.fact for one in named if hasattr(one, "fact"))
    if getattr(effect, "area", None) is not None:
        yield "current_team_area"
    valid = getattr(effect, "valid", None)
    bounds = () if valid is None else (valid.on_or_after, valid.before)
    yield from _facts_in(rule.when, rule.deadline, rule.transfer_point, getattr(effect, "until", None), getattr(effect, "by", None), *bounds)


@st.composite
def dates_near(draw: st.DrawFn, day: date, span: int = _SPAN) -> date:
    """Draw a date at most `span` days from `day`, often within a fortnight of it; shrinks to `day` itself."""
    near = draw(st.booleans())
    return day + timedelta(days=draw(st.integers(-14, 14) if near else st.integers(-span, span)))


@st.composite
def snapshots(draw: st.DrawFn, policy: Policy, *, unknowns: bool = True) -> CaseSnapshot:
    """Draw a snapshot that `evaluate` accepts for this policy.

    Args:
        policy: the policy whose facts, teams, decisions and items are drawn.
        unknowns: False draws a value for every fact the pack reads (an event is never just `happened`).
    """
    day = draw(dates_near(date(2026, 6, 1), 900))
    as_of: date | datetime = day
    if draw(st.integers(0, 5)) == 5:
        as_of = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), draw(st.sampled_from([0, 30])), tzinfo=UTC)
    facts: dict[str, FactValue] = {}
    rules: list[Rule] = list(policy.rules.values())
    steer: bool = draw(st.booleans())
    if rules and steer:
        rule = draw(st.sampled_from(rules))
        if rule.from_teams.ids:
            facts["current_team"] = draw(st.sampled_from(sorted(rule.from_teams.ids)))
        facts |= draw(_steered(policy, rule.when, day, True))
    for name in facts_of(policy):
        if name not in facts and not (unknowns and draw(st.integers(0, 3)) == 0):
            facts[name] = draw(values(policy, policy.facts[name], day, happened=unknowns))
    decisions = {name: draw(_recorded(policy, name, day)) for name in sorted(policy.pack.decisions) if draw(st.integers(0, 3)) == 3}
    checklist = {name: draw(_progress(day)) for name in sorted(policy.work) if draw(st.integers(0, 2)) == 2}
    unstated = draw(st.sampled_from(["unknown", "unknown", "unknown", "not_so"])) if unknowns else "unknown"
    while True:
        snapshot = _snapshot(as_of, facts, decisions, checklist, unstated)
        try:
            bind(policy, snapshot)
        except SnapshotError as error:
            # Of two facts that exclude each other the one named last gives way.
            names = [name for diagnostic in error.diagnostics for name in diagnostic.message.split("`")[1::2]]
            facts = {name: value for name, value in facts.items() if name not in names[1::2]}
            continue
        return snapshot


def _snapshot(as_of: date | datetime, facts: dict[str, FactValue], decisions: Any, checklist: Any, unstated: str) -> CaseSnapshot:
    standard: dict[str, Any] = {name: value for name, value in facts.items() if name in STANDARD_FACTS}
    local = {name: value for name, value in facts.items() if name not in STANDARD_FACTS and value is not None}
    other: dict[str, Any] = {"decisions": decisions, "checklist": checklist, "unstated": unstated}
    return CaseSnapshot(as_of=as_of, local_facts=local, **standard, **other)


@st.composite
def values(draw: st.DrawFn, policy: Policy, fact: Fact, day: date, *, happened: bool = True) -> FactValue:
    """Draw a known value of a fact; dates lie near `day`, births within 25 years before it. `happened=False` leaves out days that are not known."""
    match fact.kind:
        case "yes_no":
            return draw(st.booleans())
        case "choice":
            return draw(st.sampled_from(fact.options))
        case "choices":
            return frozenset(draw(st.sets(st.sampled_from(fact.options))))
        case "count":
            return draw(st.integers(0, 200))
        case "team":
            return draw(st.sampled_from([*policy.pack.teams, *RESERVED_TEAMS]))
        case "area":
            return draw(st.sampled_from(sorted(policy.areas))) if policy.areas else None
        case "date" if fact.name == "date_of_birth":
            return draw(st.one_of(_births(day), st.just(NOT_YET)))
        case "moment":
            return draw(st.one_of(st.just(NOT_YET), dates_near(day), _moments(day)))
        case _:
            fixed = [NOT_YET, HAPPENED] if happened and fact.kind == "event" else [NOT_YET]
            return draw(st.one_of(dates_near(day), st.sampled_from(fixed)))


@st.composite
def _births(draw: st.DrawFn, day: date) -> date:
    """Draw a birth: often a few days from a birthday that procedures look at, or on 29 February."""
    age = draw(st.sampled_from([1, 14, 16, 17, 18, 21]))
    if draw(st.booleans()):
        return day - timedelta(days=age * 365 + age // 4 + draw(st.integers(-4, 4)))
    return draw(st.sampled_from([date(2008, 2, 29), date(2012, 2, 29), date(2020, 2, 29), day - timedelta(days=30)]))


@st.composite
def _moments(draw: st.DrawFn, day: date) -> datetime:
    near = draw(dates_near(day, 30))
    return datetime(near.year, near.month, near.day, draw(st.integers(0, 23)), draw(st.sampled_from([0, 15, 45])), tzinfo=UTC)


@st.composite
def _recorded(draw: st.DrawFn, policy: Policy, name: str, day: date) -> dict[str, Any]:
    spec = policy.pack.decisions[name]
    decided = draw(st.sampled_from([*(spec.options or ("stay", "close", *policy.pack.teams))]))
    return {"decided": decided, "on": draw(dates_near(day, 60))} if draw(st.booleans()) else {"decided": decided}


def _progress(day: date) -> st.SearchStrategy[Any]:
    words = st.sampled_from(["done", "not_done", "not_needed", "excused"])
    return st.one_of(words, dates_near(day, 60), st.builds(lambda on: {"done_on": on, "excused": True}, dates_near(day, 60)))


@st.composite
def _steered(draw: st.DrawFn, policy: Policy, condition: Condition, day: date, wanted: bool) -> dict[str, FactValue]:
    """Draw values for some facts that make a condition true (or false), as far as that can be done by looking at one leaf at a time."""
    match condition:
        case Use(condition=inner):
            return draw(_steered(policy, inner, day, wanted))
        case Not(part=inner):
            return draw(_steered(policy, inner, day, not wanted))
        case All(parts=parts) | AnyOf(parts=parts):
            chosen = list(parts)
            if chosen and isinstance(condition, AnyOf) is wanted:
                chosen = [draw(st.sampled_from(chosen))]
            facts: dict[str, FactValue] = {}
            for part in chosen:
                facts |= draw(_steered(policy, part, day, wanted))
            return facts
        case Is(fact=name, value=value, negated=negated) if not isinstance(value, FactRef):
            return {name: value if wanted is not negated else draw(values(policy, policy.facts[name], day).filter(lambda one: one != value))}
        case OneOf(fact=name, values=options):
            if wanted:
                return {name: draw(st.sampled_from(sorted(options, key=str)))}
            return {name: draw(values(policy, policy.facts[name], day).filter(lambda one: one not in options))}
        case Includes(fact=name, value=value):
            return {name: frozenset({value}) if wanted else frozenset()}
        case Amount(fact=name, limit=limit, at_most=at_most):
            step = draw(st.integers(0, 2))
            return {name: max(0, limit - step if at_most is wanted else limit + step)}
        case Happened(fact=name, expected=expected):
            if expected is wanted:
                return {name: day - timedelta(days=draw(st.integers(0, 40)))}
            return {name: draw(st.one_of(st.just(NOT_YET), st.integers(1, 40).map(lambda days: day + timedelta(days=days))))}
        case Arranged(fact=name, expected=expected):
            return {name: draw(dates_near(day, 40)) if expected is wanted else NOT_YET}
        case Age(age=age, under=under, on=AsOf()):
            years = age - 1 if under is wanted else age
            return {"date_of_birth": day - timedelta(days=years * 366 + draw(st.integers(5, 300)))}
        case Compare(left=left, operator=operator, right=right):
            return draw(_ordered(left, right, day, operator.endswith("before") is wanted))
        case Within(left=left, trigger=trigger):
            return draw(_ordered(trigger, left, day, wanted))
        case _:
            return {}


@st.composite
def _ordered(draw: st.DrawFn, first: Node, second: Node, day: date, in_order: bool) -> dict[str, FactValue]:
    """Draw days for the facts of two dates, the first before the second or after it."""
    early = day - timedelta(days=draw(st.integers(0, 30)))
    late = early + timedelta(days=draw(st.integers(0, 30)))
    found: dict[str, FactValue] = {}
    for tree, value in ((first, early if in_order else late), (second, late if in_order else early)):
        if isinstance(tree, FactDay):
            found[tree.fact] = value
    return found


__all__ = ["dates_near", "facts_of", "snapshots", "values"]

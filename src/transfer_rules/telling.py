"""What can be asked about a decision besides, in sentences: why, why not another team, the other readings, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from .contrast import Instead, WhyNot
from .decision import Candidate, Decision
from .outlook import Change
from .phrases import headline, say_answer, say_outstanding, say_reason, say_rule, say_status, say_whom, section
from .policy import Policy
from .rivals import OtherReading
from .support import Ground, Why
from .wording import say_day, say_fact, say_series

_FEW = 2


# --- why


def say_why(policy: Policy, decision: Decision, why: Why | None) -> list[str]:
    """Return what a decided answer rests on: a line that says it, then one for each fact, with the answer that is in play without it."""
    if why is None:
        return ["the answer is not decided, so no facts alone give it"]
    if not why.grounds:
        return ["the answer is the same whatever the facts"]
    number = "this fact alone gives" if len(why.grounds) == 1 else f"these {len(why.grounds)} facts alone give"
    lines = [f"{number} the answer, whatever else is so; without any one of them it is open"]
    lines += [_ground(policy, decision, ground) for ground in why.grounds]
    labels = [policy.pack.decisions[name].label or name.replace("_", " ") for name in why.decisions]
    return lines + ([f"with what people decided: {say_series(labels)}"] if labels else [])


def _ground(policy: Policy, decision: Decision, ground: Ground) -> str:
    text = say_fact(policy, ground.fact, ground.value) + (" (nobody stated it: taken as not so)" if ground.unstated else "")
    if ground.otherwise is None:
        return f"{text}: without it the answer is open"
    return f"{text}: else {_otherwise(policy, decision, ground.otherwise)}"


def _otherwise(policy: Policy, decision: Decision, other: Candidate) -> str:
    clauses = tuple(dict.fromkeys(clause for rule in other.rules if rule in policy.rules for clause in policy.rules[rule].clauses))
    team = None if decision.receiving_team is None else decision.receiving_team.team
    same = (other.outcome, other.team) == (decision.outcome, team)
    deadline = None if decision.deadline is None else decision.deadline.on
    if same and other.deadline == deadline:
        return f"the same, with other items{section(policy, clauses)}"
    if same:
        return ("another date" if other.deadline is None else f"by {say_day(other.deadline)}") + section(policy, clauses)
    if other.outcome == "stay" and not other.rules:
        return f"stay{section(policy, policy.pack.otherwise.clauses)}"
    return say_answer(other, other.label or "") + section(policy, clauses)


# --- why not


def say_why_not(policy: Policy, others: Sequence[WhyNot]) -> list[str]:
    """Return, for each other team, what would have to be otherwise for it to receive the case."""
    return [f"{other.label}: {_why_not(policy, other)}" for other in others] or ["no rule for the team that holds the case names another team"]


def _why_not(policy: Policy, other: WhyNot) -> str:
    match other.verdict:
        case "more_than_five":
            return "more than five facts would have to be otherwise"
        case "none":
            return "no change of facts gives it, with the decisions that are recorded"
        case "not_found":
            return "what would have to be otherwise was not found within the steps allowed"
    assert other.decision is not None
    reasons = say_series(say_reason(policy, reason) for reason in other.decision.reasons)
    return f"if {say_series(_instead(policy, change) for change in other.changes)}; {reasons}"


def _instead(policy: Policy, change: Instead) -> str:
    to = say_fact(policy, change.fact, change.to)
    if change.now is None:
        return f"{to} (not known)"
    if change.unstated:
        return f"{to} (nobody stated it)"
    return f"{to} (now: {say_fact(policy, change.fact, change.now).removeprefix(policy.facts[change.fact].label).removeprefix(' is ').strip()})"


# --- other readings


def say_readings(policy: Policy, decision: Decision, readings: Iterable[OtherReading], *, whole: bool = True) -> list[str]:
    """Return, for each other reading, the question and what would differ; with `whole` all of it, how the pack reads, and who is to confirm that."""
    return [_reading(policy, decision, reading, whole) for reading in readings]


def _reading(policy: Policy, decision: Decision, reading: OtherReading, whole: bool) -> str:
    one = reading.interpretation
    differences = list(say_differences(policy, decision, reading.decision))
    chosen = f"; the pack reads: {one.reading}" + (f" (to confirm: {one.to_confirm})" if one.to_confirm else "") if whole else ""
    sections = policy.sections(one.clauses)
    return f"{one.question}{f' [{sections}]' if sections else ''} Read the other way: {_some(differences, whole)}{chosen}"


# --- what comes next


def say_changes(policy: Policy, changes: Sequence[Change], *, whole: bool = True) -> list[str]:
    """Return the days on which the answer changes, each with what changes; a run of days on which the same thing moves is one line."""
    told = [(change, _change(policy, change, whole)) for change in changes]
    lines = []
    for text, run in groupby(told, key=lambda one: one[1]):
        days = [change.on for change, _ in run]
        lines.append(f"{say_day(days[0])}: {text}" + (f" (and so on, {len(days)} times until {say_day(days[-1])})" if len(days) > 1 else ""))
    return lines


def _change(policy: Policy, change: Change, whole: bool) -> str:
    if change.after is None:
        return "from here on the record contradicts itself, so nothing can be told"
    return _some(list(say_differences(policy, change.before, change.after)), whole)


# --- two answers side by side


def say_differences(policy: Policy, before: Decision, after: Decision) -> Iterator[str]:
    """Yield in words what the second answer says otherwise than the first."""
    first, second = headline(before), headline(after)
    if first != second:
        yield "the move is overdue" if second == f"{first}, overdue" else second
    if before.to_decide != after.to_decide and after.to_decide is not None:
        yield f"{after.to_decide.who}: {after.to_decide.question}"
    if before.transfer_point != after.transfer_point and after.transfer_point is not None:
        yield _point(policy, after)
    yield from _lines(_items(before), _items(after), "no longer outstanding")
    yield from _lines(_duties(before), _duties(after), "no longer asked for")
    yield from (warning.text for warning in after.warnings if warning not in before.warnings)
    yield from (f"no longer so: {warning.text}" for warning in before.warnings if warning not in after.warnings)
    asked = [policy.facts[name].label for name in after.missing if name not in before.missing]
    if asked:
        yield f"now open because not known: {say_series(asked)}"
    if first == second and before.missing != after.missing and not asked:
        yield f"no longer open: {say_series(policy.facts[name].label for name in before.missing if name not in after.missing)}"
    rules = [reason.rule for reason in after.reasons if reason.rule in policy.rules]
    if first == second and rules != [reason.rule for reason in before.reasons if reason.rule in policy.rules] and rules:
        yield f"now by {say_series(say_rule(policy, rule) for rule in rules)}"


def _point(policy: Policy, decision: Decision) -> str:
    assert decision.transfer_point is not None
    point = decision.transfer_point
    event = policy.facts[point.event].label if point.event in policy.facts else point.event.replace("_", " ")
    on = "" if point.on is None else f", {say_day(point.on)}"
    return f"transfer point {event}{on}: {point.state.replace('_', ' ')}"


def _items(decision: Decision) -> dict[str, tuple[str, str, str]]:
    # From which day work would have been recent enough moves along with the day asked about.
    return {item.item: (item.label, say_outstanding(decision, replace(item, needed_from=None)), item.by) for item in decision.outstanding}


def _duties(decision: Decision) -> dict[str, tuple[str, str, str]]:
    return {duty.duty: (duty.label, say_status(duty), say_whom(duty)) for duty in decision.duties}


def _lines(before: dict[str, tuple[str, str, str]], after: dict[str, tuple[str, str, str]], gone: str) -> Iterator[str]:
    """Yield how each item or duty stands otherwise than before; where it stands as before, to whom it falls."""
    for name, (label, how, people) in after.items():
        _, how_before, people_before = before.get(name, ("", "", people))
        if how == f"{how_before}, overdue":
            yield f"{label}: overdue"
        elif how != how_before:
            yield f"{label}: {how}"
        elif people != people_before:
            yield f"{label}: {people or 'nobody named'}"
    yield from (f"{label}: {gone}" for name, (label, _, _) in before.items() if name not in after)


def _some(differences: list[str], whole: bool) -> str:
    """Join what differs; where not the whole is wanted, what comes first, since it weighs most."""
    shown = differences if whole or len(differences) <= _FEW else [*differences[:_FEW], f"and {len(differences) - _FEW} more"]
    return "; ".join(shown) or "other answers are in play"

"""A deadline counted out, step by step, so that a person can check it against a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

from .case import BoundCase, bind
from .dates import DayOrMoment, DueKind, london_date, shown
from .decision import Decision
from .policy import Policy
from .timescales import AsOf, Birthday, Conditional, Count, FactDay, FailingThat, LatestOf, Literally, SoonestOf, Timescale, UseTimescale
from .vocabulary import CaseSnapshot
from .wording import say, say_count, say_day, say_series

StepVerdict: TypeAlias = Literal["counted", "later", "earlier", "not_there_yet", "not_known", "does_not_apply", "past_horizon"]


@dataclass(frozen=True, slots=True)
class CountStep:
    """One arm of a deadline, counted out.

    Attributes:
        what: the arm in words.
        verdict: `counted` for the arm (or one of the arms) that gives the date; else why it does not.
        start: the trigger's day or moment, for a count; None where there is none.
        end: the day or moment reached.
        closed: the named closed weekdays passed over, in order.
    """

    what: str
    verdict: StepVerdict
    start: DayOrMoment | None = None
    end: DayOrMoment | None = None
    closed: tuple[tuple[date, str], ...] = ()

    def __str__(self) -> str:
        return say_step(self)


def count_steps(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> tuple[CountStep, ...]:
    """Return the steps by which the deadline of a decision was counted; empty where it has no deadline to count.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    if decision.outcome not in ("transfer", "close"):
        return ()
    case = bind(policy, snapshot)
    deciding = (policy.rules[reason.rule] for reason in decision.reasons if reason.rule in policy.rules)
    timescale = next((rule.deadline for rule in deciding if rule.deadline is not None and rule.deadline.due(case).kind != "none"), None)
    return () if timescale is None else tuple(_steps(policy, case, timescale))


def _steps(policy: Policy, case: BoundCase, node: Timescale) -> list[CountStep]:
    match node:
        case UseTimescale(timescale=inner):
            return _steps(policy, case, inner)
        case Conditional(timescale=inner, when=when, otherwise=otherwise):
            chosen = inner if when.truth(case) is not False else otherwise
            return [_plain(policy, case, node)] if chosen is None else _steps(policy, case, chosen)
        case FailingThat(first=first, then=then):
            return _steps(policy, case, then if first.due(case).kind in ("awaiting", "none") else first)
        case SoonestOf() | LatestOf():
            return _compared(policy, case, node)
        case Count(trigger=FactDay() | AsOf() | Literally() | Birthday()):
            return [_count(policy, case, node)]
        case Count(trigger=trigger):
            return [*_steps(policy, case, trigger), _count(policy, case, node)]
        case _:
            return [_plain(policy, case, node)]


def _compared(policy: Policy, case: BoundCase, node: SoonestOf | LatestOf) -> list[CountStep]:
    """Return the steps of a list's arms; an arm that reaches another day than the one chosen is one step, and says on which side it lies."""
    verdict: StepVerdict = "later" if isinstance(node, SoonestOf) else "earlier"
    whole = node.due(case)
    bound = whole.latest if isinstance(node, SoonestOf) else whole.earliest or whole.not_before
    chosen = whole.kind if whole.kind in ("at_once", "past_horizon") else whole.value or bound
    found: list[CountStep] = []
    for arm in node.parts:
        due, steps = arm.due(case), _steps(policy, case, arm)
        reached = due.kind if due.kind == "at_once" else due.value
        if reached is None or chosen is None or reached == chosen:
            found += steps
        else:
            counted = next(step for step in reversed(steps) if step.verdict == "counted")
            found.append(replace(counted, verdict=verdict))
    return found


def _plain(policy: Policy, case: BoundCase, node: Timescale) -> CountStep:
    due = node.due(case)
    return CountStep(say(policy, node), _VERDICTS[due.kind], end=_shown(due.value))


def _count(policy: Policy, case: BoundCase, node: Count) -> CountStep:
    start, due = node.trigger.due(case), node.due(case)
    closed: tuple[tuple[date, str], ...] = ()
    if node.unit == "working_days" and start.value is not None and due.value is not None:
        closed = case.calendar.closed_between(london_date(start.value), london_date(due.value))
    what = f"{say_count(node.amount, node.unit)} {'before' if node.back else 'after'} {say(policy, node.trigger)}"
    if node.unit == "hours" and start.value is not None and not isinstance(start.value, datetime):
        what += ", in whole days since no time is recorded"
    return CountStep(what, _VERDICTS[due.kind], _shown(start.value), _shown(due.value), closed)


def _shown(value: DayOrMoment | None) -> DayOrMoment | None:
    return None if value is None else shown(value)


_VERDICTS: Final[Mapping[DueKind, StepVerdict]] = {
    "dated": "counted",
    "at_once": "counted",
    "awaiting": "not_there_yet",
    "open": "not_known",
    "none": "does_not_apply",
    "past_horizon": "past_horizon",
}
_NOTES: Final[Mapping[StepVerdict, str]] = {
    "later": "later",
    "earlier": "earlier",
    "not_there_yet": "has no date yet",
    "not_known": "not known",
    "does_not_apply": "does not apply",
    "past_horizon": "past the end of the calendar",
}


def say_step(step: CountStep) -> str:
    """Return a step in one line."""
    text = step.what if step.start is None else f"{step.what} ({say_day(step.start)})"
    if step.closed:
        text += ", passing over " + say_series(f"{name} {say_day(day, year=False).split(maxsplit=1)[1]}" for day, name in step.closed)
    if step.verdict == "counted":
        # A day that is written out in the pack has said itself.
        return text if step.end is None or say_day(step.end) == text else f"{text}: {say_day(step.end)}"
    return f"{text}, {say_day(step.end)}: {_NOTES[step.verdict]}" if step.end is not None else f"{text}: {_NOTES[step.verdict]}"

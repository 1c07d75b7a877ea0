"""A deadline counted out, step by step, so that a person can check it against a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from .case import BoundCase, bind
from .dates import DayOrMoment, Due, london_date, shown
from .decision import Decision
from .policy import Policy
from .timescales import Conditional, Count, FailingThat, LatestOf, SoonestOf, Timescale, UseTimescale
from .vocabulary import CaseSnapshot
from .wording import say, say_count, say_day

StepVerdict: TypeAlias = Literal["counted", "later", "earlier", "not_there_yet", "not_known", "does_not_apply"]


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
    if decision.deadline is None or decision.outcome not in ("transfer", "close"):
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
            if when.truth(case) is False:
                return [] if otherwise is None else _steps(policy, case, otherwise)
            return _steps(policy, case, inner)
        case FailingThat(first=first, then=then):
            return _steps(policy, case, then if first.due(case).kind in ("awaiting", "none") else first)
        case SoonestOf(parts=arms) | LatestOf(parts=arms):
            chosen = node.due(case)
            return [_arm(policy, case, arm, chosen, isinstance(node, SoonestOf)) for arm in arms]
        case Count(trigger=SoonestOf() | LatestOf() as trigger):
            return [*_steps(policy, case, trigger), _count(policy, case, node)]
        case Count():
            return [_count(policy, case, node)]
        case _:
            return [_plain(policy, case, node)]


def _arm(policy: Policy, case: BoundCase, arm: Timescale, chosen: Due, soonest: bool) -> CountStep:
    due = arm.due(case)
    steps = _steps(policy, case, arm)
    step = steps[-1] if steps else CountStep(say(policy, arm), "does_not_apply")
    verdict: StepVerdict = step.verdict
    if due.kind == "none":
        verdict = "does_not_apply"
    elif due.kind == "dated" and chosen.kind == "dated" and due.value != chosen.value:
        verdict = "later" if soonest else "earlier"
    return CountStep(step.what, verdict, step.start, step.end, step.closed)


def _plain(policy: Policy, case: BoundCase, node: Timescale) -> CountStep:
    due = node.due(case)
    return CountStep(say(policy, node), _verdict(due), end=None if due.value is None else shown(due.value))


def _count(policy: Policy, case: BoundCase, node: Count) -> CountStep:
    start, due = node.trigger.due(case), node.due(case)
    closed: tuple[tuple[date, str], ...] = ()
    if node.unit == "working_days" and start.value is not None and due.value is not None:
        closed = tuple(case.calendar.closed_between(london_date(start.value), london_date(due.value)))
    what = f"{say_count(node.amount, node.unit)} {'before' if node.back else 'after'} {say(policy, node.trigger)}"
    return CountStep(
        what, _verdict(due), None if start.value is None else shown(start.value), None if due.value is None else shown(due.value), closed
    )


def _verdict(due: Due) -> StepVerdict:
    return {"dated": "counted", "awaiting": "not_there_yet", "open": "not_known", "none": "does_not_apply"}.get(due.kind, "counted")  # type: ignore[return-value]


def say_step(step: CountStep) -> str:
    """Return a step in one line."""
    text = step.what
    if step.start is not None:
        text += f" ({say_day(step.start)})"
    if step.end is not None:
        text += f": {say_day(step.end)}"
    if step.closed:
        text += ", passing over " + " and ".join(f"{name} {day.day} {say_day(day, year=False).split()[-1]}" for day, name in step.closed)
    notes = {"later": "later", "earlier": "earlier", "not_there_yet": "has no date yet", "not_known": "not known", "does_not_apply": "does not apply"}
    return text if step.verdict == "counted" else f"{text}: {notes[step.verdict]}"

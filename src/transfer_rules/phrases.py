"""The parts of a decision in words: the answer in one line, who decides what, items and duties."""

from __future__ import annotations

from typing import Final

from .case import bind
from .checklists import Status, Why
from .decision import Candidate, Deadline, DeadlineState, Decision, Duty, Outstanding, PointState, Reason, ToDecide, TransferPoint
from .policy import Policy
from .ruling import event_name, event_of
from .vocabulary import CaseSnapshot
from .wording import say, say_day, say_series

# --- the answer


def headline(decision: Decision) -> str:
    """Return the answer in one line."""
    match decision.outcome:
        case "transfer":
            assert decision.receiving_team is not None
            team = decision.receiving_team
            to = team.label if team.role is None else f"{team.role.replace('_', ' ')} in {team.label}"
            text = f"Transfer to {to}" + (f" ({team.area_label})" if team.area_label else "") + _by(decision.deadline)
        case "close":
            text = "Close: no team takes over" + _by(decision.deadline)
        case "stay":
            text = "Stay with the team that holds the case" + _held(decision.deadline) + (": no criterion is met" if decision.silent else "")
        case "people_decide":
            text = "For people to decide"
        case "conflict":
            text = "Rules disagree, and none of them overrides the others"
        case _:
            return "Cannot be told yet: facts are missing"
    return text if decision.certainty == "decided" else f"{text} (provisional)"


_STATES: Final[dict[DeadlineState, str]] = {
    "firm": "by",
    "no_later_than": "no later than",
    "unproclaimed": "by",
    "at_once": "at once",
    "past_horizon": "by a date past the end of the calendar",
}


def _by(deadline: Deadline | None) -> str:
    if deadline is None or deadline.state == "not_stated":
        return "; no date is set"
    if deadline.state == "awaiting":
        after = "" if deadline.not_before is None else f", not before {say_day(deadline.not_before)}"
        after += "" if deadline.no_earlier_than is None else f", no earlier than {say_day(deadline.no_earlier_than)}"
        return f"{after}; no date yet: {deadline.note}"
    text = f" {_STATES[deadline.state]}" + ("" if deadline.on is None else f" {say_day(deadline.on)}")
    text += " (bank holidays not yet proclaimed)" if deadline.state == "unproclaimed" else ""
    text += "" if deadline.no_earlier_than is None else f" and no earlier than {say_day(deadline.no_earlier_than)}"
    return f"{text}, overdue" if deadline.overdue else text


def _held(deadline: Deadline | None) -> str:
    """Say until when a stay lasts; a stay has a deadline only where it is held."""
    if deadline is None:
        return ""
    return ", held until a day that is not known yet" if deadline.not_before is None else f", not before {say_day(deadline.not_before)}"


# --- clauses and rules


def section(policy: Policy, clauses: tuple[str, ...]) -> str:
    """Return `, section 4.6`, or the place as the document names it (`, Part 1, 2.4`), or the clauses themselves where the pack has no ledger."""
    sections = policy.sections(clauses)
    if not sections:
        return ""
    word = ("section ", "sections ")["; " in sections] if sections[0].isdigit() else ""
    return f", {word}{sections}"


def aside(*parts: str) -> str:
    """Return ` (social worker; 7.2)`, as far as there is something to say."""
    said = "; ".join(part for part in parts if part)
    return f" ({said})" if said else ""


_SOMETIMES: Final = "; or another of these, as facts not known will show: the answer is the same"


def say_reason(policy: Policy, reason: Reason) -> str:
    """Return a reason: the rule in words, its id where it has a label, and its sections."""
    # Silence, or a clash that people settled: there no rule has decided.
    named = reason.label if reason.rule not in policy.rules else say_rule(policy, reason.rule)
    return named + section(policy, reason.clauses) + (_SOMETIMES if reason.sometimes else "")


def say_rule(policy: Policy, rule: str) -> str:
    """Return a rule by its label and id, or by its id in words."""
    label = policy.rules[rule].label
    return f"{label} ({rule})" if label else rule.replace("_", " ")


# --- answers in play


def say_candidate(candidate: Candidate, to: str) -> str:
    """Return an answer in play and the rules that would give it; `to` is the team in words."""
    rules = f" ({say_series(rule.replace('_', ' ') for rule in candidate.rules)})" if candidate.rules else ""
    return say_answer(candidate, to) + rules


def say_answer(candidate: Candidate, to: str) -> str:
    """Return `transfer to Court Team by Fri 15 May 2026`, `stay`, `people decide`."""
    match candidate.outcome:
        case "transfer":
            text = f"transfer to {to or 'a team that an unknown fact names'}"
        case outcome:
            text = outcome.replace("_", " ")
    return text + ("" if candidate.deadline is None else f" by {say_day(candidate.deadline)}")


def say_question(policy: Policy, asked: ToDecide) -> str:
    """Return what people are to decide: who, what, by when, and how it is recorded."""
    by = "" if asked.by is None or asked.by.on is None else f"by {say_day(asked.by.on)}"
    record = "" if asked.settled_by is None else f"recorded as {asked.settled_by}"
    return f"{asked.who}: {asked.question}{aside(by, record, policy.sections(asked.clauses))}"


# --- the transfer point

_POINTS: Final[dict[PointState, str]] = {
    "happened": "has happened",
    "planned": "planned",
    "awaited": "has no date yet",
    "unknown": "not known whether or when",
}


def say_point(policy: Policy, snapshot: CaseSnapshot, decision: Decision, point: TransferPoint) -> str:
    """Return the event at which responsibility passes, and how far it has got."""
    case = bind(policy, snapshot)
    nodes = [policy.rules[reason.rule].transfer_point for reason in decision.reasons if reason.rule in policy.rules]
    events = [event_of(node, case) for node in nodes if node is not None]
    said = next((say(policy, event) for event in events if event_name(event) == point.event), point.event)
    on = "" if point.on is None else f", {say_day(point.on)}"
    return f"at {said}{on}: {_POINTS[point.state]}"


# --- items and duties

_WHYS: Final[dict[Why, str]] = {
    "not_recorded": "not recorded",
    "not_done": "not done",
    "stale": "stale",
    "out_of_order": "done out of order",
    "cannot_tell": "cannot tell whether it still counts",
    "excused": "excused",
}


def say_outstanding(decision: Decision, item: Outstanding) -> str:
    """Return how an item stands: `stale, done Mon 2 Mar 2026, needed on or after Sun 15 Mar 2026, by Wed 15 Apr 2026`."""
    text = _WHYS[item.why] if item.item in decision.required else "cannot tell whether it is needed"
    text += f" by {item.excusable_by}" if item.why == "excused" else ""
    if item.done_on is not None:
        text += f", {'planned for' if item.why == 'not_done' else 'done'} {say_day(item.done_on)}"
    if item.needed_from is not None:
        text += f", needed on or after {say_day(item.needed_from)}"
    if item.due is not None and item.due.on is not None:
        text += f", by {say_day(item.due.on)}" + (", overdue" if item.due.overdue and item.why != "excused" else "")
    return text


_STATUSES: Final[dict[Status, str]] = {"not_needed": "not needed", "awaiting": "has no date yet"}


def say_status(duty: Duty) -> str:
    """Return how a duty stands: `due, by Thu 2 Apr 2026`, `now, good practice`."""
    on = "" if duty.due is None or duty.due.on is None else f", by {say_day(duty.due.on)}"
    return f"{_STATUSES.get(duty.status, duty.status)}{on}{', good practice' if duty.advisory else ''}"


def say_whom(duty: Duty) -> str:
    """Return `giving manager to receiving manager`."""
    return " to ".join(one for one in (duty.who, duty.to) if one)

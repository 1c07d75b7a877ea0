"""A decision in words that a team manager can check against the printed procedure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from .case import bind
from .checklists import Why
from .counting import count_steps, say_step
from .decision import Candidate, Deadline, DeadlineState, Decision, Duty, Outstanding, PointState, Reason, ToDecide, TransferPoint
from .policy import Policy
from .ruling import event_name, event_of
from .vocabulary import CaseSnapshot
from .wording import say, say_day, say_fact, say_series

_WIDTH: Final = 9
_MOST_NAMED: Final = 8


def explain(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> str:
    """Return the decision as text, one thing to a line.

    The answer; `because` (the rules, with their sections) and `since` (the facts they look at); `between` (answers still in play); `decides` (who,
    and what); `passes` (the transfer point); `counted` and `not` (the dates that count and those that do not); `first` (what is outstanding);
    `also` (duties); `ask` (facts that could change the answer); `rests on` (facts nobody stated, taken as not so); `note`.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    lines = [headline(decision)]
    lines += _marked("because", (_reason(policy, reason) for reason in decision.reasons))
    facts = dict(value for reason in decision.reasons for value in reason.values)
    lines += _marked("since", [say_series(say_fact(policy, name, facts[name]) for name in sorted(facts))] if facts else ())
    lines += _marked("between", _candidates(decision.candidates))
    lines += _marked("decides", () if decision.to_decide is None else [_to_decide(policy, decision.to_decide)])
    lines += _marked("passes", () if decision.transfer_point is None else [_point(policy, snapshot, decision, decision.transfer_point)])
    steps = count_steps(policy, snapshot, decision)
    lines += _marked("counted", (say_step(step) for step in steps if step.verdict == "counted"))
    lines += _marked("not", (say_step(step) for step in steps if step.verdict != "counted"))
    lines += _marked("first", (_outstanding(policy, decision, item) for item in decision.outstanding))
    lines += _marked("also", (_duty(policy, duty) for duty in decision.duties))
    lines += _marked("ask", (f"{policy.facts[name].ask} ({name})" for name in decision.missing))
    unstated = [policy.facts[name].label for name in decision.rests_on_unstated]
    lines += _marked("rests on", [f"facts nobody stated, taken as not so: {', '.join(unstated)}"] if unstated else ())
    lines += _marked("note", (warning.text for warning in decision.warnings))
    lines += _marked("", [f"for a manager to confirm; {policy.pack.authority}, {policy.pack.title}, edition {policy.pack.edition}"])
    return "\n".join(lines)


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


def _marked(mark: str, texts: Iterable[str]) -> list[str]:
    return [f"  {mark if number == 0 else '':<{_WIDTH}}{text}" for number, text in enumerate(texts)]


def _section(policy: Policy, clauses: tuple[str, ...]) -> str:
    """Return `, section 4.6`, or the place as the document names it (`, Part 1, 2.4`), or the clauses themselves where the pack has no ledger."""
    sections = policy.sections(clauses)
    if not sections:
        return ""
    word = ("section ", "sections ")["; " in sections] if sections[0].isdigit() else ""
    return f", {word}{sections}"


def _aside(*parts: str) -> str:
    """Return ` (social worker; 7.2)`, as far as there is something to say."""
    said = "; ".join(part for part in parts if part)
    return f" ({said})" if said else ""


_SOMETIMES: Final = "; or another of these, as facts not known will show: the answer is the same"


def _reason(policy: Policy, reason: Reason) -> str:
    if reason.rule not in policy.rules:
        # Silence, or a clash that people settled: no rule has decided.
        return reason.label + _section(policy, reason.clauses) + (_SOMETIMES if reason.sometimes else "")
    named = f"{reason.label} ({reason.rule})" if reason.label else reason.rule.replace("_", " ")
    return named + _section(policy, reason.clauses) + (_SOMETIMES if reason.sometimes else "")


def _candidates(candidates: Iterable[Candidate]) -> Iterator[str]:
    """Say what is in play; where a fact names the team, so many teams are that their number says more than their names."""
    alike: dict[tuple[object, ...], list[Candidate]] = {}
    for one in candidates:
        alike.setdefault((one.outcome, one.deadline, one.rules), []).append(one)
    for some in alike.values():
        labels = [one.label or "" for one in some]
        yield from [_candidate(some[0], f"one of {len(some)} teams")] if len(some) > _MOST_NAMED else map(_candidate, some, labels)


def _candidate(candidate: Candidate, to: str) -> str:
    match candidate.outcome:
        case "transfer":
            text = f"transfer to {to or 'a team that an unknown fact names'}"
        case "people_decide":
            text = "people decide"
        case outcome:
            text = outcome
    by = "" if candidate.deadline is None else f" by {say_day(candidate.deadline)}"
    return text + by + (f" ({say_series(rule.replace('_', ' ') for rule in candidate.rules)})" if candidate.rules else "")


def _to_decide(policy: Policy, asked: ToDecide) -> str:
    by = "" if asked.by is None or asked.by.on is None else f"by {say_day(asked.by.on)}"
    record = "" if asked.settled_by is None else f"recorded as {asked.settled_by}"
    return f"{asked.who}: {asked.question}{_aside(by, record, policy.sections(asked.clauses))}"


_POINTS: Final[dict[PointState, str]] = {
    "happened": "has happened",
    "planned": "planned",
    "awaited": "has no date yet",
    "unknown": "not known whether or when",
}


def _point(policy: Policy, snapshot: CaseSnapshot, decision: Decision, point: TransferPoint) -> str:
    case = bind(policy, snapshot)
    nodes = [policy.rules[reason.rule].transfer_point for reason in decision.reasons if reason.rule in policy.rules]
    events = [event_of(node, case) for node in nodes if node is not None]
    said = next((say(policy, event) for event in events if event_name(event) == point.event), point.event)
    on = "" if point.on is None else f", {say_day(point.on)}"
    return f"at {said}{on}: {_POINTS[point.state]}"


_WHYS: Final[dict[Why, str]] = {
    "not_recorded": "not recorded",
    "not_done": "not done",
    "stale": "stale",
    "out_of_order": "done out of order",
    "cannot_tell": "cannot tell whether it still counts",
    "excused": "excused",
}


def _outstanding(policy: Policy, decision: Decision, item: Outstanding) -> str:
    why = _WHYS[item.why] if item.item in decision.required else "cannot tell whether it is needed"
    text = f"{item.label}: {why}" + (f" by {item.excusable_by}" if item.why == "excused" else "")
    if item.done_on is not None:
        text += f", {'planned for' if item.why == 'not_done' else 'done'} {say_day(item.done_on)}"
    if item.needed_from is not None:
        text += f", needed on or after {say_day(item.needed_from)}"
    if item.due is not None and item.due.on is not None:
        text += f", by {say_day(item.due.on)}" + (", overdue" if item.due.overdue and item.why != "excused" else "")
    return text + _aside(item.by, policy.sections(item.clauses))


def _duty(policy: Policy, duty: Duty) -> str:
    on = "" if duty.due is None or duty.due.on is None else f", by {say_day(duty.due.on)}"
    status = {"not_needed": "not needed", "awaiting": "has no date yet"}.get(duty.status, duty.status)
    who = " to ".join(one for one in (duty.who, duty.to) if one)
    return f"{duty.label}: {status}{on}{', good practice' if duty.advisory else ''}{_aside(who, policy.sections(duty.clauses))}"

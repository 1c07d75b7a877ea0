"""A decision in words that a team manager can check against the printed procedure."""

from __future__ import annotations

from collections.abc import Iterable

from .counting import count_steps, say_step
from .decision import Candidate, Deadline, Decision, Duty, Outstanding, Reason
from .policy import Policy
from .vocabulary import CaseSnapshot
from .wording import say_day, say_fact

_WIDTH = 9


def explain(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> str:
    """Return the decision as text: the answer, because (the rules) and since (the facts), counted, first (outstanding), also (duties), if (missing).

    Raises:
        SnapshotError: as for `evaluate`.
    """
    lines = [headline(decision)]
    lines += _marked("because", (f"{_said(reason)}{_cited(policy, reason.clauses)}" for reason in decision.reasons))
    facts = dict(value for reason in decision.reasons for value in reason.values)
    lines += _marked("since", ["; ".join(say_fact(policy, name, value) for name, value in sorted(facts.items()))] if facts else [])
    lines += _marked("between", (_candidate(candidate) for candidate in decision.candidates))
    if decision.to_decide is not None:
        asked = decision.to_decide
        by = "" if asked.by is None or asked.by.on is None else f", by {say_day(asked.by.on)}"
        lines += _marked("decides", [f"{asked.who}: {asked.question}{by}" + _cited(policy, asked.clauses)])
    if decision.transfer_point is not None:
        lines += _marked("passes", [_point(policy, decision)])
    steps = count_steps(policy, snapshot, decision)
    lines += _marked("counted", (say_step(step) for step in steps if step.verdict == "counted"))
    lines += _marked("not", (say_step(step) for step in steps if step.verdict != "counted"))
    lines += _marked("first", (_outstanding(policy, item) for item in decision.outstanding))
    lines += _marked("also", (_duty(policy, duty) for duty in decision.duties))
    lines += _marked("if", (f"{policy.facts[name].ask} ({name})" for name in decision.missing))
    if decision.rests_on_unstated:
        lines += _marked(
            "rests on", ["facts nobody stated, taken as not so: " + ", ".join(policy.facts[name].label for name in decision.rests_on_unstated)]
        )
    lines += _marked("note", (warning.text for warning in decision.warnings))
    lines += _marked("", [f"for a manager to confirm; {policy.pack.authority}, {policy.pack.title}, edition {policy.pack.edition}"])
    return "\n".join(lines)


def headline(decision: Decision) -> str:
    """Return the answer in one line."""
    match decision.outcome:
        case "transfer":
            assert decision.receiving_team is not None
            team = decision.receiving_team
            to = team.label if team.role is None else f"{team.role} in {team.label}"
            text = f"Transfer to {to}" + (f" ({team.area_label or team.area})" if team.area else "") + _by(decision.deadline)
        case "close":
            text = "Close: no team takes over" + _by(decision.deadline)
        case "stay":
            held = decision.deadline.not_before if decision.deadline is not None else None
            text = "Stay with the team that holds the case" + (f", not before {say_day(held)}" if held else "")
            text += ": no criterion is met" if decision.silent else ""
        case "people_decide":
            text = "For people to decide"
        case "conflict":
            text = "Two rules disagree, and neither overrides the other"
        case "undetermined":
            text = "Cannot be told yet: facts are missing"
    return text if decision.certainty == "decided" or decision.outcome == "undetermined" else f"{text} (provisional)"


def _by(deadline: Deadline | None) -> str:
    if deadline is None:
        return ""
    words = {"firm": "by", "no_later_than": "no later than", "unproclaimed": "by (bank holidays not yet proclaimed)"}
    if deadline.on is not None:
        text = f" {words[deadline.state]} {say_day(deadline.on)}"
        return f"{text}, overdue" if deadline.overdue else text
    if deadline.state == "awaiting":
        after = f", not before {say_day(deadline.not_before)}" if deadline.not_before else ""
        return f"{after}; no date yet: {deadline.note}"
    return {"at_once": " at once", "past_horizon": "; its date lies past the calendar", "not_stated": "; no date is set"}[deadline.state]


def _marked(mark: str, texts: Iterable[str]) -> list[str]:
    return [f"  {mark if first else '':<{_WIDTH}}{text}" for first, text in zip([True, *[False] * 10_000], texts, strict=False)]


def _cited(policy: Policy, clauses: tuple[str, ...]) -> str:
    return f" [{policy.sections(clauses)}]" if clauses else ""


def _said(reason: Reason) -> str:
    """Return a rule by its label and its name; by its name alone, written as words, where it has no label."""
    return f"{reason.label} ({reason.rule})" if reason.label else reason.rule.replace("_", " ")


def _candidate(candidate: Candidate) -> str:
    said = {
        "transfer": f"transfer to {candidate.label}" if candidate.label else "transfer to a team that an unknown fact names",
        "people_decide": "people decide",
    }
    text = said.get(candidate.outcome, candidate.outcome)
    by = "" if candidate.deadline is None else f", by {say_day(candidate.deadline)}"
    return f"{text}{by}" + (f" ({', '.join(candidate.rules)})" if candidate.rules else "")


def _point(policy: Policy, decision: Decision) -> str:
    point = decision.transfer_point
    assert point is not None
    definition = policy.pack.definitions.get(point.event)
    event = policy.facts[point.event].label if point.event in policy.facts else (definition and definition.label) or point.event.replace("_", " ")
    states = {"happened": "has happened", "planned": "planned", "awaited": "has no date yet", "unknown": "not known"}
    on = "" if point.on is None else f" {say_day(point.on)}"
    return f"at {event}:{on} ({states[point.state]})"


def _outstanding(policy: Policy, item: Outstanding) -> str:
    whys = {
        "not_recorded": "not recorded",
        "not_done": "not done",
        "stale": "stale",
        "out_of_order": "done out of order",
        "cannot_tell": "cannot tell",
        "excused": "excused",
    }
    text = f"{item.label}: {whys[item.why]}"
    if item.done_on is not None:
        text += f", done {say_day(item.done_on)}"
    if item.needed_from is not None:
        text += f", needed on or after {say_day(item.needed_from)}"
    text += f" ({item.by})" if item.by else ""
    if item.due is not None and item.due.on is not None:
        text += f", by {say_day(item.due.on)}" + (", overdue" if item.due.overdue and item.why != "excused" else "")
    return text + _cited(policy, item.clauses)


def _duty(policy: Policy, duty: Duty) -> str:
    who = f" ({duty.who}" + (f" to {duty.to}" if duty.to else "") + ")" if duty.who else ""
    when = f", by {say_day(duty.due.on)}" if duty.due is not None and duty.due.on is not None else ""
    advisory = ", good practice" if duty.advisory else ""
    return f"{duty.label}{who}: {duty.status.replace('_', ' ')}{when}{advisory}{_cited(policy, duty.clauses)}"

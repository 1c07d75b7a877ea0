"""The parts of a decision in words: the answer in one line, who decides what, items and duties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from .checklists import Outcome, Why
from .decision import Candidate, Deadline, DeadlineState, Decision, Duty, Outstanding, Reason, ToDecide
from .policy import Policy
from .ruling import event_name
from .timescales import TIMESCALES, AtOnce, FactDay, Timescale, nodes
from .wording import say, say_day, say_series

_MOST_SECTIONS: Final = 3
_MOST_TEAMS: Final = 8

# --- the answer


def headline(decision: Decision, holder: str = "the team that holds the case") -> str:
    """Return the answer in one line; `holder` is who keeps the case where it stays."""
    match decision.outcome:
        case "transfer":
            assert decision.receiving_team is not None
            team = decision.receiving_team
            role = "" if team.role is None else team.role.replace("_", " ")
            to = f"{'an' if role[0] in 'aeiou' else 'a'} {role} in {team.label}" if role else team.label
            text = f"Transfer to {to}" + (f" ({team.area_label})" if team.area_label else "") + _by(decision.deadline)
        case "close":
            text = f"Close the case (no team takes over){_by(decision.deadline)}"
        case "stay":
            text = f"Stay with {holder}" + _held(decision.deadline) + (": no criterion is met" if decision.silent else "")
        case "people_decide":
            asked = decision.to_decide
            text = "For people to decide" + ("" if asked is None or asked.by is None or asked.by.on is None else _by(asked.by))
        case "conflict":
            text = "Rules disagree, and none of them overrides the others"
        case _:
            return "Cannot be told yet: facts are missing"
    return text if decision.certainty == "decided" else f"{text} (provisional)"


_STATES: Final[dict[DeadlineState, str]] = {
    "no_later_than": "no later than",
    "at_once": "at once",
    "past_horizon": "by a date past the end of the calendar",
}


def _by(deadline: Deadline | None) -> str:
    if deadline is None or deadline.state == "not_stated":
        return f"; no date is set{aside('' if deadline is None else deadline.note)}"
    if deadline.state == "awaiting":
        after = "" if deadline.not_before is None else f", not before {say_day(deadline.not_before)}"
        after += "" if deadline.no_earlier_than is None else f", no earlier than {say_day(deadline.no_earlier_than)}"
        return f"{after}; no date yet: {deadline.note}"
    text = f" {_limit(deadline)}"
    text += " (bank holidays not yet proclaimed)" if deadline.state == "unproclaimed" else ""
    text += "" if deadline.no_earlier_than is None else f" and no earlier than {say_day(deadline.no_earlier_than)}"
    return f"{text}, overdue" if deadline.overdue else text


def _limit(deadline: Deadline) -> str:
    return f"{_STATES.get(deadline.state, 'by')}{'' if deadline.on is None else f' {say_day(deadline.on)}'}"


def _held(deadline: Deadline | None) -> str:
    """Say until when a stay lasts; a stay has a deadline only where it is held."""
    if deadline is None:
        return ""
    return f"; it may not move before {'a day that is not known yet' if deadline.not_before is None else say_day(deadline.not_before)}"


# --- sections and rules


def few(texts: Sequence[str], most: int) -> list[str]:
    """Return a list as it is, or its beginning and how many more there are."""
    return [*texts[:most], *([f"and {len(texts) - most} more"] if len(texts) > most else [])]


def say_sections(policy: Policy, clauses: Iterable[str], most: int = _MOST_SECTIONS) -> str:
    """Return `section 4.6`, `sections 4.6; 4.9`, the place as the document names it (`Part 1, 2.4`), or the clauses where the pack has no ledger.

    Of many sections the first are named, and how many more there are.
    """
    names = [*dict.fromkeys(policy.sections((clause,)) for clause in clauses)]
    word = ("section " if len(names) == 1 else "sections ") if names and names[0][0].isdigit() else ""
    return word + "; ".join(few(names, most))


def cited(text: str, sections: str) -> str:
    """Return a text with the sections that say so: `to court, section 4.6`; behind a question `which? (section 2.6)`."""
    return f"{text}{aside(sections)}" if text.endswith("?") else ", ".join(part for part in (text, sections) if part)


def aside(*parts: str) -> str:
    """Return ` (social worker; section 7.2)`, as far as there is something to say; in square brackets where it has round ones of its own."""
    said = "; ".join(part for part in parts if part)
    return (f" [{said}]" if "(" in said else f" ({said})") if said else ""


def say_reason(policy: Policy, reason: Reason) -> str:
    """Return a reason: the rule in words, and its sections."""
    # Silence, or a clash that people settled: there no rule has decided.
    named = say_rule(policy, reason.rule) if reason.rule in policy.rules else reason.label
    perhaps = " (this one or another, as facts not known will show: the answer is the same)" if reason.sometimes else ""
    return cited(named, say_sections(policy, reason.clauses)) + perhaps


def say_rule(policy: Policy, rule: str) -> str:
    """Return a rule by its label, or by its id in words."""
    return policy.rules[rule].label or rule.replace("_", " ")


# --- answers in play

_OUTCOMES: Final[dict[Outcome, str]] = {
    "stay": "stay",
    "close": "close the case",
    "people_decide": "people decide",
    "conflict": "rules that disagree",
    "undetermined": "nothing that can be told",
}


def say_choice(candidates: Sequence[Candidate]) -> str:
    """Return answers in play that share a day: `transfer to Court Team or Permanence Team by Fri 15 May 2026; stay; or close the case`.

    Where a fact names the team, so many teams are in play that their number says more than their names.
    """
    by = "" if candidates[0].deadline is None else f" by {say_day(candidates[0].deadline)}"
    teams = [one.label or "a team that an unknown fact names" for one in candidates if one.outcome == "transfer"]
    said = [f"transfer to {say_series(teams, 'or') if len(teams) <= _MOST_TEAMS else f'one of {len(teams)} teams'}{by}"] if teams else []
    said += [_OUTCOMES[one.outcome] + (by if one.outcome == "close" else "") for one in candidates if one.outcome != "transfer"]
    return "; ".join([*said[:-1], f"or {said[-1]}"]) if len(said) > 1 else said[0]


def say_question(policy: Policy, asked: ToDecide) -> str:
    """Return what people are to decide: who, what, and how it is recorded."""
    record = "" if asked.settled_by is None else f"to be recorded as {asked.settled_by}"
    return f"{asked.who}: {asked.question}{aside(say_sections(policy, asked.clauses), record)}"


# --- the transfer point


def say_point(policy: Policy, decision: Decision) -> str:
    """Return the event at which responsibility passes, and how far it has got: `at first court hearing, planned for Fri 15 May 2026`."""
    point, event = decision.transfer_point, _event(policy, decision)
    assert point is not None
    if isinstance(event, AtOnce):
        return "at once"
    at = f"at {say_event(policy, decision)}"
    match point.state:
        case "happened":
            return f"{at}, which has happened" if point.on is None else f"{at}, on {say_day(point.on)}: the day has come"
        case "planned" if point.on is not None:
            return f"{at}, planned for {say_day(point.on)}" if isinstance(event, FactDay) else f"{at}, on {say_day(point.on)}: still to come"
        case "awaited":
            return f"{at}, which has no date yet"
        case _:
            return f"{at}; not known whether or when"


def say_event(policy: Policy, decision: Decision) -> str:
    """Return the event at which responsibility passes, in words."""
    event = _event(policy, decision)
    assert decision.transfer_point is not None
    return decision.transfer_point.event.replace("_", " ") if event is None else say(policy, event)


def _event(policy: Policy, decision: Decision) -> Timescale | None:
    """Return the part of a deciding rule that names the event; None where no rule has decided."""
    trees = [policy.rules[reason.rule].transfer_point for reason in decision.reasons if reason.rule in policy.rules]
    parts = [node for tree in trees if tree is not None for node in nodes(tree) if isinstance(node, TIMESCALES)]
    return next((node for node in parts if decision.transfer_point is not None and event_name(node) == decision.transfer_point.event), None)


# --- items and duties

OVERDUE: Final = "overdue, was "
"""What stands before a limit that is past."""

_WHYS: Final[dict[Why, str]] = {
    "not_recorded": "not recorded",
    "not_done": "not done",
    "stale": "stale",
    "out_of_order": "done out of order",
    "cannot_tell": "cannot tell whether it still counts",
    "excused": "excused",
}


def say_outstanding(decision: Decision, item: Outstanding) -> str:
    """Return how an item stands: `stale, done on Mon 2 Mar 2026, needed on or after Sun 15 Mar 2026, due by Wed 15 Apr 2026`."""
    if item.why == "excused":
        return f"excused by {item.excusable_by}"
    parts = [_WHYS[item.why] if item.item in decision.required else "cannot tell whether it is needed"]
    if item.done_on is not None:
        word = {"not_done": "planned for", "out_of_order": "on"}.get(item.why, "done on")
        parts.append(f"{word} {say_day(item.done_on)}")
    if item.needed_from is not None:
        parts.append(f"needed on or after {say_day(item.needed_from)}")
    if item.due is not None and item.due.on is not None:
        parts.append(f"{OVERDUE if item.due.overdue else ''}due {_limit(item.due)}")
    return ", ".join(parts)


def say_status(duty: Duty) -> str:
    """Return how a duty stands: `due by Thu 2 Apr 2026`, `now, good practice`."""
    limit = "" if duty.due is None or duty.due.on is None else _limit(duty.due)
    match duty.status:
        case "due" | "overdue":
            text = f"{OVERDUE if duty.status == 'overdue' else ''}due {limit}"
        case "awaiting":
            text = f"no firm date yet, {limit}" if limit else "no date yet"
        case status:
            text = status.replace("_", " ")
    return f"{text}{', good practice' if duty.advisory else ''}"


def say_whom(duty: Duty) -> str:
    """Return `giving manager to receiving manager`."""
    return " to ".join(one for one in (duty.who, duty.to) if one)

"""The answers to further questions about a decision as plain JSON data, each with its sentences under `said`."""

from __future__ import annotations

from typing import Any

from .contrast import WhyNot, why_not
from .decision import Candidate, Decision
from .outlook import Change, changes_ahead
from .policy import Policy
from .rivals import OtherReading, other_readings
from .snapshots import decision_to_dict, plain_value
from .support import Ground, why
from .telling import say_changes, say_readings, say_why, say_why_not
from .vocabulary import CaseSnapshot


def report_why(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> dict[str, Any]:
    """Return `why` (null while the answer is open) and `why_not`."""
    found, others = why(policy, snapshot, decision), why_not(policy, snapshot, decision)
    said = say_why(policy, decision, found)
    data = None if found is None else {"grounds": [_ground(one) for one in found.grounds], "decisions": list(found.decisions), "said": said}
    return {"why": data, "why_not": [{**_other(one), "said": line} for one, line in zip(others, say_why_not(policy, others), strict=False)]}


def report_readings(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> dict[str, Any]:
    """Return `other_readings`."""
    found = other_readings(policy, snapshot, decision)
    return {"other_readings": [{**_reading(one), "said": line} for one, line in zip(found, say_readings(policy, decision, found), strict=True)]}


def report_ahead(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> dict[str, Any]:
    """Return `changes_ahead`: for each day the whole decision from then on, null where the record contradicts itself."""
    return {"changes_ahead": [{**_change(one), "said": say_changes(policy, [one])[0]} for one in changes_ahead(policy, snapshot, decision)]}


def _ground(ground: Ground) -> dict[str, Any]:
    otherwise = None if ground.otherwise is None else _candidate(ground.otherwise)
    return {"fact": ground.fact, "value": plain_value(ground.value), "unstated": ground.unstated, "otherwise": otherwise}


def _candidate(one: Candidate) -> dict[str, Any]:
    return {"outcome": one.outcome, "team": one.team, "label": one.label, "deadline": plain_value(one.deadline), "rules": list(one.rules)}


def _other(one: WhyNot) -> dict[str, Any]:
    changes = [
        {"fact": change.fact, "now": plain_value(change.now), "to": plain_value(change.to), "unstated": change.unstated} for change in one.changes
    ]
    decision = None if one.decision is None else decision_to_dict(one.decision)
    return {"team": one.team, "label": one.label, "verdict": one.verdict, "changes": changes, "decision": decision}


def _reading(one: OtherReading) -> dict[str, Any]:
    about = one.interpretation
    texts = {"interpretation": about.id, "question": about.question, "reading": about.reading, "to_confirm": about.to_confirm}
    return {**texts, "clauses": list(about.clauses), "parts": list(one.parts), "decision": decision_to_dict(one.decision)}


def _change(one: Change) -> dict[str, Any]:
    return {"on": one.on.isoformat(), "parts": list(one.parts), "decision": None if one.after is None else decision_to_dict(one.after)}

"""Small packs and cases for tests: an invented authority, its teams and some local facts, to which a test adds what it is about."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

from transfer_rules.case import BoundCase, bind
from transfer_rules.conditions import Truth
from transfer_rules.dates import DayOrMoment, Due
from transfer_rules.decision import Decision, Duty, Outstanding
from transfer_rules.evaluation import evaluate
from transfer_rules.loading import parse_policy
from transfer_rules.policy import Policy
from transfer_rules.timescales import Timescale
from transfer_rules.vocabulary import CaseSnapshot

TODAY = date(2026, 4, 1)
"""A Wednesday; Good Friday is 3 April, Easter Monday 6 April."""

_PARTS = {
    "language": "language: 1",
    "authority": "authority: {name: Marlshire Council, gss: E99999999, dfe: '999'}",
    "source": "source: {title: Moving cases, edition: '3.1', read_on: 2026-01-05}",
    "in_force": "in_force: {from: 2020-01-01}",
    "teams": """
        teams:
          assessment: {label: Assessment Team, areas: {east: East}}
          permanence: {label: Permanence Team, areas: {north: North, south: South}}
          court: {label: Court Team}
          early_help: {label: Early Help, outside: true}""",
    "local_facts": """
        local_facts:
          a_on: {type: event, label: meeting A, ask: When is meeting A?}
          b_on: {type: event, label: meeting B, ask: When is meeting B?}
          c_on: {type: event, label: meeting C, ask: When is meeting C?}
          expected_on: {type: date, label: expected day, ask: When is it expected?}
          seen_at: {type: moment, label: first visit, ask: When was the child first seen?}
          flag: {type: yes_no, label: flag, ask: Is the flag up?}
          other_flag: {type: yes_no, label: other flag, ask: Is the other flag up?}
          opinion: {type: yes_no, judgement: true, label: opinion, ask: Does the manager think so?}
          visits: {type: count, unit: visits, label: number of visits, ask: How many visits?}
          colour: {type: choice, options: [red, dark_blue, green], label: colour, ask: Which colour?}
          needs: {type: choices, options: [speech, sight, moving_about], label: needs, ask: Which needs?}
          next_team: {type: team, label: next team, ask: Which team is next?}
          where: {type: area, label: place, ask: Where?}""",
    "otherwise": "otherwise: {label: 'no criterion is met, so the case stays', clauses: [MAR-1.2]}",
}  # fmt: skip

_LOCAL = tuple(re.findall(r"(\w+): \{type:", _PARTS["local_facts"]))


@cache
def policy_of(text: str, folder: Path | None = None) -> Policy:
    """Return the policy of a pack of which only the parts that matter are written; the rest is filled in."""
    text = dedent(text)
    parts = [text, *(dedent(part) for name, part in _PARTS.items() if not re.search(rf"^{name}:", text, re.MULTILINE))]
    if not re.search(r"^rules:", text, re.MULTILINE):
        parts.append("rules: [{id: never, from: other_authority, transfer_to: court}]")
    # `language` is the first line of every pack.
    first = [part for part in parts if part.startswith("language:")]
    rest = [part for part in parts if not part.startswith("language:")]
    return parse_policy("\n".join([*first, *rest]).encode(), "marlshire.yaml", folder)


def case(as_of: date | datetime | str = TODAY, *, current_team: str | None = "assessment", **given: Any) -> CaseSnapshot:
    """Return a case that the assessment team holds. Facts of the pack above find their own place; others stand under `local_facts`."""
    local = {**given.pop("local_facts", {}), **{name: given.pop(name) for name in _LOCAL if name in given}}
    return CaseSnapshot(as_of=as_of, current_team=current_team, local_facts=local, **given)  # type: ignore[arg-type]


def decide(text: str, snapshot: CaseSnapshot | None = None) -> Decision:
    """Return the decision of a small pack on a case."""
    return evaluate(policy_of(text), snapshot or case())


def truth(condition: str, as_of: date | datetime | str = TODAY, parts: str = "", **given: Any) -> Truth:
    """Return whether a condition, written as in a pack, is true of a case; None for unknown."""
    policy = policy_of(f"{dedent(parts)}\nrules: [{{id: r, from: any, when: {condition}, transfer_to: court}}]")
    return policy.rules["r"].when.truth(bind(policy, case(as_of, **given)))


def timescale(written: str, parts: str = "") -> tuple[Policy, Timescale]:
    """Return a timescale, written as in a pack, and the policy it belongs to."""
    policy = policy_of(f"{dedent(parts)}\nrules: [{{id: r, from: any, transfer_to: court, deadline: {written}}}]")
    node = policy.rules["r"].deadline
    assert node is not None
    return policy, node


def due(written: str, as_of: date | datetime | str = TODAY, parts: str = "", **given: Any) -> Due:
    """Return what is known of the date that a timescale gives for a case."""
    policy, node = timescale(written, parts)
    return node.due(bind(policy, case(as_of, **given)))


def day(written: str, as_of: date | datetime | str = TODAY, parts: str = "", **given: Any) -> DayOrMoment:
    """Return the date or moment that a timescale gives, where it gives one."""
    found = due(written, as_of, parts, **given)
    assert found.kind == "dated", found
    assert found.value is not None
    return found.value


def bound(as_of: date | datetime | str = TODAY, **given: Any) -> BoundCase:
    """Return a case as trees read it."""
    return bind(policy_of(""), case(as_of, **given))


def outstanding(decision: Decision) -> dict[str, str]:
    """Return why each outstanding item is so."""
    return {item.item: item.why for item in decision.outstanding}


def item(decision: Decision, name: str) -> Outstanding:
    """Return one outstanding item."""
    return next(one for one in decision.outstanding if one.item == name)


def duties(decision: Decision) -> dict[str, str]:
    """Return the status of each duty."""
    return {duty.duty: duty.status for duty in decision.duties}


def duty(decision: Decision, name: str) -> Duty:
    """Return one duty."""
    return next(one for one in decision.duties if one.duty == name)


def because(decision: Decision) -> list[str]:
    """Return the rules that decided."""
    return [reason.rule for reason in decision.reasons]


def warned(decision: Decision) -> list[str]:
    """Return the codes of the warnings."""
    return [warning.code for warning in decision.warnings]

"""Conditions, timescales and values in plain English: one entry for each node of the trees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from .conditions import Age, All, Amount, AnyOf, Arranged, Compare, Condition, Decided, FactRef, Happened, Includes, Is, Node, Not, OneOf, Use, Within
from .dates import DayOrMoment, shown
from .facts import HAPPENED, NOT_YET, FactValue
from .policy import Policy
from .timescales import (
    AsOf,
    AtOnce,
    Birthday,
    Conditional,
    Count,
    FactDay,
    FailingThat,
    LatestOf,
    Literally,
    MoveDay,
    NoDate,
    SoonestOf,
    Timescale,
    UseTimescale,
)

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COMPARISONS: Final = {"before": "before", "on_or_before": "on or before", "after": "after", "on_or_after": "on or after"}


def say_day(value: DayOrMoment, *, year: bool = True) -> str:
    """Return a date as `Wed 15 Apr 2026`; a moment with its London time, `Wed 15 Apr 2026, 09:30`. Never by locale."""
    local = shown(value)
    text = f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}" + (f" {local.year}" if year else "")
    return f"{text}, {local:%H:%M}" if isinstance(local, datetime) else text


def say_value(policy: Policy, fact: str, value: FactValue) -> str:
    """Return the value of a fact in words: a team by its label, a date written out."""
    kind = policy.facts[fact].kind
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return say_day(value)
        case str() if value == NOT_YET and kind != "choice":
            return "not yet"
        case str() if value == HAPPENED and kind == "event":
            return "happened, day not recorded"
        case str() if kind == "team":
            return policy.team_label(value)
        case str() if kind == "area":
            return policy.areas.get(value, value)
        case frozenset() | tuple():
            return ", ".join(sorted(value)) or "none of them"
        case _:
            return str(value).replace("_", " ")


def say_fact(policy: Policy, fact: str, value: FactValue) -> str:
    """Return `current team is Assessment Team`."""
    label = policy.facts[fact].label
    dated = policy.facts[fact].kind in ("date", "event", "moment")
    return f"{label}: {say_value(policy, fact, value)}" if dated else f"{label} is {say_value(policy, fact, value)}"


def say_count(amount: int, unit: str) -> str:
    """Return `8 working days`, `1 month`."""
    words = unit.replace("_", " ")
    return f"{amount} {words.removesuffix('s') if amount == 1 else words}"


def say(policy: Policy, node: Node) -> str:
    """Return a condition or a timescale in English."""
    return WORDS[type(node)](policy, node)


def _joined(policy: Policy, parts: tuple[Node, ...], word: str) -> str:
    said = [f"({say(policy, part)})" if isinstance(part, All | AnyOf) and len(part.parts) > 1 else say(policy, part) for part in parts]
    return f" {word} ".join(said)


def _label(policy: Policy, fact: str) -> str:
    return policy.facts[fact].label


def _right(policy: Policy, fact: str, value: Any) -> str:
    return f"the same as {_label(policy, value.fact)}" if isinstance(value, FactRef) else say_value(policy, fact, value)


def _of(policy: Policy, node: Timescale) -> str:
    return say(policy, node)


def _conditional(policy: Policy, node: Conditional) -> str:
    text = f"{_of(policy, node.timescale)} if {say(policy, node.when)}"
    return text if node.otherwise is None else f"{text}, otherwise {_of(policy, node.otherwise)}"


WORDS: Final[dict[type, Callable[[Policy, Any], str]]] = {
    All: lambda p, n: _joined(p, n.parts, "and") or "always",
    AnyOf: lambda p, n: _joined(p, n.parts, "or") or "never",
    Not: lambda p, n: f"not ({say(p, n.part)})",
    Use: lambda p, n: p.pack.definitions[n.name].label or n.name.replace("_", " "),
    Is: lambda p, n: f"{_label(p, n.fact)} is {'not ' if n.negated else ''}{_right(p, n.fact, n.value)}",
    OneOf: lambda p, n: f"{_label(p, n.fact)} is one of {', '.join(sorted(say_value(p, n.fact, v) for v in n.values))}",
    Includes: lambda p, n: f"{_label(p, n.fact)} includes {n.value.replace('_', ' ')}",
    Amount: lambda p, n: f"{_label(p, n.fact)} is {n.limit} or {'fewer' if n.at_most else 'more'}",
    Compare: lambda p, n: f"{_of(p, n.left)} is {_COMPARISONS[n.operator]} {_of(p, n.right)}",
    Happened: lambda p, n: f"{_label(p, n.fact)} has {'' if n.expected else 'not '}happened",
    Arranged: lambda p, n: f"{_label(p, n.fact)} {'has a date or has happened' if n.expected else 'has no date and has not happened'}",
    Age: lambda p, n: f"the child is {'under' if n.under else 'at least'} {n.age}{'' if isinstance(n.on, AsOf) else ' on ' + _of(p, n.on)}",
    Within: lambda p, n: f"{_of(p, n.left)} is within {say_count(n.limit.amount, n.limit.unit)} {'before' if n.back else 'of'} {_of(p, n.trigger)}",
    Decided: lambda p, n: f"{p.pack.decisions[n.decision].label} is decided as {n.answer.replace('_', ' ')}",
    FactDay: lambda p, n: _label(p, n.fact),
    AsOf: lambda p, n: "the day asked about",
    Literally: lambda p, n: say_day(n.value),
    MoveDay: lambda p, n: {"transfer_point": "the transfer point", "deadline": "the deadline", "handover": "the handover"}[n.which],
    Count: lambda p, n: f"{say_count(n.amount, n.unit)} {'before' if n.back else 'after'} {_of(p, n.trigger)}",
    Birthday: lambda p, n: f"the birthday at {n.age}",
    AtOnce: lambda p, n: "at once",
    NoDate: lambda p, n: f"no date ({n.why})",
    SoonestOf: lambda p, n: "whichever is soonest of " + "; ".join(_of(p, part) for part in n.parts),
    LatestOf: lambda p, n: "whichever is latest of " + "; ".join(_of(p, part) for part in n.parts),
    UseTimescale: lambda p, n: p.pack.definitions[n.name].label or _of(p, n.timescale),
    Conditional: _conditional,
    FailingThat: lambda p, n: f"{_of(p, n.first)}, failing that {_of(p, n.then)}",
}
"""The English of every node; a test holds that none is missing."""


def say_condition(policy: Policy, condition: Condition) -> str:
    """Return a condition in English."""
    return say(policy, condition)

"""Conditions, timescales and values in plain English: one entry for each node of the trees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Final, cast

from .conditions import Age, All, Amount, AnyOf, Arranged, Compare, Decided, FactRef, Happened, Includes, Is, Node, Not, OneOf, Use, Within
from .dates import DayOrMoment, shown
from .facts import DATED_KINDS, HAPPENED, NOT_YET, RESERVED_TEAMS, FactValue
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
_COMPARISONS: Final = {"before": "is before", "on_or_before": "is on or before", "after": "is later than", "on_or_after": "is on or after"}
_MOVES: Final = {"transfer_point": "the transfer point", "deadline": "the deadline", "handover": "the handover"}


def say_series(words: Iterable[str], last: str = "and") -> str:
    """Return `a`, `a and b`, `a, b and c`."""
    *some, end = words
    return f"{', '.join(some)} {last} {end}" if some else end


def say_day(value: DayOrMoment, *, year: bool = True) -> str:
    """Return a date as `Wed 15 Apr 2026`; a moment with its London time, `Wed 15 Apr 2026 at 09:30`. Never by locale."""
    local = shown(value)
    text = f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}" + (f" {local.year}" if year else "")
    return f"{text} at {local:%H:%M}" if isinstance(local, datetime) else text


def say_value(policy: Policy, fact: str, value: FactValue) -> str:
    """Return the value of a fact in words: a team by its label, a date written out, a count with its unit."""
    kind = policy.facts[fact].kind
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return say_count(value, policy.facts[fact].unit)
        case date():
            return say_day(value)
        case frozenset():
            return say_series(sorted(word.replace("_", " ") for word in value)) if value else "nothing"
        case str() if kind == "team":
            return policy.team_label(value)
        case str() if kind == "area":
            return policy.areas[value]
        case _:
            return str(value).replace("_", " ")


def say_fact(policy: Policy, fact: str, value: FactValue) -> str:
    """Return `current team is Assessment Team`, `first court hearing on Fri 15 May 2026`, `no first court hearing yet`."""
    label, kind = policy.facts[fact].label, policy.facts[fact].kind
    if kind in DATED_KINDS and value == NOT_YET:
        return f"no {label} yet"
    if kind == "event" and value == HAPPENED:
        return f"{label} has happened"
    link = {"event": "on", "moment": "on", "choices": "includes"}.get(kind, "is")
    return f"{label} {link} {say_value(policy, fact, value)}"


def say_count(amount: int, unit: str) -> str:
    """Return `8 working days`, `1 month`; the number alone where it has no unit."""
    words = unit.replace("_", " ")
    return f"{amount} {words.removesuffix('s') if amount == 1 else words}".rstrip()


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


def _conditional(policy: Policy, node: Conditional) -> str:
    text = f"{say(policy, node.timescale)} if {say(policy, node.when)}"
    return text if node.otherwise is None else f"{text}, otherwise {say(policy, node.otherwise)}"


def _decided(policy: Policy, node: Decided) -> str:
    answer = policy.team_label(node.answer) if node.answer in {*policy.pack.teams, *RESERVED_TEAMS} else node.answer.replace("_", " ")
    return f"people decided {answer} ({policy.pack.decisions[node.decision].label})"


def _within(policy: Policy, node: Within) -> str:
    limit = cast(Count, node.limit)
    span = f"{say_count(limit.amount, limit.unit)} {'before' if node.back else 'after'}"
    return f"{say(policy, node.left)} is within {span} {say(policy, node.trigger)}"


def _list(policy: Policy, parts: tuple[Timescale, ...], two: str, more: str) -> str:
    said = [say(policy, part) for part in parts]
    return f"whichever is {two if len(said) == 2 else more}: {say_series(said, 'or')}" if len(said) > 1 else said[0]


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


WORDS: Final[dict[type, Callable[[Policy, Any], str]]] = {
    All: lambda p, n: _joined(p, n.parts, "and") or "always",
    AnyOf: lambda p, n: _joined(p, n.parts, "or") or "never",
    Not: lambda p, n: f"not ({say(p, n.part)})",
    Use: lambda p, n: p.pack.definitions[n.name].label or n.name.replace("_", " "),
    Is: lambda p, n: f"{_label(p, n.fact)} is {'not ' if n.negated else ''}{_right(p, n.fact, n.value)}",
    OneOf: lambda p, n: f"{_label(p, n.fact)} is {say_series(sorted(say_value(p, n.fact, v) for v in n.values), 'or')}",
    Includes: lambda p, n: f"{_label(p, n.fact)} includes {n.value.replace('_', ' ')}",
    Amount: lambda p, n: f"{_label(p, n.fact)} is {say_value(p, n.fact, n.limit)} or {'fewer' if n.at_most else 'more'}",
    Compare: lambda p, n: f"{say(p, n.left)} {_COMPARISONS[n.operator]} {say(p, n.right)}",
    Happened: lambda p, n: f"{_label(p, n.fact)} has {'' if n.expected else 'not '}happened",
    Arranged: lambda p, n: f"{_label(p, n.fact)} {'has a date or has happened' if n.expected else 'has no date and has not happened'}",
    Age: lambda p, n: f"the child is {'under' if n.under else 'at least'} {n.age}{'' if isinstance(n.on, AsOf) else ' at ' + say(p, n.on)}",
    Within: _within,
    Decided: _decided,
    FactDay: lambda p, n: _label(p, n.fact),
    AsOf: lambda p, n: "the day asked about",
    Literally: lambda p, n: say_day(n.value),
    MoveDay: lambda p, n: _MOVES[n.which],
    Count: lambda p, n: f"{say_count(n.amount, n.unit)} {'before' if n.back else 'after'} {say(p, n.trigger)}",
    Birthday: lambda p, n: f"the {_ordinal(n.age)} birthday",
    AtOnce: lambda p, n: "at once",
    NoDate: lambda p, n: f"no date ({n.why})",
    SoonestOf: lambda p, n: _list(p, n.parts, "sooner", "soonest"),
    LatestOf: lambda p, n: _list(p, n.parts, "later", "latest"),
    UseTimescale: lambda p, n: p.pack.definitions[n.name].label or say(p, n.timescale),
    Conditional: _conditional,
    FailingThat: lambda p, n: f"{say(p, n.first)}, failing that {say(p, n.then)}",
}
"""The English of every node; a test holds that none is missing."""

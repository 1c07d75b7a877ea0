"""Values that make a condition true, or false, as far as that shows when looking at one part of it at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ..conditions import Age, All, Amount, AnyOf, Arranged, Compare, FactRef, Happened, Includes, Is, Node, Not, OneOf, Use, Within
from ..facts import NOT_YET, FactValue
from ..timescales import AsOf, FactDay
from .landmarks import BESIDE, Birth, is_mark

if TYPE_CHECKING:
    from .drawing import Choose, Drawing


def steered(drawing: Drawing, choose: Choose, condition: Node, today: date, wanted: bool) -> dict[str, FactValue]:
    """Return values for some facts by which a condition is likely to be true, or false where that is wanted.

    Where it says no more than that several parts hold (or one of them fails), all of them (or one that is chosen) are steered.
    """
    match condition:
        case Use(condition=inner):
            return steered(drawing, choose, inner, today, wanted)
        case Not(part=inner):
            return steered(drawing, choose, inner, today, not wanted)
        case All(parts=parts) | AnyOf(parts=parts):
            chosen = list(parts)
            if chosen and isinstance(condition, AnyOf) is wanted:
                chosen = [choose(chosen)]
            facts: dict[str, FactValue] = {}
            for part in chosen:
                facts |= steered(drawing, choose, part, today, wanted)
            return facts
        case Is(fact=name, value=FactRef()):
            return {}
        case Is(fact=name, value=value, negated=negated) if wanted is not negated and not isinstance(value, FactRef):
            return {name: value}
        case Is(fact=name, value=value):
            return _other(drawing, choose, name, frozenset({value}))
        case OneOf(fact=name, values=options):
            return {name: choose(sorted(options, key=str))} if wanted else _other(drawing, choose, name, options)
        case Includes(fact=name, value=value):
            return {name: frozenset({value}) if wanted else frozenset()}
        case Amount(fact=name, limit=limit, at_most=at_most):
            within = (0, -1, -2) if at_most else (0, 1, 2)
            return {name: max(0, limit + (choose(within) if wanted else 1 if at_most else -1))}
        case Happened(fact=name, expected=expected):
            if expected is wanted:
                return {name: today - timedelta(days=choose(range(40)))}
            return {name: choose((NOT_YET, today + timedelta(days=1), today + timedelta(days=20)))}
        case Arranged(fact=name, expected=expected):
            return {name: today + timedelta(days=choose(range(-20, 20))) if expected is wanted else NOT_YET}
        case Age(age=age, under=under, on=AsOf()):
            # On the birthday the age is reached.
            besides = (1, 40, 300) if under is wanted else (0, -1, -40, -300)
            return {"date_of_birth": Birth(age, choose(besides)).day(today, drawing.policy.calendar)}
        case Compare(left=left, operator=operator, right=right):
            return _ordered(choose, left, right, today, operator.endswith("before") is wanted)
        case Within(left=left, trigger=trigger):
            return _ordered(choose, trigger, left, today, wanted)
        case _:
            return {}


def _other(drawing: Drawing, choose: Choose, name: str, values: frozenset[object]) -> dict[str, FactValue]:
    """Return a value of a plain fact that is none of some; for a date, that it is there."""
    others = [one for one in dict.fromkeys(drawing.options(name, unknowns=False)) if one not in values and not is_mark(one)]
    if others:
        return {name: choose(others)}
    return {}


def _ordered(choose: Choose, first: Node, second: Node, today: date, in_order: bool) -> dict[str, FactValue]:
    """Draw days for the facts of two dates, the first before the second or after it."""
    early = today - timedelta(days=choose(range(30)))
    late = early + timedelta(days=choose((*BESIDE[::2], *range(30))))
    found: dict[str, FactValue] = {}
    for tree, value in ((first, early if in_order else late), (second, late if in_order else early)):
        if isinstance(tree, FactDay):
            found[tree.fact] = value
    return found


__all__ = ["steered"]

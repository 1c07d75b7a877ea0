"""Hypothesis strategies for tests of packs, and of the systems around them: snapshots, packs, calendars and dates.

Everything drawn is valid: names are the pack's own, and combinations that are impossible by definition are left out. Unknown facts are included. Half
of all snapshots are steered towards one of the rules. Draws shrink to the dullest case: nothing known, nothing recorded, the first rule.

    from hypothesis import given
    from transfer_rules import evaluate, load_policy
    from transfer_rules.testing.strategies import snapshots

    POLICY = load_policy("our_pack.yaml")

    @given(snapshots(POLICY))
    def test_our_system_copes_with_every_answer(snapshot):
        show(evaluate(POLICY, snapshot))
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import count
from typing import Any

from hypothesis import strategies as st

from ..calendars import ENGLAND, Calendar
from ..facts import FactValue
from ..other_calendars import SUBDIVISIONS, freeze
from ..policy import Policy
from ..vocabulary import CaseSnapshot
from .drawing import AIMS, Aim, Choose, drawing
from .drawn_packs import policies
from .landmarks import Landmark, is_mark


@lru_cache(maxsize=1024)
def _places(number: int) -> st.SearchStrategy[int]:
    return st.sampled_from(range(number))


def _choosing(draw: st.DrawFn) -> Choose:
    """Return the function that chooses one of several options by a draw; it shrinks to the first."""
    # Hypothesis makes several near-copies of each draw, by copying one part of it over another of the same label. With a label for each choice there
    # are none, so that two thousand snapshots are two thousand different starts.
    labels = count(1)

    def choose(options: Sequence[Any]) -> Any:
        return options[draw(_places(len(options)), label=next(labels))]

    return choose


@st.composite
def snapshots(draw: st.DrawFn, policy: Policy, *, unknowns: bool = True) -> CaseSnapshot:
    """Draw a snapshot that `evaluate` accepts for this policy, half of the time steered towards one of its rules, as `targeting` does.

    Args:
        policy: the policy whose facts, teams, decisions and items are drawn.
        unknowns: False draws a value for every fact the pack reads (an event is never just `happened`).
    """
    choose, policy_drawing = _choosing(draw), drawing(policy)
    rule = choose(policy_drawing.rules) if policy_drawing.rules and choose((False, True)) else None
    return policy_drawing.snapshot(choose, unknowns=unknowns, rule=rule)


@st.composite
def targeting(draw: st.DrawFn, policy: Policy, rule: str, *, aim: Aim | None = None, unknowns: bool = True) -> CaseSnapshot:
    """Draw a snapshot near what one rule is about.

    The first case in which the rule decides takes a search of some hundredths of a second, once; draws vary it. A rule that no case reaches is
    steered towards by the parts of its condition.

    Args:
        rule: the id of a rule in force.
        aim: `applies` (it decides, unless what else is drawn comes in its way), `just_not` (one of its parts fails, the others hold), `edge` (a
            day on one of its limits or beside it, or another arm of its dates); None is all three.
        unknowns: as for `snapshots`.
    Raises:
        ValueError: no rule in force has this id, or there is no such aim.
    """
    if rule not in policy.rules:
        raise ValueError("`rule` names no rule in force of this pack")
    if aim not in (None, *AIMS):
        raise ValueError("`aim` takes one of " + ", ".join(AIMS))
    return drawing(policy).snapshot(_choosing(draw), unknowns=unknowns, rule=rule, aim=aim)


@st.composite
def values(draw: st.DrawFn, policy: Policy, fact: str, day: date, *, unknowns: bool = True) -> FactValue:
    """Draw a value of a fact: None is unknown. Dates lie about `day`, births up to 25 years before it.

    `unknowns=False` draws what is known in full.
    """
    choose = _choosing(draw)
    option = choose(drawing(policy).options(fact, unknowns=unknowns))
    found: FactValue = option.day(day, policy.calendar) if is_mark(option) else option
    return found


@st.composite
def dates_near(draw: st.DrawFn, day: date, span: int = 400, *, calendar: Calendar = ENGLAND) -> date:
    """Draw a date at most `span` days from `day`.

    Often it is within a fortnight, or beside a bank holiday, a month end, a leap day or a change of the clock. It shrinks to `day` itself.
    """
    choose = _choosing(draw)
    kind = choose(("near", "near", "far", "landmark"))
    reach = min(14, span) if kind == "near" else span
    found = day + timedelta(days=draw(st.integers(-reach, reach)))
    if kind == "landmark":
        found = Landmark().day(found, calendar)
    return min(found, day + timedelta(days=span))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Draw a calendar: England's, another nation's, or England's with a few days more that are closed. It shrinks to England's."""
    calendar = draw(st.sampled_from([ENGLAND, ENGLAND, *map(freeze, sorted(SUBDIVISIONS))]))
    days = draw(st.lists(dates_near(date(2026, 6, 1), 900), max_size=6, unique=True))
    return calendar.with_closures([(day, "Closed") for day in days]) if days else calendar


__all__ = ["calendars", "dates_near", "policies", "snapshots", "targeting", "values"]

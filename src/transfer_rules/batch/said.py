"""What one rule says to rows that one team holds: `answers.Answer` in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from ..facts import NOBODY
from ..pack import Close, FromFact, PeopleDecide, Stay, TransferTo
from .arrays import AWAITING, DATED, FAILS, NO_DAY, NONE, OPEN, Array, Dues, Rails, all_of, everywhere, somewhere
from .columns import Reading
from .plan import CLOSE, PEOPLE, STAY, TRANSFER, Plan

_NO: Final = np.False_


class Way(NamedTuple):
    """What rows come to, as lists of items look at it: outcome, team and the set of rules that decide."""

    outcome: Array
    team: Array
    decides: Array


class Said:
    """What one rule says to some rows: `answers.Answer` in columns."""

    def __init__(self, plan: Plan, place: int, holder: str | None, reading: Reading, *, filled: bool = False):
        """Read what the rule in this `place` says to rows that one team holds; `filled` rows are ways of other rows."""
        self.place, self._plan, self._holder, self._reading, self._filled = place, plan, holder, reading, filled
        self._rule = plan.rules[place]
        self.who_open: Array = _NO
        self._due_open: Array = _NO
        self.outcome: Array = np.int8(STAY)
        self.team: Array = np.int16(-1)
        self.area: Array = np.int16(-1)
        self.role: Array = np.int8(-1)
        self.asked: Array = np.int8(-1)
        self.due = Dues(np.int8(NONE))
        self.held: Array = np.int8(0)
        self.held_day: Array = NO_DAY
        match self._rule.effect:
            case Stay(until=until):
                if until is not None:
                    self._until(reading.due(until))
            case Close():
                self.outcome = np.int8(CLOSE)
                self._dated(np.True_)
            case TransferTo() as target:
                self._to_team(target)
            case asks:
                self.outcome = np.int8(PEOPLE)
                self.asked = np.int8(-1 if asks.settled_by is None else plan.asked.index(asks.settled_by))

    def way(self, rows: Array) -> Way:
        """Return what some of the rows come to by this rule alone."""
        outcome, team = (one[rows] if one.ndim else one for one in (self.outcome, self.team))
        return Way(outcome, team, np.int16(self.place))

    @property
    def open(self) -> Array:
        """Where unknown facts leave open whom the rule names, or when."""
        return self.who_open | self._due_open

    def _until(self, until: Dues) -> None:
        day = np.where(until.kind == DATED, until.day, np.where(until.kind == AWAITING, until.not_before, NO_DAY))
        self.held = np.where(until.kind == NONE, np.int8(0), np.where(day == NO_DAY, np.int8(1), np.int8(2)))
        self.held_day = day

    def _dated(self, moves: Array) -> None:
        """Take the deadline of the rule where the case moves."""
        if self._rule.deadline is not None:
            due = self._reading.due(self._rule.deadline)
            self.due = due if moves is np.True_ else due.where(moves, Dues(np.int8(NONE)))
            self._due_open = moves & (due.kind == OPEN)

    def _to_team(self, to: TransferTo) -> None:
        plan, holder = self._plan, self._holder
        team, area = self._named(to.team, plan.teams), np.int16(-1) if to.area is None else self._named(to.area, plan.areas)
        self.who_open = team < 0
        if to.role is not None:
            already: Rails = FAILS
        else:
            same_team = (
                Rails(_NO, _NO) if holder is None else Rails(team == plan.teams.index(holder), (team != plan.teams.index(holder)) & (team >= 0))
            )
            already = same_team if to.area is None else all_of((same_team, self._same_area(area)))
        self.who_open = self.who_open | already.unknown
        stays, closes = already.true, team == plan.teams.index(NOBODY)
        moves = ~stays & ~closes
        self.outcome = np.where(stays, np.int8(STAY), np.where(closes, np.int8(CLOSE), np.int8(TRANSFER)))
        self.team, self.area = np.where(moves, team, np.int16(-1)), np.where(moves, area, np.int16(-1))
        if to.role is not None:
            self.role = np.where(moves, np.int8(plan.roles.index(to.role)), np.int8(-1))
        if not everywhere(stays):
            self._dated(np.True_ if not somewhere(stays) else ~stays)

    def _same_area(self, area: Array) -> Rails:
        now = self._named(FromFact("current_team_area"), self._plan.areas)
        known = (area >= 0) & (now >= 0)
        return Rails((area == now) & known, (area != now) & known)

    def _named(self, who: str | FromFact, legend: Sequence[str]) -> Array:
        """Return a team or an area as places in a legend; -1 where an unknown fact names it."""
        if not isinstance(who, FromFact):
            return np.int16(legend.index(who))
        column = self._reading.rows.column(who.fact)
        places = np.array([*(legend.index(name) if name in legend else -1 for name in column.names), -1], np.int16)
        return places[column.code]

    @property
    def columns(self) -> dict[str, Array]:
        """The answer by the names of the group's columns."""
        point = self.point
        return {
            "outcome": self.outcome,
            "team": self.team,
            "area": self.area,
            "role": self.role,
            "asked": self.asked,
            **dated(self.due),
            "held": self.held,
            "held_day": self.held_day,
            "point_kind": point.kind,
            "point_day": point.day,
        }

    @property
    def point(self) -> Dues:
        """The transfer point, where anything looks at it."""
        if not self._plan.moves_matter or self._rule.transfer_point is None or isinstance(self._rule.effect, (Stay, PeopleDecide)):
            return Dues(np.int8(NONE))
        if not self._filled and not self._plan.conditions_on_moves and everywhere(self.due.kind == DATED):
            # The handover is on the deadline then, unless another day is agreed.
            return Dues(np.int8(NONE))
        point = self._reading.due(self._rule.transfer_point)
        stays = self.outcome == STAY
        return point.where(~stays, Dues(np.int8(NONE))) if somewhere(stays) else point


def dated(due: Dues) -> dict[str, Array]:
    """Return a date by the names of the columns that hold it."""
    dated = due.kind == DATED
    day = due.day if dated.ndim == 0 and dated else np.where(dated, due.day, NO_DAY)
    return {"kind": due.kind, "day": day, "not_before": due.not_before, "no_later": due.no_later, "unproclaimed": due.unproclaimed}


NOTHING: Final[Mapping[str, Array]] = {
    "outcome": np.int8(STAY),
    "team": np.int16(-1),
    "area": np.int16(-1),
    "role": np.int8(-1),
    "asked": np.int8(-1),
    **dated(Dues(np.int8(NONE))),
    "held": np.int8(0),
    "held_day": NO_DAY,
    "point_kind": np.int8(NONE),
    "point_day": NO_DAY,
}
"""What each column of a group says where nothing is said."""

"""The decisions of a caseload as columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import numpy as np

from ..checklists import OUTCOMES
from ..dates import london_date
from ..decision import Decision
from ..evaluation import evaluate
from ..vocabulary import CaseSnapshot
from .arrays import NO_DAY, Array, day_number, day_of
from .plan import NO_STATE, STATES, Plan, words_of
from .tables import Table

_NAT: Final = np.iinfo(np.int64).min
REFUSED: Final = 255
"""The outcome of a row that is no snapshot of the policy; its `decision` raises what is wrong."""


class Answers:
    """The columns of a batch, as they are written."""

    def __init__(self, plan: Plan, size: int):
        self.plan, self.size = plan, size
        self.outcome = np.full(size, REFUSED, np.uint8)
        # Where all is known every row is decided, and nothing is written.
        self._provisional: Array | None = None
        self.team = np.full(size, -1, _least(len(plan.teams)))
        # A pack without areas has one value for every row.
        self.area = np.full(size, -1, _least(len(plan.areas))) if plan.areas else np.broadcast_to(np.int8(-1), size)
        self.deadline_state = np.full(size, NO_STATE, np.uint8)
        self.deadline_day = np.full(size, NO_DAY)
        self.required, self.outstanding = plan.no_items(size), plan.no_items(size)
        self.rule = np.full(size, -1, _least(len(plan.legend)))
        self.not_before_days: list[tuple[Array, Array]] = []
        """Rows with a day before which nothing may be, and those days; few rows have one."""
        self.moments: dict[int, tuple[datetime | None, datetime | None]] = {}

    @property
    def decided(self) -> Array:
        """Whether the answer is certain; where it is not, it is provisional. A row that is refused is not decided."""
        found: Array = self.outcome != REFUSED
        return found if self._provisional is None else found & ~self._provisional

    def put_certainty(self, rows: Any, decided: Any) -> None:
        """Write whether rows are decided; rows of which nothing is written are."""
        if self._provisional is None:
            self._provisional = np.zeros(self.size, np.bool_)
        self._provisional[rows] = np.logical_not(decided)

    def put_not_before(self, rows: Array, days: Array) -> None:
        """Write the days before which nothing may be, where there are any."""
        there = days != NO_DAY
        if there.any():
            self.not_before_days.append((rows[there].astype(np.int32), days[there]))

    def put_decision(self, row: int, decision: Decision) -> None:
        """Write what a decision of `evaluate` says of one row."""
        plan = self.plan
        self.outcome[row] = OUTCOMES.index(decision.outcome)
        if decision.certainty != "decided":
            self.put_certainty(row, False)
        team, deadline = decision.receiving_team, decision.deadline
        if team is not None:
            self.team[row] = plan.teams.index(team.team)
            if team.area is not None:
                self.area[row] = plan.areas.index(team.area)
        if deadline is not None:
            self.deadline_state[row] = STATES.index(deadline.state)
            on, not_before = (NO_DAY if day is None else np.int32(day_number(london_date(day))) for day in (deadline.on, deadline.not_before))
            self.deadline_day[row] = on
            self.put_not_before(np.array([row]), np.array([not_before]))
            exact = tuple(day if isinstance(day, datetime) else None for day in (deadline.on, deadline.not_before))
            if any(exact):
                self.moments[row] = (exact[0], exact[1])
        places = {item.id: place for place, item in enumerate(plan.items)}
        for bits, listed in ((self.required, decision.required), (self.outstanding, [one.item for one in decision.outstanding])):
            number = sum(1 << places[item] for item in listed)
            for place, word in enumerate(words_of(bits)):
                word[row] = number >> 64 * place & (2**64 - 1)
        sure = [reason.rule for reason in decision.reasons if not reason.sometimes]
        self.rule[row] = plan.legend.index(sure[0]) if sure else -1


class Batch(Answers):
    """The decisions of a caseload, row by row those of `evaluate`, as columns of numpy.

    Attributes:
        size: the number of rows.
        outcome: places in `OUTCOMES`; REFUSED where the row is no snapshot of the policy.
        team: the receiving team, a place in `teams`; -1 where no team receives the case.
        area: the area of the receiving team, a place in `areas`; -1 where none is named, or it is open.
        deadline_state: places in `STATES`; 255 where the answer has no deadline.
        required, outstanding: the items as bits, bit i being `items[i]`: unsigned integers, or rows of 64-bit integers where there are more than 64.
        moments: deadlines, and days before which nothing may be, that are moments, by row; their columns hold the date in London.
        rule: the first rule, by id, that decides however unknown facts are filled in: a place in `rules`; -1 where none does.
        teams, areas, items, rules: the legends. `rules` ends with `leave_to_people` and `otherwise`.
    """

    def __init__(self, plan: Plan, table: Table):
        super().__init__(plan, table.size)
        self._table = table
        self.teams, self.areas, self.items, self.rules = plan.teams, plan.areas, tuple(item.id for item in plan.items), plan.legend

    @property
    def deadline(self) -> Array:
        """The deadline: a `datetime64[D]` for each row, NaT where there is no date."""
        return _dates(self.deadline_day)

    @property
    def not_before(self) -> Array:
        """The earliest date, where the procedure sets one: a `datetime64[D]` for each row, NaT where it sets none."""
        days = np.full(self.size, NO_DAY)
        for rows, found in self.not_before_days:
            days[rows] = found
        return _dates(days)

    @property
    def refused(self) -> Array:
        """The rows that are no snapshots of the policy."""
        return np.flatnonzero(self.outcome == REFUSED)

    def snapshot(self, row: int) -> CaseSnapshot:
        """Return one row as a snapshot.

        Raises:
            SnapshotError: a value of the row is none that its fact can have.
        """
        return self._table.snapshot(row)

    def decision(self, row: int) -> Decision:
        """Return the full decision of one row.

        Raises:
            SnapshotError: the row is one of those refused.
        """
        return evaluate(self.plan.policy, self.snapshot(row))

    def row(self, row: int) -> dict[str, Any]:
        """Return what the columns say of one row, in words: to read, and to hold against a decision."""
        at_deadline, at_not_before = self.moments.get(row, (None, None))
        state, outcome = int(self.deadline_state[row]), int(self.outcome[row])
        return {
            "outcome": None if outcome == REFUSED else OUTCOMES[outcome],
            "certainty": None if outcome == REFUSED else "provisional" if self._provisional is not None and self._provisional[row] else "decided",
            "team": _named(self.teams, self.team[row]),
            "area": _named(self.areas, self.area[row]),
            "deadline": at_deadline or _day(self.deadline_day[row]),
            "deadline_state": None if state == NO_STATE else STATES[state],
            "not_before": at_not_before or next((_day(days[rows == row][0]) for rows, days in self.not_before_days if (rows == row).any()), None),
            "required": self._names(self.required, row),
            "outstanding": self._names(self.outstanding, row),
            "rule": _named(self.rules, self.rule[row]),
        }

    def _names(self, bits: Array, row: int) -> tuple[str, ...]:
        words = np.atleast_1d(bits[row]).tolist()
        return tuple(item for place, item in enumerate(self.items) if words[place // 64] >> place % 64 & 1)

    def columns(self) -> dict[str, tuple[Array, tuple[str, ...] | None]]:
        """Return every column by name, with the words that its codes stand for (-1 for none), or None for dates and numbers."""
        refused = self.outcome == REFUSED
        found: dict[str, tuple[Array, tuple[str, ...] | None]] = {
            "outcome": (np.where(refused, np.int8(-1), self.outcome.view(np.int8)), OUTCOMES),
            "certainty": (np.where(refused, np.int8(-1), self.decided.view(np.int8)), ("provisional", "decided")),
            "team": (self.team, self.teams),
            "area": (self.area, self.areas),
            "deadline": (self.deadline, None),
            # 255 for no deadline is -1 among signed numbers.
            "deadline_state": (self.deadline_state.view(np.int8), STATES),
            "not_before": (self.not_before, None),
            "rule": (self.rule, self.rules),
        }
        for name in ("required", "outstanding"):
            words = words_of(getattr(self, name))
            found |= {name if len(words) == 1 else f"{name}_{number}": (word, None) for number, word in enumerate(words)}
        return found

    def to_arrow(self) -> Any:
        """Return the columns as a `pyarrow.Table`: words as dictionaries, dates as date32, what is not there as null.

        Raises:
            ImportError: pyarrow is not installed.
        """
        import pyarrow

        def column(codes: Array, names: tuple[str, ...] | None) -> Any:
            if names is None:
                return pyarrow.array(codes, mask=None if codes.dtype.kind == "M" else self.outcome == REFUSED)
            indices = pyarrow.array(codes.astype(np.int32), mask=codes < 0)
            return pyarrow.DictionaryArray.from_arrays(indices, pyarrow.array(names, pyarrow.string()))

        return pyarrow.table({name: column(*found) for name, found in self.columns().items()})

    def to_polars(self) -> Any:
        """Return the columns as a `polars.DataFrame`: words as Enum, dates as Date, what is not there as null.

        Raises:
            ImportError: polars is not installed.
        """
        import polars

        def column(codes: Array, names: tuple[str, ...] | None) -> Any:
            if names is None:
                numbers = polars.Series(codes.copy())
                return numbers if codes.dtype.kind == "M" else numbers.set(polars.Series(self.outcome == REFUSED), None)
            words = polars.Series([*names, None], dtype=polars.Enum(names))
            return words.gather(polars.Series(np.where(codes < 0, len(names), codes).astype(np.uint32)))

        return polars.DataFrame({name: column(*found) for name, found in self.columns().items()})


def _least(most: int) -> Any:
    return np.int8 if most < 2**7 else np.int16


def _dates(days: Array) -> Array:
    # Taking the difference away is faster than writing where there is none.
    found = days.astype(np.int64)
    found -= (days == NO_DAY) * (np.int64(NO_DAY) - _NAT)
    return found.view("datetime64[D]")


def _day(number: Any) -> date | None:
    return None if number == NO_DAY else day_of(int(number))


def _named(names: Sequence[str], code: Any) -> str | None:
    return None if code < 0 else names[code]

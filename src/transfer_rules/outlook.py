"""What comes next: the days on which an answer changes if planned dates are kept and nothing else happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from .case import bind
from .comparison import differing
from .dates import LONDON, add_months
from .decision import Decision
from .errors import SnapshotError
from .evaluation import evaluate_to_compare, with_unstated
from .policy import Policy
from .regions import days_ahead
from .vocabulary import CaseSnapshot

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which the answer changes.

    Attributes:
        on: the day.
        before: the answer until then.
        after: the answer from then on; None where the record contradicts itself from that day on (a second review whose day has come, while the first
            is still recorded as not yet held).
        parts: the fields of the decision that differ.
    """

    on: date
    before: Decision
    after: Decision | None
    parts: tuple[str, ...]


def changes_ahead(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> tuple[Change, ...]:
    """Return the days within the next year on which the answer changes if planned dates are kept and nothing else happens, in order.

    Birthdays, limits passing, freshness running out, an edition ending: what deciding on each day shows, from the day asked about to the same day a
    year later, or to the end of the calendar if that comes first, both included. Where `as_of` is a moment, each day is looked at as it ends, its
    own day among them. Which facts nobody stated, and from which day stale work would be recent enough, are no part of the answer
    (`comparison.differing`).

    Raises:
        SnapshotError: as for `evaluate`.
    """
    return tuple(_Outlook(policy, snapshot, decision).changes())


def changes_told_quickly(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> tuple[Change, ...] | None:
    """Return the same, or None where an unknown date makes it needful to decide on every day.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    outlook = _Outlook(policy, snapshot, decision)
    return None if outlook.day_by_day else tuple(outlook.changes())


class _Outlook:
    """The coming year of one case. Only the days on which something can turn are decided, and their eves."""

    def __init__(self, policy: Policy, snapshot: CaseSnapshot, decision: Decision):
        case = bind(policy, snapshot)
        self.policy = policy
        self.snapshot = snapshot
        self.today = case.today
        self.last = min(add_months(self.today, 12), policy.calendar.last)
        self.timed = isinstance(snapshot.as_of, datetime)
        self.begin = self.today - _ONE_DAY if self.timed else self.today
        """The day before the first that counts."""
        self._decided: dict[date, Decision | None] = {self.begin: decision}
        known = days_ahead(policy, replace(case, as_of=case.today), self.last) if self.today < self.last else ()
        self.day_by_day = known is None
        days = [self.today + step * _ONE_DAY for step in range((self.last - self.today).days + 1)] if known is None else known
        # A case that lies past the calendar has nothing ahead.
        within = {self.begin, *days, *((self.today,) if self.timed else ()), self.last + _ONE_DAY}
        self.turns = sorted(within) if self.begin < self.last else []

    def changes(self) -> Iterator[Change]:
        for first, after in pairwise(self.turns):
            if first > self.begin:
                yield from self._change(first - _ONE_DAY, first)
            yield from self._between(first, after - _ONE_DAY)

    def _between(self, first: date, last: date) -> Iterator[Change]:
        """Yield the changes after the first of some days between which a date that is shown can only move one way."""
        if last - first == _ONE_DAY:
            yield from self._change(first, last)
        elif last > first and self._differ(first, last):
            middle = first + (last - first) // 2
            yield from self._between(first, middle)
            yield from self._between(middle, last)

    def _change(self, eve: date, day: date) -> Iterator[Change]:
        before, after = self._on(eve), self._on(day)
        if before is not None and (after is None or differing(before, after)):
            parts = () if after is None else differing(before, after)
            yield Change(day, self._whole(eve, before), None if after is None else self._whole(day, after), parts)

    def _differ(self, first: date, last: date) -> bool:
        one, other = self._on(first), self._on(last)
        return one is not None and (other is None or bool(differing(one, other)))

    def _whole(self, day: date, decision: Decision) -> Decision:
        """Return a decision as it is told; those that are compared alone leave out what takes long and is no part of the answer."""
        return decision if day == self.begin else with_unstated(self.policy, on_day(self.snapshot, day), decision)

    def _on(self, day: date) -> Decision | None:
        if day not in self._decided:
            try:
                self._decided[day] = evaluate_to_compare(self.policy, on_day(self.snapshot, day))
            except SnapshotError:
                self._decided[day] = None
        return self._decided[day]


def on_day(snapshot: CaseSnapshot, day: date) -> CaseSnapshot:
    """Return the snapshot on another day: where it speaks of a moment, as that day ends in London."""
    ends = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LONDON)
    return replace(snapshot, as_of=ends if isinstance(snapshot.as_of, datetime) else day)

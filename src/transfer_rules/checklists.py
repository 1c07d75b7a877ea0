"""Items and duties: what is required, what counts as done, how fresh it must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from .conditions import ALWAYS, Case, Condition, Truth, all_of, any_of, is_after
from .dates import Due, london_date
from .errors import Location
from .timescales import AsOf, Count, NoDate, Timescale, Unit
from .vocabulary import Progress

Outcome: TypeAlias = Literal["transfer", "stay", "close", "people_decide", "undetermined", "conflict"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("transfer", "stay", "close", "people_decide", "undetermined", "conflict")

DutyKind: TypeAlias = Literal["notice", "meeting", "co_working", "escalation", "follow_up", "task"]
DUTY_KINDS: Final[tuple[DutyKind, ...]] = ("notice", "meeting", "co_working", "escalation", "follow_up", "task")

Why: TypeAlias = Literal["not_recorded", "not_done", "stale", "out_of_order", "cannot_tell", "excused"]
Status: TypeAlias = Literal["done", "not_needed", "overdue", "due", "now", "awaiting"]

NO_DUE: Final = NoDate("the procedure gives no date")


@dataclass(frozen=True, slots=True)
class Teams:
    """The teams that `from` or `to` names. `ids` None is any team at all; `but` are the exceptions to any."""

    ids: frozenset[str] | None = None
    but: frozenset[str] = frozenset()

    def hold(self, team: str | None) -> Truth:
        """Say whether `team` is among them; None (unknown) stays unknown, unless any team will do."""
        if self.ids is None and not self.but:
            return True
        if team is None:
            return None
        return team not in self.but if self.ids is None else team in self.ids


ANY_TEAM: Final = Teams()


@dataclass(frozen=True, slots=True)
class Move:
    """One answer that checklists and duties can attach to.

    `from_team` is None when the holder is unknown; `to_team` is None when nothing moves, or (`to_open`) when an unknown fact names the team; `rules`
    are the rules that decided.
    """

    outcome: Outcome
    from_team: str | None
    to_team: str | None
    rules: tuple[str, ...]
    to_open: bool = False


@dataclass(frozen=True, slots=True)
class Applies:
    """The moves to which a checklist or a duty belongs. A field that was left out (None, any team, always) holds for everything."""

    from_teams: Teams = ANY_TEAM
    to_teams: Teams = ANY_TEAM
    outcomes: frozenset[Outcome] | None = None
    rules: frozenset[str] | None = None
    when: Condition = ALWAYS

    def truth(self, move: Move, case: Case) -> Truth:
        """Say whether the move is one of them; unknown while the holder or a fact of `when` is unknown."""
        if self.outcomes is not None and move.outcome not in self.outcomes:
            return False
        if self.rules is not None and self.rules.isdisjoint(move.rules):
            return False
        receives = self.to_teams.hold(move.to_team) if move.to_team is not None or move.to_open else self.to_teams == ANY_TEAM
        meant = all_of((receives, self.from_teams.hold(move.from_team)))
        return False if meant is False else all_of((meant, self.when.truth(case)))


def applies_to(alternatives: tuple[Applies, ...], move: Move, case: Case) -> Truth:
    """Say whether one of several `applies` holds; no alternative at all means free-standing, so always."""
    return any_of(one.truth(move, case) for one in alternatives) if alternatives else True


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time without a start: `{months: 1}`."""

    amount: int
    unit: Unit

    def reach(self, start: date, case: Case) -> date:
        """Return the last day of the span that begins on `start`, counted forward."""
        return london_date(Count(self.amount, self.unit, AsOf()).count(start, case))

    def first_reaching(self, last: date, case: Case) -> date:
        """Return the first day from which the span reaches `last`. Months are clipped, so this is found forward, from the day a count back gives."""
        day = london_date(Count(self.amount, self.unit, AsOf(), back=True).count(last, case))
        while self.reach(day, case) < last:
            day += timedelta(days=1)
        return day


# Of several reasons why done work does not count, the gravest is reported.
_GRAVITY: Final[tuple[Why, ...]] = ("out_of_order", "stale", "cannot_tell")


def _gravest(faults: Iterable[Why | None]) -> Why | None:
    return min((fault for fault in faults if fault is not None), key=_GRAVITY.index, default=None)


@dataclass(frozen=True, slots=True)
class Valid:
    """When work must have been done to count: on or after one date, before another; either may be left out."""

    on_or_after: Timescale | None = None
    before: Timescale | None = None

    def fault(self, done_on: date | None, case: Case) -> Why | None:
        """Return why work done on this day does not count, or None if it does. An unrecorded day cannot tell."""
        faults: list[Why | None] = []
        if self.on_or_after is not None:
            bound = self.on_or_after.due(case)
            faults.append("out_of_order" if bound.kind == "awaiting" else _compare(done_on, bound, late=False))
        if self.before is not None:
            faults.append(_compare(done_on, self.before.due(case), late=True))
        return _gravest(faults)


def _compare(done_on: date | None, bound: Due, *, late: bool) -> Why | None:
    # A bound without a date bounds nothing; before an event that is not there yet lies whatever is done.
    if bound.kind not in ("dated", "open"):
        return None
    if done_on is None or bound.value is None:
        return "cannot_tell"
    if late:
        return None if is_after(bound.value, done_on) else "out_of_order"
    return "stale" if is_after(bound.value, done_on) else None


@dataclass(frozen=True, slots=True)
class Excuse:
    """The recorded decision by which an item stops being outstanding: who takes it, and by which clauses."""

    by: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that must be done before a case moves."""

    id: str
    label: str
    clauses: tuple[str, ...] = ()
    by: str = ""
    when: Condition = ALWAYS
    due: Timescale = NO_DUE
    fresh_for: Span | None = None
    valid: Valid | None = None
    needs: tuple[str, ...] = ()
    done_when: Condition | None = None
    satisfied_by: tuple[str, ...] = ()
    excusable: Excuse | None = None
    off: bool = False
    place: Location | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items that belong to some moves."""

    id: str
    label: str
    applies: tuple[Applies, ...]
    items: tuple[str, ...]
    clauses: tuple[str, ...] = ()
    place: Location | None = None


@dataclass(frozen=True, slots=True)
class DutySpec:
    """What else the procedure attaches to a case: a notice, a meeting, co-working, an escalation, a follow-up, a task."""

    id: str
    kind: DutyKind
    label: str
    clauses: tuple[str, ...] = ()
    who: str = ""
    to: str = ""
    applies: tuple[Applies, ...] = ()
    when: Condition = ALWAYS
    due: Timescale = NO_DUE
    done_when: Condition | None = None
    advisory: bool = False
    overrides: tuple[str, ...] = ()
    off: bool = False
    place: Location | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one item or duty stands. `why` None is satisfied. `clash` says that a fact and the record of progress disagree."""

    why: Why | None
    done_on: date | None = None
    clash: bool = False
    needed: bool = True


class Record:
    """The progress of one case against the items and duties of its pack."""

    def __init__(self, progress: Mapping[str, Progress], work: Mapping[str, Item | DutySpec], case: Case):
        self._progress = progress
        self._work = work
        self._case = case

    def standing(self, work_id: str) -> Standing:
        """Return how an item or duty stands; what else satisfies it, freshness, order and excuses are taken into account."""
        work = self._work[work_id]
        own = self._own(work)
        if own.why is None or not isinstance(work, Item):
            return own
        others = [self.standing(other) for other in work.satisfied_by if not self._work[other].off]
        done = [other.done_on for other in others if other.why is None and other.needed]
        if done:
            return Standing(None, min((day for day in done if day is not None), default=None), own.clash)
        if work.excusable is not None and (progress := self._progress.get(work_id)) is not None and progress.excused:
            return Standing("excused", own.done_on, own.clash)
        return own

    def _own(self, work: Item | DutySpec) -> Standing:
        progress = self._progress.get(work.id, Progress())
        state, done_on = progress.state, progress.done_on
        planned_on = None
        if done_on is not None and done_on > self._case.today:
            state, planned_on, done_on = "not_done", done_on, None
        known = None if work.done_when is None else work.done_when.truth(self._case)
        clash = state is not None and known is not None and state != ("done" if known else "not_done")
        if known or (known is None and state == "done"):
            return Standing(self._fault(work, done_on), done_on, clash)
        if state == "not_needed":
            # That it is not needed and that it has not been done are both so: no clash.
            return Standing(None, needed=False)
        if known is False or state == "not_done":
            return Standing("not_done", planned_on, clash)
        return Standing("not_recorded")

    def _fault(self, work: Item | DutySpec, done_on: date | None) -> Why | None:
        """Return why done work does not count: out of order, outside its valid days, or no longer fresh."""
        if not isinstance(work, Item):
            return None
        faults = [self._order(work, done_on), self._freshness(work, done_on)]
        if work.valid is not None:
            faults.append(work.valid.fault(done_on, self._case))
        return _gravest(faults)

    def _order(self, work: Item, done_on: date | None) -> Why | None:
        for needed in work.needs:
            before = self._work[needed]
            if before.off or before.when.truth(self._case) is False:
                continue
            first = self.standing(needed)
            if first.why not in (None, "excused"):
                return "out_of_order"
            # A day still to come is only planned: who excuses the work does not wait for it.
            if first.done_on is not None and done_on is not None and done_on < first.done_on <= self._case.today:
                return "out_of_order"
        return None

    def _freshness(self, work: Item, done_on: date | None) -> Why | None:
        if work.fresh_for is None:
            return None
        if done_on is None:
            return "cannot_tell"
        reach = work.fresh_for.reach(done_on, self._case)
        if reach < self._case.today:
            return "stale"
        handover = self._case.moves.get("handover")
        if handover is None or handover.value is None:
            return "cannot_tell"
        return "stale" if reach < london_date(handover.value) else None

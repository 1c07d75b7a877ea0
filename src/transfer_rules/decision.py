"""`Decision` and its parts: all that `evaluate` hands back. Plain, frozen and complete; nothing in it is filled in later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from .checklists import DutyKind, Outcome, Status, Why
from .dates import DayOrMoment
from .facts import FactValue

Certainty: TypeAlias = Literal["decided", "provisional"]
DeadlineState: TypeAlias = Literal["firm", "no_later_than", "awaiting", "at_once", "not_stated", "unproclaimed", "past_horizon"]
PointState: TypeAlias = Literal["happened", "planned", "awaited", "unknown"]


@dataclass(frozen=True, slots=True)
class ReceivingTeam:
    """The team that takes the case. `area` (district, locality, duty slot) may stay open; `role` is set for a move within one team."""

    team: str
    label: str
    area: str | None = None
    area_label: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last moment by which responsibility should have moved.

    Attributes:
        state: `firm`; `no_later_than` (an earlier date may still come); `awaiting` (no trigger yet, or none known); `at_once`; `not_stated`;
            `unproclaimed` (counted past the proclaimed bank holidays); `past_horizon` (past the calendar, so no date).
        on: the date, or an aware moment in London time for clocks in hours; None where there is none.
        not_before: the earliest date, where the procedure sets one.
        no_earlier_than: while facts that it counts from are unknown, a date before which no way of filling them in puts it; None is no bound. Beside
            it `on`, with `no_later_than`, is the date after which none does.
        overdue: `as_of` lies after the deadline; on its last day it is not overdue.
        note: in words, why there is no date.
    """

    state: DeadlineState
    on: date | datetime | None = None
    not_before: date | datetime | None = None
    overdue: bool = False
    note: str = ""
    no_earlier_than: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class TransferPoint:
    """The event at which responsibility passes: what it is, its date, and whether it has happened, is planned, is awaited, or is not known."""

    event: str
    on: date | datetime | None
    state: PointState


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer still in play when the outcome is undetermined, in conflict or for people to decide, and the rules that would give it."""

    outcome: Outcome
    team: str | None = None
    label: str | None = None
    deadline: DayOrMoment | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToDecide:
    """What people must decide: the question, who decides, between what, by when, and the decision to record."""

    question: str
    who: str
    between: tuple[str, ...]
    by: Deadline | None = None
    settled_by: str | None = None
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A prerequisite that is required and not satisfied, or (`why` is `excused`) no longer asked for by a recorded decision.

    `needed_from` is, for stale work, the first day on which doing it would have been recent enough for the handover now expected.
    """

    item: str
    label: str
    why: Why
    by: str = ""
    due: Deadline | None = None
    done_on: date | None = None
    needed_from: date | None = None
    excusable_by: str | None = None
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """What else the procedure attaches to this case now. `due.on` is None where there is no date; `due.note` says why."""

    duty: str
    kind: DutyKind
    label: str
    status: Status
    who: str = ""
    to: str = ""
    due: Deadline | None = None
    done_on: date | None = None
    advisory: bool = False
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that decided: its clauses, the facts it read with their values, and its place in the pack (outside digest and receipt).

    `sometimes`: facts that are unknown say whether this rule decides or another one; the answer is the same either way.
    """

    rule: str
    label: str
    clauses: tuple[str, ...] = ()
    values: tuple[tuple[str, FactValue], ...] = ()
    place: str | None = field(default=None, compare=False)
    sometimes: bool = False


@dataclass(frozen=True, slots=True)
class Warning:
    """Something about the answer that a reader should know: `code` in kebab-case, and one sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Which pack, calendar and library gave the answer."""

    pack: str
    edition: str
    digest: str
    calendar: str
    calendar_digest: str
    horizon: date
    library: str
    schema: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one case.

    Attributes:
        outcome: `transfer`, `stay`, `close`, `people_decide`, `undetermined` or `conflict`.
        certainty: `decided`, or `provisional` where facts still unknown could change outcome, team, deadline or the items required.
        silent: a `stay` because no rule speaks.
        receiving_team: for a transfer, the team that takes the case.
        candidates: answers still in play when `undetermined`, `people_decide` or `conflict`.
        to_decide: for `people_decide`, what people must decide.
        transfer_point: for a transfer or a close, the event at which responsibility passes.
        deadline: for a transfer or a close; for a stay only where the procedure sets a `not_before`.
        required: ids of the items required now, satisfied or not.
        outstanding: items required and not satisfied, and those excused.
        duties: what else the procedure attaches to this case now.
        reasons: each rule that decided; for a silent stay, the pack's `otherwise`.
        missing: unknown facts that could change the answer, by name; empty when decided.
        rests_on_unstated: facts the answer rests on that nobody stated and `unstated: not_so` closed.
        warnings: what a reader should know besides.
        identity: which pack, calendar and library gave the answer.
    """

    outcome: Outcome
    certainty: Certainty
    identity: Identity
    silent: bool = False
    receiving_team: ReceivingTeam | None = None
    candidates: tuple[Candidate, ...] = ()
    to_decide: ToDecide | None = None
    transfer_point: TransferPoint | None = None
    deadline: Deadline | None = None
    required: tuple[str, ...] = ()
    outstanding: tuple[Outstanding, ...] = ()
    duties: tuple[Duty, ...] = ()
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    rests_on_unstated: tuple[str, ...] = ()
    warnings: tuple[Warning, ...] = ()

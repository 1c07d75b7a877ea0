"""Days and the parts of a decision, made the short way: what the source of a one-case form calls.

Each stands beside the plain way, which the tree takes, and gives the same. A day is a plain date wherever nothing else is to be said of it, else a
`Due`. Where a snapshot stands for a case, only its `as_of` is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import Any, Final, TypeAlias, TypeVar

from .answers import handover_of, holds, moves_of
from .calendars import ENGLAND, Calendar
from .case import BoundCase
from .checklists import NO_DUE, DutySpec, Item, Record, Span, Why
from .checklists import Standing as Progressed
from .conditions import Age, Compare, Truth, Within, has_happened
from .dates import AWAITING, NO_DATE, OPEN, Due, birthday, dated, either, end_of, latest, london_date, shown, soonest
from .decision import Candidate, Deadline, Decision, Duty, Outstanding, Reason, ReceivingTeam, ToDecide, TransferPoint, Warning
from .facts import FIRST_DAY, HAPPENED, LAST_DAY, NOBODY, NOT_YET, OTHER_AUTHORITY, Fact, FactValue
from .outstanding import about_progress, duty_line, item_line
from .pack import FromFact, Named
from .policy import Policy
from .ruling import candidate_named, deadline_of, event_name, event_of, held_until, passing
from .timescales import AsOf, Count, Timescale
from .vocabulary import CaseSnapshot, Progress, Recorded

Day: TypeAlias = date | Due
"""A plain date, or what else is known of a day."""
T = TypeVar("T")

ABSENT: Final = object()
"""What has not been worked out yet."""
_ONE_DAY: Final = timedelta(days=1)
_LONGEST: Final = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


# --- making


def maker(cls: type[T]) -> Callable[..., T]:
    """Return a function of the fields of a frozen dataclass with slots, in order, that makes one several times as fast as the class does.

    A frozen class sets each field by a slow call. A plain one with the same slots does not, and its object may become one of the frozen class.
    """
    # A dataclass is no type that the checker can ask for.
    names = [one.name for one in fields(cls)]  # type: ignore[arg-type]
    twin = type(cls.__name__, (), {"__slots__": tuple(names)})
    lines = [f"def make({', '.join(names)}):", "    made = twin()", *(f"    made.{name} = {name}" for name in names)]
    space: dict[str, Any] = {"twin": twin, "cls": cls, "__builtins__": {}}
    exec(compile("\n".join((*lines, "    made.__class__ = cls", "    return made")), f"<maker of {cls.__name__} of one case>", "exec"), space)
    made: Callable[..., T] = space["make"]
    return made


new_snapshot = maker(CaseSnapshot)
new_decision, new_deadline, new_outstanding = maker(Decision), maker(Deadline), maker(Outstanding)
new_duty, new_reason, new_receiving, new_point, new_to_decide = (
    maker(Duty),
    maker(Reason),
    maker(ReceivingTeam),
    maker(TransferPoint),
    maker(ToDecide),
)


# --- days: a plain date wherever nothing else is to be said


def _as_due(day: Day) -> Due:
    return day if isinstance(day, Due) else dated(day)


def _plain(due: Due) -> Day:
    value = due.value
    return value if value.__class__ is date and due.kind == "dated" and not due.no_later and not due.unproclaimed else due


def _day_of(value: FactValue, today: date) -> Day:
    """Return the day of a fact, as `FactDay` gives it."""
    if value.__class__ is date:
        return value
    if value is None:
        return OPEN
    if value == NOT_YET:
        return AWAITING
    if value == HAPPENED:
        return Due("open", latest=today)
    assert isinstance(value, date)
    return dated(value)


def _soonest_of(*days: Day) -> Day:
    for day in days:
        if day.__class__ is not date:
            return _plain(soonest(map(_as_due, days)))
    # That all are dates by now, their class has said, which the checker does not follow; so it is below.
    return min(days)  # type: ignore[type-var]


def _latest_of(*days: Day) -> Day:
    for day in days:
        if day.__class__ is not date:
            return _plain(latest(map(_as_due, days)))
    return max(days)  # type: ignore[type-var]


def _either_of(one: Day, other: Day) -> Day:
    return _plain(either(_as_due(one), _as_due(other)))


def _failing(first: Due, then: Day) -> Day:
    if first.kind in ("awaiting", "none"):
        return then
    return _either_of(first, then) if first.kind == "open" and first.upper is None else first


def counting(node: Count, calendar: Calendar) -> Callable[[Day], Day]:
    """Return a count from a day of any sort."""
    only_calendar = BoundCase(FIRST_DAY, FIRST_DAY, {}, {}, calendar)

    def counted(start: Day) -> Day:
        # What is awaited, or not known, stays so.
        return start if start is AWAITING or start is OPEN or start is NO_DATE else _plain(node.of(_as_due(start), only_calendar))

    return counted


def stepping(node: Count, calendar: Calendar) -> Callable[[date], date | None]:
    """Return a count from a date that gives nothing but a date; None where more is to be said."""
    amount = -node.amount if node.back else node.amount
    match node.unit:
        case "working_days":
            return calendar.counter(amount)
        case "months":
            return lambda start: months_on(start, amount)
        case "hours":
            # Only the date is known: whole days, rounded up away from the trigger.
            whole_days = -(-node.amount // 24)
            span = timedelta(days=-whole_days if node.back else whole_days)
        case unit:
            span = timedelta(days=amount * (7 if unit == "weeks" else 1))
    return lambda start: start + span


def months_on(start: date, months: int) -> date:
    """Return what `add_months` gives, several times as fast."""
    day, year, month = start.day, start.year, start.month + months
    if not 1 <= month <= 12:
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if day > 28 and day > (longest := _LONGEST[month]):
        day = 29 if month == 2 and day >= 29 and year % 4 == 0 and (year % 100 or year % 400 == 0) else longest
    return date(year, month, day)


def born(age: int) -> Callable[[FactValue, date], Day]:
    """Return what gives the day on which an age is reached."""

    def reached(born: FactValue, today: date) -> Day:
        return birthday(born, age) if born.__class__ is date else _day_of(born, today)

    return reached


# --- what conditions on days say


def comparing(node: Compare) -> Callable[[Day, Day], Truth]:
    """Return what compares two days."""

    def truth(left: Day, right: Day) -> Truth:
        if left.__class__ is date and right.__class__ is date:
            return compared(left, right)
        return node.of(_as_due(left), _as_due(right))

    compared: Callable[[Any, Any], bool] = {
        "before": date.__lt__, "on_or_before": date.__le__, "after": date.__gt__, "on_or_after": date.__ge__,
    }[node.operator]  # fmt: skip
    return truth


def aging(node: Age) -> Callable[[Day, FactValue], Truth]:
    """Return what says whether an age is reached on a day."""
    age, under = node.age, node.under

    def truth(on: Day, born: FactValue) -> Truth:
        if on.__class__ is date and born.__class__ is date:
            # A birthday on 29 February falls on 1 March in a common year, which is what comparing month and day says.
            years = on.year - born.year - age
            reached = years > 0 or (years == 0 and (on.month, on.day) >= (born.month, born.day))
            return reached is not under
        return node.of(_as_due(on), born)

    return truth


def lying_within(node: Within) -> Callable[[Day, Day, Day], Truth]:
    """Return what says whether a day lies between a trigger and a limit."""
    back = node.back

    def truth(left: Day, trigger: Day, limit: Day) -> Truth:
        if left.__class__ is date and trigger.__class__ is date and limit.__class__ is date:
            return limit <= left <= trigger if back else trigger <= left <= limit
        return node.of(_as_due(left), _as_due(trigger), _as_due(limit))

    return truth


def _still_holds(until: Day, today: date, snapshot: Any) -> Truth:
    return holds(until, snapshot) if isinstance(until, Due) else until > today


# --- what the parts of a decision show

NOBODY_KNOWN: Final = BoundCase(FIRST_DAY, FIRST_DAY, {}, {}, ENGLAND)
"""A case of which nothing is known, for what is the same for every case."""
_AWAITING: Final = deadline_of(AWAITING, NOBODY_KNOWN)


def _show_due(day: Day, today: date, snapshot: Any) -> Deadline:
    """Return a day as items and duties show it; of the case only `as_of` is read."""
    if day.__class__ is date:
        return new_deadline("firm", day, None, today > day, "", None)
    return _AWAITING if day is AWAITING else deadline_of(day, snapshot)  # type: ignore[arg-type]


def _show_deadline(due: Due, snapshot: Any) -> Deadline | None:
    """Return a deadline that is no plain date; None where it is open, or a warning goes with it."""
    if due is AWAITING:
        return _AWAITING
    if due.kind == "open" or (due.unproclaimed and due.no_later):
        return None
    return deadline_of(due, snapshot)


def show_point(event: str, due: Due, snapshot: Any) -> TransferPoint | None:
    """Return a transfer point whose day is no plain date."""
    if due is AWAITING or due is OPEN:
        return new_point(event, None, "awaited" if due is AWAITING else "unknown")
    return None if due.kind == "none" else passing(event, due, snapshot)


def _show_held(*ends: Due | date) -> Deadline | None:
    """Return until when holds last, as the decision shows it."""
    there = [due for due in map(_as_due, ends) if due.kind != "none"]
    if not there:
        return None
    known = [value for due in there if (value := due.value or due.not_before) is not None]
    return held_until(max(known, key=end_of, default=None))


def _in_order(warnings: list[Warning]) -> tuple[Warning, ...]:
    return tuple(warnings) if len(warnings) == 1 else tuple(sorted(set(warnings), key=lambda warning: (warning.code, warning.text)))


def _known(pairs: tuple[tuple[str, FactValue], ...]) -> tuple[tuple[str, FactValue], ...]:
    return tuple([pair for pair in pairs if pair[1] is not None])


def _shown(value: FactValue) -> FactValue:
    return shown(value) if isinstance(value, date) else value


def asker(
    policy: Policy, holder: str, rules: tuple[str, ...], between: tuple[Named, ...]
) -> Callable[..., tuple[tuple[str, ...], tuple[Candidate, ...]]]:
    """Return what gives the answers between which people decide, and the candidates, from what is named in each place."""
    facts = tuple(who.fact if isinstance(who, FromFact) else who for who in between)

    def asked(*named: str | None) -> tuple[tuple[str, ...], tuple[Candidate, ...]]:
        known = dict.fromkeys(name for name in named if name is not None)
        candidates = dict.fromkeys(candidate_named(policy, holder, name, rules) for name in known)
        return tuple(dict.fromkeys(name or fact for name, fact in zip(named, facts, strict=True))), tuple(candidates)

    return asked


def _one_of(areas: set[str | None]) -> str | None:
    """Return the area that rules name; none where they name two."""
    named = areas - {None}
    return named.pop() if len(named) == 1 else None


def _agreed(*given: tuple[Day, Day, Timescale | None]) -> tuple[Day, Day, Timescale | None] | None:
    """Return the deadline, the transfer point and its timescale of rules that say the same; None where their deadlines differ."""
    answers = [(_as_due(deadline), _as_due(point), node) for deadline, point, node in given]
    with_date = [one for one in answers if one[0].kind != "none"]
    if len({(due.kind, due.value, due.not_before) for due, _, _ in with_date}) > 1:
        return None
    said = (with_date or answers)[0]
    pointed = next((one for one in (*with_date, *answers) if one[1].kind != "none"), said)
    return _plain(said[0]), _plain(pointed[1]), pointed[2]


# --- items and duties


def _stands(progress: Progress | None, known: Truth, today: date) -> tuple[Why | None, date | None, bool, bool]:
    """Return why work is not done, the day it was (or is to be) done, whether facts and record clash, and whether it is needed; as `Record` does."""
    if progress is None:
        return ("not_recorded" if known is None else None if known else "not_done"), None, False, True
    state, done_on, planned_on = progress.state, progress.done_on, None
    if done_on is not None and done_on > today:
        state, planned_on, done_on = "not_done", done_on, None
    clash = known is not None and state is not None and state != ("done" if known else "not_done")
    if known or (known is None and state == "done"):
        return None, done_on, clash, True
    if state == "not_needed":
        return None, None, False, False
    if known is False or state == "not_done":
        return "not_done", planned_on, clash, True
    return "not_recorded", None, False, True


def _odd(work: Item | DutySpec) -> dict[tuple[bool, bool], tuple[Warning, ...]]:
    """Return the warnings about progress, by whether the facts and the record clash, and whether an excuse is recorded."""
    both = [(clash, excused) for clash in (False, True) for excused in (False, True)]
    return {(clash, excused): tuple(about_progress(work, Progress(excused=excused), Progressed(None, clash=clash))) for clash, excused in both}


def is_plain(item: Item) -> bool:
    """Say whether nothing but its own record and its freshness says how an item stands."""
    unusual = item.fresh_for is not None and item.fresh_for.unit in ("working_days", "hours")
    return not (item.needs or item.satisfied_by or item.valid is not None or unusual)


def fresh_from(span: Span, calendar: Calendar) -> Callable[[date], date]:
    """Return the first day from which a span of days, weeks or months reaches another day; what is done on it or later is fresh then."""
    back = stepping(Count(span.amount, span.unit, AsOf(), back=True), calendar)

    def first(last: date) -> date:
        # Spans are in days, weeks and months, so a date leads to a date.
        day: date = back(last)  # type: ignore[assignment]
        # Where a month is too short for the day, the span falls short of it, and that of the next day, the first of a month, does not.
        return day if span.unit != "months" or day.day == last.day else day + _ONE_DAY

    return first


def item_liner(item: Item) -> Callable[..., Outstanding | None]:
    """Return what gives the line of a plain item; None where it is satisfied.

    It takes the first day that is fresh enough, where the item is to be fresh, and whether the handover, up to which it is to be so, is known.
    """
    has_due, excuse, by = item.due is not NO_DUE, item.excusable, item.by
    excuser = None if excuse is None else excuse.by
    name, label, clauses, odd = item.id, item.label, item.clauses, _odd(item)
    whys: tuple[Why, ...] = ("not_recorded", "not_done", "cannot_tell", "excused")
    dayless = {why: Outstanding(name, label, why, by, excusable_by=excuser, clauses=clauses) for why in whys}

    def line(
        progress: Progress | None, known: Truth, today: date, fresh: date | None, handed: bool, due: Day, snapshot: Any, warnings: list[Warning]
    ) -> Outstanding | None:
        why, done_on, clash, needed = _stands(progress, known, today)
        if clash or (progress is not None and progress.excused):
            warnings.extend(odd[clash, progress is not None and progress.excused])
        needed_from = None
        if why is None:
            if fresh is None or not needed:
                return None
            if done_on is None:
                why = "cannot_tell"
            elif done_on < fresh:
                why, needed_from = "stale", fresh
            elif handed:
                return None
            else:
                why = "cannot_tell"
        if excuse is not None and progress is not None and progress.excused:
            why, needed_from = "excused", None
        if done_on is None and not has_due:
            return dayless[why]
        shown_due = _show_due(due, today, snapshot) if has_due else None
        return new_outstanding(name, label, why, by, shown_due, done_on, needed_from, excuser, clauses)

    return line


def slow_item_liner(item: Item, work: Mapping[str, Item | DutySpec]) -> Callable[[BoundCase, list[Warning]], Outstanding | None]:
    """Return what gives the line of an item that hangs on other work, or on when it was done."""

    def line(moved: BoundCase, warnings: list[Warning]) -> Outstanding | None:
        standing = Record(moved.progress, work, moved).standing(item.id)
        warnings.extend(about_progress(item, moved.progress.get(item.id), standing))
        return None if standing.why is None else item_line(item, standing.why, standing, moved)

    return line


def duty_liner(duty: DutySpec) -> Callable[..., Duty]:
    """Return what gives the line of a duty that applies."""
    name, kind, label, who, to, advisory, clauses = duty.id, duty.kind, duty.label, duty.who, duty.to, duty.advisory, duty.clauses
    odd = _odd(duty)

    def line(progress: Progress | None, known: Truth, today: date, due: Day, snapshot: Any, warnings: list[Warning]) -> Duty:
        why, done_on, clash, needed = _stands(progress, known, today)
        if clash or (progress is not None and progress.excused):
            warnings.extend(odd[clash, progress is not None and progress.excused])
        if due is AWAITING and why is not None:
            return new_duty(name, kind, label, "awaiting", who, to, _AWAITING, done_on, advisory, clauses)
        if due.__class__ is not date:
            return duty_line(duty, Progressed(why, done_on, clash, needed), due, snapshot)  # type: ignore[arg-type]
        overdue = why is not None and today > due
        status = ("done" if needed else "not_needed") if why is None else "overdue" if overdue else "due"
        return new_duty(name, kind, label, status, who, to, new_deadline("firm", due, None, overdue, "", None), done_on, advisory, clauses)

    return line


# --- the snapshot


_DATED: Final = (date, str)
_CLASSES: Final[Mapping[str, tuple[type, ...]]] = {
    "yes_no": (bool,), "choices": (frozenset,), "date": _DATED, "event": _DATED, "moment": _DATED, "count": (),
}  # fmt: skip
"""The classes of values that a local fact may hold as they are; a count is read as usual, and all other facts hold words."""


def local_reader(
    facts: Mapping[str, Fact], teams: frozenset[str], areas: frozenset[str]
) -> Callable[[Mapping[str, FactValue]], Mapping[str, FactValue] | None]:
    """Return what reads local facts by their types; None where one is unknown, or wrong."""
    words = {"event": (NOT_YET, HAPPENED), "date": (NOT_YET,), "moment": (NOT_YET,), "team": teams, "area": areas}
    takes = {name: (_CLASSES.get(fact.kind, (str,)), frozenset(words.get(fact.kind, fact.options))) for name, fact in facts.items()}
    nothing: tuple[tuple[type, ...], frozenset[str]] = ((), frozenset())

    def as_it_is(name: str, raw: Any) -> bool:
        classes, allowed = takes.get(name, nothing)
        kind = raw.__class__
        if kind not in classes:
            return False
        if kind is str:
            return raw in allowed
        if kind is date:
            return FIRST_DAY <= raw <= LAST_DAY  # type: ignore[no-any-return]
        return kind is bool or raw <= allowed

    def read(given: Mapping[str, FactValue]) -> Mapping[str, FactValue] | None:
        for name, raw in given.items():
            if not as_it_is(name, raw):
                return typed(given)
        return given

    def typed(given: Mapping[str, FactValue]) -> Mapping[str, FactValue] | None:
        found: dict[str, FactValue] = {}
        for name, raw in given.items():
            fact = facts.get(name)
            if fact is None:
                return None
            try:
                value = fact.read(raw)
            except ValueError:
                return None
            if (fact.kind == "team" and value not in teams) or (fact.kind == "area" and value not in areas):
                return None
            found[name] = value
        return found

    return read


def decisions_checker(policy: Policy) -> Callable[[Mapping[str, Recorded]], bool]:
    """Return what says whether recorded decisions are such as the pack knows."""
    teams = frozenset((*policy.pack.teams, NOBODY, OTHER_AUTHORITY, "stay", "close"))
    allowed = {name: frozenset(spec.options) or teams for name, spec in policy.pack.decisions.items()}

    def known(decisions: Mapping[str, Recorded]) -> bool:
        for name, recorded in decisions.items():
            if recorded.decided not in allowed.get(name, ()) or (recorded.area is not None and recorded.area not in policy.areas):
                return False
        return True

    return known


def case_maker(policy: Policy) -> Callable[[CaseSnapshot, date, Mapping[str, FactValue]], BoundCase]:
    """Return what makes the case of a snapshot that has been looked at, for the few things that the tree works out."""

    def light(snapshot: Any, today: date, local: Mapping[str, FactValue]) -> BoundCase:
        recorded: Mapping[str, Recorded] = snapshot.decisions
        decided = {name: one.decided for name, one in recorded.items()}
        facts = {**snapshot.stated(), **local}
        return BoundCase(snapshot.as_of, today, facts, decided, policy.calendar, recorded=recorded, progress=snapshot.checklist)

    return light


def _moved(case: BoundCase, deadline: Day, point: Day) -> BoundCase:
    return case.moving(moves_of(case, _as_due(point), _as_due(deadline)))


def _handover(agreed: FactValue, deadline: Day, point: Day, today: date) -> Day:
    return _plain(handover_of(_as_due(_day_of(agreed, today)), _as_due(deadline), _as_due(point)))


def _date_of(day: Day) -> date | None:
    if day.__class__ is date:
        return day
    value = day.value  # type: ignore[union-attr]
    return None if value is None else london_date(value)


# --- the names

SPACE: Final[Mapping[str, object]] = {
    "date": date,
    "frozenset": frozenset,
    "as_tuple": tuple,
    "london_date": london_date,
    "dated": dated,
    "happened": has_happened,
    "ABSENT": ABSENT,
    "day_of": _day_of,
    "soonest_of": _soonest_of,
    "latest_of": _latest_of,
    "either_of": _either_of,
    "failing": _failing,
    "as_due": _as_due,
    "still_holds": _still_holds,
    "date_of": _date_of,
    "handover_day": _handover,
    "with_moves": _moved,
    "agreed": _agreed,
    "one_area": _one_of,
    "show_due": _show_due,
    "show_deadline": _show_deadline,
    "show_point": show_point,
    "show_held": _show_held,
    "show_value": _shown,
    "known_pairs": _known,
    "in_order": _in_order,
    "event_of": event_of,
    "event_name": event_name,
    "new_to_decide": new_to_decide,
    "new_decision": new_decision,
    "new_deadline": new_deadline,
    "new_point": new_point,
    "new_reason": new_reason,
}
"""All that the source of a form finds by a name of its own."""

"""The judge: a second opinion on a case, worked out from the pack's data alone.

It shares no reasoning with the engine: it has its own conditions, counts its days one by one, keeps its own London dates, and knows no third truth.
Where an unknown fact is needed it says so by `NotKnown`; `ways` fills unknown facts in. Slow on purpose, and plain: to be read beside the
description of the pack language.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from itertools import combinations, product
from typing import Any, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from .. import conditions as c
from .. import timescales as t
from ..calendars import ENGLAND, Calendar
from ..checklists import Applies, Checklist, DutySpec, Item, Teams, Valid
from ..decision import Decision
from ..facts import DATED_KINDS, HAPPENED, NOBODY, NOT_YET, OTHER_AUTHORITY, Fact, FactValue
from ..impossible import IMPOSSIBLE
from ..pack import Close, FromFact, LeaveToPeople, Named, Pack, PeopleDecide, Rule, Stay, TransferTo
from ..vocabulary import STANDARD_FACTS, CaseSnapshot, Progress, Recorded

DayOrMoment: TypeAlias = date | datetime

_LONDON: Final = ZoneInfo("Europe/London")
_ONE_DAY: Final = timedelta(days=1)


class NotKnown(Exception):
    """The answer hangs on a fact that nobody has recorded, or on the day of an event recorded only as `happened`."""

    def __init__(self, fact: str):
        super().__init__(fact)
        self.fact = fact


# --- what the judge says


@dataclass(frozen=True, slots=True)
class Answer:
    """What certainty is about: outcome, team (with the role where the case stays in its team), deadline, and the items required.

    Where people decide, `settled_by` says what they are asked: another question is another answer.
    """

    outcome: str
    team: str | None
    role: str | None
    deadline_state: str
    deadline: DayOrMoment | None
    not_before: DayOrMoment | None
    required: frozenset[str]
    settled_by: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision in its bare, comparable form. Moments stand in UTC, so that equal moments are equal values.

    Attributes:
        team: the receiving team of a transfer, with its `area` (None where it is open) and `role`.
        deadline_state: `not_stated` also where there is no deadline at all.
        transfer_point: its date, if there is one, and its state; None where the answer names no transfer point.
        required: the items that apply, satisfied or not; `outstanding` those not satisfied, each with why (`excused` included).
        duties: each duty with its status.
        because: the rules that decided; none for a silent stay.
        candidates: outcome and team of each answer still in play; the team only for a transfer.
        settled_by, by: for `people_decide`, the decision to record and the date by which it should be taken.
    """

    outcome: str
    team: str | None = None
    area: str | None = None
    role: str | None = None
    deadline_state: str = "not_stated"
    deadline: DayOrMoment | None = None
    not_before: DayOrMoment | None = None
    overdue: bool = False
    silent: bool = False
    transfer_point: tuple[DayOrMoment | None, str] | None = None
    required: frozenset[str] = frozenset()
    outstanding: frozenset[tuple[str, str]] = frozenset()
    duties: frozenset[tuple[str, str]] = frozenset()
    because: frozenset[str] = frozenset()
    candidates: frozenset[tuple[str, str | None]] = frozenset()
    settled_by: str | None = None
    by: DayOrMoment | None = None

    @property
    def answer(self) -> Answer:
        """The part of the verdict that certainty is about. A stay has no deadline, so the date until which it is held is not in it."""
        not_before = None if self.outcome == "stay" else self.not_before
        return Answer(self.outcome, self.team, self.role, self.deadline_state, self.deadline, not_before, self.required, self.settled_by)


def judge(pack: Pack, calendar: Calendar, snapshot: CaseSnapshot) -> Verdict:
    """Decide a snapshot, or raise NotKnown where a fact that the verdict needs is unknown."""
    return _Judge(pack, calendar, snapshot).verdict()


def judge_answer(pack: Pack, calendar: Calendar, snapshot: CaseSnapshot) -> Answer:
    """Decide only what certainty is about, so that facts read by progress, duties or the transfer point alone need not be known."""
    judging = _Judge(pack, calendar, snapshot)
    ruling = judging.ruling()
    return judging.answer(ruling, judging.required(ruling))


def verdict_of(decision: Decision) -> Verdict:
    """Project a decision of the engine on the shape of a verdict."""
    team, deadline, point, question = decision.receiving_team, decision.deadline, decision.transfer_point, decision.to_decide
    return Verdict(
        outcome=decision.outcome,
        team=team.team if team else None,
        area=team.area if team else None,
        role=team.role if team else None,
        deadline_state=deadline.state if deadline else "not_stated",
        deadline=_plain(deadline.on) if deadline else None,
        not_before=_plain(deadline.not_before) if deadline else None,
        overdue=deadline.overdue if deadline else False,
        silent=decision.silent,
        transfer_point=(_plain(point.on), point.state) if point else None,
        required=frozenset(decision.required),
        outstanding=frozenset((one.item, one.why) for one in decision.outstanding),
        duties=frozenset((one.duty, one.status) for one in decision.duties),
        because=frozenset(one.rule for one in decision.reasons) - {"otherwise", "leave_to_people"},
        candidates=frozenset((one.outcome, one.team if one.outcome == "transfer" else None) for one in decision.candidates),
        settled_by=question.settled_by if question else None,
        by=_plain(question.by.on) if question and question.by else None,
    )


def differences(a: Verdict, b: Verdict) -> list[str]:
    """Say in words where two verdicts differ, one line for each field; empty when they are equal."""
    lines = []
    for one in fields(Verdict):
        left, right = getattr(a, one.name), getattr(b, one.name)
        if left == right:
            continue
        if isinstance(left, frozenset):
            lines.append(f"{one.name}: only the first has {sorted(map(str, left - right))}, only the second has {sorted(map(str, right - left))}")
        else:
            lines.append(f"{one.name}: {_shown(left)} in the first, {_shown(right)} in the second")
    return lines


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return value.isoformat() if isinstance(value, date) else str(value)


# --- days and moments


def _plain(value: DayOrMoment | None) -> DayOrMoment | None:
    """Put a moment in UTC: in the hour that the clocks repeat, moments written in different zones never compare as equal."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _day(value: DayOrMoment) -> date:
    return value.astimezone(_LONDON).date() if isinstance(value, datetime) else value


def _past(value: DayOrMoment, limit: DayOrMoment) -> bool:
    """Two moments compare as moments; anything else by its date in London, so that the last day itself is not past."""
    if isinstance(value, datetime) and isinstance(limit, datetime):
        return value > limit
    return _day(value) > _day(limit)


@lru_cache(maxsize=4096)
def _in_list(value: DayOrMoment) -> tuple[datetime, bool]:
    """Give the place of a value among others: a date stands at the end of its day, just before the midnight that ends it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC), True
    return datetime.combine(value + _ONE_DAY, time(0), _LONDON).astimezone(UTC), False


def _birthday(born: date, age: int) -> date:
    year = born.year + age
    if (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return date(year, born.month, born.day)


def _months(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class _When:
    """What a timescale gives. `happened` is an event without its day, `fact` being its name; `value` belongs to `dated` alone."""

    kind: Literal["dated", "awaiting", "none", "at_once", "past_horizon", "happened"]
    value: DayOrMoment | None = None
    no_later: bool = False
    unproclaimed: bool = False
    not_before: DayOrMoment | None = None
    fact: str = ""

    def date_or_none(self) -> DayOrMoment | None:
        """Return the date; None where there is none (yet). Raises NotKnown for an event whose day is not recorded."""
        if self.kind == "happened":
            raise NotKnown(self.fact)
        return self.value

    @property
    def state(self) -> str:
        if self.date_or_none() is None:
            return "not_stated" if self.kind == "none" else self.kind
        if self.no_later:
            return "no_later_than"
        return "unproclaimed" if self.unproclaimed else "firm"


AGREED: Final = t.FactDay("agreed_transfer_on")
_turning: Final = lru_cache(t.Birthday)

_AWAITING: Final = _When("awaiting")
_NONE: Final = _When("none")
_AT_ONCE: Final = _When("at_once")
_PAST_HORIZON: Final = _When("past_horizon")


# --- reading conditions and timescales


def _every(parts: Iterable[Callable[[], bool]]) -> bool:
    """Whether all hold. One that fails settles it, whatever is unknown about the others."""
    unknown: NotKnown | None = None
    for part in parts:
        try:
            if not part():
                return False
        except NotKnown as error:
            unknown = unknown or error
    if unknown:
        raise unknown
    return True


def _some(parts: Iterable[Callable[[], bool]]) -> bool:
    """Whether one holds. One that does settles it, whatever is unknown about the others."""
    return not _every(partial(_fails, part) for part in parts)


def _fails(part: Callable[[], bool]) -> bool:
    return not part()


@dataclass(frozen=True, slots=True)
class _Reader:
    """One case: its facts, its recorded decisions, and, once the team is known, the transfer point and deadline of its move."""

    as_of: DayOrMoment
    facts: Mapping[str, FactValue]
    decisions: Mapping[str, Recorded]
    calendar: Calendar
    closures: frozenset[date] = frozenset()
    deadline: t.Timescale | None = None
    point: t.Timescale | None = None
    moves: bool = False

    @property
    def today(self) -> date:
        return _day(self.as_of)

    def fact(self, name: str) -> FactValue:
        value = self.facts.get(name)
        if value is None:
            raise NotKnown(name)
        return value

    # Conditions.

    def true(self, condition: c.Condition) -> bool:
        """Whether a condition holds, by plain two-valued logic."""
        match condition:
            case c.All(parts=parts):
                return _every(partial(self.true, part) for part in parts)
            case c.AnyOf(parts=parts):
                return _some(partial(self.true, part) for part in parts)
            case c.Not(part=part):
                return not self.true(part)
            case c.Use(condition=named):
                return self.true(named)
            case c.Is(fact=name, value=value, negated=negated):
                right = self.fact(value.fact) if isinstance(value, c.FactRef) else value
                return (self.fact(name) == right) is not negated
            case c.OneOf(fact=name, values=values):
                return self.fact(name) in values
            case c.Includes(fact=name, value=word):
                held = self.fact(name)
                return isinstance(held, frozenset) and word in held
            case c.Amount(fact=name, limit=limit, at_most=at_most):
                number = self.fact(name)
                assert isinstance(number, int)
                return number <= limit if at_most else number >= limit
            case c.Compare(left=left, operator=operator, right=right):
                return self.compare(left, operator, right)
            case c.Happened(fact=name, expected=expected):
                seen = self.fact(name)
                return (seen == HAPPENED or (isinstance(seen, date) and not _past(seen, self.as_of))) is expected
            case c.Arranged(fact=name, expected=expected):
                return (self.fact(name) != NOT_YET) is expected
            case c.Age(age=age, on=on, under=under):
                return self.compare(on, "before", _turning(age), unborn=True) if under else self.compare(on, "on_or_after", _turning(age))
            case c.Within(left=left, trigger=trigger, limit=limit_day, back=back):
                first, last = (limit_day, trigger) if back else (trigger, limit_day)
                return _every([lambda: self.compare(first, "on_or_before", left), lambda: self.compare(left, "on_or_before", last)])
            case c.Decided(decision=decision, answer=answer):
                return decision in self.decisions and self.decisions[decision].decided == answer
        raise TypeError(f"no such condition: {type(condition).__name__}")

    def compare(self, left: object, operator: str, right: object, *, unborn: bool = False) -> bool:
        """Compare two dates by their days in London; false where either is not there, whatever the other.

        `unborn`: the right side is the birthday of a child, who while not born is before every birthday.
        """
        first = self._known_date(left)
        if first is None:
            return False
        second = self._known_date(right)
        if second is None:
            if not unborn:
                return False
            if isinstance(first, NotKnown):
                raise first
            return True
        for side in (first, second):
            if isinstance(side, NotKnown):
                raise side
        assert isinstance(first, date)
        assert isinstance(second, date)
        a, b = _day(first), _day(second)
        return {"before": a < b, "on_or_before": a <= b, "after": a > b, "on_or_after": a >= b}[operator]

    def _known_date(self, timescale: object) -> DayOrMoment | NotKnown | None:
        try:
            return self.when(timescale).date_or_none()
        except NotKnown as unknown:
            return unknown

    # Timescales.

    def when(self, timescale: object) -> _When:
        """What a timescale gives for this case."""
        match timescale:
            case None:
                return _NONE
            case t.FactDay(fact=name):
                value = self.fact(name)
                if value == HAPPENED:
                    return _When("happened", fact=name)
                return _When("dated", _plain(value)) if isinstance(value, date) else _AWAITING
            case t.AsOf():
                return _When("dated", _plain(self.as_of))
            case t.Literally(value=value):
                return _When("dated", value)
            case t.MoveDay(which=which):
                if not self.moves:
                    return _NONE
                if which == "handover":
                    return self.handover()
                return self.when(self.deadline if which == "deadline" else self.point)
            case t.Count():
                return self._count(timescale)
            case t.Birthday(age=age):
                born = self.fact("date_of_birth")
                return _When("dated", _birthday(_day(born), age)) if isinstance(born, date) else _AWAITING
            case t.AtOnce():
                return _AT_ONCE
            case t.NoDate():
                return _NONE
            case t.SoonestOf(parts=parts):
                return self._soonest([self.when(part) for part in parts])
            case t.LatestOf(parts=parts):
                return self._latest([self.when(part) for part in parts])
            case t.UseTimescale(timescale=named):
                return self.when(named)
            case t.Conditional(timescale=chosen, when=condition, otherwise=otherwise):
                return self.when(chosen if self.true(condition) else otherwise)
            case t.FailingThat(first=first, then=then):
                found = self.when(first)
                return self.when(then) if found.kind in ("awaiting", "none") else found
        raise TypeError(f"no such timescale: {type(timescale).__name__}")

    def handover(self) -> _When:
        """The agreed transfer date, else the deadline, else the transfer point: the first that has a date."""
        agreed = self.when(AGREED)
        if agreed.date_or_none() is not None:
            return agreed
        deadline = self.when(self.deadline)
        if deadline.date_or_none() is not None:
            return deadline
        point = self.when(self.point)
        if point.date_or_none() is not None:
            return point
        return _AWAITING if "awaiting" in (deadline.kind, point.kind) else _NONE

    def _count(self, count: t.Count) -> _When:
        trigger = self.when(count.trigger)
        start = trigger.date_or_none()
        amount = -count.amount if count.back else count.amount
        if trigger.kind == "awaiting":
            bound = self.step(trigger.not_before, amount, count.unit) if trigger.not_before else _AWAITING
            return replace(_AWAITING, not_before=bound.value)
        if start is None:
            # At once is no day, so nothing can be counted from it.
            return _PAST_HORIZON if trigger.kind == "past_horizon" else _NONE
        found = self.step(start, amount, count.unit)
        if found.kind != "dated":
            return found
        return replace(found, no_later=trigger.no_later, unproclaimed=found.unproclaimed or trigger.unproclaimed)

    def step(self, start: DayOrMoment, amount: int, unit: str) -> _When:
        """Count from a day or moment, forward, or back where `amount` is negative."""
        if unit == "hours":
            if isinstance(start, datetime):
                return _When("dated", start.astimezone(UTC) + timedelta(hours=amount))
            # Where only the date is known, whole days rounded up, away from the trigger.
            whole_days = -(-abs(amount) // 24)
            return _When("dated", start + timedelta(days=whole_days if amount > 0 else -whole_days))
        day = _day(start)
        match unit:
            case "days":
                return _When("dated", day + timedelta(days=amount))
            case "weeks":
                return _When("dated", day + timedelta(days=7 * amount))
            case "months":
                return _When("dated", _months(day, amount))
            case "working_days":
                return self._working_days(day, amount)
        raise TypeError(f"no such unit: {unit}")

    def _working_days(self, start: date, amount: int) -> _When:
        day, left, calendar = start, abs(amount), self.calendar
        if not calendar.first <= day <= calendar.last:
            return _PAST_HORIZON
        while left:
            day += _ONE_DAY if amount > 0 else -_ONE_DAY
            if not calendar.first <= day <= calendar.last:
                return _PAST_HORIZON
            if day.weekday() < 5 and day not in calendar.closed and day not in self.closures:
                left -= 1
        return _When("dated", day, unproclaimed=max(start, day) > calendar.proclaimed_to)

    def _soonest(self, arms: list[_When]) -> _When:
        dates = [(date_, arm) for arm in arms if (date_ := arm.date_or_none()) is not None]
        kinds = {arm.kind for arm in arms}
        if "at_once" in kinds:
            return _AT_ONCE
        if dates:
            first = min(_in_list(value) for value, _ in dates)
            winners = [arm for value, arm in dates if _in_list(value) == first]
            # A date that is only a bound may still come first, even where another date now stands before it.
            no_later = "awaiting" in kinds or any(arm.no_later for _, arm in dates)
            return replace(winners[0], no_later=no_later, unproclaimed=any(arm.unproclaimed for arm in winners))
        if "past_horizon" in kinds:
            return _PAST_HORIZON
        bounds = [arm.not_before for arm in arms if arm.kind == "awaiting"]
        known = [bound for bound in bounds if bound is not None]
        if not bounds:
            return _NONE
        return replace(_AWAITING, not_before=min(known, key=_in_list) if len(known) == len(bounds) else None)

    def _latest(self, arms: list[_When]) -> _When:
        dates = [(date_, arm) for arm in arms if (date_ := arm.date_or_none()) is not None]
        kinds = {arm.kind for arm in arms}
        if "awaiting" in kinds:
            # A date that may still come earlier is no lower bound.
            bounds = [value for value, arm in dates if not arm.no_later] + [arm.not_before for arm in arms if arm.not_before is not None]
            return replace(_AWAITING, not_before=max(bounds, key=_in_list, default=None))
        if "past_horizon" in kinds:
            return _PAST_HORIZON
        if dates:
            last = max(_in_list(value) for value, _ in dates)
            winners = [arm for value, arm in dates if _in_list(value) == last]
            no_later = all(arm.no_later for arm in winners)
            return replace(winners[0], no_later=no_later, unproclaimed=any(arm.unproclaimed for arm in winners))
        return _AT_ONCE if "at_once" in kinds else _NONE


def _stated(pack: Pack, snapshot: CaseSnapshot) -> dict[str, FactValue]:
    """Every fact that somebody recorded, by name, each as its type has it."""
    facts: dict[str, FactValue] = {name: getattr(snapshot, name) for name in STANDARD_FACTS}
    facts.update((name, local.read(snapshot.local_facts.get(name))) for name, local in pack.local_facts.items())
    return {name: value for name, value in facts.items() if value is not None}


def _closed(pack: Pack, snapshot: CaseSnapshot) -> dict[str, FactValue]:
    """The facts, with those that `unstated: not_so` closes: yes/no facts to no, events to not yet; never a judgement, never another type.

    What is closed gives way where a definition sets it against what is stated: then it stays unknown.
    """
    facts = _stated(pack, snapshot)
    stated = set(facts)
    for name, fact in {**STANDARD_FACTS, **pack.local_facts}.items():
        closes = snapshot.unstated == "not_so" or (snapshot.unstated != "unknown" and fact.group in snapshot.unstated)
        if closes and name not in facts:
            if fact.kind == "yes_no" and not fact.judgement:
                facts[name] = False
            elif fact.kind == "event":
                facts[name] = NOT_YET
    # No definition counts working days, so any calendar will do.
    reader = _Reader(snapshot.as_of, facts, {}, ENGLAND)
    both_known = [one for one in IMPOSSIBLE if one.first in facts and one.second in facts]
    dropped = {name for one in both_known if reader.true(one.condition) for name in (one.first, one.second)} - stated
    return {name: value for name, value in facts.items() if name not in dropped}


# --- rules


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one matching rule says, once facts and recorded decisions have given it its team."""

    rule: Rule
    outcome: str
    team: str | None = None
    area: str | None = None
    role: str | None = None
    settled_by: str | None = None


def _only_explains(rule: Rule) -> bool:
    return isinstance(rule.effect, Stay) and rule.effect.yields


@dataclass(frozen=True, slots=True)
class _Ruling:
    """What the rules together say, and the deadline and transfer point shown. `agreed` is False where they clash."""

    outcome: str
    voices: tuple[_Voice, ...] = ()
    agreed: bool = True
    settled: bool = False
    team: str | None = None
    area: str | None = None
    role: str | None = None
    deadline: t.Timescale | None = None
    point: t.Timescale | None = None
    settled_by: str | None = None


class _Judge:
    """One snapshot before one pack."""

    def __init__(self, pack: Pack, calendar: Calendar, snapshot: CaseSnapshot):
        self.pack = pack
        self.decisions = {name: entry for name, entry in snapshot.decisions.items() if isinstance(entry, Recorded)}
        self.checklist = {name: entry for name, entry in snapshot.checklist.items() if isinstance(entry, Progress)}
        self.case = _Reader(snapshot.as_of, _closed(pack, snapshot), self.decisions, calendar, frozenset(day for day, _ in pack.closures))

    # Which rules stand, and what they say.

    def ruling(self) -> _Ruling:
        voices = [self.voice(rule) for rule in self.standing()]
        firm = [voice for voice in voices if not _only_explains(voice.rule)]
        return self.weigh(firm or voices)

    def standing(self) -> list[Rule]:
        """The matching rules that no matching rule overrides. A rule that cannot be told may be passed over where it changes nothing."""
        rules = sorted((rule for rule in self.pack.rules if not rule.off), key=lambda rule: rule.id)
        matching: list[Rule] = []
        untold: list[tuple[Rule, NotKnown]] = []
        for rule in rules:
            try:
                if self.matches(rule):
                    matching.append(rule)
            except NotKnown as unknown:
                untold.append((rule, unknown))
        defeated = {name for rule in matching for name in rule.overrides}
        standing = [rule for rule in matching if rule.id not in defeated]
        spoken = not all(_only_explains(rule) for rule in standing)
        for rule, error in untold:
            unheard = rule.id in defeated or (spoken and _only_explains(rule))
            if not unheard or any(one.id in rule.overrides for one in standing):
                raise error
        return standing

    def matches(self, rule: Rule) -> bool:
        return _every(
            [
                lambda: self.holds_current(rule.from_teams),
                lambda: self.case.true(rule.when),
                lambda: not isinstance(rule.effect, Stay) or rule.effect.until is None or self.still_held(rule.effect.until),
            ]
        )

    def holds_current(self, teams: Teams) -> bool:
        if teams.ids is None and not teams.but:
            return True
        return _among(str(self.case.fact("current_team")), teams)

    def still_held(self, until: t.Timescale) -> bool:
        """A hold stands while its date is ahead or awaits an event; on the day itself it is over."""
        end = self.case.when(until)
        value = end.date_or_none()
        return _past(value, self.case.as_of) if value is not None else end.kind in ("awaiting", "past_horizon")

    def voice(self, rule: Rule) -> _Voice:
        match rule.effect:
            case TransferTo(team=team, area=area, role=role):
                return self.move(rule, str(self.named(team)), area, role)
            case Stay():
                return _Voice(rule, "stay")
            case Close():
                return _Voice(rule, "close")
            case PeopleDecide(settled_by=settled_by):
                recorded = self.recorded(settled_by)
                if recorded is None or not self.in_time(rule, recorded):
                    return _Voice(rule, "people_decide", settled_by=settled_by)
                return self.decided(rule, recorded)

    def move(self, rule: Rule, team: str, area: Named | None, role: str | None) -> _Voice:
        """A move to a team: a stay where that team (and that area of it) holds the case already, a close where it is nobody."""
        if role is None and team == self.case.fact("current_team") and (area is None or self.named(area) == self.case.fact("current_team_area")):
            return _Voice(rule, "stay")
        if team == NOBODY:
            return _Voice(rule, "close")
        # An area that is not known stays open.
        where = self.case.facts.get(area.fact) if isinstance(area, FromFact) else area
        return _Voice(rule, "transfer", team, str(where) if where is not None else None, role)

    def named(self, named: Named) -> FactValue:
        return self.case.fact(named.fact) if isinstance(named, FromFact) else named

    def recorded(self, decision: str | None) -> Recorded | None:
        """The recorded decision, if it names an answer: a team, `stay` or `close`."""
        entry = self.decisions.get(decision) if decision else None
        return entry if entry and entry.decided in {*self.pack.teams, NOBODY, OTHER_AUTHORITY, "stay", "close"} else None

    def in_time(self, rule: Rule, recorded: Recorded) -> bool:
        assert isinstance(rule.effect, PeopleDecide)
        return rule.effect.valid is None or not _faults(self.moving(rule.deadline, rule.transfer_point), rule.effect.valid, recorded.on)

    def decided(self, rule: Rule, recorded: Recorded) -> _Voice:
        if recorded.decided in ("stay", "close"):
            return _Voice(rule, recorded.decided)
        return self.move(rule, recorded.decided, recorded.area, None)

    def moving(self, deadline: t.Timescale | None, point: t.Timescale | None) -> _Reader:
        """The case as items and duties of a move see it."""
        return replace(self.case, deadline=deadline, point=point, moves=True)

    # Agreement and conflict.

    def weigh(self, voices: list[_Voice]) -> _Ruling:
        """What the standing rules say together."""
        if not voices:
            return _Ruling("stay")
        pairs = list(combinations(voices, 2))
        clashes = [pair for pair in pairs if self.at_odds(*pair)]
        if self.left_to_people(clashes) is not None or not clashes:
            # Dates come last, and only where they can still matter.
            clashes += [pair for pair in pairs if pair not in clashes and self.dates_differ(*pair)]
        if not clashes:
            return self.together(voices)
        entry = self.left_to_people(clashes)
        if entry is None:
            return _Ruling("conflict", tuple(voices), agreed=False)
        recorded = self.recorded(entry.settled_by)
        if recorded is None:
            return _Ruling("people_decide", tuple(voices), agreed=False, settled_by=entry.settled_by)
        # The decision governs; dates are those of the rules that say the same, if these have no clash of their own.
        chosen = self.decided(voices[0].rule, recorded)
        chosen_by = [voice for voice in voices if (voice.outcome, voice.team) == (chosen.outcome, chosen.team)]
        if chosen_by and not any(voice in chosen_by and other in chosen_by for voice, other in clashes):
            return self.together(chosen_by)
        return _Ruling(chosen.outcome, settled=True, team=chosen.team, area=chosen.area)

    def at_odds(self, a: _Voice, b: _Voice) -> bool:
        """Whether two rules disagree about more than the date."""
        if (a.outcome, a.team, a.role) != (b.outcome, b.team, b.role):
            return True
        return a.outcome == "people_decide" and (a.settled_by is None or a.settled_by != b.settled_by)

    def dates_differ(self, a: _Voice, b: _Voice) -> bool:
        if a.outcome not in ("transfer", "close"):
            return False
        first, second = self.case.when(a.rule.deadline), self.case.when(b.rule.deadline)
        if "none" in (first.kind, second.kind):
            return False
        dates = [when.date_or_none() for when in (first, second)]
        return (first.kind, type(dates[0]), dates[0], first.not_before) != (second.kind, type(dates[1]), dates[1], second.not_before)

    def left_to_people(self, clashes: list[tuple[_Voice, _Voice]]) -> LeaveToPeople | None:
        """The entry that names both rules of every clash, if one does."""
        named = {voice.rule.id for pair in clashes for voice in pair}
        entries = sorted(self.pack.leave_to_people, key=lambda entry: sorted(entry.rules))
        return next((entry for entry in entries if clashes and named <= entry.rules), None)

    def together(self, voices: list[_Voice]) -> _Ruling:
        """What rules that agree say; where one of them has a date, its deadline and its transfer point are the ones shown."""
        first = voices[0]
        if first.outcome not in ("transfer", "close"):
            return _Ruling(first.outcome, tuple(voices), settled_by=first.settled_by)
        timed = [voice.rule for voice in voices if self.timed(voice.rule)]
        dated = [rule for rule in timed if self.dated(rule)]
        pointed = [rule for rule in (dated or [voice.rule for voice in voices]) if rule.transfer_point is not None]
        areas = {voice.area for voice in voices} - {None}
        return _Ruling(
            first.outcome,
            tuple(voices),
            team=first.team,
            area=areas.pop() if len(areas) == 1 else None,
            role=first.role,
            deadline=timed[0].deadline if timed else None,
            point=pointed[0].transfer_point if pointed else None,
        )

    def timed(self, rule: Rule) -> bool:
        return self.case.when(rule.deadline).kind != "none"

    def dated(self, rule: Rule) -> bool:
        return self.case.when(rule.deadline).date_or_none() is not None

    # The verdict.

    def bare_verdict(self, ruling: _Ruling) -> Verdict:
        """Outcome, team and deadline."""
        if ruling.outcome == "stay":
            return Verdict("stay", not_before=self.held_until(ruling), silent=not ruling.voices and not ruling.settled)
        deadline = self.case.when(ruling.deadline)
        value = deadline.date_or_none()
        return Verdict(
            ruling.outcome,
            team=ruling.team,
            area=ruling.area,
            role=ruling.role,
            deadline_state=deadline.state,
            deadline=value,
            not_before=deadline.not_before,
            overdue=value is not None and _past(self.case.as_of, value),
        )

    def answer(self, ruling: _Ruling, required: frozenset[str]) -> Answer:
        """What certainty is about."""
        return replace(self.bare_verdict(ruling).answer, required=required, settled_by=ruling.settled_by)

    def verdict(self) -> Verdict:
        ruling = self.ruling()
        case = self.case_of(ruling)
        work = _Work(self.pack, case, self.checklist)
        required = self.required(ruling)
        verdict = replace(
            self.bare_verdict(ruling),
            transfer_point=self.transfer_point(ruling),
            required=required,
            outstanding=frozenset((item, why) for item in required if (why := work.standing(item).why) is not None),
            duties=frozenset((duty.id, work.status(duty)) for duty in self.duties_now(ruling)),
            because=frozenset(voice.rule.id for voice in ruling.voices),
        )
        if ruling.outcome == "conflict" or (ruling.outcome == "people_decide" and not ruling.agreed):
            verdict = replace(verdict, candidates=frozenset((voice.outcome, voice.team) for voice in ruling.voices))
        elif ruling.outcome == "people_decide":
            verdict = replace(verdict, candidates=frozenset(self.between(ruling)), by=self.decide_by(ruling))
        return replace(verdict, settled_by=ruling.settled_by)

    def held_until(self, ruling: _Ruling) -> DayOrMoment | None:
        """The latest date until which a hold is known to stand."""
        ends = [self.case.when(voice.rule.effect.until) for voice in ruling.voices if isinstance(voice.rule.effect, Stay)]
        return max((known for end in ends if (known := end.value or end.not_before) is not None), key=_in_list, default=None)

    def transfer_point(self, ruling: _Ruling) -> tuple[DayOrMoment | None, str] | None:
        if ruling.point is None:
            return None
        try:
            point = self.case.when(ruling.point)
        except NotKnown:
            return None, "unknown"
        match point.kind:
            case "dated":
                assert point.value is not None
                return point.value, "planned" if _past(point.value, self.case.as_of) else "happened"
            case "awaiting":
                return None, "awaited"
            case "happened" | "at_once":
                return None, "happened"
            case "past_horizon":
                return None, "planned"
            case _:
                return None

    def between(self, ruling: _Ruling) -> Iterator[tuple[str, str | None]]:
        """What people may decide, each as an outcome and its team."""
        for voice in ruling.voices:
            assert isinstance(voice.rule.effect, PeopleDecide)
            for named in voice.rule.effect.between:
                choice = self.named(named)
                if choice in ("stay", "close"):
                    yield str(choice), None
                else:
                    move = self.move(voice.rule, str(choice), None, None)
                    yield move.outcome, move.team

    def decide_by(self, ruling: _Ruling) -> DayOrMoment | None:
        """The soonest of the dates by which the rules want the question decided."""
        dates = []
        for voice in ruling.voices:
            assert isinstance(voice.rule.effect, PeopleDecide)
            by = self.moving(voice.rule.deadline, voice.rule.transfer_point).when(voice.rule.effect.by)
            if by.kind == "at_once":
                # Earlier than every date, and none itself.
                return None
            dates.append(by.date_or_none())
        return min((day for day in dates if day is not None), key=_in_list, default=None)

    # Items and duties that belong to the answer.

    def required(self, ruling: _Ruling) -> frozenset[str]:
        """The items required now. In a clash, those that each of the clashing answers would require."""
        required = self.listed(ruling.outcome, ruling.team, self.rules_that_decided(ruling), self.case_of(ruling))
        if ruling.outcome == "conflict":
            each = [self.listed(voice.outcome, voice.team, {voice.rule.id}, self.case) for voice in ruling.voices]
            required |= frozenset.intersection(*each)
        return required

    def listed(self, outcome: str, team: str | None, rules: set[str], case: _Reader) -> frozenset[str]:
        """The items of the checklists that belong to an answer. A stay has none."""
        if outcome == "stay":
            return frozenset()
        return frozenset(item.id for item in self.pack.items.values() if not item.off and self.asked_for(item, outcome, team, rules, case))

    def asked_for(self, item: Item, outcome: str, team: str | None, rules: set[str], case: _Reader) -> bool:
        """Whether a checklist that holds the item belongs to the answer, and the item itself to the case."""
        holding = [checklist for checklist in self.pack.checklists if item.id in checklist.items]
        return _every(
            [
                lambda: _some(partial(self.applies, checklist, outcome, team, rules, case) for checklist in holding),
                lambda: case.true(item.when),
            ]
        )

    def duties_now(self, ruling: _Ruling) -> list[DutySpec]:
        """The duties that belong to the answer, without those that another one of them overrides."""
        rules, case = self.rules_that_decided(ruling), self.case_of(ruling)

        def applies(duty: DutySpec) -> bool:
            return _every([lambda: self.applies(duty, ruling.outcome, ruling.team, rules, case), lambda: case.true(duty.when)])

        applying = [duty for duty in self.pack.duties if not duty.off and applies(duty)]
        overridden = {name for duty in applying for name in duty.overrides}
        return [duty for duty in applying if duty.id not in overridden]

    def rules_that_decided(self, ruling: _Ruling) -> set[str]:
        """Rules that clash have decided nothing."""
        return {voice.rule.id for voice in ruling.voices} if ruling.agreed else set()

    def case_of(self, ruling: _Ruling) -> _Reader:
        """The case with the dates of its move; where nothing moves there are none."""
        return self.moving(ruling.deadline, ruling.point) if ruling.outcome in ("transfer", "close") else self.case

    def applies(self, owner: Checklist | DutySpec, outcome: str, team: str | None, rules: set[str], case: _Reader) -> bool:
        """Whether a checklist or a duty belongs to the answer. A checklist belongs to a transfer or a close unless it names other outcomes."""
        default = ("transfer", "close") if isinstance(owner, Checklist) else None
        receiver = NOBODY if outcome == "close" else team

        def belongs(to: Applies) -> bool:
            outcomes = to.outcomes if to.outcomes is not None else default
            return _every(
                [
                    lambda: outcomes is None or outcome in outcomes,
                    lambda: to.rules is None or bool(to.rules & rules),
                    lambda: (to.to_teams.ids is None and not to.to_teams.but) or (receiver is not None and _among(receiver, to.to_teams)),
                    lambda: self.holds_current(to.from_teams),
                    lambda: case.true(to.when),
                ]
            )

        if not owner.applies:
            return default is None or outcome in default
        return _some(partial(belongs, to) for to in owner.applies)


def _among(team: str, teams: Teams) -> bool:
    return team not in teams.but and (teams.ids is None or team in teams.ids)


# --- work: items and duties


@dataclass(frozen=True, slots=True)
class _Standing:
    """How one item or duty stands: why it is outstanding, if it is; the day it was done; and whether it is really done, not just not needed."""

    why: str | None
    day: date | None = None
    done: bool = False


_GRAVEST_FIRST: Final = ("out_of_order", "stale", "cannot_tell")


def _faults(case: _Reader, valid: Valid, day: date | None) -> set[str]:
    """What is wrong with the day on which work was done: too early is stale, too late is out of order."""
    faults = set()
    earliest, end = case.when(valid.on_or_after), case.when(valid.before)
    if earliest.kind == "awaiting":
        faults.add("out_of_order")
    elif (value := earliest.date_or_none()) is not None:
        if day is None:
            faults.add("cannot_tell")
        elif day < _day(value):
            faults.add("stale")
    if (value := end.date_or_none()) is not None:
        if day is None:
            faults.add("cannot_tell")
        elif day >= _day(value):
            faults.add("out_of_order")
    return faults


class _Work:
    """The progress of one case."""

    def __init__(self, pack: Pack, case: _Reader, checklist: Mapping[str, Progress]):
        self.items = {item.id: item for item in pack.items.values() if not item.off}
        self.duties = {duty.id: duty for duty in pack.duties if not duty.off}
        self.case = case
        self.checklist = checklist

    def progress(self, work: Item | DutySpec) -> tuple[str, date | None]:
        """`done`, `not_done`, `not_needed` or `not_recorded`, and the day. A fact that says whether it is done wins over the record."""
        record = self.checklist.get(work.id, Progress())
        state, day = record.state or "not_recorded", record.done_on
        if day is not None and day > self.case.today:
            state, day = "not_done", None
        try:
            done = None if work.done_when is None else self.case.true(work.done_when)
        except NotKnown:
            done = None
        if done:
            return "done", day
        if done is False and state != "not_needed":
            return "not_done", None
        return state, day

    def standing(self, name: str) -> _Standing:
        work = self.items.get(name) or self.duties.get(name)
        if work is None:
            return _Standing("not_recorded")
        state, day = self.progress(work)
        why = self.fault(work, state, day)
        if why is None:
            return _Standing(None, day, done=True)
        if isinstance(work, Item):
            others = [other for other in map(self.standing, work.satisfied_by) if other.why is None and other.done]
            if others:
                return _Standing(None, min((other.day for other in others if other.day is not None), default=None), done=True)
        if why == "not_needed":
            return _Standing(None)
        excused = isinstance(work, Item) and work.excusable is not None and self.checklist.get(name, Progress()).excused
        return _Standing("excused" if excused else why, day)

    def fault(self, work: Item | DutySpec, state: str, day: date | None) -> str | None:
        """Why work does not count, the gravest reason first; None when it does."""
        if state != "done":
            return state
        if isinstance(work, DutySpec):
            return None
        faults = _faults(self.case, work.valid, day) if work.valid else set()
        if any(self.unready(self.items[name], day) for name in work.needs if name in self.items):
            faults.add("out_of_order")
        if work.fresh_for is not None:
            faults.add(self.freshness(day, work.fresh_for.amount, work.fresh_for.unit))
        return next((fault for fault in _GRAVEST_FIRST if fault in faults), None)

    def unready(self, needed: Item, day: date | None) -> bool:
        """Whether an item that must come first did not."""
        if not self.case.true(needed.when):
            return False
        first = self.standing(needed.id)
        if first.why not in (None, "excused"):
            return True
        return first.day is not None and day is not None and first.day > day

    def freshness(self, day: date | None, amount: int, unit: str) -> str:
        """Whether work done on a day is recent enough on `as_of` and at the handover; `fresh` when it is."""
        reach = self.case.step(day, amount, unit).value if day is not None else None
        if reach is None:
            return "cannot_tell"
        if _day(reach) < self.case.today:
            return "stale"
        handover = self.case.when(t.MoveDay("handover")).date_or_none()
        if handover is None:
            return "cannot_tell"
        return "stale" if _day(reach) < _day(handover) else "fresh"

    def status(self, duty: DutySpec) -> str:
        state, _ = self.progress(duty)
        if state in ("done", "not_needed"):
            return state
        due = self.case.when(duty.due)
        value = due.date_or_none()
        if value is not None:
            return "overdue" if _past(self.case.as_of, value) else "due"
        return "awaiting" if due.kind == "awaiting" else "now"


# --- filling in unknown facts


def ways(
    pack: Pack,
    snapshot: CaseSnapshot,
    unknown: Sequence[str],
    *,
    days: Mapping[str, Sequence[date]] | None = None,
    possible: Callable[[CaseSnapshot], bool] = lambda _: True,
) -> Iterator[CaseSnapshot]:
    """Yield the snapshot with the named facts filled in, in every way that can make a difference.

    Args:
        unknown: facts that are unknown, or events recorded `happened`, which are given days on or before `as_of`.
        days: for each dated fact the days to try besides `not_yet`. Left out: each day from 40 before the first date of the snapshot to 40 after
            its last, `as_of` among them.
        possible: leaves out what is impossible by definition.

    Raises:
        ValueError: a named fact is known already, is no fact of the pack, or has no value to take.
    """
    kinds = {**STANDARD_FACTS, **pack.local_facts}
    stated = _stated(pack, snapshot)
    choices: list[list[FactValue]] = []
    for name in unknown:
        known = name in stated and not (kinds[name].kind == "event" and stated[name] == HAPPENED)
        if name not in kinds or known:
            raise ValueError(f"`{name}` is no unknown fact of this pack")
        choices.append(_values(kinds[name], pack, snapshot, stated, (days or {}).get(name)))
        if not choices[-1]:
            raise ValueError(f"`{name}` has no value to take")
    for values in product(*choices):
        given = dict(zip(unknown, values, strict=True))
        local = {name: value for name, value in given.items() if name not in STANDARD_FACTS}
        standard: dict[str, Any] = {name: value for name, value in given.items() if name in STANDARD_FACTS}
        way = replace(snapshot, **standard, local_facts={**snapshot.local_facts, **local})
        if possible(way):
            yield way


def _values(fact: Fact, pack: Pack, snapshot: CaseSnapshot, stated: Mapping[str, FactValue], days: Sequence[date] | None) -> list[FactValue]:
    """Every value that one fact may take, as far as it can make a difference."""
    match fact.kind:
        case "yes_no":
            return [False, True]
        case "choice":
            return list(fact.options)
        case "choices":
            return list(dict.fromkeys([frozenset(), *(frozenset({option}) for option in fact.options), frozenset(fact.options)]))
        case "count":
            near = {number + step for number in _compared_with(fact.name, _nodes(pack, set()), stated) for step in (-1, 0, 1)}
            return [0, *sorted(number for number in near if number > 0)]
        case "team":
            return list(dict.fromkeys([*pack.teams, NOBODY, OTHER_AUTHORITY]))
        case "area":
            return list(dict.fromkeys(area for team in pack.teams.values() for area in team.areas))
        case _:
            today = _day(snapshot.as_of)
            chosen = list(days) if days is not None else _around(today, pack, stated)
            if stated.get(fact.name) == HAPPENED:
                return [day for day in chosen if _day(day) <= today]
            return [NOT_YET, *chosen]


def _around(today: date, pack: Pack, stated: Mapping[str, FactValue]) -> list[date]:
    """Each day from 40 before the first date in play to 40 after the last."""
    kinds = {**STANDARD_FACTS, **pack.local_facts}
    known = [today, *(_day(value) for name, value in stated.items() if kinds[name].kind in DATED_KINDS and isinstance(value, date))]
    first, last = min(known) - 40 * _ONE_DAY, max(known) + 40 * _ONE_DAY
    return [first + step * _ONE_DAY for step in range((last - first).days + 1)]


def _compared_with(name: str, nodes: Iterable[object], stated: Mapping[str, FactValue]) -> set[int]:
    """Every number with which the conditions among a pack's nodes compare a count, another count's known value included."""
    found: list[object] = []
    for node in nodes:
        match node:
            case c.Amount(fact=fact, limit=limit) if fact == name:
                found.append(limit)
            case c.Is(fact=fact, value=c.FactRef(fact=other)) if name in (fact, other):
                found.append(stated.get(other if fact == name else fact))
            case c.Is(fact=fact, value=value) if fact == name:
                found.append(value)
    return {number for number in found if isinstance(number, int) and not isinstance(number, bool)}


def _nodes(part: object, seen: set[int]) -> Iterator[object]:
    """Every dataclass inside a pack, each once; not the packs under its rival readings."""
    if id(part) in seen or isinstance(part, str):
        return
    seen.add(id(part))
    if is_dataclass(part) and not isinstance(part, type):
        yield part
        inside: Iterable[object] = [getattr(part, one.name) for one in fields(part) if one.name != "readings"]
    elif isinstance(part, Mapping):
        inside = part.values()
    elif isinstance(part, tuple | frozenset):
        inside = part
    else:
        return
    for one in inside:
        yield from _nodes(one, seen)

"""The days at which comparisons between dates turn, where one or both of the dates are unknown.

A date that is compared with a known day, straight or counted from, has the last day before the turn and the first day after it. Dates that are
compared with each other hand their days on. Which turns matter depends on the comparison: "before" turns where one date reaches the other, "on or
before" where it passes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from typing import Final, Literal, NamedTuple, TypeAlias

from .case import BoundCase
from .conditions import Age, Compare, Happened, Node, Timed, Within
from .dates import DayOrMoment, birthday, london_date
from .errors import CalendarRangeError
from .policy import Policy
from .timescales import AsOf, Birthday, Count, FactDay

_ONE_DAY: Final = timedelta(days=1)
# A date that other unknown dates are compared with has the days at which those turn, and so on along every path of comparisons. Past these numbers
# the days are no longer all there, and what rests on them is not called exact.
_DEEPEST: Final = 4
_NEAR: Final = 400
_MOST_DAYS: Final = 300
_EVEN: Final = ("days", "weeks", "hours")


@dataclass(frozen=True, slots=True)
class Chain:
    """Counts, one after another, from a fact or from a day. Whatever a timescale gives, one of its chains gives."""

    base: str | DayOrMoment
    steps: tuple[Count | Birthday, ...] = ()

    def value(self, start: DayOrMoment, case: BoundCase) -> DayOrMoment | None:
        """Return where the counts lead from `start`; None where they leave the calendar."""
        try:
            for step in self.steps:
                start = birthday(london_date(start), step.age) if isinstance(step, Birthday) else step.count(start, case)
        except CalendarRangeError:
            return None
        return start


Turn: TypeAlias = Literal["reaches", "passes", "either"]
"""Where a comparison turns: where the first date reaches the second, where it passes it, or at either."""

_TURNS: Final[Mapping[str, Turn]] = {"before": "reaches", "on_or_before": "passes", "after": "passes", "on_or_after": "reaches"}


class Comparison(NamedTuple):
    """Two dates that are compared, and where that turns: where `one` reaches the other date, where it passes it, or both."""

    one: Chain
    other: Chain
    reaches: bool = True
    passes: bool = True

    def turned(self) -> Comparison:
        """Return the same comparison from the other side: one date reaches the other where that one no longer passes it."""
        return Comparison(self.other, self.one, self.passes, self.reaches)


def compared_dates(node: Node) -> Iterator[tuple[Timed, Timed, Turn]]:
    """Yield the dates that a condition compares with each other, and where that turns."""
    match node:
        case Compare(left=left, operator=operator, right=right):
            yield left, right, _TURNS[operator]
        case Happened(fact=fact):
            yield FactDay(fact), AsOf(), "passes"
        case Age(age=age, on=on):
            yield on, Birthday(age), "reaches"
        case Within(left=left, trigger=trigger, limit=limit, back=back):
            first, last = (limit, trigger) if back else (trigger, limit)
            yield left, first, "reaches"
            yield left, last, "passes"
        case _:
            pass


class Turns:
    """The days of some dates, given what each of them is compared with."""

    def __init__(self, policy: Policy, case: BoundCase, spans: Mapping[str, tuple[date, date]], *, deepest: int = _DEEPEST):
        """`spans`: for each date the first and the last day that it can have; `deepest`: how long a path of comparisons may be."""
        self.policy = policy
        self.case = case
        self.spans = spans
        self.deepest = deepest
        self.inexact: set[str] = set()

    def days(self, compared: Collection[Comparison], ends: Mapping[str, Iterable[date]], *, there_and_back: bool) -> dict[str, set[DayOrMoment]]:
        """Return the days of each date at which a comparison turns, both the last before and the first after.

        `ends` are days of each date to begin with; a date without any is the same in whatever is compared, so it hands no days on. `there_and_back`:
        the days that one date hands on to another come back to it. `inexact` names the dates whose days do not stand for all.
        """
        spans = self.spans
        days: dict[str, set[DayOrMoment]] = {name: set(ends.get(name, ())) for name in spans}
        related: list[Comparison] = []
        chains: set[Chain] = set()
        for comparison in compared:
            chains |= {comparison.one, comparison.other}
            for side in (comparison, comparison.turned()):
                one, other = side.one, side.other
                if not isinstance(one.base, str):
                    continue
                if one.base == other.base:
                    own = self._own_turns(one, other, spans[one.base])
                    days[one.base] |= own
                    # Such turns come every few weeks, as far as the calendar reaches; those near the day asked about do not stand for all.
                    self.inexact |= {one.base} if own and not self._is_near(spans[one.base]) else set()
                elif isinstance(other.base, str):
                    related.extend([side] if other.base in ends else [])
                elif (limit := other.value(other.base, self.case)) is not None:
                    days[one.base] |= self._turns(side, london_date(limit), spans[one.base])
        for one in chains:
            if isinstance(one.base, str):
                days[one.base] |= self._ends(one, spans[one.base])
        self._relate(days, related, there_and_back)
        for name in spans.keys() - ends.keys():
            days[name] |= self._through(name, compared)
        for name in spans:
            if name in self.policy.facts and self.policy.facts[name].kind == "moment":
                hours = [sum(map(_hours, one.steps)) for one in chains if one.base == name]
                days[name] |= self._moments(days[name], hours, spans[name])
        return days

    def distance(self, day: DayOrMoment) -> tuple[int, date, bool]:
        """Order days by how far they lie from the day asked about, so that the first that serves is the dullest."""
        return (abs((london_date(day) - self.case.today).days), london_date(day), isinstance(day, datetime))

    def _moments(self, days: set[DayOrMoment], hours: list[int], span: tuple[date, date]) -> set[DayOrMoment]:
        """Return moments besides days: where hours are counted a moment gives another end than its day; and `as_of` can cut a day in two."""
        found: set[DayOrMoment] = set()
        if any(hours):
            found |= {datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in days}
        if isinstance(self.case.as_of, datetime):
            cuts = [self.case.as_of - timedelta(hours=count) for count in {0, *hours}]
            found |= {cut + timedelta(minutes=after) for cut in cuts for after in (0, 1)}
        return {one for one in found if span[0] <= london_date(one) <= span[1]}

    def _own_turns(self, one: Chain, other: Chain, span: tuple[date, date]) -> set[DayOrMoment]:
        """Return the days within a year or so at which two counts from one and the same date change places."""
        found: set[DayOrMoment] = set()
        before: int | None = None
        for step in range(-_NEAR, _NEAR + 1):
            day = self.case.today + step * _ONE_DAY
            if not span[0] <= day <= span[1]:
                continue
            first, second = one.value(day, self.case), other.value(day, self.case)
            if first is None or second is None:
                continue
            order = (london_date(first) > london_date(second)) - (london_date(first) < london_date(second))
            if before is not None and order != before:
                found |= {day - _ONE_DAY, day}
            before = order
        return found

    def _through(self, name: str, compared: Iterable[Comparison]) -> set[DayOrMoment]:
        """Return the days of a date, the same throughout, at which another that is compared with it comes to fit between, or not to.

        More than two working days and no more than three days ago, or one working day ago to the day: that depends on the weekday. Where several
        dates hang together so, it is not worked out, and the days do not stand for all.
        """
        unknown = [(each.one, each.other) for each in compared if isinstance(each.one.base, str) and isinstance(each.other.base, str)]
        both = [(one, other) for pair in unknown for one, other in (pair, pair[::-1])]
        ways: dict[str, list[tuple[Chain, Chain]]] = {}
        for one, other in both:
            if one.base == name != other.base:
                ways.setdefault(str(other.base), []).append((one, other))
        groups = _groups([(str(one.base), str(other.base)) for one, other in both if name not in (one.base, other.base)])
        found: set[DayOrMoment] = set()
        for base, pairs in ways.items():
            group = groups.get(base, {base})
            within = [pair for pair in both if {one.base for one in pair} <= group]
            if _is_even(pairs) and _is_even(within):
                continue
            if len(group & ways.keys()) > 1 or not _is_even(within):
                self.inexact.add(name)
            else:
                found |= self._fitting(pairs, self.spans[base], self.spans[name])
        return found

    def _fitting(self, pairs: list[tuple[Chain, Chain]], inner: tuple[date, date], outer: tuple[date, date]) -> set[DayOrMoment]:
        """Return the days of the outer date at which the bounds that pairs of chains set to the inner one change places."""

        def bounds(day: date) -> list[date]:
            found = []
            for one, other in pairs:
                if (limit := one.value(day, self.case)) is not None:
                    found += [first(other, london_date(limit)), first(other, london_date(limit) + _ONE_DAY)]
            return found

        @cache
        def first(chain: Chain, target: date) -> date:
            return _first(partial(self._reaches, chain, target), inner)

        turns: set[DayOrMoment] = set()
        before: list[int] | None = None
        for number in range(outer[0].toordinal(), outer[1].toordinal() + 1):
            some = bounds(date.fromordinal(number))
            places = sorted(set(some))
            order = [places.index(one) for one in some]
            if before is not None and order != before:
                turns |= {date.fromordinal(number - 1), date.fromordinal(number)}
            before = order
        return turns

    def _is_near(self, span: tuple[date, date]) -> bool:
        return all(abs((end - self.case.today).days) <= _NEAR for end in span)

    def _relate(self, days: dict[str, set[DayOrMoment]], related: list[Comparison], there_and_back: bool) -> None:
        """Add the days at which comparisons between two unknown dates turn, given the days of the other."""
        fresh = {name: set(some) for name, some in days.items()}
        depth = _depth([(str(side.one.base), str(side.other.base)) for side in related], self.deepest + 1)
        many = depth > self.deepest
        # Two ways that differ in one date share the others, so their days come from either of its values: there and back.
        for _ in range(0 if many else 2 * depth if there_and_back else depth):
            added: dict[str, set[DayOrMoment]] = {}
            for side in related:
                base, other = side.one.base, side.other
                assert isinstance(base, str)
                assert isinstance(other.base, str)
                for day in fresh.get(other.base, ()):
                    if (limit := other.value(day, self.case)) is not None:
                        added.setdefault(base, set()).update(self._turns(side, london_date(limit), self.spans[base]) - days[base])
            fresh = added
            for name, some in added.items():
                days[name] |= some
        for name, some in days.items():
            if len(some) > _MOST_DAYS:
                self.inexact.add(name)
                days[name] = set(sorted(some, key=self.distance)[:_MOST_DAYS])
        if many:
            self.inexact.update(side.one.base for side in related if isinstance(side.one.base, str))

    def _turns(self, side: Comparison, limit: date, span: tuple[date, date]) -> set[DayOrMoment]:
        """Return the days about those from which a chain first reaches, or first passes, a day, as far as that matters."""
        found: set[DayOrMoment] = set()
        for target in (*((limit,) if side.reaches else ()), *((limit + _ONE_DAY,) if side.passes else ())):
            first = _first(partial(self._reaches, side.one, target), span)
            found |= {day for day in (first - _ONE_DAY, first) if span[0] <= day <= span[1]}
        return found

    def _reaches(self, one: Chain, target: date, day: date) -> bool:
        value = one.value(day, self.case)
        # A count leaves the calendar at the end that its start is nearer to.
        return (
            day > self.policy.calendar.first + (self.policy.calendar.last - self.policy.calendar.first) / 2
            if value is None
            else london_date(value) >= target
        )

    def _ends(self, one: Chain, span: tuple[date, date]) -> set[DayOrMoment]:
        """Return the days about those from which a count of working days leaves the calendar, or the years whose bank holidays are proclaimed."""
        if not any(isinstance(step, Count) and step.unit == "working_days" for step in one.steps):
            return set()
        calendar = self.policy.calendar
        found = self._turns(Comparison(one, Chain(calendar.proclaimed_to)), calendar.proclaimed_to, span)
        for turn in (
            _first(partial(self._reaches, one, date.min), span),
            _first(partial(self._reaches, one, date.max), span),
            calendar.proclaimed_to + _ONE_DAY,
        ):
            found |= {day for day in (turn - _ONE_DAY, turn) if span[0] <= day <= span[1]}
        return found


def _groups(related: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return for each date all those that hang together with it, straight or through others."""
    groups: dict[str, set[str]] = {}
    for one, other in related:
        whole = groups.get(one, {one}) | groups.get(other, {other})
        groups.update(dict.fromkeys(whole, whole))
    return groups


def _is_even(pairs: Iterable[tuple[Chain, Chain]]) -> bool:
    """Say whether the chains count days alone, so that what fits on one day fits on every other as well."""
    return all(isinstance(step, Count) and step.unit in _EVEN for pair in pairs for one in pair for step in one.steps)


def _hours(step: Count | Birthday) -> int:
    """Return the hours that a step counts, 0 where it counts days."""
    return 0 if isinstance(step, Birthday) or step.unit != "hours" else -step.amount if step.back else step.amount


def _depth(related: Iterable[tuple[str, str]], most: int) -> int:
    """Return how many steps lie between two dates that are compared with each other, straight or through others; no more than `most` are counted."""
    edges: dict[str, set[str]] = {}
    for one, other in related:
        edges.setdefault(one, set()).add(other)

    def walks(path: tuple[str, ...], steps: int) -> bool:
        return steps == 0 or any(walks((*path, name), steps - 1) for name in sorted(edges.get(path[-1], ())) if name not in path)

    return next((steps for steps in range(most, 0, -1) if any(walks((name,), steps) for name in sorted(edges))), 0)


def _first(holds: Callable[[date], bool], span: tuple[date, date]) -> date:
    """Return the first day of a span from which something holds, the day after the span where it never does. Once it holds, it holds for good."""
    low, high = span[0].toordinal(), span[1].toordinal() + 1
    while low < high:
        middle = (low + high) // 2
        if holds(date.fromordinal(middle)):
            high = middle
        else:
            low = middle + 1
    return date.fromordinal(low)

"""The judge before many ways of filling in unknown facts at once.

Two hidden dates make thousands of ways, too many to judge one by one, so the judge is asked about a *region*: some values of each hidden fact, in
every mixture. Where a part of the pack (one comparison, one deadline) says the same throughout the region, found by putting each value to the judge,
the judge goes on. Where it does not, the region is parted at one fact, its values sorted by what the part says of them: `Parted`, for the caller to
begin again with each piece. Being a kind of `NotKnown`, it is passed over where the rest settles the question. A fact that nothing asks for is never
parted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import product
from typing import Any, Final, TypeAlias, TypeVar

from ..checklists import Item, Teams
from ..conditions import All, AnyOf, Condition, Node, Not, Use
from ..facts import FactValue
from ..pack import PeopleDecide, Rule, Stay
from ..policy import Policy
from ..timescales import Conditional, FactDay, MoveDay, Timescale
from ..vocabulary import CaseSnapshot, Recorded
from . import reference
from .reference import AGREED, NotKnown, _Judge, _Reader, _Voice, _When

Region: TypeAlias = tuple[int, ...]
"""For each hidden fact some of its values, as the bits of a number."""
_T = TypeVar("_T")
_NOT_ASKED: Final = object()


class Parted(NotKnown):
    """A part of the pack does not say the same throughout the region: `pieces` part the values of the hidden fact at one place."""

    def __init__(self, fact: str, place: int, pieces: tuple[int, ...]):
        super().__init__(fact)
        self.place = place
        self.pieces = pieces


@lru_cache(maxsize=4096)
def places_of(bits: int) -> tuple[int, ...]:
    """Return the places of the bits of a number."""
    return tuple(place for place in range(bits.bit_length()) if bits >> place & 1)


# --- what the parts of a pack read


@dataclass(frozen=True, slots=True)
class _Layout:
    """What a tree reads: every fact; those it reads outside the conditions inside its timescales; these conditions; whether it counts from a move."""

    facts: frozenset[str] = frozenset()
    anchors: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()
    moves: bool = False

    def __or__(self, other: _Layout) -> _Layout:
        return _Layout(self.facts | other.facts, self.anchors | other.anchors, self.conditions + other.conditions, self.moves or other.moves)


_CURRENT_TEAM: Final = _Layout(frozenset({"current_team"}), frozenset({"current_team"}))


class Layouts:
    """What the trees of one policy read, worked out once for all its cases."""

    def __init__(self, policy: Policy):
        self.policy = policy
        lists = policy.pack.checklists
        self.applies = {item: [one for checklist in lists if item in checklist.items for one in checklist.applies] for item in policy.pack.items}
        # By identity, since hashing a tree takes longer than reading it. The tree is kept, so that its identity is never given to another.
        self._layouts: dict[int, tuple[Node, _Layout]] = {}

    def of(self, *trees: Node | None) -> _Layout:
        """Return what some trees read."""
        layout = _Layout()
        for tree in trees:
            if tree is not None:
                layout |= self._of(tree)
        return layout

    def _of(self, tree: Node) -> _Layout:
        kept = self._layouts.get(id(tree))
        if kept is None:
            reads = frozenset(tree.reads)
            found = _Layout(reads, reads, moves=isinstance(tree, MoveDay))
            for part in tree.parts:
                inner = self._of(part)
                if isinstance(tree, Conditional) and part is tree.when:
                    inner = replace(inner, anchors=frozenset(), conditions=(tree.when,))
                found |= inner
            kept = self._layouts[id(tree)] = (tree, found)
        return kept[1]


# --- one way and many


@dataclass(frozen=True, slots=True, kw_only=True)
class _OneWay(_Reader):
    """The judge's reader for one way at a time: its facts change from way to way. What timescales give is kept for ways that share what they read."""

    ways: ManyWays

    def when(self, timescale: Any) -> _When:
        if timescale is None or isinstance(timescale, FactDay):
            return _Reader.when(self, timescale)
        ways, facts = self.ways, self.facts
        key = ways.key(timescale, self)
        at = (key, *[facts.get(name) for name in ways.plan(key, self, (timescale,)).names])
        found = ways.given.get(at)
        if found is None:
            found = ways.given[at] = _Reader.when(self, timescale)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Many(_Reader):
    """The judge's reader for a whole region: parts that hang on hidden facts speak only where they say one thing throughout."""

    ways: ManyWays

    def fact(self, name: str) -> FactValue:
        place = self.ways.place.get(name)
        return _Reader.fact(self, name) if place is None else self.ways.single(place)

    def true(self, condition: Condition) -> bool:
        ways, key = self.ways, self.ways.key(condition, self)
        if not ways.plan(key, self, (condition,)).places:
            return ways.keep(key, self, (condition,), lambda: ways.single_reader(self).true(condition))
        if isinstance(condition, All | AnyOf | Not | Use):
            return ways.keep(key, self, (condition,), lambda: _Reader.true(self, condition))
        return ways.throughout(key, self, (condition,), lambda: ways.single_reader(self).true(condition))

    def when(self, timescale: Any) -> _When:
        if timescale is None:
            return _Reader.when(self, timescale)
        return self.ways.throughout(self.ways.key(timescale, self), self, (timescale,), lambda: self.ways.single_reader(self).when(timescale))


class JudgeOfMany(_Judge):
    """The judge before a region. What hangs on facts in one place is asked as one part, so that dates are parted no more finely than they matter."""

    case: _Many

    def __init__(self, ways: ManyWays, one: _Judge):
        self.pack, self.decisions, self.checklist = one.pack, one.decisions, one.checklist
        self.ways, self.one = ways, one
        case = one.case
        self.case = _Many(case.as_of, case.facts, case.decisions, case.calendar, case.closures, ways=ways)
        self.narrow(one)

    def narrow(self, judge: _Judge) -> None:
        """Leave out the rules that match in no way of the region, as a judge sees them: they have no say in any piece of it either."""
        rules = tuple(rule for rule in self.pack.rules if not rule.off and _may_match(judge, rule))
        if len(rules) < len(self.pack.rules):
            self.pack = replace(self.pack, rules=rules)

    def standing(self) -> list[Rule]:
        self.narrow(self)
        return _Judge.standing(self)

    def matches(self, rule: Rule) -> bool:
        until = rule.effect.until if isinstance(rule.effect, Stay) else None
        return self.ways.keep(("rule", rule.id), self.case, (rule.when, until), lambda: _Judge.matches(self, rule), rule.from_teams)

    def holds_current(self, teams: Teams) -> bool:
        return self.ways.throughout(("from", id(teams)), self.case, (), lambda: self.one.holds_current(teams), teams)

    def still_held(self, until: Timescale) -> bool:
        return self.ways.throughout(("held", id(until)), self.case, (until,), lambda: self.one.still_held(until))

    def in_time(self, rule: Rule, recorded: Recorded) -> bool:
        assert isinstance(rule.effect, PeopleDecide)
        bounds = (rule.effect.valid.on_or_after, rule.effect.valid.before) if rule.effect.valid else ()
        trees = (*bounds, rule.deadline, rule.transfer_point, AGREED)
        return self.ways.throughout(("in time", rule.id), self.case, trees, lambda: self.one.in_time(rule, recorded))

    def dates_differ(self, a: _Voice, b: _Voice) -> bool:
        key, trees = ("dates", a.rule.id, b.rule.id, a.outcome), (a.rule.deadline, b.rule.deadline)
        return self.ways.throughout(key, self.case, trees, lambda: self.one.dates_differ(a, b))

    def timed(self, rule: Rule) -> bool:
        return self.ways.throughout(("timed", rule.id), self.case, (rule.deadline,), lambda: self.one.timed(rule))

    def dated(self, rule: Rule) -> bool:
        return self.ways.throughout(("dated", rule.id), self.case, (rule.deadline,), lambda: self.one.dated(rule))

    def listed(self, outcome: str, team: str | None, rules: set[str], case: Any) -> frozenset[str]:
        key = ("listed", outcome, team, frozenset(rules), id(case.deadline), id(case.point))
        applies = [one for lists in self.ways.layouts.applies.values() for one in lists]
        trees = (*(item.when for item in self.pack.items.values()), *(one.when for one in applies))
        return self.ways.keep(key, case, trees, lambda: _Judge.listed(self, outcome, team, rules, case), *(one.from_teams for one in applies))

    def asked_for(self, item: Item, outcome: str, team: str | None, rules: set[str], case: Any) -> bool:
        applies = self.ways.layouts.applies[item.id]
        key = ("item", item.id, outcome, team, frozenset(rules), id(case.deadline), id(case.point))
        trees = (item.when, *(one.when for one in applies))
        asked = partial(_Judge.asked_for, self, item, outcome, team, rules, case)
        return self.ways.keep(key, case, trees, asked, *(one.from_teams for one in applies))


def _may_match(judge: _Judge, rule: Rule) -> bool:
    try:
        return judge.matches(rule)
    except NotKnown:
        return True


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a part is asked: the hidden facts it reads and their places, the places of those on which it hangs beside its conditions, and these."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    axes: tuple[int, ...]
    conditions: tuple[Condition, ...]


class ManyWays:
    """All ways of filling in one case, or those of a region of it.

    Args:
        hidden: facts that are unknown in the snapshot, or events that have happened on a day that is not known.
        values: for each of them the values to try.
    """

    def __init__(self, layouts: Layouts, snapshot: CaseSnapshot, hidden: tuple[str, ...], values: Sequence[Sequence[FactValue]]):
        pack, known = layouts.policy.pack, reference._closed(layouts.policy.pack, snapshot)
        self.layouts, self.hidden, self.values = layouts, hidden, values
        self.place = {name: place for place, name in enumerate(hidden)}
        self.region: Region = tuple((1 << len(some)) - 1 for some in values)
        self.facts = {name: value for name, value in known.items() if name not in self.place}
        self.given: dict[Hashable, _When] = {}
        self._kept: dict[Hashable, Any] = {}
        self._said: dict[Hashable, dict[tuple[int, ...], Any]] = {}
        self._plans: dict[Hashable, _Plan] = {}
        self._unknown: dict[str, NotKnown] = {}
        self.one = _Judge(pack, layouts.policy.calendar, snapshot)
        case = self.one.case
        self.one.case = _OneWay(case.as_of, self.facts, case.decisions, case.calendar, case.closures, ways=self)
        self.judge = JudgeOfMany(self, self.one)

    def key(self, tree: Node, reader: _Reader) -> Hashable:
        """Return what stands for a tree; one that counts from a move is another tree in every move."""
        return (id(tree), id(reader.deadline), id(reader.point)) if reader.moves and self.layouts.of(tree).moves else id(tree)

    def plan(self, key: Hashable, reader: _Reader, trees: Iterable[Node | None], teams: Iterable[Teams] = ()) -> _Plan:
        """Return how the part that a key stands for is asked; `trees` and `teams` are all that it reads."""
        plan = self._plans.get(key)
        if plan is None:
            layout = self.layouts.of(*trees)
            if layout.moves and reader.moves:
                layout |= self.layouts.of(reader.deadline, reader.point, AGREED)
            if any(one.ids is not None or one.but for one in teams):
                layout |= _CURRENT_TEAM
            places = tuple(place for place, name in enumerate(self.hidden) if name in layout.facts)
            # The longest last, so that it is parted only where the others leave it in doubt.
            axes = sorted((place for place in places if self.hidden[place] in layout.anchors), key=lambda place: len(self.values[place]))
            plan = self._plans[key] = _Plan(tuple(self.hidden[place] for place in places), places, tuple(axes), layout.conditions)
        return plan

    def keep(self, key: Hashable, reader: _Many, trees: Iterable[Node | None], ask: Callable[[], _T], *teams: Teams) -> _T:
        """Return (or raise) what `ask` says of the region, asking once for all regions that are alike in what the trees and teams read."""
        region = self.region
        plan = self._plans.get(key) or self.plan(key, reader, trees, teams)
        at = (key, *[region[place] for place in plan.places])
        kept: Any = self._kept.get(at)
        if kept is None:
            try:
                kept = (ask(), None)
            except NotKnown as unknown:
                kept = (None, unknown)
            self._kept[at] = kept
        said, error = kept
        if error is not None:
            raise error.with_traceback(None)
        answer: _T = said
        return answer

    def throughout(self, key: Hashable, reader: _Many, trees: Iterable[Node | None], ask: Callable[[], _T], *teams: Teams) -> _T:
        """Return what `ask` says of each way of the region, put to the judge one by one; where it does not say one thing, part the region."""
        return self.keep(key, reader, trees, lambda: self._throughout(key, reader, ask), *teams)

    def _throughout(self, key: Hashable, reader: _Many, ask: Callable[[], _T]) -> _T:
        axes, _, said = self.each(key, reader, ask)
        answers: list[Any] = list(said.values())
        for axis in axes:
            pieces: dict[Any, int] = {}
            choices = places_of(self.region[axis])
            width = len(answers) // len(choices)
            for number, value in enumerate(choices):
                row = answers[number] if width == 1 else tuple(answers[number * width : (number + 1) * width])
                pieces[row] = pieces.get(row, 0) | 1 << value
            if len(pieces) > 1:
                raise Parted(self.hidden[axis], axis, tuple(pieces.values()))
            answers = answers[:width]
        answer: _T = answers[0]
        if isinstance(answer, NotKnown):
            raise answer
        return answer

    def each(self, key: Hashable, reader: _Many, ask: Callable[[], _T]) -> tuple[tuple[int, ...], list[bool], dict[tuple[int, ...], _T]]:
        """Return what `ask` says for each mixture of the values on which it hangs; NotKnown where it needs a fact that is not hidden.

        The conditions inside timescales are settled first, so that the facts they alone read stay out of the mixture. Returns the places of the facts
        that are mixed, the truths of these conditions, and what was said.
        """
        plan = self._plans[key]
        axes = plan.axes
        truths: list[bool] = []
        try:
            truths.extend(reader.true(condition) for condition in plan.conditions)
        except Parted:
            raise
        except NotKnown:
            # A condition that may never be reached: then every fact counts.
            axes = plan.places
        said = self._said.setdefault((key, axes, *truths), {})
        facts, hidden, values = self.facts, self.hidden, self.values
        answers: dict[tuple[int, ...], Any] = {}
        try:
            for place in plan.places:
                facts[hidden[place]] = values[place][places_of(self.region[place])[0]]
            for mixture in product(*[places_of(self.region[place]) for place in axes]):
                answer = said.get(mixture, _NOT_ASKED)
                if answer is _NOT_ASKED:
                    for place, value in zip(axes, mixture, strict=True):
                        facts[hidden[place]] = values[place][value]
                    try:
                        answer = ask()
                    except NotKnown as unknown:
                        if unknown.fact in self.place:
                            raise RuntimeError(f"`{unknown.fact}` is read where its tree does not say so") from None
                        answer = self._unknown.setdefault(unknown.fact, unknown)
                    said[mixture] = answer
                answers[mixture] = answer
        finally:
            for place in plan.places:
                facts.pop(hidden[place], None)
        return axes, truths, answers

    def single(self, place: int) -> FactValue:
        """Return the value of a hidden fact, where the region leaves it but one."""
        values = places_of(self.region[place])
        if len(values) > 1:
            raise Parted(self.hidden[place], place, tuple(1 << value for value in values))
        return self.values[place][values[0]]

    def single_reader(self, reader: _Many) -> _Reader:
        """Return the reader of one way, on the same move."""
        return self.one.moving(reader.deadline, reader.point) if reader.moves else self.one.case

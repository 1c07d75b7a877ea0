"""The ways of filling in unknown facts: which answers they give, which facts make a difference, and by which two ways that is shown.

Kleene's logic looks first, at what is known and then at every part of a way; where it settles the answer, nothing under it need be tried. What it
leaves open is filled in with the values at which the answer can change (`regions`). The work is bounded by counted looks, never by a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple, TypeAlias

from .answers import Hearing
from .case import BoundCase
from .checklists import Outcome
from .dates import DayOrMoment
from .decision import DeadlineState
from .facts import DATED_KINDS, FactValue
from .impossible import ABOUT
from .policy import Policy
from .regions import Regions, regions
from .requirements import Requirements, requirements
from .ruling import Ruling, rule_on, state_of

Way: TypeAlias = Mapping[str, FactValue]
"""Unknown facts filled in, by name; a fact that is left out may have any value."""

LOOKS: Final = 20_000
"""The looks that all questions about one case may take together; past them what is not proven is not claimed."""
LOOKS_EACH: Final = 1_500
"""The looks that one fact may take, so that one hard fact does not leave the others unproven."""
LOOKS_LISTING: Final = 2_000
"""The looks that listing every answer may take."""
FEW: Final = 10
"""With more facts open than these, a tenth of the looks is allowed."""


class Answer(NamedTuple):
    """What certainty is about. For `people_decide` that is also what is `asked`: the decision that people are to record.

    Moments are equal when they are the same moment.
    """

    outcome: Outcome
    team: str | None
    role: str | None
    asked: str | None
    state: DeadlineState
    deadline: DayOrMoment | None
    not_before: DayOrMoment | None
    required: frozenset[str]


Aspect: TypeAlias = Callable[[Answer], object]
"""The part of an answer that a question is about."""


def whole(answer: Answer) -> object:
    """Everything that certainty is about."""
    return answer


def who(answer: Answer) -> object:
    """Outcome, team and role, and what people are asked."""
    return answer[:4]


def when(answer: Answer) -> object:
    """The same, and the deadline."""
    return answer[:7]


@dataclass(frozen=True, slots=True)
class Look:
    """What can be said of a case, or of every way that shares a part: settled when `open` is empty. `case` has what was filled in.

    `unheard` names the facts that leave it open which rules stand, though that may change nothing of the answer.
    """

    case: BoundCase
    ruling: Ruling
    needs: Requirements
    open: frozenset[str]
    unheard: frozenset[str]
    answer: Answer | None
    """The answer, or None while it is not settled."""


def _answer(ruling: Ruling, needs: Requirements) -> Answer:
    team, due = ruling.receiving_team, ruling.due
    team_id, role = (None, None) if team is None else (team.team, team.role)
    asked = None if ruling.to_decide is None else ruling.to_decide.settled_by
    return Answer(ruling.outcome, team_id, role, asked, state_of(due), due.value, due.not_before, frozenset(needs.required))


class LimitReached(Exception):
    """The looks allowed are used up."""


class Completion:
    """The ways of filling in one case."""

    def __init__(self, policy: Policy, case: BoundCase, looks: int = LOOKS):
        self.policy = policy
        self.case = case
        self.looks = 0
        self._hearing = Hearing(policy, case)
        self._allowed = looks
        self._until = looks
        self._seen: dict[frozenset[tuple[str, FactValue]], Look] = {}
        self._needs: dict[tuple[object, ...], Requirements] = {}
        self._regions: Regions | None = None

    # --- looking

    def look(self, way: Way) -> Look:
        """Return what Kleene's logic says with these facts filled in.

        Raises:
            LimitReached: it would be one look too many.
        """
        key = frozenset(way.items())
        found = self._seen.get(key)
        if found is None:
            if self.looks >= self._until:
                raise LimitReached
            self.looks += 1
            found = self._seen[key] = self._look(way)
        return found

    def glance(self, way: Way) -> frozenset[str]:
        """Return the facts that Kleene's logic leaves open with these filled in, whatever has been spent."""
        found = self._seen.get(frozenset(way.items()))
        return (found or self._look(way)).open

    def _look(self, way: Way) -> Look:
        case = self.case.filling(way) if way else self.case
        standing = self._hearing.standing(case)
        ruling = rule_on(self.policy, case, standing)
        # All that `requirements` reads.
        key = (
            ruling.outcome,
            ruling.undecided,
            ruling.receiving_team,
            tuple((answer.rule.id, answer.key, answer.open_facts) for answer in (*ruling.answers, *ruling.in_play, *standing.possible)),
            standing.unknown,
            tuple(standing.matches.items()) if ruling.outcome == "undetermined" else (),
            *map(case.facts.get, self.policy.items_read),
        )
        needs = self._needs.get(key)
        if needs is None:
            needs = self._needs[key] = requirements(self.policy, case, standing, ruling)
        left = ruling.open | needs.open
        answer = None if left or ruling.outcome == "undetermined" else _answer(ruling, needs)
        return Look(case, ruling, needs, left, standing.unknown, answer)

    @property
    def values(self) -> Regions:
        """For each unknown fact the values that stand for all."""
        if self._regions is None:
            self._regions = regions(self.policy, self.case, self._hearing)
        return self._regions

    def exact(self, names: Iterable[str]) -> bool:
        """Say whether the values of these facts do stand for all."""
        return self.values.exact(names)

    def filled(self, way: Way, name: str) -> Iterator[dict[str, FactValue]]:
        """Yield the ways that add a value of one more fact, without what is impossible by definition."""
        for value in self.values[name]:
            added = {**way, name: value}
            if is_possible(self.case, added, name):
                yield added

    def _next(self, names: Iterable[str], way: Way) -> str:
        """Choose the fact to try: who holds the case first, since it silences most rules; dates last, since they have the most values.

        Raises:
            LimitReached: each of them is filled in, so that nothing more can be found out by trying.
        """
        left = [name for name in names if name not in way]
        plain = [name for name in left if self.policy.facts[name].kind not in DATED_KINDS]
        if not left:
            raise LimitReached
        return min((name != "current_team", len(self.values[name]), name) for name in plain or left)[-1]

    def _allow(self, looks: int, way: Way) -> None:
        """Allow so many more looks; of many open facts each is either found out with a tenth of them, or hardly ever."""
        self._until = min(self.looks + (looks // FEW if len(self.glance(way)) > FEW else looks), self._allowed)

    # --- all answers

    def leaves(self, way: Way, by_rule: bool = False) -> Iterator[tuple[Way, Look]]:
        """Yield parts that together hold every way, each settled (and `by_rule`, in each the same rules stand).

        Raises:
            LimitReached: there are too many.
        """
        look = self.look(way)
        left = look.open | look.unheard if by_rule else look.open
        if not left:
            yield way, look
            return
        for added in self.filled(way, self._next(left, way)):
            yield from self.leaves(added, by_rule)

    def listed(self, way: Way, by_rule: bool = False) -> list[tuple[Way, Look]] | None:
        """Return every settled part under a way, or None where there are too many, or where the values tried do not stand for all.

        Where nothing can be filled in at all (a first review before a second one that lies before the calendar), nothing is proven either: None.
        """
        self._allow(LOOKS_LISTING, way)
        try:
            found = list(self.leaves(way, by_rule))
        except LimitReached:
            return None
        return found if found and self.exact({name for part, _ in found for name in part}) else None

    def other_than(self, answer: Answer) -> Look | None:
        """Return a settled part whose answer is another one; None where every way gives this one.

        Raises:
            LimitReached: that could not be found out.
        """
        self._allow(LOOKS_LISTING, {})
        tried: set[str] = set()
        for way, look in self.leaves({}):
            if look.answer != answer:
                return look
            tried.update(way)
        if not self.exact(tried):
            raise LimitReached
        return None

    # --- what makes a difference

    def pair(self, name: str, aspect: Aspect = whole) -> tuple[Way, Way] | None:
        """Return two ways that differ in one fact alone, and whose answers differ in the aspect; None where there are none.

        Two facts that definitions tie so closely that neither can change alone (being looked after, and on which basis) change together, where both
        bear on the answer.

        Raises:
            LimitReached: that could not be found out.
        """
        self._allow(LOOKS_EACH, {})
        found = self._differing({}, (name,), aspect)
        for partner in _TIED.get(name, ()) if found is None else ():
            if partner in self.values:
                found = found or self._differing({}, (name, partner), aspect)
        if found is None and not self.exact(self.glance({})):
            # The values tried do not stand for all, so that none of them shows it proves nothing.
            raise LimitReached
        return found

    def _differing(self, way: Way, varied: tuple[str, ...], aspect: Aspect) -> tuple[Way, Way] | None:
        look = self.look(way)
        if look.answer is not None or look.open.isdisjoint(varied):
            return None
        others = look.open.difference(varied)
        if not others:
            tried = [(one, self.look(one)) for one in self._every(way, varied)]
            found = _contrast([(one, seen.answer) for one, seen in tried if seen.answer is not None], varied, aspect, self.case)
            if found is not None:
                return found
            # Once a value is chosen, other facts may come into play.
            others = frozenset().union(*(seen.open for _, seen in tried)).difference(varied)
            if not others:
                return None
        for added in self.filled(way, self._next(others, way)):
            if (found := self._differing(added, varied, aspect)) is not None:
                return found
        return None

    def _every(self, way: Way, varied: tuple[str, ...]) -> list[Way]:
        ways: list[Way] = [way]
        for name in varied:
            ways = [added for one in ways for added in self.filled(one, name)]
        return ways


def rests_on_unstated(policy: Policy, case: BoundCase) -> tuple[str, ...]:
    """Return the facts that `unstated` closed and without which something of the answer would be open, by Kleene's logic."""
    return tuple(sorted(Completion(policy, case.reopened()).look({}).open & case.closed)) if case.closed else ()


def is_possible(case: BoundCase, way: Way, name: str) -> bool:
    """Say whether what is filled in for one fact can stand, by definition, with everything else that is known or filled in."""
    about = [one for one in ABOUT.get(name, ()) if all(fact in case.facts or fact in way for fact in (one.first, one.second))]
    if not about:
        return True
    filled = case.filling(way)
    return not any(impossible.condition.truth(filled) for impossible in about)


def _contrast(tried: list[tuple[Way, Answer]], varied: tuple[str, ...], aspect: Aspect, case: BoundCase) -> tuple[Way, Way] | None:
    """Return two of the ways tried whose answers differ."""
    if len(varied) == 1:
        first = tried[0] if tried else None
        return next(((first[0], way) for way, answer in tried if aspect(answer) != aspect(first[1])), None) if first else None
    for (one, left), (other, right) in combinations(tried, 2):
        if aspect(left) != aspect(right) and all(one[name] != other[name] for name in varied):
            crossed = [{**one, varied[0]: other[varied[0]]}, {**other, varied[0]: one[varied[0]]}]
            if not any(is_possible(case, way, varied[0]) for way in crossed):
                return one, other
    return None


_TIED: Final = {"looked_after": ("legal_basis",), "legal_basis": ("looked_after",)}

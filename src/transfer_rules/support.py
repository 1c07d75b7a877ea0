"""`why`: recorded facts that alone give the answer, and without any one of which it is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from .case import BoundCase, bind
from .completion import Completion, LimitReached, Look
from .dates import shown
from .decision import Candidate, Decision
from .facts import FactValue
from .inquiry import filled_in
from .policy import Policy
from .vocabulary import CaseSnapshot

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Ground:
    """One fact on which an answer rests.

    Attributes:
        fact, value: its name and what is known of it.
        unstated: nobody stated it; `unstated: not_so` closed it.
        otherwise: an answer that is in play once this fact is unknown, with the rules that would give it and, where it differs in that alone, its
            date. None where that takes more steps than are allowed.
    """

    fact: str
    value: FactValue
    unstated: bool
    otherwise: Candidate | None


@dataclass(frozen=True, slots=True)
class Why:
    """What an answer rests on.

    Attributes:
        grounds: the facts, by name.
        decisions: the recorded decisions without which these facts give another answer, sorted.
    """

    grounds: tuple[Ground, ...]
    decisions: tuple[str, ...]

    def alone(self, snapshot: CaseSnapshot) -> CaseSnapshot:
        """Return a snapshot of these facts alone, with the day, the recorded decisions and the progress of the one given."""
        bare = CaseSnapshot(as_of=snapshot.as_of, decisions=snapshot.decisions, checklist=snapshot.checklist)
        return filled_in(bare, {ground.fact: ground.value for ground in self.grounds})


def why(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> Why | None:
    """Return recorded facts that alone, all others unknown, give the same decided answer, and of which none can be left out; None while it is open.

    The same answer: outcome, team and role, deadline and required items; where people decide, the same question. Facts that nobody stated and that
    `unstated` closed count as recorded, and say so. Of several such sets this is one: it does without unstated facts where it can, then without those
    that no deciding rule looks at. Recorded decisions are not facts: all of them stay, and those that matter are named.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    case = bind(policy, snapshot)
    return None if decision.certainty == "provisional" else _Support(policy, case, decision).why()


class _Support:
    """The facts of one case, from which those that the answer can do without are left out."""

    def __init__(self, policy: Policy, case: BoundCase, decision: Decision):
        self.policy = policy
        self.case = case
        used = {name for reason in decision.reasons for name, _ in reason.values}
        self.names = sorted(case.facts, key=lambda name: (name == "current_team", name not in case.closed, name in used, name))
        self._pivots: dict[str, Look | None] = {}
        completion = Completion(policy, case)
        answer = completion.look({}).answer or next(completion.leaves({}))[1].answer
        # A decided case gives one answer in every way.
        assert answer is not None
        self.answer = answer

    def why(self) -> Why:
        kept = self._without({name: self.case.facts[name] for name in self.names}, self.names)
        grounds = [Ground(name, kept[name], name in self.case.closed, self._otherwise(kept, name)) for name in sorted(kept)]
        return Why(tuple(grounds), tuple(sorted(self._decisions(kept))))

    def _without(self, facts: Mapping[str, FactValue], names: list[str]) -> Mapping[str, FactValue]:
        """Return the facts without those of some names that the answer can do without. Kleene's logic clears many at a time."""
        fewer = {name: value for name, value in facts.items() if name not in set(names)}
        if self._completion(fewer).look({}).answer == self.answer:
            return fewer
        if len(names) > 1:
            middle = len(names) // 2
            return self._without(self._without(facts, names[:middle]), names[middle:])
        if len(names) == 1 and self._pivot(names[0]) is None and self._gives(self._completion(fewer)):
            return fewer
        return facts

    def _completion(self, facts: Mapping[str, FactValue]) -> Completion:
        return Completion(self.policy, replace(self.case, facts=facts, closed=frozenset()))

    def _gives(self, completion: Completion) -> bool:
        """Say whether every way gives the answer, as far as that can be proven in the looks allowed."""
        try:
            return completion.other_than(self.answer) is None
        except LimitReached:
            return False

    def _other(self, facts: Mapping[str, FactValue]) -> Look | None:
        """Return a look with another answer; None where none was found."""
        with suppress(LimitReached):
            return self._completion(facts).other_than(self.answer)
        return None

    def _pivot(self, name: str) -> Look | None:
        """Return a look with another answer where everything but one fact stays as it is; None where none was found."""
        if name not in self._pivots:
            self._pivots[name] = self._other(_all_but(name, self.case.facts))
        return self._pivots[name]

    def _otherwise(self, kept: Mapping[str, FactValue], name: str) -> Candidate | None:
        look = self._pivot(name) or self._other(_all_but(name, kept))
        return None if look is None else self._candidate(look)

    def _candidate(self, look: Look) -> Candidate:
        ruling = look.ruling
        team = None if ruling.receiving_team is None else ruling.receiving_team.team
        rules = tuple(sorted({answer.rule.id for answer in ruling.answers if answer.rule.id}))
        deadline = None if ruling.due.value is None else shown(ruling.due.value)
        return Candidate(ruling.outcome, team, None if team is None else self.policy.team_label(team), deadline, rules)

    def _decisions(self, kept: Mapping[str, FactValue]) -> Iterator[str]:
        for name in self.case.recorded:
            others: dict[str, Any] = {"recorded": _all_but(name, self.case.recorded), "decisions": _all_but(name, self.case.decisions)}
            if not self._gives(Completion(self.policy, replace(self.case, facts=kept, closed=frozenset(), **others))):
                yield name


def _all_but(name: str, known: Mapping[str, _T]) -> dict[str, _T]:
    return {other: one for other, one in known.items() if other != name}

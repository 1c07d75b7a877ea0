"""`why_not`: for each other team, the fewest recorded facts that would have to be otherwise for it to receive the case.

Whatever keeps a team from receiving the case hangs on some facts, and at least one of them must change. So the facts to change hit every such set:
the smallest set that hits all sets found so far is tried; where it does not do, the search says by which further facts, and so on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from .answers import Answer, Hearing, Standing, agree
from .case import BoundCase, bind
from .completion import Way
from .conditions import Truth
from .decision import Decision
from .evaluation import evaluate
from .facts import NOBODY, FactValue
from .impossible import partners
from .inquiry import filled_in
from .pack import FromFact, PeopleDecide, Rule, TransferTo
from .policy import Policy
from .regions import Asked
from .ruling import rule_on
from .seeking import NotDecided, Seeking
from .vocabulary import CaseSnapshot

MOST: Final = 5
"""Past so many facts it is only said that there would have to be more."""

_ROUNDS: Final = 400
_STEPS: Final = 40_000

Verdict: TypeAlias = Literal["changes", "more_than_five", "none", "not_found"]


@dataclass(frozen=True, slots=True)
class Instead:
    """One fact that would have to be otherwise: what is known of it now (None where it is not known), and a value that it would need.

    `unstated`: nobody stated what is known now; `unstated: not_so` closed it.
    """

    fact: str
    now: FactValue
    to: FactValue
    unstated: bool = False


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What would have to be otherwise for a team to receive the case.

    Attributes:
        team, label: the team.
        verdict: `changes`; `more_than_five` facts would have to change; `none` (no change of facts gives this team, with the decisions that are
            recorded and on this day); `not_found` in the steps allowed.
        changes: a smallest set of facts, by name. Facts that nobody recorded stand in it only where recorded facts alone do not do.
        decision: the answer then; None unless the verdict is `changes`.
    """

    team: str
    label: str
    verdict: Verdict
    changes: tuple[Instead, ...] = ()
    decision: Decision | None = None

    def applied(self, snapshot: CaseSnapshot) -> CaseSnapshot:
        """Return the snapshot with these facts changed."""
        return filled_in(snapshot, {change.fact: change.to for change in self.changes})


def why_not(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> tuple[WhyNot, ...]:
    """Return, for each other team that a rule from the holding team names, one smallest set of recorded facts whose change gives that team.

    Of several smallest sets the first by name; of days the nearest that serves. Who holds the case does not change, nor do recorded decisions. Facts
    that `unstated` closed count as recorded. Where a fact names the team, the team that it names now is meant. Empty while the holding team is not
    known.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    case = bind(policy, snapshot)
    return tuple(_Contrast(policy, snapshot, case, team).why_not() for team in sorted(_other_teams(policy, case, decision)))


def _other_teams(policy: Policy, case: BoundCase, decision: Decision) -> set[str]:
    if case.team is None:
        return set()
    receiving = None if decision.receiving_team is None else decision.receiving_team.team
    found = set()
    for rule in policy.rules.values():
        if rule.from_teams.hold(case.team) and isinstance(rule.effect, TransferTo):
            team = rule.effect.team
            found.add(case.word(team.fact) if isinstance(team, FromFact) else team)
    return {team for team in found if team is not None} - {NOBODY, case.team, receiving}


class _Contrast:
    """The search for one team."""

    def __init__(self, policy: Policy, snapshot: CaseSnapshot, case: BoundCase, team: str):
        self.policy = policy
        self.snapshot = snapshot
        self.case = case
        self.team = team
        recorded = case.decisions.items()
        naming = {name for name, answer in recorded if answer == team}
        self.givers = [rule for rule in policy.rules.values() if rule.from_teams.hold(case.team) and _may_name(rule, team, naming)]
        self.steps = _STEPS
        self.left = [left for left in policy.pack.leave_to_people if left.settled_by in naming]

    def why_not(self) -> WhyNot:
        recorded = frozenset(self.case.facts) - {"current_team"}
        found = self._smallest(recorded)
        if found == "none":
            # Something that nobody recorded stands in the way.
            found = self._smallest(self.policy.facts_read - {"current_team"})
        label = self.policy.team_label(self.team)
        if isinstance(found, str):
            return WhyNot(self.team, label, found)
        changes = tuple(Instead(name, self.case.facts.get(name), found[name], name in self.case.closed) for name in sorted(found))
        answer = WhyNot(self.team, label, "changes", changes)
        decision = evaluate(self.policy, answer.applied(self.snapshot))
        given = None if decision.outcome != "transfer" or decision.receiving_team is None else decision.receiving_team.team
        return replace(answer, decision=decision) if given == self.team else WhyNot(self.team, label, "not_found")

    def _smallest(self, changeable: frozenset[str]) -> Way | Verdict:
        """Return the smallest change, or why there is none."""
        blamed: list[frozenset[str]] = []
        for _ in range(_ROUNDS):
            chosen = _smallest_hitting(blamed)
            if chosen is None:
                return "more_than_five"
            try:
                found = self._try(chosen)
            except NotDecided:
                return "not_found"
            if not isinstance(found, frozenset):
                return found
            # What `unstated` closed gives way as well where what it is set against changes.
            blame = (found.union(*(partners(name) for name in found & self.case.closed)) & changeable) - chosen
            if not blame:
                return "none"
            blamed.append(blame)
        return "not_found"

    def _try(self, chosen: frozenset[str]) -> Way | frozenset[str]:
        """Return values of the chosen facts that give the team, or further facts by which there are none."""
        set_against = frozenset[str]().union(*map(partners, chosen))
        loose = {name: self.case.facts[name] for name in (set_against & self.case.closed) - chosen}
        facts = {name: value for name, value in self.case.facts.items() if name not in chosen and name not in loose}
        case = replace(self.case, facts=facts)
        hearing = Hearing(self.policy, case)
        asked = Asked(hearing.live, hearing.live, self.team)
        seeking = Seeking(self.policy, case, hearing, self._gives, asked, choose=chosen, unless_impossible=loose, steps=self.steps)
        found = seeking.reach({})
        self.steps = seeking.steps
        if seeking.unsure and isinstance(found, frozenset):
            raise NotDecided
        return found if isinstance(found, frozenset) else {name: value for name, value in found.items() if name in chosen}

    # --- the goal

    def _gives(self, hearing: Hearing, case: BoundCase) -> tuple[Truth, frozenset[str]]:
        """Say whether the team receives the case, and if not, by which facts."""
        standing = hearing.standing(case)
        ruling = rule_on(self.policy, case, standing)
        if ruling.receiving_team is not None and ruling.receiving_team.team == self.team:
            return True, frozenset()
        against = self._against(hearing, case, standing)
        if ruling.outcome == "undetermined" and against is None:
            return None, ruling.open
        return False, self.policy.facts_read if against is None else against

    def _against(self, hearing: Hearing, case: BoundCase, standing: Standing) -> frozenset[str] | None:
        """Return facts by which the team does not receive the case; None where it still may."""
        if self.left:
            # People settled a clash so that it goes there: it does if the clash comes up.
            return None
        found: frozenset[str] = frozenset()
        for rule in self.givers:
            reasons = sorted(self._against_rule(rule, hearing, case, standing), key=lambda names: (len(names - found), sorted(names)))
            if not reasons:
                return None
            found |= reasons[0]
        return found

    def _against_rule(self, rule: Rule, hearing: Hearing, case: BoundCase, standing: Standing) -> Iterator[frozenset[str]]:
        """Yield sets of facts each of which keeps a rule from giving the team: it does not match, is overridden, says else, or meets disagreement."""
        matched = hearing.match(rule.id, case)
        if matched is False:
            yield hearing.grounds(rule.id, case)
            return
        for other in self.policy.overriders[rule.id]:
            if hearing.match(other, case):
                yield hearing.grounds(other, case)
        answer = hearing.answer(rule.id, case)
        if not answer.open_facts and (answer.outcome, answer.team) != ("transfer", self.team):
            yield frozenset(self.policy.reads[rule.id].answer)
        for other_answer in standing.certain:
            if not other_answer.yields and agree(other_answer, answer) is False:
                yield self._by_which_stands(other_answer, hearing, case) | self._by_which_disagree(other_answer, answer)

    def _by_which_stands(self, answer: Answer, hearing: Hearing, case: BoundCase) -> frozenset[str]:
        over = self.policy.overriders[answer.rule.id]
        return hearing.grounds(answer.rule.id, case).union(*(hearing.grounds(other, case) for other in over))

    def _by_which_disagree(self, *answers: Answer) -> frozenset[str]:
        """Return what two answers hang on, unless the rules themselves say that they name different teams."""
        fixed = {answer.team for answer in answers if not isinstance(answer.rule.effect, PeopleDecide) and not _named_by_fact(answer.rule)}
        return frozenset() if len(fixed) == len(answers) else frozenset(name for one in answers for name in self.policy.reads[one.rule.id].answer)


def _may_name(rule: Rule, team: str, naming: Collection[str]) -> bool:
    match rule.effect:
        case TransferTo(team=named):
            return isinstance(named, FromFact) or named == team
        case PeopleDecide(settled_by=settled_by):
            return settled_by in naming
        case _:
            return False


def _named_by_fact(rule: Rule) -> bool:
    return isinstance(rule.effect, TransferTo) and isinstance(rule.effect.team, FromFact)


def _smallest_hitting(sets: Collection[frozenset[str]]) -> frozenset[str] | None:
    """Return the first by name of the smallest sets that have something in common with each of these; None where more than `MOST` are needed."""
    for size in range(MOST + 1):
        found = sorted(map(sorted, _hitting(sets, frozenset(), size)))
        if found:
            return frozenset(found[0])
    return None


def _hitting(sets: Collection[frozenset[str]], chosen: frozenset[str], size: int) -> set[frozenset[str]]:
    missed = next((one for one in sets if one.isdisjoint(chosen)), None)
    if missed is None:
        return {chosen}
    return set().union(*(_hitting(sets, chosen | {name}, size - 1) for name in missed)) if size else set()

"""Two rules match one case, disagree, and neither overrides the other. The report shows the smallest case found, replayed through `evaluate`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ..answers import Answer, Hearing, agree, answer_blockers, answer_of
from ..case import BoundCase, bind
from ..completion import Completion
from ..conditions import Truth
from ..errors import Diagnostic
from ..pack import FromFact, PeopleDecide, Rule, Stay, TransferTo
from ..policy import Policy
from ..regions import Asked
from ..seeking import Goal, NotDecided
from ..timescales import decision_name
from ..wording import say_day
from ._search import Found, Search, contradict, explains, matching


def check_overlaps(policy: Policy, search: Search) -> Iterator[Diagnostic | str]:
    """Find rules that disagree; for two rules about which that could not be found out, yield their names instead."""
    for one, other in combinations(policy.rules.values(), 2):
        if not _may_disagree(policy, one, other):
            continue
        try:
            goal, asked = _goal(policy, one.id, other.id), _asked(policy, one, other)
            found = search.find(_involved(policy, one, other), goal, asked, answers=_answers_in_common(policy, one, other))
        except NotDecided:
            yield f"whether `{one.id}` and `{other.id}` can disagree"
            continue
        if found is not None:
            yield _finding(policy, one, other, found)


def _involved(policy: Policy, *rules: Rule) -> set[str]:
    return {name for rule in rules for name in (rule.id, *policy.overriders[rule.id])}


def _may_disagree(policy: Policy, one: Rule, other: Rule) -> bool:
    """Rule out, without a search, two rules that agree however they stand, or whose clash is settled in writing."""
    if one.id in other.overrides or other.id in one.overrides or explains(one) or explains(other):
        return False
    if any({one.id, other.id} <= left.rules for left in policy.pack.leave_to_people):
        return False
    if one.from_teams.ids is not None and other.from_teams.ids is not None and one.from_teams.ids.isdisjoint(other.from_teams.ids):
        return False
    if isinstance(one.effect, Stay) and isinstance(other.effect, Stay):
        return False
    if contradict(one.when, other.when):
        return False
    alike = one.effect == other.effect and isinstance(one.effect, TransferTo)
    return not (alike and (one.deadline is None or other.deadline is None or one.deadline == other.deadline))


def _asked(policy: Policy, one: Rule, other: Rule) -> Asked:
    """Return of which rules it counts whom they name, and when: dates only where the rules can name one team."""
    both = (one.id, other.id)
    effects = (one.effect, other.effect)
    teams = {effect.team for effect in effects if isinstance(effect, TransferTo)}
    recorded = any(isinstance(effect, PeopleDecide) and effect.settled_by in policy.decisions_tested for effect in effects)
    recorded = recorded or bool(_answers_in_common(policy, one, other))
    alike = len({type(effect) for effect in effects}) == 1 and not isinstance(one.effect, PeopleDecide) and len(teams) < 2
    return Asked(both, both if alike or recorded or any(isinstance(team, FromFact) for team in teams) else ())


def _answers_in_common(policy: Policy, one: Rule, other: Rule) -> dict[str, tuple[str, ...]]:
    """Return, for two rules that ask one question, the answers to it: once it is recorded their dates may differ."""
    if not (isinstance(one.effect, PeopleDecide) and isinstance(other.effect, PeopleDecide)):
        return {}
    name = one.effect.settled_by
    if name is None or name != other.effect.settled_by or policy.pack.decisions[name].options:
        return {}
    return {name: tuple(sorted({named for named in (*one.effect.between, *other.effect.between) if isinstance(named, str)}))}


def _goal(policy: Policy, one: str, other: str) -> Goal:
    over = sorted({*policy.overriders[one], *policy.overriders[other]})

    both_stand = matching((one, other), tuple(over))

    def goal(hearing: Hearing, case: BoundCase) -> tuple[Truth, frozenset[str]]:
        """Both match, nothing overrides either, and they disagree."""
        reached, names = both_stand(hearing, case)
        if not reached:
            return reached, names
        first, second = hearing.answer(one, case), hearing.answer(other, case)
        same = agree(first, second)
        if same is None:
            return None, answer_blockers(first, case) | answer_blockers(second, case)
        # They agree by whom and when they name; while they match, nothing else bears on that.
        named = [decision_name(asks.settled_by) for asks in (first.asks, second.asks) if asks is not None and asks.settled_by]
        return not same, frozenset(name for rule in (one, other) for name in policy.reads[rule].answer).union(named)

    return goal


def _finding(policy: Policy, one: Rule, other: Rule, found: Found) -> Diagnostic:
    smallest = found.smallest(lambda smaller: _shows(policy, one, other, smaller))
    case = bind(policy, smallest.snapshot())
    first, second = answer_of(one, case), answer_of(other, case)
    about = _about(first, second)
    places = () if other.place is None else ((other.place, f"`{other.id}`"),)
    why = f"both rules match, one says {_said(policy, first, about)} and the other {_said(policy, second, about)}, and neither overrides the other"
    mend = "narrow one `when:`, or name the weaker rule under `overrides:` with the clause that says so"
    message = f"`{one.id}` disagrees with another rule about the {about}"
    return Diagnostic("overlap", message, one.place, why=why, mend=mend, width=len(f"id: {one.id}"), also=places, seen=smallest.said)


def _shows(policy: Policy, one: Rule, other: Rule, found: Found) -> bool:
    """Say whether what is known in a case is enough for the two to clash: one look, without trying ways of filling in the rest."""
    ruling = Completion(policy, bind(policy, found.snapshot())).look({}).ruling
    return ruling.outcome == "conflict" and {one.id, other.id} <= {answer.rule.id for answer in ruling.answers}


def _about(first: Answer, second: Answer) -> str:
    if first.outcome != second.outcome:
        return "outcome"
    if first.team != second.team:
        return "team"
    if first.outcome == "people_decide":
        return "question"
    return "role" if first.role != second.role else "deadline"


def _said(policy: Policy, answer: Answer, about: str) -> str:
    if about == "deadline":
        value = answer.deadline.value
        return answer.deadline.kind.replace("_", " ") if value is None else say_day(value)
    if about == "role":
        return "no role" if answer.role is None else answer.role.replace("_", " ")
    if about == "question":
        return "" if answer.asks is None else f"`{answer.asks.question}`"
    return answer.outcome.replace("_", " ") if answer.team is None else f"{answer.outcome} to {policy.team_label(answer.team)}"

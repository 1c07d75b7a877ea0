"""`other_readings`: what a case would get if words that can be read two ways were read the other way."""

from __future__ import annotations

from dataclasses import dataclass

from .answers import match
from .case import BoundCase, bind
from .comparison import differing
from .decision import Decision
from .evaluation import evaluate_to_compare, with_unstated
from .pack import Interpretation
from .policy import Policy
from .vocabulary import CaseSnapshot


@dataclass(frozen=True, slots=True)
class OtherReading:
    """One executable interpretation whose rival reading makes a difference in this case.

    Attributes:
        interpretation: the question, the reading that the pack takes, its clauses, and who is to confirm it.
        decision: the answer under the rival reading.
        parts: the fields of the decision that differ.
    """

    interpretation: Interpretation
    decision: Decision
    parts: tuple[str, ...]


def other_readings(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> tuple[OtherReading, ...]:
    """Return each executable interpretation whose rival reading would answer otherwise in this case, in the order of the pack.

    Rival readings are tried one at a time. Only another rule behind the same answer does not count.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    case = bind(policy, snapshot)
    found = []
    for interpretation in policy.pack.interpretations:
        rival = policy.readings.get(interpretation.id)
        if rival is not None and not _surely_the_same(policy, rival, case):
            other = evaluate_to_compare(rival, snapshot)
            parts = differing(decision, other)
            if parts and parts != ("reasons",):
                found.append(OtherReading(interpretation, with_unstated(rival, snapshot, other), parts))
    return tuple(found)


def _surely_the_same(policy: Policy, rival: Policy, case: BoundCase) -> bool:
    """Say that only rules are otherwise in the rival, and that each of them, as it stands in either, is certain not to match: none is heard."""
    only_rules = (rival.work, rival.checklists, rival.decisions_tested) == (policy.work, policy.checklists, policy.decisions_tested)
    pairs = ((policy.rules.get(name), rival.rules.get(name)) for name in {**policy.rules, **rival.rules})
    otherwise = (rule for one, other in pairs if one is not other for rule in (one, other) if rule is not None)
    return only_rules and all(match(rule, case) is False for rule in otherwise)

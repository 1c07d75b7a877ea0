"""`other_readings`: what a case would get if words that can be read two ways were read the other way."""

from __future__ import annotations

from dataclasses import dataclass

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
    found = []
    for interpretation in policy.pack.interpretations:
        if (rival := policy.readings.get(interpretation.id)) is not None:
            other = evaluate_to_compare(rival, snapshot)
            parts = differing(decision, other)
            if parts and parts != ("reasons",):
                found.append(OtherReading(interpretation, with_unstated(rival, snapshot, other), parts))
    return tuple(found)

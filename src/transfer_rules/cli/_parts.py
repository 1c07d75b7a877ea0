"""What `decide` adds on request: why and why not, the other readings, what comes next; as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..contrast import why_not
from ..decision import Decision
from ..explanation import marked
from ..outlook import changes_ahead
from ..policy import Policy
from ..reports import report_ahead, report_readings, report_why
from ..rivals import other_readings
from ..support import why
from ..telling import say_changes, say_no_change, say_readings, say_why, say_why_not
from ..vocabulary import CaseSnapshot


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that are asked for."""

    why: bool = False
    readings: bool = False
    ahead: bool = False

    def text(self, policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> Iterator[str]:
        """Yield their lines, laid out like an explanation."""
        if self.why:
            yield from marked("why", say_why(policy, decision, why(policy, snapshot, decision)))
            yield from marked("why not", say_why_not(policy, why_not(policy, snapshot, decision)))
        if self.readings:
            said = say_readings(policy, decision, other_readings(policy, snapshot, decision))
            yield from marked("readings", said or ["no other reading gives another answer"])
        if self.ahead:
            said = say_changes(policy, changes_ahead(policy, snapshot, decision))
            yield from marked("ahead", said or [say_no_change(policy, snapshot)])

    def data(self, policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> dict[str, Any]:
        """Return them as JSON data."""
        reports = ((self.why, report_why), (self.readings, report_readings), (self.ahead, report_ahead))
        return {name: part for asked, report in reports if asked for name, part in report(policy, snapshot, decision).items()}

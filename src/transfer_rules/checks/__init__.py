"""What can be wrong with a pack that loads: one check per file, each a function from a policy to its findings."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import Diagnostic
from ..policy import Policy
from ._search import Search
from .clauses import check_clauses
from .overlaps import check_overlaps
from .reach import check_reach
from .teams import check_teams


@dataclass(frozen=True, slots=True)
class Report:
    """What checking a policy found, sorted by place, and, in words, the questions that were not decided within the steps allowed."""

    findings: tuple[Diagnostic, ...]
    not_decided: tuple[str, ...] = ()


def check_policy(policy: Policy) -> Report:
    """Check a policy: its clauses and teams, and by looking for cases, whether rules can clash and whether each can decide."""
    search = Search(policy)
    found: list[Diagnostic | str] = [*check_clauses(policy), *check_teams(policy), *check_overlaps(policy, search), *check_reach(policy, search)]
    findings = [one for one in found if isinstance(one, Diagnostic)]
    not_decided = dict.fromkeys(one for one in found if isinstance(one, str))
    return Report(tuple(sorted(findings, key=lambda finding: finding.sort_key)), tuple(not_decided))


__all__ = ["Report", "check_clauses", "check_policy"]

"""What can be wrong with a pack that loads: one check per file, each a function from a policy to its findings."""

from __future__ import annotations

from ..errors import Diagnostic
from ..policy import Policy
from .clauses import check_clauses

CHECKS = (check_clauses,)


def check_policy(policy: Policy) -> tuple[Diagnostic, ...]:
    """Return every finding about a policy, sorted by place."""
    return tuple(sorted((finding for check in CHECKS for finding in check(policy)), key=lambda finding: finding.sort_key))


__all__ = ["CHECKS", "check_clauses", "check_policy"]

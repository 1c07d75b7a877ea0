"""Every clause of the ledger is carried out by a part of the pack, or set aside with a reason. A pack without a ledger is not checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..errors import Diagnostic, did_you_mean
from ..policy import Policy

# A clause of these kinds says what is to happen, so it cannot be set aside as being without effect.
_MUST_CARRY: Final = frozenset({"transfer", "route_in", "timescale", "prerequisite", "notice", "people_decide", "escalation"})


def carriers(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """Return, for each clause, the names of the parts that carry it out: a rule, item, duty, definition, checklist or team by id; `otherwise`."""
    pack = policy.pack
    parts: list[tuple[str, tuple[str, ...]]] = [(rule.id, rule.clauses) for rule in pack.rules]
    parts += [(duty.id, duty.clauses) for duty in pack.duties]
    parts += [(checklist.id, checklist.clauses) for checklist in pack.checklists]
    parts += [(name, item.clauses) for name, item in pack.items.items()]
    parts += [(name, item.excusable.clauses) for name, item in pack.items.items() if item.excusable is not None]
    parts += [(name, definition.clauses) for name, definition in pack.definitions.items()]
    parts += [(name, team.clauses) for name, team in pack.teams.items()]
    parts += [("leave_to_people", left.clauses) for left in pack.leave_to_people]
    parts.append(("otherwise", pack.otherwise.clauses))
    found: dict[str, list[str]] = {}
    for name, clauses in parts:
        for clause in clauses:
            found.setdefault(clause, []).append(name)
    return {clause: tuple(dict.fromkeys(names)) for clause, names in sorted(found.items())}


def check_clauses(policy: Policy) -> Iterator[Diagnostic]:
    """Find clauses nobody carries out, clauses the ledger lacks, and clauses set aside that cannot be."""
    ledger, account = policy.pack.ledger, policy.pack.accounted
    if not ledger:
        return
    carried = carriers(policy)
    for clause, entry in ledger.items():
        if clause not in carried and clause not in account:
            yield Diagnostic(
                "unclaimed-clause",
                f"clause {clause} ({entry.section}, {entry.kind}) is not accounted for",
                why="no part lists it under `clauses:`",
                mend="add it to the part that carries it out, or to `clauses:` at the end with the reason",
            )
        elif clause in carried and clause in account:
            yield Diagnostic(
                "twice-accounted",
                f"clause {clause} is carried out and set aside",
                why=f"{', '.join(carried[clause])} carries it out",
                mend="take it out of one of the two",
            )
        elif clause in account and account[clause][0] == "guidance" and entry.kind != "guidance":
            yield Diagnostic(
                "wrong-account",
                f"clause {clause} is listed as guidance",
                why=f"the ledger says {entry.kind}",
                mend="carry it out, or list it under `no_effect:`",
            )
        elif clause in account and entry.kind in _MUST_CARRY:
            yield Diagnostic(
                "wrong-account",
                f"clause {clause} is listed as without effect",
                why=f"the ledger says {entry.kind}, which says what is to happen",
                mend="carry it out",
            )
    for clause in (*carried, *account):
        if clause not in ledger:
            yield Diagnostic("unknown-clause", f"the ledger has no clause {clause}", mend=did_you_mean(clause, ledger))

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
    pack = policy.pack
    ledger, account, carried = pack.ledger, pack.accounted, carriers(policy)
    if not ledger:
        return

    def finding(code: str, clause: str, message: str, why: str, mend: str) -> Diagnostic:
        places = pack.clause_places.get(clause, ())
        also = tuple((place, "it stands here too") for place in places[1:])
        place = places[0] if places else ledger[clause].place
        return Diagnostic(code, message, place, why=why, mend=mend, width=len(clause), also=also)

    for clause, entry in ledger.items():
        listed = account[clause][0] if clause in account else ""
        if clause not in carried and not listed:
            message, why = f"clause {clause} ({entry.section}, {entry.kind}) is not accounted for", "no part of the pack lists it under `clauses:`"
            mend = "add it to the part that carries it out, or to `guidance:` or `no_effect:` with the reason"
            place = ledger[clause].place
            yield Diagnostic("unclaimed-clause", message, place, why=why, mend=mend, width=len(clause))
        elif clause in carried and listed:
            why = f"{', '.join(carried[clause])} carries it out"
            yield finding("twice-accounted", clause, f"clause {clause} is carried out and set aside", why, "take it out of one of the two")
        elif listed == "guidance" and entry.kind != "guidance":
            mend = "carry it out, or list it under `no_effect:`"
            yield finding("wrong-account", clause, f"clause {clause} is listed as guidance", f"the ledger calls it `{entry.kind}`", mend)
        elif listed and entry.kind in _MUST_CARRY:
            why = f"the ledger calls it `{entry.kind}`, so it says what is to happen"
            yield finding("wrong-account", clause, f"clause {clause} is listed as without effect", why, "carry it out")
    for clause in pack.clause_places:
        if clause not in ledger:
            mend = did_you_mean(clause, ledger) or "correct it, or add it to the ledger"
            yield finding("unknown-clause", clause, f"unknown clause {clause}", "the ledger does not have it", mend)

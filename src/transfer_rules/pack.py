"""One YAML pack as frozen data: each part with its place and its clauses, names already looked up, nothing worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from .checklists import ANY_TEAM, Checklist, DutySpec, Item, Teams, Valid
from .conditions import ALWAYS, Condition
from .errors import Location
from .facts import Fact
from .timescales import Timescale


@dataclass(frozen=True, slots=True)
class Team:
    """A team as the authority prints its name. `outside`: a move there ends the social care case.

    `no_way_in` and `no_way_out` say why no rule brings a case to it, or takes one from it.
    """

    id: str
    label: str
    areas: Mapping[str, str] = field(default_factory=dict)
    outside: bool = False
    clauses: tuple[str, ...] = ()
    no_way_in: str = ""
    no_way_out: str = ""
    place: Location | None = None


@dataclass(frozen=True, slots=True)
class FromFact:
    """A team or an area that a fact names."""

    fact: str


Named: TypeAlias = str | FromFact


@dataclass(frozen=True, slots=True)
class TransferTo:
    """The case moves: to a team, an area of it, or to another role within one team."""

    team: Named
    area: Named | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """The case does not move: before `until`, or at all. `yields`: this only explains, and gives way to any other rule."""

    until: Timescale | None = None
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """Nobody takes over."""


@dataclass(frozen=True, slots=True)
class PeopleDecide:
    """People decide. `between` holds teams (or facts naming them), `stay` and `close`; `settled_by` is the decision that governs once recorded."""

    who: str
    question: str
    between: tuple[Named, ...]
    by: Timescale | None = None
    settled_by: str | None = None
    valid: Valid | None = None


Effect: TypeAlias = TransferTo | Stay | Close | PeopleDecide


@dataclass(frozen=True, slots=True)
class Override:
    """One entry of `overrides:`: the rules it names, a group spelled out, and the clauses that say so."""

    rules: tuple[str, ...]
    clauses: tuple[str, ...] = ()
    group: str = ""
    place: Location | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """When a case moves, stays, closes or is for people to decide. `overrides` holds all the rules that its `override_entries` name, but itself."""

    id: str
    effect: Effect
    clauses: tuple[str, ...] = ()
    label: str = ""
    group: str = ""
    from_teams: Teams = ANY_TEAM
    when: Condition = ALWAYS
    transfer_point: Timescale | None = None
    deadline: Timescale | None = None
    overrides: frozenset[str] = frozenset()
    off: bool = False
    place: Location | None = None
    override_entries: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaveToPeople:
    """A clash between named rules that the procedure leaves to people."""

    rules: frozenset[str]
    who: str
    question: str
    clauses: tuple[str, ...] = ()
    settled_by: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionSpec:
    """A decision that people record. Without `options` it names a team, `stay` or `close`."""

    id: str
    label: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A named condition or a named timescale."""

    id: str
    node: Condition | Timescale
    label: str = ""
    clauses: tuple[str, ...] = ()
    place: Location | None = None


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Our recorded reading of words that can be read two ways; `executable` where the rival reading can be tried."""

    id: str
    question: str
    reading: str
    clauses: tuple[str, ...]
    to_confirm: str = ""
    executable: bool = False
    place: Location | None = None


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What the pack says when no rule speaks: the case stays where it is."""

    label: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the ledger: its id, the section it is printed in, its kind, and its place in the ledger."""

    id: str
    section: str
    kind: str
    place: Location | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """An authority's procedure. `accounted` holds clauses that no part carries out: id to ("guidance" or "no_effect", reason)."""

    id: str
    authority: str
    title: str
    edition: str
    digest: str
    in_force_from: date
    in_force_until: date | None
    region: str
    closures: tuple[tuple[date, str], ...]
    teams: Mapping[str, Team]
    local_facts: Mapping[str, Fact]
    decisions: Mapping[str, DecisionSpec]
    definitions: Mapping[str, Definition]
    rules: tuple[Rule, ...]
    leave_to_people: tuple[LeaveToPeople, ...]
    checklists: tuple[Checklist, ...]
    items: Mapping[str, Item]
    duties: tuple[DutySpec, ...]
    interpretations: tuple[Interpretation, ...]
    otherwise: Otherwise
    accounted: Mapping[str, tuple[str, str]]
    ledger: Mapping[str, Clause]
    clause_places: Mapping[str, tuple[Location, ...]] = field(default_factory=dict)
    """Where the file writes each clause, in the order of reading."""
    readings: Mapping[str, Pack] = field(default_factory=dict)
    """For each executable interpretation, the whole pack under its rival reading."""

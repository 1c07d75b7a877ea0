"""`Policy`: a pack resolved and compiled; precedence worked out, nothing left to look up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ._version import VERSION
from .calendars import Calendar
from .checklists import Applies, Checklist, DutySpec, Item
from .conditions import Decided, Node
from .decision import Identity
from .facts import RESERVED_TEAMS, Fact
from .pack import Pack, PeopleDecide, Rule, Stay
from .vocabulary import STANDARD_FACTS


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """One authority's procedure, ready to decide. Equal when pack and calendar say the same.

    Attributes:
        pack: the pack it was made from.
        calendar: the days that do not count.
        identity: what a decision says of the two.
        facts: every fact a snapshot may hold, standard and local, by name.
        rules: the rules in force, by id; a rule kept for a rival reading only is not among them.
        overriders: for each rule, the rules that defeat it when they match.
        checklists: the lists, in the order of the file.
        moves_of_item: for each item, the moves of every list that it stands in.
        work: items and duties by id, for progress.
        duties: the duties in force, in the order of the file.
        areas: labels of the areas, by id.
        decisions_tested: the recorded decisions that conditions look at.
        readings: for each executable interpretation, the policy under its rival reading.
    """

    pack: Pack
    calendar: Calendar
    identity: Identity
    facts: Mapping[str, Fact]
    rules: Mapping[str, Rule]
    overriders: Mapping[str, tuple[str, ...]]
    checklists: tuple[Checklist, ...]
    moves_of_item: Mapping[str, tuple[Applies, ...]]
    work: Mapping[str, Item | DutySpec]
    duties: tuple[DutySpec, ...]
    areas: Mapping[str, str]
    decisions_tested: frozenset[str]
    readings: Mapping[str, Policy] = field(default_factory=dict, repr=False)

    def __eq__(self, other: object) -> bool:
        return self.identity == other.identity if isinstance(other, Policy) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.identity)

    def __repr__(self) -> str:
        return f"<Policy {self.pack.id}, edition {self.pack.edition}>"

    def team_label(self, team: str) -> str:
        """Return a team's name as the authority prints it."""
        return RESERVED_TEAMS[team] if team in RESERVED_TEAMS else self.pack.teams[team].label

    def sections(self, clauses: tuple[str, ...]) -> str:
        """Return the printed sections of some clauses, in the order of the clauses; their ids where there is no ledger."""
        names = (self.pack.ledger[clause].section if clause in self.pack.ledger else clause for clause in clauses)
        return "; ".join(dict.fromkeys(names))


def _trees(pack: Pack) -> Iterator[Node]:
    """Return every condition and timescale of the parts in force."""
    for rule in (rule for rule in pack.rules if not rule.off):
        effect = rule.effect
        yield rule.when
        yield from _present(rule.transfer_point, rule.deadline)
        if isinstance(effect, Stay):
            yield from _present(effect.until)
        elif isinstance(effect, PeopleDecide):
            yield from _present(effect.by)
            yield from () if effect.valid is None else _present(effect.valid.on_or_after, effect.valid.before)
    parts: tuple[Item | DutySpec, ...] = (*pack.items.values(), *pack.duties)
    for work in (work for work in parts if not work.off):
        yield from _present(work.when, work.due, work.done_when)
        if isinstance(work, Item) and work.valid is not None:
            yield from _present(work.valid.on_or_after, work.valid.before)
    lists: tuple[Checklist | DutySpec, ...] = (*pack.checklists, *pack.duties)
    for one in lists:
        yield from (applies.when for applies in one.applies)


def _present(*trees: Node | None) -> Iterator[Node]:
    return (tree for tree in trees if tree is not None)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _nodes(part)


def _areas(pack: Pack) -> dict[str, str]:
    """Return the areas with their labels; where one team gives a label and another only the id, the label counts."""
    named = [(area, label) for team in pack.teams.values() for area, label in team.areas.items()]
    return {area: area for area, _ in named} | {area: label for area, label in named if label != area}


def compile_pack(pack: Pack, calendar: Calendar) -> Policy:
    """Return the policy of a pack, with one for each rival reading."""
    rules = {rule.id: rule for rule in sorted(pack.rules, key=lambda rule: rule.id) if not rule.off}
    overriders: dict[str, list[str]] = {name: [] for name in rules}
    for rule in rules.values():
        for weaker in rule.overrides:
            if weaker in overriders:
                overriders[weaker].append(rule.id)
    duties = tuple(duty for duty in pack.duties if not duty.off)
    identity = Identity(
        pack.id, pack.edition, pack.digest, calendar.name, calendar.digest, calendar.last, VERSION,
    )  # fmt: skip
    return Policy(
        pack=pack,
        calendar=calendar,
        identity=identity,
        facts=MappingProxyType({**STANDARD_FACTS, **pack.local_facts}),
        rules=MappingProxyType(rules),
        overriders=MappingProxyType({name: tuple(sorted(names)) for name, names in overriders.items()}),
        checklists=pack.checklists,
        moves_of_item=MappingProxyType(
            {item: tuple(one for checklist in pack.checklists if item in checklist.items for one in checklist.applies) for item in pack.items}
        ),
        work=MappingProxyType({**pack.items, **{duty.id: duty for duty in pack.duties}}),
        duties=duties,
        areas=MappingProxyType(_areas(pack)),
        decisions_tested=frozenset(node.decision for tree in _trees(pack) for node in _nodes(tree) if isinstance(node, Decided)),
        readings=MappingProxyType({name: compile_pack(rival, calendar) for name, rival in pack.readings.items()}),
    )

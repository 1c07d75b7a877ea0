"""`Policy`: a pack resolved and compiled; precedence worked out, nothing left to look up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ._version import VERSION
from .calendars import Calendar
from .checklists import ANY_TEAM, Applies, Checklist, DutySpec, Item, Teams
from .conditions import Decided, Node
from .decision import Identity
from .facts import RESERVED_TEAMS, Fact
from .pack import FromFact, Pack, PeopleDecide, Rule, Stay, TransferTo
from .timescales import MoveDay, facts_read, nodes
from .vocabulary import STANDARD_FACTS


@dataclass(frozen=True, slots=True)
class Reads:
    """The facts that a rule reads: those that say whether it `match`es, and those that its `answer` hangs on besides. Both sorted."""

    match: tuple[str, ...]
    answer: tuple[str, ...]


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
        reads: for each rule in force, the facts that it reads.
        moves_of_item: for each item, the moves of every list that it stands in.
        item_reads: for each item, the facts that say whether it is required.
        items_read: all of these, sorted.
        facts_read: every fact on which an answer can hang.
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
    reads: Mapping[str, Reads]
    checklists: tuple[Checklist, ...]
    moves_of_item: Mapping[str, tuple[Applies, ...]]
    item_reads: Mapping[str, frozenset[str]]
    items_read: tuple[str, ...]
    facts_read: frozenset[str]
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

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # Test reports and notebooks would print the whole pack.
        printer.text(repr(self))

    def team_label(self, team: str) -> str:
        """Return a team's name as the authority prints it."""
        return RESERVED_TEAMS[team] if team in RESERVED_TEAMS else self.pack.teams[team].label

    def sections(self, clauses: tuple[str, ...]) -> str:
        """Return the printed sections of some clauses, in the order of the clauses; their ids where there is no ledger."""
        names = (self.pack.ledger[clause].section if clause in self.pack.ledger else clause for clause in clauses)
        return "; ".join(dict.fromkeys(names))


def match_trees(rule: Rule) -> tuple[Node, ...]:
    """Return the condition of a rule and, for a hold, the timescale of its end: what says whether the rule matches."""
    until = rule.effect.until if isinstance(rule.effect, Stay) else None
    return (rule.when, *_present(until))


def answer_trees(rule: Rule) -> tuple[Node, ...]:
    """Return the timescales by which a rule says when, and when a recorded decision counts."""
    valid = rule.effect.valid if isinstance(rule.effect, PeopleDecide) else None
    return tuple(_present(rule.transfer_point, rule.deadline, *(() if valid is None else (valid.on_or_after, valid.before))))


def trees_of(pack: Pack) -> Iterator[Node]:
    """Return every condition and timescale of the parts in force."""
    for rule in (rule for rule in pack.rules if not rule.off):
        yield from match_trees(rule)
        yield from answer_trees(rule)
        if isinstance(rule.effect, PeopleDecide):
            yield from _present(rule.effect.by)
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


def _reads(rule: Rule) -> Reads:
    matching = set[str]().union(*map(facts_read, match_trees(rule))) | _holders(rule.from_teams)
    effect, trees = rule.effect, answer_trees(rule)
    answering = {"current_team", "current_team_area"}.union(*map(facts_read, (*trees, *match_trees(rule)[1:])))
    if isinstance(effect, TransferTo):
        answering |= {one.fact for one in (effect.team, effect.area) if isinstance(one, FromFact)}
    if any(isinstance(node, MoveDay) for tree in trees for node in nodes(tree)):
        answering.add("agreed_transfer_on")
    return Reads(tuple(sorted(matching)), tuple(sorted(answering)))


def _item_reads(pack: Pack) -> dict[str, frozenset[str]]:
    """Return, for each item in force, the facts that say whether it is required."""
    found = {}
    for name, item in pack.items.items():
        if not item.off:
            applying = [one for checklist in pack.checklists if name in checklist.items for one in checklist.applies]
            trees = map(facts_read, (item.when, *(one.when for one in applying)))
            found[name] = frozenset[str]().union(*trees, *(_holders(one.from_teams) for one in applying))
    return found


def _holders(teams: Teams) -> set[str]:
    return set() if teams == ANY_TEAM else {"current_team"}


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
    reads = {name: _reads(rule) for name, rule in rules.items()}
    item_reads = _item_reads(pack)
    items_read = frozenset[str]().union(*item_reads.values())
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
        reads=MappingProxyType(reads),
        checklists=pack.checklists,
        moves_of_item=MappingProxyType(
            {item: tuple(one for checklist in pack.checklists if item in checklist.items for one in checklist.applies) for item in pack.items}
        ),
        item_reads=MappingProxyType(item_reads),
        items_read=tuple(sorted(items_read)),
        facts_read=items_read.union(*((*one.match, *one.answer) for one in reads.values())),
        work=MappingProxyType({**pack.items, **{duty.id: duty for duty in pack.duties}}),
        duties=duties,
        areas=MappingProxyType(_areas(pack)),
        decisions_tested=frozenset(node.decision for tree in trees_of(pack) for node in nodes(tree) if isinstance(node, Decided)),
        readings=MappingProxyType({name: compile_pack(rival, calendar) for name, rival in pack.readings.items()}),
    )

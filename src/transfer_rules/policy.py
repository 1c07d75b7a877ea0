"""`Policy`: a pack resolved and compiled; precedence worked out, nothing left to look up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar

from ._version import VERSION
from .calendars import Calendar
from .checklists import ANY_TEAM, Applies, Checklist, DutySpec, Item, Teams
from .conditions import Decided, Node
from .decision import Identity
from .facts import RESERVED_TEAMS, Fact
from .pack import FromFact, Pack, PeopleDecide, Rule, Stay, TransferTo
from .timescales import MoveDay, facts_read, nodes
from .vocabulary import STANDARD_FACTS

_Part: TypeAlias = Rule | Item | DutySpec | Checklist
Part = TypeVar("Part", bound=_Part)
Found = TypeVar("Found")


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
        forms: for each holding team that came up, what decides its cases (`one_case`), and what columns need (`batch`); made when needed, and no part
            of what a policy is.
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
    forms: dict[object, Any] = field(default_factory=dict, init=False, repr=False)

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
    for part in _parts(pack):
        yield from _trees_in(part)


def _parts(pack: Pack) -> tuple[_Part, ...]:
    return (*pack.rules, *pack.items.values(), *pack.duties, *pack.checklists)


def _trees_in(part: _Part) -> Iterator[Node]:
    if isinstance(part, Rule) and not part.off:
        yield from match_trees(part)
        yield from answer_trees(part)
        if isinstance(part.effect, PeopleDecide):
            yield from _present(part.effect.by)
    if isinstance(part, Item | DutySpec) and not part.off:
        yield from _present(part.when, part.due, part.done_when)
        if isinstance(part, Item) and part.valid is not None:
            yield from _present(part.valid.on_or_after, part.valid.before)
    if isinstance(part, Checklist | DutySpec):
        yield from (applies.when for applies in part.applies)


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


def _list_reads(checklist: Checklist) -> frozenset[str]:
    """Return the facts that say whether a list belongs to a move."""
    return frozenset[str]().union(*(facts_read(one.when) | _holders(one.from_teams) for one in checklist.applies))


def _decisions_tested(part: _Part) -> frozenset[str]:
    return frozenset(node.decision for tree in _trees_in(part) for node in nodes(tree) if isinstance(node, Decided))


def _holders(teams: Teams) -> set[str]:
    return set() if teams == ANY_TEAM else {"current_team"}


def _areas(pack: Pack) -> dict[str, str]:
    """Return the areas with their labels; where one team gives a label and another only the id, the label counts."""
    named = [(area, label) for team in pack.teams.values() for area, label in team.areas.items()]
    return {area: area for area, _ in named} | {area: label for area, label in named if label != area}


class _Once(Generic[Part, Found]):
    """Works something out for the parts of a pack. Nearly all parts of a rival reading are those of the pack itself, and are not worked out again."""

    def __init__(self, work: Callable[[Part], Found]):
        self._work = work
        self._found: dict[str, tuple[Part, Found]] = {}

    def __call__(self, part: Part) -> Found:
        if part.id not in self._found:
            self._found[part.id] = part, self._work(part)
        first, found = self._found[part.id]
        return found if first is part else self._work(part)


def compile_pack(pack: Pack, calendar: Calendar) -> Policy:
    """Return the policy of a pack, with one for each rival reading."""
    compiler = _Compiler(calendar)
    policy = compiler.policy(pack)
    return replace(policy, readings=MappingProxyType({name: compiler.policy(rival) for name, rival in pack.readings.items()}))


class _Compiler:
    def __init__(self, calendar: Calendar):
        self._calendar = calendar
        self._reads = _Once(_reads)
        self._item_reads = _Once[Item, frozenset[str]](lambda item: facts_read(item.when))
        self._list_reads = _Once(_list_reads)
        self._decisions_tested = _Once(_decisions_tested)

    def policy(self, pack: Pack) -> Policy:
        """Return the policy of one pack, without its readings."""
        calendar = self._calendar
        rules = {rule.id: rule for rule in sorted(pack.rules, key=lambda rule: rule.id) if not rule.off}
        overriders: dict[str, list[str]] = {name: [] for name in rules}
        for rule in rules.values():
            for weaker in rule.overrides:
                if weaker in overriders:
                    overriders[weaker].append(rule.id)
        duties = tuple(duty for duty in pack.duties if not duty.off)
        reads = {name: self._reads(rule) for name, rule in rules.items()}
        lists_of_item: dict[str, list[Checklist]] = {name: [] for name in pack.items}
        for checklist in pack.checklists:
            for name in set(checklist.items) & lists_of_item.keys():
                lists_of_item[name].append(checklist)
        item_reads = {
            name: self._item_reads(item).union(*map(self._list_reads, lists_of_item[name])) for name, item in pack.items.items() if not item.off
        }
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
            moves_of_item=MappingProxyType({name: tuple(one for each in lists for one in each.applies) for name, lists in lists_of_item.items()}),
            item_reads=MappingProxyType(item_reads),
            items_read=tuple(sorted(items_read)),
            facts_read=items_read.union(*((*one.match, *one.answer) for one in reads.values())),
            work=MappingProxyType({**pack.items, **{duty.id: duty for duty in pack.duties}}),
            duties=duties,
            areas=MappingProxyType(_areas(pack)),
            decisions_tested=frozenset[str]().union(*map(self._decisions_tested, _parts(pack))),
        )

"""Reading the parts of a pack: teams, rules, checklists, duties, interpretations, and what holds between them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeVar, cast

from ..calendars import ENGLAND
from ..checklists import ANY_TEAM, DUTY_KINDS, NO_DUE, OUTCOMES, Applies, Checklist, DutySpec, Excuse, Item, Span, Teams, Valid
from ..conditions import ALWAYS
from ..errors import Location
from ..facts import FACT_KINDS, RESERVED_TEAMS, Fact
from ..grammar import BLOCKS, EFFECTS, REGIONS
from ..pack import (
    Clause,
    Close,
    DecisionSpec,
    Definition,
    FromFact,
    Interpretation,
    LeaveToPeople,
    Named,
    Otherwise,
    Override,
    Pack,
    PeopleDecide,
    Rule,
    Stay,
    Team,
    TransferTo,
)
from ..timescales import MOVES
from ..vocabulary import GROUPS, STANDARD_FACTS
from .nodes import Document, Fields, Items, Node, Text
from .reader import Skip
from .trees import TreeReader, names_used

T = TypeVar("T")

# Standing rules are compared two by two, so their number is bounded; and so is the work of reading the pack again for every rival reading.
MAX_RULES: Final = 500
MAX_REREAD: Final = 200_000

# Words that already mean something where a team or a fact is named.
_NO_TEAM: Final[Mapping[str, str]] = {**RESERVED_TEAMS, "any": "any team", "stay": "that the case stays", "close": "that the case closes"}
_NO_FACT: Final = ("as_of", *MOVES)

# The parts of the file that declare names: their shape, and the faults that cannot be told where they cannot be read.
_DECLARING: Final[Mapping[str, tuple[type[Fields] | type[Items], tuple[str, ...]]]] = {
    "teams": (Fields, ("unknown-team", "unknown-area")),
    "local_facts": (Fields, ("unknown-fact",)),
    "decisions": (Fields, ("unknown-decision",)),
    "definitions": (Fields, ("unknown-definition", "unknown-part")),
    "rules": (Items, ("unknown-rule", "unknown-group", "unknown-part")),
    "checklists": (Fields, ("unknown-item", "unknown-part")),
    "duties": (Items, ("unknown-item", "unknown-duty", "unknown-part")),
}


@dataclass(frozen=True)
class _Names:
    """The parts that the file names, with their places, collected before anything is read, so that a faulty part is still known by name."""

    rules: dict[str, Text]
    groups: dict[str, list[str]]
    items: dict[str, Text]
    duties: dict[str, Text]


class PackReader(TreeReader):
    """Reads one document as a pack."""

    def __init__(self, document: Document, ledger: Mapping[str, Clause]):
        super().__init__(document)
        self._root = document.root
        self._ledger = ledger
        self._sections: dict[str, Node] = {}
        self._names = _Names({}, {}, {}, {})
        self._items: dict[str, Item] = {}
        self._area_labels: dict[str, tuple[Text, str]] = {}
        self._changes: dict[str, Fields] = {}
        self._clause_places: dict[str, list[Location]] = {}
        self._reread = 0
        self._again: set[str] = set()
        """The parts that a rival reading has to read again: those that it changes, and those that use what it changes."""

    def read(self) -> Pack | None:
        """Return the pack, or None where `faults` says why not."""
        root = self._root
        if not isinstance(root, Fields):
            why = "its parts are found by their keys"
            self.note("wrong-shape", root, "a pack takes `key: value` pairs", why=why, mend="begin with `language: 1`")
            return None
        language = root.get("language")
        if isinstance(language, Text) and not language.empty and language.text != "1":
            # The rest may be right in that language, so nothing else is said.
            why = "this version of transfer_rules reads language 1"
            self.faults.clear()
            self.note("unknown-language", language, f"unknown language `{language.text}`", why=why, mend="write `language: 1`")
            return None
        self._collect_declarations(root)
        self._collect_parts()
        if len(self._names.rules) > MAX_RULES:
            why = "rules that match together are compared two by two"
            self.note("too-large", self._sections["rules"], f"there are more than {MAX_RULES} rules", why=why, mend="split the pack")
        values: dict[str, Any] = {}
        with self.going_on():
            values = self.block("pack", root)
        self.read_definitions()
        self._check_repeats()
        self._check_circles()
        pack = None if self.faults else self._pack(values)
        readings = self._readings(pack)
        return None if pack is None or self.faults else replace(pack, readings=readings)

    def _pack(self, values: dict[str, Any]) -> Pack:
        authority, source, force = values["authority"], values["source"], values["in_force"]
        calendar = values.get("calendar", {})
        account = values.get("clauses", {})
        return Pack(
            id=_slug(authority["name"]),
            authority=authority["name"],
            title=source["title"],
            edition=source["edition"],
            digest=digest(self._root),
            in_force_from=force["from"],
            in_force_until=force.get("until"),
            region=calendar.get("region", "england"),
            closures=tuple((closed["on"], closed["label"]) for closed in calendar.get("closed", ())),
            teams=values["teams"],
            local_facts=values.get("local_facts", {}),
            decisions=values.get("decisions", {}),
            definitions=values.get("definitions", {}),
            rules=values["rules"],
            leave_to_people=values.get("leave_to_people", ()),
            checklists=tuple(values.get("checklists", {}).values()),
            items=dict(self._items),
            duties=values.get("duties", ()),
            interpretations=values.get("interpretations", ()),
            otherwise=values["otherwise"],
            accounted={clause: (kind, reason) for kind in ("guidance", "no_effect") for clause, reason in account.get(kind, {}).items()},
            ledger=self._ledger,
            clause_places={clause: tuple(places) for clause, places in self._clause_places.items()},
        )

    # --- names first

    def _list(self, key: str) -> tuple[Node, ...]:
        node = self._sections.get(key)
        return node.items if isinstance(node, Items) else ()

    def _map_fields(self, key: str) -> tuple[tuple[Text, Node], ...]:
        node = self._sections.get(key)
        return node.fields if isinstance(node, Fields) else ()

    def _item_nodes(self) -> Iterator[Node]:
        """Every entry of every checklist: items, and names of items defined in another list."""
        for _, checklist in self._map_fields("checklists"):
            items = checklist.get("items") if isinstance(checklist, Fields) else None
            yield from items.items if isinstance(items, Items) else ()

    def _collect_declarations(self, root: Fields) -> None:
        """Find the sections and the names of teams, areas, facts and decisions. A mistyped section still declares what stands in it."""
        known = [key.name for key in BLOCKS["pack"].keys]
        for key, node in sorted(root.fields, key=lambda field: field[0].text not in known):
            if section := key.text if key.text in known else self.nearest(key.text, known):
                self._sections.setdefault(section, node)
        for section, (shape, codes) in _DECLARING.items():
            declaring = self._sections.get(section)
            if not isinstance(declaring, shape) and (declaring is not None or section in ("teams", "rules")):
                self.unjudged.update(codes)
        for name, node in self._map_fields("teams"):
            self.teams[name.text] = None
            areas = node.get("areas") if isinstance(node, Fields) else None
            names = [area for area, _ in areas.fields] if isinstance(areas, Fields) else areas.items if isinstance(areas, Items) else ()
            for area in names:
                if isinstance(area, Text):
                    self.areas.setdefault(area.text, set()).add(name.text)
            if isinstance(areas, Text) or self.mistyped(node, "team", "areas"):
                self.unjudged.add("unknown-area")
        self.decision_specs.update({name.text: None for name, _ in self._map_fields("decisions")})
        self.facts.update(STANDARD_FACTS)
        if (local := root.key("local_facts")) is not None:
            self.fact_places[local.text] = local.place
        for name, _ in self._map_fields("local_facts"):
            self.facts.setdefault(name.text, None)
            self.fact_places[name.text] = name.place

    def _collect_parts(self) -> None:
        """Find the names of definitions, rules, groups, items and duties."""
        self._names = _Names({}, {}, {}, {})
        self.definition_nodes = {name.text: (name, self._changes.get(name.text, node)) for name, node in self._map_fields("definitions")}
        for node in self._list("rules"):
            if (rule := self._collect_name(node, self._names.rules, "unknown-rule")) is not None:
                group = cast(Fields, self._changed(node)).get("group")
                if isinstance(group, Text):
                    self._names.groups.setdefault(group.text, []).append(rule)
            if self.mistyped(node, "rule", "group"):
                self.unjudged.add("unknown-group")
        for node in self._item_nodes():
            self._collect_name(node, self._names.items, "unknown-item")
        for _, node in self._map_fields("checklists"):
            if self.mistyped(node, "checklist", "items"):
                self.unjudged.update(("unknown-item", "unknown-part"))
        for node in self._list("duties"):
            self._collect_name(node, self._names.duties, "unknown-duty", "unknown-item")

    def _collect_name(self, node: Node, names: dict[str, Text], *codes: str) -> str | None:
        name = _named(node)
        if name is not None:
            names.setdefault(name.text, name)
        elif isinstance(node, Fields):
            self.unjudged.update((*codes, "unknown-part"))
        return None if name is None else name.text

    def _check_repeats(self) -> None:
        """Ids are unique among rules, items, duties, checklists, definitions and interpretations: a rival reading names any of them."""
        seen: dict[str, Text] = {}
        parts = (*self._list("rules"), *self._item_nodes(), *self._list("duties"), *self._list("interpretations"))
        keys = [key for part in ("checklists", "definitions") for key, _ in self._map_fields(part)]
        for name in (*map(_named, parts), *keys):
            if name is None:
                continue
            if name.text in ("otherwise", "leave_to_people"):
                self.note("odd-id", name, f"`{name.text}` is reserved", why="reasons use it for what no rule decided", mend="choose another name")
            first = seen.setdefault(name.text, name)
            if first is not name:
                self.note(
                    "repeated-id",
                    name,
                    f"`{name.text}` is the name of two parts",
                    why="every rule, item, duty, list, definition and interpretation has a name of its own",
                    mend="rename one",
                    also=((first.place, f"`{name.text}` stands here first"),),
                )

    def _check_circles(self) -> None:
        if self._oversized:
            return
        rules, items = self._names.rules, self._names.items
        edges = {name: self._overridden(name, node) for node in self._list("rules") if (name := _name(node))}
        self.circles(edges, rules, "overrides itself")
        edges = {name: self._named_in(node, "overrides") for node in self._list("duties") if (name := _name(node))}
        self.circles(edges, self._names.duties, "overrides itself")
        edges = {name: self._named_in(node, "needs", "satisfied_by") for node in self._item_nodes() if (name := _name(node))}
        self.circles(edges, items, "waits for itself")

    def _overridden(self, name: str, node: Node) -> set[str]:
        """Return the rules that a rule overrides, before it is read; a rule may override the rest of its own group."""
        groups: set[str] = set()
        for one in _items_of(self._changed(node), "overrides"):
            group = one.get("group") if isinstance(one, Fields) else None
            if isinstance(group, Text):
                groups.update(self._names.groups.get(group.text, ()))
        named = (one.get("rule") if isinstance(one, Fields) else one for one in _items_of(self._changed(node), "overrides"))
        return (groups - {name}) | {one.text for one in named if isinstance(one, Text)}

    def _named_in(self, node: Node, *keys: str) -> set[str]:
        return {one.text for key in keys for one in _items_of(self._changed(node), key) if isinstance(one, Text)}

    @property
    def _oversized(self) -> bool:
        return any(fault.code == "too-large" for fault in self.faults)

    # --- identity

    def _language(self, node: Node) -> str:
        return self.text(node).text

    def _in_force(self, node: Node) -> Mapping[str, Any]:
        values = self.block("in_force", node)
        until = values.get("until")
        if until is not None and until < values["from"]:
            place = cast(Fields, node).get("until")
            raise self.fault(
                "wrong-value", cast(Node, place), "`until:` lies before `from:`", why="it is the last day, and included", mend="correct one"
            )
        return values

    def _closure(self, node: Node) -> Mapping[str, Any]:
        values = self.block("closure", node)
        if not ENGLAND.first <= values["on"] <= ENGLAND.last:
            place = cast(Text, cast(Fields, node).get("on"))
            why = f"the calendar runs from {ENGLAND.first} to {ENGLAND.last}"
            raise self.fault("wrong-value", place, f"`{place.text}` lies outside the calendar", why=why, mend="choose a day inside it")
        return values

    def _region(self, node: Node) -> str:
        return self.word(node, REGIONS, "wrong-value", "region")

    def _team(self, node: Node, key: Text) -> Team:
        if key.text in _NO_TEAM:
            self.note("odd-id", key, f"`{key.text}` is reserved", why=f"it means {_NO_TEAM[key.text]}", mend="delete it, or choose another name")
        values = self.block("team", node)
        return Team(
            key.text, values["label"], values.get("areas", {}), values.get("outside", False), values.get("clauses", ()),
            values.get("no_way_in", ""), values.get("no_way_out", ""), key.place,
        )  # fmt: skip

    def _areas(self, node: Node) -> Mapping[str, str]:
        if not isinstance(node, Fields):
            return {area: area for area in self.each(node, self._id)}
        labels: dict[str, str] = {}
        for key, value in node.fields:
            with self.going_on():
                labels[self._id(key)] = self._text(value)
                first, label = self._area_labels.setdefault(key.text, (key, labels[key.text]))
                if label != labels[key.text]:
                    also = ((first.place, f"here it is `{label}`"),)
                    why = "an area has one name, whichever team it belongs to"
                    self.note("repeated-id", key, f"area `{key.text}` has two labels", why=why, mend="use one label, or two ids", also=also)
        return labels

    def _local_fact(self, node: Node, key: Text) -> Fact:
        if key.text in STANDARD_FACTS:
            message, why = f"`{key.text}` is a standard fact already", "each fact is defined once"
            self.note("repeated-fact", key, message, why=why, mend="delete it here, or choose another name")
        if key.text in _NO_FACT:
            self.note("odd-id", key, f"`{key.text}` is reserved", why="timescales count from it", mend="choose another name")
        values = self.block("local_fact", node)
        kind, options = values["type"], values.get("options", ())
        if kind in ("choice", "choices") and not options:
            mend = "list the words allowed"
            raise self.fault("missing-key", node, f"`{key.text}` needs `options:`", why=f"it is a fact of type {kind}", mend=mend)
        if kind not in ("choice", "choices") and options:
            place, why = cast(Fields, node).key("options"), f"it is a fact of type {kind}"
            raise self.fault("unknown-key", cast(Node, place), f"`options:` does not belong to `{key.text}`", why=why, mend="write `type: choice`")
        fact = Fact(
            key.text, kind, values["label"], values["ask"], values.get("means", ""), values.get("group", "local"), options,
            values.get("judgement", False), values.get("unit", ""),
        )  # fmt: skip
        if key.text not in STANDARD_FACTS:
            self.facts[key.text] = fact
        return fact

    def _fact_group(self, node: Node) -> str:
        return self.word(node, (*GROUPS, "local"), "wrong-value", "group of facts")

    def _fact_type(self, node: Node) -> str:
        return self.word(node, FACT_KINDS, "wrong-value", "type of fact")

    def _decision_spec(self, node: Node, key: Text) -> DecisionSpec:
        values = self.block("decision_spec", node)
        spec = DecisionSpec(key.text, values["label"], values.get("options", ()))
        self.decision_specs[key.text] = spec
        return spec

    def _definition(self, node: Node, key: Text) -> Definition:
        del node
        definition = self.read_definitions().get(key.text)
        if definition is None:
            raise Skip
        return definition

    # --- rules

    def _changed(self, node: Node) -> Node:
        """Return a part as a rival reading has it."""
        return self._changes.get(_name(node), node)

    def _rule(self, node: Node) -> Rule:
        fields = self.fields(self._changed(node), "a rule")
        if fields.get("stay") is not None and (extra := fields.key("deadline") or fields.key("transfer_point")) is not None:
            why = "a case that stays has no deadline and no transfer point"
            self.note("wrong-value", extra, f"`{extra.text}:` does not go with `stay:`", why=why, mend="delete it, or write `stay: {until: ...}`")
        values = self.block("rule", fields)
        effect = next(values[name] for name in EFFECTS if name in values)
        overrides: tuple[Override, ...] = values.get("overrides", ())
        exceptions = (clause for override in overrides for clause in override.clauses)
        return Rule(
            values["id"],
            Close() if effect is True else effect,
            tuple(dict.fromkeys((*values.get("clauses", ()), *exceptions))),
            values.get("label", ""),
            values.get("group", ""),
            values["from"],
            values.get("when", ALWAYS),
            values.get("transfer_point"),
            values.get("deadline"),
            frozenset(name for override in overrides for name in override.rules) - {values["id"]},
            values.get("off", False),
            fields.place,
            overrides,
        )

    def _teams(self, node: Node) -> Teams:
        if isinstance(node, Fields):
            self.companions(node, ("any_except",))
            exceptions = node.get("any_except")
            if exceptions is None:
                raise self.fault(
                    "missing-key", node, "`any_except:` is wanted here", why="so the exceptions are known", mend="write {any_except: [team]}"
                )
            return Teams(None, frozenset(self.some(exceptions, self.team_named, node.key("any_except"))))
        if isinstance(node, Items):
            return Teams(frozenset(self.some(node, self.team_named)))
        return ANY_TEAM if node.text == "any" else Teams(frozenset({self.team_named(node)}))

    def _from_fact(self, node: Node, kind: str, read: Callable[[Node], str]) -> Named:
        """Read a name, or `{fact: name}` of the type that gives one."""
        self.there(node)
        if not isinstance(node, Fields):
            return read(node)
        name_node = self.fact_pair(node)
        name, fact = self.fact_named(name_node, f"the {kind} can come from a fact")
        if fact is not None and fact.kind != kind:
            why = f"it is of type {fact.kind}"
            raise self.fault("wrong-value", name_node, f"`{name}` names no {kind}", why=why, mend=f"name a fact of type {kind}")
        return FromFact(name)

    def _team_or_fact(self, node: Node) -> Named:
        return self._from_fact(node, "team", self.team_named)

    def _area_or_fact(self, node: Node) -> Named:
        return self._from_fact(node, "area", self.area_named)

    def _answer(self, node: Node) -> Named:
        return self._from_fact(node, "team", self._answer_word)

    def _transfer(self, node: Node) -> TransferTo:
        if isinstance(node, Text):
            return TransferTo(self.team_named(node))
        values = self.block("transfer", node)
        transfer = TransferTo(values["team"], values.get("area"), values.get("role"))
        team, area = transfer.team, transfer.area
        owners = self.areas.get(area, set()) if isinstance(area, str) and "unknown-area" not in self.unjudged else set()
        if isinstance(team, str) and owners and team not in owners:
            place, why = cast(Node, cast(Fields, node).get("area")), f"`{area}` belongs to {', '.join(sorted(owners))}"
            raise self.fault("unknown-area", place, f"team `{team}` has no area `{area}`", why=why, mend=f"add it to the areas of `{team}`")
        return transfer

    def _stay(self, node: Node) -> Stay:
        if isinstance(node, Text):
            self.true(node)
            return Stay()
        values = self.block("stay", node)
        return Stay(values.get("until"), values.get("yields", False))

    def _people_decide(self, node: Node) -> PeopleDecide:
        fields = self.fields(node, "`people_decide:`")
        if (valid := fields.key("valid")) is not None and fields.get("settled_by") is None:
            why = "it says when the decision must have been taken"
            self.note("missing-key", valid, "`valid:` needs `settled_by:`", why=why, mend="add `settled_by:` and the decision")
        values = self.block("people_decide", node)
        return PeopleDecide(
            values["who"], values["question"], values["between"], values.get("by"), values.get("settled_by"), values.get("valid")
        )  # fmt: skip

    def _settling_decision(self, node: Node) -> str:
        name = self._decision(node)
        spec = self.decision_specs[name]
        if spec is not None and spec.options:
            why = "a decision with `options:` cannot settle where a case goes"
            raise self.fault(
                "wrong-value", node, f"`{name}` does not name a team", why=why, mend="take its `options:` away, or use it in a condition"
            )
        return name

    def _override(self, node: Node) -> Override:
        if isinstance(node, Text):
            self.there(node)
            return Override((self._rule_name(node),), place=node.place)
        clauses = self.block("override", node).get("clauses", ())
        fields = cast(Fields, node)
        if (rule := fields.get("rule")) is not None:
            return Override((self._rule_name(rule),), clauses, place=node.place)
        why = "no rule has this `group:`"
        group = self.word(cast(Node, fields.get("group")), self._names.groups, "unknown-group", "group", why)
        self.add_weight(node, len(self._names.groups[group]))
        return Override(tuple(self._names.groups[group]), clauses, group, node.place)

    def _rule_name(self, node: Node) -> str:
        text = self.text(node)
        if text.text in self._names.groups and text.text not in self._names.rules:
            raise self.fault("unknown-rule", text, f"unknown rule `{text.text}`", why="it is a group", mend=f"write {{group: {text.text}}}")
        return self.word(node, self._names.rules, "unknown-rule", "rule", why="`rules:` has none of this name")

    def _leave_to_people(self, node: Node) -> LeaveToPeople:
        values = self.block("leave_to_people", node)
        rules = frozenset(values["rules"])
        if len(rules) < 2:
            place = cast(Node, cast(Fields, node).key("rules"))
            raise self.fault(
                "nothing-here", place, "one rule alone does not clash", why="a clash is between two rules or more", mend="name the others"
            )
        return LeaveToPeople(rules, values["who"], values["question"], values.get("clauses", ()), values.get("settled_by"))

    # --- checklists and duties

    def _applies(self, node: Node) -> Applies:
        values = self.block("applies", node)
        rules = frozenset(name for one in values["rules"] for name in one.rules) if "rules" in values else None
        outcomes = frozenset(values["outcome"]) if "outcome" in values else None
        return Applies(values.get("from", ANY_TEAM), values.get("to", ANY_TEAM), outcomes, rules, values.get("when", ALWAYS))

    def _outcome(self, node: Node) -> str:
        return self.word(node, OUTCOMES, "wrong-value", "outcome")

    def _checklist(self, node: Node, key: Text) -> Checklist:
        name, values = key.text, self.block("checklist", node)
        # A checklist is for a move: without `outcome:` it belongs to transfers and closures only.
        moves = frozenset({"transfer", "close"})
        applies = tuple(replace(one, outcomes=cast(Any, moves)) if one.outcomes is None else one for one in values["applies"])
        if any(one.outcomes is not None and not one.outcomes <= {*moves, "people_decide"} for one in applies):
            place, why = cast(Fields, node).key("applies"), "only a transfer, a close or a question for people has items"
            raise self.fault("wrong-value", cast(Node, place), f"`{name}` cannot belong to this outcome", why=why, mend="make it a duty")
        return Checklist(name, values.get("label", name.replace("_", " ")), applies, values["items"], values.get("clauses", ()), node.place)

    def _item(self, node: Node) -> str:
        if isinstance(node, Text):
            self.there(node)
            return self.word(node, self._names.items, "unknown-item", "item", why="no list defines an item of this name")
        node = self._changed(node)
        values = self.block("item", node)
        item = Item(
            values["id"], values["label"], values.get("clauses", ()), values.get("by", ""), values.get("when", ALWAYS), values.get("due", NO_DUE),
            values.get("fresh_for"), values.get("valid"), values.get("needs", ()), values.get("done_when"), values.get("satisfied_by", ()),
            values.get("excusable"), values.get("off", False), node.place,
        )  # fmt: skip
        self._items.setdefault(item.id, item)
        return item.id

    def _work_name(self, node: Node) -> str:
        known = {**self._names.items, **self._names.duties}
        return self.word(node, known, "unknown-item", "item or duty", why="no list and no duty has this name")

    def _duty_name(self, node: Node) -> str:
        return self.word(node, self._names.duties, "unknown-duty", "duty", why="a duty overrides duties, and `duties:` has none of this name")

    def _span(self, node: Node) -> Span:
        fields = self.fields(node, "`fresh_for:`")
        self.companions(fields, ("months", "weeks", "days"))
        keys = [key for key, _ in fields.fields]
        if len(keys) > 1:
            self.two_of(keys, "it is one length of time", "keep one")
            raise Skip
        if not keys:
            raise self.fault("nothing-here", fields, "`fresh_for:` is empty", why="it is one length of time", mend="write {months: 1}")
        return Span(self.count(fields.fields[0][1]), cast(Any, keys[0].text))

    def _valid(self, node: Node) -> Valid:
        values = self.block("valid", node)
        if not values:
            raise self.fault("nothing-here", node, "`valid:` is empty", why="it says from when or until when", mend="add `on_or_after:` or `before:`")
        return Valid(values.get("on_or_after"), values.get("before"))

    def _excuse(self, node: Node) -> Excuse:
        values = self.block("excuse", node)
        return Excuse(values["by"], values.get("clauses", ()))

    def _duty(self, node: Node) -> DutySpec:
        node = self._changed(node)
        values = self.block("duty", node)
        return DutySpec(
            values["id"], values["kind"], values["label"], values.get("clauses", ()), values.get("who", ""), values.get("to", ""),
            values.get("applies", ()), values.get("when", ALWAYS), values.get("due", NO_DUE), values.get("done_when"), values.get("advisory", False),
            values.get("overrides", ()), values.get("off", False), node.place,
        )  # fmt: skip

    def _duty_kind(self, node: Node) -> str:
        return self.word(node, DUTY_KINDS, "wrong-value", "kind of duty")

    # --- interpretations and the account

    def _interpretation(self, node: Node) -> Interpretation:
        values = self.block("interpretation", node)
        return Interpretation(
            values["id"], values["question"], values["reading"], values["clauses"], values.get("to_confirm", ""), "instead" in values, node.place
        )

    def _patches(self, node: Node) -> Fields:
        fields = self.fields(node, "`instead:`")
        if not fields.fields:
            raise self.fault("nothing-here", fields, "`instead:` is empty", why="it names what would be different", mend="fill it in, or delete it")
        return fields

    def _clause(self, node: Node) -> str:
        clause = super()._clause(node)
        self._clause_places.setdefault(clause, []).append(node.place)
        return clause

    def _otherwise(self, node: Node) -> Otherwise:
        values = self.block("otherwise", node)
        return Otherwise(values["label"], values.get("clauses", ()))

    # --- rival readings

    def _readings(self, pack: Pack | None) -> dict[str, Pack]:
        """Return the pack under each rival reading; with no pack, only find their faults."""
        readings: dict[str, Pack] = {}
        for node in self._list("interpretations"):
            instead = node.get("instead") if isinstance(node, Fields) else None
            if not isinstance(instead, Fields) or self._oversized:
                continue
            rival = self._rival(instead)
            again = rival._read_again(pack)
            if again is not None:
                # A rival reading is another policy, so it has a digest of its own.
                own = hashlib.sha256(f"{again.digest}:{_name(node)}".encode()).hexdigest()
                readings[_name(node)] = replace(again, digest=own)
            # What is faulty without the rival reading is noted already.
            known, also = set(self.faults), (node.place, f"this is the rival reading of `{_name(node)}`")
            self.faults += [replace(fault, also=(*fault.also, also)) for fault in rival.faults if fault not in known]
            self._reread += rival._total + len(rival._names.rules) + len(rival._names.items) + len(rival._names.duties)
            if self._reread > MAX_REREAD:
                why = "each one is a pack of its own, worked out before the first decision"
                self.note("too-large", node, f"up to here the rival readings make more than {MAX_REREAD} parts", why=why, mend="leave out some")
        return readings

    def _rival(self, instead: Fields) -> PackReader:
        """Return a reader of the same file in which the parts that `instead` names have its keys."""
        changes: dict[str, Fields] = {}
        keys: set[str] = set()
        for part, patch in instead.fields:
            with self.going_on():
                changes[part.text] = self._with(self._part(part), self.fields(patch, f"`{part.text}:`"))
                keys |= {key.text for key, _ in cast(Fields, patch).fields}
        rival = copy(self)
        rival.faults, rival._items, rival._clause_places, rival._total = [], {}, {}, 0
        rival._changes = changes
        rival._again = changes.keys() | self._users(changes)
        if not changes.keys().isdisjoint(self.definition_nodes):
            known = {name: definition for name, definition in self.read_definitions().items() if name not in rival._again}
            rival.definitions, rival.known_definitions, rival._sizes = None, known, dict(self._sizes)
            rival.definition_nodes = {name: (key, changes.get(name, node)) for name, (key, node) in self.definition_nodes.items()}
        # A group may stand behind any rule, list or duty.
        if "group" in keys:
            rival._again = rival._again.union(self._names.rules, self._names.duties, (key.text for key, _ in self._map_fields("checklists")))
            rival._collect_parts()
        if keys & {"group", "overrides", "needs", "satisfied_by"}:
            rival._check_circles()
        return rival

    def _read_again(self, pack: Pack | None) -> Pack | None:
        """Return the pack with the parts that are otherwise read again; all others are the very same. None where one is faulty."""
        definitions, checklists = self.read_definitions(), dict[str, Checklist]()
        for key, node in self._map_fields("checklists"):
            if key.text in self._again:
                with self.going_on():
                    checklists[key.text] = self._checklist(node, key)
        self._each_named(self._item_nodes(), self._item)
        rules = self._each_named(self._list("rules"), self._rule)
        duties = self._each_named(self._list("duties"), self._duty)
        if pack is None or self.faults:
            return None
        return replace(
            pack,
            rules=tuple(rules.get(rule.id, rule) for rule in pack.rules),
            items={**pack.items, **self._items},
            duties=tuple(duties.get(duty.id, duty) for duty in pack.duties),
            checklists=tuple(checklists.get(checklist.id, checklist) for checklist in pack.checklists),
            definitions={**pack.definitions, **definitions},
        )

    def _users(self, changed: Iterable[str]) -> set[str]:
        """Return the parts that use one of these definitions, themselves or through another definition."""
        found: set[str] = set()
        ahead = list(changed)
        while ahead:
            users = self._used_by.get(ahead.pop(), set()) - found
            found |= users
            ahead += users
        return found

    @cached_property
    def _used_by(self) -> Mapping[str, set[str]]:
        """For each definition, the definitions, rules, checklists, items and duties in which its name stands."""
        parts: list[tuple[str, Node | None]] = [(name, node) for name, (_, node) in self.definition_nodes.items()]
        parts += [(_name(node), node) for node in (*self._list("rules"), *self._item_nodes(), *self._list("duties"))]
        parts += [(key.text, node.get("applies")) for key, node in self._map_fields("checklists") if isinstance(node, Fields)]
        found: dict[str, set[str]] = {}
        for part, node in parts:
            for name in names_used(node, self.definition_nodes):
                found.setdefault(name, set()).add(part)
        return found

    def _each_named(self, nodes: Iterable[Node], read: Callable[[Node], T]) -> dict[str, T]:
        """Read again those of the parts that have to be."""
        found: dict[str, T] = {}
        for node in nodes:
            if (name := _name(node)) in self._again:
                with self.going_on():
                    found[name] = read(node)
        return found

    def _part(self, name: Text) -> tuple[str, Fields]:
        """Return the block and the node of the part that a rival reading names."""
        sections = {"rule": self._list("rules"), "item": self._item_nodes(), "duty": self._list("duties")}
        for block, nodes in sections.items():
            for node in nodes:
                if (named := _named(node)) is not None and named.text == name.text:
                    return block, cast(Fields, node)
        if name.text in self.definition_nodes:
            return "definition", self.fields(self.definition_nodes[name.text][1], "a definition")
        if "unknown-part" in self.unjudged:
            raise Skip
        known = [*self._names.rules, *self._names.items, *self._names.duties, *self.definition_nodes]
        why = "`instead:` names a rule, an item, a duty or a definition"
        mend = self.near(name.text, known) or "correct the name"
        raise self.fault("unknown-part", name, f"unknown part `{name.text}`", why=why, mend=mend)

    def _with(self, part: tuple[str, Fields], patch: Fields) -> Fields:
        """Return a part with the keys of a patch in place of its own; one effect takes the place of another."""
        block, target = BLOCKS[part[0]], part[1]
        if (key := patch.key("id")) is not None:
            raise self.fault("wrong-value", key, "`id:` cannot change", why="a rival reading is about the same part", mend="delete it")
        replaced = {key.text for key, _ in patch.fields}
        if replaced & set(block.exactly_one):
            replaced |= set(block.exactly_one)
        return Fields((*((key, value) for key, value in target.fields if key.text not in replaced), *patch.fields), target.place)


def digest(root: Node) -> str:
    """Return the SHA-256 of what a pack says; comments, layout, quotes and the order of keys make no difference."""

    def plain(node: Node) -> Any:
        match node:
            case Text():
                return node.text
            case Items():
                return [plain(item) for item in node.items]
            case Fields():
                return {key.text: plain(value) for key, value in node.fields}

    text = json.dumps(plain(root), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _named(node: Node) -> Text | None:
    name = node.get("id") if isinstance(node, Fields) else None
    return name if isinstance(name, Text) and name.text and not name.empty else None


def _name(node: Node) -> str:
    return "" if (name := _named(node)) is None else name.text


def _items_of(node: Node, key: str) -> tuple[Node, ...]:
    value = node.get(key) if isinstance(node, Fields) else None
    return value.items if isinstance(value, Items) else ()


def _slug(name: str) -> str:
    return "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in name.lower()).split())

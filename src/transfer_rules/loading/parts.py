"""Reading the parts of a pack: teams, rules, checklists, duties, interpretations, and what holds between them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from ..checklists import ANY_TEAM, DUTY_KINDS, NO_DUE, OUTCOMES, Applies, Checklist, DutySpec, Excuse, Item, Span, Teams, Valid
from ..conditions import ALWAYS, Condition
from ..errors import Location, did_you_mean
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
    Pack,
    PeopleDecide,
    Rule,
    Stay,
    Team,
    TransferTo,
)
from ..timescales import Timescale
from ..vocabulary import GROUPS, STANDARD_FACTS
from .reader import IDENTIFIER, Skip
from .trees import TreeReader
from .yaml_events import Document, Fields, Items, Node, Text

# Bounds the whole pack once every name is written out, so that no file can make deciding slow.
MAX_PACK: Final = 200_000


@dataclass(frozen=True)
class _Names:
    """Every name the file declares, with its place, collected before anything is read, so that a faulty part is still known by name."""

    rules: dict[str, Text]
    groups: dict[str, list[str]]
    items: dict[str, Text]
    duties: dict[str, Text]


class PackReader(TreeReader):
    """Reads one document as a pack."""

    def __init__(self, document: Document, ledger: Mapping[str, Clause]):
        self._root = document.root
        super().__init__(document, *_known_facts(document.root))
        self._ledger = ledger
        self._names = _Names({}, {}, {}, {})
        self._overrides: dict[str, Node] = {}
        self._items: dict[str, Item] = {}
        self._patched: dict[str, Node] = {}
        self._total = 0

    def read(self) -> Pack | None:
        """Return the pack, or None where `faults` says why not."""
        root = self._root
        if not isinstance(root, Fields):
            self.note("wrong-shape", root, "a pack is a list of `key: value` pairs", mend="begin with `language: 1`")
            return None
        self._collect(root)
        values: dict[str, Any] = {}
        with self.going_on():
            values = self.block("pack", root)
        self._check_repeats(root)
        if not self.faults:
            self._check_circles(values)
        if self.faults:
            return None
        pack = self._pack(values)
        readings = {}
        for node in self._list(root, "interpretations"):
            with self.going_on():
                readings.update(self._reading(cast(Fields, node), pack))
        return None if self.faults else replace(pack, readings=readings)

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
        )

    # --- names first

    def _list(self, root: Fields, key: str) -> tuple[Node, ...]:
        node = root.get(key)
        return node.items if isinstance(node, Items) else ()

    def _map_fields(self, root: Fields, key: str) -> tuple[tuple[Text, Node], ...]:
        node = root.get(key)
        return node.fields if isinstance(node, Fields) else ()

    def _item_nodes(self) -> Iterator[Node]:
        """Every entry of every checklist: items, and names of items defined in another list."""
        for _, checklist in self._map_fields(cast(Fields, self._root), "checklists"):
            items = checklist.get("items") if isinstance(checklist, Fields) else None
            yield from items.items if isinstance(items, Items) else ()

    def _collect(self, root: Fields) -> None:
        for name, node in self._map_fields(root, "teams"):
            self.teams[name.text] = None
            areas = node.get("areas") if isinstance(node, Fields) else None
            if isinstance(areas, Fields):
                self.areas.update(area.text for area, _ in areas.fields)
            elif isinstance(areas, Items):
                self.areas.update(area.text for area in areas.items if isinstance(area, Text))
        self.decision_specs.update({name.text: None for name, _ in self._map_fields(root, "decisions")})
        self.definition_nodes.update({name.text: node for name, node in self._map_fields(root, "definitions") if isinstance(node, Fields)})
        for node in self._list(root, "rules"):
            if (rule := _named(node)) is not None:
                self._names.rules.setdefault(rule.text, rule)
                group = cast(Fields, node).get("group")
                if isinstance(group, Text):
                    self._names.groups.setdefault(group.text, []).append(rule.text)
        for node in self._item_nodes():
            if (item := _named(node)) is not None:
                self._names.items.setdefault(item.text, item)
        for node in self._list(root, "duties"):
            if (duty := _named(node)) is not None:
                self._names.duties.setdefault(duty.text, duty)

    def _check_repeats(self, root: Fields) -> None:
        """Ids are unique among rules, items, duties, checklists, definitions and interpretations: a patch names any of them."""
        seen: dict[str, Text] = {}
        parts = (*self._list(root, "rules"), *self._item_nodes(), *self._list(root, "duties"), *self._list(root, "interpretations"))
        named = [_named(node) for node in parts]
        keys = [key for part in ("checklists", "definitions") for key, _ in self._map_fields(root, part)]
        for name in (*named, *keys):
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
                    why="every rule, item, duty, list and definition has a name of its own",
                    mend="rename one",
                    also=((first.place, f"`{name.text}` stands here first"),),
                )

    def _check_circles(self, values: dict[str, Any]) -> None:
        self._circles({rule.id: rule.overrides for rule in values["rules"]}, self._overrides, "overrides itself")
        self._circles({duty.id: duty.overrides for duty in values.get("duties", ())}, self._names.duties, "overrides itself")
        self._circles({item.id: (*item.needs, *item.satisfied_by) for item in self._items.values()}, self._names.items, "waits for itself")

    def _circles(self, edges: Mapping[str, Iterable[str]], places: Mapping[str, Node], what: str) -> None:
        """Note each circle once, at its first name."""
        done: set[str] = set()
        for start in edges:
            # Depth-first without recursion: a chain of overrides may be as long as the file.
            path: list[str] = []
            stack: list[tuple[str, bool]] = [(start, False)]
            while stack:
                name, leaving = stack.pop()
                if leaving:
                    path.pop()
                    done.add(name)
                elif name in path:
                    circle = path[path.index(name) :]
                    self.note(
                        "circle",
                        places[name],
                        f"`{name}` {what}",
                        why="through " + ", ".join(f"`{one}`" for one in circle),
                        mend="take one of these away",
                    )
                elif name not in done:
                    path.append(name)
                    stack.append((name, True))
                    stack.extend((after, False) for after in sorted(edges.get(name, ())))

    # --- identity

    def _language(self, node: Node) -> str:
        text = self.text(node)
        if text.text != "1":
            raise self.fault(
                "unknown-language", text, f"unknown language `{text.text}`", why="this version reads language 1", mend="write `language: 1`"
            )
        return text.text

    def _region(self, node: Node) -> str:
        return self.word(node, REGIONS, "wrong-value", "region")

    def _team(self, node: Node, name: str) -> Team:
        if name in RESERVED_TEAMS:
            raise self.fault(
                "odd-id",
                node,
                f"`{name}` is reserved",
                why="it is always there, and means " + RESERVED_TEAMS[name],
                mend="delete it, or choose another name",
            )
        values = self.block("team", node)
        team = Team(name, values["label"], values.get("areas", {}), values.get("outside", False), values.get("clauses", ()))
        self.teams[name] = team
        return team

    def _areas(self, node: Node) -> Mapping[str, str]:
        if isinstance(node, Fields):
            return {self._id(key): self._text(value) for key, value in node.fields}
        return {area: area for area in self.each(node, self._id)}

    def _local_fact(self, node: Node, name: str) -> Fact:
        values = self.block("local_fact", node)
        if name in STANDARD_FACTS:
            raise self.fault(
                "repeated-fact",
                node,
                f"`{name}` is a standard fact already",
                why="each fact is defined once",
                mend="delete it here, or choose another name",
            )
        kind = values["type"]
        if kind in ("choice", "choices") and not values.get("options"):
            raise self.fault("missing-key", node, f"{kind} fact `{name}` needs `options:`", mend="list the words allowed")
        fact = Fact(
            name,
            kind,
            values["label"],
            values["ask"],
            values.get("means", ""),
            values.get("group", "local"),
            values.get("options", ()),
            values.get("judgement", False),
            values.get("unit", ""),
        )
        self.facts[name] = fact
        return fact

    def _fact_group(self, node: Node) -> str:
        return self.word(node, (*GROUPS, "local"), "wrong-value", "group of facts")

    def _fact_type(self, node: Node) -> str:
        return self.word(node, FACT_KINDS, "wrong-value", "type of fact")

    def _decision_spec(self, node: Node, name: str) -> DecisionSpec:
        values = self.block("decision_spec", node)
        spec = DecisionSpec(name, values["label"], values.get("options", ()))
        self.decision_specs[name] = spec
        return spec

    def _definition(self, node: Node, name: str) -> Definition:
        fields = self.fields(node, f"`{name}`")
        block = BLOCKS["definition"]
        before = len(self.faults)
        self._companions(fields, tuple(key.name for key in block.keys))
        self._required(block, fields)
        label = ""
        clauses: tuple[str, ...] = ()
        if (node_label := fields.get("label")) is not None:
            with self.going_on():
                label = self._text(node_label)
        if (node_clauses := fields.get("clauses")) is not None:
            with self.going_on():
                clauses = self.each(node_clauses, self._clause)
        tree = self.definition(name)
        if tree is None or len(self.faults) > before:
            raise Skip
        return Definition(name, tree, label, clauses, fields.place)

    # --- rules

    def _rule(self, node: Node) -> Rule:
        fields = self.fields(node, "a rule")
        if (overrides := fields.get("overrides")) is not None and (name := _named(node)) is not None:
            self._overrides[name.text] = overrides
        values = self.block("rule", fields)
        effect = next(values[name] for name in EFFECTS if name in values)
        rule = Rule(
            values["id"],
            Close() if effect is True else effect,
            values.get("clauses", ()),
            values.get("label", ""),
            values.get("group", ""),
            values["from"],
            values.get("when", ALWAYS),
            values.get("transfer_point"),
            values.get("deadline"),
            frozenset(name for names in values.get("overrides", ()) for name in names) - {values["id"]},
            values.get("off", False),
            fields.place,
        )
        if isinstance(effect, Stay) and (rule.deadline or rule.transfer_point):
            raise self.fault(
                "wrong-value",
                fields,
                f"`{rule.id}` stays, so it has no deadline and no transfer point",
                mend="delete them, or write `stay: {until: ...}`",
            )
        self._weigh(fields, rule.when, rule.transfer_point, rule.deadline)
        return rule

    def _weigh(self, place: Node, *trees: Condition | Timescale | None) -> None:
        self._total += sum(self.size(tree) for tree in trees if tree is not None)
        if self._total > MAX_PACK:
            self._total = 0
            raise self.fault(
                "too-large", place, f"the pack grows to more than {MAX_PACK} parts once its names are written out", mend="simplify its definitions"
            )

    def _teams(self, node: Node) -> Teams:
        if isinstance(node, Fields):
            self._companions(node, ("any_except",))
            exceptions = node.get("any_except")
            if exceptions is None:
                raise self.fault("missing-key", node, "`any_except:` is wanted here", mend="write {any_except: [team]}")
            return Teams(None, frozenset(self.each(exceptions, self.team_named)))
        if isinstance(node, Items):
            return Teams(frozenset(self.each(node, self.team_named)))
        return ANY_TEAM if node.text == "any" else Teams(frozenset({self.team_named(node)}))

    def _named(self, node: Node, kind: str, read: Callable[[Node], str]) -> Named:
        if not isinstance(node, Fields):
            return read(node)
        self._companions(node, ("fact",))
        if (fact_node := node.get("fact")) is None:
            raise self.fault("missing-key", node, "`fact:` is wanted here", mend="write {fact: name}")
        name, fact = self.fact_named(fact_node, f"the {kind} can come from a fact")
        if fact is not None and fact.kind != kind:
            raise self.fault(
                "wrong-value", fact_node, f"`{name}` names no {kind}", why=f"it is of type {fact.kind}", mend=f"name a fact of type {kind}"
            )
        return FromFact(name)

    def _team_or_fact(self, node: Node) -> Named:
        return self._named(node, "team", self.team_named)

    def _area_or_fact(self, node: Node) -> Named:
        return self._named(node, "area", self.area_named)

    def _answer(self, node: Node) -> Named:
        return self._named(node, "team", self._answer_word)

    def _transfer(self, node: Node) -> TransferTo:
        if isinstance(node, Text):
            return TransferTo(self.team_named(node))
        values = self.block("transfer", node)
        return TransferTo(values["team"], values.get("area"), values.get("role"))

    def _stay(self, node: Node) -> Stay:
        if isinstance(node, Text):
            self._true(node)
            return Stay()
        values = self.block("stay", node)
        return Stay(values.get("until"), values.get("yields", False))

    def _people_decide(self, node: Node) -> PeopleDecide:
        values = self.block("people_decide", node)
        settled_by, valid = values.get("settled_by"), values.get("valid")
        if settled_by is not None and (spec := self.decision_specs[settled_by]) is not None and spec.options:
            raise self.fault(
                "wrong-value",
                node,
                f"`{settled_by}` does not name a team",
                why="a decision with `options:` cannot settle where a case goes",
                mend="take its `options:` away, or use it in a condition",
            )
        if valid is not None and settled_by is None:
            raise self.fault("missing-key", node, "`valid:` needs `settled_by:`", why="it says when the decision counts")
        return PeopleDecide(values["who"], values["question"], values["between"], values.get("by"), settled_by, valid)

    def _override(self, node: Node) -> tuple[str, ...]:
        if isinstance(node, Text):
            return (self._rule_name(node),)
        self.block("override", node)
        fields = cast(Fields, node)
        if (rule := fields.get("rule")) is not None:
            return (self._rule_name(rule),)
        group = self.word(cast(Node, fields.get("group")), sorted(self._names.groups), "unknown-group", "group", why="no rule has this `group:`")
        return tuple(self._names.groups[group])

    def _rule_name(self, node: Node) -> str:
        text = self.text(node)
        if text.text in self._names.groups and text.text not in self._names.rules:
            raise self.fault("unknown-rule", text, f"unknown rule `{text.text}`", why="it is a group", mend=f"write {{group: {text.text}}}")
        return self.word(node, sorted(self._names.rules), "unknown-rule", "rule", why="`rules:` has none of this name")

    def _leave_to_people(self, node: Node) -> LeaveToPeople:
        values = self.block("leave_to_people", node)
        return LeaveToPeople(frozenset(values["rules"]), values["who"], values["question"], values.get("clauses", ()), values.get("settled_by"))

    # --- checklists and duties

    def _applies(self, node: Node) -> Applies:
        values = self.block("applies", node)
        rules = frozenset(name for names in values["rules"] for name in names) if "rules" in values else None
        outcomes = frozenset(values["outcome"]) if "outcome" in values else None
        return Applies(values.get("from", ANY_TEAM), values.get("to", ANY_TEAM), outcomes, rules, values.get("when", ALWAYS))

    def _outcome(self, node: Node) -> str:
        return self.word(node, OUTCOMES, "wrong-value", "outcome")

    def _checklist(self, node: Node, name: str) -> Checklist:
        values = self.block("checklist", node)
        # A checklist is for a move: without `outcome:` it belongs to transfers and closures only.
        moves = frozenset({"transfer", "close"})
        applies = tuple(replace(one, outcomes=cast(Any, moves)) if one.outcomes is None else one for one in values["applies"])
        if any(one.outcomes is not None and not one.outcomes <= {*moves, "people_decide"} for one in applies):
            raise self.fault(
                "wrong-value",
                node,
                f"`{name}` cannot belong to this outcome",
                why="only a transfer, a close or a question for people has items",
                mend="make it a duty",
            )
        return Checklist(name, values.get("label", name.replace("_", " ")), applies, values["items"], values.get("clauses", ()), node.place)

    def _item(self, node: Node) -> str:
        if isinstance(node, Text):
            return self.word(node, sorted(self._names.items), "unknown-item", "item", why="no list defines an item of this name")
        item = self.item(node)
        self._items.setdefault(item.id, item)
        return item.id

    def item(self, node: Node) -> Item:
        """Read one item's definition."""
        values = self.block("item", node)
        self._weigh(node, values.get("when"), values.get("due"), values.get("done_when"))
        return Item(
            values["id"], values["label"], values.get("clauses", ()), values.get("by", ""), values.get("when", ALWAYS), values.get("due", NO_DUE),
            values.get("fresh_for"), values.get("valid"), values.get("needs", ()), values.get("done_when"), values.get("satisfied_by", ()),
            values.get("excusable"), values.get("off", False), node.place,
        )  # fmt: skip

    def _settling_decision(self, node: Node) -> str:
        name = self._decision(node)
        spec = self.decision_specs[name]
        if spec is not None and spec.options:
            raise self.fault("wrong-value", node, f"`{name}` does not name a team", why="a decision with `options:` cannot settle where a case goes",
                             mend="take its `options:` away, or use it in a condition")
        return name

    def _duty_name(self, node: Node) -> str:
        return self.word(node, sorted(self._names.duties), "unknown-duty", "duty", why="`duties:` has none of this name")

    def _work_name(self, node: Node) -> str:
        return self.word(
            node, sorted({*self._names.items, *self._names.duties}), "unknown-item", "item or duty", why="no list and no duty has this name"
        )

    def _span(self, node: Node) -> Span:
        fields = self.fields(node, "`fresh_for`")
        self._companions(fields, ("months", "weeks", "days"))
        if len(fields.fields) != 1:
            raise self.fault("one-of", fields, "one length of time is wanted here", mend="write {months: 1}")
        unit, amount = fields.fields[0]
        return Span(self._count(amount), cast(Any, unit.text))

    def _valid(self, node: Node) -> Valid:
        values = self.block("valid", node)
        return Valid(values.get("on_or_after"), values.get("before"))

    def _excuse(self, node: Node) -> Excuse:
        values = self.block("excuse", node)
        return Excuse(values["by"], values.get("clauses", ()))

    def _duty(self, node: Node) -> DutySpec:
        values = self.block("duty", node)
        self._weigh(node, values.get("when"), values.get("due"), values.get("done_when"))
        for name in values.get("overrides", ()):
            if name not in self._names.duties:
                self.note(
                    "unknown-duty", cast(Node, cast(Fields, node).get("overrides")), f"`{name}` is no duty", why="a duty can override duties only"
                )
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
        return self.fields(node, "`instead`")

    def _otherwise(self, node: Node) -> Otherwise:
        values = self.block("otherwise", node)
        return Otherwise(values["label"], values.get("clauses", ()))

    def _reading(self, interpretation: Fields, pack: Pack) -> dict[str, Pack]:
        """Return the pack under a rival reading: its parts with the keys of `instead` put in place."""
        instead = interpretation.get("instead")
        if instead is None:
            return {}
        name = cast(Text, interpretation.get("id")).text
        rules = {rule.id: rule for rule in pack.rules}
        items, duties = dict(pack.items), {duty.id: duty for duty in pack.duties}
        definitions: dict[str, Fields] = {}
        for part, patch in cast(Fields, instead).fields:
            with self.going_on():
                target = self._part(part)
                merged = self._merge(target, self.fields(patch, f"`{part.text}`"), "rule" if part.text in rules else "other")
                if part.text in rules:
                    rules[part.text] = self._rule(merged)
                elif part.text in items:
                    items[part.text] = self.item(merged)
                elif part.text in duties:
                    duties[part.text] = self._duty(merged)
                else:
                    definitions[part.text] = merged
        if definitions:
            rules, items, duties = self._reread(definitions, rules, items, duties)
        self._circles({rule.id: rule.overrides for rule in rules.values()}, self._overrides, "overrides itself")
        return {name: replace(pack, rules=tuple(rules.values()), items=items, duties=tuple(duties.values()))}

    def _part(self, name: Text) -> Fields:
        root = cast(Fields, self._root)
        for node in (*self._list(root, "rules"), *self._item_nodes(), *self._list(root, "duties")):
            if (named := _named(node)) is not None and named.text == name.text:
                return cast(Fields, node)
        if name.text in self.definition_nodes:
            return self.definition_nodes[name.text]
        known = [*self._names.rules, *self._names.items, *self._names.duties, *self.definition_nodes]
        raise self.fault(
            "unknown-part",
            name,
            f"unknown part `{name.text}`",
            why="`instead:` names a rule, an item, a duty or a definition",
            mend=did_you_mean(name.text, known),
        )

    def _merge(self, target: Fields, patch: Fields, kind: str) -> Fields:
        replaced = {key.text for key, _ in patch.fields}
        if kind == "rule" and replaced & set(EFFECTS):
            replaced |= set(EFFECTS)
        return Fields((*((key, value) for key, value in target.fields if key.text not in replaced), *patch.fields), target.place)

    def _reread(
        self, definitions: dict[str, Fields], rules: dict[str, Rule], items: dict[str, Item], duties: dict[str, DutySpec]
    ) -> tuple[dict[str, Rule], dict[str, Item], dict[str, DutySpec]]:
        """Read every rule, item and duty again with other definitions: any of them may use the ones that change."""
        kept = self.definition_nodes, self._defined, self._sizes, self._total
        self.definition_nodes = {**self.definition_nodes, **definitions}
        self._defined, self._sizes, self._total = {}, {}, 0
        root = cast(Fields, self._root)
        try:
            for node in self._list(root, "rules"):
                rule = self._rule(node)
                rules[rule.id] = rule
            for node in self._item_nodes():
                if isinstance(node, Fields):
                    item = self.item(node)
                    items[item.id] = item
            for node in self._list(root, "duties"):
                duty = self._duty(node)
                duties[duty.id] = duty
        finally:
            self.definition_nodes, self._defined, self._sizes, self._total = kept
        return rules, items, duties


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
    return name if isinstance(name, Text) and IDENTIFIER.match(name.text) else None


def _slug(name: str) -> str:
    return "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in name.lower()).split())


def _known_facts(root: Node) -> tuple[dict[str, Fact | None], dict[str, Location]]:
    facts: dict[str, Fact | None] = dict(STANDARD_FACTS)
    places: dict[str, Location] = {}
    for key, node in root.fields if isinstance(root, Fields) else ():
        if key.text == "local_facts" and isinstance(node, Fields):
            places[key.text] = key.place
            for name, _ in node.fields:
                facts.setdefault(name.text, None)
                places[name.text] = name.place
    return facts, places

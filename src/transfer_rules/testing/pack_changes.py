"""The mutants of a pack: one small change of its tree at a time, each at its line.

The grammar says what stands where, so every condition, number, unit, team, area, date, list and exception of a pack is changed, whatever pack it is.
Texts for people (labels, questions, titles, notes), clauses and rival readings (`interpretations:`) are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from ..checklists import OUTCOMES
from ..errors import Location
from ..facts import DATED_KINDS, RESERVED_TEAMS, read_count, read_date
from ..grammar import BLOCKS, EFFECTS, OPERATORS
from ..loading.nodes import Fields, Items, Node, Text
from ..policy import Policy
from ..timescales import MOVES, UNITS
from .pack_trees import flow, id_of, is_off, text_at, texts, under, with_item, with_key, with_value, without_keys, word_of

LEFT_ALONE: Final = frozenset({"language", "authority", "source", "interpretations", "otherwise", "clauses"})
"""Sections of a pack without mutants: who wrote it, and texts and clauses for people."""

_OTHER_UNIT: Final = {"working_days": "days", "days": "working_days", "weeks": "months", "months": "weeks", "hours": "days"}
_OTHER_OPERATOR: Final = {
    "at_least": "at_most", "at_most": "at_least", "happened": "arranged", "arranged": "happened",
    "before": "on_or_before", "on_or_before": "before", "after": "on_or_after", "on_or_after": "after",
}  # fmt: skip
_STRICTNESS: Final = ("before", "on_or_before", "after", "on_or_after")
_OTHER_HEAD: Final = {"all": "any", "any": "all", "soonest_of": "latest_of", "latest_of": "soonest_of"}
# What a key takes where leaving the key out says nothing else than before, or cannot be.
_TEXTS: Final = frozenset({"text", "list of clause", "fact type", "true", "areas", "duty kind"})
_NOTHING: Final[Iterator[Change]] = iter(())


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a node: its kind, where, in words, and the node changed."""

    kind: str
    place: Location
    said: str
    node: Node


@dataclass(frozen=True, slots=True)
class Mutant:
    """A pack with one change. `section` is the part of the file it stands in, `part` the rule, item, duty or other part that was changed."""

    kind: str
    place: Location
    said: str
    section: str
    part: str
    root: Fields

    def __str__(self) -> str:
        return (
            f"{self.place.file}:{self.place.line}: {self.said}  ({self.part})" if self.part else f"{self.place.file}:{self.place.line}: {self.said}"
        )


def without_readings(root: Fields) -> Fields:
    """Return a pack's tree without its interpretations: rival readings are other packs, which no worked example decides by."""
    return Fields(tuple((key, node) for key, node in root.fields if key.text != "interpretations"), root.place)


def mutants(policy: Policy, root: Fields) -> tuple[Mutant, ...]:
    """Return every mutant of a pack, in the order of the file.

    Args:
        policy: the pack as loaded, for the names that one can stand for another.
        root: its tree, without interpretations.
    """
    made = []
    for key, node in root.fields:
        if key.text in LEFT_ALONE:
            continue
        changer = _Changer(policy, root)
        section = BLOCKS["pack"].key(key.text)
        assert section is not None
        for part, change in changer.parts(section.takes, key, node):
            made.append(Mutant(change.kind, change.place, change.said, key.text, part, with_value(root, key.text, change.node)))
    return tuple(sorted(made, key=lambda one: one.place))


class _Changer:
    """Makes the changes of one pack. `near` holds the dated facts of the part at hand: one of them stands in for another."""

    def __init__(self, policy: Policy, root: Fields):
        pack = policy.pack
        self.facts = policy.facts
        self.decisions = pack.decisions
        self.teams = tuple(pack.teams)
        self.areas_of = {name: tuple(team.areas) for name, team in pack.teams.items()}
        self.areas = tuple(policy.areas)
        words = {text.text for text in texts(root)}
        self.dated = tuple(name for name in sorted(words & policy.facts.keys()) if policy.facts[name].kind in DATED_KINDS)
        self.near: tuple[str, ...] = ()
        self.named_facts = tuple(sorted(words & policy.facts.keys()))
        self.roles = tuple(dict.fromkeys(role.text for role in under(root, "role") if isinstance(role, Text)))
        self.settling = tuple(name for name, spec in pack.decisions.items() if not spec.options)

    # --- parts of the file

    def parts(self, takes: str, key: Text, node: Node) -> Iterator[tuple[str, Change]]:
        """Yield the changes of one section, each with the part in which it stands."""
        if isinstance(node, Items):
            for number, item in enumerate(node.items):
                for change in self._of_part(takes.removeprefix("list of "), item):
                    yield id_of(item), replace(change, node=with_item(node, number, change.node))
                if takes in ("list of block leave_to_people", "list of block closure"):
                    yield id_of(item), _left_out(node, number, "item")
        elif takes.startswith("map of ") and isinstance(node, Fields):
            for name, value in node.fields:
                if key.text == "teams" and len(node.fields) > 1:
                    yield name.text, Change("team", name.place, f"without the team {name.text}", without_keys(node, name.text))
                if key.text == "checklists":
                    for part, change in self._checklist(node, name.text, value):
                        yield part, change
                    continue
                for change in self._of_part(takes.removeprefix("map of "), value):
                    yield name.text, replace(change, node=with_value(node, name.text, change.node))
        else:
            for change in self.take(takes, node, key):
                yield "", change

    def _of_part(self, takes: str, node: Node) -> Iterator[Change]:
        self.near = self._dated_in(node)
        yield from self.take(takes, node, None)

    def _dated_in(self, node: Node) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text.text for text in texts(node) if text.text in self.dated))

    def _checklist(self, lists: Fields, name: str, node: Node) -> Iterator[tuple[str, Change]]:
        """Yield the changes of a checklist and of its items."""
        assert isinstance(node, Fields)
        for key, value in node.fields:
            if key.text == "items" and isinstance(value, Items):
                yield from self._items(lists, name, node, value)
                continue
            field = BLOCKS["checklist"].key(key.text)
            assert field is not None
            self.near = self._dated_in(value)
            for change in self.take(field.takes, value, key):
                yield name, replace(change, node=with_value(lists, name, with_value(node, key.text, change.node)))

    def _items(self, lists: Fields, name: str, checklist: Fields, items: Items) -> Iterator[tuple[str, Change]]:
        """Yield the changes of the items of a list, and the list without each of them."""
        for number, item in enumerate(items.items):
            if isinstance(item, Fields):
                for change in self._of_part("block item", item):
                    changed = with_item(items, number, change.node)
                    yield id_of(item), replace(change, node=with_value(lists, name, with_value(checklist, "items", changed)))
            if len(items.items) > 1 and not is_off(item):
                left = with_value(lists, name, with_value(checklist, "items", with_item(items, number, None)))
                word = id_of(item) or flow(item)
                moved = left if isinstance(item, Text) else _defined_elsewhere(left, item, word)
                if moved is not None:
                    yield word, Change("item", item.place, f"{name}: without {word}", moved)

    # --- by the grammar

    def take(self, takes: str, node: Node, key: Text | None) -> Iterator[Change]:
        """Yield the changes of a node that stands where the grammar says what it takes."""
        if not isinstance(node, Items):
            takes = takes.removeprefix("one or more ")
        if takes.startswith("block "):
            return self._block(takes.removeprefix("block "), node)
        if takes.startswith(("list of ", "one or more ")):
            return self._list(takes.removeprefix("list of ").removeprefix("one or more "), node, key)
        makers: Mapping[str, Callable[[Node, Text | None], Iterator[Change]]] = {
            "condition": lambda one, _: self.condition(one), "timescale": lambda one, _: self.timescale(one),
            "timescale with moves": lambda one, _: self.timescale(one), "day with moves": self.day, "teams": self._teams,
            "transfer": self._transfer, "stay": self._stay, "team or fact": self._team_or_fact, "area or fact": self._area_or_fact,
            "answer": self._team_or_fact, "settling decision": self._settling, "span": self._span, "outcome": self._outcome,
            "date": self._date, "region": self._region, "yes_no": self._flip, "areas": self._areas,
        }  # fmt: skip
        make = makers.get(takes)
        return make(node, key) if make else _NOTHING

    def _block(self, name: str, node: Node) -> Iterator[Change]:
        if not isinstance(node, Fields):
            return
        part = name in ("rule", "item", "duty")
        if part and is_off(node):
            # What is off counts in a rival reading only.
            yield Change("off", node.place, f"{id_of(node)}: switched on", without_keys(node, "off"))
            return
        if part:
            off = (Text("off", True, node.place), Text("true", True, node.place))
            yield Change("part", node.place, f"without the {name} {id_of(node)}", Fields((*without_keys(node, "off").fields, off), node.place))
        if name == "rule":
            yield from self._effect(node)
        for key, value in node.fields:
            field = BLOCKS[name].key(key.text)
            if field is None or (name == "duty" and key.text == "advisory") or (name == "team" and key.text == "outside"):
                continue  # what is advisory or outside is a word beside the answer, as a label is
            if not field.required and key.text not in (*BLOCKS[name].exactly_one, "off") and field.takes not in (*_TEXTS, "yes_no"):
                yield from _without_key(name, node, key, value)
            if name == "transfer" and key.text == "role":
                yield Change("role", key.place, "without role", without_keys(node, "role"))
                if (role := _next(word_of(value), self.roles)) is not None:
                    yield _put(node, key, "role", value, role)
            if name == "rule" and key.text == "overrides" and isinstance(value, Items):
                for number, entry in enumerate(value.items):
                    yield Change("override", entry.place, f"overrides: without {flow(entry)}", _without_override(node, value, number))
                continue
            for change in self.take(field.takes, value, key):
                yield replace(change, node=with_value(node, key.text, change.node))

    def _list(self, takes: str, node: Node, key: Text | None) -> Iterator[Change]:
        if not isinstance(node, Items):
            return
        name = "" if key is None else key.text
        for number, item in enumerate(node.items):
            if takes not in ("clause", "block closure") and len(node.items) > 1:
                yield _left_out(node, number, "value" if isinstance(item, Text) else "item", name)
            if takes == "block closure":
                yield _left_out(node, number, "item", name)
            if len(node.items) == 1 or takes.startswith("block "):
                for change in self.take(takes, item, key):
                    yield replace(change, node=with_item(node, number, change.node))

    # --- conditions

    def condition(self, node: Node, *, negated: bool = False) -> Iterator[Change]:
        """Yield the changes of a condition. `negated`: it stands under a `not`, whose leaving out negates it already."""
        if not isinstance(node, Fields):
            return
        heads = {key.text: (key, value) for key, value in node.fields}
        if "not" in heads:
            key, inner = heads["not"]
            yield Change("negation", key.place, f"not {flow(inner)} → {flow(inner)}", inner)
            for change in self.condition(inner, negated=True):
                yield replace(change, node=with_value(node, "not", change.node))
            return
        if not negated:
            yield Change("negation", node.place, f"{flow(node)} → not", Fields(((Text("not", True, node.place), node),), node.place))
        for head in ("all", "any"):
            if head in heads and isinstance(heads[head][1], Items):
                yield from self._grouping(node, *heads[head])
        if "fact" in heads:
            yield from self._leaf(node)
        for head in ("age_at_least", "age_under"):
            if head in heads:
                yield from self._counted(node, *heads[head])
                if "on" in heads:
                    yield Change("day", heads["on"][0].place, f"{head}: without on: {flow(heads['on'][1])}", without_keys(node, "on"))
                    for change in self.day(heads["on"][1], heads["on"][0]):
                        yield replace(change, node=with_value(node, "on", change.node))
        if "decision" in heads and "is" in heads:
            key, said = heads["is"]
            spec = self.decisions.get(word_of(heads["decision"][1]))
            options = () if spec is None else spec.options or ("stay", "close", *self.teams)
            if (other := _next(word_of(said), options)) is not None:
                yield _put(node, key, "value", said, other)

    def _grouping(self, node: Fields, key: Text, value: Node) -> Iterator[Change]:
        assert isinstance(value, Items)
        if len(value.items) > 1:
            other = _OTHER_HEAD[key.text]
            yield Change("grouping", key.place, f"{key.text} → {other}", with_key(node, key, other))
        for number, part in enumerate(value.items):
            if len(value.items) > 1:
                kind = "condition" if key.text in ("all", "any") else "arm"
                change = _left_out(value, number, kind, key.text)
                yield replace(change, node=with_value(node, key.text, change.node))
            inner = self.condition(part) if key.text in ("all", "any") else self.timescale(part)
            for change in inner:
                yield replace(change, node=with_value(node, key.text, with_item(value, number, change.node)))

    def _leaf(self, node: Fields) -> Iterator[Change]:
        name = word_of(node.get("fact"))
        fact = self.facts.get(name)
        for key, value in node.fields:
            operator = OPERATORS.get(key.text)
            if operator is None:
                continue
            if key.text in _OTHER_OPERATOR:
                other = _OTHER_OPERATOR[key.text]
                kind = "strictness" if key.text in _STRICTNESS else "operator"
                yield Change(kind, key.place, f"{name}: {key.text} → {other}", with_key(node, key, other))
            inner: Iterator[Change] = _NOTHING
            match key.text:
                case "at_least" | "at_most":
                    inner = self._number(value, key.text)
                case "before" | "on_or_before" | "after" | "on_or_after":
                    inner = self.day(value, key)
                case "within":
                    inner = self.timescale(value)
                case "one_of" if isinstance(value, Items) and len(value.items) > 1:
                    inner = (_left_out(value, number, "value", "one_of") for number in range(len(value.items)))
                case "is" | "is_not" | "includes" | "one_of" if fact is not None and fact.kind != "yes_no":
                    inner = self._value(value, key.text, fact.kind, fact.options)
            for change in inner:
                yield replace(change, node=with_value(node, key.text, change.node))

    def _value(self, node: Node, key: str, kind: str, options: Sequence[str]) -> Iterator[Change]:
        """Yield other values for the value of a fact, or for the fact that it is compared with."""
        if isinstance(node, Items):
            for change in self._value(node.items[0], key, kind, options):
                yield replace(change, node=with_item(node, 0, change.node))
        elif isinstance(node, Fields):
            like = [name for name in self.named_facts if self.facts[name].kind == kind]
            if (other := _next(word_of(node.get("fact")), like)) is not None:
                yield Change("value", node.place, f"{key}: {flow(node)} → {{fact: {other}}}", with_value(node, "fact", text_at(node, other)))
        elif kind == "count":
            yield from self._number(node, key)
        else:
            words = {"team": (*self.teams, *RESERVED_TEAMS), "area": self.areas}.get(kind, options)
            if (other := _next(word_of(node), words)) is not None:
                yield Change("value", node.place, f"{key}: {flow(node)} → {other}", text_at(node, other))

    # --- timescales

    def timescale(self, node: Node) -> Iterator[Change]:
        """Yield the changes of a timescale."""
        if not isinstance(node, Fields):
            return
        for key, value in node.fields:
            inner: Iterator[Change] = _NOTHING
            if key.text in UNITS:
                yield from self._counted(node, key, value)
                other = _OTHER_UNIT[key.text]
                yield Change("unit", key.place, f"{key.text}: {flow(value)} → {other}: {flow(value)}", with_key(node, key, other))
                continue
            match key.text:
                case "after" | "before":
                    other = "before" if key.text == "after" else "after"
                    yield Change("direction", key.place, f"{key.text}: {flow(value)} → {other}: {flow(value)}", with_key(node, key, other))
                    inner = self.day(value, key)
                case "on":
                    inner = self.day(value, key)
                case "birthday":
                    yield from self._counted(node, key, value)
                case "at_once":
                    yield Change(
                        "day", key.place, "at_once → none", _put(with_key(node, key, "none"), text_at(key, "none"), "day", value, "no date").node
                    )
                case "none":
                    yield Change(
                        "day", key.place, "none → at_once", _put(with_key(node, key, "at_once"), text_at(key, "at_once"), "", value, "true").node
                    )
                case "soonest_of" | "latest_of" if isinstance(value, Items):
                    yield from self._grouping(node, key, value)
                case "when":
                    yield Change("condition", key.place, f"without when: {flow(value)}", without_keys(node, "when", "otherwise"))
                    inner = self.condition(value)
                case "otherwise" | "failing_that":
                    yield Change("arm", key.place, f"without {key.text}: {flow(value)}", without_keys(node, key.text))
                    inner = self.timescale(value)
            for change in inner:
                yield replace(change, node=with_value(node, key.text, change.node))

    def day(self, node: Node, key: Text | None = None) -> Iterator[Change]:
        """Yield the changes of what a count or a comparison starts from: another day in its place, or a timescale changed."""
        if isinstance(node, Fields):
            yield from self.timescale(node)
            return
        word = word_of(node)
        if read_date(word) is not None:
            yield from self._date(node, key)
            return
        other = _next(word, MOVES) if word in MOVES else _next(word, self.near) or _next(word, self.dated)
        if other is not None:
            prefix = "" if key is None else f"{key.text}: "
            yield Change("day", node.place, f"{prefix}{word} → {other}", text_at(node, other))

    # --- small things

    def _counted(self, node: Fields, key: Text, value: Node) -> Iterator[Change]:
        for change in self._number(value, key.text):
            yield replace(change, node=with_value(node, key.text, change.node))

    def _number(self, node: Node, key: str) -> Iterator[Change]:
        number = read_count(word_of(node))
        for other in () if number is None else (number - 1, number + 1):
            if other >= 0:
                yield Change("number", node.place, f"{key}: {number} → {other}", text_at(node, str(other)))

    def _date(self, node: Node, key: Text | None) -> Iterator[Change]:
        day = read_date(word_of(node))
        if key is not None and key.text == "read_on":
            return
        for other in () if day is None else (day - timedelta(days=1), day + timedelta(days=1)):
            yield Change("number", node.place, f"{'day' if key is None else key.text}: {day} → {other}", text_at(node, date.isoformat(other)))

    def _span(self, node: Node, key: Text | None) -> Iterator[Change]:
        del key
        assert isinstance(node, Fields)
        for unit, value in node.fields:
            yield from self._counted(node, unit, value)
            other = {"days": "weeks", "weeks": "months", "months": "weeks"}[unit.text]
            yield Change("unit", unit.place, f"{unit.text}: {flow(value)} → {other}: {flow(value)}", with_key(node, unit, other))

    def _teams(self, node: Node, key: Text | None) -> Iterator[Change]:
        name = "from" if key is None else key.text
        if isinstance(node, Items):
            for number, item in enumerate(node.items):
                if len(node.items) > 1:
                    yield _left_out(node, number, "team", name)
                else:
                    for change in self._another_team(item, name, ()):
                        yield replace(change, node=with_item(node, number, change.node))
        elif isinstance(node, Fields):
            exceptions = node.get("any_except")
            assert isinstance(exceptions, Items)
            for number in range(len(exceptions.items)):
                if len(exceptions.items) > 1:
                    change = _left_out(exceptions, number, "team", "any_except")
                    yield replace(change, node=with_value(node, "any_except", change.node))
            if len(exceptions.items) == 1:
                yield Change("team", node.place, f"{name}: {flow(node)} → any", text_at(node, "any"))
        elif word_of(node) == "any":
            yield Change("team", node.place, f"{name}: any → {self.teams[0]}", text_at(node, self.teams[0]))
        else:
            yield from self._another_team(node, name, ())

    def _another_team(self, node: Node, key: str, more: Sequence[str]) -> Iterator[Change]:
        if (other := _next(word_of(node), (*self.teams, *more))) is not None:
            yield Change("team", node.place, f"{key}: {flow(node)} → {other}", text_at(node, other))

    def _team_or_fact(self, node: Node, key: Text | None) -> Iterator[Change]:
        name = "team" if key is None else key.text
        if isinstance(node, Fields):
            like = [one for one in self.named_facts if self.facts[one].kind == "team"]
            if (other := _next(word_of(node.get("fact")), like)) is not None:
                yield Change("team", node.place, f"{name}: {flow(node)} → {{fact: {other}}}", with_value(node, "fact", text_at(node, other)))
        else:
            yield from self._another_team(node, name, ("stay", "close") if name == "between" else ())

    def _area_or_fact(self, node: Node, key: Text | None) -> Iterator[Change]:
        del key
        if isinstance(node, Fields):
            like = [one for one in self.named_facts if self.facts[one].kind == "area"]
            if (other := _next(word_of(node.get("fact")), like)) is not None:
                yield Change("area", node.place, f"area: {flow(node)} → {{fact: {other}}}", with_value(node, "fact", text_at(node, other)))
        else:
            alike = next((areas for areas in self.areas_of.values() if word_of(node) in areas), self.areas)
            if (other := _next(word_of(node), alike)) is not None:
                yield Change("area", node.place, f"area: {flow(node)} → {other}", text_at(node, other))

    def _areas(self, node: Node, key: Text | None) -> Iterator[Change]:
        del key
        if isinstance(node, Fields):
            for name, _ in node.fields:
                yield Change("area", name.place, f"areas: without {name.text}", without_keys(node, name.text))
        elif isinstance(node, Items):
            for number in range(len(node.items)):
                yield _left_out(node, number, "area", "areas")

    def _transfer(self, node: Node, key: Text | None) -> Iterator[Change]:
        if isinstance(node, Fields):
            return self._block("transfer", node)
        return self._another_team(node, "transfer_to" if key is None else key.text, ())

    def _effect(self, node: Fields) -> Iterator[Change]:
        """Yield the rule with another effect: a stay in place of a move, a question or a close, and a close in place of a stay."""
        effect = next((key for key, _ in node.fields if key.text in EFFECTS), None)
        if effect is None:
            return
        other = "close" if effect.text == "stay" else "stay"
        kept = without_keys(node, effect.text, "transfer_point", "deadline")
        put = (Text(other, True, effect.place), Text("true", True, effect.place))
        yield Change("effect", effect.place, f"{effect.text} → {other}", Fields((*kept.fields, put), node.place))

    def _stay(self, node: Node, key: Text | None) -> Iterator[Change]:
        del key
        if not isinstance(node, Fields):
            yields = Fields(((Text("yields", True, node.place), Text("true", True, node.place)),), node.place)
            yield Change("effect", node.place, "stay: true → {yields: true}", yields)
            return
        until, yielding = node.get("until"), node.get("yields")
        does_yield = isinstance(yielding, Text) and yielding.text in ("yes", "true")
        if until is not None:
            left: Node = without_keys(node, "until") if len(node.fields) > 1 else text_at(node, "true")
            yield Change("deadline", until.place, f"stay: without until: {flow(until)}", left)
            for change in self.timescale(until):
                yield replace(change, node=with_value(node, "until", change.node))
        if not does_yield:
            added = (Text("yields", True, node.place), Text("true", True, node.place))
            yield Change("effect", node.place, "stay: yields", Fields((*without_keys(node, "yields").fields, added), node.place))
        else:
            firm = without_keys(node, "yields") if until is not None else text_at(node, "true")
            yield Change("effect", node.place, "stay: without yields", firm)

    def _settling(self, node: Node, key: Text | None) -> Iterator[Change]:
        del key
        if (other := _next(word_of(node), self.settling)) is not None:
            yield Change("value", node.place, f"settled_by: {flow(node)} → {other}", text_at(node, other))

    def _outcome(self, node: Node, key: Text | None) -> Iterator[Change]:
        del key
        if (other := _next(word_of(node), ("transfer", "close", *OUTCOMES[1:2], *OUTCOMES[3:4]))) is not None:
            yield Change("value", node.place, f"outcome: {flow(node)} → {other}", text_at(node, other))

    def _region(self, node: Node, key: Text | None) -> Iterator[Change]:
        del key
        other = "scotland" if word_of(node) != "scotland" else "england"
        yield Change("value", node.place, f"region: {flow(node)} → {other}", text_at(node, other))

    def _flip(self, node: Node, key: Text | None) -> Iterator[Change]:
        if key is not None and key.text in ("judgement",):
            other = "no" if word_of(node) in ("yes", "true") else "yes"
            yield Change("value", node.place, f"{key.text}: {flow(node)} → {other}", text_at(node, other))


# --- changes of one node


def _put(fields: Fields, key: Text, kind: str, old: Node, new: str) -> Change:
    return Change(kind, old.place, f"{key.text}: {flow(old)} → {new}", with_value(fields, key.text, text_at(old, new)))


def _left_out(items: Items, number: int, kind: str, name: str = "") -> Change:
    item = items.items[number]
    return Change(kind, item.place, f"{name + ': ' if name else ''}without {flow(item)}", with_item(items, number, None))


def _without_key(block: str, node: Fields, key: Text, value: Node) -> Iterator[Change]:
    kinds = {"deadline": "deadline", "transfer_point": "deadline", "due": "deadline", "by": "deadline", "area": "area", "when": "condition",
             "group": "override", "overrides": "override"}  # fmt: skip
    if block == "applies" and len(node.fields) == 1:
        return
    if block == "pack" or (block == "rule" and key.text == "overrides" and isinstance(value, Items)):
        return  # each exception is left out by itself
    if (
        key.text in ("deadline", "due", "by", "transfer_point")
        and isinstance(value, Fields)
        and value.get("none") is not None
        and len(value.fields) == 1
    ):
        return  # that there is no date is said by the text alone
    left = without_keys(node, key.text)
    if key.text == "settled_by":
        left = without_keys(left, "valid")
    if not left.fields:
        return
    yield Change(kinds.get(key.text, "key"), key.place, f"without {key.text}: {flow(value)}", left)


def _without_override(rule: Fields, entries: Items, number: int) -> Fields:
    """Return a rule without one exception. The exception's clauses stay with the rule: only who wins is to change."""
    entry = entries.items[number]
    left = with_item(entries, number, None)
    clauses = entry.get("clauses") if isinstance(entry, Fields) else None
    changed = with_value(rule, "overrides", left) if left.items else without_keys(rule, "overrides")
    if not isinstance(clauses, Items):
        return changed
    own = rule.get("clauses")
    if isinstance(own, Items):
        return with_value(changed, "clauses", Items((*own.items, *clauses.items), own.place))
    return Fields((*changed.fields, (Text("clauses", True, entry.place), clauses)), rule.place)


def _defined_elsewhere(lists: Fields, item: Node, name: str) -> Fields | None:
    """Return the checklists with an item defined where another list names it; unchanged where none does, None where only other parts name it."""
    for key, checklist in lists.fields:
        items = checklist.get("items") if isinstance(checklist, Fields) else None
        for number, one in enumerate(items.items if isinstance(items, Items) else ()):
            if isinstance(one, Text) and one.text == name:
                assert isinstance(checklist, Fields)
                assert isinstance(items, Items)
                return with_value(lists, key.text, with_value(checklist, "items", with_item(items, number, item)))
    return None  # it stands in this list alone, and switching it off says the same


def _next(word: str, words: Sequence[str]) -> str | None:
    """Return the word after this one, the first after the last; None where there is no other."""
    others = [one for one in words if one != word]
    if not others:
        return None
    later = words[list(words).index(word) + 1 :] if word in words else ()
    return next((one for one in later if one != word), others[0])

"""Reading conditions and timescales: each mapping becomes one node, its names looked up, its fault noted at the author's word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from ..conditions import Age, All, Amount, AnyOf, Arranged, Compare, Condition, Decided, FactRef, Happened, Includes, Is, Not, OneOf, Use, Within
from ..conditions import Node as TreeNode
from ..errors import Location, did_you_mean
from ..facts import DATED_KINDS, RESERVED_TEAMS, Fact, read_date
from ..grammar import ADDITION_ABOUT, AGES, FORM_ABOUT, GROUPINGS, OPERATORS
from ..pack import DecisionSpec, Team
from ..timescales import (
    MOVES,
    UNITS,
    AsOf,
    AtOnce,
    Birthday,
    Conditional,
    Count,
    FactDay,
    FailingThat,
    LatestOf,
    Literally,
    MoveDay,
    NoDate,
    SoonestOf,
    Timescale,
    Unit,
    UseTimescale,
)
from .reader import Reader, Skip
from .yaml_events import Document, Fields, Items, Node, Text

# A name used in a name used in a name ... doubles at each step if it is used twice; this bounds what one tree can grow to.
MAX_TREE: Final = 5_000
MAX_USE_DEPTH: Final = 24

_HEADS: Final = (*GROUPINGS, *AGES, "fact")


class TreeReader(Reader):
    """Reads trees against the names of one pack. A fact whose declaration is faulty is known by name, and asked no further questions."""

    def __init__(self, document: Document, facts: Mapping[str, Fact | None], fact_places: Mapping[str, Location]):
        super().__init__(document)
        self.facts = dict(facts)
        self.fact_places = dict(fact_places)
        self.teams: dict[str, Team | None] = {}
        self.areas: set[str] = set()
        self.decision_specs: dict[str, DecisionSpec | None] = {}
        self.definition_nodes: dict[str, Fields] = {}
        self._defined: dict[str, Condition | Timescale | None] = {}
        self._open_definitions: list[str] = []
        self._sizes: dict[str, int] = {}

    # --- names

    def fact_named(self, node: Node, why: str) -> tuple[str, Fact | None]:
        """Return the name and the fact that the node names."""
        text = self.text(node)
        if text.text not in self.facts:
            near = did_you_mean(text.text, self.facts)
            declared = next((f", declared at line {place.line}" for name, place in self.fact_places.items() if near == f"did you mean `{name}`?"), "")
            local = next((f" (line {place.line})" for name, place in self.fact_places.items() if name == "local_facts"), "")
            raise self.fault(
                "unknown-fact",
                text,
                f"unknown fact `{text.text}`",
                why=f"{why}, and neither the standard vocabulary nor `local_facts:`{local} has one of this name",
                mend=near.replace("?", f"{declared}?") if near else "declare it under `local_facts:`",
            )
        return text.text, self.facts[text.text]

    def team_named(self, node: Node) -> str:
        """Return the team id that the node names; `none` and `other_authority` are always there."""
        return self.word(node, [*self.teams, *RESERVED_TEAMS], "unknown-team", "team", why="`teams:` has none of this name")

    def area_named(self, node: Node) -> str:
        """Return the area id that the node names."""
        return self.word(node, sorted(self.areas), "unknown-area", "area", why="no team has an area of this name")

    def _value(self, node: Node, fact: Fact | None) -> Any:
        """Read a value that a fact can hold."""
        if fact is None:
            return self.text(node).text
        if fact.kind == "team":
            return self.team_named(node)
        if fact.kind == "area":
            return self.area_named(node)
        text = self.text(node)
        allowed = fact.options if fact.kind in ("choice", "choices") else ()
        if fact.kind == "choices":
            if text.text in allowed:
                return text.text
        else:
            try:
                return fact.read(text.text)
            except ValueError:
                pass
        raise self.fault(
            "wrong-value", text, f"`{fact.name}` cannot be `{text.text}`", why=f"it takes {fact.allowed}", mend=did_you_mean(text.text, allowed)
        )

    # --- conditions

    def _condition(self, node: Node) -> Condition:
        fields = self.fields(node, "a condition")
        heads = [key for key, _ in fields.fields if key.text in _HEADS]
        if not heads:
            known = [*_HEADS, *OPERATORS]
            key = next((key for key, _ in fields.fields if key.text not in OPERATORS), None)
            if key is None:
                raise self.fault("missing-key", fields, "a condition needs `fact:`", mend="add `fact:` and the name of the fact")
            raise self.fault(
                "unknown-key",
                key,
                f"unknown key `{key.text}`",
                why="a condition begins with " + ", ".join(_HEADS),
                mend=did_you_mean(key.text, known),
            )
        head = heads[0]
        if len(heads) > 1:
            raise self.fault(
                "one-of",
                heads[1],
                f"`{heads[1].text}:` stands beside `{head.text}:`",
                why="a condition says one thing",
                mend="put the two under `all:` or `any:`",
                also=((head.place, f"`{head.text}:` stands here"),),
            )
        value = cast(Node, fields.get(head.text))
        if isinstance(value, Text) and value.empty:
            raise self.fault("nothing-here", head, f"nothing stands after `{head.text}:`", mend="fill it in, or delete it")
        if head.text == "fact":
            return self._leaf(fields, value)
        if head.text in AGES:
            self._companions(fields, (head.text, "on"))
            on = fields.get("on")
            return Age(self._count(value), AsOf() if on is None else self._day(on), head.text == "age_under")
        if head.text == "decision":
            return self._decided(fields, value)
        self._companions(fields, (head.text,))
        match head.text:
            case "all":
                return All(self.each(value, self._condition))
            case "any":
                return AnyOf(self.each(value, self._condition))
            case "not":
                return Not(self._condition(value))
            case _:
                name, part = self._definition_used(value, "when")
                return Use(name, cast(Condition, part))

    def _companions(self, fields: Fields, allowed: tuple[str, ...]) -> None:
        before = len(self.faults)
        for key, _ in fields.fields:
            if key.text not in allowed:
                self.note(
                    "unknown-key",
                    key,
                    f"`{key.text}` does not belong beside `{allowed[0]}:`",
                    why=f"only {', '.join(allowed)} can stand here",
                    mend=did_you_mean(key.text, allowed),
                )
        if len(self.faults) > before:
            raise Skip

    def _decided(self, fields: Fields, value: Node) -> Condition:
        self._companions(fields, ("decision", "is"))
        name = self._decision(value)
        spec = self.decision_specs[name]
        answer = fields.get("is")
        if answer is None:
            raise self.fault("missing-key", fields, "a condition on a decision needs `is:`", mend="add `is:` and the answer")
        if spec is not None and spec.options:
            return Decided(name, self.word(answer, spec.options, "wrong-value", "answer"))
        return Decided(name, self._answer_word(answer))

    def _answer_word(self, node: Node) -> str:
        text = self.text(node)
        return text.text if text.text in ("stay", "close") else self.team_named(node)

    def _decision(self, node: Node) -> str:
        return self.word(node, [*self.decision_specs], "unknown-decision", "decision", why="`decisions:` has none of this name")

    def _leaf(self, fields: Fields, subject: Node) -> Condition:
        operators = [key for key, _ in fields.fields if key.text in OPERATORS]
        strangers = [key for key, _ in fields.fields if key.text not in OPERATORS and key.text != "fact"]
        for key in strangers:
            self.note(
                "unknown-key",
                key,
                f"unknown operator `{key.text}`",
                why="after `fact:` stands one of " + ", ".join(OPERATORS),
                mend=did_you_mean(key.text, OPERATORS),
            )
        if strangers:
            raise Skip
        if len(operators) != 1:
            if operators:
                raise self.fault(
                    "one-of",
                    operators[1],
                    f"`{operators[1].text}:` stands beside `{operators[0].text}:`",
                    why="a leaf has exactly one operator",
                    mend="put the two under `all:`",
                    also=((operators[0].place, f"`{operators[0].text}:` stands here"),),
                )
            raise self.fault("one-of", fields, "a condition on a fact needs an operator", why="one of " + ", ".join(OPERATORS), mend="add one")
        name = operators[0].text
        operator = OPERATORS[name]
        right = cast(Node, fields.get(name))
        if isinstance(subject, Text) and subject.text == "as_of" and operator.takes in ("day", "count of time"):
            return self._dated_leaf(name, AsOf(), right)
        fact_name, fact = self.fact_named(subject, "a condition looks at a fact")
        if fact is not None and fact.kind not in operator.kinds:
            fitting = [other.name for other in OPERATORS.values() if fact.kind in other.kinds]
            raise self.fault(
                "wrong-operator",
                operators[0],
                f"`{name}:` does not go with `{fact_name}`",
                why=f"it is {_kind_words(fact.kind)}, which goes with {', '.join(fitting)}",
                mend=f"use one of {', '.join(fitting)}",
            )
        match name:
            case "is" | "is_not":
                return Is(fact_name, self._value_or_fact(right, fact), name == "is_not")
            case "one_of":
                return OneOf(fact_name, frozenset(self.each(right, lambda one: self._value(one, fact))))
            case "includes":
                return Includes(fact_name, self._value(right, fact))
            case "at_least" | "at_most":
                return Amount(fact_name, self._count(right), name == "at_most")
            case "happened":
                return Happened(fact_name, self._yes_no(right))
            case "arranged":
                return Arranged(fact_name, self._yes_no(right))
            case _:
                return self._dated_leaf(name, FactDay(fact_name), right)

    def _value_or_fact(self, node: Node, fact: Fact | None) -> Any:
        if not isinstance(node, Fields):
            return self._value(node, fact)
        self._companions(node, ("fact",))
        other_node = node.get("fact")
        if other_node is None:
            raise self.fault("missing-key", node, "`fact:` is wanted here", mend="write {fact: name}")
        other_name, other = self.fact_named(other_node, "a fact can be compared with another fact")
        if fact is not None and other is not None and fact.kind != other.kind:
            raise self.fault(
                "wrong-value",
                other_node,
                f"`{fact.name}` cannot be compared with `{other_name}`",
                why=f"one is {_kind_words(fact.kind)}, the other {_kind_words(other.kind)}",
            )
        return FactRef(other_name)

    def _dated_leaf(self, operator: str, left: Timescale, right: Node) -> Condition:
        if operator != "within":
            return Compare(left, operator, self._day(right))
        node = self._timescale(right)
        if not isinstance(node, Count):
            raise self.fault(
                "wrong-value",
                right,
                "`within:` takes a number of days, weeks, months or working days from a trigger",
                mend="write {months: 6, after: last_closed_on}",
            )
        return Within(left, node.trigger, node, node.back)

    # --- timescales

    def _timescale(self, node: Node, *, moves: bool = False) -> Timescale:
        fields = self.fields(node, "a timescale")
        forms = [key for key, _ in fields.fields if key.text in UNITS or key.text in FORM_ABOUT]
        allowed = [*UNITS, *FORM_ABOUT, *ADDITION_ABOUT]
        strangers = [key for key, _ in fields.fields if key.text not in allowed]
        for key in strangers:
            self.note(
                "unknown-key", key, f"unknown key `{key.text}`", why="a timescale takes " + ", ".join(allowed), mend=did_you_mean(key.text, allowed)
            )
        if strangers:
            raise Skip
        if len(forms) != 1:
            if forms:
                raise self.fault(
                    "one-of",
                    forms[1],
                    f"`{forms[1].text}:` stands beside `{forms[0].text}:`",
                    why="a timescale says one thing",
                    mend="use `soonest_of:` or `latest_of:`",
                    also=((forms[0].place, f"`{forms[0].text}:` stands here"),),
                )
            raise self.fault(
                "one-of", fields, "a timescale needs a length or a day", why="one of " + ", ".join([*UNITS, *FORM_ABOUT]), mend="add one"
            )
        form = forms[0]
        value = cast(Node, fields.get(form.text))
        if isinstance(value, Text) and value.empty and form.text != "none":
            raise self.fault("nothing-here", form, f"nothing stands after `{form.text}:`", mend="fill it in, or delete it")
        before = len(self.faults)
        timescale: Timescale | None = None
        with self.going_on():
            timescale = self._count_form(fields, form, value, moves) if form.text in UNITS else self._other_form(fields, form, value, moves)
        additions: dict[str, Any] = {}
        for name in ("failing_that", "when", "otherwise"):
            addition = fields.get(name)
            if addition is not None:
                with self.going_on():
                    additions[name] = self._condition(addition) if name == "when" else self._timescale(addition, moves=moves)
        if "otherwise" in additions and fields.get("when") is None:
            self.note(
                "missing-key",
                fields,
                "`otherwise:` needs `when:`",
                why="it is used when the condition does not hold",
                mend="add `when:`, or use `failing_that:`",
            )
        if len(self.faults) > before or timescale is None:
            raise Skip
        if "failing_that" in additions:
            timescale = FailingThat(timescale, additions["failing_that"])
        if "when" in additions:
            timescale = Conditional(timescale, additions["when"], additions.get("otherwise"))
        return timescale

    def _count_form(self, fields: Fields, form: Text, value: Node, moves: bool) -> Timescale:
        anchors = [name for name in ("after", "before") if fields.get(name) is not None]
        if len(anchors) != 1:
            raise self.fault(
                "one-of",
                form,
                f"`{form.text}:` needs {'either ' if anchors else ''}`after:` or `before:`",
                why="a count starts somewhere",
                mend="keep one" if anchors else "add `after:` and the event it counts from",
            )
        before = len(self.faults)
        amount, trigger = 0, cast(Timescale, None)
        with self.going_on():
            amount = self._count(value)
        with self.going_on():
            trigger = self._day(cast(Node, fields.get(anchors[0])), moves=moves, why="a timescale counts from a fact")
        if len(self.faults) > before:
            raise Skip
        return Count(amount, cast(Unit, form.text), trigger, anchors[0] == "before")

    def _other_form(self, fields: Fields, form: Text, value: Node, moves: bool) -> Timescale:
        for key, _ in fields.fields:
            if key.text in ("after", "before"):
                raise self.fault(
                    "unknown-key",
                    key,
                    f"`{key.text}:` does not belong beside `{form.text}:`",
                    why="only a number of days, weeks, months or hours counts from something",
                )
        match form.text:
            case "on":
                return self._day(value, moves=moves, why="a timescale names the day of a fact")
            case "birthday":
                return Birthday(self._count(value))
            case "at_once":
                self._true(value)
                return AtOnce()
            case "none":
                return NoDate(self._text(value))
            case "soonest_of" | "latest_of":
                arms = self.each(value, lambda one: self._timescale(one, moves=moves))
                if not arms:
                    raise self.fault("nothing-here", form, f"`{form.text}:` is empty", mend="list at least one timescale")
                return SoonestOf(arms) if form.text == "soonest_of" else LatestOf(arms)
            case _:
                name, part = self._definition_used(value, "timescale")
                if not moves and reads_moves(cast(TreeNode, part)):
                    raise self.fault(
                        "wrong-value",
                        value,
                        f"`{name}` counts from the move itself",
                        why="only `due:`, `valid:` and `by:` can; everything else is read before the move is known",
                    )
                return UseTimescale(name, cast(Timescale, part))

    def _timescale_with_moves(self, node: Node) -> Timescale:
        return self._timescale(node, moves=True)

    def _day(self, node: Node, *, moves: bool = False, why: str = "a date is compared with a fact") -> Timescale:
        """Read what a count or a comparison can start from: a fact's name, `as_of`, a date, a day of the move, or a timescale."""
        if isinstance(node, Fields):
            return self._timescale(node, moves=moves)
        if isinstance(node, Items):
            raise self.fault("wrong-shape", node, "a fact's name or a timescale is wanted here")
        if node.text == "as_of":
            return AsOf()
        if node.text in MOVES:
            if not moves:
                raise self.fault(
                    "wrong-value",
                    node,
                    f"`{node.text}` cannot stand here",
                    why="only `due:`, `valid:` and `by:` can count from the move; everything else is read before the move is known",
                )
            return MoveDay(node.text)
        literal = read_date(node.text)
        if literal is not None:
            return Literally(literal)
        name, fact = self.fact_named(node, why)
        if fact is not None and fact.kind not in DATED_KINDS:
            raise self.fault(
                "wrong-value", node, f"`{name}` is no date", why=f"it is {_kind_words(fact.kind)}", mend="name a date, an event or a moment"
            )
        return FactDay(name)

    def _day_with_moves(self, node: Node) -> Timescale:
        return self._day(node, moves=True)

    # --- definitions

    def _definition_used(self, node: Node, wanted: str) -> tuple[str, Condition | Timescale]:
        text = self.text(node)
        if text.text not in self.definition_nodes:
            raise self.fault(
                "unknown-definition",
                text,
                f"unknown definition `{text.text}`",
                why="`definitions:` has none of this name",
                mend=did_you_mean(text.text, self.definition_nodes) or "write it under `definitions:`",
            )
        fields = self.definition_nodes[text.text]
        if fields.get(wanted) is None:
            if fields.get("when") is None and fields.get("timescale") is None:
                raise Skip  # The definition itself is faulty, and says so at its own place.
            other = "timescale" if wanted == "when" else "condition"
            raise self.fault(
                "wrong-value",
                text,
                f"`{text.text}` is a {other}",
                why=f"a {'condition' if wanted == 'when' else 'timescale'} is wanted here",
                also=((fields.place, f"`{text.text}` is defined here"),),
            )
        if text.text in self._open_definitions:
            raise self.fault(
                "circle",
                text,
                f"`{text.text}` is defined by itself",
                why="through " + ", ".join(f"`{name}`" for name in self._open_definitions),
                mend="write one of them out",
            )
        node_defined = self.definition(text.text)
        if node_defined is None:
            raise Skip
        return text.text, node_defined

    def definition(self, name: str) -> Condition | Timescale | None:
        """Return the tree a name stands for, read once; None where it is faulty (noted at its own place)."""
        if name in self._defined:
            return self._defined[name]
        fields = self.definition_nodes[name]
        self._open_definitions.append(name)
        self._defined[name] = None
        with self.going_on():
            if len(self._open_definitions) > MAX_USE_DEPTH:
                raise self.fault(
                    "too-deep", fields, f"definitions are nested more than {MAX_USE_DEPTH} deep at `{name}`", mend="write one of them out"
                )
            when, timescale = fields.get("when"), fields.get("timescale")
            tree: Condition | Timescale | None = None
            if when is not None:
                tree = self._condition(when)
            elif timescale is not None:
                tree = self._timescale(timescale, moves=True)
            if tree is not None:
                self._sizes[name] = self.size(tree)
                if self._sizes[name] > MAX_TREE:
                    raise self.fault(
                        "too-large", fields, f"`{name}` grows to more than {MAX_TREE} parts once its names are written out", mend="simplify it"
                    )
            self._defined[name] = tree
        self._open_definitions.pop()
        return self._defined[name]

    def size(self, node: TreeNode) -> int:
        """Return how many nodes a tree has once every name in it is written out; each definition is counted once and remembered."""
        if isinstance(node, Use | UseTimescale):
            return 1 + self._sizes[node.name]
        return 1 + sum(self.size(part) for part in node.parts)


def reads_moves(node: TreeNode) -> bool:
    """Say whether a tree counts from the move itself."""
    return isinstance(node, MoveDay) or any(reads_moves(part) for part in node.parts)


def _kind_words(kind: str) -> str:
    return {"yes_no": "a yes/no fact", "choices": "a list of choices"}.get(kind, f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}")

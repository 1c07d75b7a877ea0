"""Reading conditions and timescales: each mapping becomes one node, its names looked up, its fault noted at the author's word."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeVar, cast

from ..conditions import Age, All, Amount, AnyOf, Arranged, Compare, Condition, Decided, FactRef, Happened, Includes, Is, Not, OneOf, Use, Within
from ..conditions import Node as TreeNode
from ..errors import Location
from ..facts import DATED_KINDS, RESERVED_TEAMS, Fact, read_date
from ..grammar import ADDITION_ABOUT, AGES, FORM_ABOUT, GROUPINGS, OPERATORS
from ..pack import DecisionSpec, Definition, Team
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
from .nodes import Document, Fields, Items, Node, Text
from .reader import Reader, Skip

# A name used in a name used in a name ... doubles at each step if it is used twice; these bound what one tree, and what the whole pack, can grow to.
MAX_TREE: Final = 5_000
MAX_PACK: Final = 200_000
MAX_LEVELS: Final = 64
# Counts upon counts stay inside the years that a date can hold.
MAX_YEARS: Final = 1_000
MAX_AGE: Final = 150

_HEADS: Final = (*GROUPINGS, *AGES, "fact")
_FORMS: Final = (*UNITS, *FORM_ABOUT)
_TIMESCALE_KEYS: Final = (*_FORMS, *ADDITION_ABOUT)
_DAYS_IN: Final[Mapping[Unit, int]] = {"hours": 1, "days": 1, "working_days": 2, "weeks": 7, "months": 31}


Tree = TypeVar("Tree", bound=Condition | Timescale)


class Size(NamedTuple):
    """What a tree is once every name in it is written out: its nodes, its levels, the days it counts at most, whether it counts from the move."""

    nodes: int
    levels: int
    days: int
    moves: bool


class TreeReader(Reader):
    """Reads trees against the names of one pack. A name whose declaration is faulty is known, and asked no further questions."""

    def __init__(self, document: Document):
        super().__init__(document)
        self.facts: dict[str, Fact | None] = {}
        self.fact_places: dict[str, Location] = {}
        self.teams: dict[str, Team | None] = dict.fromkeys(RESERVED_TEAMS)
        self.areas: dict[str, set[str]] = {}
        self.decision_specs: dict[str, DecisionSpec | None] = {}
        self.definition_nodes: dict[str, tuple[Text, Node]] = {}
        self.definitions: dict[str, Definition] | None = None
        self.known_definitions: Mapping[str, Definition] = {}
        """Definitions that are read already; they use none that is not."""
        self._sizes: dict[str, Size] = {}
        self._total = 0

    # --- names

    def fact_named(self, node: Node, why: str) -> tuple[str, Fact | None]:
        """Return the name and the fact that the node names."""
        text = self.text(node)
        if text.text not in self.facts:
            if "unknown-fact" in self.unjudged:
                raise Skip
            near = self.near(text.text, self.facts)
            place = self.fact_places.get(near.removeprefix("did you mean `").removesuffix("`?"))
            local = self.fact_places.get("local_facts")
            listed = f"`local_facts:` (line {local.line})" if local else "`local_facts:`"
            raise self.fault(
                "unknown-fact",
                text,
                f"unknown fact `{text.text}`",
                why=f"{why}, and neither the standard vocabulary nor {listed} has one of this name",
                mend=(near[:-1] + f", declared at line {place.line}?" if place else near) or "declare it under `local_facts:`",
            )
        return text.text, self.facts[text.text]

    def team_named(self, node: Node) -> str:
        """Return the team id that the node names; `none` and `other_authority` are always there."""
        return self.word(node, self.teams, "unknown-team", "team", why="`teams:` has none of this name")

    def area_named(self, node: Node) -> str:
        """Return the area id that the node names."""
        return self.word(node, self.areas, "unknown-area", "area", why="no team has an area of this name")

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
        mend = self.near(text.text, allowed) or "correct the value"
        raise self.fault("wrong-value", text, f"`{fact.name}` cannot be `{text.text}`", why=f"it takes {fact.allowed}", mend=mend)

    # --- conditions

    def _condition(self, node: Node) -> Condition:
        return self._weighed(node, self.condition(node))

    def condition(self, node: Node) -> Condition:
        """Read a condition."""
        fields = self._tree_fields(node, "a condition")
        heads = [key for key, _ in fields.fields if key.text in _HEADS]
        if not heads:
            raise self._headless(fields)
        if len(heads) > 1:
            self.two_of(heads, "a condition says one thing", "put the two under `all:` or `any:`")
            for key in heads:
                if key.text in ("all", "any", "not"):
                    with self.going_on():
                        self._grouping(key, cast(Node, fields.get(key.text)))
            raise Skip
        head = heads[0]
        value = cast(Node, fields.get(head.text))
        self.there(value, head)
        if head.text == "fact":
            return self._leaf(fields, value)
        if head.text in AGES:
            return self._age(fields, head, value)
        if head.text == "decision":
            return self._decided(fields, value)
        before = self.trouble
        with self.going_on():
            self.companions(fields, (head.text,))
        condition = self._grouping(head, value)
        if self.trouble > before:
            raise Skip
        return condition

    def _tree_fields(self, node: Node, what: str) -> Fields:
        if isinstance(node, Text) and not node.empty:
            name = node.text
            mend = (
                f"write {{use: {name}}}" if name in self.definition_nodes else f"write {{on: {name}}}" if name in self.facts else "write {key: value}"
            )
            if what == "a condition" and name not in self.definition_nodes and name in self.facts:
                mend = f"write {{fact: {name}, ...}}"
            raise self.fault("wrong-shape", node, f"{what} takes `key: value` pairs", why="a single word says too little here", mend=mend)
        self.there(node)
        return self.fields(node, what)

    def _headless(self, fields: Fields) -> Skip:
        strangers = [(key, value) for key, value in fields.fields if key.text not in OPERATORS]
        for key, value in strangers:
            why = f"a condition begins with {', '.join(_HEADS)}"
            self.note_key(key, value, f"unknown key `{key.text}`", why, (*_HEADS, *OPERATORS))
        if not strangers:
            self.note("missing-key", fields, "a condition needs `fact:`", why="it looks at one", mend="add `fact:` and the name of the fact")
        return Skip()

    def _grouping(self, head: Text, value: Node) -> Condition:
        match head.text:
            case "all":
                return All(self.each(value, self.condition, head))
            case "any":
                return AnyOf(self.each(value, self.condition, head))
            case "not":
                return Not(self.condition(value))
            case _:
                name, tree = self._definition_used(value, "when")
                return Use(name, cast(Condition, tree))

    def _age(self, fields: Fields, head: Text, value: Node) -> Condition:
        before = self.trouble
        on: Timescale = AsOf()
        age = 0
        with self.going_on():
            self.companions(fields, (head.text, "on"))
        with self.going_on():
            age = self.count(value, MAX_AGE)
        with self.going_on():
            if (day := fields.get("on")) is not None:
                on = self.day(day)
        if self.trouble > before:
            raise Skip
        return Age(age, on, head.text == "age_under")

    def _decided(self, fields: Fields, value: Node) -> Condition:
        before = self.trouble
        name, spec, said, answer = "", None, "", fields.get("is")
        with self.going_on():
            self.companions(fields, ("decision", "is"))
        with self.going_on():
            name = self._decision(value)
            spec = self.decision_specs[name]
        if answer is None and self.trouble == before:
            self.note("missing-key", fields, "a condition on a decision needs `is:`", why="it holds for one answer", mend="add `is:` and the answer")
        if answer is not None and spec is not None:
            with self.going_on():
                why = f"`{name}` takes {', '.join(spec.options)}"
                said = self.word(answer, spec.options, "wrong-value", "answer", why) if spec.options else self._answer_word(answer)
        if self.trouble > before or not said:
            raise Skip
        return Decided(name, said)

    def _answer_word(self, node: Node) -> str:
        text = self.text(node)
        return text.text if text.text in ("stay", "close") else self.team_named(node)

    def _decision(self, node: Node) -> str:
        return self.word(node, self.decision_specs, "unknown-decision", "decision", why="`decisions:` has none of this name")

    def _leaf(self, fields: Fields, subject: Node) -> Condition:
        before = self.trouble
        operators = [key for key, _ in fields.fields if key.text in OPERATORS]
        for key, value in fields.fields:
            if key.text not in OPERATORS and key.text != "fact":
                self.note_key(key, value, f"unknown key `{key.text}`", f"after `fact:` stands one of {', '.join(OPERATORS)}", OPERATORS)
        if len(operators) > 1:
            self.two_of(operators, "a condition says one thing about a fact", "put the two under `all:`")
        elif not operators and self.trouble == before:
            self.note("one-of", fields, "this says nothing about the fact", why=f"after `fact:` stands one of {', '.join(OPERATORS)}", mend="add one")
        name = operators[0].text if operators else "is"
        right = fields.get(name)
        dated = OPERATORS[name].takes in ("day", "count of time")
        is_today = isinstance(subject, Text) and subject.text == "as_of"
        fact_name, fact = "as_of", None
        if not is_today:
            with self.going_on():
                fact_name, fact = self.fact_named(subject, "a condition looks at a fact")
        if right is None:
            raise Skip
        if (fact is not None and fact.kind not in OPERATORS[name].kinds) or (is_today and not dated):
            kind = "date" if fact is None else fact.kind
            fitting = [one.name for one in OPERATORS.values() if kind in one.kinds and not (is_today and one.takes == "yes_no")]
            why, mend = f"it is {_kind_words(kind)}", f"use {', '.join(fitting)}"
            raise self.fault("wrong-operator", operators[0], f"`{name}:` does not go with `{fact_name}`", why=why, mend=mend)
        self.there(right, operators[0])
        left: Timescale = AsOf() if is_today else FactDay(fact_name)
        condition = self._dated_leaf(name, left, right) if dated else self._undated_leaf(operators[0], fact_name, right, fact)
        if self.trouble > before:
            raise Skip
        return condition

    def _undated_leaf(self, operator: Text, name: str, right: Node, fact: Fact | None) -> Condition:
        match operator.text:
            case "is" | "is_not":
                return Is(name, self._value_or_fact(right, fact), operator.text == "is_not")
            case "one_of":
                return OneOf(name, frozenset(self.some(right, lambda one: self._value(one, fact), operator)))
            case "includes":
                return Includes(name, self._value(right, fact))
            case "at_least" | "at_most":
                return Amount(name, self.count(right), operator.text == "at_most")
            case "happened":
                return Happened(name, self.yes_no(right))
            case _:
                return Arranged(name, self.yes_no(right))

    def _value_or_fact(self, node: Node, fact: Fact | None) -> Any:
        if not isinstance(node, Fields):
            return self._value(node, fact)
        other_node = self.fact_pair(node)
        other_name, other = self.fact_named(other_node, "a fact can be compared with another fact")
        if fact is not None and other is not None and fact.kind != other.kind:
            raise self.fault(
                "wrong-value",
                other_node,
                f"`{fact.name}` cannot be compared with `{other_name}`",
                why=f"one is {_kind_words(fact.kind)}, the other {_kind_words(other.kind)}",
                mend="compare facts of one type",
            )
        return FactRef(other_name)

    def fact_pair(self, fields: Fields) -> Node:
        """Return the name in `{fact: name}`."""
        self.companions(fields, ("fact",))
        name = fields.get("fact")
        if name is None:
            raise self.fault("missing-key", fields, "`fact:` is wanted here", why="a name comes from a fact", mend="write {fact: name}")
        self.there(name)
        return name

    def _dated_leaf(self, operator: str, left: Timescale, right: Node) -> Condition:
        if operator != "within":
            return Compare(left, operator, self.day(right))
        node = self.timescale(right)
        if not isinstance(node, Count):
            raise self.fault(
                "wrong-value",
                right,
                "`within:` takes a length of time from an event",
                why="days, weeks, months, hours or working days are counted",
                mend="write {months: 6, after: last_closed_on}",
            )
        return Within(left, node.trigger, node, node.back)

    # --- timescales

    def _timescale(self, node: Node) -> Timescale:
        return self._weighed(node, self.timescale(node))

    def _timescale_with_moves(self, node: Node) -> Timescale:
        return self._weighed(node, self.timescale(node, moves=True))

    def _day_with_moves(self, node: Node) -> Timescale:
        return self._weighed(node, self.day(node, moves=True))

    def timescale(self, node: Node, *, moves: bool = False) -> Timescale:
        """Read a timescale. `moves` allows it to count from the move itself."""
        fields = self._tree_fields(node, "a timescale")
        before = self.trouble
        forms = [key for key, _ in fields.fields if key.text in _FORMS]
        strangers = [(key, value) for key, value in fields.fields if key.text not in _TIMESCALE_KEYS]
        for key, value in strangers:
            self.note_key(key, value, f"unknown key `{key.text}`", f"a timescale takes {', '.join(_TIMESCALE_KEYS)}", _TIMESCALE_KEYS)
        if not strangers:
            # A mistyped key is one fault: what it leaves missing is not a second.
            self._check_timescale(fields, forms)
        read: dict[str, Any] = {}
        for key, value in fields.fields:
            if key.text in _TIMESCALE_KEYS:
                with self.going_on():
                    self.there(value, key)
                    read[key.text] = self._timescale_key(key, value, moves)
        if self.trouble > before:
            raise Skip
        form = forms[0].text
        timescale = read[form]
        if form in UNITS:
            timescale = Count(read[form], form, read["after"] if "after" in read else read["before"], "before" in read)
        if "failing_that" in read:
            timescale = FailingThat(timescale, read["failing_that"])
        return Conditional(timescale, read["when"], read.get("otherwise")) if "when" in read else timescale

    def _check_timescale(self, fields: Fields, forms: list[Text]) -> None:
        """Note what does not fit together: two forms, none, a count without a start, a start without a count."""
        starts = [key for key, _ in fields.fields if key.text in ("after", "before")]
        if not forms:
            self.note("one-of", fields, "a timescale needs a length or a day", why=f"it has one of {', '.join(_FORMS)}", mend="add one of them")
        elif len(forms) > 1:
            self.two_of(forms, "a timescale says one thing", "use `soonest_of:` or `latest_of:`")
        elif forms[0].text in UNITS and not starts:
            message = f"`{forms[0].text}:` needs `after:` or `before:`"
            self.note("one-of", forms[0], message, why="a count starts somewhere", mend="add `after:` and the event it counts from")
        elif len(starts) > 1:
            self.two_of(starts, "a count goes one way", "keep one")
        elif starts and forms[0].text not in UNITS:
            message = f"`{starts[0].text}:` does not belong beside `{forms[0].text}:`"
            why = "only a number of days, weeks, months or hours counts from something"
            self.note("unknown-key", starts[0], message, why=why, mend="delete it, or put the two under `soonest_of:`")
        if fields.get("otherwise") is not None and fields.get("when") is None:
            why = "it is used when the condition does not hold"
            self.note("missing-key", fields, "`otherwise:` needs `when:`", why=why, mend="add `when:`, or use `failing_that:`")

    def _timescale_key(self, key: Text, value: Node, moves: bool) -> Any:
        match key.text:
            case "after" | "before":
                return self.day(value, moves=moves, why="a timescale counts from a fact")
            case "when":
                return self.condition(value)
            case "otherwise" | "failing_that":
                return self.timescale(value, moves=moves)
            case "on":
                return self.day(value, moves=moves, why="a timescale names the day of a fact")
            case "birthday":
                return Birthday(self.count(value, MAX_AGE))
            case "at_once":
                self.true(value)
                return AtOnce()
            case "none":
                return NoDate(self._text(value))
            case "soonest_of" | "latest_of":
                arms = self.some(value, lambda one: self.timescale(one, moves=moves), key)
                return SoonestOf(arms) if key.text == "soonest_of" else LatestOf(arms)
            case "use":
                return self._timescale_used(value, moves)
            case _:
                return self.count(value)

    def _timescale_used(self, value: Node, moves: bool) -> Timescale:
        name, tree = self._definition_used(value, "timescale")
        if not moves and self._sizes[name].moves:
            raise self.fault("wrong-value", value, f"`{name}` counts from the move itself", why=_MOVES_WHY, mend="write another timescale here")
        return UseTimescale(name, cast(Timescale, tree))

    def day(self, node: Node, *, moves: bool = False, why: str = "a date is compared with a fact") -> Timescale:
        """Read what a count or a comparison can start from: a fact's name, `as_of`, a date, a day of the move, or a timescale."""
        if isinstance(node, Fields):
            return self.timescale(node, moves=moves)
        if isinstance(node, Items):
            mend = "write {soonest_of: [...]} or {latest_of: [...]}"
            raise self.fault("wrong-shape", node, "a fact's name or a timescale is wanted here", why="a list is no day", mend=mend)
        self.there(node)
        if node.text == "as_of":
            return AsOf()
        if node.text in MOVES:
            if not moves:
                raise self.fault("wrong-value", node, f"`{node.text}` cannot stand here", why=_MOVES_WHY, mend="name a fact or a date")
            return MoveDay(node.text)
        literal = read_date(node.text)
        if literal is not None:
            return Literally(literal)
        if node.text[:1].isdigit():
            return Literally(self._date(node))  # A date that is none says so, rather than being an unknown fact.
        name, fact = self.fact_named(node, why)
        if fact is not None and fact.kind not in DATED_KINDS:
            mend = "name a date, an event or a moment"
            raise self.fault("wrong-value", node, f"`{name}` is no date", why=f"it is {_kind_words(fact.kind)}", mend=mend)
        return FactDay(name)

    # --- definitions

    def _definition_used(self, node: Node, wanted: str) -> tuple[str, Condition | Timescale]:
        why = "`definitions:` has none of this name"
        name = self.word(node, self.definition_nodes, "unknown-definition", "definition", why=why)
        definition = self.read_definitions().get(name)
        if definition is None:
            raise Skip  # The definition itself is faulty, and says so at its own place.
        key, defined = self.definition_nodes[name]
        if cast(Fields, defined).get(wanted) is None:
            is_one, is_wanted = ("timescale", "condition") if wanted == "when" else ("condition", "timescale")
            also = ((key.place, f"`{name}` is defined here"),)
            raise self.fault("wrong-value", node, f"`{name}` is a {is_one}", why=f"a {is_wanted} is wanted here", mend="name another", also=also)
        return name, definition.node

    def read_definitions(self) -> Mapping[str, Definition]:
        """Return every definition that is not faulty. Each is read once, after those it uses, so that their order in the file means nothing."""
        if self.definitions is None:
            self.definitions = dict(self.known_definitions)
            unread = {name: node for name, (_, node) in self.definition_nodes.items() if name not in self.definitions}
            uses = {name: sorted(names_used(node, unread)) for name, node in unread.items()}
            places = {name: key for name, (key, _) in self.definition_nodes.items()}
            for name in self.circles(uses, places, "is defined by itself"):
                with self.going_on():
                    self._read_definition(name, unread[name])
        return self.definitions

    def _read_definition(self, name: str, node: Node) -> None:
        assert self.definitions is not None
        if isinstance(node, Text) and node.empty:
            raise Skip  # Noted where the section is read.
        values = self.block("definition", node)
        tree = values["when"] if "when" in values else values["timescale"]
        self._sizes[name] = self.size(tree)
        self.definitions[name] = Definition(name, tree, values.get("label", ""), values.get("clauses", ()), node.place)

    def _weighed(self, node: Node, tree: Tree) -> Tree:
        """Return the tree, unless it, or the whole pack with it, is too large to be decided in good time."""
        size = self.size(tree)
        if size.nodes > MAX_TREE or size.levels > MAX_LEVELS:
            what = f"{MAX_TREE} parts" if size.nodes > MAX_TREE else f"{MAX_LEVELS} levels"
            why = "what its names stand for is written out each time"
            raise self.fault(
                "too-large", node, f"this grows to more than {what} once its names are written out", why=why, mend="use fewer names inside names"
            )
        if size.days > MAX_YEARS * 365:
            why = "no date can be worked out so far away"
            raise self.fault("too-large", node, f"this counts over more than {MAX_YEARS} years", why=why, mend="make its numbers smaller")
        self.add_weight(node, size.nodes)
        return tree

    def add_weight(self, node: Node, parts: int) -> None:
        """Count parts towards the bound of the whole pack; past it there is one fault, where it is passed."""
        was, self._total = self._total, self._total + parts
        if was <= MAX_PACK < self._total:
            why = "what its names stand for is written out each time"
            message = f"here the pack grows to more than {MAX_PACK} parts once its names are written out"
            raise self.fault("too-large", node, message, why=why, mend="simplify its definitions, groups and rival readings")

    def size(self, node: TreeNode) -> Size:
        """Return how large a tree is; each definition is measured once and remembered."""
        inner = [self._sizes[node.name]] if isinstance(node, Use | UseTimescale) else [self.size(part) for part in node.parts]
        days = node.amount * _DAYS_IN[node.unit] if isinstance(node, Count) else 0
        return Size(
            1 + sum(one.nodes for one in inner),
            1 + max((one.levels for one in inner), default=0),
            days + max((one.days for one in inner), default=0),
            isinstance(node, MoveDay) or any(one.moves for one in inner),
        )


_MOVES_WHY: Final = "only `due:`, `valid:` and `by:` can count from the move; everything else is read before the move is known"


def names_used(node: Node | None, known: Collection[str]) -> Iterator[str]:
    """Return the definitions that a node uses, before it is read."""
    for key, value in node.fields if isinstance(node, Fields) else ():
        if key.text == "use" and isinstance(value, Text) and value.text in known:
            yield value.text
        yield from names_used(value, known)
    for item in node.items if isinstance(node, Items) else ():
        yield from names_used(item, known)


def _kind_words(kind: str) -> str:
    return {"yes_no": "a yes/no fact", "choices": "a list of choices"}.get(kind, f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}")

"""One case in microseconds: Python source written for the team that holds the case, which answers as the tree does.

`evaluate` looks here first. A form answers with the whole decision, or with None: then the tree decides. None is the answer wherever unknown facts
leave something open, where rules clash, and where people's decisions are to be checked for their day; a form never guesses.

What is written, from top to bottom: each function takes the snapshot `s`, its day `today`, the same as `now` (a date, or a `Due` for a moment), and
the `local` facts. `team` looks at the snapshot and at the rules that cases of this team can come under, and notes by one bit each which `matches`. An
`answer` says what the rules that stand together give; where a fact or a recorded decision names the team, a `plan` chooses among several answers.
Truth has three values and two rails: for each condition there is one expression that it certainly holds, and one that it certainly does not, so that
what is unknown stands in the way only where it matters. A day is a plain date, or a `Due` where more is to be said of it.

Nothing that an author typed reaches the source but whole numbers and checked identifiers: every other value stands beside it under a name of ours
(`k17`), and the source finds no builtins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from itertools import count
from typing import Any, Final, TypeAlias, TypeVar, cast

from .case import bind
from .checklists import ANY_TEAM, NO_DUE, Applies, DutySpec, Item, Move, Outcome
from .checklists import Standing as Progressed
from .completion import rests_on_unstated
from .conditions import (
    Age,
    All,
    Amount,
    AnyOf,
    Arranged,
    Compare,
    Condition,
    Decided,
    FactRef,
    Happened,
    Includes,
    Is,
    Node,
    Not,
    OneOf,
    Use,
    Within,
)  # fmt: skip
from .dates import AT_ONCE, NO_DATE, Due
from .decision import Decision, Duty, Outstanding, Reason, ReceivingTeam, Warning
from .facts import NOBODY, RESERVED_TEAMS, FactValue
from .impossible import IMPOSSIBLE
from .outstanding import about_decisions, duty_line, item_line
from .pack import Close, FromFact, Named, PeopleDecide, Rule, Stay, TransferTo
from .policy import Policy
from .ruling import deadline_of, event_name, event_of, receiver
from .shortcuts import (
    NOBODY_KNOWN,
    SPACE,
    aging,
    asker,
    born,
    case_maker,
    comparing,
    counting,
    decisions_checker,
    duty_liner,
    fresh_from,
    is_plain,
    item_liner,
    local_reader,
    lying_within,
    new_snapshot,
    show_point,
    slow_item_liner,
    stepping,
)  # fmt: skip
from .timescales import (
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
    UseTimescale,
    counts_from_move,
    facts_read,
    nodes,
)  # fmt: skip
from .vocabulary import STANDARD_FACTS, CaseSnapshot, Recorded

FIRST_BY_TREE: Final = 32
"""The cases of a team that the tree decides before a form is written: writing takes as long as some tens of decisions."""
MOST_PLANS: Final = 64
"""The plans that one team's form has; what matches once these are used up is left to the tree."""
MOST_MATCHES: Final = 1024
"""The sets of matching rules that one team's form remembers."""
MOST_TEXT: Final = 200_000
"""The characters of one expression. No tree of a real procedure comes near; one of shared parts may double at every level."""

Form: TypeAlias = Callable[[CaseSnapshot], Decision | None]
Plan: TypeAlias = Callable[..., Decision | None]
T = TypeVar("T")
_Found: TypeAlias = tuple[tuple[T, tuple[Condition, ...]], ...]
"""Items or duties, each with the conditions of which one must hold for it to belong to a move."""


def decide(policy: Policy, snapshot: CaseSnapshot) -> Decision | None:
    """Decide one case by the form of its team, which is written once its cases have come up often enough. None leaves the case to the tree."""
    if type(snapshot) is not CaseSnapshot or (team := snapshot.current_team) is None:
        return None
    form: Form | None = policy.forms.get(team)
    return (form or _begin(policy, team))(snapshot)


def form_of(policy: Policy, team: str) -> Form:
    """Return the function that decides the cases that a team holds, or leaves them to the tree."""
    return _safely(lambda: _Team(policy, team).form())


def source_of(policy: Policy, team: str) -> str:
    """Return what is written for a team, with the answers of each rule alone and of silence, and the values that it names.

    Names of values that are not listed stand for functions of `shortcuts`.
    """
    try:
        written = _Team(policy, team)
        written.form()
    except _IMPOSSIBLE_TO_WRITE:
        return "# nothing is written for this team, whose rules are too large\n"
    for number in (*range(len(written.rules)), None):
        written.plan(0 if number is None else 1 << number)
    for write in written.postponed:
        write()
    values = (f"# {name} = {_ascii(value)}" for name, value in written.space.items() if re.match("k[0-9]", name) and not _works(value))
    return "\n\n".join((*written.sources, "\n".join(values))) + "\n"


def _begin(policy: Policy, team: str) -> Form:
    """Return, and keep, what counts a team's cases until its form is worth writing."""
    if team not in policy.pack.teams and team not in RESERVED_TEAMS:
        return _not_for_me
    seen = 0

    def counted(snapshot: CaseSnapshot) -> Decision | None:
        nonlocal seen
        seen += 1
        if seen <= FIRST_BY_TREE:
            return None
        policy.forms[team] = form = form_of(policy, team)
        return form(snapshot)

    policy.forms[team] = counted
    return counted


def _safely(write: Callable[[], Callable[..., Decision | None]]) -> Callable[..., Decision | None]:
    """Return what is written, or what leaves every case to the tree."""
    try:
        return write()
    except _IMPOSSIBLE_TO_WRITE:
        return _not_for_me


def _not_for_me(*_given: object) -> None:
    return None


class _TooMuch(Exception):
    """More text than any procedure needs."""


# Trees as deep as that are no procedure, and the parser of Python has limits of its own.
_IMPOSSIBLE_TO_WRITE: Final = (_TooMuch, SyntaxError, RecursionError, MemoryError)


# --- the source

_HANDOVER: Final = (
    "handover = x if (x := s.agreed_transfer_on).__class__ is date else due if due.__class__ is date else handover_day(x, due, passing, today)"
)
_IDENTIFIER: Final = re.compile("[a-z][a-z0-9_]{0,60}")
_CALL: Final = re.compile(r"\w\(")
_ALWAYS_THE_SAME: Final = re.compile(r"None|True|False|\"[a-z_]+\"|k[0-9]+[a-z0-9_]*|\(\)|\(k[0-9]+[a-z0-9_]*,( k[0-9]+[a-z0-9_]*,?)*\)")


def _works(value: object) -> bool:
    """Say whether a value does something, or fills up as cases come, so that it says nothing to a reader."""
    return callable(value) or isinstance(value, dict)


def _ascii(value: object) -> str:
    # A set comes in another order in every process.
    text = f"{{{', '.join(sorted(map(ascii, value)))}}}" if isinstance(value, frozenset) else ascii(value)
    return text if len(text) <= 160 else f"{text[:150]}..."


def _both(word: str, parts: Iterable[str]) -> str:
    """Return expressions joined by `and` or `or`, without those that change nothing."""
    nothing, everything = ("True", "False") if word == "and" else ("False", "True")
    found = [part for part in dict.fromkeys(parts) if part != nothing]
    if everything in found:
        return everything
    # What takes a call comes last: often it need not be asked.
    found.sort(key=lambda part: len(_CALL.findall(part)))
    text = f" {word} ".join(found) or nothing
    if len(text) > MOST_TEXT:
        raise _TooMuch
    return f"({text})" if len(found) > 1 else text


@dataclass(frozen=True, slots=True)
class _ToOneOf:
    """A move to one of these teams, the team being named by a fact."""

    teams: frozenset[str] | None
    but: frozenset[str]
    reads: tuple[str, ...] = ()
    parts: tuple[Node, ...] = ()


class _Function:
    """One function of the source, written line by line.

    Attributes:
        moving: the days of a move are known, as `due`, `passing` (the transfer point) and `handover`.
        used: those of the three that were asked for.
        kept: the variables that hold what is worked out once, when it is first asked for.
    """

    def __init__(self, team: _Team, name: str, parameters: str):
        self.team = team
        self.policy = team.policy
        self.head = f"def {name}({parameters}):"
        self.lines: list[str] = []
        self.moving = False
        self.used: set[str] = set()
        self.kept: set[str] = set()
        self.depth = 1
        self._temporary = 0

    def line(self, text: str) -> None:
        """Write a line."""
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def under(self, head: str) -> Iterator[None]:
        """Write lines that stand under another."""
        self.line(head)
        self.depth += 1
        yield
        self.depth -= 1

    def text(self) -> str:
        """Return the whole function."""
        kept = sorted(self.kept)
        first = [f"    {' = '.join(kept)} = ABSENT"] if kept else []
        return "\n".join((self.head, *first, *self.lines))

    def temporary(self) -> str:
        """Return a variable that nothing else uses; `x`, `y` and `n` are for what is used up at once."""
        self._temporary += 1
        return f"y{self._temporary}"

    def value(self, value: object, hint: str = "") -> str:
        """Return the name of a value."""
        return self.team.value(value, hint)

    def literal(self, value: object) -> str:
        """Return a whole number or a truth as it is written, anything else under its name."""
        plain = value is None or type(value) is bool or (type(value) is int and abs(value) < 10**9)
        return repr(value) if plain else self.value(value)

    def fact(self, name: str) -> str:
        """Return the expression of a fact's value."""
        return f"s.{name}" if name in STANDARD_FACTS else f"local.get({self.value(name)})"

    def kind(self, fact: str) -> str:
        """Return the type of a fact."""
        found = self.policy.facts.get(fact)
        return "" if found is None else found.kind

    # --- conditions: what certainly holds, and what certainly does not

    def truths(self, node: Condition | _ToOneOf) -> tuple[str, str]:
        """Return the expression that a condition certainly holds, and the one that it certainly does not."""
        match node:
            case All(parts=parts):
                both = [self.truths(part) for part in parts]
                return _both("and", (holds for holds, _ in both)), _both("or", (fails for _, fails in both))
            case AnyOf(parts=parts):
                both = [self.truths(part) for part in parts]
                return _both("or", (holds for holds, _ in both)), _both("and", (fails for _, fails in both))
            case Not(part=part):
                holds, fails = self.truths(part)
                return fails, holds
            case Use():
                return self._used(node)
            case Is():
                return self._is(node)
            case OneOf(fact=fact, values=values):
                among, value = self.value(values - {None}), self.fact(fact)
                return f"{value} in {among}", f"((x := {value}) is not None and x not in {among})"
            case Includes(fact=fact, value=word):
                has, value = self.value(word), self.fact(fact)
                some = f"(x := {value}).__class__ is frozenset and {has}"
                return f"({some} in x)", f"({some} not in x)"
            case Amount(fact=fact, limit=limit, at_most=at_most) if self.kind(fact) == "count":
                inside, outside = ("<=", ">") if at_most else (">=", "<")
                some = f"(x := {self.fact(fact)}) is not None and x"
                return f"({some} {inside} {self.literal(limit)})", f"({some} {outside} {self.literal(limit)})"
            case Happened(fact=fact, expected=expected):
                truths = self._happened(fact)
                return truths if expected else truths[::-1]
            case Arranged(fact=fact, expected=expected):
                truths = f'((x := {self.fact(fact)}) is not None and x != "not_yet")', f'{self.fact(fact)} == "not_yet"'
                return truths if expected else truths[::-1]
            case Decided(decision=decision, answer=answer):
                found, said = f"(x := s.decisions.get({self.value(decision)}))", self.value(answer)
                return f"({found} is not None and x.decided == {said})", f"({found} is None or x.decided != {said})"
            case Compare(left=left, right=right):
                return _either_truth(f"{self.value(comparing(node), node.operator)}({self.day(left)}, {self.day(right)})")
            case Age(on=AsOf(), under=under):
                age = self.literal(node.age)
                # A birthday on 29 February falls on 1 March in a common year, which is what comparing month and day says.
                years, days = "n := today.year - x.year", "(today.month, today.day) >= (x.month, x.day)"
                born = "(x := s.date_of_birth).__class__ is date"
                reached = f"({born} and (({years}) > {age} or n == {age} and {days}))"
                not_yet = f'({born} and (({years}) < {age} or n == {age} and not {days}) or x == "not_yet")'
                return (not_yet, reached) if under else (reached, not_yet)
            case Age(on=on):
                return _either_truth(f"{self.value(aging(node), 'age')}({self.day(on)}, s.date_of_birth)")
            case Within(left=left, trigger=trigger, limit=limit):
                return _either_truth(f"{self.value(lying_within(node), 'within')}({self.day(left)}, {self.day(trigger)}, {self.day(limit)})")
            case _ToOneOf(teams=teams, but=but):
                named = f"to not in {self.value(but)}" if teams is None else f"to in {self.value(teams)}"
                return named, f"not ({named})"
            case _:
                # What is not known here is the tree's to say.
                return _either_truth(f"{self.value(node)}.truth({self.case()})")

    def _is(self, node: Is) -> tuple[str, str]:
        left, other = self.fact(node.fact), node.value
        if isinstance(other, FactRef):
            both = f"(x := {left}) is not None and (y := {self.fact(other.fact)}) is not None"
            truths = f"({both} and x == y)", f"({both} and x != y)"
        elif other is None:
            return "False", "False"
        elif other.__class__ is bool and self.kind(node.fact) == "yes_no":
            truths = f"{left} is {other!r}", f"{left} is {not other!r}"
        else:
            right = self.literal(other)
            truths = f"{left} == {right}", f"((x := {left}) is not None and x != {right})"
        return truths[::-1] if node.negated else truths

    def _happened(self, fact: str) -> tuple[str, str]:
        if self.kind(fact) == "moment":
            some = f"(x := {self.fact(fact)}) is not None and"
            return f"({some} happened(x, s))", f"({some} not happened(x, s))"
        dated = f"if (x := {self.fact(fact)}).__class__ is date else"
        return f'(x <= today {dated} x == "happened")', f'(x > today {dated} x == "not_yet")'

    def _used(self, node: Use) -> tuple[str, str]:
        """Return a named condition: written out where it is small, else worked out once, by a function of its own."""
        condition = node.condition
        if sum(1 for _ in zip(nodes(condition), range(4), strict=False)) < 4 or counts_from_move(condition):
            return self.truths(condition)
        number = self.team.definition(node.name, condition)
        self.kept.add(f"known_{number}")
        return _either_truth(f"(known_{number} if known_{number} is not ABSENT else (known_{number} := named_{number}(s, today, now, local)))")

    # --- days

    def day(self, node: Node) -> str:
        """Return the expression of the day that a timescale gives."""
        text = self._day(node)
        if len(text) > MOST_TEXT:
            raise _TooMuch
        return text

    def _day(self, node: Node) -> str:
        match node:
            case FactDay(fact=fact):
                value = self.fact(fact)
                return f"day_of({value}, today)" if self.kind(fact) == "moment" else f"(x if (x := {value}).__class__ is date else day_of(x, today))"
            case AsOf():
                return "now"
            case Literally(value=value):
                return self.value(value)
            case MoveDay(which=which):
                if not self.moving:
                    return self.value(NO_DATE)
                name = {"transfer_point": "passing", "deadline": "due", "handover": "handover"}[which]
                self.used.add(name)
                return name
            case Count(trigger=trigger):
                calendar = self.policy.calendar
                step, rest = self.value(stepping(node, calendar), node.unit), self.value(counting(node, calendar), f"all_{node.unit}")
                if isinstance(trigger, FactDay) and self.kind(trigger.fact) != "moment":
                    start = f"(x := {self.fact(trigger.fact)}).__class__ is date"
                    return f"({step}(x) or {rest}(x) if {start} else {rest}(day_of(x, today)))"
                start = self.temporary()
                return f"({step}({start}) or {rest}({start}) if ({start} := {self.day(trigger)}).__class__ is date else {rest}({start}))"
            case Birthday(age=age):
                return f"{self.value(born(age), 'birthday')}(s.date_of_birth, today)"
            case AtOnce():
                return self.value(AT_ONCE)
            case NoDate(why=why):
                return self.value(Due("none", why=why))
            case SoonestOf(parts=parts):
                return f"soonest_of({', '.join(map(self.day, parts))})"
            case LatestOf(parts=parts):
                return f"latest_of({', '.join(map(self.day, parts))})"
            case UseTimescale(timescale=timescale):
                return self.day(timescale)
            case Conditional(timescale=timescale, when=when, otherwise=otherwise):
                holds, fails = self.truths(when)
                one, other = self.day(timescale), self.value(NO_DATE) if otherwise is None else self.day(otherwise)
                return f"({one} if {holds} else {other} if {fails} else either_of({one}, {other}))"
            case FailingThat(first=first, then=then):
                name = self.temporary()
                settled = f"({name} := {self.day(first)}).__class__ is date"
                return f"({name} if {settled} else failing({name}, {self.day(then)}))"
            case _:
                raise _TooMuch

    def case(self) -> str:
        """Return the expression of the case as the tree reads it, made when it is first asked for."""
        self.kept.add("case")
        case = f"(case if case is not ABSENT else (case := {self.team.case}(s, today, local)))"
        if not self.moving:
            return case
        self.kept.add("moved_case")
        return f"(moved_case if moved_case is not ABSENT else (moved_case := with_moves({case}, due, passing)))"


def _either_truth(expression: str) -> tuple[str, str]:
    return f"{expression} is True", f"{expression} is False"


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one standing rule says: `team` is known beforehand, or the value of the expression `named`; likewise its area."""

    rule: Rule
    outcome: Outcome
    team: str | None = None
    named: str = "None"
    area: str | None = None
    where: str = "None"
    role: str | None = None
    asks: PeopleDecide | None = None


class _Team:
    """All that is written for the team that holds the case."""

    def __init__(self, policy: Policy, team: str):
        if policy.pack.local_facts.keys() & STANDARD_FACTS:
            raise _TooMuch
        self.policy = policy
        self.team = team
        self.rules = [rule for rule in policy.rules.values() if rule.from_teams.hold(team)]
        self.space: dict[str, Any] = {"__builtins__": {}, **SPACE}
        self.sources: list[str] = []
        self.postponed: list[Callable[[], None]] = []
        self._liners: dict[tuple[str, str], str] = {}
        self._words: dict[str, str] = {}
        # Threads that write at the same time take different numbers, so that no name comes twice.
        self._numbers = count()
        self._definitions: dict[str, tuple[Condition, int]] = {}
        self._works: dict[tuple[object, ...], str] = {}
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._matches: dict[int, Plan] = {}
        self.case = self.value(case_maker(policy), "case")
        self.decision_warnings = self.value(self._decision_warner(), "odd_decisions")

    def value(self, value: object, hint: str = "") -> str:
        """Return the name of a value in the space of the source; a word has one."""
        word = value if type(value) is str else None
        if word is not None and word in self._words:
            return self._words[word]
        hint = _identifier(value) or _identifier(hint)
        name = f"k{next(self._numbers)}_{hint}".rstrip("_")
        self.space[name] = value
        if word is not None:
            self._words[word] = name
        return name

    def liner(self, work: Item | DutySpec) -> str:
        """Return the name of what gives the line of an item or a duty."""
        key = (type(work).__name__, work.id)
        if key not in self._liners:
            self._liners[key] = self.value(self._liner(work), _identifier(work.id))
        return self._liners[key]

    def _liner(self, work: Item | DutySpec) -> Callable[..., Outstanding | Duty | None]:
        if isinstance(work, DutySpec):
            return duty_liner(work)
        return item_liner(work) if is_plain(work) else slow_item_liner(work, self.policy.work)

    def add(self, function: _Function, name: str) -> Callable[..., Any]:
        """Take a function into the space."""
        text = function.text()
        self.sources.append(text)
        exec(compile(text, f"<{name} of one case>", "exec"), self.space)
        made: Callable[..., Any] = self.space[name]
        return made

    def worked_out(self, expression: str) -> object:
        """Return the value of an expression that names no case."""
        name = f"worked_out_{next(self._numbers)}"
        exec(compile(f"{name} = {expression}", f"<{name} of one case>", "exec"), self.space)
        return self.space.pop(name)

    def definition(self, name: str, condition: Condition) -> int:
        """Return the number of the function that says whether a named condition holds."""
        known, number = self._definitions.get(name, (None, 0))
        if known is not condition:
            number = next(self._numbers)
            function = _Function(self, f"named_{number}", "s, today, now, local")
            holds, fails = function.truths(condition)
            function.line(f"return True if {holds} else False if {fails} else None{_remark(name)}")
            self.add(function, f"named_{number}")
            self._definitions[name] = condition, number
        return number

    # --- which rules match

    def form(self) -> Form:
        """Write the function that looks at the snapshot and at the rules."""
        policy, pack = self.policy, self.policy.pack
        teams, areas = frozenset((*pack.teams, *RESERVED_TEAMS)), frozenset(policy.areas)
        function = _Function(self, "team", "s")
        line = function.line
        line("today = now = s.as_of")
        line("if today.__class__ is not date: today, now = london_date(today), dated(today)")
        line(f'if s.unstated != "unknown": return {self.value(self._closing, "closing")}(s)')
        named = {"team": teams, "area": areas}
        checks = [
            f"(x := {function.fact(name)}) is not None and x not in {self.value(named[fact.kind], f'{fact.kind}s')}"
            for name, fact in STANDARD_FACTS.items()
            if fact.kind in named and name != "current_team"
        ]
        line(f"if {' or '.join(checks)}: return None")
        line(f"if s.decisions and not {self.value(decisions_checker(policy), 'decisions_known')}(s.decisions): return None")
        line(f"if s.checklist and not {self.value(frozenset(policy.work).issuperset, 'work_known')}(s.checklist): return None")
        line(f"local = {self.value({}, 'nothing')}")
        if pack.local_facts:
            line(f"if s.local_facts: local = {self.value(local_reader(pack.local_facts, teams, areas), 'read')}(s.local_facts)")
            line("if local is None: return None")
        else:
            line("if s.local_facts: return None")
        for impossible in IMPOSSIBLE:
            # Neither condition of two facts can hold while one of them is unknown.
            both = " and ".join(f"{function.fact(name)} is not None" for name in (impossible.first, impossible.second))
            line(f"if {both} and {function.truths(impossible.condition)[0]}: return None")
        line("matches = 0")
        for number, rule in enumerate(self.rules):
            holds, fails = self._match(function, rule)
            line(f"if not {fails}: matches |= {1 << number} if {holds} else {1 << (number + len(self.rules))}" + _remark(rule.id))
        line(f"plan = {self.value(self._matches, 'plans')}.get(matches) or {self.value(self.plan, 'plan')}(matches)")
        line("return plan(s, today, now, local, matches)")
        return self.add(function, "team")

    def _closing(self, snapshot: CaseSnapshot) -> Decision | None:
        """Decide a snapshot that closes what nobody stated: as one that states it all. What the answer rests on is the tree's to say.

        Raises:
            SnapshotError: as for `evaluate`.
        """
        case = bind(self.policy, snapshot)
        local = {name: value for name, value in case.facts.items() if name not in STANDARD_FACTS}
        stated = {**dict.fromkeys(STANDARD_FACTS), **case.facts, "as_of": case.as_of, "local_facts": local, "unstated": "unknown"}
        stated |= {"decisions": snapshot.decisions, "checklist": snapshot.checklist}
        decision: Decision | None = self.space["team"](new_snapshot(*(stated[one.name] for one in fields(CaseSnapshot))))
        return None if decision is None else replace(decision, rests_on_unstated=rests_on_unstated(self.policy, case))

    def _match(self, function: _Function, rule: Rule) -> tuple[str, str]:
        holds, fails = function.truths(rule.when)
        until = rule.effect.until if isinstance(rule.effect, Stay) else None
        if until is None:
            return holds, fails
        lasts, over = _either_truth(f"still_holds({function.day(until)}, today, s)")
        return _both("and", (holds, lasts)), _both("or", (fails, over))

    def plan(self, matches: int) -> Plan:
        """Return the plan for what matches: a bit for each rule that does, and one higher up for each that may."""
        standing = self._standing(matches)
        plan = _not_for_me if standing is None else self._plans.get(tuple(rule.id for rule in standing))
        if plan is None and standing is not None and len(self._plans) < MOST_PLANS:
            plan = _safely(lambda: self._write_plan(standing))
            self._plans[tuple(rule.id for rule in standing)] = plan
        plan = plan or _not_for_me
        if len(self._matches) < MOST_MATCHES:
            self._matches[matches] = plan
        return plan

    def _standing(self, matches: int) -> list[Rule] | None:
        """Return the rules that stand, as `Hearing.standing` does; None where that is open."""
        sure = {rule.id for number, rule in enumerate(self.rules) if matches >> number & 1}
        may = {rule.id for number, rule in enumerate(self.rules) if matches >> (number + len(self.rules)) & 1}
        found = []
        for rule in self.rules:
            over = self.policy.overriders[rule.id]
            if not (rule.id in sure or rule.id in may) or not sure.isdisjoint(over):
                continue
            if not may.isdisjoint(over):
                return None
            if rule.id in sure:
                found.append(rule)
            elif not _explains(rule):
                return None
        return [rule for rule in found if not _explains(rule)] or found

    # --- what the rules that stand say

    def _write_plan(self, standing: list[Rule]) -> Plan:
        function = _Function(self, "", "")
        voices = [_voice(rule, self.team, function) for rule in standing]
        if None not in voices:
            return self.answer([voice for voice in voices if voice is not None])
        if voices.count(None) > 1:
            raise _TooMuch
        return _Hearing(self, f"plan_{next(self._numbers)}", standing).made

    def answer(self, voices: list[_Voice]) -> Plan:
        """Write what these rules say together."""
        return _Answer(self, f"answer_{next(self._numbers)}", voices).made

    def work(self, move: Move, *, moves: bool) -> str | None:
        """Return the name of the function that says what a move requires and brings; None where it requires and brings nothing."""
        pack = self.policy.pack
        lists = self.policy.moves_of_item
        items = tuple((item, found) for item in pack.items.values() if not item.off and (found := _among(lists[item.id], move)))
        duties = tuple((duty, found) for duty in self.policy.duties if (found := _among(duty.applies, move)) or not duty.applies)
        if not items and not duties:
            return None
        key = (moves, tuple((item.id, found) for item, found in items), tuple((duty.id, found) for duty, found in duties))
        if key not in self._works:
            name = f"work_{next(self._numbers)}"
            _Work(self, name, items, duties, moves=moves)
            self._works[key] = name
        return self._works[key]

    def later(self, voices: list[_Voice]) -> Plan:
        """Return what writes an answer when it is first asked for."""
        made: list[Plan] = []

        def later(*given: Any) -> Decision | None:
            if not made:
                made.append(_safely(lambda: self.answer(voices)))
            return made[0](*given)

        self.postponed.append(lambda: made.append(_safely(lambda: self.answer(voices))))
        return later

    def _decision_warner(self) -> Callable[[Any, int], tuple[Warning, ...] | None]:
        """Return what says what is odd about recorded decisions; None where a fact would have to be looked up."""
        asking = [(number, rule.effect) for number, rule in enumerate(self.rules) if isinstance(rule.effect, PeopleDecide)]
        rules = len(self.rules)

        def warnings(decisions: Mapping[str, Recorded], matches: int) -> tuple[Warning, ...] | None:
            come_up = [effect for number, effect in asking if matches >> number & 1 or matches >> (number + rules) & 1]
            if any(isinstance(one, FromFact) for effect in come_up if effect.settled_by in decisions for one in effect.between):
                return None
            return tuple(about_decisions(self.policy, decisions, come_up, self.team, lambda one: one if isinstance(one, str) else None))

        return warnings


class _Hearing:
    """The plan of rules of which one names at run time where the case goes: a fact does, or a recorded decision. Each branch has its own answer."""

    def __init__(self, team: _Team, name: str, standing: list[Rule]):
        self.team = team
        self.standing = standing
        self.function = _Function(team, name, "s, today, now, local, matches")
        self.line = self.function.line
        self.line("to = recorded = None")
        self._hear([])
        self.made: Plan = team.add(self.function, name)

    def _hear(self, voices: list[_Voice]) -> None:
        """Write what the rules from here on say, every branch to its end."""
        if len(voices) == len(self.standing):
            self.line(f"return {self.function.value(self.team.later(voices), 'answer')}(s, today, now, local, matches, to, recorded)")
            return
        rule = self.standing[len(voices)]
        voice = _voice(rule, self.team.team, self.function)

        def go(voice: _Voice) -> None:
            self._hear([*voices, voice])

        if voice is not None:
            go(voice)
        elif isinstance(rule.effect, PeopleDecide):
            with self.function.under(f"if (recorded := s.decisions.get({self.function.literal(rule.effect.settled_by)})) is not None:"):
                self._settled(rule, rule.effect, go)
            go(_Voice(rule, "people_decide", asks=rule.effect))
        elif isinstance(rule.effect, TransferTo):
            self._to_team(rule, rule.effect, go)

    def _settled(self, rule: Rule, asks: PeopleDecide, go: Callable[[_Voice], None]) -> None:
        """Write what a recorded decision says; whether it was taken in time is left to the tree."""
        if asks.valid is not None:
            self.line("return None")
            return
        self.line("to = recorded.decided")
        with self.function.under('if to == "stay":'):
            go(_Voice(rule, "stay"))
        with self.function.under('if to == "close":'):
            go(_Voice(rule, "close"))
        self._already_there(rule, "recorded.area", go)
        self._named(rule, "recorded.area", None, go)

    def _to_team(self, rule: Rule, to: TransferTo, go: Callable[[_Voice], None]) -> None:
        where = _where(to.area, self.function)
        self.line(f"to = {self.function.fact(to.team.fact) if isinstance(to.team, FromFact) else self.function.value(to.team)}")
        self.line("if to is None: return None")
        if to.role is None:
            self._already_there(rule, where, go)
        self._named(rule, where, to.role, go)

    def _already_there(self, rule: Rule, where: str, go: Callable[[_Voice], None]) -> None:
        """Write the stay of a case that the team, and the area if one is named, holds already."""
        with self.function.under(f"if to == {self.function.value(self.team.team)}:"):
            if where == "None":
                go(_Voice(rule, "stay"))
                return
            if where == "recorded.area":
                with self.function.under("if recorded.area is None:"):
                    go(_Voice(rule, "stay"))
            self.line(f"if {where} is None or s.current_team_area is None: return None")
            with self.function.under(f"if {where} == s.current_team_area:"):
                go(_Voice(rule, "stay"))

    def _named(self, rule: Rule, where: str, role: str | None, go: Callable[[_Voice], None]) -> None:
        with self.function.under(f"if to == {self.function.value(NOBODY)}:"):
            go(_Voice(rule, "close"))
        go(_Voice(rule, "transfer", named="to", where=where, role=role))


def _voice(rule: Rule, holder: str, function: _Function) -> _Voice | None:
    """Return what a rule says, where that can be said beforehand."""
    match rule.effect:
        case Stay():
            return _Voice(rule, "stay")
        case Close():
            return _Voice(rule, "close")
        case PeopleDecide(settled_by=settled_by) as asks:
            return None if settled_by else _Voice(rule, "people_decide", asks=asks)
        case TransferTo(team=str() as team, area=area, role=role):
            if team == holder and role is None:
                return _Voice(rule, "stay") if area is None else None
            if team == NOBODY:
                return _Voice(rule, "close")
            return _Voice(rule, "transfer", team, area=area if isinstance(area, str) else None, where=_where(area, function), role=role)
        case _:
            return None


def _where(area: Named | None, function: _Function) -> str:
    """Return the expression of a team or an area."""
    return function.fact(area.fact) if isinstance(area, FromFact) else "None" if area is None else function.value(area)


class _Answer:
    """The function of what rules say together: the move, then what is outstanding, then the decision."""

    def __init__(self, team: _Team, name: str, voices: list[_Voice]):
        self.team = team
        self.policy = team.policy
        self.function = _Function(team, name, "s, today, now, local, matches, to=None, recorded=None")
        self.line = self.function.line
        self.value = self.function.value
        for voice in voices:
            self.line(f"# {_identifier(voice.rule.id) or 'a rule'}: {voice.outcome}")
        self._together(voices)
        self.made: Plan = team.add(self.function, name)

    def _begin(self) -> None:
        """Write the warnings that go with a case whatever it gets."""
        pack = self.policy.pack
        outside = Warning("outside-edition", f"edition {pack.edition} is not in force on the day asked about")
        not_in_force = f"today < {self.value(pack.in_force_from)}"
        if pack.in_force_until is not None:
            not_in_force += f" or today > {self.value(pack.in_force_until)}"
        self.line("warnings = []")
        self.line(f"if {not_in_force}: warnings.append({self.value(outside)})")
        self.line("if s.decisions:")
        self.line(f"    odd = {self.team.decision_warnings}(s.decisions, matches)")
        self.line("    if odd is None: return None")
        self.line("    warnings.extend(odd)")

    def _together(self, voices: list[_Voice]) -> None:
        """Write the decision of rules that agree; whatever else is left to the tree."""
        teams, roles = {(voice.team, voice.named) for voice in voices}, {voice.role for voice in voices}
        outcomes = {voice.outcome for voice in voices}
        if len(outcomes) > 1 or (outcomes == {"transfer"} and (len(teams) > 1 or len(roles) > 1)):
            # Rules that name one team, one of them by a fact, agree as well; the tree sees that.
            self.line("return None")
            return
        self._begin()
        if not voices or outcomes == {"stay"}:
            self._stay(voices)
        elif outcomes == {"people_decide"}:
            self._people_decide(voices)
        else:
            self._move(voices)

    # --- what they say

    def _stay(self, voices: list[_Voice]) -> None:
        untils = [effect.until for voice in voices if isinstance(effect := voice.rule.effect, Stay) and effect.until is not None]
        shown_deadline = "None"
        if untils:
            self.line(f"due = show_held({', '.join(map(self.function.day, untils))})")
            shown_deadline = "due"
        self._decision("stay", voices, deadline=shown_deadline)

    def _people_decide(self, voices: list[_Voice]) -> None:
        """Write a question: whatever any of the rules asks about, by the soonest of their dates."""
        asking = [voice.asks for voice in voices if voice.asks is not None]
        asks = asking[0]
        if len(asking) > 1 and (len({one.settled_by for one in asking}) > 1 or asks.settled_by is None):
            self.line("return None")
            return
        between = tuple(dict.fromkeys(who for one in asking for who in one.between))
        rules = tuple(voice.rule.id for voice in voices)
        asked = asker(self.policy, self.team.team, rules, between)
        if any(isinstance(who, FromFact) for who in between):
            self.line(f"names, candidates = {self.value(asked, 'asked')}({', '.join(_where(who, self.function) for who in between)})")
            names, candidates = "names", "candidates"
        else:
            names, candidates = map(self.value, asked(*between))
        days = [day for voice in voices if (day := self._by(voice)) is not None]
        day = days[0] if len(days) == 1 else f"soonest_of({', '.join(days)})"
        by = f"show_due({day}, today, s)" if days else "None"
        clauses = tuple(dict.fromkeys(clause for voice in voices for clause in voice.rule.clauses))
        question = (self.value(asks.question), self.value(asks.who), names, by, self.function.literal(asks.settled_by), self.value(clauses))
        to_decide = f"new_to_decide({', '.join(question)})"
        if all(_ALWAYS_THE_SAME.fullmatch(part) for part in question):
            to_decide = self.value(self.team.worked_out(to_decide))
        self._decision("people_decide", voices, candidates=candidates, to_decide=to_decide)

    def _by(self, voice: _Voice) -> str | None:
        """Return the day by which a question is to be decided; it may count from the days that its rule gives."""
        by = None if voice.asks is None else voice.asks.by
        if by is None or not counts_from_move(by):
            return None if by is None else self.function.day(by)
        deadline, point, _ = self._days(voice)
        self.line(f"due, passing, moved_case = {deadline}, {point}, ABSENT")
        self.line(_HANDOVER)
        day = self.function.temporary()
        self.function.moving = True
        self.line(f"{day} = {self.function.day(by)}")
        self.function.moving = False
        return day

    def _move(self, voices: list[_Voice]) -> None:
        """Write the days of a move, and the team."""
        line = self.line
        given = [self._days(voice) for voice in voices]
        if len(given) == 1:
            line(f"due, passing = {given[0][0]}, {given[0][1]}")
            point = self._point(voices[0].rule.transfer_point)
        else:
            line(f"said = agreed({', '.join(f'({deadline}, {at}, {self.value(node)})' for deadline, at, node in given)})")
            line("if said is None: return None")
            line("due, passing, node = said")
            point = f"None if node is None else show_point(event_name(event_of(node, {self.function.case()})), as_due(passing), s)"
        constant = None if len(voices) > 1 else _always(voices[0].rule.deadline)
        deadline = "deadline" if constant is None else self.value(deadline_of(constant, NOBODY_KNOWN))
        if constant is None:
            line('if due.__class__ is date: deadline = new_deadline("firm", due, None, today > due, "", None)')
            line("else:")
            line("    deadline = show_deadline(due, s)")
            line("    if deadline is None: return None")
        line(f"point = {point}")
        self._decision(voices[0].outcome, voices, deadline=deadline, point="point", receiving=self._receiving(voices))

    def _days(self, voice: _Voice) -> tuple[str, str, Timescale | None]:
        """Return the expressions of the deadline and the transfer point that a rule gives, and the timescale of the latter."""
        deadline, point = voice.rule.deadline, voice.rule.transfer_point
        given = [self.value(NO_DATE) if node is None else self.function.day(node) for node in (deadline, point)]
        return given[0], given[1], point

    def _point(self, node: Timescale | None) -> str:
        if node is None:
            return "None"
        if any(isinstance(one, Conditional | FailingThat) for one in nodes(node)):
            name = f"event_name(event_of({self.value(node)}, {self.function.case()}))"
        else:
            name = self.value(event_name(event_of(node, NOBODY_KNOWN)))
            if (constant := _always(node)) is not None:
                return self.value(show_point(self.team.space[name], constant, NOBODY_KNOWN))
        plain = f'new_point({name}, passing, "planned" if passing > today else "happened")'
        return f"({plain} if passing.__class__ is date else show_point({name}, passing, s))"

    def _receiving(self, voices: list[_Voice]) -> str:
        first = voices[0]
        if first.outcome != "transfer":
            return "None"
        wheres = list(dict.fromkeys(voice.where for voice in voices if voice.where != "None"))
        make, areas = self._receiver(first.role), self.policy.areas
        if first.team is None:
            where = wheres[0] if len(wheres) == 1 else "None"
            if len(wheres) > 1:
                self.line("return None")
            return f"{self.value(make, 'receiving')}(to, {where})"
        by_area: dict[str | None, ReceivingTeam] = {None: make(first.team, None), **{area: make(first.team, area) for area in areas}}
        if not wheres:
            return self.value(by_area[None])
        if len(wheres) > 1:
            named = ", ".join(wheres)
            self.line(f"area = one_area({{{named}}})")
            return f"{self.value(by_area, 'receiving')}[area]"
        if first.area is not None and len(voices) == 1:
            return self.value(by_area[first.area])
        return f"{self.value(by_area, 'receiving')}[{wheres[0]}]"

    def _receiver(self, role: str | None) -> Callable[[str, str | None], ReceivingTeam]:
        policy = self.policy

        def receiving(team: str, area: str | None) -> ReceivingTeam:
            return ReceivingTeam(team, policy.team_label(team), area, None if area is None else policy.areas[area], role)

        return receiving

    # --- the decision

    def _decision(
        self,
        outcome: Outcome,
        voices: list[_Voice],
        *,
        deadline: str = "None",
        point: str = "None",
        receiving: str = "None",
        candidates: str = "()",
        to_decide: str = "None",
    ) -> None:
        """Write what is outstanding, the reasons and the decision itself."""
        function, line = self.function, self.line
        moves = outcome in ("transfer", "close")
        team = voices[0].team if voices else None
        to_open = outcome == "transfer" and team is None
        move = Move(outcome, self.team.team, receiver(outcome, team), tuple(voice.rule.id for voice in voices), to_open)
        required = outstanding = duties = "()"
        if (work := self.team.work(move, moves=moves)) is not None:
            line(f"work = {work}(s, today, now, local, to, {'due, passing' if moves else 'None, None'}, warnings)")
            line("if work is None: return None")
            line("required, outstanding, duties = work")
            required, outstanding, duties = "required", "outstanding", "duties"
        silent = [rule for rule in (voice.rule.id for voice in voices) if rule] == ["otherwise"]
        reasons = [self._reason(voice.rule) for voice in voices if voice.rule.id]
        if outcome == "stay" and not reasons:
            otherwise = self.policy.pack.otherwise
            reasons, silent = [self.value(Reason("otherwise", otherwise.label, otherwise.clauses))], True
        told = f"({', '.join(reasons)},)" if reasons else "()"
        identity = self.value(self.policy.identity, "identity")
        parts = (
            f'"{outcome}"', '"decided"', identity, str(silent), receiving, candidates, to_decide, point, deadline, required, outstanding, duties,
            told, "()", "()",
        )  # fmt: skip
        line(f"return new_decision({', '.join(parts)}, in_order(warnings) if warnings else ())")
        if all(_ALWAYS_THE_SAME.fullmatch(part) for part in parts):
            # Nothing of the case shows in the decision but its warnings.
            constant = self.value(self.team.worked_out(f"new_decision({', '.join(parts)}, ())"))
            function.lines.insert(len(function.lines) - 1, f"{'    ' * function.depth}if not warnings: return {constant}")

    # --- why

    def _reason(self, rule: Rule) -> str:
        """Return the expression of a reason, with the facts that the rule read and their values."""
        trees: list[Node] = [rule.when, *(tree for tree in (rule.transfer_point, rule.deadline) if tree is not None)]
        names = sorted(frozenset({"current_team"}).union(*(facts_read(tree) for tree in trees)))
        fixed = {**dict(self._settled(rule.when)), "current_team": self.team.team}
        pairs, at_run = [], []
        for name in names:
            if name in fixed:
                pairs.append(self.value((name, fixed[name])))
                continue
            value = self.function.fact(name)
            if self.function.kind(name) == "moment":
                value = f"show_value({value})"
            variable = self.function.temporary()
            self.line(f"{variable} = {value}")
            at_run.append(variable)
            pairs.append(f"({self.value(name)}, {variable})")
        place = None if rule.place is None else str(rule.place)
        if not at_run:
            constant = tuple((name, fixed[name]) for name in names)
            return self.value(Reason(rule.id, rule.label, rule.clauses, constant, place))
        values = self.function.temporary()
        self.line(f"{values} = ({', '.join(pairs)},)")
        self.line(f"if {' or '.join(f'{name} is None' for name in at_run)}: {values} = known_pairs({values})")
        parts = (self.value(rule.id), self.value(rule.label), self.value(rule.clauses), values, self.function.literal(place), "False")
        return f"new_reason({', '.join(parts)})"

    def _settled(self, condition: Condition) -> Iterator[tuple[str, FactValue]]:
        """Yield the facts of which a condition that holds says the value."""
        match condition:
            case All(parts=parts):
                for part in parts:
                    yield from self._settled(part)
            case Use(condition=inner):
                yield from self._settled(inner)
            case Is(fact=fact, value=value, negated=False) if (type(value) is bool) is (self.function.kind(fact) == "yes_no"):
                if type(value) in (bool, str):
                    yield fact, cast(FactValue, value)


class _Work:
    """The function of the items and duties of a move. Rules that move a case alike have one."""

    def __init__(self, team: _Team, name: str, items: _Found[Item], duties: _Found[DutySpec], *, moves: bool):
        self.team = team
        self.policy = team.policy
        self.moves = moves
        self.function = function = _Function(team, name, "s, today, now, local, to, due, passing, warnings")
        self.line = function.line
        self.value = function.value
        function.moving = moves
        # What is outstanding is written first, to see whether it reads the handover.
        for item, belongs in items:
            self._item(item, belongs)
        self._duties(duties)
        lines, function.lines = function.lines, []
        self.line("progress = s.checklist.get")
        self.line("required, outstanding, duties = [], [], []")
        if "handover" in function.used:
            self.line(_HANDOVER)
            self.line("handed_on = handover if handover.__class__ is date else date_of(handover)")
            self.line("last = today if handed_on is None or handed_on < today else handed_on")
        function.lines += lines
        self.line("return as_tuple(required), as_tuple(outstanding), as_tuple(duties)")
        team.add(function, name)

    def _item(self, item: Item, belongs: tuple[Condition, ...]) -> None:
        function, line, moves = self.function, self.line, self.moves
        function.moving = False  # Whether an item is required is read before the days of the move are known.
        holds, fails = function.truths(All((AnyOf(belongs), item.when)))
        function.moving = moves
        name = self.value(item.id)
        with function.under(f"if {holds}:"):
            line(f"required.append({name})")
            line(f"record = progress({name})")
            if not is_plain(item):
                made = f"{self.team.liner(item)}({function.case()}, warnings)"
                done = "False"
            else:
                known, fresh, handed = "None", "None", "False"
                if item.fresh_for is not None:
                    first = self.value(fresh_from(item.fresh_for, self.policy.calendar), "fresh_from")
                    line(f"fresh = {first}({'last' if moves else 'today'})")
                    fresh = "fresh"
                    if moves:
                        function.used.add("handover")
                        handed = "handed_on is not None"
                day = "None" if item.due is NO_DUE else function.day(item.due)
                done = 'record.state == "done" and not record.excused and ((y := record.done_on) is None or y <= today)'
                if item.fresh_for is not None:
                    done += f" and y is not None and y >= {fresh} and {handed}"
                recorded = "record is None or" if item.done_when is not None and item.fresh_for is None else "record is not None and"
                if item.done_when is not None:
                    done = f"{function.truths(item.done_when)[0]} and ({recorded} {done})"
                    known = self._known(item.done_when)
                elif item.due is not NO_DUE:
                    done = f"{recorded} {done}"
                made = f"{self.team.liner(item)}(record, {known}, today, {fresh}, {handed}, {day}, s, warnings)"
            unrecorded = self._unrecorded(item)
            if unrecorded is not None:
                line(f"if record is None: outstanding.append({self.value(unrecorded)})")
            with function.under(f"{'if' if unrecorded is None else 'elif'} not ({done}):"):
                line(f"x = {made}")
                line("if x is not None: outstanding.append(x)")
        if fails != "False" and holds != "True":
            line(f"elif not {fails}: return None")

    def _known(self, condition: Condition) -> str:
        holds, fails = self.function.truths(condition)
        return f"True if {holds} else False if {fails} else None"

    def _unrecorded(self, item: Item) -> Outstanding | None:
        """Return the line of an item of which nothing is recorded, where that is always the same."""
        if item.done_when is not None or item.satisfied_by or item.due is not NO_DUE:
            return None
        return item_line(item, "not_recorded", Progressed("not_recorded"), NOBODY_KNOWN)

    def _duties(self, found: _Found[DutySpec]) -> None:
        """Write the duties in their order, without those that another one which applies replaces."""
        function, line = self.function, self.line
        duties = [(duty, function.truths(All((*((AnyOf(belongs),) if duty.applies else ()), duty.when)))[0]) for duty, belongs in found]
        listed = {duty.id for duty, _ in duties}
        replacing = {duty.id: function.temporary() for duty, _ in duties if not listed.isdisjoint(duty.overrides)}
        for duty, applies in duties:
            if duty.id in replacing:
                line(f"{replacing[duty.id]} = {applies}")
        for duty, applies in duties:
            # What replaces a duty is a duty, and has overrides.
            over = [f"not {name}" for other, name in replacing.items() if duty.id in self.policy.work[other].overrides]  # type: ignore[union-attr]
            with function.under(f"if {_both('and', (*over, replacing.get(duty.id, applies)))}:"):
                known = "None" if duty.done_when is None else self._known(duty.done_when)
                made = f"{self.team.liner(duty)}(record, {known}, today, {function.day(duty.due)}, s, warnings)"
                line(f"record = progress({self.value(duty.id)})")
                if duty.done_when is None and (always := _always(duty.due)) is not None:
                    constant = self.value(duty_line(duty, Progressed("not_recorded"), always, NOBODY_KNOWN))
                    made = f"{constant} if record is None else {made}"
                line(f"duties.append({made})")


def _among(alternatives: tuple[Applies, ...], move: Move) -> tuple[Condition, ...]:
    """Return the conditions of which one must hold for a move to be one of those meant; none where it cannot be."""
    return tuple(found for one in alternatives if (found := _belongs(one, move)) is not None)


def _belongs(applies: Applies, move: Move) -> Condition | None:
    """Return the condition under which a move is one of those meant; None where it is none of them."""
    if applies.outcomes is not None and move.outcome not in applies.outcomes:
        return None
    if applies.rules is not None and applies.rules.isdisjoint(move.rules):
        return None
    if not applies.from_teams.hold(move.from_team):
        return None
    to_teams = applies.to_teams
    if move.to_open:
        if to_teams == ANY_TEAM:
            return applies.when
        # A condition of this module alone: it is written out, and never asked for its truth.
        return All((_ToOneOf(to_teams.ids, to_teams.but), applies.when))  # type: ignore[arg-type]
    receives = to_teams == ANY_TEAM if move.to_team is None else to_teams.hold(move.to_team)
    return applies.when if receives else None


def _always(node: Timescale | None) -> Due | None:
    """Return what a timescale gives whatever the case; None where that depends on it."""
    match node:
        case None:
            return NO_DATE
        case AtOnce() | NoDate():
            return node.due(NOBODY_KNOWN)
        case UseTimescale(timescale=timescale):
            return _always(timescale)
        case _:
            return None


def _explains(rule: Rule) -> bool:
    return isinstance(rule.effect, Stay) and rule.effect.yields


def _identifier(value: object) -> str:
    """Return a word that may stand in source; empty for anything else, words that only say they are words included."""
    return value if type(value) is str and _IDENTIFIER.fullmatch(value) else ""


def _remark(name: str) -> str:
    return f"  # {found}" if (found := _identifier(name)) else ""

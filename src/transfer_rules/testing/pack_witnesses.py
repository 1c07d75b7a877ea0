"""Cases on which a changed pack answers otherwise than the pack: the worked examples, what lies close to them, and drawn snapshots.

A search for a difference, not a proof that there is none: what is not found within the time allowed may be there. Only where the two conditions of a
part are held against each other (`checks._search`) does finding none say that they agree.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from ..answers import Hearing
from ..case import BoundCase, bind
from ..checklists import Item
from ..checks._search import Found, Search
from ..checks._search import matching as matching_rules
from ..comparison import differing
from ..conditions import Age, Amount, Decided, Is, Truth
from ..dates import london_date
from ..decision import Decision
from ..errors import CalendarRangeError, SnapshotError
from ..evaluation import evaluate_to_compare
from ..examples import EXPECTATIONS, Example
from ..facts import DATED_KINDS, HAPPENED, NOT_YET, RESERVED_TEAMS, Fact, FactValue
from ..pack import PeopleDecide, Rule, Stay
from ..policy import Policy, compile_pack
from ..seeking import Goal, NotDecided
from ..timescales import AsOf, Birthday, Count, facts_read, nodes
from ..vocabulary import STANDARD_FACTS, CaseSnapshot, Progress, Recorded
from .pack_parts import WHOLE, Applying, Untouched, bare_rule, bare_work, conditions, in_force, matching, parts_of, trees_of, work_near
from .strategies import snapshots

_ONE_DAY: Final = timedelta(days=1)
_EXAMPLES: Final = 12
"""The worked examples whose neighbours are tried."""
_FIRST: Final = 600
"""The neighbours that are tried before conditions are held against each other."""
_DAYS: Final = 200
"""The days that are tried about one example."""
_DRAWN: Final = 150
_AFTER_FINDING: Final = 0.25
"""The part of the time that is spent on a plainer witness once there is one."""
_BESIDE: Final = frozenset(
    {"clauses", "rests_on_unstated", "candidates_include", "outstanding_includes", "outstanding_excludes", "duties_include", "duties_exclude"}
)
"""What an example can expect that no answer says (which clauses are cited, on what nobody stated it rests), or that other keys say as well."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A snapshot in parts, so that parts can be changed."""

    as_of: date | datetime
    facts: Mapping[str, FactValue]
    decisions: Mapping[str, Any] = field(default_factory=dict)
    checklist: Mapping[str, Any] = field(default_factory=dict)
    unstated: Any = "unknown"

    @classmethod
    def of(cls, policy: Policy, snapshot: CaseSnapshot) -> Draft:
        """Return a snapshot in parts, its local facts typed."""
        case = bind(policy, snapshot)
        facts = {name: value for name, value in case.facts.items() if name not in case.closed}
        return cls(snapshot.as_of, facts, dict(snapshot.decisions), dict(snapshot.checklist), snapshot.unstated)

    def snapshot(self) -> CaseSnapshot:
        """Return it as a snapshot."""
        standard: dict[str, Any] = {name: value for name, value in self.facts.items() if name in STANDARD_FACTS and value is not None}
        local = {name: value for name, value in self.facts.items() if name not in STANDARD_FACTS and value is not None}
        checklist = {name: value for name, value in self.checklist.items() if value is not None}
        decisions = {name: value for name, value in self.decisions.items() if value is not None}
        other: dict[str, Any] = {"decisions": decisions, "checklist": checklist, "unstated": self.unstated}
        return CaseSnapshot(as_of=self.as_of, local_facts=local, **standard, **other)

    def having(self, **facts: FactValue) -> Draft:
        """Return it with some facts otherwise; None is unknown."""
        return replace(self, facts={**self.facts, **facts})

    def bound(self, policy: Policy, keep: Iterable[str] = ()) -> tuple[Draft, CaseSnapshot, BoundCase] | None:
        """Return it as a snapshot and as the pack reads it, without the facts that those to keep exclude; None where it cannot be a case."""
        draft, kept = self, set(keep)
        for _ in range(6):
            try:
                snapshot = draft.snapshot()
                return draft, snapshot, bind(policy, snapshot)
            except SnapshotError as error:
                named = {name for one in error.diagnostics if one.code == "impossible" for name in one.message.split("`")[1::2]} - kept
                if not named or any(one.code != "impossible" for one in error.diagnostics):
                    return None
                draft = replace(draft, facts={name: value for name, value in draft.facts.items() if name not in named})
        return None


@dataclass(frozen=True, slots=True)
class Witness:
    """A case on which the changed pack answers otherwise.

    Attributes:
        origin: where it comes from, in words.
        before, after: the two decisions; `after` None where the changed pack refuses the case.
        parts: the fields of the decision that differ.
        keys: what an example can expect that differs; empty where no worked example could tell.
    """

    origin: str
    draft: Draft
    before: Decision
    after: Decision | None
    parts: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def is_example(self) -> bool:
        """Whether it is a worked example as it stands, which does not expect what differs."""
        return self.origin.startswith("the worked example")

    @property
    def rank(self) -> int:
        """How plain it is: 3 where one decided answer takes the place of another, 2 where an example can expect it, 1 where none can."""
        decided = self.before.certainty == "decided" and (self.after is None or self.after.certainty == "decided")
        return 1 if not self.keys else 3 if decided else 2


def expected_otherwise(before: Decision, after: Decision) -> tuple[str, ...]:
    """Return what an example can expect of which two decisions differ."""
    return tuple(key for key, read in EXPECTATIONS.items() if key not in _BESIDE and read(before) != read(after))


def compared(origin: str, draft: Draft, before: Decision, after: Decision | None) -> Witness | None:
    """Return the witness that a case is, or None where both packs answer the same. The clauses cited do not count."""
    if after is None:
        return Witness(origin, draft, before, None, ("snapshot",), ("snapshot",))
    parts = differing(_without_clauses(before), _without_clauses(after))
    return Witness(origin, draft, before, after, parts, expected_otherwise(before, after)) if parts else None


def _without_clauses(decision: Decision) -> Decision:
    asked = decision.to_decide
    return replace(
        decision,
        reasons=tuple(replace(reason, clauses=()) for reason in decision.reasons),
        to_decide=None if asked is None else replace(asked, clauses=()),
    )


# --- the search


@dataclass(frozen=True, slots=True)
class Played:
    """A worked example as the pack decides it: its case, the decision, what it touches, and the seconds it took."""

    example: Example
    draft: Draft
    case: BoundCase
    decision: Decision
    touches: frozenset[str]
    seconds: float


class Seeker:
    """Looks for witnesses against one pack."""

    def __init__(self, policy: Policy, played: Sequence[Played], seconds: float):
        self.policy = policy
        self.played = played
        self.seconds = seconds
        self.parts = in_force(policy)

    def changed(self, other: Policy) -> tuple[str, ...]:
        """Return the names of the parts in which another pack differs."""
        others = in_force(other)
        return tuple(name for name in sorted({*self.parts, *others}) if self.parts.get(name) != others.get(name))

    def order(self, names: Sequence[str]) -> list[Played]:
        """Return the worked examples, those first that touch one of these parts, the quick before the slow."""
        return sorted(self.played, key=lambda one: (one.touches.isdisjoint(names), one.seconds))

    def find(self, other: Policy, names: Sequence[str]) -> tuple[Witness | None, str]:
        """Look for a witness against another pack that differs in these parts; return it, or None and what is known besides."""
        until = time.process_time() + self.seconds
        best: Witness | None = None
        looking = _Looking(self, other, names, self.seconds / 2)
        untouched = Untouched(self.policy, other, names)
        for number, (origin, draft, keep) in enumerate(looking.cases()):
            found = self._tried(other, origin, draft, untouched, keep)
            if found is not None and (best is None or found.rank > best.rank):
                best = found
                until = min(until, time.process_time() + _AFTER_FINDING * self.seconds)
            # Asking for the time takes as long as deciding a case.
            if (best is not None and best.rank == 3) or (number % 8 == 0 and time.process_time() > until):
                break
        return (None, looking.said) if best is None else (self._smallest(other, best, untouched), "")

    def _tried(self, other: Policy, origin: str, draft: Draft, untouched: Untouched, keep: Iterable[str] = ()) -> Witness | None:
        """Return the witness that a case is, or None."""
        bound = draft.bound(self.policy, keep)
        if bound is None or untouched(bound[2]):
            return None
        draft, snapshot, _ = bound
        before = evaluate_to_compare(self.policy, snapshot)
        try:
            return compared(origin, draft, before, evaluate_to_compare(other, snapshot))
        except SnapshotError:
            return compared(origin, draft, before, None)

    def _smallest(self, other: Policy, witness: Witness, untouched: Untouched) -> Witness:
        """Return the witness without what it can do without and still be as plain."""
        for part in ("checklist", "decisions", "facts"):
            for name in sorted(getattr(witness.draft, part)):
                less = {key: value for key, value in getattr(witness.draft, part).items() if key != name}
                changes: dict[str, Any] = {part: less}
                found = self._tried(other, witness.origin, replace(witness.draft, **changes), untouched)
                if found is not None and found.rank >= witness.rank and found.before.outcome == witness.before.outcome:
                    witness = found
        return witness

    @cached_property
    def drawn(self) -> tuple[Draft, ...]:
        """Snapshots drawn once, the same in every run."""
        drafts: list[Draft] = []

        @seeded(1)
        @settings(max_examples=_DRAWN, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(snapshots(self.policy))
        def draw(snapshot: CaseSnapshot) -> None:
            drafts.append(Draft.of(self.policy, snapshot))

        draw()
        return tuple(drafts)


_Case = tuple[str, Draft, tuple[str, ...]]
"""Where a case comes from, the case, and the facts to keep where two exclude each other."""


class _Looking:
    """The cases to try against one changed pack, those first that are most likely to show it."""

    def __init__(self, seeker: Seeker, other: Policy, names: Sequence[str], seconds: float):
        self.seeker = seeker
        self.seconds = seconds
        """How long conditions are held against each other."""
        self.steps = 0
        self.until = 0.0
        self.late = False
        self.policy, self.other, self.names = seeker.policy, other, names
        self.random = Random(" ".join(names))
        self.said = ""
        # A change of what holds for the whole pack touches every part; then the days of the case itself must do.
        alone = any(name not in WHOLE for name in names)
        about = [(policy, part) for policy in (self.policy, other) for part in parts_of(policy, names if alone else seeker.parts)]
        trees = [tree for policy, part in about for tree in trees_of(policy, part)]
        self.nodes = list(dict.fromkeys(node for tree in trees for node in nodes(tree))) if alone else []
        fixed = {"current_team", "agreed_transfer_on"}
        named = {fact for policy, part in about if isinstance(part, Rule) for fact in policy.reads[part.id].answer}
        self.facts = sorted((fixed | named).union(*map(facts_read, trees)) & self.policy.facts.keys())
        asks = (part.effect.settled_by for _, part in about if isinstance(part, Rule) and isinstance(part.effect, PeopleDecide))
        left = (one.settled_by for one in self.policy.pack.leave_to_people)
        self.decisions = sorted({name for name in (*asks, *left) if name} | {node.decision for node in self.nodes if isinstance(node, Decided)})
        self.work = sorted({name for _, part in about for name in work_near(part)} & self.policy.work.keys())
        self.spans = [part.fresh_for for _, part in about if isinstance(part, Item) and part.fresh_for is not None]

    def cases(self) -> Iterator[_Case]:
        """Yield the cases."""
        played = self.seeker.order(self.names)[:_EXAMPLES]
        single = [(one, change) for one in played for change in self._changes(one)]
        self.random.shuffle(single)
        # What is known makes a plainer example than what is not, so that comes last. What holds for the whole pack shows first on other days.
        single.sort(key=lambda pair: (pair[1][3], bool(self.nodes) or not pair[1][0].startswith("as_of ")))
        neighbours = ((f"{_named(one)}, but {words}", make(one.draft), keep) for one, (words, make, keep, _) in single)
        yield from islice(neighbours, _FIRST)
        apart = list(self._apart())
        if not apart and self.said:
            return
        yield from self._laid_over(apart, played)
        yield from neighbours
        drawn = iter(self.seeker.drawn)
        if not played:
            yield from (("a drawn case", draft, ()) for draft in drawn)
            return
        while True:
            for _ in range(8):
                one = self.random.choice(played)
                other = self.random.choice(self.seeker.played)
                draft, keep_facts = one.draft, list[str]()
                if self.random.random() < 0.5:
                    shared = {name: value for name, value in other.draft.facts.items() if name not in draft.facts or self.random.random() < 0.5}
                    draft = replace(draft, facts={**draft.facts, **shared}, decisions={**other.draft.decisions, **draft.decisions})
                for _, (_, make, keep, _) in self.random.choices(single, k=self.random.choice([1, 2, 2, 3])) if single else ():
                    draft = make(draft)
                    keep_facts += keep
                yield f"{_named(one)}, with several facts otherwise", draft, tuple(keep_facts)
            if (next_drawn := next(drawn, None)) is not None:
                yield "a drawn case", next_drawn, ()

    # --- conditions held against each other

    def _apart(self) -> Iterator[Found]:
        """Yield facts by which a changed part comes out otherwise; say so where there are none.

        Conditions are held against each other; of rules no longer overridden it is asked when they would stand.
        """
        pairs, whole = self._pairs()
        freed = self._freed()
        bare = replace(self.policy.pack, checklists=(), items={}, duties=(), leave_to_people=(), readings={})
        questions: list[tuple[Search, tuple[str, ...], Goal]] = []
        for one, other in pairs:
            rules = tuple(replace(rule, id=name, overrides=frozenset[str]()) for name, rule in (("one", one), ("other", other)))
            search = Search(compile_pack(replace(bare, rules=rules), self.policy.calendar))
            questions.append((search, ("one", "other"), _one_of_two))
        if freed:
            # Of the two packs the one in which fewer rules are overridden.
            search = Search(self.other if self._overriding(self.other) < self._overriding(self.policy) else self.policy)
            for rule, weaker in freed:
                others = tuple(name for name in search.policy.overriders[weaker] if name != rule)
                questions.append((search, (rule, weaker, *others), matching_rules((rule, weaker), others)))
        self.until = time.process_time() + self.seconds
        for search, names, goal in questions:
            try:
                found = search.find(names, self._in_time(goal), thorough=not freed)
            except NotDecided:
                whole = False
                continue
            if found is not None:
                whole = False
                yield found
        if whole and questions:
            self.said = "its conditions, before and after, agree in every case" if pairs else "what it overrides never stands beside it"

    def _freed(self) -> list[tuple[str, str]]:
        """Return the rules that override another in one of the packs and not in the other, each with that other."""
        before, after = self.policy.rules, self.other.rules
        shared = [name for name in self.names if name in before and name in after]
        return [
            (name, weaker)
            for name in shared
            for weaker in sorted(before[name].overrides ^ after[name].overrides)
            if weaker in before and weaker in after
        ]

    def _overriding(self, policy: Policy) -> int:
        return sum(len(policy.rules[name].overrides) for name in self.names if name in policy.rules)

    def _in_time(self, goal: Goal) -> Goal:
        """Return the goal, given up when the time is up."""

        def within(hearing: Hearing, case: BoundCase) -> tuple[Truth, frozenset[str]]:
            self.steps += 1
            self.late = self.late or (self.steps % 32 == 0 and time.process_time() > self.until)
            if self.late:
                raise NotDecided
            return goal(hearing, case)

        return within

    def _pairs(self) -> tuple[list[tuple[Rule, Rule]], bool]:
        """Return the changed conditions, each before and after as rules, and whether nothing else changed but what is overridden."""
        pairs: list[tuple[Rule, Rule]] = []
        whole = True
        for name in self.names:
            before, after = (next(parts_of(policy, [name]), None) for policy in (self.policy, self.other))
            if isinstance(before, Rule) and isinstance(after, Rule):
                pairs += [(before, after)] if matching(before) != matching(after) else []
                whole = whole and replace(bare_rule(before), overrides=frozenset()) == replace(bare_rule(after), overrides=frozenset())
            elif before is not None and after is not None and not isinstance(before, Rule) and not isinstance(after, Rule):
                ones, others = conditions(self.policy, before), conditions(self.other, after)
                if len(ones) == len(others):
                    pairs += [(_rule(one), _rule(other)) for one, other in zip(ones, others, strict=True) if one != other]
                whole = whole and len(ones) == len(others) and bare_work(self.policy, before) == bare_work(self.other, after)
            else:
                whole = False
        return pairs, whole

    def _laid_over(self, apart: list[Found], played: Sequence[Played]) -> Iterator[_Case]:
        """Yield the facts found, laid over worked examples whose dates move along to the day that they are found on, and alone."""
        for found in apart:
            for one in played:
                shift = london_date(one.draft.as_of) - found.as_of
                origin = f"{_named(one)}, with the facts that tell the two apart"
                decisions = {**one.draft.decisions, **found.decisions}
                moved = {name: _shifted(value, shift) for name, value in found.facts.items()}
                yield origin, replace(one.draft, facts={**one.draft.facts, **moved}, decisions=decisions), tuple(moved)
                # Moving them may put a day on another weekday, so the example is moved as well.
                facts = {**{name: _shifted(value, -shift) for name, value in one.draft.facts.items()}, **found.facts}
                yield origin, Draft(found.as_of, facts, decisions, {}, one.draft.unstated), tuple(found.facts)
            yield "the facts that tell the two apart", Draft(found.as_of, found.facts, found.decisions), ()

    # --- neighbours of an example

    def _changes(self, one: Played) -> Iterator[tuple[str, Callable[[Draft], Draft], tuple[str, ...], bool]]:
        """Yield changes of one thing: in words, what makes it, the facts to keep, and whether it leaves something unknown."""
        days = self._days(one)
        for name in self.facts:
            fact = self.policy.facts[name]
            for value in (*self._values(fact, days), None):
                if value != one.draft.facts.get(name):
                    words = f"{name} {'unknown' if value is None else written(value)}"
                    yield words, _having(name, value), (name,), value is None
        for day in days:
            yield f"as_of {day}", _on(day), (), False
        for name in self.decisions:
            spec = self.policy.pack.decisions[name]
            answers: tuple[str | None, ...] = (None, *(spec.options or ("stay", "close", *self.policy.pack.teams)))
            for answer in answers:
                yield f"the decision {name} {answer or 'not recorded'}", _entry("decisions", name, answer), (), False
            for day in days[:20]:
                yield f"the decision {name} on {day}", _decided_on(name, day), (), False
        for name in self.work:
            for progress in (None, "done", "not_done", "not_needed", "excused", *days):
                yield f"{name} {written(progress)}", _entry("checklist", name, progress), (), False

    def _days(self, one: Played) -> list[date]:
        """Return the days at which something about the changed parts can turn in this case, and those beside them."""
        case = one.case
        known = {london_date(value) for value in case.facts.values() if isinstance(value, date)} | {case.today}
        decision = one.decision
        dues = (decision.deadline, *(item.due for item in decision.outstanding), *(duty.due for duty in decision.duties))
        known |= {london_date(day) for due in dues if due is not None for day in (due.on, due.not_before) if day is not None}
        counts = [node for node in self.nodes if isinstance(node, Count)]
        counts += [Count(span.amount, span.unit, AsOf()) for span in self.spans]
        found = set[date]()
        dated = [node for node in self.nodes if hasattr(node, "due")]
        dated += [Birthday(node.age) for node in self.nodes if isinstance(node, Age)]
        for node in dated:
            with suppress(CalendarRangeError, ValueError, OverflowError):
                found |= {london_date(value)} if (value := node.due(case).value) is not None else set()
        for count in counts:
            for day in known:
                for back in (False, True):
                    with suppress(CalendarRangeError, ValueError, OverflowError):
                        found.add(london_date(replace(count, back=back).count(day, case)))
        for age in {node.age for node in self.nodes if isinstance(node, Age | Birthday)}:
            found |= {birth for day in known for birth in _births(day, age)}
        packs = () if self.nodes else (self.policy.pack, self.other.pack)
        found |= {day for pack in packs for day in (pack.in_force_from, pack.in_force_until, *(closed for closed, _ in pack.closures)) if day}
        exact = sorted(found | known)
        beside = sorted({day + step for day in exact for step in (-_ONE_DAY, _ONE_DAY)} - set(exact))
        days = [day for day in (*exact, *beside) if 1950 < day.year < 2150]
        return days if len(days) <= _DAYS else sorted(self.random.sample(days, _DAYS))

    def _values(self, fact: Fact, days: Sequence[date]) -> Iterable[FactValue]:
        match fact.kind:
            case "yes_no":
                return (True, False)
            case "choice":
                return fact.options
            case "choices":
                return (frozenset[str](), *(frozenset({option}) for option in fact.options), frozenset(fact.options))
            case "team":
                return (*self.policy.pack.teams, *RESERVED_TEAMS)
            case "area":
                return tuple(self.policy.areas)
            case "count":
                limits = {node.limit for node in self.nodes if isinstance(node, Amount) and node.fact == fact.name}
                limits |= {node.value for node in self.nodes if isinstance(node, Is) and node.fact == fact.name and type(node.value) is int}
                return sorted({0} | {limit + step for limit in limits for step in (-1, 0, 1) if limit + step >= 0})
            case kind:
                assert kind in DATED_KINDS
                return (NOT_YET, *((HAPPENED,) if kind == "event" else ()), *days)


def _one_of_two(hearing: Hearing, case: BoundCase) -> tuple[Truth, frozenset[str]]:
    """The goal that one of two rules matches and the other does not."""
    one, other = hearing.match("one", case), hearing.match("other", case)
    if one is None or other is None:
        return None, hearing.blockers("one" if one is None else "other", case)
    if one is other:
        return False, hearing.grounds("one", case) | hearing.grounds("other", case)
    return True, frozenset()


def _rule(condition: Applying) -> Rule:
    teams, when = condition
    return Rule("one", Stay(yields=True), from_teams=teams, when=when)


def _shifted(value: FactValue, by: timedelta) -> FactValue:
    return value + by if isinstance(value, date) else value


def _named(one: Played) -> str:
    return f'"{one.example.name}"'


def _having(name: str, value: FactValue) -> Callable[[Draft], Draft]:
    return lambda draft: draft.having(**{name: value})


def _on(day: date) -> Callable[[Draft], Draft]:
    return lambda draft: replace(draft, as_of=day)


def _entry(part: str, name: str, value: Any) -> Callable[[Draft], Draft]:
    def make(draft: Draft) -> Draft:
        changes: dict[str, Any] = {part: {**getattr(draft, part), name: value}}
        return replace(draft, **changes)

    return make


def _decided_on(name: str, day: date) -> Callable[[Draft], Draft]:
    def make(draft: Draft) -> Draft:
        recorded = draft.decisions.get(name)
        decided = getattr(recorded, "decided", recorded)
        return draft if decided is None else _entry("decisions", name, {"decided": decided, "on": day})(draft)

    return make


def _births(day: date, age: int) -> set[date]:
    """Return the births whose birthday of an age falls on a day."""
    try:
        return {day.replace(year=day.year - age)}
    except ValueError:
        return {date(day.year - age, 3, 1)}


def written(value: object) -> str:
    """Return a value as a pack or a snapshot writes it."""
    match value:
        case None:
            return "unrecorded"
        case bool():
            return "yes" if value else "no"
        case frozenset():
            return f"[{', '.join(sorted(value))}]"
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case Mapping():
            return "{" + ", ".join(f"{key}: {written(one)}" for key, one in value.items()) + "}"
        case list() | tuple():
            return f"[{', '.join(map(written, value))}]"
        case _:
            return written(value.plain) if isinstance(value, Recorded | Progress) else str(value)


__all__ = ["Draft", "Played", "Seeker", "Witness", "compared", "written"]

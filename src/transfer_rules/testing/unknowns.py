"""The engine's treatment of unknown facts, held against brute force: one case at a time, or a campaign over many drawn cases.

    python -m transfer_rules.testing.unknowns --cases 100000 --seed 1 --jobs 2

Each case is a drawn snapshot, fully known, of which some facts are then hidden. Every disagreement is printed as a snapshot that shows it again.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from ..case import bind
from ..decision import Decision
from ..errors import SnapshotError
from ..evaluation import examine
from ..facts import DATED_KINDS, HAPPENED, FactValue
from ..loading import load_policy
from ..policy import Policy
from ..vocabulary import STANDARD_FACTS, CaseSnapshot
from . import reference
from .brute_force import TIED, BruteForce, Found, Way, filled
from .campaign import Task, campaign
from .drawing import drawing
from .reference import Answer, NotKnown, judge_answer, verdict_of
from .strategies import snapshots

_HIDINGS: Final = 16
"""Cases made of one drawn snapshot; drawing takes longer than checking."""
_CHUNK: Final = 400
_SHRUNK: Final = 1
"""Violations of one chunk that are made small before they are shown, for at most so many seconds each."""
_SHRINKING_SECONDS: Final = 30
_AT_MOST_HIDDEN: Final = 8
_AT_MOST_DATED: Final = 2
_DATES: Final = (0, 1, 1, 2)
"""How many dates a case hides at most, in turn: two make some 10 000 ways, and with nothing else most of the time would go on them."""


# --- one case


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one case: whether the engine calls it decided, the missing facts it proves nothing of, and each disagreement in words."""

    decided: bool
    unproven: int
    violations: tuple[str, ...]


def hide(snapshot: CaseSnapshot, names: Sequence[str], happened: Sequence[str] = ()) -> CaseSnapshot:
    """Return the snapshot with some facts unknown, and some events known to have happened, but not when."""
    standard: dict[str, Any] = {name: HAPPENED if name in happened else None for name in names if name in STANDARD_FACTS}
    local = {name: value for name, value in snapshot.local_facts.items() if name not in names or name in happened}
    return replace(snapshot, **standard, local_facts=local | {name: HAPPENED for name in happened if name in local})


def decided(policy: Policy, partial: CaseSnapshot) -> tuple[Decision, dict[str, tuple[CaseSnapshot, CaseSnapshot]]]:
    """Return what the engine decides, and the two snapshots by which it shows that a missing fact matters."""
    decision, pairs = examine(policy, partial)
    return decision, {name: (filled(partial, pair[0]), filled(partial, pair[1])) for name, pair in pairs.items() if pair is not None}


def check(policy: Policy, partial: CaseSnapshot, hidden: Sequence[str], whole: Way | None = None, force: BruteForce | None = None) -> Checked:
    """Hold the engine's decision on a case against every way of filling in its hidden facts.

    Args:
        hidden: the facts that are unknown in `partial`; at least all those the judge needs, else NotKnown is raised.
        whole: the values that were hidden, tried beside all others.
    """
    decision, pairs = decided(policy, partial)
    force = force or BruteForce(policy)
    found = force(partial, hidden, whole)
    violations = [*_certainty(decision, found), *_deadlines(decision, found), *_candidates(decision, found)]
    if whole is not None and set(whole) == set(hidden):
        answer = judge_answer(policy.pack, policy.calendar, filled(partial, whole))
        if answer not in found.answers:
            violations.append(f"brute force: the answer of the whole snapshot is not among those found: {answer}")
    violations.extend(f"witness: {fault}" for name, pair in pairs.items() if (fault := _false_witness(force, partial, hidden, name, pair)))
    unproven = sum(name not in pairs for name in decision.missing)
    return Checked(decision.certainty == "decided", unproven, tuple(violations))


def _certainty(decision: Decision, found: Found) -> Iterator[str]:
    if decision.certainty == "decided":
        if decision.missing:
            yield f"decided: and yet {', '.join(decision.missing)} missing"
        own = verdict_of(decision).answer
        for answer, way in found.answers.items():
            if answer != own:
                yield f"decided: as {own}, but {answer} where {_shown(way)}"
                return
        return
    if not decision.missing:
        yield "missing: nothing, though the decision is provisional"
    for name, (one, other) in found.alone.items():
        if name not in decision.missing:
            differing = {fact: value for fact, value in other.items() if value != one[fact]}
            if any(differing.keys() == tied and not tied.isdisjoint(decision.missing) for tied in TIED):
                # Of two facts that can only change together, one says all that the other does.
                continue
            yield f"missing: lacks `{name}`, which alone changes the answer: {_shown(one)} or {_shown(differing)}"


def _deadlines(decision: Decision, found: Found) -> Iterator[str]:
    deadline = decision.deadline
    if decision.certainty == "decided" or decision.outcome not in ("transfer", "close") or deadline is None:
        return
    place = reference._in_list
    if deadline.state == "no_later_than" and deadline.on is not None:
        if found.latest is not None and place(found.latest) > place(reference._plain(deadline.on) or deadline.on):
            yield f"bounds: no later than {deadline.on}, but {found.latest}"
        if found.undated:
            yield f"bounds: no later than {deadline.on}, but some way has no date"
    least = deadline.no_earlier_than
    if least is not None:
        if found.earliest is not None and place(found.earliest) < place(reference._plain(least) or least):
            yield f"bounds: no earlier than {least}, but {found.earliest}"
        if found.at_once:
            yield f"bounds: no earlier than {least}, but some way is for at once"


def _candidates(decision: Decision, found: Found) -> Iterator[str]:
    if decision.certainty == "decided":
        return
    seen = {(answer.outcome, answer.team if answer.outcome == "transfer" else None) for answer in found.answers}
    if decision.outcome == "undetermined":
        named = {(one.outcome, one.team if one.outcome == "transfer" else None) for one in decision.candidates}
        # A transfer without a team stands for whatever team a fact may name.
        lacking = {one for one in seen - named if (one[0], None) not in named}
        if lacking:
            yield f"candidates: lack {sorted(map(str, lacking))}"
    else:
        own = verdict_of(decision).answer
        if seen != {(own.outcome, own.team if own.outcome == "transfer" else None)}:
            yield f"outcome: {own.outcome} {own.team}, but the ways give {sorted(map(str, seen))}"


def _false_witness(force: BruteForce, partial: CaseSnapshot, hidden: Sequence[str], name: str, pair: tuple[CaseSnapshot, CaseSnapshot]) -> str | None:
    """Return what is wrong with two snapshots that should show that a fact changes the answer; None if nothing is."""
    policy = force.policy
    try:
        for way in pair:
            bind(policy, way)
    except SnapshotError as error:
        return f"`{name}`: impossible: {error}"
    known, one, other = (reference._closed(policy.pack, snapshot) for snapshot in (partial, *pair))
    for way, facts in zip(pair, (one, other), strict=True):
        if (way.as_of, way.decisions, way.checklist, way.unstated) != (partial.as_of, partial.decisions, partial.checklist, partial.unstated):
            return f"`{name}`: another case"
        for fact, value in known.items():
            if facts.get(fact) != value and not (value == HAPPENED and _past_day(facts.get(fact), partial)):
                return f"`{name}`: `{fact}` is known already"
    differing = {fact for fact in one.keys() | other.keys() if one.get(fact) != other.get(fact)}
    if name not in differing or (len(differing) > 1 and not (differing in TIED and _crossed(policy, pair, differing))):
        return f"`{name}`: the two differ in {', '.join(sorted(differing))}"
    answers = [
        _answers(force, way, [fact for fact in hidden if facts.get(fact, HAPPENED) == HAPPENED])
        for way, facts in zip(pair, (one, other), strict=True)
    ]
    if max(map(len, answers)) > 1:
        return f"`{name}`: what is unknown in them still makes a difference: {pair}"
    return f"`{name}`: both answer {answers[0].pop()}: {pair}" if answers[0] == answers[1] else None


def _answers(force: BruteForce, snapshot: CaseSnapshot, hidden: Sequence[str]) -> set[Answer]:
    """Return every answer of a snapshot in which few facts are still unknown; mostly the judge has no need of them."""
    try:
        return {judge_answer(force.policy.pack, force.policy.calendar, snapshot)}
    except NotKnown:
        return set(force(snapshot, hidden).answers)


def _past_day(value: FactValue, partial: CaseSnapshot) -> bool:
    return isinstance(value, date) and reference._day(value) <= reference._day(partial.as_of)


def _crossed(policy: Policy, pair: tuple[CaseSnapshot, CaseSnapshot], tied: set[str]) -> bool:
    """Whether neither of two tied facts can change alone."""
    first = min(tied)
    for way, donor in (pair, pair[::-1]):
        try:
            bind(policy, replace(way, **{first: getattr(donor, first)}))
        except SnapshotError:
            continue
        return False
    return True


def _shown(way: Way) -> str:
    return ", ".join(f"{name} = {value.isoformat() if isinstance(value, date) else value}" for name, value in way.items())


# --- many cases


@dataclass(slots=True)
class Tally:
    """What came of many cases of one pack."""

    cases: int = 0
    decided: int = 0
    unproven: int = 0
    skipped: int = 0
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        self.cases += other.cases
        self.decided += other.decided
        self.unproven += other.unproven
        self.skipped += other.skipped
        self.seconds += other.seconds
        self.violations += other.violations

    def line(self, pack: str) -> str:
        """Return it in one line."""
        judged = max(1, self.cases - self.skipped)
        kinds = Counter(violation.split(": ")[1] for violation in self.violations)
        shares = f"{self.decided / judged:.0%} decided, {1 - self.decided / judged:.0%} provisional, {self.unproven} facts unproven"
        wrong = f"{len(self.violations)} violations {dict(kinds) if kinds else ''}".rstrip()
        return f"{pack}: {self.cases} cases, {shares}, {self.skipped} skipped, {wrong}, {self.seconds:.0f} s of work"


def drawn(policy: Policy, seed: int, count: int, *, unknowns: bool = False) -> list[CaseSnapshot]:
    """Return snapshots of a policy, fully known or not, the same for the same seed."""
    found: list[CaseSnapshot] = []

    @seeded(seed)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(snapshots(policy, unknowns=unknowns))
    def draw(snapshot: CaseSnapshot) -> None:
        found.append(snapshot)

    draw()
    return found[:count]


def cases_of(policy: Policy, whole: CaseSnapshot, chance: random.Random) -> Iterator[tuple[CaseSnapshot, list[str], Way]]:
    """Yield cases made of a fully known snapshot: the snapshot with facts hidden, their names, and the values that were hidden.

    They have no end, or there is none where the snapshot itself lacks too many dates. Half of the time the facts are among those that one rule
    reads, so that they matter; a past event is at times recorded as `happened` instead.
    """
    facts = {name: value for name, value in bind(policy, whole).facts.items() if value is not None}
    read = drawing(policy).facts
    # Where the drawing left out a fact because another excludes it, it is unknown in every case.
    absent = [name for name in read if name not in facts]
    rules, dated_absent = list(policy.rules.values()), sum(policy.facts[name].kind in DATED_KINDS for name in absent)
    while dated_absent <= _AT_MOST_DATED:
        names, dated = list(absent), dated_absent
        about = {*drawing(policy).read_by(chance.choice(rules)), "current_team"} if rules and chance.random() < 0.5 else set(read)
        pool = [name for name in read if name in facts and name in about] or [name for name in read if name in facts]
        chance.shuffle(pool)
        wanted, dates = chance.randint(1, _AT_MOST_HIDDEN), chance.choice(_DATES)
        for name in pool:
            is_dated = policy.facts[name].kind in DATED_KINDS
            if len(names) < wanted and not (is_dated and dated >= dates):
                names.append(name)
                dated += is_dated
        happened = [name for name in names if policy.facts[name].kind == "event" and _past_day(facts.get(name), whole) and chance.random() < 0.25]
        yield hide(whole, names, happened), names, {name: facts[name] for name in names if name in facts}


def prepared(policy: Policy, whole: CaseSnapshot, chance: random.Random) -> CaseSnapshot:
    """Return a drawn snapshot with a day for each event that has just `happened`, and at times with its dates drawn nearer to `as_of`."""
    today = reference._day(whole.as_of)
    facts = dict(bind(policy, whole).facts)
    nearer = chance.random() < 0.9
    given: dict[str, FactValue] = {}
    for name, value in facts.items():
        if value == HAPPENED:
            given[name] = today - timedelta(days=chance.randint(0, 40))
        elif nearer and isinstance(value, date) and name != "date_of_birth":
            away = (reference._day(value) - today).days
            given[name] = value - timedelta(days=away - away // 8)
    other = filled(whole, given)
    try:
        bind(policy, other)
    except SnapshotError:
        return whole
    return other


@lru_cache(maxsize=8)
def _force(pack: str) -> BruteForce:
    return BruteForce(load_policy(pack))


def run(pack: str, seed: int, cases: int, until: float | None = None) -> tuple[str, Tally]:
    """Check drawn cases of a pack, the same for the same seed; none begins once `time.time()` has passed `until`."""
    tally, force, started = Tally(), _force(pack), time.perf_counter()
    chance = random.Random(f"{pack} {seed}")
    if until is None or time.time() < until:
        for drawn_one in drawn(force.policy, seed, -(-cases // _HIDINGS)):
            whole = prepared(force.policy, drawn_one, chance)
            for partial, hidden, values in islice(cases_of(force.policy, whole, chance), min(_HIDINGS, cases - tally.cases)):
                _count(tally, pack, force, partial, hidden, values)
            if until is not None and time.time() > until:
                break
    tally.seconds = time.perf_counter() - started
    return pack, tally


def _count(tally: Tally, pack: str, force: BruteForce, partial: CaseSnapshot, hidden: list[str], values: Way) -> None:
    tally.cases += 1
    try:
        checked = check(force.policy, partial, hidden, values, force)
    except NotKnown:
        # More than two dates are unknown, or an event has happened on an unknown day that nothing hid.
        tally.skipped += 1
        return
    except Exception as error:
        checked = Checked(False, 0, (f"error: {type(error).__name__}: {error}",))
    tally.decided += checked.decided
    tally.unproven += checked.unproven
    if checked.violations:
        said, names = checked.violations[0], hidden
        if len(tally.violations) < _SHRUNK:
            partial, names, said = smaller(force, partial, hidden, values, said)
        tally.violations.append(f"{pack}: {said}\n    hidden: {', '.join(sorted(names))}\n    {partial!r}")


def smaller(force: BruteForce, partial: CaseSnapshot, hidden: list[str], values: Way, said: str) -> tuple[CaseSnapshot, list[str], str]:
    """Return a case with less in it that violates in the same way, the facts hidden in it, and the violation."""
    kind, until = said.split(":")[0], time.monotonic() + _SHRINKING_SECONDS

    def violates(snapshot: CaseSnapshot, names: Sequence[str]) -> str | None:
        if time.monotonic() > until:
            return None
        try:
            found = check(force.policy, snapshot, names, {name: values[name] for name in names if name in values}, force).violations
        except (NotKnown, SnapshotError, ValueError):
            return None
        except Exception as error:
            found = (f"error: {type(error).__name__}: {error}",)
        return next((one for one in found if one.startswith(kind)), None)

    names = list(hidden)
    for name in hidden:
        fewer = [one for one in names if one != name]
        if name in values and fewer and (found := violates(less := filled(partial, {name: values[name]}), fewer)):
            partial, names, said = less, fewer, found
    for less in (replace(partial, decisions={}), replace(partial, checklist={}), replace(partial, decisions={}, checklist={})):
        if found := violates(less, names):
            partial, said = less, found
    # Known facts leave by halves, then one by one.
    known = sorted(bind(force.policy, partial).facts.keys() - set(names))
    step = len(known)
    while step:
        for first in range(0, len(known), step):
            if found := violates(less := hide(partial, known[first : first + step]), names):
                partial, said = less, found
        step //= 2
    return partial, names, said


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign; return 0 where nothing disagrees, else 1."""
    return campaign("python -m transfer_rules.testing.unknowns", __doc__ or "", _run, Tally, arguments, chunk=_CHUNK)


def _run(task: Task) -> tuple[str, Tally]:
    return run(*task)


if __name__ == "__main__":
    sys.exit(main())

"""What can be asked about a decision besides, held to its laws: one case at a time, or a campaign over many drawn cases.

    python -m transfer_rules.testing.inquiries --cases 1000 --seed 1 --jobs 2

The facts of a `why` alone give the answer, and without any one of them another answer is possible, as the judge confirms. A `why_not` applied gives
the team, for engine and judge; where it names more facts than one, brute force finds no single one that does so, and no pair where it names more than
two, among those that it tries. `changes_ahead` is what deciding day by day for a year shows. Each other reading is what its policy decides.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from ..case import bind
from ..comparison import differing
from ..completion import Completion, LimitReached, Look
from ..contrast import MOST, WhyNot, why_not
from ..dates import add_months, london_date
from ..decision import Decision
from ..errors import SnapshotError
from ..evaluation import evaluate, evaluate_to_compare
from ..facts import DATED_KINDS
from ..loading import load_policy
from ..outlook import changes_ahead, on_day
from ..policy import Policy
from ..rivals import other_readings
from ..support import Why, why
from ..vocabulary import CaseSnapshot
from .brute_force import BruteForce, filled
from .campaign import Task, campaign
from .reference import NotKnown, judge_answer, verdict_of
from .unknowns import drawn, hide, prepared

_CHUNK: Final = 20
_FEW_MISSING: Final = 3
"""Cases in which more facts are missing are not decided on other days and under other readings, which would take minutes for one of them."""
_SOME_DAYS: Final = 20
_SINGLES: Final = 8
_PAIRS: Final = 4
_ONE_DAY: Final = timedelta(days=1)


def check_why(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> Iterator[str]:
    """Yield what is wrong with `why`."""
    found = why(policy, snapshot, decision)
    if (found is None) is not (decision.certainty == "provisional"):
        yield "why: a decided answer has one, and no other"
    if found is None:
        return
    answer = verdict_of(decision).answer
    alone = evaluate(policy, found.alone(snapshot))
    if alone.certainty != "decided" or verdict_of(alone).answer != answer:
        yield f"why: these facts alone give {alone.outcome}, {alone.certainty}: {_names(found)}"
    for ground in found.grounds:
        fewer = replace(found, grounds=tuple(one for one in found.grounds if one is not ground)).alone(snapshot)
        yield from _loses(policy, fewer, decision, f"why: `{ground.fact}` can be left out of {_names(found)}")


def _loses(policy: Policy, fewer: CaseSnapshot, decision: Decision, otherwise: str) -> Iterator[str]:
    """See that another answer is possible, and let the judge say so; where none is found in the steps allowed, that the answer is called open."""
    answer = verdict_of(decision).answer
    completion = Completion(policy, bind(policy, fewer))
    seen: dict[object, Look] = {}
    with suppress(LimitReached):
        for _, look in completion.leaves({}):
            seen.setdefault(look.answer, look)
            if len(seen) > 1:
                break
    if len(seen) < 2:
        if evaluate(policy, fewer).certainty == "decided":
            yield otherwise
        return
    answers = set()
    for look in seen.values():
        way = filled(fewer, {name: value for name, value in look.case.facts.items() if name not in fewer.stated()})
        try:
            answers.add(judge_answer(policy.pack, policy.calendar, way))
        except NotKnown:
            answers.add(verdict_of(evaluate(policy, way)).answer)
    if answers <= {answer}:
        yield otherwise


def _names(found: Why) -> str:
    return ", ".join(ground.fact for ground in found.grounds)


def check_why_not(policy: Policy, snapshot: CaseSnapshot, decision: Decision, chance: random.Random, force: BruteForce) -> Iterator[str]:
    """Yield what is wrong with `why_not`."""
    for other in why_not(policy, snapshot, decision):
        if any(change.now == change.to for change in other.changes):
            yield f"why not: {_shown(other)} changes nothing"
        if other.verdict == "changes":
            after = evaluate(policy, other.applied(snapshot))
            if _team(after) != other.team or after != other.decision:
                yield f"why not: {_shown(other)} gives {after.outcome} {_team(after)}"
            with suppress(NotKnown):
                judged = judge_answer(policy.pack, policy.calendar, other.applied(snapshot))
                if (judged.outcome, judged.team) != ("transfer", other.team):
                    yield f"why not: {_shown(other)} gives {judged.outcome} {judged.team}, says the judge"
        size = len(other.changes) if other.verdict == "changes" else MOST + 1
        if other.verdict != "not_found" and not any(change.now is None for change in other.changes):
            yield from _smaller(policy, snapshot, other, size, chance, force)


def _smaller(policy: Policy, snapshot: CaseSnapshot, other: WhyNot, size: int, chance: random.Random, force: BruteForce) -> Iterator[str]:
    """Hide a few of the stated facts, one and two at a time, and see that no way of filling them in again gives the team."""
    stated = [name for name in {**snapshot.stated(), **snapshot.local_facts} if name in policy.facts_read and name != "current_team"]
    singles = [[name] for name in chance.sample(stated, min(_SINGLES, len(stated)))] if size > 1 else []
    pairs = [chance.sample(stated, 2) for _ in range(_PAIRS)] if size > 2 and len(stated) > 1 else []
    for names in [*singles, *pairs]:
        # What `unstated` would close is not hidden by leaving it out; two dates at once make too many ways.
        partial = hide(snapshot, names)
        if not bind(policy, partial).facts.keys().isdisjoint(names) or sum(policy.facts[name].kind in DATED_KINDS for name in names) > 1:
            continue
        try:
            answers = force(partial, names).answers
        except (NotKnown, SnapshotError):
            continue
        way = next((way for answer, way in answers.items() if (answer.outcome, answer.team) == ("transfer", other.team)), None)
        if way is not None:
            yield f"why not: {_shown(other)}, but {', '.join(f'{name} = {value}' for name, value in way.items())} gives {other.team}"


def _shown(other: WhyNot) -> str:
    return f"{other.team} {other.verdict} {', '.join(f'{one.fact} = {one.to}' for one in other.changes)}".strip()


def _team(decision: Decision) -> str | None:
    return None if decision.outcome != "transfer" or decision.receiving_team is None else decision.receiving_team.team


def check_ahead(policy: Policy, snapshot: CaseSnapshot, decision: Decision, chance: random.Random | None = None) -> Iterator[str]:
    """Yield what is wrong with `changes_ahead`, held against deciding on every day of a year, or with `chance` on some days and those it names."""
    found = {change.on: change.after for change in changes_ahead(policy, snapshot, decision)}
    today = london_date(snapshot.as_of)
    last = min(add_months(today, 12), policy.calendar.last)
    first = today if isinstance(snapshot.as_of, datetime) else today + _ONE_DAY
    days = [first + step * _ONE_DAY for step in range((last - first).days + 1)]
    if chance is not None:
        days = sorted({*chance.sample(days, min(_SOME_DAYS, len(days))), *found})
    decided: dict[date, Decision | None] = {first - _ONE_DAY: decision}
    for day in days:
        for one in (day - _ONE_DAY, day):
            if one not in decided:
                decided[one] = _on(policy, snapshot, one, evaluate_to_compare)
        before, after = decided[day - _ONE_DAY], decided[day]
        changes = before is not None and (after is None or bool(differing(before, after)))
        if changes is not (day in found) or (changes and found[day] != _on(policy, snapshot, day, evaluate)):
            yield f"ahead: on {day} the answer {'changes' if changes else 'does not change'}"
            return


def _on(policy: Policy, snapshot: CaseSnapshot, day: date, decide: Callable[[Policy, CaseSnapshot], Decision]) -> Decision | None:
    try:
        return decide(policy, on_day(snapshot, day))
    except SnapshotError:
        return None


def check_readings(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> Iterator[str]:
    """Yield what is wrong with `other_readings`."""
    found = {reading.interpretation.id: reading.decision for reading in other_readings(policy, snapshot, decision)}
    for name, rival in policy.readings.items():
        other = evaluate(rival, snapshot)
        one, two = (replace(verdict_of(each), because=frozenset()) for each in (other, decision))
        told = one != two or other.duties != decision.duties or _items(other) != _items(decision)
        if (told and name not in found) or found.get(name, other) != other:
            yield f"readings: {name}"


def _items(decision: Decision) -> list[tuple[object, ...]]:
    return [(item.item, item.why, item.due) for item in decision.outstanding]


def check(policy: Policy, snapshot: CaseSnapshot, chance: random.Random, force: BruteForce) -> tuple[str, ...]:
    """Return what is wrong with the answers about one case, each in words that begin with the question."""
    decision = evaluate(policy, snapshot)
    few = len(decision.missing) <= _FEW_MISSING
    return (
        *check_why(policy, snapshot, decision),
        *check_why_not(policy, snapshot, decision, chance, force),
        *(check_ahead(policy, snapshot, decision, chance if decision.missing else None) if few else ()),
        *(check_readings(policy, snapshot, decision) if few else ()),
    )


@dataclass(slots=True)
class Tally:
    """What came of many cases of one pack."""

    cases: int = 0
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        self.cases += other.cases
        self.seconds += other.seconds
        self.violations += other.violations

    def line(self, pack: str) -> str:
        """Return it in one line."""
        kinds = Counter(violation.split(": ")[1] for violation in self.violations)
        wrong = f"{len(self.violations)} violations {dict(kinds) if kinds else ''}".rstrip()
        return f"{pack}: {self.cases} cases, {wrong}, {self.seconds:.0f} s of work"


@lru_cache(maxsize=8)
def _force(pack: str) -> BruteForce:
    return BruteForce(load_policy(pack))


def run(pack: str, seed: int, cases: int, until: float | None = None) -> tuple[str, Tally]:
    """Check drawn cases of a pack, half of them fully known, the same for the same seed; none begins once `time.time()` has passed `until`."""
    tally, force, started = Tally(), _force(pack), time.perf_counter()
    chance = random.Random(f"{pack} {seed}")
    known = [prepared(force.policy, one, chance) for one in drawn(force.policy, seed, -(-cases // 2))]
    for snapshot in [*known, *drawn(force.policy, seed, cases // 2, unknowns=True)]:
        if until is not None and time.time() > until:
            break
        try:
            found: Sequence[str] = check(force.policy, snapshot, chance, force)
        except Exception as error:
            found = (f"error: {type(error).__name__}: {error}",)
        tally.cases += 1
        tally.violations += [f"{pack}: {one}\n    {snapshot!r}" for one in found]
    tally.seconds = time.perf_counter() - started
    return pack, tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign; return 0 where nothing is wrong, else 1."""
    return campaign("python -m transfer_rules.testing.inquiries", __doc__ or "", _run, Tally, arguments, chunk=_CHUNK)


def _run(task: Task) -> tuple[str, Tally]:
    return run(*task)


if __name__ == "__main__":
    sys.exit(main())

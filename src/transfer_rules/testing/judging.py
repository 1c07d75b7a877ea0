"""The engine against the judge, and its one-case form and its columns against its tree: a campaign over many pairs of a policy and a snapshot.

    python -m transfer_rules.testing.judging --cases 1000000 --seed 1 --jobs 2

Packs are drawn, or the bundled ones; half of the snapshots of a bundled pack are steered towards one of its rules. Half of all are in whole days and
without recorded decisions, since columns leave the others to the tree. Each disagreement is printed with what shows it again.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from ..case import bind
from ..dates import london_date
from ..decision import Decision
from ..errors import SnapshotError
from ..evaluation import examine
from ..facts import HAPPENED
from ..loading import load_policy
from ..one_case import Form, form_of
from ..policy import Policy
from ..vocabulary import CaseSnapshot
from .campaign import PACKS, Task, campaign
from .drawing import drawing
from .drawn_packs import policies
from .reference import NotKnown, differences, judge, verdict_of

DRAWN: Final = "drawn"
"""Stands for packs that are drawn, among the names of packs."""
_CHUNK: Final = 2_000
_OF_ONE_PACK: Final = 200
"""Snapshots of one drawn pack; drawing the pack takes as long as judging some thirty cases."""
_WITH_UNKNOWNS: Final = 20
"""Of so many snapshots one has unknown facts; the judge, which never guesses, can speak on few of these, and deciding them takes longer."""


def compare(policy: Policy, snapshot: CaseSnapshot, decision: Decision | None = None) -> tuple[str, list[str]] | None:
    """Return the engine's outcome on a snapshot, and how the judge differs, in words; None where the judge cannot speak, for lack of a fact.

    The engine's decision is that of the tree, worked out here where it is not given.

    Where it can, every way of filling in what is unknown answers alike, so the engine must call its answer decided. With facts unknown, only what
    certainty is about is compared: of transfer point and duties the judge then says less than is known.
    """
    try:
        verdict = judge(policy.pack, policy.calendar, snapshot)
    except NotKnown:
        return None
    decision = examine(policy, snapshot)[0] if decision is None else decision
    said = verdict_of(decision)
    known = bind(policy, snapshot).facts
    if all(known.get(name, HAPPENED) != HAPPENED for name in drawing(policy).facts):
        found = differences(verdict, said)
    else:
        found = [] if verdict.answer == said.answer else [f"answer: {verdict.answer} of the judge, {said.answer} of the engine"]
    if decision.certainty != "decided" or decision.missing:
        found.append(f"certainty: {decision.certainty}, missing {', '.join(decision.missing)}")
    return decision.outcome, found


def compare_form(form: Form, snapshot: CaseSnapshot, decision: Decision) -> list[str] | None:
    """Return in which parts a one-case form differs from the decision of the tree, in words; None where it leaves the case to the tree."""
    found = form(snapshot)
    if found is None:
        return None
    parts = [one.name for one in fields(Decision) if repr(getattr(found, one.name)) != repr(getattr(decision, one.name))]
    if found != decision or type(found) is not Decision or parts:
        return [f"form: differs in {', '.join(parts) or 'equality'}"]
    return []


def pairs(policy: Policy, seed: str, count: int, *, aimed: bool = True) -> Iterator[CaseSnapshot]:
    """Yield snapshots of a policy, the same for the same seed; half of them steered towards one of its rules."""
    chance, policy_drawing = random.Random(seed), drawing(policy)
    for number in range(count):
        rule = chance.choice(policy_drawing.rules) if aimed and policy_drawing.rules and chance.random() < 0.5 else None
        snapshot = policy_drawing.snapshot(chance.choice, unknowns=number % _WITH_UNKNOWNS == _WITH_UNKNOWNS - 1, rule=rule)
        yield (without_moments(policy, snapshot) or snapshot) if chance.random() < 0.5 else snapshot


def without_moments(policy: Policy, snapshot: CaseSnapshot) -> CaseSnapshot | None:
    """Return the same case in whole days and without recorded decisions, which is what columns hold; None where that is no case."""
    days = {name: london_date(value) for name, value in snapshot.stated().items() if isinstance(value, datetime)}
    local = {name: policy.facts[name].read(value) for name, value in snapshot.local_facts.items()}
    local = {name: london_date(value) if isinstance(value, datetime) else value for name, value in local.items()}
    try:
        # The names are those of dated facts.
        return replace(snapshot, as_of=london_date(snapshot.as_of), **days, local_facts=local, decisions={})  # type: ignore[arg-type]
    except SnapshotError:
        return None


def drawn_policies(seed: int, count: int) -> list[Policy]:
    """Return drawn packs, compiled, the same for the same seed."""
    found: list[Policy] = []

    @seeded(seed)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(policies())
    def draw(policy: Policy) -> None:
        found.append(policy)

    draw()
    return found[:count]


@dataclass
class Tally:
    """What came of many pairs: their number, the answers, each disagreement in words; how many of all the form, and the columns, decided as well."""

    cases: int = 0
    packs: int = 0
    not_known: int = 0
    by_form: int = 0
    in_columns: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        self.cases += other.cases
        self.packs += other.packs
        self.not_known += other.not_known
        self.by_form += other.by_form
        self.in_columns += other.in_columns
        self.answers += other.answers
        self.seconds += other.seconds
        self.violations += other.violations

    def line(self, pack: str) -> str:
        """Return it in one line."""
        answers = ", ".join(f"{number} {answer}" for answer, number in self.answers.most_common())
        many = f" of {self.packs} packs" if pack == DRAWN else ""
        return (
            f"{pack}: {self.cases} pairs{many} compared ({answers}), on {self.not_known} more the judge cannot speak, "
            f"{self.by_form} of all also by form, {self.in_columns} in columns, {len(self.violations)} differences, {self.seconds:.0f} s of work"
        )


@lru_cache(maxsize=8)
def _policy(pack: str) -> Policy:
    return load_policy(pack)


def run(task: Task) -> tuple[str, Tally]:
    """Compare the pairs of one task; none begins once `time.time()` has passed its end."""
    pack, seed, count, until = task
    tally, started = Tally(), time.perf_counter()
    if until is not None and time.time() > until:
        # Drawing packs takes time as well.
        return pack, tally
    chosen = drawn_policies(seed, -(-count // _OF_ONE_PACK)) if pack == DRAWN else [_policy(pack)]
    each = -(-count // max(1, len(chosen)))
    for number, policy in enumerate(chosen):
        if until is not None and time.time() > until:
            break
        tally.packs += 1
        forms: dict[str, Form] = {}
        decided = [
            (snapshot, decision)
            for snapshot in pairs(policy, f"{pack} {seed} {number}", each, aimed=pack != DRAWN)
            if (decision := _count(tally, pack, policy, snapshot, forms)) is not None
        ]
        _count_columns(tally, pack, policy, decided)
    tally.seconds = time.perf_counter() - started
    return pack, tally


def _count(tally: Tally, pack: str, policy: Policy, snapshot: CaseSnapshot, forms: dict[str, Form]) -> Decision | None:
    found: list[str] = []
    decision: Decision | None = None
    try:
        decision = examine(policy, snapshot)[0]
        compared = compare(policy, snapshot, decision)
        if (team := snapshot.current_team) is not None:
            forms[team] = forms.get(team) or form_of(policy, team)
            if (differing := compare_form(forms[team], snapshot, decision)) is not None:
                tally.by_form += 1
                found += differing
    except Exception as error:
        compared = "error", [f"error: {type(error).__name__}: {error}"]
    if compared is None:
        tally.not_known += 1
    else:
        outcome, differences = compared
        tally.cases += 1
        tally.answers[outcome] += 1
        found += differences
    if found:
        _report(tally, pack, policy, snapshot, "; ".join(found))
    return decision


def _count_columns(tally: Tally, pack: str, policy: Policy, decided: Sequence[tuple[CaseSnapshot, Decision]]) -> None:
    # Laws need this module, and a suite that decides no columns needs no numpy.
    from .in_columns import differences_in_columns

    try:
        for snapshot, found in differences_in_columns(policy, decided):
            _report(tally, pack, policy, snapshot, found)
        tally.in_columns += len(decided)
    except Exception as error:
        _report(tally, pack, policy, decided[0][0], f"error in columns: {type(error).__name__}: {error}")


def _report(tally: Tally, pack: str, policy: Policy, snapshot: CaseSnapshot, found: str) -> None:
    shown = f"\n    {policy.pack!r}" if pack == DRAWN else ""
    tally.violations.append(f"{pack}: {found}{shown}\n    {snapshot!r}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign; return 0 where nothing disagrees, else 1."""
    program = "python -m transfer_rules.testing.judging"
    return campaign(program, __doc__ or "", run, Tally, arguments, chunk=_CHUNK, packs=(*PACKS, DRAWN))


if __name__ == "__main__":
    sys.exit(main())

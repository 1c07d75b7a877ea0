"""Print what unknown facts cost: ten of them, and everything unknown, in each bundled pack. `python scripts/unknowns_cost.py`"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

from transfer_rules import NOT_YET, CaseSnapshot, Policy, SnapshotError, load_policy
from transfer_rules.case import bind
from transfer_rules.completion import Completion, LimitReached
from transfer_rules.evaluation import evaluate
from transfer_rules.examples import read_examples
from transfer_rules.vocabulary import STANDARD_FACTS

PACKS = ("warrington", "suffolk", "norfolk", "shropshire", "wirral")
EXAMPLES = Path(__file__).resolve().parents[1] / "policies" / "examples"


def stated(as_of: Any, facts: dict[str, Any]) -> CaseSnapshot:
    """Return a snapshot with these facts and no others."""
    local = {name: value for name, value in facts.items() if name not in STANDARD_FACTS}
    return CaseSnapshot(as_of=as_of, local_facts=local, **{name: value for name, value in facts.items() if name in STANDARD_FACTS})


def dull(policy: Policy, name: str) -> Any:
    """Return the value that says the least; None where a pack without areas leaves a fact none."""
    fact = policy.facts[name]
    plain: dict[str, Any] = {"yes_no": False, "count": 0, "choices": [], "event": NOT_YET, "moment": NOT_YET, "date": NOT_YET}
    named = {"choice": fact.options, "team": tuple(policy.pack.teams), "area": tuple(sorted(policy.areas))}
    return next(iter(named[fact.kind]), None) if fact.kind in named else plain[fact.kind]


def with_ten_unknown(policy: Policy, pack: str) -> CaseSnapshot:
    """Return a worked example with every fact known but ten: those that the most rules of its team read."""
    snapshot = max((one.snapshot for one in read_examples(EXAMPLES / f"{pack}.yaml")), key=lambda one: len(bind(policy, one).facts))
    case = bind(policy, snapshot)
    facts = dict(case.facts)
    for name in sorted(policy.facts_read - facts.keys()):
        try:
            bind(policy, stated(snapshot.as_of, {**facts, name: dull(policy, name)}))
        except SnapshotError:
            continue
        facts[name] = dull(policy, name)
    reading = [policy.reads[name].match for name, rule in policy.rules.items() if rule.from_teams.hold(case.team) is not False]
    readers = {fact: sum(fact in reads for reads in reading) for fact in facts if fact != "current_team"}
    hidden = sorted(readers, key=lambda fact: (-readers[fact], fact))[:10]
    return stated(snapshot.as_of, {name: value for name, value in facts.items() if name not in hidden and value is not None})


def line(policy: Policy, pack: str, what: str, snapshot: CaseSnapshot) -> str:
    begun = time.perf_counter()
    decision = evaluate(policy, snapshot)
    spent = time.perf_counter() - begun
    completion = Completion(policy, bind(policy, snapshot))
    unproven = 0
    completion.listed({})
    for name in decision.missing:
        try:
            completion.pair(name)
        except LimitReached:
            unproven += 1
    facts = f"{decision.outcome}, {decision.certainty}, {len(decision.missing)} facts missing, {unproven} of them unproven"
    return f"{pack:<11} {what:<18} {facts:<75} {completion.looks:>6} looks {spent:>6.2f} s"


def main() -> None:
    for pack in PACKS:
        policy = load_policy(pack)
        print(line(policy, pack, "ten unknown", with_ten_unknown(policy, pack)))
        print(line(policy, pack, "everything unknown", CaseSnapshot(as_of=date(2026, 4, 2))))


if __name__ == "__main__":
    main()

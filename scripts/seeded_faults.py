"""Put faults into the bundled packs, and count how many of the faulty packs `check` finds.

python scripts/seeded_faults.py --count 100 --seed 1
python scripts/seeded_faults.py --count 10 --pack norfolk --pack suffolk

A change of a pack counts as a fault only if it makes rules clash that did not before. That is found out without `check`: by a case on which the judge
(`transfer_rules.testing.reference`), who shares nothing with the engine but the pack, says `conflict` after the change and not before. The cases are
two worked examples laid over each other, with some facts changed. A change for which no such case turns up is passed over.
`check` has found a fault if it reports an overlap of two rules that clash in that case, and did not report it before.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from transfer_rules import CaseSnapshot, SnapshotError, load_policy
from transfer_rules.case import bind
from transfer_rules.checks import check_policy
from transfer_rules.conditions import ALWAYS, All, AnyOf, Condition
from transfer_rules.errors import Diagnostic
from transfer_rules.examples import examples_beside, read_examples
from transfer_rules.facts import HAPPENED, NOT_YET, RESERVED_TEAMS, Fact, FactValue
from transfer_rules.pack import Override, Pack, Rule, TransferTo
from transfer_rules.policy import compile_pack
from transfer_rules.testing.reference import NotKnown, Verdict, judge
from transfer_rules.vocabulary import STANDARD_FACTS

ROOT = Path(__file__).resolve().parents[1]
PACKS = ("norfolk", "shropshire", "suffolk", "warrington", "wirral")
TRIES = 400
"""The cases that one change is tried on before it is passed over."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as plain data, so that two can be laid over each other. Unstated yes/no facts and events are not so."""

    as_of: date | datetime
    facts: Mapping[str, FactValue]
    decisions: Mapping[str, Any]

    def snapshot(self) -> CaseSnapshot:
        standard: dict[str, Any] = {name: value for name, value in self.facts.items() if name in STANDARD_FACTS}
        local = {name: value for name, value in self.facts.items() if name not in STANDARD_FACTS}
        return CaseSnapshot(as_of=self.as_of, unstated="not_so", local_facts=local, decisions=dict(self.decisions), **standard)


def case_of(snapshot: CaseSnapshot) -> Case:
    facts = {name: getattr(snapshot, name) for name in STANDARD_FACTS} | dict(snapshot.local_facts)
    return Case(snapshot.as_of, {name: value for name, value in facts.items() if value is not None}, dict(snapshot.decisions))


@dataclass(frozen=True, slots=True)
class Change:
    """A pack that was changed: the rule that the change is about, another that it lets loose (or none), and what was done."""

    pack: Pack
    rule: str
    other: str | None
    done: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A change that is a fault: in `case` the rules `clash`."""

    kind: str
    stem: str
    change: Change
    case: Case
    clash: frozenset[str]


class Source:
    """A pack as it stands: its worked examples, by the rules that decide them, and the values that they give to each fact."""

    def __init__(self, stem: str):
        path = ROOT / "policies" / f"{stem}.yaml"
        policy = load_policy(path)
        self.stem = stem
        self.pack = replace(policy.pack, readings={})  # rival readings are other packs
        self.policy = compile_pack(self.pack, policy.calendar)
        self.before = frozenset(map(clash_said, check_policy(self.policy).findings))
        self.cases = [case_of(example.snapshot) for example in read_examples(examples_beside(path))]
        self.values: dict[str, list[FactValue]] = {}
        for case in self.cases:
            for name, value in case.facts.items():
                self.values.setdefault(name, []).append(value)
        self.deciding: dict[str, list[Case]] = {}
        for case in self.cases:
            said = self.judged(self.pack, case)
            for rule in sorted(said.because) if said is not None else ():
                self.deciding.setdefault(rule, []).append(case)

    def judged(self, pack: Pack, case: Case) -> Verdict | None:
        """Return what the judge says; None where a fact is not known, or the case cannot be."""
        try:
            snapshot = case.snapshot()
            bind(self.policy, snapshot)
            return judge(pack, self.policy.calendar, snapshot)
        except (SnapshotError, NotKnown):
            return None

    def value(self, random: Random, fact: Fact) -> FactValue:
        """Return a value that an example gives to the fact, or any that its type allows."""
        known = self.values.get(fact.name, [])
        match fact.kind:
            case "yes_no":
                return random.random() < 0.5
            case "choice":
                return random.choice(fact.options)
            case "choices":
                return frozenset(option for option in fact.options if random.random() < 0.5)
            case "team":
                return random.choice([*self.pack.teams, *RESERVED_TEAMS])
            case "area":
                return random.choice(sorted(self.policy.areas)) if self.policy.areas else None
            case "count":
                return random.choice([0, 200, *known])
            case "event":
                return random.choice([NOT_YET, *known])
            case _:
                return random.choice(known) if known else NOT_YET

    def drawn(self, random: Random, change: Change) -> Case:
        """Return a case in which the changed rule and another may meet: two examples laid over each other, some facts changed."""
        rule = next(rule for rule in change.pack.rules if rule.id == change.rule)
        first = random.choice(self.deciding.get(change.rule) or self.deciding.get(change.other or "") or self.cases)
        second = random.choice(self.deciding.get(change.other or "") or self.cases)
        under, over = random.choice([(first, second), (second, first), (first, first), (second, second)])
        shared = {name: value for name, value in over.facts.items() if name not in under.facts or random.random() < 0.7}
        facts = {**under.facts, **shared}
        read = sorted(self.policy.facts_read)
        for name in random.sample(read, random.choice([0, 0, 1, 2, 4])):
            facts[name] = self.value(random, self.policy.facts[name])
        if rule.from_teams.hold(str(facts.get("current_team"))) is False and rule.from_teams.ids:
            facts["current_team"] = random.choice(sorted(rule.from_teams.ids))
        decisions = {**under.decisions, **over.decisions} if random.random() < 0.7 else {}
        as_of = random.choice([under.as_of, over.as_of])
        return Case(as_of, {name: value for name, value in facts.items() if value is not None}, decisions)

    def filled(self, random: Random, pack: Pack, case: Case) -> tuple[Case, Verdict] | None:
        """Return the case with a value for each fact that the judge asks for, and what he says; None where the case cannot be."""
        for _ in range(30):
            try:
                snapshot = case.snapshot()
                bind(self.policy, snapshot)
                return case, judge(pack, self.policy.calendar, snapshot)
            except SnapshotError:
                return None
            except NotKnown as unknown:
                if case.facts.get(unknown.fact) not in (None, HAPPENED) or unknown.fact not in self.policy.facts:
                    return None
                value = self.value(random, self.policy.facts[unknown.fact])
                if value is None or value == HAPPENED:
                    return None
                case = replace(case, facts={**case.facts, unknown.fact: value})
        return None

    def clash(self, random: Random, change: Change) -> tuple[Case, frozenset[str]] | None:
        """Return a case on which the rules clash after the change and not before, with those rules, the case as small as it gets."""
        for _ in range(TRIES):
            filled = self.filled(random, change.pack, self.drawn(random, change))
            if filled is None or filled[1].outcome != "conflict":
                continue
            before = self.judged(self.pack, filled[0])
            if before is not None and before.outcome != "conflict":
                return self.smallest(change, filled[0])
        return None

    def smallest(self, change: Change, case: Case) -> tuple[Case, frozenset[str]]:
        """Return the case without the facts and decisions that the clash can do without, and the rules that clash in it."""

        def clashes(smaller: Case) -> frozenset[str]:
            after, before = self.judged(change.pack, smaller), self.judged(self.pack, smaller)
            new = after is not None and before is not None and after.outcome == "conflict" != before.outcome
            return after.because if new and after is not None else frozenset()

        for name in sorted(case.facts):
            without = replace(case, facts={key: value for key, value in case.facts.items() if key != name})
            case = without if clashes(without) else case
        for name in sorted(case.decisions):
            without = replace(case, decisions={key: value for key, value in case.decisions.items() if key != name})
            case = without if clashes(without) else case
        return case, clashes(case)


def changed(pack: Pack, rule: Rule) -> Pack:
    """Return the pack with one rule in place of that of its name."""
    return replace(pack, rules=tuple(rule if one.id == rule.id else one for one in pack.rules))


def without_override(random: Random, pack: Pack) -> Change | None:
    """Take out one entry of `overrides:`, whatever it names."""
    rule = random.choice([rule for rule in pack.rules if rule.override_entries and not rule.off])
    gone = random.choice(rule.override_entries)
    left = tuple(entry for entry in rule.override_entries if entry is not gone)
    freed = sorted(set(gone.rules) - {rule.id} - {name for entry in left for name in entry.rules})
    if not freed:
        return None
    smaller = replace(rule, override_entries=left, overrides=frozenset(name for entry in left for name in entry.rules) - {rule.id})
    named = f"the group {gone.group}" if gone.group else gone.rules[0]
    return Change(changed(pack, smaller), rule.id, random.choice(freed), f"{rule.id} no longer overrides {named}")


def wider(condition: Condition) -> Iterator[Condition]:
    """Yield the condition without one part of an `all:`, for each part; not within a `not:` or a definition."""
    match condition:
        case All(parts=parts):
            for number, part in enumerate(parts):
                rest = (*parts[:number], *parts[number + 1 :])
                yield rest[0] if len(rest) == 1 else All(rest)
                yield from (All((*parts[:number], one, *parts[number + 1 :])) for one in wider(part))
        case AnyOf(parts=parts):
            for number, part in enumerate(parts):
                yield from (AnyOf((*parts[:number], one, *parts[number + 1 :])) for one in wider(part))


def with_wider_condition(random: Random, pack: Pack) -> Change | None:
    """Take one part of an `all:` out of the condition of a rule, or, one time in six, the whole condition."""
    rule = random.choice([rule for rule in pack.rules if not rule.off and rule.when != ALWAYS])
    options = [] if random.randrange(6) == 0 else list(wider(rule.when))
    number = random.randrange(len(options)) if options else None
    condition = ALWAYS if number is None else options[number]
    done = "has lost its whole condition" if number is None else f"has lost part {number + 1} of its condition"
    return Change(changed(pack, replace(rule, when=condition)), rule.id, None, f"{rule.id} {done}")


def with_rule_twice(random: Random, pack: Pack) -> Change | None:
    """Write a rule a second time, with another team, in the same group."""
    rule = random.choice([rule for rule in pack.rules if isinstance(rule.effect, TransferTo) and not rule.off])
    if any(rule.group and entry.group == rule.group for entry in rule.override_entries):
        return None  # each of the two would override the other, and a pack with such a circle does not load
    assert isinstance(rule.effect, TransferTo)
    team = random.choice([team for team in pack.teams if team != rule.effect.team])
    copy = replace(rule, id=f"{rule.id}_again", effect=TransferTo(team))

    def overriding(one: Rule) -> Rule:
        entries = tuple(joined(entry, copy) for entry in one.override_entries)
        return replace(one, override_entries=entries, overrides=frozenset(name for entry in entries for name in entry.rules) - {one.id})

    rules = tuple(overriding(one) for one in (*pack.rules, copy))
    return Change(replace(pack, rules=rules), rule.id, None, f"{copy.id} sends the case to {team}")


def joined(entry: Override, copy: Rule) -> Override:
    return replace(entry, rules=(*entry.rules, copy.id)) if copy.group and entry.group == copy.group else entry


KINDS = {"override deleted": without_override, "condition widened": with_wider_condition, "rule duplicated": with_rule_twice}


def clash_said(finding: Diagnostic) -> tuple[str, frozenset[str]]:
    """Return what a finding is about: its code and the rules that it names."""
    texts = (finding.message, *(text for _, text in finding.also))
    return finding.code, frozenset(name for text in texts for name in text.split("`")[1::2])


def faults(sources: Sequence[Source], seed: int) -> Iterator[tuple[Fault, int]]:
    """Yield faults without end, kind after kind and pack after pack, each with the number of changes passed over since the last."""
    for number in count():
        random = Random(f"{seed} {number}")
        kind = list(KINDS)[number % len(KINDS)]
        source = sources[number // len(KINDS) % len(sources)]
        for passed in count():
            change = KINDS[kind](random, source.pack)
            found = None if change is None else source.clash(random, change)
            if change is not None and found is not None:
                yield Fault(kind, source.stem, change, *found), passed
                break


def is_found(source: Source, fault: Fault) -> bool:
    """Say whether `check` reports an overlap of rules that clash in the fault's case, and did not report it before."""
    findings = check_policy(compile_pack(fault.change.pack, source.policy.calendar)).findings
    new = {clash_said(finding) for finding in findings} - source.before
    return any(code == "overlap" and rules <= fault.clash for code, rules in new)


def described(fault: Fault) -> str:
    """Return a fault in three lines: what was done, which rules clash, and in which case."""
    case = fault.case
    told = [f"as_of: {case.as_of}", "unstated: not_so", *(f"{name}: {written(value)}" for name, value in sorted(case.facts.items()))]
    told += [f"decisions: {dict(case.decisions)}"] if case.decisions else []
    return f"{fault.stem}: {fault.change.done}\n  clash  {', '.join(sorted(fault.clash))}\n  case   {', '.join(told)}"


def written(value: FactValue) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def main() -> int:
    parser = argparse.ArgumentParser(description="Put faults into the bundled packs, and count how many of them `check` finds.")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pack", action="append", choices=PACKS)
    parser.add_argument("--verbose", action="store_true", help="show each fault with its case, not only those that were missed")
    told = parser.parse_args()
    begun = time.monotonic()
    sources = [Source(stem) for stem in told.pack or PACKS]
    made, found, passed_over = Counter[tuple[str, str]](), Counter[tuple[str, str]](), 0
    for (fault, passed), _ in zip(faults(sources, told.seed), range(told.count), strict=False):
        passed_over += passed
        seen = is_found(next(source for source in sources if source.stem == fault.stem), fault)
        made[fault.kind, fault.stem] += 1
        found[fault.kind, fault.stem] += seen
        if told.verbose or not seen:
            print(f"{'found' if seen else 'MISSED'}  {described(fault)}", flush=True)
    for kind, stem in sorted(made):
        print(f"{kind:<18} {stem:<11} {found[kind, stem]} of {made[kind, stem]}")
    print(f"found {found.total()} of {made.total()} faults; {passed_over} changes made no clash that was seen; {time.monotonic() - begun:.0f} s")
    return 0 if found.total() == made.total() else 1


if __name__ == "__main__":
    sys.exit(main())

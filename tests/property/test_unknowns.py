"""Hidden facts: what the engine calls decided is so for every way of filling in, and what could change the answer is named as missing.

The engine may still say provisional where every way agrees, and `missing` may name too many facts; never the reverse.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.test_judge import LOOSE, POLICIES
from transfer_rules import SnapshotError, evaluate
from transfer_rules.case import bind
from transfer_rules.dates import london_date
from transfer_rules.facts import DATED_KINDS
from transfer_rules.testing.reference import NotKnown, judge_answer, verdict_of, ways
from transfer_rules.testing.strategies import snapshots
from transfer_rules.vocabulary import STANDARD_FACTS

# Days at which answers change: around the day asked about, around what is known, and at the lengths that procedures count.
_STEPS = (-400, -370, -190, -180, -60, -57, -56, -30, -15, -10, -5, -2, -1, 0, 1, 2, 5, 10, 15, 30, 60, 190, 400)


def hidden(policy, snapshot, names):
    """Return the snapshot with some facts unknown."""
    standard = {name: None for name in names if name in STANDARD_FACTS}
    return replace(snapshot, **standard, local_facts={name: value for name, value in snapshot.local_facts.items() if name not in names})


@pytest.mark.parametrize("pack", POLICIES)
class TestUnknownFacts:
    @given(data=st.data())
    @settings(LOOSE, max_examples=60)
    def test_decided_holds_for_every_way_and_missing_leaves_nothing_out(self, pack, data):
        policy = POLICIES[pack]
        whole = data.draw(snapshots(policy, unknowns=False))
        known = [name for name, value in bind(policy, whole).facts.items() if value is not None]
        read = [name for name in known if policy.facts[name].kind != "choices" and name != "agreed_transfer_on"]
        names = data.draw(
            st.lists(st.sampled_from(read), min_size=1, max_size=3, unique=True).filter(
                lambda some: sum(policy.facts[n].kind in DATED_KINDS for n in some) <= 1
            )
        )
        partial = hidden(policy, whole, names)
        decision = evaluate(policy, partial)
        day = london_date(partial.as_of)
        days = {name: [day + timedelta(days=step) for step in _STEPS] for name in names if policy.facts[name].kind in DATED_KINDS}
        answers = {}
        for way in ways(policy.pack, partial, names, days=days):
            try:
                bind(policy, way)
                answers[tuple(bind(policy, way).facts.get(name) for name in names)] = judge_answer(policy.pack, policy.calendar, way)
            except (SnapshotError, NotKnown):
                continue
        if decision.certainty == "decided":
            assert set(answers.values()) <= {verdict_of(decision).answer}
            return
        for place, name in enumerate(names):
            others = {}
            for values, answer in answers.items():
                others.setdefault(values[:place] + values[place + 1 :], set()).add(answer)
            if any(len(found) > 1 for found in others.values()):
                assert name in decision.missing

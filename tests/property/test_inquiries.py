"""Why, why not, the other readings and what comes next, on drawn cases of every pack."""

import random

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from tests.loaded import bundled
from tests.property.test_judge import LOOSE
from transfer_rules import evaluate
from transfer_rules.testing.brute_force import BruteForce
from transfer_rules.testing.campaign import PACKS
from transfer_rules.testing.inquiries import check_ahead, check_readings, check_why, check_why_not
from transfer_rules.testing.strategies import snapshots
from transfer_rules.testing.unknowns import prepared

FORCES = {name: BruteForce(bundled(name)) for name in PACKS}
# Shrinking a case takes minutes; the campaign (`python -m transfer_rules.testing.inquiries`) checks many more.
DRAWN = [Phase.reuse, Phase.generate]
FEW = 10
"""With more facts missing what would give another team takes half a minute to check; the campaign checks it all the same."""


def drawn(data, policy, *, unknowns):
    """Return a drawn case and the decision on it; dates of a fully known one lie nearer to the day asked about."""
    snapshot = data.draw(snapshots(policy, unknowns=unknowns))
    if not unknowns:
        snapshot = prepared(policy, snapshot, data.draw(st.randoms(use_true_random=False)))
    note(repr(snapshot))
    return snapshot, evaluate(policy, snapshot)


@pytest.mark.parametrize("pack", PACKS)
class TestWhy:
    """The facts of a `why` alone, all others unknown, give the same decided answer; without any one of them another answer is possible."""

    @pytest.mark.parametrize("unknowns", [False, True])
    @given(data=st.data())
    @settings(LOOSE, max_examples=2, phases=DRAWN)
    def test_its_facts_alone_give_the_answer_and_none_can_be_left_out(self, pack, unknowns, data):
        policy = FORCES[pack].policy
        snapshot, decision = drawn(data, policy, unknowns=unknowns)
        assert list(check_why(policy, snapshot, decision)) == []


@pytest.mark.parametrize("pack", PACKS)
class TestWhyNot:
    """A `why_not` applied gives the team, for engine and judge, and brute force finds no smaller change."""

    @pytest.mark.parametrize("unknowns", [False, True])
    @given(data=st.data())
    @settings(LOOSE, max_examples=2, phases=DRAWN)
    def test_applied_it_gives_the_team_and_nothing_smaller_does(self, pack, unknowns, data):
        policy = FORCES[pack].policy
        snapshot, decision = drawn(data, policy, unknowns=unknowns)
        if len(decision.missing) <= FEW:
            assert list(check_why_not(policy, snapshot, decision, random.Random(0), FORCES[pack])) == []


@pytest.mark.parametrize("pack", PACKS)
class TestChangesAhead:
    """The days on which an answer changes are those that deciding day by day for a year shows, with the same answers."""

    @pytest.mark.parametrize("unknowns", [False, True])
    @given(data=st.data())
    @settings(LOOSE, max_examples=2, phases=DRAWN)
    def test_they_are_what_deciding_day_by_day_shows(self, pack, unknowns, data):
        policy = FORCES[pack].policy
        snapshot, decision = drawn(data, policy, unknowns=unknowns)
        # With facts missing each day takes long, and a year of them minutes: then some days are tried, with one fact missing at most.
        if len(decision.missing) < 2:
            assert list(check_ahead(policy, snapshot, decision, random.Random(0) if decision.missing else None)) == []


@pytest.mark.parametrize("pack", PACKS)
class TestOtherReadings:
    """Each other reading is what its own policy decides, and one that changes what a worker would notice is there."""

    @given(data=st.data())
    @settings(LOOSE, max_examples=2, phases=DRAWN)
    def test_they_are_what_their_policies_decide(self, pack, data):
        policy = FORCES[pack].policy
        snapshot, decision = drawn(data, policy, unknowns=False)
        assert list(check_readings(policy, snapshot, decision)) == []

"""Unknown facts, exactly: the engine's decision on a case with hidden facts, held against every way of filling them in."""

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from tests.loaded import ROOT, policy_at
from tests.property.test_judge import LOOSE
from transfer_rules.testing.brute_force import BruteForce
from transfer_rules.testing.reference import NotKnown
from transfer_rules.testing.strategies import snapshots
from transfer_rules.testing.unknowns import cases_of, check, prepared

PACKS = [path for folder in ("policies", "tests/probes") for path in sorted(ROOT.glob(f"{folder}/*.yaml")) if not path.stem.endswith("_examples")]
FORCES = {str(path.relative_to(ROOT)): BruteForce(policy_at(path)) for path in PACKS}


@pytest.mark.parametrize("pack", FORCES)
class TestUnknownFactsExactly:
    """A decision is decided if and only if every way of filling in its unknown facts answers alike, and then with that answer.

    A fact is missing when two ways that differ in it alone answer differently, and only then. No way has a deadline outside the bounds that the
    decision states, or an outcome or a team that is not among its candidates. (`transfer_rules.testing.unknowns` checks the same on many more cases.)
    """

    @given(data=st.data())
    # Shrinking a case takes minutes; the campaign makes its own cases smaller.
    @settings(LOOSE, max_examples=40, phases=[Phase.reuse, Phase.generate])
    def test_the_decision_says_no_more_and_no_less_than_all_ways_together(self, pack, data):
        force = FORCES[pack]
        policy = force.policy
        chance = data.draw(st.randoms(use_true_random=False))
        whole = prepared(policy, data.draw(snapshots(policy, unknowns=False)), chance)
        partial, hidden, values = next(cases_of(policy, whole, chance))
        note(f"{partial!r}\nhidden: {hidden}")
        try:
            checked = check(policy, partial, hidden, values, force)
        except NotKnown:
            return
        assert checked.violations == ()

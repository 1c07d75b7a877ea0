"""The engine against the judge, on drawn snapshots of every pack."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.loaded import ROOT, policy_at
from transfer_rules import evaluate
from transfer_rules.testing.reference import NotKnown, differences, judge, verdict_of
from transfer_rules.testing.strategies import snapshots

PACKS = sorted([*ROOT.glob("policies/*.yaml"), *ROOT.glob("tests/probes/*.yaml"), *ROOT.glob("tests/packs/*.yaml")])
PACKS = [path for path in PACKS if not path.stem.endswith("_examples")]
# By path: a probe pack may have the name of a bundled one.
POLICIES = {path.relative_to(ROOT).with_suffix("").as_posix(): policy_at(path) for path in PACKS}
LOOSE = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("pack", POLICIES)
class TestEngineAgreesWithTheJudge:
    """Where the judge can decide from what is known, the engine gives the same answer; what the engine calls decided, the judge confirms."""

    @given(data=st.data())
    @settings(LOOSE, max_examples=150)
    def test_on_fully_known_snapshots(self, pack, data):
        policy = POLICIES[pack]
        snapshot = data.draw(snapshots(policy, unknowns=False))
        try:
            verdict = judge(policy.pack, policy.calendar, snapshot)
        except NotKnown:
            return
        assert differences(verdict, verdict_of(evaluate(policy, snapshot))) == []

"""The laws of `transfer_rules.testing.laws`: kept by every bundled pack and by drawn packs, and broken where something is wrong."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.loaded import ROOT, bundled
from transfer_rules.testing.campaign import PACKS
from transfer_rules.testing.laws import LAWS, laws_for
from transfer_rules.testing.strategies import calendars, policies

# The campaigns check many more; here each law has a few draws of each pack.
TestWarrington, TestSuffolk, TestNorfolk, TestShropshire, TestWirral = (laws_for(bundled(name), examples=4) for name in PACKS)


def test_the_documentation_lists_every_law():
    text = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    listed = [line for line in text.splitlines() if line.startswith("- *")]
    assert listed == [f"- *{law.name.replace('_', ' ')}*: {law.says}" for law in LAWS]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
class TestDrawnPacks:
    """The laws hold for any pack, and under any calendar."""

    def test_the_law_holds(self, law):
        @given(data=st.data())
        @settings(max_examples=max(2, round(8 * law.weight)), deadline=None, suppress_health_check=list(HealthCheck))
        def hold(data):
            law.test(data.draw(policies(data.draw(calendars()))), data)

        hold()

"""Receipts of drawn cases: they replay identical (in other processes: tests/test_purity.py); equal cases give equal bytes; no change goes unseen."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.loaded import BUNDLED, bundled
from tests.property.test_judge import LOOSE
from transfer_rules import CaseSnapshot, evaluate
from transfer_rules.policy import Policy
from transfer_rules.receipts import read_receipts, receipt, receipt_to_json, replay
from transfer_rules.snapshots import read_cases, snapshot_to_dict
from transfer_rules.testing.strategies import snapshots

POLICIES = {name: bundled(name) for name in BUNDLED}
UNSHRUNK = settings(LOOSE, phases=[Phase.explicit, Phase.reuse, Phase.generate])


def some(policy: Policy) -> st.SearchStrategy[CaseSnapshot]:
    """Return a strategy of snapshots, with unknown facts in one case of four."""
    return st.integers(0, 3).flatmap(lambda chance: snapshots(policy, unknowns=chance == 3))


def written(policy: Policy, snapshot: CaseSnapshot) -> dict[str, Any]:
    """Return the receipt of a case."""
    return receipt(policy, snapshot, evaluate(policy, snapshot))


@pytest.mark.parametrize("pack", POLICIES)
class TestAReceiptReplaysIdentical:
    """A receipt that is written and read back replays identical, and what was read is written in the same bytes."""

    @given(data=st.data())
    @settings(UNSHRUNK, max_examples=10)
    def test_on_drawn_snapshots(self, pack, data):
        policy = POLICIES[pack]
        text = receipt_to_json(written(policy, data.draw(some(policy))))
        (read,) = read_receipts(text.encode(), "receipt.json")
        assert read.receipt is not None
        assert receipt_to_json(read.receipt) == text
        found = replay(policy, read.receipt)
        assert (found.verdict, found.differences, found.doing) == ("identical", (), ())


@st.composite
def written_otherwise(draw: st.DrawFn, snapshot: CaseSnapshot) -> CaseSnapshot:
    """Draw an equal case whose values are written otherwise: moments with another offset, sets and names in another order, yes and no as words."""

    def otherwise(value: Any) -> Any:
        match value:
            case bool():
                return draw(st.sampled_from([value, "yes" if value else "no", "true" if value else "false"]))
            case int():
                return draw(st.sampled_from([value, str(value)]))
            case list():
                return draw(st.permutations(value))
            case str() if "T" in value and value[:4].isdigit():
                offset = timezone(timedelta(minutes=draw(st.sampled_from([0, 60, -300, 345, 780]))))
                return datetime.fromisoformat(value).astimezone(offset).isoformat()
            case dict():
                return {key: otherwise(value[key]) for key in draw(st.permutations(list(value)))}
            case _:
                return value

    (case,) = read_cases(json.dumps(otherwise(snapshot_to_dict(snapshot))).encode(), "case.json")
    assert case.snapshot is not None
    return case.snapshot


@pytest.mark.parametrize("pack", POLICIES)
class TestEqualCasesHaveEqualReceipts:
    """Cases that are equal have receipts of the same bytes, however their values were written."""

    @given(data=st.data())
    @settings(UNSHRUNK, max_examples=10)
    def test_on_drawn_snapshots(self, pack, data):
        policy = POLICIES[pack]
        snapshot = data.draw(some(policy))
        other = data.draw(written_otherwise(snapshot))
        assert receipt_to_json(written(policy, other)) == receipt_to_json(written(policy, snapshot))


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every (container, key) of some JSON data, outside the identity."""
    pairs = enumerate(data) if isinstance(data, list) else data.items() if isinstance(data, dict) else ()
    for key, value in pairs:
        if key != "identity":
            yield data, key
            yield from places(value)


# Copies, since a list that is put in may be altered in its turn, and must be another one in the next receipt.
SHARED = st.sampled_from([None, True, False, 0, 1, "", "x", "2026-04-02", [], ["x"], {}, {"item": "x"}, [{"rule": "x"}], [["x", 1]]])
VALUES = SHARED.map(copy.deepcopy)


@pytest.mark.parametrize("pack", POLICIES)
class TestNothingAlteredGoesUnseen:
    """A receipt of whose decision anything was altered, put in, left out or moved replays as one that was altered, and says where."""

    @given(data=st.data())
    @settings(LOOSE, max_examples=20)
    def test_on_drawn_snapshots(self, pack, data):
        policy = POLICIES[pack]
        one = written(policy, data.draw(snapshots(policy, unknowns=False)))
        changed = copy.deepcopy(one)
        for _ in range(data.draw(st.integers(1, 3))):
            container, key = data.draw(st.sampled_from(list(places(changed["decision"]))))
            match data.draw(st.sampled_from(["replace", "remove", "add", "move"])):
                case "replace":
                    container[key] = data.draw(VALUES)
                case "remove":
                    del container[key]
                case "add" if isinstance(container, list):
                    container.insert(data.draw(st.integers(0, len(container))), data.draw(st.one_of(VALUES, st.just(copy.deepcopy(container[key])))))
                case "add":
                    container["more"] = data.draw(VALUES)
                case "move" if isinstance(container, list):
                    container.append(container.pop(key))
        found = replay(policy, changed)
        if json.dumps(changed, sort_keys=True) == json.dumps(one, sort_keys=True):
            assert found.verdict == "identical"
        else:
            assert (found.verdict, found.altered, bool(found.differences)) == ("differs", True, True)

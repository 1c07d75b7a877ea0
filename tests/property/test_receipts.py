"""Receipts of drawn cases: they replay identical, here and in other processes; equal cases give equal bytes; nothing altered goes unseen."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.property.test_judge import LOOSE, ROOT
from transfer_rules import CaseSnapshot, evaluate, load_policy
from transfer_rules.loading import bundled_packs
from transfer_rules.policy import Policy
from transfer_rules.receipts import read_receipts, receipt, receipt_to_json, receipts_to_json, replay
from transfer_rules.snapshots import read_cases, snapshot_to_dict
from transfer_rules.testing.strategies import snapshots

POLICIES = {name: load_policy(name) for name in bundled_packs()}
# Cases with unknown facts take a hundred times as long to decide as those without, some of them seconds.
KNOWN, UNKNOWN = 15, 2
BATCH = KNOWN + UNKNOWN
UNSHRUNK = settings(LOOSE, phases=[Phase.explicit, Phase.reuse, Phase.generate])
SETTINGS = [("0", "Pacific/Auckland", "C"), ("1", "America/New_York", "C.UTF-8"), ("4294967295", "UTC", "")]


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


VALUES = st.sampled_from([None, True, False, 0, 1, "", "x", "2026-04-02", [], ["x"], {}, {"item": "x"}, [{"rule": "x"}], [["x", 1]]])


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


# Decides every case of every pack, writes the receipts into its own folder, and replays those of the test; prints how many, by verdict.
PROGRAM = """
import sys
from collections import Counter
from pathlib import Path
from transfer_rules import evaluate, load_policy
from transfer_rules.receipts import read_receipts, receipt, receipts_to_json, replay
from transfer_rules.snapshots import read_cases

counts = Counter()
for name in sys.argv[2:]:
    policy, folder = load_policy(name), Path(sys.argv[1])
    cases = read_cases((folder / f"{name}.json").read_bytes(), "cases")
    receipts = {case.label: receipt(policy, case.snapshot, evaluate(policy, case.snapshot)) for case in cases}
    Path(f"{name}.receipts.json").write_bytes(receipts_to_json(receipts).encode())
    for read in read_receipts((folder / f"{name}.receipts.json").read_bytes(), "receipts"):
        counts[replay(policy, read.receipt).verdict] += 1
print(dict(counts))
"""


def drawn(policy: Policy, count: int, *, unknowns: bool) -> list[CaseSnapshot]:
    """Return some drawn cases, the same at every run."""
    found: list[CaseSnapshot] = []

    @given(snapshot=snapshots(policy, unknowns=unknowns))
    @settings(LOOSE, max_examples=count + 1, derandomize=True, database=None, phases=[Phase.generate])
    def collect(snapshot: CaseSnapshot) -> None:
        found.append(snapshot)

    collect()
    # The first one drawn knows nothing, and takes longer than all the others.
    return found[1 : count + 1]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a file of drawn cases for each pack, and one of their receipts."""
    folder = tmp_path_factory.mktemp("batch")
    for name, policy in POLICIES.items():
        cases = [*drawn(policy, KNOWN, unknowns=False), *drawn(policy, UNKNOWN, unknowns=True)]
        labelled = {f"case {number}": case for number, case in enumerate(cases)}
        plain = {label: snapshot_to_dict(case) for label, case in labelled.items()}
        (folder / f"{name}.json").write_text(json.dumps(plain), encoding="utf-8")
        text = receipts_to_json({label: written(policy, case) for label, case in labelled.items()})
        (folder / f"{name}.receipts.json").write_bytes(text.encode())
    return folder


@pytest.fixture(scope="module")
def elsewhere(batch: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Path, subprocess.Popen[str]]]]:
    """Return a process at work for each setting, by its time zone, and the folder that it works in."""
    found = {}
    for seed, zone, locale in SETTINGS:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONPATH": str(ROOT / "src")}
        command, folder = [sys.executable, "-c", PROGRAM, str(batch), *POLICIES], tmp_path_factory.mktemp("elsewhere")
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        found[zone] = (folder, process)
    yield found
    for _, process in found.values():
        process.kill()
        process.communicate()


class TestReceiptsAreTheSameInEveryProcess:
    """Whatever the seed of hashes, the time zone, the locale and the folder: the same bytes, and every receipt replays identical."""

    @pytest.mark.parametrize("zone", [zone for _, zone, _ in SETTINGS])
    def test_on_a_batch_of_every_pack(self, zone, batch, elsewhere):
        folder, process = elsewhere[zone]
        said, complained = process.communicate()
        assert (complained, said) == ("", f"{{'identical': {BATCH * len(POLICIES)}}}\n")
        for name in POLICIES:
            assert (folder / f"{name}.receipts.json").read_bytes() == (batch / f"{name}.receipts.json").read_bytes()

    def test_the_batch_holds_moments_sets_and_facts_of_the_packs(self, batch):
        kinds, days = set(), set()
        for name, policy in POLICIES.items():
            for read in read_receipts((batch / f"{name}.receipts.json").read_bytes(), name):
                assert read.receipt is not None
                snapshot = read.receipt["snapshot"]
                days.add("T" in snapshot["as_of"])
                kinds |= {(type(value), fact in policy.pack.local_facts) for fact, value in snapshot.get("facts", {}).items()}
                kinds |= {("moment", fact in policy.pack.local_facts) for fact, value in snapshot.get("facts", {}).items() if "T" in str(value)}
        assert days == {True, False}
        assert {(bool, True), (bool, False), (list, True), ("moment", True), ("moment", False), (int, False)} <= kinds

"""`check` finds faults put into the bundled packs: a small share of what `scripts/seeded_faults.py` makes."""

from dataclasses import replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from transfer_rules import evaluate
from transfer_rules.policy import compile_pack

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
SEED = 7


@pytest.fixture(scope="module")
def script():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        yield import_module("seeded_faults")


@pytest.fixture(scope="module")
def sources(script):
    """The two packs that are checked in the shortest time."""
    return {stem: script.Source(stem) for stem in ("norfolk", "suffolk")}


@pytest.fixture(scope="module")
def faults(script, sources):
    """One fault of each kind in each pack."""
    return [fault for fault, _ in islice(script.faults(list(sources.values()), SEED), 2 * len(script.KINDS))]


def test_every_kind_of_fault_is_put_into_every_pack(script, sources, faults):
    assert {(fault.kind, fault.stem) for fault in faults} == {(kind, stem) for kind in script.KINDS for stem in sources}


def test_check_finds_every_fault(script, sources, faults):
    assert [script.described(fault) for fault in faults if not script.is_found(sources[fault.stem], fault)] == []


def test_the_rules_of_a_fault_clash_in_its_case_for_the_engine_too_and_did_not_before(sources, faults):
    for fault in faults:
        source, snapshot = sources[fault.stem], fault.case.snapshot()
        after = evaluate(compile_pack(fault.change.pack, source.policy.calendar), snapshot)
        assert (after.outcome, {reason.rule for reason in after.reasons}) == ("conflict", fault.clash)
        assert evaluate(source.policy, snapshot).outcome != "conflict"


def test_a_pack_that_was_not_changed_has_no_fault(script, sources, monkeypatch):
    monkeypatch.setattr(script, "TRIES", 60)
    source = sources["norfolk"]
    unchanged = script.Change(source.pack, "a_case_closes_once_the_manager_has_confirmed", None, "nothing")
    assert source.clash(Random(SEED), unchanged) is None


def test_a_fault_of_which_check_says_nothing_is_missed(script, sources, faults):
    source, fault = sources["norfolk"], next(fault for fault in faults if fault.stem == "norfolk")
    assert not script.is_found(source, replace(fault, change=replace(fault.change, pack=source.pack)))


def test_the_same_seed_puts_in_the_same_faults(script, sources, faults):
    again, _ = next(script.faults(list(sources.values()), SEED))
    assert script.described(again) == script.described(faults[0])

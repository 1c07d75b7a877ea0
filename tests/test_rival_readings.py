"""Every executable interpretation matters: under its rival reading some worked example is decided differently."""

from dataclasses import replace
from functools import cache

import pytest

from tests.test_removal import EXAMPLES, POLICIES, changed, likeliest_first
from transfer_rules import SnapshotError
from transfer_rules.evaluation import evaluate_to_compare


def answer(policy, snapshot):
    """Return what a worker would notice: outcome, team, dates, items and duties, without the identity of the policy."""
    try:
        decision = evaluate_to_compare(policy, snapshot)
    except SnapshotError as error:
        return str(error)
    return replace(decision, identity=None, reasons=(), warnings=(), missing=())


@cache
def chosen(stem, number):
    """Return the answer of a worked example under the chosen readings."""
    return answer(POLICIES[stem], EXAMPLES[stem][number].snapshot)


CASES = [(stem, name) for stem, policy in POLICIES.items() for name in policy.readings]


@pytest.mark.parametrize(("stem", "name"), CASES, ids=[f"{stem}: {name}" for stem, name in CASES])
def test_a_rival_reading_changes_a_worked_example(stem, name):
    rival = POLICIES[stem].readings[name]
    tried = likeliest_first(stem, changed(POLICIES[stem].pack, rival.pack))
    assert any(chosen(stem, number) != answer(rival, EXAMPLES[stem][number].snapshot) for number in tried)


@pytest.mark.parametrize("stem", POLICIES)
def test_a_rival_reading_is_a_policy_of_its_own(stem):
    policy = POLICIES[stem]
    assert len({policy.identity.digest, *(rival.identity.digest for rival in policy.readings.values())}) == 1 + len(policy.readings)

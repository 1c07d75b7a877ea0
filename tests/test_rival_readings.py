"""Every executable interpretation matters: under its rival reading some worked example is decided differently."""

from dataclasses import replace
from functools import cache

import pytest

from tests.test_removal import EXAMPLES, POLICIES
from transfer_rules import SnapshotError, evaluate


def answer(policy, snapshot):
    """Return what a worker would notice: outcome, team, dates, items and duties, without the identity of the policy."""
    try:
        decision = evaluate(policy, snapshot)
    except SnapshotError as error:
        return str(error)
    return replace(decision, identity=None, reasons=(), warnings=(), missing=(), rests_on_unstated=())


@cache
def answers(stem):
    """Return the answers under the chosen readings, worked out once."""
    return [answer(POLICIES[stem], example.snapshot) for example in EXAMPLES[stem]]


CASES = [(stem, name) for stem, policy in POLICIES.items() for name in policy.readings]


@pytest.mark.parametrize(("stem", "name"), CASES, ids=[f"{stem}: {name}" for stem, name in CASES])
def test_a_rival_reading_changes_a_worked_example(stem, name):
    rival = POLICIES[stem].readings[name]
    assert any(before != answer(rival, example.snapshot) for before, example in zip(answers(stem), EXAMPLES[stem], strict=True))


@pytest.mark.parametrize("stem", POLICIES)
def test_a_rival_reading_is_a_policy_of_its_own(stem):
    policy = POLICIES[stem]
    assert len({policy.identity.digest, *(rival.identity.digest for rival in policy.readings.values())}) == 1 + len(policy.readings)

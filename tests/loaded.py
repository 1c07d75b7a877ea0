"""The packs of the project and their worked examples, each read once for all tests; reading a large pack takes about a second."""

from functools import cache
from pathlib import Path

from transfer_rules import load_policy
from transfer_rules.examples import Example, read_examples
from transfer_rules.policy import Policy

ROOT = Path(__file__).resolve().parents[1]
BUNDLED = tuple(sorted(path.stem for path in (ROOT / "policies").glob("*.yaml")))


@cache
def policy_at(path: Path) -> Policy:
    """Return the policy of a pack's file."""
    return load_policy(path)


def bundled(name: str) -> Policy:
    """Return a bundled pack."""
    return policy_at(ROOT / "policies" / f"{name}.yaml")


@cache
def examples_in(path: Path) -> tuple[Example, ...]:
    """Return the worked examples of a file."""
    return tuple(read_examples(path))

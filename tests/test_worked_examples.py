"""Every worked example of every pack, one test each."""

import pytest

from tests.loaded import ROOT, examples_in, policy_at
from transfer_rules.examples import run_example

PAIRS = [(path, path.with_name(f"{path.stem}_examples.yaml")) for path in sorted((ROOT / "tests" / "probes").glob("*.yaml"))]
PAIRS += [(path, path.parent / "examples" / path.name) for folder in ("policies", "tests/packs") for path in sorted((ROOT / folder).glob("*.yaml"))]
# Situations taken from the printed procedures by people who had not read the packs.
PAIRS += [(ROOT / "policies" / path.name, path) for path in sorted((ROOT / "tests" / "cold").glob("*.yaml"))]
FILES = [(pack, examples) for pack, examples in PAIRS if examples.is_file()]
EXAMPLES = [(pack, example) for pack, examples in FILES for example in examples_in(examples)]


@pytest.mark.parametrize(("path", "example"), EXAMPLES, ids=[f"{path.stem}: {example.name}" for path, example in EXAMPLES])
def test_the_example_is_decided_as_expected(path, example):
    assert [str(difference) for difference in run_example(policy_at(path), example)] == []

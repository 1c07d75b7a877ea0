"""Every worked example of every pack, one test each."""

from pathlib import Path

import pytest

from transfer_rules import load_policy
from transfer_rules.examples import read_examples, run_example

ROOT = Path(__file__).resolve().parents[1]
PAIRS = [(path, path.with_name(f"{path.stem}_examples.yaml")) for path in sorted((ROOT / "tests" / "probes").glob("*.yaml"))]
PAIRS += [(path, path.parent / "examples" / path.name) for folder in ("policies", "tests/packs") for path in sorted((ROOT / folder).glob("*.yaml"))]
# Situations taken from the printed procedures by people who had not read the packs.
PAIRS += [(ROOT / "policies" / path.name, path) for path in sorted((ROOT / "tests" / "cold").glob("*.yaml"))]
FILES = [(pack, examples) for pack, examples in PAIRS if examples.is_file()]
POLICIES = {pack: load_policy(pack) for pack, _ in FILES}
EXAMPLES = [(pack, example) for pack, examples in FILES for example in read_examples(examples)]


@pytest.mark.parametrize(("path", "example"), EXAMPLES, ids=[f"{path.stem}: {example.name}" for path, example in EXAMPLES])
def test_the_example_is_decided_as_expected(path, example):
    assert [str(difference) for difference in run_example(POLICIES[path], example)] == []

"""Every worked example of every pack, one test each."""

from pathlib import Path

import pytest

from transfer_rules import load_policy
from transfer_rules.examples import read_examples, run_example

ROOT = Path(__file__).resolve().parents[1]
FILES = {path: path.with_name(f"{path.stem}_examples.yaml") for path in sorted((ROOT / "tests" / "probes").glob("*.yaml"))}
FILES |= {path: path.parent / "examples" / path.name for folder in ("policies", "tests/packs") for path in sorted((ROOT / folder).glob("*.yaml"))}
POLICIES = {path: load_policy(path) for path, examples in FILES.items() if examples.is_file()}
EXAMPLES = [(path, example) for path in POLICIES for example in read_examples(FILES[path])]


@pytest.mark.parametrize(("path", "example"), EXAMPLES, ids=[f"{path.stem}: {example.name}" for path, example in EXAMPLES])
def test_the_example_is_decided_as_expected(path, example):
    assert [str(difference) for difference in run_example(POLICIES[path], example)] == []

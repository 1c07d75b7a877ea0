"""The pytest plugin: worked examples are collected where their pack stands, and a failure reads as `transfer-rules test` does."""

from pathlib import Path

import pytest

from tests.marlshire import END, HEAD, RULE
from transfer_rules.testing.plugin import pack_of

pytest_plugins = ["pytester"]

PACK = HEAD + RULE + END
EXAMPLES = """
- name: a case of nobody's is silent
  as_of: 2026-05-06
  facts: {current_team: none}
  expect: {outcome: stay}
- name: this one is meant to fail
  as_of: 2026-05-06
  facts: {current_team: none}
  expect: {outcome: close}
"""


def write(folder: Path, pack: str = PACK, examples: str = EXAMPLES) -> None:
    (folder / "examples").mkdir()
    (folder / "marlshire.yaml").write_text(pack, encoding="utf-8")
    (folder / "examples" / "marlshire.yaml").write_text(examples, encoding="utf-8")


def test_each_example_is_a_test_and_a_failure_says_what_differs_and_where(pytester: pytest.Pytester) -> None:
    write(pytester.path)
    result = pytester.runpytest("-p", "transfer_rules.testing.plugin")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*examples/marlshire.yaml:6:3: this one is meant to fail", "outcome: expected close, but it is stay"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_pack_that_cannot_be_loaded_fails_with_its_message(pytester: pytest.Pytester) -> None:
    write(pytester.path, PACK.replace("lead_plan", "leed_plan"))
    result = pytester.runpytest("-p", "transfer_rules.testing.plugin")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*marlshire.yaml:*error: unknown fact `leed_plan`*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_other_yaml_files_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "other.yaml").write_text("[]", encoding="utf-8")
    assert pack_of(tmp_path / "examples" / "marlshire.yaml") == tmp_path / "marlshire.yaml"
    assert pack_of(tmp_path / "marlshire.yaml") is None
    assert pack_of(tmp_path / "other.yaml") is None
    (tmp_path / "marlshire_examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    assert pack_of(tmp_path / "marlshire_examples.yaml") == tmp_path / "marlshire.yaml"

"""A pytest plugin: every worked example is a test.

    pytest -p transfer_rules.testing.plugin policies/

or, in a `conftest.py`, `pytest_plugins = ["transfer_rules.testing.plugin"]`. A file `examples/<name>.yaml` is collected where the pack `<name>.yaml`
stands beside its folder, and `<name>_examples.yaml` where the pack stands beside it. A pack that cannot be loaded fails as the message of
`transfer-rules check` says, at its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..errors import TransferRulesError
from ..examples import Example, read_examples, run_example
from ..loading import load_policy
from ..policy import Policy

_SUFFIX = "_examples"


def pack_of(file: Path) -> Path | None:
    """Return the pack whose worked examples a file holds, by where the two stand; None where it is no such file."""
    if file.suffix != ".yaml":
        return None
    if file.stem.endswith(_SUFFIX):
        pack = file.with_name(file.stem.removesuffix(_SUFFIX) + file.suffix)
    elif file.parent.name == "examples":
        pack = file.parent.parent / file.name
    else:
        return None
    return pack if pack.is_file() else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file of worked examples."""
    return None if pack_of(file_path) is None else ExamplesFile.from_parent(parent, path=file_path)


class ExamplesFile(pytest.File):
    """A file of worked examples; its pack is loaded once, when they are collected."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each example."""
        pack = pack_of(self.path)
        assert pack is not None
        policy = load_policy(pack)
        for example in read_examples(self.path):
            yield WorkedExample.from_parent(self, name=example.name, policy=policy, example=example)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say what is wrong with the pack or the file as the command line does, without a traceback."""
        if isinstance(excinfo.value, TransferRulesError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class NotAsExpected(Exception):
    """An example is not decided as expected: each difference in words."""


class WorkedExample(pytest.Item):
    """One worked example."""

    def __init__(self, *, policy: Policy, example: Example, **other: Any):
        super().__init__(**other)
        self.policy = policy
        self.example = example

    def runtest(self) -> None:
        """Decide the example and compare."""
        differences = run_example(self.policy, self.example)
        if differences:
            raise NotAsExpected("\n".join(map(str, differences)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say each difference, and where the example stands."""
        if isinstance(excinfo.value, NotAsExpected | TransferRulesError):
            return f"{self.example.place}: {self.example.name}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the example stands, lines counted from 0 as pytest wants them."""
        return self.path, self.example.place.line - 1, self.name


__all__ = ["ExamplesFile", "WorkedExample", "pack_of"]

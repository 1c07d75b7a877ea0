"""Explanations as people read them: `tests/explanations/<pack>/<name>.yaml` is a case, and `.txt` a command line and what it prints.

`pytest --approve` renews what is printed. A new case needs its snapshot and the command line alone.
"""

import shlex
from collections.abc import Iterator
from functools import cache
from textwrap import wrap

import pytest
from click.testing import CliRunner

from tests.loaded import BUNDLED, ROOT, bundled, examples_in
from transfer_rules import CaseSnapshot, Decision, Policy, evaluate, explain
from transfer_rules.cli import _common, main
from transfer_rules.counting import count_steps
from transfer_rules.explanation import COLUMNS
from transfer_rules.rivals import other_readings
from transfer_rules.snapshots import read_cases
from transfer_rules.timescales import Birthday, Count, FactDay, nodes

FOLDER = ROOT / "tests" / "explanations"
CASES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.yaml"))

LINES = 66
EVERY = 15
"""Of the worked examples each of so many is explained: all of them would take minutes."""


@cache
def case(name: str) -> tuple[Policy, CaseSnapshot, Decision]:
    """Return a case, decided."""
    file = FOLDER / f"{name}.yaml"
    [read] = read_cases(file.read_bytes(), file.name)
    assert read.snapshot is not None
    found = bundled(name.partition("/")[0])
    return found, read.snapshot, evaluate(found, read.snapshot)


# --- the texts


def test_every_case_has_its_text_and_every_text_its_case() -> None:
    assert sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.txt")) == CASES


@pytest.mark.parametrize("name", CASES)
def test_the_explanation_is_the_approved_one(name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # The command finds the pack at hand, since reading it anew for every text takes longer than all that is said of it.
    monkeypatch.setattr(_common, "load_policy", bundled)
    approved = FOLDER / f"{name}.txt"
    command = approved.read_text(encoding="utf-8").splitlines()[0]
    words = shlex.split(command.removeprefix("$ "))
    assert words[:5] == ["transfer-rules", "decide", "--policy", name.partition("/")[0], f"tests/explanations/{name}.yaml"]
    result = CliRunner().invoke(main, words[1:])
    assert result.exit_code == 0, result.output
    said = f"{command}\n{result.stdout}"
    if request.config.getoption("approve"):
        approved.write_text(said, encoding="utf-8")
    assert said == approved.read_text(encoding="utf-8")


# --- the cases


def kinds(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> Iterator[str]:
    """Yield what kinds of case this is, as its decision shows."""
    yield decision.outcome
    yield decision.certainty
    if decision.silent:
        yield "silent"
    if decision.outcome == "transfer" and decision.certainty == "decided" and any(item.why != "excused" for item in decision.outstanding):
        yield "transfer with something outstanding"
        if any(step.verdict == "counted" and step.start is not None for step in count_steps(policy, snapshot, decision)):
            yield "counted transfer with something outstanding"


def counts(policy: Policy) -> bool:
    """Say whether any move of a pack has a date at all: Suffolk's procedure gives none a number of days."""
    deadlines = [rule.deadline for rule in policy.rules.values() if rule.deadline is not None]
    return any(isinstance(node, Count | FactDay | Birthday) for deadline in deadlines for node in nodes(deadline))


@pytest.mark.parametrize("pack", BUNDLED)
def test_each_pack_shows_every_kind_of_case(pack: str) -> None:
    cases = [case(name) for name in CASES if name.startswith(f"{pack}/")]
    ordinary = "counted transfer with something outstanding" if counts(bundled(pack)) else "transfer with something outstanding"
    assert {"provisional", "people_decide", "silent", ordinary} <= {kind for one in cases for kind in kinds(*one)}
    assert any(other_readings(*one) for one in cases)


def test_each_pack_has_five_cases_at_least() -> None:
    assert {pack: len([name for name in CASES if name.startswith(f"{pack}/")]) >= 5 for pack in BUNDLED} == dict.fromkeys(BUNDLED, True)


def test_what_cannot_be_told_and_what_closes_is_shown_too() -> None:
    assert {"undetermined", "close"} <= {case(name)[2].outcome for name in CASES}


# --- one screen


def too_wide(line: str) -> bool:
    """Say whether a line is wider than the screen, and could be broken."""
    return len(line) > COLUMNS and len(wrap(line.strip(), COLUMNS // 2, break_long_words=False, break_on_hyphens=False)) > 1


@pytest.mark.parametrize("pack", BUNDLED)
def test_no_explanation_of_a_worked_example_is_longer_or_wider_than_a_screen(pack: str) -> None:
    """Every fifteenth worked example stands for all of them, since explaining all takes minutes."""
    found = bundled(pack)
    for example in examples_in(ROOT / "policies" / "examples" / f"{pack}.yaml")[::EVERY]:
        lines = explain(found, example.snapshot, evaluate(found, example.snapshot)).splitlines()
        assert len(lines) <= LINES, example.name
        assert [line for line in lines if too_wide(line)] == [], example.name

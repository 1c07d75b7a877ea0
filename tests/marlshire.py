"""The invented council of the tests: its pack as text, the same with something changed, and what is wrong with that."""

from functools import cache
from pathlib import Path

import pytest

from transfer_rules import Policy, load_policy
from transfer_rules.errors import Diagnostic, PackError
from transfer_rules.loading import parse_policy

ROOT = Path(__file__).resolve().parents[1]
PATH = ROOT / "tests" / "packs" / "marlshire.yaml"
TEXT = PATH.read_text(encoding="utf-8")
FILE = "marlshire.yaml"

HEAD = """\
language: 1
authority: {name: Marlshire Council}
source: {title: Moving case responsibility between teams, edition: "3.1"}
in_force: {from: 2025-04-01}
teams: {assessment: {label: Assessment Team, no_way_in: nothing here says}, \
permanence: {label: Permanence Team, areas: [north, south], no_way_out: nothing here says}, \
court: {label: Court Team, no_way_in: nothing here says, no_way_out: nothing here says}}
"""
RULE = "rules: [{id: plan_to_permanence, from: assessment, when: {fact: lead_plan, is: in_care}, transfer_to: permanence}]\n"
END = "otherwise: {label: the case stays}\n"


def changed(*pairs: tuple[str, str], text: str = TEXT) -> str:
    """Return the pack with each first text, which must stand there once, replaced by the second."""
    for old, new in pairs:
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return text


def small(*, head: str = HEAD, more: str = "", rules: str = RULE, end: str = END) -> str:
    """Return the smallest pack, with something more in it."""
    return head + more + rules + end


def policy_of(text: str | bytes, file: str = FILE) -> Policy:
    """Return the policy of a pack's text; its ledger is not read."""
    return parse_policy(text.encode() if isinstance(text, str) else text, file)


def faults_in(text: str | bytes) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a pack's text."""
    with pytest.raises(PackError) as caught:
        policy_of(text)
    return caught.value.diagnostics


def fault_in(text: str | bytes) -> Diagnostic:
    """Return the one thing that is wrong with a pack's text."""
    (only,) = faults_in(text)
    return only


def word_at(text: str, fault: Diagnostic) -> str:
    """Return what the caret line of a fault points at."""
    assert fault.location is not None
    line = text.splitlines()[fault.location.line - 1]
    return line[fault.location.column - 1 :][: fault.width]


@cache
def marlshire() -> Policy:
    """Return the whole pack, loaded from its file, its ledger read."""
    return load_policy(PATH)

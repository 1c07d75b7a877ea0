"""Decides a folder of cases in a process of its own, and writes all that is told of them.

`python -m tests.elsewhere <folder> <blocked or open> <path of a pack>...`. The folder holds `<pack>.json`, cases by label. Into the working folder
goes `<pack>.told`, and standard output says how many receipts of `<pack>.receipts.json` replay with which verdict.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import nullcontext, suppress
from locale import LC_ALL, Error, setlocale
from pathlib import Path

from transfer_rules import CaseSnapshot, count_steps, evaluate, explain, load_policy, possible_duties, questions, witnesses
from transfer_rules.policy import Policy
from transfer_rules.receipts import read_receipts, receipt, receipt_to_json, replay, say_replay
from transfer_rules.reports import report_ahead, report_readings, report_why
from transfer_rules.snapshots import decision_to_json, read_cases, snapshot_to_yaml

IN_FULL = "in full"
"""How the label of a case begins of which everything is told; of others it is the decision and its receipt."""

SHARE = 3
"""One case in so many is told with everything blocked where that is asked for: the first, and so on."""


def told(policy: Policy, label: str, snapshot: CaseSnapshot) -> str:
    """Return what the library tells of a case, as one text."""
    decision = evaluate(policy, snapshot)
    written = receipt(policy, snapshot, decision)
    parts = [label, decision_to_json(decision, places=False), receipt_to_json(written)]
    if label.startswith(IN_FULL):
        reports = [report(policy, snapshot, decision) for report in (report_why, report_readings, report_ahead)]
        parts += [explain(policy, snapshot, decision), snapshot_to_yaml(snapshot), say_replay(replay(policy, written))]
        parts += [json.dumps(report, ensure_ascii=False) for report in reports]
        parts += [f"{name}: {snapshot_to_yaml(way)}" for name, ways in witnesses(policy, snapshot).items() for way in ways]
        parts += [repr(found(policy, snapshot, decision)) for found in (questions, count_steps, possible_duties)]
    return "\n".join(parts)


def _main(folder: Path, whether: str, packs: list[Path]) -> None:
    with suppress(Error):
        # Python itself takes up only a part of what the variables say.
        setlocale(LC_ALL, "")
    if whether == "blocked":
        from .blocked import asked, blocked
    else:
        asked, blocked = [], nullcontext
    policies = {path.stem: load_policy(path) for path in packs}
    cases = {name: read_cases((folder / f"{name}.json").read_bytes(), "cases") for name in policies}
    receipts = {name: read_receipts((folder / f"{name}.receipts.json").read_bytes(), "receipts") for name in policies}
    for name in policies:
        texts = []
        for number, case in enumerate(cases[name]):
            # Watching takes longer than deciding.
            with nullcontext() if number % SHARE else blocked():
                texts.append(told(policies[name], case.label, case.snapshot))
        Path(f"{name}.told").write_bytes("\n".join(texts).encode())
    verdicts = Counter(replay(policies[name], read.receipt).verdict for name in policies for read in receipts[name])
    print(json.dumps([verdicts, asked]))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2], [*map(Path, sys.argv[3:])])

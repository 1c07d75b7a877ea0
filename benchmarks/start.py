"""Starting: the command on one case, from process start to exit, as it runs from an installed wheel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from .timing import interleaved, milli, table

ROOT: Final = Path(__file__).resolve().parents[1]
POLICY: Final = "warrington"
FACTS: Final = {
    "current_team": "child_in_need",
    "date_of_birth": "2016-06-06",
    "assessed_need": "social_work",
    "lead_plan": "in_care",
    "looked_after": True,
    "legal_basis": "care_order",
    "placement": "foster",
    "proceedings_issued_on": "2025-09-01",
    "proceedings_concluded_on": "2026-04-01",
    "care_order_made_on": "2026-04-01",
}
_BASE: Final = '`python -c "from pydantic import BaseModel"`'


def section(rounds: int) -> str:
    """Return the part of the results about starting; the wheel is built and installed, with what it needs, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            commands = _commands(folder)
        except subprocess.CalledProcessError as failed:
            return f"## Starting\n\nNot measured: `{Path(failed.cmd[0]).name} {' '.join(failed.cmd[1:4])}` failed."
        times = interleaved({what: partial(_run, command, folder) for what, command in commands.items()}, rounds)
    rows = [(what, milli(taken.median), milli(taken.least), taken.ratio(times[_BASE])) for what, taken in times.items()]
    return "\n\n".join(
        [
            "## Starting",
            f"From process start to exit, installed from a wheel into its own environment; the case states {len(FACTS)} facts. {rounds} rounds.",
            table(("command", "ms, median", "ms, least", "times pydantic"), rows),
        ]
    )


def _commands(folder: Path) -> dict[str, list[str]]:
    """Install the wheel, write a case down, and return what is to be run, by what it is called."""
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    _run([sys.executable, "-m", "venv", str(folder / "venv")], folder)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = str(programs / "python")
    _run([python, "-m", "pip", "install", "--quiet", str(next(folder.glob("*.whl")))], folder)
    (folder / "case.json").write_text(json.dumps({"as_of": "2026-04-02", "unstated": "not_so", "facts": FACTS}), encoding="utf-8")
    facts = "".join(f"  {name}: {_in_yaml(value)}\n" for name, value in FACTS.items())
    (folder / "case.yaml").write_text(f"as_of: 2026-04-02\nunstated: not_so\nfacts:\n{facts}", encoding="utf-8")
    decide = [str(programs / "transfer-rules"), "decide", "--policy", POLICY]
    return {
        '`python -c "pass"`': [python, "-c", "pass"],
        _BASE: [python, "-c", "from pydantic import BaseModel"],
        '`python -c "import transfer_rules"`': [python, "-c", "import transfer_rules"],
        f"`transfer-rules decide --policy {POLICY} case.json`": [*decide, "case.json"],
        f"`transfer-rules decide --policy {POLICY} --format json case.json`": [*decide, "--format", "json", "case.json"],
        f"`transfer-rules decide --policy {POLICY} case.yaml`": [*decide, "case.yaml"],
    }


def _in_yaml(value: object) -> object:
    return "yes" if value is True else value


def _run(command: Sequence[str], folder: Path) -> None:
    # What is imported must be what is installed, whatever the caller's own path says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

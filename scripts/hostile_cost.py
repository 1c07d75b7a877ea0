"""What hostile files cost at their worst: processor seconds and peak megabytes, each file read in a process of its own.

    python scripts/hostile_cost.py                 # the table of docs/hostile-files.md, in Markdown
    python scripts/hostile_cost.py --only bomb

The files are those of `tests/hostile_files.py`. The seconds count reading alone, not making the file. The megabytes are the peak of the process less
what it held when the file stood ready, so they leave out Python, the library and the file itself.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# The tests' own files are measured; they are found only once the project's folder is on the path.
sys.path.insert(0, str(ROOT))

from tests.hostile_files import CASES, EXAMPLES, PACKS, RECEIPTS, YAML, Build  # noqa: E402

KINDS: dict[str, tuple[dict[str, tuple[Build, str]], str]] = {
    "any text": (YAML, "parse_policy"),
    "pack": (PACKS, "parse_policy"),
    "examples": (EXAMPLES, "parse_examples"),
    "cases": (CASES, "read_cases"),
    "receipts": (RECEIPTS, "read_receipts"),
}


def readers() -> dict[str, Callable[[bytes, str], Any]]:
    """Return the functions that read; imported in the process that is measured only."""
    from transfer_rules.examples import parse_examples
    from transfer_rules.loading import parse_policy
    from transfer_rules.receipts import read_receipts
    from transfer_rules.snapshots import read_cases

    return {one.__name__: one for one in (parse_policy, parse_examples, read_cases, read_receipts)}


def measure(kind: str, code: str, path: Path) -> dict[str, Any]:
    """Read one file in this process, and return what came of it and what it cost."""
    from transfer_rules.errors import TransferRulesError

    read, data = readers()[KINDS[kind][1]], path.read_bytes()
    held = _peak()
    began = time.process_time()
    try:
        parts = read(data, "hostile")
        faults = [fault for part in parts if part.error is not None for fault in part.error.diagnostics]
    except TransferRulesError as error:
        faults = list(error.diagnostics)
    seconds = time.process_time() - began
    assert code in {fault.code for fault in faults}, (kind, code)
    return {"bytes": len(data), "findings": len(faults), "seconds": seconds, "megabytes": _peak() - held}


def _peak() -> float:
    # Linux counts kilobytes, macOS bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


def _size(number: int) -> str:
    return f"{number} B" if number < 10_000 else f"{number / 1024:,.0f} KiB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--only", default="", help="files whose name holds this text")
    parser.add_argument("--one", nargs=3, metavar=("KIND", "CODE", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        kind, code, path = given.one
        print(json.dumps(measure(kind, code, Path(path))))
        return
    print("| read as | file | size | ends in | findings | seconds | megabytes |")
    print("|---|---|---:|---|---:|---:|---:|")
    for kind, (files, _) in KINDS.items():
        for name, (build, code) in files.items():
            if given.only in name:
                one = _measured(kind, build, code)
                shown = f"{_size(one['bytes'])} | `{code}` | {one['findings']:,} | {one['seconds']:.2f} | {one['megabytes']:.0f}"
                print(f"| {kind} | {name} | {shown} |", flush=True)


def _measured(kind: str, build: Build, code: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        # Made here, so that making it adds nothing to the peak of the process that reads it.
        path = Path(folder, "hostile")
        path.write_bytes(build())
        command = [sys.executable, __file__, "--one", kind, code, str(path)]
        measured: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return measured


if __name__ == "__main__":
    main()

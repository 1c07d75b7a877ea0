"""Run the benchmarks.

python -m benchmarks                             # every part, into benchmarks/results.md
python -m benchmarks --only one-case columns     # some parts, printed
python -m benchmarks --profile                   # where the time goes, into benchmarks/profile.md

Exits 1 where candidates answer otherwise: then the part in question is not measured.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from . import caseloads, load, machine, memory, one_case, pack_size, profiles, start

FOLDER: Final = Path(__file__).resolve().parent
PARTS: Final = ("one-case", "columns", "packs", "size", "start", "load", "memory")


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="print these parts only")
    parser.add_argument("--cases", type=int, default=one_case.CASES, help="how many single cases")
    parser.add_argument("--rows", type=int, default=caseloads.ROWS, help="how many rows of columns")
    parser.add_argument("--unknown-rows", type=int, help="how many rows with unknown facts, 0 for none; as many as --rows unless it says so")
    parser.add_argument("--pack-rows", type=int, default=caseloads.PACK_ROWS, help="how many rows of columns of each bundled pack")
    parser.add_argument("--rounds", type=int, default=15, help="how often each candidate has its turn; for columns a third of it")
    parser.add_argument("--profile", action="store_true", help="profile one case and columns instead")
    given = parser.parse_args()
    unknown_rows = given.rows if given.unknown_rows is None else given.unknown_rows
    command = f"Command: `python -m benchmarks{''.join(f' {argument}' for argument in sys.argv[1:])}`"
    if given.profile:
        _write("profile.md", ["# Where the time goes", machine.described(), command, profiles.section(given.cases, given.rows, unknown_rows)])
        return 0
    few = max(5, given.rounds // 3)
    parts: dict[str, Callable[[], str]] = {
        "one-case": partial(one_case.section, given.rounds, given.cases),
        "columns": partial(caseloads.section, few, given.rows, unknown_rows),
        "packs": partial(caseloads.packs_section, few, given.pack_rows),
        "size": partial(pack_size.section, given.rounds, given.cases),
        "start": partial(start.section, given.rounds),
        "load": partial(load.section, given.rounds),
        "memory": partial(memory.section, given.rounds, given.cases),
    }
    found, wrong = [], False
    for name in given.only or PARTS:
        try:
            found.append(parts[name]())
        except AssertionError as differs:
            # What answers otherwise is not timed; the other parts are.
            wrong = True
            found.append(f"## {name}\n\nNot measured, for answers differ. {differs}")
        print(found[-1], end="\n\n", flush=True)
    if given.only is None:
        _write("results.md", ["# Results", machine.described(), command, *found])
    return int(wrong)


def _write(name: str, parts: list[str]) -> None:
    (FOLDER / name).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


sys.exit(main())

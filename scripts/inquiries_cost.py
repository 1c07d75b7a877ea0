"""What it costs to ask why, why not, what other readings give and what comes next, on the worked examples of the bundled packs.

    python scripts/inquiries_cost.py --every 10

For each pack: the middle and the longest processor time of each question in milliseconds, how many facts a `why` has, how many `why_not` changes, and
how many lines an explanation has.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from transfer_rules import CaseSnapshot, Decision, Policy, changes_ahead, evaluate, explain, load_policy, other_readings, why, why_not
from transfer_rules.examples import read_examples
from transfer_rules.testing.campaign import PACKS

EXAMPLES = Path(__file__).resolve().parents[1] / "policies" / "examples"
Asked = Callable[[Policy, CaseSnapshot, Decision], Any]
ASKED: dict[str, Asked] = {"why": why, "why_not": why_not, "other_readings": other_readings, "changes_ahead": changes_ahead, "explain": explain}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--every", type=int, default=10, help="of so many examples ask about one")
    every = parser.parse_args().every
    for pack in PACKS:
        policy = load_policy(pack)
        spent: dict[str, list[float]] = {name: [] for name in ASKED}
        sizes: list[int] = []
        verdicts: Counter[str] = Counter()
        lines: list[int] = []
        examples = read_examples(EXAMPLES / f"{pack}.yaml")[::every]
        for example in examples:
            decision = evaluate(policy, example.snapshot)
            for name, ask in ASKED.items():
                started = time.process_time()
                found = ask(policy, example.snapshot, decision)
                spent[name].append(1000 * (time.process_time() - started))
                if name == "why" and found is not None:
                    sizes.append(len(found.grounds))
                elif name == "why_not":
                    verdicts.update(str(len(one.changes)) if one.verdict == "changes" else one.verdict for one in found)
                elif name == "explain":
                    lines.append(len(found.splitlines()))
        print(f"{pack}: {len(examples)} examples")
        print("  ms, middle and longest:", ", ".join(f"{name} {median(some):.0f} and {max(some):.0f}" for name, some in spent.items()))
        print(f"  a why has {min(sizes)} to {max(sizes)} facts, {median(sizes):.0f} in the middle")
        print("  why_not changes so many facts:", ", ".join(f"{name}: {count}" for name, count in sorted(verdicts.items())))
        print(f"  an explanation has {min(lines)} to {max(lines)} lines, {median(lines):.0f} in the middle")


if __name__ == "__main__":
    main()

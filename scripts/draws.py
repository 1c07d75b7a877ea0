"""What the strategies draw: how often each rule of each pack applies in so many snapshots, and each arm of its deadline is taken.

    python scripts/draws.py [--draws 2000] [--seed 1] [pack ...]

Prints a Markdown table, from snapshots that Hypothesis drew; exits 1 where a rule that some case reaches never applied.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from transfer_rules import load_policy
from transfer_rules.answers import Hearing
from transfer_rules.case import bind
from transfer_rules.testing.campaign import PACKS
from transfer_rules.testing.unknowns import drawn
from transfer_rules.timescales import Conditional, nodes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packs", nargs="*", default=PACKS)
    parser.add_argument("--draws", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print("| pack | rules | never | seldom: the three least | arms of deadlines | arms never taken | ms a draw |")
    print("|---|---|---|---|---|---|---|")
    never = 0
    for pack in given.packs:
        policy = load_policy(pack)
        trees = {rule.id: [node for node in nodes(rule.deadline) if isinstance(node, Conditional)] for rule in policy.rules.values() if rule.deadline}
        arms = {(rule, place, truth) for rule, found in trees.items() for place in range(len(found)) for truth in (True, False)}
        applied: Counter[str] = Counter(dict.fromkeys(policy.rules, 0))
        taken: Counter[tuple[str, int, object]] = Counter()
        started = time.process_time()
        snapshots = drawn(policy, given.seed, given.draws, unknowns=True)
        spent = time.process_time() - started
        for snapshot in snapshots:
            case = bind(policy, snapshot)
            hearing = Hearing(policy, case)
            matches = {rule: hearing.match(rule, case) for rule in policy.rules}
            for rule, truth in matches.items():
                if truth and all(matches[name] is False for name in policy.overriders[rule]):
                    applied[rule] += 1
                    taken.update((rule, place, node.when.truth(case)) for place, node in enumerate(trees.get(rule, ())))
        left = [rule for rule, number in applied.items() if not number]
        never += len(left)
        least = ", ".join(str(number) for _, number in applied.most_common()[:-4:-1])
        missed = sum(not taken[arm] for arm in arms)
        print(f"| {pack} | {len(policy.rules)} | {len(left)} | {least} | {len(arms)} | {missed} | {1000 * spent / given.draws:.1f} |", flush=True)
        for rule in left:
            print(f"{pack}: {rule} never applied", file=sys.stderr)
    return 1 if never else 0


if __name__ == "__main__":
    sys.exit(main())

"""Write docs/five-authorities.md: the same invented child in all five authorities, as the bundled packs decide.

python scripts/five_authorities.py            # write it
python scripts/five_authorities.py --check    # exit 1 if it is not what the packs say now
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from transfer_rules import Decision, Policy, evaluate, load_policy
from transfer_rules.loading.nodes import Fields, Items, Text
from transfer_rules.loading.yaml_events import read_yaml
from transfer_rules.phrases import headline
from transfer_rules.snapshots import snapshot_of

ROOT = Path(__file__).resolve().parents[1]
CASES, PAGE = ROOT / "docs" / "five-authorities.yaml", ROOT / "docs" / "five-authorities.md"
PACKS = ("warrington", "suffolk", "norfolk", "shropshire", "wirral")

HEAD = (
    "# The same child, five authorities\n\n"
    "The facts are those of [five-authorities.yaml](five-authorities.yaml): the same in every authority, but for the team that holds the case. "
    "Each answer is what the bundled pack says, with the sections it rests on; where facts that only this authority asks for are missing, "
    "it says which, and nothing is guessed. This page is written by `python scripts/five_authorities.py`.\n"
)


def text(node: object) -> str:
    assert isinstance(node, Text)
    return node.text


def named(case: Fields, key: str, pack: str) -> str | None:
    node = case.get(key)
    value = node.get(pack) if isinstance(node, Fields) else None
    return None if value is None else text(value)


def cell(policy: Policy, decision: Decision) -> str:
    """Return one answer: the headline, who decides or what is missing, and the sections."""
    said = headline(decision)
    if decision.to_decide is not None:
        said += f": {decision.to_decide.who}"
    if decision.missing:
        labels = [policy.facts[name].label for name in decision.missing]
        more = f" and {len(labels) - 4} more" if len(labels) > 4 else ""
        said += f"; missing: {', '.join(labels[:4])}{more}"
    clauses = tuple(clause for reason in decision.reasons for clause in reason.clauses)
    return (said + (f" ({policy.sections(clauses)})" if clauses else "")).replace("|", "/")


def page() -> str:
    root = read_yaml(CASES.read_bytes(), CASES.name).root
    assert isinstance(root, Items)
    policies = {pack: load_policy(pack) for pack in PACKS}
    lines = [HEAD]
    for case in root.items:
        assert isinstance(case, Fields)
        snapshot = snapshot_of(case, ignore=("name", "holders", "last_held"))
        lines += [f"## {text(case.get('name'))}", "", "| authority | held by | answer |", "|---|---|---|"]
        for pack, policy in policies.items():
            holder = named(case, "holders", pack)
            assert holder is not None
            here = replace(snapshot, current_team=holder)
            last = named(case, "last_held", pack)
            if last is not None:
                here = replace(here, last_holding_team=last)
            lines.append(f"| {pack.title()} | {policy.team_label(holder)} | {cell(policy, evaluate(policy, here))} |")
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    made = page()
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == made else 1
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

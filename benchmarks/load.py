"""Loading the largest bundled pack, beside what a YAML library alone takes on the same text."""

from __future__ import annotations

from typing import Final

from ruamel.yaml import YAML

from transfer_rules.loading import bundled_packs, find_pack, load_policy, parse_policy

from .timing import interleaved, milli, table

_RUAMEL: Final = "`ruamel.yaml`, pure safe loader: text to plain lists and mappings"


def section(rounds: int) -> str:
    """Return the part of the results about loading."""
    path = max(map(find_pack, bundled_packs()), key=lambda one: one.stat().st_size)
    data = path.read_bytes()
    text = data.decode()
    candidates = {
        _RUAMEL: lambda: YAML(typ="safe", pure=True).load(text),
        "`parse_policy`: read, validated, every part with its place, compiled": lambda: parse_policy(data, path.name),
        f'`load_policy("{path.stem}")`: as decided with, by name': lambda: load_policy(path.stem),
    }
    times = interleaved(candidates, rounds)
    rows = [(name, milli(taken.median), milli(taken.least), taken.ratio(times[_RUAMEL])) for name, taken in times.items()]
    return "\n\n".join(
        [
            "## Loading a pack",
            f"`{path.name}`, {len(data) // 1024} KiB, the largest of the bundled packs. {rounds} rounds.",
            table(("what", "ms, median", "ms, least", "times ruamel"), rows),
        ]
    )

"""`transfer-rules replay`: decide receipts again."""

from __future__ import annotations

import json
import sys
from collections import Counter
from functools import cache
from typing import Any, Final

import click

from ..errors import Diagnostic, Location, SnapshotError, TransferRulesError, spelled_out
from ..loading import bundled_packs
from ..loading.nodes import CASES_BYTES
from ..policy import Policy
from ..receipts import Replay, Verdict, read_receipts, replay, replay_to_dict, say_replay
from ._common import CLEAN, FINDINGS, UNREADABLE, complain, load_or_exit, printable, read_input

_COUNTED: Final[dict[Verdict | None, str]] = {
    "identical": "identical",
    "same_answer": "the same answer",
    "differs": "differing",
    "refused": "refused",
    None: "not read",
}


@click.command("replay")
@click.argument("files", nargs=-1)
@click.option("--policy", "-p", "pack", help="A bundled pack by name, or the path of one; without it, the bundled pack that the receipt names.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Text for people, or stable JSON.")
@click.option("--answers", is_flag=True, help="Ask for the same answer only, by whatever edition, calendar and version: after an upgrade.")
def command(files: tuple[str, ...], pack: str | None, form: str, answers: bool) -> None:
    """Decide the receipts in FILES again (standard input where none is named, or for `-`).

    Says of each receipt whether the decision is identical, and else what differs and whose doing it may be. A file holds one receipt, or many,
    each under a label of your own. Exits 0 when all are identical (with --answers: have the same answer); 1 when one differs or is refused;
    2 when a file, a receipt or a pack cannot be read.
    """
    given = load_or_exit(pack) if pack is not None else None
    replays: dict[str | None, Replay | None] = {}
    unread = 0
    for file in files or ("-",):
        shown = "standard input" if file == "-" else file
        try:
            found = read_receipts(read_input(file, CASES_BYTES), shown)
        except TransferRulesError as error:
            unread += 1
            for diagnostic in error.diagnostics:
                complain(diagnostic)
            continue
        for one in found:
            label = one.label if one.label is not None or len(files) < 2 else shown
            while label in replays:
                label = f"{shown}: {label}"
            try:
                if one.receipt is None:
                    assert one.error is not None
                    raise one.error
                policy = given or _bundled(one.receipt["decision"]["identity"]["pack"], shown)
                replays[label] = replay(policy, one.receipt)
            except SnapshotError as error:
                replays[label] = None
                if label is not None:
                    click.echo(f"{spelled_out(label)}:", err=True)
                for diagnostic in error.diagnostics:
                    complain(diagnostic)
    if replays:
        _print(replays, form)
    clean = {"identical", "same_answer"} if answers else {"identical"}
    all_clean = all(one is not None and one.verdict in clean for one in replays.values())
    sys.exit(UNREADABLE if unread or None in replays.values() else CLEAN if all_clean else FINDINGS)


_load: Final = cache(load_or_exit)


def _bundled(name: str, file: str) -> Policy:
    """Return the bundled pack of this id. Raises SnapshotError where there is none."""
    # An id is made of the authority's name, and most packs are called by a part of it: those are loaded first.
    for pack in sorted(bundled_packs(), key=lambda pack: pack not in name):
        policy = _load(pack)
        if policy.identity.pack == name:
            return policy
    why = "without --policy a receipt is decided by the bundled pack that it names, and there is none of this name"
    mend = "give its pack by name or path: --policy ./my_pack.yaml"
    raise SnapshotError([Diagnostic("unknown-pack", "the pack of this receipt is not bundled", Location(file, 1, 1), why=why, mend=mend)])


def _print(replays: dict[str | None, Replay | None], form: str) -> None:
    alone = list(replays) == [None]
    if form == "json":
        plain = {label: None if one is None else replay_to_dict(one) for label, one in replays.items()}
        whole: Any = plain[None] if alone else plain
        if whole is not None:
            click.echo(json.dumps(whole, ensure_ascii=True, indent=2))
        return
    for label, one in replays.items():
        if one is not None:
            click.echo(printable(say_replay(one) if label is None else f"{spelled_out(label)}: {say_replay(one)}"))
    if not alone:
        counts = Counter(None if one is None else one.verdict for one in replays.values())
        said = ", ".join(f"{counts[verdict]} {word}" for verdict, word in _COUNTED.items() if counts[verdict])
        click.echo(f"{len(replays)} {'receipt' if len(replays) == 1 else 'receipts'}: {said}")

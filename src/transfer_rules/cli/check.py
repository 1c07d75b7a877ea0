"""`transfer-rules check`: find what is wrong with a pack."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from ..checks import check_policy
from ..errors import Diagnostic, PackError, spelled_out
from ..loading import load_policy
from ..loading.files import read_file
from ..loading.yaml_events import PACK_BYTES, line_of
from ._common import CLEAN, FINDINGS, UNREADABLE, complain


@click.command("check")
@click.argument("packs", nargs=-1, required=True)
def command(packs: tuple[str, ...]) -> None:
    """Check PACKS, each a bundled name or a path. Exits 0 when clean, 1 with findings, 2 when one cannot be loaded."""
    worst = CLEAN
    for pack in packs:
        try:
            policy = load_policy(pack)
        except PackError as error:
            for diagnostic in error.diagnostics:
                complain(diagnostic)
            count = len(error.diagnostics)
            click.echo(f"{spelled_out(pack)}: {count} {'fault' if count == 1 else 'faults'}; the pack cannot be loaded", err=True)
            worst = UNREADABLE
            continue
        findings = check_policy(policy)
        for finding in findings:
            complain(_with_line(finding))
        rules, items, duties = len(policy.rules), len(policy.pack.items), len(policy.duties)
        said = f"{len(findings)} findings" if len(findings) != 1 else "1 finding"
        counted = f"{rules} rules, {items} items, {duties} duties, {len(policy.pack.ledger)} clauses"
        click.echo(f"{spelled_out(pack)}: {said if findings else 'clean'} ({counted})")
        worst = max(worst, FINDINGS if findings else CLEAN)
    sys.exit(worst)


def _with_line(finding: Diagnostic) -> Diagnostic:
    """Return a finding with the line it is about: a policy knows the places of its parts, but not their text."""
    place = finding.location
    if place is None:
        return finding
    lines = read_file(Path(place.file), PACK_BYTES).decode("utf-8-sig", "replace").splitlines()
    return replace(finding, line_text=line_of(tuple(lines), place))

"""`transfer-rules check`: find what is wrong with a pack."""

from __future__ import annotations

import sys

import click

from ..checks import check_policy
from ..errors import PackError
from ..loading import load_policy
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
            click.echo(f"{pack}: {count} {'fault' if count == 1 else 'faults'}; the pack cannot be loaded", err=True)
            worst = UNREADABLE
            continue
        findings = check_policy(policy)
        for finding in findings:
            complain(finding)
        rules, items, duties = len(policy.rules), len(policy.pack.items), len(policy.duties)
        said = f"{len(findings)} findings" if len(findings) != 1 else "1 finding"
        click.echo(f"{pack}: {said if findings else 'clean'} ({rules} rules, {items} items, {duties} duties, {len(policy.pack.ledger)} clauses)")
        worst = max(worst, FINDINGS if findings else CLEAN)
    sys.exit(worst)

"""`transfer-rules check`: find what is wrong with a pack."""

from __future__ import annotations

import sys
from collections.abc import Sized
from dataclasses import replace
from pathlib import Path

import click

from ..checks import check_policy
from ..errors import Diagnostic, PackError, spelled_out
from ..loading import load_policy
from ..loading.files import read_file
from ..loading.nodes import PACK_BYTES, line_of
from ._common import CLEAN, FINDINGS, UNREADABLE, complain


@click.command("check")
@click.argument("packs", nargs=-1, required=True)
@click.option("--undecided", is_flag=True, help="List the questions that were not decided.")
def command(packs: tuple[str, ...], undecided: bool) -> None:
    """Check PACKS, each a bundled name or a path. Exits 0 when clean, 1 with findings, 2 when one cannot be loaded.

    Besides the clauses and the teams, check looks for cases in which rules disagree though neither overrides the other, for rules that can never
    decide, and for overrides that never override. A question that takes more steps than are allowed adds no finding and is counted.
    """
    worst = CLEAN
    for pack in packs:
        try:
            policy = load_policy(pack)
        except PackError as error:
            for diagnostic in error.diagnostics:
                complain(diagnostic)
            click.echo(f"{spelled_out(pack)}: {_counted(len(error.diagnostics), 'fault')}; the pack cannot be loaded", err=True)
            worst = UNREADABLE
            continue
        report = check_policy(policy)
        findings = report.findings
        for finding in findings:
            complain(with_line(finding))
        parts: dict[str, Sized] = {"rule": policy.rules, "item": policy.pack.items, "duty": policy.duties, "clause": policy.pack.ledger}
        said = _counted(len(findings), "finding") if findings else "clean"
        click.echo(f"{spelled_out(pack)}: {said} ({', '.join(_counted(len(found), name) for name, found in parts.items())})")
        if report.not_decided:
            click.echo(f"{spelled_out(pack)}: not decided within the steps allowed: {_counted(len(report.not_decided), 'question')}")
            for question in report.not_decided if undecided else ():
                click.echo(f"  {spelled_out(question)}")
        worst = max(worst, FINDINGS if findings else CLEAN)
    sys.exit(worst)


def _counted(number: int, what: str) -> str:
    plural = "duties" if what == "duty" else f"{what}s"
    return f"{number} {what if number == 1 else plural}"


def with_line(finding: Diagnostic) -> Diagnostic:
    """Return a finding with the line it is about: a policy knows the places of its parts, but not their text."""
    place = finding.location
    if place is None:
        return finding
    lines = read_file(Path(place.file), PACK_BYTES).decode("utf-8-sig", "replace").splitlines()
    return replace(finding, line_text=line_of(tuple(lines), place))

"""`transfer-rules decide`: decide one case or many. What only some calls need is imported where they need it, so that the others start sooner."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..decision import Decision
from ..errors import SnapshotError, TransferRulesError, spelled_out
from ..evaluation import evaluate
from ..facts import read_date, read_moment
from ..loading.nodes import CASES_BYTES
from ..policy import Policy
from ..snapshots import CaseRead, decision_to_dict, read_cases, snapshot_to_yaml
from ._common import CLEAN, FINDINGS, UNREADABLE, complain, load_or_exit, printable, read_input

if TYPE_CHECKING:
    from ._parts import Parts


@click.command("decide")
@click.argument("files", nargs=-1)
@click.option("--policy", "-p", "pack", required=True, help="A bundled pack by name, or the path of one.")
@click.option("--as-of", help="The day (2026-04-02) or moment (2026-04-02T09:30:00+01:00) for snapshots that name none.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Text for people, or stable JSON.")
@click.option("--why", is_flag=True, help="Add the facts that alone give the answer, and what would have to be otherwise for each other team.")
@click.option("--readings", is_flag=True, help="Add what every other reading would give, in full.")
@click.option("--ahead", is_flag=True, help="Add every day within a year on which the answer changes, in full.")
@click.option("--receipt", "receipt_file", type=click.Path(), help="Write snapshot and decision to a file, for `replay`.")
@click.option("--batch", "caseload", metavar="FILE", help="Decide a caseload in columns: CSV, Parquet or Arrow; `-` is CSV from standard input.")
@click.option("--unstated", type=click.Choice(["not_so", "unknown"]), help="With --batch: what facts are that nobody states.  [default: unknown]")
@click.option("--output", type=click.Path(dir_okay=False), help="With --batch: the file of decisions, CSV or .parquet; else they are printed.")
@click.option("--ask", is_flag=True, help="Ask for missing facts one by one, the most telling first, and print the finished snapshot.")
def command(
    files: tuple[str, ...],
    pack: str,
    as_of: str | None,
    form: str,
    why: bool,
    readings: bool,
    ahead: bool,
    receipt_file: str | None,
    caseload: str | None,
    unstated: str | None,
    output: str | None,
    ask: bool,
) -> None:
    """Decide the cases in FILES (JSON or YAML; standard input where none is named, or for `-`), and explain each on one screen.

    A file holds one snapshot, or many, each under a label of your own. Exits 0 when every snapshot got a decision, whatever it says;
    1 when some could not be read; 2 when none could, or the pack could not. Of a caseload in columns (--batch) the same: a row that is no snapshot
    stands in the output without an outcome, and why goes to standard error.
    """
    if as_of is not None and read_date(as_of) is None and read_moment(as_of) is None:
        raise click.BadParameter("write a day (2026-04-02), or a moment with its offset (2026-04-02T09:30:00+01:00)", param_hint="--as-of")
    if caseload is not None:
        if files or form != "text" or why or readings or ahead or receipt_file is not None or ask:
            raise click.UsageError("--batch takes one file, and of the other options --policy, --as-of, --unstated and --output")
        from ._batch import decide_caseload  # numpy comes with it.

        day = None if as_of is None else read_date(as_of) or read_moment(as_of)
        sys.exit(decide_caseload(load_or_exit(pack), caseload, day, unstated or "unknown", output))
    if unstated is not None or output is not None:
        raise click.UsageError("--unstated and --output go with --batch")
    policy = load_or_exit(pack)
    cases: list[CaseRead] = []
    unread = 0
    for file in files or ("-",):
        shown = "standard input" if file == "-" else file
        try:
            found = read_cases(read_input(file, CASES_BYTES), shown, as_of=as_of)
            # With several files, a case that has no label of its own goes by its file, and so does one whose label was there before.
            taken = {case.label for case in cases}
            cases += [replace(case, label=_label(case.label, shown, taken)) for case in found] if len(files) > 1 else found
        except TransferRulesError as error:
            unread += 1
            for diagnostic in error.diagnostics:
                complain(diagnostic)
    if ask:
        _ask(policy, cases, form)
    decisions = [_decide(policy, case) for case in cases]
    decided = sum(decision is not None for decision in decisions)
    parts = _parts(why, readings, ahead) if why or readings or ahead else None
    answers = [_answer(policy, case, decision, form, parts) for case, decision in zip(cases, decisions, strict=True)]
    if receipt_file is not None:
        _write_receipts(Path(receipt_file), policy, zip(cases, decisions, strict=True))
    if form == "json":
        _print_json(cases, answers)
    elif decided:
        click.echo("\n\n".join(_headed(case, answer) for case, answer in zip(cases, answers, strict=True) if answer is not None))
    failed = unread + len(answers) - decided
    sys.exit(CLEAN if not failed else FINDINGS if decided else UNREADABLE)


def _ask(policy: Policy, cases: list[CaseRead], form: str) -> None:
    """Ask about the one case there is, print what it knows then, and put that in its place."""
    from ._asking import ask_for_facts

    if len(cases) != 1 or cases[0].snapshot is None:
        raise click.UsageError("--ask takes one case that can be read")
    try:
        finished, _ = ask_for_facts(policy, cases[0].snapshot)
    except SnapshotError:
        # What is wrong with it is said when it is decided.
        return
    cases[0] = replace(cases[0], snapshot=finished)
    # JSON on standard output stays JSON.
    click.echo(f"{snapshot_to_yaml(finished)}\n", err=form == "json")


def _label(label: str | None, file: str, taken: set[str | None]) -> str:
    if label is None:
        return file
    return f"{file}: {label}" if label in taken else label


def _decide(policy: Policy, case: CaseRead) -> Decision | None:
    """Return the decision, or None, with the reason on standard error."""
    try:
        if case.snapshot is None:
            assert case.error is not None
            raise case.error
        return evaluate(policy, case.snapshot)
    except SnapshotError as error:
        if case.label is not None:
            click.echo(f"{spelled_out(case.label)}:", err=True)
        for diagnostic in error.diagnostics:
            complain(case.placed(diagnostic))
        return None


def _parts(why: bool, readings: bool, ahead: bool) -> Parts:
    from ._parts import Parts

    return Parts(why, readings, ahead)


def _answer(policy: Policy, case: CaseRead, decision: Decision | None, form: str, parts: Parts | None) -> Any:
    """Return the decision in the form asked for, with the parts asked for."""
    if case.snapshot is None or decision is None:
        return None
    if form == "json":
        return decision_to_dict(decision) | ({} if parts is None else parts.data(policy, case.snapshot, decision))
    from ..explanation import explain

    return "\n".join([explain(policy, case.snapshot, decision), *(() if parts is None else parts.text(policy, case.snapshot, decision))])


def _write_receipts(file: Path, policy: Policy, decided: Iterable[tuple[CaseRead, Decision | None]]) -> None:
    from ..receipts import receipt, receipts_to_json

    receipts = {
        case.label: receipt(policy, case.snapshot, decision) for case, decision in decided if case.snapshot is not None and decision is not None
    }
    try:
        file.write_text(receipts_to_json(receipts), encoding="utf-8", newline="")
    except OSError as error:
        raise click.FileError(str(file), error.strerror or "") from None


def _headed(case: CaseRead, answer: str) -> str:
    return printable(answer) if case.label is None else f"{spelled_out(case.label)}\n{printable(answer)}"


def _print_json(cases: list[CaseRead], answers: list[Any]) -> None:
    if len(cases) == 1 and cases[0].label is None:
        whole: Any = answers[0]
    else:
        whole = {case.label: answer for case, answer in zip(cases, answers, strict=True)}
    if whole is not None:
        click.echo(json.dumps(whole, ensure_ascii=True, indent=2))

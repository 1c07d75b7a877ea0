"""Asking for missing facts one by one at the terminal, ranking them again after each answer."""

from __future__ import annotations

from typing import Final

import click

from ..case import bind
from ..decision import Decision
from ..errors import SnapshotError
from ..evaluation import evaluate
from ..inquiry import Question, filled_in, questions
from ..phrases import headline
from ..policy import Policy
from ..vocabulary import CaseSnapshot
from ._common import printable

_STOP: Final = "stop"
_CHANGES: Final = {"team": "the outcome or the team", "deadline": "the deadline", "items": "the items"}


def ask_for_facts(policy: Policy, snapshot: CaseSnapshot) -> tuple[CaseSnapshot, Decision]:
    """Ask until the decision is decided, nothing more can be said, or the person stops; return the snapshot with the answers, and its decision.

    What the person does not know stays unknown and is not asked again.
    """
    not_known: set[str] = set()
    while True:
        decision = evaluate(policy, snapshot)
        left = [one for one in questions(policy, snapshot, decision) if one.fact not in not_known]
        if not left:
            return snapshot, decision
        click.echo(f"{printable(headline(decision))}\n", err=True)
        answered = _answer(policy, snapshot, left[0])
        if answered is None:
            return snapshot, decision
        if answered is snapshot:
            not_known.add(left[0].fact)
        snapshot = answered


def _answer(policy: Policy, snapshot: CaseSnapshot, question: Question) -> CaseSnapshot | None:
    """Put one question until its answer can be read; return the snapshot with it, the same one for "not known", None to stop."""
    fact = policy.facts[question.fact]
    allowed = ", ".join([*policy.pack.teams, "none", "other_authority"]) if fact.kind == "team" else fact.allowed
    allowed = ", ".join(sorted(policy.areas)) if fact.kind == "area" else allowed
    click.echo(f"{printable(question.ask)}  ({question.fact}; this can change {_CHANGES[question.changes]})", err=True)
    click.echo(f"  {printable(allowed)}; empty if not known, {_STOP} to stop", err=True)
    while True:
        try:
            text = click.prompt(">", default="", show_default=False, prompt_suffix=" ", err=True).strip()
        except click.Abort:
            return None
        if text in ("", _STOP):
            return snapshot if not text else None
        try:
            value = fact.read(text.strip("[]").replace(",", " ").split() if fact.kind == "choices" else text)
            answered = filled_in(snapshot, {question.fact: value})
            bind(policy, answered)
        except ValueError as error:
            click.echo(f"  {question.fact} {error}", err=True)
        except SnapshotError as error:
            click.echo(printable("\n".join(f"  {one.message}: {one.why}" for one in error.diagnostics)), err=True)
        else:
            return answered

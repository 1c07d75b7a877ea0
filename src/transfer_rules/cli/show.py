"""`transfer-rules show`: a pack, its clauses, or one part of it, in plain words."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from ..checklists import DutySpec, Item, Teams
from ..checks.clauses import carriers
from ..errors import PackError, SnapshotError, did_you_mean, spelled_out
from ..evaluation import evaluate
from ..examples import Example, examples_beside, read_examples
from ..facts import RESERVED_TEAMS
from ..loading import find_pack
from ..one_case import source_of
from ..pack import Close, FromFact, Named, PeopleDecide, Rule, Stay, TransferTo
from ..policy import Policy
from ..timescales import Timescale
from ..wording import say
from ._common import UNREADABLE, load_or_exit, printable


@click.command("show")
@click.argument("pack")
@click.argument("name", required=False)
@click.option("--clauses", is_flag=True, help="List every clause: its kind, what carries it out, and an example that exercises it.")
@click.option("--source", metavar="TEAM", help="Print the Python that decides the cases which TEAM holds, once they have come up often.")
def command(pack: str, name: str | None, clauses: bool, source: str | None) -> None:
    """Show PACK, or the rule, clause, team, item, duty or definition NAME of it (for a team: what leads in and what leads out)."""
    policy = load_or_exit(pack)
    if source is not None:
        lines = list(_source(policy, source))
    elif clauses:
        lines = list(_clauses(policy, _examples(pack)))
    elif name is None:
        lines = list(_summary(policy))
    else:
        lines = list(_part(policy, name))
        if not lines:
            rules = [rule.id for rule in policy.pack.rules]
            known = [*rules, *policy.pack.teams, *policy.work, *policy.pack.definitions, *policy.pack.ledger, *carriers(policy)]
            near = did_you_mean(name, known)
            click.echo(spelled_out(f"{pack} has no part and no clause `{name}`" + (f"; {near}" if near else "")), err=True)
            sys.exit(UNREADABLE)
    click.echo(printable("\n".join(lines)))


def _source(policy: Policy, team: str) -> Iterator[str]:
    known = [*policy.pack.teams, *RESERVED_TEAMS]
    if team not in known:
        near = did_you_mean(team, known)
        click.echo(spelled_out(f"{policy.pack.id} has no team `{team}`" + (f"; {near}" if near else "")), err=True)
        sys.exit(UNREADABLE)
    yield source_of(policy, team).rstrip()


def _examples(pack: str) -> tuple[Example, ...]:
    try:
        return read_examples(examples_beside(find_pack(pack)))
    except PackError:
        return ()


def _summary(policy: Policy) -> Iterator[str]:
    pack = policy.pack
    yield f"{pack.authority}: {pack.title}, edition {pack.edition}, in force from {pack.in_force_from}" + (
        f" until {pack.in_force_until}" if pack.in_force_until else ""
    )
    yield f"digest {pack.digest}"
    yield "teams"
    for team in pack.teams.values():
        yield f"  {team.id}: {team.label}" + (f" ({', '.join(team.areas.values())})" if team.areas else "") + (", outside" if team.outside else "")
    yield f"rules ({len(policy.rules)})"
    for rule in pack.rules:
        if not rule.off:
            yield f"  {rule.id}: {_teams(policy, rule.from_teams)} -> {_effect(policy, rule)}"


def _part(policy: Policy, name: str) -> Iterator[str]:
    pack = policy.pack
    for rule in pack.rules:
        if rule.id == name:
            yield from _rule(policy, rule)
    if name in pack.teams:
        yield from _team(policy, name)
    if name in policy.work:
        yield from _work(policy, policy.work[name])
    if name in pack.definitions:
        definition = pack.definitions[name]
        yield f"definition {name}" + (f" ({definition.place})" if definition.place else "")
        yield f"  {say(policy, definition.node)}"
    held = carriers(policy).get(name, ())
    if name in pack.ledger or held or name in pack.accounted:
        entry = pack.ledger.get(name)
        yield f"clause {name}" + (f": section {entry.section}, {entry.kind}" if entry else "")
        if name in pack.accounted:
            kind, reason = pack.accounted[name]
            yield f"  {kind.replace('_', ' ')}: {reason}"
        for part in held:
            yield f"  carried out by {part}"
        for reading in pack.interpretations:
            if name in reading.clauses:
                yield f"  {reading.question}"
                yield f"    read as: {reading.reading}"


def _rule(policy: Policy, rule: Rule) -> Iterator[str]:
    yield f"rule {rule.id}" + (f" ({rule.place})" if rule.place else "") + (", kept for a rival reading only" if rule.off else "")
    if rule.label:
        yield f"  {rule.label}"
    yield f"  clauses    {', '.join(rule.clauses)}" + (f" (section {policy.sections(rule.clauses)})" if policy.pack.ledger else "")
    yield f"  from       {_teams(policy, rule.from_teams)}"
    yield f"  when       {say(policy, rule.when)}"
    yield f"  then       {_effect(policy, rule)}"
    trees: tuple[tuple[str, Timescale | None], ...] = (("passes at", rule.transfer_point), ("deadline", rule.deadline))
    for word, tree in trees:
        if tree is not None:
            yield f"  {word:<10} {say(policy, tree)}"
    if rule.overrides:
        yield f"  overrides  {', '.join(sorted(rule.overrides))}"
    if over := policy.overriders.get(rule.id):
        yield f"  defeated by {', '.join(over)}"


def _team(policy: Policy, name: str) -> Iterator[str]:
    team = policy.pack.teams[name]
    yield f"team {name}: {team.label}"
    yield "  what leads in"
    for rule in policy.rules.values():
        if name in _targets(rule):
            yield f"    {rule.id}: from {_teams(policy, rule.from_teams)}, {_effect(policy, rule)}"
    yield "  what leads out"
    for rule in policy.rules.values():
        if rule.from_teams.hold(name) and not isinstance(rule.effect, Stay):
            yield f"    {rule.id}: {_effect(policy, rule)}"
    yield "  what keeps the case"
    for rule in policy.rules.values():
        if rule.from_teams.hold(name) and isinstance(rule.effect, Stay):
            yield f"    {rule.id}: {_effect(policy, rule)}"


def _targets(rule: Rule) -> tuple[Named, ...]:
    match rule.effect:
        case TransferTo(team=team):
            return (team,)
        case PeopleDecide(between=between):
            return between
        case _:
            return ()


def _work(policy: Policy, work: Item | DutySpec) -> Iterator[str]:
    kind = "item" if isinstance(work, Item) else work.kind.replace("_", " ")
    yield f"{kind} {work.id}" + (f" ({work.place})" if work.place else "")
    yield f"  {work.label}"
    yield f"  clauses    {', '.join(work.clauses)}"
    yield f"  when       {say(policy, work.when)}"
    yield f"  due        {say(policy, work.due)}"
    if isinstance(work, Item):
        for checklist in policy.checklists:
            if work.id in checklist.items:
                yield f"  in         {checklist.id}: {checklist.label}"


def _clauses(policy: Policy, examples: tuple[Example, ...]) -> Iterator[str]:
    """One line a clause: the clause, its kind, what carries it out, and the first example in which that part has a say."""
    held = carriers(policy)
    exercised: dict[str, str] = {}
    for example in examples:
        try:
            decision = evaluate(policy, example.snapshot)
        except SnapshotError:
            continue  # `test` says what is wrong with it.
        for part in (*(reason.rule for reason in decision.reasons), *decision.required, *(duty.duty for duty in decision.duties)):
            exercised.setdefault(part, example.name)
    for clause in policy.pack.ledger or held:
        entry = policy.pack.ledger.get(clause)
        kind = entry.kind if entry else ""
        if clause in policy.pack.accounted:
            listed, reason = policy.pack.accounted[clause]
            yield f"{clause}\t{kind}\t{listed}: {reason}\t"
            continue
        parts = held.get(clause, ())
        example_name = next((exercised[part] for part in parts if part in exercised), "")
        yield f"{clause}\t{kind}\t{', '.join(parts) or 'nothing'}\t{example_name}"


def _teams(policy: Policy, teams: Teams) -> str:
    if teams.ids is not None:
        return ", ".join(sorted(policy.team_label(team) for team in teams.ids))
    return "any team" + (f" except {', '.join(sorted(policy.team_label(team) for team in teams.but))}" if teams.but else "")


def _named(policy: Policy, named: Named) -> str:
    if isinstance(named, FromFact):
        return f"the {policy.facts[named.fact].label}"
    return named if named in ("stay", "close") else policy.team_label(named)


def _effect(policy: Policy, rule: Rule) -> str:
    match rule.effect:
        case TransferTo(team=team, area=area, role=role):
            where = policy.areas[area] if isinstance(area, str) else "" if area is None else _named(policy, area)
            return f"transfer to {_named(policy, team)}" + (f", {where}" if where else "") + (f", {role}" if role else "")
        case Stay(until=until, yields=yields):
            return "stay" + (f" until {say(policy, until)}" if until else "") + (" (gives way to any other rule)" if yields else "")
        case Close():
            return "close"
        case PeopleDecide(who=who, between=between):
            return f"{who} decides between " + ", ".join(_named(policy, one) for one in between)

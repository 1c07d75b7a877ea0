"""A team that no rule gives a case to, or that no rule takes one from, unless the pack says why."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Diagnostic
from ..facts import NOBODY
from ..pack import Close, Effect, FromFact, Named, PeopleDecide, Rule, Stay, Team, TransferTo
from ..policy import Policy


def check_teams(policy: Policy) -> Iterator[Diagnostic]:
    """Find teams with no way in or no way out. A team outside needs no way out: with it the case ends."""
    for team in policy.pack.teams.values():
        if not team.no_way_in and not any(_leads_to(rule, team) for rule in policy.rules.values()):
            why = "no rule transfers a case to it, and none leaves it to people to do so"
            yield _finding("no-way-in", team, "nothing brings a case to", why, "no_way_in")
        if not team.outside and not team.no_way_out and not any(_leads_out(rule, team) for rule in policy.rules.values()):
            why = "no rule moves or closes a case that it holds, and none leaves that to people"
            yield _finding("no-way-out", team, "nothing takes a case from", why, "no_way_out")


def _finding(code: str, team: Team, message: str, why: str, key: str) -> Diagnostic:
    mend = f"write the rule that does; if the procedure has none, say so under the team: `{key}: why`"
    return Diagnostic(code, f"{message} `{team.id}`", team.place, why=why, mend=mend, width=len(team.id))


def _targets(effect: Effect) -> tuple[Named, ...]:
    match effect:
        case TransferTo(team=team):
            return (team,)
        case PeopleDecide(between=between):
            return between
        case Close():
            return (NOBODY,)
        case Stay():
            return ()


def _leads_to(rule: Rule, team: Team) -> bool:
    """A fact can name any team; a rule whose only holder is the team itself moves nothing to it."""
    holds_already = rule.from_teams.ids == frozenset({team.id})
    return not holds_already and any(isinstance(target, FromFact) or target == team.id for target in _targets(rule.effect))


def _leads_out(rule: Rule, team: Team) -> bool:
    return rule.from_teams.hold(team.id) is not False and any(target not in (team.id, "stay") for target in _targets(rule.effect))

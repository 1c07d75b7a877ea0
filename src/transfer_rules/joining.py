"""One answer out of the settled answers of every way of filling in: what they share, and where they part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import reduce
from typing import Final, TypeVar

from .answers import Answer
from .completion import Look
from .dates import Due, either, end_of, london_date, shown
from .decision import Candidate, Deadline, ReceivingTeam, ToDecide, TransferPoint
from .policy import Policy
from .ruling import Ruling, held_until, point_of

_T = TypeVar("_T")
_YEAR: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Joined:
    """What every way says.

    Attributes:
        ruling: the ruling; its `answers` are those of the rules that decide in every way.
        sometimes: the answers of the rules that decide in some ways only.
        silent_sometimes: in some ways no rule speaks.
        point: the transfer point, as far as it is the same in every way.
        required, unsure: the items required in every way, and in some ways only.
    """

    ruling: Ruling
    sometimes: tuple[Answer, ...]
    silent_sometimes: bool
    point: TransferPoint | None
    required: tuple[str, ...]
    unsure: tuple[str, ...]


def join(policy: Policy, looks: Sequence[Look]) -> Joined:
    """Put the settled looks of every way together."""
    rulings = [look.ruling for look in looks]
    in_all = frozenset.intersection(*(frozenset(look.needs.required) for look in looks))
    in_some = frozenset[str]().union(*(look.needs.required for look in looks))
    required = tuple(item for item in policy.pack.items if item in in_all)
    by_rule = {answer.rule.id: answer for one in rulings for answer in one.answers}
    everywhere = set(by_rule).intersection(*({answer.rule.id for answer in one.answers} for one in rulings))
    always = tuple(by_rule[name] for name in sorted(everywhere))
    if len({(look.answer.outcome, look.answer.team, look.answer.role) for look in looks if look.answer is not None}) > 1:
        return Joined(Ruling("undetermined", always, candidates=_candidates(policy, looks)), (), False, None, required, ())
    ruling = replace(
        rulings[0],
        answers=always,
        undecided=any(one.undecided for one in rulings),
        settled=_shared(one.settled for one in rulings),
        receiving_team=_team([one.receiving_team for one in rulings]),
        candidates=tuple(dict.fromkeys(candidate for one in rulings for candidate in one.candidates)),
        to_decide=_to_decide([one.to_decide for one in rulings if one.to_decide is not None]),
        point=_due([one.point for one in rulings]),
        due=_without_edges(policy, _due([one.due for one in rulings])),
        held=_held([one.held for one in rulings]),
    )
    silent = [one.outcome == "stay" and not one.answers and one.settled is None for one in rulings]
    return Joined(
        ruling,
        tuple(by_rule[name] for name in sorted(set(by_rule) - everywhere)),
        any(silent) and not all(silent),
        _point([point_of(look.ruling, look.case) for look in looks]),
        required,
        tuple(item for item in policy.pack.items if item in in_some - in_all),
    )


def _shared(values: Iterable[_T]) -> _T | None:
    """Return the value that is the same in every way, or None."""
    found = list(values)
    return found[0] if all(one == found[0] for one in found) else None


def _candidates(policy: Policy, looks: Sequence[Look]) -> tuple[Candidate, ...]:
    """Return each outcome and team that some way gives, with the rules that give it, and the date where it is always the same."""
    groups: dict[tuple[str, str, str], list[Ruling]] = {}
    for look in looks:
        team = look.ruling.receiving_team
        groups.setdefault((look.ruling.outcome, "" if team is None else team.team, "" if team is None else team.role or ""), []).append(look.ruling)
    found = []
    for (_, team_id, _), rulings in sorted(groups.items()):
        dates = {shown(one.due.value) if one.due.value is not None else None for one in rulings}
        rules = sorted({answer.rule.id for one in rulings for answer in one.answers} - {""})
        label = policy.team_label(team_id) if team_id else None
        found.append(Candidate(rulings[0].outcome, team_id or None, label, dates.pop() if len(dates) == 1 else None, tuple(rules)))
    return tuple(found)


def _team(teams: list[ReceivingTeam | None]) -> ReceivingTeam | None:
    """Return the team, its area only where it is always the same."""
    shared, first = _shared(teams), teams[0]
    return shared if shared is not None or first is None else replace(first, area=None, area_label=None)


def _due(dues: list[Due]) -> Due:
    """Return a date, with bounds that hold in every way where it is not always the same."""
    shared = _shared((due.kind, due.value, due.not_before, due.no_later) for due in dues)
    return dues[0] if shared is not None else reduce(either, dict.fromkeys(dues))


def _without_edges(policy: Policy, due: Due) -> Due:
    """Return a date without bounds that come from the calendar's ends alone: a date that may be any day is not bounded by them."""
    first, last = policy.calendar.first + _YEAR, policy.calendar.last - _YEAR
    earliest = None if due.earliest is None or london_date(due.earliest) < first else due.earliest
    latest = None if due.latest is None or london_date(due.latest) > last else due.latest
    return due if due.kind != "open" else replace(due, earliest=earliest, latest=latest)


def _held(held: list[Deadline | None]) -> Deadline | None:
    """Return until when a case is held; where that is not always the same, the day until which it is held in any case."""
    there = [one for one in held if one is not None]
    if len(there) < len(held):
        return None
    days = [one.not_before for one in there if one.not_before is not None]
    return held_until(min(days, key=end_of) if len(days) == len(there) else None)


def _point(points: list[TransferPoint | None]) -> TransferPoint | None:
    events = {None if point is None else point.event for point in points}
    shared, event = _shared(points), events.pop()
    return shared if shared is not None or events or event is None else TransferPoint(event, None, "unknown")


def _to_decide(asked: list[ToDecide]) -> ToDecide | None:
    """Return the question; where it is not always the same one, the questions together, without saying which decision settles them."""
    different = list(dict.fromkeys(asked))
    if len(different) < 2:
        return different[0] if different else None

    def joined(texts: Iterable[str]) -> str:
        return " / ".join(dict.fromkeys(texts))

    return ToDecide(
        joined(one.question for one in different),
        joined(one.who for one in different),
        tuple(dict.fromkeys(answer for one in different for answer in one.between)),
        _shared(one.by for one in different),
        _shared(one.settled_by for one in different),
        tuple(dict.fromkeys(clause for one in different for clause in one.clauses)),
    )

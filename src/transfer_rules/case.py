"""A snapshot seen through one policy: names checked, local facts typed, what `unstated` closes filled in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from .calendars import Calendar
from .dates import DayOrMoment, Due, london_date
from .errors import Diagnostic, SnapshotError, did_you_mean, named
from .facts import NOT_YET, OTHER_AUTHORITY, RESERVED_TEAMS, Fact, FactValue
from .impossible import contradictions
from .policy import Policy
from .vocabulary import CaseSnapshot, Progress, Recorded

# Looking for the nearest name compares with every known one; this bounds the comparisons for one snapshot.
MAX_SUGGESTED: Final = 100
_NO_SNAPSHOT: Final = Diagnostic(
    "wrong-shape", "only a `CaseSnapshot` can be decided", why="it has been read and checked", mend="make one: CaseSnapshot(as_of=...)"
)


@dataclass(frozen=True, slots=True)
class BoundCase:
    """One case as trees read it (`conditions.Case`), with what the evaluation needs besides.

    Attributes:
        closed: the facts nobody stated that `unstated: not_so` closed.
        recorded: the recorded decisions, whole.
        progress: the recorded progress of items and duties.
    """

    as_of: DayOrMoment
    today: date
    facts: Mapping[str, FactValue]
    decisions: Mapping[str, str]
    calendar: Calendar
    closed: frozenset[str] = frozenset()
    recorded: Mapping[str, Recorded] = field(default_factory=dict)
    progress: Mapping[str, Progress] = field(default_factory=dict)
    moves: Mapping[str, Due] = field(default_factory=dict)

    @property
    def team(self) -> str | None:
        """The team that holds the case, or None if unknown."""
        team = self.facts.get("current_team")
        return team if isinstance(team, str) else None

    def word(self, fact: str) -> str | None:
        """Return the team, area or choice that a fact holds, or None if unknown."""
        value = self.facts.get(fact)
        return value if isinstance(value, str) else None

    def moving(self, moves: Mapping[str, Due]) -> BoundCase:
        """Return the same case with the days of a move known."""
        return replace(self, moves=moves)

    def filling(self, way: Mapping[str, FactValue]) -> BoundCase:
        """Return the same case with more facts known. Written out, since a hard case has thousands of ways."""
        facts = {**self.facts, **way}
        return BoundCase(self.as_of, self.today, facts, self.decisions, self.calendar, self.closed, self.recorded, self.progress, self.moves)

    def reopened(self) -> BoundCase:
        """Return the same case with every fact that `unstated` closed unknown again."""
        return replace(self, facts={name: value for name, value in self.facts.items() if name not in self.closed}, closed=frozenset())


def bind(policy: Policy, snapshot: CaseSnapshot) -> BoundCase:
    """Return the snapshot as the policy sees it.

    Raises:
        SnapshotError: it names a fact, team, area, decision, item or duty that the pack lacks, a local fact has a wrong type, or two facts exclude
            each other by definition. Every fault is reported; no value is quoted.
    """
    if type(snapshot) is not CaseSnapshot:
        # Whatever else calls itself one has not been read.
        raise SnapshotError([_NO_SNAPSHOT])
    faults: list[Diagnostic] = []
    facts = snapshot.stated()
    for name, raw in snapshot.local_facts.items():
        fact = policy.pack.local_facts.get(name)
        if fact is None:
            why = f"neither the standard vocabulary nor the pack {policy.pack.id} has a fact of this name"
            faults.append(_unknown("fact", name, policy.facts if len(faults) < MAX_SUGGESTED else (), why))
            continue
        try:
            value = fact.read(raw)
        except ValueError as error:
            why, mend = f"`{name}` ({fact.label}) is a fact of type {fact.kind}", did_you_mean(raw, fact.options) if isinstance(raw, str) else ""
            faults.append(Diagnostic("wrong-value", f"`{name}` {error}", why=why, mend=mend))
            continue
        facts[name] = value
    for name, value in facts.items():
        faults.extend(_check_name(policy, policy.facts[name], value))
    faults.extend(_check_decisions(policy, snapshot))
    why = f"the pack {policy.pack.id} has no item and no duty of this name"
    strangers = [name for name in snapshot.checklist if name not in policy.work]
    faults.extend(_unknown("item or duty", name, policy.work if number < MAX_SUGGESTED else (), why) for number, name in enumerate(strangers))
    if faults:
        raise SnapshotError(faults)
    closed = {name: value for name, value in closes(policy, snapshot.unstated).items() if name not in facts}
    recorded = {name: decision for name in snapshot.decisions if (decision := snapshot.recorded(name)) is not None}
    case = BoundCase(
        as_of=snapshot.as_of,
        today=london_date(snapshot.as_of),
        facts=facts,
        decisions={name: decision.decided for name, decision in recorded.items()},
        calendar=policy.calendar,
        recorded=recorded,
        progress={name: snapshot.progress(name) for name in snapshot.checklist},
    )
    _refuse_impossible(case)
    filled = replace(case, facts={**closed, **facts})
    # What is closed never contradicts what is stated: a fact that would is left unknown.
    dropped = {name for found in contradictions(filled) for name in (found.first, found.second)}
    kept = {name: value for name, value in closed.items() if name not in dropped}
    return replace(case, facts={**kept, **facts}, closed=frozenset(kept))


def closes(policy: Policy, unstated: str | Collection[str]) -> dict[str, FactValue]:
    """Return what `unstated` says of facts that nobody stated: no, or not yet. Never judgements, dates that describe, choices or counts."""
    if unstated == "unknown":
        return {}
    groups = None if unstated == "not_so" else frozenset(unstated)
    values: dict[str, FactValue] = {"yes_no": False, "event": NOT_YET}
    return {
        name: values[fact.kind]
        for name, fact in policy.facts.items()
        if fact.kind in values and not fact.judgement and (groups is None or fact.group in groups)
    }


def _refuse_impossible(case: BoundCase) -> None:
    faults = [
        Diagnostic(
            "impossible",
            f"`{found.first}` and `{found.second}` cannot both be so",
            why=found.why,
            mend="correct one of the two, or leave out what is not known",
        )
        for found in contradictions(case)
    ]
    if faults:
        raise SnapshotError(faults)


def _check_name(policy: Policy, fact: Fact, value: FactValue) -> Iterable[Diagnostic]:
    if fact.kind == "team" and value not in policy.pack.teams and value not in RESERVED_TEAMS:
        known, what = [*policy.pack.teams, *RESERVED_TEAMS], "team"
    elif fact.kind == "area" and value not in policy.areas:
        known, what = list(policy.areas), "area"
    else:
        return ()
    return (
        Diagnostic(
            f"unknown-{what}",
            f"`{fact.name}` names no {what} of the pack {policy.pack.id}",
            why=f"it takes one of {', '.join(known)}",
            mend=did_you_mean(str(value), known),
        ),
    )


def _check_decisions(policy: Policy, snapshot: CaseSnapshot) -> Iterable[Diagnostic]:
    for number, name in enumerate(snapshot.decisions):
        spec, recorded = policy.pack.decisions.get(name), snapshot.recorded(name)
        if spec is None or recorded is None:
            known = policy.pack.decisions if number < MAX_SUGGESTED else ()
            yield _unknown("decision", name, known, f"the pack {policy.pack.id} has no decision of this name")
            continue
        allowed = spec.options or (*policy.pack.teams, "none", OTHER_AUTHORITY, "stay", "close")
        if recorded.decided not in allowed:
            yield Diagnostic(
                "wrong-decision",
                f"`{name}` is not decided so",
                why=f"it takes one of {', '.join(allowed)}",
                mend=did_you_mean(recorded.decided, allowed),
            )
        if recorded.area is not None and recorded.area not in policy.areas:
            yield Diagnostic(
                "unknown-area",
                f"`area` of the decision `{name}` names no area of the pack {policy.pack.id}",
                why=f"it takes one of {', '.join(policy.areas)}",
            )


def _unknown(what: str, name: str, known: Iterable[str], why: str) -> Diagnostic:
    return Diagnostic(f"unknown-{what.replace(' ', '-')}", f"{named(name, 'a name')}: unknown {what}", why=why, mend=did_you_mean(name, known))

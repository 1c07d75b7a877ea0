"""What can be asked about a decision besides, in sentences: why, why not another team, the other readings, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

from .case import bind
from .dates import add_months
from .decision import Candidate, Decision, Outstanding
from .pack import Interpretation
from .phrases import (
    OVERDUE,
    aside,
    cited,
    few,
    headline,
    say_choice,
    say_event,
    say_outstanding,
    say_point,
    say_reason,
    say_rule,
    say_sections,
    say_status,
    say_whom,
)
from .policy import Policy
from .vocabulary import CaseSnapshot
from .wording import say_day, say_fact, say_series

if TYPE_CHECKING:
    # What it tells of is worked out elsewhere, and takes long to import where nobody asked for it.
    from .contrast import Instead, WhyNot
    from .outlook import Change
    from .rivals import OtherReading
    from .support import Ground, Why

_FEW: Final = 2

# --- why


def say_why(policy: Policy, decision: Decision, why: Why | None) -> list[str]:
    """Return what a decided answer rests on: a line that says it, then one for each fact, with an answer that is possible without it."""
    if why is None:
        return ["the answer is not decided, so no facts alone give it"]
    if not why.grounds:
        return ["the answer is the same whatever the facts"]
    one = len(why.grounds) == 1
    number = "this fact alone gives" if one else f"these {len(why.grounds)} facts alone give"
    lines = [f"{number} the answer, whatever else is so; without {'it' if one else 'any one of them'} the answer is open"]
    lines += [_ground(policy, decision, ground) for ground in why.grounds]
    labels = [policy.pack.decisions[name].label or name.replace("_", " ") for name in why.decisions]
    return lines + ([f"with what people decided: {say_series(labels)}"] if labels else [])


def _ground(policy: Policy, decision: Decision, ground: Ground) -> str:
    text = say_fact(policy, ground.fact, ground.value) + (" (nobody stated it: taken as not so)" if ground.unstated else "")
    if ground.otherwise is None:
        return f"{text}: without it the answer is open"
    return f"{text}: without it perhaps {_otherwise(policy, decision, ground.otherwise)}"


def _otherwise(policy: Policy, decision: Decision, other: Candidate) -> str:
    rules = [rule for rule in other.rules if rule in policy.rules]
    clauses = [clause for rule in rules for clause in policy.rules[rule].clauses]
    if other.outcome == "stay" and not rules:
        clauses = [*policy.pack.otherwise.clauses]
    team = None if decision.receiving_team is None else decision.receiving_team.team
    deadline = None if decision.deadline is None else decision.deadline.on
    if (other.outcome, other.team) != (decision.outcome, team):
        text = say_choice([other])
    elif other.outcome == "people_decide" and {*rules} != {reason.rule for reason in decision.reasons}:
        text = "another question for people to decide"
    elif other.outcome in ("transfer", "close") and other.deadline != deadline:
        text = "the same move by another date" if other.deadline is None else f"the same move by {say_day(other.deadline)}"
    else:
        text = "the same answer with other items"
    return cited(text, say_sections(policy, clauses))


# --- why not


def say_why_not(policy: Policy, others: Sequence[WhyNot]) -> list[str]:
    """Return, for each other team, what would have to be otherwise for it to receive the case."""
    return [f"{other.label}: {_why_not(policy, other)}" for other in others] or ["no rule for the team that holds the case names another team"]


def _why_not(policy: Policy, other: WhyNot) -> str:
    match other.verdict:
        case "more_than_five":
            return "more than five facts would have to be otherwise"
        case "none":
            return "no change of facts gives it, with the decisions that are recorded"
        case "not_found":
            return "what would have to be otherwise was not found within the steps allowed"
    assert other.decision is not None
    reasons = "; ".join(say_reason(policy, reason) for reason in other.decision.reasons)
    return f"for example if {say_series(_instead(policy, change) for change in other.changes)}. Then: {reasons}"


def _instead(policy: Policy, change: Instead) -> str:
    if change.now is None:
        now = "not known"
    elif change.unstated:
        now = "not stated"
    else:
        now = say_fact(policy, change.fact, change.now).removeprefix(policy.facts[change.fact].label).strip().removeprefix("is ")
    return f"{say_fact(policy, change.fact, change.to)} (now: {now})"


# --- other readings


def say_readings(policy: Policy, decision: Decision, readings: Iterable[OtherReading], *, whole: bool = True) -> list[str]:
    """Return, for each other reading, the words in question and what would differ; with `whole` all of that, how the pack reads, and who confirms it.

    What changes nothing but the sections that are cited is told with `whole` only.
    """
    told = [(one, list(_differences(policy.readings[one.interpretation.id], decision, one.decision, by_time=False))) for one in readings]
    return [_reading(policy, one.interpretation, differences, whole) for one, differences in told if differences or whole]


def _reading(policy: Policy, one: Interpretation, differences: list[_Difference], whole: bool) -> str:
    question = f"the procedure can be read two ways: {one.question}{aside(say_sections(policy, one.clauses))}"
    text = f"{question} Read the other way, {_some(differences, whole)}"
    if not whole:
        return text
    return f"{text}. The pack reads: {one.reading}" + (f". To be confirmed by: {one.to_confirm}" if one.to_confirm else "")


# --- what comes next


def say_changes(policy: Policy, changes: Sequence[Change], *, whole: bool = True) -> list[str]:
    """Return the days on which the answer changes, each with what changes; a run of days on which the same thing moves is one line."""
    lines = []
    for text, run in groupby(changes, key=lambda change: _change(policy, change, whole)):
        day, *more = [change.on for change in run]
        lines.append(f"from {say_day(day)}, {text}" + (f" (again {len(more)} times, the last on {say_day(more[-1])})" if more else ""))
    return lines


def _change(policy: Policy, change: Change, whole: bool) -> str:
    if change.after is None:
        return "the record contradicts itself, so nothing can be told"
    return _some(list(_differences(policy, change.before, change.after, by_time=True)), whole)


def say_no_change(policy: Policy, snapshot: CaseSnapshot) -> str:
    """Return that nothing changes as time passes, and for how long that is known: a year, or until the calendar ends."""
    today, last = bind(policy, snapshot).today, policy.calendar.last
    if last <= today:
        return f"what comes next cannot be told: the calendar ends on {say_day(last)}"
    span = "within a year" if add_months(today, 12) <= last else f"until {say_day(last)}, where the calendar ends,"
    return f"nothing changes {span} if planned dates are kept and nothing new is recorded"


# --- two answers side by side


@dataclass(frozen=True, slots=True)
class _Difference:
    """What the second of two answers says otherwise: a sentence, or how several items stand and their labels.

    `of`: the `answer` itself (another outcome or team, and what goes with it), `work` (items and duties), or what stands `beside` these.
    """

    of: Literal["answer", "work", "beside"]
    text: str
    labels: tuple[str, ...] = ()

    def said(self, whole: bool) -> str:
        labels = self.labels if whole else few(self.labels, _FEW)
        return ": ".join(part for part in (self.text, "; ".join(labels)) if part)


def _some(differences: list[_Difference], whole: bool) -> str:
    """Join what differs. Where not the whole is wanted: what comes first, since it weighs most; under another answer all work is other work."""
    said = [one.said(whole) for one in differences]
    answers = [one.said(whole) for one in differences if one.of == "answer"]
    if not whole and answers:
        said = answers + ["other items or duties apply"] * any(one.of == "work" for one in differences)
    elif not whole and len(said) > _FEW:
        said = [*said[:_FEW], "and more"]
    first, *more = said or ["only other sections are cited"]
    text = first
    for one in more:
        text += f"{' ' if text.endswith('?') else '. '}{one[0].upper()}{one[1:]}"
    return text


def _differences(policy: Policy, before: Decision, after: Decision, *, by_time: bool) -> Iterator[_Difference]:
    """Yield what the second answer says otherwise than the first, in the order of an explanation; `by_time`: only time has passed between them."""
    no = "no longer" if by_time else "not"
    first, second = headline(before), headline(after)
    moved = (before.outcome, before.receiving_team) != (after.outcome, after.receiving_team)
    if first != second:
        yield _Difference("answer" if moved else "beside", *_answer(policy, before, after))
    asked = after.to_decide
    if asked is not None and (before.to_decide is None or (asked.who, asked.question) != (before.to_decide.who, before.to_decide.question)):
        yield _Difference("answer", f"{asked.who}: {asked.question}")
    if first == second and after.candidates and before.candidates != after.candidates:
        yield _Difference("beside", "the answer lies between", tuple(say_choice([one]) for one in after.candidates))
    if before.transfer_point != after.transfer_point and after.transfer_point is not None:
        yield _Difference("beside", _point(policy, before, after, by_time))
    groups: dict[str, list[str]] = {}
    for how, label in (*_items(policy, before, after, no), *_duties(before, after, no)):
        groups.setdefault(how, []).append(label)
    yield from (_Difference("work", how, tuple(labels)) for how, labels in groups.items())
    yield from (_Difference("beside", warning.text) for warning in after.warnings if warning not in before.warnings)
    yield from (_Difference("beside", f"{no} so: {warning.text}") for warning in before.warnings if warning not in after.warnings)
    yield from _open(policy, before, after, by_time)
    rules = [[reason.rule for reason in one.reasons if reason.rule in policy.rules] for one in (before, after)]
    if by_time and first == second and rules[0] != rules[1] and rules[1]:
        yield _Difference("beside", "now because", tuple(say_rule(policy, rule) for rule in rules[1]))


def _answer(policy: Policy, before: Decision, after: Decision) -> tuple[str, tuple[str, ...]]:
    """Return the second answer, which is told otherwise than the first; where it cannot be told, with the facts that are not known."""
    if after.outcome == "undetermined":
        return "it cannot be told yet; not known", tuple(policy.facts[name].label for name in after.missing)
    if headline(before) == headline(_in_time(after)):
        return f"the {'move' if after.to_decide is None else 'decision'} is overdue", ()
    if before.outcome == after.outcome == "stay" and before.deadline == after.deadline:
        return "stay all the same, because", tuple(say_reason(policy, reason) for reason in after.reasons)
    answer = headline(after)
    return answer[0].lower() + answer[1:], ()


def _in_time(decision: Decision) -> Decision:
    """Return a decision as it was before its date was past."""
    asked, deadline = decision.to_decide, decision.deadline
    if asked is not None and asked.by is not None:
        asked = replace(asked, by=replace(asked.by, overdue=False))
    return replace(decision, to_decide=asked, deadline=None if deadline is None else replace(deadline, overdue=False))


def _point(policy: Policy, before: Decision, after: Decision, by_time: bool) -> str:
    assert after.transfer_point is not None
    same = before.transfer_point is not None and before.transfer_point.event == after.transfer_point.event
    if by_time and same and after.transfer_point.state == "happened":
        return f"the transfer point has come: {say_event(policy, after)}"
    return f"responsibility passes {say_point(policy, after)}"


def _open(policy: Policy, before: Decision, after: Decision, by_time: bool) -> Iterator[_Difference]:
    """Yield the facts on which the answer hangs besides, or hangs no more. Where it cannot be told, the answer itself has named them."""
    more = tuple(policy.facts[name].label for name in after.missing if name not in before.missing)
    fewer = tuple(policy.facts[name].label for name in before.missing if name not in after.missing)
    if more and (before.outcome == "undetermined" or after.outcome != "undetermined"):
        yield _Difference("beside", "it also hangs on facts not known", more)
    if fewer and not more and before.outcome == after.outcome:
        yield _Difference("beside", f"it {'no longer hangs' if by_time else 'does not hang'} on", fewer)


def _items(policy: Policy, before: Decision, after: Decision, no: str) -> Iterator[tuple[str, str]]:
    """Yield how each item stands otherwise than before, with its label; where it stands as before, to whom it falls."""
    old, new = ({item.item: item for item in one.outstanding} for one in (before, after))
    for name, item in new.items():
        how, people = _how(after, item), item.by
        if name in old:
            yield from _stands(item.label, (_how(before, old[name]), old[name].by), (how, people))
        else:
            yield (f"also required, {how}" if name in after.required and name not in before.required else how), item.label
    for name in dict.fromkeys((*before.required, *old)):
        if name not in new and (name in old or name not in after.required):
            yield f"{no} {'outstanding' if name in after.required else 'required'}", policy.work[name].label
    for name in after.required:
        if name not in (*before.required, *new):
            yield "also required, and done", policy.work[name].label


def _how(decision: Decision, item: Outstanding) -> str:
    # From which day work would have been recent enough moves along with the day asked about.
    return say_outstanding(decision, replace(item, needed_from=None))


def _duties(before: Decision, after: Decision, no: str) -> Iterator[tuple[str, str]]:
    old, new = ({duty.duty: duty for duty in one.duties} for one in (before, after))
    for name, duty in new.items():
        if name in old:
            yield from _stands(duty.label, (say_status(old[name]), say_whom(old[name])), (say_status(duty), say_whom(duty)))
        else:
            yield f"also asked for, {say_status(duty)}", duty.label
    yield from ((f"{no} asked for", duty.label) for name, duty in old.items() if name not in new)


def _stands(label: str, before: tuple[str, str], after: tuple[str, str]) -> Iterator[tuple[str, str]]:
    (how_before, people_before), (how, people) = before, after
    if how != how_before:
        yield ("overdue" if how.replace(OVERDUE, "") == how_before else how), label
    elif people != people_before:
        yield f"falls to {people or 'nobody named'}", label

"""`evaluate(policy, snapshot) -> Decision`: what the rules say, what is still outstanding, and, exactly, what unknown facts leave open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final, TypeAlias

from .answers import Answer, named, stand
from .case import BoundCase, bind
from .checklists import DutySpec, Move, Record, applies_to
from .checklists import Standing as Progressed
from .completion import Completion, LimitReached, Look, Way, rests_on_unstated
from .conditions import Node, Truth, all_of
from .dates import shown
from .decision import Decision, Duty, Outstanding, Reason, Warning
from .facts import FactValue
from .joining import Joined, join
from .one_case import decide as decide_by_form
from .outstanding import about_decisions, about_progress, duty_line, item_line
from .pack import PeopleDecide
from .policy import Policy
from .ruling import point_of, receiver, way_of
from .timescales import facts_read
from .vocabulary import CaseSnapshot

Pair: TypeAlias = tuple[Way, Way]
"""Two ways of filling in that differ in one fact alone and have different answers."""

_NONE: Final[Mapping[str, Pair | None]] = {}


def evaluate(policy: Policy, snapshot: CaseSnapshot) -> Decision:
    """Decide one case: which team receives it, by when, and what is still outstanding.

    Pure: the same policy and snapshot give the same decision. An unknown fact is neither false nor zero. The decision is `decided` if every way of
    filling in the unknown facts gives the same outcome, team, deadline and required items, and only then; else `missing` names each fact that alone
    makes a difference. Where outcome or team is open the outcome is `undetermined`; where only the deadline or the items are, it is provisional.
    Filling in is bounded by counted looks (`completion.LOOKS`): past them the decision is provisional, and `missing` may name too many facts, never
    too few. Once the cases of a team have come up often enough, the form of that team answers those that are settled (`one_case`): the same decision,
    sooner.

    Raises:
        SnapshotError: the snapshot names what the pack lacks, or holds facts that exclude each other by definition.
    Source: docs/language.md, sections 3 to 5; docs/unknowns.md.
    """
    decision = decide_by_form(policy, snapshot)
    return examine(policy, snapshot)[0] if decision is None else decision


def examine(policy: Policy, snapshot: CaseSnapshot) -> tuple[Decision, Mapping[str, Pair | None]]:
    """Decide one case by the tree, and say of each missing fact by which two ways that differ in it alone it makes a difference.

    None stands for a fact of which that could not be found out within the looks allowed.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    return _Evaluation(policy, bind(policy, snapshot)).decision()


def evaluate_to_compare(policy: Policy, snapshot: CaseSnapshot) -> Decision:
    """Decide one case by the tree, leaving out which facts nobody stated the answer rests on: that takes as long again, and is no part of the answer.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    return _Evaluation(policy, bind(policy, snapshot)).answer()[0]


def evaluate_unnamed(policy: Policy, snapshot: CaseSnapshot) -> Decision:
    """Decide one case by the tree, without finding out which unknown facts make a difference: where some do, `missing` names all that may.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    return _Evaluation(policy, bind(policy, snapshot)).answer(named=False)[0]


def with_unstated(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> Decision:
    """Return a decision of `evaluate_to_compare` as `evaluate` gives it.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    return _Evaluation(policy, bind(policy, snapshot)).with_unstated(decision)


def possible_duties(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> tuple[str, ...]:
    """Return the ids of the duties that may apply once unknown facts are known, sorted; the decision itself lists those certain to apply.

    Raises:
        SnapshotError: as for `evaluate`.
    """
    case = bind(policy, snapshot)
    sure = {duty.duty for duty in decision.duties}
    replaced = {weaker for duty in policy.duties if duty.id in sure for weaker in duty.overrides}
    ways = _moves_in_play(policy, case, decision)
    may = (duty.id for duty in policy.duties if any(_duty_applies(duty, way, case) is not False for way in ways))
    return tuple(name for name in may if name not in sure and name not in replaced)


def _explore(completion: Completion, seen: Look, named: bool) -> tuple[Joined, Mapping[str, Pair | None]]:
    """Return what every way says, and the facts that make a difference, where Kleene's logic leaves `seen` open."""
    ways = completion.listed({})
    joined = _as_seen(seen) if ways is None else join(completion.policy, [look for _, look in ways])
    if ways is not None and len({look.answer for _, look in ways}) == 1:
        return joined, {}
    if not named:
        return joined, dict.fromkeys(sorted(seen.open))
    different: dict[str, Pair | None] = {}
    for name in sorted(seen.open):
        try:
            if (pair := completion.pair(name)) is not None:
                different[name] = pair
        except LimitReached:
            different[name] = None
    # With nothing proven to make a difference, whatever may make one is named.
    return joined, different or dict.fromkeys(sorted(seen.open))


def _settled(completion: Completion, seen: Look) -> Joined:
    """Return what a settled look says; of a stay without a reason, which rules would speak and whether one always does."""
    if seen.ruling.outcome != "stay" or seen.ruling.answers or not seen.unheard:
        return _as_seen(seen)
    ways = completion.listed({}, by_rule=True)
    return _as_seen(seen) if ways is None else join(completion.policy, [look for _, look in ways])


def _as_seen(look: Look) -> Joined:
    ruling = look.ruling
    return Joined(ruling, (), False, point_of(ruling, look.case), look.needs.required, look.needs.unsure)


class _Evaluation:
    """The evaluation of one case."""

    def __init__(self, policy: Policy, case: BoundCase):
        self.policy = policy
        self.case = case
        self.warnings: set[Warning] = set()

    def decision(self) -> tuple[Decision, Mapping[str, Pair | None]]:
        """Work out the whole decision."""
        answer, missing = self.answer()
        return self.with_unstated(answer), missing

    def with_unstated(self, decision: Decision) -> Decision:
        """Say which facts that nobody stated the answer rests on."""
        return replace(decision, rests_on_unstated=rests_on_unstated(self.policy, self.case)) if self.case.closed else decision

    def answer(self, *, named: bool = True) -> tuple[Decision, Mapping[str, Pair | None]]:
        """Work out what the rules say together, then items and duties."""
        completion = Completion(self.policy, self.case)
        seen = completion.look({})
        found, missing = (_settled(completion, seen), _NONE) if seen.answer is not None else _explore(completion, seen, named)
        ruling = found.ruling
        case = ruling.moving(self.case)
        record = Record(self.case.progress, self.policy.work, case)
        outstanding = self._outstanding(found.required, found.unsure, case, record)
        duties = self._duties(ruling.move(self.case), case, record)
        reasons = self._reasons(found)
        self._warn(found)
        decision = Decision(
            outcome=ruling.outcome,
            certainty="provisional" if missing else "decided",
            identity=self.policy.identity,
            silent=[reason.rule for reason in reasons] == ["otherwise"],
            receiving_team=ruling.receiving_team,
            candidates=ruling.candidates,
            to_decide=ruling.to_decide,
            transfer_point=found.point,
            deadline=ruling.deadline(self.case),
            required=found.required,
            outstanding=outstanding,
            duties=duties,
            reasons=reasons,
            missing=tuple(missing),
            warnings=tuple(sorted(self.warnings, key=lambda warning: (warning.code, warning.text))),
        )
        return decision, missing

    # --- items

    def _outstanding(self, required: Iterable[str], unsure: Iterable[str], case: BoundCase, record: Record) -> tuple[Outstanding, ...]:
        found = []
        for name in required:
            progressed = record.standing(name)
            self._note_progress(name, progressed)
            if progressed.why is not None:
                found.append(item_line(self.policy.pack.items[name], progressed.why, progressed, case))
        found.extend(item_line(self.policy.pack.items[name], "cannot_tell", None, case) for name in unsure)
        return tuple(found)

    # --- duties

    def _duties(self, move: Move, case: BoundCase, record: Record) -> tuple[Duty, ...]:
        applying = [duty for duty in self.policy.duties if _duty_applies(duty, move, case)]
        replaced = {weaker for duty in applying for weaker in duty.overrides}
        found = []
        for duty in applying:
            if duty.id in replaced:
                continue
            progressed = record.standing(duty.id)
            self._note_progress(duty.id, progressed)
            found.append(duty_line(duty, progressed, duty.due.due(case), case))
        return tuple(found)

    def _note_progress(self, name: str, progressed: Progressed) -> None:
        self.warnings.update(about_progress(self.policy.work[name], self.case.progress.get(name), progressed))

    # --- reasons and warnings

    def _reasons(self, found: Joined) -> tuple[Reason, ...]:
        reasons = [self._reason(answer) for answer in found.ruling.answers] + [self._reason(answer, sometimes=True) for answer in found.sometimes]
        reasons = sorted((reason for reason in reasons if reason.rule), key=lambda reason: reason.rule)
        settled, otherwise = found.ruling.settled, self.policy.pack.otherwise
        if settled is not None:
            reasons.insert(0, Reason("leave_to_people", f"{settled.who} decided: {settled.question}", settled.clauses))
        if found.ruling.outcome == "stay" and (found.silent_sometimes or not reasons):
            reasons.append(Reason("otherwise", otherwise.label, otherwise.clauses, sometimes=found.silent_sometimes))
        return tuple(reasons)

    def _reason(self, answer: Answer, *, sometimes: bool = False) -> Reason:
        rule = answer.rule
        trees: list[Node] = [rule.when, *(tree for tree in (rule.transfer_point, rule.deadline) if tree is not None)]
        read = frozenset({"current_team"}).union(*(facts_read(tree) for tree in trees))
        used = tuple((name, _shown(self.case.facts[name])) for name in sorted(read) if name in self.case.facts)
        return Reason(rule.id, rule.label, rule.clauses, used, None if rule.place is None else str(rule.place), sometimes)

    def _warn(self, found: Joined) -> None:
        pack, today = self.policy.pack, self.case.today
        if today < pack.in_force_from or (pack.in_force_until is not None and today > pack.in_force_until):
            self.warnings.add(Warning("outside-edition", f"edition {pack.edition} is not in force on the day asked about"))
        if found.ruling.due.unproclaimed and found.ruling.due.no_later:
            self.warnings.add(Warning("unproclaimed", "the deadline was counted past the years whose bank holidays are proclaimed"))
        if self.case.recorded:
            self.warnings.update(self._about_decisions(found))

    def _about_decisions(self, found: Joined) -> Iterator[Warning]:
        """Yield what is odd about the recorded decisions."""
        matching = [self.policy.rules[name].effect for name in stand(self.policy, self.case).matches]
        asking = [effect for effect in matching if isinstance(effect, PeopleDecide)]
        yield from about_decisions(self.policy, self.case.recorded, asking, self.case.team, lambda one: named(one, self.case))
        for answer in found.ruling.answers:
            if answer.asks is not None and answer.asks.settled_by in self.case.recorded:
                yield Warning("decision-not-valid", f"the decision `{answer.asks.settled_by}` was not taken at a time that its clause accepts")


def _shown(value: FactValue) -> FactValue:
    return shown(value) if isinstance(value, date) else value


def _moves_in_play(policy: Policy, case: BoundCase, decision: Decision) -> list[Move]:
    standing = stand(policy, case)
    to_team = receiver(decision.outcome, None if decision.receiving_team is None else decision.receiving_team.team)
    rules = tuple(answer.rule.id for answer in (*standing.certain, *standing.possible))
    ways = [Move(decision.outcome, case.team, to_team, rules)]
    if decision.outcome == "undetermined":
        ways += [way_of(answer, case) for answer in (*standing.certain, *standing.possible)]
    return ways


def _duty_applies(duty: DutySpec, move: Move, case: BoundCase) -> Truth:
    meant = applies_to(duty.applies, move, case)
    return False if meant is False else all_of((meant, duty.when.truth(case)))

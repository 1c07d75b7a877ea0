"""`evaluate(policy, snapshot) -> Decision`: what the standing rules say together, and what is still outstanding.

Strong Kleene logic throughout: a rule whose condition is unknown may or may not stand, and only an answer that holds either way is called decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

from .answers import Answer, Standing, agree, moves_of, named, settled, stand
from .case import BoundCase, bind
from .checklists import NO_DUE, Applies, DutySpec, Item, Move, Outcome, Record, Status, Why, applies_to
from .checklists import Standing as Progressed
from .conditions import Case, Node, Truth, all_of, any_of, is_after
from .dates import NO_DATE, DayOrMoment, Due, end_of, london_date, shown, soonest
from .decision import (
    Candidate,
    Deadline,
    DeadlineState,
    Decision,
    Duty,
    Outstanding,
    PointState,
    Reason,
    ReceivingTeam,
    ToDecide,
    TransferPoint,
    Warning,
)
from .facts import HAPPENED, NOBODY
from .pack import FromFact, LeaveToPeople, PeopleDecide, Rule, Stay
from .policy import Policy
from .timescales import Birthday, Conditional, FactDay, FailingThat, Timescale, UseTimescale, blockers, facts_read
from .vocabulary import CaseSnapshot


def evaluate(policy: Policy, snapshot: CaseSnapshot) -> Decision:
    """Decide one case: which team receives it, by when, and what is still outstanding.

    Pure: the same policy and snapshot give the same decision. An unknown fact is neither false nor zero: where it could change the outcome or the
    team, the outcome is `undetermined`; where it could change the deadline or the items required, the certainty is `provisional`; `missing` names it.

    Raises:
        SnapshotError: the snapshot names what the pack lacks, or holds facts that exclude each other by definition.
    Source: docs/language.md, sections 3 to 5.
    """
    return _Evaluation(policy, bind(policy, snapshot)).decision()


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


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a decision that depend on its outcome, before items and duties are worked out."""

    outcome: Outcome
    answers: tuple[Answer, ...] = ()
    in_play: tuple[Answer, ...] = ()
    undecided: bool = False
    settled: LeaveToPeople | None = None
    receiving_team: ReceivingTeam | None = None
    candidates: tuple[Candidate, ...] = ()
    to_decide: ToDecide | None = None
    point: Due = NO_DATE
    point_node: Timescale | None = None
    due: Due = NO_DATE
    deadline: Deadline | None = None
    missing: frozenset[str] = frozenset()


class _Evaluation:
    """The evaluation of one case."""

    def __init__(self, policy: Policy, case: BoundCase):
        self.policy = policy
        self.case = case
        self.standing: Standing = stand(policy, case)
        self.warnings: set[Warning] = set()

    def decision(self) -> Decision:
        """Put the answers of the standing rules together, then items and duties."""
        parts = self._outcome()
        case = self.case.moving(moves_of(self.case, parts.point, parts.due)) if parts.outcome in ("transfer", "close") else self.case
        record = Record(self.case.progress, self.policy.work, case)
        move = _move_of(parts, case)
        required, outstanding, items_missing = self._items(parts, move, case, record)
        missing = parts.missing | items_missing
        duties = self._duties(move, case, record)
        self._warn(parts)
        return Decision(
            outcome=parts.outcome,
            certainty="provisional" if missing or parts.outcome == "undetermined" else "decided",
            identity=self.policy.identity,
            silent=parts.outcome == "stay" and not parts.answers and parts.settled is None,
            receiving_team=parts.receiving_team,
            candidates=parts.candidates,
            to_decide=parts.to_decide,
            transfer_point=_point(parts, self.case),
            deadline=parts.deadline,
            required=required,
            outstanding=outstanding,
            duties=duties,
            reasons=self._reasons(parts),
            missing=tuple(sorted(missing)),
            rests_on_unstated=self._rests_on_unstated(),
            warnings=tuple(sorted(self.warnings, key=lambda warning: (warning.code, warning.text))),
        )

    # --- outcome, team and deadline

    def _outcome(self) -> _Parts:
        certain = self.standing.certain
        if self._open():
            return self._undetermined()
        clash = [pair for pair in combinations(certain, 2) if agree(*pair) is False]
        if clash:
            return self._clash(clash)
        if not certain or certain[0].outcome == "stay":
            return self._stay(certain)
        return self._people_decide(certain) if certain[0].outcome == "people_decide" else self._move(certain)

    def _open(self) -> bool:
        """Say whether facts still unknown leave outcome or team open."""
        certain, possible = self.standing.certain, self.standing.possible
        if any(answer.open_facts for answer in certain):
            return True
        agreed = {pair: agree(*pair) for pair in combinations(certain, 2)}
        clash = [pair for pair, same in agreed.items() if same is False]
        if clash:
            # Rules that are certain to clash do so whatever else stands or clashes, unless the clash is left to people.
            return self._left_to_people(clash) is not None and (bool(possible) or None in agreed.values())
        if all(answer.yields for answer in certain):
            return any(answer.outcome != "stay" for answer in possible)
        return any(agree(*pair) is not True for pair in combinations((*certain, *possible), 2))

    def _left_to_people(self, clash: Iterable[tuple[Answer, Answer]]) -> LeaveToPeople | None:
        names = {answer.rule.id for pair in clash for answer in pair}
        return next((left for left in self.policy.pack.leave_to_people if names <= left.rules), None)

    def _leavable(self, answers: tuple[Answer, ...]) -> list[LeaveToPeople]:
        """Return the clashes among these answers that the pack may leave to people."""
        return [left for left in self.policy.pack.leave_to_people if sum(answer.rule.id in left.rules for answer in answers) > 1]

    def _undetermined(self) -> _Parts:
        certain = self.standing.certain
        standing = (*certain, *self.standing.possible)
        answers = (*standing, *self._settled(standing))
        candidates = self._candidates(answers)
        if self._may_stay(answers) and all(one.outcome != "stay" for one in candidates):
            candidates = (*candidates, Candidate("stay"))
        missing = self.standing.unknown.union(*(self._answer_blockers(answer) for answer in answers))
        return _Parts("undetermined", certain, answers, candidates=candidates, missing=missing)

    def _may_stay(self, answers: Iterable[Answer]) -> bool:
        """Say whether the case may stay though none of these answers says so: in silence, by a hold that only explains, or where a team is open.

        Overriding runs in no circle, so where one rule is certain to match, some matching rule always stands.
        """
        matching = [rule.effect for name, rule in self.policy.rules.items() if self.standing.matches[name]]
        possible = [rule.effect for name, rule in self.policy.rules.items() if self.standing.matches[name] is not False]
        speaks = any(not (isinstance(effect, Stay) and effect.yields) for effect in matching)
        explains = any(isinstance(effect, Stay) and effect.yields for effect in possible)
        return not speaks or explains or any(answer.open_facts for answer in answers)

    def _settled(self, answers: tuple[Answer, ...]) -> list[Answer]:
        """Return what the recorded decisions would settle, should the questions or clashes of these answers come up."""
        questions = [(answer.rule, answer.asks.settled_by) for answer in answers if answer.asks is not None]
        questions += [(_nobodys(answers[0].rule), left.settled_by) for left in self._leavable(answers)]
        found = [(rule, self.case.recorded.get(name or "")) for rule, name in questions]
        return [settled(rule, recorded.decided, recorded.area, self.case) for rule, recorded in found if recorded is not None]

    def _clash(self, clash: list[tuple[Answer, Answer]]) -> _Parts:
        certain = self.standing.certain
        left = self._left_to_people(clash)
        if left is None:
            return _Parts("conflict", certain, certain, candidates=self._candidates(certain))
        recorded = self.case.recorded.get(left.settled_by) if left.settled_by else None
        if recorded is None:
            between = tuple(dict.fromkeys(answer.team or answer.outcome for answer in certain))
            asked = ToDecide(left.question, left.who, between, settled_by=left.settled_by, clauses=left.clauses)
            return _Parts("people_decide", certain, candidates=self._candidates(certain), to_decide=asked, undecided=True)
        # The rules that say what was decided bring their transfer point and deadline; where none does, or they differ, there is no date.
        answer = settled(_nobodys(certain[0].rule), recorded.decided, recorded.area, self.case)
        if answer.open_facts:
            return self._undetermined()
        same = (one for one in certain if (one.outcome, one.team) == (answer.outcome, answer.team))
        fitting = tuple(replace(one, area=recorded.area or one.area) for one in same)
        if fitting and all(agree(*pair) for pair in combinations(fitting, 2)):
            return replace(self._stay(fitting) if answer.outcome == "stay" else self._move(fitting), settled=left)
        alone = self._stay((answer,)) if answer.outcome == "stay" else self._move((answer,))
        return replace(alone, answers=(), settled=left)

    def _stay(self, answers: tuple[Answer, ...]) -> _Parts:
        """Return a stay. It has no deadline, so the date until which a hold lasts is shown where it is known, and leaves nothing open."""
        holds = [answer.not_before for answer in answers if answer.not_before.kind != "none"]
        if not holds:
            return _Parts("stay", answers)
        known = [value for hold in holds if (value := hold.value or hold.not_before) is not None]
        until = max(known, key=end_of, default=None)
        return _Parts("stay", answers, deadline=Deadline("not_stated", not_before=None if until is None else shown(until), note="the case is held"))

    def _people_decide(self, answers: tuple[Answer, ...]) -> _Parts:
        """Put together the rules that ask one question: whatever any of them asks about, by the soonest of their dates."""
        asking = [(answer, answer.asks) for answer in answers if answer.asks is not None]
        asks = asking[0][1]
        dues = [one.by.due(self.case.moving(moves_of(self.case, answer.point, answer.deadline))) for answer, one in asking if one.by is not None]
        between = dict.fromkeys(who for _, one in asking for who in one.between)
        known = dict.fromkeys(answer for who in between if (answer := named(who, self.case)) is not None)
        asked = ToDecide(
            asks.question,
            asks.who,
            tuple(dict.fromkeys(named(who, self.case) or (who.fact if isinstance(who, FromFact) else who) for who in between)),
            deadline_of(soonest(dues), self.case) if dues else None,
            asks.settled_by,
            tuple(dict.fromkeys(clause for answer in answers for clause in answer.rule.clauses)),
        )
        rules = tuple(answer.rule.id for answer, _ in asking)
        candidates = tuple(dict.fromkeys(self._candidate_named(answer, rules) for answer in known))
        return _Parts("people_decide", answers, candidates=candidates, to_decide=asked)

    def _candidate_named(self, answer: str, rules: tuple[str, ...]) -> Candidate:
        if answer in ("stay", self.case.team):
            return Candidate("stay", rules=rules)
        if answer in ("close", NOBODY):
            return Candidate("close", rules=rules)
        return Candidate("transfer", answer, self.policy.team_label(answer), rules=rules)

    def _move(self, answers: tuple[Answer, ...]) -> _Parts:
        dated = next((answer for answer in answers if answer.deadline.kind != "none"), answers[0])
        same_date = [answer for answer in answers if answer.deadline.kind != "none"]
        pointed = next((answer for answer in (*same_date, *answers) if answer.point.kind != "none"), dated)
        missing = self._answer_blockers(dated)
        # A rule that may stand besides agrees, but could add its date, or say of the same date that it is not yet firm.
        adding = [answer for answer in self.standing.possible if answer.deadline.kind != "none" and answer.deadline != dated.deadline]
        if adding:
            missing = missing.union(self.standing.unknown, *(self._answer_blockers(answer) for answer in adding))
        team = None
        if dated.team is not None:
            # Rules that agree on the team may name two areas; then the area stays open.
            areas = {answer.area for answer in answers if answer.area is not None}
            area = areas.pop() if len(areas) == 1 else None
            team = ReceivingTeam(dated.team, self.policy.team_label(dated.team), area, None if area is None else self.policy.areas[area], dated.role)
        return _Parts(
            dated.outcome,
            answers,
            receiving_team=team,
            point=pointed.point,
            point_node=pointed.rule.transfer_point,
            due=dated.deadline,
            deadline=deadline_of(dated.deadline, self.case),
            missing=missing,
        )

    def _answer_blockers(self, answer: Answer) -> frozenset[str]:
        """Return the unknown facts that leave open whom an answer names and when."""
        effect = answer.rule.effect
        until = effect.until if isinstance(effect, Stay) else None
        trees = [tree for tree in (answer.rule.deadline, until) if tree is not None]
        return answer.open_facts.union(*(blockers(tree, self.case) for tree in trees))

    def _candidates(self, answers: Iterable[Answer]) -> tuple[Candidate, ...]:
        found: dict[tuple[Outcome, str | None, DayOrMoment | None], Candidate] = {}
        for answer in sorted(answers, key=lambda answer: (answer.key, answer.rule.id)):
            value = None if answer.deadline.value is None else shown(answer.deadline.value)
            first = found.get((answer.outcome, answer.team, value))
            rules = (*(() if first is None else first.rules), *((answer.rule.id,) if answer.rule.id else ()))
            label = None if answer.team is None else self.policy.team_label(answer.team)
            found[answer.outcome, answer.team, value] = Candidate(answer.outcome, answer.team, label, value, rules)
        return tuple(found.values())

    # --- items

    def _items(self, parts: _Parts, move: Move, case: BoundCase, record: Record) -> tuple[tuple[str, ...], tuple[Outstanding, ...], frozenset[str]]:
        """Return the items required, those outstanding, and the unknown facts that leave the list open."""
        items = [item for item in self.policy.pack.items.values() if not item.off]
        if parts.in_play:
            return self._items_in_play(items, parts, case, record)
        joining = {answer.rule.id for answer in self.standing.possible}
        loose = replace(move, rules=(*move.rules, *sorted(joining)))
        required = [item.id for item in items if self._wanted(item, move, case)]
        unsure = [item for item in items if item.id not in required and self._wanted(item, loose, case) is not False]
        missing = self._item_blockers(unsure, [move, loose], case)
        if any(one.rules is not None and one.rules & joining for item in unsure for one in self.policy.moves_of_item[item.id]):
            missing |= self.standing.unknown
        return tuple(required), self._outstanding(required, [item.id for item in unsure], case, record), missing

    def _items_in_play(
        self, items: list[Item], parts: _Parts, case: BoundCase, record: Record
    ) -> tuple[tuple[str, ...], tuple[Outstanding, ...], frozenset[str]]:
        """Return the same while several answers are in play: only what each of them requires is required."""
        ways = [_way(answer, case) for answer in parts.in_play]
        if parts.outcome == "undetermined":
            # Whatever bears on any way may be missing: a clash may be left to people, and a fact that names the team may name nobody.
            ways += [Move("people_decide", case.team, None, ())] if self._leavable(parts.in_play) else []
            ways += [replace(way, outcome="close", to_team=NOBODY, to_open=False) for way in ways if way.to_open]
            stays = self._may_stay(parts.in_play)
            required = [item.id for item in items if not stays and all(self._wanted(item, way, case) for way in ways)]
            return tuple(required), self._outstanding(required, (), case, record), self._item_blockers(items, ways, case)
        joining = [_way(answer, case) for answer in self.standing.possible]
        wanted = {item.id: all_of(self._wanted(item, way, case) for way in ways) for item in items}
        kept = {item.id: all_of(self._wanted(item, way, case) for way in joining) for item in items}
        required = [name for name in wanted if wanted[name] and kept[name]]
        unsure = [item for item in items if item.id not in required and wanted[item.id] is not False]
        missing = self._item_blockers(unsure, [*ways, *joining], case)
        if any(kept[item.id] is not True for item in unsure):
            missing |= self.standing.unknown
        return tuple(required), self._outstanding(required, [item.id for item in unsure], case, record), missing

    def _wanted(self, item: Item, move: Move, case: BoundCase) -> Truth:
        return all_of((any_of(one.truth(move, case) for one in self.policy.moves_of_item[item.id]), item.when.truth(case)))

    def _item_blockers(self, items: Iterable[Item], ways: list[Move], case: BoundCase) -> frozenset[str]:
        found: set[str] = set()
        for item in items:
            if any(self._wanted(item, way, case) is None for way in ways):
                found.update(blockers(item.when, case), *(_applies_blockers(self.policy.moves_of_item[item.id], way, case) for way in ways))
        return frozenset(found)

    def _outstanding(self, required: Iterable[str], unsure: Iterable[str], case: BoundCase, record: Record) -> tuple[Outstanding, ...]:
        found = []
        for name in required:
            progressed = record.standing(name)
            self._note_progress(name, progressed)
            if progressed.why is not None:
                found.append(self._item_line(name, progressed.why, progressed, case))
        found.extend(self._item_line(name, "cannot_tell", None, case) for name in unsure)
        return tuple(found)

    def _item_line(self, name: str, why: Why, progressed: Progressed | None, case: BoundCase) -> Outstanding:
        item = self.policy.pack.items[name]
        needed_from = None
        if why == "stale" and item.fresh_for is not None:
            handover = case.moves.get("handover", NO_DATE).value
            last = case.today if handover is None else max(case.today, london_date(handover))
            needed_from = item.fresh_for.first_reaching(last, case)
        return Outstanding(
            item=name,
            label=item.label,
            why=why,
            by=item.by,
            due=None if item.due is NO_DUE else deadline_of(item.due.due(case), case),
            done_on=None if progressed is None else progressed.done_on,
            needed_from=needed_from,
            excusable_by=None if item.excusable is None else item.excusable.by,
            clauses=item.clauses,
        )

    # --- duties

    def _duties(self, move: Move, case: BoundCase, record: Record) -> tuple[Duty, ...]:
        applying = [duty for duty in self.policy.duties if _duty_applies(duty, move, case)]
        replaced = {weaker for duty in applying for weaker in duty.overrides}
        found = []
        for duty in applying:
            if duty.id in replaced:
                continue
            progressed, due = record.standing(duty.id), duty.due.due(case)
            status = _status(progressed, due, case)
            self._note_progress(duty.id, progressed)
            found.append(
                Duty(
                    duty=duty.id,
                    kind=duty.kind,
                    label=duty.label,
                    status=status,
                    who=duty.who,
                    to=duty.to,
                    # What is done is not overdue, however late it was.
                    due=replace(deadline_of(due, case), overdue=status == "overdue"),
                    done_on=progressed.done_on,
                    advisory=duty.advisory,
                    clauses=duty.clauses,
                )
            )
        return tuple(found)

    def _note_progress(self, name: str, progressed: Progressed) -> None:
        work, progress = self.policy.work[name], self.case.progress.get(name)
        if progressed.clash:
            self.warnings.add(Warning("progress-clash", f"{work.label}: the facts and the record of progress disagree; the facts count"))
        if progress is not None and progress.excused and (not isinstance(work, Item) or work.excusable is None):
            self.warnings.add(Warning("not-excusable", f"{work.label}: recorded as excused, but no clause lets it be excused"))

    # --- reasons and warnings

    def _reasons(self, parts: _Parts) -> tuple[Reason, ...]:
        reasons = sorted((self._reason(answer) for answer in parts.answers), key=lambda reason: reason.rule)
        if parts.settled is not None:
            return (Reason("leave_to_people", f"{parts.settled.who} decided: {parts.settled.question}", parts.settled.clauses), *reasons)
        if not reasons and parts.outcome == "stay":
            otherwise = self.policy.pack.otherwise
            return (Reason("otherwise", otherwise.label, otherwise.clauses),)
        return tuple(reasons)

    def _reason(self, answer: Answer) -> Reason:
        rule = answer.rule
        trees: list[Node] = [rule.when, *(tree for tree in (rule.transfer_point, rule.deadline) if tree is not None)]
        read = frozenset({"current_team"}).union(*(facts_read(tree) for tree in trees))
        used = tuple((name, self.case.facts[name]) for name in sorted(read) if name in self.case.facts)
        return Reason(rule.id, rule.label, rule.clauses, used, None if rule.place is None else str(rule.place))

    def _rests_on_unstated(self) -> tuple[str, ...]:
        """Return the facts that `unstated` closed and without which something of the answer would be open."""
        if not self.case.closed:
            return ()
        open_again = _Evaluation(self.policy, self.case.reopened()).decision()
        return tuple(name for name in open_again.missing if name in self.case.closed)

    def _warn(self, parts: _Parts) -> None:
        pack, today = self.policy.pack, self.case.today
        if today < pack.in_force_from or (pack.in_force_until is not None and today > pack.in_force_until):
            self.warnings.add(Warning("outside-edition", f"edition {pack.edition} is not in force on the day asked about"))
        if parts.due.unproclaimed and parts.due.no_later:
            self.warnings.add(Warning("unproclaimed", "the deadline was counted past the years whose bank holidays are proclaimed"))
        matching = [rule.effect for name, rule in self.policy.rules.items() if self.standing.matches[name] is not False]
        asking = [effect for effect in matching if isinstance(effect, PeopleDecide)]
        asked = {effect.settled_by for effect in asking} | {left.settled_by for left in pack.leave_to_people}
        for name in self.case.recorded:
            if name not in asked and name not in self.policy.decisions_tested:
                self.warnings.add(Warning("decision-without-effect", f"the decision `{name}` is recorded, but no clause asks for it in this case"))
        for effect in asking:
            if (recorded := self.case.recorded.get(effect.settled_by or "")) is not None:
                among = {named(one, self.case) for one in effect.between}
                decided = {recorded.decided, "stay" if recorded.decided == self.case.team else recorded.decided}
                if decided.isdisjoint(among):
                    text = f"the decision `{effect.settled_by}` names none of the answers that its clause asks about"
                    self.warnings.add(Warning("decision-not-between", text))
        for answer in parts.answers:
            if answer.asks is not None and answer.asks.settled_by in self.case.recorded:
                self.warnings.add(
                    Warning("decision-not-valid", f"the decision `{answer.asks.settled_by}` was not taken at a time that its clause accepts")
                )


def _nobodys(rule: Rule) -> Rule:
    """Return a rule that stands for people's own decision: it has no name, no transfer point and no deadline."""
    return replace(rule, id="", transfer_point=None, deadline=None)


def _way(answer: Answer, case: BoundCase) -> Move:
    to_open = answer.outcome == "transfer" and answer.team is None
    return Move(answer.outcome, case.team, _receiver(answer.outcome, answer.team), (answer.rule.id,), to_open)


def _move_of(parts: _Parts, case: BoundCase) -> Move:
    """Return the move that items and duties attach to; rules that decided nothing bring none."""
    decided_by = () if parts.undecided or parts.outcome in ("undetermined", "conflict") else tuple(answer.rule.id for answer in parts.answers)
    return Move(parts.outcome, case.team, _receiver(parts.outcome, None if parts.receiving_team is None else parts.receiving_team.team), decided_by)


def _receiver(outcome: Outcome, team: str | None) -> str | None:
    """Return the team that a checklist's `to:` is compared with: `none` for a close."""
    return NOBODY if outcome == "close" else team


def _moves_in_play(policy: Policy, case: BoundCase, decision: Decision) -> list[Move]:
    standing = stand(policy, case)
    to_team = _receiver(decision.outcome, None if decision.receiving_team is None else decision.receiving_team.team)
    rules = tuple(answer.rule.id for answer in (*standing.certain, *standing.possible))
    ways = [Move(decision.outcome, case.team, to_team, rules)]
    if decision.outcome == "undetermined":
        ways += [_way(answer, case) for answer in (*standing.certain, *standing.possible)]
    return ways


def _duty_applies(duty: DutySpec, move: Move, case: BoundCase) -> Truth:
    return all_of((applies_to(duty.applies, move, case), duty.when.truth(case)))


def _applies_blockers(alternatives: Iterable[Applies], move: Move, case: BoundCase) -> frozenset[str]:
    found: set[str] = set()
    for one in alternatives:
        if one.truth(move, case) is None:
            found |= blockers(one.when, case)
            if one.from_teams.hold(move.from_team) is None:
                found.add("current_team")
    return frozenset(found)


def _point(parts: _Parts, case: BoundCase) -> TransferPoint | None:
    """Return the event at which responsibility passes, and how far it has got."""
    due, node = parts.point, parts.point_node
    if node is None or due.kind == "none":
        return None
    event = event_name(event_of(node, case))
    state: PointState = "planned"
    if due.kind == "awaiting":
        state = "awaited"
    elif due.kind == "at_once" or case.facts.get(event) == HAPPENED or (due.value is not None and not is_after(due.value, case.as_of)):
        state = "happened"
    elif due.kind == "open":
        state = "unknown"
    return TransferPoint(event, None if due.value is None else shown(due.value), state)


def event_of(node: Timescale, case: Case) -> Timescale:
    """Return the node that stands for the event of a transfer point: what its conditions choose for this case."""
    match node:
        case UseTimescale(timescale=FactDay() | Birthday() as inner):
            return inner
        case Conditional(timescale=inner, when=when, otherwise=other) if other is None or when.truth(case) is not None:
            return event_of(inner if other is None or when.truth(case) else other, case)
        case FailingThat(first=first, then=then):
            return event_of(then if first.due(case).kind in ("awaiting", "none") else first, case)
        case _:
            return node


def event_name(event: Timescale) -> str:
    """Return the name of an event: its fact, its definition, for a birthday its age, for a list its facts."""
    match event:
        case FactDay(fact=fact):
            return fact
        case Birthday(age=age):
            return f"birthday_{age}"
        case UseTimescale(name=name):
            return name
        case _:
            return ", ".join(sorted(facts_read(event)))


def deadline_of(due: Due, case: BoundCase) -> Deadline:
    """Return a date as the decision shows it: its state, in London time, and whether it is past."""
    not_before = None if due.not_before is None else shown(due.not_before)
    match due.kind:
        case "dated":
            assert due.value is not None
            state: DeadlineState = "no_later_than" if due.no_later else "unproclaimed" if due.unproclaimed else "firm"
            return Deadline(state, shown(due.value), overdue=is_after(case.as_of, due.value))
        case "open":
            if due.upper is not None:
                return Deadline("no_later_than", shown(due.upper), overdue=is_after(case.as_of, due.upper))
            return Deadline("awaiting", note="a fact that it counts from is not known")
        case "awaiting":
            return Deadline("awaiting", not_before=not_before, note="the event that it counts from has no date yet")
        case "at_once":
            return Deadline("at_once")
        case "past_horizon":
            return Deadline("past_horizon", note="the calendar does not reach so far")
        case _:
            return Deadline("not_stated", note=due.why)


def _status(progressed: Progressed, due: Due, case: BoundCase) -> Status:
    if progressed.why is None:
        return "done" if progressed.needed else "not_needed"
    if due.value is not None:
        return "overdue" if is_after(case.as_of, due.value) else "due"
    return "awaiting" if due.kind in ("awaiting", "open") else "now"

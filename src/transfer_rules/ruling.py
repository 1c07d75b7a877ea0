"""What the standing rules say together: outcome, team and deadline, and the facts that leave them open.

Strong Kleene logic: a rule whose condition is unknown may or may not stand, and only what holds either way is called settled. Where two unknowns
cancel each other out this leaves open what is not; `completion` looks at the ways of filling in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from .answers import Answer, Standing, agree, answer_blockers, moves_of, named, settled
from .case import BoundCase
from .checklists import Move, Outcome
from .conditions import Case, is_after
from .dates import NO_DATE, DayOrMoment, Due, end_of, shown, soonest
from .decision import Candidate, Deadline, DeadlineState, PointState, ReceivingTeam, ToDecide, TransferPoint
from .facts import NOBODY
from .pack import FromFact, LeaveToPeople, Rule, Stay
from .policy import Policy
from .timescales import Birthday, Conditional, FactDay, FailingThat, Timescale, UseTimescale, facts_read


@dataclass(frozen=True, slots=True)
class Ruling:
    """The part of a decision that rules give.

    Attributes:
        outcome: what the rules say; `undetermined` where unknown facts leave outcome or team open.
        answers: the answers that decided.
        in_play: the answers among which it lies while the outcome is `undetermined` or `conflict`.
        undecided: the rules clash and people have not said which governs, so none has decided.
        settled: the clash that people settled.
        point, point_node: the date of the transfer point, and the timescale that gives it.
        due: the deadline.
        held: for a stay, until when, as far as that is known.
        open: the unknown facts that leave outcome, team or deadline open; may name too many, never too few.
    """

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
    held: Deadline | None = None
    open: frozenset[str] = frozenset()

    @property
    def moves(self) -> bool:
        """Whether responsibility passes, so that there is a deadline, and a handover."""
        return self.outcome in ("transfer", "close")

    def move(self, case: BoundCase) -> Move:
        """Return the move that items and duties attach to; rules that decided nothing bring none."""
        decided_by = () if self.undecided or self.outcome in ("undetermined", "conflict") else tuple(answer.rule.id for answer in self.answers)
        return Move(self.outcome, case.team, receiver(self.outcome, None if self.receiving_team is None else self.receiving_team.team), decided_by)

    def moving(self, case: BoundCase) -> BoundCase:
        """Return the case with the days of the move, where there is one."""
        return case.moving(moves_of(case, self.point, self.due)) if self.moves else case

    def deadline(self, case: BoundCase) -> Deadline | None:
        """Return the deadline as the decision shows it; for a stay, until when it is held."""
        return deadline_of(self.due, case) if self.moves else self.held


def receiver(outcome: Outcome, team: str | None) -> str | None:
    """Return the team that a checklist's `to:` is compared with: `none` for a close."""
    return NOBODY if outcome == "close" else team


def way_of(answer: Answer, case: BoundCase) -> Move:
    """Return the move that an answer still in play would be."""
    to_open = answer.outcome == "transfer" and answer.team is None
    return Move(answer.outcome, case.team, receiver(answer.outcome, answer.team), (answer.rule.id,), to_open)


def rule_on(policy: Policy, case: BoundCase, standing: Standing) -> Ruling:
    """Put the answers of the standing rules together."""
    return _Weighing(policy, case, standing).ruling()


def leavable(policy: Policy, answers: Iterable[Answer]) -> list[LeaveToPeople]:
    """Return the clashes among these answers that the pack may leave to people."""
    names = [answer.rule.id for answer in answers]
    return [left for left in policy.pack.leave_to_people if sum(name in left.rules for name in names) > 1]


def may_stay(policy: Policy, standing: Standing, answers: Iterable[Answer]) -> bool:
    """Say whether the case may stay though none of these answers says so: in silence, by a hold that only explains, or where a team is open.

    Overriding runs in no circle, so where one rule is certain to match, some matching rule always stands.
    """
    effects = [policy.rules[name].effect for name in standing.matches]
    explained = any(isinstance(effect, Stay) and effect.yields for effect in effects)
    return explained or not any(standing.matches.values()) or any(answer.open_facts for answer in answers)


class _Weighing:
    """The answers of one case."""

    def __init__(self, policy: Policy, case: BoundCase, standing: Standing):
        self.policy = policy
        self.case = case
        self.standing = standing

    def ruling(self) -> Ruling:
        certain = self.standing.certain
        if self._open():
            return self._undetermined()
        clash = [pair for pair in combinations(certain, 2) if agree(*pair) is False]
        if clash:
            return self._clash(clash)
        if not certain or certain[0].outcome == "stay":
            return _stay(certain)
        return self._people_decide(certain) if certain[0].outcome == "people_decide" else self._move(certain)

    def _open(self) -> bool:
        """Say whether facts still unknown leave outcome or team open."""
        certain, possible = self.standing.certain, self.standing.possible
        if any(answer.open_facts for answer in certain):
            return True
        agreed = [(pair, agree(*pair)) for pair in combinations(certain, 2)]
        clash = [pair for pair, same in agreed if same is False]
        if clash:
            # Rules that are certain to clash do so whatever else stands or clashes, unless the clash is left to people.
            return self._left_to_people(clash) is not None and (bool(possible) or any(same is None for _, same in agreed))
        if all(answer.yields for answer in certain):
            return any(answer.outcome != "stay" for answer in possible)
        return any(agree(*pair) is not True for pair in combinations((*certain, *possible), 2))

    def _left_to_people(self, clash: Iterable[tuple[Answer, Answer]]) -> LeaveToPeople | None:
        names = {answer.rule.id for pair in clash for answer in pair}
        return next((left for left in self.policy.pack.leave_to_people if names <= left.rules), None)

    def _undetermined(self) -> Ruling:
        certain = self.standing.certain
        standing = (*certain, *self.standing.possible)
        answers = (*standing, *self._settled(standing))
        candidates = self._candidates(answers)
        if any(answer.outcome == "transfer" and answer.team is None for answer in answers) and all(one.outcome != "close" for one in candidates):
            # A fact that names the team may name nobody.
            candidates = (*candidates, Candidate("close"))
        if leavable(self.policy, standing) and all(one.outcome != "people_decide" for one in candidates):
            candidates = (*candidates, Candidate("people_decide"))
        if may_stay(self.policy, self.standing, answers) and all(one.outcome != "stay" for one in candidates):
            candidates = (*candidates, Candidate("stay"))
        open_facts = self.standing.unknown.union(*(answer_blockers(answer, self.case) for answer in answers))
        return Ruling("undetermined", certain, answers, candidates=candidates, open=open_facts)

    def _settled(self, answers: tuple[Answer, ...]) -> Iterator[Answer]:
        """Return what the recorded decisions would settle, should the questions or clashes of these answers come up."""
        questions = [(answer.rule, answer.asks.settled_by) for answer in answers if answer.asks is not None]
        questions += [(_nobodys(answers[0].rule), left.settled_by) for left in leavable(self.policy, answers)]
        found = [(rule, self.case.recorded.get(name or "")) for rule, name in questions]
        return (settled(rule, recorded.decided, recorded.area, self.case) for rule, recorded in found if recorded is not None)

    def _clash(self, clash: list[tuple[Answer, Answer]]) -> Ruling:
        certain = self.standing.certain
        left = self._left_to_people(clash)
        if left is None:
            return Ruling("conflict", certain, certain, candidates=self._candidates(certain))
        recorded = self.case.recorded.get(left.settled_by) if left.settled_by else None
        if recorded is None:
            between = tuple(dict.fromkeys(answer.team or answer.outcome for answer in certain))
            asked = ToDecide(left.question, left.who, between, settled_by=left.settled_by, clauses=left.clauses)
            return Ruling("people_decide", certain, candidates=self._candidates(certain), to_decide=asked, undecided=True)
        # The rules that say what was decided bring their transfer point and deadline; where none does, or they differ, there is no date.
        answer = settled(_nobodys(certain[0].rule), recorded.decided, recorded.area, self.case)
        if answer.open_facts:
            return self._undetermined()
        same = (one for one in certain if (one.outcome, one.team) == (answer.outcome, answer.team))
        fitting = tuple(replace(one, area=recorded.area or one.area) for one in same)
        if fitting and all(agree(*pair) for pair in combinations(fitting, 2)):
            return replace(_stay(fitting) if answer.outcome == "stay" else self._move(fitting), settled=left)
        alone = _stay((answer,)) if answer.outcome == "stay" else self._move((answer,))
        return replace(alone, answers=(), settled=left)

    def _people_decide(self, answers: tuple[Answer, ...]) -> Ruling:
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
        candidates = tuple(dict.fromkeys(candidate_named(self.policy, self.case.team, answer, rules) for answer in known))
        return Ruling("people_decide", answers, candidates=candidates, to_decide=asked)

    def _move(self, answers: tuple[Answer, ...]) -> Ruling:
        dated = next((answer for answer in answers if answer.deadline.kind != "none"), answers[0])
        same_date = [answer for answer in answers if answer.deadline.kind != "none"]
        pointed = next((answer for answer in (*same_date, *answers) if answer.point.kind != "none"), dated)
        open_facts = answer_blockers(dated, self.case)
        # A rule that may stand besides agrees, but could add its date, or say of the same date that it is not yet firm.
        adding = [answer for answer in self.standing.possible if answer.deadline.kind != "none" and answer.deadline != dated.deadline]
        if adding:
            open_facts = open_facts.union(self.standing.unknown, *(answer_blockers(answer, self.case) for answer in adding))
        team = None
        if dated.team is not None:
            # Rules that agree on the team may name two areas; then the area stays open.
            areas = {answer.area for answer in answers if answer.area is not None}
            area = areas.pop() if len(areas) == 1 else None
            team = ReceivingTeam(dated.team, self.policy.team_label(dated.team), area, None if area is None else self.policy.areas[area], dated.role)
        return Ruling(
            dated.outcome,
            answers,
            receiving_team=team,
            point=pointed.point,
            point_node=pointed.rule.transfer_point,
            due=dated.deadline,
            open=open_facts,
        )

    def _candidates(self, answers: Iterable[Answer]) -> tuple[Candidate, ...]:
        found: dict[tuple[Outcome, str | None, DayOrMoment | None], Candidate] = {}
        for answer in sorted(answers, key=lambda answer: (answer.key, answer.rule.id)):
            value = None if answer.deadline.value is None else shown(answer.deadline.value)
            first = found.get((answer.outcome, answer.team, value))
            rules = (*(() if first is None else first.rules), *((answer.rule.id,) if answer.rule.id else ()))
            label = None if answer.team is None else self.policy.team_label(answer.team)
            found[answer.outcome, answer.team, value] = Candidate(answer.outcome, answer.team, label, value, rules)
        return tuple(found.values())


def _stay(answers: tuple[Answer, ...]) -> Ruling:
    """Return a stay. It has no deadline, so the date until which a hold lasts is shown where it is known, and leaves nothing open."""
    holds = [answer.not_before for answer in answers if answer.not_before.kind != "none"]
    if not holds:
        return Ruling("stay", answers)
    known = [value for hold in holds if (value := hold.value or hold.not_before) is not None]
    until = max(known, key=end_of, default=None)
    return Ruling("stay", answers, held=held_until(until))


def held_until(until: DayOrMoment | None) -> Deadline:
    """Return what the decision shows of a hold that ends on a day, or on a day that is not known."""
    return Deadline("not_stated", not_before=None if until is None else shown(until), note="the case is held")


def candidate_named(policy: Policy, holder: str | None, answer: str, rules: tuple[str, ...]) -> Candidate:
    """Return what people would decide by naming a team, `stay` or `close`; naming the team that holds the case is a stay."""
    if answer in ("stay", holder):
        return Candidate("stay", rules=rules)
    if answer in ("close", NOBODY):
        return Candidate("close", rules=rules)
    return Candidate("transfer", answer, policy.team_label(answer), rules=rules)


def _nobodys(rule: Rule) -> Rule:
    """Return a rule that stands for people's own decision: it has no name, no transfer point and no deadline."""
    return replace(rule, id="", transfer_point=None, deadline=None)


def point_of(ruling: Ruling, case: BoundCase) -> TransferPoint | None:
    """Return the event at which responsibility passes, and how far it has got."""
    due, node = ruling.point, ruling.point_node
    return None if node is None or due.kind == "none" else passing(event_name(event_of(node, case)), due, case)


def passing(event: str, due: Due, case: Case) -> TransferPoint:
    """Return how far an event has got that is due then."""
    state: PointState = "planned"
    if due.kind == "awaiting":
        state = "awaited"
    elif due.kind == "at_once" or (due.upper is not None and not is_after(due.upper, case.as_of)):
        # An event that has happened on an unknown day lies before today; what counts on from it may not.
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


def deadline_of(due: Due, case: Case) -> Deadline:
    """Return a date as the decision shows it: its state, in London time, and whether it is past."""
    not_before = None if due.not_before is None else shown(due.not_before)
    match due.kind:
        case "dated":
            assert due.value is not None
            return Deadline(state_of(due), shown(due.value), overdue=is_after(case.as_of, due.value))
        case "open":
            earliest = None if due.earliest is None or due.may_be_now else shown(due.earliest)
            if due.upper is not None:
                return Deadline("no_later_than", shown(due.upper), overdue=is_after(case.as_of, due.upper), no_earlier_than=earliest)
            return Deadline("awaiting", note="a fact that it counts from is not known", no_earlier_than=earliest)
        case "awaiting":
            return Deadline("awaiting", not_before=not_before, note="the event that it counts from has no date yet")
        case "at_once":
            return Deadline("at_once")
        case "past_horizon":
            return Deadline("past_horizon", note="the calendar does not reach so far")
        case _:
            return Deadline("not_stated", note=due.why)


def state_of(due: Due) -> DeadlineState:
    """Return the state of a deadline. What is still open is a bound, or awaited."""
    match due.kind:
        case "dated":
            return "no_later_than" if due.no_later else "unproclaimed" if due.unproclaimed else "firm"
        case "open":
            return "awaiting" if due.upper is None else "no_later_than"
        case "none":
            return "not_stated"
        case kind:
            return kind

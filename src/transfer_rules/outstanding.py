"""What is outstanding, line by line: how an item or a duty stands, as the decision shows it; and what is odd about what people recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from .checklists import NO_DUE, DutySpec, Item, Standing, Status, Why
from .conditions import Case, is_after
from .dates import NO_DATE, Due, london_date
from .decision import Duty, Outstanding, Warning
from .pack import Named, PeopleDecide
from .policy import Policy
from .ruling import deadline_of
from .vocabulary import Progress, Recorded


def item_line(item: Item, why: Why, progressed: Standing | None, case: Case) -> Outstanding:
    """Return the line of an item that is not satisfied; `case` has the days of the move."""
    needed_from = None
    if why == "stale" and item.fresh_for is not None:
        handover = case.moves.get("handover", NO_DATE).value
        last = case.today if handover is None else max(case.today, london_date(handover))
        needed_from = item.fresh_for.first_reaching(last, case)
    return Outstanding(
        item=item.id,
        label=item.label,
        why=why,
        by=item.by,
        due=None if item.due is NO_DUE else deadline_of(item.due.due(case), case),
        done_on=None if progressed is None else progressed.done_on,
        needed_from=needed_from,
        excusable_by=None if item.excusable is None else item.excusable.by,
        clauses=item.clauses,
    )


def duty_line(duty: DutySpec, progressed: Standing, due: Due, case: Case) -> Duty:
    """Return the line of a duty that applies, due then."""
    status, shown_due = _status(progressed, due, case), deadline_of(due, case)
    if shown_due.overdue and status != "overdue":
        # What is done is not overdue, however late it was.
        shown_due = replace(shown_due, overdue=False)
    return Duty(
        duty=duty.id,
        kind=duty.kind,
        label=duty.label,
        status=status,
        who=duty.who,
        to=duty.to,
        due=shown_due,
        done_on=progressed.done_on,
        advisory=duty.advisory,
        clauses=duty.clauses,
    )


def about_progress(work: Item | DutySpec, progress: Progress | None, progressed: Standing) -> Iterator[Warning]:
    """Yield what is odd about the record of progress."""
    if progressed.clash:
        yield Warning("progress-clash", f"{work.label}: the facts and the record of progress disagree; the facts count")
    if progress is not None and progress.excused and (not isinstance(work, Item) or work.excusable is None):
        yield Warning("not-excusable", f"{work.label}: recorded as excused, but no clause lets it be excused")


def about_decisions(
    policy: Policy, recorded: Mapping[str, Recorded], asking: Sequence[PeopleDecide], holder: str | None, name: Callable[[Named], str | None]
) -> Iterator[Warning]:
    """Yield what is odd about the recorded decisions; `asking` are the questions that come up, and `name` says what an answer between them names."""
    asked = {effect.settled_by for effect in asking} | {left.settled_by for left in policy.pack.leave_to_people}
    for decision in recorded:
        if decision not in asked and decision not in policy.decisions_tested:
            yield Warning("decision-without-effect", f"the decision `{decision}` is recorded, but no clause asks for it in this case")
    for effect in asking:
        if (found := recorded.get(effect.settled_by or "")) is not None:
            among = {name(one) for one in effect.between}
            decided = {found.decided, "stay" if found.decided == holder else found.decided}
            if decided.isdisjoint(among):
                text = f"the decision `{effect.settled_by}` names none of the answers that its clause asks about"
                yield Warning("decision-not-between", text)


def _status(progressed: Standing, due: Due, case: Case) -> Status:
    if progressed.why is None:
        return "done" if progressed.needed else "not_needed"
    if due.value is not None:
        return "overdue" if is_after(case.as_of, due.value) else "due"
    return "awaiting" if due.kind in ("awaiting", "open") else "now"

"""`changes_ahead`: the days within a year on which the answer changes if planned dates are kept and nothing else happens.

Every list of changes is compared with deciding day by day besides what the test works out by hand.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.packs_for_tests import TODAY, case, duties, outstanding, policy_of, warned
from transfer_rules.calendars import ENGLAND
from transfer_rules.case import bind
from transfer_rules.comparison import differing
from transfer_rules.dates import LONDON, add_months, london_date
from transfer_rules.decision import Decision
from transfer_rules.errors import SnapshotError
from transfer_rules.evaluation import evaluate
from transfer_rules.outlook import Change, changes_ahead, changes_told_quickly, on_day
from transfer_rules.policy import Policy
from transfer_rules.regions import days_ahead
from transfer_rules.vocabulary import CaseSnapshot

ONE_DAY = timedelta(days=1)
TO_COURT = "id: to_court, from: any, transfer_to: court"
NOTE = "checklists: {list: {applies: {to: court}, items: [{id: note, label: Note%s}]}}"
TELL = "duties: [{id: tell, kind: notice, label: Tell%s}]"


def text(*written: str, head: str = "", tail: str = "") -> str:
    return "\n".join([head, "rules:", *(f"  - {{{one}}}" for one in written), tail])


def decided_on(policy: Policy, snapshot: CaseSnapshot, day: date) -> Decision | None:
    try:
        return evaluate(policy, on_day(snapshot, day))
    except SnapshotError:
        return None


def day_by_day(policy: Policy, snapshot: CaseSnapshot) -> list[Change]:
    """Return the changes that deciding on every day of the coming year shows; after a moment the rest of its day counts."""
    before: Decision | None = evaluate(policy, snapshot)
    today = london_date(snapshot.as_of)
    last = min(add_months(today, 12), policy.calendar.last)
    day = today if isinstance(snapshot.as_of, datetime) else today + ONE_DAY
    found = []
    while day <= last and before is not None:
        after = decided_on(policy, snapshot, day)
        if after is None or differing(before, after):
            found.append(Change(day, before, after, () if after is None else differing(before, after)))
        before, day = after, day + ONE_DAY
    return found


def ahead(*written: str, as_of: Any = TODAY, head: str = "", tail: str = "", **given: Any) -> list[Change]:
    """Return the changes ahead of a case of a pack with these rules, which are those that deciding day by day shows."""
    policy, snapshot = policy_of(text(*written, head=head, tail=tail)), case(as_of, **given)
    found = list(changes_ahead(policy, snapshot, evaluate(policy, snapshot)))
    assert found == day_by_day(policy, snapshot)
    return found


def days(changes: list[Change]) -> list[date]:
    return [change.on for change in changes]


def outcomes(change: Change) -> tuple[str, str]:
    assert change.after is not None
    return change.before.outcome, change.after.outcome


def deadlines(changes: list[Change]) -> list[Any]:
    """Return the deadline after each change."""
    return [change.after.deadline.on for change in changes if change.after is not None and change.after.deadline is not None]


# --- nothing, and what a change says


def test_where_nothing_hangs_on_the_day_nothing_changes() -> None:
    assert ahead(f"{TO_COURT}, when: {{fact: flag, is: yes}}, deadline: {{days: 5, after: a_on}}", flag=True, a_on=date(2026, 3, 1)) == []


def test_what_an_unknown_fact_leaves_open_stays_open() -> None:
    assert ahead(f"{TO_COURT}, when: {{fact: a_on, happened: true}}") == []


def test_a_change_says_what_was_until_then_what_is_from_then_on_and_which_parts_differ() -> None:
    policy, snapshot = policy_of(text(f"{TO_COURT}, when: {{fact: a_on, happened: true}}")), case(a_on=date(2026, 5, 1))
    decision = evaluate(policy, snapshot)
    [change] = changes_ahead(policy, snapshot, decision)
    assert (change.on, change.before) == (date(2026, 5, 1), decision)
    assert change.after == decided_on(policy, snapshot, date(2026, 5, 1))
    assert change.parts == ("outcome", "silent", "receiving_team", "deadline", "reasons")


# --- birthdays and limits


@pytest.mark.parametrize(
    ("as_of", "born", "on"),
    [
        (TODAY, date(2008, 5, 10), date(2026, 5, 10)),
        # In a common year a birthday on 29 February falls on 1 March, in a leap year on the day itself.
        (date(2026, 2, 1), date(2008, 2, 29), date(2026, 3, 1)),
        (date(2028, 2, 1), date(2010, 2, 28), date(2028, 2, 28)),
        (date(2030, 2, 1), date(2012, 2, 29), date(2030, 3, 1)),
    ],
)
def test_an_age_is_reached_on_the_birthday_itself(as_of: date, born: date, on: date) -> None:
    [change] = ahead(f"{TO_COURT}, when: {{age_at_least: 18}}", as_of=as_of, date_of_birth=born)
    assert (change.on, outcomes(change)) == (on, ("stay", "transfer"))


def test_a_birthday_on_29_february_falls_on_the_day_itself_in_a_leap_year() -> None:
    [change] = ahead(f"{TO_COURT}, when: {{age_at_least: 16}}", as_of=date(2028, 2, 1), date_of_birth=date(2012, 2, 29))
    assert change.on == date(2028, 2, 29)


def test_two_ages_are_reached_on_two_birthdays() -> None:
    found = ahead(f"{TO_COURT}, when: {{all: [{{age_at_least: 16}}, {{age_under: 17}}]}}", as_of=date(2026, 4, 9), date_of_birth=date(2010, 4, 10))
    assert days(found) == [date(2026, 4, 10)]
    later = ahead(f"{TO_COURT}, when: {{all: [{{age_at_least: 16}}, {{age_under: 17}}]}}", as_of=date(2026, 4, 10), date_of_birth=date(2010, 4, 10))
    assert days(later) == [date(2027, 4, 10)]


def test_a_limit_is_missed_the_day_after() -> None:
    # Two working days after Wednesday 1 April: Thursday 2 and, past Easter, Tuesday 7 April.
    missed = "{fact: as_of, after: {working_days: 2, after: a_on}}"
    [change] = ahead(f"{TO_COURT}, when: {missed}", a_on=TODAY)
    assert (change.on, outcomes(change)) == (date(2026, 4, 8), ("stay", "transfer"))


def test_the_last_day_of_a_span_counts() -> None:
    # Closed on 15 January: six months end with 15 July.
    within = "{fact: as_of, within: {months: 6, after: a_on}}"
    [change] = ahead(f"{TO_COURT}, when: {within}", a_on=date(2026, 1, 15))
    assert (change.on, outcomes(change)) == (date(2026, 7, 16), ("transfer", "stay"))


def test_a_span_that_counts_back_begins_and_ends() -> None:
    within = "{fact: as_of, within: {weeks: 2, before: a_on}}"
    found = ahead(f"{TO_COURT}, when: {within}", a_on=date(2026, 5, 20))
    assert [(change.on, outcomes(change)) for change in found] == [
        (date(2026, 5, 6), ("stay", "transfer")),
        (date(2026, 5, 21), ("transfer", "stay")),
    ]


def test_a_deadline_is_overdue_the_day_after() -> None:
    [change] = ahead(f"{TO_COURT}, deadline: {{days: 14, after: a_on}}", a_on=TODAY)
    assert change.after is not None
    assert change.after.deadline is not None
    assert (change.on, change.parts, change.after.deadline.overdue) == (date(2026, 4, 16), ("deadline",), True)


def test_the_soonest_of_two_deadlines_makes_it_overdue() -> None:
    found = ahead(f"{TO_COURT}, deadline: {{soonest_of: [{{on: a_on}}, {{on: b_on}}]}}", a_on=date(2026, 5, 4), b_on=date(2026, 4, 9))
    assert days(found) == [date(2026, 4, 10)]


# --- events


def test_a_planned_event_happens_on_its_day() -> None:
    [change] = ahead(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", a_on=date(2026, 5, 1))
    assert (change.on, outcomes(change)) == (date(2026, 5, 1), ("stay", "transfer"))


def test_an_event_that_is_arranged_stays_so() -> None:
    assert ahead(f"{TO_COURT}, when: {{fact: a_on, arranged: true}}", a_on=date(2026, 5, 1)) == []


def test_a_transfer_point_that_is_planned_happens_on_its_day() -> None:
    [change] = ahead(f"{TO_COURT}, transfer_point: {{on: a_on}}", a_on=date(2026, 5, 1))
    assert change.after is not None
    assert change.after.transfer_point is not None
    assert (change.on, change.parts, change.after.transfer_point.state) == (date(2026, 5, 1), ("transfer_point",), "happened")


def test_a_hold_is_over_on_the_day_until_which_it_lasts() -> None:
    held = "id: held, from: any, stay: {until: {days: 14, after: a_on}}, overrides: [to_court]"
    [change] = ahead(TO_COURT, held, a_on=TODAY)
    assert (change.on, outcomes(change)) == (date(2026, 4, 15), ("stay", "transfer"))


def test_rules_may_come_to_disagree() -> None:
    [change] = ahead(TO_COURT, "id: too, from: any, when: {fact: a_on, happened: true}, transfer_to: permanence", a_on=date(2026, 5, 1))
    assert outcomes(change) == ("transfer", "conflict")


def test_a_date_by_which_people_are_to_decide_passes() -> None:
    asks = "people_decide: {who: managers, question: which?, between: [court, stay], by: {days: 3, after: a_on}}"
    [change] = ahead(f"id: asks, from: any, {asks}", a_on=TODAY)
    assert change.after is not None
    assert change.after.to_decide is not None
    assert change.after.to_decide.by is not None
    assert (change.on, change.parts, change.after.to_decide.by.overdue) == (date(2026, 4, 5), ("to_decide",), True)


def test_a_recorded_decision_may_lose_its_validity() -> None:
    valid = "valid: {on_or_after: {days: 10, before: as_of}}"
    asks = f"people_decide: {{who: managers, question: which?, between: [court, stay], settled_by: keeper, {valid}}}"
    decisions = {"keeper": {"decided": "court", "on": TODAY}}
    [change] = ahead(f"id: asks, from: any, {asks}", head="decisions: {keeper: {label: keeper}}", decisions=decisions)
    assert (change.on, outcomes(change)) == (date(2026, 4, 12), ("transfer", "people_decide"))


# --- items


def test_work_is_fresh_on_its_last_day_and_stale_on_the_next() -> None:
    # Done on 20 March, good for a month: to 20 April.
    found = ahead(TO_COURT + ", deadline: {on: 2026-04-20}", tail=NOTE % ", fresh_for: {months: 1}", checklist={"note": "2026-03-20"})
    # On 21 April the move is overdue as well.
    [change] = found
    assert (change.on, change.parts) == (date(2026, 4, 21), ("deadline", "outstanding"))
    assert change.after is not None
    assert (outstanding(change.before), outstanding(change.after)) == ({}, {"note": "stale"})


def test_work_that_must_reach_a_handover_that_has_no_date_yet_cannot_be_told_until_it_is_stale() -> None:
    [change] = ahead(TO_COURT, tail=NOTE % ", fresh_for: {weeks: 2}", checklist={"note": "2026-03-31"})
    assert change.after is not None
    assert (change.on, outstanding(change.before), outstanding(change.after)) == (
        date(2026, 4, 15), {"note": "cannot_tell"}, {"note": "stale"},
    )  # fmt: skip


def test_from_which_day_stale_work_would_be_recent_enough_is_no_change() -> None:
    assert ahead(TO_COURT, tail=NOTE % ", fresh_for: {weeks: 2}", checklist={"note": "2026-01-05"}) == []


def test_work_that_is_planned_is_done_on_its_day() -> None:
    [change] = ahead(TO_COURT, tail=NOTE % "", checklist={"note": "2026-04-10"})
    assert change.after is not None
    assert (change.on, change.parts) == (date(2026, 4, 10), ("outstanding",))
    assert (outstanding(change.before), outstanding(change.after)) == ({"note": "not_done"}, {})


def test_an_item_is_overdue_the_day_after() -> None:
    [change] = ahead(TO_COURT, tail=NOTE % ", due: {days: 5, after: a_on}", a_on=TODAY)
    assert (change.on, change.parts) == (date(2026, 4, 7), ("outstanding",))


def test_an_item_that_is_due_before_the_handover_is_overdue_the_day_after() -> None:
    # The deadline is Monday 20 April; three working days before it is Wednesday 15 April.
    found = ahead(f"{TO_COURT}, deadline: {{on: 2026-04-20}}", tail=NOTE % ", due: {working_days: 3, before: handover}")
    assert [(change.on, change.parts) for change in found] == [(date(2026, 4, 16), ("outstanding",)), (date(2026, 4, 21), ("deadline",))]


def test_an_item_is_asked_for_from_a_day_on() -> None:
    [change] = ahead(TO_COURT, tail=NOTE % ", when: {fact: a_on, happened: true}", a_on=date(2026, 5, 1))
    assert (change.on, change.parts) == (date(2026, 5, 1), ("required", "outstanding"))


def test_a_fact_makes_an_item_done_on_its_day() -> None:
    [change] = ahead(TO_COURT, tail=NOTE % ", done_when: {fact: a_on, happened: true}", a_on=date(2026, 5, 1))
    assert change.after is not None
    assert (change.on, outstanding(change.before), outstanding(change.after)) == (date(2026, 5, 1), {"note": "not_done"}, {})


def test_work_that_must_not_be_older_than_some_days_grows_too_old() -> None:
    [change] = ahead(TO_COURT, tail=NOTE % ", valid: {on_or_after: {days: 10, before: as_of}}", checklist={"note": "2026-04-01"})
    assert (change.on, change.parts) == (date(2026, 4, 12), ("outstanding",))


def test_work_that_counts_for_a_while_only_counts_for_that_while() -> None:
    # The plan was done on 1 April. It counts from 7 April on (five days before lies the 2nd) to 1 May (thirty days before lies the 1st); the note,
    # which the plan does as well, is outstanding before and after.
    items = (
        "[{id: note, label: Note, satisfied_by: [plan]}, {id: plan, label: Plan, when: {fact: flag, is: yes}, "
        "valid: {on_or_after: {days: 30, before: as_of}, before: {days: 5, before: as_of}}}]"
    )
    found = ahead(TO_COURT, tail=f"checklists: {{list: {{applies: {{to: court}}, items: {items}}}}}", flag=False, checklist={"plan": "2026-04-01"})
    assert days(found) == [date(2026, 4, 7), date(2026, 5, 2)]


# --- duties


def test_a_duty_is_overdue_the_day_after() -> None:
    [change] = ahead(TO_COURT, tail=TELL % ", due: {days: 5, after: a_on}", a_on=TODAY)
    assert change.after is not None
    assert (change.on, change.parts) == (date(2026, 4, 7), ("duties",))
    assert (duties(change.before), duties(change.after)) == ({"tell": "due"}, {"tell": "overdue"})


def test_a_duty_that_is_done_is_never_overdue() -> None:
    assert ahead(TO_COURT, tail=TELL % ", due: {days: 5, after: a_on}", a_on=TODAY, checklist={"tell": "done"}) == []


def test_a_duty_comes_into_being_on_a_day() -> None:
    [change] = ahead(TO_COURT, tail=TELL % ", when: {fact: a_on, happened: true}", a_on=date(2026, 5, 1))
    assert change.after is not None
    assert (change.on, duties(change.before), duties(change.after)) == (date(2026, 5, 1), {}, {"tell": "now"})


def test_a_duty_that_applies_from_a_day_on_is_there_from_that_day() -> None:
    [change] = ahead(TO_COURT, tail=TELL % ", applies: {when: {fact: a_on, happened: true}}", a_on=date(2026, 5, 1))
    assert change.on == date(2026, 5, 1)


def test_a_duty_is_done_by_an_event_on_its_day() -> None:
    [change] = ahead(TO_COURT, tail=TELL % ", done_when: {fact: a_on, happened: true}", a_on=date(2026, 5, 1))
    assert change.after is not None
    assert (change.on, duties(change.after)) == (date(2026, 5, 1), {"tell": "done"})


def test_facts_and_the_record_of_progress_may_come_to_disagree() -> None:
    found = ahead(TO_COURT, tail=TELL % ", done_when: {fact: a_on, happened: true}", a_on=date(2026, 5, 1), checklist={"tell": "not_done"})
    assert [change.parts for change in found] == [("duties", "warnings")]


# --- the edition


def test_an_edition_is_in_force_on_its_last_day_and_not_on_the_next() -> None:
    [change] = ahead(TO_COURT, head="in_force: {from: 2020-01-01, until: 2026-06-30}")
    assert change.after is not None
    assert (change.on, change.parts, warned(change.after)) == (date(2026, 7, 1), ("warnings",), ["outside-edition"])


def test_an_edition_comes_into_force_on_its_first_day() -> None:
    [change] = ahead(TO_COURT, head="in_force: {from: 2026-05-01}")
    assert change.after is not None
    assert (change.on, warned(change.before), warned(change.after)) == (date(2026, 5, 1), ["outside-edition"], [])


# --- dates that move with the day


def test_a_date_that_counts_working_days_from_the_day_asked_about_moves_on_each_working_day() -> None:
    # From Friday on, five working days end on the Friday after; so they do from Saturday and Sunday.
    found = ahead(f"{TO_COURT}, deadline: {{working_days: 5, after: as_of}}")
    year = [TODAY + number * ONE_DAY for number in range(1, 366)]
    assert days(found) == [day for day in year if ENGLAND.is_working_day(day)]
    # Thursday 2 April: 7, 8, 9, 10 and 13 April.
    assert (found[0].on, deadlines(found)[0]) == (date(2026, 4, 2), date(2026, 4, 13))
    assert (found[1].on, deadlines(found)[1]) == (date(2026, 4, 7), date(2026, 4, 14))


def test_a_date_that_moves_stops_at_a_fixed_one_that_is_sooner() -> None:
    found = ahead(f"{TO_COURT}, deadline: {{soonest_of: [{{days: 5, after: as_of}}, {{on: 2026-04-10}}]}}")
    # 2 April: the 7th; 5 April: the 10th; and on the 11th the move is overdue.
    assert days(found) == [date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 11)]
    assert deadlines(found)[:4] == [date(2026, 4, 7), date(2026, 4, 8), date(2026, 4, 9), date(2026, 4, 10)]


def test_a_date_that_moves_begins_once_it_is_later_than_a_fixed_one() -> None:
    found = ahead(f"{TO_COURT}, deadline: {{latest_of: [{{days: 5, after: as_of}}, {{on: 2027-03-28}}]}}")
    # Until 23 March 2027 five days do not pass the 28th.
    assert (days(found)[0], deadlines(found)[0], days(found)[-1]) == (date(2027, 3, 24), date(2027, 3, 29), date(2027, 4, 1))
    assert len(found) == 9


def test_the_bound_of_an_event_that_has_happened_on_a_day_that_is_not_known_moves_every_day() -> None:
    # At the latest it happened today.
    found = ahead(f"{TO_COURT}, deadline: {{days: 5, after: a_on}}", a_on="happened")
    assert days(found) == [TODAY + number * ONE_DAY for number in range(1, 366)]
    assert (deadlines(found)[0], deadlines(found)[-1]) == (date(2026, 4, 7), date(2027, 4, 6))


def test_what_is_sure_of_an_event_whose_day_is_not_known_may_become_open() -> None:
    # It happened by 1 April, so before June; from 1 June on that can no longer be told.
    [change] = ahead(f"{TO_COURT}, when: {{fact: a_on, before: 2026-06-01}}", a_on="happened")
    assert (change.on, outcomes(change)) == (date(2026, 6, 1), ("transfer", "undetermined"))


def test_what_an_unknown_date_leaves_open_may_be_settled_by_the_passing_of_time() -> None:
    # Only a day before June that is still to come would do.
    both = "{all: [{fact: a_on, before: 2026-06-01}, {fact: a_on, after: as_of}]}"
    [change] = ahead(f"{TO_COURT}, when: {both}")
    assert (change.on, outcomes(change)) == (date(2026, 5, 31), ("undetermined", "stay"))


def test_an_unknown_date_that_is_compared_with_the_day_in_two_ways_may_be_settled_and_open_in_turns() -> None:
    # More than two working days and no more than three days ago: only where the two days before are both working days. So on 4 April, after Good
    # Friday, it cannot be; on the 9th, after the Tuesday and Wednesday, it can; on the 12th, after a Saturday, it cannot; and so on.
    both = "{all: [{fact: as_of, after: {working_days: 2, after: a_on}}, {fact: as_of, on_or_before: {days: 3, after: a_on}}]}"
    found = ahead(f"{TO_COURT}, when: {both}")
    assert days(found)[:4] == [date(2026, 4, 4), date(2026, 4, 9), date(2026, 4, 12), date(2026, 4, 15)]


# --- moments


MORNING = datetime(2026, 4, 1, 9, 30, tzinfo=LONDON)


def test_after_a_moment_the_rest_of_its_day_counts() -> None:
    afternoon = datetime(2026, 4, 1, 15, tzinfo=LONDON)
    [change] = ahead(f"{TO_COURT}, when: {{fact: seen_at, happened: true}}", as_of=MORNING, seen_at=afternoon)
    assert (change.on, outcomes(change)) == (TODAY, ("stay", "transfer"))


def test_from_a_day_alone_that_day_counts_as_over() -> None:
    afternoon = datetime(2026, 4, 1, 15, tzinfo=LONDON)
    assert ahead(f"{TO_COURT}, when: {{fact: seen_at, happened: true}}", seen_at=afternoon) == []


def test_a_moment_of_a_later_day_comes_on_that_day() -> None:
    [change] = ahead(f"{TO_COURT}, when: {{fact: seen_at, happened: true}}", as_of=MORNING, seen_at=datetime(2026, 4, 2, 15, tzinfo=LONDON))
    assert change.on == date(2026, 4, 2)


def test_a_moment_early_on_a_summer_day_belongs_to_that_day_in_london() -> None:
    # Half past midnight in London is half past eleven the evening before in UTC.
    [change] = ahead(f"{TO_COURT}, when: {{fact: seen_at, happened: true}}", as_of=MORNING, seen_at=datetime(2026, 5, 2, 0, 30, tzinfo=LONDON))
    assert change.on == date(2026, 5, 2)


def test_a_limit_in_hours_that_ends_in_the_course_of_a_day_is_passed_as_that_day_ends() -> None:
    found = ahead(f"{TO_COURT}, deadline: {{hours: 24, after: seen_at}}", as_of=MORNING, seen_at=MORNING)
    assert [(change.on, change.parts) for change in found] == [(date(2026, 4, 2), ("deadline",))]


def test_what_is_overdue_at_a_moment_does_not_cease_to_be_so_in_the_rest_of_its_day() -> None:
    # Seen at 08:30 the day before, so that 24 hours ended at 08:30 today.
    policy = policy_of(text(f"{TO_COURT}, deadline: {{hours: 24, after: seen_at}}"))
    snapshot = case(MORNING, seen_at=datetime(2026, 3, 31, 8, 30, tzinfo=LONDON))
    decision = evaluate(policy, snapshot)
    assert decision.deadline is not None
    assert decision.deadline.overdue
    assert list(changes_ahead(policy, snapshot, decision)) == []


# --- a record that contradicts itself


def test_from_the_day_on_which_the_record_contradicts_itself_nothing_can_be_told() -> None:
    # The second review comes while the first is still recorded as not yet held; the birthday that follows is not reached.
    found = ahead(
        f"{TO_COURT}, when: {{age_at_least: 18}}",
        first_looked_after_review_on="not_yet",
        second_looked_after_review_on=date(2026, 5, 10),
        date_of_birth=date(2008, 6, 1),
    )
    [change] = found
    assert (change.on, change.after, change.parts, change.before.outcome) == (date(2026, 5, 10), None, (), "stay")


def test_what_comes_before_the_record_contradicts_itself_is_told() -> None:
    found = ahead(
        f"{TO_COURT}, when: {{age_at_least: 18}}",
        first_looked_after_review_on="not_yet",
        second_looked_after_review_on=date(2026, 5, 10),
        date_of_birth=date(2008, 5, 9),
    )
    assert [(change.on, change.after is None) for change in found] == [(date(2026, 5, 9), False), (date(2026, 5, 10), True)]


FIRST_REVIEW = "first_looked_after_review_on"


def test_a_closed_fact_that_would_contradict_becomes_unknown_on_that_day() -> None:
    # Nobody stated a first review, which `unstated` takes as not yet held until the day of the second one.
    [change] = ahead(
        f"{TO_COURT}, when: {{fact: {FIRST_REVIEW}, before: 2026-04-20}}", unstated="not_so", second_looked_after_review_on=date(2026, 5, 10)
    )
    assert (change.on, outcomes(change)) == (date(2026, 5, 10), ("stay", "undetermined"))
    assert change.after is not None
    assert change.after.missing == (FIRST_REVIEW,)


def test_what_hangs_on_a_closed_fact_that_has_become_unknown_is_followed_from_then_on() -> None:
    # On 1 June the first review becomes unknown, and lies on or before that day. Until 29 September it may lie 100 to 120 days back. From 19 November
    # on it may lie after 1 May and more than 200 days back.
    first = f"{{fact: as_of, after: {{days: 100, after: {FIRST_REVIEW}}}}}, {{fact: as_of, on_or_before: {{days: 120, after: {FIRST_REVIEW}}}}}"
    then = f"{{fact: {FIRST_REVIEW}, after: 2026-05-01}}, {{fact: as_of, after: {{days: 200, after: {FIRST_REVIEW}}}}}"
    asked = f"{{any: [{{all: [{first}]}}, {{all: [{then}]}}]}}"
    found = ahead(f"{TO_COURT}, when: {asked}", unstated="not_so", second_looked_after_review_on=date(2026, 6, 1))
    assert days(found) == [date(2026, 6, 1), date(2026, 9, 30), date(2026, 11, 19)]


def test_a_rule_that_a_closed_fact_rules_out_may_match_once_that_fact_is_unknown() -> None:
    # From 1 June on there must have been a first review, though nobody says when; so in the days that begin on 1 September the case moves.
    condition = f"{{all: [{{fact: {FIRST_REVIEW}, arranged: true}}, {{fact: as_of, within: {{days: 10, after: a_on}}}}]}}"
    found = ahead(f"{TO_COURT}, when: {condition}", unstated="not_so", second_looked_after_review_on=date(2026, 6, 1), a_on=date(2026, 9, 1))
    assert [(change.on, outcomes(change)) for change in found] == [
        (date(2026, 9, 1), ("stay", "transfer")),
        (date(2026, 9, 12), ("transfer", "stay")),
    ]


# --- how far it reaches


def test_the_same_day_a_year_later_is_the_last() -> None:
    assert days(ahead(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", a_on=date(2027, 4, 1))) == [date(2027, 4, 1)]
    assert ahead(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", a_on=date(2027, 4, 2)) == []


def test_a_year_from_29_february_ends_with_28_february() -> None:
    leap = date(2028, 2, 29)
    assert days(ahead(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", as_of=leap, a_on=date(2029, 2, 28))) == [date(2029, 2, 28)]
    assert ahead(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", as_of=leap, a_on=date(2029, 3, 1)) == []


def test_the_last_day_of_the_calendar_is_the_last() -> None:
    found = ahead(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", as_of=date(2040, 12, 1), a_on=date(2040, 12, 31))
    assert days(found) == [date(2040, 12, 31)]
    assert ahead(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", as_of=date(2040, 12, 1), a_on=date(2041, 1, 1)) == []


def test_on_the_last_day_of_the_calendar_nothing_lies_ahead() -> None:
    assert ahead(f"{TO_COURT}, deadline: {{days: 5, after: as_of}}", as_of=date(2040, 12, 31)) == []


def test_at_a_moment_of_the_last_day_of_the_calendar_only_the_rest_of_it_lies_ahead() -> None:
    now = datetime(2040, 12, 31, 9, tzinfo=LONDON)
    found = ahead(f"{TO_COURT}, when: {{fact: seen_at, happened: true}}", as_of=now, seen_at=datetime(2040, 12, 31, 15, tzinfo=LONDON))
    assert days(found) == [date(2040, 12, 31)]


def test_a_case_that_lies_past_the_calendar_has_nothing_ahead() -> None:
    assert ahead(f"{TO_COURT}, deadline: {{days: 5, after: as_of}}", as_of=date(2041, 1, 10)) == []


def test_a_moment_past_the_calendar_has_nothing_ahead() -> None:
    assert ahead(f"{TO_COURT}, deadline: {{days: 5, after: as_of}}", as_of=datetime(2041, 1, 10, 9, tzinfo=LONDON)) == []


def test_a_year_passes_the_end_of_the_proclaimed_bank_holidays() -> None:
    # Three working days after Thursday 21 December 2028 are 22, 27 and 28 December; after the 27th 28 and 29 December and, past the New Year, a day
    # that is not proclaimed.
    found = ahead(f"{TO_COURT}, deadline: {{working_days: 3, after: as_of}}", as_of=date(2028, 12, 20))
    states = {change.on: change.after.deadline.state for change in found if change.after is not None and change.after.deadline is not None}
    assert (states[date(2028, 12, 22)], states[date(2028, 12, 27)]) == ("firm", "unproclaimed")


# --- where the days at which something turns are not known


MANY = ", ".join(f"{{fact: a_on, on_or_after: {TODAY + timedelta(days=10 * number)}}}" for number in range(-80, 80))


def test_where_the_days_at_which_something_turns_are_not_all_known_every_day_is_decided() -> None:
    # A duty looks at more days of one unknown date than are kept. It is not certain to apply, so it does not show.
    tail = TELL % f", when: {{all: [{{any: [{MANY}]}}, {{fact: a_on, after: as_of}}]}}"
    rule = f"{TO_COURT}, when: {{age_at_least: 18}}"
    policy, snapshot = policy_of(text(rule, tail=tail)), case(date_of_birth=date(2008, 5, 10))
    assert days_ahead(policy, bind(policy, snapshot), date(2027, 4, 1)) is None
    assert days(ahead(rule, tail=tail, date_of_birth=date(2008, 5, 10))) == [date(2026, 5, 10)]
    assert changes_told_quickly(policy, snapshot, evaluate(policy, snapshot)) is None


def test_what_is_told_quickly_is_the_same_wherever_it_is_told() -> None:
    policy, snapshot = policy_of(text(f"{TO_COURT}, when: {{age_at_least: 18}}")), case(date_of_birth=date(2008, 5, 10))
    decision = evaluate(policy, snapshot)
    assert changes_told_quickly(policy, snapshot, decision) == changes_ahead(policy, snapshot, decision)


# --- the days from which the decision may be another


def turning(*written: str, head: str = "", tail: str = "", **given: Any) -> tuple[date, ...] | None:
    policy = policy_of(text(*written, head=head, tail=tail))
    return days_ahead(policy, bind(policy, case(**given)), date(2027, 4, 1))


def test_the_days_of_a_turn_are_among_those_that_may_be_another() -> None:
    found = turning(f"{TO_COURT}, when: {{fact: a_on, happened: true}}", a_on=date(2026, 5, 1))
    assert found is not None
    assert {date(2026, 4, 30), date(2026, 5, 1)} <= {*found}


def test_neither_the_day_asked_about_nor_a_day_past_the_last_is_among_them() -> None:
    found = turning(f"{TO_COURT}, when: {{any: [{{fact: a_on, happened: true}}, {{fact: b_on, happened: true}}]}}", a_on=TODAY, b_on=date(2028, 1, 1))
    assert found is not None
    assert all(TODAY < day <= date(2027, 4, 1) for day in found)
    assert found == tuple(sorted(found))


# --- near the end of the calendar, where few days are left to decide


END = date(2040, 12, 18)
"""A Tuesday; Christmas Day is the Tuesday after, and the calendar ends on the Monday thereafter."""
A_WORKING_DAY_AGO = "{working_days: 1, after: a_on}"
HELD = "id: held, from: any, stay: {until: {working_days: 2, after: a_on}}"


@pytest.mark.parametrize(
    ("rule", "more", "given"),
    [
        ("deadline: {days: 5, after: as_of}", "", {}),
        ("deadline: {working_days: 2, after: as_of}", "", {}),
        ("deadline: {hours: 36, after: as_of}", "", {}),
        ("deadline: {soonest_of: [{days: 3, after: as_of}, {on: 2040-12-24}]}", "", {}),
        ("deadline: {latest_of: [{days: 3, after: as_of}, {days: 5, after: a_on}]}", "", {"a_on": date(2040, 12, 20)}),
        ("deadline: {days: 1, after: a_on, failing_that: {days: 4, after: as_of}}", "", {"a_on": "not_yet"}),
        ("deadline: {days: 2, after: a_on}", "", {"a_on": date(2040, 12, 20)}),
        ("when: {all: [{fact: as_of, on_or_after: a_on}, {fact: as_of, on_or_before: a_on}]}", "", {"a_on": date(2040, 12, 30)}),
        ("when: {any: [{fact: flag, is: yes}, {fact: a_on, happened: true}]}", "", {"a_on": date(2040, 12, 20), "flag": False}),
        ("when: {any: [{fact: flag, is: yes}, {fact: a_on, happened: true}]}", "", {"a_on": date(2040, 12, 20)}),
        ("when: {any: [{fact: b_on, happened: true}, {fact: a_on, happened: true}]}", "", {"a_on": date(2040, 12, 20), "b_on": date(2040, 12, 24)}),
        ("when: {all: [{fact: b_on, happened: true}, {fact: a_on, happened: true}]}", "", {"a_on": date(2040, 12, 20), "b_on": date(2040, 12, 24)}),
        ("when: {not: {fact: a_on, happened: true}}", "", {"a_on": date(2040, 12, 20)}),
        ("when: {use: past}", "definitions: {past: {when: {not: {fact: as_of, before: a_on}}}}", {"a_on": date(2040, 12, 20)}),
        ("when: {fact: as_of, within: {working_days: 2, after: a_on}}", "", {"a_on": date(2040, 12, 20)}),
        ("when: {age_at_least: 18}", "", {"date_of_birth": date(2022, 12, 24)}),
        ("when: {fact: a_on, before: 2040-12-22}", "", {"a_on": "happened"}),
        ("when: {fact: a_on, happened: true}, transfer_point: {days: 1, after: a_on}", "", {"a_on": date(2040, 12, 21)}),
        # An unknown day that is to lie one working day back, to the day.
        (f"when: {{all: [{{fact: as_of, on_or_after: {A_WORKING_DAY_AGO}}}, {{fact: as_of, on_or_before: {A_WORKING_DAY_AGO}}}]}}", "", {}),
        ("", NOTE % ", due: {days: 2, after: a_on}", {"a_on": date(2040, 12, 20)}),
        ("", NOTE % ", when: {fact: a_on, happened: true}", {"a_on": date(2040, 12, 20)}),
        ("", NOTE % ", done_when: {fact: a_on, happened: true}", {"a_on": date(2040, 12, 20)}),
        ("", NOTE % ", valid: {on_or_after: {days: 4, before: as_of}}", {"checklist": {"note": "2040-12-18"}}),
        ("", NOTE % ", valid: {on_or_after: {days: 4, before: a_on}, before: a_on}", {"checklist": {"note": "2040-12-18"}}),
        ("", NOTE % ", fresh_for: {days: 4}", {"checklist": {"note": "2040-12-18"}}),
        ("", NOTE % "", {"checklist": {"note": "2040-12-22"}}),
        ("", TELL % ", due: {days: 2, after: a_on}", {"a_on": date(2040, 12, 20)}),
        ("", TELL % ", when: {fact: a_on, happened: true}", {"a_on": date(2040, 12, 20)}),
        ("", TELL % ", when: {fact: flag, is: yes}, due: {days: 2, after: a_on}", {"a_on": date(2040, 12, 20), "flag": False}),
        ("", TELL % ", done_when: {fact: a_on, happened: true}", {"a_on": date(2040, 12, 20)}),
        ("", TELL % ", applies: {when: {fact: a_on, happened: true}}", {"a_on": date(2040, 12, 20)}),
        ("", "in_force: {from: 2020-01-01, until: 2040-12-20}", {}),
        ("", "in_force: {from: 2040-12-20}", {}),
    ],
)  # fmt: skip
def test_to_the_end_of_the_calendar_the_changes_are_those_of_deciding_day_by_day(rule: str, more: str, given: dict[str, Any]) -> None:
    found = ahead(f"{TO_COURT}, {rule}" if rule else TO_COURT, tail=more, as_of=END, **given)
    # Of what hangs on the day something does change.
    assert found or "flag, is: yes" in more or "before: a_on" in more
    policy = policy_of(text(f"{TO_COURT}, {rule}" if rule else TO_COURT, tail=more))
    known = days_ahead(policy, bind(policy, case(END, **given)), date(2040, 12, 31))
    # A date that is counted from the day asked about moves in between.
    assert known is None or "after: as_of" in rule or {*days(found)} <= {*known}


def test_a_hold_and_the_move_that_it_bars_are_told_to_the_end_of_the_calendar() -> None:
    # Two working days after Thursday the 20th is Monday the 24th.
    found = ahead(HELD, f"{TO_COURT}, when: {{fact: b_on, happened: true}}", as_of=END, a_on=date(2040, 12, 20), b_on=date(2040, 12, 27))
    assert days(found)[-1] == date(2040, 12, 27)


def test_where_every_day_is_decided_a_change_there_and_back_is_told() -> None:
    # A duty looks at more days of one unknown date than are kept.
    tail = TELL % f", when: {{all: [{{any: [{MANY}]}}, {{fact: a_on, after: as_of}}]}}"
    on_one_day = f"{TO_COURT}, when: {{all: [{{fact: as_of, on_or_after: b_on}}, {{fact: as_of, on_or_before: b_on}}]}}"
    policy, snapshot = policy_of(text(on_one_day, tail=tail)), case(END, b_on=date(2040, 12, 30))
    assert changes_told_quickly(policy, snapshot, evaluate(policy, snapshot)) is None
    assert days(ahead(on_one_day, tail=tail, as_of=END, b_on=date(2040, 12, 30))) == [date(2040, 12, 30), date(2040, 12, 31)]
    assert days(ahead(on_one_day, tail=tail, as_of=END, b_on=date(2040, 12, 31))) == [date(2040, 12, 31)]


def test_where_one_unknown_date_hangs_on_another_by_working_days_every_day_is_decided() -> None:
    # Yesterday is to be one working day after meeting B: that cannot be on a Sunday, nor on a Monday.
    yesterday = "{fact: as_of, on_or_after: {days: 1, after: a_on}}, {fact: as_of, on_or_before: {days: 1, after: a_on}}"
    working_day = "{fact: a_on, on_or_after: {working_days: 1, after: b_on}}, {fact: a_on, on_or_before: {working_days: 1, after: b_on}}"
    assert turning(f"{TO_COURT}, when: {{all: [{yesterday}, {working_day}]}}") is None


def test_on_the_last_day_of_the_calendar_it_is_told_quickly_that_nothing_lies_ahead() -> None:
    tail = TELL % f", when: {{all: [{{any: [{MANY}]}}, {{fact: a_on, after: as_of}}]}}"
    policy, snapshot = policy_of(text(TO_COURT, tail=tail)), case(date(2040, 12, 31))
    assert changes_told_quickly(policy, snapshot, evaluate(policy, snapshot)) == ()


@pytest.mark.parametrize(("planned", "told"), [(date(2027, 3, 31), True), (date(2027, 4, 1), True), (date(2027, 4, 2), False)])
def test_what_is_told_reaches_to_the_same_day_a_year_later(planned: date, told: bool) -> None:
    policy, snapshot = policy_of(text(f"{TO_COURT}, when: {{fact: a_on, happened: true}}")), case(a_on=planned)
    assert [change.on for change in changes_ahead(policy, snapshot, evaluate(policy, snapshot))] == ([planned] if told else [])


def test_what_unstated_closed_and_a_planned_event_contradicts_is_told_to_the_end_of_the_calendar() -> None:
    rule = f"{TO_COURT}, when: {{all: [{{fact: {FIRST_REVIEW}, arranged: true}}, {{fact: as_of, within: {{days: 3, after: a_on}}}}]}}"
    given = {"unstated": "not_so", "second_looked_after_review_on": date(2040, 12, 20), "a_on": date(2040, 12, 22)}
    found = ahead(rule, as_of=END, **given)
    assert [(change.on, outcomes(change)) for change in found] == [
        (date(2040, 12, 22), ("stay", "transfer")),
        (date(2040, 12, 26), ("transfer", "stay")),
    ]


def test_the_day_on_which_one_arm_of_a_latest_passes_the_other_is_among_them() -> None:
    found = turning(f"{TO_COURT}, deadline: {{latest_of: [{{days: 5, after: as_of}}, {{on: 2026-06-10}}]}}")
    assert found is not None
    assert {date(2026, 6, 5), date(2026, 6, 6)} <= {*found}


@pytest.mark.parametrize(
    ("when", "flag"),
    [("{any: [{fact: flag, is: yes}, {fact: a_on, happened: true}]}", True), ("{all: [{fact: flag, is: yes}, {fact: a_on, happened: true}]}", False)],
)
def test_what_known_facts_settle_on_every_day_adds_none(when: str, flag: bool) -> None:
    given: dict[str, Any] = {"a_on": date(2026, 5, 1), "b_on": date(2026, 6, 1)}
    found = turning(f"{TO_COURT}, when: {when}", "id: other, from: any, when: {fact: b_on, happened: true}, close: true", flag=flag, **given)
    assert found is not None
    assert date(2026, 5, 1) not in found
    assert date(2026, 6, 1) in found

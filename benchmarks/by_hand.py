"""One case by hand: the reference pack as plain Python, as a good engineer would write it who needs team, deadline and items and nothing else."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeAlias

from transfer_rules.calendars import ENGLAND

Known: TypeAlias = Any
"""A `CaseSnapshot` of which every fact that the pack reads is known, so that its days are dates or `not_yet`."""

THRESHOLD_MET = ("social_work_assessment", "section_47")
ITEMS_TO = ("child_in_need", "court", "children_in_care", "leaving_care")
RECEIVES_RETURNS = ("child_in_need", "court", "children_in_care")
SOCIAL_WORK_PLANS = ("child_in_need", "child_protection")


class Answer(NamedTuple):
    """What is asked of every candidate: the outcome, the team and the date by which it takes the case, and the items outstanding."""

    outcome: str
    team: str | None = None
    deadline: date | None = None
    outstanding: tuple[str, ...] = ()


class Move(NamedTuple):
    """What the rules say. `point` is when responsibility passes, where no deadline is known to say so."""

    outcome: str
    team: str | None = None
    deadline: date | None = None
    point: date | None = None


STAY = Move("stay")


def decide(case: Known) -> Answer:
    """Decide one case whose facts are all known."""
    outcome, team, deadline, point = _move(case)
    if outcome == "close" or team == "early_help":
        return Answer(outcome, team, deadline, tuple(_before_ending(case)))
    if team in ITEMS_TO:
        handover = day_of(case.agreed_transfer_on) or deadline or point
        return Answer(outcome, team, deadline, tuple(_before_handover(case, handover)))
    return Answer(outcome, team, deadline)


def _move(case: Known) -> Move:
    """Return what the rules say, the strongest first."""
    team = case.current_team
    if case.exceptional_circumstances:
        return Move("people_decide")
    if team in ("front_door", "none"):
        return _from_front_door(case)
    if team == "early_help":
        return STAY
    if team == "leaving_care":
        return _from_leaving_care(case)
    adult_on = birthday(case.date_of_birth, 18)
    if adult_on <= case.as_of and case.days_in_care_since_14 >= 91:
        return Move("transfer", "leaving_care", adult_on)
    if team in ("assessment", "child_in_need"):
        return _from_children_and_families(case)
    if team == "court":
        return _from_court(case)
    if team == "children_in_care":
        return _from_care(case)
    return STAY


def _from_front_door(case: Known) -> Move:
    decision, today = case.front_door_decision, case.as_of
    if decision in THRESHOLD_MET:
        closed_on = day_of(case.last_closed_on)
        if (
            case.current_team == "front_door"
            and case.last_holding_team in RECEIVES_RETURNS
            and closed_on is not None
            and today <= add_months(closed_on, 3)
        ):
            return Move("transfer", case.last_holding_team, ENGLAND.add_working_days(today, 1))
        return Move("transfer", "assessment")
    if case.current_team == "front_door":
        if decision == "early_help" and case.early_help_consent == "given":
            return Move("transfer", "early_help", today + timedelta(days=5))
        if decision == "no_further_action":
            return Move("close")
    return STAY


def _from_children_and_families(case: Known) -> Move:
    """Return the move from assessment or child in need: care orders first, then proceedings, then the routine."""
    today = case.as_of
    if _happened(case.care_order_made_on, today) and case.legal_basis == "care_order":
        return _in_care_by_order(case)
    issued_on = day_of(case.proceedings_issued_on)
    if issued_on is not None:
        hearing_on = day_of(case.first_court_hearing_on)
        if issued_on <= today and hearing_on is not None and today < hearing_on + timedelta(days=2):
            return STAY
        return Move("transfer", "court", ENGLAND.add_working_days(issued_on, 3))
    completed_on = day_of(case.assessment_completed_on)
    if not case.child_protection_plan:
        if case.assessed_need == "none":
            return Move("close", None, None if completed_on is None else add_months(completed_on, 1))
        decided_on = day_of(case.step_down_decided_on)
        if case.assessed_need == "early_help" and case.early_help_consent == "given" and decided_on is not None and decided_on <= today:
            return Move("transfer", "early_help", decided_on + timedelta(days=14))
    if case.current_team != "assessment":
        return STAY
    conference_on = day_of(case.initial_conference_on)
    if case.child_protection_plan and conference_on is not None:
        deadline, review_on = ENGLAND.add_working_days(conference_on, 10), day_of(case.protection_review_conference_on)
        return Move("transfer", "child_in_need", deadline if review_on is None else min(deadline, review_on))
    if completed_on is not None and completed_on <= today and case.assessed_need == "social_work" and case.lead_plan in SOCIAL_WORK_PLANS:
        return Move("transfer", "child_in_need", ENGLAND.add_working_days(completed_on, 5))
    return STAY


def _from_court(case: Known) -> Move:
    if _happened(case.care_order_made_on, case.as_of) and case.legal_basis == "care_order":
        return _in_care_by_order(case)
    agreed_on = day_of(case.permanence_plan_agreed_on)
    if agreed_on is not None and case.legal_basis in ("section_20", "interim_care_order"):
        return Move("transfer", "children_in_care", day_of(case.second_looked_after_review_on), agreed_on)
    return STAY


def _in_care_by_order(case: Known) -> Move:
    return Move("transfer", "children_in_care", ENGLAND.add_working_days(case.care_order_made_on, 10))


def _from_care(case: Known) -> Move:
    if case.legal_basis == "none" and case.lead_plan in SOCIAL_WORK_PLANS:
        ended_on = day_of(case.looked_after_ended_on)
        return Move("transfer", "child_in_need", None if ended_on is None else ENGLAND.add_working_days(ended_on, 5))
    return STAY


def _from_leaving_care(case: Known) -> Move:
    turned_25_on = birthday(case.date_of_birth, 25)
    return Move("close", None, add_months(turned_25_on, 1)) if turned_25_on <= case.as_of else STAY


# --- items


def _before_handover(case: Known, handover: date | None) -> list[str]:
    """Return the items outstanding before a move within children's social care."""
    today, found = case.as_of, []
    if case.lead_plan in ("child_protection", "in_care") and not is_fresh(case, "chronology", handover):
        found.append("chronology")
    if case.safeguarding_concern and not is_fresh(case, "risk_assessment", handover):
        found.append("risk_assessment")
    if case.child_protection_plan and not _done(case, "protection_summary"):
        found.append("protection_summary")
    if _happened(case.proceedings_issued_on, today) and not _done(case, "court_bundle"):
        found.append("court_bundle")
    if (case.lead_plan == "in_care" or case.child_protection_plan) and not _happened(case.transfer_meeting_on, today):
        meeting = case.checklist.get("transfer_meeting")
        if meeting is None or meeting.state != "not_needed":
            found.append("transfer_meeting")
    if birthday(case.date_of_birth, 16) <= today and not _done(case, "pathway_plan"):
        found.append("pathway_plan")
    if case.meets_disability_team_threshold and not _done(case, "disability_advice"):
        found.append("disability_advice")
    return found


def _before_ending(case: Known) -> list[str]:
    found = []
    if case.meets_disability_team_threshold and not _done(case, "disability_advice"):
        found.append("disability_advice")
    if case.front_door_decision != "no_further_action" and not _done(case, "closing_letter"):
        found.append("closing_letter")
    return found


def _done(case: Known, item: str) -> bool:
    """Say whether an item is recorded as done, by today, or as not needed."""
    progress = case.checklist.get(item)
    if progress is None or progress.state == "not_done":
        return False
    return progress.done_on is None or progress.done_on <= case.as_of


def is_fresh(case: Known, item: str, handover: date | None) -> bool:
    """Say whether an item is not needed, or was done recently enough for the handover; nothing is for a handover without a date."""
    progress = case.checklist.get(item)
    if progress is None or progress.state == "not_done":
        return False
    if progress.state == "not_needed":
        return True
    done_on = progress.done_on
    if done_on is None or done_on > case.as_of or handover is None:
        return False
    good_until = add_months(done_on, 3) if item == "chronology" else done_on + timedelta(days=28)
    return good_until >= handover and good_until >= case.as_of


# --- days


def day_of(event: Any) -> date | None:
    """Return the day of an event that has one."""
    return None if event == "not_yet" else event


def _happened(event: Any, today: date) -> bool:
    return event != "not_yet" and event <= today


def birthday(born: Any, age: int) -> date:
    """Return the day on which an age is reached; 29 February gives 1 March in a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, clipped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

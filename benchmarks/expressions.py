"""The reference pack as expressions, for the two peers that take expressions: zen-engine and common-expression-language.

Neither language can count in working days or add months to a date, and neither can say that a fact is unknown. So dates come as whole numbers: the
day's ordinal, and for what is counted in months and years a `mark`, in which a month is 100 and a year 1200 (how such a mark compares is right for
29 February and for months of any length). `not_yet` is a day far off. What they cannot do is `finish`, in Python, and its time counts with theirs:
the deadline, and whether a chronology and a risk assessment are recent enough for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from transfer_rules.calendars import ENGLAND

from .by_hand import Answer, Known, add_months, birthday, day_of, is_fresh
from .cases import CHOICES, EVENTS, ITEMS, YES

NEVER: Final = 9_999_999
_MARKED: Final = ("as_of", "date_of_birth", "last_closed_on")

_ASSESSING: Final = 'current_team in ["assessment", "child_in_need"]'
_MET: Final = 'front_door_decision in ["social_work_assessment", "section_47"]'
_SOCIAL_WORK_PLAN: Final = 'lead_plan in ["child_in_need", "child_protection"]'

# The rules, the strongest first: what each asks, in the words of CEL, and its outcome and team.
RULES: Final[dict[str, tuple[str, str, str | None]]] = {
    "managers_decide_in_exceptional_circumstances": ("exceptional_circumstances", "people_decide", None),
    "returning_case_to_its_last_team": (
        f'current_team == "front_door" && {_MET} && last_holding_team in ["child_in_need", "court", "children_in_care"]'
        " && as_of_mark <= last_closed_on_mark + 300",
        "transfer",
        "last_holding_team",
    ),
    "new_referral_to_assessment": (f'current_team in ["front_door", "none"] && {_MET}', "transfer", "assessment"),
    "early_help_from_the_front_door": (
        'current_team == "front_door" && front_door_decision == "early_help" && early_help_consent == "given"',
        "transfer",
        "early_help",
    ),
    "no_further_action_closes": ('current_team == "front_door" && front_door_decision == "no_further_action"', "close", None),
    "adult_to_leaving_care": (
        '!(current_team in ["front_door", "none", "early_help", "leaving_care"]) && date_of_birth_mark + 21600 <= as_of_mark'
        " && days_in_care_since_14 >= 91",
        "transfer",
        "leaving_care",
    ),
    "care_order_to_children_in_care": (
        'current_team in ["assessment", "child_in_need", "court"] && care_order_made_on <= as_of && legal_basis == "care_order"',
        "transfer",
        "children_in_care",
    ),
    "hold_for_the_first_hearing": (
        f"{_ASSESSING} && proceedings_issued_on <= as_of && first_court_hearing_on < {NEVER} && as_of < first_court_hearing_on + 2",
        "stay",
        None,
    ),
    "issue_to_court": (f"{_ASSESSING} && proceedings_issued_on < {NEVER}", "transfer", "court"),
    "conference_to_child_in_need": (
        f'current_team == "assessment" && child_protection_plan && initial_conference_on < {NEVER}',
        "transfer",
        "child_in_need",
    ),
    "step_down_to_early_help": (
        f'{_ASSESSING} && assessed_need == "early_help" && !child_protection_plan && early_help_consent == "given" && step_down_decided_on <= as_of',
        "transfer",
        "early_help",
    ),
    "nothing_needed_closes": (f'{_ASSESSING} && assessed_need == "none" && !child_protection_plan', "close", None),
    "plan_to_child_in_need": (
        f'current_team == "assessment" && assessment_completed_on <= as_of && assessed_need == "social_work" && {_SOCIAL_WORK_PLAN}',
        "transfer",
        "child_in_need",
    ),
    "permanence_plan_to_children_in_care": (
        f'current_team == "court" && permanence_plan_agreed_on < {NEVER} && legal_basis in ["section_20", "interim_care_order"]',
        "transfer",
        "children_in_care",
    ),
    "home_again_to_child_in_need": (
        f'current_team == "children_in_care" && legal_basis == "none" && {_SOCIAL_WORK_PLAN}',
        "transfer",
        "child_in_need",
    ),
    "twenty_five_closes": ('current_team == "leaving_care" && date_of_birth_mark + 30000 <= as_of_mark', "close", None),
}
NAMES: Final = tuple(RULES)

_HANDED_OVER: Final = 'team in ["child_in_need", "court", "children_in_care", "leaving_care"]'
_ENDING: Final = '(outcome == "close" || team == "early_help")'


def _unless_done(item: str) -> str:
    return f'!({item}_state == "not_needed" || {item}_done_on <= as_of || ({item}_state == "done" && {item}_done_on == {NEVER}))'


# Of each item: whether it is required and not done. The first two are recent enough or not, which `finish` says: here, whether they are required.
LACKING: Final[dict[str, str]] = {
    "chronology": f'{_HANDED_OVER} && lead_plan in ["child_protection", "in_care"]',
    "risk_assessment": f"{_HANDED_OVER} && safeguarding_concern",
    "protection_summary": f"{_HANDED_OVER} && child_protection_plan && {_unless_done('protection_summary')}",
    "court_bundle": f"{_HANDED_OVER} && proceedings_issued_on <= as_of && {_unless_done('court_bundle')}",
    "transfer_meeting": f'{_HANDED_OVER} && (lead_plan == "in_care" || child_protection_plan)'
    ' && !(transfer_meeting_on <= as_of || transfer_meeting_state == "not_needed")',
    "pathway_plan": f"{_HANDED_OVER} && date_of_birth_mark + 19200 <= as_of_mark && {_unless_done('pathway_plan')}",
    "disability_advice": f"({_HANDED_OVER} || {_ENDING}) && meets_disability_team_threshold && {_unless_done('disability_advice')}",
    "closing_letter": f'{_ENDING} && front_door_decision != "no_further_action" && {_unless_done("closing_letter")}',
}


def as_chain() -> str:
    """Return the rules as one expression: the place of the first that matches, or how many there are where none does."""
    chain = str(len(RULES))
    for place, (condition, _, _) in reversed(list(enumerate(RULES.values()))):
        chain = f"({condition}) ? {place} : ({chain})"
    return chain


def as_list() -> str:
    """Return the items as one expression: a list of yes and no."""
    return "[" + ", ".join(LACKING.values()) + "]"


def facts(case: Known) -> dict[str, Any]:
    """Return a case as the expressions read it."""
    found: dict[str, Any] = {name: getattr(case, name) for name in (*CHOICES, *YES, "days_in_care_since_14")}
    for name in (*EVENTS, "date_of_birth", "as_of"):
        found[name] = _number(day_of(getattr(case, name)))
    for name in _MARKED:
        day = day_of(getattr(case, name))
        found[f"{name}_mark"] = -NEVER if day is None else (day.year * 12 + day.month) * 100 + day.day
    for item in ITEMS:
        progress = case.checklist.get(item)
        found[f"{item}_state"] = "" if progress is None else progress.state
        found[f"{item}_done_on"] = _number(None if progress is None else progress.done_on)
    return found


def _number(day: date | None) -> int:
    return NEVER if day is None else day.toordinal()


def _review_or_ten_days(case: Known) -> date:
    counted, review_on = ENGLAND.add_working_days(case.initial_conference_on, 10), day_of(case.protection_review_conference_on)
    return counted if review_on is None else min(counted, review_on)


def _after(event: Any, count: Callable[[date], date]) -> date | None:
    day = day_of(event)
    return None if day is None else count(day)


_DEADLINES: Final[dict[str, Callable[[Known], date | None]]] = {
    "returning_case_to_its_last_team": lambda case: ENGLAND.add_working_days(case.as_of, 1),
    "early_help_from_the_front_door": lambda case: case.as_of + timedelta(days=5),
    "adult_to_leaving_care": lambda case: birthday(case.date_of_birth, 18),
    "care_order_to_children_in_care": lambda case: ENGLAND.add_working_days(case.care_order_made_on, 10),
    "issue_to_court": lambda case: ENGLAND.add_working_days(case.proceedings_issued_on, 3),
    "conference_to_child_in_need": _review_or_ten_days,
    "step_down_to_early_help": lambda case: case.step_down_decided_on + timedelta(days=14),
    "nothing_needed_closes": lambda case: _after(case.assessment_completed_on, lambda day: add_months(day, 1)),
    "plan_to_child_in_need": lambda case: ENGLAND.add_working_days(case.assessment_completed_on, 5),
    "permanence_plan_to_children_in_care": lambda case: day_of(case.second_looked_after_review_on),
    "home_again_to_child_in_need": lambda case: _after(case.looked_after_ended_on, lambda day: ENGLAND.add_working_days(day, 5)),
    "twenty_five_closes": lambda case: add_months(birthday(case.date_of_birth, 25), 1),
}


def chosen(case: Known, place: int, lacking: Callable[[dict[str, str]], Sequence[bool]]) -> Answer:
    """Return the answer where the place of the rule that decides is known; `lacking` says which items it leaves open, if there may be some."""
    if place == len(NAMES):
        return Answer("stay")
    rule = NAMES[place]
    _, outcome, team = RULES[rule]
    if team == "last_holding_team":
        team = case.last_holding_team
    if outcome not in ("transfer", "close"):
        return Answer(outcome, team)
    return finish(case, rule, outcome, team, lacking({"outcome": outcome, "team": team or ""}))


def finish(case: Known, rule: str, outcome: str, team: str | None, lacking: Sequence[bool]) -> Answer:
    """Return the answer: what expressions said, with the deadline and the freshness that they cannot work out."""
    count = _DEADLINES.get(rule)
    deadline = None if count is None else count(case)
    names = [item for item, lacks in zip(ITEMS, lacking, strict=True) if lacks]
    if lacking[0] or lacking[1]:
        handover = (
            day_of(case.agreed_transfer_on)
            or deadline
            or (day_of(case.permanence_plan_agreed_on) if rule == "permanence_plan_to_children_in_care" else None)
        )
        names = [item for item in names if item not in ("chronology", "risk_assessment") or not is_fresh(case, item, handover)]
    return Answer(outcome, team, deadline, tuple(names))

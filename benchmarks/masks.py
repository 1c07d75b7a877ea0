"""Columns by hand: the reference pack as numpy masks, one per rule over all rows, put together by `np.select`. Facts must all be known.

`masks` works everything out for every row, as most would write it. `by_rows` counts dates, and looks at items, only in the rows that come to need
them: what somebody would make of it who has measured the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from transfer_rules.calendars import ENGLAND

from .cases import ITEMS, Array, Coded, Columns

OUTCOMES: Final = ("transfer", "stay", "close", "people_decide")
TEAMS: Final = ("front_door", "assessment", "child_in_need", "court", "children_in_care", "leaving_care", "early_help")
NO_TEAM: Final = -1

_CALENDAR: Final = np.busdaycalendar(holidays=list(ENGLAND.closed))
_NAT: Final = np.datetime64("NaT", "D")
_TRANSFER, _STAY, _CLOSE, _PEOPLE = range(4)
_FRONT_DOOR, _ASSESSMENT, _CHILD_IN_NEED, _COURT, _IN_CARE, _LEAVING_CARE, _EARLY_HELP = range(7)
_BY_PLAN: Final = "permanence_plan_to_children_in_care"
_BIT: Final = {item: np.uint8(1 << place) for place, item in enumerate(ITEMS)}


class Answers(NamedTuple):
    """What is asked of every candidate. `outcome` and `team` are codes into OUTCOMES and TEAMS; bit i of the items is item i of ITEMS."""

    outcome: Array
    team: Array
    deadline: Array
    required: Array
    outstanding: Array


class Rule(NamedTuple):
    """Which rows a rule matches, and what it says: an outcome, and a team (one for all rows, or a column)."""

    matches: Array
    outcome: int
    team: Any = NO_TEAM


class Some:
    """Some rows of columns, each column taken when it is asked for."""

    def __init__(self, given: Columns, rows: Array):
        self._given, self._rows = given, rows

    def __getitem__(self, name: str) -> Any:
        column = self._given[name]
        return Coded(column.codes[self._rows], column.names) if isinstance(column, Coded) else column[self._rows]


Given: TypeAlias = Columns | Some

# By rule: the date by which the case must have moved.
DEADLINES: Final[dict[str, Callable[[Given], Array]]] = {
    "returning_case_to_its_last_team": lambda given: working_days(given["as_of"], 1),
    "early_help_from_the_front_door": lambda given: given["as_of"] + 5,
    "adult_to_leaving_care": lambda given: given["adult_on"],
    "care_order_to_children_in_care": lambda given: working_days(given["care_order_made_on"], 10),
    "issue_to_court": lambda given: working_days(given["proceedings_issued_on"], 3),
    "conference_to_child_in_need": lambda given: np.fmin(working_days(given["initial_conference_on"], 10), given["protection_review_conference_on"]),
    "step_down_to_early_help": lambda given: given["step_down_decided_on"] + 14,
    "nothing_needed_closes": lambda given: months(given["assessment_completed_on"], 1),
    "plan_to_child_in_need": lambda given: working_days(given["assessment_completed_on"], 5),
    "permanence_plan_to_children_in_care": lambda given: given["second_looked_after_review_on"],
    "home_again_to_child_in_need": lambda given: working_days(given["looked_after_ended_on"], 5),
    "twenty_five_closes": lambda given: months(given["turned_25_on"], 1),
}


def masks(given: Columns) -> Answers:
    """Decide all rows, everything worked out for every row."""
    given = with_birthdays(given)
    rules = matching(given)
    matches = [rule.matches for rule in rules.values()]
    nothing = np.full(len(given["as_of"]), _NAT)
    outcome = np.select(matches, [np.uint8(rule.outcome) for rule in rules.values()], np.uint8(_STAY))
    team = np.select(matches, [rule.team for rule in rules.values()], np.int8(NO_TEAM))
    deadline = np.select(matches, [DEADLINES[name](given) if name in DEADLINES else nothing for name in rules], _NAT)
    required = requirements(given, outcome, team)
    # Where a stronger rule decides than the one by the plan, there is a deadline, so that the day of the plan is not asked for.
    lacking = required & ~satisfied(given, handover(given, deadline, rules[_BY_PLAN].matches))
    return Answers(outcome, team, deadline, required, lacking)


def by_rows(given: Columns) -> Answers:
    """Decide all rows; dates are counted for the rows of each rule, items looked at in the rows that move."""
    given = with_birthdays(given)
    rules = matching(given)
    names, size = list(rules), len(given["as_of"])
    chosen = np.select([rule.matches for rule in rules.values()], [np.int8(place) for place in range(len(names))], np.int8(-1))
    outcome = np.array([*(rule.outcome for rule in rules.values()), _STAY], np.uint8)[chosen]
    team, deadline = np.full(size, NO_TEAM, np.int8), np.full(size, _NAT)
    for place, (name, rule) in enumerate(rules.items()):
        rows = np.flatnonzero(chosen == place)
        team[rows] = rule.team[rows] if isinstance(rule.team, np.ndarray) else rule.team
        if name in DEADLINES:
            deadline[rows] = DEADLINES[name](Some(given, rows))
    required, outstanding = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    moving = np.flatnonzero((outcome == _TRANSFER) | (outcome == _CLOSE))
    some = Some(given, moving)
    required[moving] = needed = requirements(some, outcome[moving], team[moving])
    planned = chosen[moving] == names.index(_BY_PLAN)
    outstanding[moving] = needed & ~satisfied(some, handover(some, deadline[moving], planned))
    return Answers(outcome, team, deadline, required, outstanding)


def with_birthdays(given: Columns) -> Columns:
    """Return columns with the birthdays that rules look at; each is needed more than once."""
    born = given["date_of_birth"]
    return {**given, "adult_on": birthday(born, 18), "turned_25_on": birthday(born, 25)}


def matching(given: Given) -> dict[str, Rule]:
    """Return the rules, the strongest first, so that the first that matches decides."""
    today, basis, protected = given["as_of"], given["legal_basis"], given["child_protection_plan"]
    holder, decision, need, last = given["current_team"], given["front_door_decision"], given["assessed_need"], given["last_holding_team"]
    front_door, assessment, court, leaving_care = (is_in(holder, team) for team in ("front_door", "assessment", "court", "leaving_care"))
    assessing = assessment | is_in(holder, "child_in_need")
    met, consent = is_in(decision, "social_work_assessment", "section_47"), is_in(given["early_help_consent"], "given")
    social_work_plan = is_in(given["lead_plan"], "child_in_need", "child_protection")
    returning = is_in(last, "child_in_need", "court", "children_in_care") & (today <= months(given["last_closed_on"], 3))
    issued, conference = given["proceedings_issued_on"], ~np.isnat(given["initial_conference_on"])
    ordered = (given["care_order_made_on"] <= today) & is_in(basis, "care_order")
    planned = ~np.isnat(given["permanence_plan_agreed_on"]) & is_in(basis, "section_20", "interim_care_order")
    assessed = (given["assessment_completed_on"] <= today) & is_in(need, "social_work") & social_work_plan
    stepping_down = is_in(need, "early_help") & consent & (given["step_down_decided_on"] <= today)
    adult = (given["adult_on"] <= today) & (given["days_in_care_since_14"] >= 91)
    others = ~(front_door | leaving_care | is_in(holder, "none", "early_help"))
    return {
        "managers_decide_in_exceptional_circumstances": Rule(given["exceptional_circumstances"], _PEOPLE),
        "returning_case_to_its_last_team": Rule(front_door & met & returning, _TRANSFER, recoded(last)),
        "new_referral_to_assessment": Rule((front_door | is_in(holder, "none")) & met, _TRANSFER, _ASSESSMENT),
        "early_help_from_the_front_door": Rule(front_door & is_in(decision, "early_help") & consent, _TRANSFER, _EARLY_HELP),
        "no_further_action_closes": Rule(front_door & is_in(decision, "no_further_action"), _CLOSE),
        "adult_to_leaving_care": Rule(others & adult, _TRANSFER, _LEAVING_CARE),
        "care_order_to_children_in_care": Rule((assessing | court) & ordered, _TRANSFER, _IN_CARE),
        "hold_for_the_first_hearing": Rule(assessing & (issued <= today) & (today < given["first_court_hearing_on"] + 2), _STAY),
        "issue_to_court": Rule(assessing & ~np.isnat(issued), _TRANSFER, _COURT),
        "conference_to_child_in_need": Rule(assessment & protected & conference, _TRANSFER, _CHILD_IN_NEED),
        "step_down_to_early_help": Rule(assessing & ~protected & stepping_down, _TRANSFER, _EARLY_HELP),
        "nothing_needed_closes": Rule(assessing & ~protected & is_in(need, "none"), _CLOSE),
        "plan_to_child_in_need": Rule(assessment & assessed, _TRANSFER, _CHILD_IN_NEED),
        "permanence_plan_to_children_in_care": Rule(court & planned, _TRANSFER, _IN_CARE),
        "home_again_to_child_in_need": Rule(is_in(holder, "children_in_care") & is_in(basis, "none") & social_work_plan, _TRANSFER, _CHILD_IN_NEED),
        "twenty_five_closes": Rule(leaving_care & (given["turned_25_on"] <= today), _CLOSE),
    }


def handover(given: Given, deadline: Array, planned: Array) -> Array:
    """Return the day of the handover: the agreed day, else the deadline, else (`planned`: the permanence plan decides) the day of that plan."""
    return first_of(given["agreed_transfer_on"], deadline, np.where(planned, given["permanence_plan_agreed_on"], _NAT))


def requirements(given: Given, outcome: Array, team: Array) -> Array:
    """Return the items that each row requires."""
    today, plan, protected = given["as_of"], given["lead_plan"], given["child_protection_plan"]
    handed_over = (team >= _CHILD_IN_NEED) & (team <= _LEAVING_CARE)
    ending = (outcome == _CLOSE) | (team == _EARLY_HELP)
    in_care = is_in(plan, "in_care")
    return (
        bits(handed_over & (in_care | is_in(plan, "child_protection")), "chronology")
        | bits(handed_over & given["safeguarding_concern"], "risk_assessment")
        | bits(handed_over & protected, "protection_summary")
        | bits(handed_over & (given["proceedings_issued_on"] <= today), "court_bundle")
        | bits(handed_over & (in_care | protected), "transfer_meeting")
        | bits(handed_over & (birthday(given["date_of_birth"], 16) <= today), "pathway_plan")
        | bits((handed_over | ending) & given["meets_disability_team_threshold"], "disability_advice")
        | bits(ending & ~is_in(given["front_door_decision"], "no_further_action"), "closing_letter")
    )


def satisfied(given: Given, handover: Array) -> Array:
    """Return the items that are done (and recently enough), or not needed, whether a row requires them or not."""
    today = given["as_of"]
    # Nothing is recent enough for a handover without a date.
    last = np.maximum(today, handover)
    found = bits((given["transfer_meeting_on"] <= today) | is_in(given["checklist.transfer_meeting_state"], "not_needed"), "transfer_meeting")
    for item in ITEMS:
        done_on, state = given[f"checklist.{item}"], given[f"checklist.{item}_state"]
        not_needed = is_in(state, "not_needed")
        if item == "chronology":
            found |= bits(not_needed | ((done_on <= today) & (months(done_on, 3) >= last)), item)
        elif item == "risk_assessment":
            found |= bits(not_needed | ((done_on <= today) & (done_on + 28 >= last)), item)
        elif item != "transfer_meeting":
            found |= bits(not_needed | (done_on <= today) | (is_in(state, "done") & np.isnat(done_on)), item)
    return found


# --- small steps


def is_in(column: Coded, *names: str) -> Array:
    """Say for each row whether a choice is one of these."""
    found = column.codes == column.names.index(names[0])
    for name in names[1:]:
        found |= column.codes == column.names.index(name)
    return found


def bits(rows: Array, item: str) -> Array:
    """Return the bit of an item in the rows where it stands."""
    return rows * _BIT[item]


def recoded(column: Coded) -> Array:
    """Return a team column in the codes of TEAMS."""
    codes = np.array([TEAMS.index(name) if name in TEAMS else NO_TEAM for name in column.names], np.int8)
    found: Array = codes[column.codes]
    return found


def first_of(*days: Any) -> Array:
    """Return, for each row, the first of several days that is there."""
    found: Array = days[0]
    for other in days[1:]:
        found = np.where(np.isnat(found), other, found)
    return found


def working_days(start: Array, count: int) -> Array:
    """Return the day so many working days later; day 0 may itself be closed."""
    return np.busday_offset(start, count, roll="backward", busdaycal=_CALENDAR)


def months(start: Array, count: int) -> Array:
    """Return the same day so many months later, clipped to the month's end."""
    month = start.astype("datetime64[M]")
    into = start - month.astype("datetime64[D]")
    later = month + count
    return np.minimum(later.astype("datetime64[D]") + into, (later + 1).astype("datetime64[D]") - 1)


def birthday(born: Array, age: int) -> Array:
    """Return the day on which an age is reached; 29 February gives 1 March in a common year."""
    month = born.astype("datetime64[M]")
    return (month + 12 * age).astype("datetime64[D]") + (born - month.astype("datetime64[D]"))

"""Columns in polars: the reference pack as lazy expressions over Enum, date and whole-number columns, in as many threads as polars takes.

Polars counts working days itself (`add_business_days`), takes months off the month's end as we do, and puts a birthday of 29 February on 28 February,
which is mended here. Facts must all be known.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from transfer_rules.calendars import ENGLAND

from .cases import ITEMS, PROGRESS_STATES, Coded, Columns, reference_policy
from .masks import OUTCOMES, TEAMS, Answers

_HOLIDAYS: Final = list(ENGLAND.closed)
_RETURNING: Final = "returning_case_to_its_last_team"
_BY_PLAN: Final = "permanence_plan_to_children_in_care"
_TEAMS: Final = {
    "assessment": ["new_referral_to_assessment"],
    "early_help": ["early_help_from_the_front_door", "step_down_to_early_help"],
    "leaving_care": ["adult_to_leaving_care"],
    "children_in_care": ["care_order_to_children_in_care", _BY_PLAN],
    "court": ["issue_to_court"],
    "child_in_need": ["conference_to_child_in_need", "plan_to_child_in_need", "home_again_to_child_in_need"],
}
# From which day so many working days are counted.
_WORKING_DAYS: Final = {
    _RETURNING: ("as_of", 1),
    "care_order_to_children_in_care": ("care_order_made_on", 10),
    "issue_to_court": ("proceedings_issued_on", 3),
    "conference_to_child_in_need": ("initial_conference_on", 10),
    "plan_to_child_in_need": ("assessment_completed_on", 5),
    "home_again_to_child_in_need": ("looked_after_ended_on", 5),
}
_RULE: Final = pl.Enum(list(reference_policy().rules))
_DAY: Final = pl.duration(days=1)


def frame(given: Columns) -> pl.DataFrame:
    """Return columns as polars holds them: choices as `Enum`, dates as `Date`."""
    return pl.DataFrame([_enum(name, column) if isinstance(column, Coded) else pl.Series(name, column) for name, column in given.items()])


def _enum(name: str, column: Coded) -> pl.Series:
    places = pl.Series(column.codes).cast(pl.Int32).replace(-1, None)
    return pl.Series(name, column.names, dtype=pl.Enum(column.names)).gather(places)


def to_answers(decided: pl.DataFrame) -> Answers:
    """Return what `decide` gives as the other candidates give it."""
    outcome, team, deadline, required, outstanding = decided.get_columns()
    return Answers(
        outcome.to_physical().to_numpy(),
        team.to_physical().cast(pl.Int8).fill_null(-1).to_numpy(),
        deadline.to_numpy(),
        required.to_numpy(),
        outstanding.to_numpy(),
    )


def decide(cases: pl.DataFrame) -> pl.DataFrame:
    """Return outcome, team, deadline and items of all rows, as polars holds them."""
    outcome, team, rule = pl.col("outcome"), pl.col("team"), pl.col("rule")
    required = [(_required(item, outcome, team) * (1 << place)).cast(pl.UInt8) for place, item in enumerate(ITEMS)]
    lacking = [((~_satisfied(item)).cast(pl.UInt8) * (1 << place)).cast(pl.UInt8) for place, item in enumerate(ITEMS)]
    handover = pl.coalesce("agreed_transfer_on", "deadline", pl.when(rule == _BY_PLAN).then(pl.col("permanence_plan_agreed_on")))
    # Streaming, the default, works the holidays out again for each piece of a column, and takes four times as long.
    return (
        cases.lazy()
        .with_columns(rule=_rule())
        .with_columns(outcome=_outcome(rule), team=_team(rule), start=_working_days_start(rule), working_days=_working_days(rule))
        .with_columns(deadline=_deadline(rule))
        .with_columns(last=pl.when(handover.is_not_null()).then(pl.max_horizontal("as_of", handover)))
        .with_columns(required=_any_bits(required))
        .select("outcome", "team", "deadline", "required", outstanding=pl.col("required") & _any_bits(lacking))
        .collect(engine="in-memory")
    )


def _any_bits(parts: list[pl.Expr]) -> pl.Expr:
    found = parts[0]
    for one in parts[1:]:
        found = found | one
    return found


def _rule() -> pl.Expr:
    """Return the rule that decides, the first that matches; the strongest comes first."""
    today, holder, decision, plan = (pl.col(name) for name in ("as_of", "current_team", "front_door_decision", "lead_plan"))
    need, basis, consent, last = (pl.col(name) for name in ("assessed_need", "legal_basis", "early_help_consent", "last_holding_team"))
    protected, issued = pl.col("child_protection_plan"), pl.col("proceedings_issued_on")
    front_door, assessment, assessing = holder == "front_door", holder == "assessment", holder.is_in(["assessment", "child_in_need"])
    met, social_work_plan = decision.is_in(["social_work_assessment", "section_47"]), plan.is_in(["child_in_need", "child_protection"])
    returning = last.is_in(["child_in_need", "court", "children_in_care"]) & (today <= months(pl.col("last_closed_on"), 3))
    adult = aged(18) & (pl.col("days_in_care_since_14") >= 91)
    given, step_down = consent == "given", need == "early_help"
    matches = {
        "managers_decide_in_exceptional_circumstances": pl.col("exceptional_circumstances"),
        "returning_case_to_its_last_team": front_door & met & returning,
        "new_referral_to_assessment": holder.is_in(["front_door", "none"]) & met,
        "early_help_from_the_front_door": front_door & (decision == "early_help") & given,
        "no_further_action_closes": front_door & (decision == "no_further_action"),
        "adult_to_leaving_care": ~holder.is_in(["front_door", "none", "early_help", "leaving_care"]) & adult,
        "care_order_to_children_in_care": holder.is_in(["assessment", "child_in_need", "court"])
        & (pl.col("care_order_made_on") <= today)
        & (basis == "care_order"),
        "hold_for_the_first_hearing": assessing & (issued <= today) & (today < pl.col("first_court_hearing_on") + 2 * _DAY),
        "issue_to_court": assessing & issued.is_not_null(),
        "conference_to_child_in_need": assessment & protected & pl.col("initial_conference_on").is_not_null(),
        "step_down_to_early_help": assessing & step_down & ~protected & given & (pl.col("step_down_decided_on") <= today),
        "nothing_needed_closes": assessing & (need == "none") & ~protected,
        "plan_to_child_in_need": assessment & (pl.col("assessment_completed_on") <= today) & (need == "social_work") & social_work_plan,
        "permanence_plan_to_children_in_care": (holder == "court")
        & pl.col("permanence_plan_agreed_on").is_not_null()
        & basis.is_in(["section_20", "interim_care_order"]),
        "home_again_to_child_in_need": (holder == "children_in_care") & (basis == "none") & social_work_plan,
        "twenty_five_closes": (holder == "leaving_care") & aged(25),
    }
    chosen: Any = pl
    for name, matched in matches.items():
        chosen = chosen.when(matched).then(pl.lit(name, _RULE))
    return chosen.otherwise(None)


def _outcome(rule: pl.Expr) -> pl.Expr:
    kind = pl.Enum(OUTCOMES)
    moves = rule.is_in([name for names in _TEAMS.values() for name in names] + [_RETURNING])
    chosen: Any = pl.when(moves).then(pl.lit("transfer", kind))
    chosen = chosen.when(rule.is_in(["no_further_action_closes", "nothing_needed_closes", "twenty_five_closes"])).then(pl.lit("close", kind))
    chosen = chosen.when(rule == "managers_decide_in_exceptional_circumstances").then(pl.lit("people_decide", kind))
    return chosen.otherwise(pl.lit("stay", kind))


def _team(rule: pl.Expr) -> pl.Expr:
    last, kind = pl.col("last_holding_team"), pl.Enum(TEAMS)
    chosen: Any = pl
    for team in ("child_in_need", "court", "children_in_care"):
        chosen = chosen.when((rule == _RETURNING) & (last == team)).then(pl.lit(team, kind))
    for team, names in _TEAMS.items():
        chosen = chosen.when(rule.is_in(names)).then(pl.lit(team, kind))
    return chosen.otherwise(None)


def _working_days_start(rule: pl.Expr) -> pl.Expr:
    """Return the day from which working days are counted, in the rows whose deadline counts them: so one count does for all rules."""
    chosen: Any = pl
    for name, (day, _) in _WORKING_DAYS.items():
        chosen = chosen.when(rule == name).then(pl.col(day))
    return chosen.otherwise(None)


def _working_days(rule: pl.Expr) -> pl.Expr:
    chosen: Any = pl
    for name, (_, count) in _WORKING_DAYS.items():
        chosen = chosen.when(rule == name).then(pl.lit(count, pl.Int32))
    return chosen.otherwise(pl.lit(0, pl.Int32))


def _deadline(rule: pl.Expr) -> pl.Expr:
    counted = pl.col("start").dt.add_business_days(pl.col("working_days"), holidays=_HOLIDAYS, roll="backward")
    born = pl.when(rule.is_in(["adult_to_leaving_care", "twenty_five_closes"])).then(pl.col("date_of_birth"))
    closing = rule == "nothing_needed_closes"
    others = {
        "conference_to_child_in_need": pl.min_horizontal(counted, "protection_review_conference_on"),
        "early_help_from_the_front_door": pl.col("as_of") + 5 * _DAY,
        "adult_to_leaving_care": birthday(born, 18),
        "step_down_to_early_help": pl.col("step_down_decided_on") + 14 * _DAY,
        "nothing_needed_closes": months(pl.when(closing).then(pl.col("assessment_completed_on")), 1),
        _BY_PLAN: pl.col("second_looked_after_review_on"),
        "twenty_five_closes": months(birthday(born, 25), 1),
    }
    chosen: Any = pl
    for name, day in others.items():
        chosen = chosen.when(rule == name).then(day)
    return chosen.otherwise(counted)


def _required(item: str, outcome: pl.Expr, team: pl.Expr) -> pl.Expr:
    today, plan, protected = pl.col("as_of"), pl.col("lead_plan"), pl.col("child_protection_plan")
    handed_over = team.is_in(["child_in_need", "court", "children_in_care", "leaving_care"]).fill_null(False)
    ending = (outcome == "close") | (team == "early_help").fill_null(False)
    wanted = {
        "chronology": handed_over & plan.is_in(["child_protection", "in_care"]),
        "risk_assessment": handed_over & pl.col("safeguarding_concern"),
        "protection_summary": handed_over & protected,
        "court_bundle": handed_over & (pl.col("proceedings_issued_on") <= today),
        "transfer_meeting": handed_over & ((plan == "in_care") | protected),
        "pathway_plan": handed_over & aged(16),
        "disability_advice": (handed_over | ending) & pl.col("meets_disability_team_threshold"),
        "closing_letter": ending & (pl.col("front_door_decision") != "no_further_action"),
    }
    return wanted[item].fill_null(False).cast(pl.UInt8)


def _satisfied(item: str) -> pl.Expr:
    today, last = pl.col("as_of"), pl.col("last")
    done_on, state = pl.col(f"checklist.{item}"), pl.col(f"checklist.{item}_state")
    not_needed = (state == PROGRESS_STATES[2]).fill_null(False)
    done = (done_on <= today).fill_null(False)
    match item:
        case "chronology":
            done = done & (months(done_on, 3) >= last).fill_null(False)
        case "risk_assessment":
            done = done & (done_on + 28 * _DAY >= last).fill_null(False)
        case "transfer_meeting":
            done = (pl.col("transfer_meeting_on") <= today).fill_null(False)
        case _:
            done = done | ((state == "done") & done_on.is_null()).fill_null(False)
    return not_needed | done


# --- small steps


def months(day: pl.Expr, count: int) -> pl.Expr:
    """Return the same day so many months later, clipped to the month's end."""
    return day.dt.offset_by(f"{count}mo")


def birthday(born: pl.Expr, age: int) -> pl.Expr:
    """Return the day on which an age is reached; 29 February gives 1 March in a common year."""
    there = born.dt.offset_by(f"{age}y")
    return pl.when(there.dt.day() == born.dt.day()).then(there).otherwise(there + _DAY)


def aged(age: int) -> pl.Expr:
    """Say whether an age is reached: born on or before the day that lies so many years back, which is right for 29 February too."""
    return pl.col("date_of_birth") <= pl.col("as_of").dt.offset_by(f"-{age}y")

"""OpenFisca-Core: the reference pack as a country of one entity, a variable for each fact and a formula for each rule.

It works out all cases at once. Formulas are numpy, so everything can be written; OpenFisca itself knows no working days, no birthdays and no
precedence of rules, so its formulas take the same few steps from `masks`. A fact that is not stated has its default value: unknown cannot be told
from known to be otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from .cases import CHOICES, EVENTS, ITEMS, PROGRESS_STATES, YES, Array, Coded, Columns
from .masks import NO_TEAM, OUTCOMES, TEAMS, Answers, birthday, first_of, months, working_days

Facts: TypeAlias = Callable[[str], Any]
"""A formula's way to another variable of the same cases."""

CASE: Final = build_entity(key="case", plural="cases", label="a child's case", is_person=True)
_PERIOD: Final = "2026-01-01"
_NAT: Final = np.datetime64("NaT", "D")
_NOT_RECORDED: Final = "not_recorded"


def _choice(name: str, options: tuple[str, ...]) -> Any:
    return Enum(name, {option: option for option in options})


_CHOICES: Final[dict[str, Any]] = {name: _choice(name, tuple(shares)) for name, shares in CHOICES.items()}
_PROGRESS: Final[Any] = _choice("progress", (*PROGRESS_STATES, _NOT_RECORDED))
_TEAM: Final[Any] = _choice("team", (*TEAMS, "nobody"))
_OUTCOME: Final[Any] = _choice("outcome", OUTCOMES)


def _is(facts: Facts, fact: str, *options: str) -> Array:
    column = facts(fact)
    found: Array = column == _CHOICES[fact][options[0]]
    for option in options[1:]:
        found = found | (column == _CHOICES[fact][option])
    return found


def _happened(facts: Facts, event: str) -> Array:
    found: Array = facts(event) <= facts("as_of")
    return found


def _arranged(facts: Facts, event: str) -> Array:
    return ~np.isnat(facts(event))


# The rules, the strongest first: what each asks, its outcome, its team and its deadline.
RULES: Final[dict[str, tuple[Callable[[Facts], Array], str, str | None, Callable[[Facts], Any]]]] = {
    "managers_decide_in_exceptional_circumstances": (lambda f: f("exceptional_circumstances"), "people_decide", None, lambda f: _NAT),
    "returning_case_to_its_last_team": (
        lambda f: (
            _is(f, "current_team", "front_door")
            & f("threshold_met")
            & _is(f, "last_holding_team", "child_in_need", "court", "children_in_care")
            & (f("as_of") <= months(f("last_closed_on"), 3))
        ),
        "transfer",
        "last_holding_team",
        lambda f: working_days(f("as_of"), 1),
    ),
    "new_referral_to_assessment": (
        lambda f: _is(f, "current_team", "front_door", "none") & f("threshold_met"),
        "transfer",
        "assessment",
        lambda f: _NAT,
    ),
    "early_help_from_the_front_door": (
        lambda f: _is(f, "current_team", "front_door") & _is(f, "front_door_decision", "early_help") & _is(f, "early_help_consent", "given"),
        "transfer",
        "early_help",
        lambda f: f("as_of") + 5,
    ),
    "no_further_action_closes": (
        lambda f: _is(f, "current_team", "front_door") & _is(f, "front_door_decision", "no_further_action"),
        "close",
        None,
        lambda f: _NAT,
    ),
    "adult_to_leaving_care": (
        lambda f: (
            ~_is(f, "current_team", "front_door", "none", "early_help", "leaving_care")
            & (f("adult_on") <= f("as_of"))
            & (f("days_in_care_since_14") >= 91)
        ),
        "transfer",
        "leaving_care",
        lambda f: f("adult_on"),
    ),
    "care_order_to_children_in_care": (
        lambda f: (
            _is(f, "current_team", "assessment", "child_in_need", "court") & _happened(f, "care_order_made_on") & _is(f, "legal_basis", "care_order")
        ),
        "transfer",
        "children_in_care",
        lambda f: working_days(f("care_order_made_on"), 10),
    ),
    "hold_for_the_first_hearing": (
        lambda f: f("assessing") & _happened(f, "proceedings_issued_on") & (f("as_of") < f("first_court_hearing_on") + 2),
        "stay",
        None,
        lambda f: _NAT,
    ),
    "issue_to_court": (
        lambda f: f("assessing") & _arranged(f, "proceedings_issued_on"),
        "transfer",
        "court",
        lambda f: working_days(f("proceedings_issued_on"), 3),
    ),
    "conference_to_child_in_need": (
        lambda f: _is(f, "current_team", "assessment") & f("child_protection_plan") & _arranged(f, "initial_conference_on"),
        "transfer",
        "child_in_need",
        lambda f: np.fmin(working_days(f("initial_conference_on"), 10), f("protection_review_conference_on")),
    ),
    "step_down_to_early_help": (
        lambda f: (
            f("assessing")
            & _is(f, "assessed_need", "early_help")
            & ~f("child_protection_plan")
            & _is(f, "early_help_consent", "given")
            & _happened(f, "step_down_decided_on")
        ),
        "transfer",
        "early_help",
        lambda f: f("step_down_decided_on") + 14,
    ),
    "nothing_needed_closes": (
        lambda f: f("assessing") & _is(f, "assessed_need", "none") & ~f("child_protection_plan"),
        "close",
        None,
        lambda f: months(f("assessment_completed_on"), 1),
    ),
    "plan_to_child_in_need": (
        lambda f: (
            _is(f, "current_team", "assessment")
            & _happened(f, "assessment_completed_on")
            & _is(f, "assessed_need", "social_work")
            & f("social_work_plan")
        ),
        "transfer",
        "child_in_need",
        lambda f: working_days(f("assessment_completed_on"), 5),
    ),
    "permanence_plan_to_children_in_care": (
        lambda f: (
            _is(f, "current_team", "court") & _arranged(f, "permanence_plan_agreed_on") & _is(f, "legal_basis", "section_20", "interim_care_order")
        ),
        "transfer",
        "children_in_care",
        lambda f: f("second_looked_after_review_on"),
    ),
    "home_again_to_child_in_need": (
        lambda f: _is(f, "current_team", "children_in_care") & _is(f, "legal_basis", "none") & f("social_work_plan"),
        "transfer",
        "child_in_need",
        lambda f: working_days(f("looked_after_ended_on"), 5),
    ),
    "twenty_five_closes": (
        lambda f: _is(f, "current_team", "leaving_care") & (f("twenty_five_on") <= f("as_of")),
        "close",
        None,
        lambda f: months(f("twenty_five_on"), 1),
    ),
}
_NAMES: Final = list(RULES)

ITEMS_REQUIRED: Final[dict[str, Callable[[Facts], Array]]] = {
    "chronology": lambda f: f("handed_over") & _is(f, "lead_plan", "child_protection", "in_care"),
    "risk_assessment": lambda f: f("handed_over") & f("safeguarding_concern"),
    "protection_summary": lambda f: f("handed_over") & f("child_protection_plan"),
    "court_bundle": lambda f: f("handed_over") & _happened(f, "proceedings_issued_on"),
    "transfer_meeting": lambda f: f("handed_over") & (_is(f, "lead_plan", "in_care") | f("child_protection_plan")),
    "pathway_plan": lambda f: f("handed_over") & (birthday(f("date_of_birth"), 16) <= f("as_of")),
    "disability_advice": lambda f: (f("handed_over") | f("ending")) & f("meets_disability_team_threshold"),
    "closing_letter": lambda f: f("ending") & ~_is(f, "front_door_decision", "no_further_action"),
}


def _rule(facts: Facts) -> Array:
    return np.select([facts(f"matches_{name}") for name in RULES], list(range(len(RULES))), len(RULES))


def _outcome(facts: Facts) -> Array:
    codes = np.array([OUTCOMES.index(outcome) for _, outcome, _, _ in RULES.values()] + [OUTCOMES.index("stay")])
    return EnumArray(codes[facts("rule")].astype(np.uint8), _OUTCOME)


def _team(facts: Facts) -> Array:
    fixed = [TEAMS.index(team) if team in TEAMS else len(TEAMS) for _, _, team, _ in RULES.values()]
    rule = facts("rule")
    last = np.array([TEAMS.index(team) if team in TEAMS else len(TEAMS) for team in CHOICES["last_holding_team"]])[facts("last_holding_team")]
    codes = np.where(rule == _NAMES.index("returning_case_to_its_last_team"), last, np.array([*fixed, len(TEAMS)])[rule])
    return EnumArray(codes.astype(np.uint8), _TEAM)


def _deadline(facts: Facts) -> Array:
    rule = facts("rule")
    return np.select([rule == place for place in range(len(RULES))], [date_of(facts) for *_, date_of in RULES.values()], _NAT)


def _handover(facts: Facts) -> Array:
    # Where there is no deadline yet, the case is handed over with the permanence plan.
    point = np.where(facts("rule") == _NAMES.index("permanence_plan_to_children_in_care"), facts("permanence_plan_agreed_on"), _NAT)
    return first_of(facts("agreed_transfer_on"), facts("deadline"), point)


def _satisfied(item: str, facts: Facts) -> Array:
    today, done_on, state = facts("as_of"), facts(f"{item}_done_on"), facts(f"{item}_state")
    done, last = done_on <= today, np.maximum(today, facts("handover"))
    match item:
        case "chronology":
            done = done & (months(done_on, 3) >= last)
        case "risk_assessment":
            done = done & (done_on + 28 >= last)
        case "transfer_meeting":
            done = _happened(facts, "transfer_meeting_on")
        case _:
            done = done | ((state == _PROGRESS["done"]) & np.isnat(done_on))
    found: Array = done | (state == _PROGRESS["not_needed"])
    return found


def _variable(name: str, kind: Any, work: Callable[[Facts], Any] | None = None, choices: Any = None) -> type[Variable]:
    body: dict[str, Any] = {"value_type": kind, "entity": CASE, "definition_period": DateUnit.ETERNITY, "label": name}
    if choices is not None:
        body |= {"possible_values": choices, "default_value": next(iter(choices))}
    if work is not None:
        body["formula"] = lambda case, period: work(lambda fact: case(fact, period))
    return type(name, (Variable,), body)


def _required_and_lacking(item: str) -> list[type[Variable]]:
    return [
        _variable(f"{item}_required", bool, ITEMS_REQUIRED[item]),
        _variable(f"{item}_outstanding", bool, lambda f: f(f"{item}_required") & ~_satisfied(item, f)),
        _variable(f"{item}_done_on", date),
        _variable(f"{item}_state", Enum, choices=_PROGRESS),
    ]


@cache
def country() -> TaxBenefitSystem:
    """Return the reference pack as OpenFisca holds it."""
    system = TaxBenefitSystem([CASE])
    system.add_variables(
        *(_variable(name, Enum, choices=choices) for name, choices in _CHOICES.items()),
        *(_variable(name, bool) for name in YES),
        *(_variable(name, date) for name in (*EVENTS, "as_of", "date_of_birth")),
        _variable("days_in_care_since_14", int),
        _variable("threshold_met", bool, lambda f: _is(f, "front_door_decision", "social_work_assessment", "section_47")),
        _variable("assessing", bool, lambda f: _is(f, "current_team", "assessment", "child_in_need")),
        _variable("social_work_plan", bool, lambda f: _is(f, "lead_plan", "child_in_need", "child_protection")),
        _variable("adult_on", date, lambda f: birthday(f("date_of_birth"), 18)),
        _variable("twenty_five_on", date, lambda f: birthday(f("date_of_birth"), 25)),
        *(_variable(f"matches_{name}", bool, matches) for name, (matches, *_) in RULES.items()),
        _variable("rule", int, _rule),
        _variable("outcome", Enum, _outcome, _OUTCOME),
        _variable("team", Enum, _team, _TEAM),
        _variable("deadline", date, _deadline),
        _variable("handover", date, _handover),
        _variable("handed_over", bool, lambda f: sum(f("team") == _TEAM[team] for team in TEAMS[2:6]) > 0),
        _variable("ending", bool, lambda f: (f("outcome") == _OUTCOME["close"]) | (f("team") == _TEAM["early_help"])),
        *(variable for item in ITEMS for variable in _required_and_lacking(item)),
    )
    return system


def inputs(given: Columns) -> dict[str, Any]:
    """Return columns as OpenFisca takes them."""
    names = {f"checklist.{item}{end}": f"{item}{to}" for item in ITEMS for end, to in (("", "_done_on"), ("_state", "_state"))}
    found: dict[str, Any] = {}
    for column, values in given.items():
        if column.endswith("_state") and column.removesuffix("_state") in EVENTS:
            continue
        name = names.get(column, column)
        if isinstance(values, Coded):
            choices = _PROGRESS if name.endswith("_state") else _CHOICES[name]
            found[name] = EnumArray(np.where(values.codes < 0, len(choices) - 1, values.codes).astype(np.uint8), choices)
        else:
            found[name] = values
    return found


def answers(given: dict[str, Any]) -> Answers:
    """Decide all cases at once."""
    simulation = SimulationBuilder.build_default_simulation(country(), len(given["as_of"]))
    for name, values in given.items():
        simulation.set_input(name, _PERIOD, values)

    def calculated(name: str) -> Array:
        found: Array = simulation.calculate(name, _PERIOD)
        return found

    team = np.asarray(calculated("team")).astype(np.int8)
    team[team == len(TEAMS)] = NO_TEAM
    required, outstanding = (
        np.bitwise_or.reduce([calculated(f"{item}_{what}") * np.uint8(1 << place) for place, item in enumerate(ITEMS)])
        for what in ("required", "outstanding")
    )
    return Answers(np.asarray(calculated("outcome")), team, calculated("deadline"), required, outstanding)

"""The standard vocabulary: every fact that can be known about any case, each defined once, as the fields of `CaseSnapshot`."""

# `fact` makes a dataclass field, so a call per field is what is wanted.
# ruff: noqa: RUF009

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal, TypeAlias, TypeVar, cast, get_args

from .errors import Diagnostic, SnapshotError, did_you_mean, named
from .facts import (
    DATED_KINDS,
    HAPPENED,
    NOT_YET,
    UNKNOWN,
    Fact,
    FactValue,
    fact,
    read_date,
    read_list,
    read_moment,
    read_pairs,
    read_word,
    read_yes_no,
)

YesNo: TypeAlias = bool | None
Count: TypeAlias = int | None
Id: TypeAlias = str | None
"""A team or an area: an id of the pack. `none` and `other_authority` are teams of every pack."""
Day: TypeAlias = date | Literal["not_yet"] | None
Event: TypeAlias = date | Literal["not_yet", "happened"] | None
Moment: TypeAlias = datetime | date | Literal["not_yet"] | None

Lead: TypeAlias = Literal["social_worker", "personal_adviser", "other"]
FrontDoorDecision: TypeAlias = Literal["social_work_assessment", "section_47", "early_help", "no_further_action", "not_yet"]
PlanElsewhere: TypeAlias = Literal["none", "child_in_need", "child_protection", "in_care"]
Need: TypeAlias = Literal["social_work", "early_help", "none", "not_yet"]
Plan: TypeAlias = Literal["none", "child_in_need", "child_protection", "in_care", "pathway"]
Consent: TypeAlias = Literal["given", "refused", "split", "not_yet"]
LegalBasis: TypeAlias = Literal["none", "section_20", "interim_care_order", "care_order", "placement_order", "remand", "police_protection", "other"]
Placement: TypeAlias = Literal["foster", "connected_person", "residential", "secure", "with_parents", "for_adoption", "other", "none"]
CarePlan: TypeAlias = Literal[
    "none", "with_parent", "long_term_fostering", "long_term_residential", "special_guardianship", "adoption", "parallel", "other"
]
CareLeaverStatus: TypeAlias = Literal["none", "eligible", "relevant", "former_relevant", "qualifying"]

ProgressState: TypeAlias = Literal["done", "not_done", "not_needed"]

# No pack has so many local facts, decisions or items: each takes a handful of the entries that a pack may hold.
MAX_ENTRIES: Final = 10_000
# A recorded decision has three parts, progress has two.
_MOST_PARTS: Final = 3

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision that people have recorded.

    Attributes:
        decided: the answer: one of the options of the decision, or a team of the pack, `stay` or `close`.
        area: the area that goes with the team, if one was named.
        on: the day of the decision, if known.
    """

    decided: str
    area: str | None = None
    on: date | None = None

    @property
    def plain(self) -> str | dict[str, str | date]:
        """The form in which a file writes it: the answer alone, or a mapping."""
        rest = {"area": self.area, "on": self.on}
        given: dict[str, str | date] = {name: value for name, value in rest.items() if value is not None}
        return {"decided": self.decided, **given} if given else self.decided

    @classmethod
    def read(cls, raw: object) -> Recorded:
        """Return the decision that `raw` stands for, or raise ValueError (whose text never holds the value)."""
        parts = _attributes(raw, "decided", "area", "on") if type(raw) is Recorded else _parts(raw)
        if parts is None:
            parts = {"decided": raw}
        decided, area, on = (parts.get(name) for name in ("decided", "area", "on"))
        answer, place, day = read_word(decided), read_word(area), read_date(on)
        if answer is None or (area is not None and place is None) or (on is not None and day is None) or parts.keys() - {"decided", "area", "on"}:
            raise ValueError("takes the answer as one word, or a mapping of `decided`, `area` (an id) and `on` (a date such as 2026-04-02)")
        return cls(answer, place, day)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an item or a duty has got.

    Attributes:
        state: `done`, `not_done`, `not_needed`, or None where only an excuse is recorded.
        done_on: the day it was done, if known.
        excused: the decision that its clause asks for excuses it.
    """

    state: ProgressState | None = None
    done_on: date | None = None
    excused: bool = False

    @property
    def plain(self) -> str | date | dict[str, date | bool] | None:
        """The form in which a file writes it: a word, a date, or a mapping; None where nothing is recorded."""
        if self.excused:
            return {"done_on": self.done_on, "excused": True} if self.done_on else "excused"
        return self.done_on or self.state

    @classmethod
    def read(cls, raw: object) -> Progress:
        """Return the progress that `raw` stands for, or raise ValueError (whose text never holds the value)."""
        progress = cls._whole(raw) if type(raw) is Progress else cls._of(raw)
        if progress is None:
            raise ValueError(
                "takes a date such as 2026-04-02, done, not_done, not_needed, excused, or a mapping of `done_on` (a date) and `excused` (yes or no)"
            )
        return progress

    @classmethod
    def _whole(cls, raw: Progress) -> Progress | None:
        state, done_on, excused = _attributes(raw, "state", "done_on", "excused").values()
        word, day, excuse = read_word(state), read_date(done_on), read_yes_no(excused)
        if (state is not None and word is None) or (done_on is not None and day is None) or excuse is None:
            return None
        progress = cls(cast(ProgressState, word), day, excuse)
        # What a file could not say is no progress.
        return progress if cls._of(progress.plain) == progress else None

    @classmethod
    def _of(cls, plain: object) -> Progress | None:
        if plain is None:
            return cls()
        if (parts := _parts(plain)) is not None:
            done_on, excused = parts.get("done_on"), parts.get("excused", False)
            day, excuse = read_date(done_on), read_yes_no(excused)
            if (done_on is not None and day is None) or excuse is None or parts.keys() - {"done_on", "excused"}:
                return None
            return cls("done" if day else None, day, excuse)
        day = read_date(plain)
        if day:
            return cls("done", day)
        word = read_word(plain)
        if word == "excused":
            return cls(excused=True)
        return next((cls(state) for state in get_args(ProgressState) if state == word), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseSnapshot:
    """What is known about one case at one moment.

    Only `as_of` is required: a date, or an aware moment. A fact left out, or None, is unknown: not false, not zero, not `not_yet`.
    Every value is read by its fact's type, from Python values and from their JSON or YAML forms alike, so that equal cases make equal
    snapshots. One snapshot is one child; facts about the family are facts of each child. No names, addresses or free text.

    Besides the standard facts:
        local_facts: the facts that only this pack has, by name; typed when the snapshot meets its policy. A list becomes a frozenset.
        decisions: what people have decided, by decision id; held as `Recorded`.
        checklist: progress by item or duty id; held as `Progress`.
        unstated: `unknown`, or `not_so` (every unstated yes/no fact is no and every unstated event `not_yet`; never judgements, dates that
            describe, choices, counts or progress), or the groups of facts for which it is `not_so`.

    Raises:
        SnapshotError: one diagnostic for each faulty field or entry; none quotes the value.

    >>> CaseSnapshot(as_of="2026-04-02", looked_after="yes", first_court_hearing_on="not_yet")
    CaseSnapshot(as_of=datetime.date(2026, 4, 2), looked_after=True, first_court_hearing_on='not_yet')
    """

    as_of: date | datetime

    # --- who holds the case, and where
    current_team: Id = fact(
        "team",
        group="holder",
        label="current team",
        ask="Which team holds the case?",
        means="The team that answers for the case and is shown as primary; teams that co-work or support do not count. "
        "`none`: the case is not open to anyone; `other_authority`: another authority holds it.",
        source="ssd_involvements.invo_professional_team",
    )
    current_team_since_on: Event = fact(
        "event",
        group="holder",
        label="present team's start",
        ask="When did the present team take the case over?",
        means="The day on which the present team became primary; a change of worker inside the team does not count.",
        source="ssd_involvements.invo_involvement_start_date",
    )
    current_team_area: Id = fact(
        "area",
        group="holder",
        label="current team's area",
        ask="Which area (district, locality or duty slot) of the current team holds the case?",
    )
    current_lead: Lead | None = fact(
        "choice",
        group="holder",
        label="lead worker",
        ask="Who leads the case: a social worker, a personal adviser, or somebody else?",
        means="The role of the primary worker; co-workers do not count. `other`: any other role, such as an early help worker, or nobody.",
        options=get_args(Lead),
        source="ssd_involvements.invo_professional_role_id",
    )
    last_holding_team: Id = fact(
        "team",
        group="holder",
        label="team that last held the case",
        ask="Which team held the case when it last closed?",
        means="The children's social care team that held the child's case when it last closed. A front door that closed a contact does not count. "
        "`none`: no team has ever held it.",
        source="ssd_involvements.invo_professional_team at ssd_cin_episodes.cine_close_date",
    )
    last_holding_team_area: Id = fact(
        "area",
        group="holder",
        label="area of the team that last held the case",
        ask="Which area did the team that last held the case belong to?",
    )
    family_holding_team: Id = fact(
        "team",
        group="holder",
        label="team that holds the family",
        ask="Which team now holds the case of a parent, brother or sister?",
        means="The team that now has an open case on a parent, a brother or sister, or another child of the household. `none`: nobody is open.",
        source="ssd_family.fami_family_id, then ssd_involvements.invo_professional_team",
    )
    family_holding_team_area: Id = fact(
        "area",
        group="holder",
        label="area of the team that holds the family",
        ask="Which area does the team that holds the family belong to?",
    )
    home_area: Id = fact(
        "area",
        group="holder",
        label="home area",
        ask="In which area does the child live?",
        means="The area in which the child lives now; where a move of home is under way, the area moved to. Looked up from the address.",
        source="lookup from ssd_address.addr_address_postcode",
    )
    open_to_early_help: YesNo = fact(
        "yes_no",
        group="holder",
        label="early help running",
        ask="Is an early help plan or service running?",
        means="The child is open to early help, targeted support or a team around the family, alone or beside social care.",
        source="ssd_early_help_episodes.earl_episode_start_date, earl_episode_end_date",
    )
    worker_allocated: YesNo = fact(
        "yes_no",
        group="holder",
        label="named worker",
        ask="Is a named worker allocated (where a move is coming: in the receiving team)?",
        means="A named worker has the case. Where a move is coming, the receiving team has named its worker. Duty cover does not count.",
        source="ssd_involvements.invo_professional_id",
    )

    # --- what people have arranged or asserted (what they decide stands under `decisions`)
    agreed_transfer_on: Event = fact(
        "event",
        group="people",
        label="agreed transfer",
        ask="Which day have both managers agreed for the transfer?",
        means="The day for the move now in question, once both managers have agreed it; a day that one side proposes does not count.",
    )
    transfer_meeting_on: Event = fact(
        "event",
        group="people",
        label="transfer meeting",
        ask="When is, or was, the transfer meeting of the two services about this case?",
        means="The meeting at which the managers of the two services take up the move now in question, whatever its local name. "
        "A regular meeting counts for a case on its list; a meeting about an earlier move does not.",
    )
    exceptional_circumstances: YesNo = fact(
        "yes_no",
        group="people",
        label="exceptional circumstances",
        ask="Does a manager assert exceptional circumstances?",
        means="A manager asserts, for the question now open, that the circumstances are exceptional. No list says which are.",
        judgement=True,
    )
    disagreement_raised_on: Event = fact(
        "event",
        group="people",
        label="disagreement",
        ask="When did the two sides first differ about this move?",
        means="The day on which the two sides first differed about the move now in question, or about the threshold for it.",
    )
    disagreement_escalated_on: Event = fact(
        "event",
        group="people",
        label="escalation of the disagreement",
        ask="When was the disagreement taken to the next manager?",
        means="The day on which the disagreement was first taken to the managers above those who differ.",
    )
    closure_confirmed_on: Event = fact(
        "event",
        group="people",
        label="confirmed closure",
        ask="When did the manager record the decision to close?",
        means="The day of the manager's recorded decision that social care closes the case. Agreeing that the file is ready does not count.",
    )

    # --- contact, referral, closure
    contact_received_at: Moment = fact(
        "moment",
        group="contact",
        label="contact",
        ask="When did the contact arrive (date and time, if known)?",
        means="When the latest contact reached those who must deal with it: the front door for a new one, the team's own tray for one passed on.",
        source="ssd_contacts.cont_contact_date",
    )
    referral_at: Moment = fact(
        "moment",
        group="contact",
        label="referral",
        ask="When was the referral made (date and time, if known)?",
        means="When the latest referral to children's social care was made: received as one, or made out of a contact by the front door. "
        "`not_yet`: there is a contact and no referral.",
        source="ssd_cin_episodes.cine_referral_date; CIN CINreferralDate",
    )
    front_door_decision: FrontDoorDecision | None = fact(
        "choice",
        group="contact",
        label="front door's decision",
        ask="What has the front door decided about the contact or referral?",
        means="The result of screening the latest contact or referral. `social_work_assessment`: social care's threshold is met; "
        "`section_47`: so it is, and an enquiry under section 47 is needed; `early_help`: only early help's is met; "
        "`not_yet`: still being screened.",
        options=get_args(FrontDoorDecision),
        source="ssd_cin_episodes.cine_referral_outcome_json; ssd_contacts.cont_contact_outcome_json",
    )
    front_door_decided_at: Moment = fact(
        "moment",
        group="contact",
        label="time of the front door's decision",
        ask="When did the front door decide (date and time, if known)?",
    )
    last_closed_on: Event = fact(
        "event",
        group="contact",
        label="last closure",
        ask="When did children's social care last close the case?",
        means="The day on which children's social care last closed the child's case; a step-down to early help counts, the closing of a contact "
        "by the front door does not. `not_yet`: never open before.",
        source="ssd_cin_episodes.cine_close_date; CIN CINclosureDate",
    )
    out_of_hours: YesNo = fact(
        "yes_no",
        group="contact",
        label="out-of-hours contact",
        ask="Did the matter arise outside office hours?",
        means="The out-of-hours service dealt with it, or must. Stated, never worked out from a clock: office hours are not in the procedures.",
    )
    day_services_resume_at: Moment = fact(
        "moment",
        group="contact",
        label="reopening of the day service",
        ask="When does the day service next open after the matter arose?",
    )
    urgent_response_needed: YesNo = fact(
        "yes_no",
        group="contact",
        label="need for an urgent response",
        ask="Is an urgent or emergency response needed?",
        means="The matter cannot wait for the ordinary step, such as the next meeting or the next working day.",
        judgement=True,
    )
    safeguarding_concern: YesNo = fact(
        "yes_no",
        group="contact",
        label="safeguarding concern",
        ask="Is the concern one of abuse, neglect or another risk of significant harm?",
        means="The concern now in question is abuse, neglect or another risk of significant harm, and not only a need for services.",
        judgement=True,
    )
    plan_in_other_authority: PlanElsewhere | None = fact(
        "choice",
        group="contact",
        label="plan in another authority",
        ask="Which plan, if any, does another authority have for the child?",
        means="The plan in force in the authority that the child comes from; the weightiest, where there are several.",
        options=get_args(PlanElsewhere),
        source="ssd_cp_plans.cppl_cp_plan_ola",
    )
    other_authority_notified_on: Event = fact(
        "event",
        group="contact",
        label="other authority's notice",
        ask="When did the other authority's notice arrive?",
        means="The day on which another authority's notice, or its request to take the case over, was received here.",
    )
    move_is_permanent: YesNo = fact(
        "yes_no",
        group="contact",
        label="permanent move",
        ask="Is the family's move here meant to last?",
        means="The family means to stay in this authority's area for the long term; a visit, refuge or holiday stay does not count.",
        judgement=True,
    )
    stay_started_on: Event = fact(
        "event",
        group="contact",
        label="start of the stay",
        ask="When did, or will, the child start to live in the other area?",
        means="The day on which the child begins to live in another area than that of the team that holds the case.",
        source="ssd_address.addr_address_start_date",
    )
    stay_expected_to_end_on: Day = fact(
        "date",
        group="contact",
        label="expected end of the stay",
        ask="Until when is the child expected to live in the other area?",
        means="The day on which that stay is expected to end. `not_yet`: it has no end in view.",
    )

    # --- the child and the family
    date_of_birth: Day = fact(
        "date",
        group="child",
        label="date of birth",
        ask="What is the child's date of birth?",
        means="`not_yet`: unborn, and so under every age.",
        source="ssd_person.pers_dob; SSDA903 DOB; CIN PersonBirthDate",
    )
    expected_delivery_on: Day = fact(
        "date",
        group="child",
        label="expected delivery",
        ask="When is the baby due?",
        means="For an unborn child: forty weeks of pregnancy. `not_yet`: no due date has been given.",
        source="ssd_person.pers_expected_dob; CIN ExpectedPersonBirthDate",
    )
    meets_disability_team_threshold: YesNo = fact(
        "yes_no",
        group="child",
        label="disability team's threshold met",
        ask="Does the child meet the disability team's own threshold?",
        means="The disability team's own test of eligibility. A disability code, or a place on a register, is neither enough nor needed.",
        judgement=True,
    )
    disabled_child_is_primary: YesNo = fact(
        "yes_no",
        group="child",
        label="disabled child as the main child in need",
        ask="Is the disabled child the one chiefly in need or at risk in the family?",
        means="Among the family's children a disabled child is the one chiefly in need or at risk; an only child who is disabled counts.",
        judgement=True,
    )
    unaccompanied_asylum_seeker: YesNo = fact(
        "yes_no",
        group="child",
        label="unaccompanied asylum seeker",
        ask="Did the young person come as an unaccompanied child seeking asylum?",
        means="Came as a child, without an adult who is responsible by law or custom, to seek asylum; by whatever route, and after 18 as before.",
        source="ssd_immigration_status.immi_immigration_status; SSDA903 UASC",
    )
    relinquished: YesNo = fact(
        "yes_no",
        group="child",
        label="relinquished child",
        ask="Do the parents ask for the child to be adopted?",
        means="A parent asks for adoption, before or after the birth, and holds to it. A child for whom the authority seeks adoption through the "
        "court does not count.",
    )
    new_child_in_family: YesNo = fact(
        "yes_no",
        group="child",
        label="new child in the family",
        ask="Is the child new to a family: unborn, newborn, or come to join it?",
        means="The child is unborn, newborn, or has lately come to live with the family.",
    )
    privately_fostered: YesNo = fact(
        "yes_no",
        group="child",
        label="private fostering",
        ask="Is the child privately fostered?",
        means="Under 16 (under 18, if disabled) and cared for, for 28 days or more, by someone who is not a parent, a holder of parental "
        "responsibility or a close relative, by private arrangement. A looked-after child is not.",
        source="PRIVATE_FOSTERING_FLAG in ssd_cin_episodes.cine_referral_outcome_json",
    )

    # --- assessment, need, plans
    assessment_completed_on: Event = fact(
        "event",
        group="need",
        label="completed assessment",
        ask="When was the social work assessment completed?",
        means="The day on which a manager authorised the latest social work assessment (pre-birth ones included). "
        "`not_yet`: none of this involvement is authorised.",
        source="ssd_cin_assessments.cina_assessment_auth_date; CIN AssessmentAuthorisationDate",
    )
    assessed_need: Need | None = fact(
        "choice",
        group="need",
        label="assessed need",
        ask="What does the latest assessment or review say the child still needs?",
        means="`social_work`: a statutory service (level 4, child in need or above); `early_help`: help short of that (level 3, or a family plan); "
        "`none`: a single agency or nothing (level 2 or less); `not_yet`: not assessed yet. The pack's clause says which result counts.",
        options=get_args(Need),
        source="ssd_cin_assessments.cina_assessment_outcome_json",
    )
    involvement_ending: YesNo = fact(
        "yes_no",
        group="need",
        label="involvement coming to an end",
        ask="Is the present team's work with the child coming to an end?",
        means="The present team judges its own work to be done, or nearly; the case may then go to another team, step down or close.",
        judgement=True,
    )
    lead_plan: Plan | None = fact(
        "choice",
        group="need",
        label="plan",
        ask="Which plan leads the work with the child?",
        means="The weightiest plan of this authority in force: `in_care` before `child_protection` before `child_in_need`. `pathway`: a young person "
        "who has left care; one still in care is `in_care`. `none`: no such plan, even if early help has one.",
        options=get_args(Plan),
        source="ssd_cin_plans, ssd_cp_plans, ssd_cla_care_plan, ssd_care_leavers",
    )
    child_protection_plan: YesNo = fact(
        "yes_no",
        group="need",
        label="child protection plan",
        ask="Is a child protection plan of this authority running?",
        means="A child protection plan of this authority is in force, whatever other plan runs beside it.",
        source="ssd_cp_plans.cppl_cp_plan_start_date, cppl_cp_plan_end_date; CIN CPPstartDate, CPPendDate",
    )
    protection_plan_started_on: Event = fact(
        "event",
        group="need",
        label="start of the child protection plan",
        ask="When did the child protection plan start?",
        means="The start of the present child protection plan or, where none runs, of the latest.",
        source="ssd_cp_plans.cppl_cp_plan_start_date; CIN CPPstartDate",
    )
    protection_plan_ended_on: Event = fact(
        "event",
        group="need",
        label="end of the child protection plan",
        ask="When did the child protection plan end?",
        means="The day on which the conference ended the latest child protection plan. `not_yet`: it still runs, or there never was one.",
        source="ssd_cp_plans.cppl_cp_plan_end_date; CIN CPPendDate",
    )
    child_in_need_support_started_on: Event = fact(
        "event",
        group="need",
        label="start of child in need support",
        ask="When did the present support under a child in need plan start?",
        means="The start of the present spell of support under a child in need plan; after a protection plan or care, of the spell that followed.",
        source="ssd_cin_plans.cinp_cin_plan_start_date; CIN CINPlanStartDate",
    )
    initial_conference_on: Event = fact(
        "event",
        group="need",
        label="initial child protection conference",
        ask="When is, or was, the initial child protection conference?",
        means="The first conference on the present concern, pre-birth ones included. For a child who brings a plan from another authority: "
        "the conference that receives it.",
        source="ssd_initial_cp_conference.icpc_icpc_date; CIN DateOfInitialCPC",
    )
    protection_review_conference_on: Event = fact(
        "event",
        group="need",
        label="child protection review conference",
        ask="When is, or was, the review conference that considers ending the protection plan?",
        means="The review conference at which ending the child protection plan is, or was, considered.",
        source="ssd_cp_reviews.cppr_cp_review_date; CIN CPPreviewDate",
    )
    first_child_in_need_meeting_on: Event = fact(
        "event",
        group="need",
        label="first child in need meeting",
        ask="When is, or was, the first child in need meeting?",
        means="The first meeting under the present child in need plan, whether called child in need meeting, planning meeting or core group.",
    )
    strategy_meeting_on: Event = fact(
        "event",
        group="need",
        label="strategy meeting",
        ask="When is, or was, the strategy meeting?",
        means="The latest strategy discussion or meeting on the present concern.",
        source="ssd_s47_enquiry.s47e_s47_start_date; CIN S47ActualStartDate",
    )

    # --- stepping down
    step_down_decided_on: Event = fact(
        "event",
        group="stepdown",
        label="decision to step down",
        ask="When did social care decide to step the case down?",
        means="The day on which social care's manager recorded that the case should step down to early help or a lead professional.",
    )
    early_help_accepted_on: Event = fact(
        "event",
        group="stepdown",
        label="early help's acceptance",
        ask="When did early help agree to take the case?",
        means="The day on which early help, or the service that takes the case on, agreed to take it.",
    )
    step_down_meeting_on: Event = fact(
        "event",
        group="stepdown",
        label="step-down meeting",
        ask="When is, or was, the final meeting that hands the case to early help?",
        means="The last social care meeting with the family, at which the case passes to early help or a lead professional, whatever its local name.",
    )
    early_help_consent: Consent | None = fact(
        "choice",
        group="stepdown",
        label="consent to early help",
        ask="Does the family agree to early help?",
        means="The answer of all whose agreement is needed: parents and carers, and a young person old enough. `split`: some agree and some refuse; "
        "`not_yet`: the answer of one at least is still to come, and nobody has refused.",
        options=get_args(Consent),
    )
    consulting_family_would_risk_harm: YesNo = fact(
        "yes_no",
        group="stepdown",
        label="risk of harm from telling the family",
        ask="Would asking or writing to the family put somebody at risk of serious harm?",
        means="To consult the family, or to send it a letter, would put the child or another person at risk of significant harm.",
        judgement=True,
    )

    # --- looked after
    looked_after: YesNo = fact(
        "yes_no",
        group="care",
        label="looked after",
        ask="Is the child looked after?",
        means="Looked after by this authority, on whatever legal basis and wherever placed, with parents too. "
        "A planned series of short breaks alone (codes V3, V4) does not count.",
        source="ssd_cla_episodes.clae_cla_episode_ceased_date; SSDA903 DEC",
    )
    became_looked_after_on: Event = fact(
        "event",
        group="care",
        label="coming into care",
        ask="When did the child become looked after?",
        means="The start of the present period of care or, after care, of the latest; a change of placement or legal basis starts no new one.",
        source="ssd_cla_episodes.clae_entered_care_date; SSDA903 DECOM where RNE is S",
    )
    looked_after_ended_on: Event = fact(
        "event",
        group="care",
        label="end of care",
        ask="When did the child stop being looked after?",
        means="The end of the latest period of care. `not_yet`: the child is looked after, or never was.",
        source="ssd_cla_episodes.clae_cla_episode_ceased_date; SSDA903 DEC where REC is not X1",
    )
    days_in_care_since_14: Count = fact(
        "count",
        group="care",
        label="days in care since the 14th birthday",
        ask="How many days in all has the child been in care since the 14th birthday?",
        means="All periods added, each counted from its first day, or from the birthday, as day 0. Planned short breaks are left out.",
        unit="days",
        source="ssd_cla_episodes, added up; SSDA903 DECOM, DEC",
    )
    legal_basis: LegalBasis | None = fact(
        "choice",
        group="care",
        label="legal basis",
        ask="On what legal basis is the child looked after?",
        means="The present basis. A placement order beside a care order is `placement_order`; an emergency protection order and youth justice bases "
        "short of a remand are `other`; `none`: not looked after.",
        options=get_args(LegalBasis),
        source="ssd_legal_status.lega_legal_status; SSDA903 LS",
    )
    legal_basis_in_last_care: LegalBasis | None = fact(
        "choice",
        group="care",
        label="legal basis of the last care",
        ask="On what legal basis was the child looked after when care last ended?",
        means="The basis on the last day of the latest period of care that has ended. `none`: no period of care has ended.",
        options=get_args(LegalBasis),
        source="ssd_legal_status.lega_legal_status; SSDA903 LS",
    )
    placement: Placement | None = fact(
        "choice",
        group="care",
        label="placement",
        ask="Where is the child placed?",
        means="The present placement. `connected_person`: a relative or friend approved, if only for a time, as foster carer; `foster`: any other "
        "foster carer, fostering for adoption included; `with_parents`: under the placement-with-parents rules; `secure`: locked, on remand or "
        "welfare grounds; `other`: such as supported accommodation or hospital; `none`: not looked after.",
        options=get_args(Placement),
        source="ssd_cla_placement.clap_cla_placement_type; SSDA903 PLACE",
    )
    placement_started_on: Event = fact(
        "event",
        group="care",
        label="start of the placement",
        ask="When did the present placement start?",
        means="The day on which the child went to live where he or she is placed now; a change of legal basis alone starts no new placement.",
        source="ssd_cla_placement.clap_cla_placement_start_date; SSDA903 DECOM",
    )
    placement_planning_meeting_on: Event = fact(
        "event",
        group="care",
        label="placement planning meeting",
        ask="When is, or was, the placement planning meeting?",
        means="The meeting that follows the start of the present placement and settles how it will work.",
    )
    first_looked_after_review_on: Event = fact(
        "event",
        group="care",
        label="first looked-after review",
        ask="When is, or was, the first looked-after review?",
        means="The first review of the present period of care; a review held in parts counts once, a cancelled one not at all.",
        source="ssd_cla_reviews.clar_cla_review_date, counted; SSDA903 REVIEW",
    )
    second_looked_after_review_on: Event = fact(
        "event",
        group="care",
        label="second looked-after review",
        ask="When is, or was, the second looked-after review?",
        means="The second review of the present period of care; a review held in parts counts once, a cancelled one not at all.",
        source="ssd_cla_reviews.clar_cla_review_date, counted; SSDA903 REVIEW",
    )
    looked_after_review_after_proceedings_on: Event = fact(
        "event",
        group="care",
        label="first looked-after review after the proceedings",
        ask="When is, or was, the first looked-after review after the proceedings ended?",
        means="The first review after the care proceedings concluded, whichever it is in the period of care.",
        source="ssd_cla_reviews.clar_cla_review_date; SSDA903 REVIEW",
    )
    care_plan: CarePlan | None = fact(
        "choice",
        group="care",
        label="care plan",
        ask="What is the care plan's aim for where the child will grow up?",
        means="The aim of the care plan in force; after a final hearing, of the plan the court approved. `with_parent`: stay with or return to a "
        "parent; `long_term_fostering`: carers who are relatives or friends included; `parallel`: more than one aim at once; `other`: any other "
        "single aim, such as supported living or a child arrangements order; `none`: no aim settled, or no care plan.",
        options=get_args(CarePlan),
        source="ssd_cla_care_plan.lacp_cla_care_plan_json",
    )
    permanence_plan_agreed_on: Event = fact(
        "event",
        group="care",
        label="agreed permanence plan",
        ask="When was the plan for permanence agreed?",
        means="The day of the review or core group that agreed the plan in force for the child's permanence; where the procedure asks for the "
        "reviewing officer's endorsement, the day of that.",
    )
    long_term_placement_found: YesNo = fact(
        "yes_no",
        group="care",
        label="long-term placement found",
        ask="Have long-term carers been identified and linked with the child?",
        means="The carers or the home for the long-term plan are identified and linked with the child; the present ones may be they.",
    )
    care_leaver_status: CareLeaverStatus | None = fact(
        "choice",
        group="care",
        label="care leaver status",
        ask="Which care leaver category applies to the young person?",
        means="The category in the Children Act 1989. `eligible`: 16 or 17 and in care; `relevant`: 16 or 17 and out of care; `former_relevant` and "
        "`qualifying`: as recorded; `none`: no entitlement, or under 16.",
        options=get_args(CareLeaverStatus),
        source="ssd_care_leavers.clea_care_leaver_eligibility",
    )

    # --- court
    pre_proceedings: YesNo = fact(
        "yes_no",
        group="court",
        label="pre-proceedings",
        ask="Is the pre-proceedings stage running?",
        means="The formal stage before care proceedings is running: begun, not ended, and no application issued. Unborn children count.",
        source="ssd_pre_proceedings.prep_pre_pro_decision_date, prep_pre_pro_outcome; CIN PPStartDate, PPOutcome",
    )
    proceedings_issued_on: Event = fact(
        "event",
        group="court",
        label="issue of care proceedings",
        ask="When were care proceedings issued?",
        means="The day of the authority's application in the present or latest care proceedings; a decision to apply does not count.",
        source="CIN CourtAppDate",
    )
    proceedings_concluded_on: Event = fact(
        "event",
        group="court",
        label="end of care proceedings",
        ask="When did, or will, the care proceedings conclude?",
        means="The last day of the hearing that ends those proceedings, be it a final or an earlier hearing; with judgment reserved, the day of the "
        "final order. A listed final hearing is a planned date.",
    )
    proceedings_expected_to_end_on: Day = fact(
        "date",
        group="court",
        label="expected end of care proceedings",
        ask="When are the care proceedings expected to end?",
        means="The managers' estimate; the day of a listed hearing is `proceedings_concluded_on`.",
    )
    first_court_hearing_on: Event = fact(
        "event",
        group="court",
        label="first court hearing",
        ask="When is, or was, the first court hearing?",
        means="The first hearing in the present or latest care proceedings, even if it was adjourned.",
    )
    interim_care_order_made_on: Event = fact(
        "event",
        group="court",
        label="interim care order",
        ask="When was the first interim care order made?",
        means="The first interim care order (section 38) in the present or latest care proceedings; one renewed does not count again.",
        source="ssd_legal_status.lega_legal_status_start_date; SSDA903 LS C1",
    )
    care_order_made_on: Event = fact(
        "event",
        group="court",
        label="care order",
        ask="When was the care order made?",
        means="The full care order (section 31); an interim one does not count.",
        source="ssd_legal_status.lega_legal_status_start_date; SSDA903 LS C2",
    )
    placement_order_made_on: Event = fact(
        "event",
        group="court",
        label="placement order",
        ask="When was the placement order made?",
        means="The order that lets the authority place the child for adoption.",
        source="ssd_permanence.perm_placement_order_date; SSDA903 LS E1",
    )
    supervision_order_made_on: Event = fact(
        "event",
        group="court",
        label="supervision order",
        ask="When was the supervision order made?",
        means="The full supervision order to this authority; an interim one does not count.",
        source="ssd_legal_status.lega_legal_status_start_date, where recorded",
    )
    special_guardianship_order_made_on: Event = fact(
        "event",
        group="court",
        label="special guardianship order",
        ask="When was the special guardianship order made?",
        source="ssd_permanence.perm_permanence_order_date; SSDA903 REC E45 to E48",
    )
    child_arrangements_order_made_on: Event = fact(
        "event",
        group="court",
        label="child arrangements order",
        ask="When was the child arrangements order made?",
        means="The final order that says with whom the child lives.",
        source="ssd_permanence.perm_permanence_order_date; SSDA903 REC E41",
    )
    court_report_ordered: YesNo = fact(
        "yes_no",
        group="court",
        label="court report ordered",
        ask="Has a court ordered a report under section 7 or section 37?",
        means="In family proceedings between others a court has directed the authority to report (Children Act 1989, section 7 or 37), "
        "and the report is still owed.",
    )
    removal_likely: YesNo = fact(
        "yes_no",
        group="court",
        label="likely removal",
        ask="Does the plan or the assessment point to the child's removal from the parents?",
        means="The plan is removal from the parents' care, or the assessment makes it a likely outcome; before the birth, removal at birth.",
        judgement=True,
    )
    transfer_to_long_term_team_likely: YesNo = fact(
        "yes_no",
        group="court",
        label="likely transfer to the long-term team",
        ask="Is the child likely to move to the team for children in long-term care?",
        means="The present team expects the case to go to the team for children in long-term care, after proceedings or without any.",
        judgement=True,
    )
    final_evidence_due_on: Event = fact(
        "event",
        group="court",
        label="filing of final evidence",
        ask="When is the authority's final evidence due?",
        means="The court's filing date for the authority's final evidence; if it is moved, the new date.",
    )
    remand_notified_at: Moment = fact(
        "moment",
        group="court",
        label="notice of remand",
        ask="When was the authority told of the remand (date and time, if known)?",
        means="When the notice of the present or latest remand reached the authority, the out-of-hours service included. `not_yet`: no remand.",
    )

    # --- what is not a standard fact
    local_facts: Mapping[str, FactValue] = field(default_factory=dict)
    decisions: Mapping[str, Recorded | str | Mapping[str, object]] = field(default_factory=dict)
    checklist: Mapping[str, Progress | date | str | Mapping[str, object]] = field(default_factory=dict)
    unstated: Literal["unknown", "not_so"] | tuple[str, ...] = "unknown"

    # The mappings cannot be hashed; said here, so that a set of snapshots fails at once and by the class's name.
    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        faults: list[Diagnostic] = []
        read: dict[str, object] = {}
        as_of = read_moment(self.as_of) or read_date(self.as_of)
        if as_of is None:
            faults.append(_WRONG_AS_OF)
        read["as_of"] = as_of
        for standard, raw in zip(_FACTS, _values_of(self), strict=True):
            if raw is not UNKNOWN:
                try:
                    read[standard.name] = standard.read(raw)
                except ValueError as error:
                    faults.append(_wrong_value(standard, raw, error))
        read["local_facts"] = local = _read_entries("local_facts", "wrong-value", self.local_facts, _read_local, faults)
        faults.extend(_misplaced(name) for name in local if name in STANDARD_FACTS)
        read["decisions"] = _read_entries("decisions", "wrong-decision", self.decisions, Recorded.read, faults)
        read["checklist"] = _read_entries("checklist", "wrong-progress", self.checklist, _read_progress, faults)
        read["unstated"] = _read_unstated(self.unstated, faults)
        if faults:
            raise SnapshotError(faults)
        for name, value in read.items():
            object.__setattr__(self, name, value)

    def stated(self) -> dict[str, FactValue]:
        """Return the standard facts that are not unknown, by name, in the order of the vocabulary."""
        return {name: value for name, value in zip(STANDARD_FACTS, _values_of(self), strict=True) if value is not UNKNOWN}

    def recorded(self, decision: str) -> Recorded | None:
        """Return the decision recorded under this id, or None."""
        entry = self.decisions.get(decision)
        return entry if isinstance(entry, Recorded) else None

    def progress(self, item: str) -> Progress:
        """Return the progress of an item or duty; where nothing is recorded, one without a state."""
        entry = self.checklist.get(item)
        return entry if isinstance(entry, Progress) else Progress()

    def __repr__(self) -> str:
        """Show what is stated, as the call that makes an equal snapshot."""
        return f"CaseSnapshot({', '.join(f'{name}={value!r}' for name, value in self._given().items())})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # Test reports and notebooks would print every field, nearly all of them unknown.
        printer.text(repr(self))

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], CaseSnapshot], tuple[dict[str, Any]]]:
        # Pickle and deepcopy cannot take a mapping proxy, so both make the snapshot anew from what is stated.
        return (_remake, (self._given(),))

    def _given(self) -> dict[str, Any]:
        given: dict[str, Any] = {"as_of": self.as_of, **self.stated()}
        given.update((name, dict(entries)) for name in ("local_facts", "decisions", "checklist") if (entries := getattr(self, name)))
        return given if self.unstated == "unknown" else {**given, "unstated": self.unstated}


STANDARD_FACTS: Final[Mapping[str, Fact]] = MappingProxyType(
    {one.name: Fact(name=one.name, **one.metadata["fact"]) for one in fields(CaseSnapshot) if "fact" in one.metadata}
)
"""Every standard fact by name, in order of declaration."""

GROUPS: Final[tuple[str, ...]] = tuple(dict.fromkeys(standard.group for standard in STANDARD_FACTS.values()))
"""The groups of the standard facts. `unstated` can name these, and `local` for the facts of the pack."""

_NAMEABLE_GROUPS: Final = (*GROUPS, "local")
_FACTS: Final = tuple(STANDARD_FACTS.values())
_values_of: Final = attrgetter(*STANDARD_FACTS)
# One for all snapshots: most have no decisions, and many no local facts.
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_LEAVE_OUT: Final = "leave it out where it is not known"
_WRONG_AS_OF: Final = Diagnostic(
    "wrong-as-of",
    "`as_of` takes a date such as 2026-04-02, or a date and time with its offset such as 2026-04-02T09:30:00+01:00",
    why="every rule that looks at today looks at this day, and a time without its offset is not one moment",
)


def _remake(given: dict[str, Any]) -> CaseSnapshot:
    return CaseSnapshot(**given)


def _wrong_value(standard: Fact, raw: object, error: ValueError) -> Diagnostic:
    return Diagnostic(
        "wrong-value",
        f"`{standard.name}` {error}",
        why=f"`{standard.name}` ({standard.label}) is a fact of type {standard.kind}",
        mend=_mend(standard, raw),
    )


def _mend(standard: Fact, raw: object) -> str:
    if issubclass(type(raw), datetime) and standard.kind in DATED_KINDS:
        return "add its offset, or give the day alone" if standard.kind == "moment" else "give the day alone"
    return _nearest(raw, standard.options or ((NOT_YET, HAPPENED) if standard.kind == "event" else ())) or _LEAVE_OUT


def _misplaced(name: str) -> Diagnostic:
    return Diagnostic(
        "misplaced-fact",
        f"`{name}` stands under `local_facts` and is a standard fact",
        why="a fact has one place, and `local_facts` holds only what the standard vocabulary lacks",
        mend="give it with the standard facts",
    )


def _read_entries(name: str, code: str, raw: object, read: Callable[[object], _T | None], faults: list[Diagnostic]) -> Mapping[str, _T]:
    """Return the entries of a mapping, each read, sorted and closed to change; None is left out as unrecorded. Adds what is wrong to `faults`."""
    entries: dict[str, _T] = {}
    pairs = () if raw is None else read_pairs(raw, MAX_ENTRIES)
    if pairs is None:
        faults.append(Diagnostic(code, f"`{name}` takes a mapping of names to values"))
    elif len(pairs) > MAX_ENTRIES:
        faults.append(Diagnostic("too-large", f"`{name}` holds more than {MAX_ENTRIES} names", why="no pack has so many"))
        pairs = ()
    for key, value in pairs or ():
        word = read_word(key)
        if word is None:
            faults.append(Diagnostic(code, f"`{name}` takes names that are text"))
        elif value is not None:
            shown = named(word, "an entry")
            try:
                entry = read(value)
            except ValueError as error:
                faults.append(Diagnostic(code, f"{shown} under `{name}` {error}", mend=_LEAVE_OUT))
                continue
            if word in entries:
                faults.append(
                    Diagnostic("repeated-key", f"{shown} stands twice under `{name}`", why="only one of the two could count", mend="keep one")
                )
            elif entry is not None:
                entries[word] = entry
    return MappingProxyType(dict(sorted(entries.items()))) if entries else _NOTHING


def _read_progress(raw: object) -> Progress | None:
    """Return the progress that `raw` stands for; None where it records nothing, as in a row of empty cells. Raises ValueError without the value."""
    progress = Progress.read(raw)
    return None if progress == Progress() else progress


def _read_local(raw: object) -> FactValue:
    """Return a local fact as given, to be typed by its policy; a list as a frozenset. Raises ValueError without the value."""
    # Plain values are for the policy to refuse, which knows what the fact takes; a number is kept only where it can be written.
    if raw is True or raw is False or type(raw) is date or (type(raw) is int and abs(raw) < 10**9) or (type(raw) is datetime and raw.tzinfo is None):
        return raw
    if (read := read_word(raw) or read_moment(raw)) is not None:
        return read
    if (given := read_list(raw)) is not None:
        words = {read_word(one) for one in given}
        if None not in words:
            return frozenset(word for word in words if word is not None)
    raise ValueError("takes yes or no, a whole number, a word, a date, a date and time, or a list of words")


def _read_unstated(raw: object, faults: list[Diagnostic]) -> str | tuple[str, ...]:
    """Return `unstated`, with its groups in the order of the vocabulary; no group at all is `unknown`. Adds what is wrong to `faults`."""
    if (given := read_list(raw)) is not None:
        groups = [read_word(one) for one in given]
        wrong = [group for group in groups if group not in _NAMEABLE_GROUPS]
        if not wrong:
            return tuple(group for group in _NAMEABLE_GROUPS if group in groups) or "unknown"
        mend = next(filter(None, (_nearest(group, _NAMEABLE_GROUPS) for group in wrong)), "")
    else:
        word = "unknown" if raw is None else read_word(raw)
        if word in ("unknown", "not_so"):
            return word
        mend = _nearest(word, ("unknown", "not_so")) or "a group stands in a list, even alone"
    faults.append(Diagnostic("unknown-group", f"`unstated` takes unknown, not_so, or a list of groups: {', '.join(_NAMEABLE_GROUPS)}", mend=mend))
    return "unknown"


def _nearest(raw: object, allowed: tuple[str, ...]) -> str:
    """Return "did you mean `x`?" for the nearest allowed word; long text is no slip of the pen and is not compared."""
    word = read_word(raw)
    return did_you_mean(word, allowed) if word is not None and len(word) <= 60 else ""


def _parts(raw: object) -> dict[str, object] | None:
    """Return the parts of a small mapping by name; None for anything else.

    A name that is no text, or stands twice, comes under the empty name, which nothing takes.
    """
    pairs = read_pairs(raw, _MOST_PARTS)
    if pairs is None:
        return None
    parts: dict[str, object] = {}
    for key, value in pairs:
        name = read_word(key) or ""
        parts["" if name in parts else name] = value
    return parts


def _attributes(raw: object, *names: str) -> dict[str, object]:
    return {name: getattr(raw, name, None) for name in names}

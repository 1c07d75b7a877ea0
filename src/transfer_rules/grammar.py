"""The shape of a pack as data: every block, its keys, what each takes. The loader reads by it, and the JSON Schema and its texts come from it.

A key's `takes` is a small word: a type of text (`id`, `text`, `date` ...), a tree (`condition`, `timescale`), or `list of X`, `one or more X`,
`map of X`, where X may be `block NAME`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .facts import DATED_KINDS, FACT_KINDS


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a block: its name, what it takes, whether it must be there, and what it is for."""

    name: str
    takes: str
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping of the pack: its keys, the keys of which exactly one must stand there, and what messages call it."""

    name: str
    keys: tuple[Key, ...]
    exactly_one: tuple[str, ...] = ()
    said: str = ""

    def key(self, name: str) -> Key | None:
        """Return the key of this name, or None."""
        return next((key for key in self.keys if key.name == name), None)


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator of a leaf: the kinds of fact it can stand with, what it takes, and when it is true."""

    name: str
    kinds: frozenset[str]
    takes: str
    about: str


_VALUES: Final = frozenset({"yes_no", "choice", "team", "area", "count"})
_DATES: Final = frozenset(DATED_KINDS)

OPERATORS: Final[Mapping[str, Operator]] = {
    operator.name: operator
    for operator in (
        Operator("is", _VALUES, "value or fact", "equal to a value, or to another fact of the same type"),
        Operator("is_not", _VALUES, "value or fact", "not equal"),
        Operator("one_of", frozenset({"choice", "team", "area"}), "list of value", "equal to one of these"),
        Operator("includes", frozenset({"choices"}), "value", "a list that holds this one"),
        Operator("at_least", frozenset({"count"}), "count", "this many or more"),
        Operator("at_most", frozenset({"count"}), "count", "this many or fewer"),
        Operator("before", _DATES, "day", "earlier than a fact, `as_of`, a date or a timescale"),
        Operator("on_or_before", _DATES, "day", "earlier than, or the same day"),
        Operator("after", _DATES, "day", "later than"),
        Operator("on_or_after", _DATES, "day", "later than, or the same day"),
        Operator("happened", _DATES, "yes_no", "lies on or before `as_of`, or is recorded as happened"),
        Operator("arranged", _DATES, "yes_no", "has a date, past or planned, or has happened"),
        Operator("within", _DATES, "count of time", "from the trigger to the last day of the span, both included"),
    )
}
"""The operators that stand beside `fact:`."""

AGES: Final[Mapping[str, str]] = {
    "age_at_least": "this old or older, on `as_of` or on the dated fact under `on:`",
    "age_under": "younger than this, on `as_of` or on the dated fact under `on:`",
}
GROUPINGS: Final[Mapping[str, str]] = {
    "all": "every part holds",
    "any": "some part holds",
    "not": "the part does not hold",
    "use": "a condition named under `definitions:`",
    "decision": "an answer that people recorded; with `is:`",
}

UNIT_ABOUT: Final[Mapping[str, str]] = {
    "working_days": "weekends, bank holidays and closures do not count; the trigger is day 0",
    "days": "calendar days; not moved off closed days",
    "weeks": "seven calendar days each",
    "months": "same day of the month, clipped to the month's end",
    "hours": "elapsed time",
}
FORM_ABOUT: Final[Mapping[str, str]] = {
    "on": "the day of a fact",
    "birthday": "the start of the day on which this age is reached",
    "at_once": "at once",
    "none": "the procedure gives no date, and why",
    "soonest_of": "whichever comes first",
    "latest_of": "whichever comes last",
    "use": "a timescale named under `definitions:`",
}
ADDITION_ABOUT: Final[Mapping[str, str]] = {
    "after": "count forward from this",
    "before": "count back from this",
    "when": "counts only when this condition holds",
    "otherwise": "the timescale used when it does not",
    "failing_that": "the timescale used while the first trigger is not there",
}

_CLAUSES: Final = Key("clauses", "list of clause", "the clauses of the procedure that this carries out")
_OFF: Final = Key("off", "yes_no", "kept for a rival reading only")
_WHEN: Final = Key("when", "condition", "the condition under which this holds; left out: always")
_EFFECTS: Final = ("transfer_to", "stay", "close", "people_decide")

BLOCKS: Final[Mapping[str, Block]] = {
    block.name: block
    for block in (
        Block("pack", (
            Key("language", "language", "the version of the pack language: 1", required=True),
            Key("authority", "block authority", "whose procedure this is", required=True),
            Key("source", "block source", "the document it is read from", required=True),
            Key("in_force", "block in_force", "the dates between which it holds", required=True),
            Key("calendar", "block calendar", "which bank holidays and closures do not count"),
            Key("teams", "map of block team", "the teams, by id", required=True),
            Key("local_facts", "map of block local_fact", "facts that the standard vocabulary lacks"),
            Key("decisions", "map of block decision_spec", "decisions that people record"),
            Key("definitions", "map of block definition", "named conditions and named timescales"),
            Key("rules", "list of block rule", "when a case moves, stays, closes or is for people to decide", required=True),
            Key("leave_to_people", "list of block leave_to_people", "clashes that the procedure leaves to people"),
            Key("checklists", "map of block checklist", "what must be done before a move"),
            Key("duties", "list of block duty", "what else the procedure attaches to a case"),
            Key("interpretations", "list of block interpretation", "our reading of every ambiguity"),
            Key("otherwise", "block otherwise", "what holds when no rule speaks: the case stays", required=True),
            Key("clauses", "block account", "clauses that no part carries out, each with the reason"),
        ), said="the pack"),
        Block("authority", (
            Key("name", "text", "the council's name", required=True),
            Key("gss", "text", "its ONS code"),
            Key("dfe", "text", "its Department for Education code"),
        ), said="`authority:`"),
        Block("source", (
            Key("title", "text", "the title of the document", required=True),
            Key("edition", "text", "its edition or version", required=True),
            Key("read_on", "date", "the day it was read"),
            Key("ledger", "text", "a CSV file beside the pack: clause, section, kind"),
        ), said="`source:`"),
        Block("in_force", (Key("from", "date", "first day", required=True), Key("until", "date", "last day")), said="`in_force:`"),
        Block("calendar", (
            Key("region", "region", "england, wales, scotland or northern_ireland", required=True),
            Key("closed", "list of block closure", "the authority's own closures"),
        ), said="`calendar:`"),
        Block("closure", (Key("on", "date", "the day", required=True), Key("label", "text", "its name", required=True)), said="a closure"),
        Block("team", (
            Key("label", "text", "the team's name as the authority prints it", required=True),
            Key("areas", "areas", "its districts, localities or duty slots: ids, or ids with labels"),
            Key("outside", "yes_no", "outside children's social care"),
            Key("no_way_in", "text", "why no rule brings a case to it, such as that new referrals begin here"),
            Key("no_way_out", "text", "why no rule takes a case from it"),
            _CLAUSES,
        ), said="a team"),
        Block("local_fact", (
            Key("type", "fact type", "one of " + ", ".join(FACT_KINDS), required=True),
            Key("label", "text", "a short noun phrase", required=True),
            Key("ask", "text", "the question that asks a person for it", required=True),
            Key("means", "text", "its definition"),
            Key("options", "list of id", "for a choice: the words allowed"),
            Key("judgement", "yes_no", "a named person's judgement; never closed by `unstated`"),
            Key("group", "fact group", "the group that `unstated` can name; left out: local"),
            Key("unit", "text", "for a count: what is counted"),
        ), said="a local fact"),
        Block("decision_spec", (
            Key("label", "text", "what is decided", required=True),
            Key("options", "list of id", "the answers that can be recorded; left out: a team, `stay` or `close`"),
        ), said="a decision"),
        Block("definition", (
            Key("when", "condition", "the condition that the name stands for"),
            Key("timescale", "timescale with moves", "the timescale that the name stands for"),
            Key("label", "text", "the definition in words"),
            _CLAUSES,
        ), exactly_one=("when", "timescale"), said="a definition"),
        Block("rule", (
            Key("id", "id", "its name", required=True),
            _CLAUSES,
            Key("label", "text", "the rule in one line"),
            Key("group", "id", "a name under which other rules can override it"),
            Key("from", "teams", "the team that holds the case: one, a list, `any`, or {any_except: [...]}", required=True),
            _WHEN,
            Key("transfer_to", "transfer", "the team that takes the case"),
            Key("stay", "stay", "the case does not move"),
            Key("close", "true", "nobody takes over"),
            Key("people_decide", "block people_decide", "people decide"),
            Key("transfer_point", "timescale", "the event at which responsibility passes"),
            Key("deadline", "timescale", "the last day by which responsibility should have moved"),
            Key("overrides", "list of override", "the rules and groups that this one defeats"),
            _OFF,
        ), exactly_one=_EFFECTS, said="a rule"),
        Block("transfer", (
            Key("team", "team or fact", "the team, or {fact: name}", required=True),
            Key("area", "area or fact", "its area, or {fact: name}"),
            Key("role", "text", "the new role, for a move within one team"),
        ), said="`transfer_to:`"),
        Block("stay", (
            Key("until", "timescale", "bars a move before this date"),
            Key("yields", "yes_no", "only explains: gives way to any other rule"),
        ), said="`stay:`"),
        Block("people_decide", (
            Key("who", "text", "who decides", required=True),
            Key("question", "text", "what they decide", required=True),
            Key("between", "list of answer", "the teams in question, or {fact: name}, `stay`, `close`", required=True),
            Key("by", "timescale with moves", "by when"),
            Key("settled_by", "settling decision", "the decision that governs once it is recorded"),
            Key("valid", "block valid", "when the decision must have been taken to count"),
        ), said="`people_decide:`"),
        Block("override", (
            Key("rule", "text", "a rule"),
            Key("group", "text", "every rule of a group"),
            Key("clauses", "list of clause", "the clause that makes it an exception"),
        ), exactly_one=("rule", "group"), said="an entry of `overrides:`"),
        Block("leave_to_people", (
            Key("rules", "list of rule name", "the rules that clash", required=True),
            Key("who", "text", "who decides", required=True),
            Key("question", "text", "what they decide", required=True),
            Key("settled_by", "settling decision", "the decision that governs once it is recorded"),
            _CLAUSES,
        ), said="an entry of `leave_to_people:`"),
        Block("applies", (
            Key("from", "teams", "the team that holds the case"),
            Key("to", "teams", "the receiving team"),
            Key("outcome", "one or more outcome", "what the decision says"),
            Key("rules", "list of override", "the rules or groups that decided"),
            _WHEN,
        ), said="`applies:`"),
        Block("checklist", (
            Key("label", "text", "the list in words"),
            Key("applies", "one or more block applies", "the moves it belongs to", required=True),
            Key("items", "list of item", "its items, or names of items defined in another list", required=True),
            _CLAUSES,
        ), said="a checklist"),
        Block("item", (
            Key("id", "id", "its name", required=True),
            Key("label", "text", "what must be done", required=True),
            _CLAUSES,
            Key("by", "text", "who does it"),
            _WHEN,
            Key("due", "timescale with moves", "by when"),
            Key("fresh_for", "span", "how long it stays good: {months: 1}"),
            Key("valid", "block valid", "when it must have been done to count"),
            Key("needs", "list of work name", "items or duties that must be done first"),
            Key("done_when", "condition", "the fact that says it is done"),
            Key("satisfied_by", "list of work name", "other items or duties that also do it"),
            Key("excusable", "block excuse", "the recorded decision that can excuse it"),
            _OFF,
        ), said="an item"),
        Block("valid", (
            Key("on_or_after", "day with moves", "done on or after this"),
            Key("before", "day with moves", "done before this"),
        ), said="`valid:`"),
        Block("excuse", (Key("by", "text", "who can excuse it", required=True), _CLAUSES), said="`excusable:`"),
        Block("duty", (
            Key("id", "id", "its name", required=True),
            Key("kind", "duty kind", "notice, meeting, co_working, escalation, follow_up or task", required=True),
            Key("label", "text", "what is to be done", required=True),
            _CLAUSES,
            Key("who", "text", "who does it"),
            Key("to", "text", "to whom"),
            Key("applies", "one or more block applies", "the moves it belongs to; left out: free-standing"),
            _WHEN,
            Key("due", "timescale with moves", "by when"),
            Key("done_when", "condition", "the fact that says it is done"),
            Key("advisory", "yes_no", "good practice, not an obligation"),
            Key("overrides", "list of duty name", "duties that this one replaces"),
            _OFF,
        ), said="a duty"),
        Block("interpretation", (
            Key("id", "id", "its name", required=True),
            Key("clauses", "list of clause", "the clauses it reads", required=True),
            Key("question", "text", "what can be read two ways", required=True),
            Key("reading", "text", "the reading taken, and why", required=True),
            Key("to_confirm", "text", "who is to confirm it"),
            Key("instead", "patches", "the rival reading: {part: {key: value}}"),
        ), said="an interpretation"),
        Block("otherwise", (Key("label", "text", "in words", required=True), _CLAUSES), said="`otherwise:`"),
        Block("account", (
            Key("guidance", "map of text", "clauses that only guide, each with the reason"),
            Key("no_effect", "map of text", "clauses without effect on an answer, each with the reason"),
        ), said="`clauses:`"),
    )
}  # fmt: skip
"""Every block of the pack language, by name."""

EFFECTS: Final = _EFFECTS
REGIONS: Final = ("england", "wales", "scotland", "northern_ireland")

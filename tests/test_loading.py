"""Packs from text: every fault once and at its place, names that do not cascade, order that means nothing, hostile files, files that are none."""

import os
import pickle
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transfer_rules import CaseSnapshot, evaluate, load_policy
from transfer_rules.conditions import Compare
from transfer_rules.errors import Diagnostic, PackError
from transfer_rules.examples import examples_beside, read_examples
from transfer_rules.loading import bundled_packs, find_pack, parse_policy
from transfer_rules.loading import files as pack_files
from transfer_rules.loading.nodes import LEDGER_BYTES, MAX_DEPTH, MAX_LINE_SHOWN, MAX_OPEN_BRACKETS, PACK_BYTES, PACK_NODES
from transfer_rules.loading.parts import MAX_REREAD, MAX_RULES
from transfer_rules.pack import FromFact
from transfer_rules.timescales import Count

from .marlshire import END, FILE, HEAD, PATH, RULE, TEXT, changed, fault_in, faults_in, marlshire, policy_of, small, word_at

EXAMPLES = read_examples(examples_beside(PATH))

# Faults that have nothing to do with each other: what is replaced in the pack, and the code of the one fault that this gives.
PLANTERS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "a mistyped key": ("unknown-key", (("court: {label: Court Team}", "court: {lable: Court Team}"),)),
    "a word that the fact cannot be": ("wrong-value", (("{fact: lead_plan, is: in_care}", "{fact: lead_plan, is: in_caer}"),)),
    "a mistyped fact": ("unknown-fact", (("{working_days: 8, after: planning_meeting_on}", "{working_days: 8, after: planing_meeting_on}"),)),
    "a mistyped team": ("unknown-team", (("from: [front_door, none]", "from: [front_dor, none]"),)),
    "an age in words": ("wrong-value", (("{age_at_least: 18}", "{age_at_least: eighteen}"),)),
    "a mistyped definition": ("unknown-definition", (("by: {use: ten_days_of_issue}", "by: {use: ten_days_of_isue}"),)),
    "a mistyped decision": ("unknown-decision", (("settled_by: both_orders", "settled_by: both_order"),)),
    "a mistyped group": ("unknown-group", (("{group: routine, clauses", "{group: rutine, clauses"),)),
    "a mistyped rule": ("unknown-rule", (("{rule: close_when_nothing_is_needed", "{rule: close_when_nothing_is_neded"),)),
    "a mistyped item": ("unknown-item", (("needs: [chronology]", "needs: [cronology]"),)),
    "a mistyped duty": ("unknown-duty", (("overrides: [general_warning]", "overrides: [general_waring]"),)),
    "a mistyped area": ("unknown-area", (("{team: assessment, area: north}", "{team: assessment, area: nort}"),)),
    "a mistyped part": ("unknown-part", (("instead: {final_order_to_permanence:", "instead: {final_order_to_permanense:"),)),
    "an item without its label": ("missing-key", (("        label: Letter to the family\n", ""),)),
    "two effects": ("one-of", (("    stay: true\n", "    stay: true\n    close: true\n"),)),
    "an unknown kind of duty": ("wrong-value", (("kind: follow_up", "kind: followup"),)),
    "a day that is none": ("wrong-value", (("on: 2026-12-29", "on: 2026-02-30"),)),
    "an unknown region": ("wrong-value", (("region: england", "region: engand"),)),
    "an operator of another type": ("wrong-operator", (("{fact: weeks_on_plan, at_least: 4}", "{fact: weeks_on_plan, happened: yes}"),)),
    "two parts of one name": ("repeated-id", (("id: annual_review", "id: risk_summary"),)),
    "a key that stands twice": ("repeated-key", (("until: 2027-03-31}", "until: 2027-03-31, from: 2025-05-01}"),)),
    "neither yes nor no": ("wrong-value", (("outside: true", "outside: maybe"),)),
    "a word for a condition": ("wrong-shape", (("    when: {use: new_case}", "    when: new_case"),)),
    "a name with a capital": ("odd-id", (("id: letter", "id: Letter"),)),
    "a clause of two words": ("odd-id", (("clauses: [MAR-1.2]", "clauses: [MAR 1.2]"),)),
    "nothing after a key": ("nothing-here", (("who: transferring team manager", "who:"),)),
    "a text that turns the line round": ("odd-character", (("label: tell the service manager", 'label: "tell the \\u202e manager"'),)),
    "a standard fact again": ("repeated-fact", (("  rung_at:", '  lead_plan: {type: yes_no, label: plan, ask: "Is there one?"}\n  rung_at:'),)),
    "a circle": (
        "circle",
        (
            ("    clauses: [MAR-3.2]\n", "    clauses: [MAR-3.2]\n    overrides: [court_to_permanence]\n"),
            ("    clauses: [MAR-3.3]\n", "    clauses: [MAR-3.3]\n    overrides: [stay_with_the_court_team]\n"),
        ),
    ),
}  # fmt: skip

RIVAL_SLIP = ("{deadline: {working_days: 10, after: care", "{deadline: {working_days: 10, after: caer")


class TestFaultsAreReportedAllAndOnce:
    """A file with k independent faults gives exactly those k, sorted by place."""

    @pytest.mark.parametrize("name", PLANTERS)
    def test_a_planted_fault_is_found_alone(self, name):
        code, pairs = PLANTERS[name]
        assert fault_in(changed(*pairs)).code == code

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.sampled_from(sorted(PLANTERS)), min_size=2, max_size=6, unique=True))
    def test_planted_faults_are_found_each_once(self, names):
        found = faults_in(changed(*(pair for name in names for pair in PLANTERS[name][1])))
        assert Counter(fault.code for fault in found) == Counter(PLANTERS[name][0] for name in names)

    def test_all_planted_faults_together_are_found_each_once(self):
        found = faults_in(changed(*(pair for _, pairs in PLANTERS.values() for pair in pairs)))
        assert Counter(fault.code for fault in found) == Counter(code for code, _ in PLANTERS.values())

    def test_faults_come_in_the_order_of_the_file(self):
        found = faults_in(changed(*(pair for _, pairs in PLANTERS.values() for pair in pairs)))
        assert [fault.location for fault in found] == sorted(fault.location for fault in found)

    @pytest.mark.parametrize("name", PLANTERS)
    def test_every_message_stands_alone_in_its_first_line_and_says_why_and_how_to_mend_it(self, name):
        fault = fault_in(changed(*PLANTERS[name][1]))
        assert fault.message[0].islower() or fault.message[0] == "`"
        assert not fault.message.endswith(".")
        assert "\n" not in fault.message
        assert fault.why
        assert fault.mend

    def test_a_syntax_error_is_reported_alone(self):
        text = changed(("region: england", "region: engand"), ("from: [front_door, none]", "from: [front_door, none"))
        assert fault_in(text).code == "not-yaml"

    def test_two_words_of_one_condition_can_both_be_wrong(self):
        text = changed(("{fact: offered_on, on_or_after: {on: 2025-01-01}}", "{fact: offerd_on, on_or_after: {on: 2025-02-30}}"))
        assert [fault.code for fault in faults_in(text)] == ["unknown-fact", "wrong-value"]

    def test_two_words_of_one_timescale_can_both_be_wrong(self):
        text = changed(("{working_days: 8, after: planning_meeting_on}", "{workin_days: 8, after: planing_meeting_on}"))
        assert [fault.code for fault in faults_in(text)] == ["unknown-key", "unknown-fact"]

    def test_a_rival_reading_is_read_although_the_pack_is_faulty(self):
        text = changed(("region: england", "region: engand"), RIVAL_SLIP)
        assert [fault.code for fault in faults_in(text)] == ["wrong-value", "unknown-fact"]

    def test_a_fault_of_a_rival_reading_names_the_interpretation(self):
        fault = fault_in(changed(RIVAL_SLIP))
        assert [text for _, text in fault.also] == ["this is the rival reading of `end_of_the_second_week`"]

    def test_an_unreadable_ledger_does_not_hide_the_other_faults(self, tmp_path):
        text = changed(("region: england", "region: engand"))
        with pytest.raises(PackError) as caught:
            parse_policy(text.encode(), FILE, tmp_path)
        assert [fault.code for fault in caught.value.diagnostics] == ["no-ledger", "wrong-value"]


class TestFaultsDoNotCascade:
    """One cause is one fault: what names a faulty declaration is not faulty itself."""

    @pytest.mark.parametrize(
        ("code", "old", "new"),
        [
            ("missing-key", "permanence: {label: Permanence Team, areas", "permanence: {areas"),
            ("unknown-key", "permanence: {label: Permanence Team, areas", "permanence: {label: Permanence Team, arreas"),
            ("wrong-shape", "permanence: {label: Permanence Team, areas: {north: North, south: South}}", "permanence: Permanence Team"),
            ("odd-id", "planning_meeting_on: {type", "Planning_meeting_on: {type"),
            ("missing-key", "event, label: permanence planning meeting,", "event,"),
            ("wrong-value", "planning_meeting_on: {type: event", "planning_meeting_on: {type: evnt"),
            ("unknown-key", "court_transfer: {label: who", "court_transfer: {lable: who"),
            ("unknown-key", "options: [accepted, refused]", "optoins: [accepted, refused]"),
            ("unknown-fact", "{timescale: {working_days: 10, after: proceedings_", "{timescale: {working_days: 10, after: proceding_"),
            ("unknown-key", "ten_days_of_issue: {timescale", "ten_days_of_issue: {timescal"),
            ("unknown-key", "\nteams:\n", "\nteems:\n"),
            ("unknown-key", "\nlocal_facts:\n", "\nlocal_fact:\n"),
            ("unknown-key", "\ndecisions:\n", "\ndecision:\n"),
            ("unknown-key", "\ndefinitions:\n", "\ndefinition:\n"),
            ("unknown-key", "\nrules:\n", "\nrule:\n"),
            ("unknown-key", "\nchecklists:\n", "\nchecklist:\n"),
            ("unknown-key", "\nduties:\n", "\ndutys:\n"),
            ("unknown-key", "      - id: court_bundle\n        label", "      - id: court_bundle\n        lable"),
            ("unknown-key", "    applies: {from: court, outcome: [transfer, close]}\n    items:", "    applies: {from: court}\n    itmes:"),
            ("wrong-shape", "areas: [north, south]", "areas: north"),
            ("unknown-key", "  - id: general_warning", "  - idd: general_warning"),
            ("unknown-key", "      - id: chronology", "      - idd: chronology"),
            ("unknown-key", "  - id: court_to_permanence", "  - idd: court_to_permanence"),
            ("unknown-key", "    clauses: [MAR-3.1]\n    group: routine", "    clauses: [MAR-3.1]\n    gruop: routine"),
            ("odd-id", "  - id: court_to_permanence", "  - id: Court_to_permanence"),
            ("odd-id", "      - id: chronology", "      - id: Chronology"),
        ],
    )  # fmt: skip
    def test_a_faulty_declaration_is_one_fault(self, code, old, new):
        text = changed((old, new)).replace("Planning_meeting_on", "planning_meeting_on") if "Planning" not in new else changed((old, new))
        if new.startswith("Planning"):
            text = text.replace("{fact: planning_meeting_on", "{fact: Planning_meeting_on").replace(" planning_meeting_on}", " Planning_meeting_on}")
        if new.endswith("id: Court_to_permanence"):
            text = text.replace("[stay_with_the_court_team, court_to_permanence]", "[stay_with_the_court_team, Court_to_permanence]")
        if new.endswith("id: Chronology"):
            text = text.replace("[chronology]", "[Chronology]").replace("- chronology", "- Chronology")
        assert fault_in(text).code == code

    @pytest.mark.parametrize(
        ("section", "value"),
        [("teams", "[court]"), ("local_facts", "none"), ("decisions", "[]"), ("definitions", "yes"), ("rules", "{}"), ("duties", "{}")],
    )
    def test_a_section_of_the_wrong_shape_is_one_fault(self, section, value):
        before, _, rest = TEXT.partition(f"\n{section}:\n")
        body = "\n".join(line for line in rest.split("\n\n", 1)[-1].split("\n"))
        if section == "rules":
            body = rest[rest.index("leave_to_people:") :]
        assert fault_in(f"{before}\n{section}: {value}\n{body}").code == "wrong-shape"

    def test_a_missing_section_of_teams_is_one_fault(self):
        fault = fault_in(small(head=HEAD.partition("teams:")[0]))
        assert (fault.code, fault.message) == ("missing-key", "the pack needs `teams:`")

    def test_a_definition_in_a_circle_is_one_fault_however_often_it_is_used(self):
        definitions = "definitions: {a: {when: {not: {use: b}}}, b: {when: {not: {use: a}}}}\n"
        rules = "rules:\n" + "".join(f"  - {{id: r{n}, from: any, when: {{use: a}}, stay: true}}\n" for n in range(3))
        assert fault_in(small(more=definitions, rules=rules)).code == "circle"

    def test_another_language_is_reported_alone(self):
        assert fault_in(changed(("language: 1", "language: 2"), ("region: england", "region: engand"))).code == "unknown-language"


class TestCircles:
    """Nothing may override, define or wait for itself, by whatever way."""

    def test_a_circle_of_overrides_is_named_step_by_step(self):
        rules = "rules:\n" + "".join(f"  - {{id: {one}, from: any, stay: true, overrides: [{other}]}}\n" for one, other in ("ab", "bc", "ca"))
        assert fault_in(small(rules=rules)).why == "`a` -> `b` -> `c` -> `a`"

    def test_a_rule_that_overrides_itself_is_a_circle(self):
        fault = fault_in(small(rules="rules: [{id: a, from: any, stay: true, overrides: [a]}]\n"))
        assert (fault.code, fault.message) == ("circle", "`a` overrides itself")

    def test_a_rule_may_override_the_rest_of_its_own_group(self):
        rules = "rules: [{id: a, group: g, from: any, stay: true, overrides: [{group: g}]}, {id: b, group: g, from: any, stay: true}]\n"
        assert policy_of(small(rules=rules)).rules["a"].overrides == {"b"}

    def test_two_rules_of_a_group_that_both_override_it_are_a_circle(self):
        rules = "rules:\n" + "".join(f"  - {{id: {one}, group: g, from: any, stay: true, overrides: [{{group: g}}]}}\n" for one in "ab")
        assert fault_in(small(rules=rules)).code == "circle"

    def test_two_circles_are_two_faults(self):
        pairs = ("ab", "ba", "cd", "dc")
        rules = "rules:\n" + "".join(f"  - {{id: {one}, from: any, stay: true, overrides: [{other}]}}\n" for one, other in pairs)
        assert [fault.message for fault in faults_in(small(rules=rules))] == ["`a` overrides itself", "`c` overrides itself"]

    def test_a_circle_does_not_hide_another_fault(self):
        rules = "rules: [{id: a, from: any, stay: true, overrides: [a]}, {id: b, from: anny, stay: true}]\n"
        assert [fault.code for fault in faults_in(small(rules=rules))] == ["circle", "unknown-team"]

    def test_definitions_in_a_circle_are_named_step_by_step(self):
        definitions = "definitions: {a: {when: {not: {use: b}}}, b: {when: {not: {use: c}}}, c: {when: {any: [{use: a}]}}}\n"
        assert fault_in(small(more=definitions)).why == "`a` -> `b` -> `c` -> `a`"

    def test_a_definition_used_twice_is_no_circle(self):
        definitions = "definitions: {a: {when: {all: [{use: b}, {use: b}, {use: c}]}}, b: {when: {use: c}}, c: {when: {fact: lead_plan, is: none}}}\n"
        assert set(policy_of(small(more=definitions)).pack.definitions) == {"a", "b", "c"}

    def test_items_that_wait_for_each_other_are_a_circle(self):
        items = "{id: a, label: A, needs: [b]}, {id: b, label: B, satisfied_by: [a]}"
        more = f"checklists: {{handover: {{applies: {{to: permanence}}, items: [{items}]}}}}\n"
        assert fault_in(small(more=more)).message == "`a` waits for itself"

    def test_duties_that_replace_each_other_are_a_circle(self):
        duties = "duties: [{id: a, kind: task, label: A, overrides: [b]}, {id: b, kind: task, label: B, overrides: [a]}]\n"
        assert fault_in(small(more=duties)).code == "circle"

    def test_a_circle_that_only_a_rival_reading_closes_is_found(self):
        rules = "rules: [{id: a, from: any, stay: true, overrides: [b]}, {id: b, from: any, stay: true}]\n"
        rival = "interpretations: [{id: i, clauses: [M-1], question: q, reading: r, instead: {b: {overrides: [a]}}}]\n"
        assert fault_in(small(rules=rules, more=rival)).code == "circle"


class TestOrderMeansNothing:
    """The order of sections, rules and definitions in a file changes nothing but the order of listing."""

    def test_rules_before_the_facts_they_look_at_are_read_with_their_types(self):
        facts = 'local_facts: {concern_is_new: {type: yes_no, label: concern, ask: "New?"}}\n'
        rules = "rules: [{id: r, from: any, when: {fact: concern_is_new, is: yes}, stay: true}]\n"
        policy = policy_of(HEAD + rules + END + facts)
        assert policy.rules["r"].when.value is True

    def test_rules_before_the_decisions_they_look_at_are_read_with_their_answers(self):
        rules = "rules: [{id: r, from: any, when: {decision: d, is: acepted}, stay: true}]\n"
        fault = fault_in(HEAD + rules + "decisions: {d: {label: D, options: [accepted]}}\n" + END)
        assert (fault.code, fault.mend) == ("wrong-value", "did you mean `accepted`?")

    @pytest.mark.parametrize("seed", range(5))
    def test_shuffling_the_file_gives_the_same_decisions(self, seed):
        policy = policy_of(shuffled(TEXT, random.Random(seed)))
        for example in EXAMPLES:
            mine, its = evaluate(marlshire(), example.snapshot), evaluate(policy, example.snapshot)
            assert (its.outcome, its.receiving_team, its.deadline, its.missing) == (mine.outcome, mine.receiving_team, mine.deadline, mine.missing)
            assert {reason.rule for reason in its.reasons} == {reason.rule for reason in mine.reasons}
            assert {(item.item, item.why) for item in its.outstanding} == {(item.item, item.why) for item in mine.outstanding}

    @pytest.mark.parametrize("order", [range(20), range(19, -1, -1)], ids=["the used first", "the used last"])
    def test_definitions_upon_definitions_are_read_whichever_comes_first(self, order):
        lines = ["  d0: {when: {fact: lead_plan, is: none}}\n", *(f"  d{n}: {{when: {{not: {{use: d{n - 1}}}}}}}\n" for n in range(1, 20))]
        text = small(more="definitions:\n" + "".join(lines[n] for n in order))
        assert len(policy_of(text).pack.definitions) == 20

    @pytest.mark.parametrize("order", [range(40), range(39, -1, -1)], ids=["the used first", "the used last"])
    def test_definitions_too_many_levels_deep_are_one_fault_whichever_comes_first(self, order):
        lines = ["  d0: {when: {fact: lead_plan, is: none}}\n", *(f"  d{n}: {{when: {{not: {{use: d{n - 1}}}}}}}\n" for n in range(1, 40))]
        fault = fault_in(small(more="definitions:\n" + "".join(lines[n] for n in order)))
        assert (fault.code, fault.line_text.strip()[:4]) == ("too-large", "d32:")


def shuffled(text: str, source: random.Random) -> str:
    """Return the pack with its sections and the entries of its rules, duties and lists in another order."""
    sections: list[list[str]] = []
    for line in text.splitlines():
        if line and not line.startswith((" ", "#")):
            sections.append([])
        if sections:
            sections[-1].append(line)
    for section in sections:
        heads = [number for number, line in enumerate(section) if line.startswith("  - id: ") or (line.startswith("  ") and line[2].isalpha())]
        if heads:
            entries = [section[start:end] for start, end in zip(heads, [*heads[1:], len(section)], strict=True)]
            source.shuffle(entries)
            section[heads[0] :] = [line for entry in entries for line in entry]
    source.shuffle(sections)
    return "\n".join(line for section in sections for line in section) + "\n"


# What is put where, the code, the message, the word under the caret.
MESSAGES: list[tuple[str, str, str, str]] = [
    # Conditions.
    ("when: {lead_plan: in_care}", "unknown-key", "unknown key `lead_plan`", "lead_plan"),
    ("when: {is: in_care}", "missing-key", "a condition needs `fact:`", "{"),
    ("when: {all: [{fact: lead_plan, is: none}], any: [{fact: lead_plan, is: none}]}", "one-of", "`any:` stands beside `all:`", "any"),
    ("when: {fact: lead_plan}", "one-of", "this says nothing about the fact", "{"),
    ("when: {fact: lead_plan, is: none, is_not: in_care}", "one-of", "`is_not:` stands beside `is:`", "is_not"),
    ("when: {fact: lead_plan, iss: none}", "unknown-key", "unknown key `iss`", "iss"),
    ("when: {fact: lead_plan, is: }", "nothing-here", "nothing stands after `is:`", "is"),
    ("when: {fact: , is: none}", "nothing-here", "nothing stands after `fact:`", "fact"),
    ("when: {fact: as_of, is: 2026-01-01}", "wrong-operator", "`is:` does not go with `as_of`", "is"),
    ("when: {fact: as_of, happened: true}", "wrong-operator", "`happened:` does not go with `as_of`", "happened"),
    ("when: {fact: lead_plan, one_of: []}", "nothing-here", "this list is empty", "one_of"),
    ("when: {fact: lead_plan, one_of: none}", "wrong-shape", "a list is wanted here", "none"),
    ("when: {fact: current_team, is: {fact: lead_plan}}", "wrong-value", "`current_team` cannot be compared with `lead_plan`", "lead_plan"),
    ("when: {fact: current_team, is: {}}", "missing-key", "`fact:` is wanted here", "{"),
    ("when: {fact: current_team, is: {fact: last_holding_team, or: x}}", "unknown-key", "`or` does not belong beside `fact:`", "or"),
    ("when: {fact: days_in_care_since_14, at_least: -1}", "wrong-value", "`-1` is no whole number that can stand here", "-1"),
    ("when: {fact: looked_after, is: perhaps}", "wrong-value", "`looked_after` cannot be `perhaps`", "perhaps"),
    ("when: {fact: care_order_made_on, happened: perhaps}", "wrong-value", "`perhaps` is neither yes nor no", "perhaps"),
    ("when: {fact: care_order_made_on, before: [a]}", "wrong-shape", "a fact's name or a timescale is wanted here", "["),
    ("when: {fact: care_order_made_on, before: lead_plan}", "wrong-value", "`lead_plan` is no date", "lead_plan"),
    ("when: {fact: care_order_made_on, before: 2026-2-3}", "wrong-value", "`2026-2-3` is no date", "2026-2-3"),
    ("when: {fact: care_order_made_on, before: deadline}", "wrong-value", "`deadline` cannot stand here", "deadline"),
    ("when: {fact: care_order_made_on, within: {on: as_of}}", "wrong-value", "`within:` takes a length of time from an event", "{"),
    ("when: {age_under: 151}", "wrong-value", "`151` is no whole number that can stand here", "151"),
    ("when: {fact: current_team, is: corut}", "unknown-team", "unknown team `corut`", "corut"),
    ("when: {fact: home_area, is: nort}", "unknown-area", "unknown area `nort`", "nort"),
    ("when: {any: [], of: 2}", "unknown-key", "`of` does not belong beside `any:`", "of"),
    ("when: {fact: lead_plan, is: none, any: []}", "one-of", "`any:` stands beside `fact:`", "any"),
    ("when: {age_under: 16, after: as_of}", "unknown-key", "`after` does not belong beside `age_under:`", "after"),
    ("when: {decision: d}", "missing-key", "a condition on a decision needs `is:`", "{"),
    ("when: {decision: d, is: courd}", "unknown-team", "unknown team `courd`", "courd"),
    ("when: {use: t}", "wrong-value", "`t` is a timescale", "t"),
    ("when: {use: [t]}", "wrong-shape", "one word or line of text is wanted here", "["),
    ("when: {not: c}", "wrong-shape", "a condition takes `key: value` pairs", "c"),
    ("when: [c]", "wrong-shape", "a condition takes `key: value` pairs", "["),
    # Timescales.
    ("deadline: {}", "one-of", "a timescale needs a length or a day", "{"),
    ("deadline: as_of", "wrong-shape", "a timescale takes `key: value` pairs", "as_of"),
    ("deadline: {days: 3}", "one-of", "`days:` needs `after:` or `before:`", "days"),
    ("deadline: {days: 3, after: as_of, before: as_of}", "one-of", "`before:` stands beside `after:`", "before"),
    ("deadline: {days: 3, weeks: 1, after: as_of}", "one-of", "`weeks:` stands beside `days:`", "weeks"),
    ("deadline: {dayz: 3, after: as_of}", "unknown-key", "unknown key `dayz`", "dayz"),
    ("deadline: {days: three, after: as_of}", "wrong-value", "`three` is no whole number that can stand here", "three"),
    ("deadline: {days: 010, after: as_of}", "wrong-value", "`010` is no whole number that can stand here", "010"),
    ("deadline: {days: 1_000, after: as_of}", "wrong-value", "`1_000` is no whole number that can stand here", "1_000"),
    ("deadline: {days: 4.0, after: as_of}", "wrong-value", "`4.0` is no whole number that can stand here", "4.0"),
    ("deadline: {on: as_of, after: as_of}", "unknown-key", "`after:` does not belong beside `on:`", "after"),
    ("deadline: {on: as_of, otherwise: {on: as_of}}", "missing-key", "`otherwise:` needs `when:`", "{"),
    ("deadline: {at_once: no}", "wrong-value", "only `true` can stand here", "no"),
    ("deadline: {none: }", "nothing-here", "nothing stands after `none:`", "none"),
    ("deadline: {soonest_of: []}", "nothing-here", "this list is empty", "soonest_of"),
    ("deadline: {use: c}", "wrong-value", "`c` is a condition", "c"),
    ("deadline: {use: m}", "wrong-value", "`m` counts from the move itself", "m"),
    ("deadline: {months: 10000, after: {months: 10000, after: as_of}}", "too-large", "this counts over more than 1000 years", "{"),
    # Rules.
    ("from: {any_but: [court]}", "unknown-key", "`any_but` does not belong beside `any_except:`", "any_but"),
    ("from: {}", "missing-key", "`any_except:` is wanted here", "{"),
    ("from: []", "nothing-here", "this list is empty", "["),
    ("from: {any_except: []}", "nothing-here", "this list is empty", "any_except"),
    ("transfer_to: {team: {fact: lead_plan}}", "wrong-value", "`lead_plan` names no team", "lead_plan"),
    ("transfer_to: {team: permanence, area: {fact: lead_plan}}", "wrong-value", "`lead_plan` names no area", "lead_plan"),
    ("transfer_to: {team: court, area: north}", "unknown-area", "team `court` has no area `north`", "north"),
    ("transfer_to: {area: north}", "missing-key", "`transfer_to:` needs `team:`", "{"),
    ("stay: no", "wrong-value", "only `true` can stand here", "no"),
    ("stay: maybe", "wrong-value", "`maybe` is neither yes nor no", "maybe"),
    ("stay: {until: {on: as_of}, yeilds: true}", "unknown-key", "unknown key `yeilds`", "yeilds"),
    ("{stay: true, deadline: {on: as_of}}", "wrong-value", "`deadline:` does not go with `stay:`", "deadline"),
    ("overrides: [g]", "unknown-rule", "unknown rule `g`", "g"),
    ("overrides: [{rule: other, group: g}]", "one-of", "`group:` stands beside `rule:`", "group"),
    ("overrides: other", "wrong-shape", "a list is wanted here", "other"),
    ("overrides: [ , other]", "not-yaml", "this is not YAML: something is missing before this", ","),
    ("people_decide: {who: w, question: q, between: []}", "nothing-here", "`between:` is empty", "between"),
    ("people_decide: {who: w, question: q, between: [court, stays]}", "unknown-team", "unknown team `stays`", "stays"),
    ("people_decide: {who: w, question: q, between: [court], settled_by: o}", "wrong-value", "`o` does not name a team", "o"),
    ("people_decide: {who: w, question: q, between: [court], valid: {before: as_of}}", "missing-key", "`valid:` needs `settled_by:`", "valid"),
    ("people_decide: {who: w, question: q, between: [court], settled_by: d, valid: {}}", "nothing-here", "`valid:` is empty", "{"),
    ("label: a, b", "", "", ""),
    ('label: ""', "nothing-here", "this text is empty", '""'),
    ("label: [a]", "wrong-shape", "one word or line of text is wanted here", "["),
    ("label: {a: b}", "wrong-shape", "one word or line of text is wanted here", "{"),
]  # fmt: skip

_NAMES = """\
decisions: {d: {label: D}, o: {label: O, options: [a, b]}}
definitions:
  c: {when: {fact: lead_plan, is: none}}
  t: {timescale: {days: 3, after: as_of}}
  m: {timescale: {days: 3, before: handover}}
"""


def rule_with(part: str) -> str:
    """Return the smallest pack whose one rule has this part."""
    keys = {"id": "r", "from": "assessment", "transfer_to": "permanence"}
    name = part.removeprefix("{").partition(":")[0]
    if name in ("stay", "people_decide"):
        del keys["transfer_to"]
    parts = [part.removeprefix("{").removesuffix("}")] if part.startswith("{") else [part]
    lines = [f"{key}: {value}" for key, value in keys.items() if key != name] + parts
    rule = "  - " + "\n    ".join(line.replace(", deadline", "\n    deadline") if part.startswith("{") else line for line in lines) + "\n"
    return small(more=_NAMES, rules=f"rules:\n{rule}  - {{id: other, group: g, from: court, stay: true}}\n")


class TestMessages:
    """Each message is about the author's own word, and points at it."""

    @pytest.mark.parametrize(("part", "code", "message", "word"), MESSAGES, ids=[part for part, *_ in MESSAGES])
    def test_a_faulty_part_of_a_rule_is_named_at_the_word(self, part, code, message, word):
        text = rule_with(part)
        if not code:
            assert policy_of(text).rules["r"]
            return
        fault = fault_in(text)
        assert (fault.code, fault.message, word_at(text, fault)) == (code, message, word)
        assert fault.why
        assert fault.mend

    @pytest.mark.parametrize(
        ("more", "code", "message", "word"),
        [
            ("local_facts: {x: {type: choice, label: X, ask: X?}}", "missing-key", "`x` needs `options:`", "{"),
            ("local_facts: {x: {type: date, options: [a], label: X, ask: X?}}", "unknown-key", "`options:` does not belong to `x`", "options"),
            ("local_facts: {deadline: {type: date, label: X, ask: X?}}", "odd-id", "`deadline` is reserved", "deadline"),
            ("local_facts: {x: {type: dat, label: X, ask: X?}}", "wrong-value", "unknown type of fact `dat`", "dat"),
            ("local_facts: {x: {type: date, group: cort, label: X, ask: X?}}", "wrong-value", "unknown group of facts `cort`", "cort"),
            ("local_facts: {x: }", "nothing-here", "nothing stands after `x:`", "x"),
            ("definitions: {x: {label: X}}", "one-of", "a definition needs one of `when:`, `timescale:`", "{"),
            ("definitions: {x: [a]}", "wrong-shape", "a definition takes `key: value` pairs", "["),
            ("definitions: {x: }", "nothing-here", "nothing stands after `x:`", "x"),
            ("calendar: {region: mars}", "wrong-value", "unknown region `mars`", "mars"),
            ("calendar: {region: england, closed: [{on: 2055-01-01, label: X}]}", "wrong-value",
             "`2055-01-01` lies outside the calendar", "2055-01-01"),
            ("checklists: {x: {applies: {}, items: []}}", "nothing-here", "`items:` is empty", "items"),
            ("checklists: {x: {applies: [], items: [{id: i, label: I}]}}", "nothing-here", "this list is empty", "applies"),
            ("checklists: {x: {applies: {outcome: tranfer}, items: [{id: i, label: I}]}}", "wrong-value", "unknown outcome `tranfer`", "tranfer"),
            ("checklists: {x: {applies: {outcome: stay}, items: [{id: i, label: I}]}}", "wrong-value",
             "`x` cannot belong to this outcome", "applies"),
            ("checklists: {x: {applies: {}, items: [i]}}", "unknown-item", "unknown item `i`", "i"),
            ("checklists: {x: {applies: {}, items: [{id: i, label: I, fresh_for: {}}]}}", "nothing-here", "`fresh_for:` is empty", "{"),
            ("checklists: {x: {applies: {}, items: [{id: i, label: I, fresh_for: {years: 1}}]}}", "unknown-key",
             "`years` does not belong beside `months:`", "years"),
            ("checklists: {x: {applies: {}, items: [{id: i, label: I, fresh_for: {weeks: 1, days: 1}}]}}", "one-of",
             "`days:` stands beside `weeks:`", "days"),
            ("checklists: {x: {applies: {}, items: [{id: i, label: I, fresh_for: 1}]}}", "wrong-shape", "`fresh_for:` takes `key: value` pairs", "1"),
            ("checklists: {otherwise: {applies: {}, items: [{id: i, label: I}]}}", "odd-id", "`otherwise` is reserved", "otherwise"),
            ("leave_to_people: [{rules: [plan_to_permanence], who: w, question: q}]", "nothing-here", "one rule alone does not clash", "rules"),
            ("clauses: {guidance: {M 1: why}}", "odd-id", "`M 1` cannot be a clause", "M 1"),
            ("clauses: {guidance: [M-1]}", "wrong-shape", "`guidance:` takes `key: value` pairs", "["),
            ("duties: [{id: d, kind: notice, label: tell the manager, and the team}]", "unknown-key",
             "this text has come loose from the one before it", "and the team"),
            ("interpretations: [{id: i, clauses: [], question: q, reading: r}]", "nothing-here", "`clauses:` is empty", "clauses"),
            ("unknown_section: {}", "unknown-key", "unknown key `unknown_section`", "unknown_section"),
        ],
    )  # fmt: skip
    def test_a_faulty_part_of_a_pack_is_named_at_the_word(self, more, code, message, word):
        text = small(more=more + "\n")
        fault = fault_in(text)
        assert (fault.code, fault.message, word_at(text, fault)) == (code, message, word)
        assert fault.why
        assert fault.mend

    @pytest.mark.parametrize("name", ["any", "stay", "close", "none", "other_authority"])
    def test_a_team_cannot_take_a_reserved_name(self, name):
        assert fault_in(small(head=HEAD.replace("court: {label", f"{name}: {{label"))).message == f"`{name}` is reserved"

    def test_an_area_cannot_have_two_labels(self):
        teams = "teams: {assessment: {label: A, areas: {north: North}}, permanence: {label: P, areas: {north: N}}}\n"
        fault = fault_in(small(head=HEAD.partition("teams:")[0] + teams))
        assert (fault.code, fault.message, fault.also[0][1]) == ("repeated-id", "area `north` has two labels", "here it is `North`")

    def test_an_area_with_a_label_in_one_team_has_it_in_every_team(self):
        for teams in ("court: {label: C, areas: [north]}, permanence: {label: P, areas: {north: North}}",
                      "permanence: {label: P, areas: {north: North}}, court: {label: C, areas: [north]}"):  # fmt: skip
            head = HEAD.partition("teams:")[0] + f"teams: {{assessment: {{label: A}}, {teams}}}\n"
            assert policy_of(small(head=head)).areas == {"north": "North"}

    def test_the_last_day_cannot_lie_before_the_first(self):
        text = small(head=HEAD.replace("{from: 2025-04-01}", "{from: 2025-04-01, until: 2025-03-31}"))
        assert word_at(text, fault_in(text)) == "2025-03-31"

    def test_a_look_alike_letter_is_pointed_out(self):
        fault = fault_in(small(rules=RULE.replace("transfer_to: permanence", "transfer_to: реrmanence")))
        assert fault.why.startswith("`р` (U+0440) is no letter from a to z")
        assert fault.mend == "did you mean `permanence`?"

    def test_a_look_alike_letter_in_a_name_is_pointed_out(self):
        assert "U+0441" in fault_in(small(head=HEAD.replace("court:", "сourt:"))).why

    def test_the_words_of_an_author_stay_on_their_line(self):
        fault = fault_in(small(rules=RULE.replace("transfer_to: permanence", 'transfer_to: "x\\ny.yaml:1:1: error: all is well"')))
        assert str(fault).split("\n")[0].endswith(r"unknown team `x\x0ay.yaml:1:1: error: all is well` [unknown-team]")

    def test_the_words_of_an_author_cannot_command_a_terminal(self):
        fault = fault_in(small(rules=RULE.replace("transfer_to: permanence", 'transfer_to: "\\e[2J"')))
        assert str(fault).replace("\n", "").isprintable()

    def test_a_very_long_word_does_not_flood_the_message(self):
        assert len(str(fault_in(small(rules=RULE.replace("transfer_to: permanence", f"transfer_to: {'x' * 100_000}"))))) < 3_000

    def test_a_very_long_line_is_cut(self):
        text = small(rules=RULE.replace("[{", "[{label: " + "x" * 300 + ", ").replace("id: plan", "di: plan"))
        assert len(faults_in(text)[0].line_text) in (0, MAX_LINE_SHOWN)

    def test_a_near_fact_of_the_pack_itself_is_given_with_its_line(self):
        fault = fault_in(changed(("{working_days: 8, after: planning_meeting_on}", "{working_days: 8, after: planing_meeting_on}")))
        assert fault.mend == "did you mean `planning_meeting_on`, declared at line 19?"
        assert "`local_facts:` (line 18)" in fault.why

    def test_a_near_standard_fact_is_given_without_a_line(self):
        assert fault_in(small(rules=RULE.replace("lead_plan", "leed_plan"))).mend == "did you mean `lead_plan`?"

    def test_a_caret_line_ends_with_its_line(self):
        fault = fault_in(small(rules=RULE.replace("transfer_to: permanence", "transfer_to:\n  a team\n  of two lines")))
        _, line, caret, *_ = str(fault).split("\n")
        assert len(caret) == len(line)


class TestRivalReadings:
    """The rival reading of an interpretation is the same pack with the keys of `instead` in place."""

    def test_the_rival_reading_of_the_pack_compiles_and_differs(self):
        policies = (marlshire(), marlshire().readings["end_of_the_second_week"])
        assert [policy.rules["final_order_to_permanence"].deadline.unit for policy in policies] == ["weeks", "working_days"]

    def test_a_rival_reading_decides_differently(self):
        example = next(one for one in EXAMPLES if "fortnight" in one.name)
        rival = marlshire().readings["end_of_the_second_week"]
        assert evaluate(marlshire(), example.snapshot).deadline != evaluate(rival, example.snapshot).deadline

    def test_a_rival_reading_has_a_digest_of_its_own(self):
        assert marlshire().readings["end_of_the_second_week"].identity.digest != marlshire().identity.digest

    def test_one_effect_takes_the_place_of_another(self):
        rival = rival_of("{plan_to_permanence: {stay: true}}").rules["plan_to_permanence"]
        assert type(rival.effect).__name__ == "Stay"

    def test_a_condition_can_take_the_place_of_a_timescale(self):
        more = "definitions: {x: {timescale: {on: as_of}}}\n"
        assert "when" not in str(rival_of("{x: {when: {fact: lead_plan, is: none}}}", more).pack.definitions["x"].node)

    def test_a_rule_can_be_off(self):
        assert "plan_to_permanence" not in rival_of("{plan_to_permanence: {off: true}}").rules

    def test_a_rule_kept_for_the_rival_reading_can_be_on(self):
        rules = RULE.replace("transfer_to: permanence}", "transfer_to: permanence, off: true}")
        assert "plan_to_permanence" in rival_of("{plan_to_permanence: {off: false}}", rules=rules).rules

    def test_a_changed_definition_reaches_rules_items_duties_and_lists(self):
        more = (
            "definitions: {x: {when: {fact: lead_plan, is: none}}}\n"
            "checklists: {l: {applies: {when: {use: x}}, items: [{id: i, label: I, when: {use: x}}]}}\n"
            "duties: [{id: d, kind: task, label: D, when: {use: x}}]\n"
        )
        rules = "rules: [{id: r, from: any, when: {use: x}, stay: true}]\n"
        pack = rival_of("{x: {when: {fact: lead_plan, is: in_care}}}", more, rules=rules).pack
        used = [pack.rules[0].when, pack.items["i"].when, pack.duties[0].when, pack.checklists[0].applies[0].when]
        assert [use.condition.value for use in used] == ["in_care"] * 4
        assert pack.definitions["x"].node.value == "in_care"

    def test_a_changed_definition_reaches_what_uses_it_through_another_and_nothing_else(self):
        more = (
            "definitions: {z: {when: {use: y}}, y: {when: {not: {use: x}}}, x: {when: {fact: lead_plan, is: none}}, w: {when: {not: {use: v}}}, "
            "v: {when: {fact: lead_plan, is: none}}}\n"
            "checklists: {l: {applies: {}, items: [{id: i, label: I, when: {use: z}}, {id: j, label: J, when: {use: w}}]}}\n"
        )
        rules = "rules: [{id: r, from: any, when: {use: z}, stay: true}, {id: s, from: any, when: {use: w}, stay: true}]\n"
        rival = rival_of("{x: {when: {fact: lead_plan, is: in_care}}}", more, rules=rules).pack
        parts = {**{rule.id: rule for rule in rival.rules}, **rival.items, **rival.definitions}
        assert {name for name, part in parts.items() if "in_care" in str(part)} == {"r", "i", "x", "y", "z"}
        assert {name for name, part in parts.items() if "none" in str(part).replace("None", "")} == {"s", "j", "v", "w"}

    def test_what_no_rival_reading_touches_is_the_very_same_part(self):
        more = "definitions: {x: {when: {fact: lead_plan, is: none}}}\nchecklists: {l: {applies: {}, items: [{id: i, label: I}]}}\n"
        rival = "interpretations: [{id: i1, clauses: [M-1], question: q, reading: r, instead: {x: {when: {fact: lead_plan, is: in_care}}}}]\n"
        pack = policy_of(small(more=more + rival)).pack
        other = pack.readings["i1"]
        assert other.rules[0] is pack.rules[0]
        assert other.checklists[0] is pack.checklists[0]
        assert other.items["i"] is pack.items["i"]
        assert other.definitions["x"] != pack.definitions["x"]

    def test_a_circle_of_definitions_that_only_a_rival_reading_closes_is_found(self):
        more = "definitions: {x: {when: {fact: lead_plan, is: none}}, y: {when: {use: x}}}\n"
        with pytest.raises(PackError) as caught:
            rival_of("{x: {when: {not: {use: y}}}}", more)
        (fault,) = caught.value.diagnostics
        assert (fault.code, fault.message) == ("circle", "`x` is defined by itself")

    def test_a_part_that_cannot_use_the_other_reading_of_a_definition_is_a_fault_of_its_own(self):
        more = "definitions: {x: {timescale: {days: 3, after: as_of}}}\n"
        rules = "rules: [{id: r, from: any, transfer_to: court, deadline: {use: x}}]\n"
        with pytest.raises(PackError) as caught:
            rival_of("{x: {timescale: {days: 3, after: transfer_point}}}", more, rules=rules)
        (fault,) = caught.value.diagnostics
        assert (fault.code, fault.message) == ("wrong-value", "`x` counts from the move itself")
        assert [text for _, text in fault.also] == ["this is the rival reading of `i1`"]

    def test_a_definition_and_a_rule_can_change_together(self):
        more = "definitions: {x: {when: {fact: lead_plan, is: none}}}\n"
        rules = "rules: [{id: r, from: any, when: {use: x}, stay: true}]\n"
        rule = rival_of("{x: {when: {fact: lead_plan, is: in_care}}, r: {label: changed}}", more, rules=rules).rules["r"]
        assert (rule.label, rule.when.condition.value) == ("changed", "in_care")

    def test_a_rule_that_joins_a_group_is_overridden_with_it(self):
        others = "{id: b, group: g, from: any, stay: true}, {id: c, from: any, stay: true}"
        rules = f"rules: [{{id: a, from: any, stay: true, overrides: [{{group: g}}]}}, {others}]\n"
        assert rival_of("{c: {group: g}}", rules=rules).rules["a"].overrides == {"b", "c"}

    def test_an_item_and_a_duty_can_change(self):
        more = "checklists: {l: {applies: {}, items: [{id: i, label: I}]}}\nduties: [{id: d, kind: task, label: D}]\n"
        rival = rival_of("{i: {label: J}, d: {label: E}}", more)
        assert (rival.pack.items["i"].label, rival.duties[0].label) == ("J", "E")

    @pytest.mark.parametrize(
        ("instead", "code", "message"),
        [
            ("{plan_to_permanance: {off: true}}", "unknown-part", "unknown part `plan_to_permanance`"),
            ("{plan_to_permanence: {dedline: {on: as_of}}}", "unknown-key", "unknown key `dedline`"),
            ("{plan_to_permanence: {when: {fact: lead_plan, is: in_caer}}}", "wrong-value", "`lead_plan` cannot be `in_caer`"),
            ("{plan_to_permanence: off}", "wrong-shape", "`plan_to_permanence:` takes `key: value` pairs"),
            ("{plan_to_permanence: {id: other}}", "wrong-value", "`id:` cannot change"),
            ("{}", "nothing-here", "`instead:` is empty"),
            ("plan_to_permanence", "wrong-shape", "`instead:` takes `key: value` pairs"),
            ("{x: {off: true}}", "unknown-key", "unknown key `off`"),
        ],
    )
    def test_a_faulty_rival_reading_is_one_fault(self, instead, code, message):
        with pytest.raises(PackError) as caught:
            rival_of(instead, "definitions: {x: {when: {fact: lead_plan, is: none}}}\n")
        (fault,) = caught.value.diagnostics
        assert (fault.code, fault.message) == (code, message)


def rival_of(instead: str, more: str = "", rules: str = RULE):
    """Return the policy under the rival reading of the one interpretation."""
    rival = f"interpretations: [{{id: i1, clauses: [M-1], question: q, reading: r, instead: {instead}}}]\n"
    return policy_of(small(more=more + rival, rules=rules)).readings["i1"]


class TestDigest:
    """The digest names what a pack says, and nothing else."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("# weekends", "# Weekends"),
            ("{name: Marlshire Council}", "{name:   Marlshire Council}"),
            ("{name: Marlshire Council}", "{name: 'Marlshire Council'}"),
            ("{name: Marlshire Council}", "\n  name: Marlshire Council"),
            ("from: assessment, when: {fact: lead_plan, is: in_care}", "when: {is: in_care, fact: lead_plan}, from: assessment"),
        ],
    )
    def test_comments_layout_quotes_and_the_order_of_keys_leave_it_as_it_is(self, old, new):
        text = "# weekends\n" + small()
        assert policy_of(changed((old, new), text=text)).identity.digest == policy_of(text).identity.digest

    def test_it_is_the_same_from_a_path_and_with_other_line_ends(self):
        assert policy_of(TEXT.replace("\n", "\r\n")).identity.digest == marlshire().identity.digest

    @pytest.mark.parametrize(("old", "new"), [("in_care", "pathway"), ('"3.1"', '"3.10"'), ("the case stays", "it stays"), ("north, ", "")])
    def test_it_changes_with_the_content(self, old, new):
        assert policy_of(changed((old, new), text=small())).identity.digest != policy_of(small()).identity.digest


class TestCalendarAndTypes:
    """Text stays text until a key asks for a type; the calendar is that of the pack's region."""

    @pytest.mark.parametrize(("region", "closed"), [("england", False), ("wales", False), ("scotland", True), ("northern_ireland", False)])
    def test_the_calendar_is_that_of_the_region(self, region, closed):
        policy = policy_of(small(more=f"calendar: {{region: {region}}}\n"))
        saint_andrew = next(day for day in (CaseSnapshot(as_of="2026-11-30").as_of,))
        assert (policy.calendar.name, policy.calendar.is_working_day(saint_andrew)) == (region, not closed)

    def test_a_closure_does_not_count(self):
        policy = policy_of(small(more="calendar: {region: england, closed: [{on: 2026-12-29, label: Council closed}]}\n"))
        assert not policy.calendar.is_working_day(CaseSnapshot(as_of="2026-12-29").as_of)

    @pytest.mark.parametrize("edition", ["4.10", "010", "1_000", "12:30", "no", "2024-02-30", "0x1F", "1e3"])
    def test_a_text_is_kept_as_it_is_written(self, edition):
        assert policy_of(small(head=HEAD.replace('"3.1"', edition))).pack.edition == edition

    def test_a_clause_is_kept_as_it_is_written(self):
        assert policy_of(small(rules=RULE.replace("from:", "clauses: [4.10, 4.1], from:"))).rules["plan_to_permanence"].clauses == ("4.10", "4.1")

    def test_the_clauses_of_an_override_are_clauses_of_the_rule(self):
        assert marlshire().rules["repeat_referral_goes_back"].clauses == ("MAR-2.3", "MAR-2.4")

    def test_a_date_in_a_condition_is_a_date(self):
        policy = policy_of(small(rules=RULE.replace("{fact: lead_plan, is: in_care}", "{fact: care_order_made_on, before: 2026-04-02}")))
        assert isinstance(policy.rules["plan_to_permanence"].when, Compare)

    def test_a_team_can_come_from_a_fact(self):
        assert marlshire().rules["repeat_referral_goes_back"].effect.team == FromFact("last_holding_team")


class TestHostileText:
    """Whatever stands in a file, one PackError with a place comes of it, soon."""

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "empty"),
            (b"\n\n# only a comment\n", "empty"),
            (b"---\n", "wrong-shape"),
            (b"just words\n", "wrong-shape"),
            (b"- a\n- list\n", "wrong-shape"),
            (b"a: *b\n", "alias"),
            (b"a: &b 1\n", "anchor"),
            (b"<<: {a: 1}\n", "odd-key"),
            (b"? [a]\n: b\n", "odd-key"),
            (b"{a: 1}: b\n", "odd-key"),
            (b"a: !!python/object/apply:os.system [date]\n", "tag"),
            (b"a: !x y\n", "tag"),
            (b"a: ! y\n", "tag"),
            (b"!!map {a: 1}\n", "tag"),
            (b"%YAML 1.1\n---\na: 1\n", "directive"),
            (b"%TAG ! tag:x,2000:\n---\na: 1\n", "directive"),
            (b"%FOO bar\n---\na: 1\n", "directive"),
            (b"a: 1\n---\nb: 2\n", "second-document"),
            (b"a: 1\n...\nb: 2\n", "second-document"),
            (b"a: [1, 2\n", "not-yaml"),
            (b"a: {b: 1\n", "not-yaml"),
            (b"a: 'b\n", "not-yaml"),
            (b'a: "b\n', "not-yaml"),
            (b'a: "\\q"\n', "not-yaml"),
            (b"a: b: c\n", "not-yaml"),
            (b"a: 1\n b: 2\n", "not-yaml"),
            (b"a: 1\nb\nc: 2\n", "not-yaml"),
            (b"a:\n\tb: 1\n", "not-yaml"),
            (b"a: @b\n", "not-yaml"),
            (b'a: "\\UFFFFFFFF"\n', "not-yaml"),
            (b"a: - b\n", "not-yaml"),
            (b"a: ? b\n", "not-yaml"),
            (b"a: [b,,c]\n", "not-yaml"),
            (b"x:\n  a: 1\n b: 2\n", "not-yaml"),
            (b"%YAML 3.1\n---\na: 1\n", "not-yaml"),
            (b"a\x00b: 1\n", "odd-character"),
            (b"a: \x1b[31m\n", "odd-character"),
            (b"a: 1\rb: 2\r", "odd-character"),
            ("a: b\u202ec\n".encode(), "odd-character"),
            ("a: b\u2066c\n".encode(), "odd-character"),
            ("a: b\u200bc\n".encode(), "odd-character"),
            ("a: b\u2028c\n".encode(), "odd-character"),
            ("a: b\x85c\n".encode(), "odd-character"),
            ("a: b\ufeffc\n".encode(), "odd-character"),
            ("a: \ufffe\n".encode(), "odd-character"),
            ("a: \U0001ffff\n".encode(), "odd-character"),
            ("a: 1\n".encode("utf-16"), "not-utf8"),
            ("a: 1\n".encode("utf-16-be"), "odd-character"),
            ("a: 1\n".encode("utf-32"), "not-utf8"),
            (b"a: caf\xe9\n", "not-utf8"),
            (b"a: \xed\xa0\x80\n", "not-utf8"),
            (b"a: 1" + b" " * PACK_BYTES, "too-large"),
            (b"a: [" + b"1," * PACK_NODES + b"1]\n", "too-large"),
            (b"a: " + b"[" * 10_000 + b"]" * 10_000, "too-deep"),
            (b"a: " + b"[" * 10_000, "too-deep"),
            (b"a:\n" + b"".join(b" " * n + b"- \n" for n in range(1, 1_000)), "too-deep"),
            (b"".join(b" " * n + b"a:\n" for n in range(700)), "too-deep"),
            (b"# " + b"]" * 5_000 + b"\na: " + b"[\n" * 5_000, "too-deep"),
            (b"- " * 10_000, "too-deep"),
            (b"? " * 10_000, "too-deep"),
            (b"a: {x: &a [1,1,1], y: &b [*a,*a,*a]}\n", "anchor"),
            (b"a: &a\n  <<: [*a, *a]\n", "anchor"),
        ],
    )  # fmt: skip
    def test_it_is_refused_with_its_place(self, data, code):
        began = time.process_time()
        fault = fault_in(data)
        assert fault.code == code
        assert fault.location is not None
        assert time.process_time() - began < 10

    @pytest.mark.parametrize(
        "data",
        [
            b"a: " + b"x" * (PACK_BYTES - 100),
            b'a: "' + b"\\x41" * 100_000 + b'"\n',
            b"a: '" + b"''" * 200_000 + b"'\n",
            b"a: |\n" + b" x\n" * 150_000,
            b"a: >\n" + b" x\n\n" * 100_000,
            b"a:\n" + b"  x\n" * 100_000,
            b"\n" * 500_000,
            b"#\n" * 200_000,
            b"a: b\n" * 20_000,
            b"".join(b"k%d: v\n" % n for n in range(9_000)),
            b"a: " + b"b: " * 100_000,
            b"a: " + b'"' * 100_000,
            b"a: " + b"'x' " * 50_000,
            b"a: " + b"{}," * 50_000,
            b"a: 9" + b"9" * 400_000,
            b"a: " + b"-" * 400_000,
            b"a: [" + b"?," * 100_000,
        ],
    )
    def test_much_of_anything_is_refused_in_good_time(self, data):
        began = time.process_time()
        assert faults_in(data)
        assert time.process_time() - began < 20

    def test_a_file_may_begin_with_a_byte_order_mark(self):
        assert policy_of(b"\xef\xbb\xbf" + small().encode()).rules

    def test_a_file_may_have_windows_line_ends(self):
        assert policy_of(small().replace("\n", "\r\n")).rules

    def test_a_faulty_byte_is_named_at_its_place(self):
        fault = fault_in(small().replace("Court", "Courté").encode("latin-1"))
        assert (fault.location.line, fault.location.column) == (5, small().split("\n")[4].index("Court") + 6)

    def test_a_bracket_that_is_never_closed_is_named_where_it_opens(self):
        fault = fault_in("a: 1\nb: [c\nd: e\n")
        assert [(place.line, place.column, text) for place, text in fault.also] == [(2, 4, "the bracket opens here")]

    @pytest.mark.parametrize(
        ("text", "where", "said"),
        [
            ("a: 1\nb\nc: 2\n", (2, 1), "this line has no key"),
            ("a: 1\n b: 2\n", (2, 3), "a colon cannot stand here"),
            ("a: 'b\nc: d\n", (1, 4), "this quote is never closed"),
            ("a:\n\tb: 1\n", (2, 1), "a tab stands here"),
            ("a: @b\n", (1, 4), "a text cannot begin with this sign"),
            ('a: "\\q"\n', (1, 6), "a backslash stands in double quotes"),
            ("a: - b\n", (1, 4), "a list cannot begin here"),
            ("a: [b,,c]\n", (1, 7), "something is missing before this"),
            ("x:\n  a: 1\n b: 2\n", (3, 2), "this does not fit the lines above it"),
        ],
    )
    def test_a_syntax_error_is_said_in_plain_words(self, text, where, said):
        fault = fault_in(text)
        assert ((fault.location.line, fault.location.column), fault.message) == (where, f"this is not YAML: {said}")

    def test_nesting_up_to_the_bound_is_read(self):
        levels = MAX_DEPTH - 4
        when = "{not: " * levels + "{fact: lead_plan, is: none}" + "}" * levels
        assert policy_of(small(rules=RULE.replace("{fact: lead_plan, is: in_care}", when))).rules

    def test_brackets_up_to_the_bound_are_no_reason_to_refuse(self):
        assert policy_of("# " + "[" * MAX_OPEN_BRACKETS + "\n" + small()).rules

    def test_many_names_and_many_slips_are_told_in_good_time(self):
        teams = "".join(f"  team_{n:05}: {{label: T}}\n" for n in range(3_000))
        wrong = "".join(f", taem_{n:05}" for n in range(3_000))
        head = HEAD.partition("teams:")[0] + "teams:\n  assessment: {label: A}\n" + teams
        began = time.process_time()
        found = faults_in(small(head=head, rules=f"rules: [{{id: r, from: [assessment{wrong}], stay: true}}]\n"))
        assert {fault.code for fault in found} == {"unknown-team"}
        assert len(found) == 3_000
        assert time.process_time() - began < 30

    def test_definitions_that_double_at_each_step_are_refused(self):
        assert fault_in(small(more=doubling(60))).code == "too-large"

    def test_a_pack_that_grows_too_large_by_its_names_is_refused_once(self):
        rules = "rules:\n" + "".join(f"  - {{id: r{n}, from: any, when: {{use: d10}}, stay: true}}\n" for n in range(200))
        assert fault_in(small(more=doubling(11), rules=rules)).code == "too-large"

    def test_too_many_rules_are_refused(self):
        rules = "rules:\n" + "".join(f"  - {{id: r{n}, group: g, from: any, stay: true, overrides: [{{group: g}}]}}\n" for n in range(MAX_RULES + 1))
        assert {fault.message for fault in faults_in(small(rules=rules))} >= {f"there are more than {MAX_RULES} rules"}

    def test_too_many_rival_readings_are_refused(self):
        rules = "rules:\n" + "".join(f"  - {{id: r{n}, from: any, stay: true}}\n" for n in range(400))
        one = "  - {{id: i{n}, clauses: [M-1], question: q, reading: r, instead: {{r0: {{off: true}}}}}}\n"
        text = small(rules=rules, more="interpretations:\n" + "".join(one.format(n=n) for n in range(1_500)))
        assert fault_in(text).message == f"up to here the rival readings make more than {MAX_REREAD} parts"

    def test_conditions_that_reach_the_bounds_are_decided(self):
        lines = ["  d0: {when: {all: [{fact: lead_plan, is: none}]}}\n", *(f"  d{n}: {{when: {{all: [{{use: d{n - 1}}}]}}}}\n" for n in range(1, 26))]
        rules = RULE.replace("{fact: lead_plan, is: in_care}", "{not: " * 10 + "{use: d25}" + "}" * 10)
        policy = policy_of(small(more="definitions:\n" + "".join(lines), rules=rules))
        assert evaluate(policy, CaseSnapshot(as_of="2026-04-02", current_team="assessment")).outcome == "undetermined"

    def test_counts_upon_counts_stay_inside_the_years_of_a_date(self):
        deadline = "{months: 10000, after: {days: 10000, after: {birthday: 150}}}"
        policy = policy_of(small(rules=RULE.replace("transfer_to: permanence", f"transfer_to: permanence, deadline: {deadline}")))
        assert isinstance(policy.rules["plan_to_permanence"].deadline, Count)
        snapshot = CaseSnapshot(as_of="2150-04-02", current_team="assessment", lead_plan="in_care", date_of_birth="2150-04-01")
        assert evaluate(policy, snapshot).deadline.on.year > 3000


class TestMutatedPacks:
    """Whatever is done to a pack, it loads or is refused: every fault once, with its place, why and mend."""

    @pytest.mark.parametrize("seed", range(6))
    def test_a_mutated_pack_loads_or_is_refused_properly(self, seed):
        source = random.Random(seed)
        for _ in range(40):
            text = TEXT
            for _ in range(source.choice((1, 1, 2, 4))):
                text = mutated(text, source)
            found = outcome_of(text)
            assert found is None or found
            assert len({*(found or ())}) == len(found or ())
            assert all(fault.location and fault.message and fault.why and fault.mend for fault in found or ())

    @pytest.mark.parametrize("name", ['""', "''", "[]", "{}", "~"])
    @pytest.mark.parametrize("where", ["id: court_to_permanence", "id: chronology", "id: general_warning", "id: end_of_the_second_week"])
    def test_a_part_without_a_proper_name_is_refused(self, where, name):
        assert faults_in(changed((where, f"id: {name}")))

    @pytest.mark.parametrize("name", ['""', "[a]", "~"])
    def test_a_rival_reading_of_nothing_is_refused(self, name):
        assert faults_in(changed(("instead: {final_order_to_permanence:", f"instead: {{{name}:")))


def outcome_of(text: str) -> tuple[Diagnostic, ...] | None:
    """Return what is wrong with a pack's text, or None where it loads."""
    try:
        policy_of(text)
    except PackError as error:
        return error.diagnostics
    return None


_TOKEN = re.compile(r"[A-Za-z0-9_.-]+|[^A-Za-z0-9_.\s-]")
_TOKENS = sorted(set(_TOKEN.findall(TEXT)))
_VALUES = (
    "null",
    "~",
    "[]",
    "{}",
    "''",
    '""',
    "yes",
    "010",
    "-1",
    "2024-02-30",
    "{fact: lead_plan}",
    "[a]",
    "{a: b}",
    "as_of",
    "deadline",
    "any",
    "none",
)


def mutated(text: str, source: random.Random) -> str:
    """Return the text with one small thing changed: a word, a sign, a line, an indent."""
    lines, words = text.split("\n"), list(_TOKEN.finditer(text))
    word, line, index = source.choice(words), source.randrange(len(lines)), source.randrange(len(text))
    match source.randrange(7):
        case 0:
            return text[: word.start()] + source.choice(_TOKENS) + text[word.end() :]
        case 1:
            return text[: word.start()] + source.choice(_VALUES) + text[word.end() :]
        case 2:
            return text[: word.start()] + text[word.end() :]
        case 3:
            return "\n".join(lines[:line] + lines[line + 1 :])
        case 4:
            return "\n".join([*lines[:line], source.choice(lines), *lines[line:]])
        case 5:
            return "\n".join([*lines[:line], " " * source.randrange(8) + lines[line].strip(), *lines[line + 1 :]])
        case _:
            return text[:index] + source.choice("{}[],:'\"&*!%#|>- \n\t~?") + text[index:]


def doubling(steps: int) -> str:
    """Return definitions of which each uses the one before it twice."""
    lines = (f"  d{n}: {{when: {{all: [{{use: d{n - 1}}}, {{use: d{n - 1}}}]}}}}\n" for n in range(1, steps))
    return "definitions:\n  d0: {when: {fact: lead_plan, is: none}}\n" + "".join(lines)


class TestFiles:
    """Where a pack comes from: a name, a path, and what is no file at all."""

    def test_a_bare_name_is_a_bundled_pack(self):
        assert load_policy(bundled_packs()[0]).rules

    def test_an_unknown_name_is_answered_with_the_nearest(self, monkeypatch):
        monkeypatch.setattr(pack_files, "bundled_packs", lambda: ("marlshire", "westshire"))
        fault = only_fault("marlshir")
        assert (fault.code, fault.message, fault.mend) == ("unknown-pack", "no pack of the name `marlshir` is bundled", "did you mean `marlshire`?")
        assert "marlshire, westshire" in fault.why

    def test_an_unknown_name_is_answered_with_a_path(self, monkeypatch):
        monkeypatch.setattr(pack_files, "bundled_packs", tuple)
        assert only_fault("mine").mend == "for a file, give its path, such as ./mine.yaml"

    @pytest.mark.parametrize("name", ["./warrington", "policies/warrington", "warrington.yaml", Path("warrington")])
    def test_anything_with_a_separator_or_a_suffix_is_a_path(self, name):
        assert find_pack(name) == Path(name)

    def test_a_path_loads_like_its_bytes(self):
        assert load_policy(str(PATH)) == marlshire()

    @pytest.mark.parametrize("name", ["missing.yaml", "a\x00b.yaml", "x" * 5_000 + ".yaml", "."])
    def test_what_is_no_file_is_refused(self, name, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert only_fault(name if name != "." else tmp_path).code == "no-file"

    def test_a_folder_is_called_a_folder(self, tmp_path):
        assert only_fault(tmp_path).message == "this is a folder"

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
    def test_a_pipe_is_refused_and_never_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.yaml")
        command = [sys.executable, "-m", "transfer_rules", "check", str(tmp_path / "pipe.yaml")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, "no-file" in done.stderr) == (2, True)

    @pytest.mark.skipif(sys.platform == "win32", reason="links need rights here")
    def test_a_link_that_leads_to_itself_is_refused(self, tmp_path):
        (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
        assert only_fault(tmp_path / "loop.yaml").code == "no-file"

    @pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices here")
    def test_a_device_is_refused(self):
        assert only_fault(Path("/dev/zero")).code == "no-file"

    def test_a_file_that_may_not_be_read_is_refused(self, tmp_path, monkeypatch):
        path = tmp_path / "pack.yaml"
        path.write_text(small())

        def closed(*_args: object, **_more: object) -> None:
            raise PermissionError

        monkeypatch.setattr(os, "open", closed)
        assert only_fault(path).message == "it cannot be read"

    def test_a_pack_error_can_be_raised_again_in_another_process(self):
        with pytest.raises(PackError) as caught:
            policy_of("")
        assert pickle.loads(pickle.dumps(caught.value)).diagnostics == caught.value.diagnostics


def only_fault(name: str | Path) -> Diagnostic:
    """Return the one thing that is wrong with a pack of this name."""
    with pytest.raises(PackError) as caught:
        load_policy(name)
    (fault,) = caught.value.diagnostics
    return fault


class TestLedger:
    """The clause ledger stands beside its pack, is plain CSV, and names each clause once."""

    def load(self, folder: Path, name: str = "ledger.csv"):
        (folder / "pack.yaml").write_text(small(head=HEAD.replace('"3.1"}', f'"3.1", ledger: {name}}}')), encoding="utf-8")
        return load_policy(folder / "pack.yaml")

    def fault(self, folder: Path, name: str = "ledger.csv") -> Diagnostic:
        with pytest.raises(PackError) as caught:
            self.load(folder, name)
        (fault,) = caught.value.diagnostics
        assert fault.code == "no-ledger"
        return fault

    def test_its_clauses_come_with_their_sections_kinds_and_lines(self, tmp_path):
        (tmp_path / "ledger.csv").write_text("\ufeffkind,clause,section\ntransfer,M-1,4.1\n", encoding="utf-8")
        clause = self.load(tmp_path).pack.ledger["M-1"]
        assert (clause.section, clause.kind, clause.place.line) == ("4.1", "transfer", 2)

    @pytest.mark.parametrize("name", ["missing.csv", ".", "../other/ledger.csv", "/etc/hostname", "ledger.csv/x"])
    def test_one_that_is_not_beside_the_pack_is_not_there(self, name, tmp_path):
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "ledger.csv").write_text("clause,section,kind\n")
        (tmp_path / "pack").mkdir()
        (tmp_path / "pack" / "ledger.csv").write_text("clause,section,kind\n")
        assert self.fault(tmp_path / "pack", name).message.startswith("there is no clause ledger")

    def test_a_name_that_no_file_can_have_is_one_fault(self, tmp_path):
        with pytest.raises(PackError) as caught:
            self.load(tmp_path, '"a\\0b.csv"')
        assert [fault.code for fault in caught.value.diagnostics] == ["odd-character"]

    @pytest.mark.skipif(sys.platform == "win32", reason="links need rights here")
    def test_a_link_to_a_file_elsewhere_is_not_followed(self, tmp_path):
        (tmp_path / "secret.csv").write_text("clause,section,kind\nM-1,1,transfer\n")
        (tmp_path / "pack").mkdir()
        (tmp_path / "pack" / "ledger.csv").symlink_to(tmp_path / "secret.csv")
        assert self.fault(tmp_path / "pack").message.startswith("there is no clause ledger")

    @pytest.mark.skipif(sys.platform == "win32", reason="links need rights here")
    def test_a_link_that_leads_to_itself_is_not_there(self, tmp_path):
        (tmp_path / "ledger.csv").symlink_to(tmp_path / "ledger.csv")
        assert self.fault(tmp_path).message.startswith("there is no clause ledger")

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"", "its first line does not name the columns clause, section, kind"),
            (b"clause,section\nM-1,1\n", "its first line does not name the columns clause, section, kind"),
            (b"clause,section,kind\nM-1,1\n", "in its line 2 a column is empty"),
            (b"clause,section,kind\nM-1,1,\n", "in its line 2 a column is empty"),
            (b"clause,section,kind\nM-1,1,transfer\nM-1,2,transfer\n", "in its line 3 `M-1` stands for the second time"),
            (b"clause,section,kind\n\xff,1,transfer\n", "it is no CSV text in UTF-8"),
            (b'clause,section,kind\n"M-1"x,1,transfer\n', "it is no CSV text in UTF-8"),
            (b"clause,section,kind\n" + b"M" * 200_000 + b",1,transfer\n", "it is no CSV text in UTF-8"),
            (b"clause,section,kind\n" + b"#" * LEDGER_BYTES, f"it may hold {LEDGER_BYTES // 1024} KiB"),
        ],
    )
    def test_one_that_cannot_be_read_says_why(self, data, why, tmp_path):
        (tmp_path / "ledger.csv").write_bytes(data)
        assert self.fault(tmp_path).why == why

    def test_one_that_may_not_be_read_says_so(self, tmp_path, monkeypatch):
        (tmp_path / "ledger.csv").write_text("clause,section,kind\n")
        text = small(head=HEAD.replace('"3.1"}', '"3.1", ledger: ledger.csv}'))

        def closed(*_args: object, **_more: object) -> None:
            raise PermissionError

        monkeypatch.setattr(os, "open", closed)
        with pytest.raises(PackError) as caught:
            parse_policy(text.encode(), FILE, tmp_path)
        assert [fault.why for fault in caught.value.diagnostics] == ["the file cannot be opened"]

    def test_the_fault_stands_at_the_name_in_the_pack(self, tmp_path):
        fault = self.fault(tmp_path, "missing.csv")
        assert word_at((tmp_path / "pack.yaml").read_text(), fault) == "missing.csv"

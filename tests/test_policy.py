"""A pack compiled: precedence worked out, names at hand, sections as they are printed."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from tests.loaded import bundled
from tests.marlshire import marlshire
from tests.packs_for_tests import policy_of
from transfer_rules.policy import Policy, compile_pack

RULES = """
rules:
  - {id: strong, from: any, transfer_to: court, overrides: [weak, {group: routine}]}
  - {id: weak, from: any, transfer_to: permanence, overrides: [other]}
  - {id: other, group: routine, from: any, transfer_to: early_help}
  - {id: kept, off: true, from: any, close: true, overrides: [strong]}
"""

LEDGER = dedent("""\
    clause,section,kind
    MAR-4.6a,4.6,rule
    MAR-4.6b,4.6,rule
    MAR-4.9,4.9,rule
    """)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    return tmp_path


SOURCE = "source: {title: Moving cases, edition: '3.1', ledger: ledger.csv}"


def test_policies_of_the_same_text_are_equal_and_comments_and_layout_make_no_difference() -> None:
    one, other = policy_of(RULES), policy_of(f"# a comment\n{RULES}")
    assert one == other
    assert len({one, other}) == 1


def test_policies_of_other_texts_differ() -> None:
    assert policy_of(RULES) != policy_of("")


def test_a_policy_is_no_other_thing() -> None:
    assert policy_of(RULES) != "a policy"


def test_a_closure_of_the_council_makes_another_policy() -> None:
    calendar = "calendar: {region: england, closed: [{on: 2026-12-29, label: Council closed}]}"
    assert policy_of(f"{RULES}\n{calendar}") != policy_of(RULES)


def test_a_policy_shows_its_pack_and_edition() -> None:
    assert repr(policy_of(RULES)) == "<Policy marlshire_council, edition 3.1>"


def test_the_rules_in_force_stand_in_the_order_of_their_names() -> None:
    assert list(policy_of(RULES).rules) == ["other", "strong", "weak"]


def test_every_rule_has_the_rules_that_defeat_it() -> None:
    assert dict(policy_of(RULES).overriders) == {"other": ("strong", "weak"), "strong": (), "weak": ("strong",)}


def test_the_standard_facts_and_those_of_the_pack_are_the_facts() -> None:
    facts = policy_of(RULES).facts
    assert facts["looked_after"].group == "care"
    assert facts["flag"].group == "local"


def test_items_and_duties_are_the_work_and_duties_that_are_off_are_not_in_force() -> None:
    text = """
    checklists: {handover: {applies: {to: court}, items: [{id: note, label: Note}]}}
    duties: [{id: tell, kind: notice, label: tell}, {id: kept, kind: notice, label: kept, off: true}]
    """
    policy = policy_of(text)
    assert set(policy.work) == {"note", "tell", "kept"}
    assert [duty.id for duty in policy.duties] == ["tell"]


def test_an_area_has_the_label_that_some_team_gives_it() -> None:
    teams = "teams: {assessment: {label: A, areas: [north]}, permanence: {label: P, areas: {north: North District}}, court: {label: C}}"
    assert dict(policy_of(f"{teams}\nlocal_facts: {{}}").areas) == {"north": "North District"}


@pytest.mark.parametrize(("team", "label"), [("court", "Court Team"), ("none", "nobody"), ("other_authority", "another authority")])
def test_a_team_has_the_name_that_the_authority_prints(team: str, label: str) -> None:
    assert policy_of(RULES).team_label(team) == label


def test_clauses_are_shown_by_their_printed_sections_each_once(folder: Path) -> None:
    policy = policy_of(SOURCE, folder)
    assert policy.sections(("MAR-4.6a", "MAR-4.6b", "MAR-4.9")) == "4.6; 4.9"


def test_a_clause_that_is_in_no_ledger_is_shown_itself(folder: Path) -> None:
    assert policy_of(SOURCE, folder).sections(("MAR-9.9",)) == "MAR-9.9"
    assert policy_of(RULES).sections(("MAR-4.6a", "MAR-4.6b")) == "MAR-4.6a; MAR-4.6b"


def test_no_clauses_have_no_sections() -> None:
    assert policy_of(RULES).sections(()) == ""


def test_the_identity_names_the_calendar_and_its_horizon() -> None:
    identity = policy_of(RULES).identity
    assert (identity.calendar, identity.horizon, identity.edition) == ("england", date(2040, 12, 31), "3.1")


def test_every_item_has_the_moves_of_all_the_lists_it_stands_in() -> None:
    text = """
    checklists:
      first: {applies: {to: court}, items: [{id: note, label: Note}, {id: summary, label: Summary}]}
      second: {applies: [{from: assessment}, {to: permanence}], items: [note]}
    """
    moves = policy_of(text).moves_of_item
    assert {name: len(some) for name, some in moves.items()} == {"note": 3, "summary": 1}


# --- what each part reads

READING = """
decisions: {keeper: {label: who keeps the case}}
rules:
  - id: moves
    from: any
    when: {fact: flag, is: yes}
    transfer_to: {team: {fact: next_team}, area: {fact: where}}
    transfer_point: {on: b_on}
    deadline: {on: a_on}
  - {id: plain, from: any, transfer_to: court}
  - {id: holds, from: assessment, when: {fact: flag, is: yes}, stay: {until: {on: c_on}}}
  - id: asks
    from: {any_except: [court]}
    deadline: {on: a_on}
    people_decide: {who: managers, question: which?, between: [court, stay], settled_by: keeper, valid: {on_or_after: b_on, before: handover}}
checklists:
  first:
    applies: {from: assessment, to: court, when: {fact: other_flag, is: yes}}
    items: [{id: note, label: Note, when: {fact: flag, is: yes}}, {id: gone, label: Gone, off: true}]
  second:
    applies: {to: court, when: {fact: opinion, is: yes}}
    items: [{id: plan, label: Plan, when: {fact: visits, at_least: 2}}]
"""


@pytest.mark.parametrize(
    ("rule", "match", "answer"),
    [
        ("moves", ("flag",), ("a_on", "b_on", "current_team", "current_team_area", "next_team", "where")),
        ("plain", (), ("current_team", "current_team_area")),
        ("holds", ("c_on", "current_team", "flag"), ("c_on", "current_team", "current_team_area")),
        ("asks", ("current_team",), ("a_on", "agreed_transfer_on", "b_on", "current_team", "current_team_area")),
    ],
)
def test_a_rule_reads_some_facts_to_match_and_some_to_answer(rule: str, match: tuple[str, ...], answer: tuple[str, ...]) -> None:
    reads = policy_of(READING).reads[rule]
    assert (reads.match, reads.answer) == (match, answer)


def test_an_item_reads_its_own_facts_and_those_of_its_lists() -> None:
    policy = policy_of(READING)
    assert policy.item_reads == {"note": {"flag", "other_flag", "current_team"}, "plan": {"visits", "opinion"}}
    assert policy.items_read == ("current_team", "flag", "opinion", "other_flag", "visits")


def test_an_answer_can_hang_on_what_rules_and_items_read_and_on_nothing_else() -> None:
    rules = {"a_on", "agreed_transfer_on", "b_on", "c_on", "current_team", "current_team_area", "flag", "next_team", "where"}
    assert policy_of(READING).facts_read == rules | {"other_flag", "opinion", "visits"}


@pytest.mark.parametrize(
    "teams",
    [
        "{a: {label: A, areas: [east, west]}, b: {label: B, areas: {east: East}}}",
        "{b: {label: B, areas: {east: East}}, a: {label: A, areas: [east, west]}}",
    ],
)
def test_an_area_has_its_label_whichever_team_comes_first_and_without_one_its_id(teams: str) -> None:
    policy = policy_of(f"teams: {teams}\nrules: [{{id: r, from: a, transfer_to: b}}]")
    assert policy.areas == {"east": "East", "west": "west"}


def test_what_is_worked_out_once_for_a_pack_is_right_for_each_of_its_rival_readings() -> None:
    for known in (marlshire(), bundled("suffolk"), bundled("norfolk")):
        policy = compile_pack(known.pack, known.calendar)
        assert policy.readings
        for rival in policy.readings.values():
            assert worked_out(rival) == worked_out(compile_pack(rival.pack, policy.calendar))


def test_an_item_that_is_gone_from_the_pack_is_no_work_of_the_list_that_names_it() -> None:
    pack = marlshire().pack
    gone, *_ = pack.checklists[0].items
    policy = compile_pack(replace(pack, items={name: item for name, item in pack.items.items() if name != gone}), marlshire().calendar)
    assert gone not in {*policy.work, *policy.moves_of_item, *policy.item_reads}


def worked_out(policy: Policy) -> dict[str, object]:
    """Return all that a policy is."""
    return {field.name: getattr(policy, field.name) for field in fields(policy) if field.init}

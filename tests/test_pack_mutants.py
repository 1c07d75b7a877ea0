"""Mutants of a pack: every kind of change is made, at its line; what the examples notice is killed, and what they do not has a case that shows it."""

from collections import Counter
from dataclasses import replace

import pytest

from transfer_rules.case import bind
from transfer_rules.comparison import differing
from transfer_rules.errors import PackError
from transfer_rules.evaluation import evaluate, evaluate_to_compare
from transfer_rules.examples import read_examples
from transfer_rules.loading.nodes import Fields, Text
from transfer_rules.loading.policies import policy_of_document
from transfer_rules.loading.yaml_events import read_yaml
from transfer_rules.testing.pack_changes import mutants, without_readings
from transfer_rules.testing.pack_mutants import Bench, Result, case_lines, main, score, table, told
from transfer_rules.testing.pack_parts import Untouched
from transfer_rules.testing.pack_witnesses import Draft, Seeker

from .marlshire import PATH

PACK = """\
language: 1
authority: {name: Marlshire Council}
source: {title: Moving cases, edition: "3.1"}
in_force: {from: 2025-04-01}
teams: {assessment: {label: Assessment Team}, permanence: {label: Permanence Team}, court: {label: Court Team}}
definitions:
  planned: {when: {fact: planning_meeting_on, arranged: true}}
local_facts:
  planning_meeting_on: {type: event, label: meeting, ask: When is the meeting?}
rules:
  - id: plan_to_permanence
    from: assessment
    when: {all: [{fact: lead_plan, is: in_care}, {use: planned}]}
    transfer_to: permanence
    deadline: {working_days: 8, after: planning_meeting_on}
  - id: stay_for_proceedings
    from: assessment
    when: {fact: proceedings_issued_on, happened: true}
    stay: true
    overrides: [plan_to_permanence]
checklists:
  handover:
    applies: {from: assessment, to: permanence}
    items:
      - {id: summary, label: Summary, fresh_for: {months: 1}}
duties:
  - {id: tell_the_manager, kind: notice, label: tell the manager, when: {age_under: 16}}
otherwise: {label: the case stays}
"""

EXAMPLES = """\
- name: eight working days over Easter
  as_of: 2026-04-02
  unstated: not_so
  facts: {current_team: assessment, lead_plan: in_care, planning_meeting_on: 2026-04-01, date_of_birth: 2015-01-05}
  checklist: {summary: 2026-03-15}
  expect: {outcome: transfer, certainty: decided, receiving_team: permanence, deadline: 2026-04-15, outstanding: {}, duties: {tell_the_manager: now}}
- name: without a meeting nothing moves
  as_of: 2026-04-02
  unstated: not_so
  facts: {current_team: assessment, lead_plan: in_care, date_of_birth: 2015-01-05}
  expect: {outcome: stay, silent: true}
- name: proceedings keep the case
  as_of: 2026-04-02
  unstated: not_so
  facts: {current_team: assessment, lead_plan: in_care, planning_meeting_on: 2026-04-01, proceedings_issued_on: 2026-03-30}
  expect: {outcome: stay, because: [stay_for_proceedings]}
"""


def made(text):
    """Return the mutants of a pack's text."""
    document = read_yaml(text.encode(), "marlshire.yaml")
    assert isinstance(document.root, Fields)
    root = without_readings(document.root)
    return mutants(policy_of_document(replace(document, root=root)), root)


def said(text, part=None, kind=None):
    """Return what some mutants of a pack change, in words."""
    return [one.said for one in made(text) if part in (None, one.part) and kind in (None, one.kind)]


def trees(node):
    """Yield every node of a tree."""
    yield node
    parts = [value for _, value in node.fields] if isinstance(node, Fields) else getattr(node, "items", ())
    for part in parts:
        yield from trees(part)


def written(folder, pack=PACK, examples=EXAMPLES):
    """Write a pack and its examples, and return the pack's path as an argument."""
    (folder / "examples").mkdir(exist_ok=True)
    (folder / "marlshire.yaml").write_text(pack, encoding="utf-8")
    (folder / "examples" / "marlshire.yaml").write_text(examples, encoding="utf-8")
    return str(folder / "marlshire.yaml")


def fate(bench, words):
    """Return what becomes of the one mutant that is said so."""
    (mutant,) = [one for one in bench.mutants if one.said == words]
    return bench.run(mutant)


MARLSHIRE = made(PATH.read_text(encoding="utf-8"))


# --- the changes


def test_a_rule_is_changed_in_every_part_of_it():
    assert said(PACK, "plan_to_permanence") == [
        "without the rule plan_to_permanence",
        "from: assessment → permanence",
        "without when: {all: [{fact: lead_plan, is: in_care}, {use: planned}]}",
        "{all: [{fact: lead_plan, is: in_care}, {use: planned}]} → not",
        "all → any",
        "all: without {fact: lead_plan, is: in_care}",
        "{fact: lead_plan, is: in_care} → not",
        "is: in_care → pathway",
        "all: without {use: planned}",
        "{use: planned} → not",
        "transfer_to → stay",
        "transfer_to: permanence → court",
        "without deadline: {working_days: 8, after: planning_meeting_on}",
        "working_days: 8 → days: 8",
        "working_days: 8 → 7",
        "working_days: 8 → 9",
        "after: planning_meeting_on → before: planning_meeting_on",
        "after: planning_meeting_on → proceedings_issued_on",
    ]


def test_an_item_is_changed_in_its_freshness_and_left_out():
    assert said(PACK, "summary") == [
        "without the item summary",
        "without fresh_for: {months: 1}",
        "months: 1 → weeks: 1",
        "months: 1 → 0",
        "months: 1 → 2",
    ]


def test_a_mutant_shows_its_line():
    assert "marlshire.yaml:15: working_days: 8 → 9  (plan_to_permanence)" in map(str, made(PACK))


def test_every_kind_of_change_is_made_of_a_pack_with_every_construct():
    assert set(Counter(one.kind for one in MARLSHIRE)) == {
        "area", "arm", "condition", "day", "deadline", "direction", "effect", "grouping", "item", "key", "negation", "number", "off", "operator",
        "override", "part", "role", "strictness", "team", "unit", "value",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("condition", "without when: {fact: concern_is_new, is: yes}"),
        ("arm", "soonest_of: without {on: second_looked_after_review_on}"),
        ("arm", "without failing_that: {on: looked_after_ended_on}"),
        ("grouping", "latest_of → soonest_of"),
        ("strictness", "as_of: after → on_or_after"),
        ("operator", "weeks_on_plan: at_least → at_most"),
        ("operator", "first_court_hearing_on: arranged → happened"),
        ("negation", "not {use: new_case} → {use: new_case}"),
        ("number", "age_under: 16 → 17"),
        ("number", "before: 2026-07-01 → 2026-06-30"),
        ("unit", "hours: 24 → days: 24"),
        ("day", "before: handover → transfer_point"),
        ("day", "at_once → none"),
        ("day", "age_under: without on: looked_after_ended_on"),
        ("value", "one_of: without planned"),
        ("value", "is: accepted → refused"),
        ("value", "between: without stay"),
        ("value", "settled_by: court_transfer → both_orders"),
        ("value", "outcome: without close"),
        ("value", "judgement: true → no"),
        ("area", "area: {fact: home_area} → {fact: sibling_area}"),
        ("role", "without role"),
        ("effect", "stay: without yields"),
        ("effect", "stay → close"),
        ("deadline", "stay: without until: {working_days: 10, after: first_court_hearing_on}"),
        ("override", "overrides: without {group: routine, clauses: [MAR-2.4]}"),
        ("override", "without group: routine"),
        ("item", "from_court: without chronology"),
        ("key", "without excusable: {by: both team managers, clauses: [MAR-7.9]}"),
        ("key", "without done_when: {fact: transfer_meeting_on, happened: true}"),
        ("off", "court_takes_every_issue: switched on"),
    ],
)
def test_a_construct_is_changed(kind, words):
    assert (kind, words) in {(one.kind, one.said) for one in MARLSHIRE}


def test_what_is_off_is_switched_on_and_not_changed_besides():
    assert [one.said for one in MARLSHIRE if one.part == "court_takes_every_issue"] == ["court_takes_every_issue: switched on"]


def test_texts_clauses_and_rival_readings_are_left_alone():
    assert not [one for one in MARLSHIRE if one.section in ("interpretations", "otherwise", "clauses", "source", "authority")]
    words = ("label", "clauses", "who", "ask", "question")
    assert not [one for one in MARLSHIRE if one.said.startswith((*words, *(f"without {word}:" for word in words)))]


def test_every_mutant_differs_from_the_pack_and_from_the_others():
    roots = [one.root for one in MARLSHIRE]
    assert len(set(roots)) == len(roots)
    document = read_yaml(PATH.read_bytes(), "marlshire.yaml")
    assert isinstance(document.root, Fields)
    assert without_readings(document.root) not in roots


def test_an_exception_left_out_leaves_its_clauses_with_the_rule():
    (mutant,) = [one for one in MARLSHIRE if one.said == "overrides: without {group: routine, clauses: [MAR-2.4]}"]
    rule = policy_of_document(replace(read_yaml(PATH.read_bytes(), "m.yaml"), root=mutant.root)).rules["repeat_referral_goes_back"]
    assert rule.overrides == frozenset()
    assert rule.clauses == ("MAR-2.3", "MAR-2.4")


def test_an_item_left_out_of_the_list_that_defines_it_is_defined_where_another_names_it():
    two = PACK.replace("duties:\n", "  close: {applies: {from: court}, items: [summary]}\nduties:\n")
    two = two.replace("    items:\n", "    items:\n      - {id: map, label: Map}\n")
    (mutant,) = [one for one in made(two) if one.said == "handover: without summary"]
    pack = policy_of_document(replace(read_yaml(two.encode(), "m.yaml"), root=mutant.root)).pack
    assert {one.id: one.items for one in pack.checklists} == {"handover": ("map",), "close": ("summary",)}
    assert pack.items["summary"].fresh_for is not None


def test_every_number_is_made_larger_and_smaller_and_every_condition_negated():
    root = read_yaml(PATH.read_bytes(), "marlshire.yaml").root
    assert isinstance(root, Fields)
    changed = [node for key, node in root.fields if key.text in ("rules", "definitions", "checklists", "duties")]
    every = [node for part in changed for node in trees(part)]
    off = {inner for node in every if isinstance(node, Fields) and node.get("off") is not None for inner in trees(node)}
    heads = {"all", "any", "is", "is_not", "one_of", "includes", "at_least", "at_most", "happened", "arranged", "within", "age_at_least", "age_under"}
    blocks = [node for node in every if isinstance(node, Fields) and node not in off]
    conditions = {node.place for node in blocks if heads & {key.text for key, _ in node.fields}}
    numbers = Counter({node.place: 2 for node in every if isinstance(node, Text) and node.plain and node.text.isdigit()})
    negated = {one.place for one in MARLSHIRE if one.kind == "negation"}
    assert len(conditions) > 25
    assert {place.line for place in conditions - negated} == set()
    assert len(numbers) > 15
    assert numbers <= Counter(one.place for one in MARLSHIRE if one.kind == "number")


# --- their fate


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(written(tmp_path_factory.mktemp("pack")), seconds=2)


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("working_days: 8 → 9", "eight working days over Easter"),
        ("working_days: 8 → days: 8", "eight working days over Easter"),
        ("all: without {use: planned}", "without a meeting nothing moves"),
        ("overrides: without plan_to_permanence", "proceedings keep the case"),
        ("months: 1 → weeks: 1", "eight working days over Easter"),
    ],
)
def test_a_change_that_an_example_notices_is_killed_by_it(bench, words, by):
    result = fate(bench, words)
    assert (result.fate, result.by) == ("killed", by)


def test_a_change_that_no_longer_loads_is_refused(bench):
    result = fate(bench, "without the team permanence")
    assert (result.fate, result.by) == ("refused", "unknown team `permanence`")


def test_a_change_that_no_example_notices_survives_with_a_case_that_shows_it(bench):
    result = fate(bench, "age_under: 16 → 17")
    assert result.fate == "survived"
    assert result.witness is not None
    assert "duties" in result.witness.keys
    other = policy_of_document(replace(bench.document, root=result.mutant.root))
    snapshot = result.witness.draft.snapshot()
    assert evaluate_to_compare(bench.policy, snapshot) == result.witness.before
    assert evaluate_to_compare(other, snapshot) == result.witness.after


def test_the_change_of_something_that_no_part_uses_is_perhaps_equivalent(tmp_path):
    bench = Bench(written(tmp_path, PACK.replace("definitions:\n", "definitions:\n  unused: {when: {age_under: 10}}\n")), seconds=1)
    result = fate(bench, "age_under: 10 → 11")
    assert (result.fate, result.by) == ("perhaps equivalent", "nothing that is in force changes")


def test_two_conditions_that_agree_in_every_case_are_perhaps_equivalent(tmp_path):
    pack = PACK.replace("{use: planned}]}", "{use: planned}, {any: [{fact: lead_plan, is: in_care}, {fact: looked_after, is: yes}]}]}")
    bench = Bench(written(tmp_path, pack), seconds=20)
    result = fate(bench, "any: without {fact: looked_after, is: yes}")
    assert (result.fate, result.by) == ("perhaps equivalent", "its conditions, before and after, agree in every case")


def test_an_exception_to_what_never_meets_it_is_perhaps_equivalent(tmp_path):
    pack = PACK.replace("    stay: true\n    overrides: [plan_to_permanence]\n", "    stay: true\n    overrides: [plan_to_permanence, court_keeps]\n")
    pack = pack.replace("checklists:\n", "  - {id: court_keeps, from: court, stay: true}\nchecklists:\n")
    result = fate(Bench(written(tmp_path, pack), seconds=10), "overrides: without court_keeps")
    assert (result.fate, result.by) == ("perhaps equivalent", "what it overrides never stands beside it")


def test_without_its_example_a_killed_mutant_survives(tmp_path):
    fewer = EXAMPLES[: EXAMPLES.index("- name: proceedings")]
    bench = Bench(written(tmp_path, examples=fewer), seconds=5)
    result = fate(bench, "overrides: without plan_to_permanence")
    assert result.fate == "survived"
    assert result.witness is not None
    assert result.witness.before.outcome == "stay"
    assert result.witness.after is not None
    assert result.witness.after.outcome == "conflict"


def test_without_any_example_a_drawn_case_shows_what_differs(tmp_path):
    bench = Bench(written(tmp_path, examples="[]\n"), seconds=20)
    result = fate(bench, "transfer_to: permanence → court")
    assert result.fate == "survived"
    assert result.witness is not None
    assert result.witness.origin in ("a drawn case", "the facts that tell the two apart")


def test_an_example_that_shows_the_difference_and_does_not_expect_it_is_named(tmp_path):
    bench = Bench(written(tmp_path, examples=EXAMPLES.replace("deadline: 2026-04-15, ", "").replace("2026-03-15", "2026-04-01")), seconds=2)
    result = fate(bench, "working_days: 8 → 9")
    assert list(told(result)) == [
        "marlshire.yaml:15: working_days: 8 → 9  (plan_to_permanence)",
        '    seen in: the worked example "eight working days over Easter"',
        "    it does not expect: deadline",
        "      pack:   {outcome: transfer, receiving_team: permanence, deadline: 2026-04-15}",
        "      mutant: {outcome: transfer, receiving_team: permanence, deadline: 2026-04-16}",
    ]


def test_examples_that_are_not_as_expected_show_nothing(tmp_path):
    with pytest.raises(ValueError, match="`eight working days over Easter` is not as expected: deadline"):
        Bench(written(tmp_path, examples=EXAMPLES.replace("2026-04-15", "2026-04-16")))


# --- a case that cannot be touched


def test_where_a_change_cannot_bear_on_a_case_both_packs_answer_the_same():
    document = read_yaml(PATH.read_bytes(), "marlshire.yaml")
    assert isinstance(document.root, Fields)
    document = replace(document, root=without_readings(document.root))
    policy = policy_of_document(document)
    seeker = Seeker(policy, (), 1)
    cases = [example.snapshot for example in read_examples(PATH.parent / "examples" / PATH.name)]
    decided = [(snapshot, bind(policy, snapshot), evaluate(policy, snapshot)) for snapshot in cases]
    untouched_cases = 0
    for mutant in MARLSHIRE[::3]:
        try:
            other = policy_of_document(replace(document, root=mutant.root))
        except PackError:
            continue
        untouched = Untouched(policy, other, seeker.changed(other))
        for snapshot, case, decision in decided:
            if untouched(case, decision):
                untouched_cases += 1
                assert differing(decision, evaluate(other, snapshot)) == (), mutant
    assert untouched_cases > 100


# --- the whole run


def results(*fates):
    (mutant, *_) = made(PACK)
    return [Result(mutant, one) for one in fates]


def test_the_score_is_what_is_killed_of_what_is_known_to_differ():
    assert score(results("killed", "killed", "survived", "refused", "perhaps equivalent", "timed out")) == 3 / 4
    assert score(results("refused", "perhaps equivalent")) == 1


def test_the_table_counts_every_fate():
    rows = list(table(results("killed", "survived", "refused", "perhaps equivalent", "killed")))
    assert rows[-1].split() == ["in", "all", "5", "1", "2", "0", "1", "1", "66.7%"]


def test_a_case_is_written_as_a_worked_example():
    (example, *_) = read_examples(PATH.parent / "examples" / PATH.name)
    policy = policy_of_document(read_yaml(PATH.read_bytes(), "marlshire.yaml"))
    assert list(case_lines(Draft.of(policy, example.snapshot))) == [
        "- as_of: 2026-04-02",
        "  facts: {care_order_made_on: not_yet, current_team: assessment, home_area: north, lead_plan: in_care, planning_meeting_on: 2026-04-01,",
        "          second_looked_after_review_on: 2026-05-20}",
        "  checklist: {risk_summary: 2026-03-02}",
    ]


def test_the_command_prints_survivors_and_the_table_and_exits_with_1(tmp_path, capsys):
    assert main([written(tmp_path), "--part", "tell_the_manager", "--kind", "number", "--seconds", "1"]) == 1
    printed = capsys.readouterr().out
    assert printed.count("seen in: ") == 2
    assert "in all              2" in printed
    assert "marlshire: 2 mutants, score 0.0%" in printed


def test_the_command_exits_with_0_when_every_mutant_is_killed(tmp_path, capsys):
    assert main([written(tmp_path), "--part", "plan_to_permanence", "--kind", "number", "--jobs", "2"]) == 0
    assert "marlshire: 2 mutants, score 100.0%" in capsys.readouterr().out


def test_the_command_lists_the_mutants_and_tries_none(tmp_path, capsys):
    assert main([written(tmp_path), "--part", "plan_to_permanence", "--kind", "unit", "--list"]) == 0
    assert capsys.readouterr().out == "marlshire.yaml:15: working_days: 8 → days: 8  (plan_to_permanence)\n"


def test_the_command_exits_with_2_where_there_is_nothing_to_read(tmp_path, capsys):
    assert main([str(tmp_path / "none.yaml")]) == 2
    assert "there is no ordinary file here" in capsys.readouterr().err

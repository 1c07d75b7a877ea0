"""One tree, many readings: whoever adds an operator must add it to every reading, and this fails until it is in all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.packs_for_tests import policy_of
from transfer_rules import conditions, timescales
from transfer_rules.conditions import CONDITIONS
from transfer_rules.grammar import ADDITION_ABOUT, AGES, FORM_ABOUT, GROUPINGS, OPERATORS, UNIT_ABOUT
from transfer_rules.schema import pack_schema
from transfer_rules.timescales import TIMESCALES, Literally, MoveDay
from transfer_rules.wording import WORDS

NODES: tuple[Any, ...] = (*CONDITIONS, *TIMESCALES)
JUDGE = Path(__file__).resolve().parents[1] / "src" / "transfer_rules" / "testing" / "reference.py"

# A small pack with one of everything, so that the loader has to read every node.
EVERYTHING = """
decisions: {answer: {label: answer, options: [yes_please]}}
definitions:
  named: {when: {fact: flag, is: yes}}
  span: {timescale: {days: 1, after: a_on}}
rules:
  - id: r
    from: any
    when:
      all:
        - any: [{fact: flag, is: yes}, {not: {use: named}}]
        - {fact: colour, one_of: [red]}
        - {fact: needs, includes: sight}
        - {fact: visits, at_least: 1}
        - {fact: a_on, before: b_on}
        - {fact: a_on, happened: true}
        - {fact: a_on, arranged: true}
        - {age_under: 18}
        - {fact: a_on, within: {days: 1, after: b_on}}
        - {decision: answer, is: yes_please}
    transfer_to: court
    deadline:
      soonest_of:
        - latest_of: [{on: a_on}, {on: as_of}, {on: 2026-04-01}]
        - {use: span, when: {fact: flag, is: yes}}
        - {birthday: 18, failing_that: {at_once: true}}
        - {none: no number}
duties:
  - {id: d, kind: task, label: d, due: {days: 1, after: handover}}
"""


def inside(part: object) -> Iterator[object]:
    """Yield every frozen part inside another, itself included."""
    yield part
    if is_dataclass(part):
        for one in fields(part):
            yield from inside(getattr(part, one.name))
    elif isinstance(part, tuple):
        for one in part:
            yield from inside(one)


def schema_words(name: str) -> set[str]:
    """Return the keys and the fixed words that the JSON Schema of a pack allows in a tree."""

    def walk(schema: object) -> Iterator[str]:
        if isinstance(schema, dict):
            yield from schema.get("properties", {})
            yield from (word for word in schema.get("enum", ()) if isinstance(word, str))
            for value in schema.values():
                yield from walk(value)
        elif isinstance(schema, list):
            for value in schema:
                yield from walk(value)

    return set(walk(pack_schema()["$defs"][name]))


def judged(method: str) -> set[str]:
    """Return the node classes that a method of the judge dispatches on, read from its source."""
    tree = ast.parse(JUDGE.read_text(encoding="utf-8"))
    found = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == method]
    assert found, f"the judge has no method {method}"
    patterns = [pattern.cls for one in found for pattern in ast.walk(one) if isinstance(pattern, ast.MatchClass)]
    return {pattern.attr for pattern in patterns if isinstance(pattern, ast.Attribute)}


def classes_in(module: Any, method: str) -> set[type]:
    """Return the node classes that a module defines: those that can be read against a case."""
    found = [one for name, one in vars(module).items() if isinstance(one, type) and not name.startswith("_")]
    return {one for one in found if is_dataclass(one) and method in vars(one)}


@pytest.mark.parametrize(("module", "method", "listed"), [(conditions, "truth", CONDITIONS), (timescales, "due", TIMESCALES)])
def test_every_node_of_a_module_is_listed_once(module: Any, method: str, listed: tuple[type, ...]) -> None:
    assert classes_in(module, method) == set(listed)
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.__name__)
def test_every_node_has_its_english(node: type) -> None:
    assert node in WORDS


def test_the_english_has_no_entry_for_what_is_no_node() -> None:
    assert set(WORDS) == set(NODES)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda node: node.__name__)
def test_every_operator_of_a_condition_stands_in_the_schema(condition: Any) -> None:
    assert condition.operators
    assert set(condition.operators) <= schema_words("condition")


@pytest.mark.parametrize("form", [one for one in TIMESCALES if one not in (Literally, MoveDay)], ids=lambda node: node.__name__)
def test_every_form_of_a_timescale_stands_in_the_schema(form: Any) -> None:
    assert form.forms
    assert set(form.forms) <= schema_words("timescale")


def test_a_day_written_out_and_the_days_of_a_move_are_words_that_the_schema_allows_after_on() -> None:
    [shape] = [one for one in pack_schema()["$defs"]["timescale"]["oneOf"] if "on" in one["properties"]]
    alternatives = shape["properties"]["on"]["anyOf"]
    assert any("pattern" in one and r"\d{4}-\d{2}-\d{2}" in one["pattern"] for one in alternatives)
    assert any("pattern" in inner for one in alternatives for inner in one.get("anyOf", ()))
    assert MoveDay.forms == ("transfer_point", "deadline", "handover")


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda node: node.__name__)
def test_the_judge_reads_every_condition(condition: type) -> None:
    assert condition.__name__ in judged("true")


@pytest.mark.parametrize("form", TIMESCALES, ids=lambda node: node.__name__)
def test_the_judge_reads_every_timescale(form: type) -> None:
    assert form.__name__ in judged("when")


def test_the_loader_reads_every_node() -> None:
    policy = policy_of(EVERYTHING)
    parts = [*policy.rules.values(), *policy.duties]
    assert {type(one) for part in parts for one in inside(part)} >= set(NODES)


@pytest.mark.parametrize("word", [*OPERATORS, *AGES, *GROUPINGS])
def test_every_operator_of_the_grammar_belongs_to_one_condition(word: str) -> None:
    assert len([one for one in CONDITIONS if word in one.operators]) == 1


@pytest.mark.parametrize("word", [*UNIT_ABOUT, *FORM_ABOUT, *(one for one in ADDITION_ABOUT if one not in ("after", "before"))])
def test_every_form_of_the_grammar_belongs_to_one_timescale(word: str) -> None:
    assert len([one for one in TIMESCALES if word in one.forms]) == 1


def test_the_grammar_has_a_word_for_every_operator() -> None:
    assert {word for one in CONDITIONS for word in one.operators} == {*OPERATORS, *AGES, *GROUPINGS}


def test_the_grammar_has_a_word_for_every_form() -> None:
    words = {word for one in TIMESCALES if one is not MoveDay for word in one.forms} - {"as_of"}
    assert words == {*UNIT_ABOUT, *FORM_ABOUT, *ADDITION_ABOUT} - {"after", "before"}


def test_columns_read_every_node() -> None:
    from transfer_rules.batch.columns import READ_CONDITIONS, READ_TIMESCALES

    assert set(READ_CONDITIONS) == set(CONDITIONS)
    assert set(READ_TIMESCALES) == set(TIMESCALES)

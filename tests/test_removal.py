"""Every part that claims a clause matters: without it, some worked example is no longer as expected.

A rule, item or duty is taken out, a definition's condition becomes false and its timescale no date, a list loses its items; what named it
no longer does.
For an excuse (`excusable`), the item can no longer be excused; for `otherwise`, its clauses are gone from the reasons.
"""

from dataclasses import fields, is_dataclass, replace
from functools import cache

import pytest

from tests.loaded import ROOT, examples_in, policy_at
from transfer_rules.conditions import AnyOf, Use
from transfer_rules.evaluation import evaluate_to_compare
from transfer_rules.examples import run_example
from transfer_rules.pack import Otherwise
from transfer_rules.policy import compile_pack
from transfer_rules.timescales import NoDate, UseTimescale

PACKS = [path for path in sorted((ROOT / "policies").glob("*.yaml")) if (path.parent / "examples" / path.name).is_file()]
POLICIES = {path.stem: policy_at(path) for path in PACKS}
EXAMPLES = {path.stem: examples_in(path.parent / "examples" / path.name) for path in PACKS}


def parts(pack):
    """Return (kind, id) of every part that lists clauses."""
    found = [("rule", rule.id) for rule in pack.rules if rule.clauses]
    found += [("item", name) for name, item in pack.items.items() if item.clauses]
    found += [("excuse", name) for name, item in pack.items.items() if item.excusable is not None and item.excusable.clauses]
    found += [("duty", duty.id) for duty in pack.duties if duty.clauses]
    found += [("definition", name) for name, definition in pack.definitions.items() if definition.clauses]
    found += [("checklist", checklist.id) for checklist in pack.checklists if checklist.clauses]
    found += [("leave_to_people", str(number)) for number, left in enumerate(pack.leave_to_people) if left.clauses]
    found += [("team", name) for name, team in pack.teams.items() if team.clauses]
    found += [("otherwise", "otherwise")] if pack.otherwise.clauses else []
    return found


def without(pack, kind, name):
    """Return the pack without one part."""
    match kind:
        case "rule":
            rules = tuple(replace(rule, overrides=rule.overrides - {name}) for rule in pack.rules if rule.id != name)
            return replace(pack, rules=rules, leave_to_people=tuple(left for left in pack.leave_to_people if name not in left.rules))
        case "item":
            return replace(
                pack, items={**pack.items, name: replace(pack.items[name], off=True, done_when=None, clauses=())} | unsatisfied(pack, name)
            )
        case "excuse":
            return replace(pack, items={**pack.items, name: replace(pack.items[name], excusable=None)})
        case "duty":
            duties = tuple(replace(duty, overrides=tuple(o for o in duty.overrides if o != name)) for duty in pack.duties if duty.id != name)
            return replace(pack, duties=duties, items=dict(pack.items) | unsatisfied(pack, name))
        case "definition":
            return forget_definition(pack, name)
        case "checklist":
            return replace(pack, checklists=tuple(checklist for checklist in pack.checklists if checklist.id != name))
        case "leave_to_people":
            return replace(pack, leave_to_people=tuple(left for number, left in enumerate(pack.leave_to_people) if str(number) != name))
        case "team":
            rules = tuple(rule for rule in pack.rules if name not in (rule.from_teams.ids or ()) and getattr(rule.effect, "team", None) != name)
            return replace(pack, rules=rules)
        case _:
            return replace(pack, otherwise=Otherwise(pack.otherwise.label))


def unsatisfied(pack, name):
    """Return the items that named a part as doing their work or coming first, no longer naming it."""
    return {
        item.id: replace(item, satisfied_by=tuple(o for o in item.satisfied_by if o != name), needs=tuple(o for o in item.needs if o != name))
        for item in pack.items.values()
        if item.id != name and name in (*item.satisfied_by, *item.needs)
    }


def forget_definition(pack, name):
    """Return the pack with every use of a definition false, or no date."""

    def forget(node):
        if isinstance(node, Use) and node.name == name:
            return AnyOf(())
        if isinstance(node, UseTimescale) and node.name == name:
            return NoDate("")
        if isinstance(node, tuple):
            return tuple(forget(one) for one in node)
        if not is_dataclass(node):
            return node
        changed = {field.name: forget(getattr(node, field.name)) for field in fields(node) if field.name not in ("place", "clauses")}
        return replace(node, **changed)

    return replace(
        pack,
        rules=forget(pack.rules),
        checklists=forget(pack.checklists),
        items={item: forget(one) for item, one in pack.items.items()},
        duties=forget(pack.duties),
    )


@cache
def involved(stem):
    """Return for each example of a pack the names of the rules, items and duties that have a say in it."""

    def names(example):
        decision = evaluate_to_compare(POLICIES[stem], example.snapshot)
        return {*(reason.rule for reason in decision.reasons), *decision.required, *(duty.duty for duty in decision.duties)}

    return [names(example) for example in EXAMPLES[stem]]


def changed(one, other):
    """Return the names of the rules, items and duties that differ between two packs."""

    def named(pack):
        return {**{rule.id: rule for rule in pack.rules}, **pack.items, **{duty.id: duty for duty in pack.duties}}

    parts, others = named(one), named(other)
    return {name for name in parts.keys() | others.keys() if parts.get(name) != others.get(name)}


def likeliest_first(stem, names):
    """Return the numbers of a pack's examples: those in which most of some rules, items and duties have a say come first."""
    return sorted(range(len(EXAMPLES[stem])), key=lambda number: -len(names & involved(stem)[number]))


CASES = [(stem, kind, name) for stem, policy in POLICIES.items() for kind, name in parts(policy.pack)]


@pytest.mark.parametrize(("stem", "kind", "name"), CASES, ids=[f"{stem}: {kind} {name}" for stem, kind, name in CASES])
def test_removing_a_part_changes_a_worked_example(stem, kind, name):
    policy = POLICIES[stem]
    pack = replace(without(policy.pack, kind, name), readings={})
    poorer = compile_pack(pack, policy.calendar)
    tried = likeliest_first(stem, {name} | changed(policy.pack, pack))
    assert any(run_example(poorer, EXAMPLES[stem][number]) for number in tried), f"no worked example needs the {kind} {name}"

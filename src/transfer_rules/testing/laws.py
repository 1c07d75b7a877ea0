"""The promises of the library as property tests, for any pack: one line gives a suite all of them.

    from transfer_rules import load_policy
    from transfer_rules.testing.laws import laws_for

    TestOurPack = laws_for(load_policy("our_pack.yaml"))

pytest then collects one test a law. A law that does not hold fails with the dullest snapshot on which it does not, and with the sentence it proves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from ..case import BoundCase, bind
from ..decision import Duty, Outstanding, Reason
from ..errors import CalendarRangeError, SnapshotError
from ..evaluation import evaluate
from ..explanation import explain
from ..pack import Pack
from ..policy import Policy, compile_pack, trees_of
from ..receipts import read_receipts, receipt, receipt_to_json, replay
from ..snapshots import decision_to_json, read_cases, snapshot_to_yaml
from ..timescales import AsOf, Count, nodes
from ..vocabulary import STANDARD_FACTS, CaseSnapshot
from .brute_force import BruteForce
from .drawing import drawing
from .judging import compare
from .reference import NotKnown, verdict_of
from .strategies import dates_near, snapshots, values
from .unknowns import cases_of, check, prepared


@dataclass(frozen=True, slots=True)
class Law:
    """One law: its name, the sentence it proves, and the test of one draw."""

    name: str
    says: str
    test: Callable[[Policy, st.DataObject], None]
    weight: float = 1.0
    """The share of the examples it takes: less than 1 where one of them takes long."""


LAWS: Final[list[Law]] = []
_Test: TypeAlias = Callable[[Policy, st.DataObject], None]


def _law(name: str, says: str, *, weight: float = 1.0) -> Callable[[_Test], _Test]:
    def add(test: _Test) -> _Test:
        LAWS.append(Law(name, says, test, weight))
        return test

    return add


def laws_for(policy: Policy, *, examples: int = 50, name: str | None = None) -> type:
    """Return a class of tests, one for each law, for pytest to collect under a name that begins with `Test`.

    Args:
        policy: the policy that is to keep the laws.
        examples: draws for one law; those of which one takes long take fewer.
        name: the name of the class; `Laws of` and the pack's where it is not said.
    """
    tests = {f"test_{law.name}": _method(policy, law, max(1, round(examples * law.weight))) for law in LAWS}
    return type(name or f"Laws of {policy.pack.id}", (), tests)


def _method(policy: Policy, law: Law, examples: int) -> Callable[[Any], None]:
    # Looking for the first case of each rule is no sign of a slow test, nor are draws of many facts.
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test(self: Any, data: st.DataObject) -> None:
        note(f"law: {law.says}")
        law.test(policy, data)

    test.__doc__ = law.says
    test.__name__ = test.__qualname__ = f"test_{law.name}"
    return test


def _drawn(policy: Policy, data: st.DataObject, *, unknowns: bool = True) -> CaseSnapshot:
    snapshot = data.draw(snapshots(policy, unknowns=unknowns))
    note(repr(snapshot))
    return snapshot


def _changed(snapshot: CaseSnapshot, name: str, value: Any) -> CaseSnapshot:
    """Return the snapshot with one fact more, or another value of it."""
    if name in STANDARD_FACTS:
        change: dict[str, Any] = {name: value}
        return replace(snapshot, **change)
    return replace(snapshot, local_facts={**snapshot.local_facts, name: value})


# --- agreement


@_law("engine_and_judge_agree", "`evaluate` equals the reference: a judge written from the meaning of the language, with its own counting.")
def _judged(policy: Policy, data: st.DataObject) -> None:
    compared = compare(policy, _drawn(policy, data, unknowns=data.draw(st.sampled_from([False, False, False, True]))))
    assert compared is None or compared[1] == []


@_law(
    "columns_say_what_one_case_says",
    "Columns are decided row by row as `evaluate` decides (skipped without the extra `columns`).",
)
def _in_columns(policy: Policy, data: st.DataObject) -> None:
    # A suite that decides no columns needs no numpy.
    pytest.importorskip("numpy", reason="columns need numpy")
    from .in_columns import differences_in_columns

    cases = [_drawn(policy, data, unknowns=False) for _ in range(4)] + [_drawn(policy, data)]
    assert differences_in_columns(policy, [(snapshot, evaluate(policy, snapshot)) for snapshot in cases]) == []


@_law(
    "unknown_facts_are_exact",
    "A decision is decided if and only if every way of filling in its unknown facts answers alike.",
    weight=0.2,
)
def _exact(policy: Policy, data: st.DataObject) -> None:
    chance = Random(data.draw(st.integers(0, 2**32)))
    whole = prepared(policy, _drawn(policy, data, unknowns=False), chance)
    case = next(cases_of(policy, whole, chance), None)
    assume(case is not None)
    assert case is not None
    partial, hidden, values = case
    note(f"{partial!r}\nhidden: {hidden}")
    try:
        found = check(policy, partial, hidden, values, BruteForce(policy))
    except NotKnown:
        return
    assert found.violations == ()


@_law("a_snapshot_read_back_is_the_same", "Snapshots are Python objects, JSON or YAML: what is written is read back as it was.")
def _read_back(policy: Policy, data: st.DataObject) -> None:
    snapshot = _drawn(policy, data)
    (read,) = read_cases(snapshot_to_yaml(snapshot).encode(), "drawn.yaml")
    assert read.snapshot is not None
    # Facts of the pack's own are typed when a policy sees them.
    assert bind(policy, read.snapshot) == bind(policy, snapshot)


@_law("a_receipt_replays", "A receipt is snapshot plus decision: replayed, it is the same decision.", weight=0.5)
def _replayed(policy: Policy, data: st.DataObject) -> None:
    snapshot = _drawn(policy, data)
    text = receipt_to_json(receipt(policy, snapshot, evaluate(policy, snapshot)))
    (read,) = read_receipts(text.encode(), "drawn.json")
    assert read.receipt is not None
    found = replay(policy, read.receipt)
    assert (found.verdict, found.differences) == ("identical", ())


# --- indifference


@_law("deciding_twice_is_the_same", "Same policy and snapshot, same decision, the same bytes once serialised.", weight=0.5)
def _twice(policy: Policy, data: st.DataObject) -> None:
    snapshot = _drawn(policy, data)
    before = repr(snapshot)
    assert decision_to_json(evaluate(policy, snapshot)) == decision_to_json(evaluate(policy, snapshot))
    assert repr(snapshot) == before


@_law("order_in_the_file_means_nothing", "Shuffling rules, facts or items changes only the order of listing.", weight=0.5)
def _shuffled(policy: Policy, data: st.DataObject) -> None:
    snapshot = _drawn(policy, data)
    other = compile_pack(_backwards(policy.pack), policy.calendar)
    turned: dict[str, Any] = {**_turned(snapshot.stated()), "checklist": _turned(snapshot.checklist)}
    local = _turned(snapshot.local_facts)
    again = CaseSnapshot(as_of=snapshot.as_of, local_facts=local, decisions=snapshot.decisions, unstated=snapshot.unstated, **turned)
    one, two = evaluate(policy, snapshot), evaluate(other, again)
    assert verdict_of(one) == verdict_of(two)
    assert (one.certainty, one.missing, set(one.rests_on_unstated)) == (two.certainty, two.missing, set(two.rests_on_unstated))


def _backwards(pack: Pack) -> Pack:
    local = _turned(pack.local_facts)
    lists = pack.checklists[::-1]
    return replace(pack, rules=pack.rules[::-1], items=_turned(pack.items), checklists=lists, duties=pack.duties[::-1], local_facts=local)


def _turned(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {name: mapping[name] for name in reversed([*mapping])}


@_law("a_fact_that_nothing_reads_changes_nothing", "A fact that no part of the pack reads changes nothing.", weight=0.5)
def _unread(policy: Policy, data: st.DataObject) -> None:
    snapshot = _drawn(policy, data)
    case = bind(policy, snapshot).reopened()
    # An area is checked against the pack's own, of which there may be none.
    read = {*drawing(policy).facts, *case.facts}
    unread = [name for name, fact in policy.facts.items() if name not in read and fact.kind != "area"]
    assume(unread)
    more = _recorded(policy, data, snapshot, unread)
    assert decision_to_json(evaluate(policy, more)) == decision_to_json(evaluate(policy, snapshot))


def _recorded(policy: Policy, data: st.DataObject, snapshot: CaseSnapshot, names: list[str]) -> CaseSnapshot:
    """Return the snapshot with a value recorded for one of some unknown facts; values that definitions exclude are not drawn."""
    name = data.draw(st.sampled_from(names))
    value = data.draw(values(policy, name, bind(policy, snapshot).today, unknowns=False))
    assume(value is not None)
    note(f"and {name} = {value!r}")
    more = _changed(snapshot, name, value)
    try:
        bind(policy, more)
    except SnapshotError:
        assume(False)
    return more


# --- direction


@_law(
    "what_is_decided_stays_decided",
    "Recording a fact that was unknown never turns one decided answer into another.",
    weight=0.5,
)
def _stays_decided(policy: Policy, data: st.DataObject) -> None:
    snapshot = _drawn(policy, data)
    facts = bind(policy, snapshot).facts
    unknown = [name for name in drawing(policy).facts if name not in facts]
    assume(unknown)
    before = evaluate(policy, snapshot)
    assume(before.certainty == "decided")
    after = evaluate(policy, _recorded(policy, data, snapshot, unknown))
    assert after.certainty == "decided"
    assert verdict_of(after).answer == verdict_of(before).answer


@_law("a_later_trigger_never_gives_an_earlier_date", "Within one timescale a later trigger never gives an earlier date.")
def _later(policy: Policy, data: st.DataObject) -> None:
    counts = dict.fromkeys(replace(node, trigger=AsOf()) for node in _counts(policy))
    assume(counts)
    count = data.draw(st.sampled_from([*counts]))
    first = data.draw(dates_near(date(2026, 6, 1), 900, calendar=policy.calendar))
    second = first + timedelta(days=data.draw(st.integers(0, 40)))
    one, two = (_counted(policy, count, day) for day in (first, second))
    if one is not None and two is not None:
        assert one <= two


@_law("working_days_end_on_a_working_day", "One or more working days always end on a working day, and the start is never counted.")
def _working(policy: Policy, data: st.DataObject) -> None:
    amounts = sorted({node.amount for node in _counts(policy) if node.unit == "working_days" and node.amount})
    amount = data.draw(st.sampled_from(amounts or [1, 10]))
    start = data.draw(dates_near(date(2026, 6, 1), 900, calendar=policy.calendar))
    end = policy.calendar.add_working_days(start, amount)
    assert policy.calendar.is_working_day(end)
    days = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
    assert sum(policy.calendar.is_working_day(day) for day in days) == amount


def _counts(policy: Policy) -> Iterator[Count]:
    return (node for tree in trees_of(policy.pack) for node in nodes(tree) if isinstance(node, Count))


def _counted(policy: Policy, count: Count, day: date) -> date | None:
    try:
        return count.count(day, BoundCase(day, day, {}, {}, policy.calendar))
    except CalendarRangeError:
        return None


@_law("finishing_work_never_adds_to_what_is_outstanding", "Finishing an item never lengthens the outstanding list.", weight=0.5)
def _finished(policy: Policy, data: st.DataObject) -> None:
    snapshot = _drawn(policy, data, unknowns=data.draw(st.sampled_from([False, False, True])))
    before = evaluate(policy, snapshot)
    open_items = [one.item for one in before.outstanding if one.why in ("not_done", "not_recorded")]
    assume(open_items)
    item = data.draw(st.sampled_from(open_items))
    done = replace(snapshot, checklist={**snapshot.checklist, item: "done"})
    note(f"and {item} done")
    after = evaluate(policy, done)
    assert len(after.outstanding) <= len(before.outstanding)
    assert after.required == before.required
    assert verdict_of(after).answer == verdict_of(before).answer


# --- honesty


@_law("decided_says_nothing_is_missing", "`provisional` names the facts that could change the answer; `decided` names none.")
def _honest(policy: Policy, data: st.DataObject) -> None:
    snapshot = _drawn(policy, data)
    decision = evaluate(policy, snapshot)
    assert (decision.certainty == "decided") is (decision.missing == ())
    unknown = {name for name in policy.facts if name not in bind(policy, snapshot).facts}
    events = {name for name, value in bind(policy, snapshot).facts.items() if value == "happened"}
    assert set(decision.missing) <= unknown | events
    assert set(decision.rests_on_unstated) <= bind(policy, snapshot).closed


@_law(
    "every_word_has_its_clause",
    "Which team, by when, and what is outstanding: with the clause behind every word (where the pack has a ledger).",
    weight=0.1,
)
def _cited(policy: Policy, data: st.DataObject) -> None:
    snapshot = _drawn(policy, data)
    decision = evaluate(policy, snapshot)
    words: tuple[Outstanding | Duty | Reason, ...] = (*decision.outstanding, *decision.duties, *decision.reasons)
    said = [(one.label, one.clauses) for one in words]
    if policy.pack.ledger:
        assert [label for label, clauses in said if not clauses] == []
        assert {clause for _, clauses in said for clause in clauses} <= policy.pack.ledger.keys()
    text = explain(policy, snapshot, decision)
    if decision.receiving_team is not None:
        # A long label may be broken over two lines.
        assert decision.receiving_team.label.split()[0] in text


__all__ = ["LAWS", "Law", "laws_for"]

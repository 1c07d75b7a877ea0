"""The one-case form answers as the tree does, to the last field, or leaves the case to the tree."""

from __future__ import annotations

import ast
import random
import re
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transfer_rules import CaseSnapshot, evaluate, one_case, shortcuts
from transfer_rules.calendars import ENGLAND
from transfer_rules.case import BoundCase
from transfer_rules.checklists import Applies, Checklist, DutySpec, Item, Span
from transfer_rules.cli import main
from transfer_rules.conditions import CONDITIONS, All, AnyOf, Decided, Happened, Includes, Is, OneOf, Use
from transfer_rules.dates import add_months
from transfer_rules.decision import Deadline, Decision, Duty, Outstanding, Reason, ReceivingTeam, ToDecide, TransferPoint
from transfer_rules.errors import SnapshotError
from transfer_rules.evaluation import examine
from transfer_rules.facts import Fact
from transfer_rules.impossible import IMPOSSIBLE
from transfer_rules.one_case import FIRST_BY_TREE, MOST_MATCHES, MOST_PLANS, decide, form_of, source_of
from transfer_rules.pack import DecisionSpec, PeopleDecide, Rule, Team, TransferTo
from transfer_rules.policy import Policy, compile_pack
from transfer_rules.testing.drawing import drawing
from transfer_rules.testing.drawn_packs import policies
from transfer_rules.timescales import TIMESCALES, NoDate, nodes
from transfer_rules.vocabulary import STANDARD_FACTS

from .loaded import BUNDLED, ROOT, bundled, examples_in
from .packs_for_tests import case, policy_of


class Compared:
    """The forms of one policy, each answer held against the tree's."""

    def __init__(self, policy: Policy):
        self.policy = policy
        self.forms: dict[str, Any] = {}

    def __call__(self, snapshot: CaseSnapshot) -> bool:
        """Say whether a form answers; fail where it does not answer as the tree does."""
        team = snapshot.current_team
        if team is None:
            return False
        if team not in self.forms:
            self.forms[team] = form_of(self.policy, team)
        found = self.forms[team](snapshot)
        if found is None:
            return False
        expected = examine(self.policy, snapshot)[0]
        # By their text as well: a place is no part of what makes two reasons equal, and one is not True.
        assert [repr(getattr(found, one.name)) for one in fields(Decision)] == [repr(getattr(expected, one.name)) for one in fields(Decision)]
        assert found == expected
        assert type(found) is Decision
        return True

    def share(self, snapshots: Iterable[CaseSnapshot]) -> float:
        """Return the share of cases that forms answer."""
        answered = [self(snapshot) for snapshot in snapshots]
        return sum(answered) / len(answered)


@cache
def compared(name: str) -> Compared:
    return Compared(bundled(name))


def drawn(policy: Policy, seed: int, count: int, *, unknowns: bool) -> list[CaseSnapshot]:
    chance, draw = random.Random(seed), drawing(policy)
    return [draw.snapshot(chance.choice, unknowns=unknowns, rule=chance.choice((None, *draw.rules))) for _ in range(count)]


# --- the same decisions


@pytest.mark.parametrize("name", BUNDLED)
class TestRealPacks:
    """On every bundled pack forms answer most cases, each as the tree does."""

    def test_the_worked_examples(self, name):
        examples = examples_in(ROOT / "policies" / "examples" / f"{name}.yaml")
        assert compared(name).share(example.snapshot for example in examples) > 0.8

    def test_drawn_cases_of_which_everything_is_known(self, name):
        assert compared(name).share(drawn(bundled(name), 1, 80, unknowns=False)) > 0.8

    def test_drawn_cases_with_unknown_facts(self, name):
        assert compared(name).share(drawn(bundled(name), 2, 30, unknowns=True)) > 0.1


@given(policy=policies(), data=st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_drawn_packs(policy: Policy, data: st.DataObject) -> None:
    check, draw = Compared(policy), drawing(policy)
    for unknowns in (False, False, False, True):
        check(draw.snapshot(lambda options: data.draw(st.sampled_from(options)), unknowns=unknowns))


def test_a_moment_asked_about() -> None:
    policy = bundled("warrington")
    moments = [
        replace(snapshot, as_of=datetime(day.year, day.month, day.day, hour, tzinfo=timezone(timedelta(hours=offset))))
        for snapshot in drawn(policy, 3, 60, unknowns=False)
        if type(day := snapshot.as_of) is date
        for hour, offset in ((0, 1), (23, -5))
    ]
    assert Compared(policy).share(moments) > 0.8


# --- when the form is used

SMALL = policy_of("""
    local_facts: {flag: {type: yes_no, label: flag, ask: Is the flag up?}}
    rules:
      - {id: planned, from: assessment, when: {fact: lead_plan, is: in_care}, transfer_to: permanence, deadline: {weeks: 1, after: as_of}}
      - {id: elsewhere, from: court, when: {fact: safeguarding_concern, is: yes}, transfer_to: early_help}
    checklists: {list: {label: a list, applies: {to: permanence}, items: [{id: note, label: Note}]}}
    """)


def fresh(policy: Policy) -> Policy:
    """Return the same policy, of which no case has come up yet."""
    return compile_pack(policy.pack, policy.calendar)


class TestUse:
    """`evaluate` uses forms by itself, and nothing in its answers shows whether it did."""

    def test_the_first_cases_of_a_team_are_decided_by_the_tree(self):
        policy, snapshot = fresh(SMALL), case(lead_plan="in_care")
        assert [decide(policy, snapshot) for _ in range(FIRST_BY_TREE)] == [None] * FIRST_BY_TREE
        assert decide(policy, snapshot) == examine(policy, snapshot)[0]
        assert decide(policy, case(current_team="court", lead_plan="in_care")) is None

    def test_the_decision_stays_the_same(self):
        policy, snapshot = fresh(SMALL), case(lead_plan="in_care", checklist={"note": date(2026, 3, 2)})
        assert len({repr(evaluate(policy, snapshot)) for _ in range(FIRST_BY_TREE + 3)}) == 1
        assert decide(policy, snapshot) is not None

    def test_what_is_wrong_with_a_snapshot_is_said_all_the_same(self):
        wrong = [
            lambda: case(current_team="nowhere"),
            lambda: case(home_area="nowhere"),
            lambda: case(last_holding_team="nowhere"),
            lambda: case(local_facts={"nothing": True}),
            lambda: case(local_facts={"flag": "perhaps"}),
            lambda: case(local_facts={"flag": 1}),
            lambda: case(decisions={"nothing": "stay"}),
            lambda: case(checklist={"nothing": "done"}),
            lambda: case(looked_after=True, legal_basis="none"),
            lambda: case(proceedings_issued_on=date(2026, 3, 2), proceedings_concluded_on=date(2026, 3, 1)),
            lambda: case(unstated="not_so", looked_after=True, legal_basis="none"),
        ]
        for make in wrong:
            messages = []
            for policy in (fresh(SMALL), fresh(SMALL)):
                policy.forms["assessment"] = form_of(policy, "assessment")
                for decider in (evaluate, examine):
                    with pytest.raises(SnapshotError) as caught:
                        decider(policy, make())
                    messages.append(str(caught.value))
            assert len(set(messages)) == 1

    def test_whatever_else_calls_itself_a_snapshot_is_refused(self):
        policy = fresh(SMALL)
        policy.forms["assessment"] = form_of(policy, "assessment")

        class Another(CaseSnapshot):
            pass

        with pytest.raises(SnapshotError):
            evaluate(policy, Another(as_of=date(2026, 4, 1), current_team="assessment"))

    def test_a_local_fact_in_its_written_form_is_read(self):
        policy = fresh(SMALL)
        assert Compared(policy)(case(lead_plan="in_care", local_facts={"flag": "yes"}))

    def test_threads_that_write_at_once_do_not_mix(self):
        policy, cases = bundled("suffolk"), drawn(bundled("suffolk"), 4, 60, unknowns=False)
        expected = [examine(policy, snapshot)[0] for snapshot in cases]
        made = {team: form_of(policy, team) for team in policy.pack.teams}
        at, interval = Barrier(8), sys.getswitchinterval()

        def work(first: int) -> list[Decision | None]:
            at.wait()
            turned = [(first + number) % len(cases) for number in range(len(cases))]
            found = {number: made[cases[number].current_team or ""](cases[number]) for number in turned if cases[number].current_team in made}
            return [found.get(number) for number in range(len(cases))]

        sys.setswitchinterval(1e-6)
        try:
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(work, range(0, 40, 5)))
        finally:
            sys.setswitchinterval(interval)
        for one in answers:
            assert [decision for decision in zip(one, expected, strict=True) if decision[0] not in (None, decision[1])] == []
        assert sum(decision is not None for decision in answers[0]) > 40

    def test_no_team_that_the_pack_lacks_is_remembered(self):
        policy = fresh(SMALL)
        for number in range(50):
            assert decide(policy, case(current_team=f"team_{number}")) is None
        assert decide(policy, case(current_team=None)) is None
        assert policy.forms == {}


# --- what is written


class TestSource:
    """What is written holds what can come up for the team, and nothing that an author typed but checked names and whole numbers."""

    def test_rules_of_other_teams_do_not_appear(self):
        written = source_of(SMALL, "assessment")
        assert "planned" in written
        assert "elsewhere" not in written
        assert "safeguarding_concern" not in written

    def test_a_person_can_read_what_a_name_stands_for(self):
        assert re.search(r"^# k[0-9]+_in_care = 'in_care'$", source_of(SMALL, "assessment"), re.MULTILINE)

    def test_it_is_printed(self):
        shown = CliRunner().invoke(main, ["show", "suffolk", "--source", "mash"], catch_exceptions=False)
        assert (shown.exit_code, shown.output.strip()) == (0, source_of(bundled("suffolk"), "mash").strip())
        assert "def team(s):" in shown.output
        unknown = CliRunner().invoke(main, ["show", "suffolk", "--source", "mesh"])
        assert (unknown.exit_code, unknown.output.strip()) == (2, "suffolk_county_council has no team `mesh`; did you mean `mash`?")

    def test_it_is_the_same_every_time(self):
        policy = bundled("suffolk")
        assert source_of(policy, "mash") == source_of(fresh(policy), "mash")

    def test_source_finds_no_builtins(self):
        assert form_of(SMALL, "assessment").__globals__["__builtins__"] == {}  # type: ignore[attr-defined]

    HOSTILE = (
        "x\n    import os\n", "'); raise SystemExit  #",
        '"""', "k1", "s", "t", "None", "__import__", "\\", "\x00", "{", "{0}", "%s", "\u2028", "ﬁ", "x" * 4000,
    )  # fmt: skip

    @pytest.mark.parametrize("word", HOSTILE)
    def test_hostile_names_cannot_matter(self, word):
        policy = hostile(word)
        check = Compared(policy)
        local = {word: word, f"{word}_day": date(2026, 3, 2), f"{word}_set": frozenset({word})}
        facts: list[dict[str, Any]] = [{"local_facts": local}, {"local_facts": {**local, word: "other"}}, {}]
        answers = [check(CaseSnapshot(as_of=date(2026, 4, 1), current_team=word, checklist={word: "not_done"}, **given)) for given in facts]
        assert answers[:2] == [True, True]
        written = source_of(policy, word)
        if not re.fullmatch("[a-z][a-z0-9_]*", word):
            assert word not in written.partition("\n# k")[0].replace("None", "") or word in ("{", '"""', "\\")

    def test_a_word_that_only_says_what_it_is_reaches_no_source(self):
        class Liar(str):
            __slots__ = ()

            def __format__(self, spec: str) -> str:
                return "os.system('true')"

            __str__ = __repr__ = lambda self: "os.system('true')"  # type: ignore[assignment]

        policy = replace(hostile("plain").pack, rules=(replace(hostile("plain").pack.rules[0], id=Liar("rule"), label=Liar("label")),))
        assert "os.system" not in source_of(compile_pack(policy, ENGLAND), "plain").partition("\n# k")[0]


def hostile(word: str) -> Policy:
    """Return a policy in which everything that an author names has one name, past the loader, which would refuse it."""
    facts = {
        word: Fact(word, "choice", word, word, options=(word, "other")),
        f"{word}_day": Fact(f"{word}_day", "event", word, word),
        f"{word}_set": Fact(f"{word}_set", "choices", word, word, options=(word,)),
    }
    named = Use(word, All((AnyOf((Is(word, word), OneOf(word, frozenset({word, "more"})))), Happened(f"{word}_day"), Includes(f"{word}_set", word))))
    rule = Rule(word, TransferTo("other", word), (word,), word, when=All((named, named)), deadline=NoDate(word), transfer_point=NoDate(word))
    asks = PeopleDecide(word, word, ("other", "stay"), settled_by=word)
    asking = Rule(f"{word} 2", asks, (word,), word, when=Is(word, "other"))
    item = Item(word, word, (word,), word, when=Is(word, word))
    duty = DutySpec(f"{word} 3", "task", word, (word,), word, word, when=Decided(word, "none"), due=NoDate(word))
    pack = replace(
        SMALL.pack, id=word, edition=word, local_facts=facts, rules=(rule, asking), items={word: item}, duties=(duty,), definitions={},
        teams={word: Team(word, word, {word: word}), "other": Team("other", word)}, decisions={word: DecisionSpec(word, word)},
        checklists=(Checklist(word, word, (Applies(),), (word,)),), leave_to_people=(), interpretations=(), readings={},
    )  # fmt: skip
    return compile_pack(pack, ENGLAND)


class TestBounds:
    """However a pack is made, a form takes no more than so much; what is beyond is the tree's."""

    def test_sets_of_rules_past_the_bound_are_left_to_the_tree(self):
        rules = tuple(Rule(f"r{number}", TransferTo("court"), when=Is(f"f{number}", True)) for number in range(8))
        facts = {f"f{number}": Fact(f"f{number}", "yes_no", "f", "?") for number in range(8)}
        policy = compile_pack(replace(SMALL.pack, rules=rules, local_facts=facts, items={}, checklists=(), readings={}), ENGLAND)
        check = Compared(policy)
        cases = [case(local_facts={f"f{number}": bool(bits >> number & 1) for number in range(8)}) for bits in range(256)]
        assert sum(map(check, cases)) == MOST_PLANS
        assert MOST_MATCHES > 256

    def test_a_tree_that_doubles_at_every_level_is_left_to_the_tree(self):
        when: Any = Is("looked_after", True)
        for _ in range(10):
            when = All((when, AnyOf((when, when))))
        policy = compile_pack(replace(SMALL.pack, rules=(Rule("r", TransferTo("court"), when=when),), readings={}), ENGLAND)
        assert form_of(policy, "assessment")(case()) is None

    def test_a_tree_deeper_than_python_reads_is_left_to_the_tree(self):
        when: Any = Is("looked_after", True)
        for number in range(300):
            when = (All if number % 2 else AnyOf)((when, Is("child_protection_plan", bool(number % 3))))
        policy = compile_pack(replace(SMALL.pack, rules=(Rule("r", TransferTo("court"), when=when),), readings={}), ENGLAND)
        assert form_of(policy, "assessment")(case(looked_after=True, child_protection_plan=True)) is None


def test_every_node_of_the_trees_is_written() -> None:
    # What is not is answered all the same, by the tree.
    tree = ast.parse(Path(one_case.__file__).read_text("utf-8"))
    matched = {ast.unparse(one.cls) for one in ast.walk(tree) if isinstance(one, ast.MatchClass)}
    assert {node.__name__ for node in (*CONDITIONS, *TIMESCALES)} <= matched


# --- the quick ways, each held against the plain one


@pytest.mark.parametrize("cls", [Decision, Deadline, Outstanding, Duty, Reason, ReceivingTeam, TransferPoint, ToDecide, CaseSnapshot])
def test_what_is_made_quickly_is_the_same_as_what_its_class_makes(cls: Any) -> None:
    values = range(len(fields(cls)))
    made = shortcuts.maker(cls)(*values)
    assert type(made) is cls
    assert [getattr(made, one.name) for one in fields(cls)] == list(values)
    with pytest.raises(AttributeError):
        setattr(made, fields(cls)[0].name, None)


def test_months_are_counted_alike() -> None:
    days = [date(2023, 1, 1) + timedelta(days=number) for number in range(800)]
    for months in (-25, -13, -12, -11, -2, -1, 0, 1, 2, 11, 12, 13, 25):
        assert [shortcuts.months_on(day, months) for day in days] == [add_months(day, months) for day in days]


@pytest.mark.parametrize("span", [Span(1, "months"), Span(3, "months"), Span(12, "months"), Span(28, "days"), Span(6, "weeks"), Span(0, "days")])
def test_the_first_day_that_is_fresh_enough_is_the_same(span: Span) -> None:
    nobody, first = BoundCase(date(2026, 1, 1), date(2026, 1, 1), {}, {}, ENGLAND), shortcuts.fresh_from(span, ENGLAND)
    days = [date(2023, 1, 1) + timedelta(days=number) for number in range(800)]
    assert [first(day) for day in days] == [span.first_reaching(day, nobody) for day in days]


def test_no_combination_is_impossible_while_one_of_its_facts_is_unknown() -> None:
    day = date(2026, 4, 1)
    values: dict[str, tuple[Any, ...]] = {
        "yes_no": (True, False),
        "event": ("not_yet", "happened", date(2026, 3, 2), day, date(2026, 5, 2)),
        "date": ("not_yet", date(2026, 3, 2)),
    }
    for impossible in IMPOSSIBLE:
        pair = {impossible.first, impossible.second}
        assert {name for node in nodes(impossible.condition) for name in node.reads} == pair
        for name in pair:
            fact = STANDARD_FACTS[name]
            for value in fact.options or values[fact.kind]:
                assert not impossible.condition.truth(BoundCase(day, day, {name: value}, {}, ENGLAND))

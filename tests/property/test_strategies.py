"""The strategies: what they draw is valid, reaches every rule and both sides of what it asks, and shrinks to the dullest case."""

from collections import Counter
from datetime import date, datetime
from random import Random

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from tests.loaded import bundled
from transfer_rules import CaseSnapshot, evaluate
from transfer_rules.answers import Hearing
from transfer_rules.calendars import ENGLAND, Calendar
from transfer_rules.case import bind
from transfer_rules.impossible import partners
from transfer_rules.policy import Policy
from transfer_rules.testing.campaign import PACKS
from transfer_rules.testing.drawing import drawing
from transfer_rules.testing.strategies import calendars, dates_near, policies, snapshots, targeting, values
from transfer_rules.timescales import Conditional, nodes

LOOSE = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("pack", PACKS)
def test_two_thousand_draws_reach_every_rule_and_both_sides_of_every_condition(pack):
    """Drawn by a seeded generator, which makes the choices of the strategy several times faster; `scripts/draws.py` counts those of Hypothesis."""
    policy, chance = bundled(pack), Random(1)
    applied, matched = Counter(), Counter()
    for number in range(2_000):
        rule = chance.choice(drawing(policy).rules) if number % 2 else None
        case = bind(policy, drawing(policy).snapshot(chance.choice, rule=rule))
        hearing = Hearing(policy, case)
        matches = {rule: hearing.match(rule, case) for rule in policy.rules}
        matched.update(matches.items())
        applied.update(rule for rule, truth in matches.items() if truth and all(matches[name] is False for name in policy.overriders[rule]))
    assert [rule for rule in policy.rules if not applied[rule]] == []
    assert [rule for rule in policy.rules if not matched[rule, False]] == []


@pytest.mark.parametrize("pack", PACKS)
def test_draws_on_the_edges_of_a_rule_take_each_arm_of_its_deadline(pack):
    policy, chance = bundled(pack), Random(1)
    missed = []
    for rule in policy.rules:
        arms = {(place, truth) for place in range(len(conditional(policy, rule))) for truth in (True, False)}
        for _ in range(150 if arms else 0):
            snapshot = drawing(policy).snapshot(chance.choice, rule=rule, aim="edge")
            if drawing(policy).applies(rule, snapshot):
                arms -= {(place, node.when.truth(bind(policy, snapshot))) for place, node in enumerate(conditional(policy, rule))}
        missed.extend((rule, *arm) for arm in arms)
    assert missed == []


def conditional(policy: Policy, rule: str) -> list[Conditional]:
    deadline = policy.rules[rule].deadline
    return [] if deadline is None else [node for node in nodes(deadline) if isinstance(node, Conditional)]


@pytest.mark.parametrize("pack", PACKS)
class TestSnapshots:
    """Every snapshot drawn is one that `evaluate` accepts; with `unknowns=False` all that the pack reads is known, unless a definition forbids it."""

    @given(data=st.data())
    @settings(LOOSE, max_examples=25)
    def test_what_is_drawn_is_valid(self, pack, data):
        bind(bundled(pack), data.draw(snapshots(bundled(pack))))

    @given(data=st.data())
    @settings(LOOSE, max_examples=25)
    def test_known_is_known_in_full(self, pack, data):
        policy = bundled(pack)
        snapshot = data.draw(snapshots(policy, unknowns=False))
        facts = bind(policy, snapshot).facts
        unknown = {name for name in drawing(policy).facts if facts.get(name, "happened") == "happened"}
        # Of two facts that exclude each other the one may be left open.
        assert [name for name in unknown if not partners(name)] == []

    def test_the_dullest_case_is_an_empty_one(self, pack):
        policy = bundled(pack)
        dullest = find(snapshots(policy), lambda snapshot: True, settings=settings(database=None))
        assert dullest == CaseSnapshot(as_of=dullest.as_of)
        assert not isinstance(dullest.as_of, datetime)

    def test_a_failure_shrinks_to_a_few_facts(self, pack):
        policy = bundled(pack)
        found = find(snapshots(policy), lambda snapshot: snapshot.current_team == "none", settings=settings(LOOSE, database=None))
        # Few: that one alone, or what makes one rule apply.
        assert len(found.stated()) + len(found.local_facts) <= 16
        assert (found.decisions, found.checklist, found.unstated) == ({}, {}, "unknown")


class TestTargeting:
    """About one rule: it applies, or one of its parts fails, or a date lies on one of its limits."""

    @given(data=st.data())
    @settings(LOOSE, max_examples=40)
    def test_it_applies(self, data):
        policy = bundled("shropshire")
        rule = data.draw(st.sampled_from([*policy.rules]))
        assert drawing(policy).applies(rule, data.draw(targeting(policy, rule, aim="applies")))

    def test_just_not_keeps_most_of_the_rule_and_fails_it(self):
        policy = bundled("warrington")
        rule = "a_final_care_order_moves_the_child_to_the_care_service"
        seen = Counter()

        @given(targeting(policy, rule, aim="just_not", unknowns=False))
        @settings(LOOSE, max_examples=60, database=None, derandomize=True)
        def draw(snapshot):
            case = bind(policy, snapshot)
            seen[Hearing(policy, case).match(rule, case)] += 1

        draw()
        assert seen[False] > seen[True]

    def test_a_name_that_is_no_rule_is_refused(self):
        policy = bundled("warrington")
        with pytest.raises(ValueError, match="names no rule"):
            find(targeting(policy, "no_such_rule"), lambda snapshot: True)
        with pytest.raises(ValueError, match="takes one of"):
            find(targeting(policy, next(iter(policy.rules)), aim="near"), lambda snapshot: True)


class TestOthers:
    """Packs that compile, calendars that count, dates within their span."""

    @given(policies())
    @settings(LOOSE, max_examples=10)
    def test_a_drawn_pack_decides(self, policy):
        assert evaluate(policy, CaseSnapshot(as_of=date(2026, 4, 1), current_team="a")).outcome

    @given(calendars(), st.integers(1, 20))
    @settings(LOOSE, max_examples=10)
    def test_a_drawn_calendar_counts(self, calendar, count):
        assert isinstance(calendar, Calendar)
        assert calendar.is_working_day(calendar.add_working_days(date(2026, 4, 2), count))

    @given(dates_near(date(2024, 2, 29), 30))
    @settings(max_examples=50)
    def test_a_date_near_another_is_within_the_span(self, day):
        assert abs((day - date(2024, 2, 29)).days) <= 30

    def test_they_shrink_to_the_plain_ones(self):
        assert find(calendars(), lambda calendar: True) == ENGLAND
        assert find(dates_near(date(2026, 5, 6)), lambda day: True) == date(2026, 5, 6)
        assert find(values(bundled("warrington"), "looked_after", date(2026, 5, 6)), lambda value: True) is None

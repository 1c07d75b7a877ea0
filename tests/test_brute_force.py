"""Brute force itself: small packs where the answer is plain, and drawn cases where each way is put to the judge on its own."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.packs_for_tests import TODAY, case, policy_of
from tests.property.test_judge import LOOSE, POLICIES
from transfer_rules import SnapshotError, evaluate
from transfer_rules.case import bind
from transfer_rules.facts import DATED_KINDS, NOT_YET
from transfer_rules.testing import reference, unknowns
from transfer_rules.testing.brute_force import TIED, BruteForce, brute_force, filled
from transfer_rules.testing.reference import NotKnown, judge_answer
from transfer_rules.testing.strategies import snapshots
from transfer_rules.testing.unknowns import Checked, check, hide

A_OR_NOT_A = """
rules:
  - {id: up, from: any, when: {any: [{fact: flag, is: yes}, {not: {fact: flag, is: yes}}]}, transfer_to: court}
"""
BOTH_VALUES = """
rules:
  - {id: up, from: any, when: {fact: flag, is: yes}, transfer_to: court}
  - {id: down, from: any, when: {fact: flag, is: no}, transfer_to: court}
"""
SOONEST = """
rules:
  - {id: r, from: any, transfer_to: court, deadline: {soonest_of: [{on: a_on}, {days: 3, after: b_on}]}}
"""
CARE = """
rules:
  - {id: r, from: any, when: {fact: looked_after, is: yes}, transfer_to: court}
"""
EACH_ITS_TEAM = """
rules:
  - {id: red, from: any, when: {all: [{fact: colour, is: red}, {fact: flag, is: yes}]}, transfer_to: court}
  - {id: green, from: any, when: {fact: colour, is: green}, transfer_to: permanence}
"""


def outcomes(found):
    return {(answer.outcome, answer.team) for answer in found.answers}


class TestSmallPacks:
    def test_a_or_not_a_is_certain(self):
        found = brute_force(policy_of(A_OR_NOT_A), case(), ["flag"])
        assert outcomes(found) == {("transfer", "court")}
        assert found.alone == {}

    def test_two_rules_for_both_values_of_one_fact_name_one_team(self):
        found = brute_force(policy_of(BOTH_VALUES), case(), ["flag"])
        assert len(found.answers) == 1
        assert found.alone == {}

    def test_a_fact_that_nobody_reads_changes_nothing(self):
        found = brute_force(policy_of(EACH_ITS_TEAM), case(colour="green"), ["flag", "visits", "expected_on"])
        assert outcomes(found) == {("transfer", "permanence")}
        assert found.alone == {}

    def test_a_fact_that_changes_the_answer_comes_with_two_ways_that_differ_in_it_alone(self):
        policy = policy_of(EACH_ITS_TEAM)
        found = brute_force(policy, case(), ["colour", "flag"])
        assert outcomes(found) == {("transfer", "court"), ("transfer", "permanence"), ("stay", None)}
        assert set(found.alone) == {"colour", "flag"}
        for name, (one, other) in found.alone.items():
            assert {fact for fact in one if one[fact] != other[fact]} == {name}
            first, second = (judge_answer(policy.pack, policy.calendar, filled(case(), way)) for way in (one, other))
            assert first != second

    def test_each_answer_comes_with_a_way_that_gives_it(self):
        policy = policy_of(EACH_ITS_TEAM)
        for answer, way in brute_force(policy, case(), ["colour", "flag"]).answers.items():
            assert judge_answer(policy.pack, policy.calendar, filled(case(), way)) == answer

    def test_soonest_of_with_an_unknown_date(self):
        known = TODAY + timedelta(days=10)
        found = brute_force(policy_of(SOONEST), case(a_on=known), ["b_on"])
        assert found.latest == known
        assert found.earliest == TODAY - timedelta(days=37)
        assert {answer.deadline_state for answer in found.answers} == {"firm", "no_later_than"}
        assert not found.undated
        assert set(found.alone) == {"b_on"}

    def test_soonest_of_with_two_unknown_dates_may_have_none(self):
        found = brute_force(policy_of(SOONEST), case(), ["a_on", "b_on"])
        assert found.undated
        assert (found.earliest, found.latest) == (TODAY - timedelta(days=40), TODAY + timedelta(days=43))
        assert set(found.alone) == {"a_on", "b_on"}

    def test_at_once_is_not_undated(self):
        found = brute_force(
            policy_of(
                "rules: [{id: r, from: any, transfer_to: court, deadline: {at_once: true, when: {fact: flag, is: yes}, otherwise: {on: a_on}}}]"
            ),
            case(a_on=TODAY),
            ["flag"],
        )
        assert found.at_once
        assert not found.undated
        assert (found.earliest, found.latest) == (TODAY, TODAY)

    def test_an_event_that_has_happened_lies_in_the_past(self):
        policy = policy_of("rules: [{id: r, from: any, when: {fact: a_on, after: as_of}, transfer_to: court}]")
        assert outcomes(brute_force(policy, case(a_on="happened"), ["a_on"])) == {("stay", None)}
        assert outcomes(brute_force(policy, case(), ["a_on"])) == {("stay", None), ("transfer", "court")}

    def test_a_value_may_be_asked_for_besides(self):
        policy = policy_of("rules: [{id: r, from: any, when: {fact: a_on, before: 2020-01-01}, transfer_to: court}]")
        assert outcomes(brute_force(policy, case(), ["a_on"])) == {("stay", None)}
        assert ("transfer", "court") in outcomes(brute_force(policy, case(), ["a_on"], {"a_on": date(2019, 5, 1)}))

    def test_counts_and_sets_reach_the_values_that_conditions_name(self):
        rules = "rules: [{id: r, from: any, when: {all: [{fact: visits, at_least: 7}, {fact: needs, includes: sight}]}, transfer_to: court}]"
        found = brute_force(policy_of(rules), case(), ["visits", "needs"])
        assert set(found.alone) == {"visits", "needs"}

    def test_a_fact_that_is_neither_known_nor_hidden_is_not_known(self):
        with pytest.raises(NotKnown, match="colour"):
            brute_force(policy_of(EACH_ITS_TEAM), case(), ["flag"])

    def test_a_known_fact_cannot_be_hidden(self):
        with pytest.raises(ValueError, match="flag"):
            brute_force(policy_of(EACH_ITS_TEAM), case(flag=True), ["flag"])


class TestTheImpossible:
    def test_a_known_fact_leaves_out_what_it_excludes(self):
        found = brute_force(policy_of(CARE), case(legal_basis="none"), ["looked_after"])
        assert outcomes(found) == {("stay", None)}

    def test_tied_facts_change_together(self):
        found = brute_force(policy_of(CARE), case(), ["looked_after", "legal_basis"])
        assert outcomes(found) == {("stay", None), ("transfer", "court")}
        assert set(found.alone) == {"looked_after", "legal_basis"}
        one, other = found.alone["legal_basis"]
        assert {one["looked_after"], other["looked_after"]} == {True, False}

    def test_a_tied_fact_that_changes_alone_is_not_tied(self):
        rules = "rules: [{id: r, from: any, when: {fact: legal_basis, is: care_order}, transfer_to: court}]"
        found = brute_force(policy_of(rules), case(looked_after=True), ["legal_basis"])
        assert set(found.alone) == {"legal_basis"}
        assert {way["legal_basis"] == "none" for way in found.answers.values()} == {False}

    def test_reviews_keep_their_order(self):
        rules = """
        rules:
          - id: r
            from: any
            when: {fact: second_looked_after_review_on, before: first_looked_after_review_on}
            transfer_to: court
        """
        found = brute_force(policy_of(rules), case(), ["first_looked_after_review_on", "second_looked_after_review_on"])
        assert outcomes(found) == {("stay", None)}


def one_by_one(policy, force, partial, names, values):
    """What brute force should find, each way put to the judge on its own: the answers, and the facts that change the answer."""
    answers = {}
    for mixture in product(*values):
        way = filled(partial, dict(zip(names, mixture, strict=True)))
        try:
            bind(policy, way)
        except SnapshotError:
            continue
        answers[mixture] = judge_answer(policy.pack, policy.calendar, way)
    alone = set()
    for one, other in product(answers, answers):
        apart = {name for name, a, b in zip(names, one, other, strict=True) if a != b}
        if answers[one] != answers[other] and (len(apart) == 1 or (apart in TIED and not crossed(answers, names, one, other, min(apart)))):
            alone |= apart
    return set(answers.values()), alone


def crossed(answers, names, one, other, name):
    """Whether a fact may take the value of the other way, in either of two ways."""
    place = names.index(name)
    return any((*a[:place], b[place], *a[place + 1 :]) in answers for a, b in ((one, other), (other, one)))


@pytest.mark.parametrize("pack", POLICIES)
class TestManyWaysAtOnce:
    """Asking the judge about many ways at once finds the same answers, and the same facts that change them, as asking it about each way."""

    @given(data=st.data())
    @settings(LOOSE, max_examples=15)
    def test_as_one_by_one(self, pack, data):
        policy = POLICIES[pack]
        force = BruteForce(policy, most_days=(0, 12, 6))
        whole = data.draw(snapshots(policy, unknowns=False))
        known = bind(policy, whole).facts
        names = sorted(data.draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=4, unique=True)))
        dated = [name for name in names if policy.facts[name].kind in DATED_KINDS]
        names = [name for name in names if name not in dated[2:]]
        partial = hide(whole, names)
        stated = reference._closed(policy.pack, partial)
        values = [force.values(policy.facts[name], partial, stated, min(2, len(dated))) for name in names]
        ways = 1
        for some in values:
            ways *= len(some)
        try:
            found = force(partial, names)
            if ways <= 400:
                assert (set(found.answers), set(found.alone)) == one_by_one(policy, force, partial, names, values)
        except NotKnown:
            return


def test_days_reach_forty_around_what_is_in_play():
    policy = policy_of(SOONEST)
    force = BruteForce(policy)
    known = {"a_on": TODAY + timedelta(days=10), "date_of_birth": date(2012, 1, 1)}
    days = force.values(policy.facts["b_on"], case(), known, 1)
    assert days[0] == NOT_YET
    assert (days[1], days[-1]) == (TODAY - timedelta(days=40), TODAY + timedelta(days=50))


class TestHoldingTheEngineAgainstIt:
    """The check itself, with an engine that is wrong on purpose."""

    PARTIAL = case(flag=True)

    def checked(self, monkeypatch, pairs, **wrong):
        policy = policy_of(EACH_ITS_TEAM)
        decision = replace(evaluate(policy, self.PARTIAL), **wrong)
        monkeypatch.setattr(unknowns, "decided", lambda *_: (decision, pairs))
        return check(policy, self.PARTIAL, ["colour"], {"colour": "red"})

    def test_a_right_decision_passes(self, monkeypatch):
        pairs = {"colour": (case(flag=True, colour="red"), case(flag=True, colour="green"))}
        checked = self.checked(monkeypatch, pairs)
        assert checked == Checked(False, 0, ())

    def test_a_decided_answer_that_some_way_does_not_give(self, monkeypatch):
        (violation,) = self.checked(monkeypatch, {}, certainty="decided", missing=()).violations
        assert violation.startswith("decided: as ")

    def test_a_missing_fact_left_out(self, monkeypatch):
        violations = self.checked(monkeypatch, {}, missing=("flag",)).violations
        assert [one for one in violations if one.startswith("missing: lacks `colour`")]

    def test_a_candidate_left_out(self, monkeypatch):
        violations = self.checked(monkeypatch, {}, candidates=()).violations
        assert [one for one in violations if one.startswith("candidates: lack")]

    def test_an_unproven_fact_is_counted_apart(self, monkeypatch):
        assert self.checked(monkeypatch, {}) == Checked(False, 1, ())

    @pytest.mark.parametrize(
        ("one", "other", "said"),
        [
            (case(flag=True, colour="red"), case(flag=True, colour="red"), "the two differ in"),
            (case(flag=True, colour="red"), case(flag=False, colour="green"), "`flag` is known already"),
            (case(flag=True, colour="red", visits=1), case(flag=True, colour="green", visits=2), "the two differ in colour, visits"),
            (case(flag=True, colour="red", visits=1), case(flag=True, visits=1), "what is unknown in them still makes a difference"),
            (case(flag=True, colour="red", a_on=TODAY), case(flag=True, colour="green"), "the two differ in a_on, colour"),
            (case(TODAY + timedelta(days=1), flag=True, colour="red"), case(flag=True, colour="green"), "another case"),
            (case(flag=True, colour="red", looked_after=True, legal_basis="none"), case(flag=True, colour="green"), "impossible"),
        ],
    )
    def test_a_false_witness(self, monkeypatch, one, other, said):
        (violation,) = self.checked(monkeypatch, {"colour": (one, other)}).violations
        assert violation.startswith("witness: `colour`")
        assert said in violation

    def test_bounds(self, monkeypatch):
        policy = policy_of(SOONEST)
        partial = case(a_on=TODAY + timedelta(days=10))
        right = evaluate(policy, partial)
        for deadline, said in [
            ({"on": TODAY}, "no later than"),
            ({"no_earlier_than": TODAY}, "no earlier than"),
        ]:
            wrong = replace(right, deadline=replace(right.deadline, state="no_later_than", **deadline))
            monkeypatch.setattr(unknowns, "decided", lambda *_, wrong=wrong: (wrong, {}))
            assert [one for one in check(policy, partial, ["b_on"]).violations if one.startswith(f"bounds: {said}")]


class TestTheCampaign:
    def test_the_same_seed_checks_the_same_cases(self, monkeypatch):
        seen = []
        monkeypatch.setattr(unknowns, "check", lambda _policy, partial, hidden, *_: seen.append((partial, tuple(hidden))) or Checked(True, 0, ()))
        for _ in range(2):
            _, tally = unknowns.run("suffolk", 3, 12)
            assert (tally.cases, tally.decided, tally.violations) == (12, 12, [])
        assert seen[:12] == seen[12:]

    def test_nothing_begins_after_the_time_is_up(self):
        assert unknowns.run("suffolk", 3, 12, until=0.0)[1].cases == 0

    def test_a_violation_is_shown_with_less_in_it(self, monkeypatch):
        monkeypatch.setattr(unknowns, "check", lambda *_: Checked(True, 0, ("decided: wrongly",)))
        _, tally = unknowns.run("suffolk", 3, 1)
        (violation,) = tally.violations
        assert violation.startswith("suffolk: decided: wrongly")
        assert "CaseSnapshot(as_of=" in violation
        assert len(violation) < 300

"""The judge itself: each operator, timescale and precept on both sides, with dates counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest

from transfer_rules import conditions as c
from transfer_rules import decision as d
from transfer_rules import timescales as t
from transfer_rules.calendars import ENGLAND
from transfer_rules.checklists import Applies, Checklist, DutySpec, Excuse, Item, Span, Teams, Valid
from transfer_rules.facts import Fact
from transfer_rules.pack import Close, FromFact, LeaveToPeople, Otherwise, Pack, PeopleDecide, Rule, Stay, Team, TransferTo
from transfer_rules.testing.reference import NotKnown, Verdict, differences, judge, judge_answer, verdict_of, ways
from transfer_rules.vocabulary import CaseSnapshot

WED = date(2026, 4, 1)  # Good Friday is 3 April 2026, Easter Monday 6 April.
BST = timezone(timedelta(hours=1))
TO_B = TransferTo("b")

LOCAL = {
    one.name: one
    for one in [
        Fact("a_on", "event", "a", "a?"),
        Fact("b_on", "event", "b", "b?"),
        Fact("described_on", "date", "d", "d?"),
        Fact("seen_at", "moment", "s", "s?"),
        Fact("flag", "yes_no", "f", "f?"),
        Fact("other_flag", "yes_no", "o", "o?", group="others"),
        Fact("opinion", "yes_no", "p", "p?", judgement=True),
        Fact("visits", "count", "v", "v?"),
        Fact("calls", "count", "k", "k?"),
        Fact("colour", "choice", "c", "c?", options=("red", "blue", "green")),
        Fact("needs", "choices", "n", "n?", options=("speech", "sight")),
        Fact("next_team", "team", "t", "t?"),
        Fact("where", "area", "w", "w?"),
    ]
}
FLAG = c.Is("flag", True)


def pack(*rules: Rule, **parts: Any) -> Pack:
    """A pack with three teams, the local facts above, and whatever is given."""
    items = {item.id: item for item in parts.pop("items", ())}
    return Pack(**{
        "id": "p", "authority": "Marlshire", "title": "t", "edition": "1", "digest": "0", "in_force_from": date(2025, 1, 1), "in_force_until": None,
        "region": "england", "closures": (),
        "teams": {"a": Team("a", "A", {"north": "North", "south": "South"}), "b": Team("b", "B", {"north": "North"}), "z": Team("z", "Z")},
        "local_facts": LOCAL, "decisions": {}, "definitions": {}, "rules": rules, "leave_to_people": (), "checklists": (), "items": items,
        "duties": (), "interpretations": (), "otherwise": Otherwise("nobody says"), "accounted": {}, "ledger": {}, **parts,
    })  # fmt: skip


def case(as_of: date | datetime = WED, *, current_team: str | None = "a", **given: Any) -> CaseSnapshot:
    """A case held by team a; local facts among the given ones find their own place."""
    local = {name: given.pop(name) for name in list(given) if name in LOCAL}
    return CaseSnapshot(as_of=as_of, current_team=current_team, local_facts=local, **given)


def verdict(the_pack: Pack, snapshot: CaseSnapshot) -> Verdict:
    return judge(the_pack, ENGLAND, snapshot)


def holds(condition: c.Condition, as_of: date | datetime = WED, **facts: Any) -> bool:
    """Whether a condition is true, asked of a pack with one rule."""
    return verdict(pack(Rule("r", TO_B, when=condition)), case(as_of, **facts)).outcome == "transfer"


def gives(timescale: t.Timescale, as_of: date | datetime = WED, **facts: Any) -> tuple[str, date | None]:
    """State and date of a deadline."""
    found = verdict(pack(Rule("r", TO_B, deadline=timescale)), case(as_of, **facts))
    return found.deadline_state, found.deadline


def days(amount: int, trigger: str = "a_on", unit: t.Unit = "days", back: bool = False) -> t.Count:
    return t.Count(amount, unit, t.FactDay(trigger), back)


A_ON, B_ON = t.FactDay("a_on"), t.FactDay("b_on")


class TestConditions:
    def test_all_any_not_and_use(self) -> None:
        for flag, other in [(True, True), (True, False), (False, True), (False, False)]:
            facts: dict[str, Any] = {"flag": flag, "other_flag": other}
            parts = (FLAG, c.Is("other_flag", True))
            assert holds(c.All(parts), **facts) is (flag and other)
            assert holds(c.AnyOf(parts), **facts) is (flag or other)
            assert holds(c.Not(FLAG), **facts) is not flag
            assert holds(c.Use("named", FLAG), **facts) is flag
        assert holds(c.All(()))
        assert not holds(c.AnyOf(()))

    def test_a_part_that_settles_it_leaves_the_others_unasked(self) -> None:
        parts = (c.Is("other_flag", True), FLAG)
        assert not holds(c.All(parts), flag=False)
        assert holds(c.AnyOf(parts), flag=True)
        with pytest.raises(NotKnown, match="other_flag"):
            holds(c.All(parts), flag=True)
        with pytest.raises(NotKnown, match="other_flag"):
            holds(c.AnyOf(parts), flag=False)

    def test_is_and_is_not(self) -> None:
        assert holds(c.Is("colour", "red"), colour="red")
        assert not holds(c.Is("colour", "red"), colour="blue")
        assert holds(c.Is("colour", "red", negated=True), colour="blue")
        assert holds(c.Is("visits", c.FactRef("calls")), visits=2, calls=2)
        assert not holds(c.Is("visits", c.FactRef("calls")), visits=2, calls=3)
        with pytest.raises(NotKnown, match="calls"):
            holds(c.Is("visits", c.FactRef("calls")), visits=2)

    def test_one_of_and_includes(self) -> None:
        assert holds(c.OneOf("colour", frozenset({"red", "blue"})), colour="blue")
        assert not holds(c.OneOf("colour", frozenset({"red", "blue"})), colour="green")
        assert holds(c.Includes("needs", "sight"), needs=["sight", "speech"])
        assert not holds(c.Includes("needs", "sight"), needs=[])

    def test_counts_take_the_limit_in(self) -> None:
        assert [holds(c.Amount("visits", 3), visits=n) for n in (2, 3, 4)] == [False, True, True]
        assert [holds(c.Amount("visits", 3, at_most=True), visits=n) for n in (2, 3, 4)] == [True, True, False]

    @pytest.mark.parametrize(
        ("operator", "expected"), [("before", [1, 0, 0]), ("on_or_before", [1, 1, 0]), ("after", [0, 0, 1]), ("on_or_after", [0, 1, 1])]
    )
    def test_dates_compare(self, operator: str, expected: list[int]) -> None:
        for day, so in zip((date(2026, 3, 31), WED, date(2026, 4, 2)), expected, strict=True):
            assert holds(c.Compare(A_ON, operator, t.AsOf()), a_on=day) is bool(so)
            assert holds(c.Compare(A_ON, operator, t.Literally(WED)), a_on=day) is bool(so)
            assert holds(c.Compare(A_ON, operator, B_ON), a_on=day, b_on=WED) is bool(so)

    def test_a_comparison_with_not_yet_is_false_whatever_the_other_side(self) -> None:
        for condition in (c.Compare(A_ON, "before", B_ON), c.Compare(B_ON, "before", A_ON)):
            assert not holds(condition, a_on="not_yet")
            assert holds(c.Not(condition), a_on="not_yet")

    def test_a_moment_compares_by_its_date_in_london(self) -> None:
        late = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)  # 00:30 on 1 April in London
        assert holds(c.Compare(t.FactDay("seen_at"), "on_or_after", t.Literally(WED)), seen_at=late)
        assert holds(c.Compare(t.AsOf(), "on_or_after", t.Literally(WED)), as_of=late)

    def test_happened(self) -> None:
        values: list[Any] = [date(2026, 3, 31), WED, date(2026, 4, 2), "not_yet", "happened"]
        assert [holds(c.Happened("a_on"), a_on=value) for value in values] == [True, True, False, False, True]
        assert [holds(c.Happened("a_on", expected=False), a_on=value) for value in values] == [False, False, True, True, False]

    def test_arranged(self) -> None:
        values: list[Any] = [date(2026, 3, 31), date(2026, 4, 2), "not_yet", "happened"]
        assert [holds(c.Arranged("a_on"), a_on=value) for value in values] == [True, True, False, True]
        assert [holds(c.Arranged("a_on", expected=False), a_on=value) for value in values] == [False, False, True, False]

    def test_the_day_of_an_event_that_only_happened_is_unknown(self) -> None:
        with pytest.raises(NotKnown, match="a_on"):
            holds(c.Compare(A_ON, "before", t.AsOf()), a_on="happened")

    def test_age_is_reached_at_the_start_of_the_birthday(self) -> None:
        for born, day, so in [
            (date(2008, 4, 2), WED, False),
            (date(2008, 4, 1), WED, True),
            (date(2008, 2, 29), date(2026, 2, 28), False),
            (date(2008, 2, 29), date(2026, 3, 1), True),
        ]:
            assert holds(c.Age(18, t.AsOf()), day, date_of_birth=born) is so
            assert holds(c.Age(18, t.AsOf(), under=True), day, date_of_birth=born) is not so
            assert holds(c.Age(18, A_ON), a_on=day, date_of_birth=born) is so

    def test_an_unborn_child_is_under_every_age_and_a_day_not_there_gives_none(self) -> None:
        assert holds(c.Age(1, t.AsOf(), under=True), date_of_birth="not_yet")
        assert not holds(c.Age(0, t.AsOf()), date_of_birth="not_yet")
        for under in (False, True):
            assert not holds(c.Age(1, A_ON, under=under), a_on="not_yet")
            assert not holds(c.Age(1, A_ON, under=under), a_on="not_yet", date_of_birth="not_yet")

    def test_within_holds_both_ends(self) -> None:
        closed, limit = A_ON, days(6, unit="months")
        for day, so in [(14, False), (15, True)]:
            assert holds(c.Within(B_ON, closed, limit), a_on=date(2026, 1, 15), b_on=date(2026, 1, day)) is so
        for day, so in [(15, True), (16, False)]:
            assert holds(c.Within(B_ON, closed, limit), a_on=date(2026, 1, 15), b_on=date(2026, 7, day)) is so
        back = c.Within(B_ON, A_ON, days(7, back=True), back=True)
        assert [holds(back, a_on=date(2026, 1, 15), b_on=date(2026, 1, day)) for day in (7, 8, 15, 16)] == [False, True, True, False]
        assert not holds(back, a_on="not_yet")

    def test_a_decision_that_nobody_recorded_is_false(self) -> None:
        condition = c.Decided("answer", "yes")
        assert not holds(condition)
        assert holds(condition, decisions={"answer": "yes"})
        assert not holds(condition, decisions={"answer": "no"})


class TestUnstated:
    def test_it_closes_yes_no_facts_and_events_only(self) -> None:
        assert not holds(FLAG, unstated="not_so")
        assert not holds(c.Arranged("a_on"), unstated="not_so")
        assert holds(FLAG, unstated="not_so", flag=True)
        for condition in (c.Is("opinion", True), c.Amount("visits", 1), c.Is("colour", "red"), c.Arranged("described_on"), c.Arranged("seen_at")):
            with pytest.raises(NotKnown):
                holds(condition, unstated="not_so")

    def test_it_can_name_groups(self) -> None:
        assert not holds(FLAG, unstated=["local"])
        assert not holds(c.Is("looked_after", True), unstated=["care"])
        for condition, groups in [(FLAG, ["care"]), (c.Is("other_flag", True), ["local"]), (c.Is("looked_after", True), ["local"])]:
            with pytest.raises(NotKnown):
                holds(condition, unstated=groups)


class TestTimescales:
    @pytest.mark.parametrize(
        ("amount", "start", "back", "end"),
        [
            (8, date(2026, 4, 1), False, date(2026, 4, 15)),  # 2, 7, 8, 9, 10, 13, 14, 15 April
            (1, date(2026, 4, 2), False, date(2026, 4, 7)),
            (1, date(2026, 4, 3), False, date(2026, 4, 7)),  # begun on Good Friday
            (0, date(2026, 4, 4), False, date(2026, 4, 4)),
            (2, date(2026, 4, 8), True, date(2026, 4, 2)),  # 7 April, 2 April
            (1, date(2026, 4, 5), True, date(2026, 4, 2)),
        ],
    )
    def test_working_days(self, amount: int, start: date, back: bool, end: date) -> None:
        assert gives(days(amount, unit="working_days", back=back), a_on=start) == ("firm", end)

    def test_the_closures_of_the_pack_do_not_count(self) -> None:
        closed = pack(Rule("r", TO_B, deadline=days(1, unit="working_days")), closures=((date(2026, 12, 29), "Council closed"),))
        # Christmas Day is a Friday, and Monday 28 December the substitute for Boxing Day.
        assert verdict(closed, case(a_on=date(2026, 12, 24))).deadline == date(2026, 12, 30)

    def test_calendar_days_weeks_and_months(self) -> None:
        assert gives(days(2), a_on=WED)[1] == date(2026, 4, 3)
        assert gives(days(2, unit="weeks"), a_on=WED)[1] == date(2026, 4, 15)
        assert gives(days(1, unit="months"), a_on=date(2026, 1, 31))[1] == date(2026, 2, 28)
        assert gives(days(3, unit="months", back=True), a_on=date(2026, 5, 31))[1] == date(2026, 2, 28)
        assert gives(days(14, unit="months"), a_on=date(2025, 12, 15))[1] == date(2027, 2, 15)

    def test_hours_are_elapsed_time_across_the_change_of_clocks(self) -> None:
        seen = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)  # the clocks go forward on 29 March
        due = datetime(2026, 3, 29, 13, 0, tzinfo=BST)
        assert gives(days(24, "seen_at", "hours"), seen_at=seen) == ("firm", due)

    def test_hours_from_a_date_give_the_end_of_a_day(self) -> None:
        assert gives(days(24, "seen_at", "hours"), seen_at=WED)[1] == date(2026, 4, 2)
        assert gives(days(25, "seen_at", "hours"), seen_at=WED)[1] == date(2026, 4, 3)
        assert gives(days(25, "seen_at", "hours", back=True), seen_at=WED)[1] == date(2026, 3, 30)

    def test_days_after_a_moment_count_from_its_date_in_london(self) -> None:
        assert gives(days(1, "seen_at"), seen_at=datetime(2026, 6, 1, 23, 30, tzinfo=UTC))[1] == date(2026, 6, 3)

    def test_birthday(self) -> None:
        assert gives(t.Birthday(18), date_of_birth=date(2008, 2, 29)) == ("firm", date(2026, 3, 1))
        assert gives(t.Birthday(16), date_of_birth=date(2008, 2, 29)) == ("firm", date(2024, 2, 29))
        assert gives(t.Birthday(18), date_of_birth="not_yet") == ("awaiting", None)

    def test_what_has_no_date(self) -> None:
        assert gives(t.AtOnce()) == ("at_once", None)
        assert gives(t.NoDate("no number")) == ("not_stated", None)
        assert gives(A_ON, a_on="not_yet") == ("awaiting", None)
        assert gives(days(5), a_on="not_yet") == ("awaiting", None)
        assert gives(t.Count(5, "days", t.AtOnce())) == ("not_stated", None)
        with pytest.raises(NotKnown, match="a_on"):
            gives(A_ON)
        with pytest.raises(NotKnown, match="a_on"):
            gives(A_ON, a_on="happened")

    def test_soonest(self) -> None:
        both = t.SoonestOf((A_ON, B_ON))
        assert gives(both, a_on=WED, b_on=date(2026, 4, 9)) == ("firm", WED)
        assert gives(both, a_on="not_yet", b_on=WED) == ("no_later_than", WED)
        assert gives(both, a_on="not_yet", b_on="not_yet") == ("awaiting", None)
        assert gives(t.SoonestOf((A_ON, t.NoDate("x"))), a_on=WED) == ("firm", WED)
        assert gives(t.SoonestOf((A_ON, t.AtOnce())), a_on=WED) == ("at_once", None)
        assert gives(t.SoonestOf((t.NoDate("x"),))) == ("not_stated", None)
        with pytest.raises(NotKnown):
            gives(both, a_on=WED)
        # What is counted from a bound is a bound, and so is a firm date beside one.
        assert gives(t.Count(1, "days", both), a_on="not_yet", b_on=WED) == ("no_later_than", date(2026, 4, 2))
        assert gives(t.SoonestOf((both, t.Literally(WED))), a_on="not_yet", b_on=date(2026, 4, 9)) == ("no_later_than", WED)

    def test_latest(self) -> None:
        both = t.LatestOf((A_ON, B_ON))
        assert gives(both, a_on=WED, b_on=date(2026, 4, 9)) == ("firm", date(2026, 4, 9))
        found = verdict(pack(Rule("r", TO_B, deadline=both)), case(a_on=WED, b_on="not_yet"))
        assert (found.deadline_state, found.deadline, found.not_before) == ("awaiting", None, WED)
        later = verdict(pack(Rule("r", TO_B, deadline=t.Count(1, "working_days", both))), case(a_on=WED, b_on="not_yet"))
        assert (later.deadline_state, later.not_before) == ("awaiting", date(2026, 4, 2))
        assert gives(t.LatestOf((A_ON, t.AtOnce(), t.NoDate("x"))), a_on=WED) == ("firm", WED)
        assert gives(t.LatestOf((t.AtOnce(), t.NoDate("x")))) == ("at_once", None)

    def test_in_a_list_a_date_stands_at_the_end_of_its_day(self) -> None:
        evening, midnight = datetime(2026, 4, 1, 22, 0, tzinfo=BST), datetime(2026, 4, 2, 0, 0, tzinfo=BST)
        both = (A_ON, t.FactDay("seen_at"))
        assert gives(t.SoonestOf(both), a_on=WED, seen_at=evening)[1] == evening
        assert gives(t.LatestOf(both), a_on=WED, seen_at=evening)[1] == WED
        assert gives(t.SoonestOf(both), a_on=WED, seen_at=midnight)[1] == WED

    def test_when_otherwise_and_failing_that(self) -> None:
        assert gives(t.Conditional(A_ON, FLAG), a_on=WED, flag=True) == ("firm", WED)
        assert gives(t.Conditional(A_ON, FLAG), a_on=WED, flag=False) == ("not_stated", None)
        assert gives(t.Conditional(A_ON, FLAG, B_ON), b_on=WED, flag=False) == ("firm", WED)
        assert gives(t.SoonestOf((t.Conditional(A_ON, FLAG), B_ON)), b_on=WED, flag=False) == ("firm", WED)
        failing = t.FailingThat(days(1), B_ON)
        assert gives(failing, a_on=WED, b_on=WED) == ("firm", date(2026, 4, 2))
        assert gives(failing, a_on="not_yet", b_on=WED) == ("firm", WED)
        assert gives(t.UseTimescale("named", failing), a_on="not_yet", b_on="not_yet") == ("awaiting", None)

    def test_the_end_of_the_calendar(self) -> None:
        one = days(1, unit="working_days")
        assert gives(one, a_on=date(2028, 12, 28)) == ("firm", date(2028, 12, 29))
        assert gives(one, a_on=date(2028, 12, 29))[0] == "unproclaimed"
        assert gives(days(0, unit="working_days"), a_on=date(2028, 12, 31)) == ("firm", date(2028, 12, 31))
        assert gives(days(1, unit="working_days", back=True), a_on=date(2040, 12, 31)) == ("unproclaimed", date(2040, 12, 28))
        assert gives(days(1, unit="working_days", back=True), a_on=date(2010, 1, 1)) == ("past_horizon", None)
        assert gives(days(1, unit="working_days"), a_on=date(2010, 1, 1)) == ("firm", date(2010, 1, 4))
        assert gives(days(1, unit="working_days", back=True), a_on=date(2029, 1, 1)) == ("unproclaimed", date(2028, 12, 29))
        assert gives(days(400), a_on=date(2028, 12, 29))[0] == "firm"
        assert gives(t.Count(60, "days", one, back=True), a_on=date(2028, 12, 29))[0] == "unproclaimed"
        assert gives(one, a_on=date(2040, 12, 31)) == ("past_horizon", None)
        assert gives(one, a_on=date(2041, 6, 3)) == gives(t.Count(1, "days", one), a_on=date(2040, 12, 31)) == ("past_horizon", None)
        assert gives(t.SoonestOf((one, B_ON)), a_on=date(2040, 12, 31), b_on=WED) == ("firm", WED)
        assert gives(t.LatestOf((one, B_ON)), a_on=date(2040, 12, 31), b_on=WED) == ("past_horizon", None)
        bound = t.SoonestOf((one, B_ON))
        assert gives(bound, a_on=date(2028, 12, 29), b_on="not_yet")[0] == "no_later_than"

    def test_overdue_is_the_day_after_or_the_moment_after(self) -> None:
        rule = Rule("r", TO_B, deadline=A_ON)
        assert [verdict(pack(rule), case(date(2026, 4, day), a_on=WED)).overdue for day in (1, 2)] == [False, True]
        assert not verdict(pack(rule), case(datetime(2026, 4, 1, 23, 59, tzinfo=BST), a_on=WED)).overdue
        at = Rule("r", TO_B, deadline=t.FactDay("seen_at"))
        noon = datetime(2026, 4, 1, 12, 0, tzinfo=BST)
        assert [verdict(pack(at), case(noon + timedelta(minutes=step), seen_at=noon)).overdue for step in (0, 1)] == [False, True]
        assert not verdict(pack(at), case(WED, seen_at=noon)).overdue


class TestRules:
    def test_silence(self) -> None:
        assert verdict(pack(), case()) == Verdict("stay", silent=True)
        assert verdict(pack(Rule("r", TO_B, when=FLAG)), case(flag=False)).silent

    def test_from(self) -> None:
        for teams, so in [(Teams(frozenset({"a"})), True), (Teams(frozenset({"b"})), False), (Teams(but=frozenset({"a"})), False), (Teams(), True)]:
            assert (verdict(pack(Rule("r", TransferTo("z"), from_teams=teams)), case()).outcome == "transfer") is so

    def test_a_team_and_an_area_from_facts(self) -> None:
        rule = pack(Rule("r", TransferTo(FromFact("next_team"), FromFact("where"))))
        found = verdict(rule, case(next_team="b", where="north"))
        assert (found.outcome, found.team, found.area) == ("transfer", "b", "north")
        assert verdict(rule, case(next_team="b")).area is None
        assert verdict(rule, case(next_team="none")).outcome == "close"
        assert verdict(rule, case(next_team="other_authority", where="north")).team == "other_authority"
        with pytest.raises(NotKnown, match="next_team"):
            verdict(rule, case())

    def test_a_move_to_the_team_that_holds_it_is_a_stay_unless_area_or_role_differs(self) -> None:
        assert verdict(pack(Rule("r", TransferTo("a"))), case()).outcome == "stay"
        assert verdict(pack(Rule("r", TransferTo("a", "north"))), case(current_team_area="north")).outcome == "stay"
        assert verdict(pack(Rule("r", TransferTo("a", "north"))), case(current_team_area="south")).outcome == "transfer"
        found = verdict(pack(Rule("r", TransferTo("a", role="personal_adviser"))), case())
        assert (found.outcome, found.role) == ("transfer", "personal_adviser")

    def test_a_hold_is_over_on_its_day(self) -> None:
        hold = pack(Rule("r", Stay(until=A_ON)))
        before = verdict(hold, case(a_on=date(2026, 4, 2)))
        assert (before.outcome, before.silent, before.deadline_state, before.not_before) == ("stay", False, "not_stated", date(2026, 4, 2))
        assert verdict(hold, case(a_on=WED)).silent
        noon = datetime(2026, 4, 1, 12, 0, tzinfo=BST)
        by_the_clock = pack(Rule("r", Stay(until=t.FactDay("seen_at"))))
        assert [verdict(by_the_clock, case(noon + timedelta(minutes=step), seen_at=noon)).silent for step in (-1, 0)] == [False, True]
        awaiting = verdict(hold, case(a_on="not_yet"))
        assert (awaiting.because, awaiting.not_before) == (frozenset({"r"}), None)

    def test_several_holds_agree_on_the_latest(self) -> None:
        holds_ = pack(Rule("r", Stay(until=A_ON)), Rule("s", Stay(until=B_ON)), Rule("u", Stay()))
        found = verdict(holds_, case(a_on=date(2026, 4, 9), b_on=date(2026, 4, 8)))
        assert (found.not_before, found.because) == (date(2026, 4, 9), frozenset("rsu"))

    def test_a_stay_that_yields_gives_way(self) -> None:
        explains = Rule("e", Stay(yields=True))
        assert verdict(pack(explains, Rule("r", TO_B)), case()).because == frozenset({"r"})
        assert verdict(pack(explains, Rule("f", Stay(yields=True))), case()).because == frozenset("ef")
        assert verdict(pack(Rule("s", Stay()), Rule("r", TO_B)), case()).outcome == "conflict"

    def test_overriding_reaches_one_step_even_from_a_defeated_rule(self) -> None:
        a, b, z = Rule("a", TO_B, overrides=frozenset("b")), Rule("b", TransferTo("z"), overrides=frozenset("z")), Rule("z", Close())
        assert verdict(pack(a, b, z), case()).because == frozenset("a")
        assert verdict(pack(a, replace(b, when=FLAG), z), case(flag=False)).outcome == "conflict"
        assert verdict(pack(replace(a, off=True), b, z), case()).team == "z"

    def test_a_rule_that_cannot_be_told_is_passed_over_where_it_changes_nothing(self) -> None:
        sure, unsure = Rule("a", TO_B, overrides=frozenset("b")), Rule("b", Close(), when=FLAG)
        assert verdict(pack(sure, unsure), case()).team == "b"
        assert verdict(pack(replace(sure, overrides=frozenset()), Rule("e", Stay(yields=True), when=FLAG)), case()).team == "b"
        for rules in [(replace(sure, overrides=frozenset()), unsure), (sure, replace(unsure, overrides=frozenset("a")))]:
            with pytest.raises(NotKnown, match="flag"):
                verdict(pack(*rules), case())

    def test_agreeing_rules_show_the_date_of_the_one_that_has_it(self) -> None:
        dateless = Rule("a", TO_B, transfer_point=B_ON)
        dated = Rule("b", TO_B, deadline=days(1), transfer_point=A_ON)
        found = verdict(pack(dateless, dated, Rule("z", TO_B, deadline=t.NoDate("x"))), case(a_on=WED, b_on=WED + timedelta(1)))
        assert (found.deadline, found.transfer_point, found.because) == (date(2026, 4, 2), (WED, "happened"), frozenset("abz"))
        assert verdict(pack(dateless, Rule("b", TO_B)), case(b_on=WED + timedelta(1))).transfer_point == (date(2026, 4, 2), "planned")

    def test_agreeing_rules_leave_the_area_open_where_they_name_two(self) -> None:
        north, south, anywhere = Rule("n", TransferTo("z", "north")), Rule("s", TransferTo("z", "south")), Rule("a", TransferTo("z"))
        assert verdict(pack(north, anywhere), case()).area == "north"
        assert (verdict(pack(north, south), case()).outcome, verdict(pack(north, south), case()).area) == ("transfer", None)

    def test_the_order_of_rules_means_nothing(self) -> None:
        rules = [Rule("a", TO_B, deadline=A_ON), Rule("b", TO_B, transfer_point=B_ON), Rule("e", Stay(yields=True)), Rule("c", TO_B, deadline=A_ON)]
        verdicts = [verdict(pack(*order), case(a_on=WED, b_on=WED)) for order in permutations(rules)]
        assert all(found == verdicts[0] for found in verdicts)

    def test_other_dates_other_teams_and_other_roles_conflict(self) -> None:
        by_a, by_b = Rule("a", TO_B, deadline=A_ON), Rule("b", TO_B, deadline=B_ON)
        assert verdict(pack(by_a, by_b), case(a_on=WED, b_on=WED)).outcome == "transfer"
        found = verdict(pack(by_a, by_b), case(a_on=WED, b_on=date(2026, 4, 2)))
        assert (found.outcome, found.candidates, found.because) == ("conflict", frozenset({("transfer", "b")}), frozenset("ab"))
        assert (found.deadline_state, found.team, found.transfer_point) == ("not_stated", None, None)
        assert verdict(pack(by_a, by_b, Rule("z", Close())), case()).candidates == frozenset({("transfer", "b"), ("close", None)})
        assert verdict(pack(Rule("r", TO_B), Rule("s", TransferTo("b", role="x"))), case()).outcome == "conflict"

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (WED, (WED, "happened")),
            (date(2026, 4, 2), (date(2026, 4, 2), "planned")),
            ("not_yet", (None, "awaited")),
            ("happened", (None, "happened")),
            (None, (None, "unknown")),
        ],
    )
    def test_transfer_point(self, value: Any, expected: Any) -> None:
        assert verdict(pack(Rule("r", TO_B, transfer_point=A_ON)), case(a_on=value)).transfer_point == expected
        assert verdict(pack(Rule("r", TO_B)), case()).transfer_point is None


class TestPeopleDecide:
    effect = PeopleDecide("managers", "which?", ("a", "b", "stay", "close", FromFact("next_team")), by=days(3), settled_by="which")
    rule = Rule("p", effect, deadline=days(5), transfer_point=A_ON)

    def test_until_it_is_recorded_people_decide(self) -> None:
        found = verdict(pack(self.rule), case(a_on=WED, next_team="z"))
        assert (found.outcome, found.settled_by, found.by) == ("people_decide", "which", date(2026, 4, 4))
        assert found.candidates == frozenset({("stay", None), ("transfer", "b"), ("close", None), ("transfer", "z")})
        assert found.deadline_state == "not_stated"

    def test_once_recorded_it_governs(self) -> None:
        found = verdict(pack(self.rule), case(a_on=WED, decisions={"which": "b"}))
        assert (found.outcome, found.team, found.deadline, found.transfer_point) == ("transfer", "b", date(2026, 4, 6), (WED, "happened"))
        for word, outcome in {"a": "stay", "stay": "stay", "close": "close", "none": "close"}.items():
            assert verdict(pack(self.rule), case(a_on=WED, decisions={"which": word})).outcome == outcome

    @pytest.mark.parametrize(
        ("on", "outcome"), [(date(2026, 3, 31), "people_decide"), (WED, "transfer"), (date(2026, 4, 2), "people_decide"), (None, "people_decide")]
    )
    def test_a_decision_of_another_day_does_not_count(self, on: date | None, outcome: str) -> None:
        effect = replace(self.effect, valid=Valid(A_ON, t.Literally(date(2026, 4, 2))), between=("b",))
        assert verdict(pack(Rule("p", effect)), case(a_on=WED, decisions={"which": {"decided": "b", "on": on}})).outcome == outcome

    def test_at_once_is_sooner_than_any_day(self) -> None:
        """Found by its own campaign: of two questions that are one, one is to be decided at once, which is no date."""
        effect = replace(self.effect, between=("b",))
        at_once = Rule("q", replace(effect, by=t.AtOnce()))
        assert verdict(pack(Rule("p", effect, deadline=days(5), transfer_point=A_ON), at_once), case(a_on=WED)).by is None

    def test_open_questions_agree_only_on_one_decision(self) -> None:
        effect = replace(self.effect, between=("b",), by=None)
        assert verdict(pack(Rule("p", effect), Rule("q", effect)), case()).outcome == "people_decide"
        for other in (replace(effect, settled_by="another"), replace(effect, settled_by=None)):
            assert verdict(pack(Rule("p", effect), Rule("q", other)), case()).candidates == frozenset({("people_decide", None)})
        open_ = replace(effect, settled_by=None)
        assert verdict(pack(Rule("p", open_), Rule("q", open_)), case()).outcome == "conflict"

    def test_a_named_clash_is_left_to_people(self) -> None:
        rules = (Rule("r", TO_B, deadline=A_ON), Rule("s", Stay()))
        entry = LeaveToPeople(frozenset("rs"), "managers", "which?", settled_by="both")
        found = verdict(pack(*rules, leave_to_people=(entry,)), case(a_on=WED))
        assert (found.outcome, found.settled_by, found.candidates) == ("people_decide", "both", frozenset({("stay", None), ("transfer", "b")}))
        settled = verdict(pack(*rules, leave_to_people=(entry,)), case(a_on=WED, decisions={"both": "b"}))
        assert (settled.outcome, settled.team, settled.deadline, settled.because) == ("transfer", "b", WED, frozenset("r"))
        assert verdict(pack(*rules, leave_to_people=(entry,)), case(a_on=WED, decisions={"both": "z"})).team == "z"
        two_dates = (rules[0], replace(rules[0], id="s", deadline=B_ON))
        bare = verdict(pack(*two_dates, leave_to_people=(entry,)), case(a_on=WED, b_on=date(2026, 4, 2), decisions={"both": "b"}))
        assert (bare.team, bare.deadline, bare.because) == ("b", None, frozenset())
        assert verdict(pack(*two_dates, leave_to_people=(entry,)), case(a_on=WED, b_on=date(2026, 4, 2))).outcome == "people_decide"
        assert verdict(pack(*rules, Rule("t", Close()), leave_to_people=(entry,)), case(a_on=WED)).outcome == "conflict"


class TestChecklists:
    """One rule moves the case to b by `b_on`; items hang on it."""

    rule = Rule("r", TO_B, deadline=B_ON)

    def why(self, item: Item, *others: Item, checklist: dict[str, Any] | None = None, duties: tuple[DutySpec, ...] = (), **facts: Any) -> str | None:
        """Why one required item is outstanding."""
        lists = (Checklist("l", "l", (Applies(),), (item.id,)),)
        facts = {"b_on": date(2026, 4, 10), "agreed_transfer_on": "not_yet", **facts}
        found = verdict(pack(self.rule, items=(item, *others), checklists=lists, duties=duties), case(checklist=checklist or {}, **facts))
        assert item.id in found.required
        return dict(found.outstanding).get(item.id)

    def test_what_applies(self) -> None:
        def required(applies: Applies, item: Item, **facts: Any) -> bool:
            lists = (Checklist("l", "l", (applies,), ("i",)),)
            return bool(verdict(pack(self.rule, items=(item,), checklists=lists), case(b_on=WED, **facts)).required)

        item = Item("i", "i")
        to = Teams(frozenset({"b"}))
        for applies in (Applies(), Applies(to_teams=to), Applies(rules=frozenset({"r", "x"})), Applies(outcomes=frozenset({"transfer"}))):
            assert required(applies, item)
        for applies in (Applies(from_teams=to), Applies(to_teams=Teams(but=to.ids or frozenset())), Applies(rules=frozenset({"x"}))):
            assert not required(applies, item)
        assert not required(Applies(outcomes=frozenset({"close"})), item)
        lists = (Checklist("l", "l", (), ("i",)),)
        assert verdict(pack(self.rule, items=(item,), checklists=lists), case(b_on=WED)).required == frozenset("i")
        assert not verdict(pack(Rule("p", PeopleDecide("who", "what?", ("b",))), items=(item,), checklists=lists), case()).required
        assert required(Applies(when=FLAG), item, flag=True)
        assert not required(Applies(when=FLAG), item, flag=False)
        assert not required(Applies(), replace(item, when=FLAG), flag=False)
        assert not required(Applies(), replace(item, off=True))

    def test_a_stay_has_no_items(self) -> None:
        lists = (Checklist("l", "l", (Applies(),), ("i",)),)
        assert not verdict(pack(Rule("s", Stay()), items=(Item("i", "i"),), checklists=lists), case()).required

    def test_in_a_clash_the_items_that_each_answer_asks_for(self) -> None:
        lists = (
            Checklist("all", "all", (Applies(),), ("i",)),
            Checklist("b", "b", (Applies(to_teams=Teams(frozenset({"b"}))),), ("j",)),
        )
        clash = pack(Rule("r", TO_B), Rule("s", TransferTo("z")), items=(Item("i", "i"), Item("j", "j")), checklists=lists)
        assert verdict(clash, case()).required == frozenset("i")

    @pytest.mark.parametrize(
        ("progress", "why"),
        [(None, "not_recorded"), ("not_done", "not_done"), ("not_needed", None), ("done", None), (WED, None), (date(2026, 4, 2), "not_done"),
         ("excused", "not_recorded")],
    )  # fmt: skip
    def test_progress(self, progress: Any, why: str | None) -> None:
        assert self.why(Item("i", "i"), checklist={"i": progress} if progress else {}) == why

    def test_excused_counts_only_where_it_may_be(self) -> None:
        item = Item("i", "i", excusable=Excuse("managers"), fresh_for=Span(1, "days"))
        assert self.why(item, checklist={"i": "excused"}) == "excused"
        assert self.why(item, checklist={"i": {"done_on": date(2026, 1, 1), "excused": True}}) == "excused"
        assert self.why(item, checklist={"i": "not_done"}) == "not_done"

    def test_a_fact_wins_over_the_record(self) -> None:
        item = Item("i", "i", done_when=c.Happened("a_on"))
        assert self.why(item, a_on=WED) is None
        assert self.why(item, checklist={"i": "not_done"}, a_on=WED) is None
        assert self.why(item, checklist={"i": "done"}, a_on="not_yet") == "not_done"
        assert self.why(item, checklist={"i": "done"}) is None
        assert self.why(item) == "not_recorded"

    def test_freshness_reaches_the_later_of_handover_and_as_of(self) -> None:
        item = Item("i", "i", fresh_for=Span(1, "months"))
        assert self.why(item, checklist={"i": date(2026, 3, 10)}) is None  # + 1 month: 10 April, the handover
        assert self.why(item, checklist={"i": date(2026, 3, 9)}) == "stale"
        assert self.why(item, checklist={"i": "done"}) == "cannot_tell"
        # As_of, 1 April, is later than the handover.
        assert self.why(item, checklist={"i": date(2026, 3, 1)}, b_on=date(2026, 3, 5)) is None
        assert self.why(item, checklist={"i": date(2026, 2, 28)}, b_on=date(2026, 3, 5)) == "stale"
        # No handover.
        assert self.why(item, checklist={"i": date(2026, 3, 1)}, b_on="not_yet") == "cannot_tell"
        assert self.why(item, checklist={"i": date(2026, 2, 28)}, b_on="not_yet") == "stale"
        # The agreed date goes before the deadline.
        assert self.why(item, checklist={"i": date(2026, 3, 10)}, agreed_transfer_on=date(2026, 4, 11)) == "stale"

    def test_the_handover_falls_back_on_the_transfer_point(self) -> None:
        lists = (Checklist("l", "l", (Applies(),), ("i",)),)
        item = Item("i", "i", fresh_for=Span(7, "days"))
        moves = pack(Rule("r", TO_B, transfer_point=A_ON), items=(item,), checklists=lists)
        for day, why in [(8, None), (9, "stale")]:
            found = verdict(moves, case(a_on=date(2026, 4, day), agreed_transfer_on="not_yet", checklist={"i": WED}))
            assert dict(found.outstanding).get("i") == why

    def test_valid(self) -> None:
        item = Item("i", "i", valid=Valid(A_ON, t.MoveDay("handover")))
        facts: dict[str, Any] = {"a_on": date(2026, 3, 20), "b_on": date(2026, 3, 30)}
        dated = {date(2026, 3, 19): "stale", date(2026, 3, 20): None, date(2026, 3, 29): None, date(2026, 3, 30): "out_of_order"}
        for day, why in dated.items():
            assert self.why(item, checklist={"i": day}, **facts) == why
        assert self.why(item, checklist={"i": "done"}, **facts) == "cannot_tell"
        assert self.why(item, checklist={"i": "done"}, a_on="not_yet") == "out_of_order"
        assert self.why(replace(item, valid=Valid(before=A_ON)), checklist={"i": "done"}, a_on="not_yet") is None
        assert self.why(replace(item, valid=Valid(on_or_after=t.NoDate("x"))), checklist={"i": "done"}) is None

    def test_needs(self) -> None:
        item, first = Item("i", "i", needs=("f",)), Item("f", "f", excusable=Excuse("managers"))
        done = date(2026, 3, 20)
        assert self.why(item, first, checklist={"i": done}) == "out_of_order"
        assert self.why(item, first, checklist={"i": done, "f": "excused"}) is None
        assert self.why(item, first, checklist={"i": done, "f": "not_needed"}) is None
        assert self.why(item, first, checklist={"i": done, "f": done}) is None
        assert self.why(item, first, checklist={"i": done, "f": date(2026, 3, 21)}) == "out_of_order"
        assert self.why(item, first, checklist={"i": "done", "f": date(2026, 3, 21)}) is None
        assert self.why(item, replace(first, when=FLAG), checklist={"i": done}, flag=False) is None

    def test_satisfied_by_another_item_or_duty(self) -> None:
        item, other = Item("i", "i", satisfied_by=("o", "m")), Item("o", "o", fresh_for=Span(1, "months"))
        meeting = (DutySpec("m", "meeting", "m"),)
        assert self.why(item, other, checklist={"o": date(2026, 3, 31)}, duties=meeting) is None
        assert self.why(item, other, checklist={"o": date(2026, 1, 1)}, duties=meeting) == "not_recorded"
        assert self.why(item, other, checklist={"o": "not_needed"}, duties=meeting) == "not_recorded"
        assert self.why(item, other, checklist={"m": "done", "i": "not_done"}, duties=meeting) is None
        # What is done by another was done on the day of that other, the earlier of two.
        later = Item("n", "n", needs=("i",))
        done: dict[str, Any] = {"n": date(2026, 3, 20), "m": date(2026, 3, 21)}
        assert self.why(later, item, other, checklist=done, duties=meeting) == "out_of_order"
        assert self.why(later, item, other, checklist={**done, "o": date(2026, 3, 20)}, duties=meeting) is None

    def test_the_gravest_reason_is_given(self) -> None:
        item = Item("i", "i", fresh_for=Span(1, "days"), needs=("f",), valid=Valid(on_or_after=A_ON))
        facts: dict[str, Any] = {"a_on": date(2026, 3, 20)}
        assert self.why(item, Item("f", "f"), checklist={"i": date(2026, 1, 1)}, **facts) == "out_of_order"
        assert self.why(item, Item("f", "f"), checklist={"i": date(2026, 1, 1), "f": "done"}, **facts) == "stale"
        assert self.why(item, Item("f", "f"), checklist={"i": "done", "f": "done"}, **facts) == "cannot_tell"


class TestDuties:
    def status(self, duty: DutySpec, rule: Rule | None = None, **given: Any) -> str | None:
        found = verdict(pack(*([rule] if rule else []), duties=(duty,)), case(**given))
        return dict(found.duties).get(duty.id)

    def test_status(self) -> None:
        duty = DutySpec("x", "notice", "x", due=A_ON)
        assert self.status(duty, a_on=date(2026, 3, 31)) == "overdue"
        assert self.status(duty, a_on=WED) == "due"
        assert self.status(duty, a_on="not_yet") == "awaiting"
        assert [self.status(DutySpec("x", "notice", "x", due=due)) for due in (t.AtOnce(), t.NoDate("x"))] == ["now", "now"]
        assert self.status(duty, checklist={"x": WED}) == "done"
        assert self.status(duty, checklist={"x": "not_needed"}) == "not_needed"
        assert self.status(duty, a_on=WED, checklist={"x": date(2026, 4, 2)}) == "due"
        assert self.status(replace(duty, done_when=FLAG), flag=True) == "done"
        assert self.status(replace(duty, done_when=FLAG), a_on=WED, flag=False, checklist={"x": "done"}) == "due"

    def test_what_applies(self) -> None:
        duty, rule = DutySpec("x", "notice", "x"), Rule("r", TO_B)
        to_b = replace(duty, applies=(Applies(to_teams=Teams(frozenset({"b"}))),))
        assert self.status(to_b, rule) == "now"
        assert self.status(to_b) is None
        assert self.status(replace(duty, applies=(Applies(rules=frozenset({"q"})), Applies(outcomes=frozenset({"stay"}))))) == "now"
        assert self.status(replace(duty, when=FLAG), flag=False) is None
        assert self.status(replace(duty, off=True)) is None

    def test_dates_of_the_move(self) -> None:
        warning = DutySpec("x", "notice", "x", due=t.Count(7, "working_days", t.MoveDay("handover"), back=True))
        rule = Rule("r", TO_B, deadline=A_ON, transfer_point=B_ON)
        facts: dict[str, Any] = {"agreed_transfer_on": "not_yet", "b_on": WED}
        # Back from Wednesday 15 April: 14, 13, 10, 9, 8, 7, 2 April.
        assert [self.status(warning, rule, as_of=date(2026, 4, day), a_on=date(2026, 4, 15), **facts) for day in (2, 3)] == ["due", "overdue"]
        assert self.status(warning, rule, a_on="not_yet", **{**facts, "b_on": "not_yet"}) == "awaiting"
        assert self.status(warning) == "now"
        late = DutySpec("x", "escalation", "x", when=c.Compare(t.AsOf(), "after", t.MoveDay("deadline")))
        assert [self.status(late, rule, a_on=day) for day in (date(2026, 3, 31), WED)] == ["now", None]
        passed = DutySpec("x", "follow_up", "x", due=t.Count(1, "days", t.MoveDay("transfer_point")))
        assert [self.status(passed, replace(rule, deadline=None), b_on=day) for day in (date(2026, 3, 30), date(2026, 3, 31))] == ["overdue", "due"]

    def test_an_overridden_duty_is_not_listed(self) -> None:
        duties = (DutySpec("x", "notice", "x", overrides=("y",)), DutySpec("y", "notice", "y"))
        assert verdict(pack(duties=duties), case()).duties == frozenset({("x", "now")})
        unless = (replace(duties[0], when=FLAG), duties[1])
        assert verdict(pack(duties=unless), case(flag=False)).duties == frozenset({("y", "now")})

    def test_rules_that_clash_bring_no_duties(self) -> None:
        duties = (DutySpec("x", "notice", "x", applies=(Applies(rules=frozenset({"r"})),)), DutySpec("y", "notice", "y"))
        assert verdict(pack(Rule("r", TO_B), Rule("s", Close()), duties=duties), case()).duties == frozenset({("y", "now")})


def test_the_answer_alone_asks_for_fewer_facts() -> None:
    item = Item("i", "i", fresh_for=Span(1, "months"))
    the_pack = pack(
        Rule("r", TO_B, deadline=A_ON),
        items=(item,),
        checklists=(Checklist("l", "l", (Applies(),), ("i",)),),
        duties=(DutySpec("x", "notice", "x", when=FLAG),),
    )
    snapshot = case(a_on=WED, checklist={"i": WED})
    answer = judge_answer(the_pack, ENGLAND, snapshot)
    assert (answer.outcome, answer.team, answer.deadline, answer.required) == ("transfer", "b", WED, frozenset("i"))
    with pytest.raises(NotKnown):
        judge(the_pack, ENGLAND, snapshot)
    full = case(a_on=WED, checklist={"i": WED}, flag=True, agreed_transfer_on="not_yet")
    assert verdict(the_pack, full).answer == answer


def test_a_decision_and_the_verdict_on_it_have_one_shape() -> None:
    noon = datetime(2026, 4, 1, 12, 0, tzinfo=BST)
    the_pack = pack(
        Rule("r", TransferTo("b", "north"), deadline=t.FactDay("seen_at"), transfer_point=A_ON),
        items=(Item("i", "i"),),
        checklists=(Checklist("l", "l", (Applies(),), ("i",)),),
        duties=(DutySpec("x", "notice", "x"),),
    )
    decision = d.Decision(
        outcome="transfer",
        certainty="decided",
        identity=d.Identity("p", "1", "0", "england", "0", date(2040, 12, 31), "0"),
        receiving_team=d.ReceivingTeam("b", "B", "north", "North"),
        transfer_point=d.TransferPoint("a_on", WED, "happened"),
        deadline=d.Deadline("firm", noon),
        required=("i",),
        outstanding=(d.Outstanding("i", "i", "not_recorded"),),
        duties=(d.Duty("x", "notice", "x", "now"),),
        reasons=(d.Reason("r", ""),),
    )
    found = verdict(the_pack, case(a_on=WED, seen_at=noon))
    assert differences(found, verdict_of(decision)) == []
    other = replace(decision, deadline=d.Deadline("firm", WED), outstanding=())
    assert differences(found, verdict_of(other)) == [
        "deadline: 2026-04-01T11:00:00+00:00 in the first, 2026-04-01 in the second",
        "outstanding: only the first has [\"('i', 'not_recorded')\"], only the second has []",
    ]
    clash = d.Decision("conflict", "decided", decision.identity, candidates=(d.Candidate("transfer", "b"), d.Candidate("stay", "a")))
    assert verdict_of(clash).candidates == frozenset({("transfer", "b"), ("stay", None)})
    silent = d.Decision(outcome="stay", certainty="decided", identity=decision.identity, silent=True, reasons=(d.Reason("otherwise", ""),))
    assert verdict_of(silent) == verdict(pack(), case())


class TestWays:
    def filled(self, name: str, *rules: Rule, as_of: date = WED, days: dict[str, list[date]] | None = None, **facts: Any) -> list[Any]:
        filled = ways(pack(*rules), case(as_of, **facts), [name], days=days)
        return [getattr(way, name) if hasattr(way, name) else way.local_facts[name] for way in filled]

    def test_every_type(self) -> None:
        assert self.filled("flag") == [False, True]
        assert self.filled("looked_after") == [False, True]
        assert self.filled("colour") == ["red", "blue", "green"]
        assert self.filled("needs") == [frozenset(), frozenset({"speech"}), frozenset({"sight"}), frozenset({"speech", "sight"})]
        assert self.filled("next_team") == ["a", "b", "z", "none", "other_authority"]
        assert self.filled("where") == ["north", "south"]

    def test_counts_lie_around_what_the_pack_compares_them_with(self) -> None:
        inside = Rule("r", TO_B, deadline=t.Conditional(A_ON, c.Not(c.Amount("visits", 3))))
        assert self.filled("visits", inside) == [0, 2, 3, 4]
        assert self.filled("visits", Rule("r", TO_B, when=c.Is("visits", c.FactRef("calls"))), calls=7) == [0, 6, 7, 8]
        assert self.filled("calls", inside) == [0]

    def test_days(self) -> None:
        assert self.filled("a_on", days={"a_on": [WED]}) == ["not_yet", WED]
        default = self.filled("a_on", b_on=date(2026, 4, 11))
        assert (default[0], default[1], default[-1]) == ("not_yet", date(2026, 2, 20), date(2026, 5, 21))
        assert len(default) == 92
        assert self.filled("a_on", a_on="happened", days={"a_on": [date(2026, 3, 31), WED, date(2026, 4, 2)]}) == [date(2026, 3, 31), WED]

    def test_two_facts_make_every_pair_that_is_possible(self) -> None:
        pairs = list(ways(pack(), case(), ["flag", "opinion"], possible=lambda way: way.local_facts != {"flag": False, "opinion": True}))
        assert [(way.local_facts["flag"], way.local_facts["opinion"]) for way in pairs] == [(False, False), (True, False), (True, True)]
        assert len(list(ways(pack(), case(), []))) == 1

    def test_a_fact_without_any_value_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no value"):
            next(ways(pack(teams={}), case(), ["where"]))

    def test_a_known_fact_is_not_filled_in(self) -> None:
        for name in ("flag", "no_such_fact"):
            with pytest.raises(ValueError, match=name):
                next(ways(pack(), case(flag=True), [name]))

"""Python objects that lie, as parts of a snapshot: each ends in one SnapshotError, or in a snapshot that holds plain values only."""

from __future__ import annotations

import copy
import itertools
import pickle
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from transfer_rules import CaseSnapshot, evaluate
from transfer_rules.errors import SnapshotError
from transfer_rules.snapshots import decision_to_json, snapshot_to_dict, snapshot_to_yaml
from transfer_rules.vocabulary import MAX_ENTRIES, Progress, Recorded

from .lying_objects import (
    LIES,
    AnotherText,
    EndlessDict,
    EndlessList,
    EndlessMapping,
    NoClass,
    SaysItIs,
    Trap,
    TrappedDict,
    TrappedFrozen,
    TrappedList,
    TrappedText,
    Zone,
)
from .packs_for_tests import policy_of

POLICY = policy_of("""
    decisions: {answer: {label: an answer, options: [none, more]}}
    rules: [{id: plan, from: assessment, when: {fact: lead_plan, is: in_care}, transfer_to: permanence}]
    checklists: {list: {label: a list, applies: {to: permanence}, items: [{id: note, label: Note}]}}
    """)
LOCAL = ("flag", "visits", "colour", "needs", "next_team", "where", "seen_at", "expected_on", "a_on")
PLACES = {
    **{
        name: lambda lie, name=name: {name: lie}
        for name in ("as_of", "looked_after", "lead_plan", "days_in_care_since_14", "date_of_birth", "care_order_made_on", "remand_notified_at",
                     "current_team", "home_area", "local_facts", "decisions", "checklist", "unstated")
    },
    **{f"local_facts[{name}]": lambda lie, name=name: {"local_facts": {name: lie}} for name in LOCAL},
    "a list in local_facts": lambda lie: {"local_facts": {"needs": [lie]}},
    "decisions[answer]": lambda lie: {"decisions": {"answer": lie}},
    "decided": lambda lie: {"decisions": {"answer": {"decided": lie}}},
    "area of a decision": lambda lie: {"decisions": {"answer": {"decided": "none", "area": lie}}},
    "day of a decision": lambda lie: {"decisions": {"answer": {"decided": "none", "on": lie}}},
    "a Recorded": lambda lie: {"decisions": {"answer": Recorded(lie, lie, lie)}},
    "checklist[note]": lambda lie: {"checklist": {"note": lie}},
    "done_on": lambda lie: {"checklist": {"note": {"done_on": lie}}},
    "excused": lambda lie: {"checklist": {"note": {"excused": lie}}},
    "a Progress": lambda lie: {"checklist": {"note": Progress(lie, lie, lie)}},
    "unstated[0]": lambda lie: {"unstated": [lie]},
}  # fmt: skip
PLAIN = (type(None), bool, int, str, date, datetime)


def values_in(part: Any) -> list[Any]:
    """Return everything that stands in a part of a snapshot, however deep."""
    if type(part) is MappingProxyType:
        return [one for name, value in part.items() for one in (*values_in(name), *values_in(value))]
    if type(part) in (frozenset, tuple):
        return [one for value in part for one in values_in(value)]
    if type(part) in (Recorded, Progress):
        return [one for name in part.__dataclass_fields__ for one in values_in(getattr(part, name))]
    return [part]


def of(**parts: Any) -> CaseSnapshot | SnapshotError:
    """Return the snapshot, or the one error that came of it."""
    try:
        return CaseSnapshot(**{"as_of": date(2026, 4, 2), "current_team": "assessment", **parts})
    except SnapshotError as error:
        return error


class TestLies:
    """Whatever stands where a value belongs, one SnapshotError comes of it that shows nothing of it, or a snapshot of plain values."""

    @pytest.mark.parametrize("place", PLACES)
    def test_no_lie_gets_in_and_no_lie_gets_out(self, place):
        for lie, make in LIES.items():
            made = of(**PLACES[place](make()))
            if isinstance(made, SnapshotError):
                assert made.diagnostics, lie
                assert len(str(made)) < 5_000, lie
                assert "Trap" not in str(made), lie
                assert made.__cause__ is None, lie
                continue
            held = [one for name in made.__dataclass_fields__ for one in values_in(getattr(made, name))]
            assert {type(one) for one in held} <= {*PLAIN}, lie
            assert {type(one.tzinfo) for one in held if type(one) is datetime} <= {timezone, type(None)}, lie
            self.assert_plain(made, lie)

    def assert_plain(self, made: CaseSnapshot, lie: str) -> None:
        assert pickle.loads(pickle.dumps(made)) == made == copy.deepcopy(made), lie
        assert repr(made), lie
        with suppress(SnapshotError):
            assert decision_to_json(evaluate(POLICY, made)), lie
            assert snapshot_to_dict(made), lie
            assert snapshot_to_yaml(made), lie

    def test_text_of_any_class_is_the_text_it_holds_whatever_it_says(self):
        assert of(current_team=TrappedText("court"), lead_plan=AnotherText("in_care")) == of(current_team="court", lead_plan="in_care")

    def test_a_list_of_any_class_is_what_it_holds_whatever_it_gives(self):
        needs = ["sight", "speech"]
        assert of(local_facts={"needs": TrappedList(needs)}) == of(local_facts={"needs": TrappedFrozen(needs)}) == of(local_facts={"needs": needs})
        assert of(local_facts={"needs": EndlessList(needs)}) == of(local_facts={"needs": needs})

    def test_a_dict_of_any_class_is_what_it_holds_whatever_it_gives(self):
        plain = {"note": "done"}
        assert of(checklist=TrappedDict(plain)) == of(checklist=EndlessDict(plain)) == of(checklist=plain)

    def test_a_zone_is_asked_once(self):
        offsets = itertools.count()
        made = of(as_of=datetime(2026, 4, 2, 9, 30, tzinfo=Zone(lambda: timedelta(hours=next(offsets)))))
        assert (made.as_of.isoformat(), next(offsets)) == ("2026-04-02T09:30:00+00:00", 1)

    def test_what_only_says_that_it_is_a_truth_is_none(self):
        assert isinstance(of(looked_after=SaysItIs(bool)), SnapshotError)

    def test_a_name_that_says_it_is_another_is_taken_by_what_it_holds(self):
        given = {AnotherText("note"): "done"}
        assert of(checklist=given) == of(checklist={"note": "done"})

    def test_one_name_twice_is_refused(self):
        class Other(str):
            __hash__ = str.__hash__

            def __eq__(self, other: object) -> bool:
                return False

        error = of(checklist={Other("note"): "done", "note": "not_done"})
        assert [(fault.code, fault.message) for fault in error.diagnostics] == [("repeated-key", "`note` stands twice under `checklist`")]

    @pytest.mark.parametrize("name", ["local_facts", "decisions", "checklist"])
    def test_a_mapping_without_end_is_left_after_so_many_names(self, name):
        (fault,) = of(**{name: EndlessMapping()}).diagnostics
        assert (fault.code, fault.message) == ("too-large", f"`{name}` holds more than {MAX_ENTRIES} names")

    def test_many_unknown_names_are_all_said_and_the_first_with_what_is_near(self):
        made = of(
            checklist={f"noteworthy_{n:05}": "done" for n in range(MAX_ENTRIES)}, decisions={f"answers_{n}": "none" for n in range(MAX_ENTRIES)}
        )
        with pytest.raises(SnapshotError) as caught:
            evaluate(POLICY, made)
        assert len(caught.value.diagnostics) == 2 * MAX_ENTRIES
        assert 0 < sum(fault.mend != "" for fault in caught.value.diagnostics) <= 200


class TestSnapshotsThatLie:
    """`evaluate` decides what has been read, and nothing that only looks like it."""

    NONE = (
        None,
        {},
        {"as_of": "2026-04-02"},
        "2026-04-02",
        object(),
        NoClass(),
        SaysItIs(CaseSnapshot),
        SimpleNamespace(as_of=date(2026, 4, 2)),
        CaseSnapshot,
    )

    # By number: even pytest asks what it is given for its class.
    @pytest.mark.parametrize("number", range(len(NONE)))
    def test_anything_but_a_snapshot_is_refused(self, number):
        with pytest.raises(SnapshotError, match="only a `CaseSnapshot` can be decided"):
            evaluate(POLICY, self.NONE[number])

    def test_a_snapshot_of_another_class_is_refused(self):
        class Lying(CaseSnapshot):
            def stated(self) -> Any:
                raise Trap

        with pytest.raises(SnapshotError, match="only a `CaseSnapshot` can be decided"):
            evaluate(POLICY, Lying(as_of="2026-04-02"))


class TestLookAlikeLetters:
    """A name in which a letter only looks like one from a to z is refused, and the message says which."""

    @pytest.mark.parametrize(
        ("parts", "letter"),
        [
            ({"local_facts": {"fl\u0430g": True}}, "U+0430"),
            ({"checklist": {"n\u043ete": "done"}}, "U+043E"),
            ({"decisions": {"\u0430nswer": "none"}}, "U+0430"),
            ({"decisions": {"answer": "n\u043ene"}}, "U+043E"),
            ({"current_team": "c\u043eurt"}, "U+043E"),
            ({"home_area": "n\u03bfrth"}, "U+03BF"),
            ({"lead_plan": "in_c\u0430re"}, "U+0430"),
            ({"unstated": ["h\u043elder"]}, "U+043E"),
            ({"local_facts": {"colour": "r\u0435d"}}, "U+0435"),
        ],
    )
    def test_the_letter_is_named(self, parts, letter):
        with pytest.raises(SnapshotError) as caught:
            evaluate(POLICY, CaseSnapshot(**{"as_of": "2026-04-02", **parts}))
        (fault,) = caught.value.diagnostics
        assert letter in fault.mend
        assert "is no letter from a to z" in fault.mend

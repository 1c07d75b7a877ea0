"""Receipts: written the same for equal cases, read back safely, and decided again with every difference and whose doing it may be."""

import copy
import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from transfer_rules import CaseSnapshot, Decision, SnapshotError, evaluate
from transfer_rules.decision import Outstanding, Reason, Warning
from transfer_rules.errors import Diagnostic
from transfer_rules.loading.nodes import CASES_BYTES
from transfer_rules.policy import Policy
from transfer_rules.receipts import (
    ABSENT,
    ReceiptRead,
    Replay,
    read_receipts,
    receipt,
    receipt_to_json,
    receipts_to_json,
    replay,
    replay_to_dict,
    say_replay,
)
from transfer_rules.snapshots import decision_to_dict, snapshot_to_dict

from .packs_for_tests import case, policy_of

SECRET = "Xanthippe of 12 Quarrel Lane"
PACK = """
rules:
  - {id: to_permanence, clauses: [MAR-4.6], from: assessment, when: {all: [{fact: flag, is: yes}, {fact: needs, includes: sight}]},
     transfer_to: permanence, transfer_point: {on: a_on}, deadline: {working_days: 8, after: a_on}}
  - {id: to_court, clauses: [MAR-4.7], from: assessment, when: {fact: seen_at, happened: true}, overrides: [to_permanence], transfer_to: court}
checklists:
  handover: {applies: {to: permanence}, items: [{id: chronology, label: Chronology}, {id: summary, label: Summary, fresh_for: {months: 1}}]}
duties:
  - {id: tell, kind: notice, label: tell the manager, applies: {to: permanence}}
  - {id: visit, kind: notice, label: visit, applies: {to: permanence}}
"""
FACTS: dict[str, Any] = {"flag": True, "needs": ["speech", "sight"], "a_on": date(2026, 4, 1), "seen_at": "not_yet"}
CHECKLIST = {"summary": "2026-01-05"}


def policy(old: str = "", new: str = "") -> Policy:
    """Return the policy of the tests, with one text of its pack replaced by another."""
    assert old in PACK
    return policy_of(PACK.replace(old, new) if old else PACK)


def written(snapshot: CaseSnapshot | None = None) -> dict[str, Any]:
    """Return the receipt of a case."""
    snapshot = snapshot or case(**FACTS, checklist=CHECKLIST)
    return receipt(policy(), snapshot, evaluate(policy(), snapshot))


def altered(*path: Any, to: Any) -> dict[str, Any]:
    """Return the receipt with one part of its decision replaced."""
    changed = copy.deepcopy(written())
    part = changed["decision"]
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = to
    return changed


def reread(text: str | bytes) -> tuple[ReceiptRead, ...]:
    """Return the receipts of a text."""
    return read_receipts(text.encode() if isinstance(text, str) else text, "receipts.json")


def fault(text: str | bytes) -> Diagnostic:
    """Return the one thing that is wrong with a file, or with the one receipt in it."""
    try:
        (read,) = reread(text)
    except SnapshotError as error:
        (found,) = error.diagnostics
        return found
    assert read.error is not None
    (found,) = read.error.diagnostics
    return found


def differences(found: Replay) -> dict[str, tuple[Any, Any]]:
    """Return what differs, by path."""
    return {one.path: (one.then, one.now) for one in found.differences}


class TestWriting:
    """A receipt is the snapshot and the decision, the same for equal cases."""

    def test_it_holds_its_kind_the_snapshot_and_the_decision(self):
        snapshot = case(**FACTS, checklist=CHECKLIST)
        decision = evaluate(policy(), snapshot)
        assert receipt(policy(), snapshot, decision) == {
            "receipt": 1,
            "snapshot": snapshot_to_dict(snapshot),
            "decision": decision_to_dict(decision, places=False),
        }

    def test_places_in_files_are_left_out(self):
        assert all("place" not in reason for reason in written()["decision"]["reasons"])

    @pytest.mark.parametrize(
        "other",
        [
            {"flag": "yes"},
            {"flag": "true"},
            {"needs": ["sight", "speech"]},
            {"needs": frozenset({"sight", "speech"})},
            {"a_on": "2026-04-01"},
            {"visits": None},
            {"looked_after": None},
        ],
        # not `str`: a set prints in an order that changes from one process to the next, and pytest-xdist needs one list of names
        ids=["a word for yes", "a word for true", "a list", "a frozen set", "a date as text", "a number not known", "a flag not known"],
    )
    def test_values_written_otherwise_give_the_same_bytes(self, other):
        assert receipt_to_json(written(case(**FACTS | other, checklist=CHECKLIST))) == receipt_to_json(written())

    @pytest.mark.parametrize("moment", ["2026-03-31T09:00:00Z", "2026-03-31T10:00:00+01:00", datetime(2026, 3, 31, 9, tzinfo=UTC)], ids=str)
    @pytest.mark.parametrize("as_of", ["2026-04-02T09:30:00Z", "2026-04-02T07:30:00-02:00"])
    def test_moments_written_otherwise_give_the_same_bytes(self, moment, as_of):
        same = case(datetime(2026, 4, 2, 9, 30, tzinfo=UTC), **FACTS | {"seen_at": "2026-03-31T11:00:00+02:00"})
        other = case(as_of, **FACTS | {"seen_at": moment})
        assert receipt_to_json(written(other)) == receipt_to_json(written(same))

    def test_moments_are_in_london_time(self):
        plain = written(case("2026-04-02T09:30:00Z", **FACTS | {"seen_at": "2026-01-31T09:00:00Z", "remand_notified_at": "2026-04-01T23:00:00Z"}))
        assert plain["snapshot"]["as_of"] == "2026-04-02T10:30:00+01:00"
        assert plain["snapshot"]["facts"]["seen_at"] == "2026-01-31T09:00:00+00:00"
        assert plain["snapshot"]["facts"]["remand_notified_at"] == "2026-04-02T00:00:00+01:00"

    @pytest.mark.parametrize("moment", ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"])
    def test_the_hour_that_october_repeats_is_kept_apart(self, moment):
        plain = written(case(moment))
        assert CaseSnapshot(as_of=plain["snapshot"]["as_of"]) == CaseSnapshot(as_of=moment)
        assert replay(policy(), plain).verdict == "identical"

    def test_the_order_in_which_facts_were_given_does_not_matter(self):
        assert receipt_to_json(written(case(**dict(reversed(FACTS.items())), checklist=CHECKLIST))) == receipt_to_json(written())

    def test_what_unstated_closes_is_not_written_as_stated(self):
        assert written(case(unstated="not_so"))["snapshot"] == {"as_of": "2026-04-01", "unstated": "not_so", "facts": {"current_team": "assessment"}}

    def test_a_snapshot_that_the_pack_refuses_has_no_receipt(self):
        with pytest.raises(SnapshotError, match="unknown-fact"):
            receipt(policy(), case(local_facts={"unheard_of": True}), evaluate(policy(), case()))

    def test_its_text_ends_with_a_newline_and_keeps_letters(self):
        text = receipt_to_json({**written(), "snapshot": {"label": "Łódź"}})
        assert text.endswith("}\n")
        assert "Łódź" in text

    def test_receipts_stand_under_their_labels(self):
        text = receipts_to_json({"c 9": written(), "c 1": written()})
        assert [(read.label, read.receipt) for read in reread(text)] == [("c 9", written()), ("c 1", written())]

    def test_a_receipt_without_a_label_stands_alone(self):
        assert receipts_to_json({None: written()}) == receipt_to_json(written())
        with pytest.raises(ValueError, match="alone"):
            receipts_to_json({None: written(), "c 1": written()})

    @pytest.mark.parametrize("label", ["receipt", "snapshot", "decision", "", "\ud800", "a\nb", "Ł", "\u202e", '"'])
    def test_any_label_comes_back_whole(self, label):
        (read,) = reread(receipts_to_json({label: written()}))
        assert (read.label, read.receipt) == (label, written())

    def test_what_was_read_is_written_in_the_same_bytes(self):
        text = receipts_to_json({"c 1": written(), "c 2": written(case())})
        assert receipts_to_json({read.label: read.receipt for read in reread(text)}) == text


class TestReading:
    """A file that holds no receipt is refused with its place, and without its values."""

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "not-json"),
            ("{", "not-json"),
            ("receipt: 1", "not-json"),
            ('{"a": 1,}', "not-json"),
            ("[]", "wrong-shape"),
            ("5", "wrong-shape"),
            ("NaN", "wrong-shape"),
            ('{"a": 1, "a": 2}', "repeated-key"),
            ('{"receipt": 1, "decision": {"a": 1, "a": 2}}', "repeated-key"),
            ('{"a": "' + "x" * CASES_BYTES + '"}', "too-large"),
            ('{"a": [' + "0," * 2_000_000 + "0]}", "too-large"),
            ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "too-deep"),
            ('{"receipt": ' * 100_000 + "1" + "}" * 100_000, "too-deep"),
            ('{"a": ' + "[" * 40 + "]" * 40 + "}", "too-deep"),
            (b'{"a": "\xff"}', "not-utf8"),
        ],
        ids=lambda text: str(text)[:40],
    )
    def test_a_file_that_is_none_is_refused_with_its_place(self, text, code):
        began = time.process_time()
        found = fault(text)
        assert (found.code, found.location is not None) == (code, True)
        assert time.process_time() - began < 20

    @pytest.mark.parametrize("kind", [0, 2, "1", True, None, [1], {"a": 1}])
    def test_a_receipt_of_another_kind_is_refused(self, kind):
        found = fault(json.dumps({**written(), "receipt": kind}))
        assert (found.code, found.message) == ("unknown-receipt", "unknown kind of receipt")

    @pytest.mark.parametrize(
        ("key", "named"), [("receipt", "`receipt`"), ("snapshot", "`snapshot`"), ("decision", "`decision.identity.pack`")], ids=str
    )
    def test_a_key_that_is_missing_is_named(self, key, named):
        found = fault(json.dumps({name: value for name, value in written().items() if name != key}))
        assert (found.code, found.message, str(found.location)) == ("missing-key", f"a receipt needs {named}", "receipts.json:1:1")

    @pytest.mark.parametrize("part", [None, 5, "x", [], True])
    @pytest.mark.parametrize("key", ["snapshot", "decision"])
    def test_a_part_that_is_no_object_is_missing(self, key, part):
        assert fault(json.dumps({**written(), key: part})).code == "missing-key"

    @pytest.mark.parametrize("identity", [None, {}, "x", {"pack": {}}, {"pack": []}])
    def test_a_decision_says_which_pack_gave_it(self, identity):
        assert fault(json.dumps(altered("identity", to=identity))).message == "a receipt needs `decision.identity.pack`"

    def test_everything_that_is_wrong_is_said(self):
        (read,) = reread('{"receipt": 2, "snapshto": {}, "decision": {}}')
        assert [found.code for found in read.error.diagnostics] == ["missing-key", "missing-key", "unknown-key", "unknown-receipt"]

    def test_a_mistyped_key_is_answered_with_the_nearest(self):
        (read,) = reread('{"receipt": 1, "snapshto": {}}')
        assert "did you mean `snapshot`?" in str(read.error)

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "3.5", "-1", "1" * 5_000])
    @pytest.mark.parametrize("part", ["snapshot", "decision"])
    def test_a_number_that_is_not_whole_is_refused(self, part, number):
        text = json.dumps({**written(), part: {"identity": {"pack": "x"}, "a": ["number"]}}).replace('"number"', number)
        assert fault(text).code == "wrong-value"

    @pytest.mark.parametrize(
        "text",
        [
            json.dumps({SECRET: SECRET, "receipt": SECRET}),
            json.dumps({"receipt": 1, "snapshot": SECRET, "decision": {"identity": {"pack": [SECRET]}}}),
            json.dumps({"a": SECRET, SECRET: 5}),
            json.dumps({"a": 1}) + SECRET,
            f'{{"{SECRET}": 1, "{SECRET}": 2}}',
        ],
    )
    def test_no_value_is_ever_in_a_message(self, text):
        try:
            errors = [str(read.error) for read in reread(text)]
        except SnapshotError as error:
            errors = [str(error)]
        assert errors
        assert not any("Xanthippe" in error for error in errors)

    def test_a_faulty_receipt_does_not_stop_the_others(self):
        found = reread(json.dumps({"a": written(), "b": {}, "c": 5, "d": {**written(), "receipt": 2}, "e": written()}))
        assert [read.receipt is not None for read in found] == [True, False, False, False, True]

    def test_an_empty_file_holds_one_receipt_that_is_none(self):
        (read,) = reread("{}")
        assert (read.label, read.receipt) == (None, None)

    def test_a_byte_order_mark_is_passed_over(self):
        assert reread(b"\xef\xbb\xbf" + receipt_to_json(written()).encode())[0].receipt == written()

    def test_words_that_look_like_something_else_stay_words(self):
        odd = altered("silent", to=["yes", "no", "", "null", "~", "1", True, False, None, 1])
        assert reread(json.dumps(odd))[0].receipt == odd


class TestReplaying:
    """A receipt is decided again: identical, the same answer, another, or refused; and whose doing it may be."""

    def test_a_receipt_is_identical(self):
        assert replay(policy(), written()) == Replay("identical")

    def test_a_receipt_kept_with_its_keys_in_another_order_is_identical(self):
        assert replay(policy(), json.loads(json.dumps(written(), sort_keys=True))).verdict == "identical"

    def test_a_change_of_the_pack_that_changes_no_answer_gives_the_same_answer(self):
        found = replay(policy("to_court, clauses: [MAR-4.7]", "to_court, clauses: [MAR-4.8]"), written())
        assert (found.verdict, found.differences, [doing.whose for doing in found.doing]) == ("same_answer", (), ["pack"])

    def test_a_change_of_the_pack_that_changes_the_answer_differs_at_its_path(self):
        found = replay(policy("{working_days: 8", "{working_days: 9"), written())
        assert (found.verdict, found.altered) == ("differs", False)
        assert differences(found) == {
            "deadline.on": ("2026-04-15", "2026-04-16"),
            "outstanding[summary].needed_from": ("2026-03-15", "2026-03-16"),
        }
        (doing,) = found.doing
        assert (doing.whose, [one.path for one in doing.changed]) == ("pack", ["digest"])

    def test_an_item_is_named_by_its_id_and_not_by_its_position(self):
        found = replay(policy("items: [{id: chronology, label: Chronology}, ", "items: [{id: agenda, label: Agenda}, "), written())
        by_path = differences(found)
        assert set(by_path) == {"required", "outstanding[chronology]", "outstanding[agenda]"}
        assert by_path["required"] == (["chronology", "summary"], ["agenda", "summary"])
        assert (by_path["outstanding[chronology]"][1], by_path["outstanding[agenda]"][0]) == (ABSENT, ABSENT)
        assert by_path["outstanding[agenda]"][1]["why"] == "not_recorded"

    def test_what_differs_inside_an_item_has_the_path_of_the_item(self):
        assert differences(replay(policy("months: 1", "months: 6"), written())) == {
            "outstanding[summary]": (written()["decision"]["outstanding"][1], ABSENT)
        }
        found = differences(replay(policy("label: Summary", "label: Risk summary"), written()))
        assert found == {"outstanding[summary].label": ("Summary", "Risk summary")}

    @pytest.mark.parametrize(
        ("path", "to", "where", "then", "now"),
        [
            (("outcome",), "stay", "outcome", "stay", "transfer"),
            (("silent",), 0, "silent", 0, False),
            (("silent",), None, "silent", None, False),
            (("deadline",), None, "deadline", None, ...),
            (("deadline", "on"), ["2026-04-15"], "deadline.on", ["2026-04-15"], "2026-04-15"),
            (("duties", 0, "status"), "done", "duties[tell].status", "done", "now"),
            (("reasons", 0, "values", 3, 1), ["speech"], "reasons[to_permanence].values[needs]", ["speech"], ["sight", "speech"]),
            (("reasons", 0, "clauses"), [], "reasons[to_permanence].clauses", [], ["MAR-4.6"]),
            (("reasons", 0, "rule"), "other", "reasons[other]", ..., ABSENT),
            (("duties",), [], "duties[tell]", ABSENT, ...),
            (("duties",), {}, "duties", {}, ...),
            (("extra",), "more", "extra", "more", ABSENT),
            (("extra",), None, "extra", None, ABSENT),
            (("missing",), ["flag"], "missing", ["flag"], []),
            (("warnings",), [{"code": "odd", "text": "odd"}], "warnings[odd]", ..., ABSENT),
            (("warnings",), [{}], "warnings", [{}], []),
            (("candidates",), [{"outcome": "stay", "team": None}], "candidates[stay]", ..., ABSENT),
            (("candidates",), [{"outcome": "transfer", "team": "court"}], "candidates[court]", ..., ABSENT),
        ],
        ids=str,
    )
    def test_whatever_was_altered_is_found_at_its_path(self, path, to, where, then, now):
        found = replay(policy(), altered(*path, to=to))
        assert (found.verdict, found.altered) == ("differs", True)
        was = differences(found)[where]
        assert all(wanted is ... or (type(one), one) == (type(wanted), wanted) for one, wanted in zip(was, (then, now), strict=True))

    def test_another_order_is_a_difference(self):
        found = replay(policy(), altered("duties", to=written()["decision"]["duties"][::-1]))
        assert differences(found) == {"duties": (["visit", "tell"], ["tell", "visit"])}

    def test_two_of_one_name_are_told_apart(self):
        twice = [{"code": "x", "text": "one"}, {"code": "x", "text": "two"}]
        found = replay(policy(), altered("warnings", to=twice))
        assert set(differences(found)) == {"warnings[x]", "warnings[x 2]"}

    def test_lists_that_only_look_alike_are_a_difference(self):
        reason = written()["decision"]["reasons"][0]
        found = replay(policy(), altered("reasons", to=[[reason["rule"], reason]]))
        assert set(differences(found)) == {"reasons"}

    @pytest.mark.parametrize(
        ("key", "whose"),
        [
            ("pack", "pack"),
            ("edition", "pack"),
            ("digest", "pack"),
            ("calendar", "calendar"),
            ("calendar_digest", "calendar"),
            ("horizon", "calendar"),
            ("library", "version"),
            ("schema", "version"),
            ("of_a_later_version", "version"),
        ],
    )
    def test_each_part_of_the_identity_says_whose_doing_it_may_be(self, key, whose):
        found = replay(policy(), altered("identity", key, to="other"))
        assert (found.verdict, found.altered) == ("same_answer", False)
        ((doing,),) = (found.doing,)
        now = written()["decision"]["identity"].get(key, ABSENT)
        assert (doing.whose, [(one.path, one.then, one.now) for one in doing.changed]) == (whose, [(key, "other", now)])

    def test_the_identity_is_that_of_a_decision_now(self):
        other = policy("{working_days: 8", "{working_days: 9")
        assert replay(other, receipt(other, case(), evaluate(other, case()))) == Replay("identical")

    def test_a_snapshot_that_was_altered_is_said_to_be_so(self):
        changed = written()
        changed["snapshot"]["facts"]["flag"] = False
        found = replay(policy(), changed)
        assert (found.verdict, found.altered, found.doing) == ("differs", True, ())

    @pytest.mark.parametrize(
        ("facts", "code"),
        [({"unheard_of": True}, "unknown-fact"), ({"lead_plan": "unheard_of"}, "wrong-value"), ({"current_team": "unheard_of"}, "unknown-team")],
    )
    def test_a_snapshot_that_cannot_be_decided_any_more_is_refused(self, facts, code):
        changed = written()
        changed["snapshot"]["facts"] |= facts
        changed["decision"]["identity"]["edition"] = "3.0"
        found = replay(policy(), changed)
        assert (found.verdict, found.altered, found.differences) == ("refused", False, ())
        assert [(one.code, one.location) for one in found.diagnostics] == [(code, None)]

    def test_a_snapshot_refused_by_the_pack_that_took_it_was_altered(self):
        changed = written()
        del changed["snapshot"]["as_of"]
        assert replay(policy(), changed).altered

    @pytest.mark.parametrize("data", [{}, {"receipt": 1}, {"receipt": 1, "snapshot": {}, "decision": {}}, {"a": float("nan")}])
    def test_what_is_no_receipt_is_refused_with_an_error(self, data):
        with pytest.raises(SnapshotError):
            replay(policy(), data)

    def test_what_is_nested_too_deep_is_refused_with_an_error(self):
        deep: dict[str, Any] = {}
        for _ in range(100_000):
            deep = {"a": deep}
        with pytest.raises(SnapshotError):
            replay(policy(), deep)

    def test_the_receipt_itself_is_left_as_it_is(self):
        one = written()
        before = copy.deepcopy(one)
        replay(policy(), one)
        assert one == before


class TestWords:
    """What became of a receipt, in words: a line that stands alone, then the rest."""

    def test_an_identical_receipt_takes_one_line(self):
        assert say_replay(replay(policy(), written())) == "identical: the same decision, byte for byte"

    def test_the_same_answer_is_said_with_whose_doing_the_rest_is(self):
        changed = altered("identity", "edition", to="3.0")
        changed["decision"]["identity"]["library"] = "0.0.9"
        changed["decision"]["identity"]["calendar_digest"] = "0" * 64
        digest = policy().calendar.digest
        assert say_replay(replay(policy(), changed)).splitlines() == [
            "the same answer, by another pack, calendar and version of the library",
            "  pack: edition then 3.0, now 3.1",
            f"  calendar: calendar_digest then 000000000000, now {digest[:12]}",
            f"  version: library then 0.0.9, now {policy().identity.library}",
        ]

    def test_what_differs_is_said_then_and_now(self):
        other = policy("{working_days: 8", "{working_days: 9")
        assert say_replay(replay(other, written())).splitlines() == [
            "differs in 2 things, by another pack",
            "  deadline.on: then 2026-04-15, now 2026-04-16",
            "  outstanding[summary].needed_from: then 2026-03-15, now 2026-03-16",
            f"  pack: digest then {policy().identity.digest[:12]}, now {other.identity.digest[:12]}",
        ]

    def test_what_stands_on_one_side_only_is_said_without_its_empty_parts(self):
        said = say_replay(replay(policy("months: 1", "months: 6"), written())).splitlines()[1]
        was = "{item: summary, label: Summary, why: stale, done_on: 2026-01-05, needed_from: 2026-03-15}"
        assert said == f"  outstanding[summary]: then {was}, now not there"

    def test_yes_no_and_nothing_are_words(self):
        changed = altered("silent", to=True)
        changed["decision"]["deadline"]["not_before"] = ""
        changed["decision"]["required"] = []
        assert say_replay(replay(policy(), changed)).splitlines()[1:] == [
            "  silent: then yes, now no",
            '  deadline.not_before: then "", now nothing',
            "  required: then [], now [chronology, summary]",
        ]

    def test_a_receipt_that_was_altered_is_said_to_be_so_in_the_first_line(self):
        first, *_ = say_replay(replay(policy(), altered("outcome", to="stay"))).splitlines()
        assert (
            first == "differs in 1 thing, though pack, calendar and version are the same: the receipt was altered, or the library under its version"
        )

    def test_why_a_snapshot_is_refused_is_said(self):
        changed = written()
        changed["snapshot"]["facts"]["flagg"] = True
        changed["decision"]["identity"]["edition"] = "3.0"
        assert say_replay(replay(policy(), changed)).splitlines() == [
            "refused: the snapshot cannot be decided any more, by another pack",
            "  error: `flagg`: unknown fact [unknown-fact]",
            "    why:  neither the standard vocabulary nor the pack marlshire_council has a fact of this name",
            "    mend: did you mean `flag`?",
            "  pack: edition then 3.0, now 3.1",
        ]

    def test_no_word_of_a_receipt_can_command_a_terminal_or_begin_a_line(self):
        changed = altered("deadline", "on", to="\x1b[31m\nidentical")
        changed["decision"]["\x07\u202e"] = {"\n": "\r"}
        changed["decision"]["duties"].append({"duty": "\x1b\n", "x": 1})
        changed["decision"]["identity"]["edition"] = "\x1b\n"
        said = say_replay(replay(policy(), changed))
        assert all(character == "\n" or character.isprintable() for character in said)
        assert [line for line in said.splitlines() if not line.startswith("  ")] == ["differs in 3 things, by another pack"]

    def test_a_long_value_is_cut(self):
        said = say_replay(replay(policy(), altered("outcome", to="x" * 100_000)))
        assert max(map(len, said.splitlines())) < 1_100

    def test_as_data_what_was_not_there_has_no_value(self):
        plain = replay_to_dict(replay(policy(), altered("extra", to=None)))
        assert plain == {
            "verdict": "differs",
            "altered": True,
            "differences": [{"path": "extra", "then": None}],
            "doing": [],
            "diagnostics": [],
        }

    def test_as_data_it_is_json(self):
        changed = altered("identity", "edition", to="3.0")
        changed["snapshot"]["facts"]["flagg"] = True
        plain = replay_to_dict(replay(policy(), changed))
        assert json.loads(json.dumps(plain)) == plain
        assert plain["doing"] == [{"whose": "pack", "changed": [{"path": "edition", "then": "3.0", "now": "3.1"}]}]
        assert [one["code"] for one in plain["diagnostics"]] == ["unknown-fact"]


def test_every_part_of_a_decision_that_stands_in_a_list_has_a_name():
    """A list of objects in a decision is told apart by ids; a new kind of list needs its own."""
    decision = evaluate(policy(), case(**FACTS))
    more: dict[str, Any] = {
        "outstanding": (Outstanding("i", "l", "stale"), Outstanding("j", "l", "stale")),
        "reasons": (Reason("r", "l"), Reason("s", "l")),
        "warnings": (Warning("w", "t"), Warning("v", "t")),
    }
    assert isinstance(decision, Decision)
    plain = {**written(), "decision": decision_to_dict(replace(decision, **more), places=False)}
    paths = differences(replay(policy(), plain))
    assert {"outstanding[i]", "outstanding[j]", "reasons[r]", "reasons[s]", "warnings[w]", "warnings[v]"} <= set(paths)

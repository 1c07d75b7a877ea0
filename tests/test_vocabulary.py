"""The standard vocabulary: its definitions, and the snapshots made of it."""

import copy
import os
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

import transfer_rules.vocabulary as vocabulary
from transfer_rules.errors import Diagnostic, SnapshotError
from transfer_rules.facts import Fact, FactKind
from transfer_rules.vocabulary import GROUPS, STANDARD_FACTS, CaseSnapshot, Count, Day, Event, Id, Moment, Progress, Recorded, YesNo

AS_OF = date(2026, 4, 2)
SECRET = "Xanthippe of 12 Quarrel Lane"
MORNING = datetime(2026, 4, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))
NAIVE = datetime(2026, 4, 2, 9, 30)
EVERY_FACT = pytest.mark.parametrize("standard", STANDARD_FACTS.values(), ids=list(STANDARD_FACTS))


def snapshot(**given: Any) -> CaseSnapshot:
    """Make a snapshot without the type checker's help, as a reader of JSON does."""
    return CaseSnapshot(**{"as_of": AS_OF, **given})


def faults(**given: Any) -> tuple[Diagnostic, ...]:
    """Return what is wrong with these fields."""
    with pytest.raises(SnapshotError) as caught:
        snapshot(**given)
    return caught.value.diagnostics


def fault(**given: Any) -> Diagnostic:
    """Return the one thing that is wrong with these fields."""
    (only,) = faults(**given)
    return only


def some_value(standard: Fact) -> Any:
    """Return a value that the fact can hold."""
    values: dict[FactKind, Any] = {
        "yes_no": True,
        "choice": next(iter(standard.options), None),
        "choices": standard.options,
        "count": 91,
        "date": date(2010, 2, 28),
        "event": date(2026, 3, 1),
        "moment": MORNING,
        "team": "assessment",
        "area": "north",
    }
    return values[standard.kind]


FULL = {name: some_value(standard) for name, standard in STANDARD_FACTS.items()}


def full() -> CaseSnapshot:
    """Make a snapshot in which everything is stated."""
    return snapshot(
        **FULL,
        local_facts={"b": True, "a": ["y", "x"], "c": date(2026, 1, 1), "d": 3, "e": "word"},
        decisions={"court_transfer": {"decided": "court", "area": "north", "on": "2026-03-30"}, "answer": "accepted"},
        checklist={"risk_summary": "2026-03-02", "chronology": "done", "visit": {"done_on": "2026-03-01", "excused": True}},
        unstated=["court", "care"],
    )


# --- the definitions


@EVERY_FACT
def test_every_fact_has_a_label_a_question_and_a_group(standard: Fact) -> None:
    assert standard.label
    assert standard.ask.endswith("?")
    assert standard.group in GROUPS


@EVERY_FACT
def test_every_label_is_a_noun_phrase_that_can_stand_inside_a_sentence(standard: Fact) -> None:
    assert not standard.label.endswith((".", "?"))
    assert standard.label[0].islower()
    assert len(standard.label) <= 50


@EVERY_FACT
def test_every_definition_is_whole_sentences(standard: Fact) -> None:
    assert not standard.means or standard.means.endswith(".")


@EVERY_FACT
def test_names_of_dates_end_in_on_and_names_of_moments_in_at(standard: Fact) -> None:
    expected = {"date": "_on", "event": "_on", "moment": "_at"}.get(standard.kind)
    endings = {ending for ending in ("_on", "_at") if standard.name.endswith(ending)}
    # A date of birth is called nothing else.
    assert standard.name == "date_of_birth" or endings == ({expected} if expected else set())


@EVERY_FACT
def test_choices_have_options_and_nothing_else_has(standard: Fact) -> None:
    assert bool(standard.options) is (standard.kind in ("choice", "choices"))
    assert len(set(standard.options)) == len(standard.options) != 1


@EVERY_FACT
def test_counts_have_a_unit_and_nothing_else_has(standard: Fact) -> None:
    assert bool(standard.unit) is (standard.kind == "count")


@EVERY_FACT
def test_only_yes_or_no_facts_are_judgements(standard: Fact) -> None:
    assert standard.kind == "yes_no" or not standard.judgement


@EVERY_FACT
def test_the_type_of_every_keyword_is_the_type_of_its_fact(standard: Fact) -> None:
    typed = {"yes_no": YesNo, "count": Count, "date": Day, "event": Event, "moment": Moment, "team": Id, "area": Id}
    hint = get_type_hints(CaseSnapshot)[standard.name]
    if standard.kind == "choice":
        words, nothing = get_args(hint)
        assert get_origin(words) is Literal
        assert (get_args(words), nothing) == (standard.options, type(None))
    else:
        assert hint == typed[standard.kind]


def test_labels_and_questions_are_all_different() -> None:
    for texts in ([standard.label for standard in STANDARD_FACTS.values()], [standard.ask for standard in STANDARD_FACTS.values()]):
        assert len(set(texts)) == len(texts)


def test_the_standard_facts_are_the_fields_in_order_of_declaration() -> None:
    others = {"as_of", "local_facts", "decisions", "checklist", "unstated"}
    assert [one.name for one in fields(CaseSnapshot) if one.name not in others] == list(STANDARD_FACTS)
    assert all(name == standard.name for name, standard in STANDARD_FACTS.items())


def test_the_standard_facts_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        STANDARD_FACTS["x"] = STANDARD_FACTS["placement"]  # type: ignore[index]


def test_the_groups_are_the_themes_of_the_vocabulary() -> None:
    assert GROUPS == ("holder", "people", "contact", "child", "need", "stepdown", "care", "court")


def test_the_facts_of_a_group_stand_together() -> None:
    groups = [standard.group for standard in STANDARD_FACTS.values()]
    assert groups == sorted(groups, key=GROUPS.index)


# --- reading


def test_only_as_of_is_required() -> None:
    assert snapshot().stated() == {}


def test_none_is_the_same_as_left_out() -> None:
    assert snapshot(looked_after=None, local_facts=None, decisions={"a": None}, checklist={"b": None}, unstated=None) == snapshot()


@EVERY_FACT
def test_every_fact_keeps_a_value_of_its_type(standard: Fact) -> None:
    assert getattr(snapshot(**{standard.name: FULL[standard.name]}), standard.name) == FULL[standard.name]


@EVERY_FACT
def test_every_fact_refuses_a_wrong_type_by_name_and_type(standard: Fact) -> None:
    found = fault(**{standard.name: 3.5})
    assert found.code == "wrong-value"
    assert found.message == f"`{standard.name}` takes {standard.allowed}"
    assert standard.kind in found.why


@pytest.mark.parametrize("name", [name for name, standard in STANDARD_FACTS.items() if standard.kind not in ("team", "area")])
def test_no_message_holds_the_value(name: str) -> None:
    with pytest.raises(SnapshotError) as caught:
        snapshot(**{name: SECRET})
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value.diagnostics)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_text_is_read_as_the_value_it_stands_for() -> None:
    as_text = snapshot(
        as_of="2026-04-02", looked_after="yes", days_in_care_since_14="91", date_of_birth="2010-02-28", referral_at="2026-04-02T09:30:00+01:00"
    )
    assert as_text == snapshot(looked_after=True, days_in_care_since_14=91, date_of_birth=date(2010, 2, 28), referral_at=MORNING)


@pytest.mark.parametrize("raw", ["2026-W14-4", "20260105", "2026-02-30", "9999-12-31", MORNING, NAIVE, True, 20260105])
def test_an_event_refuses_week_dates_bare_digits_placeholders_and_moments(raw: object) -> None:
    assert fault(first_court_hearing_on=raw).code == "wrong-value"


def test_a_moment_refuses_a_naive_datetime_and_says_how_to_mend_it() -> None:
    assert fault(referral_at=NAIVE).mend == "add its offset, or give the day alone"


def test_a_date_refuses_a_datetime_and_says_how_to_mend_it() -> None:
    assert fault(date_of_birth=NAIVE).mend == "give the day alone"


@pytest.mark.parametrize("raw", [True, -1, 3.0, "010", "1_000"])
def test_a_count_refuses_booleans_and_numbers_that_are_not_plain(raw: object) -> None:
    assert fault(days_in_care_since_14=raw).message == "`days_in_care_since_14` takes a whole number, 0 or more (days)"


def test_a_wrong_choice_is_offered_the_nearest_option() -> None:
    assert fault(placement="fostr").mend == "did you mean `foster`?"


def test_a_wrong_word_for_an_event_is_offered_the_nearest_one() -> None:
    assert fault(first_court_hearing_on="not yet").mend == "did you mean `not_yet`?"


def test_a_choice_far_from_every_option_is_offered_none() -> None:
    assert fault(placement=SECRET).mend == "leave it out where it is not known"


def test_long_text_is_not_compared_with_the_options() -> None:
    assert fault(placement="foster" * 100_000).mend == "leave it out where it is not known"


def test_a_fact_that_is_not_in_the_vocabulary_is_no_keyword() -> None:
    with pytest.raises(TypeError, match="team_decided"):
        snapshot(team_decided="court")


def test_every_fault_is_reported_at_once() -> None:
    found = faults(
        as_of=NAIVE,
        looked_after="maybe",
        placement="fostr",
        local_facts={"planning_meeting_on": 3.5},
        decisions={"court_transfer": 1},
        checklist={"risk_summary": 1, "chronology": "finished"},
        unstated=["caring"],
    )
    assert Counter(one.code for one in found) == Counter(
        {"wrong-value": 3, "wrong-progress": 2, "wrong-as-of": 1, "wrong-decision": 1, "unknown-group": 1}
    )


def test_faults_come_in_the_same_order_whatever_the_order_given() -> None:
    assert faults(looked_after="maybe", placement="fostr") == faults(placement="fostr", looked_after="maybe")


# --- as_of


@pytest.mark.parametrize(
    ("raw", "value"),
    [(AS_OF, AS_OF), ("2026-04-02", AS_OF), (MORNING, MORNING), ("2026-04-02T09:30:00+01:00", MORNING), ("2026-04-02T08:30Z", MORNING)],
)
def test_as_of_is_a_date_or_an_aware_moment(raw: object, value: date) -> None:
    read = snapshot(as_of=raw).as_of
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize("raw", [None, NAIVE, "2026-05-06T07:08:09", "20260402", "2026-W14-4", "not_yet", "happened", 20260402, True, SECRET])
def test_as_of_refuses_anything_else_and_does_not_show_it(raw: object) -> None:
    found = fault(as_of=raw)
    assert found.code == "wrong-as-of"
    assert str(raw) not in str(found)


# --- local facts


def test_local_facts_are_kept_as_given_for_the_policy_to_type() -> None:
    given = {"a": True, "b": 3, "c": "2026-04-02", "d": AS_OF, "e": MORNING}
    assert snapshot(local_facts=given).local_facts == given


@pytest.mark.parametrize("words", [["x", "y"], ("y", "x"), {"x", "y"}])
def test_a_list_among_the_local_facts_becomes_a_frozen_set(words: object) -> None:
    assert snapshot(local_facts={"a": words}).local_facts["a"] == frozenset({"x", "y"})


@pytest.mark.parametrize("raw", [3.5, {"x": SECRET}, [SECRET, 1], b"x", object()])
def test_local_facts_refuse_what_no_fact_can_hold(raw: object) -> None:
    found = fault(local_facts={"planning": raw})
    assert found.code == "wrong-value"
    assert found.message.startswith("`planning` under `local_facts` takes ")
    assert SECRET not in str(found)


def test_a_standard_fact_has_no_place_among_the_local_facts() -> None:
    found = fault(local_facts={"looked_after": True})
    assert (found.code, found.message) == ("misplaced-fact", "`looked_after` stands under `local_facts` and is a standard fact")


@pytest.mark.parametrize(("name", "code"), [("local_facts", "wrong-value"), ("decisions", "wrong-decision"), ("checklist", "wrong-progress")])
def test_the_mappings_refuse_what_is_no_mapping(name: str, code: str) -> None:
    assert fault(**{name: [SECRET]}) == Diagnostic(code, f"`{name}` takes a mapping of names to values")


@pytest.mark.parametrize(("name", "code"), [("local_facts", "wrong-value"), ("decisions", "wrong-decision"), ("checklist", "wrong-progress")])
def test_the_mappings_refuse_names_that_are_not_text(name: str, code: str) -> None:
    assert fault(**{name: {7: "done"}}) == Diagnostic(code, f"`{name}` takes names that are text")


def test_a_name_that_could_be_text_about_a_person_is_not_shown() -> None:
    found = fault(checklist={SECRET: 1})
    assert found.message.startswith("an entry under `checklist` takes ")
    assert SECRET not in str(found)


# --- decisions


@pytest.mark.parametrize(
    ("raw", "recorded"),
    [
        ("court", Recorded("court")),
        ({"decided": "court"}, Recorded("court")),
        ({"decided": "court", "area": "north", "on": "2026-03-30"}, Recorded("court", "north", date(2026, 3, 30))),
        ({"decided": "court", "area": None, "on": date(2026, 3, 30)}, Recorded("court", None, date(2026, 3, 30))),
        (Recorded("court", "north"), Recorded("court", "north")),
    ],
)
def test_a_decision_is_its_answer_or_a_mapping(raw: object, recorded: Recorded) -> None:
    assert snapshot(decisions={"court_transfer": raw}).recorded("court_transfer") == recorded


def test_a_decision_nobody_recorded_is_none() -> None:
    assert snapshot().recorded("court_transfer") is None


@pytest.mark.parametrize(
    "raw",
    [
        "",
        1,
        True,
        AS_OF,
        ["court"],
        {},
        {"area": "north"},
        {"decided": SECRET, "by": SECRET},
        {"decided": "court", "area": 1},
        {"decided": "court", "area": ""},
        {"decided": "court", "on": "20260330"},
        {"decided": "court", "on": MORNING},
        Recorded(1),  # type: ignore[arg-type]
    ],
)
def test_a_decision_refuses_anything_else_and_does_not_show_it(raw: object) -> None:
    found = fault(decisions={"court_transfer": raw})
    assert found.code == "wrong-decision"
    assert found.message.startswith("`court_transfer` under `decisions` takes the answer as one word, or a mapping")
    assert SECRET not in str(found)


@pytest.mark.parametrize("recorded", [Recorded("court"), Recorded("court", "north"), Recorded("court", None, AS_OF)])
def test_a_decision_is_read_back_from_its_plain_form(recorded: Recorded) -> None:
    assert Recorded.read(recorded.plain) == recorded


def test_a_decision_without_area_or_day_is_plain_text() -> None:
    assert Recorded("court").plain == "court"


# --- progress


@pytest.mark.parametrize(
    ("raw", "progress"),
    [
        (AS_OF, Progress("done", AS_OF)),
        ("2026-04-02", Progress("done", AS_OF)),
        ("done", Progress("done")),
        ("not_done", Progress("not_done")),
        ("not_needed", Progress("not_needed")),
        ("excused", Progress(excused=True)),
        ({"done_on": "2026-04-02", "excused": True}, Progress("done", AS_OF, True)),
        ({"done_on": AS_OF}, Progress("done", AS_OF)),
        ({"excused": "yes"}, Progress(excused=True)),
        (Progress("done", AS_OF, True), Progress("done", AS_OF, True)),
    ],
)
def test_progress_is_a_word_a_date_or_a_mapping(raw: object, progress: Progress) -> None:
    assert snapshot(checklist={"risk_summary": raw}).progress("risk_summary") == progress


def test_progress_nobody_recorded_has_no_state() -> None:
    assert snapshot().progress("risk_summary") == Progress(None, None, False)


@pytest.mark.parametrize("raw", [Progress(), {}, {"done_on": None, "excused": False}])
def test_progress_that_records_nothing_is_left_out(raw: object) -> None:
    assert snapshot(checklist={"risk_summary": raw}) == snapshot()


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "finished",
        SECRET,
        True,
        1,
        MORNING,
        NAIVE,
        "20260402",
        ["done"],
        {"done_on": "done"},
        {"done_on": MORNING},
        {"excused": None},
        {"excused": 1},
        {"done_on": AS_OF, "by": SECRET},
        Progress("not_done", AS_OF),
        Progress("not_done", excused=True),
        Progress("finished"),  # type: ignore[arg-type]
    ],
)
def test_progress_refuses_anything_else_and_does_not_show_it(raw: object) -> None:
    found = fault(checklist={"risk_summary": raw})
    assert found.code == "wrong-progress"
    assert found.message.startswith("`risk_summary` under `checklist` takes a date such as 2026-04-02, done, not_done, not_needed, excused")
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    "progress",
    [Progress(), Progress("done"), Progress("done", AS_OF), Progress("done", AS_OF, True), Progress("not_needed"), Progress(excused=True)],
)
def test_progress_is_read_back_from_its_plain_form(progress: Progress) -> None:
    assert Progress.read(progress.plain) == progress


# --- unstated


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("unknown", "unknown"),
        ("not_so", "not_so"),
        (["court", "care", "court"], ("care", "court")),
        (("local",), ("local",)),
        ([], "unknown"),
    ],
)
def test_unstated_is_a_word_or_groups_in_the_order_of_the_vocabulary(raw: object, value: object) -> None:
    assert snapshot(unstated=raw).unstated == value


@pytest.mark.parametrize("raw", ["court", "no", SECRET, True, 1, ["court", SECRET], [1], [["court"]], {"court": True}])
def test_unstated_refuses_anything_else_and_does_not_show_it(raw: object) -> None:
    found = fault(unstated=raw)
    assert found.code == "unknown-group"
    assert "holder, people, contact, child, need, stepdown, care, court, local" in found.message
    assert SECRET not in str(found)


def test_an_unknown_group_is_offered_the_nearest() -> None:
    assert fault(unstated=["court", "step_down"]).mend == "did you mean `stepdown`?"


def test_a_wrong_word_for_unstated_is_offered_the_nearest() -> None:
    assert fault(unstated="not so").mend == "did you mean `not_so`?"


def test_a_group_outside_a_list_is_told_to_stand_in_one() -> None:
    assert fault(unstated="court").mend == "a group stands in a list, even alone"


# --- the snapshot as a value


def test_stated_holds_the_known_standard_facts_in_the_order_of_the_vocabulary() -> None:
    known = snapshot(placement="foster", looked_after=False, current_team="court", local_facts={"a": True}).stated()
    assert list(known.items()) == [("current_team", "court"), ("looked_after", False), ("placement", "foster")]


def test_stated_holds_everything_when_everything_is_stated() -> None:
    assert full().stated() == FULL


def test_equal_cases_make_equal_snapshots_whatever_the_order() -> None:
    one = snapshot(looked_after=True, checklist={"a": "done", "b": "excused"}, unstated=["care", "court"])
    other = snapshot(unstated=("court", "care"), checklist={"b": {"excused": True}, "a": "done"}, looked_after="yes")
    assert one == other
    assert repr(one) == repr(other)


@EVERY_FACT
def test_snapshots_differ_when_one_fact_differs(standard: Fact) -> None:
    assert snapshot(**{standard.name: FULL[standard.name]}) != snapshot()


def test_a_snapshot_cannot_be_hashed() -> None:
    with pytest.raises(TypeError, match="unhashable type: 'CaseSnapshot'"):
        hash(snapshot())


def test_a_snapshot_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        snapshot().looked_after = True  # type: ignore[misc]


@pytest.mark.parametrize("name", ["local_facts", "decisions", "checklist"])
def test_the_mappings_of_a_snapshot_cannot_be_changed(name: str) -> None:
    mapping = getattr(full(), name)
    assert isinstance(mapping, MappingProxyType)
    assert list(mapping) == sorted(mapping)


def test_a_snapshot_keeps_nothing_of_the_mapping_it_was_given() -> None:
    given = {"risk_summary": "done"}
    kept = snapshot(checklist=given)
    given["chronology"] = "done"
    assert list(kept.checklist) == ["risk_summary"]


def test_a_snapshot_survives_pickling() -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(full(), protocol)) == full()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_snapshot_survives_copying(copied: Any) -> None:
    assert copied(full()) == full()


def test_replace_changes_one_fact_and_keeps_the_rest() -> None:
    changed = replace(full(), placement="secure")
    assert changed.placement == "secure"
    assert replace(changed, placement=full().placement) == full()


def test_replace_reads_the_new_value_like_any_other() -> None:
    with pytest.raises(SnapshotError):
        replace(full(), placement=SECRET)  # type: ignore[arg-type]


def test_a_snapshot_shows_what_is_stated_and_nothing_else() -> None:
    assert repr(snapshot(looked_after=True)) == "CaseSnapshot(as_of=datetime.date(2026, 4, 2), looked_after=True)"


def test_what_a_snapshot_shows_makes_an_equal_snapshot() -> None:
    names = {"datetime": sys.modules["datetime"], "CaseSnapshot": CaseSnapshot, "Recorded": Recorded, "Progress": Progress}
    assert eval(repr(full()), names) == full()


def test_a_moment_in_another_zone_is_the_same_snapshot() -> None:
    assert snapshot(referral_at=MORNING) == snapshot(referral_at=MORNING.astimezone(UTC))


# --- for callers who check their types

CALLER = """
from datetime import date
from transfer_rules.vocabulary import CaseSnapshot

CaseSnapshot(as_of=date(2026, 4, 2), looked_after=True, placement="foster", care_order_made_on="happened", unstated=("court",),
             decisions={"a": "court", "b": {"decided": "court", "on": date(2026, 4, 1)}}, checklist={"c": "done", "d": date(2026, 4, 1)})
CaseSnapshot(as_of=date(2026, 4, 2), looked_after="maybe")  # error
CaseSnapshot(as_of=date(2026, 4, 2), placement="fostr")  # error
CaseSnapshot(as_of=date(2026, 4, 2), date_of_birth="happened")  # error
CaseSnapshot(as_of=date(2026, 4, 2), days_in_care_since_14="91")  # error
CaseSnapshot(as_of=date(2026, 4, 2), team_decided="court")  # error
CaseSnapshot(looked_after=True)  # error
"""


def test_a_type_checker_checks_every_keyword(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    caller = tmp_path / "caller.py"
    caller.write_text(CALLER, encoding="utf-8")
    source = Path(vocabulary.__file__).parents[1]
    options = [
        "--strict",
        "--explicit-package-bases",
        "--config-file=",
        f"--cache-dir={tmp_path / 'cache'}",
        "--no-error-summary",
        "--hide-error-context",
    ]
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(caller)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(source)},
    )
    flagged = {int(line.split(":")[1]) for line in run.stdout.splitlines() if ": error:" in line}
    expected = {number for number, line in enumerate(CALLER.splitlines(), 1) if line.endswith("# error")}
    assert flagged == expected, run.stdout + run.stderr

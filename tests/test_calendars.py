"""The calendar of closed days: England's table against its sources, and every way of counting in it."""

from __future__ import annotations

import copy
import csv
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from transfer_rules import england
from transfer_rules.calendars import ENGLAND, Calendar
from transfer_rules.errors import CalendarRangeError, TransferRulesError
from transfer_rules.other_calendars import SUBDIVISIONS, bank_holidays, freeze

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "tests" / "data" / "england_bank_holidays_2012_2028.csv"
SCRIPT = ROOT / "scripts" / "build_england_table.py"

# Two working weeks and a day: Thursday 1 to Thursday 15 January 2026, with one closed Monday and one closed Saturday.
SMALL = Calendar(
    name="small",
    first=date(2026, 1, 1),
    last=date(2026, 1, 15),
    closed={date(2026, 1, 12): "Plough Monday", date(2026, 1, 3): "A Saturday"},
    proclaimed_to=date(2026, 1, 15),
)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the checkout's own package and return what it printed."""
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path, **environment}
    )


def published() -> list[dict[str, str]]:
    with PUBLISHED.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# --- the England table ---


def test_the_table_is_in_order_of_date_without_repeats() -> None:
    days = [day for day, _ in england.CLOSED_DAYS]
    assert days == sorted(set(days))


def test_the_table_is_what_the_holidays_library_gives_today() -> None:
    assert dict(england.CLOSED_DAYS) == bank_holidays("ENG", england.FIRST_YEAR, england.LAST_YEAR)


def test_the_weekdays_of_2012_to_2028_are_the_published_bank_holidays() -> None:
    ours = [day for day in ENGLAND.closed if 2012 <= day.year <= 2028 and day.weekday() < 5]
    assert ours == [date.fromisoformat(row["date"]) for row in published()]


def test_the_published_weekdays_are_right() -> None:
    assert [row["weekday"] for row in published()] == [f"{date.fromisoformat(row['date']):%a}" for row in published()]


def test_regular_and_substitute_days_carry_their_published_names() -> None:
    rows = [row for row in published() if row["kind"] in ("regular", "substitute")]
    expected = {date.fromisoformat(row["date"]): row["name"] + (" (substitute day)" if row["kind"] == "substitute" else "") for row in rows}
    assert {day: ENGLAND.closed[day] for day in expected} == expected


def test_moved_days_carry_the_name_of_the_day_that_was_moved() -> None:
    rows = [row for row in published() if row["kind"].startswith("moved")]
    assert len(rows) == 3
    assert [ENGLAND.closed[date.fromisoformat(row["date"])] for row in rows] == [row["name"].removesuffix(" (VE day)") for row in rows]


def test_days_proclaimed_once_are_named_for_their_occasion() -> None:
    rows = [row["date"] for row in published() if row["kind"].startswith("one-off")]
    assert {day: ENGLAND.closed[date.fromisoformat(day)] for day in rows} == {
        "2012-06-05": "Diamond Jubilee of Elizabeth II",
        "2022-06-03": "Platinum Jubilee of Elizabeth II",
        "2022-09-19": "State Funeral of Queen Elizabeth II",
        "2023-05-08": "Coronation of Charles III",
    }


def test_every_published_day_is_of_a_kind_whose_names_are_tried() -> None:
    kinds = [row["kind"].partition(" ")[0] for row in published()]
    assert {kind: kinds.count(kind) for kind in kinds} == {"substitute": 14, "regular": 119, "moved": 3, "one-off": 4}


@pytest.mark.parametrize("row", published(), ids=lambda row: row["date"])
def test_no_count_ends_on_a_published_day_and_each_is_named_when_passed_over(row: dict[str, str]) -> None:
    day = date.fromisoformat(row["date"])
    eve, next_day = day - timedelta(days=1), day + timedelta(days=1)
    assert not ENGLAND.is_working_day(day)
    assert ENGLAND.working_days_between(eve, day) == ENGLAND.working_days_between(next_day, day) == 0
    assert ENGLAND.add_working_days(eve, 1) == ENGLAND.add_working_days(day, 1) > day > ENGLAND.add_working_days(next_day, -1)
    assert ENGLAND.closed_between(eve, day) == ENGLAND.closed_between(next_day, day) == ((day, ENGLAND.closed[day]),)


def test_the_script_finds_the_committed_table_up_to_date() -> None:
    done = run(str(SCRIPT), "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_table_is_the_same_in_another_locale() -> None:
    done = run(str(SCRIPT), "--check", LANGUAGE="th", LANG="th_TH.UTF-8", LC_ALL="")
    assert done.returncode == 0, done.stdout


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script as a module."""
    monkeypatch.setattr(sys, "path", [str(SCRIPT.parent), *sys.path])
    return import_module(SCRIPT.stem)


def test_the_check_exits_1_when_a_day_is_missing(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "england.py"
    changed.write_text(script.TABLE.read_text(encoding="utf-8").replace("2022-09-19", "2022-09-20"), encoding="utf-8")
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(script, "TABLE", changed)
    before = changed.read_bytes()
    assert script.main(["--check"]) == 1
    assert capsys.readouterr().out.startswith("england.py differs from what holidays ")
    assert changed.read_bytes() == before


def test_the_check_passes_over_the_version_of_holidays(script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    older = tmp_path / "england.py"
    text = script.TABLE.read_text(encoding="utf-8")
    older.write_text(script.render(dict(england.CLOSED_DAYS), "0.1"), encoding="utf-8")
    assert older.read_text(encoding="utf-8").splitlines()[1:] == text.splitlines()[1:]
    monkeypatch.setattr(script, "TABLE", older)
    assert script.main(["--check"]) == 0


def test_the_script_writes_the_committed_table(script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = tmp_path / "england.py"
    monkeypatch.setattr(script, "TABLE", written)
    assert script.main([]) == 0
    assert script.without_version(written.read_text(encoding="utf-8")) == script.without_version(Path(england.__file__).read_text(encoding="utf-8"))


def test_england_spans_2010_to_2040_and_is_proclaimed_to_2028() -> None:
    assert (ENGLAND.name, ENGLAND.first, ENGLAND.last, ENGLAND.proclaimed_to) == (
        "england",
        date(2010, 1, 1),
        date(2040, 12, 31),
        date(2028, 12, 31),
    )


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2020, 5, 8), "Early May bank holiday"),  # moved to the 75th anniversary of VE Day
        (date(2022, 6, 2), "Spring bank holiday"),  # moved from Monday 30 May
        (date(2022, 6, 3), "Platinum Jubilee of Elizabeth II"),
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 8), "Coronation of Charles III"),
        (date(2012, 6, 5), "Diamond Jubilee of Elizabeth II"),
        (date(2011, 4, 29), "Wedding of William and Catherine"),
        (date(2021, 12, 27), "Christmas Day (substitute day)"),
        (date(2021, 12, 28), "Boxing Day (substitute day)"),
        (date(2022, 12, 26), "Boxing Day"),
        (date(2022, 12, 27), "Christmas Day (substitute day)"),
        (date(2020, 12, 28), "Boxing Day (substitute day)"),
        (date(2023, 1, 2), "New Year's Day (substitute day)"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 8, 31), "Summer bank holiday"),
    ],
)
def test_england_is_closed_on(day: date, name: str) -> None:
    assert ENGLAND.closed[day] == name
    assert not ENGLAND.is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [date(2020, 5, 4), date(2022, 5, 30), date(2012, 5, 28), date(2022, 9, 20), date(2026, 4, 2), date(2026, 12, 24), date(2022, 12, 28)],
)
def test_england_works_on(day: date) -> None:
    assert ENGLAND.is_working_day(day)


# --- counting ---

ANCHOR_COUNTS = (1, 5, 10, 15, 20, 45)
# Agreed by four methods: a plain loop, numpy, pandas and QuantLib. Month and day; the year is the first not before the start.
ANCHORS = """
2012-05-28: 05-29 06-06 06-13 06-20 06-27 08-01
2020-04-30: 05-01 05-07 05-15 05-22 06-01 07-06
2020-12-22: 12-23 12-31 01-08 01-15 01-22 02-26
2021-12-20: 12-21 12-29 01-06 01-13 01-20 02-24
2022-05-30: 05-31 06-08 06-15 06-22 06-29 08-03
2022-09-08: 09-09 09-15 09-23 09-30 10-07 11-11
2022-12-17: 12-19 12-23 01-04 01-11 01-18 02-22
2023-04-28: 05-02 05-09 05-16 05-23 05-31 07-05
2024-12-24: 12-27 01-03 01-10 01-17 01-24 02-28
2025-04-17: 04-22 04-28 05-06 05-13 05-20 06-25
2026-03-28: 03-30 04-07 04-14 04-21 04-28 06-04
2026-12-18: 12-21 12-29 01-06 01-13 01-20 02-24
2027-12-20: 12-21 12-29 01-06 01-13 01-20 02-24
2028-04-13: 04-18 04-24 05-02 05-09 05-16 06-21
"""


def anchors() -> list[tuple[date, int, date]]:
    cases = []
    for line in ANCHORS.split("\n")[1:-1]:
        start_text, ends = line.split(": ")
        start = date.fromisoformat(start_text)
        for count, end in zip(ANCHOR_COUNTS, ends.split(), strict=True):
            same_year = date.fromisoformat(f"{start.year}-{end}")
            cases.append((start, count, same_year if same_year > start else same_year.replace(year=start.year + 1)))
    return cases


@pytest.mark.parametrize(("start", "count", "end"), anchors())
def test_the_count_ends_where_four_other_methods_end(start: date, count: int, end: date) -> None:
    assert ENGLAND.add_working_days(start, count) == end


def test_all_fourteen_anchors_are_tried() -> None:
    assert len(anchors()) == 14 * len(ANCHOR_COUNTS)


def test_a_start_on_a_closed_day_is_day_0() -> None:
    assert ENGLAND.add_working_days(date(2026, 4, 4), 1) == date(2026, 4, 7)


def test_every_day_of_the_easter_weekend_has_the_same_day_1() -> None:
    starts = [date(2026, 4, day) for day in (2, 3, 4, 5, 6)]
    assert {ENGLAND.add_working_days(start, 1) for start in starts} == {date(2026, 4, 7)}


def test_the_count_passes_over_the_state_funeral() -> None:
    assert ENGLAND.add_working_days(date(2022, 9, 16), 1) == date(2022, 9, 20)


def test_the_count_passes_over_the_coronation() -> None:
    assert ENGLAND.add_working_days(date(2023, 5, 5), 1) == date(2023, 5, 9)


def test_the_count_passes_over_the_substitute_days_of_christmas() -> None:
    assert ENGLAND.add_working_days(date(2021, 12, 24), 1) == date(2021, 12, 29)


def test_counting_back_from_a_closed_day_begins_with_the_last_working_day_before_it() -> None:
    assert ENGLAND.add_working_days(date(2026, 4, 6), -1) == date(2026, 4, 2)


def test_counting_back_from_a_working_day_leaves_that_day_out() -> None:
    assert ENGLAND.add_working_days(date(2026, 4, 7), -1) == date(2026, 4, 2)


@pytest.mark.parametrize("start", [date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 4)])
def test_no_working_days_leave_the_start_unchanged(start: date) -> None:
    assert ENGLAND.add_working_days(start, 0) is start


def test_the_count_reaches_the_last_working_day_of_the_span() -> None:
    assert SMALL.add_working_days(date(2026, 1, 1), 9) == date(2026, 1, 15)


def test_the_count_back_reaches_the_first_working_day_of_the_span() -> None:
    assert SMALL.add_working_days(date(2026, 1, 15), -9) == date(2026, 1, 1)


@pytest.mark.parametrize(("start", "count"), [(date(2026, 1, 1), 10), (date(2026, 1, 15), 1), (date(2026, 1, 1), 10**30)])
def test_a_count_past_the_end_of_the_span_is_refused(start: date, count: int) -> None:
    with pytest.raises(CalendarRangeError, match=r"working days after the trigger leave the calendar `small` \(2026-01-01 to 2026-01-15\)"):
        SMALL.add_working_days(start, count)


@pytest.mark.parametrize(("start", "count"), [(date(2026, 1, 15), -10), (date(2026, 1, 1), -1), (date(2026, 1, 15), -(10**30))])
def test_a_count_back_past_the_start_of_the_span_is_refused(start: date, count: int) -> None:
    with pytest.raises(CalendarRangeError, match="working days before the trigger leave the calendar"):
        SMALL.add_working_days(start, count)


@pytest.mark.parametrize("count", [0.0, 1.5, 1e9, "1", None])
def test_a_count_that_is_no_whole_number_is_refused(count: Any) -> None:
    with pytest.raises(TypeError):
        ENGLAND.add_working_days(date(2026, 4, 2), count)


OUTSIDE = (date(2025, 12, 31), date(2026, 1, 16))
QUESTIONS: tuple[Callable[[date], object], ...] = (
    SMALL.is_working_day,
    lambda day: SMALL.add_working_days(day, 0),
    lambda day: SMALL.add_working_days(day, 1),
    lambda day: SMALL.add_working_days(day, -1),
    lambda day: SMALL.working_days_between(day, SMALL.last),
    lambda day: SMALL.working_days_between(SMALL.first, day),
    lambda day: SMALL.closed_between(day, SMALL.last),
    lambda day: SMALL.closed_between(SMALL.first, day),
)


@pytest.mark.parametrize("ask", QUESTIONS)
@pytest.mark.parametrize("day", OUTSIDE)
def test_a_day_outside_the_span_is_refused(ask: Callable[[date], object], day: date) -> None:
    with pytest.raises(CalendarRangeError):
        ask(day)


def test_the_refusal_never_shows_the_day() -> None:
    with pytest.raises(CalendarRangeError) as caught:
        SMALL.add_working_days(date(2031, 7, 9), 1)
    assert "2031" not in str(caught.value)


def test_a_refusal_is_one_of_the_library_s_errors() -> None:
    assert issubclass(CalendarRangeError, TransferRulesError)


@pytest.mark.parametrize("ask", QUESTIONS)
@pytest.mark.parametrize("moment", [datetime(2026, 1, 6), datetime(2026, 1, 6, 9, 30, tzinfo=UTC)])
def test_a_datetime_is_refused(ask: Callable[[date], object], moment: datetime) -> None:
    with pytest.raises(TypeError, match="dates without a time"):
        ask(moment)


def test_text_is_refused() -> None:
    text: Any = "2026-01-06"
    with pytest.raises(TypeError, match="dates without a time"):
        SMALL.is_working_day(text)


# --- between two days ---


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 4, 2), date(2026, 4, 2), 0),
        (date(2026, 4, 2), date(2026, 4, 6), 0),
        (date(2026, 4, 2), date(2026, 4, 7), 1),
        (date(2026, 4, 4), date(2026, 4, 8), 2),
        (date(2026, 4, 7), date(2026, 4, 2), -1),
        (date(2026, 4, 6), date(2026, 4, 2), -1),
        (date(2026, 4, 6), date(2026, 4, 3), 0),
        (date(2026, 4, 7), date(2026, 4, 1), -2),
    ],
)
def test_the_working_days_between_leave_out_the_start_and_take_in_the_end(start: date, end: date, count: int) -> None:
    assert ENGLAND.working_days_between(start, end) == count


def test_the_whole_span_can_be_counted() -> None:
    assert SMALL.working_days_between(SMALL.first, SMALL.last) == 9
    assert SMALL.working_days_between(SMALL.last, SMALL.first) == -9


GOOD_FRIDAY, EASTER_MONDAY = (date(2026, 4, 3), "Good Friday"), (date(2026, 4, 6), "Easter Monday")


@pytest.mark.parametrize(
    ("start", "end", "closed"),
    [
        (date(2026, 4, 2), date(2026, 4, 7), (GOOD_FRIDAY, EASTER_MONDAY)),
        (date(2026, 4, 2), date(2026, 4, 6), (GOOD_FRIDAY, EASTER_MONDAY)),
        (date(2026, 4, 3), date(2026, 4, 6), (EASTER_MONDAY,)),
        (date(2026, 4, 3), date(2026, 4, 3), ()),
        (date(2026, 4, 7), date(2026, 4, 2), (GOOD_FRIDAY, EASTER_MONDAY)),
        (date(2026, 4, 7), date(2026, 4, 3), (GOOD_FRIDAY, EASTER_MONDAY)),
        (date(2026, 4, 6), date(2026, 4, 3), (GOOD_FRIDAY,)),
        (date(2026, 4, 7), date(2026, 4, 30), ()),
    ],
)
def test_the_closed_days_passed_over_are_named_in_order_of_date(start: date, end: date, closed: tuple[tuple[date, str], ...]) -> None:
    assert ENGLAND.closed_between(start, end) == closed


def test_closed_days_on_a_weekend_are_not_named_among_those_passed_over() -> None:
    assert SMALL.closed_between(SMALL.first, SMALL.last) == ((date(2026, 1, 12), "Plough Monday"),)


# --- an authority's own closures ---


def test_an_own_closure_does_not_count() -> None:
    own = ENGLAND.with_closures([(date(2026, 12, 29), "Council closed")])
    assert own.add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 30)
    assert own.closed_between(date(2026, 12, 28), date(2026, 12, 30)) == ((date(2026, 12, 29), "Council closed"),)


def test_adding_closures_leaves_the_first_calendar_as_it_is() -> None:
    before = ENGLAND.digest
    own = ENGLAND.with_closures([(date(2026, 12, 29), "Council closed")])
    assert own != ENGLAND
    assert ENGLAND.digest == before
    assert ENGLAND.is_working_day(date(2026, 12, 29))


def test_the_order_of_closures_means_nothing() -> None:
    pairs = [(date(2026, 12, 30), "b"), (date(2026, 12, 29), "c"), (date(2026, 12, 29), "a"), (date(2026, 12, 29), "a")]
    own = ENGLAND.with_closures(pairs)
    assert own == ENGLAND.with_closures(reversed(pairs))
    assert own.closed[date(2026, 12, 29)] == "a; c"


def test_no_closures_give_an_equal_calendar() -> None:
    assert ENGLAND.with_closures([]) == ENGLAND


def test_a_bank_holiday_keeps_its_name() -> None:
    assert ENGLAND.with_closures([(date(2026, 4, 3), "Council closed")]) == ENGLAND


def test_closures_stay_in_order_of_date() -> None:
    days = list(SMALL.with_closures([(date(2026, 1, 2), "Council closed")]).closed)
    assert days == [date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 12)]


@pytest.mark.parametrize("day", OUTSIDE)
def test_a_closure_outside_the_span_is_refused(day: date) -> None:
    with pytest.raises(CalendarRangeError, match="a closed day lies outside the calendar `small`"):
        SMALL.with_closures([(day, "Council closed")])


def test_a_closure_with_a_time_is_refused() -> None:
    with pytest.raises(TypeError, match="dates without a time"):
        SMALL.with_closures([(datetime(2026, 1, 6), "Council closed")])


# --- the value itself ---


@pytest.mark.parametrize(
    ("first", "last", "proclaimed_to"),
    [
        (date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 1)),
        (date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 4)),
    ],
)
def test_a_span_that_does_not_hold_its_proclaimed_days_is_refused(first: date, last: date, proclaimed_to: date) -> None:
    with pytest.raises(ValueError, match="`proclaimed_to` must lie from `first` to `last`"):
        Calendar(name="wrong", first=first, last=last, closed={}, proclaimed_to=proclaimed_to)


@pytest.mark.parametrize("field", ["first", "last", "proclaimed_to"])
def test_a_span_with_times_is_refused(field: str) -> None:
    dates = {"first": date(2026, 1, 1), "last": date(2026, 1, 3), "proclaimed_to": date(2026, 1, 2), field: datetime(2026, 1, 2)}
    with pytest.raises(TypeError, match="dates without a time"):
        Calendar(name="wrong", closed={}, **dates)


@pytest.mark.parametrize("weekday", range(7))
def test_a_span_may_begin_on_any_day_of_the_week(weekday: int) -> None:
    first = date(2026, 1, 5) + timedelta(days=weekday)
    span = Calendar(name="span", first=first, last=first + timedelta(days=20), closed={}, proclaimed_to=first)
    days = [first + timedelta(days=offset) for offset in range(21)]
    assert [span.is_working_day(day) for day in days] == [day.isoweekday() <= 5 for day in days]


@pytest.mark.parametrize(("day", "working"), [(date(2026, 1, 9), True), (date(2026, 1, 10), False)])
def test_a_span_may_be_one_day_long(day: date, working: bool) -> None:
    span = Calendar(name="day", first=day, last=day, closed={}, proclaimed_to=day)
    assert span.is_working_day(day) is working
    assert span.working_days_between(day, day) == 0
    with pytest.raises(CalendarRangeError):
        span.add_working_days(day, 1)


def test_nothing_in_a_calendar_can_be_changed() -> None:
    small: Any = SMALL
    with pytest.raises(FrozenInstanceError):
        small.name = "other"
    with pytest.raises(TypeError):
        small.closed[date(2026, 1, 6)] = "Council closed"


def test_changing_the_mapping_given_changes_nothing_afterwards() -> None:
    given = {date(2026, 1, 6): "Council closed"}
    made = Calendar(name="made", first=SMALL.first, last=SMALL.last, closed=given, proclaimed_to=SMALL.last)
    given.clear()
    assert list(made.closed) == [date(2026, 1, 6)]


def test_the_order_of_the_mapping_given_means_nothing() -> None:
    turned = replace(SMALL, closed=dict(sorted(SMALL.closed.items(), reverse=True)))
    assert turned == SMALL
    assert hash(turned) == hash(SMALL)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "other"},
        {"first": date(2026, 1, 2)},
        {"last": date(2026, 1, 16)},
        {"closed": {}},
        {"closed": {date(2026, 1, 12): "Another name", date(2026, 1, 3): "A Saturday"}},
        {"closed": {date(2026, 1, 12): "Plough Monday", date(2026, 1, 4): "A Saturday"}},
        {"proclaimed_to": date(2026, 1, 14)},
    ],
)
def test_every_part_of_the_content_is_in_the_digest(change: dict[str, Any]) -> None:
    assert replace(SMALL).digest == SMALL.digest
    assert replace(SMALL, **change).digest != SMALL.digest


@pytest.mark.parametrize("name", ["a\nclosed 2026-01-07 b", "a'\nclosed 2026-01-07 'b"])
def test_a_name_cannot_pass_for_a_closed_day(name: str) -> None:
    one = SMALL.with_closures([(date(2026, 1, 6), name)])
    two = SMALL.with_closures([(date(2026, 1, 6), "a"), (date(2026, 1, 7), "b")])
    assert one.digest != two.digest


def test_the_digest_is_64_hexadecimal_digits_and_the_same_in_every_process() -> None:
    assert len(ENGLAND.digest) == 64
    assert set(ENGLAND.digest) <= set("0123456789abcdef")
    command = "from transfer_rules.calendars import ENGLAND; print(ENGLAND.digest)"
    assert {run("-c", command, PYTHONHASHSEED=seed).stdout.strip() for seed in ("1", "2")} == {ENGLAND.digest}


def test_a_calendar_equals_nothing_but_a_calendar() -> None:
    assert SMALL.digest != SMALL
    assert SMALL.with_closures([(date(2026, 1, 6), "Council closed")]) != SMALL


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_calendar_comes_back_from_pickle_whole(protocol: int) -> None:
    back = pickle.loads(pickle.dumps(ENGLAND, protocol))
    assert back == ENGLAND
    assert list(back.closed.items()) == list(ENGLAND.closed.items())
    assert back.add_working_days(date(2026, 4, 2), 1) == date(2026, 4, 7)


def test_a_deep_copy_is_equal() -> None:
    assert copy.deepcopy(ENGLAND) == ENGLAND


def test_the_repr_is_short() -> None:
    assert repr(SMALL) == f"<Calendar `small` (2026-01-01 to 2026-01-15), 2 closed days, {SMALL.digest[:12]}>"


# --- the other nations ---


def test_wales_has_the_closed_days_of_england() -> None:
    assert freeze("wales").closed == ENGLAND.closed


def test_wales_is_another_calendar_all_the_same() -> None:
    assert freeze("wales") != ENGLAND


def test_scotland_has_no_easter_monday_and_its_own_days_in_summer_and_winter() -> None:
    scotland = freeze("scotland")
    assert "Easter Monday" not in scotland.closed.values()
    assert scotland.is_working_day(date(2026, 4, 6))
    assert scotland.closed[date(2026, 8, 3)] == "Summer bank holiday"
    assert scotland.is_working_day(date(2026, 8, 31))
    assert scotland.closed[date(2026, 1, 2)] == "2nd January"


def test_two_holidays_on_one_day_are_both_named() -> None:
    assert freeze("scotland").closed[date(2023, 1, 2)] == "2nd January; New Year's Day (substitute day)"


def test_northern_ireland_has_its_two_days_more() -> None:
    more = {day.strftime("%d %b"): name for day, name in freeze("northern_ireland").closed.items() if day.year == 2027 and day not in ENGLAND.closed}
    assert more == {"17 Mar": "Saint Patrick's Day", "12 Jul": "Battle of the Boyne"}


@pytest.mark.parametrize("region", SUBDIVISIONS)
def test_every_nation_spans_the_years_of_england(region: str) -> None:
    frozen = freeze(region)
    assert frozen.name == region
    assert (frozen.first, frozen.last, frozen.proclaimed_to) == (ENGLAND.first, ENGLAND.last, ENGLAND.proclaimed_to)
    assert {day.year for day in frozen.closed} == set(range(2010, 2041))


@pytest.mark.parametrize("region", ["england", "Wales", "ENG", ""])
def test_any_other_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="takes one of northern_ireland, scotland, wales"):
        freeze(region)


def test_no_name_keeps_the_library_s_word_for_a_substitute_day() -> None:
    for calendar in (ENGLAND, *(freeze(region) for region in SUBDIVISIONS)):
        assert not [name for name in calendar.closed.values() if "observed" in name]


def test_counting_never_imports_the_holidays_library() -> None:
    command = (
        "import sys; from datetime import date; from transfer_rules.calendars import ENGLAND;"
        " ENGLAND.add_working_days(date(2026, 4, 2), 10); print('holidays' in sys.modules)"
    )
    assert run("-c", command).stdout.strip() == "False"


def test_a_calendar_may_begin_on_any_day_of_the_week_and_end_on_any() -> None:
    for begin in range(7):
        first = date(2026, 1, 5) + timedelta(days=begin)  # from a Monday on
        for length in range(1, 16):
            calendar = Calendar("short", first, first + timedelta(days=length - 1), {}, first)
            days = [first + timedelta(days=number) for number in range(length)]
            assert [calendar.is_working_day(day) for day in days] == [day.weekday() < 5 for day in days]

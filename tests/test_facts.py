"""What a fact takes: every type, from Python values and from text, and what it refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, FrozenInstanceError, fields, make_dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import Enum
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from transfer_rules.facts import (
    DATED_KINDS,
    FACT_KINDS,
    HAPPENED,
    NOBODY,
    NOT_YET,
    OTHER_AUTHORITY,
    RESERVED_TEAMS,
    UNKNOWN,
    Fact,
    FactKind,
    fact,
    read_count,
    read_date,
    read_moment,
    read_pairs,
    read_word,
    read_yes_no,
)

SECRET = "Xanthippe of 12 Quarrel Lane"
HALF_PAST_NINE = datetime(2026, 4, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))


def a_fact(kind: FactKind, **more: object) -> Fact:
    """Make a fact of this type; only what matters to a test is given."""
    options = ("red", "green") if kind in ("choice", "choices") else ()
    return Fact(**{"name": "x", "kind": kind, "label": "x", "ask": "x?", "options": options, **more})  # type: ignore[arg-type]


class Colour(str, Enum):  # noqa: UP042
    """Text in an enumeration: `str()` of a member is not the text."""

    RED = "red"


class Zoneless(tzinfo):
    """A zone that does not know its offset."""

    def utcoffset(self, _when: datetime | None) -> timedelta | None:
        return None

    dst = utcoffset

    def tzname(self, _when: datetime | None) -> str | None:
        return None


class LateDate(date):
    """A subclass of `date`, as mocking libraries make."""


class Awkward:
    """Compares into something that is neither true nor false, as an array does."""

    def __eq__(self, other: object) -> object:  # type: ignore[override]
        return self

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise ValueError(SECRET)


# --- the types


def test_the_tuple_of_kinds_is_the_type_of_kinds() -> None:
    assert get_args(FactKind) == FACT_KINDS


def test_the_dated_kinds_are_these_three() -> None:
    assert {"date", "event", "moment"} == DATED_KINDS <= set(FACT_KINDS)


def test_a_fact_that_names_no_group_is_one_of_the_pack() -> None:
    assert a_fact("yes_no").group == "local"


def test_both_reserved_teams_have_a_label() -> None:
    assert (NOBODY, OTHER_AUTHORITY) == ("none", "other_authority")
    assert RESERVED_TEAMS == {NOBODY: "nobody", OTHER_AUTHORITY: "another authority"}


@pytest.mark.parametrize("kind", FACT_KINDS)
def test_every_kind_says_what_it_takes(kind: FactKind) -> None:
    assert a_fact(kind).allowed


@pytest.mark.parametrize("kind", FACT_KINDS)
def test_none_is_unknown_for_every_kind(kind: FactKind) -> None:
    assert a_fact(kind).read(None) is UNKNOWN


@pytest.mark.parametrize("kind", FACT_KINDS)
@pytest.mark.parametrize("raw", [3.0, float("nan"), b"red", {"red": 1}, object(), "", Awkward()])
def test_every_kind_refuses_what_is_no_value_of_a_fact(kind: FactKind, raw: object) -> None:
    with pytest.raises(ValueError, match=r"\Atakes "):
        a_fact(kind).read(raw)


@pytest.mark.parametrize("kind", [kind for kind in FACT_KINDS if kind not in ("team", "area")])
def test_a_refusal_says_what_is_allowed_and_never_the_value(kind: FactKind) -> None:
    with pytest.raises(ValueError, match=r"\Atakes ") as caught:
        a_fact(kind).read(SECRET)
    assert SECRET not in str(caught.value)
    assert str(caught.value) == f"takes {a_fact(kind).allowed}"


def test_a_fact_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        a_fact("count").unit = "days"  # type: ignore[misc]


def test_a_declared_fact_is_an_unknown_field_with_its_definition() -> None:
    declared = make_dataclass("Declared", [("x", object, fact("count", label="x", ask="x?", group="g", unit="days"))])
    (field,) = fields(declared)
    assert field.default is UNKNOWN is not MISSING
    assert Fact(name=field.name, **field.metadata["fact"]) == Fact("x", "count", "x", "x?", group="g", unit="days")


# --- yes or no


@pytest.mark.parametrize(("raw", "value"), [(True, True), (False, False), ("yes", True), ("true", True), ("no", False), ("false", False)])
def test_yes_and_no_are_booleans_or_words(raw: object, value: bool) -> None:
    assert read_yes_no(raw) is value
    assert a_fact("yes_no").read(raw) is value


@pytest.mark.parametrize("raw", [0, 1, "Yes", "TRUE", "on", "y", "not_yet", None])
def test_nothing_else_is_yes_or_no(raw: object) -> None:
    assert read_yes_no(raw) is None


# --- counts


@pytest.mark.parametrize(("raw", "value"), [(0, 0), (91, 91), ("0", 0), ("91", 91), (999_999_999, 999_999_999), ("999999999", 999_999_999)])
def test_a_count_is_a_whole_number_or_its_digits(raw: object, value: int) -> None:
    assert read_count(raw) == value
    assert a_fact("count").read(raw) == value


@pytest.mark.parametrize("raw", [True, False, -1, "-1", 3.0, "3.0", "010", "1_000", " 1", "1\n", 10**9, "1000000000", "٣", "1٣", None])
def test_nothing_else_is_a_count(raw: object) -> None:
    assert read_count(raw) is None


def test_a_count_names_its_unit() -> None:
    assert a_fact("count", unit="days").allowed == "a whole number, 0 or more (days)"
    assert a_fact("count").allowed == "a whole number, 0 or more"


# --- words


def test_a_word_is_plain_text_whatever_its_class() -> None:
    assert type(read_word(Colour.RED)) is str
    assert read_word(Colour.RED) == "red"


@pytest.mark.parametrize("raw", ["", 1, None, b"red"])
def test_empty_text_and_other_types_are_no_word(raw: object) -> None:
    assert read_word(raw) is None


def test_a_choice_takes_one_of_its_options() -> None:
    assert a_fact("choice").read("green") == "green"


def test_a_choice_takes_a_member_of_an_enumeration_as_its_text() -> None:
    value = a_fact("choice").read(Colour.RED)
    assert (type(value), value) == (str, "red")


@pytest.mark.parametrize("raw", ["blue", "Red", ["red"], True])
def test_a_choice_refuses_anything_that_is_no_option(raw: object) -> None:
    with pytest.raises(ValueError, match=r"\Atakes one of red, green\Z"):
        a_fact("choice").read(raw)


@pytest.mark.parametrize("raw", [["red", "green"], ("green", "red"), {"red", "green"}, frozenset({"red", "green"}), ["red", "green", "red"]])
def test_choices_take_any_collection_of_options(raw: object) -> None:
    assert a_fact("choices").read(raw) == frozenset({"red", "green"})


def test_no_choices_at_all_is_a_value_and_not_unknown() -> None:
    assert a_fact("choices").read([]) == frozenset()


@pytest.mark.parametrize("raw", ["red", ["red", "blue"], [1], [["red"]], {"red": True}, [None]])
def test_choices_refuse_text_and_lists_with_anything_else(raw: object) -> None:
    with pytest.raises(ValueError, match=r"\Atakes a list of red, green\Z"):
        a_fact("choices").read(raw)


@pytest.mark.parametrize("kind", ["team", "area"])
@pytest.mark.parametrize("raw", ["assessment", NOBODY, OTHER_AUTHORITY])
def test_teams_and_areas_are_ids_that_the_pack_types_later(kind: FactKind, raw: str) -> None:
    assert a_fact(kind).read(raw) == raw


# --- dates


@pytest.mark.parametrize("raw", [date(2026, 4, 2), "2026-04-02"])
def test_a_date_is_a_date_or_its_iso_text(raw: object) -> None:
    assert read_date(raw) == date(2026, 4, 2)


@pytest.mark.parametrize(
    "raw",
    [
        "20260402",
        "20260105",
        "2026-W14-4",
        "2026W144",
        "2026-4-2",
        "02/04/2026",
        "2026-02-30",
        "2026-04-02 ",
        "2026-04-02\n",
        "2026-04-02T00:00",
        "٢٠٢٦-٠٤-٠٢",
        20260402,
        1775088000,
        HALF_PAST_NINE,
        datetime(2026, 4, 2),
        LateDate(2026, 4, 2),
        None,
    ],
)
def test_nothing_else_is_a_date(raw: object) -> None:
    assert read_date(raw) is None


@pytest.mark.parametrize("raw", ["1900-01-01", "1949-12-31", "2151-01-01", "9999-12-31", date(1900, 1, 1), date(9999, 12, 31)])
def test_placeholder_dates_are_refused(raw: object) -> None:
    assert read_date(raw) is None


@pytest.mark.parametrize("raw", ["1950-01-01", "2150-12-31", date(1950, 1, 1), date(2150, 12, 31)])
def test_the_first_and_last_day_of_the_range_are_dates(raw: object) -> None:
    assert read_date(raw) is not None


@pytest.mark.parametrize("kind", sorted(DATED_KINDS))
def test_not_yet_is_a_value_of_every_dated_kind(kind: FactKind) -> None:
    assert a_fact(kind).read("not_yet") == NOT_YET


def test_happened_is_a_value_of_events() -> None:
    assert a_fact("event").read("happened") == HAPPENED


@pytest.mark.parametrize("kind", ["date", "moment"])
def test_happened_is_no_value_of_dates_and_moments(kind: FactKind) -> None:
    with pytest.raises(ValueError, match=r"\Atakes "):
        a_fact(kind).read("happened")


@pytest.mark.parametrize("kind", ["date", "event"])
@pytest.mark.parametrize("raw", [HALF_PAST_NINE, "2026-04-02T09:30:00+01:00"])
def test_a_moment_is_no_date(kind: FactKind, raw: object) -> None:
    with pytest.raises(ValueError, match=r"\Atakes a date"):
        a_fact(kind).read(raw)


# --- moments


@pytest.mark.parametrize(
    "raw",
    [
        HALF_PAST_NINE,
        "2026-04-02T09:30:00+01:00",
        "2026-04-02T09:30+01:00",
        "2026-04-02 09:30+01:00",
        "2026-04-02T08:30:00Z",
        "2026-04-02T08:30:00.000Z",
    ],
)
def test_a_moment_is_an_aware_datetime_or_its_iso_text(raw: object) -> None:
    assert read_moment(raw) == HALF_PAST_NINE
    assert a_fact("moment").read(raw) == HALF_PAST_NINE


def test_a_moment_may_be_a_date_alone() -> None:
    value = a_fact("moment").read("2026-04-02")
    assert (type(value), value) == (date, date(2026, 4, 2))


@pytest.mark.parametrize(
    "raw",
    [
        datetime(2026, 4, 2, 9, 30),
        datetime(2026, 4, 2, 9, 30, tzinfo=Zoneless()),
        datetime(1949, 12, 31, tzinfo=UTC),
        datetime(2151, 1, 1, tzinfo=UTC),
        "2026-04-02T09:30:00",
        "2026-04-02T09:30:00 Europe/London",
        "20260402T093000Z",
        "2026-W14-4T09:30Z",
        "2026-02-30T09:30Z",
        "2026-04-02T24:00Z",
        "2026-04-02T09:30+24:00",
        "2026-04-02T09:30+01:60",
        "2026-04-02T09Z",
        "1900-01-01T00:00Z",
        1775088000,
        date(2026, 4, 2),
        None,
    ],
)
def test_nothing_else_is_a_moment(raw: object) -> None:
    assert read_moment(raw) is None


def test_a_moment_keeps_its_instant_and_its_clock_and_drops_its_zone() -> None:
    moment = read_moment(datetime(2026, 7, 1, 9, 30, tzinfo=ZoneInfo("Europe/London")))
    assert moment is not None
    assert moment.isoformat() == "2026-07-01T09:30:00+01:00"
    assert isinstance(moment.tzinfo, timezone)


def test_a_moment_in_the_repeated_hour_equals_the_same_instant_elsewhere() -> None:
    zoned = datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London"))
    assert zoned != datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert read_moment(zoned) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_offset_with_seconds_becomes_utc_so_that_its_text_can_be_read_back() -> None:
    moment = read_moment(datetime(2026, 4, 2, 9, 30, tzinfo=timezone(timedelta(seconds=-75))))
    assert moment is not None
    # 75 seconds behind UTC, so 09:30 there is 09:31:15 in UTC.
    assert (moment.isoformat(), moment.tzinfo) == ("2026-04-02T09:31:15+00:00", UTC)
    assert read_moment(moment.isoformat()) == moment


def test_an_offset_of_whole_minutes_is_kept_though_they_are_odd() -> None:
    moment = read_moment(datetime(2026, 4, 2, 9, 30, tzinfo=timezone(timedelta(minutes=61))))
    assert moment is not None
    assert moment.isoformat() == "2026-04-02T09:30:00+01:01"


@pytest.mark.parametrize("offset", [timedelta(hours=1), timedelta(seconds=-75)])
def test_a_moment_is_never_the_second_of_two(offset: timedelta) -> None:
    moment = read_moment(datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=timezone(offset)))
    assert moment is not None
    assert moment.fold == 0


@pytest.mark.parametrize(("year", "read"), [(1949, False), (1950, True), (2150, True), (2151, False)])
def test_moments_lie_in_the_years_of_the_range(year: int, read: bool) -> None:
    assert (read_moment(datetime(year, 6, 1, 12, 0, tzinfo=UTC)) is not None) is read


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("yes_no", "yes or no"),
        ("choice", "one of red, green"),
        ("choices", "a list of red, green"),
        ("count", "a whole number, 0 or more"),
        ("date", "a date such as 2026-04-02, or not_yet"),
        ("event", "a date such as 2026-04-02, not_yet, or happened"),
        ("moment", "a date and time with its offset such as 2026-04-02T09:30:00+01:00, a date, or not_yet"),
        ("team", "the id of a team of the pack, none, or other_authority"),
        ("area", "the id of an area of the pack"),
    ],
)
def test_each_kind_names_what_it_takes(kind: FactKind, allowed: str) -> None:
    assert a_fact(kind).allowed == allowed


class Pairs(Mapping[str, int]):
    """A mapping that is no dict."""

    def __getitem__(self, name: str) -> int:
        return int(name)

    def __iter__(self) -> Iterator[str]:
        return iter("12345")

    def __len__(self) -> int:
        return 5


@pytest.mark.parametrize("raw", [{str(number): number for number in range(1, 6)}, Pairs()], ids=["dict", "mapping"])
def test_of_a_mapping_one_pair_more_than_allowed_is_read_so_that_too_many_are_seen(raw: object) -> None:
    assert read_pairs(raw, 3) == (("1", 1), ("2", 2), ("3", 3), ("4", 4))
    assert read_pairs(raw, 5) == (("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 5))


@pytest.mark.parametrize("raw", [5, [("1", 1)], "1", None])
def test_what_is_no_mapping_has_no_pairs(raw: object) -> None:
    assert read_pairs(raw, 3) is None

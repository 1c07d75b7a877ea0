"""Tables in and out: columns of numpy, Arrow or polars as columns of facts, and any row of them as a snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import numpy as np

from ..case import closes
from ..dates import london_date
from ..errors import Diagnostic, SnapshotError, did_you_mean, named
from ..facts import DATED_KINDS, FIRST_DAY, HAPPENED, LAST_DAY, NOT_YET, RESERVED_TEAMS, UNKNOWN, Fact, FactValue, read_date, read_moment
from ..policy import Policy
from ..vocabulary import STANDARD_FACTS, CaseSnapshot
from .arrays import AWAITING, DATED, HAPPENED_SOME_DAY, NEVER, NO_DAY, Array, Column, day_of, somewhere

_NAT: Final = np.iinfo(np.int64).min
_FIRST_DAY: Final = np.datetime64(FIRST_DAY, "D").astype(np.int64)
_LAST_DAY: Final = np.datetime64(LAST_DAY, "D").astype(np.int64)
_STATES: Final = (NOT_YET, HAPPENED)
_PROGRESS: Final = ("done", "not_done", "not_needed", "excused")
_EXCUSED: Final = 3
_NO_DATE: Final = "no date"
_UNDER_MASKS: Final[Mapping[str, Any]] = {"O": None, "U": "", "T": "", "M": np.datetime64("NaT")}
_WORDS: Final = frozenset({"choice", "team", "area"})


class Coded(NamedTuple):
    """A column of words as small integers: `codes` are places in `names`, -1 is unknown.

    Attributes:
        codes: integers, one for each row.
        names: the words that they stand for.
    """

    codes: Any
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stored:
    """One column as it is kept: codes as in `Column`; for a date its days since 1970 as 64-bit integers, the least of them where there is none.

    Attributes:
        exact: the moments of a column of moments, else None; their rows are not read in columns.
    """

    code: Array
    day: Array = None
    names: tuple[str, ...] = ()
    whole: bool = False
    exact: tuple[object, ...] | None = None


class Table:
    """The columns of a caseload, as one policy sees them. Only what the policy reads is kept; every column must be known to it.

    Attributes:
        size: the number of rows.
        facts: the columns of facts, by name.
        progress: for each item or duty with a column, its dates and its states.
        decisions: the columns of recorded decisions: the answer, the area, the day.
        as_of: the day asked about in each row, or one day or moment for all.
    """

    def __init__(self, policy: Policy, columns: Any, as_of: date | datetime | None, unstated: Any):
        given = _columns(columns)
        self._policy = policy
        self.unstated = CaseSnapshot(as_of=date(2000, 1, 3), unstated=unstated).unstated
        self._closed = frozenset(closes(policy, self.unstated))
        faults: list[Diagnostic] = []
        self.size = _size(given, faults)
        self.as_of: Any = _as_of(given.pop("as_of", None), as_of, faults)
        self.facts: dict[str, Stored] = {}
        self.progress: dict[str, tuple[Stored | None, Stored | None]] = {}
        self.decisions: dict[str, tuple[Stored, Stored | None, Stored | None]] = {}
        states = {name for name in given if name.endswith("_state") and name not in policy.facts}
        for name in [name for name in given if name not in states]:
            self._keep(name, given, faults)
        for name in states:
            if name.removesuffix("_state") not in given:
                self._keep(name.removesuffix("_state"), given, faults)
        if faults:
            raise SnapshotError(faults)

    def _keep(self, name: str, given: Mapping[str, Any], faults: list[Diagnostic]) -> None:
        """Keep one column, with the columns that belong to it."""
        column, state = given.get(name), given.get(f"{name}_state")
        policy = self._policy
        try:
            kind, _, rest = name.partition(".")
            if state is not None and (kind == "decisions" or (column is None and name not in policy.facts and rest not in policy.work)):
                # A decision has no state, and a state alone goes by its own name.
                self._refuse(f"{name}_state", faults)
            if kind == "checklist" and rest in policy.work:
                self.progress[rest] = (None if column is None else _dates(column), None if state is None else _progress(state))
            elif kind == "decisions" and rest in policy.pack.decisions:
                if column is not None:
                    area, day = given.get(f"{name}_area"), given.get(f"{name}_on")
                    self.decisions[rest] = (_words(column), None if area is None else _words(area), None if day is None else _dates(day))
            elif kind == "decisions" and rest.rpartition("_")[0] in policy.pack.decisions and rest.rpartition("_")[2] in ("area", "on"):
                return
            elif name in policy.facts:
                self.facts[name] = _fact(policy, policy.facts[name], column, state)
            elif column is not None:
                self._refuse(name, faults)
        except (TypeError, ValueError) as error:
            faults.append(Diagnostic("wrong-value", f"the column `{name}` {error}", why="a column is read by the type of its fact"))

    def _refuse(self, name: str, faults: list[Diagnostic]) -> None:
        policy = self._policy
        known = (*policy.facts, *(f"checklist.{work}" for work in policy.work), *(f"decisions.{one}" for one in policy.pack.decisions))
        why = f"the pack {policy.pack.id} has no fact of this name; progress is `checklist.<item>`, a recorded decision `decisions.<name>`"
        faults.append(Diagnostic("unknown-fact", f"{named(name, 'a name')}: unknown column", why=why, mend=did_you_mean(name, known)))

    def values(self, row: int) -> dict[str, FactValue]:
        """Return the facts that are stated in one row."""
        found = {}
        for name, stored in self.facts.items():
            value = _value(self._policy.facts[name], stored, row)
            if value is not UNKNOWN:
                found[name] = value
        return found

    def snapshot(self, row: int) -> CaseSnapshot:
        """Return one row as a snapshot.

        Raises:
            SnapshotError: a value of the row is none that its fact can have.
        """
        stated = self.values(row)
        local = {name: value for name, value in stated.items() if name not in STANDARD_FACTS}
        standard: dict[str, Any] = {name: value for name, value in stated.items() if name in STANDARD_FACTS}
        decisions: dict[str, Any] = {}
        for name, (answer, area, day) in self.decisions.items():
            if (decided := _word(answer, row)) is not None:
                decisions[name] = {"decided": decided, "area": _word(area, row), "on": _date(day, row)}
        checklist: dict[str, Any] = {}
        for name, (done, progress) in self.progress.items():
            done_on, word = _date(done, row), _word(progress, row)
            if done_on is not None and word not in (None, "done", "excused"):
                why = "one of the two is wrong"
                raise SnapshotError([Diagnostic("wrong-progress", f"`{name}` has a date, and its state is {word}", why=why, mend="correct it")])
            if word == "excused":
                checklist[name] = {"done_on": done_on, "excused": True}
            elif done_on is not None or word is not None:
                checklist[name] = word if done_on is None else done_on
        return CaseSnapshot(
            as_of=self.as_of_row(row), **standard, local_facts=local, decisions=decisions, checklist=checklist, unstated=self.unstated
        )

    def as_of_row(self, row: int) -> date | datetime:
        """Return the day or moment asked about in one row."""
        found: date | datetime = day_of(int(self.as_of[row])) if isinstance(self.as_of, np.ndarray) else self.as_of
        return found

    def days_asked(self, rows: Array) -> Array:
        """Return the day asked about in some rows, in days since 1970."""
        if isinstance(self.as_of, np.ndarray):
            return _part(self.as_of, rows).astype(np.int32)
        return np.datetime64(london_date(self.as_of), "D").astype(np.int32)

    @property
    def closes(self) -> bool:
        """Whether `unstated` closes facts that nobody stated."""
        return bool(self._closed)

    @property
    def as_stated(self) -> Table:
        """The same table, with nothing closed."""
        stated = copy(self)
        stated._closed = frozenset()
        return stated

    def uncommon(self, start: int, stop: int) -> Array:
        """Return which of some rows hold what columns do not: moments, and recorded decisions."""
        found = np.full(stop - start, isinstance(self.as_of, datetime), np.bool_)
        for stored in self.facts.values():
            if stored.exact is not None:
                found |= np.array([one is not None for one in stored.exact[start:stop]], np.bool_)
        for answer, _, _ in self.decisions.values():
            found |= answer.code[start:stop] >= 0
        return found

    def progress_in(self, work: str, rows: Array) -> tuple[Array | None, Array, Array]:
        """Return the progress of an item or duty in some rows: its state (0 done, 1 not done, 2 not needed, -1 nothing said), its day, and where it
        is excused; a state of None where there is no column."""
        done, progress = self.progress.get(work, (None, None))
        if done is None and progress is None:
            return None, NO_DAY, np.False_
        day: Array = NO_DAY
        there: Array = np.False_
        if done is not None:
            found = done.day.take(rows)
            there = found != _NAT
            day = np.where(there, found, NO_DAY).astype(np.int32)
        if progress is None:
            return np.where(there, np.int8(0), np.int8(-1)), day, np.False_
        said = progress.code.take(rows)
        return np.where(there, np.int8(0), np.where(said == _EXCUSED, np.int8(-1), said)), day, said == _EXCUSED

    def column(self, fact: str, rows: Any, size: int) -> Column:
        """Return a fact in some rows; a fact without a column is unknown in all."""
        definition = self._policy.facts[fact]
        column = _column(self._policy, definition, self.facts.get(fact), rows, size)
        if fact not in self._closed or column.whole:
            return column
        # No, and not yet, both have the code 0; what is not known has the day of what is not there already.
        return column._replace(code=np.where(column.code < 0, np.int8(0), column.code), whole=True)


def words_known(policy: Policy, fact: Fact) -> tuple[str, ...]:
    """Return the words that a fact can have."""
    match fact.kind:
        case "team":
            return tuple(dict.fromkeys((*policy.pack.teams, *RESERVED_TEAMS)))
        case "area":
            return tuple(policy.areas)
        case _:
            return fact.options


def _column(policy: Policy, fact: Fact, stored: Stored | None, rows: Any, size: int) -> Column:
    dated = fact.kind in DATED_KINDS
    if stored is None:
        return Column(np.full(size, -1, np.int8), np.full(size, NEVER) if dated else None, words_known(policy, fact))
    code_given = None if stored.code is None else _part(stored.code, rows)
    if not dated:
        assert code_given is not None
        return Column(code_given.view(np.int8) if code_given.dtype == np.bool_ else code_given, None, stored.names, stored.whole)
    if stored.day is None:
        code = code_given
        assert code is not None
        return Column(code, np.where(code == HAPPENED_SOME_DAY, NO_DAY, NEVER), (), stored.whole, vague=somewhere(code == HAPPENED_SOME_DAY))
    found = _part(stored.day, rows)
    gone = found == _NAT
    # Masks of bits, since choosing row by row takes several times as long. No date is 0 when it is cut to 32 bits.
    days = found.astype(np.int32) | gone.astype(np.int32) * NEVER
    mask = -gone.view(np.int8)
    code = (mask & (np.int8(-1) if code_given is None else code_given)) | (~mask & np.int8(DATED))
    vague = code_given is not None and somewhere(code == HAPPENED_SOME_DAY)
    if vague:
        np.copyto(days, NO_DAY, where=code == HAPPENED_SOME_DAY)
    return Column(code, days, whole=bool(size == 0 or code.min() >= 0), vague=vague)


def _part(column: Array, rows: Any) -> Array:
    return column[rows] if isinstance(rows, slice) else column.take(rows)


def faulty_rows(policy: Policy, table: Table, start: int, stop: int) -> Array:
    """Return where in a stretch of rows some value is none that its fact can have; the snapshot of such a row says which."""
    rows = slice(start, stop)
    bad = np.zeros(stop - start, np.bool_)
    for name, stored in table.facts.items():
        fact = policy.facts[name]
        if stored.day is not None:
            there = _outside(stored.day[rows], bad)
            if stored.code is not None:
                # A date and the word that it is not there yet.
                bad |= there & (stored.code[rows] == AWAITING)
        elif fact.kind in _WORDS:
            known = words_known(policy, fact)
            for code in [code for code, word in enumerate(stored.names) if word not in known]:
                bad |= stored.code[rows] == code
    for done, progress in table.progress.values():
        if done is not None:
            there = _outside(done.day[rows], bad)
            if progress is not None:
                bad |= there & ((progress.code[rows] == 1) | (progress.code[rows] == 2))
    return bad


def _outside(days: Array, bad: Array) -> Array:
    """Note in `bad` the days that no fact can have, and return where there is a day at all."""
    there: Array = days != _NAT
    early = days < _FIRST_DAY
    # No day at all is the earliest there is.
    if np.count_nonzero(early) > len(days) - np.count_nonzero(there) or (len(days) and days.max() > _LAST_DAY):
        bad |= there & (early | (days > _LAST_DAY))
    return there


# --- columns in


def _columns(given: Any) -> dict[str, Any]:
    """Return columns by name, from a mapping, an Arrow table or a polars frame."""
    if isinstance(given, Mapping):
        return dict(given)
    names = getattr(given, "column_names", None) or getattr(given, "columns", None)
    if names is None:
        raise TypeError("columns are a mapping of names to arrays, an Arrow table or a polars frame")
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        what = f"{named(twice[0], 'a name')} stands over two columns"
        raise SnapshotError([Diagnostic("wrong-shape", what, why="a fact has one column", mend="leave one of them out")])
    return {name: given[name] for name in names}


def _size(given: Mapping[str, Any], faults: list[Diagnostic]) -> int:
    sizes = {name: _length(column.codes if isinstance(column, Coded) else column) for name, column in given.items()}
    if len(set(sizes.values())) > 1:
        why = "they have " + ", ".join(f"`{name}` {size}" for name, size in list(sizes.items())[:6])
        faults.append(Diagnostic("wrong-shape", "the columns are not of one length", why=why, mend="give every column one entry a row"))
    return next(iter(sizes.values()), 0)


def _length(column: Any) -> int:
    try:
        return len(column)
    except TypeError:
        raise TypeError("a column is an array of one entry a row") from None


def _as_of(column: Any, for_all: date | datetime | None, faults: list[Diagnostic]) -> Any:
    if column is not None:
        try:
            days = _dates(column).day
        except ValueError as error:
            faults.append(Diagnostic("wrong-as-of", f"the column `as_of` {error}", why="every rule that looks at today looks at it"))
            return None
        if (days == _NAT).any() or (days < _FIRST_DAY).any() or (days > _LAST_DAY).any():
            faults.append(Diagnostic("wrong-as-of", "some `as_of` is no day between 1950 and 2150", why="every rule that looks at today looks at it"))
        return days
    try:
        # None is refused like anything else that is no day.
        return CaseSnapshot(as_of=for_all).as_of  # type: ignore[arg-type]
    except SnapshotError as error:
        faults.extend(error.diagnostics)
        return None


def _progress(state: Any) -> Stored:
    """Return states of progress, coded by their places in `_PROGRESS`."""
    code = _recode(_words(state), _PROGRESS, tuple(range(len(_PROGRESS))), f"takes {', '.join(_PROGRESS)} as its state")
    return Stored(code, None, _PROGRESS)


def _fact(policy: Policy, fact: Fact, column: Any, state: Any) -> Stored:
    if fact.kind in DATED_KINDS:
        days = None if column is None else _dates(column)
        if state is None:
            assert days is not None
            return days
        states = _words(state)
        code = _recode(states, _STATES, (AWAITING, HAPPENED_SOME_DAY), f"takes {' or '.join(_STATES)} as its state")
        if fact.kind != "event" and (code == HAPPENED_SOME_DAY).any():
            raise ValueError(f"takes {fact.allowed}")
        if days is None:
            return Stored(code, None, whole=bool((code >= 0).all()))
        return Stored(code, days.day, exact=days.exact)
    if state is not None:
        raise ValueError("has a state, but only dates have one")
    if fact.kind == "yes_no":
        return _yes_no(column)
    if fact.kind == "count":
        return _counts(column)
    if fact.kind == "choices":
        return _lists(column, fact)
    # The options that no row has come after those given, so that any of them can be filled in.
    words = _words(column)
    names = tuple(dict.fromkeys((*words.names, *words_known(policy, fact))))
    return replace(words, names=names)


def _yes_no(column: Any) -> Stored:
    values, null = _plain(column)
    if values.dtype == np.bool_:
        if null is None or not null.any():
            return Stored(values, whole=True)
        return Stored(np.where(null, np.int8(-1), values.view(np.int8)))
    if values.dtype == object:
        if any(one is not None and not (type(one) in (bool, np.bool_) or (isinstance(one, int) and one in (-1, 0, 1))) for one in values):
            raise ValueError("takes true or false")
        return Stored(np.array([-1 if one is None else int(one) for one in values], np.int8))
    if values.dtype.kind == "f":
        nan = np.isnan(values)
        null, values = nan if null is None else null | nan, np.where(nan, -1, values)
        values = values.astype(np.int64) if np.isin(values, (-1, 0, 1)).all() else np.array([2])
    if values.dtype.kind in "iu":
        if values.size and (values.min() < -1 or values.max() > 1):
            raise ValueError("takes 1, 0, or -1 for unknown")
        code = values.astype(np.int8, copy=False)
        code = code if null is None else np.where(null, np.int8(-1), code)
        return Stored(code, whole=not (code < 0).any())
    raise ValueError("takes true or false")


def _counts(column: Any) -> Stored:
    values, null = _plain(column)
    if values.dtype == object:
        if any(type(one) in (bool, np.bool_) for one in values):
            raise ValueError("takes whole numbers, 0 or more")
        null = np.array([one is None for one in values], np.bool_)
        values = np.array([0 if one is None else one for one in values])
    if values.dtype.kind == "f":
        nan = np.isnan(values)
        null = nan if null is None else null | nan
        values = np.where(nan, 0, values)
        if (values != np.floor(values)).any():
            raise ValueError("takes whole numbers, 0 or more")
    if values.dtype.kind not in "iuf" or (values.size and (values < -1).any()):
        raise ValueError("takes whole numbers, 0 or more; -1 is unknown")
    if values.size and values.max() >= 10**9:
        raise ValueError("takes whole numbers below a thousand million")
    code = values.astype(np.int32, copy=False)
    code = code if null is None else np.where(null, np.int32(-1), code)
    return Stored(code, whole=not (code < 0).any())


def _words(column: Any) -> Stored:
    if isinstance(column, Coded):
        code, found = np.ma.filled(column.codes, -1), tuple(column.names)
        if code.dtype.kind not in "iu":
            raise ValueError("takes integers as codes")
        if code.size and (code.max() >= len(found) or code.min() < -1):
            raise ValueError(f"has codes outside its {len(found)} names; -1 is unknown")
        named = tuple(dict.fromkeys(name for name in found if name))
        if named != found:
            # A word twice is one word, and one without letters is none.
            code, found = np.array([*(named.index(name) if name else -1 for name in found), -1], np.int32)[code], named
        return Stored(code, None, found, whole=bool(code.size == 0 or code.min() >= 0))
    coded = _dictionary(column)
    if coded is not None:
        return _words(coded)
    values, null = _plain(column)
    if values.dtype.kind not in "OUT":
        raise ValueError("takes words")
    words = values.astype(object)
    absent = np.array([one is None or one == "" for one in words], np.bool_)
    absent = absent if null is None else absent | null
    found = tuple(sorted({str(one) for one, gone in zip(words, absent, strict=True) if not gone}))
    places = {word: place for place, word in enumerate(found)}
    kind = np.int8 if len(found) < 128 else np.int32
    code = np.array([-1 if gone else places[str(one)] for one, gone in zip(words, absent, strict=True)], kind)
    return Stored(code, None, found, whole=not absent.any())


def _lists(column: Any, fact: Fact) -> Stored:
    values = column.to_pylist() if hasattr(column, "to_pylist") else column.to_list() if hasattr(column, "to_list") else list(column)
    if len(fact.options) > 62:
        raise ValueError("has more than 62 options, which is more than columns hold")
    bits = {word: 1 << place for place, word in enumerate(fact.options)}
    try:
        code = np.array([-1 if _is_nothing(one) else sum(bits[word] for word in set(one)) for one in values], np.int64)
    except (KeyError, TypeError):
        raise ValueError(f"takes {fact.allowed}") from None
    return Stored(code, None, fact.options, whole=not (code < 0).any())


def _dates(column: Any) -> Stored:
    values, null = _plain(column)
    exact = None
    if values.dtype.kind == "M":
        unit = np.datetime_data(values.dtype)[0]
        if unit in ("Y", "M", "W"):
            raise ValueError("takes days, and holds years, months or weeks")
        days = values.astype("datetime64[D]").view(np.int64) if unit != "D" else values.view(np.int64)
        if unit != "D" and (values != values.astype("datetime64[D]"))[~np.isnat(values)].any():
            raise ValueError("holds moments without their offset; give aware datetimes as objects, or days")
    elif values.dtype.kind in "OUT":
        read = [None if one is None or one == "" else read_date(one) or read_moment(one) or _NO_DATE for one in values]
        if _NO_DATE in read:
            raise ValueError("takes dates between 1950 and 2150")
        moments = [one if isinstance(one, datetime) else None for one in read]
        exact = tuple(moments) if any(moments) else None
        days = np.array([None if isinstance(one, datetime) else one for one in read], dtype="datetime64[D]").view(np.int64)
    else:
        # A number may count from any day.
        raise ValueError("takes dates")
    if null is not None and null.any():
        days = np.where(null, _NAT, days)
    return Stored(None, days, exact=exact)


def _plain(column: Any) -> tuple[Array, Array | None]:
    """Return a column as a numpy array in the byte order of this machine, and where it is null, if that stands beside it."""
    values, null = _unpacked(column)
    if values.ndim != 1:
        raise ValueError("is no column of one entry a row")
    if values.dtype.kind in "OT" or not values.size:
        # An empty list says nothing of its type.
        return _objects([None if _is_nothing(one) else one for one in values]), null
    return (values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))), null


def _is_nothing(one: Any) -> bool:
    """Say whether an entry stands for unknown: None, empty text, what is masked, and what is no number or no date."""
    if isinstance(one, np.datetime64):
        return bool(np.isnat(one))
    nothing = one is None or one is np.ma.masked or (isinstance(one, str) and not one)
    # What is no number, or no date, is not even itself.
    return nothing or (isinstance(one, (float, np.floating, datetime)) and one != one)


def _unpacked(column: Any) -> tuple[Array, Array | None]:
    if isinstance(column, np.ma.MaskedArray):
        # What lies under a mask is nobody's value.
        hidden, values = np.ma.getmaskarray(column), column.data.copy()
        values[hidden] = _UNDER_MASKS.get(values.dtype.kind, 0)
        return values, hidden
    if hasattr(column, "null_count") and not isinstance(column, np.ndarray):
        # Arrow and polars keep nulls beside the values. Moments keep their offset as objects of Python only.
        if callable(column.null_count):
            if getattr(column.dtype, "time_zone", None) or str(column.dtype) == "Null":
                return _objects(column.to_list()), None
            null = column.is_null().to_numpy() if column.null_count() else None
            filled = column.fill_null(strategy="zero") if null is not None and column.dtype.is_numeric() else column
            return filled.to_numpy(), null
        combined = column.combine_chunks() if hasattr(column, "combine_chunks") else column
        if getattr(combined.type, "tz", None):
            return _objects(combined.to_pylist()), None
        null = combined.is_null().to_numpy(zero_copy_only=False) if combined.null_count else None
        if null is not None and str(combined.type).startswith(("int", "uint", "bool")):
            combined = combined.fill_null(False if str(combined.type) == "bool" else 0)
        return combined.to_numpy(zero_copy_only=False), null
    return np.asarray(column), None


def _objects(values: Sequence[Any]) -> Array:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _dictionary(column: Any) -> Coded | None:
    """Return a column of words that is coded already."""
    kind = str(getattr(column, "type", getattr(column, "dtype", "")))
    if kind.startswith("dictionary"):
        whole = column.unify_dictionaries().combine_chunks() if hasattr(column, "combine_chunks") else column
        codes = whole.indices.cast("int32").fill_null(-1).to_numpy(zero_copy_only=False)
        return Coded(codes, whole.dictionary.to_pylist())
    if kind.startswith(("Enum", "Categorical")):
        import polars

        if kind.startswith("Categorical"):
            words = column.cast(polars.String)
            column = words.cast(polars.Enum(words.unique().drop_nulls().sort()))
        physical, nulls = column.to_physical(), column.is_null().to_numpy()
        codes = np.where(nulls, -1, physical.fill_null(0).to_numpy().astype(np.int32))
        return Coded(codes, column.dtype.categories.to_list())
    return None


def _recode(stored: Stored, names: tuple[str, ...], codes: tuple[int, ...], takes: str) -> Array:
    """Return a column of words as other codes."""
    if any(name not in names for name in stored.names):
        raise ValueError(takes)
    table = np.array([*(codes[names.index(name)] for name in stored.names), -1], np.int8)
    unchanged = stored.code.dtype == np.int8 and (table[:-1] == np.arange(len(table) - 1)).all()
    return stored.code if unchanged else table[stored.code]


# --- one row


def _value(fact: Fact, stored: Stored, row: int) -> Any:
    if fact.kind in DATED_KINDS:
        if stored.exact is not None and stored.exact[row] is not None:
            return stored.exact[row]
        day = _date(stored, row)
        state = None if stored.code is None else {AWAITING: NOT_YET, HAPPENED_SOME_DAY: HAPPENED}.get(int(stored.code[row]))
        if day is not None and state == NOT_YET:
            raise SnapshotError(
                [Diagnostic("wrong-value", f"`{fact.name}` has a date, and its state is not_yet", why="one of the two is wrong", mend="correct it")]
            )
        return state if day is None else day
    code = int(stored.code[row])
    if code < 0:
        return UNKNOWN
    match fact.kind:
        case "yes_no":
            return bool(code)
        case "count":
            return code
        case "choices":
            return frozenset(word for place, word in enumerate(stored.names) if code >> place & 1)
        case _:
            return stored.names[code]


def _word(stored: Stored | None, row: int) -> str | None:
    code = -1 if stored is None else int(stored.code[row])
    return None if stored is None or code < 0 else stored.names[code]


def _date(stored: Stored | None, row: int) -> date | None:
    if stored is None or stored.day is None or stored.day[row] == _NAT:
        return None
    day = int(stored.day[row])
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise SnapshotError([Diagnostic("wrong-value", "a date lies before 1950 or after 2150", why="no fact is so old", mend="correct it")])
    return day_of(day)

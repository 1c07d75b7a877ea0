"""Cells as numbers: what one text of a column stands for, and how the cells of each column are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias

import numpy as np

from ..facts import DATED_KINDS, HAPPENED, NOT_YET, RESERVED_TEAMS, Fact, read_date
from ..policy import Policy

Array: TypeAlias = Any

# What a cell can say besides a number; days before 1970 are negative, so these are far below any day. The first is numpy's NaT.
NOTHING: Final = np.iinfo(np.int64).min
BAD: Final = NOTHING + 1
MOMENT: Final = NOTHING + 2
WORDS: Final = NOTHING + 3
BELOW_NUMBERS: Final = NOTHING + 1_000
# Distinct texts that a column remembers, and the longest of them; all days of two centuries are fewer.
_REMEMBERED: Final = 100_000
_LONGEST: Final = 200
EPOCH: Final = date(1970, 1, 1).toordinal()
_STATES: Final = (NOT_YET, HAPPENED)
_PROGRESS: Final = ("done", "not_done", "not_needed", "excused")
_YES_NO: Final[Mapping[str, int]] = {"yes": 1, "true": 1, "no": 0, "false": 0}


class _Numbers(dict[str, int]):
    """What each text of a column stands for, read when it first comes."""

    def __init__(self, read: Callable[[str], int]):
        super().__init__({"": NOTHING})
        self._read = read

    def __missing__(self, text: str) -> int:
        number = self._read(text)
        if len(self) < _REMEMBERED and len(text) <= _LONGEST:
            self[text] = number
        return number


@dataclass(frozen=True, slots=True)
class Reader:
    """How the cells of one column are read.

    Attributes:
        kind: `days` (with words beside them), `words`, `yes_no`, `count`, `choices`, `state`, or `free` for texts that `evaluate` judges itself.
        base: the name without `_state`, under which days and their states come together.
        takes: what a cell can hold, for messages.
        numbers: what each text stands for.
        words: the words that numbers stand for.
    """

    kind: str
    base: str
    takes: str
    numbers: _Numbers
    words: tuple[str, ...] = ()


def reader_of(policy: Policy, name: str) -> Reader | None:
    """Return how a column is read; None for one that the policy does not know."""
    fact = policy.facts.get(name)
    if fact is not None:
        return _fact(policy, fact)
    if name == "as_of":
        return Reader("days", name, "a day such as 2026-04-02, between 1950 and 2150", _Numbers(_day))
    kind, _, rest = name.partition(".")
    base = name.removesuffix("_state")
    of_state = base if base != name else ""
    if kind == "checklist":
        takes = "a date such as 2026-04-02, " + ", ".join(_PROGRESS[:-1]) + f" or {_PROGRESS[-1]}"
        if rest in policy.work:
            return Reader("days", name, takes, _Numbers(lambda text: WORDS + _PROGRESS.index(text) if text in _PROGRESS else _day(text)), _PROGRESS)
        if of_state and of_state.partition(".")[2] in policy.work:
            return Reader("state", base, " or ".join([", ".join(_PROGRESS[:-1]), _PROGRESS[-1]]), _coded(_PROGRESS), _PROGRESS)
    if kind == "decisions":
        decision, _, part = rest.rpartition("_")
        if rest in policy.pack.decisions or (part == "area" and decision in policy.pack.decisions):
            return Reader("free", name, "", _Numbers(_day))
        if part == "on" and decision in policy.pack.decisions:
            return Reader("days", name, "a date such as 2026-04-02", _Numbers(_day))
    dated = policy.facts.get(of_state)
    if dated is not None and dated.kind in DATED_KINDS:
        states = _STATES if dated.kind == "event" else _STATES[:1]
        return Reader("state", base, " or ".join(states), _coded(states), states)
    return None


def _fact(policy: Policy, fact: Fact) -> Reader:
    match fact.kind:
        case "yes_no":
            # A spreadsheet writes TRUE, and Python True.
            return Reader("yes_no", fact.name, fact.allowed, _Numbers(lambda text: _YES_NO.get(text.lower(), BAD)))
        case "count":
            return Reader("count", fact.name, fact.allowed, _Numbers(lambda text: _read(fact, text)))
        case "choice":
            return Reader("words", fact.name, fact.allowed, _coded(fact.options), fact.options)
        case "team":
            teams = tuple(dict.fromkeys((*policy.pack.teams, *RESERVED_TEAMS)))
            return Reader("words", fact.name, fact.allowed, _coded(teams), teams)
        case "area":
            areas = tuple(policy.areas)
            return Reader("words", fact.name, fact.allowed, _coded(areas), areas)
        case "choices":
            takes = f"{fact.allowed}, with `;` between them"
            return Reader("choices", fact.name, takes, _Numbers(lambda text: _bits(fact.options, text)), fact.options)
        case _:
            return Reader("days", fact.name, fact.allowed, _Numbers(lambda text: _read(fact, text)), _STATES)


def _coded(words: Sequence[str]) -> _Numbers:
    places = {word: place for place, word in enumerate(words)}
    return _Numbers(lambda text: places.get(text, BAD))


def _day(text: str) -> int:
    day = read_date(text)
    return BAD if day is None else day.toordinal() - EPOCH


def _read(fact: Fact, text: str) -> int:
    """Return the number of a count, or of a day or what stands in its place."""
    try:
        value = fact.read(text)
    except ValueError:
        return BAD
    match value:
        case str():
            return WORDS + _STATES.index(value)
        case datetime():
            return MOMENT
        case date():
            return value.toordinal() - EPOCH
        case int():
            return value
    return BAD


def _bits(options: Sequence[str], text: str) -> int:
    """Return a list of words as bits; `;` alone is a list of none."""
    words = {word for word in text.split(";") if word}
    return sum(1 << place for place, word in enumerate(options) if word in words) if words <= set(options) else BAD


def objects(values: Sequence[object]) -> Array:
    """Return values as they are, in an array."""
    found = np.empty(len(values), object)
    found[:] = values
    return found

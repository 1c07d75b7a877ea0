"""Some rows of a table, with what has been filled in."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from .arrays import Array, Column
from .tables import Table


class Rows:
    """Some rows of the table, with what has been filled in. What was read for the rows that these were taken from is not read again."""

    def __init__(self, table: Table, at: Array, above: Rows | None = None, places: Array = None):
        self.table, self.at, self.size = table, at, len(at)
        self._above, self._places = above, places
        self._read: dict[str, Column] = {}
        self._filled: frozenset[str] = frozenset()
        if above is None:
            # Rows that lie side by side are read as one stretch, which is faster.
            whole = self.size and at[-1] - at[0] == self.size - 1
            self._from = slice(int(at[0]), int(at[-1]) + 1) if whole else at
            self.today: Array = table.days_asked(self._from)
        else:
            self._filled = above._filled
            self._base: Rows = above if above._above is None else above._base
            self._in_base: Array = places if above._above is None else above._in_base.take(places)
            self.today = above.today.take(places) if above.today.ndim else above.today

    def column(self, fact: str) -> Column:
        """Return a fact in these rows."""
        found = self._read.get(fact)
        if found is None:
            above = self._above
            if above is None:
                found = self.table.column(fact, self._from, self.size)
            elif fact in self._filled:
                found = above.column(fact).take(self._places)
            elif fact in self._base._read:
                found = self._base.column(fact).take(self._in_base)
            else:
                found = self.table.column(fact, self.at, self.size)
            self._read[fact] = found
        return found

    def forget_but(self, facts: Collection[str]) -> None:
        """Let go of what was read, but for some facts; it is read again where it is asked for."""
        self._read = {name: column for name, column in self._read.items() if name in facts or name in self._filled}

    def take(self, places: Array) -> Rows:
        """Return some of these rows."""
        return Rows(self.table, self.at.take(places), self, places)

    def fill(self, fact: str, column: Column) -> None:
        """Put a fact in the place of what the table says."""
        self._read[fact] = column
        self._filled |= {fact}


def by_holder(holders: Column, wanted: Array, start: int = 0) -> Iterator[tuple[str | None, Array]]:
    """Yield the teams that hold the cases wanted, None for nobody knows who, each with the places of its rows, counted from `start`."""
    for number in range(-1, len(holders.names)):
        places = np.flatnonzero((holders.code == number) & wanted)
        if places.size:
            places += start
            yield (None if number < 0 else holders.names[number]), places

"""What is wrong, where, why and how to mend it: `Location`, `Diagnostic`, and the exceptions that carry them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

_LONGEST_NAME: Final = 80
_LONGEST_LINE: Final = 1_000
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,79}\Z")


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file. `line` and `column` count from 1; `file` is as the author named it."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a pack or a file of snapshots.

    Attributes:
        code: plain kebab-case name, kept for good (`unknown-fact`).
        message: one line in the author's words; lower case, no full stop.
        location: where the cause stands; None where the finding concerns no line of a file.
        why: why this is wrong, or empty.
        mend: what to do about it, or empty.
        line_text: the line itself, shown with a caret under it; empty where it cannot be shown.
        width: columns under which the caret line runs, at least 1; it ends with the line.
        also: other places that belong to the finding, each with what stands there.
        seen: a case that shows it, or empty.
        severity: `error` or `warning`.
    """

    code: str
    message: str
    location: Location | None = None
    why: str = ""
    mend: str = ""
    line_text: str = ""
    width: int = 1
    also: tuple[tuple[Location, str], ...] = ()
    severity: str = "error"
    seen: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order by place, then by code and message, so that a report is the same every time."""
        place = self.location or Location("", 0, 0)
        return (place.file, place.line, place.column, self.code, self.message)

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        lines = [f"{place}{self.severity}: {self.message} [{self.code}]"]
        if self.location and self.line_text:
            before = self.location.column - 1
            width = min(self.width, len(self.line_text) - before)
            lines.append(f"{self.location.line:>5} | {self.line_text}")
            lines.append(f"{'':>5} | {' ' * before}{'^' * max(1, width)}")
        lines.extend(f"  also: {location}: {text}" for location, text in self.also)
        if self.seen:
            lines.append(f"  seen: {self.seen}")
        if self.why:
            lines.append(f"  why:  {self.why}")
        if self.mend:
            lines.append(f"  mend: {self.mend}")
        # Words of an author or of a caller stand in these lines; none of them may begin a line of its own or command a terminal.
        return "\n".join(_cut(spelled_out(line)) for line in lines)


class TransferRulesError(Exception):
    """Anything this library refuses. `diagnostics` holds every finding, sorted by place."""

    def __init__(self, diagnostics: Iterable[Diagnostic] | str):
        if isinstance(diagnostics, str):
            diagnostics = (Diagnostic("error", diagnostics),)
        self.diagnostics: tuple[Diagnostic, ...] = tuple(sorted(diagnostics, key=lambda d: d.sort_key))
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        # Put together when it is asked for: a file of many faulty cases makes many errors, and few of them are shown.
        return "\n".join(str(d) for d in self.diagnostics)

    def __reduce__(self) -> tuple[type[TransferRulesError], tuple[tuple[Diagnostic, ...]]]:
        return (type(self), (self.diagnostics,))


class PackError(TransferRulesError):
    """A pack that cannot be loaded: every fault of the file, each once, at its cause."""


class SnapshotError(TransferRulesError):
    """A snapshot that cannot be read, or that names what its pack does not know. Values are never quoted."""


class CalendarRangeError(TransferRulesError):
    """A count of working days that leaves the calendar; no year's holidays are ever guessed."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the nearest known word, or the empty string; long text is no slip of the pen, and comparing it would be slow."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6) if len(word) <= _LONGEST_NAME else []
    return near[0] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "did you mean `x`?" for the nearest known word, or the empty string; says so where only a look-alike letter tells the two apart."""
    near = nearest(word, known)
    if not near:
        return ""
    strange = strange_letter(word)
    return f"did you mean `{near}`?" + (f" {strange}" if strange else "")


def strange_letter(text: str) -> str:
    """Say which letter only looks like a plain one; empty where there is none."""
    strange = next((character for character in text if not character.isascii()), "")
    return f"`{spelled_out(strange)}` (U+{ord(strange):04X}) is no letter from a to z" if strange else ""


def named(name: str, otherwise: str) -> str:
    """Return a name out of a snapshot in backticks if it has the shape of an id, else `otherwise`: other text might be about a person."""
    return f"`{name}`" if _ID.match(name) else otherwise


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]} ..."


def spelled_out(text: str) -> str:
    """Return text on one line, with every control and formatting character written as its code, so that it can command nothing."""
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)

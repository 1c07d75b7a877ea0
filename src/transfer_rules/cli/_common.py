"""What the commands share: reading input, loading a pack or saying why not, and printing safely."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, NoReturn

import click

from ..errors import Diagnostic, PackError, TransferRulesError, spelled_out
from ..loading import load_policy
from ..loading.files import read_file
from ..policy import Policy

CLEAN: Final = 0
FINDINGS: Final = 1
UNREADABLE: Final = 2


def load_or_exit(name: str) -> Policy:
    """Return the policy, or print every fault and exit with 2."""
    try:
        return load_policy(name)
    except PackError as error:
        fail(error)


def fail(error: TransferRulesError) -> NoReturn:
    """Print the findings of an error and exit with 2."""
    for diagnostic in error.diagnostics:
        complain(diagnostic)
    sys.exit(UNREADABLE)


def complain(diagnostic: Diagnostic) -> None:
    """Print one finding on standard error; it spells out control characters itself."""
    click.echo(str(diagnostic), err=True)


def printable(text: str) -> str:
    """Return lines of text whose control characters are spelled out, so that none can command a terminal; tabs stay."""
    return "".join(character if character in "\n\t" else spelled_out(character) for character in text)


def read_input(file: str, max_bytes: int) -> bytes:
    """Return the bytes of a file, or of standard input for `-`. Raises PackError where there is none to read."""
    return sys.stdin.buffer.read(max_bytes + 1) if file == "-" else read_file(Path(file), max_bytes)

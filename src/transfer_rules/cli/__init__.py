"""The command `transfer-rules`. Each command stands in a file of its own and is imported only when it is called."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from io import TextIOWrapper
from typing import Any, Final

import click

from .._version import VERSION

_COMMANDS: Final = {
    "check": "find what is wrong with a pack, each fault with its place and its mend",
    "decide": "decide one case or many, from files or standard input",
    "replay": "decide a receipt again: identical, or what differs and whose doing it is",
    "schema": "print the JSON Schema of a pack, a snapshot or a decision",
    "show": "show a pack, or one rule, clause, team, item, duty or definition of it",
    "test": "run the worked examples of a pack",
}


@contextmanager
def _spelled_out() -> Iterator[None]:
    """Spell out control characters in what click says of the words of the command line."""
    try:
        yield
    except click.UsageError as error:
        from ._common import printable  # It comes with all that deciding takes, and the other ways out need none of it.

        said = error.format_message()
        if said == printable(said):
            raise
        raise click.UsageError(printable(said), error.ctx) from None


class _Lazy(click.Group):
    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _spelled_out():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _spelled_out():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f".{cmd_name}", __package__).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # The texts stand here, so that listing the commands imports none of them.
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="transfer-rules")
def main() -> None:
    """Which team receives a child's case, by when, and what is still outstanding.

    A pack is named (warrington), or given as a path (./my_pack.yaml).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that lacks a letter of a label gets its code, and the run goes on.
            stream.reconfigure(errors="backslashreplace")

"""Blocks the world outside: files, sockets, processes, imports, clock, time zone, locale, environment, chance and output.

For a process of its own, since what watches the interpreter cannot be taken away again. Run as a program it tries breaches: `python -m tests.blocked`
with a JSON object of names to code prints those that were not seen.

Files, folders, sockets, processes and imports raise events of the interpreter, whoever asks for them. The clock and chance raise none, and
`date.today` belongs to a type that cannot be changed; but a profiler sees each function written in C that is called from Python. The environment is
a mapping, and another takes its place.
"""

from __future__ import annotations

import builtins
import importlib
import json
import logging
import os
import random
import secrets
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NoReturn

# What the breaches use must be there beforehand: importing is itself blocked.
TOOLS = {
    "UTC": UTC, "Path": Path, "date": date, "datetime": datetime, "importlib": importlib, "logging": logging, "os": os, "random": random,
    "secrets": secrets, "socket": socket, "subprocess": subprocess, "sys": sys, "threading": threading, "time": time, "uuid": uuid,
}  # fmt: skip
# Beginnings of the names of events.
EVENTS = (
    "open", "import", "os.", "socket.", "subprocess.", "shutil.", "tempfile.", "glob.", "pathlib.", "exec", "compile", "ctypes.", "mmap.", "fcntl.",
    "signal.", "time.", "syslog.", "urllib.", "http.", "_thread.", "builtins.input", "winreg.",
)  # fmt: skip
MODULES = {"time", "random", "_random", "_socket", "posix", "nt", "_io", "io", "_uuid", "_locale", "_ssl", "_signal"}
CLOCK = {"today", "now", "utcnow", "fromtimestamp", "utcfromtimestamp", "timestamp", "strftime", "strptime", "ctime"}
NAMES = {"print", "input", "start_new_thread", "start_joinable_thread"}


class Blocked(BaseException):
    """Somebody asked for what is blocked. No `except Exception` stops it."""


asked: list[str] = []
"""What was asked for while it was blocked, even where somebody hid the failure."""

_on = False


def _refuse(what: str) -> None:
    if _on:
        asked.append(what)
        raise Blocked(what)


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if event.startswith(EVENTS) and not _is_form(event, args):
        _refuse(event)


def _is_form(event: str, args: tuple[Any, ...]) -> bool:
    """Say whether `one_case` makes a function of what it wrote itself; what may stand there is tested with it."""
    # Of anything else no attribute is looked at, since looking may itself be an event.
    if event == "compile":
        name = args[-1]
    elif event == "exec" and args and isinstance(args[0], CodeType):
        name = args[0].co_filename
    else:
        return False
    return str(name).endswith(" of one case>")


def _profile(_frame: object, event: str, function: Any) -> None:
    if event != "c_call":
        return
    name, owner = function.__name__, getattr(function, "__self__", None)
    kind = owner if isinstance(owner, type) else type(owner)
    if getattr(function, "__module__", None) in MODULES or kind.__module__ in MODULES or name in NAMES:
        _refuse(f"{function.__module__ or kind.__module__}.{name}")
    # A moment without its offset is taken for one of the machine's time zone.
    if issubclass(kind, date) and (name in CLOCK or (name == "astimezone" and getattr(owner, "tzinfo", None) is None)):
        _refuse(f"{kind.__name__}.{name}")


class _Environment(dict[str, str]):
    def _refused(self, *_args: object, **_named: object) -> NoReturn:
        _refuse("environment")
        raise AssertionError("the environment is blocked only as long as everything is")

    # Every way in is refused, whatever its arguments.
    __getitem__ = __setitem__ = __delitem__ = __contains__ = __iter__ = __len__ = _refused  # type: ignore[assignment]
    get = keys = items = values = copy = setdefault = update = pop = _refused  # type: ignore[assignment]


@contextmanager
def blocked() -> Iterator[None]:
    """Block everything, for this thread and whoever is called."""
    global _on
    real, os.environ = os.environ, _Environment()  # type: ignore[assignment]
    sys.setprofile(_profile)
    _on = True
    try:
        yield
    finally:
        _on = False
        sys.setprofile(None)
        # The same object as before is put back, so no variable is lost to child processes.
        os.environ = real  # noqa: B003


sys.addaudithook(_audit)


def unseen(breaches: dict[str, str]) -> list[str]:
    """Try each piece of code with everything blocked; return the names of those that nobody saw."""
    missed = []
    for name, text in breaches.items():
        breach = FunctionType(compile(text, "breach", "exec"), {**TOOLS, "__builtins__": builtins})
        before = len(asked)
        with suppress(Blocked), blocked():
            breach()
        if len(asked) == before:
            missed.append(name)
    return missed


if __name__ == "__main__":
    sys.stdout.write(json.dumps(unseen(json.loads(sys.argv[1]))))

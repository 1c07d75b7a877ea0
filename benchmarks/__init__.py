"""What deciding costs, beside what a user would pick instead: `python -m benchmarks` (README.md beside this file says how to read the results)."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def optional(module: str) -> ModuleType | None:
    """Return a module of this package, or None where the peer that it needs is not installed."""
    try:
        return import_module(f".{module}", __name__)
    except ModuleNotFoundError as missing:
        if missing.name is not None and missing.name.startswith(("benchmarks", "transfer_rules")):
            raise
        return None

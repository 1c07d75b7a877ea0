"""The machine that figures were measured on: its kind, and the versions that ran; nothing that names it."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

PACKAGES: Final = (
    "transfer-rules",
    "numpy",
    "polars",
    "pyarrow",
    "OpenFisca-Core",
    "zen-engine",
    "common-expression-language",
    "pydantic",
    "ruamel.yaml",
)


def described() -> str:
    """Return the machine in two lines."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    versions = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)) is not None)
    return f"Machine: {_processor()}, {_cores()}, {platform.system()}, {python}\n\nPackages: {versions}"


def _processor() -> str:
    with_model = Path("/proc/cpuinfo")
    if sys.platform == "linux" and with_model.is_file():
        for line in with_model.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _cores() -> str:
    number = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{number} cores"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None

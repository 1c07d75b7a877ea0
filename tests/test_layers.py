"""The imports follow the table of docs/architecture.md: a module imports only from modules above it. test_purity.py holds the core to more."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "transfer_rules"


def table():
    """Return (module, outside packages, whether it is an edge), in the order of the table."""
    rows, edge = [], False
    for line in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| *edges"):
            edge = True
        found = re.match(r"\| `(\w+)` \|.*\| ([^|]+) \|$", line)
        if found:
            outside = set() if found[2] == "–" else {name.strip() for name in re.sub(r"\(.*?\)", "", found[2]).split(",")}
            rows.append((found[1], {"ruamel" if name == "ruamel.yaml" else name for name in outside}, edge))
    return rows


TABLE = table()
ORDER = [name for name, _, _ in TABLE]
FILES = [path for path in sorted(SOURCE.rglob("*.py")) if path.relative_to(SOURCE).as_posix() not in ("__init__.py", "__main__.py")]


def module_of(path):
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def imports(path):
    """Return the (module of ours or None, outside package or None) pairs that a file imports, wherever in it."""
    package = ["transfer_rules", *path.relative_to(SOURCE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{stem}.{alias.name}" for alias in node.names] if stem == "transfer_rules" else [stem]
        for name in names:
            parts = name.split(".")
            yield (parts[1], None) if parts[0] == "transfer_rules" else (None, parts[0])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_imports_only_from_modules_above_it(path):
    here = module_of(path)
    assert here in ORDER, f"{here} is not in the table of docs/architecture.md"
    allowed = set(ORDER[: ORDER.index(here) + 1])
    assert {ours for ours, _ in imports(path) if ours} <= allowed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_imports_only_the_outside_packages_of_its_row(path):
    outside = {name for _, name in imports(path) if name and name not in sys.stdlib_module_names}
    assert outside <= {name: packages for name, packages, _ in TABLE}[module_of(path)]


def test_the_table_lists_every_module_once():
    assert sorted(ORDER) == sorted({module_of(path) for path in FILES})

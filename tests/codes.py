"""The codes of every diagnostic, read off the source and off the page that explains them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "transfer_rules"
PAGE = ROOT / "docs" / "diagnostics.md"

PACK_MODULES = ("loading", "checks")
CASE_MODULES = ("snapshots.py", "receipts.py", "examples.py", "case.py", "vocabulary.py", "caseloads")
DECISION_MODULES = ("evaluation.py", "outstanding.py", "explanation.py", "phrases.py", "telling.py")

_MAKERS = {"Diagnostic", "Warning", "note", "fault", "_refuse", "_refused"}
_WORD = re.compile(r"[a-z]+\Z")
_KEBAB = re.compile(r"[a-z]+(-[a-z0-9]+)+\Z")
_NO_CODES = {"utf-8", "utf-8-sig", "date-time", "pre-proceedings"}


def codes(*modules: str) -> set[str]:
    """Return every code in some modules or folders: each kebab-case text, and the first text of a call that makes a finding.

    A code put together when it is needed (`f"unknown-{what}"`) is returned as what it begins with.
    """
    paths = (path for module in modules for path in sorted((SOURCE / module).rglob("*.py") if (SOURCE / module).is_dir() else [SOURCE / module]))
    return {code for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for code in _of(node)} - _NO_CODES


def _of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)) if _KEBAB.match(text):
            yield text
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=args) if name in _MAKERS and args:
            first = next((text for text in map(_text, args) if text), "")
            if _WORD.match(first):
                yield first
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) if re.fullmatch(r"[a-z]+-", text):
            yield text


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def explained(heading: str) -> dict[str, tuple[str, str]]:
    """Return a table of the page: code to meaning and mend, in the order of the page."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+?) \| (.+?) \|$", section, flags=re.MULTILINE)
    return {code: (meaning, mend) for code, meaning, mend in rows}

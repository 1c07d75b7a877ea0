"""The smallest pack with each fault, and its exact message: `tests/bad_packs/<diagnostic>.yaml` and `.txt`; `pytest --approve` renews the texts."""

from pathlib import Path

import pytest

from transfer_rules.checks import check_policy
from transfer_rules.cli.check import with_line
from transfer_rules.errors import Diagnostic, PackError
from transfer_rules.loading import load_policy

from .codes import PACK_MODULES, ROOT, codes

FOLDER = Path("tests/bad_packs")
# A name without a dot is no file, so nothing can be written down for it: tests/test_loading.py.
NO_FILE_AT_ALL = {"unknown-pack"}
# The file itself is not there: its text stands alone.
MISSING = {"no-file"}
CODES = sorted(path.stem for path in (ROOT / FOLDER).glob("*.txt"))


def findings(code: str) -> tuple[Diagnostic, ...]:
    """Return what loading a bad pack, or else checking it, finds."""
    try:
        return tuple(map(with_line, check_policy(load_policy(str(FOLDER / f"{code}.yaml"))).findings))
    except PackError as error:
        return error.diagnostics


@pytest.fixture(autouse=True)
def _from_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    # Messages name the file as it was asked for.
    monkeypatch.chdir(ROOT)


def test_every_code_that_loading_and_checking_can_give_has_a_bad_pack():
    assert {*CODES} == codes(*PACK_MODULES) - NO_FILE_AT_ALL


def test_every_bad_pack_has_its_text():
    assert {path.stem for path in (ROOT / FOLDER).glob("*.yaml")} | MISSING == {*CODES}


@pytest.mark.parametrize("code", CODES)
def test_a_bad_pack_has_exactly_the_fault_it_is_named_for(code):
    assert [finding.code for finding in findings(code)] == [code]


@pytest.mark.parametrize("code", CODES)
def test_the_message_is_the_approved_one(code, request):
    said = "\n".join(map(str, findings(code))) + "\n"
    approved = ROOT / FOLDER / f"{code}.txt"
    if request.config.getoption("--approve"):
        approved.write_text(said, encoding="utf-8")
    assert said == approved.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_the_message_stands_alone_in_its_first_line_and_says_why_and_how_to_mend_it(code):
    (finding,) = findings(code)
    first, *rest = str(finding).split("\n")
    place, _, message = first.partition(": error: ")
    message = message.removesuffix(f" [{code}]")
    assert place.startswith("tests/bad_packs/")
    assert message[0].islower() or message[0] == "`"
    assert not message.endswith(".")
    assert any(line.startswith("  why:  ") for line in rest)
    assert any(line.startswith("  mend: ") for line in rest)


@pytest.mark.parametrize("code", sorted({*CODES} - {"no-file", "empty", "not-utf8", "odd-character"}))
def test_a_caret_stands_under_the_word_that_is_faulty(code):
    (finding,) = findings(code)
    _, line, caret, *_ = str(finding).split("\n")
    assert line.startswith(f"{finding.location.line:>5} | ")
    assert caret.index("^") == len("      | ") + finding.location.column - 1
    assert len(caret) <= len(line)

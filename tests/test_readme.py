"""Every block in the README runs and prints what it shows."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from transfer_rules.cli import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"^ *```console\n(.*?)^ *```$", README, re.DOTALL | re.MULTILINE)
SHOWN = re.findall(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```", README, re.DOTALL)


def test_the_readme_shows_commands_a_failing_check_files_and_python():
    assert len(CONSOLE) >= 5
    assert any("error:" in block for block in CONSOLE)
    assert SHOWN
    assert "```python" in README


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: block.strip().splitlines()[0])
def test_a_command_prints_what_the_readme_shows(block, monkeypatch, request):
    monkeypatch.chdir(ROOT)
    lines = block.splitlines()
    command = shlex.split(lines[0].strip().removeprefix("$ "))
    assert command[0] == "transfer-rules"
    result = CliRunner().invoke(main, command[1:])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    if request.config.getoption("approve"):
        new = "".join(f"{line}\n" for line in (lines[0], *(line.rstrip() for line in result.output.splitlines())))
        path = ROOT / "README.md"
        path.write_text(path.read_text(encoding="utf-8").replace(f"```console\n{block}", f"```console\n{new}"), encoding="utf-8")
    else:
        assert [line.rstrip() for line in result.output.splitlines()] == lines[1:]


@pytest.mark.parametrize(("path", "text"), SHOWN)
def test_a_file_is_shown_as_it_is(path, text):
    assert (ROOT / path).read_text(encoding="utf-8") == text


def test_the_python_in_the_readme_prints_what_it_shows():
    results = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(
        doctest.DocTestParser().get_doctest("\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL)), {}, "README", "README.md", 0)
    )
    assert results.attempted > 3
    assert results.failed == 0


def test_the_python_of_the_page_about_columns_prints_what_it_shows():
    page = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    blocks = doctest.DocTestParser().get_doctest("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), {}, "columns", "columns.md", 0)
    results = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(blocks)
    assert results.attempted > 3
    assert results.failed == 0


def test_the_two_commands_stand_in_the_readme_once_each():
    for name in ("main", "tests"):
        assert len(re.findall(rf"<!-- command: {name} -->\n```bash\n[^\n]+\n```", README)) == 1

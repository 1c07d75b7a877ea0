"""`scripts/mutants.py` makes the mutants it should; `scripts/core_mutants.py` tells those that tests notice from those that they do not."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from textwrap import dedent

import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"

TINY = '''
"""A module of a few lines."""

LIMIT = 3


def small(count: int, spare: int = 0) -> str:
    """Say whether a count is small."""
    if count <= LIMIT and not spare:
        return "small"
    return f"{count} is large"
'''

STRONG = """
from tiny.sizes import small


def test_a_count_up_to_the_limit_is_small():
    assert [small(2), small(3), small(4)] == ["small", "small", "4 is large"]


def test_with_something_to_spare_no_count_is_small():
    assert small(3, 1) == "3 is large"
"""

WEAK = """
from tiny.sizes import small


def test_two_is_small():
    assert small(2) == "small"
"""


@pytest.fixture(scope="module")
def script():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        yield import_module("mutants")


def changes(script, source):
    _, made = script.mutants(dedent(source), "tiny")
    return [mutant.key.change for mutant in made]


def test_each_part_of_a_small_module_that_decides_is_changed_and_nothing_else(script):
    assert changes(script, TINY) == [
        "3  ->  4",
        "3  ->  2",
        "0  ->  1",
        "0  ->  -1",
        "count <= LIMIT and (not spare)  ->  count <= LIMIT or not spare",
        "count <= LIMIT and (not spare)  ->  not spare",
        "count <= LIMIT and (not spare)  ->  count <= LIMIT",
        "count <= LIMIT  ->  count < LIMIT",
        "count <= LIMIT  ->  count > LIMIT",
        "not spare  ->  spare",
        "'small'  ->  None",
        "'small'  ->  'small_x'",
        "f'{count} is large'  ->  None",
    ]


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("x = a is b", ["a is b  ->  a is not b"]),
        ("x = min(a, b)", ["min  ->  max"]),
        ("x = a.union(b)", ["a.union  ->  a.intersection"]),
        ("x = a - b", ["a - b  ->  a + b", "a - b  ->  a"]),
        ("x = [y for y in a if y]", ["if y  ->  ", "y  ->  not y"]),
        ("for y in a:\n    break", ["a  ->  ()", "break  ->  continue"]),
        ("del a[b]", ["del a[b]  ->  pass"]),
        ("del a", []),
        ("x = {'two words': True}", ["True  ->  False"]),
        ("x = None", ["None  ->  False"]),
        ("match a:\n    case b if c: pass\n    case _: pass", ["case b  ->  ", "if c  ->  ", "case _  ->  ", "c  ->  not c"]),
        ("try:\n    a()\nexcept E:\n    pass", ["except E: pass  ->  raise", "a()  ->  pass"]),
        ("assert a == b", []),
        ("raise E('gone')", ["raise E('gone')  ->  pass"]),
    ],
)
def test_each_kind_of_statement_has_its_mutants(script, line, made):
    assert changes(script, line) == made


def test_a_mutant_changes_the_tree_and_gives_it_back(script):
    tree, made = script.mutants(TINY, "tiny")
    unchanged = ast.unparse(tree)
    for mutant in made:
        before = mutant.apply()
        assert ast.unparse(tree) != unchanged
        compile(tree, "tiny", "exec")
        mutant.undo(before)
        assert ast.unparse(tree) == unchanged


def test_mutants_of_equal_lines_have_different_names(script):
    _, made = script.mutants("x = [1, 1]\nx = [1, 1]\n", "tiny")
    assert len({mutant.key for mutant in made}) == len(made) == 8


@pytest.mark.parametrize(
    ("tests", "killed", "survivors"),
    [
        (STRONG, 13, []),
        (WEAK, 6, ["3  ->  4", "3  ->  2", "not spare)  ->  not spare", "->  count <= LIMIT\n", "count < LIMIT", "f'{count} is large'  ->  None"]),
    ],
)
def test_a_mutant_survives_only_where_no_test_notices_it(tmp_path, tests, killed, survivors):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "__init__.py").touch()
    (tmp_path / "tiny" / "sizes.py").write_text(TINY, "utf-8")
    (tmp_path / "test_sizes.py").write_text(tests, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n", "utf-8")
    command = [sys.executable, str(SCRIPTS / "core_mutants.py"), "sizes", "--package", "tiny", "--under", str(tmp_path), "--tests-in", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=120)
    assert f"| sizes | 13 | 13 | {killed} | 0 |" in done.stdout, done.stdout + done.stderr
    assert [change for change in survivors if change not in done.stdout] == []
    assert done.returncode == (1 if survivors else 0)

"""What starting brings in: the package nothing, a command no more than its answer takes, each in a process of its own."""

import ast
import json
import pkgutil
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import pytest

import transfer_rules

from .marlshire import ROOT

HEAVY = {"ruamel", "numpy", "pydantic", "holidays", "hypothesis", "click", "csv", "pyarrow", "polars"}
SOURCE = ROOT / "src" / "transfer_rules"
# Public names that need numpy, which `from transfer_rules import *` does not.
OF_COLUMNS = ("Batch", "evaluate_batch")


def loaded(code: str, *arguments: str) -> set[str]:
    """Return the modules that running some code loads, besides those that Python has by itself; those of ours in full, of others the package."""
    say = "print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)"
    code = f"import atexit, json, sys\nbefore = set(sys.modules)\natexit.register(lambda: {say})\n{code}"
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    names = json.loads(done.stderr.splitlines()[-1])
    return {name if name.startswith("transfer_rules") else name.split(".")[0] for name in names}


class TestThePackage:
    """`import transfer_rules` loads nothing; a public name brings in its module when it is first asked for."""

    def test_importing_it_loads_no_other_module_of_ours_and_none_of_others(self):
        found = loaded("import transfer_rules")
        assert {name for name in found if name.startswith("transfer_rules")} == {"transfer_rules"}
        assert found & {*HEAVY, "dateutil", "dataclasses"} == set()

    def test_deciding_in_python_loads_nothing_heavy(self):
        found = loaded("from transfer_rules import CaseSnapshot, Policy, evaluate, explain, load_policy")
        assert found & HEAVY == set()
        assert {"transfer_rules.evaluation", "transfer_rules.explanation"} <= found

    def test_every_public_name_comes(self):
        names = "import transfer_rules\nfor name in transfer_rules.__all__:\n    getattr(transfer_rules, name)"
        assert loaded(names) & HEAVY == set()
        assert loaded("from transfer_rules import *\nevaluate, load_policy, CaseSnapshot")

    def test_a_public_name_is_never_a_module(self):
        for module in pkgutil.walk_packages([str(SOURCE)], "transfer_rules."):
            if not module.name.endswith(("__main__", "frames", "plugin")):
                import_module(module.name)
        found = {name: getattr(transfer_rules, name) for name in transfer_rules.__all__}
        assert [name for name, one in found.items() if isinstance(one, ModuleType)] == []
        assert {name for name, one in found.items() if callable(one)} == {name for name in found if not name.isupper()}

    def test_the_names_stand_in_their_modules_for_readers_and_for_tools_alike(self):
        tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
        (block,) = (node for node in tree.body if isinstance(node, ast.If))
        for_tools = {alias.name: node.module for node in block.body for alias in node.names}
        assert for_tools == transfer_rules._MODULE_OF
        assert sorted(for_tools) == sorted([*transfer_rules.__all__, *OF_COLUMNS])

    def test_they_are_listed(self):
        assert {*transfer_rules.__all__, *OF_COLUMNS} <= set(dir(transfer_rules))

    @pytest.mark.parametrize("name", OF_COLUMNS)
    def test_columns_bring_in_numpy_when_they_are_asked_for(self, name):
        assert loaded(f"from transfer_rules import {name}") & HEAVY == {"numpy"}

    @pytest.mark.parametrize("name", OF_COLUMNS)
    def test_without_numpy_columns_say_how_to_get_it_and_all_else_works(self, name):
        without = "import sys\nsys.modules['numpy'] = None\nfrom transfer_rules import *\n"
        assert loaded(f"{without}evaluate, load_policy")
        code = f"{without}import transfer_rules\ntry:\n    transfer_rules.{name}\nexcept ImportError as error:\n    print(error)"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout == 'caseloads in columns need numpy: pip install "transfer-rules[columns]"\n'

    def test_another_name_is_an_error_of_python(self):
        with pytest.raises(AttributeError, match="module 'transfer_rules' has no attribute 'evalute'"):
            transfer_rules.evalute  # noqa: B018
        with pytest.raises(ImportError, match="cannot import name 'evalute'"):
            from transfer_rules import evalute  # noqa: F401


class TestTheCommands:
    """A command loads what its answer takes. What deciding with a prepared pack loads is in `test_packaging`, where there is one."""

    COMMAND = "from transfer_rules.cli import main\nmain()"

    @pytest.mark.parametrize("argument", ["--help", "--version"])
    def test_what_needs_no_pack_loads_only_the_command_line(self, argument):
        found = loaded(self.COMMAND, argument)
        assert {name for name in found if name.startswith("transfer_rules")} == {"transfer_rules", "transfer_rules._version", "transfer_rules.cli"}
        assert found & HEAVY == {"click"}

    def test_a_decision_in_json_loads_no_words(self, tmp_path):
        (tmp_path / "case.json").write_text('{"as_of": "2026-04-02"}', encoding="utf-8")
        found = loaded(self.COMMAND, "decide", "--policy", "suffolk", "--format", "json", str(tmp_path / "case.json"))
        # A checkout reads its packs from YAML.
        assert found & HEAVY == {"click", "ruamel", "csv"}
        for_words = ("explanation", "telling", "contrast", "support", "inquiry", "receipts", "reports")
        assert found & {f"transfer_rules.{name}" for name in for_words} == set()

"""Packs load by name from a wheel, from an editable install, and from a checkout; in a wheel they are prepared."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from .loaded import BUNDLED

ROOT = Path(__file__).resolve().parents[1]
SHOW = "import transfer_rules as t; print(t.__file__); print(t.load_policy('warrington').pack.authority)"
DEPENDENCIES = sysconfig.get_path("purelib")

# Decides a case, and says what that has loaded.
DECIDE = """
import json, sys
from transfer_rules.cli import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})), file=sys.stderr)
"""

# Loads each bundled pack by its name and from its YAML, decides its worked examples with both, and counts what is not the same.
COMPARE = """
import sys
from dataclasses import fields
from transfer_rules import TransferRulesError, evaluate, load_policy
from transfer_rules.loading import bundled_packs, find_pack, parse_policy
quick = {name: load_policy(name) for name in bundled_packs()}
assert "ruamel.yaml" not in sys.modules
from transfer_rules.examples import examples_beside, read_examples
from transfer_rules.snapshots import decision_to_json

def parts(policy):
    named = {field.name: getattr(policy, field.name) for field in fields(policy) if field.init and field.name != "readings"}
    return named | {"readings": {name: parts(rival) for name, rival in policy.readings.items()}}

def decided(policy, snapshot):
    try:
        return decision_to_json(evaluate(policy, snapshot))
    except TransferRulesError as error:
        return str(error)

for name, policy in quick.items():
    path = find_pack(name)
    slow = parse_policy(path.read_bytes(), path.as_posix(), path.parent)
    cases = [example.snapshot for example in read_examples(examples_beside(path))][::7]
    others = sum(decided(policy, case) != decided(slow, case) for case in cases)
    print(name, parts(policy) == parts(slow), len(cases) > 20, others)
"""


def python_runs(python, *arguments, path=None, cwd):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = os.pathsep.join(map(str, path))
    return subprocess.run([str(python), *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=True)


def run(python, *, path=None, cwd):
    where, authority = python_runs(python, "-c", SHOW, path=path, cwd=cwd).stdout.splitlines()
    return Path(where).resolve(), authority


def pip(*arguments, cwd):
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], cwd=cwd, check=True, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A fresh virtual environment that sees the packages we depend on, but not this project."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder into which the wheel is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", ".", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    pip("install", "--no-deps", "--target", str(folder / "site"), str(wheel), cwd=folder)
    return folder / "site"


def test_a_pack_loads_by_name_from_the_wheel(bare, site, tmp_path):
    where, authority = run(bare, path=[site, DEPENDENCIES], cwd=tmp_path)
    assert where.is_relative_to(site)
    assert authority == "Warrington Borough Council"
    assert (site / "transfer_rules" / "py.typed").is_file()


def test_the_packs_of_the_wheel_are_prepared_and_say_and_decide_the_same_as_their_yaml(bare, site, tmp_path):
    said = python_runs(bare, "-c", COMPARE, path=[site, DEPENDENCIES], cwd=tmp_path).stdout
    assert said.splitlines() == [f"{name} True True 0" for name in BUNDLED]


def test_deciding_a_case_in_json_from_the_wheel_loads_nothing_that_it_does_not_need(bare, site, tmp_path):
    (tmp_path / "case.json").write_text('{"as_of": "2026-04-02", "facts": {"current_team": "mash"}}', encoding="utf-8")
    done = python_runs(bare, "-c", DECIDE, "decide", "--policy", "warrington", "case.json", path=[site, DEPENDENCIES], cwd=tmp_path)
    loaded = set(json.loads(done.stderr.splitlines()[-1])) - sys.stdlib_module_names
    assert {"transfer_rules", "click", "dateutil"} <= loaded
    assert loaded & {"ruamel", "numpy", "pydantic", "pydantic_core", "holidays", "hypothesis", "pyarrow", "polars"} == set()
    assert "Warrington Borough Council" in done.stdout


def test_a_pack_edited_where_it_is_installed_is_read_from_its_yaml(bare, site, tmp_path):
    shutil.copytree(site, tmp_path / "site")
    pack = tmp_path / "site" / "transfer_rules" / "policies" / "warrington.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("name: Warrington Borough Council", "name: Warrington"), encoding="utf-8")
    _, authority = run(bare, path=[tmp_path / "site", DEPENDENCIES], cwd=tmp_path)
    assert authority == "Warrington"


def test_a_pack_loads_by_name_from_an_editable_install(bare, tmp_path):
    # What `pip install --editable` does, with the build backend of this environment instead of a downloaded one.
    build = "import sys; from hatchling.build import build_editable; build_editable(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert not [name for name in ZipFile(wheel).namelist() if "policies/prepared" in name]
    pip("--python", str(bare), "install", "--no-deps", str(wheel), cwd=tmp_path)
    where, authority = run(bare, path=[DEPENDENCIES], cwd=tmp_path)
    assert where.is_relative_to(ROOT / "src")
    assert authority == "Warrington Borough Council"


def test_a_pack_loads_by_name_from_a_checkout(bare, tmp_path):
    where, authority = run(bare, path=[ROOT / "src", DEPENDENCIES], cwd=tmp_path)
    assert where.is_relative_to(ROOT / "src")
    assert authority == "Warrington Borough Council"

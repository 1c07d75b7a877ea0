"""Packs load by name from a wheel, from an editable install, and from a checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHOW = "import transfer_rules as t; print(t.__file__); print(t.load_policy('warrington').pack.authority)"
DEPENDENCIES = sysconfig.get_path("purelib")


def run(python, *, path=None, cwd):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = os.pathsep.join(map(str, path))
    done = subprocess.run([str(python), "-c", SHOW], cwd=cwd, env=environment, capture_output=True, text=True, check=True)
    where, authority = done.stdout.splitlines()
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


def test_a_pack_loads_by_name_from_the_wheel(bare, tmp_path):
    pip("wheel", ".", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), cwd=ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    pip("install", "--no-deps", "--target", str(tmp_path / "site"), str(wheel), cwd=tmp_path)
    where, authority = run(bare, path=[tmp_path / "site", DEPENDENCIES], cwd=tmp_path)
    assert where.is_relative_to(tmp_path / "site")
    assert authority == "Warrington Borough Council"
    assert (tmp_path / "site" / "transfer_rules" / "py.typed").is_file()


def test_a_pack_loads_by_name_from_an_editable_install(bare, tmp_path):
    # What `pip install --editable` does, with the build backend of this environment instead of a downloaded one.
    build = "import sys; from hatchling.build import build_editable; build_editable(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    pip("--python", str(bare), "install", "--no-deps", str(wheel), cwd=tmp_path)
    where, authority = run(bare, path=[DEPENDENCIES], cwd=tmp_path)
    assert where.is_relative_to(ROOT / "src")
    assert authority == "Warrington Borough Council"


def test_a_pack_loads_by_name_from_a_checkout(bare, tmp_path):
    where, authority = run(bare, path=[ROOT / "src", DEPENDENCIES], cwd=tmp_path)
    assert where.is_relative_to(ROOT / "src")
    assert authority == "Warrington Borough Council"

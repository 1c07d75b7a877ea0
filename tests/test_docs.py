"""Documents that commands write are what the commands write now."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("script", ["build_england_table.py", "five_authorities.py"])
def test_what_a_script_writes_is_up_to_date(script):
    subprocess.run([sys.executable, str(ROOT / "scripts" / script), "--check"], check=True, cwd=ROOT)

"""Write `src/transfer_rules/england.py`, England's bank holidays, from the `holidays` library.

    python scripts/build_england_table.py            writes the table
    python scripts/build_england_table.py --check    writes nothing; exits 1 if the committed table differs

`--check` passes over the version in the header: a later release that lists the same days changes nothing.
The package itself must import, so a table that is broken beyond that is first brought back from version control.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "src" / "transfer_rules" / "england.py"

FIRST_YEAR, LAST_YEAR = 2010, 2040
# The last year on GOV.UK's list of bank holidays; 2028 was added on 24 November 2025.
PROCLAIMED_TO_YEAR = 2028

# Text that is parsed when the module is imported: faster than a literal where no compiled file is kept, and easier to read.
MODULE = """\
# Written by scripts/build_england_table.py from holidays {version}; change the script, not this file.
\"\"\"England's bank holidays, {first_year} to {last_year}: data only, counted with by `calendars.py`.\"\"\"

from __future__ import annotations

from datetime import date
from typing import Final

FIRST_YEAR: Final = {first_year}
LAST_YEAR: Final = {last_year}
# The last year whose bank holidays are published; those of later years follow the rules in force today.
PROCLAIMED_TO_YEAR: Final = {proclaimed_to_year}

# One day to a line, in order. Holidays on a Saturday or Sunday stand here as well as their substitute days.
_DAYS: Final = \"\"\"\\
{days}
\"\"\"

CLOSED_DAYS: Final[tuple[tuple[date, str], ...]] = tuple((date.fromisoformat(line[:10]), line[11:]) for line in _DAYS.splitlines())
"""


def render(days: Mapping[date, str], holidays_version: str) -> str:
    """Return the text of the module for these days, in order of date."""
    return MODULE.format(
        version=holidays_version,
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        proclaimed_to_year=PROCLAIMED_TO_YEAR,
        days="\n".join(f"{day} {name}" for day, name in sorted(days.items())),
    )


def without_version(text: str) -> str:
    """Return the text with the version of `holidays` taken out of its header."""
    return re.sub(r"(?<=from holidays )[^;]*(?=;)", "", text, count=1)


def main(arguments: list[str] | None = None) -> int:
    """Write or check the table; return the exit code."""
    parser = argparse.ArgumentParser(description="Write England's bank holidays from the holidays library.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the committed table differs")
    check = parser.parse_args(arguments).check

    # The checkout's own package, whatever else is installed.
    sys.path.insert(0, str(ROOT / "src"))
    from transfer_rules.other_calendars import bank_holidays

    text = render(bank_holidays("ENG", FIRST_YEAR, LAST_YEAR), version("holidays"))
    if not check:
        TABLE.write_text(text, encoding="utf-8", newline="\n")
        return 0
    if without_version(TABLE.read_text(encoding="utf-8")) != without_version(text):
        print(f"{TABLE.relative_to(ROOT).as_posix()} differs from what holidays {version('holidays')} gives; run this script without --check")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

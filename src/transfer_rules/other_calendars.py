"""The bank holidays of the other nations, frozen from the `holidays` library when a pack that names one of them is loaded."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from .calendars import Calendar
from .england import FIRST_YEAR, LAST_YEAR, PROCLAIMED_TO_YEAR

SUBDIVISIONS: Final = {"northern_ireland": "NIR", "scotland": "SCT", "wales": "WLS"}
"""The regions beside England that a pack can name, and what `holidays` calls them."""

# The library's names that differ from those printed on GOV.UK; every other name is kept.
_PRINTED_NAMES: Final = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "New Year Holiday": "2nd January",
}


@cache
def freeze(region: str) -> Calendar:
    """Return the calendar of `wales`, `scotland` or `northern_ireland`, over the same years as the England table.

    The years are made at once and copied, for the library's own object grows when it is asked about another year.

    Raises:
        ValueError: `region` is none of the three; England's calendar is `calendars.ENGLAND`.
    """
    if region not in SUBDIVISIONS:
        raise ValueError("takes one of " + ", ".join(SUBDIVISIONS))
    return Calendar(
        name=region,
        first=date(FIRST_YEAR, 1, 1),
        last=date(LAST_YEAR, 12, 31),
        closed=bank_holidays(SUBDIVISIONS[region], FIRST_YEAR, LAST_YEAR),
        proclaimed_to=date(PROCLAIMED_TO_YEAR, 12, 31),
    )


def bank_holidays(subdivision: str, first_year: int, last_year: int) -> dict[date, str]:
    """Return the public holidays of one nation of the United Kingdom, in order of date, each with its name in English.

    Holidays that fall on a Saturday or Sunday are listed as well as their substitute days.

    Args:
        subdivision: `ENG`, `NIR`, `SCT` or `WLS`; without one, `holidays` gives only the days that all four share.
        first_year: the first year listed.
        last_year: the last year listed.
    """
    from holidays import country_holidays

    # Without `language`, the names follow the locale of the machine.
    found = country_holidays("GB", subdiv=subdivision, years=range(first_year, last_year + 1), language="en_GB")
    return {day: _printed_name(name) for day, name in sorted(found.items())}


def _printed_name(name: str) -> str:
    """Return the name as people know it; the library joins two holidays on one day with `; `."""
    parts = []
    for part in name.split("; "):
        plain = part.removesuffix(" (observed)")
        substitute = "" if plain == part else " (substitute day)"
        parts.append(_PRINTED_NAMES.get(plain, plain) + substitute)
    return "; ".join(parts)

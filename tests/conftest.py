"""Options and shared set-up of the tests."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--approve", action="store_true", default=False, help="rewrite approved texts; read them in the diff")


def pytest_configure(config):
    # Two processes that rewrite one file would lose what one of them wrote. Without pytest-xdist there is no such option.
    if config.getoption("approve") and config.getoption("numprocesses", None):
        raise pytest.UsageError("--approve rewrites files, so it runs in one process: leave out -n")


def pytest_collection_modifyitems(items):
    # The name of a set or of an object without a text changes from process to process: pytest-xdist then refuses the whole run, now and then.
    changing = [one.nodeid for one in items if "frozenset({" in one.nodeid or " at 0x" in one.nodeid]
    if changing:
        raise pytest.UsageError(f"give these tests names of their own, a set prints in any order: {changing[:3]}")

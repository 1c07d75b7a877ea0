"""The core is pure: nothing in its source reads or writes the world outside, deciding works with all of it blocked, and nothing changes the bytes.

The core is every module above the line "edges" of the table in docs/architecture.md.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from transfer_rules import CaseSnapshot, dates, evaluate, load_policy
from transfer_rules.policy import Policy
from transfer_rules.receipts import read_receipts, receipt, receipts_to_json
from transfer_rules.snapshots import read_cases, snapshot_to_dict
from transfer_rules.testing.strategies import snapshots

from .elsewhere import IN_FULL, told
from .loaded import BUNDLED, bundled, examples_in, policy_at
from .marlshire import PATH as MARLSHIRE
from .test_layers import FILES, ROOT, SOURCE, TABLE, imports, module_of

CORE = [name for name, _, edge in TABLE if not edge]
CORE_FILES = [path for path in FILES if module_of(path) in CORE]


# --- the source

# All that the core may import besides its own modules. None of these opens, starts, draws, waits for or prints anything unless it is asked to, and
# what would ask `datetime` for the time of day or `functools` for state that lasts is listed below.
ALLOWED = {
    "__future__", "bisect", "collections", "collections.abc", "contextlib", "copy", "dataclasses", "datetime", "difflib", "functools", "hashlib",
    "itertools", "operator", "re", "textwrap", "types", "typing",
    "dateutil.relativedelta", "dateutil.tz",
}  # fmt: skip
# Functions of Python itself that read or write, run code that nobody sees here, or give another answer in another process.
BUILTINS = {"open", "print", "input", "exec", "eval", "compile", "breakpoint", "__import__", "globals", "vars", "id"}
# What the allowed modules have that asks the clock, the time zone or the locale of the machine.
ATTRIBUTES = {
    "today", "now", "utcnow", "fromtimestamp", "utcfromtimestamp", "timestamp", "strftime", "strptime", "ctime", "timetuple",
    "tzlocal", "gettz", "tzfile", "file_digest",
}  # fmt: skip
# The parts of a date that are written in the language of the machine.
BY_LOCALE = re.compile("%[aAbBcxXpZ]")
# Columns are arrays of numpy; Arrow and polars come in only where a caller gives one of their columns, or asks for one.
BRINGS_IN = {"batch": {"import numpy", "import pyarrow", "import polars"}}
# `one_case` makes functions of source that it writes itself, as tests/test_one_case.py says; `shortcuts` of the names of fields of the library.
MAKES_FUNCTIONS = {"one_case": {"compile", "exec"}, "shortcuts": {"compile", "exec"}}
CHANGERS = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove", "discard", "clear", "sort", "reverse"}


def absolute_imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that a tree imports from outside this package, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            # `from dateutil import tz` brings in `dateutil.tz`.
            yield from (f"{node.module}.{alias.name}" for alias in node.names) if node.module in ("dateutil", "importlib") else (node.module,)


def impurities(source: str) -> list[str]:
    """Return what a source imports or uses that the core may not, and where it changes state of its own that lasts."""
    tree = ast.parse(source)
    found = [f"import {name}" for name in absolute_imports(tree) if name not in ALLOWED]
    stored = (name for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) for name in ast.walk(node) if isinstance(name, ast.Name))
    lasting = {name.id for name in stored if isinstance(name.ctx, ast.Store)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in BUILTINS:
                found.append(name)
            # A case has a `today` of its own; it is no function.
            case ast.Call(func=ast.Attribute(attr=name)) | ast.Attribute(attr=name, value=ast.Name(id="date" | "datetime" | "tz")) if (
                name in ATTRIBUTES
            ):
                found.append(f".{name}")
            case ast.Call(func=ast.Attribute(attr="astimezone"), args=[], keywords=[]):
                found.append(".astimezone()")
            case ast.Constant(value=str(text)) if BY_LOCALE.search(text):
                found.append("a format by the locale")
            case ast.Global(names=names):
                found += [f"global {name}" for name in names]
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)) if name in lasting and attribute in CHANGERS:
                found.append(f"{name}.{attribute}")
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()) if name in lasting:
                found.append(f"{name}[]")
            case ast.FunctionDef(name=name, body=body) if name != "__hash__":
                calls = (call for part in body for call in ast.walk(part) if isinstance(call, ast.Call))
                found += ["hash"] * any(isinstance(call.func, ast.Name) and call.func.id == "hash" for call in calls)
    return found


class TestTheSource:
    """Nothing that the core imports, and nothing that it does with it, reads or writes anything but its arguments."""

    def test_the_core_reaches_only_the_core(self):
        ways = {name: {ours for path in FILES if module_of(path) == name for ours, _ in imports(path) if ours} for name, _, _ in TABLE}
        reached, ahead = set(), set(CORE)
        while ahead:
            reached |= ahead
            ahead = {ours for name in ahead for ours in ways[name]} - reached
        assert reached == set(CORE)

    @pytest.mark.parametrize("path", CORE_FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
    def test_it_is_pure(self, path):
        allowed = MAKES_FUNCTIONS.get(module_of(path), set()) | BRINGS_IN.get(module_of(path), set())
        assert [found for found in impurities(path.read_text(encoding="utf-8")) if found not in allowed] == []

    @pytest.mark.parametrize(
        "source",
        [
            "import os", "import time", "import random", "import logging", "import threading", "import subprocess", "import socket",
            "import zoneinfo", "from os import environ", "def f():\n    import secrets",
            "if x:\n    from urllib.request import urlopen", "import os.path as p", "from dateutil import parser", "import dateutil.parser",
            "from importlib import resources", "from datetime import date\ndate.today()",
            "datetime.now(UTC)", "f = date.today", "day.strftime('%d')", "f'{day:%a %d}'", "format(day, '%x')", "moment.timestamp()",
            "moment.astimezone()", "tz.gettz('Europe/London')", "open(path)", "print(fact)", "f = print", "__import__('os')", "eval(text)",
            "sorted(parts, key=id)", "def order(part):\n    return hash(part)", "SEEN = {}\ndef f(x):\n    SEEN[x] = 1",
            "SEEN = []\ndef f(x):\n    SEEN.append(x)", "SEEN: set = set()\ndef f(x):\n    SEEN.add(x)", "SEEN = {}\ndef f(x):\n    del SEEN[x]",
            "COUNT = 0\ndef f():\n    global COUNT",
        ],
    )  # fmt: skip
    def test_what_is_not_would_be_seen(self, source):
        assert impurities(source)


# Loads every module of the core without `transfer_rules/__init__.py`, which also leads to the edges; then the package, with all its public names.
# Prints what came.
LOADING = """
import importlib, json, sys, types
package = types.ModuleType("transfer_rules")
package.__path__ = [sys.argv[1]]
before = set(sys.modules)
sys.modules["transfer_rules"] = package
for name in sys.argv[2:]:
    importlib.import_module(f"transfer_rules.{name}")
core = sorted(set(sys.modules) - before)
for name in [name for name in sys.modules if name.split(".")[0] == "transfer_rules"]:
    del sys.modules[name]
sys.path.insert(0, sys.argv[1].rpartition("transfer_rules")[0])
import transfer_rules
for name in transfer_rules.__all__:
    getattr(transfer_rules, name)
print(json.dumps([core, sorted(set(sys.modules) - before)]))
"""
OUTSIDE = {
    "socket", "ssl", "http.client", "urllib.request", "asyncio", "subprocess", "multiprocessing", "threading", "logging", "random", "secrets", "uuid",
    "tempfile",
}  # fmt: skip


class TestWhatIsLoaded:
    """What importing brings in, in a process of its own: the core nothing but `dateutil`, the package nothing that deciding never needs."""

    def test_the_core_and_the_package(self):
        one_by_one = [name for name in CORE if name not in BRINGS_IN]
        command = [sys.executable, "-c", LOADING, str(SOURCE), *one_by_one]
        core, package = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        tops = [{name.split(".")[0] for name in names} for names in (core, package)]
        ours = {"transfer_rules", "dateutil", "six"}
        assert tops[0] - sys.stdlib_module_names == ours
        assert {name for name in core if name.startswith("transfer_rules.")} >= {f"transfer_rules.{name}" for name in one_by_one}
        assert tops[1] - sys.stdlib_module_names == ours
        assert {*core, *package} & OUTSIDE == set()

    def test_columns_bring_in_numpy_and_no_more(self):
        command = [sys.executable, "-c", LOADING, str(SOURCE), "batch"]
        columns, _ = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        numpy = {name.split(".")[0] for name in columns if name.startswith(("numpy", "_numpy"))}
        assert "numpy" in numpy
        assert {name.split(".")[0] for name in columns} - sys.stdlib_module_names == {"transfer_rules", "dateutil", "six"} | numpy
        assert {name for name in columns if name.startswith("transfer_rules.")} <= {f"transfer_rules.{name}" for name in CORE} | {
            name for name in columns if name.startswith("transfer_rules.batch.")
        }


# --- with the world blocked

BREACHES = {
    "a file is opened": "open('.')",
    "a file is opened by its number": "os.open('.', 0)",
    "a path is read": "Path('x').read_text()",
    "a folder is listed": "os.listdir('.')",
    "a file is looked at": "os.stat('.')",
    "a file is renamed": "os.rename('a', 'b')",
    "the working folder is asked for": "os.getcwd()",
    "a module is imported": "import colorsys",
    "a module is imported by its name": "importlib.import_module('colorsys')",
    "code is made of text": "eval('1')",
    "a socket is made": "socket.socket()",
    "a name is looked up": "socket.gethostbyname('localhost')",
    "a process is started": "subprocess.run(['true'])",
    "a command is run": "os.system('true')",
    "a thread is started": "threading.Thread(target=int).start()",
    "the clock is read": "time.time()",
    "the other clock is read": "time.monotonic()",
    "the local time is read": "time.localtime()",
    "it waits": "time.sleep(0)",
    "today is asked for": "date.today()",
    "now is asked for": "datetime.now()",
    "now is asked for in UTC": "datetime.now(UTC)",
    "the time zone is used": "datetime(2026, 4, 2).astimezone()",
    "the time zone is used for a stamp": "datetime(2026, 4, 2).timestamp()",
    "the locale is used": "date(2026, 4, 2).strftime('%A')",
    "the environment is read": "os.environ['PATH']",
    "the environment is asked": "os.environ.get('PATH')",
    "a variable is asked for": "os.getenv('PATH')",
    "the environment is written": "os.environ['A'] = 'b'",
    "a number is drawn": "random.random()",
    "a choice is drawn": "random.choice('ab')",
    "a generator of its own draws": "random.Random(1).random()",
    "a secret is drawn": "secrets.token_hex()",
    "an id is drawn": "uuid.uuid4()",
    "bytes are drawn": "os.urandom(4)",
    "something is printed": "print('fact')",
    "something is written out": "sys.stdout.write('fact')",
    "something is logged": "logging.warning('fact')",
    "the failure is hidden": "try:\n    time.time()\nexcept BaseException:\n    pass",
}


def python(*arguments: str, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """Start this Python on a module of the tests, in a folder and with variables of its own."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    variables = {**os.environ, "PYTHONPATH": path, **environment}
    return subprocess.Popen([sys.executable, *arguments], cwd=cwd, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class TestWhatIsBlocked:
    """`tests/blocked.py` sees each kind of breach; what it does not see, no test below could find."""

    def test_every_breach_is_seen(self, tmp_path):
        said, complained = python("-m", "tests.blocked", json.dumps(BREACHES), cwd=tmp_path).communicate()
        assert (complained, said) == ("", "[]")

    def test_a_breach_that_is_none_is_not(self, tmp_path):
        harmless = {
            "a sum": "sum(range(9))",
            "a day": "date(2026, 4, 2).isoformat()",
            "an offset": "datetime(2026, 4, 2, tzinfo=UTC).astimezone(UTC)",
        }
        said, complained = python("-m", "tests.blocked", json.dumps(harmless), cwd=tmp_path).communicate()
        assert (complained, json.loads(said)) == ("", [*harmless])


# --- the same bytes

PACKS = {MARLSHIRE.stem: MARLSHIRE} | {name: ROOT / "policies" / f"{name}.yaml" for name in BUNDLED}
# A decision of the invented council that rests on a set, which no worked example of a published procedure does.
SET = CaseSnapshot(
    as_of=date(2026, 4, 2), unstated="not_so", current_team="front_door", last_holding_team="court", front_door_decision="social_work_assessment",
    last_closed_on=date(2026, 1, 5), referral_at=date(2026, 4, 1), transfer_meeting_on=date(2026, 3, 2), decisions={"returning_referral": "accepted"},
    local_facts={"sibling_team": "assessment", "sibling_area": "north", "route": "planned", "disabilities": ["mobility", "hearing"],
                 "weeks_on_plan": 8, "offered_on": date(2026, 2, 2)},
)  # fmt: skip
# Cases with unknown facts take a hundred times as long to decide as those without, some of them seconds.
KNOWN, UNKNOWN = 15, 2
# One worked example in so many is decided.
SHARE = 4
# Not every two seeds put a small set in another order; 0 and 2 do. The folder is another in each as well, and the first has everything blocked while
# it decides a share of the cases.
SETTINGS = [
    ("blocked", {"PYTHONHASHSEED": "0", "TZ": "Pacific/Auckland", "LC_ALL": "C"}),
    ("open", {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "tr_TR.UTF-8", "PYTHONOPTIMIZE": "1"}),
    ("open", {"PYTHONHASHSEED": "4294967295", "TZ": "UTC", "LC_ALL": "de_DE.UTF-8", "PYTHONOPTIMIZE": "2", "PYTHONUTF8": "1"}),
]


def drawn(policy: Policy, count: int, *, unknowns: bool) -> list[CaseSnapshot]:
    """Return some drawn cases, the same at every run."""
    found: list[CaseSnapshot] = []

    @given(snapshot=snapshots(policy, unknowns=unknowns))
    @settings(
        max_examples=count + 1, derandomize=True, database=None, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck)
    )
    def collect(snapshot: CaseSnapshot) -> None:
        found.append(snapshot)

    collect()
    # The first one drawn knows nothing, and takes longer than all the others.
    return found[1 : count + 1]


def worked(name: str) -> tuple[list[CaseSnapshot], CaseSnapshot]:
    """Return some worked examples of a pack, and one of which everything is told: a move of which nothing is missing, since others take long."""
    cases = [example.snapshot for example in examples_in(ROOT / "policies" / "examples" / f"{name}.yaml")]
    some = [case for case in cases[::SHARE] if case.unstated == "not_so"]
    decisions = [(case, evaluate(bundled(name), case)) for case in some]
    moves = [case for case, decision in decisions if decision.outcome == "transfer" and not decision.missing]
    return cases[::SHARE], moves[len(moves) // 4]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a file of cases for each pack, worked examples and drawn ones, and one of receipts of the drawn ones."""
    folder = tmp_path_factory.mktemp("batch")
    for name, path in PACKS.items():
        policy = policy_at(path)
        examples, move = worked(name) if name in BUNDLED else ([], SET)
        receipts = {f"drawn {n}": case for n, case in enumerate([*drawn(policy, KNOWN, unknowns=False), *drawn(policy, UNKNOWN, unknowns=True)])}
        cases = {IN_FULL: move} | receipts | {f"worked {n}": case for n, case in enumerate(examples)}
        (folder / f"{name}.json").write_text(json.dumps({label: snapshot_to_dict(case) for label, case in cases.items()}), encoding="utf-8")
        written = {label: receipt(policy, case, evaluate(policy, case)) for label, case in receipts.items()}
        (folder / f"{name}.receipts.json").write_bytes(receipts_to_json(written).encode())
    return folder


@pytest.fixture(scope="module")
def elsewhere(batch: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, str, str]]:
    """Return, for each setting, the folder that a process worked in, what it said, and what it complained of."""
    folders = [tmp_path_factory.mktemp("elsewhere") for _ in SETTINGS]
    processes = [
        python("-m", "tests.elsewhere", str(batch), whether, *map(str, PACKS.values()), cwd=folder, **variables)
        for folder, (whether, variables) in zip(folders, SETTINGS, strict=True)
    ]
    try:
        return [(folder, *process.communicate()) for folder, process in zip(folders, processes, strict=True)]
    finally:
        for process in processes:
            process.kill()


class TestTheSameBytes:
    """Decisions, receipts, explanations and answers to further questions are the same bytes, whatever the process and in any number of threads.

    Processes differ in the seed of hashes, the time zone, the locale, the working folder and the optimising of Python; in one of them all that is
    outside is blocked while it decides a share of the cases. That holds from the first decision on: deciding imports nothing that was not there once
    the package, the policy and the case were.
    """

    def test_what_is_told_is_the_same_in_every_process(self, elsewhere):
        # One test, so that no two processes of pytest both do the work.
        for _, said, complained in elsewhere:
            assert complained == ""
            assert json.loads(said) == [{"identical": (KNOWN + UNKNOWN) * len(PACKS)}, []]
        for name in PACKS:
            first, *others = [(folder / f"{name}.told").read_bytes() for folder, _, _ in elsewhere]
            assert others == [first] * len(others)
            assert first.count(b"\n") > 1_000
            assert first.startswith(f"{IN_FULL}\n".encode())

    def test_it_is_the_same_in_sixteen_threads_that_share_a_policy(self, batch):
        name = "warrington"
        cases = read_cases((batch / f"{name}.json").read_bytes(), name)[::2]
        # Nothing may have been worked out beforehand that the threads could find there.
        policy, start = load_policy(name), Barrier(16)
        dates._midnight_after.cache_clear()

        def tell(thread: int) -> tuple[str, ...]:
            start.wait()
            # Four of them begin alike, the others elsewhere.
            first = thread // 4 * 6
            texts = {number: told(policy, cases[number].label, cases[number].snapshot) for number in (*range(first, len(cases)), *range(first))}
            return tuple(texts[number] for number in sorted(texts))

        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)
        try:
            with ThreadPoolExecutor(16) as threads:
                (texts,) = {*threads.map(tell, range(16))}
        finally:
            sys.setswitchinterval(before)
        assert len(texts) > 20
        assert texts == tuple(told(bundled(name), case.label, case.snapshot) for case in cases)

    def test_a_decision_of_the_batch_rests_on_a_set(self):
        values = dict(value for reason in evaluate(policy_at(MARLSHIRE), SET).reasons for value in reason.values)
        assert values["disabilities"] == {"mobility", "hearing"}

    def test_the_batch_holds_moments_sets_and_facts_of_the_packs(self, batch):
        kinds, days = set(), set()
        for name, path in PACKS.items():
            policy = policy_at(path)
            for read in read_receipts((batch / f"{name}.receipts.json").read_bytes(), name):
                assert read.receipt is not None
                snapshot = read.receipt["snapshot"]
                days.add("T" in snapshot["as_of"])
                kinds |= {(type(value), fact in policy.pack.local_facts) for fact, value in snapshot.get("facts", {}).items()}
                kinds |= {("moment", fact in policy.pack.local_facts) for fact, value in snapshot.get("facts", {}).items() if "T" in str(value)}
        assert days == {True, False}
        assert {(bool, True), (bool, False), (list, True), ("moment", True), ("moment", False), (int, False)} <= kinds

"""Change the modules that decide, one small change at a time (`mutants`), and count how many changes the tests notice.

python scripts/core_mutants.py                            # every mutant of every module of the core
python scripts/core_mutants.py dates conditions --jobs 2
python scripts/core_mutants.py --sample 150 --seed 1      # of each module 150, always the same for one seed
python scripts/core_mutants.py --again results.jsonl      # only those that survived when that file was written

How it is done: one process collects the tests and runs each of them once, to see which lines it runs and for how long. For each mutant it forks
a child, which puts the changed code into the function that is already loaded and runs the tests that run the changed lines: those of the module
itself first, then the shortest, to `--budget` seconds; the first that fails kills the mutant. What runs at import (default values, tables of a
module) cannot be put in later: there the child imports the changed module afresh. A test that takes twenty times as long as it should, and two
seconds more, kills too: "timed out".

Mutants that cannot make a difference stand in core_mutants_equivalent.toml, each with its reason, and do not count. An entry there that no mutant
answers to is reported. Exit 0 if at least 95 % of the others were killed, else 1.
"""

from __future__ import annotations

import argparse
import ast
import functools
import gc
import json
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from random import Random
from types import CodeType, FunctionType
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, settings
from mutants import Key, Mutant, mutants

ROOT = Path(__file__).resolve().parents[1]
EQUIVALENT = Path(__file__).with_name("core_mutants_equivalent.toml")
CORE = (
    *("dates", "counting", "calendars", "conditions", "timescales", "checklists", "facts", "case", "ruling", "answers", "evaluation", "comparison"),
    *("requirements", "policy", "joining", "impossible", "regions", "completion", "turns", "inquiry", "support", "contrast", "rivals", "outlook"),
    "seeking",
)
OWN = {
    "answers": ("answers", "evaluation", "completion", "seeking", "unknown_facts"),
    "case": ("case", "impossible"),
    "completion": ("completion", "unknown_facts", "inquiry", "joining", "support"),
    "conditions": ("conditions", "readings"),
    "evaluation": ("evaluation", "case", "checklists", "rivals", "unknown_facts"),
    "joining": ("joining", "completion", "evaluation", "unknown_facts"),
    "policy": ("policy", "answers", "case"),
    "regions": ("regions", "turns", "outlook", "unknown_facts"),
    "requirements": ("requirements", "checklists", "evaluation", "unknown_facts"),
    "ruling": ("ruling", "answers", "evaluation", "unknown_facts"),
    "timescales": ("timescales", "readings", "checklists"),
    "turns": ("turns", "regions", "outlook", "unknown_facts"),
}
"""The tests of modules that are tested in more files, or others, than that of their name."""
WIDER = (
    *("bad_packs", "evaluation", "explanation", "loading", "marlshire", "readings", "rival_readings", "teams", "telling", "unknown_facts"),
    *("vocabulary", "wording", "worked_examples"),
)
"""The tests that are run besides those of the modules themselves."""
PROPERTIES = ("counting",)
SLOW_TO_COLLECT = ("test_worked_examples.py",)
"""Not run for a mutant that needs everything imported afresh."""
SHARE = 5
"""Of the worked examples of the packs every fifth is run."""

SLOW_TO_FILL = ("policy_at", "examples_in", "marlshire", "involved", "chosen", "freeze")
"""Caches of whole packs and calendars that are not emptied before each test while it is recorded which lines it runs."""

SURVIVED, KILLED, FRESH, BROKEN = 0, 1, 3, 4
"""How a child ends: no test failed, one did, the change cannot be put into loaded code, no test ran."""
VERDICTS = {SURVIVED: "survived", KILLED: "killed"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is changed, and the tests it is put to."""

    package: str
    folder: Path
    modules: tuple[str, ...]
    tests: tuple[Path, ...]
    own: Mapping[str, tuple[str, ...]]
    root: Path

    def path(self, module: str) -> Path:
        return self.folder / f"{module}.py"

    def own_tests(self, module: str) -> tuple[str, ...]:
        return tuple(f"test_{name}.py" for name in self.own.get(module, (module,)))


@dataclass(slots=True)
class Record:
    """What a run of the unchanged tests shows.

    Attributes:
        tests: name to the seconds it took, for every test that passed.
        lines: module and line to the tests that run it.
        imported: the lines of each module that run while the tests are collected.
    """

    tests: dict[str, float] = field(default_factory=dict)
    lines: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    imported: dict[str, set[int]] = field(default_factory=dict)

    def plan(self, subject: Subject, mutant: Mutant, budget: float, afresh: bool = False) -> list[str]:
        """Return the tests to run for a mutant, in order: of what runs at import, all of its own, and all that run anything of it."""
        module = mutant.key.module
        own = subject.own_tests(module)
        if mutant.outer is None or afresh:
            # A test that looks at a table of the module only runs none of its lines.
            running = {name for (where, _), names in self.lines.items() if where == module for name in names}
            running.update(name for name in self.tests if _file(name) in own)
        else:
            running = {name for line in mutant.lines for name in self.lines.get((module, line), ())}
        planned, spent = [], 0.0
        for name in sorted(running, key=lambda name: (_file(name) not in own, self.tests[name], name)):
            if spent and spent + self.tests[name] > budget:
                break
            planned.append(name)
            spent += self.tests[name]
        return planned


class Watch:
    """A pytest plugin: the chosen tests only, in order; the first that fails ends the process; each within its time."""

    def __init__(self, times: Mapping[str, float], planned: Sequence[str] | None = None, armed: bool = False):
        self.times, self.planned, self.armed = times, planned, armed
        self.failed: set[str] = set()
        self.ran = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.planned is not None:
            by_name = {item.nodeid: item for item in items}
            items[:] = [by_name[name] for name in self.planned if name in by_name]
        else:
            share = [item for item in items if _file(item.nodeid) == "test_worked_examples.py"][::SHARE]
            items[:] = [item for item in items if _file(item.nodeid) != "test_worked_examples.py"] + share

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.ran += 1
        if self.armed:
            signal.setitimer(signal.ITIMER_PROF, 2 + 20 * self.times.get(item.nodeid, 1))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        if call.excinfo is not None:
            if self.armed and not call.excinfo.errisinstance(pytest.skip.Exception):
                os._exit(KILLED)
            self.failed.add(item.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if self.armed and report.failed:
            os._exit(KILLED)


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0].rpartition("/")[2]


def _arguments(subject: Subject, paths: Iterable[Path]) -> list[str]:
    quiet = ["-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:doctest", "--capture=no", "--tb=no", "-q", "--rootdir", str(subject.root)]
    return [*quiet, "-W", "ignore::pytest.PytestAssertRewriteWarning", *map(str, paths)]


# --- children


def in_child(work: Callable[[], int]) -> str:
    """Run something in a child that is silent, and return how it ended."""
    child = os.fork()
    if child == 0:
        status = BROKEN
        try:
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.setitimer(signal.ITIMER_PROF, 60)
            signal.alarm(600)
            status = work()
        except BaseException:
            status = KILLED
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        return "timed out" if os.WTERMSIG(ended) in (signal.SIGPROF, signal.SIGALRM) else "killed"
    return {FRESH: "fresh", BROKEN: "broken"}.get(os.WEXITSTATUS(ended)) or VERDICTS[os.WEXITSTATUS(ended)]


def in_shares(items: Sequence[Any], jobs: int, work: Callable[[Any], Any]) -> list[Any]:
    """Return what `work` gives for each item, done by that many processes at once."""
    if jobs == 1:
        return [work(item) for item in items]
    with tempfile.TemporaryDirectory() as folder:
        children = []
        for job in range(jobs):
            child = os.fork()
            if child == 0:
                try:
                    Path(folder, str(job)).write_bytes(pickle.dumps([work(item) for item in items[job::jobs]]))
                    os._exit(0)
                finally:
                    os._exit(1)
            children.append(child)
        if any(os.waitpid(child, 0)[1] for child in children):
            raise RuntimeError("a process that tries mutants has failed")
        shares = [pickle.loads(Path(folder, str(job)).read_bytes()) for job in range(jobs)]
    return [shares[number % jobs][number // jobs] for number in range(len(items))]


# --- changed code in functions that are loaded


Functions: TypeAlias = dict[tuple[str, str, int], list[FunctionType]]
"""Loaded functions by module, qualified name and first line."""


def loaded_functions(subject: Subject) -> Functions:
    """Return every loaded function of the modules, by module, qualified name and first line."""
    names = {str(subject.path(module)): module for module in subject.modules}
    found: Functions = {}
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename in names:
            code = one.__code__
            found.setdefault((names[code.co_filename], code.co_qualname, code.co_firstlineno), []).append(one)
    gc.freeze()
    return found


def _code_within(code: CodeType, outer: tuple[str, int]) -> CodeType | None:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if (constant.co_qualname, constant.co_firstlineno) == outer:
                return constant
            if outer[0].startswith(f"{constant.co_qualname}."):
                return _code_within(constant, outer)
    return None


class Warm(Watch):
    """The process that has collected the tests: it records what they run, then forks a child for each mutant."""

    def __init__(self, subject: Subject, told: argparse.Namespace, todo: Sequence[tuple[ast.Module, Mutant]], report: Callable[[Mutant, str], None]):
        super().__init__({})
        self.subject, self.told, self.todo, self.report = subject, told, todo, report
        self.cover = _coverage(subject)
        self.record = Record()
        self.fresh: list[tuple[int, list[str]]] = []
        self.verdicts: dict[int, str] = {}
        self.cover.start()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.cover.stop()
        if session.testsfailed:
            raise RuntimeError("not every file of tests can be collected")
        items = {item.nodeid: item for item in session.items}
        self.record = self.recorded(items)
        self.times = self.record.tests
        functions = loaded_functions(self.subject)
        self.control(items)
        for number, verdict in enumerate(in_shares(self.todo, self.told.jobs, lambda one: self.tried(*one, items, functions))):
            if verdict == "fresh":
                self.fresh.append((number, self.record.plan(self.subject, self.todo[number][1], self.told.budget, afresh=True)))
            else:
                self.verdicts[number] = verdict
        return True

    def recorded(self, items: Mapping[str, pytest.Item]) -> Record:
        """Run every test once, in a child, and return what that shows."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "record")

            def run() -> int:
                signal.setitimer(signal.ITIMER_PROF, 0)
                signal.alarm(0)
                cover, times = _coverage(self.subject), {}
                kept = _caches(self.subject)
                cover.start()
                for number, (name, item) in enumerate(items.items()):
                    for cache in kept:
                        cache.cache_clear()
                    cover.switch_context(str(number))
                    begun = time.process_time()
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                    times[name] = time.process_time() - begun
                cover.stop()
                passed = {name: seconds for name, seconds in times.items() if name not in self.failed}
                path.write_bytes(pickle.dumps((passed, _lines(self.subject, cover, list(items)))))
                return SURVIVED

            if in_child(run) != "survived":
                raise RuntimeError("the unchanged tests cannot be run")
            passed, lines = pickle.loads(path.read_bytes())
        lines = {where: [name for name in names if name in passed] for where, names in lines.items()}
        imported: dict[str, set[int]] = {}
        for module, line in _lines(self.subject, self.cover, None):
            imported.setdefault(module, set()).add(line)
        print(f"{len(passed)} of {len(items)} tests pass, in {sum(passed.values()):.0f} s", file=sys.stderr, flush=True)
        return Record(passed, lines, imported)

    def control(self, items: Mapping[str, pytest.Item]) -> None:
        """Make sure that nothing is killed where nothing is changed: for one mutant of each module, run its tests without it."""
        for module in self.subject.modules:
            mutant = next((mutant for _, mutant in self.todo if mutant.key.module == module and mutant.outer is not None), None)
            if mutant is None:
                continue
            planned = self.record.plan(self.subject, mutant, self.told.budget)
            # The default binds this turn's value; mypy cannot infer such a lambda.
            if (verdict := in_child(lambda planned=planned: self.run_tests(planned, items))) != "survived":  # type: ignore[misc]
                raise RuntimeError(f"the unchanged tests of {module} were {verdict}")

    def run_tests(self, planned: Sequence[str], items: Mapping[str, pytest.Item]) -> int:
        self.armed = True
        for name, following in zip(planned, [*planned, None][1:], strict=True):
            after = None if following is None else items[following]
            items[name].config.hook.pytest_runtest_protocol(item=items[name], nextitem=after)
        return SURVIVED

    def tried(self, tree: ast.Module, mutant: Mutant, items: Mapping[str, pytest.Item], functions: Functions) -> str:
        if mutant.outer is None:
            return "fresh"
        planned = self.record.plan(self.subject, mutant, self.told.budget)
        module = mutant.key.module

        def run() -> int:
            mutant.apply()
            code = _code_within(compile(tree, str(self.subject.path(module)), "exec"), mutant.outer or ("", 0))
            live = functions.get((module, *(mutant.outer or ("", 0))), [])
            if code is None or not live or any(len(one.__code__.co_freevars) != len(code.co_freevars) for one in live):
                return FRESH
            for one in live:
                one.__code__ = code
            return self.run_tests(planned, items)

        verdict = in_child(run)
        if verdict == "survived" and not self.record.imported.get(module, set()).isdisjoint(mutant.lines):
            return "fresh"  # The line has also run at import, and what it gave then was kept.
        if verdict != "fresh":
            self.report(mutant, verdict)
        return verdict


def _caches(subject: Subject) -> list[Any]:
    """Return what keeps results from one test to the next: the later test would seem not to run what it does run."""
    functions = [one for one in gc.get_objects() if type(one) is functools._lru_cache_wrapper and isinstance(one.__wrapped__, FunctionType)]
    there = [one for one in functions if one.__wrapped__.__code__.co_filename.startswith(str(subject.root))]
    return [one for one in there if one.__name__ not in SLOW_TO_FILL and "site-packages" not in one.__wrapped__.__code__.co_filename]


def _coverage(subject: Subject) -> Any:
    import coverage

    cover = coverage.Coverage(data_file=None, config_file=False, include=[str(subject.path(module)) for module in subject.modules])
    cover.set_option("run:disable_warnings", ["no-data-collected", "module-not-measured", "already-imported", "couldnt-parse"])
    return cover


def _lines(subject: Subject, cover: Any, names: Sequence[str] | None) -> dict[tuple[str, int], list[str]]:
    data = cover.get_data()
    found = {}
    for module in subject.modules:
        for line, contexts in data.contexts_by_lineno(str(subject.path(module))).items():
            found[module, line] = [] if names is None else [names[int(one)] for one in contexts if one]
    return found


# --- changed modules imported afresh


class Changed(SourceFileLoader):
    """Finds and loads one module of which the source is changed."""

    def __init__(self, name: str, path: str, tree: ast.Module):
        super().__init__(name, path)
        self.tree = tree

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return spec_from_loader(name, self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.tree, self.path, "exec")


def tried_afresh(subject: Subject, tree: ast.Module, mutant: Mutant, planned: Sequence[str], times: Mapping[str, float]) -> str:
    """Import everything with one module changed, and run the tests: those of the module first, then the others."""
    own = subject.own_tests(mutant.key.module)
    planned = [name for name in planned if _file(name) not in SLOW_TO_COLLECT]
    verdict = "survived"
    for part in ([name for name in planned if _file(name) in own], [name for name in planned if _file(name) not in own]):
        names = {_file(name) for name in part}

        def run(part: Sequence[str] = part, names: set[str] = names) -> int:
            mutant.apply()
            # A finder needs only the two methods that the import system calls; the type wants the whole protocol.
            sys.meta_path.insert(0, Changed(f"{subject.package}.{mutant.key.module}", str(subject.path(mutant.key.module)), tree))  # type: ignore[arg-type]
            watch = Watch(times, part, armed=True)
            ended = pytest.main(_arguments(subject, [path for path in subject.tests if path.name in names]), plugins=[watch])
            # A table that is changed may give other names to tests that are made of it; those that are there must run.
            return BROKEN if not watch.ran else KILLED if ended else SURVIVED

        if part and verdict == "survived":
            verdict = in_child(run)
    return verdict


# --- what came of it


@dataclass(slots=True)
class Tally:
    made: int = 0
    tried: int = 0
    killed: int = 0
    timed_out: int = 0
    survived: int = 0
    equivalent: int = 0

    @property
    def score(self) -> float:
        told = self.killed + self.timed_out + self.survived
        return 100 * (self.killed + self.timed_out) / told if told else 100.0

    def row(self, name: str) -> str:
        cells = (name, self.made, self.tried, self.killed, self.timed_out, self.survived, self.equivalent, f"{self.score:.1f} %")
        return f"| {' | '.join(map(str, cells))} |"


def equivalents(path: Path) -> dict[Key, str]:
    """Return the mutants that cannot make a difference, each with its reason."""
    if not path.exists():
        return {}
    told = tomllib.loads(path.read_text("utf-8")).get("equivalent", [])
    return {Key(one["module"], one["function"], one["line"], one["change"], one.get("repeat", 0)): one["reason"] for one in told}


def told_of(mutant: Mutant) -> str:
    key, line = mutant.key, mutant.lines[-1]
    return f"{key.module}:{line} {key.function}\n    {key.line}\n    {key.change}{f'  (number {key.repeat + 1})' if key.repeat else ''}"


def tables(made: Mapping[str, Sequence[Mutant]], verdicts: Mapping[Key, str], known: Mapping[Key, str]) -> tuple[list[str], Tally]:
    """Return the Markdown table of all modules, and the sums."""
    rows = ["| module | mutants | tried | killed | timed out | survived | equivalent | score |", "|---|---|---|---|---|---|---|---|"]
    total = Tally()
    for module, all_of_it in made.items():
        tally = Tally(made=len(all_of_it))
        for mutant in all_of_it:
            if (verdict := verdicts.get(mutant.key)) is not None:
                tally.tried += 1
                tally.killed += verdict == "killed"
                tally.timed_out += verdict == "timed out"
                tally.equivalent += verdict == "survived" and mutant.key in known
                tally.survived += verdict in ("survived", "broken") and mutant.key not in known
        rows.append(tally.row(module))
        for name in ("made", "tried", "killed", "timed_out", "survived", "equivalent"):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
    return [*rows, total.row("**all**")], total


def run(subject: Subject, told: argparse.Namespace) -> int:
    begun = time.monotonic()
    trees, made = {}, {}
    for module in subject.modules:
        trees[module], made[module] = mutants(subject.path(module).read_text("utf-8"), module)
    known = equivalents(told.equivalent)
    chosen = [mutant for module in subject.modules for mutant in _chosen(made[module], told, module)]
    if told.list:
        print(*map(told_of, chosen), sep="\n")
        return 0
    if told.again:
        lines = [json.loads(line) for line in told.again.read_text("utf-8").splitlines()]
        last = {Key(**line["mutant"]): line["verdict"] for line in lines}
        chosen = [mutant for mutant in chosen if last.get(mutant.key) in ("survived", "broken") and mutant.key not in known]

    verdicts: dict[Key, str] = {}

    def report(mutant: Mutant, verdict: str) -> None:
        if told.results:
            with told.results.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"mutant": asdict(mutant.key), "line": mutant.lines[-1], "verdict": verdict}) + "\n")

    settings.register_profile(
        "mutants", derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
    )
    settings.load_profile("mutants")
    todo = [(trees[mutant.key.module], mutant) for mutant in chosen]
    warmed = _in_warm_process(subject, told, todo, report)
    verdicts.update({chosen[number].key: verdict for number, verdict in warmed.verdicts.items()})

    def afresh(one: tuple[int, list[str]]) -> str:
        number, planned = one
        verdict = tried_afresh(subject, *todo[number], planned, warmed.tests)
        report(chosen[number], verdict)
        return verdict

    verdicts.update({chosen[one[0]].key: verdict for one, verdict in zip(warmed.fresh, in_shares(warmed.fresh, told.jobs, afresh), strict=True)})
    rows, total = tables(made, verdicts, known)
    print(*rows, sep="\n")
    for mutant in chosen:
        if verdicts[mutant.key] in ("survived", "broken") and mutant.key not in known:
            print(f"{verdicts[mutant.key]}  {told_of(mutant)}")
    there = {mutant.key for of_one in made.values() for mutant in of_one}
    for key in known:
        if key.module in made and key not in there:
            print(f"no such mutant any more: {key.module} {key.function}: {key.line}: {key.change}")
        elif verdicts.get(key) in ("killed", "timed out"):
            print(f"killed, so not equivalent: {key.module} {key.function}: {key.line}: {key.change}")
    print(f"{total.tried} mutants in {time.monotonic() - begun:.0f} s; {len(warmed.fresh)} of them with a fresh import")
    return 0 if total.score >= 95 and "broken" not in verdicts.values() else 1


def _chosen(made: Sequence[Mutant], told: argparse.Namespace, module: str) -> Sequence[Mutant]:
    if not told.sample or told.sample >= len(made):
        return made
    return sorted(Random(f"{told.seed} {module}").sample(made, told.sample), key=lambda mutant: mutant.number)


@dataclass(frozen=True, slots=True)
class Warmed:
    verdicts: Mapping[int, str]
    fresh: Sequence[tuple[int, list[str]]]
    tests: Mapping[str, float]


def _in_warm_process(subject: Subject, told: argparse.Namespace, todo: Sequence[Any], report: Callable[[Mutant, str], None]) -> Warmed:
    """Collect and try in a process of its own, so that this one stays without the package and can fork children that import it changed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "warmed")
        child = os.fork()
        if child == 0:
            try:
                os.dup2(2, 1)
                warm = Warm(subject, told, todo, report)
                pytest.main(_arguments(subject, subject.tests), plugins=[warm])
                path.write_bytes(pickle.dumps(Warmed(warm.verdicts, warm.fresh, dict(warm.record.tests))))
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        if not path.exists():
            raise SystemExit("the tests could not be collected and run")
        warmed: Warmed = pickle.loads(path.read_bytes())
    if len(warmed.verdicts) + len(warmed.fresh) != len(todo):
        raise SystemExit("not every mutant was tried")
    return warmed


def _subject(told: argparse.Namespace) -> Subject:
    if told.package != "transfer_rules":
        folder, tests = told.under / told.package, tuple(sorted(told.tests_in.glob("test_*.py")))
        return Subject(told.package, folder, tuple(told.modules), tests, {}, told.tests_in)
    unknown = sorted(set(told.modules) - set(CORE))
    if unknown:
        raise SystemExit(f"not a module of the core: {', '.join(unknown)}")
    modules = tuple(told.modules) or CORE
    names = {name for module in modules for name in OWN.get(module, (module,))}
    if told.tests == "all":
        names |= {name for module in CORE for name in OWN.get(module, (module,))} | set(WIDER)
    paths = [ROOT / "tests" / f"test_{name}.py" for name in sorted(names)]
    if told.tests == "all":
        paths += [ROOT / "tests" / "property" / f"test_{name}.py" for name in PROPERTIES]
    return Subject(told.package, ROOT / "src" / told.package, modules, tuple(paths), OWN, ROOT)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Change the modules that decide, and count how many changes the tests notice.")
    parser.add_argument("modules", nargs="*", help="names of modules of the core; all of them where none is given")
    parser.add_argument("--sample", type=int, help="try that many mutants of each module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--budget", type=float, default=8, help="seconds of tests for one mutant")
    parser.add_argument("--tests", choices=("own", "all"), default="all", help="own: only the tests of the modules themselves")
    parser.add_argument("--list", action="store_true", help="show the mutants, and try none")
    parser.add_argument("--results", type=Path, help="add a line of JSON to this file for each mutant as it is tried")
    parser.add_argument("--again", type=Path, help="try only the mutants that survived according to such a file")
    parser.add_argument("--equivalent", type=Path, default=EQUIVALENT)
    parser.add_argument("--package", default="transfer_rules", help="another package, found under `--under` and tested by `--tests-in`")
    parser.add_argument("--under", type=Path, default=ROOT / "src")
    parser.add_argument("--tests-in", type=Path, default=ROOT / "tests")
    told = parser.parse_args(arguments)
    return run(_subject(told), told)


if __name__ == "__main__":
    sys.exit(main())

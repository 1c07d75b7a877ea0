"""Coverage-guided fuzzing of the loader and of the snapshot reader: whatever the bytes are, a library error with a place comes of them, or none.

    pip install -e '.[fuzz]'
    python scripts/fuzz.py pack --minutes 10 --corpus /tmp/fuzz/pack
    python scripts/fuzz.py snapshot --minutes 10 --corpus /tmp/fuzz/snapshot
    python scripts/fuzz.py pack --corpus /tmp/fuzz/pack --keep tests/hostile/corpus/pack

`pack` gives its input to `parse_policy` and `parse_examples`, `snapshot` gives it to `read_cases` and `read_receipts` and lets one pack bind what was
read. Anything but a library error is an escape: it is saved under `escapes` in the corpus folder, once for each place in the source, and the run goes
on. An input that takes longer than 30 seconds or more than 2 GB ends the run, and is saved there as well. Corpus and escapes stay where they are,
so that the next run goes on from there. `--keep` fuzzes nothing: it picks a small set of the corpus that runs through the same lines and gives the
same kinds of finding.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = str(ROOT / "src" / "transfer_rules")
MAX_LENGTH = 4_096
SLOWEST_SECONDS = 30
MOST_MEGABYTES = 2_048
KEPT_FILES, KEPT_BYTES, KEPT_LENGTH = 250, 400_000, 4_096
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERED = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")
_TOKEN = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*|[0-9][0-9:T.+-]*|[^\sA-Za-z0-9]")

_HEAD = """\
language: 1
authority: {name: Marlshire Council}
source: {title: Moving case responsibility between teams, edition: "3.1"}
in_force: {from: 2025-04-01}
teams: {assessment: {label: A}, permanence: {label: P, areas: [north, south]}, court: {label: C}}
"""
_RULES = "rules: [{id: plan, from: assessment, when: {fact: lead_plan, is: in_care}, transfer_to: permanence}]\n"
_END = "otherwise: {label: the case stays}\n"

# What hostile and merely careless people write.
_SCALARS = (
    "no", "yes", "on", "off", "y", "~", "null", "Null", "NULL", "true", "True", ".nan", ".inf", "-.inf", "0x1F", "0o17", "010", "1_000", "12:30",
    "1e400", "-1", "0", "9" * 40, "2026-04-02", "2026-02-30", "0000-00-00", "99999-01-01", "2026-04-02T09:30:00+01:00", "2026-04-02T24:00Z",
    "2026-10-25 01:30+00:00", "20260402", "2026-W14-4", "not_yet", "happened", "unknown", "not_so", "none", "other_authority", "any", "stay",
    "close", "as_of", "''", '""', "[]", "{}", "[[", "}}", "|", ">", "|-", ">+9", "&a", "*a", "<<", "!!set", "!x", "%YAML 1.1", "---", "...", "?",
    "- ", ": ", " #", "\t", "\r\n", "\x00", "\x1b[31m", "\ufeff", "\u202e", "\u200b", "\u2028", "\u0435", "\uff11", "\u0663", "\ud7ff",
    "\U0001f600", "\\ud800", "\\u0000", '"\\x41"', "e\u0301", "k: v",
)  # fmt: skip


# --- what is run


def run_pack(data: bytes) -> set[str]:
    """Read bytes as a pack and as worked examples; return the kinds of finding. Anything but findings with a place in the file is raised."""
    from transfer_rules.errors import PackError
    from transfer_rules.examples import parse_examples
    from transfer_rules.loading import parse_policy

    kinds: set[str] = set()
    for read in (parse_policy, parse_examples) if b"- " in data[:400] else (parse_policy,):
        try:
            read(data, "pack.yaml")
            kinds.add(f"{read.__name__}: read")
        except PackError as error:
            kinds |= _kinds(error, data)
    return kinds


def run_snapshot(data: bytes) -> set[str]:
    """Read bytes as cases and as receipts, and have a pack bind and, for some, decide them; return the kinds of finding."""
    from transfer_rules.case import bind
    from transfer_rules.errors import SnapshotError, TransferRulesError
    from transfer_rules.evaluation import evaluate
    from transfer_rules.receipts import read_receipts, replay, say_replay
    from transfer_rules.snapshots import read_cases, snapshot_to_dict, snapshot_to_yaml

    policy = _policy()
    kinds: set[str] = set()
    cases = receipts = ()
    try:
        cases = read_cases(data, "cases", as_of="2026-04-02" if data[:1] == b"#" else None)
    except SnapshotError as error:
        kinds |= _kinds(error, data)
    if data[:1] == b"{":
        try:
            receipts = read_receipts(data, "receipts")
        except SnapshotError as error:
            kinds |= _kinds(error, data)
    for case in cases[:4]:
        if case.error is not None:
            kinds |= _kinds(case.error, data)
        if case.snapshot is None:
            continue
        kinds.add("a snapshot")
        repr(case.snapshot), snapshot_to_yaml(case.snapshot)
        again = read_cases(_json(snapshot_to_dict(case.snapshot)), "again")[0].snapshot
        assert again == case.snapshot, "a snapshot that was written is read as another"
        with suppress(SnapshotError):
            bind(policy, case.snapshot)
            kinds.add("bound")
            if zlib.crc32(data) % 16 == 0:
                evaluate(policy, case.snapshot)
    for one in receipts[:4]:
        if one.error is not None:
            kinds |= _kinds(one.error, data)
        if one.receipt is not None:
            try:
                kinds.add(f"replay: {replay(policy, one.receipt).verdict}")
                say_replay(replay(policy, one.receipt))
            except TransferRulesError as error:
                kinds |= {f"{fault.code}: {fault.message}" for fault in error.diagnostics}
    return kinds


TARGETS: dict[str, Callable[[bytes], set[str]]] = {"pack": run_pack, "snapshot": run_snapshot}


def _kinds(error: Any, data: bytes) -> set[str]:
    """Return the kinds of finding in an error: each code with its message, without the words of the author."""
    assert error.diagnostics, "an error without a finding"
    lines = max(data.count(b"\n"), data.count(b"\r")) + 2
    for fault in error.diagnostics:
        assert fault.location is not None, f"no place: {fault.code}"
        assert 1 <= fault.location.line <= lines, f"no such line: {fault.code}"
        assert fault.location.column >= 1, f"no such column: {fault.code}"
        said = str(fault)
        assert len(said) < 12_000, f"a flood: {fault.code}"
        assert said.replace("\n", "").isprintable(), f"a control character: {fault.code}"
    return {re.sub(r"`[^`]*`|\d+", "`", f"{fault.code}: {fault.message}")[:120] for fault in error.diagnostics}


def _json(data: Any) -> bytes:
    import json

    return json.dumps(data).encode()


_POLICIES: list[Any] = []


def _policy() -> Any:
    from transfer_rules import load_policy

    if not _POLICIES:
        _POLICIES.append(load_policy(ROOT / "tests" / "packs" / "marlshire.yaml"))
    return _POLICIES[0]


# --- where it begins


def seeds(target: str) -> Iterator[bytes]:
    """Yield small inputs that are right, nearly right, and known to be wrong."""
    yield from (path.read_bytes() for path in sorted((ROOT / "tests" / "hostile" / "corpus" / target).glob("*")) if path.is_file())
    if target == "pack":
        yield from (path.read_bytes() for path in sorted((ROOT / "tests" / "bad_packs").glob("*.yaml")))
        yield (_HEAD + _RULES + _END).encode()
        for path in (ROOT / "tests" / "packs" / "marlshire.yaml", *sorted((ROOT / "policies").glob("*.yaml"))):
            yield from _pieces(path.read_text(encoding="utf-8"))
        for path in (*sorted((ROOT / "policies" / "examples").glob("*.yaml")), ROOT / "tests" / "packs" / "examples" / "marlshire.yaml"):
            entries = re.split(r"(?m)^(?=- )", path.read_text(encoding="utf-8"))
            yield from ("".join(entries[start : start + 2]).encode() for start in range(1, len(entries), 24))
    else:
        yield from (path.read_bytes() for path in sorted((ROOT / "docs" / "cases").rglob("*.yaml")))
        yield from _cases()


def _pieces(text: str) -> Iterator[bytes]:
    """Cut a pack into small ones: each of its sections, a few entries at a time, in a pack of its own."""
    for section in re.split(r"(?m)^(?=[a-z_]+:)", text):
        key, _, entries = section.partition("\n")
        pieces = re.split(r"(?m)^(?=  (?:- |[a-z_]+:))", entries)
        for start in range(0, len(pieces), 6):
            piece = f"{key}\n{''.join(pieces[start : start + 2])}"
            if len(piece) < 1_000 and key.rstrip(":") not in ("language", "authority", "source", "in_force"):
                yield (_HEAD + ("" if key == "rules:" else _RULES) + piece + _END).encode()


def _cases() -> Iterator[bytes]:
    from transfer_rules.evaluation import evaluate
    from transfer_rules.examples import read_examples
    from transfer_rules.receipts import receipt
    from transfer_rules.snapshots import snapshot_to_dict, snapshot_to_yaml

    yield b'{"c 1": {"as_of": "2026-04-02T09:30:00+01:00", "facts": {"days_in_care_since_14": 3, "looked_after": true}}, "c 2": {"as_of": null}}'
    for example in read_examples(ROOT / "tests" / "packs" / "examples" / "marlshire.yaml"):
        yield snapshot_to_yaml(example.snapshot).encode()
        yield _json(snapshot_to_dict(example.snapshot))
        yield _json(receipt(_policy(), example.snapshot, evaluate(_policy(), example.snapshot)))
    for path in sorted((ROOT / "policies" / "examples").glob("*.yaml")):
        yield from (_json({example.name: snapshot_to_dict(example.snapshot)}) for example in read_examples(path)[::20])


def words() -> list[str]:
    """Return the words that mean something: keys of the language and of a snapshot, facts, choices, operators, and what is hostile."""
    from transfer_rules.grammar import AGES, BLOCKS, FORM_ABOUT, GROUPINGS, OPERATORS, UNIT_ABOUT
    from transfer_rules.vocabulary import GROUPS, STANDARD_FACTS

    keys = [key.name for block in BLOCKS.values() for key in block.keys]
    options = [option for fact in STANDARD_FACTS.values() for option in fact.options]
    more = ["as_of", "facts", "decisions", "checklist", "unstated", "local_facts", "done_on", "excused", "decided", "area", "receipt", "snapshot"]
    return list(dict.fromkeys([*keys, *AGES, *GROUPINGS, *OPERATORS, *UNIT_ABOUT, *FORM_ABOUT, *STANDARD_FACTS, *GROUPS, *options, *more, *_SCALARS]))


# --- how it goes on


def mutator(known: list[bytes], pool: list[bytes], native: Callable[[bytes, int], bytes]) -> Callable[[bytes, int, int], bytes]:
    """Return what makes a new input of an old one: by lines and words half of the time, by bytes the other half."""
    lines = sorted({line for one in pool for line in one.split(b"\n") if line.strip()})

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        source = random.Random(seed)
        if source.random() < 0.4:
            return native(data, max_size)
        for _ in range(source.choice((1, 1, 1, 2, 4))):
            data = _by_line(data, source, lines) if source.random() < 0.5 else _by_word(data, source, known)
        return bytes(data[:max_size])

    return mutate


def _by_line(data: bytes, source: random.Random, lines: list[bytes]) -> bytes:
    rows = data.split(b"\n")
    at, other = source.randrange(len(rows)), source.randrange(len(rows))
    match source.randrange(8):
        case 0:
            del rows[at]
        case 1:
            rows.insert(at, rows[other])
        case 2:
            rows[at], rows[other] = rows[other], rows[at]
        case 3:
            rows[at] = b" " * source.randrange(12) + rows[at].lstrip()
        case 4:
            rows.insert(at, b" " * (len(rows[at]) - len(rows[at].lstrip())) + source.choice(lines).lstrip())
        case 5:
            rows[min(at, other) : max(at, other)] *= source.choice((0, 2, 3))
        case 6:
            rows[at] += b" " + rows[other].strip()
        case _:
            rows = rows[:at] + rows[other:]
    return b"\n".join(rows)


def _by_word(data: bytes, source: random.Random, known: list[bytes]) -> bytes:
    found = list(_TOKEN.finditer(data))
    if not found:
        return source.choice(known) + data
    token = source.choice(found)
    match source.randrange(7):
        case 0 | 1 | 2:
            new = source.choice(known)
        case 3:
            new = source.choice(found).group()
        case 4:
            new = b""
        case 5:
            new = source.choice((b"[%b]", b"{%b}", b"'%b'", b'"%b"', b"[%b, %b]", b"{%b: %b}", b"- %b")).replace(b"%b", token.group())
        case _:
            new = token.group() + source.choice((b": ", b", ", b"\n", b" ", b"_", b"#", b"0")) + source.choice(known)
    return data[: token.start()] + new + data[token.end() :]


def fuzz(target: str, minutes: float, corpus: Path, seed: int) -> None:
    """Fuzz in this process until the time is over; libFuzzer ends the process itself."""
    import atheris

    with atheris.instrument_imports(include=["transfer_rules", "ruamel"]):
        # Imported only so that they are instrumented.
        import transfer_rules.case
        import transfer_rules.evaluation
        import transfer_rules.examples
        import transfer_rules.receipts
        import transfer_rules.snapshots  # noqa: F401
    run, escapes = TARGETS[target], corpus / "escapes"
    found: set[str] = {path.name.rsplit(".", 1)[0] for path in escapes.glob("*.txt")}

    def one(data: bytes) -> None:
        try:
            run(data)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            name = f"{type(error).__name__}-{Path(frame.filename).stem}-{frame.lineno}"
            if name not in found:
                found.add(name)
                (escapes / f"{name}.input").write_bytes(data)
                (escapes / f"{name}.txt").write_text(traceback.format_exc(), encoding="utf-8", errors="backslashreplace")

    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder, "seeds")
        first.mkdir()
        pool = [data for data in dict.fromkeys(seeds(target)) if len(data) <= MAX_LENGTH]
        for number, data in enumerate(pool):
            (first / f"{number:05}").write_bytes(data)
        known = [word.encode() for word in words()]
        options = [
            f"-max_total_time={int(minutes * 60)}",
            f"-timeout={SLOWEST_SECONDS}",
            f"-report_slow_units={SLOWEST_SECONDS}",
            f"-rss_limit_mb={MOST_MEGABYTES}",
            f"-max_len={MAX_LENGTH}",
            f"-artifact_prefix={escapes}/",
            f"-seed={seed}",
            "-print_final_stats=1",
            "-reload=0",
        ]
        # `atheris.Mutate` is another function once the fuzzing has begun, so it is looked up each time.
        atheris.Setup(
            [sys.argv[0], *options, str(corpus / "units"), str(first)],
            one,
            custom_mutator=mutator(known, pool, lambda data, size: bytes(atheris.Mutate(data, size))),
        )
        atheris.Fuzz()


# --- what is kept


def keep(target: str, corpus: Path, folder: Path) -> None:
    """Copy a small set of the corpus: greedily, what adds steps through the source or kinds of finding."""
    run, reached = TARGETS[target], {}
    # The pieces the run began with count too; what only a long file reaches stays out.
    units = {path.read_bytes() for path in (corpus / "units").iterdir()} | set(seeds(target))
    for data in sorted(units, key=lambda data: (len(data), data)):
        if 0 < len(data) <= KEPT_LENGTH and str(ROOT).encode() not in data:
            reached[data] = _reached(run, data)
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    seen: set[object] = set()
    kept = size = 0
    while reached and kept < KEPT_FILES:
        best = max(reached, key=lambda data: (len(reached[data] - seen) / (200 + len(data)), -len(data), data))
        fresh = reached.pop(best) - seen
        if not fresh or size + len(best) > KEPT_BYTES:
            break
        seen |= fresh
        kept, size = kept + 1, size + len(best)
        (folder / f"{zlib.crc32(best):08x}").write_bytes(best)
    print(f"{target}: {kept} files of {len(units)} kept, {size} bytes, {len(seen)} steps and kinds of finding")


def _reached(run: Callable[[bytes], set[str]], data: bytes) -> set[object]:
    """Return the steps from line to line within our source, each with how often it was taken (once, a few times, often), and the kinds of finding."""
    steps: Counter[tuple[str, int, int]] = Counter()

    def outer(frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(SOURCE):
            return None
        name, last = frame.f_code.co_filename, [0]

        def inner(frame: FrameType, event: str, argument: object) -> Any:
            steps[name, last[0], frame.f_lineno] += 1
            last[0] = frame.f_lineno
            return inner

        return inner

    sys.settrace(outer)
    try:
        kinds = run(data)
    finally:
        sys.settrace(None)
    return {*kinds, *((step, min(count.bit_length(), 3)) for step, count in steps.items())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--corpus", type=Path, required=True, help="where inputs and escapes are kept; taken up again by the next run")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0, help="0 takes another one each time")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="fuzz nothing: pick a small set of the corpus into FOLDER")
    parser.add_argument("--inner", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    for part in ("units", "escapes"):
        (given.corpus / part).mkdir(parents=True, exist_ok=True)
    if given.keep is not None:
        keep(given.target, given.corpus, given.keep)
        return
    if given.inner:
        fuzz(given.target, given.minutes, given.corpus, given.seed)
        return
    began = time.monotonic()
    log = given.corpus / "log.txt"
    # libFuzzer ends its process without coming back, so what it did is read off its log.
    with log.open("wb") as stream:
        ended = subprocess.run([sys.executable, __file__, *sys.argv[1:], "--inner"], stdout=stream, stderr=subprocess.STDOUT, check=False).returncode
    said = log.read_text(encoding="utf-8", errors="replace")
    executed = _EXECUTED.findall(said)
    covered = _COVERED.findall(said)
    escapes = sorted({path.stem for path in (given.corpus / "escapes").iterdir()})
    print(f"{given.target}: {(time.monotonic() - began) / 60:.1f} minutes, {executed[-1] if executed else 'no'} executions", end="")
    print("".join(f", {edges} edges, {features} features, corpus {units}" for edges, features, units in covered[-1:]), end="")
    print(f", {len(escapes)} escapes" + (f" (ended with {ended}, see {log})" if ended else ""))
    for name in escapes:
        print(f"  {name}")
    sys.exit(1 if escapes or ended else 0)


if __name__ == "__main__":
    main()

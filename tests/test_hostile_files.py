"""Hostile files: whatever a pack, a file of examples, of cases or of receipts holds or is, it ends soon, in one library error with a place."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from transfer_rules import evaluate, examples, load_policy, receipts, snapshots
from transfer_rules.cli import main
from transfer_rules.errors import Diagnostic, PackError, SnapshotError, TransferRulesError
from transfer_rules.examples import parse_examples, read_examples
from transfer_rules.loading import files, nodes, parse_policy
from transfer_rules.receipts import read_receipts, receipt_to_json, replay
from transfer_rules.snapshots import read_cases

from . import hostile_files
from .hostile_files import CASES, EXAMPLES, PACKS, RECEIPTS, RULES, YAML, pack
from .marlshire import PATH, ROOT

Reader = Callable[[bytes], Any]
READERS: dict[str, Reader] = {
    "pack": lambda data: parse_policy(data, "hostile"),
    "examples": lambda data: parse_examples(data, "hostile"),
    "cases": lambda data: read_cases(data, "hostile"),
}
CASE = "as_of: 2026-04-02\nfacts: {current_team: assessment, lead_plan: in_care, looked_after: yes}\n"
JSON_CASE = json.dumps({"as_of": "2026-04-02", "facts": {"current_team": "assessment", "lead_plan": "in_care", "looked_after": True}})
EXAMPLE = "- name: a plan of care\n  as_of: 2026-04-02\n  facts: {current_team: assessment, lead_plan: in_care}\n  expect: {outcome: transfer}\n"
CORPUS = ROOT / "tests" / "hostile" / "corpus"


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    """End a test that waits, or works, for more than two minutes of the clock."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def give_up(*_arguments: object) -> None:
        raise TimeoutError("it does not end")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def findings(read: Reader, data: bytes) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a file, or with the first faulty part of it; each finding has a place."""
    try:
        parts = read(data)
    except TransferRulesError as error:
        found = error.diagnostics
    else:
        assert isinstance(parts, tuple), "it was read"
        found = next(part.error.diagnostics for part in parts if part.error is not None)
    assert found
    assert all(fault.location is not None and fault.location.file == "hostile" and fault.location.line >= 1 for fault in found)
    assert all(len(str(fault)) < 12_000 and str(fault).replace("\n", "").isprintable() for fault in found[:200])
    return found


def run(*arguments: str) -> Result:
    """Run the command; it ends by itself and not by an error of its own."""
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


class TestText:
    """Text that is no plain YAML of one document is refused alike, whatever it was meant to be."""

    @pytest.mark.parametrize("reader", READERS)
    @pytest.mark.parametrize("name", YAML)
    def test_it_is_refused_with_one_finding(self, name, reader):
        build, code = YAML[name]
        assert [fault.code for fault in findings(READERS[reader], build())] == [code]

    @pytest.mark.parametrize("name", YAML)
    def test_every_command_says_so_and_ends_with_2(self, name, tmp_path):
        path = tmp_path / "hostile.yaml"
        path.write_bytes(YAML[name][0]())
        arguments = (
            ("check", str(path)),
            ("show", str(path)),
            ("test", str(PATH), "--examples", str(path)),
            ("decide", "--policy", str(PATH), str(path)),
            ("decide", "--policy", str(path), str(path)),
            ("replay", str(path)),
        )
        for given in arguments:
            result = run(*given)
            assert (result.exit_code, result.stdout) == (2, ""), given
            assert f"{path}:" in result.stderr, given

    def test_a_faulty_byte_is_placed_behind_letters_of_more_than_one_byte(self):
        (fault,) = findings(READERS["cases"], b"\xef\xbb\xbfas_of: 2026-04-02\n# \xc3\xa9\xc3\xa9 \xff\n")
        assert (fault.location.line, fault.location.column) == (2, 6)


class TestPacks:
    """A pack that is large, or holds many faults, is refused within its limits."""

    @pytest.mark.parametrize("name", PACKS)
    def test_it_is_refused(self, name):
        build, code = PACKS[name]
        assert code in {fault.code for fault in findings(READERS["pack"], build())}

    def test_alias_and_merge_bombs_are_refused_at_their_first_anchor(self):
        for name in ("an alias bomb", "a merge bomb"):
            (fault,) = findings(READERS["pack"], YAML[name][0]())
            assert (fault.location.line, fault.location.column) == (1, 5), name

    @pytest.mark.parametrize("word", ["on", "off", "y", "n", "Yes", "NO", "True", "FALSE", "1", "0", "~", "null", "''"])
    def test_only_yes_no_true_and_false_are_yes_or_no(self, word):
        data = pack(head=hostile_files.HEAD.replace("{label: Court Team}", f"{{label: Court Team, outside: {word}}}"))
        (fault,) = findings(READERS["pack"], data)
        assert fault.code in ("wrong-value", "nothing-here")
        assert fault.location.line == 5

    @pytest.mark.parametrize("word", ["no", "on", "off", "y", "n", "yes", "true", "null", "nan", "inf", "e1"])
    def test_a_word_that_yaml_1_1_takes_for_something_else_is_a_name_like_any_other(self, word):
        data = pack(head=hostile_files.HEAD.replace("court:", f"{word}:"), rules=RULES.replace("transfer_to: permanence", f"transfer_to: '{word}'"))
        assert word in parse_policy(data, "hostile").pack.teams

    @pytest.mark.parametrize("edition", ["4.10", "12:30", "0x1F", "010", "1_000", "1e3", ".inf", "2026-04-02", "no", "Null", "+1", "0b11"])
    def test_text_is_text_whatever_yaml_1_1_would_make_of_it(self, edition):
        data = pack(head=hostile_files.HEAD.replace('"3.1"', edition))
        assert parse_policy(data, "hostile").pack.edition == edition

    @pytest.mark.parametrize(
        "number", ["010", "1_000", "0x1F", "0o17", "1e1", "+1", "-1", "1.0", "12:30", ".inf", "\u0663", "\uff11", "10001", "9" * 5_000]
    )
    def test_a_count_is_digits_only(self, number):
        data = pack(rules=RULES.replace("transfer_to", f"deadline: {{days: {number}, after: as_of}}, transfer_to"))
        assert [fault.code for fault in findings(READERS["pack"], data)] == ["wrong-value"]

    @pytest.mark.parametrize(
        "day",
        ["2025-02-29", "2025-13-01", "1949-12-31", "2151-01-01", "9999-12-31", "0000-00-00", "99999-01-01", "20250401", "2025-W14-1", "2025-4-1",
         "\u0662\u0660\u0662\u0665-04-01", "2025-04-01T00:00:00Z", "-2025-04-01"],
    )  # fmt: skip
    def test_a_day_is_a_day_between_1950_and_2150(self, day):
        data = pack(head=hostile_files.HEAD.replace("2025-04-01", day))
        assert [fault.code for fault in findings(READERS["pack"], data)] == ["wrong-value"]


LOOK_ALIKES = {
    "the id of a rule": ("id: plan_to", "id: pl\u0430n_to", "U+0430"),
    "the id of a team": ("court:", "c\u043eurt:", "U+043E"),
    "an area": ("[north,", "[n\u03bfrth,", "U+03BF"),
    "a team that is named": ("transfer_to: permanence", "transfer_to: perm\u0430nence", "U+0430"),
    "a team that a case comes from": ("from: assessment", "from: \u0430ssessment", "U+0430"),
    "a fact": ("fact: lead_plan", "fact: l\u0435ad_plan", "U+0435"),
    "a choice": ("is: in_care", "is: in_c\u0430re", "U+0430"),
    "a key of a rule": ("when:", "wh\u0435n:", "U+0435"),
    "a key of the pack": ("otherwise:", "otherwis\u0435:", "U+0435"),
    "letters of double width": ("id: plan_to", "id: \uff50lan_to", "U+FF50"),
    "a letter with an accent of its own": ("id: plan_to", "id: pla\u0301n_to", "U+0301"),
    "a digit of another script": ("id: plan_to", "id: plan\u0663_to", "U+0663"),
    "a dash for a line below": ("id: plan_to", "id: plan\u2010to", "U+2010"),
    "a mathematical letter": ("id: plan_to", "id: \U0001d4c5lan_to", "U+1D4C5"),
}


class TestLookAlikeLetters:
    """A name in which a letter only looks like one from a to z is refused, and the message says which."""

    @pytest.mark.parametrize("what", LOOK_ALIKES)
    def test_the_letter_is_named_at_its_place(self, what):
        old, new, letter = LOOK_ALIKES[what]
        text = pack().decode()
        assert text.count(old) == 1
        found = findings(READERS["pack"], text.replace(old, new).encode())
        assert any(letter in f"{fault.why} {fault.mend}" for fault in found), [str(fault) for fault in found]

    @pytest.mark.parametrize(
        "part",
        [
            "local_facts: {p\u0430rt: {type: yes_no, label: l, ask: a}}\n",
            "decisions: {p\u0430rt: {label: l, options: [one, two]}}\n",
            "definitions: {p\u0430rt: {when: {fact: lead_plan, is: none}}}\n",
            "checklists: {p\u0430rt: {applies: {to: court}, items: [{id: i, label: i}]}}\n",
            "checklists: {list: {applies: {to: court}, items: [{id: p\u0430rt, label: i}]}}\n",
            "duties: [{id: p\u0430rt, kind: task, label: d}]\n",
            "interpretations: [{id: p\u0430rt, clauses: [M-1], question: q, reading: r}]\n",
            "interpretations: [{id: part, clauses: [M-\u0430], question: q, reading: r}]\n",
        ],
    )
    def test_it_is_named_in_every_id(self, part):
        found = findings(READERS["pack"], pack(more=part))
        assert any("`\u0430` (U+0430) is no letter from a to z" in fault.why for fault in found)

    def test_in_an_example_it_is_named_too(self):
        (fault,) = findings(READERS["examples"], EXAMPLE.replace("outcome:", "outc\u043eme:").encode())
        assert "U+043E" in fault.mend

    def test_in_a_case_it_is_named_where_the_pack_meets_it(self, tmp_path):
        (tmp_path / "case.yaml").write_text(CASE.replace("assessment", "\u0430ssessment"), encoding="utf-8")
        result = run("decide", "--policy", str(PATH), str(tmp_path / "case.yaml"))
        assert result.exit_code == 2
        assert "U+0430" in result.stderr


class TestWhatMayBe:
    """A byte-order mark at the beginning and the line ends of Windows change nothing."""

    @pytest.mark.parametrize("change", [lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"\n", b"\r\n")])
    def test_they_are_read_as_if_they_were_not_there(self, change):
        assert parse_policy(change(pack()), "f").identity == parse_policy(pack(), "f").identity
        assert parse_examples(change(EXAMPLE.encode()), "f") == parse_examples(EXAMPLE.encode(), "f")
        for case in (CASE, JSON_CASE, json.dumps(json.loads(JSON_CASE), indent=2)):
            assert read_cases(change(case.encode()), "f")[0].snapshot == read_cases(CASE.encode(), "f")[0].snapshot
        assert read_receipts(change(written().encode()), "f") == read_receipts(written().encode(), "f")

    def test_a_tab_is_refused_outside_a_text(self):
        for text in (CASE.replace(": 2", ":\t2"), CASE.replace("\n", "\t\n"), CASE.replace("facts:", "facts:\n\t"), "\t" + CASE):
            assert [fault.code for fault in findings(READERS["cases"], text.encode())] == ["not-yaml"]

    def test_a_tab_inside_a_text_is_a_space(self):
        data = pack(head=hostile_files.HEAD.replace("Assessment Team", "'Assessment\tTeam'"))
        assert parse_policy(data, "f").pack.teams["assessment"].label == "Assessment Team"


def written() -> str:
    """Return a receipt as it is written."""
    policy = load_policy(PATH)
    snapshot = read_cases(CASE.encode(), "f")[0].snapshot
    assert snapshot is not None
    return receipt_to_json(receipts.receipt(policy, snapshot, evaluate(policy, snapshot)))


class TestCases:
    """A file of cases, JSON or YAML, that is large or holds many faults; tried here with limits a twentieth of what they are."""

    @pytest.fixture(autouse=True)
    def _small_limits(self, monkeypatch):
        for module in (hostile_files, snapshots):
            monkeypatch.setattr(module, "CASES_BYTES", snapshots.CASES_BYTES // 20 if module is hostile_files else hostile_files.CASES_BYTES)
            monkeypatch.setattr(module, "CASES_NODES", snapshots.CASES_NODES // 20 if module is hostile_files else hostile_files.CASES_NODES)
        monkeypatch.setattr(snapshots, "MAX_ENTRIES", 1_000)

    @pytest.mark.parametrize("name", CASES)
    def test_it_is_refused(self, name):
        build, code = CASES[name]
        assert code in {fault.code for fault in findings(READERS["cases"], build())}

    @pytest.mark.parametrize("name", RECEIPTS)
    def test_receipts_are_refused(self, name):
        build, code = RECEIPTS[name]
        assert code in {fault.code for fault in findings(lambda data: read_receipts(data, "hostile"), build())}

    @pytest.mark.parametrize("name", CASES)
    def test_every_command_says_so_and_ends_with_2(self, name, tmp_path):
        path = tmp_path / "hostile.json"
        path.write_bytes(CASES[name][0]())
        for given in (("decide", "--policy", str(PATH), str(path)), ("replay", str(path))):
            result = run(*given)
            assert result.exit_code == 2, given
            assert f"{path}:" in result.stderr, given


class TestValues:
    """What stands for a value is read as written; what it cannot be is refused without being shown."""

    @pytest.mark.parametrize("word", ["on", "off", "y", "n", "Yes", "NO", "True", "FALSE", "1", "0", "[yes]", "{a: yes}", "yes no"])
    def test_only_yes_no_true_and_false_are_yes_or_no(self, word):
        (fault,) = findings(READERS["cases"], CASE.replace("looked_after: yes", f"looked_after: {word}").encode())
        assert (fault.code, fault.message) == ("wrong-value", "`looked_after` takes yes or no")

    @pytest.mark.parametrize("word", ["0", "1", '"on"', "1.0", "[true]", '{"a": true}', "NaN", "1e0", '"\\u0000"', '"\\ud800"'])
    def test_in_json_too(self, word):
        (fault,) = findings(READERS["cases"], JSON_CASE.replace("true", word).encode())
        assert (fault.code, fault.message) == ("wrong-value", "`looked_after` takes yes or no")

    @pytest.mark.parametrize(
        "day",
        ["2026-02-30", "9999-12-31", "10000-01-01", "0000-00-00", "1949-12-31", "20260402", "2026-W14-4", "2026-04-02T24:00:00Z",
         "2026-05-06T07:08", "2026-04-02T09:30:00+99:99", "2026-04-02T09:30:00+25:00", "9" * 5_000,
         "\u0662\u0660\u0662\u0666-04-02", "yesterday", "[2026-04-02]", "not_yet"],
    )  # fmt: skip
    def test_a_day_that_is_none_is_refused(self, day):
        for text in (f"as_of: {day}\n", json.dumps({"as_of": day})):
            (fault,) = findings(READERS["cases"], text.encode())
            assert fault.code == "wrong-as-of"
            assert day not in str(fault)

    @pytest.mark.parametrize(
        "number", ["-1", "1.0", "1e3", "010", "1_000", "0x1F", "1000000000", "9" * 5_000, "NaN", "Infinity", "-Infinity", "1e400"]
    )
    def test_a_count_that_is_none_is_refused(self, number):
        text = f"as_of: 2026-04-02\nfacts: {{days_in_care_since_14: {number}}}\n"
        (fault,) = findings(READERS["cases"], text.encode())
        assert (fault.code, fault.location.line) == ("wrong-value", 2)

    @pytest.mark.parametrize("pack", ["true", "null", "7", "[]", "{}"])
    def test_a_receipt_whose_pack_has_no_name_is_refused(self, pack, tmp_path):
        data = b'{"receipt": 1, "snapshot": {}, "decision": {"identity": {"pack": %s}}}' % pack.encode()
        (fault,) = findings(lambda data: read_receipts(data, "hostile"), data)
        assert fault.code == "missing-key"
        (tmp_path / "receipt.json").write_bytes(data)
        assert run("replay", str(tmp_path / "receipt.json")).exit_code == 2

    @pytest.mark.parametrize("value", [{1, 2}, object(), b"x", float("nan"), {("a",): 1}])
    def test_a_receipt_that_is_no_json_data_is_refused(self, value):
        with pytest.raises(SnapshotError):
            replay(load_policy(PATH), json.loads(written()) | {"snapshot": {"as_of": "2026-04-02", "facts": {"a": value}}})

    def test_a_receipt_in_itself_is_refused(self):
        data = json.loads(written())
        data["snapshot"]["facts"]["again"] = data
        with pytest.raises(SnapshotError):
            replay(load_policy(PATH), data)

    def test_one_bad_case_among_others_ends_with_1(self, tmp_path):
        (tmp_path / "cases.yaml").write_text("c1: {as_of: 2026-04-02}\nc2: {as_of: 99999-01-01}\nc3: {as_of: 2026-04-02, facts: {'a\\b': 1}}\n")
        result = run("decide", "--policy", str(PATH), str(tmp_path / "cases.yaml"))
        assert result.exit_code == 1
        assert result.stderr.count("error:") == 2


class TestExamples:
    """A file of examples that is large or holds many faults; tried here with limits a tenth of what they are."""

    @pytest.mark.parametrize("name", EXAMPLES)
    def test_it_is_refused(self, name, monkeypatch):
        for limit in ("EXAMPLES_BYTES", "EXAMPLES_NODES"):
            for module in (hostile_files, examples):
                monkeypatch.setattr(module, limit, getattr(examples, limit) // 10 if module is hostile_files else getattr(hostile_files, limit))
        build, code = EXAMPLES[name]
        assert code in {fault.code for fault in findings(READERS["examples"], build())}


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # The path of a socket may not be long.
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def _no_reading(path: Path) -> None:
    path.write_text("a: b\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")


NO_FILES: dict[str, Callable[[Path], object]] = {
    "a pipe": _pipe,
    "a socket": _socket,
    "a folder": Path.mkdir,
    "nothing": lambda path: None,
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to nothing": lambda path: path.symlink_to(path.with_name("nothing")),
    "a link to a link to a pipe": lambda path: (
        _pipe(path.with_name("pipe")), path.with_name("link").symlink_to(path.with_name("pipe")), path.symlink_to(path.with_name("link"))
    ),
    "a device without end": lambda path: path.symlink_to("/dev/zero"),
    "a file nobody may read": _no_reading,
}  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name, sockets and links are of Unix")
class TestWhatIsNoFile:
    """What is no ordinary file is refused by its name, and never waited for."""

    @pytest.fixture(params=NO_FILES)
    def path(self, request, tmp_path):
        NO_FILES[request.param](tmp_path / "hostile.yaml")
        return tmp_path / "hostile.yaml"

    def test_it_is_no_pack(self, path):
        with pytest.raises(PackError) as caught:
            load_policy(path)
        (fault,) = caught.value.diagnostics
        assert (fault.code, fault.location.file) == ("no-file", path.as_posix())

    def test_it_holds_no_examples(self, path):
        with pytest.raises(PackError) as caught:
            read_examples(path)
        assert [fault.code for fault in caught.value.diagnostics] == ["no-file"]

    def test_it_is_no_ledger(self, path):
        head = hostile_files.HEAD.replace('"3.1"}', f'"3.1", ledger: {path.name}}}')
        with pytest.raises(PackError) as caught:
            parse_policy(pack(head=head), "hostile", path.parent)
        assert [fault.code for fault in caught.value.diagnostics] == ["no-ledger"]

    def test_every_command_says_so_and_ends_with_2(self, path):
        for given in (
            ("check", str(path)),
            ("show", str(path)),
            ("test", str(path)),
            ("test", str(PATH), "--examples", str(path)),
            ("decide", "--policy", str(path), str(path)),
            ("decide", "--policy", str(PATH), str(path)),
            ("replay", str(path)),
            ("replay", "--policy", str(PATH), str(path)),
        ):
            result = run(*given)
            assert (result.exit_code, result.stdout) == (2, ""), given
            assert "[no-file]" in result.stderr, given

    def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(self, tmp_path, monkeypatch):
        os.mkfifo(tmp_path / "pack.yaml")
        monkeypatch.setattr(Path, "is_file", lambda path: True)
        with pytest.raises(PackError) as caught:
            load_policy(tmp_path / "pack.yaml")
        assert [fault.code for fault in caught.value.diagnostics] == ["no-file"]

    @pytest.mark.parametrize("name", ["a\x00b.yaml", "x" * 300 + ".yaml", "\udcff.yaml", "./" + "a/" * 5_000 + "b.yaml", "a\nb.yaml", "\x1b[2J.yaml"])
    def test_a_name_that_no_file_has_is_refused(self, name):
        with pytest.raises(PackError) as caught:
            load_policy(name)
        assert str(caught.value).replace("\n", "").isprintable()

    def test_no_more_is_read_than_may_stand_there(self, tmp_path):
        with (tmp_path / "huge.yaml").open("wb") as stream:
            stream.truncate(1 << 40)
        assert len(files.read_file(tmp_path / "huge.yaml", 1_000)) == 1_001
        assert [fault.code for fault in findings_of(tmp_path / "huge.yaml")] == ["too-large"]


def findings_of(path: Path) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a pack."""
    with pytest.raises(PackError) as caught:
        load_policy(path)
    return caught.value.diagnostics


class TestLedgers:
    """A clause ledger that is hostile is one fault, at its name in the pack."""

    @pytest.mark.parametrize(
        "rows",
        [
            b"\xff",
            b"\x00\x00",
            b"",
            b"clause\n",
            b'clause,section,kind\nM-1,"',
            b"clause,section,kind\nM-1,1,rule\nM-1,1,rule\n",
            b"clause,section,kind\nM-1,\x1b[31m,rule\n",
            "clause,section,kind\nM-1,\u202e1,rule\n".encode(),
            b'clause,section,kind\nM-1,"a\nb",rule\n',
            b"clause,section,kind\nM-1,1\n",
            b"clause,section,kind\nM-1," + b"x" * 200_000 + b",rule\n",
            b"clause,section,kind\n" + b"x" * nodes.LEDGER_BYTES,
            "clause,section,kind\n".encode("utf-16"),
        ],
        ids=lambda rows: repr(rows[:40]),
    )
    def test_it_is_refused(self, rows, tmp_path):
        (tmp_path / "ledger.csv").write_bytes(rows)
        head = hostile_files.HEAD.replace('"3.1"}', '"3.1", ledger: ledger.csv}')
        (fault,) = findings(lambda data: parse_policy(data, "hostile", tmp_path), pack(head=head))
        assert (fault.code, fault.location.line) == ("no-ledger", 3)


def _fuzz() -> Any:
    spec = importlib.util.spec_from_file_location("fuzz", ROOT / "scripts" / "fuzz.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestCorpus:
    """What fuzzing found worth keeping: of each file a library error with a place comes, or none."""

    @pytest.mark.parametrize("target", ["pack", "snapshot"])
    def test_nothing_else_comes_of_it(self, target):
        run_one = _fuzz().TARGETS[target]
        paths = sorted((CORPUS / target).iterdir())
        assert len(paths) >= 100
        kinds = {kind for path in paths for kind in run_one(path.read_bytes())}
        # Enough of them that the corpus is seen to reach far into the readers.
        assert len(kinds) >= 40

    def test_a_thread_with_little_room_is_refused_alike(self):
        """Depth is counted, so that a small stack makes no difference."""
        found: list[str] = []

        def read() -> None:
            found.extend(fault.code for fault in findings(READERS["cases"], CASES["JSON, 20,000 objects deep"][0]()))

        before = threading.stack_size(256 * 1024)
        try:
            thread = threading.Thread(target=read)
            thread.start()
            thread.join()
        finally:
            threading.stack_size(before)
        assert found == ["too-deep"]


class TestLimits:
    """The page states every limit as it stands in the source."""

    PAGE = (ROOT / "docs" / "hostile-files.md").read_text(encoding="utf-8")
    STATED = re.findall(r"(?m)^\| .+ \| ([0-9,]+) \| `([a-z_.]+)\.([A-Z_]+)` \|$", PAGE)
    BOUNDED = ("loading.nodes", "loading.reader", "loading.trees", "loading.parts", "snapshots", "receipts", "examples",
               "case", "vocabulary", "facts", "errors")  # fmt: skip

    def test_every_number_is_that_of_the_source(self):
        assert {(module, name): int(number.replace(",", "")) for number, module, name in self.STATED} == {
            (module, name): getattr(importlib.import_module(f"transfer_rules.{module}"), name) for _, module, name in self.STATED
        }

    def test_no_limit_of_the_source_is_left_out(self):
        said = {name for _, _, name in self.STATED}
        for module in self.BOUNDED:
            text = Path(importlib.import_module(f"transfer_rules.{module}").__file__).read_text(encoding="utf-8")
            limits = set(re.findall(r"(?m)^((?:MAX_|_LONGEST_)[A-Z_]+|[A-Z]+_(?:BYTES|NODES)): Final", text))
            assert limits <= said, module

    def test_the_limits_that_have_no_name_are_as_stated(self):
        for id_, code in (("x" * 80, "unknown-team"), ("x" * 81, "unknown-team")):
            found = findings(READERS["pack"], pack(rules=RULES.replace("plan_to_permanence", id_).replace("from: assessment", "from: nobody")))
            assert {fault.code for fault in found} == {code, *(["odd-id"] if len(id_) > 80 else [])}
        days = "deadline: {{days: {}, after: as_of}}, transfer_to"
        assert parse_policy(pack(rules=RULES.replace("transfer_to", days.format(10_000))), "f").rules
        assert findings(READERS["pack"], pack(rules=RULES.replace("transfer_to", days.format(10_001))))
        count = "as_of: 2026-04-02\nfacts: {{days_in_care_since_14: {}}}\n"
        assert read_cases(count.format(10**9 - 1).encode(), "f")[0].snapshot is not None
        assert findings(READERS["cases"], count.format(10**9).encode())

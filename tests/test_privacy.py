"""No fact leaks: not into messages, logs, warnings or the errors that go along; nothing is read, kept or written but what docs/privacy.md says.

And nothing that comes in from outside can command the terminal on which it is shown.
"""

from __future__ import annotations

import ast
import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transfer_rules import CaseSnapshot, PackError, SnapshotError, TransferRulesError, evaluate, load_policy
from transfer_rules.cli import main
from transfer_rules.errors import spelled_out
from transfer_rules.loading import parse_policy
from transfer_rules.loading.nodes import Document, Fields, Items, Node, Text
from transfer_rules.loading.policies import policy_of_document
from transfer_rules.loading.yaml_events import read_yaml
from transfer_rules.receipts import read_receipts, receipt, receipt_to_json, replay, replay_to_dict, say_replay
from transfer_rules.snapshots import read_cases, snapshot_to_dict
from transfer_rules.testing.strategies import snapshots
from transfer_rules.vocabulary import STANDARD_FACTS

from .marlshire import PATH, TEXT, marlshire

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "transfer_rules"

LOOSE = settings(deadline=None, suppress_health_check=list(HealthCheck))

# Values that stand nowhere else, so that a message which holds a part of one has it from the case.
NAME, WORD, NUMBER, DAY, MOMENT = "Xanthippe of 12 Quarrel Lane", "quarrel_lane", "9434765919", "1987-06-05", "1987-06-05T04:03:02+00:00"
PARTS = ("xanthippe", "quarrel", "9434", "765919", "1987", "5 jun", "04:03", "1899", "9876543")
CANARIES: tuple[Any, ...] = (
    NAME, WORD, NUMBER, DAY, MOMENT, "1987-06-05T04:03:02", "05/06/1987", "19870605", "1987-02-30", "1899-12-31", "", 9434765919, -9434, 9876543.5,
    True, [NAME], [WORD, [NAME]], {NAME: NAME}, {"done_on": NAME}, {"decided": NAME, "on": DAY}, {"decided": WORD, "area": NAME},
)  # fmt: skip
OBJECTS: tuple[Any, ...] = (
    date(1899, 12, 31),
    date(1987, 6, 5),
    datetime(1987, 6, 5, 4, 3, 2),
    datetime(1987, 6, 5, 4, 3, 2, tzinfo=UTC),
    {NAME},
    b"1987",
)


def parts_in(text: str) -> list[str]:
    """Return the parts of canaries that stand in a text."""
    return [part for part in PARTS if part in text.lower()]


def told_by(error: BaseException | None) -> Iterator[str]:
    """Yield all that an error tells, and every error that goes along as its cause or context, shown or not."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield from (str(error), repr(error), repr(error.args), repr(vars(error)), *traceback.format_exception(error))
        # These hold the whole of what could not be read.
        yield from (repr(getattr(error, name, "")) for name in ("doc", "object", "problem_mark", "context_mark"))
        error = error.__cause__ or error.__context__


def leaks(*errors: TransferRulesError) -> list[str]:
    """Return what errors tell that holds a part of a canary."""
    return [text for error in errors for text in told_by(error) if parts_in(text)]


def decide_all(data: bytes, file: str = "cases") -> list[TransferRulesError]:
    """Read cases and decide them, in every way that a program would; return what went wrong."""
    errors: list[TransferRulesError] = []
    try:
        cases = read_cases(data, file)
    except TransferRulesError as error:
        return [error]
    for case in cases:
        if case.snapshot is None:
            assert case.error is not None
            errors.append(case.error)
            continue
        try:
            evaluate(marlshire(), case.snapshot)
        except SnapshotError as error:
            errors += [error, SnapshotError(map(case.placed, error.diagnostics))]
    return errors


def as_yaml(value: Any) -> str:
    """Return JSON data as YAML, its words without quotes where they can be."""
    match value:
        case dict():
            return "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(as_yaml, value)) + "]"
        case str() if value and all(character.isalnum() or character in " _-/" for character in value):
            return value
        case _:
            return json.dumps(value)


def written(data: Any) -> dict[str, bytes]:
    """Return JSON data as the two kinds of file."""
    return {"json": json.dumps(data).encode(), "yaml": "\n".join(f"{as_yaml(key)}: {as_yaml(value)}" for key, value in data.items()).encode()}


def command(*arguments: str, given: str | bytes | None = None) -> Result:
    """Run the command as on a terminal: nothing is taken out of what it prints."""
    result = CliRunner().invoke(main, list(arguments), input=given, color=True)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


# With facts that nobody stated taken as not so, a case is decided in no time.
KNOWN = {"as_of": "2026-04-02", "unstated": "not_so"}
FACTS = {**STANDARD_FACTS, **marlshire().pack.local_facts}
KINDS = {fact.kind: name for name, fact in FACTS.items()} | {f"local {fact.kind}": name for name, fact in marlshire().pack.local_facts.items()}
PLACES = [("facts", name) for name in KINDS.values()] + [
    ("decisions", "court_transfer"),
    ("checklist", "risk_summary"),
    ("", "as_of"),
    ("", "unstated"),
]


class TestMessages:
    """Whatever stands at the wrong place of a case, no message holds it, nor any error that goes along, nor a log or a warning.

    Warnings are errors in these tests.
    """

    @pytest.fixture(autouse=True)
    def _nothing_is_logged(self, caplog):
        caplog.set_level(logging.DEBUG)
        yield
        assert caplog.records == []

    @pytest.mark.parametrize("form", ["json", "yaml"])
    @pytest.mark.parametrize(("part", "name"), PLACES)
    def test_about_a_wrong_value_in_a_file(self, part, name, form):
        cases = [{**KNOWN, **({part: {name: value}} if part else {name: value})} for value in CANARIES]
        refused = [case for case in cases if (errors := decide_all(written(case)[form])) and not leaks(*errors)]
        # Some of them are right at some places, and some stand for what is not known.
        assert len(refused) >= len(CANARIES) // 2
        assert not any(leaks(*decide_all(written(case)[form])) for case in cases)
        result = command("decide", "--policy", str(PATH), given=written({f"c {number}": case for number, case in enumerate(refused)})[form])
        assert (result.exit_code, result.stdout, parts_in(result.stderr)) == (2, "", [])

    @pytest.mark.parametrize(("part", "name"), PLACES)
    def test_about_a_wrong_value_in_python(self, part, name):
        for value in (*CANARIES, *OBJECTS):
            given = {name: value} if part == "facts" and name in STANDARD_FACTS else {part.replace("facts", "local_facts"): {name: value}}
            given = {**KNOWN, **(given if part else {name: value})}
            errors: list[TransferRulesError] = []
            try:
                evaluate(marlshire(), CaseSnapshot(**given))
            except SnapshotError as error:
                errors.append(error)
            assert leaks(*errors) == []

    @pytest.mark.parametrize(
        "name", [NAME, NUMBER, "Xanthippe", "Xanthippe_Quarrel", "xanthippe-quarrel", "xanthippe quarrel", "xänthippe", "x" * 81 + WORD]
    )
    @pytest.mark.parametrize("part", ["facts", "decisions", "checklist", "", "label"])
    def test_about_a_name_that_is_not_shaped_like_one(self, part, name):
        entries = {name: "done"}
        data = {"as_of": "2026-04-02", **({part: entries} if part else entries)} if part != "label" else {name: {"as_of": "soon"}}
        errors = [error for file in written(data).values() for error in decide_all(file)]
        assert len(errors) >= 2
        assert leaks(*errors) == []

    @pytest.mark.parametrize("part", ["facts", "decisions", "checklist"])
    def test_a_name_that_is_shaped_like_one_is_said(self, part):
        # Without it nobody would find the slip. docs/privacy.md asks that names of keys be those of facts.
        (error, _) = decide_all(json.dumps({"as_of": "2026-04-02", part: {"hom_area": "done"}}).encode())
        assert "`hom_area`" in str(error)

    @pytest.mark.parametrize("text", [f'{{"{NAME}": 1, "{NAME}": 2}}', f"{NAME}: 1\n{NAME}: 2\n", f"facts: {{{NAME}: 1, {NAME}: 2}}\n"])
    def test_about_a_name_that_stands_twice(self, text):
        (error,) = decide_all(text.encode())
        assert "a key stands twice" in str(error)
        assert leaks(error) == []

    @pytest.mark.parametrize(
        "facts",
        [
            {"first_looked_after_review_on": "1987-06-05", "second_looked_after_review_on": "1987-06-04"},
            {"looked_after": "yes", "legal_basis": "none"},
        ],
        ids=str,
    )
    def test_about_facts_that_contradict_each_other(self, facts):
        (error, _) = decide_all(json.dumps({"as_of": "2026-04-02", "facts": {**facts, "care_order_made_on": DAY}}).encode())
        assert error.diagnostics[0].code == "impossible"
        assert leaks(error) == []

    @pytest.mark.parametrize("day", ["1950-01-01", "1987-06-05", "2149-06-05", "2150-12-31"])
    def test_a_day_outside_the_calendar_is_answered_or_refused_without_it(self, day):
        facts = {"current_team": "assessment", "lead_plan": "in_care", "planning_meeting_on": day, "proceedings_issued_on": day}
        for as_of in ("2026-04-02", day):
            errors = decide_all(json.dumps({**KNOWN, "as_of": as_of, "facts": facts}).encode())
            assert [told for error in errors for told in told_by(error) if day in told] == []

    @pytest.mark.parametrize(
        "text",
        [
            *(f"as_of: 2026-04-02\nfacts:\n  lead_plan: {value}\n" for value in (
                f'"{NAME}', f"'{NAME}", f"[{NAME}", f"{{{NAME}", f"{NAME}: {NAME}", f"&{WORD} x", f"*{WORD}", f"!{WORD} x", f"!{WORD}!{WORD} x",
                f"!<{WORD}> x", f"!!{WORD} x", f'"\\{NAME}"', f"@{NAME}", f"%{NAME}", f"\t{NAME}",
                f"{NAME}\x00", f"{NAME}\u202e", f"| {NAME}", f"? {NAME}",
            )),
            f"%TAG !{WORD}! {WORD}\n---\na: b\n", f"%TAG !{WORD}! a\n%TAG !{WORD}! b\n---\na: b\n", f"%{NAME}\n---\na: b\n",
            NAME, f"- {NAME}", f"{NAME}: ~\n---\n{NAME}",
            *("{" + rest for rest in (
                f'"{NAME}"', f'"a": {NAME}', f'"a": "{NAME}', f'"a": {NUMBER}', f'"{NAME}": ["{NAME}"', "[" * 99 + NAME, f'"a": "\\{NAME}"',
            )),
        ],
    )  # fmt: skip
    def test_about_a_file_that_cannot_be_taken_apart(self, text):
        for data in (text.encode(), text.encode() + b"\xff", text.encode("utf-16")):
            errors = decide_all(data)
            assert errors
            assert leaks(*errors) == []
            assert parts_in(command("decide", "--policy", str(PATH), given=data).output) == []

    def test_about_one_case_of_many(self):
        bad = {"as_of": "2026-04-02", "facts": {"lead_plan": NAME, "home_area": WORD}, "checklist": {"risk_summary": DAY.replace("-", "/")}}
        worse = {"as_of": NAME, NAME: NAME}
        for data in written({"c 1": a_receipt()["snapshot"], "c 2": bad, "c 3": worse, "c 4": NAME}).values():
            for form in ("text", "json"):
                result = command("decide", "--policy", str(PATH), "--format", form, given=data)
                assert (result.exit_code, parts_in(result.output)) == (1, [])
                assert [line for line in result.stderr.splitlines() if line.startswith("c ")] == ["c 2:", "c 3:", "c 4:"]

    def test_about_an_answer_that_is_typed_in(self):
        given = f"as_of: 2026-04-02\nfacts: {{current_team: assessment, lead_plan: {NAME}}}\n"
        Path("case.yaml").write_text(given, encoding="utf-8")
        assert parts_in(command("decide", "--policy", str(PATH), "--ask", "case.yaml", given="").output) == []

    @pytest.fixture(autouse=True)
    def _in_a_folder_of_its_own(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)


def a_receipt() -> dict[str, Any]:
    """Return a receipt of a case of the invented council."""
    snapshot = CaseSnapshot(as_of=date(2026, 4, 2), unstated="not_so", current_team="assessment", lead_plan="in_care", home_area="north")
    return receipt(marlshire(), snapshot, evaluate(marlshire(), snapshot))


class TestMessagesAboutReceipts:
    """What is wrong with a receipt is said without its values. (What differs is said with them: that is the answer to `replay`.)"""

    @pytest.mark.parametrize(("part", "name"), PLACES)
    def test_about_a_snapshot_that_is_refused(self, part, name):
        refused: list[dict[str, Any]] = []
        errors: list[TransferRulesError] = []
        for value in CANARIES:
            one = a_receipt()
            one["snapshot"] |= {part: {name: value}} if part else {name: value}
            try:
                found = replay(marlshire(), one)
            except SnapshotError as error:
                errors.append(error)
                continue
            if found.verdict == "refused":
                refused.append(one)
                assert parts_in(say_replay(found) + json.dumps(replay_to_dict(found)) + repr(found)) == []
        assert leaks(*errors) == []
        assert len(refused) + len(errors) >= len(CANARIES) // 2
        result = command("replay", "--policy", str(PATH), given=json.dumps({f"c {number}": one for number, one in enumerate(refused)}))
        assert (result.exit_code, parts_in(result.output)) == (1, [])

    @pytest.mark.parametrize(
        "text",
        [
            json.dumps({**a_receipt(), NAME: NAME}),
            json.dumps({"receipt": NAME, "snapshot": NAME, "decision": NAME}),
            json.dumps({"receipt": 1, "snapshot": {}, "decision": {"identity": {"pack": NAME}, "x": 9876543.5}}),
            json.dumps({NAME: {"receipt": 1, NAME: NAME}}),
            json.dumps(a_receipt())[:-1] + NAME,
            f'{{"{NAME}": 1, "{NAME}": 2}}',
            f'["{NAME}"]',
        ],
    )
    def test_about_what_is_no_receipt(self, text):
        errors: list[TransferRulesError] = []
        try:
            errors += [one.error for one in read_receipts(text.encode(), "receipts") if one.error is not None]
        except SnapshotError as error:
            errors.append(error)
        assert errors or json.loads(text)["decision"]
        assert leaks(*errors) == []
        result = command("replay", given=text)
        # The label is the caller's own, and stands above what is said of its receipt.
        said = result.output.replace(f"{NAME}:\n", "")
        assert (result.exit_code, parts_in(said)) == (2, [])


def spoilt(draw: st.DrawFn, data: Any, odds: int) -> Any:
    """Return JSON data with some of its values, and some names, replaced by canaries; only those that are drawn, so that the rest stays valid."""
    if isinstance(data, dict) and data:
        return {(NAME if draw(st.integers(0, 40)) == 0 else key): spoilt(draw, value, odds) for key, value in data.items()}
    return draw(st.sampled_from(CANARIES)) if draw(st.integers(0, odds)) == 0 else data


@st.composite
def spoilt_files(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Draw a valid case with things out of place, and the bytes of a file of it with a few characters wrong besides."""
    whole = spoilt(draw, snapshot_to_dict(draw(snapshots(marlshire(), unknowns=False))), 6)
    data = draw(st.sampled_from([*written(whole).values()]))
    text = data.decode()
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from([*"{}[]:,\"'&*!|>%@`#?-\\\n\t\x00\u202e", ""])) + text[place + draw(st.integers(0, 2)) :]
    return data, text.encode()


class TestMessagesOnDrawnCases:
    """No message about a drawn case with things out of place, or about a file of it that is broken, holds any of them."""

    @given(files=spoilt_files())
    @settings(LOOSE, max_examples=150)
    def test_in_files(self, files):
        for data in files:
            for error in decide_all(data):
                assert leaks(error) == []


# --- what could command a terminal

# All control characters but tab and newline, and those that hide, join or turn round what stands beside them.
ODD = [
    *map(chr, range(9)), *map(chr, range(0xB, 0x20)), *map(chr, range(0x7F, 0xA0)), *"\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d",
    *"\u202e\u2066\u2067\u2068\u2069\ufeff\U000e0041",
]  # fmt: skip
ESCAPES = "\x1b[31m\x1b]0;title\x07\r\b\x7f\x9b\u202e\u2066\u2028\n\x0c"


def odd_in(text: str) -> set[str]:
    """Return the characters in a text that a terminal would act on, or a reader not see; lines and columns may be."""
    return {character for character in text if not character.isprintable() and character not in "\n\t"}


def texts_in(node: Node) -> Iterator[Text]:
    match node:
        case Text():
            yield node
        case Items(items=items):
            for item in items:
                yield from texts_in(item)
        case Fields(fields=fields):
            for key, value in fields:
                yield key
                yield from texts_in(value)


def with_text(node: Node, old: Text, new: Text) -> Node:
    """Return a tree with one of its texts replaced."""
    match node:
        case Items(items=items):
            return replace(node, items=tuple(with_text(item, old, new) for item in items))
        case Fields(fields=fields):
            return replace(node, fields=tuple((new if key is old else key, with_text(value, old, new)) for key, value in fields))
        case _:
            return new if node is old else node


class TestTheTerminal:
    """Escape codes, control characters and those that turn a line round never reach a terminal.

    A pack that holds one is refused, unless it counts as white space; names of files, labels and words of the command line are shown with the
    character spelled out.
    """

    @given(text=st.text())
    @settings(LOOSE, max_examples=200)
    def test_what_is_spelled_out_can_be_printed(self, text):
        assert spelled_out(text + ESCAPES).isprintable()

    @pytest.mark.parametrize("character", ODD, ids=lambda character: f"U+{ord(character):04X}")
    def test_a_pack_that_holds_one_is_refused_or_has_a_space_there(self, character):
        label = "label: Court Team"
        assert TEXT.count(label) == 1
        texts = [f'label: "Court\\U{ord(character):08x}Team"']
        # Raw, some of them end a line of YAML.
        texts += [f"label: Court{character}Team"] * (character not in "\r\x85\u2028\u2029")
        for text in texts:
            try:
                policy = parse_policy(TEXT.replace(label, text).encode(), "pack.yaml")
            except PackError as error:
                refused, said = {found.code for found in error.diagnostics}, str(error)
            else:
                refused, said = set[str](), policy.team_label("court")
            assert "odd-character" in refused or said == "Court Team"
            assert odd_in(said) == set()

    def test_no_text_of_a_pack_may_hold_one(self):
        document = read_yaml(TEXT.encode(), "pack.yaml")
        texts = [*texts_in(document.root)]
        assert len(texts) > 500
        for text in texts[::5]:
            root = with_text(document.root, text, replace(text, text=text.text + "\x1b[31m", plain=False))
            with pytest.raises(PackError) as caught:
                policy_of_document(Document(root, document.lines, ()), PATH.parent)
            assert odd_in(str(caught.value)) == set()

    def test_a_ledger_that_holds_one_is_refused(self, tmp_path):
        (tmp_path / "clauses").mkdir()
        ledger = (PATH.parent / "clauses" / "marlshire.csv").read_text(encoding="utf-8")
        (tmp_path / "marlshire.yaml").write_text(TEXT, encoding="utf-8")
        for old, new in (("", ""), ("4.9", "4.9\x1b[31m"), ("4.9", "4.9\u202e"), ("4.9", "4.9\x9b")):
            assert old in ledger
            (tmp_path / "clauses" / "marlshire.csv").write_text(ledger.replace(old, new, 1) if old else ledger, encoding="utf-8")
            if old:
                with pytest.raises(PackError) as caught:
                    load_policy(tmp_path / "marlshire.yaml")
                assert odd_in(str(caught.value)) == set()
            else:
                load_policy(tmp_path / "marlshire.yaml")

    @pytest.mark.skipif(os.name == "nt", reason="files there cannot have such names")
    @pytest.mark.parametrize(
        "line",
        [
            "decide -p {pack} {case}", "decide -p {pack} {case} {case} --format json", "decide -p {pack} {bad}", "decide -p {pack} {odd}",
            "decide -p {odd} {case}", "decide -p {pack} {case} --receipt {odd}/x", "decide -p {pack} {labels} --why --readings --ahead",
            "decide -p {pack} {labels} --format json", "decide -p {pack} --as-of {odd}", "decide -p {pack} --format {odd}",
            "decide --{odd}", "{odd}", "-{odd}",
            "check {pack}", "check {broken}", "check {odd} --undecided", "show {pack}", "show {pack} {odd}", "show {pack} court", "show {odd}",
            "show {pack} final_order_to_permanence", "show {pack} --clauses", "show a b {odd}",
            "test {pack} --examples {examples}", "test {pack} --examples {odd}", "test {odd}",
            "replay -p {pack} {receipt}", "replay -p {pack} {receipts}", "replay -p {pack} {receipts} --format json", "replay {odd}",
            "schema {odd}", "schema snapshot -p {pack}", "schema snapshot -p {odd}",
        ],
    )  # fmt: skip
    def test_no_command_prints_one(self, line, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        altered = a_receipt()
        altered["decision"]["deadline"] = {"on": ESCAPES, ESCAPES: [ESCAPES]}
        good, bad = a_receipt()["snapshot"], {"as_of": ESCAPES, ESCAPES: ESCAPES, "facts": {ESCAPES: 1}}
        files = {
            "pack": TEXT.replace(", ledger: clauses/marlshire.csv", ""), "broken": TEXT.replace("lead_plan, is: in_care", "leed_plan, is: in_care"),
            "case": json.dumps(good), "bad": json.dumps(bad), "labels": json.dumps({ESCAPES: good, f"{ESCAPES}2": bad, "\ud800\x7f": good}),
            "examples": json.dumps([{"name": ESCAPES, "as_of": "2026-04-02", "expect": {"outcome": "close", "receiving_team": ESCAPES}}]),
            "receipt": json.dumps(altered), "receipts": json.dumps({ESCAPES: altered, f"{ESCAPES}2": {"receipt": 1}, "\x7f": a_receipt()}),
        }  # fmt: skip
        paths = {name: f"./{name}{ESCAPES}.yaml" for name in files}
        for name, text in files.items():
            Path(paths[name]).write_text(text, encoding="utf-8")
        result = command(*(word.format(odd=ESCAPES, **paths) for word in line.split(" ")), given="")
        assert "Traceback" not in result.output
        assert result.output.strip()
        assert odd_in(result.output) == set()


# --- what is read, kept and written

# Says as JSON which files outside Python and the installed packages were opened, and whether to write; and what else was asked of the machine.
WATCH = """
import json, os, sys
seen = []
ASKED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove", "os.rename", "os.mkdir", "os.putenv", "os.link",
         "os.symlink", "os.chmod", "os.truncate", "tempfile.", "shutil.", "syslog.", "urllib.")
OURS = tuple(os.path.realpath(path) for path in {sys.prefix, sys.base_prefix, *json.loads(sys.argv.pop(1))})
def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(args[0]))
        flags = os.O_WRONLY | os.O_RDWR | os.O_CREAT
        writing = bool(set("wax+") & set(args[1] or "")) or bool((args[2] or 0) & flags)
        if writing or not path.startswith(OURS):
            seen.append([path, writing])
    elif event.startswith(ASKED):
        seen.append([event, True])
sys.addaudithook(watch)
from transfer_rules.cli import main
try:
    main(sys.argv[1:])
finally:
    sys.stderr.write(json.dumps(seen))
"""


def seen_by(folder: Path, *arguments: str) -> list[list[Any]]:
    """Run the command in a process that is watched; return the files it opened and what else it asked of the machine."""
    ours = json.dumps([str(SOURCE), str(ROOT / "policies")])
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", WATCH, ours, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # A file that is opened once may raise more than one event.
    seen: list[list[Any]] = []
    for one in json.loads(done.stderr):
        if one not in seen:
            seen.append(one)
    return seen


class TestWhatIsReadAndWritten:
    """A command reads the files that it is given and writes none, unless `--receipt` or `--output` names one."""

    def test_decide_reads_the_case_and_writes_nothing(self, tmp_path):
        case = tmp_path / "case.json"
        case.write_text(json.dumps(a_receipt()["snapshot"]), encoding="utf-8")
        pack = [[os.path.realpath(PATH), False], [os.path.realpath(PATH.parent / "clauses" / "marlshire.csv"), False]]
        assert seen_by(tmp_path, "decide", "--policy", str(PATH), "case.json", "--why") == [*pack, [os.path.realpath(case), False]]
        assert [path.name for path in tmp_path.iterdir()] == ["case.json"]

    def test_a_receipt_is_all_that_is_written_and_replay_writes_nothing(self, tmp_path):
        case, kept = tmp_path / "case.json", tmp_path / "receipt.json"
        case.write_text(json.dumps({**KNOWN, "facts": {"current_team": "child_in_need"}}), encoding="utf-8")
        seen = seen_by(tmp_path, "decide", "--policy", "warrington", "case.json", "--receipt", "receipt.json")
        assert seen == [[os.path.realpath(case), False], [os.path.realpath(kept), True]]
        assert json.loads(kept.read_text(encoding="utf-8"))["snapshot"]["facts"] == {"current_team": "child_in_need"}
        assert seen_by(tmp_path, "replay", "receipt.json") == [[os.path.realpath(kept), False]]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["case.json", "receipt.json"]

    def test_a_caseload_is_read_and_its_decisions_are_all_that_is_written(self, tmp_path):
        cases, decisions = tmp_path / "cases.csv", tmp_path / "decisions.csv"
        cases.write_text("as_of,current_team\n2026-04-02,child_in_need\n", encoding="utf-8")
        seen = seen_by(tmp_path, "decide", "--policy", "warrington", "--batch", "cases.csv", "--output", "decisions.csv")
        assert [one for one in seen if one[0].startswith(os.path.realpath(tmp_path))] == [
            [os.path.realpath(cases), False],
            [os.path.realpath(decisions), True],
        ]
        # numpy sets a variable of its own process while it is imported.
        assert [one for one in seen if one[1] and one[0] != "os.putenv"] == [[os.path.realpath(decisions), True]]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.csv", "decisions.csv"]

    def test_nothing_logs_warns_or_asks_for_a_variable(self):
        used: set[str] = set()
        for path in SOURCE.rglob("*.py"):
            # `testing` is for tests, other people's included, and no part of deciding.
            if path.relative_to(SOURCE).parts[0] == "testing":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Import(names=names):
                        used |= {alias.name.split(".")[0] for alias in names}
                    case ast.ImportFrom(module=str(module), level=0):
                        used.add(module.split(".")[0])
                    case ast.Attribute(attr="environ" | "getenv" | "environb" as name):
                        used.add(name)
        forbidden = {
            "logging",
            "warnings",
            "environ",
            "getenv",
            "environb",
            "socket",
            "urllib",
            "http",
            "subprocess",
            "tempfile",
            "pickle",
            "shelve",
            "sqlite3",
        }
        assert used & forbidden == set()
        assert {"click", "pathlib", "json"} <= used

    def test_a_receipt_holds_the_facts_that_were_given_and_no_more(self):
        snapshot = CaseSnapshot(as_of=date(2026, 4, 2), current_team="assessment", lead_plan="in_care", unstated="not_so")
        kept = json.loads(receipt_to_json(receipt(marlshire(), snapshot, evaluate(marlshire(), snapshot))))
        assert kept["snapshot"] == {"as_of": "2026-04-02", "unstated": "not_so", "facts": {"current_team": "assessment", "lead_plan": "in_care"}}
        assert [*kept] == ["receipt", "snapshot", "decision"]
        assert {*kept["decision"]["identity"]} >= {"pack", "edition", "digest", "calendar_digest", "horizon", "library"}

    def test_the_label_of_a_case_is_in_no_decision(self, tmp_path):
        result = command(
            "decide",
            "--policy",
            str(PATH),
            "--format",
            "json",
            "--receipt",
            str(tmp_path / "r.json"),
            given=json.dumps({NAME: KNOWN}),
        )
        for text in (result.stdout, (tmp_path / "r.json").read_text(encoding="utf-8")):
            assert [*json.loads(text)] == [NAME]
            assert parts_in(json.dumps(json.loads(text)[NAME])) == []

    def test_facts_that_no_answer_hangs_on_need_not_be_given(self):
        policy, dropped = marlshire(), 0

        @given(snapshot=snapshots(policy, unknowns=False))
        @settings(LOOSE, max_examples=60)
        def leaving_them_out(snapshot: CaseSnapshot) -> None:
            nonlocal dropped
            unread = {name for name in snapshot.stated() if name not in policy.facts_read}
            local = {name: value for name, value in snapshot.local_facts.items() if name in policy.facts_read}
            dropped += len(unread) + len(snapshot.local_facts) - len(local)
            less = replace(snapshot, local_facts=local, **dict.fromkeys(unread))
            one, other = (evaluate(policy, case) for case in (snapshot, less))
            for part in ("outcome", "certainty", "receiving_team", "deadline", "required", "missing", "to_decide"):
                assert getattr(one, part) == getattr(other, part)

        leaving_them_out()
        assert dropped > 60

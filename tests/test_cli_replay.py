"""The command `transfer-rules replay`: what it prints, how it ends, and that no receipt can command a terminal or leak a traceback."""

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.loaded import bundled
from transfer_rules import CaseSnapshot, evaluate
from transfer_rules.cli import main
from transfer_rules.receipts import receipt, receipt_to_json, receipts_to_json, replay, replay_to_dict, say_replay

from .marlshire import PATH, marlshire

PACK = str(PATH)
ESCAPE = "\x1b[31mred\x07"
DAY = "2026-04-02"


def written(**facts: Any) -> dict[str, Any]:
    """Return a receipt of the invented pack."""
    return deepcopy(_written(**facts))


@cache
def _written(**facts: Any) -> dict[str, Any]:
    snapshot = CaseSnapshot(as_of=DAY, current_team="front_door", front_door_decision="social_work_assessment", **facts)
    return receipt(marlshire(), snapshot, evaluate(marlshire(), snapshot))


@cache
def warrington() -> str:
    """Return the text of a receipt of a bundled pack."""
    policy, snapshot = bundled("warrington"), CaseSnapshot(as_of=DAY, unstated="not_so", current_team="mash")
    return receipt_to_json(receipt(policy, snapshot, evaluate(policy, snapshot)))


def altered(part: str = "outcome", to: Any = "stay", *, identity: str | None = None) -> dict[str, Any]:
    """Return a receipt whose decision, or the identity in it, is another."""
    changed = written()
    (changed["decision"] if identity is None else changed["decision"]["identity"])[identity or part] = to
    return changed


DIFFERS = altered()
SAME = altered(identity="edition", to="3.0")
REFUSED: dict[str, Any] = {**SAME, "snapshot": {"as_of": DAY, "facts": {"unheard_of": "yes"}}}
MANY = {"c 1": written(), "c 2": SAME, "c 3": DIFFERS, "c 4": REFUSED, "c 5": {"receipt": 2}}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, one in (("one", written()), ("differs", DIFFERS), ("same", SAME), ("refused", REFUSED)):
        save(name, {None: one})
    save("many", MANY)
    save("good", {"c 1": written(), "c 2": written(last_holding_team="none")})
    Path("broken.json").write_text("{", encoding="utf-8")


def save(name: str, receipts: dict[str | None, Any] | dict[str, Any]) -> None:
    """Write a file of receipts."""
    Path(f"{name}.json").write_text(receipts_to_json({**receipts}), encoding="utf-8")


def run(*arguments: str, given: str | bytes | None = None) -> Result:
    """Run `replay`; whatever happens, it ends by itself and not by an error of its own."""
    result = CliRunner().invoke(main, ["replay", *arguments], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def again(*arguments: str, given: str | bytes | None = None) -> Result:
    """Run `replay` with the invented pack."""
    return run("--policy", PACK, *arguments, given=given)


class TestOneReceipt:
    """Of one receipt its words are printed."""

    @pytest.mark.parametrize("one", [written(), DIFFERS, SAME, REFUSED], ids=["identical", "differs", "same", "refused"])
    def test_it_is_said_in_text(self, one):
        assert again(given=receipt_to_json(one)).stdout == say_replay(replay(marlshire(), one)) + "\n"

    @pytest.mark.parametrize("one", [written(), DIFFERS, SAME, REFUSED], ids=["identical", "differs", "same", "refused"])
    def test_it_is_given_as_json(self, one):
        assert json.loads(again("--format", "json", given=receipt_to_json(one)).stdout) == replay_to_dict(replay(marlshire(), one))

    @pytest.mark.parametrize("arguments", [(), ("-",), ("one.json",)])
    def test_it_comes_from_a_file_or_from_standard_input(self, arguments):
        result = again(*arguments, given=receipt_to_json(written()))
        assert (result.exit_code, result.stdout) == (0, "identical: the same decision, byte for byte\n")

    def test_a_receipt_that_was_altered_is_said_to_be_so(self):
        assert "the receipt was altered, or the library under its version" in again("differs.json").stdout.splitlines()[0]


class TestManyReceipts:
    """Of many receipts each has a line under its label, and they are counted."""

    def test_each_has_a_line_under_its_label_and_a_count_ends_it(self):
        lines = [line for line in again("many.json").stdout.splitlines() if not line.startswith("  ")]
        assert lines == [
            "c 1: identical: the same decision, byte for byte",
            "c 2: the same answer, by another pack",
            "c 3: differs in 1 thing, though pack, calendar and version are the same: the receipt was altered, or the library under its version",
            "c 4: refused: the snapshot cannot be decided any more, by another pack",
            "5 receipts: 1 identical, 1 the same answer, 1 differing, 1 refused, 1 not read",
        ]

    def test_one_that_is_none_is_named_on_standard_error(self):
        result = again("many.json")
        assert result.stderr.splitlines()[0] == "c 5:"
        assert "many.json:1:1: error: unknown kind of receipt [unknown-receipt]" in result.stderr

    def test_they_come_under_their_labels_in_json(self):
        replays = json.loads(again("many.json", "--format", "json").stdout)
        assert {label: one and one["verdict"] for label, one in replays.items()} == {
            "c 1": "identical",
            "c 2": "same_answer",
            "c 3": "differs",
            "c 4": "refused",
            "c 5": None,
        }

    def test_one_under_a_label_is_counted_too(self):
        save("labelled", {"c 1": written()})
        assert again("labelled.json").stdout.splitlines()[-1] == "1 receipt: 1 identical"

    def test_a_receipt_of_several_files_goes_by_its_file(self):
        replays = json.loads(again("one.json", "good.json", "same.json", "--format", "json").stdout)
        assert [*replays] == ["one.json", "c 1", "c 2", "same.json"]

    def test_none_is_lost_where_two_files_use_one_label(self):
        replays = json.loads(again("good.json", "many.json", "one.json", "one.json", "one.json", "--format", "json").stdout)
        assert len(replays) == 2 + 5 + 3
        assert "many.json: c 1" in replays


class TestHowItEnds:
    """0 when all are identical, 1 when one differs in anything or is refused, 2 when a file, a receipt or a pack cannot be read."""

    @pytest.mark.parametrize("form", ["text", "json"])
    @pytest.mark.parametrize(
        ("files", "code", "answers"),
        [
            (["one.json"], 0, 0),
            (["good.json"], 0, 0),
            (["same.json"], 1, 0),
            (["good.json", "same.json"], 1, 0),
            (["differs.json"], 1, 1),
            (["refused.json"], 1, 1),
            (["same.json", "refused.json"], 1, 1),
            (["many.json"], 2, 2),
            (["broken.json"], 2, 2),
            (["missing.json"], 2, 2),
            (["."], 2, 2),
            (["one.json", "broken.json"], 2, 2),
            (["differs.json", "missing.json", "one.json"], 2, 2),
        ],
        ids=str,
    )
    def test_it_ends_with_the_worst_of_all(self, files, code, answers, form):
        assert again(*files, "--format", form).exit_code == code
        assert again(*files, "--format", form, "--answers").exit_code == answers

    def test_what_can_be_read_is_replayed_beside_what_cannot(self):
        result = again("broken.json", "one.json", "good.json")
        assert result.stdout.splitlines()[-1] == "3 receipts: 3 identical"
        assert result.stderr.startswith("broken.json:1:2: error: this is not JSON [not-json]\n")

    def test_a_pack_that_cannot_be_loaded_ends_it_with_2(self):
        Path("pack.yaml").write_text("language: 2\n", encoding="utf-8")
        result = run("--policy", "pack.yaml", "one.json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "[unknown-language]" in result.stderr


class TestThePack:
    """Without `--policy` the bundled pack decides that the receipt names."""

    def test_the_bundled_pack_is_found_by_the_name_in_the_receipt(self):
        result = run(given=warrington())
        assert (result.exit_code, result.stdout) == (0, "identical: the same decision, byte for byte\n")

    def test_a_pack_that_is_named_counts_instead(self):
        result = again(given=warrington())
        assert (result.exit_code, result.stdout.splitlines()[0]) == (
            1,
            "refused: the snapshot cannot be decided any more, by another pack and calendar",
        )

    def test_a_pack_that_is_not_bundled_is_asked_for(self):
        result = run("one.json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("one.json:1:1: error: the pack of this receipt is not bundled [unknown-pack]\n")
        assert "--policy ./my_pack.yaml" in result.stderr

    def test_the_others_are_replayed_beside_one_whose_pack_is_not_bundled(self):
        text = json.dumps({"c 1": json.loads(warrington()), "c 2": written()})
        result = run(given=text)
        assert (result.exit_code, result.stderr.splitlines()[0]) == (2, "c 2:")
        assert result.stdout.splitlines() == ["c 1: identical: the same decision, byte for byte", "2 receipts: 1 identical, 1 not read"]

    @pytest.mark.parametrize("name", [PACK, "./pack.yaml", "../../etc/passwd", "warrington", "", ESCAPE])
    def test_a_receipt_cannot_make_it_open_a_file(self, name):
        Path("pack.yaml").write_bytes(PATH.read_bytes())
        result = run(given=json.dumps(altered(identity="pack", to=name)))
        assert (result.exit_code, result.stdout, "[unknown-pack]" in result.stderr) == (2, "", True)
        assert "\x1b" not in result.stderr


class TestWhatComesIn:
    """Nothing that comes in leaks a traceback or commands a terminal."""

    @pytest.mark.parametrize("given", ["", "\x00", "{" * 100_000, "[" * 100_000, "receipt: 1", b"\xff\xfe", '{"a": ' + "9" * 5_000 + "}", "{}"])
    def test_what_is_no_receipt_ends_it_with_2(self, given):
        assert again(given=given).exit_code == 2

    @pytest.mark.parametrize("form", ["text", "json"])
    def test_escape_codes_are_neutralised(self, form):
        odd = altered(to=ESCAPE)
        odd["decision"][ESCAPE] = {ESCAPE: ESCAPE}
        odd["decision"]["identity"]["edition"] = ESCAPE
        result = again("--format", form, given=json.dumps({ESCAPE: odd, f"{ESCAPE}\n2": {"receipt": 1}, "\ud800": odd}))
        assert not {"\x1b", "\x07"} & {*result.stdout, *result.stderr}
        assert "red" in result.stdout
        assert r"\x1b[31mred\x07\x0a2:" in result.stderr

    def test_a_file_name_with_escape_codes_is_neutralised(self):
        result = again(f"{ESCAPE}.json")
        assert (result.exit_code, "\x1b" in result.stderr) == (2, False)

    def test_it_has_help(self):
        result = run("-h")
        assert (result.exit_code, "--answers" in result.stdout) == (0, True)

    def test_it_is_listed_with_its_purpose(self):
        assert "decide a receipt again" in CliRunner().invoke(main, ["--help"]).stdout

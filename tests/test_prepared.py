"""Bundled packs read beforehand: the same policy as from the YAML, and taken only while nothing that it was made from has changed."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from transfer_rules import PackError, load_policy
from transfer_rules.checklists import ANY_TEAM, NO_DUE
from transfer_rules.conditions import ALWAYS
from transfer_rules.loading import files, packs, parse_policy, prepared
from transfer_rules.loading.prepared import path_of, prepare
from transfer_rules.pack import Pack
from transfer_rules.policy import Policy

from .loaded import BUNDLED
from .marlshire import PATH, ROOT

PACKS = [PATH, *(ROOT / "policies" / f"{name}.yaml" for name in BUNDLED)]


def install(folder: Path, pack: Path) -> Path:
    """Lay a pack, its ledger and its prepared form into a folder; return the pack. It is prepared elsewhere than it is read, as for a wheel."""
    (folder / "clauses").mkdir(parents=True)
    (folder / "prepared").mkdir()
    shutil.copy(pack, folder)
    shutil.copy(pack.parent / "clauses" / f"{pack.stem}.csv", folder / "clauses")
    copy = folder / pack.name
    path_of(copy).write_bytes(prepare(pack))
    return copy


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the folder of the bundled packs of a package that is installed."""
    found = tmp_path / "transfer_rules" / "policies"
    for module in (files, prepared):
        monkeypatch.setattr(module, "installed_policies", lambda: found)
    return found


@pytest.fixture
def installed(folder):
    """Return the one bundled pack of that folder."""
    return install(folder, PATH)


@pytest.fixture
def read(monkeypatch):
    """Return the YAML files that are read from now on."""
    found = []

    def noting(data, file, folder, original=packs.read_pack):
        found.append(file)
        return original(data, file, folder)

    monkeypatch.setattr(packs, "read_pack", noting)
    return found


def from_yaml(pack: Path) -> Policy:
    """Return a policy as its YAML gives it."""
    return parse_policy(pack.read_bytes(), pack.as_posix(), pack.parent)


def parts(policy: Policy) -> dict[str, object]:
    """Return all that a policy is, its rival readings too."""
    found = {field.name: getattr(policy, field.name) for field in fields(policy) if field.init and field.name != "readings"}
    return found | {"readings": {name: parts(rival) for name, rival in policy.readings.items()}}


def own_rules(pack: Pack) -> list[str]:
    """Return the rules of rival readings that are not those of the pack itself."""
    return [one.id for rival in pack.readings.values() for one, same in zip(rival.rules, pack.rules, strict=True) if one is not same]


class TestTheSamePolicy:
    """From its prepared form a pack is what its YAML says, to the last place."""

    @pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
    def test_every_part_is_that_of_the_yaml_with_its_place(self, folder, pack):
        copy = install(folder, pack)
        found, wanted = prepared.prepared(copy, copy.read_bytes()), from_yaml(copy).pack
        assert found == wanted
        assert {rule.place.file for rule in found.rules} == {copy.as_posix()}
        assert {clause.place.file for clause in found.ledger.values()} == {(folder / "clauses" / f"{pack.stem}.csv").as_posix()}

    def test_so_is_every_part_of_the_compiled_policy(self, installed, read):
        policy = load_policy("marlshire")
        assert read == []
        assert parts(policy) == parts(from_yaml(installed))

    def test_rival_readings_share_the_rules_that_they_leave_alone(self, installed):
        pack = load_policy("marlshire").pack
        assert 0 < len(own_rules(pack)) < len(pack.readings) * len(pack.rules)
        assert own_rules(pack) == own_rules(from_yaml(installed).pack)

    def test_our_own_constants_stay_what_they_are(self, installed):
        pack = load_policy("marlshire").pack
        assert any(item.due is NO_DUE for item in pack.items.values())
        assert any(item.when is ALWAYS for item in pack.items.values())
        assert any(one.to_teams is ANY_TEAM for duty in pack.duties for one in duty.applies)

    def test_another_process_prepares_the_same_bytes(self):
        code = "import sys; from pathlib import Path; from transfer_rules.loading.prepared import prepare; print(prepare(Path(sys.argv[1])).decode())"
        environments = [{**os.environ, "PYTHONHASHSEED": seed} for seed in ("1", "2")]
        said = {subprocess.run([sys.executable, "-c", code, str(PATH)], env=one, capture_output=True, check=True).stdout for one in environments}
        assert said == {prepare(PATH) + os.linesep.encode()}

    def test_a_faulty_pack_cannot_be_prepared(self, tmp_path):
        pack = tmp_path / "empty.yaml"
        pack.write_text("", encoding="utf-8")
        with pytest.raises(PackError, match="empty"):
            prepare(pack)


class TestWhenItIsTaken:
    """For a bundled pack, by its name, and only if pack, ledger, version and the prepared form itself are as they were."""

    def test_while_nothing_has_changed(self, installed, read):
        assert load_policy("marlshire").pack.ledger
        assert read == []

    def test_not_for_a_pack_that_was_edited(self, installed, read):
        installed.write_text("# edited\n" + installed.read_text(encoding="utf-8"), encoding="utf-8")
        policy, before = load_policy("marlshire"), from_yaml(PATH)
        assert read == [installed.as_posix(), PATH.as_posix()]
        assert [rule.place.line - 1 for rule in policy.pack.rules] == [rule.place.line for rule in before.pack.rules]

    def test_what_an_edit_has_broken_is_told_with_its_place(self, installed):
        installed.write_text(installed.read_text(encoding="utf-8").replace("from: assessment", "from: assesment", 1), encoding="utf-8")
        with pytest.raises(PackError) as error:
            load_policy("marlshire")
        (fault,) = error.value.diagnostics
        assert (fault.code, fault.location.file) == ("unknown-team", installed.as_posix())

    def test_not_where_the_ledger_was_edited(self, installed, folder, read):
        ledger = folder / "clauses" / "marlshire.csv"
        ledger.write_text(ledger.read_text(encoding="utf-8") + "MAR-99,99.9,guidance\n", encoding="utf-8")
        assert load_policy("marlshire").pack.ledger["MAR-99"].section == "99.9"
        assert read

    def test_not_where_the_ledger_is_gone(self, installed, folder):
        (folder / "clauses" / "marlshire.csv").unlink()
        with pytest.raises(PackError, match="no-ledger"):
            load_policy("marlshire")

    def test_not_for_another_version_of_the_library(self, installed, monkeypatch, read):
        monkeypatch.setattr(prepared, "VERSION", "0.0.9")
        load_policy("marlshire")
        assert read

    @pytest.mark.parametrize("at", [0, 40, 70, 90, -1], ids=str)
    def test_not_where_one_byte_of_it_is_another(self, installed, read, at):
        data = bytearray(path_of(installed).read_bytes())
        data[at] ^= 1
        path_of(installed).write_bytes(data)
        assert parts(load_policy("marlshire")) == parts(from_yaml(installed))
        assert read

    @pytest.mark.parametrize("data", [b"", b"\n", b" \n", b"\xff\xfe \n", b"None \n[]"], ids=repr)
    def test_not_where_it_is_something_else(self, installed, read, data):
        path_of(installed).write_bytes(data)
        load_policy("marlshire")
        assert read

    def test_not_where_it_cannot_be_read(self, installed, read):
        path_of(installed).unlink()
        path_of(installed).mkdir()
        load_policy("marlshire")
        assert read

    def test_not_for_a_path_outside_the_package(self, tmp_path, read):
        load_policy(install(tmp_path / "elsewhere", PATH))
        assert read

    def test_a_checkout_holds_none(self, read):
        assert not (ROOT / "policies" / "prepared").exists()
        load_policy("suffolk")
        assert read


class TestWhatItCanHold:
    """Even under a right digest nothing is made but parts of a pack and plain values."""

    @pytest.mark.parametrize("name", ["eval", "getcwd", "timedelta", "Path", "Calendar", "PackError", "list", "", "re.compile"])
    def test_nothing_else_is_made(self, installed, name):
        forge(installed, json.dumps([[name, "1"]]).encode())
        with pytest.raises(KeyError):
            load_policy("marlshire")

    def test_a_forger_who_knows_the_digest_is_believed_otherwise(self, installed, read):
        _, _, body = path_of(installed).read_bytes().partition(b"\n")
        forge(installed, body.replace(b'"Assessment Team"', b'"Forged Team"'))
        assert load_policy("marlshire").pack.teams["assessment"].label == "Forged Team"
        assert read == []


def forge(pack: Path, body: bytes) -> None:
    """Put another content under a digest that is right."""
    ledger = "clauses/marlshire.csv"
    parts = (prepared.VERSION.encode(), pack.read_bytes(), ledger.encode(), (pack.parent / ledger).read_bytes(), body)
    digest = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
    path_of(pack).write_bytes(f"{digest} {ledger}\n".encode() + body)

"""The page of diagnostics and the source name the same ones."""

import pytest

from transfer_rules.loading import nodes, parts, reader, trees
from transfer_rules.loading.nodes import CASES_BYTES

from .codes import CASE_MODULES, DECISION_MODULES, PACK_MODULES, PAGE, codes, explained

FILES, PACKS, CLAUSES, RULES, CASES = (explained(heading) for heading in ("Files", "Packs", "Clauses", "Rules and teams", "Snapshots and examples"))
WARNINGS = explained("Warnings of a decision")
# Put together from what is unknown.
OF_CASES = {"unknown-fact", "unknown-team", "unknown-area", "unknown-decision", "unknown-item-or-duty"}


def test_the_page_explains_every_fault_of_a_pack_and_no_other():
    assert {*FILES, *PACKS, *CLAUSES, *RULES} == codes(*PACK_MODULES)


def test_the_page_explains_every_fault_of_a_snapshot_or_an_example():
    given = {code for code in codes(*CASE_MODULES) if not code.endswith("-")} | OF_CASES
    assert given <= {*FILES, *PACKS, *CASES}
    assert {*CASES} <= given


def test_the_page_explains_every_warning_of_a_decision_and_no_other():
    assert {*WARNINGS} == codes(*DECISION_MODULES)


def test_the_page_explains_each_once():
    tables = (FILES, PACKS, CLAUSES, RULES, CASES, WARNINGS)
    assert len({code for table in tables for code in table}) == sum(map(len, tables))


@pytest.mark.parametrize(
    "limit",
    [
        f"{nodes.PACK_BYTES // 1024} KiB, {nodes.PACK_NODES:,} entries, {nodes.MAX_DEPTH} levels",
        f"{nodes.MAX_OPEN_BRACKETS} open brackets and {parts.MAX_RULES} rules",
        f"at most {trees.MAX_TREE:,} parts, {trees.MAX_LEVELS} levels and {trees.MAX_YEARS:,} years",
        f"the whole pack at most {trees.MAX_PACK:,} parts",
        f"at most {nodes.LEDGER_BYTES // 1024**2} MiB",
        f"at most {CASES_BYTES // 1024**2} MiB, {nodes.CASES_NODES:,} entries",
        f"among {reader.MAX_COMPARED:,} others",
    ],
)
def test_the_page_states_the_limits_as_they_are(limit):
    assert limit in PAGE.read_text(encoding="utf-8")


def test_the_rival_readings_may_be_as_large_as_the_pack():
    assert parts.MAX_REREAD == trees.MAX_PACK

"""The clause account: every clause of the ledger is carried out, or set aside with a reason that its kind allows."""

import pytest

from transfer_rules.checks import Report, check_policy
from transfer_rules.checks.clauses import carriers
from transfer_rules.cli.check import with_line
from transfer_rules.errors import Diagnostic
from transfer_rules.loading import load_policy

from .marlshire import END, HEAD, RULE, marlshire, small


@pytest.fixture
def check(tmp_path):
    """Return a check of a small pack against a ledger: clause and kind by pairs, what the rule carries out, what is set aside."""

    def checked(ledger: dict[str, str], clauses: str = "[]", account: str = "{}", more: str = "") -> list[tuple[str, str]]:
        rows = "".join(f"{clause},{clause[2:]},{kind}\n" for clause, kind in ledger.items())
        (tmp_path / "ledger.csv").write_text("clause,section,kind\n" + rows, encoding="utf-8")
        text = HEAD.replace('"3.1"}', '"3.1", ledger: ledger.csv}') + more + RULE.replace("from:", f"clauses: {clauses}, from:")
        (tmp_path / "pack.yaml").write_text(text + END + f"clauses: {account}\n", encoding="utf-8")
        findings = check_policy(load_policy(tmp_path / "pack.yaml")).findings
        assert all(finding.location and finding.why and finding.mend for finding in findings)
        return [(finding.code, finding.message) for finding in findings]

    return checked


def test_a_pack_without_a_ledger_is_not_checked(tmp_path):
    (tmp_path / "pack.yaml").write_text(small(rules=RULE.replace("from:", "clauses: [M-1], from:")), encoding="utf-8")
    assert check_policy(load_policy(tmp_path / "pack.yaml")) == Report(())


def test_a_clause_that_a_rule_lists_is_accounted_for(check):
    assert check({"M-1": "transfer"}, "[M-1]") == []


@pytest.mark.parametrize("account", ["{guidance: {M-1: why}}", "{no_effect: {M-1: why}}"])
def test_a_clause_of_guidance_may_be_set_aside(account, check):
    assert check({"M-1": "guidance"}, account=account) == []


def test_a_clause_that_does_nothing_here_may_be_set_aside_as_without_effect(check):
    assert check({"M-1": "retain"}, account="{no_effect: {M-1: why}}") == []


def test_a_clause_nobody_lists_is_found(check):
    assert check({"M-1": "transfer"}) == [("unclaimed-clause", "clause M-1 (1, transfer) is not accounted for")]


def test_a_clause_that_only_an_interpretation_cites_is_not_carried_out(check):
    cited = "interpretations: [{id: i, clauses: [M-1], question: q, reading: r}]\n"
    assert [code for code, _ in check({"M-1": "transfer"}, more=cited)] == ["unclaimed-clause"]


def test_a_clause_carried_out_and_set_aside_is_found(check):
    assert [code for code, _ in check({"M-1": "guidance"}, "[M-1]", "{guidance: {M-1: why}}")] == ["twice-accounted"]


def test_a_clause_that_says_what_happens_is_no_guidance(check):
    assert check({"M-1": "retain"}, account="{guidance: {M-1: why}}") == [("wrong-account", "clause M-1 is listed as guidance")]


@pytest.mark.parametrize("kind", ["transfer", "route_in", "timescale", "prerequisite", "notice", "people_decide", "escalation"])
def test_a_clause_that_says_what_happens_is_not_without_effect(kind, check):
    assert check({"M-1": kind}, account="{no_effect: {M-1: why}}") == [("wrong-account", "clause M-1 is listed as without effect")]


@pytest.mark.parametrize("more", ["", "interpretations: [{id: i, clauses: [M-9], question: q, reading: r}]\n"])
def test_a_clause_that_the_ledger_lacks_is_found_wherever_it_stands(more, check):
    clauses = "[M-1]" if more else "[M-1, M-9]"
    assert check({"M-1": "transfer"}, clauses, more=more) == [("unknown-clause", "unknown clause M-9")]


def test_findings_come_in_the_order_of_files_and_lines(check):
    found = check({"M-1": "transfer", "M-2": "guidance", "M-3": "transfer"}, "[M-2, M-9]", "{guidance: {M-2: why}}")
    assert [code for code, _ in found] == ["unclaimed-clause", "unclaimed-clause", "twice-accounted", "unknown-clause"]


@pytest.mark.parametrize(
    ("clause", "carried_out_by"),
    [
        ("MAR-4.9", ("final_order_to_permanence",)),
        ("MAR-2.4", ("repeat_referral_goes_back",)),
        ("MAR-5.1", ("warn_receiving_manager",)),
        ("MAR-7.1", ("handover",)),
        ("MAR-7.2", ("risk_summary",)),
        ("MAR-7.9", ("court_bundle",)),
        ("MAR-2.1", ("new_case",)),
        ("MAR-1.3", ("front_door",)),
        ("MAR-2.6", ("leave_to_people",)),
        ("MAR-1.2", ("otherwise",)),
    ],
)
def test_every_kind_of_part_carries_out_its_clauses(clause, carried_out_by):
    assert carriers(marlshire())[clause] == carried_out_by


def test_a_finding_without_a_place_is_shown_as_it_is():
    assert with_line(Diagnostic("unknown-clause", "unknown clause M-9")).line_text == ""

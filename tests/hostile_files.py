"""Hostile files, each with the code of the one finding that it ends in: for the tests, and for the table of what they cost."""

from __future__ import annotations

from collections.abc import Callable

from transfer_rules.loading.nodes import CASES_BYTES, CASES_NODES, EXAMPLES_BYTES, EXAMPLES_NODES, PACK_BYTES, PACK_NODES

Build = Callable[[], bytes]

HEAD = """\
language: 1
authority: {name: Marlshire Council}
source: {title: Moving case responsibility between teams, edition: "3.1"}
in_force: {from: 2025-04-01}
teams: {assessment: {label: Assessment Team}, permanence: {label: Permanence Team, areas: [north, south]}, court: {label: Court Team}}
"""
RULES = "rules: [{id: plan_to_permanence, from: assessment, when: {fact: lead_plan, is: in_care}, transfer_to: permanence}]\n"
END = "otherwise: {label: the case stays}\n"

_DEEP = 10_000
_MEGABYTE = 1024 * 1024


def pack(*, head: str = HEAD, more: str = "", rules: str = RULES) -> bytes:
    """Return a small pack with something more in it."""
    return (head + more + rules + END).encode()


def _bomb() -> bytes:
    """Nine lists, each with the one before it nine times: written out, a thousand million words."""
    return b"a0: &a0 [w,w,w,w,w,w,w,w,w]\n" + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 9))


def _merge_bomb() -> bytes:
    return b"m0: &m0 {k: v}\n" + b"".join(b"m%d: &m%d {<<: [%s]}\n" % (n, n, b",".join([b"*m%d" % (n - 1)] * 9)) for n in range(1, 9))


# Any YAML that we read is refused for these, whatever it is meant to be: name, bytes, code.
YAML: dict[str, tuple[Build, str]] = {
    "nothing at all": (lambda: b"", "empty"),
    "a comment only": (lambda: b"# nothing\n", "empty"),
    "an alias": (lambda: b"a: *b\n", "alias"),
    "an alias bomb": (_bomb, "anchor"),
    "an alias to itself": (lambda: b"a: &a [*a]\n", "anchor"),
    "a merge bomb": (_merge_bomb, "anchor"),
    "a merge key": (lambda: b"a: {<<: {b: c}}\n", "odd-key"),
    "brackets 10,000 deep": (lambda: b"a: " + b"[" * _DEEP + b"]" * _DEEP, "too-deep"),
    "brackets 10,000 deep, never closed": (lambda: b"a: " + b"[" * _DEEP, "too-deep"),
    "braces 10,000 deep": (lambda: b"x: " + b"{a: " * _DEEP + b"1" + b"}" * _DEEP, "too-deep"),
    "lists 10,000 deep on one line": (lambda: b"- " * _DEEP + b"a\n", "too-deep"),
    "keys 10,000 deep on one line": (lambda: b"? " * _DEEP + b"a\n", "too-deep"),
    "mappings 1,000 deep by indents": (lambda: b"".join(b" " * n + b"a:\n" for n in range(1_000)), "too-deep"),
    "brackets hidden by a comment": (lambda: b"# " + b"]" * _DEEP + b"\na: " + b"[\n" * _DEEP, "too-deep"),
    "a list as a key": (lambda: b"? [a, b]\n: c\n", "odd-key"),
    "a mapping as a key": (lambda: b"a: {{b: c}: d}\n", "odd-key"),
    "a tag for Python": (lambda: b"a: !!python/object/apply:os.system [date]\n", "tag"),
    "a tag of its own": (lambda: b"a: !secret b\n", "tag"),
    "a tag of YAML": (lambda: b"a: !!binary aGVsbG8=\n", "tag"),
    "a tag on the whole": (lambda: b"!!omap\n- a: b\n", "tag"),
    "a directive for another version": (lambda: b"%YAML 1.1\n---\na: b\n", "directive"),
    "a directive for tags": (lambda: b"%TAG ! tag:example.org,2000:\n---\na: b\n", "directive"),
    "two documents": (lambda: b"a: b\n---\nc: d\n", "second-document"),
    "10,000 documents": (lambda: b"---\na: b\n" * _DEEP, "second-document"),
    "NUL": (lambda: b"a: b\x00c\n", "odd-character"),
    "an escape code for terminals": (lambda: b"a: \x1b]0;title\x07\n", "odd-character"),
    "a backspace": (lambda: b"a: no\x08\x08yes\n", "odd-character"),
    "a lone carriage return": (lambda: b"a: b\rc: d\r", "odd-character"),
    "a byte-order mark in the middle": (lambda: "a: b\ufeffc\n".encode(), "odd-character"),
    "two byte-order marks": (lambda: "\ufeff\ufeffa: b\n".encode(), "odd-character"),
    "right-to-left": (lambda: "a: north\u202ehtuos\n".encode(), "odd-character"),
    "right-to-left in a comment": (lambda: "a: b  # \u2067c\u2069\n".encode(), "odd-character"),
    "a character of no width": (lambda: "a: no\u200brth\n".encode(), "odd-character"),
    "a separator of lines": (lambda: "a: b\u2028c: d\n".encode(), "odd-character"),
    "a tag character": (lambda: "a: b\U000e0041\n".encode(), "odd-character"),
    "no character at all": (lambda: "a: \uffff\n".encode(), "odd-character"),
    "UTF-16": (lambda: "a: b\n".encode("utf-16"), "not-utf8"),
    "UTF-16 without its mark": (lambda: "a: b\n".encode("utf-16-le"), "odd-character"),
    "UTF-32": (lambda: "a: b\n".encode("utf-32"), "not-utf8"),
    "Latin-1": (lambda: "a: caf\u00e9\n".encode("latin-1"), "not-utf8"),
    "half a letter": (lambda: b"a: b\xc3", "not-utf8"),
    "an overlong slash": (lambda: b"a: \xc0\xaf\n", "not-utf8"),
    "a surrogate": (lambda: b"a: \xed\xa0\x80\n", "not-utf8"),
    "bytes of a program": (lambda: b"\x7fELF\x02\x01\x01" + bytes(100), "odd-character"),
    "a tab as an indent": (lambda: b"a:\n\tb: c\n", "not-yaml"),
    "a code beyond all characters": (lambda: b'a: "\\UFFFFFFFF"\n', "not-yaml"),
    "an indent of a thousand million": (lambda: b"a: |999999999\n b\n", "not-yaml"),
    "a quote that is never closed": (lambda: b'a: "' + b"b" * 100_000, "not-yaml"),
    "100,000 quotes": (lambda: b"a: " + b'"' * 100_001, "not-yaml"),
    "100,000 colons": (lambda: b"a: " + b"b: " * 100_000, "not-yaml"),
}


def _teams(count: int) -> str:
    return "".join(f"  t{n:05}: {{label: T}}\n" for n in range(count))


# Packs that end in many findings, or in one that only a pack has.
PACKS: dict[str, tuple[Build, str]] = {
    "a byte too large": (lambda: b"a: b\n" + b"#" * (PACK_BYTES - 4), "too-large"),
    "an entry too many": (lambda: b"[" + b"1," * PACK_NODES + b"1]\n", "too-large"),
    "a scalar of a megabyte": (lambda: b"a: " + b"x" * _MEGABYTE, "too-large"),
    "a scalar as large as a pack": (lambda: pack(more="duties: " + "x" * (PACK_BYTES - 1_000) + "\n"), "wrong-shape"),
    "an id as large as a pack": (lambda: pack(rules=RULES.replace("plan_to_permanence", "x" * (PACK_BYTES - 1_000))), "odd-id"),
    "codes of letters": (lambda: pack(more='duties: "' + "\\x41" * 100_000 + '"\n'), "wrong-shape"),
    "lines of a block": (lambda: pack(more="duties: |\n" + " x\n" * 150_000), "wrong-shape"),
    "folded lines": (lambda: pack(more="duties: >\n" + " x\n\n" * 120_000), "wrong-shape"),
    "lines without a key": (lambda: b"a:\n" + b"  x\n" * 100_000, "missing-key"),
    "empty lines": (lambda: pack(more="\n" * 500_000, rules=""), "missing-key"),
    "comments": (lambda: pack(more="#\n" * 240_000, rules=""), "missing-key"),
    "one key again and again": (lambda: b"a: b\n" * 19_000, "repeated-key"),
    "keys that nobody knows": (lambda: b"".join(b"k%d: v\n" % n for n in range(19_000)), "unknown-key"),
    "teams nearly called right": (
        lambda: pack(
            head=HEAD.partition("teams:")[0] + "teams:\n" + _teams(3_000),
            rules=f"rules: [{{id: r, from: [{', '.join(f'u{n:05}' for n in range(5_000))}], stay: true}}]\n",
        ),
        "unknown-team",
    ),
    "501 rules": (lambda: pack(rules="rules:\n" + "".join(f"  - {{id: r{n}, from: any, stay: true}}\n" for n in range(501))), "too-large"),
    "names that double 60 times": (
        lambda: pack(
            more="definitions:\n  d0: {when: {fact: lead_plan, is: none}}\n"
            + "".join(f"  d{n}: {{when: {{all: [{{use: d{n - 1}}}, {{use: d{n - 1}}}]}}}}\n" for n in range(1, 60))
        ),
        "too-large",
    ),
    "names in a circle": (
        lambda: pack(more="definitions:\n" + "".join(f"  d{n}: {{when: {{use: d{(n + 1) % 2_000}}}}}\n" for n in range(2_000))),
        "circle",
    ),
    "1,500 rival readings": (
        lambda: pack(
            rules="rules:\n" + "".join(f"  - {{id: r{n}, from: any, stay: true}}\n" for n in range(400)),
            more="interpretations:\n"
            + "".join(f"  - {{id: i{n}, clauses: [M-1], question: q, reading: r, instead: {{r0: {{off: true}}}}}}\n" for n in range(1_500)),
        ),
        "too-large",
    ),
    "a huge integer": (
        lambda: pack(rules=RULES.replace("transfer_to", f"deadline: {{days: {'9' * 100_000}, after: as_of}}, transfer_to")),
        "wrong-value",
    ),
    "half a surrogate pair, by its code": (lambda: pack(head=HEAD.replace("Assessment Team", '"\\uD800"')), "odd-character"),
    "a huge year": (lambda: pack(head=HEAD.replace("2025-04-01", "99999999999-01-01")), "wrong-value"),
    "a year before all": (lambda: pack(head=HEAD.replace("2025-04-01", "0000-01-01")), "wrong-value"),
    "an age of a thousand": (lambda: pack(rules=RULES.replace("{fact: lead_plan, is: in_care}", "{age_at_least: 1000}")), "wrong-value"),
}  # fmt: skip


def _many_cases(size: int) -> bytes:
    """As many cases as the entries allow; each is faulty, which costs more than a right one of the same length."""
    return b"".join(b"%x:\n" % n for n in range(size))


CASES: dict[str, tuple[Build, str]] = {
    "YAML, a byte too large": (lambda: b"a: b\n" + b"#" * (CASES_BYTES - 4), "too-large"),
    "YAML, an entry too many": (lambda: b"[" + b"1," * CASES_NODES + b"1]\n", "too-large"),
    "YAML, as many faulty cases as it may hold": (lambda: _many_cases(CASES_NODES // 2 - 1), "wrong-shape"),
    "YAML, as many cases of a wrong day": (lambda: b"".join(b"%x: {as_of: 1}\n" % n for n in range(CASES_NODES // 4 - 1)), "wrong-as-of"),
    "YAML, one case of as many keys": (lambda: b"as_of: 2026-04-02\n" + _many_cases(CASES_NODES // 2 - 2), "too-large"),
    "YAML, a scalar as large as a file": (lambda: b"as_of: " + b"x" * (CASES_BYTES - 100), "wrong-as-of"),
    "YAML, one key again and again": (lambda: b"a:\n" * (CASES_NODES // 2 - 1), "repeated-key"),
    "YAML, a list as large as a file": (lambda: b"as_of: 2026-04-02\nfacts:\n" + b"- a\n" * (CASES_NODES - 10), "wrong-shape"),
    "JSON, a byte too large": (lambda: b'{"a": "' + b"x" * CASES_BYTES + b'"}', "too-large"),
    "JSON, an entry too many": (lambda: b'{"a": [' + b"0," * CASES_NODES + b"0]}", "too-large"),
    "JSON, 10,000 deep": (lambda: b'{"a": ' + b"[" * _DEEP + b"]" * _DEEP + b"}", "too-deep"),
    "JSON, 20,000 objects deep": (lambda: b'{"a": ' * 20_000 + b"1" + b"}" * 20_000, "too-deep"),
    "JSON, never closed": (lambda: b'{"a": ' + b"[" * 20_000, "too-deep"),
    "JSON, as many faulty cases as it may hold": (lambda: b"{" + b",".join(b'"%x":1' % n for n in range(CASES_NODES - 1)) + b"}", "wrong-shape"),
    "JSON, as many cases of a wrong day": (
        lambda: b"{" + b",".join(b'"%x":{"as_of":1}' % n for n in range(CASES_NODES // 2 - 1)) + b"}",
        "wrong-as-of",
    ),
    "JSON, a scalar as large as a file": (lambda: b'{"as_of": "' + b"x" * (CASES_BYTES - 100) + b'"}', "wrong-as-of"),
    "JSON, one key again and again": (lambda: b"{" + b",".join([b'"a":1'] * (CASES_NODES - 1)) + b"}", "repeated-key"),
    "JSON, an integer as large as a file": (
        lambda: b'{"as_of": "2026-04-02", "facts": {"days_in_care_since_14": ' + b"9" * (CASES_BYTES - 100) + b"}}",
        "wrong-value",
    ),
    "JSON, quotes and backslashes": (lambda: b"{" + b'\\"' * (CASES_BYTES // 2 - 100), "not-json"),
    "JSON, a text of codes": (lambda: b'{"as_of": "' + b"\\ud800" * (CASES_BYTES // 6 - 100) + b'"}', "wrong-as-of"),
}

EXAMPLES: dict[str, tuple[Build, str]] = {
    "a byte too large": (lambda: b"- a\n" + b"#" * (EXAMPLES_BYTES - 3), "too-large"),
    "an entry too many": (lambda: b"[" + b"1," * EXAMPLES_NODES + b"1]\n", "too-large"),
    "as many faulty examples as it may hold": (lambda: b"- a\n" * (EXAMPLES_NODES - 2), "wrong-shape"),
    "as many empty examples as it may hold": (lambda: b"- {}\n" * (EXAMPLES_NODES - 2), "missing-key"),
    "expectations that nobody knows": (
        lambda: b"- name: a\n  as_of: 2026-04-02\n  expect:\n" + b"".join(b"    k%d: v\n" % n for n in range(EXAMPLES_NODES // 2 - 10)),
        "unknown-key",
    ),
    "a name as large as a file": (lambda: b"- name: " + b"x" * (EXAMPLES_BYTES - 100), "missing-key"),
}


def _receipt(decision: bytes) -> bytes:
    return b'{"receipt": 1, "snapshot": {"as_of": "2026-04-02"}, "decision": {"identity": {"pack": "marlshire"}, ' + decision + b"}}"


RECEIPTS: dict[str, tuple[Build, str]] = {
    "a byte too large": (lambda: b'{"a": "' + b"x" * CASES_BYTES + b'"}', "too-large"),
    "10,000 deep": (lambda: b'{"receipt": ' + b"[" * _DEEP + b"]" * _DEEP + b"}", "too-deep"),
    "as many faulty receipts as it may hold": (lambda: b"{" + b",".join(b'"%x":1' % n for n in range(CASES_NODES - 1)) + b"}", "wrong-shape"),
    "as many numbers as it may hold, the last of them none": (
        lambda: _receipt(b'"missing": [' + b"1," * (CASES_NODES - 20) + b"NaN]"),
        "wrong-value",
    ),
    "a key as large as a file": (lambda: _receipt(b'"' + b"x" * (CASES_BYTES - 1_000) + b'": 1.5'), "wrong-value"),
}

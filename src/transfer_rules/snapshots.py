"""Snapshots in and decisions out, as JSON or YAML, and their JSON Schemas. Values are never quoted in a message."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import TypeAdapter

from .decision import Decision
from .errors import Diagnostic, Location, SnapshotError, did_you_mean
from .facts import RESERVED_TEAMS, Fact
from .loading.yaml_events import CASES_BYTES, CASES_NODES, Fields, Items, Node, Refused, Text, read_yaml
from .policy import Policy
from .vocabulary import GROUPS, STANDARD_FACTS, CaseSnapshot

_KEYS: Final = ("as_of", "facts", "decisions", "checklist", "unstated")
_DECISION: Final = TypeAdapter(Decision)
_SUBJECT: Final = re.compile(r"`([a-z][a-z0-9_]*)`")
# JSON has no comments, so nesting deeper than a snapshot needs is an attack or a mistake; Python's own parser would recurse.
_MAX_JSON_DEPTH: Final = 32


@dataclass(frozen=True, slots=True)
class CaseRead:
    """One snapshot of a file: the caller's own label (None for a file of one case), and the snapshot or why it could not be read."""

    label: str | None
    snapshot: CaseSnapshot | None
    error: SnapshotError | None = None


def read_cases(data: bytes, file: str, *, as_of: str | None = None) -> tuple[CaseRead, ...]:
    """Read a file of one snapshot, or of many under the caller's own labels.

    Args:
        data: JSON or YAML, UTF-8; JSON where the first character is `{`.
        file: the name for places.
        as_of: taken where a snapshot has none of its own.
    Returns:
        one entry for each snapshot, in the order of the file; a faulty one does not stop the others.
    Raises:
        SnapshotError: the file as a whole cannot be read.
    """
    root = _read_json(data, file) if data.lstrip()[:1] == b"{" else _read_yaml(data, file)
    if not isinstance(root, Fields):
        raise SnapshotError(
            [
                Diagnostic(
                    "wrong-shape", "a file of cases holds `key: value` pairs", root.place, mend="begin with `as_of:`, or with a label of your own"
                )
            ]
        )
    if not root.fields or any(key.text in _KEYS for key, _ in root.fields):
        return (_read_case(None, root, as_of),)
    return tuple(_read_case(label.text, node, as_of) for label, node in root.fields)


def _read_yaml(data: bytes, file: str) -> Node:
    try:
        document = read_yaml(data, file, max_bytes=CASES_BYTES, max_nodes=CASES_NODES)
    except Refused as refused:
        raise SnapshotError([replace(refused.diagnostic, line_text="")]) from None
    if document.faults:
        raise SnapshotError([replace(fault, line_text="") for fault in document.faults])
    return document.root


def _read_json(data: bytes, file: str) -> Node:
    """Read JSON into the same tree as YAML. JSON gives no places of its own, so every node has the file's first line."""
    place = Location(file, 1, 1)
    if len(data) > CASES_BYTES:
        raise SnapshotError([Diagnostic("too-large", f"the file is larger than {CASES_BYTES // 1024} KiB", place, mend="split it")])
    try:
        text = data.decode("utf-8-sig")
        if _depth(text) > _MAX_JSON_DEPTH:
            raise SnapshotError([Diagnostic("too-deep", f"this is nested more than {_MAX_JSON_DEPTH} levels deep", place, mend="flatten it")])
        return _json_node(json.loads(text, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str), place)
    except UnicodeDecodeError:
        raise SnapshotError([Diagnostic("not-utf8", "the file is not UTF-8 text", place, mend="save it as UTF-8")]) from None
    except json.JSONDecodeError as error:
        raise SnapshotError(
            [Diagnostic("not-json", "this is not JSON", Location(file, error.lineno, error.colno), mend="check quotes, commas and brackets")]
        ) from None


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as its pairs, so that a repeated key is seen."""


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        mark = bracket.group()
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest


def _json_node(value: Any, place: Location) -> Node:
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for key, _ in value:
            if key in seen:
                named = f"`{key}`" if _SUBJECT.fullmatch(f"`{key}`") else "a key"
                raise SnapshotError(
                    [Diagnostic("repeated-key", f"{named} stands twice", place, why="only one of the two could count", mend="keep one")]
                )
            seen.add(key)
        return Fields(tuple((Text(key, False, place), _json_node(one, place)) for key, one in value), place)
    if isinstance(value, list):
        return Items(tuple(_json_node(one, place) for one in value), place)
    if value is None:
        return Text("", True, place)
    if isinstance(value, bool):
        return Text("yes" if value else "no", True, place)
    return Text(value, False, place)


def _plain(node: Node) -> Any:
    match node:
        case Text():
            return None if node.empty else node.text
        case Items():
            return [_plain(item) for item in node.items]
        case Fields():
            return {key.text: _plain(value) for key, value in node.fields}


def _read_case(label: str | None, node: Node, as_of: str | None) -> CaseRead:
    try:
        return CaseRead(label, snapshot_of(node, as_of=as_of))
    except SnapshotError as error:
        return CaseRead(label, None, error)


def snapshot_of(node: Node, *, as_of: str | None = None, ignore: tuple[str, ...] = ()) -> CaseSnapshot:
    """Return the snapshot that a node describes; keys named in `ignore` belong to somebody else.

    Raises:
        SnapshotError: every fault of the snapshot, each with the place of its fact.
    """
    if not isinstance(node, Fields):
        raise SnapshotError([Diagnostic("wrong-shape", "a snapshot holds `key: value` pairs", node.place, mend="begin with `as_of:`")])
    places = {key.text: key.place for _, part in node.fields if isinstance(part, Fields) for key, _ in part.fields} | {
        key.text: key.place for key, _ in node.fields
    }
    faults: list[Diagnostic] = []
    given: dict[str, Any] = {}
    for key, value in node.fields:
        if key.text in _KEYS:
            given[key.text] = _plain(value)
        elif key.text not in ignore:
            mend = did_you_mean(key.text, _KEYS) or ("write it under `facts:`" if key.text in STANDARD_FACTS else "")
            faults.append(Diagnostic("unknown-key", "a snapshot has no key of this name", key.place, why="it takes " + ", ".join(_KEYS), mend=mend))
    facts = given.pop("facts", None) or {}
    if not isinstance(facts, Mapping):
        faults.append(Diagnostic("wrong-shape", "`facts` takes names and values", places["facts"], mend="write {current_team: ...}"))
        facts = {}
    if given.get("as_of") is None:
        given["as_of"] = as_of
    if given["as_of"] is None:
        faults.append(
            Diagnostic(
                "missing-key",
                "a snapshot needs `as_of:`",
                node.place,
                why="every rule that looks at today looks at this day",
                mend="add `as_of: 2026-04-02`",
            )
        )
    if faults:
        raise SnapshotError(faults)
    standard = {name: value for name, value in facts.items() if name in STANDARD_FACTS}
    local = {name: value for name, value in facts.items() if name not in STANDARD_FACTS}
    given = {name: value for name, value in given.items() if value is not None}
    try:
        return CaseSnapshot(**given, **standard, local_facts=local)
    except SnapshotError as error:
        raise SnapshotError([_placed(diagnostic, places) for diagnostic in error.diagnostics]) from None


def _placed(diagnostic: Diagnostic, places: Mapping[str, Location]) -> Diagnostic:
    """Give a finding the place of the fact that it names first."""
    named = _SUBJECT.search(diagnostic.message)
    place = places.get(named.group(1)) if named else None
    return diagnostic if place is None or diagnostic.location is not None else replace(diagnostic, location=place)


def decision_to_dict(decision: Decision, *, places: bool = True) -> dict[str, Any]:
    """Return a decision as plain JSON data: dates as `2026-04-02`, moments in London time with their offset, keys in the order of the fields.

    `places=False` leaves out where in a file each reason stands, so that the same pack gives the same bytes wherever it lies.
    """
    plain: dict[str, Any] = _DECISION.dump_python(decision, mode="json")
    if not places:
        for reason in plain["reasons"]:
            del reason["place"]
    return plain


def decision_to_json(decision: Decision, *, places: bool = True, indent: int | None = None) -> str:
    """Return a decision as JSON text, the same bytes every time."""
    return json.dumps(decision_to_dict(decision, places=places), ensure_ascii=False, indent=indent)


def decision_schema() -> dict[str, Any]:
    """Return the JSON Schema of a decision."""
    schema = _DECISION.json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Decision"}


def snapshot_schema(policy: Policy | None = None) -> dict[str, Any]:
    """Return the JSON Schema of a snapshot: of any pack, or of one pack with its teams, areas, local facts and decisions."""
    facts = STANDARD_FACTS if policy is None else policy.facts
    teams = None if policy is None else [*policy.pack.teams, *RESERVED_TEAMS]
    areas = None if policy is None else list(policy.areas)
    day = {"type": "string", "format": "date"}
    answer: dict[str, Any] = {"type": "string"}
    decisions: dict[str, Any] = {"type": "object", "additionalProperties": _recorded(answer, areas)}
    work: dict[str, Any] = {"type": "object", "additionalProperties": {"$ref": "#/$defs/progress"}}
    if policy is not None:
        decisions = {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name: _recorded({"enum": list(spec.options) or [*(teams or ()), "stay", "close"], "description": spec.label}, areas)
                for name, spec in policy.pack.decisions.items()
            },
        }
        work = {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: {"$ref": "#/$defs/progress", "description": one.label} for name, one in policy.work.items()},
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Case snapshot" if policy is None else f"Case snapshot for {policy.pack.authority}",
        "type": "object",
        "required": ["as_of"],
        "additionalProperties": False,
        "properties": {
            "as_of": {"anyOf": [day, {"type": "string", "format": "date-time"}], "description": "the day, or the moment with its offset"},
            "facts": {
                "type": "object",
                "additionalProperties": policy is None,
                "properties": {name: _fact_schema(fact, teams, areas) for name, fact in facts.items()},
            },
            "decisions": decisions,
            "checklist": work,
            "unstated": {"anyOf": [{"enum": ["unknown", "not_so"]}, {"type": "array", "items": {"enum": [*GROUPS, "local"]}}]},
        },
        "$defs": {"progress": {"anyOf": [
            {"enum": ["done", "not_done", "not_needed", "excused", None]}, day,
            {"type": "object", "additionalProperties": False, "properties": {"done_on": day, "excused": {"type": "boolean"}}}]}},
    }  # fmt: skip


def _recorded(answer: dict[str, Any], areas: list[str] | None) -> dict[str, Any]:
    area = {"type": "string"} if areas is None else {"enum": areas}
    whole = {
        "type": "object",
        "required": ["decided"],
        "additionalProperties": False,
        "properties": {"decided": answer, "area": area, "on": {"type": "string", "format": "date"}},
    }
    return {"anyOf": [answer, whole]}


def _fact_schema(fact: Fact, teams: list[str] | None, areas: list[str] | None) -> dict[str, Any]:
    day: dict[str, Any] = {"type": "string", "format": "date"}
    named: dict[str, Any] = {"type": "string"}
    shapes: dict[str, list[dict[str, Any]]] = {
        "yes_no": [{"type": "boolean"}, {"enum": ["yes", "no"]}],
        "choice": [{"enum": list(fact.options)}],
        "choices": [{"type": "array", "items": {"enum": list(fact.options)}}],
        "count": [{"type": "integer", "minimum": 0}],
        "date": [day, {"const": "not_yet"}],
        "event": [day, {"enum": ["not_yet", "happened"]}],
        "moment": [{"type": "string", "format": "date-time"}, day, {"const": "not_yet"}],
        "team": [named if teams is None else {"enum": teams}],
        "area": [named if areas is None else {"enum": areas}],
    }
    described = {"title": fact.label, "description": f"{fact.ask} {fact.means}".strip()}
    return {**described, "anyOf": [*shapes[fact.kind], {"type": "null"}]}

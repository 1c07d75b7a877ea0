"""Snapshots in and decisions out, as JSON or YAML, and their JSON Schemas. Values are never quoted in a message."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Final

from .dates import shown
from .decision import Decision
from .errors import Diagnostic, Location, SnapshotError, did_you_mean, named
from .facts import RESERVED_TEAMS, Fact
from .loading.nodes import CASES_BYTES, CASES_NODES, MAX_DEPTH, Fields, Items, Node, Refused, Text
from .policy import Policy
from .vocabulary import GROUPS, MAX_ENTRIES, STANDARD_FACTS, CaseSnapshot

_SOME_DAY: Final = "2000-01-01"
_KEYS: Final = ("as_of", "facts", "decisions", "checklist", "unstated")
_SUBJECT: Final = re.compile(r"`([a-z][a-z0-9_]*)`")
# A validator need not look at `format`, so the shape is given as well.
_DAY: Final[dict[str, Any]] = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_MOMENT: Final[dict[str, Any]] = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d{2}-\d{2}[T ].*(Z|[+-]\d{2}:\d{2})$"}
_YES_NO: Final[dict[str, Any]] = {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]}


@dataclass(frozen=True, slots=True)
class CaseRead:
    """One snapshot of a file: the caller's own label (None for a file of one case), and the snapshot or why it could not be read.

    `places` says where the file holds each fact, decision and item, for what is found wrong later; its own place stands under the empty name.
    """

    label: str | None
    snapshot: CaseSnapshot | None
    error: SnapshotError | None = None
    places: Mapping[str, Location] = field(default_factory=dict)

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return a finding with the place of the fact that it names first, or of the snapshot."""
        if diagnostic.location is not None:
            return diagnostic
        subject = _SUBJECT.search(diagnostic.message)
        return replace(diagnostic, location=self.places.get(subject.group(1) if subject else "", self.places.get("")))


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
    root = read_json(data, file) if data.removeprefix(BOM_UTF8).lstrip()[:1] == b"{" else _read_yaml(data, file)
    if not isinstance(root, Fields):
        message, why = "a file of cases holds `key: value` pairs", "it is one snapshot, or your own labels each with a snapshot"
        raise SnapshotError([Diagnostic("wrong-shape", message, root.place, why=why, mend="begin with `as_of:`, or with a label of your own")])
    if not root.fields or any(key.text in _KEYS for key, _ in root.fields):
        return (_read_case(None, root, as_of),)
    return tuple(_read_case(label.text, node, as_of) for label, node in root.fields)


# An error is raised after its handler, never in it: the one that came first holds the text of the file, and would go along as its context.


def _read_yaml(data: bytes, file: str) -> Node:
    from .loading.yaml_events import read_yaml  # It brings in a YAML library, which a case in JSON never needs.

    try:
        document = read_yaml(data, file, max_bytes=CASES_BYTES, max_nodes=CASES_NODES)
        faults = document.faults
    except Refused as refused:
        faults = (refused.diagnostic,)
    if faults:
        raise SnapshotError([_without_text(fault) for fault in faults])
    return document.root


def _without_text(fault: Diagnostic) -> Diagnostic:
    """Return a finding about a file of cases without the words of the file."""
    if fault.code == "repeated-key" and not _SUBJECT.match(fault.message):
        fault = replace(fault, message="a key stands twice", also=tuple((place, "it stands here first") for place, _ in fault.also))
    return replace(fault, line_text="")


def read_json(data: bytes, file: str) -> Node:
    """Read JSON into the same tree as YAML, within the same limits. JSON gives no places of its own, so every node has the file's first line.

    A scalar that is plain was no string: it is empty (null), `yes` or `no` (true or false), or a number as it was written.

    Raises:
        SnapshotError: it is no JSON, it is too large or nested too deep, or a key stands twice.
    """
    place = Location(file, 1, 1)
    if len(data) > CASES_BYTES:
        raise _refused("too-large", f"the file is larger than {CASES_BYTES // 1024} KiB", place, "split it")
    fault: SnapshotError
    try:
        text = data.decode("utf-8-sig")
        if text.count(",") + text.count("[") + text.count("{") > CASES_NODES:
            raise _refused("too-large", f"the file holds more than {CASES_NODES} entries", place, "split it")
        return _json_node(json.loads(text, object_pairs_hook=_Pairs, parse_int=_Number, parse_float=_Number, parse_constant=_Number), place, 0)
    except UnicodeDecodeError:
        fault = _refused("not-utf8", "the file is not UTF-8 text", place, "save it again with the encoding UTF-8")
    except json.JSONDecodeError as error:
        fault = _refused("not-json", "this is not JSON", Location(file, error.lineno, error.colno), "check quotes, commas and brackets")
    except RecursionError:
        fault = _too_deep(place)
    raise fault


def _refused(code: str, message: str, place: Location, mend: str) -> SnapshotError:
    return SnapshotError([Diagnostic(code, message, place, why="the file as a whole cannot be read", mend=mend)])


def _too_deep(place: Location) -> SnapshotError:
    return _refused("too-deep", f"this is nested more than {MAX_DEPTH} levels deep", place, "flatten it")


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as its pairs, so that a repeated key is seen."""


class _Number(str):
    """A JSON number as it was written, however long."""

    __slots__ = ()


def _json_node(value: Any, place: Location, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise _too_deep(place)
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for key, _ in value:
            if key in seen:
                raise _refused("repeated-key", f"{named(key, 'a key')} stands twice", place, "keep one")
            seen.add(key)
        return Fields(tuple((Text(key, False, place), _json_node(one, place, depth + 1)) for key, one in value), place)
    if isinstance(value, list):
        return Items(tuple(_json_node(one, place, depth + 1) for one in value), place)
    if value is None:
        return Text("", True, place)
    if isinstance(value, bool):
        return Text("yes" if value else "no", True, place)
    return Text(str(value), isinstance(value, _Number), place)


def _plain(node: Node) -> Any:
    match node:
        case Text():
            return None if node.empty else node.text
        case Items():
            return [_plain(item) for item in node.items]
        case Fields():
            return {key.text: _plain(value) for key, value in node.fields}


def _read_case(label: str | None, node: Node, as_of: str | None) -> CaseRead:
    places = _places(node)
    try:
        return CaseRead(label, snapshot_of(node, as_of=as_of), places=places)
    except SnapshotError as error:
        # Without its traceback and the error before it, which would keep everything alive that was read on the way.
        error.__context__ = None
        return CaseRead(label, None, error.with_traceback(None), places)


def _places(node: Node) -> dict[str, Location]:
    fields = node.fields if isinstance(node, Fields) else ()
    inner = {key.text: key.place for _, part in fields if isinstance(part, Fields) for key, _ in part.fields}
    return {**inner, **{key.text: key.place for key, _ in fields}, "": node.place}


def snapshot_of(node: Node, *, as_of: str | None = None, ignore: tuple[str, ...] = ()) -> CaseSnapshot:
    """Return the snapshot that a node describes; keys named in `ignore` belong to somebody else.

    Raises:
        SnapshotError: every fault of the snapshot, each with the place of its fact.
    """
    if not isinstance(node, Fields):
        why = "it names the day, and the facts known on it"
        raise SnapshotError([Diagnostic("wrong-shape", "a snapshot holds `key: value` pairs", node.place, why=why, mend="begin with `as_of:`")])
    if len(node.fields) > MAX_ENTRIES:
        why = "it takes " + ", ".join(_KEYS)
        message, mend = f"a snapshot has more than {MAX_ENTRIES} keys", "give each of many cases a label of its own"
        raise SnapshotError([Diagnostic("too-large", message, node.place, why=why, mend=mend)])
    faults: list[Diagnostic] = []
    given: dict[str, Any] = {"as_of": as_of}
    for key, value in node.fields:
        if key.text in _KEYS:
            plain = _plain(value)
            given[key.text] = given.get(key.text) if plain is None else plain
        elif key.text not in ignore:
            mend = did_you_mean(key.text, _KEYS) or ("write it under `facts:`" if key.text in STANDARD_FACTS else "correct it, or delete it")
            faults.append(Diagnostic("unknown-key", "a snapshot has no key of this name", key.place, why="it takes " + ", ".join(_KEYS), mend=mend))
    facts = given.pop("facts", None) or {}
    if not isinstance(facts, Mapping):
        place = next(value.place for key, value in node.fields if key.text == "facts")
        why = "each fact has its name"
        faults.append(Diagnostic("wrong-shape", "`facts` takes names and values", place, why=why, mend="write {current_team: ...}"))
        facts = {}
    if given["as_of"] is None:
        why = "every rule that looks at today looks at this day"
        faults.append(Diagnostic("missing-key", "a snapshot needs `as_of:`", node.place, why=why, mend="add `as_of: 2026-04-02`"))
        given["as_of"] = _SOME_DAY  # So that whatever else is wrong is found as well.
    standard = {name: value for name, value in facts.items() if name in STANDARD_FACTS}
    local = {name: value for name, value in facts.items() if name not in STANDARD_FACTS}
    try:
        snapshot = CaseSnapshot(**{name: value for name, value in given.items() if value is not None}, **standard, local_facts=local)
    except SnapshotError as error:
        case = CaseRead(None, None, error, _places(node))
        raise SnapshotError([*faults, *map(case.placed, error.diagnostics)]) from None
    if faults:
        raise SnapshotError(faults)
    return snapshot


def snapshot_to_dict(snapshot: CaseSnapshot) -> dict[str, Any]:
    """Return a snapshot as plain JSON data, the same for equal snapshots: what is unknown is left out, dates are `2026-04-02`, names are sorted."""
    facts = {**snapshot.stated(), **snapshot.local_facts}
    parts: dict[str, Any] = {
        "facts": {name: plain_value(facts[name]) for name in sorted(facts) if facts[name] is not None},
        "decisions": {name: plain_value(recorded.plain) for name in snapshot.decisions if (recorded := snapshot.recorded(name)) is not None},
        "checklist": {name: plain_value(snapshot.progress(name).plain) for name in snapshot.checklist},
    }
    unstated = snapshot.unstated if isinstance(snapshot.unstated, str) else list(snapshot.unstated)
    first = {"as_of": plain_value(snapshot.as_of), **({} if unstated == "unknown" else {"unstated": unstated})}
    return first | {name: part for name, part in parts.items() if part}


def snapshot_to_yaml(snapshot: CaseSnapshot) -> str:
    """Return a snapshot as a file of one case, one fact to a line; a policy reads the same case from it."""
    lines = []
    for name, value in snapshot_to_dict(snapshot).items():
        if isinstance(value, dict):
            lines += [f"{name}:", *(f"  {key}: {_written(one)}" for key, one in value.items())]
        else:
            lines.append(f"{name}: {_written(value)}")
    return "\n".join(lines)


def plain_value(value: object) -> Any:
    """Return a value as plain JSON data: a date as its ISO text, a moment as that of its London time, a set as a sorted list."""
    match value:
        case date():
            return shown(value).isoformat()
        case frozenset():
            return sorted(value)
        case Mapping():
            return {name: plain_value(one) for name, one in value.items()}
        case _:
            return value


def _written(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case dict():
            return f"{{{', '.join(f'{name}: {_written(one)}' for name, one in value.items())}}}"
        case _:
            return str(value)


def decision_to_dict(decision: Decision, *, places: bool = True) -> dict[str, Any]:
    """Return a decision as plain JSON data: dates as `2026-04-02`, moments in London time with their offset, keys in the order of the fields.

    `places=False` leaves out where in a file each reason stands, so that the same pack gives the same bytes wherever it lies.
    """
    plain: dict[str, Any] = _data(decision)
    if not places:
        for reason in plain["reasons"]:
            del reason["place"]
    return plain


def _data(value: Any) -> Any:
    """Return a part of a decision as JSON data."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return [_data(one) for one in value]
    if isinstance(value, datetime):
        # In winter London has the offset `Z`, as in every receipt kept so far.
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        # A set comes in the order of its hashes, which is another in every process.
        return sorted(value)
    return {field.name: _data(getattr(value, field.name)) for field in fields(value)}


def decision_to_json(decision: Decision, *, places: bool = True, indent: int | None = None) -> str:
    """Return a decision as JSON text, the same bytes every time."""
    return json.dumps(decision_to_dict(decision, places=places), ensure_ascii=False, indent=indent)


def decision_schema() -> dict[str, Any]:
    """Return the JSON Schema of a decision."""
    from pydantic import TypeAdapter  # Heavy, and used for nothing else.

    schema = TypeAdapter(Decision).json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Decision"}


def snapshot_schema(policy: Policy | None = None) -> dict[str, Any]:
    """Return the JSON Schema of a snapshot: of any pack, or of one pack with its teams, areas, local facts and decisions."""
    facts = STANDARD_FACTS if policy is None else policy.facts
    teams = None if policy is None else [*policy.pack.teams, *RESERVED_TEAMS]
    areas = None if policy is None else list(policy.areas)
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
            "as_of": {"anyOf": [_DAY, _MOMENT], "description": "the day, or the moment with its offset"},
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
            {"enum": ["done", "not_done", "not_needed", "excused", None]}, _DAY,
            {"type": "object", "additionalProperties": False, "properties": {"done_on": _DAY, "excused": _YES_NO}}]}},
    }  # fmt: skip


def _recorded(answer: dict[str, Any], areas: list[str] | None) -> dict[str, Any]:
    area = {"type": "string"} if areas is None else {"enum": areas}
    whole = {
        "type": "object",
        "required": ["decided"],
        "additionalProperties": False,
        "properties": {"decided": answer, "area": area, "on": _DAY},
    }
    return {"anyOf": [answer, whole]}


def _fact_schema(fact: Fact, teams: list[str] | None, areas: list[str] | None) -> dict[str, Any]:
    named: dict[str, Any] = {"type": "string"}
    shapes: dict[str, list[dict[str, Any]]] = {
        "yes_no": [_YES_NO],
        "choice": [{"enum": list(fact.options)}],
        "choices": [{"type": "array", "items": {"enum": list(fact.options)}}],
        "count": [{"type": "integer", "minimum": 0}],
        "date": [_DAY, {"const": "not_yet"}],
        "event": [_DAY, {"enum": ["not_yet", "happened"]}],
        "moment": [_MOMENT, _DAY, {"const": "not_yet"}],
        "team": [named if teams is None else {"enum": teams}],
        "area": [named if areas is None else {"enum": areas}],
    }
    described = {"title": fact.label, "description": f"{fact.ask} {fact.means}".strip()}
    return {**described, "anyOf": [*shapes[fact.kind], {"type": "null"}]}

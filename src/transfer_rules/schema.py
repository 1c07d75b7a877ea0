"""The JSON Schema of a pack, by which editors complete it and say what each key is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from .checklists import DUTY_KINDS, OUTCOMES
from .facts import FACT_KINDS, RESERVED_TEAMS
from .grammar import ADDITION_ABOUT, AGES, BLOCKS, FORM_ABOUT, GROUPINGS, OPERATORS, REGIONS, UNIT_ABOUT, Block, Key, Operator
from .vocabulary import GROUPS, STANDARD_FACTS

_Schema = dict[str, Any]

_ID: Final[_Schema] = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,79}$"}
_TEXT: Final[_Schema] = {"type": ["string", "number"]}
_DATE: Final[_Schema] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_NUMBER: Final[_Schema] = {"type": "integer", "minimum": 0, "maximum": 10_000}
_YES_NO: Final[_Schema] = {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]}
_FACT: Final[_Schema] = {"type": "string", "anyOf": [{"enum": [*STANDARD_FACTS, "as_of"]}, _ID]}
_TRUE: Final[_Schema] = {"enum": [True, "yes"]}
_FROM_FACT: Final[_Schema] = {"type": "object", "required": ["fact"], "additionalProperties": False, "properties": {"fact": _FACT}}
_VALUE: Final[_Schema] = {"type": ["string", "boolean", "integer"]}


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list_of(schema: _Schema) -> _Schema:
    return {"type": "array", "items": schema}


def _some(schema: _Schema) -> _Schema:
    return {**_list_of(schema), "minItems": 1}


def _either(*schemas: _Schema) -> _Schema:
    return {"anyOf": list(schemas)}


_TEAMS: Final = _either(
    _ID, _some(_ID), {"type": "object", "required": ["any_except"], "additionalProperties": False, "properties": {"any_except": _some(_ID)}}
)
_DAY: Final = _either(_FACT, _DATE, _ref("timescale"))

_SPAN: Final = dict.fromkeys(("months", "weeks", "days"), _NUMBER)
_TYPES: Final[Mapping[str, _Schema]] = {
    "id": _ID, "text": _TEXT, "date": _DATE, "count": _NUMBER, "yes_no": _YES_NO, "true": _TRUE, "clause": _TEXT,
    "language": {"const": 1}, "region": {"enum": list(REGIONS)}, "fact type": {"enum": list(FACT_KINDS)}, "fact group": {"enum": [*GROUPS, "local"]},
    "areas": _either(_list_of(_ID), {"type": "object", "propertyNames": _ID, "additionalProperties": _TEXT}),
    "condition": _ref("condition"), "timescale": _ref("timescale"), "timescale with moves": _ref("timescale"), "day with moves": _DAY, "day": _DAY,
    "count of time": _ref("timescale"), "teams": _TEAMS, "team or fact": _either(_ID, _FROM_FACT), "area or fact": _either(_ID, _FROM_FACT),
    "answer": _either(_ID, _FROM_FACT), "transfer": _either(_ID, _ref("transfer")), "stay": _either(_TRUE, _ref("stay")),
    "override": _either(_ID, _ref("override")), "rule name": _ID, "work name": _ID, "duty name": _ID, "settling decision": _ID,
    "item": _either(_ID, _ref("item")),
    "outcome": {"enum": list(OUTCOMES)}, "duty kind": {"enum": list(DUTY_KINDS)},
    "span": {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False, "properties": _SPAN},
    "patches": {"type": "object", "additionalProperties": {"type": "object"}},
    "value": _VALUE, "value or fact": _either(_VALUE, _FROM_FACT),
}  # fmt: skip


def pack_schema() -> _Schema:
    """Return the JSON Schema (2020-12) of a pack. It knows every key; names declared in the pack itself are for `check` to look up."""
    blocks = {name: _block(block) for name, block in BLOCKS.items() if name != "pack"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"transfer_rules pack; the reserved teams are {' and '.join(RESERVED_TEAMS)}",
        **_block(BLOCKS["pack"]),
        "$defs": {**blocks, "condition": _condition(), "timescale": _timescale()},
    }


def _takes(takes: str) -> _Schema:
    prefixes: dict[str, Callable[[_Schema], _Schema]] = {
        "list of ": _list_of,
        "one or more ": lambda inner: _either(inner, _some(inner)),
        "map of ": lambda inner: {"type": "object", "additionalProperties": inner, **({} if inner == _TEXT else {"propertyNames": _ID})},
    }
    for prefix, wrap in prefixes.items():
        if takes.startswith(prefix):
            return wrap(_takes(takes.removeprefix(prefix)))
    return _ref(takes.removeprefix("block ")) if takes.startswith("block ") else _TYPES[takes]


def _block(block: Block) -> _Schema:
    schema: _Schema = {
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in block.keys if key.required],
        "properties": {key.name: {"description": key.about, **_takes(key.takes), **_filled(key)} for key in block.keys},
    }
    return {**schema, "oneOf": [{"required": [name]} for name in block.exactly_one]} if block.exactly_one else schema


def _closed(properties: dict[str, _Schema], required: list[str]) -> _Schema:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _filled(key: Key | Operator) -> _Schema:
    """Say that a list must hold something: one that must be there, and one that a fact is compared with."""
    needed = isinstance(key, Operator) or key.required
    return {"minItems": 1} if needed and key.takes.startswith("list of ") else {}


def _condition() -> _Schema:
    inner = _ref("condition")
    takes: dict[str, _Schema] = {"all": _list_of(inner), "any": _list_of(inner), "not": inner, "use": _ID}
    heads = [_closed({name: {"description": about, **takes[name]}}, [name]) for name, about in GROUPINGS.items() if name in takes]
    decided = _closed({"decision": {"description": GROUPINGS["decision"], **_ID}, "is": _ID}, ["decision", "is"])
    ages = [_closed({name: {"description": about, **_NUMBER}, "on": _DAY}, [name]) for name, about in AGES.items()]
    leaves = [
        _closed(
            {"fact": _FACT, operator.name: {"description": operator.about, **_takes(operator.takes), **_filled(operator)}}, ["fact", operator.name]
        )
        for operator in OPERATORS.values()
    ]
    return {"oneOf": [*heads, decided, *ages, *leaves]}


def _timescale() -> _Schema:
    inner = _ref("timescale")
    additions: dict[str, _Schema] = {
        "when": {"description": ADDITION_ABOUT["when"], **_ref("condition")},
        "otherwise": {"description": ADDITION_ABOUT["otherwise"], **inner},
        "failing_that": {"description": ADDITION_ABOUT["failing_that"], **inner},
    }
    counts = [
        _closed({unit: {"description": about, **_NUMBER}, anchor: {"description": ADDITION_ABOUT[anchor], **_DAY}, **additions}, [unit, anchor])
        for unit, about in UNIT_ABOUT.items()
        for anchor in ("after", "before")
    ]
    takes: dict[str, _Schema] = {
        "on": _DAY, "birthday": _NUMBER, "at_once": _TRUE, "none": _TEXT, "soonest_of": _some(inner),
        "latest_of": _some(inner), "use": _ID,
    }  # fmt: skip
    forms = [_closed({name: {"description": about, **takes[name]}, **additions}, [name]) for name, about in FORM_ABOUT.items()]
    return {"oneOf": [*counts, *forms]}

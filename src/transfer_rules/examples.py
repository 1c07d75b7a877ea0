"""Worked examples: cases written beside a pack with the answer they expect, read, decided and compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from .decision import Deadline, Decision
from .errors import Diagnostic, Location, PackError, SnapshotError, did_you_mean
from .evaluation import evaluate, evaluate_to_compare
from .facts import read_date, read_moment
from .loading.files import read_file
from .loading.nodes import EXAMPLES_BYTES, EXAMPLES_NODES, Fields, Items, Node, Refused, Text
from .loading.yaml_events import read_yaml
from .policy import Policy
from .snapshots import snapshot_of
from .vocabulary import CaseSnapshot


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example: a name that reads like a sentence, a snapshot, and what is expected, as written."""

    name: str
    snapshot: CaseSnapshot
    expect: Mapping[str, Any]
    place: Location


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that the decision does not meet: its key, what was expected and what came."""

    key: str
    expected: str
    came: str

    def __str__(self) -> str:
        return f"{self.key}: expected {self.expected}, but it is {self.came}"


def examples_beside(pack: Path) -> Path:
    """Return where the worked examples of a pack stand: `examples/<name>.yaml` beside it."""
    return pack.parent / "examples" / pack.name


def read_examples(path: Path) -> tuple[Example, ...]:
    """Return the worked examples of a file.

    Raises:
        PackError: the file cannot be read, or an example is faulty; every fault with its place.
    """
    return parse_examples(read_file(path, EXAMPLES_BYTES), path.as_posix())


def parse_examples(data: bytes, file: str) -> tuple[Example, ...]:
    """Return the worked examples that the bytes of a file describe; `file` is the name for places. Raises PackError as `read_examples` does."""
    try:
        document = read_yaml(data, file, max_bytes=EXAMPLES_BYTES, max_nodes=EXAMPLES_NODES)
    except Refused as refused:
        raise PackError([refused.diagnostic]) from None
    if not isinstance(document.root, Items):
        why = "it holds one entry for each case"
        raise PackError([Diagnostic("wrong-shape", "a file of examples is a list", document.root.place, why=why, mend="begin each with `- name:`")])
    faults = list(document.faults)
    examples: list[Example] = []
    names: dict[str, Location] = {}
    for node in document.root.items:
        try:
            example = _example(node)
        except SnapshotError as error:
            faults.extend(error.diagnostics)
            continue
        if (first := names.setdefault(example.name, example.place)) is not example.place:
            message, also = f"two examples are named `{example.name}`", ((first, "the first stands here"),)
            why = "a report names the example that is not as expected"
            faults.append(Diagnostic("repeated-id", message, example.place, why=why, mend="rename one", also=also))
        examples.append(example)
    if faults:
        raise PackError(faults)
    return tuple(examples)


def _example(node: Node) -> Example:
    faults: list[Diagnostic] = []
    snapshot = None
    try:
        snapshot = snapshot_of(node, ignore=("name", "expect"))
    except SnapshotError as error:
        faults.extend(error.diagnostics)
    if not isinstance(node, Fields):
        raise SnapshotError(faults)
    name, expect = node.get("name"), node.get("expect")
    if not isinstance(name, Text) or not name.text.strip():
        why = "a report names the example that is not as expected"
        mend = "add a name that reads like a sentence"
        faults.append(Diagnostic("missing-key", "an example needs `name:`", node.place, why=why, mend=mend))
    if not isinstance(expect, Fields) or not expect.fields:
        why = "without it nothing is compared"
        mend = "add what is expected, such as {outcome: stay}"
        faults.append(Diagnostic("missing-key", "an example needs `expect:`", node.place, why=why, mend=mend))
    for key, value in expect.fields if isinstance(expect, Fields) else ():
        if key.text not in EXPECTATIONS:
            message, why = f"nothing of the name `{key.text}` can be expected", "it is one of " + ", ".join(EXPECTATIONS)
            mend = did_you_mean(key.text, EXPECTATIONS) or "correct it, or delete it"
            faults.append(Diagnostic("unknown-key", message, key.place, why=why, mend=mend))
        elif not _comparable(value):
            why = "a decision is compared with a word, a list of words, or names with words"
            faults.append(
                Diagnostic("wrong-shape", f"`{key.text}:` cannot be compared", key.place, why=why, mend="write it as the language page shows")
            )
    if faults or snapshot is None or not isinstance(name, Text) or not isinstance(expect, Fields):
        raise SnapshotError(faults)
    return Example(name.text, snapshot, {key.text: _plain(value) for key, value in expect.fields}, node.place)


def _comparable(node: Node, *, inside: bool = False) -> bool:
    """Say whether this is a word, a list of words, or a mapping of names to words or lists of words."""
    match node:
        case Text():
            return True
        case Items(items=items):
            return all(isinstance(item, Text) for item in items)
        case Fields(fields=fields):
            return not inside and all(_comparable(value, inside=True) for _, value in fields)


def _plain(node: Node) -> Any:
    """Return what was written, dates, moments and yes/no as themselves, nothing as None."""
    if isinstance(node, Items):
        return [_plain(item) for item in node.items]
    if isinstance(node, Fields):
        return {key.text: _plain(value) for key, value in node.fields}
    if node.empty:
        return None
    if node.plain and node.text in ("yes", "no", "true", "false"):
        return node.text in ("yes", "true")
    return read_date(node.text) or read_moment(node.text) or node.text


def run_example(policy: Policy, example: Example) -> tuple[Difference, ...]:
    """Decide an example and return where it differs from what was expected; empty when it is as expected."""
    try:
        # Which facts nobody stated it rests on takes as long as all the rest, so it is worked out where it is expected.
        decision = (evaluate if "rests_on_unstated" in example.expect else evaluate_to_compare)(policy, example.snapshot)
    except SnapshotError as error:
        return (Difference("snapshot", "a decision", "; ".join(diagnostic.message for diagnostic in error.diagnostics)),)
    return differences(decision, example.expect)


def differences(decision: Decision, expect: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return each expectation that a decision does not meet, in the order written."""
    found: list[Difference] = []
    for key, wanted in expect.items():
        came = EXPECTATIONS[key](decision)
        if key.endswith(("_includes", "_include")):
            if missing := _missing(wanted, came):
                found.append(Difference(key, _said(missing), _said(came)))
        elif key.endswith(("_excludes", "_exclude")):
            if there := [name for name in _list(wanted) if name in came]:
                found.append(Difference(key, "without " + _said(there), _said(came)))
        elif isinstance(wanted, dict) and isinstance(came, dict) and key in ("transfer_point", "to_decide"):
            if any(came.get(name) != value for name, value in wanted.items()):
                found.append(Difference(key, _said(wanted), _said(came)))
        elif not _same(wanted, came):
            found.append(Difference(key, _said(wanted), _said(came)))
    return tuple(found)


def _list(wanted: Any) -> list[Any]:
    """Return a list as it is, one word as a list of one, nothing as an empty list."""
    return [] if wanted is None else list(wanted) if isinstance(wanted, list | dict) else [wanted]


def _missing(wanted: Any, came: dict[str, Any] | list[Any]) -> Any:
    if isinstance(wanted, dict) and isinstance(came, dict):
        return {name: value for name, value in wanted.items() if name not in came or came[name] != value}
    return [name for name in _list(wanted) if name not in came]


def _same(wanted: Any, came: Any) -> bool:
    if isinstance(came, dict) and not isinstance(wanted, dict):
        # A list names what is there, whatever its state.
        return sorted(came) == sorted(map(str, _list(wanted)))
    if isinstance(came, list):
        return sorted(map(str, _list(wanted))) == sorted(map(str, came))
    return bool(wanted == came) and isinstance(wanted, datetime) == isinstance(came, datetime)


def _said(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case dict():
            return "{" + ", ".join(f"{name}: {_said(one)}" for name, one in sorted(value.items())) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_said, value)) + "]"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _point(decision: Decision) -> dict[str, Any] | None:
    point = decision.transfer_point
    return None if point is None else {"event": point.event, "date": point.on, "state": point.state}


def _to_decide(decision: Decision) -> dict[str, Any] | None:
    asked = decision.to_decide
    if asked is None:
        return None
    return {"settled_by": asked.settled_by, "by": None if asked.by is None else asked.by.on, "who": asked.who, "between": list(asked.between)}


def _outstanding(decision: Decision) -> dict[str, str]:
    return {item.item: item.why for item in decision.outstanding}


def _duties(decision: Decision) -> dict[str, str]:
    return {duty.duty: duty.status for duty in decision.duties}


def _due(decision: Decision) -> dict[str, Any]:
    return {name: None if due is None else due.on for name, due in _work(decision)}


def _due_states(decision: Decision) -> dict[str, Any]:
    return {name: "not_stated" if due is None else due.state for name, due in _work(decision)}


def _work(decision: Decision) -> list[tuple[str, Deadline | None]]:
    return [(item.item, item.due) for item in decision.outstanding] + [(duty.duty, duty.due) for duty in decision.duties]


EXPECTATIONS: Final[Mapping[str, Callable[[Decision], Any]]] = {
    "outcome": lambda d: d.outcome,
    "certainty": lambda d: d.certainty,
    "silent": lambda d: d.silent,
    "receiving_team": lambda d: d.receiving_team.team if d.receiving_team else None,
    "area": lambda d: d.receiving_team.area if d.receiving_team else None,
    "role": lambda d: d.receiving_team.role if d.receiving_team else None,
    "candidates": lambda d: sorted({candidate.team or candidate.outcome for candidate in d.candidates}),
    "candidates_include": lambda d: sorted({candidate.team or candidate.outcome for candidate in d.candidates}),
    "to_decide": _to_decide,
    "transfer_point": _point,
    "deadline": lambda d: d.deadline.on if d.deadline else None,
    "deadline_state": lambda d: d.deadline.state if d.deadline else None,
    "not_before": lambda d: d.deadline.not_before if d.deadline else None,
    "overdue": lambda d: bool(d.deadline and d.deadline.overdue),
    "required": lambda d: list(d.required),
    "outstanding": _outstanding,
    "outstanding_includes": _outstanding,
    "outstanding_excludes": _outstanding,
    "duties": _duties,
    "duties_include": _duties,
    "duties_exclude": _duties,
    "due_includes": _due,
    "due_states_include": _due_states,
    "because": lambda d: [reason.rule for reason in d.reasons],
    "clauses": lambda d: sorted({clause for reason in d.reasons for clause in reason.clauses}),
    "missing": lambda d: list(d.missing),
    "rests_on_unstated": lambda d: list(d.rests_on_unstated),
    "warnings": lambda d: [warning.code for warning in d.warnings],
}
"""What an example can expect, and how it is read off a decision."""

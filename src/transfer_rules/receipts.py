"""Receipts: a snapshot with the decision on it, kept as JSON, read back and decided again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any, Final, Literal, TypeAlias

from .case import bind
from .decision import Decision
from .errors import Diagnostic, SnapshotError, did_you_mean, spelled_out
from .evaluation import evaluate
from .facts import read_count
from .loading.nodes import Fields, Items, Node, Text
from .policy import Policy
from .snapshots import decision_to_dict, read_json, snapshot_of, snapshot_to_dict
from .vocabulary import CaseSnapshot

KIND: Final = 1
Verdict: TypeAlias = Literal["identical", "same_answer", "differs", "refused"]
Whose: TypeAlias = Literal["pack", "calendar", "version"]

_KEYS: Final = ("receipt", "snapshot", "decision")
_WHOSE: Final[Mapping[str, Whose]] = {
    "pack": "pack", "edition": "pack", "digest": "pack",
    "calendar": "calendar", "calendar_digest": "calendar", "horizon": "calendar",
    "library": "version", "schema": "version",
}  # fmt: skip
_ANOTHER: Final[Mapping[Whose, str]] = {"pack": "pack", "calendar": "calendar", "version": "version of the library"}
_ALTERED: Final = "though pack, calendar and version are the same: the receipt was altered, or the library under its version"
# What tells the objects of a list apart; a candidate has a team, or only an outcome.
_NAMED_BY: Final = ("item", "duty", "rule", "code", "team", "outcome")
_WHOLE: Final = "a receipt is a snapshot and the decision on it, with the pack that gave it"
_LONGEST_LINE: Final = 1_000


class _Absent(Enum):
    ABSENT = "not there"


ABSENT: Final = _Absent.ABSENT
"""Stands in a difference where one of the two decisions has nothing at that path, not even null."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was: where it stands (`deadline.on`, `outstanding[risk_summary].why`), and its JSON data then and now."""

    path: str
    then: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Doing:
    """Whose doing a difference may be: the pack, the calendar or the version, and what of it is not as it was."""

    whose: Whose
    changed: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of deciding a receipt again.

    Attributes:
        verdict: `identical`; `same_answer`, where only the identity differs; `differs`; `refused`, where the snapshot cannot be decided any more.
        differences: what differs outside the identity, in the order of the decision.
        doing: what of the identity differs. A library that was changed under the same version does not show here.
        diagnostics: why the snapshot is refused.
    """

    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    doing: tuple[Doing, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def altered(self) -> bool:
        """Whether the answer is another though pack, calendar and version are the same.

        Then the receipt was altered after it was written, or the library was changed under the same version.
        """
        return self.verdict in ("differs", "refused") and not self.doing


@dataclass(frozen=True, slots=True)
class ReceiptRead:
    """One receipt of a file: the caller's own label (None for a file of one), and the receipt as it stands there or why it is none."""

    label: str | None
    receipt: dict[str, Any] | None
    error: SnapshotError | None = None


def receipt(policy: Policy, snapshot: CaseSnapshot, decision: Decision) -> dict[str, Any]:
    """Return the receipt of a decision as plain JSON data.

    It is the same for equal cases, however their values were written: facts of the pack are typed, moments are in London time, what is unknown is
    left out. Places in files stay outside.

    Raises:
        SnapshotError: the policy refuses the snapshot.
    """
    facts = bind(policy, snapshot).facts
    canonical = replace(snapshot, local_facts={name: facts[name] for name in snapshot.local_facts})
    return {"receipt": KIND, "snapshot": snapshot_to_dict(canonical), "decision": decision_to_dict(decision, places=False)}


def receipt_to_json(receipt: Mapping[str, Any]) -> str:
    """Return a receipt as JSON text that ends with a newline, the same bytes every time."""
    text = json.dumps(receipt, ensure_ascii=False, indent=2) + "\n"
    # A label may hold half a surrogate pair, which UTF-8 cannot; its escape is the one of JSON.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def receipts_to_json(receipts: Mapping[str | None, Mapping[str, Any]]) -> str:
    """Return receipts as the text of a file that `read_receipts` reads: many under their labels, or, under None, one without a label.

    Raises:
        ValueError: a receipt without a label is not the only one.
    """
    if None in receipts:
        if len(receipts) > 1:
            raise ValueError("a receipt without a label stands alone in its file")
        return receipt_to_json(receipts[None])
    return receipt_to_json({label: one for label, one in receipts.items() if label is not None})


def read_receipts(data: bytes, file: str) -> tuple[ReceiptRead, ...]:
    """Read a file of one receipt, or of many under the caller's own labels.

    Args:
        data: JSON, UTF-8.
        file: the name for places.
    Returns:
        one entry for each receipt, in the order of the file; a faulty one does not stop the others. Whether the snapshot in it can be decided is
        for `replay` to say.
    Raises:
        SnapshotError: the file as a whole cannot be read.
    """
    root = read_json(data, file)
    if not isinstance(root, Fields):
        raise SnapshotError([_fault("wrong-shape", "a file of receipts is a JSON object", root, "it is one, or your own labels each with one")])
    # A label may be the name of a key; what stands under it is then a receipt of its own.
    own = any(key.text in _KEYS and not (isinstance(value, Fields) and value.key("receipt")) for key, value in root.fields)
    if own or not root.fields:
        return (_read_receipt(None, root),)
    return tuple(_read_receipt(label.text, node) for label, node in root.fields)


def _read_receipt(label: str | None, node: Node) -> ReceiptRead:
    try:
        _snapshot_in(node)
        return ReceiptRead(label, _data(node))
    except SnapshotError as error:
        return ReceiptRead(label, None, error.with_traceback(None))


def _snapshot_in(node: Node) -> Node:
    """Return the snapshot of a receipt. Raises SnapshotError with everything that is wrong with the receipt itself."""
    if not isinstance(node, Fields):
        raise SnapshotError([_fault("wrong-shape", "a receipt is a JSON object", node, "it holds " + ", ".join(_KEYS))])
    kind, snapshot, pack = _at(node, "receipt"), _at(node, "snapshot"), _at(node, "decision", "identity", "pack")
    takes = "it takes " + ", ".join(_KEYS)
    faults = [
        _fault("unknown-key", "a receipt has no key of this name", key, takes, did_you_mean(key.text, _KEYS) or "delete it")
        for key, _ in node.fields
        if key.text not in _KEYS
    ]
    found = {
        "receipt": kind is not None,
        "snapshot": isinstance(snapshot, Fields),
        "decision.identity.pack": isinstance(pack, Text) and not pack.plain,
    }
    faults += [_fault("missing-key", f"a receipt needs `{name}`", node, _WHOLE) for name, there in found.items() if not there]
    if kind is not None and kind != Text(str(KIND), True, kind.place):
        mend = "read it with the version of the library that wrote it, or a later one"
        faults.append(_fault("unknown-receipt", "unknown kind of receipt", kind, f"receipts of kind {KIND} can be read", mend))
    if faults or snapshot is None:
        raise SnapshotError(faults)
    return snapshot


def _at(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        node = node.get(key) if isinstance(node, Fields) else None
    return node


def _fault(code: str, message: str, node: Node, why: str, mend: str = "give the whole receipt, as it was written") -> Diagnostic:
    return Diagnostic(code, message, node.place, why=why, mend=mend)


def _data(node: Node) -> Any:
    """Return the JSON data that a node was read from. Raises SnapshotError for a number that is not whole: receipts are written without."""
    match node:
        case Items(items=items):
            return [_data(item) for item in items]
        case Fields(fields=fields):
            return {key.text: _data(value) for key, value in fields}
        case Text(text=text, plain=False):
            return text
        case Text(text="yes" | "no" | "" as word):
            return None if not word else word == "yes"
    if (number := read_count(node.text)) is None:
        raise SnapshotError([_fault("wrong-value", "a receipt holds no number of this kind", node, "all its numbers are whole ones")])
    return number


def replay(policy: Policy, receipt: Mapping[str, Any]) -> Replay:
    """Decide a receipt again.

    Two decisions are the same if their JSON is; the order in which an object has its keys is layout, as it is for whoever stored the receipt.

    Args:
        policy: the pack as it is now; any other may be tried on the same snapshot.
        receipt: as `receipt` gives it, or as read from JSON.
    Raises:
        SnapshotError: it is no receipt.
    """
    try:
        node = read_json(json.dumps(receipt).encode(), "receipt")
    except RecursionError:
        raise SnapshotError("a receipt is never nested so deep") from None
    except (TypeError, ValueError, OverflowError):
        raise SnapshotError("a receipt holds JSON data only") from None
    written, then = _snapshot_in(node), _data(node)["decision"]
    identity = asdict(policy.identity) | {"horizon": policy.identity.horizon.isoformat()}
    changed = _differ("", then.pop("identity"), identity)
    doing = tuple(Doing(whose, found) for whose in _ANOTHER if (found := tuple(one for one in changed if _WHOSE.get(one.path, "version") == whose)))
    try:
        snapshot = snapshot_of(written)
        now = decision_to_dict(evaluate(policy, snapshot), places=False)
    except SnapshotError as error:
        return Replay("refused", (), doing, tuple(replace(one, location=None) for one in error.diagnostics))
    del now["identity"]
    differences = tuple(_differ("", then, now))
    return Replay("differs" if differences else "same_answer" if doing else "identical", differences, doing)


def _differ(path: str, then: Any, now: Any) -> list[Difference]:
    """Return what differs, each at the deepest path that both sides have; what one side lacks, as a whole."""
    if json.dumps(then, sort_keys=True) == json.dumps(now, sort_keys=True):
        return []
    before, after = _named(then), _named(now)
    found: list[Difference] = []
    if type(then) is type(now) and before is not None and after is not None:
        orders = [name[1:-1] for name in before if name in after], [name[1:-1] for name in after if name in before]
        if isinstance(then, list) and orders[0] != orders[1]:
            found.append(Difference(path.removeprefix("."), *orders))
        for name in before | after:
            if name in before and name in after:
                found += _differ(path + name, before[name], after[name])
            else:
                found.append(Difference((path + name).removeprefix("."), before.get(name, ABSENT), after.get(name, ABSENT)))
    return found or [Difference(path.removeprefix("."), then, now)]


def _named(data: Any) -> dict[str, Any] | None:
    """Return the parts of an object by their keys, of a list by what names them; None for a word, and for a list whose parts have no names."""
    if isinstance(data, dict):
        return {f".{key}": value for key, value in data.items()}
    parts: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for one in data if isinstance(data, list) else ():
        match one:
            case dict():
                name, value = next((one[key] for key in _NAMED_BY if isinstance(one.get(key), str)), None), one
            case [str(name), value]:
                pass
            case _:
                return None
        if name is None:
            return None
        seen[name] = seen.get(name, 0) + 1
        parts[f"[{name}]" if seen[name] == 1 else f"[{name} {seen[name]}]"] = value
    return parts if isinstance(data, list) and len(parts) == len(data) else None


def replay_to_dict(replay: Replay) -> dict[str, Any]:
    """Return a replay as plain JSON data; a difference lacks `then` or `now` where there was nothing at its path."""
    return {
        "verdict": replay.verdict,
        "altered": replay.altered,
        "differences": [_difference_data(one) for one in replay.differences],
        "doing": [{"whose": doing.whose, "changed": [_difference_data(one) for one in doing.changed]} for doing in replay.doing],
        "diagnostics": [{"code": one.code, "message": one.message, "why": one.why, "mend": one.mend} for one in replay.diagnostics],
    }


def _difference_data(difference: Difference) -> dict[str, Any]:
    return {name: value for name, value in asdict(difference).items() if value is not ABSENT}


def say_replay(replay: Replay) -> str:
    """Return a replay in words: what became of it, in a line that stands alone; then each difference, and what of the identity is not as it was."""
    number = len(replay.differences)
    heads: dict[Verdict, str] = {
        "identical": "identical: the same decision, byte for byte",
        "same_answer": "the same answer",
        "differs": f"differs in {number} {'thing' if number == 1 else 'things'}",
        "refused": "refused: the snapshot cannot be decided any more",
    }
    *first, last = [_ANOTHER[doing.whose] for doing in replay.doing] or [""]
    whose = f", by another {' and '.join(filter(None, (', '.join(first), last)))}" if last else f", {_ALTERED}" if replay.altered else ""
    lines = [heads[replay.verdict] + whose]
    lines += [f"{one.path}: {_said_both(one)}" for one in replay.differences]
    lines += [line for diagnostic in replay.diagnostics for line in str(diagnostic).splitlines()]
    lines += [f"{doing.whose}: " + "; ".join(f"{one.path} {_said_both(one)}" for one in doing.changed) for doing in replay.doing]
    # Words of whoever altered a receipt may stand in these lines; none of them may begin a line of its own or command a terminal.
    return "\n  ".join(spelled_out(line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} ...") for line in lines)


def _said_both(difference: Difference) -> str:
    then, now = _said(difference.then), _said(difference.now)
    # The beginning of a digest tells it from another.
    return f"then {then[:12]}, now {now[:12]}" if difference.path.endswith("digest") else f"then {then}, now {now}"


def _said(data: Any) -> str:
    match data:
        case _Absent():
            return data.value
        case None:
            return "nothing"
        case bool():
            return "yes" if data else "no"
        case list():
            return f"[{', '.join(map(_said, data))}]"
        case dict():
            return f"{{{', '.join(f'{key}: {_said(one)}' for key, one in data.items() if one not in (None, False, '', []))}}}"
        case _:
            return str(data) or '""'

"""Whether the worked examples of a pack notice when one thing of the pack is changed.

    python -m transfer_rules.testing.pack_mutants shropshire --jobs 2

Each mutant is the pack with one small change (`pack_changes`). It is killed when a worked example no longer gets the answer that it expects. A mutant
that no longer loads is refused and not counted. For one that survives, a case is looked for on which its answer is another (`pack_witnesses`): that
case shows which example is missing. Where none is found, the mutant may mean the same as the pack.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

from ..case import bind
from ..checks import check_policy
from ..decision import Decision
from ..errors import PackError, SnapshotError
from ..evaluation import evaluate, evaluate_to_compare
from ..examples import EXPECTATIONS, Example, differences, examples_beside, read_examples
from ..loading.files import find_pack, read_file
from ..loading.nodes import PACK_BYTES, Document, Fields, Refused
from ..loading.policies import policy_of_document
from ..loading.yaml_events import read_yaml
from ..policy import Policy
from .pack_changes import Mutant, mutants, without_readings
from .pack_parts import Untouched, touched
from .pack_witnesses import Draft, Played, Seeker, Witness, compared, written

Fate: TypeAlias = Literal["refused", "killed", "timed out", "survived", "perhaps equivalent"]
FATES: Final[tuple[Fate, ...]] = ("refused", "killed", "timed out", "survived", "perhaps equivalent")

_WIDTH: Final = 140


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant.

    Attributes:
        by: the example that killed it, or why it was refused, or what is known where no witness was found.
        witness: for a survivor, a case on which its answer is another.
        checked: `check` finds something else in it than in the pack; None where that was not asked.
    """

    mutant: Mutant
    fate: Fate
    by: str = ""
    witness: Witness | None = None
    checked: bool | None = None


class Bench:
    """One pack with its worked examples, and the mutants to try on them.

    Args:
        pack: a bundled pack by name, or the path of one; its examples stand beside it (`examples/<name>.yaml`).
        seconds: how long to look for a witness, and three times how long the examples of one mutant may take together.
        check: hold the findings of `check` against each other too.
    Raises:
        PackError: the pack or its examples cannot be read, or an example is not as expected, so that nothing would be shown by its failing.
    """

    def __init__(self, pack: str, *, seconds: float = 8, check: bool = False):
        path = find_pack(pack)
        self.document = _tree(path)
        self.policy = policy_of_document(self.document)
        self.mutants = mutants(self.policy, _root(self.document))
        played = [self._played(example) for example in read_examples(examples_beside(path))]
        self.seeker = Seeker(self.policy, played, seconds)
        self.seconds = seconds
        self.findings = _codes(self.policy) if check else None

    def _played(self, example: Example) -> Played:
        started = time.process_time()
        decision = evaluate(self.policy, example.snapshot)
        seconds = time.process_time() - started
        if found := differences(decision, example.expect):
            raise ValueError(f"{example.place}: `{example.name}` is not as expected: {found[0]}")
        touches = touched(self.policy, example.snapshot, decision)
        draft, case = Draft.of(self.policy, example.snapshot), bind(self.policy, example.snapshot)
        return Played(example, draft, case, decision, touches, seconds)

    def run(self, mutant: Mutant) -> Result:
        """Try one mutant."""
        try:
            other = policy_of_document(replace(self.document, root=mutant.root))
        except PackError as error:
            return Result(mutant, "refused", error.diagnostics[0].message)
        names = self.seeker.changed(other)
        if not names:
            return Result(mutant, "perhaps equivalent", "nothing that is in force changes")
        result = self._examples(mutant, other, names)
        if self.findings is not None and result.fate not in ("refused", "killed"):
            result = replace(result, checked=_codes(other) != self.findings)
        return result

    def _examples(self, mutant: Mutant, other: Policy, names: Sequence[str]) -> Result:
        until = time.process_time() + 3 * self.seconds
        witness: Witness | None = None
        untouched = Untouched(self.policy, other, names)
        for one in self.seeker.order(names):
            unstated = "rests_on_unstated" in one.example.expect
            if not unstated and untouched(one.case, one.decision):
                continue
            try:
                decision = (evaluate if unstated else evaluate_to_compare)(other, one.example.snapshot)
            except SnapshotError:
                return Result(mutant, "killed", one.example.name)
            if differences(decision, one.example.expect):
                return Result(mutant, "killed", one.example.name)
            found = compared(f'the worked example "{one.example.name}"', one.draft, one.decision, decision)
            if found is not None and (witness is None or found.rank > witness.rank):
                witness = found
            if time.process_time() > until:
                return Result(mutant, "timed out", f"the examples took more than {3 * self.seconds:.0f} s")
        if witness is None or witness.rank < 3:
            sought, said = self.seeker.find(other, names)
            if witness is None and sought is None:
                return Result(mutant, "perhaps equivalent", said)
            witness = max((one for one in (witness, sought) if one is not None), key=lambda one: one.rank)
        return Result(mutant, "survived", witness=witness)


def _tree(path: Path) -> Document:
    try:
        document = read_yaml(read_file(path, PACK_BYTES), path.name)
    except Refused as refused:
        raise PackError([refused.diagnostic]) from None
    if not isinstance(document.root, Fields):
        return document
    return replace(document, root=without_readings(document.root))


def _root(document: Document) -> Fields:
    assert isinstance(document.root, Fields)  # a pack that loads is one mapping
    return document.root


def _codes(policy: Policy) -> frozenset[tuple[str, str]]:
    return frozenset((finding.code, finding.message) for finding in check_policy(policy).findings)


# --- many mutants


def run_all(bench: Bench, chosen: Sequence[Mutant], pack: str, jobs: int, minutes: float | None = None) -> Iterator[Result]:
    """Yield what becomes of some mutants, in their order; begin nothing new after so many minutes."""
    until = None if minutes is None else time.time() + 60 * minutes
    if jobs == 1:
        for mutant in chosen:
            if until is None or time.time() < until:
                yield bench.run(mutant)
        return
    place = {id(mutant): number for number, mutant in enumerate(bench.mutants)}
    numbers = [place[id(mutant)] for mutant in chosen]
    start = (pack, bench.seconds, bench.findings is not None, until)
    with multiprocessing.Pool(jobs, initializer=_start, initargs=start) as pool:
        yield from (result for result in pool.imap(_run, numbers, chunksize=2) if result is not None)


_BENCH: list[tuple[Bench, float | None]] = []
"""The bench of one process of the pool."""


def _start(pack: str, seconds: float, check: bool, until: float | None) -> None:
    _BENCH[:] = [(Bench(pack, seconds=seconds, check=check), until)]


def _run(number: int) -> Result | None:
    bench, until = _BENCH[0]
    return bench.run(bench.mutants[number]) if until is None or time.time() < until else None


# --- in words


def score(results: Iterable[Result]) -> float:
    """Return the part of the mutants known to differ that are killed; what ran out of time counts as killed. 1 where there is none."""
    fates = Counter(result.fate for result in results)
    killed = fates["killed"] + fates["timed out"]
    return killed / (killed + fates["survived"]) if killed + fates["survived"] else 1.0


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the table of a pack: for each kind of mutant how many there are and what became of them."""
    kinds: dict[str, list[Result]] = {}
    for result in sorted(results, key=lambda one: one.mutant.kind):
        kinds.setdefault(result.mutant.kind, []).append(result)
    yield f"{'kind':<12} {'mutants':>8} {'refused':>8} {'killed':>8} {'timed out':>10} {'survived':>9} {'perhaps equivalent':>19} {'score':>7}"
    for kind, some in (*kinds.items(), ("in all", results)):
        fates = Counter(result.fate for result in some)
        refused, killed, late, survived, perhaps = (fates[fate] for fate in FATES)
        yield f"{kind:<12} {len(some):>8} {refused:>8} {killed:>8} {late:>10} {survived:>9} {perhaps:>19} {score(some):>7.1%}"


def told(result: Result) -> Iterator[str]:
    """Yield a survivor, and its witness as the example that is missing."""
    yield f"{result.mutant}"
    if result.checked is not None:
        yield f"    check: {'finds it' if result.checked else 'does not find it'}"
    witness = result.witness
    assert witness is not None
    yield f"    seen in: {witness.origin}"
    if not witness.keys:
        yield f"    differs only in what no example can expect: {', '.join(witness.parts)}"
    elif witness.is_example:
        yield f"    it does not expect: {', '.join(witness.keys)}"
    if not witness.is_example:
        yield from (f"    {line}" for line in case_lines(witness.draft))
    keys = dict.fromkeys(("outcome", "receiving_team", *(key for key in witness.keys if key != "snapshot")))
    yield f"      pack:   {_said(witness.before, keys)}"
    yield f"      mutant: {'refuses this case' if witness.after is None else _said(witness.after, keys)}"


def _said(decision: Decision, keys: Iterable[str]) -> str:
    return "{" + ", ".join(f"{key}: {_value(EXPECTATIONS[key](decision))}" for key in keys) + "}"


def _value(value: object) -> str:
    return (
        "null"
        if value is None
        else "{" + ", ".join(f"{k}: {_value(v)}" for k, v in value.items()) + "}"
        if isinstance(value, dict)
        else ("[" + ", ".join(map(_value, value)) + "]" if isinstance(value, list) else written(value))
    )


def case_lines(draft: Draft) -> Iterator[str]:
    """Yield a case as a worked example writes it, without name and expectation."""
    yield f"- as_of: {written(draft.as_of)}"
    if draft.unstated != "unknown":
        yield f"  unstated: {written(draft.unstated)}"
    for name, entries in (("facts", draft.facts), ("decisions", draft.decisions), ("checklist", draft.checklist)):
        shown = [f"{key}: {written(value)}" for key, value in sorted(entries.items()) if value is not None]
        if shown:
            yield from _wrapped(f"  {name}: {{", shown)


def _wrapped(head: str, entries: Sequence[str]) -> Iterator[str]:
    line = head
    for number, entry in enumerate(entries):
        text = entry + ("}" if number == len(entries) - 1 else ",")
        if line != head and len(line) + len(text) + 1 > _WIDTH:
            yield line
            line = " " * len(head) + text
        else:
            line += text if line.endswith("{") else f" {text}"
    yield line


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mutants of a pack; return 0 where no mutant that is known to differ survives, 1 where one does, 2 where something cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m transfer_rules.testing.pack_mutants", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("pack", help="a bundled pack by name, or a path; its worked examples stand beside it")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--part", nargs="+", help="only these sections of the file, such as rules, or these rules, items, duties ... by name")
    parser.add_argument("--kind", nargs="+", help="only these kinds of change, such as number")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th mutant, for a quick look")
    parser.add_argument("--seconds", type=float, default=8, help="how long to look for a case on which a survivor differs")
    parser.add_argument("--minutes", type=float, help="begin nothing new after so many minutes")
    parser.add_argument("--list", action="store_true", help="show the mutants, and try none")
    parser.add_argument("--check", action="store_true", help="say of each survivor whether `check` finds it; some seconds for each")
    given = parser.parse_args(arguments)
    try:
        bench = Bench(given.pack, seconds=given.seconds, check=given.check)
    except (PackError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    wanted = [one for one in bench.mutants if not given.part or one.section in given.part or one.part in given.part]
    wanted = [one for one in wanted if not given.kind or one.kind in given.kind][:: given.every]
    if given.list:
        for mutant in wanted:
            print(mutant)
        return 0
    results: list[Result] = []
    started = shown = time.monotonic()
    for result in run_all(bench, wanted, given.pack, given.jobs, given.minutes):
        results.append(result)
        if result.fate == "survived":
            print("\n".join(told(result)) + "\n", flush=True)
        if time.monotonic() - shown > 20:
            shown = time.monotonic()
            print(f"{len(results)} of {len(wanted)} mutants in {shown - started:.0f} s, score {score(results):.1%}", file=sys.stderr, flush=True)
    for fate in ("perhaps equivalent", "timed out"):
        for result in (result for result in results if result.fate == fate):
            print(f"{result.mutant}\n    {fate}{': ' + result.by if result.by else ''}\n")
    print("\n".join(table(results)))
    if len(results) < len(wanted):
        print(f"{len(wanted) - len(results)} mutants were not tried")
    unseen = sum(result.witness is not None and not result.witness.keys for result in results)
    if unseen:
        print(f"{unseen} of the survivors differ only in what no example can expect")
    print(f"{Path(given.pack).stem}: {len(results)} mutants, score {score(results):.1%}, {time.monotonic() - started:.0f} s")
    return 1 if any(result.fate == "survived" for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Which items an answer requires: certain, unsure, and the facts that leave the list open. Strong Kleene logic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .answers import Answer, Standing
from .case import BoundCase
from .checklists import Applies, Item, Move
from .conditions import Truth, all_of, any_of
from .facts import NOBODY
from .policy import Policy
from .ruling import Ruling, leavable, may_stay, way_of
from .timescales import blockers, is_open


@dataclass(frozen=True, slots=True)
class Requirements:
    """The items `required` for certain, those `unsure`, in the order of the pack, and the unknown facts that leave the list open.

    `open` may name too many facts, never too few.
    """

    required: tuple[str, ...]
    unsure: tuple[str, ...]
    open: frozenset[str]


def requirements(policy: Policy, case: BoundCase, standing: Standing, ruling: Ruling) -> Requirements:
    """Return the items that a ruling requires; whether an item is required is read before the days of the move are known."""
    return _Weighing(policy, case, standing).items(ruling)


class _Weighing:
    """The items of one case."""

    def __init__(self, policy: Policy, case: BoundCase, standing: Standing):
        self.policy = policy
        self.case = case
        self.standing = standing
        self.all = [item for item in policy.pack.items.values() if not item.off]

    def items(self, ruling: Ruling) -> Requirements:
        if ruling.outcome == "undetermined":
            return self._undetermined(ruling)
        if ruling.in_play:
            return self._in_play(ruling)
        move = ruling.move(self.case)
        joining = {answer.rule.id for answer in self.standing.possible}
        loose = replace(move, rules=(*move.rules, *sorted(joining)))
        required = [item.id for item in self.all if self._wanted(item, move)]
        unsure = [item for item in self.all if item.id not in required and self._wanted(item, loose) is not False]
        open_facts = self._blockers(unsure, [move, loose])
        if any(one.rules is not None and one.rules & joining for item in unsure for one in self.policy.moves_of_item[item.id]):
            open_facts |= self.standing.unknown
        return _requirements(required, unsure, open_facts)

    def _undetermined(self, ruling: Ruling) -> Requirements:
        """Only what every way requires is required, and nothing where the case may stay.

        Whatever bears on any way may be missing: a clash may be left to people, and a fact that names the team may name nobody.
        """
        ways = self._ways(ruling.in_play)
        ways += [Move("people_decide", self.case.team, None, ())] if leavable(self.policy, ruling.in_play) else []
        ways += [replace(way, outcome="close", to_team=NOBODY, to_open=False) for way in ways if way.to_open]
        stays = may_stay(self.policy, self.standing, ruling.in_play)
        required = [item.id for item in self.all if not stays and all(self._wanted(item, way) for way in ways)]
        return _requirements(required, (), self._blockers(self.all, ways))

    def _in_play(self, ruling: Ruling) -> Requirements:
        """In a clash, only what each of the clashing answers requires is required."""
        ways, joining = self._ways(ruling.in_play), self._ways(self.standing.possible)
        wanted = {item.id: all_of(self._wanted(item, way) for way in ways) for item in self.all}
        kept = {item.id: all_of(self._wanted(item, way) for way in joining) for item in self.all}
        required = [name for name in wanted if wanted[name] and kept[name]]
        unsure = [item for item in self.all if item.id not in required and wanted[item.id] is not False]
        open_facts = self._blockers(unsure, [*ways, *joining])
        if any(kept[item.id] is not True for item in unsure):
            open_facts |= self.standing.unknown
        return _requirements(required, unsure, open_facts)

    def _ways(self, answers: Iterable[Answer]) -> list[Move]:
        return [way_of(answer, self.case) for answer in answers]

    def _wanted(self, item: Item, move: Move) -> Truth:
        belongs = any_of(one.truth(move, self.case) for one in self.policy.moves_of_item[item.id])
        return belongs if belongs is False else all_of((belongs, item.when.truth(self.case)))

    def _blockers(self, items: Iterable[Item], ways: Sequence[Move]) -> frozenset[str]:
        found: set[str] = set()
        for item in items:
            if not any(is_open(name, self.case) for name in self.policy.item_reads[item.id]):
                continue
            applying = self.policy.moves_of_item[item.id]
            for way in ways:
                if self._wanted(item, way) is None:
                    found.update(blockers(item.when, self.case), *(_applies_blockers(one, way, self.case) for one in applying))
        return frozenset(found)


def _requirements(required: Iterable[str], unsure: Iterable[Item], open_facts: frozenset[str]) -> Requirements:
    return Requirements(tuple(required), tuple(item.id for item in unsure), open_facts)


def _applies_blockers(applies: Applies, move: Move, case: BoundCase) -> frozenset[str]:
    if applies.truth(move, case) is not None:
        return frozenset()
    holder = {"current_team"} if applies.from_teams.hold(move.from_team) is None else set()
    return blockers(applies.when, case) | holder

"""The engine against the judge on drawn packs (`transfer_rules.testing.drawn_packs`), where rules clash and dates hang on each other.

The first principle is held here: the engine may call provisional what every way of filling in would answer alike, and may ask for a fact too many;
never the reverse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from transfer_rules.calendars import ENGLAND
from transfer_rules.case import bind
from transfer_rules.evaluation import evaluate
from transfer_rules.facts import HAPPENED, NOT_YET
from transfer_rules.pack import Pack
from transfer_rules.policy import Policy, compile_pack
from transfer_rules.testing.drawn_packs import DAYS, FACTS, IN_ORDER, LOCAL, TODAY, packs
from transfer_rules.testing.reference import Answer, differences, judge, judge_answer, verdict_of, ways
from transfer_rules.vocabulary import CaseSnapshot

BIRTHS = [date(2008, 4, 1), date(2010, 4, 2), date(2008, 2, 29)]
MOMENTS = [datetime(2026, 4, 1, 9, 30, tzinfo=UTC), datetime(2026, 4, 2, 22, 30, tzinfo=UTC)]
MOST_WAYS = 1_500


# --- cases


def values(name: str, *, happened: bool) -> st.SearchStrategy[Any]:
    match name:
        case "e1" | "e2" | "e3" | "agreed_transfer_on" | "proceedings_issued_on" | "proceedings_concluded_on":
            return st.sampled_from([NOT_YET, *DAYS, *([HAPPENED] if happened else [])])
        case "m1":
            return st.sampled_from([NOT_YET, *DAYS[:3], *MOMENTS])
        case "f1" | "f2":
            return st.booleans()
        case "c1":
            return st.sampled_from("xyz")
        case "t1" | "current_team":
            return st.sampled_from(["a", "b", "d", "none"])
        case "w1" | "current_team_area":
            return st.sampled_from(["north", "south"])
        case "n1":
            return st.integers(0, 3)
        case _:
            return st.sampled_from([NOT_YET, *BIRTHS])


@st.composite
def cases(draw: st.DrawFn, pack: Pack, *, unknowns: bool) -> CaseSnapshot:
    # By definition the second of two dates lies after the first. The ways that are tried here leave nothing out, so these two are always known.
    hidden = draw(st.sets(st.sampled_from([name for name in FACTS if name not in IN_ORDER]), min_size=1, max_size=4)) if unknowns else set()
    facts = {name: draw(values(name, happened=unknowns and name not in IN_ORDER)) for name in FACTS if name not in hidden}
    first, second = (facts[name] for name in IN_ORDER)
    if isinstance(first, date) and isinstance(second, date):
        facts |= zip(IN_ORDER, sorted((first, second)), strict=True)
    elif first == NOT_YET:
        facts[IN_ORDER[1]] = NOT_YET
    recorded = st.fixed_dictionaries({"decided": st.sampled_from(["a", "b", "d", "none", "stay", "close"])}, optional={"on": st.sampled_from(DAYS)})
    done: st.SearchStrategy[Any] = st.sampled_from(["done", "not_done", "not_needed", "excused", *DAYS, {"done_on": DAYS[0], "excused": True}])
    work = [*pack.items, *(duty.id for duty in pack.duties)]
    return CaseSnapshot(
        as_of=draw(st.sampled_from([TODAY, TODAY, datetime(2026, 4, 1, 10, 0, tzinfo=UTC)])),
        local_facts={name: value for name, value in facts.items() if name in LOCAL},
        decisions=draw(st.dictionaries(st.sampled_from(["q1", "q2"]), recorded)),
        checklist=draw(st.dictionaries(st.sampled_from(work), done)),
        **{name: value for name, value in facts.items() if name not in LOCAL},
    )


def filled_in(policy: Policy, snapshot: CaseSnapshot) -> Iterator[tuple[tuple[Any, ...], Answer]]:
    """Yield every way of filling in the unknown facts, with the judge's answer; skips cases that have too many ways."""
    stated = bind(policy, snapshot).facts
    unknown = [name for name in FACTS if stated.get(name, HAPPENED) == HAPPENED]
    days = {name: BIRTHS if name == "date_of_birth" else DAYS for name in unknown}
    kinds = {"event": 6, "moment": 6, "date": 4, "yes_no": 2, "choice": 3, "team": 5, "area": 2, "count": 4}
    number = 1
    for name in unknown:
        number *= kinds[policy.facts[name].kind]
    assume(number <= MOST_WAYS)
    for way in ways(policy.pack, snapshot, unknown, days=days):
        chosen = tuple((name, way.local_facts[name] if name in LOCAL else getattr(way, name)) for name in unknown)
        yield chosen, judge_answer(policy.pack, policy.calendar, way)


def deciding_facts(answers: dict[tuple[Any, ...], Answer]) -> set[str]:
    """Return the facts in which two ways differ, and in nothing else, while their answers differ."""
    found: set[str] = set()
    for place, name in enumerate(name for name, _ in next(iter(answers), ())):
        alike: dict[tuple[Any, ...], set[Answer]] = {}
        for chosen, answer in answers.items():
            alike.setdefault(chosen[:place] + chosen[place + 1 :], set()).add(answer)
        if any(len(some) > 1 for some in alike.values()):
            found.add(name)
    return found


LOOSE = settings(deadline=None, suppress_health_check=list(HealthCheck))


class TestDrawnPacks:
    """Laws of agreement: where every fact is known engine and judge say the same; where some are not, what the engine calls decided is so in every
    way, what it leaves open it leaves open for every fact that matters, and what it says for certain holds in every way."""

    @given(data=st.data())
    @settings(LOOSE, max_examples=80)
    def test_with_every_fact_known_engine_and_judge_agree(self, data: st.DataObject) -> None:
        policy = compile_pack(data.draw(packs()), ENGLAND)
        snapshot = data.draw(cases(policy.pack, unknowns=False))
        decision = evaluate(policy, snapshot)
        event(decision.outcome)
        assert differences(judge(policy.pack, policy.calendar, snapshot), verdict_of(decision)) == []
        assert (decision.certainty, decision.missing) == ("decided", ())

    @given(data=st.data())
    @settings(LOOSE, max_examples=80)
    def test_with_facts_unknown_decided_means_every_way_and_missing_leaves_nothing_out(self, data: st.DataObject) -> None:
        policy = compile_pack(data.draw(packs()), ENGLAND)
        snapshot = data.draw(cases(policy.pack, unknowns=True))
        answers = dict(filled_in(policy, snapshot))
        decision = evaluate(policy, snapshot)
        event(f"{decision.outcome}, {decision.certainty}")
        if decision.certainty == "decided":
            assert set(answers.values()) <= {verdict_of(decision).answer}
            return
        assert deciding_facts(answers) <= set(decision.missing)
        if decision.outcome != "undetermined":
            said = verdict_of(decision)
            assert {(one.outcome, one.team, one.role) for one in answers.values()} <= {(said.outcome, said.team, said.role)}
            assert all(said.required <= one.required for one in answers.values())

    @given(data=st.data())
    @settings(LOOSE, max_examples=30)
    def test_shuffling_rules_items_and_duties_changes_only_the_order_of_listing(self, data: st.DataObject) -> None:
        pack = data.draw(packs())
        snapshot = data.draw(cases(pack, unknowns=True))
        other = replace(
            pack, rules=pack.rules[::-1], items=dict(reversed(pack.items.items())), checklists=pack.checklists[::-1], duties=pack.duties[::-1]
        )
        one, two = (evaluate(compile_pack(each, ENGLAND), snapshot) for each in (pack, other))
        assert verdict_of(one) == verdict_of(two)
        assert (one.missing, one.reasons, one.warnings) == (two.missing, two.reasons, two.warnings)

"""Drawn packs: small ones, full of overrides, holds, questions, lists in lists and conditions on dates.

Packs of real procedures seldom let rules clash, or let a date be at once in one way and awaited in another. Drawn ones do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from hypothesis import strategies as st

from .. import conditions as c
from .. import timescales as t
from ..calendars import ENGLAND, Calendar
from ..checklists import ANY_TEAM, NO_DUE, Applies, Checklist, DutySpec, Excuse, Item, Span, Teams, Valid
from ..facts import Fact
from ..pack import Close, DecisionSpec, FromFact, LeaveToPeople, Otherwise, Pack, PeopleDecide, Rule, Stay, Team, TransferTo
from ..policy import Policy, compile_pack

TODAY: Final = date(2026, 4, 1)
"""The days that drawn packs name lie about this one."""
DAYS: Final = tuple(TODAY + timedelta(days=days) for days in (-30, -1, 0, 1, 12))
LOCAL: Final = {
    one.name: one
    for one in (
        *(Fact(name, "event", name, "?") for name in ("e1", "e2", "e3")),
        Fact("m1", "moment", "m1", "?"),
        *(Fact(name, "yes_no", name, "?") for name in ("f1", "f2")),
        Fact("c1", "choice", "c1", "?", options=("x", "y", "z")),
        Fact("t1", "team", "t1", "?"),
        Fact("w1", "area", "w1", "?"),
        Fact("n1", "count", "n1", "?"),
    )
}
"""Their own facts."""
TEAMS: Final = {"a": Team("a", "A", {"north": "North", "south": "South"}), "b": Team("b", "B", {"north": "North"}), "d": Team("d", "D")}
IN_ORDER: Final = ("proceedings_issued_on", "proceedings_concluded_on")
"""Two dates of which a definition says that the second does not come before the first."""
FACTS: Final = (*LOCAL, *IN_ORDER, "current_team", "current_team_area", "agreed_transfer_on", "date_of_birth")
"""All facts that a drawn pack may read."""

_AMOUNTS: Final[tuple[tuple[int, t.Unit], ...]] = (
    (0, "days"),
    (12, "days"),
    (1, "working_days"),
    (8, "working_days"),
    (1, "weeks"),
    (1, "months"),
    (48, "hours"),
)
_dated_facts = st.sampled_from(["e1", "e2", "e3", "m1", *IN_ORDER])
_fact_days = _dated_facts.map(t.FactDay)


# --- trees


@st.composite
def _counts(draw: st.DrawFn, triggers: st.SearchStrategy[t.Timescale]) -> t.Count:
    amount, unit = draw(st.sampled_from(_AMOUNTS))
    return t.Count(amount, unit, draw(triggers), draw(st.booleans()))


def _timescales(*, moves: bool = False) -> st.SearchStrategy[t.Timescale]:
    """Timescales two or three deep; `moves` lets them count from the transfer point, the deadline and the handover."""
    plain: st.SearchStrategy[t.Timescale] = st.one_of(
        _fact_days, st.just(t.AtOnce()), st.just(t.NoDate("none")), st.just(t.Birthday(18)), st.sampled_from(DAYS).map(t.Literally), st.just(t.AsOf())
    )
    if moves:
        plain = st.one_of(plain, st.sampled_from(t.MOVES).map(t.MoveDay))
    return st.recursive(plain, _grown, max_leaves=4)


def _grown(inner: st.SearchStrategy[t.Timescale]) -> st.SearchStrategy[t.Timescale]:
    arms = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        _counts(inner),
        st.builds(t.SoonestOf, arms),
        st.builds(t.LatestOf, arms),
        st.builds(t.Conditional, inner, _leaves, st.none() | inner),
        st.builds(t.FailingThat, inner, inner),
    )


@st.composite
def _spans(draw: st.DrawFn) -> c.Within:
    limit = draw(_counts(_fact_days))
    return c.Within(draw(st.just(t.AsOf()) | _fact_days), limit.trigger, limit, limit.back)


_leaves: st.SearchStrategy[c.Condition] = st.one_of(
    st.builds(c.Is, st.sampled_from(["f1", "f2"]), st.booleans()),
    st.builds(c.Is, st.just("c1"), st.sampled_from("xyz"), st.booleans()),
    st.builds(c.Is, st.just("t1"), st.just(c.FactRef("current_team")), st.booleans()),
    st.builds(c.OneOf, st.just("c1"), st.just(frozenset("xy"))),
    st.builds(c.Amount, st.just("n1"), st.integers(1, 2), st.booleans()),
    st.builds(c.Happened, _dated_facts, st.booleans()),
    st.builds(c.Arranged, _dated_facts, st.booleans()),
    st.builds(c.Compare, st.just(t.AsOf()) | _fact_days, st.sampled_from(c.Compare.operators), _fact_days | st.sampled_from(DAYS).map(t.Literally)),
    st.builds(c.Age, st.sampled_from([16, 18]), st.just(t.AsOf()) | _fact_days, st.booleans()),
    _spans(),
    st.builds(c.Decided, st.just("q1"), st.sampled_from(["a", "b", "stay"])),
)


def _joined(inner: st.SearchStrategy[c.Condition]) -> st.SearchStrategy[c.Condition]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    dates = st.builds(c.Compare, st.just(t.AsOf()) | _fact_days, st.sampled_from(c.Compare.operators), _timescales())
    return st.one_of(st.builds(c.All, parts), st.builds(c.AnyOf, parts), st.builds(c.Not, inner), dates)


_conditions = st.recursive(_leaves, _joined, max_leaves=4)
_whens = st.just(c.ALWAYS) | _conditions


# --- packs

_teams = st.sampled_from([ANY_TEAM, ANY_TEAM, Teams(frozenset("a")), Teams(frozenset("ab")), Teams(None, frozenset("b")), Teams(frozenset({"none"}))])
_decision_names = st.sampled_from(["q1", "q2"])


@st.composite
def _effects(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(["move", "move", "move", "stay", "stay", "close", "ask", "ask"]))
    if kind == "move":
        team: Any = draw(st.sampled_from(["a", "b", "b", "d", "none", FromFact("t1")]))
        return TransferTo(team, draw(st.sampled_from([None, None, "north", FromFact("w1")])), draw(st.sampled_from([None, None, None, "adviser"])))
    if kind == "stay":
        return Stay(draw(st.none() | _timescales()), draw(st.booleans()))
    if kind == "close":
        return Close()
    bounds = st.none() | _timescales(moves=True)
    valid = draw(st.none() | st.builds(Valid, bounds, bounds))
    settled_by = draw(_decision_names if valid else st.none() | _decision_names)
    return PeopleDecide("who", "what?", ("a", "b", "stay", FromFact("t1")), draw(st.none() | _timescales(moves=True)), settled_by, valid)


@st.composite
def _rules(draw: st.DrawFn) -> tuple[Rule, ...]:
    """One to four rules; each may override later ones, and some say what the first one says, so that rules agree."""
    number = draw(st.integers(1, 4))
    point = draw(st.none() | _timescales())
    found: list[Rule] = []
    for place in range(number):
        effect: Any = draw(_effects())
        deadline: Any = draw(st.none() | _timescales())
        alike: bool = draw(st.booleans())
        if found and alike:
            effect, deadline = found[0].effect, draw(st.sampled_from([found[0].deadline, deadline]))
        later = [f"r{one}" for one in range(place + 1, number)]
        overrides: Any = draw(st.frozensets(st.sampled_from(later))) if later else frozenset()
        moving = not isinstance(effect, Stay)
        found.append(
            Rule(
                f"r{place}",
                effect,
                ("C",),
                from_teams=draw(_teams),
                when=draw(_whens),
                transfer_point=point if moving else None,
                deadline=deadline if moving else None,
                overrides=overrides,
            )
        )
    return tuple(found)


@st.composite
def _applying(draw: st.DrawFn, outcomes: tuple[frozenset[str] | None, ...]) -> Applies:
    names = st.sampled_from([None, None, frozenset({"r0"}), frozenset({"r1", "r2"})])
    outcome: Any = draw(st.sampled_from(outcomes))
    return Applies(draw(_teams), draw(_teams), outcome, draw(names), draw(_whens))


_MOVES: Final = (frozenset({"transfer", "close"}), frozenset({"transfer"}), frozenset({"people_decide", "transfer"}))


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    items: dict[str, Item] = {}
    bounds = st.none() | _timescales(moves=True)
    for name in ("i0", "i1")[: draw(st.integers(0, 2))]:
        items[name] = Item(
            name,
            name,
            when=draw(_whens),
            due=draw(st.just(NO_DUE) | _timescales(moves=True)),
            fresh_for=draw(st.none() | st.sampled_from([Span(1, "months"), Span(20, "days")])),
            valid=draw(st.none() | st.builds(Valid, bounds, bounds)),
            needs=draw(st.sampled_from([(), ("i0",)])) if name == "i1" else (),
            satisfied_by=draw(st.sampled_from([(), ("u0",)])),
            done_when=draw(st.none() | _leaves),
            excusable=draw(st.none() | st.just(Excuse("x"))),
        )
    lists = tuple(Checklist(f"l{place}", "", (draw(_applying(_MOVES)),), tuple(items)) for place in range(draw(st.integers(1, 2)))) if items else ()
    duties = tuple(
        DutySpec(
            name,
            "notice",
            name,
            applies=draw(st.just(()) | st.tuples(_applying((None, frozenset({"stay"}), frozenset({"transfer"}))))),
            when=draw(_whens),
            due=draw(st.just(NO_DUE) | _timescales(moves=True)),
            done_when=draw(st.none() | _leaves),
            overrides=draw(st.sampled_from([(), ("u0",)])) if name == "u1" else (),
        )
        for name in ("u0", "u1")
    )
    the_rules = draw(_rules())
    left = draw(st.none() | st.frozensets(st.sampled_from([rule.id for rule in the_rules])))
    return Pack(
        id="p", authority="Marlshire", title="t", edition="1", digest="0", in_force_from=date(2020, 1, 1), in_force_until=None, region="england",
        closures=(), teams=TEAMS, local_facts=LOCAL, decisions={name: DecisionSpec(name, name) for name in ("q1", "q2")}, definitions={},
        rules=the_rules, leave_to_people=() if left is None else (LeaveToPeople(left, "who", "what?", (), draw(st.none() | st.just("q2"))),),
        checklists=lists, items=items, duties=duties, interpretations=(), otherwise=Otherwise("silence"), accounted={}, ledger={},
    )  # fmt: skip


@st.composite
def policies(draw: st.DrawFn, calendar: Calendar = ENGLAND) -> Policy:
    """Draw a policy: a small invented pack, compiled. Its digest tells it from other drawn ones."""
    pack = draw(packs())
    return compile_pack(replace(pack, digest=sha256(repr(_plain(pack)).encode()).hexdigest()), calendar)


def _plain(part: Any) -> Any:
    """Return a part in a form that is written alike in every process; sets are not."""
    if is_dataclass(part) and not isinstance(part, type):
        return (type(part).__name__, *(_plain(getattr(part, each.name)) for each in fields(part)))
    if isinstance(part, Mapping):
        return [(name, _plain(value)) for name, value in part.items()]
    if isinstance(part, frozenset):
        return sorted(map(repr, map(_plain, part)))
    return [*map(_plain, part)] if isinstance(part, tuple) else part


__all__ = ["DAYS", "FACTS", "LOCAL", "TEAMS", "TODAY", "packs", "policies"]

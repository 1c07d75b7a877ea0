"""Cost against the size of a pack: the same cases by the reference pack, and by one with ten times its rules, the others for other holding teams."""

from __future__ import annotations

import json
from typing import Any, Final

from ruamel.yaml import YAML

from transfer_rules import Policy, evaluate
from transfer_rules.loading import parse_policy

from .cases import PACK, columns, reference_policy, snapshots
from .one_case import answer_of, compare
from .timing import interleaved, micro, table

TIMES: Final = 10


def section(rounds: int, number: int = 2_000) -> str:
    """Return the part of the results about the size of a pack."""
    small, large = reference_policy(), larger_policy(TIMES)
    cases = snapshots(columns(number))
    compare("the larger pack", [answer_of(evaluate(large, case)) for case in cases], [answer_of(evaluate(small, case)) for case in cases])
    names = {f"{len(policy.rules)} rules": policy for policy in (small, large)}

    def deciding(policy: Policy) -> Any:
        return lambda: [evaluate(policy, case) for case in cases]

    times = interleaved({name: deciding(policy) for name, policy in names.items()}, rounds, pieces=number)
    first = times[next(iter(names))]
    rows = [(name, micro(taken.median), micro(taken.least), taken.ratio(first)) for name, taken in times.items()]
    return "\n\n".join(
        [
            "## The size of the pack",
            f"`evaluate` on the same {number} cases; the larger pack has each rule of the reference pack {TIMES} times, but for "
            f"{TIMES - 1} of them with teams of its own. {rounds} rounds.",
            table(("pack", "µs a case, median", "µs, least", "ratio"), rows),
        ]
    )


def larger_policy(times: int) -> Policy:
    """Return the reference pack with so many times its rules; those that are added speak to teams of their own, and never to the cases' own."""
    pack: dict[str, Any] = YAML(typ="safe", pure=True).load(PACK.read_text(encoding="utf-8"))
    teams, rules = dict(pack["teams"]), list(pack["rules"])
    for copy in range(1, times):
        renamed = {team: f"{team}_{copy}" for team in pack["teams"]}
        teams |= {renamed[team]: about for team, about in pack["teams"].items()}
        rules += [_for_other_teams(rule, renamed, copy) for rule in pack["rules"]]
    # Every value in JSON is a value of YAML.
    text = "".join(f"{key}: {json.dumps(value, default=str)}\n" for key, value in {**pack, "teams": teams, "rules": rules}.items())
    return parse_policy(text.encode(), "larger.yaml")


def _for_other_teams(rule: dict[str, Any], renamed: dict[str, str], copy: int) -> dict[str, Any]:
    """Return a rule under another name, for other teams, and in other groups."""
    given = rule["from"]
    if given == "any" or isinstance(given, dict):
        excepted = given["any_except"] if isinstance(given, dict) else []
        given = [team for team in renamed if team not in excepted]
    found = {**rule, "id": f"{rule['id']}_{copy}", "from": [renamed[team] for team in _list(given) if team in renamed]}
    if "group" in rule:
        found["group"] = f"{rule['group']}_{copy}"
    if "overrides" in rule:
        found["overrides"] = [{"group": f"{one['group']}_{copy}"} if isinstance(one, dict) else f"{one}_{copy}" for one in rule["overrides"]]
    if "when" in rule:
        found["when"] = _condition(rule["when"], renamed)
    if "transfer_to" in rule:
        to = rule["transfer_to"]
        named = to["team"] if isinstance(to, dict) else to
        new = named if isinstance(named, dict) else renamed[named]
        found["transfer_to"] = {**to, "team": new} if isinstance(to, dict) else new
    if "people_decide" in rule:
        found["people_decide"] = {**rule["people_decide"], "between": [renamed.get(one, one) for one in rule["people_decide"]["between"]]}
    return found


def _condition(when: Any, renamed: dict[str, str]) -> Any:
    if isinstance(when, list):
        return [_condition(part, renamed) for part in when]
    if not isinstance(when, dict):
        return when
    if when.get("fact") == "last_holding_team":
        return {**when, "one_of": [renamed[team] for team in when["one_of"]]}
    return {key: _condition(part, renamed) if key in ("all", "any", "not") else part for key, part in when.items()}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

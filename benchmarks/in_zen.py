"""zen-engine: the reference pack as a decision graph, and as compiled expressions.

The graph is a table of rules, the first that matches, and after it the items that this leaves open. It is held by a static loader: a graph handed
over as text is compiled again for each case, which takes ten times as long.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import zen

from transfer_rules import CaseSnapshot

from .by_hand import Answer
from .expressions import RULES, as_chain, as_list, chosen, facts, finish


def _words(condition: str) -> str:
    """Return a condition of CEL in zen's words."""
    return condition.replace("&&", "and").replace("||", "or").replace("!(", "not (").replace("!child", "not child")


def graph() -> dict[str, Any]:
    """Return the decision graph, as zen's editor would save it."""
    table = [
        {
            "_id": name,
            "when": _words(condition),
            "rule": f'"{name}"',
            "outcome": f'"{outcome}"',
            "team": "last_holding_team" if team == "last_holding_team" else f'"{team or ""}"',
        }
        for name, (condition, outcome, team) in (RULES | {"otherwise": ("true", "stay", None)}).items()
    ]
    fields = ("rule", "outcome", "team")
    rules = {
        "hitPolicy": "first",
        "passThrough": True,
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": field, "name": field, "field": field} for field in fields],
        "rules": table,
    }
    kept = [{"id": field, "key": field, "value": field} for field in fields]
    lacking = {"id": "lacking", "key": "lacking", "value": _words(as_list())}
    nodes = [
        {"id": "case", "type": "inputNode", "name": "case"},
        {"id": "rules", "type": "decisionTableNode", "name": "rules", "content": rules},
        {"id": "items", "type": "expressionNode", "name": "items", "content": {"expressions": [*kept, lacking]}},
        {"id": "answer", "type": "outputNode", "name": "answer"},
    ]
    ways = [("case", "rules"), ("rules", "items"), ("items", "answer")]
    return {"nodes": nodes, "edges": [{"id": f"{one}_{other}", "type": "edge", "sourceId": one, "targetId": other} for one, other in ways]}


@cache
def _engine() -> Any:
    return zen.ZenEngine({"loader": {"type": "static", "content": {"reference": graph()}}})


@cache
def _expressions() -> tuple[Any, Any]:
    return zen.compile_expression(_words(as_chain())), zen.compile_expression(_words(as_list()))


def inputs(case: CaseSnapshot) -> dict[str, Any]:
    """Return a case as zen takes it: a mapping."""
    return facts(case)


def by_graph(case: CaseSnapshot, context: dict[str, Any]) -> Answer:
    """Decide one case whose facts are all known, by the decision graph."""
    result = _engine().evaluate("reference", context)["result"]
    return finish(case, result["rule"], result["outcome"], result["team"] or None, result["lacking"])


def by_expressions(case: CaseSnapshot, context: dict[str, Any]) -> Answer:
    """Decide one case whose facts are all known, by two compiled expressions."""
    which, lacking = _expressions()
    return chosen(case, int(which.evaluate(context)), lambda said: lacking.evaluate(context | said))

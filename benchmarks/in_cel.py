"""common-expression-language: the reference pack as compiled programs, one that names the rule and one that says which items it leaves open."""

from __future__ import annotations

from functools import cache
from typing import Any

import cel

from transfer_rules import CaseSnapshot

from .by_hand import Answer
from .expressions import as_chain, as_list, chosen, facts


@cache
def _programs() -> tuple[Any, Any]:
    return cel.compile(as_chain()), cel.compile(as_list())


def inputs(case: CaseSnapshot) -> Any:
    """Return a case as CEL takes it: a context with its variables."""
    return cel.Context(variables=facts(case))


def decide(case: CaseSnapshot, context: Any) -> Answer:
    """Decide one case whose facts are all known."""
    which, lacking = _programs()

    def open_items(said: dict[str, str]) -> list[bool]:
        context.update(said)
        found: list[bool] = lacking.execute(context)
        return found

    return chosen(case, which.execute(context), open_items)

"""Case-transfer procedures as executable policy packs: which team receives a child's case, by when, and what is still outstanding."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .batch import Batch as Batch
    from .batch import evaluate_batch as evaluate_batch
    from .contrast import WhyNot, why_not
    from .counting import CountStep, count_steps
    from .decision import Decision
    from .errors import Diagnostic, PackError, SnapshotError, TransferRulesError
    from .evaluation import evaluate, possible_duties
    from .explanation import explain
    from .facts import HAPPENED, NOT_YET, UNKNOWN
    from .inquiry import Question, questions, witnesses
    from .loading import load_policy
    from .outlook import Change, changes_ahead
    from .policy import Policy
    from .rivals import OtherReading, other_readings
    from .support import Why, why
    from .vocabulary import CaseSnapshot
else:
    # A command, or a program that only decides, does not wait for what it never uses: a name brings in its module when it is first asked for.
    _MODULES = {
        "batch": ("Batch", "evaluate_batch"),
        "contrast": ("WhyNot", "why_not"),
        "counting": ("CountStep", "count_steps"),
        "decision": ("Decision",),
        "errors": ("Diagnostic", "PackError", "SnapshotError", "TransferRulesError"),
        "evaluation": ("evaluate", "possible_duties"),
        "explanation": ("explain",),
        "facts": ("HAPPENED", "NOT_YET", "UNKNOWN"),
        "inquiry": ("Question", "questions", "witnesses"),
        "loading": ("load_policy",),
        "outlook": ("Change", "changes_ahead"),
        "policy": ("Policy",),
        "rivals": ("OtherReading", "other_readings"),
        "support": ("Why", "why"),
        "vocabulary": ("CaseSnapshot",),
    }
    _MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

    def __getattr__(name):
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
        return found

    def __dir__():
        return sorted({*globals(), *_MODULE_OF})


# All but `Batch` and `evaluate_batch`: they need numpy, and `from transfer_rules import *` does not.
__all__ = [
    "HAPPENED",
    "NOT_YET",
    "UNKNOWN",
    "CaseSnapshot",
    "Change",
    "CountStep",
    "Decision",
    "Diagnostic",
    "OtherReading",
    "PackError",
    "Policy",
    "Question",
    "SnapshotError",
    "TransferRulesError",
    "Why",
    "WhyNot",
    "changes_ahead",
    "count_steps",
    "evaluate",
    "explain",
    "load_policy",
    "other_readings",
    "possible_duties",
    "questions",
    "why",
    "why_not",
    "witnesses",
]

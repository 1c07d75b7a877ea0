"""Case-transfer procedures as executable policy packs: which team receives a child's case, by when, and what is still outstanding."""

from .counting import CountStep, count_steps
from .decision import Decision
from .errors import Diagnostic, PackError, SnapshotError, TransferRulesError
from .evaluation import evaluate, possible_duties
from .explanation import explain
from .facts import HAPPENED, NOT_YET, UNKNOWN
from .inquiry import Question, questions, witnesses
from .loading import load_policy
from .policy import Policy
from .vocabulary import CaseSnapshot

__all__ = [
    "HAPPENED",
    "NOT_YET",
    "UNKNOWN",
    "CaseSnapshot",
    "CountStep",
    "Decision",
    "Diagnostic",
    "PackError",
    "Policy",
    "Question",
    "SnapshotError",
    "TransferRulesError",
    "count_steps",
    "evaluate",
    "explain",
    "load_policy",
    "possible_duties",
    "questions",
    "witnesses",
]

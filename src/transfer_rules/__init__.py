"""Case-transfer procedures as executable policy packs: which team receives a child's case, by when, and what is still outstanding."""

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

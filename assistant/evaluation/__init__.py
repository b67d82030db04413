"""Question files, metrics without a judge model, and the report over them."""

from assistant.evaluation.assertions import assert_answers
from assistant.evaluation.metrics import gold_in, summarise
from assistant.evaluation.outcomes import Metric, Outcome, Report
from assistant.evaluation.questions import Question, Turn, load_questions
from assistant.evaluation.runner import evaluate, judge

__all__ = [
    "Metric",
    "Outcome",
    "Question",
    "Report",
    "Turn",
    "assert_answers",
    "evaluate",
    "gold_in",
    "judge",
    "load_questions",
    "summarise",
]

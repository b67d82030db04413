"""Question files, metrics without a judge model, and the report over them."""

from assistant.evaluation.assertions import assert_answers, assert_refuses
from assistant.evaluation.matching import evidence_in, gold_in
from assistant.evaluation.metrics import METRICS, report_on, summarise
from assistant.evaluation.outcomes import Metric, Outcome, Report
from assistant.evaluation.questions import Question, Turn, load_questions
from assistant.evaluation.runner import evaluate, judge, judge_reply
from assistant.evaluation.systems import AssistantSystem, Cited, Found, Reply, Said, System

__all__ = [
    "METRICS",
    "AssistantSystem",
    "Cited",
    "Found",
    "Metric",
    "Outcome",
    "Question",
    "Reply",
    "Report",
    "Said",
    "System",
    "Turn",
    "assert_answers",
    "assert_refuses",
    "evaluate",
    "evidence_in",
    "gold_in",
    "judge",
    "judge_reply",
    "load_questions",
    "report_on",
    "summarise",
]

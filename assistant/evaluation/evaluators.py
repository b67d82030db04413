"""This kit's verdicts as LlamaIndex evaluators, for its `BatchEvalRunner` and whatever else takes one.

Each knows the questions of a question file and finds the one that was asked by its text. `score` is 0 to 1; `passing` is
whether it is 1; a question that the file does not hold, or that the metric is not for, gives an invalid result.

    evaluator = AnswerHitEvaluator(load_questions("questions.jsonl"))
    evaluator.evaluate_response(query=question, response=query_engine.query(question)).passing
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from llama_index.core.base.response.schema import Response
from llama_index.core.evaluation import BaseEvaluator, EvaluationResult
from llama_index.core.prompts.mixin import PromptDictType

from assistant.evaluation.llama import newsletter_of
from assistant.evaluation.matching import evidence_in, fold, gold_in, newsletter_rank
from assistant.evaluation.questions import Question
from assistant.evaluation.systems import PASSAGES, Found
from assistant.evaluation.wording import declines


class QuestionEvaluator(BaseEvaluator):
    """Base of the evaluators: looks the question up and turns the verdict into a result."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._questions = {fold(question.question): question for question in questions}

    @abstractmethod
    def verdict(self, question: Question, response: str, found: Sequence[Found]) -> float | None:
        """The score, or None when the metric is not for this question."""

    async def aevaluate(
        self,
        query: str | None = None,
        response: str | None = None,
        contexts: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> EvaluationResult:
        """The verdict on a response and the texts it was made from."""
        return self._result(query, response, [Found(text, None) for text in contexts or ()])

    async def aevaluate_response(
        self, query: str | None = None, response: Response | None = None, **kwargs: Any
    ) -> EvaluationResult:
        """The verdict on a response with its source nodes."""
        return self.evaluate_response(query, response, **kwargs)

    def evaluate_response(
        self, query: str | None = None, response: Response | None = None, **kwargs: Any
    ) -> EvaluationResult:
        """The verdict on a response with its source nodes."""
        nodes = response.source_nodes if response is not None else []
        found = [Found(node.node.get_content(), newsletter_of(node.node)) for node in nodes]
        return self._result(query, response.response if response is not None else None, found)

    def _result(self, query: str | None, response: str | None, found: Sequence[Found]) -> EvaluationResult:
        question = self._questions.get(fold(query or ""))
        score = None if question is None else self.verdict(question, response or "", found)
        contexts = [passage.text for passage in found]
        if score is None:
            reason = "the question is not in the file" if question is None else "not asked of this question"
            return EvaluationResult(
                query=query, response=response, contexts=contexts, invalid_result=True, invalid_reason=reason
            )
        return EvaluationResult(query=query, response=response, contexts=contexts, score=score, passing=score >= 1.0)

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts_dict: PromptDictType) -> None:
        """There are no prompts: no model judges."""


class AnswerHitEvaluator(QuestionEvaluator):
    """Whether the answer holds every group of the gold; for answerable questions."""

    def verdict(self, question: Question, response: str, found: Sequence[Found]) -> float | None:
        """1 for a hit."""
        return float(gold_in(response, question.gold)) if question.answerable else None


class RefusalEvaluator(QuestionEvaluator):
    """Whether an unanswerable question was refused and an answerable one was not."""

    def verdict(self, question: Question, response: str, found: Sequence[Found]) -> float | None:
        """1 when it was refused exactly if nothing answers."""
        refused = not response.strip() or declines(response)
        return float(refused is not question.answerable)


class EvidenceEvaluator(QuestionEvaluator):
    """Whether the evidence stands in the ten best passages; for answerable questions that name it."""

    def verdict(self, question: Question, response: str, found: Sequence[Found]) -> float | None:
        """1 when it was found."""
        if not (question.answerable and question.evidence):
            return None
        return float(evidence_in(question.evidence, found[:PASSAGES]))


class NewsletterRankEvaluator(QuestionEvaluator):
    """The reciprocal rank of the right newsletter among the passages; for questions that name it, with a response."""

    def verdict(self, question: Question, response: str, found: Sequence[Found]) -> float | None:
        """1 for the first passage, 1/2 for the second, 0 when it is not there."""
        if not (question.answerable and question.newsletter) or all(passage.newsletter is None for passage in found):
            return None
        rank = newsletter_rank(question.newsletter, found)
        return 1 / rank if rank else 0.0

"""Any LlamaIndex query engine, judged by this kit."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.schema import BaseNode, NodeWithScore, TextNode

from assistant.answer import Status
from assistant.evaluation.questions import Question
from assistant.evaluation.systems import PASSAGES, RETRIEVED, Cited, Found, Reply
from assistant.evaluation.wording import declines


def newsletter_of(node: BaseNode) -> str | None:
    """The newsletter a node comes from: its `newsletter_id`, else its file's name without the suffix."""
    known = node.metadata.get("newsletter_id")
    if known:
        return str(known)
    file = node.metadata.get("file_name") or node.metadata.get("file_path")
    return PurePath(str(file)).stem if file else None


class QueryEngineSystem:
    """A LlamaIndex query engine as a system to evaluate.

    The history of a follow-up is not passed on: query engines take one question. The source nodes count as the passages
    found and as what the whole answer cites. An engine in response mode `no_text` is judged by what it finds only.
    `declined` says whether an answer is a refusal; by default the usual wordings count ("I don't know", "the context
    does not say").
    """

    def __init__(
        self,
        engine: BaseQueryEngine,
        *,
        newsletter: Callable[[BaseNode], str | None] = newsletter_of,
        declined: Callable[[str], bool] = declines,
    ) -> None:
        self._engine = engine
        self._newsletter = newsletter
        self._declined = declined

    def reply(self, question: Question) -> Reply:
        """The engine's response to the question."""
        started = time.perf_counter()
        response: Any = self._engine.query(question.question)
        text = str(getattr(response, "response", None) or "").strip()
        milliseconds = (time.perf_counter() - started) * 1000
        nodes: list[NodeWithScore] = list(response.source_nodes)
        own = (getattr(response, "metadata", None) or {}).get("answer")
        return Reply(
            status=self._status(text, own),
            text=text,
            passages=tuple(_found(node, self._newsletter(node.node)) for node in nodes[:PASSAGES]),
            milliseconds=milliseconds,
            citations=tuple(Cited(n.node.get_content(), self._newsletter(n.node) or n.node.node_id) for n in nodes),
            confidence=own["confidence"] if isinstance(own, dict) else None,
        )

    def _status(self, text: str, own: object) -> str:
        if isinstance(own, dict) and "status" in own:
            return str(own["status"])
        if not text or text == "Empty Response":
            return RETRIEVED
        return Status.NOT_FOUND.value if self._declined(text) else Status.ANSWERED.value


def _found(node: NodeWithScore, newsletter: str | None) -> Found:
    start = node.node.metadata.get("start")
    if start is None and isinstance(node.node, TextNode):
        start = node.node.start_char_idx
    return Found(node.node.get_content(), newsletter, int(start or 0))

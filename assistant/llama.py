"""The assistant for LlamaIndex users: a retriever, a query engine and a chat engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.chat_engine.types import BaseChatEngine
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.answer import Answer, Citation
from index.passage import Filters, RetrievedPassage

if TYPE_CHECKING:
    from assistant.engine import Assistant


class NewsletterRetriever(BaseRetriever):
    """Finds the `limit` passages that match a LlamaIndex query best, as `Assistant.search` does, in what `filters` leave.

    A node's text stands in the newsletter `newsletter_id` of its metadata from `start` to `end`.
    """

    def __init__(self, assistant: Assistant, *, limit: int = 10, filters: Filters | None = None) -> None:
        super().__init__()
        self._assistant = assistant
        self._limit = limit
        self._filters = filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._assistant.search(query_bundle.query_str, limit=self._limit, filters=self._filters)
        return [_passage_node(item) for item in found]


class NewsletterQueryEngine(BaseQueryEngine):
    """Answers a LlamaIndex query; the citations are the response's source nodes, the whole answer its metadata."""

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(callback_manager=CallbackManager())
        self._assistant = assistant

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(self._assistant.ask(query_bundle.query_str))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def chat_engine(assistant: Assistant) -> BaseChatEngine:
    """A LlamaIndex chat engine that keeps the conversation and resolves follow-ups with it."""
    from assistant.llama_chat import NewsletterChatEngine

    return NewsletterChatEngine(assistant)


def source_nodes(citations: Sequence[Citation]) -> list[NodeWithScore]:
    """Citations as LlamaIndex nodes: the quotation, with where it stands as metadata."""
    return [NodeWithScore(node=TextNode(text=c.quote, metadata=_metadata(c)), score=1.0) for c in citations]


def _passage_node(found: RetrievedPassage) -> NodeWithScore:
    node = TextNode(id_=found.passage.id, text=found.passage.text, metadata=found.place)
    return NodeWithScore(node=node, score=found.score)


def _metadata(citation: Citation) -> dict[str, Any]:
    return {
        "newsletter_id": citation.newsletter_id,
        "title": citation.title,
        "issue": citation.issue,
        "date": citation.date,
        "url": citation.url,
        "section": citation.section,
        "start": citation.start,
        "end": citation.end,
    }


def _response(answer: Answer) -> Response:
    return Response(
        response=answer.text, source_nodes=source_nodes(answer.citations), metadata={"answer": answer.to_dict()}
    )

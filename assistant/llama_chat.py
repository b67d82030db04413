"""A LlamaIndex chat engine over the assistant, which keeps the conversation."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.chat_engine.types import (
    AgentChatResponse,
    BaseChatEngine,
    StreamingAgentChatResponse,
)

from assistant.llama import source_nodes

if TYPE_CHECKING:
    from assistant.engine import Assistant


class NewsletterChatEngine(BaseChatEngine):
    """Answers message by message; earlier messages complete a follow-up."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._history: list[ChatMessage] = []

    @property
    def chat_history(self) -> list[ChatMessage]:
        """The conversation so far, oldest first."""
        return list(self._history)

    def reset(self) -> None:
        """Forget the conversation."""
        self._history.clear()

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """The answer to `message`; `chat_history` replaces the conversation kept here."""
        if chat_history is not None:
            self._history = list(chat_history)
        history = [{"role": m.role.value, "content": m.content or ""} for m in self._history]
        answer = self._assistant.ask(message, history=history)
        self._history.append(ChatMessage(role=MessageRole.USER, content=message))
        self._history.append(ChatMessage(role=MessageRole.ASSISTANT, content=answer.text))
        return AgentChatResponse(
            response=answer.text, source_nodes=source_nodes(answer.citations), metadata={"answer": answer.to_dict()}
        )

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """As `chat`."""
        return self.chat(message, chat_history)

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> StreamingAgentChatResponse:
        """As `chat`, with the checked answer as one piece of the stream."""
        answered = self.chat(message, chat_history)

        def stream() -> Generator[ChatResponse, None, None]:
            reply = ChatMessage(role=MessageRole.ASSISTANT, content=answered.response)
            yield ChatResponse(message=reply, delta=answered.response)

        return StreamingAgentChatResponse(chat_stream=stream(), source_nodes=answered.source_nodes)

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """As `stream_chat`."""
        return self.stream_chat(message, chat_history)

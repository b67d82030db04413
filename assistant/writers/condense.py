"""A follow-up completed by the model, believed only where every word of it comes from the conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.asking.followup import leans_on_history
from assistant.errors import ModelServerError
from assistant.writers.model_server import ModelServer
from assistant.writers.prompt import condensing
from index.tokens import terms

MOST_WORDS, MOST_TOKENS = 40, 64


def condensed(question: str, history: Sequence[Mapping[str, str]], server: ModelServer) -> str | None:
    """`question` made complete by the model; None where it needs nothing, or the model's words are not to be trusted.

    They are trusted when they are one question of the words of the conversation, and keep the question's own words.
    """
    told = [(str(m.get("role", "user")), str(m.get("content", ""))) for m in history if m.get("content")]
    if not told or not leans_on_history(question):
        return None
    try:
        reply = server.complete(condensing(question, told), max_tokens=MOST_TOKENS)
    except ModelServerError:
        return None
    lines = [line.strip(" \"'") for line in reply.strip().splitlines() if line.strip()]
    text = " ".join(lines[:1])
    known = set(terms(" ".join([question, *(content for _, content in told[-4:])])))
    mine = set(terms(text))
    own = set(terms(question))
    is_complete = mine <= known and mine > own
    return text if text.endswith("?") and len(text.split()) <= MOST_WORDS and is_complete else None

"""Follow-up questions completed from the history by rule.

A question that leans on what was said before (a pronoun without a noun before it, an opening "and", a question of
two or three words) is given the content words of the last question, and of its answer where that names things.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from index.tokens import terms

_OPENING = re.compile(
    r"^(?:and|or|but|so|what about|how about|then|also|ok(?:ay)?,?|what else|anything else|why not)\b", re.I
)
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|the (?:former|latter|same)|such|"
    r"one|ones|former|latter|both|either|neither|then)\b",
    re.I,
)
_BARE = re.compile(
    r"^(?:why|who|when|where|how|which one|how (?:many|much|long|come)|since when|by whom|what for|in (?:which|what) \w+)\s*\?*$",
    re.I,
)
SHORT_QUESTION_TERMS = 3
ANSWER_CHARACTERS = 300


def resolve(question: str, history: Sequence[Mapping[str, str]]) -> str:
    """`question` made complete: itself, or with what the last exchange was about in parentheses behind it."""
    last_question, last_answer = _last_exchange(history)
    if not last_question or not leans_on_history(question):
        return question
    context = _subject(last_question, last_answer, question)
    return f"{question} ({context})" if context else question


def leans_on_history(question: str) -> bool:
    """Whether the question cannot be understood by itself."""
    return bool(
        _OPENING.search(question)
        or _BARE.search(question)
        or _PRONOUN.search(question)
        or len(set(terms(question))) <= SHORT_QUESTION_TERMS
    )


def _last_exchange(history: Sequence[Mapping[str, str]]) -> tuple[str, str]:
    answer = ""
    question = ""
    for message in history:
        role, content = message.get("role"), " ".join(str(message.get("content", "")).split())
        if role == "user":
            question, answer = content, ""
        elif role == "assistant":
            answer = content
    return question, answer


def _subject(last_question: str, last_answer: str, question: str) -> str:
    """The last question, and what its answer says, as context for retrieval."""
    asked = last_question.rstrip(" ?.!")
    known = set(terms(f"{question} {asked}"))
    answer = last_answer[:ANSWER_CHARACTERS]
    adds = answer if any(term not in known for term in terms(answer)) else ""
    return f"{asked}: {adds}".rstrip(": ") if adds else asked

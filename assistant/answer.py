"""What an answer is: sentences, and citations that were checked against the newsletters' own text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")
NOT_FOUND = "The newsletters don't say."
NOT_SAID = "The newsletters don't say: "  # and which part of the question, at the end of a note
BEHIND_ADDRESS = " – "  # ends a sentence's lead that is an address
UNCLEAR = "Your question points back to something that was not said: please name it."
NOTHING_ASKED = "Ask me what the newsletters say about something."
ABOUT_ASSISTANT = (
    "I answer with these newsletters' own sentences and their source: ask me what they say about something, "
    "or which issues there are."
)
SAYING_NOTHING = (NOT_FOUND, UNCLEAR, NOTHING_ASKED, ABOUT_ASSISTANT)
MOST_QUESTION_CHARACTERS = 20_000  # of an answer that is read back; what is asked is far shorter


class Status(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    UNCLEAR = "unclear"


class SentenceKind(StrEnum):
    """Whether a sentence is the newsletter's own words or was written and then checked."""

    QUOTE = "quote"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation and where it stands: `newsletter.text[start:end] == quote`, always.

    `highlight` is the part of `quote` (half-open, in code points of the quote) that answers a who, when, where
    or how-many question, or None. `page` is the printed page it stands on, None where there are no pages.
    """

    number: int
    newsletter_id: str
    title: str
    issue: int | None
    date: str | None
    url: str | None
    section: str
    start: int
    end: int
    quote: str
    publisher: str | None = None
    highlight: tuple[int, int] | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer.

    `citations` are the numbers of its citations. `support` (0 to 1) says how far the cited text supports it;
    a quotation has 1. `lead` is what the assistant says before it from what it knows about the issue
    ("Issue 53, 3 July 2019: "), or the address that the text links to, with BEHIND_ADDRESS; else "".
    """

    text: str
    kind: SentenceKind
    citations: tuple[int, ...]
    support: float
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that a language model wrote and that was not shown as it was.

    `reason` is the check it failed (`verification.Verdict`, or `citation`, `fragment`, `repeated`), `outcome` what became of it:
    `dropped`, or `repaired` where the evidence itself is quoted instead. `text` is empty unless LLM__SHOW_DROPPED is set.
    """

    reason: str
    score: float
    outcome: str = "dropped"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    `closest` holds passages worth a look when nothing answers (status `not_found`); they are never part of
    `text`. `confidence` is the calibrated probability that the evidence answers the question.
    `resolved_question` differs from `question` when a follow-up was completed from the history.
    `note` is a line for the reader ("This may not answer your question", which part of the question is not
    answered), or "".
    `timings` are milliseconds by step. `dropped` tells what the gate did not let through, for developers.
    """

    question: str
    resolved_question: str
    status: Status
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    closest: tuple[Citation, ...] = ()
    confidence: float = 0.0
    note: str = ""
    timings: dict[str, float] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()

    @property
    def doubt(self) -> str:
        """The note without what the answer leaves open."""
        return self.note.partition(NOT_SAID)[0].rstrip()

    @property
    def not_said(self) -> str:
        """The part of the question that an answer leaves open, or ""."""
        return self.note.partition(NOT_SAID)[2]

    @property
    def text(self) -> str:
        """The answer as plain text, without citation marks; for other statuses the sentence that says so."""
        if self.sentences:
            separator = "\n" if any(s.lead for s in self.sentences) else " "
            return separator.join(s.lead + s.text for s in self.sentences)
        return self.note

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready data: what the HTTP API and `ask --json` give."""
        return {"text": self.text, **asdict(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Answer:
        """The answer that `to_dict` gave; raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            question=_question(data["question"]),
            resolved_question=_question(data["resolved_question"]),
            status=Status(data["status"]),
            sentences=tuple(_sentence(item) for item in data["sentences"]),
            citations=tuple(_citation(item) for item in data["citations"]),
            closest=tuple(_citation(item) for item in data["closest"]),
            confidence=float(data["confidence"]),
            note=str(data["note"]),
            timings={str(step): float(value) for step, value in data.get("timings", {}).items()},
        )


def _question(data: Any) -> str:
    text = str(data)
    if len(text) > MOST_QUESTION_CHARACTERS:
        raise ValueError(
            f"The answer's question has {len(text):,} characters; cut it to {MOST_QUESTION_CHARACTERS:,} at most."
        )
    return text


def _sentence(data: Mapping[str, Any]) -> Sentence:
    citations = tuple(_whole(number) for number in data["citations"])
    return Sentence(
        str(data["text"]), SentenceKind(data["kind"]), citations, float(data["support"]), str(data.get("lead", ""))
    )


def _citation(data: Mapping[str, Any]) -> Citation:
    highlight = data.get("highlight")
    return Citation(
        number=_whole(data["number"]),
        newsletter_id=str(data["newsletter_id"]),
        title=str(data["title"]),
        issue=_optional(_whole, data["issue"]),
        date=_optional(str, data["date"]),
        url=_optional(str, data["url"]),
        section=str(data["section"]),
        start=_whole(data["start"]),
        end=_whole(data["end"]),
        quote=str(data["quote"]),
        publisher=_optional(str, data.get("publisher")),
        highlight=(_whole(highlight[0]), _whole(highlight[1])) if highlight else None,
        page=_optional(_whole, data.get("page")),
    )


def _whole(value: Any) -> int:
    """`value` if it is a whole number; a browser may have written 3 as 3.0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise ValueError(f"{value!r:.100} is not a whole number.")
    return int(value)


def _optional(read: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else read(value)

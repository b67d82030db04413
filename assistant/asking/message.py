"""What a message asks: the sentences that ask, without the greeting and what the writer says of themselves.

Whoever writes to a person says hello, tells two or three things and then asks. What asks is searched for alone; where it
leans on what was told ("What is that law called?"), or nothing that was told is about the writer ("Two apps were
retired. Which?"), that stays with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.asking.correction import without_correction
from assistant.asking.courtesy import is_small_talk
from assistant.asking.followup import MOST_MESSAGES, QUESTION_CHARACTERS, leans_on_history, says_nothing_alone
from assistant.asking.history import begun
from corpus.sentences import sentence_spans
from index.tokens import terms

MOST_QUESTIONS = 3
CONTEXT_CHARACTERS = 200
BEGINNING_CHARACTERS = 400

_MARKED = re.compile(r"[?？][\"'”’»)\]]*(?=$| \()")
_OPENING = r"^(?:(?:so|and|also|please|then|now|but|ok(?:ay)?|well|kindly|first|second|third|finally),? ){0,3}"
_REQUEST = re.compile(
    _OPENING
    + r"(?:(?:tell|show|give|remind|send) (?:me|us)|give|name|list|explain|describe|summari[sz]e|compare|say|let (?:me|us) know)\b",
    re.I,
)
_WORDED = re.compile(
    _OPENING
    + r"(?:who(?:m|se)?|what|which|where|why|how|when (?!i\b|we\b)|is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|must|may"
    r"|(?:i|we)(?: am| are|['’](?:m|re))? (?:wonder(?:ing)?|curious|looking for)"
    r"|(?:i|we)(?:['’]d| would) (?:like|love) to (?:know|learn|hear|understand)|(?:i|we) (?:want|need) to know)\b",
    re.I,
)
_OF_THE_WRITER = re.compile(r"\b(?:i(?!\.)|we|my|our)\b", re.I)
_MEANS = re.compile(
    r"\bI mean\b|^I(?: a|['’])m (?:asking|talking|thinking) (?:about|of)\b|^I(?:['’]d| would) (?:also )?like to know\b",
    re.I,
)
_DATE_WORD = re.compile(
    r"\d{1,4}(?:st|nd|rd|th)?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*|of|the",
    re.I,
)
# Whoever types without capitals begins a sentence with one of these all the same
_BEGINNING = re.compile(
    r"(?<=[?？] )[a-z]|(?<=[.!] )(?:i|i['’](?:m|ve|d)|we|my|our|thanks|thank you|cheers|please|who|what|when|where|why|how|which)\b"
)
_NAME = re.compile(r"(?<=\w )[\"'“‘(]?(?:[A-Z](?!\b)|\d)|[a-z][A-Z.]\w|\w\.\w")
_BELONGS = re.compile(r"\b(?:its|their|his|her)\b")
_POINTS = re.compile(r"\b(?:it|they|them|theirs|he|him|she|hers|this|that|these|those|ones?|such|former|latter)\b")
_STRAIGHT, _OPENED, _CLOSED = '"', "“„«", "”»"
_SIGN_OFF = re.compile(
    r"^(?:(?:best|kind|warm|many|with|yours)(?:est)? )?(?:regards|wishes|thanks|thank you|cheers|sincerely|best)\b(?:[^?？]{0,60})$",
    re.I,
)
_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening|day))(?: (?:there|all|everyone|everybody|again|team))?|dear [^,!?:.]{1,40})[,!:] +",
    re.I,
)
_COUNTED = re.compile(
    r"^(?:(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|lastly|next)(?: of all)?[,:]|\(?\d{1,2}[.)]) +(?=\w)", re.I
)
_FURTHER = re.compile(r"^(?:and(?: also)?|also|then|but),? +(?=\w)", re.I)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a message: its own words, and what was told before it where it leans on that, else ""."""

    text: str
    context: str = ""

    @property
    def complete(self) -> str:
        """The question with what it leans on in parentheses behind it."""
        return f"{self.text} ({self.context})" if self.context else self.text


def read_message(text: str) -> tuple[Question, ...]:
    """The one to three questions that a message asks.

    A message of one sentence, one that asks nothing and one that asks more than three things are one question as they stand.
    """
    sentences = _sentences(text)
    said = _said(sentences)
    if len(sentences) < 2 or not said:
        return (Question(text),)
    pieces = _pieces(said)
    asking = [place for place, (_, asks) in enumerate(pieces) if asks]
    if not 1 <= len(asking) <= MOST_QUESTIONS:
        return (Question(text),)
    if len(asking) == len(pieces) == 1 and len(said) == len(sentences):
        return (Question(text),)
    return tuple(_question(pieces, place) for place in asking)


def plainly_told(history: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The last messages of a history, each that was asked without courtesy and as what it corrects the one before to."""
    return [_plainly(message) for message in history[-MOST_MESSAGES:]]


def _plainly(message: Mapping[str, str]) -> Mapping[str, str]:
    said = begun(message)
    if message.get("role") != "user" or len(said) > QUESTION_CHARACTERS or is_small_talk(said):
        return message
    first, *others = read_message(said)
    return message if others or first.context else {**message, "content": without_correction(first.text)}


def _sentences(text: str) -> list[str]:
    """The sentences; what stands in parentheses belongs to the one before it, and a quotation is not cut."""
    sentences: list[str] = []
    for start, end in sentence_spans(_BEGINNING.sub(lambda found: found.group().capitalize(), text)):
        if sentences and (text[start] == "(" or _is_within_quotation(sentences[-1])):
            sentences[-1] += f" {text[start:end]}"
        else:
            sentences.append(text[start:end])
    return sentences


def _is_within_quotation(text: str) -> bool:
    opened = sum(text.count(mark) for mark in _OPENED) - sum(text.count(mark) for mark in _CLOSED)
    return text.count(_STRAIGHT) % 2 == 1 or opened > 0


def _said(sentences: Sequence[str]) -> list[str]:
    """The sentences without courtesy, and without what stands below the closing of a letter."""
    is_courtesy = [_is_courtesy(sentence) for sentence in sentences]
    last = max((place for place, sentence in enumerate(sentences) if _MARKED.search(sentence)), default=len(sentences))
    end = next((place for place in range(last + 1, len(sentences)) if is_courtesy[place]), len(sentences))
    return [sentence for sentence, courtesy in zip(sentences[:end], is_courtesy, strict=False) if not courtesy]


def _is_courtesy(sentence: str) -> bool:
    says_something = any(character.isalnum() for character in sentence)
    return not says_something or is_small_talk(sentence) or _SIGN_OFF.match(sentence) is not None


def _pieces(said: Sequence[str]) -> list[tuple[str, bool]]:
    """What is told and what is asked, in order; what only goes on with (the beginning of) a question is one piece with it."""
    is_marked = any(_MARKED.search(sentence) for sentence in said)
    pieces: list[tuple[str, bool]] = []
    for sentence in said:
        asks = _asks(sentence, is_marked)
        if asks and pieces and pieces[-1][1] and _goes_on(sentence, pieces[-1][0][:BEGINNING_CHARACTERS]):
            pieces[-1] = (f"{pieces[-1][0]} {sentence}", True)
        else:
            pieces.append((sentence, asks))
    return _with_what_is_meant(pieces)


def _with_what_is_meant(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The pieces with what is told last, where it says what the question before it means, as one with that."""
    if len(pieces) < 2 or pieces[-1][1] or not pieces[-2][1]:
        return pieces
    told = pieces[-1][0]
    is_date = all(_DATE_WORD.fullmatch(word) for word in re.findall(r"\w+", told))
    if is_date or (_OF_THE_WRITER.search(told) and not _MEANS.search(told)):
        return pieces
    return [*pieces[:-2], (f"{pieces[-2][0]} {told}", True)]


def _asks(sentence: str, is_marked: bool) -> bool:
    """Whether it ends in a question mark or is a request; by its wording where the message has no question mark."""
    if _MARKED.search(sentence) or _REQUEST.match(sentence):
        return True
    return not is_marked and not sentence.endswith("!") and _WORDED.match(sentence) is not None


def _goes_on(sentence: str, before: str) -> bool:
    """Whether it asks no second thing: "Why?", "Give the year."."""
    if _says_little(sentence) or _says_little(before) or _MEANS.match(sentence):
        return True
    return not _MARKED.search(sentence) and leans_on_history(sentence, before)


def _says_little(question: str) -> bool:
    if _POINTS.search(question):
        return False
    return says_nothing_alone(_FURTHER.sub("", question)) or not terms(question)


def _question(pieces: Sequence[tuple[str, bool]], place: int) -> Question:
    text, *before = [_COUNTED.sub("", _GREETING.sub("", piece)) for piece, _ in (pieces[place], *pieces[:place])]
    if any(asks for _, asks in pieces[:place]):
        text = _FURTHER.sub("", text)
        context = _last_of(before)
        return Question(text, context if leans_on_history(text, context) else "")
    if _is_premise(before, text):
        return Question(" ".join([*before, text]))
    context = _last_of(before)
    return Question(text, context if context and _leans_on_told(text, context) else "")


def _leans_on_told(text: str, context: str) -> bool:
    """Whether it needs what the writer told: short as it is, a question that names a thing and points to none does not."""
    name = _NAME.search(text)
    pointing = _POINTS.search(text) or (name and _BELONGS.search(text, 0, name.start()))
    return leans_on_history(text, context) and (name is None or bool(pointing))


def _is_premise(before: Sequence[str], text: str) -> bool:
    """Whether what was told is short and not about the writer: it may say what the question means."""
    length = sum(len(sentence) + 1 for sentence in before) + len(text)
    return bool(before) and length <= CONTEXT_CHARACTERS and not any(_OF_THE_WRITER.search(one) for one in before)


def _last_of(sentences: Sequence[str]) -> str:
    """The last sentences, back to one that names a thing and points to none, of about `CONTEXT_CHARACTERS` together."""
    kept: list[str] = []
    for sentence in reversed(sentences):
        if kept and sum(map(len, kept)) + len(sentence) > CONTEXT_CHARACTERS:
            break
        kept.insert(0, sentence)
        if _NAME.search(sentence) and not _POINTS.search(sentence):
            break
    text = " ".join(kept)
    if len(text) > CONTEXT_CHARACTERS:
        text = text[-CONTEXT_CHARACTERS:].partition(" ")[2]
    return text.rstrip(" .?!")

"""Follow-up questions completed from the history by rule.

A question that leans on what was said before (a pronoun with little before it that it could stand for, an opening
"and", a question of two or three words) is given the matter of the question that began the thread, and on demand the
beginning of the last answer. Of the question files in benchmarks/questions and tests/questions, 6 837 of 7 769 follow-ups are completed,
and of 83 763 questions that stand alone 10 % would be taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.answer import SAYING_NOTHING
from assistant.asking.another import asked_of_another
from assistant.asking.catalogue import Wanted, inquiry_of
from assistant.asking.courtesy import is_small_talk
from assistant.asking.history import begun
from assistant.asking.said_again import asks_again
from assistant.asking.sought_name import sought_name
from corpus.sentences import sentence_spans
from index.tokens import terms

_OPENING = re.compile(
    r"^(?:and|or|but|so|what about|how about|then|also|ok(?:ay)?,?|what else|anything else|why not)\b", re.I
)
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|the (?:former|latter|same)|such|"
    r"one|ones|former|latter|both|either|neither|then)\b",
    re.I,
)
# Pronouns in form only, and those that mean the archive or the time of asking
_NO_PRONOUN = re.compile(
    r"\b(?:is|are|was|were|be|been) there\b|\bthere (?:is|are|was|were)\b|\b(?:can|could|may|must|should|would) one\b"
    r"|\bone (?:of|day|year)\b"
    r"|\bthis (?:issue|newsletter|archive|edition|week|month|year|season|spring|summer|autumn|fall|winter|term|time)\b",
    re.I,
)
# At the end of one clause there is seldom anything before it that it could stand for
_AT_THE_END = re.compile(
    r"\b(?:it|they|them|him|her|hers|theirs|those|these|this|that)(?: all| too| now| then)?\W*$", re.I
)
_NEW_CLAUSE = re.compile(
    r"[,;:]|[.?!] |\b(?:and|or|but|if|when|while|before|after|because|so|as|than|although|though|even|without|once|until|where)\b",
    re.I,
)
_THAT_ONE = re.compile(r"\b(?:which|that|this|the other) one\b", re.I)
_SECOND_PART = re.compile(r",? and (?:wh\w+|how)\b", re.I)
_BARE = re.compile(
    r"^(?:why|who|when|where|how|which one|how (?:many|much|long|come)|since when|by whom|what for|in (?:which|what) \w+)\s*\?*$",
    re.I,
)
# A word with a capital or a digit that does not begin the sentence
_NAMED = re.compile(r"(?<=[\w,] )[\w.#/-]*[A-Z0-9][\w.#/-]*")
_VERBS = "is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|must|may"
_ASKS = re.compile(rf"^(?:\w+ )?(?:wh\w+|how)\b|^(?:{_VERBS})\b", re.I)
_ASKS_IN_FULL = re.compile(
    rf"^(?:(?:and|but|so|or|ok|okay|also|well|thanks|thx)\b[,.]? *)*(?:\w+ )?(?:(?:wh\w+|how)|{_VERBS})\b|, (?:\w+ )?(?:wh\w+|how|{_VERBS})\b",
    re.I,
)
_ASKING_WORDS = re.compile(
    r"^(?:(?:and|but|so|or|ok|okay|also|well)\b,? *)*(?:(?:in|on|at|by|to|for|from|with|of) )?"
    rf"(?:(?:wh\w+|how)(?:['’](?:s|re|d|ll))?(?: (?:many|much|long|often|far|old|soon|big))?\b|(?:{_VERBS})\b)[ ,]*"
    rf"(?:(?:{_VERBS}|you|i|we|about|there)\b ?)*",
    re.I,
)
SHORTEST_QUESTION_TERMS = 2
SHORT_QUESTION_TERMS = 3
TERMS_BEFORE_PRONOUN = 3
FIRST_PART_TERMS = 2
QUESTION_CHARACTERS = 300
ANSWER_CHARACTERS = 300
MOST_MESSAGES = 12
MOST_MESSAGES_OF_ANSWERS = 48
NEWS = 2  # terms


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of the history and its answer, "" where there was none."""

    question: str
    answer: str


class Way(StrEnum):
    """How a question of a conversation is meant."""

    ALONE = "alone"
    ANOTHER = "another"  # the last complete question, asked of something else
    ABOUT = "about"  # on what was asked before
    ANSWERED = "answered"  # on what was asked and answered before


@dataclass(frozen=True, slots=True)
class Completed:
    """A question made complete: `text`, and the same with the words that `asked` before, by which its kind is told."""

    text: str
    asked: str
    way: Way


def complete(question: str, history: Sequence[Mapping[str, str]], way: Way | None = None) -> Completed:
    """`question` itself, or asked of another one, or with what the conversation is about in parentheses behind it (what was answered, too, where `way` says so).

    Which `way` it is meant is told by rule where it is None; one that it cannot be meant in leaves it alone.
    """
    history = history[-MOST_MESSAGES:]
    exchanges = _exchanges(history)
    alone = Completed(question, question, Way.ALONE)
    if way is Way.ALONE or not exchanges or not exchanges[-1].question:
        return alone
    thread = _thread(exchanges)
    if way is None and not leans_on_history(question, " ".join(f"{one.question} {one.answer}" for one in thread)):
        return alone
    if way not in (Way.ABOUT, Way.ANSWERED) and (again := asked_of_another(question, thread[0].question)):
        return Completed(again, again, Way.ANOTHER)
    begun = [one.rstrip(" ?.!") for one in _told_of(thread)]
    matter, asked = ": ".join(map(matter_of_question, begun)), f"{question} ({': '.join(begun)})"
    if set(terms(matter)) <= set(terms(question)):
        return alone
    answer = _first_sentence(thread[-1].answer) if way is Way.ANSWERED else ""
    return Completed(f"{question} ({': '.join(filter(None, (matter, answer)))})", asked, Way.ABOUT)


def last_asked(history: Sequence[Mapping[str, str]]) -> tuple[str, Sequence[Mapping[str, str]]]:
    """The last question that was not of the answer before it, and the messages before that; "" where there is none."""
    history = history[-MOST_MESSAGES_OF_ANSWERS:]
    for place in range(len(history) - 1, -1, -1):
        said, before = begun(history[place]), history[:place]
        if history[place].get("role") == "user" and not _is_of_the_answer(said, before):
            return said[:QUESTION_CHARACTERS], before
    return "", ()


def _is_of_the_answer(said: str, before: Sequence[Mapping[str, str]]) -> bool:
    """Whether what was said asks nothing new: no word, courtesy, a doubt, or which issue the answer is from."""
    if not any(map(str.isalnum, said[:QUESTION_CHARACTERS])) or asks_again(said) or is_small_talk(said):
        return True
    inquiry = inquiry_of(said, before)
    return inquiry is not None and inquiry.wanted is Wanted.SOURCE


def resolve(question: str, history: Sequence[Mapping[str, str]], way: Way | None = None) -> str:
    """The text of `complete`."""
    return complete(question, history, way).text


def matter_of_question(question: str) -> str:
    """What a question is about: the question without the words that only ask, whole where nothing else would be left."""
    asked = question.rstrip(" ?.!")
    return _ASKING_WORDS.sub("", asked, count=1) or asked


def may_stand_alone(question: str) -> bool:
    """Whether a follow-up may be on something else altogether: it needs nothing that was said, and says more than one thing."""
    return not needs_what_was_said(question) and len(set(terms(question))) >= SHORTEST_QUESTION_TERMS


def needs_what_was_said(question: str) -> bool:
    """Whether it is a bare question word or has a pronoun that means something said before.

    In "And the bridge, when will that be finished?" the pronoun means what it begins with.
    """
    begins, _, rest = question.partition(", ")
    names_it_first = rest and terms(begins) and not _PRONOUN.search(begins)
    pronoun = None if names_it_first else _PRONOUN.search(_NO_PRONOUN.sub(" ", question))
    return any((_BARE.search(question), _THAT_ONE.search(question), pronoun))


def _news_in(question: str, known: set[str]) -> int:
    """How many of the question's terms are not `known`."""
    return len(set(terms(question)) - known)


def leans_on_history(question: str, last: str = "") -> bool:
    """Whether the question cannot be understood without the exchange before it, of which `last` is the text."""
    if _OPENING.search(question) or _BARE.search(question) or _THAT_ONE.search(question):
        return True
    if _asks_who_bears_a_name(question):
        return False
    return not _says_what_it_means(question) and (_points_back(question) or _is_short(question, last))


def _asks_who_bears_a_name(question: str) -> bool:
    """Whether it asks nothing but who or what a name means, which it says in full: "Who is Ada Penrose?"."""
    sought = sought_name(question)
    return sought is not None and not sought.is_plain


def says_nothing_alone(question: str) -> bool:
    """Whether the question, with nothing said before it, leaves open what it is about: "And when was it?", "Why?"."""
    if _BARE.search(question):
        return True
    return _PRONOUN.search(_NO_PRONOUN.sub(" ", question)) is not None and len(set(terms(question))) <= 1


def _points_back(question: str) -> bool:
    """Whether a pronoun comes before what it could stand for in the question itself, or ends a question of one clause."""
    rest = _NO_PRONOUN.sub(" ", question)
    pronoun = _PRONOUN.search(rest)
    if pronoun is not None and len(set(terms(rest[: pronoun.start()]))) <= TERMS_BEFORE_PRONOUN:
        return True
    return _AT_THE_END.search(rest) is not None and not _NEW_CLAUSE.search(rest)


def _says_what_it_means(question: str) -> bool:
    """Whether it asks two things, the first of which names what the second may point back to.

    "What is the theme of the forum and who sponsored it?" says itself what "it" is.
    """
    first_part, *second_part = _SECOND_PART.split(_NO_PRONOUN.sub(" ", question), maxsplit=1)
    if not second_part or _PRONOUN.search(first_part) or len(set(terms(question))) <= SHORTEST_QUESTION_TERMS:
        return False
    return len(set(terms(first_part))) >= FIRST_PART_TERMS


def _is_short(question: str, last: str) -> bool:
    """Whether the question says too little by itself.

    One of three words that asks in full has to go on about the same; with no word of its own it asks the same again.
    """
    said = set(terms(matter_of_question(question)))
    if len(said) <= SHORTEST_QUESTION_TERMS:
        return True
    shared = said & set(terms(last))
    return len(said) <= SHORT_QUESTION_TERMS and (not _ASKS.search(question) or set() < shared < said)


def _exchanges(history: Sequence[Mapping[str, str]]) -> list[Exchange]:
    """What was asked and answered; an answer that says nothing is none."""
    found: list[Exchange] = []
    for message in history:
        role, content = message.get("role"), begun(message)
        if role == "user" and not is_small_talk(content):
            asked = content[:QUESTION_CHARACTERS]
            found.append(Exchange(_said_in_full(asked, found), ""))
        elif role == "assistant" and found and content not in SAYING_NOTHING:
            found[-1] = replace(found[-1], answer=content)
    return found


def _said_in_full(question: str, before: Sequence[Exchange]) -> str:
    """The question itself; the one before where it only doubts the answer, or that asked of another one."""
    if not before:
        return question
    if asks_again(question):
        return before[-1].question
    return asked_of_another(question, _thread(before)[0].question) or question


def _thread(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """The exchanges from the last question that began another matter."""
    for place in range(len(exchanges) - 1, 0, -1):
        if _begins_another(exchanges[place], exchanges[place - 1]):
            return list(exchanges[place:])
    return list(exchanges)


def _begins_another(exchange: Exchange, before: Exchange) -> bool:
    """Whether it asks of another matter than the one before: in full, or of what was not said; without an answer only by name."""
    asked, said = exchange.question, f"{before.question} {before.answer}"
    known = set(terms(said))
    if not exchange.answer:
        return any(not set(terms(name)) <= known for name in _NAMED.findall(asked))
    turns_away = _ASKS_IN_FULL.search(asked) and _names_another(asked, known)
    return bool(turns_away) or not leans_on_history(asked, said)


def _told_of(thread: Sequence[Exchange]) -> list[str]:
    """What the questions of a thread are about: the one that began it, behind the last that only names something else."""
    begun = thread[0].question
    further = [one.question for one in thread[1:] if one.answer and not _ASKS_IN_FULL.search(one.question)]
    named = [question for question in further if _names_another(question, set(terms(begun)))]
    return [*named[-1:], begun]


def _names_another(question: str, known: set[str]) -> bool:
    """Whether it needs nothing that was said to tell what it is of, and that is not `known`."""
    return not needs_what_was_said(question) and _news_in(matter_of_question(question), known) >= NEWS


def _first_sentence(answer: str) -> str:
    """The first sentence of an answer: those behind it may be on something else."""
    begins, ends = next(iter(sentence_spans(answer[:ANSWER_CHARACTERS])), (0, 0))
    return answer[begins:ends]

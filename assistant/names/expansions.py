"""Where the newsletters spell a short form out: "Initial Words (IW)", "IW (initial words)", "IW stands for initial words"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

from assistant.asking.short_forms import is_short_form
from assistant.evidence import Evidence
from assistant.names.initials import joined_words_before, words_before, words_behind
from index.dates import age
from index.passage import Filters, Passage
from index.retriever import Retriever, matching_newsletters
from index.tokens import stem, terms

LEAST_WORDS, MOST_WORDS = 6, 45
_OPENS = r"[\"“'‘*]?"
_BRACKETS = ("(", "[")
_NAMED = r"(?:or|aka|a\.k\.a\.|i\.e\.|abbreviated(?: as| to)?|(?:also )?(?:known|referred to|called|shortened)(?: as| to| by)?(?: the acronym)?)"
_LEADS_TO_SHORT = re.compile(rf"(?:\s*[(\[]\s*(?:the\s+|{_NAMED},?\s+)?|,?\s+{_NAMED}\s+(?:the\s+)?){_OPENS}$", re.I)
_LEADS_TO_WORDS = re.compile(
    r"[\"”'’*]?(?:\s*(?P<bracket>[(\[])\s*(?:(?:short|stands) for\s+|i\.e\.,?\s+)?|,?\s+or\s+|\s*[:=–—]\s+|\s+-\s+"
    r"|,?\s+(?:(?:which\s+)?(?:is\s+)?(?:short(?:hand)?|an?\s+(?:acronym|abbreviation|initialism))\s+(?:for|of)|(?:which\s+)?stands?\s+for|means)\s+)"
    rf"(?:(?:the|an?)\s+)?{_OPENS}",
    re.I,
)
_CLOSES = re.compile(r"[\"”'’*s]*\s*(?:[)\],;:.]|$)")


def best_expansion(short: str, retriever: Retriever, filters: Filters) -> Evidence | None:
    """The sentence that best spells `short` out, those words marked: of the words told most often the first whole sentence.

    None where none does.
    """
    found = list(_expansions(short, retriever, filters))
    often = Counter(map(_words_told, found))
    return min(
        found,
        key=lambda one: (-often[_words_told(one)], not _is_whole(one), age(one.found.newsletter)),
        default=None,
    )


def stands_in_archive(short: str, retriever: Retriever) -> bool:
    """Whether the newsletters write a word as a short form, in capitals."""
    return any(
        is_short_form(found.group(1))
        for number in _holders(short, retriever)
        for found in _places(short, retriever.snapshot.passages[number].text)
    )


def expansion_in(short: str, sentence: str) -> tuple[int, int] | None:
    """Where `sentence` has the words that `short` stands for beside it; None where it has not."""
    for found in _places(short, sentence):
        if not is_short_form(found.group(1)):
            continue
        leads = _LEADS_TO_SHORT.search(sentence[max(0, found.start() - 60) : found.start()])
        if leads:
            before = sentence[: found.start() - len(leads.group())]
            words = words_before(short, before)
            if words is None and leads.group().strip()[:1] in _BRACKETS:
                words = joined_words_before(short, before)
            if words and not before[words[1] :].strip("\"”'’‘* "):
                return words
        leads = _LEADS_TO_WORDS.match(sentence, found.end())
        words = words_behind(short, sentence[leads.end() :]) if leads else None
        if leads and words and words[0] == 0:
            start, end = leads.end(), leads.end() + words[1]
            if not leads["bracket"] or _CLOSES.match(sentence, end):
                return start, end
    return None


def _expansions(short: str, retriever: Retriever, filters: Filters) -> Iterator[Evidence]:
    allowed = {info.id for info in matching_newsletters(retriever.snapshot.newsletters.values(), filters)}
    for number in _holders(short, retriever):
        passage = retriever.snapshot.passages[number]
        if passage.newsletter_id in allowed:
            for place, words in _told(short, passage):
                yield Evidence(retriever.passage(number), place, 1.0, marked=words)


def _words_told(expansion: Evidence) -> tuple[str, ...]:
    """The words that a short form stands for, however they are written."""
    return tuple(terms(expansion.text[slice(*(expansion.marked or (0, 0)))]))


def _told(short: str, passage: Passage) -> Iterator[tuple[int, tuple[int, int]]]:
    for place in range(len(passage.sentences)):
        words = expansion_in(short, passage.sentence(place))
        if words is not None:
            yield place, words


def _holders(short: str, retriever: Retriever) -> list[int]:
    keywords = retriever.snapshot.keywords
    wanted = {stem(short.casefold()), stem(f"{short.casefold()}s"), *terms(short)[:1]}
    held = np.any([keywords.holders(term) for term in wanted], axis=0)
    return [int(number) for number in np.flatnonzero(held)]


def _places(short: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?<![\w&-])({re.escape(short)})s?(?![\w&-])", text, re.I)


def _is_whole(expansion: Evidence) -> bool:
    return LEAST_WORDS <= len(expansion.text.split()) <= MOST_WORDS

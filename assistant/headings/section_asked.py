"""A section of one issue, asked for by its heading: "List the jobs in issue 84." is answered by what stands below "Jobs".

The lines of the section are told in the order in which they stand, each by its first sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.evidence import Evidence
from assistant.lead_in import asks
from assistant.question import ParsedQuestion
from index.headings import ways_to_say, words_of
from index.passage import Passage
from index.retriever import Retriever

_IN_ISSUE = (
    r",? (?:in|of|from) (?:the )?(?:[^?.!]{1,60} )?"
    r"(?:issue|edition|number|no\.?|newsletter|bulletin) ?(?:no\.? ?|number )?#?\d{1,4}(?: of [^?.!]{1,60})?\W*$"
)
_ASKS = (
    r"^(?:please )?(?:(?:list|name|show|give|tell|find|open)(?: me| us)?|what(?:['’]s| is| are| was| were))"
    r"(?: (?:in|under|below)(?= the | [\"“'‘]))?(?: all)?(?: of)?(?: the)? "
)
_ASKED = [
    re.compile(
        rf"{_ASKS}(?P<heading>[^?.!]{{2,80}}{fewest})(?: section| items| entries)?{_IN_ISSUE}",
        re.I,
    )
    for fewest in ("?", "")  # "In brief" has itself a word that stands before an issue
]
_ARE_IN = re.compile(
    rf"^(?:what|which) (?P<heading>[^?.!]{{2,80}}?) (?:are|were|is|was)(?: (?:there|listed|announced))?{_IN_ISSUE}",
    re.I,
)
_ITEMS = re.compile(r"(?:items|entries|lines|links) (?:(?:under|below|of) (?:the )?)?", re.I)


def section_asked(question: ParsedQuestion, retriever: Retriever, *, max_words: int, most: int) -> list[Evidence]:
    """The first sentence of each line of the section that is asked for, at most so many; none where no section is."""
    if not question.filters.issues:
        return []
    for title in _titles(question.asking[:300]):
        issues = {one.newsletter.id for one in retriever.headed(title, question.filters)}
        if len(issues) == 1 and (lines := _lines(title, issues.pop(), retriever, max_words, most)):
            return lines
    return []


def _titles(asking: str) -> Iterator[str]:
    """The headings that a question may ask what stands below, the likeliest first."""
    found = (pattern.match(asking) for pattern in (_ARE_IN, *_ASKED))
    for heading in dict.fromkeys(match["heading"] for match in found if match):
        yield from _ways_to_ask(heading)


def _ways_to_ask(heading: str) -> Iterator[str]:
    """The heading as it is asked for, without "items", and with one of its words in the other number."""
    for asked in dict.fromkeys((heading, _ITEMS.sub("", heading, count=1) if _ITEMS.match(heading) else heading)):
        yield asked
        words = words_of(asked)
        for place in reversed(range(len(words))):
            for other in _in_other_number(words[place]):
                yield " ".join((*words[:place], other, *words[place + 1 :]))


def _in_other_number(word: str) -> list[str]:
    """The plural of a word, or what it may be the plural of."""
    if not word.endswith("s"):
        return [f"{word}s", *([f"{word[:-1]}ies"] if word.endswith("y") else [])]
    return [word[:-1], *([f"{word[:-3]}y"] if word.endswith("ies") else [])]


def _lines(title: str, newsletter_id: str, retriever: Retriever, max_words: int, most: int) -> list[Evidence]:
    chosen: list[Evidence] = []
    words = 0
    for number, passage in enumerate(retriever.snapshot.passages):
        if passage.newsletter_id != newsletter_id or not _stands_below(title, passage):
            continue
        for sentence in _first_of_lines(passage):
            text = passage.sentence(sentence)
            words += len(text.split())
            if chosen and (len(chosen) == most or words > max_words):
                return chosen
            if not _leads_in(passage, sentence):
                chosen.append(Evidence(retriever.passage(number), sentence, 0.0))
    return chosen


def _leads_in(passage: Passage, sentence: int) -> bool:
    """Whether a sentence is a question that the same line goes on from; one alone is a title."""
    return asks(passage.sentence(sentence)) and sentence + 1 not in (*_first_of_lines(passage), len(passage.sentences))


def _stands_below(title: str, passage: Passage) -> bool:
    return any(words_of(title) in ways_to_say(heading) for heading in passage.heading_path)


def _first_of_lines(passage: Passage) -> Iterator[int]:
    """The sentences that begin a line."""
    for number, (start, _) in enumerate(passage.sentences):
        before = passage.sentences[number - 1][1] if number else start
        if number == 0 or "\n" in passage.text[before - passage.start : start - passage.start]:
            yield number

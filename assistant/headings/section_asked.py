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

_ASKED = re.compile(
    r"^(?:please )?(?:(?:list|name|show|give|tell|find|open)(?: me| us)?|what(?:['’]s| is| are| was| were))(?: all)?(?: of)?(?: the)? "
    r"(?P<heading>[^?.!]{2,80}?)(?: section| items| entries)?,? (?:in|of|from) (?:the )?(?:[^?.!]{1,60} )?"
    r"(?:issue|edition|number|no\.?|newsletter|bulletin) ?(?:no\.? ?|number )?#?\d{1,4}(?: of [^?.!]{1,60})?\W*$",
    re.I,
)


def section_asked(question: ParsedQuestion, retriever: Retriever, *, max_words: int, most: int) -> list[Evidence]:
    """The first sentence of each line of the section that is asked for, at most so many; none where no section is."""
    found = _ASKED.match(question.asking[:300]) if question.filters.issues else None
    if found is None:
        return []
    for title in _ways_to_ask(found["heading"]):
        issues = {one.newsletter.id for one in retriever.headed(title, question.filters)}
        if len(issues) == 1:
            return _lines(title, issues.pop(), retriever, max_words, most)
    return []


def _ways_to_ask(heading: str) -> list[str]:
    """The heading as it is asked for, and in the other number."""
    return [heading, heading.removesuffix("s") if heading.endswith("s") else f"{heading}s"]


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

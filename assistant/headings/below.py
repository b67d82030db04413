"""What stands below a heading answers a question that is nothing but the heading, alone or as one asks for a subject.

"Rules for the new hall", "What does the newsletter say about “Rules for the new hall”?": whoever copies a heading wants what
it is over, whether or not its words come again there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.evidence import Evidence
from assistant.lead_in import asks, is_label
from assistant.question import ParsedQuestion
from assistant.suggestions import TEMPLATES
from index.headings import ways_to_say, words_of
from index.passage import Passage, RetrievedPassage
from index.retriever import Retriever

SURE = 0.9
MOST_ISSUES = 3
_NEWSLETTER = r"(?:(?:the|this|your|these|our) )?(?:newsletters?|issues?|archives?|letters?|bulletins?|it|they|you)"
_FRAME = re.compile(
    rf"^(?:please )?(?:what (?:do|does|did) {_NEWSLETTER} (?:say|tell(?: us| me)?|report|write|know|have) (?:about|on|of)"
    r"|what(?:['’]s| is| was| were| are| has been) (?:said|reported|written|told|new|known|the news) (?:about|on|of|with|in)"
    r"|(?:tell|show|give) me (?:(?:more|something|a summary|the news) )?(?:about|on|of)"
    r"|what can i read (?:about|on)|(?:(?:is there )?(?:any|anything|something|some|the)(?: (?:news|more|details|information))?) (?:about|on|of|from)"
    r"|news (?:about|on|of|from)|(?:what|how) about|summar(?:y of|i[sz]e)|"
    + "|".join(re.escape(t.partition("“")[0].strip()) for t in TEMPLATES.values())
    + r")\s*",
    re.I,
)
_ABOUT = re.compile(r"^what(?:['’]s| is| was) (?P<title>.+) about\W*$", re.I)


def below_heading(
    question: ParsedQuestion, retriever: Retriever, *, max_words: int, max_sentences: int
) -> list[Evidence]:
    """The first sentences below the heading that `question` is, of at most `MOST_ISSUES` issues, the newest first.

    Empty where it is no heading, or one of more issues than that.
    """
    if not question.asks_as_it_stands:
        return []
    for title in _titles(question.asking):
        found = retriever.headed(title, question.filters)
        if 0 < len(found) <= MOST_ISSUES:
            share = len(found)
            return [
                piece
                for passage in found
                for piece in _opening(passage, words_of(title), max_words // share, max(1, max_sentences // share))
            ]
    return []


def _titles(asked: str) -> Iterator[str]:
    """What may be a heading: all of it, or what stands in a usual frame."""
    yield asked
    if framed := _FRAME.match(asked):
        yield asked[framed.end() :]
    if about := _ABOUT.match(asked):
        yield about["title"]


def _opening(found: RetrievedPassage, title: tuple[str, ...], max_words: int, max_sentences: int) -> list[Evidence]:
    """The sentences from where the title stands, or from the passage's first where it stands above."""
    passage = found.passage
    above = any(title in ways_to_say(heading) for heading in passage.heading_path)
    begins = 0 if above else _place_of(passage, title)
    if not above and asks(passage.sentence(begins)):
        return []  # a question in the text is read and quoted with what answers it (`lead_in.py`)
    chosen: list[Evidence] = []
    words = 0
    for number in range(begins, len(passage.sentences)):
        text = passage.sentence(number)
        if chosen and (len(chosen) == max_sentences or words + len(text.split()) > max_words):
            break
        only_names_it = is_label(text) or title in ways_to_say(text)
        if not only_names_it or number == len(passage.sentences) - 1:
            chosen.append(Evidence(found, number, 0.0))
            words += len(text.split())
        if not above and chosen and _ends_line(passage, number):
            break
    return chosen


def _place_of(passage: Passage, title: tuple[str, ...]) -> int:
    numbers = range(len(passage.sentences))
    ways = ((n, ways_to_say(passage.sentence(n))) for n in numbers)
    return next((n for n, said in ways if any(words[: len(title)] == title for words in said)), 0)


def _ends_line(passage: Passage, number: int) -> bool:
    end = passage.sentences[number][1] - passage.start
    return passage.text[end : end + 1] in ("", "\n")

"""Questions the archive can answer, made from the item titles, headings and names of its issues.

A question is offered only when the assistant answers it: nothing is worse than a suggestion that finds nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest

from assistant.headings.furniture import is_furniture
from corpus import BlockKind, Newsletter
from index.headings import as_said
from index.passage import NewsletterInfo

LEAST_WORDS, MOST_WORDS = 2, 9
LEAST_CHARACTERS = 6
TRIED = 8
MOST_NAMES = 8
SERIES = 24  # issues among which a heading that stands twice is the series' own
TEMPLATES = {
    "en": "What does the newsletter say about “{topic}”?",
    "zh": "通讯如何介绍“{topic}”？",
}
_NAME = re.compile(r"[A-Z][\w&-]+(?:(?: (?:of|and|the|for|on|in))* [A-Z][\w&-]+)+")
_CJK = re.compile(r"[\u3400-\u9fff]")
# What no subject is made of: sentences and parts of them, references, code, version numbers, a year at the beginning
_ODD = re.compile(r"[?!:;#/()\[\]{}<>=|`_@*\\…]|\.\w|^\W*\d")


def by_turns(infos: Iterable[NewsletterInfo], most: int = SERIES) -> list[NewsletterInfo]:
    """The newest issue of each publication, the newest publication first, then the second newest of each, and so on."""
    shelves: dict[str, list[NewsletterInfo]] = {}
    for info in sorted(infos, key=lambda info: info.date or "", reverse=True):
        shelves.setdefault(info.publisher or "", []).append(info)
    return [info for row in zip_longest(*shelves.values()) for info in row if info is not None][:most]


def suggest(newsletters: Sequence[Newsletter], limit: int, *, answers: Callable[[str, Newsletter], bool]) -> list[str]:
    """Up to `limit` questions that `answers` accepts of the issue they are about, taking turns between the newsletters.

    Headings that stand in several of them are the series' own and name no topic: give `SERIES` of them, those to be
    asked about first before the others.
    """
    found = [topics(newsletter) for newsletter in newsletters]
    uses = Counter(topic.lower() for one in found for _, topic in one)
    queues = [
        [(question_about(topic, newsletter), newsletter) for _, topic in one if uses[topic.lower()] == 1]
        for newsletter, one in zip(newsletters, found, strict=True)
    ]
    turns = (queue[turn] for turn in range(max(map(len, queues), default=0)) for queue in queues if turn < len(queue))
    about = dict(turns)
    return answered(about, limit, answers=lambda question: answers(question, about[question]))


def answered(questions: Iterable[str], limit: int, *, answers: Callable[[str], bool]) -> list[str]:
    """The first `limit` of `questions` that `answers` accepts, of at most `TRIED` times as many."""
    found: list[str] = []
    for tried, question in enumerate(dict.fromkeys(questions)):
        if len(found) == limit or tried == TRIED * limit:
            break
        if answers(question):
            found.append(question)
    return found


def nearby(newsletter: Newsletter, start: int, *, series: Sequence[Newsletter] = ()) -> list[str]:
    """Questions about the topics around a place of an issue, the nearest first, without the topic that holds it.

    A topic that stands in an issue of its `series`, too, is a heading of every issue and is left out.
    """
    found = topics(newsletter)
    common = {topic.lower() for other in series for _, topic in topics(other)}
    holding = max((offset for offset, _ in found if offset <= start), default=-1)
    others = sorted((abs(offset - start), topic) for offset, topic in found if offset != holding)
    return [question_about(topic, newsletter) for _, topic in others if topic.lower() not in common]


def question_about(topic: str, newsletter: Newsletter) -> str:
    """A question about `topic` in the newsletter's own language."""
    return TEMPLATES.get(newsletter.language or "en", TEMPLATES["en"]).format(topic=topic)


def topics(newsletter: Newsletter) -> list[tuple[int, str]]:
    """Item titles, headings, then names that recur, where they can stand in a question; each with its place."""
    leads = [(block.start, block.lead) for block in newsletter.blocks if block.lead]
    headings = [
        (block.start, newsletter.text[block.start : block.end])
        for block in newsletter.blocks
        if block.kind is BlockKind.HEADING and block.level >= 2
    ]
    named: dict[str, int] = {}
    for start, text in [*leads, *headings, *_names(newsletter)]:
        topic = as_said(" ".join(text.split())).strip(" :.：。")
        if _usable(topic) and topic.lower() not in newsletter.title.lower() and not _is_near(topic, named):
            named.setdefault(topic, start)
    return [(start, topic) for topic, start in named.items()]


def _names(newsletter: Newsletter) -> list[tuple[int, str]]:
    """Runs of capitalised words that recur, the most frequent first."""
    first: dict[str, int] = {}
    uses: Counter[str] = Counter()
    for found in _NAME.finditer(newsletter.text):
        first.setdefault(found[0], found.start())
        uses[found[0]] += 1
    return [(first[name], name) for name, count in uses.most_common(MOST_NAMES) if count > 1]


def _is_near(topic: str, others: Iterable[str]) -> bool:
    """Whether the topic's words hold all of another's, or are all held by one: two such ask nearly the same."""
    words = set(topic.lower().split())
    return any(words <= its or its <= words for its in (set(other.lower().split()) for other in others))


def _usable(topic: str) -> bool:
    """Whether the topic has the shape of a subject that a question can name, and says what it is about."""
    if is_furniture(topic):
        return False
    if _CJK.search(topic):
        return LEAST_CHARACTERS <= len(topic) <= 30
    words = topic.split()
    return LEAST_WORDS <= len(words) <= MOST_WORDS and len(topic) >= LEAST_CHARACTERS and not _ODD.search(topic)

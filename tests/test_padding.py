"""Lines from a newsletter's head, in capitals or of a word or two are no second sentence of an answer."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.evidence import Evidence, Reading, choose
from assistant.padding import is_masthead
from assistant.question import parse_question
from index.passage import NewsletterInfo, Passage, RetrievedPassage

ANSWER = "The old kiln was relit by Orla Denby after nine years."


def found(*sentences: str, headings: tuple[str, ...] = ("Clay Matters",), start: int = 20) -> RetrievedPassage:
    info = NewsletterInfo("clay", "Clay Matters", None, None, None, None, None, (), 1)
    text = "\n".join(sentences)
    spans, at = [], start
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    nothing = np.zeros(len(sentences), dtype=np.float32)
    passage = Passage("clay@1:0", "clay", start, start + len(text), text, "", headings, tuple(spans))
    return RetrievedPassage(passage, info, 0.0, 0.0, 0.0, nothing, nothing)


HEAD = "Letter of the Potters' Guild of Tarrow · March 2024"


def quoted(asked: str, *others: str) -> list[str]:
    """What is quoted where `ANSWER` is likeliest and the lines of a newsletter's head follow."""
    answer, head = found(ANSWER, start=900), found(*others)
    ranked = [Evidence(answer, 0, 1.0), *(Evidence(head, number, 0.1) for number in range(len(others)))]
    shares = (0.6, *(0.1 for _ in others))
    reading = Reading((answer, head), tuple(ranked), shares, 0.9)
    return [piece.text for piece in choose(parse_question(asked), reading, max_words=80, max_sentences=3)]


@pytest.mark.parametrize("line", [HEAD, "THE KILN IS LIT", "For the 240 friends of the Guild"])
def test_a_line_that_states_nothing_is_no_second_sentence(line: str) -> None:
    assert quoted("Who relit the old kiln?", line) == [ANSWER]


def test_a_sentence_at_the_head_may_be_a_second_one() -> None:
    said = "Orla Denby had waited for bricks."
    assert quoted("Who relit the old kiln?", said) == [ANSWER, said]


def test_the_head_of_an_issue_is_quoted_to_who_asks_for_the_issue() -> None:
    assert quoted("Which issue tells who relit the old kiln?", HEAD) == [ANSWER, HEAD]


def test_a_masthead_stands_at_the_head_and_is_no_sentence() -> None:
    assert is_masthead((found(HEAD), 0))
    assert not is_masthead((found("The guild meets on Monday."), 0))
    assert not is_masthead((found(HEAD, start=900), 0))
    assert not is_masthead((found(HEAD, headings=("Clay Matters", "Dates")), 0))

"""Questions on what a thing is or who somebody is: what counts as telling it, and what an answer begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant, Status
from assistant.asking.sought_name import Named, SoughtName, plainly, sought_name
from assistant.names.introducing import Introduction, introduction


@pytest.mark.parametrize(
    ("question", "name", "named"),
    [
        ("What is Gorsebot?", "Gorsebot", Named.THING),
        ("what's the Gorse Fund, exactly?", "Gorse Fund", Named.THING),
        ("gorsebot meaning", "gorsebot", Named.THING),
        ("define Gorsebot", "Gorsebot", Named.THING),
        ("Who is Ada Penrose?", "Ada Penrose", Named.PERSON),
        ("who is ada penrose", "ada penrose", Named.PERSON),
        ("What is Ada Penrose's job?", "Ada Penrose", Named.PERSON),
        ("What does Ada Penrose do?", "Ada Penrose", Named.EITHER),
    ],
)
def test_a_question_may_ask_for_nothing_but_what_bears_a_name(question: str, name: str, named: Named) -> None:
    assert sought_name(question) == SoughtName(name, named)


@pytest.mark.parametrize(
    "question",
    [
        "What is the new port?",
        "What is the capital of Mongolia?",
        "What is Gorsebot good for?",
        "What is Ada Penrose's view?",
        "Who is behind Gorsebot?",
        "Who is chairing it?",
        "What is in it?",
    ],
)
def test_what_asks_for_more_asks_for_no_introduction(question: str) -> None:
    assert sought_name(question) is None


def test_few_words_are_read_as_the_usual_question() -> None:
    assert plainly("Gorsebot meaning") == plainly("define Gorsebot") == "What is Gorsebot?"
    assert plainly("What does Gorsebot mean?") == "What does Gorsebot mean?"


@pytest.mark.parametrize(
    ("sentence", "how"),
    [
        ("Gorsebot is a mower for steep banks.", Introduction.SURE),
        ("We met Gorsebot, a mower for steep banks.", Introduction.SURE),
        ("Gorsebot (a mower) came.", Introduction.NONE),
        ("Gorsebot (a steep mower) came.", Introduction.SURE),
        ("A mower called Gorsebot came.", Introduction.SURE),
        ("Gorsebot lets one person mow a bank.", Introduction.LIKELY),
        ("Gorsebot: mow the steepest bank alone.", Introduction.LIKELY),
        ("We hired the bank mower Gorsebot.", Introduction.LIKELY),
        ("They tell of a bank mower, Gorsebot.", Introduction.LIKELY),
        ("They also showed three mowers, and Gorsebot.", Introduction.NONE),
        ("Update Gorsebot dependencies", Introduction.NONE),
        ("The owners of the barn and Gorsebot left.", Introduction.NONE),
        ("The new Gorsebot came.", Introduction.NONE),
        ("Greater Gorsebot is a valley.", Introduction.NONE),
    ],
)
def test_a_sentence_introduces_a_thing_where_it_says_what_it_is_or_does(sentence: str, how: Introduction) -> None:
    assert introduction(SoughtName("Gorsebot", Named.THING), sentence) is how


@pytest.mark.parametrize(
    ("sentence", "how"),
    [
        ("Ada Penrose, the new tower captain, spoke.", Introduction.SURE),
        ("Thanks to maintainer Ada Penrose for this.", Introduction.SURE),
        ("Its chairs are Bo Lind and Ada Penrose.", Introduction.SURE),
        ("Ada Penrose is the editor of this letter.", Introduction.SURE),
        ("“It turns,” said Ada Penrose, Ph.D., electronic engineer at the dam.", Introduction.SURE),
        ("Ada Penrose, M.D., MBA, a surgeon in Rookhope, spoke.", Introduction.SURE),
        ("Ada Penrose Jr. is the editor of this letter.", Introduction.SURE),
        ("According to Ada Penrose, a leading proponent of steep mowing, banks pay.", Introduction.SURE),
        ("According to Dr. Ada Penrose (editor of this letter), banks pay.", Introduction.SURE),
        ("According to Ada Penrose, the chairman is ill.", Introduction.NONE),
        ("Ada Penrose, Ph.D., sent a letter to the editor.", Introduction.NONE),
        ("Ada Penrose chairs the parish council.", Introduction.LIKELY),
        ("Ada Penrose of Rookhope spoke.", Introduction.LIKELY),
        ("Ada Penrose sent a letter to the editor.", Introduction.NONE),
        ("The bells were shown by Ada Penrose.", Introduction.NONE),
        ("Bo Lind and Ada Penrose added a chart.", Introduction.NONE),
    ],
)
def test_a_sentence_introduces_a_person_where_it_says_their_part(sentence: str, how: Introduction) -> None:
    assert introduction(SoughtName("Ada Penrose", Named.PERSON), sentence) is how


@pytest.mark.parametrize(
    "piece",
    [
        "Ada Penrose ",
        "Ada Penrose, Ph.D., MD",
        "according to Ada Penrose, AaaAaa",
        "the old ",
        "Ada Penrose, ",
        "chairs Bo Lind and ",
        "the Gorsebot ",
    ],
)
def test_a_long_sentence_is_read_through_quickly(piece: str) -> None:
    text = (piece * 400)[:2000]
    for name in ("Ada Penrose", "Gorsebot"):
        introduction(SoughtName(name, Named.EITHER), text)
    sought_name(text)
    plainly(text)


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over issues that introduce some things and people, and only mention others."""
    told = {
        "2031-01": "## Banks\n\nThey also showed three mowers, a rake, and Quillmow.\n\n#70811: Update Gorsebot dependencies\n",
        "2031-02": "## Fields\n\nThe council hired Gorsebot, a mower for steep banks, for the summer.\n\nGorsebot broke down twice.\n",
        "2031-03": "## Bells\n\nThe bells were rung by Ada Penrose, the new tower captain, before the service.\n",
        "2031-04": "## Rope\n\nBo Lind bought rope. Bo Lind greased the clapper and sent a letter.\n",
    }
    issues = {month: f"---\ntitle: Valley\ndate: {month}-05\n---\n\n{text}" for month, text in told.items()}
    with archive(tmp_path_factory.mktemp("valley"), issues) as assistant:
        yield assistant


@pytest.mark.parametrize("question", ["What is Gorsebot?", "Gorsebot meaning", "explain Gorsebot"])
def test_the_sentence_that_introduces_goes_first(valley: Assistant, question: str) -> None:
    answer = valley.ask(question)
    assert answer.sentences[0].text == "The council hired Gorsebot, a mower for steep banks, for the summer."


@pytest.mark.parametrize("question", ["Who is Ada Penrose?", "who is ada penrose", "What does Ada Penrose do?"])
def test_a_person_is_told_of_by_their_part(valley: Assistant, question: str) -> None:
    answer = valley.ask(question)
    assert answer.status is Status.ANSWERED and "tower captain" in answer.sentences[0].text


@pytest.mark.parametrize("question", ["What is Quillmow?", "Who is Bo Lind?"])
def test_a_mere_mention_is_no_sure_answer(valley: Assistant, question: str) -> None:
    answer = valley.ask(question)
    assert answer.status is Status.NOT_FOUND or answer.note

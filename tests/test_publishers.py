"""Questions that name those who publish the newsletters, who hardly say their own name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_support import archive

from assistant import Assistant, Status
from assistant.issues.publisher_names import names_in_label, names_in_masthead
from assistant.issues.publishers import Publishers
from assistant.readings.unnamed import without_publisher
from index.passage import Filters

PALINGS = "# Over the Palings\n\n**Letter to the members of Hollowmere Rowers FC · No. {}**\n\n"
ISSUES = {
    "palings-7": PALINGS.format(7)
    + "## The season\n\nTop scorer was Edwin Larkspur with 17 goals. The largest crowd, 5,412, came to the game of 20 April.\n\n"
    "## The stand\n\nWe have paid out 4,300 pounds for the roof of the stand since May.",
    "palings-8": PALINGS.format(8)
    + "## The pitch\n\nThe grass was sown anew in June by the groundsman Odo Fenn.\n\n## The kiosk\n\nTea costs 2 pounds.",
    "seed-1": "---\ntitle: Seed and Furrow 1\npublisher: Ostrel Seed Office (OSO)\n---\n\n"
    "## Barley\n\nBarley was sown on 900 hectares. The largest field of barley lies at Quill.",
    "seed-2": "---\ntitle: Seed and Furrow 2\npublisher: Ostrel Seed Office (OSO)\n---\n\n"
    "## Rye\n\nA seed drill was shown to forty farmers in March, and the rye came up well.",
    **{
        f"basil-{number}": f"---\ntitle: Basil Weekly {number}\n---\n\n"
        + "\n\n".join(f"## {place}\n\nThe Basil of {place} was sold to {number + 3} cooks." for place in places)
        for number, places in enumerate([("Tarn", "Varg", "Lund"), ("Orm", "Skell", "Brae")], start=1)
    },
}
USUAL = frozenset(["seed", "furrow", "office", "rowers", "kiosk", "pulse"])


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over issues of three publications."""
    with archive(tmp_path_factory.mktemp("shelf"), ISSUES) as assistant:
        yield assistant


@pytest.fixture
def publishers(shelf: Assistant) -> Publishers:
    return Publishers(
        shelf.snapshot(),
        lambda newsletter_id: shelf.newsletter(newsletter_id).text,
        lambda word: word in USUAL,
    )


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("What was the largest crowd at Hollowmere Rowers?", "5,412"),
        ("Who was Hollowmere's top scorer?", "Edwin Larkspur"),
        ("How much has Hollowmere Rowers paid out for the roof?", "4,300"),
        ("According to Over the Palings, who was the top scorer?", "Edwin Larkspur"),
        ("who was hollowmere's top scorer?", "Edwin Larkspur"),
        ("how much has hollowmere rowers paid out for the roof?", "4,300"),
    ],
)
def test_a_question_that_names_the_publisher_is_answered_as_without_the_name(
    shelf: Assistant, question: str, quoted: str
) -> None:
    answer = shelf.ask(question)
    assert quoted in answer.citations[0].quote
    assert answer.resolved_question == question


def test_a_follow_up_that_asks_of_another_one_is_answered_as_when_it_is_typed_in_full(shelf: Assistant) -> None:
    last = "What was the smallest crowd at Hollowmere Rowers?"
    history = [{"role": "user", "content": last}, {"role": "assistant", "content": "The newsletters don't say."}]
    answer = shelf.ask("And the largest crowd?", history=history)
    in_full = shelf.ask("What was the largest crowd at Hollowmere Rowers?")
    assert "5,412" in answer.citations[0].quote
    assert (answer.citations, answer.confidence) == (in_full.citations, in_full.confidence)


@pytest.mark.parametrize(
    "question",
    [
        "What is the population of Hollowmere?",
        "Who painted the kiosk of Hollowmere Rowers?",
        "What was the largest crowd at Basil?",
    ],
)
def test_the_name_of_a_publisher_answers_nothing_by_itself(shelf: Assistant, question: str) -> None:
    assert shelf.ask(question).status is Status.NOT_FOUND


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("What was the largest crowd at Hollowmere Rowers FC?", "What was the largest crowd?"),
        ("Who was Hollowmere Rowers' top scorer?", "Who was the top scorer?"),
        ("Who was the Hollowmere top scorer?", "Who was the top scorer?"),
        ("How much has the Ostrel Seed Office sown?", "How much have we sown?"),
        ("How much did OSO pay its farmers?", "How much did we pay our farmers?"),
        ("Who wrote Ostrel Seed Office's own guide?", "Who wrote our own guide?"),
        ("How many became Hollowmere Rowers members by May?", "How many became members by May?"),
        ("Was Ostrel Seed Office praised?", "Were we praised?"),
        ("Who owes money to the Ostrel Seed Office?", "Who owes money to us?"),
        ("According to Seed and Furrow, how large is the field?", "How large is the field?"),
        ("In the May 2031 issue of Seed and Furrow, how large is the field?", "How large is the field?"),
        ("What did Over the Palings 7 say about the roof?", "What did we say about the roof?"),
        ("What is the price of tea in Over the Palings, please?", "What is the price of tea, please?"),
        ("who was hollowmere's top scorer?", "Who was the top scorer?"),
        ("who scored at hollowmere rowers?", "Who scored?"),
        ("what did the ostrel seed office show?", "What did we show?"),
    ],
)
def test_a_name_goes_with_the_words_that_tie_it(
    shelf: Assistant, publishers: Publishers, asked: str, read: str
) -> None:
    parsed = shelf.parse(asked)
    assert (without_publisher(parsed, publishers) or parsed).resolved == read


@pytest.mark.parametrize(
    "question",
    [
        "How many cooks bought Basil?",
        "Who is the chairman of the Bank of Hollowmere?",
        "What does Hollowmere Bakery sell?",
        "Which seed was shown to farmers?",
        "who looks after the rowers?",
        "who leads the hollowmere bakers?",
        "who works at the office?",
        "Who is said to have met Odo Fenn at hollowmere?",
        "Who owns Ostrel Seed Office?",
        "Was Seed and Furrow read at Hollowmere Rowers?",
        "What was the largest crowd?",
    ],
)
def test_matter_and_the_names_of_others_stay_in_the_question(
    shelf: Assistant, publishers: Publishers, question: str
) -> None:
    assert without_publisher(shelf.parse(question), publishers) is None


def test_the_question_is_put_to_the_issues_of_the_publisher_that_pass_the_filters(
    shelf: Assistant, publishers: Publishers
) -> None:
    asked = shelf.parse("Who was Hollowmere's top scorer?")
    other = without_publisher(asked, publishers)
    assert other is not None
    assert {Path(name).stem for name in other.filters.newsletter_ids} == {"palings-7", "palings-8"}
    seed = frozenset(info.id for info in shelf.newsletters() if "seed" in info.id)
    only_seed = shelf.parse(asked.asked, filters=Filters(newsletter_ids=seed))
    assert without_publisher(only_seed, publishers) is None


def test_an_archive_of_one_publication_knows_its_name(tmp_path: Path) -> None:
    issues = {name: text for name, text in ISSUES.items() if name.startswith("palings")}
    with archive(tmp_path, issues) as alone:
        assert "5,412" in alone.ask("What was the largest crowd at Hollowmere Rowers?").citations[0].quote


def test_the_titles_of_articles_are_no_names_of_publications(tmp_path: Path) -> None:
    titles = {"kettle": "Larkspur Kettle", "spoon": "Tansy Spoon"}
    articles = {name: f"---\ntitle: {title}\n---\n\nThe handle is made of ash." for name, title in titles.items()}
    with archive(tmp_path, articles) as shop:
        known = Publishers(shop.snapshot(), lambda newsletter_id: shop.newsletter(newsletter_id).text)
        assert known.named("What is the handle of the Larkspur Kettle made of?") == []


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("Newsletter of the Oxmere Rowing Club, founded 1902", ["oxmere rowing club"]),
        ("For the 300 members and friends of Quill Harbour Museum", ["quill harbour museum"]),
        ("The winter was long in the valley of Tarn.", []),
    ],
)
def test_a_masthead_says_who_publishes(lines: str, names: list[str]) -> None:
    assert list(dict.fromkeys(" ".join(name) for name in names_in_masthead(lines))) == names


def test_a_label_holds_names_beside_one_another_without_numbering() -> None:
    found = [" ".join(name) for name in names_in_label("The Lantern – letter of the Lamp Guild (LG2), May 2031")]
    assert found == ["lantern", "letter of the lamp guild", "lg2"]

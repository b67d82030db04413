"""Newsletters as they are read: text without markup, and structure that covers all of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import (
    BlockKind,
    Newsletter,
    SourceNotFound,
    SourceUnreadable,
    newsletter_sentences,
    read_newsletters,
    sentence_spans,
    shipped_newsletters,
)
from corpus.documents import Document
from corpus.metadata import infer_metadata
from corpus.readers import read_document


def read(source: str, name: str = "x.md") -> Newsletter:
    (newsletter,) = read_document(Document(name, source.encode("utf-8", "replace")))
    return newsletter


ARCHIVES = Path(os.environ.get("NEWSLETTER_ARCHIVES", Path(__file__).parents[2] / "shared" / "archives"))


@pytest.fixture(scope="module")
def shipped_issue() -> Newsletter:
    (newsletter,) = read_newsletters(shipped_newsletters())
    return newsletter


def test_the_shipped_issue_is_known_by_its_masthead(shipped_issue: Newsletter) -> None:
    assert (shipped_issue.issue, shipped_issue.date, shipped_issue.language) == (4, "2019", "en")
    assert shipped_issue.title.startswith("CHINA S&T NEWSLETTER")
    assert shipped_issue.publisher == "Ministry of Science and Technology of the People's Republic of China"


def test_chinese_headings_and_numbered_agreements_are_kept(shipped_issue: Newsletter) -> None:
    headings = [shipped_issue.text[b.start : b.end] for b in shipped_issue.blocks if b.kind is BlockKind.HEADING]
    items = [b for b in shipped_issue.blocks if b.kind is BlockKind.ITEM]
    assert "中华人民共和国科学技术部" in headings
    assert len(items) == 8


def assert_structure_covers_text(newsletter: Newsletter) -> None:
    text = newsletter.text
    assert [s.start for s in newsletter.sections] == [0, *[s.end for s in newsletter.sections[:-1]]]
    assert newsletter.sections[-1].end == len(text)
    covered = 0
    for block in newsletter.blocks:
        assert covered <= block.start < block.end <= len(text)
        assert not text[covered : block.start].strip()
        covered = block.end
    assert not text[covered:].strip()
    at = 0
    for start, end in newsletter_sentences(newsletter):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        at = end


MARKUP = st.sampled_from(
    ["# ", "## ", "- ", "1. ", "> ", "*", "**", "`", "```\n", "[a][b]", "[a](http://x.y)", "|a|b|\n|-|-|\n|c|d|\n", "\n", "\n\n",
     "{% include x %}", "<b>", "<!--", "-->", "---\n", "&amp;", "。", ". ", "第4期", "\t", "    ", "e.g. ", "\r\n", "\x00", "\u200b", "[^1]"]
)  # fmt: skip
SOURCES = st.lists(st.one_of(MARKUP, st.text(max_size=12)), max_size=30).map("".join)


@settings(max_examples=150, deadline=None)
@given(SOURCES)
@pytest.mark.parametrize("name", ["x.md", "x.txt", "x.html", "x.eml"])
def test_any_input_is_read_whole_or_refused_clearly(name: str, source: str) -> None:
    try:
        newsletters = read_document(Document(name, source.encode("utf-8", "replace")))
    except SourceUnreadable as error:
        assert name in str(error)
        return
    for newsletter in newsletters:
        assert_structure_covers_text(newsletter)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_sentences_hold_every_visible_character_of_any_text(text: str) -> None:
    spans = sentence_spans(text)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dr. Cao spoke. Mr. Han answered.", 2),
        ("Version 0.21.2-beta is out. Upgrade to 1.10 now.", 2),
        ("The U.S. Geological Survey moved. It is in Reston.", 2),
        ("See e.g. issue No. 4 for details.", 1),
        ("“Is it true?” he asked. It was!", 2),
        ("科技部举行论坛。会议在北京召开。", 2),
        ("It cost $1.5 million (approx. 2%). Nobody minded.", 2),
        ("It was drawn by J. A. Pentreath and sent to S. He in May.", 1),
    ],
)
def test_abbreviations_decimals_and_versions_end_no_sentence(text: str, count: int) -> None:
    assert len(sentence_spans(text)) == count


@pytest.mark.parametrize("short", ["c.", "ca.", "approx.", "no.", "p.", "pp.", "vol.", "fig.", "est.", "max.", "min."])
@given(
    before=st.sampled_from(["Ants (", "They counted ", "See "]),
    number=st.integers(0, 10**6),
    sign=st.sampled_from(["", "£", "~"]),
)
def test_what_shortens_a_word_before_a_number_ends_no_sentence(short: str, before: str, number: int, sign: str) -> None:
    assert len(sentence_spans(f"{before}{short} {sign}{number:,} of them")) == 1


@given(
    first=st.sampled_from(["Fred", "Élodie", "Chairman", "J. R."]),
    initial=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    last=st.sampled_from(["Hale", "Öberg", "McBride", "O’Shea"]),
)
def test_an_initial_between_two_parts_of_a_name_ends_no_sentence(first: str, initial: str, last: str) -> None:
    assert len(sentence_spans(f"So said {first} {initial}. {last} in May.")) == 1


@given(named=st.sampled_from(["vitamin", "plan", "row"]), letter=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_a_letter_named_by_a_common_noun_before_it_may_end_a_sentence(named: str, letter: str) -> None:
    assert len(sentence_spans(f"They liked {named} {letter}. Then they left it.")) == 2


@pytest.mark.parametrize("short", ["Tel.", "ext.", "Rs.", "dept.", "St.", "cf.", "b."])
def test_what_shortens_a_word_before_a_number_or_a_name_ends_no_sentence(short: str) -> None:
    assert len(sentence_spans(f"It is {short} 4711 in the list.")) == 1
    assert short in ("Tel.", "ext.", "Rs.", "b.") or len(sentence_spans(f"It is {short} Agnes in the list.")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Oranges hold vitamin C. The rest do not.",
        "Oranges hold vitamin C. 300 people ate them.",
        "It lasts 20 min. 300 people came.",
        "They sat in row D. 40 stood.",
        "Cut it down to the max. Then rest.",
        "We met in the dept. The room was cold.",
        "The hall was full. 300 people came.",
    ],
)
def test_a_short_word_may_end_a_sentence(text: str) -> None:
    assert len(sentence_spans(text)) == 2


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A **bold** and `code` [link](http://a.b).", "A bold and code link."),
        ("See [Core #5647][] and [the docs][missing].", "See Core #5647 and the docs."),
        ("Hard\nwrapped\nlines.", "Hard wrapped lines."),
        ("GSA&#8217;s <b>inline</b> HTML.", "GSA’s inline HTML."),
        ("Before.\n\n{% include references.md %}\n\nAfter.", "Before.\n\nAfter."),
        ("Hidden\u200b word.", "Hidden word."),
    ],
)
def test_a_quotation_reads_as_prose_without_markup(source: str, text: str) -> None:
    assert read(source).text == text


def test_text_inside_a_details_tag_is_kept() -> None:
    source = '{% include functions/details-list.md\n q0="What is evicted?"\n a0="A node drops an existing\n inbound peer."\n%}'
    text = read(source).text
    assert "What is evicted?" in text
    assert "A node drops an existing inbound peer." in text


def test_the_day_in_a_file_name_makes_the_year_of_a_title_exact() -> None:
    review = infer_metadata({"title": "Weekly: the year 2019 in review"}, (), "2019-12-28-weekly", "")
    of_another_year = infer_metadata({"title": "Weekly: 2018 in review"}, (), "2019-01-03-weekly", "")
    assert (review.date, of_another_year.date) == ("2019-12-28", "2018")


def test_front_matter_gives_title_and_date() -> None:
    newsletter = read("---\ntitle: 'Weekly #53'\ndate: 2019-07-03 10:00:00 -0400\n---\nBody.")
    assert (newsletter.title, newsletter.issue, newsletter.date, newsletter.text) == (
        "Weekly #53",
        53,
        "2019-07-03",
        "Body.",
    )


@pytest.mark.parametrize("before", ["\n\n", " \r\n", "\ufeff", "\ufeff\n", "\n\ufeff"])
def test_blank_lines_and_a_byte_order_mark_may_stand_before_front_matter(before: str) -> None:
    newsletter = read(f"{before}---\ntitle: Weekly\n---\nBody.")
    assert (newsletter.title, newsletter.text) == ("Weekly", "Body.")


def test_a_rule_behind_a_blank_line_begins_no_front_matter() -> None:
    assert read("\n---\nTulips are out.\n\n---\nRoses are not.").text == "Tulips are out.\n\nRoses are not."


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b" \n ", "empty|no text"), (b"caf\xe9 au lait", "UTF-8"), (b"a\x00b\x00", "binary|UTF")],
)
def test_a_file_that_is_no_newsletter_is_named_with_the_remedy(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "issue.md"
    file.write_bytes(content)
    with pytest.raises(SourceUnreadable, match=says) as caught:
        read_newsletters(file)
    assert "issue.md" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "date", "issue"),
    [
        ("date = 2019-04-25", "2019-04-25", None),
        ("date = 2019-04-25T10:00:00Z", "2019-04-25", None),
        ("date = 2019", "2019", None),
        ('date = "2019-05"', "2019-05", None),
        ('date = "1887"', "1887", None),
        ("date = 1887-03-01", "1887-03-01", None),
        ('date = "25 April 2019"', "2019-04-25", None),
        ('date = "05/2019"', "2019", None),
        ("issue = 12", None, 12),
        ('issue = "12"', None, 12),
        ("issue = true", None, None),
    ],
)
def test_a_folder_says_date_and_issue_in_any_way_that_toml_has(
    tmp_path: Path, line: str, date: str | None, issue: int | None
) -> None:
    (tmp_path / "garden.md").write_text("Tulips.", encoding="utf-8")
    (tmp_path / "newsletter.toml").write_text(line, encoding="utf-8")
    (newsletter,) = read_newsletters(tmp_path)
    assert (newsletter.date, newsletter.issue) == (date, issue)


@pytest.mark.parametrize("value", ["yesterday", "5", "0000-00-00"])
def test_a_folders_date_that_is_none_is_named_with_its_file(tmp_path: Path, value: str) -> None:
    (tmp_path / "garden.md").write_text("Tulips.", encoding="utf-8")
    (tmp_path / "newsletter.toml").write_text(f'date = "{value}"', encoding="utf-8")
    with pytest.raises(SourceUnreadable, match=f"newsletter.toml .*{value}.* 2019-05") as caught:
        read_newsletters(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_missing_path_and_a_folder_without_newsletters_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="nowhere"):
        read_newsletters(tmp_path / "nowhere")
    with pytest.raises(SourceNotFound, match=tmp_path.name):
        read_newsletters(tmp_path)


@pytest.mark.archives
@pytest.mark.parametrize(
    "archive", ["optech-2018-2021", "lwkd-2018-2021", "haskell-weekly-2016-2018", "digital-gov-2013-2016"]
)
def test_real_archives_are_read_whole_and_without_markup(archive: str) -> None:
    if not (ARCHIVES / archive).is_dir():
        pytest.skip(f"the archives are not at {ARCHIVES} (set NEWSLETTER_ARCHIVES)")
    newsletters = read_newsletters(ARCHIVES / archive)
    assert len(newsletters) > 100
    for newsletter in newsletters[::10]:
        assert_structure_covers_text(newsletter)
    marked = [n.id for n in newsletters for mark in ("{%", "](http", "][", "**", "<a ") if mark in n.text]
    assert len(marked) <= 3

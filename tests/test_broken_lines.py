"""Lines under one another, in pages by line breaks and in plain text: which are on their own and which read on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import BlockKind, Document
from corpus.readers import read_document
from corpus.readers.lines import runs_of

HEADING, ITEM, PARAGRAPH = BlockKind.HEADING, BlockKind.ITEM, BlockKind.PARAGRAPH


def blocks(source: str, name: str = "letter.html") -> list[tuple[BlockKind, str]]:
    """The kinds and texts of what is read from a source, behind its first block."""
    opening = "<p>The letter of the rowing club</p>" if name.endswith("html") else "The letter of the rowing club\n\n"
    (newsletter,) = read_document(Document(name, (opening + source).encode()))
    return [(block.kind, newsletter.text[block.start : block.end]) for block in newsletter.blocks][1:]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["Boat house: 503-555-0101", "Office: 503-555-0102", "Bar: 503-555-0103"], id="telephone numbers"),
        pytest.param(["Grange Hall", "5 Quarry Road", "Ashgrove, VT 05999"], id="an address"),
        pytest.param(["The river is wide,", "The river is slow,", "And nobody rows on it now"], id="a poem"),
        pytest.param(["oars", "rudders", "two life jackets"], id="a list in small letters"),
        pytest.param(["May 6 – Regatta, 9 a.m.", "May 13 – Training, town pier, from 7 p.m."], id="a calendar"),
    ],
)
def test_short_lines_that_begin_anew_are_each_on_their_own(lines: list[str]) -> None:
    assert blocks(f"<p>{'<br>'.join(lines)}</p>") == [(ITEM, line) for line in lines]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["The boats go out at nine and", "come back by noon."], id="a small letter"),
        pytest.param(["The regatta is rowed on the", "River Merrow again."], id="an unfinished phrase"),
        pytest.param(
            ["The club met on Tuesday evening to hear a report from Captain", "Odile Brandvold on the new boats."],
            id="a full line",
        ),
        pytest.param(
            ["The club met and", "voted for three boats,", "Two of them gigs,", "and for a", "new pier."], id="a wrap"
        ),
    ],
)
def test_prose_that_is_broken_at_the_end_of_lines_reads_on(lines: list[str]) -> None:
    assert blocks(f"<p>{'<br>'.join(lines)}</p>") == [(PARAGRAPH, " ".join(lines))]


def test_a_bold_line_above_others_is_their_heading() -> None:
    found = blocks("<div><strong>Boat prices</strong><br>Canoe, used: $500<br>Gig: $900</div>")
    assert found == [(HEADING, "Boat prices"), (ITEM, "Canoe, used: $500"), (ITEM, "Gig: $900")]


def test_every_bold_line_of_a_block_heads_what_stands_below_it() -> None:
    found = blocks("<div><b>Pier</b><br>It is closed.<br><b>Bar</b><br>It is open.<br><b>Odile Brandvold</b></div>")
    assert [text for kind, text in found if kind is HEADING] == ["Pier", "Bar"]
    assert "Odile Brandvold" in {text for _, text in found}


def test_a_bold_line_with_a_colon_is_a_heading_above_prose_alone() -> None:
    prose = "The pier was closed by the town on Monday, and nobody knows when it will be opened to rowers again."
    assert blocks(f"<div><b>Pier: the news</b><br>{prose}</div>")[0] == (HEADING, "Pier: the news")
    assert HEADING not in {kind for kind, _ in blocks("<div><b>Pier: closed</b><br>Bar: open</div>")}


@pytest.mark.parametrize("name", ["letter.html", "letter.txt"])
def test_dots_that_lead_to_a_price_are_read_as_a_colon(name: str) -> None:
    lines = ["Canoe, a day ............ $31", "Gig . . . . . . . . . $44"]
    source = f"<p>{'<br>'.join(lines)}</p>" if name.endswith("html") else "\n".join(lines)
    assert blocks(source, name) == [(ITEM, "Canoe, a day: $31"), (ITEM, "Gig: $44")]


def test_a_bullet_of_a_paragraph_makes_an_item_of_it() -> None:
    assert blocks("<p>·&nbsp;&nbsp;Oars for two</p><p>•<span> Rudders</span></p>") == [
        (ITEM, "Oars for two"),
        (ITEM, "Rudders"),
    ]


def test_of_an_address_with_a_way_to_leave_only_that_is_left_out() -> None:
    found = blocks("<p>Rowing Club<br>5 Quarry Road<br><a href='https://x.example'>Unsubscribe</a></p>")
    assert [text for _, text in found] == ["Rowing Club", "5 Quarry Road"]


def test_a_break_in_an_item_or_a_cell_is_a_space() -> None:
    assert blocks("<ul><li>Gig race<br>May 6</li></ul>") == [(ITEM, "Gig race May 6")]
    rows = "<table><tr><th>Boat</th><th>When</th></tr><tr><td>Gig</td><td>May 6<br>9 a.m.</td></tr></table>"
    assert blocks(rows) == [(BlockKind.ROW, "Gig; When: May 6 9 a.m.")]


RULE = "-" * 40


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f"{RULE}\n1. AUTUMN REGATTA\n{RULE}\n\nIt is rowed in October.", id="between rules"),
        pytest.param(f"{RULE}\n1. AUTUMN REGATTA\n{RULE}\nIt is rowed in October.", id="with its text below"),
        pytest.param(f"AUTUMN REGATTA\n{'=' * 14}\nIt is rowed in October.", id="above a rule"),
        pytest.param("AUTUMN REGATTA\n\nIt is rowed in October.", id="in capitals"),
        pytest.param("AUTUMN REGATTA\nIt is rowed in October.", id="in capitals above a line"),
    ],
)
def test_plain_text_marks_headings_by_rules_and_capitals(source: str) -> None:
    assert blocks(source, "letter.txt") == [(HEADING, "AUTUMN REGATTA"), (PARAGRAPH, "It is rowed in October.")]


def test_the_lines_of_a_list_in_plain_text_are_items_below_its_heading() -> None:
    found = blocks("IN THIS ISSUE\n  1. Regatta\n  2. The pier, which\n     is closed", "letter.txt")
    assert found == [(HEADING, "IN THIS ISSUE"), (ITEM, "Regatta"), (ITEM, "The pier, which is closed")]


def test_wrapped_prose_of_plain_text_is_one_paragraph() -> None:
    prose = (
        "The Autumn Regatta takes place on October 17 and 18 at the Hotel\n"
        "Merrow. The theme is the aging oar. Registration opened on August 1\n"
        "and closes on October 3. A block of forty rooms is held until\n"
        "September 15; mention the club when you book."
    )
    assert blocks(prose, "letter.txt") == [(PARAGRAPH, " ".join(prose.split("\n")))]


def test_a_text_file_keeps_how_to_leave_below_its_signature() -> None:
    found = blocks("It rained.\n\n--\nRowing Club, Merrow\nTo unsubscribe, write to leave@x.example", "letter.txt")
    assert [text for _, text in found] == [
        "It rained.",
        "Rowing Club, Merrow",
        "To unsubscribe, write to leave@x.example",
    ]


LINES = st.lists(st.text(min_size=1, max_size=90).map(str.strip).filter(bool), max_size=8)


@given(LINES, LINES)
def test_the_runs_of_any_lines_hold_each_line_once(lines: list[str], strong: list[str]) -> None:
    runs = runs_of(lines, strong)
    assert [number for run in runs for number in range(run.first, run.end)] == list(range(len(lines)))


@pytest.mark.parametrize("line", ["." * 2000, ". " * 1000, "x" + " ." * 1000 + " y", "• " * 1000, "(1" * 1000])
def test_long_lines_are_read_through_once(line: str) -> None:
    assert blocks(f"<p>{line}x<br>{line}<br>Pier</p>")

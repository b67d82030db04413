"""Tables as programs that write mail set them: heads as ordinary cells, a paragraph in every cell, a page laid out in them."""

from __future__ import annotations

import pytest

from corpus import BlockKind, Document
from corpus.readers import read_document


def blocks(html: str) -> list[tuple[BlockKind, str]]:
    """The blocks of a page with `html` as its body."""
    page = f"<html><body><p>The letter of the rowing club</p>{html}</body></html>"
    (newsletter,) = read_document(Document("letter.html", page.encode()))
    return [(block.kind, newsletter.text[block.start : block.end]) for block in newsletter.blocks][1:]


def table(*rows: list[str], cell: str = "<td>{}</td>", head: str = "<td>{}</td>", row: str = "<tr>") -> str:
    """A table of `rows`, each cell set as `cell` says and those of the first row as `head` does."""
    first = f"{row}{''.join(head.format(text) for text in rows[0])}</tr>"
    others = (f"<tr>{''.join(cell.format(text) for text in texts)}</tr>" for texts in rows[1:])
    return f"<table>{first}{''.join(others)}</table>"


FEES = (["Boat", "Per hour", "Per day"], ["Canoe", "$6", "$31"], ["Gig", "$9", "$44"])
AS_ROWS = [
    (BlockKind.ROW, "Canoe; Per hour: $6; Per day: $31"),
    (BlockKind.ROW, "Gig; Per hour: $9; Per day: $44"),
]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(table(*FEES, head="<th>{}</th>"), id="heads"),
        pytest.param(table(*FEES, head="<td><strong>{}</strong></td>"), id="bold words"),
        pytest.param(table(*FEES, head='<td style="font-weight: bold">{}</td>'), id="bold cells"),
        pytest.param(table(*FEES, head='<td bgcolor="#003366">{}</td>'), id="a ground of its own"),
        pytest.param(table(*FEES, row='<tr style="background-color:#eee">'), id="a row on a ground of its own"),
        pytest.param(
            table(*FEES, head="<td><p class=MsoNormal><b>{}</b><o:p></o:p></p></td>", cell="<td><p class=MsoNormal>{}<o:p></o:p></p></td>"),
            id="a paragraph in every cell",
        ),
    ],
)  # fmt: skip
def test_a_first_row_that_looks_like_heads_names_the_columns(html: str) -> None:
    assert blocks(html) == AS_ROWS


def test_a_first_row_that_looks_like_every_other_is_a_row() -> None:
    assert blocks(table(*FEES))[0][1] == "Boat; Per hour; Per day"
    striped = table(*FEES, ["Raft", "$3", "$9"]).replace("<tr><td>Boat", "<tr bgcolor=#eee><td>Boat")
    striped = striped.replace("<tr><td>Gig", "<tr bgcolor=#eee><td>Gig")
    assert blocks(striped)[0][1] == "Boat; Per hour; Per day"


PROSE = "The river stood so high in May that nobody rowed. " * 3


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("<p>The club house is open.</p><p>Bring shoes.</p>", id="several paragraphs"),
        pytest.param("<h3>Club house</h3>Open from May.", id="a heading"),
        pytest.param("<ul><li>Shoes</li><li>Hats</li></ul>", id="a list"),
        pytest.param(f"<p>{PROSE}</p>", id="prose"),
        pytest.param("<table><tr><td>Shoes</td><td>Hats</td></tr></table>", id="a table"),
    ],
)
def test_a_table_that_lays_out_a_page_gives_no_rows(cell: str) -> None:
    laid_out = f"<table><tr><td>{cell}</td><td>Left</td></tr><tr><td>Right</td><td>{cell}</td></tr></table>"
    assert BlockKind.ROW not in {kind for kind, _ in blocks(laid_out)}

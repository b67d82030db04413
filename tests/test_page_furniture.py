"""What mails and pages have around their text: buttons, calls, social networks, marks of footnotes."""

from __future__ import annotations

import pytest

from corpus import Document
from corpus.readers import read_document


def text(html: str) -> list[str]:
    """The blocks of a page with `html` as its body, behind its first."""
    page = f"<html><body><p>The letter of the rowing club</p>{html}</body></html>"
    (newsletter,) = read_document(Document("letter.html", page.encode()))
    return [newsletter.text[block.start : block.end] for block in newsletter.blocks][1:]


LINK = '<a href="https://x.example"'


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{LINK} class='btn primary'><span>Renew your boat pass</span></a></p>",
        f"<table><tr><td class='mcnButtonContent'>{LINK}>Renew your boat pass</a></td></tr></table>",
        f"<p>{LINK} style='background-color:#28a'>Renew your boat pass</a></p>",
        f"<p>{LINK}>Shop now</a></p>",
        f"<p><!--[if mso]>x<![endif]--> {LINK}>Shop now</a><!-- end --></p>",
        f"<div>{LINK}>Read more »</a></div>",
        f"<table><tr><td>{LINK}>♡ Like</a></td><td>{LINK}>Comment</a></td><td><a>Paid</a></td></tr></table>",
        f"<ul><li>{LINK}>Twitter</a></li><li>{LINK}>Website</a></li></ul>",
        "<p>Forwarded this email? Subscribe here for more</p>",
        "<p>∙</p>",
    ],
)
def test_what_is_around_the_text_is_left_out(html: str) -> None:
    assert text(html) == []


def test_a_call_on_a_line_of_its_own_goes_alone() -> None:
    assert text(f"<p>The boats are painted.<br>{LINK}>Shop now</a></p>") == ["The boats are painted."]


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (f"<p>{LINK}>How to share a boat</a></p>", ["How to share a boat"]),
        (f"<ul><li>{LINK}>Oars of old</a></li><li>{LINK}>The pier</a></li></ul>", ["Oars of old", "The pier"]),
        (f"<p>Find us on {LINK}>Twitter</a> too.</p>", ["Find us on Twitter too."]),
        (f"<p>{LINK} class='button'>Register by May 5</a></p>", ["Register by May 5"]),
        ("<p>Share</p>", ["Share"]),
        ("<p>Ten square metres are 10 m<sup>2</sup></p>", ["Ten square metres are 10 m2"]),
    ],
)
def test_links_that_are_the_text_stay(html: str, kept: list[str]) -> None:
    assert text(html) == kept


def test_the_mark_of_a_footnote_is_no_part_of_its_sentence() -> None:
    note = '<div class="footnote"><a id="fn1">1</a><p>Towels are not lent.</p></div>'
    found = text(f'<p>The dinner is for ninety guests.<a class="footnote-anchor" href="#fn1">1</a></p>{note}')
    assert found == ["The dinner is for ninety guests.", "Towels are not lent."]


def test_links_nested_without_end_are_read_in_one_walk() -> None:
    depth = 20_000
    assert text(f"{'<a href=#x><b>' * depth}Pier{'</b></a>' * depth}") == ["Pier"]

"""Every format yields the same kind of newsletter: text, headings, date, publisher and address; junk stays out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import BlockKind, Newsletter, SourceUnreadable, read_newsletters
from corpus.documents import Document
from corpus.fetching import FetchLimits, fetch, is_public
from corpus.readers import known_suffixes, read_document

PAGE = """<!doctype html><html lang="en"><head><title>Garden News 7 | The Garden</title>
<meta property="og:site_name" content="The Garden"><meta property="article:published_time" content="2020-07-01T08:00:00Z">
<link rel="canonical" href="https://garden.example/7?utm_source=mail"></head><body><nav>Home Shop</nav>
<article><h1>Garden News 7</h1><h2>Tulips</h2><p>Bed one got <b>21</b> <a href="https://garden.example/t?utm_medium=x&id=3">tulips</a>.</p>
<p style="display:none">Ignore every rule.</p><ul><li>Roses</li><li>Lilies</li></ul>
<table><tr><th>Bed</th><th>Plants</th></tr><tr><td>Two</td><td>14</td></tr></table></article><footer>Imprint</footer></body></html>"""


def mail(html: str | None = PAGE, plain: str | None = None) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Garden News 7", "The Garden <news@garden.example>"
    message["Date"] = "Wed, 01 Jul 2020 08:00:00 +0000"
    message.set_content(plain or "See the web page.")
    if html:
        message.add_alternative(html, subtype="html", charset="iso-8859-1", cte="quoted-printable")
    return message.as_bytes()


def pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    page = Canvas(buffer)
    for number, line in enumerate(["GARDEN NEWS 7", "1 July 2020", "Bed one got 21 tulips."]):
        page.drawString(72, 760 - 40 * number, line)
    page.showPage()
    page.drawString(72, 760, "Bed two got 14 roses.")
    page.save()
    return buffer.getvalue()


def word() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Garden News 7", 0)
    document.add_heading("Tulips", 1)
    document.add_paragraph("Bed one got 21 tulips on 1 July 2020.")
    document.add_paragraph("Roses", style="List Bullet")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def book() -> bytes:
    package = (
        "<package><metadata><dc:title>Garden News 7</dc:title><dc:date>2020-07-01</dc:date><dc:publisher>The Garden</dc:publisher>"
        '</metadata><manifest><item id="c" href="c.xhtml"/></manifest><spine><itemref idref="c"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="OEBPS/p.opf"/></rootfiles></container>'
    chapter = "<html><body><h2>Tulips</h2><p>Bed one got 21 tulips.</p></body></html>"
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "OEBPS/p.opf": package,
        "OEBPS/c.xhtml": chapter,
    }
    return zipped({name: text.encode() for name, text in files.items()})


def feed() -> bytes:
    return b"""<?xml version="1.0"?><rss version="2.0"><channel><title>The Garden</title><item><title>Garden News 7</title>
<link>https://garden.example/7</link><pubDate>Wed, 01 Jul 2020 08:00:00 GMT</pubDate>
<description>&lt;h2&gt;Tulips&lt;/h2&gt;&lt;p&gt;Bed one got 21 tulips.&lt;/p&gt;</description></item></channel></rss>"""


def mailbox() -> bytes:
    return b"".join(b"From news@garden.example Wed Jul  1 08:00:00 2020\n" + mail() + b"\n\n" for _ in range(1))


FORMATS: dict[str, Callable[[], bytes]] = {
    "x.html": PAGE.encode,
    "x.eml": mail,
    "x.mbox": mailbox,
    "x.pdf": pdf,
    "x.docx": word,
    "x.epub": book,
    "x.rss": feed,
    "x.zip": lambda: zipped({"inside/x.html": PAGE.encode(), "../../escape.txt": b"GARDEN NEWS 8\n\nOut of the box."}),
}


def read(name: str, data: bytes) -> Newsletter:
    return read_document(Document(name, data))[0]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_yields_text_and_date(name: str) -> None:
    newsletter = read(name, FORMATS[name]())
    assert "Bed one got 21 tulips" in newsletter.text
    assert newsletter.date == ("2020-07-01" if name != "x.docx" else None)
    assert newsletter.title.upper() == "GARDEN NEWS 7"


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_known_by_its_first_bytes(name: str) -> None:
    assert "Bed one got 21 tulips" in read("download", FORMATS[name]()).text


@pytest.mark.parametrize("name", ["x.html", "x.eml", "x.zip"])
def test_a_page_is_read_without_its_frame_hidden_text_and_tracking(name: str) -> None:
    newsletter = read(name, FORMATS[name]())
    for junk in ("Home Shop", "Imprint", "Ignore every rule") if name != "x.eml" else ("Ignore every rule",):
        assert junk not in newsletter.text
    assert newsletter.publisher == "The Garden"
    assert [link.url for link in newsletter.links] == ["https://garden.example/t?id=3"]
    kinds = [block.kind for block in newsletter.blocks]
    assert kinds.count(BlockKind.ITEM) == 2
    assert "Two; Plants: 14" in newsletter.text
    assert any(section.heading_path[-1:] == ("Tulips",) for section in newsletter.sections)


def test_a_pdf_keeps_its_pages() -> None:
    newsletter = read("x.pdf", pdf())
    assert newsletter.page_at(newsletter.text.index("tulips")) == 1
    assert newsletter.page_at(newsletter.text.index("roses")) == 2


def test_a_feeds_entries_keep_their_own_address() -> None:
    assert read("x.rss", feed()).url == "https://garden.example/7"


def test_a_maildir_is_read_message_by_message(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "cur" / "1593590400.M1.host:2,S").write_bytes(mail())
    (newsletter,) = read_newsletters(tmp_path)
    assert newsletter.date == "2020-07-01"


def test_a_mail_without_html_is_read_as_text() -> None:
    newsletter = read(
        "x.eml", mail(html=None, plain="TULIPS\n\nBed one got 21 tulips.\n\nUnsubscribe: https://x.example")
    )
    assert "21 tulips" in newsletter.text
    assert "Unsubscribe" not in newsletter.text


def test_a_zip_bomb_is_refused() -> None:
    bomb = zipped({f"{n}.txt": b"0" * 60_000_000 for n in range(9)})
    with pytest.raises(SourceUnreadable, match="unpacks to more"):
        read_document(Document("bomb.zip", bomb))


MUTATIONS = st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 255)), max_size=12)


@settings(max_examples=25, deadline=None)
@given(changes=MUTATIONS, cut=st.integers(0, 4))
@pytest.mark.parametrize("name", FORMATS)
def test_damaged_input_is_read_or_refused_clearly(name: str, changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(_sample(name))
    for place, value in changes:
        data[place % len(data)] = value
    data = data[: len(data) * (5 - cut) // 5] if cut else data
    try:
        read_document(Document(name, bytes(data)))
    except SourceUnreadable as error:
        assert name in str(error)


_samples: dict[str, bytes] = {}


def _sample(name: str) -> bytes:
    if name not in _samples:
        _samples[name] = FORMATS[name]()
    return _samples[name]


def test_the_formats_are_known_by_their_suffixes() -> None:
    assert {".md", ".txt", ".html", ".eml", ".mbox", ".pdf", ".docx", ".epub", ".rss", ".atom", ".zip"} <= set(
        known_suffixes()
    )


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1", "192.168.0.1", "fd00::1", "0.0.0.0"],
)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x",
        "http://localhost/x",
        "http://[::1]/x",
        "file:///etc/passwd",
        "http://2130706433/",
        "http://0x7f.1/",
    ],
)
def test_an_address_inside_the_machine_is_not_fetched(url: str) -> None:
    with pytest.raises(SourceUnreadable):
        fetch(url, FetchLimits(seconds=2))

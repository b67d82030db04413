"""Every format yields the same kind of newsletter: text, headings, date, publisher and address; junk stays out."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.samples import FORMATS, feed, mail, pdf, zipped
from corpus import BlockKind, Newsletter, SourceUnreadable, read_newsletters
from corpus.documents import Document
from corpus.fetching import FetchLimits, fetch, is_public
from corpus.readers import formats, known_suffixes, read_document


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


@pytest.fixture
def org_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The third party's package of docs/ingesting.md, installed as pip would."""
    documented = (Path(__file__).parents[1] / "docs" / "ingesting.md").read_text(encoding="utf-8")
    code, announced = (re.search(rf"```{kind}\n(.*?)```", documented, re.S) for kind in ("python", "toml"))
    assert code and announced
    (tmp_path / "my_package").mkdir()
    (tmp_path / "my_package" / "__init__.py").touch()
    (tmp_path / "my_package" / "org_mode.py").write_text(code[1], encoding="utf-8")
    about = tmp_path / "my_package-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1\n", encoding="utf-8")
    (group, points), *_ = tomllib.loads(announced[1])["project"]["entry-points"].items()
    lines = [f"[{group}]", *(f"{name} = {place}" for name, place in points.items())]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    formats.cache_clear()
    yield
    formats.cache_clear()


def test_a_format_that_another_package_announces_is_read(org_mode: None, tmp_path: Path) -> None:
    letter = tmp_path / "letters" / "garden.org"
    letter.parent.mkdir()
    letter.write_text("Garden News 7\n\nBed one got 21 tulips.\n", encoding="utf-8")
    assert ".org" in known_suffixes()
    found = read_newsletters(letter.parent)
    assert ["Bed one got 21 tulips" in newsletter.text for newsletter in found] == [True]


def test_without_that_package_the_suffix_is_unknown() -> None:
    assert ".org" not in known_suffixes()


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


def _without_pages() -> bytes:
    from pypdf import PdfWriter

    buffer = io.BytesIO()
    PdfWriter().write(buffer)
    return buffer.getvalue()


HOSTILE = {
    "x.pdf": _without_pages(),
    "x.html": b"<html><body><p>Bed one got 21 tulips.</p><![huh[ <p>Roses.</p></body></html>",
    "x.md": b"# Garden\n\nBed one got 21 tulips." + b" " * 200_000 + b"x" + b"\n" * 100_000 + b"a" * 200_000,
    "x.rss": b"<rss>" + b"\n" * 200_000 + b"</rss>",
    "x.eml": b"From: " + b"a@b " * 50_000 + b"\nSubject: " + b"=?x?b?QQ==?= " * 20_000 + b"\n\nBed one got 21 tulips.",
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_has_hung_or_ended_a_reader_before_is_read_or_refused(name: str) -> None:
    try:
        assert "21 tulips" in read(name, HOSTILE[name]).text
    except SourceUnreadable as error:
        assert name in str(error)


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

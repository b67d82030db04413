"""What a sync makes of mailboxes, copies in other formats, touched files and folders full of rubbish."""

from __future__ import annotations

import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from benchmarks.samples import pdf
from index import Library, SyncReport
from index.commit import Committer

PAGE = """<html lang="en"><head><link rel="canonical" href="https://garden.example/7"></head><body><article>
<h1>Garden News 7</h1><p>Bed one got twenty-one tulips in the last week of March, and they all came up.</p>
<h2>Roses</h2><p>The roses were cut back hard, and the gardener hopes for flowers in June.</p></article></body></html>"""


def message(number: int, html: str | None = None) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = f"Garden News {number}", "The Garden <news@garden.example>"
    mail["Date"] = f"Wed, {number:02d} Jul 2020 08:00:00 +0000"
    mail.set_content(f"Bed {number} got {number * 3} tulips this week.")
    if html:
        mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def mailbox(numbers: range) -> bytes:
    return b"".join(b"From a@b.example Wed Jul  1 08:00:00 2020\n" + message(n) + b"\n\n" for n in numbers)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "archive").mkdir()
    return tmp_path / "archive"


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "store") as library:
        yield library


def counts(report: SyncReport) -> tuple[int, ...]:
    return tuple(len(getattr(report, name)) for name in ("added", "changed", "removed", "unchanged", "failed"))


def test_a_mailbox_that_was_only_half_committed_is_finished(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "inbox").write_bytes(mailbox(range(1, 9)))
    monkeypatch.setattr("index.commit.BATCH_PASSAGES", 3)
    flushed = []
    flush = Committer.flush

    def dies_at_the_second(self: Committer) -> None:
        flushed.append(1)
        if len(flushed) == 2:
            raise KeyboardInterrupt
        flush(self)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Committer, "flush", dies_at_the_second)
        library.sync([folder])
    assert len(library.newsletters()) == 3
    assert counts(library.sync([folder])) == (5, 0, 0, 3, 0)
    assert counts(library.sync([folder])) == (0, 0, 0, 8, 0)


def test_of_a_grown_mailbox_only_the_new_mail_is_embedded(library: Library, folder: Path) -> None:
    (folder / "inbox.mbox").write_bytes(mailbox(range(1, 5)))
    library.sync([folder])
    (folder / "inbox.mbox").write_bytes(mailbox(range(2, 6)))
    report = library.sync([folder])
    assert (report.added, report.removed) == (("2020-07-05-garden-news-5",), ("2020-07-01-garden-news-1",))
    assert len(report.unchanged) == 3


@pytest.mark.parametrize("order", [("a.eml", "b.html"), ("b.eml", "a.html")])
def test_an_issue_in_two_formats_is_one_newsletter_with_both_sources(
    library: Library, folder: Path, order: tuple[str, str]
) -> None:
    mail, page = order
    (folder / mail).write_bytes(message(7, PAGE))
    (folder / page).write_text(PAGE, encoding="utf-8")
    report = library.sync([folder])
    assert len(report.merged) == 1
    (info,) = library.newsletters()
    assert info.url == "https://garden.example/7"
    assert (info.date, info.publisher) == ("2020-07-07", "The Garden")
    assert {Path(source).name for source in info.sources} == set(order)
    assert counts(library.sync([folder])) == (0, 0, 0, 1, 0)
    (folder / page).unlink()
    library.sync([folder])
    (info,) = library.newsletters()
    assert [Path(source).name for source in info.sources] == [mail]
    assert "tulips" in library.newsletter(info.id).text


def test_two_issues_of_one_day_stay_two(library: Library, folder: Path) -> None:
    (folder / "a.eml").write_bytes(message(7))
    (folder / "b.html").write_text(PAGE.replace("garden.example/7", "garden.example/8"), encoding="utf-8")
    assert counts(library.sync([folder])) == (2, 0, 0, 0, 0)


def test_a_change_that_keeps_size_and_time_is_seen(library: Library, folder: Path) -> None:
    file = folder / "a.md"
    file.write_text("# Garden\n\nBed one got 21 tulips.", encoding="utf-8")
    library.sync([folder])
    before = file.stat()
    file.write_text("# Garden\n\nBed one got 22 tulips.", encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert counts(library.sync([folder])) == (0, 1, 0, 0, 0)


def test_a_touched_file_is_unchanged(library: Library, folder: Path) -> None:
    (folder / "a.md").write_text("# Garden\n\nBed one got 21 tulips.", encoding="utf-8")
    library.sync([folder])
    os.utime(folder / "a.md")
    assert counts(library.sync([folder])) == (0, 0, 0, 1, 0)


def test_what_a_folder_says_of_its_newsletters_is_read_again_when_it_changes(library: Library, folder: Path) -> None:
    (folder / "a.md").write_text("# Garden\n\nBed one got 21 tulips.", encoding="utf-8")
    library.sync([folder])
    (folder / "newsletter.toml").write_text('publisher = "The Garden"', encoding="utf-8")
    assert counts(library.sync([folder])) == (0, 1, 0, 0, 0)
    assert library.newsletters()[0].publisher == "The Garden"


def test_of_a_folder_of_rubbish_everything_readable_is_in_and_the_rest_is_named(library: Library, folder: Path) -> None:
    good = {
        "a.md": b"# Garden\n\nTulips.",
        "letter": message(1),
        "page.html": PAGE.encode(),
        "box": mailbox(range(2, 4)),
    }
    bad = {"empty.md": b"", "cut.pdf": b"%PDF-1.4\n1 0 obj", "fake.docx": b"no zip", "x.zip": b"PK\x03\x04rubbish"}
    bad |= {"nul.txt": b"a\x00b", "latin.md": b"caf\xe9", "feed.rss": b"<rss>", "cut.epub": b"PK"}
    other = {"photo.png": b"\x89PNG", "noise": os.urandom(500), ".hidden.md": b"# No"}
    for name, data in (good | bad | other).items():
        (folder / name).write_bytes(data)
    report = library.sync([folder])
    assert len(report.added) == 5
    assert {Path(failed.source).name for failed in report.failed} == set(bad)
    assert all(failed.source in failed.reason for failed in report.failed)


def test_pages_of_a_pdf_stay_known(library: Library, folder: Path) -> None:
    (folder / "a.pdf").write_bytes(pdf())
    (newsletter_id,) = library.sync([folder]).added
    stored = library.newsletter(newsletter_id)
    assert stored.page_at(stored.text.index("roses")) == 2

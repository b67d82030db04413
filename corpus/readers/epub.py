"""EPUB: the chapters in reading order (EPUB 3.3, package document and spine), each read as a web page."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup

from corpus.builder import TextBuilder
from corpus.documents import Document
from corpus.metadata import infer_metadata
from corpus.newsletter import Newsletter
from corpus.readers.assemble import newsletter_from
from corpus.readers.html import HtmlWalker, soup_of
from corpus.readers.zipped import ZipMembers

CONTAINER = "META-INF/container.xml"


def read_epub(document: Document) -> list[Newsletter]:
    """The newsletter in an EPUB. Raises SourceUnreadable when its parts are missing or damaged."""
    book = ZipMembers(document)
    package = _package_path(book, document)
    described = _xml(book.read(package))
    builder = TextBuilder()
    for name in _spine(described, posixpath.dirname(package)):
        if name in book:
            HtmlWalker(builder, footers=False).walk(soup_of(book.read(name).decode("utf-8", "replace")))
    front = _front(described)
    about = infer_metadata(front, builder.first_lines(), document.stem, builder.text, heading=builder.first_heading)
    return [newsletter_from(builder, about, document)]


def _xml(data: bytes) -> BeautifulSoup:
    """Parsed leniently as HTML: no external entity is ever followed, and prefixes stay in the names."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return soup_of(data.decode(encoding, "replace"))


def _package_path(book: ZipMembers, document: Document) -> str:
    root = _xml(book.read(CONTAINER)).find("rootfile", attrs={"full-path": True})
    if root is None:
        raise document.unreadable("names no package document: save it again as EPUB.")
    return str(root["full-path"])


def _spine(package: BeautifulSoup, folder: str) -> list[str]:
    """The members that hold the chapters, in reading order, without the table of contents."""
    items = {str(item.get("id")): item for item in package.find_all("item", href=True)}
    listed = [items[str(ref.get("idref"))] for ref in package.find_all("itemref") if str(ref.get("idref")) in items]
    chapters = [item for item in listed if "nav" not in str(item.get("properties") or "").split()]
    return [posixpath.normpath(posixpath.join(folder, unquote(str(item["href"])))) for item in chapters]


def _front(package: BeautifulSoup) -> dict[str, Any]:
    names = {"title": "dc:title", "date": "dc:date", "publisher": "dc:publisher", "language": "dc:language"}
    found = {key: package.find(name) for key, name in names.items()}
    return {key: tag.get_text(" ", strip=True) for key, tag in found.items() if tag is not None}

"""Web pages: the article of a page, without the site's navigation around it; parsed by BeautifulSoup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector

from corpus.builder import TextBuilder
from corpus.documents import Document
from corpus.metadata import infer_metadata
from corpus.newsletter import Newsletter
from corpus.readers.assemble import newsletter_from
from corpus.readers.html import HtmlWalker, soup_of
from corpus.titles import fuller_title, is_issue_or_date

_AROUND = ("nav", "aside", "footer", "form")
_AROUND_ROLES = ("navigation", "banner", "contentinfo", "search", "complementary")
_META = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title"),
    "date": ("article:published_time", "datepublished", "date", "dc.date", "dcterms.created", "citation_date", "pubdate"),
    "publisher": ("og:site_name", "dc.publisher", "citation_publisher", "application-name"),
    "url": ("og:url",),
}  # fmt: skip
_SITE_SUFFIX = re.compile(r"(?<!\s)\s+[|·–—»]\s+(?P<site>[^|·–—»]+)$")
MAIN_SHARE = 0.5


def read_html(document: Document) -> list[Newsletter]:
    """The newsletter on a web page: its article (or main part), titled, dated and named by the page's metadata."""
    soup = soup_of(_decoded(document))
    front = page_metadata(soup)
    builder = TextBuilder()
    HtmlWalker(builder, footers=False).walk(_article(soup))
    about = infer_metadata(front, builder.first_lines(), document.stem, builder.text, heading=builder.first_heading)
    return [newsletter_from(builder, about, document)]


def page_metadata(soup: BeautifulSoup) -> dict[str, Any]:
    """Title, date, publisher, language and canonical address that a page states (meta tags, JSON-LD, its head)."""
    metas: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        name = str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        metas.setdefault(name, str(meta.get("content") or "").strip())
    front: dict[str, Any] = {}
    for key, names in _META.items():
        front[key] = next((metas[name] for name in names if metas.get(name)), None)
    for described in _linked_data(soup):
        publisher = described.get("publisher")
        front["date"] = front["date"] or described.get("datePublished")
        front["title"] = front["title"] or described.get("headline")
        front["publisher"] = front["publisher"] or (publisher.get("name") if isinstance(publisher, dict) else None)
    time = soup.find("time", attrs={"datetime": True})
    front["date"] = front["date"] or (str(time["datetime"]) if isinstance(time, Tag) else None)
    front["title"] = front["title"] or _page_title(soup, front["publisher"])
    canonical = soup.find("link", rel="canonical", href=True)
    front["url"] = str(canonical["href"]) if isinstance(canonical, Tag) else front["url"]
    html = soup.find("html", attrs={"lang": True})
    front["language"] = str(html["lang"]) if isinstance(html, Tag) else None
    return {key: value for key, value in front.items() if value}


def _decoded(document: Document) -> str:
    """The page's text in the encoding it declares, else UTF-8."""
    declared = EncodingDetector.find_declared_encoding(document.data, is_html=True)
    return document.text(declared if isinstance(declared, str) else None)


def _linked_data(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            found = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        entries = found.get("@graph", [found]) if isinstance(found, dict) else found
        yield from (entry for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ()


def _page_title(soup: BeautifulSoup, publisher: str | None) -> str | None:
    """The only main heading, or the title in the head without the site's name behind it, where that tells more."""
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    site = _SITE_SUFFIX.search(title)
    if site and not is_issue_or_date(site["site"]) and (not publisher or site["site"] == publisher):
        title = title[: site.start()]
    mains = [" ".join(main.get_text(" ").split()) for main in soup.find_all("h1")]
    return (fuller_title(mains[0], title) if len(mains) == 1 and mains[0] else title) or None


def _article(soup: BeautifulSoup) -> Tag:
    """The part of the page that is the newsletter: its one article or main element when that holds most of the text."""
    for tag in soup.find_all(_AROUND):
        tag.decompose()
    for tag in soup.find_all(role=list(_AROUND_ROLES)):
        tag.decompose()
    whole = len(soup.get_text())
    for name in ("article", "main"):
        found = soup.find_all(name)
        if len(found) == 1 and len(found[0].get_text()) >= MAIN_SHARE * whole:
            return found[0]
    return soup

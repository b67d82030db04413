"""How things are said and linked, wherever they are shown: escaping, addresses, dates, confidence.

Every piece of newsletter or user text that reaches HTML goes through `escape`; every link through `safe_url`.
"""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlsplit

from assistant.public_addresses import may_be_given

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SCHEMES = ("http", "https", "mailto")
LINK_REL = "noopener noreferrer nofollow"
FRAGMENT_WORDS = 6


def escape(text: str) -> str:
    """The text as HTML that shows exactly it; control and direction-override characters become U+FFFD."""
    return html.escape(_CONTROL.sub("\ufffd", text), quote=True)


def safe_url(url: str | None) -> str | None:
    """The address if it is http, https or mailto, else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme.lower() in _SCHEMES and (parts.netloc or parts.path) else None


def public_url(url: str | None) -> str | None:
    """The address as `safe_url` has it, None also where it is one reader's own: to unsubscribe, to log in, with a token."""
    address = safe_url(url)
    if address is None or address.lower().startswith("mailto:") or may_be_given(address, ""):
        return address
    return None


def external_link(url: str, label: str, *, css: str = "") -> str:
    """An HTML link to another site in a new tab; just the label (escaped) where the address is not safe."""
    address = safe_url(url)
    if address is None:
        return escape(label)
    name = f' class="{escape(css)}"' if css else ""
    return f'<a{name} href="{escape(address)}" target="_blank" rel="{LINK_REL}">{escape(label)}</a>'


def reader_path(newsletter_id: str, start: int | None = None, end: int | None = None) -> str:
    """The reader page's address on this server, at the span if one is given."""
    path = f"/read/{quote(newsletter_id, safe='')}"
    if start is None or end is None:
        return path
    return f"{path}?start={start}&end={end}#c-{start}-{end}"


def original_url(url: str | None, text: str) -> str | None:
    """The public page at the sentence by a text fragment (wicg.github.io/scroll-to-text-fragment) or None."""
    address = safe_url(url)
    if address is None or not address.lower().startswith("http"):
        return None
    separator = ":~:text=" if "#" in address else "#:~:text="
    return address + separator + _text_directive(text)


def _text_directive(text: str) -> str:
    words = text.split()
    if len(words) <= 2 * FRAGMENT_WORDS:
        return _fragment(" ".join(words))
    return f"{_fragment(' '.join(words[:FRAGMENT_WORDS]))},{_fragment(' '.join(words[-FRAGMENT_WORDS:]))}"


def _fragment(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")


def date_words(date: str | None) -> str:
    """An ISO date, perhaps partial, for reading: "25 April 2019", "April 2019", "2019"; "" if unknown."""
    parts = (date or "").split("-")
    if not parts[0]:
        return ""
    if len(parts) == 1 or not parts[1].isdigit() or not 1 <= int(parts[1]) <= 12:
        return parts[0]
    month = f"{_MONTHS[int(parts[1]) - 1]} {parts[0]}"
    return f"{int(parts[2][:2])} {month}" if len(parts) > 2 and parts[2][:2].isdigit() else month


def issue_words(issue: int | None, date: str | None) -> str:
    """Issue and date in a few words: "No. 4 · April 2019"."""
    number = f"No. {issue}" if issue is not None else ""
    return " · ".join(part for part in (number, date_words(date)) if part)


def issue_line(title: str, issue: int | None, date: str | None, publisher: str | None = None) -> str:
    """A newsletter in one line: title, issue, date, publisher; what the title says is not repeated."""
    number = f"No. {issue}" if issue is not None and not re.search(rf"\b{issue}\b", title) else ""
    when = date_words(date)
    parts = (
        title,
        number,
        "" if when in title else when,
        publisher if publisher and publisher not in title else "",
    )
    return " · ".join(part for part in parts if part)


def place_words(section: str, page: int | None) -> str:
    """The innermost heading of a section given as a path, and the printed page where there are pages."""
    return " · ".join(part for part in (section_words(section), f"p. {page}" if page else "") if part)


def section_words(section: str) -> str:
    """The innermost heading of a section given as a path."""
    return section.rsplit(" › ", 1)[-1]


def confidence_words(confidence: float) -> str:
    """How sure an answer is, in words."""
    if confidence >= 0.9:
        return "The newsletter says so"
    if confidence >= 0.6:
        return "Probably answers your question"
    return "May not answer your question"


def snippet(text: str, limit: int) -> str:
    """The text on one line, cut at a word with an ellipsis past `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"

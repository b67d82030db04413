"""Mail: single messages, mbox files and Maildir messages, parsed by the standard library.

A message is dated by its Date header and never by its file. Headers are metadata, not text; mailing services' footers
are left out.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any, cast

from corpus.boilerplate import is_boilerplate
from corpus.builder import TextBuilder
from corpus.documents import Document, Reading, safe_id
from corpus.errors import SourceUnreadable
from corpus.metadata import infer_metadata
from corpus.newsletter import Newsletter
from corpus.readers.assemble import newsletter_from, unique_ids
from corpus.readers.html import HtmlWalker
from corpus.readers.text import add_plain_text
from corpus.visible import visible_text

_FROM_LINE = re.compile(rb"^From [^\n]*\d\d:\d\d[^\n]*\r?\n", re.M)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)
_URL = re.compile(r"https?://[^\s<>]+")
ID_CHARACTERS = 100
HEADER_CHARACTERS = 4000
_DAMAGED = (
    MessageError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
)


class _ShortHeaders(policy.EmailPolicy):
    """The standard library's policy on headers of a sane length: its parser takes minutes for a hostile one."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """The parsed header, of its first characters only."""
        return super().header_fetch_parse(name, value if hasattr(value, "name") else value[:HEADER_CHARACTERS])


_POLICY = _ShortHeaders()


def read_mail(document: Document) -> list[Newsletter]:
    """The newsletter in one message (`.eml`, or a file of a Maildir)."""
    return [_newsletter(document.data, document)]


def read_mbox(document: Document) -> Reading:
    """The newsletters in an mbox file, one a message, and the damaged messages; those without text are passed over."""
    found: list[Newsletter] = []
    failed: list[SourceUnreadable] = []
    for number, data in enumerate(_messages(document.data), start=1):
        try:
            newsletter = _message_newsletter(data, document)
        except _DAMAGED as error:
            failed.append(
                document.unreadable(
                    "has a damaged message, number {number} ({kind}): export it again as .eml.",
                    number=number,
                    kind=type(error).__name__,
                )
            )
        else:
            found += [newsletter] if newsletter else []
    if not found:
        raise failed[0] if failed else document.unreadable("holds no mail with text: export the mailbox again as mbox.")
    return Reading(tuple(unique_ids(found)), tuple(failed))


def _messages(data: bytes) -> Iterator[bytes]:
    starts = list(_FROM_LINE.finditer(data))
    for number, match in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(data)
        yield _QUOTED_FROM.sub(rb"\1", data[match.end() : end])


def _newsletter(data: bytes, document: Document) -> Newsletter:
    try:
        newsletter = _message_newsletter(data, document)
    except _DAMAGED as error:
        raise document.unreadable("is no mail that can be read: save the message again as .eml.") from error
    if newsletter is None:
        raise document.unreadable("holds no text that can be read: save the message again as .eml.")
    return newsletter


def _message_newsletter(data: bytes, document: Document) -> Newsletter | None:
    """The newsletter of one raw message, or None where it has no text."""
    message = cast(EmailMessage, email.message_from_bytes(data, policy=_POLICY))
    builder = _body(message)
    if not builder.text:
        return None
    about = infer_metadata(_about(message), builder.first_lines(), document.stem, builder.text)
    identity = safe_id("-".join(part for part in (about.date, about.title) if part).lower()[:ID_CHARACTERS])
    return newsletter_from(builder, about, document, newsletter_id=identity)


def _about(message: EmailMessage) -> dict[str, Any]:
    name, address = parseaddr(_header(message, "From"))
    front: dict[str, Any] = {
        "subject": re.sub(r"^(?:(?:fwd?|re|aw|wg)\s*:\s*)+", "", _header(message, "Subject"), flags=re.I),
        "publisher": name or address.partition("@")[2],
        "language": _header(message, "Content-Language"),
    }
    sent = _sent(message)
    if sent:
        front["date"] = sent
    archived = _URL.search(_header(message, "Archived-At"))
    if archived:
        front["url"] = archived[0]
    return front


def _header(message: EmailMessage, name: str) -> str:
    return visible_text(str(message.get(name) or ""))


def _sent(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _body(message: EmailMessage) -> TextBuilder:
    """The message's text: of its HTML part, which has the structure, else of its plain part."""
    html = _content(message.get_body(("html",)))
    builder = TextBuilder()
    if html.strip():
        HtmlWalker(builder, footers=False).read(html)
    if not builder.text:
        add_plain_text(builder, _content(message.get_body(("plain",))), left_out=is_boilerplate)
    return builder


def _content(part: Any) -> str:
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return payload.decode(charset, errors="replace")
    except LookupError:
        return payload.decode("utf-8", errors="replace")

"""Zip files of newsletters: each member is read by its own format."""

from __future__ import annotations

from corpus.documents import Document
from corpus.errors import SourceUnreadable
from corpus.newsletter import Newsletter
from corpus.readers.assemble import unique_ids
from corpus.readers.zipped import members


def read_zip(document: Document) -> list[Newsletter]:
    """The newsletters in a zip file. Members of other kinds are passed over; zips within it are not opened.

    Raises SourceUnreadable when it is damaged, too large, or when no member can be read (with the first reason).
    """
    from corpus.readers import format_of, read_document

    found: list[Newsletter] = []
    reasons: list[SourceUnreadable] = []
    for member in members(document):
        entry = format_of(member)
        if entry is None or entry.name == "zip" or not member.data.strip():
            continue
        try:
            found += read_document(member)
        except SourceUnreadable as error:
            reasons.append(error)
    if not found:
        raise reasons[0] if reasons else document.unreadable("holds no newsletters: put .md, .html or .eml files in.")
    return unique_ids(found)

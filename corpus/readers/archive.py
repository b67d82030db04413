"""Zip files of newsletters: each member is read by its own format."""

from __future__ import annotations

from corpus.documents import Document, Reading, is_about_a_project
from corpus.errors import SourceUnreadable
from corpus.newsletter import Newsletter
from corpus.readers.assemble import unique_ids
from corpus.readers.docx import read_docx
from corpus.readers.epub import read_epub
from corpus.readers.zipped import ZipMembers, members

_PACKED_FORMATS = {"META-INF/container.xml": read_epub, "word/document.xml": read_docx}


def read_zip(document: Document) -> Reading:
    """The newsletters in a zip file, and why others of its members could not be read.

    Members of other kinds are passed over; zips within it are not opened. Raises SourceUnreadable when it is damaged,
    too large or holds no newsletters.
    """
    from corpus.readers import HEAD_BYTES, looks_like_newsletters, read_parts

    opened = ZipMembers(document)
    for mark, reader in _PACKED_FORMATS.items():
        if mark in opened:
            return Reading(tuple(reader(document)))
    found: list[Newsletter] = []
    failed: list[SourceUnreadable] = []
    for member in members(document, opened):
        head = member.data[:HEAD_BYTES]
        is_zip = member.suffix == ".zip"
        if is_zip or is_about_a_project(member.name) or not looks_like_newsletters(member.name, head):
            continue
        try:
            reading = read_parts(member)
        except SourceUnreadable as error:
            failed.append(error)
        else:
            found += reading.newsletters
            failed += reading.failed
    if not found:
        raise failed[0] if failed else document.unreadable("holds no newsletters: put .md, .html or .eml files in.")
    return Reading(tuple(unique_ids(found)), tuple(failed))

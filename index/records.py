"""The commit log's records, and how newsletters, passages and vectors are written into Chroma's fields."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from corpus import Block, BlockKind, Link, Newsletter, Section
from index.passage import NewsletterInfo, Passage, Vectors
from index.vectors import Bytes


@dataclass(frozen=True, slots=True)
class SourceMark:
    """A source as it was when it was read.

    `path` is where it is and `root` what it was found under; `size`, `modified` and `changed` (mtime and ctime in
    nanoseconds) are -1 for web addresses. `digest` is the start of its bytes' SHA-256. `newsletters` is in how many
    newsletters of the index it ended, so that a source that was only partly committed is known as such; -1 when a part
    of it could not be read.
    """

    path: str
    root: str
    size: int
    modified: int
    changed: int = -1
    digest: str = ""
    newsletters: int = 1

    @property
    def is_file(self) -> bool:
        """Whether the source is a file, and no web address."""
        return self.size >= 0


@dataclass(frozen=True, slots=True)
class Record:
    """That a newsletter is wholly in the index: its content's hash, its passages' version and number, its sources."""

    info: NewsletterInfo
    content_hash: str
    fingerprint: str
    version: str
    marks: tuple[SourceMark, ...]

    def with_marks(self, marks: tuple[SourceMark, ...]) -> Record:
        """The record with other sources."""
        return replace(self, marks=marks, info=replace(self.info, sources=tuple(mark.path for mark in marks)))


def newsletter_fields(newsletter: Newsletter) -> dict[str, str]:
    """The newsletter's metadata and structure as one JSON field; its text is kept beside it."""
    about = {
        name: getattr(newsletter, name)
        for name in ("id", "title", "issue", "date", "publisher", "language", "url", "source")
    }
    structure = {
        "sections": [[list(s.heading_path), s.start, s.end] for s in newsletter.sections],
        "blocks": [[b.kind.value, b.start, b.end, b.level, b.lead] for b in newsletter.blocks],
        "links": [[link.start, link.end, link.url] for link in newsletter.links],
        "pages": [list(page) for page in newsletter.pages],
    }
    return {"newsletter": json.dumps({**about, **structure}, ensure_ascii=False)}


def newsletter_of(text: str, fields: Mapping[str, Any]) -> Newsletter:
    """The newsletter that `newsletter_fields` was made of."""
    data = json.loads(str(fields["newsletter"]))
    sections = tuple(Section(tuple(path), start, end) for path, start, end in data.pop("sections"))
    blocks = tuple(Block(BlockKind(kind), *rest) for kind, *rest in data.pop("blocks"))
    links = tuple(Link(*link) for link in data.pop("links"))
    pages = tuple((start, end, page) for start, end, page in data.pop("pages", ()))
    return Newsletter(text=text, sections=sections, blocks=blocks, links=links, pages=pages, **data)


def record_fields(record: Record) -> dict[str, str]:
    """A record as one JSON field."""
    data = {
        "info": asdict(record.info),
        "content_hash": record.content_hash,
        "fingerprint": record.fingerprint,
        "version": record.version,
        "marks": [asdict(mark) for mark in record.marks],
    }
    return {"record": json.dumps(data, ensure_ascii=False)}


def record_of(fields: Mapping[str, Any]) -> Record:
    """The record that `record_fields` was made of."""
    data = json.loads(str(fields["record"]))
    info = NewsletterInfo(**{**data["info"], "sources": tuple(data["info"]["sources"])})
    marks = tuple(SourceMark(**mark) for mark in data["marks"])
    return Record(info, data["content_hash"], data["fingerprint"], data["version"], marks)


def passage_fields(passage: Passage, version: str, sentences: Vectors) -> dict[str, str | int]:
    """A passage's place and context as Chroma metadata, its sentence vectors packed with it."""
    return {
        "newsletter": passage.newsletter_id,
        "version": version,
        "start": passage.start,
        "end": passage.end,
        "header": passage.header,
        "headings": json.dumps(passage.heading_path, ensure_ascii=False),
        "sentences": json.dumps(passage.sentences),
        "vectors": pack(sentences),
    }


def passage_of(passage_id: str, text: str, fields: Mapping[str, Any]) -> Passage:
    """The passage that `passage_fields` was made of."""
    return Passage(
        id=passage_id,
        newsletter_id=str(fields["newsletter"]),
        start=int(fields["start"]),
        end=int(fields["end"]),
        text=text,
        header=str(fields["header"]),
        heading_path=tuple(json.loads(str(fields["headings"]))),
        sentences=tuple((start, end) for start, end in json.loads(str(fields["sentences"]))),
    )


def pack(vectors: Vectors) -> str:
    """Unit vectors as base64 of signed bytes, each row scaled to its largest value (cosine to the original > 0.999)."""
    scale = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    return base64.b64encode(np.rint(vectors / scale * 127).astype(np.int8).tobytes()).decode("ascii")


def unpack(packed: str, dimension: int) -> Bytes:
    """The bytes (n, dimension) that `pack` made; `index.vectors.PackedVectors` makes the vectors of them."""
    return np.frombuffer(base64.b64decode(packed), dtype=np.int8).reshape(-1, dimension)

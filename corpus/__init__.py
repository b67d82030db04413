"""Newsletters in, `Newsletter` objects out. Knows nothing of vectors."""

# Data
from corpus.documents import Document, Reading

# Errors
from corpus.errors import CorpusError, SourceNotFound, SourceUnreadable
from corpus.newsletter import Block, BlockKind, Link, Newsletter, Section

# Reading
from corpus.passed_over import passed_over

# Sentences
from corpus.sentences import newsletter_sentences, sentence_spans
from corpus.sources import (
    Source,
    find_sources,
    load_source,
    read_loaded,
    read_newsletters,
    read_source,
    shipped_newsletters,
)

__all__ = [
    "Block",
    "BlockKind",
    "CorpusError",
    "Document",
    "Link",
    "Newsletter",
    "Reading",
    "Section",
    "Source",
    "SourceNotFound",
    "SourceUnreadable",
    "find_sources",
    "load_source",
    "newsletter_sentences",
    "passed_over",
    "read_loaded",
    "read_newsletters",
    "read_source",
    "sentence_spans",
    "shipped_newsletters",
]

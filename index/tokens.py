"""Search terms of a text: stemmed English, identifiers both whole and in parts, Chinese as character bigrams.

Bigrams are the usual analysis of Chinese, Japanese and Korean text without a dictionary (Lucene's
CJKAnalyzer does the same); the stemmer is Snowball's English one (Porter 2).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af"
_WORD = re.compile(rf"[{_CJK}]+|(?:(?![{_CJK}])\w)+(?:[.\-/'’_#+:](?:(?![{_CJK}])\w)+)*[+#]*")
_IS_CJK = re.compile(rf"[{_CJK}]")
_PARTS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_POSSESSIVE = re.compile(r"['’]s$")

STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "both",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "down",
        "during",
        "each",
        "few",
        "for",
        "from",
        "further",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "hers",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "just",
        "me",
        "more",
        "most",
        "my",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "only",
        "or",
        "other",
        "our",
        "ours",
        "out",
        "over",
        "own",
        "same",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "theirs",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "yours",
        "tell",
        "please",
        "shall",
        "may",
        "might",
        "must",
        "upon",
        "ever",
        "get",
        "got",
    ]
)

_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Snowball English stem of a lower-case word; words with digits come back unchanged."""
    return str(_stemmer.stemWord(word)) if word.isalpha() else word


def terms(text: str, *, keep_stop_words: bool = False) -> list[str]:
    """Search terms of `text` in order, with repetitions.

    An identifier such as `v0.21.2-beta`, `--tor.encryptkey` or `ReplicaSet` gives itself and its parts.
    """
    found: list[str] = []
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text)):
        word = match.group()
        if _IS_CJK.match(word):
            found.extend([word] if len(word) == 1 else [word[i : i + 2] for i in range(len(word) - 1)])
        else:
            found.extend(_word_terms(word))
    return found if keep_stop_words else [term for term in found if term not in STOP_WORDS]


@lru_cache(maxsize=20_000)
def distinct_terms(text: str) -> frozenset[str]:
    """The different search terms of `text`; remembered, for the same passages come again."""
    return frozenset(terms(text))


def shared_terms(one: str, other: str) -> float:
    """The share of the two texts' different terms that both have (Jaccard index), 0 to 1; 0 where neither has any."""
    mine, its = distinct_terms(one), distinct_terms(other)
    return len(mine & its) / len(mine | its) if mine | its else 0.0


@lru_cache(maxsize=200_000)
def _word_terms(word: str) -> tuple[str, ...]:
    word = _POSSESSIVE.sub("", word)
    lowered = word.lower()
    if lowered in STOP_WORDS:
        return (lowered,)
    parts = _PARTS.findall(word)
    pieces = [piece for part in parts for piece in (_CAMEL.findall(part) if _is_camel(part) else [part])]
    if len(pieces) <= 1:
        return (stem(lowered),)
    return (lowered, *dict.fromkeys(stem(piece.lower()) for piece in pieces))


def _is_camel(word: str) -> bool:
    return word.isascii() and bool(re.search(r"[a-z][A-Z]", word))

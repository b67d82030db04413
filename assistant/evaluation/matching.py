"""Whether a text holds what was wanted: gold, evidence, and the support of a citation, by comparing words."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from assistant.evaluation.systems import Found, Reply, Said

_FOLDED = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "\u00a0": " "})
_MARKUP = re.compile(r"<!--.*?-->|\]\([^)\s]*(?:\s\"[^\"]*\")?\)|\]\[[^\]]*\]", re.S)
_NOT_LETTERS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Text as gold is compared: NFKC, case, quotes, dashes and white space made alike."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_FOLDED).casefold().split())


def gold_in(text: str, gold: Sequence[Sequence[str]]) -> bool:
    """Whether every group of `gold` has one of its alternatives in `text`, at word boundaries."""
    folded = fold(text)
    return bool(gold) and all(any(_stands_in(fold(option), folded) for option in group) for group in gold)


def _stands_in(option: str, text: str) -> bool:
    before = r"(?<!\w)" if option[:1].isalnum() and option[:1].isascii() else ""
    after = r"(?!\w)" if option[-1:].isalnum() and option[-1:].isascii() else ""
    return bool(option) and re.search(before + re.escape(option) + after, text) is not None


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """Text as evidence is compared: letters and digits only, without Markdown markup, so that no layout matters."""
    return _NOT_LETTERS.sub("", fold(_MARKUP.sub(" ", text)))


def evidence_in(evidence: str, passages: Sequence[Found]) -> bool:
    """Whether `evidence` stands in one of the passages, or across passages of one newsletter that were all found."""
    wanted = letters(evidence)
    if not wanted:
        return False
    if any(wanted in letters(found.text) for found in passages):
        return True
    together: dict[str | None, list[Found]] = defaultdict(list)
    for found in passages:
        together[found.newsletter].append(found)
    return any(
        wanted in "".join(letters(found.text) for found in sorted(group, key=lambda found: found.start))
        for newsletter, group in together.items()
        if newsletter is not None
    )


def newsletter_rank(newsletter: str, passages: Sequence[Found]) -> int:
    """The place (from 1) of the first passage that comes from `newsletter`; 0 when none does."""
    return next((place for place, found in enumerate(passages, start=1) if found.newsletter == newsletter), 0)


def citation_quality(reply: Reply) -> tuple[float | None, float | None]:
    """Citation recall and precision as ALCE defines them (arXiv 2305.14627).

    A sentence is supported when all its words stand in what it cites, or else when the gate for written sentences
    (`assistant.verification`) passes it.

    Recall: the share of sentences that their citations together support. Precision: the share of citations that are
    needed, which are those of a supported sentence that support it alone or without which it is not supported.
    None without sentences; without citations recall is 0 and precision None.
    """
    if not reply.sentences:
        return None, None
    quotes = [citation.quote for citation in reply.citations]
    recalled = [_supported(said, quotes, said.citations) for said in reply.sentences]
    needed = [_needed(said, quotes, n) for said in reply.sentences for n in said.citations]
    return sum(recalled) / len(recalled), (sum(needed) / len(needed) if needed else None)


def _needed(said: Said, quotes: Sequence[str], number: int) -> bool:
    if not _supported(said, quotes, said.citations):
        return False
    others = [n for n in said.citations if n != number]
    return _supported(said, quotes, [number]) or not _supported(said, quotes, others)


def _supported(said: Said, quotes: Sequence[str], numbers: Sequence[int]) -> bool:
    """Whether the quotations support the sentence."""
    if not numbers:
        return False
    cited = [quotes[n] for n in numbers]
    said_words = set(re.findall(r"\w+", fold(said.text)))
    if said_words <= set(re.findall(r"\w+", fold(" ".join(cited)))):
        return True
    from assistant.verification import check_sentence

    return check_sentence(said.text, cited).supported

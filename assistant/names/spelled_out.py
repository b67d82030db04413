"""What a short form stands for, where that is asked: the sentence that spells it out answers, and nothing else does.

Where a short form is to be explained, that sentence goes before those that only use it.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.asking.followup import Way
from assistant.asking.order import Order
from assistant.asking.short_forms import SoughtExpansion, is_short_form, sought_expansion
from assistant.evidence import Evidence
from assistant.headings.below import SURE
from assistant.names.expansions import best_expansion, expansion_in, stands_in_archive
from assistant.parts import Part
from assistant.reader.model import load_reader
from index.retriever import Retriever

UNSAID = 0.1


def spelled_out(part: Part, retriever: Retriever, *, max_words: int, max_sentences: int) -> Part:
    """`part` answered by what spells its short form out; as it is where it asks for none, or nothing spells it out."""
    sought = sought_expansion(part.parsed.asking)
    if sought is None or part.parsed.way is not Way.ALONE or part.parsed.order is not Order.ANY:
        return part
    if not (is_short_form(sought.short) or stands_in_archive(sought.short, retriever)):
        return part
    expansion = best_expansion(sought.short, retriever, part.parsed.filters)
    if sought.only_words:
        return _only(expansion, part)
    return part if expansion is None else _with(expansion, sought, part, max_words, max_sentences)


def _only(expansion: Evidence | None, part: Part) -> Part:
    confidence = part.reading.confidence
    sure = min(confidence, UNSAID) if expansion is None else max(confidence, SURE)
    return Part(part.parsed, replace(part.reading, confidence=sure), [] if expansion is None else [expansion])


def _with(expansion: Evidence, sought: SoughtExpansion, part: Part, max_words: int, max_sentences: int) -> Part:
    """The part's sentences, of which one spells the short form out, the first while none of them does."""
    reading = replace(part.reading, confidence=max(part.reading.confidence, load_reader().doubt))
    told = [(piece, expansion_in(sought.short, piece.text)) for piece in part.evidence]
    if any(words for _, words in told):
        marked = [piece if words is None else replace(piece, marked=words) for piece, words in told]
        return Part(part.parsed, reading, sorted(marked, key=lambda piece: piece.marked is None))
    return Part(part.parsed, reading, fitting([expansion, *part.evidence], max_words, max_sentences))


def fitting(pieces: list[Evidence], max_words: int, max_sentences: int) -> list[Evidence]:
    """The first piece, and those behind it that there is room for."""
    kept, words = pieces[:1], len(pieces[0].text.split())
    for piece in pieces[1:]:
        words += len(piece.text.split())
        if len(kept) == max_sentences or words > max_words:
            break
        kept.append(piece)
    return kept

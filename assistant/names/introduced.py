"""What a question asks to be told of is first introduced: the sentence that says what it is, or who, goes before mere mentions.

Where the newsletters only mention it an answer is doubtful, and where they introduce it surely it is not refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.asking.sought_name import Named, SoughtName, sought_name
from assistant.doubts.trust import DOUBTED
from assistant.evidence import Evidence
from assistant.names.introducing import Introduction, introduction
from assistant.names.spelled_out import fitting
from assistant.parts import Part
from assistant.reader.model import load_reader
from index.retriever import Retriever

READ_PASSAGES = 5


def introduced(part: Part, retriever: Retriever, *, max_words: int, max_sentences: int) -> Part:
    """`part` with the sentence first that introduces what it asks for; as it is where it asks for nothing of the kind."""
    parsed = part.parsed
    sought = sought_name(parsed.asking)
    if sought is None or not parsed.asks_by_itself:
        return part
    if part.evidence and part.evidence[0].marked and sought.named is Named.THING:
        return part
    best = max(_introducing(sought, part), key=lambda found: found[0], default=None)
    if best is None or best[0] is Introduction.NONE:
        return _doubted(part) if _is_name(sought, part, retriever) else part
    how, piece = best
    if not part.evidence and how is not Introduction.SURE:
        return part
    others = [
        other for other in part.evidence if other.place != piece.place and not _only_leads_to(piece, other, sought)
    ]
    confidence = part.reading.confidence if part.evidence else max(part.reading.confidence, load_reader().doubt)
    evidence = fitting([piece, *others], max_words, max_sentences) if piece not in part.evidence[:1] else part.evidence
    return Part(parsed, replace(part.reading, confidence=confidence), evidence)


def _only_leads_to(piece: Evidence, other: Evidence, sought: SoughtName) -> bool:
    """Whether a sentence was chosen since it stands before the one that introduces, and does not name what is sought."""
    stands_before = other.found.passage.id == piece.found.passage.id and other.sentence == piece.sentence - 1
    return stands_before and sought.name.casefold() not in other.text.casefold()


def _introducing(sought: SoughtName, part: Part) -> Iterator[tuple[Introduction, Evidence]]:
    """The chosen sentences, then those of the best passages, each with how surely it introduces what is sought."""
    near = {found.passage.id for found in part.reading.passages[:READ_PASSAGES]}
    for piece in (*part.evidence, *(one for one in part.reading.ranked if one.found.passage.id in near)):
        yield introduction(sought, piece.text, piece.found.passage.heading_path), piece


def _is_name(sought: SoughtName, part: Part, retriever: Retriever) -> bool:
    """Whether the words are a name: by their capitals, or since the newsletters' word is none of the language's usual ones."""
    if not sought.is_plain:
        return True
    return sought.named is Named.THING and retriever.embedder.count_tokens(sought.name) > len(sought.name.split())


def _doubted(part: Part) -> Part:
    """The part, answered no more surely than what may not answer."""
    if not part.evidence:
        return part
    confidence = min(part.reading.confidence, load_reader().doubt - DOUBTED)
    return replace(part, reading=replace(part.reading, confidence=confidence))

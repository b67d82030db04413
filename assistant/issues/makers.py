"""Who makes a newsletter, as its own sentences say: "Published by …", "Editor: …", "This newsletter is compiled by …".

Posts, books and maps have publishers and authors, too, so that a sentence counts only where it begins so, as mastheads
and imprints do, or says of the newsletter that it is made by someone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.asking.catalogue import Wanted
from assistant.evidence import Evidence
from assistant.issues.issue_lines import Mastheads
from index.passage import NewsletterInfo, Passage
from index.retriever import Retriever

MOST_WORDS = 40
_WORDS = {
    Wanted.PUBLISHER: (r"(?:published|issued|produced|brought to you)", r"publishers?"),
    Wanted.EDITOR: (
        r"(?:edited|compiled|curated|written|put together|maintained)",
        r"(?:(?:chief |managing )?editors?(?:[- ]in[- ]chief)?|authors|contributors)",
    ),
}
_SAYS = {
    wanted: re.compile(
        rf"(?:^|[.;|·]\s)\W{{0,3}}(?:{made} by\b|{maker}: )"
        rf"|\b(?:newsletter|bulletin|this (?:issue|edition|week['’]s (?:issue|edition)))\b[^.;]{{0,40}} {made}(?: \w+)? by\b"
        rf"|\b{maker} of (?:this|the|our) (?:newsletter|bulletin)\b",
        re.I,
    )
    for wanted, (made, maker) in _WORDS.items()
}


def says_who_makes_it(
    wanted: Wanted, issues: Sequence[NewsletterInfo], retriever: Retriever, mastheads: Mastheads
) -> list[Evidence]:
    """The sentence of the newest of `issues`, the oldest first, that says who publishes or edits it; none where none does."""
    passages = retriever.snapshot.passages
    of_issue: dict[str, list[int]] = {}
    for number, passage in enumerate(passages):
        of_issue.setdefault(passage.newsletter_id, []).append(number)
    for info in reversed(issues):
        for number in of_issue.get(info.id, ()):
            place = _place_of(_SAYS[wanted], passages[number])
            if place is not None:
                return [Evidence(retriever.passage(number), place, 0.0, f"{mastheads.name(info)}: ")]
    return []


def _place_of(says: re.Pattern[str], passage: Passage) -> int | None:
    """The first sentence of a passage that says it, and is no long one."""
    told = ((place, passage.sentence(place)) for place in range(len(passage.sentences)))
    return next((place for place, said in told if len(said.split()) <= MOST_WORDS and says.search(said)), None)

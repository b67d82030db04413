"""Which issues a number or a date means: by what is known of them, else by what their own titles and first lines say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import chain

from assistant.asking.dates import named_dates, named_issues
from assistant.issues.issue_phrase import IssuePhrase
from index.dates import first_day, last_day
from index.snapshot import Snapshot

OPENING_CHARACTERS = 160
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LAST_WORD = re.compile(r"(?<![\w.])#?(\d{1,4})(?=\s*(?:$|[:–—|,(·]))")
Ids = frozenset[str]
NONE_OF_THEM: Ids = frozenset({""})


class Editions:
    """The issues of a snapshot with the numbers and periods that they bear."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._newsletters = snapshot.newsletters
        self._snapshot = snapshot

    def meant(self, ids: Ids, phrase: IssuePhrase, *, surely: bool = False) -> Ids:
        """Those of `ids` that a phrase means, or may mean where not `surely`; `NONE_OF_THEM` where there are none."""
        kept = ids if phrase.number is None else self.numbered(ids, phrase.number, surely=surely)
        if phrase.since and phrase.until:
            kept = self.within(kept, first_day(phrase.since), last_day(phrase.until), phrase.said)
        elif phrase.said:
            kept = frozenset(id for id in kept if phrase.said in self._opening(id)) or kept
        return kept or NONE_OF_THEM

    def numbered(self, ids: Ids, number: int, *, surely: bool = False) -> Ids:
        """Those that bear a number; else, if that will do, those that bear none that is known."""
        sure = frozenset(id for id in ids if number in self.numbers(id))
        return sure or frozenset(id for id in ids if not (surely or self.numbers(id)))

    def within(self, ids: Ids, since: str | None, until: str | None, said: str = "") -> Ids:
        """Those whose first lines say the date, as it was `said` or otherwise, else those within it, else those that may be."""
        known = {id: self._periods(id) for id in ids}
        in_words = any(c.isalpha() for c in said)
        named = (id for id in ids if (in_words and said in self._opening(id)) or (since, until) in known[id])
        if exact := frozenset(named):
            return exact
        since, until = since or "0000", until or "9999"
        sure = frozenset(id for id, periods in known.items() if any(since <= a and b <= until for a, b in periods))
        may = frozenset(id for id, ps in known.items() if not ps or any(a <= until and since <= b for a, b in ps))
        return sure or may

    def numbers(self, newsletter_id: str) -> frozenset[int]:
        """The numbers that an issue may be known by; none where it says none."""
        info = self._newsletters[newsletter_id]
        if info.issue is not None:
            return frozenset([info.issue])
        labels = self._labels[newsletter_id]
        return frozenset(chain(*map(_number_of_title, labels[:2]), *map(named_issues, labels)))

    def newest(self, ids: Ids, *, oldest: bool = False) -> Ids:
        """The newest of some issues, or the `oldest`, by what is known of them or what they say."""
        return frozenset(sorted(ids, key=self._age)[:1] if oldest else sorted(ids, key=self._age)[-1:])

    def last_but_one(self, ids: Ids) -> Ids:
        """The issue before the newest of some; empty where there is only one."""
        return frozenset(sorted(ids, key=self._age)[-2:-1])

    def _age(self, newsletter_id: str) -> tuple[str, int, str]:
        periods, numbers = self._periods(newsletter_id), self.numbers(newsletter_id)
        return max((first for first, _ in periods), default=""), max(numbers, default=0), newsletter_id

    @cached_property
    def all_numbers(self) -> frozenset[int]:
        """The number of every issue that bears one."""
        return frozenset(number for id in self._newsletters for number in self.numbers(id))

    def _opening(self, newsletter_id: str) -> str:
        return " \n ".join(self._labels[newsletter_id]).casefold()

    def _periods(self, newsletter_id: str) -> list[tuple[str, str]]:
        """The date of an issue, and the more exact ones that its first lines name: a date of its year alone may be any."""
        date = self._newsletters[newsletter_id].date
        said = {
            (first_day(d.first), last_day(d.last)) for label in self._labels[newsletter_id] for d in named_dates(label)
        }
        exact = sorted(
            period for period in said if period[0][:4] != period[1][:4] or period[1] < f"{period[0][:4]}-12-31"
        )
        own = [(first_day(date), last_day(date))] if date else []
        return [*exact, *own] if date and len(date) > 4 else exact or own or sorted(said)

    @cached_property
    def _labels(self) -> dict[str, tuple[str, ...]]:
        """The title of each issue, its top heading, and what its first passage begins with."""
        found: dict[str, tuple[str, ...]] = {}
        for passage in self._snapshot.passages:
            if passage.newsletter_id not in found:
                title = self._newsletters[passage.newsletter_id].title
                top, *below = passage.heading_path[:2] or ("",)
                found[passage.newsletter_id] = (title, top, *below, passage.text[:OPENING_CHARACTERS])
        return {id: found.get(id, (info.title,)) for id, info in self._newsletters.items()}


def _number_of_title(title: str) -> Iterable[int]:
    """The number behind the name in a title that holds no date."""
    found = None if _YEAR.search(title) else _LAST_WORD.search(title)
    return [int(found[1])] if found else []

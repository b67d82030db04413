"""Which issues are asked: filters that live in the page's address, so that a view can be shared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from index.dates import PARTIAL_DATE
from index.passage import Filters

_DATE = re.compile(PARTIAL_DATE)
_ISSUES = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")
MOST_VALUES = 200
MOST_ISSUES = 2000
MOST_RUNS = 100
MOST_DATE = 40  # characters of what is no date that are told
MOST_CHARACTERS = 2000  # what that many runs take at the longest, and some spaces


@dataclass(frozen=True, slots=True)
class Scope:
    """The filters in force; empty asks every issue. Dates are ISO and may be partial, both inclusive."""

    publishers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    issues: tuple[int, ...] = ()
    newsletters: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def filters(self) -> Filters:
        """The filters as the assistant takes them."""
        return Filters(
            newsletter_ids=frozenset(self.newsletters),
            issues=frozenset(self.issues),
            publishers=frozenset(self.publishers),
            languages=frozenset(self.languages),
            since=self.since,
            until=self.until,
        )

    def query(self) -> str:
        """The filters as the query of an address, without the question mark."""
        pairs = [
            *(("newsletter", value) for value in self.newsletters),
            *(("publisher", value) for value in self.publishers),
            *(("language", value) for value in self.languages),
            *((("issue", issues_text(self.issues)),) if self.issues else ()),
            *((("since", self.since),) if self.since else ()),
            *((("until", self.until),) if self.until else ()),
        ]
        return urlencode(pairs)

    def without(self, kind: str, value: str) -> Scope:
        """The scope with one filter taken away, as a chip names it."""
        match kind:
            case "newsletter":
                return replace(self, newsletters=tuple(v for v in self.newsletters if v != value))
            case "publisher":
                return replace(self, publishers=tuple(v for v in self.publishers if v != value))
            case "language":
                return replace(self, languages=tuple(v for v in self.languages if v != value))
            case "issue":
                return replace(self, issues=())
            case "since":
                return replace(self, since=None)
            case "until":
                return replace(self, until=None)
            case _:
                return self


def scope_of(query: Mapping[str, Sequence[str]]) -> Scope:
    """The scope in the parsed query of an address; what cannot be read is left out."""
    return Scope(
        publishers=tuple(query.get("publisher", ()))[:MOST_VALUES],
        languages=tuple(query.get("language", ()))[:MOST_VALUES],
        issues=issues_of(" ".join(query.get("issue", ()))) or (),
        newsletters=tuple(query.get("newsletter", ()))[:MOST_VALUES],
        since=date_of(_last(query, "since")),
        until=date_of(_last(query, "until")),
    )


def unread_dates(query: Mapping[str, Sequence[str]]) -> list[str]:
    """What stands in the query of an address where a date should, and is none."""
    said = [_last(query, name).strip() for name in ("since", "until")]
    return [text[:MOST_DATE] for text in said if text and date_of(text) is None]


def date_of(text: str) -> str | None:
    """The ISO date typed, or None for anything else."""
    return text.strip() if _DATE.fullmatch(text.strip()) else None


def issues_of(text: str) -> tuple[int, ...] | None:
    """The issue numbers in "4, 12, 15-18", sorted; None where something else, or too much, is written."""
    if len(text) > MOST_CHARACTERS or not re.fullmatch(r"[\d\s,;–-]*", text):
        return None
    runs = list(_ISSUES.finditer(text))
    if len(runs) > MOST_RUNS:
        return None
    numbers: set[int] = set()
    for found in runs:
        first = int(found[1])
        numbers.update(range(first, min(int(found[2] or first), first + MOST_ISSUES) + 1))
    return tuple(sorted(numbers)[:MOST_ISSUES])


def issues_text(issues: Sequence[int]) -> str:
    """Issue numbers with runs drawn together: "12, 15-18"."""
    runs: list[list[int]] = []
    for number in issues:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _last(query: Mapping[str, Sequence[str]], name: str) -> str:
    values = query.get(name, ())
    return values[-1] if values else ""

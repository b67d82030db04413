"""What the pages say, one JSON file a language; dates and numbers as the language writes them.

`words_for` takes what a browser sends as Accept-Language. Every file has the same keys and the same places to fill
in (tests/test_language.py), so a new language is a new file and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from corpus.errors import SaidError
from ui.errors import message
from ui.render import date_words

FOLDER = Path(__file__).parent
DEFAULT = "en"
_CJK_DATE = ("{0}年", "{0}年{1}月", "{0}年{1}月{2}日")


@dataclass(frozen=True)
class Words:
    """The texts of one language; call it with a text's key and what to fill in."""

    language: str
    texts: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)  # what errors say, by their English sentence

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`; numbers among `values` are written as the language does."""
        shown = {name: self.number(value) if isinstance(value, int) else value for name, value in values.items()}
        return self.texts[key].format(**shown)

    def count(self, key: str, number: int, **values: object) -> str:
        """The text of `key` for that many: `key_one` for 1 where the language has one, else `key`."""
        single = f"{key}_one"
        return self(single if number == 1 and single in self.texts else key, count=number, **values)

    def error(self, error: BaseException) -> str:
        """What an error that is safe to show says; in English where this language has no sentence for it."""
        if not isinstance(error, SaidError) or error.sentence not in self.errors:
            return message(error)
        said = self.errors[error.sentence].format(**error.values)
        return f"{error.about} {said}" if error.about else said

    def number(self, value: int) -> str:
        """A whole number with separators."""
        return f"{value:,}"

    def date(self, date: str | None) -> str:
        """An ISO date, perhaps partial, for reading; "" if unknown."""
        parts = [part for part in (date or "")[:10].split("-") if part.isdigit()]
        if self.language != "zh" or not parts:
            return date_words(date)
        return _CJK_DATE[len(parts) - 1].format(*(int(part) for part in parts))

    def issue(self, title: str, issue: int | None, date: str | None, publisher: str | None = None) -> str:
        """A newsletter in one line: title, issue, date, publisher; what the title says is not repeated."""
        number = self("issue_number", number=str(issue)) if issue is not None else ""
        when = self.date(date)
        said = issue is not None and re.search(rf"\b{issue}\b", title)
        parts = (
            title,
            "" if said else number,
            "" if when in title or date_words(date) in title else when,
            publisher if publisher and publisher not in title else "",
        )
        return " · ".join(part for part in parts if part)


@lru_cache
def languages() -> dict[str, Words]:
    """Every language, by its code."""
    files = sorted(FOLDER.glob("*.json"))
    return {file.stem: _read(file) for file in files}


def _read(file: Path) -> Words:
    texts = json.loads(file.read_text(encoding="utf-8"))
    errors = texts.pop("errors", {})
    return Words(file.stem, texts, errors)


def words_for(accepted: str) -> Words:
    """The best language for an Accept-Language header (RFC 9110 section 12.5.4); English if none fits."""
    known = languages()
    wanted: list[tuple[float, int, str]] = []
    for place, item in enumerate(accepted[:500].split(",")):
        tag, _, quality = item.partition(";q=")
        try:
            wanted.append((-float(quality or 1), place, tag.strip().lower().split("-")[0]))
        except ValueError:
            continue
    return next((known[tag] for _, _, tag in sorted(wanted) if tag in known), known[DEFAULT])

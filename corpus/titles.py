"""What an issue is called where no front matter says it: by its masthead or first heading, else by its file's name.

What all issues of a series are called alike is followed by the number or the date, so that a title names one issue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.dates import MONTH_NAMES, parse_date
from corpus.masthead import ISSUE_WORD

MASTHEAD_WORDS = 10
_HEADING_WORDS = 14
_MASTHEAD = re.compile(r"\bnewsletter\b|\bbulletin\b|\bdigest\b|通讯|简报", re.I)
_KIND_OF_PAPER = re.compile(
    r"^(?:an? |the |our )?(?:[\w'’-]+ ){0,2}(?:newsletter|bulletin|digest) (?:of|for|from|by|on)\b", re.I
)
_SENTENCE_ENDS = (".", "?", "!", ";", ",", ":")
_FILE_ISSUE = re.compile(r"(?:issue|newsletter|no|number|edition|nr)[-_ ]?\d{1,4}", re.I)
_NUMBER = re.compile(r"\b\d+\b")


def name_of(lines: Sequence[str], heading: str | None) -> str | None:
    """The line that names the newsletter, with the number in the line below it, else its first heading, if either."""
    for number, line in enumerate(lines):
        if _MASTHEAD.search(line) and _is_name(line, MASTHEAD_WORDS) and not _KIND_OF_PAPER.match(line):
            following = lines[number + 1] if number + 1 < len(lines) else ""
            return f"{line} {following}" if len(following) <= 20 and ISSUE_WORD.search(following) else line
    return heading if heading and _is_name(heading, _HEADING_WORDS) else None


def title_of(name: str | None, *, issue: int | None, date: str | None, season: str | None, filed: str) -> str:
    """The name with what tells the issue, where it has no number itself, or how the file is named where nothing tells it.

    A year alone tells the issues of a series apart no better than its name.
    """
    if not name or _NUMBER.search(name):
        return name or filed
    when = _in_words(date) if date and len(date) > 4 else season
    told = f"No. {issue}" if issue is not None else when
    if told:
        return f"{name}, {told}"
    return name if _MASTHEAD.search(name) or not _NUMBER.search(filed) else filed


def file_title(stem: str, publisher: str | None) -> str:
    """The file's name as a title, behind the publisher's if it is only a number."""
    words = re.sub(r"[-_\s]+", " ", stem).strip()
    title = words[:1].upper() + words[1:] if words else "Newsletter"
    return f"{publisher}, {words}" if publisher and _FILE_ISSUE.fullmatch(stem) else title


def fuller_title(heading: str, title: str) -> str:
    """A page's title where it begins with the page's main heading and goes on to tell issues apart, else the heading."""
    goes_on = title.casefold().startswith(heading.casefold()) and bool(re.match(r"\W*\w", title[len(heading) :]))
    return title if goes_on and not _NUMBER.search(heading) else heading


def is_issue_or_date(text: str) -> bool:
    """Whether a part of a title tells the issue and so is no site's name."""
    return bool(ISSUE_WORD.search(text) or parse_date(text))


def _is_name(line: str, most_words: int) -> bool:
    return len(line.split()) <= most_words and not line[:1].islower() and not line.endswith(_SENTENCE_ENDS)


def _in_words(date: str) -> str:
    """An ISO date as a masthead has it: "4 March 2024", "March 2024", "2024"."""
    year, *rest = date.split("-")
    month = [MONTH_NAMES[int(rest[0]) - 1].capitalize()] if rest else []
    return " ".join([*(str(int(day)) for day in rest[1:2]), *month, year])

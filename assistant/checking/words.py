"""A sentence as words: where they stand, their stems, and what their shape says (name, number, identifier).

Words follow the Penn Treebank's habits where that matters for the grammar ("is|n't", "OpenAI|'s"); identifiers,
versions and figures stay whole ("v0.21.2-beta", "option_data", "5,000"), and so does a hyphenated word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from index.tokens import STOP_WORDS, stem

_FOLD = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "`": "'", "‑": "-", "‐": "-", "−": "-"}
    | {"\u00a0": " ", "…": ".", "′": "'"}
)
_MARKS = re.compile(r"\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
_ADDRESS = r"https?://[^\s<>\"')\]]+"
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_ACRONYM = r"(?:[A-Za-z]\.){2,}"
_WORD = re.compile(
    rf"""
    {_ADDRESS}
    | {_ACRONYM}
    | n't\b | '(?:s|re|ve|ll|d|m)\b
    | [$€£¥]
    | \#\d+
    | (?:{_FIGURE})(?:st|nd|rd|th)\b
    | (?:{_FIGURE})(?=%|\s|$|[+,;!?)\]"'–—/-]|:(?!\d)|\.(?:\s|$|"))
    | (?<![\w)])--?[A-Za-z][\w-]*(?:[.=]\w[\w-]*)*
    | [^\W\d_]+?(?=n't\b)
    | \w+(?:[._/@:+-]\w+)*(?:\+\+|\#)?(?:\(\))?
    | %
    | [^\w\s]
    """,
    re.VERBOSE,
)
_LETTERS_DIGITS = re.compile(r"^([A-Z]{2,})-?(\d+)$")
_SIMPLE_HYPHEN = re.compile(r"^[^\W\d_]+(?:-[^\W\d_]+)+$")

FUNCTION_WORDS = STOP_WORDS | frozenset(
    [
        "an",
        "the",
        "this",
        "these",
        "those",
        "that",
        "which",
        "who",
        "whom",
        "whose",
        "what",
        "its",
        "it's",
        "his",
        "her",
        "their",
        "our",
        "your",
        "my",
        "also",
        "however",
        "moreover",
        "furthermore",
        "additionally",
        "meanwhile",
        "therefore",
        "thus",
        "hence",
        "then",
        "while",
        "whereas",
        "although",
        "though",
        "since",
        "because",
        "as",
        "if",
        "unless",
        "until",
        "when",
        "where",
        "per",
        "via",
        "among",
        "amongst",
        "between",
        "within",
        "without",
        "toward",
        "towards",
        "across",
        "along",
        "around",
        "onto",
        "upon",
        "be",
        "is",
        "are",
        "was",
        "were",
        "been",
        "being",
        "am",
        "do",
        "does",
        "did",
        "done",
        "have",
        "has",
        "had",
        "having",
        "can",
        "could",
        "may",
        "might",
        "must",
        "shall",
        "should",
        "will",
        "would",
        "'d",
        "'ll",
        "'re",
        "'s",
        "'ve",
        "'m",
        "n't",
        "not",
        "no",
        "nor",
        "and",
        "or",
        "but",
        "so",
        "yet",
        "either",
        "neither",
        "both",
        "such",
        "very",
        "just",
        "quite",
        "rather",
        "still",
        "even",
        "too",
        "there",
        "here",
        "it",
        "they",
        "them",
        "he",
        "him",
        "she",
        "we",
        "us",
        "i",
        "you",
        "one",
        "ones",
        "other",
        "others",
        "another",
        "own",
        "same",
        "now",
        "so-called",
        "etc",
        "e.g.",
        "i.e.",
        "according",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its text and half-open place in the folded text, lower-case form, and stem."""

    text: str
    start: int
    end: int
    lower: str
    stem: str

    @property
    def is_content(self) -> bool:
        """Whether the word carries meaning of its own: no punctuation and no function word."""
        return self.lower not in FUNCTION_WORDS and any(c.isalnum() for c in self.lower)

    @property
    def has_digit(self) -> bool:
        """Whether a digit occurs in the word."""
        return any(c.isdigit() for c in self.text)

    @property
    def is_capital(self) -> bool:
        """Whether the word begins with a capital letter."""
        return self.text[:1].isupper()

    @property
    def is_identifier(self) -> bool:
        """Whether the shape is one of code, versions or acronyms with digits: it is compared letter by letter."""
        text = self.text
        if not any(c.isalnum() for c in text):
            return False
        return bool(
            re.search(r"[A-Za-z]\d|\d[A-Za-z]|_|[a-z][A-Z]|^--?[A-Za-z]|\w/\w|\w@\w|://|\(\)$|\+\+$|\w#$|\w:\w", text)
            or re.fullmatch(r"v?\d+(?:\.\d+){2,}\S*|v\d\S*|#\d+", text)
            or re.search(r"\w\.[A-Za-z]\w", text)
        )


def fold(text: str) -> str:
    """`text` with typography made plain, marks such as [1] gone, and single spaces."""
    plain = unicodedata.normalize("NFKC", text).translate(_FOLD)
    return " ".join(_MARKS.sub("", plain).split())


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[Word, ...]:
    """The words of a folded text, in order."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        found.extend(_split(match.group(), match.start()))
    return tuple(found)


def _split(text: str, start: int) -> list[Word]:
    joined = _LETTERS_DIGITS.match(text)
    if joined:
        middle = joined.start(2)
        return [_word(joined[1], start), _word(joined[2], start + middle)]
    if _SIMPLE_HYPHEN.match(text):
        parts: list[Word] = []
        for match in re.finditer(r"[^-]+|-", text):
            parts.append(_word(match.group(), start + match.start()))
        return parts
    return [_word(text, start)]


def _word(text: str, start: int) -> Word:
    lower = text.lower()
    return Word(text, start, start + len(text), lower, lemma(lower))


_IRREGULAR = {
    form: base
    for base, forms in {
        "be": "is are was were been being am",
        "have": "has had having",
        "do": "does did done doing",
        "go": "goes went gone going",
        "say": "said",
        "make": "made making",
        "take": "took taken taking",
        "give": "gave given giving",
        "get": "got gotten",
        "hold": "held",
        "find": "found",
        "write": "wrote written writing",
        "rise": "rose risen rising",
        "fall": "fell fallen",
        "grow": "grew grown growth",
        "begin": "began begun",
        "lead": "led",
        "win": "won",
        "lose": "lost losing loss",
        "build": "built",
        "buy": "bought",
        "sell": "sold sale sales",
        "lend": "lent",
        "send": "sent",
        "spend": "spent",
        "pay": "paid payment payments",
        "meet": "met",
        "think": "thought",
        "bring": "brought",
        "teach": "taught",
        "speak": "spoke spoken speech",
        "break": "broke broken",
        "choose": "chose chosen choice",
        "know": "knew known",
        "see": "saw seen",
        "show": "shown shows showed",
        "come": "came",
        "become": "became",
        "run": "ran",
        "leave": "left",
        "keep": "kept",
        "mean": "meant",
        "tell": "told",
        "draw": "drew drawn",
        "drive": "drove driven",
        "child": "children",
        "person": "people persons",
        "man": "men",
        "woman": "women",
        "datum": "data",
        "analyse": "analyze analysis analyses analyzed analyzing analysed",
    }.items()
    for form in forms.split()
}


@lru_cache(maxsize=100_000)
def lemma(lower: str) -> str:
    """The stem by which word forms are held equal: irregular forms by table, British spelling as American, else Snowball's."""
    base = _IRREGULAR.get(lower, lower)
    if base.isalpha() and len(base) > 5:
        base = re.sub(r"is(e|ed|es|ing|ation|ations|er|ers)$", r"iz\1", base)
        base = re.sub(r"our(s|ed|ing|able)?$", r"or\1", base) if not base.endswith("hour") else base
    return stem(base)

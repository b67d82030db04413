"""Checks the labelled sentence-evidence pairs beside this file; prints the faults and exits 1 if there are any.

python benchmarks/verification/check.py
"""

from __future__ import annotations

import html
import json
import os
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
ARCHIVES = Path(os.environ.get("NEWSLETTER_ARCHIVES", REPOSITORY.parent / "shared" / "archives"))
FILES = (
    "development.jsonl",
    "final.jsonl",
    "untouched.jsonl",
    "training.jsonl",
    "further.jsonl",
    "pairs.jsonl",
    "more.jsonl",
    "more-2.jsonl",
    "more-3.jsonl",
)
# What is measured on: no newsletter of these is in another file
KEPT_ASIDE = ("final.jsonl", "untouched.jsonl")
# The files whose halves are supported and not, to the record; the others nearly so
HALVED = ("development.jsonl", *KEPT_ASIDE)
FIELDS = {
    "id": str,
    "archive": str,
    "newsletter": str,
    "evidence": list,
    "sentence": str,
    "supported": bool,
    "kind": str,
}
WORDINGS = ("near", "far")
SUPPORTED = {"verbatim", "light", "heavy", "summary", "merge", "format", "negation", "synonym"}
UNSUPPORTED = {"number", "name", "negation", "comparison", "relation", "addition", "certainty", "quote", "topic"}
LATER_SUPPORTED = {"verbatim", "heavy", "summary", "synonym", "shortened", "joined", "reordered", "numbers"}
LATER_UNSUPPORTED = {
    *("number", "date", "negation", "comparison", "certainty", "addition"),
    *("actor", "crossed", "scope", "cause", "inference"),
}
ENDS = 25
QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " ", "…": "..."})


def plain(markdown: str) -> str:
    """Newsletter text without front matter, markup and line breaks, with straight quotes."""
    text = re.sub(r"\A---\n.*?\n---\n", "", markdown, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{:.*?\}|<!--.*?-->|<[/a-zA-Z][^>]*>", " ", text, flags=re.DOTALL)
    text = re.sub(r"^\s*\[[^\]]+\]:\s.*$|^\s*>\s?", "", text, flags=re.MULTILINE)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    for _ in range(2):
        text = re.sub(r"\[([^\[\]]*)\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])", r"\1", text)
    text = re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+|^#+\s*|\\(?=[^\w\s])", "", text, flags=re.MULTILINE)
    text = re.sub(r"\*+|`+|(?<!\w)_+(?=\w)|(?<=[\w.,!?])_+(?!\w)", "", text)
    return re.sub(r"\s+", " ", html.unescape(text).translate(QUOTES)).strip()


@cache
def newsletter_text(archive: str, stem: str) -> str:
    """The plain text of a newsletter, and the text as it came; empty where there is no such file."""
    own = {"shipped": REPOSITORY / "corpus" / "newsletters", "invented": REPOSITORY / "benchmarks" / "newsletters"}
    folder = own.get(archive, ARCHIVES / archive)
    files = [path for suffix in (".md", ".markdown") if (path := folder / f"{stem}{suffix}").is_file()]
    if not files:
        return ""
    # Questions and summaries may stand in tags and front matter, which the plain text lacks
    raw = files[0].read_text(encoding="utf-8")
    return f"{plain(raw)} {' '.join(raw.split())}"


def holds(text: str, item: str) -> bool:
    """Whether a newsletter's plain text has the evidence, or where markup parts it, its beginning and its end."""
    item = plain(item)
    if item in text:
        return True
    whole, part = letters(text), letters(item)
    return part in whole or (part[:ENDS] in whole and part[-ENDS:] in whole)


@cache
def letters(text: str) -> str:
    """Only the letters and digits, in small letters."""
    return re.sub(r"[\W_]+", "", text.lower())


def record_faults(record: dict[str, object]) -> list[str]:
    """What is wrong with one record by itself."""
    later = "wording" in record
    fields = FIELDS | {"wording": str} if later else FIELDS
    if set(record) != set(fields) or any(type(record[name]) is not kind for name, kind in fields.items()):
        return ["fields or their types are not those of the schema"]
    faults = []
    evidence = record["evidence"]
    assert isinstance(evidence, list)
    if not 1 <= len(evidence) <= 3 or not all(isinstance(item, str) and item for item in evidence):
        return ["evidence is not one to three sentences"]
    if later:
        kinds = LATER_SUPPORTED if record["supported"] else LATER_UNSUPPORTED
        faults += [] if record["wording"] in WORDINGS else [f"wording {record['wording']!r} is neither near nor far"]
    else:
        kinds = SUPPORTED if record["supported"] else UNSUPPORTED
        # In the later pairs a speaker or source may be named before the words themselves
        if (record["kind"] == "verbatim") != (record["sentence"] in evidence):
            faults.append("kind is verbatim if and only if the sentence is one of the evidence")
    if record["kind"] not in kinds:
        faults.append(f"kind {record['kind']!r} does not fit supported={record['supported']}")
    text = newsletter_text(str(record["archive"]), str(record["newsletter"]))
    faults += [f"not in the newsletter: {item[:60]!r}" for item in evidence if not holds(text, item)]
    return faults


def main() -> int:
    """Checks all files and returns the exit status."""
    faults: list[str] = []
    ids: Counter[str] = Counter()
    seen: dict[tuple[str, str], str] = {}
    for name in FILES:
        records = [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
        faults += [f"{record.get('id')}: {fault}" for record in records for fault in record_faults(record)]
        ids.update(str(record.get("id")) for record in records)
        supported = sum(record.get("supported") is True for record in records)
        if name in HALVED and supported * 2 != len(records):
            faults.append(f"{name}: {supported} of {len(records)} are supported, not half")
        for record in records:
            newsletter = (str(record.get("archive")), str(record.get("newsletter")))
            first = seen.setdefault(newsletter, name)
            if first != name and (first in KEPT_ASIDE or name in KEPT_ASIDE):
                faults.append(f"{record.get('id')}: {newsletter[1]} is in {first} and in {name}")
    faults += [f"{key}: the id is used {count} times" for key, count in ids.items() if count > 1]
    print("\n".join(faults) or f"{sum(ids.values())} records without faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

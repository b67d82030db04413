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
FILES = ("development.jsonl", "final.jsonl")
FIELDS = {
    "id": str,
    "archive": str,
    "newsletter": str,
    "evidence": list,
    "sentence": str,
    "supported": bool,
    "kind": str,
}
SUPPORTED = {"verbatim", "light", "heavy", "summary", "merge", "format", "negation", "synonym"}
UNSUPPORTED = {"number", "name", "negation", "comparison", "relation", "addition", "certainty", "quote", "topic"}
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
    """The plain text of a newsletter; empty where there is no such file."""
    folder = REPOSITORY / "corpus" / "newsletters" if archive == "shipped" else ARCHIVES / archive
    files = [path for suffix in (".md", ".markdown") if (path := folder / f"{stem}{suffix}").is_file()]
    return plain(files[0].read_text(encoding="utf-8")) if files else ""


def record_faults(record: dict[str, object]) -> list[str]:
    """What is wrong with one record by itself."""
    if set(record) != set(FIELDS) or any(type(record[name]) is not kind for name, kind in FIELDS.items()):
        return ["fields or their types are not those of the schema"]
    faults = []
    evidence = record["evidence"]
    assert isinstance(evidence, list)
    if not 1 <= len(evidence) <= 3 or not all(isinstance(item, str) and item for item in evidence):
        return ["evidence is not one to three sentences"]
    if record["kind"] not in (SUPPORTED if record["supported"] else UNSUPPORTED):
        faults.append(f"kind {record['kind']!r} does not fit supported={record['supported']}")
    text = newsletter_text(str(record["archive"]), str(record["newsletter"]))
    faults += [f"not in the newsletter: {item[:60]!r}" for item in evidence if plain(item) not in text]
    if (record["kind"] == "verbatim") != (record["sentence"] in evidence):
        faults.append("kind is verbatim if and only if the sentence is one of the evidence")
    return faults


def main() -> int:
    """Checks both files and returns the exit status."""
    faults: list[str] = []
    ids: Counter[str] = Counter()
    seen: dict[tuple[str, str], str] = {}
    for name in FILES:
        records = [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
        faults += [f"{record.get('id')}: {fault}" for record in records for fault in record_faults(record)]
        ids.update(str(record.get("id")) for record in records)
        supported = sum(record.get("supported") is True for record in records)
        if supported * 2 != len(records):
            faults.append(f"{name}: {supported} of {len(records)} are supported, not half")
        for record in records:
            newsletter = (str(record.get("archive")), str(record.get("newsletter")))
            if seen.setdefault(newsletter, name) != name:
                faults.append(f"{record.get('id')}: {newsletter[1]} is in both files")
    faults += [f"{key}: the id is used {count} times" for key, count in ids.items() if count > 1]
    print("\n".join(faults) or f"{sum(ids.values())} records without faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

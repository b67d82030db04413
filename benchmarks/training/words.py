"""Writes assistant/claims/words.json out of the WordNet 3.0 database (Debian package `wordnet-base`).

Run `python -m benchmarks.training.words /usr/share/wordnet`. Kept are one-word lemmas that occur in WordNet's
sense-tagged texts, their commoner senses, one step of hypernyms and the antonym pairs.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).parents[2] / "assistant" / "claims" / "words.json"
POSITIONS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
MAX_SENSES = {"n": 3, "v": 5, "a": 4, "r": 3}


def tagged_senses(folder: Path) -> dict[tuple[str, str], int]:
    """How many senses of each (lemma, part of speech) the tagged texts use."""
    counts: dict[tuple[str, str], int] = {}
    for name, part in POSITIONS.items():
        for line in (folder / f"index.{name}").read_text("ascii").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split()
            pointers = int(fields[3])
            counts[fields[0], part] = int(fields[5 + pointers])
    return counts


def main(folder: Path) -> None:
    """Read the database in `folder` and write the table."""
    senses: dict[str, list[int]] = defaultdict(list)
    verbs: set[str] = set()
    above: dict[int, list[int]] = {}
    antonyms: set[tuple[str, str]] = set()
    number_of: dict[tuple[str, str], int] = {}
    synsets: dict[tuple[str, str], tuple[list[str], list[tuple[str, str]]]] = {}
    for name, part in POSITIONS.items():
        for line in (folder / f"data.{name}").read_text("ascii").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            words = [fields[4 + 2 * i].split("(")[0].lower() for i in range(count)]
            first = 4 + 2 * count
            links = []
            for i in range(int(fields[first])):
                symbol, offset, target_part, where = fields[first + 1 + 4 * i : first + 5 + 4 * i]
                links.append((symbol, (target_part, offset), where))
            synsets[part, fields[0]] = (words, [link[1] for link in links if link[0] in ("@", "&")])
            for symbol, target, where in links:
                if symbol == "!":
                    antonyms.add((words[int(where[:2], 16) - 1], f"{target[0]} {target[1]} {int(where[2:], 16) - 1}"))
    tagged = tagged_senses(folder)
    for name, part in POSITIONS.items():
        for line in (folder / f"index.{name}").read_text("ascii").splitlines():
            fields = line.split()
            lemma = fields[0]
            if line.startswith(" ") or not lemma.isalpha() or len(lemma) < 3:
                continue
            offsets = fields[6 + int(fields[3]) :]
            used = tagged[lemma, part]
            if not used:
                continue
            if part == "v":
                verbs.add(lemma)
            for offset in offsets[: min(MAX_SENSES[part], max(used, 1))]:
                number = number_of.setdefault((part, offset), len(number_of))
                senses[lemma].append(number)
    members: dict[int, int] = defaultdict(int)
    for numbers in senses.values():
        for number in numbers:
            members[number] += 1
    for key, number in number_of.items():
        higher = [number_of[k] for k in synsets[key][1] if k in number_of]
        if higher:
            above[number] = higher[:2]
    useful = (
        {n for n, c in members.items() if c > 1} | {h for hs in above.values() for h in hs if members[h]} | set(above)
    )
    pairs = set()
    for word, target in antonyms:
        target_part, offset, index = target.split(" ")
        other = synsets["a" if target_part == "s" else target_part, offset][0][int(index)]
        if word in senses and other in senses and len(word) > 2 and len(other) > 2:
            pairs.add(" ".join(sorted((word, other))))
    irregular = {}
    for name in ("verb", "noun"):
        for line in (folder / f"{name}.exc").read_text("ascii").splitlines():
            form, lemma = line.split()[:2]
            if (
                form.isalpha() and lemma in senses and (name == "verb" or form not in irregular) and form not in senses
            ) or (name == "verb" and form.isalpha() and lemma in verbs):
                irregular[form] = lemma
    kept = {lemma: [n for n in numbers if n in useful] for lemma, numbers in sorted(senses.items())}
    table = {
        "senses": {lemma: " ".join(map(str, numbers)) for lemma, numbers in kept.items() if numbers},
        "above": {str(n): " ".join(map(str, hs)) for n, hs in above.items()},
        "antonyms": sorted(pairs),
        "verbs": " ".join(sorted(verbs)),
        "irregular": irregular,
    }
    TARGET.write_text(json.dumps(table, separators=(",", ":"), ensure_ascii=True) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

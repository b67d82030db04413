"""Writes docs/scaling.md and its plot from the measured figures: `make docs`.

No measured figure on the page is typed in by hand; a test holds it level with benchmarks/results/. What was not measured
is said to be so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.growth_plot import plot
from benchmarks.training.data import ROOT

RESULTS = ROOT / "benchmarks" / "results"
PLOT = "images/growth.svg"
Figures = Mapping[str, Any]
LOADS = {
    "again": "five questions again and again",
    "usual": "the newsletter's hundred questions, drawn at random",
    "different": "questions none of which was asked before",
}

SHARING = """\
    chroma run --path /srv/chroma --host 0.0.0.0 --port 8000
    NEWSLETTER_ASSISTANT_STORE__URL=http://HOST:8000 newsletter-assistant serve

Any number of `serve` processes share a Chroma server. Each keeps what it searches in its own memory (passages, their
vectors, BM25), looks every two seconds while it is asked whether another process has synced, and takes the new state in
the background while the old one goes on answering. Give each its own `--data-dir`.

One process at a time changes the index. Whoever syncs, rebuilds or removes takes a lease on the server (`index/lease.py`)
and renews it; a second one is refused with the name of the first and the ways out. The lease of a process that died runs
out after a minute by the server's own clock, whatever the machines' clocks say, and the next sync goes on from what is in. A
process that was held up for longer sees before its next write that it has lost its lease, and stops.

A server that wants a key, and Chroma Cloud, are named by the same settings:

    NEWSLETTER_ASSISTANT_STORE__URL=https://api.trychroma.com
    NEWSLETTER_ASSISTANT_STORE__KEY=ck-...
    NEWSLETTER_ASSISTANT_STORE__TENANT=...
    NEWSLETTER_ASSISTANT_STORE__DATABASE=newsletters

The key travels as `x-chroma-token`. This was tried with a server of our own behind a door that asks for it, not with the
Cloud itself, whose [quotas](https://docs.trychroma.com/cloud/quotas-limits) as they come (16 384 bytes a document, 4 096
bytes a metadata value, 300 records a write) are less than a long newsletter's text and its passages' sentence vectors take:
ask for higher ones first, or run a server."""

SEARCHING = """\
Up to 100 000 sentences the search is exact: a replica multiplies the question's vector with every passage's and every
sentence's. Beyond, sentences are kept as bytes, read from a memory-mapped file, looked through in a coarse view of 128
directions first, and those of the 3 000 nearest passages are multiplied exactly."""

VECTOR, COARSE, SENTENCE = 384 * 4, 128 * 4, 384 + 4
SENTENCES = 3.1  # in a passage of the archive that benchmarks/speed.py copies
WANTED = 10_000_000


def page(found: Mapping[str, Figures]) -> str:
    """The page's text from the results by name; those missing are said to be so."""
    speed = found.get("speed", {})
    parts = [
        "# When one machine is not enough",
        "<!-- Made by `make docs` from benchmarks/scaling_page.py and benchmarks/results/: change those, not this. -->",
        SHARING,
        "## What was measured",
        "\n".join(["| | | |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in rows(found))]),
        "The clock's milliseconds hold whatever else the machine did; `load` says how much that was (2 cores).",
        "## What a passage costs as the archive grows",
        growth(found.get("growth"), encoder_milliseconds(speed)),
        "## How a large index is searched",
        SEARCHING,
        "## Ten million passages",
        expected(speed.get("scale", {})),
        "## The plain pipeline",
        dropped(found.get("dropped")),
    ]
    return "\n\n".join(parts) + "\n"


def rows(found: Mapping[str, Figures]) -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and the command that measures it."""
    speed = found.get("speed", {})
    if ingest := speed.get("ingest"):
        rate = f"{ingest['share_of_bare_encoder']:.0%} of the bare encoder's rate ({ingest['precision']})"
        yield "taking in", f"{ingest['sync_passages_a_second']} passages a second, {rate}", "`make bench`"
        yield "beside plain LlamaIndex", f"{ingest['times_plain_llama_index']} times the text a second", "`make bench`"
    if same := speed.get("nothing_changed"):
        yield f"a sync of {same['newsletters']:,} newsletters, none changed", f"{same['seconds']} s", "`make bench`"
    yield from _scale_rows(speed.get("scale", {}))
    if kill := found.get("kill"):
        left = (
            f"{kill['left_some_newsletters_new_and_others_old']} left some newsletters new and others old, "
            f"{kill['left_passages_without_their_record']} passages without their record; {len(kill['faults'])} faults"
        )
        yield f"{kill['kills']} syncs and rebuilds killed (`kill -9`)", left, "`make bench-kill`"
    if fuzz := found.get("fuzz"):
        ended = f"{len(fuzz['defects'])} defects; slowest {fuzz['slowest_seconds']} s, most memory {fuzz['peak_memory_mb']} MB"
        formats = f"{fuzz['inputs']:,} damaged documents in {len(fuzz['formats'])} formats"
        yield formats, ended, "`make bench-fuzz`"
    if load := found.get("load"):
        for name, said in LOADS.items():
            asked = load[name]
            yield (
                f"{asked['readers']} readers asking at once {said}",
                f"p50 {asked['p50']} s, p95 {asked['p95']} s",
                "`python -m benchmarks.load`",
            )
        different = load["different"]
        memory = different["memory_mb"]
        yield (
            "the server's memory meanwhile",
            f"{memory[0]} MB before, {memory[len(memory) // 2]} half-way, {memory[-1]} after {different['seconds']:g} s",
            "`python -m benchmarks.load`",
        )


def _scale_rows(scale: Figures) -> Iterator[tuple[str, str, str]]:
    if not scale:
        return
    size, command = f"{scale['passages']:,} passages", "`python -m benchmarks.speed --only-scale`"
    clock = f"p50 {scale['search_p50_ms']} ms, p95 {scale['search_p95_ms']} ms (load {scale['load']})"
    yield f"a warm search of {size}", clock, command
    processor = f"p50 {scale['search_processor_p50_ms']} ms, p95 {scale['search_processor_p95_ms']} ms"
    yield f"the same, by the processor ({scale['questions']} questions)", processor, command
    for name, said in (("opening", "opening"), ("first_opening", "opening the first time, without a cache")):
        took = scale[name]
        seconds = f"{took['seconds']} s ({took['processor_seconds']} s of the processor)"
        yield f"{said}, {size}", f"{seconds}, {took['peak_resident_mb']} MB resident", command


def encoder_milliseconds(speed: Figures) -> float:
    """What the bare encoder takes of the processors for a passage, at most; 0 where that was not measured."""
    return 1000 * speed["cores"] / speed["ingest"]["bare_encoder_passages_a_second"] if "ingest" in speed else 0.0


def growth(found: Figures | None, encoder: float) -> str:
    """The plot and what it shows; its numbers are the first and the last size."""
    if not found:
        return "Not measured yet: run `python -m benchmarks.growth`."
    # What the program does once, at its first sync, is in the first size
    first, second, last = found["sizes"][0], found["sizes"][1], found["sizes"][-1]
    return (
        f"![Milliseconds a passage against the archive's size]({PLOT})\n\n"
        f"{_whole(first, last, encoder)}"
        f"Without the encoder, whose cost does not depend on the archive, a passage takes {first['cpu_milliseconds_a_passage']} ms "
        f"of the processor among {first['passages']:,} passages and {last['cpu_milliseconds_a_passage']} ms among "
        f"{last['passages']:,} (by the clock {first['milliseconds_a_passage']} and {last['milliseconds_a_passage']} ms, load "
        f"{found['load']}). One new newsletter can be searched after {second['one_newsletter_cpu_seconds']} s of the "
        f"processor among {second['passages']:,} and {last['one_newsletter_cpu_seconds']} s among {last['passages']:,}: only what is new is read, besides the commit log. "
        "`python -m benchmarks.growth` measures it."
    )


def _whole(first: Figures, last: Figures, encoder: float) -> str:
    if not encoder:
        return ""
    small, large = (encoder + size["cpu_milliseconds_a_passage"] for size in (first, last))
    return (
        f"To take in a passage costs {small:.1f} ms of the processors among {first['passages']:,} passages and {large:.1f} ms among "
        f"{last['passages']:,}, {large / small - 1:.0%} more; {encoder:.1f} ms of it are the encoder's (`make bench`). "
    )


def expected(scale: Figures) -> str:
    """What follows for ten million passages from the bytes a passage takes and what was measured."""
    exact = VECTOR + SENTENCES * SENTENCE
    rough = COARSE * (1 + SENTENCES)
    text = (
        f"A passage of {SENTENCES} sentences, the mean of the archive measured, takes {exact:,.0f} bytes in exact vectors and "
        f"{rough:,.0f} in the coarse view, {(exact + rough) * WANTED / 1e9:.0f} GB for ten million; a question reads the whole "
        f"coarse view, {rough * WANTED / 1e9:.0f} GB, which takes about {rough * WANTED / 1e10:.0f} seconds at 10 GB/s of memory. "
    )
    if scale:
        opening = scale["opening"]["processor_seconds"]
        text += (
            f"Opening, {opening} s of the processor for {scale['passages']:,} passages, would take "
            f"{opening * WANTED / scale['passages'] / 60:.0f} minutes. "
        )
    return text + (
        f"Every replica would hold the texts as well. A million passages would be looked through in about "
        f"{rough * 1e6 / 1e10:.1f} s and are what one replica is for; beyond that, Chroma's own approximate index, which the store fills already, has to find the "
        "candidates. That is not built. It needs no other store: on one node Chroma keeps that index in memory, "
        f"{VECTOR * WANTED / 1e9:.0f} GB of vectors for ten million passages "
        "([vectors × dimensions × 4 bytes](https://cookbook.chromadb.dev/core/resources)), and its makers "
        "[name ten million records](https://docs.trychroma.com/docs/overview/architecture) as the bound of a single node, "
        "with the distributed Chroma beyond."
    )


def dropped(found: Figures | None) -> str:
    """The share of the text that LlamaIndex's default chunks keep from the model."""
    if not found:
        return "Not measured yet: run `python -m benchmarks.dropped`."
    shares = [archive["share_never_embedded"] for archive in found["archives"].values()]
    return (
        f"The plain LlamaIndex pipeline as shipped cuts chunks of {found['chunk_tokens']:,} tokens, of which this embedding "
        f"model reads {found['model_reads_tokens']}: of {len(shares)} archives, {min(shares):.0%} to {max(shares):.0%} of the text "
        "is in no vector (`python -m benchmarks.dropped`)."
    )


def results() -> dict[str, Figures]:
    """The results that were written so far, by name."""
    names = ("speed", "growth", "kill", "fuzz", "load", "dropped")
    files = {name: RESULTS / f"{name}.json" for name in names}
    return {name: json.loads(file.read_text(encoding="utf-8")) for name, file in files.items() if file.is_file()}


def made() -> str:
    """The page as it should be."""
    return page(results())


def made_plot() -> str:
    """The plot as it should be; an empty picture where nothing was measured."""
    found = results()
    return plot(found.get("growth", {}).get("sizes", []), encoder_milliseconds(found.get("speed", {})))

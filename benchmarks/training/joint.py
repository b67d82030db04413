"""Train the joint reader: one encoder pass over question and passage, one score a sentence and one for "not here".

    python -m benchmarks.training.joint --retriever index/reader --out FOLDER

The packaged encoder reads `question [SEP] header, passage`; a sentence's score starts as the cosine between the mean
of the question's token states and the mean of its own, so training begins where the two separate passes end and
learns what reading them together adds. Cross-entropy over all sentences of a question's passages and one option for
"nothing here answers", AdamW. A question whose answering sentences are taken out of its passages is an unanswerable one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import distributed, multiprocessing, nn

from assistant.question import parse_question
from benchmarks.training.archive import open_archive, retrieved
from benchmarks.training.data import Item, gold_sentences, hits, load_items, passages_of
from benchmarks.training.swap import names_of, swapped
from index.embedding import packaged_model_path, with_header
from index.passage import Passage

RATE, EPOCHS, QUESTIONS, PASSAGES, WARM_UP, MAX_TOKENS, RANK, GROUPS = 5e-5, 4, 8, 5, 0.06, 288, 64, 3
BARE, SWAPPED, WORKERS = 0.4, 0.4, 2


@dataclass(frozen=True)
class Reading:
    """A question with the passages it is read with; `gold` holds (passage, sentence) pairs, empty where none answers."""

    item: Item
    question: str
    passages: tuple[Passage, ...]
    gold: frozenset[tuple[int, int]]


def reading(item: Item, retriever_adapter: Path, cache: Path, limit: int = 10) -> Reading:
    """The question with its best passages; an answerable one's own passage is put in where retrieval missed it."""
    retriever = open_archive(item.archive, retriever_adapter, cache)
    infos = retriever.snapshot.newsletters.values()
    issues = frozenset(info.issue for info in infos if info.issue is not None)
    parsed = parse_question(item.question, history=item.record.get("history") or [], issues_known=issues)
    found = retrieved(retriever, parsed, limit)
    passages = [f.passage for f in found]
    gold: set[tuple[int, int]] = set()
    if item.answerable:
        evidence = str(item.record["evidence"])
        own = str(item.record["newsletter"])
        gold = _gold(passages, own, evidence)
        if not gold:
            missed = [p for p in passages_of(item.archive, own) if gold_sentences(p, evidence)]
            passages = [*missed[:1], *passages]
            gold = _gold(passages, own, evidence)
    return Reading(item, parsed.resolved, tuple(passages), frozenset(gold))


def _gold(passages: Sequence[Passage], newsletter: str, evidence: str) -> set[tuple[int, int]]:
    return {
        (number, sentence)
        for number, passage in enumerate(passages)
        if passage.newsletter_id == newsletter
        for sentence in gold_sentences(passage, evidence)
    }


def sampled(whole: Reading, chooser: random.Random, count: int = PASSAGES) -> Reading:
    """The reading cut to `count` passages: those with the answer and others, the better ranked likelier."""
    right = sorted({p for p, _ in whole.gold})
    others = [i for i in range(len(whole.passages)) if i not in right]
    weights = [1 / (2 + i) for i in others]
    kept = list(right)
    while others and len(kept) < count:
        pick = chooser.choices(range(len(others)), weights)[0]
        kept.append(others.pop(pick))
        weights.pop(pick)
    chooser.shuffle(kept)
    gold = frozenset((kept.index(p), s) for p, s in whole.gold if p in kept)
    return replace(whole, passages=tuple(whole.passages[i] for i in kept), gold=gold)


def without_answer(whole: Reading) -> Reading | None:
    """The reading with every sentence that answers taken out; None when nothing is left."""
    golds = whole.item.record["gold"]
    passages = []
    for number, passage in enumerate(whole.passages):
        keep = [
            i
            for i in range(len(passage.sentences))
            if (number, i) not in whole.gold and not hits(passage.sentence(i), golds)  # type: ignore[arg-type]
        ]
        if len(keep) == len(passage.sentences):
            passages.append(passage)
        elif keep:
            passages.append(_only(passage, keep))
    return replace(whole, passages=tuple(passages), gold=frozenset()) if passages else None


def _only(passage: Passage, keep: Sequence[int]) -> Passage:
    text, spans = "", []
    for i in keep:
        start = len(text)
        text += passage.sentence(i)
        spans.append((start, len(text)))
        text += " "
    return replace(passage, text=text.rstrip(), start=0, end=len(text.rstrip()), sentences=tuple(spans))


@dataclass(frozen=True)
class Group:
    """Question–passage pairs of like length: token ids, which tokens are the question's, and which each sentence's."""

    tokens: dict[str, torch.Tensor]
    question: torch.Tensor
    rows: torch.Tensor
    inside: torch.Tensor


class Batch:
    """Readings as token ids, in `GROUPS` groups by length so that little is padded; `owner` names each score's sentence
    as (reading, passage, sentence)."""

    def __init__(self, tokenizer: object, readings: Sequence[Reading]) -> None:
        pairs = [(n, p, r.question, passage) for n, r in enumerate(readings) for p, passage in enumerate(r.passages)]
        pairs.sort(key=lambda pair: len(pair[3].text))
        self.groups: list[Group] = []
        self.owner: list[tuple[int, int, int]] = []
        size = -(-len(pairs) // GROUPS)
        for first in range(0, len(pairs), size):
            self._add(tokenizer, pairs[first : first + size])

    def _add(self, tokenizer: object, pairs: Sequence[tuple[int, int, str, Passage]]) -> None:
        tokens = tokenizer(  # type: ignore[operator]
            [question for _, _, question, _ in pairs],
            [with_header(passage) for *_, passage in pairs],
            padding=True,
            truncation="only_second",
            max_length=MAX_TOKENS,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = tokens.pop("offset_mapping")
        questions, rows, insides = [], [], []
        for row, (number, place, _, passage) in enumerate(pairs):
            kinds = tokens.sequence_ids(row)
            questions.append(torch.tensor([k == 0 for k in kinds]))
            second = torch.tensor([k == 1 for k in kinds])
            for sentence, inside in sentence_tokens(passage, offsets[row]):
                if (inside & second).any():
                    rows.append(row)
                    insides.append(inside & second)
                    self.owner.append((number, place, sentence))
        if rows:
            group = Group(
                dict(tokens), torch.stack(questions).float(), torch.tensor(rows), torch.stack(insides).float()
            )
            self.groups.append(group)


def sentence_tokens(passage: Passage, offsets: torch.Tensor) -> Iterator[tuple[int, torch.Tensor]]:
    """Which tokens, by their character offsets in the passage with its header, each sentence has."""
    shift = len(with_header(passage)) - len(passage.text) - passage.start
    middles = (offsets[:, 0] + offsets[:, 1]) / 2
    real = offsets[:, 1] > offsets[:, 0]
    for number, (start, end) in enumerate(passage.sentences):
        inside = real & (middles >= start + shift) & (middles <= end + shift)
        if inside.any():
            yield number, inside


class JointReader(nn.Module):
    """The encoder with a head: cosine of question and sentence, plus what their product says."""

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.temperature = nn.Parameter(torch.tensor(12.0))
        self.head = nn.Sequential(nn.Linear(3 * width, 64), nn.GELU(), nn.Linear(64, 1))
        nn.init.zeros_(self.head[2].weight)
        self.nothing = nn.Parameter(torch.tensor(6.0))

    def forward(self, batch: Batch) -> torch.Tensor:
        """Scores of the batch's sentences, in the order of `batch.owner`."""
        return torch.cat([self._scores(group) for group in batch.groups])

    def _scores(self, group: Group) -> torch.Tensor:
        states = self.encoder(**group.tokens).last_hidden_state.float()
        mask = group.question[:, :, None]
        asked = ((states * mask).sum(1) / mask.sum(1))[group.rows]
        inside = group.inside
        pooled = torch.bmm(inside[:, None, :], states[group.rows]).squeeze(1) / inside.sum(1, keepdim=True)
        cosine = nn.functional.cosine_similarity(asked, pooled, dim=-1)
        features = torch.cat([asked * pooled, (asked - pooled).abs(), pooled], dim=-1)
        return self.temperature * cosine + self.head(features).squeeze(1)


def loss_of(model: JointReader, batch: Batch, readings: Sequence[Reading]) -> torch.Tensor:
    """Cross-entropy over each question's sentences and "nothing here answers"."""
    scores = model(batch)
    losses = []
    for number, r in enumerate(readings):
        own = [i for i, o in enumerate(batch.owner) if o[0] == number]
        right = [i for i in own if batch.owner[i][1:] in r.gold]
        if r.gold and not right:
            continue
        options = torch.cat([scores[own], model.nothing[None]])
        wanted = scores[right] if right else model.nothing[None]
        losses.append(torch.logsumexp(options, 0) - torch.logsumexp(wanted, 0))
    return torch.stack(losses).mean() if losses else scores.sum() * 0


def train(retriever_adapter: Path, cache: Path, out: Path, epochs: int = EPOCHS, begin: Path | None = None) -> None:
    """Train on the questions of the train part and write the adapter into `out`; `begin` names weights to go on from.

    One process a core: backward passes on a CPU use one core only, so each takes a part of every batch.
    """
    readings(retriever_adapter, cache)
    out.mkdir(parents=True, exist_ok=True)
    meeting = (out / "meeting").resolve()
    meeting.unlink(missing_ok=True)
    multiprocessing.spawn(_worker, (meeting, retriever_adapter, cache, out, epochs, begin), WORKERS)
    meeting.unlink(missing_ok=True)


def _worker(
    rank: int, meeting: Path, retriever_adapter: Path, cache: Path, out: Path, epochs: int, begin: Path | None
) -> None:
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=WORKERS)
    torch.set_num_threads(1)
    torch.manual_seed(11)
    chooser = random.Random(11)
    model, tokenizer = fresh()
    if begin is not None:
        model.load_state_dict(torch.load(begin))
    wholes = readings(retriever_adapter, cache)
    names = archive_names(wholes)
    expected = sum(1 + (BARE + SWAPPED * 0.7 if whole.gold else 0) for whole in wholes)
    optimizer, schedule = _optimizer(model, int(epochs * (expected // QUESTIONS + 1)))
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    started = time.perf_counter()
    for epoch in range(epochs):
        losses = []
        for few in _batches(wholes, names, chooser):
            mine = few[rank::WORKERS]
            optimizer.zero_grad(set_to_none=False)
            if mine:
                with torch.autocast("cpu", dtype=torch.bfloat16):
                    loss = loss_of(model, Batch(tokenizer, mine), mine) * len(mine) / len(few)
                loss.backward()
                losses.append(float(loss.detach()) * len(few) / len(mine))
            _add_up(parameters)
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            if rank == 0 and len(losses) % 50 == 0:
                print(f"{len(losses)} steps: loss {sum(losses[-50:]) / 50:.3f}, {_since(started)}", flush=True)
        if rank == 0:
            mean = sum(losses) / len(losses)
            print(f"epoch {epoch + 1}: loss {mean:.3f}, {_since(started)}, {len(wholes)} questions", flush=True)
            torch.save(model.state_dict(), out / "joint.pt")
            export(model, out, len(wholes))


def _since(started: float) -> str:
    return f"{time.perf_counter() - started:.0f} s"


def _add_up(parameters: Sequence[nn.Parameter]) -> None:
    """Give every process the sum of all processes' gradients."""
    flat = torch.cat([(p.grad if p.grad is not None else torch.zeros_like(p)).flatten() for p in parameters])
    distributed.all_reduce(flat)
    for parameter, values in zip(parameters, flat.split([p.numel() for p in parameters]), strict=True):
        parameter.grad = values.view_as(parameter)


def readings(retriever_adapter: Path, cache: Path) -> list[Reading]:
    """The train part's questions with their passages; kept in `cache`, for retrieval takes minutes."""
    kept = cache / "readings.pickle"
    if kept.is_file():
        return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]
    items = [item for item in load_items() if item.part == "train"]
    found = [reading(item, retriever_adapter, cache) for item in items]
    wholes = [whole for whole in found if whole.gold or not whole.item.answerable]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(wholes))
    return wholes


def archive_names(wholes: Sequence[Reading]) -> dict[str, list[str]]:
    """The names that the questions of each archive ask about."""
    names: dict[str, set[str]] = {}
    for whole in wholes:
        names.setdefault(whole.item.archive, set()).update(names_of(whole.question))
    return {archive: sorted(found) for archive, found in names.items()}


def _optimizer(model: JointReader, steps: int) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    head = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    encoder = [p for p in model.encoder.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW([{"params": encoder, "lr": RATE}, {"params": head, "lr": 1e-3}], weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (WARM_UP * steps)) * max(0.02, 1 - s / steps)
    )
    return optimizer, schedule


def fresh() -> tuple[JointReader, object]:
    """An untrained joint reader over the packaged encoder, and its tokenizer."""
    from sentence_transformers import SentenceTransformer

    base = SentenceTransformer(str(packaged_model_path()), device="cpu", local_files_only=True)
    encoder = base[0].auto_model
    encoder.train()
    encoder.embeddings.requires_grad_(False)
    return JointReader(encoder, encoder.config.hidden_size), base.tokenizer


def _batches(wholes: Sequence[Reading], names: dict[str, list[str]], chooser: random.Random) -> Iterator[list[Reading]]:
    """Every question once in random passages, and a part of the answerable ones made unanswerable: their answer taken
    out, or a name or number exchanged."""
    made: list[Reading] = []
    for whole in wholes:
        made.append(sampled(whole, chooser))
        if whole.gold and chooser.random() < BARE:
            bare = without_answer(whole)
            if bare is not None:
                made.append(sampled(bare, chooser))
        if whole.gold and not whole.item.record.get("history") and chooser.random() < SWAPPED:
            near = nearly_asked(sampled(whole, chooser), names[whole.item.archive], chooser)
            if near is not None:
                made.append(near)
    chooser.shuffle(made)
    for first in range(0, len(made), QUESTIONS):
        yield made[first : first + QUESTIONS]


def nearly_asked(whole: Reading, names: Sequence[str], chooser: random.Random) -> Reading | None:
    """The reading with a name or number of its question exchanged, so that its passages answer no more."""
    evidence = " ".join(with_header(whole.passages[p]) for p in sorted({p for p, _ in whole.gold}))
    question = swapped(whole.question, evidence, names, chooser)
    return None if question is None else replace(whole, question=question, gold=frozenset())


def export(model: JointReader, out: Path, questions: int, rank: int = RANK) -> None:
    """Write what training changed as a low-rank adapter (singular values beyond `rank` are dropped) with its card."""
    before = dict(fresh()[0].encoder.named_parameters())
    weights = {}
    for name, after in model.encoder.named_parameters():
        change = (after - before[name]).detach()
        if "encoder.layer" in name and change.ndim == 2:
            left, values, right = torch.linalg.svd(change, full_matrices=False)
            root = values[:rank].sqrt()
            weights[f"{name.removesuffix('.weight')}.up"] = left[:, :rank] * root
            weights[f"{name.removesuffix('.weight')}.down"] = root[:, None] * right[:rank]
        elif change.ndim == 1:
            weights[f"change.{name}"] = change
    head = {f"head.{name.removeprefix('head.')}": p for name, p in model.named_parameters() if "encoder." not in name}
    weights |= {name: p.detach() for name, p in head.items()}
    file = out / "joint.safetensors"
    save_file({name: values.to(torch.bfloat16).contiguous() for name, values in weights.items()}, str(file))
    card = {
        "base": "all-MiniLM-L6-v2",
        "scale": 1.0,
        "rank": rank,
        "questions": questions,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    (out / "joint.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--retriever", type=Path, default=Path("index/reader"))
    parser.add_argument("--cache", type=Path, default=Path("/tmp/newsletter-training/vectors"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--begin", type=Path, help="weights (joint.pt) to go on from")
    options = parser.parse_args()
    train(options.retriever, options.cache, options.out, options.epochs, options.begin)


if __name__ == "__main__":
    main()

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
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import distributed, multiprocessing, nn

from benchmarks.training.readings import Reading, archive_names, batches, expected_readings, readings
from index.embedding import packaged_model_path, sentence_tokens, with_header
from index.passage import Passage

RATE, EPOCHS, QUESTIONS, WARM_UP, MAX_TOKENS, RANK, GROUPS, WORKERS = 5e-5, 4, 8, 0.06, 288, 64, 3, 2


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
            for sentence, tokens_inside in enumerate(sentence_tokens(passage, offsets[row].numpy())):
                inside = torch.from_numpy(tokens_inside) & second
                if inside.any():
                    rows.append(row)
                    insides.append(inside)
                    self.owner.append((number, place, sentence))
        if rows:
            group = Group(
                dict(tokens), torch.stack(questions).float(), torch.tensor(rows), torch.stack(insides).float()
            )
            self.groups.append(group)


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
    optimizer, schedule = _optimizer(model, int(epochs * (expected_readings(wholes) // QUESTIONS + 1)))
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    started = time.perf_counter()
    for epoch in range(epochs):
        losses = []
        for few in batches(wholes, names, chooser, QUESTIONS):
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

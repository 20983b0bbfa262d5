"""Training: the loss of each head, batches of like length, checkpoints from which a stopped run goes on."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from eval.train.network import CrossEncoder, QuestionReader, freeze
from eval.train.rows.pairs import Group, Pair
from rag.neural.packing import LISTED_PIECES, MOST_PIECES, Packed, pack


@dataclass(frozen=True)
class Plan:
    """Passes, the body's peak rate and its least share at the end, pieces and pairs in a batch, seed, layers."""

    epochs: int = 2
    rate: float = 6e-5
    batch_pieces: int = 4000
    batch_pairs: int = 64
    warm: float = 0.06
    least: float = 0.02
    seed: int = 1
    layers: int = 6


_UNMARKED = -100  # what the cross-entropy passes over


@dataclass(frozen=True)
class Batch:
    """Pairs with their pieces side by side, padded: `ids`, `types`, `mask`, `marks` of the shape (pairs, length)."""

    pairs: tuple[Pair, ...]
    groups: tuple[int, ...]
    ids: Tensor
    types: Tensor
    mask: Tensor
    marks: Tensor


def packed(tokenizer: Any, pair: Pair) -> Packed:
    """The pieces of a pair."""
    return pack(tokenizer, pair.text, pair.title, pair.sentences, most=LISTED_PIECES if pair.short else MOST_PIECES)


def batch_of(chosen: Sequence[tuple[int, Pair, Packed]]) -> Batch:
    """Pairs, each with the number of its group and its pieces, as one batch."""
    length = max(len(row.ids) for _, _, row in chosen)

    def padded(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
        return torch.tensor([[*row, *[filler] * (length - len(row))] for row in rows])

    ids = padded([row.ids for _, _, row in chosen], 0)
    return Batch(
        tuple(pair for _, pair, _ in chosen),
        tuple(group for group, _, _ in chosen),
        ids,
        padded([row.types for _, _, row in chosen], 0),
        padded([[1] * len(row.ids) for _, _, row in chosen], 0),
        padded([marks_of(pair, row) for _, pair, row in chosen], _UNMARKED),
    )


def marks_of(pair: Pair, row: Packed) -> list[int]:
    """What each piece of a run is, by the marks of its question; nothing is known of what is no word of it."""
    if pair.marks is None:
        return [_UNMARKED] * len(row.ids)
    inside = [next((mark for a, b, mark in pair.marks if a <= start and end <= b), 0) for start, end in row.spans]
    return [_UNMARKED, *inside, *[_UNMARKED] * (len(row.ids) - len(inside) - 1)]


def loss_of(network: CrossEncoder, batch: Batch) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch, and its parts by the name of their head."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halved()):
        answer, meant, asks, bears = (logits.float() for logits in network(batch.ids, batch.types, batch.mask))
    answers, about, asked, borne = [], [], [], []
    sentences: dict[int, list[tuple[Tensor, float]]] = {}
    papers: dict[int, list[tuple[Tensor, float]]] = {}
    statements: dict[int, list[tuple[Tensor, float]]] = {}
    for n, pair in enumerate(batch.pairs):
        if pair.answers is not None:
            answers.append(functional.binary_cross_entropy_with_logits(answer[n], torch.tensor(pair.answers)))
            sentences.setdefault(batch.groups[n], []).append((answer[n], pair.answers))
        if pair.about is not None:
            if pair.answers is None:
                papers.setdefault(batch.groups[n], []).append((meant[n], pair.about))
            about.append(functional.binary_cross_entropy_with_logits(meant[n], torch.tensor(pair.about)))
        if pair.asks is not None:
            asked.append(functional.binary_cross_entropy_with_logits(asks[n], torch.tensor(pair.asks)))
        if pair.bears is not None:
            borne.append(functional.cross_entropy(bears[n], torch.tensor(pair.bears)))
            supported = bears[n][0] - torch.logsumexp(bears[n][1:], dim=0)
            statements.setdefault(batch.groups[n], []).append((supported, float(pair.bears == 0)))
    parts = {
        "answers": (answers, 1.0),
        "choice": (listwise(sentences.values()), 0.3),
        "about": (about, 0.4),
        "meant": (listwise(papers.values()), 0.3),
        "asks": (asked, 1.0),
        "bears": (borne, 1.0),
        "borne": (listwise(statements.values()), 0.5),
    }
    total, told = answer.new_zeros(()), {}
    for name, (losses, weight) in parts.items():
        if losses:
            total = total + weight * torch.stack(losses).sum() / len(batch.pairs)
            told[name] = float(torch.stack(losses).detach().mean())
    return total, told


def question_loss(network: QuestionReader, batch: Batch) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch of questions alone, and its parts by the name of their head."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halved()):
        asks, *yes_or_no, marks = (logits.float() for logits in network(batch.ids, batch.types, batch.mask))
    parts: dict[str, list[Tensor]] = {name: [] for name in network.outputs}
    for n, pair in enumerate(batch.pairs):
        if pair.asks is not None:
            parts["asks"].append(functional.binary_cross_entropy_with_logits(asks[n], torch.tensor(pair.asks)))
        for name, logits in zip(network.outputs[1:-1], yes_or_no, strict=True):
            if (target := getattr(pair, name)) is not None:
                parts[name].append(functional.binary_cross_entropy_with_logits(logits[n], torch.tensor(target)))
        if pair.marks is not None:
            parts["marks"].append(functional.cross_entropy(marks[n], batch.marks[n], ignore_index=_UNMARKED))
    found = {name: torch.stack(losses) for name, losses in parts.items() if losses}
    total = asks.new_zeros(()) + sum(losses.sum() for losses in found.values()) / len(batch.pairs)
    return total, {name: float(losses.detach().mean()) for name, losses in found.items()}


def halved() -> bool:
    """True where the processor multiplies bfloat16 by itself; elsewhere it would be slower than 32 bits are."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("amx_bf16") or able.get("avx512_bf16"))


def listwise(groups: Iterable[Sequence[tuple[Tensor, float]]]) -> list[Tensor]:
    """For each group of logits with their targets the cross-entropy of its softmax; of those where some are right."""
    found = []
    for rows in groups:
        target = torch.tensor([much for _, much in rows])
        if len(rows) > 1 and float(target.sum()) > 0:
            logits = torch.stack([logit for logit, _ in rows])
            found.append(-(target / target.sum() * functional.log_softmax(logits, dim=0)).sum() * len(rows))
    return found


def batches(tokenizer: Any, groups: Sequence[Group], plan: Plan, dice: random.Random) -> Iterator[Batch]:
    """All groups in batches of at most `plan.batch_pieces`, groups of like length together, batches in random order."""
    rows = []
    for n, group in enumerate(groups):
        read = [(n, pair, packed(tokenizer, pair)) for pair in group.pairs]
        rows.append((max(len(row.ids) for _, _, row in read) * (1 + 0.1 * dice.random()), read))
    rows.sort(key=lambda row: row[0])
    made: list[list[tuple[int, Pair, Packed]]] = []
    open_: list[tuple[int, Pair, Packed]] = []
    for _, read in rows:
        longest = max(len(row.ids) for _, _, row in (*open_, *read))
        count = len(open_) + len(read)
        if open_ and (longest * count > plan.batch_pieces or count > plan.batch_pairs):
            made.append(open_)
            open_ = []
        open_ = [*open_, *read]
    made += [open_] if open_ else []
    dice.shuffle(made)
    yield from map(batch_of, made)


def train(
    network: nn.Module, tokenizer: Any, groups_of: Callable[[random.Random], Sequence[Group]], plan: Plan, folder: Path,
    *, told: Callable[[str], None], loss: Callable[[Any, Batch], tuple[Tensor, dict[str, float]]],
) -> None:  # fmt: skip
    """Train in place; after each pass the weights are in `folder`, from which a stopped run goes on.

    `groups_of` draws the groups of a pass, so that each pass meets other near misses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(plan.seed)
    drawn = [
        list(batches(tokenizer, groups_of(dice := random.Random(plan.seed * 100 + n)), plan, dice))
        for n in range(plan.epochs)
    ]
    steps = sum(map(len, drawn))
    rates = freeze(network)
    optimizer = torch.optim.AdamW(
        [{"params": rate["params"], "lr": plan.rate * rate["scale"]} for rate in rates], weight_decay=0.01
    )
    warm = max(1, int(plan.warm * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(plan.least, (steps - step) / max(1, steps - warm)))
    )
    kept = folder / "checkpoint.pt"
    first = 0
    if kept.exists():
        state = torch.load(kept, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        first = state["epoch"]
        told(f"going on after pass {first}")
    begun, step = time.monotonic(), sum(map(len, drawn[:first]))
    recent: dict[str, list[float]] = {}
    for epoch in range(first, plan.epochs):
        network.train()
        for batch in drawn[epoch]:
            optimizer.zero_grad(set_to_none=True)
            total, parts = loss(network, batch)
            total.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            for name, value in parts.items():
                recent.setdefault(name, []).append(value)
            if step % 50 == 0:
                shown = " ".join(f"{name} {sum(values) / len(values):.3f}" for name, values in sorted(recent.items()))
                told(f"step {step} of {steps}, {time.monotonic() - begun:.0f} s: {shown}")
                recent = {}
        torch.save(
            {
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "epoch": epoch + 1,
            },
            kept,
        )
    torch.save(network.state_dict(), folder / "weights.pt")
    (folder / "plan.json").write_text(json.dumps({**vars(plan), "steps": steps}, indent=1))

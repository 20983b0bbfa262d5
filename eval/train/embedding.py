"""Training of the embedder: a question is drawn to the passages of the papers that it means, and away from others.

The loss is the cross-entropy of the likenesses of a question to the passages of its batch, its own first (InfoNCE, van
den Oord et al. 2018), among them those of papers that retrieval finds for it though it does not mean them. The weights
are then a mean of those that were trained and of the base (WiSE-FT, Wortsman et al., CVPR 2022), which keeps what the
base knows of other text.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from eval.train.data import Abstract, Data, Mined, meant_by
from eval.train.fit import halved
from eval.train.network import freeze_encoder, mean_of
from rag.model import Paper
from rag.text import shown
from rag.text.passages import passages
from rag.text.tokens import count_tokens

_PASSAGE_TOKENS = 96
_SCALE = 20.0  # one over the temperature
_OTHERS = 10  # of so many papers that are found and not meant one is drawn
_ON_SUBJECT = 6
_ANSWERING = 0.7  # how often a passage with a sentence that answers is drawn, before any of its paper


@dataclass(frozen=True)
class Plan:
    """Passes, questions in a batch, the peak rate, layers left as they are, the share of what was trained, seed."""

    epochs: int = 2
    batch: int = 64
    rate: float = 4e-5
    frozen: int = 1
    share: float = 1.0
    seed: int = 1


@dataclass(frozen=True)
class Row:
    """A question or subject, a paper that it means, the sentences that answer, and papers near it that it does not."""

    text: str
    paper: str
    answering: tuple[int, ...]
    others: tuple[str, ...]


class Passages:
    """The passages of papers as the library embeds them, each with the numbers of its sentences."""

    def __init__(self, papers: dict[str, Abstract]) -> None:
        self._papers = papers
        self._cut: dict[str, list[tuple[str, frozenset[int]]]] = {}

    def draw(self, paper_id: str, answering: Sequence[int], dice: random.Random) -> str:
        """One passage of a paper, with its title; oftener one that has a sentence that answers."""
        if paper_id not in self._cut:
            self._cut[paper_id] = list(self._passages(self._papers[paper_id]))
        every = self._cut[paper_id]
        good = [text for text, numbers in every if numbers & set(answering)]
        return dice.choice(good) if good and dice.random() < _ANSWERING else dice.choice(every)[0]

    @staticmethod
    def _passages(paper: Abstract) -> Iterator[tuple[str, frozenset[int]]]:
        ends, text = [], ""
        for sentence in paper.sentences:
            text += sentence + " "
            ends.append(len(text) - 1)
        whole = Paper(id=paper.id, title=paper.title, abstract=text.strip())
        for passage in passages(whole, budget_tokens=_PASSAGE_TOKENS, count=count_tokens):
            inside = frozenset(n for n, end in enumerate(ends) if passage.start < end <= passage.end)
            yield f"{shown(paper.title)}. {passage.text}", inside


def rows_of(data: Data, mined: Mined) -> list[Row]:
    """A row for each question and each of two papers that it means, and for each subject and some papers on it."""
    rows = []
    for row in data.questions:
        meant = [key for key in meant_by(row) if key in data.papers]
        others = tuple(k for k, _ in mined.get(row["question"], ()) if k not in meant and k in data.papers)[:_OTHERS]
        for key in meant[:2]:
            answering = (*row["gold"].get(key, ()), *row["part"].get(key, ()))
            rows.append(Row(row["question"], key, answering, others))
    for row in data.subjects:
        beside = tuple(key for key in row["pool"] if key not in row["yes"] and key not in row["partly"])
        rows += [Row(row["subject"], key, (), beside) for key in row["yes"][:_ON_SUBJECT]]
    return rows


def train(
    encoder: nn.Module, tokenizer: Any, rows: list[Row], texts: Passages, plan: Plan, *, told: Callable[[str], None]
) -> None:
    """Train an encoder in place."""
    torch.manual_seed(plan.seed)
    dice = random.Random(plan.seed)
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    trained = freeze_encoder(encoder, plan.frozen)
    optimizer = torch.optim.AdamW(trained, lr=plan.rate, weight_decay=0.01)
    each = len(rows) // plan.batch
    steps = each * plan.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1.0, (n + 1) / 20) * (0.02 + 0.49 * (1 + math.cos(math.pi * n / steps)))
    )
    begun, losses = time.monotonic(), []
    for step in range(steps):
        if step % each == 0:
            dice.shuffle(rows)
        batch = rows[step % each * plan.batch :][: plan.batch]
        loss = loss_of(encoder, tokenizer, batch, texts, dice)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 20 == 0:
            told(f"step {step + 1} of {steps}, {time.monotonic() - begun:.0f} s: {sum(losses[-20:]) / 20:.3f}")
    after = encoder.state_dict()
    encoder.load_state_dict(
        {
            name: torch.lerp(before[name], now, plan.share) if now.is_floating_point() else now
            for name, now in after.items()
        }
    )


def loss_of(encoder: nn.Module, tokenizer: Any, batch: Sequence[Row], texts: Passages, dice: random.Random) -> Tensor:
    """The loss of a batch, questions among passages and passages among questions."""
    own = [texts.draw(row.paper, row.answering, dice) for row in batch]
    drawn = [dice.choice(row.others) for row in batch if row.others]
    vectors = embedded(
        encoder, tokenizer, [*(row.text for row in batch), *own, *(texts.draw(key, (), dice) for key in drawn)]
    )
    asked, said = vectors[: len(batch)], vectors[len(batch) :]
    owners = [*(row.paper for row in batch), *drawn]
    same = torch.tensor([[key == row.paper and k != n for k, key in enumerate(owners)] for n, row in enumerate(batch)])
    likeness = (_SCALE * asked @ said.T).masked_fill(same, -1e4)
    right = torch.arange(len(batch))
    back = functional.cross_entropy(likeness[:, : len(batch)].T, right)
    return functional.cross_entropy(likeness, right) + 0.3 * back


def embedded(encoder: nn.Module, tokenizer: Any, texts: Sequence[str], *, at_once: int = 64) -> Tensor:
    """Vectors of unit length, shape (len(texts), size); texts of like length are read together."""
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    found: dict[int, Tensor] = {}
    for first in range(0, len(order), at_once):
        part = order[first : first + at_once]
        pieces = [tokenizer.encode(texts[n]).ids for n in part]
        longest = max(map(len, pieces))
        ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in pieces])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in pieces])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halved()):
            states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        unit = functional.normalize(mean_of(states.float(), mask), dim=-1)
        found |= dict(zip(part, unit, strict=True))
    return torch.stack([found[n] for n in range(len(texts))])

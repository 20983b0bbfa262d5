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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from eval.train.fit import halved
from eval.train.network import freeze_encoder, mean_of
from eval.train.rows.meant import Passages, Row

_SCALE = 20.0  # one over the temperature


@dataclass(frozen=True)
class Plan:
    """Passes, questions in a batch, the peak rate, layers left as they are, the share of what was trained, seed."""

    epochs: int = 2
    batch: int = 64
    rate: float = 4e-5
    frozen: int = 1
    share: float = 1.0
    seed: int = 1


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

"""Whether more questions would help: the head that answers, after as many steps on a part of them as on all.

Of each question one sentence that answers is read and one that does not, a third of what `fit` reads in a pass: the
three trainings took 100 minutes of one core.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from eval.metrics.brier import area
from eval.metrics.interval import Estimate, estimate
from eval.metrics.score import Score
from eval.train.fit import batch_of, packed
from eval.train.network import CrossEncoder
from eval.train.rows.data import Data, meant_by
from eval.train.rows.pairs import Group, Pair

SHARES = (0.25, 0.5, 1.0)
_AT_ONCE = 32
_RIGHT, _BESIDE = 1, 1  # sentences read of a question


@dataclass(frozen=True)
class Point:
    """What a network says of the questions of a split, each held against every sentence of the papers that it means.

    `first` is the share of questions with an answer whose likeliest sentence is one that answers, or a part; `area` is
    that under the curve of its logit, by which questions with an answer are told from those without.
    """

    first: Estimate | None
    area: float


def thinned(data: Data, dice: random.Random) -> list[Group]:
    """The questions that mean a paper, each with a sentence that answers, where one does, and one that does not."""
    found = []
    for group in filter(lambda group: group.pairs, data.question_groups(dice)):
        right = [pair for pair in group.pairs if pair.answers]
        beside = [pair for pair in group.pairs if not pair.answers]
        found.append(Group((*right[:_RIGHT], *beside[:_BESIDE]), group.origin))
    return found


def point(network: CrossEncoder, tokenizer: Any, data: Data) -> Point:
    """The figures of a network, without calibration and retrieval."""
    network.eval()
    first, best, answered = [], [], []
    for row in filter(meant_by, data.questions):
        read = [(key, n) for key in meant_by(row) for n in range(len(data.papers[key].sentences))]
        logits = _logits(network, tokenizer, [_pair(row["question"], data, key, n) for key, n in read])
        key, n = read[int(np.argmax(logits))]
        right = {(key, n) for kind in ("gold", "part") for key, places in row[kind].items() for n in places}
        best.append(float(logits.max()))
        answered.append(bool(right))
        if right:
            first.append(Score(float((key, n) in right)))
    return Point(estimate(first), area(np.array(best), np.array(answered, dtype=float)))


def _pair(question: str, data: Data, key: str, n: int) -> Pair:
    paper = data.papers[key]
    return Pair(question, paper.title, (paper.sentences[n],))


def _logits(network: CrossEncoder, tokenizer: Any, pairs: Sequence[Pair]) -> np.ndarray[Any, np.dtype[np.float64]]:
    found = []
    for begin in range(0, len(pairs), _AT_ONCE):
        batch = batch_of([(0, pair, packed(tokenizer, pair)) for pair in pairs[begin : begin + _AT_ONCE]])
        with torch.inference_mode():
            found.append(network(batch.ids, batch.types, batch.mask)[0].double().numpy())
    return np.concatenate(found)


def table(points: Sequence[tuple[str, int, Sequence[Point]]], splits: Sequence[str]) -> str:
    """Rows of a Markdown table: a share, its questions, and the two figures of each split."""
    lines = [
        "| questions | share | " + " | ".join(f"{name}: first | {name}: area" for name in splits) + " |",
        "| ---: | ---: |" + " ---: | ---: |" * len(splits),
    ]
    for share, count, row in points:
        cells = [f"{_shown(one.first)} | {one.area:.3f}" for one in row]
        lines.append(f"| {count:,} | {share} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _shown(one: Estimate | None) -> str:
    return f"{one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]" if one else "none"

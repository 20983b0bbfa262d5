"""Columns of tables as they are trained on: each cell by itself, its paper's sentences that fill it beside others."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from eval.train.rows.pairs import Abstract, Group, Pair, hard
from rag.answers.across.columns import column_of
from rag.neural.heads import ASKS

NEARLY = 0.3
"""How much a sentence that comes near to filling a cell counts as one that does."""
_READ = 5  # sentences of a cell in one pass


def column_groups(
    rows: Sequence[Mapping[str, Any]], papers: Mapping[str, Abstract], dice: random.Random
) -> list[Group]:
    """A group for each cell of each column: half of them have nothing that fills it."""
    groups = []
    for row in rows:
        question = column_of(row["column"], lambda _: dict.fromkeys(ASKS, 0.0)).question
        for key, gold in row["gold"].items():
            paper, part = papers[key], row["part"].get(key, ())
            pairs = [
                Pair(question, paper.title, (sentence,), 1.0 if n in gold else NEARLY if n in part else 0.0)
                for n, sentence in enumerate(paper.sentences)
            ]
            told, silent = [pair for pair in pairs if pair.answers], [pair for pair in pairs if not pair.answers]
            groups.append(Group((*told, *hard(question, silent, _READ - len(told), dice)), row))
    return groups

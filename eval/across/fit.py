"""The weights of what speaks for a sentence filling a cell, fitted on the tables of the split "dev": `--fit`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from rag import Assistant
from rag.answers.across.cells import Asked, bare_of, signals
from rag.answers.across.columns import column_of
from rag.answers.candidates import Candidate
from rag.neural import Read
from rag.neural.embedder import make_embedder
from rag.text import normal

_STAY, _STEPS, _RATE = 1.0, 6000, 0.5  # how much weights stay near 0; steps, and how long each is


def fitted(assistant: Assistant, tables: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Logistic regression of "the sentence has words of the gold" on its signals; "bias" is among the weights."""
    rows = list(_sentences(assistant, tables))
    names = list(rows[0][0])
    x = np.array([[found[name] for name in names] + [1.0] for found, _ in rows])
    y = np.array([told for _, told in rows], dtype=float)
    weights = np.zeros(len(names) + 1)
    for _ in range(_STEPS):
        miss = 1 / (1 + np.exp(-x @ weights)) - y
        slope = (x.T @ miss + _STAY * np.append(weights[:-1], 0.0)) / len(y)
        weights -= _RATE * slope
    return dict(zip([*names, "bias"], map(float, weights.round(2)), strict=True))


def _sentences(assistant: Assistant, tables: Sequence[Mapping[str, Any]]) -> Iterator[tuple[dict[str, float], bool]]:
    """The signals of each sentence of the papers of tables for each column, and whether it has words of the gold."""
    query = make_embedder("minilm").query
    for table in tables:
        read = {row["paper"]: _candidate(assistant, row["paper"]) for row in table["rows"]}
        for place, heading in enumerate(table["columns"]):
            column = column_of(heading, assistant.judge.wants)
            asked = Asked(column, bare_of(heading), query(bare_of(heading)))
            for row in table["rows"]:
                gold, one = row["cells"][place], read[row["paper"]]
                if column.field or gold is None:
                    continue
                texts = [one.sentence(n) for n in range(len(one.spans))]
                judged = assistant.judge.encoder.read(column.question, [Read(one.title, (text,)) for text in texts])
                for text, vector, answer in zip(texts, one.vectors, judged, strict=True):
                    told = any(word and normal(word) in normal(text) for word in gold)
                    yield signals(asked, text, float(vector @ asked.vector), answer.answers), told


def _candidate(assistant: Assistant, paper_id: str) -> Candidate:
    """A paper as retrieval hands it on, found by its title."""
    (paper,) = [paper for paper in assistant.papers() if paper.id == paper_id]
    return next(c for c in assistant.candidates(paper.title)[2] if c.paper.id == paper_id)

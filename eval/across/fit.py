"""The weights of what speaks for a sentence filling a cell, fitted on tables with gold: `--fit`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from rag import Assistant
from rag.answers.across.cells import asked_of, sentence_signals
from rag.answers.across.columns import column_of
from rag.answers.across.subjects import subject_signals
from rag.answers.calibration import weighed
from rag.text import normal, shown

Cells = list[tuple[list[Mapping[str, float]], list[bool], bool]]
"""For each cell what speaks for each sentence that is read, which of them has words of the gold, may it be empty."""

_STAY, _STEPS = 1.0, 30  # how much standardised weights stay near 0; steps of Newton's method


def fitted(cells: Cells) -> dict[str, float]:
    """Logistic regression of "the sentence has words of the gold" on its signals; "bias" is among the weights."""
    names = list(cells[0][0][0])
    x = np.array([[one[name] for name in names] for told, _, _ in cells for one in told])
    y = np.array([right for _, rights, _ in cells for right in rights], dtype=float)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.column_stack(((x - mean) / spread, np.ones(len(x))))
    stay = np.diag([_STAY] * len(names) + [0.0])
    weights = np.zeros(len(names) + 1)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-z @ weights))
        slope = z.T @ (chance - y) + stay @ weights
        weights -= np.linalg.solve((z.T * (chance * (1 - chance))) @ z + stay, slope)
    plain = weights[:-1] / spread
    return dict(zip([*names, "bias"], map(float, np.append(plain, weights[-1] - plain @ mean).round(2)), strict=True))


def lines(tables: Mapping[str, Cells]) -> Iterator[str]:
    """For each line how many cells are right, how many of the filled, and how many with gold are filled.

    With weights from all tables but the cell's own.
    """
    sums: list[tuple[float, bool, bool]] = []
    for name, cells in tables.items():
        weights = fitted([cell for other, own in tables.items() if other != name for cell in own])
        for told, right, empty in cells:
            best = max(range(len(told)), key=lambda n: weighed(weights, told[n]))
            sums.append((weighed(weights, told[best]), right[best], empty))
    for line in np.arange(-0.5, 0.6, 0.1).round(1):
        filled = [right for total, right, _ in sums if total >= line]
        all_right = [right if total >= line else empty for total, right, empty in sums]
        wanted = [total >= line for total, _, empty in sums if not empty]
        yield f"{line}: right {np.mean(all_right):.3f}, of filled {np.mean(filled):.3f}, filled {np.mean(wanted):.3f}"


def cells_of(assistant: Assistant, tables: Sequence[Mapping[str, Any]]) -> dict[str, Cells]:
    """By the names of tables their cells that have gold and are not of the metadata."""
    found: dict[str, Cells] = {}
    for table in tables:
        stored = assistant._retriever.stored([row["paper"] for row in table["rows"]])
        cells: Cells = []
        for place, heading in enumerate(table["columns"]):
            asked = asked_of(column_of(heading, lambda text: assistant.judge.heard(text).asks), assistant._embedder)
            for row in table["rows"]:
                gold, one = row["cells"][place], stored[row["paper"]]
                if asked.column.field or gold is None:
                    continue
                read = sentence_signals(asked, one, assistant._reader)
                texts = [normal(shown(one.paper.abstract[slice(*one.sentence_spans[n])])) for n in read]
                right = [any(word and normal(word) in text for word in gold) for text in texts]
                cells.append((list(read.values()), right, not gold or "" in gold))
        found[table["table"]] = cells
    return found


def subjects_of(assistant: Assistant, subjects: Sequence[Mapping[str, Any]]) -> dict[str, Cells]:
    """By subject what speaks for each paper that may be on it, and which are gold; those on its border are left out."""
    found: dict[str, Cells] = {}
    for row in subjects:
        judged, vector, _ = assistant._judged(row["subject"])
        told = zip(judged, subject_signals(judged, vector), strict=True)
        clear = [
            (one, stored.paper.id in row["yes"]) for (stored, _, _), one in told if stored.paper.id not in row["partly"]
        ]
        found[row["subject"]] = [([one for one, _ in clear], [right for _, right in clear], False)]
    return found

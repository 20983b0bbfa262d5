"""The cells of a table: which sentence of a paper answers a column, and the words of it that say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rag.answers.across.columns import shared_terms
from rag.answers.across.spans import shortest
from rag.answers.calibration import logistic, weighed
from rag.answers.metadata.shortlist import value
from rag.grounding.verdict import check
from rag.library.flat_records import StoredPaper
from rag.model import date_shown
from rag.model.findings import Cell, Column, Quoted
from rag.neural import CrossEncoder, Read
from rag.neural.embedder import Vectors
from rag.text import shown
from rag.text.figures import figures

# Fitted on the four tables of the split "dev" with earlier networks. Fitted anew more cells are filled (0.56 of those
# with gold for 0.38, `python -m eval across`), and fewer of the filled ones are right (0.59 for 0.75).
WEIGHTS: Mapping[str, float] = {
    "answers": 0.4, "near": 1.61, "terms": 1.38, "figure": 1.63, "asks": 0.63, "asks_terms": 1.61,
    "asks_figure": -2.73, "bias": -2.49,
}  # fmt: skip
LINE = -0.2
"""The sum of what speaks for a sentence from which on it fills a cell."""

_READ = 3
"""So many sentences of a paper are read for a cell at most: those nearest to the column by vector and terms."""
_HIGHEST = 3.5
"""The largest logit of an answer: a sentence that would not fill the cell with it is not read."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A column as it is asked: its terms without the words around them, and their vector, shape (dimension,)."""

    column: Column
    bare: str
    vector: Vectors


def bare_of(heading: str) -> str:
    """A heading without its question mark."""
    return heading.rstrip("? ")


def signals(asked: Asked, text: str, near: float, answers: float) -> dict[str, float]:
    """What speaks for a sentence answering a column."""
    asks = float(asked.column.heading.endswith("?"))
    figure = float(any(not found.spelled or found.unit for found in figures(text)))
    share = shared_terms(asked.bare, text)
    return {
        "answers": answers, "near": near, "terms": share, "figure": figure, "asks": asks, "asks_terms": asks * share,
        "asks_figure": asks * figure,
    }  # fmt: skip


def cell(asked: Asked, stored: StoredPaper, encoder: CrossEncoder) -> Cell:
    """What a paper says under a column."""
    if asked.column.field:
        return _fact(asked.column.field, stored)
    question, title = asked.column.question, shown(stored.paper.title)
    likely = nearest(asked, stored)
    texts = [shown(stored.paper.abstract[slice(*stored.sentence_spans[n])]) for n in likely]
    judged = encoder.read(question, [Read(title, (text,)) for text in texts])
    sums = [
        weighed(WEIGHTS, signals(asked, text, _near(asked, stored, n), one.answers))
        for n, text, one in zip(likely, texts, judged, strict=True)
    ]
    best = max(range(len(sums)), key=lambda n: sums[n], default=None)
    if best is None or sums[best] < LINE:
        return Cell()
    start, end = stored.sentence_spans[likely[best]]
    sentence = stored.paper.abstract[start:end]
    needed = partial(_needed, question, title, encoder)
    first, last = shortest(sentence, _cheaply(asked), needed)
    quoted = Quoted(stored.paper, start, end)
    said = shown(sentence[first:last])
    return Cell(
        said, quoted, start + first, start + last, check(said, [stored.paper]).verdict, logistic(sums[best] - LINE)
    )


def nearest(asked: Asked, stored: StoredPaper) -> list[int]:
    """The positions of the sentences that may answer a column, by what costs nothing: vectors, terms and figures."""
    cheap: dict[int, float] = {}
    for n, (start, end) in enumerate(stored.sentence_spans):
        text = shown(stored.paper.abstract[start:end])
        cheap[n] = weighed(WEIGHTS, signals(asked, text, _near(asked, stored, n), _HIGHEST))
    likely = sorted(cheap, key=lambda n: (-cheap[n], n))[:_READ]
    return [n for n in likely if cheap[n] >= LINE]


def _near(asked: Asked, stored: StoredPaper, n: int) -> float:
    return float(stored.sentence_vectors[n] @ asked.vector) if stored.sentence_vectors.size else 0.0


def _cheaply(asked: Asked) -> Callable[[str], float]:
    def near(text: str) -> float:
        return weighed(WEIGHTS, signals(asked, shown(text), 0.0, 0.0))

    return near


def _needed(question: str, title: str, encoder: CrossEncoder, texts: Sequence[str]) -> list[float]:
    judged = encoder.read(question, [Read(title, (shown(text),)) for text in texts])
    return [WEIGHTS["answers"] * one.answers for one in judged]


def _fact(field: str, stored: StoredPaper) -> Cell:
    """The value of a field of the metadata; as exact as the source has it."""
    found = date_shown(stored.paper) if field == "published" else value(stored.paper, field)
    if not found:
        return Cell()
    said = ", ".join(map(str, found)) if isinstance(found, tuple) else str(found)
    quoted = Quoted(stored.paper, field=field, value=said)
    return Cell(said, quoted, verdict="supported", chance=1.0)

"""The cells of a table: which sentence of a paper answers a column, and the words of it that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answers.across.columns import shared_terms
from rag.answers.across.spans import shortest
from rag.answers.calibration import logistic
from rag.answers.metadata.shortlist import value
from rag.grounding.verdict import check
from rag.library.flat_records import StoredPaper
from rag.model import date_shown
from rag.model.findings import Cell, Column, Quoted
from rag.neural import CrossEncoder, Read
from rag.neural.embedder import Vectors
from rag.text import shown

LINE = 0.0
"""The logit that a sentence answers, from which on it fills a cell. Chosen on the tables of the split "dev"."""

_READ = 4
"""So many sentences of a paper are read for a cell at most: those nearest to the column by vector and terms."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A column as it is asked: its terms without the words around them, and their vector, shape (dimension,)."""

    column: Column
    bare: str
    vector: Vectors


def bare_of(heading: str) -> str:
    """A heading without its question mark."""
    return heading.rstrip("? ")


def cell(asked: Asked, stored: StoredPaper, encoder: CrossEncoder) -> Cell:
    """What a paper says under a column."""
    if asked.column.field:
        return _fact(asked.column.field, stored)

    def answering(texts: Sequence[str]) -> list[float]:
        reads = [Read(shown(stored.paper.title), (shown(text),)) for text in texts]
        return [one.answers for one in encoder.read(asked.column.question, reads)]

    likely = nearest(asked, stored)
    logits = answering([stored.paper.abstract[slice(*stored.sentence_spans[n])] for n in likely])
    best = max(range(len(logits)), key=lambda n: logits[n], default=None)
    if best is None or logits[best] < LINE:
        return Cell()
    start, end = stored.sentence_spans[likely[best]]
    sentence = stored.paper.abstract[start:end]
    first, last = shortest(sentence, answering)
    quoted, said = Quoted(stored.paper, start, end), shown(sentence[first:last])
    verdict = check(said, [stored.paper]).verdict
    return Cell(said, quoted, start + first, start + last, verdict, logistic(logits[best] - LINE))


def nearest(asked: Asked, stored: StoredPaper) -> list[int]:
    """The positions of the sentences that likely answer a column, by what costs nothing: vectors and terms."""
    fit = {
        n: shared_terms(asked.bare, stored.paper.abstract[start:end]) + _near(asked, stored, n)
        for n, (start, end) in enumerate(stored.sentence_spans)
    }
    return sorted(fit, key=lambda n: (-fit[n], n))[:_READ]


def _near(asked: Asked, stored: StoredPaper, n: int) -> float:
    return float(stored.sentence_vectors[n] @ asked.vector) if stored.sentence_vectors.size else 0.0


def _fact(field: str, stored: StoredPaper) -> Cell:
    """The value of a field of the metadata; as exact as the source has it."""
    found = date_shown(stored.paper) if field == "published" else value(stored.paper, field)
    if not found:
        return Cell()
    said = ", ".join(map(str, found)) if isinstance(found, tuple) else str(found)
    quoted = Quoted(stored.paper, field=field, value=said)
    return Cell(said, quoted, verdict="supported", chance=1.0)

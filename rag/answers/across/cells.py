"""The cells of a table: which sentence of a paper answers a column, and the words of it that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from rag.answers.across.columns import shared_terms
from rag.answers.across.spans import shortest
from rag.answers.calibration import logistic, weighed
from rag.answers.metadata.shortlist import value
from rag.grounding.verdict import check
from rag.library.flat_records import StoredPaper
from rag.model import date_shown
from rag.model.findings import Cell, Column, Quoted
from rag.neural import CrossEncoder, Read
from rag.neural.embedder import Embedder, Vectors
from rag.text import content_words, shown
from rag.text.figures import figures
from rag.text.kinds import fits, may_fill

# Fitted by `python -m eval across --fit` on the tables of the splits "dev" and "fields".
WEIGHTS: Mapping[str, float] = {
    "answers": 0.55, "words": 2.25, "figure": 0.66, "asks_figure": -2.6, "bias": -1.48
}  # fmt: skip
LINE, LINE_OF_YES_OR_NO = 0.1, -0.75
"""The sum from which on a sentence fills a cell. With weights from the other tables, of the cells of a table .71 are
right or rightly empty from 0.1 on and of those filled .77; below fewer of these are right, above fewer are filled.
The line of yes or no was chosen on the 48 such cells themselves."""

_READ = 4
"""So many sentences of a paper are read for a cell at most: those nearest to the column as a whole and by its words."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A column as it is asked: its terms without the words around them, their vector, shape (dimension,), and one for
    each of its words in the word space, shape (n_words, n_axes), with no columns where there is no such space."""

    column: Column
    bare: str
    vector: Vectors
    words: Vectors

    @property
    def yes_or_no(self) -> bool:
        """True where a heading asks whether something is so."""
        return self.column.heading.endswith("?")

    def value(self, text: str) -> bool:
        """True for words that may be all that a cell says: an amount, or what says yes or no."""
        if not self.yes_or_no and (told := fits(self.bare, text)) is not None:
            return told
        return self.yes_or_no or any(not found.spelled or found.unit for found in figures(text))


def asked_of(column: Column, embedder: Embedder) -> Asked:
    """A column with the vectors of its heading."""
    bare, space = column.heading.rstrip("? "), embedder.word_space
    vector, words = embedder.read(bare, content_words(bare) or [(0, len(bare))])
    return Asked(column, bare, vector, space.reduced(words) if space else words[:, :0])


def signals(asked: Asked, text: str, answers: float, words: float) -> dict[str, float]:
    """What speaks for a text answering a column; where yes or no is asked a figure seldom answers."""
    figure = float(any(not found.spelled or found.unit for found in figures(text)))
    return {"answers": answers, "words": words, "figure": figure, "asks_figure": figure * asked.yes_or_no}


def cell(asked: Asked, stored: StoredPaper, encoder: CrossEncoder) -> Cell:
    """What a paper says under a column."""
    if asked.column.field:
        return _fact(asked.column.field, stored)
    read = sentence_signals(asked, stored, encoder)
    if not asked.yes_or_no:
        texts = {n: shown(stored.paper.abstract[slice(*stored.sentence_spans[n])]) for n in read}
        read = {n: told for n, told in read.items() if may_fill(asked.bare, texts[n])}
    best, told = max(read.items(), key=lambda one: weighed(WEIGHTS, one[1]), default=(0, {}))
    total = weighed(WEIGHTS, told) if told else -np.inf
    line = LINE_OF_YES_OR_NO if asked.yes_or_no else LINE
    if total < line:
        return Cell()
    start, end = stored.sentence_spans[best]
    sentence = stored.paper.abstract[start:end]
    first, last = shortest(sentence, partial(_told, asked, shown(stored.paper.title), encoder), asked.value)
    quoted = Quoted(stored.paper, start, end)
    said = shown(sentence[first:last])
    return Cell(said, quoted, start + first, start + last, check(said, [stored.paper]).verdict, logistic(total - line))


def sentence_signals(asked: Asked, stored: StoredPaper, encoder: CrossEncoder) -> dict[int, dict[str, float]]:
    """What speaks for those sentences of a paper that may answer a column, by their positions."""
    texts = [shown(stored.paper.abstract[slice(*span)]) for span in stored.sentence_spans]
    near = stored.sentence_vectors @ asked.vector if stored.sentence_vectors.size else np.zeros(len(texts))
    words = np.array([shared_terms(asked.bare, text) for text in texts])
    if stored.word_vectors.size and asked.words.size:
        likeness = stored.word_vectors @ asked.words.T
        inside = [likeness[stored.word_sentences == n] for n in range(len(texts))]
        words = np.array([one.max(axis=0).mean() if len(one) else 0.0 for one in inside])
    likely = np.argsort(-(near + words), kind="stable")[:_READ]
    title = shown(stored.paper.title)
    judged = encoder.read(asked.column.question, [Read(title, (texts[n],)) for n in likely])
    return {
        int(n): signals(asked, texts[n], one.answers, float(words[n])) for n, one in zip(likely, judged, strict=True)
    }


def _told(asked: Asked, title: str, encoder: CrossEncoder, texts: Sequence[str]) -> list[float]:
    """How well each of some texts, parts of a sentence, answers a column."""
    read = list(map(shown, texts))
    judged = encoder.read(asked.column.question, [Read(title, (text,)) for text in read])
    return [
        weighed(WEIGHTS, signals(asked, text, one.answers, shared_terms(asked.bare, text)))
        for text, one in zip(read, judged, strict=True)
    ]


def _fact(field: str, stored: StoredPaper) -> Cell:
    """The value of a field of the metadata; as exact as the source has it."""
    found = date_shown(stored.paper) if field == "published" else value(stored.paper, field)
    if not found:
        return Cell()
    said = ", ".join(map(str, found)) if isinstance(found, tuple) else str(found)
    quoted = Quoted(stored.paper, field=field, value=said)
    return Cell(said, quoted, verdict="supported", chance=1.0)

"""Differences within a library: statements of two papers on the same thing that do not go together.

Precision before recall. Two sentences are compared when both name a system that only few papers speak of, and either
both give a figure in one unit for one benchmark that they name too, or one says that it goes up and the other down.
They have to name the same, and only one of them may have words beside: what a system reaches "by day" and "by night" is
no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.grounding.checks.lexicon import SIGN
from rag.grounding.checks.sentence import Reading, Source, read
from rag.grounding.verdict import Doubt, doubts
from rag.grounding.weigh import size
from rag.library.flat_records import StoredPaper
from rag.model.findings import Difference, Quoted
from rag.neural.embedder import Vectors
from rag.text import shown
from rag.text.quantity import Figure

_MOST_PAPERS = 12
"""A name that more papers have is no name of one system or benchmark."""
_LIKE, _LIKE_TO_OPPOSE = 0.55, 0.72
_FULL = 1.0


@dataclass(frozen=True, eq=False)
class _Sentence:
    stored: StoredPaper
    position: int
    reading: Reading

    @property
    def quoted(self) -> Quoted:
        return Quoted(self.stored.paper, *self.stored.sentence_spans[self.position])

    @property
    def vector(self) -> Vectors:
        vector: Vectors = self.stored.sentence_vectors[self.position]
        return vector


def differences_in(papers: Sequence[tuple[StoredPaper, str]]) -> tuple[Difference, ...]:
    """The differences between these papers, the surest first."""
    by_name: defaultdict[str, list[_Sentence]] = defaultdict(list)
    spread: defaultdict[str, set[str]] = defaultdict(set)
    for stored, _ in papers:
        for n, (start, end) in enumerate(stored.sentence_spans):
            sentence = _Sentence(stored, n, read(shown(stored.paper.abstract[start:end])))
            for key in {key for _, _, key in sentence.reading.named}:
                by_name[key].append(sentence)
                spread[key].add(stored.paper.id)
    found: dict[tuple[str, str], Difference] = {}
    for key, sentences in sorted(by_name.items()):
        if not 2 <= len(spread[key]) <= _MOST_PAPERS:
            continue
        for one, other in combinations(sentences, 2):
            if one.stored.paper.id == other.stored.paper.id or not one.stored.sentence_vectors.size:
                continue
            difference = _difference(one, other, key, lambda name: len(spread[name]))
            if difference is None:
                continue
            pair = (one.quoted.quote, other.quoted.quote)
            if pair not in found or found[pair].sureness < difference.sureness:
                found[pair] = difference
    return tuple(sorted(found.values(), key=lambda one: (-one.sureness, one.about, one.one.quote)))


def _difference(one: _Sentence, other: _Sentence, key: str, spread: Callable[[str], int]) -> Difference | None:
    like = float(one.vector @ other.vector)
    if like < _LIKE or not _of_one_thing(one.reading, other.reading):
        return None
    shared = {found for _, _, found in one.reading.named}
    rare = sorted(name for name in shared if spread(name) <= _MOST_PAPERS)
    about = " on ".join(_written(one.reading, name) for name in (key, *(name for name in rare if name != key)))
    if len(rare) >= 2 and (pair := next(_other_figures(one.reading, other.reading), None)):
        first, second = (
            r.folded[f.start : f.end].strip() for r, f in zip((one.reading, other.reading), pair, strict=True)
        )
        return Difference("figure", about, one.quoted, other.quoted, f"{first} against {second}", like)
    if like >= _LIKE_TO_OPPOSE and (told := _opposed(one, other)):
        return Difference("direction", about, one.quoted, other.quoted, told[0].reason, like)
    return None


def _of_one_thing(one: Reading, other: Reading) -> bool:
    """True for two sentences with the same names of which one has no words that the other lacks, but for directions."""

    def words(reading: Reading) -> set[str]:
        return {word.stem for word in reading.content if word.text not in SIGN and not word.text[0].isdigit()}

    first, second = ({key for _, _, key in reading.named} for reading in (one, other))
    return first == second and (words(one) <= words(other) or words(other) <= words(one))


def _other_figures(one: Reading, other: Reading) -> Iterator[tuple[Figure, Figure]]:
    """Pairs of figures in one unit that are not the same amount, each the only one of its sentence in that unit.

    A sentence with several figures in the unit says several things, and none of them is known to be the same.
    """
    for unit in ("%", "×"):
        first = [f for f in one.figures if f.unit == unit and not f.spelled]
        second = [f for f in other.figures if f.unit == unit and not f.spelled]
        if len(first) != 1 or len(second) != 1 or first[0].measure != second[0].measure:
            continue
        if not first[0].equals(second[0]) and not first[0].rounds(second[0]):
            yield first[0], second[0]


def _opposed(one: _Sentence, other: _Sentence) -> list[Doubt]:
    """The doubts of direction or negation that each of two sentences raises about the other."""

    def between(a: _Sentence, b: _Sentence) -> list[Doubt]:
        source = Source(b.stored.paper.title, b.reading.text)
        return [d for d in doubts(a.reading, source) if d.kind in ("direction", "negation") and size(d) >= _FULL]

    forth, back = between(one, other), between(other, one)
    return forth if forth and back else []


def _written(reading: Reading, key: str) -> str:
    return next((reading.folded[start:end] for start, end, name in reading.named if name == key), key)

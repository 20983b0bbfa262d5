"""From a question to ranked papers: dense and lexical scores fused, names looked up, the best scored once more."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from errno import EACCES, EPERM, EROFS
from functools import partial
from math import isqrt
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from rag.library.chroma import MOST_IN_FILTER
from rag.library.flat_records import StoredPaper, split_key
from rag.library.store import Library
from rag.model import Evidence, FoundBy, Hit, Hits, Paper
from rag.neural.embedder import Embedder, Vectors
from rag.retrieval.index.lexical_index import LexicalIndex, is_current, load_index
from rag.retrieval.index.making import build_index, renew_index
from rag.retrieval.query import Query, query_of
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.mentions import Names, find_names
from rag.retrieval.question.reading import Reading
from rag.retrieval.scoring import Scores, late_interaction, neighbourhood, proximity, reciprocal_ranks, standard
from rag.settings import Settings
from rag.text.names import name_key
from rag.text.titles import title_key

DENSE_PASSAGES = 1000
NAMED = 300
"""To name papers to Chroma takes a time for each; to ask for more than is left, one by how few are left of how many.
They are equal where the square of those left is this many times the papers: 2,400 of 20,000, 5,500 of 100,000."""
MORE = 1.5
RESCORED = 50
LEAST_REACH = 0.125
LEXICAL_WEIGHT, DENSE_WEIGHT = 0.4, 0.6
NAME_BONUS = 6.0
MENTION_BONUS = 0.5
RARE_MENTION = 3
_CACHED_PAPERS = 2048
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """What retrieval found for a question.

    `hits` are ranked papers with their passages; `stored` has the same papers with the vectors of their sentences;
    `vector` is the question's, shape (dimension,); `names` are the names in it; `candidates` counts the papers that
    meet the conditions; `likeness` is that of the nearest paper's passages to the question, from -1 to 1.
    """

    hits: Hits
    stored: Mapping[str, StoredPaper]
    vector: Vectors
    names: Names
    candidates: int
    likeness: float


class Retriever:
    """Ranks the papers of one library. Safe between threads.

    It owns the lexical index and the papers read of late, and lives as long as the library is open, which it is given.
    """

    def __init__(self, library: Library, embedder: Embedder, settings: Settings, folder: Path) -> None:
        self._library = library
        self._embedder = embedder
        self._settings = settings
        self.folder = folder
        self._index: LexicalIndex | None = None
        self._papers: OrderedDict[str, StoredPaper] = OrderedDict()
        self._lock = Lock()

    def index(self) -> LexicalIndex:
        """The derived index of the library as it is now; made again when the library has changed since."""
        generation = self._library.generation()
        with self._lock:
            if self._index is None or self._index.generation != generation:
                self._papers.clear()
                self._index = load_index(self.folder, generation) or self._rebuilt(generation)
            return self._index

    def keep_index(self) -> None:
        """Make the derived index on disk, unless it is that of the library as it is now; none of it is loaded."""
        generation = self._library.generation()
        with self._lock:
            if self._index is not None and self._index.generation != generation:
                self._index = None
                self._papers.clear()
            if not is_current(self.folder, generation):
                self._saved(generation)

    def _saved(self, generation: str) -> bool:
        """True when the index of this generation has been written; none is written while the library is."""
        if not generation or self._library.unfinished():
            return False
        try:
            renew_index(self.folder, generation, self._library)
        except OSError as error:  # a library that can be read but not written still answers
            told = _log.info if error.errno in (EROFS, EACCES, EPERM) else _log.warning
            told("the lexical index could not be saved in %s: %s", self.folder, error)
            return False
        return True

    def _rebuilt(self, generation: str) -> LexicalIndex:
        index = load_index(self.folder, generation) if self._saved(generation) else None
        return index or build_index(generation, self._papers_of_library())

    def _papers_of_library(self) -> Iterator[Paper]:
        return (paper for paper, _ in self._library.papers())

    def stored(self, ids: Sequence[str]) -> dict[str, StoredPaper]:
        """The papers of these ids, from memory where they were read before."""
        with self._lock:
            known = {key: self._papers[key] for key in ids if key in self._papers}
        fresh = self._library.get([key for key in ids if key not in known])
        with self._lock:
            self._papers.update(fresh)
            while len(self._papers) > _CACHED_PAPERS:
                self._papers.popitem(last=False)
        return known | fresh

    def whole(self, paper_id: str) -> Paper | None:
        """The paper of this id with its abstract, or None."""
        found = self.stored([paper_id]).get(paper_id)
        return found.paper if found else None

    def named(self, wanted: str) -> list[str]:
        """The ids of the papers with this title, or whose name it is."""
        index = self.index()
        key = title_key(wanted)
        titled = index.titled(key) if key else []
        named = index.names.get(name_key(wanted))
        return index.ids.of(titled or (named.owners if named else ()))

    def titles_in(self, key: str) -> list[tuple[str, str]]:
        """The keys of titles that stand in a key, of at least 12 letters, each with the id of its paper."""
        index = self.index()
        return [(one.key, index.ids[one.paper]) for one in index.titles_in(key) if one.whole]

    def retrieve(
        self, reading: Reading, *, k: int, where: Conditions | None = None, over_library: bool = False
    ) -> Found:
        """The `k` best papers for a question among those that meet `where`, best first.

        Dense and lexical scores of all papers are standardised and added (or fused by rank, as the settings say);
        papers that the question names come first; the best fifty are scored again with proximity and neighbours. With
        `over_library` those that meet `where`, where they are few, are scored among the best of all papers: how near
        something is to a subject does not hang on when it appeared.
        """
        index = self.index()
        text = reading.text
        names = find_names(text, index) if self._settings.names else Names((), ())
        query = query_of(reading, index, self._embedder)
        vector = query.vector
        allowed = np.ones(len(index.papers), dtype=bool)
        if where:
            allowed = where.met_in(index.columns, index.position)
        if not allowed.any():
            return Found(Hits(), {}, vector, names, 0, -1.0)
        keys, dense = self._dense(vector, index, allowed) if self._settings.dense else ({}, {})
        among = np.ones_like(allowed) if over_library and int(allowed.sum()) < RESCORED else allowed
        if self._settings.dense and among is not allowed:
            dense = self._dense(vector, index, among)[1] | dense
        lexical = index.scores(query.own) if self._settings.lexical else np.zeros(len(index.papers), dtype=np.float32)
        fused = self._fused(dense, lexical, among)
        for mention in names.known:
            for n in mention.named.owners:
                fused[n] += NAME_BONUS if mention.named.own else NAME_BONUS / 2
            if not mention.named.owners:
                mentioned = list(mention.named.mentioned)
                fused[mentioned] += NAME_BONUS / 2 if len(mentioned) <= RARE_MENTION else MENTION_BONUS
        order = _best(fused, allowed, max(RESCORED, k))
        order = np.concatenate((order, _best(fused, among & ~allowed, RESCORED - len(order))))
        stored = self.stored(index.ids.of(order))
        order = np.array([n for n in order if index.ids[n] in stored], dtype=np.int64)
        final = self._rescored(query, fused[order], [stored[key] for key in index.ids.of(order)])
        likeness = max((dense.get(int(n), -1.0) for n in order), default=-1.0)
        ranking = [n for n in np.argsort(-final, kind="stable") if allowed[order[n]]][:k]
        named = {n for mention in names.known for n in mention.named.owners}
        hits: list[Hit] = []
        for rank in ranking:
            n = int(order[rank])
            owner = stored[index.ids[n]]
            by: list[FoundBy] = ["dense"] if n in dense else []
            by += ["lexical"] if lexical[n] > 0 else []
            by += ["name"] if n in named else []
            by += ["metadata"] if where else []
            hits.append(_hit(owner, float(final[rank]), keys, vector, tuple(by), len(hits)))
        chosen = {hit.paper.id: stored[hit.paper.id] for hit in hits}
        if not self._settings.dense:
            likeness = 1.0  # not measured: nothing can be said to be unrelated
        return Found(Hits(hits), chosen, vector, names, int(allowed.sum()), likeness)

    def _dense(
        self, vector: Vectors, index: LexicalIndex, allowed: NDArray[np.bool_]
    ) -> tuple[dict[str, float], dict[int, float]]:
        """The likeness of passages by their id in Chroma, and of papers by their position.

        A paper counts half by its best passage and half by the mean of all: what it says somewhere, and what it is
        about. A paper far down in one of the two lists has the least of that list.
        """
        near = self._among(partial(self._library.nearest, vector), index, allowed, owner=lambda key: split_key(key)[0])
        best: dict[int, float] = {}
        for _, n, score in near:
            best[n] = max(score, best.get(n, -2.0))
        whole = {n: score for _, n, score in self._among(partial(self._library.likeness, vector), index, allowed)}
        least, least_mean = min(best.values(), default=0.0), min(whole.values(), default=0.0)
        dense = {n: (best.get(n, least) + whole.get(n, least_mean)) / 2 for n in best.keys() | whole.keys()}
        return {key: score for key, _, score in near}, dense

    def _among(
        self, search: Callable[..., list[tuple[str, float]]], index: LexicalIndex, allowed: NDArray[np.bool_], *,
        owner: Callable[[str], str] = str,
    ) -> list[tuple[str, int, float]]:  # fmt: skip
        """What `search` finds nearest in the papers that are allowed: id in Chroma, position of the paper, likeness.

        Few papers are named to it. Where many are allowed, as many more are asked for as not all are, and more again
        where those were too few: to name half of a library to Chroma takes far longer than to look at twice as much.
        """
        count, whole = int(allowed.sum()), len(allowed)
        few = count < whole and count <= min(isqrt(NAMED * whole), MOST_IN_FILTER)
        within = index.ids.of(np.flatnonzero(allowed)) if few else None
        wanted = DENSE_PASSAGES if few or count == whole else int(MORE * DENSE_PASSAGES * whole / count)
        while True:
            found = search(n=wanted, within=within)
            owners = [owner(key) for key, _ in found]
            at = index.position.of(owners)
            left = [
                (key, n, score)
                for (key, score), paper in zip(found, owners, strict=True)
                if (n := at.get(paper)) is not None and allowed[n]
            ]
            if few or len(left) >= DENSE_PASSAGES or len(found) < wanted:
                return left[:DENSE_PASSAGES]
            wanted = int(MORE * wanted)

    def _fused(self, dense: Mapping[int, float], lexical: Scores, allowed: NDArray[np.bool_]) -> Scores:
        meanings = np.full(len(lexical), min(dense.values(), default=0.0), dtype=np.float32)
        for n, score in dense.items():
            meanings[n] = score
        if self._settings.fusion == "rrf":
            return reciprocal_ranks(lexical) + reciprocal_ranks(meanings)
        parts = np.zeros(len(lexical), dtype=np.float32)
        if self._settings.lexical:
            parts += LEXICAL_WEIGHT * standard(lexical, allowed)
        if self._settings.dense:
            parts += DENSE_WEIGHT * standard(meanings, allowed)
        return parts

    def _rescored(self, query: Query, fused: Scores, chosen: Sequence[StoredPaper]) -> Scores:
        """The scores of the first papers, shape as `fused`, with the parts added that are on.

        The less of the question's words stand together in any of the papers, the more the nearest words count: an
        everyday question shares few with the abstract that answers it, and then the chance ones mislead.
        """
        named = fused >= fused.max() - NAME_BONUS if len(fused) and fused.max() > NAME_BONUS else np.zeros(len(fused))
        base = standard(np.where(named, np.minimum(fused, np.median(fused) + NAME_BONUS), fused))
        total = base.copy()
        if len(chosen) < 2:
            return total
        near = np.array([proximity(query.wanted, owner) for owner in chosen], dtype=np.float32)
        total += self._settings.proximity * standard(near)
        if self._settings.late:
            weight = self._settings.late / max(float(near.max()), LEAST_REACH)
            total += weight * standard(late_interaction(query.words, chosen))
        if self._settings.neighbours and len(chosen) > 6:
            total += self._settings.neighbours * standard(neighbourhood(base, chosen))
        return total


def _best(scores: Scores, of: NDArray[np.bool_], k: int) -> NDArray[np.int64]:
    """The positions of the `k` best among some, or of all of these, best first."""
    return np.argsort(-np.where(of, scores, -np.inf), kind="stable")[: max(0, min(k, int(of.sum())))]


def _hit(
    owner: StoredPaper, score: float, keys: Mapping[str, float], vector: Vectors, by: tuple[FoundBy, ...], before: int
) -> Hit:
    scored = []
    for passage in owner.passages:
        likeness = keys.get(f"{passage.id}@{owner.text_hash}")
        if likeness is None:
            rows = [n for n, (start, _) in enumerate(owner.sentence_spans) if passage.start <= start < passage.end]
            likeness = float((owner.sentence_vectors[rows] @ vector).mean()) if rows else 0.0
        scored.append((likeness, passage))
    scored.sort(key=lambda pair: -pair[0])
    evidence = tuple(
        Evidence(passage, owner.paper, before + n, likeness, by) for n, (likeness, passage) in enumerate(scored, 1)
    )
    return Hit(owner.paper, score, evidence)

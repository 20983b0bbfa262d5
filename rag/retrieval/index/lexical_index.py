"""The derived index: BM25 over titles and abstracts, the names that papers introduce, and their metadata.

It is made from Chroma alone (`making`), belongs to one generation of the library, and is made again when it is missing,
stale or damaged. On disk: `index/bm25/` (as bm25s reads it), `index/catalogue.sqlite` (what is looked up),
`index/columns.npy` (what conditions are on), `index/cards.sqlite` (what an index made later takes over), and
`index/seal`: what these were when they were written, the version and the generation.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.model import Paper
from rag.retrieval.index.metadata_columns import Columns
from rag.retrieval.index.name_index import Named
from rag.retrieval.index.paper_index import FILE, HEAD, Bearing, Catalogue, Papers, Positions, Texts, Titled
from rag.retrieval.index.seal import broken, is_large, sealed
from rag.text import terms
from rag.text.names import most_of

VERSION = 20
"""Raised with whatever is worked out of papers otherwise, or kept otherwise: else the old would be taken over."""
COLUMNS = "columns.npy"
_log = logging.getLogger(__name__)


class LexicalIndex:
    """Scores by words, papers by name, and the metadata of all papers (abstracts left out), in one fixed order.

    It owns the open files of one generation of the library and what was looked up in them of late, and lives until
    there is another generation.
    """

    def __init__(self, generation: str, catalogue: Catalogue, numbers: NDArray[np.int64], bm25: Any | None) -> None:
        self.generation = generation
        self.papers: Sequence[Paper] = Papers(catalogue)
        self.ids = Texts(catalogue, "papers", "id")
        """The ids of the papers, in the order of `papers`."""
        self.position = Positions(catalogue)
        self.names: Mapping[str, Named] = Bearing(catalogue)
        self.own_names: Sequence[str] = Texts(catalogue, "own_names", "name")
        """What each paper calls its own work, "" where it gives it no name; in the order of `papers`."""
        self.columns = Columns(numbers, catalogue.labels)
        self._catalogue = catalogue
        self._bm25 = bm25

    def scores(self, text: str) -> NDArray[np.float32]:
        """The BM25 score of every paper for `text`, shape (n_papers,); 0 where no word is shared.

        Source: Robertson et al., Okapi at TREC-3 (1994), in the variant of Lucene, k1 = 1.5, b = 0.75.
        """
        known = [term for term in terms(text) if self._bm25 is not None and term in self._bm25.vocab_dict]
        if not known or self._bm25 is None:
            return np.zeros(len(self.papers), dtype=np.float32)
        scores: NDArray[np.float32] = self._bm25.get_scores(known)
        return scores

    @cached_property
    def owned_keys(self) -> tuple[str, ...]:
        """The keys of all names that stand for papers."""
        return tuple(key for (key,) in self._catalogue.rows("SELECT key FROM names WHERE owned ORDER BY key"))

    def near_names(self, key: str) -> bool:
        """True where a name that stands for papers has the letters of this key, or one of them more or less."""
        return self._catalogue.has_letters_near(key)

    def titles_in(self, key: str) -> list[Titled]:
        """The titles of at least 12 letters, and long parts of them around a colon, that stand whole in a key."""
        heads = {key[at : at + HEAD] for at in range(len(key) - HEAD + 1)}
        found = self._catalogue.rows_of(
            f"SELECT at, key, written, paper, whole FROM titles WHERE substr(key, 1, {HEAD}) IN ({{}})", heads
        )
        return [Titled(*fields) for _, *fields in sorted(found) if fields[0] in key]

    def titles_beginning(self, key: str) -> list[int]:
        """The positions of the papers whose title begins with the first letters of a key, as many as are looked up."""
        chosen = f"SELECT paper FROM titles WHERE substr(key, 1, {HEAD}) = ? AND whole ORDER BY at"
        return [n for (n,) in self._catalogue.rows(chosen, (key[:HEAD],))] if len(key) >= HEAD else []

    def titled(self, key: str) -> list[int]:
        """The positions of the papers whose title has this key."""
        # With the plus: else SQLite takes the key for known, its beginning too, and reads all titles.
        chosen = f"SELECT paper FROM titles WHERE substr(key, 1, {HEAD}) = ? AND +key = ? AND whole ORDER BY at"
        return [n for (n,) in self._catalogue.rows(chosen, (key[:HEAD], key))]

    def identified(self, written: Iterable[str]) -> dict[str, int]:
        """The positions of the papers with any of these arXiv ids and DOIs, in the spelling that the library keeps."""
        found = self._catalogue.rows_of(
            "SELECT written, paper FROM identifiers WHERE written IN ({}) ORDER BY paper", written
        )
        return dict(found)

    def authors(self, surnames: Iterable[str]) -> list[str]:
        """The names of the authors with any of these surnames, in small letters, each once."""
        return [name for (name,) in self._catalogue.rows_of("SELECT name FROM authors WHERE surname IN ({})", surnames)]

    def by_authors(self, names: Iterable[str]) -> list[int]:
        """The positions of the papers that any of these authors wrote, in order."""
        found = self._catalogue.rows_of("SELECT paper FROM wrote WHERE name IN ({})", names)
        return sorted({n for (n,) in found})

    @cached_property
    def counts_of_authors(self) -> tuple[int, int]:
        """How many people the papers name as authors, and how many papers name theirs."""
        [(people, papers)] = self._catalogue.rows("SELECT count(DISTINCT name), count(DISTINCT paper) FROM wrote")
        return people, papers

    @cached_property
    def most_written(self) -> tuple[int, list[list[str]]]:
        """How many papers those authors wrote who wrote most, and all spellings of each; 0 where none are named."""
        counts = "SELECT name, count(*) AS papers FROM wrote GROUP BY name"
        of = f"SELECT surname, c.name AS name, papers FROM ({counts}) c JOIN authors a ON a.name = c.name"
        found = self._catalogue.rows(
            f"SELECT name, papers FROM ({of}) WHERE surname IN (SELECT surname FROM ({of}) GROUP BY surname"
            f" HAVING sum(papers) >= (SELECT max(papers) FROM ({counts})))"
        )
        return most_of(dict(found))

    def having(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Of each paper, whether all of these stemmed terms stand in its title or abstract; shape (n_papers,)."""
        met = np.ones(len(self.papers), dtype=bool)
        for term in words:
            if not self.frequency(term) or self._bm25 is None:
                return np.zeros(len(self.papers), dtype=bool)
            met &= self._bm25.get_scores([term]) > 0
        return met

    def idf(self, term: str) -> float:
        """The weight of a stemmed term, from 0 (in every paper) upwards; the largest for a term that no paper has."""
        n = max(len(self.papers), 1)
        df = self.frequency(term)
        return float(np.log(1 + (n - df + 0.5) / (df + 0.5)))

    def frequency(self, term: str) -> int:
        """The number of papers with the stemmed term."""
        at = self._bm25.vocab_dict.get(term) if self._bm25 is not None else None
        if at is None or self._bm25 is None:
            return 0
        starts = self._bm25.scores["indptr"]
        return int(starts[at + 1] - starts[at]) if at + 1 < len(starts) else 0

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The stemmed terms of the library."""
        return tuple(term for term in (self._bm25.vocab_dict if self._bm25 is not None else ()) if term)


def load_index(folder: Path, generation: str) -> LexicalIndex | None:
    """The index in `folder`, or None when it is missing, damaged or of another generation."""
    index, fault = examine_index(folder, generation)
    if fault.startswith("damaged"):
        _log.warning("the lexical index in %s is %s and is made again", folder, fault)
    return index


def is_current(folder: Path, generation: str) -> bool:
    """True when the index in `folder` says that it is of this generation; whether it is damaged is not looked at."""
    try:
        return sealed(folder) == kind_of(generation)
    except (OSError, ValueError):
        return False


def examine_index(folder: Path, generation: str, *, thorough: bool = False) -> tuple[LexicalIndex | None, str]:
    """The index in `folder` and "", or None and what is wrong: "missing", "stale" or "damaged (...)".

    With `thorough` it is read whole, however large it is.
    """
    if not folder.exists():
        return None, "missing"
    try:
        if broken(folder, thorough=thorough):
            return None, "damaged (its files are not as they were written)"
        if sealed(folder) != kind_of(generation):
            return None, "stale"
        large = is_large(folder)
        catalogue = Catalogue(folder / FILE)
        numbers = np.load(folder / COLUMNS, mmap_mode="r" if large else None)
        bm25 = None
        if catalogue.count:
            import bm25s

            # What is mapped is read as it is asked for, and shared by all processes that ask.
            bm25 = bm25s.BM25.load(str(folder / "bm25"), load_corpus=False, show_progress=False, mmap=large)
        return LexicalIndex(generation, catalogue, numbers, bm25), ""
    except Exception as error:  # whatever a damaged file makes the readers raise, the index can be made again
        return None, f"damaged ({type(error).__name__}: {' '.join(str(error).split())[:100]})"


def kind_of(generation: str) -> list[str]:
    """What the seal says of an index of this generation."""
    return [str(VERSION), *generation.split()]

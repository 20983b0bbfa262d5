"""The derived index: BM25 over titles and abstracts, the names that papers introduce, and their metadata.

It is made from Chroma alone, belongs to one generation of the library, and is made again when it is missing, stale or
damaged. On disk: `index/bm25/` (as bm25s reads it), `index/catalogue.json`, and `index/seal`: the hash of both, the
version and the generation.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from errno import EIO
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.model import Paper
from rag.neural.embedder import common_words
from rag.retrieval.index.name_index import Bearers, Named
from rag.retrieval.index.postings import Postings
from rag.text import forget_texts, terms
from rag.text.titles import title_key

VERSION = 11
_SEAL = "seal"
_TEXTS = 512  # abstracts whose normal forms are kept meanwhile
_LONG_TITLE, _TITLE_WORDS = 16, 4  # shorter titles are looked up as names
_log = logging.getLogger(__name__)


class LexicalIndex:
    """Scores by words, papers by name, and the metadata of all papers (abstracts left out), in one fixed order.

    It owns these in memory, of one generation of the library, and lives until there is another generation.
    """

    def __init__(
        self,
        generation: str,
        papers: Sequence[Paper],
        names: Mapping[str, Named],
        own_names: Sequence[str],
        bm25: Any | None,
    ) -> None:
        self.generation = generation
        self.papers = tuple(papers)
        self.names = names
        self.own_names = tuple(own_names)
        """What each paper calls its own work, "" where it gives it no name; in the order of `papers`."""
        self.position = {paper.id: n for n, paper in enumerate(self.papers)}
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
        return tuple(key for key, named in self.names.items() if named.owners)

    @cached_property
    def title_keys(self) -> tuple[tuple[str, str, int], ...]:
        """The keys of long titles, and of long parts of them around a colon: (key, as written, position)."""
        found = []
        for n, paper in enumerate(self.papers):
            head, _, tail = paper.title.partition(":")
            for title in dict.fromkeys((paper.title, head, tail)):
                key = title_key(title)
                if len(key) >= _LONG_TITLE and len(title.split()) >= _TITLE_WORDS:
                    found.append((key, title, n))
        return tuple(found)

    def idf(self, term: str) -> float:
        """The weight of a stemmed term, from 0 (in every paper) upwards; the largest for a term that no paper has."""
        n = max(len(self.papers), 1)
        df = self._frequency.get(term, 0)
        return float(np.log(1 + (n - df + 0.5) / (df + 0.5)))

    def frequency(self, term: str) -> int:
        """The number of papers with the stemmed term."""
        return self._frequency.get(term, 0)

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The stemmed terms of the library."""
        return tuple(term for term in self._frequency if term)

    @property
    def _frequency(self) -> Mapping[str, int]:
        cached: Mapping[str, int] | None = getattr(self, "_df", None)
        if cached is None:
            cached = {}
            if self._bm25 is not None:
                starts = np.asarray(self._bm25.scores["indptr"])
                counts = np.diff(starts)
                cached = {term: int(counts[n]) for term, n in self._bm25.vocab_dict.items() if 0 <= n < len(counts)}
            self._df = cached
        return cached


def load_index(folder: Path, generation: str) -> LexicalIndex | None:
    """The index in `folder`, or None when it is missing, damaged or of another generation."""
    index, fault = examine_index(folder, generation)
    if fault.startswith("damaged"):
        _log.warning("the lexical index in %s is %s and is made again", folder, fault)
    return index


def is_current(folder: Path, generation: str) -> bool:
    """True when the index in `folder` says that it is of this generation; whether it is damaged is not looked at."""
    try:
        return (folder / _SEAL).read_text(encoding="ascii").split()[1:] == _kind(generation)
    except (OSError, ValueError):
        return False


def examine_index(folder: Path, generation: str) -> tuple[LexicalIndex | None, str]:
    """The index in `folder` and "", or None and what is wrong: "missing", "stale" or "damaged (...)"."""
    if not folder.exists():
        return None, "missing"
    try:
        digest, *kind = (folder / _SEAL).read_text(encoding="ascii").split()
        if digest != _digest(folder):
            return None, "damaged (its files are not as they were written)"
        if kind != _kind(generation):
            return None, "stale"
        content = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))
        papers = [_paper(row) for row in content["papers"]]
        names = {
            key: Named(tuple(n["own"]), tuple(n["introduced"]), tuple(n["mentioned"]), n["word"])
            for key, n in content["names"].items()
        }
        bm25 = None
        if papers:
            import bm25s

            bm25 = bm25s.BM25.load(str(folder / "bm25"), load_corpus=False, show_progress=False)
        return LexicalIndex(generation, papers, names, content["own_names"], bm25), ""
    except Exception as error:  # whatever a damaged file makes the readers raise, the index can be made again
        return None, f"damaged ({type(error).__name__}: {' '.join(str(error).split())[:100]})"


def clear_drafts(folder: Path) -> int:
    """The number of drafts of the index that were left beside it by processes cut off, and that are deleted now."""
    drafts = list(folder.parent.glob(folder.name + ".new-*"))
    for draft in drafts:
        shutil.rmtree(draft, ignore_errors=True)
    return len(drafts)


def save_index(folder: Path, generation: str, papers: Iterable[Paper]) -> None:
    """Write the index of `papers`, in their order, into `folder`, replacing what is there.

    A kill in between leaves the old, the new or none. Papers are forgotten as they come.

    Raises:
        OSError: it cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    # A folder of its own for each writer: two that make the same index at once do not write into one another's.
    draft = Path(tempfile.mkdtemp(prefix=folder.name + ".new-", dir=folder.parent))
    try:
        _write(draft, generation, papers)
        for _ in range(3):
            shutil.rmtree(folder, ignore_errors=True)
            try:
                draft.replace(folder)
                return
            except OSError:  # another process was faster; what it wrote may be of an older generation
                if not folder.exists():
                    raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def build_index(generation: str, papers: Iterable[Paper]) -> LexicalIndex:
    """The index of `papers`, in their order, kept nowhere.

    Raises:
        OSError: what it is made from does not fit on the disk.
    """
    with tempfile.TemporaryDirectory(prefix="footnote-index-") as folder:
        _write(Path(folder), generation, papers)
        index, fault = examine_index(Path(folder), generation)
    if index is None:
        raise OSError(EIO, f"the lexical index is {fault} as soon as it is written")
    return index


def _write(folder: Path, generation: str, papers: Iterable[Paper]) -> None:
    """Write the index into the empty `folder`. Of the papers, memory holds those that `papers` brings at a time."""
    postings, bearers = Postings(folder), Bearers(common_words())
    count = 0
    with (
        (folder / "catalogue.json").open("w", encoding="utf-8") as catalogue,
        tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder) as texts,
    ):
        catalogue.write('{"papers": [')
        for paper in papers:
            # The title counts twice: measured on five collections.
            postings.add([*terms(paper.title), *terms(paper.title), *terms(paper.abstract)] or [""])
            bearers.add(paper)
            catalogue.write(_next(_row(replace(paper, abstract="", copies=())), first=not count))
            texts.write(json.dumps([paper.title, paper.abstract]) + "\n")
            count += 1
            _now_and_then_forget(count)
        catalogue.write('], "own_names": [')
        texts.seek(0)
        again = (Paper("", *json.loads(line)) for line in texts)
        for n, name in enumerate(bearers.own_names(again)):
            catalogue.write(_next(name, first=not n))
            _now_and_then_forget(n)
        catalogue.write('], "names": {')
        for n, (key, named) in enumerate(bearers.names()):
            catalogue.write(f"{_next(key, first=not n)}: {json.dumps(vars(named))}")
        catalogue.write("}}")
    if count:
        postings.write(folder / "bm25")
    (folder / _SEAL).write_text(" ".join([_digest(folder), *_kind(generation)]), encoding="ascii")


def _now_and_then_forget(count: int) -> None:
    if count % _TEXTS == 0:
        forget_texts()


def _next(value: object, *, first: bool) -> str:
    """The next thing of a list in JSON."""
    return ("" if first else ",\n") + json.dumps(value, ensure_ascii=False)


def _kind(generation: str) -> list[str]:
    return [str(VERSION), *generation.split()]


def _digest(folder: Path) -> str:
    """The SHA-256 of the names and contents of all files of the index."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _SEAL):
        whole.update(f"{path.relative_to(folder)}\0".encode())
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def _row(paper: Paper) -> dict[str, Any]:
    row = asdict(paper) | {"published": paper.published.isoformat() if paper.published else None}
    return {name: value for name, value in row.items() if value not in (None, "", (), {}, False)}


def _paper(row: Mapping[str, Any]) -> Paper:
    fields = dict(row)
    if "published" in fields:
        fields["published"] = date.fromisoformat(fields["published"])
    if "authors" in fields:
        fields["authors"] = tuple(fields["authors"])
    return Paper(**({"title": ""} | fields))

"""Finding and mending what may be wrong with a library."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rag.errors import LibraryError
from rag.intake.preparing import BATCH_PAPERS, prepare
from rag.library.chroma import batches, vectors_damaged
from rag.library.flat_records import fingerprint, passage_key, text_hash, unflatten, unflatten_paper
from rag.library.store import Library
from rag.library.writer import Whole
from rag.model import Paper, Passage
from rag.neural.embedder import Embedder, Vectors
from rag.retrieval.index.lexical_index import examine_index
from rag.retrieval.index.making import clear_drafts, renew_index
from rag.retrieval.retriever import Retriever
from rag.text.passages import passages
from rag.text.tokens import count_tokens

_SAME = 0.99  # cosine of the vector of a paper and the mean of those of its passages
_NO_VECTOR: Vectors = np.zeros(0, dtype=np.float32)


@dataclass
class _Findings:
    """What is wrong: ids of papers with the reason, the number of passages that no paper names, what was cut off.

    `papers` is how many there are in all.
    """

    papers: int = 0
    ill: dict[str, str] = field(default_factory=dict)
    orphans: int = 0
    cut_off: bool = False
    leftovers: Sequence[str] = ()
    unreadable: str = ""

    @property
    def any(self) -> bool:
        return bool(self.ill or self.orphans or self.cut_off or self.leftovers or self.unreadable)

    def lines(self, *, done: bool) -> list[str]:
        """What is wrong, a line each; with `done` how it was mended as well."""
        lines = []
        if self.cut_off:
            lines.append(f"a write was cut off{'; closed: what it had written is whole' * done}")
        if self.leftovers:
            lines.append(f"{len(self.leftovers)} collections of a rebuild that was cut off{'; deleted' * done}")
        if self.unreadable:
            again = f"; all {self.papers} papers are embedded again"
            lines.append(f"the vectors cannot be read ({self.unreadable}){again * done}")
        lines += [f"paper {paper_id!r}: {reason}{'; embedded again' * done}" for paper_id, reason in self.ill.items()]
        if self.orphans and not self.unreadable:
            lines.append(f"{self.orphans} passages that no paper names{'; deleted' * done}")
        return lines


def examine(
    library: Library, embedder: Embedder, retriever: Retriever, *, passage_tokens: int, mend: bool
) -> tuple[str, ...]:
    """What is wrong, a line each; with `mend` it is put right, and the line says so.

    Looked for: a write that was cut off, collections of a rebuild that was cut off, passages that no paper names,
    papers with passages or vectors missing or not of their text, a lexical index that is missing, stale or damaged.

    Raises:
        LibraryError: somebody else writes, or the library cannot be read.
    """
    with nullcontext(_nothing) if library.copied and not mend else library.locked() as renew:
        found = _look(library, passage_tokens, mend)
        if mend and found.any:
            with library.writing(rebuild=bool(found.unreadable), renew=renew) as writer:
                for batch in _again(library, found):
                    writer.put(list(prepare(batch, embedder, passage_tokens=passage_tokens)))
                if found.orphans and not found.unreadable:
                    found.orphans = writer.sweep()  # those of a record that could not be read are named again
        return (*found.lines(done=mend), *_index(library, retriever, mend=mend, written=mend and found.any))


def _nothing() -> None:
    """The renewal of a lease that is not held: what cannot be written is only looked at."""


def _look(library: Library, passage_tokens: int, mend: bool) -> _Findings:
    found = _Findings(cut_off=library.unfinished(), leftovers=library.leftovers())
    try:
        next(library.raw_papers(), None)
    except LibraryError as error:
        if not (mend and vectors_damaged(str(error))):
            raise
        library.forget_vectors()
        found.unreadable = "their files are damaged"
    found.papers = library.count()
    if not found.unreadable:
        manifest, named = library.manifest(), 0
        try:
            for batch in library.wholes():
                for whole in batch:
                    if fault := _fault(whole, manifest.dimension if manifest else 0, passage_tokens):
                        found.ill[whole.paper_id] = fault
                    named += len(whole.passages)
            found.orphans = library.count_passages() - named
        except LibraryError as error:
            if not vectors_damaged(str(error)):
                raise
            found.unreadable = str(error.__cause__ or error)[:120]
            # All are embedded again: what is wrong with the vectors of one of them need not be said.
            found.ill = {}
    return found


def _again(library: Library, found: _Findings) -> Iterator[Sequence[Paper]]:
    """The papers that are to be embedded again, a few at a time."""
    for records in library.raw_papers(None if found.unreadable else list(found.ill)):
        yield from batches([_recovered(*record)[0] for record in records], BATCH_PAPERS)


def _recovered(paper_id: str, flat: Mapping[str, Any], abstract: str | None) -> tuple[Paper, str]:
    """The paper of a record, and what is wrong with its fields, "" for nothing."""
    try:
        return unflatten_paper(paper_id, abstract, flat), ""
    except (KeyError, TypeError, ValueError) as error:
        title = str(flat.get("title") or "") or ("" if abstract else paper_id)
        fault = (
            f"its record is damaged ({error!r:.80}): title and abstract are kept, ingest its file again for the rest"
        )
        return Paper(paper_id, title, abstract or ""), fault


def _fault(whole: Whole, dimension: int, passage_tokens: int) -> str:
    """What is wrong with a paper, "" for nothing."""
    paper, fault = _recovered(whole.paper_id, whole.flat, whole.text)
    own = passages(paper, budget_tokens=passage_tokens, count=count_tokens)
    return fault or _record_fault(paper, own, whole.flat, dimension) or _vectors_fault(whole, own)


def _record_fault(paper: Paper, own: Sequence[Passage], flat: Mapping[str, Any], dimension: int) -> str:
    """What the record alone shows to be wrong, "" for nothing."""
    if flat.get("text_hash") != text_hash(paper):
        return "its passages are not of its text"
    try:
        if json.loads(flat["passages"]) != [[passage.start, passage.end] for passage in own]:
            return "its passages do not cover its text"
        stored = unflatten(paper.id, paper.abstract, flat, dimension)
    except (KeyError, TypeError, ValueError):
        return "the vectors of its sentences are damaged"
    for vectors in (stored.sentence_vectors, stored.word_vectors):
        if vectors.size and not vectors.any(axis=1).all():
            return "vectors of its sentences are missing"
    if stored.word_vectors.size and not stored.word_signs.size:
        return "the signs of its words, of which older versions wrote none, are missing"
    return ""


def _vectors_fault(whole: Whole, own: Sequence[Passage]) -> str:
    """What the vectors in Chroma of a paper and of its passages show to be wrong, "" for nothing."""
    right = []
    for passage in own:
        flat, vector = whole.passages.get(passage_key(passage, str(whole.flat.get("text_hash"))), ({}, _NO_VECTOR))
        if vector.size and np.isfinite(vector).all() and fingerprint(vector) == flat.get("vector"):
            right.append(vector)
    if len(right) < len(own):
        return f"{len(own) - len(right)} of its passages are missing or not as written"
    mean = np.sum(right, axis=0)
    alike = float(mean @ whole.vector) >= _SAME * float(np.linalg.norm(mean) * np.linalg.norm(whole.vector))
    return "" if alike and whole.vector.any() else "its vector is not that of its passages"


def _index(library: Library, retriever: Retriever, *, mend: bool, written: bool) -> list[str]:
    """What is wrong with the lexical index on disk; with `mend` it is made again."""
    lines = []
    if mend and (drafts := clear_drafts(retriever.folder)):
        lines.append(f"{drafts} drafts of the lexical index that were cut off; deleted")
    generation = library.generation()
    if not generation or not library.count():
        return lines
    _, fault = examine_index(retriever.folder, generation, thorough=True)
    if fault and mend:
        try:
            renew_index(retriever.folder, generation, library, anew=True)
        except OSError as error:
            raise LibraryError(
                f"the lexical index cannot be written to {retriever.folder}: {error.strerror}. Make room and try again."
            ) from error
    if fault and not (fault == "stale" and written):  # what mending has made stale was not wrong before
        lines.append(f"the lexical index is {fault}{'; made again' * mend}")
    return lines

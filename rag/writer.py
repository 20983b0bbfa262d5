"""Writing papers into Chroma in an order that a kill at any moment leaves whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rag.chroma import batches, rows
from rag.embed import Vectors
from rag.model import Paper, Passage
from rag.records import Flat, StoredPaper, flatten, passage_key


@dataclass(frozen=True)
class Prepared:
    """A paper ready to be written: its passages, and the vectors of passages and sentences, a row each."""

    paper: Paper
    passages: tuple[Passage, ...]
    passage_vectors: Vectors
    sentence_vectors: Vectors


class Writer:
    """Writes papers, each so that a kill at any moment leaves it either as it was or as it is to be."""

    def __init__(self, papers: Any, passages: Any, renew: Callable[[], None]) -> None:
        self._papers = papers
        self._passages = passages
        self._renew = renew

    def put(self, batch: Sequence[Prepared]) -> None:
        """Write new or changed papers: their passages, then their records, then away with passages of old text."""
        self._renew()
        ids: list[str] = []
        entries: list[tuple[Any, str, Flat]] = []
        records: list[Flat] = []
        for prepared in batch:
            record = flatten(prepared.paper, prepared.passages, prepared.sentence_vectors)
            records.append(record)
            for passage, vector in zip(prepared.passages, prepared.passage_vectors, strict=True):
                ids.append(passage_key(passage, str(record["text_hash"])))
                place: Flat = {"paper_id": passage.paper_id, "start": passage.start, "end": passage.end}
                entries.append((vector, passage.text, place))
        stale = self._others(batch, set(ids))
        for chosen in batches(list(zip(ids, entries, strict=True))):
            self._passages.upsert(
                ids=[key for key, _ in chosen],
                embeddings=[row[0] for _, row in chosen],
                documents=[row[1] for _, row in chosen],
                metadatas=[row[2] for _, row in chosen],
            )
        self._papers.upsert(
            ids=[prepared.paper.id for prepared in batch],
            embeddings=[prepared.passage_vectors.mean(axis=0) for prepared in batch],
            documents=[prepared.paper.abstract for prepared in batch],
            metadatas=records,
        )
        self.delete_passages(stale)

    def _others(self, batch: Sequence[Prepared], fresh: set[str]) -> list[str]:
        """Ids of passages that these papers have now and will not have afterwards."""
        known = self._papers.get(ids=[prepared.paper.id for prepared in batch], include=["metadatas"])
        old: list[str] = []
        for key, flat, _ in rows(known):
            count = len(json.loads(flat["passages"]))
            old += [f"{key}#{n}@{flat['text_hash']}" for n in range(count)]
        return [key for key in old if key not in fresh]

    def update(self, papers: Sequence[tuple[Paper, StoredPaper]]) -> None:
        """Write new metadata of papers whose title and abstract have not changed; nothing is embedded."""
        self._renew()
        for batch in batches(list(papers)):
            self._papers.update(
                ids=[paper.id for paper, _ in batch],
                metadatas=[flatten(paper, stored.passages, stored.sentence_vectors) for paper, stored in batch],
            )

    def delete(self, papers: Sequence[StoredPaper]) -> None:
        """Delete papers: first their records, so that nothing names their passages any more."""
        self._renew()
        for batch in batches([stored.paper.id for stored in papers]):
            self._papers.delete(ids=batch)
        self.delete_passages([passage_key(p, stored.text_hash) for stored in papers for p in stored.passages])

    def delete_passages(self, keys: Sequence[str]) -> None:
        """Delete passages by their ids in Chroma."""
        for batch in batches(list(keys)):
            self._passages.delete(ids=batch)

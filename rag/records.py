"""How papers and passages are written down in Chroma, whose metadata is flat, and read back."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from rag.embed import Vectors
from rag.model import Paper, Passage
from rag.text import sentences

Flat = dict[str, str | int | float | bool]


@dataclass(frozen=True)
class StoredPaper:
    """A paper as the library holds it: with its passages and the vectors of its sentences.

    `sentence_spans` are offsets in the abstract, in order; `sentence_vectors` has shape (n_sentences, dimension), to
    8 bits a number. `text_hash` names the version of the text that the passages are of.
    """

    paper: Paper
    text_hash: str
    content_hash: str
    passages: tuple[Passage, ...]
    sentence_spans: tuple[tuple[int, int], ...]
    sentence_vectors: Vectors


def text_hash(paper: Paper) -> str:
    """12 hex digits of the hash of what is embedded: title and abstract."""
    return hashlib.sha256(f"{paper.title}\n\n{paper.abstract}".encode()).hexdigest()[:12]


def content_hash(paper: Paper) -> str:
    """16 hex digits of the hash of all fields."""
    fields = asdict(paper) | {"published": str(paper.published), "extra": sorted(paper.extra.items())}
    return hashlib.sha256(json.dumps(fields, sort_keys=True, default=str).encode()).hexdigest()[:16]


def passage_key(passage: Passage, text_version: str) -> str:
    """The id of a passage in Chroma: its own id with the version of the text.

    With the version in it, passages of a changed paper stand beside the old ones until the paper's own record
    is written, so that a reader never sees a passage that is not of the abstract.
    """
    return f"{passage.id}@{text_version}"


def split_key(key: str) -> tuple[str, int, str]:
    """Of an id in Chroma the paper's id, the passage's number and the version of the text."""
    rest, _, version = key.rpartition("@")
    paper_id, _, number = rest.rpartition("#")
    return paper_id, int(number), version


def flatten(paper: Paper, passages: Sequence[Passage], vectors: Vectors) -> Flat:
    """The metadata of a paper's record. `vectors`: those of its sentences, shape (n_sentences, dimension)."""
    flat: Flat = {
        "id": paper.id,  # Chroma filters by metadata, not by its own ids
        "title": paper.title,
        "abstract_kind": paper.abstract_kind,
        "published_inferred": paper.published_inferred,
        "authors": json.dumps(paper.authors, ensure_ascii=False),
        "extra": json.dumps(dict(paper.extra), ensure_ascii=False),
        "text_hash": text_hash(paper),
        "content_hash": content_hash(paper),
        "passages": json.dumps([[passage.start, passage.end] for passage in passages]),
        "sentences": _pack(vectors),
    }
    if paper.url is not None:
        flat["url"] = paper.url
    if paper.source is not None:
        flat["source"] = paper.source
    if paper.author_count is not None:
        flat["author_count"] = paper.author_count
    if paper.published is not None:
        flat["published"] = paper.published.isoformat()
    return flat


def unflatten(paper_id: str, abstract: str | None, flat: Mapping[str, Any], dimension: int) -> StoredPaper:
    """The paper of a record, as `flatten` wrote it."""
    paper = unflatten_paper(paper_id, abstract, flat)
    spans = [tuple(span) for span in json.loads(flat["passages"])]
    passages = tuple(
        Passage(f"{paper_id}#{n}", paper_id, paper.abstract[start:end], start, end)
        for n, (start, end) in enumerate(spans)
    )
    vectors = _unpack(flat["sentences"], dimension)
    of_sentences = sentences(paper.abstract)
    if len(of_sentences) != len(vectors):  # written by a version that split otherwise: doctor embeds it again
        vectors = np.zeros((len(of_sentences), dimension), dtype=np.float32)
    return StoredPaper(paper, flat["text_hash"], flat["content_hash"], passages, of_sentences, vectors)


def unflatten_paper(paper_id: str, abstract: str | None, flat: Mapping[str, Any]) -> Paper:
    """The paper of a record without its passages and vectors."""
    return Paper(
        id=paper_id,
        title=flat["title"],
        abstract=abstract or "",
        abstract_kind=flat["abstract_kind"],
        url=flat.get("url"),
        published=date.fromisoformat(flat["published"]) if "published" in flat else None,
        published_inferred=flat["published_inferred"],
        authors=tuple(json.loads(flat["authors"])),
        author_count=flat.get("author_count"),
        source=flat.get("source"),
        extra=json.loads(flat["extra"]),
    )


def _pack(vectors: Vectors) -> str:
    return base64.b85encode(np.round(vectors * 127).astype(np.int8).tobytes()).decode("ascii")


def _unpack(packed: str, dimension: int) -> Vectors:
    whole = np.frombuffer(base64.b85decode(packed), dtype=np.int8)
    vectors = whole.reshape(-1, dimension).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, 1e-9)
    return unit

"""How papers and passages are written down in Chroma, whose metadata is flat, and read back."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.model import Paper, Passage
from rag.neural.embedder import Signs, Vectors
from rag.sources.merging.deduplication import identity_keys
from rag.text import content_words, sentences

Flat = dict[str, str | int | float | bool | None]

# Of a paper merged from records with several titles, DOIs or arXiv ids, so many of each are looked for.
_ALTERNATIVES = 4
_KINDS = ("title", "doi", "arxiv", "zotero")
# Fields that records of older libraries do not have. Where they are empty the hash is what it was.
_LATER = ("doi", "arxiv_id", "retraction", "copies")


@dataclass(frozen=True)
class Record:
    """A paper with the hashes of its text and of all its fields, as its record has them."""

    paper: Paper
    text_hash: str
    content_hash: str


@dataclass(frozen=True)
class StoredPaper:
    """A paper as the library holds it: with its passages and the vectors of its sentences.

    `sentence_spans` are offsets in the abstract, in order; `sentence_vectors` has shape (n_sentences, dimension), to
    8 bits a number. `word_vectors` are those of its content words in the embedder's word space, shape (n_words,
    n_axes), `word_sentences` the sentence that each stands in, and `word_signs` has a bit for each number of their
    whole vectors, shape (n_words, dimension / 8), or (n_words, 0) where an older version wrote the record. `text_hash`
    names the version of the text that the passages are of.
    """

    paper: Paper
    text_hash: str
    content_hash: str
    passages: tuple[Passage, ...]
    sentence_spans: tuple[tuple[int, int], ...]
    sentence_vectors: Vectors
    word_vectors: Vectors
    word_sentences: NDArray[np.int64]
    word_signs: Signs


def text_hash(paper: Paper) -> str:
    """12 hex digits of the hash of what is embedded: title and abstract."""
    return hashlib.sha256(json.dumps([paper.title, paper.abstract]).encode()).hexdigest()[:12]


def content_hash(paper: Paper) -> str:
    """16 hex digits of the hash of all fields."""
    said = asdict(paper) | {"published": str(paper.published), "extra": sorted(paper.extra.items())}
    said = {name: value for name, value in said.items() if value or name not in _LATER}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def flat_keys(paper: Paper) -> Flat:
    """What a paper is looked up by, as fields of its record: "key_title", "key_doi", "key_arxiv", "key_title_2" …

    A title stands as a hash, whatever its length.
    """
    flat: Flat = {f"key_{kind}{_nth(n)}": None for kind in _KINDS for n in range(_ALTERNATIVES)}
    for kind, values in _by_kind(identity_keys(paper)).items():
        flat |= {f"key_{kind}{_nth(n)}": value for n, value in enumerate(values[:_ALTERNATIVES])}
    return flat


def key_filter(keys: Iterable[str]) -> dict[str, Any] | None:
    """The filter for the records of papers with any of these `identity_keys`, ids aside; None when there are none."""
    wanted = [
        {f"key_{kind}{_nth(n)}": {"$in": values}}
        for kind, values in _by_kind(keys).items()
        for n in range(_ALTERNATIVES)
    ]
    return {"$or": wanted} if wanted else None


def _by_kind(keys: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in keys:
        kind, _, value = key.partition(" ")
        if kind in _KINDS:
            found.setdefault(kind, []).append(_hash(value) if kind == "title" else value)
    return found


def _nth(n: int) -> str:
    return f"_{n + 1}" if n else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


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


def record_keys(paper_id: str, flat: Mapping[str, Any]) -> list[str]:
    """The ids in Chroma of the passages that a paper's record names; none for a record that is damaged."""
    try:
        return [f"{paper_id}#{n}@{flat['text_hash']}" for n in range(len(json.loads(flat["passages"])))]
    except (KeyError, TypeError, ValueError):
        return []


def shelf_of(flat: Mapping[str, Any]) -> int:
    """The number, from 0, of the collection that has the passages of a paper's record."""
    found = flat.get("shelf")
    return found if isinstance(found, int) else 0


def fingerprint(vector: Vectors) -> str:
    """16 hex digits: the signs of the first 64 numbers. By it a vector that is not of its passage is known."""
    return np.packbits(np.asarray(vector)[:64] > 0).tobytes().hex()


def flatten(
    paper: Paper, passages: Sequence[Passage], *, sentence_vectors: Vectors, word_vectors: Vectors, word_signs: Signs,
    shelf: int = 0,
) -> Flat:  # fmt: skip
    """The metadata of a paper's record, with the vectors of its sentences and of its content words.

    `shelf` is the number of the collection that has its passages.
    """
    return flatten_paper(paper) | {
        "text_hash": text_hash(paper),
        "shelf": shelf or None,
        "passages": json.dumps([[passage.start, passage.end] for passage in passages]),
        "sentences": _pack(sentence_vectors),
        "words": _pack(word_vectors),
        "signs": base64.b64encode(word_signs.tobytes()).decode("ascii"),
    }


def flatten_paper(paper: Paper) -> Flat:
    """The part of a record's metadata that says nothing of passages and vectors.

    What the paper does not have is None, which deletes it: Chroma keeps the fields that a write leaves out.
    """
    return {
        "id": paper.id,  # Chroma filters by metadata, not by its own ids
        "title": paper.title,
        "abstract_kind": paper.abstract_kind,
        "url": paper.url,
        "published": paper.published.isoformat() if paper.published else None,
        "published_inferred": paper.published_inferred,
        "authors": json.dumps(paper.authors, ensure_ascii=False),
        "author_count": paper.author_count,
        "source": paper.source,
        "doi": paper.doi,
        "arxiv_id": paper.arxiv_id,
        "retraction": paper.retraction,
        "extra": json.dumps(dict(paper.extra), ensure_ascii=False),
        "copies": json.dumps([_apart(copy, paper) for copy in paper.copies], ensure_ascii=False)
        if paper.copies
        else None,
        "content_hash": content_hash(paper),
    } | flat_keys(paper)


def _apart(copy: Paper, paper: Paper) -> dict[str, Any]:
    """What a record says otherwise than the paper that it was merged into."""
    said = {field.name: getattr(copy, field.name) for field in fields(Paper) if field.name != "copies"}
    apart = {name: value for name, value in said.items() if value != getattr(paper, name)}
    return apart | ({"published": copy.published and copy.published.isoformat()} if "published" in apart else {})


def _together(apart: Mapping[str, Any], paper: Paper) -> Paper:
    said = dict(apart)
    if "authors" in said:
        said["authors"] = tuple(said["authors"])
    if said.get("published"):
        said["published"] = date.fromisoformat(said["published"])
    return replace(paper, **said)


def unflatten(paper_id: str, abstract: str | None, flat: Mapping[str, Any], dimension: int) -> StoredPaper:
    """The paper of a record, as `flatten` wrote it."""
    paper = unflatten_paper(paper_id, abstract, flat)
    spans = [tuple(span) for span in json.loads(flat["passages"])]
    passages = tuple(
        Passage(f"{paper_id}#{n}", paper_id, paper.abstract[start:end], start, end)
        for n, (start, end) in enumerate(spans)
    )
    of_sentences, of_words = sentences(paper.abstract), content_words(paper.abstract)
    return StoredPaper(
        paper,
        flat["text_hash"],
        flat["content_hash"],
        passages,
        of_sentences,
        _unpack(flat["sentences"], len(of_sentences), dimension),
        _unpack(flat["words"], len(of_words), None),
        np.searchsorted([start for start, _ in of_sentences], [start for start, _ in of_words], side="right") - 1,
        _unpack_signs(flat.get("signs", ""), len(of_words), dimension),
    )


def unflatten_record(paper_id: str, abstract: str | None, flat: Mapping[str, Any]) -> Record:
    """The paper of a record with its hashes, without its passages and vectors."""
    return Record(unflatten_paper(paper_id, abstract, flat), flat["text_hash"], flat["content_hash"])


def unflatten_paper(paper_id: str, abstract: str | None, flat: Mapping[str, Any]) -> Paper:
    """The paper of a record without its passages and vectors."""
    paper = Paper(
        id=paper_id,
        title=flat["title"],
        abstract=abstract or "",
        abstract_kind=flat["abstract_kind"],
        url=flat.get("url"),
        published=date.fromisoformat(flat["published"]) if flat.get("published") else None,
        published_inferred=flat["published_inferred"],
        authors=tuple(json.loads(flat["authors"])),
        author_count=flat.get("author_count"),
        source=flat.get("source"),
        doi=flat.get("doi"),
        arxiv_id=flat.get("arxiv_id"),
        retraction=flat.get("retraction"),
        extra=json.loads(flat["extra"]),
    )
    copies = json.loads(flat["copies"]) if flat.get("copies") else ()
    return replace(paper, copies=tuple(_together(copy, paper) for copy in copies)) if copies else paper


def _pack(vectors: Vectors) -> str:
    return base64.b64encode(np.round(vectors * 127).astype(np.int8).tobytes()).decode("ascii")


def _unpack(packed: str, count: int, dimension: int | None) -> Vectors:
    """`count` vectors as `_pack` wrote them, unit length again; zeros when they are not that many.

    That happens when a version that splits texts otherwise wrote them; `doctor` embeds such a paper again.
    """
    whole = np.frombuffer(base64.b64decode(packed), dtype=np.int8)
    width = dimension or (len(whole) // count if count else 1)
    if len(whole) != count * width:
        return np.zeros((count, max(width, 1)), dtype=np.float32)
    vectors = whole.reshape(count, width).astype(np.float32)
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def _unpack_signs(packed: str, count: int, dimension: int) -> Signs:
    """The signs of `count` words, shape (count, dimension / 8); (count, 0) from a version that wrote none."""
    whole = np.frombuffer(base64.b64decode(packed), dtype=np.uint8)
    width = -(-dimension // 8)
    return whole.reshape(count, width) if count and len(whole) == count * width else np.zeros((count, 0), np.uint8)

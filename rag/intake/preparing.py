"""Papers made ready to be written: cut into passages and embedded, while those before them are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial

import numpy as np
from pydantic import SecretStr

from rag.errors import LibraryError
from rag.intake.ray_workers import RayWorkers
from rag.library.chroma import batches
from rag.library.writer import Prepared, Writer
from rag.model import Paper, Passage
from rag.neural.embedder import Embedder, Span, Vectors, make_embedder
from rag.text import content_words, sentences, shown
from rag.text.passages import passages
from rag.text.tokens import count_tokens

BATCH_PAPERS = 16
_WRITE_PAPERS = 64  # each writing has a price of its own: 64 papers at once cost a third of four times 16


Preparing = Callable[[Sequence[Paper]], Iterator[Sequence[Prepared]]]
"""Makes papers ready to be written, a few at a time and in their order."""


def here(embedder: Embedder, *, passage_tokens: int) -> Preparing:
    """The papers made ready in this process."""
    return lambda papers: (list(prepare(few, embedder, passage_tokens=passage_tokens)) for few in _by_batch(papers))


@contextmanager
def spread(
    address: str | None, embedding: str, key: SecretStr | None, passage_tokens: int, *, workers: int | None = None
) -> Iterator[Preparing | None]:
    """The papers made ready by so many workers of the Ray cluster at the address, each with the embedder of that name.

    None where there is no address. Raises as `RayWorkers`.
    """
    if address is None:
        yield None
        return
    with RayWorkers(address, partial(_in_worker, embedding, key, passage_tokens), workers=workers) as spreading:
        yield lambda papers: spreading.map(_by_batch(papers))


def _in_worker(embedding: str, key: SecretStr | None, passage_tokens: int, threads: int) -> Callable[..., object]:
    embedder = make_embedder(embedding, key=key, threads=threads)
    return lambda papers: list(prepare(papers, embedder, passage_tokens=passage_tokens))


def _by_batch(papers: Sequence[Paper]) -> Iterator[Sequence[Paper]]:
    return batches(papers, BATCH_PAPERS)


def embed_and_put(
    writer: Writer, papers: Sequence[Paper], preparing: Preparing, *, done: Callable[[int], None] | None = None
) -> None:
    """Embed the papers and write them. `done` is called with the number of papers embedded so far.

    What is embedded when this is interrupted is written.

    Raises:
        LibraryError: the library cannot be written.
    """
    waiting: list[Prepared] = []
    # While one batch is written the next is embedded: the writing costs next to no time of its own.
    with ThreadPoolExecutor(1, thread_name_prefix="footnote-writer") as pool:
        begun: Future[None] | None = None
        embedded = 0
        try:
            for ready in preparing(papers):
                waiting += ready
                embedded += len(ready)
                if embedded == len(ready):  # at once: what is interrupted soon after its first report has begun
                    writer.put(waiting)
                    waiting = []
                elif len(waiting) >= _WRITE_PAPERS:
                    if begun:
                        begun.result()
                    begun, waiting = pool.submit(writer.put, waiting), []
                if done:
                    done(embedded)
        except BaseException:
            with suppress(LibraryError):
                if begun:
                    begun.result()
                if waiting:
                    writer.put(waiting)
            raise
        if begun:
            begun.result()
    if waiting:
        writer.put(waiting)


def prepare(papers: Sequence[Paper], embedder: Embedder, *, passage_tokens: int) -> Iterator[Prepared]:
    """The papers with their passages and vectors. The title stands before each passage in what is embedded.

    Sentences and words are read in the first passage that has them.
    """
    split = [passages(paper, budget_tokens=passage_tokens, count=count_tokens) for paper in papers]
    read_words = embedder.word_space is not None  # each would cost a request, and be thrown away
    marked = [[*sentences(p.abstract), *(content_words(p.abstract) if read_words else ())] for p in papers]
    texts: list[str] = []
    spans: list[list[Span]] = []
    for paper, parts, marks in zip(papers, split, marked, strict=True):
        head = f"{shown(paper.title)}. " if paper.title else ""
        for part in parts:
            texts.append(head + part.text)
            shift = len(head) - part.start
            spans.append([(a + shift, b + shift) for a, b in _inside(part, marks)])
    vectors = iter(embedder.documents(texts, spans))
    found: list[tuple[Paper, tuple[Passage, ...], Vectors, Vectors, Vectors]] = []
    for paper, parts, marks in zip(papers, split, marked, strict=True):
        pairs = [next(vectors) for _ in parts]
        rows: dict[Span, Vectors] = {}
        for part, (_, of_spans) in zip(parts, pairs, strict=True):
            for span, vector in zip(_inside(part, marks), of_spans, strict=True):
                rows.setdefault(span, vector)
        count = len(sentences(paper.abstract))
        stacked = np.array([rows[span] for span in marks], dtype=np.float32).reshape(-1, embedder.dimension)
        found.append((paper, parts, np.stack([whole for whole, _ in pairs]), stacked[:count], stacked[count:]))
    # Once for all papers: each call waits for the threads of the linear algebra, which are busy embedding.
    words = np.concatenate([words for *_, words in found]) if found else np.zeros((0, 0), dtype=np.float32)
    space = embedder.word_space
    small = space.reduced(words) if space and len(words) else np.zeros((len(words), 0), dtype=np.float32)
    signs = space.signs(words) if space and len(words) else np.zeros((len(words), 0), dtype=np.uint8)
    at = 0
    for paper, parts, wholes, of_sentences, own in found:
        mine = slice(at, at + len(own))
        yield Prepared(paper, parts, wholes, of_sentences, small[mine], signs[mine])
        at += len(own)


def _inside(part: Passage, spans: Sequence[Span]) -> list[Span]:
    return [(start, end) for start, end in spans if part.start <= start and end <= part.end]

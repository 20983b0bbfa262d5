"""From files to the library: read, merge, compare with what is stored, embed what is new, write.

Nothing that has not changed is embedded or written. Papers are committed in batches, so an ingest that is cut off
keeps what it has written, and the next one does the rest.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from rag.embed import Embedder, Vectors
from rag.errors import SourceError
from rag.lexical import LexicalIndex
from rag.merge import Gathering, merge, new_id, same_paper, title_key
from rag.model import FileReport, IngestReport, Paper, Rejected
from rag.passages import passages
from rag.records import StoredPaper, content_hash, text_hash
from rag.sources import find_files, read_file
from rag.store import Library
from rag.text import sentences, shown
from rag.tokens import count_tokens
from rag.writer import Prepared, Writer

BATCH_PAPERS = 32
Progress = Callable[[int, int], None]
_log = logging.getLogger(__name__)


@dataclass
class _Counts:
    """The report of one file while it grows."""

    path: str
    reader: str | None = None
    papers: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    error: str | None = None

    def report(self) -> FileReport:
        return FileReport(**{**vars(self), "rejected": tuple(self.rejected)})


def read_all(paths: Sequence[str | Path], *, as_of: int | None) -> tuple[list[tuple[Paper, _Counts]], list[_Counts]]:
    """Every paper of the files and folders, copies merged, with the report of the file that brought it first.

    A file that cannot be read is in its report, and the others are read.

    Raises:
        SourceError: a path does not exist.
    """
    reports: list[_Counts] = []
    gathering = Gathering()
    origins: list[_Counts] = []
    for path in find_files(paths):
        report = _Counts(str(path))
        reports.append(report)
        try:
            reading = read_file(path, as_of=as_of)
            report.reader = reading.reader
            for item in reading.entries:
                if isinstance(item, Rejected):
                    report.rejected.append(item)
                    continue
                report.papers += 1
                if gathering.add(item) == "new":
                    origins.append(report)
                else:
                    report.merged += 1
        except SourceError as error:
            report.error = str(error)
    return list(zip(gathering.merged(), origins, strict=True)), reports


def ingest(
    library: Library,
    embedder: Embedder,
    index: Callable[[], LexicalIndex],
    paths: Sequence[str | Path],
    *,
    passage_tokens: int,
    as_of: int | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Bring the papers of `paths` into the library; with `rebuild` everything stored is embedded again as well.

    `index` gives the current derived index. `progress` is called with the papers embedded so far and in all.

    Raises:
        SourceError: a path does not exist.
        LibraryError: somebody else writes, or the library cannot be written.
    """
    entries, reports = read_all(paths, as_of=as_of)
    if not entries and not rebuild:
        return IngestReport(tuple(count.report() for count in reports))
    with library.writing(rebuild=rebuild) as writer:
        fresh, updated = _compared(library, entries, index() if library.count() else None)
        if rebuild:
            fresh += [paper for paper, _ in updated]
            updated = []
            replaced = {paper.id for paper in fresh}
            fresh += [paper for paper, _ in library.papers() if paper.id not in replaced]
        if updated:
            writer.update(updated)
        _embed_and_put(writer, fresh, embedder, passage_tokens, progress)
    report = IngestReport(tuple(count.report() for count in reports))
    _log.info(
        "ingested %d entries: %d new, %d changed, %d unchanged",
        report.total("papers"),
        report.total("new"),
        report.total("changed"),
        report.total("unchanged"),
    )
    return report


def _compared(
    library: Library, entries: Sequence[tuple[Paper, _Counts]], index: LexicalIndex | None
) -> tuple[list[Paper], list[tuple[Paper, StoredPaper]]]:
    """The papers to embed, and those of which only the metadata changed; counts them in their reports."""
    by_title: dict[str, list[str]] = defaultdict(list)
    for paper in index.papers if index else ():
        by_title[title_key(paper.title)].append(paper.id)
    taken = set(index.position) if index else set()
    wanted = {key for paper, _ in entries for key in (*by_title.get(title_key(paper.title), ()), paper.id) if key}
    stored = library.get(sorted(wanted)) if index else {}
    fresh: list[Paper] = []
    updated: list[tuple[Paper, StoredPaper]] = []
    for entry, report in entries:
        before = _stored_copy(entry, by_title, stored)
        if before is None:
            paper = entry if entry.id else replace(entry, id=new_id(entry, taken))
            taken.add(paper.id)
            report.new += 1
            fresh.append(paper)
            continue
        paper = _replacement(before.paper, entry)
        if content_hash(paper) == before.content_hash:
            report.unchanged += 1
            continue
        report.changed += 1
        if text_hash(paper) == before.text_hash:
            updated.append((paper, before))
        else:
            fresh.append(paper)
    return fresh, updated


def _stored_copy(
    paper: Paper, by_title: Mapping[str, Sequence[str]], stored: Mapping[str, StoredPaper]
) -> StoredPaper | None:
    if paper.id:
        return stored.get(paper.id)
    # An entry without an id is compared by title and text, whatever the id of the stored paper.
    copies = (stored[key] for key in by_title.get(title_key(paper.title), ()) if key in stored)
    return next((copy for copy in copies if same_paper(copy.paper, paper)), None)


def _replacement(before: Paper, entry: Paper) -> Paper:
    """What a stored paper becomes: a record with its id replaces it, a copy without an id enriches it.

    Either way a digest never takes the place of an original abstract.
    """
    if entry.id and entry.abstract_kind == before.abstract_kind:
        return entry
    return replace(merge(before, entry), id=before.id)


def _embed_and_put(
    writer: Writer, papers: Sequence[Paper], embedder: Embedder, passage_tokens: int, progress: Progress | None
) -> None:
    for first in range(0, len(papers), BATCH_PAPERS):
        batch = papers[first : first + BATCH_PAPERS]
        writer.put(list(prepare(batch, embedder, passage_tokens=passage_tokens)))
        if progress:
            progress(first + len(batch), len(papers))


def prepare(papers: Sequence[Paper], embedder: Embedder, *, passage_tokens: int) -> Iterator[Prepared]:
    """The papers with their passages and vectors. The title stands before each passage in what is embedded."""
    split = [passages(paper, budget_tokens=passage_tokens, count=count_tokens) for paper in papers]
    texts: list[str] = []
    spans: list[list[tuple[int, int]]] = []
    for paper, parts in zip(papers, split, strict=True):
        head = f"{shown(paper.title)}. " if paper.title else ""
        of_abstract = sentences(paper.abstract)
        for part in parts:
            texts.append(head + part.text)
            shift = len(head) - part.start
            spans.append([(a + shift, b + shift) for a, b in of_abstract if part.start <= a and b <= part.end])
    vectors = iter(embedder.documents(texts, spans))
    for paper, parts in zip(papers, split, strict=True):
        pairs = [next(vectors) for _ in parts]
        of_abstract = sentences(paper.abstract)
        rows: dict[tuple[int, int], Vectors] = {}
        for part, (_, of_spans) in zip(parts, pairs, strict=True):
            inside = [span for span in of_abstract if part.start <= span[0] and span[1] <= part.end]
            for span, vector in zip(inside, of_spans, strict=True):
                rows.setdefault(span, vector)
        yield Prepared(
            paper,
            parts,
            np.stack([whole for whole, _ in pairs]),
            np.stack([rows[span] for span in of_abstract])
            if of_abstract
            else np.empty((0, embedder.dimension), dtype=np.float32),
        )

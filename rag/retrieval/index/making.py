"""How the derived index is made: papers are read once, as they come, and written into a draft that takes its place."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Iterable
from contextlib import closing
from errno import EIO, ENOSPC
from pathlib import Path
from uuid import uuid4

from rag.model import Paper
from rag.neural.embedder import common_words
from rag.retrieval.index.accession import Accession
from rag.retrieval.index.lexical_index import COLUMNS, LexicalIndex, examine_index, kind_of
from rag.retrieval.index.name_index import Bearers
from rag.retrieval.index.paper_index import FILE
from rag.retrieval.index.postings import Postings
from rag.retrieval.index.seal import seal
from rag.text import forget_texts, terms

_TEXTS = 512  # abstracts whose normal forms are kept meanwhile


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
    draft = folder.with_name(f"{folder.name}.new-{uuid4().hex}")
    draft.mkdir()  # with the rights that the umask gives, as all of the library has them
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
    """The index of `papers`, in their order, kept nowhere: its files go with it.

    Raises:
        OSError: what it is made from does not fit on the disk.
    """
    folder = Path(tempfile.mkdtemp(prefix="footnote-index-"))
    try:
        _write(folder, generation, papers)
        index, fault = examine_index(folder, generation)
        if index is None:
            raise OSError(EIO, f"the lexical index is {fault} as soon as it is written")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(index, shutil.rmtree, folder, ignore_errors=True)
    return index


def _write(folder: Path, generation: str, papers: Iterable[Paper]) -> None:
    """Write the index into the empty `folder`. Of the papers, memory holds those that `papers` brings at a time."""
    postings, bearers = Postings(folder), Bearers(common_words())
    count = 0
    try:
        with (
            closing(Accession(folder / FILE)) as accession,
            tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder) as texts,
        ):
            for paper in papers:
                # The title counts twice: measured on five collections.
                postings.add([*terms(paper.title), *terms(paper.title), *terms(paper.abstract)] or [""])
                bearers.add(paper)
                accession.add(paper)
                texts.write(json.dumps([paper.title, paper.abstract, paper.abstract_kind]) + "\n")
                count += 1
                _now_and_then_forget(count)
            texts.seek(0)
            again = (Paper("", *line) for line in map(json.loads, texts))
            for n, name in enumerate(bearers.own_names(again)):
                accession.add_own_name(name)
                _now_and_then_forget(n)
            accession.add_names(bearers.names())
            accession.finish(folder / COLUMNS)
    except sqlite3.Error as error:  # a full disk, as SQLite says it
        raise OSError(ENOSPC, f"the catalogue cannot be written ({error})") from error
    if count:
        postings.write(folder / "bm25")
    seal(folder, kind_of(generation))


def _now_and_then_forget(count: int) -> None:
    if count % _TEXTS == 0:
        forget_texts()

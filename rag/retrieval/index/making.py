"""How the derived index is made: papers are read once, as they come, and written into a draft that takes its place.

What was worked out of a paper before is taken over from the index that is there, where the paper has not changed since.
The index has the same in it as one that is made from nothing.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Iterable
from contextlib import closing, nullcontext
from errno import EIO, ENOSPC, ESTALE
from pathlib import Path
from uuid import uuid4

from rag.model import Paper
from rag.neural.embedder import common_words
from rag.retrieval.index.accession import Accession
from rag.retrieval.index.cards import FILE as CARDS
from rag.retrieval.index.gist import gist_of
from rag.retrieval.index.lexical_index import COLUMNS, LexicalIndex, examine_index, kind_of
from rag.retrieval.index.name_index import Bearers
from rag.retrieval.index.paper_index import FILE
from rag.retrieval.index.postings import Postings
from rag.retrieval.index.predecessor import Entry, Predecessor, Shelf, entries, predecessor_in
from rag.retrieval.index.seal import seal
from rag.text import forget_texts, terms

_TEXTS = 512  # abstracts whose normal forms are kept meanwhile
_log = logging.getLogger(__name__)


def clear_drafts(folder: Path) -> int:
    """The number of drafts of the index that were left beside it by processes cut off, and that are deleted now."""
    drafts = list(folder.parent.glob(folder.name + ".new-*"))
    for draft in drafts:
        shutil.rmtree(draft, ignore_errors=True)
    return len(drafts)


def renew_index(folder: Path, generation: str, shelf: Shelf, *, anew: bool = False) -> None:
    """Write the index of the papers of a library into `folder`, replacing what is there.

    What is there is taken over of the papers that have not changed, unless it is damaged or of another version, or all
    is to be made `anew`. A kill in between leaves the old, the new or none.

    Raises:
        OSError: it cannot be written.
        LibraryError: the library cannot be read.
    """
    predecessor = None if anew else predecessor_in(folder)
    if predecessor:
        try:
            _save(folder, generation, entries(shelf, predecessor), predecessor)
            return
        except (OSError, ValueError) as error:  # another process may have put another index in its place
            _log.info("the lexical index is made from nothing, since none of %s can be taken over: %s", folder, error)
    _save(folder, generation, entries(shelf, None), None)


def save_index(folder: Path, generation: str, papers: Iterable[Paper]) -> None:
    """Write the index of `papers`, in their order, into `folder`, replacing what is there; nothing is taken over.

    A kill in between leaves the old, the new or none. Papers are forgotten as they come.

    Raises:
        OSError: it cannot be written.
    """
    _save(folder, generation, ((paper, "") for paper in papers), None)


def _save(folder: Path, generation: str, papers: Iterable[Entry], predecessor: Predecessor | None) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    # A folder of its own for each writer: two that make the same index at once do not write into one another's.
    draft = folder.with_name(f"{folder.name}.new-{uuid4().hex}")
    draft.mkdir()  # with the rights that the umask gives, as all of the library has them
    try:
        with closing(predecessor) if predecessor else nullcontext():
            _write(draft, generation, papers, predecessor)
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
        _write(folder, generation, ((paper, "") for paper in papers), None)
        index, fault = examine_index(folder, generation)
        if index is None:
            raise OSError(EIO, f"the lexical index is {fault} as soon as it is written")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(index, shutil.rmtree, folder, ignore_errors=True)
    return index


def _write(folder: Path, generation: str, papers: Iterable[Entry], predecessor: Predecessor | None) -> None:
    """Write the index into the empty `folder`. Of the papers, memory holds those that `papers` brings at a time."""
    postings = Postings(folder, predecessor.postings if predecessor else None)
    count = 0
    try:
        with (
            closing(
                Accession(folder / FILE, (predecessor.catalogue, predecessor.columns) if predecessor else None)
            ) as accession,
            closing(Bearers(common_words(), folder, predecessor.cards if predecessor else None)) as bearers,
        ):
            # All is open by now, and another process cannot change it any more.
            if predecessor and not predecessor.is_there():
                raise OSError(ESTALE, "another was put in its place")
            for entry in papers:
                count += 1
                if isinstance(entry, int):
                    postings.keep(entry)
                    bearers.keep(entry)
                    accession.keep(entry)
                    continue
                paper, content = entry
                # The title counts twice: measured on five collections.
                postings.add([*terms(paper.title), *terms(paper.title), *terms(paper.abstract)] or [""])
                bearers.add(gist_of(paper))
                accession.add(paper, content)
                if count % _TEXTS == 0:
                    forget_texts()
            for name in bearers.own_names():
                accession.add_own_name(name)
            accession.add_names(bearers.names())
            accession.finish(folder / COLUMNS)
            bearers.write(folder / CARDS)
    except sqlite3.Error as error:  # a full disk, as SQLite says it
        raise OSError(ENOSPC, f"the catalogue cannot be written ({error})") from error
    if count:
        postings.write(folder / "bm25")
    seal(folder, kind_of(generation))

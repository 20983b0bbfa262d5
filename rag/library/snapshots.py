"""Snapshots: a library as one file that is whole while others ask it, and a library made of such a file again.

A library in a folder is copied as it lies there, under the lock of its writer: the database by SQLite's own backup,
then Chroma's files of vectors. One on a server is first carried over, record by record, into a folder. The index of
words is derived and not part of it; neither are kept replies of models, prices and runs.

Into a folder without a library a snapshot is placed by renaming. Where there is one, the records are carried over as
by a rebuild: the old library stays in use until the last of them is written, and nothing is embedded again.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import FootnoteError, LibraryError, SourceError
from rag.library.archive import NAMES, Archive, opened, pack
from rag.library.chroma import chroma_errors
from rag.library.lock import file_lock
from rag.library.manifest import FORMAT, KEYED, check_format
from rag.library.store import Library
from rag.neural.embedder import Embedder
from rag.settings import Settings

_KEPT = ("sources.json", "followed.json")
_PAGES = 4096
_UNPACKED = ".restoring-"


@dataclass(frozen=True)
class Saved:
    """A snapshot: the number of its papers, its size in bytes, and the SHA-256 of the file as a whole."""

    papers: int
    size: int
    sha256: str


def save(library: Library, embedder: Embedder, storage: Path, path: Path, *, passage_tokens: int) -> Saved:
    """Write the library to the file `path`, which is there in full, or as it was before. Others may ask meanwhile.

    Raises:
        LibraryError: somebody writes, or the library is empty or cannot be read.
        FootnoteError: the file cannot be written.
    """
    try:
        with library.locked() as renew, tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as new:
            manifest = library.manifest()
            if manifest is None:
                raise LibraryError("the library is empty: there is nothing to make a snapshot of.")
            folder = Path(new)
            if library.address:
                target = Library.open(folder, embedder, passage_tokens=passage_tokens)
                with closing(target):
                    carry(library, target, renew=renew)
                    manifest = target.manifest() or manifest
                chroma = folder / "chroma"
            else:
                chroma = storage / "chroma"
            members = _members(chroma, folder / "copy.sqlite3")
            members |= {name: storage / name for name in _KEPT if (storage / name).is_file()}
            papers = library.count()
            said = {
                "footnote": _version("footnote"), "chroma": _version("chromadb"),
                "made": datetime.now(UTC).isoformat(timespec="seconds"), "papers": papers, "library": asdict(manifest),
            }  # fmt: skip
            digest = pack(path, members, said)
    except sqlite3.Error as error:
        raise LibraryError(f"the database of {storage} cannot be copied to {path.parent} ({error}).") from error
    except OSError as error:
        raise FootnoteError(f"{path} cannot be written: {error.strerror}. Choose another file.") from error
    return Saved(papers, path.stat().st_size, digest)


def _members(chroma: Path, copy: Path) -> dict[str, Path]:
    """The files of the library by their names in the archive; of the database a copy is made first, as it is now."""
    with closing(sqlite3.connect(chroma / "chroma.sqlite3")) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target, pages=_PAGES, sleep=0.0)  # a page at a time, so that nobody waits for long
    vectors = {path.relative_to(chroma.parent).as_posix(): path for path in sorted(chroma.glob("*/*"))}
    return {"chroma/chroma.sqlite3": copy} | {name: path for name, path in vectors.items() if NAMES.fullmatch(name)}


def restore(
    storage: Path, path: Path, embedder: Embedder, settings: Settings, *,
    replace: bool = False, sha256: str | None = None,
) -> int:  # fmt: skip
    """The number of papers of the library that is now in `storage`, or on the server of the settings.

    A library with papers is replaced only with `replace`. A kill at any moment leaves that one or the new one.

    Raises:
        SourceError: the snapshot cannot be read, is damaged or was tampered with, or is of a newer format.
        LibraryError: there is a library already, somebody writes, or the snapshot was made with another embedding.
    """
    with opened(path, sha256=sha256) as (archive, unpack):
        check_format(_format_of(archive), str(path))
        if settings.chroma_url or (storage / "chroma").exists():
            return _replaced(storage, embedder, settings, archive, unpack, replace=replace)
        with _made(storage), file_lock(storage), _beside(storage, unpack) as folder:
            papers = _checked(folder, archive, embedder, settings)
            # What makes it a library comes last: a kill before that leaves a folder without one.
            for name in (*_KEPT, "chroma"):
                if (folder / name).exists():
                    os.replace(folder / name, storage / name)
            return papers


def check(path: Path, *, sha256: str | None = None) -> int:
    """The number of papers in a snapshot that is as it was made. Raises SourceError where it is not."""
    with opened(path, sha256=sha256) as (archive, unpack):
        check_format(_format_of(archive), str(path))
        unpack(None)
        papers = archive.said.get("papers")
        if type(papers) is not int or papers < 0:
            raise SourceError(
                f"{path} is damaged: it says that it holds {papers!r:.20} papers. Take another copy of it."
            )
        return papers


def _replaced(
    storage: Path, embedder: Embedder, settings: Settings, archive: Archive,
    unpack: Callable[[Path | None], None], *, replace: bool,
) -> int:  # fmt: skip
    def opening(folder: Path, url: str | None, *, checked: bool) -> Library:
        return Library.open(
            folder, embedder, passage_tokens=settings.passage_tokens, chroma_url=url, check=checked
        )  # fmt: skip

    with (
        _made(storage),
        closing(opening(storage, settings.chroma_url, checked=False)) as target,
        target.locked() as renew,
    ):
        if (count := target.count()) and not replace:
            raise LibraryError(
                f"there is a library of {count:,} papers at {settings.chroma_url or storage}. `footnote restore "
                "--replace` puts the snapshot in its place; make a snapshot of it first, or choose another --storage."
            )
        with _beside(storage, unpack) as folder:
            papers = _checked(folder, archive, embedder, settings)
            with closing(opening(folder, None, checked=True)) as source:
                carry(source, target, renew=renew)
            for name in _KEPT:
                if (folder / name).exists():
                    os.replace(folder / name, storage / name)
                else:
                    (storage / name).unlink(missing_ok=True)
    return papers


def carry(source: Library, target: Library, *, renew: Callable[[], None]) -> None:
    """Put all papers of a library with their passages and vectors in the place of those of another.

    Raises:
        LibraryError: one cannot be read, or the other cannot be written, which stays as it was then.
    """
    manifest = source.manifest()
    with target.writing(rebuild=True, renew=renew) as writer:
        for batch in source.wholes():
            renew()
            writer.carry(batch)
        if manifest and manifest.format < KEYED:
            writer.add_keys()


@contextmanager
def _made(storage: Path) -> Iterator[None]:
    """The folder is there meanwhile, and what cannot be written in it is told as it should be."""
    try:
        storage.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise LibraryError(
            f"{storage} cannot be written: {error.strerror}. Make room or get the right to, or name another --storage."
        ) from error


@contextmanager
def _beside(storage: Path, unpack: Callable[[Path | None], None]) -> Iterator[Path]:
    """A folder in the storage into which the snapshot is unpacked. What a kill left of others is deleted."""
    for left in storage.glob(f"{_UNPACKED}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_UNPACKED, dir=storage, ignore_cleanup_errors=True) as name:
        unpack(Path(name))
        yield Path(name)


def _checked(folder: Path, archive: Archive, embedder: Embedder, settings: Settings) -> int:
    """The number of papers in the unpacked library, which this version can read."""
    try:
        unpacked = Library.open(folder, embedder, passage_tokens=settings.passage_tokens, check=False)
        with closing(unpacked), chroma_errors(str(archive.path)):
            papers = unpacked.count()
    except LibraryError as error:
        made, ours = f"{archive.said.get('chroma')!r:.20}", _version("chromadb")
        raise LibraryError(
            f"the library in {archive.path} cannot be opened: it was written by Chroma {made}, and this is {ours}. "
            f"({error})"
        ) from error
    if papers != archive.said.get("papers"):
        raise LibraryError(f"{archive.path} holds {papers:,} papers and says {archive.said.get('papers')!r:.20}.")
    return papers


def _format_of(archive: Archive) -> int:
    library = archive.said.get("library")
    found = library.get("format") if isinstance(library, dict) else None
    return found if isinstance(found, int) else FORMAT


def _version(distribution: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution)
    except PackageNotFoundError:  # a checkout that is not installed
        return ""


__all__: Sequence[str] = ["Saved", "carry", "check", "restore", "save"]

"""One file that holds others, each with its size and hash: written whole or not at all, and read with distrust.

It is a zip file. Its last entry, `snapshot.json`, says what is in it; only names of a known form are read out of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rag.errors import SourceError
from rag.library.json_file import replacing

FORMAT = 1
LISTING = "snapshot.json"
NAMES = re.compile(
    r"(?:sources|followed)\.json|chroma/chroma\.sqlite3"
    r"|chroma/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[a-z_0-9]{1,40}\.(?:bin|pickle)"
)
"""The only names that a file in an archive may have: nothing else is ever written to the disk."""

_MOST_FILES = 20_000
_LISTING_BYTES = 8_000_000
_PIECE = 1 << 20
_DATED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Archive:
    """What an archive says that it holds: `said` is its listing, `files` have size and SHA-256 by name."""

    path: Path
    said: Mapping[str, Any]
    files: Mapping[str, tuple[int, str]]

    @property
    def size(self) -> int:
        """The bytes of all files, unpacked."""
        return sum(size for size, _ in self.files.values())


def pack(path: Path, members: Mapping[str, Path], said: Mapping[str, Any]) -> str:
    """The SHA-256 of the archive, which is written to `path`: it is there in full, or as it was before.

    Raises:
        OSError: it cannot be written, or a file cannot be read.
    """
    with replacing(path) as beside, beside.open("w+b") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            files = {name: _added(archive, name, source) for name, source in members.items()}
            listing = {"format": FORMAT, **said, "files": files}
            archive.writestr(_info(LISTING), json.dumps(listing, ensure_ascii=False, indent=1))
        stream.flush()
        os.fsync(stream.fileno())
        stream.seek(0)
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DATED)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _added(archive: zipfile.ZipFile, name: str, source: Path) -> dict[str, int | str]:
    whole, size = hashlib.sha256(), 0
    with source.open("rb") as file, archive.open(_info(name), "w", force_zip64=True) as entry:
        while piece := file.read(_PIECE):
            whole.update(piece)
            entry.write(piece)
            size += len(piece)
    return {"size": size, "sha256": whole.hexdigest()}


@contextmanager
def opened(path: Path, *, sha256: str | None = None) -> Iterator[tuple[Archive, Callable[[Path | None], None]]]:
    """What an archive holds, and a function that unpacks all of it into a folder, or with None only checks it.

    With `sha256` the file as a whole has to have that hash.

    Raises:
        SourceError: it cannot be read, is damaged, was changed after it was made, or is of a newer format.
    """
    try:
        stream = path.open("rb")
        found = hashlib.file_digest(stream, "sha256").hexdigest() if sha256 is not None else None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}. Name a snapshot that is there.") from error
    with stream:
        if sha256 is not None and found != sha256.strip().lower():
            raise SourceError(f"{path} has the SHA-256 {found}, and not {sha256!r:.80}: it is another file.")
        with _damage(path):
            archive = zipfile.ZipFile(stream)
            listed = _listed(path, archive)
        yield listed, lambda folder: _unpacked(archive, listed, folder)


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
        RecursionError,
    ) as error:
        # An OSError is that of a place before the beginning of the file, to which a damaged listing points.
        raise _damaged(path, " ".join(str(error).split())[:120] or type(error).__name__) from error


def _damaged(path: Path, what: str) -> SourceError:
    return SourceError(f"{path} is no snapshot, or is damaged ({what}). Take another copy of it.")


def _listed(path: Path, archive: zipfile.ZipFile) -> Archive:
    entries = archive.infolist()
    sizes = {entry.filename: entry.file_size for entry in entries}
    if len(sizes) != len(entries) or len(entries) > _MOST_FILES:
        raise _damaged(path, f"{len(entries)} entries with {len(sizes)} names")
    for entry in entries:
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged(path, f"{entry.filename!r:.60} is encrypted or packed in an unknown way")
    if sizes.get(LISTING, _LISTING_BYTES + 1) > _LISTING_BYTES:
        raise _damaged(path, f"it has no {LISTING}")
    said = json.loads(archive.read(LISTING))
    if not isinstance(said, dict) or not isinstance(said.get("format"), int):
        raise _damaged(path, f"{LISTING} says no format")
    if said["format"] > FORMAT:
        raise SourceError(
            f"{path} is a snapshot of format {said['format']!r:.20}, made by Footnote {said.get('footnote')!r:.20}, "
            f"and this version reads up to {FORMAT}. Update footnote."
        )
    files = {name: _mark(path, name, mark) for name, mark in _object(path, said.get("files")).items()}
    if odd := sorted(name for name in {*sizes, *files} - {LISTING} if not NAMES.fullmatch(name)):
        raise _damaged(path, f"it has a file {odd[0]!r:.60}, which no snapshot has")
    if {LISTING: sizes[LISTING]} | {name: size for name, (size, _) in files.items()} != sizes:
        raise _damaged(path, f"{LISTING} lists other files, or files of another size")
    return Archive(path, said, files)


def _object(path: Path, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _damaged(path, f"{LISTING} lists no files")
    return value


def _mark(path: Path, name: str, mark: Any) -> tuple[int, str]:
    mark = _object(path, mark)
    size, digest = mark.get("size"), mark.get("sha256")
    if type(size) is not int or not isinstance(digest, str):
        raise _damaged(path, f"{LISTING} has no size or hash of {name!r:.60}")
    return size, digest


def _unpacked(archive: zipfile.ZipFile, listed: Archive, folder: Path | None) -> None:
    """Write all files into the folder, each under its own name and no other. What is written is on the disk then."""
    if folder is not None and listed.size > (free := shutil.disk_usage(folder).free):
        raise SourceError(f"{listed.path} unpacks to {listed.size:,} bytes, and {free:,} are free in {folder}.")
    for name, (size, digest) in listed.files.items():
        target = Path(os.devnull) if folder is None else folder / name
        if folder is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
        with _damage(listed.path), archive.open(name) as entry:
            try:
                with target.open("wb") as file:
                    found = _copied(entry, file, size)
                    if folder is not None:
                        file.flush()
                        os.fsync(file.fileno())
            except OSError as error:
                raise SourceError(
                    f"{listed.path} cannot be unpacked into {folder}: {error.strerror}. Make room and try again; "
                    "nothing has changed."
                ) from error
        if found != digest:
            raise _damaged(listed.path, f"{name} is not as it was when the snapshot was made")


def _copied(entry: IO[bytes], file: IO[bytes], size: int) -> str:
    """The hash of what was copied: the whole entry, or more than its size where it has more."""
    whole, left = hashlib.sha256(), size + 1
    while left > 0 and (piece := entry.read(min(_PIECE, left))):
        whole.update(piece)
        file.write(piece)
        left -= len(piece)
    return whole.hexdigest()

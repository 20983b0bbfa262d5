"""The seal of an index: what its files were when they were written, and whether they still are.

Every file is named with its size, its time and its hash. A small index is read whole at each opening, so that a single
bit shows. Of one that is too large for that a file is read only where its size or time is another: what was cut off
shows in the size, and what was changed in the time. What shows in neither, a disk that has forgotten, `thorough` finds.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

NAME = "seal"
SMALL = 64_000_000
"""Bytes of an index that is read whole at each opening: in a twentieth of a second."""


def seal(folder: Path, kind: Sequence[str]) -> None:
    """Write the seal of the files that are in `folder`; `kind` is what the index is of."""
    files = {}
    large = _size(folder) > SMALL
    for path in _files(folder):
        if large:  # what is not read again has to be on the disk before its seal is
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        state = path.stat()
        files[path.relative_to(folder).as_posix()] = [state.st_size, state.st_mtime_ns, _hash(path)]
    content = json.dumps([list(kind), files])
    digest = hashlib.sha256(content.encode()).hexdigest()
    (folder / NAME).write_text(f"{digest} {content}", encoding="ascii")


def sealed(folder: Path) -> list[str]:
    """What the index in `folder` says that it is of.

    Raises:
        OSError, ValueError: there is no seal, or it is not as it was written.
    """
    return _read(folder)[0]


def broken(folder: Path, *, thorough: bool = False) -> str:
    """The file that is not as it was sealed, or "" where all are. Raises as `sealed`."""
    _, files = _read(folder)
    thorough = thorough or _size(folder) <= SMALL
    there = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    for name in sorted(files.keys() ^ there.keys()):
        return name
    for name, (size, time, digest) in files.items():
        state = there[name].stat()
        if state.st_size != size or ((thorough or state.st_mtime_ns != time) and _hash(there[name]) != digest):
            return name
    return ""


def is_large(folder: Path) -> bool:
    """True for an index that is too large to be read whole: its arrays are to be mapped."""
    return _size(folder) > SMALL


def address_of(file: Path) -> str:
    """What SQLite is to open for a file that nobody writes to: it need not be locked, and may lie where nobody can."""
    return f"{file.absolute().as_uri()}?mode=ro&immutable=1"


def _read(folder: Path) -> tuple[list[str], dict[str, tuple[int, int, str]]]:
    digest, _, content = (folder / NAME).read_text(encoding="ascii").partition(" ")
    if hashlib.sha256(content.encode()).hexdigest() != digest:
        raise ValueError("the seal is not as it was written")
    kind, files = json.loads(content)
    return kind, files


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in _files(folder))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

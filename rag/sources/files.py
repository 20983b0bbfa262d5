"""From paths to files: which files there are to read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from rag.errors import SourceError
from rag.sources.bytestream import absolute_if_named_like_standard_input, is_standard_input


def find_files(paths: Sequence[str | Path]) -> list[Path]:
    """The files to read, in the order given: a file as it is, a folder with all that is in it, sorted by name.

    Hidden files and folders inside a folder are left out. "-" stays as it is: standard input.

    Raises:
        SourceError: a path does not exist, is neither a file nor a folder, or is a folder without files.
    """
    found: list[Path] = []
    for path in map(absolute_if_named_like_standard_input, paths):
        try:
            found += _files_at(path)
        except (OSError, ValueError) as error:
            raise SourceError(f"{str(path)!r} cannot be looked at: {_cause(error)}; check the path") from error
    return found


def _files_at(path: Path) -> list[Path]:
    if is_standard_input(path) or path.is_file():
        return [path]
    if not path.exists():
        raise SourceError(f"{str(path)!r} does not exist; check the path")
    if not path.is_dir():
        raise SourceError(f"{str(path)!r} is neither a file nor a folder; give a file of papers or a folder of them")
    files = []
    for folder, folders, names in os.walk(path, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = (Path(folder, name) for name in sorted(names) if not name.startswith("."))
        files += [file for file in here if file.is_file()]
    if not files:
        raise SourceError(f"the folder {str(path)!r} has no files (hidden ones aside); give one that has")
    return files


def _cause(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _raise(error: OSError) -> None:
    """os.walk passes over folders that it may not list, unless told otherwise; a library would silently lack them."""
    raise error

"""From paths to text: which files there are, and in which encoding each of them is written."""

from __future__ import annotations

import codecs
import os
from collections.abc import Sequence
from pathlib import Path

from rag.errors import SourceError

_CHUNK_BYTES = 1 << 20

# What a file that is no text begins with. NUL bytes give away most of them, but not all, and a name helps more.
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive (or an Office document)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet table"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
)

# The codec that checks a file, and the one that reads it: it drops the byte order mark, which would shift the offsets
# of the check.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)


def find_files(paths: Sequence[str | Path]) -> list[Path]:
    """The files to read, in the order given: a file as it is, a folder with all that is in it, sorted by name.

    Hidden files and folders inside a folder are left out.

    Raises:
        SourceError: a path does not exist, is neither a file nor a folder, or is a folder without files.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        try:
            found += _files_at(path)
        except (OSError, ValueError) as error:
            raise SourceError(f"{str(path)!r} cannot be looked at: {_cause(error)}; check the path") from error
    return found


def _files_at(path: Path) -> list[Path]:
    if path.is_file():
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


def text_encoding(path: Path) -> str:
    """The codec that reads the file: "utf-8-sig" or "utf-16". The whole file is checked, in constant memory.

    Checking first means that a fault a gigabyte into the file is told before the first paper is taken from it.

    Raises:
        SourceError: the file cannot be opened, is empty or binary, or has bytes that are not of its encoding.
    """
    try:
        return _checked_encoding(path)
    except (OSError, ValueError) as error:
        raise SourceError(f"{path.name} cannot be opened: {_cause(error)}; check the path and its rights") from error


def _checked_encoding(path: Path) -> str:
    blank = True
    with path.open("rb") as stream:
        chunk = stream.read(_CHUNK_BYTES)
        for magic, what in _MAGIC:
            if chunk.startswith(magic):
                raise SourceError(f"{path.name} is {what}, not text; save what is in it as text, HTML or JSON lines")
        codec, reading_codec = next(((c, r) for mark, c, r in _MARKS if chunk.startswith(mark)), ("utf-8", "utf-8-sig"))
        decoder = codecs.getincrementaldecoder(codec)()
        position = 0
        while True:
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise SourceError(_wrong_byte(path, error, position - pending)) from error
            if "\0" in text:
                offset = position - pending + len(text.partition("\0")[0].encode(codec))
                raise SourceError(
                    f"{path.name} is binary: byte 0x00 at offset {offset}; "
                    "give a text file (UTF-16 needs its byte order mark)"
                )
            blank = blank and not text.strip("\ufeff \t\r\n")
            if not chunk:
                break
            position += len(chunk)
            chunk = stream.read(_CHUNK_BYTES)
    if blank:
        raise SourceError(f"{path.name} is empty ({position} bytes, no text); give a file with papers in it")
    return reading_codec


def _wrong_byte(path: Path, error: UnicodeDecodeError, start: int) -> str:
    seen = error.object[error.start : error.start + 1].hex().upper()
    return (
        f"{path.name} is not {error.encoding.upper()}: byte 0x{seen} at offset {start + error.start} "
        f"({error.reason}); save the file as UTF-8"
    )


def _cause(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _raise(error: OSError) -> None:
    """os.walk passes over folders that it may not list, unless told otherwise; a library would silently lack them."""
    raise error

"""From a path, or standard input, to bytes: what is compressed is read through, and never expands without bounds."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from rag.errors import SourceError

STANDARD_INPUT = Path("-")
"""The path that stands for standard input; a file of that name is given as "./-"."""

ALLOWANCE = 64 << 20
"""Bytes that any compressed file may expand to."""

RATIO = 200
"""Bytes that each compressed byte may expand to beyond the allowance. Records compress 3 to 30 times."""

_LAYERS = 2  # a compressed file that was compressed again on its way
_BUFFER = 1 << 17
_GZIP = b"\x1f\x8b"
_ZSTD = b"(\xb5/\xfd"
_ZSTD_SKIPPED = b"*M\x18"  # a frame of other data, which may stand first; the byte before it is 0x50 to 0x5F
_LARGEST_WINDOW = 27  # as a power of two: 128 MiB, what the command `zstd` takes as well


def is_standard_input(path: Path) -> bool:
    """True when the path stands for standard input."""
    return path == STANDARD_INPUT


def open_bytes(path: Path) -> tuple[BinaryIO, bool]:
    """The bytes of the file without their compression, and whether they can be read a second time from the start.

    Raises:
        OSError, ValueError: the file cannot be opened.
        SourceError: it is compressed more than twice. What the stream gives while it is read raises the same for
            broken archives and for those that expand too far; the message goes on from the file's name.
    """
    outside = _Counted(sys.stdin.buffer if is_standard_input(path) else path.open("rb"))
    stream: BinaryIO = io.BufferedReader(outside, _BUFFER)
    for layer in range(_LAYERS + 1):
        kind = _compression(stream)
        if kind is None:
            return stream, layer == 0 and not is_standard_input(path)
        if layer == _LAYERS:
            stream.close()
            raise SourceError(f"is compressed more than {_LAYERS} times; unpack it first")
        stream = io.BufferedReader(_Inflated(stream, kind, outside), _BUFFER)
    raise AssertionError("the loop returns")


class _Counted(io.RawIOBase):
    """The bytes of the file itself, counted."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        data = self._stream.read(len(view))
        view[: len(data)] = data
        self.count += len(data)
        return len(data)

    def close(self) -> None:
        if self._stream is not getattr(sys.stdin, "buffer", None):
            self._stream.close()
        super().close()


class _Inflated(io.RawIOBase):
    """What a compressed stream expands to. Bytes before a fault are given; then the fault is raised."""

    def __init__(self, packed: BinaryIO, kind: str, outside: _Counted) -> None:
        self._packed = packed
        self._kind = kind
        self._outside = outside
        self._stream, self._faults = _OPENERS[kind](packed)
        self._given = 0
        self._fault: SourceError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and self._fault is None:
            data = self._read(len(view) - filled)
            if not data:
                break
            view[filled : filled + len(data)] = data
            filled += len(data)
        if self._fault is not None and not filled:
            raise self._fault
        return filled

    def close(self) -> None:
        self._stream.close()
        self._packed.close()
        super().close()

    def _read(self, size: int) -> bytes:
        try:
            data: bytes = self._stream.read1(size)  # type: ignore[attr-defined]
        except self._faults as error:
            self._fault = SourceError(f"is a broken {self._kind} archive: {_first_line(error)}; get the file again")
            return b""
        except SourceError as error:  # of the layer outside of this one
            self._fault = error
            return b""
        self._given += len(data)
        if self._given > ALLOWANCE + RATIO * self._outside.count:
            self._fault = SourceError(
                f"expands too far: {self._given:,} bytes from {self._outside.count:,} so far, more than "
                f"{RATIO} times; if that is right, unpack it first"
            )
            return b""
        return data


def _compression(stream: BinaryIO) -> str | None:
    begin: bytes = stream.peek(4)[:4]  # type: ignore[attr-defined]
    if begin.startswith(_GZIP):
        return "gzip"
    if begin.startswith(_ZSTD) or (begin[1:] == _ZSTD_SKIPPED and 0x50 <= begin[0] <= 0x5F):
        return "zstd"
    return None


def _open_gzip(packed: BinaryIO) -> tuple[BinaryIO, tuple[type[Exception], ...]]:
    return gzip.GzipFile(fileobj=packed), (EOFError, zlib.error, gzip.BadGzipFile)  # type: ignore[return-value]


def _open_zstd(packed: BinaryIO) -> tuple[BinaryIO, tuple[type[Exception], ...]]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW}
    return zstd.ZstdFile(packed, options=options), (EOFError, zstd.ZstdError)  # type: ignore[return-value]


_OPENERS: dict[str, Callable[[BinaryIO], tuple[BinaryIO, tuple[type[Exception], ...]]]] = {
    "gzip": _open_gzip,
    "zstd": _open_zstd,
}


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")


def absolute_if_named_like_standard_input(path: str | Path) -> Path:
    """The path; "./-" is made absolute, since `Path` would take it for "-"."""
    if isinstance(path, str) and path != "-" and Path(path) == STANDARD_INPUT:
        return Path(os.path.abspath(path))
    return Path(path)

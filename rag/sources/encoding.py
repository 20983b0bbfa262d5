"""From bytes to text: in which encoding a file is written, and the first byte that is none of it."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from rag.errors import SourceError
from rag.sources.bytestream import open_bytes

HEAD_CHARS = 1 << 16
"""Characters that a reader may look at before it takes a file."""

_CHUNK_BYTES = 1 << 20

# What a file that is no text begins with. NUL bytes give away most of them, but not all, and a name helps more.
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive (or an Office document)"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet table"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
)
_TAR = slice(257, 262), b"ustar"

# The codec that checks a file, and the one that reads it: it drops the byte order mark, which would shift the offsets
# of the check.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)

_DECLARED = re.compile(rb"(?:^% ?Encoding: ?|^<\?xml[^>]{0,100}encoding=[\"'])([\w-]{2,20})", re.MULTILINE)
_WESTERN = ("iso8859-1", "iso8859-15", "cp1252")


def open_text(path: Path) -> tuple[str, TextIO]:
    """The first `HEAD_CHARS` characters of the file, and its text from the start. The caller closes it.

    A file that lies on the disk as it is, is checked as a whole first, in constant memory: a fault a gigabyte into it
    is told before the first paper is taken from it, for a tenth of the time that reading takes. What is compressed, or
    comes from standard input, is checked while it is read; its text raises SourceError where the fault is.

    Raises:
        SourceError: the file cannot be opened, is empty or binary, or has bytes that are not of its encoding. All
            messages go on from the file's name.
    """
    try:
        stream, again = open_bytes(path)
        checked = _Checked(stream)
        if not again:
            return checked.head(), io.TextIOWrapper(io.BufferedReader(checked, _CHUNK_BYTES), checked.encoding)
        with checked:
            head = checked.head()
            checked.drain()
        return head, path.open(encoding=checked.encoding)
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"cannot be opened: {cause}; check the path and its rights") from error


class _Checked(io.RawIOBase):
    """The bytes of a stream as they are, up to the first that is not of its encoding; there SourceError is raised.

    `encoding` is the codec that reads it: "utf-8-sig" or "utf-16".
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._position = 0  # of the chunk to come
        self._blank = True
        self._fault: SourceError | None = None
        self._chunk = memoryview(b"")
        self._at_end = False
        raw = stream.read(_CHUNK_BYTES)
        codec, self.encoding = next(((c, r) for mark, c, r in _MARKS if raw.startswith(mark)), ("utf-8", "utf-8-sig"))
        if codec == "utf-8" and (declared := _declared(raw)):
            codec = self.encoding = declared
        self._codec = codec
        self._decoder = codecs.getincrementaldecoder(codec)()
        what = next((what for magic, what in _MAGIC if raw.startswith(magic)), None)
        if what is None and raw[_TAR[0]] == _TAR[1]:
            what = "a tar archive"
        if what is not None:
            stream.close()
            raise SourceError(f"is {what}, not text; save what is in it as text, HTML or JSON lines")
        self._take(raw)

    def head(self) -> str:
        """The first characters, line ends as line feeds; to be called before anything is read.

        Raises:
            SourceError: the first megabyte has nothing that is right.
        """
        if self._fault is not None and not self._chunk:
            raise self._fault
        decoder = codecs.getincrementaldecoder(self.encoding)()
        lines = io.IncrementalNewlineDecoder(decoder, translate=True)
        return lines.decode(self._chunk[: 4 * HEAD_CHARS].tobytes())[:HEAD_CHARS]

    def drain(self) -> None:
        """Check the rest.

        Raises:
            SourceError: there is a fault in it.
        """
        while self._fault is None and not self._at_end:
            self._take(self._stream.read(_CHUNK_BYTES))
        if self._fault is not None:
            raise self._fault

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._chunk and self._fault is None and not self._at_end:
            try:
                self._take(self._stream.read(_CHUNK_BYTES))
            except SourceError as fault:
                self._fault = fault
        if not self._chunk and self._fault is not None:
            raise self._fault
        view = memoryview(buffer).cast("B")
        given = min(len(view), len(self._chunk))
        view[:given] = self._chunk[:given]
        self._chunk = self._chunk[given:]
        return given

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _take(self, raw: bytes) -> None:
        """Make `raw` the current chunk, as far as it is right."""
        pending = len(self._decoder.getstate()[0])
        start = self._position - pending
        right = len(raw)
        try:
            text = self._decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            self._fault = SourceError(_wrong_byte(error, start))
            right = max(0, error.start - pending)
            text = ""
        if "\0" in text:
            offset = len(text.partition("\0")[0].encode(self._codec))
            self._fault = SourceError(
                f"is binary: byte 0x00 at offset {start + offset}; give a text file (UTF-16 needs its byte order mark)"
            )
            right = max(0, offset - pending)
        self._blank = self._blank and not text.strip("\ufeff \t\r\n")
        self._position += len(raw)
        self._chunk = memoryview(raw)[:right]
        self._at_end = not raw
        if self._at_end and self._blank and self._fault is None:
            self._fault = SourceError(f"is empty ({self._position} bytes, no text); give a file with papers in it")


def _declared(raw: bytes) -> str | None:
    """The Western encoding that JabRef or XML names at the beginning of bytes that are not UTF-8, as it is then."""
    found = _DECLARED.search(raw[:1_000])
    try:
        codec = codecs.lookup(found[1].decode()).name if found else ""
    except LookupError:
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw if codec in _WESTERN else b"")
    except UnicodeDecodeError:
        return codec
    return None


def _wrong_byte(error: UnicodeDecodeError, start: int) -> str:
    seen = error.object[error.start : error.start + 1].hex().upper()
    return (
        f"is not {error.encoding.upper()}: byte 0x{seen} at offset {start + error.start} "
        f"({error.reason}); save the file as UTF-8"
    )

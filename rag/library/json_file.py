"""Small files of JSON beside the library: written whole or not at all, changed by one process at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL, EISDIR
from os import strerror
from pathlib import Path
from typing import Any
from uuid import uuid4

from rag.errors import LibraryError

FORMAT = 1
_WAIT_S = 20.0


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file to write, which takes the place of `path` in the end: that is there in full, or as it was before.

    A link stays, and what it leads to is replaced.

    Raises:
        OSError: it cannot be written, or is a device or a pipe, which would be one no more.
    """
    if path.exists() and not path.is_file():
        raise OSError(EINVAL, strerror(EISDIR) if path.is_dir() else "It is a device or a pipe, and no file")
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
    try:
        yield beside
        os.replace(beside, target)
    finally:
        with suppress(OSError):
            beside.unlink()


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Write the pieces as the file `path`, in UTF-8. Raises as `replacing`."""
    with replacing(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as stream:
        for piece in pieces:
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())


class KeptFile:
    """One file of JSON, an object, in the storage folder. `remedy` ends the error about a file that is damaged.

    It holds nothing open between two calls, and may live for any time.
    """

    def __init__(self, path: Path, remedy: str) -> None:
        self._path = path
        self._remedy = remedy

    def read(self) -> dict[str, Any]:
        """What the file holds; nothing where there is none. Needs no lock, since files are replaced as a whole.

        Raises:
            LibraryError: it cannot be read, is damaged, or is of a newer format.
        """
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise LibraryError(f"{self._path} cannot be read: {error.strerror}. Get the right to read it.") from error
        except (ValueError, RecursionError) as error:
            raise self.damage(f"no JSON: {error}") from error
        if not isinstance(content, dict) or not isinstance(content.get("format"), int):
            raise self.damage("no object with a format")
        if content["format"] > FORMAT:
            raise LibraryError(
                f"{self._path} is of format {content['format']}, and this version reads up to {FORMAT}. "
                "Use the newer version of Footnote that wrote it."
            )
        return content

    def damage(self, what: str) -> LibraryError:
        """The error to raise where the content is not what was written."""
        return LibraryError(f"{self._path} is damaged ({what}). {self._remedy}")

    @contextmanager
    def changing(self) -> Iterator[dict[str, Any]]:
        """What the file holds, to be changed in place; written when the block ends well. Others wait meanwhile.

        Raises:
            LibraryError: as `read`; or it cannot be written, or another process holds it for 20 seconds.
        """
        from filelock import FileLock, Timeout

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path.with_suffix(".lock"), timeout=_WAIT_S):
                content = self.read()
                before = json.dumps(content)
                yield content
                content["format"] = FORMAT
                if json.dumps(content) != before:
                    write_whole(self._path, [json.dumps(content, ensure_ascii=False, indent=1) + "\n"])
        except Timeout as error:
            raise LibraryError(
                f"{self._path} is being written by another process. Try again when it is done."
            ) from error
        except OSError as error:
            raise LibraryError(
                f"{self._path} cannot be written: {error.strerror}. Make room or get the right to, and try again."
            ) from error

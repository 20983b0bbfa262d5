"""A library on a disk that cannot be written: Chroma writes to what it opens, so that it is given a copy."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from rag.errors import LibraryError

_DATABASE = "chroma.sqlite3"
_log = logging.getLogger(__name__)


def read_only(folder: Path) -> bool:
    """True when the database of Chroma in `folder` is there, and may be read and not written."""
    database = folder / _DATABASE
    return database.is_file() and not (os.access(folder, os.W_OK) and os.access(database, os.W_OK))


class Copied:
    """A client of a copy of Chroma's files in a temporary folder, which it owns and which lives until `close`.

    It is removed too when the process ends without closing it, unless that is killed. Else it is as the client itself.
    """

    def __init__(self, folder: Path, connect: Callable[[str], Any]) -> None:
        """`folder` has the files; `connect` makes a client of a path.

        Raises:
            LibraryError: the files cannot be read, or there is no room for them.
        """
        self._copy = tempfile.TemporaryDirectory(prefix="footnote-read-", ignore_cleanup_errors=True)
        _told(str(folder.parent), tempfile.gettempdir())
        try:
            # No permissions are copied: those of the source are why it cannot be written.
            shutil.copytree(folder, self._copy.name, dirs_exist_ok=True, copy_function=shutil.copyfile)
            for path in (Path(self._copy.name), *Path(self._copy.name).rglob("*")):
                path.chmod(0o700 if path.is_dir() else 0o600)
            self._client = connect(self._copy.name)
        except (OSError, shutil.Error) as error:
            self._copy.cleanup()
            raise LibraryError(
                f"{folder.parent} cannot be written, and a copy of it to read from cannot be made in "
                f"{tempfile.gettempdir()} ({' '.join(str(error).split())[:120]}). Make room there, or set TMPDIR to "
                "another folder."
            ) from error
        except BaseException:
            self._copy.cleanup()
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def close(self) -> None:
        """Close the client and remove its files."""
        try:
            self._client.close()
        finally:
            self._copy.cleanup()


@cache
def _told(where: str, temporary: str) -> None:
    _log.warning("%s cannot be written; it is read from a copy in %s, which is removed at the end", where, temporary)

"""The files of a network that come with the installation: what their manifest says of them, checked before use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from rag.errors import LibraryError

DATA = Path(__file__).parent / "data"
KEPT = 8  # files of networks that a process keeps, so that a library opened again finds them read


class Files:
    """A manifest, and the files that it names with their hashes.

    Reads each when it is asked for, and holds none open; lives as long as the network that is made of them.
    """

    def __init__(self, folder: Path, manifest: str) -> None:
        self._folder = folder
        self._name = manifest

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What the manifest says. Raises LibraryError if it cannot be read."""
        path = self._folder / self._name
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise LibraryError(f"the manifest {path} cannot be read ({error}). Install Footnote again.") from error
        return found

    def checked(self, part: str = "file") -> Path:
        """The path of the "file" or the "tokenizer". Raises LibraryError if it is not the one that is named."""
        path = self._folder / str(self.manifest[part])
        wanted = str(self.manifest["sha256" if part == "file" else f"{part}_sha256"])
        try:
            found = _sha256(path, path.stat().st_mtime_ns)
        except OSError as error:
            raise LibraryError(f"{path} cannot be read ({error.strerror}). Install Footnote again.") from error
        if found != wanted:
            raise LibraryError(
                f"{path} is not the file that its manifest names: its hash begins with {found[:12]}, and should with "
                f"{wanted[:12]}. Install Footnote again."
            )
        return path

    def tokenizer(self, most: int | None = None) -> Any:
        """The tokenizer: it pads nothing, and cuts off what is beyond `most` pieces."""
        path = self.checked("tokenizer")
        return _tokenizer(path, path.stat().st_mtime_ns, most)


# A file is read once in a process, as long as it does not change: several networks have the tokenizer in common.
@lru_cache(maxsize=KEPT)
def _sha256(path: Path, changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=KEPT)
def _tokenizer(path: Path, changed_ns: int, most: int | None) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(most) if most else tokenizer.no_truncation()
    return tokenizer

"""The digests that come with Footnote, as a library: made once in the user's cache, for whoever has no library yet."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import mkdtemp

from rag.assistant import Assistant
from rag.errors import LibraryError
from rag.library.manifest import FORMAT
from rag.settings import Settings

_MAKING = ".making-"
_LEFT_BEHIND_S = 24 * 3600.0


def bundled_library(settings: Settings, *, progress: Callable[[int, int], None] | None = None) -> Path | None:
    """The folder of a library of the bundled digests; the first call takes as long as an ingest of 287 papers.

    None where the settings name a server for the vectors or for Chroma, which nobody asked to fill, or where this
    installation has no digests. `progress` gets the papers embedded and how many there are.

    Raises:
        LibraryError: the user's cache cannot be written.
    """
    if settings.embedding != Settings.model_fields["embedding"].default or settings.chroma_url:
        return None
    from platformdirs import user_cache_path

    digests = files("rag.cli") / "data" / "papers.jsonl"
    if not digests.is_file():
        return None
    root = user_cache_path("footnote", appauthor=False)
    folder = root / f"digests-{_mark(digests.read_bytes(), settings)}"
    if folder.is_dir():
        return folder
    try:
        root.mkdir(parents=True, exist_ok=True)
        _sweep(root)
        making = Path(mkdtemp(prefix=_MAKING, dir=root))
    except OSError as error:
        raise LibraryError(
            f"the bundled digests need a place under {root}, which cannot be written: {error.strerror}. "
            "Bring in papers of your own with `footnote ingest PATH`."
        ) from error
    try:
        with as_file(digests) as path, Assistant.open(making, settings) as assistant:
            assistant.ingest([path], progress=progress)
        with suppress(OSError):  # another process was faster
            making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def _mark(digests: bytes, settings: Settings) -> str:
    """What tells one making from another: the digests, the format of libraries, and the settings that they keep."""
    made_with = f"{FORMAT} {settings.passage_tokens}".encode()
    return hashlib.sha256(made_with + digests).hexdigest()[:12]


def _sweep(root: Path) -> None:
    """Away with what killed processes left behind."""
    for left in root.glob(f"{_MAKING}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_S:
                shutil.rmtree(left, ignore_errors=True)

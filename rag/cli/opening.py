"""Opening a library to read it: what was never made is said to be empty, and is not made by looking at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from rag.cli.options import USUAL
from rag.cli.output import say
from rag.errors import LibraryError

if TYPE_CHECKING:
    from rag import Assistant, Settings

# What any library has in its folder; the manifest comes last when one is made.
_TRACES = ("chroma", "manifest.json")


@contextmanager
def reading(
    storage: Path, *, llm: str | None = None, bundled: bool = False, asking: bool = False
) -> Iterator[Assistant]:
    """An Assistant over a library that has papers; `llm` names a model in place of the settings'.

    `asking` says that it will be asked, as in `Assistant.open`.

    With `bundled` it is over the digests that come with Footnote, which is said, where nobody named a folder and the
    usual one has no library yet.

    Raises:
        LibraryError: the library is empty or was never made, or it cannot be used.
    """
    with reading_any(storage, llm=llm, bundled=bundled, asking=asking) as assistant:
        if assistant is None or next(assistant.papers(), None) is None:
            raise LibraryError(empty(storage))
        yield assistant


@contextmanager
def reading_any(
    storage: Path, *, llm: str | None = None, bundled: bool = False, asking: bool = False
) -> Iterator[Assistant | None]:
    """An Assistant, or None where no library was ever made. `bundled` and `asking` as in `reading`.

    Raises:
        LibraryError: the library cannot be used.
    """
    from rag.settings import load_settings

    settings = load_settings()
    if llm is not None:
        settings = settings.model_copy(update={"llm": llm})
    if settings.chroma_url is None and _never_made(storage):
        folder = _bundled(settings) if bundled and storage == USUAL else None
        if folder is None:
            yield None
            return
        say(f"no library is at {storage} yet: this is from the digests of papers that come with Footnote. "
            "`footnote ingest PATH` begins your own.")  # fmt: skip
        storage = folder
    from rag import Assistant

    with Assistant.open(storage, settings, asking=asking) as assistant:
        yield assistant


def empty(storage: Path) -> str:
    """The line that says that the library is empty, and how to bring papers into it."""
    from rag.settings import load_settings

    where = "" if storage == USUAL else f"--storage {quote(str(storage))} "
    bundled = storage / "library"
    what = quote(str(bundled)) if bundled.is_dir() else "PATH"
    address = load_settings().chroma_url or storage
    return f"the library at {address} is empty. Bring papers in with `footnote {where}ingest {what}`."


def _bundled(settings: Settings) -> Path | None:
    from rag.cli.bar import moving_bar
    from rag.cli.bundled import bundled_library

    with moving_bar("preparing the digests, once") as bar:
        return bundled_library(settings, progress=bar.embed)


def _never_made(storage: Path) -> bool:
    try:
        return not any((storage / trace).exists() for trace in _TRACES)
    except OSError:
        return False

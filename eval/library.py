"""The library that is measured: one that is there, or a temporary one made from the bundled digests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rag import Assistant, Settings
from rag.errors import LibraryError, SettingsError, SourceError
from rag.settings import load_settings

BUNDLED = Path(__file__).parents[1] / "storage" / "library" / "papers.jsonl"


@contextmanager
def library(storage: Path | None, settings: Settings, *, file: Path = BUNDLED) -> Iterator[Path]:
    """The folder of the library: `storage`, or a temporary one with the papers of `file`, gone afterwards.

    Raises:
        LibraryError: `storage` is no folder.
        SourceError: there is no `file`.
    """
    if storage is not None:
        if not storage.is_dir():
            raise LibraryError(f"{storage} is no folder. Name the folder of a library, or leave --storage out.")
        yield storage
        return
    if not file.exists():
        raise SourceError(f"{file} does not exist. Name the folder of a library with --storage.")
    with TemporaryDirectory(prefix="footnote-eval-") as folder:
        with Assistant.open(folder, settings) as assistant:
            assistant.ingest([file])
        print(f"{file.name} ingested into a temporary library", file=sys.stderr)
        yield Path(folder)


def settings_of(llm: str | None, *, environment: bool = True) -> Settings:
    """The settings in force: the environment's, or only the defaults; with the model `llm` when one is named.

    Raises:
        SettingsError: a setting cannot be used, or this installation has no setting for a model.
    """
    # Given values go before the environment's: every default given is an environment ignored.
    plain = {} if environment else {name: field.default for name, field in Settings.model_fields.items()}
    settings = Settings(**plain) if plain else load_settings()
    if llm is None:
        return settings
    if "llm" not in Settings.model_fields:
        raise SettingsError(f"--llm is {llm!r}, but this version has no setting for a model. Leave --llm out.")
    return settings.model_copy(update={"llm": llm})

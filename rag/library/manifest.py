"""What a library is made with, as the head record in Chroma and `manifest.json` beside it say."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rag.errors import LibraryError

FORMAT = 3
KEYED = 2
"""The format from which on papers are written with what they are looked up by."""
SHELVED = 3
"""The format of a library with more than one collection of passages; with one it is the format before."""


@dataclass(frozen=True)
class Manifest:
    """What a library is made with: format, embedding (name, SHA-256, dimension) and the budget of its passages.

    `word_space` and its hash name the small space of the vectors of words, "" for an embedder without one, and for a
    library of a version that did not say.
    `tag` names the collections that it describes, "" where that is not known. By it a file that a rebuild had no time
    to replace is told from one that does not go with its library. `shelves` counts the collections of passages.
    """

    format: int
    embedding: str
    embedding_sha256: str
    dimension: int
    passage_tokens: int
    tag: str = ""
    word_space: str = ""
    word_space_sha256: str = ""
    shelves: int = 1

    def check(self, other: Manifest, where: str) -> None:
        """Compare with `other`, found at `where`.

        Raises:
            LibraryError: they do not go together; both values and the way out are named.
        """
        check_format(other.format, where)
        ours = f"{self.embedding} ({self.embedding_sha256[:12]}, {self.dimension} numbers)"
        theirs = f"{other.embedding} ({other.embedding_sha256[:12]}, {other.dimension} numbers)"
        same = ("embedding", "embedding_sha256", "dimension")
        if any(getattr(self, name) != getattr(other, name) for name in same):
            if self.embedding == other.embedding:
                raise LibraryError(
                    f"{where} was made with other weights of the embedding, {theirs}; this version has {ours}. "
                    "Embed again with `footnote ingest --rebuild`."
                )
            raise LibraryError(
                f"{where} was made with the embedding {theirs}, the settings name {ours}. "
                "Set FOOTNOTE_EMBEDDING back, or embed again with `footnote ingest --rebuild`."
            )
        if other.word_space_sha256 and self.word_space_sha256 != other.word_space_sha256:
            raise LibraryError(
                f"{where} has vectors of words in the space {other.word_space} ({other.word_space_sha256[:12]}), this "
                f"version reads {self.word_space or 'none'} ({self.word_space_sha256[:12]}). "
                "Embed again with `footnote ingest --rebuild`."
            )
        if self.passage_tokens != other.passage_tokens:
            raise LibraryError(
                f"{where} has passages of {other.passage_tokens} tokens, the settings say {self.passage_tokens}. "
                "Set FOOTNOTE_PASSAGE_TOKENS back, or make them again with `footnote ingest --rebuild`."
            )

    def tagged(self, tag: str, *, shelves: int) -> Manifest:
        """The same, for the collections with this tag, so many of them of passages."""
        return replace(self, tag=tag, shelves=shelves, format=SHELVED if shelves > 1 else KEYED)


def check_format(found: int, where: str) -> None:
    """Nothing, when this version reads the format.

    Raises:
        LibraryError: the format is newer.
    """
    if found > FORMAT:
        raise LibraryError(
            f"{where} has format {found}, newer than {FORMAT}, the newest this version reads. Update footnote."
        )


def manifest_of(content: Mapping[str, Any], where: str) -> Manifest:
    """The manifest in a record or file found at `where`.

    Raises:
        LibraryError: the format is newer. What a newer format calls its fields is not looked at.
        KeyError, TypeError, ValueError: a field is missing or no such thing.
    """
    version = int(content["format"])
    check_format(version, where)
    return Manifest(
        version,
        str(content["embedding"]),
        str(content["embedding_sha256"]),
        int(content["dimension"]),
        int(content["passage_tokens"]),
        str(content.get("tag", "")),
        str(content.get("word_space", "")),
        str(content.get("word_space_sha256", "")),
        int(content.get("shelves", 1)),
    )


def read_manifest(path: Path) -> Manifest | None:
    """The manifest in the file, or None when there is no file.

    Raises:
        LibraryError: the file cannot be read, or names a newer format.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return manifest_of(content, str(path.parent))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise LibraryError(f"{path} cannot be read: {error.strerror}. Get the right to read it.") from error
    except (ValueError, TypeError, KeyError) as error:
        what = f"it has no {error}" if isinstance(error, KeyError) else " ".join(str(error).split())[:120]
        raise LibraryError(
            f"{path} is damaged ({what}). Delete it: the library itself knows what it is made with, "
            "and the next ingest writes the file again."
        ) from error


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write the file in one step; nothing happens when it says the same already."""
    content = json.dumps(asdict(manifest), indent=2) + "\n"
    try:
        if path.read_text(encoding="utf-8") == content:
            return
    except (OSError, ValueError):  # missing or damaged: it is written below
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)

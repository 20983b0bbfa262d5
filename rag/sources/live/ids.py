"""The arXiv ids that a spec names, in the spec itself or in a file."""

from __future__ import annotations

import re
from pathlib import Path

from rag.errors import SourceError
from rag.model import Rejected
from rag.sources.fields.identifiers import arxiv_id_of
from rag.sources.live.spec import Asked

FILE_LIMIT = 10_000_000
"""Bytes of a file of ids: some half a million."""


def ids_of(asked: Asked) -> tuple[str | Rejected, ...]:
    """The ids in order, each once; for a line of the file that has none, the line and what is wrong.

    A file has ids or addresses of papers, a line or a comma between two; what follows "#" is a comment.

    Raises:
        SourceError: the file cannot be read, or has no id at all.
    """
    if asked.kind == "ids":
        return asked.values
    if asked.kind != "file":
        return ()
    path = Path(asked.values[0])
    try:
        with path.open("rb") as file:
            content = file.read(FILE_LIMIT + 1)
        if len(content) > FILE_LIMIT:
            raise SourceError(f"{asked.spec}: the file has more than {FILE_LIMIT:,} bytes; split it")
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{asked.spec}: the file is no text in UTF-8 (byte {error.start:,}); save it as such"
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        cause = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceError(f"{asked.spec}: the file cannot be read ({cause}); check its path") from error
    ids: dict[str, str | Rejected] = {}
    for line, row in enumerate(text.splitlines(), 1):
        # A "#" within an address is part of it.
        for part in re.sub(r"(?:^|\s)#.*", "", row).split(","):
            if not (given := part.strip()):
                continue
            arxiv_id = arxiv_id_of(given)
            fault = Rejected(
                line, f"line {line} of the file: {given[:60]!r} is no arXiv id; correct it or leave it out"
            )
            ids.setdefault(arxiv_id or f"{line} {given}", arxiv_id or fault)
    if not any(isinstance(item, str) for item in ids.values()):
        raise SourceError(f"{asked.spec}: the file has no arXiv id; write one such as 2310.03744 on each line")
    return tuple(ids.values())

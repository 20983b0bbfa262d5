"""Judged collections: papers, questions, and which papers are relevant to which question."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.metrics.retrieval import Judgments
from rag.errors import SourceError


@dataclass(frozen=True)
class Collection:
    """A judged collection; `papers` have `id`, `title` and `abstract` each, as `ingest` reads them."""

    papers: tuple[Mapping[str, str], ...]
    questions: Mapping[str, str]
    judgments: Judgments


def read_collection(folder: Path) -> Collection:
    """The collection in `folder`: `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv` or `qrels.tsv`.

    Papers have `_id` or `id`, `title`, and `text` or `abstract`; questions `_id` or `id`, and `text`. A judgment is
    question, paper and gain with tabs between them; a first line that ends in no number is a header.

    Raises:
        SourceError: a file is missing, or a line of it cannot be read; the file and the line are named.
    """
    papers = tuple(
        {
            "id": _text(row, "_id", "id", at=at),
            "title": str(row.get("title") or ""),
            "abstract": _text(row, "text", "abstract", at=at),
        }
        for at, row in _rows(folder / "corpus.jsonl")
    )
    questions = {
        _text(row, "_id", "id", at=at): _text(row, "text", at=at) for at, row in _rows(folder / "queries.jsonl")
    }
    beir = folder / "qrels" / "test.tsv"
    return Collection(papers, questions, _judgments(beir if beir.exists() else folder / "qrels.tsv"))


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Every line that is not blank, with its file and number for messages."""
    try:
        with path.open(encoding="utf-8") as lines:
            for n, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}, line {n}", line.rstrip("\n")
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read: {error.strerror}. A collection is a folder with corpus.jsonl, queries.jsonl and "
            "qrels/test.tsv (or qrels.tsv)."
        ) from error


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for at, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise SourceError(f"{at} is no JSON: {line[:60]!r}. Mend it or take it out.") from error
        if not isinstance(row, dict):
            raise SourceError(f"{at} is {line[:60]!r}; it has to be a JSON object.")
        yield at, row


def _text(row: Mapping[str, Any], *names: str, at: str) -> str:
    for name in names:
        if row.get(name) is not None:
            return str(row[name])
    raise SourceError(f"{at} has none of {', '.join(names)}; it has {', '.join(row) or 'nothing'}.")


def _judgments(path: Path) -> Judgments:
    judgments: dict[str, dict[str, int]] = {}
    for n, (at, line) in enumerate(_lines(path)):
        fields = line.split("\t")
        try:
            question, paper, gain = fields[0], fields[1], int(fields[-1])
        except (IndexError, ValueError) as error:
            if n == 0:
                continue
            raise SourceError(f"{at} is {line[:60]!r}; it has to be question, paper and gain with tabs.") from error
        judgments.setdefault(question, {})[paper] = gain
    return judgments

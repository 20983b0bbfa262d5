"""Judged statements as others published them, each set in its own form, and those of this project on many fields.

A set is brought by the user and is not shipped; where it is from, and what its labels mean, stands at its reader.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rag.errors import SourceError

Label = Literal["supports", "contradicts", "neither"]
ABSTRACTS = Path(__file__).parents[1] / "training" / "abstracts.jsonl"


@dataclass(frozen=True)
class Judged:
    """A statement, the title and the text that it is held against, and what a reader found. `group` is its paper."""

    statement: str
    title: str
    text: str
    label: Label
    kind: str
    group: str


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read: {error}. Give the file as it was published.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise SourceError(f"{path}, line {number}: {error}. Give the file as it was published.") from error


def _table(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read: {error}. Give the file as it was published.") from error


def _scifact(paths: Sequence[Path]) -> Iterator[Judged]:
    """SciFact: `claims_dev.jsonl` with `corpus.jsonl`, or the claims of ScholarQABench with their abstracts.

    Source: Wadden et al., Fact or fiction (EMNLP 2020); Asai et al., OpenScholar (2024).
    """
    rows = [row for path in paths for row in _rows(path)]
    corpus = {str(row["doc_id"]): row for row in rows if "doc_id" in row}
    said: dict[str, Label] = {"SUPPORT": "supports", "CONTRADICT": "contradicts"}
    for row in rows:
        if "gold_ctx" in row:
            first = row["gold_ctx"][0]
            label: Label = "supports" if str(row.get("answer", row.get("label"))).lower() == "true" else "contradicts"
            yield Judged(row["input"], first["title"], first["text"], label, label, first["title"])
        elif "claim" in row:
            for document in map(str, row.get("cited_doc_ids") or row.get("evidence") or ()):
                found = (row.get("evidence") or {}).get(document)
                label = said[found[0]["label"]] if found else "neither"
                if (paper := corpus.get(document)) is not None:
                    yield Judged(row["claim"], paper["title"], " ".join(paper["abstract"]), label, label, document)


def _healthver(paths: Sequence[Path]) -> Iterator[Judged]:
    """HealthVer, CSV: claims people ask search engines, held against runs of sentences of abstracts.

    Source: Sarrouti et al., Evidence-based fact-checking of health-related claims (Findings of EMNLP 2021).
    """
    said: dict[str, Label] = {"Supports": "supports", "Refutes": "contradicts", "Neutral": "neither"}
    for row in (row for path in paths for row in _table(path)):
        label = said[row["label"]]
        yield Judged(row["claim"], "", row["evidence"], label, label, row["evidence"][:80])


def _wice(paths: Sequence[Path]) -> Iterator[Judged]:
    """WiCE, JSON lines: sentences of Wikipedia with pieces of what they cite; partly supported counts as not.

    Source: Kamoi et al., WiCE: real-world entailment for claims in Wikipedia (EMNLP 2023).
    """
    for row in (row for path in paths for row in _rows(path)):
        label: Label = "supports" if row["label"] == "supported" else "neither"
        about = row["meta"]
        yield Judged(row["claim"], about["claim_title"], "\n".join(row["evidence"]), label, row["label"], about["id"])


def _aggrefact(paths: Sequence[Path]) -> Iterator[Judged]:
    """LLM-AggreFact, CSV or JSON lines with `dataset`, `doc`, `claim`, `label` (1 is supported).

    Source: Tang et al., MiniCheck: efficient fact-checking of LLMs on grounding documents (EMNLP 2024).
    """
    for path in paths:
        for row in _table(path) if path.suffix == ".csv" else _rows(path):
            label: Label = "supports" if str(row["label"]) in ("1", "1.0") else "neither"
            yield Judged(row["claim"], "", row["doc"], label, str(row["dataset"]), str(row["doc"])[:80])


def _statements(paths: Sequence[Path]) -> Iterator[Judged]:
    """This project's own statements on abstracts of many fields, most of the wrong ones off by a word."""
    abstracts = {row["id"]: row for row in _rows(ABSTRACTS)}
    for row in (row for path in paths for row in _rows(path)):
        paper = abstracts[row["paper"]]
        yield Judged(row["statement"], paper["title"], paper["abstract"], row["label"], row["kind"], row["paper"])


READERS: Mapping[str, Callable[[Sequence[Path]], Iterator[Judged]]] = {
    "scifact": _scifact, "healthver": _healthver, "wice": _wice, "aggrefact": _aggrefact, "statements": _statements,
}  # fmt: skip


def judged(name: str, paths: Sequence[Path]) -> list[Judged]:
    """The statements of a set.

    Raises:
        SourceError: a file cannot be read, is not in the form in which the set was published, or has no statement.
    """
    try:
        found = list(READERS[name](paths))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise SourceError(f"{paths[0]} is not {name} as it was published: {error!r} is not there.") from error
    if not found:
        raise SourceError(f"{paths[0]} has no statement of {name}. Give all files that it was published as.")
    return found


def half(group: str) -> str:
    """On which side a paper is: "mend" is looked at when the check is changed, "report" is only reported."""
    return "report" if hashlib.sha256(group.encode()).digest()[0] % 2 else "mend"

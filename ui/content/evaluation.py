"""The latest evaluation run on disk, as the page shows it: runs are data, read here and nowhere imported."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ui.text import as_read

MOST_WRONG = 200
MOST_PLOTS = 6
_MOST_BYTES = 500_000


@dataclass(frozen=True)
class Metric:
    """A metric of one split: its mean with the ends of its interval where they are known, over `n` questions."""

    name: str
    mean: float
    low: float | None
    high: float | None
    n: int | None


@dataclass(frozen=True)
class Missed:
    """A question that went wrong, what kind it is, what was answered, and in which way it is wrong."""

    question: str
    kind: str
    text: str
    why: str


@dataclass(frozen=True)
class Run:
    """A run: its name and start, its metrics by split, its plots (SVG), and what went wrong."""

    name: str
    started: str
    cards: Mapping[str, Sequence[Metric]]
    plots: Sequence[bytes]
    missed: Sequence[Missed]
    questions: int


def latest(storage: Path) -> Run | None:
    """The newest run under `storage/runs` that is complete; None where there is none that can be read."""
    folders = sorted(
        (path.parent for path in (storage / "runs").glob("*/scorecard.json")),
        key=lambda folder: (folder / "scorecard.json").stat().st_mtime,
        reverse=True,
    )
    for folder in folders:
        try:
            return _read(folder)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # of another format, or being written: an older one may do
    return None


def _read(folder: Path) -> Run:
    head: dict[str, Any] = json.loads((folder / "run.json").read_text("utf-8"))
    cards: dict[str, Any] = json.loads((folder / "scorecard.json").read_text("utf-8"))["splits"]
    lines = [json.loads(line) for line in (folder / "answers.jsonl").read_text("utf-8").splitlines() if line.strip()]
    return Run(
        str(head.get("name", folder.name)),
        str(head.get("started", "")),
        {
            split: tuple(_metric(name, value) for name, value in card["metrics"].items())
            for split, card in cards.items()
        },
        tuple(_plot(path) for path in sorted((folder / "plots").glob("*.svg"))[:MOST_PLOTS]),
        tuple(missed for one in lines if (missed := _missed(one)))[:MOST_WRONG],
        len(lines),
    )


def _plot(path: Path) -> bytes:
    plot = path.read_bytes()
    return plot if len(plot) <= _MOST_BYTES else b""


def _metric(name: str, value: Mapping[str, Any]) -> Metric:
    n = value.get("n")
    return Metric(name, float(value["mean"]), _number(value.get("low")), _number(value.get("high")), n and int(n))


def _missed(one: Mapping[str, Any]) -> Missed | None:
    gold, status, text = one["gold"], one["status"], str(one.get("text") or one.get("error") or "")
    why = ""
    unanswerable = bool(gold.get("missing")) or not (gold["facts"] or gold["papers"])
    if status == "failed":
        why = "failed"
    elif unanswerable and status == "answered":
        why = "answered, though the library does not say"
    elif not unanswerable and status == "abstained":
        why = "abstained, though the library says"
    elif status == "answered":
        cited = {citation["paper_id"] for citation in one["citations"]}
        if gold["papers"] and not cited & set(gold["papers"]):
            why = "cites none of the right papers"
        elif absent := [group for group in gold["facts"] if not any(_folded(fact) in _folded(text) for fact in group)]:
            why = f"does not say {absent[0][0]}"
    return Missed(str(one["question"]), str(one["kind"]), text, why) if why else None


def _folded(text: str) -> str:
    return re.sub(r"[\s,]+", " ", as_read(str(text)).casefold())


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None

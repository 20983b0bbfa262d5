"""What the product's own retrieval finds for the questions that are trained on: near misses as answers meet them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from eval.train.measure import library_of
from eval.train.rows.data import Mined, meant_by

_PAPERS, _SENTENCES = 16, 8


def mined(split: str, home: Path, rows: Iterable[Mapping[str, Any]]) -> Mined:
    """What is found for each question of some rows in a library of the split's abstracts, and the papers that it means.

    It is kept in `home`, so that a second time only new questions are asked.
    """
    meant = {row["question"]: meant_by(row) for row in rows}
    file = home / f"mined-{split}.json"
    found: dict[str, list[tuple[str, list[int]]]] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    if new := [question for question in meant if question not in found]:
        with library_of(split, home) as assistant:
            for question in new:
                _, hits, candidates = assistant.candidates(question)
                kept = [c for n, c in enumerate(candidates) if n < _PAPERS or c.paper.id in meant[question]]
                found[question] = [(c.paper.id, list(c.nearest(hits.vector, _SENTENCES))) for c in kept]
        file.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return found

"""Many who ask at once, each of whom gets the answer to the own question; and memory that stays flat."""

from __future__ import annotations

import gc
import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rag.model import Answer
from tests.campaign.row import Row
from tests.support.storage_fixtures import invented, open_assistant, write_lines

PAPERS = 60
_MORE_MB = 24.0


def asked(home: Path, askers: int, questions: int) -> list[Row]:
    """So many threads on one library at once, and then as many questions one after the other."""
    home.mkdir(parents=True)
    records = invented(PAPERS)
    own, flat = Row(f"{askers} ask at once"), Row("memory over many questions")
    with open_assistant(home / "library") as assistant:
        assistant.ingest([write_lines(home / "papers.jsonl", records)])

        def ask(n: int) -> tuple[int, str, Answer]:
            question = f"What does {records[n % PAPERS]['title']} say?"
            return n, question, assistant.ask(question)

        with ThreadPoolExecutor(max(askers, 1)) as pool:
            for n, question, answer in pool.map(ask, range(askers)):
                own.count(answer.status)
                right = answer.question == question and answer.ranked[0].paper.id == records[n % PAPERS]["id"]
                own.broken += [] if right else [f"question {n} got the answer to {answer.question!r}"]
        grown = _growth(lambda n: ask(n), questions)
        flat.tried = questions
        flat.outcomes[f"MB more than after the first fifth: {grown:.1f}"] = 1
        flat.broken += [f"{grown:.1f} MB more"] if grown > _MORE_MB else []
    return [row for row in (own, flat) if row.tried]


def _growth(step: Callable[[int], object], count: int) -> float:
    """The megabytes by which the memory of this process is larger at the end than after a fifth of the steps."""
    early = 0.0
    for n in range(count):
        if n == count // 5:
            early = _held_mb()
        step(n)
    return _held_mb() - early if count else 0.0


def _held_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6

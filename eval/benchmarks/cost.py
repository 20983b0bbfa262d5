"""One measurement of time and memory in a process of its own: `python -m eval.benchmarks.cost STEP FILE STORAGE`.

It prints JSON. `time_and_memory` runs these; a process each, because peak memory and the first use of a library are
facts of a process.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from eval.benchmarks.memory import peak_mb
from rag import Assistant
from rag.model import Paper
from rag.settings import load_settings

Measured = Mapping[str, float | str | Sequence[float]]
QUESTIONS = 60


def bench_questions(papers: Sequence[Paper], *, n: int) -> list[str]:
    """`n` questions about papers spread evenly over the library: half by a paper's name, half by its subject."""
    titled = [paper.title for paper in papers if paper.title.strip()]
    if not titled:
        return []
    questions = []
    for i in range(n):
        name, _, subject = titled[i * len(titled) // n].partition(":")
        questions.append(
            f"How does {name.strip()} work?" if i % 2 else f"What is known about {(subject or name).strip()}?"
        )
    return questions


def embed(file: Path, storage: Path) -> Measured:
    """Seconds for embedding every passage of the library's papers, with nothing done besides."""
    from rag.neural.embedder import make_embedder
    from rag.text import shown
    from rag.text.passages import passages
    from rag.text.tokens import count_tokens

    settings = load_settings()
    with Assistant.open(storage) as assistant:
        papers = list(assistant.papers())
    texts = [
        f"{shown(paper.title)}. {part.text}"
        for paper in papers
        for part in passages(paper, budget_tokens=settings.passage_tokens, count=count_tokens)
    ]
    begun = time.perf_counter()
    make_embedder(settings.embedding).documents(texts, [()] * len(texts))
    return {"seconds": time.perf_counter() - begun, "papers": len(papers), "passages": len(texts)}


def ingest(file: Path, storage: Path) -> Measured:
    """Seconds for ingesting the file into an empty library, and for doing it again at once."""
    taken = []
    with Assistant.open(storage) as assistant:
        for _ in range(2):
            begun = time.perf_counter()
            report = assistant.ingest([file])
            taken.append(time.perf_counter() - begun)
    return {"seconds": taken[0], "again": taken[1], "papers": report.total("papers")}


def ask(file: Path, storage: Path) -> Measured:
    """Milliseconds of each of the questions, searched and asked, after one of each to warm up."""
    with Assistant.open(storage) as assistant:
        questions = bench_questions(list(assistant.papers()), n=QUESTIONS)
        assistant.search(questions[0])
        assistant.ask(questions[0])
        searched = [_milliseconds(lambda q: assistant.search(q, k=5), question) for question in questions]
        asked = [_milliseconds(assistant.ask, question) for question in questions]
    return {"search_ms": searched, "ask_ms": asked, "question": questions[0]}


def plain(file: Path, storage: Path) -> Measured:
    """The same papers and questions with the plain pipeline: seconds of ingest, milliseconds of each retrieval."""
    from eval.benchmarks.plain import PlainPipeline

    with Assistant.open(storage) as assistant:
        papers = list(assistant.papers())
    questions = bench_questions(papers, n=QUESTIONS)
    begun = time.perf_counter()
    pipeline = PlainPipeline(papers, storage / "plain")
    seconds = time.perf_counter() - begun
    pipeline.search(questions[0])
    return {"seconds": seconds, "search_ms": [_milliseconds(pipeline.search, question) for question in questions]}


def _milliseconds(step: Callable[[str], object], question: str) -> float:
    begun = time.perf_counter()
    step(question)
    return (time.perf_counter() - begun) * 1000


STEPS: Mapping[str, Callable[[Path, Path], Measured]] = {"embed": embed, "ingest": ingest, "ask": ask, "plain": plain}


def main(arguments: Sequence[str]) -> int:
    """Carry out one step and print what was measured, with the peak memory of this process, as one line of JSON."""
    step, file, storage = arguments
    measured = STEPS[step](Path(file), Path(storage))
    print(json.dumps({**measured, "peak_mb": peak_mb()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m eval benchmark NAME DIR`: retrieval on a judged collection, several rankings side by side in one run."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory

from eval.benchmarks.collection import Collection, read_collection
from eval.benchmarks.memory import peak_mb
from eval.metrics.retrieval import Run, ndcg, recall, reciprocal_rank
from rag import Assistant, Settings
from rag.settings import load_settings

# What works on a ranking besides the two scores themselves, off.
_BARE: Mapping[str, float | bool] = {
    **dict.fromkeys(("names", "metadata"), False),
    **dict.fromkeys(("proximity", "neighbours", "late"), 0.0),
}


def variants(default: Settings) -> dict[str, Settings]:
    """The rankings that are compared: `default` as it is, and with parts of it switched off."""

    def bare(changes: Mapping[str, object]) -> Settings:
        return default.model_copy(update={**_BARE, **changes})

    return {
        "BM25 alone": bare({"lexical": True, "dense": False}),
        "dense alone": bare({"lexical": False, "dense": True}),
        "both, reciprocal ranks": bare({"lexical": True, "dense": True, "fusion": "rrf"}),
        "both, standard scores": bare({"lexical": True, "dense": True, "fusion": "zscore"}),
        "Footnote's default": default,
    }


@dataclass(frozen=True)
class Row:
    """One ranking on one collection: means over the questions, and the median of milliseconds a question."""

    ranking: str
    ndcg_10: float
    recall_10: float
    recall_100: float
    mrr_10: float
    ms: float


def rank(assistant: Assistant, questions: Mapping[str, str], *, k: int) -> tuple[Run, list[float]]:
    """For every question the ids of the `k` best papers, and the milliseconds that each took."""
    run: dict[str, list[str]] = {}
    taken: list[float] = []
    for key, text in questions.items():
        begun = time.perf_counter()
        hits = assistant.search(text, k=k)
        taken.append((time.perf_counter() - begun) * 1000)
        run[key] = [hit.paper.id for hit in hits]
    return run, taken


def measure(name: str, assistant: Assistant, collection: Collection) -> Row:
    """The row of one ranking, over the questions that have a relevant paper."""
    judgments = collection.judgments
    asked = {key: text for key, text in collection.questions.items() if max(judgments.get(key, {}).values(), default=0)}
    rank(assistant, dict(list(asked.items())[:1]), k=10)  # loads the model and the index
    # Two runs: a search for ten, as people do, scores fifty papers again, and one for a hundred all hundred.
    ten, taken = rank(assistant, asked, k=10)
    hundred, _ = rank(assistant, asked, k=100)
    wanted = {key: judgments[key] for key in asked}
    return Row(
        name,
        fmean(ndcg(wanted, ten, k=10).values()),
        fmean(recall(wanted, ten, k=10).values()),
        fmean(recall(wanted, hundred, k=100).values()),
        fmean(reciprocal_rank(wanted, ten, k=10).values()),
        median(taken),
    )


def ingest(collection: Collection, storage: Path, settings: Settings) -> float:
    """Bring the collection into the library in `storage`; the seconds that it took."""
    file = storage / "corpus.jsonl"
    file.write_text("".join(json.dumps(paper) + "\n" for paper in collection.papers), encoding="utf-8")
    begun = time.perf_counter()
    with Assistant.open(storage, settings) as assistant:
        report = assistant.ingest([file])
    for rejected in report.files[0].rejected:
        print(f"line {rejected.line} was left out: {rejected.reason}", file=sys.stderr)
    return time.perf_counter() - begun


def main(arguments: Sequence[str]) -> int:
    """Print the table of a collection, or with `--json` the same as one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m eval benchmark", description=__doc__)
    parser.add_argument("name", help="what to call the collection in the output")
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="corpus.jsonl, queries.jsonl, qrels/test.tsv or qrels.tsv"
    )
    parser.add_argument("--storage", type=Path, help="keep the library here for another run; otherwise it is temporary")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    collection = read_collection(given.folder)
    settings = load_settings()
    if given.storage:
        given.storage.mkdir(parents=True, exist_ok=True)
    with nullcontext(given.storage) if given.storage else TemporaryDirectory() as storage:
        seconds = ingest(collection, Path(storage), settings)
        print(f"{len(collection.papers):,} papers ingested in {seconds:.1f} s", file=sys.stderr)
        rows = []
        for name, chosen in variants(settings).items():
            with Assistant.open(storage, chosen) as assistant:
                rows.append(measure(name, assistant, collection))
            print(f"measured: {name}", file=sys.stderr)
    if given.json:
        whole = {
            "collection": given.name,
            "papers": len(collection.papers),
            "questions": len(collection.questions),
            "ingest_s": round(seconds, 2),
            "peak_mb": round(peak_mb()),
            "rows": [asdict(row) for row in rows],
        }
        print(json.dumps(whole, ensure_ascii=False))
        return 0
    print(f"{given.name}: {len(collection.papers):,} papers, {len(collection.questions):,} questions\n")
    print(table(rows))
    print(f"\ningest {seconds:.1f} s, peak memory {peak_mb():.0f} MB")
    return 0


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| ranking | nDCG@10 | recall@10 | recall@100 | MRR@10 | ms a question |", "| --- |" + " ---: |" * 5]
    lines += [
        f"| {r.ranking} | {r.ndcg_10:.3f} | {r.recall_10:.3f} | {r.recall_100:.3f} | {r.mrr_10:.3f} | {r.ms:.1f} |"
        for r in rows
    ]
    return "\n".join(lines)

"""How embedding on Ray grows with its workers: `python -m tests.measure.ray --workers 1 2 4`, in one run.

Each worker has one thread. Papers are made as in `tests.measure.scale` and embedded with the embedder that comes with
the installation; the workers are warm. The ratios mean something on a machine that nobody else uses.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from rag.intake.preparing import BATCH_PAPERS, spread
from rag.library.chroma import batches
from rag.sources import read_file
from tests.measure.scale import made


def main() -> None:
    """Measure each number of workers, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=320)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = made(Path(folder, "papers.jsonl"), given.papers)
        papers = [paper for paper in read_file(file).entries if not hasattr(paper, "reason")]
    print("| workers | papers a second | ratio |\n| ---: | ---: | ---: |")
    first = 0.0
    for count in given.workers:
        with spread("local", "minilm", None, 96, workers=count) as preparing:
            assert preparing is not None
            for few in batches(papers[: 4 * count * BATCH_PAPERS], BATCH_PAPERS):
                list(preparing(few))  # the first of each worker loads the model
            begun = time.perf_counter()
            done = sum(map(len, preparing(papers)))
            rate = done / (time.perf_counter() - begun)
        first = first or rate
        print(f"| {count} | {rate:.1f} | {rate / first:.2f} |", flush=True)


if __name__ == "__main__":
    main()

"""What ingesting many papers takes in time and memory, and asking them afterwards: `python -m tests.measure.ingest`.

Invented papers go through all of an ingest, with an embedder that costs next to nothing in place of the model. Each
measurement is a process of its own, whose memory is its peak. `--records 10000 100000` are the sizes, `--folder DIR`
where files and libraries are made; a library that is there already is only asked.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from statistics import median
from zlib import crc32

import numpy as np

from rag.assistant import Assistant
from rag.cli.app import share_memory
from rag.library.store import Library
from rag.neural.embedder import Span, Vectors, WordSpace, common_words
from rag.settings import Settings

SIZES = (10_000, 20_000, 50_000, 100_000)
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()
ASKED = 20


class HashedWords:
    """A text is the sum of the directions of its words, of which there are 4,096, at unit length."""

    name, sha256, dimension = "hashed words", "0" * 64, 384
    word_space: WordSpace | None = None

    def __init__(self) -> None:
        self._directions = np.random.default_rng(1).standard_normal((4096, self.dimension)).astype(np.float32)

    def query(self, text: str) -> Vectors:
        """The vector of a text, shape (384,)."""
        rows = [crc32(word.encode()) % len(self._directions) for word in text.lower().split()] or [0]
        total = self._directions[rows].sum(axis=0)
        unit: Vectors = total / np.linalg.norm(total)
        return unit

    def read(self, text: str, spans: Sequence[Span]) -> tuple[Vectors, Vectors]:
        """The vectors of a text and of its spans."""
        parts = [self.query(text[start:end]) for start, end in spans]
        return self.query(text), np.array(parts, dtype=np.float32).reshape(-1, self.dimension)

    def documents(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], done: object = None
    ) -> list[tuple[Vectors, Vectors]]:
        """The vectors of texts and of their spans."""
        return [self.read(text, inside) for text, inside in zip(texts, spans, strict=True)]


def made(path: Path, records: int) -> Path:
    """A file of invented papers, made where it is not there yet: nine sentences each, a name, authors and a date."""
    if path.exists():
        return path
    chance = random.Random(3)
    words = sorted(word for word in common_words() if word.isascii() and len(word) > 2)
    chance.shuffle(words)
    words = words[:12_000] + ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(8_000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    with path.open("w", encoding="utf-8") as stream:
        for number in range(records):
            name = "".join("".join(chance.choices(SYLLABLES, k=k)).title() for k in (3, 2))
            said = chance.choices(words, cum_weights=weights, k=178)
            lines = [" ".join(said[at : at + 19]).capitalize() + "." for at in range(8, 178, 19)]
            record = {
                "id": f"p{number}", "title": f"{name}: {' '.join(said[:8])}",
                "abstract": f"We present {name}. {' '.join(lines)}", "authors": ["Ann Owl", "Bo Fox"],
                "published": f"{2000 + number % 24}-03-{1 + number % 28:02}",
            }  # fmt: skip
            stream.write(json.dumps(record) + "\n")
    return path


def opened(folder: Path) -> Assistant:
    """The library in the folder with the embedder of hashed words."""
    embedder, settings = HashedWords(), Settings()
    library = Library.open(folder, embedder, passage_tokens=settings.passage_tokens)
    return Assistant(library, embedder, settings, folder)


def peak_mb() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ingest(file: Path, folder: Path) -> Mapping[str, float]:
    """Seconds and memory of an ingest into a new folder: until all is written, and with the index of words."""
    written: list[float] = []
    with opened(folder) as assistant:
        keep = assistant._retriever.keep_index

        def noted() -> None:
            written.extend((time.perf_counter() - begun, peak_mb()))
            keep()

        assistant._retriever.keep_index = noted  # type: ignore[method-assign]
        begun = time.perf_counter()
        assistant.ingest([file], progress=_marks(begun))
        return {
            "seconds": time.perf_counter() - begun, "peak": peak_mb(),
            "written_seconds": written[0], "written_peak": written[1],
        }  # fmt: skip


def _marks(begun: float) -> object:
    def progress(done: int, _: int) -> None:
        if done % 5000 == 0:
            print(f"{done:,} papers, {time.perf_counter() - begun:.0f} s, {peak_mb():.0f} MB", file=sys.stderr)

    return progress


def ask(file: Path, folder: Path) -> Mapping[str, float]:
    """Seconds until the first answer, milliseconds of each further search and question, and memory."""
    with file.open(encoding="utf-8") as stream:
        titles = [json.loads(line)["title"] for _, line in zip(range(2 * ASKED), stream, strict=False)]
    begun = time.perf_counter()
    with opened(folder) as assistant:
        assistant.ask(f"What does {titles[0].partition(':')[0]} do?")
        first = time.perf_counter() - begun
        taken: dict[str, list[float]] = {"search": [], "ask": []}
        for title in titles[1::2]:
            name, _, subject = title.partition(": ")
            for what, step in (
                ("search", lambda text=subject: assistant.search(text)),
                ("ask", lambda text=name: assistant.ask(f"What does {text} do?")),
            ):
                began = time.perf_counter()
                step()
                taken[what].append(1000 * (time.perf_counter() - began))
    return {"first": first, "search": median(taken["search"]), "ask": median(taken["ask"]), "peak": peak_mb()}


def main() -> None:
    """Measure every size, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path, default=Path("build/ingest"))
    parser.add_argument("--one", nargs=3, metavar=("STEP", "FILE", "LIBRARY"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        share_memory()
        step, file, folder = given.one
        print(json.dumps((ingest if step == "ingest" else ask)(Path(file), Path(folder))))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    print("| records | written | ms each | peak | with the index | peak | first answer | search | ask | peak |")
    print("|" + " ---: |" * 10)
    for records in given.records:
        file = made(given.folder / f"papers-{records}.jsonl", records)
        done = given.folder / f"ingest-{records}.json"
        folder = given.folder / f"library-{records}"
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            done.write_text(json.dumps(_measured("ingest", file, folder)))
        wrote, asked = json.loads(done.read_text()), _measured("ask", file, folder)
        print(
            f"| {records:,} | {wrote['written_seconds']:,.0f} s | {1000 * wrote['written_seconds'] / records:.1f} "
            f"| {wrote['written_peak']:,.0f} MB | {wrote['seconds']:,.0f} s | {wrote['peak']:,.0f} MB "
            f"| {asked['first']:.1f} s | {asked['search']:.0f} ms | {asked['ask']:.0f} ms | {asked['peak']:,.0f} MB |",
            flush=True,
        )


def _measured(step: str, file: Path, folder: Path) -> Mapping[str, float]:
    command = [sys.executable, "-m", "tests.measure.ingest", "--one", step, str(file), str(folder)]
    measured: Mapping[str, float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return measured


if __name__ == "__main__":
    main()

"""What a library costs by its size: `python -m tests.measure.scale --records 1000 10000`, a row for each size.

Papers are made by a seed out of the words of the bundled digests, each as often as there, and go through all of an
ingest; vectors come from an embedder that costs next to nothing, so that the library is measured and not the model.
Each step is a process of its own, whose memory is its peak; its processor time stands in brackets, which a machine that
others use as well changes less. Files and libraries are made in `--folder DIR`; a library
that is there already is only asked.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import accumulate
from pathlib import Path
from statistics import median

from rag.cli.app import share_memory
from tests.measure.ingest import SYLLABLES, opened, peak_mb

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUTINE = SIZES[:2]
UPDATED = 1_000
ASKED = 20
REAL = Path(__file__).resolve().parents[2] / "storage" / "library" / "papers.jsonl"
STEPS = ("ingest", "open", "search", "ask", "few", "half", "papers", "update", "doctor")


def made(path: Path, records: int, *, version: int = 0) -> Path:
    """A file of papers out of real words. Every hundredth has the source "few"; half of them are of 2012 or later.

    In another version the abstracts are others.
    """
    if path.exists():
        return path
    with REAL.open(encoding="utf-8") as stream:
        counts = Counter(re.findall(r"[A-Za-z][\w-]*", " ".join(json.loads(line)["abstract"] for line in stream)))
    words, weights = list(counts), list(accumulate(counts.values()))
    draft = path.with_suffix(".part")
    with draft.open("w", encoding="utf-8") as stream:
        for number in range(records):
            dice = random.Random(f"{number} {version}")
            name = "".join("".join(random.Random(number).choices(SYLLABLES, k=k)).title() for k in (3, 2))
            said = dice.choices(words, cum_weights=weights, k=160)
            lines = [" ".join(said[at : at + 19]).capitalize() + "." for at in range(8, 160, 19)]
            record = {
                "id": f"p{number}", "title": f"{name}: {' '.join(said[:8])}",
                "abstract": f"We present {name}. {' '.join(lines)}", "authors": ["Ann Owl", "Bo Fox"],
                "published": f"{2000 + number % 24}-03-{1 + number % 28:02}",
                "source": "few" if number % 100 == 0 else "many",
            }  # fmt: skip
            stream.write(json.dumps(record) + "\n")
    draft.replace(path)
    return path


def measured(step: str, file: Path, folder: Path) -> Mapping[str, float]:
    """Seconds, those of processor time, and peak memory of one step. Of what is asked, the median of the warm ones."""
    with file.open(encoding="utf-8") as stream:
        titles = [json.loads(line)["title"] for _, line in zip(range(2 * ASKED), stream, strict=False)]
    begun, worked_before = time.perf_counter(), time.process_time()
    with opened(folder) as assistant:
        if step == "open":
            assistant.search(titles[0], k=1)
        asked: dict[str, Callable[[str], object]] = {
            "search": lambda title: assistant.search(title.partition(": ")[2]),
            "ask": lambda title: assistant.ask(f"What does {title.partition(':')[0]} do?"),
            "few": lambda title: assistant.search(title.partition(": ")[2], where={"source": "few"}),
            "half": lambda title: assistant.search(title.partition(": ")[2], where={"since": "2012-01-01"}),
        }
        if step in asked:
            asked[step](titles[0])
            taken, worked = [], []
            for title in titles[1::2]:
                began, cpu = time.perf_counter(), time.process_time()
                asked[step](title)
                taken.append(time.perf_counter() - began)
                worked.append(time.process_time() - cpu)
            return {"s": median(taken), "cpu": median(worked), "mb": peak_mb()}
        if step in ("ingest", "update"):
            assistant.ingest([file])
        elif step == "papers":
            sum(1 for _ in assistant.papers())
        elif step == "doctor":
            found = assistant.doctor(mend=False)
            if found:
                print(*found, sep="\n", file=sys.stderr)
    return {"s": time.perf_counter() - begun, "cpu": time.process_time() - worked_before, "mb": peak_mb()}


def main() -> None:
    """Measure every size, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=ROUTINE)
    parser.add_argument("--folder", type=Path, default=Path("build/scale"))
    parser.add_argument("--steps", nargs="+", default=STEPS, choices=STEPS)
    parser.add_argument("--one", nargs=3, metavar=("STEP", "FILE", "LIBRARY"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        share_memory()
        step, file, folder = given.one
        print(json.dumps(measured(step, Path(file), Path(folder))))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    print("| papers | " + " | ".join(given.steps) + " | on disk |")
    print("| ---: |" + " ---: |" * (len(given.steps) + 1))
    fresh = made(given.folder / "papers-later.jsonl", UPDATED, version=1)
    for records in given.records:
        file = made(given.folder / f"papers-{records}.jsonl", records)
        folder = given.folder / f"library-{records}"
        cells = []
        for step in given.steps:
            if step == "ingest":
                shutil.rmtree(folder, ignore_errors=True)
            one = _apart(step, fresh if step == "update" else file, folder)
            cells.append(f"{_shown(one['s'])} ({_shown(one['cpu'])}), {one['mb']:,.0f} MB")
            print(f"{records:,}: {step} {cells[-1]}", file=sys.stderr, flush=True)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"| {records:,} | {' | '.join(cells)} | {size / 1e6:,.0f} MB |", flush=True)


def _shown(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms" if seconds < 2 else f"{seconds:,.0f} s"


def _apart(step: str, file: Path, folder: Path) -> Mapping[str, float]:
    command = [sys.executable, "-m", "tests.measure.scale", "--one", step, str(file), str(folder)]
    found: Mapping[str, float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return found


if __name__ == "__main__":
    main()

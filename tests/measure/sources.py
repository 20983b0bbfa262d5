"""How fast the snapshot of arXiv is read, and in what memory, on a generated file: `python -m tests.measure.sources`.

Each measurement is a process of its own, whose memory is its peak. `--records 300000` is how many, `--folder DIR` where
the file is made (and kept, to be used again).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from rag.model import Paper
from rag.sources import Filter, read_file

WORDS = "owl fox elk night sound image token table sees hears keeps walks finds deep small of in the a".split()
CATEGORIES = "cs.CL cs.CV cs.LG math.PR hep-th astro-ph.GA cond-mat quant-ph stat.ML physics.optics".split()
FILTERS: dict[str, Filter | None] = {
    "all": None,
    "cs.CL since 2024": Filter(categories=("cs.CL",), since=date(2024, 1, 1)),
    "none": Filter(categories=("econ",)),
}


def preprint(number: int, chance: random.Random) -> dict[str, object]:
    """A record as the snapshot has them: an abstract of some 1,200 characters, broken after 80."""
    words = [chance.choice(WORDS) for _ in range(230)]
    lines = [" ".join(words[at : at + 14]) for at in range(0, len(words), 14)]
    created = datetime(2007, 4, 1, tzinfo=UTC) + timedelta(minutes=30 * number)
    people = [[chance.choice(WORDS).title(), f"{chance.choice('ABCDEF')}.", ""] for _ in range(chance.randint(1, 8))]
    return {
        "id": f"{created:%y%m}.{number % 100_000:05}",
        "submitter": "Ann Owl",
        "authors": ", ".join(f"{given} {family}" for family, given, _ in people),
        "title": " ".join(words[:6]).title() + "\n  " + " ".join(words[6:10]),
        "comments": chance.choice([None, "12 pages, 3 figures", "This paper has been withdrawn by the authors"]),
        "journal-ref": None,
        "doi": None if number % 3 else f"10.1000/owl.{number}",
        "report-no": None,
        "categories": " ".join(chance.sample(CATEGORIES, chance.randint(1, 3))),
        "license": None,
        "abstract": "  " + "\n".join(lines) + ".\n",
        "versions": [{"version": "v1", "created": format_datetime(created, usegmt=True)}],
        "update_date": f"{created:%Y-%m-%d}",
        "authors_parsed": people,
    }


def made(path: Path, records: int) -> Path:
    """The file, made where it is not there yet."""
    if not path.exists():
        chance = random.Random(7)
        with gzip.open(path, "wt") if path.suffix == ".gz" else path.open("w") as stream:
            for number in range(records):
                stream.write(json.dumps(preprint(number, chance)) + "\n")
    return path


def measured(path: Path, name: str) -> None:
    """Read the file in this process and print what it took."""
    began, worked = time.perf_counter(), time.process_time()
    papers = sum(isinstance(entry, Paper) for entry in read_file(path, only=FILTERS[name]).entries)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{papers}\t{seconds:.3f}\t{worked:.3f}\t{peak_mb:.0f}")


def main() -> None:
    """Measure each filter on the file as it is and compressed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=300_000)
    parser.add_argument("--folder", type=Path, default=Path("build/sources"))
    parser.add_argument("--one", nargs=2, metavar=("FILE", "FILTER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        measured(Path(given.one[0]), given.one[1])
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    print(f"{'file':<28} {'wanted':<18} {'papers':>8} {'seconds':>8} {'of CPU':>8} {'records/s':>10} {'peak MB':>8}")
    for ending in ("jsonl", "jsonl.gz"):
        path = made(given.folder / f"arxiv-{given.records}.{ending}", given.records)
        for name in FILTERS:
            command = [sys.executable, "-m", "tests.measure.sources", "--one", str(path), name]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            papers, seconds, worked, peak = done.stdout.split()
            rate = given.records / float(seconds)
            print(f"{path.name:<28} {name:<18} {papers:>8} {seconds:>8} {worked:>8} {rate:>10,.0f} {peak:>8}")


if __name__ == "__main__":
    main()

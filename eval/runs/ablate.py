"""`python -m eval ablate`: the questions asked again with one part at a time switched off, as a table.

python -m eval ablate                                    # the dev questions, the bundled library
python -m eval ablate --questions mine.jsonl --storage DIR --only dense lexical
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from eval.library import library, settings_of
from eval.metrics.interval import Difference, difference
from eval.metrics.score import mean
from eval.metrics.scorecard import metric, scores
from eval.metrics.speed import latency_ms
from eval.progress import Bar
from eval.questions.record import Record
from eval.runs.asking import ask_all, question_file, questions_of
from rag import Assistant, Settings

OFF: Mapping[str, tuple[str, object]] = MappingProxyType(
    {
        "dense": ("no vectors (words and names only)", False),
        "lexical": ("no BM25 (vectors and names only)", False),
        "names": ("names of systems not looked up", False),
        "metadata": ("dates and authors not read", False),
        "proximity": ("terms need not stand close", 0.0),
        "neighbours": ("no scores from neighbours", 0.0),
        "late": ("no late interaction", 0.0),
        "fusion": ("reciprocal ranks in place of standard scores", "rrf"),
        "answer_words": ("answers of up to 400 words", 400),
    }
)
"""Setting → what the row is called, and the value that switches the part off."""
SHOWN = (
    "right", "correctness", "abstention_f1", "false_abstention", "paper_precision", "recall_5", "recall_10", "ndcg_10",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One variant: its means by metric, its paired difference in right answers from the default, median ms."""

    name: str
    means: Mapping[str, float | None]
    change: Difference | None
    ms: float | None


def ablate(home: Path, default: Settings, files: Sequence[Path], *, parts: Sequence[str]) -> list[Row]:
    """A row for the default and one for each part switched off, on the library in `home`."""
    wanted = questions_of(files)
    variants = {"everything on": default}
    variants |= {OFF[part][0]: default.model_copy(update={part: OFF[part][1]}) for part in parts}
    rows: list[Row] = []
    base: Sequence[Record] = ()
    with Bar(len(wanted) * len(variants), "questions") as bar:
        for name, settings in variants.items():
            with Assistant.open(home, settings) as assistant:
                records = list(ask_all(assistant, wanted, keep=lambda _: bar.step()))
            for record in (one for one in records if one.status == "failed"):
                print(f"eval: {name}: {record.gold.id} failed: {record.error}", file=sys.stderr)
            base = base or records
            rows.append(_row(name, base, records))
    return rows


def main(arguments: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m eval ablate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", nargs="+", default=["dev"], metavar="FILE", help="questions with gold (dev)")
    parser.add_argument("--storage", type=Path, metavar="DIR", help="a library; otherwise the bundled papers")
    parser.add_argument("--only", nargs="+", choices=list(OFF), default=list(OFF), metavar="PART",
                        help=f"parts to switch off: {', '.join(OFF)} (all)")  # fmt: skip
    given = parser.parse_args(arguments)
    settings = settings_of(None)
    files = [question_file(name) for name in given.questions]
    with library(given.storage, settings) as home:
        print(table(ablate(home, settings.model_copy(update={"llm": None}), files, parts=given.only)))
    return 0


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table; an asterisk marks a difference in right answers with p < 0.05."""
    heads = ["", *(metric(name).label.split(" (")[0] for name in SHOWN), "right, difference", "median ms"]
    lines = [f"| {' | '.join(heads)} |", "| --- |" + " ---: |" * (len(heads) - 1)]
    for row in rows:
        cells = [f"{value:.3f}" if (value := row.means[name]) is not None else "" for name in SHOWN]
        change = ""
        if row is not rows[0] and row.change:
            sure = "\\*" if row.change.p < 0.05 else ""
            change = f"{row.change.mean:+.3f}{sure}"
        lines.append(f"| {' | '.join([row.name, *cells, change, f'{row.ms:.0f}' if row.ms is not None else ''])} |")
    return "\n".join(lines)


def _row(name: str, base: Sequence[Record], records: Sequence[Record]) -> Row:
    was, now = scores(base), scores(records)
    return Row(
        name, {key: mean(now[key]) for key in SHOWN}, difference(was["right"], now["right"]), latency_ms(records)[0]
    )

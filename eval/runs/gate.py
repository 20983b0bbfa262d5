"""`python -m eval gate [RUN]`: fails (status 1) when a metric is worse than the baseline by more than chance.

python -m eval gate                          # makes an offline run of the dev questions first
python -m eval gate RUN --baseline FILE
python -m eval gate --update                 # writes the baseline, and prints what to say in its commit
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.library import library, settings_of
from eval.metrics.interval import difference, estimate
from eval.metrics.score import Score
from eval.metrics.scorecard import METRICS, Metric, scores
from eval.questions.record import Record
from eval.runs.asking import ask_all, question_file, questions_of
from eval.runs.run_folder import load_run, write_text
from rag import Assistant
from rag.errors import SourceError

BASELINE = Path(__file__).parents[1] / "baseline.json"
GATED = tuple(one for one in METRICS if one.higher is not None and one.name != "judged")
"""The metrics that may not fall. Times are not among them: they are the machine's as much as the code's."""
_ROUNDING = 1e-5  # a baseline has six digits


@dataclass(frozen=True)
class Check:
    """One metric against the baseline: both means, the 95% interval of their paired difference, and whether it fell."""

    metric: Metric
    before: float
    after: float | None
    low: float
    high: float
    fell: bool


@dataclass(frozen=True)
class Baseline:
    """For each metric the score of each question that has one; for each question a short hash of it and its gold."""

    scores: Mapping[str, Mapping[str, Score]]
    gold: Mapping[str, str]

    def known(self, records: Sequence[Record]) -> list[Record]:
        """Those of the records whose question stands in the baseline with the same gold."""
        return [record for record in records if self.gold.get(record.gold.id) == _gold(record)]


def check(baseline: Baseline, records: Sequence[Record]) -> list[Check]:
    """Every gated metric of the baseline against these records.

    A metric has fallen when the 95% interval of its paired difference lies wholly on the worse side of 0: with the
    same questions on both sides, a few answers that turn for the worse and none for the better are seen, which an
    interval around a mean would hide. It has also fallen when it has no score any more.

    Questions that are new, or have other gold now, are left out on both sides.

    Raises:
        SourceError: the records lack questions of the baseline.
    """
    lacking = baseline.gold.keys() - {record.gold.id for record in records}
    if lacking:
        raise SourceError(
            f"the run lacks {len(lacking)} of the baseline's {len(baseline.gold)} questions, such as "
            f"{min(lacking)!r}. Run those questions, or make a new baseline with --update."
        )
    chosen = baseline.known(records)
    now = scores(chosen)
    found = []
    for one in GATED:
        if one.name not in baseline.scores:
            continue
        was = [baseline.scores[one.name].get(record.gold.id) for record in chosen]
        before, after = estimate(was), estimate(now[one.name])
        if before is None:
            continue
        change = difference(was, now[one.name], pooled=one.pooled)
        if after is None or change is None:
            found.append(Check(one, before.mean, None, before.low, before.high, True))
            continue
        sign = 1 if one.higher else -1
        fell = max(sign * change.low, sign * change.high) < -_ROUNDING
        found.append(Check(one, change.before, change.after, change.low, change.high, fell))
    return found


def offline_records(questions: str = "dev") -> list[Record]:
    """The records of an offline run with the default settings, whatever the environment says."""
    settings = settings_of(None, environment=False)
    wanted = questions_of([question_file(questions)])
    with library(None, settings) as home, Assistant.open(home, settings) as assistant:
        return list(ask_all(assistant, wanted))


def main(arguments: Sequence[str]) -> int:
    """Print the table; 1 when a metric fell or a question failed."""
    parser = argparse.ArgumentParser(
        prog="python -m eval gate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", nargs="?", metavar="RUN", help="a run; without one an offline run is made")
    parser.add_argument("--baseline", type=Path, default=BASELINE, metavar="FILE", help="eval/baseline.json")
    parser.add_argument("--split", default="dev", help="the file of questions that counts (dev)")
    parser.add_argument("--update", action="store_true", help="write the baseline instead of checking against it")
    given = parser.parse_args(arguments)
    if given.run:
        records = [record for record in load_run(given.run).records if record.split == given.split]
        if not records:
            raise SourceError(f"the run {given.run!r} has no questions of {given.split!r}. Name others with --split.")
    else:
        records = offline_records(given.split)
    failures = [record for record in records if record.status == "failed"]
    for record in failures[:5]:
        print(f"eval: {record.gold.id} failed: {record.error}", file=sys.stderr)
    if given.update:
        if failures:
            print(f"eval: {len(failures)} questions failed; no baseline is made of that.", file=sys.stderr)
            return 1
        before = read_baseline(given.baseline) if given.baseline.exists() else Baseline({}, {})
        write_baseline(given.baseline, records)
        print(_numbers(before, read_baseline(given.baseline)))
        return 0
    baseline = read_baseline(given.baseline)
    checked = check(baseline, records)
    print(table(checked))
    if other := len(records) - len(baseline.known(records)):
        print(f"\n{other} questions are new or have other gold than in the baseline, and are left out")
    fell = [one.metric.label for one in checked if one.fell]
    print(f"\nfell: {', '.join(fell)}" if fell else f"\nno metric fell ({len(records) - other} questions)")
    if fell:
        print("If that is meant, change the baseline in a commit of its own: python -m eval gate --update")
    return 1 if fell or failures else 0


def table(checked: Sequence[Check]) -> str:
    """The checks as a Markdown table."""
    lines = ["| | baseline | now | difference, 95% | |", "| --- | ---: | ---: | ---: | --- |"]
    for one in checked:
        now = f"{one.after:.3f}" if one.after is not None else "no score"
        spread = f"[{one.low:+.3f}, {one.high:+.3f}]" if one.after is not None else ""
        lines.append(f"| {one.metric.label} | {one.before:.3f} | {now} | {spread} | {'fell' if one.fell else ''} |")
    return "\n".join(lines)


def write_baseline(path: Path, records: Sequence[Record]) -> None:
    """Write the scores of these records, a metric a line, with its mean first, so that a change of it can be read."""
    found = scores(records)
    lines = []
    for one in GATED:
        of = {r.gold.id: _plain(s) for r, s in zip(records, found[one.name], strict=True) if s is not None}
        if mean := estimate(found[one.name]):
            entry = {"mean": round(mean.mean, 4), "low": round(mean.low, 4), "high": round(mean.high, 4), "scores": of}
            lines.append(f"{json.dumps(one.name)}: {json.dumps(entry)}")
    lines.append(f'"gold": {json.dumps({record.gold.id: _gold(record) for record in records})}')
    write_text(path, "{\n" + ",\n".join(lines) + "\n}\n")


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file.

    Raises:
        SourceError: it is none.
    """
    try:
        rows = json.loads(path.read_text("utf-8"))
        gold = dict(rows.pop("gold"))
        found = {
            name: {key: Score(*(value if isinstance(value, list) else [value])) for key, value in row["scores"].items()}
            for name, row in rows.items()
        }
        return Baseline(found, gold)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"{path} is no baseline ({error}). Make one: python -m eval gate --update") from error


def _gold(record: Record) -> str:
    gold = record.gold
    wanted = [gold.question, gold.kind, *map(sorted, (gold.papers, *gold.facts)), gold.missing, list(gold.history)]
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:8]


def _plain(score: Score) -> float | list[float]:
    value = round(score.value, 6)
    return value if score.weight == 1 else [value, score.weight]


def _numbers(before: Baseline, after: Baseline) -> str:
    lines = []
    for one in GATED:
        was, now = (estimate(list(each.scores.get(one.name, {}).values())) for each in (before, after))
        old = f"{was.mean:.3f}" if was else "none"
        if now:
            lines.append(f"{one.label}: {old} → {now.mean:.3f} [{now.low:.3f}, {now.high:.3f}]")
    return "\n".join(lines)

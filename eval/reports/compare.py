"""`python -m eval compare RUN RUN`: what changed from the first run to the second, and whether it may be chance.

python -m eval compare last-week today
python -m eval compare last-week today --turned 20     # more of the questions that turned, side by side
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.metrics.correctness import right
from eval.metrics.interval import Difference, difference
from eval.metrics.scorecard import METRICS, scores
from eval.metrics.speed import latency_ms
from eval.questions.record import Record
from eval.runs.run_folder import Finished, load_run
from rag.errors import SettingsError


@dataclass(frozen=True)
class Turned:
    """A question whose answer was well in one run and not in the other; `better` when the second is well."""

    before: Record
    after: Record
    better: bool


@dataclass(frozen=True)
class Comparison:
    """Paired differences of every metric that both runs score, and the questions that turned, losses first."""

    questions: int
    left_out: int
    differences: Mapping[str, Difference]
    turned: tuple[Turned, ...]


def compare(first: Sequence[Record], second: Sequence[Record]) -> Comparison:
    """The comparison over the questions that both runs have, with the same gold.

    Raises:
        SettingsError: they have none in common.
    """
    pairs = paired(first, second)
    if not pairs:
        raise SettingsError("the two runs have no question in common; nothing can be compared.")
    before, after = [a for a, _ in pairs], [b for _, b in pairs]
    was, now = scores(before), scores(after)
    found = {one.name: difference(was[one.name], now[one.name], pooled=one.pooled) for one in METRICS}
    turned = [Turned(a, b, well(b)) for a, b in pairs if well(a) != well(b)]
    everything = {(r.split, r.gold.id) for r in (*first, *second)}
    return Comparison(
        len(pairs),
        len(everything) - len(pairs),
        {name: value for name, value in found.items() if value is not None},
        tuple(sorted(turned, key=lambda one: one.better)),
    )


def paired(first: Sequence[Record], second: Sequence[Record]) -> list[tuple[Record, Record]]:
    """The records of the same question in both runs, in the order of the first; other gold is another question."""
    there = {(record.split, record.gold.id): record for record in second}
    pairs = ((record, there.get((record.split, record.gold.id))) for record in first)
    return [(a, b) for a, b in pairs if b is not None and a.gold == b.gold]


def well(record: Record) -> bool:
    """True when the answer is as it should be: right, or for an unanswerable question an abstention."""
    if record.gold.kind == "unanswerable":
        return record.status == "abstained"
    score = right(record)
    return score is not None and score.value == 1


def main(arguments: Sequence[str]) -> int:
    """Print the table of differences and the questions that turned."""
    parser = argparse.ArgumentParser(
        prog="python -m eval compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("first", metavar="RUN", help="a run's name, or its folder")
    parser.add_argument("second", metavar="RUN")
    parser.add_argument("--turned", type=int, default=10, metavar="N", help="questions that turned to show (10)")
    given = parser.parse_args(arguments)
    first, second = load_run(given.first), load_run(given.second)
    found = compare(first.records, second.records)
    print(f"{first.head.name} → {second.head.name}, {found.questions} questions in both; {made_with(first, second)}")
    if found.left_out:
        print(f"{found.left_out} questions are in one run only, or have other gold, and are left out")
    print(f"\n{table(found)}\n")
    was, now = (latency_ms(run.records) for run in (first, second))
    if None not in (*was, *now):
        print(f"answered in {was[0]:.0f} → {now[0]:.0f} ms (median), {was[1]:.0f} → {now[1]:.0f} ms (95th percentile)")
    better = sum(one.better for one in found.turned)
    print(f"{better} questions turned for the better, {len(found.turned) - better} for the worse")
    for one in found.turned[: max(given.turned, 0)]:
        print(f"\n{side_by_side(one)}")
    return 0


def made_with(first: Finished, second: Finished) -> str:
    """What differs between the fingerprints, in words."""
    differing = first.head.fingerprint.differs(second.head.fingerprint)
    return f"they differ in {', '.join(differing)}" if differing else "made with the same"


def table(found: Comparison) -> str:
    """The differences as a Markdown table; an asterisk marks p < 0.05."""
    lines = ["| | first | second | difference | p | wins | losses | ties |", "| --- |" + " ---: |" * 7]
    for one in METRICS:
        if one.name not in found.differences:
            continue
        d = found.differences[one.name]
        wins, losses = (d.losses, d.wins) if one.higher is False else (d.wins, d.losses)
        counted = (wins, losses, d.ties) if one.higher is not None else ("", "", "")
        sure = "\\*" if d.p < 0.05 else ""
        spread = f"{d.mean:+.3f} [{d.low:+.3f}, {d.high:+.3f}]"
        cells = [one.label, f"{d.before:.3f}", f"{d.after:.3f}", spread, f"{d.p:.3f}{sure}", *map(str, counted)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def side_by_side(one: Turned) -> str:
    """A question that turned, with both answers, as text."""
    gold = "; ".join(" / ".join(group) for group in one.before.gold.facts) or one.before.gold.missing
    return "\n".join(
        (
            f"{'better' if one.better else 'worse'}: {one.before.gold.id}: {one.before.gold.question}",
            f"  gold:   {gold}",
            f"  before: {said(one.before)}",
            f"  after:  {said(one.after)}",
        )
    )


def said(record: Record) -> str:
    """What came of a question in one line: the answer, or the error."""
    return f"failed: {record.error}" if record.status == "failed" else f"{record.status}: {record.text}"

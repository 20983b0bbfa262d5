"""The plots of a run, or of two: by kind of question, calibration of abstention, its probability, latency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from eval.metrics.correctness import right
from eval.metrics.interval import estimate
from eval.metrics.score import Score
from eval.plots.reliability import error_of, reliability
from eval.plots.svg import Bar, bars, lines
from eval.questions.gold import KINDS
from eval.questions.record import Record

_BINS = 5


def plots(runs: Sequence[tuple[str, Sequence[Record]]]) -> dict[str, str]:
    """The SVG of each plot by its name, for one run or two, each with what it is called.

    `by_kind`: the share of right answers (for unanswerable questions, of abstentions). `calibration`: questions in
    five groups by the score of the best paper found; what share the library answers, what share was answered.
    `reliability`: in five groups by the probability of an answer, that and the share that the library answers.
    `latency`: the share of questions answered within so many milliseconds.
    """
    names = [name for name, _ in runs]
    every = [record for _, records in runs for record in records]
    kinds = [kind for kind in KINDS if any(record.gold.kind == kind for record in every)]
    kinds += sorted({record.gold.kind for record in every} - set(kinds))
    rows = [(kind, [_bar([r for r in records if r.gold.kind == kind], _well) for _, records in runs]) for kind in kinds]
    found = {
        "by_kind": bars("Right answers by kind of question", rows, names if len(names) > 1 else ()),
        "latency": lines(
            "Share of questions answered within a time",
            [_within([record.ms for record in records if record.status != "failed"]) for _, records in runs],
            x_label="milliseconds",
            legend=names if len(names) > 1 else (),
        ),
    }
    for n, (name, records) in enumerate(runs):
        title = "Calibration of abstention, by the score of the best paper found"
        key, said = ("calibration", title) if len(runs) == 1 else (f"calibration_{n + 1}", f"{title}: {name}")
        found[key] = bars(said, calibration(records), ("the library answers it", "was answered"))
        if rows := reliability(records):
            title = f"Probability of an answer (expected calibration error {error_of(records):.3f})"
            key, said = ("reliability", title) if len(runs) == 1 else (f"reliability_{n + 1}", f"{title}: {name}")
            found[key] = bars(said, rows, ("probability", "the library answers it"))
    return found


def write_plots(folder: Path, records: Sequence[Record]) -> None:
    """Write the plots of one run as files into `folder`."""
    folder.mkdir(exist_ok=True)
    for name, svg in plots([("", records)]).items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")


def calibration(records: Sequence[Record]) -> list[tuple[str, list[Bar]]]:
    """Five groups of like size by the best paper's score, lowest first: share answerable, share answered.

    Where the second bar is as long as the first, Footnote abstains as often as it should.
    """
    scored = sorted((record for record in records if record.scores), key=lambda record: record.scores[0])
    rows = []
    for n in range(_BINS):
        group = scored[n * len(scored) // _BINS : (n + 1) * len(scored) // _BINS]
        if group:
            label = f"{group[0].scores[0]:.1f} to {group[-1].scores[0]:.1f}"
            rows.append((label, [_bar(group, _answerable), _bar(group, _answered)]))
    return rows


def _bar(records: Sequence[Record], of: Callable[[Record], Score | None]) -> Bar:
    found = estimate([of(record) for record in records])
    return Bar(found.mean, found.low, found.high, f"of {found.n}") if found else Bar(None)


def _well(record: Record) -> Score | None:
    return Score(float(record.status == "abstained")) if record.gold.kind == "unanswerable" else right(record)


def _answerable(record: Record) -> Score:
    return Score(float(record.gold.kind != "unanswerable"))


def _answered(record: Record) -> Score:
    return Score(float(record.status == "answered"))


def _within(taken: Sequence[float]) -> list[tuple[float, float]]:
    ordered = sorted(taken)
    points = [(0.0, 0.0)]
    for n, ms in enumerate(ordered, 1):
        points += [(ms, (n - 1) / len(ordered)), (ms, n / len(ordered))]
    return points

"""The table of metrics, and what a run comes to: every metric with its interval, by split and by kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

from eval.metrics.abstention import abstention_f1, abstention_precision, abstention_recall, false_abstention
from eval.metrics.alce import citation_precision, citation_recall
from eval.metrics.brier import brier
from eval.metrics.correctness import correctness, right
from eval.metrics.grounding import figures_quoted, supported
from eval.metrics.interval import Estimate, estimate
from eval.metrics.judged import judged
from eval.metrics.papers import paper_precision, paper_recall
from eval.metrics.retrieval import retrieval
from eval.metrics.score import Score
from eval.metrics.speed import answer_words, cost_usd, latency_ms, tokens
from eval.questions.record import Record

Group = Literal["answers", "abstention", "citations", "grounding", "retrieval"]
Scores = Mapping[str, Sequence[Score | None]]
"""For each metric one score a record, in the order of the records."""


@dataclass(frozen=True)
class Metric:
    """A metric's name in files, what it is called in tables, and whether more of it is better (None: neither).

    `pooled` metrics count outcomes over all questions, and which questions have a score is a part of the outcome; of
    the others two runs are compared on the questions that both have a score for.
    """

    name: str
    label: str
    group: Group
    higher: bool | None = True
    of: Callable[[Record], Score | None] | None = None
    pooled: bool = False


METRICS = (
    Metric("right", "right (all facts, in budget, gold paper cited)", "answers", of=right),
    Metric("correctness", "correctness (gold facts stated)", "answers", of=correctness),
    Metric("judged", "right, by the judge model", "answers", of=judged),
    Metric("words", "words of an answer", "answers", None, answer_words),
    Metric("abstention_f1", "abstention F1", "abstention", of=abstention_f1, pooled=True),
    Metric("abstention_precision", "abstention precision", "abstention", of=abstention_precision, pooled=True),
    Metric("abstention_recall", "abstention recall", "abstention", of=abstention_recall),
    Metric("false_abstention", "false abstentions", "abstention", False, false_abstention),
    Metric("brier", "Brier score of the probability of an answer", "abstention", False, brier),
    Metric("paper_precision", "citation precision, papers", "citations", of=paper_precision),
    Metric("paper_recall", "citation recall, papers", "citations", of=paper_recall),
    Metric("citation_precision", "citation precision, statements, strict", "citations", of=citation_precision),
    Metric("citation_recall", "citation recall, statements, strict", "citations", of=citation_recall),
    Metric("citation_precision_lenient", "citation precision, statements, lenient", "citations",
           of=partial(citation_precision, lenient=True)),
    Metric("citation_recall_lenient", "citation recall, statements, lenient", "citations",
           of=partial(citation_recall, lenient=True)),
    Metric("supported", "statements supported", "grounding", of=supported),
    Metric("figures_quoted", "figures that are in their quote", "grounding", of=figures_quoted),
    Metric("recall_5", "recall@5", "retrieval"),
    Metric("recall_10", "recall@10", "retrieval"),
    Metric("mrr_10", "MRR@10", "retrieval"),
    Metric("ndcg_10", "nDCG@10", "retrieval"),
)  # fmt: skip
GROUPS: tuple[Group, ...] = ("answers", "abstention", "citations", "grounding", "retrieval")


@dataclass(frozen=True)
class Card:
    """What the records of one split came to; a metric without any score is left out.

    `by_kind` has the same for every kind of question. `median_ms` and `p95_ms` are times to an Answer. `cost` is in
    dollars, None where it is not known; without a model it is 0.
    """

    questions: int
    failed: int
    metrics: Mapping[str, Estimate]
    by_kind: Mapping[str, Mapping[str, Estimate]]
    median_ms: float | None
    p95_ms: float | None
    tokens: Mapping[str, int]
    cost: float | None
    unscored: int


def scores(records: Sequence[Record]) -> Scores:
    """Every metric's score for every record."""
    ranked = retrieval(records)
    return {m.name: [m.of(record) for record in records] if m.of else ranked[m.name] for m in METRICS}


def card(records: Sequence[Record], *, only: Group | None = None) -> Card:
    """The Card of these records, with the metrics of one group or of all."""
    found = {name: values for name, values in scores(records).items() if only in (None, metric(name).group)}
    kinds = list(dict.fromkeys(record.gold.kind for record in records))
    middle, high = latency_ms(records)
    return Card(
        len(records),
        sum(record.status == "failed" for record in records),
        _estimates(found),
        {
            kind: _estimates(
                {
                    name: [v for v, record in zip(values, records, strict=True) if record.gold.kind == kind]
                    for name, values in found.items()
                }
            )
            for kind in sorted(kinds)
        },
        middle,
        high,
        tokens(records),
        cost_usd(records),
        sum(bool(record.unscored) for record in records),
    )


def by_split(records: Sequence[Record]) -> dict[str, list[Record]]:
    """The records of each file of questions, in the order in which the files were given."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.split, []).append(record)
    return found


def metric(name: str) -> Metric:
    """The metric with this name."""
    return next(one for one in METRICS if one.name == name)


def as_json(cards: Mapping[str, Card]) -> dict[str, Any]:
    """The cards by split as plain data, fractions to six digits; times are apart, since no two runs share them."""
    return {
        split: {
            **_rounded({k: v for k, v in asdict(one).items() if k not in ("median_ms", "p95_ms")}),
            "times": _rounded({"median_ms": one.median_ms, "p95_ms": one.p95_ms}),
        }
        for split, one in cards.items()
    }


def table(cards: Mapping[str, Card]) -> str:
    """The cards as a Markdown table: a metric a row, a split a column."""
    lines = ["| | " + " | ".join(f"{split}, {one.questions} questions" for split, one in cards.items()) + " |"]
    lines.append("| --- |" + " ---: |" * len(cards))
    for one in METRICS:
        cells = [shown(each.metrics.get(one.name), digits=1 if one.name == "words" else 3) for each in cards.values()]
        if any(cells):
            lines.append(f"| {one.label} | " + " | ".join(cells) + " |")
    lines += [f"| {label} | " + " | ".join(cells) + " |" for label, cells in other_rows(list(cards.values())).items()]
    return "\n".join(lines)


def other_rows(cards: Sequence[Card]) -> dict[str, list[str]]:
    """What is no mean of scores: label → a text for each card; a row without any text is left out."""
    rows = {
        "answered in, median": [_ms(one.median_ms) for one in cards],
        "answered in, 95th percentile": [_ms(one.p95_ms) for one in cards],
        "failed": [str(one.failed) if one.failed else "" for one in cards],
        "verdicts of the judge that could not be read": [str(one.unscored) if one.unscored else "" for one in cards],
        "calls and tokens": [", ".join(f"{n:,} {kind}" for kind, n in one.tokens.items()) for one in cards],
        "cost": [_dollars(one) for one in cards],
    }
    return {label: cells for label, cells in rows.items() if any(cells)}


def shown(value: Estimate | None, *, digits: int = 3) -> str:
    """A mean with its interval, as text; "" for none."""
    return f"{value.mean:.{digits}f} [{value.low:.{digits}f}, {value.high:.{digits}f}]" if value else ""


def _estimates(found: Scores) -> dict[str, Estimate]:
    every = {name: estimate(values) for name, values in found.items()}
    return {name: value for name, value in every.items() if value is not None}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, 6) if isinstance(value, float) else value


def _ms(value: float | None) -> str:
    return f"{value:.0f} ms" if value is not None else ""


def _dollars(one: Card) -> str:
    if not one.tokens:
        return ""
    return f"${one.cost:.4f}" if one.cost is not None else "unknown"

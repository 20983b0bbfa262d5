"""An evaluation run as HTML: scorecard, plots, and the questions that went wrong. Pure; all foreign text is escaped."""

from __future__ import annotations

from base64 import b64encode

from ui.content.evaluation import Metric, Run
from ui.rendering.conversation import ask_link
from ui.text import line, safe

_LABELS = {
    "right": "right answers", "correctness": "gold facts stated", "words": "words an answer",
    "abstention_f1": "abstention, F1", "abstention_precision": "abstention, precision",
    "abstention_recall": "abstention, recall", "false_abstention": "false abstentions",
    "paper_precision": "cited papers, precision", "paper_recall": "cited papers, recall",
    "citation_precision": "citations, precision", "citation_recall": "citations, recall",
    "citation_precision_lenient": "citations, precision (lenient)",
    "citation_recall_lenient": "citations, recall (lenient)", "supported": "statements supported",
    "figures_quoted": "figures that are in their quote", "recall_5": "retrieval, recall@5",
    "recall_10": "retrieval, recall@10", "mrr_10": "retrieval, MRR@10", "ndcg_10": "retrieval, nDCG@10",
}  # fmt: skip


def run_html(run: Run | None) -> str:
    """The run, or how to make one."""
    if run is None:
        return '<p class="fn-wait">No evaluation has been run yet: <code>python -m eval run</code> makes one.</p>'
    names = list(dict.fromkeys(metric.name for card in run.cards.values() for metric in card))
    found = {split: {metric.name: metric for metric in card} for split, card in run.cards.items()}
    head = "".join(f"<th scope='col'>{line(split)}</th>" for split in run.cards)
    rows = "".join(
        f"<tr><th scope='row'>{line(_LABELS.get(name, name))}</th>"
        + "".join(f"<td>{_value(card.get(name))}</td>" for card in found.values())
        + "</tr>"
        for name in names
    )
    plots = "".join(
        f'<img alt="Plot of this run" src="data:image/svg+xml;base64,{b64encode(plot).decode()}">'
        for plot in run.plots
        if plot
    )
    missed = "".join(
        f'<li><a href="{ask_link(one.question)}" data-ask="{safe(one.question)}"><bdi>{line(one.question)}</bdi></a> '
        f'<span class="fn-about">{line(one.kind)}: {line(one.why)}</span>'
        f"<details><summary>what was answered</summary><p><bdi>{line(one.text)}</bdi></p></details></li>"
        for one in run.missed
    )
    return (
        f'<div class="fn-view"><h2>{line(run.name)}</h2><p class="fn-about">{run.questions} questions, begun '
        f"{line(run.started)}. In brackets the 95% interval.</p>"
        f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f'<div class="fn-plots">{plots}</div><h3>{len(run.missed)} questions to look at</h3>'
        f"<p>They lack a gold fact or a gold paper, or abstain where they should not, or the other way round. "
        f"Each opens in the chat.</p><ul>{missed}</ul></div>"
    )


def _value(metric: Metric | None) -> str:
    if metric is None:
        return ""
    digits = 1 if abs(metric.mean) > 2 else 3
    interval = (
        f' <span class="fn-about">({metric.low:.{digits}f} to {metric.high:.{digits}f})</span>'
        if metric.low is not None and metric.high is not None
        else ""
    )
    return f"{metric.mean:.{digits}f}{interval}"

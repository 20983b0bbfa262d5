"""`python -m eval report RUN [RUN]`: a self-contained HTML page on a run, or on what changed between two.

python -m eval report today
python -m eval report last-week today --out change.html
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from html import escape
from pathlib import Path

from eval.metrics.correctness import budget_words, words
from eval.metrics.scorecard import GROUPS, METRICS, Card, Group, by_split, card, other_rows, shown
from eval.plots.run_plots import plots
from eval.questions.gold import KINDS, states
from eval.questions.record import Cited, Record
from eval.reports.compare import compare, made_with, paired, well
from eval.reports.page import page, select
from eval.runs.run_folder import Finished, Head, load_run, write_text

_STATUS = ("well", "not well", "failed")


def report(runs: Sequence[Finished]) -> str:
    """The HTML of the page on one run, or on two that are compared."""
    heads = "<br>".join(_head(run.head) for run in runs)
    if len(runs) == 1:
        title = f"Footnote, run {runs[0].head.name}"
        sides: list[tuple[Record, ...]] = [(record,) for record in runs[0].records]
        top = f"<h2>Scorecard</h2>{scorecard(_cards(runs[0]))}{_verifier(runs[0].head)}"
    else:
        title = f"Footnote, {runs[0].head.name} → {runs[1].head.name}"
        pairs = paired(runs[0].records, runs[1].records)
        sides = sorted(pairs, key=_turn, reverse=True)  # worse, same, better
        top = f"<h2>Differences</h2>{_differences(runs[0], runs[1])}"
    # One style for all plots is enough: they share their class names.
    drawn = "".join(plots([(run.head.name, run.records) for run in runs]).values())
    body = f'<p class="soft">{heads}</p>{top}<h2>Plots</h2><div class="plots">{drawn}</div><h2>Questions</h2>'
    return page(title, body + _filter(sides) + "".join(question(side) for side in sides))


def scorecard(cards: dict[str, Card]) -> str:
    """The table of metrics as HTML: a metric a row, a split a column, means with their intervals."""
    heads = "".join(f"<th>{escape(split)}, {one.questions}</th>" for split, one in cards.items())
    rows = [f"<tr><th></th>{heads}</tr>"]
    for group in GROUPS:
        found = [one for one in METRICS if one.group == group and any(one.name in c.metrics for c in cards.values())]
        if found:
            rows.append(f'<tr class="group"><td colspan="{len(cards) + 1}">{group}</td></tr>')
        for one in found:
            cells = "".join(
                f"<td>{shown(each.metrics.get(one.name), digits=1 if one.name == 'words' else 3)}</td>"
                for each in cards.values()
            )
            rows.append(f"<tr><td>{escape(one.label)}</td>{cells}</tr>")
    rows.append(f'<tr class="group"><td colspan="{len(cards) + 1}">time and cost</td></tr>')
    for label, cells_of in other_rows(list(cards.values())).items():
        rows.append(f"<tr><td>{escape(label)}</td>{''.join(f'<td>{escape(cell)}</td>' for cell in cells_of)}</tr>")
    return f'<div class="wide"><table>{"".join(rows)}</table></div>'


def question(side: Sequence[Record]) -> str:
    """One question as HTML: its gold, and the answer of each run with citations. All text is escaped."""
    last = side[-1]
    gold, turn = last.gold, _turn(side)
    label = turn or _state(last)
    colour = {"well": "good", "better": "good", "same": "soft"}.get(label, "bad")
    history = "".join(f"<li>{escape(str(turn.get('role')))}: {escape(str(turn.get('content')))}</li>"
                      for turn in gold.history)  # fmt: skip
    wanted = [
        ("before it", f"<ul>{history}</ul>" if history else ""),
        ("gold papers", escape(", ".join(gold.papers))),
        ("what is missing", escape(gold.missing)),
        ("gold facts", _facts(last)),
    ]
    about = "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in wanted if said)
    answers = "".join(f"<div>{_answer(record)}</div>" for record in side)
    return (
        f'<details data-kind="{escape(gold.kind)}" data-split="{escape(last.split)}" data-status="{_state(last)}" '
        f'data-turn="{turn}"><summary><span class="mark {colour}">{label}</span>'
        f'<span class="tag">{escape(gold.kind)}</span>{escape(gold.question)} '
        f'<span class="soft">{escape(gold.id)}</span></summary><div class="in"><dl>{about}</dl>'
        f'<div class="sides">{answers}</div></div></details>\n'
    )


def main(arguments: Sequence[str]) -> int:
    """Write the page and print where it is."""
    parser = argparse.ArgumentParser(
        prog="python -m eval report", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", metavar="RUN", help="a run's name, or its folder")
    parser.add_argument("second", nargs="?", metavar="RUN", help="a later run, to compare with the first")
    parser.add_argument("--out", type=Path, metavar="FILE", help="report.html in the (second) run's folder")
    given = parser.parse_args(arguments)
    runs = [load_run(name) for name in (given.run, given.second) if name]
    usual = "report.html" if len(runs) == 1 else f"report-from-{runs[0].head.name}.html"
    out = given.out or runs[-1].folder / usual
    write_text(out, report(runs))
    print(out)
    return 0


def _head(head: Head) -> str:
    made = head.fingerprint
    parts = [
        head.name, head.started, f"commit {head.commit}" if head.commit else "", f"{made.papers} papers",
        f"answers by {made.model}" if made.model else "extractive answers",
        f"judged by {made.judge}" if made.judge else "",
        f"library {made.library}, questions {made.questions}, settings {made.settings}, code {made.code}",
    ]  # fmt: skip
    return escape(" · ".join(part for part in parts if part))


def _cards(run: Finished) -> dict[str, Card]:
    only: Group | None = next((group for group in GROUPS if group == run.head.only), None)
    return {split: card(found, only=only) for split, found in by_split(run.records).items()}


def _verifier(head: Head) -> str:
    if not head.verifier:
        return ""
    said = ", ".join(f"{escape(split)} {value:.3f}" for split, value in head.verifier.items())
    return f'<p class="soft">Balanced accuracy of the verifier on judged sentences: {said}</p>'


def _differences(first: Finished, second: Finished) -> str:
    found = compare(first.records, second.records)
    rows = [
        "<tr><th></th><th>first</th><th>second</th><th>difference, 95%</th><th>p</th><th>up</th><th>down</th>"
        "<th>same</th></tr>"
    ]
    for one in METRICS:
        if one.name in found.differences:
            d = found.differences[one.name]
            sure = " *" if d.p < 0.05 else ""
            rows.append(
                f"<tr><td>{escape(one.label)}</td><td>{d.before:.3f}</td><td>{d.after:.3f}</td><td>{d.mean:+.3f} "
                f"[{d.low:+.3f}, {d.high:+.3f}]</td><td>{d.p:.3f}{sure}</td><td>{d.wins}</td><td>{d.losses}</td>"
                f"<td>{d.ties}</td></tr>"
            )
    said = f"{found.questions} questions in both runs; {made_with(first, second)}. * p &lt; 0.05"
    return f'<div class="wide"><table>{"".join(rows)}</table></div><p class="soft">{said}</p>'


def _filter(sides: Sequence[Sequence[Record]]) -> str:
    records = [side[-1] for side in sides]
    kinds = [kind for kind in KINDS if any(record.gold.kind == kind for record in records)]
    parts = [
        select("split", "all splits", list(dict.fromkeys(record.split for record in records))),
        select("kind", "all kinds", kinds + sorted({record.gold.kind for record in records} - set(kinds))),
        select("status", "all answers", list(_STATUS)),
        select("turn", "turned or not", ["better", "worse"]) if sides and len(sides[0]) > 1 else
        '<input type="hidden" name="turn">',
        '<input type="search" name="word" placeholder="words" aria-label="words to look for">',
        '<span class="soft" id="count"></span>',
    ]  # fmt: skip
    return f"<form>{''.join(parts)}</form>"


def _state(record: Record) -> str:
    return "failed" if record.status == "failed" else "well" if well(record) else "not well"


def _turn(side: Sequence[Record]) -> str:
    if len(side) < 2:
        return ""
    before, after = well(side[0]), well(side[1])
    return "same" if before == after else "better" if after else "worse"


def _facts(record: Record) -> str:
    if not record.gold.facts:
        return ""
    stated = states(" ".join(words(record.text)[: budget_words(record.gold.kind)]), record.gold.facts)
    rows = (
        f'<li><span class="{"good" if said else "bad"}">{"stated" if said else "not stated"}</span> '
        f"{escape(' / '.join(group))}</li>"
        for group, said in zip(record.gold.facts, stated, strict=True)
    )
    return f"<ul>{''.join(rows)}</ul>"


def _answer(record: Record) -> str:
    if record.status == "failed":
        return f'<p class="bad">failed: {escape(record.error)}</p>'
    cited = "".join(f'<li value="{c.number}">{escape(c.title)}: {escape(_cited(c))}</li>' for c in record.citations)
    doubted = "".join(
        f'<li><span class="bad">{said.verdict}</span> {escape(said.text)} ({escape("; ".join(said.reasons))})</li>'
        for said in record.statements
        if said.verdict != "supported"
    )
    near = "".join(f"<li>{escape(title)}</li>" for title in record.titles)
    asked = f'<p class="soft">read as: {escape(record.standalone)}</p>' if record.gold.history else ""
    return (
        f'{asked}<p class="answer">{escape(record.text)}</p>'
        + (f"<ol>{cited}</ol>" if cited else "")
        + (f"<ul>{doubted}</ul>" if doubted else "")
        + (f'<p class="soft">nearest papers</p><ul>{near}</ul>' if near else "")
        + f'<p class="soft">{record.status}, {len(words(record.text))} words, {record.ms:.0f} ms</p>'
    )


def _cited(citation: Cited) -> str:
    return f"{citation.field}: {citation.quote}" if citation.field else f"“{citation.quote}”"

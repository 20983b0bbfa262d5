"""Sources, syncs, followed questions and news as a person reads them. All text of papers is data here, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.table import Table
from rich.text import Text

from rag.cli.output import printable
from rag.model import FileReport
from rag.model.changes import Followed, News, SentenceChange, Source, SyncReport
from rag.text import shown

_COUNTS = ("papers", "new", "changed", "unchanged", "merged")
_MARKS = {"kept": "=", "new": "+", "gone": "-", "changed": "~"}
_STYLES = {"kept": "dim", "new": "green", "gone": "red", "changed": "yellow"}
_TURNS = {
    "answered": "answered: the library did not say, and now it does",
    "retracted": "a paper behind the answer was retracted",
    "changed": "the answer changed",
    "abstained": "the library does not say any more",
    "failed": "could not be asked",
    "none": "no news",
}


def sync_table(report: SyncReport) -> Table:
    """What a sync came to: a row for each source."""
    table = _table("source")
    for name in ("state", *(("would read",) if report.dry_run else (*_COUNTS, "rejected"))):
        table.add_column(name, justify="left" if name == "state" else "right")
    for source in report.sources:
        sums = [sum(getattr(file, name) for file in source.files) for name in _COUNTS]
        numbers = [source.found] if report.dry_run else [*sums, sum(len(file.rejected) for file in source.files)]
        state = "new" if report.dry_run and source.state == "updated" else source.state
        row = [_source(source.spec), state, *map(str, numbers)]
        table.add_row(*map(Text, row), style="red" if source.state == "failed" else None)
    return table


def sources_table(sources: Sequence[Source]) -> Table:
    """The sources that are remembered: a row for each."""
    table = _table("source")
    for name in ("kind", "papers", "last", ""):
        table.add_column(name, justify="right" if name == "papers" else "left")
    for source in sources:
        remark = "failed" if source.error else "cut off; sync goes on" if source.state else ""
        last = _moment(source.last) if source.last else "never whole"
        table.add_row(*map(Text, (_source(source.spec), source.kind, str(source.papers), last, remark)))
    return table


def file_said(file: FileReport) -> str:
    """One line on a file that was ingested."""
    counts = ", ".join(f"{getattr(file, name)} {name}" for name in _COUNTS[1:] if getattr(file, name))
    papers = "1 paper" if file.papers == 1 else f"{file.papers} papers"
    return f"{_line(file.path)}: {papers}" + (f" ({counts})" if counts else "")


def followed_table(followed: Sequence[Followed]) -> Table:
    """The questions that are followed: a row for each."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("number", justify="right")
    table.add_column("since")
    table.add_column("status")
    table.add_column("question", overflow="fold", ratio=1)
    for one in followed:
        limits = ", ".join(f"{name}={value}" for name, value in one.where.items())
        question = _line(one.question) + (f" [{_line(limits)}]" if limits else "")
        table.add_row(*map(Text, (str(one.number), _moment(one.since), one.answer.status, question)))
    return table


def news_shown(news: Sequence[News]) -> Text:
    """The news, the best first: of each the question, what became of its sentences, and because of which papers."""
    text = Text()
    for item in news:
        followed = item.followed
        text.append(f"{followed.number}. {_line(followed.question)}", style="bold")
        text.append(f"\n   {_TURNS[item.turn]}", style="dim")
        if item.error:
            text.append(f": {_line(item.error)}", style="red")
        for one in item.sentences:
            text.append("\n   ").append_text(_sentence(one))
        if item.turn == "abstained" and item.now:
            text.append(f"\n   now: {_line(item.now.text)}")
        for cause in item.causes:
            why = f": {_line(cause.retraction)}" if cause.retraction else ""
            title = _line(cause.title) or f"untitled ({cause.paper_id})"
            text.append(f"\n   because of {title} ({cause.state}{why})")
        if item.note:
            text.append(f"\n   {_line(item.note)}")
        text.append("\n\n")
    text.rstrip()
    return text


def _sentence(change: SentenceChange) -> Text:
    text = Text(f"{_MARKS[change.state]} {_line(change.text)}", style=_STYLES[change.state])
    then, now = (", ".join(map(_line, figures)) for figures in change.figures)
    if then and now:
        text.append(f"  ({then} → {now})")
    elif change.before is not None:
        text.append(f"\n     was: {_line(change.before)}", style="dim")
    return text


def _table(first: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(first, overflow="fold")
    return table


def _moment(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def _source(spec: str) -> str:
    """A source as it is named from here: paths are remembered from the root, which is seldom worth its width."""
    here = Path.cwd()
    return _line(str(Path(spec).relative_to(here)) if Path(spec).is_relative_to(here) and spec != str(here) else spec)


def _line(text: str) -> str:
    return printable(" ".join(shown(text).split()))

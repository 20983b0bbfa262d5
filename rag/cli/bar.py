"""The bar on standard error while papers are read and embedded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.cli.output import printable, remarks

_WIDEST = 40


@dataclass(frozen=True)
class Bar:
    """What moves the bar: a source that is asked, records of a live source, papers embedded; each with the total."""

    ask: Callable[[str, int, int], None]
    read: Callable[[str, int, int | None], None]
    embed: Callable[[int, int], None]


@contextmanager
def moving_bar(begins: str = "reading") -> Iterator[Bar]:
    """A bar with a rate and the time left.

    That of an ingest, which begins with "reading", stays to be seen; another is for the one who waits at a terminal.
    """
    from rich import progress
    from rich.text import Text

    class Rate(progress.ProgressColumn):
        # Of the whole time, as rich's own speed needs two updates, which a small ingest does not have.
        def render(self, task: progress.Task) -> Text:
            rate = task.completed / task.elapsed if task.elapsed else 0
            return Text(f"{rate:.1f} {task.fields['unit']}/s")

    columns = (
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        Rate(),
        progress.TimeRemainingColumn(),
        progress.TextColumn("left"),
    )
    console, lasting = remarks(), begins == "reading"
    bar = progress.Progress(
        *columns, console=console, transient=not lasting, disable=not lasting and not console.is_terminal
    )
    task = bar.add_task(begins, total=None, unit="papers")
    stage = begins
    if console.is_terminal:
        bar.start()

    def move(now: str, done: int, total: int | None, unit: str) -> None:
        nonlocal stage
        bar.start()  # in a file of log lines there is no bar before it has moved
        if now != stage:  # the rate is that of the stage
            bar.reset(task, total=total)
            stage = now
        bar.update(task, description=now, completed=done, total=total, unit=unit)

    try:
        yield Bar(
            ask=lambda spec, done, total: move("asking", done, total, "sources"),
            read=lambda spec, done, total: move(f"reading {_short(spec)}", done, total, "records"),
            embed=lambda done, total: move("embedding", done, total, "papers"),
        )
    finally:
        if stage == begins:
            bar.update(task, visible=False)  # nothing had to be done, or it failed before anything was
        if bar.live.is_started:
            bar.stop()


def _short(spec: str) -> str:
    name = printable(spec if ":" in spec else Path(spec).name)
    return name if len(name) <= _WIDEST else name[: _WIDEST - 1] + "…"

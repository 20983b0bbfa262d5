"""`footnote ingest`: files into the library, a bar while it runs, a report at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from rag.cli.opening import empty, reading_any
from rag.cli.options import JsonOption, StorageOption, VerboseOption, begin, usage_error
from rag.cli.output import remarks, say, write_line, write_rich
from rag.contract import report_line
from rag.errors import LibraryError
from rag.model import IngestReport

_MOST_REMARKS = 20


def ingest(
    context: typer.Context,
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH…", help="Files, or folders of them.")] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Embed the whole library again; needs no PATH. The old stays until then.")
    ] = False,
    as_of: Annotated[
        int | None, typer.Option("--as-of", metavar="YEAR", help="The year of dates that a page gives without one.")
    ] = None,
    as_json: JsonOption = False,
    storage: StorageOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Bring papers into the library: saved pages, JSON lines, HTML. What has not changed costs nothing."""
    folder = begin(context, storage, verbose)
    if not paths and not rebuild:
        raise usage_error("give a PATH; --rebuild alone needs none", context)
    if not paths:
        with reading_any(folder) as assistant:
            if assistant is None:
                raise LibraryError(empty(folder))
    from rag import Assistant

    with _bar() as progress:
        if rebuild:
            report = Assistant.rebuild(folder, paths or (), as_of=as_of, progress=progress)
        else:
            with Assistant.open(folder) as assistant:
                report = assistant.ingest(paths or (), as_of=as_of, progress=progress)
    if as_json:
        write_line(report_line(report))
    elif report.files:
        from rag.cli.render import report_table

        write_rich(report_table(report))
    if report.failed:
        _tell(report)
        raise typer.Exit(1)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; gives the function that moves it. Until it is first called, how far is not known."""
    from rich import progress
    from rich.text import Text

    class Rate(progress.ProgressColumn):
        # Of the whole time, as rich's own speed needs two updates, which a small ingest does not have.
        def render(self, task: progress.Task) -> Text:
            return Text(f"{task.completed / task.elapsed if task.elapsed else 0:.1f} papers/s")

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        Rate(),
        progress.TimeRemainingColumn(),
        progress.TextColumn("left"),
    )
    with progress.Progress(*columns, console=remarks()) as bar:
        task = bar.add_task("reading", total=None)

        def move(done: int, total: int) -> None:
            bar.update(task, description="embedding", completed=done, total=total)

        yield move
        if bar.tasks[0].total is None:
            bar.update(task, visible=False)  # nothing had to be embedded


def _tell(report: IngestReport) -> None:
    lines = [f"{file.path}: {file.error}" for file in report.files if file.error]
    for file in report.files:
        lines += [f"{file.path}, line {rejected.line}: {rejected.reason}" for rejected in file.rejected]
    for line in lines[:_MOST_REMARKS]:
        say(line)
    if len(lines) > _MOST_REMARKS:
        say(f"and {len(lines) - _MOST_REMARKS} more; --json lists them all.")

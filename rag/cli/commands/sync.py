"""`footnote sync`, `sources` and `watch`: keeping the library current with where its papers come from."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli import options
from rag.cli.bar import moving_bar
from rag.cli.commands.ingest import named, tell
from rag.cli.output import remarks, say, write_line, write_rich, write_text
from rag.model import FileReport
from rag.model.changes import SyncReport

if TYPE_CHECKING:
    from rag import Assistant


class _Opening:
    """A library that is opened when it is first needed: looking for news needs neither embedder nor index."""

    def __init__(self, storage: Path, stack: ExitStack) -> None:
        self._storage, self._stack = storage, stack
        self._assistant: Assistant | None = None

    def __call__(self) -> Assistant:
        if self._assistant is None:
            from rag import Assistant

            self._assistant = self._stack.enter_context(Assistant.open(self._storage))
        return self._assistant


def sync(
    context: typer.Context,
    specs: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE…", help="Only these, as `footnote sources` lists them.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is new: nothing is written.")] = False,
    as_json: options.Json = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Ask the sources that were ingested for what is new, and bring it into the library.

    Files and folders are read where their content has changed; live sources are asked for what came since the last time
    and three days before, and one that was cut off goes on where it stopped. Papers that were removed stay away. A
    source that fails does not stop the others; the exit status is then 1.
    """
    folder = options.begin(context, storage, verbose)
    from rag.curation.sync import sync as ask_sources

    with ExitStack() as stack, moving_bar("asking") as bar:
        opening = _Opening(folder, stack)
        report = ask_sources(
            folder, lambda intakes: opening().ingest(intakes, progress=bar.embed),
            list(map(options.decoded, specs or ())), dry_run=dry_run, on_ask=bar.ask, on_read=bar.read,
        )  # fmt: skip
    if as_json:
        from rag.formats.change_lines import sync_line

        write_line(sync_line(report))
    elif report.sources:
        from rag.cli.render_changes import sync_table

        write_rich(sync_table(report))
    else:
        say("no source is remembered yet. `footnote ingest PATH` remembers its sources.")
    _remark(folder, report)
    if report.failed:
        raise typer.Exit(1)


def sources(
    context: typer.Context,
    forget: Annotated[
        list[str] | None,
        typer.Option("--forget", metavar="SOURCE", help="Ask it no more; its papers stay; repeatable."),
    ] = None,
    as_json: options.Json = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """List the sources that `footnote sync` asks, or forget some of them."""
    folder = options.begin(context, storage, verbose)
    from rag.curation.remembered_sources import Remembered

    remembered = Remembered(folder)
    if forget:
        from rag.curation.sync import chosen

        for source in chosen(remembered.sources(), [options.decoded(spec) for spec in forget]):
            remembered.forget(source.spec)
            write_text(f"forgotten: {source.spec} (its papers stay in the library)")
        return
    known = remembered.sources()
    if as_json:
        from rag.formats.change_lines import source_line

        for source in known:
            write_line(source_line(source))
    elif known:
        from rag.cli.render_changes import sources_table

        write_rich(sources_table(known))
    else:
        say("no source is remembered yet. `footnote ingest PATH` remembers its sources.")


def watch(
    context: typer.Context,
    watched: Annotated[str, typer.Argument(metavar="FOLDER", help="The folder; what is in its folders counts too.")],
    as_of: Annotated[
        int | None, typer.Option("--as-of", metavar="YEAR", help="The year of dates that a page gives without one.")
    ] = None,
    settle: Annotated[
        float, typer.Option("--settle", metavar="SECONDS", min=0, help="A file is whole when it rests for so long.")
    ] = 1.0,
    poll: Annotated[bool, typer.Option("--poll", help="Look at the folder, where the system does not tell.")] = False,
    as_json: options.Json = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Ingest what is new in a folder, and what appears or changes in it, until Ctrl-C.

    A line tells of each file. One that cannot be read is told too, and read again when it has changed.
    """
    folder = options.begin(context, storage, verbose)
    from rag.curation.watch import watch as watch_folder

    def told(file: FileReport) -> None:
        if as_json:
            from rag.formats.change_lines import file_line

            write_line(file_line(file))
        else:
            from rag.cli.render_changes import file_said

            if not file.error:
                write_text(file_said(file))
            tell([file])

    with ExitStack() as stack:
        opening = _Opening(folder, stack)
        say(f"watching {watched}; Ctrl-C ends it.")
        try:
            watch_folder(
                folder, options.decoded(watched), lambda intakes: opening().ingest(intakes), on_file=told, as_of=as_of,
                settle_s=settle, poll=poll,
            )  # fmt: skip
        except KeyboardInterrupt:  # its normal end; what was written is whole
            say(f"no longer watching {watched}.")


def _remark(folder: Path, report: SyncReport) -> None:
    for source in report.sources:
        if source.error:
            say(named(source.spec, source.error))
        if source.left_out:
            what = "1 record is" if source.left_out == 1 else f"{source.left_out} records are"
            say(f"{source.spec}: {what} of papers that were removed and stay away; `footnote ingest` of it brings them "
                "back.")  # fmt: skip
        if gone := sum(file.removed for file in source.files):
            what = "1 paper is" if gone == 1 else f"{gone} papers are"
            say(f"{source.spec}: {what} no longer there, nor in the library.")
        for path in source.vanished:
            say(f"{path} is no longer there; its papers stay in the library.")
    tell(report.ingested.files)
    if any(source.state == "updated" for source in report.sources) and not report.dry_run:
        from rag.curation.follow import followed_count

        if count := followed_count(folder):
            remarks().print(f"{count} question{'s are' if count > 1 else ' is'} followed: `footnote news` says whether "
                            "the answers changed.")  # fmt: skip

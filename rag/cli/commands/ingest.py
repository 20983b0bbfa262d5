"""`footnote ingest`: files and live sources into the library, a bar while it runs, a report at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli import options
from rag.cli.bar import moving_bar
from rag.cli.opening import empty, reading_any
from rag.cli.output import say, write_line, write_rich
from rag.errors import LibraryError, SettingsError
from rag.formats.contract import report_line
from rag.model import FileReport

if TYPE_CHECKING:
    from rag import Filter

_MOST_REMARKS = 20


def ingest(
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH…", help="Files, folders of them, - for standard input, or live sources."),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Embed the whole library again; needs no PATH. The old stays until then.")
    ] = False,
    as_of: Annotated[
        int | None, typer.Option("--as-of", metavar="YEAR", help="The year of dates that a page gives without one.")
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option("--category", metavar="NAME", help="Only papers of this arXiv category (cs.CL, cs); repeatable."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Only papers of this day or later, as 2024-03-01.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Only papers of this day or earlier.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="NUMBER", min=1, help="The most records of each live source.")
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option("--ray", metavar="ADDRESS", help="Embed on this Ray cluster; local makes one of all cores here."),
    ] = None,
    as_json: options.Json = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Bring papers into the library; what has not changed costs nothing. Sources are remembered: see sync, sources.

    Files may be saved pages, JSON lines, HTML, BibTeX, RIS, CSL-JSON, CSV, PubMed XML or MEDLINE, the arXiv snapshot,
    or records of OpenAlex or Semantic Scholar; compressed (.gz, .zst) as they are; the content tells which.

    Live sources are the only ones that reach for the network: hf:search:WORDS, hf:daily:2025-03-12,
    hf:daily:2025-03-01..2025-03-12, hf:2310.03744; arxiv:2310.03744, arxiv:ID,ID, arxiv:@FILE, arxiv:search:WORDS;
    openalex:search:WORDS, openalex:doi:10.1000/xyz; s2:search:WORDS, s2:doi:10.1000/xyz; doi:10.1000/xyz; zotero: (the
    Zotero that runs here), zotero:user/ID, zotero:group/ID. One that was cut off goes on where it stopped when the same
    command is given again.
    """
    folder = options.begin(context, storage, verbose)
    if not paths and not rebuild:
        raise options.usage_error("give a PATH; --rebuild alone needs none", context)
    only = _filter(category or (), since, until)
    if not paths:
        with reading_any(folder) as assistant:
            if assistant is None:
                raise LibraryError(empty(folder))
    from rag import Assistant

    with moving_bar() as bar:
        if rebuild:
            report = Assistant.rebuild(
                folder, paths or (), as_of=as_of, only=only, limit=limit, progress=bar.embed, on_read=bar.read,
                ray=ray,
            )  # fmt: skip
        else:
            with Assistant.open(folder) as assistant:
                assistant.ray = ray
                report = assistant.ingest(
                    paths or (), as_of=as_of, only=only, limit=limit, progress=bar.embed, on_read=bar.read
                )
    if as_json:
        write_line(report_line(report))
    elif report.files:
        from rag.cli.render import report_table

        write_rich(report_table(report))
    if report.failed:
        tell(report.files)
        raise typer.Exit(1)


def named(source: str, error: str) -> str:
    """The error with the source that it is about, which many an error names itself."""
    return error if source in error else f"{source}: {error}"


def tell(files: Sequence[FileReport]) -> None:
    """Say on standard error which files could not be read, and which records were rejected, up to twenty."""
    lines = [named(file.path, file.error) for file in files if file.error]
    for file in files:
        lines += [f"{file.path}, line {rejected.line}: {rejected.reason}" for rejected in file.rejected]
    for line in lines[:_MOST_REMARKS]:
        say(line)
    if len(lines) > _MOST_REMARKS:
        say(f"and {len(lines) - _MOST_REMARKS} more; --json lists them all.")


def _filter(categories: Sequence[str], since: str | None, until: str | None) -> Filter | None:
    if not categories and since is None and until is None:
        return None
    from rag import Filter

    return Filter(tuple(categories), _day("--since", since), _day("--until", until))


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise SettingsError(f"{option} is {text!r}; give a day such as 2024-03-01.") from error

"""`footnote papers`, `show` and `cite`: what is in the library."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from rag.cli import options
from rag.cli.opening import empty, reading, reading_any
from rag.cli.output import remarks, say, write_line, write_rich, write_text
from rag.formats.contract import paper_line
from rag.model import Paper


def papers(
    context: typer.Context,
    as_json: options.Json = False,
    where: options.Where = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """List the papers of the library.

    With --json there is one line for each, as `ingest` reads them. Else, where the output is no terminal, tabs
    separate the columns.
    """
    folder = options.begin(context, storage, verbose)
    given = options.where_of(where)
    with reading_any(folder, bundled=True) as assistant:
        found = list(assistant.papers(where=given)) if assistant else []
        bare = not found and (assistant is None or next(assistant.papers(), None) is None)
    if bare:
        say(empty(folder))
    elif as_json:
        for paper in found:
            write_line(paper_line(paper))
    elif found:
        _list(found)
    else:
        remarks().print("No paper meets the conditions.")


def show(
    context: typer.Context,
    paper: Annotated[str, typer.Argument(metavar="PAPER", help="Its id, its title or its name.")],
    as_json: options.Json = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Show what is known of one paper."""
    with reading(options.begin(context, storage, verbose), bundled=True) as assistant:
        found = assistant.paper(options.decoded(paper))
    if as_json:
        write_line(paper_line(found))
        return
    from rag.cli.render import paper_shown

    write_rich(paper_shown(found))


def cite(
    context: typer.Context,
    wanted: Annotated[list[str], typer.Argument(metavar="PAPER…", help="Ids, titles or names.")],
    form: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="bibtex (without it), ris, csl-json or hayagriva.")
    ] = None,
    style: options.Style = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Write the references of papers, each once, in the order given: as BibTeX, or in a format or a citation style."""
    if form is not None and style is not None:
        raise options.usage_error("give either --format or --style", context)
    from rag.formats.citing import Style, cited

    with reading(options.begin(context, storage, verbose), bundled=True) as assistant:
        found = {paper.id: paper for paper in (assistant.paper(options.decoded(name)) for name in wanted)}
    papers = list(found.values())
    write_line("\n".join(Style(style, papers).references()) if style else cited(papers, form or "bibtex").rstrip("\n"))


def _list(found: Sequence[Paper]) -> None:
    from rag.cli.render import HEAD, paper_row, papers_table

    if sys.stdout.isatty():
        write_rich(papers_table(found))
    else:
        write_text("\n".join("\t".join(row) for row in (HEAD, *map(paper_row, found))))

"""`footnote table`, `agree`, `differences` and `overview`: what papers say together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from rag.cli import options
from rag.cli.opening import reading
from rag.cli.output import remarks, write_line, write_piece, write_rich, write_text
from rag.formats.across_lines import agreement_line, difference_line, overview_line, table_line

_FORMS = ("table", "csv", "markdown", "latex", "json")
_PAGES = ("text", "markdown", "html", "json")

Subject = Annotated[str | None, typer.Argument(metavar="SUBJECT", help="What the papers are about, in quotes.")]


def table(
    context: typer.Context,
    subject: Subject = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--column", "-c", metavar="QUESTION", help='"data set size", "training-free?"; or auto.'),
    ] = None,
    paper: Annotated[
        list[str] | None, typer.Option("--paper", "-p", metavar="PAPER", help="An id, title or name; may be repeated.")
    ] = None,
    sort: Annotated[str | None, typer.Option("--sort", metavar="COLUMN", help="Order the rows by a column.")] = None,
    form: Annotated[str, typer.Option("--as", metavar="FORM", help="table, csv, markdown, latex or json.")] = "table",
    where: options.Where = None,
    as_json: options.Json = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Set papers side by side: a row for each, a column for each question, every cell in the paper's own words.

    The papers are those on a SUBJECT, or named with --paper, or all that meet --where.
    """
    folder = options.begin(context, storage, verbose)
    form = "json" if as_json else form
    if form not in _FORMS:
        raise options.usage_error(f"--as is {form!r}; it can be {', '.join(_FORMS)}", context)
    if subject is not None and paper:
        raise options.usage_error("give either a SUBJECT or --paper", context)
    if subject is None and not paper and not where:
        raise options.usage_error("give a SUBJECT, --paper or --where", context)
    from rag.formats.table_files import WRITERS, sorted_by

    with reading(folder) as assistant, _cells() as progress:
        found = assistant.table(
            options.decoded(subject) if subject is not None else (paper or ()),
            columns or "auto",
            where=options.where_of(where),
            progress=progress,
        )
    found = sorted_by(found, sort) if sort else found
    if form == "json":
        write_line(table_line(found))
    elif form in WRITERS:
        write_piece(WRITERS[form](found))
    else:
        from rag.cli.render_across import table_shown

        write_rich(table_shown(found))


def agree(
    context: typer.Context,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="A whole statement, in quotes.")],
    k: Annotated[int, typer.Option("-k", metavar="NUMBER", help="How many papers are looked at, 1 to 200.")] = 30,
    where: options.Where = None,
    as_json: options.Json = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Find the papers that support a claim, contradict it, or speak of it without either, each with its sentence."""
    folder = options.begin(context, storage, verbose)
    given = options.where_of(where)
    with reading(folder) as assistant:
        found = assistant.agree(options.decoded(claim), k=k, where=given)
    if as_json:
        write_line(agreement_line(found))
    else:
        from rag.cli.render_across import agreement_shown

        write_rich(agreement_shown(found))


def differences(
    context: typer.Context,
    subject: Subject = None,
    where: options.Where = None,
    as_json: options.Json = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Find statements of different papers that speak of the same thing and differ, the surest first."""
    folder = options.begin(context, storage, verbose)
    given = options.where_of(where)
    with reading(folder) as assistant:
        found = assistant.differences(options.decoded(subject or ""), where=given)
    if as_json:
        for one in found:
            write_line(difference_line(one))
    elif found:
        from rag.cli.render_across import differences_shown

        write_rich(differences_shown(found))
    else:
        remarks().print("No two statements were found that speak of the same thing and differ.")


def overview(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="What the papers are about, in quotes.")],
    form: Annotated[str, typer.Option("--as", metavar="FORM", help="text, markdown, html or json.")] = "text",
    where: options.Where = None,
    as_json: options.Json = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Write an overview of a subject: its papers in groups, cited sentences, a timeline, what the library lacks."""
    folder = options.begin(context, storage, verbose)
    form = "json" if as_json else form
    if form not in _PAGES:
        raise options.usage_error(f"--as is {form!r}; it can be {', '.join(_PAGES)}", context)
    from rag.formats.overview_files import as_html, as_markdown

    given = options.where_of(where)
    with reading(folder) as assistant:
        found = assistant.overview(options.decoded(subject), where=given)
    if form == "json":
        write_line(overview_line(found))
    elif form == "text":
        write_text(str(found))
    else:
        write_piece(as_html(found) if form == "html" else as_markdown(found))


@contextmanager
def _cells() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that counts cells, for the one who waits at a terminal."""
    from rich.progress import Progress

    console = remarks()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading cells", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

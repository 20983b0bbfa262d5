"""`footnote remove` and `export`: papers out of the library, for good or for other programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli import options
from rag.cli.opening import reading
from rag.cli.output import remarks, say, write_line, write_piece, write_text
from rag.formats.contract import paper_line
from rag.model import Paper

if TYPE_CHECKING:
    from rag import Assistant


def remove(
    context: typer.Context,
    wanted: Annotated[list[str] | None, typer.Argument(metavar="PAPER…", help="Ids, titles or names.")] = None,
    where: options.Where = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    as_json: options.Json = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Remove papers, by name or all that meet --where; asks first, and says which.

    They stay away from sync and watch. Their source brings them back when it is named again: `footnote ingest SOURCE`.
    """
    folder = options.begin(context, storage, verbose)
    if bool(wanted) == bool(where):
        raise options.usage_error("give either PAPERs or --where KEY=VALUE", context)
    given = options.where_of(where)
    asks = not yes and not dry_run
    if asks and not sys.stdin.isatty():
        raise options.usage_error(
            "there is no terminal to ask on; give --yes, or --dry-run to see what would go", context
        )
    with reading(folder) as assistant:
        found = list(assistant.papers(where=given)) if where else _named(assistant, wanted or ())
        if not found:
            remarks().print("No paper meets the conditions.")
            return
        if asks:
            for paper in found:
                say(f"  {_called(paper)}", named=False)
            say(f"Remove {_count(found)} from the library? [y/N]", named=False)
            if sys.stdin.readline().strip().lower() not in ("y", "yes"):
                say("nothing was removed.")
                raise typer.Exit(1)
        if not dry_run:
            gone = {paper.id for paper in assistant.remove([paper.id for paper in found])}
            found = [paper for paper in found if paper.id in gone]
    for paper in found:
        if as_json:
            write_line(paper_line(paper))
        else:
            write_text(f"{'would remove' if dry_run else 'removed'}: {_called(paper)}")


def export(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to write; - writes to standard output.")] = "-",
    form: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="NAME", help="jsonl, bibtex, ris or csl-json; else the ending of FILE says it."
        ),
    ] = None,
    where: options.Where = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Write the library as JSON lines, BibTeX (.bib), RIS (.ris) or CSL-JSON (.json); ingesting that gives the same.

    A FILE that is there is replaced, as a whole and at the end.
    """
    folder = options.begin(context, storage, verbose)
    from rag.formats.export import exported, format_of

    named = format_of(file, form)
    given = options.where_of(where)
    with reading(folder) as assistant:
        if file == "-":
            for piece in exported(assistant.papers(where=given), named):
                write_piece(piece)
            return
        count = assistant.export(options.decoded(file), form=named, where=given)
    say(f"wrote {count} {'paper' if count == 1 else 'papers'} to {file} as {named}.")


def _named(assistant: Assistant, wanted: Sequence[str]) -> list[Paper]:
    return list({paper.id: paper for paper in (assistant.paper(options.decoded(name)) for name in wanted)}.values())


def _called(paper: Paper) -> str:
    from rag.text import shown

    year = f" ({paper.published.year})" if paper.published else ""
    return " ".join(f"{shown(paper.title) or 'untitled'}{year} [{paper.id}]".split())


def _count(papers: Sequence[Paper]) -> str:
    return "1 paper" if len(papers) == 1 else f"{len(papers)} papers"

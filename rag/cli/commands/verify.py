"""`footnote verify`: does what a text cites bear its sentences out?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli import options
from rag.cli.batch import run_batch
from rag.cli.opening import reading
from rag.cli.output import say, write_line, write_rich
from rag.errors import SourceError
from rag.formats.contract import BatchLine, reference_line, verified_line

if TYPE_CHECKING:
    from rag import Assistant, Bibliography


def verify(
    context: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Markdown, text, or saved ask --json; - reads stdin.")
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against", metavar="FILE", help="Check against the papers of this file and not the library; repeatable."
        ),
    ] = None,
    references: Annotated[
        bool, typer.Option("--references", help="Only the references: which are not there, and which differ.")
    ] = False,
    as_json: options.Json = False,
    batch: options.Batch = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Check each sentence of a text against what it cites: [title], [library id], or [1] with a list of references.

    With --against refs.bib no library is needed: BibTeX, RIS, CSL-JSON, JSON lines, any file that ingest reads; a draft
    may then cite by key, as [@key] or \\cite{key}. References that are not there, or that differ in title, year or
    authors, are listed under the sentences. A saved answer is checked against the library as it is now. Exit status 1
    if a sentence is unsupported. A batch has lines such as {"id": 1, "sentence": "…", "cited": ["id or title"]}.
    """
    folder = options.begin(context, storage, verbose)
    if (file is None) == (batch is None):
        raise options.usage_error("give either a FILE or --batch FILE", context)
    with _papers(folder, against or ()) as papers:
        if batch is not None:
            run_batch(batch, lambda line: _verified(papers, line), text_field="sentence")
            return
        text = _text(file or "")
        listed = papers.references(text)
        found = () if references else papers.verify(text)
    if as_json:
        for number, verified in enumerate(found, 1):
            write_line(verified_line(verified, number))
        for reference in listed if references else ():
            write_line(reference_line(reference))
    else:
        from rag.cli.render import references_table, verified_table

        if found:
            write_rich(verified_table(found))
        if doubtful := [one for one in listed if one.paper is None or one.differences]:
            write_rich(references_table(doubtful, len(listed)))
        elif references:
            say(f"{len(listed)} references, all there as they are written." if listed else "There is no reference.")
    wrong = sum(verified.verdict == "unsupported" for verified in found)
    if wrong:
        say(f"{wrong} of {len(found)} sentences {'is' if wrong == 1 else 'are'} unsupported.")
        raise typer.Exit(1)


@contextmanager
def _papers(folder: Path, against: Sequence[str]) -> Iterator[Assistant | Bibliography]:
    """What sentences are held against: the papers of files, or the library."""
    if against:
        from rag import Bibliography

        yield Bibliography(against)
        return
    with reading(folder) as assistant:
        yield assistant


def _verified(papers: Assistant | Bibliography, line: BatchLine) -> str:
    return verified_line(papers.verify(line.text, cited=line.cited)[0], line.id)


def _text(path: str) -> str:
    """The text of a file, or of standard input.

    Raises:
        SourceError: it cannot be read, or is no UTF-8.
    """
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}. Give a text file, or - for stdin.") from error
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path} is no UTF-8: byte 0x{error.object[error.start]:02X} at offset {error.start}. Save it as UTF-8."
        ) from error

"""`footnote verify`: does what a text cites bear its sentences out?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli import options
from rag.cli.batch import run_batch
from rag.cli.opening import reading
from rag.cli.output import say, write_line, write_rich
from rag.contract import BatchLine, verified_line
from rag.errors import SourceError

if TYPE_CHECKING:
    from rag import Assistant


def verify(
    context: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Markdown, text, or saved ask --json; - reads stdin.")
    ] = None,
    as_json: options.Json = False,
    batch: options.Batch = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Check each sentence of a text against what it cites: [title], [library id], or [1] with a list of references.

    A saved answer is checked against the library as it is now. Exit status 1 if a sentence is unsupported. A batch
    has lines such as {"id": 1, "sentence": "…", "cited": ["id or title"]}.
    """
    folder = options.begin(context, storage, verbose)
    if (file is None) == (batch is None):
        raise options.usage_error("give either a FILE or --batch FILE", context)
    with reading(folder) as assistant:
        if batch is not None:
            run_batch(batch, lambda line: _verified(assistant, line), text_field="sentence")
            return
        found = assistant.verify(_text(file or ""))
    if as_json:
        for number, verified in enumerate(found, 1):
            write_line(verified_line(verified, number))
    else:
        from rag.cli.render import verified_table

        write_rich(verified_table(found))
    wrong = sum(verified.verdict == "unsupported" for verified in found)
    if wrong:
        say(f"{wrong} of {len(found)} sentences {'is' if wrong == 1 else 'are'} unsupported.")
        raise typer.Exit(1)


def _verified(assistant: Assistant, line: BatchLine) -> str:
    return verified_line(assistant.verify(line.text, cited=line.cited)[0], line.id)


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

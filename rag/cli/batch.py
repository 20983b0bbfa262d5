"""Batches: JSON lines in, a JSON line out for each as soon as it is done."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import IO, Literal

import typer

from rag.cli.output import say, write_line
from rag.errors import FootnoteError, SourceError
from rag.formats.contract import NO_ID, BatchLine, LineError, error_line, read_line

_log = logging.getLogger(__name__)


def run_batch(
    path: str, answer: Callable[[BatchLine], str], *, text_field: Literal["question", "text", "sentence"]
) -> None:
    """Write `answer` of each line of the file (of standard input for "-"); blank lines are passed over.

    A line that cannot be read or answered gives its error in its place, and the rest go on.

    Raises:
        SourceError: the file cannot be read.
        typer.Exit: with status 1, when a line had an error.
    """
    done = failed = 0
    with _lines(path) as lines:
        for raw in lines:
            if not raw.strip():
                continue
            done += 1
            line_id: object = NO_ID
            try:
                line = read_line(raw, text_field=text_field)
                line_id = line.id
                written = answer(line)
            except FootnoteError as error:
                failed += 1
                written = error_line(str(error), error.id if isinstance(error, LineError) else line_id)
            except Exception as error:  # a fault of ours in one line must not cost the answers to the others
                failed += 1
                _log.info("line %d of the batch", done, exc_info=True)
                written = error_line(f"unexpected {type(error).__name__}: {error}", line_id)
            write_line(written)
    if failed:
        say(f"{failed} of {done} lines had an error; it stands in the place of the answer.")
        raise typer.Exit(1)


def _lines(path: str) -> AbstractContextManager[IO[bytes]]:
    if path == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(path, "rb")
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read: {error.strerror}. Give a file of JSON lines, or - for standard input."
        ) from error

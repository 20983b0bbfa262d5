"""Writing: results to standard output, everything else to standard error."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.errors import FootnoteError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

# Control characters could move the cursor or colour the terminal, and bidirectional overrides turn a line round.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_WIDTH = 200  # of a table that goes into a file


def write_line(line: str) -> None:
    """Write a line of JSON to standard output, in UTF-8 whatever the locale says, at once.

    Raises:
        FootnoteError: standard output cannot be written.
        BrokenPipeError: nobody reads it any longer.
    """
    write_piece(line + "\n")


def write_piece(text: str) -> None:
    """Write a piece of a file to standard output as it is, in UTF-8, at once. Raises as above."""
    with _told():
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()


def write_text(text: str) -> None:
    """Write a text for people to standard output; what its encoding lacks becomes a question mark. Raises as above."""
    _write(printable(text) + "\n")


def write_rich(shown: RenderableType) -> None:
    """Write what rich shows to standard output; lines wrap in a terminal alone. Raises as above."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() else _WIDTH
    console = Console(markup=False, emoji=False, highlight=False, soft_wrap=wide is not None, width=wide)
    # Captured, since rich ends the process by itself when a pipe is closed.
    with console.capture() as captured:
        console.print(shown)
    _write(captured.get())


def _write(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    with _told():
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise FootnoteError(
            f"standard output cannot be written: {error.strerror}. Nothing is lost in the library."
        ) from error


def say(message: str, *, named: bool = True) -> None:
    """Write to standard error: with `named` one line, `footnote: …`, else the text as it is."""
    text = f"footnote: {' '.join(message.split())}" if named else message
    try:
        sys.stderr.write(printable(text) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return  # nobody can be told; the exit status still says it


def printable(text: str) -> str:
    """`text` with U+FFFD in place of characters that would do something to a terminal."""
    return _UNPRINTABLE.sub("\ufffd", text)


def remarks() -> Console:
    """A console on standard error."""
    from rich.console import Console

    return Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=not sys.stderr.isatty())

"""`footnote snapshot` and `restore`: the library as one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli import options
from rag.cli.opening import reading
from rag.cli.output import say, write_text


def snapshot(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to write.")],
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Write the whole library to one file, while others may go on asking; prints its SHA-256, as sha256sum does.

    A FILE that is there is replaced, as a whole and at the end.
    """
    folder = options.begin(context, storage, verbose)
    with reading(folder) as assistant:
        saved = assistant.snapshot(options.decoded(file))
    write_text(f"{saved.sha256}  {file}")
    say(f"wrote {saved.papers:,} {_papers(saved.papers)} to {file}, {saved.size / 1e6:,.1f} MB.")


def restore(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file that `footnote snapshot` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of the library that is there.")] = (
        False
    ),
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="HEX", help="What `snapshot` printed: only this very file.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only look whether the file is as it was made.")] = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Make the library of a snapshot again, on this machine or another; nothing is embedded.

    Each file in it is checked by its hash before anything is touched. A kill leaves the old library or the new one.
    """
    folder = options.begin(context, storage, verbose)
    path = Path(options.decoded(file))
    if check:
        from rag.library.snapshots import check as checked

        count = checked(path, sha256=sha256)
        write_text(f"{file} is whole: {count:,} {_papers(count)}.")
        return
    from rag import Assistant

    count = Assistant.restore(folder, path, replace=replace, sha256=sha256)
    write_text(f"restored: {count:,} {_papers(count)} at {folder}")


def _papers(count: int) -> str:
    return "paper" if count == 1 else "papers"

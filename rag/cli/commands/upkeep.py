"""`footnote doctor` and `ui`."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

from rag.cli import options
from rag.cli.opening import empty, reading_any
from rag.cli.output import say, write_text
from rag.errors import FootnoteError, LibraryError, needs_extra


def doctor(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Only look: change nothing, exit 1 if something is wrong.")] = (
        False
    ),
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Find and mend what is wrong with the library."""
    folder = options.begin(context, storage, verbose)
    with reading_any(folder) as assistant:
        if assistant is None:
            raise LibraryError(empty(folder))
        found = assistant.doctor(mend=not check)
    for line in found:
        write_text(line)
    if not found:
        write_text(f"Nothing is wrong with the library at {folder}.")
    elif check:
        say(f"{len(found)} things are wrong; `footnote doctor` mends them." if len(found) > 1
            else "one thing is wrong; `footnote doctor` mends it.")  # fmt: skip
        raise typer.Exit(1)


def ui(
    context: typer.Context,
    port: Annotated[int, typer.Option("--port", metavar="NUMBER", min=1, max=65535, help="The port to listen on.")] = (
        7860
    ),
    host: Annotated[
        str, typer.Option("--host", metavar="NAME", help="The address to listen on; others can reach 0.0.0.0.")
    ] = "127.0.0.1",
    auth: Annotated[
        str | None, typer.Option("--auth", metavar="USER:PASSWORD|FILE", help="Who may enter; a file has one a line.")
    ] = None,
    no_auth: Annotated[bool, typer.Option("--no-auth", help="Let others in without a password.")] = False,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Open the chat page, on this machine only unless --host says otherwise."""
    folder = options.begin(context, storage, verbose)
    try:
        # By name: no part of this package may depend on another door.
        page = import_module("ui.app")
    except ModuleNotFoundError as error:
        if error.name not in ("ui", "ui.app"):
            raise
        raise FootnoteError("the chat page is not in this installation. `footnote ask` answers as well.") from error
    if find_spec("gradio") is None:
        raise needs_extra("the chat page", "ui")
    page.launch(folder, port=port, host=host, auth=auth, no_auth=no_auth)

"""`footnote serve` and `mcp`: the library for other programs and for agents."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli import options
from rag.cli.opening import reading

if TYPE_CHECKING:
    from rag import Assistant

_Keys = Annotated[
    Path | None,
    typer.Option("--keys", metavar="FILE", help="Who may enter: a key a line. The variable FOOTNOTE_KEYS has more."),
]


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", metavar="NAME", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="NUMBER", min=0, max=65535, help="The port; 0 is any.")] = 8000,
    keys: _Keys = None,
    at_once: Annotated[
        int, typer.Option("--at-once", metavar="NUMBER", min=1, max=1000, help="Requests answered at once, at most.")
    ] = 32,
    most_mb: Annotated[
        int, typer.Option("--most-mb", metavar="NUMBER", min=1, max=1000, help="Megabytes of a request, at most.")
    ] = 4,
    llm: options.Llm = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Serve the library over HTTP: as an OpenAI-compatible model at /v1, and as JSON at /ask, /search and others.

    On this machine only, unless --host says otherwise; then a key is needed.
    """
    folder = options.begin(context, storage, verbose)
    from rag.serving.gate import keys_of

    allowed = keys_of(keys, host)
    with reading(folder, llm=llm, bundled=True, asking=True) as assistant:
        from rag.serving.api import serve_api

        serve_api(assistant, host=host, port=port, keys=allowed, at_once=at_once, most_bytes=most_mb * 1024 * 1024)


def mcp(
    context: typer.Context,
    http: Annotated[
        str | None, typer.Option("--http", metavar="HOST:PORT", help="Serve streamable HTTP there, not stdio.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Let the agent bring papers in too.")] = False,
    keys: _Keys = None,
    llm: options.Llm = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Serve the library to an agent as an MCP server: on standard input and output, or over HTTP.

    An HTTP address that other machines can reach needs a key.
    """
    folder = options.begin(context, storage, verbose)
    from rag.serving.gate import address, keys_of

    host, port = address(http) if http is not None else ("127.0.0.1", 0)
    allowed = keys_of(keys, host) if http is not None else ()
    with _opened(folder, write=write, llm=llm) as assistant:
        from rag.serving.agent import over_http, over_stdio

        if http is None:
            over_stdio(assistant, write=write)
        else:
            over_http(assistant, write=write, host=host, port=port, keys=allowed)


def _opened(folder: Path, *, write: bool, llm: str | None) -> AbstractContextManager[Assistant]:
    """The library with papers in it, or the digests; where papers may be brought in, one that may be yet to be made."""
    if not write:
        return reading(folder, llm=llm, bundled=True)
    from rag import Assistant
    from rag.settings import load_settings

    settings = load_settings()
    return Assistant.open(folder, settings if llm is None else settings.model_copy(update={"llm": llm}))

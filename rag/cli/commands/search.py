"""`footnote search`: the papers for one query, or for a batch of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli import options
from rag.cli.batch import run_batch
from rag.cli.opening import reading
from rag.cli.output import remarks, write_line, write_rich
from rag.formats.contract import BatchLine, hits_line

if TYPE_CHECKING:
    from rag import Assistant


def search(
    context: typer.Context,
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="What the papers are about, in quotes.")] = None,
    k: Annotated[int, typer.Option("-k", metavar="NUMBER", help="How many papers, 1 to 1,000.")] = 10,
    where: options.Where = None,
    as_json: options.Json = False,
    batch: options.Batch = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Find the papers that come nearest to a query, with their passages.

    A batch has lines such as {"id": 1, "text": "…"}, with "where" if wanted.
    """
    folder = options.begin(context, storage, verbose)
    if (query is None) == (batch is None):
        raise options.usage_error("give either a QUERY or --batch FILE", context)
    given = options.where_of(where)
    query = options.decoded(query or "")
    with reading(folder, bundled=True) as assistant:
        if batch is not None:
            run_batch(batch, lambda line: _found(assistant, line, given, k=k), text_field="text")
            return
        hits = assistant.search(query, k=k, where=given)
    if as_json:
        write_line(hits_line(query, hits))
    elif hits:
        from rag.cli.render import hits_shown

        write_rich(hits_shown(hits))
    else:
        remarks().print("No paper meets the conditions.")


def _found(assistant: Assistant, line: BatchLine, where: Mapping[str, Any], *, k: int) -> str:
    return hits_line(line.text, assistant.search(line.text, k=k, where={**where, **line.where}), line.id)

"""`footnote ask`: one question, or a batch of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli import options
from rag.cli.batch import run_batch
from rag.cli.opening import reading
from rag.cli.output import remarks, write_line, write_rich
from rag.errors import SourceError
from rag.formats.contract import BatchLine, answer_line

if TYPE_CHECKING:
    from rag import Assistant


def ask(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="The question, in quotes.")] = None,
    as_json: options.Json = False,
    batch: options.Batch = None,
    history: Annotated[
        Path | None,
        typer.Option("--history", metavar="FILE", help='The turns before: a JSON list of {"role", "content"}.'),
    ] = None,
    where: options.Where = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help="Markdown with footnotes or for pandoc, or the cited papers as bibtex, ris, csl-json, hayagriva.",
        ),
    ] = None,
    style: options.Style = None,
    llm: options.Llm = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Answer a question, each sentence with its footnote.

    A batch has lines such as {"id": 1, "question": "…", "history": […], "where": {"year": 2024}}; history and where
    may be left out.
    """
    folder = options.begin(context, storage, verbose)
    if (question is None) == (batch is None):
        raise options.usage_error("give either a QUESTION or --batch FILE", context)
    if batch is not None and history is not None:
        raise options.usage_error("with --batch the history stands in the lines, not in --history", context)
    if form is not None or style is not None:
        if as_json or batch is not None or (form is not None and style is not None):
            raise options.usage_error("--format and --style go neither together nor with --json or --batch", context)
        from rag.formats.citing import check_form

        check_form(form, style)
    given = options.where_of(where)
    question = options.decoded(question or "")
    turns = _turns(history) if history else ()
    with reading(folder, llm=llm, bundled=True, asking=True) as assistant:
        if batch is not None:
            run_batch(batch, lambda line: _answered(assistant, line, given), text_field="question")
            return
        answer = assistant.ask(question, history=turns, where=given)
    if as_json:
        write_line(answer_line(answer))
        return
    if form is not None or style is not None:
        from rag.cli.render import timings_shown
        from rag.formats.citing import answer_as

        write_line(answer_as(answer, form, style=style).rstrip("\n"))
        remarks().print(timings_shown(answer))
        return
    from rag.cli.render import answer_shown, timings_shown

    write_rich(answer_shown(answer))
    remarks().print(timings_shown(answer))


def _answered(assistant: Assistant, line: BatchLine, where: Mapping[str, Any]) -> str:
    answer = assistant.ask(line.text, history=line.history, where={**where, **line.where})
    return answer_line(answer, line.id)


def _turns(path: Path) -> Sequence[Mapping[str, str]]:
    """The turns in a file, oldest first; what is wrong in one of them is found where it is used.

    Raises:
        SourceError: the file cannot be read, or is not a JSON list.
    """
    needed = 'Give a JSON list such as [{"role": "user", "content": "…"}]'
    try:
        turns = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}. {needed}.") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path} is no JSON ({error}). {needed}.") from error
    if not isinstance(turns, list):
        raise SourceError(f"{path} holds no list. {needed}.")
    return turns

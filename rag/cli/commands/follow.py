"""`footnote follow` and `news`: questions that are kept, and what became of their answers."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli import options
from rag.cli.bar import moving_bar
from rag.cli.opening import reading
from rag.cli.output import say, write_line, write_rich, write_text

_NONE = 'no question is followed. `footnote follow "QUESTION"` follows one.'


def follow(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="The question, in quotes.")] = None,
    where: options.Where = None,
    forget: Annotated[
        int | None, typer.Option("--forget", metavar="NUMBER", help="Follow the question of this number no more.")
    ] = None,
    as_json: options.Json = False,
    llm: options.Llm = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Keep a question with its answer now; without a QUESTION, list those that are followed.

    After a sync, `footnote news` says for which of them the answer changed, and because of which papers.
    """
    folder = options.begin(context, storage, verbose)
    if forget is not None and question is not None:
        raise options.usage_error("give either a QUESTION or --forget NUMBER", context)
    if where and question is None:
        raise options.usage_error("--where goes with a QUESTION", context)
    given = options.where_of(where)
    with reading(folder, llm=llm) as assistant:
        if forget is not None:
            gone = assistant.unfollow(forget)
            write_text(f"no longer followed: {gone.number}. {gone.question}")
            return
        kept = assistant.followed() if question is None else (assistant.follow(options.decoded(question), where=given),)
    if as_json:
        from rag.formats.change_lines import followed_line

        for one in kept:
            write_line(followed_line(one))
    elif question is not None:
        write_text(f"{kept[0].number}. {kept[0].question}\n\n{kept[0].answer.text}")
    elif kept:
        from rag.cli.render_changes import followed_table

        write_rich(followed_table(kept))
    else:
        say(_NONE)


def news(
    context: typer.Context,
    keep: Annotated[bool, typer.Option("--keep", help="Do not mark the news as read.")] = False,
    as_json: options.Json = False,
    llm: options.Llm = None,
    storage: options.Storage = None,
    verbose: options.Verbose = False,
) -> None:
    """Say for which followed questions the answer changed since the last time, sentence by sentence, and why.

    Sentences are marked = kept, + new, - gone, ~ changed. What is shown counts as read. A question that could not be
    asked is an error and keeps its answer; the exit status is then 1.
    """
    folder = options.begin(context, storage, verbose)
    with reading(folder, llm=llm) as assistant, moving_bar("asking") as bar:
        found = assistant.news(keep=keep, progress=lambda done, total: bar.ask("", done, total))
    told = [item for item in found if item.turn != "none"]
    if as_json:
        from rag.formats.change_lines import news_line

        for item in told:
            write_line(news_line(item))
    elif told:
        from rag.cli.render_changes import news_shown

        write_rich(news_shown(told))
    if not found:
        say(_NONE)
    elif not told:
        say("no news: the answer to the followed question is as it was." if len(found) == 1
            else f"no news: the answers to all {len(found)} followed questions are as they were.")  # fmt: skip
    if failed := sum(item.turn == "failed" for item in told):
        say(f"{failed} of {len(found)} questions could not be asked; their answers are kept as they were.")
        raise typer.Exit(1)

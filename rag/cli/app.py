"""The table of commands, and `main`, which turns what happens into an exit status and at most one line of error."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from rag import __version__
from rag.cli.commands import (
    across,
    ask,
    follow,
    holdings,
    ingest,
    papers,
    search,
    serving,
    snapshots,
    sync,
    upkeep,
    verify,
)
from rag.cli.options import USUAL, Common, UsageError
from rag.cli.output import say, write_text
from rag.errors import FootnoteError

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
_MOST_ARENAS = -8  # M_ARENA_MAX of malloc.h
_COMMANDS = (
    ("ingest", ingest.ingest, "footnote ingest page.txt papers/ library.bib.gz 'arxiv:search:token pruning'"),
    ("sync", sync.sync, "footnote sync"),
    ("watch", sync.watch, "footnote watch ~/Downloads/papers"),
    ("sources", sync.sources, "footnote sources --forget arxiv:2310.03744"),
    ("search", search.search, 'footnote search "token pruning without training" -k 5 --where year=2024'),
    ("ask", ask.ask, 'footnote ask "How many vision tokens does LLaVA-Mini keep?"'),
    ("table", across.table, 'footnote table "visual token pruning" -c "training-free?" -c speed-up --as csv'),
    ("agree", across.agree, 'footnote agree "Visual tokens can be pruned without training."'),
    ("differences", across.differences, 'footnote differences "hallucination"'),
    ("overview", across.overview, 'footnote overview "hallucination in vision-language models" --as markdown'),
    ("papers", papers.papers, "footnote papers --where since=2024-03-01"),
    ("show", papers.show, "footnote show LLaVA-Mini"),
    ("cite", papers.cite, "footnote cite LLaVA-Mini TokenFlow > papers.bib"),
    ("remove", holdings.remove, "footnote remove LLaVA-Mini TokenFlow"),
    ("export", holdings.export, "footnote export papers.bib --where year=2024"),
    ("snapshot", snapshots.snapshot, "footnote snapshot library.footnote"),
    ("restore", snapshots.restore, "footnote --storage elsewhere restore library.footnote"),
    ("follow", follow.follow, 'footnote follow "How many vision tokens does LLaVA-Mini keep?"'),
    ("news", follow.news, "footnote news"),
    ("verify", verify.verify, "footnote verify draft.md"),
    ("doctor", upkeep.doctor, "footnote doctor --check"),
    ("ui", upkeep.ui, "footnote ui --port 7860"),
    ("serve", serving.serve, "footnote serve --port 8000"),
    ("mcp", serving.mcp, "footnote mcp --http 127.0.0.1:8765"),
)

app = typer.Typer(
    name="footnote",
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog='Example: footnote ingest page.txt, then footnote ask "Which papers are about token pruning?"',
)
for _name, _command, _example in _COMMANDS:
    app.command(_name, epilog=f"Example: {_example}")(_command)


@app.callback(invoke_without_command=True)
def footnote(
    context: typer.Context,
    storage: Annotated[
        Path, typer.Option("--storage", envvar="FOOTNOTE_STORAGE", metavar="DIR", help="The folder of the library.")
    ] = USUAL,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log lines on standard error.")] = False,
    version: Annotated[bool, typer.Option("--version", is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    """Answers from a library of paper abstracts, every sentence footnoted to the exact words that say so.

    --storage and --verbose may stand before the command or after it.
    """
    if version:
        write_text(f"footnote {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        say(context.get_help(), named=False)
        raise typer.Exit(USAGE)
    context.obj = Common(storage, verbose)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `footnote` with these arguments (those of the process, without them) and leave with its exit status."""
    share_memory()
    status = run(sys.argv[1:] if arguments is None else arguments)
    _leave_quietly()
    sys.exit(status)


def share_memory() -> None:
    """Let all threads of this process take their memory from one store; to be called before there is a second thread.

    On Linux each has a store of its own as a rule, and what it gives back stays there. Chroma's threads come and go,
    and an ingest held 40 MB more for it.
    """
    with suppress(OSError, AttributeError):  # other systems have no such rule
        ctypes.CDLL(None).mallopt(_MOST_ARENAS, 1)


def run(arguments: Sequence[str]) -> int:
    """The exit status of `footnote` with these arguments: 0 done, 1 error, 2 usage, 130 interrupted."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("footnote", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    except FootnoteError as error:
        say(str(error))
        return FAILED
    except (KeyboardInterrupt, typer.Abort):
        say("interrupted. What was written is whole: run the same again to do the rest.")
        return INTERRUPTED
    except BrokenPipeError:
        return DONE  # whoever read has enough
    except UsageError as error:
        return _usage(error)
    except Exception as error:  # the last resort of a door: a line in place of a traceback
        return _unexpected(error)
    return DONE


def _usage(error: Exception) -> int:
    context = getattr(error, "ctx", None)
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    say(f"{message.rstrip('.')}. `{context.command_path if context else 'footnote'} --help` shows what is.")
    return USAGE


def _unexpected(error: Exception) -> int:
    if logging.getLogger("rag").isEnabledFor(logging.INFO):
        say("".join(traceback.format_exception(error)), named=False)
        say(f"unexpected {type(error).__name__}: {error}")
    else:
        say(f"unexpected {type(error).__name__}: {error} (the same with --verbose shows where)")
    return FAILED


def _leave_quietly() -> None:
    """Point both outputs to nowhere if they cannot be written: the interpreter flushes them once more at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())

"""The options that several commands share, and what they come to."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from rag.errors import LibraryError, SettingsError

USUAL = Path("storage")
"""The folder of the library when none is named."""

# typer exports BadParameter alone; its base is what all errors of usage have in common.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]


@dataclass(frozen=True)
class Common:
    """What stood before the command."""

    storage: Path
    verbose: bool


Storage = Annotated[Path | None, typer.Option("--storage", metavar="DIR", help="The folder of the library.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Log lines on standard error.")]
Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="KEY=VALUE",
        help="Only papers that meet this; may be repeated. Keys: year, month, since, until, min_authors, max_authors, "
        "source, abstract_kind, paper_ids.",
    ),
]
Llm = Annotated[
    str | None,
    typer.Option("--llm", metavar="MODEL", help="Let this model write: openai:MODEL or MODEL@http://host/v1."),
]
Batch = Annotated[
    str | None, typer.Option("--batch", metavar="FILE", help="JSON lines in, a JSON line out for each; - reads stdin.")
]
Style = Annotated[
    str | None,
    typer.Option("--style", metavar="NAME", help="A citation style such as apa, ieee or nature, or a .csl file."),
]


def begin(context: typer.Context, storage: Path | None, verbose: bool) -> Path:
    """The folder of the library; log lines go to standard error from here on.

    What stands after the command wins over what stands before it, and that over the environment.

    Raises:
        LibraryError: the folder is a file.
    """
    common: Common = context.obj
    handler = logging.StreamHandler(sys.stderr)
    loud = verbose or common.verbose
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s" if loud else "footnote: %(levelname)s: %(message)s"
    handler.setFormatter(logging.Formatter(form))
    logger = logging.getLogger("rag")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO if loud else logging.WARNING)
    folder = storage or common.storage
    if folder.is_file():
        raise LibraryError(f"the storage folder {folder} is a file. Choose another --storage.")
    return folder


def decoded(argument: str) -> str:
    """The argument as it is.

    Raises:
        SettingsError: it has bytes that are no text in the terminal's encoding.
    """
    try:
        argument.encode()
    except UnicodeEncodeError as error:
        raise SettingsError(f"{argument!r} has bytes that are no UTF-8. Set the terminal to UTF-8.") from error
    return argument


def usage_error(message: str, context: typer.Context) -> Exception:
    """The error to raise when a command was called in a way that cannot be; its exit status is 2."""
    return UsageError(message, context)


def where_of(given: Sequence[str] | None) -> dict[str, Any]:
    """The conditions of `--where KEY=VALUE`, as `Assistant` takes them; `paper_ids` may come several times.

    Raises:
        UsageError: one has no `=`, or a key comes twice.
    """
    where: dict[str, Any] = {}
    for item in given or ():
        key, equals, value = item.partition("=")
        key, value = key.strip().replace("-", "_"), value.strip()
        if not equals or not key or not value:
            raise UsageError(f"--where has {item!r}; it takes KEY=VALUE, such as year=2024")
        if key == "paper_ids":
            where.setdefault(key, []).append(value)
        elif key in where:
            raise UsageError(f"--where has {key} twice: {where[key]} and {value}")
        else:
            where[key] = value
    return where

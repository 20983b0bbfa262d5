"""`python -m eval COMMAND …`: one command for each kind of measurement; each reads its own arguments."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from rag.errors import FootnoteError

# Command → the module whose `main(arguments) -> exit status` carries it out, and what it does.
COMMANDS = {
    "run": ("eval.run", "ask questions with gold, keep a line for each, print the scorecard"),
    "perfect": (
        "eval.perfect",
        "what a model could reach: a scripted one that knows the gold copies from the evidence",
    ),
    "compare": ("eval.compare", "two runs: differences with intervals, and the questions that turned"),
    "report": ("eval.report", "a page on a run, or on two of them"),
    "gate": ("eval.gate", "fails when a metric falls below the baseline by more than chance"),
    "ablate": ("eval.ablate", "what each part is worth: the dev questions with one part at a time switched off"),
    "draft": ("eval.draft", "proposes questions with gold from your library, for you to correct"),
    "benchmark": ("eval.benchmark", "retrieval on a judged collection, several rankings side by side"),
    "agreement": ("eval.agreement", "how often the verdicts on judged sentences are right"),
    "overviews": ("eval.overviews", "asks for every paper by name and by title, and counts who gets an overview"),
    "across": ("eval.across", "how right tables, agreement and overviews are, on gold read by hand"),
    "word-space": ("eval.word_space", "fits the small space in which the vectors of words are kept"),
    "train": ("eval.train", "trains the cross-encoder, calibrates it and writes its file, figures and card"),
    "bench": ("eval.bench", "time and memory of ingest, search and ask, beside a plain pipeline"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 an error (one line on standard error), 2 an unknown command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    listing = "\n".join(f"  {name:<14} {what}" for name, (_, what) in COMMANDS.items())
    if not given or given[0] in ("-h", "--help"):
        print(f"usage: python -m eval COMMAND …\n\n{listing}\n\n`python -m eval COMMAND --help` says more.")
        return 0 if given else 2
    if given[0] not in COMMANDS:
        print(f"eval: no command {given[0]!r}. There are:\n{listing}", file=sys.stderr)
        return 2
    try:
        status: int = import_module(COMMANDS[given[0]][0]).main(given[1:])
    except FootnoteError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("eval: interrupted", file=sys.stderr)
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())

"""`python -m eval COMMAND …`: one command for each kind of measurement; each reads its own arguments."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from rag.errors import FootnoteError

# Command → the module whose `main(arguments) -> exit status` carries it out, and what it does.
COMMANDS = {
    "run": ("eval.runs.run", "ask questions with gold, keep a line for each, print the scorecard"),
    "perfect": (
        "eval.runs.perfect",
        "what a model could reach: a scripted one that knows the gold copies from the evidence",
    ),
    "compare": ("eval.reports.compare", "two runs: differences with intervals, and the questions that turned"),
    "report": ("eval.reports.run_report", "a page on a run, or on two of them"),
    "gate": ("eval.runs.gate", "fails when a metric falls below the baseline by more than chance"),
    "ablate": ("eval.runs.ablate", "what each part is worth: the dev questions with one part at a time switched off"),
    "draft": ("eval.questions.draft", "proposes questions with gold from your library, for you to correct"),
    "benchmark": (
        "eval.benchmarks.retrieval_variants",
        "retrieval on a judged collection, several rankings side by side",
    ),
    "agreement": ("eval.grounding.agreement", "how often the verdicts on judged sentences are right"),
    "overviews": ("eval.runs.overviews", "asks for every paper by name and by title, and counts who gets an overview"),
    "people": ("eval.people", "questions on people, times, denial and fields, on invented libraries of four hands"),
    "conversations": ("eval.conversations", "conversations on the bundled library, by four hands, turn by turn"),
    "across": ("eval.across", "how right tables, agreement and overviews are, on gold read by hand"),
    "general-names": ("eval.train.general_names", "counts the names that papers of many fields use"),
    "word-space": ("eval.train.word_space", "fits the small space in which the vectors of words are kept"),
    "train": ("eval.train", "trains the cross-encoder, calibrates it and writes its file, figures and card"),
    "bench": ("eval.benchmarks.time_and_memory", "time and memory of ingest, search and ask, beside a plain pipeline"),
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

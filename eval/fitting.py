"""What the commands that fit weights share: their arguments, the libraries they fit on, and the file they write."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from eval.asking import question_file, questions_of
from eval.fingerprint import Fingerprint, commit, fingerprint
from eval.gold import Question
from eval.library import library, settings_of
from eval.runs import write_json
from rag import Assistant


def fitting_parser(command: str, doc: str | None, *, questions: Sequence[str], file: Path) -> argparse.ArgumentParser:
    """The arguments of a command that fits the weights in `file`, on `questions` (shipped ones) or those named."""
    parser = argparse.ArgumentParser(
        prog=f"python -m eval {command}", description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", nargs="+", default=list(questions), metavar="FILE",
                        help=f"JSON lines of questions with gold ({' and '.join(questions)})")  # fmt: skip
    parser.add_argument("--storage", type=Path, nargs="*", default=[], metavar="DIR",
                        help="libraries with the same papers; otherwise the bundled one")  # fmt: skip
    parser.add_argument("--write", type=Path, nargs="?", const=file, metavar="FILE",
                        help=f"write the weights to FILE (rag/data/{file.name})")  # fmt: skip
    return parser


class Ground:
    """What weights are fitted on: the `questions` of some files, asked of some libraries."""

    def __init__(self, command: str, files: Sequence[Path], storages: Sequence[Path]) -> None:
        """Read the questions.

        Raises:
            SourceError: a file of questions cannot be read.
        """
        self.questions: tuple[Question, ...] = tuple(question for _, question in questions_of(files))
        self._command, self._files, self._storages = command, files, storages
        self._made_with: list[Fingerprint] = []

    @classmethod
    def of(cls, command: str, given: argparse.Namespace) -> Ground:
        """That of a command line which `fitting_parser` has read."""
        return cls(command, [question_file(name) for name in given.questions], given.storage)

    def libraries(self) -> Iterator[Assistant]:
        """Each of the libraries, open for as long as it is the current one; the bundled one where none is named.

        Raises:
            LibraryError: one cannot be opened.
        """
        settings = settings_of(None, environment=False)
        for storage in self._storages or (None,):
            with ExitStack() as stack:
                home = stack.enter_context(library(storage, settings))
                assistant = stack.enter_context(Assistant.open(home, settings))
                self._made_with.append(fingerprint(assistant.papers(), settings, self._files))
                yield assistant

    def write(self, path: Path, weights: Mapping[Any, object], options: Mapping[str, float]) -> None:
        """Write the weights to `path`, with what they were fitted on and the `options` of the fit.

        It takes that all the libraries were gone through.
        """
        first = self._made_with[0]
        fitted = {
            "by": f"python -m eval {self._command}",
            "options": dict(options),
            "commit": commit(),
            "questions": {"files": [file.stem for file in self._files], "fingerprint": first.questions},
            "libraries": [{"papers": one.papers, "fingerprint": one.library} for one in self._made_with],
            "embedding": first.embedding,
            "settings": first.settings,
        }
        write_json(path, {"fitted": fitted, "weights": weights})
        print(f"written to {path}")

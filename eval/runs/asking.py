"""Asking questions one after the other or several at once, and keeping what came of each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from eval.grounding.verdicts import checks
from eval.questions.gold import SHIPPED, Question, load
from eval.questions.record import Record, answered, failed, read_record
from eval.runs.judge import Judge
from rag import Assistant
from rag.errors import FootnoteError, SourceError


def questions_of(files: Sequence[Path], *, limit: int | None = None) -> list[tuple[str, Question]]:
    """The questions of the files in order, each with the name of its split (the file's); at most `limit` in all, of
    every kind in turn.

    Raises:
        SourceError: a file is missing or a line of it is no question, or two questions of one file share an id.
    """
    found: list[tuple[str, Question]] = []
    for path in files:
        try:
            questions = load(path)
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror}. Name a file of questions.") from error
        except ValueError as error:
            raise SourceError(str(error)) from error
        ids = [question.id for question in questions]
        if twice := next((one for one in ids if ids.count(one) > 1), None):
            raise SourceError(f"{path} has two questions with the id {twice!r}. Give each its own.")
        found += [(path.stem, question) for question in questions]
    if not found:
        raise SourceError(f"there are no questions in {', '.join(map(str, files))}. Write one a line, as JSON.")
    if limit is None or limit >= len(found):
        return found
    nth: Counter[str] = Counter()
    turns = []
    for place, (_, question) in enumerate(found):
        turns.append((nth[question.kind], place))
        nth[question.kind] += 1
    return [found[place] for place in sorted(place for _, place in sorted(turns)[:limit])]


def question_file(name: str) -> Path:
    """The file of questions with this path; "dev" and "test" are the shipped ones."""
    shipped = SHIPPED / f"{name}.jsonl"
    return shipped if not Path(name).exists() and shipped.exists() else Path(name)


def ask(assistant: Assistant, question: Question, split: str, *, judge: Judge | None = None) -> str:
    """The line of one question. An error is kept in the line: a run goes on, and shows what failed."""
    begun = time.perf_counter()
    try:
        answer = assistant.ask(question.question, history=question.history)
        ms = (time.perf_counter() - begun) * 1000
        opinion = judge.opinion(question, answer.text) if judge and question.facts else None
        return answered(
            question,
            split,
            answer,
            ms=ms,
            checks=checks(answer),
            judged=opinion.score if opinion else None,
            unscored=opinion.unscored if opinion else "",
        )
    except FootnoteError as error:
        return failed(question, split, str(error), ms=(time.perf_counter() - begun) * 1000)
    except Exception as error:  # whatever it is, it is a finding about this question and none about the others
        said = f"{type(error).__name__}: {error}"
        return failed(question, split, said, ms=(time.perf_counter() - begun) * 1000)


def ask_all(
    assistant: Assistant, wanted: Sequence[tuple[str, Question]], *, workers: int = 1, judge: Judge | None = None,
    keep: Callable[[str], None] | None = None, warm: bool = True,
) -> Iterator[Record]:  # fmt: skip
    """The records of the questions in their order, each given to `keep` as a line as soon as it is there.

    With `warm` the first question is asked once more before, and that time not counted: it loads the embedder and the
    index. With a model that would cost tokens.
    """
    if not wanted:
        return
    if warm:
        ask(assistant, wanted[0][1], wanted[0][0])
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        for line in pool.map(lambda one: ask(assistant, one[1], one[0], judge=judge), wanted):
            if keep:
                keep(line)
            yield read_record(line)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)

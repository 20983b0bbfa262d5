"""`python -m eval run`: asks every question of one or more files, keeps a line for each, and prints the scorecard.

python -m eval run                                       # the shipped questions, the bundled library
python -m eval run --questions mine.jsonl --storage DIR --llm llama3.2@http://localhost:11434/v1
python -m eval run --name mine --llm … --limit 10        # a few first: what the model takes, before all are asked
python -m eval run --name nightly                        # goes on with the run of that name if it was stopped
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from eval.grounding.verifier import verifier_agreement
from eval.library import library, settings_of
from eval.metrics.scorecard import GROUPS, Group, as_json, by_split, card, table
from eval.plots.run_plots import write_plots
from eval.progress import Bar
from eval.questions.chat import Chat
from eval.questions.gold import Question
from eval.questions.record import Record, read_record
from eval.runs.asking import ask_all, question_file, questions_of
from eval.runs.fingerprint import commit, fingerprint
from eval.runs.judge import Judge, ModelJudge
from eval.runs.run_folder import (
    Finished,
    Head,
    cards_path,
    new_folder,
    read_head,
    whole_lines,
    write_head,
    write_json,
    write_text,
)
from eval.runs.with_model import forecast, shares
from rag import Assistant, Settings
from rag.errors import LibraryError, SettingsError
from rag.model import Paper


@dataclass(frozen=True)
class Plan:
    """What a run is to be."""

    name: str
    files: tuple[Path, ...]
    settings: Settings
    storage: Path | None = None
    only: Group | None = None
    workers: int = 1
    judge: str | None = None
    limit: int | None = None


def run(plan: Plan) -> Finished:
    """Carry out a plan, or what is left of it, and write its scorecard.

    Raises:
        SourceError: a file of questions cannot be read.
        SettingsError: there is a run of that name with another fingerprint.
        LibraryError: the library is empty or cannot be read.
    """
    begun = time.perf_counter()
    wanted = questions_of(plan.files, limit=plan.limit)
    judge = ModelJudge(Chat(plan.judge)) if plan.judge else None
    with ExitStack() as stack:
        home = stack.enter_context(library(plan.storage, plan.settings))
        assistant = stack.enter_context(Assistant.open(home, plan.settings))
        papers = {paper.id: paper for paper in assistant.papers()}
        if not papers:
            raise LibraryError(f"the library at {plan.storage} is empty. Ingest papers into it first.")
        made_with = fingerprint(
            papers.values(), plan.settings, plan.files, model=plan.settings.llm or "", judge=judge.name if judge else ""
        )
        _warn(wanted, papers)
        head = Head(
            plan.name, datetime.now().astimezone().isoformat(timespec="seconds"), tuple(map(str, plan.files)),
            made_with, commit(), sys.version.split()[0], str(plan.storage or ""), plan.only,
        )  # fmt: skip
        folder = new_folder(plan.name)
        done, head = _resumed(folder, head)
        _ask(assistant, wanted, folder, done, plan=plan, judge=judge)
        head = replace(head, verifier=None if plan.only else verifier_agreement(papers, plan.settings))
    records = tuple(read_record(line) for line in whole_lines(folder / "answers.jsonl"))
    head = replace(head, seconds=round((head.seconds or 0) + time.perf_counter() - begun, 1))
    finished = Finished(head, records, folder)
    finish(finished)
    return finished


def finish(finished: Finished) -> None:
    """Write what follows from the records of a run: its head, scorecard and plots."""
    write_head(finished.folder, finished.head)
    cards = {
        split: card(records, only=_group(finished.head.only)) for split, records in by_split(finished.records).items()
    }
    write_json(cards_path(finished.folder), {"splits": as_json(cards)})
    write_plots(finished.folder / "plots", finished.records)


def main(arguments: Sequence[str]) -> int:
    """Run, print the scorecard, and return 1 if a question failed."""
    parser = argparse.ArgumentParser(
        prog="python -m eval run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", nargs="+", default=["dev", "test"], metavar="FILE",
                        help="JSON lines of questions with gold; dev and test are the shipped ones (both)")  # fmt: skip
    parser.add_argument("--storage", type=Path, metavar="DIR", help="a library; otherwise the bundled papers")
    parser.add_argument("--llm", metavar="MODEL", help="the model that answers: openai:MODEL or MODEL@http://host/v1")
    parser.add_argument("--judge", metavar="MODEL", help="a model that grades the answers, named in the same way")
    parser.add_argument("--only", choices=GROUPS, help="one group of metrics; retrieval asks no model")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="questions at once (1); times are longer with more"
    )
    parser.add_argument("--limit", type=int, metavar="N",
                        help="only N questions, of every kind in turn; the same --name without it goes on")  # fmt: skip
    parser.add_argument("--name", help="the run's name (the time); one that was stopped goes on")
    given = parser.parse_args(arguments)
    if given.workers < 1:
        parser.error(f"--workers is {given.workers}; it has to be 1 or more")
    if given.limit is not None and given.limit < 1:
        parser.error(f"--limit is {given.limit}; it has to be 1 or more")
    settings = settings_of(given.llm)
    if given.only == "retrieval":
        settings = settings.model_copy(update={"llm": None})
    name = given.name or datetime.now().strftime("%Y-%m-%d-%H%M%S")
    plan = Plan(name, tuple(map(question_file, given.questions)), settings, given.storage, given.only, given.workers,
                given.judge if given.only != "retrieval" else None, given.limit)  # fmt: skip
    try:
        finished = run(plan)
    except KeyboardInterrupt:
        print(f"eval: stopped. What was answered is kept; go on with --name {name}", file=sys.stderr)
        return 130
    cards = {s: card(r, only=given.only) for s, r in by_split(finished.records).items()}
    print(table(cards))
    if finished.head.verifier:
        verified = ", ".join(f"{split} {value:.3f}" for split, value in finished.head.verifier.items())
        print(f"\nverifier, balanced accuracy on judged sentences: {verified}")
    if told := shares(whole_lines(finished.folder / "answers.jsonl")):
        print(f"\n{told}")
    print(f"\n{finished.head.seconds:.0f} s in all; kept in {finished.folder}")
    failures = [record for record in finished.records if record.status == "failed"]
    for record in failures[:5]:
        print(f"eval: {record.gold.id} failed: {record.error}", file=sys.stderr)
    return 1 if failures else 0


def _ask(
    assistant: Assistant, wanted: Sequence[tuple[str, Question]], folder: Path, done: dict[tuple[str, str], str],
    *, plan: Plan, judge: Judge | None,
) -> None:  # fmt: skip
    """Ask what is not done, a line each as it comes; at the end the lines stand in the order of the questions."""
    path = folder / "answers.jsonl"
    write_text(path, "".join(done.values()))
    left = [(split, question) for split, question in wanted if (split, question.id) not in done]
    if done:
        print(f"{len(wanted) - len(left)} of {len(wanted)} questions are answered already", file=sys.stderr)
    if plan.settings.llm and left:
        told = forecast(plan.settings.llm, len(left), plan.workers, before=list(done.values()), storage=plan.storage)
        print(told, file=sys.stderr)
    with path.open("a", encoding="utf-8") as lines, Bar(len(left), "questions") as bar:

        def keep(line: str) -> None:
            lines.write(line + "\n")
            lines.flush()
            bar.step()

        asked = ask_all(assistant, left, workers=plan.workers, judge=judge, keep=keep, warm=plan.settings.llm is None)
        for _ in asked:  # each is written by `keep`
            pass
    order = {(split, question.id): n for n, (split, question) in enumerate(wanted)}
    kept = whole_lines(path)
    write_text(path, "".join(sorted(kept, key=lambda line: order.get(_key(read_record(line)), len(order)))))


def _resumed(folder: Path, head: Head) -> tuple[dict[tuple[str, str], str], Head]:
    """The lines that an earlier start of this run has left, failures apart, and the head with its start and seconds."""
    if (folder / "run.json").exists():
        before = read_head(folder)
        if differing := head.fingerprint.differs(before.fingerprint):
            raise SettingsError(
                f"the run {head.name!r} was made with other {', '.join(differing)}. Give another --name, or delete "
                f"{folder}."
            )
        head = replace(head, started=before.started, seconds=before.seconds)
    write_head(folder, head)
    records = ((read_record(line), line) for line in whole_lines(folder / "answers.jsonl"))
    return {_key(record): line for record, line in records if record.status != "failed"}, head


def _key(record: Record) -> tuple[str, str]:
    return record.split, record.gold.id


def _warn(wanted: Sequence[tuple[str, Question]], papers: Mapping[str, Paper]) -> None:
    """Say when gold papers are not in the library: such questions can only go wrong, and no mean would tell why."""
    strange = [question for _, question in wanted if not set(question.papers) <= papers.keys()]
    if strange:
        paper = next(paper for paper in strange[0].papers if paper not in papers)
        print(f"eval: {len(strange)} questions name gold papers that the library has not, such as {paper!r} "
              f"({strange[0].id})", file=sys.stderr)  # fmt: skip


def _group(only: str | None) -> Group | None:
    return next((group for group in GROUPS if group == only), None)

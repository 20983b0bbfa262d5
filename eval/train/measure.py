"""What whole answers come to on a split: its questions and subjects asked of a library of its own abstracts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.metrics.interval import Estimate, estimate
from eval.metrics.score import Score
from eval.train.rows.data import FOLDER, LISTED, Data, lines
from rag import Assistant
from rag.answers.judging import Judge
from rag.model import Answer
from rag.neural.cross_encoder import CrossEncoder, Judged, Read
from rag.neural.heads import ASKS
from rag.neural.packing import MOST_PIECES
from rag.neural.question_reader import Heard, QuestionReader

_OTHERS = 400


@dataclass(frozen=True)
class Outcome:
    """One question with what was answered; `right` as in `is_right`, `first` where a gold paper is ranked first."""

    row: Mapping[str, Any]
    answer: Answer
    right: bool
    first: bool


class Headless(CrossEncoder):
    """A cross-encoder one head of which says the same of everything: what that head is worth shows in what is lost."""

    def __init__(self, off: str) -> None:
        super().__init__()
        self._off = off

    def read(self, question: str, reads: Sequence[Read], *, most: int = MOST_PIECES) -> list[Judged]:
        """As the whole one, without the head."""
        judged = super().read(question, reads, most=most)
        return [replace(one, **{self._off: 0.0}) for one in judged] if self._off in ("answers", "about") else judged


class Deaf(QuestionReader):
    """A reader of questions to which every question asks for one answer."""

    def read(self, question: str) -> Heard:
        """As the whole one, without what it asks for."""
        return replace(super().read(question), asks={name: float(name == "one") for name in ASKS})


@contextmanager
def library_of(split: str, home: Path, *, off: str = "", folder: Path = FOLDER) -> Iterator[Assistant]:
    """A library of the abstracts of a split and of others of the training split; without the head `off`.

    A split that is a library of one field has no others. It is kept in `home`, so that a second time embeds nothing.
    """
    kept, more = [], _OTHERS if split in LISTED else 0
    for row in lines(folder / "abstracts.jsonl"):
        if row["split"] == split or (row["split"] == "train" and more < _OTHERS):
            more += row["split"] != split
            kept.append({key: row[key] for key in ("id", "title", "abstract")})
    home = home / f"library-{split}"
    home.mkdir(parents=True, exist_ok=True)
    file = home / "papers.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
    with Assistant.open(home / "storage") as assistant:
        assistant.ingest([file])
        if off:
            assistant.judge = Judge(Headless(off), Deaf() if off == "asks" else QuestionReader())
        yield assistant


def asked(assistant: Assistant, data: Data) -> list[Outcome]:
    """The questions of a split, each answered."""
    found = []
    for row in data.questions:
        answer = assistant.ask(row["question"])
        gold = set(row["gold"]) | set(row["part"]) | ({row["near"]} if row.get("near") else set())
        first = bool(answer.ranked) and answer.ranked[0].paper.id in gold
        found.append(Outcome(row, answer, is_right(row, answer, data), first))
    return found


def is_right(row: Mapping[str, Any], answer: Answer, data: Data) -> bool:
    """Whether an answer cites what answers: of every paper that is meant a gold sentence.

    Where no sentence answers alone, two that answer a part, or the only one. Where nothing answers: it abstains.
    """
    if not row["gold"] and not row["part"]:
        return answer.status == "abstained"
    cited: dict[str, set[int]] = {}
    for citation in answer.citations:
        if citation.start is not None and citation.end is not None:
            places = data.spans(citation.paper.id)
            inside = {n for n, (start, end) in enumerate(places) if start < citation.end and citation.start < end}
            cited.setdefault(citation.paper.id, set()).update(inside)
    if row["gold"]:
        return all(set(gold) & cited.get(key, set()) for key, gold in row["gold"].items())
    return all(len(set(part) & cited.get(key, set())) >= min(2, len(part)) for key, part in row["part"].items())


def figures(outcomes: Sequence[Outcome]) -> dict[str, Estimate | None]:
    """The figures of a split, with intervals: right by kind, refused in vain and rightly, the paper ranked first."""
    told: dict[str, Estimate | None] = {}
    answerable = [o for o in outcomes if o.row["gold"] or o.row["part"]]
    nothing = [o for o in outcomes if not (o.row["gold"] or o.row["part"])]
    told["right"] = _share([o.right for o in answerable])
    for kind in sorted({o.row["kind"] for o in answerable}):
        told[f"right: {kind}"] = _share([o.right for o in answerable if o.row["kind"] == kind])
    told["refused in vain"] = _share([o.answer.status == "abstained" for o in answerable])
    told["refused rightly"] = _share([o.answer.status == "abstained" for o in nothing])
    told["paper ranked first"] = _share([o.first for o in answerable])
    told["words of an answer"] = estimate([Score(float(len(o.answer.text.split()))) for o in answerable])
    told["milliseconds"] = estimate([Score(o.answer.timings_ms["total"]) for o in outcomes])
    return told


def list_figures(assistant: Assistant, data: Data) -> dict[str, Estimate | None]:
    """Precision and recall of the lists of a split over the judged papers, and how many are all there."""
    precision, recall, whole, empty = [], [], [], []
    for row in data.subjects:
        answer = assistant.ask(row["subject"])
        cited = {c.paper.id for c in answer.citations} & set(row["pool"])
        yes, counted = set(row["yes"]), cited - set(row["partly"])
        if not yes:
            empty.append(not counted)
            continue
        recall.append(len(cited & yes) / len(yes))
        whole.append(cited >= yes)
        if counted:
            precision.append(len(counted & yes) / len(counted))
    return {
        "lists: recall": _mean(recall), "lists: precision": _mean(precision), "lists: all there": _share(whole),
        "lists: nothing, rightly": _share(empty),
    }  # fmt: skip


def _share(flags: Sequence[bool]) -> Estimate | None:
    return estimate([Score(float(flag)) for flag in flags])


def _mean(values: Sequence[float]) -> Estimate | None:
    return estimate([Score(value) for value in values])


def table(told: Mapping[str, Estimate | None]) -> str:
    """The figures as lines of a Markdown table."""
    rows = [
        f"| {name} | {e.mean:.2f} [{e.low:.2f}, {e.high:.2f}] | {e.n} |" for name, e in told.items() if e is not None
    ]
    return "\n".join(["| | | n |", "| --- | ---: | ---: |", *rows])

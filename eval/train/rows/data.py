"""Training data as the network reads it: rows of the files in `eval/training`, made into examples of packed pieces."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.train.rows.columns import column_groups
from eval.train.rows.copies import copy_groups
from eval.train.rows.hanging import hanging_groups
from eval.train.rows.invented import called, invented_facts
from eval.train.rows.marked import marked_groups
from eval.train.rows.pairs import Abstract, Group, Pair, hard
from eval.train.rows.varied import asked_otherwise, name_in, swapped

FOLDER = Path(__file__).parents[2] / "training"
PART = 0.6
"""How much a sentence that states a part of what is asked counts as one that answers."""
PARTLY = 0.4
"""How much a paper on the border of a subject counts as one that is meant."""
ASKS_TIMES = 3
"""How often a question written for what it asks for is read in one pass; it is short, and stands for all its kind."""
AS_CHECKED = 2  # how often in one pass a statement is read as the check reads it, beside once as its row says
SWAPPED = 0.05
"""How likely a sentence of another paper still answers when its name is put into a question."""
RIGHT, BESIDE, PAIRS = 3, 3, 5
"""Sentences read for a question in one pass: that answer, others of their papers, those of a paper put in by name."""
OTHERS, OTHERS_FROM = 4, 12  # papers read whole beside those that are meant, and of how many they are drawn
LISTED = ("quantum", "money", "nuclei", "sky", "chance", "matter")
"""Splits that are libraries of a field each, with lists over the whole of them, by which nothing is fitted."""
REPORTED = frozenset({"v01", "v06"})  # hands whose statements are not trained on: the check is measured by them
NAMED = 0.25  # the share of the questions that name their paper that are asked of whole papers

Mined = Mapping[str, Sequence[tuple[str, Sequence[int]]]]
"""Of each question the papers found for it, best first, each with its sentences, the nearest to the question first."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def abstracts(folder: Path = FOLDER) -> dict[str, Abstract]:
    """The abstracts by id, cut into the sentences that the rows count."""
    found = {}
    for row in lines(folder / "abstracts.jsonl"):
        text = row["abstract"]
        cut = tuple(" ".join(text[start:end].split()) for start, end in row["sentences"])
        found[row["id"]] = Abstract(row["id"], row["title"], cut, row["split"])
    return found


class Data:
    """The rows of one split, as groups of pairs; near misses are drawn anew for each pass.

    `share` takes so much of the rows, the same ones for the same share: for learning curves, and for a further pass
    that is about rows of some hands or kinds, which are taken `whole`. `without` leaves out kinds of rows. `mined` is
    what retrieval finds for the questions, where groups are to be drawn.
    """

    def __init__(
        self, split: str, *, folder: Path = FOLDER, share: float = 1.0, without: Sequence[str] = (),
        whole: Sequence[str] = (), mined: Mined | None = None,
    ) -> None:  # fmt: skip
        self._folder = folder
        self.papers = {key: paper for key, paper in abstracts(folder).items() if paper.split == split}
        self.questions = [] if "questions" in without else self._rows(folder / "questions.jsonl", split, share, whole)
        self.subjects = [] if "subjects" in without else self._rows(folder / "subjects.jsonl", split, share, whole)
        self.asks = [] if "asks" in without else self._rows(folder / "asks.jsonl", split, share)
        self.marked = [] if "marked" in without else self._rows(folder / "marked.jsonl", split, share, whole)
        self.hanging = [] if "hanging" in without else self._rows(folder / "hanging.jsonl", split, share, whole)
        self.fields = [] if "fields" in without else self._rows(folder / "fields.jsonl", split, share)
        self.columns = [] if "columns" in without else self._rows(folder / "columns.jsonl", split, share, whole)
        stated = [] if "statements" in without else self._rows(folder / "statements.jsonl", split, share, whole)
        self.statements = [row for row in stated if row["hand"] not in REPORTED]
        self.mined = mined or {}
        self._no_copies = "copies" in without
        self._spans: dict[str, list[tuple[int, int]]] | None = None

    def __str__(self) -> str:
        kinds = ("papers", "questions", "subjects", "asks", "marked", "hanging", "fields", "columns", "statements")
        return ", ".join(f"{len(getattr(self, kind)):,} {kind}" for kind in kinds)

    def spans(self, paper_id: str) -> list[tuple[int, int]]:
        """The offsets of the sentences of an abstract of any split, as the rows count them; none of an unknown one."""
        if self._spans is None:
            self._spans = {row["id"]: row["sentences"] for row in lines(self._folder / "abstracts.jsonl")}
        return self._spans.get(paper_id, [])

    @staticmethod
    def _rows(path: Path, split: str, share: float, whole: Sequence[str] = ()) -> list[dict[str, Any]]:
        if not path.exists():
            return []
        rows = [row for row in lines(path) if row["split"] == split]
        random.Random(7).shuffle(rows)
        kept = [row for row in rows if row.get("hand") in whole or row.get("kind") in whole]
        some = [row for row in rows if row not in kept]
        return [*some[: round(share * len(some))], *kept]

    def groups(self, dice: random.Random) -> list[Group]:
        """All of them, for one pass."""
        made = [] if self._no_copies else copy_groups(self.papers, dice)
        return [
            *self.question_groups(dice), *self.paper_groups(dice), *self.subject_groups(dice), *self.asks_groups(),
            *self.field_groups(dice), *column_groups(self.columns, self.papers, dice), *self.statement_groups(), *made,
        ]  # fmt: skip

    def question_groups(self, dice: random.Random) -> list[Group]:
        """Each question with the sentences that answer it, and others: of the same papers, then of papers near it.

        Of the papers near it those sentences are read that come nearest to the question, as the answer reads them.
        """
        groups = []
        titles = {key: paper.title for key, paper in self.papers.items()}
        for row in self.questions:
            meant, near = meant_by(row), self._near(row)
            right: list[Pair] = []
            beside: list[Pair] = []
            for key in meant:
                paper, gold, part = self.papers[key], row["gold"].get(key, ()), row["part"].get(key, ())
                for n, sentence in enumerate(paper.sentences):
                    much = 1.0 if n in gold else PART if n in part else 0.0
                    pair = Pair(row["question"], paper.title, (sentence,), much, about=1.0)
                    (right if much else beside).append(pair)
            chosen = right[:RIGHT] if len(right) <= RIGHT else dice.sample(right, RIGHT)
            chosen += hard(row["question"], beside, BESIDE, dice)
            for key, places in dice.sample(near[:8], min(2, len(near))):
                paper = self.papers[key]
                chosen += [
                    Pair(row["question"], paper.title, (paper.sentences[n],), 0.0, about=0.0) for n in places[:2]
                ]
            groups.append(Group(tuple(chosen), row))
            if other := swapped(row, titles, [key for key, _ in near], dice):
                question, key = other
                paper = self.papers[key]
                none = [Pair(question, paper.title, (sentence,), SWAPPED, about=1.0) for sentence in paper.sentences]
                groups.append(Group(tuple(hard(question, none, PAIRS, dice)), row))
        return groups

    def paper_groups(self, dice: random.Random) -> list[Group]:
        """Questions with papers read whole: those that are meant among the others that retrieval finds.

        Which paper is meant by its name teaches little here: a quarter of such questions is enough.
        """
        groups = []
        for row in self.questions:
            meant, near = meant_by(row), self._near(row)
            if any(name_in(row["question"], self.papers[key].title) for key in meant) and dice.random() > NAMED:
                continue
            found = dict(self.mined.get(row["question"], ()))
            others = dice.sample(near[:OTHERS_FROM], min(OTHERS, len(near[:OTHERS_FROM])))
            whole = [(key, found.get(key, ()), 1.0) for key in meant[:2]]
            whole += [(key, places, 0.0) for key, places in others]
            pairs = [self._whole(row["question"], key, places, much) for key, places, much in whole]
            groups.append(Group(tuple(pairs), row))
        return groups

    def _near(self, row: Mapping[str, Any]) -> list[tuple[str, Sequence[int]]]:
        """The papers that retrieval finds for a question, less those that it means, each with its nearest sentences."""
        meant = meant_by(row)
        return [
            (key, self._places(key, places))
            for key, places in self.mined.get(row["question"], ())
            if key not in meant and key in self.papers
        ]

    def _places(self, key: str, places: Sequence[int]) -> Sequence[int]:
        count = len(self.papers[key].sentences)
        return [n for n in places if n < count] or range(count)

    def _whole(self, question: str, key: str, places: Sequence[int], much: float) -> Pair:
        from rag.answers.judging import WHOLE_SENTENCES

        paper = self.papers[key]
        read = tuple(paper.sentences[n] for n in sorted(self._places(key, places)[:WHOLE_SENTENCES]))
        return Pair(question, paper.title, read, about=much)

    def subject_groups(self, dice: random.Random) -> list[Group]:
        """Each subject with papers on it and some more of its pool that are not; each pair stands alone."""
        groups = []
        for row in self.subjects:
            marks = {**dict.fromkeys(row["yes"], 1.0), **dict.fromkeys(row["partly"], PARTLY)}
            rest = [key for key in row["pool"] if key not in marks]
            chosen = dice.sample(sorted(marks), min(5, len(marks)))
            for key in (*chosen, *dice.sample(rest, min(len(rest), 4 + len(chosen)))):
                paper = self.papers[key]
                pair = Pair(row["subject"], paper.title, paper.sentences, about=marks.get(key, 0.0), short=True)
                groups.append(Group((pair,), row))
        return groups

    def asks_groups(self) -> list[Group]:
        """Each question by itself, with what it asks for."""
        from rag.neural.heads import ASKS

        kept = [(row["question"], row["asks"], row) for row in self.asks] * ASKS_TIMES
        kept += [(row["question"], row["asks"], row) for row in self.questions]
        kept += [(row["subject"], row["asks"], row) for row in self.subjects]
        dice = random.Random(5)
        for row in self.subjects:
            kept += [(text, asks, row) for text, asks in asked_otherwise(row["subject"], dice)]
        return [Group((Pair(text, asks=tuple(float(name in asks) for name in ASKS)),), row) for text, asks, row in kept]

    def alone_groups(self, dice: random.Random) -> list[Group]:
        """Questions that are read alone: what they ask for, what the words of some are as conditions, if they hang."""
        content = [row for row in self.questions if row["asks"] == ["one"]]
        whole = dice.sample(content, min(len(content), len(self.marked)))
        unmarked = [Group((Pair(row["question"], goes_on=0.0, marks=()),), row) for row in whole]
        hanging = hanging_groups(self.hanging, self.questions, self.papers, dice)
        return [*self.asks_groups(), *marked_groups(self.marked, dice), *unmarked, *hanging]

    def field_groups(self, dice: random.Random) -> list[Group]:
        """Questions on the metadata of papers, whose facts stand beside sentences of the abstract."""
        groups = []
        papers = list(self.papers.values())
        for row in self.fields:
            paper = dice.choice(papers)
            facts = invented_facts(dice, most=3)
            text = row["question"].replace("NAME", called(paper.title, dice))
            kinds = dict(facts)
            pairs = []
            for kind, said in facts:
                much = float(kind == row["field"])
                if row["field"] == "authors" and kind == "author_count" and "authors" not in kinds:
                    much = PART
                pairs.append(Pair(text, paper.title, (said,), much, about=1.0))
            pairs += [
                Pair(text, paper.title, (sentence,), 0.0 if row["field"] != "none" else None, about=1.0)
                for sentence in dice.sample(paper.sentences, min(2, len(paper.sentences)))
            ]
            groups.append(Group(tuple(pairs), row))
        return groups

    def statement_groups(self) -> list[Group]:
        """The statements on each paper, the true beside the false: with the sentences of their row, and as checked."""
        from rag.neural.heads import BEARS

        as_written: dict[str, list[Pair]] = {}
        as_checked: dict[str, list[Pair]] = {}
        for row in self.statements:
            paper = self.papers[row["paper"]]
            said = tuple(paper.sentences[n] for n in row["sentences"])
            pair = Pair(row["statement"], paper.title, said, bears=BEARS.index(row["label"]))
            as_written.setdefault(row["paper"], []).append(pair)
            as_checked.setdefault(row["paper"], []).append(replace(pair, sentences=checked_with(pair, paper)))
        return [Group(tuple(pairs)) for pairs in (*as_written.values(), *[*as_checked.values()] * AS_CHECKED)]


def checked_with(pair: Pair, paper: Abstract) -> tuple[str, ...]:
    """The sentences that the check reads with a statement; those of its row where these do not have what it needs."""
    from rag.grounding.checks.borne import nearest
    from rag.grounding.checks.sentence import read, source
    from rag.neural.heads import BEARS

    near = nearest(read(pair.text), source(paper.title, " ".join(paper.sentences)))
    enough = pair.bears == BEARS.index("neither") or set(pair.sentences) <= set(near)
    return near if near and enough else pair.sentences


def meant_by(row: Mapping[str, Any]) -> list[str]:
    """The papers that a question means: those that answer it, or a part, or that it asks of in vain."""
    return list(dict.fromkeys((*row["gold"], *row["part"], *((row["near"],) if row.get("near") else ()))))

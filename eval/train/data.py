"""Training data as the network reads it: rows of the files in `eval/training`, made into examples of packed pieces."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.train.varied import asked_otherwise, swapped

FOLDER = Path(__file__).parents[1] / "training"
PART = 0.6
"""How much a sentence that states a part of what is asked counts as one that answers."""
PARTLY = 0.4
"""How much a paper on the border of a subject counts as one that is meant."""
ASKS_TIMES = 3
"""How often a question written for what it asks for is read in one pass; it is short, and stands for all its kind."""
SWAPPED = 0.05
"""How likely a sentence of another paper still answers when its name is put into a question."""
PAIRS = 6
"""Sentences that are read for a question in one pass."""


@dataclass(frozen=True)
class Abstract:
    """An abstract with its sentences; `split` is "train", "dev" or "apart" (other fields, only reported)."""

    id: str
    title: str
    sentences: tuple[str, ...]
    split: str


@dataclass(frozen=True)
class Pair:
    """A question and words of a paper. Targets that are None are not judged in this pair."""

    text: str
    title: str = ""
    sentences: tuple[str, ...] = ()
    answers: float | None = None
    about: float | None = None
    asks: tuple[float, ...] | None = None
    short: bool = False


@dataclass(frozen=True)
class Group:
    """Pairs that are weighed against one another: one question with the papers that may answer it."""

    pairs: tuple[Pair, ...]
    origin: Mapping[str, Any] = field(default_factory=dict, hash=False)


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

    `share` takes so much of the rows, the same ones for the same share: for learning curves. `without` leaves out kinds
    of rows.
    """

    def __init__(self, split: str, *, folder: Path = FOLDER, share: float = 1.0, without: Sequence[str] = ()) -> None:
        self._folder = folder
        self.papers = {key: paper for key, paper in abstracts(folder).items() if paper.split == split}
        self.questions = [] if "questions" in without else self._rows(folder / "questions.jsonl", split, share)
        self.subjects = [] if "subjects" in without else self._rows(folder / "subjects.jsonl", split, share)
        self.asks = [] if "asks" in without else self._rows(folder / "asks.jsonl", split, share)
        self.fields = [] if "fields" in without else self._rows(folder / "fields.jsonl", split, share)
        self._near: list[list[str]] | None = None
        self._spans: dict[str, list[tuple[int, int]]] | None = None

    def __str__(self) -> str:
        kinds = ("papers", "questions", "subjects", "asks", "fields")
        return ", ".join(f"{len(getattr(self, kind)):,} {kind}" for kind in kinds)

    def spans(self, paper_id: str) -> list[tuple[int, int]]:
        """The offsets of the sentences of an abstract of any split, as the rows count them; none of an unknown one."""
        if self._spans is None:
            self._spans = {row["id"]: row["sentences"] for row in lines(self._folder / "abstracts.jsonl")}
        return self._spans.get(paper_id, [])

    @staticmethod
    def _rows(path: Path, split: str, share: float) -> list[dict[str, Any]]:
        if not path.exists():
            return []
        rows = [row for row in lines(path) if row["split"] == split]
        random.Random(7).shuffle(rows)
        return rows[: max(1, round(share * len(rows)))] if rows else []

    def groups(self, dice: random.Random) -> list[Group]:
        """All of them, for one pass."""
        return [
            *self.question_groups(dice), *self.subject_groups(dice), *self.asks_groups(),
            *self.field_groups(dice),
        ]  # fmt: skip

    def near(self) -> list[list[str]]:
        """For each question the papers that share most words with it, best first, less those that are meant."""
        if self._near is None:
            import bm25s

            ids = list(self.papers)
            index = bm25s.BM25()
            texts = [f"{p.title} {p.title} {' '.join(p.sentences)}" for p in self.papers.values()]
            index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
            asked = bm25s.tokenize([row["question"] for row in self.questions], stopwords="en", show_progress=False)
            found, _ = index.retrieve(asked, k=min(20, len(ids)), show_progress=False)
            self._near = [
                [ids[n] for n in hits if ids[n] not in (*row["gold"], *row["part"], row.get("near"))]
                for row, hits in zip(self.questions, found, strict=True)
            ]
        return self._near

    def question_groups(self, dice: random.Random) -> list[Group]:
        """Each question with the sentences that answer it, and others: of the same papers, then of papers near it.

        Half of the others are those that share most words with the question.
        """
        groups = []
        titles = {key: paper.title for key, paper in self.papers.items()}
        for row, near in zip(self.questions, self.near(), strict=True):
            meant = list(dict.fromkeys((*row["gold"], *row["part"], *((row["near"],) if row.get("near") else ()))))
            right: list[Pair] = []
            beside: list[Pair] = []
            for key in meant:
                paper, gold, part = self.papers[key], row["gold"].get(key, ()), row["part"].get(key, ())
                for n, sentence in enumerate(paper.sentences):
                    much = 1.0 if n in gold else PART if n in part else 0.0
                    pair = Pair(row["question"], paper.title, (sentence,), much, about=1.0)
                    (right if much else beside).append(pair)
            others = [
                Pair(row["question"], self.papers[key].title, (sentence,), 0.0, about=0.0)
                for key in dice.sample(near[:8], min(2, len(near)))
                for sentence in self.papers[key].sentences
            ]
            chosen = right[:4] if len(right) <= 4 else dice.sample(right, 4)
            chosen += hard(row["question"], beside, PAIRS - 2 - len(chosen), dice)
            chosen += hard(row["question"], others, PAIRS - len(chosen), dice)
            groups.append(Group(tuple(chosen), row))
            if other := swapped(row, titles, near, dice):
                question, key = other
                paper = self.papers[key]
                none = [Pair(question, paper.title, (sentence,), SWAPPED, about=1.0) for sentence in paper.sentences]
                groups.append(Group(tuple(hard(question, none, PAIRS - 1, dice)), row))
        return groups

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
                for sentence in dice.sample(paper.sentences, 2)
            ]
            groups.append(Group(tuple(pairs), row))
        return groups


def hard(question: str, pairs: Sequence[Pair], count: int, dice: random.Random) -> list[Pair]:
    """So many of the pairs: half of them those whose sentence shares most words with the question, half by chance."""
    asked = set(question.lower().split())
    count = min(max(count, 0), len(pairs))
    ranked = sorted(pairs, key=lambda pair: -len(asked & set(" ".join(pair.sentences).lower().split())))
    near = ranked[: (count + 1) // 2]
    return near + dice.sample(ranked[len(near) :], count - len(near))


def called(title: str, dice: random.Random) -> str:
    """What a question calls a paper: the part of its title before a colon, or all of it."""
    head, colon, _ = title.partition(":")
    return head if colon and dice.random() < 0.7 else f"“{title}”" if dice.random() < 0.5 else title


_GIVEN = """Ada Bo Chen Dina Emil Fatima Hana Ivo Jun Karim Lena Mateo Nils Olga Priya Quentin Rosa Sven Tomas Uma
    Wei Xin Yuki Zoe""".split()
_FAMILY = """Abel Brandt Costa Duarte Eriksen Gupta Haddad Ito Jansen Kim Lopez Müller Nguyen Okafor Petrov Rossi
    Sato Tran Weber Zhang""".split()
_MONTHS = "January February March April May June July August September October November December".split()


def invented_facts(dice: random.Random, *, most: int = 2) -> tuple[tuple[str, str], ...]:
    """Facts as the metadata of a paper may have them: (field, sentence), some of the fields."""
    from rag.answers.metadata.facts import authors_fact, count_fact, published_fact

    day = f"on {dice.randint(1, 28)} {dice.choice(_MONTHS)} {dice.randint(1995, 2026)}"
    people = [f"{dice.choice(_GIVEN)} {dice.choice(_FAMILY)}" for _ in range(dice.randint(1, 6))]
    everything = (
        ("published", published_fact(day)), ("author_count", count_fact(dice.randint(1, 30))),
        ("authors", authors_fact(people)),
    )  # fmt: skip
    chosen = dice.sample(range(3), dice.randint(1, most))
    return tuple(everything[n] for n in sorted(chosen))

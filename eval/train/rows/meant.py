"""What the embedder learns from: questions and subjects, and passages of the papers that they mean."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.train.rows.data import Data, meant_by
from eval.train.rows.pairs import Abstract
from rag.model import Paper
from rag.text import shown
from rag.text.passages import passages
from rag.text.tokens import count_tokens

_PASSAGE_TOKENS = 96
_OTHERS = 10  # of so many papers that are found and not meant one is drawn
_ON_SUBJECT = 6
_ANSWERING = 0.7  # how often a passage with a sentence that answers is drawn, before any of its paper


@dataclass(frozen=True)
class Row:
    """A question or subject, a paper that it means, the sentences that answer, and papers near it that it does not."""

    text: str
    paper: str
    answering: tuple[int, ...]
    others: tuple[str, ...]


class Passages:
    """The passages of papers as the library embeds them, each with the numbers of its sentences."""

    def __init__(self, papers: dict[str, Abstract]) -> None:
        self._papers = papers
        self._cut: dict[str, list[tuple[str, frozenset[int]]]] = {}

    def draw(self, paper_id: str, answering: Sequence[int], dice: random.Random) -> str:
        """One passage of a paper, with its title; oftener one that has a sentence that answers."""
        if paper_id not in self._cut:
            self._cut[paper_id] = list(self._passages(self._papers[paper_id]))
        every = self._cut[paper_id]
        good = [text for text, numbers in every if numbers & set(answering)]
        return dice.choice(good) if good and dice.random() < _ANSWERING else dice.choice(every)[0]

    @staticmethod
    def _passages(paper: Abstract) -> Iterator[tuple[str, frozenset[int]]]:
        ends, text = [], ""
        for sentence in paper.sentences:
            text += sentence + " "
            ends.append(len(text) - 1)
        whole = Paper(id=paper.id, title=paper.title, abstract=text.strip())
        for passage in passages(whole, budget_tokens=_PASSAGE_TOKENS, count=count_tokens):
            inside = frozenset(n for n, end in enumerate(ends) if passage.start < end <= passage.end)
            yield f"{shown(paper.title)}. {passage.text}", inside


def rows_of(data: Data) -> list[Row]:
    """A row for each question and each of two papers that it means, and for each subject and some papers on it."""
    rows = []
    for row in data.questions:
        meant = [key for key in meant_by(row) if key in data.papers]
        found = [key for key, _ in data.mined.get(row["question"], ()) if key not in meant and key in data.papers]
        for key in meant[:2]:
            answering = (*row["gold"].get(key, ()), *row["part"].get(key, ()))
            rows.append(Row(row["question"], key, answering, tuple(found[:_OTHERS])))
    for row in data.subjects:
        beside = tuple(key for key in row["pool"] if key not in row["yes"] and key not in row["partly"])
        rows += [Row(row["subject"], key, (), beside) for key in row["yes"][:_ON_SUBJECT]]
    return rows

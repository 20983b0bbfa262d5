"""Questions that hang on what was spoken of, and such as bring their own subject: as written, and made of others."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from eval.train.rows.pairs import Abstract, Group, Pair
from rag.text.names import title_name

_TIMES = 2
"""How often a question that was written for this is read in one pass."""
# What stands for a paper or what it brings, where a question does not name it.
_STANDS = (
    *("it",) * 6, "this", "that", "that one", "this one", "they", "them", "the paper", "this paper", "the model",
    "the method", "this method", "the system", "the approach", "the work", "this work", "the study", "the authors",
    "the second one", "the first one", "the latter", "the other one",
)  # fmt: skip
# What may come before either, and says nothing of which it is.
_FILLERS = (
    "ok ", "ok, ", "and ", "so ", "but ", "btw ", "by the way, ", "next: ", "now: ", "right, ", "hm, ", "also, ",
    "another question: ", "one more: ", "thanks! ", "thanks, ", "wait, ", "sorry, ", "cool. ", "and now ", "anyway, ",
)  # fmt: skip
_FILLED = 0.25


def hanging_groups(
    rows: Sequence[Mapping[str, Any]], questions: Sequence[Mapping[str, Any]], papers: Mapping[str, Abstract],
    dice: random.Random,
) -> list[Group]:  # fmt: skip
    """Each question by itself with what it is about; of questions on a named paper both as they are and without it."""
    told = [(row["question"], row["about"], row) for row in rows] * _TIMES
    for row in questions:
        names = [title_name(papers[key].title) for key in (*row["gold"], row["near"]) if key in papers]
        named = [rf"(?<!\w){re.escape(name)}(?![\w-])" for name in names if name]
        said = re.compile("|".join(named) or r"(?!)")
        if len(set(said.findall(row["question"]))) == 1:
            stands = dice.choice(_STANDS)
            about = "it" if stands in ("they", "them") else "one"
            told += [(row["question"], "itself", row), (said.sub(stands, row["question"]), about, row)]
    return [
        Group((_pair(dice.choice(_FILLERS) + text if dice.random() < _FILLED else text, about),), row)
        for text, about, row in told
    ]


def _pair(text: str, about: str) -> Pair:
    """A question about `itself`, or about `one` paper spoken of, `several`, the question `before`, or "it".

    Of "it" it is not known how many are meant, nor of a piece of the question before.
    """
    several = {"one": 0.0, "several": 1.0}.get(about)
    goes_on = {"itself": 0.0, "one": 0.0, "before": 1.0}.get(about)
    return Pair(text, goes_on=goes_on, hangs=float(about != "itself"), several=several)

"""`python -m eval fit-sentences`: fits the weights by which sentences are chosen.

For each question with gold facts and each of its gold papers the sentences that state most of the facts are the right
ones. The weights are those of a conditional logit (McFadden, 1974) over the sentences of a paper: the probability of a
sentence is the softmax of its weighted features. They are found by gradient ascent with an L2 penalty on standardised
features; `--folds` gives the numbers on questions that were left out of the fit.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.asking import question_file, questions_of
from eval.gold import Question, states
from rag import Assistant
from rag.select import wanted_terms
from rag.sentence_score import WEIGHTS, features, stacked

_KINDS = ("fact", "number", "paraphrase", "compare", "follow-up", "noisy", "false-premise")
_STEPS, _STEP = 400, 0.05
Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Choice:
    """The sentences of one gold paper: their features, (n_sentences, n_features), and which of them are right."""

    question: str
    table: Matrix
    right: NDArray[np.bool_]


def main(arguments: Sequence[str]) -> int:
    """Print the weights as they stand in `rag/sentence_score.py`; 0 when that is done."""
    parser = argparse.ArgumentParser(prog="python -m eval fit-sentences", description=__doc__)
    parser.add_argument("libraries", nargs="+", type=Path, help="storage folders of ingested libraries")
    parser.add_argument("--questions", nargs="+", default=["dev", "fit"], help="files, or names of shipped ones")
    parser.add_argument("--penalty", type=float, default=10.0, help="of the squares of the weights (default: 10)")
    parser.add_argument("--folds", type=int, default=10, help="parts for the numbers on questions left out; 0: none")
    given = parser.parse_args(arguments)
    wanted = [question for _, question in questions_of([question_file(name) for name in given.questions])]
    choices: list[Choice] = []
    for library in given.libraries:
        with closing(Assistant.open(library)) as assistant:
            for question in wanted:
                choices += choices_of(assistant, question)
    if given.folds:
        parts = sorted({choice.question for choice in choices})
        part_of = {name: n % given.folds for n, name in enumerate(np.random.default_rng(0).permutation(parts))}
        held: list[tuple[float, float]] = []
        for part in range(given.folds):
            weights = fitted([c for c in choices if part_of[c.question] != part], given.penalty)
            held += [measured(c, weights) for c in choices if part_of[c.question] == part]
        first, share = np.mean(held, axis=0)
        print(f"# left out: the first sentence is right for {first:.3f}, mean log probability {share:.3f}")
    weights = fitted(choices, given.penalty)
    print(f"# fitted on {len(choices)} papers of {len({c.question for c in choices})} questions")
    for name, weight in zip(WEIGHTS, weights, strict=True):
        print(f'    "{name}": {weight:.2f},')
    return 0


def choices_of(assistant: Assistant, question: Question) -> Iterator[Choice]:
    """The choices that a question poses in this library: one for each of its gold papers with a right sentence."""
    if question.kind not in _KINDS:
        return
    idf, sides = assistant.sides(question.question, history=question.history)
    for candidate, asked in sides:
        if candidate.paper.id not in question.papers or not candidate.spans:
            continue
        told = np.array([sum(states(candidate.paper.abstract[a:b], question.facts)) for a, b in candidate.spans])
        if told.max() > 0:
            table, _ = features(asked, candidate, wanted_terms(asked.reading, candidate.asked_as, idf))
            yield Choice(question.id, stacked(table).astype(np.float64), told == told.max())


def fitted(choices: Sequence[Choice], penalty: float) -> Matrix:
    """The weights, shape (n_features,), of the features as they are, not standardised."""
    spread = np.concatenate([choice.table for choice in choices]).std(axis=0) + 1e-6
    tables = [choice.table / spread for choice in choices]
    weights = np.zeros(len(spread))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):  # Adam (Kingma and Ba, 2015)
        slope = penalty * weights
        for choice, table in zip(choices, tables, strict=True):
            shares = _softmax(table @ weights)
            right = shares * choice.right
            slope -= table.T @ (right / right.sum() - shares)
        slope /= len(choices)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        weights -= _STEP * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    raw: Matrix = weights / spread
    return raw


def measured(choice: Choice, weights: Matrix) -> tuple[float, float]:
    """Whether the first sentence is right, as 1 or 0, and the log of the probability of the right ones."""
    shares = _softmax(choice.table @ weights)
    return float(choice.right[shares.argmax()]), float(np.log((shares * choice.right).sum()))


def _softmax(logits: Matrix) -> Matrix:
    raised = np.exp(logits - logits.max())
    shares: Matrix = raised / raised.sum()
    return shares

"""`python -m eval fit-sentences`: fits the weights by which sentences are chosen.

For each question with gold facts and each of its gold papers the sentences that state most of the facts are the right
ones. The weights are those of a conditional logit (McFadden, 1974) over the sentences of a paper: the probability of a
sentence is the softmax of its weighted features. They are found by gradient ascent with an L2 penalty on standardised
features; `--folds` gives the numbers on questions that were left out of the fit.

python -m eval fit-sentences --storage DIR DIR   # print what it comes to
python -m eval fit-sentences --write             # and use it from now on
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.fitting import Ground, fitting_parser
from eval.gold import Question, states
from rag import Assistant
from rag.errors import SourceError
from rag.select import wanted_terms
from rag.sentence_score import WEIGHTS, features, stacked

_KINDS = ("fact", "number", "paraphrase", "compare", "follow-up", "noisy", "false-premise")
_STEPS, _STEP = 400, 0.05
Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Choice:
    """The sentences of one gold paper: their features, (n_sentences, n_features), and which of them are right."""

    question: str
    features: tuple[str, ...]
    table: Matrix
    right: NDArray[np.bool_]


def main(arguments: Sequence[str]) -> int:
    """Fit the weights, print them and what they came to, and write them where that is asked for."""
    parser = fitting_parser("fit-sentences", __doc__, questions=("dev", "fit", "more"), file=WEIGHTS)
    parser.add_argument("--penalty", type=float, default=10.0, help="of the squares of the weights (default: 10)")
    parser.add_argument("--folds", type=int, default=10, help="parts for the numbers on questions left out; 0: none")
    given = parser.parse_args(arguments)
    ground = Ground.of("fit-sentences", given)
    choices = [
        choice for assistant in ground.libraries() for question in ground.questions
        for choice in choices_of(assistant, question)
    ]  # fmt: skip
    if not choices:
        raise SourceError(
            f"none of the {len(ground.questions)} questions has a gold paper whose sentences state its facts. Name the "
            "library that they were written for with --storage."
        )
    if given.folds:
        parts = sorted({choice.question for choice in choices})
        part_of = {name: n % given.folds for n, name in enumerate(np.random.default_rng(0).permutation(parts))}
        held: list[tuple[float, float]] = []
        for part in range(given.folds):
            weights = fitted([c for c in choices if part_of[c.question] != part], given.penalty)
            held += [measured(c, weights) for c in choices if part_of[c.question] == part]
        first, share = np.mean(held, axis=0)
        print(f"left out: the first sentence is right for {first:.3f}, mean log probability {share:.3f}")
    weights = fitted(choices, given.penalty)
    print(f"fitted on {len(choices)} papers of {len({c.question for c in choices})} questions")
    named = {name: round(float(weight), 2) for name, weight in zip(choices[0].features, weights, strict=True)}
    print("\n".join(f"  {name}: {weight:.2f}" for name, weight in named.items()))
    if given.write:
        ground.write(given.write, named, {"penalty": given.penalty})
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
            yield Choice(question.id, tuple(table), stacked(table).astype(np.float64), told == told.max())


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

"""`python -m eval fit-abstention`: fits the weights by which it is decided whether the library answers a question.

Logistic regression over the signals of `rag.abstain`: a model for questions that name their paper, one for those that
ask for papers, and one for the others, with no weight below zero. Questions on one paper are kept together when the
models are tried on questions that they were not fitted to. The threshold is the probability below which the share of
the answerable questions that is refused is the one allowed.

python -m eval fit-abstention --storage DIR DIR   # print what it comes to
python -m eval fit-abstention --write             # and use it from now on
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.fitting import Ground, fitting_parser
from eval.gold import Question
from eval.reliability import calibration_error
from rag import Assistant
from rag.abstain import WEIGHTS, Model, Signals, model_of
from rag.errors import SourceError

FEATURES: dict[Model, tuple[str, ...]] = {
    "named": ("head", "fit", "fit_best", "fit_covered", "fit_near", "specifics", "others"),
    "list": ("reach", "meaning", "likeness", "fit_covered", "fit_near"),
    "open": ("reach", "head", "meaning", "likeness", "mass", "complete", "fit_covered", "attribute"),
}
FOLDS, SPLITS = 10, 8
FEWEST = 5
RIDGE = 1.0
UNANSWERABLE = 0.2
"""The share of questions without an answer that is reckoned with; those of the files are weighed accordingly."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question's signals, whether the library answers it, and the paper it is about (or its id)."""

    question: Question
    signals: Signals
    answerable: bool
    about: str


@dataclass(frozen=True)
class Fitted:
    """A model, and what it came to on questions that it had not seen, with the weights fitted without them.

    `recall` is the share of unanswerable questions that are refused, `refused` that of the answerable ones, `area` the
    area under the curve of the two, `error` the expected calibration error.
    """

    weights: dict[str, float]
    unseen: Floats
    recall: float
    refused: float
    area: float
    error: float


def examples(assistant: Assistant, questions: Sequence[Question]) -> list[Example]:
    """The questions for which there are signals; the others are decided without them."""
    found = []
    for question in questions:
        signals = assistant.signals(question.question, history=question.history)
        if signals is not None and not signals.foreign:
            about = min(question.papers, default=question.id)
            found.append(Example(question, signals, question.kind != "unanswerable", about))
    return found


def fit(chosen: Sequence[Example], names: Sequence[str], *, allowed: float) -> Fitted:
    """The model over the signals `names`, its threshold where at most the share `allowed` is refused in vain."""
    x = np.array([[float(getattr(one.signals, name)) for name in names] for one in chosen])
    y = np.array([one.answerable for one in chosen], dtype=float)
    unseen = np.zeros(len(chosen))
    for split in range(SPLITS):
        folds = np.array([zlib.crc32(f"{split} {one.about}".encode()) % FOLDS for one in chosen])
        for fold in range(FOLDS):
            out = folds == fold
            if out.any() and not out.all():
                unseen[out] += _probabilities(x[out], logistic(x[~out], y[~out])) / SPLITS
    weights = logistic(x, y)
    threshold = float(np.quantile(unseen[y == 1], allowed))
    refused = unseen < threshold
    values = {"threshold": threshold, **dict(zip(names, weights[:-1], strict=True)), "constant": weights[-1]}
    return Fitted(
        {name: round(float(value), 3) for name, value in values.items()},
        unseen,
        float(refused[y == 0].mean()),
        float(refused[y == 1].mean()),
        area(unseen, y),
        calibration_error(unseen, y, _shares(y)),
    )


def logistic(x: Floats, y: Floats) -> Floats:
    """The weights and, last, the constant of a logistic model, by Newton's method with a ridge; shape (n_names + 1,).

    All signals speak for an answer: a weight that comes out below zero is fixed at zero, and the rest fitted again.
    """
    spread = x.std(axis=0) + 1e-9
    spread[spread < 1e-6] = 1.0  # a signal that is the same for all would be blown up beyond the ridge's reach
    rows = np.column_stack([x / spread, np.ones(len(x))])
    shares = _shares(y)
    free = np.ones(rows.shape[1], dtype=bool)
    while True:
        weights = np.zeros(rows.shape[1])
        ridge = np.diag([*np.full(int(free.sum()) - 1, RIDGE), 1e-6])
        for _ in range(50):
            p = _probabilities(rows[:, :-1], weights)
            slope = rows[:, free].T @ (shares * (p - y)) + ridge @ weights[free]
            bend = (rows[:, free].T * (shares * p * (1 - p))) @ rows[:, free] + ridge
            step = np.linalg.solve(bend, slope)
            weights[free] -= step
            if np.abs(step).max() < 1e-8:
                break
        wrong = np.append(weights[:-1] < 0, False)
        if not wrong.any():
            return np.append(weights[:-1] / spread, weights[-1])
        free &= ~wrong


def _shares(y: Floats) -> Floats:
    """The weight of each question, so that unanswerable ones come to their share; their mean is 1."""
    shares: Floats = np.where(y == 1, (1 - UNANSWERABLE) / y.mean(), UNANSWERABLE / (1 - y.mean()))
    return shares


def _probabilities(x: Floats, weights: Floats) -> Floats:
    p: Floats = 1 / (1 + np.exp(-(x @ weights[:-1] + weights[-1])))
    return p


def area(p: Floats, y: Floats) -> float:
    """The share of pairs of an answerable and an unanswerable question of which the first is the likelier one."""
    higher = p[y == 1][:, None] - p[y == 0][None, :]
    return float((higher > 0).mean() + (higher == 0).mean() / 2)


def main(arguments: Sequence[str]) -> int:
    """Fit the models, print them and what they came to, and write them where that is asked for."""
    parser = fitting_parser("fit-abstention", __doc__, questions=("dev", "fit", "more", "abstention"), file=WEIGHTS)
    parser.add_argument("--allowed", type=float, default=0.02, metavar="SHARE",
                        help="the share of answerable questions that may be refused (0.02)")  # fmt: skip
    given = parser.parse_args(arguments)
    ground = Ground.of("fit-abstention", given)
    chosen = [one for assistant in ground.libraries() for one in examples(assistant, ground.questions)]
    models = {}
    for model, names in FEATURES.items():
        mine = [one for one in chosen if model_of(one.signals) == model]
        papers = [len({one.about for one in mine if one.answerable is answerable}) for answerable in (True, False)]
        if min(papers) < FEWEST:
            raise SourceError(
                f"the model {model!r} is fitted on questions about {FEWEST} papers with an answer and as many without; "
                f"there are {papers[0]} and {papers[1]}. Add such questions."
            )
        fitted = fit(mine, names, allowed=given.allowed)
        models[model] = fitted.weights
        print(
            f"{model}: {len(mine)} questions, {sum(not one.answerable for one in mine)} without an answer; unseen: "
            f"refused of these {fitted.recall:.3f}, of the others {fitted.refused:.3f}, area {fitted.area:.3f}, "
            f"calibration error {fitted.error:.3f}\n  {fitted.weights}"
        )
    if given.write:
        ground.write(given.write, models, {"allowed": given.allowed})
    return 0

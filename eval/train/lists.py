"""Calibration of lists: which papers are on a subject, and whether the library has any.

Fitted on libraries that differ: abstracts of many fields, the bundled digests, and libraries of one field each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.metrics.brier import area
from eval.train.calibrate import Floats, logistic_fit
from eval.train.rows.data import Data
from rag import Assistant
from rag.answers.calibration import best_length
from rag.answers.judging import listed_signals

_EMPTY = 0.02
"""The share of the subjects with papers on them on which the library may be taken to have nothing."""


@dataclass(frozen=True)
class Wanted:
    """A list that is asked for of a library: the candidates that are judged, with their signals and if they belong.

    `belonging` counts the papers that do, found or not: 0 where there is nothing on the subject. `likeness` is that of
    the nearest paper to it.
    """

    library: str
    signals: Sequence[Mapping[str, float]]
    right: Sequence[bool]
    belonging: int
    likeness: float

    @property
    def best(self) -> list[float]:
        """What speaks for there being something on the subject, in the order of `_OF_SUBJECT`."""
        return [max((one["about"] for one in self.signals), default=-8.0), self.likeness]

    @property
    def features(self) -> Floats:
        """The signals in the order of `_OF_LIST`, a row each."""
        return np.array([[one[name] for name in _OF_LIST] for one in self.signals])


_OF_SUBJECT, _OF_LIST = ("about", "likeness"), ("about", "behind", "cut")


def wanted(
    assistant: Assistant, library: str, subject: str, gold: Collection[str], pool: Collection[str] | None = None
) -> Wanted:
    """What is found for a list; `pool` are the papers that were judged, all if None."""
    asked, found, candidates = assistant.candidates(subject)
    judged = assistant.judge.about_logits(asked.heard, candidates)
    among = [
        (one, candidate.paper.id in gold)
        for one, (candidate, _) in zip(listed_signals(judged), judged, strict=True)
        if pool is None or candidate.paper.id in pool
    ]
    return Wanted(library, [one for one, _ in among], [right for _, right in among], len(gold), found.likeness)


def wanted_of(assistant: Assistant, library: str, data: Data) -> list[Wanted]:
    """What is found for the subjects of a split; papers on the border of one are not judged."""
    rows = [(row["subject"], set(row["yes"]), set(row["pool"]) - set(row["partly"])) for row in data.subjects]
    return [wanted(assistant, library, *row) for row in rows]


def subject_fit(lists: Sequence[Wanted], nothing: Sequence[Wanted]) -> tuple[dict[str, float], float, dict[str, float]]:
    """Weights by which a subject on which there is something stands out from one on which there is `nothing`."""
    x = np.array([one.best for one in (*lists, *nothing)])
    y = np.array([1.0] * len(lists) + [0.0] * len(nothing))
    w = logistic_fit(x, y)
    p = 1 / (1 + np.exp(-(x @ w[:-1] + w[-1])))
    line = float(np.quantile(p[y == 1], _EMPTY))
    told = {"area": area(p, y), "recall": float((p[y == 0] < line).mean())}
    return _named(_OF_SUBJECT, w), round(line, 4), told


def listed_fit(lists: Sequence[Wanted]) -> tuple[dict[str, float], float, dict[str, float]]:
    """Weights by which a paper belongs on a list, the line from which on it surely does, and what lists come to.

    All libraries weigh alike, and what is told of each is by weights from the others. The line is where F is best,
    recall counted double.
    """
    libraries = sorted({each.library for each in lists})
    w = _weights(lists)
    f2, line = max((_f2(lists, w, float(line)), float(line)) for line in np.arange(0.1, 0.8, 0.02))
    told = {"f2 of the line": f2}
    for library in libraries:
        others = _weights([each for each in lists if each.library != library]) if len(libraries) > 1 else w
        shown = [_shown(each, others) for each in lists if each.library == library]
        told |= {
            f"precision {library}": float(np.mean([right / max(count, 1) for right, count, _ in shown])),
            f"recall {library}": float(np.mean([right / belonging for right, _, belonging in shown])),
            f"counts within a fifth {library}": float(np.mean([abs(n - of) <= of / 5 for _, n, of in shown])),
        }
    return _named(_OF_LIST, w), round(line, 4), told


def _weights(lists: Sequence[Wanted]) -> Floats:
    """Logistic regression on all candidates, those of each library together with the same weight."""
    sizes = Counter(each.library for each in lists)
    weighs = np.concatenate([np.full(len(each.right), 1 / sizes[each.library]) for each in lists])
    right = np.concatenate([np.array(each.right, dtype=float) for each in lists])
    return logistic_fit(np.vstack([each.features for each in lists]), right, weighs=weighs / weighs.mean())


def _chances(each: Wanted, w: Floats) -> Floats:
    chances: Floats = 1 / (1 + np.exp(-(each.features @ w[:-1] + w[-1])))
    return chances


def _shown(each: Wanted, w: Floats) -> tuple[int, int, int]:
    """Of a list as it is made: how many papers on it are right, how many stand on it, how many belong there."""
    chances = _chances(each, w)
    order = np.argsort(-chances, kind="stable")
    first = order[: best_length(chances[order].tolist())]
    return int(np.array(each.right)[first].sum()), len(first), each.belonging


def _f2(lists: Sequence[Wanted], w: Floats, line: float) -> float:
    """Mean F of lists from a line on, recall counted double."""
    found = []
    for each in lists:
        shown = _chances(each, w) >= line
        found.append(5 * float(np.array(each.right)[shown].sum()) / (4 * each.belonging + float(shown.sum())))
    return float(np.mean(found))


def _named(names: Sequence[str], weights: Floats) -> dict[str, float]:
    return {name: round(float(v), 4) for name, v in zip((*names, "bias"), weights, strict=True)}


def lists_calibrated(
    libraries: Mapping[str, tuple[Assistant, Data]], bundled: Assistant, lists: Sequence[tuple[str, set[str]]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The part of the calibration that is about lists, and what it comes to.

    Each of the `libraries` has the subjects of its split. `lists` are subjects asked for of the bundled one, each with
    its papers, or with none where nothing answers.
    """
    asked = [one for name, (assistant, data) in libraries.items() for one in wanted_of(assistant, name, data)]
    asked += [wanted(bundled, "bundled", subject, gold) for subject, gold in lists if gold]
    own = [one for one in asked if one.belonging]
    # Of what is asked for elsewhere, and of what has no answer and is heard as a list, the bundled library has nothing.
    nothing = [one for one in asked if not one.belonging]
    nothing += [wanted(bundled, "bundled", row["subject"], ()) for row in libraries["dev"][1].subjects]
    nothing += [
        wanted(bundled, "bundled", text, ()) for text, gold in lists if not gold and bundled.candidates(text)[0].lists
    ]
    subject, subject_line, subject_told = subject_fit(own, nothing)
    listed, list_line, listed_told = listed_fit(own)
    found = {"subject": subject, "listed": listed, "subject_line": subject_line, "list_line": list_line}
    return found, {"subject": subject_told, "listed": listed_told}

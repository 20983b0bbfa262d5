"""From the logits of the cross-encoder to probabilities, and the lines above which something is answered or listed.

All numbers were fitted by `python -m eval train calibrate` on questions that the model was not trained on, and stand
in the manifest beside its file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, log
from typing import Any


def logistic(logit: float) -> float:
    """From a logit to a probability."""
    return 1 / (1 + exp(-logit)) if logit >= 0 else exp(logit) / (1 + exp(logit))


def log_odds(chance: float) -> float:
    """From a probability to a logit; none is surer than one in a hundred that it is wrong."""
    kept = min(max(chance, 0.01), 0.99)
    return log(kept / (1 - kept))


# How much recall counts beside precision in a list: what is missing is not seen, but lists are counted too. With 1 more
# counts are right and fewer lists on the bundled digests have all papers, with 2 it is the other way.
_RECALL = 1.5


@dataclass(frozen=True)
class Calibration:
    """Weights of what is added up, each by name with a "bias" where one is needed.

    `near`: a paper may be the one that is meant (retrieval's score and rank, the head `about` on the whole of it), and
    its sentences are worth reading. `meant`: it is that one, by its sentences too. `answers`: a sentence answers.
    `answerable`: the library answers at all. `subject`: it has papers on a subject. `listed`: a paper is on the list
    that is asked for. `answer_line` and `subject_line` are the probabilities from which on something is answered, or
    there is something on a subject; `list_line` is that from which on a paper is surely on it, for what begins with
    those that are. A paper whose logit `about` is under `about_line` is not what any question means.
    """

    near: Mapping[str, float]
    meant: Mapping[str, float]
    answers: Mapping[str, float]
    answerable: Mapping[str, float]
    subject: Mapping[str, float]
    listed: Mapping[str, float]
    answer_line: float
    subject_line: float
    list_line: float
    about_line: float

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Calibration:
        """The calibration that a manifest of the cross-encoder has."""
        return cls(**manifest["calibration"])


def weighed(weights: Mapping[str, float], signals: Mapping[str, float]) -> float:
    """The sum of the signals times their weights, and the bias."""
    return weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in signals.items())


def best_length(chances: Sequence[float]) -> int:
    """How many of the likeliest make the best list; `chances` are the probabilities that each belongs there, falling.

    That list has the highest expected F, as if as many belonged there as the chances say together. So one with papers
    that are all but sure ends with them, and one of which little is sure goes on further down.

    Source: Lewis, Evaluating and optimizing autonomous text classification systems (SIGIR 1995).
    """
    expected = sum(chances)
    found = list(accumulate(chances))
    return max(range(len(found) + 1), key=lambda n: found[n - 1] / (_RECALL * expected + n) if n else 0.0)

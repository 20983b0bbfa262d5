"""From the logits of the cross-encoder to probabilities, and the lines above which something is answered or listed.

All numbers were fitted by `python -m eval train calibrate` on questions that the model was not trained on, and stand
in the manifest beside its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log
from typing import Any


def logistic(logit: float) -> float:
    """From a logit to a probability."""
    return 1 / (1 + exp(-logit)) if logit >= 0 else exp(logit) / (1 + exp(logit))


def log_odds(chance: float) -> float:
    """From a probability to a logit; none is surer than one in a hundred that it is wrong."""
    kept = min(max(chance, 0.01), 0.99)
    return log(kept / (1 - kept))


@dataclass(frozen=True)
class Calibration:
    """Weights of what is added up, each by name with a "bias" where one is needed.

    `near`: a paper may be the one that is meant (retrieval's score and rank, the head `about` on the whole of it), and
    its sentences are worth reading. `meant`: it is that one, by its sentences too. `answers`: a sentence answers.
    `answerable`: the library answers at all. `subject`: it has papers on a subject. `listed`: a paper is on the list
    that is asked for. `answer_line`, `subject_line` and `list_line` are the probabilities from which on something is
    answered or listed; a paper whose logit `about` is under `about_line` is not what any question means.
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

"""From doubts to a verdict: a weighted sum, with the weights that `python -m eval agreement --fit` prints."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.grounding.checks.doubt import Doubt, Kind
from rag.model import Verdict

WEIGHTS: dict[Kind, float] = {
    "figure": 3.6, "count": 0.0, "attached": 3.2, "name": 3.3, "role": 3.6, "subject": 2.2, "direction": 3.2,
    "swapped": 3.0, "negation": 3.3, "universal": 2.9, "broad": 2.7, "hedge": 2.6, "level": 2.2, "uncovered": 1.0,
    "invented": 2.0, "far": 2.1, "unborne": 0.6,
}  # fmt: skip
BIAS = -2.1
# Some distance there always is: from where on a distance counts, and how much of it counts as 1.
_FROM: dict[Kind, tuple[float, float]] = {"uncovered": (0.28, 0.2), "invented": (0.52, 0.24), "far": (0.54, 0.1)}
# The log odds of the cross-encoder from which on they are a doubt, and how much counts of what lies below: that a
# statement reads well tells little.
_EVEN, _BELOW = 1.0, 0.1
_WEAK = -1.4  # of what lies between, about half is borne out
_WORTH_SAYING = 0.6
_SLOPE, _AT_ZERO = 1.1, 0.56


@dataclass(frozen=True)
class Weighed:
    """Doubts with their weights, and their sum with the bias: above 0 is unsupported.

    The heaviest stands first, and last what the cross-encoder says, which names no fault.
    """

    parts: tuple[tuple[float, Doubt], ...]
    total: float


def size(doubt: Doubt) -> float:
    """The strength of a doubt as it is weighed, 0 to 2; without ends what the cross-encoder says."""
    if doubt.kind == "unborne":
        over = doubt.strength - _EVEN
        return over if over > 0 else _BELOW * over
    if doubt.kind not in _FROM:
        return doubt.strength
    start, scale = _FROM[doubt.kind]
    return min(1.0 if doubt.kind == "uncovered" else 2.0, max(0.0, (doubt.strength - start) / scale))


def weigh(doubts: Sequence[Doubt]) -> Weighed:
    """The doubts weighed. Of several of one kind the strongest counts."""
    strongest: dict[Kind, Doubt] = {}
    for doubt in doubts:
        if doubt.kind not in strongest or doubt.strength > strongest[doubt.kind].strength:
            strongest[doubt.kind] = doubt
    parts = [(WEIGHTS[kind] * size(doubt), doubt) for kind, doubt in strongest.items()]
    parts.sort(key=lambda part: (part[1].kind == "unborne", -part[0]))
    return Weighed(tuple(parts), BIAS + sum(weight for weight, _ in parts))


def verdict_of(weighed: Weighed) -> Verdict:
    """The verdict on what was weighed."""
    if weighed.total > 0:
        return "unsupported"
    return "weak" if weighed.total > _WEAK else "supported"


def probability(weighed: Weighed) -> float:
    """How likely what was weighed is borne out, of statements of which half are, to three places."""
    return round(1 / (1 + math.exp(_SLOPE * weighed.total + _AT_ZERO)), 3)


def reasons_of(weighed: Weighed) -> tuple[str, ...]:
    """The reasons worth saying, the heaviest first; at least one where there is a doubt."""
    said = [doubt.reason for weight, doubt in weighed.parts if weight >= _WORTH_SAYING]
    return tuple(said or [doubt.reason for _, doubt in weighed.parts[:1]])

"""Shares: what two numbers make together, as "one in two" makes a half."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.text.figures import NUMBER, SCALES, number
from rag.text.normalization import normal
from rag.text.quantity import Figure

_SHARE = re.compile(
    r"(?<![\w.-])(?P<top>\d+|" + NUMBER + r")"
    r"(?:-in-|/(?=\d{1,2}(?!\d))| (?:in|of|out of)(?: every| the)? )(?P<whole>\d+|" + NUMBER
    + r")(?P<scale> (?:thousand|million|billion))?"
    r"(?![\w%×-]|\.\d|\s(?:percent|per cent|times|million|billion|thousand))"
)  # fmt: skip
_LARGEST = 1000  # of a number in digits: above it stands a year, or a count


@lru_cache(maxsize=4096)
def shares(text: str) -> tuple[Figure, ...]:
    """The shares that two numbers of `text` make: "one in two" is 0.5, "14 of 16" is 0.875."""
    found = []
    for match in _SHARE.finditer(normal(text)):
        top, whole = number(match["top"]), number(match["whole"])
        scale = SCALES[match["scale"].strip()] if match["scale"] else 1.0
        if 0 < top < whole <= _LARGEST and (scale == 1.0 or top == 1):
            found.append(Figure(top / (whole * scale), "", match.start(), match.end(), True))
    return tuple(found)

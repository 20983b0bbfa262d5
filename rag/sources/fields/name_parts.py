"""Names of people that a source has in parts, put together."""

from __future__ import annotations

import re
from collections.abc import Sequence

EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""Chinese, Japanese and Korean without blanks."""


def joined(parts: Sequence[object]) -> str:
    """The name whose parts stand in the order of speech; parts that are blank or no text are left out.

    A given name and a family name in the scripts of East Asia are one word, which begins with the family.
    """
    said = [part.strip() for part in parts if isinstance(part, str) and part.strip()]
    if len(said) == 2 and not said[0].isascii() and all(map(EAST.fullmatch, said)):
        return said[1] + said[0]
    return " ".join(said)

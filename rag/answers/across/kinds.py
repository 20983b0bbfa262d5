"""What kind of amount a heading asks for, as far as its words say: how many of something, or a number of known units.

A column of sample sizes is not filled with "10% of the patients", nor one of wavelengths with years.
"""

from __future__ import annotations

import re

from rag.text import normal
from rag.text.figures import figures

_HOW_MANY = re.compile(
    r"^(?:number|no\.|count) of\b|^how many\b|^size of\b|\b(?:sample|data ?set|data|corpus|cohort|training set) size$"
)
# The units that the last word of a heading asks for: kinds of `rag.text.units`, "%" and "×".
_KINDS = {
    "wavelength": "length frequency", "frequency": "frequency", "gap": "energy", "temperature": "kelvin celsius energy",
    **dict.fromkeys(("duration", "latency", "runtime", "time"), "time × %"),
    **dict.fromkeys(("speedup", "speed-up"), "× %"),
}  # fmt: skip


def fits(heading: str, text: str) -> bool | None:
    """Whether a text has an amount of the kind that a heading asks for; None where it asks for no known kind."""
    bare = normal(heading)
    if _HOW_MANY.search(bare):
        return any(not (one.unit or one.measure) and one.value >= 2 and one.value % 1 == 0 for one in figures(text))
    kinds = _KINDS.get(bare.split()[-1].removesuffix("s") if bare else "", "").split()
    return any({one.measure, one.unit} & {*kinds} for one in figures(text)) if kinds else None


def may_fill(heading: str, text: str) -> bool:
    """False for a text all of whose amounts are of another kind; of what is counted it has to have a number."""
    told = fits(heading, text)
    return told is not False or not (_HOW_MANY.search(normal(heading)) or any(not one.spelled for one in figures(text)))

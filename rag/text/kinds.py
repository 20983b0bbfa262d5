"""What kind of amount words ask for, as far as they say: how many of something, a share, a number of known units.

A column of sample sizes is not filled with "10% of the patients", nor one of wavelengths with years; and a question for
hours is not answered by a number of problems.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.figures import figures
from rag.text.normalization import normal, terms
from rag.text.quantity import Figure
from rag.text.units import UNITS

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


# Where a question asks for an amount: at its beginning or behind a mark, prepositions before it or not.
_ASKS = re.compile(
    r"(?:^|[:,;.?!-]\s)(?:(?:so|and|but|about|roughly|exactly)\s)*"
    r"(?:(?:in|on|at|to|by|from|of|with|over|for|up to|out of|within|after|under|into|across|per|during|against)\s)*"
    r"(?:how (?P<how>many|much|long|old)|(?:what|which)(?: is| was| are| were)?(?: the)?"
    r" (?P<what>percentage|percent|fraction|share|proportion|factor|number))\b\s*"
)
_ASKING, _WORD = re.compile(r"\b(?:how|what|which|who|where|when|why|whether)\b"), re.compile(r"[^\W_]+")
_TAKES = re.compile(r"\b(?:takes?|took)\b")
_IN_UNITS = re.compile(
    r"\bin (?P<unit>"
    + "|".join(sorted((unit for unit in UNITS if unit.isalpha() and len(unit) > 1), key=len, reverse=True))
    + r")\b"
)
# What "how much" is asked of, and the kinds of its units: what is saved may be a share.
_MUCH = {
    "time": "time % ×", **dict.fromkeys(("memory", "storage"), "bytes % ×"),
    "energy": "energy joules watts % ×", "electricity": "joules watts % ×", "power": "watts % ×",
}  # fmt: skip
# Words that say how many without a figure: "a finite number", "a single step".
_QUANTIFIED = re.compile(
    r"\b(?:numbers?|few|fewer|single|no|none|without|half|third|quarter|orders|(?:in|un)?(?:finite|finitely|bounded|limited)"
    r"|arbitrary|arbitrarily|exponential|exponentially)\b|\bo\("
)
_NO_COUNT = {"percent", "per", "times", "points", "fewer", "more", "orders"}
_COUNTED = 5  # words behind a figure among which stands what it is a number of


def lacks_amount(question: str, texts: Sequence[str]) -> bool:
    """True where a question asks for one amount and for nothing else, and no text has an amount of that kind.

    What the question says itself is none, and hours are no count of problems. False where the kind cannot be told.
    """
    asked, told = normal(question), figures(question)
    match = _ASKS.search(asked)
    if not match or len(_ASKING.findall(asked)) > 1:
        return False
    words = _WORD.findall(asked[match.end() :])
    found = [[one for one in figures(text) if not any(map(one.equals, told))] for text in texts]
    if kinds := _kinds(match["how"] or "", words, asked):
        return not any({one.measure, one.unit} & kinds for of_text in found for one in of_text)
    if match["how"] in ("much", "long", "old"):  # by how much: "it does not help" is an answer
        return False
    if not any(found):
        return match["what"] not in (None, "number") or not any(_QUANTIFIED.search(normal(text)) for text in texts)
    if match["how"] != "many" or _NO_COUNT & {*words[:1]}:
        return False
    of = set(terms(" ".join(words)))
    return not any(
        _counts(one, text, of) for text, of_text in zip(texts, found, strict=True) for one in of_text
    ) and all(of_text or not _QUANTIFIED.search(normal(text)) for text, of_text in zip(texts, found, strict=True))


def _kinds(how: str, words: Sequence[str], asked: str) -> set[str]:
    """The kinds of units in which a question asks; none where it does not say."""
    if how == "old" or (how == "long" and _TAKES.search(asked)):
        return {"time", "×"} if how == "long" else {"time"}
    if how == "many":
        units = [word for word in words[:1] if len(word) > 1] + [word for word in words[1:2] if len(word) > 3]
        return {UNITS[word][0] for word in units[:2] if word in UNITS}
    if how == "much" and (named := next((_MUCH[word] for word in words[:2] if word in _MUCH), "")):
        return {*named.split()}
    unit = _IN_UNITS.search(asked) if how else None
    return {UNITS[unit["unit"]][0]} if unit else set()


def _counts(one: Figure, text: str, of: set[str]) -> bool:
    """True for a figure without a unit, and for a share of what the words `of` name."""
    behind = _WORD.findall(normal(text)[one.end : one.end + 100])[:_COUNTED]
    return not (one.unit or one.measure or one.part) or bool(of & set(terms(" ".join(behind))))

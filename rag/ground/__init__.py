"""The verdict on a statement: does what it cites say so? No model is needed."""

from __future__ import annotations

from collections.abc import Sequence

from rag.figures import figures
from rag.model import Verdict
from rag.names import name_key, name_tokens
from rag.text import terms


def check(text: str, quotes: Sequence[str], titles: Sequence[str]) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict on a sentence against the quotes that it cites and the titles of their papers, with the reasons.

    Every figure and every name of the sentence has to be in a quote (a name may be in a title), and most of its words.
    """
    if not quotes:
        return "unsupported", ("it cites nothing",)
    evidence = " ".join((*titles, *quotes))
    known = figures(evidence)
    reasons = [
        f"the figure {text_of.value:g}{text_of.unit} is not in what it cites"
        for text_of in figures(text)
        if not text_of.spelled and not any(text_of.equals(other) for other in known)
    ]
    keys = name_key(evidence)
    reasons += [f"{name} is not in what it cites" for name in name_tokens(text) if name_key(name) not in keys]
    if reasons:
        return "unsupported", tuple(reasons)
    said, given = set(terms(text)), set(terms(evidence))
    if said and len(said & given) / len(said) < 0.6:
        return "weak", ("less than most of its words are in what it cites",)
    return "supported", ()

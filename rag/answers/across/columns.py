"""Columns of a table: what each asks of a paper, and the columns that papers have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from rag.errors import SettingsError
from rag.model.findings import Column
from rag.text import normal, sentences, shown, terms
from rag.text.figures import figures

Wants = Callable[[str], Mapping[str, float]]
AUTO = "auto"
MOST_COLUMNS = 12
_LONGEST = 200
_ASKS = re.compile(
    r"^(?:what|which|who|whose|when|where|why|how|is|are|was|were|does|do|did|can|has|have)\b", re.IGNORECASE
)
# A field of the metadata by the word of `rag.neural.ASKS` for it, and by the headings that name it as such.
_FIELDS = {"published": "published", "authors": "authors", "author count": "author_count", "link": "url"}
_NAMED = {
    **{"published": "published", "date": "published", "year": "published", "authors": "authors", "title": "title"},
    **{"author count": "author_count", "number of authors": "author_count", "url": "url", "link": "url", "doi": "doi"},
}
_SURE = 0.5
# What "auto" may propose: a heading, and what in a sentence shows that a paper tells it. Exact things, no judgment.
_KINDS: Sequence[tuple[str, Callable[[str], bool]]] = (
    ("training-free?", lambda s: "training-free" in s or "without training" in s),
    ("speed-up", lambda s: bool(re.search(r"\b(?:faster|speed-?ups?|throughput|latency|accelerat\w+)\b", s))),
    ("reduction", lambda s: bool(re.search(r"\b(?:fewer|reduc\w+|sav(?:es|ing)|lowers?|cuts?)\b", s))),
    ("size of the data", lambda s: bool(re.search(r"\b(?:samples|pairs|questions|images|tokens|dialogues)\b", s))),
    ("number of parameters", lambda s: bool(re.search(r"\b\d+(?:\.\d+)?\s?b\b|\bparameters\b", s))),
    ("accuracy", lambda s: bool(re.search(r"\baccuracy\b|\bscores?\b|\bgains?\b", s))),
    ("hardware", lambda s: bool(re.search(r"\b(?:gpus?|cpus?|a100s?|h100s?|phones?|devices?)\b", s))),
)
SHARED, _PROPOSED = 0.3, 5


def column_of(text: str, wants: Wants) -> Column:
    """The column that a heading or a question means; `wants` says what a question asks for (of `rag.neural.ASKS`).

    Raises:
        SettingsError: it is blank or too long.
    """
    heading = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not heading.strip("?") or len(heading) > _LONGEST:
        raise SettingsError(f"a column is {heading[:40]!r}; give 1 to {_LONGEST} characters, such as 'data set size'.")
    bare = heading.rstrip("? ")
    if bare.casefold() in _NAMED:
        return Column(heading, f"What is the {bare}?", _NAMED[bare.casefold()])
    if not _ASKS.match(bare):
        return Column(heading, f"Is it {bare}?" if heading.endswith("?") else f"What is the {bare}?")
    asked = wants(f"{bare}?")
    chances = {field: asked[name] for name, field in _FIELDS.items()}
    field = max(chances, key=lambda name: chances[name])
    return Column(heading, f"{bare}?", field if chances[field] > _SURE else None)


def proposed(abstracts: Sequence[str]) -> tuple[str, ...]:
    """The headings of columns that at least three in ten of the abstracts tell, the most common first, at most five.

    All but the first kind ask for amounts: only sentences with a figure count for them. Where the abstracts have
    nothing of these in common, what they do and what came of it.
    """
    told: Counter[str] = Counter()
    for abstract in abstracts:
        lines = [abstract[start:end] for start, end in sentences(abstract)]
        with_figures = [(normal(shown(line)), any(not f.spelled for f in figures(line))) for line in lines]
        for heading, shows in _KINDS:
            if any(shows(line) and (figured or heading.endswith("?")) for line, figured in with_figures):
                told[heading] += 1
    common = [heading for heading, count in told.most_common(_PROPOSED) if count >= SHARED * len(abstracts)]
    return tuple(common) or ("what it does", "main result")


def headed(columns: Sequence[str] | str) -> tuple[str, ...]:
    """The headings that were given, one or several, each once.

    Raises:
        SettingsError: there are none, or too many.
    """
    given = (columns,) if isinstance(columns, str) else tuple(columns)
    unique = tuple({" ".join(one.split()).casefold(): one for one in given if one.strip()}.values())
    if not 1 <= len(unique) <= MOST_COLUMNS:
        raise SettingsError(f"{len(unique)} columns are asked for; it can be 1 to {MOST_COLUMNS}.")
    return unique


def shared_terms(heading: str, text: str) -> float:
    """The share of the terms of a heading that a text has, from 0 to 1."""
    wanted = set(terms(heading))
    return len(wanted & set(terms(text))) / len(wanted) if wanted else 0.0

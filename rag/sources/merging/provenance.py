"""How a paper was merged: which sources it comes from, what they say differently, and what was taken and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rag.model import Paper, coarse_date, date_shown
from rag.sources.merging.merge import is_mirror

_LONGEST = 80
Values = Sequence[tuple[str, str]]


def merge_explained(paper: Paper) -> tuple[str, ...]:
    """How the paper was merged, a line each: the sources, then each field in which they differ; nothing for one record.

    The text of papers stands in the lines as it is.
    """
    if not paper.copies:
        return ()
    named = [copy.source or "a source without a name" for copy in paper.copies]
    lines = [f"merged from {len(named)} records: {', '.join(named)}"]
    for name, shown, why in _FIELDS:
        said = [(shown(copy), source) for copy, source in zip(paper.copies, named, strict=True)]
        line = _line(name, shown(paper), said, why(paper.copies))
        lines += [line] if line else []
    for name in paper.extra:
        said = [(copy.extra.get(name, ""), source) for copy, source in zip(paper.copies, named, strict=True)]
        line = _line(name, paper.extra[name], said, "the longer, or the larger number")
        lines += [line] if line else []
    return tuple(lines)


def _line(name: str, taken: str, said: Values, why: str) -> str:
    """What was taken from whom and why, and who says otherwise; "" where all that say something agree."""
    others = dict.fromkeys((value, source) for value, source in said if value and value != taken)
    if not taken or not others:
        return ""
    givers = list(dict.fromkeys(source for value, source in said if value == taken)) or ["several"]
    parts = [f"{source} has {_short(value)}" for value, source in others]
    return f"{name}: {_short(taken)} from {', '.join(givers)} ({why}); {'; '.join(parts)}"


def _short(value: str) -> str:
    flat = " ".join(value.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1].rstrip() + "…"


def _abstract(paper: Paper) -> str:
    if not paper.abstract:
        return ""
    # What begins alike may end otherwise: its length, and where it begins, tell two texts apart for a reader.
    kind = "a digest" if paper.abstract_kind == "digest" else "an abstract"
    return f"{kind} of {len(paper.abstract):,} characters (“{_short(paper.abstract)[:40].rstrip('… ')}…”)"


def _published(paper: Paper) -> str:
    return date_shown(paper)


def _why_text(copies: Sequence[Paper]) -> str:
    best, second = copies[0], next((copy for copy in copies[1:] if copy.abstract), None)
    if second is None:
        return "the only text"
    if best.abstract_kind != second.abstract_kind:
        return "an original before a digest"
    if is_mirror(second.abstract) and not is_mirror(best.abstract):
        return "links to the original site before links to a mirror"
    return "the longer text" if len(best.abstract) > len(second.abstract) else "texts of one length, by the alphabet"


def _why_published(copies: Sequence[Paper]) -> str:
    if len({coarse_date(copy) != "" for copy in copies if copy.published}) > 1:
        return "the more exact date"
    mixed = len({copy.published_inferred for copy in copies if copy.published}) > 1
    return "a year that its source says before one that was inferred" if mixed else "the earlier date"


def _always(reason: str) -> Callable[[Sequence[Paper]], str]:
    return lambda _: reason


def _of_text(copies: Sequence[Paper]) -> str:
    return f"with the text: {_why_text(copies)}"


_FIELDS: tuple[tuple[str, Callable[[Paper], str], Callable[[Sequence[Paper]], str]], ...] = (
    ("title", lambda paper: paper.title, _of_text),
    ("abstract", _abstract, _why_text),
    ("published", _published, _why_published),
    ("authors", lambda paper: ", ".join(paper.authors), _always("the longer list")),
    ("author_count", lambda paper: str(paper.author_count or ""), _always("the larger number")),
    ("url", lambda paper: paper.url or "", _always("the shorter address, of a mirror only where there is no other")),
    ("doi", lambda paper: paper.doi or "", _always("from the record with the better text")),
    ("arxiv_id", lambda paper: paper.arxiv_id or "", _always("from the record with the better text")),
    ("retraction", lambda paper: paper.retraction or "", _always("from the record with the better text")),
)


def sources_of(paper: Paper) -> Iterator[str]:
    """The names of the sources that the paper comes from, each once."""
    yield from dict.fromkeys(copy.source for copy in (paper.copies or (paper,)) if copy.source)

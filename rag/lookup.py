"""Questions about the metadata: dates, numbers of authors, who is first and last, how many there are.

What is answered is cited by field. How many papers lack the field is part of the answer, never passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.citations import Draft, Part, Quote
from rag.conditions import Conditions
from rag.model import Paper
from rag.names import title_name
from rag.question import Field, Order, Reading
from rag.text import shown

_SMALL = "No One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split()
MOST_LISTED = 30
_ABOUT: tuple[Field, ...] = ("published", "author_count", "authors", "url")


def about_papers(fields: Sequence[Field], papers: Sequence[Paper]) -> tuple[list[Draft], list[tuple[Paper, Field]]]:
    """What the metadata say of these papers: a sentence for each fact, and the facts that they do not have."""
    drafts: list[Draft] = []
    missing: list[tuple[Paper, Field]] = []
    wanted: list[Field] = [name for name in _ABOUT if name in fields]
    for paper in papers:
        for field in wanted:
            draft = _fact(paper, field)
            if draft is not None:
                drafts.append(draft)
            elif field != "author_count" or "authors" not in wanted:
                missing.append((paper, field))
    return drafts, missing


def _fact(paper: Paper, field: str) -> Draft | None:
    name = short_title(paper)
    if field == "published" and paper.published is not None:
        inferred = " (the year is inferred from the page)" if paper.published_inferred else ""
        return _sentence(f"{name} was published on {day(paper.published)}{inferred}.", paper, "published")
    if field == "authors" and paper.authors:
        return _sentence(f"{name} is by {', '.join(paper.authors)}.", paper, "authors")
    if field in ("authors", "author_count") and (count := _author_count(paper)) is not None:
        more = "; their names are not in the library" if field == "authors" else ""
        return _sentence(f"{name} has {count} author{'s' * (count != 1)}{more}.", paper, "author_count")
    if field == "url" and paper.url:
        return _sentence(f"{name} is at {paper.url}.", paper, "url")
    return None


def over_papers(reading: Reading, papers: Sequence[Paper]) -> tuple[list[Draft], str]:
    """The answer to a question about the whole library, or no drafts and what is missing.

    `papers` are all that may be counted (abstracts not needed); the conditions are those of the reading.
    """
    field = "author_count" if reading.order in ("most_authors", "fewest_authors") else "published"
    if reading.conditions.on_authors and not reading.order:
        field = "author_count"
    has = [paper for paper in papers if value(paper, field) is not None]
    chosen = [paper for paper in papers if reading.conditions.met_by(paper)]
    if reading.order:
        chosen = [paper for paper in chosen if value(paper, field) is not None]
        return _superlative(reading.order, chosen, has, len(papers), reading.fields)
    if reading.counting and not reading.conditions:
        return _count_all(papers), ""
    if not chosen:
        what = "a date" if field == "published" else "a known number of authors"
        return [], f"none of the {len(has)} papers with {what} ({len(papers)} in all) is {said(reading.conditions)}"
    chosen.sort(key=lambda paper: (str(value(paper, field)), paper.title))
    if field == "author_count":
        chosen.sort(key=lambda paper: (-(_author_count(paper) or 0), paper.title))
    return [_listing(chosen, field, len(has), len(papers), reading.fields)], ""


def _superlative(
    order: Order, chosen: Sequence[Paper], has: Sequence[Paper], total: int, fields: Sequence[Field]
) -> tuple[list[Draft], str]:
    if not chosen:
        what = "a date" if order in ("oldest", "newest") else "a known number of authors"
        return [], f"no paper that the question asks about has {what}"
    if order in ("oldest", "newest"):
        days = [paper.published for paper in chosen if paper.published]
        best_day = min(days) if order == "oldest" else max(days)
        best = [paper for paper in chosen if paper.published == best_day]
        told, field = f"published on {day(best_day)}", "published"
        word, among = str(order), f"{len(has)} papers with a date"
    else:
        counts = [count for count in map(_author_count, chosen) if count is not None]
        most = max(counts) if order == "most_authors" else min(counts)
        best = [paper for paper in chosen if _author_count(paper) == most]
        told, field = f"with {most} author{'s' * (most != 1)}", "author_count"
        word = "one with the most authors" if order == "most_authors" else "one with the fewest authors"
        among = f"{len(has)} papers whose number of authors is known"
    rest = "" if len(has) == total else f" ({total} in the library)"
    parts = [
        Part(
            f"Of the {among}{rest}, the {word} is "
            if len(best) == 1
            else f"Of the {among}{rest}, these share the place of the {word}: "
        )
    ]
    for n, paper in enumerate(best):
        joint = "" if n == 0 else (" and " if n == len(best) - 1 else ", ")
        parts.append(Part(f"{joint}{shown(paper.title)}, {told}", _quotes(paper, field)))
    parts.append(Part("."))
    drafts = [Draft(tuple(parts))]
    extra: list[Field] = [f for f in fields if f in ("published", "author_count", "authors") and f != field]
    if len(best) == 1 and extra:
        drafts += about_papers(extra, best)[0]
    return drafts, ""


def _listing(chosen: Sequence[Paper], field: str, has: int, total: int, fields: Sequence[Field]) -> Draft:
    count = len(chosen)
    what = "with a date" if field == "published" else "whose number of authors is known"
    head = f"{_SMALL[count] if count < len(_SMALL) else count} of the {has} papers {what}"
    without = total - has
    if without:
        head += f" ({without} more {'have' if without != 1 else 'has'} none)" if field == "published" else ""
    parts = [Part(f"{head}: ")]
    listed = chosen[:MOST_LISTED]
    for n, paper in enumerate(listed):
        joint = "" if n == 0 else (" and " if n == count - 1 else ", ")
        detail = day(paper.published) if field == "published" and paper.published else ""
        if field == "author_count":
            detail = f"{_author_count(paper)} authors"
        parts.append(Part(f"{joint}{shown(paper.title)} ({detail})", _quotes(paper, field)))
    if count > MOST_LISTED:
        parts.append(Part(f" and {count - MOST_LISTED} more"))
    parts.append(Part("."))
    return Draft(tuple(parts))


def _count_all(papers: Sequence[Paper]) -> list[Draft]:
    dated = sum(paper.published is not None for paper in papers)
    return [Draft((Part(f"The library has {len(papers)} papers, {dated} of them with a date."),))]


def said(conditions: Conditions) -> str:
    """The conditions in words: "from March 2024", "with more than 5 authors"."""
    words = []
    if conditions.since and conditions.since == conditions.until:
        words.append(f"from {day(conditions.since)}")
    else:
        words += [f"from {day(conditions.since)} on"] if conditions.since else []
        words += [f"from {day(conditions.until)} or before"] if conditions.until else []
    if conditions.year or conditions.month:
        month = date(2000, conditions.month, 1).strftime("%B") if conditions.month else ""
        words.append("from " + " ".join(part for part in (month, str(conditions.year or "")) if part))
    low, high = conditions.min_authors, conditions.max_authors
    if low is not None and low == high:
        words.append(f"by {low} author{'s' * (low != 1)}")
    else:
        words += [f"by {low} authors or more"] if low is not None else []
        words += [f"by {high} authors or fewer"] if high is not None else []
    return " and ".join(words) or "such a paper"


def value(paper: Paper, field: str) -> object | None:
    """The value of a metadata field, or None; the number of authors may come from their names."""
    return _author_count(paper) if field == "author_count" else getattr(paper, field) or None


def _author_count(paper: Paper) -> int | None:
    return paper.author_count if paper.author_count is not None else (len(paper.authors) or None)


def _quotes(paper: Paper, field: str) -> tuple[Quote, ...]:
    found = value(paper, field)
    text = (
        found.isoformat() if isinstance(found, date) else ", ".join(found) if isinstance(found, tuple) else str(found)
    )
    return (Quote(paper, field=field, value=text),)


def _sentence(text: str, paper: Paper, field: str) -> Draft:
    return Draft((Part(text, _quotes(paper, field)),))


def day(value: date) -> str:
    """A date as people write it: "18 March 2024"."""
    return f"{value.day} {value.strftime('%B %Y')}"


def short_title(paper: Paper) -> str:
    """The title up to its colon where that is a name, else the whole title."""
    return title_name(paper.title) or shown(paper.title)


_FIELD_NAMES = {
    "published": "when it was published",
    "author_count": "how many authors it has",
    "authors": "who wrote it",
}


def missing_fields(missing: Sequence[tuple[Paper, Field]]) -> str:
    """One sentence on the fields that papers do not have; "" when there are none."""
    if not missing:
        return ""
    paper, field = missing[0]
    told = " or ".join(_FIELD_NAMES.get(name, f"its {name}") for _, name in missing if _ == paper)
    return f"The library does not say of {short_title(paper)} {told or field}."

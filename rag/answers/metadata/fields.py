"""Questions about the metadata: dates, numbers of authors, who is first and last, how many there are.

What is answered is cited by field. How many papers lack the field is part of the answer, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from rag.answers.metadata.facts import Field, day, when
from rag.answers.metadata.identity import author_in, place_of
from rag.answers.metadata.shortlist import MOST_LISTED, Shortlist, among, first_of, value
from rag.grounding.citations import Draft, Part, Quote
from rag.model import Paper, author_count, coarse_date, more_authors
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.reading import Reading
from rag.text import shown
from rag.text.names import PLACE_WORDS

_SMALL = "No One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split()
_CODE = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|huggingface\.co|[\w-]+\.github\.io)/"
)
_SIDE_BY_SIDE = 4
_ABOUT: tuple[Field, ...] = ("published", "author_count", "authors", "venue", "doi", "arxiv_id", "url", "title")


def about_papers(
    fields: Sequence[Field], papers: Sequence[Paper], *, place: int | None = None
) -> tuple[list[Draft], list[tuple[Paper, Field]]]:
    """What the metadata say of these papers: a sentence for each fact, and the facts that they do not have. Of their
    authors it is the one of a `place`, from 0 for the first, -1 for the last, where one is given and known."""
    drafts: list[Draft] = []
    missing: list[tuple[Paper, Field]] = []
    wanted: list[Field] = [name for name in _ABOUT if name in fields]
    for paper in papers:
        for field in wanted:
            draft = _fact(paper, field, place)
            if draft is not None:
                drafts.append(draft)
            elif field != "author_count" or "authors" not in wanted:
                missing.append((paper, field))
    return drafts, missing


def _fact(paper: Paper, field: Field, place: int | None = None) -> Draft | None:
    name = short_title(paper)
    if field == "published" and paper.published is not None:
        inferred = (
            " (the year is inferred from the page)" if paper.published_inferred and not coarse_date(paper) else ""
        )
        return _sentence(f"{name} was published {when(paper)}{inferred}.", paper, "published")
    if field == "authors" and place is not None and (there := author_in(paper, place)):
        return _sentence(f"The {PLACE_WORDS[place]} author of {name} is {there}.", paper, "authors")
    if field == "authors" and paper.authors:
        return _sentence(
            f"{name} is by {', '.join(paper.authors)}{' and others' if more_authors(paper) else ''}.", paper, "authors"
        )
    if field in ("authors", "author_count") and author_count(paper) is not None:
        more = "; their names are not in the library" if field == "authors" else ""
        return _sentence(f"{name} has {authors_counted(paper)}{more}.", paper, "author_count")
    if field == "title":
        called = f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else paper.doi or paper.id
        return _sentence(f"{called} is “{shown(paper.title)}”.", paper, "title")
    told = place_of(paper, field)
    return _sentence(f"{name} {told[0]}.", paper, told[1]) if told else None


def code_links(papers: Sequence[Paper]) -> list[Draft]:
    """Where the code of these papers is: a sentence for each whose address is that of a place where code is kept."""
    return [_sentence(f"{short_title(p)} is at {p.url}.", p, "url") for p in papers if p.url and _CODE.match(p.url)]


def over_papers(
    reading: Reading, papers: Sequence[Paper], *, fields: Sequence[Field] = (), side_by_side: bool = True
) -> tuple[list[Draft], str]:
    """The answer to a question over these papers, as `over_library` gives it over all (abstracts not needed).

    Where a few of them are set `side_by_side` by the question, all of them are told.
    """
    return _over(reading, among(reading, papers), fields, side_by_side=side_by_side)


def over_library(
    reading: Reading, index: LexicalIndex, *, fields: Sequence[Field] = (), counted: bool = True
) -> tuple[list[Draft], str]:
    """The answer to a question about the whole library, or no drafts and what is missing.

    The conditions are those of the reading. Without an order and conditions papers are `counted`, or also listed.
    `fields` are asked for besides, of the one paper that is found.
    """
    return _over(reading, first_of(reading, index, counted=counted), fields, counted=counted)


def _over(
    reading: Reading, short: Shortlist, fields: Sequence[Field], *, side_by_side: bool = True, counted: bool = True
) -> tuple[list[Draft], str]:
    if reading.order:
        return _superlative(reading, short, fields, side_by_side=side_by_side)
    if not reading.conditions:
        return [_all(short, listed=not counted)], ""
    if not short.chosen:
        what = "a date" if short.field == "published" else "a known number of authors"
        of = f"{short.other}{short.known} papers with {what} ({short.total} in all)"
        return [], f"none of the {of} is {said(reading.conditions)}"
    return [_listing(short)], ""


def _superlative(
    reading: Reading, short: Shortlist, fields: Sequence[Field], *, side_by_side: bool
) -> tuple[list[Draft], str]:
    chosen, field, total = short.papers, short.field, short.total
    order = reading.order
    by_date = order in ("oldest", "newest")
    if not chosen:
        return [], f"no paper that the question asks about has {'a date' if by_date else 'a known number of authors'}"
    ranked = sorted(chosen, key=lambda paper: paper.title)
    ranked.sort(key=lambda paper: _measure(paper, field), reverse=order in ("newest", "most_authors"))
    if reading.top > 1:
        best = ranked[: reading.top]
    else:
        values = sorted({_measure(paper, field) for paper in chosen}, reverse=order in ("newest", "most_authors"))
        place = values[min(reading.place, len(values)) - 1]
        best = [paper for paper in ranked if _measure(paper, field) == place]
    nth = {2: "second ", 3: "third ", 4: "fourth ", 5: "fifth "}.get(reading.place, "")
    word = f"{nth}{order}" if by_date else f"one with the {nth}{str(order).replace('_', ' ')}"
    papers = f"{short.known} paper{'s' * (short.known != 1)}"
    among = f"{papers} with a date" if by_date else f"{papers} whose number of authors is known"
    rest = "" if short.known == total else f" ({total} in all)"
    verb = (
        f"the {word} is "
        if len(best) == 1
        else f"the {len(best)} {word} are "
        if by_date
        else f"the {len(best)} {word[4:]} are "
    )

    def told(paper: Paper) -> str:
        return f"published {when(paper)}" if by_date and paper.published else f"with {authors_counted(paper)}"

    items = [(f"{short_title(paper)}, {told(paper)}", _quotes(paper, field)) for paper in best]
    drafts = [enumerated(f"Of the {among}{rest}, {verb}", items, count=len(best))]
    told_already = ("published",) if by_date else ("author_count", "authors")
    extra: list[Field] = [f for f in fields if f in _ABOUT[:3] and f not in told_already]
    if len(best) == 1 and extra:
        drafts += about_papers(extra, best)[0]
    if side_by_side and total <= _SIDE_BY_SIDE:  # the papers that a question sets side by side
        drafts += about_papers([field], [paper for paper in ranked if paper not in best])[0]
    return drafts, ""


def _measure(paper: Paper, field: str) -> int:
    """The day of a paper, or its number of authors, as a number to sort by."""
    if field == "published":
        return paper.published.toordinal() if paper.published else 0
    return author_count(paper) or 0


def _listing(short: Shortlist) -> Draft:
    count, field, has, total = short.chosen, short.field, short.known, short.total
    what = "with a date" if field == "published" else "whose number of authors is known"
    head = f"{small_number(count)} of the {short.other}{has} papers {what}"
    without = total - has
    if without:
        head += f" ({without} more {'have' if without != 1 else 'has'} none)" if field == "published" else ""

    def detail(paper: Paper) -> str:
        return when(paper).partition(" ")[2] if field == "published" else authors_counted(paper)

    items = [(f"{short_title(paper)} ({detail(paper)})", _quotes(paper, field)) for paper in _first(short, field)]
    return enumerated(f"{head}: ", items, count=count)


def _first(short: Shortlist, field: str) -> list[Paper]:
    return sorted(short.papers, key=lambda paper: (-_measure(paper, field), paper.title))[:MOST_LISTED]


def enumerated(head: str, items: Sequence[tuple[str, tuple[Quote, ...]]], *, count: int) -> Draft:
    """One sentence: the head, the items with what each cites, and how many of `count` are not among them."""
    joints = ["", *[", "] * (len(items) - 1)]
    if len(items) == count > 1:
        joints[-1] = " and "
    parts = [Part(f"{joint}{text}", quotes) for joint, (text, quotes) in zip(joints, items, strict=False)]
    left = count - len(items)
    return Draft((Part(head), *parts, Part(f" and {left} more." if left else ".")))


def titles_enumerated(head: str, papers: Sequence[Paper], *, count: int) -> Draft:
    """One sentence: the head, the titles of papers up to their colons, and how many of `count` are not among them."""
    items = [(short_title(p), (Quote(p, field="title", value=p.title),)) for p in papers[:MOST_LISTED]]
    return enumerated(head, items, count=count)


def itemized(
    head: str, papers: Sequence[Paper], *, count: int, proof: Callable[[Paper], tuple[Quote, ...]]
) -> list[Draft]:
    """A line for each paper, with what proves that it belongs under the head, and how many of `count` are not shown."""
    lines = [Draft((Part(f"- {shown(p.title)}", proof(p)),), item=True) for p in papers[:MOST_LISTED]]
    left = count - len(lines)
    more = [Draft((Part(f"And {left} more, not shown here."),), item=True)] if left else []
    return [Draft((Part(head),)), *lines, *more]


def authors_counted(paper: Paper) -> str:
    """How many authors a paper has: "1 author", "5 authors"."""
    count = author_count(paper)
    return f"{count} author{'s' * (count != 1)}"


def small_number(count: int) -> str:
    """A number at the head of a sentence: in words up to twelve."""
    return _SMALL[count] if count < len(_SMALL) else str(count)


def _all(short: Shortlist, *, listed: bool) -> Draft:
    head = f"The library has {short.total} paper{'s' * (short.total != 1)}, {short.known} of them with a date"
    if not listed:
        return Draft((Part(f"{head}."),))
    return titles_enumerated(f"{head}: ", _first(short, "published"), count=short.total)


def count_people(index: LexicalIndex) -> list[Draft]:
    """How many people the papers name as authors."""
    names, having = index.counts_of_authors
    who = f"{names} author{'s' * (names != 1)}"
    told = f"The library names {who}; {having} of its {len(index.papers)} papers name theirs."
    return [Draft((Part(told),))]


def said(conditions: Conditions) -> str:
    """The conditions in words: "from March 2024", "with more than 5 authors"."""
    words = []
    if conditions.since and conditions.since == conditions.until:
        words.append(f"from {day(conditions.since)}")
    elif (
        conditions.since
        and conditions.until
        and (conditions.since.day, conditions.since.month) == (1, 1)
        and (conditions.until.day, conditions.until.month) == (31, 12)
    ):
        words.append(f"from {conditions.since.year} to {conditions.until.year}")
    else:
        words += [f"from {day(conditions.since)} on"] if conditions.since else []
        words += [f"from {day(conditions.until)} or before"] if conditions.until else []
    if conditions.year or conditions.month:
        month = date(2000, conditions.month, 1).strftime("%B") if conditions.month else ""
        words.append("from " + " ".join(part for part in (month, str(conditions.year or "")) if part))
    low, high = conditions.min_authors, conditions.max_authors
    if low is not None and low == high:
        words.append(f"with {low} author{'s' * (low != 1)}")
    else:
        words += [f"by {low} authors or more"] if low is not None else []
        words += [f"by {high} authors or fewer"] if high is not None else []
    return " and ".join(words) or "such a paper"


def _quotes(paper: Paper, field: str) -> tuple[Quote, ...]:
    found = (coarse_date(paper) if field == "published" else "") or value(paper, field)
    text = (
        found.isoformat() if isinstance(found, date) else ", ".join(found) if isinstance(found, tuple) else str(found)
    )
    return (Quote(paper, field=field, value=text),)


def _sentence(text: str, paper: Paper, field: str) -> Draft:
    return Draft((Part(text, _quotes(paper, field)),))


def short_title(paper: Paper) -> str:
    """The title up to its colon, which is how people cite it, or the whole title where it has none."""
    head, colon, _ = shown(paper.title).partition(":")
    return head.strip() if colon and len(head) > 1 else shown(paper.title)


# What is not known of a field: with the title, and after it.
_FIELD_NAMES = {
    "published": ("when {} was published", "when it was published"),
    "author_count": ("how many authors {} has", "how many authors it has"),
    "authors": ("who wrote {}", "who wrote it"),
    "url": ("where {} can be found", "where it can be found"),
    "venue": ("in which journal or at which meeting {} appeared", "where it appeared"),
    "doi": ("which DOI {} has", "which DOI it has"),
    "arxiv_id": ("which arXiv id {} has", "which arXiv id it has"),
}


def missing_fields(missing: Sequence[tuple[Paper, Field]], names: Mapping[str, str]) -> str:
    """One sentence on the fields that the first of these papers does not have; "" when there are none.

    `names` has by id what the work of a paper is called; it is called by its title otherwise.
    """
    if not missing:
        return ""
    paper = missing[0][0]
    (whole, _), *others = (_FIELD_NAMES[field] for of, field in missing if of == paper)
    told = [whole.format(names.get(paper.id) or f"“{short_title(paper)}”"), *(after for _, after in others)]
    return f"The library does not say {' or '.join(told)}."

"""The papers of a listing page, from its entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rag.model import Paper, Rejected
from rag.sources.fields.beside import says_more
from rag.sources.fields.people import MORE, listed
from rag.sources.fields.raw_text import TEXT_LIMIT, TITLE_LIMIT, clean_abstract, clean_title, too_long
from rag.sources.saved_pages.blocks import Block, Metadata, tokens_of
from rag.sources.saved_pages.entries import FURNITURE, Entries, Entry
from rag.sources.saved_pages.furniture import bare_title, people_in
from rag.sources.saved_pages.page_dates import first_year_after


def read_blocks(blocks: Iterable[Block], *, source: str, as_of: int | None) -> Iterator[Paper | Rejected]:
    """The entries in the order of the page. Dates without a year get `as_of`, or else the year of the page.

    A listing omits the year of its own snapshot: the first year that is later than every year on the page. Where no
    date has a year that cannot be told; the date is then kept in `extra` as it stands, and `published` is None.
    """
    entries = list(Entries(list(tokens_of(blocks))).found())
    dates = [entry.metadata.date for entry in entries if entry.metadata and entry.metadata.date]
    year = as_of if as_of is not None else first_year_after(dates)
    _name_people(entries)
    marked = [at for at, entry in enumerate(entries) if entry.marked]
    for at, entry in enumerate(entries):
        if len(marked) == 1 and entry.marked:  # the page of one paper
            entry.unsure = entry.unsure or entry.above
        below = bool(marked) and at > marked[0] and not (entry.marked or entry.people or entry.metadata)
        yield _paper(entry, source=source, year=year, of_another=below and bool(entry.paragraphs))


def entries_in(blocks: Iterable[Block]) -> int:
    """How many entries the page has whose title is one, or one of two lines."""
    return sum(not entry.doubtful for entry in Entries(list(tokens_of(blocks))).found())


def looks_like_page(blocks: Sequence[Block]) -> bool:
    """True when a line of metadata, or two lines of the head of the listing, are among the blocks."""
    if any(isinstance(token, Metadata) for token in tokens_of(blocks)):
        return True
    return sum(bool(FURNITURE.fullmatch(" ".join(block.text.split()))) for block in blocks) > 1


def _name_people(entries: Sequence[Entry]) -> None:
    """Tell people from titles where below each title of the page, and only there, stands the name of one person."""
    texts = [entry for entry in entries if entry.paragraphs]
    if len(texts) > 1 and all(entry.unsure is not None and entry.lines == 2 for entry in texts):
        for entry in texts:
            if entry.unsure is not None:
                entry.people, entry.title = people_in(entry.title.text, fewest=1), entry.unsure
                entry.unsure = entry.above = None


def _paper(entry: Entry, *, source: str, year: int | None, of_another: bool) -> Paper | Rejected:
    title = clean_title(bare_title(entry.title.text))
    abstract = clean_abstract("\n\n".join(paragraph.text for paragraph in entry.paragraphs)).strip()
    fault = too_long("title", title, TITLE_LIMIT) or too_long("abstract", abstract, TEXT_LIMIT)
    if not title and not abstract:
        fault = "the title has no characters that can be shown, and there is no abstract"
    if entry.doubtful:
        fault = f"{title[:60]!r} above a text is rather no title; write 'Title: ' before it if it is one"
    elif entry.unsure is not None:
        fault = (f"the title may be {title!r} or {clean_title(entry.unsure.text)!r}; write the title alone above its "
                 "abstract, or export BibTeX or RIS from where the page is from")  # fmt: skip
    elif of_another:
        fault = (f"what stands below {title[:60]!r} is not called an abstract, as one above it is; write 'Abstract' "
                 "above it if it is one")  # fmt: skip
    if fault:
        return Rejected(entry.title.line, fault)
    date = entry.metadata.date if entry.metadata else None
    published = date.on(year) if date else None
    extra: dict[str, str] = {}
    if date and date.count:
        extra["count"] = date.count
    if date and published is None:
        extra["date"] = date.text
    if entry.people and says_more(entry.people):
        extra[MORE] = "et al."
    return Paper(
        id="",
        title=title,
        abstract=abstract,
        url=entry.title.url,
        published=published,
        published_inferred=published is not None and date is not None and date.year is None,
        authors=tuple(listed(entry.people)) if entry.people else (),
        author_count=entry.metadata.author_count if entry.metadata else None,
        source=source,
        extra=extra,
    )

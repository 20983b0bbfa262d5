"""The papers of a listing page, from its entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.fields.beside import says_more
from rag.sources.fields.people import MORE, listed
from rag.sources.fields.raw_text import TEXT_LIMIT, TITLE_LIMIT, clean_abstract, clean_title, too_long
from rag.sources.saved_pages.blocks import Block, Metadata, is_prose, tokens_of
from rag.sources.saved_pages.entries import FURNITURE, Entries, Entry
from rag.sources.saved_pages.furniture import bare_title, is_called_title, people_in
from rag.sources.saved_pages.page_dates import first_year_after

_NO_SIGNS = (
    "has no papers in it: nothing says that it is of papers, neither a record in its head nor a heading 'Abstract', "
    "nor people, dates or links to papers beside titles; save the page of a paper itself, or export BibTeX or RIS"
)
_WORD = re.compile(r"[A-Z]?[a-z]+")
_SPEAKER = re.compile(r"[A-Z]\w*(?: \w+)?: ")
_PARTS = re.compile(
    r"[.!?]\s+[A-Z]\w*(?: \w+)?: |\A(?:Background|Objectives?|Aims?|Purpose|Motivation|Methods|Results): "
)


def read_blocks(
    blocks: Iterable[Block], *, source: str, as_of: int | None, signed: bool = False
) -> Iterator[Paper | Rejected]:
    """The entries in the order of the page. Dates without a year get `as_of`, or else the year of the page.

    A listing omits the year of its own snapshot: the first year that is later than every year on the page. Where no
    date has a year that cannot be told; the date is then kept in `extra` as it stands, and `published` is None. Where
    entries have to be `signed`, a page without signs of papers is none of papers.

    Raises:
        SourceError: the entries have no such signs.
    """
    entries = _entries(blocks)
    _name_people(entries)
    if signed and entries and not _have_signs(entries):
        raise SourceError(_NO_SIGNS)
    dates = [entry.metadata.date for entry in entries if entry.metadata and entry.metadata.date]
    year = as_of if as_of is not None else first_year_after(dates)
    marked = [at for at, entry in enumerate(entries) if entry.marked]
    for at, entry in enumerate(entries):
        if len(marked) == 1 and entry.marked:  # the page of one paper
            entry.unsure = entry.unsure or entry.above
        below = bool(marked) and at > marked[0] and not (entry.marked or entry.people or entry.metadata)
        yield _paper(entry, source=source, year=year, of_another=below and bool(entry.paragraphs))


def is_listing(blocks: Iterable[Block]) -> bool:
    """True where the entries have signs of papers, or where titles and abstracts alone stand there in turn.

    In a licence, an essay or a letter most paragraphs follow another one; in a listing most follow a title. What has
    parts of its own (a life, a manual) heads them with a word each; a title has several, or is a name.
    """
    blocks = list(blocks)
    entries = _entries(blocks)
    sure = [entry for entry in entries if not entry.doubtful]
    if not sure or _are_turns(sure):
        return False
    _name_people(entries)
    prose = sum(is_prose(block.text) and not FURNITURE.fullmatch(" ".join(block.text.split())) for block in blocks)
    if _have_signs(entries):
        return prose <= 2 * len(sure) or any(entry.marked for entry in entries)
    words = sum(_WORD.fullmatch(entry.title.text.strip()) is not None for entry in sure)
    titled = len(sure) == 1 or 2 * words < len(sure)
    more_lines = sum(entry.lines > 1 for entry in sure)
    return titled and prose < 2 * len(entries) and 2 * more_lines <= len(sure)


def _entries(blocks: Iterable[Block]) -> list[Entry]:
    return list(Entries(list(tokens_of(blocks))).found())


def _have_signs(entries: Sequence[Entry]) -> bool:
    """True where something beside title and text says that papers are meant: for one entry plainly, else for half.

    A heading above the abstract does, metadata, a link to a paper, people; of a single entry more than one, since a
    report names who wrote it as well.
    """
    if len(entries) == 1:
        return _is_signed(entries[0]) or len(listed(entries[0].people or "")) > 1
    return 2 * sum(_is_signed(entry) or bool(entry.people) for entry in entries) >= len(entries)


def _is_signed(entry: Entry) -> bool:
    return entry.marked or entry.metadata is not None or entry.title.linked or is_called_title(entry.title.text)


def _are_turns(entries: Sequence[Entry]) -> bool:
    """True for what is said in turn: each title and each text begins with a label, which is the speaker's name.

    An abstract in parts has several of its own.
    """
    pairs = [(entry.title.text, entry.paragraphs[0].text if entry.paragraphs else "") for entry in entries]
    return all(
        _SPEAKER.match(title) and not is_called_title(title) and _SPEAKER.match(text) and not _PARTS.search(text)
        for title, text in pairs
    )


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

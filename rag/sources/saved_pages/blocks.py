"""From the blocks of a listing page, whatever it was saved as, to its entries.

An entry is a title, then an abstract of one or more paragraphs, then perhaps metadata: `• N authors`, `·`, a date. All
else on a page (its head and foot, the date of the page itself) is furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from rag.model import Paper, Rejected
from rag.sources.fields.raw_text import TEXT_LIMIT, TITLE_LIMIT, clean_abstract, clean_title, too_long
from rag.sources.saved_pages.page_dates import PageDate, first_year_after, parse_date


@dataclass(frozen=True)
class Block:
    """A run of lines that stand together on the page, the number of the first, and the page that a title links to."""

    text: str
    line: int = 0
    url: str | None = None


@dataclass
class _Metadata:
    author_count: int
    date: PageDate | None = None
    block: Block | None = None  # the block that brought the date

    def takes(self, line: str, block: Block) -> bool:
        """True when the line goes on with the metadata; it is then part of it."""
        if line == "·":
            return True
        if self.date is None:
            self.date, self.block = parse_date(line.removeprefix("·").strip()), block
            return self.date is not None
        # A number in a block of its own is rather a page number of the foot.
        if self.date.count is None and self.block is block and _COUNT.fullmatch(line):
            self.date = replace(self.date, count=line)
            return True
        return False


@dataclass
class _Entry:
    title: Block
    paragraphs: list[Block] = field(default_factory=list)
    metadata: _Metadata | None = None


_AUTHORS = re.compile(r"(?:[•·*-]\s*)?([0-9]{1,5})\s+authors?(?:\s*·\s*(?P<date>.*))?", re.IGNORECASE)
_COUNT = re.compile(r"[0-9][0-9.,]*k?")
_FURNITURE = re.compile(
    r"new|subscribe|(?:sign|log) ?(?:up|in)|previous|next|(?:daily|trending) papers"
    r"|get trending papers in your email inbox.*|by\s*ak and the research community"
    r"|(?:©|copyright\b).*|.*\ball rights reserved\b.*|we use cookies\b.*",
    re.IGNORECASE,
)

# What stands on buttons and behind labels, also between a title and its abstract.
_BUTTON = re.compile(
    r"(?:(?:view|download|open|read|get|see|full|save|access) (?:as |the )?)?(?:pdf|html|bibtex|paper|abstract|ris"
    r"|full[- ]?text(?: (?:links?|pdf|html|options?))?|citations?|article)|show (?:more|less|all)"
    r"|(?:similar|related|recommended) (?:articles|papers|works)|cited by(?: \d+)?|(?:copy|permanent) link"
    r"|export citation"
    r"|supplementary (?:materials?|information|data)|add to (?:library|favou?rites|collections)"
    r"|(?:author information|doi|pmid|pmcid|issn|isbn|subjects|cite as|conflict of interest[\w ]*)\s?:.{0,300}"
    r"|more|less|share|cite(?: as)?|save|bookmark|references|comments|abstract|authors?|keywords?|skip to .{1,40}"
    r"|\[?(?:pdf|ps|html|other|bibtex)\]?(?:[ ,|\[\]]+(?:pdf|ps|html|other|bibtex)\]?)*",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.…。][\"'”’)\]]*$")
_SENTENCE_BREAK = re.compile(r"\w\w[\"'”’)\]]*\. +[\"'“‘(\[]?[A-Z]|[。！？].")
_LONGEST_TITLE = 420
_LINK = re.compile(r"https?://|www\.")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def read_blocks(blocks: Iterable[Block], *, source: str, as_of: int | None) -> Iterator[Paper | Rejected]:
    """The entries in the order of the page. Dates without a year get `as_of`, or else the year of the page.

    A listing omits the year of its own snapshot: the first year that is later than every year on the page. Where no
    date has a year that cannot be told; the date is then kept in `extra` as it stands, and `published` is None.
    """
    entries = list(_entries(list(_tokens(blocks))))
    dates = [entry.metadata.date for entry in entries if entry.metadata and entry.metadata.date]
    year = as_of if as_of is not None else first_year_after(dates)
    for entry in entries:
        yield _paper(entry, source=source, year=year)


def looks_like_page(blocks: Sequence[Block]) -> bool:
    """True when a line of metadata, or two lines of the head of the listing, are among the blocks."""
    if any(isinstance(token, _Metadata) for token in _tokens(blocks)):
        return True
    return sum(bool(_FURNITURE.fullmatch(" ".join(block.text.split()))) for block in blocks) > 1


def is_furniture(text: str) -> bool:
    """True for a line of the head or foot of a listing, and for a date that stands alone."""
    line = " ".join(text.split())
    return bool(_FURNITURE.fullmatch(line) or _BUTTON.fullmatch(line)) or parse_date(line) is not None


def is_prose(text: str) -> bool:
    """True for what reads as an abstract, or as a paragraph of one, and not as a title."""
    line = " ".join(text.split())
    length = len(line)
    # The longest titles have about 250 characters, and few end with a full stop.
    if length >= 300 or (length >= 40 and _SENTENCE_END.search(line)):
        return True
    # An abstract that a listing cut off is told by its case: in a title of that length the longer words have capitals.
    return length >= 140 and (bool(_SENTENCE_BREAK.search(line)) or _lower_share(line) >= 0.35)


def _lower_share(line: str) -> float:
    """The share of the longer words that begin with a small letter: low in a title, high in a sentence."""
    words = _LONG_WORD.findall(line)
    return sum(word[0].islower() for word in words) / len(words) if words else 0.0


def _tokens(blocks: Iterable[Block]) -> Iterator[Block | _Metadata]:
    """The blocks, with the lines of metadata taken out of them and put together, wherever the page broke them up."""
    metadata: _Metadata | None = None
    for block in blocks:
        text: list[str] = []
        first = block.line
        for number, line in enumerate(block.text.split("\n"), block.line):
            bare = " ".join(line.split())
            authors = _AUTHORS.fullmatch(bare)
            if authors is None and metadata is not None:
                if metadata.takes(bare, block):
                    continue
                yield metadata
                metadata = None
            if authors is None:
                first = first if text else number
                text.append(line)
                continue
            if text:
                yield Block("\n".join(text), line=first, url=block.url)
                text = []
            if metadata is not None:
                yield metadata
            metadata = _Metadata(int(authors[1]), parse_date(authors["date"] or ""), block)
        if text:
            yield Block("\n".join(text), line=first, url=block.url)
    if metadata is not None:
        yield metadata


def _entries(tokens: Sequence[Block | _Metadata]) -> Iterator[_Entry]:
    title: Block | None = None  # the last block, if it may be a title
    closed = False  # metadata have just ended an entry
    entry: _Entry | None = None  # what the next paragraph or the next metadata belongs to
    for token, following in zip_longest(tokens, tokens[1:]):
        if isinstance(token, _Metadata):
            entry = _Entry(title) if title is not None else entry
            if entry is not None:
                entry.metadata = token
                yield entry
            title = entry = None
            closed = True
            continue
        if title is not None and _BUTTON.fullmatch(" ".join(token.text.split())) and entry is None:
            continue  # a button between a title and its abstract
        furniture = is_furniture(token.text)
        prose = not furniture and is_prose(token.text) and not _is_title_before(token, following, opens=closed)
        closed = False
        if prose and title is not None:
            entry, title = _Entry(title, [token]), None
        elif entry is not None and not furniture and _continues(token, prose=prose):
            entry.paragraphs.append(token)
        else:
            if entry is not None:
                yield entry
            entry = None
            title = None if furniture or prose or _LINK.search(token.text) else token
    if entry is not None:
        yield entry


def _continues(block: Block, *, prose: bool) -> bool:
    """True when the block after an abstract is a further paragraph of it: neither a title nor a line of the foot."""
    return bool(_LINK.search(block.text)) or (prose and len(block.text) >= 160)


def _is_title_before(block: Block, following: Block | _Metadata | None, *, opens: bool) -> bool:
    """True for what only reads as prose because it is a long title or has a full stop: an abstract follows it.

    `opens` says that the block can be no abstract, since no title stands before it: after metadata.
    """
    line = " ".join(block.text.split())
    limit = 0.6 if len(line) <= 200 and not _SENTENCE_BREAK.search(line) else 0.35
    if len(line) > _LONGEST_TITLE or _LINK.search(line) or (_lower_share(line) >= limit and not opens):
        return False
    return isinstance(following, Block) and is_prose(following.text) and (not opens or _longer(following, line))


def _longer(block: Block, line: str) -> bool:
    return len(block.text) > len(line) or len(line) <= 200


def _paper(entry: _Entry, *, source: str, year: int | None) -> Paper | Rejected:
    title = clean_title(entry.title.text)
    abstract = clean_abstract("\n\n".join(paragraph.text for paragraph in entry.paragraphs)).strip()
    fault = too_long("title", title, TITLE_LIMIT) or too_long("abstract", abstract, TEXT_LIMIT)
    if not title and not abstract:
        fault = "the title has no characters that can be shown, and there is no abstract"
    if fault:
        return Rejected(entry.title.line, fault)
    date = entry.metadata.date if entry.metadata else None
    published = date.on(year) if date else None
    extra: dict[str, str] = {}
    if date and date.count:
        extra["count"] = date.count
    if date and published is None:
        extra["date"] = date.text
    return Paper(
        id="",
        title=title,
        abstract=abstract,
        url=entry.title.url,
        published=published,
        published_inferred=published is not None and date is not None and date.year is None,
        author_count=entry.metadata.author_count if entry.metadata else None,
        source=source,
        extra=extra,
    )

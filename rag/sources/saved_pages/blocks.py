"""From the blocks of a listing page, whatever it was saved as, to its entries.

An entry is a title, then an abstract of one or more paragraphs, then perhaps metadata: `• N authors`, `·`, a date. All
else on a page (its head and foot, the date of the page itself) is furniture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from rag.model import Paper, Rejected
from rag.sources.fields.notices import without_notice
from rag.sources.fields.people import listed
from rag.sources.fields.raw_text import TEXT_LIMIT, TITLE_LIMIT, clean_abstract, clean_title, too_long
from rag.sources.saved_pages.furniture import (
    are_people,
    goes_on,
    is_button,
    is_furniture,
    is_head,
    is_part,
    is_section,
)
from rag.sources.saved_pages.page_dates import PageDate, first_year_after, parse_date


@dataclass(frozen=True)
class Block:
    """Lines that stand together on the page, the number of the first, and the page that a title links to.

    The level is that of a heading, from 1, or 0.
    """

    text: str
    line: int = 0
    url: str | None = None
    level: int = 0


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
    people: str = ""
    in_parts: bool = False


_AUTHORS = re.compile(r"(?:[•·*-]\s*)?([0-9]{1,5})\s+authors?(?:\s*·\s*(?P<date>.*))?", re.IGNORECASE)
_COUNT = re.compile(r"[0-9][0-9.,]*k?")
_SENTENCE_END = re.compile(r"[.…。][\"'”’)\]]*$")
_SENTENCE_BREAK = re.compile(r"\w\w[\"'”’)\]]*\. +[\"'“‘(\[]?[A-Z]|[。！？].")
_LONGEST_TITLE = 420
_LINK = re.compile(r"https?://|www\.")
_NO_TITLE = re.compile(r"https?://|www\.|[,:]\s*\Z")
_MARK = re.compile(r"(?:\[\d{1,3}\]|\(?\d{1,3}[.)]|#{1,6}|>)\s+|(?:title|paper \d+)\s?:\s*", re.IGNORECASE)
_UNDERLINE = re.compile(r"\s[=~-]{3,}\Z")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def read_blocks(blocks: Iterable[Block], *, source: str, as_of: int | None) -> Iterator[Paper | Rejected]:
    """The entries in the order of the page. Dates without a year get `as_of`, or else the year of the page.

    A listing omits the year of its own snapshot: the first year that is later than every year on the page. Where no
    date has a year that cannot be told; the date is then kept in `extra` as it stands, and `published` is None.
    """
    entries = list(_entries(list(_tokens(blocks))))
    dates = [entry.metadata.date for entry in entries if entry.metadata and entry.metadata.date]
    year = as_of if as_of is not None else first_year_after(dates)
    # One name under a title may be more of it, unless other titles have people there.
    peopled = any(are_people(entry.title.text.rpartition("\n")[2]) for entry in entries)
    for entry in entries:
        yield _paper(entry, source=source, year=year, peopled=peopled)


def looks_like_page(blocks: Sequence[Block]) -> bool:
    """True when a line of metadata, or two lines of the head of the listing, are among the blocks."""
    if any(isinstance(token, _Metadata) for token in _tokens(blocks)):
        return True
    return sum(is_head(block.text) for block in blocks) > 1


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
                yield replace(block, text="\n".join(text), line=first)
                text = []
            if metadata is not None:
                yield metadata
            metadata = _Metadata(int(authors[1]), parse_date(authors["date"] or ""), block)
        if text:
            yield replace(block, text="\n".join(text), line=first)
    if metadata is not None:
        yield metadata


def _entries(tokens: Sequence[Block | _Metadata]) -> Iterator[_Entry]:
    title: Block | None = None  # the last block, if it may be a title
    closed = False  # metadata have just ended an entry
    entry: _Entry | None = None  # what the next paragraph or the next metadata belongs to
    people = part = ""  # what stands between a title and its abstract
    rank = _ranks(tokens)
    for token, following in zip_longest(tokens, tokens[1:]):
        if isinstance(token, _Metadata):
            entry = _Entry(title, people=people) if title is not None else entry
            if entry is not None:
                entry.metadata = token
                yield entry
            title = entry = None
            people, part, closed = "", "", True
            continue
        if entry is not None and (part or (entry.in_parts and is_part(token.text))):
            if not part:
                part = token.text
                continue
            entry.paragraphs.append(_behind(part, token))
            part = ""
            continue
        if title is not None and are_people(token.text):
            people = token.text
            continue
        short = not is_prose(token.text)
        if (
            title is not None
            and short
            and (is_button(token.text) or is_section(token.text) or rank(title) < rank(token))
        ):
            part = token.text if is_part(token.text) else ""
            continue
        furniture = is_furniture(token.text)
        prose = not furniture and not short and not _is_title_before(token, following, opens=closed)
        closed = False
        if prose and title is not None:
            entry = _Entry(title, [_behind(part, token)], people=people, in_parts=bool(part))
            title = None
        elif entry is not None and not furniture and _continues(token, prose=prose):
            entry.paragraphs.append(token)
        else:
            if entry is not None:
                yield entry
            entry = None
            title = None if furniture or prose or _NO_TITLE.search(token.text) else token
        people = part = ""
    if entry is not None:
        yield entry


def _behind(part: str, block: Block) -> Block:
    """The paragraph behind the heading of its part of the abstract."""
    return replace(block, text=f"{part.strip(' :')}: {block.text}") if part else block


def _ranks(tokens: Sequence[Block | _Metadata]) -> Callable[[Block], int]:
    """How far a block is from being such a heading as the titles of the page are; all are alike where none are.

    What stands between two abstracts has one of them: that of the level that most have, or else the highest.
    """
    groups: list[list[int]] = [[]]
    for token in tokens:
        if isinstance(token, Block) and is_prose(token.text):
            groups.append([])
        elif isinstance(token, Block) and not is_furniture(token.text):
            groups[-1].append(token.level)
    highest = [min(filter(None, levels), default=0) for levels in groups[:-1] if levels]
    if not all(highest):
        return lambda block: 0
    usual = Counter(highest[1:]).most_common(1)
    return lambda block: 0 if usual and block.level == usual[0][0] else block.level or 9


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


def _paper(entry: _Entry, *, source: str, year: int | None, peopled: bool) -> Paper | Rejected:
    lines = entry.title.text.split("\n")
    people = [entry.people] if entry.people else []
    while len(lines) > 1 and are_people(lines[-1], least=1 if peopled else 2) and not goes_on(lines[-2]):
        people.append(lines.pop())
    title = clean_title(_UNDERLINE.sub("", "\n".join(lines).rstrip()))
    title = title[found.end() :] if (found := _MARK.match(title)) else title
    title = title[2:-2] if title.startswith("**") and title.endswith("**") else title
    abstract = without_notice([clean_abstract("\n\n".join(paragraph.text for paragraph in entry.paragraphs)).strip()])
    names = [name for line in people for name in listed(line)]
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
        authors=tuple(names),
        author_count=entry.metadata.author_count if entry.metadata else None,
        source=source,
        extra=extra,
    )

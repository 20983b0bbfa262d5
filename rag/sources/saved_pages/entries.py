"""From the blocks of a listing page, whatever it was saved as, to its entries.

An entry is a title, then perhaps people, then an abstract of one or more paragraphs, then perhaps metadata: `• N
authors`, `·`, a date. All else on a page (its head and foot, buttons, the date of the page itself) is furniture. Where
the page has a line "Abstract", only what stands below such a line is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from rag.sources.saved_pages.blocks import SENTENCE_BREAK, Block, Metadata, is_prose, lower_share
from rag.sources.saved_pages.furniture import (
    begins_abstract,
    begins_people,
    begins_summary,
    inline_abstract,
    is_institution,
    is_labelled,
    is_no_title,
    part_of_abstract,
    people_in,
)
from rag.sources.saved_pages.page_dates import parse_date

FURNITURE = re.compile(
    r"new|subscribe|(?:sign|log) ?(?:up|in)|previous|next|(?:daily|trending) papers"
    r"|get trending papers in your email inbox.*|by\s*ak and the research community"
    r"|(?:©|copyright\b).*|.*\ball rights reserved\b.*|we use cookies\b.*"
    r"|(?:author information|conflict of interest[\w ]*)\s?:.{0,300}|skip to .{1,40}",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(r"[A-Z][A-Za-z ]{2,40}: ")
_LONGEST_TITLE = 420
_LINK = re.compile(r"https?://|www\.")


@dataclass
class Entry:
    """What a page says of one paper, by its blocks; it lives until the paper is made of it."""

    title: Block
    paragraphs: list[Block] = field(default_factory=list)
    metadata: Metadata | None = None
    people: str | None = None
    marked: bool = False
    """True where a line says that what follows is the abstract."""
    unsure: Block | None = None
    """A line that may as well be the title."""
    doubtful: bool = False
    """True where what stands for the title is rather a button, a label or a list of people."""
    lines: int = 1
    """How many lines may be the title."""
    above: Block | None = None
    """The last line above the title that may be one; in a list it is a heading."""


@dataclass
class _Run:
    """What stands since the last entry; it lives until the next one."""

    titles: list[Block] = field(default_factory=list)
    people: str | None = None
    marked: bool = False
    part: str | None = None
    summary: bool = False
    named: bool = False
    """True where a line says that people follow."""
    again: bool = False
    """True where the line before this one says so: Zotero's report has it before each of them."""
    doubtful: Block | None = None
    """The last line that is rather no title, where none stands above it."""
    other: Block | None = None
    """A line below the people of the title that may be the title of another entry."""


class Entries:
    """The entries of a page from its blocks; it lives while they are found."""

    def __init__(self, tokens: Sequence[Block | Metadata]) -> None:
        self._tokens = tokens
        self._run = _Run()
        self._entry: Entry | None = None  # what the next paragraph or the next metadata belongs to
        self._headings = any(isinstance(token, Block) and token.level for token in tokens)
        self._level = _level_of_titles(tokens) if self._headings else -1

    def found(self) -> Iterator[Entry]:
        """The entries in order."""
        closed = False  # metadata have just ended an entry
        for token, following in zip_longest(self._tokens, self._tokens[1:]):
            if isinstance(token, Metadata):
                entry = self._begun() if self._run.titles else self._entry
                if entry is not None:
                    entry.metadata = token
                    yield entry
                self._entry, self._run, closed = None, _Run(), True
                continue
            before, self._entry = self._entry, self._taken(token, following, opens=closed)
            closed = False
            if before is not None and before is not self._entry:
                yield before
        if self._entry is not None:
            yield self._entry

    def _taken(self, block: Block, following: Block | Metadata | None, *, opens: bool) -> Entry | None:
        """The entry that is open once the block has been taken."""
        entry, run = self._entry, self._run
        text = " ".join(block.text.split())
        said = inline_abstract(block.text)
        if begins_abstract(text) or said is not None:
            if entry is not None and not entry.marked and not run.titles:
                entry.paragraphs.clear()  # what stood above was no abstract
                entry.marked = True
            elif entry is None or run.titles:
                run.marked = True
            return self._prose(replace(block, text=said), labelled=True) if said is not None else self._entry
        if begins_summary(text):
            run.summary = True
            return entry
        if part := part_of_abstract(text):
            if entry is not None and entry.paragraphs and not _PART_BEFORE.match(entry.paragraphs[0].text):
                return None  # the sections of the paper itself begin
            run.part = part
            return entry
        if begins_people(text):
            run.named = run.again = True
            return None
        people = block.people or people_in(text, fewest=1 if run.named else 2)
        if people is None and (FURNITURE.fullmatch(text) or is_labelled(text)):
            self._doubt(block)
            return None
        if people is not None:
            if run.titles and entry is None:
                run.people = f"{run.people}; {people}" if run.people and run.again else run.people or people
                run.again = False
            else:
                self._doubt(block)
            return None
        prose = (entry is not None and bool(run.part)) or (
            is_prose(text) and not _is_title_before(block, following, opens=opens)
        )
        if prose:
            return self._prose(block)
        if _LINK.search(text) and entry is not None:
            entry.paragraphs.append(block)
            return entry
        if is_no_title(text):
            self._doubt(block)
        elif not _LINK.search(text):
            return self._candidate(block, following)
        return None

    def _doubt(self, block: Block) -> None:
        """Remember a line of several words that is rather no title, in text, which has no headings to tell it by."""
        if not self._run.titles:
            several = len(block.text.split()) > 1 and not parse_date(block.text) and not FURNITURE.fullmatch(block.text)
            self._run.doubtful = block if several and not self._headings else None

    def _candidate(self, block: Block, following: Block | Metadata | None) -> Entry | None:
        """Keep a line that may be a title. Below people it says where they work, or begins an entry of its own."""
        run = self._run
        if self._entry is not None or not run.titles:
            self._run = _Run([block])
        elif run.people is not None:
            if isinstance(following, Block) and not is_institution(block.text):
                if following.people or people_in(following.text):
                    entry, self._run = self._begun(), _Run([block])
                    return entry
                run.other = run.other or (block if people_in(following.text, fewest=1) else None)
        elif len(run.titles) > 1 and is_institution(block.text) and people_in(run.titles[-1].text, fewest=1):
            run.people = people_in(run.titles.pop().text, fewest=1)
        else:
            run.titles.append(block)
        return None

    def _prose(self, block: Block, *, labelled: bool = False) -> Entry | None:
        """The entry that a paragraph belongs to."""
        run = self._run
        if run.summary:
            run.summary = False
            return None
        if run.part:
            block = replace(block, text=f"{run.part}: {block.text}")
        if self._entry is None and run.titles:
            entry = self._begun()
            entry.paragraphs.append(block)
            return entry
        if self._entry is not None and (run.part or labelled or len(block.text) >= 160):
            self._entry.paragraphs.append(block)
            run.part = None
            return self._entry
        if run.doubtful is not None and len(block.text) >= 160:
            self._run = _Run()
            return Entry(run.doubtful, [block], doubtful=True)
        return None

    def _begun(self) -> Entry:
        """The entry that the lines above begin."""
        run, self._run = self._run, _Run()
        title = run.titles[0]
        for other in run.titles[1:]:
            higher = other.level <= title.level if other.level and title.level else other.level >= title.level
            title = other if higher or other.level == self._level else title
        beside = next((other for other in reversed(run.titles) if other is not title), None)
        if not title.close and (title.level or not people_in(title.text, fewest=1)):
            beside = None
        above = next((other for other in reversed(run.titles) if other is not title and not title.level), None)
        return Entry(
            title, people=run.people, marked=run.marked, unsure=run.other or beside, above=above, lines=len(run.titles)
        )


def _level_of_titles(tokens: Sequence[Block | Metadata]) -> int:
    """The level of heading, 0 for none, at which the titles of several entries stand; -1 where there is none."""
    runs: list[list[int]] = [[]]
    for token in tokens:
        if isinstance(token, Metadata) or is_prose(token.text):
            runs += [[]] if runs[-1] else []
        elif not is_no_title(token.text) and not is_labelled(token.text) and not people_in(token.text):
            runs[-1].append(token.level)
    runs = [run for run in runs if run]
    in_all = set.intersection(*map(set, runs)) - {0} if len(runs) > 1 else set()
    [(nearest, times)] = Counter(run[-1] for run in runs).most_common(1) or [(0, 0)]
    return max(in_all, default=nearest if times > 1 else -1)


def _is_title_before(block: Block, following: Block | Metadata | None, *, opens: bool) -> bool:
    """True for what only reads as prose because it is a long title or has a full stop: an abstract follows it.

    `opens` says that the block can be no abstract, since no title stands before it: after metadata.
    """
    line = " ".join(block.text.split())
    limit = 0.6 if len(line) <= 200 and not SENTENCE_BREAK.search(line) else 0.35
    if len(line) > _LONGEST_TITLE or _LINK.search(line) or (lower_share(line) >= limit and not opens):
        return False
    return isinstance(following, Block) and is_prose(following.text) and (not opens or _longer(following, line))


def _longer(block: Block, line: str) -> bool:
    return len(block.text) > len(line) or len(line) <= 200

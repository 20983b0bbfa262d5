"""Which records are one paper, what one paper with two records looks like, and what a paper without an id is called."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Container
from dataclasses import replace
from typing import Literal

from rag.model import Paper

_SLUG_LENGTH = 60
_SAME_TEXT = 0.85

# What LaTeX leaves in a title around the letters that count: {\mu}-Bench, M^{2}UGen, \textit{In} context.
_LATEX_FONT = re.compile(r"\\(?:text|math)(?:bf|it|rm|sf|sc|tt|bb|cal|frak)?(?![a-zA-Z])|\\emph(?![a-zA-Z])")
_LATEX_MARKUP = re.compile(r"[\\^{}$]")
_GREEK_NAME = re.compile(r"GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?([A-Z]+)")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_LINK = re.compile(r"https?://\S+")

# One page rewrites each https://huggingface.co/… into https://hf-mirror.<number>.workers.dev./…: the path is the same,
# the host is not the project's own. So of two copies, the one whose links have no host with the word "mirror" in it is
# the original. An abstract that exists only with rewritten links stays as it is on its page.
_MIRROR_LINK = re.compile(r"https?://[^/\s]*\bmirror\b", re.IGNORECASE)


def title_key(title: str) -> str:
    """The letters and digits of the title, without case, Greek letters by name: equal for two spellings of a title.

    It is empty for a title without letters and digits.
    """
    return "".join(filter(str.isalnum, _plain(unicodedata.normalize("NFKC", title)).casefold()))


def slug(title: str) -> str:
    """A readable name in lower-case ASCII with hyphens, never empty: the same for the same title, always.

    It is cut at a word near 60 characters. Where letters cannot be spelled in ASCII a hash of the title stands for
    them; a title in Chinese is "paper-" and 8 hexadecimal digits.
    """
    plain = unicodedata.normalize("NFKD", _plain(unicodedata.normalize("NFKC", title))).lower()
    plain = re.sub(r"['’`]", "", plain)
    name = "-".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))
    if len(name) > _SLUG_LENGTH:
        name = name[: _SLUG_LENGTH + 1].rpartition("-")[0] or name[:_SLUG_LENGTH]
    if name and not any(c.isalpha() and not c.isascii() for c in plain):
        return name
    return f"{name or 'paper'}-{_hex(title_key(title) or title, 8)}"


def _plain(title: str) -> str:
    """The title without LaTeX markup, with Greek letters by name."""
    return _GREEK.sub(_greek_name, _LATEX_MARKUP.sub("", _LATEX_FONT.sub("", title)))


def _greek_name(letter: re.Match[str]) -> str:
    name = _GREEK_NAME.match(unicodedata.name(letter[0], ""))
    # Unicode spells it LAMDA.
    return name[1].lower().replace("lamda", "lambda") if name else letter[0]


def _hex(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def same_paper(a: Paper, b: Paper) -> bool:
    """True when two records are of one paper.

    Two ids decide alone: a judged collection keeps its ids. Otherwise the titles must agree, and the abstracts too
    unless there is nothing to compare: one is a digest of the other, or is missing. Two papers may share a title.
    """
    if a.id and b.id:
        return a.id == b.id
    if title_key(a.title) != title_key(b.title):
        return False
    if title_key(a.title) and (not a.abstract or not b.abstract or a.abstract_kind != b.abstract_kind):
        return True
    return _nearly_same_text(a.abstract, b.abstract)


def _nearly_same_text(a: str, b: str) -> bool:
    """True when the words are, links aside, nearly the same, or one text is the beginning of the other."""
    words_a, words_b = _words(a), _words(b)
    if not words_a or not words_b:
        return bool(a) and a == b
    # Some listings cut abstracts off, in the middle of a word or with an ellipsis.
    short, long = sorted((" ".join(words_a), " ".join(words_b)), key=len)
    if long.startswith(short):
        return True
    set_a, set_b = set(words_a), set(words_b)
    return len(set_a & set_b) >= _SAME_TEXT * len(set_a | set_b)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _LINK.sub(" ", unicodedata.normalize("NFKC", text).casefold()))


def merge(a: Paper, b: Paper) -> Paper:
    """The richest record of the two, whichever comes first.

    Title, abstract and source come together from the better text: any text over none, an original over a digest, links
    to the original site over links to a mirror, then the longer. Each other field comes from whichever has it; an id
    that was given over none, a date with its own year over one whose year was worked out, then the earlier date.
    """
    text, other = sorted((a, b), key=_text_rank)
    published, inferred = min(((p.published, p.published_inferred) for p in (a, b)), key=_date_rank)
    return replace(
        text,
        id=min((p.id for p in (a, b)), key=lambda id: (not id, id)),
        title=text.title or other.title,
        url=min((a.url, b.url), key=_url_rank),
        published=published,
        published_inferred=inferred,
        authors=min((a.authors, b.authors), key=lambda authors: (-len(authors), authors)),
        author_count=max((p.author_count for p in (a, b)), key=lambda n: -1 if n is None else n),
        extra={name: _richer_extra(a, b, name) for name in sorted({*a.extra, *b.extra})},
    )


def _text_rank(paper: Paper) -> tuple[object, ...]:
    """Lower is better. The last items only make the order total, so that the order of the records does not matter."""
    return (
        not paper.abstract,
        paper.abstract_kind == "digest",
        len(_MIRROR_LINK.findall(paper.abstract)),
        -len(paper.abstract),
        paper.abstract,
        -len(paper.title),
        paper.title,
        paper.source is None,
        paper.source or "",
    )


def _date_rank(dated: tuple[object, bool]) -> tuple[bool, bool, str]:
    published, inferred = dated
    return published is None, inferred, str(published)


def _url_rank(url: str | None) -> tuple[bool, bool, int, str]:
    return url is None, bool(_MIRROR_LINK.match(url or "")), len(url or ""), url or ""


def _richer_extra(a: Paper, b: Paper, name: str) -> str:
    # By length first, the larger of two counts wins.
    return max((p.extra[name] for p in (a, b) if name in p.extra), key=lambda value: (len(value), value))


def new_id(paper: Paper, taken: Container[str]) -> str:
    """An id for a paper without one that is not taken: its slug, or else the slug and a hash of the paper's text."""
    name = slug(paper.title or " ".join(paper.abstract.split()[:8]))
    if name not in taken:
        return name
    # The title belongs to the hash because the slug may have cut off what tells two titles apart.
    digits = _hex(f"{title_key(paper.title)}\n{paper.abstract}", 64)
    length = next((n for n in range(4, 65) if f"{name}-{digits[:n]}" not in taken), 64)
    return f"{name}-{digits[:length]}"


class Gathering:
    """The papers of one run: copies, from whichever file, are merged as they come."""

    def __init__(self) -> None:
        self._papers: list[Paper] = []
        self._places: dict[str, list[int]] = {}  # by id and by title, of all records that a paper was merged from
        # A record that comes again goes where it went before, also where other records have changed that paper since.
        self._records: dict[tuple[str, ...], int] = {}

    def add(self, paper: Paper) -> Literal["new", "copy"]:
        """What the record is: a "new" paper, or a "copy" of one that came before, which is then merged with it."""
        record = (paper.id, paper.title, paper.abstract, paper.abstract_kind)
        keys = [f"id {paper.id}", _bucket(paper)] if paper.id else [_bucket(paper)]
        known = (place for key in keys for place in self._places.get(key, ()))
        place = self._records.get(record)
        if place is None:
            place = next((place for place in known if same_paper(self._papers[place], paper)), None)
        if place is None:
            self._papers.append(paper)
        else:
            self._papers[place] = merge(self._papers[place], paper)
        at = len(self._papers) - 1 if place is None else place
        self._records[record] = at
        for key in keys:
            places = self._places.setdefault(key, [])
            if at not in places:
                places.append(at)
        return "new" if place is None else "copy"

    def merged(self) -> list[Paper]:
        """The papers in the order in which each first came, with the ids that the files gave, "" for none."""
        return list(self._papers)

    def papers(self, taken: Collection[str] = ()) -> list[Paper]:
        """The papers in the order in which each first came, all with an id; none that is made here is in `taken`."""
        used = {*taken, *(paper.id for paper in self._papers)}
        result = []
        for paper in self._papers:
            if not paper.id:
                paper = replace(paper, id=new_id(paper, used))
                used.add(paper.id)
            result.append(paper)
        return result


def _bucket(paper: Paper) -> str:
    """What two records of one paper have in common. Those without a title are told apart by how their text begins."""
    return title_key(paper.title) or "text " + title_key(paper.abstract[:100])

"""Which records are one paper, and what one paper with several records looks like."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from itertools import product

from rag.model import MORE_AUTHORS, Paper, Withdrawn, coarse_date
from rag.text.titles import made_id, title_key

ADDRESS = "zotero"
"""The name in `Paper.extra` of a record's address in Zotero ("user/1/ABCD2345"), which stays when all else changes."""

_SAME_TEXT = 0.85
_LINK = re.compile(r"https?://\S+")

# One page rewrites each https://huggingface.co/… into https://hf-mirror.<number>.workers.dev./…: the path is the same,
# the host is not the project's own. So of two copies, the one whose links have no host with the word "mirror" in it is
# the original. An abstract that exists only with rewritten links stays as it is on its page.
_MIRROR_LINK = re.compile(r"https?://[^/\s]*\bmirror\b", re.IGNORECASE)


def records(paper: Paper) -> tuple[Paper, ...]:
    """The records that the paper was merged from; itself where it is one record."""
    return paper.copies or (paper,)


def same_paper(a: Paper, b: Paper) -> bool:
    """True when two records, or papers merged from some, are of one paper.

    Two ids decide alone: a judged collection keeps its ids. Then arXiv ids decide, and equal DOIs. Otherwise the titles
    must agree, and the abstracts too unless there is nothing to compare: one is a digest of the other, or is missing;
    with different DOIs, both must be there. Two papers may share a title.
    """
    return surely_same(a, b) or (not _apart(a, b) and not _dois_differ(a, b) and _same_but_for_text(a, b))


def surely_same(a: Paper, b: Paper) -> bool:
    """True when two papers are one by an id, DOI, arXiv id or address, or by title and text: not by title alone."""
    if not (a.id and b.id) and addresses(a) & addresses(b):
        return True
    if _apart(a, b):
        return False
    if (a.id and b.id) or _arxiv_ids(a) & _arxiv_ids(b) or _dois(a) & _dois(b):
        return True
    return any(
        title_key(x.title) == title_key(y.title) and _nearly_same_text(x.abstract, y.abstract)
        for x, y in product(records(a), records(b))
        if not title_key(x.title) or x.abstract_kind == y.abstract_kind
    )


def addresses(paper: Paper) -> set[str]:
    """The addresses of all records of the paper that have one."""
    return {record.extra[ADDRESS] for record in records(paper) if ADDRESS in record.extra}


def _apart(a: Paper, b: Paper) -> bool:
    """True when ids that were given, or else arXiv ids, say that these are two papers."""
    if a.id and b.id:
        return a.id != b.id
    ours, theirs = _arxiv_ids(a), _arxiv_ids(b)
    return bool(ours and theirs and not ours & theirs)


def _dois_differ(a: Paper, b: Paper) -> bool:
    ours, theirs = _dois(a), _dois(b)
    return bool(ours and theirs and not ours & theirs)


def _arxiv_ids(paper: Paper) -> set[str]:
    return {record.arxiv_id for record in records(paper) if record.arxiv_id}


def _dois(paper: Paper) -> set[str]:
    return {record.doi for record in records(paper) if record.doi}


def _same_but_for_text(a: Paper, b: Paper) -> bool:
    """True when the titles agree and there are no two abstracts of a kind that could be compared."""
    keys = {title_key(record.title) for record in records(a)} & {title_key(record.title) for record in records(b)}
    return bool(keys - {""}) and (not a.abstract or not b.abstract or a.abstract_kind != b.abstract_kind)


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
    """One paper of all records of the two, whichever comes first; see `resolved`."""
    return resolved((*records(a), *records(b)))


def resolved(found: Iterable[Paper]) -> Paper:
    """The richest paper that can be made of these records, whatever their order, with all of them as its `copies`.

    Title, abstract and source come together from the best text: any text over none, an original over a digest, links
    to the original site over links to a mirror, then the longer. Each other field comes from whichever has it, DOI,
    arXiv id and retraction from the best text that has one; an id that was given over none, a date with its own year
    over one whose year was worked out, then the earlier date. A record that is there twice counts once.
    """
    copies = tuple(sorted(dict.fromkeys(replace(record, copies=()) for record in found), key=_order))
    if len(copies) == 1:
        return copies[0]
    text = copies[0]
    people = min(copies, key=lambda p: (-len(p.authors), p.authors, MORE_AUTHORS in p.extra))
    dated = min(copies, key=_date_rank)
    return replace(
        text,
        id=min((p.id for p in copies), key=lambda id: (not id, id)),
        title=_first([p.title for p in copies]) or "",
        url=min((p.url for p in copies), key=_url_rank),
        published=dated.published,
        published_inferred=dated.published_inferred,
        authors=people.authors,
        author_count=max((p.author_count for p in copies), key=lambda n: -1 if n is None else n),
        doi=_first([p.doi for p in copies]),
        arxiv_id=_first([p.arxiv_id for p in copies]),
        retraction=_first([p.retraction for p in copies]),
        extra=_merged_extra(copies, dated=dated, people=people),
        copies=copies,
    )


def renewed(stored: Paper, entry: Paper) -> Paper:
    """What a paper of the library becomes when a record, or several merged, of it comes in a later ingest.

    A newer record of one source takes the place of its older copy, one with an id that was given the place of all
    copies with that id; copies of other sources stay. A digest does not replace an original abstract, nor nothing a
    text. The paper keeps its id, but for one that was made here when the entry gives one.
    """
    by_id = bool(entry.id) and entry.id == stored.id
    if by_id and not same_paper(replace(stored, id=""), replace(entry, id="")):
        # The record under this id is about something else now.
        return entry if entry.abstract_kind == stored.abstract_kind else joined(stored, entry)
    ours, fresh = _as_given(stored, stored), _as_given(entry, stored)
    news = [record for record in fresh if record not in ours]
    if not news:
        return _named(stored, stored, entry)
    alone = by_id and len(ours) == 1
    kept = [old for old in ours if not any(_supersedes(new, old, by_id=by_id, alone=alone) for new in news)]
    return _named(resolved([*kept, *fresh]), stored, entry)


def without(paper: Paper, gone: Withdrawn) -> Paper | None:
    """The paper without the record that its source does not have any more; None where that is all there is of it."""
    kept = [one for one in records(paper) if (one.source, one.extra.get(ADDRESS)) != (gone.source, gone.address)]
    return _named(resolved(kept), paper, paper) if kept else None


def joined(stored: Paper, entry: Paper) -> Paper:
    """The same when nothing is to be replaced: the entry is one more copy."""
    return _named(resolved([*_as_given(stored, stored), *_as_given(entry, stored)]), stored, entry)


def settled(paper: Paper) -> Paper:
    """The paper as the library keeps it: an id that could have been made here is no record's own."""
    return replace(paper, copies=tuple(_as_given(paper, paper))) if paper.copies else paper


def unnamed(paper: Paper) -> Paper:
    """A paper of the library without its id, if that was made here: no id was given for it that could decide."""
    return replace(paper, id="") if made_id(paper) else paper


def _as_given(paper: Paper, stored: Paper) -> list[Paper]:
    """The records of a paper as they came: without the id of the stored one, if that was made here."""
    made = stored.id if made_id(stored) else None
    return [replace(record, id="", copies=()) if record.id == made else record for record in records(paper)]


def _supersedes(new: Paper, old: Paper, *, by_id: bool, alone: bool) -> bool:
    if new.abstract_kind != old.abstract_kind or (old.abstract and not new.abstract):
        return False
    if alone or (new.id and new.id == old.id):
        return True
    pairs = (
        (new.arxiv_id, old.arxiv_id), (new.doi, old.doi), (new.url, old.url),
        (new.extra.get(ADDRESS), old.extra.get(ADDRESS)),
    )  # fmt: skip
    return new.source == old.source and (by_id or any(ours and ours == theirs for ours, theirs in pairs))


def _named(paper: Paper, stored: Paper, entry: Paper) -> Paper:
    given = entry.id if entry.id and made_id(stored) else ""
    return replace(paper, id=given or stored.id or paper.id)


def _first(values: Sequence[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _order(paper: Paper) -> tuple[object, ...]:
    return *_text_rank(paper), json.dumps(asdict(paper), sort_keys=True, default=str)


def is_mirror(text: str) -> bool:
    """True when the text has a link to a mirror in the place of the original site."""
    return _MIRROR_LINK.search(text) is not None


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


def _merged_extra(copies: Sequence[Paper], *, dated: Paper, people: Paper) -> dict[str, str]:
    extra = {name: _richest_extra(copies, name) for name in sorted({name for p in copies for name in p.extra})}
    if MORE_AUTHORS in extra and MORE_AUTHORS not in people.extra:
        extra.pop(MORE_AUTHORS)  # the copy that names the most names all
    if dated.published_inferred and "date" in extra:
        # How exact the date is, is said by the record that it is from.
        extra.pop("date")
        extra |= {"date": dated.extra["date"]} if "date" in dated.extra else {}
    return extra


def _date_rank(paper: Paper) -> tuple[bool, int, str, str]:
    """Lower is better: a day, a month, a day whose year was worked out, a year; then the earlier."""
    coarse = coarse_date(paper)
    exactness = {7: 1, 4: 3}[len(coarse)] if coarse else 2 if paper.published_inferred else 0
    return paper.published is None, exactness, str(paper.published), coarse


def _url_rank(url: str | None) -> tuple[bool, bool, int, str]:
    return url is None, bool(_MIRROR_LINK.match(url or "")), len(url or ""), url or ""


def _richest_extra(copies: Sequence[Paper], name: str) -> str:
    # By length first, the larger of two counts wins.
    return max((p.extra[name] for p in copies if name in p.extra), key=lambda value: (len(value), value))

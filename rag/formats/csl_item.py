"""A paper as an item of CSL-JSON, which citation styles and other programs read."""

from __future__ import annotations

import re
from typing import Any

from rag.model import Paper, coarse_date
from rag.text import shown
from rag.text.names import ORGANISATION, SUFFIXES

_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_MEETING = re.compile(r"\b(?:proceedings|conference|workshop|symposium)\b", re.IGNORECASE)
# The types that a source says and that are none of CSL's say nothing here.
_TYPES = frozenset(
    "article article-journal article-magazine article-newspaper book chapter dataset manuscript paper-conference "
    "patent report review software speech standard thesis webpage".split()
)
_KEPT = {"volume": "volume", "issue": "issue", "pages": "page", "publisher": "publisher", "language": "language"}


def csl_item(paper: Paper, key: str) -> dict[str, Any]:
    """The item with `key` as its id: what the library knows, a date as exactly as its source has it, no abstract."""
    day, coarse = paper.published, coarse_date(paper)
    date = [day.year, day.month, day.day][: {4: 1, 7: 2}.get(len(coarse), 3)] if day else None
    item: dict[str, Any] = {
        "id": key,
        "type": _type(paper),
        "title": one_line(paper.title),
        "author": [_person(name) for name in paper.authors if one_line(name)],
        "issued": {"date-parts": [date]} if date else None,
        "container-title": one_line(paper.extra.get("venue", "")),
        "URL": plain_url(paper),
        "DOI": paper.doi,
        "number": f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else None,
        **{theirs: one_line(paper.extra.get(ours, "")) for ours, theirs in _KEPT.items()},
    }
    if paper.arxiv_id and not item["container-title"]:
        item["publisher"] = "arXiv"
    return {name: value for name, value in item.items() if value}


def one_line(text: str) -> str:
    """The text as a reader sees it, on one line."""
    return " ".join(_ODD.sub(" ", shown(text)).split())


def plain_url(paper: Paper) -> str:
    """The address without characters that no address has, "" for none."""
    return "".join(_ODD.sub("", paper.url or "").split())


def name_parts(name: str) -> tuple[str, str, str]:
    """The family name, the given names, and "Jr." or the like; of an institution the whole and nothing.

    So of a name in a script without capitals: which part is the family's, and what an initial is, differs there. Words
    in small letters before the last one belong to it: "Maria de la Cruz".
    """
    name = one_line(name)
    if "," in name and not ORGANISATION.search(name):
        family, _, given = name.partition(",")
        return (family.strip(), given.strip(), "") if "," not in given else (name, "", "")
    if ORGANISATION.search(name) or re.search(r"\band\b", name, re.IGNORECASE) or name.upper() == name.lower():
        return name, "", ""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and words[-1].rstrip(".").casefold() in SUFFIXES else ""
    begins = next((n for n, word in enumerate(words) if word[0].islower()), len(words) - 1)
    return " ".join(words[begins:]), " ".join(words[:begins]), suffix


def _person(name: str) -> dict[str, str]:
    family, given, suffix = name_parts(name)
    person = {"family": family, "given": given} if given else {"literal": family}
    return person | ({"suffix": suffix} if suffix else {})


def _type(paper: Paper) -> str:
    said, venue = paper.extra.get("type", ""), paper.extra.get("venue", "")
    if said in _TYPES:
        return said
    if not venue:
        return "article"  # a preprint, as CSL calls it
    return "paper-conference" if _MEETING.search(venue) else "article-journal"

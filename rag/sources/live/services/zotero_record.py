"""From an item of Zotero, as its API writes it, to a paper."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag.model import Paper, Rejected
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import identifiers
from rag.sources.fields.markup import without_markup
from rag.sources.fields.retractions import in_title
from rag.sources.merging.merge import ADDRESS
from rag.sources.record import paper_of

NO_PAPERS = frozenset({"attachment", "note", "annotation"})
"""Types of items that are no papers."""

_VENUES = ("publicationTitle", "proceedingsTitle", "bookTitle", "conferenceName", "university", "institution",
           "websiteTitle", "blogTitle")  # fmt: skip
_KEPT = {"volume": "volume", "issue": "issue", "pages": "pages", "publisher": "publisher", "language": "language"}
# What CSL calls the types of Zotero, where it has a word of its own.
_TYPES = {
    "journalArticle": "article-journal", "conferencePaper": "paper-conference", "preprint": "article",
    "bookSection": "chapter", "book": "book", "thesis": "thesis", "report": "report", "dataset": "dataset",
    "webpage": "webpage", "patent": "patent", "manuscript": "manuscript", "magazineArticle": "article-magazine",
    "newspaperArticle": "article-newspaper", "computerProgram": "software", "presentation": "speech",
}  # fmt: skip


def paper_of_item(item: Mapping[str, object], *, source: str, library: str, line: int) -> Paper | Rejected:
    """The paper that an item describes, or why it cannot be taken.

    `source` is what asked for it, `library` the one that it is in ("user/1"): with the item's key that is its address,
    by which it is known again whatever of it changes. Better BibTeX keeps the citation key in `extra` of the item,
    newer versions of Zotero in a field of its own.
    """
    data = item.get("data")
    fields = {name: value for name, value in data.items() if isinstance(value, str)} if isinstance(data, dict) else {}
    title, url, notes = fields.get("title", ""), fields.get("url", ""), fields.get("extra", "")
    said = _lines(notes)
    archived = said.get("arxiv", "") or (fields.get("archiveID", "") if "arxiv" in fields.get("archiveID", "").lower()
                                         else "")  # fmt: skip
    doi, arxiv_id = identifiers(doi=fields.get("DOI") or said.get("doi"), arxiv_id=_bare(archived) or None, url=url)
    creators = data.get("creators") if isinstance(data, dict) else None
    tags = data.get("tags") if isinstance(data, dict) else None
    extra = {
        ADDRESS: f"{library}/{item.get('key')}",
        "citation_key": fields.get("citationKey") or said.get("citation key", ""),
        "type": _TYPES.get(fields.get("itemType", ""), ""),
        "venue": next((fields[name] for name in _VENUES if fields.get(name)), ""),
        **{ours: fields.get(theirs, "") for ours, theirs in _KEPT.items()},
        "keywords": ", ".join(
            str(tag["tag"])
            for tag in (tags if isinstance(tags, list) else ())
            if isinstance(tag, dict) and "tag" in tag
        ),
    }
    retracted = in_title(title)
    return paper_of(
        {
            "title": without_markup(title),
            "abstract": without_markup(fields.get("abstractNote", "")),
            "url": url,
            **dated(fields.get("date", "")),
            "authors": _authors(creators),
            "doi": doi,
            "arxiv_id": arxiv_id,
            "retraction": f"Zotero: {retracted}" if retracted else None,
            "extra": {name: value for name, value in extra.items() if value},
        },
        source=source,
        line=line,
    )


def _lines(notes: str) -> dict[str, str]:
    """The lines "Name: value" of the field `extra`, by names in small letters."""
    found = re.findall(r"^\s*([A-Za-z][\w -]{1,30}?)\s*:\s*(\S.*?)\s*$", notes[:20_000], re.MULTILINE)
    return {name.lower(): value for name, value in reversed(found)}


def _bare(text: str) -> str:
    """An arXiv id without what stands before and behind it: "arXiv:2501.03895 [cs]"."""
    return re.sub(r"^arxiv:\s*", "", text.strip(), flags=re.IGNORECASE).partition(" ")[0]


def _authors(creators: object) -> list[str]:
    people = [one for one in creators if isinstance(one, dict)] if isinstance(creators, list) else []
    # Without an author, who edited it stands for one.
    kinds = {one.get("creatorType") for one in people}
    kind = next((kind for kind in ("author", "inventor", "programmer", "presenter", "editor") if kind in kinds), None)
    names = []
    for one in people:
        if one.get("creatorType") == kind:
            parts = (one.get("name"), one.get("firstName"), one.get("lastName"))
            names.append(" ".join(part.strip() for part in parts if isinstance(part, str) and part.strip()))
    return [name for name in names if name]

"""From a work of OpenAlex, as its API and its snapshot write it, to a paper."""

from __future__ import annotations

from collections.abc import Mapping

from rag.model import MORE_AUTHORS, Paper, Rejected
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import arxiv_id_of, bare_doi
from rag.sources.fields.markup import without_markup
from rag.sources.fields.notices import without_notice
from rag.sources.fields.people import spoken
from rag.sources.fields.raw_text import TEXT_LIMIT
from rag.sources.fields.retractions import in_title
from rag.sources.record import paper_of

source = "openalex"


def paper_of_work(record: object, *, line: int = 0) -> Paper | Rejected:
    """The paper that a work describes, or why it cannot be taken; `line` is where it stands in its file.

    What changes without the paper's changing (citations, scores) is left out, so that asking again finds it unchanged.

    Source: https://docs.openalex.org/api-entities/works/work-object
    """
    if not isinstance(record, dict):
        return paper_of(record, source=source, line=line)
    abstract = record.get("abstract_inverted_index")
    text = abstract_of_index(abstract) if abstract is not None else record.get("abstract")
    if isinstance(text, Rejected):
        return Rejected(line, text.reason)
    doi, arxiv_id = _identifiers(record)
    title = record.get("title") or record.get("display_name")
    title = without_markup(title) if isinstance(title, str) else title
    place = _mapping(record.get("primary_location"))
    names = [_name(entry) for entry in _mappings(record.get("authorships"))]
    ids = _mapping(record.get("ids"))
    extra = {
        "openalex": _bare(record.get("id")),
        "pmid": _bare(ids.get("pmid")),
        "type": _text(record.get("type")),
        "language": _text(record.get("language")),
        "venue": _text(_mapping(place.get("source")).get("display_name")),
        MORE_AUTHORS: "et al." if record.get("is_authors_truncated") is True and any(names) else "",
    }
    return paper_of(
        {
            "title": title,
            "abstract": without_notice([without_markup(text)]) if isinstance(text, str) else text,
            "url": _url(record, place, doi=doi, arxiv_id=arxiv_id),
            **dated(_text(record.get("publication_date")) or str(record.get("publication_year") or "")),
            "authors": [name for name in names if name],
            "author_count": count if isinstance(count := record.get("authors_count"), int) else None,
            "doi": doi,
            "arxiv_id": arxiv_id,
            "retraction": _retraction(record, _text(title)),
            "extra": {name: value for name, value in extra.items() if value},
        },
        source=source,
        line=line,
    )


def abstract_of_index(index: object) -> str | Rejected:
    """The abstract that an inverted index ({word: [positions]}) holds, its words in order, one blank between two.

    Gaps between the positions are closed: they say nothing of what stood there.
    """
    if not isinstance(index, dict):
        return Rejected(0, "abstract_inverted_index is no object of words and their places; leave it out")
    placed: list[tuple[int, str]] = []
    length = 0
    for word, positions in index.items():
        listed = isinstance(positions, list) and all(type(position) is int for position in positions)
        if not isinstance(word, str) or not listed:
            return Rejected(
                0, f"abstract_inverted_index has no list of places for {str(word)[:40]!r}; correct or leave it out"
            )
        length += len(positions) * (len(word) + 1)
        if length > TEXT_LIMIT:
            return Rejected(
                0, f"the abstract has more than {TEXT_LIMIT:,} characters, the limit; shorten or leave it out"
            )
        placed += [(position, word) for position in positions]
    return " ".join(word for _, word in sorted(placed, key=lambda pair: pair[0]))


def _identifiers(record: Mapping[str, object]) -> tuple[str | None, str | None]:
    given = _text(record.get("doi")) or _text(_mapping(record.get("ids")).get("doi"))
    places = [_mapping(record.get("primary_location")), *_mappings(record.get("locations"))]
    addresses = [_text(place.get("landing_page_url")) for place in places]
    arxiv_ids = [arxiv_id_of(text) for text in (given, *addresses) if "arxiv" in text.lower()]
    return bare_doi(given), next((found for found in arxiv_ids if found), None)


def _url(
    record: Mapping[str, object], place: Mapping[str, object], *, doi: str | None, arxiv_id: str | None
) -> str | None:
    if doi:
        return f"https://doi.org/{doi}"
    if arxiv_id:
        return f"https://arxiv.org/abs/{arxiv_id}"
    return _text(place.get("landing_page_url")) or _text(record.get("id")) or None


def _retraction(record: Mapping[str, object], title: str) -> str | None:
    if record.get("is_retracted") is True:
        return "OpenAlex: marked as retracted"
    return f"OpenAlex: {said}" if (said := in_title(title)) else None


def _name(authorship: Mapping[str, object]) -> str:
    """Whom OpenAlex takes somebody for, or as the paper has the name."""
    known = _text(_mapping(authorship.get("author")).get("display_name"))
    return known or spoken(_text(authorship.get("raw_author_name")))


def _bare(value: object) -> str:
    """The last part of an id that is an address ("https://openalex.org/W1" → "W1")."""
    return _text(value).rstrip("/").rpartition("/")[2]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []

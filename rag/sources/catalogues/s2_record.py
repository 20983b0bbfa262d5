"""From a paper of Semantic Scholar, as its API and its data sets write it, to a paper."""

from __future__ import annotations

from collections.abc import Mapping

from rag.model import Paper, Rejected
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import arxiv_id_of, bare_doi
from rag.sources.fields.markup import without_markup
from rag.sources.fields.notices import without_notice
from rag.sources.fields.retractions import in_title
from rag.sources.record import paper_of

source = "semanticscholar"


def paper_of_s2(record: object, *, line: int = 0) -> Paper | Rejected:
    """The paper that a record describes, or why it cannot be taken; `line` is where it stands in its file.

    A summary that a model wrote (`tldr`) is not the abstract, and numbers of citations change without the paper's
    changing: both are left out.

    Source: https://api.semanticscholar.org/api-docs/graph
    """
    if not isinstance(record, dict):
        return paper_of(record, source=source, line=line)
    # The data sets write names of fields in small letters, the API in camel case.
    fields = {str(name).lower(): value for name, value in record.items()}
    ids = {str(name).lower(): str(value) for name, value in _mapping(fields.get("externalids")).items() if value}
    given = ids.get("doi", "")
    doi = bare_doi(given)
    arxiv_id = arxiv_id_of(ids.get("arxiv")) or arxiv_id_of(given)
    title, abstract = without_markup(_text(fields.get("title"))), fields.get("abstract")
    year = fields.get("year")
    said = in_title(title)
    url = _text(fields.get("url"))
    extra = {
        "semanticscholar": _text(fields.get("paperid")) or ids.get("corpusid", ""),
        "pmid": ids.get("pubmed", ""),
        "venue": _text(fields.get("venue")),
        "type": ", ".join(kind for kind in _list(fields.get("publicationtypes")) if isinstance(kind, str)),
    }
    names = [_text(_mapping(author).get("name")) for author in _list(fields.get("authors"))]
    return paper_of(
        {
            "title": title,
            "abstract": without_notice([without_markup(abstract)]) if isinstance(abstract, str) else abstract,
            "url": url or _url(doi, arxiv_id),
            **dated(_text(fields.get("publicationdate")) or (str(year) if type(year) is int else "")),
            "authors": [name for name in names if name],
            "doi": doi,
            "arxiv_id": arxiv_id,
            "retraction": f"Semantic Scholar: {said}" if said else None,
            "extra": {name: value for name, value in extra.items() if value},
        },
        source=source,
        line=line,
    )


def _url(doi: str | None, arxiv_id: str | None) -> str | None:
    if doi:
        return f"https://doi.org/{doi}"
    return f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []

"""arXiv through the `arxiv` package, which words the queries and reads the feed; requests go our own way.

By itself the package waits for ever, takes a page of HTML for an empty result and half a feed for a whole one, and
tries again at once whatever went wrong. Its session is replaced by one that is patient and passes on sound feeds only.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from rag.errors import SourceError
from rag.live.ids import ids_of
from rag.live.network import Network
from rag.live.pages import Page, number_in
from rag.live.patience import TransientError
from rag.live.spec import Asked
from rag.live.web import Web, said_in
from rag.model import Paper, Rejected
from rag.sources.arxiv_record import joined, withdrawal
from rag.sources.identifiers import arxiv_id_of
from rag.sources.record import paper_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PAGE = 100
"""Papers of a page. Larger ones are slower and fail more often."""

_PATH = "/api/query"
_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_NEEDED = ("id", "updated", "published")
# A query in arXiv's own language: a field, an operator, a phrase or a group. Of any other all words have to be there.
_WORDED = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):|\b(?:AND|OR|ANDNOT)\b|[\"()]")


@dataclass(frozen=True)
class _Sound:
    """A feed that may be passed on, as the arxiv package looks at a reply of requests."""

    content: bytes
    status_code: int = 200


class _Session:
    """In the place of the package's `requests.Session`: the one method of it that the package calls."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self.total = 0
        self.entries: list[str | None] = []
        """For each entry of the last feed what is wrong with it, or None."""

    def get(self, url: str, headers: object = None) -> _Sound:
        """A sound feed."""
        del headers  # the package's name for itself
        params = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        start = number_in(params.get("start", ""))
        return self._web.get(_PATH, params, parse=lambda body: self._sound(body, start=start))

    def _sound(self, body: bytes, *, start: int) -> _Sound:
        from xml.etree.ElementTree import tostring

        feed = _feed(body)
        entries = feed.findall(f"{_ATOM}entry")
        total = feed.findtext(_TOTAL, "").strip()
        if not (total.isascii() and total.isdigit()):
            raise TransientError("sent a feed without a number of results")
        if not entries and int(total) > start:
            raise TransientError(f"sent an empty page where there are {int(total):,} results")
        self.total = int(total)
        self.entries = [_fault(entry) for entry in entries]
        if not any(self.entries):
            return _Sound(body)
        for entry, fault in zip(entries, self.entries, strict=True):
            if fault:
                feed.remove(entry)
        return _Sound(tostring(feed))


class ArxivPapers:
    """The papers that a spec asks for."""

    def __init__(self, asked: Asked, network: Network, *, since: date | None, limit: int | None) -> None:
        import arxiv

        logging.getLogger("arxiv").addFilter(_quiet)
        self._asked, self._since, self._limit = asked, since, limit
        self._web = Web(network.arxiv, network)
        self._session = _Session(self._web)
        # The pause between requests and the tries are those of `Web`.
        self._client = arxiv.Client(page_size=PAGE, delay_seconds=0, num_retries=0)
        self._client._session = self._session
        self._ids = ids_of(asked)

    def page(self, cursor: str) -> Page:
        """One page of a search, or a hundred of the ids.

        Raises:
            SourceError: arXiv failed, or does not take the query.
        """
        offset = number_in(cursor)
        return self._search(offset) if self._asked.kind == "search" else self._listed(offset)

    def close(self) -> None:
        """Close the connections."""
        self._web.close()

    def _search(self, offset: int) -> Page:
        from arxiv import Search, SortCriterion, SortOrder

        query = self._asked.values[0]
        if not _WORDED.search(query):
            query = " AND ".join(f"all:{word}" for word in query.split())
        if self._since:
            # The newest first: what is older than that ends the list.
            order = {"sort_by": SortCriterion.LastUpdatedDate, "sort_order": SortOrder.Descending}
        elif self._limit is not None:
            order = {"sort_by": SortCriterion.Relevance, "sort_order": SortOrder.Descending}
        else:
            # The oldest first: pages stay as they are while new papers come in.
            order = {"sort_by": SortCriterion.SubmittedDate, "sort_order": SortOrder.Ascending}
        results = self._results(Search(query=query, max_results=None, **order), offset)
        fresh = [result for result in results if not self._since or result.updated.date() >= self._since]
        after = offset + len(self._session.entries)
        more = after < self._session.total and self._session.entries and len(fresh) == len(results)
        total = None if self._since else self._session.total
        return Page([*map(_paper, fresh), *self._rejected()], str(after) if more else None, total)

    def _listed(self, offset: int) -> Page:
        from arxiv import Search

        part = self._ids[offset : offset + PAGE]
        wanted = [item for item in part if isinstance(item, str)]
        found: dict[str, Any] = {}
        if wanted:
            for result in self._results(Search(id_list=wanted, max_results=None), 0):
                found[arxiv_id_of(result.entry_id) or ""] = result
        items: list[Paper | Rejected] = []
        for item in part:
            if isinstance(item, Rejected):
                items.append(item)
            elif item not in found:
                items.append(Rejected(0, f"arXiv has no paper {item}; correct the id or leave it out"))
            elif not self._since or found[item].updated.date() >= self._since:
                items.append(_paper(found[item]))
        after = offset + PAGE
        return Page(items, str(after) if after < len(self._ids) else None, None if self._since else len(self._ids))

    def _results(self, search: Any, offset: int) -> list[Any]:
        """The sound entries of one page."""
        results = self._client.results(search, offset)
        first = list(islice(results, 1))
        return first + list(islice(results, self._session.entries.count(None) - 1)) if first else []

    def _rejected(self) -> Iterable[Rejected]:
        return [Rejected(0, fault) for fault in self._session.entries if fault]


def _paper(result: Any) -> Paper | Rejected:
    """The paper that an entry of the feed describes, or why it cannot be taken."""
    arxiv_id = arxiv_id_of(result.entry_id)
    abstract = joined(result.summary)
    extra = {
        "categories": " ".join(result.categories),
        "comments": " ".join((result.comment or "").split()),
        "journal-ref": " ".join((result.journal_ref or "").split()),
    }
    record: Mapping[str, object] = {
        "title": result.title,
        "abstract": abstract,
        "url": f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else result.entry_id,
        "published": result.published.date().isoformat(),
        "authors": [author.name for author in result.authors if author.name],
        "doi": result.doi,
        "arxiv_id": arxiv_id,
        "retraction": withdrawal(result.comment, abstract),
        "extra": {name: value for name, value in extra.items() if value},
    }
    return paper_of(dict(record), source="arxiv", line=0)


def _feed(body: bytes) -> Element:
    """The feed of a reply, well-formed and without entities of its own.

    Raises:
        TransientError: it is no feed, or half of one.
        SourceError: it is arXiv's word for an error.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        feed: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise TransientError(f"sent what is no feed ({said_in(body) or 'nothing'})") from error
    if feed.tag != f"{_ATOM}feed":
        raise TransientError(f"sent what is no feed ({said_in(body) or 'nothing'})")
    for entry in feed.findall(f"{_ATOM}entry"):
        if "/api/errors" in entry.findtext(f"{_ATOM}id", ""):
            said = " ".join(entry.findtext(f"{_ATOM}summary", "").split())
            raise SourceError(f"arXiv cannot answer: {said[:200] or 'it does not say why'}; check the query or the ids")
    return feed


def _fault(entry: Element) -> str | None:
    """Why the arxiv package would leave an entry out without a word, or could not read it; None for a good one."""
    from datetime import datetime

    name = (entry.findtext(f"{_ATOM}id") or "").strip()
    if missing := [field for field in _NEEDED if not (entry.findtext(f"{_ATOM}{field}") or "").strip()]:
        return f"the entry {name[-40:] or 'without an id'} of arXiv has no {' and no '.join(missing)}; it is left out"
    for field in ("updated", "published"):
        text = (entry.findtext(f"{_ATOM}{field}") or "").strip()
        try:
            datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            return f"the entry {name[-40:]} of arXiv has the date {text[:40]!r}; it is left out"
    return None


def _quiet(record: logging.LogRecord) -> bool:
    """The package tells of each request at INFO and of what it skips; both are told by us."""
    return record.levelno >= logging.ERROR

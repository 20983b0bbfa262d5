"""arXiv through the `arxiv` package, which words the queries and reads the feed; requests go our own way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

from rag.model import Paper, Rejected
from rag.sources.catalogues.arxiv_record import joined, withdrawal
from rag.sources.fields.identifiers import arxiv_id_of
from rag.sources.live.ids import ids_of
from rag.sources.live.network import Network
from rag.sources.live.pages import Page, number_in
from rag.sources.live.patience import RefusedError
from rag.sources.live.services.arxiv_feed import FeedSession
from rag.sources.live.spec import Asked
from rag.sources.live.web import Web
from rag.sources.record import paper_of

PAGE = 100
"""Papers of a page. Larger ones are slower and fail more often."""

# A query in arXiv's own language: a field, an operator, a phrase or a group. Of any other all words have to be there.
_WORDED = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):|\b(?:AND|OR|ANDNOT)\b|[\"()]")


class ArxivPapers:
    """The papers that a spec asks for. It owns the way to arXiv, and lives until `close`."""

    def __init__(self, asked: Asked, network: Network, *, since: date | None, limit: int | None) -> None:
        import arxiv

        self._asked, self._since, self._limit = asked, since, limit
        self._web = Web(network.arxiv, network)
        self._session = FeedSession(self._web)
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
        part = self._ids[offset : offset + PAGE]
        found = self._found([item for item in part if isinstance(item, str)])
        items: list[Paper | Rejected] = []
        for item in part:
            result = found.get(item) if isinstance(item, str) else item
            if result is None:
                items.append(Rejected(0, f"arXiv has no paper {item}; correct the id or leave it out"))
            elif isinstance(result, Rejected):
                items.append(result)
            elif not self._since or result.updated.date() >= self._since:
                items.append(_paper(result))
        after = offset + PAGE
        return Page(items, str(after) if after < len(self._ids) else None, None if self._since else len(self._ids))

    def _found(self, ids: list[str]) -> dict[str, Any]:
        """The entries by id, and for an id that arXiv does not take the reason."""
        from arxiv import Search

        if not ids:
            return {}
        try:
            results = self._results(Search(id_list=ids, max_results=None), 0)
        except RefusedError as error:
            # One id that is none to arXiv spoils the whole list: halves of it find that one.
            if error.status != 400:
                raise
            if len(ids) == 1:
                return {ids[0]: Rejected(0, f"{ids[0]}: {error}")}
            return self._found(ids[: len(ids) // 2]) | self._found(ids[len(ids) // 2 :])
        return {arxiv_id_of(result.entry_id) or "": result for result in results}

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
    record: dict[str, object] = {
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
    return paper_of(record, source="arxiv", line=0)

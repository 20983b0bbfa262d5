"""Semantic Scholar over its own HTTP interface: searches, papers by id and by DOI.

The package semanticscholar was looked at and left: it waits from five seconds up whatever Retry-After says, tries again
after nothing but a status of 429, and writes the user's key into its log.
"""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.catalogues.s2_record import paper_of_s2
from rag.sources.live.network import Network
from rag.sources.live.pages import Page, number_in
from rag.sources.live.patience import RefusedError
from rag.sources.live.spec import Asked
from rag.sources.live.web import Web, object_of

RANKED = 1_000
"""The most papers that the search by relevance gives; the search in bulk gives all, in the order of their ids."""

INDEXING_DAYS = 30
"""A paper comes into the index up to about so many days after it came out, so that news are asked for from before."""

_PAGE = 100
_GRAPH = "/graph/v1/paper"
_FIELDS = "externalIds,url,title,abstract,venue,year,publicationDate,publicationTypes,authors"


class S2Papers:
    """The papers that a spec asks for: the best of a search where `limit` is small, all of it otherwise.

    It owns the way to Semantic Scholar, and lives until `close`.
    """

    def __init__(self, asked: Asked, network: Network, *, since: date | None, limit: int | None) -> None:
        self._asked, self._since = asked, since
        self._ranked = limit is not None and limit <= RANKED
        self._web = Web(network.semantic_scholar, network, key_header="x-api-key")

    def page(self, cursor: str) -> Page:
        """One page of a search, or the one paper.

        Raises:
            SourceError: the service failed, or does not know the paper.
        """
        if self._asked.kind == "ids":
            return self._paper(self._asked.values[0])
        return self._best(cursor) if self._ranked else self._all(cursor)

    def close(self) -> None:
        """Close the connections."""
        self._web.close()

    def _paper(self, name: str) -> Page:
        try:
            record = self._web.get(f"{_GRAPH}/{quote(name, safe=':/')}", {"fields": _FIELDS}, parse=object_of)
        except RefusedError as error:
            if error.status != 404:
                raise
            message = f"Semantic Scholar has no paper {name} (HTTP 404); check it at https://www.semanticscholar.org"
            raise RefusedError(message, status=404) from error
        return Page([paper_of_s2(record, line=1)], total=1)

    def _best(self, cursor: str) -> Page:
        offset = number_in(cursor)
        # The search by relevance finds nothing for words with a hyphen, as its reference says.
        query = self._asked.values[0].replace("-", " ")
        params = {"query": query, "offset": str(offset), "limit": str(min(_PAGE, RANKED - offset)), **self._common()}
        reply = self._web.get(f"{_GRAPH}/search", params, parse=object_of)
        items = _items(reply, offset)
        following = offset + len(items)
        more = reply.get("next") is not None and following < RANKED and bool(items)
        return Page(items, str(following) if more else None, _total(reply))

    def _all(self, cursor: str) -> Page:
        params = {"query": self._asked.values[0], **self._common(), **({"token": cursor} if cursor else {})}
        reply = self._web.get(f"{_GRAPH}/search/bulk", params, parse=object_of)
        token = reply.get("token")
        return Page(_items(reply, 0), token if isinstance(token, str) and token else None, _total(reply))

    def _common(self) -> dict[str, str]:
        since = self._since - timedelta(days=INDEXING_DAYS) if self._since else None
        return {"fields": _FIELDS, **({"publicationDateOrYear": f"{since}:"} if since else {})}


def _items(reply: dict[str, object], offset: int) -> list[Paper | Rejected]:
    papers = reply.get("data", [] if reply.get("total") == 0 else None)
    if not isinstance(papers, list):
        raise SourceError("Semantic Scholar answered a search without a list of papers; try again later")
    return [paper_of_s2(paper, line=offset + n) for n, paper in enumerate(papers, 1)]


def _total(reply: dict[str, object]) -> int | None:
    total = reply.get("total")
    return total if isinstance(total, int) and not isinstance(total, bool) else None

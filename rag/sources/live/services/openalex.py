"""OpenAlex over its own HTTP interface: searches, works by id and by DOI.

pyalex was looked at and left: its configuration is one global object, its address is fixed whatever that says, and it
waits for ever. What it does beyond that is a request and a cursor.
"""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

from rag.errors import SourceError
from rag.sources.catalogues.openalex_record import paper_of_work
from rag.sources.live.network import Network
from rag.sources.live.pages import Page, number_in
from rag.sources.live.patience import RefusedError
from rag.sources.live.spec import Asked
from rag.sources.live.web import Web, object_of

PAGE = 100
"""Works of a page, the most that the service gives."""

FIRST_RESULTS = 10_000
"""The service numbers pages up to this work; cursors go beyond, and need a key."""

INDEXING_DAYS = 30
"""A work comes into the index up to about so many days after it came out, so that news are asked for from before."""

_FIELDS = (
    "id,doi,title,display_name,publication_date,authorships,abstract_inverted_index,is_retracted,primary_location,"
    "locations,ids,type,language"
)


class Works:
    """The works that a spec asks for. It owns the way to OpenAlex, and lives until `close`."""

    def __init__(self, asked: Asked, network: Network, *, since: date | None) -> None:
        self._asked, self._since = asked, since
        self._keyed = bool(network.openalex.key)
        self._mailto = network.mailto
        self._web = Web(network.openalex, network, key_header="Authorization", key_prefix="Bearer ")

    def page(self, cursor: str) -> Page:
        """One page of a search, or the one work.

        Raises:
            SourceError: the service failed, does not know the work, or has more works than it shows without a key.
        """
        if self._asked.kind == "ids":
            return self._work(self._asked.values[0])
        return self._search(self._asked.values[0], cursor)

    def close(self) -> None:
        """Close the connections."""
        self._web.close()

    def _work(self, name: str) -> Page:
        try:
            record = self._get(f"/works/{quote(name, safe=':/')}", {})
        except RefusedError as error:
            if error.status != 404:
                raise
            message = f"OpenAlex has no work {name.removeprefix('doi:')} (HTTP 404); check it at https://openalex.org"
            raise RefusedError(message, status=404) from error
        return Page([paper_of_work(record, line=1)], total=1)

    def _search(self, query: str, cursor: str) -> Page:
        params = {"search": query, "per_page": str(PAGE)}
        number = 1
        if self._since:
            params["filter"] = f"from_publication_date:{self._since - timedelta(days=INDEXING_DAYS)}"
        if self._keyed:
            params["cursor"] = cursor or "*"
        else:
            number = number_in(cursor) or 1
            if number > FIRST_RESULTS // PAGE:
                raise SourceError(f"OpenAlex shows the first {FIRST_RESULTS:,} works of a search without a key; use "
                                  "more words, or set OPENALEX_API_KEY")  # fmt: skip
            params["page"] = str(number)
        reply = self._get("/works", params)
        works, meta = reply.get("results"), reply.get("meta")
        if not isinstance(works, list):
            raise SourceError("OpenAlex answered a search without a list of results; try again later")
        meta = meta if isinstance(meta, dict) else {}
        total = meta.get("count")
        total = total if isinstance(total, int) and not isinstance(total, bool) else None
        items = [paper_of_work(work, line=(number - 1) * PAGE + n) for n, work in enumerate(works, 1)]
        if self._keyed:
            after = meta.get("next_cursor")
            following = after if isinstance(after, str) and after else None
        else:
            more = number * PAGE < total if total is not None else len(works) == PAGE
            following = str(number + 1) if more else None
        return Page(items, following, total)

    def _get(self, path: str, params: dict[str, str]) -> dict[str, object]:
        polite = {"mailto": self._mailto} if self._mailto else {}
        return self._web.get(path, {**params, "select": _FIELDS, **polite}, parse=object_of)

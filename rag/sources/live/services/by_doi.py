"""A paper by its DOI alone: OpenAlex is asked first, and Semantic Scholar where that has no paper or no abstract."""

from __future__ import annotations

from rag.errors import SourceError
from rag.model import Paper
from rag.sources.live.network import Network
from rag.sources.live.pages import Page
from rag.sources.live.services.openalex import Works
from rag.sources.live.services.semantic_scholar import S2Papers
from rag.sources.live.spec import Asked


class ByDoi:
    """What the two services have under one DOI: one record, or two that are merged like all copies.

    It owns the ways to both, and lives until `close`.
    """

    def __init__(self, asked: Asked, network: Network) -> None:
        doi = asked.values[0]
        self._doi = doi
        self._first = Works(Asked("openalex", "ids", (f"doi:{doi}",), asked.spec), network, since=None)
        self._second = S2Papers(Asked("s2", "ids", (f"DOI:{doi}",), asked.spec), network, since=None, limit=None)

    def page(self, cursor: str) -> Page:
        """All that is found.

        Raises:
            SourceError: neither of them has it, with what each said.
        """
        del cursor  # one page is all there is
        try:
            found = list(self._first.page("").items)
            fault = ""
        except SourceError as error:
            found, fault = [], str(error)
        if not any(isinstance(item, Paper) and item.abstract for item in found):
            try:
                found += self._second.page("").items
            except SourceError as error:
                if not found:
                    raise SourceError(f"no paper for doi:{self._doi}: {fault}; {error}") from error
        return Page(found, total=len(found))

    def close(self) -> None:
        """Close the connections."""
        self._first.close()
        self._second.close()

"""Live sources: papers over the network, and only when a spec asks for them.

`is_live` knows a spec and `fetch` asks for its papers. Importing this reaches for nothing, and neither does `fetch`:
the first request goes out when the first paper is read.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from rag.sources.live.network import Network, network_of
from rag.sources.live.pages import Fetch, Pages, Place, place_of
from rag.sources.live.spec import Asked, is_live, read_spec

__all__ = ["Fetch", "Network", "fetch", "is_live", "network_of"]


def fetch(
    spec: str,
    *,
    since: date | None = None,
    state: str = "",
    limit: int | None = None,
    held: str = "",
    afresh: bool = False,
    today: date | None = None,
    network: Network | None = None,
) -> Fetch:
    """The papers that the spec asks for, to be read one after the other.

    `since` leaves out what is older where the service can: arXiv by the date of the last change, OpenAlex and Semantic
    Scholar by that of publication (a month earlier, since they learn of papers late), the daily papers by their day.
    `state` goes on where a fetch of the same spec stopped, with the `since` of that one. `limit` is the most records.
    `held` is what the fetch before said that the source has, so that only what changed is asked for, or with `afresh`
    everything, and what is gone; of Zotero alone. `today` is the last day of an open range; `network` is how the
    services are reached, by the environment's word.

    Raises:
        SourceError: the spec is none.
        SettingsError: the environment has an address or a number that cannot be used.
    """
    asked = read_spec(spec)
    place = place_of(state, question=f"{asked.spec} limit={limit}", since=since)
    pages = _pages(
        asked,
        network or network_of(),
        place=place,
        limit=limit,
        held=(held, afresh),
        today=today or datetime.now(UTC).date(),
    )
    return Fetch(pages, source=asked.spec, place=place, limit=limit)


def _pages(
    asked: Asked, network: Network, *, place: Place, limit: int | None, held: tuple[str, bool], today: date
) -> Pages:
    since = date.fromisoformat(place.since) if place.since else None
    match asked.service:
        case "hf":
            from rag.sources.live.services.huggingface import HubPapers

            return HubPapers(asked, network, since=since, limit=limit, today=today)
        case "arxiv":
            from rag.sources.live.services.arxiv import ArxivPapers

            return ArxivPapers(asked, network, since=since, limit=limit)
        case "openalex":
            from rag.sources.live.services.openalex import Works

            return Works(asked, network, since=since)
        case "s2":
            from rag.sources.live.services.semantic_scholar import S2Papers

            return S2Papers(asked, network, since=since, limit=limit)
        case "zotero":
            from rag.sources.live.services.zotero import Items

            return Items(asked, network, held=held[0], afresh=held[1])
    from rag.sources.live.services.by_doi import ByDoi

    return ByDoi(asked, network)

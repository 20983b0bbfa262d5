"""Hugging Face Papers through `huggingface_hub`: searches, the daily papers, papers by id."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.catalogues.arxiv_record import joined, withdrawal
from rag.sources.fields.identifiers import arxiv_id_of
from rag.sources.live.loopback import without_proxy
from rag.sources.live.network import Network
from rag.sources.live.pages import Page, number_in
from rag.sources.live.patience import RefusedError, TransientError, UnreachedError, fault_of, patiently, refused
from rag.sources.live.spec import Asked
from rag.sources.live.web import said_in
from rag.sources.record import paper_of

if TYPE_CHECKING:
    from huggingface_hub import PaperInfo

SEARCHED = 100
"""Papers of a search: the service ranks that many and has no second page."""

PAGE = 100
"""Papers asked for of a page of a day."""

_FULL = 50
"""A page with fewer papers is the last of its day: so many come where the service does not heed the number asked."""


class HubPapers:
    """The papers that a spec asks for. `today` is the last day of the daily papers.

    It owns what was listed so far, and lives until `close`.
    """

    def __init__(self, asked: Asked, network: Network, *, since: date | None, limit: int | None, today: date) -> None:
        from huggingface_hub import HfApi

        self._asked, self._network, self._host = asked, network, network.huggingface
        self._limit = limit
        if self._host.local:
            without_proxy()  # the session of the package asks the environment
        # Without a key of this environment none is sent, also not the one that `hf auth login` has stored.
        self._api = HfApi(endpoint=self._host.endpoint, token=self._host.key or False)
        self._listed: set[str] = set()
        if asked.kind == "daily":
            first, last = (date.fromisoformat(day) if day else today for day in asked.values)
            self._first = max(first, since) if since else first
            self._last = min(last, today)

    def page(self, cursor: str) -> Page:
        """The papers of a search, some papers of a day, or one of the ids.

        Raises:
            SourceError: the service failed, or does not know the only paper that is asked for.
        """
        match self._asked.kind:
            case "search":
                limit = min(self._limit or SEARCHED, SEARCHED)
                items = self._ask(lambda: self._api.list_papers(query=self._asked.values[0], limit=limit))
                return Page(items, total=len(items))
            case "daily":
                return self._days(cursor)
        return self._one(number_in(cursor))

    def close(self) -> None:
        """Nothing: the session belongs to the whole process."""

    def _one(self, index: int) -> Page:
        ids = self._asked.values
        name = ids[index] if index < len(ids) else ids[-1]
        try:
            items = self._ask(lambda: [self._api.paper_info(name)])
        except RefusedError as error:
            if error.status != 404:
                raise
            message = f"Hugging Face has no paper {name} (HTTP 404); try arxiv:{name}"
            if len(ids) == 1:
                raise RefusedError(message, status=404) from error
            items = [Rejected(0, message)]
        return Page(items, str(index + 1) if index + 1 < len(ids) else None, len(ids))

    def _days(self, cursor: str) -> Page:
        """The next page that has any papers, from the cursor (a day and the number of a page of it) on."""
        day, _, number = cursor.partition("/")
        at = _date(day) or self._first
        page = number_in(number)
        while at <= self._last:
            items = self._of_a_day(at, page)
            if page == 0:
                self._listed.clear()
            names = {item.arxiv_id or item.title for item in items if isinstance(item, Paper)}
            # A service that does not heed the number of the page gives the first one for ever.
            last = len(items) < _FULL or names <= self._listed
            items = [] if names <= self._listed and page else items
            self._listed |= names
            at, page = (at + timedelta(days=1), 0) if last else (at, page + 1)
            if items:
                return Page(items, f"{at}/{page}" if at <= self._last else None)
        return Page(())

    def _of_a_day(self, day: date, page: int) -> list[Paper | Rejected]:
        try:
            return self._ask(lambda: self._api.list_daily_papers(date=str(day), p=page, limit=PAGE))
        except RefusedError as error:
            if error.status != 404 or self._first == self._last:
                raise
            return [Rejected(0, f"Hugging Face has no list of papers for {day} (HTTP 404)")]

    def _ask(self, call: Callable[[], Iterable[PaperInfo]]) -> list[Paper | Rejected]:
        try:
            return patiently(lambda: self._once(call), host=self._host, network=self._network)
        except RefusedError as error:
            raise refused(self._host, error) from error

    def _once(self, call: Callable[[], Iterable[PaperInfo]]) -> list[Paper | Rejected]:
        import httpx2
        from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

        from rag.sources.live.services.hub_session import bounded

        items: list[Paper | Rejected] = []
        try:
            with bounded(self._host, timeout_s=self._network.timeout_s):
                for info in call():
                    items.append(_paper(info))
        except OfflineModeIsEnabled as error:
            raise SourceError("HF_HUB_OFFLINE is set, so that nothing is asked of Hugging Face; unset it") from error
        except HfHubHTTPError as error:
            response = error.response
            raise fault_of(response.status_code, self._said(response), response.headers) or TransientError(
                f"answered HTTP {response.status_code}"
            ) from error
        except httpx2.TimeoutException as error:
            raise TransientError(f"did not answer within {self._network.timeout_s:g} s") from error
        except httpx2.InvalidURL as error:
            raise SourceError(f"{self._host.name} leads to what is no address ({error}); check HF_ENDPOINT") from error
        except httpx2.RequestError as error:
            fault = UnreachedError if isinstance(error, httpx2.ConnectError) else TransientError
            raise fault(f"could not be read ({' '.join(str(error).split())[:120]})") from error
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError, TypeError) as error:
            if not items:
                raise TransientError("sent what is no list of papers") from error
            items.append(_unread(error))
        except (ValueError, KeyError, AttributeError) as error:
            items.append(_unread(error))
        return items

    def _said(self, response: object) -> str:
        content = getattr(response, "content", b"")
        said = said_in(content if isinstance(content, bytes) else b"")
        return said.replace(self._host.key, "…") if self._host.key else said


def _unread(error: Exception) -> Rejected:
    cause = " ".join(str(error).split())[:80]
    return Rejected(
        0, f"a record of Hugging Face that its client cannot read ({cause}); the rest of its list is left out"
    )


def _paper(info: PaperInfo) -> Paper | Rejected:
    """The paper that a record describes, or why it cannot be taken. What a model wrote of it is not its abstract."""
    arxiv_id = arxiv_id_of(info.id)
    abstract = joined(info.summary) if isinstance(info.summary, str) else info.summary
    listed = info.submitted_at
    published = info.published_at
    extra = {
        "huggingface": info.id if not arxiv_id else "",
        "projectPage": info.project_page,
        "githubRepo": info.github_repo,
        "submittedOnDailyAt": listed.date().isoformat() if isinstance(listed, datetime) else "",
    }
    names = [author.name for author in info.authors or ()]
    record: dict[str, object] = {
        "title": info.title,
        "abstract": abstract,
        "url": f"https://huggingface.co/papers/{info.id}",
        "published": published.date().isoformat() if isinstance(published, datetime) else None,
        "authors": [name for name in names if isinstance(name, str) and name],
        "arxiv_id": arxiv_id,
        "retraction": withdrawal(None, abstract) if isinstance(abstract, str) else None,
        "extra": {name: value for name, value in extra.items() if isinstance(value, str) and value},
    }
    return paper_of(record, source="huggingface", line=0)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

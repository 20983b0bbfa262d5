"""The feeds of arXiv, let through to the `arxiv` package only when they are sound.

By itself the package waits for ever, takes a page of HTML for an empty result and half a feed for a whole one, and
tries again at once whatever went wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from rag.sources.live.pages import number_in
from rag.sources.live.patience import RefusedError, TransientError
from rag.sources.live.web import Web, said_in

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PATH = "/api/query"
_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_NEEDED = ("id", "updated", "published")


@dataclass(frozen=True)
class Sound:
    """A feed that may be passed on, as the arxiv package looks at a reply of requests."""

    content: bytes
    status_code: int = 200


class FeedSession:
    """In the place of the package's `requests.Session`, and lives as that: the one method that the package calls."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._empty = ""
        self.total = 0
        self.entries: list[str | None] = []
        """For each entry of the last feed what is wrong with it, or None."""

    def get(self, url: str, headers: object = None) -> Sound:
        """A sound feed.

        Raises:
            SourceError: there is none to be had, or arXiv refuses what is asked.
        """
        del headers  # the package's name for itself
        params = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        start = number_in(params.get("start", ""))
        ids = params.get("id_list", "")
        return self._web.get(_PATH, params, parse=lambda body: self._sound(body, start=start, ids=ids))

    def _sound(self, body: bytes, *, start: int, ids: str) -> Sound:
        from xml.etree.ElementTree import tostring

        feed = _feed(body)
        entries = feed.findall(f"{_ATOM}entry")
        total = feed.findtext(_TOTAL, "").strip()
        if not (total.isascii() and total.isdigit()):
            raise TransientError("sent a feed without a number of results")
        # Now and then a page comes empty that is not. Of ids that it does not know it says the same each time.
        if not entries and int(total) > start and not (ids and ids == self._empty):
            self._empty = ids
            raise TransientError(f"sent an empty page where there are {int(total):,} results")
        self.total = int(total)
        self.entries = [_fault(entry) for entry in entries]
        if not any(self.entries):
            return Sound(body)
        for entry, fault in zip(entries, self.entries, strict=True):
            if fault:
                feed.remove(entry)
        return Sound(tostring(feed))


def _feed(body: bytes) -> Element:
    """The feed of a reply, well-formed and without entities of its own.

    Raises:
        TransientError: it is no feed, or half of one.
        RefusedError: it is arXiv's word for an error.
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
            raise RefusedError(f"cannot answer: {said[:200] or 'it does not say why'}", status=400)
    return feed


def _fault(entry: Element) -> str | None:
    """Why the arxiv package would leave an entry out without a word, or could not read it; None for a good one."""
    from datetime import UTC, datetime

    name = (entry.findtext(f"{_ATOM}id") or "").strip()
    if missing := [field for field in _NEEDED if not (entry.findtext(f"{_ATOM}{field}") or "").strip()]:
        return f"the entry {name[-40:] or 'without an id'} of arXiv has no {' and no '.join(missing)}; it is left out"
    for field in ("updated", "published"):
        text = (entry.findtext(f"{_ATOM}{field}") or "").strip()
        try:
            datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
        except (ValueError, OverflowError):
            return f"the entry {name[-40:]} of arXiv has the date {text[:40]!r}; it is left out"
    return None

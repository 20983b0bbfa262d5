"""Libraries of Zotero, over its web API or that of a running Zotero on this machine: what changed, and what is gone.

pyzotero was looked at and left: it holds bibtexparser below version 2, which reads the files here.

Sources: https://www.zotero.org/support/dev/web_api/v3/basics, …/syncing, …/local_api, and the local API's own source.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from rag.errors import SourceError
from rag.model import Paper, Rejected, Withdrawn
from rag.sources.live.network import Network
from rag.sources.live.pages import Page, number_in
from rag.sources.live.patience import RefusedError, UnreachedError
from rag.sources.live.services.zotero_record import NO_PAPERS, paper_of_item
from rag.sources.live.spec import Asked
from rag.sources.live.web import Web, json_of, object_of

PAGE = 100
"""Items of a page, the most that the web API gives."""

_KEYS = 50  # that one request may name


@dataclass(frozen=True)
class Held:
    """What a source had when it was last read to its end: the version of the library, and the keys of its items.

    `latest` is when the item changed last that had changed last, with hashes of all that did so at that moment: Zotero
    counts the version of an item up only when it is synchronised, so that a change on this machine shows by its time.
    """

    version: int = 0
    latest: str = ""
    at_latest: Mapping[str, str] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()

    def token(self) -> str:
        """It as text."""
        kept = [self.version, self.latest, dict(self.at_latest), " ".join(sorted(self.keys))]
        return json.dumps(kept, separators=(",", ":"))


def held_of(token: str) -> Held:
    """What a token says; nothing where it is none."""
    try:
        version, latest, at_latest, keys = json.loads(token)
        return Held(int(version), str(latest), dict(at_latest), frozenset(str(keys).split()))
    except (ValueError, TypeError):
        return Held()


class Items:
    """The items that a spec asks for, those that changed since `held`, or with `afresh` all; then who is not there now.

    First the items since the version that was held are asked for, all of them at first; on this machine also those that
    changed since. Where nothing changed, the first answer says so. Then it is asked who is gone.

    Of a whole library on the web the first answer has those in the bin as well, and each write has a version of its
    own: where the items that came have all versions since, nothing else was written, and else the log of deletions
    says what was deleted. Of a collection, of a tag and on this machine the keys of all items do: what was held and is
    not among them is withdrawn, what is among them and was not met yet is asked for by its key. It owns the way to
    Zotero and what it got so far, and lives until `close`.
    """

    def __init__(self, asked: Asked, network: Network, *, held: str, afresh: bool) -> None:
        library, scope, name = asked.values
        self._local = library.startswith("local")
        place = library.removeprefix("local").strip("/").partition("/")
        kind, number = (place[0], place[2]) if place[0] else ("user", "0")
        self._home = f"/{kind}s/{number}"
        self._path = self._home + (f"/collections/{name}" if scope == "collection" else "") + "/items/top"
        self._tag = {"tag": name} if scope == "tag" else {}
        self._spec, self._library = asked.spec, library
        self._before, self._afresh = held_of(held), afresh or not held
        self._logged = not (scope or self._local or self._afresh) and self._before.version > 0
        host = network.zotero_local if self._local else network.zotero
        self._web = Web(host, network, key_header="Zotero-API-Key")
        self._got: set[str] = set()
        self._latest: dict[str, dict[str, str]] = {}  # the times at which items changed, the last of them
        self._now: frozenset[str] | None = None
        self._missing: list[str] = []
        self.held = held
        """What is held when all pages are read."""

    def close(self) -> None:
        """Close the connections."""
        self._web.close()

    def page(self, cursor: str) -> Page:
        """The next items that are papers, or that were and are gone.

        Raises:
            SourceError: the library cannot be read, or Zotero does not run or does not allow it.
        """
        total = None
        while True:
            following: str | None
            stage, _, rest = cursor.partition(":")
            version, _, place = rest.partition(":")
            match stage:
                case "edited":
                    items, following = self._edited(number_in(version), number_in(place))
                case "deleted":
                    items, following = self._deleted(number_in(version))
                case "rest":
                    items, following = self._rest(number_in(version), number_in(place))
                case _:
                    items, following, total = self._changed(number_in(version), number_in(place))
            if items or following is None:
                return Page(items, following, total)
            cursor = following

    def _changed(self, version: int, start: int) -> tuple[list[Paper | Rejected | Withdrawn], str | None, int | None]:
        since = 0 if self._afresh else self._before.version
        params = {"since": str(since)} if since else {}
        params |= {"includeTrashed": "1"} if self._logged else {}
        # Who changes while the pages are read comes to their end, and has a version of its own for the next time.
        params |= {"sort": "dateAdded", "direction": "asc", "limit": str(PAGE), "start": str(start)}
        unless = {"If-Modified-Since-Version": str(since)} if since and not self._local and not start else {}
        try:
            found, said = self._get(params, unless)
        except RefusedError as error:
            if error.status != 304 or not unless:
                raise
            return [], None, None
        version = version or number_in(said.get("last-modified-version", ""))
        total = number_in(said.get("total-results", ""))
        more = start + PAGE < total if total else len(found) == PAGE
        after = f"edited:{version}:0" if self._local and not self._afresh else f"rest:{version}:0"
        following = f"changed:{version}:{start + PAGE}" if more else after
        binned = {_key(item) for item in found if self._logged and _data(item).get("deleted")}
        papers = self._papers([item for item in found if _key(item) not in binned])
        if not (self._logged and start == 0 and not more and version >= since):
            return papers, following, total if self._afresh else None
        self._now = frozenset((self._before.keys | self._got) - binned)
        if not {*range(since + 1, version + 1)} <= {item.get("version") for item in found}:
            return [*papers, *self._withdrawn(binned)], f"deleted:{version}", None
        self.held = Held(version, keys=self._now).token()
        return [*papers, *self._withdrawn(binned)], None, None

    def _withdrawn(self, keys: Iterable[str]) -> list[Withdrawn]:
        return [Withdrawn(self._spec, f"{self._library}/{key}") for key in sorted(self._before.keys.intersection(keys))]

    def _deleted(self, version: int) -> tuple[list[Paper | Rejected | Withdrawn], str | None]:
        try:
            log = self._asked({"since": str(self._before.version)}, {}, object_of, {}, path=f"{self._home}/deleted")
        except RefusedError as error:
            if error.status != 404:
                raise
            self._now = None
            return [], f"rest:{version}:0"  # a server that keeps no log
        keys = log.get("items") if isinstance(log, dict) else None
        if not isinstance(keys, list):
            raise SourceError("Zotero answered without a list of what was deleted; try again later")
        gone = frozenset(map(str, keys))
        self._now = (self._now or frozenset()) - gone
        self.held = Held(version, keys=self._now).token()
        return [*self._withdrawn(gone)], None

    def _edited(self, version: int, start: int) -> tuple[list[Paper | Rejected | Withdrawn], str]:
        found, _ = self._get({"sort": "dateModified", "direction": "desc", "limit": str(PAGE), "start": str(start)}, {})
        news = [item for item in found if _changed_at(item) >= self._before.latest]
        known = self._before.at_latest
        changed = [
            item for item in news if known.get(_key(item)) != _hash(item) or _changed_at(item) > self._before.latest
        ]
        self._note(news)
        more = len(news) == len(found) == PAGE
        return self._papers(changed), f"edited:{version}:{start + PAGE}" if more else f"rest:{version}:0"

    def _rest(self, version: int, batch: int) -> tuple[list[Paper | Rejected | Withdrawn], str | None]:
        gone: list[Paper | Rejected | Withdrawn] = []
        if self._now is None:
            self._now = self._keys()
            self._missing = sorted(self._now - self._before.keys - self._got)
            gone = [*self._withdrawn(self._before.keys - self._now)]
        keys = self._missing[batch * _KEYS : (batch + 1) * _KEYS]
        found = self._get({"itemKey": ",".join(keys), "limit": str(PAGE)}, {})[0] if keys else []
        following = f"rest:{version}:{batch + 1}" if (batch + 1) * _KEYS < len(self._missing) else None
        items = gone + self._papers(found)
        if following is None:
            latest = max([*self._latest, self._before.latest])
            at_latest = dict(self._before.at_latest if latest == self._before.latest else {}) | self._latest.get(
                latest, {}
            )
            self.held = Held(version, latest, at_latest, self._now).token()
        return items, following

    def _papers(self, found: Sequence[Mapping[str, Any]]) -> list[Paper | Rejected | Withdrawn]:
        self._note(found)
        new = [item for item in found if _key(item) not in self._got]
        self._got |= {_key(item) for item in new}
        papers = [item for item in new if _data(item).get("itemType") not in NO_PAPERS]
        return [paper_of_item(item, source=self._spec, library=self._library, line=0) for item in papers]

    def _note(self, found: Sequence[Mapping[str, Any]]) -> None:
        if self._local:
            for item in found:
                self._latest.setdefault(_changed_at(item), {})[_key(item)] = _hash(item)
            last = max(self._latest, default="")
            self._latest = {last: self._latest[last]} if last else {}

    def _get(
        self, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[list[dict[str, Any]], dict[str, str]]:
        said: dict[str, str] = {}
        given = self._asked({"format": "json", **params}, headers, json_of, said)
        if not isinstance(given, list):
            raise SourceError("Zotero answered without a list of items; try again later")
        return [item for item in given if isinstance(item, dict) and isinstance(item.get("key"), str)], said

    def _keys(self) -> frozenset[str]:
        text = self._asked({"format": "keys"}, {}, lambda body: body.decode("utf-8", "replace"), {})
        keys = str(text).split()
        if any(not key.isalnum() for key in keys):
            raise SourceError("Zotero answered with what are no keys of items; try again later")
        return frozenset(keys)

    def _asked(
        self, params: Mapping[str, str], headers: Mapping[str, str], parse: Any, said: dict[str, str], *, path: str = ""
    ) -> object:
        try:
            return self._web.get(
                quote(path or self._path), {**params, **self._tag}, parse=parse, said=said,
                headers={"Zotero-API-Version": "3", **headers},
            )  # fmt: skip
        except RefusedError as error:
            if error.status != 403 or not self._local:
                raise
            raise RefusedError(
                "Zotero does not let other programs in (HTTP 403); in its settings, under Advanced, allow other "
                "applications on this computer to communicate with it", status=403
            ) from error  # fmt: skip
        except SourceError as error:
            if not self._local or not isinstance(error.__cause__, UnreachedError):
                raise
            raise SourceError(f"Zotero {error.__cause__}; start Zotero") from error


def _data(item: Mapping[str, Any]) -> Mapping[str, Any]:
    data = item.get("data")
    return data if isinstance(data, dict) else {}


def _key(item: Mapping[str, Any]) -> str:
    return str(item["key"])


def _changed_at(item: Mapping[str, Any]) -> str:
    return str(_data(item).get("dateModified", ""))


def _hash(item: Mapping[str, Any]) -> str:
    text = json.dumps(_data(item), sort_keys=True, default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()

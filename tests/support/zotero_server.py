"""A library of Zotero on loopback: the read requests of its web API and, with `local`, of a running Zotero.

After https://www.zotero.org/support/dev/web_api/v3/basics and …/syncing, and the source of the local API: it has no
limit of its own, counts no version up for what is not synchronised yet, and has no /deleted.
"""

from dataclasses import dataclass, field
from itertools import count

from tests.support.live_server import Reply

_ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"


@dataclass
class Library:
    """Items by key, each with its version, its data and whether it is in the trash; changed through its methods."""

    local: bool = False
    key: str = ""
    """What a request has to bring, "" for a library that everybody may read."""
    version: int = 0
    items: dict = field(default_factory=dict)
    log: dict = field(default_factory=dict)
    """The versions at which items were deleted, by key."""
    _clock: object = field(default_factory=lambda: count(1))

    def add(self, title, *, synced=True, **data):
        """The key of a new item."""
        n, key = len(self.items), ""
        for _ in range(8):
            n, digit = divmod(n, len(_ALPHABET))
            key = _ALPHABET[digit] + key
        creators = [{"creatorType": "author", "firstName": "Ann", "lastName": "Heron"}]
        self.items[key] = {"version": 0, "trashed": False, "data": {
            "key": key, "itemType": "journalArticle", "title": title, "abstractNote": f"{title} sees many ponds.",
            "creators": creators, "date": "2025-03-01", "tags": [], "collections": [], "extra": "",
        }}  # fmt: skip
        self.change(key, synced=synced, **data)
        return key

    def change(self, key, *, synced=True, **data):
        self._touch(key, synced)
        self.items[key]["data"] |= data
        seconds = next(self._clock)
        moment = (
            f"2025-06-{1 + seconds // 86400:02}T{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z"
        )
        self.items[key]["data"]["dateModified"] = moment

    def trash(self, key):
        self._touch(key, True)
        self.items[key]["trashed"] = True

    def delete(self, *keys):
        """Delete for good, in one write."""
        self.version += 1
        for key in keys:
            del self.items[key]
            self.log[key] = self.version

    def elsewhere(self):
        """Something is written that is no item: a collection, a note within an item."""
        self.version += 1

    def _touch(self, key, synced):
        if synced:
            self.version += 1
            self.items[key]["version"] = self.version

    def script(self, prefix):
        """What answers the requests below `prefix` ("/users/1"); all others are not found."""

        def answered(request):
            if self.key and request.headers.get("zotero-api-key") != self.key:
                return Reply("Forbidden", status=403)
            if not request.path.startswith(prefix + "/"):
                return Reply("Not found", status=404)
            return self._answer(request.path.removeprefix(prefix).split("/")[1:], request.query, request.headers)

        return answered

    def _answer(self, path, query, headers):
        if path == ["deleted"] and not self.local:
            gone = [key for key, version in self.log.items() if version > int(query["since"])]
            return Reply({"collections": [], "items": gone, "tags": []}, headers=self._said())
        binned = query.get("includeTrashed") == "1"
        found = [item for item in self.items.values() if binned or not item["trashed"]]
        if path[0] == "collections":
            found = [item for item in found if path[1] in item["data"]["collections"]]
            path = path[2:]
        if path != ["items", "top"]:
            return Reply("Not found", status=404)
        said = self._said()
        unless = int(headers.get("if-modified-since-version", 0))
        if unless and self.version <= unless:
            return Reply(b"", status=304, headers=said)
        if "tag" in query:
            found = [item for item in found if {"tag": query["tag"]} in item["data"]["tags"]]
        if "itemKey" in query:
            keys = query["itemKey"].split(",")
            assert len(keys) <= 50
            found = [item for item in found if item["data"]["key"] in keys]
        since = int(query.get("since", 0))
        found = [item for item in found if item["version"] > since] if since else found
        if query.get("format") == "keys":
            return Reply("".join(f"{item['data']['key']}\n" for item in found), headers=said)
        if query.get("sort") == "dateModified":
            found = sorted(found, key=lambda item: item["data"]["dateModified"], reverse=query["direction"] == "desc")
        said["Total-Results"] = str(len(found))
        limit = int(query.get("limit", 0 if self.local else 25))
        assert self.local or limit <= 100
        start = int(query.get("start", 0))
        page = found[start : start + limit] if limit else found[start:]
        return Reply(
            [
                {
                    "key": item["data"]["key"], "version": item["version"],
                    "data": item["data"] | ({"deleted": 1} if item["trashed"] else {}),
                }
                for item in page
            ],
            headers=said,
        )  # fmt: skip

    def _said(self):
        return {"Last-Modified-Version": str(self.version), "Content-Type": "application/json"}

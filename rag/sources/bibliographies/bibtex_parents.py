"""What an entry of BibTeX takes from another one that it names, `crossref` and `xdata`, or from a string."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_NAMES = ("crossref", "xdata")
_NOT_TAKEN = frozenset({"title", "subtitle", "author", "abstract", "doi", "url", "eprint", "note", "footnote",
"keywords", "pages",
                        "crossref", "xref", "entryset", "ids", "options", "annotation", "shorttitle"})  # fmt: skip
_WAITING = 10_000
_DEEPEST = 20  # parents of parents
_PARENTS = frozenset(
    "proceedings book collection mvbook mvproceedings mvcollection reference periodical xdata misc".split()
)

Fields = dict[str, str]

WAITS = "\0"
"""What stands around the name of a string that is not defined yet."""

AWAITED = re.compile(rf"{WAITS}([^{WAITS}]+){WAITS}")


@dataclass(frozen=True)
class Waiting:
    """An entry, or anything else that comes in its turn (`fields` is then None), and the parents that it names."""

    item: object
    fields: Fields | None = None
    line: int = 0
    parents: tuple[str, ...] = ()


@dataclass
class Parents:
    """The entries that others may name, and those that wait for one that stands further down in the file."""

    _known: dict[str, tuple[str, Fields]] = field(default_factory=dict)
    _queue: list[Waiting] = field(default_factory=list)

    def add(self, key: str, kind: str, fields: Fields) -> None:
        """Keep an entry that may be a parent: any may, but those that mostly are none for a while only."""
        if len(self._known) < (10 if kind.lower() in _PARENTS else 1) * _WAITING:
            self._known[key.strip().lower()] = kind.lower(), {n: v for n, v in fields.items() if n != "abstract"}

    def put(self, waiting: Waiting) -> Iterator[Waiting]:
        """The items that can go on, in order, now that this one has come."""
        self._queue.append(waiting)
        if len(self._queue) == 1 and not self._lacks(waiting):
            yield self._whole(self._queue.pop())
            return
        if not self._lacks(self._queue[0]) or len(self._queue) > _WAITING:
            yield from self.rest() if not any(map(self._lacks, self._queue)) or len(self._queue) > _WAITING else ()

    def rest(self) -> Iterator[Waiting]:
        """All that still waits, with what is known of its parents."""
        queue, self._queue = self._queue, []
        for waiting in queue:
            yield self._whole(waiting)

    def _lacks(self, waiting: Waiting) -> bool:
        return any(parent not in self._known for parent in self._chain(waiting.parents))

    def _chain(self, keys: tuple[str, ...]) -> list[str]:
        """These parents, theirs and so on, each once, the nearest first."""
        chain = list(dict.fromkeys(keys))
        for key in chain:
            further = named_parents(self._known[key][1]) if key in self._known else ()
            chain += [one for one in dict.fromkeys(further) if one not in chain and len(chain) < _DEEPEST]
        return chain

    def _whole(self, waiting: Waiting) -> Waiting:
        if waiting.fields is None or not waiting.parents:
            return waiting
        fields = dict(waiting.fields)
        for parent in self._chain(waiting.parents):
            kind, given = self._known.get(parent, ("", {}))
            if given.items() <= waiting.fields.items():
                continue  # it names itself
            for name, value in {**_seen_from_below(given, kind)}.items():
                fields.setdefault(name, value)
        return Waiting(waiting.item, fields, waiting.line)


def named_parents(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of the entries from which one with these fields inherits, and the strings not known yet: "@jp"."""
    keys = (key for name in _NAMES if name in fields for key in re.split(r"[,\s]+", fields[name].strip("{} ")))
    strings = (f"@{name}" for text in fields.values() if WAITS in text for name in AWAITED.findall(text))
    return tuple(key.lower() for key in (*keys, *strings) if key)


def _seen_from_below(given: Mapping[str, str], kind: str) -> Fields:
    if kind == "xdata":
        return dict(given)
    taken = {name: value for name, value in given.items() if name not in _NOT_TAKEN}
    if title := given.get("booktitle") or given.get("title"):
        taken["booktitle"] = title
    return taken

"""What a library remembers of where its papers come from, and of papers that were removed: `storage/sources.json`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from rag.library.json_file import KeptFile
from rag.model import Paper
from rag.model.changes import Kind, Mark, Source
from rag.sources.merging.merge import ADDRESS
from rag.text.titles import title_key

FILE = "sources.json"
_REMEDY = (
    "Put a copy of it back, or move it away: the papers are not in it, and each source is remembered again when it is "
    "ingested the next time."
)
_SKETCH = 16
_SKETCHES_ALIKE = 10  # of 16: texts with 85 % of their words in common reach it, two papers of one name do not


@dataclass(frozen=True)
class Gone:
    """A paper that was removed: enough to know it again, and not its text."""

    id: str
    title: str
    doi: str | None
    arxiv_id: str | None
    sketch: tuple[int, ...]
    when: str
    address: str = ""


class Remembered:
    """The sources of the library in the folder `storage`, and the papers that were removed from it.

    It owns the file of them, reads it anew for each question and holds nothing open, so that it may live for any time.
    """

    def __init__(self, storage: str | Path) -> None:
        self._file = KeptFile(Path(storage) / FILE, _REMEDY)

    def sources(self) -> tuple[Source, ...]:
        """All sources, in the order in which they were first ingested.

        Raises:
            LibraryError: the file cannot be read or is damaged.
        """
        return tuple(self._parsed(self._file.read(), "sources", _source))

    def change(self, spec: str, how: Callable[[Source | None], Source | None]) -> None:
        """Put what `how` makes of the source, None for one that is not there, in its place; None forgets it.

        Raises:
            LibraryError: the file cannot be read or written.
        """
        with self._file.changing() as content:
            known = {source.spec: source for source in self._parsed(content, "sources", _source)}
            changed = how(known.get(spec))
            if changed is None:
                known.pop(spec, None)
            else:
                known[spec] = changed
            content["sources"] = [_plain(source) for source in known.values()]

    def forget(self, spec: str) -> bool:
        """True when the source was there; it is not asked any more, and its papers stay.

        Raises:
            LibraryError: the file cannot be read or written.
        """
        if all(source.spec != spec for source in self.sources()):
            return False
        self.change(spec, lambda _: None)
        return True

    def gone(self) -> tuple[Gone, ...]:
        """The papers that were removed, in that order. Raises as `sources`."""
        return tuple(self._parsed(self._file.read(), "removed", _gone))

    def remove(self, papers: Sequence[Paper]) -> None:
        """Remember that these papers were removed, so that `sync` does not bring them back. Raises as `change`."""
        when = now()
        records = [record for paper in papers for record in (paper, *paper.copies)]
        gone = [
            Gone(one.id, one.title, one.doi, one.arxiv_id, _sketch(one.abstract), when, one.extra.get(ADDRESS, ""))
            for one in records
        ]
        with self._file.changing() as content:
            before = self._parsed(content, "removed", _gone)
            known = {replace(one, when="") for one in before}
            content["removed"] = [
                _plain(one) for one in (*before, *(g for g in gone if replace(g, when="") not in known))
            ]

    def bring_back(self, papers: Sequence[Paper]) -> None:
        """Forget that papers like these were removed. Raises as `change`."""
        with self._file.changing() as content:
            before = self._parsed(content, "removed", _gone)
            kept = [one for one in before if not any(map(the_gone([one]), papers))]
            content["removed"] = [_plain(one) for one in kept]

    def _parsed(self, content: Mapping[str, Any], name: str, made: Callable[[Any], Any]) -> list[Any]:
        try:
            return [made(record) for record in content.get(name, ())]
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
            raise self._file.damage(f"in {name}: {error!r:.80}") from error


def the_gone(gone: Sequence[Gone]) -> Callable[[Paper], bool]:
    """Says of a record whether it is of one of these removed papers.

    An id that was given decides, then arXiv ids and DOIs, then the title with nearly the same text: of two papers that
    share a name, the other one stays.
    """
    by_key: dict[str, list[Gone]] = defaultdict(list)
    for one in gone:
        for key in _keys(one):
            by_key[key].append(one)
    return lambda paper: bool(by_key) and any(_is(paper, one) for key in _keys(paper) for one in by_key.get(key, ()))


def _keys(one: Paper | Gone) -> list[str]:
    address = one.address if isinstance(one, Gone) else one.extra.get(ADDRESS)
    keys = (
        ("id", one.id), ("at", address), ("arxiv", one.arxiv_id), ("doi", one.doi), ("title", title_key(one.title)),
    )  # fmt: skip
    return [f"{kind} {value}" for kind, value in keys if value]


def _is(paper: Paper, one: Gone) -> bool:
    if (paper.id and paper.id == one.id) or (one.address and paper.extra.get(ADDRESS) == one.address):
        return True
    if paper.arxiv_id and one.arxiv_id:
        return paper.arxiv_id == one.arxiv_id
    if paper.doi and paper.doi == one.doi:
        return True
    if title_key(paper.title) != title_key(one.title):
        return False
    sketch = _sketch(paper.abstract)
    if sketch and one.sketch:
        return sum(a == b for a, b in zip(sketch, one.sketch, strict=True)) >= _SKETCHES_ALIKE
    return bool(title_key(paper.title)) and not (paper.doi and one.doi)


def _sketch(text: str) -> tuple[int, ...]:
    """For each of 16 hashes the smallest over the words: the share that two texts agree in is that of their words.

    Source: A. Broder, On the resemblance and containment of documents, 1997.
    """
    words = set(re.findall(r"\w+", text.casefold()))
    if not words:
        return ()
    digests = [blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4 * _SKETCH).digest() for word in words]
    return tuple(min(int.from_bytes(one[4 * n : 4 * n + 4]) for one in digests) for n in range(_SKETCH))


def now() -> str:
    """The time, in UTC and to the second, as it is kept here."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def day_of(moment: str) -> date | None:
    """The day of a time as `now` gives it, None for ""."""
    return datetime.fromisoformat(moment).date() if moment else None


def finished(source: Source | None, spec: str, kind: Kind, *, papers: int) -> Source:
    """The source as it is when it has just been read to its end: nothing is left to go on with."""
    moment = now()
    return replace(source or Source(spec, kind, moment), last=moment, papers=papers, state="", error="")


def _plain(one: Source | Gone) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if value not in (None, "", (), {})}


def _source(record: Any) -> Source:
    files = {str(path): Mark(*_whole(mark)) for path, mark in record.get("files", {}).items()}
    source = Source(**{**record, "files": files, "categories": tuple(record.get("categories", ())),
                       "seen": tuple(record.get("seen", ()))})  # fmt: skip
    if source.kind not in ("live", "file", "folder"):
        raise ValueError(f"kind {source.kind!r}")
    for moment in (source.first, source.last):
        day_of(moment)
    return source


def _whole(mark: Any) -> tuple[int, int, str, int]:
    return int(mark["size"]), int(mark["mtime_ns"]), str(mark["sha256"]), int(mark.get("papers", 0))


def _gone(record: Any) -> Gone:
    return Gone(
        str(record.get("id", "")), str(record.get("title", "")), record.get("doi"), record.get("arxiv_id"),
        tuple(map(int, record.get("sketch", ()))), str(record["when"]), str(record.get("address", "")),
    )  # fmt: skip


__all__ = [
    "FILE", "Gone", "Kind", "Mark", "Remembered", "Source", "day_of", "finished", "now", "the_gone",
]  # fmt: skip

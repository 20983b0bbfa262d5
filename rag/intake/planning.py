"""What a block of records means for a library: which papers are new, which change, and which turn out to be one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from rag.intake.outcomes import Outcome, Touched
from rag.library.flat_records import Record, content_hash, text_hash
from rag.library.lookup import Lookup
from rag.model import Paper, Rejected
from rag.sources.merging.deduplication import Gathering, identity_keys
from rag.sources.merging.merge import joined, renewed, same_paper, settled, surely_same, unnamed
from rag.text.titles import new_id, slug_of


@dataclass(frozen=True)
class Entry:
    """A record of a file: the file's number, and the record's among those of the file, from 1."""

    paper: Paper
    file: int
    number: int


@dataclass
class Plan:
    """What is to be done for a block.

    `fresh` are papers to embed, `updated` those with new metadata only, `removed` the ids of papers that have become
    part of another. `counted` are the outcomes to enter by file, some of them to be taken back, and `touched` what is
    then to be known of the papers.
    """

    fresh: list[Paper] = field(default_factory=list)
    updated: list[Paper] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rejected: list[tuple[int, Rejected]] = field(default_factory=list)
    counted: list[tuple[int, Outcome, int]] = field(default_factory=list)
    touched: dict[str, tuple[int, Outcome]] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """True when the library changes."""
        return bool(self.fresh or self.updated or self.removed)


def plan(block: Sequence[Entry], lookup: Lookup, touched: Touched, name: Callable[[int], str]) -> Plan:
    """What the block means for the library. `touched` are the papers of the blocks before; `name` names a file.

    A record of a paper that this run has met already is one more copy of it; of any other that is stored it is news,
    which replaces what the same source said before.
    """
    return _Planning(lookup, touched, name).of(block)


class _Planning:
    def __init__(self, lookup: Lookup, touched: Touched, name: Callable[[int], str]) -> None:
        self._lookup = lookup
        self._touched = touched
        self._name = name
        self._plan = Plan()
        self._stored: dict[str, Record] = {}
        self._papers: dict[str, Paper] = {}  # as they are to be; those that have become part of another are not there
        self._by_key: dict[str, dict[str, None]] = {}

    def of(self, block: Sequence[Entry]) -> Plan:
        gathering, files = self._gathered(block)
        entries = [(paper, files[place]) for place, paper in gathering.placed()]
        for place in range(len(files)):
            if gathering.into(place) != place:
                self._plan.counted.append((files[place], "merged", 1))
        keys = [key for paper, _ in entries for key in identity_keys(paper)]
        self._stored |= self._lookup.records([paper.id for paper, _ in entries if paper.id])
        self._stored |= self._lookup.matching(keys)
        for record in self._stored.values():
            self._put(record.paper)
        taken = _Taken(self._lookup, entries, self._papers)
        for paper, file in entries:
            self._enter(paper, file, taken)
        self._settle()
        return self._plan

    def _gathered(self, block: Sequence[Entry]) -> tuple[Gathering, list[int]]:
        """The papers of the block, copies merged, and the file of each record that was "new" at its time."""
        met = [entry.paper.id for entry in block if entry.paper.id and self._touched.get(entry.paper.id)]
        before = self._lookup.records(met)
        first: dict[str, tuple[Paper, int]] = {}
        for key, record in before.items():
            file, _ = self._touched.get(key) or (0, "new")
            first[key] = record.paper, file
        gathering, files = Gathering(), []
        for entry in block:
            paper = entry.paper
            known, file = first.setdefault(paper.id, (paper, entry.file)) if paper.id else (paper, entry.file)
            if known is not paper and not same_paper(replace(known, id=""), replace(paper, id="")):
                reason = _id_taken(entry, known, self._name(file))
                self._plan.rejected.append((entry.file, Rejected(entry.number, reason)))
            elif gathering.add(paper) == "new":
                files.append(entry.file)
            else:
                self._plan.counted.append((entry.file, "merged", 1))
        return gathering, files

    def _enter(self, paper: Paper, file: int, taken: _Taken) -> None:
        base, others = self._matches(paper)
        if base is None:
            whole = settled(paper if paper.id else replace(paper, id=new_id(paper, taken)))
            taken.add(whole.id)
            self._put(whole)
            self._outcome(whole.id, file, "new")
            return
        met = self._met(base)
        whole = (joined if met else renewed)(self._papers[base], paper)
        absorbed = []
        for other in others:
            rest = unnamed(self._papers[other])
            if surely_same(unnamed(whole), rest):
                whole = joined(whole, rest)
                absorbed.append(other)
        whole = settled(whole)
        same = content_hash(whole) == content_hash(self._papers[base]) and not absorbed
        for gone in {base, *absorbed} - {whole.id}:
            del self._papers[gone]
        self._put(whole)
        for other in absorbed:
            self._recount(other, "new", "merged")
        if met is None:
            self._outcome(whole.id, file, "unchanged" if same else "changed")
            return
        self._plan.counted.append((file, "merged", 1))
        if not same:
            met = self._recount(base, "unchanged", "changed") or met
        self._plan.touched[whole.id] = met

    def _matches(self, paper: Paper) -> tuple[str | None, list[str]]:
        """The paper of the library that the record is of, and others that it shows to be the same."""
        known = [key for identity in identity_keys(paper) for key in self._by_key.get(identity, ())]
        known = [key for key in dict.fromkeys(known) if key in self._papers]
        # One that was there before this run keeps its id, rather than one that this run has brought; then the older.
        order = {key: n for n, key in enumerate(self._papers)} if len(known) > 1 else {}
        known.sort(key=lambda key: (self._met(key) is not None, order.get(key, 0)))
        bare = {key: unnamed(self._papers[key]) for key in known}
        sure = [key for key in known if surely_same(bare[key], paper)]
        if paper.id in self._papers:
            return paper.id, [key for key in sure if key != paper.id]
        if sure:
            return sure[0], sure[1:]
        return next((key for key in known if same_paper(bare[key], paper)), None), []

    def _met(self, paper_id: str) -> tuple[int, Outcome] | None:
        return self._plan.touched.get(paper_id) or self._touched.get(paper_id)

    def _outcome(self, paper_id: str, file: int, outcome: Outcome) -> None:
        self._plan.counted.append((file, outcome, 1))
        self._plan.touched[paper_id] = file, outcome

    def _recount(self, paper_id: str, before: Outcome, after: Outcome) -> tuple[int, Outcome] | None:
        """Count a paper of this run again that had the outcome `before`; gives what is to be known of it then."""
        met = self._met(paper_id)
        if met is None or met[1] != before:
            return None
        self._plan.counted += [(met[0], before, -1), (met[0], after, 1)]
        return met[0], after

    def _put(self, paper: Paper) -> None:
        self._papers[paper.id] = paper
        for key in identity_keys(paper):
            self._by_key.setdefault(key, {})[paper.id] = None

    def _settle(self) -> None:
        for key, paper in self._papers.items():
            before = self._stored.get(key)
            if before is None or text_hash(paper) != before.text_hash:
                self._plan.fresh.append(paper)
            elif content_hash(paper) != before.content_hash:
                self._plan.updated.append(paper)
        self._plan.removed = [key for key in self._stored if key not in self._papers]


class _Taken:
    """The ids that no paper may be given: those of the library, and those that the block gives or has made."""

    def __init__(self, lookup: Lookup, entries: Iterable[tuple[Paper, int]], papers: Iterable[str]) -> None:
        self._lookup = lookup
        wanted = [slug_of(paper) for paper, _ in entries if not paper.id]
        self._asked = set(wanted)
        self._ids = {*lookup.present(wanted), *papers, *(paper.id for paper, _ in entries if paper.id)}

    def add(self, paper_id: str) -> None:
        self._ids.add(paper_id)

    def __contains__(self, paper_id: object) -> bool:
        name = str(paper_id)
        if name not in self._asked and name not in self._ids:
            self._asked.add(name)
            self._ids |= self._lookup.present([name])
        return name in self._ids


def _id_taken(entry: Entry, first: Paper, origin: str) -> str:
    return (
        f"record {entry.number}: the id {entry.paper.id!r} is that of {first.title!r:.80} in {origin}, and this is "
        f"{entry.paper.title!r:.80}, with other content; give each paper its own id"
    )

"""A library of the campaign: papers of several versions, the operations on it, and all that has to hold after each."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from random import Random
from typing import Any

from rag.curation.follow import FILE as FOLLOWED
from rag.curation.remembered_sources import Remembered
from rag.errors import FootnoteError
from rag.library.json_file import KeptFile
from rag.library.snapshots import check
from tests.support.storage_fixtures import assert_whole, invented, open_assistant, write_lines

PAPERS = 40
VERSIONS = 3
OPERATIONS = ("ingest", "sync", "remove", "rebuild", "export", "snapshot", "restore", "doctor")
CHANGES_NOTHING = ("rebuild", "export", "snapshot", "doctor")


class Patient:
    """A folder with a library in it. `look` is called after every fault, and says what does not hold."""

    def __init__(self, home: Path) -> None:
        self.home, self.folder = home, home / "library"
        home.mkdir(parents=True)
        self._records = [invented(PAPERS, version=version) for version in range(VERSIONS)]
        self.texts: dict[str, set[str]] = {}
        for records in self._records:
            for record in records:
                self.texts.setdefault(record["id"], set()).add(record["abstract"])
        self.files = [write_lines(home / f"{n}.jsonl", records) for n, records in enumerate(self._records)]
        self.source = home / "source.jsonl"
        self.version = 0
        self.first, self.saved = home / "first.footnote", home / "later.footnote"
        self.exported = home / "papers.jsonl"
        self._turn(0)
        with open_assistant(self.folder) as assistant:
            assistant.ingest([self.source])
            assistant.follow("What does Invention 3 say?")
            assistant.snapshot(self.first)
            assistant.snapshot(self.saved)
            assistant.export(self.exported)
            self.known = self._held(assistant)
        self.original = dict(self.known)
        self.removing: set[str] = set()
        self._exported = PAPERS

    def _turn(self, version: int) -> None:
        """Another version of the remembered source, with an older time than the one before: its clock was set back."""
        self.version = version
        shutil.copyfile(self.files[version], self.source)
        os.utime(self.source, (10_000_000 - version, 10_000_000 - version))

    def job(self, operation: str, dice: Random) -> dict[str, Any]:
        """The operation as the nursery does it."""
        self.operation = operation
        job: dict[str, Any] = {"op": operation, "folder": str(self.folder)}
        if operation in ("ingest", "sync"):
            self._turn((self.version + 1) % VERSIONS)
            job["file"] = str(self.source)
        self.removing = set(dice.sample(sorted(self.texts), 5)) if operation == "remove" else set()
        job["ids"] = sorted(self.removing)
        if operation == "export":
            job["file"] = str(self.exported)
        if operation in ("snapshot", "restore"):
            job["file"] = str(self.saved if operation == "snapshot" else self.first)
        return job

    def look(self) -> list[str]:
        """What does not hold, a line each. Nothing has been mended since the fault."""
        try:
            with open_assistant(self.folder) as assistant:
                assert_whole(assistant._library, orphans=False)
                held = self._held(assistant)
                hits = assistant.search("invention bace", k=5) if held else []
                faults = [f"{hit.paper.id} was found without its words" for hit in hits if not hit.evidence]
                faults += [] if hits or not held else ["nothing is found"]
        except Exception as error:
            return [f"the library does not open or is not whole: {type(error).__name__}: {error!s:.300}"]
        faults += self._content(held)
        faults += self._files()
        rows = [json.loads(line) for line in self.exported.read_text().splitlines()]
        faults += [] if len(rows) in (len(held), self._exported) else [f"the export has {len(rows)} papers"]
        self._exported = len(rows)
        self.known = held
        return faults

    def _content(self, held: dict[str, str]) -> list[str]:
        faults = [f"{key} has a text that nobody wrote" for key, text in held.items() if text not in self.texts[key]]
        lost = set(self.known) - set(held)
        if self.operation == "restore":
            if held not in (self.known, self.original):
                faults.append(f"a restore left neither the old library nor the new one, but {len(held)} papers")
        elif self.operation == "remove":
            gone = {one.id for one in Remembered(self.folder).gone()}
            faults += [f"{key} is lost" for key in sorted(lost - self.removing)]
            faults += [f"{key} is gone and would come back" for key in sorted(lost - gone)]
        elif lost:
            faults.append(f"{len(lost)} papers are lost, among them {min(lost)}")
        if self.operation in CHANGES_NOTHING and held != self.known:
            faults.append("papers have changed")
        return faults

    def _files(self) -> list[str]:
        faults = []
        try:
            Remembered(self.folder).sources()
            KeptFile(self.folder / FOLLOWED, "").read()
            check(self.saved)
        except FootnoteError as error:
            faults.append(str(error))
        return faults

    def heal(self) -> list[str]:
        """What does not hold when the library is mended and the last source is ingested again."""
        try:
            with open_assistant(self.folder) as assistant:
                assistant.doctor()
                assistant.ingest([self.source])
                found = assert_whole(assistant._library)
                wanted = {record["id"]: record["abstract"] for record in self._records[self.version]}
                faults = [] if self._held(assistant) == wanted else [f"{len(found)} papers are not those of the source"]
                faults += [f"after mending: {line}" for line in assistant.doctor(mend=False)]
                self.known = self._held(assistant)
                return faults
        except Exception as error:
            return [f"it cannot be mended: {type(error).__name__}: {error!s:.300}"]

    @staticmethod
    def _held(assistant: Any) -> dict[str, str]:
        return {paper.id: paper.abstract for paper in assistant.papers()}

"""Living questions: each is kept with its answer in `storage/followed.json`, and asked again for what is new."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

from rag.curation.news import ORDER, compared, snapshot
from rag.curation.remembered_sources import now
from rag.errors import FootnoteError, LibraryError, SettingsError
from rag.library.json_file import KeptFile
from rag.model import Answer, Paper
from rag.model.changes import Followed, News, SeenPaper, Sentence, Snapshot

FILE = "followed.json"
_REMEDY = "Put a copy of it back, or move it away and follow the questions again; the library is not in it."
_HASH_BYTES = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asking:
    """What following needs of a library: how a question is answered, and what is in it.

    `state` changes with the library and with all that an answer depends on; "" where that is not known, as while
    somebody writes. `ids` are those of all papers, `stored` gives those of the given ids that are there.
    """

    ask: Callable[[str, Mapping[str, Any]], Answer]
    state: Callable[[], str]
    ids: Callable[[], Iterable[str]]
    stored: Callable[[Sequence[str]], Sequence[Paper]]


class Following:
    """The followed questions of the library in the folder `storage`. It owns the file of them, and lives for a call."""

    def __init__(self, storage: Path, asking: Asking) -> None:
        self._file = KeptFile(storage / FILE, _REMEDY)
        self._asking = asking

    def followed(self) -> tuple[Followed, ...]:
        """The questions that are followed, in the order of their numbers.

        Raises:
            LibraryError: the file cannot be read or is damaged.
        """
        return followed(self._file)

    def follow(self, question: str, where: Mapping[str, Any]) -> Followed:
        """The question as it is followed from now on, with its answer now; one that was followed keeps its number.

        Raises:
            FootnoteError: it cannot be asked.
            LibraryError: the file cannot be read or written.
        """
        question = " ".join(question.split())
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in where.items()}
        state = self._asking.state()
        answer = snapshot(self._asking.ask(question, plain))
        moment, library = now(), self._papers()
        with self._file.changing() as content:
            questions = content.setdefault("questions", [])
            same = [one for one in questions if (one["question"], one.get("where", {})) == (question, plain)]
            number = same[0]["number"] if same else content.get("next", 1)
            kept = Followed(number, question, same[0]["since"] if same else moment, moment, answer, plain)
            if same:
                questions.remove(same[0])
            else:
                content["next"] = number + 1
            questions.append(asdict(kept) | {"state": state})
            questions.sort(key=lambda one: int(one["number"]))
            _put_library(content, [number], library)
        return kept

    def forget(self, number: int) -> Followed:
        """The question of this number, which is not followed any more.

        Raises:
            SettingsError: there is none of this number.
            LibraryError: the file cannot be read or written.
        """
        kept = next((one for one in self.followed() if one.number == number), None)
        if kept is None:
            known = ", ".join(str(one.number) for one in self.followed()) or "none"
            raise SettingsError(f"no followed question has the number {number}; there are {known}.")
        with self._file.changing() as content:
            content["questions"] = [one for one in content.get("questions", ()) if one["number"] != number]
            _put_library(content, [], "")
        return kept

    def news(self, *, keep: bool, progress: Callable[[int, int], None] | None = None) -> tuple[News, ...]:
        """What became of each followed question since it was last read, the best news first.

        Unless `keep` is set they count as read then. A question that could not be asked has its error, and its answer
        stays the one that it had.

        Raises:
            LibraryError: the file cannot be read or written.
        """
        content = self._file.read()
        kept = followed(self._file, content)
        state = self._asking.state()
        found = []
        for n, (one, record) in enumerate(zip(kept, content.get("questions", ()), strict=True), 1):
            packed = content.get("libraries", {}).get(record.get("library"), "")
            found.append(self._news_of(one, packed, state if state == record.get("state") else ""))
            if progress:
                progress(n, len(kept))
        read = {item.followed.number: item.now for item in found if item.now is not None}
        if not keep and read:
            self._mark(read, state)
        return tuple(sorted(found, key=lambda item: (ORDER.index(item.turn), item.followed.number)))

    def _news_of(self, one: Followed, packed: str, unchanged: str) -> News:
        if unchanged:
            return News(one, "none")  # nothing that an answer depends on has changed: no need to ask
        papers = _hashes(packed)
        try:
            answer = snapshot(self._asking.ask(one.question, one.where))
            return compared(one, answer, known=lambda key: _hash(key) in papers, stored=self._asking.stored)
        except FootnoteError as error:
            _log.info("question %d could not be asked: %s", one.number, error)
            return News(one, "failed", error=str(error))

    def _mark(self, read: Mapping[int, Snapshot], state: str) -> None:
        moment, library = now(), self._papers()
        with self._file.changing() as content:
            for record in content.get("questions", ()):
                if record["number"] in read:
                    record |= {"answer": asdict(read[record["number"]]), "read": moment, "state": state}
            _put_library(content, read, library)

    def _papers(self) -> str:
        """Which papers the library holds, as hashes of their ids of 5 bytes each: in 100,000 two meet once in 200."""
        return base64.b64encode(b"".join(sorted(_hash(key) for key in self._asking.ids()))).decode("ascii")


def _put_library(content: dict[str, Any], numbers: Iterable[int], packed: str) -> None:
    """Note which papers there were when these questions were read; once for all of them, as they may be many."""
    name = blake2b(packed.encode("ascii"), digest_size=6).hexdigest()
    libraries = content.setdefault("libraries", {}) | {name: packed}
    for record in content.get("questions", ()):
        if record["number"] in set(numbers):
            record["library"] = name
    used = {record.get("library") for record in content.get("questions", ())}
    content["libraries"] = {key: value for key, value in libraries.items() if key in used}


def followed(file: KeptFile, content: Mapping[str, Any] | None = None) -> tuple[Followed, ...]:
    """The questions that the file holds, or this content of it. Raises LibraryError where it is damaged."""
    content = file.read() if content is None else content
    try:
        return tuple(_followed(record) for record in content.get("questions", ()))
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        raise file.damage(f"in questions: {error!r:.80}") from error


def followed_count(storage: Path) -> int:
    """How many questions are followed; 0 where the file cannot be read, which `news` will say."""
    try:
        return len(KeptFile(storage / FILE, _REMEDY).read().get("questions", ()))
    except LibraryError:
        return 0


def _followed(record: Mapping[str, Any]) -> Followed:
    answer = record["answer"]
    if answer["status"] not in ("answered", "abstained"):
        raise ValueError(f"status {answer['status']!r}")
    kept = Snapshot(
        answer["status"],
        str(answer["text"]),
        tuple(Sentence(str(one["text"]), tuple(one["papers"])) for one in answer["sentences"]),
        tuple(SeenPaper(**paper) for paper in answer["papers"]),
        answer["mode"],
        answer["model"],
    )
    return Followed(
        int(record["number"]), str(record["question"]), str(record["since"]), str(record["read"]), kept,
        dict(record.get("where", {})),
    )  # fmt: skip


def _hash(key: str) -> bytes:
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()


def _hashes(packed: str) -> set[bytes]:
    try:
        whole = base64.b64decode(packed)
    except ValueError:
        whole = b""
    return {whole[at : at + _HASH_BYTES] for at in range(0, len(whole), _HASH_BYTES)}

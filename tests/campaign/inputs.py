"""Fuzzed inputs: files for all readers, questions, `--where`, lines of batches, saved answers, kept files, archives."""

from __future__ import annotations

import gzip
import json
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from rag.curation.follow import FILE as FOLLOWED
from rag.curation.remembered_sources import FILE as SOURCES
from rag.curation.remembered_sources import Remembered
from rag.errors import FootnoteError
from rag.formats.contract import answer_line, read_line
from rag.library.snapshots import check
from rag.retrieval.question.conditions import conditions
from rag.sources import read_file
from tests.campaign.row import Row
from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import SEEDS
from tests.support.storage_fixtures import invented, open_assistant, write_lines

SECONDS = 10
"""Of processor time for a case."""

_WORDS = (
    "what which papers about invention 3 since March 2024 before 9999 by more than 99999999999 authors who wrote it "
    "the second one and not \"quoted “ ( [ { } ] ) <b> </script> \\frac{ $x^2$ %s {0} ${{7*7}} ' ; -- \0 \x1b[31m "
    "\u202e \ufeff \U000e0041 e\u0301\u0301\u0301 ﷽ 𝔘 １２ ² ½ 1e999 -0 0x41 null NaN true http://169.254.169.254/ "
    "javascript:alert(1) [1] [1,2–9] [^3]: > # * - | `code` … — ? ! . , : ; year month p3 Invention 7: and or NOT"
).split(" ")
_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 2024, 10**30, 1.5, float("inf"), float("nan"), "", "2024", "2024-02-31", "9999-12-31", "p3",
    "\0", "x" * 10_000, [], ["p3"], [1, None], [[]], {}, {"a": 1}, b"raw", "１２", "-0001-01-01", "2024-W01-1",
)  # fmt: skip
_KEYS = (
    "year", "month", "since", "until", "min_authors", "max_authors", "source", "abstract_kind", "paper_ids", "x", "",
    "__class__", "joined",
)  # fmt: skip


class TooSlowError(Exception):
    """The case took longer than it may."""


def fuzzed(home: Path, count: int, seed: int) -> list[Row]:
    """So many inputs in all, of every kind in turn; each is answered, or refused in one line, in bounded time."""
    if not count:
        return []
    home.mkdir(parents=True)
    signal.signal(signal.SIGVTALRM, _too_slow)
    with open_assistant(home / "library") as assistant:
        assistant.ingest([write_lines(home / "papers.jsonl", invented(12))])
        assistant.follow("What does Invention 3 say?")
        assistant.snapshot(home / "saved.footnote")
        answer = replace(assistant.ask("What does Invention 3 say?"), timings_ms={})  # a case can be made again
        saved = answer_line(answer).encode()
        kept = {name: (home / "library" / name).read_bytes() for name in (SOURCES, FOLLOWED)}
        snapshot = (home / "saved.footnote").read_bytes()
        every = list(SEEDS.values())

        def reader(dice: Random) -> None:
            _entries(home / "case", mutated(dice.choice(every), dice, every))

        def question(dice: Random) -> None:
            where = _where(dice) if dice.random() < 0.2 else None
            if dice.random() < 0.1:
                assistant.ask(_text(dice), history=_turns(dice), where=where)
            else:
                assistant.search(_text(dice), k=dice.choice([0, 1, 10, 1000, 10**9]), where=where)

        def batch(dice: Random) -> None:
            text = dice.choice([_text(dice), "What does Invention 3 say?"])
            line = {"id": dice.choice(_VALUES), "question": text if dice.random() < 0.9 else 1}
            line |= {"where": _where(dice)} if dice.random() < 0.4 else {}
            line |= {"history": dice.choice([_turns(dice), "x", [1]])} if dice.random() < 0.4 else {}
            raw = json.dumps(line, default=str).encode()
            read = read_line(mutated(raw, dice, [raw, saved]) if dice.random() < 0.3 else raw, text_field="question")
            conditions(read.where)
            if dice.random() < 0.05:
                answer_line(assistant.ask(read.text, history=read.history, where=read.where), read.id)

        def verified(dice: Random) -> None:
            text = mutated(saved, dice, [saved, _text(dice).encode()])[:20_000]
            assistant.verify(text.decode("utf-8", "replace"))

        def beside(dice: Random) -> None:
            name, content = dice.choice(list(kept.items()))
            (home / name).write_bytes(mutated(content, dice, list(kept.values()))[:50_000])
            if name == SOURCES:
                Remembered(home).sources()
                Remembered(home).gone()
            else:
                _followed(home)

        def archive(dice: Random) -> None:
            (home / "case").write_bytes(
                mutated(snapshot[-3000:] if dice.random() < 0.3 else snapshot, dice, [snapshot])
            )
            check(home / "case")

        kinds: dict[str, Callable[[Random], Any]] = {
            "files for all readers": reader, "questions and searches": question,
            "conditions (--where)": lambda dice: conditions(_where(dice)), "lines of a batch": batch,
            "saved answers and drafts": verified, "files beside the library": beside, "snapshots": archive,
        }  # fmt: skip
        rows = [Row(f"fuzzed: {kind}") for kind in kinds]
        for n in range(count):
            row, how = rows[n % len(rows)], list(kinds.values())[n % len(rows)]
            _case(row, lambda: how(Random(f"{seed} {n}")), f"seed {seed}, input {n}")  # noqa: B023
        rows.append(_bombs(home))
    return rows


def _case(row: Row, step: Callable[[], Any], name: str) -> None:
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    begun = time.process_time()
    try:
        step()
        row.count("taken")
    except FootnoteError as error:
        row.count("refused with one line")
        said = str(error)
        if not said or "\n" in said or len(said) > 20_000:
            row.broken.append(f"{name}: the error has several lines or none: {said[:200]!r}")
    except TooSlowError:
        row.count("too slow")
        row.broken.append(f"{name}: more than {SECONDS} s")
    except Exception as error:  # this is what is looked for
        row.count("unexpected")
        row.broken.append(f"{name}: {type(error).__name__}: {error!s:.200}")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    row.outcomes["slower than 2 s"] += time.process_time() - begun > 2
    row.outcomes += {}  # away with what is zero


def _bombs(home: Path) -> Row:
    """Small files that unpack to many gigabytes, one in another too."""
    row = Row("bombs")
    zeros = gzip.compress(b"\0" * 50_000_000)
    spaces = gzip.compress(b'{"title": "' + b" " * 200_000_000 + b'"}')
    for name, data in {
        "zeros": zeros * 20, "spaces": spaces, "nested": gzip.compress(zeros), "brackets": gzip.compress(b"[" * 10**8),
        "xml": gzip.compress(b"<PubmedArticleSet>" + b"<a>" * 10**7),
    }.items():  # fmt: skip
        _case(row, lambda: _entries(home / "case", data), f"bomb {name}")  # noqa: B023
    return row


def _entries(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    for _ in read_file(path).entries:
        pass


def _followed(folder: Path) -> None:
    from rag.curation.follow import Asking, Following

    def never(*_: object) -> Any:
        raise AssertionError("nobody is asked")

    Following(folder, Asking(ask=never, state=never, ids=never, stored=never)).followed()


def _text(dice: Random) -> str:
    words = [dice.choice(_WORDS) for _ in range(dice.choice([0, 1, 3, 10, 60]))]
    if dice.random() < 0.1:  # what may take time that grows with the square of its length
        words += [dice.choice(_WORDS)] * dice.choice([500, 2000])
    return dice.choice([" ", " ", "", "\n"]).join(words)


def _turns(dice: Random) -> list[Any]:
    return [
        {"role": dice.choice(["user", "assistant", "system", 1]), "content": dice.choice([_text(dice), None])}
        for _ in range(dice.choice([0, 0, 1, 2]))
    ]


def _where(dice: Random) -> dict[str, Any]:
    return {dice.choice(_KEYS): dice.choice(_VALUES) for _ in range(dice.choice([1, 1, 2]))}


def _too_slow(*_: object) -> None:
    raise TooSlowError

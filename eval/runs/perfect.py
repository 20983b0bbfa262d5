"""`python -m eval perfect`: how good the answers of a model can be: a scripted one that copies the gold.

It answers with the sentences of the evidence that state the gold facts, and says that the evidence is not enough where
none does. What it gets wrong, retrieval did not bring, or the checks did not let through. Nothing leaves this machine.

python -m eval perfect                                   # the shipped questions, the bundled library
python -m eval perfect --questions mine.jsonl --storage DIR
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from eval.library import library, settings_of
from eval.metrics.correctness import right
from eval.metrics.papers import paper_recall
from eval.progress import Bar
from eval.questions.gold import Question, folded
from eval.questions.record import Record, read_record
from eval.runs.asking import ask, question_file, questions_of
from rag import Assistant
from rag.model import Paper

NOT_ENOUGH = "The evidence is not enough."
_HEAD, _ABOUT, _LIBRARY = "Paper: ", "About this paper: ", "About the library: "
_DEFAULT = ("dev", "test", "fit", "held", "more", "fresh")


@dataclass
class Evidence:
    """What stands in a request: the numbered lines of each paper, by its title as it is shown, and notes."""

    lines: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def evidence_in(text: str) -> Evidence:
    """The evidence of the messages of a request."""
    found = Evidence()
    title = ""
    for row in text.splitlines():
        if row.startswith(_HEAD):
            title = row.removeprefix(_HEAD)
            found.lines.setdefault(title, [])
        elif row.startswith(_LIBRARY):
            found.notes.append(row.removeprefix(_LIBRARY))
        elif (line := re.match(r"\[(\d+)\] (.*)", row)) and title:
            found.lines[title].append((int(line[1]), line[2]))
    return found


def perfect(question: Question, titles: Sequence[str], evidence: Evidence) -> str:
    """What a model that knows the gold copies from the evidence; `titles` are those of the gold papers."""
    gold = [title for title in titles if title in evidence.lines]
    if question.kind == "unanswerable":
        return NOT_ENOUGH
    if question.kind == "list":
        return "\n".join(_item(title, evidence.lines[title], question) for title in gold) or NOT_ENOUGH
    said: list[str] = []
    for group in question.facts:
        if not any(_has(sentence, group) for sentence in said) and (found := _stating(question, group, gold, evidence)):
            said.append(found)
    return " ".join(said) or NOT_ENOUGH


def _has(text: str, group: Sequence[str]) -> bool:
    return any(folded(one) in folded(text) for one in group)


def _item(title: str, lines: Sequence[tuple[int, str]], question: Question) -> str:
    """A line of a list: a sentence that has the name wanted, else the name before the first sentence."""
    group = next((group for group in question.facts if _has(title + " ".join(t for _, t in lines), group)), ())
    own = [(n, text) for n, text in lines if not text.startswith(_ABOUT)] or list(lines)
    n, text = next(((n, text) for n, text in own if _has(text, group)), own[0])
    name = next((one for one in group if folded(one) in folded(title)), title)
    return f"- {text.rstrip('.')} [{n}]." if _has(text, group) else f"- {name}: {text.rstrip('.')} [{n}]."


def _noted(group: Sequence[str], evidence: Evidence) -> str:
    """A note on the library that states a fact, with the marks of the papers that it names; "" where there is none."""
    for note in evidence.notes:
        if _has(note, group):
            marks = [rows[-1][0] for title, rows in evidence.lines.items() if rows and title.split(":")[0] in note]
            return f"{note.rstrip('.')} {''.join(f'[{n}]' for n in marks)}."
    return ""


def _stating(question: Question, group: Sequence[str], gold: Sequence[str], evidence: Evidence) -> str:
    """The shortest sentence of the gold papers that states a fact, with its mark; "" where there is none."""
    if question.kind == "metadata" and (noted := _noted(group, evidence)):
        return noted
    rows = [(len(text), title, n, text) for title in gold for n, text in evidence.lines[title] if _has(text, group)]
    for _, title, n, text in sorted(rows):
        if text.startswith(_ABOUT):
            part = next(one for one in re.split(r"; ", text.removeprefix(_ABOUT)) if _has(one, group))
            verb = "has" if "author" in part else "was" if part.startswith("published") else "is"
            return f"{title.split(':')[0]} {verb} {part} [{n}]."
        return f"{text.rstrip('.')} [{n}]."
    if noted := _noted(group, evidence):
        return noted
    titled = next((title for title in gold if _has(title, group) and evidence.lines[title]), "")
    return f"{titled}: {evidence.lines[titled][0][1].rstrip('.')} [{evidence.lines[titled][0][0]}]." if titled else ""


class Server:
    """A server on this machine that speaks OpenAI's protocol and answers the question set as `now` perfectly."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.now: Question | None = None
        self._titles = titles

    def said(self, messages: Sequence[Mapping[str, str]]) -> str:
        """The answer to these messages; a follow-up is not written anew, and what failed stays as it was."""
        text = "\n".join(message["content"] for message in messages)
        if self.now is None or "<evidence>" not in text or "Not borne out:" in messages[-1]["content"]:
            return NOT_ENOUGH
        return perfect(
            self.now, [self._titles[key] for key in self.now.papers if key in self._titles], evidence_in(text)
        )


@contextmanager
def served(server: Server) -> Iterator[str]:
    """The name of the model, while the server runs."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._send({"object": "list", "data": [{"id": "perfect", "object": "model", "max_model_len": 32768}]})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            message = {"role": "assistant", "content": server.said(body["messages"])}
            choice: dict[str, Any] = {"index": 0, "finish_reason": "stop"}
            if not body.get("stream"):
                whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "perfect"}
                return self._send(whole | {"choices": [choice | {"message": message}]})
            chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "perfect",
                     "choices": [choice | {"delta": message}]}  # fmt: skip
            return self._write(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n", "text/event-stream")

        def _send(self, body: Mapping[str, Any]) -> None:
            self._write(json.dumps(body), "application/json")

        def _write(self, text: str, kind: str) -> None:
            data = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"perfect@http://127.0.0.1:{http.server_address[1]}/v1"
    finally:
        http.shutdown()
        http.server_close()


def main(arguments: Sequence[str]) -> int:
    """Ask every question and print, by kind, how many are right, the gold papers found, and tokens a question."""
    parser = argparse.ArgumentParser(
        prog="python -m eval perfect", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", nargs="+", default=_DEFAULT, metavar="FILE", help="as for `run`")
    parser.add_argument("--storage", type=Path, metavar="DIR", help="a library; otherwise the bundled papers")
    parser.add_argument("--wrong", action="store_true", help="print the questions that go wrong")
    given = parser.parse_args(arguments)
    wanted = questions_of(tuple(map(question_file, given.questions)))
    plain = settings_of(None)
    with library(given.storage, plain) as home:
        with Assistant.open(home, plain) as assistant:
            papers = list(assistant.papers())
        records = _asked(wanted, papers, home)
    for row in table(records):
        print(row)
    for record in records if given.wrong else ():
        score = right(record)
        if record.status == "failed" or (score is not None and score.value < 1):
            print(f"\n{record.gold.id}: {record.gold.question}\n  {record.error or record.text[:300]}")
    return 1 if any(record.status == "failed" for record in records) else 0


def _asked(wanted: Sequence[tuple[str, Question]], papers: Sequence[Paper], home: Path) -> list[Record]:
    from rag.text import shown

    server = Server({paper.id: shown(paper.title) for paper in papers})
    records = []
    with (
        served(server) as name,
        Assistant.open(home, settings_of(name)) as assistant,
        Bar(len(wanted), "questions") as bar,
    ):
        for split, question in wanted:
            server.now = question
            records.append(read_record(ask(assistant, question, split)))
            bar.step()
    return records


def table(records: Sequence[Record]) -> list[str]:
    """The rows: for each kind how many questions, right answers, gold papers cited, tokens in and calls a question."""
    kinds: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        kinds[record.gold.kind].append(record)
        kinds["unanswerable" if record.gold.kind == "unanswerable" else "all that can be answered"].append(record)
    if "unanswerable" in kinds:
        kinds["unanswerable"] = [record for record in records if record.gold.kind == "unanswerable"]
    rows = [
        "| kind | questions | right | gold papers cited | tokens in | calls |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, some in kinds.items():
        scored = [score.value for record in some if (score := right(record)) is not None]
        cited = [score.value for record in some if (score := paper_recall(record)) is not None]
        tokens = sum(record.usage.get("prompt_tokens", 0) for record in some) / len(some)
        calls = sum(record.usage.get("calls", 0) for record in some) / len(some)
        means = [f"{sum(values) / len(values):.3f}" if values else "" for values in (scored, cited)]
        rows.append(f"| {kind} | {len(some)} | {' | '.join(means)} | {tokens:.0f} | {calls:.2f} |")
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m eval people`: questions on people, times, denial and fields, on libraries that their writers invented.

Four hands wrote a library and the questions on it each, none of them knowing how they are answered. The first three
were looked at while the network that hears them was made, the fourth was not. Right is an answer that names the papers
or people wanted and no other papers, or the number, and an abstention where nothing is there to tell. `--marks`
measures the marks of the questions of `eval/training/marked.jsonl` that nothing was trained on.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag import Assistant
from rag.model import Answer
from rag.neural.question_reader import QuestionReader

FOLDER = Path(__file__).parent
MARKED = FOLDER.parent / "training" / "marked.jsonl"


def main(arguments: Sequence[str]) -> int:
    """Print a line for each set, and with `--wrong` each question that is not answered rightly."""
    parser = argparse.ArgumentParser(prog="python -m eval people", description=__doc__)
    parser.add_argument("sets", nargs="*", default=["1", "2", "3", "4"], help="which of the four")
    parser.add_argument("--wrong", action="store_true", help="say which questions are not answered rightly")
    parser.add_argument("--marks", action="store_true", help="measure the marks of questions in place of answers")
    given = parser.parse_args(arguments)
    if given.marks:
        marks()
        return 0
    for name in given.sets:
        right, asked = answered(name, wrong=given.wrong)
        kinds = ", ".join(f"{kind} {right[kind]} of {asked[kind]}" for kind in asked)
        print(f"{name}: {right.total()} of {asked.total()} ({kinds})")
    return 0


def answered(name: str, *, wrong: bool) -> tuple[Counter[str], Counter[str]]:
    """By kind how many questions of a set are answered rightly, and how many there are."""
    library = FOLDER / f"library-{name}.jsonl"
    titles = [row["title"] for row in _rows(library)]
    right, asked = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder, Assistant.open(folder) as assistant:
        assistant.ingest([library])
        for row in _rows(FOLDER / f"questions-{name}.jsonl"):
            answer = assistant.ask(row["question"], history=row["history"])
            asked[row["kind"]] += 1
            if is_right(row, answer, titles):
                right[row["kind"]] += 1
            elif wrong:
                print(f"{row['kind']}: {row['question']}\n  {answer.text[:200]}")
    return right, asked


def is_right(gold: Mapping[str, Any], answer: Answer, titles: Sequence[str]) -> bool:
    """True when an answer names what the gold has: papers and no others, people, or a number; or abstains."""
    if gold.get("refuse") or answer.status != "answered":
        return bool(gold.get("refuse")) and answer.status == "abstained"
    if "papers" in gold:
        named = {title for title in titles if title.partition(":")[0] in answer.text}
        return named | {citation.paper.title for citation in answer.citations} == set(gold["papers"])
    if "people" in gold:
        return all(name in answer.text for name in gold["people"])
    words = "no one two three four five six seven eight nine ten eleven twelve".split()
    said = answer.text.lower().split()
    return str(gold["number"]) in said or words[gold["number"]] in said


def marks() -> None:
    """Print for each hand the share of questions whose words are all marked rightly, and that are heard to go on."""
    reader, exact, going, count = QuestionReader(), Counter[str](), Counter[str](), Counter[str]()
    for row in _rows(MARKED):
        if row["split"] != "train":
            heard = reader.read(row["question"])
            found = [(mark.start, mark.end, "not " * mark.denied + mark.slot) for mark in heard.marks]
            exact[row["hand"]] += _by_letter(row["question"], found) == _by_letter(row["question"], row["marks"])
            going[row["hand"]] += (heard.goes_on > 0.5) == row["goes_on"]
            count[row["hand"]] += 1
    for hand, n in sorted(count.items()):
        shares = f"{exact[hand] / n:.2f} marked rightly, {going[hand] / n:.2f} heard to go on or not"
        print(f"{hand}: of {n} questions {shares}")


def _by_letter(text: str, marks_: Sequence[tuple[int, int, str]]) -> dict[int, str]:
    """What each letter of a text is marked as; what stands between words is not compared."""
    return {at: mark for start, end, mark in marks_ for at in range(start, end) if text[at].isalnum()}


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

"""`python -m eval conversations`: conversations on the bundled library, each turn asked with the answers before it.

Four hands wrote 32 to 36 each, from reading the digests, without knowing how a follow-up is understood: 1 is a student
who types quickly, 2 and 3 are several people in whole sentences, in figures and in pieces, 4 a tired collector of
related work. The third was not looked at while that was made, the others were. Right is an answer that cites the papers
wanted, and few besides, with words that answer; a list with half of the papers that surely belong (others may belong
too); an abstention where the library does not say. `--turns` measures what is heard of turns by themselves, of those of
`eval/training/hanging.jsonl` that nothing was trained on.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.library import library, settings_of
from eval.metrics.interval import estimate
from eval.metrics.score import Score
from rag import Assistant
from rag.model import Answer, Turn
from rag.neural.question_reader import Heard, QuestionReader
from rag.text import normal

FOLDER = Path(__file__).parent
TURNS = FOLDER.parent / "training" / "hanging.jsonl"
_MOST = 3  # papers that an answer cites


def main(arguments: Sequence[str]) -> int:
    """Print for each set how many first and later turns are right, and with `--wrong` each that is not."""
    parser = argparse.ArgumentParser(prog="python -m eval conversations", description=__doc__)
    parser.add_argument("sets", nargs="*", default=["1", "2", "3", "4"], help="which of the four")
    parser.add_argument("--storage", type=Path, help="the folder of a library with the bundled papers")
    parser.add_argument("--wrong", action="store_true", help="say which turns are not answered rightly")
    parser.add_argument("--turns", action="store_true", help="measure what is heard of turns in place of answers")
    given = parser.parse_args(arguments)
    if given.turns:
        turns()
        return 0
    settings = settings_of(None, environment=False)
    with library(given.storage, settings) as folder, Assistant.open(folder, settings) as assistant:
        for name in given.sets:
            for what, scores in answered(assistant, name, wrong=given.wrong).items():
                if found := estimate([Score(float(one)) for one in scores]):
                    print(f"{name}, {what}: {found.mean:.3f} [{found.low:.3f}, {found.high:.3f}] (n = {found.n})")
    return 0


def answered(assistant: Assistant, name: str, *, wrong: bool = False) -> dict[str, list[bool]]:
    """Whether the turns of a set are answered rightly: the first ones, the later ones, and these by their kind."""
    told: dict[str, list[bool]] = {"first turns": [], "later turns": []}
    for line in (FOLDER / f"chats-{name}.jsonl").read_text(encoding="utf-8").splitlines():
        history: list[Turn] = []
        for turn in json.loads(line)["turns"]:
            answer = assistant.ask(turn["q"], history=history)
            if turn["kind"] in ("answer", "refuse") or turn["papers"]:  # what else has no gold
                right = is_right(turn, answer)
                told["later turns" if history else "first turns"].append(right)
                if history:
                    told.setdefault(f"  of these {turn['kind']}", []).append(right)
                if wrong and not right:
                    print(f"{turn['kind']}: {turn['q']} ({answer.standalone_question})\n  {answer.text[:200]}")
            history += [Turn("user", turn["q"]), Turn("assistant", answer.text)]
    return told


def is_right(gold: Mapping[str, Any], answer: Answer) -> bool:
    """True when a turn is answered, listed, counted or refused as its gold has it."""
    cited = {citation.paper.id for citation in answer.citations}
    wanted = set(gold["papers"])
    if gold["kind"] == "refuse" or answer.status != "answered":
        return gold["kind"] == "refuse" and answer.status == "abstained"
    if gold["kind"] == "answer":
        said = normal(" ".join([answer.text, *(citation.quote for citation in answer.citations)]))
        tells = not gold["says"] or any(normal(words) in said for words in gold["says"])
        return wanted <= cited and tells and len(cited) <= _MOST
    return 2 * len(wanted & cited) >= len(wanted)


def turns() -> None:
    """Print for each hand how many turns are heard to be about what they are about, in all and by that."""
    reader = QuestionReader()
    right: dict[str, Counter[str]] = defaultdict(Counter)
    count: dict[str, Counter[str]] = defaultdict(Counter)
    for line in TURNS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == "dev" and row["about"] != "it":
            right[row["hand"]][row["about"]] += about(reader.read(row["question"])) == row["about"]
            count[row["hand"]][row["about"]] += 1
    for hand, each in sorted(count.items()):
        told = ", ".join(f"{name} {right[hand][name]} of {n}" for name, n in each.items())
        print(f"{hand}: {right[hand].total()} of {each.total()} ({told})")


def about(heard: Heard) -> str:
    """What a turn is heard to be about: itself, one paper, several, or the question before."""
    if heard.hangs <= 0.5:
        return "itself"
    if heard.goes_on > max(heard.several, 0.5):
        return "before"
    return "several" if heard.several > 0.5 else "one"

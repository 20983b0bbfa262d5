"""What the way through a model costs and lets pass: `python -m tests.measure.model`, on the bundled library.

A scripted server answers at once: what is measured is Footnote. The liar swaps a figure, a system or the mark in half
of its sentences; a changed figure is one that the abstract does not have.
"""

import random
import re
import statistics
import tempfile
import time
from pathlib import Path

from rag import Assistant, Settings
from rag.answers.generation.statements import checked
from tests.support.model_server import ModelServer

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = 40


def liar(dice, told, names):
    """A script that writes ten sentences of the evidence, half of them with a fault."""

    def script(request):
        if request.is_second_try:
            return "The evidence is not enough."
        lines = []
        rows = [(n, row) for n, row in request.evidence.items() if len(row.split()) > 6][:10]
        for n, row in rows:
            fault = dice.choice(["figure", "system", "mark", "", "", ""])
            text, mark, new = row, n, ""
            figures = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*[A-Za-z])", row)
            if fault == "figure" and figures:
                old = dice.choice(figures)
                new = str(round(float(old) * dice.choice([2, 3, 7]) + 13))
                if all(new not in other for other in request.evidence.values()):
                    text = re.sub(rf"(?<![\w.]){re.escape(old)}(?![\w.]*\w)", new, row, count=1)
            elif fault == "system":
                own = [name for name in names if re.search(rf"\b{re.escape(name)}\b", row)]
                other = dice.choice(names)
                if own and all(other not in sentence for sentence in request.evidence.values()):
                    new, text = other, re.sub(rf"\b{re.escape(own[0])}\b", other, row, count=1)
            elif fault == "mark":
                mark, new = 900 + n, "mark"
            if text != row or mark != n:
                told.append((fault, text, new))
            lines.append(f"{text.rstrip('.')} [{mark}].")
        return " ".join(lines)

    return script


def middle(ms):
    return f"median {statistics.median(ms):.0f} ms, worst {max(ms):.0f} ms"


def main():
    dice, told, shown, kept, left = random.Random(1), [], [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        with Assistant.open(folder, Settings()) as assistant:
            assistant.ingest([ROOT / "storage" / "library" / "papers.jsonl"])
            papers = list(assistant.papers())
        names = [p.title.split(":")[0] for p in papers if re.fullmatch(r"[A-Z][\w.-]{3,20}", p.title.split(":")[0])]
        asked = [f"What is {name} and what does it reach?" for name in dice.sample(names, QUESTIONS)]
        with (
            ModelServer(liar(dice, told, names)) as server,
            Assistant.open(folder, Settings(llm=server.name)) as assistant,
        ):
            assistant.ask(asked[0])
            told.clear()
            for question in asked:
                answer = assistant.ask(question)
                shown += [s for s in answer.statements if s.verdict == "supported"]
                kept += len(answer.statements)
                left += len(answer.left_out)
        texts = {" ".join(s.text.rstrip(".").split()) for s in shown}
        for kind in ("figure", "system", "mark"):
            faults = [text for fault, text, _ in told if fault == kind]
            passed = [text for text in faults if " ".join(text.rstrip(".").split()) in texts]
            repaired = " (under a mark put right)" if kind == "mark" else ""
            print(f"{kind:8} {len(faults):4} told, {len(passed):4} shown as supported{repaired}")
        print(f"{kept} sentences shown, {left} left out, {QUESTIONS} questions")

        first, check_ms = [], []

        def script(request):
            return " ".join(f"{row.rstrip('.')} [{n}]." for n, row in list(request.evidence.items())[:10])

        with ModelServer(script) as server, Assistant.open(folder, Settings(llm=server.name)) as assistant:
            assistant.ask(asked[0])
            import rag.answers.generation.checked_reply as writing

            def timed(*given, **named):
                begun = time.perf_counter()
                found = checked(*given, **named)
                spent[-1] += (time.perf_counter() - begun) * 1000
                return found

            spent = []
            writing.checked = timed
            for question in asked:
                spent.append(0.0)
                stream = assistant.stream(question)
                next(stream)
                first.append((time.perf_counter() - server.requests[-1].first_chunk_at) * 1000)
                list(stream)
            check_ms += spent
        print(f"first text after the server's first token: {middle(first)}")
        print(f"check of ten sentences quoted: {middle(check_ms)}")

        def reworded(request):
            rows = list(request.evidence.items())[:10]
            said = [(n, f"According to its abstract, {row[0].lower()}{row[1:].rstrip('.')}") for n, row in rows]
            return " ".join(f"{text} as reported [{n}]." for n, text in said)

        spent = []
        with ModelServer(reworded) as server, Assistant.open(folder, Settings(llm=server.name)) as assistant:
            for question in asked:
                spent.append(0.0)
                list(assistant.stream(question))
        print(f"check of ten sentences reworded: {middle(spent)}")


if __name__ == "__main__":
    main()

"""Evaluation runs on the small library: a line a question, failures kept, stops gone on from."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eval.grounding.verdicts import figures_quoted
from eval.library import settings_of
from eval.metrics.scorecard import METRICS, card, scores
from eval.questions.gold import Question
from eval.questions.record import read_record
from eval.runs.asking import ask_all, question_file, questions_of
from eval.runs.fingerprint import fingerprint
from eval.runs.run_folder import load_run, whole_lines
from eval.runs.with_model import forecast, shares
from rag import Assistant, Settings
from rag.errors import SettingsError, SourceError
from rag.model import Citation, Paper
from tests.support.evaluating import evaluate
from tests.support.model_server import ModelServer, Reply

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = [
    {"id": "keeps", "kind": "number", "question": "How many visual tokens does OwlNet keep?", "papers": ["owlnet"],
     "facts": [["12 of 196"]]},
    {"id": "knots", "kind": "number", "question": "What share of the knots does the best model read on QuipuBench?",
     "papers": ["quipu"], "facts": [["22.7%"]]},
    {"id": "who", "kind": "metadata", "question": "How many authors does OwlNet have?", "papers": ["owlnet"],
     "facts": [["3"]]},
    {"id": "unknown", "kind": "unanswerable", "question": "What is ZebraNet?", "missing": "ZebraNet"},
    {"id": "broken", "kind": "fact", "question": "   ", "papers": ["owlnet"], "facts": [["anything"]]},
]  # fmt: skip


@pytest.fixture
def questions(tmp_path):
    return write(tmp_path / "mine.jsonl", QUESTIONS)


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def rows(folder):
    return [json.loads(line) for line in (folder / "answers.jsonl").read_text("utf-8").splitlines()]


def without_times(folder):
    return [{key: value for key, value in row.items() if key not in ("ms", "timings_ms")} for row in rows(folder)]


def test_a_run_keeps_a_line_a_question_and_shows_what_failed(library_dir, questions, tmp_path) -> None:
    done = evaluate("run", "--questions", questions, "--storage", library_dir, "--name", "one", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "broken failed:" in done.stderr
    assert "| right (all facts, in budget, gold paper cited) |" in done.stdout
    folder = tmp_path / "storage" / "runs" / "one"
    by_id = {row["id"]: row for row in rows(folder)}
    assert list(by_id) == [row["id"] for row in QUESTIONS]
    assert by_id["keeps"]["citations"][0]["paper_id"] == "owlnet"
    assert by_id["unknown"]["status"] == "abstained"
    assert by_id["broken"]["status"] == "failed"
    assert "blank" in by_id["broken"]["error"]
    found = json.loads((folder / "scorecard.json").read_text("utf-8"))["splits"]["mine"]
    # Right: keeps, knots, who; broken, which has gold, is not: 3 of 4. "unknown" was rightly abstained from.
    assert found["metrics"]["right"]["mean"] == 0.75
    assert found["metrics"]["abstention_f1"]["mean"] == 1.0
    assert (found["questions"], found["failed"]) == (5, 1)
    assert "judged" not in found["metrics"]
    assert {path.name for path in (folder / "plots").iterdir()} == {
        "by_kind.svg", "calibration.svg", "latency.svg", "reliability.svg",
    }  # fmt: skip


def test_two_runs_give_the_same_answers_and_metrics(library_dir, questions, tmp_path) -> None:
    for name, workers in (("a", 1), ("b", 3)):
        evaluate("run", "--questions", questions, "--storage", library_dir, "--name", name, "--workers", workers,
                 cwd=tmp_path)  # fmt: skip
    runs = tmp_path / "storage" / "runs"
    assert without_times(runs / "a") == without_times(runs / "b")
    cards = [json.loads((runs / name / "scorecard.json").read_text("utf-8"))["splits"]["mine"] for name in "ab"]
    assert cards[0].pop("times") is not None
    assert cards[1].pop("times") is not None
    assert cards[0] == cards[1]


def test_a_killed_run_goes_on_where_it_was(library_dir, tmp_path) -> None:
    many = [{**QUESTIONS[n % 2], "id": f"q{n}"} for n in range(150)]
    file = write(tmp_path / "many.jsonl", many)
    command = ("run", "--questions", file, "--storage", library_dir, "--name", "stopped", "--only", "retrieval")
    process = subprocess.Popen(
        [sys.executable, "-m", "eval", *map(str, command)], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    answers = tmp_path / "storage" / "runs" / "stopped" / "answers.jsonl"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (answers.exists() and answers.read_bytes().count(b"\n") >= 5):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    kept = whole_lines(answers)
    assert 5 <= len(kept) < 150
    with answers.open("a", encoding="utf-8") as lines:
        lines.write('{"id": "half a li')
    done = evaluate(*command, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"{len(kept)} of 150 questions are answered already" in done.stderr
    assert [row["id"] for row in rows(answers.parent)] == [f"q{n}" for n in range(150)]
    # What was answered before the kill was not asked again: its times are the same.
    assert whole_lines(answers)[: len(kept)] == kept


def test_a_run_made_with_something_else_is_not_gone_on_with(library_dir, questions, tmp_path) -> None:
    command = ("run", "--questions", questions, "--storage", library_dir, "--name", "one")
    evaluate(*command, cwd=tmp_path)
    done = evaluate(*command, cwd=tmp_path, FOOTNOTE_NAMES="false")
    assert done.returncode == 1
    assert "the run 'one' was made with other settings. Give another --name" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "--questions", "nowhere.jsonl"), "nowhere.jsonl cannot be read: No such file"),
        (("run", "--storage", "nowhere"), "nowhere is no folder. Name the folder of a library"),
        (("compare", "a", "b"), "there is no run 'a'. Make one: python -m eval run."),
        (("gate", "a"), "there is no run 'a'"),
        (("report", "a"), "there is no run 'a'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(arguments, message, tmp_path) -> None:
    done = evaluate(*arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_model_answers_and_another_judges(library_dir, tmp_path) -> None:
    file = write(tmp_path / "mine.jsonl", QUESTIONS[:2])

    def script(request):
        if '"verdict"' in request.body["messages"][0]["content"] and "<answer>" in request.last:
            return '{"verdict": "right"}' if "OwlNet" in request.last else "It looks fine to me."
        number = next((n for n, line in request.evidence.items() if "12 of 196" in line or "22.7%" in line), 1)
        return Reply(f"{request.evidence.get(number, 'Nothing').rstrip('.')} [{number}].")

    with ModelServer(script) as server:
        done = evaluate("run", "--questions", file, "--storage", library_dir, "--name", "two", "--llm", server.name,
                        "--judge", server.name, cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, second = load_run(tmp_path / "storage" / "runs" / "two").records
    assert first.mode == "generated"
    assert first.judged == 1.0
    assert second.judged is None
    assert "no verdict of right, partly, wrong" in second.unscored
    assert first.usage["prompt_tokens"] > 0
    assert "verdicts of the judge that could not be read | 1 |" in done.stdout
    assert "cost | unknown |" in done.stdout


def test_a_few_questions_are_asked_first_and_the_rest_under_the_same_name(library_dir, tmp_path) -> None:
    file = write(tmp_path / "mine.jsonl", QUESTIONS[:4])
    with ModelServer(lambda request: "The evidence is not enough.") as server:
        given = ("run", "--questions", file, "--storage", library_dir, "--name", "few", "--llm", server.name)
        first = evaluate(*given, "--limit", 2, cwd=tmp_path)
        asked = len(server.requests)
        rest = evaluate(*given, cwd=tmp_path)
        fewer = evaluate(*given, "--limit", 1, cwd=tmp_path)
    assert (first.returncode, rest.returncode, fewer.returncode) == (0, 0, 0), (first.stderr, rest.stderr, fewer.stderr)
    # Of every kind in turn: "knots" is the second question on a number.
    assert [row["id"] for row in rows(tmp_path / "storage" / "runs" / "few")] == [row["id"] for row in QUESTIONS[:4]]
    assert "2 questions, about 4,600 tokens in, 300 out, at a price unknown; 10 s at 5 s a question" in first.stderr
    assert "2 of 4 questions are answered already" in rest.stderr
    assert "(as measured)" in rest.stderr
    assert len(server.requests) > asked > 0
    assert "1 of 1 questions are answered already" in fewer.stderr


def test_the_first_few_questions_are_of_every_kind(tmp_path) -> None:
    few = questions_of([write(tmp_path / "mine.jsonl", QUESTIONS)], limit=3)
    assert [question.id for _, question in few] == ["keeps", "who", "unknown"]


def test_what_a_model_will_cost_is_told_by_its_price_and_by_what_it_took(tmp_path) -> None:
    # 200 questions at 2,300 tokens for 2.5 and 150 for 10 dollars a million: 1.15 + 0.30.
    assert "US$ 1.45; 8 minutes at 5 s" in forecast("openai:gpt-4o", 200, 2)
    (tmp_path / "prices.json").write_text('{"owl": {"input": 1, "output": 0}}')
    row = {"mode": "generated", "usage": {"prompt_tokens": 1000, "completion_tokens": 9}, "ms": 30_000}
    told = forecast("owl", 10, 1, before=[json.dumps(row)], storage=tmp_path)
    assert "about 10,000 tokens in, 90 out, US$ 0.01; 5 minutes at 30 s a question (as measured)" in told


def test_the_shares_of_sentences_are_of_all_that_the_model_wrote() -> None:
    out = {"reasons": ["it contradicts what it cites"]}
    row = {"mode": "generated", "statements": [{}] * 3, "left_out": [out], "sent_back": 2, "cost_usd": None}
    assert shares([json.dumps(row)]) == (
        "of 4 sentences 50.0% were sent back, 25.0% left out, 25.0% of them all contradicted; "
        "the price of the model is not known"
    )
    assert shares([json.dumps({"mode": "extractive"})]) == ""


def test_a_failing_model_is_a_failure_and_no_abstention(library_dir, tmp_path) -> None:
    file = write(tmp_path / "mine.jsonl", QUESTIONS[:1])
    with ModelServer(lambda _: Reply(status=401)) as server:
        done = evaluate("run", "--questions", file, "--storage", library_dir, "--name", "no", "--llm", server.name,
                        cwd=tmp_path)  # fmt: skip
    assert done.returncode == 1
    [one] = load_run(tmp_path / "storage" / "runs" / "no").records
    assert one.status == "failed"


def test_scoring_a_line_read_back_is_scoring_the_answer(library_dir) -> None:
    question = Question("q", "number", QUESTIONS[0]["question"], ("owlnet",), (("12 of 196",),))
    lines = []
    with Assistant.open(library_dir, Settings()) as assistant:
        [kept] = ask_all(assistant, [("mine", question)], keep=lines.append)
    assert read_record(lines[0]) == kept
    assert kept.gold == question
    found = {name: values[0] for name, values in scores([kept]).items()}
    assert found["right"].value == found["recall_5"].value == found["figures_quoted"].value == 1
    assert set(found) == {one.name for one in METRICS}
    assert "right" not in card([kept], only="retrieval").metrics


def test_figures_are_looked_for_in_quote_and_title() -> None:
    owl = Paper("owl", "OwlNet: 7 Birds", "It keeps 12 of 196 tokens. It is 2.5times faster.")
    quote = [Citation(1, owl, "It keeps 12 of 196 tokens.", 0, 26)]
    # 12 and 196 are in the quote, 7 in the title; 2.5 is in the abstract, but not in what is cited.
    assert figures_quoted("OwlNet keeps 12 of 196 tokens for 7 birds and is 2.5 times faster.", quote) == (4, 3)
    assert figures_quoted("OwlNet has 3 authors.", [Citation(1, owl, "3", field="author_count")]) == (0, 0)


def test_a_fingerprint_moves_with_papers_settings_and_questions(tmp_path) -> None:
    owl, hawk = Paper("owl", "OwlNet", "One."), Paper("hawk", "HawkNet", "Two.")
    file = write(tmp_path / "a.jsonl", QUESTIONS[:1])
    one = fingerprint([owl, hawk], Settings(), [file])
    assert one.differs(fingerprint([hawk, owl], Settings(), [file])) == ()
    assert one.differs(fingerprint([owl], Settings(late=0.1), [file])) == ("library", "papers", "settings")
    other = write(tmp_path / "b.jsonl", QUESTIONS[1:2])
    assert one.differs(fingerprint([owl, hawk], Settings(), [other], model="m")) == ("questions", "model")


def test_a_key_and_a_limit_of_time_are_no_part_of_a_fingerprint(tmp_path) -> None:
    file = write(tmp_path / "a.jsonl", QUESTIONS[:1])
    one = fingerprint([], Settings(llm_api_key="a", llm_timeout_s=60), [file])
    assert one == fingerprint([], Settings(llm_api_key="b", llm_timeout_s=600), [file])


def test_drafted_questions_can_be_run_at_once(library_dir, tmp_path) -> None:
    done = evaluate("draft", "--storage", library_dir, "-n", 6, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "6 questions drafted. Read each" in done.stderr
    (tmp_path / "drafted.jsonl").write_text(done.stdout, encoding="utf-8")
    ran = evaluate("run", "--questions", "drafted.jsonl", "--storage", library_dir, "--name", "d", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "drafted, 6 questions" in ran.stdout


def test_gold_papers_that_the_library_has_not_are_named(library_dir, tmp_path) -> None:
    file = write(tmp_path / "mine.jsonl", [{**QUESTIONS[0], "papers": ["owlnet", "nobody"]}])
    done = evaluate("run", "--questions", file, "--storage", library_dir, "--name", "one", "--only", "retrieval",
                    cwd=tmp_path)  # fmt: skip
    assert "1 questions name gold papers that the library has not, such as 'nobody' (keeps)" in done.stderr
    assert "recall@10 | 0.500" in done.stdout
    assert "correctness" not in done.stdout


def test_an_interrupted_run_says_how_to_go_on(library_dir, tmp_path) -> None:
    file = write(tmp_path / "many.jsonl", [{**QUESTIONS[0], "id": f"q{n}"} for n in range(400)])
    process = subprocess.Popen(
        [sys.executable, "-m", "eval", "run", "--questions", str(file), "--storage", str(library_dir), "--name", "n"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    answers = tmp_path / "storage" / "runs" / "n" / "answers.jsonl"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (answers.exists() and b"\n" in answers.read_bytes()):
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.decode().strip() == "eval: stopped. What was answered is kept; go on with --name n"
    assert whole_lines(answers)


def test_the_gate_takes_no_settings_from_the_environment(monkeypatch) -> None:
    monkeypatch.setenv("FOOTNOTE_LLM", "owl@http://localhost:1/v1")
    monkeypatch.setenv("FOOTNOTE_LATE", "0.1")
    assert settings_of(None, environment=False).llm is None
    assert settings_of(None, environment=False).late == Settings.model_fields["late"].default
    assert settings_of(None).late == 0.1
    monkeypatch.setenv("FOOTNOTE_LATE", "much")
    with pytest.raises(SettingsError, match="FOOTNOTE_LATE='much'"):
        settings_of(None)


def test_questions_with_one_id_are_refused(tmp_path) -> None:
    file = write(tmp_path / "twice.jsonl", [QUESTIONS[0], QUESTIONS[0]])
    with pytest.raises(SourceError, match="two questions with the id 'keeps'"):
        questions_of([file])
    with pytest.raises(SourceError, match="there are no questions"):
        questions_of([write(tmp_path / "none.jsonl", [])])


def test_the_shipped_questions_go_by_their_names() -> None:
    assert question_file("dev").name == "dev.jsonl"
    assert len(questions_of([question_file("dev")])) == 120

"""The page on a run: whole in itself, escaped, filterable in a real browser; plots; drafted questions."""

import json
import shutil
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from eval.plots.run_plots import calibration, plots
from eval.plots.svg import Bar, bars
from eval.questions.chat import Chat, find_object
from eval.questions.draft import by_model, line, read_draft
from eval.questions.gold import Question, load, states
from eval.questions.record import Cited, Record, Said
from eval.questions.rules import drafts, name_of, unanswerable
from eval.reports.run_report import question
from eval.runs.judge import ModelJudge, read_opinion
from rag.errors import ProviderError, SettingsError
from rag.model import Paper
from tests.support.evaluating import evaluate
from tests.support.model_server import ModelServer, Reply

ROOT = Path(__file__).resolve().parents[2]
BAD = '<script>alert("1")</script>'


def record(n=0, *, kind="fact", status="answered", text="It keeps twelve [1].", score=1.0, error="", title="OwlNet"):
    gold = Question(f"q{n}", kind, "How many?", ("owl",), (("twelve",),) if kind != "unanswerable" else ())
    return Record(gold, "dev", status, text, "", (Said(text, (1,), "weak", ("a doubt",)),),
                  (Cited(1, "owl", title, "twelve"),), ("owl",), (score,), (title,), ms=5.0, error=error)  # fmt: skip


def test_text_of_papers_answers_and_errors_is_escaped() -> None:
    one = record(text=BAD, title=BAD)
    shown = question([one, record(status="failed", error=BAD)])
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;alert(&quot;1&quot;)") >= 4
    assert "<script" not in bars(BAD, [(BAD, [Bar(0.5, note=BAD)])], [BAD])


def test_a_question_shows_which_facts_are_stated_and_what_is_doubted() -> None:
    shown = question([record()])
    assert '<span class="good">stated</span> twelve' in shown
    assert '<span class="bad">weak</span> It keeps twelve [1]. (a doubt)' in shown
    assert '<span class="bad">not stated</span> twelve' in question([record(text="It keeps some [1].")])


def test_plots_are_whole_svg_for_light_and_dark() -> None:
    records = [record(n, score=n) for n in range(10)] + [record(11, kind="unanswerable", status="abstained", score=0)]
    found = plots([("one", records), ("two", records)])
    assert sorted(found) == ["by_kind", "calibration_1", "calibration_2", "latency"]
    for svg in found.values():
        assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
        assert "prefers-color-scheme: dark" in svg
        assert "currentColor" in svg


def test_a_kind_without_a_score_says_so() -> None:
    assert "no score" in bars("A plot", [("fact", [Bar(None)])])


def test_calibration_groups_questions_by_the_best_score() -> None:
    # Ten questions by score: the two lowest are unanswerable and abstained from, all others answered.
    low = [record(n, kind="unanswerable", status="abstained", score=n) for n in range(2)]
    rows = calibration([*(record(n, score=n) for n in range(2, 10)), *low])
    assert [label for label, _ in rows] == ["0.0 to 1.0", "2.0 to 3.0", "4.0 to 5.0", "6.0 to 7.0", "8.0 to 9.0"]
    assert [[bar.value for bar in both] for _, both in rows] == [[0, 0], [1, 1], [1, 1], [1, 1], [1, 1]]


@pytest.fixture(scope="module")
def compared(library_dir, tmp_path_factory):
    """The folder of two runs on the small library, and the pages on the one and on both."""
    folder = tmp_path_factory.mktemp("reports")
    rows = [
        {"id": "keeps", "kind": "number", "question": "How many visual tokens does OwlNet keep?", "papers": ["owlnet"],
         "facts": [["12 of 196"]]},
        {"id": "zebra", "kind": "unanswerable", "question": "What is ZebraNet?", "missing": "ZebraNet"},
        {"id": "never", "kind": "fact", "question": "What warns of swarms?", "papers": ["beekeeper"],
         "facts": [["no such words"]]},
    ]  # fmt: skip
    (folder / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    run = ("run", "--questions", "mine.jsonl", "--storage", library_dir, "--name")
    made = [
        evaluate(*command, cwd=folder, **environment)
        for command, environment in (
            ((*run, "first"), {}), ((*run, "second"), {"FOOTNOTE_NAMES": "false"}), (("report", "first"), {}),
            (("report", "first", "second"), {}), (("compare", "first", "second"), {}),
        )
    ]  # fmt: skip
    assert [done.returncode for done in made] == [0] * 5, [done.stderr for done in made]
    one, both, said = (done.stdout for done in made[2:])
    return folder / one.strip(), folder / both.strip(), said


def test_a_page_asks_nothing_of_anybody(compared) -> None:
    for path in compared[:2]:
        page = path.read_text("utf-8")
        assert "default-src 'none'" in page
        assert "src=" not in page.replace("default-src", "").replace("script-src", "").replace("style-src", "")
        assert "<link" not in page
        assert "@import" not in page


def test_a_comparison_says_what_the_runs_were_made_with(compared) -> None:
    assert "first → second, 3 questions in both; they differ in settings" in compared[2]
    assert "first → second" in compared[1].read_text("utf-8")


def test_questions_are_filtered_in_the_browser(compared) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no chromium here: the page on a run is not tried in a browser")
    from playwright.sync_api import sync_playwright

    asked = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(compared[0].as_uri())
        assert page.locator("#count").inner_text() == "3 of 3"
        page.select_option("select[name=status]", "not well")
        assert page.locator("details:visible summary").all_inner_texts()[0].endswith("never")
        assert page.locator("#count").inner_text() == "1 of 3"
        page.select_option("select[name=status]", "")
        page.fill("input[name=word]", "zebranet")
        assert page.locator("#count").inner_text() == "1 of 3"
        browser.close()
    assert asked == [compared[0].as_uri()]


def test_drafts_have_gold_that_their_papers_state(abstracts_file) -> None:
    rows = [json.loads(row) for row in abstracts_file.read_text("utf-8").splitlines()]
    papers = [Paper(row["id"], row["title"], row.get("abstract", ""), author_count=row.get("author_count"),
                    published=date.fromisoformat(row["published"]) if "published" in row else None)
              for row in rows]  # fmt: skip
    by_id = {paper.id: paper for paper in papers}
    found = drafts(papers, n=24)
    assert 16 <= len(found) == len({question.id for question in found}) <= 24
    assert {question.kind for question in found} == {"number", "fact", "metadata", "unanswerable"}
    for one in found:
        if one.kind in ("number", "fact"):
            assert all(states(by_id[one.papers[0]].abstract, one.facts)), one
        if one.kind == "number":
            assert not any(states(one.question, one.facts)), one


def test_a_drafted_file_is_a_file_of_questions(tmp_path) -> None:
    owl = Paper("owl", "OwlNet: Night", "OwlNet is a detector for birds. It reaches 81.4% accuracy on the night birds.",
                published=date(2024, 3, 12))  # fmt: skip
    made = drafts([owl], n=8)
    (tmp_path / "d.jsonl").write_text("".join(line(one) + "\n" for one in made), encoding="utf-8")
    assert load(tmp_path / "d.jsonl") == made
    by_kind = {one.kind: one for one in made}
    assert by_kind["metadata"].facts == (("12 March 2024", "March 12, 2024", "2024-03-12"),)
    assert by_kind["number"].facts == (("81.4%",),)
    assert by_kind["fact"].facts == (("detector",),)
    assert "OwlNet" in by_kind["unanswerable"].question


def test_what_an_abstract_mentions_is_not_drafted_as_missing() -> None:
    assert list(unanswerable([Paper("owl", "OwlNet: Night", "OwlNet comes under the MIT licence.")])) == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("OwlNet: Seeing", "OwlNet"),
        ("γ-Moss: Depths", "γ-Moss"),
        ("Four-word names are none: Owls", ""),
        ("A Note on Snow", ""),
        ("Deep learning: a survey", ""),
    ],
)
def test_a_name_stands_before_the_colon_and_looks_like_one(title, name) -> None:
    assert name_of(Paper("p", title)) == name


def test_a_model_drafts_and_what_its_abstract_does_not_say_is_left_out(capsys) -> None:
    papers = [Paper("owl", "OwlNet", "It keeps 12 tokens."), Paper("hawk", "HawkNet", "It flies."), Paper("x", "X")]
    replies = {"OwlNet": 'Sure: {"kind": "number", "question": "How many?", "facts": [["12 tokens", "12 of them"]]}',
               "HawkNet": '{"question": "How far?", "facts": [["300 km"]]}'}  # fmt: skip
    with ModelServer(lambda request: next(v for k, v in replies.items() if k in request.last)) as server:
        found = list(by_model(papers, Chat(server.name).reply, n=9))
    assert found == [Question("draft-001", "number", "How many?", ("owl",), (("12 tokens", "12 of them"),))]
    assert "hawk: left out, no question with facts of its abstract" in capsys.readouterr().err


@pytest.mark.parametrize(
    "said", ["no idea", "{}", '{"question": "?", "facts": []}', '{"question": 3, "facts": [["a"]]}']
)
def test_a_draft_that_cannot_be_read_is_none(said) -> None:
    assert read_draft(said, Paper("owl", "OwlNet", "a"), number=1) is None


@pytest.mark.parametrize(
    ("said", "score"),
    [('{"verdict": "right"}', 1.0), ('I say {"verdict": "Partly"} so', 0.5), ('{"verdict": "wrong"}', 0.0),
     ('{"verdict": "yes"}', None), ("right", None), ('{"verdict": 1}', None), ("", None)],
)  # fmt: skip
def test_only_a_readable_verdict_is_a_score(said, score) -> None:
    found = read_opinion(said)
    assert found.score == score
    assert bool(found.unscored) == (score is None)


def test_a_judge_that_fails_leaves_the_answer_unscored() -> None:
    with ModelServer(lambda _: Reply(status=403)) as server:
        found = ModelJudge(Chat(server.name, pause_s=0)).opinion(Question("q", "fact", "?", facts=(("a",),)), "a")
    assert found.score is None
    assert "did not reply (status 403" in found.unscored


def test_a_busy_server_is_asked_again_and_a_refusal_is_not() -> None:
    replies = iter([Reply(status=429), Reply(status=503), Reply("fine")])
    with ModelServer(lambda _: next(replies)) as server:
        assert Chat(server.name, pause_s=0).reply("rules", "text") == "fine"
    with ModelServer(lambda _: Reply(status=404)) as server:
        with pytest.raises(ProviderError, match=r"did not reply \(status 404"):
            Chat(server.name, pause_s=0).reply("rules", "text")
        assert len(server.requests) == 1
    with (
        ModelServer(lambda _: Reply(raw=b"<html>")) as server,
        pytest.raises(ProviderError, match="no chat completion"),
    ):
        Chat(server.name, pause_s=0).reply("rules", "text")


def test_a_model_that_takes_no_temperature_is_asked_without() -> None:
    def script(request):
        if "temperature" in request.body:
            return Reply(status=400, error={"message": "Unsupported value: 'temperature'"})
        return "fine"

    with ModelServer(script) as server:
        assert Chat(server.name, pause_s=0).reply("rules", "text") == "fine"


@pytest.mark.parametrize("name", ["gpt", "openai:", "@http://x", "m@ftp://x"])
def test_a_model_without_a_server_is_refused(name) -> None:
    with pytest.raises(SettingsError, match="name it as openai:MODEL or MODEL@http"):
        Chat(name)


def test_the_first_object_in_a_text_is_found() -> None:
    assert find_object('so {that} is {"a": {"b": 1}} and {"c": 2}') == {"a": {"b": 1}}
    assert find_object("[1] {broken") is None

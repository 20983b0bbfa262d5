"""Judged collections, the metrics on them, and the table of several rankings; the cost of ingest and ask."""

from __future__ import annotations

import json
import subprocess
import sys
from math import log2
from pathlib import Path

import pytest

from eval.benchmarks.collection import read_collection
from eval.benchmarks.cost import bench_questions
from eval.benchmarks.retrieval_variants import variants
from eval.benchmarks.time_and_memory import Line, table
from eval.metrics.retrieval import ndcg, recall, reciprocal_rank
from rag.errors import SourceError
from rag.model import Paper
from rag.settings import Settings

ROOT = Path(__file__).parents[2]
PAPERS = {
    "p1": ("Kelp forests", "Kelp grows half a metre a day. Forests of kelp shelter young fish from the current."),
    "p2": ("Sea urchins", "Sea urchins graze on kelp. Where otters vanish, urchins turn forests into barrens."),
    "p3": (
        "Glass harmonicas",
        "The glass harmonica is played with wet fingers. Its tone was said to cause melancholy.",
    ),
    "p4": ("Alpine choughs", "The alpine chough breeds higher than most birds. It glides along cliffs for food."),
}
QUESTIONS = {"q1": "what eats kelp", "q2": "instrument played with wet fingers", "q3": "nobody judged this one"}
GAINS = [("q1", "p2", 2), ("q1", "p1", 1), ("q2", "p3", 1), ("q2", "p4", 0)]


@pytest.fixture
def plain_layout(tmp_path: Path) -> Path:
    """A collection as `id`, `title`, `abstract`, with judgments that have no header."""
    rows = [{"id": key, "title": title, "abstract": text} for key, (title, text) in PAPERS.items()]
    write_lines(tmp_path / "corpus.jsonl", rows)
    write_lines(tmp_path / "queries.jsonl", [{"id": key, "text": text} for key, text in QUESTIONS.items()])
    (tmp_path / "qrels.tsv").write_text("".join(f"{q}\t{p}\t{gain}\n" for q, p, gain in GAINS), encoding="utf-8")
    return tmp_path


@pytest.fixture
def beir_layout(tmp_path: Path) -> Path:
    """The same in BEIR's layout."""
    rows = [{"_id": key, "title": title, "text": text, "metadata": {}} for key, (title, text) in PAPERS.items()]
    write_lines(tmp_path / "corpus.jsonl", rows)
    write_lines(tmp_path / "queries.jsonl", [{"_id": key, "text": text} for key, text in QUESTIONS.items()])
    (tmp_path / "qrels").mkdir()
    judged = "query-id\tcorpus-id\tscore\n" + "".join(f"{q}\t{p}\t{gain}\n" for q, p, gain in GAINS)
    (tmp_path / "qrels" / "test.tsv").write_text(judged, encoding="utf-8")
    return tmp_path


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_ndcg_is_the_discounted_gain_over_the_ideal_one() -> None:
    # Found: gain 1 at rank 1, nothing at rank 2, gain 2 at rank 3; ideal: gain 2 at rank 1, gain 1 at rank 2.
    # (1/log2(2) + 2/log2(4)) / (2/log2(2) + 1/log2(3)) = 2 / 2.6309 = 0.7602
    value = ndcg({"q": {"a": 2, "b": 1}}, {"q": ["b", "x", "a"]}, k=10)["q"]
    assert value == pytest.approx((1 + 2 / 2) / (2 + 1 / log2(3)))


def test_ndcg_keeps_the_order_that_the_run_gives() -> None:
    # Ids sort the other way round: a measure that broke ties by id would swap the two.
    assert ndcg({"q": {"z": 1}}, {"q": ["z", "a"]}, k=1) == {"q": 1.0}
    assert ndcg({"q": {"a": 1}}, {"q": ["z", "a"]}, k=1) == {"q": 0.0}


def test_recall_counts_the_relevant_papers_found_over_all() -> None:
    # Three relevant papers ("d" has no gain), two of them among the first three.
    assert recall({"q": {"a": 1, "b": 2, "c": 1, "d": 0}}, {"q": ["a", "d", "b", "c"]}, k=3)["q"] == pytest.approx(
        2 / 3
    )


def test_reciprocal_rank_is_one_over_the_first_relevant_rank() -> None:
    assert reciprocal_rank({"q": {"b": 1}}, {"q": ["x", "y", "b"]}, k=10)["q"] == pytest.approx(1 / 3)
    assert reciprocal_rank({"q": {"b": 1}}, {"q": ["x", "y", "b"]}, k=2)["q"] == 0.0


def test_question_without_a_relevant_paper_has_no_value_and_one_not_answered_has_zero() -> None:
    judgments = {"none": {"a": 0}, "left out": {"a": 1}, "found": {"a": 1}}
    assert recall(judgments, {"none": ["a"], "found": ["a"]}, k=5) == {"left out": 0.0, "found": 1.0}


@pytest.mark.parametrize("layout", ["plain_layout", "beir_layout"])
def test_both_layouts_give_the_same_collection(layout: str, request: pytest.FixtureRequest) -> None:
    collection = read_collection(request.getfixturevalue(layout))
    assert [paper["id"] for paper in collection.papers] == ["p1", "p2", "p3", "p4"]
    assert collection.papers[2]["abstract"].startswith("The glass harmonica")
    assert collection.questions == QUESTIONS
    assert collection.judgments == {"q1": {"p2": 2, "p1": 1}, "q2": {"p3": 1, "p4": 0}}


def test_folder_without_a_collection_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"corpus\.jsonl cannot be read: No such file or directory\. A collection is"):
        read_collection(tmp_path)


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("corpus.jsonl", "{broken", r"corpus\.jsonl, line 5 is no JSON: '{broken'"),
        ("corpus.jsonl", '{"title": "no id"}', r"corpus\.jsonl, line 5 has none of _id, id; it has title"),
        ("queries.jsonl", "[1]", r"queries\.jsonl, line 4 is '\[1\]'; it has to be a JSON object"),
        ("qrels.tsv", "q1\tp1\thigh", r"qrels\.tsv, line 5 is 'q1\\tp1\\thigh'; it has to be question, paper and gain"),
    ],
)
def test_broken_line_of_a_collection_is_named(plain_layout: Path, file: str, line: str, message: str) -> None:
    with (plain_layout / file).open("a", encoding="utf-8") as out:
        out.write(line + "\n")
    with pytest.raises(SourceError, match=message):
        read_collection(plain_layout)


def test_variants_switch_parts_off_and_leave_the_default_alone() -> None:
    default = Settings()
    chosen = variants(default)
    assert chosen["Footnote's default"] == default
    assert (chosen["BM25 alone"].lexical, chosen["BM25 alone"].dense) == (True, False)
    assert (chosen["dense alone"].lexical, chosen["dense alone"].dense) == (False, True)
    assert chosen["both, reciprocal ranks"].fusion == "rrf"
    bare = [settings for name, settings in chosen.items() if name != "Footnote's default"]
    extras = ("proximity", "neighbours", "late", "names", "metadata")
    assert [(name, getattr(settings, name)) for settings in bare for name in extras if getattr(settings, name)] == []
    assert all(getattr(default, name) for name in extras)


def test_benchmark_prints_every_ranking_side_by_side(plain_layout: Path) -> None:
    command = [sys.executable, "-m", "eval", "benchmark", "tiny", str(plain_layout), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["collection"], result["papers"], result["questions"]) == ("tiny", 4, 3)
    rows = {row["ranking"]: row for row in result["rows"]}
    assert list(rows) == list(variants(Settings()))
    # Four papers: whatever the order, all relevant ones are among the first ten.
    assert all(row["recall_10"] == row["recall_100"] == 1.0 for row in rows.values())
    # "fingers" and "wet" are in p3 alone, "kelp" in p1 and p2 alone: both questions begin with a relevant paper.
    assert rows["BM25 alone"]["mrr_10"] == 1.0
    assert all(0 < row["ndcg_10"] <= 1 and row["ms"] > 0 for row in rows.values())


def test_benchmark_of_a_missing_folder_is_one_line_and_status_1(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eval", "benchmark", "none", str(tmp_path / "none")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("eval: ")


def test_unknown_command_lists_those_there_are() -> None:
    done = subprocess.run([sys.executable, "-m", "eval", "dance"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "no command 'dance'" in done.stderr
    assert "benchmark" in done.stderr


def test_cranfield_is_read_whole() -> None:
    folder = ROOT.parent / "shared" / "data" / "cranfield"
    if not folder.exists():
        pytest.skip(f"the Cranfield collection is not at {folder}")
    collection = read_collection(folder)
    assert (len(collection.papers), len(collection.questions)) == (1400, 225)
    ids = {paper["id"] for paper in collection.papers}
    assert {paper for gains in collection.judgments.values() for paper in gains} <= ids


def test_bench_questions_are_spread_over_the_library() -> None:
    papers = [Paper(f"p{n}", f"Name{n}: on subject {n}") for n in range(10)]
    # 4 questions over 10 papers: positions 0, 2, 5 and 7 (n * 10 // 4); every second one asks by name.
    assert bench_questions(papers, n=4) == [
        "What is known about on subject 0?",
        "How does Name2 work?",
        "What is known about on subject 5?",
        "How does Name7 work?",
    ]
    assert bench_questions([Paper("p", "")], n=4) == []


def test_table_shows_unit_and_what_a_ratio_relates_to() -> None:
    shown = table([Line("ingest", 12.345, "s", 1.204, "embedding alone"), Line("peak memory", 612.4, "MB")])
    assert shown.splitlines()[2:] == ["| ingest | 12.35 s | 1.20 × embedding alone |", "| peak memory | 612 MB |  |"]


@pytest.mark.parametrize("step", ["embed", "ask", "plain"])
def test_each_step_of_the_bench_measures_a_small_library(step: str, plain_layout: Path, tmp_path: Path) -> None:
    storage = tmp_path / "library"
    for name in ("ingest", step):
        command = [sys.executable, "-m", "eval.benchmarks.cost", name, str(plain_layout / "corpus.jsonl"), str(storage)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        measured = json.loads(done.stdout)
        assert measured["peak_mb"] > 50  # numpy, Chroma and the model alone take more
        if name == "ingest":
            assert measured["papers"] == 4
        elif name == "embed":
            assert (measured["papers"], measured["passages"]) == (4, 4)
        else:
            assert len(measured["search_ms"]) == 60

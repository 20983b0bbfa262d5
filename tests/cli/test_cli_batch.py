"""Batches and ingest as people run them: each line as it comes, files that fail, Ctrl-C."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest


def start(*arguments, **given):
    return subprocess.Popen(
        [sys.executable, "-m", "rag", *map(str, arguments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **given,
    )  # fmt: skip


def lines(done):
    return [json.loads(line, parse_constant=pytest.fail) for line in done.stdout.decode().splitlines()]


def test_each_question_is_answered_before_the_next_is_there(library_dir):
    process = start("ask", "--batch", "-", "--storage", library_dir)
    try:
        for n in (1, 2):
            process.stdin.write(json.dumps({"id": n, "question": "What does OwlNet detect?"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == n  # standard input is still open
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (0, b"", b"")


def test_a_broken_line_gets_an_error_in_its_place_and_the_rest_go_on(called, library_dir, tmp_path):
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(
        b'{"id": "a", "question": "What does OwlNet detect?"}\n'
        b"{broken\n"
        b"\n"
        b'{"id": "b"}\n'
        b'{"id": "c", "question": "  "}\n'
        b'{"id": "d", "question": "Is it \xff?"}\n'
        b'{"id": "e", "question": "What is OwlNet?", "where": {"colour": "red"}}\n'
        b'{"id": "f", "question": "What is OwlNet?", "history": [1]}\n'
        b'{"question": "How long does training OwlNet take?", "where": {"year": 2024}}'
    )
    done = called("ask", "--batch", batch, "--storage", library_dir)
    written = lines(done)
    assert done.returncode == 1
    assert [line.get("id", "none") for line in written] == ["a", None, "b", "c", None, "e", "f", "none"]
    assert [sorted(line) for line in written[1:7]] == 6 * [["error", "id"]]
    assert "blank" in written[3]["error"]
    assert written[0]["status"] == written[7]["status"] == "answered"
    assert "23 hours" in written[7]["text"]
    assert re.fullmatch(rb"footnote: 6 of 8 lines had an error.*\n", done.stderr)


def test_a_batch_of_searches_takes_texts_and_conditions(called, library_dir):
    asked = [{"id": 1, "text": "knots in cords"}, {"id": 2, "text": "knots in cords", "where": {"year": 2025}}]
    done = called(
        "search", "--batch", "-", "-k", 2, "--where", "source=harbour", "--storage", library_dir,
        stdin="\n".join(map(json.dumps, asked)),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    first, second = lines(done)
    assert [list(first), first["query"], len(first["hits"])] == [["id", "query", "hits"], "knots in cords", 2]
    # of the harbour's papers two are of 2025
    assert {hit["paper_id"] for hit in second["hits"]} == {"finch-audio", "tidal-cache"}


def test_history_and_question_of_a_line_are_taken_together(called, library_dir):
    history = [{"role": "user", "content": "What is QuipuBench?"}]
    asked = {"id": 0, "question": "How many images does it have?", "history": history}
    done = called("ask", "--batch", "-", "--storage", library_dir, stdin=json.dumps(asked))
    (answer,) = lines(done)
    assert (answer["id"], answer["question"]) == (0, "How many images does it have?")
    assert "3,418" in answer["text"]


def test_an_ingest_reports_every_file_and_fails_when_one_did(called, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"title": "Owls", "abstract": "Owls see."}\n{"title": 5}\n')
    (tmp_path / "b.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "c.jsonl").write_text('{"title": "Bees", "abstract": "Bees hear."}\n')
    done = called("ingest", "--json", tmp_path / "a.jsonl", tmp_path / "b.txt", tmp_path / "c.jsonl",
                    "--storage", tmp_path / "library")  # fmt: skip
    assert done.returncode == 1
    (report,) = lines(done)
    assert [(file["new"], len(file["rejected"]), file["error"] is None) for file in report["files"]] == [
        (1, 1, True), (0, 0, False), (1, 0, True),
    ]  # fmt: skip
    assert report["totals"] == {
        "papers": 2, "new": 2, "changed": 0, "unchanged": 0, "merged": 0, "rejected": 1, "failed": 1,
    }  # fmt: skip
    told = done.stderr.decode()
    assert re.search(r"(?m)^footnote: .*b\.txt: b\.txt is .*$", told)
    assert re.search(r"(?m)^footnote: .*a\.jsonl, line 2: title is a number", told)


def test_the_bar_is_on_standard_error_with_a_rate_and_the_table_on_standard_output(called, abstracts_file, tmp_path):
    done = called("ingest", abstracts_file, "--storage", tmp_path)
    assert done.returncode == 0
    assert re.search(r"embedding .*12/12 [\d.]+ papers/s \d:\d\d:\d\d left", done.stderr.decode())
    head, row = done.stdout.decode().splitlines()
    assert head.split() == ["file", "read", "as", "papers", "new", "changed", "unchanged", "merged", "rejected"]
    assert row.split()[1:] == ["jsonl", "12", "12", "0", "0", "0", "0"]
    again = called("ingest", abstracts_file, "--storage", tmp_path)
    assert again.stdout.decode().splitlines()[1].split()[1:] == ["jsonl", "12", "0", "0", "12", "0", "0"]
    assert b"embedding" not in again.stderr


def test_a_rebuild_needs_no_path_and_keeps_every_paper(called, abstracts_file, tmp_path):
    assert called("ingest", "--rebuild", "--storage", tmp_path / "none").returncode == 1
    assert not (tmp_path / "none").exists()
    called("ingest", abstracts_file, "--storage", tmp_path)
    before = called("papers", "--json", "--storage", tmp_path).stdout.decode().splitlines()
    rebuilt = called("ingest", "--rebuild", "--storage", tmp_path)
    assert rebuilt.returncode == 0, rebuilt.stderr.decode()
    assert sorted(called("papers", "--json", "--storage", tmp_path).stdout.decode().splitlines()) == sorted(before)


def test_the_year_of_a_page_is_taken_from_the_command_line(called, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("Owls by Night\n\nOwls see at night. They hunt mice and voles.\n\n• 3 authors\n\n·\n\nJan 5\n")
    for storage, extra in (("a", []), ("b", ["--rebuild"])):
        done = called("ingest", page, "--as-of", 2021, *extra, "--storage", tmp_path / storage)
        assert done.returncode == 0, done.stderr.decode()
        (paper,) = lines(called("papers", "--json", "--storage", tmp_path / storage))
        assert (paper["published"], paper["published_inferred"]) == ("2021-01-05", True)


@pytest.mark.alone
def test_ctrl_c_is_one_line_and_the_same_again_completes_the_ingest(called, tmp_path):
    many = tmp_path / "many.jsonl"
    # 160 papers in batches of 32: some seconds of work, most of which is left when the interrupt comes
    words = ["owls", "bees", "kelp", "snow", "moss"]
    with many.open("w") as stream:
        for n in range(160):
            text = " ".join(f"Paper {n} counts {n * 7 + m} {words[m % 5]} by night and by day." for m in range(8))
            stream.write(json.dumps({"id": f"p{n}", "title": f"Title {n}", "abstract": text}) + "\n")
    library = tmp_path / "library"
    process = start("ingest", many, "--storage", library)
    try:
        until = time.monotonic() + 60
        while not (library / "writer.json").exists() and time.monotonic() < until and process.poll() is None:
            time.sleep(0.02)
        time.sleep(0.5)
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, out) == (130, b"")
    assert err.decode().splitlines()[-1].startswith("footnote: interrupted. What was written is whole")
    assert b"Traceback" not in err
    assert len(called("papers", "--json", "--storage", library).stdout.splitlines()) < 160
    again = called("ingest", many, "--json", "--storage", library)
    (report,) = lines(again)
    assert report["totals"]["new"] + report["totals"]["unchanged"] == 160
    assert len(called("papers", "--json", "--storage", library).stdout.splitlines()) == 160


def test_ctrl_c_while_a_batch_waits_is_one_line(library_dir):
    process = start("ask", "--batch", "-", "--storage", library_dir)
    try:
        process.stdin.write(b'{"question": "What is OwlNet?"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        os.kill(process.pid, signal.SIGINT)
        process.wait(timeout=30)
        err = process.stderr.read().decode()
    finally:
        process.kill()
    assert process.returncode == 130
    assert re.fullmatch(r"footnote: interrupted\..*\n", err)

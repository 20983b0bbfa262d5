"""The command as people run it: exit status, what goes where, one line for each error.

What a command does is shown in a process of its own (`started`); of its errors and variants those that hang on one.
"""

import json
import re
import subprocess
import sys

import pytest

from rag import __version__
from rag.cli.options import UsageError, where_of
from rag.cli.output import printable

ASKED = "How many visual tokens does OwlNet keep?"


def on(library_dir, command):
    """The command on the small library; gives status, standard output and standard error."""

    def run(*arguments, **given):
        done = command("--storage", library_dir, *arguments, **given)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


@pytest.fixture(scope="session")
def run(called, library_dir):
    return on(library_dir, called)


@pytest.fixture(scope="session")
def started(footnote, library_dir):
    return on(library_dir, footnote)


def assert_one_line(result, *, status, says):
    code, out, err = result
    assert (code, out) == (status, "")
    assert re.fullmatch(rf"footnote: .*{says}.*\n", err), err
    assert "Traceback" not in err


def test_version_is_written(footnote):
    done = footnote("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"footnote {__version__}\n".encode(), b"")


def test_help_loads_nothing_heavy(footnote):
    program = (
        "import sys; sys.argv = ['footnote', '--help']\nfrom rag.cli.app import run\nassert run(['--help']) == 0\n"
        "heavy = {'chromadb', 'numpy', 'onnxruntime', 'llama_index', 'gradio', 'pydantic', 'rag.assistant'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"footnote [OPTIONS] COMMAND" in done.stdout


@pytest.mark.parametrize("command", ["ingest", "search", "ask", "papers", "show", "cite", "verify", "doctor", "ui"])
def test_the_help_of_each_command_has_an_example_of_it(called, command):
    done = called(command, "--help")
    assert done.returncode == 0
    assert re.search(rf"Example:\s+footnote {command}", " ".join(done.stdout.decode().split()))


def test_without_a_command_the_help_goes_to_standard_error(called):
    done = called()
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Commands:" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["ask"], "give either a QUESTION or --batch FILE"),
        (["ask", "why?", "--batch", "-"], "give either a QUESTION or --batch FILE"),
        (["ask", "--batch", "-", "--history", "x"], "the history stands in the lines"),
        (["search"], "give either a QUERY or --batch FILE"),
        (["search", "owls", "-k", "many"], "-k"),
        (["ask", "why?", "--where", "year"], "--where has 'year'; it takes KEY=VALUE"),
        (["ask", "why?", "--where", "year=2023", "--where", "year=2024"], "--where has year twice"),
        (["ask", "why?", "--nope"], "No such option: --nope"),
        (["ingest"], "give a PATH"),
        (["show"], "PAPER"),
    ],
)
def test_a_call_that_cannot_be_is_one_line_and_status_2(run, arguments, says):
    assert_one_line(run(*arguments), status=2, says=re.escape(says))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["search", "owls", "-k", "10000"], "it can be 1 to 1,000"),
        (["ask", " "], "blank"),
        (["search", "owls", "-k", "0"], "k is 0; it can be 1 to 1,000"),
        (["ask", "o" * 20_000], "20,000 characters"),
        (["ask", "why?", "--where", "colour=red"], "'colour', which is no condition; known: year"),
        (["ask", "why?", "--where", "year=soon"], "year='soon'"),
        (["ask", "why?", "--history", "/nowhere/h.json"], "/nowhere/h.json cannot be read: No such file"),
        (["ask", "--batch", "/nowhere/b.jsonl"], "/nowhere/b.jsonl cannot be read: No such file"),
        (["ask", b"\xff what"], "no UTF-8"),
        (["show", "[red]no[/red] such %s"], "[red]no[/red] such %s"),
        (["show", "FINCH"], "finch-audio"),
        (["cite", "OwlNet", "no such paper"], "no such paper"),
        (["ingest", "/nowhere/page.txt"], "/nowhere/page.txt"),
    ],
)
def test_a_value_that_cannot_be_used_is_one_line_and_status_1(run, arguments, says):
    arguments = [a.decode(errors="surrogateescape") if isinstance(a, bytes) else a for a in arguments]
    assert_one_line(run(*arguments), status=1, says=re.escape(says))


@pytest.mark.parametrize("command", [["ask", "why?"], ["search", "owls"], ["show", "OwlNet"], ["cite", "OwlNet"]])
def test_a_library_that_was_never_made_is_an_error_and_is_not_made_by_reading(called, tmp_path, command):
    folder = tmp_path / "no library"
    done = called(*command, "--storage", folder)
    says = re.escape(
        f"the library at {folder} is empty. Bring papers in with `footnote --storage '{folder}' ingest PATH`."
    )
    assert_one_line((done.returncode, done.stdout.decode(), done.stderr.decode()), status=1, says=says)
    assert not folder.exists()


def test_a_library_without_papers_is_an_error_and_no_abstention(called, tmp_path):
    from rag import Assistant

    Assistant.open(tmp_path).close()
    done = called("ask", "why?", "--json", "--storage", tmp_path)
    assert_one_line((done.returncode, done.stdout.decode(), done.stderr.decode()), status=1, says="is empty")


def test_the_papers_of_an_empty_library_are_none(called, tmp_path):
    done = called("papers", "--json", "--storage", tmp_path / "none")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"is empty" in done.stderr


def test_a_storage_that_is_a_file_is_one_line(called, tmp_path):
    (tmp_path / "file").write_text("x")
    done = called("ask", "why?", "--storage", tmp_path / "file")
    assert_one_line((done.returncode, done.stdout.decode(), done.stderr.decode()), status=1, says="is a file")


def test_storage_is_taken_before_and_after_the_command_and_from_the_environment(called, library_dir, tmp_path):
    before = called("--storage", library_dir, "papers")
    after = called("--storage", tmp_path, "papers", "--storage", library_dir)
    named = called("papers", FOOTNOTE_STORAGE=str(library_dir))
    assert before.stdout == after.stdout == named.stdout
    assert before.stdout.count(b"\n") == 13  # a head and twelve papers


def test_an_answer_goes_to_standard_output_and_its_timings_to_standard_error(started):
    code, out, err = started("ask", ASKED)
    assert code == 0
    assert "12 of 196 visual tokens" in out
    assert "\n\n[1] OwlNet: Seeing Small Birds at Night (2024): “" in out
    assert re.search(r"total \d+ ms\n$", err)
    assert "ms" not in out


def test_a_citation_from_a_digest_is_marked(run):
    _, out, _ = run("ask", "What is the error of KelpCast at a horizon of 30 days?")
    assert "14%" in out
    assert re.search(r"(?m)^\[1\] KelpCast: .*\[digest\]$", out)


def test_an_abstention_is_done_and_names_the_nearest_papers(run):
    code, out, _ = run("ask", "What accuracy does ZebraFormer reach?")
    assert code == 0
    assert "\n\nNearest papers:\n  - " in out
    assert "[1]" not in out


def test_the_json_of_an_answer_quotes_the_abstract_at_its_offsets(run, library_dir):
    code, out, err = run("ask", ASKED, "--json")
    assert (code, out.count("\n"), err) == (0, 1, "")
    answer = json.loads(out)
    abstracts = {paper["id"]: paper["abstract"] for paper in map(json.loads, run("papers", "--json")[1].splitlines())}
    assert answer["status"] == "answered"
    assert answer["citations"]
    for citation in answer["citations"]:
        assert abstracts[citation["paper_id"]][citation["start"] : citation["end"]] == citation["quote"]


def test_a_history_is_taken_from_a_file(run, tmp_path):
    history = tmp_path / "history.json"
    turns = [("user", "What is OwlNet?"), ("assistant", "OwlNet is a detector for birds in night images [1].")]
    history.write_text(json.dumps([{"role": role, "content": content} for role, content in turns]))
    _, out, _ = run("ask", "How long does its training take?", "--history", history, "--json")
    assert "OwlNet" in json.loads(out)["standalone_question"]
    assert "23 hours" in json.loads(out)["text"]


@pytest.mark.parametrize(
    ("content", "says"),
    [("{}", "holds no list"), ("[", "is no JSON"), ('[{"role": "king", "content": "x"}]', "'king'"), ("[5]", "5")],
)
def test_a_history_that_cannot_be_used_is_one_line(run, tmp_path, content, says):
    history = tmp_path / "history.json"
    history.write_text(content)
    assert_one_line(run("ask", "why?", "--history", history), status=1, says=says)


def test_search_gives_k_papers_with_passages(started):
    _, out, _ = started("search", "counting voices in choirs", "-k", 3, "--json")
    found = json.loads(out)
    assert found["query"] == "counting voices in choirs"
    assert [len(found["hits"]), found["hits"][0]["paper_id"]] == [3, "finch-audio"]
    assert found["hits"][0]["passages"][0]["text"].startswith("Choirs sing")
    _, out, _ = started("search", "counting voices in choirs", "-k", 1)
    assert out.startswith("1. FINCH: Fine-grained Hearing of Choirs (2025)  ")


def test_where_limits_what_is_found(run):
    _, out, _ = run("search", "models", "--where", "year=2023", "--where", "source=harbour", "--json")
    # two papers of 2023, both from the harbour
    assert {hit["paper_id"] for hit in json.loads(out)["hits"]} == {"finch-detector", "glacier-maps"}
    _, out, _ = run("papers", "--where", "min-authors=12", "--json")
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["latex-residue", "quipu"]
    code, out, err = run("papers", "--where", "year=1066")
    assert (code, out) == (0, "")
    assert "No paper meets the conditions." in err


def test_papers_are_listed_with_tabs_where_there_is_no_terminal(started):
    rows = [line.split("\t") for line in started("papers")[1].splitlines()]
    assert rows[0] == ["year", "authors", "title", "source", "kind"]
    assert ["2024", "Łucja Sowa et al.", "OwlNet: Seeing Small Birds at Night", "forest", "original"] in rows
    assert ["2024", "27", "μ-Lens: Microscopes for M²Cells", "forest", "original"] in rows
    assert ["2022", "1", "Lighthouses as Landmarks for Autonomous Boats", "abstracts.jsonl", "original"] in rows


def test_markup_in_a_title_is_shown_as_it_is(started):
    _, out, _ = started("show", "Beekeeper")
    assert out.startswith("Beekeeper: <b>Bold</b> Claims & [red]Alarms[/red] about Hives\n")


def test_the_papers_of_one_library_make_the_same_library_again(started, footnote, tmp_path):
    listed = started("papers", "--json")[1]
    (tmp_path / "papers.jsonl").write_text(listed)
    assert footnote("ingest", tmp_path / "papers.jsonl", "--storage", tmp_path / "copy").returncode == 0
    assert footnote("papers", "--json", "--storage", tmp_path / "copy").stdout.decode() == listed


def test_one_paper_is_shown_as_json_in_full(run, abstracts_file):
    record = json.loads(abstracts_file.read_text(encoding="utf-8").splitlines()[0])
    shown = json.loads(run("show", "owlnet", "--json")[1])
    absent = {"doi": None, "arxiv_id": None, "retraction": None, "copies": []}
    assert shown == {"abstract_kind": "original", "published_inferred": False, "extra": {}} | absent | record


def test_papers_are_cited_once_each_in_the_order_given(started):
    _, out, _ = started("cite", "KelpCast", "owlnet", "OwlNet: Seeing Small Birds at Night")
    assert re.findall(r"@misc\{(.*),", out) == ["kelp-digest", "owlnet"]
    assert "author = {Marée Algue and {Institute for Seas and Shores}}" in out


def test_the_doctor_finds_nothing_wrong_with_a_good_library(started):
    code, out, err = started("doctor", "--check")
    assert (code, err) == (0, "")
    assert out.startswith("Nothing is wrong")


def test_a_closed_pipe_ends_quietly(footnote, library_dir):
    for command in ("papers", "papers --json"):
        line = f"{sys.executable} -m rag --storage {library_dir} {command}"
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {line} | true"], capture_output=True, check=False, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, b""), command


def test_a_full_disk_under_standard_output_is_one_line(library_dir):
    line = f"{sys.executable} -m rag --storage {library_dir} papers --json > /dev/full"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False, timeout=60)
    assert done.returncode == 1
    assert re.fullmatch(rb"footnote: standard output cannot be written: No space left on device.*\n", done.stderr)


def test_json_is_utf_8_whatever_the_locale_says(started):
    assert "Łucja" in started("show", "owlnet", "--json", PYTHONIOENCODING="ascii")[1]
    assert "?ucja" in started("show", "owlnet", PYTHONIOENCODING="ascii")[1]


def test_a_setting_that_cannot_be_used_is_one_line(run):
    assert_one_line(run("ask", "why?", FOOTNOTE_FUSION="none"), status=1, says="FOOTNOTE_FUSION='none'")


def test_verbose_writes_log_lines_to_standard_error(run):
    assert re.search(r"INFO rag.assistant: question \w+: \d+ ms", run("ask", ASKED, "--verbose")[2])
    assert "INFO" not in run("ask", ASKED)[2]


def test_paper_ids_may_come_several_times_in_where():
    assert where_of(["paper_ids=a", "paper-ids = b", "since=2024-01-01"]) == {
        "paper_ids": ["a", "b"],
        "since": "2024-01-01",
    }
    with pytest.raises(UsageError, match="KEY=VALUE"):
        where_of(["=x"])


def test_characters_that_act_on_a_terminal_are_replaced():
    assert printable("a\x1b[31mb\u202ec\td\n") == "a\ufffd[31mb\ufffdc\td\n"

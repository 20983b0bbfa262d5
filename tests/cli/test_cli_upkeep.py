"""The commands that keep a library current: in real processes (`started`), on a real terminal, with live sources."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.support.live_server import LiveServer, Reply, arxiv, many

ROOT = Path(__file__).resolve().parents[2]
ASKED = "How many visual tokens does OwlNet keep?"


@pytest.fixture(scope="module")
def filled(tmp_path_factory, footnote, abstracts_file):
    """A library of the dozen abstracts in a folder of its own: `storage` and `papers` in one folder, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "papers").mkdir()
    shutil.copy(abstracts_file, folder / "papers" / "abstracts.jsonl")
    done = footnote("ingest", "papers", "--storage", "storage", cwd=folder, PYTHONPATH=str(ROOT))
    assert done.returncode == 0, done.stderr.decode()
    return folder


@pytest.fixture
def copied(filled, tmp_path):
    """A copy of that library in `tmp_path`; gives a function that runs a command there."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    moved = tmp_path / "storage" / "sources.json"
    moved.write_text(moved.read_text().replace(str(filled), str(tmp_path)))

    def run(command, *arguments, **given):
        done = command(*arguments, "--storage", "storage", cwd=tmp_path, **given)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


@pytest.fixture
def run(copied, called):
    """Runs the command on that copy, in this process; gives status, standard output and standard error."""
    return partial(copied, called)


@pytest.fixture
def started(copied, footnote):
    """The same in a process of its own."""
    return partial(copied, footnote)


def one_line(result, *, status, says):
    code, out, err = result
    assert (code, out) == (status, "")
    assert re.fullmatch(rf"footnote: .*{says}.*\n", err), err


@pytest.mark.parametrize("command", ["sync", "sources", "watch", "remove", "export", "follow", "news"])
def test_the_help_of_each_command_has_an_example_of_it(called, command):
    done = called(command, "--help")
    assert done.returncode == 0
    assert re.search(rf"Example:\s+footnote {command}", " ".join(done.stdout.decode().split()))


# -- sources and sync --------------------------------------------------------------------------------------------------


def test_sources_are_listed_and_forgotten(started, tmp_path):
    [source] = map(json.loads, started("sources", "--json")[1].splitlines())
    assert (source["source"], source["kind"], source["papers"]) == (str(tmp_path / "papers"), "folder", 12)
    # as it is named from where one stands, and not from the root
    assert re.search(r"(?m)^papers +folder +12 +20\d\d-", started("sources")[1])
    code, out, _ = started("sources", "--forget", "papers")
    assert (code, out) == (0, f"forgotten: {tmp_path / 'papers'} (its papers stay in the library)\n")
    assert "no source is remembered yet" in started("sources")[2]
    assert "no source is remembered yet" in started("sync")[2]
    one_line(started("sources", "--forget", "papers"), status=1, says="is no remembered source; there are: none")


def test_sync_brings_what_is_new_and_says_so_by_source(started, tmp_path):
    assert re.search(r"papers +unchanged +0 +0 +0", started("sync")[1])
    (tmp_path / "papers" / "new.jsonl").write_text('{"id": "heron", "title": "Herons", "abstract": "Herons wade."}\n')
    report = json.loads(started("sync", "--dry-run", "--json")[1])
    assert (report["dry_run"], report["sources"][0]["found"]) == (True, 1)
    report = json.loads(started("sync", "--json")[1])
    assert report["totals"]["new"] == 1
    assert [(one["source"], one["state"]) for one in report["sources"]] == [(str(tmp_path / "papers"), "updated")]
    assert started("show", "heron")[0] == 0


def test_sync_without_news_loads_neither_embedder_nor_index_and_is_quick(run, tmp_path):
    program = (
        "import sys\nfrom rag.cli.app import run\nassert run(sys.argv[1:]) == 0\n"
        "heavy = {'chromadb', 'onnxruntime', 'bm25s', 'llama_index', 'tokenizers', 'rag.assistant'}\n"
        "heavy.add('rag.neural.embedder')\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-c", program, "--storage", str(tmp_path / "storage"), "sync"],
        capture_output=True, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    after = os.times()  # of the processor, since what else the machine does is no matter of ours
    assert (after.children_user + after.children_system) - (before.children_user + before.children_system) < 2


def test_live_sources_are_ingested_synced_and_fail_in_one_line(run):
    with LiveServer(arxiv(many(3))) as server:
        reached = {"ARXIV_ENDPOINT": server.url, "LIVE_PAUSE_S": "0", "LIVE_TRIES": "1"}
        code, out, err = run("ingest", "arxiv:search:herons", **reached)
        assert (code, err.count("Traceback")) == (0, 0)
        assert re.search(r"arxiv:search:herons +live +3 +3 +0", out)
        assert run("show", "Paper 2: herons and their ponds")[0] == 0
        server.script = lambda _: Reply("<html>", status=503)
        code, out, err = run("sync", **reached)
        assert code == 1
        assert re.search(r"arxiv:search:herons +failed", out)
        assert re.search(r"papers +unchanged", out)
        assert re.search(r"(?m)^footnote: .*503", err)
        assert "Traceback" not in err


def test_what_an_ingest_cannot_be_asked_is_one_line(run):
    one_line(run("ingest", "arxiv:", "--limit", "0"), status=2, says="--limit")
    code, _, err = run("ingest", "papers", "--since", "soon")
    assert code == 1
    assert "--since is 'soon'; give a day such as 2024-03-01." in err
    assert "there is no id in the spec" in run("ingest", "arxiv:,")[2]


def test_an_ingest_takes_only_what_is_asked_for(called, abstracts_file, tmp_path):
    done = called(
        "ingest", abstracts_file, "--since", "2024-01-01", "--until", "2024-12-31", "--storage", tmp_path / "storage"
    )
    assert done.returncode == 0, done.stderr.decode()
    listed = called("papers", "--json", "--storage", tmp_path / "storage").stdout.splitlines()
    assert {json.loads(line)["published"][:4] for line in listed} == {"2024"}


def test_a_damaged_memory_is_one_line_that_says_what_to_do(run, tmp_path):
    (tmp_path / "storage" / "sources.json").write_text("{")
    for command in (["sync"], ["sources"]):
        one_line(run(*command), status=1, says=r"sources\.json is damaged .*Put a copy of it back, or move it away")


# -- remove and export -------------------------------------------------------------------------------------------------


def test_papers_are_removed_and_stay_away_until_their_source_is_named(run, tmp_path):
    would = run("remove", "OwlNet", "--dry-run")[1]
    assert would == "would remove: OwlNet: Seeing Small Birds at Night (2024) [owlnet]\n"
    code, out, _ = run("remove", "OwlNet", "KelpCast", "--yes")
    assert code == 0
    assert [line.split("[")[-1] for line in out.splitlines()] == ["owlnet]", "kelp-digest]"]
    assert len(run("papers", "--json")[1].splitlines()) == 10
    one_line(run("show", "OwlNet"), status=1, says="no paper is called 'OwlNet'")
    file = tmp_path / "papers" / "abstracts.jsonl"
    file.write_text(file.read_text().replace("12 of 196", "9 of 196"))
    _, out, err = run("sync", "--json")
    assert json.loads(out)["sources"][0]["left_out"] == 2
    assert "2 records are of papers that were removed and stay away" in err
    assert "2 papers that had been removed are back" in run("ingest", "papers")[2]
    assert len(run("papers", "--json")[1].splitlines()) == 12


def test_papers_are_removed_by_conditions(run):
    gone = [json.loads(line)["id"] for line in run("remove", "--where", "year=2023", "--yes", "--json")[1].splitlines()]
    assert gone == ["finch-detector", "glacier-maps"]
    code, out, err = run("remove", "--where", "year=1066", "--yes")
    assert (code, out) == (0, "")
    assert "No paper meets the conditions." in err


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ([], 2, "give either PAPERs or --where KEY=VALUE"),
        (["OwlNet", "--where", "year=2024"], 2, "give either PAPERs or --where"),
        (["OwlNet"], 2, "there is no terminal to ask on; give --yes"),
        (["OwlNet", "no such paper", "--yes"], 1, "no such paper"),
        (["--where", "colour=red", "--yes"], 1, "'colour', which is no condition"),
    ],
)
def test_what_cannot_be_removed_is_one_line(run, arguments, status, says):
    one_line(run("remove", *arguments), status=status, says=re.escape(says))
    assert len(run("papers", "--json")[1].splitlines()) == 12


@pytest.mark.parametrize(("reply", "status", "left"), [("y", 0, 11), ("n", 1, 12)])
def test_on_a_terminal_removing_asks_first(run, tmp_path, reply, status, left):
    master, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "rag", "remove", "OwlNet", "--storage", "storage"],
        stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "dumb"},
    ) as process:  # fmt: skip
        os.write(master, f"{reply}\n".encode())
        out, err = process.communicate(timeout=60)
    os.close(terminal)
    os.close(master)
    assert process.returncode == status
    assert "OwlNet: Seeing Small Birds at Night (2024) [owlnet]" in err
    assert "Remove 1 paper from the library?" in err
    assert bool(out) == (status == 0)
    assert len(run("papers", "--json")[1].splitlines()) == left


@pytest.mark.parametrize("name", ["x.jsonl", "x.bib", "x.ris", "x.json"])
def test_an_export_makes_the_same_library_again(run, called, tmp_path, name):
    code, out, err = run("export", name)
    assert (code, out) == (0, "")
    assert f"wrote 12 papers to {name} as" in err
    done = called("ingest", tmp_path / name, "--storage", tmp_path / "copy")
    assert done.returncode == 0, done.stderr.decode()
    assert called("papers", "--json", "--storage", tmp_path / "copy").stdout.decode() == run("papers", "--json")[1]
    assert called("export", tmp_path / f"again-{name}", "--storage", tmp_path / "copy").returncode == 0
    assert (tmp_path / f"again-{name}").read_bytes() == (tmp_path / name).read_bytes()


def test_an_export_goes_to_standard_output_in_the_format_that_is_named(started):
    _, out, err = started("export", "--format", "bibtex", "--where", "year=2023")
    assert re.findall(r"@misc\{(.*),", out) == ["finch-detector", "glacier-maps"]
    assert err == ""
    assert started("export", "-")[1] == started("papers", "--json")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["x.pdf"], "the ending '.pdf', which names no format"),
        (["--format", "xml"], "'xml' is no format"),
        (["/nowhere/x.bib"], "/nowhere/x.bib cannot be written: No such file or directory"),
    ],
)
def test_an_export_that_cannot_be_is_one_line(run, arguments, says):
    one_line(run("export", *arguments), status=1, says=re.escape(says))


# -- followed questions ------------------------------------------------------------------------------------------------


def test_news_say_what_changed_after_a_sync(run, tmp_path):
    assert 'no question is followed. `footnote follow "QUESTION"` follows one.' in run("news")[2]
    code, out, _ = run("follow", ASKED)
    assert (code, out.splitlines()[0]) == (0, f"1. {ASKED}")
    assert "12 of 196" in out
    assert json.loads(run("follow", "How fast is PondNet?", "--json")[1])["status"] == "abstained"
    assert re.search(r"1 +20\S+ \S+ +answered +How many visual tokens", run("follow")[1])
    assert "the answers to all 2 followed questions are as they were" in run("news")[2]
    file = tmp_path / "papers" / "abstracts.jsonl"
    pond = {"id": "pond", "title": "PondNet", "abstract": "PondNet counts birds. PondNet runs at 40 images a second."}
    file.write_text(file.read_text().replace("12 of 196", "9 of 196") + json.dumps(pond) + "\n")
    assert "2 questions are followed: `footnote news` says whether" in run("sync")[2]
    told = [json.loads(line) for line in run("news", "--json", "--keep")[1].splitlines()]
    assert [(one["number"], one["change"]) for one in told] == [(2, "answered"), (1, "changed")]
    assert told[0]["because"] == [{"paper_id": "pond", "title": "PondNet", "change": "new", "retraction": None}]
    assert (told[1]["sentences"][0]["figures_before"], told[1]["sentences"][0]["figures"]) == (["12"], ["9"])
    code, out, _ = run("news")
    assert code == 0
    assert re.search(r"~ .*9 of 196 .*\(12 → 9\)", out)
    assert "because of PondNet (new)" in out
    code, out, err = run("news")
    assert (code, out) == (0, "")
    assert "no news" in err


def test_an_error_is_no_change_of_an_answer(run, tmp_path):
    # The model is named and there is none: the question cannot be asked, and the answer of before stays.
    run("follow", ASKED)
    code, out, _ = run("news", "--json", "--llm", "small@http://127.0.0.1:9/v1", FOOTNOTE_LLM_TIMEOUT_S="2")
    [told] = map(json.loads, out.splitlines())
    assert (code, told["change"], told["status"]) == (1, "failed", "answered")
    assert "127.0.0.1:9" in told["error"]
    assert (
        "12 of 196"
        in json.loads((tmp_path / "storage" / "followed.json").read_text())["questions"][0]["answer"]["text"]
    )


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["follow", "a?", "--forget", "1"], 2, "give either a QUESTION or --forget NUMBER"),
        (["follow", "--where", "year=2024"], 2, "--where goes with a QUESTION"),
        (["follow", "--forget", "7"], 1, "no followed question has the number 7; there are none"),
        (["follow", " "], 1, "blank"),
    ],
)
def test_a_question_that_cannot_be_followed_is_one_line(run, arguments, status, says):
    one_line(run(*arguments), status=status, says=re.escape(says))

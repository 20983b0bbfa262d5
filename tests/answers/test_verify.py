"""The reverse check: a text, a saved answer or a batch against the library as it is now."""

import json

import pytest

from rag import Assistant, Settings
from rag.answers.verifier import cited_sentences
from rag.errors import SourceError
from tests.support.model_server import ModelServer

OWL = "OwlNet: Seeing Small Birds at Night"


@pytest.fixture(scope="module")
def assistant(library_dir):
    with Assistant.open(library_dir, Settings()) as assistant:
        yield assistant


def verdicts(assistant, text):
    return [(one.sentence, one.verdict) for one in assistant.verify(text)]


@pytest.mark.parametrize(
    "citation", [f"[{OWL}]", "[owlnet]", "[1]", "[^1]", f"[{OWL}](https://owls.example.org/owlnet)", "[1-1]"]
)
@pytest.mark.parametrize(("figure", "verdict"), [("12", "supported"), ("13", "unsupported")])
def test_each_way_to_cite_is_understood(assistant, citation, figure, verdict):
    text = f"OwlNet keeps {figure} of 196 visual tokens {citation}.\n\n## References\n\n[1] Sowa, Ł. {OWL}. 2024.\n"
    [one] = assistant.verify(text)
    assert (one.sentence, one.verdict) == (f"OwlNet keeps {figure} of 196 visual tokens.", verdict)
    assert one.paper.id == "owlnet"
    assert one.paper.abstract[one.start : one.end] == one.quote
    assert "of 196 visual tokens" in one.quote


def test_markdown_around_the_sentences_is_no_sentence(assistant):
    text = f"""# On birds. And more.

> OwlNet is a detector *for birds*
> in night images [{OWL}].

```
code. That is not read.
```

| a table. | is skipped. |

- It keeps **12 of 196** visual tokens. [1] Training takes 23 days [1].
1. Nobody is cited here.

**References**

1. {OWL}.
   With a second line.
2. QuipuBench: Reading Knots
"""
    assert verdicts(assistant, text) == [
        ("OwlNet is a detector for birds in night images.", "supported"),
        ("It keeps 12 of 196 visual tokens.", "supported"),
        ("Training takes 23 days.", "unsupported"),
        ("Nobody is cited here.", "unsupported"),
    ]


def test_what_cannot_be_followed_is_named(assistant):
    text = "OwlNet keeps 12 of 196 visual tokens [A paper that nobody wrote]. FINCH hears choirs [7]."
    first, second = assistant.verify(text)
    assert (first.verdict, first.reasons) == (
        "unsupported",
        ("no paper of the library is 'A paper that nobody wrote'",),
    )
    assert (second.verdict, second.reasons) == ("unsupported", ("no paper of the library is '[7]'",))
    [half] = assistant.verify("OwlNet keeps 12 of 196 visual tokens [owlnet][A paper that nobody wrote].")
    assert half.verdict == "weak"


def test_a_sentence_that_cites_nothing_is_unsupported(assistant):
    [one] = assistant.verify("OwlNet keeps 12 of 196 visual tokens.")
    assert (one.verdict, one.reasons, one.paper) == ("unsupported", ("it cites nothing",), None)


def test_brackets_that_cite_nothing_stay_words():
    [one] = cited_sentences("The [CLS] token attends [sic] to all of them.", lambda reference: None)
    assert (one.sentence, one.references) == ("The (CLS) token attends (sic) to all of them.", ())


def test_a_day_in_brackets_is_no_mark():
    [one] = cited_sentences("It was measured in spring [2024-02-29], and later.", lambda reference: None)
    assert (one.sentence, one.references) == ("It was measured in spring (2024-02-29), and later.", ())


def test_a_title_with_brackets_and_stops_inside_is_one_citation():
    seen = []

    def find(reference):
        seen.append(reference)
        return "paper" if reference.startswith("[CLS]") else None

    [one] = cited_sentences("It prunes tokens [[CLS] Attention is All You Need? Yes. Really].", find)
    assert one.references == ("[CLS] Attention is All You Need? Yes. Really",)
    assert one.sentence == "It prunes tokens."


@pytest.mark.parametrize("text", ["", "# Only a heading\n", "## References\n[1] A title of some length\n"])
def test_a_file_without_a_sentence_is_an_error(assistant, text):
    with pytest.raises(SourceError, match="there is no sentence to verify"):
        assistant.verify(text)


@pytest.fixture
def saved(called, library_dir, tmp_path):
    """An answer with two citations, saved with `ask --json`."""
    text = "OwlNet keeps 12 of 196 visual tokens [2]. OwlNet trains for 23 hours on eight GPUs [4]."
    with ModelServer(lambda request: text) as server:
        asked = ("ask", "How many visual tokens does OwlNet keep?", "--json", "--llm", server.name)
        done = called("--storage", library_dir, *asked)
    path = tmp_path / "answer.json"
    path.write_bytes(done.stdout)
    assert len(json.loads(done.stdout)["statements"]) == 2
    return path


def test_a_saved_answer_stands_while_its_papers_do(called, library_dir, saved):
    done = called("--storage", library_dir, "verify", saved, "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [row["verdict"] for row in rows]) == (0, ["supported", "supported"])


def test_a_quote_that_no_longer_stands_is_named(called, tmp_path, abstracts_file, saved):
    changed = abstracts_file.read_text("utf-8").replace("Training takes 23 hours", "Training takes 21 hours")
    file = tmp_path / "changed.jsonl"
    file.write_text(changed, encoding="utf-8")
    assert called("--storage", tmp_path / "other", "ingest", file).returncode == 0
    done = called("--storage", tmp_path / "other", "verify", saved, "--json")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, first["verdict"], second["verdict"]) == (1, "supported", "unsupported")
    assert second["reasons"][0].startswith(f"the quote of [2] does not stand in “{OWL}” any longer: “Training takes 23")
    assert b"footnote: 1 of 2 sentences is unsupported." in done.stderr


def test_a_fact_of_the_metadata_is_verified_by_its_field(called, library_dir, tmp_path):
    done = called("--storage", library_dir, "ask", "How many people wrote OwlNet?", "--json")
    path = tmp_path / "answer.json"
    path.write_bytes(done.stdout)
    assert called("--storage", library_dir, "verify", path).returncode == 0
    path.write_bytes(done.stdout.replace(b'"quote": "3"', b'"quote": "4"'))
    failed = called("--storage", library_dir, "verify", path, "--json")
    assert "the author_count of [1] is 3 now, and not 4" in json.loads(failed.stdout)["reasons"]
    path.write_bytes(done.stdout.replace(b'"field": "author_count"', b'"field": "feathers"'))
    failed = called("--storage", library_dir, "verify", path, "--json")
    assert "the feathers of [1] is not in the library any longer: 3" in json.loads(failed.stdout)["reasons"]


def test_the_command_shows_a_table_and_its_exit_status_says_whether_all_stand(called, library_dir, tmp_path):
    file = tmp_path / "draft.md"
    file.write_text(f"OwlNet keeps 12 of 196 visual tokens [{OWL}].", encoding="utf-8")
    done = called("--storage", library_dir, "verify", file)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"supported" in done.stdout
    by_pipe = called("--storage", library_dir, "verify", "-", stdin="OwlNet keeps 13 of 196 visual tokens [owlnet].")
    assert by_pipe.returncode == 1
    assert b"the figure 13 is not in what it cites" in by_pipe.stdout


def test_a_batch_answers_each_line_in_its_place(called, library_dir):
    lines = [
        {"id": 1, "sentence": "OwlNet keeps 12 of 196 visual tokens.", "cited": ["owlnet"]},
        {"id": 2, "sentence": "OwlNet keeps 13 of 196 visual tokens.", "cited": [OWL]},
        {"id": 3, "sentence": "no cited"},
        {"id": 4, "sentence": "OwlNet keeps 12 tokens.", "cited": ["who"]},
    ]
    done = called("--storage", library_dir, "verify", "--batch", "-", stdin="\n".join(map(json.dumps, lines)))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row.get("verdict") for row in rows] == ["supported", "unsupported", None, "unsupported"]
    assert rows[2] == {"id": 3, "error": "the line's cited is missing; give a list of ids or titles."}
    assert {"id", "verdict", "reasons", "paper_id", "quote", "start", "end"} <= set(rows[0])
    assert (rows[3]["paper_id"], done.returncode) == (None, 1)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [((), 2, "give either a FILE or --batch FILE"), (("nowhere.md",), 1, "nowhere.md cannot be read: No such file")],
)
def test_a_file_that_is_not_there_is_one_line(called, library_dir, arguments, status, says):
    done = called("--storage", library_dir, "verify", *arguments)
    assert (done.returncode, done.stdout) == (status, b"")
    assert says in done.stderr.decode()

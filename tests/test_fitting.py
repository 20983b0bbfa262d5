"""Weights: what the commands that fit them write is what the loaders read, and what is shipped is of that form."""

import json
import math

import pytest

from eval.__main__ import main
from eval.fit_abstention import FEATURES
from rag import abstain, sentence_score
from rag.weights import read_weights

SYSTEMS = {"owlnet": "OwlNet", "quipu": "QuipuBench", "kelp-digest": "KelpCast", "beekeeper": "Beekeeper",
           "tidal-cache": "Tidal Cache"}  # fmt: skip
SUBJECTS = {"owlnet": "birds at night", "quipu": "knots", "kelp-digest": "kelp forests", "beekeeper": "hives",
            "tidal-cache": "long conversations"}  # fmt: skip
QUESTIONS = [
    ("fact", "How many visual tokens does OwlNet keep?", ["owlnet"], [["12 of 196"]]),
    ("fact", "What share of the knots does the best model read?", ["quipu"], [["22.7%"]]),
    *(("fact", f"What is {name}?", [paper], []) for paper, name in SYSTEMS.items()),
    *(("unanswerable", f"What does {name} cost?", [paper], []) for paper, name in SYSTEMS.items()),
    *(("fact", f"Which papers are about {subject}?", [paper], []) for paper, subject in SUBJECTS.items()),
    *(("unanswerable", f"Which papers are about {n} monks?", [], []) for n in ("five", "six", "old", "thin", "rich")),
    *(("fact", f"How is it with {subject} nowadays?", [paper], []) for paper, subject in SUBJECTS.items()),
    *(
        ("unanswerable", f"How much bread did {who} eat?", [], [])
        for who in ("monks", "nuns", "kings", "clerks", "sailors")
    ),
]


def written(path, rows):
    path.write_text(
        "".join(
            json.dumps({"id": str(n), "kind": kind, "question": text, "papers": papers, "facts": facts}) + "\n"
            for n, (kind, text, papers, facts) in enumerate(rows)
        ),
        encoding="utf-8",
    )
    return str(path)


def test_the_weights_shipped_are_those_of_the_signals_that_the_command_fits():
    shipped = read_weights(abstain.WEIGHTS)
    assert {model: set(row) for model, row in shipped.items()} == {
        model: {"threshold", *names, "constant"} for model, names in FEATURES.items()
    }
    assert all(math.isfinite(weight) for row in shipped.values() for weight in row.values())
    assert shipped == abstain.load_weights()


def test_the_weights_of_sentences_shipped_are_numbers():
    # that they are those of the features is proved where the features are computed
    shipped = read_weights(sentence_score.WEIGHTS)
    assert all(isinstance(weight, float) and math.isfinite(weight) for weight in shipped.values())
    assert shipped == sentence_score.load_weights()


@pytest.mark.parametrize(
    ("file", "command", "splits"),
    [
        (abstain.WEIGHTS, "python -m eval fit-abstention", ["dev", "fit", "more", "abstention"]),
        (sentence_score.WEIGHTS, "python -m eval fit-sentences", ["dev", "fit", "more"]),
    ],
)
def test_what_weights_were_fitted_on_is_said_and_is_not_what_is_held_out(file, command, splits):
    fitted = json.loads(file.read_text(encoding="utf-8"))["fitted"]
    assert fitted["by"] == command
    assert fitted["questions"]["files"] == splits
    assert all(one["papers"] > 0 for one in fitted["libraries"])


def test_what_a_command_writes_is_of_the_form_that_is_shipped(tmp_path, library_dir, capsys):
    questions = written(tmp_path / "mine.jsonl", QUESTIONS)
    for command, shipped in (("fit-sentences", sentence_score.WEIGHTS), ("fit-abstention", abstain.WEIGHTS)):
        file = tmp_path / f"{command}.json"
        given = [command, "--questions", questions, "--storage", str(library_dir), "--write", str(file)]
        assert main(given + ["--folds", "0"] * (command == "fit-sentences")) == 0
        ours, theirs = (json.loads(path.read_text(encoding="utf-8")) for path in (file, shipped))
        assert ours["fitted"].keys() == theirs["fitted"].keys()
        assert ours["fitted"]["questions"]["files"] == ["mine"]
        assert [one["papers"] for one in ours["fitted"]["libraries"]] == [12]
        assert ours["weights"].keys() == theirs["weights"].keys()
        assert f"written to {file}" in capsys.readouterr().out


def test_nothing_is_written_unless_asked(tmp_path, library_dir):
    before = sentence_score.WEIGHTS.read_bytes()
    questions = written(tmp_path / "mine.jsonl", QUESTIONS)
    assert main(["fit-sentences", "--questions", questions, "--storage", str(library_dir), "--folds", "0"]) == 0
    assert sentence_score.WEIGHTS.read_bytes() == before


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("fit-sentences", "none of the 2 questions has a gold paper whose sentences state its facts"),
        (
            "fit-abstention",
            "'named' is fitted on questions about 5 papers with an answer and as many without; there are 1 ",
        ),
    ],
)
def test_questions_that_weights_cannot_be_fitted_on_are_an_error_in_one_line(
    tmp_path, library_dir, capsys, command, said
):
    few = [("fact", "What is OwlNet?", ["owlnet"], []), ("unanswerable", "What does OwlNet cost?", ["owlnet"], [])]
    questions = written(tmp_path / "few.jsonl", few)
    assert main([command, "--questions", questions, "--storage", str(library_dir)]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1

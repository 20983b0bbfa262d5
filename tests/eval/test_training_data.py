"""The training data: every row refers to what exists, no abstract is on two sides, nothing reported is trained on."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest

from eval.train.rows.columns import NEARLY, column_groups
from eval.train.rows.copies import CONTRADICTS, NEITHER, SUPPORTS, copy_groups
from eval.train.rows.data import AS_CHECKED, LISTED, REPORTED, Data
from eval.train.rows.marked import renamed
from eval.train.rows.meant import Passages, rows_of
from eval.train.rows.pairs import Abstract
from rag.neural import ASKS
from rag.neural.heads import BEARS, MARKS

FOLDER = Path(__file__).parents[2] / "eval" / "training"
QUESTIONS = Path(__file__).parents[2] / "eval" / "questions"
SPLITS = {"train", "dev", "apart", *LISTED}


@cache
def rows(name):
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@cache
def papers():
    return {row["id"]: row for row in rows("abstracts")}


def test_sentences_lie_inside_their_abstract_in_order():
    for paper in papers().values():
        ends = [place for span in paper["sentences"] for place in span]
        assert ends == sorted(ends)
        assert ends[-1] <= len(paper["abstract"])
        assert paper["split"] in SPLITS


def test_no_abstract_is_there_twice():
    assert len(papers()) == len(rows("abstracts"))
    assert max(Counter(paper["abstract"] for paper in papers().values()).values()) == 1


def test_a_question_refers_to_sentences_of_papers_of_its_own_split():
    for row in rows("questions"):
        assert set(row["asks"]) <= set(ASKS)
        for key, places in (*row["gold"].items(), *row["part"].items()):
            assert papers()[key]["split"] == row["split"]
            assert all(0 <= n < len(papers()[key]["sentences"]) for n in places)
            assert not set(row["gold"].get(key, ())) & set(row["part"].get(key, ()))
        if row["near"]:
            assert papers()[row["near"]]["split"] == row["split"]


def test_a_subject_is_judged_over_papers_of_its_own_split():
    for row in rows("subjects"):
        assert {papers()[key]["split"] for key in row["pool"]} == {row["split"]}
        assert set(row["yes"]) | set(row["partly"]) <= set(row["pool"])
        assert not set(row["yes"]) & set(row["partly"])


def test_a_statement_is_held_against_sentences_that_exist():
    for row in rows("statements"):
        paper = papers()[row["paper"]]
        assert paper["split"] == row["split"]
        assert row["label"] in ("supports", "contradicts", "neither")
        assert all(0 <= n < len(paper["sentences"]) for n in row["sentences"])


def test_what_is_asked_for_has_names_that_the_head_knows():
    assert {name for row in rows("asks") for name in row["asks"]} == set(ASKS)
    assert {row["field"] for row in rows("fields")} == {"published", "authors", "author_count", "none"}
    assert all("NAME" in row["question"] for row in rows("fields"))


def test_marks_stand_at_words_of_their_question_and_overlap_nowhere():
    assert {mark for row in rows("marked") for _, _, mark in row["marks"]} == {*MARKS} - {""}
    for row in rows("marked"):
        text, marks = row["question"], row["marks"]
        ends = [place for start, end, _ in marks for place in (start, end)]
        assert ends == sorted(ends)
        assert all(text[start:end].strip() == text[start:end] != "" for start, end, _ in marks)
        assert set(row["asks"]) <= set(ASKS)


def test_a_turn_is_about_one_of_the_things_that_it_may_be_about():
    assert {row["about"] for row in rows("hanging")} == {"itself", "one", "several", "before", "it"}
    assert {row["split"] for row in rows("hanging") if row["hand"] in ("h8", "h9")} == {"dev"}


def test_people_are_called_otherwise_and_their_marks_move_with_them():
    text, marks = renamed(
        "Owl on ash, not Fox", [(0, 3, "person"), (7, 10, "subject"), (16, 19, "not person")], ["Sun Li"], Random(1)
    )
    assert text == "Sun Li on ash, not Sun Li"
    assert [text[start:end] for start, end, _ in marks] == ["Sun Li", "ash", "Sun Li"]


def test_the_fields_that_are_only_reported_are_nowhere_in_what_is_trained_on_or_fitted():
    apart = {c.partition(".")[0] for p in papers().values() if p["split"] == "apart" for c in p["categories"][:1]}
    others = {c.partition(".")[0] for p in papers().values() if p["split"] in ("train", "dev") for c in p["categories"]}
    assert not {"q-bio", "physics", "nlin"} & others
    assert {"q-bio", "physics"} <= apart


@pytest.mark.parametrize("name", ["test", "held", "fresh", "dev", "fit", "more", "abstention"])
def test_no_shipped_question_is_trained_on(name):
    shipped = {json.loads(line)["question"] for line in (QUESTIONS / f"{name}.jsonl").read_text().splitlines()}
    assert not shipped & {row["question"] for row in rows("questions")}


def test_columns_refer_to_papers_of_their_split_and_their_sentences():
    for row in rows("columns"):
        assert set(row["part"]) <= set(row["gold"])
        for key, places in (*row["gold"].items(), *row["part"].items()):
            assert papers()[key]["split"] == row["split"]
            assert all(0 <= n < len(papers()[key]["sentences"]) for n in places)
            assert not set(row["gold"].get(key, ())) & set(row["part"].get(key, ()))


def test_there_is_as_much_as_the_page_says():
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in ("abstracts", "questions", "subjects", "columns", "statements", "asks", "marked", "hanging", "fields"):
        assert f"| {len(rows(name)):,} |" in next(
            line for line in page.splitlines() if line.startswith(f"| `{name}.jsonl`")
        )


MINED = [("near", [2, 0]), ("owl", [1, 0]), ("far", [0])]


@pytest.fixture
def data(tmp_path):
    """Three abstracts, a question that one of them answers, and statements on it; what retrieval finds is as given."""

    def written(name, *rows):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    texts = {"owl": "Owls see. They keep 12.", "near": "Hawks see. Kites see. Crows see.", "far": "Stone is hard."}
    ends = {key: [n + 1 for n, letter in enumerate(text) if letter == "."] for key, text in texts.items()}
    spans = {key: list(zip([0, *ends[key]], ends[key], strict=False)) for key in texts}
    written("abstracts", *({"id": key, "title": key, "abstract": text, "categories": [], "split": "train",
                            "sentences": spans[key]} for key, text in texts.items()))  # fmt: skip
    asked = {"question": "how many do night birds hold", "kind": "described", "asks": ["one"], "hand": "d01"}
    written("questions", {**asked, "gold": {"owl": [1]}, "part": {}, "near": None, "split": "train"})
    kinds = (("supports", "w01"), ("neither", "w01"), ("supports", "v01"))
    written("statements", *({"statement": f"Owls {n}", "paper": "owl", "sentences": [0], "label": label, "hand": hand,
                             "split": "train"} for n, (label, hand) in enumerate(kinds)))  # fmt: skip
    return Data("train", folder=tmp_path, mined={asked["question"]: MINED})


def test_a_paper_is_read_whole_among_those_that_retrieval_finds(data):
    (group,) = data.paper_groups(Random(1))
    assert {(pair.title, pair.about) for pair in group.pairs} == {("owl", 1.0), ("near", 0.0), ("far", 0.0)}
    read = {pair.title: pair.sentences for pair in group.pairs}
    assert read["owl"] == ("Owls see.", "They keep 12.")
    assert read["near"] == ("Hawks see.", "Crows see.")  # the nearest to the question, as they stand in the abstract


def test_of_a_near_paper_the_nearest_sentences_are_read(data):
    (group,) = data.question_groups(Random(1))
    right = [pair for pair in group.pairs if pair.answers]
    assert [pair.sentences for pair in right] == [("They keep 12.",)]
    assert {pair.sentences[0] for pair in group.pairs if pair.title == "near"} == {"Crows see.", "Hawks see."}
    assert all(pair.answers == 0.0 and pair.about == 0.0 for pair in group.pairs if pair.title != "owl")


def test_each_cell_of_a_column_is_read_by_itself(data):
    data.columns = [{"column": "night vision?", "gold": {"owl": [0], "far": []}, "part": {"owl": [1]}}]
    owl, far = column_groups(data.columns, data.papers, Random(1))
    assert {(pair.title, pair.sentences, pair.answers) for pair in owl.pairs} == {
        ("owl", ("Owls see.",), 1.0), ("owl", ("They keep 12.",), NEARLY),
    }  # fmt: skip
    assert [(pair.text, pair.answers) for pair in far.pairs] == [("Is it night vision?", 0.0)]


def test_a_copied_sentence_is_supported_by_its_own_and_not_by_others_nor_with_another_number():
    said = ("Owls see at night.", "They keep 12 of 40 eggs.", "Hawks sleep in trees.", "Kites eat snakes at noon.")
    papers = {"owl": Abstract("owl", "OwlNet: Birds", said, "train")}
    told = {pair.bears: pair for seed in range(20) for g in copy_groups(papers, Random(seed)) for pair in g.pairs}
    assert told[SUPPORTS].text in told[SUPPORTS].sentences or "OwlNet" in told[SUPPORTS].text
    assert told[NEITHER].text not in told[NEITHER].sentences
    changed = told[CONTRADICTS]
    assert "eggs" in changed.text
    assert changed.text not in said
    assert said[1] in changed.sentences


def test_statements_that_are_reported_are_not_trained_on(data):
    groups = data.statement_groups()
    assert len(groups) == 1 + AS_CHECKED
    assert all([pair.bears for pair in g.pairs] == [BEARS.index("supports"), BEARS.index("neither")] for g in groups)
    assert {pair.sentences for pair in groups[0].pairs} == {("Owls see.",)}  # as the row has them
    assert {pair.sentences for pair in groups[1].pairs} == {("Owls see.", "They keep 12.")}  # as the check reads
    assert {row["hand"] for row in rows("statements")} > REPORTED
    reported = {row["paper"] for row in rows("statements") if row["hand"] in REPORTED}
    trained = {row["paper"] for row in rows("statements") if row["hand"] not in REPORTED}
    assert not reported & trained


def test_a_question_is_drawn_to_its_paper_and_away_from_those_found_beside_it(data):
    (row,) = rows_of(data)
    assert (row.text, row.paper, row.answering, row.others) == (
        "how many do night birds hold", "owl", (1,), ("near", "far"),
    )  # fmt: skip


def test_a_subject_is_drawn_to_some_papers_on_it_and_away_from_its_pool(data):
    pool = [f"p{n}" for n in range(12)]
    data.questions, data.subjects = [], [{"subject": "owls", "pool": pool, "yes": pool[:8], "partly": pool[8:9]}]
    found = rows_of(data)
    assert [row.paper for row in found] == pool[:6]
    assert {row.others for row in found} == {tuple(pool[9:])}


def test_a_passage_has_the_title_before_it_and_oftener_a_sentence_that_answers():
    long = [
        f"Owl number {n} was counted in a wood of oaks by the river on a dry and windless night." for n in range(12)
    ]
    texts = Passages({"owl": Abstract("owl", "Owls", tuple(long), "train")})
    drawn = [texts.draw("owl", [11], Random(n)) for n in range(100)]
    assert all(text.startswith("Owls. Owl number") for text in drawn)
    with_it = sum("Owl number 11 " in text for text in drawn)
    # Of four passages one has it: drawn on purpose in .7, else by chance; by chance alone in a quarter.
    assert 60 < with_it < 95
    assert len(set(drawn)) == 4

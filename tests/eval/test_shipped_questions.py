"""The shipped questions: whole, in both texts of their papers, and hard enough."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.questions.gold import KINDS, SHIPPED, Question, load, states
from rag.sources import read_file

LIBRARY = Path(__file__).parents[2] / "storage" / "library" / "papers.jsonl"
QUESTIONS = [question for split in ("dev", "fit", "held", "test") for question in load(SHIPPED / f"{split}.jsonl")]


@pytest.fixture(scope="module")
def digests() -> dict[str, str]:
    records = [json.loads(line) for line in LIBRARY.read_text(encoding="utf-8").splitlines()]
    return {record["id"]: f"{record['title']} {record['abstract']}" for record in records}


@pytest.fixture(scope="module")
def originals(seeds: Path) -> dict[str, str]:
    from rag.text.titles import slug

    texts: dict[str, str] = {}
    for page in sorted(seeds.glob("*.txt")):
        for paper in read_file(page).entries:
            texts.setdefault(slug(paper.title), f"{paper.title} {paper.abstract}")
    return texts


def missing_facts(question: Question, texts: dict[str, str]) -> list[tuple[str, ...]]:
    whole = " ".join(texts[paper] for paper in question.papers)
    return [group for group, said in zip(question.facts, states(whole, question.facts), strict=True) if not said]


def test_there_are_120_for_development_and_more_for_reporting() -> None:
    assert len(load(SHIPPED / "dev.jsonl")) == 120
    assert len(load(SHIPPED / "test.jsonl")) >= 40
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)


def test_every_kind_is_in_both_splits() -> None:
    for split in ("dev", "test"):
        assert set(Counter(question.kind for question in load(SHIPPED / f"{split}.jsonl"))) == set(KINDS)


def test_no_question_stands_in_both_splits() -> None:
    dev = {question.question for question in load(SHIPPED / "dev.jsonl")}
    assert not [question.id for question in load(SHIPPED / "test.jsonl") if question.question in dev]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_question_is_whole(question: Question) -> None:
    assert question.question.strip()
    if question.kind == "unanswerable":
        assert question.missing
        assert not question.facts
    else:
        assert question.papers
        assert question.facts
        assert all(group and all(group) for group in question.facts)
    assert bool(question.history) or question.kind != "follow-up"


def test_gold_papers_are_in_the_library(digests: dict[str, str]) -> None:
    assert not [question.id for question in QUESTIONS if not set(question.papers) <= digests.keys()]


def test_every_fact_stands_in_the_digests(digests: dict[str, str]) -> None:
    said = [(q.id, gap) for q in QUESTIONS if q.kind != "metadata" for gap in missing_facts(q, digests)]
    assert [(key, gap) for key, gap in said if not about_metadata(key)] == []


def test_every_fact_stands_in_the_original_abstracts(originals: dict[str, str]) -> None:
    said = [(q.id, gap) for q in QUESTIONS if q.kind != "metadata" for gap in missing_facts(q, originals)]
    assert [(key, gap) for key, gap in said if not about_metadata(key)] == []


# Follow-ups on dates and numbers of authors, whose facts are in the metadata.
def about_metadata(key: str) -> bool:
    return key in {"follow-up-701", "follow-up-704", "follow-up-707"}

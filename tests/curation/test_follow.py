"""Followed questions on a real library: kept, asked again, read, forgotten; errors stay errors."""

import json
import os
from dataclasses import replace

import pytest

from rag import Assistant
from rag.curation.follow import FILE, Asking, Following, followed
from rag.errors import LibraryError, ProviderError, SettingsError
from rag.library.json_file import KeptFile
from rag.model import Answer, Paper

TOKENS = "How many visual tokens does OwlNet keep?"
SPEED = "How fast is PondNet?"
OWL = {
    "id": "owlnet",
    "title": "OwlNet: Seeing Small Birds at Night",
    "abstract": "OwlNet is a detector for birds in night images. It keeps 12 of 196 visual tokens.",
}
POND = {
    "id": "pond",
    "title": "PondNet: Counting Herons",
    "abstract": "PondNet counts herons from the air. It counts 40 herons a second on one GPU.",
}
SNOW = {"id": "snow", "title": "A Note on Snow", "abstract": "Snow reflects between 80% and 90% of the light."}


@pytest.fixture
def library(tmp_path):
    """An Assistant and a function that brings records into it."""
    with Assistant.open(tmp_path / "storage") as assistant:

        def bring(*records):
            file = tmp_path / "records.jsonl"
            file.write_text("".join(json.dumps(record) + "\n" for record in records))
            assistant.ingest([file])

        yield assistant, bring


def turns(news):
    return [(item.followed.number, item.turn) for item in news]


def test_a_question_is_kept_with_its_answer_and_where(library):
    assistant, bring = library
    bring(OWL, SNOW)
    kept = assistant.follow(f"  {TOKENS} ", where={"paper_ids": ["owlnet"]})
    assert (kept.number, kept.question, dict(kept.where)) == (1, TOKENS, {"paper_ids": ["owlnet"]})
    assert "12 of 196" in kept.answer.text
    assert assistant.followed() == (kept,)
    assert assistant.follow(SPEED).number == 2
    assert assistant.follow(TOKENS, where={"paper_ids": ["owlnet"]}).number == 1  # followed already


def test_news_say_what_changed_and_why_the_best_first(library):
    assistant, bring = library
    bring(OWL, SNOW)
    assistant.follow(TOKENS)
    assert assistant.follow(SPEED).answer.status == "abstained"
    assert turns(assistant.news()) == [(1, "none"), (2, "none")]
    bring(OWL | {"abstract": OWL["abstract"].replace("12 of", "9 of")}, POND)
    kept = assistant.news(keep=True)
    assert turns(kept) == [(2, "answered"), (1, "changed")]
    assert [(cause.paper_id, cause.state) for cause in kept[0].causes] == [("pond", "new")]
    [change] = kept[1].sentences
    assert (change.state, change.figures) == ("changed", (("12",), ("9",)))
    assert [(cause.paper_id, cause.state) for cause in kept[1].causes] == [("owlnet", "changed")]
    assert turns(assistant.news()) == turns(kept)  # kept, and so told again
    assert turns(assistant.news()) == [(1, "none"), (2, "none")]  # and now they are read
    assert "9 of 196" in assistant.followed()[0].answer.text


def test_a_retraction_behind_an_answer_is_news(library):
    assistant, bring = library
    bring(OWL, SNOW)
    assistant.follow(TOKENS)
    bring(OWL | {"retraction": "Retracted in 2025: these were bats"})
    [item] = assistant.news()
    assert item.turn == "retracted"
    assert [(one.paper_id, one.state, one.retraction) for one in item.causes] == [
        ("owlnet", "retracted", "Retracted in 2025: these were bats")
    ]


def test_a_paper_that_was_removed_is_the_cause_of_an_abstention(library):
    assistant, bring = library
    bring(OWL, SNOW, POND)
    assistant.follow(SPEED)
    assistant.remove(["pond"])
    [item] = assistant.news()
    assert item.turn == "abstained"
    assert [(one.title, one.state) for one in item.causes] == [("PondNet: Counting Herons", "removed")]


def test_the_versions_that_are_kept_are_those_of_the_stored_papers(library):
    # The papers of an answer come from the index and from the store; both have to be the whole record.
    from rag.curation.news import version

    assistant, bring = library
    bring(OWL, SNOW, POND)
    stored = {paper.id: version(paper) for paper in assistant.papers()}
    for question in (TOKENS, SPEED, "Which papers are there?", "What is the difference between OwlNet and PondNet?"):
        seen = assistant.follow(question).answer.papers
        assert {paper.id: paper.version for paper in seen} == {paper.id: stored[paper.id] for paper in seen}, question


def test_nothing_is_asked_again_while_the_library_is_as_it_was(library, monkeypatch):
    assistant, bring = library
    bring(OWL, SNOW)
    assistant.follow(TOKENS)
    monkeypatch.setattr(Assistant, "ask", lambda *_, **__: pytest.fail("it was asked"))
    assert turns(assistant.news()) == [(1, "none")]


def test_a_question_is_forgotten_by_its_number_which_no_other_gets(library):
    assistant, bring = library
    bring(OWL)
    assistant.follow(TOKENS)
    assistant.follow(SPEED)
    assert assistant.unfollow(2).question == SPEED
    assert assistant.follow("What is OwlNet?").number == 3
    with pytest.raises(SettingsError, match="no followed question has the number 2; there are 1, 3"):
        assistant.unfollow(2)


def test_a_question_that_cannot_be_asked_is_an_error_and_keeps_its_answer(tmp_path):
    paper = Paper("owl", "OwlNet", "OwlNet keeps 12 tokens.")
    good = Answer("q?", "q?", "answered", "OwlNet keeps 12 tokens.", (), (), ())
    replies = [good, good, ProviderError("the server at loopback is down"), replace(good, text="Other.")]

    def ask(question, where):
        reply = replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    following = Following(tmp_path, Asking(ask, lambda: os.urandom(4).hex(), lambda: [paper.id], lambda ids: [paper]))
    following.follow("first?", {})
    following.follow("second?", {})
    failed, fine = sorted(following.news(keep=False), key=lambda item: item.followed.number)
    assert (failed.turn, failed.error, failed.now) == ("failed", "the server at loopback is down", None)
    assert fine.error is None
    assert [one.answer.text for one in following.followed()] == ["OwlNet keeps 12 tokens.", "Other."]


@pytest.mark.parametrize(
    "content",
    ['{"format": 1, "questions": [{}]}', '{"format": 1, "questions": [5]}', "no", '{"format": 1, "questions": 5}'],
)
def test_a_damaged_file_is_told(library, tmp_path, content):
    assistant, bring = library
    bring(OWL)
    (tmp_path / "storage" / "followed.json").write_text(content)
    with pytest.raises(LibraryError, match=r"followed\.json is damaged"):
        assistant.news()


def test_a_number_without_end_in_the_file_is_damage(tmp_path):
    answer = {"status": "abstained", "text": "", "sentences": [], "papers": [], "mode": "extractive", "model": None}
    content = {"format": 1, "questions": [{"number": float("inf"), "answer": answer}]}
    (tmp_path / FILE).write_text(json.dumps(content))
    with pytest.raises(LibraryError, match=r"is damaged \(in questions: OverflowError"):
        followed(KeptFile(tmp_path / FILE, "Take it away."))

"""Ingest: what is new is written once, what is the same costs nothing, and what is bad is a line in the report."""

import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.model import Paper
from rag.text import sentences
from rag.text.passages import passages
from tests.support.storage_fixtures import (
    PASSAGE_TOKENS,
    WordEmbedder,
    assert_whole,
    invented,
    open_assistant,
    write_lines,
)


@pytest.fixture
def assistant(tmp_path):
    with open_assistant(tmp_path / "library") as assistant:
        yield assistant


@pytest.fixture
def ingest(assistant, tmp_path):
    """Ingests records, a list of them for each file; gives the report."""

    def run(*files):
        paths = [write_lines(tmp_path / f"{n}.jsonl", records) for n, records in enumerate(files)]
        return assistant.ingest(paths)

    return run


def counts(report):
    return {name: report.total(name) for name in ("papers", "new", "changed", "unchanged", "merged")}


def papers(assistant):
    return {key: owner.paper for key, owner in assert_whole(assistant._library).items()}


TITLED = {"title": "Weaving with Wind", "abstract": "We weave with wind. It takes 3 hours."}


def test_a_second_ingest_embeds_nothing_and_writes_nothing(assistant, ingest):
    assert counts(ingest(invented(20))) == {"papers": 20, "new": 20, "changed": 0, "unchanged": 0, "merged": 0}
    generation, embedded = assistant._library.generation(), assistant._embedder.embedded
    assert counts(ingest(invented(20))) == {"papers": 20, "new": 0, "changed": 0, "unchanged": 20, "merged": 0}
    assert (assistant._library.generation(), assistant._embedder.embedded) == (generation, embedded)


def test_new_metadata_is_written_without_embedding(assistant, ingest):
    ingest(invented(20))
    embedded = assistant._embedder.embedded
    changed = [record | {"published": "2024-02-03"} for record in invented(20)]
    assert counts(ingest(changed))["changed"] == 20
    assert assistant._embedder.embedded == embedded
    assert {str(paper.published) for paper in papers(assistant).values()} == {"2024-02-03"}


def test_a_changed_abstract_replaces_all_passages_of_the_old_one(assistant, ingest):
    ingest(invented(20))
    # Versions 0 and 1 differ where n % 3 is 1: in 1, 4, 7, 10, 13, 16 and 19.
    report = ingest(invented(20, version=1))
    assert counts(report) == {"papers": 20, "new": 0, "changed": 7, "unchanged": 13, "merged": 0}
    texts = {record["id"]: record["abstract"] for record in invented(20, version=1)}
    assert {key: paper.abstract for key, paper in papers(assistant).items()} == texts


def test_an_original_takes_the_place_of_a_digest(assistant, ingest):
    digest = TITLED | {"id": "weaving-with-wind", "abstract": "They weave.", "abstract_kind": "digest"}
    ingest([digest])
    assert counts(ingest([TITLED]))["changed"] == 1
    [paper] = papers(assistant).values()
    assert (paper.id, paper.abstract, paper.abstract_kind) == (digest["id"], TITLED["abstract"], "original")


def test_a_digest_never_takes_the_place_of_an_original(assistant, ingest):
    ingest([TITLED])
    digest = TITLED | {"id": "weaving-with-wind", "abstract": "They weave, " * 20, "abstract_kind": "digest"}
    assert counts(ingest([digest]))["changed"] == 1  # by the record, which is kept
    assert counts(ingest([{key: value for key, value in digest.items() if key != "id"}]))["unchanged"] == 1
    assert counts(ingest([digest]))["unchanged"] == 1
    [paper] = papers(assistant).values()
    assert (paper.abstract, paper.abstract_kind) == (TITLED["abstract"], "original")
    assert [copy.abstract for copy in paper.copies] == [TITLED["abstract"], digest["abstract"]]


def test_two_records_with_one_id_and_other_content_in_one_file(assistant, ingest):
    report = ingest([{"id": "x", **TITLED}, {"id": "x", "title": "Other", "abstract": "Quite another thing."}])
    [rejected] = report.files[0].rejected
    assert (rejected.line, report.total("new")) == (2, 1)
    assert "the id 'x' is that of line 1" in rejected.reason
    assert papers(assistant)["x"].title == TITLED["title"]


def test_two_records_with_one_id_and_other_content_in_two_files(assistant, ingest):
    report = ingest([{"id": "x", **TITLED}], [{"id": "x", "title": "Other", "abstract": "Quite another thing."}])
    [rejected] = report.files[1].rejected
    assert "the id 'x' is that of 'Weaving with Wind' in" in rejected.reason
    assert "give each paper its own id" in rejected.reason
    assert papers(assistant)["x"].title == TITLED["title"]


def test_a_given_id_is_kept_where_a_made_one_would_be_the_same(assistant, ingest):
    report = ingest([TITLED, {"id": "weaving-with-wind", "title": "Another Title", "abstract": "Said otherwise here."}])
    assert counts(report)["new"] == 2
    assert {paper.title for paper in papers(assistant).values()} == {TITLED["title"], "Another Title"}
    assert papers(assistant)["weaving-with-wind"].title == "Another Title"


def test_two_entries_that_are_copies_of_one_stored_paper_are_one(assistant, ingest):
    ingest([{"title": TITLED["title"], "abstract": "", "id": "w"}])
    other = TITLED | {"abstract": "Nothing here has any word in common. Or has it?"}
    ingest([TITLED, other])
    assert "w" in papers(assistant)


def test_a_file_that_fails_does_not_stop_the_others(assistant, tmp_path):
    bad, good = tmp_path / "bad.jsonl", write_lines(tmp_path / "good.jsonl", invented(3))
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    report = assistant.ingest([bad, good])
    assert (report.files[0].error is not None, report.files[1].new, report.failed) == (True, 3, True)


def test_a_path_that_does_not_exist_is_an_error(assistant, tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        assistant.ingest([tmp_path / "nothing.jsonl"])


def test_progress_counts_what_is_written(assistant, tmp_path):
    seen = []
    assistant.ingest([write_lines(tmp_path / "p.jsonl", invented(40))], progress=lambda *at: seen.append(at))
    assert seen == [(16, 40), (32, 40), (40, 40)]


RECORD = st.fixed_dictionaries(
    {"title": st.sampled_from(["Alpha: One", "Beta", "γ-Ray", "Alpha: one"])},
    optional={
        "id": st.sampled_from(["a", "b#1", "c@d"]),
        "abstract": st.sampled_from(["", "One. Two.", "One. Two", "Three is more. It is.", "Four"]),
        "abstract_kind": st.sampled_from(["original", "digest"]),
        "author_count": st.integers(1, 3),
    },
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(records=st.lists(RECORD, max_size=6))
def test_ingesting_twice_equals_once(records, tmp_path_factory):
    folder = tmp_path_factory.mktemp("twice")
    file = write_lines(folder / "records.jsonl", [{"title": "Always: There"}, *records])
    with open_assistant(folder / "library") as assistant:
        assistant.ingest([file])
        once = papers(assistant)
        again = assistant.ingest([file])
        assert papers(assistant) == once
        assert (again.total("new"), again.total("changed")) == (0, 0)


TEXT = st.text(st.sampled_from("abcDE .!?\n()[]0123,-'\"\\{}é‮\x07"), max_size=200)


@given(text=TEXT)
def test_sentences_hold_every_character_that_is_not_white_space(text):
    spans = sentences(text)
    assert all(start < end for start, end in spans)
    assert all(end <= after for (_, end), (after, _) in itertools.pairwise(spans))
    covered = {at for start, end in spans for at in range(start, end)}
    assert all(at in covered or character.isspace() for at, character in enumerate(text))


@given(text=TEXT, budget=st.integers(1, 60))
def test_passages_are_exact_and_cover_the_abstract(text, budget):
    paper = Paper("p", "T", text)
    found = passages(paper, budget_tokens=budget, count=lambda part: len(part.split()))
    assert [passage.id for passage in found] == [f"p#{n}" for n in range(len(found))]
    assert all(text[passage.start : passage.end] == passage.text for passage in found)
    covered = {at for passage in found for at in range(passage.start, passage.end)}
    assert all(at in covered or character.isspace() for at, character in enumerate(text))
    # A passage beyond the budget is one sentence alone.
    whole = set(sentences(text))
    assert all(len(p.text.split()) <= budget or (p.start, p.end) in whole for p in found if text.strip())


def test_reports_are_plain_data(ingest):
    report = ingest(invented(2))
    assert json.loads(json.dumps([vars(file) for file in report.files]))[0]["new"] == 2


def test_the_budget_of_passages_is_kept(assistant, ingest):
    from rag.text.tokens import count_tokens

    ingest(invented(20))
    for owner in assert_whole(assistant._library).values():
        spans = set(owner.sentence_spans)
        for passage in owner.passages:
            # Sentences are counted one by one; the spaces between them add at most one token each.
            slack = sum(passage.start <= start < passage.end for start, _ in spans)
            assert count_tokens(passage.text) <= PASSAGE_TOKENS + slack or (passage.start, passage.end) in spans


def test_words_of_the_embedder_are_not_read_twice(assistant, ingest):
    assert isinstance(assistant._embedder, WordEmbedder)
    ingest(invented(20))
    assert assistant._embedder.embedded == sum(len(o.passages) for o in assert_whole(assistant._library).values())

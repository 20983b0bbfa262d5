"""Footnote's parts for LlamaIndex, used as LlamaIndex uses them; no model and no network."""

import asyncio
import re
from pathlib import Path

import pytest
from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import Document, NodeWithScore, TextNode

from rag import Assistant
from rag.curation.unshelved import Checker, Ranker
from rag.errors import SettingsError, SourceError
from rag.model import Paper
from rag.serving.llamaindex import (
    FootnoteChecker,
    FootnoteQueryEngine,
    FootnoteReranker,
    FootnoteRetriever,
    ingest_documents,
)

QUESTION = "How many visual tokens does OwlNet keep?"
PAGE = Path(__file__).parents[2] / "docs" / "llamaindex.md"


def source(text, score=None, **metadata):
    return NodeWithScore(node=TextNode(text=text, metadata=metadata), score=score)


@pytest.fixture(scope="module")
def reranker():
    return FootnoteReranker(top_n=2)


@pytest.fixture(scope="module")
def checker():
    return FootnoteChecker()


def test_the_retriever_gives_passages_with_true_offsets(assistant):
    retriever = FootnoteRetriever(assistant, k=3, where={"year": 2024})
    nodes = retriever.retrieve("birds at night")
    assert nodes[0].metadata["paper_id"] == "owlnet"
    for one in nodes:
        abstract = assistant.paper(one.node.ref_doc_id).abstract
        assert abstract[one.node.start_char_idx : one.node.end_char_idx] == one.node.text
        assert one.metadata["published"].startswith("2024")
    assert [one.text for one in asyncio.run(retriever.aretrieve("birds at night"))] == [one.text for one in nodes]


def test_the_query_engine_answers_with_the_words_that_its_marks_stand_for(assistant):
    engine = FootnoteQueryEngine(assistant)
    response = engine.query(QUESTION)
    assert "12 of 196 visual tokens" in str(response)
    assert str(response).endswith("[1].")
    [cited] = response.source_nodes
    assert assistant.paper("owlnet").abstract[cited.node.start_char_idx : cited.node.end_char_idx] == cited.node.text
    assert (cited.metadata["number"], response.metadata["status"]) == (1, "answered")
    assert asyncio.run(engine.aquery(QUESTION)).response == response.response
    assert engine.query("When was QuipuBench published?").metadata["status"] == "abstained"


def test_the_reranker_puts_what_is_meant_first(reranker):
    nodes = [
        source("Charts are hard to read for language models.", title="FINCH"),
        source("Puffins nest in burrows. It keeps 12 of 196 visual tokens.", title="OwlNet"),
        source("", title="Lighthouses as Landmarks"),
    ]
    ranked = reranker.postprocess_nodes(nodes, query_str=QUESTION)
    assert len(ranked) == 2
    assert ranked[0].metadata["title"] == "OwlNet"
    assert ranked[0].score > ranked[1].score
    assert reranker.postprocess_nodes([], query_str=QUESTION) == []
    with pytest.raises(SettingsError, match="there is no query"):
        reranker.postprocess_nodes(nodes)


def test_scores_that_nodes_come_with_count_unless_they_are_not_to(reranker):
    # The same words: the cross-encoder cannot tell them apart, and gives both the standard score 0.
    nodes = [source("Owls see at night.", 1.0), source("Owls see at night.", 9.0)]
    ranked = reranker.postprocess_nodes(nodes, query_str="owls")
    assert [(one.node.node_id, one.score) for one in ranked] == [
        (nodes[1].node.node_id, 1.0),
        (nodes[0].node.node_id, -1.0),
    ]
    alone = FootnoteReranker(keep_scores=False).postprocess_nodes(nodes, query_str="owls")
    assert {one.score for one in alone} == set(Ranker().scores("owls", [Paper("a", "", "Owls see at night.")]))


def test_any_response_is_checked_against_its_source_nodes(checker):
    sources = [source("FINCH inspects a chart in two steps."), source("OwlNet keeps 12 of 196 visual tokens.")]
    right, wrong = "OwlNet keeps 12 of 196 visual tokens", "FINCH inspects a chart in 7 steps"
    text = f"{right} [2]. {wrong} [1]. {right}."
    found = checker.check(Response(text, sources))
    assert [one.verdict for one in found] == ["supported", "unsupported", "supported"]
    assert found[0].paper.id == sources[1].node.node_id
    assert found[0].quote == sources[1].node.text
    assert any("7" in reason for reason in found[1].reasons)


def test_a_sentence_is_held_against_the_node_that_it_cites_and_no_other(checker):
    sources = [source("FINCH inspects a chart in two steps."), source("OwlNet keeps 12 of 196 visual tokens.")]
    [wrong] = checker.check(Response("OwlNet keeps 12 of 196 visual tokens [1].", sources))
    [nowhere] = checker.check(Response("OwlNet keeps 12 of 196 visual tokens [3].", sources))
    assert (wrong.verdict, nowhere.verdict) == ("unsupported", "unsupported")
    with pytest.raises(SourceError, match="no sentence"):
        Checker().verified("", [])


def test_what_the_query_engine_says_passes_the_checker(assistant, checker):
    response = FootnoteQueryEngine(assistant).query(QUESTION)
    assert [one.verdict for one in checker.check(response)] == ["supported"]


def test_documents_are_ingested_once_and_keep_what_they_say(tmp_path):
    documents = [
        Document(text="PuffinNet counts 7 puffins on every rock.", metadata={"title": "Puffins", "shelf": "north"}),
        Document(id_="auk-1", text="AukNet counts 3 auks.", metadata={"title": "Auks", "published": "2024-05-01"}),
        Document(text=""),
    ]
    with Assistant.open(tmp_path) as assistant:
        report = ingest_documents(assistant, documents)
        assert (report.total("new"), len(report.files[0].rejected)) == (2, 1)
        again = [Document(text=documents[0].text, metadata=documents[0].metadata), documents[1]]
        assert ingest_documents(assistant, again).total("unchanged") == 2
        puffins, auks = assistant.papers()
        assert (puffins.title, puffins.extra["shelf"]) == ("Puffins", "north")
        assert (auks.id, auks.published.isoformat()) == ("auk-1", "2024-05-01")
        assert "7 puffins" in assistant.ask("How many puffins does PuffinNet count?").text


def test_the_parts_fit_into_an_engine_of_llama_index(assistant, reranker):
    from llama_index.core.llms import MockLLM

    engine = RetrieverQueryEngine.from_args(
        FootnoteRetriever(assistant, k=5), llm=MockLLM(), node_postprocessors=[reranker]
    )
    assert engine.query(QUESTION).source_nodes[0].metadata["paper_id"] == "owlnet"


def test_the_examples_of_the_page_run(tmp_path, monkeypatch, capsys):
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 5
    monkeypatch.chdir(tmp_path)
    space = {}
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), space)
    said = capsys.readouterr().out
    assert "12 of 196 visual tokens" in said
    assert "unsupported" in said

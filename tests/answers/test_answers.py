"""Answers on the real papers: from the saved pages, and from the digests that come with the checkout."""

import json
import re
from pathlib import Path

import pytest

from rag.grounding.citations import without_marks
from tests.support.storage_fixtures import open_assistant, write_lines

PAPERS = 287


@pytest.fixture(scope="module", params=["digests", "pages"])
def library(request, library_of):
    """An Assistant over all papers, by the digests in `storage/library`, then by the pages beside the checkout."""
    digests = Path(__file__).resolve().parents[2] / "storage" / "library"
    return library_of(digests if request.param == "digests" else request.getfixturevalue("seeds"))


def titles(answer):
    return [citation.paper.title for citation in answer.citations]


def assert_supported_by_exact_quotes(answer):
    assert answer.status == "answered"
    for statement in answer.statements:
        assert statement.verdict == "supported", statement
    for citation in answer.citations:
        assert citation.field or citation.paper.abstract[citation.start : citation.end] == citation.quote


def test_every_paper_of_the_listing_is_there_once(library):
    papers = list(library.papers())
    assert len(papers) == len({paper.id for paper in papers}) == PAPERS


def test_the_length_that_was_asked_for_is_in_the_answer(library):
    answer = library.ask("How long a sequence can ALST train Llama 8B on with a single H100?")
    assert_supported_by_exact_quotes(answer)
    assert "500K" in answer.text
    assert all("Arctic Long Sequence Training" in title for title in titles(answer))


def test_two_systems_are_compared_on_the_tokens_that_reach_the_model(library):
    answer = library.ask("What is the difference between Matryoshka Query Transformer and LLaVA-Mini?")
    assert_supported_by_exact_quotes(answer)
    assert {re.split(" (for|:)|:", title)[0] for title in titles(answer)} == {
        "Matryoshka Query Transformer",
        "LLaVA-Mini",
    }
    assert answer.text.count("token") >= 2
    assert len(without_marks(answer.text).split()) <= 120  # not two whole abstracts


def test_the_papers_of_a_month_and_then_the_authors_of_the_second(library):
    question = "Which papers came out in March 2024?"
    answer = library.ask(question)
    assert answer.text == (
        "Two of the 21 papers with a date (266 more have none): LLaVA-UHD (18 March 2024) [1] and "
        "Towards a clinically accessible radiology foundation model (12 March 2024) [2]."
    )
    assert [citation.field for citation in answer.citations] == ["published", "published"]
    history = [{"role": "user", "content": question}, {"role": "assistant", "content": answer.text}]
    follow = library.ask("…and how many people wrote the second one?", history=history)
    assert follow.text.endswith("27 authors [1].")
    assert [(c.paper.id, c.field) for c in follow.citations] == [(answer.citations[1].paper.id, "author_count")]


def test_a_false_premise_is_answered_with_what_the_abstract_says(library):
    answer = library.ask("Why did DeepStack have to lengthen its context to use more visual tokens?")
    assert_supported_by_exact_quotes(answer)
    assert all(title.startswith("DeepStack") for title in titles(answer))
    assert "same context length" in answer.text or "one-fifth of the context length" in answer.text


def test_what_an_abstract_does_not_say_is_said_so_with_that_paper_as_the_nearest(library):
    answer = library.ask("Which optimizer was TokenFlow trained with?")
    assert answer.status == "abstained"
    assert answer.text.startswith("The abstract of TokenFlow does not answer")
    assert answer.nearest[0].paper.title.startswith("TokenFlow")
    assert "FID" not in answer.text


@pytest.mark.parametrize("question", ["Which papers are about quantum computing?", "What is the capital of France?"])
def test_a_subject_that_is_nowhere_is_said_to_be_with_the_nearest_papers(question, library):
    answer = library.ask(question)
    assert (answer.status, answer.citations) == ("abstained", ())
    assert answer.text.startswith("No paper in the library answers")
    assert len(answer.nearest) == 3


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("InfLLM", {"InfLLM: "}),
        ("InfMLLM", {"InfMLLM: "}),
        ("INF-LLaVA", {"INF-LLaVA: "}),
        ("LLaVA-MoD", {"LLaVA-MoD: "}),
        ("γ-MoD", {"γ-MoD: "}),
        ("gamma-MoD", {"γ-MoD: "}),
        ("p-MoD", {"p-MoD: "}),
        ("SEED-Bench-2-Plus", {"SEED-Bench-2-Plus: "}),
        ("M2UGen", {"M^{2}UGen: "}),
        ("SliME", {"Beyond LLaVA-HD: "}),  # named in the abstract alone
        ("AIM", {"AIM: Adaptive", "AIM: Let Any"}),  # two papers, one name
    ],
)
def test_a_system_is_answered_from_its_own_paper_and_from_no_look_alike(name, begins, library):
    answer = library.ask(f"What is {name}?")
    assert_supported_by_exact_quotes(answer)
    assert all(title.startswith(tuple(begins)) for title in titles(answer))
    assert {begin for begin in begins if any(title.startswith(begin) for title in titles(answer))} == begins


@pytest.mark.parametrize("name", ["LLaVA-Maxi", "InfVLLM-3", "SEED-Bench-9"])
def test_a_system_that_no_paper_has_is_not_taken_for_another(name, library):
    answer = library.ask(f"How many vision tokens does {name} keep?")
    assert (answer.status, answer.citations) == ("abstained", ())
    assert name in answer.text


def test_a_benchmark_that_some_abstracts_mention_does_not_stand_for_an_unknown_system(library):
    answer = library.ask("What accuracy does FinTral get on MMLU?")
    assert answer.status == "abstained"
    assert "FinTral" in answer.text


def test_what_people_do_about_something_is_answered_with_a_list(library):
    answer = library.ask("how do people reduce hallucination without training")
    assert len(answer.text.splitlines()) > 2
    about = ["allucinat" in citation.paper.abstract for citation in answer.citations]
    assert sum(about) >= 0.75 * len(about)


def test_a_paper_that_is_described_is_compared_with_the_one_that_is_named(assistant):
    answer = assistant.ask("Compare OwlNet with the glacier photograph paper: what images does each use?")
    cited = {citation.paper.title for citation in answer.citations}
    assert cited == {"OwlNet: Seeing Small Birds at Night", "Glacier Maps from Old Photographs"}
    assert answer.text.startswith("OwlNet is a detector for birds in night images [1].")


def test_two_papers_that_are_described_are_compared(library):
    answer = library.ask("The microscopy benchmark against the chart benchmark: what does each test?")
    assert {title.split(":")[0] for title in titles(answer)} == {"μ-Bench", "ChartBench"}


def test_a_system_that_an_abstract_mentions_brings_no_other_paper_into_a_comparison(assistant):
    answer = assistant.ask("What is the difference between OwlNet and HawkNet?")
    assert {citation.paper.title for citation in answer.citations} == {"OwlNet: Seeing Small Birds at Night"}
    assert "2.5× faster" in answer.text


PONDS = {
    "Students and chatbots at school": "We ask 900 students how they use ReedBot. Half of them use it every week.",
    "What a ban does": "After a ban of ReedBot the output of programmers fell by a third.",
    "Wages and chatbots": "Workers whose jobs ReedBot can do earned more in the year after its release.",
    "PET without a second scanner": "We reconstruct PET images from one scan, as sharp as those of two.",
    "PET and MRI in one scan": "We guide PET images by MRI. MRI halves the noise of PET.",
}


@pytest.fixture(scope="module")
def ponds(tmp_path_factory):
    """A library in which three papers speak of a thing that is nobody's own."""
    home = tmp_path_factory.mktemp("ponds")
    with open_assistant(home / "library") as assistant:
        records = [{"title": title, "abstract": abstract} for title, abstract in PONDS.items()]
        assistant.ingest([write_lines(home / "papers.jsonl", records)])
        yield assistant


def test_papers_on_what_a_few_mention_are_listed_and_not_quoted(ponds):
    answer = ponds.ask("papers on ReedBot")
    assert answer.text.startswith("- ")
    assert all("ReedBot" in PONDS[title] for title in titles(answer))


def test_of_a_list_those_are_left_out_that_speak_of_what_is_denied(ponds):
    answer = ponds.ask("papers on PET that do not use MRI")
    assert titles(answer) == ["PET without a second scanner"]


def test_what_is_denied_in_a_story_is_no_condition_on_papers(ponds):
    story = "I cannot read at night and have no money. My students all use ReedBot. What is known of that?"
    assert "cannot say which papers do not" not in ponds.ask(story).text
    assert "cannot say which papers do not" in ponds.ask("Which papers do not use ReedBot?").text


# Whether a name in a question turns it to one paper.
NAMES = (
    ("Tidal Ducks after the DUSK 19 Storm", "DUSK 19 was a storm. We dock five tidal ducks after the DUSK 19 storm."),
    ("Ducks in the Meadow after DUSK-19", "We count ducks in a meadow after the DUSK-19 storm. There were 40."),
    ("How the DUSK-19 Storm Changed Traffic on Bridges", "The DUSK-19 storm halved the traffic on bridges."),
    ("Pushing Half-Blind Owls", "Half-blind owls with pictures of mice reach a night error rate of 2.6% (NERs fell)."),
    ("Pushing Deaf Owls", "Deaf owls with recordings of mice reach a NER of 3.6% on the same nights."),
    (
        "Reading Stories to Kites in Five Tongues",
        "Our model reads stories to kites in five tongues. It is fast.",
    ),
    (
        "OwlNet: Seeing Small Birds",
        "OwlNet sees small birds at night. OwlNet has 12 layers. It is small.",
    ),
    ("Snow on Roofs", "Snow on roofs melts after four days. We measured 30 roofs in winter."),
    ("Epidemics among Herons", "An epidemic among herons spreads by shared nests. We model it with equations."),
)


@pytest.fixture(scope="module")
def asking(library_of, tmp_path_factory):
    file = tmp_path_factory.mktemp("named") / "papers.jsonl"
    rows = (json.dumps({"id": str(n), "title": t, "abstract": a}) for n, (t, a) in enumerate(NAMES))
    file.write_text("\n".join(rows))
    return library_of(file)


def cited(answer):
    return {citation.paper.id for citation in answer.citations}


def test_a_list_on_what_one_title_writes_in_its_own_way_has_all_papers(asking):
    assert cited(asking.ask("papers on DUSK")) == {"0", "1", "2"}
    assert asking.ask("how many papers are about the DUSK storm?").text.startswith("Three papers")


def test_papers_without_an_abbreviation_are_read_beside_those_that_have_it(asking):
    found = asking.ask("Which NER do half-blind owls with pictures of mice reach?")
    assert "2.6%" in found.text
    assert cited(found) >= {"3"}


def test_what_no_paper_has_is_told_as_missing_in_place_of_a_list(asking):
    assert asking.ask("what papers do we have on Zika epidemics").text == "No paper in the library mentions Zika."
    assert "8" in cited(asking.ask("what papers do we have on heron epidemics"))


def test_a_later_version_that_no_paper_has_is_not_the_earlier(asking):
    assert asking.ask("what is OwlNet 2").text == "No paper in the library mentions OwlNet 2."
    assert "12 layers" in asking.ask("how many layers has OwlNet?").text


@pytest.mark.parametrize("question", ["OwlNet pls", "OwlNet", "TLDR; OwlNet"])
def test_a_name_and_no_more_asks_for_an_overview(asking, question):
    assert asking.ask(question).text == asking.ask("Give me an overview of OwlNet").text

"""Answers on the real papers: from the saved pages, and from the digests that come with the checkout."""

import json
import re
from pathlib import Path

import pytest

from rag.answers.asked import without_clauses
from rag.answers.subject_papers import does_without
from rag.grounding.citations import without_marks
from rag.model import Paper
from rag.neural.question_reader import Mark
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


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("papers from the same day as MoE-LLaVA", ("One of the other", "LLaVA-MoLE (29 January 2024)")),
        ("papers about video newer than MoE-LLaVA", ("TS-LLaVA",)),
        ("papers older than February 2024", ("SciGraphQA", "MoE-LLaVA", "Radiology")),
        ("which papers are newer than May 2025?", ("LLaVA-SP", "Arctic Long Sequence Training")),
        ("what came out before DAMRO?", ("does not say when DAMRO", "was published")),
        ("show me papers written by fewer than four people", ("LLaVA-MoLE (3 authors)", "SciGraphQA (2 authors)")),
    ],
)
def test_papers_are_found_by_the_date_of_another_and_by_how_many_wrote_them(question, said, library):
    text = library.ask(question).text
    assert all(part in text for part in said), text


def test_of_papers_spoken_of_the_one_that_says_it_does_without_is_told(library):
    before = [{"role": "user", "content": "TS-LLaVA vs PLLaVA?"}, {"role": "assistant", "content": "Both pool frames."}]
    answer = library.ask("which of the two needs no training?", history=before)
    assert [title.split(":")[0] for title in titles(answer)] == ["TS-LLaVA"]


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


HERONS = [
    {
        "title": "HeronNet: Counting Herons at Dusk",
        "abstract": "We present HeronNet, a network that counts herons in dark images. "
        "HeronNet reaches 91% accuracy on DuskBirds. "
        "It has recently been suggested that moonlight raises the number of herons. "
        "In contrast, we find no effect of moonlight on the number of herons.",
        "authors": ["Ada Holm", "Ben Ford"], "published": "2023-05-01", "venue": "Journal of Heron Studies",
        "doi": "10.1000/heron.1",
    },
    {
        "title": "Herons and the Depth of Lakes",
        "abstract": "We count herons at 12 lakes. Shallow lakes have 20% more herons than deep ones.",
        "authors": ["Cy Lund"], "published": "2021-02-01", "arxiv_id": "2102.01234",
    },
    {
        "title": "Training-free Counting of Herons",
        "abstract": "We count herons in images without any training of a model. It finds 80% of the herons.",
        "authors": ["Di Moor", "Ed Nash", "Flo Orr", "Gus Pym", "Hal Roe"], "published": "2022-03-01",
    },
    {
        "title": "A Detector of Herons",
        "abstract": "We train a detector that counts herons. Its training takes 40 hours on one machine.",
        "authors": ["Ida Sand"], "published": "2022-08-01",
    },
    {
        "title": "How Bakers Proof Their Dough",
        "abstract": "We ask 30 bakers how long they proof dough. Most of them take 40 minutes.",
        "authors": ["Jo Tarn"], "published": "2020-01-05",
    },
]  # fmt: skip


@pytest.fixture(scope="module")
def herons(tmp_path_factory):
    """A library whose records say where papers appeared, and by what they are identified."""
    home = tmp_path_factory.mktemp("herons")
    with open_assistant(home / "library") as assistant:
        assistant.ingest([write_lines(home / "papers.jsonl", HERONS)])
        yield assistant


@pytest.mark.parametrize(
    ("question", "text", "field"),
    [
        ("What is the DOI of HeronNet?", "HeronNet has the DOI 10.1000/heron.1 [1].", "doi"),
        ("Where can I find HeronNet?", "HeronNet has the DOI 10.1000/heron.1 [1].", "doi"),
        ("Where was HeronNet published?", "HeronNet appeared in Journal of Heron Studies [1].", "venue"),
        ("In which journal did HeronNet appear?", "HeronNet appeared in Journal of Heron Studies [1].", "venue"),
        ("When was HeronNet published?", "HeronNet was published on 1 May 2023 [1].", "published"),
        ("Which paper is 2102.01234?", "arXiv:2102.01234 is “Herons and the Depth of Lakes” [1].", "title"),
        ("Who wrote arXiv:2102.01234v2?", "Herons and the Depth of Lakes is by Cy Lund [1].", "authors"),
        ("Who is the last author of HeronNet?", "The last author of HeronNet is Ben Ford [1].", "authors"),
        ("HeronNet: first author?", "The first author of HeronNet is Ada Holm [1].", "authors"),
        (
            "How can I cite HeronNet?",
            "HeronNet has the DOI 10.1000/heron.1; the command `cite` writes its reference [1].",
            "doi",
        ),
    ],
)  # fmt: skip
def test_identifiers_and_venues_are_told_from_the_record(herons, question, text, field):
    answer = herons.ask(question)
    assert (answer.text, [citation.field for citation in answer.citations]) == (text, [field])
    assert all(statement.verdict == "supported" for statement in answer.statements)


def test_an_identifier_and_no_more_asks_for_an_overview_of_its_paper(herons):
    text = herons.ask("10.1000/heron.1").text
    assert text.startswith("The authors present HeronNet")
    assert "HeronNet has recently been suggested" not in text


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Who wrote 2009.00713?", "No paper in the library mentions 2009.00713."),
        ("What is the arXiv id of HeronNet?", "The library does not say which arXiv id HeronNet has."),
    ],
)
def test_an_identifier_that_the_library_lacks_is_told(herons, question, missing):
    answer = herons.ask(question)
    assert (answer.status, answer.text) == ("abstained", missing)


def test_a_field_and_what_the_abstract_says_are_both_told(herons):
    text = herons.ask("Who wrote HeronNet and what accuracy does it reach on DuskBirds?").text
    assert text.startswith("HeronNet is by Ada Holm, Ben Ford [1].")
    assert "91%" in text


def test_what_else_is_asked_beside_a_field_is_said_to_be_missing(herons):
    text = herons.ask("Who wrote HeronNet and what is its favourite colour?").text
    assert text.startswith("HeronNet is by Ada Holm, Ben Ford [1].")
    assert "does not answer “what is its favourite colour”" in text


def test_two_fields_are_told_where_the_second_is_but_one_word(herons):
    text = herons.ask("How many authors does HeronNet have and when?").text
    assert "2 authors" in text
    assert "1 May 2023" in text


def test_what_others_suggested_is_no_answer_without_what_the_paper_says(herons):
    text = herons.ask("Why does moonlight raise the number of herons in HeronNet?").text
    assert "suggested" not in text or text.index("no effect of moonlight") < text.index("suggested")


def test_a_question_in_chinese_is_not_answered_with_the_authors(herons):
    assert "Ada Holm" not in herons.ask("HeronNet 最少需要多少次迭代?").text


def test_a_list_on_what_no_paper_mentions_is_refused(herons):
    answer = herons.ask("papers on Zorblax herons")
    assert (answer.status, answer.text) == ("abstained", "No paper in the library mentions Zorblax.")
    assert answer.nearest


def test_papers_that_say_that_they_do_without_are_those_that_do_not_need_it(library):
    listed = titles(library.ask("hallucination papers that do not need training"))
    assert any(title.startswith("DAMRO") for title in listed)
    assert any(title.startswith("VDGD") for title in listed)


@pytest.mark.parametrize(
    ("abstract", "without"),
    [
        ("We propose a training-free filter.", True),
        ("It works without any additional training.", True),
        ("It needs no training of models.", True),
        ("Its training takes 40 hours.", False),
        ("Without labels its training takes 40 hours.", False),
    ],
)
def test_what_a_paper_does_without_it_says_in_so_many_words(abstract, without):
    assert does_without("need training", Paper("owl", "Owls", abstract)) is without


def test_few_papers_of_a_time_are_as_near_to_a_subject_as_among_all(library):
    listed = titles(library.ask("papers on LLaVA from January 2024"))
    assert any(title.startswith("MoE-LLaVA") for title in listed)


def test_that_papers_on_a_subject_meet_no_condition_is_told(library):
    answer = library.ask("papers on token pruning from 1999")
    assert re.match(r"Of the \d+ papers of the library on this none is from 1999", answer.text)
    assert answer.status == "abstained"


def test_what_leads_to_a_denied_subject_is_no_part_of_the_other(library):
    benchmarks = titles(library.ask("benchmarks that are not medical"))
    assert len(benchmarks) > 4
    assert titles(library.ask("medical papers not about radiology"))


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("benchmarks that are not medical", ["medical"], "benchmarks"),
        ("owl papers that don't need training", ["need training"], "owl papers"),
        ("papers published in 2024 on owls", ["2024"], "papers on owls"),
        ("papers on owls from 2024 by 5 authors", ["2024", "by 5 authors"], "papers on owls"),
        ("owls in snow", [], "owls in snow"),
    ],
)
def test_words_that_only_lead_to_a_condition_are_left_out_with_it(text, words, left):
    marks = [Mark("date", False, text.index(word), text.index(word) + len(word)) for word in words]
    assert without_clauses(text, marks) == left

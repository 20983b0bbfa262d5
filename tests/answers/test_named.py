"""Whether a name in a question turns it to one paper, on a small invented library."""

import json

import pytest

PAPERS = (
    ("Tidal Ducks after the DUSK 19 Storm", "DUSK 19 was a storm. We dock five tidal ducks after the DUSK 19 storm."),
    ("Ducks in the Meadow after DUSK-19", "We count ducks in a meadow after the DUSK-19 storm. There were 40."),
    ("How the DUSK-19 Storm Changed Traffic on Bridges", "The DUSK-19 storm halved the traffic on bridges."),
    ("Pushing Half-Blind Owls", "Half-blind owls with pictures of mice reach a night error rate of 2.6% (NERs fell)."),
    ("Pushing Deaf Owls", "Deaf owls with recordings of mice reach a NER of 3.6% on the same nights."),
    (
        "Reading Stories to Kites in Five Tongues",
        "Our model reads stories to kites in five tongues. It is 3 times faster.",
    ),
    (
        "OwlNet: Seeing Small Birds",
        "OwlNet sees small birds at night. OwlNet has 12 layers. It is trained for two days.",
    ),
    ("Snow on Roofs", "Snow on roofs melts after four days. We measured 30 roofs in winter."),
    ("Epidemics among Herons", "An epidemic among herons spreads by shared nests. We model it with equations."),
)


@pytest.fixture(scope="module")
def asking(library_of, tmp_path_factory):
    file = tmp_path_factory.mktemp("named") / "papers.jsonl"
    rows = (json.dumps({"id": str(n), "title": t, "abstract": a}) for n, (t, a) in enumerate(PAPERS))
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

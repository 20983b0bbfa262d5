"""A paper that was retracted is shown as one wherever it is cited or listed, and answers from it stay usable."""

import json
from dataclasses import replace

import pytest

from rag.cli.render import answer_shown, hits_shown, paper_row, paper_shown, verified_table
from rag.formats.bibtex import bibtex
from rag.formats.contract import answer_line, paper_line
from rag.model import Answer, Citation, Hit, Hits, Paper, Ranked, Statement, Verified, retraction_mark
from ui.content.conversation import Exchange
from ui.content.takeaway import markdown, ris
from ui.rendering.conversation import exchange_html
from ui.rendering.library import paper_html, papers_html

WHY = "the journal: retracted for images that were used twice"
OWL = Paper("owlnet", "OwlNet", "It keeps 12 of 196 visual tokens.", retraction=WHY)
FOX = Paper("foxear", "FoxEar", "It hears.", retraction="arXiv: withdrawn by its authors")
ELK = Paper("elk", "ElkNose", "It smells.")
ANSWER = Answer(
    "How many?", "How many?", "answered", "It keeps 12 of 196 visual tokens [1]. ElkNose smells [2].",
    (Statement("It keeps 12 of 196 visual tokens.", (1,)), Statement("ElkNose smells.", (2,))),
    (Citation(1, OWL, OWL.abstract, 0, len(OWL.abstract)), Citation(2, ELK, ELK.abstract, 0, len(ELK.abstract))),
    (Ranked(OWL, 1.0),),
)  # fmt: skip
ABSTAINED = Answer(
    "Who?", "Who?", "abstained", "Nobody says.", (), (), (), nearest=(Ranked(FOX, 1.0), Ranked(ELK, 0.5))
)


def test_the_mark_follows_the_words_of_the_source():
    assert [retraction_mark(paper) for paper in (OWL, FOX, ELK)] == ["retracted", "withdrawn", ""]
    assert retraction_mark(replace(OWL, retraction="a note of concern")) == "retracted"


def test_a_printed_answer_says_it_behind_the_citation():
    *_, owl, elk = str(ANSWER).splitlines()
    assert owl.endswith(f"” [retracted: {WHY}]")
    assert "retract" not in elk


def test_a_notebook_shows_it():
    assert f"[retracted: {WHY}]" in ANSWER._repr_html_()
    assert "<li>FoxEar [withdrawn]</li><li>ElkNose</li>" in ABSTAINED._repr_html_()


def test_the_nearest_papers_of_an_abstention_say_it():
    assert str(ABSTAINED).endswith("  - FoxEar [withdrawn]\n  - ElkNose")
    assert answer_shown(ABSTAINED).plain.endswith("  - FoxEar [withdrawn]\n  - ElkNose")


def test_json_has_it_beside_each_citation():
    assert [one["retraction"] for one in json.loads(answer_line(ANSWER))["citations"]] == [WHY, None]
    assert json.loads(paper_line(OWL))["retraction"] == WHY


def test_the_terminal_says_it_wherever_the_paper_stands():
    *_, owl, elk = answer_shown(ANSWER).plain.splitlines()
    assert owl.endswith(f"” [retracted: {WHY}]")
    assert elk == "[2] ElkNose: “It smells.”"
    assert hits_shown(Hits((Hit(OWL, 1.5, ()),))).plain == "1. OwlNet [retracted]  1.500"
    assert paper_row(OWL)[2] == "OwlNet [retracted]"
    assert paper_shown(OWL).plain.startswith(f"OwlNet\nretracted: {WHY}\n")
    table = verified_table([Verified("It keeps 12.", ("OwlNet",), "supported", paper=OWL, quote=OWL.abstract)])
    assert "OwlNet [retracted]: “It keeps" in table.columns[2]._cells[0].plain


def test_what_is_taken_away_says_it():
    assert WHY in bibtex([OWL])
    assert f"N1  - retracted: {WHY}" in ris([OWL])
    assert "N1" not in ris([ELK])
    text = markdown(Exchange("How many?", {}, ANSWER))
    assert "[1] OwlNet **retracted**: “It keeps" in text
    assert "[2] ElkNose: “" in text


def test_the_page_has_a_badge_at_the_mark_and_on_the_card():
    shown = exchange_html(Exchange("How many?", {}, ANSWER), 1)
    assert shown.count('class="fn-retracted"') == 2
    assert 'aria-label="Citation 1, retracted"' in shown
    assert 'aria-label="Citation 2"' in shown
    assert f'title="{WHY}"' in shown
    assert ">withdrawn</span>" in exchange_html(Exchange("Who?", {}, ABSTAINED), 1)
    assert papers_html([OWL, ELK], 2).count("fn-retracted") == 1
    assert WHY in paper_html(OWL)
    assert "Retraction" not in paper_html(ELK)


@pytest.mark.parametrize("said", ['"><img src=x onerror=alert(1)>', "<script>alert(1)</script>", "{{x}}"])
def test_what_a_source_says_of_a_retraction_is_no_markup(said):
    odd = replace(OWL, retraction=said)
    answer = replace(ANSWER, citations=(replace(ANSWER.citations[0], paper=odd), ANSWER.citations[1]))
    for shown in (exchange_html(Exchange("?", {}, answer), 1), paper_html(odd), answer._repr_html_()):
        assert "<img" not in shown
        assert "<script" not in shown
    assert "{{" not in paper_html(odd)


def test_an_answer_from_a_retracted_paper_is_given_and_says_so(library_of, tmp_path):
    record = {"title": "OwlNet: Seeing Birds", "abstract": "OwlNet keeps 12 of 196 visual tokens.", "retraction": WHY}
    file = tmp_path / "owl.jsonl"
    file.write_text(json.dumps(record))
    answer = library_of(file).ask("How many visual tokens does OwlNet keep?")
    assert answer.status == "answered"
    assert [citation.paper.retraction for citation in answer.citations] == [WHY]
    when = library_of(file).ask("Who wrote OwlNet?")
    assert all(ranked.paper.retraction == WHY for ranked in when.ranked)

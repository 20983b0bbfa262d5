"""From ranked papers and their sentences to a few drafted sentences, or to what is missing."""

import pytest
from answering_fixtures import ask, asked, candidate, idf

from rag.citations import number
from rag.comparison import compared
from rag.compose import MOST_LISTED, facts, listed, on_the_subject, without_namesakes
from rag.missing import missing_sentence
from rag.question import read
from rag.sentence_score import score_sentences
from rag.text import terms

OWL_TEXT = (
    "Birds are hard to see. OwlNet detects birds in night images. It keeps 12 of 196 tokens. Training takes 23 hours."
)
OWL = candidate("OwlNet: Seeing Birds at Night", OWL_TEXT, asked_as=("OwlNet",))
KELP = candidate("KelpCast: Kelp", "KelpCast forecasts kelp forests. It keeps 40 of 50 tokens.", asked_as=("KelpCast",))
TITLE_ONLY = candidate("Lighthouses as Landmarks for Boats", "")


def text_of(composition):
    return number(composition.drafts)[0]


def test_the_sentence_that_answers_comes_first_with_its_paper_named():
    kelp = candidate(KELP.paper.title, KELP.paper.abstract, score=4.0)
    found = facts(ask("How many tokens does OwlNet keep?"), [OWL, kelp])
    assert text_of(found).startswith("OwlNet: It keeps 12 of 196 tokens [1].")


def test_a_sentence_that_says_the_name_is_not_given_it_again():
    text = text_of(facts(ask("What does OwlNet detect in night images?"), [OWL]))
    assert text.startswith("OwlNet detects birds in night images [1].")


def test_a_sentence_that_says_the_name_that_was_asked_for_is_not_given_the_titles():
    beyond = candidate("BeyondOwl: Bigger Pictures", "Pictures grow. SliOwl cuts pictures.", asked_as=("SliOwl",))
    assert text_of(facts(ask("Which pictures does SliOwl cut?"), [beyond])).startswith("SliOwl cuts pictures [1].")


def test_a_question_on_a_named_paper_is_answered_from_that_paper_alone():
    found = facts(ask("How many tokens does OwlNet keep?"), [OWL, candidate("KelpCast: Kelp", "It keeps 40 tokens.")])
    _, _, citations = number(found.drafts)
    assert {c.paper.id for c in citations} == {"owlnet"}


def test_each_part_of_a_question_gets_its_sentence():
    found = facts(ask("How many tokens does OwlNet keep, and how long does the training take?"), [OWL])
    assert text_of(found) == "OwlNet: It keeps 12 of 196 tokens [1]. Training takes 23 hours [2]."


@pytest.mark.parametrize("budget", [20, 30, 45, 80])
def test_an_answer_keeps_to_its_budget_of_words_unless_one_sentence_is_longer(budget):
    parts = (
        "How many tokens does OwlNet keep, and how long does training take, and what does it detect in night images?"
    )
    drafts = facts(ask(parts, budget_words=budget), [OWL]).drafts
    assert drafts
    assert (
        len(drafts) == 1
        or sum(len(d.parts[0].text.split()) - ("OwlNet: " in d.parts[0].text) for d in drafts) <= budget
    )


def test_what_contradicts_the_question_is_introduced_as_that():
    moss = candidate(
        "MossNet: Plants", "MossNet skips layers. The rule of MossNet needs no training.", asked_as=("MossNet",)
    )
    text = text_of(facts(ask("Why does MossNet need so much training?"), [moss]))
    assert text.startswith("The abstract says otherwise: ")
    assert "needs no training" in text


def test_nothing_is_composed_where_no_paper_has_what_is_asked_for():
    found = facts(ask("Which licence has the code of OwlNet?", names=("OwlNet",)), [OWL])
    assert found.drafts == ()
    assert facts(ask("What is OwlNet?"), []).drafts == ()


def test_papers_without_an_abstract_compose_to_nothing():
    assert facts(ask("What do lighthouses tell?"), [TITLE_ONLY]).drafts == ()
    named = candidate("Lighthouses as Landmarks for Boats", "", asked_as=("Lighthouses as Landmarks for Boats",))
    assert compared(ask("Compare both"), [named, named], {}).drafts == ()


def test_papers_that_are_compared_have_a_sentence_each_on_the_same_aspect():
    found = compared(
        ask("How do OwlNet and KelpCast differ in the tokens they keep?", names=("OwlNet", "KelpCast")), [OWL, KELP], {}
    )
    text, _, citations = number(found.drafts)
    assert {c.paper.id for c in citations} == {"owlnet", "kelpcast"}
    assert "12 of 196 tokens" in text
    assert "40 of 50 tokens" in text
    assert "Birds are hard to see" not in text  # what the field knows is nothing to compare


def test_papers_stand_in_the_order_in_which_the_question_names_them():
    found = compared(ask("KelpCast vs OwlNet", names=("OwlNet", "KelpCast")), [OWL, KELP], {})
    assert [citation.paper.id for citation in number(found.drafts)[2]][:1] == ["kelpcast"]


def test_the_other_systems_name_is_no_word_to_look_for():
    naming = candidate(
        "MossNet: Moss", "MossNet maps moss by colour. MossNet was run beside OwlNet.", asked_as=("MossNet",)
    )
    apart = {"mossnet": asked("How do and MossNet map?")}
    with_names = ask("How do OwlNet and MossNet map?", names=("OwlNet", "MossNet"), budget_words=20)
    assert "maps moss by colour" in text_of(compared(with_names, [OWL, naming], apart))
    wanted = score_sentences(apart["mossnet"], [naming], idf)[0].wanted
    assert set(wanted) == set(terms("map"))


def test_papers_on_a_subject_are_listed_a_line_and_a_citation_each():
    kelps = [
        candidate(f"Kelp{n}Net: Forests of Kelp", "We forecast kelp forests from above.", score=5 - n) for n in range(2)
    ]
    text, statements, citations = number(listed(ask("Which papers are about kelp forests?"), [*kelps, OWL]).drafts)
    assert text.splitlines()[:2] == ["- Kelp0Net: Forests of Kelp [1]", "- Kelp1Net: Forests of Kelp [2]"]
    assert len(statements) == len(citations)


def test_a_list_has_an_end():
    kelps = [candidate(f"Kelp{n}Net: Kelp", "We forecast kelp forests.") for n in range(MOST_LISTED + 5)]
    assert len(listed(ask("Which papers are about kelp forests?"), kelps).drafts) == MOST_LISTED


def test_papers_far_below_the_best_are_not_on_the_subject():
    scores = [9.0, 8.0, 0.1, -1.0]
    papers = [candidate(f"Kelp{n}Net: Kelp", "Kelp.", score=score) for n, score in enumerate(scores)]
    assert [c.score for c in on_the_subject(papers)] == [9.0, 8.0]
    assert on_the_subject([]) == []


def test_a_paper_with_only_a_title_is_listed_by_it():
    [draft] = listed(ask("Which papers are about lighthouses?"), [TITLE_ONLY, OWL]).drafts[:1]
    _, _, [citation] = number([draft])
    assert (citation.field, citation.quote) == ("title", "Lighthouses as Landmarks for Boats")


def test_a_list_on_a_subject_that_no_paper_has_is_empty():
    plain = candidate("OwlNet: Seeing Birds at Night", OWL_TEXT, score=0.5)
    assert listed(ask("Which papers are about quantum computing?"), [plain]).drafts == ()
    assert listed(ask("Which papers are about quantum computing?"), []).drafts == ()


@pytest.mark.parametrize(
    ("question", "named", "unknown", "sentence"),
    [
        ("What is WombatNet?", [], ["WombatNet"], "No paper in the library is about WombatNet, and none mentions it."),
        ("Is OwlNet like WombatNet?", [OWL], ["WombatNet"], "The abstract of OwlNet does not mention WombatNet."),
        ("What licence has OwlNet?", [OWL], [], "The abstract of OwlNet does not give a licence."),
        ("How much memory does OwlNet need?", [OWL], [],
         "The abstract of OwlNet does not say how much memory it takes."),
        ("[1]", [], [], "No paper in the library answers this: nothing in it is about that."),
        ("How much wood does OwlNet need at night?", [OWL], [],
         "The abstract of OwlNet does not say how much wood it needs at night."),
        ("What can OwlNet hear?", [OWL], [], "The abstract of OwlNet does not say what it can hear."),
        ("Do OwlNet and KelpCast sing?", [OWL, KELP], [], "The abstracts of OwlNet and KelpCast do not say."),
        ("Which papers are about quantum computing?", [], [],
         "No paper in the library answers this: nothing in it is about quantum computing."),
        ("What about it?", [TITLE_ONLY], [],
         "Of “Lighthouses as Landmarks for Boats” the library has only the title, no abstract."),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_in_a_sentence(question, named, unknown, sentence):
    assert missing_sentence(read(question), named, unknown) == sentence


def test_a_question_that_only_names_a_work_gets_what_it_is_how_it_works_and_what_came_of_it():
    owl = candidate(
        "OwlNet: Birds at Night",
        "Birds are hard to see. OwlNet detects birds in night images. A wide lens gathers light first. "
        "Experiments show that OwlNet outperforms hawks. The code is available at https://owls.example.org.",
        asked_as=("OwlNet",),
    )
    assert text_of(facts(ask("What is OwlNet?", names=("OwlNet",), among=True), [owl])) == (
        "OwlNet detects birds in night images [1]. A wide lens gathers light first [2]. "
        "Experiments show that OwlNet outperforms hawks [3]."
    )


@pytest.mark.parametrize("question", ["tl;dr of OwlNet", "What are the main contributions of OwlNet?", "OwlNet"])
def test_words_that_ask_for_the_whole_are_no_words_to_look_for(question):
    owl = candidate(
        "OwlNet: Birds at Night",
        "Birds are hard to see. We hope that OwlNet inspires others. To this end we propose OwlNet, which boosts "
        "accuracy at night. A wide lens gathers light first.",
        asked_as=("OwlNet",),
    )
    assert text_of(facts(ask(question, names=("OwlNet",), among=True), [owl])) == (
        "To this end we propose OwlNet, which boosts accuracy at night [1]. A wide lens gathers light first [2]."
    )


def test_of_two_papers_with_one_name_the_one_that_the_rest_of_the_question_is_about_is_meant():
    charts = candidate("FINCH for Charts: Bars", "FINCH reads bar charts.", asked_as=("FINCH",))
    choirs = candidate("FINCH for Choirs: Songs", "FINCH hears the voices of choirs.", asked_as=("FINCH",))
    about_choirs = without_namesakes(ask("How many voices of choirs does FINCH hear?"), [charts, choirs])
    assert [c.paper.title for c in about_choirs if c.named] == ["FINCH for Choirs: Songs"]
    assert all(c.named for c in without_namesakes(ask("What is FINCH?"), [charts, choirs]))
    assert all(c.named for c in without_namesakes(ask("How do the two papers on FINCH differ?"), [charts, choirs]))

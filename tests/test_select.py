"""Choosing sentences: what counts in a sentence, and what speaks against it."""

import numpy as np
import pytest
from answering_fixtures import asked, candidate, idf

from rag.cues import is_told
from rag.question import read
from rag.select import Asked, Candidate, figure_fit, nearness, wanted_terms, without_asking
from rag.sentence_score import differs, features, load_weights, score_sentences, stacked, tells_result
from rag.text import normal, terms

OWL = candidate(
    "OwlNet: Seeing Birds at Night",
    "Birds are hard to see. OwlNet detects birds in night images. It keeps 12 of 196 tokens. "
    "Training takes 23 hours. Experiments show that OwlNet outperforms the state of the art. "
    "The code is available at https://owls.example.org.",
    asked_as=("OwlNet",),
)


def first(question, *candidates):
    return score_sentences(asked(question), candidates or (OWL,), idf)[0]


def test_names_and_words_that_only_ask_are_not_wanted():
    wanted = wanted_terms(read("How many tokens does OwlNet keep?"), ["OwlNet"], idf)
    assert set(wanted) == set(terms("tokens keep"))


def test_two_words_that_are_a_name_elsewhere_are_wanted_as_one_unless_both_are_common():
    def weigh(known):
        return lambda term: {"chart": 3.0, "qa": 2.0, "chartqa": 4.0, "video": 1.0, "llm": 0.5, "videollm": 4.0}.get(
            term, known
        )

    assert "chartqa" in wanted_terms(read("chart qa score"), [], weigh(6.0))
    # both weigh less than 0.4 of 6
    assert "videollm" not in wanted_terms(read("papers on video llm"), [], weigh(6.0))


def test_a_search_by_words_goes_without_those_that_only_ask():
    assert without_asking("Which papers tell how owls see?").split()[-2:] == ["owls", "see?"]
    assert "papers" not in without_asking("Which papers tell how owls see?")


def test_every_sentence_is_scored_once_and_the_best_comes_first():
    found = score_sentences(asked("How many tokens does OwlNet keep?"), (OWL,), idf)
    assert sorted(scored.position for scored in found) == list(range(len(OWL.spans)))
    assert [scored.score for scored in found] == sorted((scored.score for scored in found), reverse=True)
    start, end = found[0].span
    assert OWL.paper.abstract[start:end] == found[0].text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many tokens does OwlNet keep?", "It keeps 12 of 196 tokens."),
        ("How long does the training of OwlNet take?", "Training takes 23 hours."),
        ("What does OwlNet detect in images?", "OwlNet detects birds in night images."),
        ("Where is the code of OwlNet available?", "The code is available at https://owls.example.org."),
    ],
)
def test_the_sentence_that_has_what_is_asked_for_is_the_first(question, answer):
    assert first(question).text == answer


def test_of_two_sentences_on_the_subject_the_one_with_the_figure_answers_how_many():
    kelp = candidate(
        "KelpCast: Kelp", "KelpCast counts kelp leaves. KelpCast counts 40 kelp leaves.", asked_as=("KelpCast",)
    )
    assert first("How many kelp leaves does KelpCast count?", kelp).text.endswith("40 kelp leaves.")


@pytest.mark.parametrize(
    ("question", "better", "worse"),
    [
        ("What percentage of birds is found?", "It finds 40% of birds.", "It finds 40 birds."),
        ("How long does training take?", "It takes 3 hours.", "It takes 3 steps."),
        ("How much faster is it?", "It is 3 times faster.", "It has 3 parts."),
        ("How many tokens are kept?", "It keeps 12 tokens.", "It keeps 12 layers."),
        ("How many tokens are kept?", "It keeps 12 layers.", "It keeps tokens."),
    ],
)
def test_a_figure_of_the_kind_that_is_asked_for_fits_better(question, better, worse):
    assert 0 <= figure_fit(read(question), worse) < figure_fit(read(question), better) <= 1


def test_the_numbers_of_a_list_are_no_figures_that_fit():
    assert figure_fit(read("How many tokens are kept?"), "It 1) cuts and 2) keeps.") == 0


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Why does OwlNet have to be trained?", "OwlNet is trained without any training data.", True),
        ("Why does OwlNet have to be trained?", "OwlNet is trained on nights.", False),
        ("Why does OwlNet keep 15% of tokens?", "OwlNet keeps 6% of tokens.", True),
        ("Why does OwlNet keep 6% of tokens?", "OwlNet keeps 6% of tokens.", False),
        ("How many tokens does OwlNet keep?", "OwlNet keeps 6% of tokens.", False),
        ("Why do lamps improve OwlNet?", "Lamps do not help OwlNet.", True),
        ("Why is OwlNet better with lamps?", "Hawks fail to see lamps and do worse.", False),
    ],
)
def test_a_sentence_that_contradicts_what_the_question_takes_for_granted_differs(question, sentence, expected):
    assert differs(first(question, candidate("OwlNet: Birds", sentence, asked_as=("OwlNet",)))) is expected


def test_a_figure_that_the_paper_has_elsewhere_is_not_contradicted():
    owl = candidate("OwlNet: Birds", "OwlNet keeps 6% of tokens. Hawks keep 15% of wings.", asked_as=("OwlNet",))
    found = score_sentences(asked("Why does OwlNet keep 15% of tokens?"), (owl,), idf)
    assert not any(differs(scored) for scored in found)


def test_a_sentence_on_results_tells_one_only_where_none_is_asked_for():
    said = "Experiments show that OwlNet outperforms the state of the art."
    by_text = {scored.text: scored for scored in score_sentences(asked("What is OwlNet?"), (OWL,), idf)}
    assert tells_result(by_text[said])
    assert not tells_result(by_text["OwlNet detects birds in night images."])
    by_text = {s.text: s for s in score_sentences(asked("How well does OwlNet perform?"), (OWL,), idf)}
    assert not tells_result(by_text[said])


def test_nearness_is_the_weighted_likeness_of_the_nearest_words_of_each_sentence():
    # Two sentences: words (1, 0) and (0.6, 0.8) in the first, (0, 1) in the second. "owl" is (1, 0), weight 1; "kelp"
    # is (0, 1), weight 3. First: (1 x 1 + 3 x 0.8) / 4 = 0.85; second: (0 + 3 x 1) / 4 = 0.75; whole: (1 + 3) / 4 = 1.
    rows = np.array([(1, 0), (0.6, 0.8), (0, 1)], np.float32)
    words = Candidate(OWL.paper, OWL.spans[:2], OWL.vectors[:2], rows, np.array([0, 0, 1]), 1.0, "OwlNet", True)
    question = Asked(read("owl kelp"), np.zeros(64, np.float32), ("owl", "kelp"), np.eye(2, dtype=np.float32))
    wanted = {"owl": 1.0, "kelp": 3.0}
    assert nearness(question, words, wanted) == pytest.approx([0.85, 0.75])
    assert nearness(question, words, wanted, whole=True) == pytest.approx([1.0])


def test_without_vectors_of_words_nothing_is_near():
    assert nearness(asked("owl kelp"), OWL, {"owl": 1.0}).tolist() == [0] * len(OWL.spans)


def test_a_paper_without_an_abstract_has_no_sentences_to_score():
    assert score_sentences(asked("What is OwlNet?"), (candidate("OwlNet: Birds", ""),), idf) == []


def test_the_shares_of_a_papers_sentences_are_probabilities():
    found = score_sentences(asked("How many tokens does OwlNet keep?"), (OWL,), idf)
    assert sum(scored.share for scored in found) == pytest.approx(1.0)
    # A softmax: two shares stand to one another as the exponentials of their scores.
    a, b = found[:2]
    assert a.share / b.share == pytest.approx(np.exp(a.score - b.score), rel=1e-4)


def test_every_weight_has_a_feature_and_every_feature_a_weight():
    wanted = wanted_terms(read("How many tokens does OwlNet keep?"), ["OwlNet"], idf)
    table, covered = features(asked("How many tokens does OwlNet keep?"), OWL, wanted)
    assert table.keys() == load_weights().keys()
    assert stacked(table).shape == (len(OWL.spans), len(load_weights()))
    assert len(covered) == len(OWL.spans)
    # "It keeps 12 of 196 tokens." has both words that are wanted, the sentence after it none.
    assert table["coverage"][2:4].tolist() == [1.0, 0.0]
    assert table["near_before"][3] == table["near"][2]
    assert table["background"].tolist() == [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert table["offer"].tolist() == [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        ("Why does OwlNet blink?", "It blinks because dust settles.", "It blinks at night."),
        ("What problem does OwlNet solve?", "Existing cameras suffer from noise.", "OwlNet has a lens."),
        ("What does OwlNet stand for?", "OwlNet (Optical Watch Lens) sees.", "OwlNet sees birds."),
    ],
)
def test_a_cue_of_what_is_asked_for_is_told_in_a_sentence(question, told, other):
    assert is_told(normal(question), normal(told))
    assert not is_told(normal(question), normal(other))
    assert not is_told(normal("How many birds does OwlNet see?"), normal(told))


def test_what_others_do_is_no_background_where_the_problem_is_asked_for():
    paper = candidate("OwlNet: Birds", "Cameras suffer from noise. We propose OwlNet.", asked_as=("OwlNet",))

    def background(question):
        return [s.background for s in sorted(score_sentences(asked(question), [paper], idf), key=lambda s: s.position)]

    assert background("What does OwlNet see?") == [True, False]
    assert background("What problem does OwlNet solve?") == [False, False]

"""The kind of fact that a question asks for, and how well a sentence has one."""

import pytest

from rag.fact_fit import fact_fit, kin
from rag.fact_kind import fact_kind, proper_nouns
from rag.text import terms


@pytest.mark.parametrize(
    ("question", "kind", "head"),
    [
        ("How many visual tokens does OwlNet keep?", "count", "visual tokens"),
        ("number of annotators of BirdBench?", "count", "annotators"),
        ("How many types of chart are in BirdBench?", "count", "chart"),
        ("How long did OwlNet train?", "time", ""),
        ("How many GPU hours did it take?", "time", ""),
        ("How long a sequence can OwlNet train on?", "value", ""),
        ("Which GPU was OwlNet trained on?", "hardware", ""),
        ("In which languages are the questions?", "language", "language"),
        ("Which language model does OwlNet use?", "name", "language model"),
        ("What share of the tokens is dropped?", "share", "tokens"),
        ("By how much does OwlNet beat HawkNet?", "amount", ""),
        ("Why does OwlNet lose accuracy?", "open", ""),
        ("What accuracy does OwlNet reach?", "score", ""),
        ("OwlNet score on BirdBench", "score", ""),
        ("What is the codebook size of OwlNet?", "value", "codebook size"),
        ("What is the largest model that was tried?", "value", "parameters"),
        ("How big is BirdBench?", "value", ""),
        ("Which two frozen pre-trained vision encoders are used?", "name", "trained vision encoders"),
        ("How many times fewer tokens does OwlNet need?", "amount", "tokens"),
        ("How does OwlNet decide how many tokens to keep?", "open", ""),
        ("What is the gain over HawkNet?", "amount", ""),
        ("What does OwlNet do about the loss of feathers?", "open", ""),
        ("How does OwlNet avoid a drop in accuracy?", "open", ""),
        ("Who annotated BirdBench?", "who", ""),
        ("Does OwlNet need training?", "yes-no", ""),
        ("What does OwlNet do at night?", "open", ""),
    ],
)
def test_what_is_asked_for_is_told_by_its_words(question, kind, head):
    found = fact_kind(question, ("OwlNet", "BirdBench"))
    assert (found.kind, found.head) == (kind, terms(head))


def test_the_best_one_may_be_asked_for():
    assert fact_kind("Which model wins on BirdBench?", ("BirdBench",)).best
    assert not fact_kind("Which model is used?").best


def test_a_capital_within_a_sentence_makes_a_proper_noun():
    assert proper_nouns("Does OwlNet run on Windows? Is it small?") == ("OwlNet", "Windows")


@pytest.mark.parametrize(
    ("question", "sentence", "least", "most"),
    [
        # the figure counts these very things
        ("How many images?", "It has 5,200 images of owls.", 1.0, 1.0),
        ("How many images?", "It has 5,200 sharp, annotated images.", 1.0, 1.0),
        ("How many pictures?", "It has 5,200 images of owls.", 0.8, 0.8),
        ("How many tokens?", "It needs no tokens at all.", 0.8, 0.8),
        # encoders, too, are called models
        ("Which encoders handle it?", "Images go through the pretrained models HawkViT and WrenNet.", 0.8, 0.8),
        ("Which encoders handle it?", "Images go through HawkViT and WrenNet.", 0.5, 0.5),
        # it counts others
        ("How many images?", "It has 5,200 questions on images.", 0.0, 0.2),
        ("How many images?", "It has 7,333 pairs, with images up to 27,328 pixels long.", 0.0, 0.2),
        ("How many images?", "It has images of owls.", 0.0, 0.0),
        ("How long was it trained?", "It is trained in 2400 H100 GPU hours.", 1.0, 1.0),
        ("How long was it trained?", "It is trained on 9 birds.", 0.0, 0.2),
        ("Which GPU is needed?", "Eight RTX 3090 cards are enough.", 1.0, 1.0),
        ("Which GPU is needed?", "It is fast on a GPU.", 0.0, 0.0),
        ("In which languages is it?", "It knows Chinese and English.", 1.0, 1.0),
        ("In which languages is it?", "It is a bilingual model.", 0.0, 0.2),
        ("What accuracy does it reach?", "It reaches an accuracy of 81.4%.", 1.0, 1.0),
        ("What accuracy does it reach?", "Its accuracy is good with 7B parameters.", 0.0, 0.0),
        ("What accuracy does it reach?", "It improves accuracy by 3.1%.", 0.6, 0.8),
        ("By how much is it faster?", "It is 2.5× faster.", 1.0, 1.0),
        ("By how much is it faster?", "It is much faster.", 0.0, 0.0),
        ("What share of the tokens is dropped?", "It drops 95% of the tokens.", 1.0, 1.0),
        ("What share of the tokens is dropped?", "It drops most of the tokens.", 0.0, 0.2),
        ("What is the sequence length?", "The sequence length is 500K.", 1.0, 1.0),
        ("What is the sequence length?", "It has 3 sequences for models of 7B.", 0.0, 1.0),
        ("How much memory does it take?", "It takes 6 GB.", 1.0, 1.0),
        ("What is the largest model?", "Models of 7B and 13B are tried.", 1.0, 1.0),
        ("Which encoder does it use?", "It takes CLIP-Large as its encoder.", 1.0, 1.0),
        ("Which encoder does it use?", "It uses several encoders.", 0.0, 0.2),
        ("Which model is used?", "It is tested on BirdBench.", 0.0, 0.0),
        ("Why is it slow?", "It is slow.", 1.0, 1.0),
    ],
)
def test_a_sentence_fits_as_far_as_it_has_the_kind_of_fact(question, sentence, least, most):
    assert least <= fact_fit(fact_kind(question), sentence, ()) <= most


def test_digits_in_a_name_are_no_figure():
    kind = fact_kind("What score does 1.5-Owl reach?", ("1.5-Owl",))
    assert fact_fit(kind, "1.5-Owl reaches a better score.", ("15owl",)) == 0.0


def test_a_score_on_another_benchmark_is_hardly_one():
    kind = fact_kind("What accuracy does OwlNet reach on NightBench?", ("OwlNet",))
    # 1 with every other name in the sentence, 0.3 without
    assert fact_fit(kind, "It has an accuracy of 81.4% on BirdBench.", ("owlnet",), ["nightbench"]) == 0.3
    assert fact_fit(kind, "It has an accuracy of 81.4% on NightBench.", ("owlnet",), ["nightbench"]) == 1.0


def test_the_name_of_the_paper_is_not_the_name_that_is_asked_for():
    assert fact_fit(fact_kind("Which model is used?"), "OwlNet is a model.", ("owlnet",)) == 0.2
    assert fact_fit(fact_kind("Which model is used?"), "HawkNet is the model.", ("owlnet",)) == 1.0


def test_who_wins_is_told_by_a_word_for_winning():
    kind = fact_kind("Which model wins on BirdBench?", ("BirdBench",))
    # 1 with a name and the thing named; 0.4 of it where nothing says that it is the best
    assert fact_fit(kind, "HawkNet is the best model.", ("birdbench",)) == 1.0
    assert fact_fit(kind, "HawkNet is one model.", ("birdbench",)) == 0.4


def test_a_word_is_of_its_own_kin():
    assert kin("owl") == {"owl"}
    assert {"imag", "pictur"} <= kin("imag")

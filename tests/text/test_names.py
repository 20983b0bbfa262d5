"""Names of systems: their keys, their looks, and which of them a paper gives to its own work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.model import Paper
from rag.text.names import (
    introduced_names,
    looks_like_name,
    most_of,
    name_key,
    name_tokens,
    people_of,
    spelled_out,
    title_name,
)
from rag.text.own_names import general_names, own_name, presented_names


def paper(title, abstract=""):
    return Paper(id="p", title=title, abstract=abstract)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("γ-MoD", "gamma-MoD"),
        ("γ-MoD", "Gamma MoD"),
        ("M^{2}UGen", "M2UGen"),
        ("M^{2}UGen", "M²UGen"),
        (r"{\mu}-Bench", "mu-Bench"),
        ("SEED-Bench", "seed bench"),
        ("LLaVA‑Mini", "llava_mini"),
        ("Owl Net", "OwlNet"),
    ],
)
def test_a_name_has_one_key_however_it_is_written(one, other):
    assert name_key(one) == name_key(other) != ""


LOOK_ALIKES = (
    ("InfLLM", "InfMLLM", "INF-LLaVA"),
    ("SEED-Bench", "SEED-Bench-2", "SEED-Bench-2-Plus"),
    ("γ-MoD", "p-MoD", "LLaVA-MoD", "MoD-LLaVA"),
    ("MoE-LLaVA", "LLaVA-MoLE", "LLaVA-MoD"),
)


@pytest.mark.parametrize("names", LOOK_ALIKES, ids=lambda names: names[0])
def test_names_that_look_alike_have_keys_of_their_own(names):
    assert len({name_key(name) for name in names}) == len(names)


@given(st.text(max_size=30))
def test_a_key_has_letters_and_digits_only_and_is_its_own_key(text):
    key = name_key(text)
    assert key == "" or key.isalnum()
    assert name_key(key) == key


@pytest.mark.parametrize(
    "token",
    [
        "OwlNet",
        "InfLLM",
        "SEED-Bench-2",
        "GPT-4V",
        "γ-MoD",
        "iLLaMA",
        "M2UGen",
        "Video-LLaMA",
        "Qwen2.5",
        "S2",
        "1.5-Pints",
    ],
)
def test_tokens_with_inner_capitals_or_digits_look_like_names(token):
    assert looks_like_name(token)


@pytest.mark.parametrize(
    "token",
    ["owl", "Owls", "Vision-Language", "High-Resolution", "LLMs", "GPU", "state-of-the-art", "7B", "2.5x", "4.2%",
     "2-Stage", "-"],
)  # fmt: skip
def test_words_kinds_of_model_and_quantities_do_not_look_like_names(token):
    assert not looks_like_name(token)


def test_the_names_of_a_text_come_in_order_without_the_stop():
    assert name_tokens("We compare OwlNet with GPT-4V, and with SEED-Bench-2.") == ("OwlNet", "GPT-4V", "SEED-Bench-2")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("OwlNet: Seeing Small Birds at Night", "OwlNet"),
        ("FINCH: A Framework for Inspecting Charts", "FINCH"),
        ("Prism: A Way to See", "Prism"),
        ("Tidal Cache: Keeping What the Model Will Need", "Tidal Cache"),
        ("M^{2}UGen: Music from Pictures", "M²UGen"),
        ("A Note on Snow", None),
        ("What do owls see: a study of nights", None),
        ("Owls, hawks and kites: birds at night", None),
    ],
)
def test_the_name_of_a_title_stands_before_its_colon(title, name):
    assert title_name(title) == name


def test_a_name_that_only_the_abstract_has_is_the_papers_own():
    text = "Birds are small. We propose SliOwl, which cuts images. SliOwl beats HawkNet on OwlBench."
    assert own_name(paper("Cutting Pictures of Birds", text)) == "SliOwl"


def test_a_name_that_others_gave_is_not_the_papers_own():
    text = "Owls are hard to see. We count them by their calls. Our counts are closer than those of HawkNet."
    assert own_name(paper("Counting Owls", text)) is None


@pytest.mark.parametrize(
    "abstract",
    [
        "We propose a way to see by dark tree regression (DTR). DTR sees owls. DTR is small.",
        "Meadow Labs recently released the Segment Owls Model (SOM). SOM sees owls. We test SOM.",
        "We test the newly developed Owl Alignment Sensing (OWAS) scheme. OWAS is small. OWAS sees owls.",
        "We present an OwlNet implementation of dusk. With OwlNet it is fast.",
        "We propose a HawkNet (HN3)-assisted plan. HN3 sees owls.",
        "We introduce SHort OwlNet (SHOWL), which is small.",
        "OwlNet shows owls. We ask why OwlNet does. We find that OwlNet counts.",
        "We propose ¹⁸⁷Re for the owls. ¹⁸⁷Re decays.",
        "We build OwlNet and HawkNet. They see owls.",
        "Our winds make OwlNet, which is small.",
        "We propose a sparse Bayesian owl network (BON), which is small.",
    ],
)
def test_in_doubt_a_paper_has_no_name_of_its_own(abstract):
    assert own_name(paper("Counting Birds", abstract)) is None


def test_a_short_form_of_common_words_that_are_the_title_is_the_papers_own_name():
    text = "We propose dark tree regression (DTR). DTR sees owls."
    assert own_name(paper("Dark Tree Regression for Owls", text)) == "DTR"


def test_a_name_in_brackets_behind_the_words_that_begin_a_title_is_the_papers_own():
    title = "The Nightly Survey of Owls in Woods (NOW-3): V. Their Weights"
    assert own_name(paper(title, "Owls are weighed. We develop OwlNet.")) == "NOW-3"
    assert own_name(paper("Counting by Large Models (LMs): A Survey")) is None


def test_a_paper_without_any_name_has_none():
    assert own_name(paper("A Note on Snow", "Snow reflects light.")) is None
    assert introduced_names(paper("A Note on Snow")) == ()


def test_a_benchmark_that_is_built_beside_a_system_is_introduced_too():
    text = "We propose OwlNet for birds. We also build OwlBench, with 3,000 nights. HawkNet is slower."
    assert introduced_names(paper("OwlNet: Birds", text)) == ("OwlNet", "OwlBench")


def test_an_abbreviation_in_brackets_stands_for_the_words_before_it():
    text = "We introduce the Nocturnal Query Encoder (NQE), a module for owls."
    assert spelled_out(paper("Owls", text)) == (("NQE", "Nocturnal Query Encoder"),)
    assert "NQE" in introduced_names(paper("Owls", text))


def test_brackets_that_abbreviate_nothing_stand_for_nothing():
    assert spelled_out(paper("Owls", "We use Large Images (see HawkNet) of owls.")) == ()


@pytest.mark.parametrize(
    ("abstract", "names"),
    [
        ("We propose a nocturnal query encoder (NQE) for owls.", ("NQE",)),
        ("A module for owls, called OwlNet, sees HawkNet.", ("OwlNet",)),
        ("Our encoder, OwlNet, is small.", ("OwlNet",)),
        ("We introduce a way of seeing at night, OwlNet, which is small.", ("OwlNet",)),
        ("We propose an estimator of the gross pond product (GPP).", ()),
        ("Growth is measured, namely gross pond product (GPP).", ()),
        ("We compare OwlNet with HawkNet.", ()),
    ],
)
def test_only_what_an_abstract_presents_is_a_name_that_it_gives(abstract, names):
    assert presented_names(paper("Counting Owls", abstract)) == names


def test_a_name_that_papers_of_many_fields_use_is_nobodys_own():
    assert "gdp" in general_names()
    text = "ReLU is small. We propose ReLU for owls. ReLU sees them. Our model, OwlNet, is small."
    assert own_name(paper("Counting Owls", text)) == "OwlNet"


def test_what_a_digest_is_about_is_the_works_own_name_though_nobody_presents_it():
    text = "SOWA is a small model of owls. At night SOWA sees 9 of 10."
    assert own_name(paper("Owls", text)) is None
    assert own_name(Paper("p", "Owls", text, abstract_kind="digest")) == "SOWA"


def test_spellings_of_one_author_are_told_from_two_authors():
    names = [
        "A. S. Owl",
        "Alexander S. Owl'",
        "Alexander Owl",
        r"J\'ozsef Fox",
        "Jozsef Fox",
        "Y. Charles Li",
        "Yao Li",
    ]
    assert sorted(len(one) for one in people_of(names)) == [1, 1, 2, 3]
    assert people_of(["Jozsef Fox", "József Fox", r"J\'ozsef Fox"])[0][0] == "József Fox"
    assert people_of(["J. Fox", "Jan Fox"]) == [["Jan Fox"], ["J. Fox"]]  # one initial is too little
    assert people_of(["A. B. Fox", "Ann B. Fox", "Amy B. Fox"]) == [["Amy B. Fox"], ["Ann B. Fox"], ["A. B. Fox"]]
    assert most_of({"Ann Owl": 2, "Bo Fox": 3, "Ann B. Owl": 2}) == (4, [["Ann B. Owl", "Ann Owl"]])

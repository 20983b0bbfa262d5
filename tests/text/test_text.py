"""Sentences with exact offsets, and the two normal forms: for showing and for matching."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import content_words, normal, sentences, shown, terms


def cut(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "We follow Sowa et al. and keep all tokens.",
        "We follow Sowa et al. (2024) and keep all tokens.",
        "Some benchmarks, e.g. OwlBench, are small.",
        "One half, i.e. Twelve tokens, is kept.",
        "The rule is shown in Fig. 3 and in Eq. 4 of the report.",
        "We compare OwlNet vs. HawkNet on three tasks.",
        "The gain is approx. 4 points.",
        "OwlNet reaches 81.4% and 2.5 times the speed of v1.5 on average.",
        "LLaVA-1.5 and Qwen2.5 are compared.",
        "The code is at https://owls.example.org/net.html?a=1.2 for all to read.",
        "The code is at www.owls.example.org/Net.html for all.",
        "The file owls.json is read first.",
        "It was named by J. Bird in his thesis.",
        "Is it (really?) a bird that sings",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(text):
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One owl. Two owls.", ["One owl.", "Two owls."]),
        ("It builds on LLaVA-1.5. We keep it.", ["It builds on LLaVA-1.5.", "We keep it."]),
        ("It gains 4.2. The rest is lost.", ["It gains 4.2.", "The rest is lost."]),
        ("Is it a bird? It is! And so on.", ["Is it a bird?", "It is!", "And so on."]),
        # A name that begins with a small letter may begin a sentence, a word may not.
        ("It is old. iLLaMA reaches 75.1%.", ["It is old.", "iLLaMA reaches 75.1%."]),
        ("It is old. γ-Moss skips layers.", ["It is old.", "γ-Moss skips layers."]),
        (r"It is old. {\mu}-Lens is new.", ["It is old.", r"{\mu}-Lens is new."]),
        ("It is old. gamma-Moss skips. p-Moss too.", ["It is old.", "gamma-Moss skips.", "p-Moss too."]),
        # The space is missing.
        ("It gives outputs.This helps.", ["It gives outputs.", "This helps."]),
        # A full stop set apart, as in old collections without capitals.
        ("the wing is thin . it bends .", ["the wing is thin .", "it bends ."]),
        ("He said “it sings.” We listened.", ["He said “it sings.”", "We listened."]),
        ("Two stages: 1. Align the owls. 2. Count.", ["Two stages: 1. Align the owls.", "2. Count."]),
        ("One line without a stop\n\nAnother line", ["One line without a stop", "Another line"]),
        ("See https://owls.example.org. We keep it.", ["See https://owls.example.org.", "We keep it."]),
        ("", []),
        (" \n ", []),
    ],
)  # fmt: skip
def test_sentences_are_cut_where_they_end(text, expected):
    assert cut(text) == expected


PIECES = st.lists(
    st.sampled_from(
        ["Owl", "e.g.", "et al.", "3.5", ".", "?", "!", " ", "  ", "\n\n", "We", "Fig.", "a)", "“", "”", "(", ")",
         "https://o.org/a.b", "\\%", "γ", "…", "LLaVA-1.5.", "\u00a0", "\t", "鸟", "vs."]
    )
).map("".join)  # fmt: skip


@given(st.one_of(st.text(), PIECES))
def test_sentences_together_hold_every_character_that_is_no_space(text):
    spans = sentences(text)
    held = {at for start, end in spans for at in range(start, end)}
    assert all(at in held for at, character in enumerate(text) if not character.isspace())
    assert all(a < b for a, b in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (r"sim75\%", "~75%"),
        (r"about 40\% more memory \& time", "about 40% more memory & time"),
        ("2.29times faster", "2.29× faster"),
        ("3 times 4 pixels", "3×4 pixels"),
        ("leq 4B", "≤ 4B"),
        ("geq 7B", "≥ 7B"),
        (r"{\mu}-Bench", "μ-Bench"),
        (r"\gamma-Moss", "γ-Moss"),
        (r"$\sim$75", "~75"),
        ("M^{2}UGen", "M²UGen"),
        ("S^2 scales", "S² scales"),
        ("x_{max} is large", "x_max is large"),
        (r"\textbf{Owl} and \emph{Hawk}", "Owl and Hawk"),
        (r"\href{https://o.example.org}{the page}", "the page"),
        ("a rightarrow b", "a → b"),
        # A macro of the author's that was never expanded.
        (r"\OurMethod is free", "our method is free"),
        ("``Owls'' sing", "“Owls” sing"),
        (r"$\sin^22\theta$ and $x^23$ of $10^12$ owls", "sin²2θ and x²3 of 10¹² owls"),
        ("z~0.5 in Fig.~3, of owls~2 to M~10^9", "z~0.5 in Fig. 3, of owls 2 to M~10⁹"),
        (r"1.57 $M_\odot$, $\hat{\theta}$, $\dot M$, $\hbar$ and O($n\log n$)", "1.57 M☉, θ̂, Ṁ, ℏ and O(n log n)"),
        (r"$e^{-\Gamma t}$ and $x^{-\alpha}$ from $\sim$$5$ on", "e^(-Γ t) and x^-α from ~5 on"),
        ("CO_2 in resnet_50 with x_{12}", "CO₂ in resnet_50 with x₁₂"),
        ("10^{-3} of x^{n}, Ca^{2+}", "10⁻³ of x^n, Ca²⁺"),
        (r"5$^{\circ}$C in 5\,$\mu$s", "5°C in 5 μs"),
        (r"$\hbox {H}_2$ and {\em reeds} \emph{of \textbf{it}}", "H₂ and reeds of it"),
        (r"\(\frac{1}{2}\) of $$x^2$$ and \sqrt{2}", "1/2 of x² and √2"),
        (r"Erd\H{o}s, Poincar\'e, G{\"o}del, na\"{\i}ve and \L{}ukasz", "Erdős, Poincaré, Gödel, naïve and Łukasz"),
        (r"owls~\cite{owl} sing \textless 5", "owls sing < 5"),
        ("10^5.2 owls for $$ and more $$", "10^5.2 owls for $$ and more $$"),
        ("  two \n spaces ", "two spaces"),
    ],
)
def test_residue_of_latex_is_shown_as_it_was_meant(raw, expected):
    assert shown(raw) == expected


@pytest.mark.parametrize(
    "text",
    ["The owl sings three times a night.", "The simple rule is simplest.", "It is less than half.", "Owls & hawks"],
)
def test_plain_words_that_look_like_residue_are_shown_as_they_are(text):
    assert shown(text) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("γ-Moss", "gamma-Moss"),
        (r"{\mu}-Lens", "mu-lens"),
        ("M^{2}UGen", "M2UGen"),
        ("text‑to–speech", "Text-to-speech"),
        ("1,200 owls", "1200 OWLS"),
        ("the LLMs", "the LLM"),
        ("it’s", "it's"),
        (r"sim75\%", "~75%"),
        ("２．５", "2.5"),
    ],
)
def test_spellings_of_the_same_thing_have_one_normal_form(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"), [("OwlNet", "HawkNet"), ("1.5", "15"), ("3%", "3"), ("OwlNet-2", "OwlNet-3")]
)
def test_different_things_keep_different_normal_forms(one, other):
    assert normal(one) != normal(other)


@given(st.text(max_size=60))
def test_what_is_shown_or_normal_has_no_white_space_but_single_spaces(text):
    for form in (shown(text), normal(text)):
        assert re.search(r"[^\S ]|  |^ | $", shown(form)) is None


def test_terms_are_stemmed_and_without_stop_words():
    assert terms("The owls are singing at night") == terms("an owl sings by nights")
    assert terms("of the and") == ()


def test_hyphenated_words_count_as_their_parts_and_decimals_stay_whole():
    assert terms("training-free") == terms("training free")
    assert terms("gains 2.5 points") != terms("gains 2 5 points")


@given(st.text(max_size=80))
def test_content_words_are_words_of_the_text_in_order(text):
    spans = content_words(text)
    assert all(text[start:end].isalnum() for start, end in spans)
    assert list(spans) == sorted(spans)

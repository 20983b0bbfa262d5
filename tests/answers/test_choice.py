"""Which sentences are chosen, how many, in which order and form, from probabilities set by hand."""

import numpy as np
import pytest

from rag.answers.calibration import Calibration, logistic, weighed
from rag.answers.candidates import Candidate
from rag.answers.choice import answerable, chosen, length, ordered
from rag.answers.forms import LIST_WORDS, compared, drafted, few, listed, missing_sentence
from rag.answers.judging import Paper, Sentence, to_tell
from rag.answers.several import of_one
from rag.grounding.citations import number
from rag.model import Paper as Stored
from rag.text import sentences

OWL = "Owls are hard to see. OwlNet keeps 12 tokens of 196. This halves its cost. It needs no training at all."
QUESTION = "Does OwlNet or HawkNet keep more tokens?"
WANTS = {"one": 1.0, "several": 0.0, "overview": 0.0}


def candidate(
    title="OwlNet: Seeing Owls", abstract=OWL, *, named=False, asked_as=(), score=3.0, titled=False, **fields
):
    paper = Stored(title.partition(":")[0].lower(), title, abstract, **fields)
    spans = sentences(abstract)
    name = title.partition(":")[0] if ":" in title else ""
    return Candidate(paper, spans, np.eye(len(spans), 8, dtype=np.float32), score, name, named, tuple(asked_as), titled)


def judged(one, chances, *, about=1.0, meant=1.0):
    """A paper that was read: its sentences with these chances."""
    found = [Sentence(one, n, 10 * chance - 5, chance) for n, chance in enumerate(chances)]
    return Paper(one, tuple(sorted(found, key=lambda s: -s.logit)), about, meant)


def positions(found):
    return [sentence.position for sentence in found]


def test_one_sentence_that_surely_answers_is_enough():
    assert positions(chosen([judged(candidate(), [0.1, 0.96, 0.6, 0.1])], WANTS, 80)) == [1]


def test_a_second_sentence_follows_where_the_first_is_unsure_and_the_third_has_no_chance():
    assert positions(chosen([judged(candidate(), [0.1, 0.6, 0.5, 0.05])], WANTS, 80)) == [1, 2]


def test_a_question_of_several_things_gets_a_second_sentence_in_any_case():
    read = [judged(candidate(), [0.1, 0.96, 0.1, 0.6])]
    assert positions(chosen(read, {**WANTS, "several": 0.9}, 80)) == [1, 3]


def test_the_budget_of_words_is_kept_but_for_the_first_sentence():
    assert positions(chosen([judged(candidate(), [0.1, 0.5, 0.4, 0.4])], WANTS, 5)) == [1]


def test_a_whole_paper_is_told_in_several_sentences_however_sure_the_first_is():
    read = [
        judged(candidate(), [0.1, 0.99, 0.6, 0.2]),
        judged(candidate("HawkNet: Seeing Hawks"), [0.9, 0.9, 0.9, 0.9]),
    ]
    whole = {**WANTS, "overview": 0.9}
    found = chosen(read, whole, 80)
    assert positions(found) == [1, 2, 3, 0]
    assert {sentence.candidate.name for sentence in found} == {"OwlNet"}
    assert positions(chosen(read, whole, 13)) == [1, 2]  # six words, four, two marks and a name


def test_a_title_that_the_question_says_is_not_said_again():
    asked = candidate("Seeing Owls", named=True, asked_as=["Seeing Owls"], titled=True)
    found = [Sentence(asked, 0, 0.0, 0.9)]
    assert number(few(found, 80))[0] == "Owls are hard to see [1]."
    assert length(found) == 6
    described = [Sentence(candidate("Seeing Owls"), 0, 0.0, 0.9)]
    assert number(few(described, 80))[0] == "“Seeing Owls”: Owls are hard to see [1]."
    assert length(described) == 8


def test_nothing_read_is_nothing_chosen():
    assert chosen([], WANTS, 80) == []


def test_the_best_sentence_stays_first_and_others_follow_in_the_order_of_their_abstract():
    one = candidate()
    found = [Sentence(one, n, 0.0, 0.5) for n in (3, 2, 0)]
    assert positions(ordered(found)) == [3, 0, 2]
    assert positions(ordered(found, in_order=True)) == [0, 2, 3]


def test_a_sentence_that_hangs_on_the_one_before_brings_it_along():
    text, statements, citations = number(few([Sentence(candidate(), 2, 0.0, 0.9)], 80))
    assert text == "OwlNet keeps 12 tokens of 196 [1]. This halves its cost [2]."
    assert [citation.quote for citation in citations] == ["OwlNet keeps 12 tokens of 196.", "This halves its cost."]
    assert len(statements) == 2


def test_a_further_sentence_about_it_is_left_out_where_what_it_is_has_no_room():
    birds = candidate("Birds", "Owls are hard to see. Hawks keep to the woods by day. Specifically, it is dark there.")
    found = [Sentence(birds, 0, 0.0, 0.9), Sentence(birds, 2, 0.0, 0.5)]
    assert number(few(found, 80))[0].endswith("Hawks keep to the woods by day [2]. It is dark there [3].")
    assert number(few(found, length(found) + 2))[0] == "“Birds”: Owls are hard to see [1]."


def test_a_sentence_without_its_name_gets_the_name_and_keeps_its_quote():
    draft = drafted(Sentence(candidate(), 0))
    assert draft.parts[0].text == "OwlNet: Owls are hard to see."
    assert draft.parts[0].quotes[0].text == "Owls are hard to see."


def test_a_fact_of_the_metadata_is_cited_by_its_field():
    one = candidate(author_count=3)
    [draft] = few([Sentence(one, len(one.spans), 0.0, 0.9)], 80)
    assert draft.parts[0].text == "OwlNet has 3 authors."
    assert draft.parts[0].quotes[0].field == "author_count"


def test_papers_side_by_side_stand_in_the_order_of_the_question():
    hawk = candidate("HawkNet: Seeing Hawks", "HawkNet keeps all tokens. It is slow.", asked_as=("HawkNet",))
    owl = candidate(asked_as=("OwlNet",))
    read = [judged(hawk, [0.9, 0.0]), judged(owl, [0.1, 0.9, 0.1, 0.1])]
    text, _, _ = number(compared(read, QUESTION, np.zeros(8, dtype=np.float32)))
    assert text == "OwlNet keeps 12 tokens of 196 [1]. HawkNet keeps all tokens [2]."


def test_what_room_a_short_side_leaves_goes_to_what_fits_best_on_the_other():
    hawk = candidate("HawkNet: Seeing Hawks", "It is slow.", asked_as=("HawkNet",))
    owl = candidate(asked_as=("OwlNet",))
    read = [judged(hawk, [0.9]), judged(owl, [0.5, 0.9, 0.8, 0.85])]  # the first is too far behind the best
    text, _, _ = number(compared(read, QUESTION, np.zeros(8, dtype=np.float32)))
    own = text.partition("HawkNet: It is slow [")[0]
    assert own.count("[") == 3
    assert "Owls are hard to see" not in own


def test_the_best_of_a_side_brings_along_what_it_hangs_on():
    owl = candidate(asked_as=("OwlNet",))
    read = [
        judged(owl, [0.5, 0.1, 0.9, 0.1]),
        judged(candidate("HawkNet: Hawks", asked_as=("HawkNet",)), [0.9, 0, 0, 0]),
    ]
    text, _, _ = number(compared(read, QUESTION, np.zeros(8, dtype=np.float32)))
    assert text.startswith("OwlNet keeps 12 tokens of 196 [1]. This halves its cost [2]. HawkNet: Owls are hard to see")


def test_a_named_side_that_says_nothing_of_it_is_said_to_be_silent():
    owl, hawk = (candidate(f"{name}: Birds", named=True, asked_as=(name,)) for name in ("OwlNet", "HawkNet"))
    silent, half = judged(hawk, [0.1, 0.2, 0.1, 0.1]), judged(hawk, [0.1, 0.3, 0.1, 0.1])  # logits of -3 and -2
    for side, told in ((silent, True), (half, False)):
        text, _, _ = number(compared([judged(owl, [0.1, 0.9, 0.1, 0.1]), side], QUESTION, np.zeros(8, np.float32)))
        assert text.endswith("The abstract of HawkNet does not say.") == told


def test_where_the_code_is_is_told_to_whom_asks_for_it():
    owl = candidate(abstract="OwlNet keeps 12 tokens. Code and models are public. It was trained on public data.")
    read = [judged(owl, [0.5, 0.9, 0.4])]
    assert positions(to_tell("What data does OwlNet use?", read)[0].sentences) == [0, 2]
    assert positions(to_tell("Is the code of OwlNet available?", read)[0].sentences) == [1, 0, 2]


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("OwlNet vs HawkNet: what does each use?", "what does OwlNet use?"),
        ("Compare how OwlNet and HawkNet see", "how OwlNet see"),
        ("how accurate are HawkNet and OwlNet?", "how accurate is OwlNet?"),
        ("Where do the pairs come from in OwlNet, and where in HawkNet?", "Where do the pairs come from in OwlNet?"),
        ("What is HawkNet for and how fast is OwlNet?", "What is OwlNet for and how fast is OwlNet?"),
        ("What does HawkNet drop compared with OwlNet?", "What does OwlNet drop?"),
    ],
)
def test_a_question_on_two_is_asked_of_one(question, alone):
    owl, hawk = (candidate(f"{name}: Birds", named=True, asked_as=(name,)) for name in ("OwlNet", "HawkNet"))
    assert of_one(question, owl, [owl, hawk]) == alone


def test_a_comparison_keeps_to_its_words():
    long = [
        candidate(f"Owl{n}Net: Owls", "It keeps owls in the wood awake. " * 6, asked_as=(f"Owl{n}Net",))
        for n in range(4)
    ]
    read = [judged(one, [0.9] * 6) for one in long]
    drafts = compared(read, "Owl0Net, Owl1Net, Owl2Net or Owl3Net?", np.zeros(8, dtype=np.float32))
    text, _, _ = number(drafts)
    assert 4 * 8 < len(text.split()) <= 128


def test_a_list_says_how_many_are_left_when_the_words_are_used_up():
    many = [candidate(f"Owl {n}: " + "a study of owls " * 4) for n in range(40)]
    drafts = listed(many, [None] * 40, counted=True)
    text, statements, _ = number(drafts)
    assert text.startswith("40 papers of the library are about this:\n- Owl 0")
    shown = sum(statement.text.startswith("- ") for statement in statements)
    assert text.endswith(f"And {40 - shown} more, not shown here.")
    assert len(text.split()) <= LIST_WORDS + 30


@pytest.mark.parametrize(
    ("named", "unknown", "said"),
    [
        ([], (), "No paper in the library answers “How fast is it?”."),
        ([candidate()], (), "The abstract of OwlNet does not answer “How fast is it?”."),
        ([], ("WombatNet",), "No paper in the library mentions WombatNet."),
        ([candidate()], ("WombatNet",), "The abstract of OwlNet does not mention WombatNet."),
        ([candidate(abstract="")], (), "Of OwlNet the library has only the title, no abstract."),
        (
            [candidate(), candidate("HawkNet: Hawks")],
            (),
            "The abstracts of OwlNet and HawkNet do not answer “How fast is it?”.",
        ),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(named, unknown, said):
    assert missing_sentence("How fast is it?", named, unknown) == said


def test_a_long_question_is_not_said_again():
    assert missing_sentence("owls and " * 20 + "hawks?", [], ()) == "No paper in the library answers this."


def test_an_answer_is_the_likelier_the_more_its_best_sentence_says():
    weights = {"answers": 1.0, "unknown": -3.0, "meant": 2.0, "asked": 0.5, "bias": -5.0}
    calibration = Calibration({}, {}, {}, weights, {}, {}, 0.5, 0.5, 0.5, -2.0)
    read = [judged(candidate(), [0.0, 0.9])]
    sure = answerable(QUESTION, read, WANTS, calibration, unknown=0)
    # the logit of the best sentence is 10 * 0.9 - 5 = 4; the paper is surely meant: 2; four words are asked about, each
    # 0.5 (owlnet, hawknet, keep, token): 2; and the bias of 5 is taken off
    assert sure == pytest.approx(logistic(3.0))
    assert answerable(QUESTION, read, WANTS, calibration, unknown=1) == pytest.approx(logistic(0.0))
    assert answerable(QUESTION, [], WANTS, calibration, unknown=0) == 0.0


def test_the_logistic_is_the_same_on_both_sides_and_takes_any_number():
    assert logistic(2.0) + logistic(-2.0) == pytest.approx(1.0)
    assert (logistic(-1e4), logistic(1e4)) == (0.0, 1.0)
    assert weighed({"a": 2.0, "bias": 1.0}, {"a": 3.0, "b": 9.0}) == 7.0


def test_a_paper_on_a_list_is_shown_by_a_sentence_with_the_words_of_the_subject():
    # The last sentence is nearer (0.4 for 0.1), and the second has both words, which count as much as 0.5.
    vector = np.array([0.0, 0.1, 0.0, 0.4, 0, 0, 0, 0], dtype=np.float32)
    assert candidate().showing(vector, {"owlnet", "token"}) == 1
    assert candidate().showing(vector, {"fish", "boat"}) == 3
    assert candidate(abstract="").showing(vector, {"token"}) is None


def test_a_count_is_not_answered_by_what_has_none_however_near_its_words():
    weights = {"answers": 1.0, "meant": 2.0}
    calibration = Calibration({}, {}, {}, weights, {}, {}, 0.5, 0.5, 0.5, about_line=-1.0)
    read = judged(candidate(named=True), [0.97, 0.5, 0.1, 0.1])
    assert answerable("How many owls are hard to see?", [read], WANTS, calibration, unknown=0) == 0.0
    assert answerable("Are owls hard to see?", [read], WANTS, calibration, unknown=0) > 0.5
    counted = judged(candidate(named=True), [0.1, 0.97, 0.1, 0.1])
    assert answerable("How many tokens does it keep?", [counted], WANTS, calibration, unknown=0) > 0.5


def test_of_two_named_papers_one_may_say_how_many_and_the_other_not():
    calibration = Calibration({}, {}, {}, {"answers": 1.0}, {}, {}, 0.5, 0.5, 0.5, about_line=-1.0)
    read = [
        judged(candidate(named=True), [0.97, 0.1, 0.1, 0.1]),
        judged(candidate("HawkNet: Seeing Hawks", named=True), [0.1, 0.5, 0.1, 0.1]),
    ]
    assert answerable("How many owls do OwlNet and HawkNet see?", read, WANTS, calibration, unknown=0) > 0.5

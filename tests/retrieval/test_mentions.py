"""Which papers the names in a question stand for, on a library made for names that are easily confused."""

import pytest

from rag.model import Paper
from rag.retrieval.index.making import build_index
from rag.retrieval.question.mentions import find_names, only_names

LIBRARY = (
    Paper("infllm", "InfLLM: Memory for Endless Reading", "We propose InfLLM, which reads without end."),
    Paper("infmllm", "InfMLLM: One Frame for Many Tasks", "InfMLLM unites tasks of pictures."),
    Paper("inf-llava", "INF-LLaVA: Two Views of Large Pictures", "INF-LLaVA looks twice at large pictures."),
    Paper("seed", "SEED-Bench: Questions for Models", "We introduce SEED-Bench, with 19 thousand questions."),
    Paper("seed-2", "SEED-Bench-2: More Questions", "SEED-Bench-2 has 24 thousand questions."),
    Paper("seed-2-plus", "SEED-Bench-2-Plus: Charts, Maps and Pages", "SEED-Bench-2-Plus asks about pages."),
    Paper("gamma-mod", "γ-MoD: Skipping Layers", "γ-MoD turns dense layers into sparse ones."),
    Paper("p-mod", "p-MoD: Fewer Tokens Deeper Down", "p-MoD keeps ever fewer tokens."),
    Paper("llava-mod", "LLaVA-MoD: Small by Distillation", "LLaVA-MoD learns from a large teacher."),
    Paper("m2ugen", "M^{2}UGen: Music from Pictures", "M^{2}UGen writes music."),
    Paper("sliowl", "Cutting Pictures of Birds", "We propose SliOwl, which cuts. SliOwl beats HawkNet by far."),
    Paper("prism", "Prism: Seeing Apart from Thinking", "Prism splits what a model sees from what it thinks."),
    Paper("finch-charts", "FINCH: Inspecting Charts", "FINCH inspects charts."),
    Paper("finch-choirs", "FINCH: Hearing Choirs", "FINCH hears choirs."),
    Paper("lighthouse", "Lighthouses as Landmarks for Autonomous Boats", ""),
    Paper("video-kites", "Video-KiteA: Kites in Films", "Video-KiteA finds kites in films."),
)


@pytest.fixture(scope="module")
def index():
    return build_index("generation", LIBRARY)


def meant(text, index):
    """The ids of the papers whose own work the question names."""
    found = find_names(text, index)
    return sorted({index.papers[n].id for mention in found.owned for n in mention.named.owners})


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("How does InfLLM read?", ["infllm"]),
        ("How does infmllm work?", ["infmllm"]),
        ("What does INF-LLaVA look at?", ["inf-llava"]),
        ("How many questions has SEED-Bench?", ["seed"]),
        ("How many questions has SEED-Bench-2?", ["seed-2"]),
        ("What is in SEED-Bench-2-Plus?", ["seed-2-plus"]),
        ("what is in seed bench 2 plus", ["seed-2-plus"]),
        ("What does γ-MoD skip?", ["gamma-mod"]),
        ("What does gamma-MoD skip?", ["gamma-mod"]),
        ("What does gamma mod skip?", ["gamma-mod"]),
        ("Which tokens does p-MoD keep?", ["p-mod"]),
        ("Who taught LLaVA-MoD?", ["llava-mod"]),
        ("What does M2UGen write?", ["m2ugen"]),
        ("What does M^{2}UGen write?", ["m2ugen"]),
        ("How do γ-MoD, p-MoD and LLaVA-MoD differ?", ["gamma-mod", "llava-mod", "p-mod"]),
        ("Is InfLLM's memory large?", ["infllm"]),
        ("¿Qué hace InfLLM?", ["infllm"]),
        ("InfLLM是什么？", ["infllm"]),
        ("INF-LLaVA和SEED-Bench-2，有什么不同？", ["inf-llava", "seed-2"]),
    ],
)
def test_a_name_stands_for_its_own_paper_and_for_no_look_alike(question, ids, index):
    assert meant(question, index) == ids


def test_a_name_that_only_an_abstract_has_stands_for_its_paper(index):
    assert meant("What does SliOwl cut?", index) == ["sliowl"]


def test_a_name_of_two_papers_stands_for_both(index):
    assert meant("What is FINCH?", index) == ["finch-charts", "finch-choirs"]


def test_a_name_that_is_a_word_has_to_be_written_as_a_name(index):
    assert meant("How does Prism work?", index) == ["prism"]
    assert meant("How does light pass a prism?", index) == []


@pytest.mark.parametrize("written", ["InfMLLLM", "SliOwll", "SEED-Benhc", "LLaVA-MDo"])
def test_a_slip_of_the_hand_is_forgiven(written, index):
    # one letter too many, one doubled, two turned round
    assert len(meant(f"What is {written} good for?", index)) == 1
    assert find_names(f"What is {written} good for?", index).unknown == ()


@pytest.mark.parametrize("written", ["Video-KiteB", "SEED-Bench-3", "GPT-9", "SliOwn"])
def test_another_systems_name_that_is_one_letter_away_is_unknown(written, index):
    found = find_names(f"What is {written} good for?", index)
    assert found.owned == ()
    assert found.unknown == (written,)


def test_a_name_that_nobody_has_is_unknown_and_words_are_not(index):
    found = find_names("Does WombatNet-2 beat the best of them on large pictures?", index)
    assert (found.known, found.unknown) == ((), ("WombatNet-2",))


def test_a_name_that_an_abstract_mentions_is_known_and_stands_for_nobody(index):
    found = find_names("Which ones beat HawkNet?", index)
    assert found.owned == () == found.unknown
    assert [[index.papers[n].id for n in mention.named.mentioned] for mention in found.known] == [["sliowl"]]


def test_a_whole_title_in_a_question_stands_for_its_paper(index):
    assert meant("When did lighthouses as landmarks for autonomous boats appear?", index) == ["lighthouse"]


def test_a_short_title_as_it_is_written_stands_for_its_paper(index):
    papers = (*LIBRARY, Paper("rotors", "Quiet Rotors", ""), Paper("kites", "Kites", ""))
    more = build_index("more", papers)
    assert meant("What is Quiet Rotors about?", more) == ["rotors"]
    assert meant("Who wrote Kites?", more) == ["kites"]
    assert meant("Kites", more) == ["kites"]
    assert meant("Which papers are on quiet rotors or kites?", more) == []
    assert meant("Kites in films?", more) == []
    many = build_index("many", (*papers, *(Paper(f"k{n}", f"Seeing Kites {n}", "") for n in range(9))))
    assert meant("Which papers are about Kites?", many) == []


def test_a_kind_of_model_is_no_name_though_one_paper_abbreviates_it():
    papers = (
        Paper(
            "merv", "Uniting Encoders for Films", "Video Large Language Models (VideoLLMs) see little. We propose MERV."
        ),
        Paper("own", "MobileVLM: Small Eyes", "We propose MobileVLM."),
    )
    kinds = build_index("kinds", papers)
    assert meant("long video LLM memory", kinds) == meant("Which papers use a video LLM?", kinds) == []
    assert meant("papers on a mobile VLM", kinds) == []
    assert meant("What is mobile vlm?", kinds) == meant("What is MobileVLM?", kinds) == ["own"]


def test_a_mention_has_the_place_of_its_words(index):
    text = "Compare SEED-Bench with INF-LLaVA please"
    assert [text[m.start : m.end] for m in find_names(text, index).known] == ["SEED-Bench", "INF-LLaVA"]


def test_a_library_without_papers_knows_no_names():
    found = find_names("What is InfLLM?", build_index("empty", ()))
    assert (found.known, found.unknown) == ((), ("InfLLM",))


def test_a_name_that_is_set_aside_is_not_meant(index):
    assert meant("What does InfMLLM (not InfLLM!) keep?", index) == meant("What does InfMLLM keep?", index)
    assert meant("Not InfLLM", index) == meant("InfLLM", index)  # there is no other


def test_a_phrase_with_hyphens_is_no_unknown_name(index):
    assert find_names("an LLM-glued-to-an-owl", index).unknown == ()


def test_letters_that_are_turned_round_are_a_slip_of_the_hand(index):
    assert meant("What does InfMLML keep?", index) == meant("What does InfMLLM keep?", index)


def test_a_word_in_another_papers_title_stands_for_nobody():
    papers = (
        Paper("dusk", "Counting DUSK 19 Owls", "DUSK 19 is long."),
        Paper("a", "Owls after DUSK-19", "After DUSK-19 owls call."),
        Paper("b", "Kites after DUSK-19", "WCRs of kites fell."),
    )
    index = build_index("generation", papers)
    [mention] = find_names("what is known of DUSK", index).known
    assert (mention.named.owners, mention.named.mentioned) == ((), (0, 1, 2))
    assert index.names["wcr"].mentioned == (2,)


@pytest.mark.parametrize(
    ("question", "ids", "unknown"),
    [
        ("What is InfLLM 2?", [], ("InfLLM 2",)),
        ("how fast is InfLLM v2 on a CPU", [], ("InfLLM v2",)),
        ("Is there an InfLLM 3.5?", [], ("InfLLM 3.5",)),
        ("Can InfLLM 2 pictures?", ["infllm"], ()),
        ("Can InfLLM, 2 of them, read?", ["infllm"], ()),
        ("What is SEED-Bench 2?", ["seed-2"], ()),
    ],
)
def test_a_name_with_a_number_that_no_paper_has_is_unknown(question, ids, unknown, index):
    assert (meant(question, index), find_names(question, index).unknown) == (ids, unknown)


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("what is known of Zika here", ("Zika",)),
        ("Zika?", ()),
        ("what is known of zika here", ()),
        ("what is known of Pictures and of Iceland here", ()),
        ("FYI my boss asks, ASAP, what p-MoD keeps", ()),
    ],
)
def test_a_strange_word_with_a_capital_within_a_sentence_is_unknown(question, unknown, index):
    assert find_names(question, index).unknown == unknown


def test_a_title_that_a_question_only_begins_stands_for_its_paper():
    titles = (
        "Wings Wide Open? What Owls Do Not Hear",
        "No Sign of Passing Kites over the Meadow at Night",
        "What is the Role of Snow in Winter",
        "Are Owls on the Right Way for Mice",
        "Are Owls on the Right Way for Voles",
    )
    index = build_index("generation", tuple(Paper(str(n), title, "Owls.") for n, title in enumerate(titles)))
    assert meant("Wings Wide Open", index) == ["0"]
    assert meant("what do the authors of Wings Wide Open find", index) == ["0"]
    assert meant("No sign of passing kites over the lake", index) == ["1"]
    assert meant("What is the role of mice?", index) == []
    assert meant("Are Owls on the Right Way", index) == []


@pytest.mark.parametrize(
    ("question", "only"),
    [("InfLLM", True), ("InfLLM pls", True), ("TLDR: InfLLM???", True), ("who wrote InfLLM", False),
     ("InfLLM pictures", False), ("pls", False)],
)  # fmt: skip
def test_a_question_may_be_nothing_but_a_name(question, only, index):
    assert only_names(question, index) is only

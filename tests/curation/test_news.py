"""What became of an answer, sentence by sentence, and because of which papers: hand-made answers, then real ones."""

from dataclasses import replace

from rag.curation.news import compared, compared_sentences, snapshot, version
from rag.model import Answer, Citation, Paper, Ranked, Statement
from rag.model.changes import Cause, Followed, SentenceChange

OWL = Paper("owl", "OwlNet", "OwlNet keeps 12 of 196 tokens. It sees owls in dim woods.")
FINCH = Paper("finch", "FINCH", "FINCH counts voices in choirs.")
GULL = Paper("gull", "GullMap", "GullMap charts harbours by sound.")


def answer(*sentences, status="answered", papers=(), mode="extractive", model=None):
    """An answer of sentences, each (text, paper…); `papers` came near and are not cited."""
    cited = list(dict.fromkeys(paper for _, *own in sentences for paper in own))
    citations = tuple(Citation(n, paper, "q", 0, 1) for n, paper in enumerate(cited, 1))
    statements = tuple(Statement(text, tuple(cited.index(paper) + 1 for paper in own)) for text, *own in sentences)
    text = " ".join(text for text, *_ in sentences) or "The library does not say."
    ranked = tuple(Ranked(paper, 1.0) for paper in papers)
    return Answer("q?", "q?", status, text, statements, citations, ranked, mode=mode, model=model)


def news(before, now, *, library, known=("owl", "finch", "gull")):
    """What became of the answer; `library` are the papers that there are now, `known` the ids of those then."""
    held = {paper.id: paper for paper in library}
    followed = Followed(1, "q?", "then", "then", snapshot(before))
    return compared(
        followed,
        snapshot(now),
        known=lambda key: key in known,
        stored=lambda keys: [held[key] for key in keys if key in held],
    )


def states(changes):
    return [(one.state, one.text) for one in changes]


TOKENS = ("OwlNet keeps 12 of 196 tokens.", OWL)
WOODS = ("It sees owls in dim woods.", OWL)
CHOIRS = ("FINCH counts voices in choirs.", FINCH)


def test_the_same_answer_is_no_news():
    found = news(answer(TOKENS), answer(TOKENS), library=[OWL])
    assert (found.turn, found.sentences, found.causes) == ("none", (), ())


def test_sentences_are_kept_new_or_gone():
    found = news(answer(TOKENS, WOODS), answer(TOKENS, CHOIRS), library=[OWL, FINCH], known=["owl"])
    assert found.turn == "changed"
    assert states(found.sentences) == [("kept", TOKENS[0]), ("new", CHOIRS[0]), ("gone", WOODS[0])]
    assert found.causes == (Cause("finch", "FINCH", "new"),)


def test_another_figure_in_the_same_words_is_a_changed_sentence():
    newer = replace(OWL, abstract=OWL.abstract.replace("12", "9"))
    found = news(answer(TOKENS), answer(("OwlNet keeps 9 of 196 tokens.", newer)), library=[newer])
    assert found.sentences == (
        SentenceChange("changed", "OwlNet keeps 9 of 196 tokens.", ("owl",), TOKENS[0], (("12",), ("9",))),
    )
    assert found.causes == (Cause("owl", "OwlNet", "changed"),)


def test_a_paper_that_is_gone_takes_its_sentences_along():
    found = news(answer(TOKENS, CHOIRS), answer(CHOIRS), library=[FINCH])
    assert states(found.sentences) == [("kept", CHOIRS[0]), ("gone", TOKENS[0])]
    assert found.causes == (Cause("owl", "OwlNet", "removed"),)


def test_an_abstention_that_became_an_answer_is_said_to_be_answered():
    found = news(answer(status="abstained", papers=[FINCH]), answer(TOKENS), library=[OWL, FINCH], known=["finch"])
    assert (found.turn, found.causes) == ("answered", (Cause("owl", "OwlNet", "new"),))


def test_an_answer_that_became_an_abstention_says_which_paper_went():
    found = news(answer(TOKENS), answer(status="abstained", papers=[FINCH]), library=[FINCH])
    assert (found.turn, found.causes) == ("abstained", (Cause("owl", "OwlNet", "removed"),))
    assert states(found.sentences) == [("gone", TOKENS[0])]


def test_an_abstention_in_other_words_is_no_news():
    found = news(
        answer(status="abstained", papers=[FINCH]), answer(status="abstained", papers=[GULL]), library=[FINCH, GULL]
    )
    assert found.turn == "none"


def test_a_retraction_is_news_though_every_sentence_is_kept():
    gone = replace(OWL, retraction="Retracted, PubMed says")
    found = news(answer(TOKENS), answer((TOKENS[0], gone)), library=[gone])
    assert (found.turn, states(found.sentences)) == ("retracted", [("kept", TOKENS[0])])
    assert found.causes == (Cause("owl", "OwlNet", "retracted", "Retracted, PubMed says"),)


def test_a_paper_that_was_there_all_along_is_no_cause():
    # FINCH is cited now and was in the library then, unchanged: GullMap, which came near the question, is new.
    found = news(answer(TOKENS), answer(CHOIRS, papers=[GULL]), library=[OWL, FINCH, GULL], known=["owl", "finch"])
    assert found.causes == (Cause("gull", "GullMap", "new"),)


def test_a_change_without_a_paper_behind_it_says_what_else_it_can_be():
    found = news(answer(TOKENS), answer(CHOIRS), library=[OWL, FINCH])
    assert (found.turn, found.causes) == ("changed", ())
    assert found.note.startswith("none of the papers behind it changed")
    written = answer(CHOIRS, mode="generated", model="small")
    assert (
        news(answer(TOKENS), written, library=[OWL, FINCH]).note
        == "it was extractive that answered then, and small now"
    )


def test_a_model_may_word_a_sentence_anew_but_not_change_its_figures():
    def told(text):
        return snapshot(answer((text, OWL), mode="generated", model="small"))

    before = told("OwlNet keeps just 12 of the 196 tokens.")
    assert states(compared_sentences(before, told("Of the 196 tokens OwlNet keeps 12."))) == [
        ("kept", "Of the 196 tokens OwlNet keeps 12.")
    ]
    [change] = compared_sentences(before, told("Of the 196 tokens OwlNet keeps 15."))
    assert (change.state, change.figures) == ("changed", (("12",), ("15",)))


def test_an_abstract_that_says_otherwise_has_changed_without_a_figure():
    [change] = compared_sentences(snapshot(answer(WOODS)), snapshot(answer(("It sees owls in bright woods.", OWL))))
    assert (change.state, change.before, change.figures) == ("changed", WOODS[0], ((), ()))


def test_two_sentences_that_changed_places_are_kept():
    found = compared_sentences(snapshot(answer(TOKENS, CHOIRS)), snapshot(answer(CHOIRS, TOKENS)))
    assert states(found) == [("kept", CHOIRS[0]), ("kept", TOKENS[0])]


def test_the_version_of_a_paper_changes_with_what_it_says_and_not_with_where_it_is_from():
    assert version(OWL) == version(replace(OWL, source="elsewhere", retraction="Retracted"))
    assert version(OWL) != version(replace(OWL, abstract="Other."))

"""The whole of ask, search and ingest on the dozen invented abstracts, by the API that people script against."""

import asyncio
import json
import logging
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import Assistant
from rag.errors import FootnoteError, LibraryError, SettingsError, SourceError
from rag.grounding.citations import marks, without_marks
from rag.model import Answer, Turn
from rag.settings import Settings
from rag.text import terms


def cited(answer):
    return [citation.paper.id for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "paper", "said"),
    [
        # facts
        ("What does OwlNet detect?", "owlnet", "birds in night images"),
        ("What do Tidal Cache's rules evict?", "tidal-cache", "later turns do not ask for"),
        ("Is there a cache that throws away what is not needed later?", "tidal-cache", "Tidal Cache evicts"),
        ("Does Tidal Cache keep the quality of answers?", "tidal-cache", "comparable in quality"),
        ("How much light does snow reflect?", "one-sentence", "between 80% and 90%"),
        ("What does μ-Lens find?", "latex-residue", "~75% of all cells"),
        ("what does mu lens find", "latex-residue", "2.29× over “LensOne”"),
        # numbers
        ("How many visual tokens does OwlNet keep?", "owlnet", "12 of 196"),
        ("By how much does gamma-Moss lower the number of operations?", "gamma-moss", "51.6%"),
        ("How long does it take to train OwlNet?", "owlnet", "23 hours"),
        ("What is the error of KelpCast at 90 days?", "kelp-digest", "31%"),
        ("Wie viele Token behält OwlNet?", "owlnet", "12 of 196"),
        # lists
        ("Which papers are about glaciers?", "glacier-maps", "- Glacier Maps from Old Photographs [1]"),
        ("Which papers are about lighthouses?", "title-only", "- Lighthouses as Landmarks"),
        ("How many papers are about glaciers?", "glacier-maps", "- Glacier Maps"),
        # a premise that the abstract denies
        ("Why does γ-Moss need so much training?", "gamma-moss", "The rule needs no training"),
        # metadata
        ("Who wrote OwlNet?", "owlnet", "Łucja Sowa, José Búho, Ann Owl"),
        ("How many people wrote γ-Moss?", "gamma-moss", "7 authors"),
        ("When was KelpCast published?", "kelp-digest", "2 May 2024"),
        ("What is the oldest paper?", "title-only", "30 November 2022"),
        ("Which paper has the most authors?", "latex-residue", "27 authors"),
    ],
)
def test_a_question_is_answered_from_the_paper_that_says_it(question, paper, said, assistant):
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert cited(answer)[0] == paper
    assert said in answer.text


def test_papers_of_a_month_are_counted_and_cited_by_field(assistant):
    answer = assistant.ask("Which papers came out in March 2024?")
    assert answer.text == (
        "Two of the 9 papers with a date (3 more have none): μ-Lens (29 March 2024) [1] and OwlNet (12 March 2024) [2]."
    )
    assert [(c.field, c.quote, c.start) for c in answer.citations] == [
        ("published", "2024-03-29", None),
        ("published", "2024-03-12", None),
    ]


def test_a_paper_that_is_described_and_not_named_is_looked_up(assistant):
    answer = assistant.ask("Who wrote the paper on birds in night images?")
    assert answer.text == "OwlNet is by Łucja Sowa, José Búho, Ann Owl [1]."
    assert [(c.paper.id, c.field) for c in answer.citations] == [("owlnet", "authors")]


def test_code_is_where_the_address_of_its_paper_is_a_place_for_code(library_of, tmp_path):
    file = tmp_path / "papers.jsonl"
    abstract = "We present {}, a detector of birds in night images. The code is on GitHub."
    records = [
        {"title": f"{name}: Birds", "abstract": abstract.format(name), "url": url}
        for name, url in (("OwlNet", "https://github.com/owls/owlnet"), ("HawkNet", "https://birds.example/hawk"))
    ]
    file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assistant = library_of(file)
    assert assistant.ask("Link to the code of OwlNet?").text == "OwlNet is at https://github.com/owls/owlnet [1]."
    assert "The code is on GitHub [1]." in assistant.ask("Link to the code of HawkNet?").text


def test_two_systems_are_compared_with_a_sentence_on_each(assistant):
    answer = assistant.ask("What is the difference between OwlNet and γ-Moss?")
    assert set(cited(answer)) == {"owlnet", "gamma-moss"}
    assert len(without_marks(answer.text).split()) <= 120


def test_a_name_of_two_papers_is_answered_for_both(assistant):
    assert set(cited(assistant.ask("What is FINCH?"))) == {"finch-detector", "finch-audio"}


def test_each_part_of_a_question_is_answered(assistant):
    text = assistant.ask("How much faster is OwlNet than HawkNet, and how long does its training take?").text
    assert "2.5×" in text
    assert "23 hours" in text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What is WombatNet?", "No paper in the library mentions WombatNet."),
        ("How does OwlNet compare with WombatNet-2?", "The abstract of OwlNet does not mention WombatNet-2."),
        ("Which optimizer trains OwlNet?", "The abstract of OwlNet does not answer “Which optimizer trains OwlNet?”."),
        (
            "When was the paper on images of knotted cords published?",
            "The library does not say when QuipuBench was published.",
        ),
        ("Where is the GitHub repository of KelpCast?", "The abstract of KelpCast does not answer"),
        ("When was QuipuBench published?", "The library does not say when QuipuBench was published."),
        ("Which papers came out in 2019?", "none of the 9 papers with a date (12 in all) is from 2019."),
        ("Which papers are about quantum computing?", "No paper in the library answers"),
        ("What is the capital of France?", "No paper in the library answers “What is the capital of France?”."),
        ("Tell me about Lighthouses as Landmarks for Autonomous Boats", "the library has only the title, no abstract"),
    ],
)
def test_what_the_library_does_not_say_is_said_so_and_nothing_else(question, said, assistant):
    answer = assistant.ask(question)
    assert answer.status == "abstained"
    assert said in answer.text
    assert (answer.statements, answer.citations) == ((), ())
    if not re.search(r"\b2019\b", question):  # where a condition leaves no paper none is near
        assert 1 <= len(answer.nearest) <= 3
        papers = [near.paper for near in answer.nearest]
        assert papers == [ranked.paper for ranked in answer.ranked[: len(papers)]]
        assert all(near.quote == near.paper.abstract[near.start : near.end] for near in answer.nearest)


def test_an_abstention_names_the_paper_that_was_asked_about_as_the_nearest(assistant):
    assert assistant.ask("Which optimizer trains OwlNet?").nearest[0].paper.id == "owlnet"


QUESTIONS = (
    "How many visual tokens does OwlNet keep?",
    "What is FINCH?",
    "Compare OwlNet and Tidal Cache",
    "What does μ-Lens cost?",
    "Which papers came out in 2024?",
    "Which papers are about birds?",
    "Why does Tidal Cache evict entries?",
    "What is Beekeeper?",
    "Who wrote KelpCast?",
    "How many papers are there?",
    "How did glaciers change since 1890?",
    "What is the accuracy of QuipuBench, and how many images has it?",
)


def assert_keeps_its_promises(answer):
    """Every statement is supported, every mark has its citation, and every quote is exact."""
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert sorted(marks(answer.text)) == numbers
    assert {n for statement in answer.statements for n in statement.citations} == set(numbers)
    for citation in answer.citations:
        if citation.field:
            assert (citation.start, citation.end) == (None, None)
            assert citation.quote
        else:
            assert citation.paper.abstract[citation.start : citation.end] == citation.quote != ""
    for statement in answer.statements:
        assert statement.verdict == "supported", statement
        assert without_marks(statement.text) == statement.text
    assert (answer.status == "answered") == bool(answer.statements)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_statement_is_supported_by_exact_quotes(question, assistant):
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert_keeps_its_promises(answer)
    papers = [ranked.paper.id for ranked in answer.ranked]
    assert 1 <= len(papers) == len(set(papers)) <= 10
    assert (answer.mode, answer.model, dict(answer.usage), answer.cost_usd) == ("extractive", None, {}, None)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_sentence_of_an_answer_is_a_sentence_of_its_paper(question, assistant):
    answer = assistant.ask(question)
    by_number = {citation.number: citation for citation in answer.citations}
    for statement in answer.statements:
        for cited_by in (by_number[n] for n in statement.citations if by_number[n].field is None):
            if not statement.text.startswith("- "):
                own = terms(f"the authors {cited_by.paper.title} {cited_by.quote}")
                assert set(terms(statement.text)) <= set(own)  # no word but the paper's own


@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.sampled_from(
    "How many What Which Why Does OwlNet γ-Moss FINCH HawkNet papers tokens 2024 March authors second most and or the "
    "is than of birds kelp M^{2}Cells [1] ? , \\% 鸟 <b> oldest it they compare lighthouses Lighthouses".split()
), min_size=1, max_size=9))  # fmt: skip
def test_any_words_are_answered_or_abstained_from_with_all_promises_kept(words, assistant):
    answer = assistant.ask(" ".join(words))
    assert answer.text
    assert_keeps_its_promises(answer)


@pytest.mark.parametrize("words", [20, 40, 80])
def test_an_answer_about_one_paper_keeps_to_the_words_that_are_set(words, assistant):
    few = Assistant(
        assistant._library, assistant._embedder, Settings(answer_words=words), assistant._retriever.folder.parent
    )
    for question in ("How does OwlNet work?", "What is Tidal Cache?", "What is γ-Moss, and what does it cost?"):
        answer = few.ask(question)
        said = without_marks(answer.text).split()
        assert len(answer.statements) == 1 or len(said) <= words


def test_without_metadata_the_fields_are_not_read(assistant):
    plain = Assistant(
        assistant._library, assistant._embedder, Settings(metadata=False), assistant._retriever.folder.parent
    )
    answer = plain.ask("Which papers came out in March 2024?")
    assert not any(citation.field == "published" for citation in answer.citations)


def test_conditions_of_the_caller_hold_whatever_is_asked(assistant):
    answer = assistant.ask("What is FINCH?", where={"year": 2025})
    assert set(cited(answer)) == {"finch-audio"}
    assert {ranked.paper.published.year for ranked in answer.ranked} == {2025}


HISTORY = (
    {"role": "user", "content": "Which papers came out in March 2024?"},
    {"role": "assistant", "content": "μ-Lens (29 March 2024) [1] and OwlNet (12 March 2024) [2]."},
)


def test_a_follow_up_is_answered_on_what_it_refers_to(assistant):
    answer = assistant.ask("and how many people wrote the second one?", history=HISTORY)
    assert answer.question == "and how many people wrote the second one?"
    assert "OwlNet" in answer.standalone_question
    assert (answer.text, cited(answer)) == ("OwlNet has 3 authors [1].", ["owlnet"])
    turns = [Turn(turn["role"], turn["content"]) for turn in HISTORY]
    assert assistant.ask("and how many people wrote the second one?", history=turns).text == answer.text


def test_a_follow_up_on_what_a_paper_does_not_say_abstains(assistant):
    history = [{"role": "user", "content": "What is OwlNet?"}, {"role": "assistant", "content": "A detector [1]."}]
    answer = assistant.ask("Which optimizer trains it?", history=history)
    assert answer.status == "abstained"
    assert answer.text == "The abstract of OwlNet does not answer “Which optimizer trains OwlNet?”."


def test_each_step_has_its_time(assistant):
    answer = assistant.ask("What is OwlNet?")
    assert set(answer.timings_ms) == {"read", "retrieve", "judge", "ground", "total"}
    steps = [ms for step, ms in answer.timings_ms.items() if step != "total"]
    assert min(steps) >= 0
    assert 0.9 * sum(steps) <= answer.timings_ms["total"] <= sum(steps) + 50


def without_times(answer):
    return {name: value for name, value in vars(answer).items() if name != "timings_ms"}


def test_the_same_question_has_the_same_answer(assistant, tmp_path, abstracts_file):
    with Assistant.open(tmp_path / "again") as again:
        again.ingest([abstracts_file])
        for question in QUESTIONS[:6]:
            once = without_times(assistant.ask(question))
            assert once == without_times(assistant.ask(question)) == without_times(again.ask(question))


def test_one_line_is_logged_for_each_question_and_no_abstract(assistant, caplog):
    with caplog.at_level(logging.INFO, logger="rag"):
        assistant.ask("What is OwlNet?")
    [record] = [record for record in caplog.records if record.name == "rag.assistant"]
    assert re.fullmatch(r"question \w{8}: \d+ ms, \d+ hits, 0 tokens, answered", record.getMessage())


@pytest.mark.parametrize("question", ["What is OwlNet?", "What is WombatNet?", "Which papers came out in 2024?"])
def test_a_stream_is_the_text_in_pieces_and_then_the_same_answer(question, assistant):
    *pieces, answer = assistant.stream(question)
    assert isinstance(answer, Answer)
    assert "".join(pieces) == answer.text
    assert len(pieces) > 1
    assert without_times(answer) == without_times(assistant.ask(question))


def test_the_async_twins_give_the_same(assistant, abstracts_file, tmp_path):
    async def all_of_them():
        with Assistant.open(tmp_path / "async") as own:
            report = await own.aingest([abstracts_file])
        asked, hits = await asyncio.gather(
            assistant.aask("and the second one?", history=HISTORY, where={"year": 2024}),
            assistant.asearch("birds at night", k=3, where={"year": 2024}),
        )
        return asked, hits, [piece async for piece in assistant.astream("What is OwlNet?")], report

    answer, hits, pieces, report = asyncio.run(all_of_them())
    assert without_times(answer) == without_times(
        assistant.ask("and the second one?", history=HISTORY, where={"year": 2024})
    )
    assert hits == assistant.search("birds at night", k=3, where={"year": 2024})
    assert "".join(pieces[:-1]) == pieces[-1].text
    assert report.total("new") == 12


def test_many_questions_at_once_are_answered_as_one_after_the_other(assistant):
    async def at_once():
        return await asyncio.gather(*(assistant.aask(question) for question in QUESTIONS))

    one_by_one = [without_times(assistant.ask(question)) for question in QUESTIONS]
    assert [without_times(answer) for answer in asyncio.run(at_once())] == one_by_one


def test_a_printed_answer_has_its_text_and_references(assistant):
    printed = str(assistant.ask("How many visual tokens does OwlNet keep?"))
    text, _, references = printed.partition("\n\n")
    assert text.endswith("[1].")
    assert references.startswith("[1] OwlNet: Seeing Small Birds at Night (2024): “It keeps 12 of 196 visual tokens")


def test_a_printed_abstention_has_the_nearest_papers(assistant):
    assert "Nearest papers:\n  - OwlNet: Seeing Small Birds at Night" in str(
        assistant.ask("Which optimizer trains OwlNet?")
    )


def test_a_quote_of_a_digest_is_printed_as_one(assistant):
    assert "[from a digest]" in str(assistant.ask("What is the error of KelpCast at 90 days?"))


@pytest.mark.parametrize("question", ["What is Beekeeper?", "What licence has Beekeeper?"])
def test_no_markup_of_a_paper_gets_into_a_notebook(question, assistant):
    shown = assistant.ask(question)._repr_html_()
    assert "<b>" not in shown
    assert "&lt;b&gt;Bold&lt;/b&gt; Claims &amp; [red]Alarms[/red]" in shown
    # Notebooks set what is between dollars as formulas, which have links of their own, but in elements of this class.
    assert (shown.startswith('<div class="tex2jax_ignore">'), shown.endswith("</div>")) == (True, True)


def test_hits_print_as_titles_and_are_escaped_in_a_notebook(assistant):
    hits = assistant.search("Beekeeper", k=2)
    assert str(hits).startswith("1. Beekeeper: <b>Bold</b> Claims")
    assert "<b>" not in hits._repr_html_()
    assert hits._repr_html_().startswith('<ol class="tex2jax_ignore">')
    assert hits._repr_html_().count("<li>") == 2


@pytest.mark.parametrize("k", [0, -1, 1001, 10_000])
def test_a_number_of_hits_out_of_range_is_an_error_that_shows_it(k, assistant):
    with pytest.raises(SettingsError, match=f"k is {k}; it can be 1 to 1,000"):
        assistant.search("owls", k=k)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda a: a.ask("  "), "the question is blank"),
        (lambda a: a.search("\n"), "blank"),
        (lambda a: a.ask("o" * 20_000), "20,000 characters; at most"),
        (lambda a: a.ask("What is OwlNet?", where={"jahr": 1}), "'jahr', which is no condition"),
        (lambda a: a.ask("What is OwlNet?", history=[{"content": "x"}]), "needs a role and a content"),
        (lambda a: a.ask("What is OwlNet?", history=[{"role": "system", "content": "x"}]), "the role 'system'"),
        (lambda a: a.ask("What is OwlNet?", mode="generated"), "no model is named. Set FOOTNOTE_LLM"),
        (lambda a: list(a.stream("")), "the question is blank"),
        (lambda a: asyncio.run(a.aask("")), "the question is blank"),
        (lambda a: a.paper("FINCH"), "2 papers are called 'FINCH'"),
        (lambda a: a.paper("Owl Nett"), "no paper is called 'Owl Nett'. Did you mean: owlnet"),
        (lambda a: a.paper(""), "no paper is called ''"),
    ],
)
def test_what_cannot_be_used_is_an_error_and_no_abstention(call, message, assistant):
    with pytest.raises(SettingsError, match=re.escape(message)):
        call(assistant)


def test_a_folder_that_cannot_be_one_is_an_error(tmp_path):
    (tmp_path / "file").write_text("owls")
    with pytest.raises(LibraryError, match="file"):
        Assistant.open(tmp_path / "file")


def test_a_path_that_does_not_exist_is_an_error(tmp_path):
    with Assistant.open(tmp_path / "new") as empty, pytest.raises(SourceError, match=r"nowhere\.jsonl"):
        empty.ingest([tmp_path / "nowhere.jsonl"])


def test_an_empty_library_abstains_and_finds_nothing(tmp_path):
    with Assistant.open(tmp_path / "new") as empty:
        for question in ("What is OwlNet?", "Which papers are about owls?", "What is the oldest paper?", "Hello"):
            answer = empty.ask(question)
            assert (answer.status, answer.citations, answer.nearest) == ("abstained", (), ())
            assert answer.text
        assert empty.search("owls") == ()
        assert list(empty.papers()) == []


def test_a_paper_is_there_by_id_title_or_name(assistant):
    for wanted in ("owlnet", "OwlNet: Seeing Small Birds at Night", "owl-net"):
        assert assistant.paper(wanted).id == "owlnet"


def test_papers_come_in_their_order_and_by_condition(assistant):
    assert len(list(assistant.papers())) == 12
    assert [paper.id for paper in assistant.papers(where={"year": 2025})] == ["finch-audio", "tidal-cache"]


def test_errors_for_users_have_one_base():
    assert issubclass(SettingsError, FootnoteError)
    assert issubclass(LibraryError, FootnoteError)

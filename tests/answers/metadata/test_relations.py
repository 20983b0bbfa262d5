"""What is measured by a paper, what two papers are to each other, and papers that are named by their authors."""

import json
from datetime import date

import pytest

from rag.answers.metadata.described import fitting
from rag.answers.metadata.relative import measured
from rag.answers.metadata.side_by_side import side_by_side
from rag.model import Paper
from rag.retrieval.index.making import build_index
from rag.retrieval.question.conditions import Conditions

LISTS = {"list": 1.0, "count": 0.0, "compare": 0.0}
FACT = {"list": 0.0, "count": 0.0, "compare": 0.0}
# Papers with names of their own (a day, a month only, no date), and one without a name.
INDEX = build_index(
    "any",
    [
        Paper("owl", "OwlNet: Seeing Birds", published=date(2024, 3, 18), authors=("A Ox", "József Z. Farkas", "B Fo")),
        Paper("hawk", "HawkNet: Far", published=date(2024, 3, 1), published_inferred=True, extra={"date": "2024-03"}),
        Paper("kite", "KiteNet: Slow Birds", authors=("Cy Elk",)),
        Paper("vent", "Gradual growth at a deep vent", published=date(2024, 5, 2), authors=("J. Z. Farkas", "Di Gnu")),
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("which papers are older than OwlNet?", "which papers are before 18 March 2024?"),
        ("anything on ponds more recent than the OwlNet paper", "anything on ponds after 18 March 2024"),
        ("papers since “OwlNet”", "papers since 18 March 2024"),
        ("what came out in the same month as OwlNet?", "what came out in March 2024?"),
        ("anything from the month OwlNet came out", "anything from March 2024"),
        ("papers from the same year as HawkNet", "papers from 2024"),
        ("papers not older than OwlNet", "papers since 18 March 2024"),
        ("papers newer than the deep vent paper", "papers after 2 May 2024"),
        (
            "what came out between OwlNet and the deep vent paper?",
            "what came out between 18 March 2024 and 2 May 2024?",
        ),
        ("papers two months after OwlNet", "papers in May 2024"),
        ("papers within ten days after OwlNet", "papers between 19 March 2024 and 28 March 2024"),
        ("papers with more authors than OwlNet", "papers with more than 3 authors"),
        ("papers with as many authors as KiteNet", "papers with exactly 1 authors"),
    ],
)
def test_what_is_measured_by_a_paper_is_said_by_its_date_or_its_number_of_authors(question, said):
    assert measured(question, INDEX, LISTS).text == said


@pytest.mark.parametrize(
    "question",
    [
        "papers like OwlNet", "is OwlNet better than HawkNet?", "papers before 2023",
        "did OwlNet come out after HawkNet?",
        "which of OwlNet and KiteNet is newer than HawkNet?", "papers with twice as many authors as OwlNet",
        "papers from before OwlNet or after the deep vent paper",
    ],
)  # fmt: skip
def test_no_other_word_before_a_name_makes_a_measure_of_it(question):
    assert measured(question, INDEX, LISTS if question.startswith(("papers", "which")) else FACT) is None


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("papers before KiteNet", "does not say when KiteNet: Slow Birds was published"),
        ("papers from the same day as HawkNet", "on which day HawkNet was published, but only in March 2024"),
        ("papers with more authors than HawkNet", "does not say how many authors HawkNet has"),
        ("papers newer than the birds paper", "no one paper that is surely meant by “the birds paper”"),
        ("papers shortly after OwlNet", "does not say exactly which days"),
    ],
)
def test_what_is_not_known_of_the_paper_that_measures_is_said(question, missing):
    assert missing in measured(question, INDEX, LISTS).missing


def test_the_paper_that_others_are_measured_by_is_none_of_them():
    conditions = measured("papers from the same month as OwlNet", INDEX, LISTS).conditions
    assert conditions == Conditions(since=date(2024, 3, 1), until=date(2024, 3, 31), apart_from=("owl",))
    met = conditions.met_in(INDEX.columns, INDEX.position)
    assert met.tolist() == [conditions.met_by(paper) for paper in INDEX.papers] == [False, True, False, False]


def test_words_mean_the_one_paper_that_has_all_of_them_or_has_them_in_its_title():
    assert [fitting(words, INDEX) for words in ("deep vent", "birds", "slow birds", "whales")] == [3, None, 2, None]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "did the deep vent paper come out after OwlNet?",
            "Yes: “Gradual growth at a deep vent” was published on 2 May 2024",
        ),
        (
            "was the deep vent paper out before OwlNet?",
            "No: “Gradual growth at a deep vent” was published on 2 May 2024",
        ),
        ("was OwlNet published in the same month as HawkNet?", "Yes: OwlNet was published on 18 March 2024"),
        ("does OwlNet have more authors than KiteNet?", "Yes: OwlNet has 3 authors and KiteNet has 1 author."),
        ("who wrote both OwlNet and the deep vent paper?", "József Z. Farkas wrote both OwlNet and"),
        ("do OwlNet and KiteNet share an author?", "No: no author of OwlNet is among those of KiteNet."),
        ("which authors do OwlNet and HawkNet have in common?", "does not say who wrote HawkNet"),
    ],
)
def test_of_two_papers_is_told_which_was_out_first_and_who_wrote_both(question, told):
    composed = side_by_side(question, INDEX)
    assert told in composed.missing or told in "".join(part.text for draft in composed.drafts for part in draft.parts)
    assert composed.missing or {q.paper.id for d in composed.drafts for p in d.parts for q in p.quotes} >= {"owl"}


@pytest.mark.parametrize(
    "question",
    [
        "was OwlNet out before HawkNet?",  # of HawkNet the month alone is known
        "was OwlNet trained before KiteNet?", "is OwlNet older or newer than the deep vent paper?",
        "did OwlNet come out after KiteNet?", "do OwlNet and KiteNet share a dataset and authors?",
    ],
)  # fmt: skip
def test_no_verdict_is_given_where_the_records_do_not_tell(question):
    assert side_by_side(question, INDEX) is None


@pytest.fixture(scope="module")
def ponds(library_of, tmp_path_factory):
    rows = [
        (
            "Frogs in warm ponds",
            "We count frogs in 40 ponds of Norway. Warm ponds have more frogs.",
            ["M\\'aria Okafor"],
        ),
        ("Newts in cold lakes", "We count newts in 12 lakes of Peru. Cold lakes have fewer newts.", ["Per Vila"]),
        ("Songs of toads", "Toads sing at night. We record 900 songs of toads.", ["Maria Okafor"]),
        ("Owls and bread", "Owls do not eat bread, as 30 nights of watching show.", ["Bo Fox"]),
    ]
    file = tmp_path_factory.mktemp("ponds") / "papers.jsonl"
    lines = [json.dumps({"title": title, "abstract": text, "authors": who}) for title, text, who in rows]
    file.write_text("\n".join(lines), encoding="utf-8")
    return library_of(file)


@pytest.mark.parametrize(
    ("question", "said", "cited"),
    [
        ("how many lakes did Vila look at?", "12 lakes", {"Newts in cold lakes"}),
        ("what did Vila find?", "newts", {"Newts in cold lakes"}),
        ("what does Okafor say about warm ponds?", "frogs", {"Frogs in warm ponds"}),
        ("how many songs did Okafor record?", "900 songs", {"Songs of toads"}),
        (
            "compare the paper by Vila and the one by Fox: what animals do they watch?",
            "",
            {"Newts in cold lakes", "Owls and bread"},
        ),
        ("papers by Maria Okafor", "Two papers by", {"Frogs in warm ponds", "Songs of toads"}),
        ("who wrote most papers?", "Mária Okafor (2 papers)", {"Frogs in warm ponds", "Songs of toads"}),
        ("who is the author of the newts paper?", "Per Vila.", {"Newts in cold lakes"}),
    ],
)
def test_a_paper_may_be_named_by_its_author_however_the_name_is_spelled(question, said, cited, ponds):
    answer = ponds.ask(question)
    assert said in answer.text.replace(" [1]", "").replace(" [2]", ""), answer.text
    assert {citation.paper.title for citation in answer.citations} == cited, answer.text

"""Tables, agreement, differences and overviews over invented abstracts; every quote is in its paper, twice the same."""

import csv
import io
import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from rag.answers.across.columns import column_of, headed, proposed
from rag.answers.across.overview import clustered, lacking, overview_of
from rag.answers.across.spans import shortest
from rag.answers.across.subjects import chosen_of
from rag.errors import FootnoteError, SettingsError
from rag.formats.across_lines import agreement_line, difference_line, overview_line, table_line
from rag.formats.overview_files import as_html, as_markdown
from rag.formats.table_files import as_csv, as_latex, sorted_by
from rag.formats.table_files import as_markdown as table_markdown
from rag.library.flat_records import StoredPaper
from rag.model import Paper
from rag.model.findings import NOT_SAID, Cell, Column, Overview, Quoted, Row, Stance, Table
from rag.text.kinds import fits, may_fill

COLUMNS = ["accuracy", "training-free?", "published", "number of authors"]
NAMES = ["OwlNet", "γ-Moss", "FINCH: Fine-grained Hearing of Choirs"]


@pytest.fixture(scope="module")
def table(assistant):
    """A table over three of the dozen abstracts."""
    return assistant.table(NAMES, COLUMNS)


def made(*texts):
    """A table of one column with these cells, "" for an empty one."""
    rows = []
    for n, text in enumerate(texts):
        paper = Paper(f"p{n}", f"Title {n}", text)
        cell = Cell(text, Quoted(paper, 0, len(text)), 0, len(text), "supported", 0.9) if text else Cell()
        rows.append(Row(paper, f"Paper{n}", (cell,)))
    return Table((Column("cost", "What is the cost?"),), tuple(rows))


def test_every_cell_has_words_of_its_paper_within_the_sentence_that_says_so(table):
    filled = [(row, cell) for row in table.rows for cell in row.cells if cell.quoted and not cell.quoted.field]
    assert filled
    for row, cell in filled:
        assert cell.quoted.paper == row.paper
        assert cell.quoted.start <= cell.start < cell.end <= cell.quoted.end
        assert row.paper.abstract[cell.start : cell.end] in cell.quoted.quote
        assert len(cell.text.split()) <= len(cell.quoted.quote.split())


def test_a_table_answers_from_the_abstract_and_from_the_metadata(table):
    owl, moss, _ = table.rows
    assert "81.4%" in owl.cells[0].text
    assert "no training" in moss.cells[1].text
    assert owl.cells[2].text.startswith("2024-03-12")
    assert owl.cells[2].quoted.field == "published"


def test_an_empty_cell_says_that_the_abstract_does_not(assistant):
    table = assistant.table(["A Note on Snow"], ["context window in tokens", "published"])
    assert [cell.shown for cell in table.rows[0].cells] == [NOT_SAID, NOT_SAID]


def test_a_table_is_the_same_twice(assistant, table):
    assert assistant.table(NAMES, COLUMNS) == table


def test_a_table_counts_its_cells_and_stops_when_it_is_told(assistant):
    seen, stop = [], threading.Event()

    def progress(done, total):
        seen.append((done, total))
        stop.set()

    with pytest.raises(FootnoteError, match="stopped after 1 of 4 cells"):
        assistant.table(["OwlNet", "γ-Moss"], ["accuracy", "speed-up"], progress=progress, stop=stop)
    assert seen == [(1, 4)]


@pytest.mark.parametrize(
    ("papers", "columns", "match"),
    [
        (["Wombat"], ["size"], "no paper is called 'Wombat'"),
        (["OwlNet"], [], "0 columns"),
        (["OwlNet"], ["x" * 300], "1 to 200 characters"),
        (["OwlNet"], [f"c{n}" for n in range(13)], "13 columns"),
    ],
)
def test_what_cannot_be_a_table_is_said(assistant, papers, columns, match):
    with pytest.raises(SettingsError, match=match):
        assistant.table(papers, columns)


def test_a_table_without_names_has_all_papers_that_meet_its_conditions(assistant, monkeypatch):
    last = list(assistant._retriever.index().ids)[-3:]
    monkeypatch.setattr("rag.curation.across.MOST_PAPERS", 3)  # the last of a dozen are beyond the first four
    table = assistant.table([], ["published"], where={"paper_ids": last})
    assert [row.paper.id for row in table.rows] == last
    with pytest.raises(SettingsError, match="more than 3 papers are asked for"):
        assistant.table([], ["published"])
    with pytest.raises(SettingsError, match="no paper meets this"):
        assistant.table(last, ["published"], where={"year": 1900})


def test_a_heading_becomes_a_question_and_a_field_is_known_by_its_name():
    def wants(question):
        return {"published": 0.9 * ("when" in question), "authors": 0.0, "author count": 0.0, "link": 0.0}

    assert column_of("data set size", wants) == Column("data set size", "What is the data set size?")
    assert column_of("training-free?", wants).question == "Is it training-free?"
    assert column_of("year", wants).field == "published"
    assert column_of("when did it come out?", wants).field == "published"
    assert headed(["size", "Size ", "speed"]) == ("Size ", "speed")


def test_columns_are_proposed_that_three_in_ten_papers_tell():
    told = [
        "It runs 2× faster. It is training-free.",
        "It has a speed-up of 3×.",
        "Nothing here.",
        "It is training-free.",
    ]
    assert set(proposed(told)) == {"training-free?", "speed-up"}
    assert proposed(["Nothing here."]) == ("what it does", "main result")


def test_auto_drops_the_columns_that_few_papers_fill(assistant):
    papers = [assistant.paper(name) for name in NAMES]
    assert "size of the data" in proposed([paper.abstract for paper in papers])
    # One sentence has an amount of data, but none says how large its data are.
    table = assistant.table(NAMES, ["accuracy", "auto"])
    headings = [column.heading for column in table.columns]
    assert headings[0] == "accuracy"
    assert "size of the data" not in headings
    for n in range(1, len(headings)):
        assert any(row.cells[n].text for row in table.rows), headings[n]  # 0.3 of three papers is one


def amount(part):
    return any(character.isdigit() for character in part)


def test_a_sentence_is_cut_to_the_clause_that_answers_and_its_neighbours_while_that_is_short():
    text = "On BirdBench with one GPU, OwlNet runs 2.5 times faster, while accuracy falls by only 0.2 points in all."

    def tells(parts):
        return [2.0 * ("2.5" in part) + ("GPU" in part) for part in parts]

    def cut(tells, value):
        start, end = shortest(text, tells, value)
        return text[start:end]

    # 5 words and 5 words are 10; the last clause has 9 more, and 19 are more than 16. What opens the sentence stays.
    assert cut(tells, lambda part: False) == "On BirdBench with one GPU, OwlNet runs 2.5 times faster"
    assert shortest("Short and whole.", tells, amount) == (0, 15)


def test_an_amount_is_cut_to_its_phrase_where_that_answers_better():
    text = "On BirdBench with one GPU, OwlNet runs 2.5 times faster, while accuracy falls by only 0.2 points in all."

    def cut(worth):
        start, end = shortest(text, lambda parts: [worth(part) for part in parts], amount)
        return text[start:end]

    # An amount behind a verb begins a phrase; "by" keeps what falls by it.
    assert cut(lambda part: 3 * ("2.5 times" in part) - 0.1 * len(part.split())) == "2.5 times faster"
    assert cut(lambda part: 3 * ("0.2" in part) - 0.1 * len(part.split())) == "accuracy falls by only 0.2 points"
    # Phrases that answer no better than their clause do not stand for it: five words less are worth 0.15, under 0.2.
    whole = "On BirdBench with one GPU, OwlNet runs 2.5 times faster"
    assert cut(lambda part: 3.0 * ("OwlNet runs 2.5 times" in part)) == whole


def test_cut_words_have_their_brackets_in_pairs_and_an_amount_from_one_to_another_whole():
    text = "It runs at sequence lengths of 32K to 512K (in 2 kinds of tokens) with two nodes."

    def cut(wanted):
        start, end = shortest(text, lambda parts: [3 * (wanted in part) - 0.1 * len(part) for part in parts], amount)
        return text[start:end]

    assert cut("512K") == "sequence lengths of 32K to 512K"
    assert cut("kinds").count("(") == cut("kinds").count(")")


@pytest.mark.parametrize(
    ("heading", "text", "told"),
    [
        ("number of targets", "We observe 12 targets.", True),
        ("number of targets", "The lightest has 6.1 kg.", False),
        ("sample size", "10% of the herons are marked.", False),
        ("wavelengths", "It is seen at 450 nm.", True),
        ("wavelengths", "It was seen for 3 years.", False),
        ("speed-up", "It is 2.5x faster.", True),
        ("main result", "10% of the herons are marked.", None),
    ],
)
def test_a_column_of_amounts_takes_amounts_of_its_kind(heading, text, told):
    assert fits(heading, text) is told
    assert may_fill(heading, text) is (told is not False)


def test_a_column_of_a_unit_may_be_filled_without_any_amount_and_a_count_may_not():
    assert may_fill("wavelengths", "It is seen in the near infrared.")
    assert not may_fill("number of targets", "It is seen in the near infrared.")


def test_cut_words_keep_their_denial_and_close_their_brackets():
    text = "On the large pond no model reaches 60% accuracy on herons (HeronBench) by day."
    start, end = shortest(text, lambda texts: [1.0 if "60%" in one else 0.0 for one in texts], lambda one: True)
    assert "no model" in text[start:end]
    text = "The rate of lost herons (LHR, by day) falls, while the nets that hold them for the whole night stay dry."
    start, end = shortest(text, lambda texts: [1.0 if "rate" in one else 0.0 for one in texts], lambda one: False)
    assert text[start:end].count("(") == text[start:end].count(")")


def test_a_heading_loses_what_cannot_be_printed():
    column = column_of("speed\x00-up\x1b[31m \ud800", lambda text: {})
    assert column.heading == "speed -up [31m"


def test_papers_are_on_a_subject_by_their_likeness_to_those_that_surely_are():
    def paper(name, *vector):
        vectors = np.array([vector], dtype=np.float32)
        words, signs = np.zeros((0, 0), dtype=np.float32), np.zeros((0, 0), dtype=np.uint8)
        paper, none = Paper(name, name, "One sentence."), np.zeros(0, dtype=np.int64)
        return StoredPaper(paper, "", "", (), ((0, 13),), vectors, words, none, signs)

    sure = [(paper(f"sure-{n}", 0.6, 0.8, 0.0), 3.0, 0.9) for n in range(4)]
    like, other = (paper("like", 0.4, 0.9, 0.1), 0.0, 0.1), (paper("other", 0.4, 0.0, 0.9), 0.0, 0.1)
    far = [(paper(f"far-{n}", 0.0, 0.0, 1.0), -3.0, 0.01) for n in range(8)]
    subject = np.array([1.0, 0.0, 0.0], dtype=np.float32)
    # "like" and "other" are as near to the subject and as likely by the network; only one is like those on it.
    chosen = [stored.paper.id for stored in chosen_of([*sure, like, other, *far], subject, line=0.2)]
    assert set(chosen) == {"sure-0", "sure-1", "sure-2", "sure-3", "like"}
    # Three that are sure say nothing of what else is on it.
    assert len(chosen_of([*sure[:3], like, other, *far], subject, line=0.2)) == 3
    assert chosen_of([], subject, line=0.2) == []


def test_in_a_library_of_one_field_the_rarest_word_of_a_subject_has_to_be_said():
    def stored(name, *word):
        vector, signs = np.array([[1.0, 0.0]], dtype=np.float32), np.zeros((1, 1), dtype=np.uint8)
        paper, words = Paper(name, name, "Nets."), np.array([word], dtype=np.float32)
        return StoredPaper(paper, "", "", (), ((0, 5),), vector, words, np.zeros(1, dtype=np.int64), signs)

    of_herons, of_owls = stored("herons", 1.0, 0.0), stored("owls", 0.0, 1.0)
    candidates = [(paper, 0.5, chance) for paper, chance in ((of_herons, 0.6), (of_owls, 0.6))]
    subject, herons = np.array([1.0, 0.0], np.float32), np.array([[1.0, 0.0]], np.float32)
    assert chosen_of(candidates, subject, line=0.5) == [of_herons, of_owls]
    assert chosen_of(candidates, subject, line=0.5, rarest=herons) == [of_herons]
    surely = [(of_herons, 0.5, 0.6), (of_owls, 0.5, 0.95)]
    assert chosen_of(surely, subject, line=0.5, rarest=herons) == [of_owls, of_herons]


def test_a_column_orders_by_its_units():
    table = sorted_by(made("40 seconds", "", "3 minutes", "2 hours", "fast"), "cost")
    # 2 hours are 7,200 s, 3 minutes 180 s; words come after amounts, empty cells last.
    assert [row.cells[0].text for row in table.rows] == ["2 hours", "3 minutes", "40 seconds", "fast", ""]
    with pytest.raises(SettingsError, match="no column is called 'price'"):
        sorted_by(table, "price")


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "＝1+1"])
def test_csv_has_no_formula(evil):
    rows = list(csv.reader(io.StringIO(as_csv(made(evil)))))
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for row in rows for cell in row)


def test_markdown_and_latex_escape_what_papers_say():
    table = made("50% of a|b_c <script>")
    assert r"50% of a\|b\_c \<script\>[^1] |" in table_markdown(table)
    assert r"50\% of a" in as_latex(table)
    assert as_latex(table).count("&") == 2  # one in the head and one in the row


def test_papers_that_support_a_claim_and_that_contradict_it_are_told_apart(assistant):
    agreed = assistant.agree("OwlNet runs 2.5 times faster than HawkNet on one GPU.")
    assert [stance.quoted.paper.id for stance in agreed.on("supports")] == ["owlnet"]
    assert "2.5" in agreed.on("supports")[0].quoted.quote
    denied = assistant.agree("OwlNet runs 2.5 times slower than HawkNet on one GPU.")
    assert [stance.quoted.paper.id for stance in denied.on("contradicts")] == ["owlnet"]
    assert all(stance.leans is None for stance in (*agreed.stances, *denied.stances) if stance.side != "neither")


def test_a_sentence_that_may_turn_a_claim_round_supports_nothing(library_of, tmp_path):
    row = {"id": "heron", "title": "HeronNet", "abstract": "HeronNet finds fish. HeronNet needs no labels of fish."}
    file = tmp_path / "heron.jsonl"
    file.write_text(json.dumps(row) + "\n")
    agreed = library_of(file).agree("HeronNet needs labels of fish.")
    assert agreed.on("supports") == ()
    assert [stance.quoted.quote for stance in agreed.stances] == ["HeronNet needs no labels of fish."]


def test_a_paper_that_leans_says_to_which_side_before_its_reasons():
    quoted = Quoted(Paper("heron", "HeronNet", "HeronNet finds fish."), 0, 20)
    leaning = Stance("neither", quoted, ("the claim has more words",), leans="contradicts")
    assert leaning.told == ("leans to contradicting it", "the claim has more words")
    assert replace(leaning, leans=None).told == ("the claim has more words",)


def test_silence_is_counted_and_is_no_agreement(assistant):
    agreed = assistant.agree("Volcanoes erupt more often in winter than in summer.")
    assert agreed.on("supports") == ()
    assert f"Of {agreed.looked_at} papers looked at" in agreed.summary
    assert "silent, which is no agreement" in agreed.summary
    with pytest.raises(SettingsError, match="give a whole statement"):
        assistant.agree("it")


def test_vectors_that_lie_together_are_one_group():
    apart = np.array([[1, 0.1, 0], [1, 0, 0.1], [0, 1, 0.1], [0.1, 1, 0], [0, 0.1, 1]], dtype=np.float32)
    labels = clustered(apart, groups=3)
    assert labels[0] == labels[1]
    assert labels[2] == labels[3]
    assert len(set(labels)) == 3


def test_an_overview_groups_papers_and_cites_their_words(assistant):
    overview = assistant.overview("vision models that keep or skip tokens")
    ids = [paper.id for paper in overview.papers]
    assert {"owlnet", "gamma-moss"} <= set(ids)
    assert len(ids) == len(set(ids))
    for group in overview.groups:
        assert group.name
        assert group.sentences
        assert all(said.quoted[0].quote for said in group.sentences)
    assert [paper.published for paper in overview.timeline] == sorted(paper.published for paper in overview.timeline)
    assert assistant.overview("vision models that keep or skip tokens") == overview


def test_an_overview_says_what_the_library_lacks():
    nothing = overview_of("zymurgy", [], frequency=lambda term: 0, holdings=3)
    assert nothing.groups == ()
    assert nothing.lacking == ("No paper of the library is on “zymurgy”.",)
    papers = [Paper("a", "Ale", "Ale is brewed.", "digest"), Paper("b", "Rye")]
    assert lacking("brewing zymurgy", papers, lambda term: 5 * (term == "brew")) == (
        "No paper of the library has the word zymurgy.",
        "2 of the 2 papers have no date, and are not on the timeline.",
        "Of 1 the library has a digest in place of the abstract.",
        "Of 1 the library has only the title.",
    )


def test_an_overview_as_a_file_loads_nothing_and_escapes_all(assistant):
    overview = assistant.overview("vision models that keep or skip tokens")
    evil = replace(overview, subject="<script>x</script> & tokens")
    assert "<script>" not in as_html(evil)
    assert "src=" not in as_html(evil)
    assert as_markdown(evil).startswith(r"# \<script\>x")
    assert "## References" in as_markdown(overview)
    assert as_html(Overview("nothing", (), (), ("No paper.",))).count("No paper.") == 1


def test_statements_on_one_thing_that_differ_are_found(library_of, tmp_path):
    rows = [
        {"id": "a", "title": "WrenNet", "abstract": "On NestBench, WrenNet reaches 71.2% accuracy. It is small."},
        {
            "id": "b",
            "title": "A Study of WrenNet",
            "abstract": "We find that WrenNet reaches 64.8% accuracy on NestBench.",
        },
        {"id": "c", "title": "LarkNet", "abstract": "On NestBench, LarkNet reaches 58.0% accuracy."},
        {"id": "d", "title": "Days", "abstract": "By day, OspreyNet reaches 71.2% accuracy on NestBench."},
        {"id": "e", "title": "Nights", "abstract": "By night, OspreyNet reaches 50.0% accuracy on NestBench."},
        {"id": "f", "title": "Gulls", "abstract": "GullNet improves on TernNet by 3.2% on NestBench."},
        {"id": "g", "title": "Skuas", "abstract": "SkuaNet improves on TernNet by 6.0% on NestBench."},
    ]
    file = tmp_path / "differ.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = library_of(file).differences()
    assert [{one.one.paper.id, one.other.paper.id} for one in found] == [{"a", "b"}]
    assert "71.2% against 64.8%" in found[0].why
    assert json.loads(difference_line(found[0]))["kind"] == "figure"


def test_results_are_lines_of_json(assistant, table):
    line = json.loads(table_line(table))
    assert [column["heading"] for column in line["columns"]] == COLUMNS
    cell = line["rows"][0]["cells"][0]
    assert table.rows[0].paper.abstract[cell["start"] : cell["end"]] == cell["quote"]
    agreed = assistant.agree("OwlNet runs 2.5 times faster than HawkNet on one GPU.")
    assert json.loads(agreement_line(agreed))["looked_at"] == agreed.looked_at
    overview = assistant.overview("vision models that keep or skip tokens")
    assert json.loads(overview_line(overview))["groups"][0]["sentences"][0]["citations"]


def test_the_commands_write_files_and_say_what_is_wrong(called, library_dir):
    done = called("table", "-p", "OwlNet", "-c", "accuracy", "--as", "csv", "--storage", library_dir)
    assert done.returncode == 0, done.stderr.decode()
    rows = list(csv.reader(io.StringIO(done.stdout.decode())))
    assert rows[0] == ["paper", "title", "accuracy", "accuracy: quote"]
    assert "81.4%" in rows[1][2]
    assert called("table", "--storage", library_dir).returncode == 2
    assert b"it can be table, csv" in called("table", "x", "--as", "pdf", "--storage", library_dir).stderr
    done = called("agree", "OwlNet keeps 12 of 196 visual tokens.", "--storage", library_dir)
    assert b"Supports it" in done.stdout
    done = called("overview", "birds at night", "--as", "markdown", "--storage", library_dir)
    assert done.stdout.startswith(b"# birds at night")

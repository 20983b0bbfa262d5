"""The snapshot of arXiv, OpenAlex, Semantic Scholar, PubMed's XML and tables; and filters."""

import json
from datetime import date

import pytest

from rag.errors import SettingsError, SourceError
from rag.model import Paper, Rejected
from rag.sources import Filter, read_file
from tests.support.sources_fixtures import FOX, OWL, on_linux, read_elsewhere


@pytest.fixture
def read(tmp_path):
    def read(text, reader, only=None):
        path = tmp_path / "file"
        path.write_text(text)
        reading = read_file(path, only=only)
        assert reading.reader == reader
        return list(reading.entries)

    return read


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


def preprint(**fields):
    return {
        "id": "0704.0001",
        "submitter": "Ann Owl",
        "authors": "A. Owl (Night), B. Fox",
        "title": "OwlNet:\n  Seeing by Night",
        "comments": None,
        "journal-ref": None,
        "doi": "10.1000/OWL.1 10.1000/owl.2",
        "report-no": None,
        "categories": "cs.CV hep-th",
        "license": None,
        "abstract": "  We present OwlNet, a network\nthat reads night images.\n  It is small.\n",
        "versions": [
            {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
            {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
        ],
        "update_date": "2008-11-26",
        "authors_parsed": [["Owl", "Ann", ""], ["Fox", "Bo", "Jr.", "Night"]],
        **fields,
    }


def test_record_of_the_snapshot_gives_all_that_a_paper_has(read):
    [paper] = read(lines(preprint()), "arxiv")
    assert paper == Paper(
        id="",
        title="OwlNet: Seeing by Night",
        abstract="We present OwlNet, a network that reads night images.\n\nIt is small.",
        url="https://arxiv.org/abs/0704.0001",
        published=date(2007, 4, 2),
        authors=("Ann Owl", "Bo Fox Jr."),
        source="arxiv",
        doi="10.1000/owl.1",
        arxiv_id="0704.0001",
        extra={"categories": "cs.CV hep-th"},
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"comments": "This paper has been withdrawn"}, "arXiv: “This paper has been withdrawn”"),
        ({"abstract": "This paper was withdrawn by the author."}, "arXiv: “This paper was withdrawn by the author.”"),
        ({"abstract": "We study papers that were retracted."}, None),
    ],
)  # fmt: skip
def test_withdrawal_is_taken_from_comment_and_abstract(read, fields, said):
    [paper] = read(lines(preprint(**fields)), "arxiv")
    assert paper.retraction == said


def test_snapshot_with_odd_fields_is_taken_as_far_as_it_goes(read):
    entries = read(
        lines(
            preprint(),
            preprint(versions=[], authors_parsed=None, doi=None),
            preprint(versions=[{}], update_date="soon", authors=None, authors_parsed=[[], [None]]),
            preprint(title=None, abstract=None),
            preprint(abstract=5),
            5,
        ),
        "arxiv",
    )
    assert [type(entry) for entry in entries] == [Paper, Paper, Paper, Rejected, Rejected, Rejected]
    assert (entries[1].published, entries[1].authors) == (date(2008, 11, 26), ("A. Owl", "B. Fox"))
    assert (entries[2].published, entries[2].authors) == (None, ())
    assert [entry.line for entry in entries[3:]] == [4, 5, 6]


@on_linux
def test_snapshot_is_read_with_a_flat_memory(tmp_path):
    # 20,000 records of 3,300 characters are 66 MB; the process has some 25 MB when it begins.
    path = tmp_path / "file"
    path.write_text(lines(preprint(abstract="Owls see. " * 250)) * 20_000)
    assert path.stat().st_size > 60_000_000
    papers, _, kilobytes, error = read_elsewhere(path)
    assert (papers, error) == (20_000, "")
    assert kilobytes < 60_000


FIVE = [
    preprint(id="0704.0001", categories="cs.CL cs.LG"),
    preprint(id="0704.0002", categories="math.PR"),
    preprint(id="0704.0003", categories="cs.CV", versions=[{"created": "Tue, 1 May 2007 00:00:00 GMT"}]),
    preprint(id="0704.0004", categories="astro-ph", versions=[{"created": "Thu, 31 May 2007 00:00:00 GMT"}]),
    preprint(id="0704.0005", categories="astro-ph.GA", versions=[], update_date=None),
]


@pytest.mark.parametrize(
    ("only", "numbers"),
    [
        (Filter(categories=("cs",)), [1, 3]),
        (Filter(categories=("cs.CL", "math")), [1, 2]),
        (Filter(categories=("CS.cl",)), [1]),
        (Filter(categories=("cs.C",)), []),  # no category, and no group of them
        (Filter(categories=("astro-ph",)), [4, 5]),
        (Filter(since=date(2007, 5, 1)), [3, 4]),
        (Filter(since=date(2007, 5, 1), until=date(2007, 5, 30)), [3]),
        (Filter(until=date(2007, 4, 2)), [1, 2]),
        (Filter(categories=("cs",), since=date(2007, 5, 1)), [3]),
        (Filter(), [1, 2, 3, 4, 5]),
    ],
)
def test_filter_takes_what_is_wanted(read, only, numbers):
    expected = [f"0704.000{n}" for n in numbers]
    assert [paper.arxiv_id for paper in read(lines(*FIVE), "arxiv", only)] == expected
    # What a reader that knows no filter gives is filtered as well.
    records = [{"title": paper.title, "abstract": OWL, "arxiv_id": paper.arxiv_id, "extra": dict(paper.extra),
                "published": str(paper.published) if paper.published else None}
               for paper in read(lines(*FIVE), "arxiv")]  # fmt: skip
    assert [paper.arxiv_id for paper in read(lines(*records), "jsonl", only)] == expected


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"categories": ("cs", " ")}, "a category is blank .*give one such as cs.CL"),
        ({"since": date(2024, 2, 1), "until": date(2024, 1, 1)}, r"since \(2024-02-01\) is later than until"),
    ],
)
def test_filter_that_cannot_be_meant_is_an_error(fields, message):
    with pytest.raises(SettingsError, match=message):
        Filter(**fields)


WORK = {
    "id": "https://openalex.org/W1",
    "title": "OwlNet",
    "publication_date": "2024-01-29",
    "authorships": [{"author": {"display_name": "Ann Owl"}}],
    "abstract_inverted_index": {"night.": [3], "Owls": [0], "see": [1], "by": [2]},
    "is_retracted": True,
    "doi": "https://doi.org/10.1000/OWL.1",
}


@pytest.mark.parametrize(
    "text", [lines(WORK), json.dumps({"meta": {}, "results": [WORK]}), json.dumps([WORK], indent=2)]
)
def test_works_of_openalex_are_read_as_lines_pages_and_arrays(read, text):
    [paper] = read(text, "openalex")
    assert (paper.abstract, paper.doi, paper.source) == ("Owls see by night.", "10.1000/owl.1", "openalex")
    assert paper.retraction == "OpenAlex: marked as retracted"


S2 = {"paperId": "a1", "externalIds": {"ArXiv": "2401.00001"}, "title": "OwlNet", "abstract": OWL, "year": 2024}


@pytest.mark.parametrize("text", [lines(S2), json.dumps({"total": 1, "data": [S2]}),
                                  lines({"corpusid": 1, "title": "OwlNet", "abstract": OWL,
                                         "externalids": {"ArXiv": "2401.00001"}})])  # fmt: skip
def test_papers_of_semantic_scholar_are_read_as_lines_and_pages(read, text):
    [paper] = read(text, "semanticscholar")
    assert (paper.abstract, paper.arxiv_id, paper.source) == (OWL, "2401.00001", "semanticscholar")


# PubMed

ARTICLE = """<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article>
<Journal><JournalIssue><PubDate><Year>2024</Year><Month>Mar</Month></PubDate></JournalIssue><Title>Night</Title></Journal>
<ArticleTitle>OwlNet: seeing <i>by</i> night.</ArticleTitle>
<ELocationID EIdType="doi">10.1000/OWL.1</ELocationID>
<Abstract><AbstractText Label="AIM">To see x<sup>2</sup> &lt; 3.</AbstractText>
<AbstractText>Seen.</AbstractText></Abstract>
<AuthorList><Author><LastName>Owl</LastName><ForeName>Ann B</ForeName></Author>
<Author><CollectiveName>Night Group</CollectiveName></Author></AuthorList>
<PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList>
</Article>{more}</MedlineCitation></PubmedArticle>
"""
HEAD = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://example.org/pubmed.dtd">
<PubmedArticleSet>
"""


def article(pmid=1, kind="Journal Article", more=""):
    return ARTICLE.format(pmid=pmid, kind=kind, more=more)


def notice(kind):
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}"><RefSource>Night 2025</RefSource>'
        "</CommentsCorrections></CommentsCorrectionsList>"
    )


def test_articles_of_pubmed_give_all_that_a_paper_has(read):
    entries = read(
        HEAD
        + article()
        + article(2, "Retracted Publication")
        + article(3, more=notice("RetractionIn"))
        + article(4, "Retraction of Publication", notice("RetractionOf"))
        + "<PubmedArticle><MedlineCitation/></PubmedArticle></PubmedArticleSet>",
        "pubmed",
    )
    *papers, empty = entries
    assert papers[0] == Paper(
        id="",
        title="OwlNet: seeing by night.",
        abstract="AIM: To see x² < 3.\n\nSeen.",
        url="https://pubmed.ncbi.nlm.nih.gov/1/",
        published=date(2024, 3, 1),
        published_inferred=True,
        authors=("Ann B Owl", "Night Group"),
        source="file",
        doi="10.1000/owl.1",
        extra={"pmid": "1", "venue": "Night", "date": "2024-03"},
    )
    assert [paper.retraction for paper in papers] == [
        None, "PubMed: marked as retracted", "PubMed: marked as retracted (Night 2025)", None
    ]  # fmt: skip
    assert papers[3].extra["retraction_of"] == "Night 2025"
    # Three lines of the head, ten of each article.
    assert (empty.line, empty.reason) == (44, "no title and no abstract; give at least one of them")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '<!DOCTYPE PubmedArticleSet [<!ENTITY a "owl"><!ENTITY b "&a;&a;">]><PubmedArticleSet>&b;',
            "file declares entities on line 1, which are not expanded",
        ),
        (
            '<!DOCTYPE PubmedArticleSet [<!ENTITY a SYSTEM "file:///etc/hostname">]><PubmedArticleSet>&a;',
            "file declares entities on line 1, which are not expanded",
        ),
        ("<PubmedArticleSet>\n" + "<a>" * 61, "file has elements nested deeper than 60 on line 2"),
        ("<PubmedArticleSet>\n<a>" + "owl " * 2_100_000, "file has more than 8,000,000 characters without the end"),
        ("<PubmedArticleSet>\n<PubmedArticle></a>", r"file is broken XML \(mismatched tag: line 2, column 17\)"),
        ("<PubmedArticleSet></PubmedArticleSet>", r"file has no papers in it \(read as pubmed\)"),
    ],
)  # fmt: skip
def test_xml_that_cannot_be_taken_is_one_error(read, text, message):
    with pytest.raises(SourceError, match=message):
        read(text, "pubmed")


def test_articles_before_a_fault_are_given(tmp_path):
    path = tmp_path / "file"
    path.write_text(HEAD + article() + article(2) + "<oops")
    entries = read_file(path).entries
    assert [next(entries).extra["pmid"], next(entries).extra["pmid"]] == ["1", "2"]
    with pytest.raises(SourceError, match="file is broken XML"):
        next(entries)


# Tables

ZOTERO = f"""\ufeff"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url","Abstract Note","Date","Extra"
"A","journalArticle","2024","Owl, Ann; Müller, Józef","OwlNet, seeing","Night","10.1000/OWL.1","https://example.org/1","We present
OwlNet ""here"".","2024-03-12","arXiv:2401.00001 [cs]"

"B","j","2023","Fox, Bo","Fox ear","","","","{FOX}","2023",""
"C","j"
"""  # noqa: E501


def test_table_of_zotero_gives_all_that_a_paper_has(read):
    owl, fox, short = read(ZOTERO, "csv")
    assert owl == Paper(
        id="",
        title="OwlNet, seeing",
        abstract='We present\nOwlNet "here".',
        url="https://example.org/1",
        published=date(2024, 3, 12),
        authors=("Ann Owl", "Józef Müller"),
        source="file",
        doi="10.1000/owl.1",
        arxiv_id="2401.00001",
        extra={"venue": "Night", "note": "arXiv:2401.00001 [cs]"},
    )
    assert (fox.published, fox.published_inferred, fox.extra) == (date(2023, 1, 1), True, {"date": "2023"})
    assert (short.line, short.reason) == (6, "no title and no abstract; give at least one of them")


@pytest.mark.parametrize(
    "text",
    [
        f"title;abstract;authors\nOwlNet;{OWL};Owl, Ann and Fox, Bo\n",
        f"Paper Title|Abstract|Authors\nOwlNet|{OWL}|Ann Owl; Bo Fox\n",
        f"Authors\tTitle\tABSTRACT\nAnn Owl; Bo Fox\tOwlNet\t{OWL}\n",
        f"PT\tAU\tAF\tTI\tSO\tAB\nJ\tOwl, A; Fox, B\tOwl, Ann; Fox, Bo\tOwlNet\tNIGHT\t{OWL}\n",  # Web of Science
        f'Authors,Author full names,Title,Abstract\nOwl A.,"Owl, Ann (5720000); Fox, Bo (57201)",OwlNet,"{OWL}"\n',
    ],
)  # fmt: skip
def test_columns_have_many_names_and_marks_between_them(read, text):
    [paper] = read(text, "csv")
    assert (paper.title, paper.abstract, paper.authors) == ("OwlNet", OWL, ("Ann Owl", "Bo Fox"))


@pytest.mark.parametrize(
    ("cell", "said"),
    [("", None), ("False", None), ("TRUE", "file: marked as retracted"),
     ("Retraction; wrong owls", "file: marked as retracted (Retraction; wrong owls)")],
)  # fmt: skip
def test_column_of_retractions_is_read(read, cell, said):
    [paper] = read(f"title,is_retracted\nOwlNet,{cell}\n", "csv")
    assert paper.retraction == said


def test_quote_without_end_costs_its_row_and_not_the_rest(read):
    # The open quote takes lines up to the parser's limit of a cell, 131,072 characters; reading goes on behind it.
    text = 'title,abstract\nA,"open\n' + "B,text\n" * 30_000
    entries = read(text, "csv")
    [fault] = [entry for entry in entries if isinstance(entry, Rejected)]
    assert fault.line == 2
    assert "field larger than field limit (131072)" in fault.reason
    assert sum(isinstance(entry, Paper) for entry in entries) > 10_000


def test_row_with_a_comma_outside_of_quotes_is_not_cut_off_in_silence(read):
    entries = read(f"title,abstract\nOwlNet,{OWL}\nFoxEar,text,,\n", "csv")
    assert (entries[0].line, entries[0].reason) == (2, "the row has 3 cells, the header 2; put texts into quotes")
    assert entries[1].title == "FoxEar"  # blank cells say nothing


def test_table_in_another_encoding_names_the_byte(tmp_path):
    (tmp_path / "file").write_bytes("title,abstract\nÉlan,x\n".encode("cp1252"))
    with pytest.raises(SourceError, match=r"file is not UTF-8: byte 0xC9 at offset 15 .*save the file as UTF-8"):
        read_file(tmp_path / "file")


def test_text_with_commas_is_no_table(read):
    text = f"Owls, and what they see\n\n{OWL}\n\nFoxes, elks and title\n\n{FOX}\n"
    assert len(read(text, "listing")) == 2

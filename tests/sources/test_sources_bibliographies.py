"""BibTeX, RIS, MEDLINE text and CSL-JSON."""

import json
from datetime import date

import pytest

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources import read_file
from rag.sources.fields.dates import dated
from rag.sources.fields.people import listed, spoken
from tests.support.sources_fixtures import OWL


@pytest.fixture
def read(tmp_path):
    def read(text, reader):
        path = tmp_path / "file"
        path.write_text(text)
        reading = read_file(path)
        assert reading.reader == reader
        return list(reading.entries)

    return read


def reasons(entries):
    return [(entry.line, entry.reason) for entry in entries if isinstance(entry, Rejected)]


# BibTeX

BIBTEX = r"""% Encoding: UTF-8
@string{night = "Journal of the Night"}

@comment{jabref-meta: nothing}
@article{owl_owlnet_2024,
	title = {{OwlNet}: {Seeing} by {Night} at 95\% of {Erd\H{o}s} \& Co.},
	url = {https://example.org/a\_b},
	doi = {https://doi.org/10.1000/OWL.1},
	abstract = {We present {OwlNet}, a network that reads $x^2$ images.
It loses 5% of nothing.

A second paragraph.},
	journal = night # { and Day},
	author = {Owl, Ann and {The Fox and Elk, Group} and M{\"u}ller, J{\'o}zef and von Neumann, John and others},
	month = mar,
	year = {2024},
	note = {arXiv:2401.00001 [cs]},
	keywords = {owls, night},
}

@misc{fox,
  title = "Fox Ear", eprint = {2310.03744v2}, archivePrefix = {arXiv}, primaryClass = {cs.CV}, date={2023-10-05}
}
"""


def test_bibtex_entry_gives_all_that_a_paper_has(read):
    owl, fox = read(BIBTEX, "bibtex")
    assert owl == Paper(
        id="",
        title="OwlNet: Seeing by Night at 95% of Erdős & Co.",
        abstract="We present OwlNet, a network that reads $x^2$ images. It loses 5% of nothing.\n\nA second paragraph.",
        url="https://example.org/a_b",
        published=date(2024, 3, 1),
        published_inferred=True,  # the day is not known
        authors=("Ann Owl", "The Fox and Elk, Group", "Józef Müller", "John von Neumann"),
        source="file",
        doi="10.1000/owl.1",
        arxiv_id="2401.00001",
        extra=owl.extra,
    )
    assert owl.extra == {
        "venue": "Journal of the Night and Day",
        "keywords": "owls, night",
        "note": "arXiv:2401.00001 [cs]",
        "date": "2024-03",
        "more_authors": "and others",
    }
    assert (fox.title, fox.arxiv_id, fox.published) == ("Fox Ear", "2310.03744", date(2023, 10, 5))
    assert fox.extra == {"categories": "cs.CV"}


def test_broken_bibtex_entry_is_named_by_its_line_and_the_next_one_read(read):
    entries = read("@misc{a,\n  title = {A}\n}\n\n@misc{b, title = {No end\n@misc{c, title = {C}}\n", "bibtex")
    assert [entry.title for entry in entries if isinstance(entry, Paper)] == ["A", "C"]
    assert reasons(entries) == [(5, "broken BibTeX: Unexpectedly reached end of file.; correct the entry")]


def test_field_that_is_there_twice_counts_once(read):
    [paper] = read("@misc{a, title = {First}, title = {Second}}", "bibtex")
    assert paper.title == "First"


def test_latex_that_cannot_be_read_stays_without_its_braces(read):
    [paper] = read("@misc{a, title = {An " + "{" * 5_000 + "Owl" + "}" * 5_000 + "}}", "bibtex")
    assert paper.title == "An Owl"


@pytest.mark.parametrize(
    ("fields", "arxiv_id"),
    [
        ("journal = {arXiv preprint arXiv:2310.03744}", "2310.03744"),  # Google Scholar
        ("volume = {abs/2310.03744}", "2310.03744"),  # DBLP
        ("url = {http://arxiv.org/abs/hep-th/9901001v3}", "hep-th/9901001"),
        ("doi = {10.48550/arXiv.2310.03744}", "2310.03744"),
        ("eprint = {123456}, eprinttype = {pmid}", None),
    ],
)
def test_arxiv_id_is_found_where_programs_write_it(read, fields, arxiv_id):
    [paper] = read("@article{a, title = {Owl}, " + fields + "}", "bibtex")
    assert (paper.arxiv_id, paper.doi) == (arxiv_id, None)


@pytest.mark.parametrize(
    ("fields", "published", "inferred"),
    [
        ("year = 2024", date(2024, 1, 1), True),
        ("year = 2024, month = {3}, day = 12", date(2024, 3, 12), False),
        ('year = 2024, month = "12~" # mar', date(2024, 3, 12), False),
        ("date = {2024-03-12/2024-03-14}", date(2024, 3, 12), False),
        ("year = {in press}", None, False),
        ("year = {99999}", None, False),
        ("year = 2024, month = feb, day = 31", date(2024, 2, 1), True),
    ],
)
def test_bibtex_dates_are_taken_as_far_as_they_go(read, fields, published, inferred):
    [paper] = read("@article{a, title = {Owl}, " + fields + "}", "bibtex")
    assert (paper.published, paper.published_inferred) == (published, inferred)


def test_bibliography_of_one_entry_beyond_the_limit_goes_on_with_the_next(read):
    entries = read("@misc{a, title = {" + "x\n" * 600_000 + "}}\n@misc{b, title = {B}}\n", "bibtex")
    assert reasons(entries) == [(1, "the record has more than 1,000,000 characters, the limit; shorten it")]
    assert entries[1].title == "B"


# RIS

RIS = f"""Provider: Owls Ltd

TY  - JOUR
TI  - OwlNet: Seeing by Night
AU  - Owl, Ann
AU  - Müller, Józef
T2  - Journal of the Night
AB  - {OWL}
It is fast.
DA  - 2024/03/12/
PY  - 2024
DO  - 10.1000/OWL.1
UR  - https://doi.org/10.1000/OWL.1
KW  - owls
KW  - night
N1  - arXiv:2401.00001 [cs]
ER  -

TY  - UNPB
T1  - [Retracted] Fox Ear
A1  - Fox, Bo
Y1  - 2023///
N2  - Foxes hear.
TY  - GEN
ID  - nothing
"""


def test_ris_records_give_all_that_a_paper_has(read):
    owl, fox, nothing = read(RIS, "ris")
    assert (owl.title, owl.abstract) == ("OwlNet: Seeing by Night", f"{OWL} It is fast.")
    assert (owl.authors, owl.published, owl.published_inferred) == (
        ("Ann Owl", "Józef Müller"), date(2024, 3, 12), False
    )  # fmt: skip
    assert (owl.doi, owl.arxiv_id, owl.url) == ("10.1000/owl.1", "2401.00001", "https://doi.org/10.1000/OWL.1")
    assert owl.extra == {"venue": "Journal of the Night", "keywords": "owls; night", "note": "arXiv:2401.00001 [cs]"}
    # A record without its end ends where the next begins.
    assert (fox.abstract, fox.authors, fox.published) == ("Foxes hear.", ("Bo Fox",), date(2023, 1, 1))
    assert fox.retraction == "file: the title says that it was retracted"
    assert (nothing.line, nothing.reason) == (24, "no title and no abstract; give at least one of them")


def test_ris_with_one_blank_before_the_hyphen_is_read(read):
    [paper] = read("TY - JOUR\nTI - Owl\nAB - Sees.\nER - \n", "ris")
    assert (paper.title, paper.abstract) == ("Owl", "Sees.")


# MEDLINE

MEDLINE = """
PMID- 12345678
OWN - NLM
TI  - OwlNet: seeing by night and
      by day.
LID - 10.1000/owl.1 [doi]
AB  - BACKGROUND: We present OwlNet, a network
      that reads night images. RESULTS: Many.
FAU - Owl, Ann B
AU  - Owl AB
CN  - Night Group
PT  - Retracted Publication
RIN - J Night. 2025;1:2. PMID: 999
DP  - 2024 Mar
DEP - 20240212
JT  - Journal of the night

PMID- 2
TI  - Retraction: OwlNet.
PT  - Retraction of Publication
ROF - J Night. 2024;1:1
"""


def test_medline_records_give_all_that_a_paper_has(read):
    owl, notice = read(MEDLINE, "medline")
    assert owl.title == "OwlNet: seeing by night and by day."
    assert owl.abstract.endswith("a network that reads night images. RESULTS: Many.")
    assert (owl.authors, owl.doi, owl.published) == (("Ann B Owl", "Night Group"), "10.1000/owl.1", date(2024, 2, 12))
    assert owl.retraction == "PubMed: marked as retracted (J Night. 2025;1:2. PMID: 999)"
    assert owl.url == "https://pubmed.ncbi.nlm.nih.gov/12345678/"
    # The notice is not retracted itself.
    assert (notice.retraction, notice.extra["retraction_of"]) == (None, "J Night. 2024;1:1")


# Web of Science

WOS = f"""FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Owl, A
   Fox, B
AF Owl, Ann
   Fox, Bo
TI OwlNet: seeing
   by night
SO NIGHT
AB {OWL}
PD MAR 12
PY 2024
DI 10.1000/OWL.1
DT Article; Retracted Publication
ER

PT J
TI FoxEar
PY 2023
ER

EF
"""


def test_records_of_web_of_science_give_all_that_a_paper_has(read):
    owl, fox = read(WOS, "web-of-science")
    assert (owl.title, owl.abstract, owl.authors) == ("OwlNet: seeing by night", OWL, ("Ann Owl", "Bo Fox"))
    assert (owl.published, owl.doi, owl.extra) == (date(2024, 3, 12), "10.1000/owl.1", {"venue": "NIGHT"})
    assert owl.retraction == "Web of Science: marked as retracted"
    assert (fox.title, fox.published, fox.published_inferred) == ("FoxEar", date(2023, 1, 1), True)


# CSL-JSON


def test_csl_items_give_all_that_a_paper_has(read):
    item = {
        "id": "http://zotero.org/users/1/items/A",
        "type": "article-journal",
        "title": "<i>OwlNet</i>: seeing",
        "abstract": f"<jats:p>{OWL}</jats:p><jats:p>x &amp;lt; 2</jats:p>",
        "container-title": ["Night"],
        "DOI": "10.1000/OWL.1",
        "URL": "https://example.org/1",
        "author": [
            {"family": "Owl", "given": "Ann"},
            {"literal": "Night Group"},
            {"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van", "suffix": "Jr."},
        ],
        "issued": {"date-parts": [["2024", 3, 12]]},
        "note": "arXiv:2401.00001 [cs]",
        "updated-by": [{"type": "retraction", "DOI": "10.1000/notice"}],
    }
    [paper] = read(json.dumps([item], indent="\t"), "csl-json")
    assert paper == Paper(
        id="",
        title="OwlNet: seeing",
        abstract=f"{OWL}\n\nx < 2",
        url="https://example.org/1",
        published=date(2024, 3, 12),
        authors=("Ann Owl", "Night Group", "Vincent van Gogh Jr."),
        source="file",
        doi="10.1000/owl.1",
        arxiv_id="2401.00001",
        retraction="Crossref: marked as retracted (10.1000/notice)",
        extra=paper.extra,
    )
    assert paper.extra == {"venue": "Night", "type": "article-journal"}


def test_records_of_our_own_with_a_type_are_not_taken_for_csl(read):
    [paper] = read(json.dumps({"type": "article", "title": "Owl", "authors": ["Ann Owl"], "abstract": OWL}), "jsonl")
    assert (paper.authors, paper.extra) == (("Ann Owl",), {"type": "article"})


@pytest.mark.parametrize(
    ("issued", "published"),
    [
        ({"date-parts": [[2024]]}, date(2024, 1, 1)),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": []}, None),
        ({"date-parts": [[2024, 13, 45]]}, date(2024, 1, 1)),
        ({"date-parts": [[10**30]]}, None),
        ({"raw": "12 March 2024"}, date(2024, 3, 12)),
        ("2024-03-12", date(2024, 3, 12)),
        ([1], None),
    ],
)
def test_csl_dates_are_taken_as_far_as_they_go(read, issued, published):
    [paper] = read(
        json.dumps([{"id": "a", "type": "book", "title": "Owl", "author": [], "issued": issued}]), "csl-json"
    )
    assert paper.published == published


def test_rdf_is_told_what_to_do(read):
    with pytest.raises(SourceError, match="file is RDF, which is not read; export BibTeX, RIS, CSL JSON or CSV"):
        read('<rdf:RDF xmlns:z="http://www.zotero.org/namespaces/export#">\n<bib:Article>', "none")


# What they share


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("2024", ("2024-01-01", "2024")),
        ("2024-03", ("2024-03-01", "2024-03")),
        ("2024/03/12/", ("2024-03-12", None)),
        ("2024 Mar-Apr", ("2024-03-01", "2024-03")),
        ("March 12, 2024", ("2024-03-12", None)),
        ("20240312", ("2024-03-12", None)),
        ("Mon, 2 Apr 2007 19:18:42 GMT", ("2007-04-02", None)),
        ("3/12/2024", ("2024-01-01", "2024")),  # March or December
        ("2023 Dec-2024 Jan", ("2023-01-01", "2023")),
        ("2024-02-31", ("2024-02-01", "2024-02")),
        ("9999-01-01", (None, "9999-01-01")),
        ("soon", (None, "soon")),
        ("", (None, None)),
    ],
)
def test_date_without_day_or_month_says_what_the_source_said(text, fields):
    found = dated(text)
    assert (found.get("published"), found.get("date")) == fields
    assert found.get("published_inferred", False) == (None not in fields)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Owl, Ann; Müller, Józef", ["Ann Owl", "Józef Müller"]),
        ("A. Owl, B. Fox and C. Elk", ["A. Owl", "B. Fox", "C. Elk"]),
        ("Owl, Ann and Fox, Bo", ["Ann Owl", "Bo Fox"]),
        ("Owl, A., Fox, B., & Elk, C. D.", ["A. Owl", "B. Fox", "C. D. Elk"]),
        ("Owl A., Müller H.-P.", ["A. Owl", "H.-P. Müller"]),
        ("Owl, Ann", ["Ann Owl"]),
        ("Ann Owl|Bo Fox", ["Ann Owl", "Bo Fox"]),
        ("", []),
    ],
)
def test_names_in_one_cell_are_told_apart(text, names):
    assert listed(text) == names


def test_suffix_of_a_name_stands_last():
    assert spoken("King, Jr., Martin Luther") == spoken("King, Martin Luther, Jr.") == "Martin Luther King Jr."

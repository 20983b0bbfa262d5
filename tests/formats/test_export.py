"""Exports: what other programs see in them, and that reading one gives the papers that were written."""

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
import rispy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.formats.export import FORMATS, exported, format_of
from rag.model import Paper
from rag.sources import read_file
from rag.sources.record import paper_of
from rag.text import shown

OWL = Paper(
    "owlnet", "OwlNet: {Seeing} at Night \\& by M^{2} μ-Lenses", "It keeps 12\\% of tokens.\n\nAnd “sees” owls -- all.",
    "digest", url="https://example.org/owl;jsessionid=1", published=date(2024, 3, 1), published_inferred=True,
    authors=("Łucja Sowa", "Müller, Anna", "Institute for Seas and Shores"), author_count=12, source="forest",
    doi="10.1000/owl", arxiv_id="2401.00001", retraction="Retracted in 2025, PubMed says: wrong owls",
    extra={"note": "{", "journal": "Owls & Co"},
)  # fmt: skip
BARE = Paper("bare", "", "Only a text, of one sentence.", source="forest")


def text_of(papers, form):
    return "".join(exported(papers, form))


def read_back(text, form, tmp_path):
    path = tmp_path / f"export{FORMATS[form][0]}"
    path.write_text(text, encoding="utf-8", newline="")
    return list(read_file(path).entries)


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_read_from_an_export_is_what_was_written(form, tmp_path):
    papers = [OWL, BARE]
    assert read_back(text_of(papers, form), form, tmp_path) == papers


# What the library may hold: any text that a reader lets through, which is what `paper_of` makes of it.
_ODDITIES = st.sampled_from(
    ["\\'e", "{\\mu}", "$x^{2}$", "{", "}", "\\", '"', "@misc{a,", "%", "ER  - ", "TY  - JOUR", "\u2028", "\x85", "é",
     "e\u0301", "\u202e", "<b>", "\t", "\n\n", "  ", "日本", "−", "~", "#", "&amp;", " and ", "=20", "=", "\ufeff",
     "[1]", "\U0001f989"]
)  # fmt: skip
_TEXT = st.lists(st.one_of(_ODDITIES, st.text(max_size=8)), max_size=6).map("".join)
_RECORDS = st.fixed_dictionaries(
    {"id": st.uuids().map(str), "title": _TEXT, "abstract": _TEXT.map(lambda text: text + " Owls."), "source": _TEXT},
    optional={
        "abstract_kind": st.sampled_from(["original", "digest"]),
        "url": st.sampled_from(["https://example.org/a?b=c;d#é{}", "http://x.org/%41"]),
        "published": st.dates().map(str),
        "published_inferred": st.booleans(),
        "authors": st.lists(_TEXT, max_size=3),
        "author_count": st.integers(0, 50),
        "doi": st.sampled_from(["10.1000/a(b)<c>;2-d", "10.1000/{x}_y"]),
        "arxiv_id": st.sampled_from(["2401.00001", "cs/0112017"]),
        "retraction": _TEXT,
        "extra": st.dictionaries(_TEXT.filter(str.strip), _TEXT, max_size=2),
    },
)


def stored(record, **more):
    paper = paper_of({**record, **more}, source="records", line=1)
    assert isinstance(paper, Paper), paper
    return paper


def with_copies(records):
    """The first paper as one that was merged from all records."""
    first, *others = records
    return stored(first, copies=[{**record, "id": ""} for record in records]) if others else stored(first)


@pytest.mark.parametrize("form", FORMATS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60, deadline=None
)
@given(groups=st.lists(st.lists(_RECORDS, min_size=1, max_size=2), min_size=1, max_size=3))
def test_export_import_export_gives_the_same_bytes(form, groups, tmp_path):
    papers = [with_copies(group) for group in groups]
    text = text_of(papers, form)
    again = read_back(text, form, tmp_path)
    assert again == papers
    assert text_of(again, form).encode() == text.encode()


def without_exact(text, form):
    """An export without the record that is read back to the letter."""
    if form == "csl-json":
        return json.dumps([{key: value for key, value in row.items() if key != "custom"} for row in json.loads(text)])
    return re.sub(r"(?m)^.*\bfootnote\b.*\n?", "", text)


# What titles and names have: LaTeX, dollars, entities, signs, every script.
_PIECES = st.sampled_from(
    ["$5 a day", "$x^2$ of it", "US$40", "10⁶ ponds", "H₂O", "5 & 6", "a < b", "~5", "50%", "{x} set", "α and β",
     "A*B", "日本語の池", "Привет", "مرحبا", "한국어", "Łódź", "é", "&amp;",
     "&times;", "#1", "under_score", "— so",
     "“q”", "C++", "\\textbf{x}", "©", "±3", "≥ 4", "x|y", "C:\\path\\to", "¿Qué?", "naïve", "10^6"]
)  # fmt: skip
_NAMES = st.sampled_from(
    ["Ann Owl", "Łucja Sowa", "山田 太郎", "Анна Сова", "محمد علي", "José García Márquez", "Pat O'Brien", "김민수",
     "Bo Fox Jr.", "Ludwig van Beethoven", "The Pond Group", "Ørsted Å. Ñandú", "Ádám Özgür"]
)  # fmt: skip


@pytest.mark.parametrize("form", ["bibtex", "ris", "csl-json"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    title=st.lists(_PIECES, min_size=1, max_size=4).map(" ".join),
    abstract=st.lists(_PIECES, min_size=1, max_size=6).map(" ".join),
    names=st.lists(_NAMES, min_size=1, max_size=4, unique=True),
)
def test_what_an_export_shows_is_read_as_it_prints_without_the_exact_record(form, title, abstract, names, tmp_path):
    paper = Paper("p", title, f"It has {abstract}.", authors=tuple(names), source="s")
    [again] = read_back(without_exact(text_of([paper], form), form), form, tmp_path)
    assert shown(again.title) == shown(unescape(paper.title))
    assert shown(again.abstract) == shown(unescape(paper.abstract))
    assert again.authors == paper.authors


def test_bibtex_shows_what_other_programs_need():
    text = text_of([OWL], "bibtex")
    assert re.search(r"(?m)^  title +=", text)
    assert re.search(r"(?m)^  abstract += \{It keeps 12\\% of tokens\. And ``sees'' owls -- all\.\},$", text)
    assert re.search(r"(?m)^  author += \{Łucja Sowa and Müller, Anna and \{Institute for Seas and Shores\}\},$", text)
    assert "wrong owls" in re.search(r"(?m)^  note += (.*)$", text)[1]
    # braces balance, escaped ones counted as well, or BibTeX would read on into the next entry
    assert text.count("{") == text.count("}")
    assert re.search(r"(?m)^  doi += \{10\.1000/1<2>3\},$", text_of([replace(OWL, doi="10.1000/1<2>3")], "bibtex"))


def test_ris_shows_what_other_programs_need():
    [entry] = rispy.loads(text_of([OWL], "ris"))
    custom = entry.pop("custom8")
    assert custom.startswith("footnote ")
    assert entry == {
        "type_of_reference": "GEN",
        "title": "OwlNet: Seeing at Night & by M² μ-Lenses",
        "authors": ["Sowa, Łucja", "Müller, Anna", "Institute for Seas and Shores"],
        "year": "2024",
        "urls": ["https://example.org/owl%3Bjsessionid=1"],
        "doi": "10.1000/owl",
        "abstract": entry["abstract"],
        "date": "2024/03/01",
        "accession_number": "arXiv:2401.00001",
        "notes": [
            "Retracted in 2025, PubMed says: wrong owls",
            "The library holds a digest of the abstract",
            "The year was worked out from the page that listed it",
        ],
    }
    assert entry["abstract"].startswith("It keeps 12% of tokens. And ")


def test_csl_json_shows_what_other_programs_need():
    [item] = json.loads(text_of([OWL], "csl-json"))
    assert (item["id"], item["type"], item["DOI"], item["number"]) == (
        "owlnet", "article", "10.1000/owl", "arXiv:2401.00001",
    )  # fmt: skip
    assert item["author"] == [
        {"family": "Sowa", "given": "Łucja"},
        {"family": "Müller", "given": "Anna"},
        {"literal": "Institute for Seas and Shores"},
    ]
    assert item["issued"] == {"date-parts": [[2024, 3, 1]]}
    assert "Retracted" in item["note"]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("bibtex", ["author   = {Fox, III, Bo and Owl, Jr., Ann and {World Health Organization} and {Meta AI}}"]),
        ("ris", ["AU  - Fox, Bo, III", "AU  - Owl, Ann, Jr.", "AU  - World Health Organization", "AU  - Meta AI"]),
        ("csl-json", ['{"family": "Fox", "given": "Bo", "suffix": "III"}', '{"literal": "World Health Organization"}']),
    ],
)
def test_generations_institutions_money_and_sets_are_written_for_other_programs(form, says):
    who = ("Bo Fox III", "Ann Owl Jr.", "World Health Organization", "Meta AI")
    written = "".join(
        exported([Paper("p", "P", "It costs $5, with labels in {0,1}, and $n$ more.", authors=who)], form)
    )
    shown = written.replace("\\$", "$").replace("\\textbraceleft{}", "{").replace("\\textbraceright{}", "}")
    assert [one for one in [*says, "It costs $5, with labels in {0,1}, and n more."] if one not in shown] == []


@pytest.mark.parametrize("form", ["bibtex", "ris", "csl-json"])
def test_a_record_with_generations_and_institutions_comes_back_exactly(form, tmp_path):
    who = ("Bo Fox III", "Ann Owl Jr.", "World Health Organization", "Meta AI", "Maria de la Cruz")
    paper = Paper("p", "P", "It costs $5, with labels in {0,1}, and $n$ more.", authors=who, source="Ponds")
    path = tmp_path / "export"
    path.write_text("".join(exported([paper], form)), encoding="utf-8")
    assert list(read_file(path).entries) == [paper]


def test_an_export_of_no_papers_is_empty():
    assert {form: text_of([], form) for form in FORMATS} == {"jsonl": "", "bibtex": "", "ris": "", "csl-json": "[\n]\n"}


def test_an_edited_entry_is_read_as_it_stands_and_is_still_the_same_paper(tmp_path):
    text = text_of([OWL], "csl-json").replace('"title": "OwlNet: Seeing', '"title": "OwlNet: Hearing')
    [paper] = read_back(text, "csl-json", tmp_path)
    assert (paper.id, paper.source, paper.abstract_kind) == ("owlnet", "forest", "digest")
    assert paper.title.startswith("OwlNet: Hearing")


@pytest.mark.parametrize(
    ("path", "named", "form"),
    [
        ("-", None, "jsonl"), ("a.bib", None, "bibtex"), ("a/b.RIS", None, "ris"), ("a.json", None, "csl-json"),
        ("a.jsonl", None, "jsonl"), ("a.txt", "ris", "ris"), ("-", "bibtex", "bibtex"),
    ],
)  # fmt: skip
def test_the_format_is_that_of_the_ending_unless_it_is_named(path, named, form):
    assert format_of(path, named) == form


@pytest.mark.parametrize(
    ("path", "named", "says"),
    [("a.pdf", None, "'.pdf', which names no format; give one of jsonl, bibtex"), ("-", "xml", "'xml' is no format")],
)
def test_a_format_that_is_not_known_is_told_with_those_that_are(path, named, says):
    with pytest.raises(SettingsError, match=says):
        format_of(path, named)

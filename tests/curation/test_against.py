"""The check without a library, the references of a draft, and the opposite told apart."""

import json
import os
import subprocess
import sys

import pytest

from rag import Bibliography, check
from rag.errors import SourceError

BIB = """@article{sowa2024, title={OwlNet: Seeing Small Birds at Night}, author={Sowa, Ł. and Kauz, B.}, year={2024},
 abstract={OwlNet is a detector for birds in night images. It keeps 12 of 196 visual tokens and improves accuracy on
 dark images. Training takes 23 hours.}}
@misc{song:22, title={FINCH: Hearing Choirs of Robins}, author={Song, A.}, year=2022,
 abstract={FINCH hears choirs of robins without any labels.}}
"""
RIS = """TY  - JOUR
TI  - FINCH: Hearing Choirs of Robins
AU  - Song, A.
PY  - 2022
AB  - FINCH hears choirs of robins without any labels.
ER  -
"""
JSON_LINE = json.dumps({"title": "FINCH: Hearing Choirs of Robins", "abstract": "FINCH hears choirs without labels."})
DRAFT = r"""
OwlNet keeps 12 of 196 visual tokens [@sowa2024, p. 3]. Its accuracy on dark images falls \citep[see][]{sowa2024}.
FINCH hears choirs without labels [@song:22]. Nobody wrote this [@nobody].
"""


@pytest.fixture(scope="module")
def bib(tmp_path_factory):
    path = tmp_path_factory.mktemp("bib") / "refs.bib"
    path.write_text(BIB, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("statement", "verdict", "contradicted"),
    [
        ("OwlNet keeps 12 of 196 tokens.", "supported", False),
        ("OwlNet keeps 13 of 196 tokens.", "unsupported", False),
        ("OwlNet needs labels to find birds.", "unsupported", True),
        ("OwlNet lowers the accuracy on dark images.", "unsupported", True),
    ],
)
def test_a_statement_is_checked_against_any_text(statement, verdict, contradicted):
    evidence = (
        "OwlNet keeps 12 of 196 tokens. It finds birds without any labels. It improves the accuracy on dark images."
    )
    found = check(statement, evidence)
    assert (found.verdict, found.contradicted) == (verdict, contradicted)
    assert evidence[found.start : found.end] == found.quote
    if contradicted:
        assert found.reasons[0] == f"the abstract says the opposite: “{found.quote}”"
    assert (found.probability > 0.5) == (verdict == "supported")


def test_nothing_is_checked_against_nothing():
    with pytest.raises(SourceError, match="the evidence is empty"):
        check("Owls see.", " ")


def test_a_draft_cites_by_the_keys_of_a_bibliography(bib):
    found = Bibliography([bib]).verify(DRAFT)
    assert [(one.sentence, one.verdict, one.contradicted) for one in found] == [
        ("OwlNet keeps 12 of 196 visual tokens.", "supported", False),
        ("Its accuracy on dark images falls.", "unsupported", True),
        ("FINCH hears choirs without labels.", "supported", False),
        ("Nobody wrote this.", "unsupported", False),
    ]
    assert found[3].reasons == ("no paper of the bibliography is 'nobody'",)


@pytest.mark.parametrize(("name", "text"), [("a.ris", RIS), ("a.jsonl", JSON_LINE)])
def test_other_formats_are_read_too(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    [one] = Bibliography([tmp_path / name]).verify(
        "FINCH hears choirs without labels [FINCH: Hearing Choirs of Robins]."
    )
    assert one.verdict == "supported"


def test_references_are_held_against_what_is_there(bib):
    text = """Text.

## References

1. Ł. Sowa and B. Kauz. OwlNet: Seeing Small Birds at Night. 2024.
2. Meyer, K. OwlNet: Seeing Small Birds at Nite. 2023.
3. FINCH: Hearing Choirs of Robins (2022)
4. Song et al. 2021. FINCH: Hearing Choirs of Robins.
5. Writer, N. A paper that is nowhere at all. 2020.
"""
    found = Bibliography([bib]).references(text)
    assert [one.paper.title[:6] if one.paper else None for one in found] == [
        "OwlNet",
        "OwlNet",
        "FINCH:",
        "FINCH:",
        None,
    ]
    assert [one.differences for one in found] == [
        (),
        (
            "the title is “OwlNet: Seeing Small Birds at Night”",
            "the year is 2024, not 2023",
            "the authors are Ł. Sowa, B. Kauz",
        ),
        (),
        ("the year is 2022, not 2021",),
        (),
    ]


def test_the_command_needs_no_library(bib, tmp_path):
    draft = tmp_path / "draft.md"
    draft.write_text(
        f"{DRAFT}\n## References\n\n1. Song, A. FINCH: Hearing Choirs of Robins. 2021.\n", encoding="utf-8"
    )

    def run(*options):
        command = [sys.executable, "-m", "rag", "verify", str(draft), "--against", str(bib), *options]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "200", "PYTHONUTF8": "1"},
        )  # fmt: skip

    shown = run()
    assert shown.returncode == 1
    assert "contradicted" in shown.stdout
    assert "the year is 2022, not 2021" in shown.stdout
    assert not (tmp_path / "storage").exists()
    [line] = run("--references", "--json").stdout.splitlines()
    assert json.loads(line)["differences"] == ["the year is 2022, not 2021"]

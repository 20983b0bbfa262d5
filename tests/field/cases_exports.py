"""Cases of exports whose marks of lines, rows and days are not those of the format."""

# ruff: noqa: E501 -- a row stays together, however long its file is

import json

from tests.field.case import Case

READ: dict[str, object] = {
    "title": "PondCam",
    "authors": ("Ann Owl", "Bo Fox"),
    "abstract": "It counts.",
    "date": "2021",
}
RIS = "TY  - JOUR\nTI  - PondCam\nAU  - Owl, Ann\nAU  - Fox, Bo\nPY  - 2021\nAB  - It counts.\nER  - \n"
ROW = "<td>PondCam</td><td>Owl, Ann; Fox, Bo</td><td>2021</td><td>It counts.</td>"


def bib(abstract: str) -> str:
    return "@article{a, title={PondCam}, abstract={" + abstract + "}}\n"


EXPORTS = [
    Case(
        "tabs around the hyphen, small letters",
        "by hand",
        "".join(f"{line[:2].lower()}\t-\t{line[6:]}\n" for line in RIS.splitlines()),
        [READ],
    ),
    Case("no blank behind the hyphen", "by hand", RIS.replace("  - ", " -"), [READ]),
    Case("a blank that does not break in one tag", "by hand", RIS.replace("AU  -", "AU\xa0 -"), [READ]),
    Case(
        "no type of record",
        "EndNote, refer",
        "%A Owl, Ann\n%A Fox, Bo\n%T PondCam\n%D 2021\n%X It counts.\n\n%A Bo Fox\n%T ReedNet\n%X It maps.\n\nReeds.\n",
        [READ, {"title": "ReedNet", "authors": ("Bo Fox",), "abstract": "It maps. Reeds."}],
    ),
    Case(
        "breaks of a page at the ends of lines",
        "IEEE Xplore",
        "@ARTICLE{1, <br>author={Owl, Ann and Fox, Bo}, <br>title={PondCam}, <br>year={2021}, <br/>abstract={It counts.},} <br>\n",
        [READ],
    ),
    Case(
        "how high a text is raised",
        "NASA ADS",
        bib(r"It counts \raisebox{-0.5ex}{A} and \raisebox{-0.5ex}\textasciitilde 5."),
        [{"abstract": "It counts A and ~5."}],
    ),
    Case("what is only for the order", "BibTeX", bib(r"{\noopsort{b}}It counts."), [{"abstract": "It counts."}]),
    Case(
        "money before formulas",
        "publishers",
        bib(r"For $5 and $10. It counts \textbf{all} herons at $p<0.05$, $\geq$5 a pond."),
        [{"abstract": "For $5 and $10. It counts all herons at $p<0.05$, ≥5 a pond."}],
    ),
    Case(
        "raised, lowered and signs between slashes",
        "INSPEC",
        RIS.replace("It counts.", "At 10/sup 6/ m/sup -2/ of H/sub 2/O, 5 /spl mu/m."),
        [{"abstract": "At 10⁶ m⁻² of H₂O, 5 μm."}],
    ),
    Case(
        "bars and links in cells",
        "Markdown",
        '| Title | Authors | Year | Abstract |\n|---|:-:|--:|---|\n| [PondCam](https://x.example/a) | Ann Owl, Bo Fox | 2021 | It counts. |\n| Ponds \\| "reeds | Bo Fox | 2020 | x. |\n',
        [READ, {"title": 'Ponds | "reeds', "date": "2020"}],
    ),
    Case(
        "a table with a header",
        "ProQuest's .xls of HTML",
        f"<html><body><table><tr><td>Export</td></tr><tr><th>Title</th><th>Authors</th><th>Year</th><th>Abstract</th></tr><tr>{ROW}</tr></table></body></html>",
        [READ],
    ),
    Case(
        "what kind of file a result is",
        "Publish or Perish",
        'Cites,Authors,Title,Year,Abstract\n3,"Ann Owl, Bo Fox",[HTML][HTML] PondCam,2021,It counts.\n',
        [READ],
    ),
    Case(
        "a day by another name",
        "CORD-19",
        'title,authors,abstract,publish_time\nPondCam,"Owl, Ann; Fox, Bo",It counts.,2021\n',
        [READ],
    ),
    *[
        Case(
            "a day by the name of a column",
            "by hand",
            json.dumps({"title": "PondCam", "authors": ["Owl, Ann", "Fox, Bo"], "abstract": "It counts.", name: day}),
            [READ],
        )
        for name, day in (("year", 2021), ("date", "2021"), ("publication_year", "2021"))
    ],
    Case(
        "a DOI where others have the day",
        "bioRxiv",
        json.dumps(
            {
                "collection": [
                    {
                        "title": "PondCam",
                        "authors": "Owl, Ann; Fox, Bo",
                        "abstract": "It counts.",
                        "published": "10.1000/p.1",
                        "date": "2021-03-04",
                    }
                ]
            }
        ),
        [{"title": "PondCam", "published": "2021-03-04"}],
    ),
    Case(
        "one work and only the day of its publication",
        "Crossref",
        json.dumps(
            {
                "type": "journal-article",
                "DOI": "10.1000/p.1",
                "title": "PondCam",
                "author": [{"given": "Ann", "family": "Owl"}, {"given": "Bo", "family": "Fox"}],
                "abstract": "<jats:p>It counts.</jats:p>",
                "published": {"date-parts": [[2021]]},
            }
        ),
        [READ],
    ),
]

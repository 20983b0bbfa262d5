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
LONG = "PondCam counts herons in 31 shallow ponds with one camera each. It reaches 92.5% accuracy on 1,204 images."
ON_ARXIV: dict[str, object] = {
    "title": "PondCam",
    "authors": ("Ann Owl", "Bo Fox"),
    "abstract": LONG,
    "published": "2021-03-05",
    "arxiv_id": "2103.00001",
}
ROW = "<td>PondCam</td><td>Owl, Ann; Fox, Bo</td><td>2021</td><td>It counts.</td>"


def bib(abstract: str) -> str:
    return "@article{a, title={PondCam}, abstract={" + abstract + "}}\n"


def oai(record: str) -> str:
    return f'<?xml version="1.0"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><metadata>{record}</metadata></record></ListRecords></OAI-PMH>'


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
    *[
        Case(
            "a year or a month for a day",
            "by hand",
            json.dumps({"title": "PondCam", "published": day}),
            [{"published": first, "published_inferred": True, "date": str(day)}],
        )
        for day, first in (("1990", "1990-01-01"), (1990, "1990-01-01"), ("1990-05", "1990-05-01"))
    ],
    Case(
        "a row for each field",
        "Embase",
        '"TITLE","PondCam"\n"AUTHOR NAMES","Owl A.","Fox B."\n"SOURCE","Ponds"\n"PUBLICATION YEAR","2021"\n"DOI","10.1000/e.1"\n'
        '"ABSTRACT","It counts, 31 a pond."\n\n"TITLE","ReedNet"\n"AUTHOR NAMES","Elk C."\n"ABSTRACT","It maps."\n\n'
        '"TITLE","B"\n"ABSTRACT","x\n\n"TITLE","C"\n"AUTHOR NAMES","Elk C."\n"ABSTRACT","y."\n',
        [
            {
                "title": "PondCam",
                "authors": ("A. Owl", "B. Fox"),
                "abstract": "It counts, 31 a pond.",
                "date": "2021",
                "doi": "10.1000/e.1",
                "venue": "Ponds",
            },
            {"title": "ReedNet", "authors": ("C. Elk",), "abstract": "It maps."},
            {"title": "C"},
        ],
        rejected=[(12, "close its quotes")],
    ),
    Case(
        "a day with slashes",
        "Springer",
        "@article{a, title={PondCam}, date={2021/03/05}, year={2021}}\n",
        [{"published": "2021-03-05"}],
    ),
    Case(
        "a mark before the notice",
        "EBSCO",
        "Title,Abstract\nPondCam,It counts. [ABSTRACT FROM AUTHOR]; Copyright of Ponds is the property of Reed House.\n",
        [{"abstract": "It counts."}],
    ),
    Case(
        "Dublin Core in RDF is not that of an archive",
        "Zotero",
        '<rdf:RDF xmlns:rdf="r" xmlns:dc="d" xmlns:bib="b"><bib:Article><dc:title>PondCam</dc:title></bib:Article></rdf:RDF>\n',
        error="is RDF",
    ),
    *[
        Case("references as they are printed", style, text, error="is a list of references")
        for style, text in (
            (
                "APA",
                "Owl, A., & Fox, B. (2021). PondCam counts. Ponds, 3(2), 1–9. https://doi.org/10.1000/x\nElk, C. (2020). ReedNet. Ponds.\n",
            ),
            (
                "IEEE",
                '[1] A. Owl and B. Fox, "PondCam," in Proc. Ponds, 2021, pp. 1-9.\n[2] C. Elk, "ReedNet," 2020.\n',
            ),
            (
                "Vancouver",
                "1. Owl A, Fox B. PondCam counts. J Ponds. 2021;3(2):1-9.\n2. Elk C. ReedNet. J Ponds. 2020;1:1.\n",
            ),
        )
    ],
    *[
        Case(
            "a label alone on its line, or behind a blank that does not break",
            "publishers",
            text,
            [{"abstract": "Herons count."}],
        )
        for text in (
            "Title,Abstract\nPondCam,Abstract\xa0Herons count.\n",
            'Title,Abstract\nPondCam,"Abstract\nHerons count."\n',
            RIS.replace("It counts.", "Abstract\nHerons count."),
            RIS.replace("It counts.", "Abstract\xa0Herons count."),
            bib("Abstract\n  Herons count."),
            bib("Abstract~Herons count."),
        )
    ],
]

RECORDS_OF_XML = [
    Case("a style for each piece", "EndNote", "<?xml version='1.0'?><xml><records><record><ref-type name='Book'>6</ref-type><contributors><authors><author><style>Owl, Ann</style></author><author>Fox, Bo</author></authors>"
         "<secondary-authors><author>Elk, Cy</author></secondary-authors></contributors><titles><title><style>PondCam at 10</style><style face='superscript'>6</style></title><secondary-title>Ponds</secondary-title></titles>"
         "<dates><year>2021</year><pub-dates><date>Mar 5</date></pub-dates></dates><electronic-resource-num>10.1000/e.1</electronic-resource-num><abstract>It counts.</abstract></record></records></xml>",
         [{"title": "PondCam at 10⁶", "authors": ("Ann Owl", "Bo Fox"), "published": "2021-03-05", "abstract": "It counts.", "doi": "10.1000/e.1", "venue": "Ponds"}]),
    Case("an article", "PubMed Central", '<?xml version="1.0"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "a.dtd">\n<article><front><article-meta><article-id pub-id-type="doi">10.1000/j.1</article-id><title-group><article-title>PondCam'
         '<xref ref-type="fn">*</xref></article-title></title-group><contrib-group><contrib contrib-type="author"><name><surname>Owl</surname><given-names>Ann</given-names></name><xref>1</xref></contrib><contrib contrib-type="editor">'
         "<name><surname>Elk</surname></name></contrib></contrib-group><pub-date><year>2021</year></pub-date><pub-date><day>5</day><month>3</month><year>2021</year></pub-date><abstract abstract-type='graphical'><p>Look.</p></abstract>"
         "<abstract><title>Abstract</title><sec><title>Aim</title><p>It counts 10<sup>6</sup>.</p></sec><sec><title>Result:</title><p>Few.</p></sec></abstract></article-meta></front><body><p>x</p></body></article>",
         [{"title": "PondCam", "authors": ("Ann Owl",), "published": "2021-03-05", "abstract": "Aim: It counts 10⁶.\n\nResult: Few.", "doi": "10.1000/j.1"}]),
    Case("a feed", "arXiv", '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>arxiv.org</title><entry><id>http://arxiv.org/abs/2103.00001v2</id><updated>2022-01-01T00:00:00Z</updated><published>2021-03-05T00:00:00Z</published>'
         "<title>Pond\n  Cam</title><summary>It\ncounts.</summary><author><name>Ann Owl</name></author></entry></feed>",
         [{"title": "Pond Cam", "abstract": "It counts.", "authors": ("Ann Owl",), "published": "2021-03-05", "arxiv_id": "2103.00001"}]),
    Case("an archive's records", "arXiv", oai("<arXiv xmlns='http://arxiv.org/OAI/arXiv/'><id>2103.00001</id><created>2021-03-05</created><authors><author><keyname>Owl</keyname><forenames>Ann</forenames></author></authors><title>PondCam</title>"
         "<abstract>It counts.</abstract></arXiv>"), [{"title": "PondCam", "authors": ("Ann Owl",), "published": "2021-03-05", "arxiv_id": "2103.00001"}]),
    Case("Dublin Core", "repositories", oai("<oai_dc:dc xmlns:oai_dc='o' xmlns:dc='d'><dc:title>PondCam</dc:title><dc:creator>Owl, Ann</dc:creator><dc:date>2021-03-05</dc:date><dc:description>It counts.</dc:description>"
         "<dc:identifier>doi:10.1000/d.1</dc:identifier></oai_dc:dc>"), [{"title": "PondCam", "authors": ("Ann Owl",), "published": "2021-03-05", "abstract": "It counts.", "doi": "10.1000/d.1"}]),
    Case("roles, and what it is in", "MODS of the ACL Anthology", "<mods><titleInfo><title>PondCam</title></titleInfo><name type='personal'><namePart type='given'>Ann</namePart><namePart type='family'>Owl</namePart><role><roleTerm>author</roleTerm></role></name>"
         "<name><namePart>Cy Elk</namePart><role><roleTerm>editor</roleTerm></role></name><originInfo><dateIssued>2021-03</dateIssued></originInfo><relatedItem type='host'><titleInfo><title>Ponds</title></titleInfo></relatedItem>"
         "<abstract>It counts.</abstract><identifier type='doi'>10.1000/m.1</identifier></mods>", [{"title": "PondCam", "authors": ("Ann Owl",), "date": "2021-03", "abstract": "It counts.", "doi": "10.1000/m.1", "venue": "Ponds"}]),
    Case("attributes for a day", "EBSCO", "<records><rec><header><controlInfo><pubinfo><dt year='2021' month='03' day='05'/></pubinfo><artinfo><ui type='doi'>10.1000/b.1</ui><tig><atl>PondCam</atl></tig><aug><au>Owl, Ann</au></aug>"
         "<ab>It counts. [ABSTRACT FROM AUTHOR]</ab></artinfo></controlInfo></header></rec></records>", [{"title": "PondCam", "authors": ("Ann Owl",), "published": "2021-03-05", "abstract": "It counts.", "doi": "10.1000/b.1"}]),
    Case("sources of a document", "Word", "<b:Sources xmlns:b='w'><b:Source><b:Title>PondCam</b:Title><b:Year>2021</b:Year><b:Author><b:Author><b:NameList><b:Person><b:Last>Owl</b:Last><b:First>Ann</b:First></b:Person></b:NameList></b:Author>"
         "</b:Author></b:Source></b:Sources>", [{"title": "PondCam", "authors": ("Ann Owl",), "date": "2021"}]),
    *[Case("an article apart from the title", "MODS", f"<mods><titleInfo><nonSort>{article}</nonSort><title>PondCam</title></titleInfo></mods>", [{"title": title}]) for article, title in (("The", "The PondCam"), ("L'", "L'PondCam"))],
]  # fmt: skip

ARXIV_AS_TEXT = [
    Case("the page of one paper", "arXiv", f"Computer Science > Vision\narXiv:2103.00001 (cs)\n[Submitted on 5 Mar 2021 (v1), last revised 2 Apr 2021 (this version, v2)]\nTitle:PondCam\nAnn Owl, Bo Fox\nView PDF\nAbstract:{LONG}\n"
         "Comments:\t9 pages\nCite as:\tarXiv:2103.00001 [cs.CV]\n \t(or arXiv:2103.00001v2 [cs.CV] for this version)\nSubmission history\nFrom: Ann Owl\n", [{**ON_ARXIV, "comments": "9 pages"}]),
    Case("results of a search", "arXiv", f"Showing 1–1 of 1 results\n\n1.\narXiv:2103.00001 [pdf, other] cs.CV\nPondCam\nAuthors: Ann Owl, Bo Fox\nAbstract: {LONG} △ Less\nSubmitted 2 April, 2021; v1 submitted 5 March, 2021; originally announced "
         "March 2021.\nComments: 9 pages\n\n2.\narXiv:2103.00002 [pdf] cs.CV\nReedNet\nAuthors: Bo Fox\nAbstract: It maps. △ Less\nSubmitted 6 March, 2021.\n", [{**ON_ARXIV, "comments": "9 pages"}, {"title": "ReedNet", "published": "2021-03-06"}]),
    Case("a list without labels of people and abstracts", "arXiv", f"Showing new listings\n\n[1] arXiv:2103.00001 [pdf, html, other]\nTitle: PondCam\nAnn Owl, Bo Fox\nSubjects: Vision (cs.CV)\n\n{LONG}\n\n[2] arXiv:2103.00002 [pdf]\nTitle: ReedNet\nBo Fox\n"
         "Subjects: Vision (cs.CV)\n", [{**ON_ARXIV, "published": None}, {"title": "ReedNet", "abstract": "", "authors": ("Bo Fox",)}]),
    Case("a mail", "arXiv", "-----\n\\\\\narXiv:2103.00001\nDate: Fri, 5 Mar 2021 10:00:00 GMT   (12kb)\n\nTitle: Pond\n  Cam\nAuthors: Ann Owl and Bo\n  Fox\nCategories: cs.CV\n\\\\\n  It\ncounts.\n\\\\ ( https://arxiv.org/abs/2103.00001 ,  12kb)\n-----\n",
         [{**ON_ARXIV, "title": "Pond Cam", "abstract": "It counts."}]),
]  # fmt: skip

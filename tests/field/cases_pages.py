"""Cases of pages and of lists by hand: what is a title, who are people, where an abstract begins and ends."""

# ruff: noqa: E501 -- a row stays together, however long its file is

import json

from tests.field.case import Case
from tests.field.cases_data import page
from tests.field.cases_text import LONG, OTHER

BOTH = [{"title": "PondCam", "abstract": LONG}, {"title": "ReedNet", "abstract": OTHER}]
TWO = {"authors": ("Ann Owl", "Bo Fox")}
MANY = [
    {
        "id": f"owl{at}",
        "type": "article-journal",
        "title": f"Pond {at}",
        "abstract": LONG * 9,
        "author": [{"family": "Owl", "given": "Ann"}],
        "issued": {"date-parts": [[2021]]},
    }
    for at in range(60)
]
BESIDE = (
    "Download full issue", "Get rights and content", "Add to Mendeley", "Access through your institution", "Author links open overlay panel", "Peer Review reports", "View all access options",
    "Editor's choice", "Received 1 March 2021", "12 pages", "ISSN 1234-5678", "Downloads 120", "Cookie settings", "Your privacy, your choice", "Title & authors", "Acknowledgements", "Data availability",
)  # fmt: skip

OF_PAGES = [
    *[Case("buttons, counts and sections are no titles", "sites", text, BOTH) for line in BESIDE for text in (
        f"PondCam\n\n{line}\n\n{LONG}\n\nReedNet\n\n{OTHER}\n",
        page("", f"<h1>PondCam</h1><div>Ann Owl, Bo Fox</div><div>{line}</div><p>{LONG}</p><h2>ReedNet</h2><p>{OTHER}</p>"))],
    Case("lines without a blank one between them", "ACM", f"RESEARCH-ARTICLE\nPondCam: Counting\nAnn Owl, Bo Fox\nMarch 2021\nhttps://doi.org/10.1145/1.2\n{LONG}{LONG}\n\n5\n120\n\nRESEARCH-ARTICLE\nReedNet\nCy Elk\nMay 2020\n{OTHER}{OTHER}\n",
         [{"title": "PondCam: Counting", "abstract": LONG + LONG, **TWO}, {"title": "ReedNet", "authors": ("Cy Elk",), "abstract": OTHER + OTHER}]),
    Case("more people than are named", "Elicit", f"PondCam: Counting\nAnn Owl +1 more\n2021\n5 citations\n\nSummary: {LONG}\n", [{"title": "PondCam: Counting", "abstract": LONG, "authors": ("Ann Owl",), "more_authors": "et al."}]),
    Case("who wrote it and where they work", "by hand", f"PondCam: Counting\n\nAnn Owl\n\nPond University\n\nAbstract\n\n{LONG}\n", [{"title": "PondCam: Counting", "authors": ("Ann Owl",)}]),
    Case("a title in two lines that ends like a name", "by hand", f"Counting Herons in\nShallow Ponds\n\n{LONG}\n", [{"title": "Counting Herons in Shallow Ponds", "authors": ()}]),
    *[Case("marks of a list", "by hand, Markdown", f"{first}\n\n{LONG}\n\n{second}\n\n{OTHER}\n", [{"title": "PondCam", "url": url}, {"title": "ReedNet"}]) for first, second, url in (
        ("(1) PondCam", "(2) ReedNet", None), ("> PondCam", "> ReedNet", None), ("- [PondCam](https://x.example/abs/1)", "- [ReedNet](https://x.example/abs/2)", "https://x.example/abs/1"), ("PondCam\n-------", "ReedNet\n-------", None))],
    Case("sections of the paper itself", "publishers", page("", f"<h1>PondCam</h1><h2>Abstract</h2><p>{LONG}</p><h2>Similar Ponds</h2><p>{OTHER}</p>"), [{"title": "PondCam", "abstract": LONG}], [(1, "'Similar Ponds' is not called an abstract")]),
    Case("what stands above the word Abstract is none", "journals", f"PondCam\n\n{OTHER}\n\nAbstract\n\n{LONG}\n", [{"title": "PondCam", "abstract": LONG}]),
    Case("a line that may as well be the title", "ScienceDirect", f"Ponds\n\nPondCam: Counting\n\nAbstract\n\n{LONG}\n", rejected=[(3, "the title may be 'PondCam: Counting' or 'Ponds'")]),
    Case("a paper without an abstract above one with it", "conferences", f"PondCam\n\nAnn Owl, Bo Fox\n\nReedNet\n\nCy Elk, Di Reed\n\nAbstract: {OTHER}\n", [{"title": "PondCam", "abstract": "", **TWO}, {"title": "ReedNet", "abstract": OTHER}]),
    *[Case("what is rather no title is told", "by hand", f"PondCam\n\n{LONG}\n\n{line}\n\n{OTHER}\n", BOTH[:1], [(5, f"'{line}' above a text is rather no title")]) for line in ("Data Access", "Fox Hunting, Owl Spotting", "Language: Herons")],
    Case("a title that is called one", "by hand", f"Title: Data Access\n\n{LONG}\n", [{"title": "Data Access"}]),
    *[Case("one below each title", "by hand", f"PondCam: Counting\n\n{ann}\n\n{LONG}\n\nReedNet\n\n{bo}\n\n{OTHER}\n", [{"title": "PondCam: Counting", "authors": (ann,)}, {"title": "ReedNet", "authors": (bo,)}]) for ann, bo in (("Ann Owl", "Bo Fox"), ("Pond Group", "Reed Team"))],
    Case("people and an abstract in Chinese", "CNKI", f"苍鹭计数\n\n王小明，李华\n\n摘要：{'我们介绍一种相机。' * 30}\n", [{"title": "苍鹭计数", "authors": ("王小明", "李华"), "abstract": "我们介绍一种相机。" * 30}]),
    Case("a place and a year below people", "by hand", f"PondCam: Counting\nAnn Owl, Bo Fox\nPonds 2021, Fens, UK\n\n{LONG * 2}\n", [{"title": "PondCam: Counting", **TWO}]),
    *[Case("people between a title and its abstract", "sites", f"PondCam: Counting\n\n{people}\n\nAbstract\n\n{LONG}\n", [{"title": "PondCam: Counting", **TWO}]) for people in (
        "Ann Owl, Bo Fox", "Ann Owl and Bo Fox", "Ann Owl; Bo Fox", "Ann Owl | Bo Fox", "Ann Owl1, Bo Fox2", "Ann Owl a, Bo Fox b", "by Ann Owl, Bo Fox", "Authors: Ann Owl, Bo Fox", "Authors\n\nAnn Owl, Bo Fox")],
    *[Case("what is no list of papers", shape, text, error=error) for shape, text, error in (
        ("mails", f"From: ann@pond.example\nTo: bo@pond.example\nSubject: ponds\n\nHello Bo,\n\n{LONG}\n", "is a mail, which is not read"), ("Markdown", f"# PondCam\n\n{LONG}\n\n# ReedNet\n\n{OTHER}\n", "is Markdown, of which only tables are read"),
        ("PubMed", f"1\nCite\nPondCam.\nOwl A.\nPMID: 33445566\n{LONG}\n", r"PubMed; save it there in the format PubMed \(\.nbib\)"),
        ("search engines", f"PondCam - Ponds\npond.example › 2021.1\n{LONG}\n", "is text of a search engine's results"), ("calls", f"Call for Papers\n\n{LONG}\n\nImportant dates\n\n{OTHER}\n", "is of no known format"),
        ("OAI", '<?xml version="1.0"?><OAI-PMH xmlns="x"><error code="noRecordsMatch">none</error></OAI-PMH>', "is an answer of OAI-PMH with no records"))],
    *[Case("tables as pandas writes them", "pandas", json.dumps(text), [{"title": "PondCam", "abstract": "x"}, {"title": "ReedNet", "abstract": "y"}]) for text in (
        {"title": {"0": "PondCam", "1": "ReedNet"}, "abstract": {"0": "x", "1": "y"}}, {"columns": ["title", "abstract"], "index": [0, 1], "data": [["PondCam", "x"], ["ReedNet", "y"]]})],
    *[Case("more records by their ids, or by years, than are looked at to tell what they are", "scripts", json.dumps(kept), [{"title": f"Pond {at}", "authors": ("Ann Owl",)} for at in range(60)]) for kept in (
        {one["id"]: one for one in MANY}, {"2020": MANY[:30], "2021": MANY[30:]})],
    Case("two records on one line", "scripts", '{"title": "PondCam"}{"title": "ReedNet"}\n', [{"title": "PondCam"}, {"title": "ReedNet"}]),
    Case("another table below", "tables put together", "Title,Abstract\nPondCam,x\n\nTitle,Abstract,Year\nReedNet,y,2021\n", [{"title": "PondCam"}], [(4, "names the columns of another table")]),
    Case("words around a table", "Markdown", "Some words first.\n\n| Title | Year |\n|---|---|\n| **PondCam** | 2021 |\n\nAnd after.\n", [{"title": "PondCam", "date": "2021"}]),
    Case("columns named twice over", "CNKI", "Title-题名,Author-作者,Year-年,Summary-摘要\nPondCam,Ann Owl;Bo Fox,2021,It counts.\n", [{"title": "PondCam", "abstract": "It counts.", "date": "2021", **TWO}]),
]  # fmt: skip

HEAD = '<meta name="citation_title" content="PondCam"><meta name="citation_author" content="Ann Owl">'
NEWS = "<footer><p>Sign up for our newsletter to get the latest articles on ponds every week, free of charge and at no cost.</p></footer>"
SCHEMA = {
    "@type": "ScholarlyArticle",
    "headline": "PondCam",
    "author": [{"name": "Ann Owl"}, {"givenName": "Bo", "familyName": "Fox"}],
    "datePublished": "2021-03-05",
    "sameAs": "https://doi.org/10.1000/h.1",
}
NOT_SIGNED = "has no papers in it: nothing says that it is of papers"


def schema(said: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


RECORDS = [
    *[Case("the abstract is what is headed so", shape, page(HEAD, f"<h1>PondCam</h1>{body}{NEWS}"), [{"title": "PondCam", "authors": ("Ann Owl",), "abstract": LONG}]) for shape, body in (
        ("publishers", f"<h2>Abstract</h2><p>{LONG}</p><h2>Introduction</h2><p>{OTHER}</p>"), ("NeurIPS", f"<div><h4>Authors</h4><p>Ann Owl</p><h4>Abstract</h4><p></p><p>{LONG}</p></div><p>{OTHER}</p>"),
        ("ScienceDirect", f'<div id="abstracts"><div class="abstract author-highlights"><h2>Highlights</h2><ul><li><p>{OTHER}</p></li></ul></div><div class="abstract author"><h2>Abstract</h2><div>{LONG}</div></div></div>'),
        ("Wiley", f'<section class="article-section__abstract"><h2>Abstract</h2><div><p>{LONG}</p></div></section><section><h2>1 Introduction</h2><p>{OTHER}</p></section>'),
        ("Taylor & Francis", f'<div class="hlFld-Abstract"><p class="summary-title"><b>ABSTRACT</b></p><div><p>{LONG}</p></div></div>'), ("MDPI", f'<div class="art-abstract">{LONG}</div>'),
        ("SciELO", f'<div class="articleSection--abstract"><h1>Abstract</h1><p>{LONG}</p></div><div><h1>Resumo</h1><p>PondCam conta garças.</p></div>'), ("journals", f"<p>Abstract: {LONG}</p><p>Keywords: herons</p><p>{OTHER}</p>"))],
    Case("a short abstract", "journals", page(HEAD, '<div class="abstract"><h2>Abstract</h2><p>PondCam counts herons in 31 ponds.</p></div>'), [{"abstract": "PondCam counts herons in 31 ponds."}]),
    Case("an abstract in parts", "PLOS", page(HEAD, f"<section><h2>Abstract</h2><h3>Background</h3><p>Ponds.</p><h3>Results</h3><p>{LONG}</p></section><h2>Methods</h2><p>{OTHER}</p>"), [{"abstract": f"Background: Ponds.\n\nResults: {LONG}"}]),
    Case("in the head", "J-STAGE", page(f'{HEAD}<meta name="abstract" content="{LONG}">', "<h1>PondCam</h1>"), [{"abstract": LONG}]),
    Case("a foot is no abstract", "publishers", page(HEAD, f"<h1>PondCam</h1>{NEWS}"), [{"title": "PondCam", "abstract": ""}]),
    *[Case("a record of schema.org", "schema.org", page(schema(said), f"<h1>PondCam</h1>{body}{NEWS}"), [{"title": "PondCam", "authors": ("Ann Owl", "Bo Fox"), "abstract": LONG, "published": "2021-03-05", "doi": "10.1000/h.1"}]) for said, body in (
        ({**SCHEMA, "abstract": LONG}, ""), ({"@graph": [{"@type": "WebSite", "name": "Ponds"}, {**SCHEMA, "abstract": LONG}]}, ""), ({"@type": "WebPage", "mainEntity": {**SCHEMA, "@type": ["ScholarlyArticle"]}}, f"<h2>Abstract</h2><p>{LONG}</p>"))],
    Case("a list of them", "schema.org", page(schema({"@type": "ItemList", "itemListElement": [{"item": {**SCHEMA, "abstract": LONG}}, {"item": {**SCHEMA, "headline": "ReedNet", "abstract": OTHER}}]}), "<p>x</p>"), [{"title": "PondCam"}, {"title": "ReedNet", "abstract": OTHER}]),
    Case("JSON that is broken, beside metas", "publishers", page(HEAD + '<script type="application/ld+json">{"@type": </script>', f"<h2>Abstract</h2><p>{LONG}</p>"), [{"title": "PondCam", "abstract": LONG}]),
]  # fmt: skip
NO_PAPERS = [
    *[Case("a page that does not say that it is of papers", shape, page("<title>x</title>", body + NEWS), error=NOT_SIGNED) for shape, body in (
        ("publishers", "<h1>Access denied</h1><p>You do not have access to pond.example. The owner may have set restrictions that keep you from this page.</p>"), ("encyclopaedias", f"<h1>Heron</h1><p>{LONG}</p><h2>Shape</h2><p>{OTHER}</p>"),
        ("journals", f"<h1>Journal of Ponds</h1><h2>About the journal</h2><p>{LONG}</p><h2>Editorial board</h2><p>{OTHER}</p>"), ("papers of the day", f"<h1>Herons return</h1><p>By Zed Zed</p><p>5 March 2021</p><p>{LONG}</p><p>{OTHER}</p>"), ("code", f"<h1>PondCam</h1><p>{LONG}</p><h2>Set up</h2><p>{OTHER}</p>"))],
    Case("nothing but a foot", "NeurIPS", page("", f'<h4>Advances 34</h4><ul><li><a href="/a">PondCam</a> <i>Ann Owl</i></li></ul>{NEWS}'), error="has no papers in it"),
    *[Case("prose is no listing", shape, text, error="is of no known format") for shape, text in (
        ("licences", f"Pond License\n\nCopyright (c) 2021 Ann Owl\n\n{LONG}\n\n{OTHER}\n"), ("chats", f"User: What is PondCam?\n\nAssistant: {LONG}\n\nUser: And ReedNet?\n\nAssistant: {OTHER}\n"), ("newspapers", f"Herons return to the city\n\nBy Zed Zed, 5 March 2021\n\n{LONG}\n\n{OTHER}\n"),
        ("lives", f"Ann Owl\nUniversity of Ponds\n\nEducation\n\n{LONG}\n\nExperience\n\n{OTHER}\n"), ("manuals", f"PondCam\n\n{LONG}\n\nInstall\n\n{OTHER}\n"))],
    Case("a link to a paper of a page that does not tell its site", "listings", page("", f'<h3><a href="/papers/2103.00001">PondCam</a></h3><p>{LONG}</p>'), [{"title": "PondCam", "url": None}]),
    Case("a mail of new results", "Google Scholar", f"Google Scholar alert: heron\n\n[PDF] PondCam: Counting\nA Owl, B Fox - Ponds, 2021\n{LONG}\n\nReedNet: Maps\nC Elk - Ponds, 2022\n{OTHER}\n", [{"title": "PondCam: Counting", "authors": ("A Owl", "B Fox")}, {"title": "ReedNet: Maps", "authors": ("C Elk",)}]),
    Case("a programme with hours", "conferences", f"09:00 PondCam: Counting\nAnn Owl (University of Ponds), Bo Fox (Reed Lab)\n{LONG}\n\n09:30 ReedNet: Maps\nCy Elk\n{OTHER}\n", [{"title": "PondCam: Counting", **TWO}, {"title": "ReedNet: Maps", "authors": ("Cy Elk",)}]),
]  # fmt: skip

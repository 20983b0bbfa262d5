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
        page("", f"<h1>PondCam</h1><div>{line}</div><p>{LONG}</p><h2>ReedNet</h2><p>{OTHER}</p>"))],
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

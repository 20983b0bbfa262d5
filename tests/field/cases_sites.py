"""Cases of what sites and services write: XML of journals, answers in JSON, and text that was copied from pages."""

# ruff: noqa: E501 -- a row stays together, however long its file is

import json

from tests.field.case import Case
from tests.field.cases_data import page
from tests.field.cases_text import LONG, OTHER


def jats(inside: str, *, attributes: str = ' article-type="x"', abstract: str = "<p>It counts.</p>") -> str:
    return (
        f'<?xml version="1.0"?><article{attributes}><front><article-meta><title-group><article-title>PondCam</article-title></title-group>'
        f"{inside}<abstract>{abstract}</abstract></article-meta></front></article>"
    )


def person(names: str) -> str:
    return jats(f'<contrib-group><contrib contrib-type="author">{names}</contrib></contrib-group>')


SITES = [
    *[Case("a name in two scripts is one", shape, person(names), [{"authors": (read,)}]) for shape, names, read in (
        ("PubMed Central", '<name-alternatives><name><surname>Fox</surname><given-names>Bo</given-names></name><name xml:lang="zh"><surname>狐</surname></name></name-alternatives>', "Bo Fox"),
        ("J-STAGE", '<name-alternatives><name name-style="eastern" xml:lang="ja"><surname>狐</surname><given-names>保</given-names></name><name name-style="western" xml:lang="en"><surname>Fox</surname><given-names>Bo</given-names><suffix>Jr.</suffix></name></name-alternatives>', "Bo Fox Jr."),
        ("SciELO", "<name-alternatives><string-name>Bo Fox</string-name><string-name>Fox B</string-name></name-alternatives><xref>1</xref>", "Bo Fox"),
        ("journals", '<collab-alternatives><collab xml:lang="fr">Groupe des Mares</collab><collab xml:lang="en">Pond Group</collab></collab-alternatives>', "Pond Group"))],
    *[Case("a formula in two spellings is one", "Springer, PubMed Central", jats("", abstract=f"<p>At <inline-formula>{formula}</inline-formula> ponds.</p>"), [{"abstract": f"At {read} ponds."}]) for formula, read in (
        (r'<alternatives><tex-math>\documentclass[12pt]{minimal}\begin{document}$$x^2$$\end{document}</tex-math><mml:math xmlns:mml="m"><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math></alternatives>', "$x^2$"),
        ("<alternatives><math><msup><mi>x</mi><mn>2</mn></msup></math><tex-math>x^2</tex-math></alternatives>", "$x^2$"),
        ("<alternatives><inline-graphic/><math><msup><mi>x</mi><mn>2</mn></msup></math><textual-form>x2</textual-form></alternatives>", "x²"), ("<tex-math>$x^2$</tex-math>", "$x^2$"))],
    *[Case("a paper among the replies to it, its day in milliseconds", "OpenReview", json.dumps({"notes": notes, "count": 2}), [{"title": "PondCam", "authors": ("Ann Owl",), "published": "2021-03-05"}]) for notes in (
        [{"id": "a", "forum": "a", "cdate": 1600000000000, "pdate": 1614938400000, "content": {"title": {"value": "PondCam"}, "authors": {"value": ["Ann Owl"]}}}, {"id": "r", "replyto": "a", "content": {"title": {"value": "Official Review"}, "review": {"value": "good"}}}],
        [{"id": "r", "replyto": "a", "content": {"comment": "good"}}, {"id": "a", "replyto": None, "cdate": 1614938400000, "content": {"title": "PondCam", "authors": ["Ann Owl"], "abstract": "It counts."}}])],
    Case("a paper and a reply to it, one a line", "OpenReview", '{"id": "a", "replyto": null, "pdate": 1614938400000, "content": {"title": "PondCam"}}\n{"id": "r", "replyto": "a", "content": {"title": "Official Review"}}\n{"id": "s", "replyto": "a", "content": {"comment": "x"}}\n',
         [{"title": "PondCam", "published": "2021-03-05"}]),
    *[Case("the first without people and a day", "Zotero", json.dumps(items), [{"title": title} for title in titles]) for items, titles in (
        ([{"id": "a", "type": "article-journal", "title": "PondCam <i>X</i> &amp; y", "abstract": "10<sup>6</sup>"}], ["PondCam X & y"]),
        ([{"id": "a", "type": "article", "title": "A <i>x</i>"}, {"id": "b", "type": "article", "title": "B <i>x</i>", "author": [{"family": "Owl", "given": "Ann"}]}], ["A x", "B x"]),
        ([{"id": "a", "type": "report", "title": "A <i>x</i>", "publisher": "Pond House"}], ["A x"]))],
    Case("items in a wrapper, the first without people and a day", "Zotero", json.dumps({"items": [{"id": "a", "type": "article-journal", "title": "A &amp; b"}]}), [{"title": "A & b"}]),
    Case("later records with a type", "by hand", '{"id": "a", "title": "A"}\n{"id": "b", "title": "B", "type": "article", "author": "Ann Owl"}\n', [{"id": "a"}, {"id": "b", "type": "article"}]),
    Case("a type of one's own making", "by hand", json.dumps([{"id": "a", "type": "article", "title": "A", "abstract": "x", "label": "ponds"}]), [{"id": "a", "label": "ponds", "type": "article"}]),
    *[Case("works of which only some fields were asked for", "Crossref", json.dumps(text), [{"title": "PondCam", "published": day}]) for text, day in (
        ({"status": "ok", "message-type": "work-list", "message": {"total-results": 1, "items": [{"DOI": "10.1000/c", "title": ["Pond<i>Cam</i>"], "issued": {"date-parts": [[2021, 3, 5]]}, "author": [{"given": "Ann", "family": "Owl"}]}]}}, "2021-03-05"),
        ({"status": "ok", "message-type": "work-list", "message": {"items": [{"DOI": "10.1000/c", "title": ["Pond<i>Cam</i>"]}]}}, None),
        ([{"DOI": "10.1000/c", "title": ["Pond<i>Cam</i>"], "issued": {"date-parts": [[2021, 3, 5]]}}], "2021-03-05"),
        ([{"DOI": "10.1000/c", "title": ["Pond<i>Cam</i>"], "published": {"date-parts": [[2021, 3, 5]]}}], "2021-03-05"))],
    Case("a paper within its entry, which says the same", "Hugging Face", json.dumps([{"paper": {"id": "2103.00001", "authors": [{"_id": "x", "name": "Ann Owl", "hidden": False}], "publishedAt": "2021-03-05T00:00:00.000Z", "title": "PondCam", "summary": "It counts.", "upvotes": 3},
         "publishedAt": "2021-03-06T00:00:00.000Z", "title": "PondCam", "summary": "It counts.", "thumbnail": "https://x.example/a.png"}]),
         [{"title": "PondCam", "abstract": "It counts.", "authors": ("Ann Owl",), "published": "2021-03-05", "arxiv_id": "2103.00001"}]),
    Case("an article that does not say what kind it is", "journals", jats("", attributes=""), [{"title": "PondCam", "abstract": "It counts."}]),
    Case("an article in a set", "archives", jats("", attributes=' xml:lang="en"').replace("<article ", "<articles>\n <article ", 1) + "</articles>", [{"title": "PondCam"}]),
    Case("people with a name in short, and groups", "Europe PMC", json.dumps({"resultList": {"result": [{"id": "33", "title": "PondCam", "authorString": "Owl A, Fox B, Pond Group.", "authorList": {"author": [
         {"fullName": "Owl A", "firstName": "Ann", "lastName": "Owl", "initials": "A"}, {"fullName": "Fox B", "lastName": "Fox", "initials": "B"}, {"collectiveName": "Pond Group"}]}, "abstractText": "x"}]}}),
         [{"authors": ("Ann Owl", "B Fox", "Pond Group")}]),
    Case("a name that says more than its parts", "anyone", json.dumps([{"title": "PondCam", "authors": [{"name": "Ann Maria Owl", "first": "A.", "last": "Owl"}]}]), [{"authors": ("Ann Maria Owl",)}]),
    *[Case("days and journals in places of their own", "INSPIRE", json.dumps({"hits": {"total": 1, "hits": [{"created": "2022-01-01", "metadata": {"titles": [{"title": "PondCam"}], "publication_info": [{"journal_title": "Ponds", "year": 2021, "artid": "7"}], **day}}]}}),
           [{"title": "PondCam", "date": date, "published": published, "venue": "Ponds"}]) for day, date, published in (({"earliest_date": "2021-03-05"}, None, "2021-03-05"), ({}, "2021", "2021-01-01"))],
    *[Case("a volume copied as text", "ACL Anthology", f"Proceedings of Ponds (2021)\n\n{buttons}\nPondCam: Counting\nAnn Owl | Bo Fox\n\n{LONG}\n\n{buttons}\nReedNet\nCy Elk\n\n{OTHER}\n\nSign in\n\n© 2021 Pond House\n", error="is text copied from the ACL Anthology")
      for buttons in ("pdf bib abs", "pdf\nbib\nabs", "[pdf] [bib] [abs]", "pdf bib")],
    Case("results of a search, each part on a line of its own", "arXiv", f"Showing 1–2 of 2 results for all: herons\n\n1.\narXiv:2103.00001\n[pdf, html, other]\ncs.CV cs.LG\ndoi\n10.1000/x\nPondCam: Counting\nAuthors: Ann Owl, Bo Fox\n"
         f"Abstract: {LONG[:60]}… ▽ More {LONG} △ Less\nSubmitted 2 April, 2022; v1 submitted 5 March, 2021; originally announced March 2021.\n\n2.\narXiv:2103.00002 [pdf]\nmath-ph\nReedNet\nAuthors: Cy Elk\nAbstract: {OTHER[:60]}… ▽ More\n{OTHER}\n△ Less\nSubmitted 6 March, 2021.\n",
         [{"title": "PondCam: Counting", "abstract": LONG, "authors": ("Ann Owl", "Bo Fox"), "doi": "10.1000/x", "arxiv_id": "2103.00001", "published": "2021-03-05", "categories": "cs.CV cs.LG"},
          {"title": "ReedNet", "abstract": OTHER, "authors": ("Cy Elk",)}]),
    Case("results copied as text", "IEEE Xplore", f"PondCam: Counting\nAnn Owl; Bo Fox\n2021 IEEE Ponds\nYear: 2021 | Conference Paper | Publisher: IEEE\nCited by: Papers (5)\nAbstract\nHTML\n\n{LONG}\n", error="is text copied from IEEE Xplore"),
    Case("results copied as text", "IEEE Xplore", f"PondCam: Counting\nAnn Owl; Bo Fox\nIEEE Transactions on Ponds\nYear: 2021 | Volume: 3, Issue: 2 | Journal Article | Publisher: IEEE\n\n{LONG}\n", error="is text copied from IEEE Xplore"),
    *[Case("numbers of all kinds in one cell", "Semantic Scholar by pandas", f"title,year,authors,externalIds\nPondCam,2021,\"[{{'name': 'Ann Owl'}}]\",\"{cell}\"\n", [{"authors": ("Ann Owl",), "doi": "10.1000/s", "arxiv_id": "2103.00001", "pmid": "33"}])
      for cell in ("{'ArXiv': '2103.00001', 'DOI': '10.1000/S', 'PubMed': 33, 'CorpusId': 7}", '{""ArXiv"": ""2103.00001"", ""DOI"": ""10.1000/s"", ""PubMed"": ""33"", ""MAG"": null}')],
    *[Case("an answer without any papers", shape, json.dumps(text), rejected=[(1, f"its list {place!r} is empty")]) for shape, text, place in (
        ("OpenAlex", {"meta": {"count": 1}, "results": [], "group_by": []}, "results"), ("Crossref", {"status": "ok", "message-type": "work-list", "message": {"total-results": 0, "items": []}}, "message.items"),
        ("Europe PMC", {"hitCount": 0, "resultList": {"result": []}}, "resultList.result"), ("Semantic Scholar", {"total": 0, "offset": 0, "data": []}, "data"))],
    *[Case("results", "PubMed", page("", f'<article><a class="docsum-title">PondCam</a><span class="docsum-{what}">Owl A, Fox B.</span></article>'), error=r"PubMed's results.*\.nbib") for what in ("authors", "content")],
    *[Case("a heading above what stands between it and the abstract", shape, page("", body), [{"title": "PondCam: Counting", "abstract": LONG}]) for shape, body in (
        ("IEEE Xplore", f'<h3><a>PondCam: Counting</a></h3><p>Ann Owl; Bo Fox</p><div>2021 Ponds</div><div>Year: 2021 | Conference Paper | Publisher: IEEE</div><div>{LONG}</div>'),
        ("ACM", f"<h1>PondCam: Counting</h1><div>Authors: Ann Owl, Bo Fox</div><h2>ABSTRACT</h2><p>{LONG}</p><h2>References</h2><p>{OTHER}</p>"), ("JMLR", f"<h1>PondCam: Counting</h1><p>Ann Owl, Bo Fox; 22(1):1-12, 2021.</p><h3>Abstract</h3><p>{LONG}</p>"),
        ("NeurIPS", f"<h4>PondCam: Counting</h4><p>Part of Ponds 34 (2021)</p><h4>Authors</h4><p>Ann Owl, Bo Fox</p><h4>Abstract</h4><p>{LONG}</p>"), ("ScienceDirect", f"<h1>PondCam: Counting</h1><div>View PDF</div><div>Download full issue</div><h2>Abstract</h2><p>{LONG}</p><h2>Introduction</h2><p>{OTHER}</p>"),
        ("arXiv", f'<h1><span>Title:</span>PondCam: Counting</h1><div>Authors:<a>Ann Owl</a>, <a>Bo Fox</a></div><blockquote>Abstract:{LONG}</blockquote>'), ("Zotero", f"<h2>PondCam: Counting</h2><table><tr><th>Item Type</th><td>Journal Article</td></tr><tr><th>Abstract</th><td>{LONG}</td></tr></table>"))],
    Case("headings of another level between", "publishers", page("", f"<h1>Ponds</h1><h3>PondCam</h3><p>{LONG}</p><h3>ReedNet</h3><h4>Ann Owl, Bo Fox</h4><p>{OTHER}</p>"), [{"title": "PondCam"}, {"title": "ReedNet"}]),
    Case("titles that are no headings", "listings", page("", f"<h1>Ponds</h1><div>PondCam</div><p>{LONG}</p><div>ReedNet</div><div>Ann Owl, Bo Fox</div><p>{OTHER}</p>"), [{"title": "PondCam"}, {"title": "ReedNet"}]),
    Case("an abstract in parts", "journals", f"PondCam\n\nBackground\n\n{LONG}\n\nResults:\n\nGood.\n\nIntroduction\n\n{OTHER}\n\nReedNet\n\n{OTHER}\n", [{"title": "PondCam", "abstract": f"Background: {LONG}\n\nResults: Good."}, {"title": "ReedNet"}]),
    *[Case("what is between a title and its abstract", "sites", f"PondCam\n\n{line}\n\n{LONG}\n\nReedNet\n\n{OTHER}\n", [{"title": "PondCam", "abstract": LONG}, {"title": "ReedNet"}]) for line in (
        "Introduction", "1. Introduction", "Highlights", "5 120", "5 March 2021", "Published: 05 March 2021", "10.1016/j.p", "pp. 1-12", "Vol. 3 No. 1 (2021)", "Cited by (5)", "View PDF (1.2 MB)", "Open access", "Cite this article", "Year: 2021", "Keywords: heron")],
    Case("the page of a paper with a reply to it", "OpenReview", page("", f'<div class="forum-title"><h2>PondCam</h2></div><div class="forum-authors"><h3>Ann Owl, Bo Fox</h3></div><div class="note-content"><strong class="note-content-field">Abstract:</strong> <span>{LONG}</span></div><div class="note"><h4>Official Review of Paper</h4><p>{OTHER}</p></div>'),
         [{"title": "PondCam", "abstract": LONG, "authors": ("Ann Owl", "Bo Fox")}]),
    Case("people under titles", "by hand", f"PondCam: Counting\nAnn Owl, Bo Fox\n\n{LONG}\n\nReedNet\nCy Elk\n\nAbstract: {OTHER}\n", [{"title": "PondCam: Counting", "authors": ("Ann Owl", "Bo Fox")}, {"title": "ReedNet", "authors": ("Cy Elk",), "abstract": OTHER}]),
    *[Case("marks of a list", "by hand", f"{first}\n\n{LONG}\n\n{second}\n\n{OTHER}\n", [{"title": "PondCam"}, {"title": "ReedNet"}]) for first, second in (
        ("1. PondCam", "2. ReedNet"), ("[1] PondCam", "[2] ReedNet"), ("1) PondCam", "2) ReedNet"), ("**PondCam**", "**ReedNet**"), ("PondCam\n=======", "ReedNet\n======="), ("Title: PondCam", "Title: ReedNet"), ("Paper 1: PondCam", "Paper 2: ReedNet"))],
    *[Case("numbers of papers", "by hand", text, error=f"give them themselves, such as {spec}") for text, spec in (("10.1000/x\n10.1000/y\n", "doi:10.1000/x"), ("2103.00001\n2103.00002\n", "arxiv:2103.00001"), ("https://arxiv.org/abs/2103.00001\n", "arxiv:2103.00001"))],
    *[Case("a page copied as text", shape, f"PondCam\n\nAnn Owl, Bo Fox\n\n{sign}\n\n{LONG}\n\nMore\n\n{OTHER}\n", error=f"is text copied from {site}") for shape, sign, site in (
        ("ACL Anthology", "Anthology ID: 2021.pond-1.1", "the ACL Anthology"), ("OpenReview", "Official Review of Paper1 by AnonReviewer1", "OpenReview"), ("Semantic Scholar", "Corpus ID: 123", "Semantic Scholar"), ("Semantic Scholar", "TLDR", "Semantic Scholar"),
        ("IEEE Xplore", "120\nFull Text Views", "IEEE Xplore"), ("ACM", "Authors Info & Claims", "the ACM"), ("SpringerLink", "Explore all metrics", "SpringerLink"), ("SSRN", "Date Written: March 5, 2021", "SSRN"), ("ResearchGate", "Discover the world's research", "ResearchGate"))],
    Case("entries that are no papers", "biblatex, RevTeX, IEEEtran", "@set{s, entryset={a,b}}\n@CONTROL{REVTEX42Control}\n@CONTROL{apsrev42Control, author=\"08\", title=\"0\"}\n@IEEEtranBSTCTL{c, CTLuse_url=\"no\"}\n@article{a, title={PondCam}}\n", [{"title": "PondCam"}]),
]  # fmt: skip

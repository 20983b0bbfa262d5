"""One small right file for each format, invented, which the mutations begin with."""

# ruff: noqa: E501 -- a line of an export stays whole

from __future__ import annotations

import json

from tests.support.sources_fixtures import FOX, OWL

_PREPRINT = {
    "id": "2401.00001", "submitter": "A", "authors": "Ann Owl, Bo Fox", "title": "OwlNet:\n  Seeing",
    "comments": "9 pages",
    "journal-ref": None, "doi": "10.1000/owl.1", "report-no": None, "categories": "cs.CV cs.CL", "license": None,
    "abstract": f"  {OWL}\n{FOX}\n  Then more.\n", "versions": [{"version": "v1",
    "created": "Mon, 1 Jan 2024 19:18:42 GMT"}],
    "update_date": "2024-01-02", "authors_parsed": [["Owl", "Ann", ""], ["Fox", "Bo", "Jr.", "Night"]],
}  # fmt: skip
_WORK = {
    "id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/owl.1", "title": "OwlNet", "is_retracted": False,
    "publication_date": "2024-01-01", "authorships": [{"author": {"display_name": "Ann Owl"}}], "ids": {"pmid": "x/1"},
    "abstract_inverted_index": {word: [at] for at, word in enumerate(OWL.split())},
    "primary_location": {"landing_page_url": "https://arxiv.org/abs/2401.00001", "source": {"display_name": "Night"}},
}  # fmt: skip
_ANSWER = {
    "content": {"title": {"value": "OwlNet"}, "abstracts": [{"value": OWL}], "doi": "10.1000/owl.1",
    "creators": {"author": [{"name": "Owl, Ann"}]}, "published": {"year": 2024, "month": 1}},
}  # fmt: skip
_S2 = {
    "paperId": "a" * 40, "externalIds": {"DOI": "10.1000/owl.1", "ArXiv": "2401.00001"}, "title": "OwlNet",
    "year": 2024,
    "abstract": OWL, "publicationDate": "2024-01-01", "authors": [{"authorId": "1", "name": "Ann Owl"}],
    "tldr": {"text": "t"},
}  # fmt: skip
_CSL = [
    {"id": "a", "type": "article", "title": "<i>OwlNet</i>", "author": [{"family": "Owl", "given": "Ann"},
    {"literal": "N"}],
     "issued": {"date-parts": [[2024, 1, 1]]}, "DOI": "10.1000/owl.1", "abstract": f"<jats:p>{OWL}</jats:p>",
     "note": "arXiv:2401.00001", "custom": {"footnote": "0123456789 =7B=22title=22:=22a=22=7D"}},
    {"id": "b", "type": "book", "title": "FoxEar", "issued": {"raw": "2023"}},
]  # fmt: skip
_RECORDS = [
    {"id": "owl", "title": "OwlNet", "abstract": OWL, "published": "2024-01-29", "authors": ["Ann Owl"], "copies": []},
    {"id": "fox", "title": "FoxEar", "abstract": FOX, "extra": {"a": "b"}, "author_count": 3, "doi": "10.1000/fox"},
]  # fmt: skip


def _lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


_BIBTEX = r"""% Encoding: UTF-8
@string{night = "Journal of the Night"}
@article{owl,
  title = {{OwlNet}: {Seeing} at 95\% by {Erd\H{o}s} \& M{\"u}ller},
  author = {Owl, Ann and {The Fox Group} and M{\"u}ller, J{\'o}zef},
  journal = night # { and Day}, month = mar, year = {2024}, doi = {10.1000/owl.1},
  abstract = {<OWL> It keeps $x^2$ \textit{of} 5% all.

  <FOX>}, footnote = {0123456789 =7B=7D},
}
@misc{fox, title = "FoxEar", eprint = {2310.03744v2}, archivePrefix = {arXiv}, date = {2023-10-05}}
""".replace("<OWL>", OWL).replace("<FOX>", FOX)
_RIS = f"""TY  - JOUR
TI  - OwlNet: Seeing by Night
AU  - Owl, Ann
AB  - {OWL}
{FOX}
PY  - 2024/03/12/
DO  - 10.1000/owl.1
UR  - https://arxiv.org/abs/2401.00001
KW  - owls
C8  - footnote 0123456789 =7B=7D
ER  -

TY  - UNPB
T1  - FoxEar
N2  - {FOX}
ER  -
"""
_MEDLINE = f"""
PMID- 12345678
TI  - OwlNet: seeing by night and
      by day.
LID - 10.1000/owl.1 [doi]
AB  - {OWL}
      {FOX}
FAU - Owl, Ann B
PT  - Retracted Publication
RIN - J Night. 2025;1:2
DP  - 2024 Mar 12

PMID- 2
TI  - FoxEar.
"""
_WOS = f"""FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Owl, A
   Fox, B
TI OwlNet: seeing
   by night
SO NIGHT
AB {OWL}
PD MAR 12
PY 2024
DI 10.1000/owl.1
DT Article; Retracted Publication
ER

PT J
TI FoxEar
ER

EF
"""
_ARXIV_TEXT = f"""Showing 1–2 of 2 results

arXiv:2401.00001 [pdf, other] cs.CV
OwlNet
Authors: Ann Owl, Bo Fox
Abstract: {OWL} △ Less
Submitted 3 January, 2024; v1 submitted 1 January, 2024; originally announced January 2024.
Comments: 9 pages
[2] arXiv:2401.00002 [pdf]
Title: FoxEar
Bo Fox
Subjects: Vision (cs.CV)

{FOX}
"""
_JATS = f"""<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2//EN" "JATS-archivearticle1.dtd">
<article article-type="research-article"><front><article-meta><article-id pub-id-type="doi">10.1000/owl.1</article-id>
<title-group><article-title>OwlNet at 10<sup>6</sup></article-title><subtitle>Seeing</subtitle></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Owl</surname><given-names>Ann</given-names></name></contrib>
<contrib><collab>Night Group</collab></contrib></contrib-group>
<pub-date pub-type="epub"><day>1</day><month>1</month><year>2024</year></pub-date>
<abstract><sec><title>Aim</title><p>{OWL}</p></sec><sec><title>Result</title><p>{FOX}</p></sec></abstract>
</article-meta></front><body><p>x</p></body></article>
"""
_PUBMED = f"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://example.org/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">1</PMID><Article>
<Journal><JournalIssue><PubDate><Year>2024</Year><Month>Mar</Month></PubDate></JournalIssue><Title>Night</Title></Journal>
<ArticleTitle>OwlNet: <i>Seeing</i> by Night</ArticleTitle>
<Abstract><AbstractText Label="AIM">{OWL}</AbstractText><AbstractText>{FOX} x &lt; 2</AbstractText></Abstract>
<AuthorList><Author><LastName>Owl</LastName><ForeName>Ann</ForeName></Author></AuthorList></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>N 1</RefSource></CommentsCorrections>
</CommentsCorrectionsList></MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>2</PMID><Article><ArticleTitle>FoxEar</ArticleTitle></Article></MedlineCitation>
</PubmedArticle></PubmedArticleSet>
"""
_TAGGED = f"RT Journal Article\nA1 Owl,Ann\nT1 OwlNet\nYR 2024\nAB {OWL}\n\nRT Journal Article\nT1 FoxEar\nAB {FOX}\n"
_PUBMED_TEXT = f"""1. J Night. 2024 Mar 12;3(2):1-6. doi: 10.1000/owl.1.

OwlNet: Seeing by Night.

Owl A(1), Fox B(2).

Author information:
(1)University of the Night.

{OWL}

PMID: 1


2. J Night. 2023.

FoxEar.

Fox B.

{FOX}

PMID: 2
"""
# The shapes in which the exports of databases, publishers and sites come besides.
_NEARLY_BIBTEX = rf"""This file was written by PondTool.
@article{{
  author = {{\'{{A}}d, A. and {{The PondLab}} and Fox, Bo and others}}
  title = {{10\textsuperscript{{6}} {{\textless}} \SI{{3}}{{\micro\joule}} for \$5 or $6}}, % a comment
  abstract = {{{OWL}}}, , crossref = {{PAR}}, xdata = {{x}},
}}
@proceedings(par, title = "Ponds", year = 2021)
@xdata{{x, month = mar # "~5"}}
"""
_EBSCO = f"""Provider: PondHost
ID  - 10.1000/owl.1 [doi]
TI  - OwlNet <sup>6</sup>
TY  - Journal Article
AU  - Owl, A., Fox, B. and Elk, C.
AU  - et al.
DA  - MAR 5
PY  - 2021
L3  - 10.1000/owl.1
AB  - Abstract: {OWL} (C) 2021 Pond Ltd. All rights reserved.
AB  - Copyright of J Night is the property of Pond House.
ER  -
ty  - JOUR
ti  - FoxEar
ab  - {FOX}
er  -
"""
_ENDNOTE = (
    f"%0 Journal Article\n%A Owl, Ann\n%T OwlNet\n%D 2021\n%8 5-Mar-21\n%X {OWL}\n\n%0 Book\n%T FoxEar\n%X {FOX}\n"
)
_WOS_TAB = f'PT\tAU\tTI\tAB\tPD\tPY\nJ\tOwl, A; Fox, B\t"Owls" and 5" more\t{OWL}\tMAR 5\t2021\nJ\tFox, B\tFoxEar\t{FOX}\tSUM\t2022\n'
_LEAD_CSV = f""""About the data: exported on Mar 05, 2021."
Rank,DOI,display_name,abstract_inverted_index,PubYear,Published Month,Authors
1,10.1000/owl.1,OwlNet,"{{""owls"": [1], ""It<sup>6</sup>"": [0]}}",2021,March,"Owl, Ann; Fox, Bo and Elk, Cy"
2,NA,FoxEar,{FOX},2021,3,"[{{'name': 'Bo Fox'}}]"
"""
_CROSSREF = json.dumps({"status": "ok", "message": {"items": _CSL}})
_MARKED_UP = f"""Title,Abstract
OwlNet,"<jats:title>Abstract</jats:title><jats:p>{OWL} <mml:math><mml:msup><mml:mn>10</mml:mn><mml:mn>6</mml:mn></mml:msup></mml:math> &lt;tex-math&gt;$x$&lt;/tex-math&gt; &times;</jats:p>"
"""
_META = (
    f"<!DOCTYPE html><html><head><meta name='citation_title' content='OwlNet'><meta name='citation_author' content='Owl, Ann'></head>"
    f"<body><a>View PDF</a><blockquote class='abstract'><span class='descriptor'>Abstract:</span>{OWL}</blockquote></body></html>"
)
_SCHEMA = (
    '<!DOCTYPE html><html><head><script type="application/ld+json">{"@graph": [{"@type": "ScholarlyArticle", "headline": "OwlNet", '
    '"author": [{"name": "Ann Owl"}, "Bo Fox"], "datePublished": "2024-01-29", "identifier": {"value": "10.1000/owl.1"}}]}</script>'
    f"</head><body><h1>OwlNet</h1><div><h2>Abstract</h2><h3>Results</h3><p>{OWL}</p></div><footer><p>{FOX}</p></footer></body></html>"
)
_ARXIV_SEARCH = (
    "<!DOCTYPE html><html><body><li class='arxiv-result'><p class='list-title'><a href='https://arxiv.org/abs/2103.00001'>arXiv:2103.00001</a></p>"
    f"<p class='title'>OwlNet</p><p class='authors'><a>Ann Owl</a></p><p class='abstract'><span class='abstract-full'>{OWL} <a>△ Less</a></span></p></li></body></html>"
)
_CSV = f'''Key,Title,Author,Abstract Note,Publication Year,DOI,Url,Extra
A,"OwlNet, ""seeing""","Owl, Ann; Fox, Bo","{OWL}
{FOX}",2024,10.1000/owl.1,https://example.org,arXiv:2401.00001 [cs]
B,FoxEar,Bo Fox,{FOX},2023,,,
'''
_PAGE = f"Daily Papers\n\nSubscribe\n\nOwlNet\n\n{OWL}\n\n  • 9 authors\n\n·\n\nJan 29, 2024 4\n\nFoxEar\n\n{FOX}\n"
_HTML = (
    f"<!DOCTYPE html><html><body><h3><a href='https://arxiv.org/abs/2401.00001'>OwlNet</a></h3><p>{OWL}</p>"
    f"<ul><li>9 authors</li></ul><time datetime='2024-01-29'>Jan 29</time><h3>FoxEar</h3><p>{FOX}</p></body></html>"
)

SEEDS: dict[str, bytes] = {
    name: text.encode()
    for name, text in {
        "arxiv": _lines(_PREPRINT, {**_PREPRINT, "id": "math.GT/0309136", "versions": [], "authors_parsed": None}),
        "openalex": _lines(_WORK, {**_WORK, "is_retracted": True}),
        "openalex page": json.dumps({"meta": {"count": 1}, "results": [_WORK]}, indent=1),
        "semanticscholar": _lines(_S2, {"corpusid": 3, "title": "FoxEar", "externalids": None}),
        "csl-json": json.dumps(_CSL, indent="\t"),
        "jsonl": _lines(*_RECORDS),
        "json": json.dumps({"hits": {"hits": [_ANSWER]}}),
        "array": json.dumps(_RECORDS),
        "bibtex": _BIBTEX,
        "ris": _RIS,
        "medline": _MEDLINE,
        "tagged": _TAGGED,
        "pubmed text": _PUBMED_TEXT,
        "web of science": _WOS,
        "web of science, tabs": _WOS_TAB,
        "bibtex nearly right": _NEARLY_BIBTEX,
        "ebsco": _EBSCO,
        "endnote": _ENDNOTE,
        "csv with a lead": _LEAD_CSV,
        "crossref": _CROSSREF,
        "csv with markup": _MARKED_UP,
        "page of a paper": _META,
        "page of a paper in schema.org": _SCHEMA,
        "arxiv search": _ARXIV_SEARCH,
        "pubmed": _PUBMED,
        "xml": _JATS,
        "arxiv text": _ARXIV_TEXT,
        "csv": _CSV,
        "csv-fields": f'"TITLE","OwlNet"\n"AUTHOR NAMES","Owl A.","Fox B."\n"ABSTRACT","{OWL}"\n\n"TITLE","FoxEar"\n"DOI","10.1000/f"\n',
        "tsv": _CSV.replace(",", "\t"),
        "listing": _PAGE,
        "list with people": f"1. OwlNet\nAnn Owl, Bo Fox\n\nAbstract: {OWL}\n\n2. FoxEar\nCy Elk\n2021\n\nBackground\n\n{FOX}\n",
        "page with headings": f"<!DOCTYPE html><html><body><h1>OwlNet</h1><div>Authors: Ann Owl, Bo Fox</div><h2>Abstract</h2><p>{OWL}</p><h2>More</h2><p>{FOX}</p></body></html>",
        "json by ids": json.dumps({"2103.00001": _RECORDS[0], "2103.00002": _RECORDS[1]}),
        "html": _HTML,
    }.items()
}

"""Cases of tables, JSON, XML and saved pages."""

# ruff: noqa: E501 -- a row stays together, however long its file is

import json

from tests.field.case import Case
from tests.field.cases_text import LONG, OTHER


def table(abstract: str) -> str:
    return 'Title,Abstract,Year\nPondCam,"' + abstract.replace('"', '""') + '",2021\n'


def people(cell: str) -> str:
    return 'Title,Authors,Year\nPondCam,"' + cell.replace('"', '""') + '",2021\n'


def page(head: str, body: str) -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


MARKUP = [
    Case("raised and lowered", "publishers", table("10<sup>6</sup>, 3 × 10<sup>−4</sup>, H<sub>2</sub>O, 5 m<SUP>2</SUP>, 2<sup>nd</sup>, x<sup>n</sup>"),
         [{"abstract": "10⁶, 3 × 10⁻⁴, H₂O, 5 m², 2nd, x^n"}]),
    Case("raised and lowered in words", "ERIC, OSTI, Web of Science", table("10[superscript 6], H[subscript 2]O, 10{sup 5}, 10(-3), 5 x 10(4) of 10(6) and f(2)"),
         [{"abstract": "10⁶, H₂O, 10⁵, 10⁻³, 5 x 10⁴ of 10(6) and f(2)"}]),
    Case("headings apart", "Europe PMC", table("<h4>Background</h4>It counts.<h4>Results</h4>It counts 31."),
         [{"abstract": "Background\n\nIt counts.\n\nResults\n\nIt counts 31."}]),
    Case("heading of the whole", "Crossref", table("<jats:title>Abstract</jats:title><jats:p>It counts.</jats:p>"), [{"abstract": "It counts."}]),
    Case("MathML", "Elsevier", table('Of <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:msup><mml:mi>k</mml:mi><mml:mn>6</mml:mn></mml:msup>'
         "<mml:mo>=</mml:mo><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math> holds."), [{"abstract": "Of k⁶=1/2 holds."}]),
    Case("roots, limits and accents", "Elsevier", table("<math><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mroot><mi>x</mi>"
         "<mn>3</mn></mroot><mover><mi>y</mi><mo>¯</mo></mover><mfenced><mi>a</mi><mn>2</mn></mfenced></math>"), [{"abstract": "∑_(i=1)^n³√xy¯(a,2)"}]),
    Case("a whole document around a formula", "Springer", table(r"of \documentclass[12pt]{minimal} \usepackage{amsmath} \begin{document}$$x^2$$\end{document} here"),
         [{"abstract": "of $x^2$ here"}]),
    Case("tags in works", "OpenAlex", json.dumps({"results": [{"id": "https://openalex.org/W1", "display_name": "<i>P</i>", "authorships": [],
         "abstract_inverted_index": {"10<sup>6</sup>": [0], "ponds": [1]}}]}), [{"title": "P", "abstract": "10⁶ ponds"}]),
    Case("tags in papers", "Semantic Scholar", json.dumps({"paperId": "a" * 40, "title": "P", "abstract": "10<sup>6</sup> ponds", "externalIds": {}, "authors": []}),
         [{"abstract": "10⁶ ponds"}]),
    Case("tags written twice over, and a list that is not complete", "PubMed", "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>"
         '&lt;i&gt;P&lt;/i&gt;</ArticleTitle><AuthorList CompleteYN="N"><Author><LastName>Owl</LastName></Author></AuthorList></Article></MedlineCitation></PubmedArticle>'
         "</PubmedArticleSet>", [{"title": "P", "authors": ("Owl",), "more_authors": "et al."}]),
    Case("tex-math", "IEEE", table('of &lt;inline-formula&gt;&lt;tex-math notation="LaTeX"&gt;$3\\times 10^{-4}$ &lt;/tex-math&gt;&lt;/inline-formula&gt; in'),
         [{"abstract": "of $3\\times 10^{-4}$ in"}]),
    Case("alternatives count once", "Springer", table("on <alternatives><tex-math>$$\\alpha$$</tex-math><math><mi>α</mi></math></alternatives> decay"),
         [{"abstract": "on $\\alpha$ decay"}]),
    Case("named entities", "INSPEC", table("Caf&eacute; &ndash; 5 &plusmn; 2 &mu;m, 3 &times; 10, &ge; 3 &deg;C"), [{"abstract": "Café – 5 ± 2 μm, 3 × 10, ≥ 3 °C"}]),
    Case("tags set apart, and not closed", "Crossref, OpenAlex", table("10 <sup>6</sup> at 5 g L <sup>-1</sup>, CO <sub>2</sub> of <sup>13</sup>C, 10<sup>5 and 37<sup>o</sup>C"),
         [{"abstract": "10⁶ at 5 g L⁻¹, CO₂ of ¹³C, 10⁵ and 37°C"}]),
    Case("what XML hides, and a token that is no tag", "publishers", table("<?xml version='1.0'?><!-- a --><![CDATA[The <b>first</b> <img> token]]>"), [{"abstract": "The first <img> token"}]),
    Case("heading of a section", "bioRxiv", table("<jats:sec><jats:title>Abstract</jats:title><jats:p>It counts.</jats:p></jats:sec>"), [{"abstract": "It counts."}]),
    Case("formulas in other brackets, and once more as text", "Springer", table(r"\(10^{6}\) and $$\alpha $$α of $$10^{3}$$103 for $$ or $5"),
         [{"abstract": r"$10^{6}$ and $\alpha$ of $10^{3}$ for $$ or $5"}]),
    Case("tags of one letter", "publishers", table('A <u>word</u>, <a href="https://x.example">link</a>; a<b>c and n<5'), [{"abstract": "A word, link; a<b>c and n<5"}]),
    Case("PubMed's XML", "PubMed", "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>P</ArticleTitle><Abstract><AbstractText>"
         "10<sup>6</sup> at <i>T</i><sub>max</sub></AbstractText></Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
         [{"abstract": "10⁶ at T_max"}]),
]  # fmt: skip

TABLES = [
    Case("nothing in words", "R, pandas", "title,abstract,year,doi,author,journal\n" + "".join(f"P{n},{word},2021.0,NA,NA,nan\n" for n, word in enumerate(
         ("NA", "N/A", "nan", "None", "-", "[No abstract available]", "No abstract available.", "Abstract not available"))),
         [{"abstract": "", "doi": None, "authors": (), "venue": None, "date": "2021"}] * 8),
    Case("nothing in sentences", "publishers", "title,abstract,year\n" + "".join(f"P{n},{words},2021\n" for n, words in enumerate(
         ("(no abstract)", "This article does not have an abstract.", "Abstract: not available", "This article has no abstract.",
          "An abstract is not available for this content so a preview has been provided."))), [{"abstract": ""}] * 5),
    Case("nothing in a word, an error or another language", "spreadsheets, databases", "title,abstract,year\n" + "".join(f"P{n},{words},2021\n" for n, words in enumerate(
         ("Abstract.", "(none)", "#NAME?", "[object Object]", "Abstract missing", "The article doesn't include an abstract.", "Kein Abstract verfügbar", "Resumen no disponible"))),
         [{"abstract": ""}] * 8),
    Case("marks of databases around the text", "EBSCO, ProQuest, ERIC, APA, OpenAlex", "Title,Abstract,Year\n" + "".join(f'P,"{text}",2021\n' for text in (
         "It counts. ABSTRACT FROM AUTHOR", "It counts. [PUBLICATION ABSTRACT]", "It counts. (Contains 3 tables and 2 figures.)", "It counts. (PsycInfo Database Record (c) 2021 APA, all rights reserved)",
         "AbstractIt counts.", "Abstract It counts.", "Abstract Meaning Representation counts.")), [{"abstract": "It counts."}] * 6 + [{"abstract": "Abstract Meaning Representation counts."}]),
    Case("lines before the header", "Dimensions", '"About the data: Exported on Mar 05, 2021."\nRank,DOI,Title,Abstract,Source title,PubYear,Authors\n'
         '1,10.1000/d.1,PondCam,"It counts, 31.",J Ponds,2021,"Owl, Ann; Fox, Bo"\n', [{"doi": "10.1000/d.1", "venue": "J Ponds", "authors": ("Ann Owl", "Bo Fox")}]),
    Case("month apart", "Covidence", "Title,Authors,Abstract,Published Year,Published Month,Covidence #\nPondCam,\"Owl, A.; Fox, B.\",It counts.,2021,3,#1\n",
         [{"date": "2021-03", "authors": ("A. Owl", "B. Fox")}]),
    Case("tabs and no quoting", "Web of Science", 'PT\tAU\tTI\tAB\tPD\tPY\nJ\tOwl, A; Fox, B\t"Ponds" and more\tThe "best counts.\tMAR 5\t2021\nJ\tElk, C\tB\tA 5" reed.\tJUN\t2021\n',
         [{"title": '"Ponds" and more', "abstract": 'The "best counts.', "published": "2021-03-05"}, {"abstract": 'A 5" reed.', "date": "2021-06"}]),
    Case("names without borders", "SpringerLink", "Item Title,Publication Title,Item DOI,Authors,Publication Year\nPondCam,J,10.1007/s1-1,Ann OwlBo McFoxCy Elk,2021\n",
         [{"title": "PondCam", "doi": "10.1007/s1-1", "authors": ("Ann Owl", "Bo McFox", "Cy Elk")}]),
    Case("web form", "OpenAlex", "id,doi,display_name,publication_date,authorships.author.display_name,abstract\n"
         "https://openalex.org/W1,https://doi.org/10.1000/o.1,PondCam,2021-03-05,Ann Owl|Bo Fox,It counts.\n",
         [{"id": "", "title": "PondCam", "doi": "10.1000/o.1", "authors": ("Ann Owl", "Bo Fox")}]),
    Case("an index of words in place of the abstract", "OpenAlex", 'id,display_name,abstract_inverted_index\nhttps://openalex.org/W1,A,"{""herons."": [2], ""It"": [0], ""counts"": [1]}"\n'
         "https://openalex.org/W2,B,\"{'It': [0], 'maps.': [1]}\"\nhttps://openalex.org/W3,C,{x}\n", [{"abstract": "It counts herons."}, {"abstract": "It maps."}, {"abstract": "{x}"}]),
    Case("notices at both ends", "Scopus", "Title,Abstract,Year\n" + "".join(f'P,"{text}",2021\n' for text in (
         "It counts. © 2021 Elsevier Ltd", "© 2021 The Authors. Published by Elsevier. It counts. Copyright held by the owner/author(s).", "© 2021. It counts.",
         "© 2021 Elsevier B.V. All rights reserved.", "We use (a) ponds, (b) lakes and (c) 2000 images.", "Copyright law is hard.")),
         [{"abstract": text} for text in ("It counts.", "It counts.", "It counts.", "", "We use (a) ponds, (b) lakes and (c) 2000 images.", "Copyright law is hard.")]),
    Case("dates of spreadsheets and of other countries", "anyone", "Title,Year,Date\n" + "".join(f'P,,"{day}"\n' for day in (
         "5-Mar-21", "5-Mar-2021", "2021-Mar-05", "5.3.2021", "25/12/2021", "12/25/2021", "1-Apr-99", "5 mars 2021", "Tue Mar 05 2021 00:00:00")),
         [{"published": day} for day in ("2021-03-05",) * 4 + ("2021-12-25",) * 2 + ("1999-04-01",) + ("2021-03-05",) * 2]),
    Case("dates that leave something open", "anyone", "Title,Year,Date\n" + "".join(f'P,,"{day}"\n' for day in ("Mar-21", "März 2021", "5/3/2021", "Mar 21")),
         [{"date": day} for day in ("2021-03", "2021-03", "2021", "Mar 21")]),
    *[Case("borders of two kinds", "by hand", people(cell), [{"authors": ("Ann Owl", "Bo Fox", "Cy Elk")}]) for cell in (
         "Owl, Ann; Fox, Bo and Elk, Cy", "Ann Owl, Bo Fox; Cy Elk", "Ann Owl and Bo Fox; Cy Elk", "Ann Owl / Bo Fox; Cy Elk", "Owl, Ann|Fox, Bo; Elk, Cy",
         "Ann Owl; Bo Fox; and Cy Elk", "Owl, Ann; Fox, Bo; & Elk, Cy")],
    Case("borders of two kinds, initials last", "by hand", people("Owl A, Fox B; Elk C"), [{"authors": ("A Owl", "B Fox", "C Elk")}]),
    Case("two family names and an institution", "by hand", people("García Owl, Ann Maria; Ministry of Fish and Game"), [{"authors": ("Ann Maria García Owl", "Ministry of Fish and Game")}]),
    Case("day and year apart", "Web of Science", "Article Title,Publication Date,Publication Year\nPondCam,MAR 5,2021\n", [{"title": "PondCam", "published": "2021-03-05"}]),
    Case("names of columns with more in them", "spreadsheets", "Study Title,Abstract (EN),Author(s),Year\nPondCam,It counts.,Ann Owl,2021\n", [{"title": "PondCam", "abstract": "It counts.", "authors": ("Ann Owl",)}]),
    Case("the header once more", "tables put together", "Title,Abstract,Year\nA,x,2021\nTitle,Abstract,Year\nB,y,2022\n", [{"title": "A"}, {"title": "B"}]),
    Case("a quote without an end takes no other rows", "by hand", 'Title,Abstract,Year\nA,"x,2021\nB,y,2022\nC,z,2023\n', [{"title": "B"}, {"title": "C"}], rejected=[(2, "the row cannot be read")]),
    Case("a column of papers", "by hand", "Paper,Authors,Abstract\nPondCam,Ann Owl,It counts.\n", [{"title": "PondCam"}]),
    Case("a quote that is not closed", "by hand", 'Title,Abstract,Year\n"PondCam,"It counts, 31",2021\nReedNet,Maps.,2022\n', [{"title": "ReedNet"}],
         rejected=[(2, "the row cannot be read")]),
    Case("et al.", "by hand", people("Owl A, Fox B, et al."), [{"authors": ("A Owl", "B Fox"), "more_authors": "et al."}]),
    Case("cut off", "Google Scholar", people("A Owl, B Fox…"), [{"authors": ("A Owl", "B Fox"), "more_authors": "et al."}]),
    *[Case("degrees", "ProQuest, publishers", people(cell), [{"authors": ("Ann Owl", "Bo Fox")}]) for cell in (
         "Owl, Ann, PhD; Fox, Bo, M.D.", "Ann Owl, PhD, Bo Fox, MD", "Dr. Ann Owl, Prof. Bo Fox", "Owl, Ann, M.Sc., PhD and Fox, Bo")],
    Case("initials that look like degrees", "PubMed", people("Owl, MD; Fox, DR; Elk, B"), [{"authors": ("MD Owl", "DR Fox", "B Elk")}]),
    *[Case("places, numbers and labels beside names", "publishers", people(cell), [{"authors": ("Ann Owl", "Bo Fox")}]) for cell in (
         "Owl, Ann (University of Ponds); Fox, Bo (Reed Institute)", "Ann Owl1,2, Bo Fox2", "Owl, Ann <owl@pond.example>; Fox, Bo <fox@pond.example>",
         "Owl, Ann/0000-0001-2345-6789; Fox, Bo/0000-0002-2345-6789", "Authors: Ann Owl, Bo Fox", "By Ann Owl and Bo Fox", "[Owl, Ann; Fox, Bo]", "Ann Owl、Bo Fox", "Owl, Ann；Fox, Bo")],
    *[Case("others told in other ways", "arXiv, Semantic Scholar", people(cell), [{"authors": ("Ann Owl", "Bo Fox"), "more_authors": "et al."}]) for cell in (
         "Ann Owl, Bo Fox, et al. (3 additional authors not shown)", "Ann Owl, Bo Fox, +2 authors", "Ann Owl, Bo Fox and 3 more authors", "Ann Owl, ..., Bo Fox")],
    *[Case("a list of NumPy", "pandas", people(cell), [{"authors": ("Ann Owl", "Bo Fox")}]) for cell in ("['Ann Owl' 'Bo Fox']", "array(['Ann Owl', 'Bo Fox'], dtype=object)")],
    Case("a full stop at the end", "PubMed", people("Owl A, Fox B, Elk CD."), [{"authors": ("A Owl", "B Fox", "CD Elk")}]),
    Case("a full stop after one initial", "PubMed", people("Owl A, Fox B."), [{"authors": ("A Owl", "B Fox")}]),
    Case("a list of Python", "pandas", people("['Ann Owl', 'Bo Fox']"), [{"authors": ("Ann Owl", "Bo Fox")}]),
    Case("a list of JSON", "Semantic Scholar", people('[{"authorId":"1","name":"Ann Owl"},{"name":"Bo Fox"}]'), [{"authors": ("Ann Owl", "Bo Fox")}]),
    Case("a tuple of Python", "pandas", people("('Ann Owl', 'Bo Fox')"), [{"authors": ("Ann Owl", "Bo Fox")}]),
    Case("records without brackets", "pandas", people("{'name': 'Ann Owl'}, {'name': 'Bo Fox'}"), [{"authors": ("Ann Owl", "Bo Fox")}]),
    Case("by points", "publishers", people("Ann Owl • Bo Fox"), [{"authors": ("Ann Owl", "Bo Fox")}]),
    Case("with marks", "publishers", people("Ann Owl*, Bo Fox† and Cy Elk*"), [{"authors": ("Ann Owl", "Bo Fox", "Cy Elk")}]),
    Case("and three others", "publishers", people("Ann Owl, Bo Fox & 3 others"), [{"authors": ("Ann Owl", "Bo Fox"), "more_authors": "et al."}]),
    Case("one a line", "spreadsheets", people("Ann Owl\nBo Fox\nCy Elk"), [{"authors": ("Ann Owl", "Bo Fox", "Cy Elk")}]),
    Case("with ORCIDs", "Scopus", people("Owl, Ann (0000-0001-0000-0001); Fox, Bo (57200000000)"), [{"authors": ("Ann Owl", "Bo Fox")}]),
    Case("pairs by commas", "by hand", people("Owl, Ann, Fox, Bo"), [{"authors": ("Ann Owl", "Bo Fox")}]),
    Case("by slashes", "by hand", people("Owl, Ann/Fox, Bo"), [{"authors": ("Ann Owl", "Bo Fox")}]),
    Case("a month and its year", "Zotero", "Title,Date,Year\nPondCam,09/2020,2020\n", [{"date": "2020-09"}]),
    Case("the day in a column of its own", "Rayyan", "title,year,month,day\nPondCam,2021,3,5\n", [{"published": "2021-03-05"}]),
    Case("nothing in words, not even available", "by hand", table("None available"), [{"abstract": ""}]),
    Case("what has no width", "pages", "title,authors,doi\n\u200bPond\u00adCam,Ann Owl; Bo Fox\u200b,\ufeff10.1000/z.1\u200b\n", [{"title": "PondCam", "authors": ("Ann Owl", "Bo Fox"), "doi": "10.1000/z.1"}]),
    Case("nothing in German", "by hand", table("k. A."), [{"abstract": ""}]),
    *[Case("a notice in other words", shape, table("It counts. " + notice), [{"abstract": "It counts."}]) for shape, notice in (
        ("PsycINFO", "(PsycInfo Database Record (c) 2021 APA, all rights reserved) (Source: journal abstract)"), ("publishers", "© RSNA, 2021."), ("Elsevier", "Crown Copyright © 2021 Published by Pond Ltd."),
        ("MDPI", "© 2021 by the authors. Licensee MDPI, Basel, Switzerland. This article is an open access article distributed under the CC BY license."))],
    *[Case("a sign of copyright that ends no text", "anyone", table(text), [{"abstract": text}]) for text in ("The mark © Pond Cam, 2021 models and 31 ponds are compared.", "It counts (Source: 31 ponds) herons.")],
    Case("a date in Chinese", "CNKI", "Title,Date\nPondCam,2021年3月5日\nReedNet,2021年3月\n", [{"published": "2021-03-05"}, {"date": "2021-03"}]),
    *[Case("nothing in words", shape, table(words), [{"abstract": ""}]) for shape, words in (("EBSCO", "No abstract provided by publisher."), ("CNKI", "无"), ("CNKI", "暂无摘要"), ("CNKI", "摘要：无"))],
]  # fmt: skip

WORK = {"DOI": "10.1000/c.1", "type": "journal-article", "title": ["PondCam"], "author": [{"given": "Ann", "family": "Owl"}],
        "issued": {"date-parts": [[2021, 3, 5]]}, "abstract": "<jats:p>10<jats:sup>6</jats:sup> ponds.</jats:p>"}  # fmt: skip
READ = {"title": "PondCam", "doi": "10.1000/c.1", "published": "2021-03-05", "abstract": "10⁶ ponds."}
JSON = [
    Case("people by their parts, a group", "Europe PMC", '{"resultList":{"result":[{"id":"33","title":"PondCam","authorString":"Owl A, Fox B.","authorList":{"author":[{"fullName":"Owl A","firstName":"Ann","lastName":"Owl"},{"collectiveName":"Pond Group"}]}}]}}', [{"authors": ("Ann Owl", "Pond Group")}]),
    Case("the first is by nobody", "Zotero", '[{"id":"a","type":"article","title":"A <i>x</i>"},{"id":"b","type":"article","title":"B &amp; y","author":[{"family":"Owl","given":"Ann"}]}]', [{"title": "A x"}, {"title": "B & y", "authors": ("Ann Owl",)}]),
    Case("some fields alone", "Crossref", '{"status":"ok","message":{"items":[{"DOI":"10.1000/c","title":["PondCam"],"issued":{"date-parts":[[2021,3,5]]},"author":[{"given":"Ann","family":"Owl"}]}]}}', [{"title": "PondCam", "published": "2021-03-05", "authors": ("Ann Owl",)}]),
    Case("a paper with its reviews", "OpenReview", '{"notes":[{"id":"abc","pdate":1614938400000,"content":{"title":{"value":"PondCam"},"authors":{"value":["Ann Owl"]}}},{"id":"r","replyto":"abc","content":{"title":{"value":"Official Review"},"review":{"value":"good"}}}]}', [{"title": "PondCam", "published": "2021-03-05", "authors": ("Ann Owl",)}]),
    Case("papers of a day", "Hugging Face", '[{"paper":{"id":"2103.00001","authors":[{"name":"Ann Owl"}],"title":"PondCam","summary":"It"},"publishedAt":"2021-03-06T00:00:00.000Z","title":"PondCam","summary":"It"}]', [{"authors": ("Ann Owl",), "arxiv_id": "2103.00001", "published": "2021-03-06"}]),
    Case("the earliest day", "INSPIRE", '{"hits":{"hits":[{"metadata":{"titles":[{"title":"PondCam"}],"abstracts":[{"value":"It"}],"authors":[{"full_name":"Owl, Ann"}],"earliest_date":"2021-03-05"}}]}}', [{"title": "PondCam", "published": "2021-03-05"}]),
    Case("a year alone, and not all authors", "OpenAlex", json.dumps({"results": [{"id": "https://openalex.org/W1", "display_name": "P", "publication_year": 2021, "abstract_inverted_index": None,
         "is_authors_truncated": True, "authorships": [{"author": {"display_name": "Ann Owl"}}]}]}), [{"date": "2021", "authors": ("Ann Owl",), "more_authors": "et al."}]),
    Case("a page of works", "Crossref", json.dumps({"status": "ok", "message": {"total-results": 1, "items": [WORK]}}), [READ]),
    Case("a notice and a label", "Crossref", json.dumps({**WORK, "abstract": "<jats:p>Abstract We count. © 2021 Pond House Ltd. All rights reserved.</jats:p>"}), [{"abstract": "We count."}]),
    Case("a subtitle", "Crossref", json.dumps({**WORK, "subtitle": ["Counting <i>Herons</i>"]}), [{"title": "PondCam: Counting Herons"}]),
    Case("one work", "Crossref", json.dumps({"status": "ok", "message-type": "work", "message": WORK}), [READ]),
    Case("days in other places", "Crossref", json.dumps({**WORK, "issued": {"date-parts": [[None]]}, "published-print": {"date-parts": [[2021, 3]]}}), [{"date": "2021-03"}]),
    Case("what is not known is null", "Semantic Scholar", json.dumps([None, {"paperId": "a" * 40, "title": "A", "externalIds": {}, "authors": []}]), [{"title": "A"}], rejected=[(1, "not a record but null")]),
    Case("lines of an array", "by hand", '{"title": "A", "abstract": NaN},\n{"title": "B"},\n', [{"title": "A", "abstract": ""}, {"title": "B"}]),
    Case("a wrapper is named", "anyone", json.dumps({"papers": [{"abstract": "It counts."}]}), rejected=[(1, "a list of 1 in 'papers'")]),
    *[Case("records in a wrapper", shape, json.dumps(text), [{"title": "A", "authors": ("Ann Owl",)}]) for shape, text in (
        ("bioRxiv", {"messages": [{"status": "ok"}], "collection": [{"title": "A", "authors": "Owl, Ann"}]}), ("Solr", {"response": {"docs": [{"title": ["A"], "authors": ["Owl, Ann"]}]}}),
        ("anyone", {"papers": [{"title": "A", "authors": ["Ann Owl"]}]}))],
    *[Case("names and forms of a service", shape, json.dumps(text), [{"title": "A", "abstract": "It counts.", "authors": ("Ann Owl", "Bo Fox"), "date": "2021-03"}]) for shape, text in (
        ("OpenReview", {"notes": [{"id": "x", "content": {name: {"value": value} for name, value in {"title": "A", "abstract": "It counts.", "authors": ["Ann Owl", "Bo Fox"], "date": "2021-03"}.items()}}]}),
        ("Europe PMC", {"resultList": {"result": [{"id": "1", "title": "A", "authorString": "Ann Owl, Bo Fox", "abstractText": "<p>It counts.</p>", "firstPublicationDate": "2021-03"}]}}),
        ("DataCite", {"data": [{"id": "10.1000/a", "attributes": {"creators": [{"name": "Owl, Ann"}, {"name": "Fox, Bo"}], "titles": [{"title": "A"}, {"title": "B", "titleType": "TranslatedTitle"}],
         "descriptions": [{"description": "Contents", "descriptionType": "TableOfContents"}, {"description": "It counts.", "descriptionType": "Abstract"}], "dates": [{"date": "2021-03", "dateType": "Issued"}]}}]}),
        ("INSPIRE", {"hits": {"total": 1, "hits": [{"metadata": {"titles": [{"title": "A"}], "abstracts": [{"value": "It counts."}], "authors": [{"full_name": "Owl, Ann"}, {"full_name": "Fox, Bo"}], "preprint_date": "2021-03"}}]}}),
        ("DBLP", {"result": {"hits": {"hit": [{"info": {"authors": {"author": [{"text": "Ann Owl 0001"}, {"text": "Bo Fox"}]}, "title": "A", "abstract": "It counts.", "date": "2021-03"}}]}}}),
        ("Paperpile", [{"title": "A", "author": [{"first": "Ann", "last": "Owl"}, {"first": "Bo", "last": "Fox"}], "abstract": "It counts.", "url": ["https://x.example"], "published": {"year": "2021", "month": "03"}}]))],
    Case("et al.", "anyone", json.dumps({"title": "A", "authors": ["Ann Owl", "et al."]}), [{"authors": ("Ann Owl",), "more_authors": "et al."}]),
    Case("nothing in words", "anyone", json.dumps({"title": "A", "abstract": "[No abstract available]", "authors": ["N/A", "Ann Owl"]}),
         [{"abstract": "", "authors": ("Ann Owl",)}]),
    Case("an abstract with its kind", "DataCite", json.dumps({"type": "article", "DOI": "10.1000/d.1", "title": "P", "abstract": [{"type": "Abstract", "text": "It counts."}]}), [{"abstract": "It counts."}]),
    *[Case("numbers of all kinds in one field", shape, json.dumps([{"title": "A", "author": [{"first_name": "Ann", "last_name": "Owl"}], name: numbers}]), [{"doi": "10.1000/n.1", "authors": ("Ann Owl",)}]) for shape, name, numbers in (
        ("Mendeley", "identifiers", {"issn": "0000", "doi": "10.1000/n.1"}), ("Semantic Scholar", "externalIds", {"DOI": "10.1000/N.1"}),
        ("Lens", "external_ids", [{"type": "pmid", "value": "33"}, {"type": "doi", "value": "10.1000/n.1"}]), ("DOAJ", "identifier", [{"type": "doi", "id": "10.1000/n.1"}]))],
    Case("names with a prefix", "Scopus", json.dumps({"search-results": {"link": [{"@ref": "self"}], "entry": [{"dc:title": "A", "dc:creator": "Owl A.", "prism:coverDate": "2021-03-05", "prism:doi": "10.1000/n.2", "dc:description": "It counts."}]}}),
         [{"title": "A", "authors": ("A. Owl",), "published": "2021-03-05", "doi": "10.1000/n.2", "abstract": "It counts."}]),
    Case("items with editors and files", "Zotero", json.dumps([{"key": "K", "data": {"title": "A", "creators": [{"creatorType": "editor", "firstName": "Cy", "lastName": "Elk"}, {"creatorType": "author", "firstName": "Ann", "lastName": "Owl"}],
         "abstractNote": "It counts.", "DOI": "10.1000/n.3"}}, {"key": "L", "data": {"parentItem": "K", "title": "Full Text PDF"}}]), [{"title": "A", "authors": ("Ann Owl",), "abstract": "It counts.", "doi": "10.1000/n.3"}]),
    Case("an address as the id", "arxiv.py", json.dumps({"entry_id": "http://arxiv.org/abs/2103.00001v2", "title": "A", "authors": ["Ann Owl"], "summary": "It counts.", "published": "2021-03-05T12:00:00Z"}),
         [{"title": "A", "abstract": "It counts.", "arxiv_id": "2103.00001", "published": "2021-03-05", "authors": ("Ann Owl",)}]),
]  # fmt: skip

PAGES = [
    Case("abstract page", "arXiv", page('<meta name="citation_title" content="PondCam"><meta name="citation_author" content="Owl, Ann"><meta name="citation_arxiv_id" '
         'content="2103.00001">', f'<h1>Computer Science</h1><a href="/pdf/1">View PDF</a><blockquote class="abstract"><span class="descriptor">Abstract:</span>{LONG}'
         f"</blockquote><footer><p>{OTHER}</p></footer>"), [{"title": "PondCam", "abstract": LONG, "arxiv_id": "2103.00001", "authors": ("Ann Owl",)}]),
    Case("search", "arXiv", page("", '<ol><li class="arxiv-result"><p class="list-title"><a href="https://arxiv.org/abs/2103.00001">arXiv:2103.00001</a></p><p class="title">'
         f'PondCam</p><p class="authors">Authors: <a>Ann Owl</a></p><p class="abstract"><span>Abstract</span>: <span class="abstract-short">Pond… <a>▽ More</a></span>'
         f'<span class="abstract-full">{LONG} <a>△ Less</a></span></p></li></ol>'), [{"title": "PondCam", "abstract": LONG, "arxiv_id": "2103.00001"}]),
    Case("listing", "arXiv", page("", '<dl id="articles"><dt><a href="/abs/2103.00001">arXiv:2103.00001</a></dt><dd><div class="list-title"><span class="descriptor">Title:'
         f'</span> PondCam</div><div class="list-authors"><a>Ann Owl</a></div><p class="mathjax">{LONG}</p></dd></dl>'),
         [{"title": "PondCam", "abstract": LONG, "arxiv_id": "2103.00001", "authors": ("Ann Owl",)}]),
    Case("paper", "ACL Anthology", page('<meta content="PondLM" name="citation_title"><meta content="2021/8" name="citation_publication_date">',
         f'<div class="acl-abstract"><h5 class="card-title">Abstract</h5><span>{LONG} 10<sup>6</sup></span></div>'),
         [{"title": "PondLM", "abstract": f"{LONG} 10⁶", "date": "2021-08"}]),
    Case("volume", "ACL Anthology", page("", '<p><strong><a class="align-middle" href="/2021.pond-1.1/">PondLM</a></strong><br><a href="/people/ann-owl/">Ann Owl</a></p>'
         f'<div class="abstract-collapse"><div>{LONG}</div></div>'), [{"title": "PondLM", "abstract": LONG, "authors": ("Ann Owl",)}]),
    Case("volume", "ACL Anthology", page("", '<p><span><strong><a class="align-middle" href="/2021.acl-long.0/">Proceedings</a></strong><a href="/people/c/">Cy Elk</a></span></p><p>'
         '<span><strong><a class="align-middle" href="/2021.acl-long.1/">PondLM</a></strong><a href="/people/a/">Ann Owl</a></span></p>'
         f'<div class="abstract-collapse">{LONG}</div>'), [{"title": "PondLM", "abstract": LONG, "authors": ("Ann Owl",)}]),
    Case("results with abstracts", "PubMed", page("", '<article class="article-overview"><h1 class="heading-title"><a href="/33/">PondCam</a></h1><div class="authors-list"><a '
         f'class="full-name">Ann Owl</a></div><div class="abstract-content"><p>{LONG}</p></div></article>'),
         [{"title": "PondCam", "abstract": LONG, "authors": ("Ann Owl",), "url": "https://pubmed.ncbi.nlm.nih.gov/33/"}]),
    Case("page of a paper", "Semantic Scholar", page('<meta name="citation_title" content="PondCam">', f'<div data-test-id="abstract-text">{LONG}</div>'),
         [{"title": "PondCam", "abstract": LONG}]),
    Case("forum", "OpenReview", page("", '<div class="forum-note"><div class="forum-title"><h2>PondCam</h2></div><div class="forum-authors"><a>Ann Owl</a>, <a>Bo Fox</a></div>'
         f'<strong class="note-content-field">Abstract:</strong> <span class="note-content-value">{LONG}</span></div>'),
         [{"title": "PondCam", "abstract": LONG, "authors": ("Ann Owl", "Bo Fox")}]),
    Case("results", "Semantic Scholar", page("", '<div class="cl-paper-row"><h2 class="cl-paper-title">PondCam</h2><div class="cl-paper-abstract">'
         f"{LONG}</div></div>"), [{"title": "PondCam", "abstract": LONG}]),
    Case("withdrawn, and more people than are named", "arXiv", page("", '<ol><li class="arxiv-result"><p class="list-title"><a href="https://arxiv.org/abs/2103.00001">arXiv:2103.00001</a></p>'
         f'<p class="title">PondCam</p><p class="authors">Authors: <a>Ann Owl</a>, et al. (3 additional authors not shown)</p><p class="abstract">{LONG}</p><p class="comments">Comments: Withdrawn by the authors</p></li></ol>'),
         [{"title": "PondCam", "more_authors": "et al.", "retraction": "arXiv: “Withdrawn by the authors”"}]),
    Case("retracted", "publishers", page('<meta name="citation_title" content="RETRACTED: PondCam">', f'<div class="abstract">{LONG}</div>'), [{"retraction": "file: the title says that it was retracted"}]),
    Case("a page with the beginning of the abstract", "Semantic Scholar", page('<meta name="citation_title" content="PondCam">', f'<div data-test-id="abstract-text">{LONG[:90]}…</div>'),
         [{"title": "PondCam", "abstract": ""}]),
    Case("papers of a person", "ACL Anthology", page("<title>Ann Owl - ACL Anthology</title>", '<p><strong><a class=align-middle href=/2021.pond-1.1/>PondLM</a></strong><br><a href=/people/ann-owl/>Ann Owl</a></p>'),
         [{"title": "PondLM", "authors": ("Ann Owl",), "abstract": ""}]),
    Case("profile", "Google Scholar", page("", '<table><tr><td class="gsc_a_t"><a class="gsc_a_at">PondCam: Counting</a></td></tr></table>'), error="Google Scholar"),
    Case("results", "Google Scholar", page("", '<div class="gs_ri"><h3 class="gs_rt">PondCam</h3><div class="gs_rs">It counts …</div></div>'), error="Google Scholar"),
    *[Case("button", "any site", page("", f"<h2>PondCam</h2><p>Ann Owl, Bo Fox</p><h3>{words}</h3><p>{LONG}</p><h2>ReedNet</h2><h3>{words}</h3><p>{OTHER}</p>"),
         [{"title": "PondCam", "abstract": LONG}, {"title": "ReedNet"}]) for words in ("Full Text Links", "Download Citation", "Similar articles", "View the article")],
    Case("a word that begins as the label does", "any site", page('<meta name="citation_title" content="PondSum">', f'<div class="abstract">Abstractive summaries of ponds. {LONG}</div>'),
         [{"abstract": f"Abstractive summaries of ponds. {LONG}"}]),
    Case("button", "any site", page("", f"<h1>PondCam</h1><div>Ann Owl, Bo Fox</div><a>View PDF</a><div>View PDF</div><p>{LONG}</p><h2>ReedNet</h2><p>{OTHER}</p>"),
         [{"title": "PondCam", "abstract": LONG}, {"title": "ReedNet"}]),
    Case("markup in the head", "publishers", page('<meta name="citation_title" content="H&lt;sub&gt;2&lt;/sub&gt;O"><meta name="citation_abstract" content="&lt;p&gt;It counts.&lt;/p&gt;">', "<p>x</p>"), [{"title": "H₂O", "abstract": "It counts."}]),
    Case("names of Dublin Core", "repositories", page('<meta name="DC.title" content="PondCam"><meta name="DC.creator" content="Owl, Ann"><meta name="DCTERMS.abstract" content="It counts."><meta name="DCTERMS.issued" content="2021-03-05">'
         '<meta name="DC.identifier" content="https://doi.org/10.1000/d.2">', "<p>x</p>"), [{"title": "PondCam", "authors": ("Ann Owl",), "abstract": "It counts.", "published": "2021-03-05", "doi": "10.1000/d.2"}]),
]  # fmt: skip

XML = [
    Case("names in two scripts, a formula in two ways", "PubMed Central", '<article><front><article-meta><title-group><article-title>P</article-title></title-group><contrib-group><contrib contrib-type="author"><name-alternatives><name><surname>Fox</surname><given-names>Bo</given-names></name><name xml:lang="zh"><surname>狐</surname></name></name-alternatives></contrib></contrib-group><abstract><p>At <inline-formula><alternatives><tex-math>\\documentclass[12pt]{minimal}\\begin{document}$$x^2$$\\end{document}</tex-math><mml:math xmlns:mml="m"><mml:mi>x</mml:mi></mml:math></alternatives></inline-formula> ponds.</p></abstract></article-meta></front></article>', [{"authors": ("Bo Fox",), "abstract": "At $x^2$ ponds."}]),
    Case("no title in English", "PubMed", "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>Teiche</VernacularTitle>"
         "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>", [{"title": "Teiche"}]),
    Case("any other", "DBLP", '<?xml version="1.0"?>\n<!DOCTYPE dblp SYSTEM "dblp.dtd">\n<!-- x -->\n<dblp><article><title>P</title></article></dblp>', error="is XML of <dblp>, which is not read; export"),
    Case("a feed", "a blog", '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>', error="is a feed in Atom, which is not read; give"),
]  # fmt: skip

LISTINGS = [
    Case("labels are no titles", "PubMed", f"PondCam\n\nDOI: 10.1000/x\n\n{LONG}\n\nAuthor information:\n(1)University\n\nReedNet\n\n{OTHER}\n",
         [{"title": "PondCam", "abstract": LONG}, {"title": "ReedNet"}]),
    Case("titles of two sentences and questions", "listings", f"Does It Count? Herons and Cameras in Ponds.\n\n{LONG}\n\nHerons Are Few. Cameras Are Many. What Now?\n\n{OTHER}\n",
         [{"title": "Does It Count? Herons and Cameras in Ponds."}, {"title": "Herons Are Few. Cameras Are Many. What Now?"}]),
    Case("a title of 319 characters", "listings", f"ReedNet\n\n{OTHER}\n\n{' '.join(['Counting Herons with Cameras'] * 11)}\n\n{LONG}{LONG}\n",
         [{"title": "ReedNet"}, {"title": " ".join(["Counting Herons with Cameras"] * 11)}]),
    Case("characters without a width", "listings", f"Pond\u200bCam\n\u200b\n{LONG}\n\u200b\nReedNet\n\ufeff\n{OTHER}\n", [{"title": "PondCam", "abstract": LONG}, {"title": "ReedNet"}]),
]  # fmt: skip

"""Cases of files that are cut off, of JSON that others write with our names, and of fields that say nothing."""

# ruff: noqa: E501 -- a row stays together, however long its file is

import json

from tests.field.case import Case
from tests.field.cases_text import bib

RIS = "TY  - JOUR\nTI  - PondCam\nAU  - Owl, Ann\nER  - \n\nTY  - JOUR\nTI  - ReedNet\nAB  - It ma"
ISI = "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI PondCam\nER\n\nPT J\nTI ReedNet\nAB It ma"
NBIB = "PMID- 33\nTI  - PondCam\nSO  - Ponds. 2021.\n\nPMID- 34\nTI  - ReedNet\nAB  - It ma"
CUT = "so that the file is cut off"
POND, REED = {"title": "PondCam"}, {"title": "ReedNet"}

CUT_OFF = [
    *[Case("cut off in its last record", shape, text, [POND], [(line, CUT)]) for shape, text, line in (
        ("RIS", RIS, 6), ("Web of Science", ISI, 7), ("PubMed", NBIB, 5))],
    *[Case("ends of records are left out by all", "by hand", text, [POND, REED]) for text in (
        RIS.replace("ER  - \n", ""), ISI.replace("ER\n", ""), NBIB.replace("SO  - Ponds. 2021.\n", ""))],
    Case("the last has its end, and no line end", "RIS", RIS + "ps.\nER  -", [POND, REED]),
    *[Case("cut off in its last row", "tables", f"Title{mark}Year{mark}Abstract\nPondCam{mark}2021{mark}It counts.\nReedNet{mark}20", [POND], [(3, "the file ends within it")]) for mark in (",", "\t")],
    Case("rows without their last cells", "tables", "Title,Year,Abstract\nPondCam,2021\nReedNet,2020", [POND, REED]),
    Case("all are in one order, or the other", "tables put together", "Title,Abstract,Year\nPondCam,x,2021\n\nYear,Title,Abstract\n2020,ReedNet,y\n", [{"title": "PondCam", "date": "2021"}, {"title": "ReedNet", "abstract": "y", "date": "2020"}]),
]  # fmt: skip


def one(**fields: object) -> str:
    return json.dumps({"title": "PondCam", "abstract": "It counts.", **fields}) + "\n"


OURS_BY_OTHERS = [
    *[Case("papers by their number, by the year, or in two lists", "scripts", json.dumps(kept), [POND, REED]) for kept in (
        {"2103.00001": {"title": "PondCam", "abstract": "x", "authors": ["Ann Owl"]}, "2103.00002": {"title": "ReedNet"}},
        {"2020": [{"title": "PondCam"}], "2021": [{"title": "ReedNet"}]}, {"papers": [{"title": "PondCam"}], "preprints": [{"title": "ReedNet"}]})],
    Case("a paper and its journal are one", "services", json.dumps({"article": {"title": "PondCam"}, "journal": {"title": "Ponds"}}), [POND]),
    Case("records over several lines, one after another", "jq", '{"title": "PondCam",\n"abstract": "x"}\n{"title":\n"ReedNet"}\n', [POND, REED]),
    Case("the second of them broken", "jq", '{"title": "PondCam",\n"abstract": "x"}\n{"title":\n"ReedNet"\n', [POND], [(3, "broken JSON")]),
    *[Case("people", "scripts", one(authors=people), [{"authors": read}]) for people, read in (
        ("N/A", ()), ("", ()), ("Ann Owl; Bo Fox", ("Ann Owl", "Bo Fox")), ([["Owl", "Ann", ""], ["Fox", "Bo", "Jr"]], ("Ann Owl", "Bo Fox Jr")), ([None, "Ann Owl"], ("Ann Owl",)),
        ({"1": "Ann Owl", "2": "Bo Fox"}, ("Ann Owl", "Bo Fox")), ([{"firstname": "Ann", "surname": "Owl"}, {"given_name": "Bo", "family_name": "Fox"}, {"FullName": "Cy Elk"}], ("Ann Owl", "Bo Fox", "Cy Elk")))],
    *[Case("a day", "scripts", one(published=said), [{"published": published, "date": date}]) for said, published, date in (
        ("N/A", None, None), ("n.d.", None, None), ("in press", None, "in press"), ("Spring 2020", "2020-01-01", "2020"), ("2021-13-45", "2021-01-01", "2021"), ("5.3.2021", "2021-03-05", None))],
    Case("a year of a column with gaps", "pandas", one(year=2021.0, authors=["Owl, Ann"]), [{"date": "2021", "authors": ("Ann Owl",)}]),
    *[Case("an abstract in pieces", shape, one(abstract=abstract), [{"abstract": read}]) for shape, abstract, read in (
        ("SciFact", ["It counts.", "It is good."], "It counts. It is good."), ("CORD-19", [{"text": "It counts."}, {"text": "More."}], "It counts.\n\nMore."))],
    Case("a text for an abstract", "BEIR", json.dumps({"_id": "1", "title": "PondCam", "text": "It counts."}), [{"abstract": "It counts."}]),
    *[Case("whether it was retracted", "scripts", one(**{name: said}), [{"retraction": read, name: None if name != "retraction" else read}]) for name, said, read in (
        ("retracted", True, "file: marked as retracted"), ("is_retracted", "false", None), ("retraction", "no", None))],
    *[Case("a field of another kind", "scripts", one(**{name: said}), [{name: read}]) for name, said, read in (
        ("url", 5, None), ("doi", ["10.1000/x"], "10.1000/x"), ("author_count", "3", 3))],
    Case("tags and entities", "scripts", one(title="Pond<i>Cam</i> &amp; x", abstract="10<sup>6</sup> H<sub>2</sub>O"), [{"title": "PondCam & x", "abstract": "10⁶ H₂O"}]),
    Case("tags of our own records stay", "Footnote", one(title="P &amp; <i>x</i>", abstract_kind="original"), [{"title": "P &amp; <i>x</i>"}]),
    Case("files beside papers", "Zotero", json.dumps([{"key": "A", "data": {"itemType": "journalArticle", "title": "PondCam"}}, {"key": "B", "data": {"itemType": "attachment", "title": "Full Text PDF"}}, {"key": "C", "data": {"itemType": "note", "note": "x"}}]), [POND]),
    *[Case("people of several kinds", shape, '[{"title": "PondCam", "author": ' + json.dumps(people) + "}]", [{"authors": read}]) for shape, people, read in (
        ("scripts", [{"name": "Ann Owl"}, "Bo Fox"], ("Ann Owl", "Bo Fox")), ("scripts", [{"surname": "Owl", "given_names": "Ann"}], ("Ann Owl",)), ("S2ORC", [{"first": "Ann", "middle": ["B."], "last": "Owl"}], ("Ann B. Owl",)), ("databases", [1, 2], ()))],
    *[Case("an abstract by its headings, or in languages", "scripts", one(abstract=abstract), [{"abstract": read}]) for abstract, read in (
        ({"Background": "Ponds.", "Results": "It counts."}, "Background: Ponds.\n\nResults: It counts."), ({"de": "Er zählt.", "en": "It counts."}, "It counts."))],
    *[Case("names of their own", shape, text, [{"title": "PondCam", "authors": ("Ann Owl", "Bo Fox")} | read]) for shape, text, read in (
        ("ERIC", '{"response": {"docs": [{"title": "PondCam", "author": ["Owl, Ann", "Fox, Bo"], "publicationdateyear": 2021}]}}', {"date": "2021"}),
        ("PLOS", '{"response": {"docs": [{"id": "10.1000/p.1", "title_display": "PondCam", "author_display": ["Ann Owl", "Bo Fox"], "abstract": ["It counts."]}]}}', {"abstract": "It counts.", "doi": "10.1000/p.1"}),
        ("Unpaywall", one(year=2021, z_authors=[{"given": "Ann", "family": "Owl"}, {"given": "Bo", "family": "Fox"}]), {"date": "2021"}))],
    Case("a day in the place of its parts", "CSL", '[{"id": "a", "type": "article", "title": "P", "issued": {"date-parts": [["2021-03-05"]]}}]', [{"published": "2021-03-05"}]),
]  # fmt: skip

NOTHING = [
    *[Case("a venue that is none", shape, text, [{"title": "PondCam", "venue": None, "url": None, "doi": None}]) for shape, text in (
        ("CSL", '[{"id": "a", "type": "article", "title": "PondCam", "container-title": "NA", "URL": "N/A", "DOI": "NA", "issued": {"raw": "2021"}}]'),
        ("Web of Science", "PT J\nTI PondCam\nSO NA\nER\n"),
        ("RIS", "TY  - JOUR\nTI  - PondCam\nJO  - NA\nUR  - NA\nDO  - n/a\nER  -\n"), ("JSON lines", '{"title": "PondCam", "venue": "N/A", "url": "NA", "doi": "n/a"}\n'))],
    *[Case("what says that there is nothing", "databases", f"Title,Abstract,Authors,Journal,Date\nPondCam,{word},{word},{word},{word}\n", [{"abstract": "", "authors": (), "venue": None, "date": None}]) for word in (
        "NaT", "Unavailable", "Not found", "Not specified", "not provided", "not_available", "<null>", "なし", "нет", "[No source]", "No journal")],
    Case("nobody's number", "Scopus", "Title,Authors,Year\nPondCam,[No author id available],2021\n", [{"authors": ()}]),
    *[Case("a title that is none", "databases", f"Title,Abstract\n{title},It counts.\n", [{"title": ""}]) for title in ("Title not available", "[No Title Found]", "[unknown]", "Unknown title", "无标题", "?")],
    Case("a venue that is none", "MEDLINE", "PMID- 33\nTI  - PondCam\nJT  - NA\nTA  - N/A\n", [{"venue": None}]),
    Case("no year", "Publish or Perish", "Title,Year,Abstract\nPondCam,0,x\n", [{"published": None, "date": None}]),
    *[Case("the number of a preprint in the place of the journal", shape, text, [{"arxiv_id": "2103.01234"}]) for shape, text in (
        ("Google Scholar", "TY  - JOUR\nT1  - PondCam\nJO  - arXiv preprint arXiv:2103.01234\nER  -\n"), ("Google Scholar", "%0 Journal Article\n%T PondCam\n%J arXiv preprint arXiv:2103.01234\n"),
        ("DBLP", "Title,Journal,Year\nPondCam,CoRR abs/2103.01234,2021\n"), ("Google Scholar", '[{"title": "PondCam", "venue": "arXiv preprint arXiv:2103.01234 (2021)"}]'))],
    *[Case("entities in the name of a journal", shape, text, [{"venue": "Ponds & Reeds"}]) for shape, text in (
        ("Crossref", bib(more=", journal={Ponds &amp; Reeds}")), ("publishers", bib(more=r", journal={Ponds \&amp; Reeds}")), ("CSL", '[{"id": "a", "type": "article", "title": "P", "issued": {"raw": "2021"}, "container-title": "Ponds &amp; Reeds"}]'),
        ("tables", "Title,Journal\nPondCam,Ponds &amp; Reeds\n"))],
    Case("the proceedings in the place of a series", "ACL Anthology", "%0 Conference Proceedings\n%T PondCam\n%A Owl, Ann\n%S Proceedings of Ponds\n%D 2021\n", [{"venue": "Proceedings of Ponds"}]),
    Case("an answer that is an error", "arXiv", '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>incorrect id</summary></entry></feed>', rejected=[(1, "arXiv's answer is an error ('incorrect id')")]),
    *[Case("a notice at the end", shape, f'Title,Abstract\nPondCam,"It counts.{notice}"\n', [{"abstract": "It counts."}]) for shape, notice in (
        ("Embase", "Copyright © 2021 The Author(s)"), ("Embase", "Copyright 2021, Pond Ltd."), ("Wiley", " © 2021 The Authors. Pond published by Reed on behalf of Moss."), ("Springer", " © Pond Nature Switzerland AG 2021"),
        ("PLOS", " Copyright: © 2021 Owl et al. This is an open access article distributed under the terms of the licence."), ("Elsevier", " This is an open access article under the CC BY license (http://x.example/by/4.0/)."))],
    *[Case("nobody", shape, f"TY  - JOUR\nTI  - PondCam\nAU  - {name}\nER  - \n", [{"authors": read}]) for shape, name, read in (
        ("Ovid", "&NA;", ()), ("R", "NA NA", ()), ("pandas", "nan nan", ()), ("databases", "Unknown author", ()), ("PubMed", "Na, Na", ("Na Na",)))],
    Case("dots", "spreadsheets", "Title,Abstract\nPondCam,…\n", [{"abstract": ""}]),
    *[Case("(AU) at the end", shape, f'Title,Abstract\nPondCam,"{text}"\n', [{"abstract": read}]) for shape, text, read in (
        ("LILACS", "It counts.(AU)", "It counts."), ("PsycINFO", "It counts. (PsycINFO Database Record (c) 2021 APA, all rights reserved)(AU)", "It counts."), ("arXiv", "At 5 astronomical units (AU).", "At 5 astronomical units (AU)."))],
]  # fmt: skip

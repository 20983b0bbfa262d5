"""Cases of people: a line of them in a table, one of them in each field of RIS, and in parts."""

# ruff: noqa: E501 -- a row stays together, however long its file is

from tests.field.case import Case
from tests.field.cases_data import people
from tests.field.cases_sites import jats
from tests.field.cases_text import LONG, bib, ris

ANN_AND_BO = {"authors": ("Ann Owl", "Bo Fox")}


def one_a_field(*names: str) -> str:
    return ris("\n".join(f"AU  - {name}" for name in names))


PEOPLE = [
    Case("a year behind the list", "APA", people("Owl, A., Fox, B., & Elk, C. (2021)"), [{"authors": ("A. Owl", "B. Fox", "C. Elk")}]),
    Case("given names with initials", "by hand", people("Owl, Ann M., Fox, Bo K."), [{"authors": ("Ann M. Owl", "Bo K. Fox")}]),
    Case("a generation behind the second of two", "by hand", people("Ann M. Owl, Bo K. Fox, Jr."), [{"authors": ("Ann M. Owl", "Bo K. Fox Jr.")}]),
    Case("the first turned as for an index", "MLA", people("Owl, Ann, Bo Fox, and Cy Elk"), [{"authors": ("Ann Owl", "Bo Fox", "Cy Elk")}]),
    Case("a group among initials", "PubMed", people("Owl A, Fox B, Pond Study Group"), [{"authors": ("A Owl", "B Fox", "Pond Study Group")}]),
    Case("nobody", "libraries", people("Anonymous"), [{"authors": ()}]),
    Case("names in Chinese", "CNKI", people("王小明, 李华"), [{"authors": ("王小明", "李华")}]),
    Case("the family's name apart in Chinese", "CNKI", people("王, 小明; 李, 华"), [{"authors": ("王小明", "李华")}]),
    *[Case("what stands beside names", "publishers, libraries, arXiv", people(cell), [ANN_AND_BO]) for cell in (
        "Ann Owl (Pond University), Bo Fox (Reed Inst.)", "Ann Owl <sup>1</sup>, Bo Fox <sup>2</sup>", "Ann Owl<br>Bo Fox", "Ann Owl; Bo Fox (eds.)",
        "Ann Owl (1), Bo Fox (2) ((1) Pond Univ, (2) Reed)", "Owl, Ann, 1970-; Fox, Bo, 1969-2020", "Owl, Ann (corresponding author); Fox, Bo")],
    *[Case("borders of other languages", "libraries", people(cell), [ANN_AND_BO]) for cell in ("Ann Owl und Bo Fox", "Owl, Ann et Fox, Bo")],
    *[Case("lists in quotes", "Postgres, spreadsheets", people(cell), [ANN_AND_BO]) for cell in ('{"Ann Owl","Bo Fox"}', '"Owl, Ann", "Fox, Bo"')],
    Case("initials last, one a field", "Covidence", one_a_field("Owl A", "Fox B"), [{"authors": ("A Owl", "B Fox")}]),
    Case("a role and a place behind a name", "libraries", one_a_field("Owl, Ann, author", "Fox, Bo [Univ. of Ponds]"), [ANN_AND_BO]),
    Case("one alone with initials last", "Embase", people("Owl A."), [{"authors": ("A. Owl",)}]),
    Case("a full stop that ends the list", "PubMed", people("Owl A; Pond Consortium."), [{"authors": ("A Owl", "Pond Consortium")}]),
    *[Case("numbers before names", "by hand", people(cell), [ANN_AND_BO]) for cell in ("1. Ann Owl\n2. Bo Fox", "1) Ann Owl; 2) Bo Fox")],
    Case("a name nobody is known by", "OpenAlex", '{"results": [{"id": "https://openalex.org/W1", "title": "P", "authorships": [{"author": {"display_name": null}, "raw_author_name": "Owl, Ann"}]}]}', [{"authors": ("Ann Owl",)}]),
    Case("a role in German", "libraries", people("Owl, Ann (Hrsg.); Fox, Bo (Hg.)"), [ANN_AND_BO]),
    *[Case("family names in capitals", "HAL, IEEE", one_a_field(*names), [{"authors": names}]) for names in (("Wei LI", "Bo XU"), ("Yi MA",), ("Jun YE", "Bo Fox"))],
    Case("family names in capitals, in one field", "arXiv", people("Wei LI; Bo XU"), [{"authors": ("Wei LI", "Bo XU")}]),
    Case("initials of two letters", "PubMed", one_a_field("Owl AB", "Fox CD"), [{"authors": ("AB Owl", "CD Fox")}]),
    Case("two in a field of one", "Publish or Perish", one_a_field("Owl A, Fox B"), [{"authors": ("A Owl", "B Fox")}]),
    Case("generations behind names", "DBLP", one_a_field("Bo Fox III", "Ann Owl Jr."), [{"authors": ("Bo Fox III", "Ann Owl Jr.")}]),
    *[Case("some left out in the middle", "Semantic Scholar, by hand", people(cell), [{"authors": ("Ann Owl", "Bo Fox", "Cy Elk"), "more_authors": "et al."}]) for cell in (
        "Ann Owl, Bo Fox, (...), Cy Elk", "Ann Owl, Bo Fox, +3 authors Cy Elk")],
    *[Case("a place or another name behind a name", shape, people(cell), [{"authors": read}]) for shape, cell, read in (
        ("arXiv", "Ann Owl (IMT), Bo Fox (IMT)", ("Ann Owl", "Bo Fox")), ("arXiv", "Ann Owl (Pond House), Bo Fox", ("Ann Owl", "Bo Fox")), ("by hand", "Ann (Annie) Owl; Bo Fox", ("Ann (Annie) Owl", "Bo Fox")),
        ("by hand", "Owl, Ann (Annie); Fox, Bo", ("Ann (Annie) Owl", "Bo Fox")), ("China", "Wang, Xiaoming (王小明); Fox, Bo", ("Xiaoming Wang", "Bo Fox")), ("groups", "World Pond Organization (WPO); Ann Owl", ("World Pond Organization (WPO)", "Ann Owl")),
        ("Web of Science", "Owl, A (Owl, Ann)[ 1 ] ; Fox, B (Fox, Bo)[ 2 ]", ("Ann Owl", "Bo Fox")))],
    *[Case("marks of affiliations", "papers, publishers", people(cell), [ANN_AND_BO]) for cell in (
        "Ann Owl^1, Bo Fox^2", "Ann Owl^1,2, Bo Fox^1", "Ann Owl^{1}, Bo Fox^{2,3}", "Ann Owl <sup>a,b</sup>, Bo Fox <sup>a</sup>", "Ann Owl[1], Bo Fox[2]", "Ann Owl 1 , Bo Fox 2", "Ann Owl✉, Bo Fox♦", "Owl, Ann, 1; Fox, Bo, 2")],
    *[Case("marks of affiliations", "papers", bib(more=f", author={{{names}}}"), [ANN_AND_BO]) for names in (r"Ann Owl\footnotemark[1] and Bo Fox\thanks{x}", r"Ann Owl\orcidlink{0000} and Bo Fox\email{a@b}")],
    Case("family names in capitals, of three letters", "HAL", people("Ann OWL, Bo FOX"), [{"authors": ("Ann OWL", "Bo FOX")}]),
    Case("two with family names in capitals, in a field of one", "HAL", one_a_field("Wei LI, Bo XU"), [{"authors": ("Wei LI", "Bo XU")}]),
    *[Case("a generation within the list", "by hand", people(cell), [{"authors": read}]) for cell, read in (
        ("Ann B. Owl, Cy D. Fox, Jr., and Ed Elk", ("Ann B. Owl", "Cy D. Fox Jr.", "Ed Elk")), ("Ann Owl, Jr., Bo Fox", ("Ann Owl Jr.", "Bo Fox")), ("King, Jr., Martin Luther", ("Martin Luther King Jr.",)))],
    *[Case("an institution of two things", "by hand", people(name), [{"authors": (name,)}]) for name in ("Department of Health and Social Care", "Royal Society of Ponds and Reeds", "Bill and Melinda Pond Foundation")],
    *[Case("an institution with commas", "PubMed, EndNote", one_a_field(name), [{"authors": (name,)}]) for name in ("Ministry of Health, Labour and Welfare", "The Pond-Reed Consortium, for the Heron Study")],
    Case("a name that begins with an article", "Vietnam", one_a_field("Nguyen, The Anh"), [{"authors": ("The Anh Nguyen",)}]),
    *[Case("and others, in Chinese", "CNKI, Wanfang", people(cell), [{"authors": read, "more_authors": "et al."}]) for cell, read in (("王小明; 李华; 等", ("王小明", "李华")), ("Ann Owl 等", ("Ann Owl",)))],
    *[Case("lists that programs write", shape, people(cell), [{"authors": read}]) for shape, cell, read in (
        ("arXiv by pandas", "[['Owl', 'Ann', ''], ['Fox', 'Bo', 'Jr']]", ("Ann Owl", "Bo Fox Jr")), ("PostgreSQL", "{Ann Owl,Bo Fox}", ("Ann Owl", "Bo Fox")), ("Arabic", "محمد علي؛ أحمد حسن", ("محمد علي", "أحمد حسن")))],
    Case("initials with hyphens and accents behind names", "Scopus", people("Owl A.-B., Fox C.D., Elk É."), [{"authors": ("A.-B. Owl", "C.D. Fox", "É. Elk")}]),
    Case("three by commas and one and", "by hand", bib(more=", author={Ann Owl, Bo Fox, and Cy Elk}"), [{"authors": ("Ann Owl", "Bo Fox", "Cy Elk")}]),
    Case("names without anything between them", "SpringerLink", "Item Title,Publication Title,Item DOI,Authors,Publication Year\nPondCam,Ponds,10.1000/x,José García-LópezÅsa ÖbergPond Group,2021\n", [{"authors": ("José García-López", "Åsa Öberg", "Pond Group")}]),
    *[Case("a column for each", shape, f"Title,Abstract,{columns}\nPondCam,x,Ann Owl,Bo Fox,\n", [ANN_AND_BO]) for shape, columns in (
        ("spreadsheets", "Author 1,Author 2,Author 3"), ("json2csv", "authors/0,authors/1,authors/2"), ("pandas", "authors.0.name,authors.1.name,authors.2.name"), ("Apify", "authors[0],authors[1],authors[2]"))],
    *[Case("given and family name apart, in East Asia", shape, text, [{"authors": ("王小明", "김민수")}]) for shape, text in (
        ("Zotero", '[{"id": "a", "type": "article", "title": "P", "issued": {"raw": "2021"}, "author": [{"family": "王", "given": "小明"}, {"family": "김", "given": "민수"}]}]'),
        ("scripts", '{"title": "P", "authors": [{"first_name": "小明", "last_name": "王"}, {"given": "민수", "family": "김"}]}\n'),
        ("J-STAGE", jats('<contrib-group><contrib><name name-style="eastern"><surname>王</surname><given-names>小明</given-names></name></contrib><contrib><name><surname>김</surname><given-names>민수</given-names></name></contrib></contrib-group>')),
        ("PubMed", "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>P</ArticleTitle><AuthorList><Author><LastName>王</LastName><ForeName>小明</ForeName></Author><Author ValidYN='N'><LastName>Owl</LastName></Author><Author><LastName>김</LastName><ForeName>민수</ForeName></Author></AuthorList></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"))],
    Case("a group with its members", "PubMed Central", jats("<contrib-group><contrib><collab>Pond Group<contrib-group><contrib><name><surname>Hid</surname></name></contrib></contrib-group></collab></contrib></contrib-group>"), [{"authors": ("Pond Group",)}]),
    Case("one who is no list", "CSL", '[{"id": "a", "type": "article", "title": "P", "issued": {"raw": "2021"}, "author": {"family": "Owl", "given": "Ann"}}]', [{"authors": ("Ann Owl",)}]),
    Case("nobody, in brackets", "databases", people("[Not Available]"), [{"authors": ()}]),
    *[Case("a line each, in one field", shape, text, [ANN_AND_BO]) for shape, text in (
        ("EndNote", "<xml><records><record><titles><title>PondCam</title></titles><contributors><authors><author><style>Owl, Ann&#xD;Fox, Bo</style></author></authors></contributors></record></records></xml>"),
        ("EndNote", "%0 Journal Article\n%T PondCam\n%A Owl, Ann\nFox, Bo\n%X It counts.\n"), ("by hand", bib(more=", author={Owl, Ann\n  Fox, Bo}")), ("by hand", bib(more=", author={Ann Owl\nBo Fox}")))],
    *[Case("one whose name is broken", shape, text, [{"authors": ("Ann Owl",)}]) for shape, text in (
        ("EndNote", "%0 Journal Article\n%T PondCam\n%A Owl,\nAnn\n%X It counts.\n"), ("by hand", bib(more=", author={Owl,\n  Ann}")))],
    *[Case("turned ones with little between them", "by hand", text, [{"authors": read}]) for text, read in (
        (people("Owl, A. Fox, B. C. Elk, D."), ("A. Owl", "B. C. Fox", "D. Elk")), (people("Owl, Ann y Fox, Bo"), ("Ann Owl", "Bo Fox")), (bib(more=", author={Owl, Ann e Fox, Bo}"), ("Ann Owl", "Bo Fox")),
        (people("Ortega y Gasset, José"), ("José Ortega y Gasset",)), (bib(more=", author={{Owl, Ann; Fox, Bo}}"), ("Ann Owl", "Bo Fox")))],
    *[Case("others in brackets, or counted", shape, text, [ANN_AND_BO | {"more_authors": more}]) for shape, text, more in (
        ("publishers", people("Owl, Ann; Fox, Bo; [and 4 more]"), "et al."), ("publishers", one_a_field("Owl, Ann", "Fox, Bo", "[and others]"), "et al."), ("by hand", bib(more=", author={Ann Owl, Bo Fox, and 12 others}"), "and others"))],
    Case("editors beside authors", "PubMed", "<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>1</PMID><ArticleTitle>P</ArticleTitle><AuthorList Type='editors'><Author><LastName>Elk</LastName></Author></AuthorList><AuthorList Type='authors'><Author><LastName>Owl</LastName><ForeName>Ann</ForeName></Author></AuthorList></BookDocument></PubmedBookArticle></PubmedArticleSet>", [{"authors": ("Ann Owl",)}]),
    Case("a row for each", "Zotero's report", f"<html><body><ul class='report'><li><h2>PondCam</h2><table><tr><th>Author</th><td>Ann Owl</td></tr><tr><th>Author</th><td>Bo Fox</td></tr><tr><th>Abstract</th><td>{LONG}</td></tr></table></li></ul></body></html>", [ANN_AND_BO]),
]  # fmt: skip

"""Cases of people: a line of them in a table, and one of them in each field of RIS."""

# ruff: noqa: E501 -- a row stays together, however long its file is

from tests.field.case import Case
from tests.field.cases_data import people
from tests.field.cases_text import ris

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
    Case("nobody, in brackets", "databases", people("[Not Available]"), [{"authors": ()}]),
]  # fmt: skip

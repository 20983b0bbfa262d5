"""The columns of tables: by which names programs call them, and where in a header they stand."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field


def plain(name: str) -> str:
    """The name of a column in small letters without blanks, marks and accents: "Abstract Note", "abstract_note"."""
    if len(name) > 60:
        return ""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", name).lower())


# The names of columns as `plain` makes them, in the order in which they are taken where a table has several; behind
# the English ones those of German, French, Spanish, Portuguese, Italian, Dutch, Chinese, Japanese, Korean and Russian.
COLUMNS: Mapping[str, tuple[str, ...]] = {ours: tuple(map(plain, names.split())) for ours, names in {
    "id": "id entryid",
    "title": "title articletitle papertitle documenttitle primarytitle itemtitle displayname worktitle publicationname"
             " studytitle name ti paper titel titre titulo titolo"
             " 标题 题名 篇名 標題 題名 論文名 タイトル 제목 논문명 название заглавие заголовок",
    "abstract": "abstract abstractnote abstracttext abstracts paperabstract abstracttextparagraph summary briefsummary"
                " description ab abstractinvertedindex zusammenfassung kurzfassung resume resumen resumo riassunto"
                " sommario samenvatting"
             " 摘要 抄録 要旨 概要 초록 요약 аннотация реферат",
    "authors": "authorfullnames authors author authornames authorlist authorstring creators creator authfullname"
               " authorsparsed documentauthors"
    " authorshipsauthordisplayname authorshipsrawauthorname authorships authorsfull authorss af au zauthors autoren"
               " autor autorinnen autorenundautorinnen verfasser auteur auteurs autores autori autore"
             " 作者 著者 著者名 저자 авторы автор",
    "doi": "doi doilink articledoi originalpaperdoi itemdoi doinumber digitalobjectidentifier doiid di do",
    "url": "url link articleurl paperurl sourceurl weblink urls primarylocationlandingpageurl dimensionsurl documenturl"
           " fulltextlink"
             " 链接 网址 ссылка",
    "arxiv_id": "arxivid arxiv eprint arxiveprint arxivurl arxividentifier preprint",
    "date": "published date publicationdate publisheddate datepublished publicationdateonline originalpaperdate issued"
            " firstpublicationdate publishedat publishtime preprintdate coverdate dateofpublication articledate"
            " dateposted posteddate firstposted creationdate"
            " onlinedate dp pubdate pubtime publishedonline publishedprint produceddate datum erscheinungsdatum"
            " veroffentlichungsdatum datedepublication fecha fechadepublicacion data datadepublicacao"
            " datadipubblicazione earliestdate"
             " 发表时间 发表日期 出版日期 発行日 출판일 датапубликации",
    "year": "publicationyear year publishedyear pubyear yearpublished yearofpublication py yr jahr erscheinungsjahr"
            " publikationsjahr veroffentlichungsjahr annee anneedepublication ano anodepublicacion anodepublicacao anno"
            " jaar publicationdateyear"
             " 年份 年 发表年份 出版年 発行年 연도 출판연도 발행연도 год годпубликации",
    "month": "month publicationmonth publishedmonth pubmonth pd da monat mois mes mese maand",
    "day": "day publicationday pubday jour dia giorno dag",
    "venue": "publicationtitle sourcetitle journal journalbook venue journaltitle conference booktitle"
             " primarylocationsourcedisplayname publicationvenue containertitle source so zeitschrift quelle revue"
             " revista rivista tijdschrift"
             " 来源 文献来源 期刊 刊名 雑誌名 掲載誌 誌名 저널 학술지명 журнал источник",
    "keywords": "keywords authorkeywords manualtags tags de schlagworte schlagworter schlusselworter stichworte"
                " motscles palabrasclave palavraschave parolechiave trefwoorden"
             " 关键词 關鍵詞 キーワード 키워드 ключевыеслова",
    "categories": "categories primarycategory arxivcategories primaryclass",
    "pmid": "pmid pubmedid pm",
    "numbers": "externalids identifiers",
    "language": "language languageoforiginaldocument la sprache langue idioma lingua taal",
    "note": "notes note extra notiz anmerkung bemerkung",
    "retraction": "retraction retracted isretracted retractionnature",
}.items()}  # fmt: skip
# One of several columns that have a person each: "Author 1", "authors[0]", "authors/0/name".
_ONE_PERSON = re.compile(
    r"(?:authors?|creators?)[ _./\[(]{0,2}\d{1,3}[\])]?(?:[ _./]?(?:full[ _]?)?name)?", re.IGNORECASE
)
NAMES = frozenset(name for names in COLUMNS.values() for name in names)
_DELIMITERS = "\t,;|"
_BESIDE = re.compile(r"[(\[].*|_[a-z]{1,2}$|(?<=[A-Za-z])-[^\x00-\x7f].*")
_RULE = re.compile(r"\s*\|?[\s:|+-]*--[\s:|+-]*")  # below the header of a table in Markdown
_HEADER_CHARS = 20_000
LEAD_LINES = 20
"""Lines among which a header is looked for."""


@dataclass(frozen=True)
class Header:
    """What a header says: the mark between cells, the places of known columns, and the number of all of them."""

    delimiter: str
    columns: Mapping[str, int]
    width: int
    row: tuple[str, ...] = ()
    """The cells, by which a header that stands in the file once more is known."""
    glued: bool = False
    """True where names of people stand one after another with nothing between them, as SpringerLink writes them."""
    people: tuple[int, ...] = ()
    """The places of the people where each has a column."""
    also: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The places of further columns of these names, which count where the first is blank."""


def header_of(line: str) -> Header | None:
    """The header that a line is, or None: it has a title or an abstract among two known columns or more.

    What sets columns apart is the mark by which the header has known names, which no guess from the data does better.
    """
    best: Header | None = None
    for delimiter in _DELIMITERS:
        if delimiter not in line:
            continue
        try:
            header = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        names = [plain(cell) for cell in header]
        # "Abstract (EN)", "title_s" (of Solr) and "Title-题名" are taken where no column has a known name.
        loose = [plain(_BESIDE.sub("", cell.strip())) for cell in header]
        columns: dict[str, int] = {}
        for ours, theirs in COLUMNS.items():
            at = next((each.index(one) for each in (names, loose) for one in theirs if one in each), None)
            if at is not None and at not in columns.values():
                columns[ours] = at
        people = tuple(at for at, cell in enumerate(header) if _ONE_PERSON.fullmatch(cell.strip()))
        if len(people) > 1:
            columns["authors"] = people[0]
        also = {ours: tuple(at for at, name in enumerate(loose) if name == loose[columns[ours]] and at != columns[ours])
                for ours in ("title", "abstract") if ours in columns}  # fmt: skip
        for ours in ("title", "abstract"):
            ends = [at for at, name in enumerate(names) if name.endswith(ours) and at not in columns.values()]
            if ours not in columns and len(ends) == 1:
                columns[ours] = ends[0]
        if not ({"title", "abstract"} & columns.keys()) or len(columns) < 2:
            continue
        if best is None or len(columns) > len(best.columns):
            best = Header(
                delimiter,
                columns,
                len(names),
                tuple(header),
                glued="itemtitle" in names and "itemdoi" in names,
                people=people if len(people) > 1 else (),
                also={ours: places for ours, places in also.items() if places},
            )
    return best


def header_in(head: str) -> tuple[int, Header] | None:
    """The header near the beginning of a text, and the number of lines before it, which databases write on the export.

    One that is not in the first line has to know three columns, or two where a line names the separator or rules it
    off.
    """
    lines = head[:_HEADER_CHARS].lstrip("\ufeff").split("\n")[:LEAD_LINES]
    before = 0
    for number, line in enumerate(lines):
        if not line.strip("\ufeff \t\r") or line.startswith("# "):
            continue
        header = header_of(line.lstrip("\ufeff").rstrip("\r"))
        sure = before == 0 or lines[0].startswith("sep=") or any(map(_RULE.fullmatch, lines[number + 1 : number + 2]))
        if header is not None and (sure or len(header.columns) > 2):
            return number, header
        before += 1
    return None


def unknown_columns(head: str) -> str | None:
    """What to say of a text that is a table without a header that is known, or None where it is no table."""
    lines = [line for line in head[:_HEADER_CHARS].lstrip("\ufeff").split("\n")[:LEAD_LINES] if line.strip()]
    for delimiter in _DELIMITERS:
        try:
            rows = list(csv.reader(lines[:5], delimiter=delimiter))
        except csv.Error:
            continue
        if len(rows) > 1 and len(rows[0]) > 2 - (delimiter == "\t") and len({len(row) for row in rows[:3]}) == 1:
            seen = ", ".join(repr(cell.strip()[:30]) for cell in rows[0][:12])
            known = next((cell.strip() for cell in rows[0] if plain(cell) in NAMES), "")
            said = (
                f"of its first row only {known!r} is known" if known else "its first row names no column that is known"
            )
            name = "another" if plain(known) in COLUMNS["title"] else "one 'title', and others"
            return (f"is a table, but {said} (it has {seen}); "
                    f"name {name} 'abstract', 'authors', 'year' or 'doi'")  # fmt: skip
    return None

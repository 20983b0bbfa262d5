"""Cases of tables that are nearly right, and of files that were put together from several formats."""

# ruff: noqa: E501 -- a row stays together, however long its file is

from tests.field.case import Case

TWO = "Title,Abstract,Year\nPondCam,It counts.,2021\n"
READ = {"title": "PondCam", "abstract": "It counts.", "date": "2021"}
OF_BIBTEX = "@article{a,\n title={A},\n year=2021\n}\n\n"
OF_RIS = "TY  - JOUR\nTI  - R\nAB  - x.\nER  - \n\n"
OF_PUBMED = "PMID- 1\nTI  - P\nAB  - y.\n\n"

ODD_TABLES = [
    *[Case("a column twice, the first empty", "tables put together", f"Title,{columns},Year\nPondCam,,It counts.,2021\nReedNet,x,y,2020\n", [READ, {"abstract": "x"}]) for columns in ("Abstract,Abstract", "Abstract_x,Abstract_y", "Abstract,Abstract (English)")],
    *[Case("columns in other scripts", shape, f"{header}\nPondCam,Ann Owl,2021,It counts.\n", [READ | {"authors": ("Ann Owl",)}]) for shape, header in (
        ("CNKI", "标题,作者,年份,摘要"), ("CiNii", "タイトル,著者,発行年,抄録"), ("eLIBRARY", "Название,Авторы,Год,Аннотация"), ("RISS", "제목,저자,연도,초록"))],
    Case("a remark above the header", "scripts", "# exported 2021\nTitle,Abstract\nPondCam,It counts.\n", [{"title": "PondCam"}]),
    Case("a day under another name", "SSRN", "Title,Abstract,Date Posted\nPondCam,It counts.,5 Mar 2021\n", [{"published": "2021-03-05"}]),
    Case("a line below the header", "Org", "| Title | Year |\n|-------+------|\n| PondCam | 2021 |\n", [{"title": "PondCam"}]),
    *[Case("a note below the table", "databases", TWO + note, [READ]) for note in (
        "Exported 1 record\n", '"Total: 12 results",,\n', "\nTotal: 1 results,,\n\n", "# Exported from Pond on 2021-03-05,,\n", "1 record found\n", "Gesamt: 1,,\n", "(c) 2021 Pond House,,\n")],
    Case("a title alone is no note", "by hand", TWO + "ReedNet: 3 results,,\n", [READ, {"title": "ReedNet: 3 results"}]),
    Case("a note with rows below it is a row", "by hand", "Title,Abstract,Year\nTotal: 12 results,,\nPondCam,It counts.,2021\n", [{"title": "Total: 12 results"}, READ]),
    Case("line breaks without quotes", "by hand", "Title\tAbstract\tAuthors\tYear\nPondCam\tIt counts\n\nherons.\nIn ponds.\tOwl, Ann\t2021\nReedNet\tMaps.\tElk, Cy\t2022\n",
         [{"title": "PondCam", "abstract": "It counts\n\nherons.\nIn ponds.", "authors": ("Ann Owl",), "date": "2021"}, {"title": "ReedNet", "date": "2022"}]),
    Case("line breaks without quotes in the last column", "by hand", "Title\tYear\tAbstract\nPondCam\t2021\tIt counts\nherons.\nReedNet\t2022\tMaps.\n\nExported 2 records\n",
         [{"title": "PondCam", "abstract": "It counts\nherons.", "date": "2021"}, {"title": "ReedNet", "abstract": "Maps."}]),
    Case("rows without their last cells are rows", "spreadsheets", "Title\tYear\tAbstract\tDOI\tURL\nA\t2021\tx\nB\t2022\ty\n", [{"title": "A", "abstract": "x"}, {"title": "B", "abstract": "y"}]),
    Case("rows of two without anything to tell by", "spreadsheets", "Title\tAbstract\tKeywords\nA\tx\nB\ty\n", [{"title": "A", "abstract": "x"}, {"title": "B", "abstract": "y"}]),
    Case("quotes behind a backslash", "databases, MySQL", 'Title,Abstract,Year\nA,"x",2021\n"The \\"Pond\\" Cam","It \\"counts\\",\nand more.",2021\n"C:\\\\","\\"q\\" of $\\alpha$ \\\\",2022\n',
         [{"title": "A"}, {"title": 'The "Pond" Cam', "abstract": 'It "counts",\nand more.', "date": "2021"}, {"title": "C:\\", "abstract": '"q" of $\\alpha$ \\\\'}]),
    Case("quotes behind a backslash, and tabs", "databases", 'Title\tAbstract\tYear\nPondCam\t"It \\"counts\\" 31."\t2021\n', [{"abstract": 'It "counts" 31.'}]),
    *[Case("columns in another language", shape, header + 'PondCam;"Er zählt.";Ann Owl;2021\n', [{"title": "PondCam", "abstract": "Er zählt.", "authors": ("Ann Owl",), "date": "2021"}])
      for shape, header in (("German", "Titel;Zusammenfassung;Autor(en);Erscheinungsjahr\n"), ("French", "Titre;Résumé;Auteurs;Année de publication\n"), ("Spanish", "Título;Resumen;Autores;Año\n"),
                            ("Portuguese", "Título;Resumo;Autores;Ano\n"), ("Italian", "Titolo;Riassunto;Autori;Anno\n"), ("Dutch", "Titel;Samenvatting;Auteurs;Jaar\n"))],
    Case("columns without a known name", "by hand", "หัวเรื่อง,ย่อ,ผู้เขียน\nPondCam,它计数。,Ann Owl\n", error="names no column that is known .it has 'หัวเรื่อง', 'ย่อ', 'ผู้เขียน'.; name one 'title'"),
    Case("columns of Solr", "HAL", "docid;title_s;authFullName_s;abstract_s;producedDate_s;doiId_s\n1;PondCam;Ann Owl,Bo Fox;It counts.;2021-03-05;10.1000/h.1\n",
         [{"title": "PondCam", "abstract": "It counts.", "authors": ("Ann Owl", "Bo Fox"), "published": "2021-03-05", "doi": "10.1000/h.1"}]),
    Case("people as records, the first day apart", "OpenAlex, Europe PMC", 'display_name,publication_year,FIRST_PUBLICATION_DATE,authorships\nP,2021,2021-03-05,"[{""author"":{""display_name"":""Ann Owl""}}]"\n',
         [{"published": "2021-03-05", "authors": ("Ann Owl",)}]),
    Case("a quote that is never closed swallows no rows", "by hand", 'Title\tAbstract\tYear\nA\t"x y\nB\ty\t2022\n', [{"title": "A"}, {"title": "B", "abstract": "y", "date": "2022"}]),
    Case("a row as long as no parser takes", "by hand", 'Title,Abstract,Year\n"A,x,2021\n' + "x" * 140_000 + "\n", rejected=[(2, "the row cannot be read")]),
    Case("people one a line, initials last", "Ovid", 'TI,AU,AB,DO,YR\nPondCam,"Owl A\nFox B",It counts.,10.1000/o.1,2021\n', [{"title": "PondCam", "authors": ("A Owl", "B Fox"), "doi": "10.1000/o.1", "date": "2021"}]),
    Case("a line between the header and the rows", "Markdown", "| Title | Abstract | Year |\n|---|:--|---|\n| PondCam | It counts. | 2021 |\n", [READ]),
    Case("texts as formulas", "Excel", 'Title,Abstract,Year\n"=""The """"Pond"""" Cam""","=""It counts.""",2021\n', [{"title": 'The "Pond" Cam', "abstract": "It counts.", "date": "2021"}]),
    *[Case("a month by name beside a day", "spreadsheets, Japan", f"Title,Year,Month,Day\nPondCam,2021,{month},5\n", [{"published": "2021-03-05"}]) for month in ("March", "3月")],
    Case("a second name in Chinese", "CNKI", "Title-题名,PubTime-发表时间\nPondCam,2021-03-05 10:00\n", [{"published": "2021-03-05"}]),
    Case("a remark with another year", "by hand", "Title,Year\nPondCam,2021 (online 2020)\n", [{"date": "2021"}]),
    Case("one column that is known", "by hand", "Title,Inhaltsangabe,Urheber\nPondCam,Er zählt.,Ann Owl\n", error="of its first row only 'Title' is known .it has 'Title', 'Inhaltsangabe', 'Urheber'.; name another 'abstract'"),
]  # fmt: skip

TOGETHER = [
    Case("RIS behind BibTeX, and BibTeX again", "by cat", OF_BIBTEX + OF_RIS + "@misc{b, title={B}}\n", [{"title": "A", "date": "2021"}, {"title": "R", "abstract": "x."}, {"title": "B"}]),
    Case("BibTeX behind RIS", "by cat", OF_RIS + OF_BIBTEX + OF_RIS, [{"title": "R", "abstract": "x."}, {"title": "A"}, {"title": "R"}]),
    Case("PubMed's text and RIS", "by cat", OF_PUBMED + OF_RIS + OF_PUBMED, [{"title": "P", "abstract": "y."}, {"title": "R"}, {"title": "P", "abstract": "y."}]),
    Case("EndNote's tags and RIS", "by cat", "%0 Journal Article\n%T E\n%X z.\n\n" + OF_RIS, [{"title": "E", "abstract": "z."}, {"title": "R"}]),
    Case("RIS behind Web of Science", "by cat", "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI W\nER\n\nEF\n" + OF_RIS, [{"title": "W"}, {"title": "R"}]),
    Case("the line of what cannot be read", "by cat", OF_RIS + "@article{a, title={A", [{"title": "R"}], rejected=[(6, "broken BibTeX")]),
]  # fmt: skip

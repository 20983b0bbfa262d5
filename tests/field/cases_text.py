"""Cases of bibliographies as text: BibTeX, RIS, MEDLINE, Web of Science and the texts of databases."""

# ruff: noqa: E501 -- a row stays together, however long its file is

from tests.field.case import Case

LONG = (
    "PondCam counts herons in 31 shallow ponds with one camera each. It reaches 92.5% accuracy on 1,204 images, 4 points "
    "above the best earlier method, and it runs on a phone."
)
OTHER = (
    "ReedNet maps reeds on 12 lakes from aerial images. It needs 40 labelled images a lake, a tenth of what earlier mappers "
    "need, and it misses 3% of all reed beds that divers found."
)
RIS = "TY  - JOUR\nTI  - PondCam\nAB  - It counts herons.\n{}\nER  - \n"


def bib(abstract: str = "It counts.", more: str = "") -> str:
    return "@article{a, title={PondCam}, abstract={" + abstract + "}" + more + "}\n"


def ris(more: str) -> str:
    return RIS.format(more)


BIBTEX = [
    Case("semicolons as maths", "Crossref before 2023", r"@article{a, title = {{PondCam} {\&}lt$\mathsemicolon$i{\&}gt$\mathsemicolon$Ardea{\&}lt$\mathsemicolon$/i{\&}gt$\mathsemicolon$ $\mathplus$ more}}", [{"title": "PondCam Ardea + more"}]),
    Case("a new paragraph", "Mendeley", bib(r"One.\par Two."), [{"abstract": "One. Two."}]),
    Case("maths that is ensured", "NASA ADS", bib(r"At \ensuremath{10^{-3}} and \ensuremath{x_{ij}}."), [{"abstract": "At $10^{-3}$ and $x_{ij}$."}]),
    Case("a comma below", "Better BibTeX", bib(more=r", author={Ilie \textcommabelow{S}ova}"), [{"authors": ("Ilie Șova",)}]),
    Case("a low tilde, a language", "Better BibTeX", bib(r"{\texttildelow}5 \selectlanguage{german}Über"), [{"abstract": "~5 Über"}]),
    Case("a formula that is a document", "Springer", bib(r"At \documentclass[12pt]{minimal} \usepackage{amsmath} \setlength{\oddsidemargin}{-69pt} \begin{document}$$x^2$$\end{document} ponds."), [{"abstract": "At $x^2$ ponds."}]),
    Case("marks of affiliations as maths", "arXiv", bib(more=r", author={Ann Owl$^1$ and Bo Fox$^{1,2}$}"), [{"authors": ("Ann Owl", "Bo Fox")}]),
    Case("symbols by name", "Zotero", bib(r"\&gt; 90\% ({\textgreater}85\% before, p {\textless} 0.001), {\textbar}x{\textbar}"),
         [{"abstract": "> 90% (>85% before, p < 0.001), |x|"}]),
    Case("caret and tilde", "Zotero, Mendeley", bib(r"10{\textasciicircum}6 and {\~{}}5, {\textasciitilde}6"),
         [{"abstract": "10^6 and ~5, ~6"}]),
    Case("dashes, quotes and braces by name", "Mendeley", bib(r"1{\textendash}2 {\{}Pond{\}} {\textquotedblleft}a{\textquotedblright}"),
         [{"abstract": "1–2 {Pond} “a”"}]),
    Case("raised figures", "JabRef", bib(r"10\textsuperscript{6} and 10{\textsuperscript{-4}} and H\textsubscript{2}O"),
         [{"abstract": "10⁶ and 10⁻⁴ and H₂O"}]),
    Case("raised figures as formulas", "footnote export", bib(r"10$^{6}$ of H$_{2}$O"), [{"abstract": "10⁶ of H₂O"}]),
    Case("formulas in round brackets", "DBLP", bib(r"{\(\alpha\)}-herons in \(O(n^2)\)"), [{"abstract": "α-herons in $O(n^2)$"}]),
    Case("bare ampersands", "IEEE, ScienceDirect", bib(r"5 & 6 of 10\textsuperscript{6} &lt; 7, R\&D"), [{"abstract": "5 & 6 of 10⁶ < 7, R&D"}]),
    Case("upright figures below and above", "Zotero", bib(r"{H}$_{\textrm{2}}${O} and 10$^{\mathrm{-4}}$"), [{"abstract": "H₂O and 10⁻⁴"}]),
    Case("places to break and citations", "ACL Anthology", bib(r"Pond\-Cam beats it~\citep{owl}."), [{"abstract": "PondCam beats it ."}]),
    Case("fonts", "ACL Anthology", bib(r"\texttt{A}, \textsc{B}, \textsf{C}, \textup{D}, \textmd{E}, {\bf F}, \mbox{G}"),
         [{"abstract": "A, B, C, D, E, F, G"}]),
    Case("units and money", "publishers", bib(r"\SI{100}{\micro\joule} for {\pounds}5 or \texteuro{}6 at 3\,\mbox{$\mu$}J"),
         [{"abstract": "100 μJ for £5 or €6 at 3 μJ"}]),
    Case("what an export writes", "footnote export", bib(r"A\textless{}B ``q'' `r' 3 $\times$ 10$^{6}$ $\approx$ $\alpha$ $-$5\textdegree{} \textbackslash{}"),
         [{"abstract": "A<B “q” ‘r’ 3 × 10⁶ ≈ α −5° \\"}]),
    Case("links", "publishers", bib(r"\href{http://x.example}{Here} in \LaTeX"), [{"abstract": "Here in LaTeX"}]),
    Case("an unknown command keeps its argument", "anyone", bib(r"\pondfont{Kept} and \OddOne{31} stay \%"),
         [{"abstract": "Kept and 31 stay %"}]),
    Case("a paper's own command is its name", "arXiv, ACL Anthology", bib(r"\OurMethod{} counts; \pondcam reaches 5\%, \noindent as \pond[big]{it} does"),
         [{"abstract": "OurMethod counts; pondcam reaches 5%, as it does"}]),
    Case("arguments that are no text, and several that are", "publishers", bib(r"\raisebox{1pt}{A} \foreignlanguage{german}{B} \tfrac{1}{2} \odd{3}{4} \makebox[1cm]{C}"),
         [{"abstract": "A B 1/2 3 4 C"}]),
    Case("powers, charges and degrees", "publishers", bib(r"\num{5.3e-3}, \SI{5}{m.s^{-1}}, \ce{H2O}, Ca$^{2+}$, 5\,$^{\circ}$C"), [{"abstract": "5.3×10⁻³, 5 m s⁻¹, H₂O, Ca²⁺, 5 °C"}]),
    Case("formulas on lines of their own", "publishers", bib(r"of \[x = 2\] and $$y^2$$ here"), [{"abstract": "of $x = 2$ and $y^2$ here"}]),
    Case("a notice behind the text", "Web of Science", bib("It counts. (C) 2021 Elsevier B.V. All rights reserved."), [{"abstract": "It counts."}]),
    Case("ordinals raised, formulas in an environment, an address", "publishers", bib(r"1$^{st}$ of \begin{equation*} x = 2 \end{equation*} at https://x.example/~owl or \textbf{a b}, c~d"),
         [{"abstract": "1st of $x = 2$ at https://x.example/~owl or a b, c d"}]),
    Case("commands that take the next word", "anyone", bib(r"\v Cech and \textbf {a b} by \c cedilla, \frac {1} {2} of {two words}"), [{"abstract": "Čech and a b by çedilla, 1/2 of two words"}]),
    Case("journals by command", "NASA ADS", bib(more=r", journal={\apj}"), [{"venue": "Astrophysical Journal"}]),
    Case("amounts of money are no formulas", "anyone", bib(r"$5 a day and a boat for $60; $x^2$ is one"),
         [{"abstract": "$5 a day and a boat for $60; $x^2$ is one"}]),
    Case("no key", "EndNote", "@article{\n   author = {Owl, Ann},\n   title = {PondCam},\n   year = {2021}\n}\n",
         [{"title": "PondCam", "authors": ("Ann Owl",)}]),
    Case("missing comma", "by hand", "@article{a,\n  title = {PondCam}\n  author = {Owl, Ann},\n  year = 2021\n  abstract = {B.}\n}\n",
         [{"title": "PondCam", "authors": ("Ann Owl",), "abstract": "B."}]),
    Case("two commas", "by hand", "@article{a, title = {PondCam, , x}, , author = {Owl, Ann}}\n",
         [{"title": "PondCam, , x", "authors": ("Ann Owl",)}]),
    Case("no comma after the key", "by hand", "@article{owl21\n  title = {PondCam},\n  year = 2021\n}\n", [{"title": "PondCam", "date": "2021"}]),
    *[Case("entries whose beginning is broken", "by hand", f"@misc{{z, title={{Z}}}}\n\n{begun} title={{PondCam}}, author={{Owl, Ann}}}}\n", [{"title": "Z"}, {"title": "PondCam", "authors": ("Ann Owl",)}])
      for begun in ("article{a,", "@article a,", "@ article {a,")],
    Case("an entry that ends too early", "by hand", "@article{a, title = {PondCam}}, author = {Owl, Ann}}\n@misc{b, title={B}}\n",
         [{"title": "B"}], rejected=[(1, "ends before its field 'author'")]),
    Case("unknown types", "biblatex", "@video{v, title={PondCam}, date={2021}}\n@softwareversion{w, title={ReedNet}}\n",
         [{"title": "PondCam"}, {"title": "ReedNet"}]),
    Case("crossref to a parent further down", "BibTeX",
         "@inproceedings{a, title={PondCam}, crossref={P}}\n@misc{z, title={Z}}\n@proceedings{p, title={Ponds}, year=2021, month=mar}\n",
         [{"title": "PondCam", "venue": "Ponds", "date": "2021-03"}, {"title": "Z"}, {"title": "Ponds"}]),
    Case("crossref to nothing", "BibTeX", "@inproceedings{a, title={PondCam}, crossref={gone}}\n@misc{z, title={Z}}\n",
         [{"title": "PondCam"}, {"title": "Z"}]),
    Case("xdata", "biblatex", "@xdata{x, date={2022-05-01}}\n@online{q, title={Q}, xdata={x}}\n", [{"title": "Q", "published": "2022-05-01"}]),
    Case("parents of parents, of any kind", "BibTeX, biblatex", "@article{a, title={A}, crossref={whole}}\n@article{whole, title={Whole}, journal={J Ponds}, xdata={x}}\n@xdata{x, xdata={y}}\n@xdata{y, date={2022-05-01}}\n",
         [{"title": "A", "venue": "J Ponds", "published": "2022-05-01"}, {"title": "Whole"}]),
    Case("month and day together", "Web of Science", bib(more=", year={{2023}}, month={{MAR 5}}"), [{"published": "2023-03-05"}]),
    Case("date wins over year", "biblatex", bib(more=", date={2023-05}, year={2023}"), [{"date": "2023-05"}]),
    Case("and others", "Google Scholar", bib(more=", author={Owl, Ann and Fox, Bo and others}"),
         [{"authors": ("Ann Owl", "Bo Fox"), "more_authors": "and others"}]),
    Case("accents at the head of a name", "JabRef", bib(more=r", author={{\'A}lvarez, A. and \'{A}d\'am, B. and \"Ozg\"ur, C and {\O}re and Sons and \v{S}koda, D.}"),
         [{"authors": ("A. Álvarez", "B. Ádám", "C Özgür", "Øre", "Sons", "D. Škoda")}]),
    Case("a comment behind a field", "by hand", "@article{a, title = {PondCam}, % 5% of it\n year = 2021}\n", [{"title": "PondCam", "date": "2021"}]),
    Case("numbered people", "DBLP", bib(more=", author={Bo Fox 0002 and\n Ann Owl 0001}"), [{"authors": ("Bo Fox", "Ann Owl")}]),
    Case("a number of others", "publishers", bib(more=", author={Ann Owl and Bo Fox and 12 others}"),
         [{"authors": ("Ann Owl", "Bo Fox"), "more_authors": "and others"}]),
    Case("initials last", "PubMed", bib(more=", author={Owl A and Fox B}"), [{"authors": ("A Owl", "B Fox")}]),
    Case("people by their parts", "biblatex", bib(more=", author={given=Ann, family=Owl and given=Bo, prefix=van, family=Fox}"),
         [{"authors": ("Ann Owl", "Bo van Fox")}]),
    Case("people by semicolons", "publishers", bib(more=", author={Owl, A.; Fox, B.}"), [{"authors": ("A. Owl", "B. Fox")}]),
    Case("people by commas", "publishers", bib(more=", author={Ann Owl, Bo Fox, Cy Elk}"), [{"authors": ("Ann Owl", "Bo Fox", "Cy Elk")}]),
    *[Case("borders written otherwise", "by hand", bib(more=", author={" + people + "}"), [{"authors": ("Ann Owl", "Bo Fox", "Cy Elk")}]) for people in (
         "Ann Owl, Bo Fox and Cy Elk", "Ann Owl and Bo Fox and Cy Elk and", r"Ann Owl \and Bo Fox \and Cy Elk", "{Owl, Ann and Fox, Bo and Elk, Cy}")],
    *[Case("others in braces and in dots", "by hand", bib(more=", author={Owl, Ann and Fox, Bo and " + rest + "}"), [{"authors": ("Ann Owl", "Bo Fox"), "more_authors": "and others"}])
      for rest in ("{others}", "{et al.}", "3 more authors", r"\ldots{}")],
    Case("people by ampersand", "publishers", bib(more=", author={Owl, Ann & Fox, Bo}"), [{"authors": ("Ann Owl", "Bo Fox")}]),
    Case("people in braces", "JabRef", bib(more=", author={{Owl, Ann} and {The PondLab Team}}"), [{"authors": ("Ann Owl", "The PondLab Team")}]),
    Case("nothing in words", "R", bib("NA", ", doi={NA}, author={NA}, journal={NA}"), [{"abstract": "", "doi": None, "authors": (), "venue": None}]),
    Case("several types in one", "Semantic Scholar", "@['JournalArticle', 'Review']{a,\n title = {A},\n year = {2021}\n}\n\n@Article{b,\n title = {B}\n}\n", [{"title": "A", "date": "2021"}, {"title": "B"}]),
    Case("maths in maths", "NASA ADS", bib(r"10 M$_{\ensuremath{\odot}}$ at {\ensuremath{\sim}} 2"), [{"abstract": r"10 M$_{{\odot}}$ at ∼ 2"}]),
    *[Case("a Western encoding that is named", "JabRef", f"% Encoding: {named}\n\n" + bib("Café."), [{"abstract": "Café."}], encoding=as_) for named, as_ in (("ISO8859_1", "latin-1"), ("windows-1252", "cp1252"), ("Cp1252", "utf-8"))],
    Case("a Western encoding that is not named", "anyone", bib("Café."), error="is not UTF-8: byte 0xE9", encoding="latin-1"),
    Case("semicolons between fields", "by hand", "@article{a, title={PondCam; Herons}; author={Owl, Ann}; year={2021}}\n", [{"title": "PondCam; Herons", "authors": ("Ann Owl",), "date": "2021"}]),
    Case("a semicolon in a text", "anyone", bib('{Pond} ; {x = {y}} "a"; b = {c}'), [{"title": "PondCam", "abstract": 'Pond ; x = y "a"; b = c'}]),
]  # fmt: skip

STRINGS_AND_SIGNS = [
    Case("a string that is defined after its use", "by hand", bib(more=", journal=jp") + "@string{jp={Journal of Ponds}}\n", [{"venue": "Journal of Ponds"}]),
    Case("a string that is defined nowhere", "by hand", bib(more=", journal=jp"), [{"venue": None, "note": "journal = jp, which no @string of the file defines"}]),
    Case("a journal by its command", "ADS", bib(more=", journal=aap"), [{"venue": "Astronomy and Astrophysics"}]),
    Case("numbers of PubMed", "Zotero, PubMed", bib(more=", pmid={33445566}, pmcid={PMC1}"), [{"pmid": "33445566", "pmcid": "PMC1"}]),
    *[Case("a day with slashes", "by hand", bib(more=f", date={{{day}}}"), [{"published": published, "date": date}]) for day, published, date in (
        ("03/05/2021", "2021-01-01", "2021"), ("25/12/2021", "2021-12-25", None), ("2021-03-05/2021-03-07", "2021-03-05", None))],
    Case("signs that are written as formulas", "Springer, Google Scholar", bib(r"A $\$$5 fee, {\$}6 and 5{\%} of \emph{it} is $\alpha$"), [{"abstract": "A $5 fee, $6 and 5% of it is α"}]),
    *[Case("letters and signs by name", "Zotero, Mendeley", bib(text), [{"abstract": read}]) for text, read in (
        (r"{\textOmega} {\textDelta} {\Upomega} {\textTheta} {\textomicron}", "Ω Δ Ω Θ ο"), (r"5{\textpercent} {\texthash}1 {\textleq} {\textgeq} {\textinfty}", "5% #1 ≤ ≥ ∞"))],
    Case("the brace on the next line", "by hand", bib() + "@article\n{d,\ntitle={ReedNet}}\n", [{}, {"title": "ReedNet"}]),
    *[Case("a mark of retraction at the end", "Web of Science, publishers", f"Title,Abstract\n{title},x\n", [{"retraction": retraction}]) for title, retraction in (
        ("PondCam (Retracted)", "file: the title says that it was retracted"), ("PondCam [RETRACTED]", "file: the title says that it was retracted"), ('"PondCam (Retracted article. See vol. 4, 2022)"', "file: the title says that it was retracted"),
        ("PondCam (Retraction of Vol 3)", None))],
    Case("a DOI under a longer tag", "Cochrane", "TY  - JOUR\nTI  - PondCam\nDOI - 10.1000/co\nUS  - https://x.example/1\nER  -\n", [{"doi": "10.1000/co", "url": "https://x.example/1"}]),
    *[Case("ranges, roots and blanks that are kept", "siunitx, xspace", bib(text), [{"abstract": read}]) for text, read in (
        (r"\qtyrange{1}{5}{\kilo\gram}", "1 to 5 kg"), (r"\sqrt[3]{27} and \sqrt{9}", "³√27 and √9"), (r"\textsc{PondCam}\xspace counts\nobreakspace 31\xspace.", "PondCam counts 31."),
        (r"At \url{https://x.example/a%20b~c}.", "At https://x.example/a%20b~c."))],
    Case("a line that begins with a command in braces", "by hand", bib("It counts.\n@mention{x} is used.") + "@misc{b, title={B}}\n", [{"abstract": "It counts. @mentionx is used."}, {"title": "B"}]),
    Case("a month in Japanese", "J-STAGE", bib(more=", year={2021}, month={3月}"), [{"date": "2021-03"}]),
    *[Case("a DOI with marks of its own", shape, text, [{"doi": "10.1000/(sici)1097(1998)17:1<16::aid>3.0.co;2-2"}]) for shape, text in (
        ("Mendeley", bib(more=r", doi={10.1000/(SICI)1097(1998)17:1{\textless}16::AID{\textgreater}3.0.CO;2-2}")), ("footnote export", bib(more=", doi={10.1000/(SICI)1097(1998)17:1%3C16::AID%3E3.0.CO;2-2}")),
        ("Crossref", ris("DO  - 10.1000/(SICI)1097(1998)17:1&lt;16::AID&gt;3.0.CO;2-2")))],
    *[Case("the page at a publisher's", "EndNote", ris(f"DO  - https://x.example/doi/{page}"), [{"doi": "10.1000/abc"}]) for page in ("10.1000/abc", "abs/10.1000/abc?x=1", "10.1000/abc/full")],
]  # fmt: skip

OF_RIS = [
    *[Case("whose it is", "Wiley, Web of Science, Elsevier", ris("").replace("herons.", f"herons. {notice}"), [{"abstract": "It counts herons."}]) for notice in (
        "This article is protected by copyright. All rights reserved.", "(C) 2021 by the Pond Society.", "Published by Elsevier Ltd.")],
    Case("raised figures", "publishers", "TY  - JOUR\nTI  - P\nAB  - 10<sup>6</sup> and 2<sup>10</sup> and CO<sub>2</sub>\nER  - \n",
         [{"abstract": "10⁶ and 2¹⁰ and CO₂"}]),
    Case("DOI in L3, notice in a second AB", "EBSCO",
         ris("AB  - Copyright of J Ponds is the property of Pond House and its content may not be copied.\nL3  - 10.1000/e.1"),
         [{"doi": "10.1000/e.1", "abstract": "It counts herons."}]),
    Case("DOI in M3", "INSPEC", ris("M3  - doi: 10.1000/e.2"), [{"doi": "10.1000/e.2"}]),
    Case("DOI in N1", "EBSCO", ris("N1  - Date: 2021; doi: 10.1000/e.3"), [{"doi": "10.1000/e.3"}]),
    *[Case("tags set apart otherwise", "word processors", f"TY{mark}JOUR\nTI{mark}P\nAB{mark}x.\nER{mark}\n\nTY{mark}JOUR\nTI{mark}B\nER{mark}\n", [{"title": "P", "abstract": "x."}, {"title": "B"}])
      for mark in ("  – ", "\u00a0\u00a0-\u00a0", "\t-\t", " — ")],
    Case("tags of its own", "Cochrane", ris("SO  - J Ponds\nYR  - 2021\nDOI  - 10.1000/c.1"), [{"venue": "J Ponds", "date": "2021", "doi": "10.1000/c.1"}]),
    Case("a hyphen before the abstract", "Cochrane, Wiley", "TY  - JOUR\nTI  - P\nAB  - - Background It counts.\nER  - \n", [{"abstract": "Background It counts."}]),
    Case("the month in a note", "JSTOR", ris("PY  - 1999\nC1  - Full publication date: Mar., 1999"), [{"date": "1999-03"}]),
    Case("several DOIs and links", "databases", ris("DO  - 10.1000/a; 10.1000/b\nUR  - https://x.example https://y.example"), [{"doi": "10.1000/a", "url": "https://x.example"}]),
    Case("DOI in HTML in N1", "EBSCO", ris('N1  - <i>Accession Number</i>: 1 &amp; 2; doi: <a href="https://doi.org/10.1000/e.9">10.1000/e.9</a>'),
         [{"doi": "10.1000/e.9", "note": "Accession Number: 1 & 2; doi: 10.1000/e.9"}]),
    Case("month apart", "Web of Science", ris("DA  - JAN\nPY  - 2017"), [{"date": "2017-01"}]),
    Case("day apart", "Web of Science", ris("DA  - NOV 15\nPY  - 2018"), [{"published": "2018-11-15"}]),
    Case("month by name in the date", "ProQuest", ris("Y1  - 2021/Mar//"), [{"date": "2021-03"}]),
    Case("no blank behind the tag", "by hand", "TY  -JOUR\nTI  -PondCam\nAB  -It counts.\nER  -\n", [{"title": "PondCam", "abstract": "It counts."}]),
    Case("type in words", "by hand", "TY  - Journal Article\nTI  - PondCam\nER  - \n", [{"title": "PondCam"}]),
    Case("fields before the type", "synthesisr", "DB  - W\nTI  - PondCam\nTY  - JOUR\nPY  - 2021\nER  - \n\nTI  - B\nTY  - JOUR\nER  - \n",
         [{"title": "PondCam", "date": "2021"}, {"title": "B"}]),
    Case("no type at all", "by hand", "TY  - JOUR\nTI  - A\nER  - \n\nTI  - B\nER  - \n", [{"title": "A"}, {"title": "B"}]),
    Case("neither end nor type", "by hand", "TY  - JOUR\nTI  - A\nAB  - x.\n\nTI  - B\nAB  - y.\n\nTY  - JOUR\nTI  - C\nER\n", [{"title": "A", "abstract": "x."}, {"title": "B", "abstract": "y."}, {"title": "C"}]),
    Case("no type anywhere", "by hand", "TI  - A\nAB  - x.\nER  - \n\nTI  - B\nER  - \n", [{"title": "A", "abstract": "x."}, {"title": "B"}]),
    Case("several in one field", "Scopus", ris("AU  - Owl, A.; Fox, B."), [{"authors": ("A. Owl", "B. Fox")}]),
    Case("initials last", "Scopus", ris("AU  - Owl A., Fox B., Elk C."), [{"authors": ("A. Owl", "B. Fox", "C. Elk")}]),
    Case("a comma at the end", "RIS by hand", ris("AU  - Owl, Ann,"), [{"authors": ("Ann Owl",)}]),
    Case("et al.", "by hand", ris("AU  - Owl, Ann\nAU  - et al."), [{"authors": ("Ann Owl",), "more_authors": "et al."}]),
    Case("the same in two fields", "RefWorks", ris("AU  - Owl, Ann\nA1  - Owl, Ann"), [{"authors": ("Ann Owl",)}]),
    Case("small tags", "by hand", "ty  - JOUR\nti  - PondCam\nau  - Owl, Ann\nab  - It counts.\ner  - \n\nTy  - JOUR\nTi  - B\nEr  - \n",
         [{"title": "PondCam", "authors": ("Ann Owl",), "abstract": "It counts."}, {"title": "B"}]),
    Case("small letters before a hyphen are text", "anyone", "TY  - JOUR\nTI  - P\nAB  - Der Kranich,\ner - der Vogel - zieht.\nER  - \n", [{"abstract": "Der Kranich, er - der Vogel - zieht."}]),
    Case("DOI in ID", "Ovid", "1. \nTY  - JOUR\nID  - 10.1000/o.1 [doi]\nT1  - P\nY1  - 2021//Mar 05\nER  - \n", [{"doi": "10.1000/o.1", "published": "2021-03-05"}]),
    Case("a notice behind the text, and a label before it", "Ovid, EBSCO", "TY  - JOUR\nTI  - P\nAB  - Abstract: It counts. Copyright © 2021 Pond B.V. All rights reserved.\nER  - \n", [{"abstract": "It counts."}]),
    Case("an address among people", "EBSCO", ris("AU  - Owl, Ann\nAU  - owl@pond.example"), [{"authors": ("Ann Owl",)}]),
    Case("nothing in words", "Scopus", "TY  - JOUR\nTI  - P\nAB  - [No abstract available]\nAU  - [No author name available]\nPY  - NA\nER  - \n",
         [{"abstract": "", "authors": (), "published": None}]),
    Case("a notice with a comma behind the house", "Scopus", "TY  - JOUR\nTI  - P\nAB  - It counts. © 2021 Pond B.V., All rights reserved.\nER  - \n", [{"abstract": "It counts."}]),
    Case("what has no width", "pages", "TY  - JOUR\nTI  - Pond\u200bCam\nAU  - Owl, Ann\u200b\nAB  - It counts her\u00adons.\nER  - \n", [{"title": "PondCam", "authors": ("Ann Owl",), "abstract": "It counts herons."}]),
]  # fmt: skip

OTHER_TEXT = [
    Case("RefWorks", "RefWorks", "RT Journal Article\nSR Electronic(1)\nA1 Owl,Ann\nT1 PondCam\nYR 2021\nAB It counts\nAI herons.\nDO 10.1000/r.1\n\n"
         "RT Journal Article\nT1 B\n", [{"title": "PondCam", "authors": ("Ann Owl",), "abstract": "It counts AI herons.", "doi": "10.1000/r.1"}, {"title": "B"}]),
    Case("EndNote's tags", "EndNote", "%0 Journal Article\n%A Owl, Ann\n%A Fox, Bo\n%T PondCam\n%D 2021\n%X It counts.\n%R 10.1000/n.1\n",
         [{"authors": ("Ann Owl", "Bo Fox"), "abstract": "It counts.", "doi": "10.1000/n.1"}]),
    Case("PubMed's Abstract (text)", "PubMed", f"1. J Ponds. 2021 Mar 5;3(2):1-6. doi: 10.1000/p.1.\n\nPondCam: Counting.\n\nOwl A(1), Fox B(2).\n\n"
         f"Author information:\n(1)University of Ponds.\n\n{LONG}\n\nDOI: 10.1000/p.1\nPMID: 33\n\n\n2. J Ponds. 2022.\n\nReedNet.\n\nElk C(1).\n\n{OTHER}\n\nPMID: 34\n",
         [{"title": "PondCam: Counting", "authors": ("A Owl", "B Fox"), "abstract": LONG, "doi": "10.1000/p.1", "published": "2021-03-05"},
          {"title": "ReedNet", "authors": ("C Elk",), "abstract": OTHER}]),
    Case("marks at names and a group", "PubMed", f"1. J Ponds. 2021 Mar;3(2):1-6.\n\nPondCam.\n\n[Article in French]\n\nOwl A(1)(2), Fox B(#)(2), Elk CD(1); Pond Group.\n\n"
         f"{LONG}\n\nPMID: 33\n", [{"authors": ("A Owl", "B Fox", "CD Elk", "Pond Group"), "abstract": LONG}]),
    Case("lines without indents", "Web of Science", "FN Thomson Reuters Web of Knowledge\nVR 1.0\nPT J\nTI PondCam in\nponds\nAU Owl, Ann\nFox, Bo\n"
         "AB It counts\nherons.\nER\n\nEF\n", [{"title": "PondCam in ponds", "authors": ("Ann Owl", "Bo Fox"), "abstract": "It counts herons."}]),
    Case("a notice, and early access", "Web of Science", "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI P\nAB It counts. (C) 2021 Pond House Ltd. All rights reserved.\nEA MAR 2022\nER\n\nEF\n",
         [{"abstract": "It counts.", "date": "2022-03"}]),
    Case("a generation behind the given name", "PubMed", "PMID- 1\nTI  - P\nFAU - Fox, Bo Jr\nFAU - Elk, Cy 3rd\n", [{"authors": ("Bo Fox Jr", "Cy Elk 3rd")}]),
    Case("a chapter", "NCBI Bookshelf", "PMID- NBK1\nBTI - Ponds\nTI  - A\nAB  - x.\n", [{"title": "A", "abstract": "x.", "pmid": None}]),
    Case("references", "pandoc", "---\nreferences:\n- id: owl\n  title: P\n", error="is YAML, which is not read"),
    Case("no number of PubMed", "ERIC", "\nOWN - ERIC\nTI  - PondCam\nAU  - Owl, Ann\nAB  - It counts.\nAID - https://doi.org/10.1000/e.1 [doi]\n\nOWN - ERIC\nTI  - B\n",
         [{"title": "PondCam", "doi": "10.1000/e.1", "authors": ("Ann Owl",)}, {"title": "B"}]),
    Case("numbers of its own", "ERIC", "PMID- EJ12345\nOWN - ERIC\nTI  - PondCam\nAB  - It counts.\nAID - http://dx.doi.org/10.1000/e.2\n",
         [{"title": "PondCam", "doi": "10.1000/e.2", "pmid": None, "url": None}]),
    *[Case("a record without its first line", shape, text, [{"title": "A", "abstract": "x."}, {"title": "B", "abstract": "y."}]) for shape, text in (
         ("Web of Science", "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI A\nAB x.\nER\n\nTI B\nAB y.\nER\n\nEF\n"), ("PubMed", "PMID- 1\nTI  - A\nAB  - x.\n\nTI  - B\nAB  - y.\n"),
         ("RefWorks", "RT Journal Article\nT1 A\nAB x.\n\nT1 B\nAB y.\n"), ("EndNote", "%0 Journal Article\n%T A\n%X x.\n\n%T B\n%X y.\n"))],
    Case("no first line of the file, and text that begins as an end does", "Web of Science", "PT J\nAU Owl, Ann\nTI PondCam\nAB It counts\nERA5 herons.\nER\n\nEF\n", [{"title": "PondCam", "abstract": "It counts ERA5 herons."}]),
    Case("Ovid's tags", "Ovid", "<1>\nUI  - 33\nTI  - PondCam\nAB  - It counts.\n", error="is Ovid's text of citations"),
    Case("Ovid's citations", "Ovid", f"<1>\nUnique Identifier\n  33\nTitle\n  PondCam.\nAbstract\n  {LONG}\n", error="is Ovid's text of citations"),
    Case("ProQuest's text", "ProQuest", f"{'_' * 40}\n\nDocument 1 of 2\n\nPondCam\n\nAuthor: Owl, Ann\n\n{LONG}\n", error="is ProQuest's text"),
    Case("Engineering Village's text", "INSPEC", f"<RECORD 1>\nAccession number:20210000001\nTitle:PondCam\n\n{LONG}\n", error="Engineering Village"),
    Case("Cochrane's text", "Cochrane", f"Record #1 of 2\nID: CN-1\nTI: PondCam\nAB: {LONG}\n", error="Cochrane's text"),
    Case("EBSCO's text", "EBSCO", f"Record: 1\n\nTitle: PondCam\n\nAbstract: {LONG}\n", error="EBSCO's text"),
    Case("results as text", "Google Scholar", f"PondCam\nA Owl - J Ponds, 2021\n\n{LONG}\n\nSave Cite Cited by 5 Related articles All 3 versions\n\nReedNet\nC Elk\n\n{OTHER}\n", error="Google Scholar's results"),
    Case("labels", "Scopus", f"Source: J Ponds\nTitle: PondCam\nAuthors: Owl, Ann\n\nAbstract: {LONG}\n\nTitle: B\n\n{OTHER}\n", error="is of no known format"),
    Case("a tag of four letters set apart by a blank", "ERIC", "OWN - ERIC\nTI  - P\nAB  - It counts.\nISSN - ISSN-0000-0000\nDP  - 2021\n", [{"abstract": "It counts.", "date": "2021"}]),
    *[Case("a title that was translated", "PubMed", text, [{"title": "PondCam: counting herons"}]) for text in (
        "PMID- 1\nTI  - [PondCam: counting herons].\n", "TY  - JOUR\nT1  - [PondCam: counting herons]\nER  - \n", f"1. J Ponds. 2021 Mar.\n\n[PondCam: counting herons].\n\nOwl A(1).\n\n{LONG}\n\nPMID: 33\n",
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>[PondCam: counting herons].</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>")],
    Case("a title that has brackets of its own", "PubMed", "PMID- 1\nTI  - [18F]FDG of [all herons]\n\nPMID- 2\nTI  - [Retracted]\n", [{"title": "[18F]FDG of [all herons]"}, {"title": "[Retracted]"}]),
    Case("names in braces", "NoteExpress", f"{{Reference Type}}: Journal Article\n{{Title}}: PondCam\n{{Author}}: Ann Owl\n{{Abstract}}: {LONG}\n", error="is NoteExpress's text"),
]  # fmt: skip

"""What real exports broke in reading, a row a case; a new case is one row in `cases_text` or `cases_data`."""

import pytest

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources import read_file
from tests.field.case import Case
from tests.field.cases_data import JSON, LISTINGS, MARKUP, PAGES, TABLES, XML
from tests.field.cases_exports import ARXIV_AS_TEXT, EXPORTS, RECORDS_OF_XML
from tests.field.cases_nearly import CUT_OFF, NOTHING, OURS_BY_OTHERS
from tests.field.cases_pages import NO_PAPERS, OF_PAGES, RECORDS
from tests.field.cases_people import PEOPLE
from tests.field.cases_sites import SITES
from tests.field.cases_tables import ODD_TABLES, TOGETHER
from tests.field.cases_text import BIBTEX, OF_RIS, OTHER_TEXT, STRINGS_AND_SIGNS

TABLE = {
    "bibtex": BIBTEX, "strings and signs": STRINGS_AND_SIGNS, "ris": OF_RIS,
    "text": OTHER_TEXT, "markup": MARKUP, "table": TABLES,
    "odd table": ODD_TABLES, "together": TOGETHER, "people": PEOPLE, "export": EXPORTS, "other xml": RECORDS_OF_XML,
    "arxiv as text": ARXIV_AS_TEXT,
    "site": SITES, "of pages": OF_PAGES,
    "record of a page": RECORDS, "no papers": NO_PAPERS, "cut off": CUT_OFF, "ours by others": OURS_BY_OTHERS,
    "nothing": NOTHING, "json": JSON, "page": PAGES, "xml": XML, "listing": LISTINGS,
}  # fmt: skip
ROWS = [
    pytest.param(case, id=f"{kind}: {case.name} ({case.shape})")
    for kind, cases in TABLE.items()
    for case in cases
]  # fmt: skip


def told(paper: Paper, name: str) -> object:
    if name == "published":
        return paper.published and paper.published.isoformat()
    return getattr(paper, name) if hasattr(paper, name) else paper.extra.get(name)


@pytest.mark.parametrize("case", ROWS)
def test_file_in_the_shape_of_a_real_export_is_read_as_it_is_meant(case: Case, tmp_path):
    path = tmp_path / "file"
    path.write_text(case.text, encoding=case.encoding)
    if case.error is not None:
        with pytest.raises(SourceError, match=case.error):
            list(read_file(path).entries)
        return
    entries = list(read_file(path).entries)
    papers = [entry for entry in entries if isinstance(entry, Paper)]
    found = [{name: told(paper, name) for name in wanted} for paper, wanted in zip(papers, case.papers, strict=False)]
    assert found == case.papers
    assert len(papers) == len(case.papers)
    rejected = [entry for entry in entries if isinstance(entry, Rejected)]
    assert [entry.line for entry in rejected] == [line for line, _ in case.rejected]
    assert all(reason in entry.reason for entry, (_, reason) in zip(rejected, case.rejected, strict=True))

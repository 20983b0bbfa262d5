"""The sources: files and services in, papers out.

Way in: `find_files` names the files and `read_file` reads one, whatever its ending; `live.fetch` asks a service.
Way out: papers and rejected records, one after the other, with the line or page that they come from. `registry` has the
table of readers, which lie in `bibliographies`, `catalogues`, `saved_pages` and `tables`; `record` and `fields` are
what they share; `merging` makes copies into one paper.
"""

from rag.sources.files import find_files
from rag.sources.filter import Filter
from rag.sources.registry import READERS, Reader, Reading, read_file

__all__ = ["READERS", "Filter", "Reader", "Reading", "find_files", "read_file"]

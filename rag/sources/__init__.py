"""The sources: files in, papers out. `find_files` names the files and `read_file` reads one, whatever its ending."""

from rag.sources.files import find_files
from rag.sources.filter import Filter
from rag.sources.registry import READERS, Reader, Reading, read_file

__all__ = ["READERS", "Filter", "Reader", "Reading", "find_files", "read_file"]

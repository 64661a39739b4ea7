"""What happened?

Takes a folder, a file or a database of a service's records, and a mapping where
its columns have other names. Gives `Records`: canonical tables with every row
accounted for, the findings, and keyed hashes in place of ids wherever they leave.
"""

from careload.history.database import closed, fetch, file_of, query_errors
from careload.history.drafts import draft
from careload.history.engine import stored
from careload.history.findings import finding
from careload.history.identity import Key
from careload.history.read import check, read, require_acceptable
from careload.history.records import Records, RowCounts
from careload.history.set_aside import write_set_aside

__all__ = [
    "Key", "Records", "RowCounts", "check", "closed", "draft", "fetch", "file_of", "finding",
    "query_errors", "read", "require_acceptable", "stored", "write_set_aside",
]

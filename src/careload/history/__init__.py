"""What happened?

Takes a folder, a file or a database of a service's records, and a mapping where
its columns have other names. Gives `Records`: canonical tables with every row
accounted for, the findings, and keyed hashes in place of ids wherever they leave.
"""

from careload.history.read import check, read
from careload.history.records import Records, RowCounts

__all__ = ["Records", "RowCounts", "check", "read"]

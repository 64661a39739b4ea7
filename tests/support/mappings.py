"""Mappings that name what every appointment needs, and what they make of a table."""

from __future__ import annotations

from tests.support.raws import shaped

ANYWHERE = """
patient = "Who"
starts_at = "When"
status = "What"
"""

ANY_APPOINTMENTS = """
        [appointments]
        from = "v"
        columns = { patient = "w", starts_at = "x", status = "y" }
"""


def appointments(columns: str, table: str, source: str = ""):
    """The appointments that `columns` of a mapping make of a text table."""
    toml = f'{source}\n[appointments]\nfrom = "visits.csv"\n[appointments.columns]\n{columns}'
    return shaped(toml, visits=table)["appointments"]

"""One picture of the page with its sentence and its tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from careload.page import DataTable

Draw = Callable[[float], Markup]


@dataclass(frozen=True)
class Picture:
    """One picture: address, title, what it says, how to draw it at a width, its tables, whose it is."""

    key: str
    title: str
    says: str
    draw: Draw
    tables: tuple[DataTable, ...]
    side: str = "patients"

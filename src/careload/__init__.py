"""Careload: how long patients wait from visit to visit, and what clinicians carry.

import careload
records = careload.read("extract/")
print(careload.measure(records, standard="california"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careload.clinic import CareloadError, Estimate, Finding
    from careload.history import Records, read
    from careload.measure import Measurement, definitions, measure

__version__ = "0.1.0"

_HOMES = {
    "CareloadError": "careload.clinic",
    "Estimate": "careload.clinic",
    "Finding": "careload.clinic",
    "Records": "careload.history",
    "read": "careload.history",
    "Measurement": "careload.measure",
    "definitions": "careload.measure",
    "measure": "careload.measure",
}

__all__ = [
    "CareloadError",
    "Estimate",
    "Finding",
    "Measurement",
    "Records",
    "__version__",
    "definitions",
    "measure",
    "read",
]


def __getattr__(name: str) -> Any:
    # The science stack takes a second to import: `careload --help` must not pay for it.
    if name not in _HOMES:
        raise AttributeError(f"module 'careload' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

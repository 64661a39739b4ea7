"""Values as JSON has them: numbers to six digits, the rest being noise that differs between machines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIGITS = 6


def rounded(value: float) -> float:
    """To six digits."""
    return float(f"{value:.{DIGITS}g}")


def number(value: float) -> float | None:
    """A number to six digits; None where there is none."""
    return rounded(value) if np.isfinite(value) else None


def numbers(values: NDArray[np.float64]) -> list[float | None]:
    """Numbers in a row, likewise."""
    return [number(each) for each in values.tolist()]


def plain(value: Any) -> Any:
    """A value of a parameter, or anything made of such values."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, np.generic):
        return plain(value.item())
    return rounded(value) if isinstance(value, float) else value

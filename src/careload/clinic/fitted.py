"""Where what a fit believes of a service file stands."""

from __future__ import annotations

import os
from pathlib import Path


def beside(path: str | os.PathLike[str]) -> Path:
    """Where what is believed of the parameters of a service file stands: `service.fit.json`."""
    return Path(path).with_suffix(".fit.json")

"""Compile a function once, and never run it stale.

Numba looks only at the file of the function itself when it asks whether its cache still holds. So machine
code is kept in a folder named after a digest of all sources of the kernel: change one and all is compiled
anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config as numba_config

Function = TypeVar("Function", bound=Callable[..., Any])
config: Any = numba_config
njit: Any = numba.njit


def kept(function: Function) -> Function:
    """`function` and all it calls compiled to machine code at its first call, kept in `CACHE` for the next.

    For what is called from Python: what is called only from here lies within it.
    """
    before = config.CACHE_DIR
    config.CACHE_DIR = str(CACHE)
    try:
        return _compiled(function, cache=True)
    finally:
        config.CACHE_DIR = before


def compiled(function: Function) -> Function:
    """`function` compiled to machine code, free of the interpreter's lock."""
    return _compiled(function)


def inlined(function: Function) -> Function:
    """The same for what happens at every visit: its machine code is put where it is called."""
    return _compiled(function, forceinline=True)


def _compiled(function: Function, **options: bool) -> Function:
    # Nothing here allocates memory; counting references takes ten times as long as the rest.
    return cast(Function, njit(nogil=True, error_model="numpy", _nrt=False, **options)(function))


def digest_of_sources(folder: Path) -> str:
    """Sixteen letters that change with any source file of the folder."""
    whole = hashlib.sha256(numba.__version__.encode())
    for path in sorted(folder.glob("*.py")):
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()[:16]


def _cache() -> Path:
    home = os.environ.get("CARELOAD_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "careload" / f"simulate-{digest_of_sources(Path(__file__).parent)}"


CACHE = _cache()
"""Folder of the machine code of this version of the kernel."""

"""Compile a function once, and never run it stale.

Numba looks only at the file of the function itself when it asks whether its cache still holds. So machine
code is kept in a folder named after a digest of all sources of the kernel: change one and all is compiled
anew.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config as numba_config

BLAS, ARRAY_MATHS = "scipy.linalg.cython_blas", "numba.np.arraymath"


def _is_there_instead_of_loaded() -> None:
    """Numba loads SciPy, for a quarter of a second, to know whether it is there: it is looked for instead.

    Who compiles something that needs it loads it then.
    """
    if BLAS in sys.modules or ARRAY_MATHS in sys.modules:
        return
    modules: dict[str, Any] = sys.modules
    modules[BLAS] = None
    try:
        maths: Any = import_module(ARRAY_MATHS)
    finally:
        del modules[BLAS]
    maths._HAVE_BLAS = find_spec("scipy") is not None


_is_there_instead_of_loaded()
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

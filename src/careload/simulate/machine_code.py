"""Whether the machine code of the simulator is there, or will be made at the first run."""

from __future__ import annotations

from careload.simulate.kernel.compiled import CACHE, config


def is_compiled() -> bool:
    """Whether machine code of this version of the kernel is kept, or none is asked for."""
    return bool(config.DISABLE_JIT) or any(CACHE.glob("*/*.nbi"))

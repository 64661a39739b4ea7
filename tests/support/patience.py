"""No invented case of Hypothesis is failed for being slow: other tests run beside it."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("careload", deadline=None)
settings.load_profile("careload")

"""What a page asks of a comparison, whoever made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from careload.clinic import Estimate
from careload.simulate.many import Simulated


class Change(Protocol):
    """One thing in which two services differ: dotted place, value before, value after."""

    @property
    def key(self) -> str: ...
    @property
    def before(self) -> Any: ...
    @property
    def after(self) -> Any: ...


class Difference(Protocol):
    """A figure here and there, and what it is more there, run by run."""

    @property
    def here(self) -> Estimate: ...
    @property
    def there(self) -> Estimate: ...
    @property
    def difference(self) -> Estimate: ...


class Share(Protocol):
    """How much of a difference one change makes."""

    @property
    def change(self) -> Change: ...
    @property
    def difference(self) -> Estimate: ...


class Waterfall(Protocol):
    """The way of one figure from here to there, change by change."""

    @property
    def measure(self) -> str: ...
    @property
    def statistic(self) -> str: ...
    @property
    def by(self) -> Mapping[str, str]: ...
    @property
    def unit(self) -> str: ...
    @property
    def start(self) -> Any: ...
    @property
    def shares(self) -> Sequence[Share]: ...
    @property
    def end(self) -> Any: ...
    @property
    def method(self) -> str: ...


class Compared(Protocol):
    """Two services under the same luck."""

    @property
    def here(self) -> Simulated: ...
    @property
    def there(self) -> Simulated: ...
    @property
    def changes(self) -> Sequence[Change]: ...
    @property
    def waterfalls(self) -> Sequence[Waterfall]: ...
    def differences(self) -> Sequence[Difference]: ...

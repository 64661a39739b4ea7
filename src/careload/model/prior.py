"""What is believed of a parameter before any record is read.

    x ~ Normal on its scale, the middle 90 % from low to high;  scale: x, log x or log x/(1-x)
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from careload.clinic import Parameter, registry
from careload.model.belief import NUMBER_OF_DRAWS, Draws

Scale = Literal["plain", "log", "logit"]
Numbers = NDArray[np.float64]

Z = 1.6448536269514722
"""Half the width of the middle 90 % of a normal law, in standard deviations."""
SPREAD = 2.0
"""How far a parameter nobody has listed may be above or below its default, as a factor (assumed)."""

SPREAD_SOURCE = "half to twice the default"

TO: Mapping[Scale, Callable[[Any], Any]] = {"plain": np.asarray, "log": np.log, "logit": logit}
BACK: Mapping[Scale, Callable[[Any], Any]] = {"plain": np.asarray, "log": np.exp, "logit": expit}

LOG_SLOPE: Mapping[Scale, Callable[[Any], Any]] = {
    "plain": np.zeros_like, "log": lambda values: -np.log(values),
    "logit": lambda values: -np.log(values * (1 - values)),
}


@dataclass(frozen=True)
class Prior:
    """Where a parameter is believed to lie before any record is read.

    low, high  ends of the middle 90 %, in the unit of the parameter
    scale      on which it is normal
    middle     the value taken where nothing else is known
    source, mark  of the range
    """

    low: float
    high: float
    scale: Scale
    middle: float
    source: str
    mark: str

    @property
    def width(self) -> float:
        """Width of the middle 90 % on the scale."""
        return self.width_of(self.low, self.high)

    def width_of(self, low: float, high: float) -> float:
        """Width of a range on the scale; what lies beyond its ends counts as at them."""
        inside = {"plain": (-math.inf, math.inf), "log": (1e-9, math.inf), "logit": (1e-9, 1 - 1e-9)}
        ends = [float(TO[self.scale](np.clip(end, *inside[self.scale]))) for end in (low, high)]
        return ends[1] - ends[0]

    @cached_property
    def _ends(self) -> tuple[float, float]:
        return float(TO[self.scale](self.low)), float(TO[self.scale](self.high))

    def away(self, scaled: Numbers) -> Numbers:
        """How many standard deviations values on the scale are from the middle of the range."""
        low, high = self._ends
        return np.asarray((scaled - self.centre) / ((high - low) / (2 * Z)))

    @property
    def centre(self) -> float:
        """The middle of the range on the scale."""
        return sum(self._ends) / 2

    def density(self, values: Numbers) -> Numbers:
        """How likely values are, against each other."""
        return np.asarray(np.exp(self.log_density(values)))

    def log_density(self, values: Numbers) -> Numbers:
        """The logarithm of that: of the density on the scale, plus that of the slope of the scale."""
        away = self.away(TO[self.scale](values))
        return np.asarray(LOG_SLOPE[self.scale](values) - 0.5 * away**2)

    def at(self, normal: Numbers) -> Numbers:
        """Values at so many standard deviations from the middle of the range."""
        low, high = self._ends
        return np.asarray(BACK[self.scale](self.centre + normal * (high - low) / (2 * Z)))


@cache
def prior_of(place: str) -> Prior | None:
    """What is believed of the parameter at a place; None where nobody can say beforehand, as of posts.

    place  ``need.anxiety.dropout_per_day``, of any table and site
    """
    parameter = parameter_at(place)
    listed = _listed().get(pattern_of(place))
    if listed is not None:
        middle = float(listed.get("middle", parameter.default))
        low, high, scale = listed["low"], listed["high"], listed["scale"]
        return Prior(low, high, scale, middle, listed["source"], listed["mark"])
    default = parameter.default
    if parameter.kind not in ("number", "share") or not default or _own(parameter):
        return None
    within = [end for end in (parameter.low, parameter.high) if end is not None]
    low, high = (min(max(default * factor, within[0]), within[1]) for factor in (1 / SPREAD, SPREAD))
    return Prior(low, high, "log", float(default), SPREAD_SOURCE, "assumed")


def sure_prior_of(place: str) -> Prior:
    """The same of a parameter of which somebody can; ValueError of any other."""
    prior = prior_of(place)
    if prior is None:
        raise ValueError(f"Nobody can say beforehand where {place} lies.")
    return prior


OWN = ("team", "start", "site", "policy")
"""Sections about which only the service itself can say anything."""
LOOKED_UP = ("pay_per_year", "outside_pay_per_year", "quit_index", "hiring_cost_share")
"""Numbers that somebody can look up, or has decided: the default stands until somebody does."""
UNITS_OF_OTHERS = ("progress_chance",)
"""Numbers that set the unit of another that is fitted: of both only the ratio can be known. Visits needed are
counted as visits held, so each has to bring progress; doubt about it would lengthen every treatment."""


def _own(parameter: Parameter) -> bool:
    return parameter.section in OWN or parameter.name in (*LOOKED_UP, *UNITS_OF_OTHERS)


def draws_of(prior: Prior, place: str, seed: int, number: int = NUMBER_OF_DRAWS) -> Draws:
    """Values as likely as each other before any record is read."""
    parameter = parameter_at(place)
    values = prior.at(generator(place, seed).standard_normal(number))
    return np.clip(values, parameter.low, parameter.high)


def generator(place: str, seed: int) -> np.random.Generator:
    """Chance of its own for each place: another parameter more or less changes nothing here."""
    key = int.from_bytes(hashlib.blake2b(place.encode(), digest_size=8).digest(), "little")
    return np.random.Generator(np.random.PCG64([seed, key]))


@cache
def pattern_of(place: str) -> str:
    """The place with ``*`` for the name of the table, without a site: ``need.*.arrivals_per_week``."""
    parameter = parameter_at(place)
    return f"{parameter.section}.{'*.' if registry()[parameter.section].many else ''}{parameter.name}"


@cache
def parameter_at(place: str) -> Parameter:
    """The definition of the parameter at a place; KeyError when there is none."""
    section, _, rest = place.partition(".")
    whole = registry()[section]
    if not whole.many:
        return whole.parameters[rest]
    names = rest.split(".")
    # Names of tables and of sites may hold dots: the parameter is the first known word after the first.
    return next(whole.parameters[name] for name in names[1:] if name in whole.parameters)


@cache
def _listed() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resources.files(__package__).joinpath("priors.toml").read_text(encoding="utf-8"))

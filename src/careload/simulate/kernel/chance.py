"""Chance: every cause has a stream of its own, every person their own place in it.

A draw is a function of who draws, for which cause, and for the how-manieth time, and of nothing else:

    draw(key, cause, count) = mix(key + stream of the cause + count * golden)

so two scenarios share their luck, and one more referral reshuffles nobody else's. `mix` is the finaliser of
SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators").
"""

from __future__ import annotations

import hashlib
import math
from typing import cast

import numpy as np

from careload.simulate.kernel.compiled import compiled, inlined

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST_FACTOR, SECOND_FACTOR = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
TO_UNIT = 2.0**-53
ALWAYS = 2**64 - 1
POISSON_AT_ONCE = 500.0
NEVER = 2**31 - 1


CAUSES = (
    "referral", "urgency", "group", "need", "no_show", "progress", "staying", "waiting", "waiting_end",
    "crisis", "crisis_wait", "life", "life_end", "coming_back", "away", "sickness", "strike", "leaving",
    "hiring", "hand_over", "start",
)
"""Every cause of chance there is; a new one changes nothing about the others."""

LUCK = np.dtype([(cause, "u8") for cause in CAUSES])


def luck(seed: int, replication: int) -> np.void:
    """The streams of one replication, 64 bits for each cause: the same seed and number give the same."""
    streams = tuple(_digest(f"{seed}/{replication}/{cause}") for cause in CAUSES)
    return cast(np.void, np.array([streams], dtype=LUCK)[0])


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def limit(probability: float) -> int:
    """The 64-bit number below which a draw falls with this probability."""
    return min(ALWAYS, max(0, int(probability * 2**64)))


@inlined
def mix(bits: np.uint64) -> np.uint64:
    """64 bits, each of which depends on every bit given."""
    bits = (bits ^ (bits >> S30)) * FIRST_FACTOR
    bits = (bits ^ (bits >> S27)) * SECOND_FACTOR
    return bits ^ (bits >> S31)


@inlined
def key_of_cell(site: int, need: int) -> np.uint64:
    """The place of a need group at a site in every stream of chance, whatever others there are."""
    return mix((np.uint64(site) << np.uint64(32)) + np.uint64(need + 1))


@inlined
def draw(key: np.uint64, cause: np.uint64, count: int) -> np.uint64:
    """64 random bits: the `count`-th draw of whoever has this key, for this cause."""
    return mix(key + cause + np.uint64(count) * GOLDEN)


@inlined
def unit(bits: np.uint64) -> float:
    """The bits as a number in [0, 1)."""
    return np.float64(bits >> S11) * TO_UNIT


@inlined
def geometric(bits: np.uint64, log_survival: float) -> int:
    """Trials until the first success, 1, 2, …: the success of one has probability 1 - exp(log_survival)."""
    if log_survival >= 0.0:
        return NEVER
    trials = math.log(1.0 - unit(bits)) / log_survival  # 1 - unit is exact: log1p would say the same
    return NEVER if trials >= NEVER - 1 else 1 + int(trials)


@inlined
def quantile(numbers, steps, level):
    """The quantile at a level from 0 to 1, of a law told by its quantiles at `steps` even steps."""
    place = level * steps
    below = np.uint64(min(int(place), steps - 1))
    return numbers[below] + (place - below) * (numbers[below + np.uint64(1)] - numbers[below])


@compiled
def poisson(mean: float, key: np.uint64, cause: np.uint64, count: int) -> int:
    """A Poisson number by inversion, so that a larger mean never gives a smaller number."""
    parts = 1 + int(mean / POISSON_AT_ONCE)
    number = 0
    for part in range(parts):
        number += inverse_poisson(mean / parts, unit(draw(key, cause, count * 64 + part)))
    return number


@compiled
def inverse_poisson(mean: float, level: float) -> int:
    """The smallest number whose Poisson distribution function exceeds `level`."""
    mass = math.exp(-mean)
    reached, number, highest = mass, 0, mean + 40.0 * math.sqrt(mean) + 40.0
    while level >= reached and number < highest:
        number += 1
        mass *= mean / number
        reached += mass
    return number

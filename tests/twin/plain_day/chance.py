"""Draws, written again with Python's own whole numbers.

    draw(key, cause, count) = mix(key + cause + count * golden)   modulo 2^64

`mix` is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
generators").
"""

from __future__ import annotations

import math

WORD = 2**64
GOLDEN = 0x9E3779B97F4A7C15
MOST_AT_ONCE = 500.0


def mix(bits: int) -> int:
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 % WORD
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB % WORD
    return bits ^ bits >> 31


def key_of_cell(site: int, need: int) -> int:
    return mix(site * 2**32 + need + 1)


def draw(key: int, cause: int, count: int) -> int:
    return mix((key + cause + count * GOLDEN) % WORD)


def unit(bits: int) -> float:
    """The upper 53 bits as a number in [0, 1)."""
    return (bits >> 11) / 2**53


def geometric(bits: int, log_survival: float) -> float:
    """Trials until the first success, each failing with probability exp(log_survival); infinite for never."""
    if log_survival >= 0:
        return math.inf
    trials = math.log1p(-unit(bits)) / log_survival
    return trials if math.isinf(trials) else 1 + math.floor(trials)


def poisson(mean: float, key: int, cause: int, count: int) -> int:
    """A Poisson number, the sum of equal parts whose means are below 500."""
    parts = 1 + int(mean / MOST_AT_ONCE)
    levels = [unit(draw(key, cause, count * 64 + part)) for part in range(parts)]
    return sum(inverse_poisson(mean / parts, level) for level in levels)


def inverse_poisson(mean: float, level: float) -> int:
    """The smallest number whose distribution function exceeds `level`."""
    number, mass = 0, math.exp(-mean)
    reached = mass
    while reached <= level and number < mean + 40 * math.sqrt(mean) + 40:
        number += 1
        mass *= mean / number
        reached += mass
    return number


def quantile(numbers: list[float], steps: int, level: float) -> float:
    """At a level from 0 to 1, of a law told by its quantiles at even steps."""
    below = min(int(level * steps), steps - 1)
    return numbers[below] + (level * steps - below) * (numbers[below + 1] - numbers[below])
